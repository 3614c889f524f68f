"""Where processes that begin together find each other, once: torch's store under torchrun, or the service by which the
processes of JAX know of each other. Neither takes a collective, which one process alone would wait in for ever."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

#: Seconds that a process waits for the first one to say where it is.
PATIENCE = 300


def jax_service() -> Any:
    """JAX's client of that service; None where JAX has no processes. JAX has no public name for it."""
    distributed = sys.modules.get("jax._src.distributed")
    return getattr(getattr(distributed, "global_state", None), "client", None)


def can_be_had() -> bool:
    """Whether there is one of them."""
    service = jax_service()
    if service is not None:
        return hasattr(service, "key_value_set") and hasattr(service, "blocking_key_value_get") and bool(host())
    return bool(os.environ.get("MASTER_ADDR")) and bool(os.environ.get("MASTER_PORT"))


def host() -> str:
    """The first process's address, as all others know it; "" where nobody does."""
    if jax_service() is not None:
        address: Any = sys.modules["jax._src.distributed"].global_state.coordinator_address
        return str(address or "").rpartition(":")[0].strip("[]")
    return os.environ["MASTER_ADDR"]


def put(key: str, value: str) -> None:
    """The first process says something to all."""
    service = jax_service()
    if service is not None:
        service.key_value_set(key, value)
    else:
        _torch_store().set(key, value)


def get(key: str) -> str:
    """What the first process said, for which it is waited."""
    service = jax_service()
    if service is not None:
        return str(service.blocking_key_value_get(key, PATIENCE * 1000))
    value = _torch_store().get(key)
    return value.decode() if isinstance(value, bytes) else str(value)


def _torch_store() -> Any:
    store = importlib.import_module("torch.distributed").TCPStore
    return store(os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"]), is_master=False, wait_for_workers=False)
