"""Whatever bytes come from a dashboard: they are a request, or refused in a sentence, and nothing else happens."""

from __future__ import annotations

import json
import math
import os
import random
import socket
import sys
import time
import unittest
from typing import Any, Dict, List, Tuple
from unittest import mock

from helpers import CLIENT, LOOP, Dashboard, WithFolder

sys.path.insert(0, CLIENT)

from traintui._commands import Commands
from traintui._news import Asked
from traintui._parameters import Knob, Parameter, Range
from traintui._rewind import Rewind
from traintui._training import Training
from traintui._wire import LONGEST_LINE, Lines, Refusal, decode, encode, error

#: Something of each kind that can be asked for.
REQUESTS: List[Tuple[str, Dict[str, Any]]] = [
    ("pause", {}), ("resume", {}), ("run_epoch", {}), ("step", {"count": 3}), ("set_pace", {"pace": 100}),
    ("set", {"name": "learning_rate", "value": 0.01}), ("set", {"name": "nesterov", "value": True}),
    ("set", {"name": "learning_rate", "value": 2, "change": "times"}), ("set", {"name": "count", "value": 3}),
    ("ramp", {"name": "learning_rate", "value": 0.1, "over": 50}), ("evaluate", {}), ("save", {"name": "mine.pt"}),
    ("plan", {"name": "learning_rate", "change": "divided_by", "value": 0.5, "at": 100}), ("cancel_plan", {"number": 1}),
    ("pause_when", {"kind": "loss_above", "number": 1.5}), ("pause_when", {"kind": "step", "number": 9}),
    ("clear_breakpoints", {}), ("on_divergence", {"policy": "pause"}), ("stop", {}), ("undo", {}), ("redo", {}),
    ("go_to_step", {"step": 0}), ("go_to_best", {}), ("go_to_branch", {"branch": 1}),
]
#: What is put in the place of a value.
ODD = [
    "null", "true", "[]", "{}", '""', "-0.0", "0", "1e308", "-1e308", "5e-324", "1" + "0" * 400, "-" + "9" * 400, "1e999",
    "NaN", "9007199254740993", '"\\ud800"', '"../../x"', '"\\u0000"', '"learning_rate"', '"' + "x" * 3000 + '"', "[" * 40,
    '"times"', '"value"', "0.5", '"plus"', "1.5",
]


def line(number: int, method: str, params: Dict[str, Any]) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).encode()


