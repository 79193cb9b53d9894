"""Right answers to this assignment, differently written: none of them may lose a point.

Students must not see this file; `make certify` and the tests read it.
"""

import cmath
import itertools
import math
from collections.abc import Sequence

import numpy as np

# --- bipolar_logistic_slope -----------------------------------------------------------------------


def hyperbolic_slope(x):
    return 0.5 / np.cosh(np.asarray(x) / 2) ** 2


def quotient_slope(x):
    e = np.exp(-np.abs(x))
    return 2 * e / (1 + e) ** 2


def doubled_logistic_slope(x):
    s = 1 / (1 + np.exp(np.multiply(x, -1.0)))
    return 2 * s * (1 - s)


def looped_slope(x):
    if np.ndim(x):
        return [looped_slope(one) for one in x]
    y = math.tanh(float(x) / 2)
    return 0.5 * (1 - y * y)


def complex_step_slope(x):
    z = np.asarray(x, dtype=float) + 1e-30j
    return np.tanh(z / 2).imag / 1e-30


# --- mean_cross_entropy ---------------------------------------------------------------------------


def picked_entropy(y, t):
    if t.ndim == 1:
        return -np.log(y[np.arange(len(y)), t]).mean()
    return -(t * np.log(y)).sum(axis=1).mean()


def looped_entropy(y, t):
    total = 0.0
    for row, label in zip(y, t, strict=True):
        weights = label if np.ndim(label) else [k == label for k in range(len(row))]
        total -= sum(w * math.log(p) for w, p in zip(weights, row, strict=True))
    return total / len(y)


def einsum_entropy(y, t):
    if np.issubdtype(t.dtype, np.integer) and t.ndim == 1:
        t = (t[:, None] == np.arange(y.shape[1])) * 1.0
    return np.einsum("nk,nk->", t, -np.log2(y)) * np.log(2) / y.shape[0]


def one_hot_entropy(y, t):
    if t.shape != y.shape:
        hot = np.zeros(y.shape)
        hot[range(len(t)), t] = 1
        t = hot
    return np.mean([-one @ np.log(row) for row, one in zip(y, t, strict=True)])


# --- find_optimum ---------------------------------------------------------------------------------


def branching_optimum(gradient, x0, learning_rate, steps, maximise=False):
    x = np.array(x0) * 1.0
    for _ in range(steps):
        step = learning_rate * np.asarray(gradient(x))
        x = x + step if maximise else x - step
    return x


def copying_optimum(gradient, x0, learning_rate, steps, maximise=False):
    x = np.asarray(x0, dtype=float).copy()
    for _ in range(steps):
        x += (2 * maximise - 1) * learning_rate * np.asarray(gradient(x))
    return x.tolist()


def recursive_optimum(gradient, x0, learning_rate, steps, *, maximise=False):
    x = np.array(x0, float)
    if steps == 0:
        return x
    x -= (-1) ** maximise * learning_rate * gradient(x)
    return recursive_optimum(gradient, x, learning_rate, steps - 1, maximise=maximise)


def minimising_optimum(gradient, x0, learning_rate, steps, maximise=False):
    if maximise:
        return minimising_optimum(lambda x: -gradient(x), x0, learning_rate, steps)
    x = np.array(x0, dtype=np.float64)
    k = 0
    while k < steps:
        x, k = x - learning_rate * gradient(x), k + 1
    return x


# --- as_tanh_network ------------------------------------------------------------------------------


def halved(W1, b1, W2, b2):
    return [W1 / 2, b1 / 2, W2 / 2, b2 + W2.sum(axis=0) / 2]


def turned_units(W1, b1, W2, b2):
    """tanh is odd: a unit may change its sign before and behind."""
    return -0.5 * W1, -0.5 * b1, -0.5 * W2, b2 + 0.5 * np.ones(len(W2)) @ W2


def other_order(W1, b1, W2, b2):
    order = np.arange(len(b1))[::-1]
    return W1[:, order] / 2, b1[order] / 2, W2[order] / 2, b2 + W2.mean(axis=0) * len(W2) / 2


def level_as_a_unit(W1, b1, W2, b2):
    """A unit with no inputs and a huge bias gives 1: it can carry the level."""
    inputs = len(W1)
    return (
        np.hstack([W1 / 2, np.zeros((inputs, 1))]),
        np.append(b1 / 2, 50.0),
        np.vstack([W2 / 2, W2.sum(axis=0) / 2]),
        b2,
    )


