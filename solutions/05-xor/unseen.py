"""Answers by somebody who has not seen the checks, each wrong one with the rows that describe it.

The certificate counts how many of them are named, and whether any is told what is not so.
"""

import copy
import math

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# ---------------------------------------------------------------- predict, wrong


def predict_no_hidden_bias(params, X):
    """The biases of the hidden units are forgotten."""
    H = sigmoid(X @ params["W1"])
    return sigmoid(H @ params["W2"] + params["b2"])


def predict_linear_output(params, X):
    """The outputs are not sent through the logistic function."""
    H = sigmoid(X @ params["W1"] + params["b1"])
    return H @ params["W2"] + params["b2"]


def predict_softmax_output(params, X):
    """The outputs go through softmax instead of the logistic function."""
    H = sigmoid(X @ params["W1"] + params["b1"])
    Z = H @ params["W2"] + params["b2"]
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def predict_tanh_hidden(params, X):
    """The hidden units take tanh instead of the logistic function."""
    H = np.tanh(X @ params["W1"] + params["b1"])
    return sigmoid(H @ params["W2"] + params["b2"])


def predict_weights_transposed(params, X):
    """The weight matrices are used transposed, as on the worksheet of assignment 4."""
    H = sigmoid(X @ params["W1"].T + params["b1"])
    return sigmoid(H @ params["W2"].T + params["b2"])


def predict_three_hidden(params, X):
    """The number of hidden units is written in as 3."""
    H = np.zeros((len(X), 3))
    for j in range(3):
        H[:, j] = sigmoid(X @ params["W1"][:, j] + params["b1"][j])
    return sigmoid(H @ params["W2"] + params["b2"])


def predict_params_by_order(params, X):
    """The dict is unpacked by its order, so that it fails when the names come in another order."""
    W1, b1, W2, b2 = params.values()
    return sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2)


def predict_bias_trick_in_params(params, X):
    """The biases are glued onto the weights in the dict that was passed, which changes it."""
    ones = np.ones((len(X), 1))
    params["W1"] = np.vstack([params["b1"], params["W1"]])
    params["W2"] = np.vstack([params["b2"], params["W2"]])
    H = sigmoid(np.hstack([ones, X]) @ params["W1"])
    return sigmoid(np.hstack([ones, H]) @ params["W2"])


def predict_sign_of_exponent(params, X):
    """The exponent of the logistic function has the wrong sign."""
    H = 1 / (1 + np.exp(X @ params["W1"] + params["b1"]))
    return 1 / (1 + np.exp(H @ params["W2"] + params["b2"]))


def predict_return_in_loop(params, X):
    """The return stands inside the loop, so only the first sample is answered."""
    for x in X:
        h = sigmoid(x @ params["W1"] + params["b1"])
        return sigmoid(h @ params["W2"] + params["b2"]).reshape(1, 2)


def predict_squeezed(params, X):
    """With a single sample the result has the shape (2,) and not (1, 2)."""
    H = sigmoid(np.dot(X, params["W1"]) + params["b1"])
    return sigmoid(np.dot(H, params["W2"]) + params["b2"]).squeeze()


def predict_dtype_of_inputs(params, X):
    """The hidden layer is stored with the type of X, so whole-number inputs cut it to 0 or 1."""
    H = np.zeros((X.shape[0], params["W1"].shape[1]), dtype=X.dtype)
    H[:] = sigmoid(X @ params["W1"] + params["b1"])
    return sigmoid(H @ params["W2"] + params["b2"])


def predict_rounded(params, X):
    """The outputs are rounded to four digits, as the example shows them."""
    H = sigmoid(X @ params["W1"] + params["b1"])
    return sigmoid(H @ params["W2"] + params["b2"]).round(4)


# ---------------------------------------------------------------- predict, right


def predict(params, X):
    H = sigmoid(X @ params["W1"] + params["b1"])
    return sigmoid(H @ params["W2"] + params["b2"])


def predict_loops(params, X):
    W1, b1, W2, b2 = (params[name] for name in ("W1", "b1", "W2", "b2"))
    out = np.zeros((len(X), 2))
    for s in range(len(X)):
        h = []
        for j in range(len(b1)):
            z = b1[j] + sum(X[s][i] * W1[i][j] for i in range(2))
            h.append(0.5 * (1 + math.tanh(z / 2)))
        for k in range(2):
            z = b2[k] + sum(h[j] * W2[j][k] for j in range(len(h)))
            out[s, k] = 0.5 * (1 + math.tanh(z / 2))
    return out


def predict_layers(params, X):
    def layer(inputs, number):
        z = np.dot(inputs, params[f"W{number}"]) + params[f"b{number}"]
        return 0.5 * (1.0 + np.tanh(0.5 * z))

    return layer(layer(X, 1), 2)


def predict_einsum(params, X):
    Z = np.einsum("ni,ij->nj", X, params["W1"]) + params["b1"][None, :]
    H = 1.0 / (1.0 + np.exp(-Z))
    return 1.0 / (1.0 + np.exp(-(np.einsum("nj,jk->nk", H, params["W2"]) + params["b2"])))


def predict_rows(params, X):
    H = [sigmoid(x @ params["W1"] + params["b1"]) for x in X]
    return np.array([sigmoid(h @ params["W2"] + params["b2"]) for h in H])


def predict_bias_trick(params, X):
    X1 = np.column_stack([np.ones(len(X)), X])
    H1 = np.column_stack([np.ones(len(X)), sigmoid(X1 @ np.vstack([params["b1"], params["W1"]]))])
    return sigmoid(H1 @ np.vstack([params["b2"], params["W2"]]))


# ---------------------------------------------------------------- accuracy, wrong


