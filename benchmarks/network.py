"""A network's gradient from function values alone, and its steps of training.

The loop that moves one parameter after the other is what one writes first; SciPy's does the same.
The steps are those of XOR with its four samples, where the price of a call decides.
"""

import itertools
import math
from collections.abc import Callable
from functools import partial

import numpy as np

from benchmarks.race import Race, Run
from nnlib.datasets import xor_points
from nnlib.losses import half_squared_error
from nnlib.network import Network, flatten, numerical_gradients, predict, unflatten
from nnlib.training import train

STEP = 1e-5
RATE = 0.1


def network(*sizes: int, hidden: str, output: str) -> Network:
    """One hidden layer, with biases; the numbers are drawn."""
    rng = np.random.default_rng(0)
    shapes = list(itertools.pairwise(sizes))
    weights = tuple(rng.normal(size=shape) / np.sqrt(shape[0]) for shape in shapes)
    return Network(weights, tuple(rng.normal(size=n) for _, n in shapes), (hidden, output))


def samples(n: int, n_in: int, n_out: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw inputs and targets."""
    rng = np.random.default_rng(1)
    return rng.normal(size=(n, n_in)), rng.uniform(size=(n, n_out))


# --- gradients from function values -------------------------------------------------------------


def logistic(z: np.ndarray) -> np.ndarray:
    """As one writes it."""
    return 1.0 / (1.0 + np.exp(-z))


def loss_of_vector(sizes: tuple[int, int, int], X: np.ndarray, T: np.ndarray) -> Callable:
    """The loss of a logistic network as a function of all its parameters, written out in NumPy."""
    n_in, hidden, n_out = sizes
    a = n_in * hidden
    b = a + hidden
    c = b + hidden * n_out

    def loss(vector: np.ndarray) -> float:
        h = logistic(X @ vector[:a].reshape(n_in, hidden) + vector[a:b])
        error = logistic(h @ vector[b:c].reshape(hidden, n_out) + vector[c:]) - T
        return 0.5 * float(np.vdot(error, error)) / len(X)

    return loss


def ours(sizes: tuple[int, int, int], n: int) -> Run:
    """Many parameters moved in one batch, each in a copy, or in the part that it changes."""
    net = network(*sizes, hidden="logistic", output="logistic")
    X, T = samples(n, sizes[0], sizes[-1])
    return lambda: flatten(numerical_gradients(net, X, T, h=STEP))


def own_loss(sizes: tuple[int, int, int], X: np.ndarray, T: np.ndarray) -> Callable:
    """The same from nnlib, which looks at its arguments each time."""
    net = network(*sizes, hidden="logistic", output="logistic")

    def loss(vector: np.ndarray) -> float:
        return half_squared_error(predict(unflatten(net, vector), X), T)

    return loss


def loop(loss_of: Callable, sizes: tuple[int, int, int], n: int) -> Run:
    """One parameter after the other, moved in place."""
    vector = flatten(network(*sizes, hidden="logistic", output="logistic"))
    loss = loss_of(sizes, *samples(n, sizes[0], sizes[-1]))

    def run() -> np.ndarray:
        w, slopes = vector.copy(), np.empty(vector.size)
        for k, value in enumerate(vector):
            w[k] = value + STEP
            above = loss(w)
            w[k] = value - STEP
            slopes[k] = (above - loss(w)) / (2 * STEP)
            w[k] = value
        return slopes

    return run


def scipy(loss_of: Callable, sizes: tuple[int, int, int], n: int) -> Run:
    """SciPy's central differences of the same function."""
    from scipy.optimize._numdiff import approx_derivative

    vector = flatten(network(*sizes, hidden="logistic", output="logistic"))
    loss = loss_of(sizes, *samples(n, sizes[0], sizes[-1]))
    return lambda: approx_derivative(loss, vector, method="3-point", abs_step=STEP)


# --- steps of training --------------------------------------------------------------------------


def trained(steps: int) -> Run:
    """Full-batch gradient descent on XOR."""
    net = network(2, 3, 2, hidden="logistic", output="logistic")
    X, T, _ = xor_points()
    return lambda: flatten(
        train(net, X, T, steps=steps, learning_rate=RATE, progress=False).network
    )


def torch_eager(steps: int) -> Run:
    """The same network and rule, as torch's tutorials write them, on one thread."""
    import torch

    torch.set_num_threads(1)
    net = network(2, 3, 2, hidden="logistic", output="logistic")
    X, T = (torch.tensor(one) for one in xor_points()[:2])

    def run() -> np.ndarray:
        layers = [torch.nn.Linear(2, 3), torch.nn.Linear(3, 2)]
        for layer, W, b in zip(layers, net.weights, net.biases or (), strict=True):
            layer.weight.data = torch.tensor(W.T.copy())
            layer.bias.data = torch.tensor(b.copy())
        model = torch.nn.Sequential(layers[0], torch.nn.Sigmoid(), layers[1], torch.nn.Sigmoid())
        optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
        for _ in range(steps):
            optimizer.zero_grad()
            loss = 0.5 * ((model(X) - T) ** 2).sum() / len(X)
            loss.backward()
            optimizer.step()
        parts = [(one.weight.detach().numpy().T, one.bias.detach().numpy()) for one in layers]
        return np.concatenate([np.ravel(part) for pair in parts for part in pair])

    return run


def micrograd(steps: int) -> Run:
    """The same with micrograd's values, one number at a time."""
    from micrograd.engine import Value

    def logistic_value(x: Value) -> Value:
        """One node, made as micrograd makes its relu."""
        y = 1.0 / (1.0 + math.exp(-x.data))
        out = Value(y, (x,), "logistic")

        def backward() -> None:
            x.grad += y * (1.0 - y) * out.grad

        out._backward = backward
        return out

    net = network(2, 3, 2, hidden="logistic", output="logistic")
    X, T = (one.tolist() for one in xor_points()[:2])

    def run() -> np.ndarray:
        layers = [
            ([[Value(w) for w in row] for row in W.T.tolist()], [Value(one) for one in b.tolist()])
            for W, b in zip(net.weights, net.biases or (), strict=True)
        ]
        every = [one for W, b in layers for one in (*(w for row in W for w in row), *b)]
        for _ in range(steps):
            loss = Value(0.0)
            for x, t in zip(X, T, strict=True):
                units = [Value(one) for one in x]
                for W, b in layers:
                    units = [
                        logistic_value(sum((w * u for w, u in zip(row, units, strict=True)), bias))
                        for row, bias in zip(W, b, strict=True)
                    ]
                for unit, target in zip(units, t, strict=True):
                    loss = loss + (unit + -target) ** 2
            loss = loss * (0.5 / len(X))
            for one in every:
                one.grad = 0
            loss.backward()
            for one in every:
                one.data -= RATE * one.grad
        W1, b1, W2, b2 = (part for pair in layers for part in pair)
        arrays = [np.array([[w.data for w in row] for row in W]).T.ravel() for W in (W1, W2)]
        vectors = [np.array([one.data for one in b]) for b in (b1, b2)]
        return np.concatenate([arrays[0], vectors[0], arrays[1], vectors[1]])

    return run


SMALL, LARGE = (2, 3, 2), (784, 50, 10)

RACES = [
    Race(
        name="numerical gradient, 2-3-2 net, 4 samples",
        ours=partial(ours, SMALL, 4),
        peers={
            "loop, nnlib's loss": partial(loop, own_loss, SMALL, 4),
            "SciPy, nnlib's loss": partial(scipy, own_loss, SMALL, 4),
            "loop, loss written out": partial(loop, loss_of_vector, SMALL, 4),
            "SciPy, loss written out": partial(scipy, loss_of_vector, SMALL, 4),
        },
        target={"loop, nnlib's loss": 12.0, "SciPy, nnlib's loss": 19.0},
        tolerance=1e-6,
    ),
    Race(
        name="numerical gradient, 784-50-10 net, 1 sample",
        ours=partial(ours, LARGE, 1),
        peers={"loop, loss written out": partial(loop, loss_of_vector, LARGE, 1)},
        target={"loop, loss written out": 100.0},
        tolerance=1e-6,
        turns=3,
    ),
    Race(
        name="100 training steps of a 2-3-2 net on XOR",
        ours=partial(trained, 100),
        peers={"torch eager": partial(torch_eager, 100), "micrograd": partial(micrograd, 100)},
        target={"torch eager": 7.0, "micrograd": 16.0},
    ),
]
