"""Going back in loops that know nothing of it: their weights do, and their data go on. Without torch most is skipped."""

from __future__ import annotations

import os
import shutil
import sys
import time
import unittest
from typing import List
from unittest import mock

from helpers import CLIENT, Dashboard, WithFolder, WithTorchrun, example

sys.path.insert(0, CLIENT)

from traintui._meeting import Way, agreement, proposal, way
from traintui._news import Asked, Told
from traintui._recall import MOST_STATES, Recall
from traintui._timeline import Moment
from traintui._training import Training
from traintui._wire import Refusal

try:
    import torch
except ImportError:
    torch = None  # type: ignore[assignment]

#: Logs the rate and the weights of each step, what the optimizer remembers, and the buffers. With LAPS it does by itself
#: what a dashboard asks for: an edit behind the first one, and going back before the second one's step.
LOOP = """
import copy, hashlib, json, os, sys, time
import torch
import torch.distributed as d
rank, world = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
if world > 1: d.init_process_group("gloo")
torch.manual_seed(3)
torch.set_num_threads(1)
plain = torch.nn.Sequential(
    torch.nn.Linear(8, 16), torch.nn.BatchNorm1d(16), torch.nn.ELU(), torch.nn.Dropout(0.2), torch.nn.Linear(16, 1))
model = torch.nn.parallel.DistributedDataParallel(plain) if world > 1 else plain
o = torch.optim.NAdam(model.parameters(), lr=0.01)
schedule = torch.optim.lr_scheduler.ExponentialLR(o, 0.99)
torch.manual_seed(rank)
edit, back = json.loads(os.environ.get("LAPS", "[-1, -1]"))
def digest(tensors):
    return hashlib.sha256(b"".join(one.detach().numpy().tobytes() for one in tensors)).hexdigest()[:12]
def everything():
    return copy.deepcopy([list(plain.parameters()), list(plain.buffers()), o.state_dict(), schedule.state_dict()])
def put_back(kept):
    with torch.no_grad():
        for one, other in zip((*plain.parameters(), *plain.buffers()), (*kept[0], *kept[1])): one.copy_(other)
    o.load_state_dict(copy.deepcopy(kept[2])); schedule.load_state_dict(copy.deepcopy(kept[3]))
log = open(f"log-{rank}", "w")
for lap in range(int(sys.argv[1])):
    x, y = torch.randn(10, 8), torch.randn(10, 1)
    o.zero_grad()
    torch.nn.functional.mse_loss(model(x), y).backward()
    if lap == edit:
        kept = everything()
        factor = 0.002 / o.param_groups[0]["lr"]
        for group in o.param_groups: group["lr"], group["initial_lr"] = 0.002, group["initial_lr"] * factor
        schedule.base_lrs = [one * factor for one in schedule.base_lrs]
        schedule._last_lr = [one * factor for one in schedule._last_lr]
    if lap == back:
        put_back(kept)
        settings = copy.deepcopy([o.state_dict()["param_groups"], schedule.state_dict()])
    else:
        if lap == back + 1 > 0:
            o.param_groups[0].update({k: v for k, v in settings[0][0].items() if k != "params"})
            schedule.load_state_dict(settings[1])
        o.step()
    memory = [one for own in o.state.values() for one in own.values()]
    print(lap, repr(o.param_groups[0]["lr"]), digest(plain.parameters()), digest(memory), digest(plain.buffers()),
        file=log, flush=True)
    schedule.step()
    time.sleep(0.001)
if world > 1:
    d.barrier()
    d.destroy_process_group()
"""


class Lines:
    """A script's log: a line a lap of the loop."""

    def __init__(self, text: str) -> None:
        rows = [line.split() for line in text.splitlines()]
        self.rates = [float(row[1]) for row in rows]
        self.weights, self.memory, self.buffers = ([row[at] for row in rows] for at in (2, 3, 4))


