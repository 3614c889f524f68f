"""Measures traintui and its peers in turn, round by round, and prints a table; see `run`."""

import argparse
import os
import resource
import statistics
import subprocess
import tempfile
import time

import peers

# Seconds that one measurement takes at least.
ROUND = 0.5
MOST_ROWS = 16384

JOB = """
[data]
path = "rows.csv"
target = "y"
test_fraction = 0.0
validation_fraction = 0.0
[model]
metrics = []
{layers}
[optimizer]
name = "adam"
learning_rate = {rate}
[training]
epochs = {epochs}
batch_size = {batch}
"""
HIDDEN = """
[[model.layers]]
units = {units}
activation = "relu"
"""
OUTPUT = """
[[model.layers]]
units = 1
"""


class Traintui:
    """The program as it is run without a dashboard: it prints a line when an epoch is over."""

    def __init__(self, program, folder, sizes, batch, steps, step_seconds):
        self.program, self.folder, self.steps = program, folder, steps
        self.epochs = max(2, round(2 * ROUND / (steps * step_seconds)))
        layers = "".join(HIDDEN.format(units=units) for units in sizes[1:-1]) + OUTPUT
        self.job = JOB.format(layers=layers, batch=batch, rate=peers.RATE, epochs="{epochs}")

    def run(self, epochs):
        """The seconds from the end of the first epoch to that of the last, and those that the whole run computed in."""
        with open(os.path.join(self.folder, "job.toml"), "w") as job:
            job.write(self.job.format(epochs=epochs))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        process = subprocess.Popen(
            [self.program, "job.toml", "--headless"], cwd=self.folder, text=True, stdout=subprocess.PIPE,
            env=os.environ | {"XDG_STATE_HOME": self.folder})
        ends = [time.perf_counter() for line in process.stdout if "- mean:" in line]
        assert process.wait() == 0 and len(ends) == epochs
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return ends[-1] - ends[0], after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def rate(self, at_least):
        """Steps a second: on one core of the time computed in, less what a run of one epoch takes."""
        while True:
            spent, computed = self.run(self.epochs)
            if peers.cores() == 1:
                spent = computed - self.run(1)[1]
            if spent >= at_least:
                return self.steps * (self.epochs - 1) / spent
            self.epochs = round(self.epochs * min(10, 1.2 * at_least / max(spent, 0.01))) + 1


def weights(sizes):
    return sum((inputs + 1) * units for inputs, units in peers.shapes(sizes))


def write_rows(folder, sizes, rows):
    x, y = peers.data(sizes, rows)
    with open(os.path.join(folder, "rows.csv"), "w") as table:
        table.write(",".join([f"x{i}" for i in range(sizes[0])] + ["y"]) + "\n")
        for row, target in zip(x, y):
            table.write(",".join(f"{value:.4f}" for value in [*row, *target]) + "\n")


def measure(program, folder, sizes, batch, rounds):
    # What a step takes at about: its products, and its weights' way through memory.
    step_seconds = 5e-7 + 6 * batch * weights(sizes) / 200e9 + 30 * weights(sizes) / 60e9
    steps = max(4, min(MOST_ROWS // batch, round(0.1 / step_seconds)))
    rows = batch * steps
    write_rows(folder, sizes, rows)
    learners = [
        Traintui(program, folder, sizes, batch, steps, step_seconds),
        peers.JAX(sizes, batch, steps, rows),
        peers.Torch(sizes, batch, steps, rows),
    ]
    rates = [[] for _ in learners]
    for _ in range(rounds):
        for learner, found in zip(learners, rates):
            found.append(learner.rate(ROUND))
    return rates


def cell(rates):
    """The median, and half the way from the least to the greatest as a share of it."""
    median = statistics.median(rates)
    return f"{median:,.{0 if median >= 100 else 1}f} ± {50 * (max(rates) - min(rates)) / median:.0f} %"


def processor():
    with open("/proc/cpuinfo") as facts:
        model = next((line.split(":")[1].strip() for line in facts if line.startswith("model name")), "unknown")
    return f"{peers.cores()} cores, {model}" if peers.cores() > 1 else f"one core of {model}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--widths", default="8,64,256,512,1024,2048,4096")
    parser.add_argument("--networks")
    parser.add_argument("--batches", default="1,32,128,1024")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--one-core", action="store_true")
    options = parser.parse_args()
    if options.one_core:
        # Before the peers start their threads: their number follows.
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    networks = options.networks or ",".join(f"64-{width}-{width}-1" for width in options.widths.split(","))
    print(f"{processor()}; steps/s, median of {options.rounds} rounds ± half their range\n")
    print("| network | batch | traintui | JAX | PyTorch | over the faster peer |", flush=True)
    print("|---|---|---|---|---|---|", flush=True)
    for network in networks.split(","):
        sizes = list(map(int, network.split("-")))
        for batch in map(int, options.batches.split(",")):
            with tempfile.TemporaryDirectory() as folder:
                rates = measure(options.program, folder, sizes, batch, options.rounds)
            own, *others = map(statistics.median, rates)
            cells = [network, f"{batch}", *map(cell, rates), f"{own / max(others):.2f}"]
            print("| " + " | ".join(cells) + " |", flush=True)


main()
