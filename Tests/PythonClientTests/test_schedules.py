"""Learning rates that a schedule moves, behind an edit: in a watched loop, the Trainer of transformers and Lightning's fit.

Each schedule is tried at least once, and each way to change a rate with each peer. TRAINTUI_SCHEDULES=all tries all of them
with all of them. What is not installed is skipped, and that is said.
"""

from __future__ import annotations

import importlib.util
import json
import os
import unittest
from typing import Dict, List, Tuple

from helpers import Dashboard, WithFolder

SCHEDULES = [
    "s.LambdaLR(o, lambda n: 0.95 ** n)", "s.MultiplicativeLR(o, lambda n: 0.97)", "s.StepLR(o, 7, 0.5)",
    "s.MultiStepLR(o, [5, 25, 30], 0.5)", "s.ConstantLR(o, 0.5, 30)", "s.LinearLR(o, 0.3, 1.0, 40)",
    "s.ExponentialLR(o, 0.98)", "s.CosineAnnealingLR(o, 30, 0.001)", "s.PolynomialLR(o, 50, 2.0)",
    "s.CosineAnnealingWarmRestarts(o, 10, 2, 0.001)", "s.OneCycleLR(o, 0.1, 60, cycle_momentum=False)",
    "s.CyclicLR(o, 0.01, 0.1, 10, cycle_momentum=False)",
    "s.SequentialLR(o, [s.ConstantLR(o, 0.1, 5), s.ExponentialLR(o, 0.9)], [10])",
    "s.ChainedScheduler([s.ConstantLR(o, 0.1, 30), s.ExponentialLR(o, 0.9)])",
    "s.ReduceLROnPlateau(o, patience=1, factor=0.5)", "s.SWALR(o, 0.05, 30)",
]
#: How a rate is changed: the request, and its kind of change.
WAYS = [
    ("set", ""), ("set", "times"), ("ramp", ""), ("plan", "value"), ("plan", "times"), ("plan", "divided_by"),
]
#: The steps of a training, those before the change, and those of a ramp, in which no plateau is found.
STEPS, EDIT, OVER = 50, 20, 3
RATE = 0.00625

#: Trains once for each case that is on its command line, each time in a process of its own: [run's name, schedule, is named].
#: The loss never changes. A plateau is looked for behind each eighth step.
LOOPS = """
import atexit, json, os, sys
import torch
from torch.optim import lr_scheduler as s
from torch.optim.swa_utils import SWALR
s.SWALR = SWALR
import traintui
peer, cases = sys.argv[1], json.loads(sys.argv[2])
# What each training would load is loaded once.
if peer == "transformers":
    import accelerate, transformers
    transformers.Trainer, transformers.TrainingArguments, traintui.HFCallback
if peer == "lightning":
    import lightning as L
    traintui.LightningCallback
torch.set_num_threads(1)

def two_groups():
    a, b = torch.nn.Parameter(torch.ones(1)), torch.nn.Parameter(torch.ones(1))
    return a, b, torch.optim.SGD([{"params": [a]}, {"params": [b], "lr": 0.005}], lr=0.05)

def log(file, o):
    print(*(repr(float(group["lr"])) for group in o.param_groups), file=file, flush=True)

def watched(text, is_named, file):
    a, b, o = two_groups()
    schedule = eval(text)
    run = traintui.watch(None, o, scheduler=schedule if is_named else None)
    for index in run.batches(range(STEPS)):
        a.grad, b.grad = torch.zeros(1), torch.zeros(1)
        o.step()
        log(file, o)
        if not isinstance(schedule, s.ReduceLROnPlateau): schedule.step()
        elif index % 8 == 7: schedule.step(1.0)

def of_transformers(text, is_named, file):
    class Tiny(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b, self.o = two_groups()
        def forward(self, x, labels):
            return {"loss": 1 + 0 * (self.a + self.b).sum(), "logits": x}
    class Log(transformers.TrainerCallback):
        def on_pre_optimizer_step(self, args, state, control, **with_):
            log(file, o)
    model = Tiny()
    o = model.o
    schedule = eval(text)
    rows = [{"x": torch.ones(1), "labels": torch.ones(1)}] * 8
    args = transformers.TrainingArguments(
        "out", max_steps=STEPS, per_device_train_batch_size=1, report_to=[], save_strategy="no", disable_tqdm=True,
        use_cpu=True, logging_steps=10000, eval_steps=8, metric_for_best_model="loss",
        eval_strategy="steps" if isinstance(schedule, s.ReduceLROnPlateau) else "no", remove_unused_columns=False)
    transformers.Trainer(
        model, args, train_dataset=rows, eval_dataset=rows[:1], optimizers=(o, schedule),
        callbacks=[traintui.HFCallback(), Log()]).train()

def of_lightning(text, is_named, file):
    class Tiny(L.LightningModule):
        def __init__(self):
            super().__init__()
            self.a, self.b, self.o = two_groups()
        def training_step(self, batch, index):
            log(file, self.o)
            self.log("plateau", 1.0)
            return 1 + 0 * (self.a + self.b).sum()
        def configure_optimizers(self):
            o = self.o
            return {"optimizer": o, "lr_scheduler": {"scheduler": eval(text, {"o": o, "s": s}), "interval": "step",
                "frequency": 8 if "Plateau" in text else 1, "monitor": "plateau"}}
    L.Trainer(
        max_steps=STEPS, accelerator="cpu", callbacks=[traintui.LightningCallback()], logger=False,
        enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False,
    ).fit(Tiny(), torch.utils.data.DataLoader(torch.ones(STEPS, 1)))

for run, text, is_named in cases:
    child = os.fork()
    if child == 0:
        # What a script of its own would find.
        if run.startswith("alone"): del os.environ["TRAINTUI_RUN"]
        else: os.environ["TRAINTUI_RUN"] = run
        with open(run + ".log", "w") as file:
            {"torch": watched, "transformers": of_transformers, "lightning": of_lightning}[peer](text, is_named, file)
        # As at a script's end, without the second in which torch is taken apart.
        atexit._run_exitfuncs()
        os._exit(0)
    if os.waitpid(child, 0)[1] != 0: sys.exit(run)
""".replace("STEPS", str(STEPS))

