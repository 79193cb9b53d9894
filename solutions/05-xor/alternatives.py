"""Right answers to this assignment, differently written: none of them may lose a point.

Students must not see this file; `make certify` and the tests read it.
"""

import copy
import math

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# --- predict


def outputs_in_four_lines(params, X):
    z1 = np.dot(X, params["W1"]) + params["b1"]
    h1 = 1.0 / (1.0 + np.exp(-z1))
    z2 = np.dot(h1, params["W2"]) + params["b2"]
    return 1.0 / (1.0 + np.exp(-z2))


def outputs_by_tanh(params, X):
    """σ(z) = (1 + tanh(z/2))/2, which cannot overflow."""
    H = (1 + np.tanh((X @ params["W1"] + params["b1"]) / 2)) / 2
    return (1 + np.tanh((H @ params["W2"] + params["b2"]) / 2)) / 2


def outputs_by_either_sign(params, X):
    def stable(z):
        small = np.exp(-np.abs(z))
        return np.where(z >= 0, 1 / (1 + small), small / (1 + small))

    H = stable(X @ params["W1"] + params["b1"])
    return stable(H @ params["W2"] + params["b2"])


def outputs_with_samples_in_columns(params, X):
    H = sigmoid(params["W1"].T @ X.T + params["b1"][:, np.newaxis])
    return sigmoid(params["W2"].T @ H + params["b2"].reshape(-1, 1)).T


def outputs_with_loops(params, X):
    def squash(z):
        return 1 / (1 + math.exp(-z)) if z > -700 else 0.0

    rows = []
    for x in X.tolist():
        h = [
            squash(sum(a * w for a, w in zip(x, column, strict=True)) + b)
            for column, b in zip(params["W1"].T.tolist(), params["b1"].tolist(), strict=True)
        ]
        rows.append(
            [
                squash(sum(a * w for a, w in zip(h, column, strict=True)) + b)
                for column, b in zip(params["W2"].T.tolist(), params["b2"].tolist(), strict=True)
            ]
        )
    return rows


def outputs_with_an_input_that_is_one(params, X):
    """A bias as a weight whose input is always 1."""
    for W, b in (("W1", "b1"), ("W2", "b2")):
        X = np.column_stack([X, np.ones(len(X))])
        X = sigmoid(X @ np.vstack([params[W], params[b]]))
    return X


# --- accuracy


def share_by_comparison(params, X, labels):
    out = outputs_by_tanh(params, X)
    return np.mean((out[:, 1] > out[:, 0]).astype(int) == labels)


def share_by_counting(params, X, labels):
    right = 0
    for output, label in zip(outputs_by_tanh(params, X), labels, strict=True):
        if np.argmax(output) == label:
            right += 1
    return right / len(labels)


def share_of_what_is_not_wrong(params, X, labels):
    wrong = np.count_nonzero(np.argmax(outputs_by_tanh(params, X), axis=-1) != labels)
    return 1 - wrong / np.size(labels)


def share_by_one_hot(params, X, labels):
    out = np.array(outputs_with_loops(params, X))
    named = (out == out.max(axis=1, keepdims=True)).astype(float)
    return float(np.sum(named * np.eye(2)[labels]) / len(X))


def share_by_sorting(params, X, labels):
    order = np.argsort(outputs_by_tanh(params, X), axis=1)
    return sum(order[:, -1] == labels) / len(order)


# --- init_params


def start_uniform(hidden, rng):
    return {
        "W1": rng.uniform(-1, 1, (2, hidden)),
        "b1": np.zeros(hidden),
        "W2": rng.uniform(-1, 1, (hidden, 2)),
        "b2": np.zeros(2),
    }


def start_scaled(hidden, rng):
    """As S3 draws them, with biases."""
    W1 = rng.uniform(-1, 1, size=(2, hidden)) / np.sqrt(2)
    W2 = rng.uniform(-1, 1, size=(hidden, 2)) / np.sqrt(hidden)
    return dict(W1=W1, b1=np.zeros((hidden,)), W2=W2, b2=np.array([0.0, 0.0]))


def start_by_xavier(hidden, rng):
    scale = np.sqrt(2 / (2 + hidden))
    return {
        "b2": [0.0, 0.0],
        "W2": scale * rng.standard_normal((hidden, 2)),
        "b1": [0.0] * hidden,
        "W1": scale * rng.standard_normal((2, hidden)),
    }


