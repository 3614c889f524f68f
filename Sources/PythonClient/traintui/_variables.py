"""What the next step of a Keras model depends on, but for data and random numbers, kept in memory and put back where it lies.

These are the weights, trainable or not, and all that the optimizer has as a variable: what it remembers, its learning rate,
its count of steps, by which a schedule goes. States of random generators and of metrics are none of them.
"""

from __future__ import annotations

import re
from typing import Any, Callable, List

from ._state import State


class Variables:
    """Keeps them. ``model`` gives the model with its present values: in JAX they lie elsewhere until somebody asks for it."""

    def __init__(self, model: Callable[[], Any], read: Callable[[Any], Any]) -> None:
        self._model = model
        #: Reads a variable into an array of numpy's, which may lie where the variable does.
        self._read = read

    @property
    def size(self) -> int:
        """Bytes of the present state; 0 where the model gets its weights with the first batch."""
        return sum(_bytes(variable) for variable in self._variables())

    def keep(self) -> State:
        """Keeps the present state."""
        kept = [(variable, self._read(variable).copy()) for variable in self._variables()]

        def restore() -> None:
            self._variables()
            for variable, values in kept:
                variable.assign(values)

        return State([restore], sum(int(values.nbytes) for _, values in kept), None)

    def keep_settings(self) -> None:
        """A schedule is nothing but a function of the optimizer's count of steps."""
        return None

    def _variables(self) -> List[Any]:
        model = self._model()
        weights = list(model.weights)
        return [*weights, *model.optimizer.variables] if weights else []


def _bytes(variable: Any) -> int:
    count = 1
    for size in variable.shape:
        count *= size
    bits = re.search(r"\d+", str(variable.dtype))
    return int(count * (int(bits.group()) if bits else 8) // 8)
