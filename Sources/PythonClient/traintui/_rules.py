"""The optimizers as Keras has them, for PyTorch. All weights of a model are one tensor, so each rule is a few operations.

torch.optim's of the same names differ: where epsilon stands, how Nadam's momentum rises, what a bias correction is.
"""

from __future__ import annotations

import importlib
import math
import struct
from typing import Any, Dict

torch: Any = importlib.import_module("torch")


def _float32(value: float) -> float:
    return float(struct.unpack("f", struct.pack("f", value))[0])


class Rule(torch.optim.Optimizer):  # type: ignore[misc]
    """An update rule. ``settings`` are those of the job file; ``state`` has its moments, shaped as the weights."""

    #: The names of the moments.
    slots: Any = ()

    def __init__(self, weights: Any, settings: Dict[str, float]) -> None:
        super().__init__([weights], self.group(settings))
        self.weights = weights
        for slot in self.slots:
            self.state[weights][slot] = torch.full_like(weights.detach(), self.start(settings))

    def group(self, settings: Dict[str, float]) -> Dict[str, Any]:
        """The numbers that can be changed, by their names in torch.optim."""
        raise NotImplementedError

    def start(self, settings: Dict[str, float]) -> float:
        """What the moments begin with."""
        return 0.0

    def step(self, closure: Any = None) -> None:
        """Updates the weights by their gradient."""
        with torch.no_grad():
            self.update(self.weights, self.weights.grad, self.param_groups[0], self.state[self.weights])

    def update(self, w: Any, g: Any, group: Dict[str, Any], state: Dict[str, Any]) -> None:
        """Changes ``w`` in place. ``g`` stays as it is."""
        raise NotImplementedError


class SGD(Rule):
    """``w -= rate g``; with momentum ``v = momentum v - rate g; w += v``, or with Nesterov's look ahead
    ``w += momentum v - rate g``."""

    slots = ("velocity",)

    def group(self, settings: Dict[str, float]) -> Dict[str, Any]:
        return {
            "lr": settings["learning_rate"], "momentum": settings["momentum"], "nesterov": settings["nesterov"] != 0}

    def update(self, w: Any, g: Any, group: Dict[str, Any], state: Dict[str, Any]) -> None:
        rate, momentum, velocity = group["lr"], group["momentum"], state["velocity"]
        if momentum == 0:
            w.add_(g, alpha=-rate)
            return
        velocity.mul_(momentum).add_(g, alpha=-rate)
        if group["nesterov"]:
            w.add_(velocity, alpha=momentum).add_(g, alpha=-rate)
        else:
            w.add_(velocity)


class RMSprop(Rule):
    """``v = rho v + (1 - rho) g^2; w -= rate g / sqrt(v + epsilon)``, not centred (Hinton's lecture 6e, 2012)."""

    slots = ("variance", "velocity")

    def group(self, settings: Dict[str, float]) -> Dict[str, Any]:
        return {
            "lr": settings["learning_rate"], "rho": settings["rho"], "momentum": settings["momentum"],
            "eps": settings["epsilon"]}

    def update(self, w: Any, g: Any, group: Dict[str, Any], state: Dict[str, Any]) -> None:
        variance, velocity, momentum = state["variance"], state["velocity"], group["momentum"]
        variance.add_(g * g - variance, alpha=1 - group["rho"])
        change = g * group["lr"] / (variance + group["eps"]).sqrt_()
        if momentum > 0:
            change = velocity.mul_(momentum).add_(change)
        w.sub_(change)


class Adagrad(Rule):
    """``v += g^2; w -= rate g / sqrt(v + epsilon)`` (Duchi et al. 2011)."""

    slots = ("sum",)

    def group(self, settings: Dict[str, float]) -> Dict[str, Any]:
        return {"lr": settings["learning_rate"], "eps": settings["epsilon"]}

    def start(self, settings: Dict[str, float]) -> float:
        return settings["initial_accumulator_value"]

    def update(self, w: Any, g: Any, group: Dict[str, Any], state: Dict[str, Any]) -> None:
        total = state["sum"].addcmul_(g, g)
        w.sub_(g * group["lr"] / (total + group["eps"]).sqrt_())


class Adam(Rule):
    """With m and v the running means of g and g^2 (Kingma & Ba 2014):
    ``w -= rate sqrt(1 - beta_2^t) / (1 - beta_1^t) m / (sqrt(v) + epsilon)``."""

    slots = ("moment", "variance")
    #: How many running products it keeps: the right correction even where a beta is changed on the way.
    products = 2

    def __init__(self, weights: Any, settings: Dict[str, float]) -> None:
        super().__init__(weights, settings)
        self.state[weights]["products"] = [1.0] * self.products

    def group(self, settings: Dict[str, float]) -> Dict[str, Any]:
        return {
            "lr": settings["learning_rate"], "betas": (settings["beta_1"], settings["beta_2"]),
            "eps": settings["epsilon"]}

    def average(self, g: Any, group: Dict[str, Any], state: Dict[str, Any]) -> None:
        """Takes the gradient into the running means."""
        beta_1, beta_2 = group["betas"]
        moment, variance = state["moment"], state["variance"]
        moment.add_(g - moment, alpha=1 - beta_1)
        variance.add_(g * g - variance, alpha=1 - beta_2)

    def update(self, w: Any, g: Any, group: Dict[str, Any], state: Dict[str, Any]) -> None:
        beta_1, beta_2 = group["betas"]
        # Keras raises the betas as float32 numbers, but takes 1 - beta of the exact ones.
        first, second = state["products"]
        state["products"] = [first * _float32(beta_1), second * _float32(beta_2)]
        first, second = state["products"]
        self.average(g, group, state)
        rate = group["lr"] * math.sqrt(1 - second) / (1 - first)
        w.sub_(state["moment"] * rate / state["variance"].sqrt().add_(group["eps"]))


class AdamW(Adam):
    """Adam behind ``w -= rate weight_decay w``, biases included (Loshchilov & Hutter 2017)."""

    def group(self, settings: Dict[str, float]) -> Dict[str, Any]:
        return {**super().group(settings), "weight_decay": settings["weight_decay"]}

    def update(self, w: Any, g: Any, group: Dict[str, Any], state: Dict[str, Any]) -> None:
        w.sub_(w * (group["lr"] * group["weight_decay"]))
        super().update(w, g, group, state)


class Nadam(Adam):
    """Adam with Nesterov's look ahead (Dozat 2015), whose momentum at step t is ``beta_1 (1 - 0.96^t / 2)``. Epsilon is
    added to the bias-corrected root."""

    products = 3

    def update(self, w: Any, g: Any, group: Dict[str, Any], state: Dict[str, Any]) -> None:
        beta_1, beta_2 = group["betas"]
        # 0.96^t, the momenta so far, beta_2^t.
        power, momenta, second = state["products"]
        power *= 0.96
        momentum, following = beta_1 * (1 - 0.5 * power), beta_1 * (1 - 0.5 * power * 0.96)
        momenta, second = momenta * momentum, second * beta_2
        state["products"] = [power, momenta, second]
        self.average(g, group, state)
        ahead = state["moment"] * (following / (1 - momenta * following))
        ahead.add_(g, alpha=(1 - momentum) / (1 - momenta))
        root = (state["variance"] * (1 / (1 - second))).sqrt_().add_(group["eps"])
        w.sub_(ahead * group["lr"] / root)


#: By their names in job files.
RULES: Dict[str, Any] = {
    "sgd": SGD, "rmsprop": RMSprop, "adagrad": Adagrad, "adam": Adam, "adamw": AdamW, "nadam": Nadam,
}
