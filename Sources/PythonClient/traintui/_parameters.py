"""What can be changed while a training goes on: names, ranges, and the words for a value that is not allowed."""

from __future__ import annotations

import math
from typing import Any, Callable, Dict, Optional, Union

from ._wire import REFUSED, Params, Refusal

Value = Union[float, bool]


class Range:
    """Which numbers are allowed: ``positive``, ``not_negative``, ``below_one``, ``whole`` or ``any``, within ends."""

    def __init__(self, kind: str = "any", low: Optional[float] = None, high: Optional[float] = None) -> None:
        self.kind = kind
        self.low = low
        self.high = high

    def objection(self, value: float) -> Optional[str]:
        """Why the number is not allowed, as a sentence's second half; None where it is."""
        if not math.isfinite(value):
            return "must be a finite number"
        if self.kind == "whole" and value != int(value):
            return "must be a whole number"
        if self.kind == "positive" and value <= 0:
            return "must be greater than 0"
        if self.kind in ("not_negative", "below_one") and value < 0:
            return "must be at least 0"
        if self.kind == "below_one" and value >= 1:
            return "must be less than 1"
        if self.low is not None and value < self.low:
            return f"must be at least {self.low:g}"
        if self.high is not None and value > self.high:
            return f"must be at most {self.high:g}"
        return None

    @property
    def wire(self) -> Params:
        """As it is told."""
        result: Params = {"kind": self.kind}
        if self.low is not None:
            result["from"] = self.low
        if self.high is not None:
            result["to"] = self.high
        return result


class Parameter:
    """A number or a switch of a training, with the way to read and to change it.

    ``read`` and ``write`` are called in the training's thread and nowhere else.
    """

    def __init__(
        self,
        name: str,
        read: Callable[[], Value],
        write: Callable[[Value], None],
        range: Optional[Range] = None,
        title: Optional[str] = None,
        role: Optional[str] = None,
        applies: str = "next_step",
    ) -> None:
        self.name = name
        self.title = title or name.replace("_", " ")
        self.role = role
        self.range = range
        self.applies = applies
        self._read = read
        self._write = write
        #: The value that was told last.
        self.told: Optional[Value] = None

    @property
    def is_flag(self) -> bool:
        """Whether it is a switch."""
        return self.range is None

    def read(self) -> Value:
        """The value in force."""
        value = self._read()
        return bool(value) if self.is_flag else float(value)

    def raw(self) -> Value:
        """The value as it lies."""
        return self._read()

    def put(self, value: Value) -> None:
        """Puts back what ``raw`` gave."""
        self._write(value)
        self.told = self.read()

    def checked(self, value: Any) -> Value:
        """The value as one of this parameter's, or a ``Refusal`` that says why it cannot be."""
        if self.range is None:
            if not isinstance(value, bool):
                raise Refusal(REFUSED, f"{self.title} must be on or off")
            return value
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise Refusal(REFUSED, f"{self.title} must be a number")
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        objection = self.range.objection(number)
        if objection:
            raise Refusal(REFUSED, f"{self.title} {objection}")
        return number

    def write(self, value: Value) -> None:
        """Puts a value in force. What the peer objects to becomes a ``Refusal``."""
        try:
            self._write(value)
        except Refusal:
            raise
        except Exception as problem:
            raise Refusal(REFUSED, f"{self.title} cannot be changed: {problem}") from None
        self.told = self.read()

    def wire(self) -> Params:
        """As it is told, with the value in force."""
        value = self.read()
        self.told = value
        result: Params = {"name": self.name, "title": self.title, "applies": self.applies}
        if isinstance(value, bool):
            result["value"] = value
        else:
            result["value"] = value if math.isfinite(value) else None
        if self.role:
            result["role"] = self.role
        if self.range:
            result["range"] = self.range.wire
        return result


class Knob:
    """A number of your own that a dashboard can change between two steps. Read ``value`` in the loop."""

    def __init__(self, value: float) -> None:
        self.value = value

    def __float__(self) -> float:
        return float(self.value)

    def __repr__(self) -> str:
        return f"Knob({self.value!r})"


class Reading:
    """A number that is read elsewhere when its ``value`` is asked for."""

    def __init__(self, read: Callable[[], Any]) -> None:
        self._read = read

    @property
    def value(self) -> Any:
        return self._read()


def changed(change: str, number: Any, present: Value) -> Any:
    """What a planned change makes of the present value, as the dashboard reckons: to four significant digits."""
    if change == "value":
        return number
    if isinstance(present, bool):
        return present
    if change == "plus":
        return present + number
    if change == "divided_by" and number == 0:
        return math.inf
    product = present * number if change == "times" else present / number
    return float(f"{product:.4g}") if math.isfinite(product) else product


Parameters = Dict[str, Parameter]
