"""``traintui.KerasCallback``: Keras 3's ``model.fit``, watched and steered, on any backend."""

from __future__ import annotations

import math
from typing import Any, Dict, List, Optional

import keras

from ._parameters import Parameter, Range, Value
from ._subject import Subject
from ._wire import REFUSED, Refusal
from ._watch import Run, prepare

#: What Keras's optimizers keep as plain numbers, and what each may be.
RANGES: Dict[str, Range] = {
    "momentum": Range("below_one"), "beta_1": Range("below_one"), "beta_2": Range("below_one"),
    "rho": Range("below_one"), "epsilon": Range("positive"), "weight_decay": Range("not_negative"),
}


class KerasCallback(keras.callbacks.Callback):  # type: ignore[misc]
    """Lets a dashboard watch and steer ``fit``: pause, step, the learning rate and the optimizer's other numbers, stop.

    The batch loss is worked out of the mean that Keras tells, and so is off by what that was rounded by. Constants that
    are part of the traced step (all but the learning rate, on TensorFlow and JAX) are changed by tracing it again.
    """

    def __init__(self, title: Optional[str] = None, listen: Optional[bool] = None) -> None:
        super().__init__()
        self._title = title
        self._listen = listen
        self._run = Run()
        self._epochs = 0
        self._seen = 0
        self._sums: Dict[str, float] = {}

    # What fit calls

    def on_train_begin(self, logs: Any = None) -> None:
        if self._run._training is not None:
            return
        self._run = prepare(self._open, self._listen)

    def _open(self, run: Run, wanted: Optional[str]) -> None:
        model, optimizer = self.model, self.model.optimizer
        subject = Subject(self._title, api="keras")
        subject.description.update(
            model=model.name, optimizer=optimizer.name, loss=model.loss if isinstance(model.loss, str) else "",
            weights=int(model.count_params()))
        subject.framework = f"keras {keras.__version__} on {keras.backend.backend()}"
        subject.metrics = [name for name in self._metrics() if name]
        subject.parameters = self._parameters()
        subject.loss_kind = "from_running_mean"
        subject.save = lambda path: model.save(path + ".keras")
        if isinstance(self._rate(), (int, float)):
            subject.rate = self._rate
        run.open(subject, wanted)
        run.has_epochs()
        self._epochs = int(self.params.get("epochs") or 0)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._seen, self._sums = 0, {}
        training = self._run._training
        if training is not None:
            training.epoch_began(epoch + 1, self.params.get("steps"))
            if training.attention:
                training.look()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        training = self._run._training
        if training is None or not training.is_alive:
            return
        # Keras tells means since the epoch began; a batch's own value is what the sum grew by.
        steps = batch + 1 - self._seen
        self._seen = batch + 1
        for name, mean in (logs or {}).items():
            try:
                total = float(mean) * (batch + 1)
            except Exception:
                continue
            value = (total - self._sums.get(name, 0.0)) / max(1, steps)
            self._sums[name] = total if math.isfinite(total) else 0.0
            if name == "loss":
                training.loss(value)
            elif name in training.metrics:
                training.metric(name, value)
        for _ in range(max(1, steps)):
            training.tick()
        if training.is_stopping:
            self.model.stop_training = True

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        run, training = self._run, self._run._training
        if training is None:
            return
        run._loop.ended = epoch + 1
        training.epoch_ended()
        values = {name[4:]: value for name, value in (logs or {}).items() if name.startswith("val_")}
        if "loss" in values:
            run.validated(**values)
        if training.attention:
            training.look()
        if training.is_stopping:
            self.model.stop_training = True

    def on_train_end(self, logs: Any = None) -> None:
        self._run.end()

    # What can be changed

    def _metrics(self) -> List[str]:
        # Before the first batch compiled metrics have no names yet: those that were asked for by name are known.
        asked = getattr(self.model, "_compile_config", None)
        config = getattr(asked, "config", {}) if asked is not None else {}
        return [name for name in (config.get("metrics") or []) if isinstance(name, str)]

    def _rate(self) -> Any:
        try:
            return float(keras.ops.convert_to_numpy(self.model.optimizer.learning_rate))
        except Exception:
            return None

    def _parameters(self) -> List[Parameter]:
        optimizer = self.model.optimizer
        found: List[Parameter] = []
        schedule = getattr(optimizer, "_learning_rate", None)
        if isinstance(schedule, keras.optimizers.schedules.LearningRateSchedule):

            def refuse(value: Value) -> None:
                raise Refusal(REFUSED, "this learning rate is a schedule's, which Keras does not let be changed")

            found.append(Parameter("learning_rate", self._rate, refuse, Range("positive"), role="learning_rate"))
        elif self._rate() is not None:

            def write(value: Value) -> None:
                optimizer.learning_rate = value

            found.append(Parameter("learning_rate", self._rate, write, Range("positive"), role="learning_rate"))
        for name, range in RANGES.items():
            if isinstance(getattr(optimizer, name, None), (int, float)):
                found.append(self._constant(optimizer, name, range))
        return found

    def _constant(self, optimizer: Any, name: str, range: Range) -> Parameter:
        is_traced = keras.backend.backend() != "torch"

        def write(value: Value) -> None:
            setattr(optimizer, name, value)
            if is_traced:
                self.model.make_train_function(force=True)

        return Parameter(
            name, lambda: getattr(optimizer, name), write, range, applies="retrace" if is_traced else "next_step")