class Keeping(unittest.TestCase):
    """States of a training that are only counted."""

    def setUp(self) -> None:
        self.training = Training()
        self.keeper = mock.Mock(size=1000)
        self.keeper.keep = lambda: mock.Mock(bytes=1000)
        self.recall = Recall(self.training, self.keeper, 10_000)

    def edit(self, step: int) -> None:
        self.training.step = step
        self.recall.before_edit()
        made = self.training.timeline.edits_made + 1
        self.training.timeline.add({"number": made, "name": "x", "old": 1, "new": 2, "step": step})

    def test_no_more_is_kept_than_there_is_room_for(self) -> None:
        for step in range(1, 200):
            self.edit(step)
            self.assertLessEqual(len(self.recall._kept), 10)
        recall = self.recall = Recall(self.training, self.keeper, 1 << 40)
        for step in range(200, 400):
            self.edit(step)
            self.assertLessEqual(len(recall._kept), MOST_STATES)
        self.assertEqual(len(recall._kept), MOST_STATES)

    def test_what_is_too_large_is_said_once_and_not_copied(self) -> None:
        closed: List[str] = []
        self.recall.on_no_way_back = closed.append
        self.keeper.size = 6000
        self.keeper.keep = mock.Mock(side_effect=AssertionError)
        self.edit(1)
        self.edit(2)
        self.assertEqual(len(closed), 1)
        self.assertIn("TRAINTUI_MEMORY", closed[0])
        told = [news.params["text"] for news in self.training.news if isinstance(news, Told)]
        self.assertEqual(told, [f"there is no way back: {closed[0]}"])

    def test_a_copy_that_fails_ends_the_way_back_and_not_the_training(self) -> None:
        self.keeper.keep = mock.Mock(side_effect=MemoryError)
        self.edit(1)
        self.assertTrue(self.training.is_alive)
        self.assertEqual(self.recall._kept, [])

    def test_where_there_are_no_weights_yet_nothing_is_kept_until_the_first_step(self) -> None:
        self.keeper.size = 0
        self.edit(0)
        self.assertEqual((self.recall._kept, self.recall.due), ([], 1))
        self.keeper.size = 1000
        self.training.step = 1
        self.recall.keep()
        self.training.step = 5
        with self.assertRaisesRegex(Refusal, "step 0 is out of reach: what it takes is kept from step 1 on"):
            self.recall.undo(Asked("", None, "undo", {}))

    def test_the_best_state_stays_among_those_that_are_kept_from_time_to_time(self) -> None:
        for step in range(0, 300):
            self.training.step = step
            self.recall.keep()
            if step == 17:
                self.recall.validated(1.0)
            elif step in (8, 40):
                self.recall.validated(2.0)
        self.recall.go_to_best(Asked("", None, "go_to_best", {}))
        self.assertEqual(self.training.step, 17)
        self.assertLessEqual(len(self.recall._kept), 11)

    def test_it_goes_to_the_latest_state_before_a_step_and_to_a_branch_only_where_that_was_left(self) -> None:
        for step in (10, 20):
            self.edit(step)
        self.training.step = 30
        self.recall.go_to_step(Asked("", None, "go_to_step", {"step": 15}))
        self.assertEqual(self.training.step, 10)
        self.assertTrue(self.recall.leave())
        self.recall._kept = [kept for kept in self.recall._kept if kept.moment.step != 30]
        with self.assertRaisesRegex(Refusal, "not kept any more"):
            self.recall.go_to_branch(Asked("", None, "go_to_branch", {"branch": 1}))
        with self.assertRaisesRegex(Refusal, "step 5 is out of reach"):
            self.recall.go_to_step(Asked("", None, "go_to_step", {"step": 5}))

    def test_processes_that_take_no_steps_agree_on_a_state_and_stay_there(self) -> None:
        starts = [(1, Moment(10, 0)), (1, Moment(20, 1))]
        said = {rank: proposal(Moment(30, 2), starts[: 2 - rank], "", takes_steps=False) for rank in (0, 1)}
        self.assertEqual(way(agreement(said)), Way(Moment(10, 0), starts[0]))
        said = {0: proposal(Moment(20, 2), starts, "", takes_steps=False)}
        self.assertEqual(way(agreement(said)), Way(Moment(20, 2), starts[1]))

    def test_gradients_of_the_same_weights_are_applied(self) -> None:
        self.edit(10)
        self.recall.undo(Asked("", None, "undo", {}))
        self.assertFalse(self.recall.leave())
        self.training.step = 12
        self.edit(12)
        self.training.step = 15
        for move, is_stale in (("undo", True), ("redo", False)):
            getattr(self.recall, move)(Asked("", None, move, {}))
            self.assertEqual(self.recall._is_stale, is_stale)


