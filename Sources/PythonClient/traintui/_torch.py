"""PyTorch's optimizers: their numbers as parameters, their steps counted. Imports torch nowhere by itself."""

from __future__ import annotations

import sys
from typing import Any, Callable, Dict, List, Optional

from ._numbers import NAN, at_hand
from ._parameters import Knob, Parameter, Range, Reading, Value
from ._wire import REFUSED, Params, Refusal

#: What the numbers of ``param_groups`` may be, by their names in torch.optim; others may be any finite number.
RANGES: Dict[str, Range] = {
    "lr": Range("positive"), "momentum": Range("below_one"), "dampening": Range("not_negative"),
    "weight_decay": Range("not_negative"), "eps": Range("positive"), "alpha": Range("below_one"),
    "rho": Range("below_one"), "lr_decay": Range("not_negative"), "momentum_decay": Range("not_negative"),
}
#: Switches that say how it is reckoned, or that change what an optimizer keeps: not for the middle of a training.
FIXED = ("foreach", "fused", "capturable", "differentiable", "maximize", "amsgrad", "centered", "decoupled_weight_decay")
#: Rates that schedulers keep, beside those in ``param_groups``.
STORED_RATES = ("base_lrs", "max_lrs", "min_lrs")
GROUP_RATES = ("initial_lr", "max_lr", "min_lr", "swa_lr")


def is_optimizer(value: Any) -> bool:
    """Whether it is one of torch's optimizers, or is used as one."""
    return isinstance(getattr(value, "param_groups", None), list) and bool(value.param_groups)


def prepared(optimizer: Any) -> Any:
    """The optimizer of torch's that one of another library, such as accelerate, steps with; or the same."""
    inner = getattr(optimizer, "optimizer", None)
    return inner if is_optimizer(optimizer) and is_optimizer(inner) else optimizer


def describe(model: Any, optimizer: Any, description: Params) -> str:
    """Adds what is known of the model and the optimizer. Returns the framework's name, "" where it is none."""
    torch = sys.modules.get("torch")
    description["optimizer"] = type(optimizer).__name__.lower()
    if model is not None:
        description["model"] = type(model).__name__
        try:
            description["weights"] = sum(p.numel() for p in model.parameters() if p.requires_grad)
        except Exception:
            pass
    return f"torch {getattr(torch, '__version__', '')}" if torch is not None else ""


#: Batches without a step after which it is looked whether the weights have changed all the same.
UNHEARD = 16


class Steps:
    """What an optimizer tells of its steps, each before it is taken. All of it in one hook: every step pays for each."""

    def __init__(self, optimizer: Any) -> None:
        self._optimizer = optimizer
        #: How many there were; None where it does not tell of them.
        self.count: Optional[int] = None
        #: Has the learning rate of the first group that the last one was taken with.
        self.rate: Any = Reading(self._present_rate)
        self._has_rate = "lr" in optimizer.param_groups[0]
        #: Batches without any step, and weights behind the first of them.
        self._batches = 0
        self._weights: Any = None
        #: What looks at a step too, and may say what it is to be called with.
        self.look: Optional[Callable[[Any, Any, Any], Any]] = None
        hook = getattr(optimizer, "register_step_pre_hook", None)
        if hook is not None:
            hook(self._before)
            self.count = 0
            self.rate = Knob(NAN)

    @property
    def are_unheard(self) -> bool:
        """Asked behind a batch without a step: whether steps are taken all the same, by a graph of kernels that has recorded
        them. Then nothing was told of the first one either, and weights change."""
        if self.count:
            return False
        try:
            weights = self._optimizer.param_groups[0]["params"][0].detach()
            if self._batches == 0:
                self._weights = weights.clone()
            self._batches += 1
            if self._batches % UNHEARD or bool((weights == self._weights).all()):
                return False
        except Exception:
            return False
        self.count, self.rate = None, Reading(self._present_rate)
        return True

    def _before(self, optimizer: Any, args: Any, kwargs: Any) -> Any:
        self.count += 1  # type: ignore[operator]
        rate = optimizer.param_groups[0]["lr"] if self._has_rate else NAN
        self.rate.value = rate if type(rate) is float else at_hand(rate)
        look = self.look
        return None if look is None else look(optimizer, args, kwargs)

    def _present_rate(self) -> Any:
        # A compiled optimizer has it in a tensor, to which the next one will be written.
        rate = self._optimizer.param_groups[0]["lr"]
        return rate if type(rate) is float else at_hand(rate)


def parameters(optimizer: Any, schedulers: List[Any]) -> List[Parameter]:
    """What can be changed of an optimizer: every number and switch of its first group, in all groups alike."""
    group = optimizer.param_groups[0]
    found: List[Parameter] = []
    if "lr" in group:
        found.append(learning_rate(optimizer, schedulers))
    for key, value in group.items():
        if key in ("params", "lr", "initial_lr", *GROUP_RATES) or key in FIXED:
            continue
        if key == "betas" and isinstance(value, (tuple, list)) and len(value) == 2:
            found += [beta(optimizer, 0), beta(optimizer, 1)]
        elif isinstance(value, bool):
            found.append(plain(optimizer, key, None))
        elif isinstance(value, (int, float)):
            found.append(plain(optimizer, key, RANGES.get(key, Range())))
    return found