def accuracy_count(params, X, labels):
    """It returns how many are right, not which share."""
    return np.sum(np.argmax(predict(params, X), axis=1) == labels)


def accuracy_percent(params, X, labels):
    """It returns a percentage from 0 to 100."""
    return 100 * np.mean(np.argmax(predict(params, X), axis=1) == labels)


def accuracy_axis_zero(params, X, labels):
    """The largest is looked for down the columns, over the samples."""
    return np.mean(np.argmax(predict(params, X), axis=0) == labels)


def accuracy_half_as_threshold(params, X, labels):
    """The second output is compared with 0.5 and not with the first output."""
    return np.mean((predict(params, X)[:, 1] > 0.5).astype(int) == labels)


def accuracy_rounded_outputs(params, X, labels):
    """Both outputs are rounded and have to equal the wanted row."""
    wanted = np.eye(2)[labels]
    return np.mean(np.all(np.round(predict(params, X)) == wanted, axis=1))


def accuracy_share_wrong(params, X, labels):
    """It returns the share that is wrong."""
    return np.mean(np.argmax(predict(params, X), axis=1) != labels)


def accuracy_divided_by_four(params, X, labels):
    """The number of samples is written in as 4."""
    named = predict(params, X).argmax(axis=1)
    return (named == labels).sum() / 4


def accuracy_floor_division(params, X, labels):
    """The share is cut to a whole number by //."""
    right = 0
    for row, label in zip(predict(params, X), labels, strict=False):
        if np.argmax(row) == label:
            right += 1
    return right // len(labels)


def accuracy_column_of_labels(params, X, labels):
    """The labels are made a column, so every sample is compared with every label."""
    named = np.argmax(predict(params, X), axis=1)
    return np.mean(named == labels.reshape(-1, 1))


def accuracy_flat_argmax(params, X, labels):
    """The argmax has no axis, so it is one index into all outputs."""
    return np.mean(np.argmax(predict(params, X)) == labels)


def accuracy_mean_of_classes(params, X, labels):
    """It is the mean of the shares of the two classes, wrong when they are not equally many."""
    named = np.argmax(predict(params, X), axis=1)
    return np.mean([np.mean(named[labels == c] == c) for c in np.unique(labels)])


def accuracy_classes_swapped(params, X, labels):
    """Class 0 is named where the second output is the larger one."""
    out = predict(params, X)
    return np.mean(np.where(out[:, 0] > out[:, 1], 1, 0) == labels)


def accuracy_two_decimals(params, X, labels):
    """The share is rounded to two decimals."""
    return round(float(np.mean(predict(params, X).argmax(axis=1) == labels)), 2)


# ---------------------------------------------------------------- accuracy, right


def accuracy(params, X, labels):
    return np.mean(np.argmax(predict(params, X), axis=1) == labels)


def accuracy_counting(params, X, labels):
    right = 0
    for (first, second), label in zip(predict(params, X), labels, strict=False):
        right += (1 if second > first else 0) == label
    return right / len(labels)


def accuracy_own_output(params, X, labels):
    out = predict_loops(params, X)
    n = np.arange(len(labels))
    return float((out[n, labels] > out[n, 1 - labels]).sum() / len(labels))


def accuracy_comparison(params, X, labels):
    out = predict(params, X)
    return 1 - np.count_nonzero((out[:, 1] > out[:, 0]) != (labels == 1)) / len(labels)


def accuracy_listed(params, X, labels):
    return sum(
        int(np.argmax(predict(params, X[i : i + 1])[0])) == int(labels[i]) for i in range(len(X))
    ) / len(X)


# ---------------------------------------------------------------- init_params, wrong


def init_params_zeros(hidden, rng):
    """All weights are zero."""
    return {
        "W1": np.zeros((2, hidden)),
        "b1": np.zeros(hidden),
        "W2": np.zeros((hidden, 2)),
        "b2": np.zeros(2),
    }


def init_params_all_alike(hidden, rng):
    """One number is drawn and given to all weights."""
    return {
        "W1": np.full((2, hidden), rng.standard_normal()),
        "b1": np.zeros(hidden),
        "W2": np.full((hidden, 2), rng.standard_normal()),
        "b2": np.zeros(2),
    }


def init_params_positive(hidden, rng):
    """rng.random draws from 0 to 1 only, so no weight is negative."""
    return {
        "W1": rng.random((2, hidden)),
        "b1": np.zeros(hidden),
        "W2": rng.random((hidden, 2)),
        "b2": np.zeros(2),
    }


def init_params_hundredth(hidden, rng):
    """The weights have the size 0.01, as in another course, and are too small."""
    return {
        "W1": rng.standard_normal((2, hidden)) * 0.01,
        "b1": np.zeros(hidden),
        "W2": rng.standard_normal((hidden, 2)) * 0.01,
        "b2": np.zeros(2),
    }


def init_params_global_random(hidden, rng):
    """It draws with np.random and not with rng."""
    return {
        "W1": np.random.randn(2, hidden),  # noqa: NPY002
        "b1": np.zeros(hidden),
        "W2": np.random.randn(hidden, 2),  # noqa: NPY002
        "b2": np.zeros(2),
    }


def init_params_own_seed(hidden, rng):
    """It replaces rng by a generator of its own with the seed 42, so all starts are alike."""
    rng = np.random.default_rng(42)
    return {
        "W1": rng.normal(0, 1, (2, hidden)),
        "b1": np.zeros(hidden),
        "W2": rng.normal(0, 1, (hidden, 2)),
        "b2": np.zeros(2),
    }


def init_params_tied(hidden, rng):
    """W2 is W1 transposed and not drawn by itself."""
    W1 = rng.uniform(-1, 1, (2, hidden))
    return {"W1": W1, "b1": np.zeros(hidden), "W2": W1.T, "b2": np.zeros(2)}


