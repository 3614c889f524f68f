"""The guard: a step of a PyTorch optimizer whose gradients are not finite is not applied. Imports torch nowhere by itself.

Gradients are looked at just before the step, all by one call. Where one is not finite they are put away until the step is
over: without gradients it changes neither weights nor what the optimizer keeps. The step does not count.
"""

from __future__ import annotations

import math
import os
import sys
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Callable, List, Optional, Tuple

from ._divergence import Divergence
from ._numbers import NAN, Away

if TYPE_CHECKING:
    from ._training import Training

#: Optimizers that take several steps in one, of which the first ones are taken when a later one is seen.
UNGUARDED = ("LBFGS",)


def is_wanted() -> bool:
    """Whether steps may be looked at at all."""
    return os.environ.get("TRAINTUI_GUARD") != "off"


def can_guard(optimizer: Any) -> bool:
    """Whether its steps can be looked at before they are taken."""
    return (
        is_wanted() and isinstance(getattr(optimizer, "param_groups", None), list)
        and hasattr(optimizer, "register_step_pre_hook") and hasattr(optimizer, "register_step_post_hook")
        and not any(kind.__name__ in UNGUARDED for kind in type(optimizer).__mro__)
    )


def closure_of(args: Any, kwargs: Any) -> Any:
    """What makes the gradients within a step; None where they are there before it."""
    closure = kwargs.get("closure") or (args[1] if len(args) > 1 else None)
    return closure if callable(closure) else None


class Aside:
    """Gradients that are put away until a step is over, so that it changes nothing."""

    def __init__(self) -> None:
        self.gradients: List[Tuple[Any, Any]] = []

    def put(self, optimizer: Any) -> None:
        """Puts them away."""
        self.gradients += [
            (parameter, parameter.grad) for group in optimizer.param_groups for parameter in group["params"]
            if parameter.grad is not None
        ]
        for parameter, _ in self.gradients:
            parameter.grad = None

    def put_back(self) -> None:
        """They are where the script left them."""
        if self.gradients:
            for parameter, gradient in self.gradients:
                parameter.grad = gradient
            self.gradients = []


