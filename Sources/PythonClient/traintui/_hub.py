"""Several processes that train together: the first one's hub. What the others have to say to it is in ``_follower``.

A process finds the hub by the store of torch or JAX, once; from then on they talk over connections of their own, JSON in lines,
in threads that are not the training's. That one says what it proposes at a meeting, no more. Whoever connects must know the
hub's token.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
import selectors
import socket
import threading
import time
from collections import deque
from typing import Any, Callable, Deque, Dict, List, Optional, Set, Tuple

from . import _store, _surroundings
from ._gate import Boundary, Gate
from ._meeting import agreement
from ._news import Asked
from ._parent import Parent
from ._talk import SILENCE, Talk
from ._training import Training
from ._wire import NO_ANSWER, Params, Refusal

#: Seconds in which every process must answer; none of them is held longer.
PATIENCE = 5.0
#: Seconds in which all come to a boundary where they are to meet. One that takes no more steps, while it helps others to
#: take theirs, does not come.
MEETING_PATIENCE = 10.0
#: Seconds between two words of where a process is.
BEAT = 0.25
#: Seconds between two words of the hub's that it is there.
PULSE = 1.0
#: What can be asked of those who are left where one is lost: a pause must have an end.
FOR_THE_REST = ("resume", "stop")


def _key(run: str) -> str:
    return f"traintui/{run}/{_surroundings.attempt()}"


def address(run: str) -> Tuple[int, str]:
    """The port at which a run's hub listens, and its token. Waits until there is one."""
    port, token = json.loads(_store.get(_key(run)))
    return int(port), str(token)


class _Other(Talk):
    """Another process, as the hub knows it."""

    def __init__(self, connection: socket.socket) -> None:
        super().__init__(connection)
        self.rank: Optional[int] = None
        self.opened = time.monotonic()


class _Round:
    """A request that is being agreed on."""

    def __init__(self, number: int, asked: Asked, missing: Set[int]) -> None:
        self.number = number
        self.asked = asked
        self.missing = missing
        self.hold = Boundary(0, 0)
        self.began = time.monotonic()