def init_params_units_alike(hidden, rng):
    """One hidden unit is drawn and repeated, so that all hidden units are alike."""
    W1 = np.tile(rng.standard_normal((2, 1)), (1, hidden))
    W2 = np.tile(rng.standard_normal((1, 2)), (hidden, 1))
    return {"W1": W1, "b1": np.zeros(hidden), "W2": W2, "b2": np.zeros(2)}


def init_params_transposed(hidden, rng):
    """The shapes are (units, inputs), as in PyTorch."""
    return {
        "W1": rng.standard_normal((hidden, 2)),
        "b1": np.zeros(hidden),
        "W2": rng.standard_normal((2, hidden)),
        "b2": np.zeros(2),
    }


def init_params_bias_rows(hidden, rng):
    """The biases are matrices with one row."""
    return {
        "W1": rng.standard_normal((2, hidden)),
        "b1": np.zeros((1, hidden)),
        "W2": rng.standard_normal((hidden, 2)),
        "b2": np.zeros((1, 2)),
    }


def init_params_always_three(hidden, rng):
    """There are always three hidden units."""
    return {
        "W1": rng.standard_normal((2, 3)),
        "b1": np.zeros(3),
        "W2": rng.standard_normal((3, 2)),
        "b2": np.zeros(2),
    }


def init_params_tuple(hidden, rng):
    """It returns a tuple and not a dict."""
    W1, W2 = rng.standard_normal((2, hidden)), rng.standard_normal((hidden, 2))
    return W1, np.zeros(hidden), W2, np.zeros(2)


def init_params_ten_wide(hidden, rng):
    """The weights lie between -10 and 10, and are too large."""
    return {
        "W1": rng.uniform(-10, 10, (2, hidden)),
        "b1": np.zeros(hidden),
        "W2": rng.uniform(-10, 10, (hidden, 2)),
        "b2": np.zeros(2),
    }


def init_params_normal_swapped(hidden, rng):
    """Mean and spread of the normal distribution are swapped, so all weights are 0.5."""
    return {
        "W1": rng.normal(0.5, 0, (2, hidden)),
        "b1": np.zeros(hidden),
        "W2": rng.normal(0.5, 0, (hidden, 2)),
        "b2": np.zeros(2),
    }


# ---------------------------------------------------------------- init_params, right


def init_params(hidden, rng):
    return {
        "W1": rng.standard_normal((2, hidden)),
        "b1": np.zeros(hidden),
        "W2": rng.standard_normal((hidden, 2)),
        "b2": np.zeros(2),
    }


def init_params_uniform(hidden, rng):
    shapes = {"W1": (2, hidden), "W2": (hidden, 2), "b1": hidden, "b2": 2}
    return {name: rng.uniform(-1, 1, shape) for name, shape in shapes.items()}


def init_params_one_draw(hidden, rng):
    all_numbers = rng.normal(0.0, 0.8, 4 * hidden)
    return dict(
        b2=np.zeros(2),
        W2=all_numbers[: 2 * hidden].reshape(hidden, 2),
        b1=np.zeros(hidden),
        W1=all_numbers[2 * hidden :].reshape(2, hidden),
    )


def init_params_one_by_one(hidden, rng):
    W1, W2 = np.zeros((2, hidden)), np.zeros((hidden, 2))
    for j in range(hidden):
        for i in range(2):
            W1[i, j] = 2 * rng.random() - 1
            W2[j, i] = 2 * rng.random() - 1
    return {"W1": W1, "W2": W2, "b1": np.zeros(hidden), "b2": np.zeros(2)}


def init_params_he(hidden, rng):
    def weights(n_in, n_out):
        return rng.standard_normal((n_in, n_out)) * np.sqrt(2 / n_in)

    params = {}
    params["W1"] = weights(2, hidden)
    params["W2"] = weights(hidden, 2)
    params["b1"] = np.array([0.0] * hidden)
    params["b2"] = np.array([0.0, 0.0])
    return params


# ---------------------------------------------------------------- loss_and_gradients, wrong


def _parts(params, X):
    H = sigmoid(X @ params["W1"] + params["b1"])
    return H, sigmoid(H @ params["W2"] + params["b2"])


def _loss(params, out, Y, l2):
    penalty = np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2)
    return np.sum((out - Y) ** 2) / (2 * len(Y)) + l2 / 2 * penalty


def lag_sum_over_samples(params, X, Y, l2):
    """The gradients are those of the sum over the samples, not of the mean."""
    H, out = _parts(params, X)
    d2 = (out - Y) * out * (1 - out)
    d1 = d2 @ params["W2"].T * H * (1 - H)
    return _loss(params, out, Y, l2), {
        "W1": X.T @ d1 + l2 * params["W1"],
        "b1": d1.sum(axis=0),
        "W2": H.T @ d2 + l2 * params["W2"],
        "b2": d2.sum(axis=0),
    }


def lag_mean_over_entries(params, X, Y, l2):
    """Loss and gradients are divided by the number of outputs as well, as np.mean does."""
    H, out = _parts(params, X)
    E = out - Y
    loss = 0.5 * np.mean(E**2) + l2 / 2 * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))
    d2 = E * out * (1 - out) / E.size
    d1 = d2 @ params["W2"].T * H * (1 - H)
    return loss, {
        "W1": X.T @ d1 + l2 * params["W1"],
        "b1": d1.sum(axis=0),
        "W2": H.T @ d2 + l2 * params["W2"],
        "b2": d2.sum(axis=0),
    }


