"""The thread that serves dashboards: it listens, answers, and tells what the training's thread did.

It is the only one that touches a socket. Whatever goes wrong with a dashboard ends that connection; whatever goes wrong
in here ends this thread, with a line to stderr, and the training goes on.
"""

from __future__ import annotations

import os
import selectors
import socket
import threading
import time
from collections import OrderedDict
from typing import Callable, List, Optional

from . import _place
from ._news import Asked
from ._samples import Steps
from ._told import RunTold, clean
from ._training import Training
from ._turns import TAKE_TURN
from ._viewer import Session, Viewer
from ._wire import (
    ENDED_FIRST, NO_REQUEST, NOT_THE_DRIVER, PROTOCOL, REFUSED, TOO_MANY, UNKNOWN_METHOD, Params, Refusal, Request,
    answer, count_of, decode, encode, error, notification, number_of, text_of,
)

MOST_VIEWERS = 8
MOST_SESSIONS = 32
MOST_OPEN = 64
#: What whoever started a training asks of it, though another one steers.
OF_LAUNCHERS = ("resume", "stop")
#: Seconds in which a connection must say what it is.
PATIENCE = 5.0
#: Seconds between two looks at whether the socket can be found.
GLANCE = 2.0
#: Items of news that are taken before sockets are looked at again.
PORTION = 20000


