"""The past of a run: states of some of its moments, and the ways back that they are good for.

How a run gets from a kept state to the moment that was asked for, whoever owns the loop says: see ``Rewind``, ``Recall``,
``Feed``.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Callable, Dict, List, NamedTuple, Optional, Tuple

from ._meeting import Start, agreement, proposal, thinned, way
from ._news import Asked, Plan, Ramp
from ._parameters import Parameter
from ._state import Keeps, State
from ._timeline import Lineage, Moment
from ._training import Training
from ._wire import REFUSED, Params, Refusal, count_of

if TYPE_CHECKING:
    from ._beside import Beside

#: So many steps it goes back at least from one that could not be taken.
RECOVERED_STEPS = 50
#: Keeping states takes no more than this part of the time, and there is this many seconds between two: as much as nobody
#: minds waiting for the loop to take steps again.
SHARE, APART = 1 / 250, 0.25


class Place(NamedTuple):
    """Where in the loop: the call of ``batches``, which is the epoch where there are epochs, and how many batches in."""

    call: int
    batch: int


class Kept:
    """A state, and where it belongs."""

    __slots__ = ("branch", "moment", "place", "epoch_first", "state", "ramps", "values", "is_pinned")

    def __init__(
        self, branch: int, moment: Moment, place: Place, epoch_first: int, state: State, ramps: Dict[str, Ramp],
        values: List[Tuple[Parameter, Any]], is_pinned: bool,
    ) -> None:
        self.branch = branch
        self.moment = moment
        self.place = place
        self.epoch_first = epoch_first
        self.state = state
        self.ramps = ramps
        #: The numbers that are no part of the state: knobs, the count of epochs.
        self.values = values
        #: Whether somebody is likely to come back here.
        self.is_pinned = is_pinned


class Departure:
    """A move that is agreed on: where it leads, and how that is told."""

    __slots__ = ("asked", "told", "moment", "edit", "made", "on_arrival", "with_data")

    def __init__(
        self, asked: Asked, told: Params, moment: Moment, edit: Optional[int],
        on_arrival: Callable[[], None] = lambda: None, with_data: bool = False,
    ) -> None:
        self.asked = asked
        self.told = told
        self.moment = moment
        #: The edit that is undone.
        self.edit = edit
        #: Edits in force so far.
        self.made = 0
        #: What else is told there.
        self.on_arrival = on_arrival
        #: Whether a loop that is not ours is given the batches of then.
        self.with_data = with_data


class Past:
    """The states of a training that are kept, and the moves to them."""

    #: Whether the loop takes steps from a state to the moment that is asked for.
    takes_steps = True
    #: How exactly the past comes again, in the protocol's words.
    exactness = "bits"
    #: Where the loop stands at a boundary, and the step at which the epoch under way began.
    here = Place(0, 0)
    epoch_first = 0
    #: Where the loop has to go; None where it is there.
    destination: Optional[Place] = None
    #: Whether the run is on its way to another moment, or another branch takes its steps.
    is_away = False
    #: What trains beside the run; None where nothing can.
    beside: Optional[Beside] = None

    def __init__(self, training: Training, keeper: Keeps, capacity: int) -> None:
        self._training = training
        self._keeper = keeper
        self._capacity = capacity
        self._bytes = 0
        self._kept: List[Kept] = []
        #: The step and the second at which a state was kept last.
        self._last = (0, 0.0)
        #: Parameters whose values lie outside of the state.
        self.own: List[Parameter] = []
        #: From this step on a state is due.
        self.due = 0
        #: Plans by the edits that came of them.
        self.made: Dict[int, Plan] = {}
        self.best: List[Tuple[float, int, int]] = []
        self.on_arrival: Callable[[], None] = lambda: None

    @property
    def present(self) -> Moment:
        """The moment now."""
        return Moment(self._training.step, len(self._training.timeline.lineage.edits))

    @property
    def wire(self) -> Params:
        """What can be gone back to, as it is told."""
        raise NotImplementedError

    # Keeping

    def keep(self, is_pinned: bool = False) -> None:
        """Keeps the present state."""
        training, present = self._training, self.present
        branch = training.timeline.lineage.branch
        for kept in reversed(self._kept):
            if kept.branch == branch and kept.moment == present:
                kept.is_pinned |= is_pinned
                return
        began = time.thread_time()
        steps, seconds = training.step - self._last[0], began - self._last[1]
        self.add(self.snapshot(branch, present, is_pinned))
        now = time.thread_time()
        self._last = (training.step, now)
        # The seconds of the thread that trains: neither pauses nor other programs count.
        apart = max((now - began) / SHARE, APART)
        self.due = training.step + max(16, int(apart * steps / seconds) if seconds > 0 else 0)
        if training.gate is not None:
            # The others' clocks say something else: at multiples of powers of two all have states in common.
            multiple = 1 << (self.due - training.step - 1).bit_length()
            self.due = (training.step // multiple + 1) * multiple

    def snapshot(self, branch: int, moment: Moment, is_pinned: bool = False) -> Kept:
        """The present state, as one of a branch's moment."""
        return Kept(
            branch, moment, self.here, self.epoch_first, self._keeper.keep(), dict(self._training.ramps),
            [(parameter, parameter.raw()) for parameter in self.own], is_pinned)

    def add(self, kept: Kept) -> None:
        """Keeps a state."""
        self._kept.append(kept)
        self._bytes += kept.state.bytes
        self._thin()

    def put_back(self, kept: Kept) -> None:
        """All is as it was then, but for where the loop stands."""
        training = self._training
        kept.state.restore()
        training.ramps = dict(kept.ramps)
        for parameter, value in kept.values:
            parameter.put(value)
        training.step = kept.moment.step

    def before_edit(self) -> None:
        """An edit is about to be made: several ones of a step need one state."""
        branch, step = self._training.timeline.lineage.branch, self._training.step
        for kept in reversed(self._kept):
            if kept.branch == branch and kept.moment.step == step:
                kept.is_pinned = True
                return
        self.keep(is_pinned=True)

    @property
    def _is_full(self) -> bool:
        return self._bytes > self._capacity

    def _thin(self) -> None:
        while self._is_full and len(self._kept) > 2:
            lineage, now = self._training.timeline.lineage, self._training.step
            loose = [index for index in range(1, len(self._kept) - 1) if not self._kept[index].is_pinned]

            def dispensable(index: int) -> Tuple[bool, float]:
                # Those beside the way first, then those that lie close together for how long ago they are.
                one, steps = self._kept[index], [self._kept[at].moment.step for at in (index - 1, index + 1)]
                return lineage.holds(one.branch, one.moment.step), abs(steps[1] - steps[0]) / (now - one.moment.step + 1)

            self._forget([self._kept[min(loose, key=dispensable) if loose else 0]])

    def _forget(self, some: List[Kept], reason: str = "") -> None:
        gone = {id(kept) for kept in some}
        self._kept = [kept for kept in self._kept if id(kept) not in gone]
        self._bytes = sum(kept.state.bytes for kept in self._kept)
        if reason and some:
            self._training.tell("notice", {"text": f"there is no way back before this step: {reason}"})

    def validated(self, loss: float, branch: Optional[int] = None) -> None:
        """Sees a validation of the run, or of a branch beside it, for whoever wants to go to the best one."""
        self.best.append((loss, branch or self._training.timeline.lineage.branch, self._training.step))
        if len(self.best) > 4096:
            self.best = sorted(self.best)[:2048]

    # Going

    def undo(self, asked: Asked) -> None:
        """Back to the instant before the last edit."""
        timeline = self._training.timeline
        moment = timeline.moment_before_last_edit()
        self._branch_off(asked, "undo", moment, timeline.lineage.edits[-1])

    def redo(self, asked: Asked) -> None:
        """Forward to where the last undo left from."""
        branch = self._training.timeline.redo
        if branch is None:
            raise Refusal(REFUSED, "there is nothing to redo")
        self._return(asked, "redo", branch)

    def go_to_step(self, asked: Asked) -> None:
        """Back to how a step left everything."""
        step = count_of(asked.params, "step")
        self._branch_off(asked, "step", self._training.timeline.moment_of(step, self.present))

    def go_to_best(self, asked: Asked) -> None:
        """Back to the lowest validation loss on the way here."""
        timeline, moment, objection = self._training.timeline, self.present, ""
        if self._training.is_first:
            # Other processes may have validated nothing, or something else.
            ones = [(loss, step) for loss, branch, step in self.best if timeline.lineage.holds(branch, step)]
            try:
                if not ones:
                    raise Refusal(REFUSED, "there was no validation on the way here")
                moment = timeline.moment_of(min(ones)[1], self.present)
            except Refusal as refusal:
                objection = refusal.sentence
        self._branch_off(asked, "best", moment, objection=objection)

    def recover(self, asked: Asked, reason: str) -> None:
        """Back to some steps before one that could not be taken."""
        moment = self._training.timeline.moment_of(max(0, self._training.step - RECOVERED_STEPS), self.present)
        self._branch_off(asked, "divergence", moment, reason=reason)

    def go_to_branch(self, asked: Asked) -> None:
        """On where a branch was left."""
        self._return(asked, "branch", count_of(asked.params, "branch", 1))

    def _branch_off(
        self, asked: Asked, cause: str, moment: Moment, edit: Optional[Params] = None, reason: Optional[str] = None,
        objection: str = "",
    ) -> None:
        timeline, present = self._training.timeline, self.present

        def change(agreed: Moment) -> None:
            timeline.branch_off(agreed, present, cause == "undo")

        self._set_out(asked, cause, timeline.lineage, moment, change, edit, reason, objection)

    def _return(self, asked: Asked, cause: str, branch: int) -> None:
        timeline, present = self._training.timeline, self.present
        lineage, tip = timeline.end_of(branch)
        self._set_out(
            asked, cause, lineage, tip, lambda _: timeline.go_back_to(branch, present, cause == "redo"), None)

    def _set_out(
        self, asked: Asked, cause: str, lineage: Lineage, moment: Moment, change: Callable[[Moment], None],
        edit: Optional[Params], reason: Optional[str] = None, objection: str = "",
    ) -> None:
        training = self._training
        starts, doubt = self._possible(self._starts(lineage), moment, cause)
        objection = objection or doubt
        said = list(starts) if training.gate is None else thinned(list(starts))
        own = proposal(moment, said, objection, self.takes_steps, self._with_data(starts))
        moment, start, with_data = way(agreement({0: own}) if training.gate is None else training.gate.agree(own))
        target = starts[start]
        # A branch's end is where somebody may come back to.
        self.keep(is_pinned=True)
        told: Params = {"cause": cause, "left": training.timeline.lineage.branch, "left_step": training.step}
        if edit is not None:
            told["edit"] = edit
        if reason is not None:
            told["reason"] = reason
        change(moment)
        number = edit["number"] if edit is not None else None
        self.depart(Departure(asked, told, moment, number, with_data=with_data), target)

    def _starts(self, lineage: Lineage) -> Dict[Start, Kept]:
        """The states that are kept of a way."""
        ends = dict(lineage.parts)
        return {
            (kept.branch, kept.moment): kept for kept in self._kept
            if kept.branch in ends and kept.moment <= (ends[kept.branch] or kept.moment)
        }

    def _possible(self, starts: Dict[Start, Kept], moment: Moment, cause: str) -> Tuple[Dict[Start, Kept], str]:
        """Which of the states are good for a move, and what makes it impossible; "" where nothing does."""
        return starts, ""

    def _with_data(self, starts: Dict[Start, Kept]) -> List[Start]:
        """Behind which of the states a loop that is not ours can be given the batches of then."""
        return []

    def depart(self, departure: Departure, target: Kept) -> None:
        """The run goes from a kept state to the moment that was agreed on, and arrives there now or later."""
        raise NotImplementedError

    # Arriving

    def catch_up(self, behind_step: bool) -> bool:
        """At a boundary on the way. Returns whether the run is where it was to go."""
        return True

    def _put_back(self, departure: Departure, target: Kept) -> None:
        self.put_back(target)
        departure.made = target.moment.edits
        self._training.divergence = None

    def _make_edits(self, departure: Departure) -> None:
        """Makes the edits of this step once more."""
        training, edits = self._training, self._training.timeline.lineage.edits
        while departure.made < departure.moment.edits and edits[departure.made]["step"] == training.step:
            training.make(edits[departure.made])
            departure.made += 1

    def _arrive(self, departure: Departure, epoch: Optional[int]) -> None:
        """The run is there, in this epoch; None where the loop goes on in the one that it is in."""
        training, timeline = self._training, self._training.timeline
        training.tell("lineage", {**timeline.lineage.wire, "redo": timeline.redo})
        training.tell("moved", {
            **departure.told, "branch": timeline.lineage.branch, "step": training.step,
            "epoch": epoch, "epoch_first": self.epoch_first,
        })
        self.on_arrival()
        departure.on_arrival()
        if self.beside is not None:
            self.beside.has_moved()
        in_force = {edit["number"] for edit in timeline.lineage.edits}
        for number, plan in sorted(self.made.items()):
            # Those to come once more wait again; but one that was undone is gone.
            if number not in in_force and number != departure.edit and plan.at > training.step:
                del self.made[number]
                training.wait_for(plan)
        training.tell_ramps()
