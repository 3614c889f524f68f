"""Learning-rate schedules as Keras has them: functions of the steps taken."""

from __future__ import annotations

import math
from typing import Any, Dict

#: The greatest rate that a step is taken with.
GREATEST_RATE = 1e6


def rate(schedule: Dict[str, Any], step: int, learning_rate: float) -> float:
    """The rate of the update behind ``step`` others, where the optimizer's own is ``learning_rate``."""
    return float(_SCHEDULES[schedule["name"]](schedule, step, learning_rate))


def _or(value: Any, other: float) -> float:
    return other if value is None else float(value)


def _constant(own: Dict[str, Any], step: int, learning_rate: float) -> float:
    return learning_rate


def _piecewise_constant(own: Dict[str, Any], step: int, learning_rate: float) -> float:
    for boundary, value in zip(own["boundaries"], own["values"]):
        if step <= boundary:
            return float(value)
    return float(own["values"][-1])


def _exponential_decay(own: Dict[str, Any], step: int, learning_rate: float) -> float:
    exponent = step / own["decay_steps"]
    if own["staircase"]:
        exponent = math.floor(exponent)
    return float(_or(own.get("initial_learning_rate"), learning_rate) * own["decay_rate"] ** exponent)


def _cosine_decay(own: Dict[str, Any], step: int, learning_rate: float) -> float:
    """Loshchilov and Hutter 2016, arXiv:1608.03983."""
    top, target = _or(own.get("initial_learning_rate"), learning_rate), own.get("warmup_target")
    if target is not None:
        if step < own["warmup_steps"]:
            return top + (float(target) - top) * step / float(own["warmup_steps"])
        top, step = float(target), step - int(own["warmup_steps"])
    part = min(1.0, step / own["decay_steps"])
    alpha = float(own["alpha"])
    return top * (alpha + (1 - alpha) * 0.5 * (1 + math.cos(math.pi * part)))


def _one_cycle(own: Dict[str, Any], step: int, learning_rate: float) -> float:
    """PyTorch's OneCycleLR with ``anneal_strategy`` "cos" (after Smith and Topin 2017, arXiv:1708.07120)."""
    top = _or(own.get("max_lr"), learning_rate)
    first = top / own["div_factor"]
    last, peak, end = first / own["final_div_factor"], own["pct_start"] * own["total_steps"] - 1, own["total_steps"] - 1
    if step <= peak:
        return _turn(first, top, step, peak)
    if not own["three_phase"]:
        return _turn(top, last, step - peak, end - peak)
    foot = 2 * own["pct_start"] * own["total_steps"] - 2
    if step <= foot:
        return _turn(top, first, step - peak, foot - peak)
    return _turn(first, last, step - foot, end - foot)


def _turn(start: float, end: float, step: float, steps: float) -> float:
    """Half a cosine; at its end where it has no length."""
    done = min(1.0, max(0.0, step / steps)) if steps > 0 else 1.0
    return end + (start - end) * 0.5 * (1 + math.cos(math.pi * done))


_SCHEDULES = {
    "constant": _constant, "piecewise_constant": _piecewise_constant, "exponential_decay": _exponential_decay,
    "cosine_decay": _cosine_decay, "one_cycle": _one_cycle,
}


class Schedule:
    """Gives an optimizer the rate of its next step. An edit of the learning rate scales all that are to come."""

    def __init__(self, optimizer: Any, schedule: Dict[str, Any]) -> None:
        self.optimizer = optimizer
        self._schedule = schedule
        self._base = float(optimizer.param_groups[0]["lr"])
        #: The job's rate as it was edited, under the name by which torch's schedulers keep it.
        self.base_lrs = [self._base]
        self._taken = 0
        self._put()

    def step(self) -> None:
        """An update was made."""
        self._taken += 1
        self._put()

    def _put(self) -> None:
        edited = self.base_lrs[0]
        own = rate(self._schedule, self._taken, self._base)
        new = own if edited == self._base else own / self._base * edited
        self.optimizer.param_groups[0]["lr"] = min(new, GREATEST_RATE)

    def state_dict(self) -> Dict[str, Any]:
        """What it remembers."""
        return {"base_lrs": list(self.base_lrs), "taken": self._taken}

    def load_state_dict(self, state: Dict[str, Any]) -> None:
        """Remembers that."""
        self.base_lrs, self._taken = list(state["base_lrs"]), state["taken"]
