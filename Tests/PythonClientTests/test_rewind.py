"""Going back: what a loop comes to after edits, undos and jumps is what it comes to with the edits that are left, alone."""

from __future__ import annotations

import os
import random
import sys
import unittest
from typing import Any, Dict, List, Tuple
from unittest import mock

from helpers import CLIENT, Dashboard, WithFolder

sys.path.insert(0, CLIENT)

from traintui._loop import Loop
from traintui._past import Place
from traintui._rewind import Rewind
from traintui._training import Training

try:
    import torch
except ImportError:
    torch = None  # type: ignore[assignment]

#: Every way to draw a random number, in the loop and in the loader; a number that epochs change; a validation.
PLAIN = """
import json, os, random, sys, traintui
class Line:
    w, b = 0.0, 0.0
    def state_dict(self): return {"w": self.w, "b": self.b, "decay": self.decay}
    def load_state_dict(self, state): self.w, self.b, self.decay = state["w"], state["b"], state["decay"]
    decay = 1.0
class Points:
    def __len__(self): return 17
    def __iter__(self):
        order = random.sample(range(17), 17)
        for index in order:
            x = index / 17 + random.gauss(0, 0.01)
            yield x, 2 * x + 1
edits = json.loads(os.environ.get("EDITS", "[]"))
random.seed(5)
line, step = Line(), 0
run = traintui.watch(keep=[line])
rate, slope = run.knob("learning_rate", 0.05, low=1e-9), run.knob("slope", 1.0)
for epoch in run.epochs(int(sys.argv[1])):
    random.random()
    for x, y in run.batches(Points()):
        for edit in edits:
            if edit["step"] == step:
                {"learning_rate": rate, "slope": slope}[edit["name"]].value = edit["new"]
        error = line.w * x * slope.value + line.b - y + random.uniform(-0.1, 0.1)
        line.w -= rate.value * line.decay * 2 * error * x
        line.b -= rate.value * line.decay * 2 * error
        run.loss(error * error)
        step += 1
    line.decay *= 0.97
    run.validated(error * error)
print(repr((line.w, line.b, line.decay)), random.random())
"""

TORCH = """
import hashlib, json, os, random, sys
import numpy, torch, traintui
class Points(torch.utils.data.Dataset):
    def __init__(self): self.x, self.y = torch.randn(90, 8), torch.randn(90, 1)
    def __len__(self): return 90
    def __getitem__(self, index):
        noise = random.gauss(0, 0.01) + numpy.random.rand() * 0.01 + float(torch.rand(1)) * 0.01
        return self.x[index] + (noise if sys.argv[2] == "draws" else 0), self.y[index]
def main():
    torch.manual_seed(3); random.seed(4); numpy.random.seed(5)
    torch.set_num_threads(1)
    device = os.environ["DEVICE"]
    torch.use_deterministic_algorithms(device != "cpu")
    edits = json.loads(os.environ.get("EDITS", "[]"))
    model = torch.nn.Sequential(
        torch.nn.Linear(8, 16), torch.nn.BatchNorm1d(16), torch.nn.ELU(), torch.nn.Dropout(0.2), torch.nn.Linear(16, 1))
    model.to(device)
    optimizer = torch.optim.NAdam(model.parameters(), lr=0.01)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.9)
    held = torch.randn(20, 8).to(device), torch.randn(20, 1).to(device)
    loader = torch.utils.data.DataLoader(Points(), batch_size=10, shuffle=True, num_workers=int(sys.argv[3]))
    def validate():
        model.eval()
        with torch.no_grad(): loss = torch.nn.functional.mse_loss(model(held[0]), held[1])
        model.train()
        return loss
    run = traintui.watch(model, optimizer, scheduler=schedule if sys.argv[4] == "named" else None, evaluate=validate)
    step = 0
    for epoch in run.epochs(int(sys.argv[1])):
        for x, y in run.batches(loader):
            for edit in edits:
                if edit["step"] == step:
                    if edit["name"] == "learning_rate":
                        factor = edit["new"] / optimizer.param_groups[0]["lr"]
                        optimizer.param_groups[0]["lr"] = edit["new"]
                        optimizer.param_groups[0]["initial_lr"] *= factor
                        schedule.base_lrs = [one * factor for one in schedule.base_lrs]
                        schedule._last_lr = [one * factor for one in schedule._last_lr]
                    else:
                        optimizer.param_groups[0]["weight_decay"] = edit["new"]
            optimizer.zero_grad()
            loss = torch.nn.functional.mse_loss(model(x.to(device)), y.to(device))
            loss.backward()
            optimizer.step()
            run.loss(loss)
            step += 1
        schedule.step()
        run.validated(validate())
    weights = b"".join(value.detach().cpu().numpy().tobytes() for value in model.state_dict().values())
    print(hashlib.sha256(weights).hexdigest(), optimizer.param_groups[0]["lr"], random.random(), numpy.random.rand(),
        torch.rand(1).item())
if __name__ == "__main__":
    main()
"""


