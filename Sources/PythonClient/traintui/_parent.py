"""The launcher of one of several processes, and what becomes of the process without it."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import Optional


class Parent:
    """torchrun, without which its workers are to end: where it is killed, nobody ends them."""

    def __init__(self) -> None:
        self._process = os.getppid() if "TORCHELASTIC_RUN_ID" in os.environ else None
        self._gone: Optional[float] = None

    def look(self) -> None:
        """Ends this process where torchrun is gone."""
        if self._process is None or os.getppid() == self._process:
            return
        if self._gone is None:
            self._gone = time.monotonic()
            sys.stderr.write("traintui: torchrun is gone, and so this process ends\n")
            os.kill(os.getpid(), signal.SIGTERM)
        elif time.monotonic() - self._gone > 10:
            os.kill(os.getpid(), signal.SIGKILL)
