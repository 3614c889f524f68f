"""Going back in Keras's fit: weights and the optimizer's variables do, data and epochs go on. Without Keras most is skipped."""

from __future__ import annotations

import importlib.util
import math
import os
import random
import sys
import unittest
from types import SimpleNamespace
from typing import Any, Dict, List, Tuple

from helpers import CLIENT, Dashboard, WithFolder

sys.path.insert(0, CLIENT)

from traintui._divergence import LossGuard
from traintui._means import Means
from traintui._training import Training
from traintui._variables import Variables

#: The backends that are installed.
BACKENDS = [
    backend for backend, module in (("torch", "torch"), ("jax", "jax"), ("tensorflow", "tensorflow"))
    if importlib.util.find_spec("keras") and importlib.util.find_spec(module)
]

#: Logs the state before and behind what a dashboard asks for at each batch, without asking JAX's fit for the model. With
#: LAPS it does by itself what a dashboard asks for: an edit behind the first one's batch, and going back behind the second's.
FIT = """
import hashlib, json, os, sys
import keras
import numpy as np
import traintui

keras.utils.set_random_seed(3)
X, y = np.random.randn(100, 8).astype("float32"), np.random.randn(100, 1).astype("float32")
model = keras.Sequential([
    keras.layers.Input((8,)), keras.layers.Dense(6), keras.layers.BatchNormalization(), keras.layers.Dropout(0.2),
    keras.layers.Dense(1)])
model.compile(loss="mse", optimizer=keras.optimizers.Nadam(0.01), metrics=["mae"])
edit, back = json.loads(os.environ.get("LAPS", "[-1, -1]"))
log = open("log", "w")

def present(model):
    state = getattr(model, "_jax_state", None)
    lies = {}
    if state and not model._jax_state_synced:
        for kind, variables in (
                ("trainable_variables", model.trainable_variables),
                ("non_trainable_variables", model.non_trainable_variables),
                ("optimizer_variables", model.optimizer.variables)):
            lies.update(zip(map(id, variables), state[kind]))
    return [np.asarray(keras.ops.convert_to_numpy(lies.get(id(one), one))).copy()
            for one in (*model.weights, *model.optimizer.variables)]

class Log(keras.callbacks.Callback):
    def __init__(self, name):
        super().__init__()
        self.name, self.lap = name, 0
    def on_train_batch_begin(self, batch, logs=None):
        # TensorFlow's optimizer is built when fit has begun.
        if self.lap == 0 and self.name == "before":
            self.on_train_batch_end(0)
    def on_train_batch_end(self, batch, logs=None):
        if logs is not None: self.lap += 1
        values = present(self._model)
        digest = hashlib.sha256(b"".join(one.tobytes() for one in values)).hexdigest()[:12]
        is_finite = all(np.isfinite(one).all() for one in values)
        print(self.name, self.lap, digest, is_finite, len(values), file=log, flush=True)

class Alone(keras.callbacks.Callback):
    lap = 0
    def on_train_batch_end(self, batch, logs=None):
        self.lap += 1
        if self.lap == edit:
            self.kept = [np.array(keras.ops.convert_to_numpy(one)) for one in
                         (*self.model.weights, *self.model.optimizer.variables)]
            self.model.optimizer.learning_rate = 0.002
        if self.lap == back:
            for one, value in zip((*self.model.weights, *self.model.optimizer.variables), self.kept): one.assign(value)

model.fit(
    X, y, epochs=int(sys.argv[1]), batch_size=10, verbose=0, validation_data=(X[:20], y[:20]),
    callbacks=[Log("before"), traintui.KerasCallback() if edit < 0 else Alone(), Log("behind")])
"""


class Log:
    """What a script logged: the state's digest by the batch's number, before and behind what was asked for there."""

    def __init__(self, text: str) -> None:
        self.before: Dict[int, str] = {}
        self.behind: Dict[int, str] = {}
        self.is_finite: Dict[Tuple[str, int], bool] = {}
        for name, lap, digest, is_finite, _ in (line.split() for line in text.splitlines()):
            getattr(self, name)[int(lap)] = digest
            self.is_finite[name, int(lap)] = is_finite == "True"


