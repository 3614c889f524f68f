"""Work on a GPU that is the same each time but for the numbers that it is given: recorded, and then begun by one call.

Eager PyTorch begins each kernel by itself, which takes the processor longer than small networks take the GPU.
"""

from __future__ import annotations

import importlib
from typing import Any, Callable, List

torch: Any = importlib.import_module("torch")

#: How often the work is done before it is recorded: libraries choose their ways and take their memory then.
WARM_UP = 3


class Recorded:
    """``work``, which is called with tensors, and returns nothing. What it does must follow from their shapes alone.

    Shapes that are not those of the call before are recorded anew; what cannot be recorded is done as ever.
    """

    def __init__(self, work: Callable[..., None]) -> None:
        self._work = work
        self._shapes: List[Any] = []
        #: Calls until it is recorded.
        self._left = 0
        self._graph: Any = None
        #: Where the recorded work finds what it is given.
        self._given: List[Any] = []

    def __call__(self, *given: Any) -> None:
        shapes = [one.shape for one in given]
        if shapes != self._shapes:
            self._shapes, self._graph, self._left = shapes, None, WARM_UP
        if self._graph is None and self._left == 0:
            self._record(given)
        self._left -= 1
        if self._graph is None:
            self._work(*given)
            return
        for place, one in zip(self._given, given):
            place.copy_(one)
        self._graph.replay()

    def _record(self, given: Any) -> None:
        self._given = [one.clone() for one in given]
        graph = torch.cuda.CUDAGraph()
        try:
            with torch.cuda.graph(graph):
                self._work(*self._given)
            self._graph = graph
        except RuntimeError:
            # Some kernel of this work cannot be recorded.
            torch.cuda.synchronize()
