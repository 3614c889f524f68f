"""The numbers of a Keras optimizer, as parameters, on any backend."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional

import keras

from ._parameters import Parameter, Range, Value
from ._wire import REFUSED, Refusal

#: What Keras's optimizers keep as plain numbers, and what each may be.
RANGES: Dict[str, Range] = {
    "momentum": Range("below_one"), "beta_1": Range("below_one"), "beta_2": Range("below_one"),
    "rho": Range("below_one"), "epsilon": Range("positive"), "weight_decay": Range("not_negative"),
}


class Numbers:
    """What can be read and changed.

    ``model`` gives the model with its present values, which costs something in JAX while ``fit`` goes on: there they lie
    elsewhere until somebody asks. ``unasked`` gives it as it is.
    """

    def __init__(self, model: Callable[[], Any], unasked: Callable[[], Any]) -> None:
        self._model = model
        self._unasked = unasked
        #: Those that are no variables, and so no part of the optimizer's state.
        self.constants: List[Parameter] = []

    def rate(self) -> Optional[float]:
        """The learning rate of the next step; None where nobody knows it."""
        try:
            return float(keras.ops.convert_to_numpy(self._model().optimizer.learning_rate))
        except Exception:
            return None

    def rate_of_step(self) -> Optional[float]:
        """The learning rate of the step just taken."""
        try:
            optimizer = self._unasked().optimizer
            rate = optimizer._learning_rate
            if not isinstance(rate, keras.optimizers.schedules.LearningRateSchedule):
                return float(self._present(optimizer, rate))
            return float(keras.ops.convert_to_numpy(rate(self._present(optimizer, optimizer.iterations) - 1)))
        except Exception:
            return self.rate()

    def _present(self, optimizer: Any, variable: Any) -> Any:
        model = self._unasked()
        state = getattr(model, "_jax_state", None)
        if not state or model._jax_state_synced:
            return keras.ops.convert_to_numpy(variable)
        # Where JAX's fit has it: to ask the model would have all of its values moved at each step.
        at = next(index for index, one in enumerate(optimizer.variables) if one is variable)
        return keras.ops.convert_to_numpy(state["optimizer_variables"][at])

    def parameters(self) -> List[Parameter]:
        """What can be changed."""
        optimizer = self._model().optimizer
        found: List[Parameter] = []
        schedule = getattr(optimizer, "_learning_rate", None)
        if isinstance(schedule, keras.optimizers.schedules.LearningRateSchedule):

            def refuse(value: Value) -> None:
                raise Refusal(REFUSED, "this learning rate is a schedule's, which Keras does not let be changed")

            found.append(Parameter("learning_rate", self._known_rate, refuse, Range("positive"), role="learning_rate"))
        elif self.rate() is not None:

            def write(value: Value) -> None:
                self._model().optimizer.learning_rate = value

            found.append(Parameter("learning_rate", self._known_rate, write, Range("positive"), role="learning_rate"))
        self.constants = [
            self._constant(name, range) for name, range in RANGES.items()
            if isinstance(getattr(optimizer, name, None), (int, float))
        ]
        return found + self.constants

    def _known_rate(self) -> float:
        rate = self.rate()
        if rate is None:
            raise Refusal(REFUSED, "the learning rate is not known")
        return rate

    def _constant(self, name: str, range: Range) -> Parameter:
        is_traced = keras.backend.backend() != "torch"

        def write(value: Value) -> None:
            model = self._model()
            # Whoever goes back puts numbers back that mostly did not change.
            if getattr(model.optimizer, name) != value:
                setattr(model.optimizer, name, value)
                if is_traced:
                    model.make_train_function(force=True)

        return Parameter(
            name, lambda: getattr(self._unasked().optimizer, name), write, range,
            applies="retrace" if is_traced else "next_step")
