"""All that was told of a run so far, in bounded memory: what a dashboard that comes late is given first."""

from __future__ import annotations

import math
import time
from collections import deque
from typing import Any, Deque, Dict, List, Optional, Tuple

from ._samples import Fold, Samples, Steps
from ._training import Asked, EpochBegan, EpochEnded, Step, Told, Training, number_of_loss
from ._wire import Params, encode, finite, notification

#: Events that are kept for those who come back.
MOST_EVENTS = 4096
#: Steps that are kept one by one for those who come back.
TAIL = 4096
#: Losses that a newcomer gets one by one.
RECENT = 512


def clean(value: Any) -> Any:
    """The same without numbers that JSON has no word for."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(item) for item in value]
    return value


class RunTold:
    """Takes the news from the training's thread, and knows from them what holds now."""

    def __init__(self, training: Training) -> None:
        self._training = training
        self.step = 0
        self.state: Params = {"name": "training"}
        self.hyperparameters: List[Params] = []
        self.edits: List[Params] = []
        self.plans: Dict[int, Params] = {}
        self.watch: Params = {"breakpoints": []}
        self.description: Params = {}
        #: Encoded events, oldest first, and the number of the first one.
        self.events: Deque[bytes] = deque(maxlen=MOST_EVENTS)
        self.last_event = 0
        self.history: Optional[Samples] = None
        self.tail: Deque[Tuple[float, Optional[float], List[float]]] = deque(maxlen=TAIL)
        self.seconds = 0.0
        self.last_step_at = time.monotonic()
        self._clock = time.monotonic()
        self._rates: Deque[Tuple[float, int]] = deque(maxlen=64)
        self._rate: Optional[float] = None
        self._epoch: Optional[int] = None
        self._epoch_first = 0
        self._steps_per_epoch: Optional[int] = None
        self._epoch_folds: List[Fold] = []

    @property
    def metrics(self) -> List[str]:
        """The metrics' names; none come to them after the first step."""
        return self._training.metrics

    # Taking

    def take(self, items: List[Any]) -> List[Any]:
        """Takes news in, and returns what goes to dashboards, in order: ``Steps``, encoded events, answers."""
        out: List[Any] = []
        steps: List[Step] = []
        now = time.monotonic()
        if self.state["name"] == "training":
            self.seconds += now - self._clock
        self._clock = now
        for item in items:
            if type(item) is tuple:
                steps.append(item)
                continue
            if steps:
                out.append(self._take_steps(steps))
                steps = []
            if isinstance(item, Asked):
                out.append(item)
            else:
                out += self._take_other(item)
        if steps:
            out.append(self._take_steps(steps))
        self._rates.append((now, self.step))
        return out

    def _take_steps(self, items: List[Step]) -> Steps:
        names = self.metrics
        steps = Steps(self.step + 1, len(names))
        steps.losses = [number_of_loss(loss) for loss, _, _ in items]
        steps.rates = [None if rate is None else number_of_loss(rate) for _, rate, _ in items]
        for name, values in zip(names, steps.metrics):
            values += [number_of_loss(told[name]) if told and name in told else math.nan for _, _, told in items]
        self.step += len(items)
        self.last_step_at = time.monotonic()
        if self.history is None:
            self.history = Samples(1, len(names))
        self.history.extend(steps)
        self.tail.extend(
            (loss, rate, [values[index] for values in steps.metrics])
            for index, (loss, rate) in enumerate(zip(steps.losses, steps.rates)))
        if not self._epoch_folds:
            self._epoch_folds = [Fold() for _ in range(1 + len(names))]
        self._epoch_folds[0].add(steps.losses)
        for fold, values in zip(self._epoch_folds[1:], steps.metrics):
            seen = [value for value in values if value == value]
            if seen:
                fold.add(seen)
        self._see_rate(steps.rates[-1])
        return steps

    def _see_rate(self, rate: Optional[float]) -> None:
        # A rate that moves without an edit is a schedule's.
        if rate is None or rate == self._rate:
            return
        self._rate = rate
        for hyperparameter in self.hyperparameters:
            if hyperparameter.get("role") == "learning_rate":
                hyperparameter["value"] = finite(rate)

    def _take_other(self, item: Any) -> List[bytes]:
        if isinstance(item, EpochBegan):
            # What is not said is taken to be as it was in the epoch before.
            self._epoch, self._epoch_first = item.epoch, self.step
            self._steps_per_epoch = item.steps or self._steps_per_epoch
            self._epoch_folds = []
            return []
        if isinstance(item, EpochEnded):
            if self._epoch is None:
                return []
            folds = self._epoch_folds or [Fold() for _ in range(1 + len(self.metrics))]
            self._steps_per_epoch = self.step - self._epoch_first
            return [self._event("epoch", {
                "epoch": self._epoch, "step": self.step, "mean_loss": folds[0].mean,
                "metrics": [fold.mean for fold in folds[1:]], "learning_rate": finite(self._rate),
            })]
        if isinstance(item, Told):
            params = clean(item.params)
            self._keep(item.method, params)
            return [self._event(item.method, params)]
        return []

    def _keep(self, method: str, params: Params) -> None:
        if method == "state":
            self.state = params
            self._rates.clear()
        elif method == "hyperparameters":
            self.hyperparameters = [dict(value) for value in params["list"]]
        elif method == "described":
            self.description = params
        elif method == "changed":
            self.edits.append(params)
            for hyperparameter in self.hyperparameters:
                if hyperparameter["name"] == params["name"] and not params.get("over"):
                    hyperparameter["value"] = params["new"]
                    if hyperparameter.get("role") == "learning_rate":
                        self._rate = params["new"]
        elif method == "planned":
            self.plans[params["number"]] = params
        elif method == "unplanned":
            self.plans.pop(params["number"], None)
        elif method == "watching":
            self.watch = params

    def event(self, method: str, params: Params) -> bytes:
        """Something that the serving thread tells itself."""
        self._keep(method, params)
        return self._event(method, clean(params))

    def _event(self, method: str, params: Params) -> bytes:
        self.last_event += 1
        line = encode(notification(method, params, self.last_event))
        self.events.append(line)
        return line

    # Telling

    def events_after(self, number: int) -> List[bytes]:
        """The events behind this one, as far as they are kept."""
        skip = max(0, number - (self.last_event - len(self.events)))
        return list(self.events)[skip:]

    def samples_after(self, step: int) -> Optional[Params]:
        """The steps behind this one: one by one where they are kept so, else folded. None where there are none."""
        if self.history is None or step >= self.step:
            return None
        if step < self.step - len(self.tail) or step == 0:
            return self.history.wire(after=step)
        steps = Steps(step + 1, len(self.metrics))
        for loss, rate, values in list(self.tail)[len(self.tail) - (self.step - step):]:
            steps.losses.append(loss)
            steps.rates.append(rate)
            for column, value in zip(steps.metrics, values):
                column.append(value)
        samples = Samples(1, len(self.metrics))
        samples.extend(steps)
        return samples.wire()

    @property
    def recent(self) -> Params:
        """The last losses one by one."""
        losses = [finite(loss) for loss, _, _ in list(self.tail)[-RECENT:]]
        return {"last": self.step, "losses": losses}

    def progress(self) -> Params:
        """Where the run stands."""
        training = self._training
        result: Params = {"step": self.step, "seconds": round(self.seconds, 3), "pace": training.pace}
        folds = self._epoch_folds
        if self._epoch is not None:
            result["epoch"] = self._epoch
            result["step_in_epoch"] = self.step - self._epoch_first
            result["steps_per_epoch"] = self._steps_per_epoch
            epochs = training.parameters.get("epochs")
            if epochs is not None and epochs.told is not None:
                result["epochs"] = int(epochs.told)
        if folds:
            result["mean_loss"] = folds[0].mean
            result["metrics"] = [fold.mean for fold in folds[1:]]
        if self._rate is not None:
            result["learning_rate"] = finite(self._rate)
        if training.ramps_told:
            result["ramps"] = training.ramps_told
        if self.state["name"] == "training" and len(self._rates) > 1:
            (then, before), (now, step) = self._rates[0], self._rates[-1]
            if now - then > 0.2 and step > before:
                result["steps_per_second"] = round((step - before) / (now - then), 3)
        values = {h["name"]: h["value"] for h in self.hyperparameters if h.get("role") == "learning_rate"}
        if values:
            result["values"] = values
        return result
