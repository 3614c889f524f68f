"""Trains on each table with traintui and its peers, scores all on the same held-out rows, and prints a table.

Scores are R squared for values and accuracy for classes; seconds are of training, on a machine as busy as it is.
"""

import argparse
import csv
import logging
import subprocess
import sys
import time
from pathlib import Path

import numpy
import pandas

import peers
import tables

logging.disable(logging.WARNING)
GAPS = ["", "NA"]


def score(has_classes, true, predicted):
    if has_classes:
        return float(numpy.mean([str(a) == str(b) for a, b in zip(true, predicted)]))
    true, predicted = numpy.asarray(true, float), numpy.asarray(predicted, float)
    return float(1 - ((true - predicted) ** 2).sum() / ((true - true.mean()) ** 2).sum())


def traintui(program, table, folder):
    """One command trains, one predicts; the test rows' targets are not there."""
    model, output = folder / "model.safetensors", folder / "predicted.csv"
    start = time.time()
    subprocess.run(
        [program, "train", "--data", folder / "train.csv", "--target", table.target, "--test-fraction", "0",
         "--headless", "--pace", "0", "--no-journal", "--save", model],
        check=True, capture_output=True)
    seconds = time.time() - start
    subprocess.run([program, "predict", model, folder / "features.csv", "-o", output], check=True, capture_output=True)
    with open(output, newline="") as file:
        return [row[f"predicted_{table.target}"] for row in csv.DictReader(file)], seconds


def peer(make, table, folder, seed):
    train = pandas.read_csv(folder / "train.csv", keep_default_na=False, na_values=GAPS)
    test = pandas.read_csv(folder / "features.csv", keep_default_na=False, na_values=GAPS)
    target = train.pop(table.target)
    target = target.astype(str).to_numpy() if table.has_classes else target.to_numpy(float)
    for frame in (train, test):
        for name in peers.columns(train)[0]:
            frame[name] = frame[name].astype(object).where(frame[name].notna(), "missing").astype(str)
    start = time.time()
    model = make(train, table.has_classes, seed)
    model.fit(train, target)
    return numpy.ravel(model.predict(test)), time.time() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--root", required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--tables", default="")
    parser.add_argument("--seeds", default="0,1,2")
    arguments = parser.parse_args()
    learners = peers.QUICK if arguments.quick else {**peers.QUICK, **peers.SLOW}
    wanted = arguments.tables.split(",") if arguments.tables else None
    names = ["traintui", *learners]
    print("".join(["table".ljust(15), "rows".rjust(7), *(name.rjust(18) for name in names)]))
    means = {name: [] for name in names}
    for table in tables.all_tables(arguments.root):
        if wanted and table.name not in wanted:
            continue
        found = {name: [] for name in names}
        for seed in map(int, arguments.seeds.split(",")):
            folder = arguments.work / table.name / str(seed)
            folder.mkdir(parents=True, exist_ok=True)
            train, test = table.split(seed)
            train.to_csv(folder / "train.csv", index=False)
            test.drop(columns=table.target).to_csv(folder / "features.csv", index=False)
            true = test[table.target].tolist()
            for name in names:
                # RealMLP takes many minutes for the one large table.
                if name in peers.SLOW and table.name == "diamonds":
                    continue
                try:
                    if name == "traintui":
                        predicted, seconds = traintui(arguments.program, table, folder)
                    else:
                        predicted, seconds = peer(learners[name], table, folder, seed)
                except Exception as error:  # A learner that fails has no score, and the others go on.
                    print(f"{name} failed on {table.name}: {error!r:.200}", file=sys.stderr)
                    continue
                found[name].append((score(table.has_classes, true, predicted), seconds))
        cells = []
        for name in names:
            if not found[name]:
                cells.append("-".rjust(18))
                continue
            mean, seconds = numpy.mean(found[name], axis=0)
            cells.append(f"{mean:.4f} {seconds:7.2f} s".rjust(18))
            if table.name != "diamonds":
                means[name].append((mean, seconds))
        print("".join([table.name.ljust(15), str(len(table.frame)).rjust(7), *cells]), flush=True)
    cells = []
    for name in names:
        mean, seconds = numpy.mean(means[name], axis=0) if means[name] else (numpy.nan, numpy.nan)
        cells.append(f"{mean:.4f} {seconds:7.2f} s".rjust(18))
    print("".join(["mean".ljust(15), "".rjust(7), *cells]), "without the diamonds", sep="  ")


main()
