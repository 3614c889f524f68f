"""Where a run stands among its branches and edits. A value: it takes no step, and knows no number.

    branch 1  ──●──────────────●─ ─ ─ ─      left at step 700 by an undo
                                ╲
    branch 2                     ●────●      the lineage: branch 1 through step 700, then branch 2
"""

from __future__ import annotations

from typing import Dict, List, NamedTuple, Optional, Tuple

from ._wire import REFUSED, Params, Refusal

#: Branches that were left and can be returned to; the one left first goes first.
MOST_ABANDONED = 64
#: Branches of twins have greater numbers, which other programs can still read.
TWINS = 1 << 52


class Moment(NamedTuple):
    """An instant between two steps: so many steps taken, so many edits in force. Moments have an order."""

    step: int
    edits: int


class Lineage:
    """How a run came to where it stands: branches, each with the moment at which the way leaves it, and the edits."""

    def __init__(self, parts: List[Tuple[int, Optional[Moment]]], edits: List[Params]) -> None:
        #: The last one is not left.
        self.parts = parts
        #: The edits in force, as they are told.
        self.edits = edits

    @property
    def branch(self) -> int:
        """The branch that it leads to."""
        return self.parts[-1][0]

    def edits_before(self, step: int) -> int:
        """How many edits are in force after a step, those made there not yet."""
        return sum(edit["step"] < step for edit in self.edits)

    def holds(self, branch: int, step: int) -> bool:
        """Whether what was seen on a branch after a step was seen on this way."""
        return any(one == branch and (end is None or step <= end.step) for one, end in self.parts)

    def forked(self, branch: int, moment: Moment) -> Lineage:
        """The way of a new branch that leaves this one at a moment."""
        index = next(i for i, (_, end) in enumerate(self.parts) if end is None or moment <= end)
        return Lineage(
            [*self.parts[:index], (self.parts[index][0], moment), (branch, None)], self.edits[: moment.edits])

    @property
    def wire(self) -> Params:
        """As it is told."""
        segments: List[Params] = []
        for branch, end in self.parts:
            segments.append({"branch": branch, **({} if end is None else {"step": end.step, "edits": end.edits})})
        return {"segments": segments, "edits": list(self.edits)}


class Timeline:
    """The way that a run took, and those that it left. Moves refuse what cannot be, and change nothing then."""

    def __init__(self) -> None:
        self.lineage = Lineage([(1, None)], [])
        #: The branches that were left, and where.
        self.abandoned: Dict[int, Tuple[Lineage, Moment]] = {}
        #: Edits made on all branches.
        self.edits_made = 0
        self._undone: List[int] = []
        self._branches = 1
        self._twins = 0

    def take_branches(self, count: int) -> List[int]:
        """Numbers of branches that begin now."""
        first = self._branches + 1
        self._branches += count
        return list(range(first, first + count))

    def twin_branch(self) -> int:
        """The number of a twin's branch: beyond those of the run's own, which do not depend on what was looked at."""
        self._twins += 1
        return TWINS + self._twins

    def begin_race(self, edits: int) -> None:
        """Branches begin with so many edits."""
        self.edits_made += edits
        self._undone = []

    def leave_behind(self, lineage: Lineage, tip: Moment) -> None:
        """A branch that was never the run's own can be gone to."""
        self.abandoned[lineage.branch] = (lineage, tip)

    def add(self, edit: Params) -> None:
        """An edit was made."""
        self.edits_made += 1
        self.lineage.edits.append(edit)
        self._undone = []

    @property
    def redo(self) -> Optional[int]:
        """The branch that a redo leads to, None where there is nothing to redo."""
        return next((branch for branch in reversed(self._undone) if branch in self.abandoned), None)

    def moment_before_last_edit(self) -> Moment:
        """Where an undo leads."""
        if not self.lineage.edits:
            raise Refusal(REFUSED, "there is no edit to undo")
        return Moment(self.lineage.edits[-1]["step"], len(self.lineage.edits) - 1)

    def moment_of(self, step: int, present: Moment) -> Moment:
        """How a step of the way here left everything."""
        if not 0 <= step <= present.step:
            raise Refusal(REFUSED, f"step {step} is not on the way here, which has {present.step} steps")
        moment = Moment(step, self.lineage.edits_before(step))
        if moment == present:
            raise Refusal(REFUSED, f"the run is at step {step}")
        return moment

    def end_of(self, branch: int) -> Tuple[Lineage, Moment]:
        """Where a branch was left."""
        if branch == self.lineage.branch:
            raise Refusal(REFUSED, f"the run is on branch {branch}")
        if branch not in self.abandoned:
            raise Refusal(REFUSED, f"there is no branch {branch} to return to")
        return self.abandoned[branch]

    def branch_off(self, moment: Moment, present: Moment, is_undo: bool) -> None:
        """The run goes on from a moment of its way, on a branch of its own."""
        left = self.lineage.branch
        # Where an undo left from can be gone to again, even if nothing was done there.
        self._leave(present, even_if_new=is_undo)
        self._undone = [*self._undone, left] if is_undo else []
        self._branches += 1
        self.lineage = self.lineage.forked(self._branches, moment)

    def go_back_to(self, branch: int, present: Moment, is_redo: bool) -> None:
        """The run goes on where a branch was left."""
        lineage, _ = self.abandoned.pop(branch)
        self._undone = [one for one in self._undone if one != branch] if is_redo else []
        self._leave(present, even_if_new=is_redo)
        self.lineage = Lineage(lineage.parts, list(lineage.edits))

    def _leave(self, present: Moment, even_if_new: bool) -> None:
        parts = self.lineage.parts
        is_new = len(parts) > 1 and parts[-2][1] == present
        if is_new and not even_if_new:
            return
        self.abandoned[self.lineage.branch] = (self.lineage, present)
        while len(self.abandoned) > MOST_ABANDONED:
            del self.abandoned[next(iter(self.abandoned))]
