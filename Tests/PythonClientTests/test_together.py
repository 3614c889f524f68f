"""Several processes that go back together: all to the same moment, over the same steps. Skipped, and said so, without torch."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import unittest
from typing import List
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
import hashlib, json, os, random, sys
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
# Right behind its last gradient gloo's thread may still be about to free it, which aborts a Python that ends.
d.barrier()
d.destroy_process_group()
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


if __name__ == "__main__":
    unittest.main()
