"""What processes that train together say to each other where one of them is slow, or has gone."""

from __future__ import annotations

import json
import os
import select
import socket
import sys
import threading
import time
import unittest
from typing import Tuple
from unittest import mock

from helpers import CLIENT

sys.path.insert(0, CLIENT)

from traintui import _hub
from traintui._gate import Gate
from traintui._hub import BEAT, Follower, Hub
from traintui._meeting import proposal
from traintui._talk import Talk
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


class Followers(unittest.TestCase):
    """A follower of a hub that is this test."""

    def setUp(self) -> None:
        environment = mock.patch.dict(os.environ, {"MASTER_ADDR": "127.0.0.1", "RANK": "1"})
        environment.start()
        self.addCleanup(environment.stop)
        with socket.create_server(("127.0.0.1", 0)) as server:
            address = mock.patch.object(_hub, "_address", lambda run: (server.getsockname()[1], "token"))
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
