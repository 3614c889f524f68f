"""Measures how fast traintui, polars and pandas read the same CSV files, in turn, round by round; see `run`."""

import argparse
import json
import os
import resource
import statistics
import subprocess
import tempfile
import time

import numpy
import pandas
import polars

ROWS, COLUMNS = 1_000_000, 20
# How often some rows are repeated: to write a million different ones takes longer than all that is measured.
REPEATS = 50


def write(folder, name, cell):
    """A file of ROWS rows, whose cells `cell` makes of a number and its column."""
    random = numpy.random.default_rng(1)
    path = os.path.join(folder, f"{name}.csv")
    lines = [",".join(cell(value, column) for column, value in enumerate(row)) + "\n"
             for row in random.standard_normal((ROWS // REPEATS, COLUMNS)).tolist()]
    with open(path, "w") as table:
        table.write(",".join(f"x{column}" for column in range(COLUMNS)) + "\n")
        for _ in range(REPEATS):
            table.writelines(lines)
    return path


def plain(value, column):
    return f"{value:.6f}"


def some_text(value, column):
    """Of every five columns the first is one of four words, the second a number in quotes."""
    if column == COLUMNS - 1 or column % 5 > 1:
        return f"{value:.6f}"
    return f'"{value:.6f}"' if column % 5 else ["north", "east", '"south, south-west"', "west"][int(value * 100) % 4]


def quoted(value, column):
    return f'"{value:.6f}"'


def computed(program, path, rounds):
    """The seconds that the program computed in to read a file so many times and once more."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [program, "bench", "--csv", path, "--json", "--rounds", str(rounds)], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def plain_read(path):
    size = os.path.getsize(path)
    with open(path, "rb", buffering=0) as table:
        assert table.readinto(bytearray(size)) == size


def own(program, path, on_one_core):
    """Megabytes a second of the program, from the file to data sets, and of a plain read."""
    if on_one_core:
        # A round is a plain read too.
        read = rate(plain_read, path, time.process_time)
        size = os.path.getsize(path) / 1e6
        return size / ((computed(program, path, 4) - computed(program, path, 1)) / 3 - size / read), read
    found = subprocess.run(
        [program, "bench", "--csv", path, "--json", "--rounds", "1"], check=True, capture_output=True, text=True)
    reading = json.loads(found.stdout)["reading"]
    return reading["load_megabytes_per_second"], reading["plain_megabytes_per_second"]


def rate(read, path, clock):
    start = clock()
    table = read(path)
    spent = clock() - start
    assert table is None or table.shape == (ROWS, COLUMNS)
    return os.path.getsize(path) / 1e6 / spent


def cell(rates):
    """The median, and half the way from the least to the greatest as a share of it."""
    median = statistics.median(rates)
    return f"{median:,.0f} ± {50 * (max(rates) - min(rates)) / median:.0f} %"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--one-core", action="store_true")
    options = parser.parse_args()
    clock = time.process_time if options.one_core else time.perf_counter
    if options.one_core:
        # Before polars starts its threads: their number follows.
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    print(f"MB/s, {ROWS:,} rows and {COLUMNS} columns, median of {options.rounds} rounds ± half their range\n")
    print("| | traintui | polars | pandas | over the faster peer | plain read |", flush=True)
    print("|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, made in [("plain", plain), ("text and quotes", some_text), ("all quoted", quoted)]:
            path = write(folder, name, made)
            rates = [[], [], [], []]
            for _ in range(options.rounds):
                ours, read = own(options.program, path, options.one_core)
                others = [rate(peer.read_csv, path, clock) for peer in (polars, pandas)]
                for found, value in zip(rates, [ours, *others, read]):
                    found.append(value)
            ours, *others = map(statistics.median, rates[:3])
            ratio = f"{ours / max(others):.2f}"
            print("| " + " | ".join([name, *map(cell, rates[:3]), ratio, cell(rates[3])]) + " |", flush=True)
            os.remove(path)


main()
