"""Keras's fit with a dashboard. Each batch's learning rate goes to steps.log.

    KERAS_BACKEND=torch traintui run -- python keras_fit.py [EPOCHS]
"""

import sys

import keras
import numpy as np

import traintui


class Log(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.file = open("steps.log", "w")
        self.step = 0

    def on_train_batch_begin(self, batch, logs=None):
        self.step += 1
        rate = float(keras.ops.convert_to_numpy(self.model.optimizer.learning_rate))
        self.file.write(f"{self.step} {rate!r}\n")
        self.file.flush()


keras.utils.set_random_seed(42)
X, y = np.random.randn(640, 8).astype("float32"), np.random.randn(640, 1).astype("float32")
model = keras.Sequential([keras.layers.Dense(30, "elu"), keras.layers.Dense(1)])
model.compile(loss="mse", optimizer=keras.optimizers.Nadam(0.01), metrics=["mae"])
model.fit(
    X, y, epochs=int(sys.argv[1]) if len(sys.argv) > 1 else 50, batch_size=32, verbose=0,
    validation_data=(X[:64], y[:64]), callbacks=[traintui.KerasCallback(title="keras"), Log()])