class Asking(Training):
    """One of which something is asked just after the flag was looked at."""

    @property
    def attention(self) -> bool:  # type: ignore[override]
        was, self.is_asked = self.is_asked, True
        return was

    @attention.setter
    def attention(self, value: bool) -> None:
        self.is_asked = value


class Boundaries(unittest.TestCase):
    def test_whoever_asks_while_a_boundary_is_passed_finds_the_next_ones_place(self) -> None:
        training = Asking()
        rewind = training.rewind = Rewind(training, mock.Mock(), 1 << 20)
        rewind.due = 100
        places = []
        training.look = lambda behind_step=False: places.append(rewind.here)  # type: ignore[method-assign]
        loop = Loop(training)
        loop.epochs = 1
        for _ in loop.go_through(range(4)):
            pass
        # The flag is looked at first behind the first batch; from then on somebody has asked each time.
        self.assertEqual(places, [Place(0, 1), Place(0, 2), Place(0, 3)])


#: Seconds that a run may take to its end: sixty workers are started, which takes its time where others use the machine.
MINUTES = 300


class Going(WithFolder):
    """Somebody who goes to and fro at random."""

    def wait_for_pause(self, dashboard: Dashboard, since: int) -> None:
        while not any(
            message.get("method") == "state" and message["params"]["name"] == "paused"
            for message in dashboard.heard[since:]
        ):
            dashboard.hear()

    def step(self, dashboard: Dashboard, count: int) -> None:
        dashboard.ask("step", count=count)
        since = len(dashboard.heard)
        self.wait_for_pause(dashboard, since)

    def wander(
        self, dashboard: Dashboard, chance: random.Random, turns: int, names: Dict[str, float], anywhere: bool = True,
    ) -> int:
        """Edits, undoes and jumps so often, to any step or to those that are kept. Returns how often the run moved."""
        moves = 0
        for _ in range(turns):
            present = self.present(dashboard)
            kind = chance.choice(["set", "set", "step", "step", "undo", "redo", "go_to_step", "go_to_branch", "best"])
            if kind == "set":
                name = chance.choice(list(names))
                answer = dashboard.ask("set", name=name, value=names[name] * chance.uniform(0.5, 2))
                self.assertEqual(answer["result"]["step"], present)
            elif kind == "step":
                self.step(dashboard, chance.randint(1, 25))
            else:
                params: Dict[str, Any] = {}
                if kind == "go_to_step":
                    params["step"] = chance.randint(0, present)
                elif kind == "go_to_branch":
                    params["branch"] = chance.randint(1, 5)
                answer = dashboard.ask({"best": "go_to_best"}.get(kind, kind), **params)
                if "error" in answer:
                    self.assertEqual(answer["error"]["code"], 1, answer)
                    if anywhere:
                        self.assertNotIn("out of reach", answer["error"]["message"])
                    continue
                moves += 1
                moved = dashboard.told("moved")[-1]
                self.assertEqual(answer["result"]["step"], moved["step"])
                if kind == "go_to_step":
                    (self.assertEqual if anywhere else self.assertLessEqual)(moved["step"], params["step"])
        return moves

    def present(self, dashboard: Dashboard) -> int:
        """The step that the run is at, as it was told."""
        for message in reversed(dashboard.heard):
            if message.get("method") == "moved" or (message.get("method") == "state"):
                return int(message["params"]["step"])
        return 0

    def edits_in_force(self, dashboard: Dashboard) -> List[Dict[str, Any]]:
        edits: List[Dict[str, Any]] = []
        for message in dashboard.heard:
            if message.get("method") == "lineage":
                edits = list(message["params"]["edits"])
            elif message.get("method") == "changed":
                edits.append(message["params"])
        return edits

    def check(self, script: str, seed: int, turns: int, names: Dict[str, float], *arguments: object) -> None:
        import json

        process = self.start(script, *arguments, TRAINTUI_PAUSED="1", KMP_WARNINGS="0")
        dashboard = Dashboard(self.path)
        rewind = dashboard.hello["result"]["capabilities"]["rewind"]
        self.assertEqual((rewind["to"], rewind["exact"]), ("steps", "bits"))
        moves = self.wander(dashboard, random.Random(seed), turns, names)
        self.assertGreater(moves, 1)
        edits = self.edits_in_force(dashboard)
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end")
        steered = self.finish(process, MINUTES)
        self.check_samples(dashboard)
        dashboard.close()
        name = self.environment.pop("TRAINTUI_RUN")
        try:
            alone = self.finish(self.start(script, *arguments, EDITS=json.dumps(edits)), MINUTES)
        finally:
            # Another history may follow one that failed.
            self.environment["TRAINTUI_RUN"] = name
        self.assertEqual(steered, alone, edits)

    def check_samples(self, dashboard: Dashboard) -> None:
        """Each branch's steps follow each other, from where it left another one."""
        last: Dict[int, int] = {1: 0}
        for message in dashboard.heard:
            params = message.get("params", {})
            if message.get("method") == "lineage":
                segments = params["segments"]
                last.setdefault(segments[-1]["branch"], segments[-2].get("step", 0) if len(segments) > 1 else 0)
            if message.get("method") == "samples":
                self.assertEqual(params["first"], last[params["branch"]] + 1)
                last[params["branch"]] += sum(params.get("steps") or [1] * len(params["losses"]))


