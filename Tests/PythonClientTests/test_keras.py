"""Keras's fit. Skipped, and said so, where there is no Keras with a backend."""

from __future__ import annotations

import importlib.util
import json
import unittest
from typing import Any

from helpers import Dashboard, WithFolder, example

#: The backends that are installed.
BACKENDS = [
    backend for backend, module in (("torch", "torch"), ("jax", "jax"), ("tensorflow", "tensorflow"))
    if importlib.util.find_spec("keras") and importlib.util.find_spec(module)
]


#: Logs each batch's own loss, for which metrics are reset before it, and in the end the weights. With CHANGES it makes by itself the
#: edits that a dashboard makes: {step: {name: value}}. Counts how often JAX's fit is asked for the model.
MATRIX = """
import hashlib, json, os, sys
import keras
import numpy as np
import traintui
count, rate = int(sys.argv[1]), json.loads(sys.argv[2])
changes = {int(step): edit for step, edit in json.loads(os.environ.get("CHANGES", "{}")).items()}
keras.utils.set_random_seed(7)
X, y = np.random.randn(640, 8).astype("float32"), np.random.randn(640, 1).astype("float32")
model = keras.Sequential([keras.layers.Input((8,)), keras.layers.Dense(20, "elu"), keras.layers.Dense(1)])
if isinstance(rate, list): rate = keras.optimizers.schedules.ExponentialDecay(rate[0], 10, rate[1])
model.compile(loss="mse", optimizer=keras.optimizers.SGD(rate, momentum=0.9), steps_per_execution=count)
asked = [0]
if hasattr(model, "jax_state_sync"):
    sync = model.jax_state_sync
    def counted():
        asked[0] += 1
        sync()
    model.jax_state_sync = counted

class Alone(keras.callbacks.Callback):
    step = 0
    losses = []
    def on_train_batch_begin(self, batch, logs=None):
        self.model.reset_metrics()
    def on_train_batch_end(self, batch, logs=None):
        self.step += count
        self.losses.append(logs["loss"])
        for name, value in changes.get(self.step, {}).items():
            setattr(self.model.optimizer, name, value)
            if name != "learning_rate": self.model.make_train_function(force=True)

alone = Alone()
model.fit(X, y, epochs=3, batch_size=32, verbose=0, callbacks=[
    alone if os.environ["TRAINTUI_RUN"] == "alone" else traintui.KerasCallback()])
digest = hashlib.sha256(b"".join(np.asarray(one).tobytes() for one in model.get_weights())).hexdigest()
print("found", json.dumps([digest, alone.losses, asked[0]]))
"""


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
                progress = dashboard.told("progress")[-1]
                self.assertEqual((progress["epochs"], progress["steps_per_epoch"]), (1000, 20))
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

    def test_on_each_backend_rate_momentum_and_executions_of_ten_steps_are_what_a_script_makes_of_them_itself(self) -> None:
        for backend in BACKENDS:
            for count in (1,) if backend == "torch" else (1, 10):
                with self.subTest(backend, steps_per_execution=count):
                    self.change(backend, count)

    def change(self, backend: str, count: int) -> None:
        process = self.matrix(backend, count, 0.01, TRAINTUI_PAUSED="1")
        dashboard = Dashboard(self.path)
        capabilities = dashboard.hello["result"]["capabilities"]
        kind = "batch" if backend == "torch" else "from_running_mean"
        self.assertEqual((capabilities["granularity"], capabilities["loss"]["kind"]), (count, kind))
        applies = {one["name"]: one["applies"] for one in dashboard.hello["result"]["hyperparameters"]}
        self.assertEqual(applies["learning_rate"], "next_step")
        self.assertEqual(applies["momentum"], "next_step" if backend == "torch" else "retrace")
        # Within an execution nobody can stand: it pauses behind it.
        dashboard.ask("step", count=15)
        dashboard.wait(lambda message: message.get("params", {}).get("name") == "paused")
        edit = 15 if count == 1 else 20
        self.assertEqual(dashboard.ask("set", name="learning_rate", value=0.002)["result"]["step"], edit)
        dashboard.ask("step", count=15)
        dashboard.wait(lambda message: message.get("params", {}).get("name") == "paused")
        other = 30 if count == 1 else 40
        self.assertEqual(dashboard.ask("set", name="momentum", value=0.5)["result"]["step"], other)
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end")
        digest, _, asked = self.found(process)
        alone = self.matrix(
            backend, count, 0.01, TRAINTUI_RUN="alone",
            CHANGES=json.dumps({edit: {"learning_rate": 0.002}, other: {"momentum": 0.5}}))
        wanted, losses, _ = self.found(alone)
        self.assertEqual(digest, wanted)
        self.assertEqual(dashboard.steps(), list(range(1, 61)))
        told = [loss for params in dashboard.told("samples") for loss in params["losses"]]
        for step, loss in enumerate(told):
            # Means are of the 20 steps of an epoch, in float32.
            true = losses[step // count]
            self.assertAlmostEqual(loss, true, msg=f"step {step + 1}", delta=0 if kind == "batch" else 2e-5 * true)
        # JAX's fit is asked for what it has where somebody asks for something, where a state is kept, and at epochs' ends.
        self.assertLess(asked, 45)
        dashboard.close()

    def test_a_schedules_rates_are_told_as_they_were_and_cannot_be_changed(self) -> None:
        for backend in BACKENDS:
            with self.subTest(backend):
                process = self.matrix(backend, 1, [0.01, 0.5], TRAINTUI_PAUSED="1")
                dashboard = Dashboard(self.path)
                dashboard.ask("step", count=15)
                dashboard.wait(lambda message: message.get("params", {}).get("name") == "paused")
                refused = dashboard.ask("set", name="learning_rate", value=0.002)["error"]["message"]
                self.assertIn("is a schedule's", refused)
                # One that goes back has the schedule's step of where it is.
                dashboard.ask("set", name="momentum", value=0.5)
                dashboard.ask("step", count=5)
                dashboard.wait(lambda message: message.get("params", {}).get("name") == "paused")
                self.assertEqual(dashboard.ask("undo")["result"]["step"], 15)
                dashboard.ask("resume")
                dashboard.wait(lambda message: message.get("method") == "end")
                self.found(process)
                rates = [(params["first"] + index, rate) for params in dashboard.told("samples")
                         for index, rate in enumerate(params["rates"])]
                self.assertEqual([step for step, _ in rates], [*range(1, 21), *range(16, 56)])
                for step, rate in rates:
                    self.assertAlmostEqual(rate / (0.01 * 0.5 ** ((step - 1) / 10)), 1, 6, f"step {step}")
                dashboard.close()

    def matrix(self, backend: str, count: int, rate: object, **environment: str) -> Any:
        return self.start(
            MATRIX, count, json.dumps(rate), KERAS_BACKEND=backend, TF_CPP_MIN_LOG_LEVEL="3", **environment)

    def found(self, process: Any) -> Any:
        """The weights' digest, each batch's own loss, and how often JAX's fit was asked for the model."""
        lines = [line[6:] for line in self.finish(process).splitlines() if line.startswith("found ")]
        return json.loads(lines[0])


if __name__ == "__main__":
    unittest.main()
