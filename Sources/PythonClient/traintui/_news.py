"""What goes between the training's thread and the one that serves dashboards, and what waits for its step."""

from __future__ import annotations

from typing import Any, Dict, Optional, Tuple

from ._parameters import Parameter
from ._wire import Params, Refusal

#: A step: its loss, its learning rate, its metrics.
Step = Tuple[Any, Any, Optional[Dict[str, Any]]]


class Told:
    """Something that happened: the words and values of a notification."""

    __slots__ = ("method", "params")

    def __init__(self, method: str, params: Params) -> None:
        self.method = method
        self.params = params


class EpochBegan:
    """An epoch begins; how many steps it has, where that is known."""

    __slots__ = ("epoch", "steps")

    def __init__(self, epoch: int, steps: Optional[int]) -> None:
        self.epoch = epoch
        self.steps = steps


class EpochEnded:
    """An epoch is complete; its metrics, where they are more than the means of the steps'."""

    __slots__ = ("metrics",)

    def __init__(self, metrics: Optional[Dict[str, Any]] = None) -> None:
        self.metrics = metrics


class Turn:
    """Another branch takes the steps behind this; with no branch, it is the run again.

    ``step`` is the branch's last one, ``epoch`` the one that it is in, which began behind ``epoch_first``.
    """

    __slots__ = ("branch", "step", "epoch", "epoch_first")

    def __init__(self, branch: int = 0, step: int = 0, epoch: int = 0, epoch_first: int = 0) -> None:
        self.branch = branch
        self.step = step
        self.epoch = epoch
        self.epoch_first = epoch_first


class Stands:
    """How a branch beside the run does, as it is told; with nothing, it is none any more."""

    __slots__ = ("branch", "params")

    def __init__(self, branch: int, params: Optional[Params]) -> None:
        self.branch = branch
        self.params = params


class Asked:
    """A request on its way to the training's thread, and back with what came of it."""

    __slots__ = ("session", "number", "method", "params", "result", "refusal")

    def __init__(self, session: str, number: Optional[int], method: str, params: Params) -> None:
        self.session = session
        self.number = number
        self.method = method
        self.params = params
        self.result: Optional[Params] = None
        self.refusal: Optional[Refusal] = None

    @property
    def is_open(self) -> bool:
        """Whether nothing came of it yet."""
        return self.result is None and self.refusal is None


class Plan:
    """An edit that waits for its step."""

    __slots__ = ("number", "name", "change", "amount", "at")

    def __init__(self, number: int, name: str, change: str, amount: Any, at: int) -> None:
        self.number = number
        self.name = name
        self.change = change
        self.amount = amount
        self.at = at

    @property
    def wire(self) -> Params:
        """As it is told."""
        return {
            "number": self.number, "name": self.name, "change": self.change, "value": self.amount, "at": self.at,
        }


class Ramp:
    """A number on its way to another one."""

    __slots__ = ("parameter", "start", "target", "first", "over")

    def __init__(self, parameter: Parameter, target: float, first: int, over: int) -> None:
        self.parameter = parameter
        self.start = float(parameter.read())
        self.target = target
        self.first = first
        self.over = over

    def value(self, step: int) -> float:
        """The value for the step after this one: geometric where both ends are above 0, else in equal parts."""
        part = min(1.0, (step - self.first + 1) / self.over)
        if part >= 1:
            return self.target
        # Neither the ratio nor the difference of the ends need be a number.
        if self.start > 0 and self.target > 0:
            return float(self.start ** (1 - part) * self.target**part)
        return self.start * (1 - part) + self.target * part

    def wire(self, step: int) -> Params:
        """Where it stands, as it is told."""
        left = max(0, self.over - (step - self.first) - 1)
        return {"name": self.parameter.name, "value": self.value(step), "target": self.target, "steps_left": left}
