"""Branches that train beside the run, in turns with it: a twin that does without an edit, or those of a race.

    run   ──k steps──┐              ┌──k steps──┐
    twin             └──k steps─────┘           └──k steps── ...      the same batches each time

In a race the run waits at its beginning, and the branches take turns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, List, Optional, Tuple

from ._news import Asked, Stands
from ._past import Departure, Kept
from ._race import MOST_ENTRANTS, Lane, Race, grid
from ._timeline import Moment
from ._turns import Turns
from ._wire import REFUSED, Params, Refusal, count_of

if TYPE_CHECKING:
    from ._rewind import Rewind
    from ._training import Training

NOT_SHARED = (
    "several processes train branches beside the run where all of them see the same gradients: in DistributedDataParallel, "
    "or in traintui's own engine")


class Beside(Turns):
    """The branches beside a run, as they are asked for."""

    def __init__(self, training: Training, past: Rewind) -> None:
        super().__init__(training, past)
        #: Whether a twin is wanted, and without which edit; without a number, without the last one.
        self._wanted: Tuple[bool, Optional[int]] = (False, None)
        #: Whether all processes see the same gradients, where it is known.
        self._do_all_see = False

    # A twin

    def show_twin(self, params: Params) -> None:
        """Lets a twin train beside the run, now or from the next edit on."""
        self.refuse_in_race()
        edit = None if params.get("edit") is None else count_of(params, "edit", 1)
        edits = self._training.timeline.lineage.edits
        if edit is not None and not any(one["number"] == edit for one in edits):
            raise Refusal(REFUSED, f"edit {edit} is not in force")
        self._refuse_what_is_not_shared()
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
            self.lose_twin("a loop without run.epochs has one for a call of run.batches only")

    def _refuse_what_is_not_shared(self) -> None:
        """One process must not end a branch's turn where others go on."""
        training = self._training
        if training.gate is not None and not self._do_all_see:
            self._do_all_see = training.guard is None or training.guard.do_all_see
            if not self._do_all_see:
                raise Refusal(REFUSED, NOT_SHARED)

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
        start = self._past.start_of(timeline.lineage, moment, states=2)
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

    def lose_twin(self, reason: str) -> None:
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
        self._refuse_what_is_not_shared()
        timeline, present = training.timeline, past.present
        past.agree_here(past.objection_to(len(values) + 1))
        # The way back from any of them.
        past.before_edit()
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
        if self.race is not None:
            self._past.agree_on_end(branch, next(lane.end for lane in self.race.lanes if lane.branch == branch))
        lane = next(lane for lane in self._leave_race().lanes if lane.branch == branch)
        told = {"cause": "adoption", "left": timeline.lineage.branch, "left_step": present.step}
        own = lane.lineage.edits[present.edits :]
        timeline.go_back_to(branch, present, is_redo=False)

        def arrive() -> None:
            for edit in own:
                training.tell("changed", edit)
            training.tell("race", {"race": None})

        self._past.depart(Departure(asked, told, lane.end, None, arrive), lane.kept)

    def _leave_race(self) -> Race:
        race = self.race
        if race is None:
            raise Refusal(REFUSED, "there is no race")
        self.race = None
        for lane in race.lanes:
            tip = lane.kept
            self._training.timeline.leave_behind(lane.lineage, lane.end)
            self._past.add(Kept(
                lane.branch, tip.moment, tip.place, tip.epoch_first, tip.state, tip.ramps, tip.values, True))
            self._training.news.append(Stands(lane.branch, None))
        return race
