"""One 3-2-1 tanh network, worked by hand (chapter 4).

Written as on paper, without biases, for one sample at a time:

* W1 has one row for each *hidden unit*, so that ``v = W1 @ x``; W2 has one number for each.
* v goes into a unit and tanh(v) comes out: h of the hidden units, y of the output unit.
* The error is e = y − target and the loss ½e². A delta is the loss's derivative by a v.

W1 is the transpose of the first weight matrix in `nnlib.network`, where samples lie in rows.
"""

import itertools
import math

import numpy as np
import numpy.typing as npt

from nnlib._validation import Array, as_count, as_float_array, as_positive, same_shape

#: The whole pass, there and back: a heading, and the formulas below it, in the order in which they
#: are worked. j counts the hidden units, i the inputs.
HAND_STEPS = (
    (
        "Into the hidden units, and out of them",
        {"v{j}": "W1_{j}1 * x1 + W1_{j}2 * x2 + W1_{j}3 * x3", "h{j}": "tanh(v{j})"},
    ),
    (
        "Into the output unit, and out of it",
        {"v_out": "W2_1 * h1 + W2_2 * h2", "y": "tanh(v_out)"},
    ),
    (
        "The error, and the delta of the output unit",
        {"e": "y - target", "delta_out": "e * (1 - y**2)"},
    ),
    ("Gradient by the output weights", {"dW2_{j}": "delta_out * h{j}"}),
    ("Deltas of the hidden units", {"delta_{j}": "delta_out * W2_{j} * (1 - h{j}**2)"}),
    ("Gradient by the hidden weights", {"dW1_{j}{i}": "delta_{j} * x{i}"}),
    (
        "All weights after one step",
        {
            "W1_{j}{i}_new": "W1_{j}{i} - learning_rate * dW1_{j}{i}",
            "W2_{j}_new": "W2_{j} - learning_rate * dW2_{j}",
        },
    ),
)


def hand_places(pattern: str) -> list[dict[str, int]]:
    """Every hidden unit j and every input i for which a formula of `HAND_STEPS` stands.

    Examples
    --------
    >>> hand_places("h{j}")
    [{'j': 1}, {'j': 2}]
    >>> hand_places("e")
    [{}]
    """
    counted = [letter for letter in ("j", "i") if f"{{{letter}}}" in pattern]
    numbers = {"j": (1, 2), "i": (1, 2, 3)}
    return [
        dict(zip(counted, at, strict=True))
        for at in itertools.product(*(numbers[letter] for letter in counted))
    ]


#: The formula of every single number.
HAND_FORMULAS = {
    name.format(**at): formula.format(**at)
    for _, formulas in HAND_STEPS
    for name, formula in formulas.items()
    for at in hand_places(name)
}
_COMPILED = {name: compile(formula, name, "eval") for name, formula in HAND_FORMULAS.items()}


def hand_given(
    W1: npt.ArrayLike, W2: npt.ArrayLike, x: npt.ArrayLike, target: float, learning_rate: float
) -> dict[str, float]:
    """Name the numbers from which a pass starts, as `HAND_FORMULAS` calls them.

    W1 has shape (2, 3), W2 shape (2,) and x shape (3,).

    Examples
    --------
    >>> given = hand_given([[-0.2, 0.3, -0.4], [0.1, -0.3, -0.4]], [0.2, 0.3], [-1, -1, 1], 1, 0.5)
    >>> given["W1_13"], given["W2_1"]
    (-0.4, 0.2)
    """
    arrays = {"x": x, "W1_": W1, "W2_": W2}
    named = {
        prefix + "".join(str(place + 1) for place in at): float(array[at])
        for prefix, array in ((key, np.asarray(value)) for key, value in arrays.items())
        for at in np.ndindex(array.shape)
    }
    return named | {"target": float(target), "learning_rate": float(learning_rate)}


