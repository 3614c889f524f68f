"""A job file trained by PyTorch: what ``traintui train --engine torch`` starts, in as many processes as it was asked for.

    python -m traintui._engine FOLDER

``FOLDER`` has ``job.json``, the prepared rows and the initial weights; in the end ``trained.safetensors`` is there. The
same steps are taken as by traintui's own core: the same rows in each batch, the same units dropped, Keras's rules. Each
process takes its part of a batch; gradients, loss and metrics are added up by one collective a step.
"""

from __future__ import annotations

import atexit
import importlib
import json
import math
import os
import sys
import time
from typing import Any, Callable, Dict, List, Optional

from . import _interface, _surroundings, _tensors
from ._ending import Ending
from ._metrics import Tally
from ._network import Network
from ._news import Asked
from ._philox import Batches
from ._recorded import Recorded
from ._rules import RULES
from ._schedules import Schedule
from ._state import Keeper
from ._stopper import Stopper
from ._subject import Subject
from ._watch import Run, prepare

torch: Any = importlib.import_module("torch")

#: A gradient beyond this counts as diverged: rules square it, which float32 can hold up to 1.8e19.
GREATEST_GRADIENT = 1e18
#: Rows that are validated on at once.
PIECE = 4096
#: Products in a step below which a second thread costs more than it brings.
WORTH_SHARING = 1 << 22
#: Steps that an estimate is made of.
TRIED = 12


