"""The guard: a step whose gradients are not finite is not applied. Skipped, and said so, where there is no torch."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import shutil
import subprocess
import sys
import unittest
import unittest.mock
from typing import Any, Dict, List

from helpers import CLIENT, Dashboard, WithFolder, example

sys.path.insert(0, CLIENT)

from traintui._guard import Guard
from traintui._news import Told
from traintui._training import Training

try:
    import torch
except ImportError:
    torch = None  # type: ignore[assignment]

#: A loop that asks whether a step changed anything, bit for bit; its optimizer is the first argument.
LOOP = """
import copy, os, sys, torch
torch.set_default_device(os.environ["DEVICE"])
torch.manual_seed(1)
model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1, bias=False))
parameters = [p for p in model.parameters() if p.dim() == 2]
def same(a, b):
    if isinstance(a, torch.Tensor):
        return a.dtype == b.dtype and a.shape == b.shape and bool(torch.equal(a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b
def states():
    return copy.deepcopy([model.state_dict(), o.state_dict(), schedule.state_dict()])
o = eval(sys.argv[1])
schedule = torch.optim.lr_scheduler.ExponentialLR(o, 0.99)
BEGIN
for index in BATCHES:
    o.zero_grad()
    bad = float("nan" if index % 8 == 4 else "inf") if index in BAD else 1.0
    loss = (model(torch.full((2, 3), 0.1 * index + 0.1)) - 1).square().mean() * bad
    loss.backward()
    before = states()
    STEP
    print(index, "changed" if not same(before, states()) else "same", parameters[0].grad is not None)
    schedule.step()
"""

#: A loop of two processes; `local` is what a process has of a weight.
SEVERAL = """
import atexit, os, torch
import torch.distributed as d
d.init_process_group("gloo")
rank = d.get_rank()
torch.manual_seed(1)
model = torch.nn.Linear(3, 2)
BEGIN
o = torch.optim.Adam(model.parameters())
def local():
    return [getattr(p, "to_local", lambda: p)().detach().clone() for p in model.parameters()]
log = open(f"log-{rank}", "w")
for index in range(40):
    o.zero_grad()
    loss = model(torch.full((2, 3), float(index + rank))).square().mean()
    SPOIL
    before = local()
    o.step()
    print(index, all(map(torch.equal, before, local())), file=log, flush=True)
log.close()
print([p.tolist() for p in local()], file=open(f"end-{rank}", "w"))
d.barrier()
d.destroy_process_group()
# Where others use the processor a thread of gloo's may outlive its group, which aborts a Python that ends by itself.
atexit._run_exitfuncs()
os._exit(0)
"""

OPTIMIZERS = [
    "Adadelta(parameters)", "Adafactor(parameters)", "Adagrad(parameters)", "Adam(parameters)",
    "Adam(parameters, amsgrad=True, foreach=True)", "Adam(parameters, fused=True)", "Adamax(parameters)",
    "AdamW(parameters)", "ASGD(parameters)", "Muon(parameters)", "NAdam(parameters)", "RAdam(parameters)",
    "RMSprop(parameters, momentum=0.9, centered=True)", "Rprop(parameters)",
    "SGD(parameters, 0.1, momentum=0.9, weight_decay=0.01)", "SGD(parameters, 0.1, fused=True)",
]


def loop(begin: str = "", batches: str = "range(12)", bad: str = "(4,)", step: str = "o.step()") -> str:
    return LOOP.replace("BEGIN", begin).replace("BATCHES", batches).replace("BAD", bad).replace("STEP", step)


def changes(output: str) -> List[int]:
    """The steps that changed nothing."""
    lines = [line.split() for line in output.splitlines() if line[:1].isdigit()]
    assert all(line[2] == "True" for line in lines), output
    return [int(line[0]) for line in lines if line[1] == "same"]


@unittest.skipUnless(torch is not None, "PyTorch is not installed")
class Guarded(WithFolder):
    """Loops that know nothing of traintui, and some that do."""

    def setUp(self) -> None:
        super().setUp()
        self.place = os.path.join(self.folder, "python")
        shutil.copytree(os.path.join(CLIENT, "traintui"), os.path.join(self.place, "traintui"))
        shutil.copy(
            os.path.join(CLIENT, "traintui", "_sitecustomize.py"), os.path.join(self.place, "sitecustomize.py"))
        self.environment["PYTHONPATH"] = self.place

    def state(self, dashboard: Dashboard, name: str) -> Dict[str, Any]:
        told = dashboard.wait(
            lambda message: message.get("method") == "state" and message["params"]["name"] == name)["params"]
        assert isinstance(told, dict)
        return told

    def begin(self, script: str, *arguments: str, **environment: str) -> Any:
        process = self.start(script, *arguments, TRAINTUI_PAUSED="1", **environment)
        return process, Dashboard(self.path)

    def test_no_optimizer_is_changed_by_a_step_that_is_not_finite(self) -> None:
        for optimizer in OPTIMIZERS:
            for kind in ("nan", "inf"):
                with self.subTest(optimizer, kind=kind):
                    training = Training()
                    guard = Guard(training, False, 1)
                    script = loop("o.register_step_pre_hook(before); o.register_step_post_hook(after)")
                    printed = io.StringIO()
                    with contextlib.redirect_stdout(printed), unittest.mock.patch.object(
                            sys, "argv", ["", f"torch.optim.{optimizer}"]), unittest.mock.patch.dict(
                            os.environ, DEVICE=self.device):
                        exec(script.replace('"nan" if index % 8 == 4 else "inf"', f'"{kind}"'), {
                            "before": guard.before, "after": lambda *_: (guard.after(), training.finish_step()),
                        })
                    self.assertEqual(changes(printed.getvalue()), [4])
                    self.assertEqual(training.step, 11)
                    told = [one.params for one in training.news if isinstance(one, Told)]
                    self.assertEqual(
                        told, [{"name": "diverged", "step": 5, "reason": "a gradient is not finite at step 5"}])

    def test_gradients_of_which_others_are_made_are_looked_at_and_left_as_they_are(self) -> None:
        class Idle(torch.optim.Optimizer):  # type: ignore[misc]
            """Leaves the weights as they are: whatever is made of them behind the step can be."""

            def step(self, closure: Any = None) -> None:
                pass

        def came(is_guarded: bool, leaves_history: bool, factor: float) -> Any:
            torch.manual_seed(1)
            with torch.device(self.device):
                model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
                x = torch.ones(2, 3)
            optimizer, training = Idle(model.parameters(), {"lr": 0.1}), Training()
            if is_guarded:
                optimizer.register_step_pre_hook(Guard(training, False, 1).before)
            with unittest.mock.patch("traintui._guard._leaves_history", lambda look: leaves_history):
                # The first step begins the guard.
                for _ in range(2):
                    optimizer.zero_grad()
                    (model(x).square().mean() * factor).backward(create_graph=True)
                    gradients = [one.grad for one in model.parameters()]
                    optimizer.step()
                sum(one.square().sum() for one in gradients).backward()
            return [gradient.tolist() for gradient in gradients], training.is_step_lost

        alone, _ = came(False, True, 1)
        for leaves_history in (True, False):
            self.assertEqual(came(True, leaves_history, 1), (alone, False))
            self.assertTrue(came(True, leaves_history, float("inf"))[1])

    def test_an_unchanged_loop_pauses_before_the_step_and_goes_on_behind_it(self) -> None:
        process, dashboard = self.begin(loop(), "torch.optim.NAdam(parameters)")
        self.assertEqual(
            dashboard.hello["result"]["capabilities"]["guard"], {"when": "before", "sees": ["gradients", "loss"]})
        dashboard.ask("resume")
        told = self.state(dashboard, "diverged")
        self.assertEqual((told["step"], told["reason"]), (5, "a gradient is not finite at step 5"))
        self.assertEqual(dashboard.ask("resume")["result"]["step"], 4)
        self.assertEqual(changes(self.finish(process)), [4])
        dashboard.wait(lambda message: message.get("method") == "end")
        # What was not taken is no step.
        self.assertEqual(dashboard.steps(), list(range(1, 12)))
        dashboard.close()

    def test_looks_behind_a_closure_that_makes_the_gradients(self) -> None:
        for call in ("o.step(make)", "o.step(closure=make)"):
            script = loop(step=f"""
    def make():
        o.zero_grad()
        again = (model(torch.full((2, 3), 0.1 * index + 0.1)) - 1).square().mean() * bad
        again.backward()
        return again
    before = states()
    loss = {call}
    assert isinstance(loss, torch.Tensor)""").replace("    loss.backward()\n", "")
            process, dashboard = self.begin(script, "torch.optim.AdamW(parameters)")
            dashboard.ask("resume")
            self.state(dashboard, "diverged")
            dashboard.ask("resume")
            self.assertEqual(changes(self.finish(process)), [4])
            dashboard.close()

    def test_a_loss_that_is_not_finite_is_enough_where_it_is_known(self) -> None:
        script = loop().replace(".mean() * bad", ".mean() + (0 if bad == 1 else bad)")
        process, dashboard = self.begin(script, "torch.optim.Adam(parameters)")
        dashboard.ask("resume")
        self.assertEqual(self.state(dashboard, "diverged")["reason"], "the loss is nan at step 5")
        dashboard.ask("resume")
        self.assertEqual(changes(self.finish(process)), [4])

    def test_stop_ends_the_script_before_the_step(self) -> None:
        process, dashboard = self.begin(loop(), "torch.optim.Adam(parameters)")
        self.assertIn("result", dashboard.ask("on_divergence", policy="stop"))
        self.assertEqual(dashboard.told("watching")[-1]["policy"], "stop")
        self.assertIn("cannot go back", dashboard.ask("on_divergence", policy="rewind")["error"]["message"])
        self.assertEqual(dashboard.ask("on_divergence", policy="dance")["error"]["code"], -32602)
        dashboard.ask("resume")
        self.assertEqual(self.state(dashboard, "diverged")["step"], 5)
        end = dashboard.wait(lambda message: message.get("method") == "end")
        self.assertEqual(end["params"]["reason"], "diverged: a gradient is not finite at step 5")
        output, _ = process.communicate(timeout=30)
        self.assertIn("KeyboardInterrupt", output)
        self.assertEqual(output.count("changed"), 4)

    def test_off_is_off_and_nothing_is_as_without_traintui(self) -> None:
        plain = self.finish(self.start(loop(), "torch.optim.SGD(parameters, 0.1)", PYTHONPATH="", TRAINTUI_RUN="x"))
        process, dashboard = self.begin(loop(), "torch.optim.SGD(parameters, 0.1)", TRAINTUI_GUARD="off")
        self.assertEqual(dashboard.hello["result"]["capabilities"]["guard"], {"when": "none"})
        self.assertIn("error", dashboard.ask("on_divergence", policy="stop"))
        dashboard.ask("resume")
        self.assertEqual(self.finish(process), plain)
        self.assertEqual(changes(plain), [])

    def test_several_steps_in_one_are_not_promised(self) -> None:
        process, dashboard = self.begin(
            loop(step="o.step(lambda: loss)", bad="()"), "torch.optim.LBFGS(parameters, max_iter=1)")
        self.assertEqual(dashboard.hello["result"]["capabilities"]["guard"], {"when": "none"})
        dashboard.ask("resume")
        self.finish(process)

    def test_what_a_scaler_skips_by_itself_is_no_divergence(self) -> None:
        for optimizer in ("SGD(parameters, 0.1)", "SGD(parameters, 0.1, fused=True)"):
            script = loop("scaler = torch.amp.GradScaler(os.environ['DEVICE'], init_scale=4.0)", step="""
    scaler.step(o)
    scaler.update()""").replace("loss.backward()", "scaler.scale(loss).backward()")
            process, dashboard = self.begin(script, f"torch.optim.{optimizer}")
            dashboard.ask("resume")
            self.assertEqual(changes(self.finish(process)), [4])
            dashboard.wait(lambda message: message.get("method") == "end")
            self.assertNotIn("diverged", [told["name"] for told in dashboard.told("state")])
            dashboard.close()

    def test_gradients_that_are_added_up_are_looked_at_where_the_step_is(self) -> None:
        script = loop(bad="(4, 5)", step="if index % 4 == 3: o.step()").replace(
            "    o.zero_grad()\n", "    if index % 4 == 0: o.zero_grad()\n")
        process, dashboard = self.begin(script, "torch.optim.Adam(parameters)")
        dashboard.ask("resume")
        # The second step has a gradient of the first of its four batches that is not finite.
        self.assertEqual(self.state(dashboard, "diverged")["step"], 2)
        dashboard.ask("resume")
        self.assertEqual(changes(self.finish(process)), [0, 1, 2, 4, 5, 6, 7, 8, 9, 10])

    def test_a_watched_loop_pauses_and_goes_back_and_to_the_same_place_again(self) -> None:
        script = loop(
            "import traintui; run = traintui.watch(model, o, scheduler=schedule)", "run.batches(range(12))",
        ) + "    run.loss(loss)\n"
        process, dashboard = self.begin(script, "torch.optim.Adam(parameters)")
        guard = dashboard.hello["result"]["capabilities"]["guard"]
        self.assertEqual(guard, {"when": "before", "sees": ["gradients"]})
        dashboard.ask("resume")
        self.assertEqual(self.state(dashboard, "diverged")["step"], 5)
        self.assertEqual(dashboard.ask("go_to_step", step=2)["result"]["step"], 2)
        dashboard.ask("step", count=6)
        self.assertEqual(self.state(dashboard, "diverged")["step"], 5)
        dashboard.ask("resume")
        output = self.finish(process)
        self.assertEqual(changes(output), [4, 4])
        # Four, two of them once more to get to step 2, the two behind it, and those behind the one that is left out.
        self.assertEqual(output.count("changed"), 4 + 2 + 2 + 7)
        losses = [loss for told in dashboard.told("samples") for loss in told["losses"]]
        self.assertNotIn(None, losses)

    def test_rewind_goes_back_by_itself_with_half_the_rate_and_waits_in_the_end(self) -> None:
        script = loop(
            "import traintui; run = traintui.watch(model, o)", "run.batches(range(80))", bad="(70,)",
        ).replace("    schedule.step()\n", "    run.loss(loss)\n")
        process, dashboard = self.begin(script, "torch.optim.SGD(parameters, 0.1)")
        self.assertIn("result", dashboard.ask("on_divergence", policy="rewind"))
        dashboard.ask("resume")
        moves = []
        for _ in range(3):
            moves.append(dashboard.wait(lambda message: message.get("method") == "moved")["params"])
        # The data are to blame: going back does not help, and after three times it waits.
        while self.state(dashboard, "diverged") and len(dashboard.told("changed")) < 3:
            pass
        self.assertEqual([(move["cause"], move["step"]) for move in moves], [("divergence", 20)] * 3)
        self.assertEqual(moves[0]["reason"], "a gradient is not finite at step 71")
        rates = [told["new"] for told in dashboard.told("changed")]
        self.assertEqual(rates, [0.05, 0.025, 0.0125])
        self.assertEqual(dashboard.ask("ping")["result"]["state"], "diverged")
        dashboard.ask("resume")
        self.finish(process)

    def test_loops_of_frameworks_wait_behind_the_step_that_was_not_taken(self) -> None:
        lightning = example("lightning_fit").replace("trainer.fit(Book(),", "model = Book()\ntrainer.fit(model,").replace(
            "        return loss\n", "        return loss * (float('nan') if self.global_step == 4 else 1)\n")
        transformers = example("hf_trainer").replace(
            "        with open", """        if state.global_step == 4:
            next(model.parameters()).grad.fill_(float("nan"))
        with open""")
        for module, script, count in (("lightning", lightning, "2"), ("transformers", transformers, "20")):
            if importlib.util.find_spec(module) is None:
                self.skipTest(f"{module} is not installed")
            script += "\nprint(all(bool(torch.isfinite(p).all()) for p in model.parameters()))\n"
            process, dashboard = self.begin(script, count, HF_HUB_OFFLINE="1")
            self.assertEqual(dashboard.hello["result"]["capabilities"]["guard"]["sees"], ["gradients"])
            dashboard.ask("resume")
            self.assertEqual(self.state(dashboard, "diverged")["step"], 5)
            dashboard.ask("resume")
            # Heard while it trains: who does not read for long is not told the end.
            dashboard.wait(lambda message: message.get("method") == "end")
            self.assertEqual(self.finish(process).splitlines()[-1], "True")
            self.assertEqual(dashboard.steps(), list(range(1, 20)))
            dashboard.close()

    def stop_and_go_on(self, script: str) -> None:
        """Two processes, one of which has a gradient at its eighth step that is not finite: neither takes that step."""
        name = os.path.join(self.folder, "script.py")
        with open(name, "w") as file:
            file.write(script)
        process = subprocess.Popen(
            [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", name],
            cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**self.environment, "TRAINTUI_PAUSED": "1"})
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        dashboard = self.dashboard_for_all()
        dashboard.ask("resume")
        self.assertEqual(self.state(dashboard, "diverged")["step"], 8)
        dashboard.wait(lambda message: message.get("method") == "progress" and all(
            one["step"] == 7 for one in message["params"].get("ranks", [{"step": 0}])))
        self.assertEqual(dashboard.ask("set", name="learning_rate", value=0.002)["result"]["step"], 7)
        dashboard.ask("resume")
        output, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, output)
        for rank in (0, 1):
            lines = [line.split() for line in self.text(f"log-{rank}").splitlines()]
            self.assertEqual(len(lines), 40)
            self.assertEqual([number for number, is_same in lines if is_same == "True"], ["7"])
            self.assertNotIn("nan", self.text(f"end-{rank}"))

    def test_two_processes_stop_at_the_same_step(self) -> None:
        self.stop_and_go_on(SEVERAL.replace("BEGIN", """
model = torch.nn.parallel.DistributedDataParallel(model)""").replace("SPOIL", """
    # Of one process only: what comes of it is everybody's.
    loss = loss * float("nan") if rank == 1 and index == 7 else loss
    loss.backward()"""))
        self.assertEqual(self.text("end-0"), self.text("end-1"))

    def test_two_processes_with_parts_of_the_weights_tell_each_other(self) -> None:
        self.stop_and_go_on(SEVERAL.replace("BEGIN", """
from torch.distributed.fsdp import fully_shard
fully_shard(model, mesh=d.device_mesh.init_device_mesh("cpu", (2,)))""").replace("SPOIL", """
    loss.backward()
    if rank == 1 and index == 7:
        # In a part that only one process has.
        model.weight.grad.to_local().view(-1)[0] = float("nan")"""))


if __name__ == "__main__":
    unittest.main()
