"""Loops that belong to frameworks. Each one that is not installed is skipped, and that is said."""

from __future__ import annotations

import importlib.util
import os
import shutil
import unittest
from typing import List

from helpers import CLIENT, Dashboard, WithFolder, example


def is_there(*modules: str) -> bool:
    return all(importlib.util.find_spec(module) for module in modules)


class Frameworks(WithFolder):
    def setUp(self) -> None:
        super().setUp()
        self.environment.update(HF_HUB_OFFLINE="1", TRAINTUI_PAUSED="1", TF_CPP_MIN_LOG_LEVEL="3")

    def logged(self) -> List[List[float]]:
        return [[float(word) for word in line.split()] for line in self.text("steps.log").splitlines()]

    def step(self, dashboard: Dashboard, count: int) -> None:
        dashboard.ask("step", count=count)
        dashboard.wait(lambda message: message.get("params", {}).get("name") == "paused")

    @unittest.skipUnless(is_there("transformers", "accelerate"), "transformers is not installed")
    def test_transformers_trainer_is_paused_edited_evaluated_and_told_to_stop(self) -> None:
        process = self.start(example("hf_trainer"), 100)
        dashboard = Dashboard(self.path)
        hello = dashboard.hello["result"]
        self.assertIn("transformers", hello["peer"]["framework"])
        self.assertEqual(hello["capabilities"]["rewind"]["exact"], "same_batches")
        self.step(dashboard, 12)
        self.assertEqual(dashboard.ask("set", name="learning_rate", value=0.0005)["result"]["step"], 12)
        dashboard.ask("evaluate")
        self.step(dashboard, 8)
        self.assertEqual([told["step"] for told in dashboard.told("evaluated")], [12])
        progress = dashboard.told("progress")[-1]
        self.assertEqual((progress["epochs"], progress["steps_per_epoch"]), (25, 4))
        dashboard.ask("stop")
        dashboard.wait(lambda message: message.get("method") == "end")
        self.finish(process)
        self.assertEqual(dashboard.steps(), list(range(1, 21)))
        rates = [rate for _, rate in self.logged()]
        # The schedule falls in equal parts to 0 at step 100, and goes on from the rate that was set.
        self.assertAlmostEqual(rates[11], 0.001 * 89 / 100, 9)
        for step in range(12, 20):
            self.assertAlmostEqual(rates[step], 0.0005 * (100 - step) / 88, 9)
        losses = [loss for told in dashboard.told("samples") for loss in told["losses"]]
        self.assertTrue(all(0.3 < loss < 1.5 for loss in losses), losses)

    @unittest.skipUnless(is_there("transformers", "accelerate"), "transformers is not installed")
    def test_what_transformers_trains_goes_back_to_its_best_and_behind_an_edit_and_the_trainers_count_goes_on(self) -> None:
        script = example("hf_trainer").replace("        with open", """        import hashlib
        weights = b"".join(p.detach().numpy().tobytes() for p in model.parameters())
        print(hashlib.sha256(weights).hexdigest(), file=open("weights.log", "a"))
        with open""")
        process = self.start(script, 100)
        dashboard = Dashboard(self.path)
        self.step(dashboard, 5)
        dashboard.ask("evaluate")
        self.step(dashboard, 7)
        dashboard.ask("set", name="learning_rate", value=0.0005)
        self.step(dashboard, 8)
        self.assertEqual(dashboard.ask("undo")["result"]["step"], 12)
        self.step(dashboard, 3)
        self.assertEqual(dashboard.ask("go_to_best")["result"]["step"], 5)
        self.step(dashboard, 1)
        dashboard.ask("stop")
        dashboard.wait(lambda message: message.get("method") == "end")
        self.finish(process)
        self.assertEqual(dashboard.steps(), [*range(1, 21), *range(13, 16), 6])
        rates = [rate for _, rate in self.logged()]
        self.assertEqual(len(rates), 24)
        for lap, step in ((12, 12), (20, 12), (22, 14)):
            factor = 0.0005 / 0.00088 if lap == 12 else 1
            self.assertAlmostEqual(rates[lap], 0.001 * (100 - step) / 100 * factor, 9)
        # Logged before each step.
        weights = self.text("weights.log").split()
        self.assertEqual((weights[20], weights[23]), (weights[12], weights[5]))
        self.assertEqual(len(set(weights)), 22)

    @unittest.skipUnless(is_there("lightning"), "Lightning is not installed")
    def test_what_lightning_trains_goes_back_behind_an_edit_and_its_epochs_go_on(self) -> None:
        process = self.start(example("lightning_fit"), 2)
        dashboard = Dashboard(self.path)
        self.step(dashboard, 15)
        dashboard.ask("set", name="learning_rate", value=0.001)
        self.step(dashboard, 3)
        self.assertEqual(dashboard.ask("undo")["result"]["step"], 15)
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end")
        self.finish(process)
        rates = [round(rate, 9) for _, rate, _ in self.logged()]
        self.assertEqual(rates, [0.01] * 10 + [0.009] * 5 + [0.001] * 3 + [0.009] * 2)
        self.assertEqual([(told["epoch"], told["step"]) for told in dashboard.told("epoch")], [(1, 10), (2, 17)])

    @unittest.skipUnless(is_there("lightning"), "Lightning is not installed")
    def test_lightnings_fit_is_paused_edited_and_told_to_stop(self) -> None:
        process = self.start(example("lightning_fit"), 50)
        dashboard = Dashboard(self.path)
        self.assertIn("lightning", dashboard.hello["result"]["peer"]["framework"])
        self.step(dashboard, 15)
        self.assertEqual(dashboard.ask("set", name="learning_rate", value=0.001)["result"]["step"], 15)
        dashboard.ask("set", name="epochs", value=3)
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end")
        self.finish(process)
        logged = self.logged()
        self.assertEqual(len(logged), 30)
        self.assertEqual(dashboard.steps(), list(range(1, 31)))
        self.assertAlmostEqual(logged[14][1], 0.009, 9)
        for step in range(15, 30):
            self.assertAlmostEqual(logged[step][1], 0.001 if step < 20 else 0.0009, 9)
        losses = [loss for told in dashboard.told("samples") for loss in told["losses"]]
        self.assertEqual(losses, [loss for _, _, loss in logged])
        self.assertEqual([told["epoch"] for told in dashboard.told("epoch")], [1, 2, 3])
        self.assertEqual([told["step"] for told in dashboard.told("evaluated")], [10, 20, 30])

    @unittest.skipUnless(is_there("keras", "torch"), "Keras with PyTorch is not installed")
    def test_keras_without_a_change_is_steered_too(self) -> None:
        place = os.path.join(self.folder, "python")
        shutil.copytree(os.path.join(CLIENT, "traintui"), os.path.join(place, "traintui"))
        shutil.copy(os.path.join(CLIENT, "traintui", "_sitecustomize.py"), os.path.join(place, "sitecustomize.py"))
        script = example("keras_fit").replace("import traintui\n", "")
        script = script.replace('traintui.KerasCallback(title="keras"), ', "")
        process = self.start(script, 3, PYTHONPATH=place, KERAS_BACKEND="torch")
        dashboard = Dashboard(self.path)
        self.assertEqual(dashboard.hello["result"]["peer"]["api"], "keras")
        self.step(dashboard, 25)
        self.assertEqual(dashboard.ask("set", name="learning_rate", value=0.001)["result"]["step"], 25)
        dashboard.ask("resume")
        self.finish(process)
        rates = [rate for _, rate in self.logged()]
        self.assertEqual(len(rates), 60)
        self.assertAlmostEqual(rates[24], 0.01, 7)
        self.assertAlmostEqual(rates[25], 0.001, 7)


if __name__ == "__main__":
    unittest.main()
