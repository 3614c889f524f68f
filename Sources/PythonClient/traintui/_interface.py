"""The network over which gloo's processes reach each other on several computers.

gloo takes the address that a computer's name has on itself. Where that is one that means another computer anywhere else, as
Debian's 127.0.1.1, the processes would wait for each other for ever. So each computer takes the interface by which it reaches the
first one; that one is told by the second, at which of its addresses it was reached.
"""

from __future__ import annotations

import os
import socket
import struct
from typing import Optional

from . import _store, _surroundings

NAME = "GLOO_SOCKET_IFNAME"
#: What the kernel is asked for an interface's address by, on Linux.
SIOCGIFADDR = 0x8915


def choose() -> None:
    """Says it to gloo, where the person has not. Raises an ``OSError`` where there is no way to the first computer."""
    computer = os.environ.get("GROUP_RANK", "0")
    if NAME in os.environ or os.environ.get("LOCAL_WORLD_SIZE") == os.environ.get("WORLD_SIZE"):
        return
    with socket.create_connection((os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"])), timeout=60) as way:
        here, there = way.getsockname()[0], way.getpeername()[0]
    key = f"traintui/first computer/{_surroundings.attempt()}"
    if computer == "1" and os.environ.get("LOCAL_RANK") == "0":
        _store.put(key, there)
    if _means_itself(socket.gethostname()):
        name = _interface(_store.get(key) if computer == "0" else here)
        if name is not None:
            os.environ[NAME] = name


def _means_itself(name: str) -> bool:
    try:
        return socket.gethostbyname(name).startswith("127.")
    except OSError:
        return False


def _interface(address: str) -> Optional[str]:
    """The interface that has an address of IPv4."""
    try:
        import fcntl

        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
            for _, name in socket.if_nameindex():
                try:
                    answer = fcntl.ioctl(asked, SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
                except OSError:
                    # It has none.
                    continue
                if socket.inet_ntoa(answer[20:24]) == address:
                    return name
    except (ImportError, OSError):
        pass
    return None
