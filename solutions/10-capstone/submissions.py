"""The demonstration class of this assignment: who hands in what, and the marks they must get.

A function holds what one student has written. It is read and not called, see tools/answers.py.
"""

import numpy as np

from tools.answers import cell
from tools.demo import Submission

FULL = {
    "split": 2,
    "standardise": 2,
    "balanced_accuracy": 1,
    "train_network": 2,
    "compare": 1,
    "my_program": 3,
}
NOTHING = dict.fromkeys(FULL, 0)


def brought():
    """Another student's code, from the earlier assignments."""

    def forward(params, X):
        H = np.tanh(np.dot(X, params["W1"]) + params["b1"])
        Z = np.dot(H, params["W2"]) + params["b2"]
        P = np.exp(Z - Z.max(1).reshape(-1, 1))
        return H, P / P.sum(1).reshape(-1, 1)

    def he(n_in, n_out, rng):
        return rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out))

    class Momentum:
        def __init__(self):
            self.h = 0

        def move(self, g):
            self.h = 0.9 * self.h + g
            return self.h

    class Adam:
        def __init__(self):
            self.m = self.v = self.t = 0

        def move(self, g):
            self.t += 1
            self.m = 0.9 * self.m + 0.1 * g
            self.v = 0.999 * self.v + 0.001 * g * g
            m, v = self.m / (1 - 0.9**self.t), self.v / (1 - 0.999**self.t)
            return m / (v**0.5 + 1e-8)

    class Descent:
        def move(self, g):
            return g

    RULES = {"descent": Descent, "momentum": Momentum, "adam": Adam}


def differently_written(forward, he, RULES):
    def split(X, labels, fraction, rng):
        order = list(range(len(X)))
        rng.shuffle(order)
        k = int(fraction * len(X) + 0.5)
        return [X[order[:k]], labels[order[:k]], X[order[k:]], labels[order[k:]]]

    def standardise(train, *others):
        out = [np.array(a, dtype=float) for a in (train,) + others]
        for j in range(train.shape[1]):
            m, s = train[:, j].mean(), train[:, j].std() or 1
            for a in out:
                a[:, j] = (a[:, j] - m) / s
        return out

    def balanced_accuracy(named, labels):
        shares = []
        for c in set(labels.tolist()):
            mine = [a == c for a, b in zip(named, labels) if b == c]
            shares.append(sum(mine) / len(mine))
        return sum(shares) / len(shares)

    def train_network(params, X, labels, choices):
        rules = {name: RULES[choices["optimizer"]]() for name in params}
        losses = []
        while True:
            H, P = forward(params, X)
            losses.append(-np.log(P[range(len(X)), labels]).mean())
            if len(losses) > choices["steps"]:
                return params, losses
            D2 = (P - np.eye(P.shape[1])[labels]) / len(X)
            D1 = (D2 @ params["W2"].T) * (1 - H**2)
            g = {"W1": X.T @ D1, "b1": D1.sum(0), "W2": H.T @ D2, "b2": D2.sum(0)}
            params = {k: params[k] - choices["learning_rate"] * rules[k].move(g[k]) for k in params}

    def compare(settings, score, seeds):
        S = np.array([[score(one, seed) for seed in seeds] for one in settings])
        table = np.column_stack([np.median(S, axis=1), S.max(1) - S.min(1)])
        return table, int(table[:, 0].argmax())

    def my_program(X, labels, X_new, rng):
        train, new = standardise(X, X_new)
        c = len(set(labels.tolist()))
        start = {"W1": he(2, 24, rng), "b1": np.zeros(24), "W2": he(24, c, rng), "b2": np.zeros(c)}
        choices = {"optimizer": "momentum", "learning_rate": 0.5, "steps": 300}
        params, _ = train_network(start, train, labels, choices)
        return forward(params, new)[1].argmax(axis=1)


def only_the_warm_up():
    def split(X, labels, fraction, rng):
        order = rng.permutation(len(X))
        k = round(fraction * len(X))
        return X[order[:k]], labels[order[:k]], X[order[k:]], labels[order[k:]]

    def standardise(train, *others):
        m, s = train.mean(0), train.std(0)
        s = np.where(s > 0, s, 1)
        return [(a - m) / s for a in (train, *others)]

    def balanced_accuracy(named, labels):
        return np.mean([(named[labels == c] == c).mean() for c in np.unique(labels)])


def leaks():
    """Cut without shuffling; everything standardised together, which costs once; the plain share;
    the best run kept.
    """

    def split(X, labels, fraction, rng):
        k = round(fraction * len(X))
        return X[:k], labels[:k], X[k:], labels[k:]

    def standardise(train, *others):
        everything = np.vstack([train, *others])
        m, s = everything.mean(axis=0), everything.std(axis=0)
        return [(a - m) / np.where(s > 0, s, 1) for a in (train, *others)]

    def balanced_accuracy(named, labels):
        return np.mean(named == labels)

    def compare(settings, score, seeds):
        table = []
        for setting in settings:
            found = [score(setting, seed) for seed in seeds]
            table.append((max(found), max(found) - min(found)))
        return table, np.argmax([row[0] for row in table])


