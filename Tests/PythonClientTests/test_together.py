"""Several processes that go back together: all to the same moment, over the same steps. Skipped, and said so, without torch."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import unittest
from typing import Any, Dict, List
from unittest import mock

from helpers import CLIENT
from test_rewind import Going

sys.path.insert(0, CLIENT)

from traintui._meeting import MOST_SAID, Way, agreement, proposal, thinned, way
from traintui._news import Asked
from traintui._past import Kept, Place
from traintui._rewind import Rewind
from traintui._timeline import Moment
from traintui._training import Training
from traintui._wire import Refusal

try:
    import torch
except ImportError:
    torch = None  # type: ignore[assignment]

#: DistributedDataParallel with dropout, batch normalisation and rows of each process's own. Only the first one validates.
LOOP = """
import atexit, hashlib, json, os, random, sys
import torch, traintui
import torch.distributed as d
d.init_process_group("gloo")
rank = d.get_rank()
torch.set_num_threads(1)
torch.manual_seed(3); random.seed(rank)
edits = json.loads(os.environ.get("EDITS", "[]"))
model = torch.nn.parallel.DistributedDataParallel(torch.nn.Sequential(
    torch.nn.Linear(8, 16), torch.nn.BatchNorm1d(16), torch.nn.ELU(), torch.nn.Dropout(0.2), torch.nn.Linear(16, 1)))
optimizer = torch.optim.NAdam(model.parameters(), lr=0.01)
rows = torch.utils.data.TensorDataset(torch.randn(90, 8), torch.randn(90, 1))
sampler = torch.utils.data.DistributedSampler(rows)
loader = torch.utils.data.DataLoader(rows, batch_size=5, sampler=sampler)
torch.manual_seed(rank)
run = traintui.watch(model, optimizer, memory=MEMORY)
step = 0
for epoch in run.epochs(int(sys.argv[1])):
    sampler.set_epoch(epoch)
    for x, y in run.batches(loader):
        for edit in edits:
            if edit["step"] == step:
                optimizer.param_groups[0][{"learning_rate": "lr"}.get(edit["name"], edit["name"])] = edit["new"]
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(model(x + random.gauss(0, 0.01)), y)
        loss.backward()
        optimizer.step()
        run.loss(loss)
        step += 1
    if rank == 0:
        run.validated(loss)
weights = b"".join(value.detach().numpy().tobytes() for value in model.module.parameters())
with open(f"end-{rank}", "w") as file:
    print(hashlib.sha256(weights).hexdigest(), optimizer.param_groups[0]["lr"], random.random(), torch.rand(1).item(), file=file)
