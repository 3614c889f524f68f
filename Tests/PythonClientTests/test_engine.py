"""Jobs trained by PyTorch, steered, and with damaged files. Skipped, and said so, where there is no torch."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import unittest
from typing import Any, Dict, List

from helpers import CLIENT, Dashboard, WithFolder

try:
    import torch
except ImportError:
    torch = None  # type: ignore[assignment]

ROWS, FEATURES = 210, 3
#: What starts two processes of a module.
TWO = ["torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m"]


@unittest.skipUnless(torch is not None, "PyTorch is not installed")
class TorchEngine(WithFolder):
    #: How a training is started: in one process and in two.
    launchers: List[List[str]] = [[], TWO]

    def setUp(self) -> None:
        super().setUp()
        sys.path.insert(0, CLIENT)
        self.addCleanup(sys.path.remove, CLIENT)
        from traintui import _tensors

        torch.manual_seed(1)
        x = torch.randn(ROWS + 40, FEATURES)
        y = (x.square().sum(1, keepdim=True) + x[:, :1]) / 3
        self.job: Dict[str, Any] = {
            "title": "job", "description": {"model": "3 → 5 tanh → 1"}, "seed": 42, "rows": ROWS, "epochs": 4,
            "batch_size": 10, "sampling": "shuffle", "metrics": ["root_mean_squared_error"], "target_unit": 2.0,
            "layers": [
                {"units": 5, "activation": "tanh", "dropout": 0.2, "l1": 0, "l2": 0.01},
                {"units": 1, "activation": "linear", "dropout": 0, "l1": 0, "l2": 0},
            ],
            "loss": {"name": "mean_squared_error"},
            "optimizer": {"name": "nadam", "learning_rate": 0.01, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7},
            "schedule": {"name": "exponential_decay", "decay_steps": 20, "decay_rate": 0.9, "staircase": 0},
            "clipping": {"kind": "none", "limit": 0}, "history_bytes": 1 << 28, "pace": 0, "device": self.device,
            "early_stopping": {
                "patience": 50, "min_delta": 0, "start_from_epoch": 0, "restore_best_weights": True},
            "texts": {"a": "b"},
        }
        files = {
            "rows": [("training.x", x[:ROWS]), ("training.y", y[:ROWS]), ("validation.x", x[ROWS:]),
                     ("validation.y", y[ROWS:])],
            "initial": [("layers.0.kernel", torch.randn(FEATURES, 5)), ("layers.0.bias", torch.zeros(5)),
                        ("layers.1.kernel", torch.randn(5, 1)), ("layers.1.bias", torch.zeros(1))],
        }
        for name, tensors in files.items():
            path = os.path.join(self.folder, f"{name}.safetensors")
            _tensors.write(path, tensors, {})
            self.job[f"{name}_sha256"] = self.sha256(path)

    def sha256(self, path: str) -> str:
        import hashlib

        with open(path, "rb") as file:
            data = file.read()
        return hashlib.sha256(data[8 + int.from_bytes(data[:8], "little"):]).hexdigest()

    def train(self, *launcher: str, **environment: str) -> "subprocess.Popen[str]":
        with open(os.path.join(self.folder, "job.json"), "w") as file:
            json.dump(self.job, file)
        process = subprocess.Popen(
            [sys.executable, "-m", *launcher, "traintui._engine", self.folder], cwd=self.folder,
            env={**self.environment, **environment}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

        def end() -> None:
            process.kill()
            process.communicate()

        self.addCleanup(end)
        return process

    def trained(self) -> bytes:
        with open(os.path.join(self.folder, "trained.safetensors"), "rb") as file:
            return file.read()

    def test_a_run_with_its_edits_undone_and_jumps_comes_to_the_bits_of_a_run_alone(self) -> None:
        for launcher in self.launchers:
            with self.subTest(processes=2 if launcher else 1):
                self.go_to_and_fro(launcher)

    def go_to_and_fro(self, launcher: List[str]) -> None:
        self.finish(self.train(*launcher, TRAINTUI_RUN="alone"))
        alone = self.trained()
        process = self.train(*launcher, TRAINTUI_PAUSED="1")
        dashboard = self.dashboard_for_all()
        self.assertEqual(dashboard.hello["result"]["capabilities"]["rewind"]["exact"], "bits")
        told = dashboard.hello["result"]["hyperparameters"]
        if told[-1]["name"] != "epochs":
            # It came before they were counted.
            told = dashboard.wait(lambda message: message.get("params", {}).get("list", told)[-1]["name"] == "epochs")
            told = told["params"]["list"]
        names = [one["name"] for one in told]
        self.assertEqual(names, ["learning_rate", "beta_1", "beta_2", "epsilon", "layers.0.l2", "epochs"])
        self.assertEqual(told[-2]["title"], "l2 · layer 1")

        def go(**request: Any) -> None:
            self.assertIn("result", dashboard.ask(request.pop("method"), **request))

        def steps(count: int) -> None:
            start = len(dashboard.heard)
            go(method="step", count=count)
            is_paused = lambda message: message.get("params", {}).get("name") == "paused"
            if not any(is_paused(message) for message in dashboard.heard[start:]):
                dashboard.wait(is_paused)

        steps(15)
        go(method="set", name="learning_rate", value=0.1)
        steps(30)
        go(method="set", name="layers.0.l2", value=0.5)
        steps(7)
        go(method="undo")
        go(method="undo")
        steps(40)
        go(method="go_to_step", step=33)
        go(method="set", name="beta_1", value=0.5)
        steps(20)
        go(method="undo")
        go(method="resume")
        dashboard.wait(lambda message: message.get("method") == "end")
        self.finish(process)
        self.assertEqual(self.trained(), alone)
        # The epoch's metric is the root of its mean square, not a mean of roots.
        last = dashboard.told("epoch")[-1]
        self.assertEqual((last["epoch"], last["step"]), (4, 84))
        steps_of_epoch = [value for told in dashboard.told("samples") for value in told["metrics"][0]][-21:]
        expected = (sum(value * value for value in steps_of_epoch) / 21) ** 0.5
        self.assertAlmostEqual(last["metrics"][0], expected, delta=1e-6 * expected)

    def test_a_twin_and_races_leave_a_run_the_bits_that_it_has_alone(self) -> None:
        self.job["early_stopping"]["patience"] = 3
        for launcher in self.launchers:
            with self.subTest(processes=2 if launcher else 1):
                self.train_beside(launcher)

    def train_beside(self, launcher: List[str]) -> None:
        self.finish(self.train(*launcher, TRAINTUI_RUN="alone"))
        alone = self.trained()
        process = self.train(*launcher, TRAINTUI_PAUSED="1")
        dashboard = self.dashboard_for_all()

        def steps(count: int, at: int) -> None:
            self.assertIn("result", dashboard.ask("step", count=count))
            dashboard.wait(lambda message: message.get("method") == "state" and (
                message["params"]["name"], message["params"].get("step")) == ("paused", at))

        def told(branch: int) -> Dict[int, float]:
            samples = [one for one in dashboard.told("samples") if one["branch"] == branch]
            return {one["first"] + at: loss for one in samples for at, loss in enumerate(one["losses"])}

        steps(10, at=10)
        # A race of which one is to diverge, over the ends of epochs.
        self.assertIn("result", dashboard.ask("race", name="learning_rate", values=[1e30, 0.03, 0.01]))
        dashboard.ask("pause")
        steps(40, at=10)
        self.assertIn("at step", dashboard.told("progress")[-1]["others"][0]["divergence"])
        self.assertIn("result", dashboard.ask("end_race"))
        # An edit of which the twin shows the run as it is without it, and that is undone.
        self.assertIn("result", dashboard.ask("set", name="learning_rate", value=0.03))
        self.assertIn("result", dashboard.ask("show_twin"))
        steps(45, at=55)
        twin = dashboard.told("twin")[0]["twin"]["branch"]
        # Of several processes a pause comes first, and then the twin's turns up to it.
        is_there: Any = lambda told: any(one["step"] == 55 for one in told.get("others", ()))
        if not is_there(dashboard.told("progress")[-1]):
            dashboard.wait(lambda message: message.get("method") == "progress" and is_there(message["params"]))
        raced, edited, without = told(3), told(1), told(twin)
        self.assertEqual({step: raced[step] for step in range(11, 51)}, {step: edited[step] for step in range(11, 51)})
        self.assertIn("result", dashboard.ask("undo"))
        self.assertIn("result", dashboard.ask("resume"))
        dashboard.wait(lambda message: message.get("method") == "end")
        self.finish(process)
        self.assertEqual(self.trained(), alone)
        undone = told(5)
        self.assertEqual({step: undone[step] for step in range(11, 56)}, without)

    def test_an_edit_is_in_what_comes_of_it(self) -> None:
        self.finish(self.train(TRAINTUI_RUN="alone"))
        alone = self.trained()
        process = self.train(TRAINTUI_PAUSED="1")
        dashboard = Dashboard(self.path)
        dashboard.ask("set", name="learning_rate", value=0.02)
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end")
        self.finish(process)
        self.assertNotEqual(self.trained(), alone)
        rates = [rate for told in dashboard.told("samples") for rate in told["rates"]]
        # The rest of the schedule is doubled.
        self.assertAlmostEqual(rates[-1], 0.02 * 0.9 ** (83 / 20), delta=1e-9)

    def test_a_place_that_is_gone_is_told_in_a_line_and_the_weights_are_in_the_folder(self) -> None:
        self.job["save"] = os.path.join(self.folder, "gone", "model")
        process = self.train()
        output, _ = process.communicate(timeout=60)
        self.assertEqual(
            output, f"traintui: {self.job['save']}: cannot be written: No such file or directory; "
            f"{self.folder}/trained.safetensors has the weights\n")
        self.assertEqual(process.returncode, 73)
        self.assertEqual(json.loads(self.text("ending.json")), {"step": 84, "divergence": None, "is_complete": True})
        del self.job["save"]
        whole = self.trained()
        self.finish(self.train())
        self.assertEqual(self.trained(), whole)

    def test_a_batch_system_that_tells_all_processes_to_end_gets_the_weights_of_a_step(self) -> None:
        self.job["epochs"] = 100000
        for launcher in self.launchers:
            with self.subTest(launcher=launcher):
                process = self.train(*launcher)
                dashboard = self.dashboard_for_all()
                told = dashboard.ask("ping")["result"]
                workers = [one["pid"] for one in told.get("ranks", [])]
                for one in {process.pid, *workers}:
                    os.kill(one, signal.SIGTERM)
                dashboard.wait(lambda message: message.get("method") == "end")
                output, _ = process.communicate(timeout=60)
                # torchrun, which was told too, says that it was; its workers have ended by themselves.
                self.assertEqual(process.returncode, 1 if launcher else 0, output)
                ending = json.loads(self.text("ending.json"))
                self.assertGreater(ending["step"], 0)
                self.assertEqual((ending["is_complete"], ending["divergence"]), (False, None))
                self.assertTrue(os.path.exists(os.path.join(self.folder, "trained.safetensors")))
                for name in ("ending.json", "trained.safetensors"):
                    os.remove(os.path.join(self.folder, name))

    def test_what_was_learned_is_kept_where_another_process_is_lost_or_says_nothing(self) -> None:
        # One that is killed is a connection that ends; one that is stopped is a step without an end.
        self.job["epochs"], self.job["early_stopping"] = 100000, None
        for number in (signal.SIGKILL, signal.SIGSTOP):
            with self.subTest(signal=number):
                process = self.train(*TWO)
                dashboard = self.dashboard_for_all()
                dashboard.wait(lambda message: message.get("params", {}).get("step", 0) > 50)
                workers = [one["pid"] for one in dashboard.ask("ping")["result"]["ranks"]]
                os.kill(workers[1], number)
                # What is stopped keeps what it may print to.
                self.addCleanup(subprocess.run, ["kill", "-KILL", str(workers[1])], stderr=subprocess.DEVNULL)
                if number == signal.SIGSTOP:
                    os.kill(workers[0], signal.SIGTERM)
                with self.assertRaises((EOFError, OSError)):
                    while True:
                        dashboard.hear()
                ending = json.loads(self.text("ending.json"))
                self.assertGreater(ending["step"], 50)
                self.assertEqual((ending["is_complete"], ending["divergence"]), (False, None))
                self.assertGreater(len(self.trained()), 0)
                process.kill()
                process.wait(20)
                for name in ("ending.json", "trained.safetensors"):
                    os.remove(os.path.join(self.folder, name))

    def test_a_process_that_is_told_to_end_and_cannot_is_gone_soon_or_when_it_is_told_again(self) -> None:
        for patience, times in ((0.1, 1), (60, 2)):
            with self.subTest(times=times):
                process = self.start("""
                    import sys, time
                    from traintui import _ending
                    _ending.PATIENCE, _ending.HANDED_ON = float(sys.argv[1]), 0.1
                    ending = _ending.Ending()
                    ending.listen()
                    ending.stops_by(lambda: print("asked", flush=True))
                    print("there", flush=True)
                    time.sleep(60)
                """, patience)
                lines = iter(process.stdout or [])
                self.assertEqual(next(lines), "there\n")
                process.send_signal(signal.SIGTERM)
                self.assertEqual(next(lines), "asked\n")
                if times == 2:
                    self.assertEqual(next(lines), "asked\n")
                    process.send_signal(signal.SIGTERM)
                self.assertEqual(process.wait(20), 143)

    def test_the_score_of_years_is_as_exact_as_that_of_small_numbers(self) -> None:
        from traintui import _tensors

        path = os.path.join(self.folder, "rows.safetensors")
        rows = _tensors.read(path)
        x, y = rows["training.x"].clone(), rows["training.y"] + 2000
        _tensors.write(path, [("training.x", x), ("training.y", y)], {})
        weights = _tensors.read(os.path.join(self.folder, "initial.safetensors"))
        kernels = [weights[f"layers.{layer}.kernel"] for layer in range(2)]
        initial = [("layers.0.kernel", kernels[0]), ("layers.0.bias", torch.zeros(5)),
                   ("layers.1.kernel", kernels[1].clone()), ("layers.1.bias", torch.full((1,), 2000.0))]
        _tensors.write(os.path.join(self.folder, "initial.safetensors"), initial, {})
        for name in ("rows", "initial"):
            self.job[f"{name}_sha256"] = self.sha256(os.path.join(self.folder, f"{name}.safetensors"))
        # The weights stay as they are, and an epoch's score is that of the rows: each is there once.
        self.job["optimizer"]["learning_rate"] = 0
        self.job["layers"][0]["dropout"] = 0
        self.job.update(metrics=["r2_score"], sampling="sequential", epochs=1)
        predictions = (x @ kernels[0]).tanh() @ kernels[1] + 2000
        errors = (y.double() - predictions.double()).square().sum()
        expected = float(1 - errors / (y.double() - y.double().mean()).square().sum())
        for launcher in self.launchers:
            process = self.train(*launcher, TRAINTUI_PAUSED="1")
            dashboard = self.dashboard_for_all()
            self.assertIn("result", dashboard.ask("resume"))
            dashboard.wait(lambda message: message.get("method") == "end")
            self.finish(process)
            self.assertAlmostEqual(dashboard.told("epoch")[-1]["metrics"][0], expected, delta=2e-4 * abs(expected))

    def test_a_run_that_ends_behind_a_jump_tells_the_step_of_its_weights(self) -> None:
        process = self.train(TRAINTUI_PAUSED="1")
        dashboard = Dashboard(self.path)
        dashboard.ask("step", count=12)
        dashboard.wait(lambda message: message.get("params", {}).get("name") == "paused")
        # The beginning is a state that was kept, so that no step is taken again on the way to it.
        self.assertIn("result", dashboard.ask("go_to_step", step=0))
        dashboard.ask("stop")
        self.finish(process)
        self.assertEqual(json.loads(self.text("ending.json"))["step"], 0)

    def test_damaged_files_are_refused_in_a_line(self) -> None:
        path = os.path.join(self.folder, "rows.safetensors")
        with open(path, "rb") as file:
            whole = file.read()
        other = whole[:-1] + bytes([whole[-1] ^ 1])
        cases = {
            "is cut off: it has": whole[:-4], "is too long: it has": whole + b"1234", "sha256": other,
            "too few for a file of tensors": b"", "a header of": b"\xff" * 100,
            "a header that is not one of tensors": (8).to_bytes(8, "little") + b"[1, 2, 3" + whole[100:],
        }
        for words, data in cases.items():
            with open(path, "wb") as file:
                file.write(data)
            process = self.train()
            output, _ = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 65, output)
            self.assertEqual(output.count("\n"), 1, output)
            self.assertIn(words, output)
            self.assertTrue(output.startswith(f"traintui: {path} "), output)
        os.unlink(path)
        self.assertIn("cannot be read: No such file", self.train().communicate(timeout=60)[0])

    def test_files_that_may_only_be_read_are_read_and_stay_as_they_are(self) -> None:
        before = {}
        for name in ("rows.safetensors", "initial.safetensors"):
            path = os.path.join(self.folder, name)
            os.chmod(path, 0o400)
            before[path] = self.sha256(path)
        self.finish(self.train())
        for path, sha256 in before.items():
            self.assertEqual(self.sha256(path), sha256)

    def test_without_a_gpu_cuda_is_refused_in_a_line(self) -> None:
        if torch.cuda.is_available():
            self.skipTest("there is a GPU")
        self.job["device"] = "cuda"
        process = self.train()
        output, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 65)
        self.assertEqual(
            output, "traintui: process 1 finds no GPU: PyTorch sees 0; --device cpu needs none\n")


if __name__ == "__main__":
    unittest.main()
