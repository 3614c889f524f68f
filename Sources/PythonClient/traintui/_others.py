"""Where the branches stand that train beside a run, as dashboards are told it."""

from __future__ import annotations

from typing import Dict, List, Optional

from ._news import Turn
from ._samples import Fold
from ._wire import Params


class Other:
    """A branch beside the run, as its steps are told."""

    def __init__(self, turn: Turn, epoch: List[Fold]) -> None:
        self.step = turn.step
        self.epoch = turn.epoch
        #: The loss and the metrics since the epoch began.
        self.folds = epoch
        self.stands: Params = {}

    @property
    def mean_loss(self) -> Optional[float]:
        """The mean loss since the epoch began."""
        return self.folds[0].mean if self.folds else None


class Others:
    """All of them, and whose steps the next ones are."""

    def __init__(self) -> None:
        self._all: Dict[int, Other] = {}
        #: The branch whose turn it is; 0 where it is the run's.
        self.branch = 0

    @property
    def present(self) -> Optional[Other]:
        """The one whose turn it is; None where it is the run's."""
        return self._all[self.branch] if self.branch else None

    def knows(self, branch: int) -> bool:
        """Whether a branch had a turn."""
        return branch in self._all

    def begin(self, turn: Turn, epoch: List[Fold]) -> None:
        """It is a branch's turn. ``epoch`` has the run's steps of the epoch that it began in."""
        self.branch = turn.branch
        if turn.branch and turn.branch not in self._all:
            self._all[turn.branch] = Other(turn, epoch)
        elif turn.branch:
            self._all[turn.branch].step = turn.step

    def stand(self, branch: int, params: Optional[Params]) -> None:
        """How a branch does; None where it is beside the run no more."""
        if params is None:
            self._all.pop(branch, None)
        elif branch in self._all:
            self._all[branch].stands = params

    @property
    def wire(self) -> List[Params]:
        """As they are told."""
        return [
            {"branch": branch, "step": other.step, "mean_loss": other.mean_loss, **other.stands}
            for branch, other in sorted(self._all.items())]
