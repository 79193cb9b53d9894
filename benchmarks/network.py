"""A network's gradient from function values alone.

The loop that moves one parameter after the other is what one writes first; SciPy's does the same.
"""

import itertools
from collections.abc import Callable
from functools import partial

import numpy as np

from benchmarks.race import Race, Run
from nnlib.losses import half_squared_error
from nnlib.network import Network, flatten, predict, unflatten
from nnlib.network_differences import numerical_gradients

STEP = 1e-5


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
]
