"""``traintui.HFCallback``: the Trainer of transformers, and those made of it, watched and steered."""

from __future__ import annotations

import functools
import gc
import importlib
import inspect
from typing import Any, Optional

from ._feed import Feed
from ._subject import Subject
from ._watch import Run, prepare


#: Some versions have their types told, others not.
transformers: Any = importlib.import_module("transformers")


class HFCallback(transformers.TrainerCallback):  # type: ignore[misc]
    """Lets a dashboard watch and steer ``Trainer.train``: pause, step, the optimizer's numbers, evaluation, stop.

    The loss of a step is the sum of what ``training_step`` returns for its batches. A schedule goes on from a changed rate. A
    run that goes back is given the batches of then, as far as they are kept; the Trainer's counts go on.
    """

    def __init__(self, title: Optional[str] = None, listen: Optional[bool] = None) -> None:
        self._title = title
        self._listen = listen
        self._run = Run()
        self._loss: Any = None
        #: What gives a Trainer its batches, and that Trainer; None where nobody could give them again.
        self._feed: Optional[Feed] = None
        self._fed: Any = None

    def on_train_begin(self, args: Any, state: Any, control: Any, **with_: Any) -> None:
        """Everything is made: says what it is."""
        if self._run._training is not None:
            return
        model, optimizer, schedule = with_.get("model"), with_.get("optimizer"), with_.get("lr_scheduler")

        def begin(run: Run, wanted: Optional[str]) -> None:
            trainer = self._trainer()
            subject = Subject(self._title, api="transformers")
            subject.is_fed = _gives_as_known(trainer)
            scaler = getattr(getattr(trainer, "accelerator", None), "scaler", None)
            subject.take(
                model, getattr(optimizer, "optimizer", optimizer), getattr(schedule, "scheduler", schedule),
                [] if scaler is None else [scaler])
            subject.framework = f"transformers {transformers.__version__} on {subject.framework}"
            if trainer is not None:
                subject.save = trainer.save_model
                if trainer.eval_dataset is not None:
                    # What it comes to is told by ``on_evaluate``.
                    subject.evaluates(lambda: trainer.evaluate() and None)
            run.open(subject, wanted)
            run.has_epochs()
            past = run._training.rewind if run._training is not None else None
            if isinstance(past, Feed):
                self._feed, self._fed = past, trainer
                trainer.get_batch_samples = _fed(past, trainer.get_batch_samples)

        self._run = prepare(begin, self._listen)
        if self._run._training is not None:
            self._hear_losses()

    def _hear_losses(self) -> None:
        # Callbacks are told the mean of some hundred steps; this is the one place where each batch's loss passes.
        former = transformers.Trainer.training_step

        @functools.wraps(former)
        def training_step(trainer: Any, *args: Any, **with_: Any) -> Any:
            loss = former(trainer, *args, **with_)
            self._loss = loss if self._loss is None else self._loss + loss
            return loss

        transformers.Trainer.training_step = training_step

    def _trainer(self) -> Any:
        """The trainer that this is a callback of: it is told to none of them."""
        trainers = (one for one in gc.get_objects() if issubclass(type(one), transformers.Trainer))
        return next((one for one in trainers if self in one.callback_handler.callbacks), None)

    def on_epoch_begin(self, args: Any, state: Any, control: Any, **with_: Any) -> None:
        """An epoch begins."""
        training = self._run._training
        if training is not None:
            steps, epochs = _steps(args, with_.get("train_dataloader")), state.num_train_epochs
            # With ``max_steps`` the last epoch may end anywhere.
            is_whole = steps is not None and steps * epochs == state.max_steps
            training.epoch_began(int(state.epoch or 0) + 1, steps, epochs if is_whole else None)
            if self._feed is not None:
                _tell_epoch(self._feed, args, state, steps)

    def on_step_begin(self, args: Any, state: Any, control: Any, **with_: Any) -> None:
        """A step begins: before the first one there is something to look at too."""
        training = self._run._training
        if training is not None and training.attention and training.step == 0:
            if self._feed is not None:
                self._feed.look_with_batches_at_hand()
            else:
                training.look()

    def on_step_end(self, args: Any, state: Any, control: Any, **with_: Any) -> None:
        """The optimizer and its schedule have taken a step."""
        training = self._run._training
        if training is None:
            return
        if self._loss is not None:
            training.loss(self._loss)
            self._loss = None
        training.tick()
        if self._feed is not None:
            self._feed.step_ended()
        self._say(control)

    def on_save(self, args: Any, state: Any, control: Any, **with_: Any) -> None:
        """A checkpoint is written."""
        if self._feed is not None:
            self._feed.was_disturbed()

    def on_predict(self, args: Any, state: Any, control: Any, **with_: Any) -> None:
        """Something is predicted between two steps."""
        if self._feed is not None:
            self._feed.was_disturbed()

    def on_evaluate(self, args: Any, state: Any, control: Any, **with_: Any) -> None:
        """An evaluation is done, one's own or one that was asked for."""
        if self._feed is not None:
            self._feed.was_disturbed()
        values = {
            name[5:]: value for name, value in (with_.get("metrics") or {}).items()
            if name.startswith("eval_") and isinstance(value, float) and not name.endswith(("_second", "_runtime"))
        }
        if "loss" in values:
            self._run.validated(**values)

    def on_epoch_end(self, args: Any, state: Any, control: Any, **with_: Any) -> None:
        """An epoch is complete."""
        training = self._run._training
        if training is None:
            return
        self._run._loop.ended += 1
        training.epoch_ended()
        if training.attention:
            training.look()
        self._say(control)

    def on_train_end(self, args: Any, state: Any, control: Any, **with_: Any) -> None:
        """All steps are taken."""
        self._run.end()
        if self._feed is not None:
            self._feed.end()
            vars(self._fed).pop("get_batch_samples", None)
            self._feed = self._fed = None

    def _say(self, control: Any) -> None:
        if self._run.is_stopping:
            control.should_training_stop = True


def _gives_as_known(trainer: Any) -> bool:
    """Whether the Trainer gets the batches of a step in the place that is known here, and nobody has put anything else there."""
    kind, place = transformers.Trainer, ["self", "epoch_iterator", "num_batches", "device"]
    for name in ("get_batch_samples", "_prepare_inputs"):
        own = getattr(kind, name, None)
        is_own = getattr(own, "__module__", "") == "transformers.trainer" and getattr(type(trainer), name, None) is own
        if not is_own or name in vars(trainer):
            return False
    return list(inspect.signature(kind.get_batch_samples).parameters) == place


def _fed(feed: Feed, former: Any) -> Any:
    """What gets the batches of a step, by what got them formerly."""

    def get_batch_samples(epoch_iterator: Any, num_batches: int, device: Any) -> Any:
        return feed.give(num_batches, lambda: former(epoch_iterator, num_batches, device))

    return get_batch_samples


def _tell_epoch(feed: Feed, args: Any, state: Any, steps: Optional[int]) -> None:
    """Says how many steps the epoch that begins has, and how many come behind it."""
    if steps is None:
        feed.epoch_began(None)
        return
    # A Trainer that goes on from a checkpoint leaves out those that were taken.
    given = 0 if getattr(args, "ignore_data_skip", False) else state.global_step % steps
    left = state.max_steps - state.global_step + given
    feed.epoch_began(min(steps, left), max(left - steps, 0), given)


def _steps(args: Any, loader: Any) -> Optional[int]:
    """The steps of an epoch; None for a loader that does not know its length."""
    try:
        return max(1, -(-len(loader) // int(args.gradient_accumulation_steps)))
    except TypeError:
        return None