d.barrier()
d.destroy_process_group()
# Where others use the processor a thread of gloo's may outlive its group, which aborts a Python that ends by itself.
atexit._run_exitfuncs()
os._exit(0)
"""


class Meeting(unittest.TestCase):
    starts = [(1, Moment(0, 0)), (1, Moment(16, 0)), (1, Moment(32, 1))]

    def test_all_begin_at_the_latest_place_that_all_have(self) -> None:
        said = {0: proposal(Moment(40, 1), self.starts), 1: proposal(Moment(9, 0), [*self.starts[:2], (1, Moment(24, 0))])}
        self.assertEqual(way(agreement(said)), Way(Moment(40, 1), self.starts[1]))
        self.assertEqual(way(agreement({0: said[0]})), Way(Moment(40, 1), self.starts[2]))

    def test_nobody_goes_where_one_cannot(self) -> None:
        mine = proposal(Moment(20, 0), self.starts)
        cases = {
            "its batches": {0: mine, 1: proposal(Moment(20, 0), self.starts, "its batches have changed")},
            "step 20 is out of reach: what it takes is kept from step 32 on": {
                0: mine, 1: proposal(Moment(20, 0), self.starts[2:])},
            "step 20 is out of reach: nothing of it is kept": {0: mine, 1: proposal(Moment(20, 0), [])},
        }
        for words, said in cases.items():
            with self.assertRaisesRegex(Refusal, words):
                way(agreement(said))

    def test_of_very_many_states_those_are_said_that_others_say_too_and_none_lies_far_from_another(self) -> None:
        # One keeps states twice as often, and of edits, and has lost its beginning.
        kept = [
            [(1, Moment(step, 0)) for step in range(0, 160_000, 32)],
            [(1, Moment(step, 0)) for step in range(48, 160_000, 16)] + [(1, Moment(159_999, 1))],
        ]
        said = [thinned(starts) for starts in kept]
        for starts, ones in zip(kept, said):
            self.assertEqual(len(set(ones)), MOST_SAID)
            self.assertLessEqual(set(ones), set(starts))
            self.assertIn(starts[0], ones)
        self.assertEqual([thinned([]), thinned(self.starts[:1])], [[], self.starts[:1]])
        for step in range(64, 160_000, 9_999):
            moment = Moment(step, 0)
            start = way(agreement({rank: proposal(moment, ones) for rank, ones in enumerate(said)})).start
            self.assertLess(step - start[1].step, 128)


class Alone(unittest.TestCase):
    def test_one_process_begins_at_the_latest_of_its_states_however_many_there_are(self) -> None:
        training = Training()
        training.step = 160_000
        rewind = Rewind(training, mock.Mock(), 1 << 20)
        rewind.tape = mock.Mock(last_change=Place(-1, 0))
        rewind._kept = [
            Kept(1, Moment(step, 0), Place(0, step), 0, mock.Mock(bytes=0), {}, [], False)
            for step in range(0, 160_001, 16)]
        rewind.go_to_step(Asked("", None, "go_to_step", {"step": 40}))
        self.assertEqual(rewind.destination, Place(0, 32))


@unittest.skipUnless(torch is not None, "PyTorch is not installed")
class Together(Going):
    def launch(self, arguments: List[object], memory: int = 1 << 30, **environment: str) -> "subprocess.Popen[str]":
        name = os.path.join(self.folder, "script.py")
        with open(name, "w") as file:
            file.write(LOOP.replace("MEMORY", str(memory)))
        process = subprocess.Popen(
            [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", name,
             *map(str, arguments)],
            cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**self.environment, **environment})

        def end() -> None:
            process.kill()
            process.communicate()

        self.addCleanup(end)
        return process

    def ends(self) -> List[str]:
        return [self.text(f"end-{rank}") for rank in (0, 1)]

    def test_a_pause_asked_for_right_behind_a_way_back_is_where_it_ends(self) -> None:
        self.launch([60])
        dashboard = self.dashboard_for_all()
        dashboard.wait(lambda message: message.get("method") == "progress" and message["params"]["step"] > 250)
        numbers = [dashboard.send("go_to_step", step=5), dashboard.send("pause")]
        moved, paused = [dashboard.answer(number)["result"]["step"] for number in numbers]
        self.assertEqual(moved, 5)
        self.assertLess(paused, 200)

    def test_thirty_edits_undos_and_jumps_leave_the_bits_of_the_edits_that_are_left_on_all(self) -> None:
        process = self.launch([40], TRAINTUI_PAUSED="1")
        dashboard = self.dashboard_for_all()
        rewind = dashboard.hello["result"]["capabilities"]["rewind"]
        self.assertEqual((rewind["to"], rewind["exact"]), ("steps", "bits"))
        moves = self.wander(dashboard, random.Random(7), 30, {"learning_rate": 0.01, "weight_decay": 0.1})
        self.assertGreater(moves, 4)
        edits = self.edits_in_force(dashboard)
        # Moves while steps are taken, too.
        dashboard.ask("resume")
        numbers = [dashboard.send("go_to_step", step=self.present(dashboard)), dashboard.send("go_to_step", step=0)]
        self.assertIn("result", dashboard.answer(numbers[-1]))
        edits = self.edits_in_force(dashboard)
        dashboard.wait(lambda message: message.get("method") == "end", 60)
        self.finish(process)
        self.check_samples(dashboard)
        steered = self.ends()
        self.environment.pop("TRAINTUI_RUN")
        self.finish(self.launch([40], EDITS=json.dumps(edits)))
        self.assertEqual(steered, self.ends(), edits)
        self.assertEqual(steered[0].split()[:2], steered[1].split()[:2])

    def test_a_twin_and_a_race_take_turns_on_all_and_leave_the_bits_of_the_run_alone(self) -> None:
        process = self.launch([30], TRAINTUI_PAUSED="1")
        dashboard = self.dashboard_for_all()
        self.assertEqual(dashboard.hello["result"]["capabilities"]["fork"], "turns")

        def done(method: str, **params: Any) -> Dict[str, Any]:
            answer = dashboard.ask(method, **params)
            self.assertIn("result", answer)
            return answer

        def told(branch: int) -> Dict[int, float]:
            samples = [one for one in dashboard.told("samples") if one["branch"] == branch]
            return {one["first"] + at: loss for one in samples for at, loss in enumerate(one["losses"])}

        def wait_for_others(is_wanted: Any) -> None:
            dashboard.wait(lambda message: message.get("method") == "progress" and is_wanted(
                {one["branch"]: one for one in message["params"].get("others", ())}))

        self.step(dashboard, 10)
        # One of them diverges, on all processes; of the others the worse half is dropped, by what the first one saw.
        done("race", name="learning_rate", values=[1e30, 0.03, 0.01, 0.5], halves_every=12)
        wait_for_others(lambda others: any("dropped_at" in one for one in others.values()))
        # Meanwhile the run of each process is where the race began.
        ranks = [one["step"] for told in dashboard.told("progress")[-5:] for one in told["ranks"]]
        self.assertEqual(set(ranks), {10})
        # A pause in the middle, and some steps in it.
        done("pause")
        since = len(dashboard.heard)
        done("step", count=3)
        self.wait_for_pause(dashboard, since)
        done("end_race")
        self.assertEqual(done("set", name="learning_rate", value=0.03)["result"]["step"], 10)
        done("show_twin")
        twin = dashboard.told("twin")[-1]["twin"]["branch"]
        # The run goes on, and is stopped and let go while turns are taken.
        for count in (40, 3, 1, 60):
            self.step(dashboard, count)
        at = self.present(dashboard)
        wait_for_others(lambda others: others[twin]["step"] == at)
        raced, edited, without = told(3), told(1), told(twin)
        self.assertEqual({step: raced[step] for step in range(11, 20)}, {step: edited[step] for step in range(11, 20)})
        self.assertIn("result", dashboard.ask("undo"))
        # No edit is left, and none to be without; an edit brings the twin back, whose turns last to the run's end.
        self.step(dashboard, at - 10)
        self.assertEqual({step: loss for step, loss in told(6).items() if step <= at}, without)
        done("set", name="weight_decay", value=0.1)
        done("go_to_step", step=at - 5)
        self.step(dashboard, 5)
        done("set", name="weight_decay", value=0.1)
        twin = dashboard.told("twin")[-1]["twin"]["branch"]
        done("resume")
        dashboard.wait(lambda message: message.get("method") == "end", 60)
        self.finish(process)
        self.assertEqual(sorted(told(twin))[-1], 30 * 9)
        steered, edits = self.ends(), [{"name": "weight_decay", "new": 0.1, "step": at}]
        self.environment.pop("TRAINTUI_RUN")
        self.finish(self.launch([30], EDITS=json.dumps(edits)))
        self.assertEqual(steered, self.ends())

    def test_whatever_is_asked_while_branches_take_turns_leaves_the_bits_of_the_edits_that_are_left(self) -> None:
        # TRAINTUI_TURNS=20 tries so many, two minutes each.
        for seed in range(int(os.environ.get("TRAINTUI_TURNS", "1"))):
            chance, process = random.Random(seed), self.launch([60], TRAINTUI_PAUSED="1")
            dashboard = self.dashboard_for_all()
            asked: Dict[str, int] = {}
            for _ in range(80):
                kind = chance.choice([
                    "set", "set", "step", "step", "pause", "resume", "undo", "redo", "go_to_step", "show_twin", "show_twin",
                    "hide_twin", "race", "adopt", "end_race"])
                params: Dict[str, Any] = {
                    "set": {"name": "learning_rate", "value": chance.uniform(0.005, 0.02)},
                    "step": {"count": chance.randint(1, 25)}, "go_to_step": {"step": chance.randint(0, 60)},
                    "race": {"name": "weight_decay", "values": [0.1, 0.0, 0.05], "halves_every": chance.randint(1, 9)},
                    "adopt": {"branch": max([1, *(told["segments"][-1]["branch"] for told in dashboard.told("branched")
                                                  if told["segments"][-1]["branch"] < 1 << 52)])},
                }.get(kind, {})
                answer = dashboard.ask(kind, **params)
                if "error" in answer:
                    self.assertEqual(answer["error"]["code"], 1, answer)
                else:
                    asked[kind] = asked.get(kind, 0) + 1
            self.assertGreater(min(asked.get(kind, 0) for kind in ("race", "show_twin", "undo", "set")), 0, asked)
            dashboard.ask("end_race")
            edits = self.edits_in_force(dashboard)
            dashboard.ask("resume")
            dashboard.wait(lambda message: message.get("method") == "end", 90)
            self.finish(process, 90)
            dashboard.close()
            steered, run = self.ends(), self.environment.pop("TRAINTUI_RUN")
            self.finish(self.launch([60], EDITS=json.dumps(edits)), 90)
            self.environment["TRAINTUI_RUN"] = run
            self.assertEqual(steered, self.ends(), edits)

    def test_a_branch_of_a_race_is_adopted_by_all(self) -> None:
        process = self.launch([20], TRAINTUI_PAUSED="1")
        dashboard = self.dashboard_for_all()
        self.step(dashboard, 5)
        self.assertIn("result", dashboard.ask("race", name="learning_rate", values=[0.03, 0.01]))
        dashboard.wait(lambda message: message.get("method") == "progress" and all(
            one["step"] > 40 for one in message["params"].get("others", [{"step": 0}])))
        self.assertEqual(dashboard.ask("adopt", branch=2)["result"]["step"], dashboard.told("moved")[-1]["step"])
        self.assertGreater(dashboard.told("moved")[-1]["step"], 40)
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end", 60)
        self.finish(process)
        steered = self.ends()
        self.environment.pop("TRAINTUI_RUN")
        self.finish(self.launch([20], EDITS=json.dumps([{"name": "learning_rate", "new": 0.03, "step": 5}])))
        self.assertEqual(steered, self.ends())

    def test_who_asks_for_a_turn_from_outside_is_refused(self) -> None:
        process = self.launch([2], TRAINTUI_PAUSED="1")
        dashboard = self.dashboard_for_all()
        self.assertEqual(dashboard.ask("take_turn", steps=3)["error"]["code"], -32601)
        dashboard.ask("resume")
        self.finish(process)


if __name__ == "__main__":
    unittest.main()
