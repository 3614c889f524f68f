"""All that the next step depends on, kept in memory and put back where it lies: weights, buffers, what the optimizer and
the schedules remember, random numbers.

Tensors are filled in place, so that whoever points to them (DistributedDataParallel, compiled code, graphs) still does.
"""

from __future__ import annotations

import copy
import sys
from typing import Any, Callable, Dict, List, Optional, Protocol, Tuple

from . import _torch
from ._chance import Chance


class State:
    """A state: what puts it back, and how many bytes it holds."""

    __slots__ = ("_parts", "_chance", "bytes")

    def __init__(self, parts: List[Callable[[], None]], size: int, chance: Optional[Chance]) -> None:
        self._parts = parts
        self._chance = chance
        # The generators' own states are some 10 kB.
        self.bytes = size + 10_000

    def restore(self) -> None:
        """Puts everything back."""
        for part in self._parts:
            part()
        if self._chance is not None:
            self._chance.restore()


class Keeps(Protocol):
    """Knows what belongs to the state of a training, whatever it is made of."""

    @property
    def size(self) -> int:
        """Bytes of the present state."""

    def keep(self) -> State:
        """Keeps the present state."""

    def keep_settings(self) -> Optional[State]:
        """Keeps what schedules change; None where that is nothing."""


class Keeper:
    """Knows what belongs to the state of a training, and keeps it.

    In a loop that is not ours copies lie in the processor's memory: nobody said how much of a device's may be taken; and
    where its data go on, so do random numbers. A model that is not known is found by its optimizer's parameters.
    """

    def __init__(
        self, model: Any, optimizer: Any, schedulers: List[Any], others: List[Any], is_ours: bool = True,
        data_go_on: bool = False,
    ) -> None:
        self._model = model
        self._is_ours = is_ours
        self._data_go_on = data_go_on
        self._buffers: Optional[List[Any]] = None
        self._optimizer = optimizer if _torch.is_optimizer(optimizer) else None
        self._schedulers = [one for one in schedulers if callable(getattr(one, "state_dict", None))]
        #: Whatever else has ``state_dict`` and ``load_state_dict``.
        self._others = others
        self._has_looked = bool(self._schedulers)

    @property
    def repeats_bits(self) -> bool:
        """Whether the same work gives the same bits: on a processor, or where the script allows only such work elsewhere."""
        torch: Any = sys.modules.get("torch")
        if torch is not None and torch.are_deterministic_algorithms_enabled():
            return True
        return all(getattr(tensor, "device", None) is None or tensor.device.type == "cpu" for tensor in self._tensors())

    @property
    def least_bytes(self) -> int:
        """Bytes of a state, as far as they are known before the first step: an optimizer may add twice the weights."""
        return sum(tensor.numel() * tensor.element_size() for tensor in self._tensors())

    def keep(self) -> State:
        """Keeps the present state."""
        if not self._has_looked and self._optimizer is not None:
            self._has_looked = True
            self._schedulers = _torch.find_schedulers(self._optimizer)
        if not self._is_ours and self._buffers is None and self._model is None:
            self._buffers = _torch.find_buffers(self._optimizer)
        kept = _Kept(is_away=not self._is_ours)
        for tensor in self._tensors():
            kept.tensor(tensor)
        if self._optimizer is not None:
            kept.optimizer(self._optimizer)
        for one in (*self._schedulers, *self._others):
            kept.object(one)
        return State(kept.parts, kept.bytes, None if self._data_go_on else Chance())

    def keep_settings(self) -> Optional[State]:
        """Keeps what schedules change: they and the optimizer's numbers. None where there is no schedule."""
        if not self._schedulers or self._optimizer is None:
            return None
        kept = _Kept(is_away=False)
        kept.settings(self._optimizer)
        for one in self._schedulers:
            kept.object(one)
        return State(kept.parts, kept.bytes, None)

    @property
    def size(self) -> int:
        """Bytes of the present state's tensors."""
        own = () if self._optimizer is None else [value for one in self._optimizer.state.values() for value in one.values()]
        return sum(tensor.numel() * tensor.element_size() for tensor in (*self._tensors(), *_tensors_in(list(own))))

    def _tensors(self) -> List[Any]:
        if self._model is None:
            if not self._is_ours and self._optimizer is not None:
                weights = [one for group in self._optimizer.param_groups for one in group["params"]]
                return [*weights, *(self._buffers or ())]
            return []
        return [*self._model.parameters(), *self._model.buffers()]


class _Copy:
    """A tensor's values, and the device that they belong to."""

    __slots__ = ("values", "device")

    def __init__(self, tensor: Any, is_away: bool) -> None:
        own = tensor.detach()
        self.device = own.device
        # One of which only a part is here has no other place.
        self.values = own.to("cpu", copy=True) if is_away and not hasattr(own, "placements") else own.clone()


class _Kept:
    def __init__(self, is_away: bool) -> None:
        self.parts: List[Callable[[], None]] = []
        self.bytes = 0
        self._is_away = is_away

    def _clone(self, tensor: Any) -> _Copy:
        self.bytes += tensor.numel() * tensor.element_size()
        return _Copy(tensor, self._is_away)

    def tensor(self, tensor: Any) -> None:
        clone, lies = self._clone(tensor), tensor.detach()
        self.parts.append(lambda: lies.copy_(clone.values))

    def _value(self, value: Any) -> Any:
        return self._clone(value) if _is_tensor(value) else copy.deepcopy(value)

    def optimizer(self, optimizer: Any) -> None:
        state = optimizer.state
        kept = [(key, {name: self._value(value) for name, value in own.items()}) for key, own in state.items()]

        def restore() -> None:
            known = {id(key) for key, _ in kept}
            for key in [key for key in state if id(key) not in known]:
                del state[key]
            for key, own in kept:
                _fill(state[key], own)

        self.parts.append(restore)
        self.settings(optimizer)

    def settings(self, optimizer: Any) -> None:
        groups = [
            {name: self._value(value) for name, value in group.items() if name != "params"}
            for group in optimizer.param_groups
        ]

        def restore() -> None:
            for group, values in zip(optimizer.param_groups, groups):
                _fill(group, values, besides="params")

        self.parts.append(restore)

    def object(self, thing: Any) -> None:
        kept = copy.deepcopy(thing.state_dict())
        # A guess is enough for what is mostly some numbers.
        self.bytes += sum(value.numel() * value.element_size() for value in _tensors_in(kept)) + 200
        self.parts.append(lambda: thing.load_state_dict(copy.deepcopy(kept)))


def _fill(present: Dict[Any, Any], kept: Dict[Any, Any], besides: str = "") -> None:
    """Makes a dict what it was; tensors stay where they lie."""
    for name in [name for name in present if name not in kept and name != besides]:
        del present[name]
    for name, value in kept.items():
        if not isinstance(value, _Copy):
            present[name] = copy.deepcopy(value)
        elif _is_tensor(present.get(name)) and present[name].shape == value.values.shape:
            present[name].detach().copy_(value.values)
        else:
            present[name] = value.values.clone().to(value.device)


def _is_tensor(value: Any) -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def _tensors_in(value: Any) -> List[Any]:
    if _is_tensor(value):
        return [value]
    if isinstance(value, dict):
        return [tensor for one in value.values() for tensor in _tensors_in(one)]
    if isinstance(value, (list, tuple)):
        return [tensor for one in value for tensor in _tensors_in(one)]
    return []


def can_be_kept(model: Any, keep: Tuple[Any, ...]) -> bool:
    """Whether there is anything whose state can be kept."""
    return bool(keep) or callable(getattr(model, "buffers", None))
