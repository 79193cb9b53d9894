"""The demonstration class of this assignment: who hands in what, and the marks they must get.

A function holds what one student has written. It is read and not called, see tools/answers.py.
"""

import numpy as np

from tools.demo import Submission

FULL = {"predict": 2, "accuracy": 2, "init_params": 3, "loss_and_gradients": 6, "train": 3}
NOTHING = dict.fromkeys(FULL, 0)


def differently_written():
    def logistic(z):
        return (1 + np.tanh(z / 2)) / 2

    def predict(params, X):
        for k in "12":
            X = logistic(np.dot(X, params["W" + k]) + params["b" + k])
        return X

    def accuracy(params, X, labels):
        outputs = predict(params, X)
        named = [int(second > first) for first, second in outputs]
        right = [a == b for a, b in zip(named, labels)]
        return sum(right) / len(right)

    def init_params(hidden, rng):
        W1 = rng.uniform(-1, 1, (2, hidden)) / 2**0.5
        W2 = rng.uniform(-1, 1, (hidden, 2)) / hidden**0.5
        return dict(W1=W1, b1=[0.0] * hidden, W2=W2, b2=[0.0, 0.0])

    def loss_and_gradients(params, X, Y, l2):
        total = {name: np.zeros(np.shape(params[name])) for name in params}
        loss = 0.0
        for x, y in zip(X, Y):
            h = logistic(x @ params["W1"] + params["b1"])
            out = logistic(h @ params["W2"] + params["b2"])
            loss += np.sum((y - out) ** 2) / 2
            delta2 = -(y - out) * out * (1 - out)
            delta1 = params["W2"] @ delta2 * h * (1 - h)
            total["W1"] += np.outer(x, delta1)
            total["b1"] += delta1
            total["W2"] += np.outer(h, delta2)
            total["b2"] += delta2
        gradients = {name: total[name] / len(X) for name in total}
        loss = loss / len(X)
        for name in ("W1", "W2"):
            loss += 0.5 * l2 * np.sum(params[name] ** 2)
            gradients[name] += l2 * params[name]
        return loss, gradients

    import copy

    def train(params, X, Y, learning_rate, steps, l2=0.0):
        params = copy.deepcopy(params)
        losses = np.zeros(steps + 1)
        for k in range(steps + 1):
            losses[k], gradients = loss_and_gradients(params, X, Y, l2)
            if k < steps:
                for name in params:
                    params[name] -= learning_rate * gradients[name]
        return params, losses


def only_forwards():
    def predict(params, X):
        h = 1 / (1 + np.exp(-(X @ params["W1"] + params["b1"])))
        return 1 / (1 + np.exp(-(h @ params["W2"] + params["b2"])))

    def accuracy(params, X, labels):
        return (predict(params, X).argmax(axis=1) == labels).mean()

    def init_params(hidden, rng):
        return {
            "W1": rng.normal(size=(2, hidden)),
            "b1": np.zeros(hidden),
            "W2": rng.normal(size=(hidden, 2)),
            "b2": np.zeros(2),
        }


def as_in_the_source():
    """S3's program: no biases, a mean loss with summed gradients, and one number, l2·ΣW², added to
    every weight's gradient. The functions that call these are right, and lose nothing.
    """

    def sigmoid(z):
        return 1.0 / (1.0 + np.exp(-z))

    def predict(params, X):
        return sigmoid(sigmoid(X @ params["W1"]) @ params["W2"])

    def init_params(hidden, rng):
        return {
            "W1": rng.uniform(-1, 1, (2, hidden)) / np.sqrt(2),
            "W2": rng.uniform(-1, 1, (hidden, 2)) / np.sqrt(hidden),
        }

    def loss_and_gradients(params, X, Y, l2):
        W1, W2 = params["W1"], params["W2"]
        h1 = sigmoid(X @ W1)
        h2 = sigmoid(h1 @ W2)
        penalty = (W1**2).sum() + (W2**2).sum()
        loss = (((Y - h2) ** 2).sum() + l2 * penalty) / (2 * len(X))
        dz2 = -(Y - h2) * h2 * (1 - h2)
        dz1 = dz2 @ W2.T * h1 * (1 - h1)
        return loss, {"W1": X.T @ dz1 + l2 * (W1**2).sum(), "W2": h1.T @ dz2 + l2 * (W2**2).sum()}


