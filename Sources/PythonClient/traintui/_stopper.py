"""When a training ends before all its epochs, and which of its weights count then. As Keras's EarlyStopping."""

from __future__ import annotations

import math
from typing import Any, Dict, List, Optional, Tuple


class Stopper:
    """Waits for the validation loss to fall. It has a state, because a run may go back behind what it saw.

    ``rule`` has ``patience``, ``min_delta``, ``start_from_epoch`` and ``restore_best_weights``; None ends nothing.
    """

    def __init__(self, rule: Optional[Dict[str, Any]], network: Any) -> None:
        self._rule = rule
        self._network = network
        self._best, self._epochs = math.inf, 0
        self._lowest = math.inf
        #: The weights of the lowest loss so far, None where the last ones count, and their step.
        self._weights: Any = None
        self.step = 0

    def sees(self, loss: float, epoch: int, step: int) -> bool:
        """Sees the loss behind an epoch and a step, which count from 1. Returns whether the waiting is over."""
        rule = self._rule
        if rule is None:
            return False
        if rule["restore_best_weights"] and loss < self._lowest:
            self._lowest, self._weights, self.step = loss, self._network.weights.detach().clone(), step
        if epoch <= rule["start_from_epoch"]:
            return False
        if loss + rule["min_delta"] < self._best:
            self._best, self._epochs = loss, 0
            return False
        self._epochs += 1
        return bool(self._epochs >= rule["patience"] and epoch > 1)

    @property
    def weights_to_keep(self) -> List[Tuple[str, Any]]:
        """The weights that count in the end, by name."""
        named: List[Tuple[str, Any]] = self._network.named()
        if self._weights is None:
            return named
        found, first = [], 0
        for name, part in named:
            found.append((name, self._weights[first : first + part.numel()].view(part.shape)))
            first += part.numel()
        return found

    def state_dict(self) -> Dict[str, Any]:
        """What it remembers."""
        return {"best": self._best, "epochs": self._epochs, "lowest": self._lowest,
                "weights": self._weights, "step": self.step}

    def load_state_dict(self, state: Dict[str, Any]) -> None:
        """Remembers that."""
        self._best, self._epochs, self._lowest = state["best"], state["epochs"], state["lowest"]
        self._weights, self.step = state["weights"], state["step"]