def hand_pass(
    W1: npt.ArrayLike, W2: npt.ArrayLike, x: npt.ArrayLike, target: float, learning_rate: float
) -> dict[str, float]:
    """Every number that a pass there and back gives, and the weights after one step.

    The arguments are those of `hand_given`; the numbers come by the names of `HAND_FORMULAS`, in
    their order.

    Examples
    --------
    >>> weights = [[-0.2, 0.3, -0.4], [0.1, -0.3, -0.4]], [0.2, 0.3]
    >>> worked = hand_pass(*weights, [-1, -1, 1], 1, 0.5)
    >>> [f"{name} = {worked[name]:.4f}" for name in ("v1", "h1", "y", "delta_1", "W1_11_new")]
    ['v1 = -0.5000', 'h1 = -0.4621', 'y = -0.1505', 'delta_1 = -0.1769', 'W1_11_new = -0.2884']
    """
    known = hand_given(W1, W2, x, target, learning_rate)
    for name, formula in _COMPILED.items():
        known[name] = eval(formula, {"tanh": math.tanh}, known)
    return {name: known[name] for name in HAND_FORMULAS}


def forward(W1: npt.ArrayLike, W2: npt.ArrayLike, x: npt.ArrayLike) -> tuple[Array, float]:
    """Send one sample through the network.

    Parameters
    ----------
    W1 : array_like of real numbers, shape (hidden, n)
        One row for each hidden unit.
    W2 : array_like of real numbers, shape (hidden,)
    x : array_like of real numbers, shape (n,)

    Returns
    -------
    h : numpy.ndarray of float64, shape (hidden,)
        What comes out of the hidden units.
    y : float
        What comes out of the network.

    Examples
    --------
    >>> h, y = forward([[-0.2, 0.3, -0.4], [0.1, -0.3, -0.4]], [0.2, 0.3], [-1, -1, 1])
    >>> h.round(6), round(y, 6)
    (array([-0.462117, -0.197375]), -0.150484)
    """
    W1, W2 = _weights(W1, W2)
    h, y = hand_forward(W1, W2, _inputs("x", x, W1))
    return h, y


def backward(
    W1: npt.ArrayLike, W2: npt.ArrayLike, x: npt.ArrayLike, target: float
) -> tuple[Array, Array]:
    """Gradients of ½(y − target)² by W1 and W2, in their shapes, for one sample.

    Examples
    --------
    >>> dW1, dW2 = backward([[-0.2, 0.3, -0.4], [0.1, -0.3, -0.4]], [0.2, 0.3], [-1, -1, 1], 1)
    >>> dW2.round(6)
    array([0.519619, 0.221935])
    >>> dW1.round(6)
    array([[ 0.176861,  0.176861, -0.176861],
           [ 0.324188,  0.324188, -0.324188]])
    """
    W1, W2 = _weights(W1, W2)
    x, target = _inputs("x", x, W1), as_float_array("target", target, ndim=0).item()
    h, y = hand_forward(W1, W2, x)
    return hand_backward(W2, x, h, y, target)


def train_step(
    W1: npt.ArrayLike, W2: npt.ArrayLike, x: npt.ArrayLike, target: float, learning_rate: float
) -> tuple[Array, Array]:
    """One step of gradient descent on one sample: both gradients first, then both updates.

    The new W1 and W2 are returned; the caller's arrays stay as they are. Updating W2 before the
    hidden deltas, as S0's program does, makes dW1 wrong by an amount that grows with the learning
    rate (erratum E0.4).

    Examples
    --------
    >>> weights = [[-0.2, 0.3, -0.4], [0.1, -0.3, -0.4]], [0.2, 0.3]
    >>> W1, W2 = train_step(*weights, [-1, -1, 1], 1, learning_rate=0.5)
    >>> W2.round(6), W1.round(6)[0]
    (array([-0.059809,  0.189033]), array([-0.288431,  0.211569, -0.311569]))
    """
    W1, W2 = _weights(W1, W2)
    rate = as_positive("learning_rate", learning_rate)
    dW1, dW2 = backward(W1, W2, x, target)
    return W1 - rate * dW1, W2 - rate * dW2


