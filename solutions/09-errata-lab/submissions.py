"""The demonstration class of this assignment: who hands in what, and the marks they must get.

A function holds what one student has written. It is read and not called, see tools/answers.py.
"""

import numpy as np

from tools.demo import Submission

FULL = {
    "bipolar_logistic_slope": 2,
    "mean_cross_entropy": 2,
    "find_optimum": 2,
    "as_tanh_network": 2,
    "hidden_layer": 2,
    "ridge_gradient": 2,
    "leave_one_out_accuracy": 1,
    "heavy_ball": 2,
    "saturated_units": 1,
    "weight_influence": 1,
}
NOTHING = dict.fromkeys(FULL, 0)

#: Every program as it was given, under the name that is asked for.
AS_GIVEN = {name: f"{name} = {name}_as_given" for name in FULL}


def differently_written(sigmoid):
    def bipolar_logistic_slope(x):
        return 0.5 / np.cosh(np.asarray(x) / 2) ** 2

    def mean_cross_entropy(y, t):
        total = 0
        for row, label in zip(y, t):
            if np.ndim(label):
                total -= sum(w * np.log(p) for w, p in zip(label, row))
            else:
                total -= np.log(row[label])
        return total / len(y)

    def find_optimum(gradient, x0, learning_rate, steps, maximise=False):
        x = np.array(x0) * 1.0
        for k in range(steps):
            x += (2 * maximise - 1) * learning_rate * gradient(x)
        return list(x)

    def as_tanh_network(W1, b1, W2, b2):
        half = W2 / 2
        return [-W1 / 2, -b1 / 2, -half, b2 + half.sum(axis=0)]

    def hidden_layer(X, W, b):
        X = np.column_stack([X, np.ones(len(X))])
        return [sigmoid(row @ np.vstack([W, b])) for row in X]

    def ridge_gradient(w, X, y, penalty):
        def loss(w):
            return np.mean((X @ w - y) ** 2) / 2 + penalty * np.sum(w**2) / 2

        return [loss(w + 1e-20j * unit).imag / 1e-20 for unit in np.eye(len(w))]

    def leave_one_out_accuracy(X, labels):
        right = 0
        for i in range(len(X)):
            others = np.delete(X, i, axis=0)
            nearest = np.linalg.norm(others - X[i], axis=1).argmin()
            right += np.delete(labels, i)[nearest] == labels[i]
        return right / len(X)

    def heavy_ball(gradient, x0, rates, momentum):
        x, v = np.array(x0, dtype=float), 0
        path = [x.copy()]
        for rate in rates:
            v = momentum * v - gradient(x)
            x += rate * v
            path.append(x.copy())
        return path

    def saturated_units(v, share):
        y = 1 / (1 + np.exp(-v))
        return 4 * y * (1 - y) < share

    def weight_influence(w, inputs, start):
        def last(w):
            h = start
            for x in inputs:
                h = np.tanh(w * h + x)
            return h

        return last(w + 1e-20j).imag / 1e-20


def one_fault_of_two(bipolar_logistic, sigmoid):
    """The first half of a repair earns its point where the other half does not hide it."""

    def bipolar_logistic_slope(x):
        y = bipolar_logistic(x)
        return (1 + y) * (1 - y)

    def mean_cross_entropy(y, t):
        if t.ndim == 1:
            t = np.eye(y.shape[1])[t]
        return -np.mean(np.sum(t * np.log(y + 1e-7), axis=1))

    def find_optimum(gradient, x0, learning_rate, steps, maximise=False):
        x = np.array(x0, dtype=float)
        for _ in range(steps):
            g = gradient(x)
            step = learning_rate * g / np.linalg.norm(g)
            x = x + step if maximise else x - step
        return x

    def as_tanh_network(W1, b1, W2, b2):
        return W1 / 2, b1 / 2, W2 / 2, b2

    def hidden_layer(X, W, b):
        return sigmoid(X @ W)

    def ridge_gradient(w, X, y, penalty):
        return X.T @ (X @ w - y) + penalty * w

    def heavy_ball(gradient, x0, rates, momentum):
        path = [np.array(x0, dtype=float)]
        velocity = np.zeros_like(path[0])
        for rate in rates:
            velocity = momentum * velocity + rate * gradient(path[-1])
            path.append(path[-1] - velocity)
        return np.array(path)


