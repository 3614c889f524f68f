"""Going back in a loop that is ours: to before an edit, to a step, to a branch that was left.

States are kept of some moments, batches of all steps since the oldest of them. Whoever goes to a moment puts back the
latest state that is not after it and lets the loop itself run forward over the same batches, with the same edits at the
same steps, without telling anything of it: then the run is there, and goes on.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional, Tuple

from ._beside import Beside
from ._meeting import Start, agreement, proposal, thinned, way
from ._past import Departure, Kept, Past, Place
from ._state import Keeper
from ._tape import Tape
from ._timeline import Lineage, Moment
from ._training import Training
from ._wire import Params


class Rewind(Past):
    """The past of a training whose loop and batches are ours."""

    def __init__(self, training: Training, keeper: Keeper, memory: int) -> None:
        super().__init__(training, keeper, memory * 3 // 4)
        self._own = keeper
        self._memory = memory
        self.tape = Tape(memory // 4)
        self._target: Optional[Kept] = None
        #: What is done when the loop is there.
        self._then: Callable[[], None] = lambda: None
        self._journey: Optional[Departure] = None
        #: Whether the boundary at which the loop arrived was looked at before, so that only what is asked for is new.
        self.is_looked_at = False
        #: Whether no step is left to the loop at this boundary.
        self.is_at_end = False
        self.beside = Beside(training, self)

    @property
    def exactness(self) -> str:  # type: ignore[override]
        """Bits where the same work gives the same ones."""
        return "bits" if self._own.repeats_bits else "same_batches"

    @property
    def wire(self) -> Params:
        return {"to": "steps", "data": "replayed", "exact": self.exactness, "bytes": self._memory}

    @property
    def is_away(self) -> bool:  # type: ignore[override]
        """Whether the run is on its way to another moment."""
        return self._journey is not None or (self.beside is not None and self.beside.is_on_turn)

    # Keeping

    def _thin(self) -> None:
        if self.tape.is_broken:
            self._forget(self._kept[:-1], "this loader draws random numbers only now and then")
            self.tape.is_broken = False
        out_of_reach = [kept for kept in self._kept if not self.tape.has(*kept.place)]
        if out_of_reach:
            self._forget(out_of_reach)
        super()._thin()

    def forget_before(self, call: int) -> None:
        """There is no way back from this call to those before."""
        self.tape.forget_before(call)
        self._forget([kept for kept in self._kept if kept.place.call < call])
        self.due = self._training.step
        if self.beside is not None:
            self.beside.lose_call()

    # Going

    def start_of(self, lineage: Lineage, moment: Moment, states: int) -> Kept:
        """The latest state of a way that is not behind a moment, where so many states more may be kept; one that all processes
        have. Raises a ``Refusal`` where there is none to begin at."""
        starts, doubt = self._possible(self._starts(lineage), moment, "")
        agreed = self._agree(proposal(moment, thinned(list(starts)), self.objection_to(states) or doubt))
        return starts[way(agreed).start]

    def agree_here(self, objection: str = "", **more: Any) -> Params:
        """All processes do something here, or none: then it raises the ``Refusal``. Returns what the first one says."""
        said = proposal(self.present, [(self._training.timeline.lineage.branch, self.present)], objection)
        agreed = self._agree({**said, **more})
        way(agreed)
        return agreed

    def agree_on_end(self, branch: int, end: Moment) -> None:
        """All processes go where a branch ends, or none."""
        if self._training.gate is not None:
            way(self._training.gate.agree(proposal(end, [(branch, end)])))

    def _agree(self, said: Params) -> Params:
        # The run stays where it is.
        gate = self._training.gate
        return agreement({0: said}) if gate is None else gate.agree(said, stays_at=self._training.step)

    def objection_to(self, states: int) -> str:
        """Why so many states more may not be kept; "" where they may."""
        if states * self._keeper.size <= self._capacity:
            return ""
        return f"{states} states more are too large to be kept: watch(…, memory=…) allows more"

    def _possible(self, starts: Dict[Start, Kept], moment: Moment, cause: str) -> Tuple[Dict[Start, Kept], str]:
        starts = {start: kept for start, kept in starts.items() if self.tape.has(*kept.place)}
        changed = self.tape.last_change
        latest = max((kept.place for kept in starts.values() if kept.moment <= moment), default=None)
        is_changed = latest is not None and changed >= latest
        objection = "the script changes its batches where they lie, so that they cannot be taken again" if is_changed else ""
        return {start: kept for start, kept in starts.items() if changed < kept.place}, objection

    def depart(self, departure: Departure, target: Kept) -> None:
        def set_off() -> None:
            self._put_back(departure, target)
            self._training.be_silent(True)

        self._journey = departure
        self.go_to(target, set_off)

    def go_to(self, target: Kept, then: Callable[[], None]) -> None:
        """The loop goes to where a state belongs, and does something there."""
        self._target, self._then, self.destination = target, then, target.place

    def restore(self) -> Place:
        """Puts the state back; the loop is where it belongs."""
        target = self._target
        assert target is not None
        self._target = self.destination = None
        self.is_looked_at = False
        try:
            self._then()
        except Exception as problem:
            self._training.give_up(problem)
        self.epoch_first, self.here = target.epoch_first, target.place
        return target.place

    def catch_up(self, behind_step: bool) -> bool:
        training, journey = self._training, self._journey
        if journey is None:
            if self.beside is not None:
                self.beside.go_on()
            return False
        if behind_step:
            training.move_ramps()
        self._make_edits(journey)
        if training.step < journey.moment.step:
            return False
        self._journey = None
        training.be_silent(False)
        self._arrive(journey, self.here.call + 1)
        self.keep()
        training.answer(journey.asked)
        return True
