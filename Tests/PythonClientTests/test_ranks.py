"""Several processes that train together: what is asked for happens on all of them at one step."""

from __future__ import annotations

import os
import random
import signal
import socket
import sys
import threading
import time
import unittest
from typing import Any, Dict, List, Optional, Tuple

from helpers import CLIENT, STANDALONE, Dashboard, WithTorchrun, example

sys.path.insert(0, CLIENT)

from traintui._commands import Commands
from traintui._gate import Boundary, Gate
from traintui._news import Asked
from traintui._training import Training
from traintui._watch import Run

try:
    import torch
except ImportError:
    torch = None  # type: ignore[assignment]


class Meet:
    """Tells all what the last one says that comes to a meeting."""

    def __init__(self) -> None:
        self.gates: List[Gate] = []
        self.lock = threading.Lock()
        self.came: Dict[int, int] = {}

    def propose(self, number: int, said: Dict[str, Any]) -> None:
        with self.lock:
            self.came[number] = self.came.get(number, 0) + 1
            if self.came[number] < len(self.gates):
                return
        for gate in self.gates:
            gate.agreed(number, {"refusal": "no"} if said["refusal"] else {"moment": said["moment"]})


class Process:
    """A training's thread with steps of its own speed, which notes at which boundary it is told something."""

    def __init__(self, seed: int, meet: Meet) -> None:
        self.training = Training()
        self.gate = self.training.gate = Gate(self.training)
        self.gate.propose = meet.propose
        meet.gates.append(self.gate)
        #: The boundary that it left last.
        self.left = Boundary(0, 0)
        self.training.obey = self.obey
        self.done: List[Any] = []
        self.chance = random.Random(seed)
        self.is_over = False
        self.thread = threading.Thread(target=self.go, daemon=True)

    def obey(self, asked: Asked) -> bool:
        self.done.append((asked.params["number"], asked.method, self.here))
        self.training.is_going = asked.method != "pause"
        if asked.method == "move":
            agreed = self.gate.agree({"moment": [self.training.step // 3, 0], "refusal": asked.params["refusal"]})
            if "moment" in agreed:
                self.training.step = agreed["moment"][0]
        return True

    @property
    def here(self) -> Boundary:
        return Boundary(self.gate.meetings, self.training.step)

    def go(self) -> None:
        while not self.is_over:
            self.training.tick()
            self.left = self.here
            if self.chance.random() < 0.002:
                time.sleep(self.chance.uniform(0, 0.003))


class Gates(unittest.TestCase):
    def test_a_thousand_requests_are_done_by_all_at_the_same_boundaries(self) -> None:
        meet = Meet()
        processes = [Process(seed, meet) for seed in range(4)]
        for process in processes:
            process.thread.start()
        chance = random.Random(9)
        wanted, is_paused = [], False
        for number in range(1000):
            method = "resume" if is_paused else chance.choice(["set", "set", "set", "move", "pause", "pause"])
            is_paused = method == "pause"
            chance.shuffle(processes)
            params = {"number": number, "refusal": chance.choice(["", "no"])}
            holds = [process.gate.prepare(number, Asked("", None, method, params)) for process in processes]
            is_refused = chance.random() < 0.1 and method == "set"
            if chance.random() < 0.1:
                time.sleep(0.001)
            # Nobody goes further than it said before it is decided.
            self.assertTrue(all(process.left < hold for process, hold in zip(processes, holds)))
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
        # Where they were asked to wait until, but for what a pause or the end of a way back came before.
        boundaries = [done[2] for done in processes[0].done]
        for boundary, (_, _, at) in zip(boundaries, wanted):
            self.assertTrue(boundary <= at or boundary.meetings > at.meetings)
        self.assertEqual(boundaries, sorted(boundaries))
        # A step comes again.
        steps = [boundary.step for boundary in boundaries]
        self.assertNotEqual(steps, sorted(steps))

    def test_a_request_before_the_first_boundary_of_a_paused_training_is_due_there(self) -> None:
        training = Training()
        training.is_going = False
        training.gate = Gate(training)
        at = training.gate.prepare(1, Asked("", None, "resume", {}))
        training.gate.decide(1, at)
        due = training.gate.due(0, stays=True)
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
        self.assertEqual(at, Boundary(0, 7))
        methods = [gate.due(6, stays=False), gate.due(6, stays=False), gate.due(6, stays=True)]
        self.assertEqual([asked.method if asked is not None else None for asked in methods], ["pause", None, "resume"])

    def test_what_is_asked_for_before_a_way_back_is_over_is_done_where_it_ends(self) -> None:
        training = Training()
        gate = training.gate = Gate(training)
        training.step = 1000

        def asked(number: int, method: str) -> Boundary:
            return gate.prepare(number, Asked("", None, method, {}))

        def due() -> str:
            found = gate.due(training.step, stays=False)
            return found.method if found is not None else ""

        gate.decide(1, asked(1, "undo"))
        gate.decide(2, asked(2, "before"))
        training.step = 1002
        self.assertEqual(due(), "undo")

        def answer(number: int, said: Any) -> None:
            gate.decide(3, asked(3, "meanwhile"))
            gate.agreed(number, {"moment": [100, 0]})

        gate.propose = answer
        gate.agree({})
        # It has not put the state back yet.
        gate.decide(4, asked(4, "after"))
        training.step = 100
        self.assertEqual([due(), due(), due()], ["before", "meanwhile", "after"])
        self.assertTrue(gate.lets_go(training.step))
        self.assertEqual(asked(5, "later"), Boundary(1, 102))


class SlowHub:
    """Says at first that a process is not there, and is slow to say so; then that all are."""

    def __init__(self) -> None:
        self.is_asked, self.may_answer = threading.Event(), threading.Event()
        self.spared: Tuple[str, ...] = ()

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
class Torchrun(WithTorchrun):
    """A plain script under torchrun that knows nothing of traintui."""

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

    def test_launchers_of_several_hosts_are_steered_at_one_step(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        hosts = ["--nnodes", "2", "--nproc-per-node", "1", "--master-addr", "127.0.0.1", "--master-port", str(port)]
        processes = [
            self.launch(300, options=[*hosts, "--node-rank", str(number)], TRAINTUI_PAUSED="1") for number in (0, 1)]
        dashboard = self.dashboard_for_all()
        dashboard.ask("step", count=40)
        dashboard.wait(lambda message: message.get("params", {}).get("name") == "paused")
        self.assertEqual(dashboard.ask("set", name="learning_rate", value=0.005)["result"]["step"], 40)
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end")
        for number, process in enumerate(processes):
            self.finish(process)
            self.assertEqual([rate for _, rate in self.rates(number)], [0.01] * 40 + [0.005] * 260)
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

    def test_pauses_longer_than_the_groups_patience_end_nothing(self) -> None:
        # TRAINTUI_PAUSES=100 takes 12 minutes.
        pauses = int(os.environ.get("TRAINTUI_PAUSES", "1"))
        script = example("ddp_loop").replace("import sys\n", "import datetime\nimport sys\n").replace(
            'init_process_group("gloo")',
            'init_process_group("gloo")\ndist.barrier()\nquick = dist.new_group(timeout=datetime.timedelta(seconds=5))',
        ).replace("DistributedDataParallel(model)", "DistributedDataParallel(model, process_group=quick)")
        process = self.launch(400, script, TRAINTUI_PAUSED="1")
        dashboard = self.dashboard_for_all()
        for number in range(pauses):
            step = 3 * (number + 1)
            dashboard.ask("step", count=3)
            dashboard.wait(lambda message: message.get("params", {}).get("name") == "paused")
            time.sleep(7)
            self.assertEqual([self.rates(0)[-1][0], self.rates(1)[-1][0]], [step, step])
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end")
        self.finish(process)
        self.assertEqual(self.text("end-0.log"), self.text("end-1.log"))

    def test_many_requests_are_done_at_one_step_by_processes_that_drift_apart(self) -> None:
        # TRAINTUI_REQUESTS=1000 takes some minutes; TRAINTUI_RANKS=4 has one process more.
        requests, ranks = (int(os.environ.get(f"TRAINTUI_{name}", default)) for name, default in (("REQUESTS", 40), ("RANKS", 3)))
        script = example("ddp_loop")
        # All learn the same, each in a time of its own, so that any edit at another step leaves other weights.
        for former, later in (
            ("model = torch.nn.parallel.DistributedDataParallel(model)\n", ""), ("(step * world + rank) % 10", "step % 10"),
            ("import sys\n", "import os\nimport random\nimport sys\n"), ("        time.sleep(seconds)\n", """
        if random.random() < 0.01: time.sleep(0.2 * random.random())
        if os.path.exists("stop") and step >= int(open("stop").read()): break
"""),
        ):
            self.assertIn(former, script)
            script = script.replace(former, later)
        process = self.launch(10_000_000, script, ["--standalone", "--nproc-per-node", str(ranks)])
        dashboard = self.dashboard_for_all()
        chance, edits, drift = random.Random(4), {}, 0
        for number in range(1, requests + 1):
            if chance.random() < 0.2:
                self.assertIn("result", dashboard.ask("pause"))
                self.assertIn("result", dashboard.ask("resume"))
            rate = number * 1e-9
            edits[rate] = dashboard.ask("set", name="learning_rate", value=rate)["result"]["step"]
            steps = [one["step"] for one in dashboard.ask("ping")["result"]["ranks"]]
            drift = max(drift, max(steps) - min(steps))
        self.assertGreater(drift, 20)
        last = dashboard.ask("pause")["result"]["step"]
        with open(os.path.join(self.folder, "stop"), "w") as file:
            file.write(str(last + 1))
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end", 60)
        self.finish(process)
        logs = [self.rates(rank) for rank in range(ranks)]
        for log in logs:
            self.assertEqual(log[:last], logs[0][:last])
        changes = {now[1]: before[0] for before, now in zip(logs[0], logs[0][1:]) if before[1] != now[1]}
        # Of several at one step the last one is seen.
        seen = {step: rate for rate, step in edits.items()}
        self.assertEqual({rate: int(step) for rate, step in changes.items()}, {rate: step for step, rate in seen.items()})
        self.assertEqual(len({self.text(f"end-{rank}.log") for rank in range(ranks)}), 1)
        if requests >= 1000:
            print(f"{requests} edits of {ranks} processes that were up to {drift} steps apart")

    def test_a_process_that_ends_early_leaves_the_others_to_be_steered(self) -> None:
        # No gradients are shared: each process has steps of its own, and the second one half as many.
        script = example("ddp_loop").replace("model = torch.nn.parallel.DistributedDataParallel(model)\n", "").replace(
            "range(1, count + 1)", "range(1, count // (1 + rank) + 1)")
        process = self.launch(600, script)
        dashboard = self.dashboard_for_all()
        done = dashboard.wait(lambda message: message.get("method") == "progress" and any(
            one["state"] == "done" for one in message["params"].get("ranks", [])))["params"]["ranks"]
        self.assertEqual([(one["rank"], one["state"]) for one in done], [(0, "there"), (1, "done")])
        step = dashboard.ask("set", name="learning_rate", value=0.005)["result"]["step"]
        dashboard.wait(lambda message: message.get("method") == "end")
        self.finish(process)
        self.assertEqual([rate for _, rate in self.rates(0)], [0.01] * step + [0.005] * (600 - step))
        self.assertEqual(len(self.rates(1)), 300)

    def test_what_torchrun_begins_again_is_attached_to_as_its_next_attempt(self) -> None:
        # Without a group: gloo may wait for ever for the addresses of those who were there before.
        script = example("ddp_loop").replace("import sys\n", "import os\nimport sys\n")
        for former, later in (
            ('dist.init_process_group("gloo")\n', ""), ("dist.destroy_process_group()\n", ""),
            ("dist.get_rank(), dist.get_world_size()", 'int(os.environ["RANK"]), 2'),
            ("model = torch.nn.parallel.DistributedDataParallel(model)\n", ""),
            ("        optimizer.zero_grad()\n", """
        if step == 40 and rank == 1 and os.environ["TORCHELASTIC_RESTART_COUNT"] == "0":
            os._exit(3)
        optimizer.zero_grad()
"""),
        ):
            self.assertIn(former, script)
            script = script.replace(former, later)
        process = self.launch(200, script, [*STANDALONE, "--max-restarts", "1"], TRAINTUI_PAUSED="1")
        dashboard = self.dashboard_for_all()
        self.assertEqual(dashboard.hello["result"]["attempt"], 0)
        dashboard.ask("resume")
        with self.assertRaises((EOFError, OSError)):
            while True:
                dashboard.hear()
        again = self.dashboard_of_attempt(1)
        self.assertEqual(again.ask("set", name="learning_rate", value=0.005)["result"]["step"], 0)
        again.ask("resume")
        again.wait(lambda message: message.get("method") == "end")
        self.finish(process)
        for rank in (0, 1):
            self.assertEqual([rate for _, rate in self.rates(rank)], [0.005] * 200)

    def dashboard_of_attempt(self, attempt: int) -> Dashboard:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            try:
                dashboard = self.dashboard_for_all()
                if dashboard.hello["result"]["attempt"] == attempt:
                    return dashboard
                dashboard.close()
            except (EOFError, OSError):
                # The one before is just going.
                pass
        raise TimeoutError

    def is_there(self, process: int) -> bool:
        try:
            with open(f"/proc/{process}/stat") as file:
                return file.read().rsplit(")", 1)[1].split()[0] != "Z"
        except FileNotFoundError:
            return False


if __name__ == "__main__":
    unittest.main()
