"""The metrics of a job file: sums over rows, and values made of them."""

from __future__ import annotations

import importlib
import math
from typing import Any, Callable, Dict, List

torch: Any = importlib.import_module("torch")

Sums = List[float]


class Metric:
    """``add`` makes sums of predictions and targets, each rows x units; ``value`` makes a number of such sums.

    ``power`` is the power of the targets' unit that the value is in: values are told in the unit of the table.
    """

    def __init__(
        self, add: Callable[[Any, Any], List[Any]], value: Callable[[Sums, int, int], float], power: int = 0
    ) -> None:
        self.add, self.value, self.power = add, value, power


def _of_elements(sums: Sums, rows: int, units: int) -> float:
    return sums[0] / (rows * units)


def _r2_sums(p: Any, t: Any) -> List[Any]:
    exact = t.double()
    return [*exact.sum(0), *exact.square().sum(0), *(exact - p.double()).square().sum(0)]


def _r2(sums: Sums, rows: int, units: int) -> float:
    """The mean over units of ``1 - sum (t - p)^2 / sum (t - mean t)^2``; 0 for a unit whose targets are all the same."""
    total = 0.0
    for unit in range(units):
        variation = sums[units + unit] - sums[unit] ** 2 / rows
        if variation > 0:
            total += 1 - sums[2 * units + unit] / variation
    return total / units


def _squares(p: Any, t: Any) -> List[Any]:
    return [(p - t).square().sum()]


METRICS: Dict[str, Metric] = {
    "mean_absolute_error": Metric(lambda p, t: [(p - t).abs().sum()], _of_elements, 1),
    "mean_squared_error": Metric(_squares, _of_elements, 2),
    "root_mean_squared_error": Metric(_squares, lambda *sums: math.sqrt(_of_elements(*sums)), 1),
    "r2_score": Metric(_r2_sums, _r2),
    "binary_accuracy": Metric(lambda p, t: [((p > 0.5).to(t.dtype) == t).sum()], _of_elements),
    "sparse_categorical_accuracy": Metric(
        lambda p, t: [(p.argmax(1) == t[:, 0]).sum()], lambda sums, rows, units: sums[0] / rows),
}


class Tally:
    """The metrics of some rows. It has a state, because an epoch that is gone back into goes on with its sums."""

    def __init__(self, names: List[str], units: int, target_unit: float) -> None:
        self.names, self._units, self._target_unit = names, units, target_unit
        self._metrics = [METRICS[name] for name in names]
        #: Where each metric's sums begin, and at last where they all end.
        self._starts = [0]
        for name in names:
            self._starts.append(self._starts[-1] + (3 * units if name == "r2_score" else 1))
        self._sums: Sums = []
        self._rows = 0
        self.begin()

    @property
    def count(self) -> int:
        """How many sums there are."""
        return self._starts[-1]

    @property
    def needs_doubles(self) -> bool:
        """Whether values are differences of sums: far from zero, of years say, float32 has no digit of them left."""
        return "r2_score" in self.names

    def begin(self) -> None:
        """Begins with no rows."""
        self._sums, self._rows = [0.0] * self.count, 0

    def of(self, predictions: Any, targets: Any) -> List[Any]:
        """The sums of some rows, as tensors of one number."""
        return [one for metric in self._metrics for one in metric.add(predictions, targets)]

    def add(self, sums: Sums, rows: int) -> None:
        """Takes in the sums of some rows."""
        self._sums = [one + other for one, other in zip(self._sums, sums)]
        self._rows += rows

    @property
    def values(self) -> Dict[str, float]:
        """The metrics of all rows so far, by name."""
        return self.values_of(self._sums, self._rows)

    def values_of(self, sums: Sums, rows: int) -> Dict[str, float]:
        """The metrics of rows with these sums."""
        return {
            name: metric.value(sums[start:], rows, self._units) * self._target_unit**metric.power
            for name, metric, start in zip(self.names, self._metrics, self._starts)
        }

    def state_dict(self) -> Dict[str, Any]:
        """What it remembers."""
        return {"sums": list(self._sums), "rows": self._rows}

    def load_state_dict(self, state: Dict[str, Any]) -> None:
        """Remembers that."""
        self._sums, self._rows = list(state["sums"]), state["rows"]