def start_with_random_biases(hidden, rng):
    shapes = {"W1": (2, hidden), "b1": (hidden,), "W2": (hidden, 2), "b2": (2,)}
    return {name: rng.normal(0.0, 0.5, shape) for name, shape in shapes.items()}


def start_number_by_number(hidden, rng):
    return {
        "W1": np.array([[rng.normal() for _ in range(hidden)] for _ in range(2)]),
        "b1": np.array([rng.normal() for _ in range(hidden)]),
        "W2": np.array([[rng.normal() for _ in range(2)] for _ in range(hidden)]),
        "b2": np.zeros(2),
    }


def start_wide(hidden, rng):
    return {
        "W1": 3 * (2 * rng.random((2, hidden)) - 1),
        "b1": np.zeros(hidden),
        "W2": 2 * rng.random((hidden, 2)) - 1,
        "b2": np.zeros(2),
    }


# --- loss_and_gradients


def gradients_in_matrices(params, X, Y, l2):
    n = X.shape[0]
    H = sigmoid(X @ params["W1"] + params["b1"])
    out = sigmoid(H @ params["W2"] + params["b2"])
    loss = 0.5 * np.mean(np.sum((Y - out) ** 2, axis=1))
    delta2 = -(Y - out) * out * (1 - out)
    delta1 = (delta2 @ params["W2"].T) * H * (1 - H)
    squares = np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2)
    return loss + 0.5 * l2 * squares, {
        "W1": X.T @ delta1 / n + l2 * params["W1"],
        "b1": np.mean(delta1, axis=0),
        "W2": H.T @ delta2 / n + l2 * params["W2"],
        "b2": np.mean(delta2, axis=0),
    }


def gradients_sample_by_sample(params, X, Y, l2):
    gradients = {name: np.zeros_like(value) for name, value in params.items()}
    loss = 0.0
    for x, y in zip(X, Y, strict=True):
        h = sigmoid(x @ params["W1"] + params["b1"])
        o = sigmoid(h @ params["W2"] + params["b2"])
        loss += float(np.dot(o - y, o - y)) / 2 / len(X)
        d2 = (o - y) * o * (1 - o) / len(X)
        d1 = params["W2"] @ d2 * h * (1 - h)
        gradients["W2"] += np.outer(h, d2)
        gradients["b2"] += d2
        gradients["W1"] += np.outer(x, d1)
        gradients["b1"] += d1
    for name in ("W1", "W2"):
        loss += l2 / 2 * float((params[name] ** 2).sum())
        gradients[name] += l2 * params[name]
    return loss, gradients


def gradients_by_einsum(params, X, Y, l2):
    H = sigmoid(np.einsum("ni,ih->nh", X, params["W1"]) + params["b1"])
    out = sigmoid(np.einsum("nh,ho->no", H, params["W2"]) + params["b2"])
    d2 = (out - Y) * (out - out**2) / len(X)
    d1 = np.einsum("no,ho->nh", d2, params["W2"]) * (H - H**2)
    return [
        np.sum((out - Y) ** 2) / (2 * len(X))
        + l2 * sum(np.vdot(params[name], params[name]) for name in ("W1", "W2")) / 2,
        {
            "b2": np.einsum("no->o", d2),
            "W2": np.einsum("nh,no->ho", H, d2) + l2 * params["W2"],
            "b1": np.einsum("nh->h", d1),
            "W1": np.einsum("ni,nh->ih", X, d1) + l2 * params["W1"],
        },
    ]


def loss_alone(params, X, Y, l2):
    out = outputs_by_tanh(params, X)
    weights = sum((params[name] ** 2).sum() for name in ("W1", "W2"))
    return ((out - Y) ** 2).sum() / (2 * len(X)) + l2 * weights / 2


def gradients_by_central_differences(params, X, Y, l2):
    gradients = {}
    for name, value in params.items():
        gradients[name] = np.zeros(value.shape)
        for place in np.ndindex(value.shape):
            losses = []
            for h in (1e-5, -1e-5):
                moved = copy.deepcopy(params)
                moved[name][place] += h
                losses.append(loss_alone(moved, X, Y, l2))
            gradients[name][place] = (losses[0] - losses[1]) / 2e-5
    return loss_alone(params, X, Y, l2), gradients