Rates = List[List[float]]


class Schedules(WithFolder):
    def test_every_rate_in_a_watched_loop_is_as_predicted(self) -> None:
        self.check("torch", "torch", every=1)

    def test_every_rate_in_transformers_trainer_is_as_predicted(self) -> None:
        self.check("transformers", "accelerate", every=2)

    def test_every_rate_in_lightnings_fit_is_as_predicted(self) -> None:
        self.check("lightning", "torch", every=2)

    def check(self, peer: str, *modules: str, every: int) -> None:
        if not all(importlib.util.find_spec(module) for module in (peer, *modules)):
            self.skipTest(f"{peer} is not installed")
        is_all = os.environ.get("TRAINTUI_SCHEDULES") == "all"
        # The Trainer has one half of the schedules, Lightning the other.
        first = 1 if peer == "lightning" else 0
        numbers = range(len(SCHEDULES)) if is_all else range(first, len(SCHEDULES), every)
        cases: List[Tuple[str, int, Tuple[str, str]]] = []
        for count, number in enumerate(numbers):
            for at, way in enumerate(WAYS):
                if is_all or at == count % len(WAYS):
                    cases.append((f"case-{number}-{at}", number, way))
        alone = [(f"alone-{number}", SCHEDULES[number], True) for number in numbers]
        steered = [(run, SCHEDULES[number], index % 2 == 0) for index, (run, number, _) in enumerate(cases)]
        process = self.start(
            LOOPS, peer, json.dumps(alone + steered), TRAINTUI_PAUSED="1", HF_HUB_OFFLINE="1")
        told: Dict[str, Tuple[float, float]] = {}
        for run, number, way in cases:
            told[run] = self.steer(run, *way)
        self.finish(process)
        for run, number, (method, change) in cases:
            with self.subTest(peer, schedule=SCHEDULES[number], method=method, change=change):
                plain, found = self.rates(f"alone-{number}"), self.rates(run)
                self.assertEqual(len(found), STEPS)
                old, new = told[run]
                # As the dashboard reckons, to four digits.
                wanted = RATE if change in ("", "value") else float(f"{old / 8:.4g}")
                self.assertAlmostEqual(new / wanted, 1, 12)
                self.assertAlmostEqual(old / plain[EDIT][0], 1, 12)
                for step, (rates, right) in enumerate(zip(found, predicted(plain, new, method))):
                    for rate, one in zip(rates, right):
                        self.assertAlmostEqual(rate / one, 1, 9, f"step {step + 1}")

    def steer(self, run: str, method: str, change: str) -> Tuple[float, float]:
        """Changes a run's rate behind the step of the edit. Returns it as it was and as it was to be."""
        dashboard = Dashboard(os.path.join(self.folder, "traintui", f"{run}.sock"))
        amount = {"times": 0.125, "divided_by": 8}.get(change, RATE)
        if method == "plan":
            dashboard.ask("plan", name="learning_rate", change=change, value=amount, at=EDIT)
        dashboard.ask("step", count=EDIT)
        dashboard.wait(lambda message: message.get("params", {}).get("name") == "paused")
        if method == "ramp":
            dashboard.ask("ramp", name="learning_rate", value=amount, over=OVER)
        elif method == "set":
            dashboard.ask("set", name="learning_rate", value=amount, **({"change": change} if change else {}))
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end")
        edit = dashboard.told("changed")[0]
        self.assertEqual(edit["step"], EDIT)
        dashboard.close()
        return edit["old"], edit["new"]

    def rates(self, run: str) -> Rates:
        return [[float(rate) for rate in line.split()] for line in self.text(f"{run}.log").splitlines()]


def predicted(plain: Rates, new: float, method: str) -> Rates:
    """Every group's rate at every step: the schedule's own, times what the edit made of it. A ramp goes by equal factors."""
    right = []
    old = plain[EDIT][0]
    for step, rates in enumerate(plain):
        part = min(1.0, max(0, step - EDIT + 1) / (OVER if method == "ramp" else 1))
        # The step by whose rate the schedule goes on.
        since = min(step, EDIT + (OVER - 1 if method == "ramp" else 0))
        factor = old * (new / old) ** part / plain[since][0] if step >= EDIT else 1.0
        right.append([rate * factor for rate in rates])
    return right


if __name__ == "__main__":
    unittest.main()
