"""Logs of other programs, written by themselves: `foreign_logs.py keras|torch FOLDER`.

Prints what was logged, a number a line: what it is, its epoch or step, its value.
"""
import contextlib
import os
import sys

os.environ["KERAS_BACKEND"] = "torch"
kind, folder = sys.argv[1:]

if kind == "keras":
    import keras
    import numpy as np
    from tensorboard.plugins.scalar import summary_v2
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.summary.writer.event_file_writer import EventFileWriter
    import time

    # Keras hands its numbers to tensorflow.summary, which is not here. This stands in its place: names, steps and folders
    # are Keras's own, the messages and files those of TensorBoard, as TensorFlow's are.
    class Writer:
        current = None

        def __init__(self, path):
            self.file = EventFileWriter(path)

        @contextlib.contextmanager
        def as_default(self, step=None):
            before, Writer.current = Writer.current, self
            yield
            Writer.current = before

        def flush(self):
            self.file.flush()

        def close(self):
            self.file.close()

    class Summary:
        records = [lambda: True]
        create_file_writer = staticmethod(Writer)

        @staticmethod
        @contextlib.contextmanager
        def record_if(condition):
            Summary.records.append(condition)
            yield
            Summary.records.pop()

        @staticmethod
        def scalar(name, value, step):
            if Writer.current and Summary.records[-1]():
                event = Event(wall_time=time.time(), step=int(step), summary=summary_v2.scalar_pb(name, float(value)))
                Writer.current.file.add_event(event)

    keras.utils.set_random_seed(1)
    x = np.random.default_rng(1).normal(size=(80, 3)).astype("float32")
    y = x @ np.float32([[1], [2], [3]])
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.05), loss="mse", metrics=["mae"])
    board = keras.callbacks.TensorBoard(f"{folder}/board", write_graph=False, update_freq=2)
    board._summary_module = Summary
    log = keras.callbacks.CSVLogger(f"{folder}/log.csv", append=True)
    data = {"validation_data": (x[64:], y[64:]), "batch_size": 8, "verbose": 0}
    history = model.fit(x[:64], y[:64], epochs=4, callbacks=[board, log], **data)
    for name, values in history.history.items():
        for epoch, value in enumerate(values):
            print(name, epoch + 1, repr(float(value)))
    # The same file again, as a program does that goes on.
    history = model.fit(x[:64], y[:64], initial_epoch=4, epochs=6, callbacks=[log], **data)
    for name, values in history.history.items():
        for epoch, value in enumerate(values):
            print("csv_" + name, epoch + 5, repr(float(value)))
else:
    import torch
    from torch.utils.tensorboard import SummaryWriter

    writer = SummaryWriter(f"{folder}/board")
    for step in range(30):
        loss = torch.tensor(1 / (step + 1))
        # In both forms that the writer has.
        writer.add_scalar("Loss/train", loss, step)
        print("loss", step + 1, repr(float(loss)))
        if step % 10 == 9:
            writer.add_scalar("Loss/val", loss * 2, step, new_style=True)
            writer.add_scalar("Accuracy/val", 1 - loss, step, new_style=True, double_precision=True)
            writer.add_histogram("weights", torch.arange(10.0), step)
            writer.add_text("notes", "a text", step)
            print("val_loss", step + 1, repr(float(loss * 2)))
    writer.close()
