"""JAX and PyTorch at the same work: a network of dense layers, given by its sizes from inputs to outputs, with relu between
them, the mean squared error, Adam. A batch is drawn with replacement in every step, as traintui draws it."""

import os
import time

import jax
import jax.numpy as jnp
import numpy
import torch

# Too small a rate to come near the targets, which are far away: no loss looks as if it exploded.
RATE, BETA_1, BETA_2, EPSILON = 1e-5, 0.9, 0.999, 1e-7


def data(sizes, rows):
    random = numpy.random.default_rng(1)
    x = random.standard_normal((rows, sizes[0]), numpy.float32)
    return x, random.standard_normal((rows, sizes[-1]), numpy.float32) + 10


def cores():
    return len(os.sched_getaffinity(0))


def seconds(work, at_least):
    """The seconds of one call, from as many calls as take `at_least` seconds; on one core those that it computed in."""
    clock = time.process_time if cores() == 1 else time.perf_counter
    start, calls = clock(), 0
    while (spent := clock() - start) < at_least:
        work()
        calls += 1
    return spent / calls


def shapes(sizes):
    return list(zip(sizes, sizes[1:]))


class JAX:
    """Steps as one `scan`, compiled: the fastest way that its documentation shows."""

    def __init__(self, sizes, batch, steps, rows):
        x, y = map(jnp.asarray, data(sizes, rows))
        random = numpy.random.default_rng(2)
        weights = [
            (jnp.asarray(random.standard_normal(shape, numpy.float32) / shape[0] ** 0.5), jnp.zeros(shape[1]))
            for shape in shapes(sizes)
        ]
        zeros = jax.tree.map(jnp.zeros_like, weights)

        def loss(weights, x, y):
            for kernel, bias in weights[:-1]:
                x = jax.nn.relu(x @ kernel + bias)
            kernel, bias = weights[-1]
            return jnp.mean((x @ kernel + bias - y) ** 2)

        def step(state, key):
            weights, mean, variance, time = state
            rows = jax.random.randint(key, (batch,), 0, x.shape[0])
            value, slope = jax.value_and_grad(loss)(weights, x[rows], y[rows])
            time = time + 1
            mean = jax.tree.map(lambda m, g: m + (g - m) * (1 - BETA_1), mean, slope)
            variance = jax.tree.map(lambda v, g: v + (g * g - v) * (1 - BETA_2), variance, slope)
            rate = RATE * jnp.sqrt(1 - BETA_2**time) / (1 - BETA_1**time)
            weights = jax.tree.map(lambda w, m, v: w - rate * m / (jnp.sqrt(v) + EPSILON), weights, mean, variance)
            return (weights, mean, variance, time), value

        self.run = jax.jit(lambda state, key: jax.lax.scan(step, state, jax.random.split(key, steps)), donate_argnums=0)
        self.state, self.key, self.steps = (weights, zeros, jax.tree.map(jnp.copy, zeros), 0.0), jax.random.key(3), steps
        self.call()

    def call(self):
        self.key, key = jax.random.split(self.key)
        self.state, losses = self.run(self.state, key)
        losses.block_until_ready()

    def rate(self, at_least):
        return self.steps / seconds(self.call, at_least)


class Torch:
    """A loop of steps, its optimizer over all tensors at once; on one core or on all, whichever is faster."""

    def __init__(self, sizes, batch, steps, rows):
        self.x, self.y = map(torch.from_numpy, data(sizes, rows))
        self.batch = batch
        layers = [layer for shape in shapes(sizes) for layer in (torch.nn.Linear(*shape), torch.nn.ReLU())]
        self.model = torch.nn.Sequential(*layers[:-1])
        self.optimizer = torch.optim.Adam(self.model.parameters(), RATE, (BETA_1, BETA_2), EPSILON, foreach=True)
        self.call()

    def call(self):
        rows = torch.randint(len(self.x), (self.batch,))
        self.optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(self.model(self.x[rows]), self.y[rows])
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def rate(self, at_least):
        rates = []
        for threads in {1, cores()}:
            torch.set_num_threads(threads)
            rates.append(1 / seconds(self.call, at_least))
        return max(rates)
