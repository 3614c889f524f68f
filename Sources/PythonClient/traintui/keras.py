"""``traintui.KerasCallback``: Keras 3's ``model.fit``, watched and steered, on any backend."""

from __future__ import annotations

import contextlib
import functools
from typing import Any, Callable, List, Optional

import keras

from ._divergence import LossGuard
from ._guard import is_wanted
from ._keras_optimizer import Numbers
from ._means import Means
from ._numbers import number_of
from ._parameters import Reading
from ._recall import TWO_OPTIMIZERS
from ._subject import Subject
from ._training import Training
from ._variables import Variables
from ._watch import Run, prepare


class KerasCallback(keras.callbacks.Callback):  # type: ignore[misc]
    """Lets a dashboard watch and steer ``fit``: pause, step, the learning rate and the optimizer's other numbers, undo, stop.

    The batch loss is the step's own with PyTorch; elsewhere it is worked out of the mean that Keras tells, and so is off by
    what that was rounded by. Constants that are part of the traced step (all but the learning rate, on TensorFlow and JAX)
    are changed by tracing it again. Weights and the optimizer's variables go back; the data, random numbers and epochs go on.
    """

    def __init__(self, title: Optional[str] = None, listen: Optional[bool] = None) -> None:
        super().__init__()
        self._title = title
        self._listen = listen
        self._run = Run()
        self._means = Means()
        #: The loss of the batch under way, where it can be had; None elsewhere.
        self._loss: Any = None
        self._branch = 1

    # What fit calls

    def on_train_begin(self, logs: Any = None) -> None:
        if self._run._training is not None:
            return
        self._run = prepare(self._open, self._listen)

    def _open(self, run: Run, wanted: Optional[str]) -> None:
        model, optimizer = self.model, self.model.optimizer
        numbers = Numbers(lambda: self.model, lambda: self._model)
        subject = Subject(self._title, api="keras")
        subject.description.update(
            model=model.name, optimizer=optimizer.name, loss=model.loss if isinstance(model.loss, str) else "",
            weights=int(model.count_params()) if model.built else None)
        subject.framework = f"keras {keras.__version__} on {keras.backend.backend()}"
        subject.metrics = [name for name in self._metrics() if name]
        subject.parameters = numbers.parameters()
        subject.loss_kind = "batch" if self._hears_losses(model) else "from_running_mean"
        subject.granularity = int(model.steps_per_execution)
        subject.save = lambda path: self.model.save(path + ".keras")
        subject.has_guarded_loss = is_wanted()
        subject.is_loss_shared = keras.distribution.distribution() is not None
        if isinstance(numbers.rate(), float):
            subject.rate = Reading(numbers.rate_of_step)
        if any(isinstance(one, keras.optimizers.Optimizer) and one is not optimizer for one in vars(model).values()):
            subject.obstacle = TWO_OPTIMIZERS
        elif _has_what_it_keeps(model):
            subject.keeper = Variables(lambda: self.model, keras.ops.convert_to_numpy)
        run.open(subject, wanted)
        run.has_epochs()
        rewind = run._training.rewind if run._training is not None else None
        if rewind is not None:
            rewind.own += numbers.constants

    def _hears_losses(self, model: Any) -> bool:
        """Has each batch's loss as the step reckons it, where steps are no traced code."""
        if keras.backend.backend() != "torch" or model.jit_compile:
            return False
        former, own = model.compute_loss, vars(model).get("compute_loss")

        @functools.wraps(former)
        def compute_loss(*args: Any, **with_: Any) -> Any:
            loss = former(*args, **with_)
            self._loss = loss.detach() if hasattr(loss, "detach") else None
            return loss

        def forget() -> None:
            if own is None:
                del model.compute_loss
            else:
                model.compute_loss = own

        model.compute_loss, self._stop_hearing = compute_loss, forget
        return True

    #: The model is as it was.
    _stop_hearing: Callable[[], None] = staticmethod(lambda: None)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._means = Means()
        training = self._run._training
        if training is not None:
            training.epoch_began(epoch + 1, self.params.get("steps"), self.params.get("epochs"))
            self._stand_between_steps(training)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        training = self._run._training
        if training is None or not training.is_alive:
            return
        steps, values = self._means.take(batch, logs, self.params.get("steps"))
        loss, self._loss = self._loss, None
        if loss is None:
            loss = values.get("loss", float("nan"))
        for _ in range(steps):
            training.loss(loss)
            for name, value in values.items():
                if name != "loss" and name in training.metrics:
                    training.metric(name, value)
            training.finish_step()
        if training.steps_left is not None:
            # Nobody can stand between two steps of one execution.
            training.steps_left -= steps - 1
        if isinstance(training.guard, LossGuard):
            training.guard.look(number_of(loss))
        self._stand_between_steps(training, behind_step=True)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        run, training = self._run, self._run._training
        if training is None:
            return
        run._loop.ended = epoch + 1
        training.epoch_ended()
        values = {name[4:]: value for name, value in (logs or {}).items() if name.startswith("val_")}
        if "loss" in values:
            run.validated(**values)
        self._stand_between_steps(training)

    def on_train_end(self, logs: Any = None) -> None:
        self._stop_hearing()
        self._run.end()

    def _stand_between_steps(self, training: Training, behind_step: bool = False) -> None:
        rewind = training.rewind
        if rewind is not None and training.step >= rewind.due and training.divergence is None and self._means.is_finite:
            rewind.keep()
        if training.attention:
            training.look(behind_step)
        if training.timeline.lineage.branch != self._branch:
            self._branch = training.timeline.lineage.branch
            self._have_moved(training)
        if training.is_stopping:
            self.model.stop_training = True

    def _have_moved(self, training: Training) -> None:
        """The weights are others."""
        if isinstance(training.guard, LossGuard):
            training.guard.moved()
        if not self._means.is_finite:
            # Else the mean would be no number to the epoch's end, and say nothing of these weights.
            self.model.reset_metrics()
            self._means.begin_anew()

    def _metrics(self) -> List[str]:
        # Before the first batch compiled metrics have no names yet: those that were asked for by name are known.
        asked = getattr(self.model, "_compile_config", None)
        config = getattr(asked, "config", {}) if asked is not None else {}
        return [name for name in (config.get("metrics") or []) if isinstance(name, str)]


def _has_what_it_keeps(model: Any) -> bool:
    """Whether the optimizer has all its variables, or gets them with the model's own. It is built now where it would be with
    the first step: what is kept before that is all there is."""
    optimizer = model.optimizer
    try:
        if model.built and not optimizer.built:
            strategy = getattr(model, "distribute_strategy", None)
            with strategy.scope() if strategy is not None else contextlib.nullcontext():
                optimizer.build(model.trainable_variables)
        return True
    except Exception:
        return False
