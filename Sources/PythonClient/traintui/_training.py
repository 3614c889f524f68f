"""The training's side: what happens between two steps.

The training's thread calls ``tick`` after each step. That counts, appends to ``news`` and looks at one flag; everything
else happens only when the flag is set, because somebody asked for something. The thread that serves dashboards takes
``news`` from the other end. Nothing else is shared, and neither waits for the other, but for a pause that was asked for.

Whatever comes of a step is in ``news`` in the order in which it happened: a step is a tuple, all else an object.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from typing import Any, Callable, Deque, Dict, List, Optional, Tuple

from ._parameters import Parameter, Parameters
from ._wire import Params, Refusal

NAN = float("nan")


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
    """An epoch is complete."""

    __slots__ = ()


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


class Plan:
    """An edit that waits for its step."""

    __slots__ = ("number", "name", "change", "amount", "at")

    def __init__(self, number: int, name: str, change: str, amount: Any, at: int) -> None:
        self.number = number
        self.name = name
        self.change = change
        self.amount = amount
        self.at = at


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
        if self.start > 0 and self.target > 0:
            return float(self.start * (self.target / self.start) ** part)
        return self.start + (self.target - self.start) * part


class Training:
    """A training that can be watched and steered."""

    def __init__(self) -> None:
        self.news: Deque[Any] = deque()
        self.mail: Deque[Asked] = deque()
        #: Whether there is anything to look at between two steps.
        self.attention = False
        self.step = 0
        self.parameters: Parameters = {}
        self.metrics: List[str] = []
        self.is_going = True
        self.is_stopping = False
        self.is_done = False
        #: Steps until it pauses again, None for no end.
        self.steps_left: Optional[int] = None
        self.ends_with_epoch = False
        self.pace = 0.0
        self.plans: List[Plan] = []
        self.ramps: Dict[str, Ramp] = {}
        #: Where the ramps stand, as a list that is replaced and never changed: any thread may read it.
        self.ramps_told: List[Params] = []
        self.breakpoints: List[Params] = []
        self.state = ""
        self.paused_seconds = 0.0
        #: When the step under way began, for whoever asks how long it has taken.
        self.boundary = time.monotonic()
        #: Reads the learning rate of the step just taken; None where nobody knows it.
        self.rate: Optional[Callable[[], Any]] = None
        #: What a request is carried out by.
        self.obey: Callable[[Asked], Params] = lambda asked: {}
        #: Lets the serving thread look at ``news`` at once.
        self.on_news: Callable[[], None] = lambda: None
        #: Tells that there is a metric more, before the first step.
        self.on_metric: Callable[[], None] = lambda: None
        self.is_alive = True
        self._loss: Any = NAN
        self._last_loss: Any = NAN
        self._values: Optional[Dict[str, Any]] = None
        self._wake = threading.Event()
        self._last_step_at = 0.0

    # What a loop calls

    def loss(self, value: Any) -> None:
        """The loss of the step under way. A tensor is kept as it is, and read later in another thread."""
        self._loss = value

    def metric(self, name: str, value: Any) -> None:
        """A metric of the step under way."""
        values = self._values
        if values is None:
            values = self._values = {}
        values[name] = value
        if self.step == 0 and name not in self.metrics:
            self.metrics.append(name)
            self.on_metric()

    def tick(self) -> None:
        """A step is done: counts it, and where somebody asked for something does that."""
        self.step += 1
        try:
            rate = self.rate
            self.news.append((self._loss, rate() if rate is not None else None, self._values))
        except Exception as problem:
            self.give_up(problem)
        self._last_loss, self._loss, self._values = self._loss, NAN, None
        if self.attention:
            self.look(behind_step=True)

    def count(self) -> None:
        """A step is done, and what is asked for is looked at later: before the next one."""
        self.step += 1
        try:
            rate = self.rate
            self.news.append((self._loss, rate() if rate is not None else None, self._values))
        except Exception as problem:
            self.give_up(problem)
        self._last_loss, self._loss, self._values = self._loss, NAN, None

    def epoch_began(self, epoch: int, steps: Optional[int]) -> None:
        """An epoch begins."""
        if self.is_alive:
            self.news.append(EpochBegan(epoch, steps))

    def epoch_ended(self) -> None:
        """An epoch is complete."""
        if self.is_alive:
            self.news.append(EpochEnded())
            self._check_epoch()

    def tell(self, method: str, params: Params) -> None:
        """Tells what happened."""
        if self.is_alive:
            self.news.append(Told(method, params))

    # What the serving thread calls

    def post(self, asked: Asked) -> None:
        """Puts a request where the training's thread finds it; from any thread."""
        self.mail.append(asked)
        self.attention = True
        self._wake.set()

    def give_up(self, problem: BaseException) -> None:
        """Something in here is wrong: says so in a line, and never shows itself again. The training goes on."""
        if not self.is_alive:
            return
        self.is_going = True
        self.fall_silent()
        self.attention = False
        self._wake.set()
        try:
            sys.stderr.write(f"traintui: the dashboard is gone for good, the training goes on: {problem!r}\n")
        except Exception:
            pass

    def fall_silent(self) -> None:
        """Does nothing from now on."""
        self.is_alive = False
        self.tick = self.count = lambda: None  # type: ignore[method-assign]
        self.look = lambda behind_step=False: None  # type: ignore[method-assign]

    # Between two steps

    def look(self, behind_step: bool = False) -> None:
        """Does what is asked for and due. Never raises, unless the person presses Ctrl-C in a pause."""
        try:
            self._look(behind_step)
        except Exception as problem:
            self.give_up(problem)

    def _look(self, behind_step: bool) -> None:
        self.attention = False
        if behind_step:
            self._make_plans()
            self._move_ramps()
            self._check_breakpoints()
            if self.steps_left is not None:
                self.steps_left -= 1
                if self.steps_left <= 0:
                    self.pause()
            self._keep_pace()
        began: Optional[float] = None
        while True:
            self._wake.clear()
            while self.mail:
                self._do(self.mail.popleft())
            if self.is_going or self.is_stopping or not self.is_alive:
                break
            self.become("paused")
            if began is None:
                began = time.monotonic()
            self._wake.wait()
        if began is not None:
            self.paused_seconds += time.monotonic() - began
        if not self.is_stopping:
            self.become("training")
        if self.steps_left is not None or self.plans or self.ramps or self.breakpoints or self.pace:
            self.attention = True

    def _do(self, asked: Asked) -> None:
        try:
            asked.result = {**self.obey(asked), "step": self.step}
        except Refusal as refusal:
            asked.refusal = refusal
        self.news.append(asked)
        self.on_news()

    def pause(self) -> None:
        """Waits at this boundary from now on."""
        self.is_going = False
        self.steps_left = None
        self.ends_with_epoch = False

    def become(self, state: str) -> None:
        """Tells the state where it is another one."""
        if state != self.state:
            self.state = state
            self.tell("state", {"name": state, "step": self.step})
            self.on_news()

    # What is due

    def _make_plans(self) -> None:
        for plan in [plan for plan in self.plans if plan.at <= self.step]:
            self.plans.remove(plan)
            self.tell("unplanned", {"number": plan.number})
            asked = Asked("", None, "set", {"name": plan.name, "change": plan.change, "value": plan.amount})
            try:
                self.obey(asked)
            except Refusal as refusal:
                self.tell("notice", {"text": f"the edit planned for step {plan.at} is not made: {refusal.sentence}"})

    def _move_ramps(self) -> None:
        for name, ramp in list(self.ramps.items()):
            try:
                ramp.parameter.write(ramp.value(self.step))
            except Refusal as refusal:
                self.tell("notice", {"text": f"{ramp.parameter.title} goes no further: {refusal.sentence}"})
                del self.ramps[name]
                continue
            if self.step - ramp.first + 1 >= ramp.over:
                del self.ramps[name]
        self.tell_ramps()

    def tell_ramps(self) -> None:
        """Says where the ramps stand."""
        if self.ramps or self.ramps_told:
            self.ramps_told = [
                {
                    "name": name, "value": ramp.value(self.step), "target": ramp.target,
                    "steps_left": max(0, ramp.over - (self.step - ramp.first) - 1),
                }
                for name, ramp in self.ramps.items()
            ]

    def _check_breakpoints(self) -> None:
        for breakpoint in list(self.breakpoints):
            kind, number = breakpoint["kind"], breakpoint["number"]
            if kind == "step":
                if self.step < number:
                    continue
            elif kind in ("loss_above", "loss_below"):
                # Here, and only here, the training waits for the loss to be known.
                loss = number_of_loss(self._last_loss)
                if not (loss > number if kind == "loss_above" else loss < number):
                    continue
            else:
                continue
            self._hit(breakpoint)

    def _check_epoch(self) -> None:
        for breakpoint in list(self.breakpoints):
            if breakpoint["kind"] == "epoch" and breakpoint["number"] <= self.epochs_ended():
                self._hit(breakpoint)
        if self.ends_with_epoch:
            self.pause()
            self.attention = True

    def epochs_ended(self) -> int:
        """How many epochs are complete; whoever has epochs says so."""
        return 0

    def _hit(self, breakpoint: Params) -> None:
        self.breakpoints.remove(breakpoint)
        self.tell("hit", {**breakpoint, "step": self.step})
        self.pause()
        self.attention = True

    def _keep_pace(self) -> None:
        if self.pace <= 0:
            return
        due = self._last_step_at + 1 / self.pace
        # A request is not kept waiting for a slow pace.
        while not self.mail and self.pace > 0:
            left = due - time.monotonic()
            if left <= 0:
                break
            self._wake.clear()
            if not self.mail:
                self._wake.wait(min(left, 0.5))
        self._last_step_at = time.monotonic()


def number_of_loss(value: Any) -> float:
    """A loss as a number, whatever was given: a float, a tensor, an array of one number; NaN for what is none."""
    try:
        if type(value) is float:
            return value
        item = getattr(value, "item", None)
        return float(item() if item is not None else value)
    except Exception:
        return NAN


Step = Tuple[Any, Any, Optional[Dict[str, Any]]]
