"""Keras's fit in several processes of JAX, which change at the same step. Skipped, and said so, without Keras and JAX."""

from __future__ import annotations

import importlib.util
import os
import random
import socket
import time
import unittest
from typing import Any, List

from helpers import Dashboard, WithFolder

#: Two processes, each with half of every batch. Logs the rate of each step and the weights behind it.
FIT = """
import hashlib, os, sys, time
import jax
epochs, port, rank, kind = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
jax.distributed.initialize(f"127.0.0.1:{port}", 2, rank)
import keras
import numpy as np
import traintui

if kind == "together":
    keras.distribution.set_distribution(keras.distribution.DataParallel(
        devices=keras.distribution.list_devices(), auto_shard_dataset=False))
keras.utils.set_random_seed(42)
X, y = np.random.randn(160, 8).astype("float32"), np.random.randn(160, 1).astype("float32")
if kind == "diverging" and rank == 0: X[8] = np.inf
model = keras.Sequential([keras.layers.Input((8,)), keras.layers.Dense(30, "elu"), keras.layers.Dense(1)])
model.compile(loss="mse", optimizer=keras.optimizers.Nadam(0.01))

class Log(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.file = open(f"log-{rank}", "w")
    def on_train_batch_begin(self, batch, logs=None):
        self.rate = float(keras.ops.convert_to_numpy(self.model.optimizer.learning_rate))
    def on_train_batch_end(self, batch, logs=None):
        weights = b"".join(np.asarray(one.value.addressable_data(0)).tobytes() for one in self.model.weights)
        print(repr(self.rate), hashlib.sha256(weights).hexdigest()[:12], file=self.file, flush=True)
        time.sleep(0.001 * (1 + rank))

model.fit(
    X[rank::2], y[rank::2], epochs=epochs, batch_size=8, shuffle=False, verbose=0,
    callbacks=[traintui.KerasCallback(title="keras"), Log()])
"""


@unittest.skipUnless(importlib.util.find_spec("keras") and importlib.util.find_spec("jax"), "Keras or JAX is not installed")
class Ranks(WithFolder):
    def begin(self, epochs: int, kind: str = "together", **environment: str) -> List[Any]:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        return [self.start(FIT, epochs, port, rank, kind, KERAS_BACKEND="jax", **environment) for rank in (0, 1)]

    def end(self, processes: List[Any]) -> None:
        for process in processes:
            self.finish(process)

    def logs(self) -> List[List[List[str]]]:
        return [[line.split() for line in self.text(f"log-{rank}").splitlines()] for rank in (0, 1)]

    def steps(self, dashboard: Dashboard, count: int) -> None:
        dashboard.ask("step", count=count)
        dashboard.wait(lambda message: message.get("params", {}).get("name") in ("paused", "diverged"))

    def test_an_edit_an_undo_and_the_end_come_to_both_at_the_same_step(self) -> None:
        processes = self.begin(100_000, TRAINTUI_PAUSED="1")
        dashboard = self.dashboard_for_all()
        hello = dashboard.hello["result"]
        self.assertEqual((hello["world"], hello["peer"]["pid"]), ({"size": 2, "rank": 0}, processes[0].pid))
        self.assertEqual(hello["capabilities"]["loss"]["scope"], "global")
        self.steps(dashboard, 20)
        self.assertEqual(dashboard.ask("set", name="learning_rate", value=0.002)["result"]["step"], 20)
        self.steps(dashboard, 15)
        self.assertEqual(dashboard.ask("undo")["result"]["step"], 20)
        self.steps(dashboard, 5)
        ranks = dashboard.ask("ping")["result"]["ranks"]
        self.assertEqual([(one["rank"], one["state"]) for one in ranks], [(0, "there"), (1, "there")])
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "progress" and message["params"]["step"] > 60)
        began = time.monotonic()
        self.assertIn("result", dashboard.ask("stop"))
        self.end(processes)
        self.assertLess(time.monotonic() - began, 10)
        one, other = self.logs()
        self.assertEqual(one, other)
        rates = [float(rate) for rate, _ in one]
        wanted = [0.01] * 20 + [0.002] * 15 + [0.01] * (len(rates) - 35)
        for lap, (rate, right) in enumerate(zip(rates, wanted)):
            self.assertAlmostEqual(rate, right, 7, f"batch {lap}")
        # Behind the batch at which it went back: the weights before the edit.
        self.assertEqual(one[34][1], one[19][1])

    def test_whatever_is_asked_for_while_steps_are_taken_comes_to_both_and_none_waits_for_ever(self) -> None:
        chance = random.Random(3)
        processes = self.begin(100_000)
        dashboard = self.dashboard_for_all()
        for _ in range(40):
            method = chance.choice(["set", "set", "undo", "redo", "pause", "go_to_step", "beta"])
            params = {"name": "learning_rate", "value": chance.uniform(0.001, 0.02)} if method == "set" else {}
            if method == "beta":
                method, params = "set", {"name": "beta_1", "value": chance.uniform(0.5, 0.95)}
            if method == "go_to_step":
                params = {"step": chance.randint(0, 50)}
            answer = dashboard.ask(method, **params)
            self.assertTrue("result" in answer or answer["error"]["code"] == 1, answer)
            if method == "pause":
                self.assertIn("result", dashboard.ask("resume"))
            dashboard.wait(lambda message: message.get("method") in ("samples", "progress"))
        dashboard.ask("stop")
        self.end(processes)
        one, other = self.logs()
        self.assertEqual(one, other)
        self.assertGreater(len({rate for rate, _ in one}), 5)

    def test_where_only_the_first_one_sees_a_loss_that_is_no_number_both_pause(self) -> None:
        processes = self.begin(1000, "diverging")
        dashboard = self.dashboard_for_all()
        dashboard.wait(lambda message: message.get("params", {}).get("name") == "paused")
        self.assertIn("diverged: the loss is", " ".join(told["text"] for told in dashboard.told("notice")))
        # The other one may still be on its way to the step at which both pause.
        late = time.monotonic() + 20
        while len({len(log) for log in self.logs()}) > 1 and time.monotonic() < late:
            time.sleep(0.01)
        self.assertEqual(len({len(log) for log in self.logs()}), 1)
        dashboard.ask("stop")
        self.end(processes)

    def test_a_training_that_nobody_came_to_ends_and_leaves_nothing_behind(self) -> None:
        processes = self.begin(2, TRAINTUI_RUN="quiet")
        self.end(processes)
        one, other = self.logs()
        self.assertEqual((one, len(one)), (other, 20))
        self.assertEqual(os.listdir(os.path.join(self.folder, "traintui")), [])


if __name__ == "__main__":
    unittest.main()