class Engine:
    """A job with its rows and its network, on one of the job's processes."""

    def __init__(self, job: Dict[str, Any], rows: Dict[str, Any], weights: Dict[str, Any], device: Any) -> None:
        self.job = job
        self.rank, self.world = _surroundings.rank(), _surroundings.world()
        self.rows = {name: tensor.to(device) for name, tensor in rows.items()}
        self.network = Network(job, weights, device)
        self.tally = Tally(job["metrics"], self.network.units, job["target_unit"])
        self.rule = RULES[job["optimizer"]["name"]](self.network.weights, job["optimizer"])
        self.schedule = None if job["schedule"]["name"] == "constant" else Schedule(self.rule, job["schedule"])
        self.batches = Batches(job["sampling"], job["rows"], job["batch_size"], job["seed"], device)
        count, told = self.network.weights.numel(), 1 + self.tally.count
        #: The gradient, and the batch's loss with the sums of its metrics: what processes add up. They are one tensor, so
        #: that one collective does it, but where the sums need more digits than a gradient.
        self._added: List[Any] = [torch.zeros(count + told, device=device)]
        self._gradient, self._told = self._added[0][:count], self._added[0][count:]
        if self.tally.needs_doubles:
            self._told = torch.zeros(told, dtype=torch.float64, device=device)
            self._added = [self._gradient, self._told]
        self.network.keep_gradients_in(self._gradient)
        work = self._add_up_unrecorded
        self._add_up_rows = Recorded(work) if device.type == "cuda" else work
        #: Whether it waits for the other processes, while the weights are those of the step before.
        self.waits = False
        #: The step that was taken last, its loss and metrics.
        self.step = 0
        self.loss = math.nan
        self.metrics: Dict[str, float] = {}

    def take(self, epoch: int, index: int, is_alone: bool = False) -> str:
        """Takes a step. ``epoch`` counts from 0, ``index`` within it too. Returns why none was taken, "" where it was.

        ``is_alone`` takes the whole of it in this process.
        """
        step = epoch * self.batches.steps + index + 1
        self._add_up(epoch + 1, index, step, is_alone)
        if self.world > 1 and not is_alone:
            self.waits = True
            for added in self._added:
                torch.distributed.all_reduce(added)
            self.waits = False
        penalties = self.network.penalties(adds_gradient=True)
        # At once: for each number that is read from a GPU all is waited for that is to be done there.
        looked_at = torch.stack([*(total for _, total in penalties), self._gradient.abs().max()])
        numbers = torch.cat([self._told, looked_at.to(self._told.dtype)]).tolist()
        main, sums, (*totals, greatest) = numbers[0], numbers[1 : len(self._told)], numbers[len(self._told) :]
        self.loss = main + sum(factor * total for (factor, _), total in zip(penalties, totals))
        if not math.isfinite(self.loss):
            return f"the loss is {self.loss} at step {step}"
        if not greatest <= GREATEST_GRADIENT:
            return f"the gradient overflows at step {step}"
        self.network.clip(self.job["clipping"])
        self.rule.step()
        self.network.constrain()
        if self.schedule is not None:
            self.schedule.step()
        self.step, rows = step, self.job["batch_size"]
        self.tally.add(sums, rows)
        self.metrics = self.tally.values_of(sums, rows)
        return ""

    def _add_up(self, epoch: int, index: int, step: int, is_alone: bool) -> None:
        """Gradient, loss and sums of this process's part of a batch."""
        size = self.job["batch_size"]
        first, end = (0, size) if is_alone else (size * self.rank // self.world, size * (self.rank + 1) // self.world)
        rows = self.batches.rows(epoch, index)[first:end]
        self._add_up_rows(rows, *self.network.dropped(step, first, end - first))

    def _add_up_unrecorded(self, rows: Any, *dropped: Any) -> None:
        x, y = (self.rows[name].index_select(0, rows) for name in ("training.x", "training.y"))
        for added in self._added:
            added.zero_()
        z, a, output = self.network.run(x, dropped)
        loss = self.network.loss(z, output, y, self.job["batch_size"])
        loss.backward()
        with torch.no_grad():
            self._told.copy_(torch.stack([one.to(self._told.dtype) for one in (loss, *self.tally.of(a, y))]))

    def evaluate(self) -> Dict[str, float]:
        """Loss and metrics on the rows for validation; the loss has the penalties added. Each process sees all of them."""
        x, y = self.rows["validation.x"], self.rows["validation.y"]
        tally, total = Tally(self.job["metrics"], self.network.units, self.job["target_unit"]), 0.0
        with torch.no_grad():
            for first in range(0, len(x), PIECE):
                part = y[first : first + PIECE]
                z, a, output = self.network.run(x[first : first + PIECE])
                total += float(self.network.loss(z, output, part, len(part))) * len(part)
                tally.add([float(one) for one in tally.of(a, part)], len(part))
            penalty = sum(factor * float(one) for factor, one in self.network.penalties())
        return {"loss": total / len(x) + penalty, **tally.values}

    def state_dict(self) -> Dict[str, Any]:
        """What it remembers of the step that was taken last; a run may go back behind it."""
        return {"step": self.step, "loss": self.loss, "metrics": dict(self.metrics)}

    def load_state_dict(self, state: Dict[str, Any]) -> None:
        """Remembers that."""
        self.step, self.loss, self.metrics = state["step"], state["loss"], dict(state["metrics"])

    def save(self, path: str, weights: Any = None) -> None:
        """Writes the model: the weights, and beside them the texts that say how to use it."""
        named = self.network.named() if weights is None else weights
        _tensors.write(path, named, self.job["texts"])

    def estimate(self) -> str:
        """What a step takes in one process and in all of them, as some of each are timed. Nothing has changed then."""
        schedules = [] if self.schedule is None else [self.schedule]
        state = Keeper(self.network, self.rule, schedules, [self.tally, self]).keep()
        threads = torch.get_num_threads()
        torch.distributed.barrier()
        alone = math.inf
        if self.rank == 0:
            if self.job["batch_size"] * self.network.weights.numel() >= WORTH_SHARING:
                # Alone a process has all of the processor.
                torch.set_num_threads(os.cpu_count() or 1)
            alone = self._fastest(is_alone=True)
            torch.set_num_threads(threads)
        state.restore()
        torch.distributed.barrier()
        shared = self._fastest(is_alone=False)
        state.restore()
        figures = f"a step takes {alone * 1e3:.2g} ms in one process and {shared * 1e3:.2g} ms in {self.world}"
        if shared > 0.9 * alone:
            return f"{figures}: more processes do not help this job"
        return f"{figures}: {alone / shared:.1f} times as fast"

    def _fastest(self, is_alone: bool) -> float:
        """Seconds of the fastest of some steps: what else the machine does is left out."""
        seconds = []
        for index in range(min(TRIED, self.batches.steps)):
            began = time.perf_counter()
            self.take(0, index, is_alone)
            seconds.append(time.perf_counter() - began)
        return min(seconds)


def watched(engine: Engine, stopper: Stopper) -> Run:
    """The run that dashboards see."""
    job, network = engine.job, engine.network

    def begin(run: Run, wanted: Optional[str]) -> None:
        subject = Subject(job["title"])
        subject.take(network, engine.rule, engine.schedule, [engine, engine.tally, stopper])
        subject.description.update(job["description"])
        # Each batch is one, so that an epoch's length is known.
        subject.steps = None
        # The engine looks at them itself, and ends.
        subject.guarded = None
        subject.repeats = "verified"
        subject.metrics, subject.memory, subject.save = list(job["metrics"]), job["history_bytes"], engine.save
        if "validation.x" in engine.rows:
            subject.evaluates(engine.evaluate)
        run.open(subject, wanted)

    run = prepare(begin, None)
    for layer in network.layers:
        for factor in ("l1", "l2"):
            value = getattr(layer, factor).value
            if value:
                name, title = f"layers.{layer.number}.{factor}", f"{factor} · layer {layer.number + 1}"
                setattr(layer, factor, run.knob(name, value, low=0, high=1e6, title=title))
    training = run._training
    if training is not None and job["pace"] and training.again is None:
        training.pace, training.attention = job["pace"], True
    return run


def stopping(run: Run) -> Optional[Callable[[], bool]]:
    """What stops a run on all its processes, and says whether it does; None where nobody can."""
    training = run._training
    if training is None:
        return None

    def stop() -> bool:
        # The others do as the first one, which may be refused as long as not all are there.
        if training.is_first and not training.is_stopping:
            training.post(Asked("", None, "stop", {}))
        return training.is_stopping

    return stop


def train(engine: Engine, folder: str, ending: Ending) -> int:
    """Takes all steps, and writes what came of them. Returns the exit code."""
    job, stopper = engine.job, Stopper(engine.job.get("early_stopping"), engine.network)
    run = watched(engine, stopper)
    ending.stops_by(stopping(run))
    if engine.world > 1:
        # Behind the watching: an optimizer that nobody watches is taken for a loop of the person's own.
        note = engine.estimate()
        if engine.rank == 0:
            print(note, flush=True)
            if run._training is not None:
                run._training.tell("notice", {"text": note})

    def leave() -> None:
        """Where another process is lost in a step, what was learned before is kept."""
        # What a GPU waits for nobody can overtake.
        if engine.waits and engine.rank == 0 and not run.is_beside and not engine.network.weights.is_cuda:
            came = {"step": stopper.step or engine.step, "divergence": None, "is_complete": False}
            write(engine, folder, stopper.weights_to_keep, came)

    # What was tried before counts for nothing.
    ending.leave = leave
    problem = ""
    for epoch in run.epochs(job["epochs"]):
        engine.tally.begin()
        for index in run.batches(range(engine.batches.steps)):
            try:
                problem = engine.take(epoch, index)
            except RuntimeError:
                leave()
                raise
            if problem and not run.diverged(problem):
                problem = ""
                continue
            if problem:
                break
            run.loss(engine.loss)
            for name, value in engine.metrics.items():
                run.metric(name, value)
        if problem:
            run._failed(f"diverged: {problem}")
            break
        if not run.complete_epoch(**engine.tally.values) or "validation.x" not in engine.rows:
            continue
        scores = engine.evaluate()
        run.validated(**scores)
        if stopper.sees(scores["loss"], epoch + 1, engine.step) and not run.is_beside:
            break
    if not problem:
        run.end()
    if engine.rank != 0:
        return 0
    if problem:
        print(f"diverged: {problem}", flush=True)
    came = {
        "step": stopper.step or engine.step, "divergence": problem or None,
        "is_complete": not problem and not run.is_stopping,
    }
    return write(engine, folder, stopper.weights_to_keep, came)


def write(engine: Engine, folder: str, weights: Any, ending: Dict[str, Any]) -> int:
    """Writes the weights and how the training ended, and only then the file that the person named: what becomes of that,
    the run's folder has the model. Returns the exit code; what cannot be written is one line on standard error.
    """
    path, rest = os.path.join(folder, "trained.safetensors"), ""
    try:
        engine.save(path, weights)
        path, rest = os.path.join(folder, "ending.json"), f"; {path} has the weights"
        with open(path, "w", encoding="utf-8") as written:
            json.dump(ending, written)
        if engine.job.get("save") and "TRAINTUI_REPLAY" not in os.environ:
            path = engine.job["save"]
            engine.save(path, weights)
    except OSError as problem:
        sys.stderr.write(f"traintui: {path}: cannot be written: {problem.strerror}{rest}\n")
        return 73
    return 0


def device_of(name: str) -> Any:
    """Where this process works. Raises a ``ValueError`` where there is no such device."""
    if name == "cpu":
        return torch.device("cpu")
    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    number = int(os.environ.get("LOCAL_RANK", "0"))
    if number >= count:
        raise ValueError(f"process {number + 1} finds no GPU: PyTorch sees {count}; --device cpu needs none")
    torch.cuda.set_device(number)
    return torch.device("cuda", number)


def main(folder: str) -> int:
    """Trains the job in a folder. Returns the exit code; what is wrong is one line on standard error."""
    ending = Ending()
    ending.listen()
    try:
        with open(os.path.join(folder, "job.json"), encoding="utf-8") as file:
            job = json.load(file)
        device = device_of(job["device"])
        rows = _tensors.read(os.path.join(folder, "rows.safetensors"), job["rows_sha256"])
        weights = _tensors.read(os.path.join(folder, "initial.safetensors"), job["initial_sha256"])
    except (OSError, ValueError, _tensors.TensorFileError) as problem:
        sys.stderr.write(f"traintui: {problem}\n")
        return 65
    if device.type == "cuda":
        # What CUDA's matrix products need to give the same bits each time.
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        torch.use_deterministic_algorithms(True)
        torch.utils.deterministic.fill_uninitialized_memory = False
    # As in the core: once weights decay to such numbers, they would cost half of the speed.
    torch.set_flush_denormal(True)
    world = _surroundings.world()
    if job["batch_size"] * sum(tensor.numel() for tensor in weights.values()) < WORTH_SHARING:
        torch.set_num_threads(1)
    if world > 1:
        if device.type == "cpu":
            _interface.choose()
        torch.distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        code = train(Engine(job, rows, weights, device), folder, ending)
        if world > 1:
            # torch may abort a process that ends right behind its last collective, and torchrun ends the others then:
            # by now the weights are written.
            torch.distributed.barrier()
        return code
    finally:
        if world > 1:
            torch.distributed.destroy_process_group()


if __name__ == "__main__":
    exit_code = main(sys.argv[1])
    if _surroundings.world() > 1:
        # Where others use the processor a thread of gloo's may outlive its group, which aborts a Python that ends by itself.
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(exit_code)
    sys.exit(exit_code)
