"""``traintui.watch``: a loop of one's own, watched and steered."""

from __future__ import annotations

import atexit
import os
import socket
import sys
import uuid
from typing import Any, Callable, Iterable, Iterator, List, Optional, TypeVar

from . import _place
from ._commands import Commands
from ._parameters import Knob, Parameter, Range
from ._server import Server
from ._training import Training
from ._wire import Params

Batch = TypeVar("Batch")

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
    listen: Optional[bool] = None,
) -> Run:
    """Watches a loop, which goes through ``Run.epochs`` and ``Run.batches`` or calls ``Run.tick`` after each step.

    ``model`` and ``optimizer`` may be PyTorch's: then the optimizer's numbers can be changed between two steps, and the
    ``scheduler`` goes on from the changed rate. ``evaluate`` returns a loss or a dict with ``loss`` and metrics; ``save``
    writes to the path that it is given. Without ``listen`` a dashboard can come where ``traintui run`` started the
    script; where none can, the loop is left as it is.
    """
    return prepare(
        lambda run, wanted: run._open(model, optimizer, scheduler, loss, title, metrics, evaluate, save, wanted), listen)


def prepare(begin: Callable[[Run, Optional[str]], None], listen: Optional[bool]) -> Run:
    """A run that is begun where a dashboard can come, else one that does nothing."""
    global _present
    wanted = os.environ.get("TRAINTUI_RUN")
    if listen is None:
        listen = wanted is not None
    run = Run()
    if listen and _present is None and _rank() == 0:
        try:
            begin(run, wanted)
            _present = run
        except Exception as problem:
            _complain(problem)
            return Run()
    return run


def start_found(optimizer: Any) -> Optional[Run]:
    """The run of an optimizer that was found stepping; None where the script watches it itself, or nobody can come."""
    if _present is not None:
        return None
    return prepare(
        lambda run, wanted: run._open(None, optimizer, None, "", None, (), None, None, wanted, api="hooks"), None)


