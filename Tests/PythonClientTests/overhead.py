"""What watching costs a step: the same loop bare, with `watch` but no dashboard possible, with one possible, and with one
there. Prints microseconds a step, the processor time of the training's thread; the median of paired rounds.

    python3 overhead.py [--torch | --paired]

With --paired two loops in PyTorch take turns in one process, a bare one and one that is watched, with its guard and without:
what others do to the processor they do to both. Prints the median of the differences, and its quartiles. With DEVICE=cuda in
the environment both are on a GPU, and it is the seconds that pass.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import textwrap

from helpers import CLIENT, Dashboard

LOOP = """
import sys, time, traintui
mode, kind, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
if kind == "torch":
    import torch
    torch.set_num_threads(1)
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(8, 30), torch.nn.ELU(), torch.nn.Linear(30, 1))
    optimizer = torch.optim.NAdam(model.parameters(), lr=0.001)
    x, y = torch.randn(32, 8), torch.randn(32, 1)
    def step():
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        return loss
else:
    model = optimizer = None
    def step():
        return 0.5
if mode == "bare":
    def loop(n):
        for _ in range(n):
            step()
else:
    run = traintui.watch(model, optimizer)
    if mode == "there":
        while not run._server._viewers or run._server._viewers[0].session is None:
            time.sleep(0.01)
    def loop(n):
        for _ in run.batches(range(n)):
            run.loss(step())
loop(count // 10)
began = time.thread_time()
loop(count)
print((time.thread_time() - began) / count * 1e6)
"""

PAIRED = """
import itertools, os, statistics, sys, time, torch, traintui
torch.set_num_threads(1)
torch.manual_seed(0)
device = os.environ.get("DEVICE", "cpu")
clock = time.thread_time if device == "cpu" else time.perf_counter
x, y = torch.randn(32, 8, device=device), torch.randn(32, 1, device=device)
def loop():
    model = torch.nn.Sequential(torch.nn.Linear(8, 30), torch.nn.ELU(), torch.nn.Linear(30, 1)).to(device)
    return model, torch.optim.NAdam(model.parameters(), lr=0.001)
def step(model, optimizer, batches):
    x, y = next(batches)
    optimizer.zero_grad()
    loss = torch.nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
    return loss
watched, bare, same = loop(), loop(), itertools.repeat((x, y))
run = traintui.watch(*watched)
batches, guard, steps = iter(run.batches(same)), run._training.guard, run._loop.steps
while sys.argv[1] == "there" and not (run._server._viewers and run._server._viewers[0].session):
    time.sleep(0.01)
def seconds(count, guarded):
    began = clock()
    for _ in range(count):
        if guarded is None:
            step(*bare, same)
        else:
            run.loss(step(*watched, batches))
    if device != "cpu":
        torch.cuda.synchronize()
    return (clock() - began) / count * 1e6
rounds, end = [], time.monotonic() + int(sys.argv[3])
while time.monotonic() < end:
    before = seconds(60, None)
    steps.look = guard.before
    both = seconds(60, True)
    steps.look = None
    rounds.append((before, both, seconds(60, False), seconds(60, None)))
rounds = rounds[5:]
print(f"bare {statistics.median((one[0] + one[3]) / 2 for one in rounds):.1f}", end="")
for index, word in ((1, "watched"), (2, "without guard")):
    quartiles = statistics.quantiles([one[index] - (one[0] + one[3]) / 2 for one in rounds])
    print(f"   {word} {quartiles[1]:+.1f} ({quartiles[0]:+.1f} to {quartiles[2]:+.1f})", end="")
print(flush=True)
os._exit(0)
"""


def measure(mode: str, kind: str, count: int) -> str:
    with tempfile.TemporaryDirectory(prefix="tt") as folder:
        name = os.path.join(folder, "script.py")
        with open(name, "w") as file:
            file.write(textwrap.dedent(PAIRED if kind == "paired" else LOOP))
        environment = {**os.environ, "XDG_RUNTIME_DIR": folder, "PYTHONPATH": CLIENT}
        environment.pop("TRAINTUI_RUN", None)
        if mode in ("possible", "there"):
            environment["TRAINTUI_RUN"] = "test"
        process = subprocess.Popen(
            [sys.executable, name, mode, kind, str(count)], env=environment, stdout=subprocess.PIPE, text=True)
        if mode == "there":
            dashboard = Dashboard(os.path.join(folder, "traintui", "test.sock"))
            try:
                while True:
                    dashboard.hear()
            except (EOFError, OSError):
                dashboard.close()
        output, _ = process.communicate(timeout=300)
        return output.strip()


def main() -> None:
    if "--paired" in sys.argv:
        for mode in ("possible", "there"):
            print(f"dashboard {mode:10}{measure(mode, 'paired', 20)}", flush=True)
        return
    kind, count = ("torch", 5000) if "--torch" in sys.argv else ("plain", 300000)
    modes = ["bare", "quiet", "possible", "there"]
    rounds = [[float(measure(mode, kind, count)) for mode in modes] for _ in range(5)]
    words = ["no traintui", "no dashboard possible", "dashboard possible", "dashboard there"]
    for index, word in enumerate(words):
        microseconds = statistics.median(row[index] for row in rounds)
        more = statistics.median(row[index] - row[0] for row in rounds)
        print(f"{word:24}{microseconds:9.3f} us a step   {more:+.3f}")


if __name__ == "__main__":
    main()
