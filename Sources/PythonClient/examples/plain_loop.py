"""The book's loop in plain Python: a line through noisy points. Each step's learning rate goes to steps.log.

    traintui run -- python plain_loop.py [EPOCHS] [SECONDS A STEP]
"""

import random
import sys
import time

import traintui

count = int(sys.argv[1]) if len(sys.argv) > 1 else 50
seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 0.005
random.seed(1)
points = [(x, 2 * x + 1 + random.gauss(0, 0.1)) for x in (random.uniform(-1, 1) for _ in range(100))]
w = b = 0.0
step = 0
run = traintui.watch(loss="squared error", title="line")
rate = run.knob("learning_rate", 0.05, low=1e-9)
with open("steps.log", "w") as log:
    for epoch in run.epochs(count):
        for x, y in run.batches(points):
            error = w * x + b - y
            w -= rate.value * 2 * error * x
            b -= rate.value * 2 * error
            run.loss(error * error)
            step += 1
            log.write(f"{step} {rate.value!r}\n")
            if seconds:
                log.flush()
                time.sleep(seconds)
with open("end.log", "w") as log:
    log.write(f"{step} {w!r} {b!r}\n")