class Hub(threading.Thread):
    """The first process's side: agrees with all others on the boundary at which something is done."""

    def __init__(self, training: Training, gate: Gate, run: str, on_change: Callable[[], None]) -> None:
        super().__init__(name="traintui hub", daemon=True)
        self._training = training
        self._gate = gate
        self._run = run
        self._on_change = on_change
        self._world = _surroundings.world()
        self._token = secrets.token_hex(16)
        self._asked: Deque[Asked] = deque()
        self._others: List[_Other] = []
        #: What is known of each process, by rank: host, process, step, when that was said, and its state.
        self.ranks: Dict[int, Params] = {
            0: {"rank": 0, "host": socket.gethostname(), "pid": os.getpid(), "state": "there"}}
        self._round: Optional[_Round] = None
        self._rounds = 0
        #: What ranks propose, by the numbers of their meetings, and the last one that was decided.
        self._meetings: Dict[int, Dict[int, Params]] = {}
        self._met = 0
        #: When the first one came to each.
        self._began: Dict[int, float] = {}
        self._said = time.monotonic()
        #: What this process proposes, on its way here.
        self._proposed: Deque[Tuple[int, Params]] = deque()
        gate.propose = self._propose
        self._parent = Parent()
        self._selector = selectors.DefaultSelector()
        self._bell, self._ears = socket.socketpair()
        self._bell.setblocking(False)
        self._ears.setblocking(False)

    def post(self, asked: Asked) -> None:
        """Has something done by all; from any thread."""
        self._asked.append(asked)
        self._ring()

    def _propose(self, number: int, said: Params) -> None:
        self._proposed.append((number, said))
        self._ring()

    def _ring(self) -> None:
        try:
            self._bell.send(b"!")
        except OSError:
            pass

    @property
    def objection(self) -> Optional[str]:
        """Why nothing can be asked for; None where it can."""
        lost = [rank for rank, known in self.ranks.items() if known["state"] == "lost"]
        if lost:
            return f"rank {lost[0]} of {self._world} is lost"
        absent = self._absent
        return f"{absent} of {self._world} processes are not there yet" if absent else None

    @property
    def spared(self) -> Tuple[str, ...]:
        """What can be asked for though something is objected to: those who are left need not wait for the lost one."""
        return () if self._absent else FOR_THE_REST

    @property
    def _absent(self) -> int:
        return sum(rank not in self.ranks for rank in range(self._world))

    def told(self) -> List[Params]:
        """Where each process is, for whoever watches."""
        now = time.monotonic()
        found = []
        for rank, known in sorted(self.ranks.items()):
            step = self._training.own_step if rank == 0 else known.get("step", 0)
            seen = 0.0 if rank == 0 else round(now - known.get("seen", now), 1)
            found.append({
                "rank": rank, "host": known["host"], "pid": known["pid"], "step": step, "seen_s": seen,
                "state": known["state"],
            })
        return found[:64]

    def run(self) -> None:
        """Serves until the process ends."""
        try:
            self._serve()
        except Exception as problem:
            self._training.give_up(problem)
        finally:
            self._gate.open()
            # The others wait for nobody.
            for other in self._others:
                other.close()

    def _serve(self) -> None:
        listener = _store.listener()
        _store.put(_key(self._run), json.dumps([listener.getsockname()[1], self._token]))
        self._selector.register(listener, selectors.EVENT_READ)
        self._selector.register(self._ears, selectors.EVENT_READ)
        while self._training.is_alive:
            for key, _ in self._selector.select(BEAT):
                if key.fileobj is listener:
                    connection, _ = listener.accept()
                    other = _Other(connection)
                    self._others.append(other)
                    self._selector.register(connection, selectors.EVENT_READ, other)
                elif key.fileobj is self._ears:
                    self._ears.recv(4096)
                else:
                    self._attend(key.data)
            now = time.monotonic()
            for other in [one for one in self._others if one.rank is None and now - one.opened > PATIENCE]:
                self._close(other)
            for other in list(self._others):
                if other.rank is not None and other.silence > SILENCE:
                    self._lose(other.rank)
            if now - self._said > PULSE:
                self._said = now
                self._say({"here": True})
            if self._round is not None and now - self._round.began > PATIENCE:
                self._abort(f"rank {min(self._round.missing)} did not answer")
            for number, began in list(self._began.items()):
                if now - began > MEETING_PATIENCE:
                    absent = min(set(range(self._world)) - set(self._meetings[number]))
                    self._decide_meeting(number, {"refusal": f"rank {absent} takes no step"})
            while self._proposed:
                self._hear_proposal(0, *self._proposed.popleft())
            while self._round is None and self._asked:
                self._begin(self._asked.popleft())
            self._parent.look()

    def _attend(self, other: _Other) -> None:
        try:
            for message in other.hear():
                self._take(other, message)
        except (OSError, ValueError, KeyError, TypeError):
            self._close(other)

    def _take(self, other: _Other, message: Params) -> None:
        if other.rank is None:
            if not hmac.compare_digest(str(message["token"]), self._token):
                raise ValueError("a wrong token")
            other.rank = int(message["rank"])
            former = self.ranks.get(other.rank, {"state": "there"})
            self.ranks[other.rank] = {
                "host": str(message["host"])[:64], "pid": int(message["pid"]), "state": former["state"]}
            self._on_change()
        known = self.ranks[other.rank]
        if known["state"] == "lost":
            known["state"] = "there"
            self._tell(other.rank)
            self._on_change()
        if "step" in message:
            known.update(step=int(message["step"]), seen=time.monotonic())
        if message.get("bye"):
            known["state"] = "done"
            self._without(other.rank)
            self._end_meetings(f"rank {other.rank} has ended")
        if "propose" in message:
            self._hear_proposal(other.rank, int(message["propose"]), dict(message["said"]))
        current = self._round
        if current is not None and message.get("ready") == current.number:
            current.hold = max(current.hold, Boundary(*map(int, message["hold"])))
            self._without(other.rank)

    def _hear_proposal(self, rank: int, number: int, said: Params) -> None:
        """A rank is at a boundary and says what it can do there; the last one's word decides."""
        if number <= self._met:
            # It was refused before this rank came to it, and this one was told so too.
            return
        said_so_far = self._meetings.setdefault(number, {})
        said_so_far[rank] = said
        self._began.setdefault(number, time.monotonic())
        ended = [rank for rank, known in self.ranks.items() if known["state"] == "done"]
        objection = self.objection or (f"rank {ended[0]} has ended" if ended else None)
        if objection is not None:
            self._decide_meeting(number, {"refusal": objection})
        elif len(said_so_far) == self._world:
            self._decide_meeting(number, agreement(said_so_far))

    def _end_meetings(self, reason: str) -> None:
        for number in list(self._meetings):
            self._decide_meeting(number, {"refusal": reason})

    def _decide_meeting(self, number: int, result: Params) -> None:
        self._meetings.pop(number, None)
        self._began.pop(number, None)
        self._met = number
        self._say({"agreed": number, "result": result})
        self._gate.agreed(number, result)

    def _without(self, rank: int) -> None:
        """The round has not to wait for a process any more."""
        current = self._round
        if current is None:
            return
        current.missing.discard(rank)
        if not current.missing:
            self._say({"commit": current.number, "at": current.hold})
            self._gate.decide(current.number, current.hold)
            self._round = None

    def _begin(self, asked: Asked) -> None:
        objection = self.objection
        if objection is not None and asked.method not in self.spared:
            self._refuse(asked, objection)
            return
        self._rounds += 1
        there = {other.rank for other in self._others if other.rank is not None and self._is_there(other.rank)}
        current = self._round = _Round(self._rounds, asked, {rank for rank in there if rank is not None})
        self._say({"prepare": current.number, "method": asked.method, "params": asked.params})
        current.hold = max(current.hold, self._gate.prepare(current.number, asked))
        self._without(0)

    def _is_there(self, rank: int) -> bool:
        return bool(self.ranks[rank]["state"] == "there")

    def _abort(self, reason: str) -> None:
        current, self._round = self._round, None
        if current is not None:
            self._say({"abort": current.number})
            self._gate.decide(current.number, None)
            self._refuse(current.asked, reason)

    def _refuse(self, asked: Asked, reason: str) -> None:
        asked.refusal = Refusal(NO_ANSWER, reason)
        self._training.wake()
        self._training.news.append(asked)
        self._training.on_news()

    def _say(self, message: Params) -> None:
        for other in list(self._others):
            # One that is lost while its connection is there hears it when it is back.
            if other.rank is None or self.ranks[other.rank]["state"] == "done":
                continue
            try:
                other.say(message)
            except OSError:
                self._close(other)

    def _close(self, other: _Other) -> None:
        if other not in self._others:
            return
        self._others.remove(other)
        self._selector.unregister(other.connection)
        other.close()
        if other.rank is not None:
            self._lose(other.rank)

    def _lose(self, rank: int) -> None:
        """Its connection has ended, or nothing comes over it."""
        if self._is_there(rank):
            self.ranks[rank]["state"] = "lost"
            self._tell(rank)
            self._abort(f"rank {rank} is lost")
            self._end_meetings(f"rank {rank} is lost")
            self._on_change()

    def _tell(self, rank: int) -> None:
        known = self.ranks[rank]
        state = "lost" if known["state"] == "lost" else "back"
        self._training.tell("rank", {"rank": rank, "state": state, "host": known["host"]})
        self._training.on_news()