class Run:
    """A loop that may be watched. Where it is not, every method does nothing and costs next to nothing."""

    def __init__(self) -> None:
        self._training: Optional[Training] = None
        self._commands: Optional[Commands] = None
        self._server: Optional[Server] = None
        self._peer: Params = {}
        self._loss_kind = "batch"
        self._epoch = 0
        self._ended = 0
        self._epochs = 0
        self._step_counter: Optional[Callable[[], int]] = None
        self._counted = 0

    # The loop

    def epochs(self, count: int) -> Iterator[int]:
        """Counts epochs from 0, as ``range`` does. How many there are can be changed while it goes on."""
        training = self._training
        if training is None:
            yield from range(count)
            return
        self._epochs = count
        self._add_epochs()
        while self._epoch < self._epochs and not training.is_stopping:
            training.epoch_began(self._epoch + 1, None)
            yield self._epoch
            self._epoch += 1
            self._ended = self._epoch
            training.epoch_ended()
            if training.attention:
                training.look()
        self.end()

    def batches(self, loader: Iterable[Batch]) -> Iterable[Batch]:
        """Goes through the batches; between two of them the training can be paused and changed."""
        if self._training is None:
            return loader
        return self._watched(loader, self._training)

    def _watched(self, loader: Iterable[Batch], training: Training) -> Iterator[Batch]:
        try:
            steps: Optional[int] = len(loader)  # type: ignore[arg-type]
        except Exception:
            steps = None
        if self._epoch < self._epochs and self._step_counter is None:
            training.epoch_began(self._epoch + 1, steps)
        if training.attention:
            training.look()
        for batch in loader:
            if training.is_stopping:
                return
            yield batch
            self.tick()
            if training.is_stopping:
                return

    def tick(self) -> None:
        """A step is done. ``batches`` calls it; a loop without that calls it itself, after the optimizer's step."""
        training = self._training
        if training is None:
            return
        counter = self._step_counter
        if counter is not None:
            # Batches whose gradients are only added up are no step.
            count = counter()
            if count == self._counted:
                return
            self._counted = count
        training.tick()

    def loss(self, value: Any) -> None:
        """The loss of this step: a number, or a tensor, for which nothing is waited here."""
        training = self._training
        if training is not None:
            training._loss = value if type(value) is float else _detached(value)

    def metric(self, name: str, value: Any) -> None:
        """A metric of this step. Its name counts from the first step on, or is said to ``watch``."""
        training = self._training
        if training is not None:
            training.metric(str(name), _detached(value))

    def knob(
        self, name: str, value: float, *, low: Optional[float] = None, high: Optional[float] = None, whole: bool = False
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
            training.parameters[str(name)] = Parameter(
                str(name), lambda: knob.value, write, Range(kind, low, high), role=role)
            self._tell_parameters()
        except Exception as problem:
            training.give_up(problem)
        if role:
            training.rate = lambda: knob.value
        return knob

    def validated(self, loss: Any, **metrics: Any) -> None:
        """Tells what a validation came to."""
        if self._training is not None and self._commands is not None:
            try:
                self._commands.validated({"loss": loss, **metrics})
            except Exception as problem:
                self._training.give_up(problem)

    @property
    def is_stopping(self) -> bool:
        """Whether the dashboard asked for the end; a loop without ``batches`` looks at it."""
        return self._training is not None and self._training.is_stopping

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

    def _open(
        self, model: Any, optimizer: Any, scheduler: Any, loss: str, title: Optional[str], metrics: Iterable[str],
        evaluate: Optional[Callable[[], Any]], save: Optional[Callable[[str], Any]], wanted: Optional[str],
        api: str = "watch",
    ) -> None:
        description: Params = {"title": title or self.script_title, "loss": loss, "model": "", "optimizer": ""}
        description["validated"] = evaluate is not None
        peer: Params = {"framework": "python"}
        parameters: List[Parameter] = []
        rate: Optional[Callable[[], Any]] = None
        if optimizer is not None or "torch" in sys.modules:
            from . import _torch

            if _torch.is_optimizer(optimizer):
                _torch.describe(model, optimizer, description, peer)
                parameters = _torch.parameters(optimizer, scheduler)
                rate = _torch.rate(optimizer) if "lr" in optimizer.param_groups[0] else None
                self._step_counter = _torch.step_counter(optimizer) if api == "watch" else None
            if evaluate is not None:
                evaluate = _torch.keeping_random_state(evaluate)
        self.open(
            description, metrics, parameters, wanted, api, peer["framework"], save, evaluate,
            "guessed" if api == "hooks" else "batch", rate)

    @property
    def script_title(self) -> str:
        """What the script is called."""
        return os.path.splitext(os.path.basename(sys.argv[0] or "python"))[0]

    def open(
        self, description: Params, metrics: Iterable[str], parameters: List[Parameter], wanted: Optional[str],
        api: str, framework: str, save: Optional[Callable[[str], Any]] = None,
        evaluate: Optional[Callable[[], Any]] = None, kind: str = "batch", rate: Optional[Callable[[], Any]] = None,
    ) -> None:
        """Begins to listen. For the hooks of frameworks; a loop of your own is watched by ``watch``."""
        training = Training()
        training.metrics = [str(metric) for metric in metrics]
        training.parameters = {parameter.name: parameter for parameter in parameters}
        training.rate = rate
        self._loss_kind = kind
        self._peer = {
            "framework": framework, "api": api, "python": ".".join(str(part) for part in sys.version_info[:3]),
            "pid": os.getpid(), "host": socket.gethostname(),
        }
        name = wanted or f"{_place.tame(str(description['title']))}-{os.getpid()}"
        self._start(training, description, save, evaluate, name)

    def _start(
        self, training: Training, description: Params, save: Optional[Callable[[str], Any]],
        evaluate: Optional[Callable[[], Any]], name: str,
    ) -> None:
        commands = Commands(training, save, evaluate, os.environ.get("TRAINTUI_FOLDER", "."))
        commands.objection = _objection()
        training.obey = commands.obey
        training.epochs_ended = lambda: self._ended  # type: ignore[method-assign]
        self._commands = commands
        listener, name, path = _place.listen(_place.tame(name))
        server = Server(training, listener, path, lambda: self._introduction(name), _orphan_seconds())
        self._training, self._server = training, server

        def describe() -> None:
            metrics = [{"name": name, "higher_is_better": _is_better_higher(name)} for name in training.metrics]
            training.tell("described", {**description, "metrics": metrics})

        training.on_metric = describe
        describe()
        self._tell_parameters()
        training.become("training")
        if os.environ.get("TRAINTUI_PAUSED") == "1":
            training.is_going = False
            training.attention = True
        server.start()
        atexit.register(self._finish)
        _hear_of_errors(self)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forget)

    def _introduction(self, name: str) -> Params:
        commands = self._commands
        methods = commands.methods if commands else []
        return {
            "run": name, "attempt": 0, "peer": self._peer, "world": {"size": _world(), "rank": 0},
            "capabilities": {
                "methods": methods, "reasons": commands.reasons if commands else {},
                "loss": {"kind": self._loss_kind, "every": 1, "scope": "rank" if _world() > 1 else "global"},
                "rewind": {"to": "none"}, "fork": "none", "guard": {"when": "none"}, "granularity": 1,
            },
        }

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
        training.tell("capabilities", {"methods": commands.methods, "reasons": commands.reasons})

    def _add_epochs(self) -> None:
        training, commands = self._training, self._commands
        if training is None or commands is None or "epochs" in training.parameters:
            return

        def write(value: Any) -> None:
            self._epochs = int(value)

        # Those begun cannot be taken back.
        training.parameters["epochs"] = Parameter(
            "epochs", lambda: self._epochs, write, Range("whole", 1), role="epochs", applies="next_epoch")
        commands.has_epochs = True
        self._tell_parameters()

    _failure: Optional[str] = None

    def _finish(self) -> None:
        if self._server is not None:
            self._server.finish(self._failure or "finished")

    def _forget(self) -> None:
        """In a child process after a fork, such as one that loads data: it is nobody's training."""
        training, self._training = self._training, None
        if training is not None:
            training.fall_silent()
        if self._server is not None:
            self._server.forget()
            self._server = None


