"""The batches that a loop was given, so that it can be given them again.

A call of ``Run.batches`` is a stretch of the tape. Each batch is fetched once: what comes behind the last one kept still
comes from the loader's own iterator, which waits. The oldest batches go when there are too many bytes of them.
"""

from __future__ import annotations

import copy
import sys
from collections import UserDict, deque
from typing import Any, Deque, Dict, Iterable, Iterator, Optional, Set, Tuple

from ._chance import Chance, Draws, States, present_states, put_back

#: Stands for the end of a loader.
END = object()
#: Bytes that a batch's place takes beside its tensors, more where fetching it draws, and those of what is no tensor.
PLACE, STATES, PLAIN = 500, 10_000, 50
#: So many batches at most are taken without a look, and one in so many of them is measured.
RUN, MEASURED = 1024, 8


class Stretch:
    """The batches of one call."""

    def __init__(self, call: int, loader: Iterable[Any]) -> None:
        self.call = call
        self.source: Iterator[Any] = iter(loader)
        #: Shuffling draws here.
        self.begun = Chance()
        #: The batches that are kept, from ``first`` on, and the bytes of each; the last ones may not be measured yet.
        self.batches: Deque[Any] = deque()
        self.sizes: Deque[int] = deque()
        #: How often the tensors of a batch had been written to when it was given, where that was looked at.
        self.versions: Dict[int, int] = {}
        #: The states of random numbers that fetching them left, by their index, where it drew.
        self.states: Dict[int, States] = {}
        #: The index of the oldest batch that is kept.
        self.first = 0
        #: The random numbers behind the end of the source, where that was reached.
        self.ended: Optional[Chance] = None

    @property
    def next(self) -> int:
        """The index of the next batch from the source."""
        return self.first + len(self.batches)

    def fetch(self) -> Any:
        """The next batch of the source, or ``END``."""
        return next(self.source, END)


