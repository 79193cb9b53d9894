"""The ten programs of assignment `09-errata-lab`, repaired.

Each is what the assignment asks for under the same name, and so is withheld while a student's
program runs. What was wrong with the programs stands in `nnchecks.errata_lab`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt


def bipolar_logistic_slope(x: npt.ArrayLike) -> Any:
    """Slope of (1 - exp(-x))/(1 + exp(-x)) at x.

    Examples
    --------
    >>> float(bipolar_logistic_slope(0.0))
    0.5
    """
    y = np.tanh(np.asarray(x) / 2)
    return (1 + y) * (1 - y) / 2


def mean_cross_entropy(y: np.ndarray, t: np.ndarray) -> Any:
    """Mean of -sum(t log y) over the rows of y; t holds class numbers, or probabilities.

    Examples
    --------
    >>> y = np.array([[0.25, 0.75]])
    >>> [round(float(mean_cross_entropy(y, np.array(t))), 6) for t in ([0], [[1, 0]], [[0.5, 0.5]])]
    [1.386294, 1.386294, 0.836988]
    """
    wanted = np.eye(y.shape[1])[t] if t.ndim == 1 else t
    return -np.mean(np.sum(wanted * np.log(y), axis=1))


def find_optimum(
    gradient: Callable[[np.ndarray], Any],
    x0: npt.ArrayLike,
    learning_rate: float,
    steps: int,
    maximise: bool = False,
) -> np.ndarray:
    """Where so many steps downhill lead, or uphill.

    Examples
    --------
    >>> find_optimum(lambda x: 2 * x, [4.0], 0.25, 2)
    array([1.])
    >>> find_optimum(lambda x: -2 * x, [4.0], 0.25, 2, maximise=True)
    array([1.])
    """
    x = np.array(x0, dtype=np.float64)
    sign = 1 if maximise else -1
    for _ in range(steps):
        x = x + sign * learning_rate * np.asarray(gradient(x))
    return x


def as_tanh_network(
    W1: np.ndarray, b1: np.ndarray, W2: np.ndarray, b2: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Weights with which tanh units do what these do with logistic units.

    Examples
    --------
    >>> as_tanh_network(np.array([[2.0]]), np.array([1.0]), np.array([[4.0]]), np.array([0.0]))
    (array([[1.]]), array([0.5]), array([[2.]]), array([2.]))
    """
    return W1 / 2, b1 / 2, W2 / 2, b2 + W2.sum(axis=0) / 2


def hidden_layer(X: np.ndarray, W: np.ndarray, b: np.ndarray) -> Any:
    """What comes out of a layer of logistic units, a row for each sample.

    Examples
    --------
    >>> hidden_layer(np.array([[0.0, 1.0]]), np.zeros((2, 3)), np.zeros(3))
    array([[0.5, 0.5, 0.5]])
    """
    return 1 / (1 + np.exp(-(X @ W + b)))


def ridge_gradient(w: np.ndarray, X: np.ndarray, y: np.ndarray, penalty: float) -> Any:
    """Gradient by w of sum((Xw - y)**2)/(2n) + penalty/2 sum(w**2).

    Examples
    --------
    >>> ridge_gradient(np.array([1.0, 2.0]), np.eye(2), np.array([0.0, 0.0]), 10.0)
    array([10.5, 21. ])
    """
    return X.T @ (X @ w - y) / len(y) + penalty * w


def leave_one_out_accuracy(X: np.ndarray, labels: np.ndarray) -> float:
    """Share of the samples whose nearest other sample has their label.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [4.0], [6.0]])
    >>> float(leave_one_out_accuracy(X, np.array([7, 7, 9, 7])))
    0.5
    """
    distances = np.sum((X[:, None] - X[None]) ** 2, axis=2)
    np.fill_diagonal(distances, np.inf)
    return np.mean(labels[distances.argmin(axis=1)] == labels)  # type: ignore[no-any-return]


def heavy_ball(
    gradient: Callable[[np.ndarray], Any],
    x0: npt.ArrayLike,
    rates: npt.ArrayLike,
    momentum: float,
) -> np.ndarray:
    """Path of gradient descent with momentum, with a rate for each step.

    Examples
    --------
    >>> heavy_ball(lambda x: x, [8.0], [0.5, 0.25], 0.5)
    array([[8.],
           [4.],
           [2.]])
    """
    path = [np.array(x0, dtype=np.float64)]
    velocity = np.zeros_like(path[0])
    for rate in np.asarray(rates):
        velocity = momentum * velocity + np.asarray(gradient(path[-1]))
        path.append(path[-1] - rate * velocity)
    return np.array(path)


def saturated_units(v: npt.ArrayLike, share: float) -> Any:
    """Where the logistic function is flatter than this share of its largest slope.

    Examples
    --------
    >>> saturated_units(np.array([-4.0, 0.0, 4.0]), 0.1)
    array([ True, False,  True])
    """
    y = 1 / (1 + np.exp(-np.asarray(v)))
    return y * (1 - y) < share / 4


def weight_influence(w: float, inputs: npt.ArrayLike, start: float) -> float:
    """Slope by w of the last h, which begins at `start` and becomes tanh(w h + x) at every input.

    Examples
    --------
    >>> weight_influence(0.0, [0.0, 0.0], 3.0), weight_influence(0.0, [0.0], 3.0)
    (0.0, 3.0)
    """
    h, slope = float(start), 0.0
    for x in np.asarray(inputs, dtype=np.float64):
        before, h = h, float(np.tanh(w * h + x))
        slope = (1 - h**2) * (before + w * slope)
    return slope
