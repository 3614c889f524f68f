"""Where processes that begin together find each other, once: torch's store under torchrun, or the service by which the
processes of JAX know of each other. Neither takes a collective, which one process alone would wait in for ever."""

from __future__ import annotations

import importlib
import os
import socket
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


def listener() -> socket.socket:
    """What the first process listens with, as all others reach it by its address. Raises an ``OSError``.

    A computer may call itself by an address that means another one anywhere else, such as 127.0.1.1, or be reached by an address
    that it has not itself. Then it listens at all that it has, as torch's store does.
    """
    name = host()
    is_here = os.environ.get("LOCAL_WORLD_SIZE") == os.environ.get("WORLD_SIZE", "") or _is_loopback(name)
    for family, _, _, _, address in socket.getaddrinfo(name, 0, type=socket.SOCK_STREAM):
        if is_here or not _is_loopback(str(address[0])):
            try:
                return socket.create_server((str(address[0]), 0), family=family, backlog=128)
            except OSError:
                continue
    if socket.has_dualstack_ipv6():
        return socket.create_server(("", 0), family=socket.AF_INET6, backlog=128, dualstack_ipv6=True)
    return socket.create_server(("", 0), backlog=128)


def _is_loopback(address: str) -> bool:
    """Whether it means each computer to itself."""
    return address in ("localhost", "::1") or address.startswith("127.")


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