def gradients_by_complex_step(params, X, Y, l2):
    gradients = {name: np.zeros(value.shape) for name, value in params.items()}
    for name, value in params.items():
        for place in np.ndindex(value.shape):
            moved = {key: one.astype(complex) for key, one in params.items()}
            moved[name][place] += 1e-30j
            gradients[name][place] = loss_alone(moved, X, Y, l2).imag / 1e-30
    return loss_alone(params, X, Y, l2), gradients


def gradients_as_lists(params, X, Y, l2):
    loss, gradients = gradients_in_matrices(params, X, Y, l2=l2)
    return float(loss), {name: value.tolist() for name, value in gradients.items()}


# --- train


def run_with_new_dicts(params, X, Y, learning_rate, steps, l2=0.0):
    losses = []
    for _ in range(steps):
        loss, gradients = gradients_in_matrices(params, X, Y, l2)
        losses.append(loss)
        params = {name: params[name] - learning_rate * gradients[name] for name in params}
    losses.append(gradients_in_matrices(params, X, Y, l2)[0])
    return params, losses


def run_in_place_on_a_copy(params, X, Y, learning_rate, steps, l2=0.0):
    params = copy.deepcopy(params)
    losses = np.empty(steps + 1)
    for k in range(steps + 1):
        losses[k], gradients = gradients_sample_by_sample(params, X, Y, l2)
        if k < steps:
            for name in gradients:
                params[name] -= learning_rate * gradients[name]
    return params, losses


def run_array_by_array(params, X, Y, learning_rate, steps, l2=0.0):
    W1, b1, W2, b2 = (params[name].copy() for name in ("W1", "b1", "W2", "b2"))
    n, losses = len(X), []
    for step in range(steps + 1):
        H = sigmoid(X @ W1 + b1)
        out = sigmoid(H @ W2 + b2)
        losses.append(np.sum((out - Y) ** 2) / (2 * n) + l2 / 2 * (np.sum(W1**2) + np.sum(W2**2)))
        if step == steps:
            break
        d2 = (out - Y) * out * (1 - out) / n
        d1 = d2 @ W2.T * H * (1 - H)
        W1 -= learning_rate * (X.T @ d1 + l2 * W1)
        b1 -= learning_rate * d1.sum(axis=0)
        W2 -= learning_rate * (H.T @ d2 + l2 * W2)
        b2 -= learning_rate * d2.sum(axis=0)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, losses


def run_by_recursion(params, X, Y, learning_rate, steps, l2=0.0):
    loss, gradients = gradients_by_einsum(params, X, Y, l2)
    if not steps:
        return params, [loss]
    moved = {name: np.subtract(params[name], learning_rate * gradients[name]) for name in params}
    end, losses = run_by_recursion(moved, X, Y, learning_rate, steps - 1, l2)
    return end, [loss, *losses]


def run_with_weight_decay(params, X, Y, learning_rate, steps, l2=0.0):
    """The penalty as a shrinking of the weights before the step."""
    losses = [gradients_in_matrices(params, X, Y, l2)[0]]
    while len(losses) <= steps:
        _, slopes = gradients_in_matrices(params, X, Y, 0.0)
        kept = {"W1": 1 - learning_rate * l2, "W2": 1 - learning_rate * l2, "b1": 1, "b2": 1}
        params = {name: kept[name] * params[name] - learning_rate * slopes[name] for name in kept}
        losses += [gradients_in_matrices(params, X, Y, l2)[0]]
    return (params, losses)


ALTERNATIVES = {
    "predict": (
        outputs_in_four_lines,
        outputs_by_tanh,
        outputs_by_either_sign,
        outputs_with_samples_in_columns,
        outputs_with_loops,
        outputs_with_an_input_that_is_one,
    ),
    "accuracy": (
        share_by_comparison,
        share_by_counting,
        share_of_what_is_not_wrong,
        share_by_one_hot,
        share_by_sorting,
    ),
    "init_params": (
        start_uniform,
        start_scaled,
        start_by_xavier,
        start_with_random_biases,
        start_number_by_number,
        start_wide,
    ),
    "loss_and_gradients": (
        gradients_in_matrices,
        gradients_sample_by_sample,
        gradients_by_einsum,
        gradients_by_central_differences,
        gradients_by_complex_step,
        gradients_as_lists,
    ),
    "train": (
        run_with_new_dicts,
        run_in_place_on_a_copy,
        run_array_by_array,
        run_by_recursion,
        run_with_weight_decay,
    ),
}
