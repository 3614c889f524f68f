"""Loops in PyTorch. Skipped, and said so, where there is no torch."""

from __future__ import annotations

import importlib.util
import os
import resource
import shutil
import subprocess
import sys
import time
import unittest

from helpers import CLIENT, Dashboard, WithFolder, example

sys.path.insert(0, CLIENT)

from traintui import _numbers

try:
    import torch
except ImportError:
    torch = None  # type: ignore[assignment]


#: Whether all ways to start a Python are tried.
IS_ALL = os.environ.get("TRAINTUI_INJECTION") == "all"


@unittest.skipUnless(torch is not None, "PyTorch is not installed")
class WithTorch(WithFolder):
    def test_a_watched_loop_tells_every_loss_bit_for_bit_and_what_it_is_asked_for(self) -> None:
        script = example("torch_watched").replace("run.loss(loss)", "run.loss(loss); print(repr(loss.item()))")
        process = self.start(script, 10, TRAINTUI_PAUSED="1", TRAINTUI_FOLDER=self.folder)
        dashboard = Dashboard(self.path)
        self.assertEqual(dashboard.hello["result"]["description"]["weights"], 301)
        names = [one["name"] for one in dashboard.hello["result"]["hyperparameters"]]
        self.assertIn("learning_rate", names)
        self.assertIn("beta_1", names)
        dashboard.ask("step", count=7)
        dashboard.wait(lambda message: message.get("params", {}).get("name") == "paused")
        self.assertIn("result", dashboard.ask("evaluate"))
        self.assertIn("result", dashboard.ask("save", name="mine.pt"))
        self.assertEqual(dashboard.ask("save", name="../mine.pt")["error"]["code"], -32602)
        self.assertIn("result", dashboard.ask("set", name="beta_1", value=0.5))
        self.assertIn("must be less than 1", dashboard.ask("set", name="beta_1", value=1)["error"]["message"])
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end")
        output = self.finish(process)
        losses = [loss for told in dashboard.told("samples") for loss in told["losses"]]
        self.assertEqual([repr(loss) for loss in losses], output.split())
        self.assertEqual(dashboard.steps(), list(range(1, 101)))
        self.assertEqual(len(dashboard.told("evaluated")), 11)
        self.assertEqual(dashboard.told("saved")[0]["step"], 7)

    def test_evaluating_changes_no_loss_that_follows(self) -> None:
        script = example("torch_watched").replace(
            "    with torch.no_grad():", "    torch.rand(7)\n    with torch.no_grad():")
        script = script.replace("    run.validated(validate())\n", "").replace(
            "run.loss(loss)", "run.loss(loss); print(repr(loss.item()))")
        alone = self.finish(self.start(script, 10, TRAINTUI_RUN="alone"))
        process = self.start(script, 10, TRAINTUI_PAUSED="1")
        dashboard = Dashboard(self.path)
        for _ in range(5):
            dashboard.ask("step", count=3)
            dashboard.wait(lambda message: message.get("params", {}).get("name") == "paused")
            dashboard.ask("evaluate")
        dashboard.ask("resume")
        self.assertEqual(self.finish(process), alone)

    def test_batches_whose_gradients_are_added_up_are_one_step(self) -> None:
        process = self.start("""
            import torch, traintui
            w = torch.nn.Parameter(torch.ones(1))
            optimizer = torch.optim.SGD([w], lr=0.1)
            run = traintui.watch(None, optimizer)
            for index in run.batches(range(40)):
                loss = (w * index).sum() / 4
                loss.backward()
                run.loss(loss)
                if index % 4 == 3:
                    optimizer.step()
                    optimizer.zero_grad()
        """, TRAINTUI_PAUSED="1")
        dashboard = Dashboard(self.path)
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end")
        self.assertEqual(dashboard.steps(), list(range(1, 11)))
        self.finish(process)

    def test_steps_that_an_optimizer_does_not_tell_of_are_batches(self) -> None:
        script = """
            import sys, torch, traintui
            torch.manual_seed(1)
            model = torch.nn.Linear(5, 1)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            run = traintui.watch(model, optimizer)
            for index, x in enumerate(run.batches(torch.randn(60, 7, 5))):
                loss = model(x).square().mean()
                loss.backward()
                run.loss(loss)
                if sys.argv[1] == "unheard":
                    # As in a graph of kernels, which calls no hook.
                    with torch.no_grad():
                        for parameter in model.parameters():
                            parameter -= 0.1 * parameter.grad
                elif index == 50:
                    optimizer.step()
        """
        for kind, steps in (("unheard", 45), ("rare", 1)):
            process = self.start(script, kind, TRAINTUI_PAUSED="1")
            dashboard = Dashboard(self.path)
            dashboard.ask("resume")
            dashboard.wait(lambda message: message.get("method") == "end")
            self.finish(process)
            self.assertEqual(dashboard.steps(), list(range(1, steps + 1)))
            notices = [told["text"] for told in dashboard.told("notice") if "tells of no step" in told["text"]]
            self.assertEqual(len(notices), 1 if kind == "unheard" else 0)
            dashboard.close()

    def test_losses_are_told_bit_for_bit_where_gradients_are_added_up_and_scaled(self) -> None:
        script = """
            import sys, torch, traintui
            torch.manual_seed(3)
            parts, is_scaled = int(sys.argv[1]), sys.argv[2] == "scaled"
            model = torch.nn.Linear(5, 1)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            scaler = torch.amp.GradScaler("cpu", enabled=is_scaled)
            run = traintui.watch(model, optimizer, keep=[scaler])
            total = 0.0
            for index, x in enumerate(run.batches(torch.randn(60 * parts, 7, 5))):
                loss = model(x).square().mean() / parts
                scaler.scale(loss).backward()
                total = total + loss
                if (index + 1) % parts == 0:
                    run.loss(total)
                    scaler.step(optimizer)
                    scaler.update()
                    print(repr(total.item()))
                    optimizer.zero_grad()
                    total = 0.0
        """
        # TRAINTUI_LOSSES=all tries all four.
        cases = [(4, "scaled"), (1, "scaled"), (4, "plain"), (1, "plain")]
        for parts, scale in cases if os.environ.get("TRAINTUI_LOSSES") == "all" else cases[:1]:
            with self.subTest(parts=parts, scale=scale):
                process = self.start(script, parts, scale, TRAINTUI_PAUSED="1")
                dashboard = Dashboard(self.path)
                self.assertEqual(dashboard.hello["result"]["capabilities"]["loss"]["kind"], "batch")
                dashboard.ask("resume")
                dashboard.wait(lambda message: message.get("method") == "end")
                wanted = self.finish(process).split()
                losses = [loss for told in dashboard.told("samples") for loss in told["losses"]]
                self.assertEqual(([repr(loss) for loss in losses], len(wanted)), (wanted, 60))
                dashboard.close()