@unittest.skipUnless(torch is not None, "PyTorch is not installed")
class Unchanged(WithFolder):
    def setUp(self) -> None:
        super().setUp()
        place = os.path.join(self.folder, "python")
        shutil.copytree(os.path.join(CLIENT, "traintui"), os.path.join(place, "traintui"))
        shutil.copy(os.path.join(CLIENT, "traintui", "_sitecustomize.py"), os.path.join(place, "sitecustomize.py"))
        self.environment["PYTHONPATH"] = place

    def steps(self, dashboard: Dashboard, count: int) -> None:
        dashboard.ask("step", count=count)
        dashboard.wait(lambda message: message.get("params", {}).get("name") == "paused")

    def test_weights_go_back_bit_for_bit_and_the_loop_ends_as_one_that_puts_them_back_itself(self) -> None:
        process = self.start(LOOP, 100, TRAINTUI_PAUSED="1")
        dashboard = Dashboard(self.path)
        rewind = dashboard.hello["result"]["capabilities"]["rewind"]
        self.assertEqual((rewind["to"], rewind["data"], rewind["exact"]), ("edits", "goes_on", "weights"))
        self.steps(dashboard, 20)
        self.assertEqual(dashboard.ask("set", name="learning_rate", value=0.002)["result"]["step"], 20)
        self.steps(dashboard, 15)
        self.assertEqual(dashboard.ask("undo")["result"]["step"], 20)
        self.assertEqual(dashboard.told("moved")[-1]["cause"], "undo")
        self.assertIn("data, random numbers and the script's own count go on", dashboard.told("notice")[-1]["text"])
        self.steps(dashboard, 3)
        self.assertEqual(dashboard.ask("ping")["result"]["step"], 23)
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end")
        self.finish(process)
        steered = self.text("log-0")
        self.finish(self.start(LOOP, 100, TRAINTUI_RUN="alone", PYTHONPATH="", LAPS="[20, 35]"))
        self.assertEqual(steered, self.text("log-0"))
        self.check(Lines(steered))

    def check(self, lines: Lines) -> None:
        """The edit is behind the 20th step, and the 36th lap is passed over, with what was there before the edit."""
        self.assertEqual(lines.weights[35], lines.weights[19])
        self.assertEqual(lines.memory[35], lines.memory[19])
        # The batch of the next step had been seen.
        self.assertEqual(lines.buffers[35], lines.buffers[20])
        for lap, rate in enumerate(lines.rates):
            step = lap if lap < 35 else 20 if lap == 35 else lap - 16
            wanted = 0.01 * 0.99 ** step if lap < 20 or lap >= 35 else 0.002 * 0.99 ** (step - 20)
            self.assertAlmostEqual(rate / wanted, 1, 9, f"lap {lap}")

    def test_redo_returns_to_what_undo_left_and_steps_are_told_once_a_branch(self) -> None:
        process = self.start(LOOP, 100, TRAINTUI_PAUSED="1")
        dashboard = Dashboard(self.path)
        self.steps(dashboard, 10)
        self.assertIn("no edit to undo", dashboard.ask("undo")["error"]["message"])
        self.assertIn("no validation", dashboard.ask("go_to_best")["error"]["message"])
        self.assertIn("by itself", dashboard.ask("on_divergence", policy="rewind")["error"]["message"])
        dashboard.ask("set", name="learning_rate", value=0.002)
        self.steps(dashboard, 10)
        self.assertEqual(dashboard.ask("undo")["result"]["step"], 10)
        self.steps(dashboard, 5)
        self.assertEqual(dashboard.ask("redo")["result"]["step"], 20)
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end")
        self.finish(process)
        lines = Lines(self.text("log-0"))
        # 20 laps, one passed over, 5, one passed over.
        self.assertEqual((lines.weights[20], lines.weights[26]), (lines.weights[9], lines.weights[19]))
        told = [(params["branch"], step) for params in dashboard.told("samples")
                for step in range(params["first"], params["first"] + len(params["losses"]))]
        self.assertEqual(sorted(told), [(1, step) for step in range(1, 94)] + [(2, step) for step in range(11, 16)])

    def test_where_two_optimizers_step_nothing_goes_half_back(self) -> None:
        script = LOOP.replace("schedule = ", "other = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))])\nschedule = ")
        script = script.replace("    schedule.step()\n", "    schedule.step(); other.step()\n")
        process = self.start(script, 50, TRAINTUI_PAUSED="1")
        dashboard = Dashboard(self.path)
        self.steps(dashboard, 10)
        dashboard.ask("set", name="learning_rate", value=0.002)
        self.assertIn("two optimizers", dashboard.ask("undo")["error"]["message"])
        dashboard.ask("resume")
        self.finish(process)

    def test_a_closure_makes_its_gradients_of_the_weights_that_are_there(self) -> None:
        script = LOOP.replace("        o.step()\n", """
        def closure():
            o.zero_grad()
            loss = torch.nn.functional.mse_loss(model(x), y)
            loss.backward()
            return loss
        o.step(closure)
""")
        process = self.start(script, 60, TRAINTUI_PAUSED="1")
        dashboard = Dashboard(self.path)
        self.steps(dashboard, 10)
        dashboard.ask("set", name="learning_rate", value=0.002)
        self.steps(dashboard, 10)
        self.assertEqual(dashboard.ask("undo")["result"]["step"], 10)
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end")
        self.finish(process)
        # No lap is passed over: 20 steps, and 40 from step 10 on.
        self.assertEqual(max(dashboard.steps()), 50)
        lines = Lines(self.text("log-0"))
        self.assertAlmostEqual(lines.rates[20], 0.01 * 0.99**10, 12)
        self.assertEqual(len(set(lines.weights)), 60)


