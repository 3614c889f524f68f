"""A loop in PyTorch that knows nothing of traintui: its optimizer's steps are seen by torch's own hooks.

A step is counted behind it. What is asked for is done just before the next one, where no schedule comes between. The loss
is what `backward` was last called on: a guess, which is off by the scale where a GradScaler is in use.
"""

from __future__ import annotations

import functools
import sys
from typing import Any, Optional

from ._guard import Aside, Guard, closure_of
from ._numbers import at_hand, for_later
from ._recall import TWO_OPTIMIZERS, Recall
from ._training import Training
from ._watch import Run, start_found


class Found:
    """The optimizer that stepped first, and the run that it makes."""

    def __init__(self) -> None:
        self.run: Optional[Run] = None
        self.optimizer: Any = None
        self.is_decided = False
        #: The loss before the first step, which comes before it is known whether anybody watches.
        self.first_loss: Any = None
        self._aside = Aside()
        self._past: Optional[Recall] = None
        self._guard: Optional[Guard] = None
        #: Whether a step was taken since the last boundary.
        self._is_behind_step = False
        self._has_others = False

    @property
    def training(self) -> Optional[Training]:
        """The training, None where nobody watches."""
        return self.run._training if self.run is not None else None

    def before(self, optimizer: Any, args: Any, kwargs: Any) -> Any:
        """Before a step of any optimizer."""
        if not self.is_decided:
            self.is_decided = True
            self.optimizer = optimizer
            self.run = start_found(optimizer)
            if self.training is not None and self.first_loss is not None:
                self.training._loss = self.first_loss
            self.first_loss = None
            past = self.training.rewind if self.training is not None else None
            self._past = past if isinstance(past, Recall) else None
            guard = self.training.guard if self.training is not None else None
            self._guard = guard if isinstance(guard, Guard) else None
        training = self.training
        if optimizer is self.optimizer and training is not None:
            past = self._past
            if past is not None and past.settings is not None:
                past.settle()
            if training.attention:
                training.look(behind_step=self._is_behind_step)
            result = None
            if past is not None and past.has_moved:
                self._pass_over(past, training, closure_of(args, kwargs))
            elif self._guard is not None:
                result = self._guard.before(optimizer, args, kwargs)
                if training.is_step_lost and not training.is_stopping:
                    training.look()
                    if past is not None and past.has_moved:
                        past.leave()
            if training.is_stopping:
                if self._guard is not None:
                    self._guard.after()
                self._aside.put_back()
                # As the person's Ctrl-C would: the script ends as it does then.
                raise KeyboardInterrupt
            return result
        if training is not None and not self._has_others and optimizer is not self.optimizer and self.run is not None:
            # Half of a state would go back.
            self._has_others = True
            self.run.has_no_way_back(TWO_OPTIMIZERS)
        return None

    def _pass_over(self, past: Recall, training: Training, closure: Any) -> None:
        """The run went back: a step with gradients of the weights that it had is not taken, and does not count."""
        if past.leave() and closure is None:
            self._aside.put(self.optimizer)
            training.is_step_lost = True

    def after(self, optimizer: Any, args: Any, kwargs: Any) -> None:
        """After a step of any optimizer."""
        training = self.training
        if optimizer is self.optimizer and training is not None and training.is_alive:
            if self._guard is not None:
                self._guard.after()
            self._aside.put_back()
            self._is_behind_step = not training.is_step_lost
            training.finish_step()


def _loss(tensor: Any) -> Any:
    """The loss as it is kept. One of a narrow type keeps that: what is too large there may be so by a scale."""
    return at_hand(tensor) if tensor.element_size() >= 4 else for_later(tensor)


def hook() -> None:
    """Hooks torch's optimizers, which are just imported, and the call that knows the loss."""
    found = Found()
    optimizer, torch = sys.modules["torch.optim.optimizer"], sys.modules["torch"]
    optimizer.register_optimizer_step_pre_hook(found.before)
    optimizer.register_optimizer_step_post_hook(found.after)
    backward = torch.Tensor.backward

    @functools.wraps(backward)
    def told(self: Any, *args: Any, **kwargs: Any) -> Any:
        training = found.training
        if training is not None:
            training._loss = _loss(self)
        elif not found.is_decided:
            found.first_loss = _loss(self)
        return backward(self, *args, **kwargs)

    torch.Tensor.backward = told
