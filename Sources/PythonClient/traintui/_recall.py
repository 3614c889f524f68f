"""Going back in a loop that is not ours: its weights do, with what the optimizer and the schedules remember.

The loop goes on: its data, its random numbers and its own count of steps. So there is no way forward from a state to another
moment, and a run that goes back stays at a moment of which a state is kept: one before an edit, at the best validation,
where it left a branch, or from time to time, where whoever hooks the loop says so. Gradients that were made of other weights
are not applied.
"""

from __future__ import annotations

import sys
from typing import Callable, Dict, Optional, Tuple

from ._meeting import Start
from ._past import Departure, Kept, Past
from ._state import Keeps, State
from ._timeline import Moment
from ._training import Training
from ._wire import Params

#: States that are kept, in bytes that are bounded too.
MOST_STATES = 64
TWO_OPTIMIZERS = "two optimizers take steps here, and only what the first one knows could go back"


class Recall(Past):
    """The past of a training whose loop is somebody else's."""

    takes_steps = False
    exactness = "weights"

    def __init__(self, training: Training, keeper: Keeps, memory: int) -> None:
        super().__init__(training, keeper, memory)
        #: Tells that there is no way back, and why.
        self.on_no_way_back: Callable[[str], None] = lambda reason: None
        #: Whether the run went back since the last step.
        self.has_moved = False
        #: What schedules are to be at the next boundary, whatever a step that is passed over does to them.
        self.settings: Optional[State] = None
        #: The branch and the step of the weights that the gradients at hand were made of; None where they are the present's.
        self._origin: Optional[Tuple[int, int]] = None
        self._is_stale = False
        self._is_closed = False
        #: The state of the best validation, where nobody else wants it to stay.
        self._best: Optional[Kept] = None

    @property
    def wire(self) -> Params:
        return {"to": "edits", "data": "goes_on", "exact": self.exactness, "bytes": self._capacity}

    # Keeping

    def keep(self, is_pinned: bool = False) -> None:
        if self._is_closed:
            self.due = sys.maxsize
            return
        size = self._keeper.size
        if size == 0:
            self.due = self._training.step + 1
            return
        # The state to go to, and the one to come back to.
        if 2 * size > self._capacity:
            room = f"{self._capacity / 2**30:.2g} are there for two: TRAINTUI_MEMORY allows more"
            self._close(f"a state takes {size / 2**30:.2g} GiB, and {room}")
            return
        try:
            super().keep(is_pinned)
        except Exception as problem:
            self._close(f"a state could not be kept: {problem!r}"[:200])

    @property
    def _is_full(self) -> bool:
        return super()._is_full or len(self._kept) > MOST_STATES

    def _close(self, reason: str) -> None:
        self._is_closed = True
        self._training.tell("notice", {"text": f"there is no way back: {reason}"})
        self.on_no_way_back(reason)

    def validated(self, loss: float, branch: Optional[int] = None) -> None:
        former = min((loss for loss, _, _ in self.best), default=None)
        super().validated(loss, branch)
        if former is None or loss < former:
            self._keep_best()

    def _keep_best(self) -> None:
        """Keeps the present state until there is a better one."""
        if self._best is not None:
            self._best.is_pinned = False
        self.keep()
        latest = self._kept[-1] if self._kept else None
        self._best = latest if latest is not None and latest.moment == self.present and not latest.is_pinned else None
        if self._best is not None:
            self._best.is_pinned = True

    # Going

    def _possible(self, starts: Dict[Start, Kept], moment: Moment, cause: str) -> Tuple[Dict[Start, Kept], str]:
        if cause not in ("redo", "branch"):
            return starts, ""
        # A branch goes on where it was left, or not at all.
        ends = {start: kept for start, kept in starts.items() if start[1] == moment}
        return ends, "" if ends else "the state in which that branch was left is not kept any more"

    def depart(self, departure: Departure, target: Kept) -> None:
        training = self._training
        if not self.has_moved:
            self.has_moved = True
            self._origin = (departure.told["left"], departure.told["left_step"])
        self._is_stale = (target.branch, target.moment.step) != self._origin
        self._put_back(departure, target)
        self._make_edits(departure)
        self._arrive(departure, None)
        training.tell("notice", {"text": self._words(departure, target)})
        training.answer(departure.asked)

    def _words(self, departure: Departure, target: Kept) -> str:
        """What went back and what did not."""
        rest = "the data, random numbers and the script's own count go on"
        return f"weights and optimizer are those of step {self._training.step}; {rest}"

    # Around a step of the loop

    def leave(self) -> bool:
        """The loop goes on with its step. Returns whether the gradients that it has were made of other weights."""
        is_stale, self.has_moved, self._is_stale = self._is_stale, False, False
        try:
            self.settings = self._keeper.keep_settings() if is_stale else None
        except Exception as problem:
            self._training.give_up(problem)
        return is_stale

    def settle(self) -> None:
        """Behind a step that was passed over: schedules are where they were before it."""
        settings, self.settings = self.settings, None
        try:
            if settings is not None:
                settings.restore()
        except Exception as problem:
            self._training.give_up(problem)
