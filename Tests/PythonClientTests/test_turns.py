"""A twin and races in turns: whatever trains beside it, the run has the bits that it has alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unittest
from typing import Any, Callable, Dict, List, Tuple
from unittest import mock

from helpers import CLIENT, Dashboard, WithFolder
from test_rewind import PLAIN, TORCH, torch

sys.path.insert(0, CLIENT)

from traintui._beside import Beside
from traintui._news import Asked
from traintui._race import Lane, Race
from traintui._timeline import Lineage, Moment
from traintui._training import Training
from traintui._wire import Refusal

#: The same loops, which write down each step's loss in the end, so that a run alone says what a branch is to have seen.
LOGGING = {
    PLAIN: PLAIN.replace("run.loss(error * error)", "run.loss(error * error); log.append(error * error)").replace(
        "edits = json", "log = []\nedits = json") + """
open("losses.json", "w").write(json.dumps(log))
""",
    TORCH: TORCH.replace("run.loss(loss)", "run.loss(loss); log.append(loss.item())").replace(
        "    edits = json", "    log = []\n    edits = json").replace(
        "    weights = b", "    open('losses.json', 'w').write(json.dumps(log))\n    weights = b"),
}
#: A run that breaks off by itself, or diverges where its rate is large.
RATES = """
import json, sys, traintui
class Line:
    w = 1.0
    def state_dict(self): return {"w": self.w}
    def load_state_dict(self, state): self.w = state["w"]
line = Line()
run = traintui.watch(keep=[line], memory=int(sys.argv[1]))
rate = run.knob("learning_rate", 0.01)
seen = 0
for epoch in run.epochs(40):
    for x in run.batches([x / 10 for x in range(10)]):
        seen += 1
        line.w -= rate.value * x
        if abs(line.w) > 50 and not run.diverged(f"w is {line.w:.0f}"):
            continue
        run.loss(abs(line.w))
    if seen >= int(sys.argv[2]):
        break
