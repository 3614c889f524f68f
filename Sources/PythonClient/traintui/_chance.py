"""The states of all generators of random numbers that a script may draw from: Python's, numpy's, torch's."""

from __future__ import annotations

import random
import sys
from typing import Any, Callable, Dict, Optional, Tuple

#: So many fetches at first are looked at for draws, and behind them one of so many: states are dear to take (some 100 us).
LOOKED_AT, EVERY = 32, 1024

#: The states of some generators, by their names.
States = Dict[str, Any]


def _numpy() -> Any:
    return sys.modules["numpy"].random


def _torch() -> Any:
    return sys.modules["torch"]


#: How a generator's state is taken, put back, and compared, by the module that must be loaded for it.
GENERATORS: Dict[str, Tuple[Callable[[], Any], Callable[[Any], Any], Callable[[Any, Any], bool]]] = {
    "random": (random.getstate, random.setstate, lambda one, other: bool(one == other)),
    "numpy": (
        lambda: _numpy().get_state(), lambda state: _numpy().set_state(state),
        lambda one, other: bool(one[2:] == other[2:] and (one[1] == other[1]).all())),
    "torch": (
        lambda: _torch().get_rng_state(), lambda state: _torch().set_rng_state(state),
        lambda one, other: bool(one.equal(other))),
}


def present_states(names: Any = GENERATORS) -> States:
    """The states now of the generators whose modules are loaded."""
    return {name: GENERATORS[name][0]() for name in names if name in sys.modules}


def put_back(states: States) -> None:
    """Random numbers go on from these states."""
    for name, state in states.items():
        GENERATORS[name][1](state)


class Chance:
    """The states at one instant, those of devices among them."""

    __slots__ = ("_states", "_devices")

    def __init__(self) -> None:
        torch = sys.modules.get("torch")
        self._states = present_states()
        self._devices = torch.cuda.get_rng_state_all() if torch is not None and torch.cuda.is_initialized() else None

    def restore(self) -> None:
        """Random numbers go on from that instant."""
        put_back(self._states)
        if self._devices is not None:
            _torch().cuda.set_rng_state_all(self._devices)


def keeping_random_state(work: Callable[[], Any]) -> Callable[[], Any]:
    """The same work, behind which random numbers go on as though it had not been done."""

    def kept() -> Any:
        chance = Chance()
        try:
            return work()
        finally:
            chance.restore()

    return kept


class Draws:
    """What fetching a batch does to random numbers: those generators are kept that a fetch was seen to draw from."""

    def __init__(self) -> None:
        self._fetches = 0
        self._drawn: Tuple[str, ...] = ()

    @property
    def unseen(self) -> int:
        """How many fetches that come next need not come through here: none drew so far, and it is not time to look again."""
        return 0 if self._drawn or self._fetches < LOOKED_AT else -self._fetches % EVERY

    def passed(self, fetches: int) -> None:
        """So many did not."""
        self._fetches += fetches

    def fetch(self, fetch: Callable[[], Any]) -> Tuple[Any, Optional[States], bool]:
        """Fetches. Returns what came, the states to put back when it comes again, and whether it was seen only now that
        fetches draw, so that former ones may have done so too."""
        count = self._fetches
        self._fetches += 1
        if count >= LOOKED_AT and count % EVERY:
            batch = fetch()
            return batch, present_states(self._drawn) if self._drawn else None, False
        before = present_states()
        batch = fetch()
        after = present_states(before)
        new = [name for name in before if name not in self._drawn and not GENERATORS[name][2](before[name], after[name])]
        self._drawn += tuple(new)
        return batch, {name: after[name] for name in self._drawn}, bool(new) and count >= LOOKED_AT