def lag_no_half(params, X, Y, l2):
    """The loss has no half, and its gradients the factor 2."""
    H, out = _parts(params, X)
    n = len(X)
    loss = np.sum((out - Y) ** 2) / n + l2 / 2 * sum(np.sum(params[k] ** 2) for k in ("W1", "W2"))
    d2 = 2 * (out - Y) * out * (1 - out) / n
    d1 = d2 @ params["W2"].T * H * (1 - H)
    return loss, {
        "W1": X.T @ d1 + l2 * params["W1"],
        "b1": d1.sum(0),
        "W2": H.T @ d2 + l2 * params["W2"],
        "b2": d2.sum(0),
    }


def lag_penalty_twice(params, X, Y, l2):
    """The gradient of the penalty is 2 l2 W instead of l2 W."""
    H, out = _parts(params, X)
    d2 = (out - Y) * out * (1 - out) / len(X)
    d1 = d2 @ params["W2"].T * H * (1 - H)
    return _loss(params, out, Y, l2), {
        "W1": X.T @ d1 + 2 * l2 * params["W1"],
        "b1": d1.sum(axis=0),
        "W2": H.T @ d2 + 2 * l2 * params["W2"],
        "b2": d2.sum(axis=0),
    }


def lag_biases_penalised(params, X, Y, l2):
    """The biases are penalised too, in the loss and in the gradients."""
    H, out = _parts(params, X)
    d2 = (out - Y) * out * (1 - out) / len(X)
    d1 = d2 @ params["W2"].T * H * (1 - H)
    gradients = {"W1": X.T @ d1, "b1": d1.sum(axis=0), "W2": H.T @ d2, "b2": d2.sum(axis=0)}
    loss = np.sum((out - Y) ** 2) / (2 * len(X))
    for name in params:
        loss += l2 / 2 * np.sum(params[name] ** 2)
        gradients[name] = gradients[name] + l2 * params[name]
    return loss, gradients


def lag_penalty_in_loss_only(params, X, Y, l2):
    """The penalty is in the loss, but not in the gradients."""
    H, out = _parts(params, X)
    d2 = (out - Y) * out * (1 - out) / len(X)
    d1 = d2 @ params["W2"].T * H * (1 - H)
    gradients = {"W1": X.T @ d1, "b1": d1.sum(axis=0), "W2": H.T @ d2, "b2": d2.sum(axis=0)}
    return _loss(params, out, Y, l2), gradients


def lag_penalty_over_n(params, X, Y, l2):
    """The penalty is divided by the number of samples, as in another course."""
    H, out = _parts(params, X)
    n = len(X)
    loss = (
        np.sum((out - Y) ** 2)
        + l2 * (np.sum(np.square(params["W1"])) + np.sum(np.square(params["W2"])))
    ) / (2 * n)
    d2 = (out - Y) * out * (1 - out)
    d1 = d2 @ params["W2"].T * H * (1 - H)
    return loss, {
        "W1": (X.T @ d1 + l2 * params["W1"]) / n,
        "b1": d1.sum(axis=0) / n,
        "W2": (H.T @ d2 + l2 * params["W2"]) / n,
        "b2": d2.sum(axis=0) / n,
    }


def lag_slope_of_the_output(params, X, Y, l2):
    """The slope takes sigmoid of what came out of the unit, so sigmoid is applied twice."""

    def slope(a):
        return sigmoid(a) * (1 - sigmoid(a))

    H, out = _parts(params, X)
    d2 = (out - Y) * slope(out) / len(X)
    d1 = d2 @ params["W2"].T * slope(H)
    return _loss(params, out, Y, l2), {
        "W1": X.T @ d1 + l2 * params["W1"],
        "b1": d1.sum(axis=0),
        "W2": H.T @ d2 + l2 * params["W2"],
        "b2": d2.sum(axis=0),
    }


def lag_cross_entropy_delta(params, X, Y, l2):
    """The delta of the outputs lacks their slope, as it would with cross-entropy."""
    H, out = _parts(params, X)
    d2 = (out - Y) / len(X)
    d1 = d2 @ params["W2"].T * H * (1 - H)
    return _loss(params, out, Y, l2), {
        "W1": X.T @ d1 + l2 * params["W1"],
        "b1": d1.sum(axis=0),
        "W2": H.T @ d2 + l2 * params["W2"],
        "b2": d2.sum(axis=0),
    }


def lag_error_sign(params, X, Y, l2):
    """The error is Y - out, so that the gradients point downhill."""
    H, out = _parts(params, X)
    d2 = (Y - out) * out * (1 - out) / len(X)
    d1 = d2 @ params["W2"].T * H * (1 - H)
    return _loss(params, out, Y, l2), {
        "W1": X.T @ d1 + l2 * params["W1"],
        "b1": d1.sum(axis=0),
        "W2": H.T @ d2 + l2 * params["W2"],
        "b2": d2.sum(axis=0),
    }


def lag_bias_mean(params, X, Y, l2):
    """The gradients by the biases are divided by n twice."""
    H, out = _parts(params, X)
    d2 = (out - Y) * out * (1 - out) / len(X)
    d1 = d2 @ params["W2"].T * H * (1 - H)
    return _loss(params, out, Y, l2), {
        "W1": X.T @ d1 + l2 * params["W1"],
        "b1": d1.mean(axis=0),
        "W2": H.T @ d2 + l2 * params["W2"],
        "b2": d2.mean(axis=0),
    }


def lag_bias_keepdims(params, X, Y, l2):
    """The gradients by the biases have the shape (1, units)."""
    H, out = _parts(params, X)
    d2 = (out - Y) * out * (1 - out) / len(X)
    d1 = d2 @ params["W2"].T * H * (1 - H)
    return _loss(params, out, Y, l2), {
        "W1": X.T @ d1 + l2 * params["W1"],
        "b1": d1.sum(axis=0, keepdims=True),
        "W2": H.T @ d2 + l2 * params["W2"],
        "b2": d2.sum(axis=0, keepdims=True),
    }


