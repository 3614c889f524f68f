"""The branches that train beside a run, each with the state that it waits in while it is not its turn."""

from __future__ import annotations

import math
from typing import Any, List, Optional, Tuple

from ._numbers import numbers_of
from ._past import Kept
from ._timeline import Lineage, Moment
from ._wire import BAD_PARAMS, Params, Refusal, text_of

#: The most that race.
MOST_ENTRANTS = 16


class Lane:
    """A branch beside the run, with the state that it waits in."""

    def __init__(self, lineage: Lineage, kept: Kept, first: Moment) -> None:
        self.lineage = lineage
        self.kept = kept
        #: Where it leaves the run's way; steps up to there are the run's.
        self.first = first
        #: Edits in force.
        self.made = kept.moment.edits
        #: Why it takes no step any more; "" where it does.
        self.divergence = ""
        self.dropped_at: Optional[int] = None
        self.is_complete = False
        #: The losses of this rung of a race.
        self.losses: List[Any] = []

    @property
    def branch(self) -> int:
        """Its number."""
        return self.lineage.branch

    @property
    def step(self) -> int:
        """Its last step."""
        return self.kept.moment.step

    @property
    def end(self) -> Moment:
        """The moment that it leads to, with its edits: before its first step they are still to be made."""
        return Moment(self.step, len(self.lineage.edits))

    @property
    def is_over(self) -> bool:
        """Whether it takes no step any more."""
        return bool(self.divergence) or self.dropped_at is not None or self.is_complete

    @property
    def rung_loss(self) -> float:
        """The mean loss of this rung; what is not finite comes last."""
        mean = sum(numbers_of(self.losses)) / max(1, len(self.losses))
        return mean if math.isfinite(mean) else math.inf

    @property
    def wire(self) -> Params:
        """How it does, as it is told."""
        told: Params = {"is_complete": self.is_complete}
        if self.divergence:
            told["divergence"] = self.divergence
        if self.dropped_at is not None:
            told["dropped_at"] = self.dropped_at
        return told


class Race:
    """Branches that begin at one moment, and differ in the values of some hyperparameters."""

    def __init__(self, told: Params, lanes: List[Lane], home: Kept, rung: Optional[int]) -> None:
        #: As it is told.
        self.wire = told
        self.lanes = lanes
        #: Where it began, and where the run waits.
        self.home = home
        self.rung = rung
        self.steps_of_rung = 0

    def end_rung(self, losses: List[float]) -> None:
        """Drops the worse half of those still in it, of equal ones the later, by the mean losses of all."""
        self.steps_of_rung = 0
        racing = [(loss, lane) for loss, lane in zip(losses, self.lanes) if not lane.is_over]
        for _, lane in sorted(racing, key=lambda one: one[0])[(len(racing) + 1) // 2 :]:
            lane.dropped_at = lane.step
        for lane in self.lanes:
            lane.losses = []


def grid(params: Params) -> Tuple[List[str], List[List[Any]]]:
    """What is to race: the names of the hyperparameters, and each entrant's values in their order."""
    if "name" in params:
        return [text_of(params, "name")], [[value] for value in _list(params, "values")]
    names, entrants = _list(params, "names"), _list(params, "entrants")
    if not names or not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
        raise Refusal(BAD_PARAMS, "'names' must be names of hyperparameters, each of them once")
    if not all(isinstance(one, list) and len(one) == len(names) for one in entrants):
        raise Refusal(BAD_PARAMS, "'entrants' must be lists with a value for each name")
    return names, entrants


def _list(params: Params, key: str) -> List[Any]:
    value = params.get(key)
    if not isinstance(value, list):
        raise Refusal(BAD_PARAMS, f"'{key}' must be a list")
    return value
