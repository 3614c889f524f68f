"""Random jobs of every layer kind, loss, optimizer and sampling, of odd widths and batches, small and shared among threads.
The same seed makes the same jobs."""

import random

ROWS = 400
ACTIVATIONS = "linear relu leaky_relu elu selu gelu silu mish softplus tanh sigmoid softmax".split()
OPTIMIZERS = ("sgd", "sgd momentum", "sgd nesterov", "rmsprop", "rmsprop momentum", "adagrad", "adam", "adamw", "nadam")
LOSSES = "mean_squared_error mean_absolute_error huber log_cosh".split()
FEATURES = (1, 3, 9, 16, 17, 99, 130, 515, 784)
NARROW = (1, 2, 3, 5, 7)
WIDE = (8, 9, 15, 16, 17, 31, 33, 48, 49, 64, 65, 97, 130, 200, 257)
# So wide that products, activations and updates are cut into blocks.
SHARED = (384, 512, 513, 517, 700, 1000, 1024, 1031)


def table(random, features, kind):
    """A CSV file's text: `kind` of "number", "two" or "class" says what the target is."""
    lines = [",".join([f"x{i}" for i in range(features)] + ["y"])]
    for _ in range(ROWS):
        x = [random.gauss(0, 1) for _ in range(features)]
        y = {"number": f"{sum(x[:5]) + random.gauss(0, 0.3):.4f}", "two": random.randrange(2), "class": random.randrange(5)}
        lines.append(",".join(f"{value:.4f}" for value in x) + f",{y[kind]}")
    return "\n".join(lines) + "\n"


def layer(units, activation, random):
    lines = ["[[model.layers]]", f"units = {units}", f'activation = "{activation}"']
    if random.random() < 0.3:
        lines.append("kernel_regularizer = { l1 = 0.001, l2 = 0.01 }")
    if random.random() < 0.25:
        lines.append("dropout = 0.2")
    if random.random() < 0.15:
        constraint = random.choice(("{ max_norm = 2.0 }", '"non_neg"', '"unit_norm"'))
        lines.append(f"kernel_constraint = {constraint}")
    return lines


def job(number, random):
    """The text of job and table, and whether its products are large enough to be shared."""
    is_shared = number % 4 == 0
    kind = random.choice(["number", "number", "two", "class"])
    loss, metric, last = {
        "number": (random.choice(LOSSES), "mean_absolute_error", "linear"),
        "two": ("binary_crossentropy", "binary_accuracy", "sigmoid"),
        "class": ("sparse_categorical_crossentropy", "sparse_categorical_accuracy", "softmax"),
    }[kind]
    widths = SHARED if is_shared else NARROW + WIDE
    batch = random.choice((8, 33, 65, 128, 131, 300) if is_shared else (1, 2, 7, 16, 32, 33, 63, 64, 65, 100, 128, 131, 200))
    optimizer, *with_momentum = OPTIMIZERS[number % len(OPTIMIZERS)].split()
    lines = [f"seed = {random.randrange(1000)}", "[data]", 'path = "rows.csv"', 'target = "y"']
    lines += ["[model]", f'loss = "{loss}"', f'metrics = ["{metric}"]']
    for depth in range(random.randrange(1, 4)):
        lines += layer(random.choice(widths), ACTIVATIONS[(number + 5 * depth) % len(ACTIVATIONS)], random)
    lines += ["[[model.layers]]", f"units = {5 if kind == 'class' else 1}", f'activation = "{last}"']
    lines += ["[optimizer]", f'name = "{optimizer}"', "learning_rate = 0.002"]
    if with_momentum:
        lines.append("momentum = 0.9")
    if with_momentum == ["nesterov"]:
        lines.append("nesterov = true")
    clipping = random.choice([None, None, None, "clipnorm", "clipvalue", "global_clipnorm"])
    if clipping:
        lines.append(f"{clipping} = 0.5")
    epochs = 1 if is_shared or batch < 33 else 3
    sampling = random.choice(["random", "shuffle", "sequential"])
    lines += ["[training]", f"epochs = {epochs}", f"batch_size = {batch}", f'sampling = "{sampling}"']
    return "\n".join(lines) + "\n", table(random, random.choice(FEATURES), kind), is_shared


def jobs(count, seed):
    return (job(number, random.Random(f"{seed} {number}")) for number in range(count))
