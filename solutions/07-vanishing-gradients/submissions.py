"""The demonstration class of this assignment: who hands in what, and the marks they must get.

A function holds what one student has written. It is read and not called, see tools/answers.py.
"""

import numpy as np

from tools.demo import Submission

FULL = {
    "xavier": 3,
    "he": 3,
    "clip_by_norm": 4,
    "layer_gradient_norms": 6,
}
NOTHING = dict.fromkeys(FULL, 0)


def differently_written():
    def xavier(n_in, n_out, rng):
        scale = (2 / (n_in + n_out)) ** 0.5
        return [[scale * rng.standard_normal() for _ in range(n_out)] for _ in range(n_in)]

    def he(n_in, n_out, rng):
        return (rng.standard_normal((n_out, n_in)) * np.sqrt(2 / n_in)).T

    def clip_by_norm(gradients, limit):
        norm = np.linalg.norm([np.linalg.norm(g) for g in gradients])
        return [g / max(1, norm / limit) for g in gradients]

    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    def layer_gradient_norms(weights, X, T, activation):
        f = {"sigmoid": sigmoid, "tanh": np.tanh, "linear": np.array, "relu": lambda z: z.clip(0)}[
            activation
        ]
        df = {
            "sigmoid": lambda z: sigmoid(z) * sigmoid(-z),
            "linear": np.ones_like,
            "tanh": lambda z: 1 / np.cosh(z) ** 2,
            "relu": lambda z: z > 0,
        }[activation]

        def rest(H, layers):
            if not layers:
                return (H - T) / len(T), ()
            Z = H @ layers[0]
            back, norms = rest(f(Z), layers[1:])
            delta = back * df(Z)
            return delta @ layers[0].T, (np.mean(np.abs(H.T @ delta)), *norms)

        return rest(X, weights)[1]


def only_the_warm_up():
    def xavier(n_in, n_out, rng):
        return rng.normal(scale=np.sqrt(2 / (n_in + n_out)), size=(n_in, n_out))

    def he(n_in, n_out, rng):
        return rng.normal(0, 1, (n_in, n_out)) / np.sqrt(n_in / 2)


def usual_slips():
    """Variance for deviation, √6 of the uniform form, array by array, and, counted once, no
    absolute value.
    """

    def xavier(n_in, n_out, rng):
        return rng.normal(0, 2 / (n_in + n_out), (n_in, n_out))

    def he(n_in, n_out, rng):
        limit = np.sqrt(6 / n_in)
        return rng.uniform(-limit, limit, (n_in, n_out))

    def clip_by_norm(gradients, limit):
        clipped = []
        for g in gradients:
            norm = np.linalg.norm(g)
            clipped.append(g * limit / norm if norm > limit else g)
        return clipped

    def layer_gradient_norms(weights, X, T, activation):
        slope = {
            "sigmoid": lambda a: a * (1 - a),
            "tanh": lambda a: 1 - a**2,
            "relu": lambda a: a > 0,
            "linear": lambda a: 1,
        }[activation]
        value = {
            "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
            "tanh": np.tanh,
            "relu": lambda z: np.maximum(z, 0),
            "linear": lambda z: z,
        }[activation]
        outputs = [X]
        for W in weights:
            outputs.append(value(outputs[-1] @ W))
        delta = (outputs[-1] - T) / len(X) * slope(outputs[-1])
        norms = []
        for k in reversed(range(len(weights))):
            norms.insert(0, np.mean(outputs[k].T @ delta))
            delta = delta @ weights[k].T * slope(outputs[k])
        return norms


def by_another_book():
    """Legacy generator, relu kept on, clipping in place; He's rule for Xavier's."""

    def xavier(n_in, n_out, rng):
        return rng.standard_normal((n_in, n_out)) / np.sqrt(n_in)

    def he(n_in, n_out, rng):
        return np.random.randn(n_in, n_out) * np.sqrt(2 / n_in)

    def clip_by_norm(gradients, limit):
        norm = np.sqrt(sum((g**2).sum() for g in gradients))
        if norm > limit:
            for g in gradients:
                g *= limit / norm
        return gradients

    def layer_gradient_norms(weights, X, T, activation):
        value = {
            "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
            "tanh": np.tanh,
            "relu": lambda z: np.maximum(z, 0),
            "linear": lambda z: z,
        }
        outputs = [np.asarray(X, dtype=float)]
        for W in weights:
            outputs.append(value[activation](outputs[-1] @ W))
        back, norms = (outputs[-1] - T) / len(X), []
        for k in range(len(weights) - 1, -1, -1):
            a = outputs[k + 1]
            if activation == "sigmoid":
                back = back * a * (1 - a)
            elif activation == "tanh":
                back = back * (1 - a**2)
            norms.insert(0, np.abs(outputs[k].T @ back).mean())
            back = back @ weights[k].T
        return norms


def two_slips_at_once():
    """Added over the samples, and the slopes taken at the sums."""

    def clip_by_norm(gradients, limit):
        norm = np.sqrt(sum(np.sum(g * g) for g in gradients))
        return [g * limit / norm for g in gradients]

    def layer_gradient_norms(weights, X, T, activation):
        slope = {
            "sigmoid": lambda a: a * (1 - a),
            "tanh": lambda a: 1 - a**2,
            "relu": lambda a: a > 0,
            "linear": lambda a: 1,
        }[activation]
        value = {
            "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
            "tanh": np.tanh,
            "relu": lambda z: np.maximum(z, 0),
            "linear": lambda z: z,
        }[activation]
        H, kept = X, []
        for W in weights:
            kept.append((H, H @ W))
            H = value(H @ W)
        back, norms = H - T, []
        for (H, Z), W in zip(kept[::-1], weights[::-1]):
            delta = back * slope(Z)
            norms = [np.abs(H.T @ delta).mean()] + norms
            back = delta @ W.T
        return norms


def the_books_own():
    from nnlib import network

    def he(n_in, n_out, rng):
        return network.he(n_in, n_out, rng)

    def clip_by_norm(gradients, limit):
        from nnlib.optimizers import clip_by_norm as shortened

        return shortened(gradients, limit)

    from nnlib.network import Network, loss_and_gradients
    from nnlib.network import layer_gradient_norms as sizes

    def layer_gradient_norms(weights, X, T, activation):
        net = Network(weights, None, activation)
        return sizes(loss_and_gradients(net, X, T)[1])

    from nnlib.network import xavier


def endless_loop():
    def clip_by_norm(gradients, limit):
        while np.sqrt(sum(np.sum(g**2) for g in gradients)) > limit:
            gradients = [g * 1.0 for g in gradients]
        return gradients


SUBMISSIONS = (
    Submission("perfect", FULL),
    Submission("differently-written", FULL, code=differently_written),
    Submission("untouched", NOTHING, attempted=False),
    Submission(
        "only-the-warm-up",
        {**NOTHING, "xavier": 3, "he": 3},
        code=only_the_warm_up,
        attempted=False,
    ),
    Submission(
        "usual-slips",
        {"xavier": 1, "he": 1, "clip_by_norm": 1, "layer_gradient_norms": 4},
        code=usual_slips,
    ),
    Submission(
        "by-another-book",
        {"xavier": 1, "he": 2, "clip_by_norm": 3, "layer_gradient_norms": 4},
        code=by_another_book,
    ),
    Submission(
        "two-slips-at-once",
        {**FULL, "clip_by_norm": 3, "layer_gradient_norms": 0},
        code=two_slips_at_once,
    ),
    Submission("the-books-own", NOTHING, code=the_books_own),
    Submission("endless-loop", {**FULL, "clip_by_norm": 0}, code=endless_loop),
)