def _detached(value: Any) -> Any:
    """A tensor without the graph that it comes of, which would be held by it."""
    try:
        detach = getattr(value, "detach", None)
        return value if detach is None else detach()
    except Exception:
        return value


def _complain(problem: BaseException) -> None:
    try:
        sys.stderr.write(f"traintui: no dashboard can come, the training goes on: {problem}\n")
    except Exception:
        pass


def _number(name: str, default: int) -> int:
    try:
        return int(os.environ.get(name, ""))
    except ValueError:
        return default


def _rank() -> int:
    return _number("RANK", 0)


def _world() -> int:
    return max(1, _number("WORLD_SIZE", 1))


def _orphan_seconds() -> float:
    try:
        return max(0.0, float(os.environ.get("TRAINTUI_ORPHAN_AFTER", "30")))
    except ValueError:
        return 30.0


def _objection() -> Optional[str]:
    # A change or a pause on one of several processes would leave them different, or waiting for each other.
    return f"this training is one of {_world()} processes, which can only be watched yet" if _world() > 1 else None


def _is_better_higher(name: str) -> bool:
    return any(word in name.lower() for word in ("acc", "auc", "r2", "f1", "precision", "recall"))


def _hear_of_errors(run: Run) -> None:
    """Notes what ends the script, so that the dashboard can be told; what is printed stays as it was."""
    former = sys.excepthook

    def hook(kind: Any, value: Any, trace: Any) -> None:
        run._failure = f"ended by {kind.__name__}"
        former(kind, value, trace)

    sys.excepthook = hook