def plain(optimizer: Any, key: str, range: Optional[Range]) -> Parameter:
    """A number or switch that every group has."""
    names = {"eps": "epsilon", "alpha": "rho" if "rho" not in optimizer.param_groups[0] else "alpha"}

    def write(value: Value) -> None:
        for group in optimizer.param_groups:
            if key in group:
                group[key] = value

    return Parameter(names.get(key, key), lambda: optimizer.param_groups[0][key], write, range)


def beta(optimizer: Any, index: int) -> Parameter:
    """One of Adam's two decay rates."""

    def write(value: Value) -> None:
        for group in optimizer.param_groups:
            betas = list(group["betas"])
            betas[index] = value
            group["betas"] = tuple(betas)

    return Parameter(
        f"beta_{index + 1}", lambda: optimizer.param_groups[0]["betas"][index], write, Range("below_one"))


def learning_rate(optimizer: Any, schedulers: List[Any]) -> Parameter:
    """The learning rate of the first group. All groups and all rates that schedulers keep change by one factor, so that
    groups keep their ratios and a schedule goes on from the new rate."""

    def write(value: Value) -> None:
        old = float(optimizer.param_groups[0]["lr"])
        known = schedulers or find_schedulers(optimizer)
        if old == 0:
            if known or len(optimizer.param_groups) > 1:
                raise Refusal(REFUSED, "the learning rate is 0 here, which no factor changes: wait for the schedule")
            put(optimizer.param_groups[0], "lr", value)
            return
        factor = float(value) / old
        for group in optimizer.param_groups:
            for key in ("lr", *GROUP_RATES):
                if isinstance(group.get(key), (int, float)) or hasattr(group.get(key), "fill_"):
                    put(group, key, float(group[key]) * factor)
        # Exactly what was asked for, and not the product.
        put(optimizer.param_groups[0], "lr", value)
        for scheduler in known:
            scale(scheduler, factor, set())

    return Parameter("learning_rate", lambda: float(optimizer.param_groups[0]["lr"]), write, RANGES["lr"], role="learning_rate")


def put(group: Dict[str, Any], key: str, value: float) -> None:
    """Sets a number where it lies: a compiled optimizer keeps its tensor."""
    present = group[key]
    if hasattr(present, "fill_"):
        present.fill_(value)
    else:
        group[key] = value


def scale(scheduler: Any, factor: float, seen: set[int]) -> None:
    """Multiplies every rate that a scheduler keeps, and those within it."""
    if id(scheduler) in seen:
        return
    seen.add(id(scheduler))
    for inner in getattr(scheduler, "_schedulers", ()):
        scale(inner, factor, seen)
    for key in STORED_RATES:
        rates = getattr(scheduler, key, None)
        if isinstance(rates, list):
            setattr(scheduler, key, [one * factor for one in rates])
    for key in ("eta_min", "_last_lr"):
        stored = getattr(scheduler, key, None)
        if isinstance(stored, list):
            setattr(scheduler, key, [one * factor for one in stored])
        elif isinstance(stored, (int, float)) and not isinstance(stored, bool):
            setattr(scheduler, key, stored * factor)


def find_buffers(optimizer: Any) -> List[Any]:
    """The buffers that go with an optimizer's parameters, such as the means of a batch normalisation: those of all modules
    that have some of them, but of parts that have only others."""
    module = sys.modules.get("torch.nn.modules.module")
    if module is None:
        return []
    import gc

    def owned(part: Any) -> List[int]:
        return [id(one) for one in part._parameters.values() if one is not None]

    kind, found = module.Module, {}
    mine = {id(one) for group in optimizer.param_groups for one in group["params"]}
    for whole in [one for one in gc.get_objects() if issubclass(type(one), kind)]:
        if any(id(one) in mine for one in whole.parameters()):
            for part in whole.modules():
                own = owned(part)
                if not own or mine.intersection(own):
                    found.update({id(one): one for one in part._buffers.values() if one is not None})
    return list(found.values())


def find_schedulers(optimizer: Any) -> List[Any]:
    """The schedulers of an optimizer that nobody named, among all objects there are. Takes some hundredths of a second,
    when a rate is changed and not before."""
    module = sys.modules.get("torch.optim.lr_scheduler")
    if module is None:
        return []
    import gc

    base = getattr(module, "LRScheduler", getattr(module, "_LRScheduler", None))
    kinds = tuple(kind for kind in (base, getattr(module, "ReduceLROnPlateau", None)) if isinstance(kind, type))
    return [
        one for one in gc.get_objects()
        if issubclass(type(one), kinds) and getattr(one, "optimizer", None) is optimizer
    ]