@unittest.skipUnless(torch is not None, "PyTorch is not installed")
class Numbers(unittest.TestCase):
    def test_what_is_kept_for_later_stays_what_it_was(self) -> None:
        place = torch.tensor(1.5, dtype=torch.bfloat16, requires_grad=True)
        kept = _numbers.for_later(place)
        with torch.no_grad():
            place.fill_(7)
        self.assertEqual((kept.item(), kept.copy.requires_grad), (1.5, False))
        self.assertEqual(_numbers.at_hand(torch.tensor(2.5)), 2.5)

    def test_many_are_fetched_by_their_types_and_stand_where_they_stood(self) -> None:
        later, half = _numbers.for_later, torch.tensor([0.25], dtype=torch.float16)
        values = [1.0, later(torch.tensor(2.0)), later(half), torch.tensor(3.0), later(torch.tensor(4.0)), "none", 5]
        found = _numbers.numbers_of(values)
        self.assertEqual([str(one) for one in found], ["1.0", "2.0", "0.25", "3.0", "4.0", "nan", "5.0"])
        # Several in one are no loss, and those beside them are all the same.
        many = later(torch.ones(3))
        self.assertEqual([str(one) for one in _numbers.numbers_of([many, later(torch.tensor(2.0))])], ["nan", "2.0"])


