"""Signals that tell the engine's processes to end: the run is stopped behind a step, and its weights are written.

A batch system tells all of a job's processes at once: each of these, their launchers, and whoever started those. The first one
stops the run, on all of them, as a dashboard would; the others wait for that. It must not take longer than a batch system waits.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import threading
import time
from typing import Callable, Optional

ENDING = (signal.SIGTERM, signal.SIGINT)
#: Seconds for the step under way and the weights, then the process ends as it is. Another signal ends it sooner, but not the one
#: that a launcher hands on.
PATIENCE, HANDED_ON = 8.0, 2.0


class Ending(threading.Thread):
    """Waits for such a signal. A thread hears it while a step keeps the training's own."""

    def __init__(self) -> None:
        super().__init__(name="traintui ending", daemon=True)
        self._ears, self._bell = socket.socketpair()
        self._bell.setblocking(False)
        self._stop: Optional[Callable[[], bool]] = None
        #: What is done last where the run could not be stopped.
        self.leave: Callable[[], None] = lambda: None

    def listen(self) -> None:
        """From now on; in the main thread."""
        self.start()
        signal.set_wakeup_fd(self._bell.fileno(), warn_on_full_buffer=False)
        for number in ENDING:
            # With no handler of its own Python would not ring.
            signal.signal(number, lambda *_: None)

    def stops_by(self, stop: Optional[Callable[[], bool]]) -> None:
        """What stops the run, called again and again until it says that it does; None where there is no run to be stopped, and a
        signal is what it always was. In the main thread."""
        self._stop = stop
        if stop is None:
            for number in ENDING:
                signal.signal(number, signal.SIG_DFL)

    def run(self) -> None:
        """Waits for a signal, and then for the end."""
        number = self._hear(None)
        began = time.monotonic()
        while (elapsed := time.monotonic() - began) < PATIENCE:
            if self._stop is not None and self._stop():
                self._stop = None
            if self._hear(0.5) and elapsed > HANDED_ON:
                break
        try:
            self.leave()
        finally:
            os._exit(128 + number)

    def _hear(self, seconds: Optional[float]) -> int:
        """The next such signal; 0 where none comes in time."""
        while select.select([self._ears], [], [], seconds)[0]:
            if (number := self._ears.recv(1)[0]) in ENDING:
                return number
        return 0
