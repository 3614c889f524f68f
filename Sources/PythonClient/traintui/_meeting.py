"""Where all processes of a training go when they go back: what each of them says, and what comes of it for all.

States are kept by each process as its own time allows, and batches as its own memory does. So at the boundary at which a
move is due each one says where it can begin, and all begin at the latest place that they have in common: then they take
the same steps, with the same collectives.
"""

from __future__ import annotations

import math
from typing import Any, Dict, Iterable, List, NamedTuple, Optional, Set, Tuple

from ._timeline import Moment
from ._wire import REFUSED, Params, Refusal

#: A state by its branch and moment.
Start = Tuple[int, Moment]
#: So many states a process says at most: some 100 KiB, where a line may have 1 MiB.
MOST_SAID = 4096


class Way(NamedTuple):
    """Where a move leads, and the kept state at which it begins."""

    moment: Moment
    start: Start
    #: Whether all have the batches that come behind that state, in a loop that is not theirs.
    with_data: bool = False


def proposal(
    moment: Moment, starts: List[Start], refusal: str = "", takes_steps: bool = True, with_data: Iterable[Start] = (),
) -> Params:
    """What a process says: where it would go, where it can begin, whether it takes steps from there to the moment or stays
    where it begins, behind which of these states it has the batches of then, and why it cannot go at all."""
    said = {"moment": list(moment), "starts": [[branch, *at] for branch, at in starts], "refusal": refusal}
    if takes_steps:
        return said
    return {**said, "stays": True, "with_data": [[branch, *at] for branch, at in with_data]}


def thinned(starts: List[Start]) -> List[Start]:
    """As many of the states as are said, evenly over the steps; all processes leave out the same, as far as they can.

    The oldest stays, and then those whose steps have the most factors of two: at such steps all processes keep states.
    """

    def worth(start: Start) -> Tuple[float, Moment]:
        _, moment = start
        return moment.step & -moment.step or math.inf, moment

    ordered = sorted(starts, key=lambda start: start[1])
    return ordered[:1] + sorted(ordered[1:], key=worth, reverse=True)[: MOST_SAID - 1]


def declined(sentence: str) -> Params:
    """What a process says that goes nowhere."""
    return proposal(Moment(0, 0), [], sentence)


def agreement(proposals: Dict[int, Params]) -> Params:
    """What all do, by what each rank said. The first rank says where to: it alone may know what was best."""
    for rank, said in sorted(proposals.items()):
        if said["refusal"]:
            return {"refusal": said["refusal"]}
    moment = Moment(*proposals[0]["moment"])
    shared = _shared([said["starts"] for said in proposals.values()])
    before = [start for start in shared if start[1] <= moment]
    if not before:
        first = min((at.step for _, at in shared), default=None)
        kept = "nothing of it is kept" if first is None else f"what it takes is kept from step {first} on"
        return {"refusal": f"step {moment.step} is out of reach: {kept}"}
    branch, at = max(before, key=lambda start: start[1])
    if proposals[0].get("stays") and at.step < moment.step:
        moment = at
    agreed: Params = {"moment": list(moment), "start": [branch, *at], "losses": proposals[0].get("losses")}
    if (branch, at) in _shared([said.get("with_data", ()) for said in proposals.values()]):
        agreed["with_data"] = True
    return agreed


def _shared(said: List[Any]) -> Set[Start]:
    """The states that all say."""
    return set.intersection(*({(branch, Moment(step, edits)) for branch, step, edits in starts} for starts in said))


def way(agreed: Params) -> Way:
    """What was agreed on, or the ``Refusal`` that all share."""
    reason: Optional[str] = agreed.get("refusal")
    if reason:
        raise Refusal(REFUSED, reason)
    branch, step, edits = agreed["start"]
    return Way(Moment(*agreed["moment"]), (branch, Moment(step, edits)), bool(agreed.get("with_data")))