@unittest.skipUnless(torch is not None, "PyTorch is not installed")
class Unchanged(WithFolder):
    """A loop that knows nothing of traintui, found by `sitecustomize`."""

    def setUp(self) -> None:
        super().setUp()
        place = os.path.join(self.folder, "python")
        shutil.copytree(os.path.join(CLIENT, "traintui"), os.path.join(place, "traintui"))
        shutil.copy(os.path.join(CLIENT, "traintui", "_sitecustomize.py"), os.path.join(place, "sitecustomize.py"))
        self.environment["PYTHONPATH"] = place

    def test_is_steered_at_one_step_and_ends_as_it_would(self) -> None:
        alone = self.start(example("torch_loop"), 5, 0, TRAINTUI_RUN="alone")
        self.finish(alone)
        ended, steps = self.text("end.log"), self.text("steps.log").splitlines()
        process = self.start(example("torch_loop"), 5, 0, TRAINTUI_PAUSED="1")
        dashboard = Dashboard(self.path)
        self.assertEqual(dashboard.hello["result"]["capabilities"]["loss"]["kind"], "guessed")
        for count in (1, 5, 10):
            dashboard.ask("step", count=count)
            dashboard.wait(lambda message: message.get("params", {}).get("name") == "paused")
        dashboard.ask("resume")
        self.finish(process)
        self.assertEqual(self.text("end.log"), ended)
        process = self.start(example("torch_loop"), 5, 0, TRAINTUI_PAUSED="1")
        dashboard = Dashboard(self.path)
        dashboard.ask("step", count=16)
        dashboard.wait(lambda message: message.get("params", {}).get("name") == "paused")
        self.assertEqual(dashboard.ask("set", name="learning_rate", value=0.001)["result"]["step"], 16)
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end")
        self.finish(process)
        logged = [line.split() for line in self.text("steps.log").splitlines()]
        self.assertEqual([" ".join(line) for line in logged[:16]], steps[:16])
        self.assertEqual(logged[16][1], "0.001")
        self.assertAlmostEqual(float(logged[17][1]), 0.001 * 0.9999, 12)
        losses = [loss for told in dashboard.told("samples") for loss in told["losses"]]
        self.assertEqual([repr(loss) for loss in losses], [line[2] for line in logged])

    def test_stops_as_ctrl_c_would(self) -> None:
        process = self.start(example("torch_loop"), 1000, 0.001)
        dashboard = Dashboard(self.path)
        dashboard.ask("stop")
        output, _ = process.communicate(timeout=20)
        self.assertIn("KeyboardInterrupt", output)

    def test_of_several_processes_can_be_watched_and_not_changed(self) -> None:
        process = self.start(example("torch_loop"), 1000, 0.002, WORLD_SIZE="2", RANK="0")
        dashboard = Dashboard(self.path)
        self.assertEqual(dashboard.hello["result"]["capabilities"]["methods"], [])
        self.assertIn("2 processes", dashboard.ask("pause")["error"]["message"])
        process.kill()

    def test_other_pythons_are_left_alone(self) -> None:
        bare = subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, text=True)
        hooked = subprocess.run(
            [sys.executable, "-m", "pip", "--version"], env=self.environment, capture_output=True, text=True)
        self.assertEqual((hooked.stdout, hooked.stderr, hooked.returncode), (bare.stdout, bare.stderr, 0))

        def seconds(environment: "dict[str, str]") -> float:
            """Of the processor, the least of some."""
            def once() -> float:
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                subprocess.run([sys.executable, "-m", "pip", "--version"], env=environment, capture_output=True)
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

            return min(once() for _ in range(3))

        self.assertLess(seconds(self.environment) - seconds(dict(os.environ)), 0.05)
        os.makedirs(os.path.join(self.folder, "own"))
        with open(os.path.join(self.folder, "own", "sitecustomize.py"), "w") as file:
            file.write("print('own')\n")
        path = self.environment["PYTHONPATH"] + ":" + os.path.join(self.folder, "own")
        output = subprocess.run(
            [sys.executable, "-c", "import sys; print('traintui' in sys.modules, 'torch' in sys.modules)"],
            env={**self.environment, "PYTHONPATH": path}, capture_output=True, text=True)
        self.assertEqual((output.stdout, output.stderr), ("own\nFalse False\n", ""))

    def run_alone(self, *words: str) -> "tuple[str, str]":
        """What the loop leaves, started by these words, where nobody comes."""
        name = os.path.join(self.folder, "script.py")
        with open(name, "w") as file:
            file.write(example("torch_loop"))
        done = subprocess.run(
            [*words, name, "3", "0"], cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.text("end.log"), done.stdout + done.stderr

    def test_a_python_that_sees_no_paths_trains_as_without_it(self) -> None:
        seen = self.run_alone(sys.executable)
        # A folder that was never made: nobody listened.
        shutil.rmtree(os.path.join(self.folder, "traintui"))
        for option in ("-I", "-E", "-S")[: 3 if IS_ALL else 1]:
            unseen = [sys.executable, option]
            if option == "-S":
                # Without site there is no torch either.
                done = subprocess.run([*unseen, "-c", "print(1)"], env=self.environment, capture_output=True, text=True)
                self.assertEqual((done.stdout, done.stderr), ("1\n", ""))
            else:
                self.assertEqual(self.run_alone(*unseen), seen)
            self.assertFalse(os.path.exists(os.path.join(self.folder, "traintui")))

    @unittest.skipUnless(importlib.util.find_spec("accelerate"), "accelerate is not installed")
    def test_accelerates_launcher_has_its_training_seen(self) -> None:
        alone = self.run_alone(sys.executable)[0]
        process = subprocess.Popen(
            [sys.executable, "-m", "accelerate.commands.launch", "--cpu", "--num_processes", "1", "script.py", "3", "0"],
            cwd=self.folder, env={**self.environment, "TRAINTUI_PAUSED": "1", "HF_HOME": self.folder},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(process.kill)
        dashboard = Dashboard(self.path)
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end")
        self.finish(process)
        self.assertEqual(dashboard.steps(), list(range(1, 31)))
        self.assertEqual(self.text("end.log"), alone)

    @unittest.skipUnless(importlib.util.find_spec("accelerate"), "accelerate is not installed")
    def test_what_accelerate_prepared_is_watched_as_what_it_was_made_of(self) -> None:
        process = self.start("""
            import torch, traintui
            from accelerate import Accelerator
            accelerator = Accelerator(cpu=True, gradient_accumulation_steps=4)
            torch.manual_seed(0)
            model = torch.nn.Linear(8, 1)
            inner = torch.optim.NAdam(model.parameters(), lr=0.01)
            schedule = torch.optim.lr_scheduler.ExponentialLR(inner, 0.5)
            data = torch.utils.data.TensorDataset(torch.randn(64, 8), torch.randn(64, 1))
            model, optimizer, loader, schedule = accelerator.prepare(
                model, inner, torch.utils.data.DataLoader(data, batch_size=4), schedule)
            run = traintui.watch(model, optimizer, scheduler=schedule)
            for epoch in run.epochs(2):
                for x, y in run.batches(loader):
                    with accelerator.accumulate(model):
                        loss = torch.nn.functional.mse_loss(model(x), y)
                        accelerator.backward(loss)
                        if accelerator.sync_gradients:
                            print(inner.param_groups[0]["lr"])
                        optimizer.step()
                        optimizer.zero_grad()
                    run.loss(loss)
                schedule.step()
        """, TRAINTUI_PAUSED="1", HF_HOME=self.folder)
        dashboard = Dashboard(self.path)
        hello = dashboard.hello["result"]
        self.assertEqual((hello["description"]["optimizer"], hello["description"]["weights"]), ("nadam", 9))
        dashboard.ask("step", count=2)
        dashboard.wait(lambda message: message.get("params", {}).get("name") == "paused")
        self.assertEqual(dashboard.ask("set", name="learning_rate", value=0.04)["result"]["step"], 2)
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end")
        # Four batches are a step.
        self.assertEqual(dashboard.steps(), list(range(1, 9)))
        self.assertEqual([float(line) for line in self.finish(process).split()], [0.01] * 2 + [0.04] * 2 + [0.02] * 4)

    @unittest.skipUnless(IS_ALL, "TRAINTUI_INJECTION=all compiles a model, which takes a minute")
    def test_workers_that_compile_are_nobodys_training(self) -> None:
        process = self.start("""
            import torch
            torch._inductor.config.compile_threads = 2
            model = torch.nn.Sequential(torch.nn.Linear(8, 30), torch.nn.ELU(), torch.nn.Linear(30, 1))
            optimizer = torch.optim.NAdam(model.parameters())
            compiled = torch.compile(model)
            for _ in range(40):
                optimizer.zero_grad()
                compiled(torch.ones(4, 8)).sum().backward()
                optimizer.step()
            print("all")
        """, TRAINTUI_PAUSED="1", TORCHINDUCTOR_CACHE_DIR=os.path.join(self.folder, "cache"))
        dashboard = Dashboard(self.path)
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end", 60)
        self.assertEqual(dashboard.steps(), list(range(1, 41)))
        output, _ = process.communicate(timeout=60)
        self.assertEqual(output.splitlines()[-1], "all", output)

    def test_workers_of_a_loader_are_nobodys_training(self) -> None:
        for method in ("fork", "spawn"):
            process = self.start("""
                import sys, torch
                def main():
                    w = torch.nn.Parameter(torch.ones(1))
                    o = torch.optim.SGD([w], lr=0.1)
                    loader = torch.utils.data.DataLoader(
                        list(range(40)), num_workers=2, multiprocessing_context=sys.argv[1])
                    for batch in loader:
                        o.zero_grad(); loss = (w * batch).sum(); loss.backward(); o.step()
                    print("all")
                if __name__ == "__main__":
                    main()
            """, method, TRAINTUI_PAUSED="1")
            dashboard = Dashboard(self.path)
            dashboard.ask("resume")
            dashboard.wait(lambda message: message.get("method") == "end")
            self.assertEqual(dashboard.steps(), list(range(1, 41)))
            self.assertEqual(self.finish(process), "all\n")
            dashboard.close()
            time.sleep(0.1)


if __name__ == "__main__":
    unittest.main()
