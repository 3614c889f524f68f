"""What processes that train together say to each other where one of them is slow, or has gone."""

from __future__ import annotations

import contextlib
import io
import json
import os
import select
import socket
import sys
import threading
import time
import unittest
from typing import Any, Dict, List, Tuple
from unittest import mock

from helpers import CLIENT

sys.path.insert(0, CLIENT)

from traintui import _follower, _hub, _store
from traintui._follower import Follower
from traintui._gate import Gate
from traintui._hub import BEAT, Hub
from traintui._meeting import proposal
from traintui._news import Asked
from traintui._talk import DEAD, Talk
from traintui._timeline import Moment
from traintui._training import Training
from traintui._wire import Params

LOST = {"refusal": "the processes have lost each other"}


def pair() -> Tuple[socket.socket, socket.socket]:
    """Both ends of a connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        one = socket.create_connection(server.getsockname())
        other, _ = server.accept()
    other.settimeout(10)
    return one, other


class Talks(unittest.TestCase):
    @unittest.skipUnless(hasattr(os, "fork"), "processes are not forked here")
    def test_the_end_is_seen_though_a_forked_process_has_the_connection_too(self) -> None:
        one, other = pair()
        worker = os.fork()
        if worker == 0:
            # It keeps its end until the other one is closed.
            try:
                other.close()
                select.select([one], [], [])
            finally:
                os._exit(0)
        try:
            Talk(one).close()
            self.assertEqual(other.recv(1), b"")
        finally:
            other.close()
            os.waitpid(worker, 0)

    @unittest.skipUnless(hasattr(socket, "TCP_USER_TIMEOUT"), "the system does not find out by itself")
    def test_a_connection_ends_over_which_nothing_gets_to_the_other_computer(self) -> None:
        one, other = pair()
        with one, other:
            Talk(one)
            self.assertEqual(one.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT), 1000 * DEAD)


class Listeners(unittest.TestCase):
    """Where the first process listens, by the address that it has for itself."""

    def listens_at(self, host: str, address: str, local: int) -> str:
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0))]
        environment = {"MASTER_ADDR": host, "WORLD_SIZE": "2", "LOCAL_WORLD_SIZE": str(local)}
        with mock.patch.dict(os.environ, environment), mock.patch.object(socket, "getaddrinfo", lambda *_, **__: found):
            with _store.listener() as listener:
                return str(listener.getsockname()[0])

    def test_an_address_that_others_reach_is_all_that_is_listened_at(self) -> None:
        self.assertEqual(self.listens_at("127.0.0.1", "127.0.0.1", 1), "127.0.0.1")
        self.assertEqual(self.listens_at("localhost", "127.0.0.1", 1), "127.0.0.1")

    @unittest.skipUnless(sys.platform == "linux", "others have one address of this kind")
    def test_a_computer_that_calls_itself_127_0_1_1_is_reached_by_others(self) -> None:
        self.assertIn(self.listens_at("alpha", "127.0.1.1", 1), ("::", "0.0.0.0"))
        # Where there are no others nobody need get in.
        self.assertEqual(self.listens_at("alpha", "127.0.1.1", 2), "127.0.1.1")

    def test_an_address_that_the_computer_has_not_is_another_ones_way_to_it(self) -> None:
        # The block for documentation, RFC 5737: nobody has it.
        self.assertIn(self.listens_at("alpha", "192.0.2.1", 1), ("::", "0.0.0.0"))


class Followers(unittest.TestCase):
    """A follower of a hub that is this test."""

    def setUp(self) -> None:
        environment = mock.patch.dict(os.environ, {"MASTER_ADDR": "127.0.0.1", "RANK": "1"})
        environment.start()
        self.addCleanup(environment.stop)
        with socket.create_server(("127.0.0.1", 0)) as server:
            address = mock.patch.object(_follower, "address", lambda run: (server.getsockname()[1], "token"))
            address.start()
            self.addCleanup(address.stop)
            self.training = Training()
            self.gate = Gate(self.training)
            self.follower = Follower(self.training, self.gate, "run")
            self.follower.start()
            self.hub, _ = server.accept()
        self.addCleanup(self.end)
        self.hub.settimeout(20)
        # What is long does not fit into what the system holds for both ends.
        self.hub.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        self.lines = self.hub.makefile("rb")
        self.assertEqual(json.loads(self.lines.readline())["token"], "token")
        # Whatever comes behind the first word can be proposed.
        self.assertIn("step", json.loads(self.lines.readline()))
        self.connection = self.follower._talk.connection  # type: ignore[union-attr]
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)

    def end(self) -> None:
        self.training.is_alive = False
        self.lines.close()
        self.hub.close()

    def test_a_hub_that_has_gone_is_a_refusal(self) -> None:
        self.lines.close()
        self.hub.close()
        for _ in range(2):
            # The second time nobody is there from the beginning.
            self.assertEqual(self.gate.agree({}), LOST)
        self.assertTrue(self.training.is_alive)

    def test_what_is_long_is_said_whole_to_a_hub_that_is_slow(self) -> None:
        said = {"starts": "a" * (4 << 20)}
        found = []

        def slow_hub() -> None:
            # Longer than between two words of where the process is.
            time.sleep(3 * BEAT)
            while "propose" not in (message := json.loads(self.lines.readline())):
                pass
            found.append(message)
            self.hub.sendall(json.dumps({"agreed": 1, "result": {"refusal": "no"}}).encode() + b"\n")

        hub = threading.Thread(target=slow_hub)
        hub.start()
        self.assertEqual(self.gate.agree(said), {"refusal": "no"})
        hub.join()
        self.assertEqual(found, [{"propose": 1, "said": said}])

    def test_a_hub_that_does_not_listen_is_lost_and_hears_no_half_line_with_another_behind_it(self) -> None:
        self.connection.settimeout(0.01)
        self.assertEqual(self.gate.agree({"starts": "a" * (4 << 20)}), LOST)
        *lines, last = self.lines.readlines()
        self.assertEqual([json.loads(line).keys() for line in lines], [{"step"}] * len(lines))
        self.assertFalse(last.endswith(b"\n"))

    def test_a_hub_of_which_nothing_is_heard_is_complained_of_and_so_is_its_return(self) -> None:
        errors = io.StringIO()

        def waits_for(words: str) -> None:
            deadline = time.monotonic() + 20
            while words not in errors.getvalue() and time.monotonic() < deadline:
                time.sleep(0.01)
            self.assertIn(words, errors.getvalue())

        with mock.patch.object(_follower, "SILENCE", 0.6), contextlib.redirect_stderr(errors):
            waits_for("traintui: the first process, on 127.0.0.1: nothing has come from it for 1 s\n")
            self.hub.sendall(b'{"here": true}\n')
            waits_for("it is there again\n")
            self.hub.close()
            self.lines.close()
        self.assertTrue(self.training.is_alive)


class Following:
    """What a hub has for another process, which is this test."""

    def __init__(self, connection: socket.socket, token: str) -> None:
        self.connection = connection
        self.lines = connection.makefile("rb")
        self.say(token=token, rank=1, host="beta", pid=7)

    def say(self, **message: Any) -> None:
        self.connection.sendall(json.dumps(message).encode() + b"\n")

    def hear(self, word: str) -> Params:
        while word not in (message := json.loads(self.lines.readline())):
            pass
        return dict(message)


class LostProcesses(unittest.TestCase):
    """A hub, and one process that says nothing for longer than it waits."""

    def setUp(self) -> None:
        environment = {"WORLD_SIZE": "2", "RANK": "0", "MASTER_ADDR": "127.0.0.1"}
        found: List[str] = []
        is_there, self.changed = threading.Event(), threading.Event()

        def put(key: str, value: str) -> None:
            found.append(value)
            is_there.set()

        for patch in (
            mock.patch.dict(os.environ, environment), mock.patch.object(_store, "put", put),
            mock.patch.object(_hub, "SILENCE", 1.0), mock.patch.object(_hub, "PULSE", 0.1),
        ):
            patch.start()
            self.addCleanup(patch.stop)
        self.training = Training()
        self.training.gate = Gate(self.training)
        self.hub = Hub(self.training, self.training.gate, "run", self.changed.set)
        self.hub.start()
        self.addCleanup(self.end)
        is_there.wait(20)
        port, token = json.loads(found[0])
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.addCleanup(self.connection.close)
        self.process = Following(self.connection, token)
        self.addCleanup(self.process.lines.close)
        self.wait_for("there")

    def end(self) -> None:
        self.training.is_alive = False
        self.hub.join()

    def wait_for(self, state: str) -> None:
        deadline = time.monotonic() + 20
        while self.hub.ranks.get(1, {}).get("state") != state and time.monotonic() < deadline:
            self.changed.wait(0.1)
            self.changed.clear()
        self.assertEqual(self.hub.ranks[1]["state"], state)

    def told(self) -> List[Dict[str, Any]]:
        return [news.params for news in list(self.training.news) if getattr(news, "method", "") == "rank"]

    def test_one_that_says_nothing_is_lost_until_it_does(self) -> None:
        self.wait_for("lost")
        self.assertEqual(self.hub.objection, "rank 1 of 2 is lost")
        self.process.say(step=5)
        self.wait_for("there")
        self.assertIsNone(self.hub.objection)
        self.assertEqual([(one["rank"], one["state"], one["host"]) for one in self.told()], [(1, "lost", "beta"), (1, "back", "beta")])

    def test_one_that_is_lost_for_a_while_hears_what_the_rest_was_asked_for_meanwhile(self) -> None:
        self.wait_for("lost")
        self.hub.post(Asked("", None, "stop", {}))
        number = self.process.hear("prepare")["prepare"]
        # Nobody waited for it.
        self.assertEqual(self.process.hear("commit")["commit"], number)

    def test_one_that_has_ended_is_not_lost(self) -> None:
        self.process.say(bye=True, step=5)
        self.wait_for("done")
        self.hub._lose(1)
        self.assertEqual((self.hub.ranks[1]["state"], self.told()), ("done", []))

    def test_those_who_follow_hear_that_the_hub_is_there(self) -> None:
        for _ in range(3):
            self.assertIs(self.process.hear("here")["here"], True)


class Hubs(unittest.TestCase):
    def test_a_meeting_is_decided_once_though_a_rank_comes_to_it_later(self) -> None:
        with mock.patch.dict(os.environ, {"WORLD_SIZE": "2"}):
            gate = Gate(Training())
            hub = Hub(Training(), gate, "run", lambda: None)
        said = proposal(Moment(7, 0), [(1, Moment(0, 0))])
        answers = []

        def agreed(number: int, result: Params) -> None:
            answers.append((number, result.get("refusal", "")))

        gate.agreed = agreed  # type: ignore[method-assign]
        hub._hear_proposal(0, 1, said)
        hub.ranks[1] = {"state": "there"}
        hub._hear_proposal(1, 1, said)
        for rank in (0, 1):
            hub._hear_proposal(rank, 2, said)
        self.assertEqual(answers, [(1, "1 of 2 processes are not there yet"), (2, "")])
        self.assertEqual(hub._meetings, {})


if __name__ == "__main__":
    unittest.main()