class Parts(unittest.TestCase):
    """What needs no Keras."""

    def test_the_values_of_steps_are_what_the_means_are_made_of(self) -> None:
        means, values = Means(), [3.0, 1.0, 2.0, 6.0, 4.0, 5.0]
        for batch in range(4):
            mean = sum(values[: batch + 1]) / (batch + 1)
            self.assertEqual(means.take(batch, {"loss": mean}, 6), (1, {"loss": values[batch]}))
        # Two steps of one execution of four, of which an epoch of six has room for two.
        steps, found = means.take(7, {"loss": sum(values) / 6}, 6)
        self.assertEqual((steps, found["loss"]), (2, 4.5))

    def test_means_that_are_no_numbers_say_nothing_until_they_begin_anew(self) -> None:
        means = Means()
        means.take(0, {"loss": math.nan}, None)
        self.assertFalse(means.is_finite)
        means.begin_anew()
        self.assertEqual(means.take(1, {"loss": 7.0}, None), (1, {"loss": 7.0}))
        self.assertEqual(means.take(2, {"loss": 6.0}, None), (1, {"loss": 5.0}))

    def test_variables_are_copied_and_put_back_where_the_model_is_asked_for_first(self) -> None:
        class Values(List[float]):
            nbytes = 12

            def copy(self) -> "Values":
                return Values(self)

        asked: List[int] = []
        variable = SimpleNamespace(value=Values([1, 2, 3]), shape=(3,), dtype="float32")
        variable.assign = lambda values: variable.value.__setitem__(slice(None), values)
        model = SimpleNamespace(weights=[variable], optimizer=SimpleNamespace(variables=[]))

        def present() -> Any:
            asked.append(1)
            return model

        variables = Variables(present, lambda one: one.value)
        self.assertEqual(variables.size, 12)
        state = variables.keep()
        variable.value[0] = 9
        before = len(asked)
        state.restore()
        self.assertEqual((variable.value, len(asked)), ([1, 2, 3], before + 1))
        self.assertEqual(state.bytes, 10_012)

    def test_a_loss_that_is_no_number_is_told_once_until_the_run_has_moved(self) -> None:
        training = Training()
        guard = LossGuard(training)
        for step, loss, waits in ((1, 0.5, False), (2, math.inf, True), (3, math.nan, False), (4, 1.0, False), (5, math.nan, True)):
            training.step = step
            training.divergence = None
            guard.look(loss)
            self.assertEqual(training.divergence is not None, waits, f"step {step}")
        guard.moved()
        training.divergence = None
        guard.look(math.nan)
        self.assertIsNotNone(training.divergence)


