"""Branches that train beside the run, in turns with it: a twin that does without an edit, or those of a race.

    run   ──k steps──┐              ┌──k steps──┐
    twin             └──k steps─────┘           └──k steps── ...      the same batches each time

Nobody can take the script's step but the script itself. So its loop is given batches of the tape once more, while the
weights, what the optimizer and the schedules remember, buffers and random numbers are another branch's; then the run's are
put back, and it goes on with the bits that it would have had alone.

In a race the run waits at its beginning, and the branches take turns.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, List, Optional, Tuple

from ._news import Asked, Stands, Turn
from ._numbers import NAN
from ._past import Departure, Kept
from ._race import MOST_ENTRANTS, Lane, Race, grid
from ._timeline import Moment
from ._wire import REFUSED, Params, Refusal, count_of

if TYPE_CHECKING:
    from ._rewind import Rewind
    from ._training import Training

#: Seconds that a turn takes, unless changing places would take more than this part of it.
TURN, SHARE = 0.1, 1 / 25
#: Steps of the first turn, and of any.
FIRST_TURN, MOST_STEPS = 16, 1024
#: A twin that is behind takes so many times the steps of a turn.
HURRY = 4


class Beside:
    """Whose turn it is."""

    def __init__(self, training: Training, past: Rewind) -> None:
        self._training = training
        self._past = past
        self.race: Optional[Race] = None
        self._twin: Optional[Lane] = None
        #: Whether a twin is wanted, and without which edit; without a number, without the last one.
        self._wanted: Tuple[bool, Optional[int]] = (False, None)
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

    @property
    def is_on(self) -> bool:
        """Whether anything trains beside the run."""
        return self._twin is not None or self.race is not None

    # A twin

    def show_twin(self, params: Params) -> None:
        """Lets a twin train beside the run, now or from the next edit on."""
        self.refuse_in_race()
        edit = None if params.get("edit") is None else count_of(params, "edit", 1)
        edits = self._training.timeline.lineage.edits
        if edit is not None and not any(one["number"] == edit for one in edits):
            raise Refusal(REFUSED, f"edit {edit} is not in force")
        self._wanted = (True, edit)
        self._begin_twin()

    def hide_twin(self, params: Params) -> None:
        """Lets none train."""
        self._wanted = (False, None)
        self._end_twin()

    def has_edited(self, edit: Params) -> None:
        """The run has made an edit: the twin of the last one begins anew, that of another one makes it too."""
        if not self._wanted[0]:
            return
        if self._wanted[1] is not None and self._twin is not None:
            self._twin.lineage.edits.append(edit)
        else:
            self._begin_by_itself()

    def has_moved(self) -> None:
        """The run stands elsewhere."""
        self._end_twin()
        if self._wanted[0]:
            self._begin_by_itself()

    def lose_call(self) -> None:
        """The batches before this call of ``batches`` cannot be gone through any more."""
        if self._twin is not None:
            self._lose_twin("a loop without run.epochs has one for a call of run.batches only")

    def _refuse_without_room(self, states: int) -> None:
        if not self._past.has_room_for(states):
            raise Refusal(REFUSED, f"{states} states more are too large to be kept: watch(…, memory=…) allows more")

    def _begin_by_itself(self) -> None:
        try:
            self._begin_twin()
        except Refusal as refusal:
            self._training.tell("notice", {"text": f"no twin: {refusal.sentence}"})

    def _begin_twin(self) -> None:
        self._end_twin()
        timeline, edits, wanted = self._training.timeline, self._training.timeline.lineage.edits, self._wanted[1]
        places = [at for at, edit in enumerate(edits) if wanted in (None, edit["number"])]
        if not places:
            # There is nothing to do without yet.
            return
        place = places[-1]
        edit, moment = edits[place], Moment(edits[place]["step"], place)
        start = self._past.start_of(timeline.lineage, moment)
        self._refuse_without_room(2)
        lineage = timeline.lineage.forked(timeline.twin_branch(), moment)
        lineage.edits = [*edits[:place], *edits[place + 1 :]]
        self._twin = Lane(lineage, start, moment)
        self._due = 0
        self._training.tell("branched", lineage.wire)
        self._training.tell("twin", {"twin": {"branch": lineage.branch, "edit": edit["number"]}})

    def _end_twin(self) -> None:
        if self._twin is not None:
            self._training.news.append(Stands(self._twin.branch, None))
            self._twin = None
            self._training.tell("twin", {"twin": None})

    def _lose_twin(self, reason: str) -> None:
        self._training.tell("notice", {"text": f"the twin ends: {reason}"})
        self._wanted = (False, None)
        self._end_twin()

    # A race

    def refuse_in_race(self) -> None:
        """Raises a ``Refusal`` where a race is on."""
        if self.race is not None:
            raise Refusal(REFUSED, "a race is on: adopt a branch or end it first")

    def begin_race(self, params: Params) -> None:
        """Lets branches that differ in some values train from here on."""
        self.refuse_in_race()
        training, past = self._training, self._past
        if past.is_at_end:
            raise Refusal(REFUSED, "all epochs are done; raise epochs to race")
        names, entrants = grid(params)
        if not 2 <= len(entrants) <= MOST_ENTRANTS:
            raise Refusal(REFUSED, f"a race has 2 to {MOST_ENTRANTS} branches, not {len(entrants)}")
        rung = None if params.get("halves_every") is None else count_of(params, "halves_every", 1)
        parameters = []
        for name in names:
            if name not in training.parameters:
                raise Refusal(REFUSED, f"there is no hyperparameter '{name[:40]}'")
            parameters.append(training.parameters[name])
        values = [[parameter.checked(value) for parameter, value in zip(parameters, one)] for one in entrants]
        self._refuse_without_room(len(values) + 1)
        # The way back from any of them.
        past.before_edit()
        timeline, present = training.timeline, past.present
        settings = [{"name": parameter.name, "old": parameter.read()} for parameter in parameters]
        home, number, told, lanes = past.snapshot(timeline.lineage.branch, present), timeline.edits_made, [], []
        for branch, own in zip(timeline.take_branches(len(values)), values):
            lineage = timeline.lineage.forked(branch, present)
            numbers: List[Optional[int]] = []
            for setting, value in zip(settings, own):
                # Who leaves a value as it is makes no edit, unless that would end a ramp.
                if value == setting["old"] and setting["name"] not in training.ramps:
                    numbers.append(None)
                    continue
                number += 1
                numbers.append(number)
                lineage.edits.append({"number": number, **setting, "new": value, "step": present.step})
            told.append({"branch": branch, "values": own, "edits": numbers})
            lanes.append(Lane(lineage, home, present))
        timeline.begin_race(number - timeline.edits_made)
        wire = {"settings": settings, "entrants": told, "step": present.step}
        if rung is not None:
            wire["halves_every"] = rung
        self._end_twin()
        self._taken = 0
        self.race = Race(wire, lanes, home, rung)
        for lane in lanes:
            training.tell("branched", lane.lineage.wire)
        training.tell("race", {"race": wire})
        training.pause()
        training.is_going = True

    def end_race(self, params: Params) -> None:
        """The run goes on as though there had been none; its branches can be gone to."""
        self._leave_race()
        self._training.tell("race", {"race": None})
        self.has_moved()

    def adopt(self, asked: Asked) -> None:
        """The run goes on as one of the branches. It is there later."""
        branch = count_of(asked.params, "branch", 1)
        if self.race is not None and all(lane.branch != branch for lane in self.race.lanes):
            raise Refusal(REFUSED, f"branch {branch} is not in the race")
        training, timeline, present = self._training, self._training.timeline, self._past.present
        lane = next(lane for lane in self._leave_race().lanes if lane.branch == branch)
        told = {"cause": "adoption", "left": timeline.lineage.branch, "left_step": present.step}
        own = lane.lineage.edits[present.edits :]
        timeline.go_back_to(branch, present, is_redo=False)

        def arrive() -> None:
            for edit in own:
                training.tell("changed", edit)
            training.tell("race", {"race": None})

        self._past.depart(Departure(asked, told, lane.kept.moment, None, arrive), lane.kept)

    def _leave_race(self) -> Race:
        race = self.race
        if race is None:
            raise Refusal(REFUSED, "there is no race")
        self.race = None
        for lane in race.lanes:
            tip = lane.kept
            self._training.timeline.leave_behind(lane.lineage, tip.moment)
            self._past.add(Kept(
                lane.branch, tip.moment, tip.place, tip.epoch_first, tip.state, tip.ramps, tip.values, True))
            self._training.news.append(Stands(lane.branch, None))
        return race

    # Turns

    def sets_out(self, waits: bool) -> bool:
        """At a boundary of the run, behind all that is due there: whether another branch's turn begins.

        ``waits`` says that the run goes no further for now.
        """
        if self.race is not None:
            if waits or self._training.is_stopping:
                return False
            self._waiting = [lane for lane in self.race.lanes if not lane.is_over]
            reason = "" if self._waiting else "no branch of the race can take another step"
            if not self._past.tape.has_room_from(self.race.home.place, self._steps):
                reason = "as many batches as can be kept have gone through the race: adopt a branch, or end it"
            if reason:
                self._training.tell("notice", {"text": reason})
                self._training.pause()
                return False
            self._training.keep_pace(self._taken)
            steps = min(self._steps, self._training.steps_left or self._steps)
            if self._training.pace > 0:
                steps = min(steps, max(1, int(TURN * self._training.pace)))
            if self.race.rung is not None:
                steps = min(steps, self.race.rung - self.race.steps_of_rung)
            self._target = self._waiting[0].step + steps
            self._taken = steps
            self._home = self.race.home
            self._training.become_going()
        elif self._twin is not None and not self._twin.is_over:
            step = self._training.step
            is_due = waits or self._past.is_at_end or step >= self._due
            if step <= self._twin.step or not is_due or self._training.is_stopping:
                return False
            changed = self._past.tape.last_change
            place = self._twin.kept.place
            if changed >= place or not self._past.tape.has(*place):
                self._lose_twin("the batches that it would take are not kept as they were")
                return False
            self._waiting = [self._twin]
            self._target = min(step, self._twin.step + HURRY * self._steps)
            self._home = self._past.snapshot(self._training.timeline.lineage.branch, self._past.present)
        else:
            return False
        self._last_loss = self._training._last_loss
        self.is_on_turn = True
        self._enter(self._waiting.pop(0))
        return True

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
                race.end_rung()
                for lane in race.lanes:
                    training.news.append(Stands(lane.branch, lane.wire))
            if training.steps_left is not None:
                training.steps_left -= steps
                if training.steps_left <= 0:
                    training.pause()
        training.tell_ramps()

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
