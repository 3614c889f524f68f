"""``traintui.watch``: a loop of one's own, watched and steered."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from collections import deque
from typing import Any, Callable, Iterable, Iterator, List, Optional, TypeVar

from . import _place, _surroundings
from ._again import Again
from ._commands import Commands
from ._divergence import LossGuard
from ._follower import Follower
from ._gate import Gate
from ._guard import Guard
from ._hub import Hub
from ._introduction import introduction
from ._journal import edits_again, journal
from ._loop import Loop
from ._numbers import at_hand
from ._parameters import Knob, Parameter, Range
from ._recall import Recall
from ._server import Server
from ._subject import Subject
from ._training import Training
from ._wire import Params

Batch = TypeVar("Batch")

#: Why several processes cannot go back where they do not know each other.
STRANGERS = "processes that do not know each other cannot go back together"

UNHEARD_STEPS = (
    "the optimizer tells of no step, as in a recorded graph: from here on each batch counts as one, nothing is guarded, and "
    "only numbers that lie in tensors change there")

#: The run that this process has; there is one at most.
_present: Optional[Run] = None


def watch(
    model: Any = None,
    optimizer: Any = None,
    *,
    scheduler: Any = None,
    loss: str = "",
    title: Optional[str] = None,
    metrics: Iterable[str] = (),
    evaluate: Optional[Callable[[], Any]] = None,
    save: Optional[Callable[[str], Any]] = None,
    keep: Iterable[Any] = (),
    memory: int = 1 << 30,
    listen: Optional[bool] = None,
) -> Run:
    """Watches a loop, which goes through ``Run.epochs`` and ``Run.batches`` or calls ``Run.tick`` after each step.

    ``model`` and ``optimizer`` may be PyTorch's: then the optimizer's numbers can be changed between two steps, and the
    ``scheduler`` goes on from the changed rate. ``evaluate`` returns a loss or a dict with ``loss`` and metrics; ``save``
    writes to the path that it is given. ``keep`` has what else the next step depends on and has ``state_dict`` and
    ``load_state_dict``, such as a GradScaler: with it the run can go back and take the same steps again. States and
    batches of the past take ``memory`` bytes at most. Without ``listen`` a dashboard can come where ``traintui run`` started the
    script; where none can, the loop is left as it is.
    """

    def begin(run: Run, wanted: Optional[str]) -> None:
        subject = Subject(title)
        subject.description["loss"] = loss
        subject.metrics = [str(metric) for metric in metrics]
        subject.save, subject.memory = save, memory
        subject.take(model, optimizer, scheduler, keep)
        if evaluate is not None:
            subject.evaluates(evaluate)
        run.open(subject, wanted)

    return prepare(begin, listen)


def prepare(begin: Callable[[Run, Optional[str]], None], listen: Optional[bool]) -> Run:
    """A run that is begun where a dashboard can come, else one that does nothing."""
    global _present
    wanted = os.environ.get("TRAINTUI_RUN")
    if listen is None:
        listen = wanted is not None
    run = Run()
    is_led = _surroundings.can_agree() and wanted is not None
    if listen and _present is None and (_surroundings.rank() == 0 or is_led):
        try:
            begin(run, wanted)
            _present = run
        except Exception as problem:
            _surroundings.complain(problem)
            return Run()
    return run


def start_found(optimizer: Any) -> Optional[Run]:
    """The run of an optimizer that was found stepping; None where the script watches it itself, or nobody can come."""
    if _present is not None:
        return None

    def begin(run: Run, wanted: Optional[str]) -> None:
        subject = Subject(api="hooks")
        subject.loss_kind = "guessed"
        subject.take(None, optimizer, None)
        run.open(subject, wanted)

    return prepare(begin, None)


class Run:
    """A loop that may be watched. Where it is not, every method does nothing and costs next to nothing."""

    def __init__(self) -> None:
        self._training: Optional[Training] = None
        self._commands: Optional[Commands] = None
        self._server: Optional[Server] = None
        self._hub: Optional[Hub] = None
        self._follower: Optional[Follower] = None
        self._subject: Optional[Subject] = None
        self._loop = Loop(Training())
        self._telling = threading.Lock()

    # The loop

    def epochs(self, count: int) -> Iterator[int]:
        """Counts epochs from 0, as ``range`` does. How many there are can be changed while it goes on."""
        training = self._training
        if training is None:
            yield from range(count)
            return
        self._loop.epochs = count
        self._add_epochs()
        yield from self._loop.go_through_epochs()
        self.end()

    def batches(self, loader: Iterable[Batch]) -> Iterable[Batch]:
        """Goes through the batches; between two of them the training can be paused and changed, or go elsewhere."""
        return loader if self._training is None else self._loop.go_through(loader)

    def tick(self) -> None:
        """A step is done. A loop without ``batches`` calls it, after the optimizer's step."""
        if self._training is not None:
            self._loop.tick()

    def loss(self, value: Any) -> None:
        """The loss of this step: a number, or a tensor, for which nothing is waited here."""
        training = self._training
        if training is not None:
            try:
                # Each step pays for each call that is made here.
                training._loss = value if type(value) is float else value.item() if value.is_cpu else at_hand(value)
            except Exception:
                training._loss = at_hand(value)

    def metric(self, name: str, value: Any) -> None:
        """A metric of this step. Its name counts from the first step on, or is said to ``watch``."""
        training = self._training
        if training is not None:
            training.metric(str(name), at_hand(value))

    def knob(
        self, name: str, value: float, *, low: Optional[float] = None, high: Optional[float] = None, whole: bool = False,
        title: Optional[str] = None,
    ) -> Knob:
        """A number of your own to read in the loop, which a dashboard can change between two steps."""
        knob = Knob(value)
        training = self._training
        if training is None:
            return knob

        def write(new: Any) -> None:
            knob.value = int(new) if whole else new

        role = "learning_rate" if name == "learning_rate" else None
        # A step size that nobody gave a range to is one that can be halved, and never 0.
        kind = "whole" if whole else "positive" if role and low is None else "any"
        try:
            self._add(Parameter(str(name), lambda: knob.value, write, Range(kind, low, high), title, role))
        except Exception as problem:
            training.give_up(problem)
        if role:
            training.rate = knob
        return knob

    def diverged(self, reason: str) -> bool:
        """Tells that a step cannot be taken, and returns whether the run ends. Else a branch beside it does: go on."""
        if self._training is None or self._training.lane is None:
            return True
        self._training.lane.divergence, self._training.is_step_lost = reason, True
        return False

    def validated(self, loss: Any, **metrics: Any) -> None:
        """Tells what a validation came to."""
        if self._training is not None and self._commands is not None:
            try:
                scores = {"loss": loss, **metrics}
                self._commands.validated({name: at_hand(score) for name, score in scores.items()})
            except Exception as problem:
                self._training.give_up(problem)

    def complete_epoch(self, **metrics: Any) -> bool:
        """Tells that the epoch's steps are taken, with its metrics where they are more than the means of the steps'.

        A loop calls it behind its batches, before it validates. Returns False where the epoch is left before its end.
        """
        training = self._training
        if training is None:
            return True
        if training.is_stopping or (training.rewind is not None and training.rewind.destination is not None):
            return False
        training.tell_epoch({name: at_hand(value) for name, value in metrics.items()} or None)
        return True

    @property
    def is_stopping(self) -> bool:
        """Whether the dashboard asked for the end; a loop without ``batches`` looks at it."""
        return self._training is not None and self._training.is_stopping

    @property
    def is_beside(self) -> bool:
        """Whether the step under way is one of a branch that trains beside the run: a twin's, or one of a race."""
        return self._training is not None and self._training.lane is not None

    def end(self) -> None:
        """All steps are taken. ``epochs`` calls it at its end; the script goes on as it likes."""
        training = self._training
        if training is None or training.is_done:
            return
        if not training.is_stopping:
            training.become("done")
        training.is_done = True
        training.on_news()

    # Behind it

    def open(self, subject: Subject, wanted: Optional[str]) -> None:
        """Begins to listen. For the hooks of frameworks; a loop of your own is watched by ``watch``."""
        training = Training()
        training.metrics = subject.metrics
        training.parameters = {parameter.name: parameter for parameter in subject.parameters}
        training.rate = subject.rate
        world = _surroundings.world()
        if wanted is not None and world > 1 and _surroundings.can_agree():
            training.gate = Gate(training)
        objection = subject.way_back_objection or (STRANGERS if world > 1 and training.gate is None else "")
        if subject.keeper is not None and not objection:
            past = training.rewind = subject.past(training, subject.keeper)
            past.on_arrival = self._tell_parameters
            if isinstance(past, Recall):
                past.on_no_way_back = self.has_no_way_back
        # Where nothing can be asked for, nobody could end a pause.
        if os.environ.get("TRAINTUI_PAUSED") == "1" and (world == 1 or training.gate is not None):
            training.is_going = False
            training.attention = True
        if subject.guarded is not None:
            guard = training.guard = Guard(training, subject.api == "hooks", world, subject.guarded)
            guard.on_stop = self._failed
            if subject.api != "hooks" and subject.steps is not None:
                subject.steps.look = guard.before
        elif subject.has_guarded_loss:
            training.guard = LossGuard(training, world == 1 or subject.is_loss_shared)
            training.guard.on_stop = self._failed
        is_first = training.is_first = _surroundings.rank() == 0
        save = subject.save if is_first or subject.save is None else lambda path: None
        commands = Commands(training, save, subject.evaluate, os.environ.get("TRAINTUI_FOLDER", "."))
        commands.no_way_back = objection
        training.obey = commands.obey
        if "TRAINTUI_REPLAY" in os.environ:
            training.again, training.attention = Again(training, commands, *edits_again()), True
        self._commands, self._subject, self._loop = commands, subject, Loop(training)
        if subject.api == "watch" and subject.steps is not None and subject.steps.count is not None:
            self._loop.steps = subject.steps
        self._loop.no_way_back = self.has_no_way_back
        self._loop.on_unheard_steps = self._steps_are_unheard
        training.epochs_ended = lambda: self._loop.ended  # type: ignore[method-assign]
        self._training = training
        if is_first:
            self._listen(training, commands, subject, wanted)
        elif training.gate is not None and wanted is not None:
            # Nobody takes news here.
            training.news = deque(maxlen=0)
            self._follower = Follower(training, training.gate, wanted)
            self._follower.start()
        atexit.register(self._finish)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forget)

    def _listen(self, training: Training, commands: Commands, subject: Subject, wanted: Optional[str]) -> None:
        name = _place.tame(wanted or f"{_place.tame(str(subject.description['title']))}-{os.getpid()}")
        listener, name, path = _place.listen(name)
        server = self._server = Server(
            training, listener, path, lambda: introduction(name, training, commands, subject),
            _surroundings.orphan_seconds())
        training.on_metric = self._describe
        if os.path.isdir(os.environ.get("TRAINTUI_FOLDER", "")):
            server.told.journal = journal(os.environ["TRAINTUI_FOLDER"], training, subject.api, subject.replay)
        commands.objection = _surroundings.objection()
        if training.gate is not None and wanted is not None:
            hub = self._hub = Hub(training, training.gate, wanted, self._tell_capabilities)
            training.post = hub.post  # type: ignore[method-assign]
            server.told.ranks = hub.told
            commands.objection = hub.objection
            hub.start()
        self._describe()
        self._tell_parameters()
        training.become("training")
        server.start()
        _surroundings.hear_of_errors(self._failed)

    def _steps_are_unheard(self) -> None:
        training = self._training
        if training is not None:
            training.guard = None
            if training.rate is not None and self._subject is not None and self._subject.steps is not None:
                training.rate = self._subject.steps.rate
            training.tell("notice", {"text": UNHEARD_STEPS})
            self._tell_capabilities()

    def _describe(self) -> None:
        training, subject = self._training, self._subject
        if training is not None and subject is not None:
            training.tell("described", {**subject.description, "metrics": subject.metrics_told})

    def _tell_parameters(self) -> None:
        training, commands = self._training, self._commands
        if training is None or commands is None:
            return
        told = []
        for name, parameter in list(training.parameters.items()):
            try:
                told.append(parameter.wire())
            except Exception:
                # What cannot be read is nothing that can be steered.
                del training.parameters[name]
        training.tell("hyperparameters", {"list": told})
        self._tell_capabilities()

    def _tell_capabilities(self) -> None:
        training, commands = self._training, self._commands
        if training is not None and commands is not None:
            # The hub's thread tells them too, and what is told last must be what holds.
            with self._telling:
                if self._hub is not None:
                    commands.objection, commands.spared = self._hub.objection, self._hub.spared
                training.tell("capabilities", {"methods": commands.methods, "reasons": commands.reasons})

    def has_no_way_back(self, reason: str) -> None:
        """The run cannot go back any more."""
        if self._commands is not None:
            self._commands.no_way_back = reason
            self._tell_parameters()

    def _add(self, parameter: Parameter) -> None:
        training = self._training
        if training is None:
            return
        training.parameters[parameter.name] = parameter
        if training.rewind is not None:
            training.rewind.own.append(parameter)
        self._tell_parameters()

    def has_epochs(self, parameter: Optional[Parameter] = None) -> None:
        """Epochs begin and end, and where there is a parameter, how many there are can be changed."""
        if self._commands is not None:
            self._commands.has_epochs = True
        if parameter is not None:
            self._add(parameter)
        else:
            self._tell_capabilities()

    def _add_epochs(self) -> None:
        training, loop = self._training, self._loop
        if training is None or "epochs" in training.parameters:
            return

        def write(value: Any) -> None:
            loop.epochs = int(value)

        # Those begun cannot be taken back.
        self.has_epochs(Parameter(
            "epochs", lambda: loop.epochs, write, Range("whole", 1), role="epochs", applies="next_epoch"))

    def _failed(self, reason: str) -> None:
        self._failure = self._failure or reason

    _failure: Optional[str] = None

    def _finish(self) -> None:
        # Whoever watches what is begun again waits for that.
        if self._server is not None and (self._failure is None or not _surroundings.is_begun_again()):
            self._server.finish(self._failure or "finished")
        if self._follower is not None and self._failure is None:
            self._follower.finish()

    def _forget(self) -> None:
        """In a child process after a fork, such as one that loads data: it is nobody's training."""
        training, self._training = self._training, None
        if training is not None:
            training.fall_silent()
        if self._server is not None:
            self._server.forget()
            self._server = None