def cures_the_symptom(weight_influence_as_given):
    def bipolar_logistic_slope(x):
        return np.maximum((1 + x) * (1 - x), 0)

    def mean_cross_entropy(y, t):
        if t.ndim == 1:
            t = np.eye(y.shape[1])[t]
        return -np.mean(np.sum(t * np.log(np.clip(y, 1e-7, 1)), axis=1))

    def find_optimum(gradient, x0, learning_rate, steps, maximise=False):
        x = np.array(x0, dtype=float)
        for _ in range(steps):
            g = gradient(x)
            x = x + 0.1 * learning_rate * g / np.linalg.norm(g)
        return x

    def sigmoid(v):
        return 1 / (1 + np.exp(-v))

    def as_tanh_network(W1, b1, W2, b2):
        return W1, b1, W2, b2 + (sigmoid(b1) - np.tanh(b1)) @ W2

    def hidden_layer(X, W, b):
        return sigmoid(X @ W.T + b)

    def ridge_gradient(w, X, y, penalty):
        return X.T @ (X @ w - y) / len(y) + penalty * np.sum(w**2) / len(y)

    def leave_one_out_accuracy(X, labels):
        distances = np.sum((X[:, None] - X[None]) ** 2, axis=2)
        distances[distances == 0] = np.inf
        return np.mean(labels[distances.argmin(axis=1)] == labels)

    def heavy_ball(gradient, x0, rates, momentum):
        path = [np.array(x0, dtype=float)]
        velocity = np.zeros_like(path[0])
        for rate in rates:
            g = gradient(path[-1])
            velocity = momentum * velocity + np.sign(g) * g**2
            path.append(path[-1] - rate * velocity)
        return np.array(path)

    def saturated_units(v, share):
        limit = 2 * np.arccosh(1 / np.sqrt(share))
        return v > limit

    def weight_influence(w, inputs, start):
        return len(inputs) * weight_influence_as_given(w, inputs, start)


def spoils_the_start():
    def find_optimum(gradient, x0, learning_rate, steps, maximise=False):
        x = np.asarray(x0)
        for _ in range(steps):
            x += (1 if maximise else -1) * learning_rate * gradient(x)
        return x.copy()

    def heavy_ball(gradient, x0, rates, momentum):
        x = np.asarray(x0)
        path, v = [x.copy()], np.zeros(len(x))
        for rate in rates:
            v = momentum * v + gradient(x)
            x -= rate * v
            path.append(x.copy())
        return np.array(path)

    def ridge_gradient(w, X, y, penalty):
        g = X.T @ (X @ w - y) / len(y)
        w *= penalty
        return g + w


def only_the_warm_up(bipolar_logistic, sigmoid):
    def bipolar_logistic_slope(x):
        return 0.5 * (1 - bipolar_logistic(x) ** 2)

    def find_optimum(gradient, x0, learning_rate, steps, maximise=False):
        x = np.array(x0, dtype=float)
        for _ in range(steps):
            if maximise:
                x = x + learning_rate * gradient(x)
            else:
                x = x - learning_rate * gradient(x)
        return x

    def hidden_layer(X, W, b):
        return sigmoid(X @ W + b)

    def saturated_units(v, share):
        limit = 2 * np.arccosh(1 / np.sqrt(share))
        return (v > limit) | (v < -limit)


def the_checks_own():
    from nnchecks.errata_programs import heavy_ball

    def weight_influence(w, inputs, start):
        from nnchecks import errata_programs

        return errata_programs.weight_influence(w, inputs, start)


SUBMISSIONS = (
    Submission("perfect", FULL),
    Submission("differently-written", FULL, code=differently_written),
    Submission("untouched", NOTHING, attempted=False),
    Submission("nothing-repaired", NOTHING, AS_GIVEN),
    Submission(
        "one-fault-of-two",
        {
            **FULL,
            "bipolar_logistic_slope": 1,
            "mean_cross_entropy": 1,
            "find_optimum": 1,
            "as_tanh_network": 1,
            "hidden_layer": 1,
            "ridge_gradient": 1,
            "heavy_ball": 1,
        },
        code=one_fault_of_two,
    ),
    Submission(
        "cures-the-symptom",
        {
            "bipolar_logistic_slope": 0,
            "mean_cross_entropy": 1,
            "find_optimum": 0,
            "as_tanh_network": 0,
            "hidden_layer": 0,
            "ridge_gradient": 1,
            "leave_one_out_accuracy": 0,
            "heavy_ball": 0,
            "saturated_units": 0,
            "weight_influence": 0,
        },
        code=cures_the_symptom,
    ),
    Submission(
        "spoils-the-start",
        {**FULL, "find_optimum": 1, "heavy_ball": 1, "ridge_gradient": 1},
        code=spoils_the_start,
    ),
    Submission(
        "only-the-warm-up",
        {
            **NOTHING,
            "bipolar_logistic_slope": 2,
            "find_optimum": 2,
            "hidden_layer": 2,
            "saturated_units": 1,
        },
        code=only_the_warm_up,
        attempted=False,
    ),
    Submission(
        "the-checks-own", {**FULL, "heavy_ball": 0, "weight_influence": 0}, code=the_checks_own
    ),
)
