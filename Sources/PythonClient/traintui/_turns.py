"""Turns in a loop of the run and of branches beside it.

Nobody can take the script's step but the script itself. So its loop is given batches of the tape once more, while the
weights, what the optimizer and the schedules remember, buffers and random numbers are another branch's; then the run's are
put back, and it goes on with the bits that it would have had alone.

Several processes take a turn together: the first one, which has the clock, asks for it, and all take as many steps of the same
branches, from the same boundary.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, List, Optional

from ._news import Asked, Stands, Turn
from ._numbers import NAN
from ._past import Kept
from ._race import Lane, Race
from ._timeline import Moment
from ._wire import Params, Refusal, count_of

if TYPE_CHECKING:
    from ._rewind import Rewind
    from ._training import Training

#: Seconds that a turn takes, unless changing places would take more than this part of it.
TURN, SHARE = 0.1, 1 / 25
#: Steps of the first turn, and of any.
FIRST_TURN, MOST_STEPS = 16, 1024
#: A twin that is behind takes so many times the steps of a turn.
HURRY = 4
#: What the first of several processes asks of all; of nobody else it is heard.
TAKE_TURN = "take_turn"


class Turns:
    """Whose turn it is."""

    def __init__(self, training: Training, past: Rewind) -> None:
        self._training = training
        self._past = past
        self.race: Optional[Race] = None
        self._twin: Optional[Lane] = None
        #: Whether another branch's state is in the run's place, or on its way there or back.
        self.is_on_turn = False
        #: The branch whose state that is, and the step to which it goes.
        self.lane: Optional[Lane] = None
        self._target = 0
        #: Steps that a race takes in this turn.
        self._taken = 0
        self._waiting: List[Lane] = []
        self._home: Optional[Kept] = None
        self._last_loss: Any = NAN
        #: Steps of a turn, the step from which on one is due, and what turns were seen to take.
        self._steps = FIRST_TURN
        self._due = 0
        self._began = 0.0
        self._changing = 0.0
        #: What the first process asked of all.
        self._request: Optional[Asked] = None

    @property
    def is_on(self) -> bool:
        """Whether anything trains beside the run."""
        return self._twin is not None or self.race is not None

    @property
    def home_step(self) -> Optional[int]:
        """The step at which the run waits; None where it is its own turn."""
        home = self._home
        return None if home is None else home.moment.step

    def sets_out(self, waits: bool) -> bool:
        """At a boundary of the run, behind all that is due there: whether another branch's turn begins.

        ``waits`` says that the run goes no further for now.
        """
        training = self._training
        if training.gate is None:
            steps = self._due_steps(waits)
            if steps:
                self._set_out(steps)
        elif training.is_first and (self._request is None or not self._request.is_open):
            steps = 0 if self._is_refused() else self._due_steps(waits)
            if steps:
                self._ask_all(TAKE_TURN, {"steps": steps})
        return self.is_on_turn

    @property
    def holds(self) -> bool:
        """Whether the run, of several processes, goes no further before all of them have taken a turn."""
        training, twin = self._training, self._twin
        if training.gate is None or training.gate.is_open or training.is_stopping:
            return False
        is_behind = twin is not None and not twin.is_over and twin.step < training.step
        return self.race is not None or (is_behind and self._past.is_at_end)

    def _ask_all(self, method: str, params: Params) -> None:
        self._request = Asked("", None, method, params)
        self._training.post(self._request)

    def _is_refused(self) -> bool:
        """Whether what was asked for last is not done by all. Where not all take turns any more, none does."""
        request, self._request = self._request, None
        if request is None or request.refusal is None or not self.is_on:
            return False
        if request.method == TAKE_TURN:
            self._ask_all("hide_twin" if self.race is None else "pause", {})
        else:
            self._take_none(request.refusal.sentence)
        return True

    def take_turn(self, params: Params) -> None:
        """All processes take a turn, where there still is one to take."""
        twin = self._twin
        is_behind = twin is not None and not twin.is_over and twin.step < self._training.step
        if self._training.is_going if self.race is not None else is_behind:
            self._set_out(count_of(params, "steps", 1))

    def _due_steps(self, waits: bool) -> int:
        """How many steps a turn takes that is due; 0 where none is."""
        training, race, twin = self._training, self.race, self._twin
        if training.is_stopping:
            return 0
        if race is not None:
            if waits:
                return 0
            training.keep_pace(self._taken)
            steps = min(self._steps, training.steps_left or self._steps)
            if training.pace > 0:
                steps = min(steps, max(1, int(TURN * training.pace)))
            return steps if race.rung is None else min(steps, race.rung - race.steps_of_rung)
        if twin is None or twin.is_over or training.step <= twin.step:
            return 0
        is_due = waits or self._past.is_at_end or training.step >= self._due
        return min(training.step - twin.step, HURRY * self._steps) if is_due else 0

    def _objection(self, steps: int) -> str:
        """Why no branch can take so many steps; "" where all can that are not over."""
        tape = self._past.tape
        if self.race is not None:
            if all(lane.is_over for lane in self.race.lanes):
                return "no branch of the race can take another step"
            if not tape.has_room_from(self.race.home.place, steps):
                return "as many batches as can be kept have gone through the race: adopt a branch, or end it"
        elif self._twin is not None:
            place = self._twin.kept.place
            if tape.last_change >= place or not tape.has(*place):
                return "the batches that it would take are not kept as they were"
        return ""

    def _set_out(self, steps: int) -> None:
        """Branches take so many steps each, where those of all processes can."""
        training, past, race, twin = self._training, self._past, self.race, self._twin
        try:
            past.agree_here(self._objection(steps))
        except Refusal as refusal:
            self._take_none(refusal.sentence)
            return
        if race is not None:
            self._waiting = [lane for lane in race.lanes if not lane.is_over]
            self._home, self._taken = race.home, steps
            training.become_going()
        elif twin is not None:
            self._waiting = [twin]
            self._home = past.snapshot(training.timeline.lineage.branch, past.present)
        self._target = self._waiting[0].step + steps
        self._last_loss = training._last_loss
        self.is_on_turn = True
        self._enter(self._waiting.pop(0))

    def _take_none(self, reason: str) -> None:
        """There are no turns any more: the twin ends, the race waits."""
        if self.race is None:
            self.lose_twin(reason)
        else:
            self._training.tell("notice", {"text": reason})
            self._training.pause()

    def lose_twin(self, reason: str) -> None:
        """The twin ends, and none is wanted any more."""
        raise NotImplementedError

    def _enter(self, lane: Lane) -> None:
        self.lane = lane
        self._past.go_to(lane.kept, self._begin_turn)

    def _begin_turn(self) -> None:
        lane, training = self.lane, self._training
        assert lane is not None
        began = time.monotonic()
        self._past.put_back(lane.kept)
        self._began = time.monotonic()
        self._changing = self._began - began
        training.be_silent(training.step < lane.first.step)
        if not training.is_silent:
            self._say_turn(lane, lane.kept.place.call, lane.kept.epoch_first)

    def _say_turn(self, lane: Lane, call: int, epoch_first: int) -> None:
        self._training.news.append(Turn(lane.branch, self._training.step, call + 1, epoch_first))

    def go_on(self) -> None:
        """At a boundary of another branch: it goes on, or its turn ends."""
        lane, training, past = self.lane, self._training, self._past
        assert lane is not None
        training.move_ramps()
        if self.race is not None and self.race.rung is not None and training.step > lane.step:
            lane.losses.append(training._last_loss)
        if training.is_silent and training.step >= lane.first.step:
            training.be_silent(False)
            self._say_turn(lane, past.here.call, past.epoch_first)
        edits = lane.lineage.edits
        while lane.made < len(edits) and edits[lane.made]["step"] <= training.step:
            try:
                training.make(edits[lane.made])
            except Refusal:
                # Of what only the missing edit brought there is nothing to change here.
                pass
            lane.made += 1
        lane.is_complete = past.is_at_end
        if not lane.is_over and training.step < self._target:
            return
        began, steps = time.monotonic(), training.step - lane.step
        lane.kept = past.snapshot(lane.branch, Moment(training.step, lane.made))
        self._pace(steps, began - self._began, self._changing + time.monotonic() - began)
        training.be_silent(False)
        training.news.append(Stands(lane.branch, lane.wire))
        if self._waiting:
            self._enter(self._waiting.pop(0))
        else:
            assert self._home is not None
            past.go_to(self._home, self._come_home)

    def _pace(self, steps: int, seconds: float, changing: float) -> None:
        if steps > 0 and seconds > 0:
            wanted = max(TURN, changing / SHARE) * steps / seconds
            self._steps = max(1, min(MOST_STEPS, 2 * self._steps, int(wanted)))

    def _come_home(self) -> None:
        training, race, home = self._training, self.race, self._home
        assert home is not None
        self._put_home_back(home)
        self._past.is_looked_at = True
        self._due = training.step + self._steps
        if race is not None:
            steps = self._taken
            race.steps_of_rung += steps
            if race.rung is not None and race.steps_of_rung >= race.rung:
                self._end_rung(race)
            if training.steps_left is not None:
                training.steps_left -= steps
                if training.steps_left <= 0:
                    training.pause()
        training.tell_ramps()

    def _end_rung(self, race: Race) -> None:
        """The worse half is dropped, by the losses of the first process: each may have those of its own batches only."""
        losses = [lane.rung_loss for lane in race.lanes]
        try:
            race.end_rung(self._past.agree_here(losses=losses)["losses"])
        except Refusal as refusal:
            race.steps_of_rung = 0
            self._take_none(refusal.sentence)
        for lane in race.lanes:
            self._training.news.append(Stands(lane.branch, lane.wire))

    def _put_home_back(self, home: Kept) -> None:
        training = self._training
        training.be_silent(False)
        self._past.put_back(home)
        training._last_loss = self._last_loss
        self.is_on_turn, self.lane, self._home, self._waiting = False, None, None, []
        training.news.append(Turn())

    def break_off(self, at_once: bool = False) -> None:
        """Whatever goes wrong in another branch's turn: the run's state is put back, where the loop is next, or at once."""
        home = self._home
        if not self.is_on_turn or home is None:
            return
        if at_once:
            self._past.destination = None
            self._put_home_back(home)
        else:
            self._past.go_to(home, lambda: self._put_home_back(home))
