"""Several processes that train together: what is asked for happens on all of them at one step."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
import unittest
from typing import Any, List, Optional

from helpers import CLIENT, WithFolder, example

sys.path.insert(0, CLIENT)

from traintui._commands import Commands
from traintui._gate import Gate
from traintui._news import Asked
from traintui._training import Training
from traintui._watch import Run

try:
    import torch
except ImportError:
    torch = None  # type: ignore[assignment]


class Process:
    """A training's thread with steps of its own speed, which notes behind which step it is told something."""

    def __init__(self, seed: int) -> None:
        self.training = Training()
        self.gate = self.training.gate = Gate(self.training)
        self.training.obey = self.obey
        self.done: List[Any] = []
        self.chance = random.Random(seed)
        self.is_over = False
        self.thread = threading.Thread(target=self.go, daemon=True)

    def obey(self, asked: Asked) -> bool:
        self.done.append((asked.params["number"], asked.method, self.training.step))
        self.training.is_going = asked.method != "pause"
        return True

    def go(self) -> None:
        while not self.is_over:
            self.training.tick()
            if self.chance.random() < 0.002:
                time.sleep(self.chance.uniform(0, 0.003))


class Gates(unittest.TestCase):
    def test_a_thousand_requests_are_done_by_all_at_the_same_steps(self) -> None:
        processes = [Process(seed) for seed in range(4)]
        for process in processes:
            process.thread.start()
        chance = random.Random(9)
        wanted, is_paused = [], False
        for number in range(1000):
            method = "resume" if is_paused else chance.choice(["set", "set", "pause"])
            is_paused = method == "pause"
            chance.shuffle(processes)
            holds = [process.gate.prepare(number, Asked("", None, method, {"number": number})) for process in processes]
            is_refused = chance.random() < 0.1 and method == "set"
            if chance.random() < 0.1:
                time.sleep(0.001)
            # Nobody goes further than it said before it is decided.
            self.assertTrue(all(p.training.step <= hold for p, hold in zip(processes, holds)))
            for process in processes:
                process.gate.decide(number, None if is_refused else max(holds))
            if not is_refused:
                wanted.append((number, method, max(holds)))
        deadline = time.monotonic() + 20
        while any(len(process.done) < len(wanted) for process in processes) and time.monotonic() < deadline:
            time.sleep(0.01)
        for process in processes:
            self.assertEqual(process.done, processes[0].done)
            self.assertEqual([done[:2] for done in process.done], [done[:2] for done in wanted])
            process.is_over = True
            process.gate.open()
        # Where they were asked to wait until, but for what a pause came before.
        steps = [done[2] for done in processes[0].done]
        self.assertTrue(all(step <= at for step, (_, _, at) in zip(steps, wanted)))
        self.assertEqual(steps, sorted(steps))

    def test_a_request_before_the_first_boundary_of_a_paused_training_is_due_there(self) -> None:
        training = Training()
        training.is_going = False
        training.gate = Gate(training)
        at = training.gate.prepare(1, Asked("", None, "resume", {}))
        training.gate.decide(1, at)
        due = training.gate.due(0, is_paused=True)
        self.assertEqual(due.method if due is not None else "", "resume")

    def test_what_is_decided_for_a_step_behind_a_pause_is_done_in_the_pause(self) -> None:
        training = Training()
        gate = training.gate = Gate(training)
        training.step = 4
        gate.decide(1, gate.prepare(1, Asked("", None, "pause", {})))
        training.step = 5
        # It does not know yet that it will wait at step 6.
        at = gate.prepare(2, Asked("", None, "resume", {}))
        gate.decide(2, at)
        self.assertEqual(at, 7)
        methods = [gate.due(6, is_paused=False), gate.due(6, is_paused=False), gate.due(6, is_paused=True)]
        self.assertEqual([asked.method if asked is not None else None for asked in methods], ["pause", None, "resume"])


class SlowHub:
    """Says at first that a process is not there, and is slow to say so; then that all are."""

    def __init__(self) -> None:
        self.is_asked, self.may_answer = threading.Event(), threading.Event()

    @property
    def objection(self) -> Optional[str]:
        if self.is_asked.is_set():
            return None
        self.is_asked.set()
        self.may_answer.wait()
        return "1 of 2 processes are not there yet"