def fixed_training(
    W1: npt.ArrayLike,
    W2: npt.ArrayLike,
    X: npt.ArrayLike,
    T: npt.ArrayLike,
    learning_rate: float,
    epochs: int,
) -> tuple[Array, Array, list[float]]:
    """Train on one sample after the other, in their order, again and again.

    Parameters
    ----------
    W1, W2
        Weights to start from, as in `forward`; the caller's arrays stay as they are.
    X, T : array_like of real numbers, shapes (n, inputs) and (n,)
        One sample in each row, and a target for each.
    learning_rate : float
        Above zero.
    epochs : int
        How often all samples are gone through.

    Returns
    -------
    W1, W2 : numpy.ndarray of float64
    losses : list of float
        Σ ½(y − target)² over all samples after each epoch, with the weights of that moment.

    Examples
    --------
    >>> weights = [[-0.2, 0.3, -0.4], [0.1, -0.3, -0.4]], [0.2, 0.3]
    >>> W1, W2, losses = fixed_training(*weights, [[-1, -1, 1], [1, -1, 1]], [1, -1], 0.5, 3)
    >>> [round(loss, 4) for loss in losses]
    [0.8643, 0.5968, 0.2207]
    """
    W1, W2 = _weights(W1, W2)
    X, T = _samples(X, T)
    same_shape("a row of X", X[:1].ravel(), "a row of W1", W1.shape[1:])
    rate = as_positive("learning_rate", learning_rate)
    losses = []
    for _ in range(as_count("epochs", epochs)):
        for x, target in zip(X, T, strict=True):
            h, y = hand_forward(W1, W2, x)
            dW1, dW2 = hand_backward(W2, x, h, y, target)
            W1, W2 = W1 - rate * dW1, W2 - rate * dW2
        outputs = np.tanh(np.tanh(X @ W1.T) @ W2)
        losses.append(float(0.5 * np.sum((outputs - T) ** 2)))
    return W1, W2, losses


def parity_bound(X: npt.ArrayLike, T: npt.ArrayLike) -> float:
    """Least Σ(y − target)² that any odd model can reach: y(−x) = −y(x), as without biases.

    Samples at x and at −x share one free number, y(x) = a: at x it is compared with the targets t,
    at −x its negative with the targets s, so a is compared with every t and every −s. The best a
    is their mean; for one pair that leaves (t + s)²/2. At x = 0 an odd model has no choice: y is 0.

    X has one sample in each row, shape (n, inputs), and T the shape (n,).

    Examples
    --------
    >>> parity_bound([[1, 2], [-1, -2]], [1, 1])
    2.0
    >>> from nnlib.datasets import eight_samples
    >>> parity_bound(eight_samples().X, eight_samples().T.ravel())
    4.0
    """
    X, T = _samples(X, T)
    free: dict[tuple[float, ...], list[float]] = {}
    total = 0.0
    for row, target in zip(X.tolist(), T.tolist(), strict=True):
        sign = next((1 if entry > 0 else -1 for entry in row if entry), 0)
        if sign:
            free.setdefault(tuple(sign * entry for entry in row), []).append(sign * target)
        else:
            total += target**2
    return float(total + sum(np.sum((np.array(a) - np.mean(a)) ** 2) for a in free.values()))


def hand_forward(W1: Array, W2: Array, x: Array) -> tuple[Array, float]:
    """As `forward`, without a look at the arguments.

    Examples
    --------
    >>> hand_forward(np.eye(2), np.array([1.0, -1.0]), np.array([0.5, 0.5]))[1]
    0.0
    """
    h = np.tanh(W1 @ x)
    return h, float(np.tanh(W2 @ h))


def hand_backward(W2: Array, x: Array, h: Array, y: float, target: float) -> tuple[Array, Array]:
    """As `backward`, from what `hand_forward` has returned.

    Examples
    --------
    >>> x, h = np.array([0.5, 0.5]), np.array([0.4, 0.4])
    >>> hand_backward(np.array([1.0, -1.0]), x, h, 0.0, target=1.0)[1]
    array([-0.4, -0.4])
    """
    delta_out = (y - target) * (1 - y**2)
    delta = delta_out * W2 * (1 - h**2)
    return np.outer(delta, x), delta_out * h


def _weights(W1: npt.ArrayLike, W2: npt.ArrayLike) -> tuple[Array, Array]:
    W1, W2 = as_float_array("W1", W1, ndim=2), as_float_array("W2", W2, ndim=1)
    same_shape("W2", W2, "a column of W1", W1.shape[:1])
    return W1, W2


def _inputs(name: str, value: npt.ArrayLike, W1: Array) -> Array:
    x = as_float_array(name, value, ndim=1)
    same_shape(name, x, "a row of W1", W1.shape[1:])
    return x


def _samples(X: npt.ArrayLike, T: npt.ArrayLike) -> tuple[Array, Array]:
    X, T = as_float_array("X", X, ndim=2), as_float_array("T", T, ndim=1)
    same_shape("T", T, "a column of X", X.shape[:1])
    return X, T
