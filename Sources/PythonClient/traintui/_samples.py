"""Steps on their way to whoever watches: a list of bounded length in which every step is counted.

Each entry stands for consecutive steps. While they are few, an entry is one step and nothing is lost. When the list is
full, neighbours are merged and entries stand for twice as many, so whoever comes late finds coarser entries but misses
nothing, not even a spike of one step.
"""

from __future__ import annotations

import math
from operator import mul
from typing import Any, Dict, List, Optional, Sequence

from ._wire import finite

#: Entries kept, and sent in one message.
CAPACITY = 1024

Numbers = Sequence[float]


class Fold:
    """What is kept of a number that was seen many times. NaN in a list means that it was not seen."""

    __slots__ = ("count", "low", "high", "sum", "squares", "not_finite")

    def __init__(self) -> None:
        self.count = 0
        self.low = math.inf
        self.high = -math.inf
        self.sum = 0.0
        self.squares = 0.0
        self.not_finite = 0

    def add(self, values: Numbers) -> None:
        """Sees all of these."""
        total = sum(values)
        self.count += len(values)
        if not math.isfinite(total):
            finites = [value for value in values if math.isfinite(value)]
            self.not_finite += len(values) - len(finites)
            values, total = finites, sum(finites)
        if values:
            self.low = min(self.low, min(values))
            self.high = max(self.high, max(values))
            self.sum += total
            self.squares += sum(map(mul, values, values))

    def merge(self, other: Fold) -> None:
        """Sees all that the other one saw."""
        self.count += other.count
        self.low = min(self.low, other.low)
        self.high = max(self.high, other.high)
        self.sum += other.sum
        self.squares += other.squares
        self.not_finite += other.not_finite

    @property
    def mean(self) -> Optional[float]:
        """The mean of the finite values, None where there is none."""
        seen = self.count - self.not_finite
        return finite(self.sum / seen) if seen else None

    @property
    def wire(self) -> List[Any]:
        """``[count, min, max, sum, squares, not_finite]``."""
        return [
            self.count, finite(self.low), finite(self.high), finite(self.sum), finite(self.squares), self.not_finite,
        ]


class Steps:
    """Consecutive steps as they were told: their losses, the learning rates, and a list for each metric."""

    __slots__ = ("first", "branch", "run", "losses", "rates", "metrics")

    def __init__(self, first: int, metrics: int, branch: int = 1, run: int = 1) -> None:
        self.branch = branch
        #: The branch that the run was on then.
        self.run = run
        self.first = first
        self.losses: List[float] = []
        self.rates: List[Optional[float]] = []
        self.metrics: List[List[float]] = [[] for _ in range(metrics)]


class Samples:
    """The steps of one branch, folded where they are many."""

    def __init__(self, branch: int, metrics: int) -> None:
        self.branch = branch
        self._single = Steps(0, metrics)
        self._metrics = metrics
        #: Steps that an entry stands for.
        self._width = 1
        self._firsts: List[int] = []
        self._lasts: List[int] = []
        self._rates: List[Optional[float]] = []
        #: For each entry the folds of the loss and of the metrics.
        self._folds: List[List[Fold]] = []

    def __bool__(self) -> bool:
        return bool(self._single.losses or self._folds)

    def clear(self) -> None:
        """Forgets all; entries are single steps again."""
        self.__init__(self.branch, self._metrics)  # type: ignore[misc]

    def extend(self, steps: Steps) -> None:
        """Adds the steps that follow those added before."""
        if not steps.losses:
            return
        if self._width == 1:
            single = self._single
            if not single.losses:
                single.first = steps.first
            single.losses += steps.losses
            single.rates += steps.rates
            for mine, more in zip(single.metrics, steps.metrics):
                mine += more
            if len(single.losses) <= CAPACITY:
                return
            while len(single.losses) > CAPACITY // 2 * self._width:
                self._width *= 2
            self._single = Steps(0, self._metrics)
            self._fold(single)
        else:
            self._fold(steps)
        while len(self._folds) > CAPACITY:
            self._halve()

    def _fold(self, steps: Steps) -> None:
        start, count = 0, len(steps.losses)
        while start < count:
            if not self._folds or self._lasts[-1] - self._firsts[-1] + 1 >= self._width:
                self._firsts.append(steps.first + start)
                self._lasts.append(steps.first + start - 1)
                self._rates.append(None)
                self._folds.append([Fold() for _ in range(1 + self._metrics)])
            room = self._width - (self._lasts[-1] - self._firsts[-1] + 1)
            end = min(count, start + room)
            folds = self._folds[-1]
            folds[0].add(steps.losses[start:end])
            for fold, values in zip(folds[1:], steps.metrics):
                seen = [value for value in values[start:end] if value == value]
                if seen:
                    fold.add(seen)
            self._lasts[-1] = steps.first + end - 1
            self._rates[-1] = steps.rates[end - 1]
            start = end

    def _halve(self) -> None:
        for index in range(0, len(self._folds) - 1, 2):
            for left, right in zip(self._folds[index], self._folds[index + 1]):
                left.merge(right)
            self._lasts[index] = self._lasts[index + 1]
            self._rates[index] = self._rates[index + 1]
        columns: List[List[Any]] = [self._firsts, self._lasts, self._rates, self._folds]
        for column in columns:
            del column[1::2]
        self._width *= 2

    def wire(self) -> Dict[str, Any]:
        """The params of a message with all of it."""
        params: Dict[str, Any] = {"branch": self.branch}
        if self._width == 1:
            single = self._single
            params["first"] = single.first
            params["losses"] = [finite(loss) for loss in single.losses]
            if self._metrics:
                params["metrics"] = [[finite(value) for value in values] for values in single.metrics]
            rates: Sequence[Optional[float]] = single.rates
        else:
            params["first"] = self._firsts[0]
            params["steps"] = [last - first + 1 for first, last in zip(self._firsts, self._lasts)]
            params["folds"] = [folds[0].wire for folds in self._folds]
            if self._metrics:
                params["metrics"] = [[folds[1 + index].wire for folds in self._folds] for index in range(self._metrics)]
            rates = self._rates
        if any(rate is not None for rate in rates):
            # Most runs have one for long: it is said once.
            same = all(rate == rates[0] for rate in rates)
            params["rates"] = [finite(rates[0])] if same else [finite(rate) for rate in rates]
        return params
