"""A process that dies at any phase of a request: the request is answered or the job has ended, and nobody is held."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import unittest
from typing import Any, Dict, List, Optional

from helpers import CLIENT, Dashboard, WithFolder

try:
    import torch
except ImportError:
    torch = None  # type: ignore[assignment]

#: Two processes without a launcher and without collectives, so that the one that is left can go on: RUN VICTIM PHASE for
#: each pair. They are forked of one process, because loading torch takes longest.
LAUNCHER = """
import os, signal, socket, sys, time
import torch, torch.distributed
torch.set_num_threads(1)

def dying(owner, name, is_due, behind=False):
    former = getattr(owner, name)
    def method(self, *arguments):
        due = is_due(self, *arguments)
        if due and not behind:
            os.kill(os.getpid(), signal.SIGKILL)
        result = former(self, *arguments)
        if due:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    setattr(owner, name, method)

def die_at(phase):
    from traintui._commands import Commands
    from traintui._follower import Follower
    from traintui._gate import Gate
    from traintui._hub import Hub
    says = lambda word: lambda self, talk, message: word in message
    edits = lambda self, asked: asked.method in ("set", "undo")
    table = {
        "asked": (Follower, "_take", says("prepare")),
        "ready": (Follower, "_take", says("prepare"), True),
        "told": (Follower, "_take", says("commit")),
        "decided": (Follower, "_take", says("commit"), True),
        "doing": (Commands, "obey", edits),
        "done": (Commands, "obey", edits, True),
        "meeting": (Follower, "_propose", lambda *_: True),
        "proposed": (Follower, "_propose", lambda *_: True, True),
        "agreed": (Follower, "_take", says("agreed")),
        "moving": (Gate, "agree", lambda *_: True, True),
        "hub asks": (Hub, "_begin", lambda *_: True),
        "hub asked": (Hub, "_begin", lambda *_: True, True),
        "hub decides": (Gate, "decide", lambda *_: True),
        "hub decided": (Gate, "decide", lambda *_: True, True),
        "hub meets": (Hub, "_decide_meeting", lambda *_: True),
        "hub met": (Hub, "_decide_meeting", lambda *_: True, True),
    }
    if phase in table:
        dying(*table[phase])

def train(rank):
    import traintui
    model = torch.nn.Linear(1, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    run = traintui.watch(model, optimizer)
    with open(f"{os.environ['TRAINTUI_RUN']}-{rank}.log", "w") as log:
        for epoch in run.epochs(1):
            for x in run.batches(torch.ones(40, 1)):
                optimizer.zero_grad()
                loss = model(x).sum()
                loss.backward()
                optimizer.step()
                run.loss(loss)
                print(optimizer.param_groups[0]["lr"], file=log, flush=True)
                time.sleep(0.002)

while line := sys.stdin.readline():
    run, victim, phase = line.rstrip().split(",")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    os.environ.update(TRAINTUI_RUN=run, WORLD_SIZE="2", MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port))
    children = []
    for rank in (0, 1):
        child = os.fork()
        if child == 0:
            os.environ["RANK"] = str(rank)
            if rank == 0:
                store = torch.distributed.TCPStore("127.0.0.1", port, is_master=True, wait_for_workers=False)
            while rank == 1:
                # torch waits for a second where the store is not there yet.
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    time.sleep(0.01)
            if rank == int(victim):
                die_at(phase)
            train(rank)
            sys.stdout.flush()
            sys.exit(0)
        children.append(child)
    print(*[os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children], flush=True)