class Capabilities(unittest.TestCase):
    def test_what_is_told_last_is_what_holds_whoever_tells_it(self) -> None:
        run, hub = Run(), SlowHub()
        training = run._training = Training()
        run._commands, run._hub = Commands(training), hub  # type: ignore[assignment]
        threads = [threading.Thread(target=run._tell_capabilities, daemon=True) for _ in range(2)]
        threads[0].start()
        hub.is_asked.wait()
        threads[1].start()
        # Where it can overtake the first one it does so now.
        threads[1].join(0.2)
        hub.may_answer.set()
        for thread in threads:
            thread.join()
        told = [bool(news.params["methods"]) for news in training.news]
        self.assertEqual(told, [False, True])


@unittest.skipUnless(torch is not None, "PyTorch is not installed")
class Torchrun(WithFolder):
    """A plain script under torchrun that knows nothing of traintui."""

    def launch(self, steps: int, **environment: str) -> "subprocess.Popen[str]":
        place = os.path.join(self.folder, "python")
        if not os.path.exists(place):
            shutil.copytree(os.path.join(CLIENT, "traintui"), os.path.join(place, "traintui"))
            shutil.copy(os.path.join(CLIENT, "traintui", "_sitecustomize.py"), os.path.join(place, "sitecustomize.py"))
        name = os.path.join(self.folder, "script.py")
        with open(name, "w") as file:
            file.write(example("ddp_loop"))
        command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", name]
        process = subprocess.Popen(
            [*command, str(steps), "0.005"], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**self.environment, "PYTHONPATH": place, "OMP_NUM_THREADS": "1", **environment})

        def end() -> None:
            process.kill()
            process.communicate()

        self.addCleanup(end)
        return process

    def rates(self, rank: int) -> List[List[float]]:
        return [[float(word) for word in line.split()] for line in self.text(f"steps-{rank}.log").splitlines()]

    def test_pause_an_edit_and_going_on_are_at_one_step_and_a_dashboard_that_dies_changes_nothing(self) -> None:
        process = self.launch(400, TRAINTUI_ORPHAN_AFTER="1")
        dashboard = self.dashboard_for_all()
        step = dashboard.ask("pause")["result"]["step"]
        time.sleep(0.3)
        self.assertEqual([self.rates(0)[-1][0], self.rates(1)[-1][0]], [step, step])
        ranks = dashboard.ask("ping")["result"]["ranks"]
        self.assertEqual([(one["rank"], one["step"], one["state"]) for one in ranks], [(0, step, "there"), (1, step, "there")])
        self.assertEqual(dashboard.ask("set", name="learning_rate", value=0.005)["result"]["step"], step)
        dashboard.ask("resume")
        later = dashboard.ask("set", name="learning_rate", value=0.0025)["result"]["step"]
        dashboard.ask("pause")
        # As somebody is gone who was killed.
        dashboard.close()
        output, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, output)
        for rank in (0, 1):
            rates = self.rates(rank)
            self.assertEqual(len(rates), 400)
            wanted = [0.01] * step + [0.005] * (later - step) + [0.0025] * (400 - later)
            self.assertEqual([rate for _, rate in rates], wanted)
        self.assertEqual(self.text("end-0.log"), self.text("end-1.log"))

    def test_a_process_that_is_killed_is_told_and_nothing_is_asked_of_it(self) -> None:
        process = self.launch(4000)
        dashboard = self.dashboard_for_all()
        dashboard.ask("pause")
        ranks = dashboard.ask("ping")["result"]["ranks"]
        os.kill(ranks[1]["pid"], signal.SIGKILL)
        lost = dashboard.wait(lambda message: message.get("method") == "rank")["params"]
        self.assertEqual((lost["rank"], lost["state"]), (1, "lost"))
        process.communicate(timeout=60)
        self.assertNotEqual(process.returncode, 0)

    def test_workers_end_where_torchrun_is_killed(self) -> None:
        process = self.launch(100000)
        dashboard = self.dashboard_for_all()
        workers = [one["pid"] for one in dashboard.ask("ping")["result"]["ranks"]]
        process.kill()
        deadline = time.monotonic() + 20
        while any(self.is_there(worker) for worker in workers) and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assertEqual([worker for worker in workers if self.is_there(worker)], [])

    def is_there(self, process: int) -> bool:
        try:
            with open(f"/proc/{process}/stat") as file:
                return file.read().rsplit(")", 1)[1].split()[0] != "Z"
        except FileNotFoundError:
            return False


if __name__ == "__main__":
    unittest.main()
