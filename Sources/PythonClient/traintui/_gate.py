"""Where the training's thread of one of several processes is held, so that all do the same at the same step.

    hub:  prepare ──> every process: a step H that it will not pass undecided ──> hub: at = the largest H ──> commit

A process that comes to its H before it is decided waits there, which takes as long as the slowest answer and no step.
Nobody waits for a collective, and a pause finds all processes between the same two steps.

    hub:  every process, at a boundary where all are: what it can do ──> hub: what all do

So they agree on where they begin when they go back.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Callable, Dict, List, Optional

from ._news import Asked
from ._wire import Params

if TYPE_CHECKING:
    from ._training import Training


class Pending:
    """A request that is prepared; ``at`` is None until it is decided."""

    __slots__ = ("number", "asked", "hold", "at")

    def __init__(self, number: int, asked: Asked, hold: int) -> None:
        self.number = number
        self.asked = asked
        self.hold = hold
        self.at: Optional[int] = None


class Gate:
    """The requests on their way to one process."""

    def __init__(self, training: Training) -> None:
        self._training = training
        # Held for moments: whoever leaves a boundary has seen all that was prepared before.
        self._lock = threading.Lock()
        self._pending: List[Pending] = []
        self._is_waiting = False
        #: Says to the hub what this process proposes, by the number of the meeting.
        self.propose: Callable[[int, Params], None] = lambda number, said: None
        #: How often the processes met.
        self.meetings = 0
        self._agreed: Dict[int, Params] = {}
        self._is_open = False
        self._news = threading.Condition(self._lock)

    # What the control thread calls

    def prepare(self, number: int, asked: Asked) -> int:
        """A request is to come. Returns the step that this process does not pass before it is decided."""
        training = self._training
        with self._lock:
            # The flag first: a thread that misses it here sees it at the next boundary, which is before the second one.
            training.attention = True
            hold = training.step if self._is_waiting else training.step + 2
            # What was asked for first is done first, though a way back may lie between.
            hold = max([hold] + [pending.at for pending in self._pending if pending.at is not None])
            self._pending.append(Pending(number, asked, hold))
        training.wake()
        return hold

    def decide(self, number: int, at: Optional[int]) -> None:
        """It is carried out behind this step, or not at all."""
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

    def due(self, step: int, is_paused: bool) -> Optional[Asked]:
        """What is to be carried out next at this boundary; None where there is nothing.

        A pause finds all processes here, and what was decided for a step behind it, as that pause was still to come, would
        wait for ever: it is carried out here, by all of them. One at a time, because each may end the pause.
        """
        with self._lock:
            for pending in self._pending:
                if pending.at is not None and (is_paused or pending.at <= step):
                    self._pending.remove(pending)
                    return pending.asked
        return None

    def agree(self, said: Params) -> Params:
        """Says what this process can do, and waits for what all of them do. All call it at the same boundary."""
        with self._lock:
            self.meetings += 1
            number = self.meetings
        self.propose(number, said)
        with self._lock:
            while number not in self._agreed and not self._is_open:
                self._news.wait()
            return self._agreed.pop(number, {"refusal": "the processes have lost each other"})

    def sets_out(self) -> None:
        """This process is on its way to another moment, where it is held again."""
        with self._lock:
            self._is_waiting = False

    def waits(self) -> None:
        """This process waits at a boundary until it is told to go on."""
        with self._lock:
            self._is_waiting = True

    def lets_go(self, step: int) -> bool:
        """Whether this process may leave the boundary: nothing is undecided here, or due."""
        with self._lock:
            if any((pending.hold if pending.at is None else pending.at) <= step for pending in self._pending):
                return False
            self._is_waiting = False
            if self._pending:
                self._training.attention = True
            return True
