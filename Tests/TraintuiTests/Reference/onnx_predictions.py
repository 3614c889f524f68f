"""What onnxruntime predicts with a model, compared with what `traintui predict` wrote.

onnx_predictions.py MODEL TABLE PREDICTIONS

Says the largest difference: of a value relative to the spread of the predictions, of a probability as it is. A column
comes in by its input's type: a number as its cell says, a date as days since 1970-01-01, a text as it is.
"""
import csv
import datetime
import json
import sys

import numpy as np
import onnxruntime

WORDS = {"", "na", "n/a", "nan", "null", "?", "-", "none", "missing", "unknown"}


def days(text):
    for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%b %d %Y"):
        try:
            moment = datetime.datetime.strptime(text, form)
        except ValueError:
            continue
        return (moment - datetime.datetime(1970, 1, 1)) / datetime.timedelta(days=1)
    moment = datetime.datetime.strptime(text, "%H:%M")
    return (moment.hour * 60 + moment.minute) / 1440


def column(texts, kind):
    if kind == "tensor(string)":
        return np.array(texts, object)[:, None]
    if kind == "tensor(double)":
        cells = [np.nan if text.strip().lower() in WORDS else days(text.strip()) for text in texts]
        return np.array(cells, np.float64)[:, None]
    # Among 0 and 1 a text is neither, as another number is.
    cells = [text.strip().lower().replace("%", "").replace(",", "").replace("yes", "2") for text in texts]
    return np.array([np.nan if cell in WORDS else float(cell) for cell in cells], np.float32)[:, None]


def rows(path):
    with open(path, newline="", encoding="utf-8-sig") as file:
        names, *lines = (line for line in csv.reader(file) if line)
    return {name.strip(): [line[i] for line in lines] for i, name in enumerate(names)}


def main(model, table, predictions):
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    table, expected = rows(table), rows(predictions)
    inputs = {node.name: column(table[node.name], node.type) for node in session.get_inputs()}
    metadata = session.get_modelmeta().custom_metadata_map
    assert json.loads(metadata["columns"]) == [node.name for node in session.get_inputs()]
    outputs = dict(zip([node.name for node in session.get_outputs()], session.run(None, inputs)))
    assert json.loads(metadata["outputs"]) == list(outputs)
    largest, labels = 0.0, 0
    columns = list(expected.values())
    for target in json.loads(metadata["targets"]):
        suffix = "" if len(json.loads(metadata["targets"])) == 1 else "_" + target
        if "prediction" + suffix in outputs:
            own = np.array(columns.pop(0), np.float64)
            found = outputs["prediction" + suffix][:, 0]
            largest = max(largest, np.abs(found - own).max() / max(own.std(), 1e-30))
            continue
        found, label = outputs["probabilities" + suffix], outputs["label" + suffix]
        own = columns.pop(0)
        shares = np.array([columns.pop(0) for _ in range(found.shape[1])], np.float64).T
        largest = max(largest, np.abs(found - shares).max())
        # Where the greatest ones are as good as equal, either may be it.
        order = np.sort(shares, axis=1)
        labels += sum(a != b and gap > 1e-5 for a, b, gap in zip(label, own, order[:, -1] - order[:, -2]))
    assert not columns
    print(f"{largest:.3g} {labels}")


main(*sys.argv[1:])
