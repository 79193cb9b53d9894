"""The demonstration class of this assignment: who hands in what, and the marks they must get.

A function holds what one student has written. It is read and not called, see tools/answers.py.
"""

import numpy as np

from tools.demo import Submission

FULL = {
    "directional_derivative": 3,
    "softmax": 3,
    "cross_entropy": 3,
    "loss_gradient": 4,
    "gradient_error": 3,
}


def differently_written():
    def directional_derivative(gradient, x, u):
        unit = np.asarray(u, dtype=float)
        unit = unit / np.sqrt(np.sum(unit**2))
        return float(np.vdot(gradient(np.array(x)), unit))

    def softmax(z):
        z = np.asarray(z, dtype=float)
        return np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))

    def cross_entropy(z, t):
        z, t = np.atleast_2d(z), np.atleast_2d(t)
        losses = []
        for row, wanted in zip(z, t):
            top = row.max()
            log_sum = top + np.log(np.exp(row - top).sum())
            losses.append(np.dot(wanted, log_sum - row))
        return sum(losses) / len(losses)

    def loss_gradient(W, x, t):
        if x.ndim == 1:
            return np.outer(x, softmax(x @ W) - t)
        return np.mean([loss_gradient(W, a, b) for a, b in zip(x, t)], axis=0)

    def gradient_error(f, gradient, x, rng, directions=10, h=1e-6):
        worst = 0.0
        for u in rng.standard_normal((directions, *x.shape)):
            u /= np.linalg.norm(u)
            a = (gradient(x) * u).sum()
            b = (f(x + h * u) - f(x - h * u)) / (2 * h)
            if a != b:
                worst = max(worst, abs(a - b) / max(abs(a), abs(b)))
        return worst


def only_the_warm_up():
    def directional_derivative(gradient, x, u):
        return np.sum(gradient(np.array(x)) * np.array(u)) / np.linalg.norm(u)

    def softmax(z):
        z = np.array(z, dtype=float)
        e = np.exp(z - z.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)


def as_in_the_source():
    """S4's listings: a softmax for vectors and matrices, 1e-7 in the logarithm, no 1/n."""

    def softmax(x):
        x = np.asarray(x)
        if x.ndim == 2:
            x = x.T
            x = x - np.max(x, axis=0)
            y = np.exp(x) / np.sum(np.exp(x), axis=0)
            return y.T
        x = x - np.max(x)
        return np.exp(x) / np.sum(np.exp(x))

    def cross_entropy(z, t):
        y = softmax(z)
        if y.ndim == 1:
            t = t.reshape(1, t.size)
            y = y.reshape(1, y.size)
        return -np.sum(t * np.log(y + 1e-7)) / len(y)

    def loss_gradient(W, x, t):
        x, t = np.atleast_2d(x), np.atleast_2d(t)
        return x.T @ (softmax(x @ W) - t)


def usual_slips():
    """No unit vector, an overflow, a minus gone, vectors only."""

    def directional_derivative(gradient, x, u):
        return np.vdot(gradient(x), u)

    def softmax(z):
        e = np.exp(np.asarray(z))
        return e / e.sum(axis=-1, keepdims=True)

    def cross_entropy(z, t):
        z = z - z.max(axis=-1, keepdims=True)
        log_y = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
        return np.mean(np.sum(t * log_y, axis=-1))

    def loss_gradient(W, x, t):
        x, t = np.atleast_2d(x), np.atleast_2d(t)
        return x.T @ (t - softmax(x @ W)) / len(x)

    def gradient_error(f, gradient, x, rng, directions=10):
        errors = []
        for _ in range(directions):
            u = rng.standard_normal(x.shape)
            u = u / np.linalg.norm(u)
            a = gradient(x) @ u
            b = (f(x + 1e-5 * u) - f(x - 1e-5 * u)) / 2e-5
            errors.append(abs(a - b) / max(abs(a), abs(b)))
        return max(errors)


def the_books_own():
    """Its own formula, but the softmax in it is the book's."""

    from nnlib import losses

    def cross_entropy(z, t):
        return losses.cross_entropy(z, t)

    from nnlib.activations import softmax


def changes_its_arguments():
    def directional_derivative(gradient, x, u):
        u = np.asarray(u)
        if u.dtype.kind == "f":
            u /= np.linalg.norm(u)
        return np.sum(gradient(np.array(x)) * u) / np.linalg.norm(u)

    def softmax(z):
        z = np.asarray(z)
        z -= z.max(axis=-1, keepdims=True)
        return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)

    def cross_entropy(z, t):
        z -= z.max(axis=-1, keepdims=True)
        log_sum = np.log(np.exp(z).sum(axis=-1, keepdims=True))
        return np.mean(np.sum(t * (log_sum - z), axis=-1))

    def loss_gradient(W, x, t):
        x = np.atleast_2d(x)
        return x.T @ (softmax(1.0 * (x @ W)) - t) / len(x)


def endless_loop():
    def gradient_error(f, gradient, x, rng, directions=10):
        while directions:
            u = rng.standard_normal(x.shape)
        return 0.0


SUBMISSIONS = (
    Submission("perfect", FULL),
    Submission("differently-written", FULL, code=differently_written),
    Submission("untouched", dict.fromkeys(FULL, 0), attempted=False),
    Submission(
        "only-the-warm-up",
        {**dict.fromkeys(FULL, 0), "directional_derivative": 3, "softmax": 3},
        code=only_the_warm_up,
        attempted=False,
    ),
    Submission(
        "as-in-the-source",
        {**FULL, "softmax": 2, "cross_entropy": 0, "loss_gradient": 1},
        code=as_in_the_source,
    ),
    Submission(
        "usual-slips",
        {
            "directional_derivative": 0,
            "softmax": 2,
            "cross_entropy": 0,
            "loss_gradient": 0,
            "gradient_error": 2,
        },
        code=usual_slips,
    ),
    Submission(
        "the-books-own",
        {**FULL, "softmax": 0, "cross_entropy": 0, "loss_gradient": 0},
        code=the_books_own,
    ),
    Submission(
        "changes-its-arguments",
        {**FULL, "directional_derivative": 2, "softmax": 2, "cross_entropy": 2},
        code=changes_its_arguments,
    ),
    Submission("endless-loop", {**FULL, "gradient_error": 0}, code=endless_loop),
)
