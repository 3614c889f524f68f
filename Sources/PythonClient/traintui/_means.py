"""The values of steps, worked out of the means that Keras tells: those of all batches since the epoch began."""

from __future__ import annotations

import math
from typing import Any, Dict, Optional, Tuple


class Means:
    """What the means of one epoch were made of so far.

    Several batches of one execution have one value, their mean. Values are off by what the means were rounded by, and where
    a batch is smaller than the others by that too.
    """

    def __init__(self) -> None:
        self._seen = 0
        self._first = 0
        self._sums: Dict[str, float] = {}
        #: Whether means tell anything: one that is not finite stays so until they begin anew.
        self.is_finite = True

    def begin_anew(self) -> None:
        """Whoever makes the means begins with no batches, in the middle of an epoch."""
        self._first, self._sums, self.is_finite = self._seen, {}, True

    def take(self, batch: int, logs: Any, batches: Optional[int]) -> Tuple[int, Dict[str, float]]:
        """How many steps were taken up to a batch, counted from 0, and what each of them had.

        ``batches`` is how many an epoch has, where that is known: an execution of several ends behind them.
        """
        end = min(batch + 1, batches) if batches else batch + 1
        steps = max(1, end - self._seen)
        self._seen = end
        values: Dict[str, float] = {}
        for name, mean in (logs or {}).items():
            try:
                total = float(mean) * (end - self._first)
            except Exception:
                continue
            values[name] = (total - self._sums.get(name, 0.0)) / steps
            self._sums[name] = total
            self.is_finite = self.is_finite and math.isfinite(total)
        return steps, values
