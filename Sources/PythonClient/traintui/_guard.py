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
from ._news import NAN

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

    def __init__(self, training: Training, sees_loss: bool, world: int) -> None:
        super().__init__(training)
        # A loss is of one process only, where gradients are those of all.
        self._sees_loss = sees_loss and world == 1
        self._world = world
        self._aside = Aside()
        #: Looks whether gradients are finite; made when there are some.
        self._scan: Optional[Callable[[List[Any]], bool]] = None
        self._is_sharded = False
        self._is_on = True

    @property
    def sees(self) -> List[str]:
        """What is looked at."""
        return ["gradients", "loss"] if self._sees_loss else ["gradients"]

    # Around a step

    def before(self, optimizer: Any, args: Any, kwargs: Any) -> Any:
        """Before a step. What makes the gradients within it is returned with a look behind it."""
        training = self._training
        if not self._is_on or not training.is_alive:
            return None
        if len(args) < 2 and not kwargs:
            self._look(optimizer)
            return None
        closure = closure_of(args, kwargs)
        if closure is None:
            self._look(optimizer)
            return None

        def looking(*own: Any, **named: Any) -> Any:
            result = closure(*own, **named)
            self._look(optimizer)
            return result

        if kwargs.get("closure") is not None:
            return args, {**kwargs, "closure": looking}
        return (args[0], looking, *args[2:]), kwargs

    def after(self, *_: Any) -> None:
        """After a step: gradients are where the script left them."""
        self._aside.put_back()

    def _look(self, optimizer: Any) -> None:
        try:
            reason = self._problem(optimizer)
            if reason:
                self._aside.put(optimizer)
                self._diverge(reason)
        except Exception as problem:
            self._is_on = False
            self._training.tell("notice", {"text": f"gradients are not looked at any more: {problem!r}"[:200]})

    # Looking

    def _problem(self, optimizer: Any) -> str:
        # Every step pays for this: the usual way through it is short.
        if "found_inf" in optimizer.__dict__ and optimizer.found_inf is not None:
            # A GradScaler leaves it to the optimizer to skip steps of which some are not finite.
            return ""
        gradients = [
            gradient for group in optimizer.param_groups for parameter in group["params"]
            if (gradient := parameter.grad) is not None
        ]
        if not gradients:
            return ""
        if self._scan is None:
            self._scan = self._begin(optimizer, gradients)
        is_finite = self._scan(gradients)
        if self._is_sharded:
            is_finite = self._is_finite_everywhere(gradients[0].device, is_finite)
        if not is_finite:
            return "a gradient is not finite"
        if self._sees_loss:
            loss = self._training._loss
            if loss is not NAN and not _is_finite(loss):
                return f"the loss is {float(loss)}"
        return ""

    def _begin(self, optimizer: Any, gradients: List[Any]) -> Callable[[List[Any]], bool]:
        """How the gradients are looked at: on a processor all by one call, one number of which is waited for."""
        torch: Any = sys.modules["torch"]
        self._is_sharded = self._world > 1 and any(
            hasattr(parameter, "placements") or hasattr(parameter, "_fsdp_flattened")
            for group in optimizer.param_groups for parameter in group["params"])
        device = gradients[0].device
        found, one = torch.zeros((), device=device), torch.ones((), device=device)
        read, is_recorded = found.item, attrgetter("requires_grad")
        # What a GradScaler looks with. Times 1 changes no bit.
        look: Any = getattr(torch, "_amp_foreach_non_finite_check_and_unscale_", None)

        def slowly(gradients: List[Any]) -> bool:
            return all(bool(torch.isfinite(_values(gradient)).all()) for gradient in gradients)

        def fast(gradients: List[Any]) -> bool:
            if True in map(is_recorded, gradients):
                return slowly(gradients)
            try:
                look(gradients, found, one)
                if not read():
                    return True
            except (NotImplementedError, RuntimeError):
                # Of some other kind, or on several devices.
                return slowly(gradients)
            found.zero_()
            return False

        def fast_unless_recording(gradients: List[Any]) -> bool:
            # Nothing can be looked at while a graph of kernels is recorded.
            return bool(torch.cuda.is_current_stream_capturing()) or fast(gradients)

        if look is None:
            return slowly
        return fast_unless_recording if device.type == "cuda" else fast

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
        if not self._do_all_see():
            self.ask_all(f"{reason}, which was not taken")
            return
        self.wait(step, reason)

    def _do_all_see(self) -> bool:
        """Whether all processes see the same gradients, and so come to the same end."""
        if self._world == 1 or self._is_sharded:
            return True
        module = sys.modules.get("torch.nn.parallel.distributed")
        if module is None:
            return False
        import gc

        kind, mine = module.DistributedDataParallel, {id(parameter) for parameter, _ in self._aside.gradients}
        replicas = (one for one in gc.get_objects() if issubclass(type(one), kind))
        return any(id(parameter) in mine for one in replicas for parameter in one.parameters())


def _values(gradient: Any) -> Any:
    """The numbers of a gradient of which only some rows, or only some parts, are here."""
    if hasattr(gradient, "to_local"):
        gradient = gradient.to_local()
    return gradient.coalesce().values() if gradient.is_sparse else gradient.detach()


def _is_finite(loss: Any) -> bool:
    """Whether a loss is, as far as nothing has to be waited for, and no scale can have made it too large."""
    if isinstance(loss, float):
        return math.isfinite(loss)
    if getattr(loss, "is_cpu", False) and loss.numel() == 1 and str(loss.dtype) in ("torch.float32", "torch.float64"):
        return math.isfinite(loss.item())
    return True