class Plain(Going):
    def test_forty_edits_undos_and_jumps_leave_what_the_edits_that_are_left_come_to(self) -> None:
        for seed in range(5):
            with self.subTest(seed):
                self.check(PLAIN, seed, 40, {"learning_rate": 0.05, "slope": 1.0}, 30)

    def test_undo_takes_an_edit_back_and_redo_puts_it_in_force_again(self) -> None:
        process = self.start(PLAIN, 9, TRAINTUI_PAUSED="1")
        dashboard = Dashboard(self.path)
        self.step(dashboard, 40)
        dashboard.ask("set", name="slope", value=0.5)
        self.step(dashboard, 30)
        self.assertEqual(dashboard.ask("undo")["result"]["step"], 40)
        moved, lineage = dashboard.told("moved")[-1], dashboard.told("lineage")[-1]
        self.assertEqual((moved["cause"], moved["left"], moved["left_step"], moved["branch"]), ("undo", 1, 70, 2))
        self.assertEqual(moved["edit"]["number"], 1)
        self.assertEqual(lineage["segments"], [{"branch": 1, "step": 40, "edits": 0}, {"branch": 2}])
        self.assertEqual((lineage["edits"], lineage["redo"]), ([], 1))
        value = {one["name"]: one["value"] for one in dashboard.told("hyperparameters")[-1]["list"]}
        self.assertEqual(value["slope"], 1.0)
        self.assertEqual(dashboard.ask("redo")["result"]["step"], 70)
        self.assertIsNone(dashboard.told("lineage")[-1]["redo"])
        value = {one["name"]: one["value"] for one in dashboard.told("hyperparameters")[-1]["list"]}
        self.assertEqual(value["slope"], 0.5)
        self.assertIn("no edit to undo", dashboard.ask("go_to_step", step=0) and dashboard.ask("undo")["error"]["message"])
        self.assertIn("not on the way", dashboard.ask("go_to_step", step=99)["error"]["message"])
        self.assertIn("no branch 77", dashboard.ask("go_to_branch", branch=77)["error"]["message"])
        dashboard.ask("resume")
        self.finish(process)

    def test_who_comes_late_or_again_is_told_all_branches_once(self) -> None:
        process = self.start(PLAIN, 9, TRAINTUI_PAUSED="1")
        first = Dashboard(self.path)
        self.step(first, 30)
        first.ask("go_to_step", step=20)
        self.step(first, 5)
        again = Dashboard(self.path, session="a", steps_after=33, events_after=first.told("moved")[-1]["n"])
        again.next = first.next
        again.ask("ping")
        self.assertEqual([told["segments"][-1]["branch"] for told in again.told("branched")], [2])
        self.assertEqual([(told["branch"], told["first"]) for told in again.told("samples")], [(2, 24)])
        late = Dashboard(self.path, session="b")
        late.ask("ping")
        self.assertEqual(
            [(told["branch"], told["first"], len(told["losses"])) for told in late.told("samples")],
            [(1, 1, 30), (2, 21, 5)])
        self.assertEqual(late.told("lineage")[0]["segments"], [{"branch": 1, "step": 20, "edits": 0}, {"branch": 2}])
        self.assertEqual(late.hello["result"]["recent"]["last"], 25)
        self.assertEqual(len(late.hello["result"]["recent"]["losses"]), 25)
        self.assertEqual(late.hello["result"]["progress"]["step_in_epoch"], 8)
        again.ask("resume")
        self.finish(process)

    def test_a_loop_without_epochs_goes_back_within_its_batches(self) -> None:
        script = PLAIN.replace("run.epochs(int(sys.argv[1]))", "range(2)").replace("range(17)", "range(17)")
        process = self.start(script, 0, TRAINTUI_PAUSED="1")
        dashboard = Dashboard(self.path)
        self.step(dashboard, 10)
        self.assertEqual(dashboard.ask("go_to_step", step=3)["result"]["step"], 3)
        self.step(dashboard, 20)
        self.assertIn("kept from step 17 on", dashboard.ask("go_to_step", step=3)["error"]["message"])
        self.assertEqual(dashboard.ask("go_to_step", step=18)["result"]["step"], 18)
        dashboard.ask("resume")
        alone = self.finish(process)
        self.environment.pop("TRAINTUI_RUN")
        self.assertEqual(alone, self.finish(self.start(script, 0)))


