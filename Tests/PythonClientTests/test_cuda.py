"""On a GPU: what tests of PyTorch hold of a processor holds there too, and what only happens there. Skipped, and said so, where
there is no GPU."""

from __future__ import annotations

import os
import unittest
import unittest.mock
from typing import Any, List

import test_engine
import test_guard
import test_rewind
from helpers import Dashboard, WithFolder

try:
    import torch
except ImportError:
    torch = None  # type: ignore[assignment]

# Before any matrix product in this process: without it those of CUDA refuse to give the same bits each time.
os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
GPUS = torch.cuda.device_count() if torch is not None and torch.cuda.is_available() else 0

#: Steps that a graph of kernels has recorded: the loss lies in one place, and no hook of the optimizer's is called.
RECORDED = """
import hashlib, os, torch, traintui
torch.manual_seed(1)
torch.use_deterministic_algorithms(True)
device = os.environ["DEVICE"]
data = torch.randn(120, 32, 8, device=device)
targets = data.sum(2, keepdim=True)
model = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.ELU(), torch.nn.Dropout(0.2), torch.nn.Linear(16, 1)).to(device)
optimizer = torch.optim.Adam(model.parameters(), lr=torch.tensor(0.01, device=device), capturable=True)
x, y = data[0].clone(), targets[0].clone()
def step():
    optimizer.zero_grad()
    loss = torch.nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
    return loss
side = torch.cuda.Stream()
side.wait_stream(torch.cuda.current_stream())
with torch.cuda.stream(side):
    for _ in range(3):
        step()
torch.cuda.current_stream().wait_stream(side)
graph = torch.cuda.CUDAGraph()
optimizer.zero_grad()
with torch.cuda.graph(graph):
    loss = step()
run = traintui.watch(model, optimizer)
kept = []
for epoch in run.epochs(3):
    for index in run.batches(range(120)):
        x.copy_(data[index])
        y.copy_(targets[index])
        graph.replay()
        run.loss(loss)
        kept.append(loss.clone())
print(*(repr(one.item()) for one in kept))
weights = b"".join(value.detach().cpu().numpy().tobytes() for value in model.state_dict().values())
print(hashlib.sha256(weights).hexdigest(), float(optimizer.param_groups[0]["lr"]))
"""

#: A loss that is added up in place, on a stream of its own, and known long after it is told.
LATE = """
import os, torch, traintui
torch.manual_seed(1)
device = os.environ["DEVICE"]
model = torch.nn.Linear(8, 1).to(device)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
run = traintui.watch(model, optimizer)
total, kept = torch.zeros((), device=device), []
with torch.cuda.stream(torch.cuda.Stream()):
    for index in run.batches(range(60)):
        torch.cuda._sleep(20_000_000)
        loss = model(torch.randn(16, 8, device=device)).square().mean()
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        total.zero_()
        total += loss.detach()
        run.loss(total)
        kept.append(total.clone())
    print(*(repr(one.item()) for one in kept))
"""

#: Records graphs, each for a while, in the middle of a loop that is looked at.
RECORDING = """
import os, time, torch, traintui
device = os.environ["DEVICE"]
model = torch.nn.Linear(8, 1).to(device)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
x = torch.randn(16, 8, device=device)
run = traintui.watch(model, optimizer)
for index in run.batches(range(200)):
    loss = model(x).square().mean()
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    run.loss(loss)
    if index % 20 == 19:
        graph = torch.cuda.CUDAGraph()
        with torch.no_grad(), torch.cuda.graph(graph):
            large = torch.ones(1 << 20 + index // 20, device=device)
            time.sleep(0.2)
            total = model(x).sum() + large.sum()
        graph.replay()
        print(float(total) > 0)
"""