def looped_network(W1, b1, W2, b2):
    level = [b2[k] + sum(row[k] for row in W2) / 2 for k in range(len(b2))]
    return (
        [[w / 2 for w in row] for row in W1],
        [b / 2 for b in b1],
        [[w / 2 for w in row] for row in W2],
        level,
    )


# --- hidden_layer ---------------------------------------------------------------------------------


def plain_layer(X, W, b):
    return 1 / (1 + np.exp(-(X @ W) - b))


def looped_layer(X, W, b):
    return [
        [
            1 / (1 + math.exp(-sum(x * w for x, w in zip(row, W[:, j], strict=True)) - b[j]))
            for j in range(len(b))
        ]
        for row in X
    ]


def augmented_layer(X, W, b):
    ones = np.ones((len(X), 1))
    return (1 + np.tanh(np.hstack([X, ones]) @ np.vstack([W, b]) / 2)) / 2


def transposed_layer(X, W, b):
    V = np.einsum("ji,nj->in", W, X) + b[:, None]
    return (np.exp(V) / (np.exp(V) + 1)).T


# --- ridge_gradient -------------------------------------------------------------------------------


def written_out_ridge(w, X, y, penalty):
    return (X.T @ X @ w - X.T @ y) / len(X) + w * penalty


def looped_ridge(w, X, y, penalty):
    gradient = [penalty * one for one in w]
    for x, wanted in zip(X, y, strict=True):
        e = sum(a * b for a, b in zip(x, w, strict=True)) - wanted
        for k in range(len(w)):
            gradient[k] += e * x[k] / len(y)
    return gradient


def mean_ridge(w, X, y, penalty):
    return np.mean((X @ w - y)[:, None] * X, axis=0) + penalty * w


def complex_step_ridge(w, X, y, penalty):
    def loss(w):
        return np.sum((X @ w - y) ** 2) / (2 * len(y)) + penalty / 2 * np.sum(w**2)

    return [loss(w + 1e-30j * unit).imag / 1e-30 for unit in np.eye(len(w))]


def stacked_ridge(w, X, y, penalty):
    n, m = X.shape
    A = np.vstack([X / np.sqrt(n), np.sqrt(penalty) * np.eye(m)])
    return A.T @ (A @ w - np.append(y / np.sqrt(n), np.zeros(m)))


# --- leave_one_out_accuracy -----------------------------------------------------------------------


def deleting_accuracy(X, labels):
    hits = 0
    for i in range(len(X)):
        others, theirs = np.delete(X, i, axis=0), np.delete(labels, i)
        hits += theirs[np.linalg.norm(others - X[i], axis=1).argmin()] == labels[i]
    return hits / len(X)


def looped_accuracy(X, labels):
    def nearest(i):
        others = [j for j in range(len(X)) if j != i]
        return min(others, key=lambda j: math.dist(X[i], X[j]))

    return sum(bool(labels[nearest(i)] == labels[i]) for i in range(len(X))) / len(X)


def product_accuracy(X, labels):
    squares = (X**2).sum(axis=1)
    distances = squares[:, None] - 2 * X @ X.T + squares
    distances[np.diag_indices(len(X))] = 1e9
    return float((labels[np.argmin(distances, axis=0)] == labels).mean())


def mask_accuracy(X, labels):
    far = np.where(np.eye(len(X)), np.inf, np.hypot.reduce(X[:, None] - X, axis=2))
    return np.count_nonzero(labels[far.argmin(1)] == labels) / labels.size


# --- heavy_ball -----------------------------------------------------------------------------------


def copying_ball(gradient, x0, rates, momentum):
    x = np.array(x0, dtype=float)
    v = 0 * x
    path = [x.copy()]
    for rate in rates:
        v *= momentum
        v += np.asarray(gradient(x))
        x -= rate * v
        path.append(x.copy())
    return path


def filled_ball(gradient, x0, rates, momentum):
    path = np.zeros((len(rates) + 1, len(x0)))
    path[0], v = x0, np.zeros(len(x0))
    for k, rate in enumerate(rates):
        v = momentum * v + gradient(path[k])
        path[k + 1] = path[k] - rate * v
    return path