@unittest.skipUnless(torch is not None, "PyTorch is not installed")
class WithTorch(Going):
    def test_forty_edits_undos_and_jumps_leave_the_weights_of_the_edits_that_are_left_bit_for_bit(self) -> None:
        names = {"learning_rate": 0.01, "weight_decay": 0.1}
        kinds: List[Tuple[object, ...]] = [("draws", 0, "named"), ("draws", 0, "found"), ("draws", 2, "named")]
        # TRAINTUI_HISTORIES=200 tries so many, in half an hour, or more where others use the machine.
        for seed in range(int(os.environ.get("TRAINTUI_HISTORIES", "3"))):
            kind = kinds[seed % 3]
            with self.subTest(kind, seed=seed):
                self.check(TORCH, seed, 40, names, 30, *kind)

    def test_batches_that_the_script_changes_are_not_taken_for_what_they_were(self) -> None:
        script = TORCH.replace("optimizer.zero_grad()", "x.mul_(2); optimizer.zero_grad()")
        self.start(script, 30, "same", 0, "named", TRAINTUI_PAUSED="1")
        dashboard = Dashboard(self.path)
        self.step(dashboard, 12)
        self.assertIn("changes its batches", dashboard.ask("go_to_step", step=3)["error"]["message"])


if __name__ == "__main__":
    print(sys.version)
    unittest.main()
