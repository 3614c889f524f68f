"""The batches that a loop was given, so that it can be given them again.

A call of ``Run.batches`` is a stretch of the tape. Each batch is fetched once: what comes behind the last one kept still
comes from the loader's own iterator, which waits. The oldest batches go when there are too many bytes of them.
"""

from __future__ import annotations

import sys
from typing import Any, Dict, Iterable, Iterator, List, Optional, Tuple

from ._chance import Chance, Draws, States, put_back

#: Stands for the end of a loader.
END = object()
#: Bytes that a batch's place takes beside its tensors, and more where fetching it draws.
PLACE, STATES = 500, 10_000

#: A batch, the versions of its tensors, its bytes, and the states of random numbers that fetching it left.
Entry = Tuple[Any, List[int], int, Optional[States]]


class Stretch:
    """The batches of one call."""

    def __init__(self, call: int, loader: Iterable[Any]) -> None:
        self.call = call
        self.source: Iterator[Any] = iter(loader)
        #: Shuffling draws here.
        self.begun = Chance()
        self.entries: Dict[int, Entry] = {}
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
        if index < stretch.next:
            batch, _, _, states = stretch.entries[index]
            if states:
                put_back(states)
            return _shown(batch)
        if stretch.ended is not None:
            stretch.ended.restore()
            return END
        batch, states, is_late = self._draws.fetch(stretch.fetch)
        self.is_broken |= is_late
        if batch is END:
            stretch.ended = Chance()
            return END
        kept = _shown(batch)
        size = _size(kept) + PLACE + (STATES if states else 0)
        stretch.entries[index] = (kept, _versions(kept), size, states)
        stretch.next = index + 1
        self.bytes += size
        if self.bytes > self.capacity:
            self._forget_oldest()
        return batch

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
            entry[2] for stretch in self.stretches.values() for at, entry in stretch.entries.items()
            if (stretch.call, at) >= place]
        return sum(sizes) + batches * max(sizes, default=0) <= self.capacity * 7 // 8

    @property
    def last_change(self) -> Tuple[int, int]:
        """The call and the index of the last batch that the script has changed since it was given it."""
        changed = (
            (stretch.call, at) for stretch in self.stretches.values()
            for at, (batch, versions, _, _) in stretch.entries.items() if versions != _versions(batch))
        return max(changed, default=(-1, -1))

    def forget_before(self, call: int) -> None:
        """Forgets the calls before one."""
        for former in [one for one in self.stretches if one < call]:
            self.bytes -= sum(entry[2] for entry in self.stretches[former].entries.values())
            del self.stretches[former]

    def _forget_oldest(self) -> None:
        while self.bytes > self.capacity * 7 // 8:
            stretch = self.stretches[min(self.stretches)]
            if not stretch.entries:
                if len(self.stretches) == 1:
                    return
                del self.stretches[stretch.call]
                continue
            entry = stretch.entries.pop(stretch.first)
            stretch.first += 1
            self.bytes -= entry[2]


def _shown(batch: Any) -> Any:
    """The batch, with copies in the place of its arrays, which tell of no change."""
    kind = type(batch)
    if kind is tuple or kind is list:
        for one in batch:
            if type(one) not in _PLAIN and not _is_tensor(one):
                return kind([_shown(one) for one in batch])
        return batch
    if kind is dict:
        return {key: _shown(value) for key, value in batch.items()}
    numpy = sys.modules.get("numpy")
    return batch.copy() if numpy is not None and kind is numpy.ndarray else batch


def _versions(batch: Any) -> List[int]:
    """How often each tensor of a batch was written to."""
    kind = type(batch)
    if kind is tuple or kind is list:
        found: List[int] = []
        for one in batch:
            version = getattr(one, "_version", None)
            if version is None:
                found += _versions(one)
            else:
                found.append(version)
        return found
    if kind is dict:
        return _versions(list(batch.values()))
    version = getattr(batch, "_version", None)
    return [] if version is None else [version]


def _size(batch: Any) -> int:
    kind = type(batch)
    if kind is tuple or kind is list:
        return sum([_size(one) for one in batch])
    if kind is dict:
        return sum([_size(one) for one in batch.values()])
    size = getattr(batch, "nbytes", 50)
    return size if type(size) is int else 50


_PLAIN = frozenset((int, float, str, bool, bytes, type(None)))


def _is_tensor(value: Any) -> bool:
    return hasattr(value, "_version")