def lag_moves_w2_first(params, X, Y, l2):
    """A step is taken on W2 in place before the deltas of the hidden units are computed."""
    H, out = _parts(params, X)
    loss = _loss(params, out, Y, l2)
    d2 = (out - Y) * out * (1 - out) / len(X)
    gradients = {"W2": H.T @ d2 + l2 * params["W2"], "b2": d2.sum(axis=0)}
    params["W2"] -= gradients["W2"]
    d1 = d2 @ params["W2"].T * H * (1 - H)
    gradients["W1"] = X.T @ d1 + l2 * params["W1"]
    gradients["b1"] = d1.sum(axis=0)
    return loss, gradients


def lag_last_sample_only(params, X, Y, l2):
    """In the loop over the samples the gradients are overwritten, not added up."""
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    n, loss = len(X), 0.0
    for x, y in zip(X, Y, strict=False):
        h = sigmoid(x @ W1 + b1)
        out = sigmoid(h @ W2 + b2)
        loss += np.sum((out - y) ** 2) / (2 * n)
        d2 = (out - y) * out * (1 - out) / n
        d1 = W2 @ d2 * h * (1 - h)
        g = {"W1": np.outer(x, d1), "b1": d1, "W2": np.outer(h, d2), "b2": d2}
    g["W1"] = g["W1"] + l2 * W1
    g["W2"] = g["W2"] + l2 * W2
    return loss + l2 / 2 * (np.sum(W1**2) + np.sum(W2**2)), g


def lag_target_in_place(params, X, Y, l2):
    """The error is computed in place in Y, which changes what was passed."""
    H, out = _parts(params, X)
    loss = _loss(params, out, Y, l2)
    Y -= out
    d2 = -Y * out * (1 - out) / len(X)
    d1 = d2 @ params["W2"].T * H * (1 - H)
    return loss, {
        "W1": X.T @ d1 + l2 * params["W1"],
        "b1": d1.sum(axis=0),
        "W2": H.T @ d2 + l2 * params["W2"],
        "b2": d2.sum(axis=0),
    }


def lag_hidden_slope_missing(params, X, Y, l2):
    """The deltas of the hidden units lack their slope."""
    H, out = _parts(params, X)
    d2 = (out - Y) * out * (1 - out) / len(X)
    d1 = d2 @ params["W2"].T
    return _loss(params, out, Y, l2), {
        "W1": X.T @ d1 + l2 * params["W1"],
        "b1": d1.sum(axis=0),
        "W2": H.T @ d2 + l2 * params["W2"],
        "b2": d2.sum(axis=0),
    }


def lag_root_of_penalty(params, X, Y, l2):
    """The penalty in the loss is the length of the weights, not the sum of the squares."""
    _H, out = _parts(params, X)
    loss = np.sum((out - Y) ** 2) / (2 * len(X))
    loss += l2 / 2 * (np.linalg.norm(params["W1"]) + np.linalg.norm(params["W2"]))
    return loss, loss_and_gradients(params, X, Y, l2)[1]


# ---------------------------------------------------------------- loss_and_gradients, right


def loss_and_gradients(params, X, Y, l2):
    H = sigmoid(X @ params["W1"] + params["b1"])
    out = sigmoid(H @ params["W2"] + params["b2"])
    error = out - Y
    n = len(X)
    loss = np.sum(error**2) / (2 * n)
    loss += l2 / 2 * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))
    d2 = error * out * (1 - out) / n
    d1 = d2 @ params["W2"].T * H * (1 - H)
    return loss, {
        "W1": X.T @ d1 + l2 * params["W1"],
        "b1": d1.sum(axis=0),
        "W2": H.T @ d2 + l2 * params["W2"],
        "b2": d2.sum(axis=0),
    }


def lag_sample_by_sample(params, X, Y, l2):
    gradients = {name: np.zeros(np.shape(value)) for name, value in params.items()}
    loss = 0.0
    for x, y in zip(X, Y, strict=False):
        h = sigmoid(x @ params["W1"] + params["b1"])
        out = sigmoid(h @ params["W2"] + params["b2"])
        loss += 0.5 * np.dot(out - y, out - y)
        d2 = (out - y) * out * (1 - out)
        d1 = params["W2"] @ d2 * h * (1 - h)
        gradients["W1"] += np.outer(x, d1)
        gradients["b1"] += d1
        gradients["W2"] += np.outer(h, d2)
        gradients["b2"] += d2
    loss /= len(X)
    for name in gradients:
        gradients[name] /= len(X)
        if name.startswith("W"):
            gradients[name] += l2 * params[name]
            loss += 0.5 * l2 * (params[name] ** 2).sum()
    return loss, gradients


def lag_einsum(params, X, Y, l2):
    H = sigmoid(np.einsum("ni,ij->nj", X, params["W1"]) + params["b1"])
    out = predict(params, X)
    d2 = (out - Y) * (out - out**2)
    d1 = np.einsum("nk,jk,nj->nj", d2, params["W2"], H - H * H)
    size = sum(np.vdot(params[name], params[name]) for name in ("W1", "W2"))
    loss = 0.5 * np.mean(np.sum((out - Y) ** 2, axis=1)) + 0.5 * l2 * size
    return loss, {
        "b2": d2.mean(axis=0),
        "W2": np.einsum("nj,nk->jk", H, d2) / len(X) + l2 * params["W2"],
        "b1": d1.mean(axis=0),
        "W1": np.einsum("ni,nj->ij", X, d1) / len(X) + l2 * params["W1"],
    }


