"""Where the training's thread of one of several processes is held, so that all do the same at the same step.

    hub:  prepare ──> every process: a boundary H that it will not pass undecided ──> hub: at = the last H ──> commit

A process that comes to its H before it is decided waits there, which takes as long as the slowest answer and no step.
Nobody waits for a collective, and a pause finds all processes between the same two steps.

    hub:  every process, at a boundary where all are: what it can do ──> hub: what all do

So they agree on where they begin when they go back. A step comes again then; a boundary, counted with the meetings before
it, does not.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Callable, Dict, List, NamedTuple, Optional

from ._news import Asked
from ._wire import Params

if TYPE_CHECKING:
    from ._training import Training


class Boundary(NamedTuple):
    """Between two steps: how often the processes have met, and how many steps are taken. Boundaries have an order."""

    meetings: int
    step: int


class Pending:
    """A request that is prepared; ``at`` is None until it is decided."""

    __slots__ = ("number", "asked", "hold", "at")

    def __init__(self, number: int, asked: Asked, hold: Boundary) -> None:
        self.number = number
        self.asked = asked
        self.hold = hold
        self.at: Optional[Boundary] = None


class Gate:
    """The requests on their way to one process."""

    def __init__(self, training: Training) -> None:
        self._training = training
        # Held for moments: whoever leaves a boundary has seen all that was prepared before.
        self._lock = threading.Lock()
        self._pending: List[Pending] = []
        #: The step at whose boundary it is held in any case: it waits there, or is on its way back to it. None elsewhere.
        self._held_at: Optional[int] = None
        #: Says to the hub what this process proposes, by the number of the meeting.
        self.propose: Callable[[int, Params], None] = lambda number, said: None
        #: How often the processes met, and were told what came of it.
        self.meetings = 0
        self._agreed: Dict[int, Params] = {}
        self._is_open = False
        self._news = threading.Condition(self._lock)

    # What the control thread calls

    def prepare(self, number: int, asked: Asked) -> Boundary:
        """A request is to come. Returns the boundary that this process does not pass before it is decided."""
        training = self._training
        with self._lock:
            # The flag first: a thread that misses it here sees it at the next boundary, which is before the second one.
            training.attention = True
            hold = Boundary(self.meetings, training.step + 2 if self._held_at is None else self._held_at)
            # What was asked for first is done first.
            hold = max([hold] + [pending.at for pending in self._pending if pending.at is not None])
            self._pending.append(Pending(number, asked, hold))
        training.wake()
        return hold

    def decide(self, number: int, at: Optional[Boundary]) -> None:
        """It is carried out at this boundary, or not at all."""
        with self._lock:
            for pending in self._pending:
                if pending.number == number:
                    pending.at = at
            if at is None:
                self._pending = [pending for pending in self._pending if pending.number != number]
        self._training.wake()

    def open(self) -> None:
        """Nobody decides any more: nothing is held, and a pause is over."""
        with self._lock:
            self._pending = []
            self._training.is_going = True
            self._is_open = True
            self._news.notify_all()
        self._training.wake()

    def agreed(self, number: int, result: Params) -> None:
        """All have said what they can do, and this is what they do; or one of them is lost."""
        with self._lock:
            self._agreed[number] = result
            self._news.notify_all()

    # What the training's thread calls

    def due(self, step: int, stays: bool) -> Optional[Asked]:
        """What is to be carried out next at this boundary; None where there is nothing.

        A pause finds all processes here, or a race, in which the run takes no step; and what was decided for a step behind it,
        as that was still to come, would wait for ever: it is carried out here, by all of them. One at a time, because each
        may end the pause.
        """
        with self._lock:
            here = Boundary(self.meetings, step)
            for pending in self._pending:
                if pending.at is not None and (stays or pending.at <= here):
                    self._pending.remove(pending)
                    return pending.asked
        return None

    @property
    def is_open(self) -> bool:
        """Whether nobody decides any more."""
        return self._is_open

    def agree(self, said: Params, stays_at: Optional[int] = None) -> Params:
        """Says what this process can do, and waits for what all of them do. All call it at the same boundary.

        The run goes to the moment that comes of it, or stays at a step.
        """
        number = self.meetings + 1
        self.propose(number, said)
        with self._lock:
            while number not in self._agreed and not self._is_open:
                self._news.wait()
            result = self._agreed.pop(number, {"refusal": "the processes have lost each other"})
            # At once with its end: what is prepared now is held where the run arrives, whatever its step is here.
            self.meetings = number
            if "moment" in result:
                self._held_at = int(result["moment"][0]) if stays_at is None else stays_at
            return result

    def waits(self) -> None:
        """This process waits at a boundary until it is told to go on."""
        with self._lock:
            self._held_at = self._training.step

    def lets_go(self, step: int) -> bool:
        """Whether this process may leave the boundary: nothing is undecided here, or due."""
        with self._lock:
            here = Boundary(self.meetings, step)
            if any((pending.hold if pending.at is None else pending.at) <= here for pending in self._pending):
                return False
            self._held_at = None
            if self._pending:
                self._training.attention = True
            return True
