"""What watching costs a step: the same loop bare, with `watch` but no dashboard possible, with one possible, and with one
there. Prints microseconds a step, the processor time of the training's thread; the median of paired rounds.

    python3 overhead.py [--torch]
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


def measure(mode: str, kind: str, count: int) -> float:
    with tempfile.TemporaryDirectory(prefix="tt") as folder:
        name = os.path.join(folder, "script.py")
        with open(name, "w") as file:
            file.write(textwrap.dedent(LOOP))
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
        return float(output)


def main() -> None:
    kind, count = ("torch", 5000) if "--torch" in sys.argv else ("plain", 300000)
    modes = ["bare", "quiet", "possible", "there"]
    rounds = [[measure(mode, kind, count) for mode in modes] for _ in range(5)]
    words = ["no traintui", "no dashboard possible", "dashboard possible", "dashboard there"]
    for index, word in enumerate(words):
        microseconds = statistics.median(row[index] for row in rounds)
        more = statistics.median(row[index] - row[0] for row in rounds)
        print(f"{word:24}{microseconds:9.3f} us a step   {more:+.3f}")


if __name__ == "__main__":
    main()