def lag_with_ones(params, X, Y, l2):
    ones = np.ones((len(X), 1))
    X1 = np.hstack([X, ones])
    A1 = np.vstack([params["W1"], params["b1"]])
    H1 = np.hstack([sigmoid(X1 @ A1), ones])
    A2 = np.vstack([params["W2"], params["b2"]])
    out = sigmoid(H1 @ A2)
    d2 = (out - Y) * out * (1 - out) / len(X)
    G2 = H1.T @ d2
    d1 = (d2 @ A2.T * H1 * (1 - H1))[:, :-1]
    G1 = X1.T @ d1
    loss = ((out - Y) ** 2).sum(axis=1).mean() / 2
    loss = loss + l2 * ((A1[:-1] ** 2).sum() + (A2[:-1] ** 2).sum()) / 2
    return loss, {
        "W1": G1[:-1] + l2 * A1[:-1],
        "b1": G1[-1],
        "W2": G2[:-1] + l2 * A2[:-1],
        "b2": G2[-1],
    }


def lag_loops(params, X, Y, l2):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    n, hidden = len(X), len(b1)
    g1, gb1 = np.zeros((2, hidden)), np.zeros(hidden)
    g2, gb2 = np.zeros((hidden, 2)), np.zeros(2)
    loss = 0.0
    for s in range(n):
        h = [sigmoid(sum(X[s, i] * W1[i, j] for i in range(2)) + b1[j]) for j in range(hidden)]
        y = [sigmoid(sum(h[j] * W2[j, k] for j in range(hidden)) + b2[k]) for k in range(2)]
        delta = []
        for k in range(2):
            e = y[k] - Y[s, k]
            loss += e * e / (2 * n)
            delta.append(e * y[k] * (1 - y[k]) / n)
            gb2[k] += delta[k]
        for j in range(hidden):
            back = 0.0
            for k in range(2):
                g2[j, k] += h[j] * delta[k]
                back += W2[j, k] * delta[k]
            back *= h[j] * (1 - h[j])
            gb1[j] += back
            for i in range(2):
                g1[i, j] += X[s, i] * back
    loss += l2 / 2 * (np.sum(W1 * W1) + np.sum(W2 * W2))
    return loss, {"W1": g1 + l2 * W1, "b1": gb1, "W2": g2 + l2 * W2, "b2": gb2}


# ---------------------------------------------------------------- train, wrong


def train_losses_before_only(params, X, Y, learning_rate, steps, l2=0.0):
    """There are only as many losses as steps: the one after the last step is missing."""
    params = copy.deepcopy(params)
    losses = []
    for _ in range(steps):
        loss, g = loss_and_gradients(params, X, Y, l2)
        losses.append(loss)
        for name in params:
            params[name] = params[name] - learning_rate * g[name]
    return params, losses


def train_no_start_loss(params, X, Y, learning_rate, steps, l2=0.0):
    """The loss at the start is missing."""
    losses = []
    for _ in range(steps):
        _, g = loss_and_gradients(params, X, Y, l2)
        params = {name: params[name] - learning_rate * g[name] for name in params}
        losses.append(loss_and_gradients(params, X, Y, l2)[0])
    return params, losses


def train_in_place(params, X, Y, learning_rate, steps, l2=0.0):
    """It changes the arrays that were passed in."""
    losses = [loss_and_gradients(params, X, Y, l2)[0]]
    for _ in range(steps):
        _, g = loss_and_gradients(params, X, Y, l2)
        for name in params:
            params[name] -= learning_rate * g[name]
        losses.append(loss_and_gradients(params, X, Y, l2)[0])
    return params, losses


def train_shallow_copy(params, X, Y, learning_rate, steps, l2=0.0):
    """Only the dict is copied, and the arrays in it are changed in place."""
    params = params.copy()
    losses = [loss_and_gradients(params, X, Y, l2)[0]]
    for _ in range(steps):
        _, g = loss_and_gradients(params, X, Y, l2)
        for name in params:
            params[name] -= learning_rate * g[name]
        losses.append(loss_and_gradients(params, X, Y, l2)[0])
    return params, losses


def train_replaces_in_dict(params, X, Y, learning_rate, steps, l2=0.0):
    """New arrays are made, but put into the dict that was passed in."""
    losses = []
    for _ in range(steps):
        loss, g = loss_and_gradients(params, X, Y, l2)
        losses.append(loss)
        for name in ("W1", "b1", "W2", "b2"):
            params[name] = params[name] - learning_rate * g[name]
    losses.append(loss_and_gradients(params, X, Y, l2)[0])
    return params, losses


def train_one_array_after_another(params, X, Y, learning_rate, steps, l2=0.0):
    """The gradients are computed anew after each of the four arrays has moved."""
    params = dict(params)
    losses = [loss_and_gradients(params, X, Y, l2)[0]]
    for _ in range(steps):
        for name in ("W1", "b1", "W2", "b2"):
            g = loss_and_gradients(params, X, Y, l2)[1]
            params[name] = params[name] - learning_rate * g[name]
        losses.append(loss_and_gradients(params, X, Y, l2)[0])
    return params, losses


def train_ignores_l2(params, X, Y, learning_rate, steps, l2=0.0):
    """l2 is not passed on, so that there is never a penalty."""
    losses = []
    for _ in range(steps):
        loss, g = loss_and_gradients(params, X, Y, 0.0)
        losses.append(loss)
        params = {name: params[name] - learning_rate * g[name] for name in params}
    return params, [*losses, loss_and_gradients(params, X, Y, 0.0)[0]]


def train_stops_early(params, X, Y, learning_rate, steps, l2=0.0):
    """It stops when the loss hardly changes any more, and returns fewer losses."""
    losses = [loss_and_gradients(params, X, Y, l2)[0]]
    for _ in range(steps):
        _, g = loss_and_gradients(params, X, Y, l2)
        params = {name: params[name] - learning_rate * g[name] for name in params}
        losses.append(loss_and_gradients(params, X, Y, l2)[0])
        if abs(losses[-1] - losses[-2]) < 1e-6:
            break
    return params, losses