class Tape:
    """The stretches in order; only the last one may have more to fetch."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._bytes = 0
        self._stretches: Dict[int, Stretch] = {}
        self._draws = Draws()
        #: Whether all batches so far were tensors that nobody had written to.
        self._are_fresh = True
        #: Set when it turns out that what is kept cannot be taken again as it was.
        self.is_broken = False

    @property
    def bytes(self) -> int:
        """The bytes of all batches that are kept."""
        self._measure()
        return self._bytes

    @property
    def stretches(self) -> Dict[int, Stretch]:
        """The calls' batches, all of them measured."""
        self._measure()
        return self._stretches

    def stretch(self, call: int, loader: Iterable[Any]) -> Stretch:
        """The stretch of a call: a new one, or one that is gone through again."""
        stretch = self.stretches.get(call)
        if stretch is None:
            stretch = self._stretches[call] = Stretch(call, loader)
        else:
            stretch.begun.restore()
        return stretch

    def batch(self, stretch: Stretch, index: int) -> Any:
        """The batch at an index, kept or fetched; ``END`` behind the last one."""
        self._measure()
        if index < stretch.next:
            states = stretch.states.get(index)
            if states:
                put_back(states)
            return _shown(stretch.batches[index - stretch.first])
        if stretch.ended is not None:
            stretch.ended.restore()
            return END
        batch, states, is_late = self._draws.fetch(stretch.fetch)
        self.is_broken |= is_late
        if batch is END:
            self.end(stretch)
        else:
            self._keep(stretch, batch, states)
        return batch

    def end(self, stretch: Stretch) -> None:
        """The source has no more."""
        stretch.ended = Chance()

    def run(self, stretch: Stretch, index: int) -> int:
        """How many of the batches from an index on the loop may take from the source by itself and append to those that are
        kept: where all so far were tensors that nobody had written to, and small. To look at each would cost a step of
        0.2 ms a percent.

        Only when the run is to go back it is seen whether they are such ones still.
        """
        if index != stretch.next or stretch.ended is not None or not self._are_fresh or not stretch.sizes:
            return 0
        return min(self._draws.unseen, RUN, self.capacity // 8 // stretch.sizes[-1])

    def fetch_apart(self, stretch: Stretch) -> Any:
        """The next batch, where random numbers were drawn since the former one, or are drawn for once to fetch it: all their
        states are kept with it."""
        batch = stretch.fetch()
        if batch is not END:
            self._keep(stretch, batch, present_states())
        return batch

    def pass_over(self, stretch: Stretch, index: int) -> None:
        """Keeps nothing of a stretch before an index, which is the next one from its source."""
        if stretch.batches:
            self._bytes -= sum(stretch.sizes)
            for kept in (stretch.batches, stretch.sizes, stretch.versions, stretch.states):
                kept.clear()
        stretch.first = index

    def _keep(self, stretch: Stretch, batch: Any, states: Optional[States]) -> None:
        kept = _shown(batch)
        version = _version(kept)
        self._are_fresh = self._are_fresh and _size_if_fresh(batch) is not None
        if states:
            stretch.states[stretch.next] = states
        stretch.versions[stretch.next] = version
        # Side by side: a tuple of them would be one thing more for the garbage collector to go through.
        stretch.batches.append(kept)
        size = PLACE + _size(kept) + (STATES if states else 0)
        stretch.sizes.append(size)
        self._bytes += size
        self._forget_oldest()

    def _measure(self) -> None:
        """Measures the batches that the loop took by itself: each that is measured stands for those behind it too."""
        stretch = next(reversed(self._stretches.values()), None)
        if stretch is None or len(stretch.sizes) == len(stretch.batches):
            return
        self._draws.passed(len(stretch.batches) - len(stretch.sizes))
        while (left := len(stretch.batches) - len(stretch.sizes)) > 0:
            batch, alike = stretch.batches[-left], min(left, MEASURED)
            self._are_fresh = self._are_fresh and _size_if_fresh(batch) is not None
            size = PLACE + _size(batch)
            stretch.sizes.extend([size] * alike)
            self._bytes += size * alike
        self._forget_oldest()

    def has(self, call: int, index: int) -> bool:
        """Whether the loop can go on from a place: what comes there is kept, or comes next from a loader."""
        stretch = self.stretches.get(call)
        if stretch is None:
            # The beginning of a call that was not made yet.
            return index == 0 and (not self.stretches or call == max(self.stretches) + 1)
        return stretch.first <= index <= stretch.next

    def has_room_from(self, place: Tuple[int, int], batches: int) -> bool:
        """Whether so many batches more, as large as those that are kept, push out none from a place on."""
        sizes = [
            size for stretch in self.stretches.values() for at, size in enumerate(stretch.sizes, stretch.first)
            if (stretch.call, at) >= place]
        return sum(sizes) + batches * max(sizes, default=0) <= self.capacity * 7 // 8

    @property
    def last_change(self) -> Tuple[int, int]:
        """The call and the index of the last batch that the script has changed since it was given it."""
        changed = (
            (stretch.call, at) for stretch in self.stretches.values()
            for at, batch in enumerate(stretch.batches, stretch.first)
            if (_size_if_fresh(batch) is None if at not in stretch.versions else stretch.versions[at] != _version(batch)))
        return max(changed, default=(-1, -1))

    def forget_before(self, call: int) -> None:
        """Forgets the calls before one."""
        for former in [one for one in self.stretches if one < call]:
            self._bytes -= sum(self._stretches[former].sizes)
            del self._stretches[former]

    def _forget_oldest(self) -> None:
        if self._bytes <= self.capacity:
            return
        while self._bytes > self.capacity * 7 // 8:
            stretch = self._stretches[min(self._stretches)]
            if not stretch.batches:
                if len(self._stretches) == 1:
                    return
                del self._stretches[stretch.call]
                continue
            stretch.batches.popleft()
            stretch.versions.pop(stretch.first, None)
            stretch.states.pop(stretch.first, None)
            stretch.first += 1
            self._bytes -= stretch.sizes.popleft()


def _shown(batch: Any) -> Any:
    """The batch, with copies in the place of its arrays, which tell of no change."""
    kind = type(batch)
    if kind is tuple or kind is list:
        for one in batch:
            if type(one) not in _PLAIN and not _is_tensor(one):
                return kind([_shown(one) for one in batch])
        return batch
    if kind in _TENSORS or kind in _PLAIN:
        return batch
    if kind is dict:
        return {key: _shown(value) for key, value in batch.items()}
    if isinstance(batch, dict):
        shown = copy.copy(batch)
        for key, value in batch.items():
            shown[key] = _shown(value)
        return shown
    if isinstance(batch, UserDict):
        # What tokenizers make.
        like: UserDict[Any, Any] = copy.copy(batch)
        like.data = {key: _shown(value) for key, value in batch.data.items()}
        return like
    numpy = sys.modules.get("numpy")
    return batch.copy() if numpy is not None and kind is numpy.ndarray else batch


def _parts(batch: Any) -> Optional[Iterable[Any]]:
    """What a batch is made of; None where it is one thing. Kinds that are met often are told first."""
    kind = type(batch)
    if kind in _TENSORS or kind in _PLAIN:
        return None
    if isinstance(batch, (tuple, list)):
        return batch
    if isinstance(batch, dict):
        return batch.values()
    return batch.data.values() if isinstance(batch, UserDict) else None


def _version(batch: Any) -> int:
    """How often the tensors of a batch were written to, all of them together: each only ever counts up."""
    parts = _parts(batch)
    if parts is not None:
        return sum([_version(one) for one in parts])
    try:
        version = getattr(batch, "_version", 0)
    except RuntimeError:
        # One that was made in inference mode does not count.
        return 0
    return version if type(version) is int else 0


def _size_if_fresh(batch: Any) -> Optional[int]:
    """The bytes of a batch of tensors that nobody has written to; None of any other."""
    kind, size = type(batch), 0
    if kind is not tuple and kind is not list:
        return None
    try:
        for one in batch:
            if type(one) not in _TENSORS or one._version:
                return None
            size += one.nbytes
    except RuntimeError:
        # Made in inference mode: it counts nothing.
        return None
    return size


def _size(batch: Any) -> int:
    parts = _parts(batch)
    if parts is not None:
        return sum([_size(one) for one in parts])
    size = getattr(batch, "nbytes", PLAIN)
    return size if type(size) is int else PLAIN


def leaves(batch: Any) -> Iterator[Any]:
    """The tensors, arrays and other things that a batch is made of."""
    parts = _parts(batch)
    if parts is None:
        yield batch
    else:
        for one in parts:
            yield from leaves(one)


def is_known(leaf: Any) -> bool:
    """Whether a thing can be given twice, and says how large it is."""
    return type(leaf) in _PLAIN or isinstance(getattr(leaf, "nbytes", None), int)


_PLAIN = frozenset((int, float, str, bool, bytes, type(None)))
#: The kinds of tensors that were met: those that count how often they are written to.
_TENSORS: Set[type] = set()


def _is_tensor(value: Any) -> bool:
    if type(value) in _TENSORS:
        return True
    try:
        if not hasattr(value, "_version"):
            return False
    except RuntimeError:
        return True
    if type(value._version) is int and type(getattr(value, "nbytes", None)) is int:
        _TENSORS.add(type(value))
    return True
