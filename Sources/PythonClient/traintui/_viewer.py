"""One dashboard at the other end of a socket."""

from __future__ import annotations

import socket
import time
from collections import OrderedDict, deque
from typing import Deque, Dict, List, Optional, Set

from ._samples import Samples, Steps
from ._wire import Lines, Params, encode, notification

#: Bytes that may wait for a viewer. One that is further behind is closed.
MOST_WAITING = 1 << 20
#: From so many bytes on news wait with us: samples fold, events are held behind them.
ENOUGH_WAITING = 1 << 16
#: Answers that are kept for a session.
MOST_ANSWERS = 256


class Session:
    """What outlives a connection: the requests under way and the answers given, by their numbers."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.open: Set[int] = set()
        self.answers: OrderedDict[int, bytes] = OrderedDict()

    def keep(self, number: int, line: bytes) -> None:
        """Keeps an answer, the oldest ones no longer."""
        self.open.discard(number)
        self.answers[number] = line
        while len(self.answers) > MOST_ANSWERS:
            self.answers.popitem(last=False)


class Viewer:
    """A connection: bytes in and out, the steps that wait to be told, and what it may do."""

    def __init__(self, connection: socket.socket, process: Optional[int]) -> None:
        self.connection = connection
        self.process = process
        self.opened = time.monotonic()
        self.lines = Lines()
        self.waiting = bytearray()
        self.session: Optional[Session] = None
        #: Whether it started the training, and steers it no further.
        self.launches = False
        self.rate = 10.0
        #: The steps that wait, by their branches, and the branch that the run is on.
        self.samples: Dict[int, Samples] = {}
        self._branch = 0
        self.is_closing = False
        self._held: List[bytes] = []
        self._held_bytes = 0
        self._last_sent = 0.0
        self._last_progress: Optional[Params] = None
        self._requests: Deque[float] = deque(maxlen=200)

    def is_too_fast(self, now: float) -> bool:
        """Whether this request is one of more than 200 in a second."""
        self._requests.append(now)
        return len(self._requests) == 200 and now - self._requests[0] < 1

    def send(self, line: bytes) -> None:
        """Queues a line. A viewer that does not read is given up."""
        if len(self.waiting) + len(line) > MOST_WAITING:
            self.is_closing = True
            self.waiting.clear()
            return
        self.waiting += line

    def add(self, steps: Steps, metrics: int) -> None:
        """Steps to tell when it is time."""
        if steps.run != self._branch:
            # The run has gone elsewhere: what was before that is told before.
            self._flush()
            self.samples, self._branch = {}, steps.run
        if steps.branch not in self.samples:
            self._flush()
            self.samples[steps.branch] = Samples(steps.branch, metrics)
        self.samples[steps.branch].extend(steps)

    def tell_samples(self) -> None:
        """Tells the steps that wait: before an event, so that it finds them told."""
        for samples in self.samples.values():
            if samples:
                self.send(encode(notification("samples", samples.wire())))
                samples.clear()

    def tell(self, line: bytes) -> None:
        """Tells an event, or the answer that comes of it, behind the samples up to it."""
        self._held.append(line)
        self._held_bytes += len(line)
        if self._held_bytes > MOST_WAITING:
            self.is_closing = True
            return
        self._release()

    def _release(self) -> None:
        """Sends what is held where the viewer reads on."""
        if self._held and len(self.waiting) <= ENOUGH_WAITING:
            self._flush()

    def _flush(self) -> None:
        self.tell_samples()
        self.waiting += b"".join(self._held)
        self._held, self._held_bytes = [], 0

    def due(self, now: float) -> float:
        """Seconds until samples may be sent again."""
        return max(0.0, self._last_sent + 1 / self.rate - now)

    def refresh(self, now: float, progress: Params, at_once: bool = False) -> None:
        """Tells the steps that wait and where the run stands, where that is due, or wanted at once, and new."""
        if self.session is None:
            return
        self._release()
        if not at_once and (self.due(now) > 0 or len(self.waiting) > ENOUGH_WAITING):
            return
        if not any(self.samples.values()) and progress == self._last_progress:
            return
        self._last_sent = now
        self.tell_samples()
        self.send(encode(notification("progress", progress)))
        self._last_progress = progress

    def write(self) -> None:
        """Writes what the socket takes. Raises an ``OSError`` where nobody is there."""
        while self.waiting:
            try:
                count = self.connection.send(self.waiting[:65536])
            except (BlockingIOError, InterruptedError):
                return
            del self.waiting[:count]

    def read(self) -> List[bytes]:
        """The lines that came. Raises an ``OSError`` where nobody is there, a ``Refusal`` for a line too long."""
        try:
            data = self.connection.recv(65536)
        except (BlockingIOError, InterruptedError):
            return []
        if not data:
            raise ConnectionResetError("the viewer has gone")
        return self.lines.take(data)