def train_uphill(params, X, Y, learning_rate, steps, l2=0.0):
    """The gradient is added instead of subtracted."""
    losses = []
    for _ in range(steps):
        loss, g = loss_and_gradients(params, X, Y, l2)
        losses.append(loss)
        params = {name: params[name] + learning_rate * g[name] for name in params}
    losses.append(loss_and_gradients(params, X, Y, l2)[0])
    return params, losses


def train_one_sample_a_step(params, X, Y, learning_rate, steps, l2=0.0):
    """Each step takes one sample, in turn, and not all of them."""
    losses = [loss_and_gradients(params, X, Y, l2)[0]]
    for t in range(steps):
        i = t % len(X)
        _, g = loss_and_gradients(params, X[i : i + 1], Y[i : i + 1], l2)
        params = {name: params[name] - learning_rate * g[name] for name in params}
        losses.append(loss_and_gradients(params, X, Y, l2)[0])
    return params, losses


def train_losses_first(params, X, Y, learning_rate, steps, l2=0.0):
    """The losses are returned first and the params second."""
    losses = []
    for _ in range(steps):
        loss, g = loss_and_gradients(params, X, Y, l2)
        losses.append(loss)
        params = {name: params[name] - learning_rate * g[name] for name in params}
    losses.append(loss_and_gradients(params, X, Y, l2)[0])
    return losses, params


def train_losses_without_penalty(params, X, Y, learning_rate, steps, l2=0.0):
    """The gradients have the penalty, but the losses returned have not."""
    losses = [loss_and_gradients(params, X, Y, 0)[0]]
    for _ in range(steps):
        _, g = loss_and_gradients(params, X, Y, l2)
        params = {name: params[name] - learning_rate * g[name] for name in params}
        losses.append(loss_and_gradients(params, X, Y, 0)[0])
    return params, losses


def train_stale_loss(params, X, Y, learning_rate, steps, l2=0.0):
    """The loss appended after a step is the one from before it, so the start comes twice."""
    loss, g = loss_and_gradients(params, X, Y, l2)
    losses = [loss]
    for _ in range(steps):
        loss, g = loss_and_gradients(params, X, Y, l2)
        params = {name: params[name] - learning_rate * g[name] for name in params}
        losses.append(loss)
    return params, losses


def train_keeps_the_best(params, X, Y, learning_rate, steps, l2=0.0):
    """It returns the params with the least loss, not those at the end."""
    losses, best = [], params
    for _ in range(steps + 1):
        loss, g = loss_and_gradients(params, X, Y, l2)
        if not losses or loss < min(losses):
            best = params
        losses.append(loss)
        params = {name: params[name] - learning_rate * g[name] for name in params}
    return best, losses


def train_one_step_too_many(params, X, Y, learning_rate, steps, l2=0.0):
    """The losses are right, but a step is taken after the last loss."""
    losses = []
    for _ in range(steps + 1):
        loss, g = loss_and_gradients(params, X, Y, l2)
        losses.append(loss)
        params = {name: params[name] - learning_rate * g[name] for name in params}
    return params, losses


def train_remembered_losses(params, X, Y, learning_rate, steps, l2=0.0, losses=[]):  # noqa: B006
    """The list of losses is a default argument, so a second call goes on with the first's list."""
    for _ in range(steps):
        loss, g = loss_and_gradients(params, X, Y, l2)
        losses.append(loss)
        params = {name: params[name] - learning_rate * g[name] for name in params}
    losses.append(loss_and_gradients(params, X, Y, l2)[0])
    return params, losses


# ---------------------------------------------------------------- train, right


def train(params, X, Y, learning_rate, steps, l2=0.0):
    losses = []
    for _ in range(steps):
        loss, gradients = loss_and_gradients(params, X, Y, l2)
        losses.append(loss)
        params = {name: params[name] - learning_rate * gradients[name] for name in params}
    losses.append(loss_and_gradients(params, X, Y, l2)[0])
    return params, losses


def train_deepcopy(params, X, Y, learning_rate, steps, l2=0.0):
    params = {name: np.array(value, dtype=float) for name, value in params.items()}
    loss, g = loss_and_gradients(params, X, Y, l2)
    losses = np.empty(steps + 1)
    losses[0] = loss
    for t in range(1, steps + 1):
        for name in g:
            params[name] -= learning_rate * g[name]
        losses[t], g = loss_and_gradients(params, X, Y, l2)
    return params, losses


def train_recursive_step(params, X, Y, learning_rate, steps, l2=0.0):
    def step(now):
        g = lag_einsum(now, X, Y, l2)[1]
        return {name: now[name] - learning_rate * g[name] for name in g}

    visited = [params]
    while len(visited) <= steps:
        visited.append(step(visited[-1]))
    end = {name: array.copy() for name, array in visited[-1].items()}
    return end, [lag_einsum(one, X, Y, l2)[0] for one in visited]


def train_four_arrays(params, X, Y, learning_rate, steps, l2=0.0):
    W1, b1 = params["W1"].copy(), params["b1"].copy()
    W2, b2 = params["W2"].copy(), params["b2"].copy()
    losses = []
    for t in range(steps + 1):
        loss, g = loss_and_gradients({"W1": W1, "b1": b1, "W2": W2, "b2": b2}, X, Y, l2)
        losses.append(float(loss))
        if t < steps:
            W1 = W1 - learning_rate * g["W1"]
            b1 = b1 - learning_rate * g["b1"]
            W2 = W2 - learning_rate * g["W2"]
            b2 = b2 - learning_rate * g["b2"]
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, losses