class Guard(Divergence):
    """Looks at the steps of an optimizer. ``sees_loss`` says that the training's loss is told before its step."""

    def __init__(self, training: Training, sees_loss: bool, world: int, optimizer: Any = None) -> None:
        super().__init__(training)
        self._optimizer = optimizer
        # A loss is of one process only, where gradients are those of all.
        self._sees_loss = sees_loss and world == 1
        self._world = world
        self._aside = Aside()
        #: Whether steps are heard of when they are over: from the first one on that was not taken.
        self._hears_ends = False
        #: Whether a step is right, at a glance; False where that takes a closer look.
        self._glance: Callable[[Any], bool] = lambda optimizer: False
        self._has_begun = False
        self._is_sharded = False
        self._is_on = True

    @property
    def sees(self) -> List[str]:
        """What is looked at."""
        return ["gradients", "loss"] if self._sees_loss else ["gradients"]

    # Around a step

    def before(self, optimizer: Any, args: Any, kwargs: Any) -> Any:
        """Before a step. What makes the gradients within it is returned with a look behind it."""
        if not self._is_on or not self._training.is_alive:
            return None
        closure = None if len(args) < 2 and not kwargs else closure_of(args, kwargs)
        if closure is None:
            # Every step pays for what comes before a closer look.
            is_fine = self._glance(optimizer)
            if not is_fine or self._sees_loss:
                self._look(optimizer, is_fine)
            return None

        def looking(*own: Any, **named: Any) -> Any:
            result = closure(*own, **named)
            self._look(optimizer, self._glance(optimizer))
            return result

        if kwargs.get("closure") is not None:
            return args, {**kwargs, "closure": looking}
        return (args[0], looking, *args[2:]), kwargs

    def after(self, *_: Any) -> None:
        """After a step: gradients are where the script left them."""
        self._aside.put_back()

    def _look(self, optimizer: Any, is_fine: bool) -> None:
        try:
            reason = "" if is_fine else self._problem(optimizer)
            if self._sees_loss and not reason:
                reason = self._problem_of_loss(optimizer, is_fine)
            if reason:
                if not self._hears_ends:
                    self._hears_ends = True
                    optimizer.register_step_post_hook(self.after)
                self._aside.put(optimizer)
                self._diverge(reason)
        except Exception as problem:
            self._is_on = False
            self._training.tell("notice", {"text": f"gradients are not looked at any more: {problem!r}"[:200]})

    # Looking

    def _problem(self, optimizer: Any) -> str:
        """What is wrong with the gradients; "" where nothing is."""
        gradients = _gradients(optimizer)
        if not gradients or _is_scaled(optimizer):
            return ""
        if not self._has_begun:
            self._has_begun = True
            self._begin(optimizer, gradients)
            if self._glance(optimizer):
                return ""
        is_finite = all(bool(sys.modules["torch"].isfinite(_values(gradient)).all()) for gradient in gradients)
        if self._is_sharded:
            is_finite = self._is_finite_everywhere(gradients[0].device, is_finite)
        return "" if is_finite else "a gradient is not finite"

    def _problem_of_loss(self, optimizer: Any, is_fine: bool) -> str:
        loss = self._training._loss
        if type(loss) is Away:
            # It was looked at with the gradients. One of a narrow type may be too large by a scale.
            if is_fine or not loss.is_wide:
                return ""
            loss = loss.item()
        if type(loss) is not float or loss is NAN or math.isfinite(loss) or _is_scaled(optimizer) or not _gradients(optimizer):
            return ""
        return f"the loss is {loss}"

    def _begin(self, optimizer: Any, gradients: List[Any]) -> None:
        """How the gradients are looked at: all by one call, one number of which is waited for. Every step pays for it."""
        torch: Any = sys.modules["torch"]
        self._is_sharded = self._world > 1 and _are_in_parts(optimizer)
        # What a GradScaler looks with. Times 1 changes no bit.
        look: Any = getattr(torch, "_amp_foreach_non_finite_check_and_unscale_", None)
        if look is None or self._is_sharded:
            return
        device = gradients[0].device
        found, one = torch.zeros((), device=device), torch.ones((), device=device)
        read, training, sees_loss = found.item, self._training, self._sees_loss
        is_recorded = None if _leaves_history(look) else attrgetter("requires_grad")

        def glance(optimizer: Any) -> bool:
            """Whether all gradients are finite. False where that takes a closer look."""
            try:
                gradients = [
                    gradient for group in optimizer.param_groups for parameter in group["params"]
                    if (gradient := parameter.grad) is not None
                ]
                if not gradients or "found_inf" in optimizer.__dict__:
                    return False
                if is_recorded is not None and True in map(is_recorded, gradients):
                    return False
                if sees_loss and type(loss := training._loss) is Away and loss.is_wide:
                    # On a device it is looked at with them: alone it would have to be waited for.
                    gradients.append(loss.copy)
                look(gradients, found, one)
                if not read():
                    return True
                found.zero_()
            except Exception:
                # Of some other kind, or on several devices.
                pass
            return False

        def glance_unless_recording(optimizer: Any) -> bool:
            # Nothing can be looked at while a graph of kernels is recorded.
            return bool(torch.cuda.is_current_stream_capturing()) or glance(optimizer)

        self._glance = glance_unless_recording if device.type == "cuda" else glance

    def _is_finite_everywhere(self, device: Any, is_finite: bool) -> bool:
        # Only the process that has the part sees it: the one collective that the guard ever needs.
        torch: Any = sys.modules["torch"]
        found = torch.tensor(0.0 if is_finite else 1.0, device=device)
        torch.distributed.all_reduce(found)
        return bool(found.item() == 0)

    # What is done about it

    def _diverge(self, reason: str) -> None:
        training = self._training
        training.is_step_lost = True
        training.attention = True
        if training.is_silent:
            # It was told when it was seen first.
            return
        step = training.step + 1
        reason = f"{reason} at step {step}"
        if training.lane is not None:
            # It ends a branch beside the run, which goes on.
            training.lane.divergence = reason
            return
        if not self._do_all_see([parameter for parameter, _ in self._aside.gradients]):
            self.ask_all(f"{reason}, which was not taken")
            return
        self.wait(step, reason)

    @property
    def do_all_see(self) -> bool:
        parameters = [one for group in self._optimizer.param_groups for one in group["params"]]
        return _are_in_parts(self._optimizer) or self._do_all_see(parameters)

    def _do_all_see(self, parameters: List[Any]) -> bool:
        """Whether all processes see the same gradients of these, and so come to the same end."""
        if self._world == 1 or self._is_sharded:
            return True
        module = sys.modules.get("torch.nn.parallel.distributed")
        if module is None:
            return False
        import gc

        kind, mine = module.DistributedDataParallel, {id(parameter) for parameter in parameters}
        replicas = (one for one in gc.get_objects() if issubclass(type(one), kind))
        return any(id(parameter) in mine for one in replicas for parameter in one.parameters())


def _leaves_history(look: Any) -> bool:
    """Whether gradients of which others are to be made, by ``create_graph``, can be looked at like any in this PyTorch."""
    torch: Any = sys.modules["torch"]
    try:
        # On the processor: a GPU may be recording a graph of kernels.
        with torch.device("cpu"), torch.enable_grad():
            leaf = torch.zeros(1, requires_grad=True)
            # Its own gradient is made of what it came to.
            value = leaf.exp()
            look([value], torch.zeros(()), torch.ones(()))
            # Not by ``backward``, of which hooks take its loss for the script's.
            gradient, = torch.autograd.grad(value, leaf, torch.ones(1))
        return bool(gradient.item() == 1)
    except Exception:
        return False


def _gradients(optimizer: Any) -> List[Any]:
    return [
        parameter.grad for group in optimizer.param_groups for parameter in group["params"] if parameter.grad is not None
    ]


def _are_in_parts(optimizer: Any) -> bool:
    """Whether a process has only some of the weights."""
    return any(
        hasattr(parameter, "placements") or hasattr(parameter, "_fsdp_flattened")
        for group in optimizer.param_groups for parameter in group["params"])


def _is_scaled(optimizer: Any) -> bool:
    """Whether a GradScaler leaves it to the optimizer to skip steps of which some are not finite."""
    return getattr(optimizer, "found_inf", None) is not None


def _values(gradient: Any) -> Any:
    """The numbers of a gradient of which only some rows, or only some parts, are here."""
    if hasattr(gradient, "to_local"):
        gradient = gradient.to_local()
    return gradient.coalesce().values() if gradient.is_sparse else gradient.detach()
