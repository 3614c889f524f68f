"""``traintui.LightningCallback``: Lightning's ``Trainer.fit``, watched and steered."""

from __future__ import annotations

import importlib
import sys
from typing import Any, List, Optional

from ._parameters import Parameter, Range
from ._subject import Subject
from ._watch import Run, prepare

#: Lightning under the name by which the script uses it.
lightning: Any = importlib.import_module(
    "pytorch_lightning" if "pytorch_lightning" in sys.modules and "lightning" not in sys.modules else "lightning.pytorch")


class LightningCallback(lightning.Callback):  # type: ignore[misc]
    """Lets a dashboard watch and steer ``fit``: pause, step, the optimizer's numbers, how many epochs there are, stop.

    A step is one of the optimizer: where gradients of several batches are added up its loss is their mean.
    """

    def __init__(self, title: Optional[str] = None, listen: Optional[bool] = None) -> None:
        super().__init__()
        self._title = title
        self._listen = listen
        self._run = Run()
        self._losses: List[Any] = []
        self._counted = 0

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Everything is made: says what it is."""
        if self._run._training is not None or not trainer.optimizers:
            return
        schedules = [config.scheduler for config in trainer.lr_scheduler_configs]

        def begin(run: Run, wanted: Optional[str]) -> None:
            subject = Subject(self._title, api="lightning")
            optimizer = trainer.optimizers[0]
            subject.take(pl_module, getattr(optimizer, "optimizer", optimizer), schedules)
            subject.framework = f"lightning {lightning.__version__} on {subject.framework}"
            subject.save = trainer.save_checkpoint
            run.open(subject, wanted)
            run.has_epochs(self._epochs(trainer))

        self._run = prepare(begin, self._listen)
        self._counted = trainer.global_step

    def _epochs(self, trainer: Any) -> Optional[Parameter]:
        loop = trainer.fit_loop
        if not isinstance(getattr(loop, "max_epochs", None), int) or loop.max_epochs < 1:
            return None

        def write(value: Any) -> None:
            loop.max_epochs = int(value)

        return Parameter(
            "epochs", lambda: loop.max_epochs, write, Range("whole", 1), role="epochs", applies="next_epoch")

    def on_train_epoch_start(self, trainer: Any, pl_module: Any) -> None:
        """An epoch begins."""
        training = self._run._training
        if training is not None:
            batches = trainer.num_training_batches
            steps = batches if isinstance(batches, int) and trainer.accumulate_grad_batches == 1 else None
            training.epoch_began(trainer.current_epoch + 1, steps)
            if training.attention:
                training.look()

    def on_train_batch_end(self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int) -> None:
        """A batch is done; a step may be."""
        training = self._run._training
        if training is None:
            return
        loss = outputs.get("loss") if isinstance(outputs, dict) else outputs
        if loss is not None:
            self._losses.append(loss.detach())
        if trainer.global_step == self._counted:
            return
        self._counted = trainer.global_step
        if self._losses:
            count = len(self._losses)
            training.loss(self._losses[0] if count == 1 else sum(self._losses) / count)
            self._losses = []
        training.tick()
        self._say(trainer)

    def on_validation_end(self, trainer: Any, pl_module: Any) -> None:
        """A validation is done; the one before the first step does not count."""
        if trainer.sanity_checking:
            return
        values = {name[4:]: value for name, value in trainer.callback_metrics.items() if name.startswith("val_")}
        if "loss" in values:
            self._run.validated(**values)

    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        """An epoch is complete."""
        training = self._run._training
        if training is None:
            return
        self._run._loop.ended = trainer.current_epoch + 1
        training.epoch_ended()
        if training.attention:
            training.look()
        self._say(trainer)

    def on_train_end(self, trainer: Any, pl_module: Any) -> None:
        """All steps are taken."""
        self._run.end()

    def _say(self, trainer: Any) -> None:
        if self._run.is_stopping:
            trainer.should_stop = True
