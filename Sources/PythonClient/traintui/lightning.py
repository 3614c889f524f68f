"""``traintui.LightningCallback``: Lightning's ``Trainer.fit``, watched and steered."""

from __future__ import annotations

import importlib
import sys
from typing import Any, List, Optional

from ._feed import Feed, Group
from ._parameters import Parameter, Range
from ._subject import Subject
from ._watch import Run, prepare

#: Lightning under the name by which the script uses it.
lightning: Any = importlib.import_module(
    "pytorch_lightning" if "pytorch_lightning" in sys.modules and "lightning" not in sys.modules else "lightning.pytorch")


class LightningCallback(lightning.Callback):  # type: ignore[misc]
    """Lets a dashboard watch and steer ``fit``: pause, step, the optimizer's numbers, how many epochs there are, stop.

    A step is one of the optimizer: where gradients of several batches are added up its loss is their mean. Where each batch is
    a step a run that goes back is given the batches of then, as far as they are kept; the epochs go on.
    """

    def __init__(self, title: Optional[str] = None, listen: Optional[bool] = None) -> None:
        super().__init__()
        self._title = title
        self._listen = listen
        self._run = Run()
        self._losses: List[Any] = []
        self._counted = 0
        #: What gives the fit its batches; None where nobody could give them again.
        self._feed: Optional[Feed] = None
        self._fetcher: Any = None

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Everything is made: says what it is."""
        if self._run._training is not None or not trainer.optimizers:
            return
        schedules = [config.scheduler for config in trainer.lr_scheduler_configs]

        def begin(run: Run, wanted: Optional[str]) -> None:
            subject = Subject(self._title, api="lightning")
            optimizer = trainer.optimizers[0]
            subject.is_fed = self._fetches_as_known(trainer)
            scaler = getattr(trainer.precision_plugin, "scaler", None)
            subject.take(
                pl_module, getattr(optimizer, "optimizer", optimizer), schedules, [] if scaler is None else [scaler])
            subject.framework = f"lightning {lightning.__version__} on {subject.framework}"
            subject.save = trainer.save_checkpoint
            run.open(subject, wanted)
            run.has_epochs(self._epochs(trainer))
            past = run._training.rewind if run._training is not None else None
            if isinstance(past, Feed):
                self._feed = past
                self._begin_epoch(trainer, trainer.fit_loop.epoch_loop.batch_progress.current.ready)

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
            self._begin_epoch(trainer)
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
        if self._feed is not None:
            self._feed.step_ended()
        self._say(trainer)

    def on_validation_end(self, trainer: Any, pl_module: Any) -> None:
        """A validation is done; the one before the first step does not count."""
        if self._feed is not None:
            self._feed.was_disturbed()
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
        if self._feed is not None:
            self._feed.end()
            self._feed = self._fetcher = None

    def _fetches_as_known(self, trainer: Any) -> bool:
        """Whether each batch is a step, and comes from where it does here, from a loader that knows its length."""
        try:
            fetcher, accumulates = trainer.fit_loop._data_fetcher, lightning.callbacks.GradientAccumulationScheduler
            fetchers = importlib.import_module(f"{lightning.__name__}.loops.fetchers")
            return bool(
                (fetcher is self._fetcher or type(fetcher) is fetchers._PrefetchDataFetcher)
                and isinstance(fetcher.length, int) and isinstance(trainer.num_training_batches, int)
                and trainer.lightning_module.automatic_optimization and trainer.accumulate_grad_batches == 1
                and not any(isinstance(one, accumulates) for one in trainer.callbacks))
        except Exception:
            # Another version may have all of that elsewhere.
            return False

    def _begin_epoch(self, trainer: Any, given: int = 0) -> None:
        """Has an epoch's batches given by the feed, and says how many there are, and how many come behind it."""
        feed, batches = self._feed, trainer.num_training_batches
        if feed is None:
            return
        # A fit may make its loaders anew for each epoch.
        if not self._fetches_as_known(trainer):
            feed.end("this epoch's batches come from elsewhere")
            return
        if trainer.fit_loop._data_fetcher is not self._fetcher:
            self._fetcher = trainer.fit_loop._data_fetcher
            _fed(feed, self._fetcher)
        left = sys.maxsize
        if trainer.max_epochs is not None and trainer.max_epochs >= 0:
            left = batches * max(trainer.max_epochs - trainer.current_epoch, 1)
        if trainer.max_steps >= 0:
            left = min(left, trainer.max_steps - trainer.global_step + given)
        feed.epoch_began(min(batches, left), max(left - batches, 0), given)

    def _say(self, trainer: Any) -> None:
        if self._run.is_stopping:
            trainer.should_stop = True


def _fed(feed: Feed, fetcher: Any) -> None:
    """Has a fetcher of batches give those of then, where they come again. It counts them, as the epoch's end depends on that."""
    kind = type(fetcher)

    def give(self: Any) -> Any:
        fetched = self.fetched

        def fetch() -> Group:
            try:
                return [kind.__next__(self)], None
            except StopIteration:
                return [], None

        batches = feed.give(1, fetch)[0]
        if not batches:
            raise StopIteration
        if self.fetched == fetched:
            self.fetched += 1
            self.done = self.fetched >= self.length
        return batches[0]

    # Python looks up ``__next__`` in the kind of a thing.
    fetcher.__class__ = type(kind.__name__, (kind,), {"__next__": give})
