"""Keras's fit. Skipped, and said so, where there is no Keras with a backend."""

from __future__ import annotations

import importlib.util
import unittest

from helpers import Dashboard, WithFolder, example

#: The backends that are installed.
BACKENDS = [
    backend for backend, module in (("torch", "torch"), ("jax", "jax"), ("tensorflow", "tensorflow"))
    if importlib.util.find_spec("keras") and importlib.util.find_spec(module)
]


@unittest.skipUnless(BACKENDS, "Keras or its backends are not installed")
class Keras(WithFolder):
    def test_fit_is_paused_edited_and_told_to_stop(self) -> None:
        for backend in BACKENDS:
            with self.subTest(backend):
                process = self.start(
                    example("keras_fit"), 1000, TRAINTUI_PAUSED="1", KERAS_BACKEND=backend, TF_CPP_MIN_LOG_LEVEL="3")
                dashboard = Dashboard(self.path)
                hello = dashboard.hello["result"]
                self.assertEqual(hello["description"]["optimizer"], "nadam")
                self.assertIn(backend, hello["peer"]["framework"])
                dashboard.ask("step", count=25)
                dashboard.wait(lambda message: message.get("params", {}).get("name") == "paused")
                self.assertEqual(dashboard.ask("set", name="learning_rate", value=0.001)["result"]["step"], 25)
                self.assertEqual(dashboard.ask("set", name="beta_1", value=0.5)["result"]["step"], 25)
                dashboard.ask("step", count=35)
                dashboard.wait(lambda message: message.get("params", {}).get("name") == "paused")
                self.assertEqual(dashboard.told("state")[-1]["step"], 60)
                self.assertEqual([told["epoch"] for told in dashboard.told("epoch")], [1, 2])
                self.assertEqual([told["step"] for told in dashboard.told("evaluated")], [20, 40])
                dashboard.ask("stop")
                dashboard.wait(lambda message: message.get("method") == "end")
                self.finish(process)
                rates = [float(line.split()[1]) for line in self.text("steps.log").splitlines()]
                self.assertEqual(len(rates), 60)
                self.assertAlmostEqual(rates[24], 0.01, 7)
                self.assertAlmostEqual(rates[25], 0.001, 7)
                self.assertEqual(dashboard.steps(), list(range(1, 61)))
                dashboard.close()

    def test_batch_losses_are_those_that_the_running_mean_is_made_of(self) -> None:
        process = self.start(
            example("keras_fit") + "\nprint(model.evaluate(X, y, verbose=0)[0])", 2, KERAS_BACKEND=BACKENDS[0],
            TRAINTUI_PAUSED="1")
        dashboard = Dashboard(self.path)
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end")
        self.finish(process)
        losses = [loss for told in dashboard.told("samples") for loss in told["losses"]]
        self.assertEqual(len(losses), 40)
        for epoch in (0, 1):
            mean = sum(losses[20 * epoch : 20 * epoch + 20]) / 20
            self.assertAlmostEqual(mean, dashboard.told("epoch")[epoch]["mean_loss"], 6)
            self.assertTrue(all(loss > 0 for loss in losses))


if __name__ == "__main__":
    unittest.main()