def labels_out_of_step(forward, classify, start_network, adam_step, STEPS, standardise):
    """Samples and labels shuffled apart; a training without biases in the sums."""

    def split(X, labels, fraction, rng):
        X, labels = rng.permutation(X), rng.permutation(labels)
        k = round(fraction * len(X))
        return X[:k], labels[:k], X[k:], labels[k:]

    def train_network(params, X, labels, choices):
        full = params
        params = {**params, "b1": 0 * params["b1"], "b2": 0 * params["b2"]}
        losses, states = [], dict.fromkeys(params)
        for k in range(choices["steps"] + 1):
            H, P = forward(params, X)
            losses.append(-np.log(P[np.arange(len(X)), labels]).mean())
            D2 = (P - np.eye(P.shape[1])[labels]) / len(X)
            D1 = D2 @ params["W2"].T * (1 - H**2)
            if k < choices["steps"]:
                for name, g in (("W1", X.T @ D1), ("W2", H.T @ D2)):
                    params[name], states[name] = STEPS[choices["optimizer"]](
                        params[name], g, states[name], choices["learning_rate"]
                    )
        return {**params, "b1": full["b1"], "b2": full["b2"]}, losses

    def my_program(X, labels, X_new, rng):
        train, new = standardise(X, X_new)
        params = start_network(2, 24, labels.max() + 1, rng)
        states = dict.fromkeys(params)
        for k in range(200):
            H, P = forward(params, train)
            D2 = (P - np.eye(P.shape[1])[labels]) / len(X)
            D1 = D2 @ params["W2"].T * (1 - H**2)
            g = {"W1": train.T @ D1, "b1": D1.sum(0), "W2": H.T @ D2, "b2": D2.sum(0)}
            for name in g:
                params[name], states[name] = adam_step(params[name], g[name], states[name], 0.05)
        return classify(params, new)


def not_standardised(classify, start_network, train_network, MY_CHOICES):
    """It learns two of the three sets, and so gets nothing for learning all of them."""

    def my_program(X, labels, X_new, rng):
        start = start_network(X.shape[1], 16, np.max(labels) + 1, rng)
        params, _ = train_network(start, X, labels, MY_CHOICES)
        return classify(params, X_new)


def adam_without_correction(forward):
    def train_network(params, X, labels, choices):
        states, losses = {k: (0.0, 0.0) for k in params}, []
        for k in range(choices["steps"] + 1):
            H, P = forward(params, X)
            losses.append(-np.log(P[np.arange(len(X)), labels]).mean())
            if k == choices["steps"]:
                return params, losses
            D2 = (P - np.eye(P.shape[1])[labels]) / len(X)
            D1 = D2 @ params["W2"].T * (1 - H**2)
            g = {"W1": X.T @ D1, "b1": D1.sum(0), "W2": H.T @ D2, "b2": D2.sum(0)}
            new = {}
            for name in params:
                m, v = states[name]
                if choices["optimizer"] == "descent":
                    move = g[name]
                elif choices["optimizer"] == "momentum":
                    move = m = 0.9 * m + g[name]
                else:
                    m = 0.9 * m + 0.1 * g[name]
                    v = 0.999 * v + 0.001 * g[name] ** 2
                    move = m / (np.sqrt(v) + 1e-8)
                states[name] = (m, v)
                new[name] = params[name] - choices["learning_rate"] * move
            params = new


def the_books_own():
    """The book's training inside: not the student's work, and nor is what calls it."""

    from nnlib import optimizers, training
    from nnlib.network import Network

    def train_network(params, X, labels, choices):
        net = Network(
            (params["W1"], params["W2"]), (params["b1"], params["b2"]), ("tanh", "identity")
        )
        run = training.train(
            net,
            X,
            labels,
            steps=choices["steps"],
            progress=False,
            loss="cross-entropy",
            optimizer=optimizers.Adam(choices["learning_rate"]),
        )
        (W1, W2), (b1, b2) = run.network.weights, run.network.biases
        return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, run.losses


def endless_loop(classify, start_network, train_network, MY_CHOICES):
    def my_program(X, labels, X_new, rng):
        losses = [1.0]
        while losses[-1] > 0:
            start = start_network(2, 16, np.max(labels) + 1, rng)
            params, losses = train_network(start, X, labels, MY_CHOICES)
        return classify(params, X_new)


SUBMISSIONS = (
    Submission("perfect", FULL),
    Submission(
        "differently-written",
        FULL,
        {"student_id": "student_id = 'Differently Written'", "my_code": cell(brought)},
        code=differently_written,
    ),
    Submission("untouched", NOTHING, attempted=False),
    Submission(
        "only-the-warm-up",
        {**NOTHING, "split": 2, "standardise": 2, "balanced_accuracy": 1},
        {"student_id": "student_id = 'only-the-warm-up'"},
        code=only_the_warm_up,
        attempted=False,
    ),
    Submission(
        "leaks",
        {
            **FULL,
            "split": 1,
            "standardise": 1,
            "balanced_accuracy": 0,
            "compare": 0,
        },
        code=leaks,
    ),
    Submission(
        "labels-out-of-step", {**FULL, "split": 1, "train_network": 0}, code=labels_out_of_step
    ),
    Submission("not-standardised", {**FULL, "my_program": 1}, code=not_standardised),
    Submission(
        "adam-without-correction", {**FULL, "train_network": 1}, code=adam_without_correction
    ),
    Submission("the-books-own", {**FULL, "train_network": 0, "my_program": 0}, code=the_books_own),
    Submission("endless-loop", {**FULL, "my_program": 0}, code=endless_loop),
)
