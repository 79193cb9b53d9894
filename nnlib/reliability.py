"""Does it learn from every start? Many small networks trained at once (chapter 5).

A network of two logistic layers is trained from hundreds of random starts, all in the same few
array operations: the starts are the first axis of every array. How many of them learn is a count,
and a count has an uncertainty.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nnlib._validation import Array, as_count, as_float_array, as_positive, same_shape
from nnlib.activations import logistic


class Starts(NamedTuple):
    """Parameters of m networks n_in-hidden-n_out, the networks along the first axis.

    Examples
    --------
    >>> [part.shape for part in random_starts(range(7), hidden=3, scale=1.0)]
    [(7, 2, 3), (7, 1, 3), (7, 3, 2), (7, 1, 2)]
    """

    W1: Array
    b1: Array
    W2: Array
    b2: Array


def random_starts(
    seeds: Iterable[int], hidden: int, scale: float, *, n_in: int = 2, n_out: int = 2
) -> Starts:
    """One start for each seed: weights even between −scale and scale, biases 0.

    Each seed has a generator of its own, so a start does not depend on the others; and a start of
    another scale is the same one, multiplied.

    Examples
    --------
    >>> one, twice = (random_starts([5], 3, scale).W2 for scale in (1.0, 2.0))
    >>> bool((twice == 2 * one).all())
    True
    """
    hidden, scale = as_count("hidden", hidden, least=1), as_positive("scale", scale, zero=True)
    n_in, n_out = as_count("n_in", n_in, least=1), as_count("n_out", n_out, least=1)
    generators = [np.random.default_rng(seed) for seed in seeds]
    if not generators:
        raise ValueError("`seeds` is empty; give one whole number for each start.")
    drawn = [
        (g.uniform(-1, 1, (n_in, hidden)), g.uniform(-1, 1, (hidden, n_out))) for g in generators
    ]
    W1, W2 = (scale * np.array(part) for part in zip(*drawn, strict=True))
    return Starts(W1, np.zeros((len(W1), 1, hidden)), W2, np.zeros((len(W1), 1, n_out)))


def train_starts(
    starts: Starts,
    X: npt.ArrayLike,
    T: npt.ArrayLike,
    *,
    steps: int,
    learning_rate: float,
    biases: bool = True,
) -> Starts:
    """Train every start by full-batch gradient descent on half the mean squared error.

    X has shape (n, n_in) and T shape (n, n_out). With ``biases=False`` the biases stay where they
    are. The arithmetic is that of `nnlib.training.train`, with one more axis.

    Examples
    --------
    >>> from nnlib.datasets import xor_points
    >>> X, T, _ = xor_points()
    >>> ends = train_starts(random_starts(range(8), 3, 1.0), X, T, steps=1500, learning_rate=2.0)
    >>> learned(ends, X, T)
    array([ True,  True,  True,  True,  True,  True,  True,  True])
    """
    X, T = _task(starts, X, T)
    rate = as_positive("learning_rate", learning_rate)
    W1, b1, W2, b2 = (part.copy() for part in starts)
    for _ in range(as_count("steps", steps)):
        h = logistic.value(X @ W1 + b1)
        y = logistic.value(h @ W2 + b2)
        delta2 = (y - T) * logistic.derivative(y) / len(X)
        delta1 = (delta2 @ W2.swapaxes(1, 2)) * logistic.derivative(h)
        W1 -= rate * (X.T @ delta1)
        W2 -= rate * (h.swapaxes(1, 2) @ delta2)
        if biases:
            b1 -= rate * delta1.sum(axis=1, keepdims=True)
            b2 -= rate * delta2.sum(axis=1, keepdims=True)
    return Starts(W1, b1, W2, b2)


def learned(starts: Starts, X: npt.ArrayLike, T: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Which of m networks have every output of every sample nearer to its target, 0 or 1, than ½.

    Examples
    --------
    >>> zero = random_starts([0], 2, scale=0.0)  # says ½ to everything
    >>> learned(zero, [[0.0, 1.0]], [[0.0, 1.0]])
    array([False])
    """
    X, T = _task(starts, X, T)
    y = logistic.value(logistic.value(X @ starts.W1 + starts.b1) @ starts.W2 + starts.b2)
    return np.asarray((np.abs(y - T) < 0.5).all(axis=(1, 2)))


def share_interval(successes: int, trials: int, *, z: float = 1.96) -> tuple[float, float]:
    """Wilson's interval for a share of which only a sample has been seen.

    It holds the shares from which the one observed is at most z standard deviations away: 1.96 of
    them for 95 %.

    Examples
    --------
    >>> [round(end, 3) for end in share_interval(700, 1000)]
    [0.671, 0.728]
    >>> [round(end, 3) for end in share_interval(0, 20)]
    [0.0, 0.161]
    """
    k, n = as_count("successes", successes), as_count("trials", trials, least=1)
    z = as_positive("z", z)
    if k > n:
        raise ValueError(f"`successes` must not be more than `trials`, but {k} > {n}.")
    share, weight = k / n, z * z / n
    middle = (share + weight / 2) / (1 + weight)
    half = z / (1 + weight) * float(np.sqrt(share * (1 - share) / n + weight / (4 * n)))
    return max(0.0, middle - half), min(1.0, middle + half)


def _task(starts: Starts, X: npt.ArrayLike, T: npt.ArrayLike) -> tuple[Array, Array]:
    X, T = as_float_array("X", X, ndim=2), as_float_array("T", T, ndim=2)
    same_shape("X", X, "(samples, inputs of the networks)", (len(X), starts.W1.shape[1]))
    same_shape("T", T, "(samples, outputs of the networks)", (len(X), starts.W2.shape[2]))
    return X, T
