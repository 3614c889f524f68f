"""Where all processes of a training go when they go back: what each of them says, and what comes of it for all.

States are kept by each process as its own time allows, and batches as its own memory does. So at the boundary at which a
move is due each one says where it can begin, and all begin at the latest place that they have in common: then they take
the same steps, with the same collectives.
"""

from __future__ import annotations

import math
from typing import Dict, List, NamedTuple, Optional, Tuple

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


def proposal(moment: Moment, starts: List[Start], refusal: str = "", takes_steps: bool = True) -> Params:
    """What a process says: where it would go, where it can begin, whether it takes steps from there to the moment or stays
    where it begins, and why it cannot go at all."""
    said = {"moment": list(moment), "starts": [[branch, *at] for branch, at in starts], "refusal": refusal}
    return said if takes_steps else {**said, "stays": True}


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
    sets = [{(branch, Moment(step, edits)) for branch, step, edits in said["starts"]} for said in proposals.values()]
    shared = set.intersection(*sets)
    before = [start for start in shared if start[1] <= moment]
    if not before:
        first = min((at.step for _, at in shared), default=None)
        kept = "nothing of it is kept" if first is None else f"what it takes is kept from step {first} on"
        return {"refusal": f"step {moment.step} is out of reach: {kept}"}
    branch, at = max(before, key=lambda start: start[1])
    if proposals[0].get("stays") and at.step < moment.step:
        moment = at
    return {"moment": list(moment), "start": [branch, *at]}


def way(agreed: Params) -> Way:
    """What was agreed on, or the ``Refusal`` that all share."""
    reason: Optional[str] = agreed.get("refusal")
    if reason:
        raise Refusal(REFUSED, reason)
    branch, step, edits = agreed["start"]
    return Way(Moment(*agreed["moment"]), (branch, Moment(step, edits)))