@unittest.skipUnless(BACKENDS, "Keras or its backends are not installed")
class Fit(WithFolder):
    def begin(self, backend: str, epochs: int = 10, script: str = FIT, **environment: str) -> Tuple[Any, Dashboard]:
        process = self.start(
            script, epochs, TRAINTUI_PAUSED="1", KERAS_BACKEND=backend, TF_CPP_MIN_LOG_LEVEL="3", **environment)
        return process, Dashboard(self.path)

    def steps(self, dashboard: Dashboard, count: int) -> None:
        dashboard.ask("step", count=count)
        dashboard.wait(lambda message: message.get("params", {}).get("name") in ("paused", "diverged"))

    def end(self, process: Any, dashboard: Dashboard) -> Log:
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end")
        self.finish(process)
        dashboard.close()
        return Log(self.text("log"))

    def test_weights_go_back_bit_for_bit_and_fit_ends_as_one_that_puts_them_back_itself(self) -> None:
        for backend in BACKENDS:
            with self.subTest(backend):
                process, dashboard = self.begin(backend)
                rewind = dashboard.hello["result"]["capabilities"]["rewind"]
                self.assertEqual((rewind["to"], rewind["data"], rewind["exact"]), ("edits", "goes_on", "weights"))
                self.steps(dashboard, 20)
                self.assertIn("no edit to undo", dashboard.ask("undo")["error"]["message"])
                dashboard.ask("set", name="learning_rate", value=0.002)
                dashboard.ask("set", name="beta_2", value=0.99)
                self.steps(dashboard, 15)
                dashboard.ask("undo")
                self.assertEqual(dashboard.ask("undo")["result"]["step"], 20)
                told = {one["name"]: one["value"] for one in dashboard.told("hyperparameters")[-1]["list"]}
                self.assertAlmostEqual(told["learning_rate"], 0.01, 7)
                self.assertEqual(told["beta_2"], 0.999)
                self.assertIn("data, random numbers and the script's own count go on", dashboard.told("notice")[-1]["text"])
                self.steps(dashboard, 3)
                self.assertEqual(dashboard.ask("ping")["result"]["step"], 23)
                log = self.end(process, dashboard)
                self.assertEqual(max(dashboard.steps()), 85)
                self.assertEqual(log.behind[35], log.before[20])
                self.assertNotEqual(log.before[35], log.before[20])
                # Without the other edit, which changes what is between it and the undo.
                process, dashboard = self.begin(backend)
                self.steps(dashboard, 20)
                dashboard.ask("set", name="learning_rate", value=0.002)
                self.steps(dashboard, 15)
                dashboard.ask("undo")
                steered = self.end(process, dashboard)
                alone = self.start(
                    FIT, 10, LAPS="[20, 35]", KERAS_BACKEND=backend, TF_CPP_MIN_LOG_LEVEL="3", TRAINTUI_RUN="alone")
                self.finish(alone)
                self.assertEqual(steered.behind, Log(self.text("log")).behind)

    def test_forty_random_edits_undos_and_jumps_return_to_the_bits_that_were_there(self) -> None:
        for backend in BACKENDS:
            with self.subTest(backend):
                self.wander(backend, random.Random(5))

    def wander(self, backend: str, chance: random.Random) -> None:
        process, dashboard = self.begin(backend, 30)
        # Which batch was behind each step of each branch, and where the run should have been behind some batches.
        laps: Dict[int, Dict[int, int]] = {1: {0: 0}}
        expected: Dict[int, int] = {}
        branch, step, lap, moves = 1, 0, 0, 0
        for _ in range(40):
            count = chance.randint(1, 5)
            self.steps(dashboard, count)
            for _ in range(count):
                step, lap = step + 1, lap + 1
                laps[branch][step] = lap
            method = chance.choice(["set", "set", "undo", "redo", "go_to_step", "go_to_best", "go_to_branch", "beta"])
            if method in ("set", "beta"):
                name = "learning_rate" if method == "set" else "beta_1"
                self.assertIn("result", dashboard.ask("set", name=name, value=chance.uniform(0.001, 0.02)))
                continue
            params = {"step": chance.randint(0, step)} if method == "go_to_step" else {}
            if method == "go_to_branch":
                params = {"branch": chance.choice(list(laps))}
            if "error" in dashboard.ask(method, **params):
                continue
            moved = dashboard.told("moved")[-1]
            if moved["branch"] not in laps:
                laps[moved["branch"]] = {at: one for at, one in laps[branch].items() if at <= moved["step"]}
            branch, step = moved["branch"], moved["step"]
            expected[lap] = laps[branch][step]
            moves += 1
        log = self.end(process, dashboard)
        self.assertGreaterEqual(moves, 12)
        for lap, origin in expected.items():
            self.assertEqual(log.behind[lap], log.before[origin], f"{backend}, batch {lap}")
        self.assertTrue(all(log.is_finite.values()))
        # The losses go on, and each step of each branch is told once.
        told = [
            (params["branch"], params["first"] + index, loss) for params in dashboard.told("samples")
            for index, loss in enumerate(params["losses"])
        ]
        self.assertEqual(len(told), 300)
        self.assertEqual(len({(one, at) for one, at, _ in told}), len(told))
        self.assertTrue(all(0 < loss < 20 for _, _, loss in told))

    def test_a_loss_that_is_no_number_waits_and_the_way_back_leads_out_of_it(self) -> None:
        script = FIT.replace("model = keras", "X[57] = np.inf\nmodel = keras", 1)
        script = script.replace("verbose=0,", "verbose=0, shuffle=False,").replace("validation_data=(X[:20], y[:20]),", "")
        for backend in BACKENDS:
            with self.subTest(backend):
                process, dashboard = self.begin(backend, 2, script)
                guard = dashboard.hello["result"]["capabilities"]["guard"]
                self.assertEqual(guard, {"when": "after", "sees": ["loss"]})
                dashboard.ask("resume")
                dashboard.wait(lambda message: message.get("params", {}).get("name") == "diverged")
                told = dashboard.told("state")[-1]
                self.assertEqual((told["step"], told["reason"][-9:]), (6, "at step 6"))
                back = dashboard.ask("go_to_step", step=5)["result"]["step"]
                self.assertLessEqual(back, 5)
                # The rest of the epoch is made of weights that are numbers.
                self.steps(dashboard, 4)
                self.assertEqual(dashboard.told("state")[-1]["name"], "paused")
                dashboard.ask("on_divergence", policy="rewind")
                log = self.end(process, dashboard)
                self.assertEqual(log.behind[6], log.before[back])
                self.assertFalse(log.is_finite["before", 16])
                self.assertTrue(log.is_finite["behind", 20])
                moved = dashboard.told("moved")[-1]
                self.assertEqual(moved["cause"], "divergence")
                edit = dashboard.told("changed")[-1]
                self.assertAlmostEqual(edit["new"], 0.005, 7)
                self.assertEqual(dashboard.told("state")[-1]["name"], "done")

    def test_where_there_is_no_room_for_two_states_the_first_edit_says_so(self) -> None:
        script = FIT.replace("keras.layers.Dense(6)", "keras.layers.Dense(20000)")
        process, dashboard = self.begin(BACKENDS[0], 1, script, TRAINTUI_MEMORY="1")
        self.steps(dashboard, 1)
        self.assertIn("TRAINTUI_MEMORY", dashboard.ask("undo")["error"]["message"])
        self.assertIn("result", dashboard.ask("set", name="learning_rate", value=0.002))
        self.end(process, dashboard)


if __name__ == "__main__":
    unittest.main()
