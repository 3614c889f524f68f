"""Which rows make a batch, and which units are dropped: pure functions of a seed and a step, with the bits of the core.

Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011): 128 random bits
for every counter, and nothing to consume.
"""

from __future__ import annotations

import importlib
from typing import Any, Dict, Tuple

torch: Any = importlib.import_module("torch")

#: What numbers are drawn for.
BATCHES, DROPOUT = 0, 3

_MASK = 0xFFFFFFFF
#: Numbers that are drawn at once, for as many steps as that is: what a processor's cache holds, and what keeps a device busy.
_DRAWN, _DRAWN_ON_DEVICE = 1 << 16, 1 << 22


def words(seed: int, stream: int, c0: Any, c1: Any, c2: int, c3: int) -> Any:
    """The four random words of each counter: c0 and c1 are int64 tensors that broadcast, the result has a last axis of 4."""
    c0, c1 = torch.broadcast_tensors(c0, c1)
    x0, x1, x2, x3 = c0, c1, torch.full_like(c0, c2), torch.full_like(c0, c3)
    k0, k1 = seed & _MASK, seed >> 32 ^ (stream * 0x85EBCA6B & _MASK)
    for _ in range(10):
        # Products of 64 bits wrap around as they should; what is shifted in at the left is a sign.
        left, right = x0 * 0xD2511F53, x2 * 0xCD9E8D57
        x0, x1, x2, x3 = right >> 32 & _MASK ^ x1 ^ k0, right & _MASK, left >> 32 & _MASK ^ x3 ^ k1, left & _MASK
        k0, k1 = k0 + 0x9E3779B9 & _MASK, k1 + 0xBB67AE85 & _MASK
    return torch.stack([x0, x1, x2, x3], dim=-1)


class Batches:
    """The rows of each batch. ``sampling`` is ``random`` (with replacement), ``shuffle`` or ``sequential``."""

    def __init__(self, sampling: str, rows: int, batch_size: int, seed: int, device: Any = None) -> None:
        self.steps = rows // batch_size
        self._device = device
        self._sampling, self._rows, self._size, self._seed = sampling, rows, batch_size, seed
        self._chunk = max(1, min(self.steps, _DRAWN // batch_size))
        #: The order of the epoch that was asked for last, or of some steps of it.
        self._drawn: Dict[Tuple[int, int], Any] = {}

    def rows(self, epoch: int, step: int) -> Any:
        """The numbers of a batch's rows, an int64 tensor. ``epoch`` counts from 1, ``step`` within it from 0."""
        if self._sampling == "sequential":
            return torch.arange(step * self._size, (step + 1) * self._size, device=self._device)
        if self._sampling == "shuffle":
            order = self._kept(epoch, 0, lambda: permutation(self._seed, self._rows, epoch).to(self._device))
            return order[step * self._size : (step + 1) * self._size]
        chunk = step // self._chunk
        drawn = self._kept(epoch, chunk, lambda: self._draw(epoch, chunk * self._chunk))
        return drawn[step - chunk * self._chunk]

    def _kept(self, epoch: int, chunk: int, make: Any) -> Any:
        if (epoch, chunk) not in self._drawn:
            self._drawn = {(epoch, chunk): make()}
        return self._drawn[epoch, chunk]

    def _draw(self, epoch: int, first: int) -> Any:
        blocks = torch.arange(-(-self._size // 4), device=self._device)[None, :]
        steps = torch.arange(first, first + self._chunk, device=self._device)[:, None]
        drawn = words(self._seed, BATCHES, blocks, steps, epoch & _MASK, 0).flatten(1)[:, : self._size]
        # A word as a fraction of 2^32, times the rows.
        return drawn * self._rows >> 32


def permutation(seed: int, count: int, epoch: int) -> Any:
    """The numbers 0 to count - 1 in a random order: Fisher and Yates's shuffle."""
    order = list(range(count))
    blocks = torch.arange(count // 3 + 16)
    drawn = iter(words(seed, BATCHES, blocks, torch.zeros_like(blocks), epoch & _MASK, 0).flatten().tolist())
    for last in range(count - 1, 0, -1):
        # Lemire, "Fast random integer generation in an interval" (2019).
        product = next(drawn) * (last + 1)
        while product & _MASK < (1 << 32) % (last + 1):
            product = next(drawn) * (last + 1)
        other = product >> 32
        order[last], order[other] = order[other], order[last]
    return torch.tensor(order)


class Dropout:
    """The factors of one layer's outputs: 0 for the dropped share, more than 1 for the others."""

    def __init__(self, seed: int, layer: int, rate: float) -> None:
        self._seed, self._layer, self._rate = seed, layer, rate
        #: Those that were drawn last, and what they were drawn for: the first step, and the part of a batch.
        self._drawn: Any = None
        self._key: Any = None

    def factors(self, step: int, first_row: int, shape: Any, device: Any) -> Any:
        """Those of some rows x units. ``step`` counts the run's steps from 1; ``first_row`` is where these rows begin in the
        batch."""
        rows, units = shape
        first, end = first_row * units, (first_row + rows) * units
        most = _DRAWN_ON_DEVICE if device is not None and device.type != "cpu" else _DRAWN
        # For a power of two of steps, so that all of them have the same upper half.
        count = 1 << max(1, most // (rows * units)).bit_length() - 1
        key = (step - step % count, first, end, device)
        if key != self._key:
            self._drawn, self._key = self._draw(key[0], count, first, end, device).reshape(count, rows, units), key
        return self._drawn[step % count]

    def _draw(self, step: int, count: int, first: int, end: int, device: Any) -> Any:
        blocks = torch.arange(first // 4, -(-end // 4), device=device)[None, :]
        low = torch.arange(count, device=device)[:, None] + (step & _MASK)
        drawn = words(self._seed, DROPOUT, blocks, low, step >> 32, self._layer).flatten(1)
        kept = drawn[:, first % 4 :][:, : end - first] >= int(self._rate * 2.0**32)
        return kept.to(torch.float32) * (1 / (1 - self._rate))