"""
#: The phases of an edit, and of a way back, in the second process and in the first one, which has the hub.
EDIT = ["ready", "asked", "told", "decided", "doing", "done"]
MOVE = ["proposed", "meeting", "agreed", "moving"]
FIRST_EDIT = ["hub asked", "hub asks", "hub decides", "hub decided", "doing", "done"]
FIRST_MOVE = ["hub meets", "hub met", "moving"]


def tried(phases: List[str]) -> List[str]:
    """TRAINTUI_PHASES=all tries all of them; else the first one is tried."""
    return phases if os.environ.get("TRAINTUI_PHASES") == "all" else phases[:1]




@unittest.skipUnless(torch is not None and hasattr(os, "fork"), "PyTorch is not installed")
class Phases(WithFolder):
    def setUp(self) -> None:
        super().setUp()
        name = os.path.join(self.folder, "script.py")
        with open(name, "w") as file:
            file.write(LAUNCHER)
        self.launcher = subprocess.Popen(
            [sys.executable, name], cwd=self.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**self.environment, "TRAINTUI_PAUSED": "1", "TRAINTUI_ORPHAN_AFTER": "0.2"})
        self.addCleanup(self.end)

    def end(self) -> None:
        self.launcher.kill()
        self.launcher.communicate()

    def heard(self, dashboard: Dashboard, number: int) -> Optional[Dict[str, Any]]:
        """The answer, or None where the training's end came first."""
        try:
            return dashboard.answer(number)
        except (EOFError, OSError):
            return None

    def check(self, victim: int, phase: str, is_move: bool) -> None:
        run = f"{victim}-{phase.replace(' ', '-')}-{'move' if is_move else 'edit'}"
        self.launcher.stdin.write(f"{run},{victim},{phase}\n")  # type: ignore[union-attr]
        self.launcher.stdin.flush()  # type: ignore[union-attr]
        path = os.path.join(self.folder, "traintui", f"{run}.sock")
        dashboard = self.dashboard_for_all(path)
        answer: Optional[Dict[str, Any]] = {}
        if is_move:
            # Where the hub dies at its first decision there is none before the way back.
            dashboard.ask("step", count=9)
            dashboard.wait(lambda message: message.get("params", {}).get("name") == "paused")
            began = time.monotonic()
            answer = self.heard(dashboard, dashboard.send("go_to_step", step=3))
        else:
            began = time.monotonic()
            number = dashboard.send("set", name="learning_rate", value=0.005)
            answer = self.heard(dashboard, number)
        self.assertLess(time.monotonic() - began, 10)
        if victim == 0:
            self.assertIsNone(answer)
        elif answer is not None and "error" in answer:
            self.assertIn(answer["error"]["code"], (1, 4), answer)
        # Nobody can be asked to go on any more: whoever is left goes on when nobody watches, or asks.
        dashboard.close()
        codes = [int(word) for word in self.launcher.stdout.readline().split()]  # type: ignore[union-attr]
        self.assertEqual((codes[victim], codes[1 - victim]), (-9, 0))
        with open(os.path.join(self.folder, f"{run}-{1 - victim}.log")) as file:
            rates = [float(rate) for rate in file]
        if not is_move:
            self.assertEqual(len(rates), 40)
            # Made where it is answered to be, and not at all where it is refused.
            is_made = victim == 1 and answer is not None and "result" in answer
            if victim == 1:
                self.assertEqual(rates, [0.005 if is_made else 0.01] * 40)
        else:
            self.assertGreaterEqual(len(rates), 40)

    def dashboard_for_all(self, path: str = "") -> Dashboard:
        dashboard = Dashboard(path)
        if not dashboard.hello["result"]["capabilities"]["methods"]:
            dashboard.wait(
                lambda message: message.get("method") == "capabilities" and message["params"]["methods"], seconds=90)
        return dashboard

    def test_a_process_that_dies_at_any_phase_of_an_edit_holds_nobody(self) -> None:
        for victim, phases in ((1, EDIT), (0, FIRST_EDIT)):
            for phase in tried(phases):
                with self.subTest(phase, victim=victim):
                    self.check(victim, phase, is_move=False)

    def test_a_process_that_dies_at_any_phase_of_a_way_back_holds_nobody(self) -> None:
        for victim, phases in ((1, MOVE), (0, FIRST_MOVE)):
            for phase in tried(phases):
                with self.subTest(phase, victim=victim):
                    self.check(victim, phase, is_move=True)


if __name__ == "__main__":
    unittest.main()