print(repr(line.w), seen)
"""


class Turns(WithFolder):
    def watch(self, script: str, *arguments: object, **environment: str) -> Dashboard:
        self.process = self.start(script, *arguments, TRAINTUI_PAUSED="1", **environment)
        return Dashboard(self.path)

    def alone(self, script: str, *arguments: object, edits: List[Dict[str, Any]] = []) -> Tuple[str, List[float]]:
        """What a run comes to that nobody watches, with edits that it makes itself, and its losses."""
        environment = {key: value for key, value in self.environment.items() if key != "TRAINTUI_RUN"}
        name = os.path.join(self.folder, "alone.py")
        with open(name, "w") as file:
            file.write(LOGGING[script])
        output = subprocess.run(
            [sys.executable, name, *map(str, arguments)], env={**environment, "EDITS": json.dumps(edits)}, check=True,
            capture_output=True, text=True, cwd=self.folder).stdout
        return output, json.loads(self.text("losses.json"))

    def losses(self, dashboard: Dashboard, branch: int) -> Dict[int, float]:
        """The losses of a branch by its steps. Fails where one was told twice, or folded."""
        found: Dict[int, float] = {}
        for params in dashboard.told("samples"):
            if params["branch"] == branch:
                for step, loss in enumerate(params["losses"], params["first"]):
                    self.assertNotIn(step, found)
                    found[step] = loss
        return found

    def others(self, dashboard: Dashboard, is_wanted: Callable[[Dict[str, Any]], bool]) -> List[Dict[str, Any]]:
        """Where the branches beside the run stand when one of them is as wanted."""
        def is_told(message: Dict[str, Any]) -> bool:
            return any(map(is_wanted, message.get("params", {}).get("others", [])))

        found = next(filter(is_told, reversed(dashboard.heard)), None) or dashboard.wait(is_told)
        others: List[Dict[str, Any]] = found["params"]["others"]
        return others

    def beside(self, dashboard: Dashboard, branch: int, step: int) -> None:
        """Waits for a branch beside the run to come to a step."""
        self.others(dashboard, lambda one: bool(one["branch"] == branch and one["step"] >= step))

    def end(self, dashboard: Dashboard, resumes: bool = True) -> str:
        if resumes:
            dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end")
        dashboard.close()
        return self.finish(self.process)

    def step(self, dashboard: Dashboard, count: int, at: int) -> None:
        """Takes some steps, and waits until they are taken."""
        dashboard.ask("step", count=count)
        dashboard.wait(lambda message: message.get("method") == "state" and (
            message["params"]["name"], message["params"]["step"]) == ("paused", at))

    def twin(self, script: str, *arguments: object) -> None:
        dashboard = self.watch(script, *arguments)
        self.assertEqual(dashboard.hello["result"]["capabilities"]["fork"], "turns")
        self.step(dashboard, 7, at=7)
        self.assertEqual(dashboard.ask("set", name="learning_rate", value=0.02)["result"], {"step": 7})
        self.step(dashboard, 6, at=13)
        dashboard.ask("show_twin", edit=1)
        twin = dashboard.told("twin")[-1]["twin"]
        self.assertEqual(twin["edit"], 1)
        # Paused, the run has it come to its own step.
        self.beside(dashboard, twin["branch"], 13)
        # Another edit is the twin's too.
        other = {"name": "slope", "value": 1.1} if script is PLAIN else {"name": "weight_decay", "value": 0.01}
        dashboard.ask("set", **other)
        self.step(dashboard, 11, at=24)
        self.beside(dashboard, twin["branch"], 24)
        output = self.end(dashboard)
        edits = [
            {"step": 7, "name": "learning_rate", "new": 0.02}, {"step": 13, "name": other["name"], "new": other["value"]}]
        expected, losses = self.alone(script, *arguments, edits=edits)
        self.assertEqual(output, expected)
        self.assert_told(dashboard, 1, losses)
        _, losses = self.alone(script, *arguments, edits=edits[1:])
        self.assert_told(dashboard, twin["branch"], losses, first=8)

    def assert_told(self, dashboard: Dashboard, branch: int, losses: List[float], first: int = 1) -> None:
        """A branch's losses were told, each once, and are those of a run alone, bit for bit."""
        told = self.losses(dashboard, branch)
        self.assertEqual(list(told), list(range(first, len(losses) + 1)))
        self.assertEqual(list(told.values()), losses[first - 1 :])

    def race(self, script: str, *arguments: object, adopted: int, steps: int) -> None:
        """A race from step 5 on, of which one branch is adopted after some steps, or with 0 none, and again."""
        values = [0.02, 0.05 if script is PLAIN else 0.01, 0.005]
        dashboard = self.watch(script, *arguments)
        self.step(dashboard, 5, at=5)
        self.assertEqual(dashboard.ask("race", name="learning_rate", values=values)["result"], {"step": 5})
        race = dashboard.told("race")[-1]["race"]
        self.assertEqual([one["branch"] for one in race["entrants"]], [2, 3, 4])
        self.assertEqual([one["edits"] for one in race["entrants"]], [[1], [None], [2]])
        self.assertIn("a race is on", dashboard.ask("set", name="learning_rate", value=0.1)["error"]["message"])
        dashboard.ask("pause")
        dashboard.ask("step", count=steps)
        for branch in (2, 3, 4):
            self.beside(dashboard, branch, 5 + steps)
        if adopted:
            self.assertIn("result", dashboard.ask("adopt", branch=adopted))
            self.assertEqual(dashboard.told("moved")[-1]["cause"], "adoption")
        else:
            self.assertEqual(dashboard.ask("end_race")["result"], {"step": 5})
        self.assertIsNone(dashboard.told("race")[-1]["race"])
        output = self.end(dashboard)
        for branch, value in zip((2, 3, 4), values):
            edits = [] if branch == 3 else [{"step": 5, "name": "learning_rate", "new": value}]
            expected, losses = self.alone(script, *arguments, edits=edits)
            if branch == adopted or (branch == 3 and adopted == 0):
                self.assertEqual(output, expected)
            told = self.losses(dashboard, branch)
            self.assertGreaterEqual(len(told), steps)
            self.assertEqual(list(told.values()), losses[5 : 5 + len(told)])


class Refused(unittest.TestCase):
    """The first of several processes, whose requests are not carried out."""

    def setUp(self) -> None:
        self.training = Training()
        self.training.gate = mock.Mock(is_open=False)
        self.asked: List[Asked] = []
        self.training.post = self.asked.append  # type: ignore[method-assign,assignment]
        self.turns = Beside(self.training, mock.Mock(is_at_end=False))
        self.training.step = 9

    def refuse(self) -> None:
        self.asked[-1].refusal = Refusal(4, "rank 1 is lost")

    def test_a_twin_ends_where_not_all_take_turns_on_all_that_are_left_and_at_last_alone(self) -> None:
        self.turns._twin = Lane(Lineage([(7, None)], []), mock.Mock(moment=Moment(3, 0)), Moment(3, 0))
        for _ in range(2):
            self.assertFalse(self.turns.sets_out(waits=True))
        self.assertEqual([(one.method, one.params) for one in self.asked], [("take_turn", {"steps": 6})])
        self.refuse()
        for _ in range(2):
            self.turns.sets_out(waits=True)
        self.assertEqual([one.method for one in self.asked], ["take_turn", "hide_twin"])
        self.assertTrue(self.turns.is_on)
        self.refuse()
        self.turns.sets_out(waits=True)
        self.assertEqual((len(self.asked), self.turns.is_on), (2, False))

    def test_a_race_waits_where_not_all_take_turns(self) -> None:
        lanes = [Lane(Lineage([(one, None)], []), mock.Mock(moment=Moment(9, 0)), Moment(9, 0)) for one in (2, 3)]
        self.turns.race = Race({}, lanes, lanes[0].kept, None)
        self.assertTrue(self.turns.holds)
        self.turns.sets_out(waits=False)
        self.refuse()
        self.turns.sets_out(waits=False)
        self.refuse()
        self.turns.sets_out(waits=False)
        self.assertEqual([one.method for one in self.asked], ["take_turn", "pause"])
        self.assertFalse(self.training.is_going)