class Server(threading.Thread):
    """Serves one training."""

    def __init__(
        self, training: Training, listener: socket.socket, path: str, introduce: Callable[[], Params],
        orphan_after: float = 30.0,
    ) -> None:
        super().__init__(name="traintui", daemon=True)
        self._training = training
        self._listener = listener
        self._path = path
        #: What ``initialize`` answers beside what was told: peer, world, capabilities.
        self._introduce = introduce
        self._orphan_after = orphan_after
        self.told = RunTold(training)
        self._viewers: List[Viewer] = []
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._driver: Optional[Viewer] = None
        self._alone_since = time.monotonic()
        self._keeps_paused = False
        self._was_visited = False
        self._found_at = time.monotonic()
        self._ending: Optional[Params] = None
        self._process = os.getpid()
        self._selector = selectors.DefaultSelector()
        self._bell, self._ears = socket.socketpair()
        self._bell.setblocking(False)
        self._ears.setblocking(False)
        training.on_news = self.wake

    def wake(self) -> None:
        """Has news looked at now; from any thread."""
        try:
            self._bell.send(b"!")
        except OSError:
            pass

    def finish(self, reason: str, code: Optional[int] = None) -> None:
        """Tells that the training's process ends, and waits for that to be said, but not long."""
        if os.getpid() != self._process:
            return
        if self.is_alive():
            self._ending = {"reason": reason} if code is None else {"reason": reason, "code": code}
            self.wake()
            self.join(1.5)
        self._remove()

    def forget(self) -> None:
        """In a child process after a fork: nothing here is the child's."""
        for closed in (self._listener, self._bell, self._ears, *(viewer.connection for viewer in self._viewers)):
            try:
                closed.close()
            except OSError:
                pass

    def _remove(self) -> None:
        try:
            os.unlink(self._path)
        except OSError:
            pass

    # The loop

    def run(self) -> None:
        """Serves until the process ends."""
        try:
            self._serve()
        except Exception as problem:
            self._training.give_up(problem)
            for viewer in self._viewers:
                viewer.connection.close()
        finally:
            self._listener.close()
            self._remove()

    def _serve(self) -> None:
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._ears, selectors.EVENT_READ)
        timeout = 0.1
        while True:
            for key, mask in self._selector.select(timeout):
                if key.fileobj is self._listener:
                    self._accept()
                elif key.fileobj is self._ears:
                    self._hear()
                else:
                    self._attend(key.data, mask)
            self._take_news()
            now = time.monotonic()
            self._refresh()
            for viewer in list(self._viewers):
                if viewer.session is None and now - viewer.opened > PATIENCE:
                    viewer.is_closing = True
                self._write(viewer)
            self._free_orphan(now)
            self._be_found(now)
            if self._ending is not None:
                self._say_goodbye(self._ending)
                return
            timeout = min([0.1] + [max(0.01, viewer.due(now)) for viewer in self._viewers])
            if self._training.news and len(self._training.news) > PORTION:
                timeout = 0

    def _hear(self) -> None:
        try:
            while self._ears.recv(4096):
                pass
        except OSError:
            pass

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        other = _place.peer(connection)
        if len(self._viewers) >= MOST_VIEWERS or (other is not None and other[1] != os.getuid()):
            connection.close()
            return
        connection.setblocking(False)
        viewer = Viewer(connection, other[0] if other else None)
        self._viewers.append(viewer)
        self._selector.register(connection, selectors.EVENT_READ, viewer)

    def _attend(self, viewer: Viewer, mask: int) -> None:
        if viewer not in self._viewers or not mask & selectors.EVENT_READ:
            return
        try:
            for line in viewer.read():
                self._receive(viewer, line)
                if viewer.is_closing:
                    break
        except Refusal as refusal:
            viewer.send(encode(error(None, refusal)))
            viewer.is_closing = True
        except OSError:
            self._close(viewer)

    def _write(self, viewer: Viewer) -> None:
        try:
            viewer.write()
        except OSError:
            self._close(viewer)
            return
        if viewer.is_closing:
            self._close(viewer)
            return
        mask = selectors.EVENT_READ | (selectors.EVENT_WRITE if viewer.waiting else 0)
        if viewer in self._viewers and self._selector.get_key(viewer.connection).events != mask:
            self._selector.modify(viewer.connection, mask, viewer)

    def _close(self, viewer: Viewer) -> None:
        if viewer not in self._viewers:
            return
        self._viewers.remove(viewer)
        self._selector.unregister(viewer.connection)
        viewer.connection.close()
        if self._driver is viewer:
            self._driver = None
        self._alone_since = time.monotonic()

    # What the training told

    def _take_news(self) -> None:
        news = self._training.news
        items = []
        for _ in range(min(len(news), PORTION)):
            items.append(news.popleft())
        metrics, state = len(self.told.metrics), self.told.state
        told = self.told.take(items)
        is_other_state = self.told.state is not state
        for item in told:
            if isinstance(item, Steps):
                for viewer in self._viewers:
                    if viewer.session is not None:
                        viewer.add(item, metrics)
            elif isinstance(item, bytes):
                if is_other_state:
                    # Who reads that it pauses knows at which step.
                    is_other_state = False
                    self._refresh(at_once=True)
                self._tell(item)
            else:
                self._answer(item)
        # Behind the last step nobody looks at the mail any more.
        if self._training.is_done and not news:
            while self._training.mail:
                asked = self._training.mail.popleft()
                asked.refusal = Refusal(ENDED_FIRST, "the training is done")
                self._answer(asked)

    def _refresh(self, at_once: bool = False) -> None:
        if self._viewers:
            now, progress = time.monotonic(), self.told.progress()
            for viewer in self._viewers:
                viewer.refresh(now, progress, at_once)

    def _tell(self, line: bytes) -> None:
        for viewer in self._viewers:
            if viewer.session is not None:
                viewer.tell(line)

    def _answer(self, asked: Asked) -> None:
        session = self._sessions.get(asked.session)
        if session is None or asked.number is None:
            return
        if asked.refusal is not None:
            line = encode(error(asked.number, asked.refusal))
        else:
            line = encode(answer(asked.number, clean(asked.result or {})))
        session.keep(asked.number, line)
        for viewer in self._viewers:
            if viewer.session is session:
                viewer.tell(line)

    # What viewers ask

    def _receive(self, viewer: Viewer, line: bytes) -> None:
        number: Optional[int] = None
        try:
            request = decode(line)
            number = request.number
            if viewer.session is None:
                if request.method != "initialize" or number is None:
                    raise Refusal(NO_REQUEST, "the first request must be initialize")
                self._initialize(viewer, request)
            else:
                self._ask(viewer, viewer.session, request)
        except Refusal as refusal:
            viewer.send(encode(error(number, refusal)))
            if viewer.session is None:
                viewer.is_closing = True

    def _initialize(self, viewer: Viewer, request: Request) -> None:
        params = request.params
        protocol = count_of(params, "protocol", 1)
        if protocol < PROTOCOL:
            raise Refusal(REFUSED, f"this training speaks protocol {PROTOCOL}, not {protocol}")
        name = text_of(params, "session")[:64]
        events_after = count_of(params, "events_after", default=0)
        steps_after = count_of(params, "steps_after", default=0)
        if params.get("rate") is not None:
            viewer.rate = min(30.0, max(0.1, number_of(params, "rate")))
        # Another connection of this session is one that nobody reads any more.
        for other in list(self._viewers):
            if other is not viewer and other.session is not None and other.session.name == name:
                self._close(other)
        session = self._sessions.pop(name, None) or Session(name)
        self._sessions[name] = session
        while len(self._sessions) > MOST_SESSIONS:
            self._sessions.popitem(last=False)
        self._take_news()
        viewer.session = session
        viewer.launches = params.get("role") == "launch"
        if params.get("role", "drive") == "drive" and self._driver is None:
            self._driver = viewer
        self._keeps_paused = False
        self._was_visited = self._was_visited or not viewer.launches
        told = self.told
        result = {
            "protocol": PROTOCOL, **self._introduce(), "driver": viewer.launches or self._driver is viewer,
            "description": told.description, "hyperparameters": told.hyperparameters, "state": told.state,
            "progress": told.progress(), "recent": told.recent, "watch": told.watch,
            "plans": list(told.plans.values()), "edits": told.edits,
            "first_event": told.last_event - len(told.events) + 1, "last_event": told.last_event,
            "orphan": {"after": self._orphan_after, "then": "resume"},
        }
        viewer.send(encode(answer(request.number, result)))
        # Branches are known before their steps are told, and what they led to is said behind those.
        for lineage in told.branches.values():
            viewer.send(encode(notification("branched", lineage)))
        for samples in told.samples_after(steps_after):
            viewer.send(encode(notification("samples", samples)))
        if told.lineage is not None:
            viewer.send(encode(notification("lineage", told.lineage)))
        for line in told.events_after(events_after):
            viewer.send(line)
        # Behind the events, because those tell of former ones.
        for method, params in told.beside.items():
            viewer.send(encode(notification(method, params)))

    def _ask(self, viewer: Viewer, session: Session, request: Request) -> None:
        number, now = request.number, time.monotonic()
        if number is not None:
            # Asked once more after a connection was lost: it is not done once more.
            if number in session.answers:
                viewer.send(session.answers[number])
                return
            if number in session.open:
                return
        if viewer.is_too_fast(now):
            raise Refusal(TOO_MANY, "more than 200 requests in a second")
        control = self._control(viewer, request, now)
        if control is not None:
            if number is not None:
                viewer.send(encode(answer(number, control)))
            return
        if request.method == TAKE_TURN:
            raise Refusal(UNKNOWN_METHOD, "the processes ask that of each other")
        if viewer is not self._driver and not (viewer.launches and request.method in OF_LAUNCHERS):
            raise Refusal(NOT_THE_DRIVER, "another dashboard steers this training; take moves the wheel")
        if len(session.open) >= MOST_OPEN:
            raise Refusal(TOO_MANY, f"{MOST_OPEN} requests wait already")
        if self._training.is_done:
            raise Refusal(ENDED_FIRST, "the training is done")
        if number is not None:
            session.open.add(number)
        self._training.post(Asked(session.name, number, request.method, request.params))

    def _control(self, viewer: Viewer, request: Request, now: float) -> Optional[Params]:
        """What is answered at once, however long a step takes; None for all that waits for a boundary."""
        if request.method == "ping":
            return {
                "step": self.told.step, "in_step_s": round(now - self.told.last_step_at, 3),
                "state": self.told.state["name"], "ranks": self.told.ranks(),
            }
        if request.method == "take":
            if self._driver not in (None, viewer) and not request.params.get("force"):
                raise Refusal(NOT_THE_DRIVER, "another dashboard steers this training; take with force moves the wheel")
            former, self._driver = self._driver, viewer
            for other in (former, viewer):
                if other is not None:
                    other.send(encode(notification("driver", {"driver": other is viewer})))
            return {"step": self.told.step}
        if request.method == "detach":
            self._keeps_paused = bool(request.params.get("keep_paused"))
            viewer.is_closing = True
            return {"step": self.told.step}
        if request.method == "initialize":
            raise Refusal(NO_REQUEST, "this connection is initialized already")
        return None

    # Ends

    def _free_orphan(self, now: float) -> None:
        # Who started it waits for its end, whoever looks at it: that is nobody who would let it go on.
        is_alone = all(viewer.launches for viewer in self._viewers) and (self._was_visited or not self._viewers)
        is_orphan = is_alone and self.told.state["name"] == "paused" and not self._keeps_paused
        if is_orphan and now - self._alone_since > self._orphan_after:
            self._alone_since = now
            self._tell(self.told.event("notice", {"text": "nobody was there: the training goes on"}))
            self._training.post(Asked("", None, "resume", {}))

    def _be_found(self, now: float) -> None:
        """Listens anew where the socket is gone: a logout removes those in ``/run/user/UID``."""
        if now - self._found_at < GLANCE:
            return
        self._found_at = now
        if os.path.exists(self._path):
            return
        try:
            listener, _, path = _place.listen(os.path.basename(self._path)[: -len(".sock")])
        except OSError:
            return
        self._selector.unregister(self._listener)
        self._listener.close()
        self._listener, self._path = listener, path
        self._selector.register(listener, selectors.EVENT_READ)

    def _say_goodbye(self, ending: Params) -> None:
        while self._training.news:
            self._take_news()
        for session in self._sessions.values():
            for number in sorted(session.open):
                self._answer(asked_in_vain(session.name, number))
        self._refresh(at_once=True)
        if self.told.journal is not None:
            self.told.journal.end(self.told.step, self._training.is_stopping)
        self._tell(self.told.event("end", ending))
        deadline = time.monotonic() + 0.5
        while any(viewer.waiting for viewer in self._viewers) and time.monotonic() < deadline:
            for viewer in list(self._viewers):
                self._write(viewer)
            time.sleep(0.005)
        for viewer in list(self._viewers):
            self._close(viewer)


def asked_in_vain(session: str, number: int) -> Asked:
    """A request that the training's end came before."""
    asked = Asked(session, number, "", {})
    asked.refusal = Refusal(ENDED_FIRST, "the training ended first")
    return asked
