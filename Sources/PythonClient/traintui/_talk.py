"""What processes that train together say to each other: objects in lines of JSON over a connection."""

from __future__ import annotations

import json
import socket
import threading
import time
from typing import List

from ._wire import Lines, Params, Refusal

#: Seconds after which one who says nothing, where both say something four times a second, counts as lost until it does. That is on
#: a screen within ten.
SILENCE = 8.0
#: Seconds after which a connection ends over which nothing gets to the other computer. The system finds out: a process that
#: has no time to answer does not count.
DEAD = 30.0


class Talk:
    """One end of a connection."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._lines = Lines()
        # The training's thread says something too.
        self._saying = threading.Lock()
        # For what is said: what is heard is there already.
        connection.settimeout(2)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(1000 * DEAD))
        self._heard = time.monotonic()

    @property
    def silence(self) -> float:
        """Seconds since anything was heard."""
        return time.monotonic() - self._heard

    def say(self, message: Params) -> None:
        """Says it whole. Raises an ``OSError`` where nobody is there, or reads; then a part of it may be said."""
        with self._saying:
            self.connection.sendall(json.dumps(message).encode() + b"\n")

    def hear(self) -> List[Params]:
        """What came. Raises an ``OSError`` or ``ValueError`` where nobody is there, or it is nonsense."""
        data = self.connection.recv(65536)
        self._heard = time.monotonic()
        if not data:
            raise ConnectionResetError("the other process has gone")
        try:
            messages = [json.loads(line) for line in self._lines.take(data)]
        except Refusal as refusal:
            raise ValueError(refusal.sentence) from None
        return [message for message in messages if isinstance(message, dict)]

    def break_off(self) -> None:
        """Lets both ends know that it is over."""
        try:
            # A worker that loads data has inherited the connection, so that closing it here alone would tell nobody.
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def close(self) -> None:
        """Ends this end of it, so that the other one sees it."""
        self.break_off()
        self.connection.close()