def train_own_gradients(params, X, Y, learning_rate, steps, l2=0.0):
    now = copy.deepcopy(params)
    first, _ = loss_and_gradients(now, X, Y, l2)
    losses = [first]
    for _ in range(steps):
        _, gradients = lag_with_ones(now, X, Y, l2)
        now.update({name: now[name] - learning_rate * g for name, g in gradients.items()})
        losses += [loss_and_gradients(now, X, Y, l2)[0]]
    return now, np.array(losses)


WRONG = {
    "predict": [
        (predict_no_hidden_bias, ("b1 forgotten",)),
        (predict_linear_output, ("no logistic at the output",)),
        (predict_softmax_output, ("softmax at the output",)),
        (predict_tanh_hidden, ("tanh at the hidden units",)),
        (predict_weights_transposed, ("both transposed",)),
        (predict_three_hidden, ("three hidden units",)),
        (predict_params_by_order, ("by the order of the dict",)),
        (predict_bias_trick_in_params, ("params changed",)),
        (predict_sign_of_exponent, ("sign in the exponent",)),
        (predict_return_in_loop, ("first sample alone",)),
        (predict_squeezed, ("squeezed",)),
        (predict_dtype_of_inputs, ("hidden layer of X's type",)),
        (predict_rounded, ("rounded to four decimals",)),
    ],
    "accuracy": [
        (accuracy_count, ("a count",)),
        (accuracy_percent, ("per cent",)),
        (accuracy_axis_zero, ("down the columns",)),
        (accuracy_half_as_threshold, ("second output over a half",)),
        (accuracy_rounded_outputs, ("both outputs rounded",)),
        (accuracy_share_wrong, ("the wrong ones",)),
        (accuracy_divided_by_four, ("divided by four",)),
        (accuracy_floor_division, ("all or nothing",)),
        (accuracy_column_of_labels, ("every sample with every label",)),
        (accuracy_flat_argmax, ("one place for all",)),
        (accuracy_mean_of_classes, ("mean of the classes' shares",)),
        (accuracy_classes_swapped, ("the wrong ones",)),
        (accuracy_two_decimals, ("rounded to 1 decimals",)),
    ],
    "init_params": [
        (init_params_zeros, ("zeros",)),
        (init_params_all_alike, ("one number drawn for each matrix",)),
        (init_params_positive, ("positive",)),
        (init_params_hundredth, ("tiny",)),
        (init_params_global_random, ("global generator",)),
        (init_params_own_seed, ("own seed",)),
        (init_params_tied, ("tied",)),
        (init_params_units_alike, ("units alike",)),
        (init_params_transposed, ("transposed",)),
        (init_params_bias_rows, ("biases as matrices",)),
        (init_params_always_three, ("three hidden units",)),
        (init_params_tuple, ("a tuple",)),
        (init_params_ten_wide, ("huge",)),
        (init_params_normal_swapped, ("zeros",)),
    ],
    "loss_and_gradients": [
        (lag_sum_over_samples, ("missing 1/n in the gradients",)),
        (lag_mean_over_entries, ("half kept", "mean over all entries in the loss")),
        (lag_no_half, ("factor 2 in the gradients", "half forgotten in the loss")),
        (lag_penalty_twice, ("2 in the penalty's gradient",)),
        (lag_biases_penalised, ("biases penalised",)),
        (lag_penalty_in_loss_only, ("penalty in the loss alone",)),
        (lag_penalty_over_n, ("penalty over n",)),
        (lag_slope_of_the_output, ("slope at the outputs",)),
        (lag_cross_entropy_delta, ("no slope at the output",)),
        (lag_error_sign, ("sign",)),
        (lag_bias_mean, ("bias gradients averaged again",)),
        (lag_bias_keepdims, ("bias gradients with a kept axis",)),
        (lag_moves_w2_first, ("W2 moved first",)),
        (lag_last_sample_only, ("last sample alone",)),
        (lag_target_in_place, ("params moved",)),
        (lag_hidden_slope_missing, ("no slope at the hidden units",)),
        (lag_root_of_penalty, ("length of the weights",)),
    ],
    "train": [
        (train_losses_before_only, ("end left out",)),
        (train_no_start_loss, ("start left out",)),
        (train_in_place, ("params moved in place",)),
        (train_shallow_copy, ("params moved in place",)),
        (train_replaces_in_dict, ("params moved in place",)),
        (train_one_array_after_another, ("one array after the other",)),
        (train_ignores_l2, ("penalty forgotten",)),
        (train_stops_early, ("stops when the loss hardly moves",)),
        (train_uphill, ("along the gradient",)),
        (train_one_sample_a_step, ("samples by turns",)),
        (train_losses_first, ("losses first",)),
        (train_losses_without_penalty, ("losses without penalty",)),
        (train_stale_loss, ("the start's loss twice",)),
        (train_keeps_the_best, ("the best params",)),
        (train_one_step_too_many, ("a step after the last loss", "one step too many")),
        (train_remembered_losses, ()),
    ],
}


RIGHT = {
    "predict": [
        predict,
        predict_loops,
        predict_layers,
        predict_einsum,
        predict_rows,
        predict_bias_trick,
    ],
    "accuracy": [
        accuracy,
        accuracy_counting,
        accuracy_own_output,
        accuracy_comparison,
        accuracy_listed,
    ],
    "init_params": [
        init_params,
        init_params_uniform,
        init_params_one_draw,
        init_params_one_by_one,
        init_params_he,
    ],
    "loss_and_gradients": [
        loss_and_gradients,
        lag_sample_by_sample,
        lag_einsum,
        lag_with_ones,
        lag_loops,
    ],
    "train": [
        train,
        train_deepcopy,
        train_recursive_step,
        train_four_arrays,
        train_own_gradients,
    ],
}