def downhill_ball(gradient, x0, rates, momentum):
    """The velocity points downhill."""
    path, v = [np.asarray(x0) * 1.0], 0.0
    for rate in rates:
        v = momentum * v - np.asarray(gradient(path[-1]))
        path.append(path[-1] + rate * v)
    return np.vstack(path)


def summing_ball(gradient, x0, rates, momentum):
    """Every gradient is kept, and weighted anew in each step."""
    path, gradients = [np.array(x0, float)], []
    for rate in rates:
        gradients.append(np.asarray(gradient(path[-1])))
        weights = momentum ** np.arange(len(gradients))[::-1]
        path.append(path[-1] - rate * weights @ np.array(gradients))
    return np.array(path).tolist()


# --- saturated_units ------------------------------------------------------------------------------


def slope_saturated(v, share):
    y = 1 / (1 + np.exp(-np.asarray(v)))
    return y * (1 - y) < share / 4


def hyperbolic_saturated(v, share):
    return np.cosh(v / 2) ** -2.0 < share


def one_sided_saturated(v, share):
    limit = 2 * math.acosh(share**-0.5)
    return (v > limit) | (v < -limit)


def looped_saturated(v, share):
    if np.ndim(v):
        return [looped_saturated(one, share) for one in v]
    y = 1 / (1 + math.exp(-v))
    return 4 * y * (1 - y) < share


# --- weight_influence -----------------------------------------------------------------------------


def path_sum(w, inputs, start):
    h = [*itertools.accumulate(inputs, lambda h, x: np.tanh(w * h + x), initial=start)]
    slopes = 1 - np.array(h[1:]) ** 2
    return sum(h[k] * slopes[k] * np.prod(w * slopes[k + 1 :]) for k in range(len(slopes)))


def backward_influence(w, inputs, start):
    hs = [start]
    for x in inputs:
        hs.append(np.tanh(w * hs[-1] + x))
    delta, total = 1.0, 0.0
    for k in range(len(inputs), 0, -1):
        delta *= 1 - hs[k] ** 2
        total += delta * hs[k - 1]
        delta *= w
    return total


def complex_influence(w, inputs, start):
    h = complex(start)
    for x in inputs:
        h = cmath.tanh((w + 1e-30j) * h + x)
    return h.imag / 1e-30


def central_influence(w, inputs, start):
    def last(w):
        h = start
        for x in inputs:
            h = math.tanh(w * h + x)
        return h

    return (last(w + 1e-5) - last(w - 1e-5)) / 2e-5


def recursive_influence(w, inputs, start):
    def both(inputs: Sequence[float]):
        if len(inputs) == 0:
            return start, 0.0
        h, slope = both(inputs[:-1])
        after = np.tanh(w * h + inputs[-1])
        return after, (1 - after**2) * (h + w * slope)

    return both(list(inputs))[1]


ALTERNATIVES = {
    "bipolar_logistic_slope": [
        hyperbolic_slope,
        quotient_slope,
        doubled_logistic_slope,
        looped_slope,
        complex_step_slope,
        lambda x: (1 - np.tanh(np.array(x) / 2) ** 2) / 2,
    ],
    "mean_cross_entropy": [picked_entropy, looped_entropy, einsum_entropy, one_hot_entropy],
    "find_optimum": [branching_optimum, copying_optimum, recursive_optimum, minimising_optimum],
    "as_tanh_network": [halved, turned_units, other_order, level_as_a_unit, looped_network],
    "hidden_layer": [plain_layer, looped_layer, augmented_layer, transposed_layer],
    "ridge_gradient": [
        written_out_ridge,
        looped_ridge,
        mean_ridge,
        complex_step_ridge,
        stacked_ridge,
    ],
    "leave_one_out_accuracy": [
        deleting_accuracy,
        looped_accuracy,
        product_accuracy,
        mask_accuracy,
    ],
    "heavy_ball": [copying_ball, filled_ball, downhill_ball, summing_ball],
    "saturated_units": [
        slope_saturated,
        hyperbolic_saturated,
        one_sided_saturated,
        looped_saturated,
    ],
    "weight_influence": [
        path_sum,
        backward_influence,
        complex_influence,
        central_influence,
        recursive_influence,
    ],
}