@unittest.skipUnless(GPUS, "there is no GPU")
class EngineOnGPU(test_engine.TorchEngine):
    device = "cuda"
    launchers = test_engine.TorchEngine.launchers[: 2 if GPUS > 1 else 1]

    def epochs(self) -> List[List[float]]:
        process = self.train(TRAINTUI_PAUSED="1")
        dashboard = Dashboard(self.path)
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end")
        self.finish(process)
        dashboard.close()
        return [[told["mean_loss"], *told["metrics"]] for told in dashboard.told("epoch")]

    def test_its_epochs_are_those_of_a_processor(self) -> None:
        found = self.epochs()
        self.job["device"] = "cpu"
        expected = self.epochs()
        self.assertEqual(len(found), 4)
        for one, other in zip(found, expected):
            for value, wanted in zip(one, other):
                self.assertAlmostEqual(value, wanted, delta=1e-5 * abs(wanted))

    def test_the_same_job_gives_the_same_bits_twice(self) -> None:
        self.finish(self.train(TRAINTUI_RUN="alone"))
        once = self.trained()
        self.finish(self.train(TRAINTUI_RUN="alone"))
        self.assertEqual(self.trained(), once)

    def test_recorded_steps_have_the_bits_of_steps_that_are_not(self) -> None:
        from traintui import _engine, _recorded, _tensors

        self.addCleanup(torch.use_deterministic_algorithms, False)
        torch.use_deterministic_algorithms(True)
        rows, weights = (_tensors.read(os.path.join(self.folder, f"{name}.safetensors")) for name in ("rows", "initial"))
        for size in (10, 7):
            self.job["batch_size"] = size
            ends = []
            for warm_up in (3, 10**9):
                with unittest.mock.patch.object(_recorded, "WARM_UP", warm_up):
                    engine = _engine.Engine(self.job, rows, weights, torch.device("cuda"))
                    losses = []
                    for step in range(40):
                        self.assertEqual(engine.take(step // 20, step % 20), "")
                        losses.append((engine.loss, engine.metrics))
                    self.assertEqual(engine._add_up_rows._graph is not None, warm_up == 3)
                    ends.append((losses, engine.network.weights.tolist()))
            self.assertEqual(*ends)

    def test_more_processes_than_gpus_are_refused(self) -> None:
        command = ["torch.distributed.run", "--standalone", "--nproc-per-node", str(GPUS + 1), "-m"]
        output, _ = (process := self.train(*command)).communicate(timeout=90)
        self.assertNotEqual(process.returncode, 0)
        self.assertIn(f"traintui: process {GPUS + 1} finds no GPU: PyTorch sees {GPUS}; --device cpu needs none", output)


@unittest.skipUnless(GPUS, "there is no GPU")
class GuardOnGPU(test_guard.Guarded):
    device = "cuda"


@unittest.skipUnless(GPUS, "there is no GPU")
class RewindOnGPU(test_rewind.WithTorch):
    device = "cuda"


@unittest.skipUnless(GPUS, "there is no GPU")
class OnlyOnGPU(WithFolder):
    device = "cuda"

    def losses(self, dashboard: Dashboard) -> List[str]:
        return [repr(loss) for told in dashboard.told("samples") for loss in told["losses"]]

    def to_the_end(self, script: str) -> Any:
        process = self.start(script, TRAINTUI_PAUSED="1")
        dashboard = Dashboard(self.path)
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end" or message.get("params", {}).get("name") == "done")
        return self.finish(process), dashboard

    def test_losses_that_a_graph_writes_to_one_place_are_told_bit_for_bit(self) -> None:
        output, dashboard = self.to_the_end(RECORDED)
        losses, heard = output.split(), self.losses(dashboard)
        # What comes before it is known that steps are recorded is not counted.
        self.assertEqual((heard, len(heard)), (losses[15:-2], 360 - 15))

    def test_a_recorded_loop_goes_back_to_the_bits_of_the_run_alone(self) -> None:
        alone = self.finish(self.start(RECORDED, TRAINTUI_RUN="alone")).splitlines()[-1]
        process = self.start(RECORDED, TRAINTUI_PAUSED="1")
        dashboard = Dashboard(self.path)

        def steps(count: int) -> None:
            start = len(dashboard.heard)
            self.assertIn("result", dashboard.ask("step", count=count))
            is_paused: Any = lambda message: message.get("params", {}).get("name") == "paused"
            if not any(is_paused(message) for message in dashboard.heard[start:]):
                dashboard.wait(is_paused)

        steps(40)
        self.assertIn("result", dashboard.ask("set", name="learning_rate", value=0.1))
        steps(110)
        rates = [rate for told in dashboard.told("samples") for rate in told["rates"]]
        self.assertIn("result", dashboard.ask("undo"))
        steps(5)
        self.assertIn("result", dashboard.ask("go_to_step", step=20))
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("params", {}).get("name") == "done")
        self.assertEqual(self.finish(process).splitlines()[-1], alone)
        self.assertAlmostEqual(min(rates), 0.01, delta=1e-8)
        self.assertAlmostEqual(max(rates), 0.1, delta=1e-8)

    def test_a_loss_that_is_known_late_is_told_as_it_was(self) -> None:
        output, dashboard = self.to_the_end(LATE)
        self.assertEqual(self.losses(dashboard), output.split())

    def test_graphs_can_be_recorded_while_losses_are_read(self) -> None:
        output, dashboard = self.to_the_end(RECORDING)
        self.assertEqual(output.split(), ["True"] * 10)
        self.assertNotIn(None, [loss for told in dashboard.told("samples") for loss in told["losses"]])


if __name__ == "__main__":
    unittest.main()
