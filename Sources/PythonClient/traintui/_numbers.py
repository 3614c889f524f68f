"""Losses and metrics as numbers: at once where they are at hand, else later, in another thread and many together.

What lies on a device is known only when all that is to be done there before it is done. The training waits for none of it.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from typing import Any, Dict, List, Tuple

NAN = float("nan")
#: ``cudaStreamCaptureModeRelaxed``.
_RELAXED = 2


class Away:
    """A number on a device: a copy, for the script may write the next one to the same place, as graphs of kernels do."""

    __slots__ = ("copy", "stream")

    def __init__(self, value: Any) -> None:
        self.copy = value.detach().clone()
        #: In whose order the copy is made; None where the device has only one.
        self.stream = sys.modules["torch"].cuda.current_stream(value.device) if getattr(value, "is_cuda", False) else None

    @property
    def is_wide(self) -> bool:
        """Whether it is of a type that no scale makes it too large for."""
        return self.copy.is_floating_point() and bool(self.copy.element_size() >= 4)

    def item(self) -> float:
        """The number, which is waited for."""
        return fetched([self.copy], self.stream)[0]

    def __float__(self) -> float:
        return self.item()


def at_hand(value: Any) -> Any:
    """A loss as it is kept: a number where that is there already, else what is read later in another thread.

    On a processor reading it costs a fifth of keeping it.
    """
    try:
        if value.is_cpu:
            return value.item()
    except Exception:
        pass
    return for_later(value)


def for_later(value: Any) -> Any:
    """What a loss is read from later: without the graph that it comes of, which would be held by it."""
    try:
        return value if getattr(value, "detach", None) is None else Away(value)
    except Exception:
        return NAN


def number_of(value: Any) -> float:
    """A loss as a number, whatever was given: a float, a tensor, an array of one number; NaN for what is none."""
    try:
        if type(value) is float:
            return value
        item = getattr(value, "item", None)
        return float(item() if item is not None else value)
    except Exception:
        return NAN


def numbers_of(values: List[Any], in_own_thread: bool = False) -> List[float]:
    """The same of many. Those that are away are fetched together.

    ``in_own_thread`` says that this is not the thread that trains.
    """
    ways: Dict[Tuple[Any, ...], List[int]] = {}
    for index, value in enumerate(values):
        if type(value) is Away:
            ways.setdefault((value.stream, value.copy.device, value.copy.dtype), []).append(index)
    if not ways:
        return [number_of(value) for value in values]
    if in_own_thread:
        _let_others_record()
    found = list(values)
    for (stream, *_), indices in ways.items():
        try:
            fetched_ones = fetched([values[index].copy for index in indices], stream)
        except Exception:
            continue
        for index, one in zip(indices, fetched_ones):
            found[index] = one
    return [number_of(value) for value in found]


def fetched(copies: List[Any], stream: Any) -> List[float]:
    """The numbers of tensors of one number each, which are of one device and type."""
    torch: Any = sys.modules["torch"]
    with torch.cuda.stream(stream):
        return [float(one) for one in torch.stack([copy.reshape(()) for copy in copies]).tolist()]


class _Thread(threading.local):
    lets_others_record = False


_thread = _Thread()


def _let_others_record() -> None:
    """While one thread records a graph of kernels CUDA lets no other one wait or allocate, or the recording fails: unless
    that one has said, as here, that what it does is no part of any recording."""
    if _thread.lets_others_record:
        return
    _thread.lets_others_record = True
    version = sys.modules["torch"].version.cuda
    if not version:
        return
    try:
        runtime = ctypes.CDLL(f"libcudart.so.{version.split('.')[0]}")
        runtime.cudaThreadExchangeStreamCaptureMode(ctypes.byref(ctypes.c_int(_RELAXED)))
    except (OSError, AttributeError):
        # As it is on other systems. Recordings are rare, and mostly made before the first step.
        pass
