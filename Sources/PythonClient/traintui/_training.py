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
from typing import TYPE_CHECKING, Any, Callable, Deque, Dict, List, Optional

from ._changes import Changes
from ._news import Asked, EpochBegan, EpochEnded, Told
from ._numbers import NAN, at_hand, number_of
from ._timeline import Timeline
from ._wire import Params, Refusal

if TYPE_CHECKING:
    from ._again import Again
    from ._beside import Beside
    from ._gate import Gate
    from ._divergence import Divergence
    from ._past import Past
    from ._race import Lane


class Training(Changes):
    """A training that can be watched and steered."""

    def __init__(self) -> None:
        super().__init__()
        self.news: Deque[Any] = deque()
        self.mail: Deque[Asked] = deque()
        #: Whether there is anything to look at between two steps.
        self.attention = False
        self.metrics: List[str] = []
        self.is_going = True
        self.is_stopping = False
        self.is_done = False
        #: Steps until it pauses again, None for no end.
        self.steps_left: Optional[int] = None
        self.ends_with_epoch = False
        self.pace = 0.0
        #: The way here, with the edits in force.
        self.timeline = Timeline()
        #: The past that can be gone back to; None where there is none.
        self.rewind: Optional[Past] = None
        #: Where it is held until all processes agree; None where there is only this one.
        self.gate: Optional[Gate] = None
        #: What looks for numbers that are not finite; None where nobody can.
        self.guard: Optional[Divergence] = None
        #: What a former run did, to be done again; None for a run of its own.
        self.again: Optional[Again] = None
        #: The step that was not taken and for which the run waits, as it is told.
        self.divergence: Optional[Params] = None
        #: Whether the step under way is not taken.
        self.is_step_lost = False
        #: Whether the loss seen here says anything of the training: on the first of several processes.
        self.is_first = True
        self.breakpoints: List[Params] = []
        self.state = ""
        self.paused_seconds = 0.0
        #: When the step under way began, for whoever asks how long it has taken.
        self.boundary = time.monotonic()
        #: Has the learning rate of the step just taken as its ``value``; None where nobody knows it.
        self.rate: Any = None
        #: What a request is carried out by; False where it is answered later.
        self.obey: Callable[[Asked], bool] = lambda asked: True
        #: Lets the serving thread look at ``news`` at once.
        self.on_news: Callable[[], None] = lambda: None
        #: Tells that there is a metric more, before the first step.
        self.on_metric: Callable[[], None] = lambda: None
        self.is_alive = True
        #: Whether steps are taken that were told before.
        self.is_silent = False
        #: How many epochs there will be, where that is known and is no parameter.
        self.planned_epochs: Optional[int] = None
        #: Whether the loop said that its epoch is complete before it had done all that belongs to it.
        self._is_epoch_told = False
        self._loss: Any = NAN
        self._last_loss: Any = NAN
        self._values: Optional[Dict[str, Any]] = None
        self._wake = threading.Event()
        self._last_step_at = 0.0

    # What a loop calls

    def loss(self, value: Any) -> None:
        """The loss of the step under way: a number, or a tensor, for which nothing is waited here."""
        self._loss = value if type(value) is float else at_hand(value)

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
        self.finish_step()
        if self.attention:
            self.look(behind_step=True)

    def finish_step(self) -> None:
        """Counts the step under way, unless the guard kept it from being taken."""
        if self.is_step_lost:
            self.is_step_lost = False
            self._loss, self._values = NAN, None
        else:
            self.count()

    def count(self) -> None:
        """A step is done, and what is asked for is looked at later: before the next one."""
        self.step += 1
        loss, rate = self._loss, self.rate
        try:
            self.news.append((loss, None if rate is None else rate.value, self._values))
        except Exception as problem:
            self.give_up(problem)
        self._last_loss, self._loss, self._values = loss, NAN, None

    def _count_silently(self) -> None:
        self.step += 1
        self._values = None

    def be_silent(self, is_silent: bool) -> None:
        """Steps that were told are taken once more, and not told once more; or that is over."""
        if is_silent == self.is_silent:
            return
        self.is_silent = is_silent
        if is_silent:
            self.count = self._count_silently  # type: ignore[method-assign]
        elif self.is_alive:
            del self.count

    def epoch_began(self, epoch: int, steps: Optional[int], epochs: Optional[int] = None) -> None:
        """An epoch begins, of ``steps`` steps; of ``epochs`` in all, where that is known and is no parameter."""
        if epoch == 1:
            # Behind the steps of another fit, the epochs of this one are not those of the run.
            self.planned_epochs = epochs if self.step == 0 else None
        if self.is_alive and not self.is_silent:
            self.news.append(EpochBegan(epoch, steps))

    def tell_epoch(self, metrics: Optional[Dict[str, Any]] = None) -> None:
        """Tells that an epoch is complete, once."""
        if self.is_alive and not self.is_silent and not self._is_epoch_told:
            self._is_epoch_told = True
            self.news.append(EpochEnded(metrics))

    def epoch_ended(self) -> None:
        """An epoch is complete."""
        self.tell_epoch()
        self._is_epoch_told = False
        if self.is_alive and not self.is_away:
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

    def wake(self) -> None:
        """Has a thread that waits look again; from any thread."""
        self._wake.set()

    def give_up(self, problem: BaseException) -> None:
        """Something in here is wrong: says so in a line, and never shows itself again. The training goes on."""
        if not self.is_alive:
            return
        self.is_going = True
        if self._beside is not None:
            # The script goes on as the run, and as nothing else.
            self._beside.break_off()
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
        rewind = self.rewind
        if rewind is not None and rewind.is_away:
            # On the way nobody is heard.
            if rewind.destination is not None or not rewind.catch_up(behind_step):
                return
            behind_step = False
        self.attention = False
        if behind_step:
            self.move_ramps()
            self._make_plans()
            self._check_breakpoints()
            if self.steps_left is not None:
                self.steps_left -= 1
                if self.steps_left <= 0:
                    self.pause()
            self.keep_pace()
        if self.again is not None:
            self.again.act()
        if self.guard is not None:
            self.guard.act()
        began: Optional[float] = None
        while True:
            self._wake.clear()
            while (asked := self._next()) is not None:
                self._do(asked)
            if self.is_away:
                break
            waits = not (self.is_going or self.is_stopping or not self.is_alive)
            if self._beside is not None and self.is_alive and self._beside.sets_out(waits):
                break
            waits = not (self.is_going or self.is_stopping or not self.is_alive)
            if waits:
                self.become("paused" if self.divergence is None else "diverged")
                if began is None:
                    began = time.monotonic()
            elif not self._is_held and (self.gate is None or not self.is_alive or self.gate.lets_go(self.step)):
                break
            if self.gate is not None and (waits or self._is_held):
                self.gate.waits()
            self._wake.wait()
        if began is not None:
            self.paused_seconds += time.monotonic() - began
        if self.is_away:
            self.attention = True
            return
        if not self.is_stopping:
            self.become_going()
        if self.steps_left is not None or self.plans or self.ramps or self.breakpoints or self.pace:
            self.attention = True
        if (self._beside is not None and self._beside.is_on) or (self.again is not None and self.again.is_due_later):
            self.attention = True

    @property
    def own_step(self) -> int:
        """The run's step, whoever's turn it is; for any thread."""
        home = None if self._beside is None else self._beside.home_step
        return self.step if home is None else home

    @property
    def is_away(self) -> bool:
        return self.rewind is not None and self.rewind.is_away

    @property
    def lane(self) -> Optional[Lane]:
        """The branch beside the run whose steps are under way; None where they are the run's."""
        return None if self._beside is None else self._beside.lane

    @property
    def _is_held(self) -> bool:
        """Whether branches beside the run take their turns before it goes on."""
        return self.is_alive and self._beside is not None and self._beside.holds

    @property
    def _beside(self) -> Optional[Beside]:
        return None if self.rewind is None else self.rewind.beside

    def _next(self) -> Optional[Asked]:
        if self.is_away:
            return None
        stays = not self.is_going or self._is_held
        due = self.gate.due(self.step, stays) if self.gate is not None else None
        return self.mail.popleft() if due is None and self.mail else due

    def _do(self, asked: Asked) -> None:
        try:
            if not self.obey(asked):
                return
        except Refusal as refusal:
            asked.refusal = refusal
        self.answer(asked)

    def answer(self, asked: Asked) -> None:
        """A request was carried out, or refused."""
        if asked.refusal is None:
            asked.result = {"step": self.step}
        self.news.append(asked)
        self.on_news()

    def pause(self) -> None:
        """Waits at this boundary from now on."""
        self.is_going = False
        self.steps_left = None
        self.ends_with_epoch = False
        self.divergence = None

    def become(self, state: str) -> None:
        """Tells the state where it is another one."""
        if state != self.state:
            self.state = state
            told = self.divergence if state == "diverged" else None
            self.tell("state", told or {"name": state, "step": self.step})
            self.on_news()

    def become_going(self) -> None:
        """Tells that steps are taken."""
        self.become("racing" if self._beside is not None and self._beside.race is not None else "training")

    # What is due

    def _make_plans(self) -> None:
        for plan in [plan for plan in self.plans if plan.at <= self.step]:
            self.plans.remove(plan)
            self.tell("unplanned", {"number": plan.number})
            asked = Asked("", None, "set", {"name": plan.name, "change": plan.change, "value": plan.amount})
            try:
                self.obey(asked)
                if self.rewind is not None:
                    self.rewind.made[self.timeline.lineage.edits[-1]["number"]] = plan
            except Refusal as refusal:
                self.tell("notice", {"text": f"the edit planned for step {plan.at} is not made: {refusal.sentence}"})

    def _check_breakpoints(self) -> None:
        for breakpoint in list(self.breakpoints):
            kind, number = breakpoint["kind"], breakpoint["number"]
            if kind == "step":
                if self.step < number:
                    continue
            elif kind in ("loss_above", "loss_below"):
                # Here, and only here, the training waits for the loss to be known.
                loss = number_of(self._last_loss) if self.is_first else NAN
                if not (loss > number if kind == "loss_above" else loss < number):
                    continue
                if self.gate is not None:
                    # The others know nothing of this loss: they are asked.
                    self.breakpoints.remove(breakpoint)
                    self.tell("hit", {**breakpoint, "step": self.step})
                    self.post(Asked("", None, "pause", {}))
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

    def keep_pace(self, steps: int = 1) -> None:
        """Waits until so many steps more are due, where there is a pace, and nobody asks for something."""
        if self.pace <= 0:
            return
        due = self._last_step_at + steps / self.pace
        # A request is not kept waiting for a slow pace.
        while not self.mail and self.pace > 0:
            left = due - time.monotonic()
            if left <= 0:
                break
            self._wake.clear()
            if not self.mail:
                self._wake.wait(min(left, 0.5))
        self._last_step_at = time.monotonic()