@unittest.skipUnless(torch is not None, "PyTorch is not installed")
class UnderTorchrun(WithTorchrun):
    def test_two_processes_go_back_at_one_step_to_the_same_bits(self) -> None:
        process = self.launch(100, LOOP, TRAINTUI_PAUSED="1")
        dashboard = self.dashboard_for_all()
        for count, method, params, step in (
                (20, "set", {"name": "learning_rate", "value": 0.002}, 20), (15, "undo", {}, 20)):
            dashboard.ask("step", count=count)
            dashboard.wait(lambda message: message.get("params", {}).get("name") == "paused")
            self.assertEqual(dashboard.ask(method, **params)["result"]["step"], step)  # type: ignore[arg-type]
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end")
        self.finish(process)
        logs = [self.text(f"log-{rank}") for rank in (0, 1)]
        self.environment.pop("TRAINTUI_RUN")
        self.finish(self.launch(100, LOOP, LAPS="[20, 35]"))
        for rank, log in enumerate(logs):
            self.assertEqual(log, self.text(f"log-{rank}"))
            Unchanged.check(self, Lines(log))  # type: ignore[arg-type]
        self.assertEqual(Lines(logs[0]).weights, Lines(logs[1]).weights)

    def test_while_steps_are_taken_all_go_back_at_one_of_them(self) -> None:
        process = self.launch(400, LOOP)
        dashboard = self.dashboard_for_all()
        for _ in range(6):
            edited = dashboard.ask("set", name="learning_rate", value=0.002)["result"]["step"]
            dashboard.wait(lambda message: message.get("method") == "samples")
            self.assertEqual(dashboard.ask("undo")["result"]["step"], edited)
        dashboard.wait(lambda message: message.get("method") == "end", 60)
        self.finish(process)
        one, other = [Lines(self.text(f"log-{rank}")) for rank in (0, 1)]
        self.assertEqual((one.weights, one.rates, one.memory), (other.weights, other.rates, other.memory))

    def test_a_process_that_only_helps_others_to_their_end_keeps_none_of_them_waiting(self) -> None:
        # Join: the second process has half as many batches, and takes part in the others' collectives from then on.
        script = example("ddp_loop").replace("    for step in range(1, count + 1):\n", """
    from torch.distributed.algorithms.join import Join
    context = Join([model])
    context.__enter__()
    for step in range(1, count // (1 + rank) + 1):
""").replace('with open(f"end', 'context.__exit__(None, None, None)\nwith open(f"end')
        process = self.launch(1000, script)
        dashboard = self.dashboard_for_all()
        early = dashboard.ask("set", name="learning_rate", value=0.005)["result"]["step"]
        dashboard.wait(lambda message: message.get("method") == "progress" and message["params"]["step"] > 510)
        late = dashboard.ask("set", name="learning_rate", value=0.0025)["result"]["step"]
        began = time.monotonic()
        self.assertEqual(dashboard.ask("undo")["error"]["message"], "rank 1 takes no step")
        self.assertLess(time.monotonic() - began, 13)
        dashboard.wait(lambda message: message.get("method") == "end", 60)
        self.finish(process)
        wanted = [0.01] * early + [0.005] * (late - early) + [0.0025] * (1000 - late)
        self.assertEqual([rate for _, rate in self.rates(0)], wanted)
        self.assertEqual([rate for _, rate in self.rates(1)], wanted[:500])
        self.assertEqual(self.text("end-0.log").split()[1], self.text("end-1.log").split()[1])


if __name__ == "__main__":
    unittest.main()
