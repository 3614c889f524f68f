"""The guard: a step of a PyTorch optimizer whose gradients are not finite is not applied. Imports torch nowhere by itself.

Gradients are looked at just before the step, all by one call. Where one is not finite they are put away until the step is
over: without gradients it changes neither weights nor what the optimizer keeps. The step does not count.
"""

from __future__ import annotations

import math
import os
import sys
from typing import TYPE_CHECKING, Any, Callable, List, Optional, Tuple

from ._news import NAN, Asked
from ._wire import REFUSED, Refusal

if TYPE_CHECKING:
    from ._training import Training

POLICIES = ("pause", "rewind", "stop")
#: After so many times a run that diverges again waits.
MOST_RECOVERIES = 3
#: Optimizers that take several steps in one, of which the first ones are taken when a later one is seen.
UNGUARDED = ("LBFGS",)


def can_guard(optimizer: Any) -> bool:
    """Whether its steps can be looked at before they are taken."""
    return (
        os.environ.get("TRAINTUI_GUARD") != "off" and isinstance(getattr(optimizer, "param_groups", None), list)
        and hasattr(optimizer, "register_step_pre_hook") and hasattr(optimizer, "register_step_post_hook")
        and not any(kind.__name__ in UNGUARDED for kind in type(optimizer).__mro__)
    )


class Guard:
    """Looks at the steps of an optimizer. ``sees_loss`` says that the training's loss is told before its step."""

    def __init__(self, training: Training, sees_loss: bool, world: int) -> None:
        self._training = training
        # A loss is of one process only, where gradients are those of all.
        self._sees_loss = sees_loss and world == 1
        self._world = world
        self.policy = "pause"
        #: How often the run went back by itself since somebody asked for something.
        self.recoveries = 0
        #: Tells why the run ends.
        self.on_stop: Callable[[str], None] = lambda reason: None
        self._put_away: List[Tuple[Any, Any]] = []
        #: Tensors for the device of the gradients: 1, and whether something was found.
        self._one: Any = None
        self._found: Any = None
        self._is_sharded: Optional[bool] = None
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
        closure = kwargs.get("closure") or (args[1] if len(args) > 1 else None)
        if not callable(closure):
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
        if self._put_away:
            for parameter, gradient in self._put_away:
                parameter.grad = gradient
            self._put_away = []

    def _look(self, optimizer: Any) -> None:
        try:
            if getattr(optimizer, "found_inf", None) is not None:
                # A GradScaler leaves it to the optimizer to skip steps of which some are not finite.
                return
            reason = self._problem(optimizer)
            if reason:
                self._put_away = [
                    (parameter, parameter.grad) for group in optimizer.param_groups for parameter in group["params"]
                    if parameter.grad is not None
                ]
                for parameter, _ in self._put_away:
                    parameter.grad = None
                self._diverge(reason)
        except Exception as problem:
            self._is_on = False
            self._training.tell("notice", {"text": f"gradients are not looked at any more: {problem!r}"[:200]})

    # Looking

    def _problem(self, optimizer: Any) -> str:
        gradients = [
            gradient for group in optimizer.param_groups for parameter in group["params"]
            if (gradient := parameter.grad) is not None
        ]
        if not gradients:
            return ""
        torch: Any = sys.modules["torch"]
        if gradients[0].is_cuda and torch.cuda.is_current_stream_capturing():
            # Nothing can be looked at while a graph of kernels is recorded.
            return ""
        if self._is_sharded is None:
            self._is_sharded = self._world > 1 and any(
                hasattr(parameter, "placements") or hasattr(parameter, "_fsdp_flattened")
                for group in optimizer.param_groups for parameter in group["params"])
        is_finite = self._are_finite(torch, gradients)
        if self._is_sharded:
            is_finite = self._is_finite_everywhere(torch, is_finite, gradients[0].device)
        if not is_finite:
            return "a gradient is not finite"
        loss = self._training._loss
        if self._sees_loss and loss is not NAN and not _is_finite(torch, loss):
            return f"the loss is {float(loss)}"
        return ""

    def _are_finite(self, torch: Any, gradients: List[Any]) -> bool:
        if self._found is None or self._found.device != gradients[0].device:
            self._one = torch.ones((), device=gradients[0].device)
            self._found = torch.zeros((), device=gradients[0].device)
        try:
            if any(gradient.requires_grad for gradient in gradients):
                raise RuntimeError
            # What a GradScaler looks with: one call, one number to wait for. Times 1 changes no bit.
            torch._amp_foreach_non_finite_check_and_unscale_(gradients, self._found, self._one)
            if self._found.item() == 0:
                return True
            self._found.zero_()
            return False
        except (AttributeError, NotImplementedError, RuntimeError):
            return all(bool(torch.isfinite(_values(gradient)).all()) for gradient in gradients)

    def _is_finite_everywhere(self, torch: Any, is_finite: bool, device: Any) -> bool:
        # Only the process that has the part sees it: the one collective that the guard ever needs.
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
        if not self._do_all_see():
            # The others take their steps: they are asked to pause, at the same one.
            training.tell("notice", {"text": f"diverged: {reason}, which was not taken"})
            if training.is_first:
                training.post(Asked("", None, "stop" if self.policy == "stop" else "pause", {}))
            return
        training.pause()
        training.divergence = {"name": "diverged", "step": step, "reason": reason}
        training.become("diverged")
        if self.policy == "stop":
            training.is_stopping = True
            self.on_stop(f"diverged: {reason}")

    def _do_all_see(self) -> bool:
        """Whether all processes see the same gradients, and so come to the same end."""
        if self._world == 1 or self._is_sharded:
            return True
        module = sys.modules.get("torch.nn.parallel.distributed")
        if module is None:
            return False
        import gc

        kind, mine = module.DistributedDataParallel, {id(parameter) for parameter, _ in self._put_away}
        replicas = (one for one in gc.get_objects() if issubclass(type(one), kind))
        return any(id(parameter) in mine for one in replicas for parameter in one.parameters())

    def act(self) -> None:
        """Between two steps, where the run waits because it diverged: goes back, where that is wanted."""
        training = self._training
        divergence, rewind = training.divergence, training.rewind
        if divergence is None or self.policy != "rewind" or rewind is None or self.recoveries >= MOST_RECOVERIES:
            return
        self.recoveries += 1
        try:
            parameter = training.parameters.get("learning_rate")
            if parameter is None:
                raise Refusal(REFUSED, "there is no learning rate to halve")
            # Half of the one that ran away, which may be an edit's that is not in force where the run goes.
            rate = parameter.read() / 2
            rewind.recover(Asked("", None, "recover", {}), divergence["reason"])
        except Refusal as refusal:
            training.tell("notice", {"text": f"not gone back: {refusal.sentence}"})
            return
        training.is_going = True
        training.mail.appendleft(Asked("", None, "set", {"name": "learning_rate", "value": rate}))


def _values(gradient: Any) -> Any:
    """The numbers of a gradient of which only some rows, or only some parts, are here."""
    if hasattr(gradient, "to_local"):
        gradient = gradient.to_local()
    return gradient.coalesce().values() if gradient.is_sparse else gradient.detach()


def _is_finite(torch: Any, loss: Any) -> bool:
    """Whether a loss is, as far as nothing has to be waited for, and no scale can have made it too large."""
    if isinstance(loss, torch.Tensor):
        if loss.device.type != "cpu" or loss.numel() != 1 or loss.dtype not in (torch.float32, torch.float64):
            return True
        return math.isfinite(loss.item())
    return not isinstance(loss, float) or math.isfinite(loss)
