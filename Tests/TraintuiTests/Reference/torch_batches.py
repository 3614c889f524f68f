"""Compares the batches and the dropped units that the core drew with those of the torch engine.

Arguments: the client's folder, and a folder with `random`, `shuffle` and `sequential` (int32 row numbers, batch by batch
over some epochs) and `dropout` (float32 factors of 7 rows x 5 units).
"""

import array
import sys

sys.path.insert(0, sys.argv[1])
from traintui import _philox

SEED, ROWS, SIZE = 0x123456789ABCDEF0, 1013, 37


def read(name, kind):
    numbers = array.array(kind)
    with open(f"{sys.argv[2]}/{name}", "rb") as file:
        numbers.frombytes(file.read())
    return list(numbers)


for sampling in ("random", "shuffle", "sequential"):
    expected = read(sampling, "i")
    batches = _philox.Batches(sampling, ROWS, SIZE, SEED)
    found, epoch = [], 0
    while len(found) < len(expected):
        epoch += 1
        for step in range(batches.steps):
            found += batches.rows(epoch, step).tolist()
    assert found[: len(expected)] == expected, f"{sampling}: the batches differ"
    print(sampling, len(expected) // SIZE, "steps")

expected = read("dropout", "f")
layer = _philox.Dropout(SEED, 2, 0.3)
for first, rows in ((0, 7), (0, 3), (3, 4)):
    factors = layer.factors(5_000_000_123, first, (rows, 5), None)
    assert factors.flatten().tolist() == expected[5 * first : 5 * (first + rows)], "the dropped units differ"
print("dropout", len(expected))
