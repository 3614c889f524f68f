"""Where a run's socket lies: ``$XDG_RUNTIME_DIR/traintui/RUN.sock``, else ``/tmp/traintui-UID/RUN.sock``.

The folder is this user's alone (0700), and nothing is put into one that is not: a link, another one's folder or one that
others can enter is refused in a sentence.
"""

from __future__ import annotations

import errno
import os
import re
import socket
import stat
import struct
import sys
from typing import Optional, Tuple

#: Bytes in a socket's path on Linux, its zero left out.
LONGEST_PATH = 107


def folder() -> str:
    """The folder of this user's sockets, whether it is there or not."""
    base = os.environ.get("XDG_RUNTIME_DIR", "")
    if base.startswith("/") and os.path.isdir(base):
        return os.path.join(base, "traintui")
    return f"/tmp/traintui-{os.getuid()}"


def made_folder() -> str:
    """The folder, made where it is missing. Raises an ``OSError`` with a sentence where it cannot be trusted."""
    path = folder()
    try:
        os.mkdir(path, 0o700)
    except FileExistsError:
        pass
    status = os.lstat(path)
    if not stat.S_ISDIR(status.st_mode):
        raise OSError(f"{path} is no folder")
    if status.st_uid != os.getuid():
        raise OSError(f"{path} belongs to another user")
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise OSError(f"{path} can be entered by other users; chmod 700 it")
    return path


def tame(name: str) -> str:
    """A name that can be part of a path, made of any text."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:40] or "run"


def listen(name: str) -> Tuple[socket.socket, str, str]:
    """A socket that listens under this name, or one with a number behind it where that is in use.

    Returns the socket, the name and the path. Raises an ``OSError`` with a sentence.
    """
    home = made_folder()
    for attempt in range(1, 1000):
        run = name if attempt == 1 else f"{name}-{attempt}"
        path = os.path.join(home, f"{run}.sock")
        if len(os.fsencode(path)) > LONGEST_PATH:
            raise OSError(f"{path} is longer than the {LONGEST_PATH} bytes that a socket's path may have")
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            if bind(listener, path):
                os.chmod(path, 0o600)
                listener.listen(16)
                listener.setblocking(False)
                return listener, run, path
        except BaseException:
            listener.close()
            raise
        listener.close()
    raise OSError(f"{home} has no free name like {name}")


def bind(listener: socket.socket, path: str) -> bool:
    """Binds, in the place of a socket that nobody listens on any more. False where somebody does."""
    try:
        listener.bind(path)
        return True
    except OSError as problem:
        if problem.errno != errno.EADDRINUSE:
            raise
    if not stat.S_ISSOCK(os.lstat(path).st_mode):
        return False
    probe = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        probe.settimeout(1)
        probe.connect(path)
        return False
    except ConnectionRefusedError:
        os.unlink(path)
        listener.bind(path)
        return True
    except OSError:
        return False
    finally:
        probe.close()


def peer(connection: socket.socket) -> Optional[Tuple[int, int]]:
    """The process and the user at the other end; None where the system does not tell."""
    if not sys.platform.startswith("linux"):
        return None
    data = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    process, user, _ = struct.unpack("3i", data)
    return process, user
