"""What all but the first of several processes that train together have to say to its hub, and what they hear from it."""

from __future__ import annotations

import os
import selectors
import socket
import sys
import threading
import time
from typing import Optional

from . import _store, _surroundings
from ._gate import Boundary, Gate
from ._hub import BEAT, address
from ._news import Asked
from ._parent import Parent
from ._talk import SILENCE, Talk
from ._training import Training
from ._wire import Params


class Follower(threading.Thread):
    """Does what the first process's hub says."""

    def __init__(self, training: Training, gate: Gate, run: str) -> None:
        super().__init__(name="traintui follower", daemon=True)
        self._training = training
        self._gate = gate
        self._run = run
        self._talk: Optional[Talk] = None
        #: Whether nothing comes from the hub.
        self._is_alone = False
        self._parent = Parent()

    def run(self) -> None:
        """Does what the hub says until the process ends."""
        try:
            self._follow()
        except Exception as problem:
            if self._talk is None:
                # Without a hub this process is like one that nobody watches.
                self._training.give_up(problem)
            elif self._is_alone:
                self._complain("nobody asks this one for anything any more")
        finally:
            self._gate.open()
            if self._talk is not None:
                # Nobody waits for this process.
                self._talk.close()
        while True:
            time.sleep(1)
            self._parent.look()

    def _follow(self) -> None:
        host, (port, token) = _store.host(), address(self._run)
        try:
            talk = self._talk = Talk(socket.create_connection((host, port), timeout=10))
        except OSError as problem:
            raise OSError(f"the first process cannot be reached at {host}, port {port}: {problem}") from None
        rank, training = _surroundings.rank(), self._training
        talk.say({"token": token, "rank": rank, "host": socket.gethostname(), "pid": os.getpid(), "step": training.step})
        self._gate.propose = lambda number, said: self._propose(talk, number, said)
        selector = selectors.DefaultSelector()
        selector.register(talk.connection, selectors.EVENT_READ)
        beaten = time.monotonic()
        while training.is_alive:
            if selector.select(BEAT):
                for message in talk.hear():
                    self._take(talk, message)
            if time.monotonic() - beaten > BEAT:
                beaten = time.monotonic()
                talk.say({"step": training.own_step})
            if self._is_alone != (talk.silence > SILENCE):
                self._is_alone = not self._is_alone
                self._complain(f"nothing has come from it for {SILENCE:.0f} s" if self._is_alone else "it is there again")
            self._parent.look()

    def _complain(self, words: str) -> None:
        """Says why this process waits, or no longer: where it runs nobody has a dashboard."""
        try:
            sys.stderr.write(f"traintui: the first process, on {_store.host()}: {words}\n")
        except Exception:
            pass

    def _propose(self, talk: Talk, number: int, said: Params) -> None:
        """What the training's thread says. It waits for the answer then, until this thread sees that none can come."""
        try:
            talk.say({"propose": number, "said": said})
        except OSError:
            # Half a line may be said: nothing that follows would be understood.
            talk.break_off()

    def _take(self, talk: Talk, message: Params) -> None:
        if "prepare" in message:
            number = message["prepare"]
            hold = self._gate.prepare(number, Asked("", None, message["method"], message["params"]))
            talk.say({"ready": number, "hold": hold, "step": self._training.own_step})
        elif "commit" in message:
            self._gate.decide(message["commit"], Boundary(*message["at"]))
        elif "abort" in message:
            self._gate.decide(message["abort"], None)
        elif "agreed" in message:
            self._gate.agreed(message["agreed"], message["result"])

    def finish(self) -> None:
        """This process ends as it should."""
        if self._talk is not None:
            try:
                self._talk.say({"bye": True, "step": self._training.step})
            except OSError:
                pass
