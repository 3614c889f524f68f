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
        self.assertIn("transformers owns its loop", hello["capabilities"]["reasons"]["undo"])
        self.step(dashboard, 12)
        self.assertEqual(dashboard.ask("set", name="learning_rate", value=0.0005)["result"]["step"], 12)
        dashboard.ask("evaluate")
        self.step(dashboard, 8)
        self.assertEqual([told["step"] for told in dashboard.told("evaluated")], [12])
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