def usual_slips():
    """tanh hidden units, ½ as a threshold, a start of zeros, no 1/n in the gradients, and the last
    loss not noted.
    """

    def predict(params, X):
        h = np.tanh(X @ params["W1"] + params["b1"])
        return 1 / (1 + np.exp(-(h @ params["W2"] + params["b2"])))

    def accuracy(params, X, labels):
        h = 1 / (1 + np.exp(-(X @ params["W1"] + params["b1"])))
        out = 1 / (1 + np.exp(-(h @ params["W2"] + params["b2"])))
        return np.mean((out[:, 1] > 0.5) == labels)

    def init_params(hidden, rng):
        return {
            "W1": np.zeros((2, hidden)),
            "b1": np.zeros(hidden),
            "W2": np.zeros((hidden, 2)),
            "b2": np.zeros(2),
        }

    def loss_and_gradients(params, X, Y, l2):
        W1, W2, n = params["W1"], params["W2"], len(X)
        H = 1 / (1 + np.exp(-(X @ W1 + params["b1"])))
        out = 1 / (1 + np.exp(-(H @ W2 + params["b2"])))
        D2 = (out - Y) * out * (1 - out)
        D1 = D2 @ W2.T * H * (1 - H)
        loss = ((out - Y) ** 2).sum() / 2 / n
        loss += l2 / 2 * ((W1**2).sum() + (W2**2).sum())
        return loss, {
            "W1": X.T @ D1 + l2 * W1,
            "b1": D1.sum(axis=0),
            "W2": H.T @ D2 + l2 * W2,
            "b2": D2.sum(axis=0),
        }

    def train(params, X, Y, learning_rate, steps, l2=0.0):
        losses = []
        for _ in range(steps):
            loss, gradients = loss_and_gradients(params, X, Y, l2)
            losses.append(loss)
            params = {k: params[k] - learning_rate * gradients[k] for k in params}
        return params, losses


def penalty_on_everything(predict):
    """The biases penalised, and the caller's params moved."""

    def loss_and_gradients(params, X, Y, l2):
        H = 1 / (1 + np.exp(-(X @ params["W1"] + params["b1"])))
        out = predict(params, X)
        D2 = (out - Y) * out * (1 - out) / len(X)
        D1 = D2 @ params["W2"].T * H * (1 - H)
        gradients = {"W1": X.T @ D1, "b1": D1.sum(0), "W2": H.T @ D2, "b2": D2.sum(0)}
        loss = ((out - Y) ** 2).sum() / (2 * len(X))
        for name, value in params.items():
            loss += l2 / 2 * (value**2).sum()
            gradients[name] = gradients[name] + l2 * value
        return loss, gradients

    def train(params, X, Y, learning_rate, steps, l2=0.0):
        losses = [loss_and_gradients(params, X, Y, l2)[0]]
        for _ in range(steps):
            gradients = loss_and_gradients(params, X, Y, l2)[1]
            for name in params:
                params[name] -= learning_rate * gradients[name]
            losses.append(loss_and_gradients(params, X, Y, l2)[0])
        return params, losses


def the_books_own():
    from nnlib.network import Network
    from nnlib.network import predict as outputs_of

    def net(params):
        weights, biases = (params["W1"], params["W2"]), (params["b1"], params["b2"])
        return Network(weights, biases, "logistic")

    def predict(params, X):
        return outputs_of(net(params), X)

    from nnlib import network

    def loss_and_gradients(params, X, Y, l2):
        loss, g = network.loss_and_gradients(net(params), X, Y, l2=l2)
        return loss, {"W1": g.weights[0], "b1": g.biases[0], "W2": g.weights[1], "b2": g.biases[1]}


def chance_of_its_own(loss_and_gradients):
    """Seeded inside, and a training that goes uphill."""

    def init_params(hidden, rng):
        rng = np.random.default_rng(0)
        return {
            "W1": rng.normal(size=(2, hidden)),
            "b1": np.zeros(hidden),
            "W2": rng.normal(size=(hidden, 2)),
            "b2": np.zeros(2),
        }

    def train(params, X, Y, learning_rate, steps, l2=0.0):
        losses = [loss_and_gradients(params, X, Y, l2)[0]]
        for _ in range(steps):
            gradients = loss_and_gradients(params, X, Y, l2)[1]
            params = {k: params[k] + learning_rate * gradients[k] for k in params}
            losses.append(loss_and_gradients(params, X, Y, l2)[0])
        return params, losses


def endless_loop(loss_and_gradients):
    def train(params, X, Y, learning_rate, steps, l2=0.0):
        losses = [1.0]
        while losses[-1] > 0:
            losses = [loss_and_gradients(params, X, Y, l2)[0]]
        return params, losses


SUBMISSIONS = (
    Submission("perfect", FULL),
    Submission("differently-written", FULL, code=differently_written),
    Submission("untouched", NOTHING, attempted=False),
    Submission(
        "only-forwards",
        {**NOTHING, "predict": 2, "accuracy": 2, "init_params": 3},
        code=only_forwards,
        attempted=False,
    ),
    Submission(
        "as-in-the-source",
        {**NOTHING, "init_params": 2, "accuracy": 2, "train": 3},
        code=as_in_the_source,
    ),
    Submission(
        "usual-slips",
        {**NOTHING, "init_params": 1, "loss_and_gradients": 2, "train": 1},
        code=usual_slips,
    ),
    Submission(
        "penalty-on-everything",
        {**FULL, "loss_and_gradients": 5, "train": 2},
        code=penalty_on_everything,
    ),
    Submission(
        "the-books-own",
        {**FULL, "predict": 0, "accuracy": 0, "loss_and_gradients": 0, "train": 0},
        code=the_books_own,
    ),
    Submission("chance-of-its-own", {**FULL, "init_params": 2, "train": 0}, code=chance_of_its_own),
    Submission("endless-loop", {**FULL, "train": 0}, code=endless_loop),
)
