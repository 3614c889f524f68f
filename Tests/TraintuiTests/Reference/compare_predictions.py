"""How far two files of predictions are apart: compare_predictions.py EXPECTED FOUND

Says the largest difference: of a value relative to the spread of the expected ones, of a probability as it is; and how
many classes differ where one is likelier by 1e-5.
"""
import csv
import sys

import numpy as np


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


(names, *expected), (own, *found) = map(rows, sys.argv[1:])
assert names == own and len(expected) == len(found), (names, own)
shares = [i for i, name in enumerate(names) if name.startswith("probability_")]
largest, classes = 0.0, 0
for i, name in enumerate(names):
    try:
        values, others = (np.array([row[i] for row in table], np.float64) for table in (expected, found))
    except ValueError:
        order = np.sort(np.array([[row[j] for j in shares] for row in expected], np.float64), axis=1)
        classes += sum(a[i] != b[i] and s[-1] - s[-2] > 1e-5 for a, b, s in zip(expected, found, order))
        continue
    scale = 1 if name.startswith("probability_") else max(values.std(), 1e-30)
    largest = max(largest, np.abs(values - others).max() / scale)
print(f"{largest:.3g} {classes}")