class Changed:
    """Requests with some changes, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def next(self) -> bytes:
        chance = self.chance
        method, params = chance.choice(REQUESTS)
        params = dict(params)
        odd = chance.random() < 0.6
        mark = "\x7f"
        if odd:
            params[chance.choice([*params, "name", "value", "change", "count"])] = mark
        data = line(chance.randrange(1 << 20), method, params)
        if odd:
            return data.replace(json.dumps(mark).encode(), chance.choice(ODD).encode())
        text = bytearray(data)
        for _ in range(chance.randrange(4)):
            place = chance.randrange(len(text))
            kind = chance.randrange(3)
            if kind == 0:
                text[place] = chance.randrange(256)
            elif kind == 1:
                del text[place : place + chance.randrange(9)]
            else:
                text[place:place] = text[chance.randrange(len(text)) :][: chance.randrange(20)]
            if not text:
                return b"{}"
        return bytes(text).replace(b"\n", b"")


class Hostile(WithFolder):
    def setUp(self) -> None:
        super().setUp()
        self.knobs: Dict[str, Knob] = {}
        training = self.training = Training()
        training.rewind = Rewind(training, mock.Mock(keep=lambda: mock.Mock(bytes=8)), 1 << 20)

        def add(name: str, value: Any, range: Any) -> None:
            knob = self.knobs[name] = Knob(value)
            training.parameters[name] = Parameter(
                name, lambda: knob.value, lambda new: setattr(knob, "value", new), range)

        add("learning_rate", 0.05, Range("positive"))
        add("count", 3.0, Range("whole", 1, 100))
        add("nesterov", True, None)
        self.saved: List[str] = []
        self.commands = Commands(training, self.saved.append, lambda: {"loss": 0.5}, self.folder)
        self.commands.has_epochs = True

    def test_every_request_is_carried_out_or_refused_whatever_it_says(self) -> None:
        # TRAINTUI_FUZZ_SECONDS=60 goes on for so long.
        changed, deadline = Changed(3), time.monotonic() + float(os.environ.get("TRAINTUI_FUZZ_SECONDS", "2"))
        counts = {"no request": 0, "refused": 0, "done": 0}
        while time.monotonic() < deadline:
            data = changed.next()
            try:
                request = decode(data)
            except Refusal as refusal:
                counts["no request"] += 1
                self.assertEqual(json.loads(encode(error(None, refusal)))["error"]["message"], refusal.sentence)
                continue
            self.assertTrue(request.number is None or 0 <= request.number < 1 << 53)
            self.assertIsInstance(request.params, dict)
            try:
                self.commands.obey(Asked("s", request.number, request.method, request.params))
                counts["done"] += 1
            except Refusal as refusal:
                counts["refused"] += 1
                encode(error(request.number, refusal))
            except Exception as problem:
                self.fail(f"{data!r}: {problem!r}")
            self.assertTrue(self.knobs["learning_rate"].value > 0, data)
            self.assertTrue(math.isfinite(self.knobs["learning_rate"].value), data)
            self.assertIn(self.knobs["count"].value, range(1, 101), data)
            self.assertIsInstance(self.knobs["nesterov"].value, bool)
            # Whatever is told can be told.
            while self.training.news:
                encode({"told": getattr(self.training.news.popleft(), "params", None)})
            if len(self.training.timeline.lineage.edits) > 500:
                self.setUp()
        self.assertGreater(min(counts.values()), 300, counts)
        self.assertTrue(all(os.path.dirname(path) == self.folder for path in self.saved))

    def test_lines_are_the_same_however_they_are_cut_and_one_that_is_too_long_is_none(self) -> None:
        chance, changed = random.Random(4), Changed(5)
        wanted = [changed.next() for _ in range(300)]
        data, lines, found = b"\n".join(wanted) + b"\n", Lines(), []
        while data:
            count = chance.choice([1, 7, 100, 4096])
            found += lines.take(data[:count])
            data = data[count:]
        self.assertEqual(found, wanted)
        self.assertEqual(len(Lines().take(b"x" * (LONGEST_LINE - 1) + b"\n")[0]), LONGEST_LINE - 1)
        for end in (b"", b"\n"):
            with self.assertRaises(Refusal):
                Lines().take(b"x" * LONGEST_LINE + end)


class Cut(WithFolder):
    def test_a_session_that_is_cut_anywhere_is_gone_on_with_and_does_nothing_twice(self) -> None:
        # TRAINTUI_CUTS=all cuts it behind every byte, which takes some minutes.
        self.start(LOOP, 1_000_000, 0.0005)
        lines, edits = [line(0, "initialize", {"protocol": 1, "session": "cut"})], []
        for number in range(1, 200):
            method, params = [
                ("pause", {}), ("set", {"name": "learning_rate", "value": 0.01 + number * 1e-6}), ("resume", {}),
                ("plan", {"name": "learning_rate", "change": "times", "value": 1, "at": 10**9}), ("ping", {}),
            ][number % 5]
            if method == "set":
                edits.append(params["value"])
            lines.append(line(number, method, params))
        session = b"\n".join(lines) + b"\n"
        Dashboard(self.path, "first").close()
        every = 1 if os.environ.get("TRAINTUI_CUTS") == "all" else 61
        for end in range(0, len(session), every):
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.connect(self.path)
            try:
                connection.sendall(session[:end])
            except OSError:
                # More than 200 requests in a second are refused, which may fill what waits for one that reads nothing.
                pass
            connection.close()
        # At last it is said whole, no faster than it is answered.
        dashboard = Dashboard(self.path, "cut")
        for number in range(1, 200):
            dashboard.socket.sendall(lines[number] + b"\n")
            self.assertIn("result", dashboard.answer(number))
        made = [edit["new"] for edit in Dashboard(self.path, "look").hello["result"]["edits"]]
        # What was refused because too much waited was asked again later.
        self.assertEqual(sorted(made), edits)


if __name__ == "__main__":
    unittest.main()
