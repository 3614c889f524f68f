"""What is watched, as far as the script says it."""

from __future__ import annotations

from typing import Any, Callable, Iterable, List, Optional

from . import _torch
from ._chance import keeping_random_state
from ._feed import Feed
from ._guard import can_guard
from ._parameters import Parameter
from ._state import Keeper, Keeps, can_be_kept
from ._past import Past
from ._recall import Recall
from ._rewind import Rewind
from ._surroundings import memory, script_title
from ._training import Training
from ._wire import Params


class Subject:
    """A training that a dashboard can come to. Hooks of frameworks fill in what they know."""

    def __init__(self, title: Optional[str] = None, api: str = "watch") -> None:
        self.description: Params = {
            "title": title or script_title(), "loss": "", "model": "", "optimizer": "", "validated": False,
        }
        self.framework = "python"
        #: Through what it is watched: ``watch``, ``hooks``, or a framework's name.
        self.api = api
        self.metrics: List[str] = []
        self.parameters: List[Parameter] = []
        #: How true the loss is: ``batch``, ``from_running_mean``, ``window_mean`` or ``guessed``.
        self.loss_kind = "batch"
        #: Reads the learning rate of the step just taken.
        self.rate: Any = None
        #: The optimizer whose steps are looked at before they are taken; None where none can be.
        self.guarded: Any = None
        #: What the optimizer tells of its steps; None where there is none that does.
        self.steps: Optional[_torch.Steps] = None
        self.save: Optional[Callable[[str], Any]] = None
        self.evaluate: Optional[Callable[[], Any]] = None
        #: Whether the loss of each step is looked at behind it, because nobody sees its gradients.
        self.has_guarded_loss = False
        #: Whether several processes see one loss, that of all of them.
        self.is_loss_shared = False
        #: Steps between two boundaries.
        self.granularity = 1
        #: Whether the loop, which is not ours, gets the batches of each step where they can be given it again.
        self.is_fed = False
        #: Keeps states, where what belongs to one is known.
        self.keeper: Optional[Keeps] = None
        #: What stands in the way back, where a framework's hook knows it.
        self.obstacle = ""
        #: Bytes that may be spent on the past.
        self.memory = memory()

    def take(self, model: Any, optimizer: Any, scheduler: Any, keep: Iterable[Any] = ()) -> None:
        """Finds out what can be seen of a model and changed in an optimizer."""
        given = scheduler if isinstance(scheduler, (list, tuple)) else [scheduler]
        # What accelerate prepared steers one of torch's, which has the numbers and tells of its steps.
        schedulers = [getattr(one, "scheduler", one) for one in given if one]
        optimizer = _torch.prepared(optimizer)
        others = tuple(keep)
        if _torch.is_optimizer(optimizer):
            self.framework = _torch.describe(model, optimizer, self.description) or self.framework
            self.parameters = _torch.parameters(optimizer, schedulers)
            self.steps = _torch.Steps(optimizer)
            self.rate = self.steps.rate if "lr" in optimizer.param_groups[0] else None
            self.guarded = optimizer if can_guard(optimizer) else None
        if self.api == "watch" and can_be_kept(model, others):
            self.keeper = Keeper(model, optimizer, schedulers, list(others))
        elif self.api != "watch" and _torch.is_optimizer(optimizer):
            self.keeper = Keeper(model, optimizer, schedulers, list(others), is_ours=False, data_go_on=not self.is_fed)

    def past(self, training: Training, keeper: Keeps) -> Past:
        """What can be gone back to: all of a loop that is ours, the weights of any other, and its batches where they can be given again."""
        if self.api == "watch" and isinstance(keeper, Keeper):
            return Rewind(training, keeper, self.memory)
        return (Feed if self.is_fed else Recall)(training, keeper, self.memory)

    def evaluates(self, evaluate: Callable[[], Any]) -> None:
        """It can be evaluated, behind which random numbers go on as though it had not been."""
        self.evaluate = keeping_random_state(evaluate)
        self.description["validated"] = True

    #: How far the run can be taken again: ``verified``, ``losses`` or ``edits``; None as its loop allows.
    repeats: Optional[str] = None

    @property
    def replay(self) -> str:
        """The same as it is told."""
        return self.repeats or ("losses" if self.api in ("watch", "hooks") else "edits")

    @property
    def metrics_told(self) -> List[Params]:
        """The metrics as they are told."""
        words = ("acc", "auc", "r2", "f1", "precision", "recall")
        return [
            {"name": name, "higher_is_better": any(word in name.lower() for word in words)} for name in self.metrics
        ]

    @property
    def way_back_objection(self) -> str:
        """Why the run cannot go back; "" where it can."""
        if self.api != "watch":
            return self.obstacle or ("" if self.keeper is not None else f"{self.api} owns its loop, which cannot go back")
        if self.keeper is None:
            return "the script's state is not known: watch(model, optimizer) tells it"
        if isinstance(self.keeper, Keeper) and self.keeper.least_bytes * 4 > self.memory * 3 // 4:
            return "the weights are too large to be kept several times: watch(…, memory=…) allows more"
        return ""
