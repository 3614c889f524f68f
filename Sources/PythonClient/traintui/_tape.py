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


class Stretch:
    """The batches of one call."""

    def __init__(self, call: int, loader: Iterable[Any]) -> None:
        self.call = call
        self.source: Iterator[Any] = iter(loader)
        #: Shuffling draws here.
        self.begun = Chance()
        #: The batches that are kept, from ``first`` on, and the bytes of each.
        self.batches: Deque[Any] = deque()
        self.sizes: Deque[int] = deque()
        #: How often the tensors of a batch had been written to, where they had been.
        self.versions: Dict[int, int] = {}
        #: The states of random numbers that fetching them left, by their index, where it drew.
        self.states: Dict[int, States] = {}
        #: The index of the oldest batch that is kept, and of the next one from the source.
        self.first = 0
        self.next = 0
        #: The random numbers behind the end of the source, where that was reached.
        self.ended: Optional[Chance] = None

    def fetch(self) -> Any:
        """The next batch of the source, or ``END``."""
        return next(self.source, END)


class Tape:
    """The stretches in order; only the last one may have more to fetch."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.bytes = 0
        self.stretches: Dict[int, Stretch] = {}
        self._draws = Draws()
        #: Fetches to come that need not be looked at.
        self._unseen = 0
        #: Set when it turns out that what is kept cannot be taken again as it was.
        self.is_broken = False

    def stretch(self, call: int, loader: Iterable[Any]) -> Stretch:
        """The stretch of a call: a new one, or one that is gone through again."""
        stretch = self.stretches.get(call)
        if stretch is None:
            stretch = self.stretches[call] = Stretch(call, loader)
        else:
            stretch.begun.restore()
        return stretch

    def batch(self, stretch: Stretch, index: int) -> Any:
        """The batch at an index, kept or fetched; ``END`` behind the last one."""
        if index == stretch.next and self._unseen and stretch.ended is None:
            # The usual way, for which each step pays: it is short, and calls little.
            batch: Any = next(stretch.source, END)
            if batch is END:
                stretch.ended = Chance()
                return END
            self._unseen -= 1
            kind, version, size = type(batch), 0, PLACE
            if kind is tuple or kind is list:
                try:
                    for one in batch:
                        if type(one) not in _TENSORS:
                            size = 0
                            break
                        version += one._version
                        size += one.nbytes
                except RuntimeError:
                    # A tensor that was made in inference mode counts nothing.
                    size = 0
            else:
                size = size + PLAIN if kind in _PLAIN else 0
            if size:
                self._add(stretch, batch, version, size)
            else:
                self._keep(stretch, batch, None)
            return batch
        if index < stretch.next:
            states = stretch.states.get(index)
            if states:
                put_back(states)
            return _shown(stretch.batches[index - stretch.first])
        if stretch.ended is not None:
            stretch.ended.restore()
            return END
        batch, states, is_late = self._draws.fetch(stretch.fetch)
        self._unseen = self._draws.unseen
        self.is_broken |= is_late
        if batch is END:
            stretch.ended = Chance()
            return END
        self._keep(stretch, batch, states)
        return batch

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
            self.bytes -= sum(stretch.sizes)
            for kept in (stretch.batches, stretch.sizes, stretch.versions, stretch.states):
                kept.clear()
        stretch.first = stretch.next = index

    def _keep(self, stretch: Stretch, batch: Any, states: Optional[States]) -> None:
        """Keeps a batch of any kind."""
        kept, size = _shown(batch), PLACE
        if states:
            stretch.states[stretch.next] = states
            size += STATES
        self._add(stretch, kept, _version(kept), size + _size(kept))

    def _add(self, stretch: Stretch, kept: Any, version: int, size: int) -> None:
        # Side by side: a tuple of them would be one thing more for the garbage collector to go through.
        stretch.batches.append(kept)
        stretch.sizes.append(size)
        if version:
            stretch.versions[stretch.next] = version
        stretch.next += 1
        self.bytes += size
        if self.bytes > self.capacity:
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
            for at, batch in enumerate(stretch.batches, stretch.first) if stretch.versions.get(at, 0) != _version(batch))
        return max(changed, default=(-1, -1))

    def forget_before(self, call: int) -> None:
        """Forgets the calls before one."""
        for former in [one for one in self.stretches if one < call]:
            self.bytes -= sum(self.stretches[former].sizes)
            del self.stretches[former]

    def _forget_oldest(self) -> None:
        while self.bytes > self.capacity * 7 // 8:
            stretch = self.stretches[min(self.stretches)]
            if not stretch.batches:
                if len(self.stretches) == 1:
                    return
                del self.stretches[stretch.call]
                continue
            stretch.batches.popleft()
            stretch.versions.pop(stretch.first, None)
            stretch.states.pop(stretch.first, None)
            stretch.first += 1
            self.bytes -= stretch.sizes.popleft()


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
    try:
        if not hasattr(value, "_version"):
            return False
    except RuntimeError:
        return True
    if type(value._version) is int and type(getattr(value, "nbytes", None)) is int:
        _TENSORS.add(type(value))
    return True