class Plain(Turns):
    def test_a_twin_and_the_run_have_the_bits_that_each_has_alone(self) -> None:
        self.twin(PLAIN, 6)

    def test_a_race_that_ends_leaves_nothing_behind(self) -> None:
        self.race(PLAIN, 5, adopted=0, steps=30)

    def test_the_run_goes_on_as_the_branch_that_is_adopted(self) -> None:
        self.race(PLAIN, 5, adopted=4, steps=30)

    def test_a_branch_that_is_adopted_before_its_first_step_has_its_edit(self) -> None:
        # Both are asked for within a step, so that the race ends where it begins.
        script = PLAIN.replace("        error =", """        if run._training.step == 5 and not os.path.exists("go"):
            open("inside", "w").close()
            while not os.path.exists("go"):
                pass
        error =""")
        dashboard = self.watch(script, 5)
        self.step(dashboard, 5, at=5)
        dashboard.ask("resume")
        while not os.path.exists(os.path.join(self.folder, "inside")):
            self.assertIsNone(self.process.poll())
        race = dashboard.send("race", name="learning_rate", values=[0.02, 0.05])
        adopted = dashboard.send("adopt", branch=2)
        dashboard.ask("ping")
        with open(os.path.join(self.folder, "go"), "w"):
            pass
        self.assertEqual([dashboard.answer(one)["result"]["step"] for one in (race, adopted)], [6, 6])
        output = self.end(dashboard, resumes=False)
        expected, _ = self.alone(PLAIN, 5, edits=[{"step": 6, "name": "learning_rate", "new": 0.02}])
        self.assertEqual(output, expected)

    def test_the_worse_half_of_a_race_is_dropped_and_can_be_gone_to_later(self) -> None:
        dashboard = self.watch(PLAIN, 6)
        self.step(dashboard, 3, at=3)
        dashboard.ask("race", name="learning_rate", values=[1e-9, 0.05, 1e-8, 0.06], halves_every=10)
        others = {one["branch"]: one for one in self.others(dashboard, lambda one: bool(one["step"] > 40))}
        self.assertEqual(sorted(one.get("dropped_at", 0) for one in others.values()), [0, 13, 13, 23])
        self.assertEqual({branch: one.get("dropped_at") for branch, one in others.items() if branch in (2, 4)}, {2: 13, 4: 13})
        dashboard.ask("end_race")
        self.assertEqual(dashboard.ask("go_to_branch", branch=4)["result"], {"step": 13})
        self.assertEqual([edit["new"] for edit in dashboard.told("lineage")[-1]["edits"]], [1e-8])
        self.end(dashboard)

    def test_the_twin_of_the_last_edit_begins_anew_with_each_and_goes_with_an_undo(self) -> None:
        dashboard = self.watch(PLAIN, 6)
        dashboard.ask("show_twin")
        self.assertEqual(dashboard.told("twin"), [])
        self.step(dashboard, 5, at=5)
        dashboard.ask("set", name="learning_rate", value=0.01)
        dashboard.ask("set", name="slope", value=2)
        self.step(dashboard, 5, at=10)
        twins = [one["twin"] for one in dashboard.told("twin")]
        self.assertEqual([twin and twin["edit"] for twin in twins], [1, None, 2])
        dashboard.ask("undo")
        self.assertEqual([one["twin"] and one["twin"]["edit"] for one in dashboard.told("twin")][3:], [None, 1])
        dashboard.ask("hide_twin")
        self.assertIsNone(dashboard.told("twin")[-1]["twin"])
        late = Dashboard(self.path, session="late")
        self.assertEqual(late.ask("ping")["result"]["step"], 5)
        self.assertEqual(late.told("twin")[-1]["twin"], None)
        late.close()
        self.end(dashboard)

    def test_a_twin_that_diverges_ends_alone(self) -> None:
        dashboard = self.watch(RATES, 1 << 24, 10**9)
        dashboard.ask("set", name="learning_rate", value=5.0)
        self.step(dashboard, 5, at=5)
        dashboard.ask("set", name="learning_rate", value=0.01)
        dashboard.ask("show_twin")
        dashboard.ask("resume")
        twin = dashboard.told("twin")[-1]["twin"]["branch"]
        other, = self.others(dashboard, lambda one: "divergence" in one)
        self.assertEqual((other["branch"], other["divergence"][:4]), (twin, "w is"))
        w = 1.0
        for step in range(400):
            w -= (5.0 if step < 5 else 0.01) * (step % 10) / 10
        self.assertEqual(self.end(dashboard, resumes=False).split()[0], repr(w))

    def test_a_script_that_leaves_its_loop_in_another_branchs_turn_goes_on_with_its_own_state(self) -> None:
        dashboard = self.watch(RATES, 1 << 24, 60)
        dashboard.ask("set", name="learning_rate", value=0.02)
        self.step(dashboard, 29, at=29)
        # From here on the script counts the steps of both.
        dashboard.ask("show_twin")
        output = self.end(dashboard)
        w, steps = 1.0, 0
        told = self.losses(dashboard, 1)
        for step in range(len(told)):
            w -= 0.02 * (step % 10) / 10
        self.assertEqual(output.split()[0], repr(w))

    def test_a_race_goes_no_further_than_batches_are_kept(self) -> None:
        dashboard = self.watch(RATES, 1 << 20, 10**9)
        self.step(dashboard, 5, at=5)
        dashboard.ask("race", name="learning_rate", values=[0.02, 0.03])
        dashboard.wait(lambda message: message.get("method") == "notice")
        self.assertIn("as many batches as can be kept", dashboard.told("notice")[-1]["text"])
        dashboard.ask("end_race")
        self.assertEqual(dashboard.ask("ping")["result"]["step"], 5)
        dashboard.ask("stop")
        dashboard.close()
        self.finish(self.process)

    def test_branches_end_where_an_epoch_has_batches_twice_and_the_run_goes_on(self) -> None:
        dashboard = self.watch(RATES.replace("    if seen >=", """    for x in run.batches([5.0]):
        line.w -= rate.value * x
        run.loss(line.w)
    if seen >="""), 1 << 24, 100)
        self.step(dashboard, 3, at=3)
        dashboard.ask("race", name="learning_rate", values=[0.02, 0.03])
        others = self.others(dashboard, lambda one: "divergence" in one and one["branch"] == 3)
        self.assertEqual(
            [(one["step"], one["divergence"]) for one in others], [(10, "the loop goes through batches twice in an epoch")] * 2)
        dashboard.ask("end_race")
        # A script that counts for itself counts the steps of all: seven more of each.
        seen, w = 14, 1.0
        while seen < 100:
            for x in [x / 10 for x in range(10)]:
                seen += 1
                w -= 0.01 * x
            w -= 0.01 * 5.0
        self.assertEqual(self.end(dashboard).split()[0], repr(w))
        self.assertEqual(dashboard.told("capabilities")[-1]["reasons"]["show_twin"], "the loop goes through batches twice in an epoch")

    def test_a_stop_in_a_race_leaves_the_run_where_it_began(self) -> None:
        dashboard = self.watch(RATES, 1 << 24, 10**9)
        self.step(dashboard, 5, at=5)
        dashboard.ask("race", name="learning_rate", values=[0.02, 0.03])
        self.beside(dashboard, 2, 30)
        dashboard.ask("stop")
        dashboard.wait(lambda message: message.get("method") == "end")
        dashboard.close()
        self.assertEqual(self.finish(self.process).split()[0], repr(1 - 0.01 * 0 - 0.01 * 0.1 - 0.01 * 0.2 - 0.01 * 0.3 - 0.01 * 0.4))


@unittest.skipIf(torch is None, "skipped: no PyTorch")
class Torch(Turns):
    def test_a_twin_and_the_run_have_the_bits_that_each_has_alone(self) -> None:
        self.twin(TORCH, 4, "draws", 0, "named")

    def test_the_same_with_a_loader_in_two_processes_and_a_schedule_that_is_found(self) -> None:
        self.twin(TORCH, 4, "fixed", 2, "found")

    def test_a_race_that_ends_leaves_nothing_behind(self) -> None:
        self.race(TORCH, 4, "draws", 0, "named", adopted=0, steps=20)

    def test_the_run_goes_on_as_the_branch_that_is_adopted(self) -> None:
        self.race(TORCH, 4, "draws", 0, "named", adopted=2, steps=20)


if __name__ == "__main__":
    unittest.main()
