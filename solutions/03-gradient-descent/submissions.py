"""The demonstration class of this assignment: who hands in what, and the marks they must get.

A function holds what one student has written. It is read and not called, see tools/answers.py.
"""

import numpy as np

from tools.demo import Submission

FULL = {
    "gradient_descent": 4,
    "sgd_step": 3,
    "stable_learning_rate": 3,
    "descend_until": 3,
    "minibatches": 3,
}
NOTHING = dict.fromkeys(FULL, 0)


def differently_written():
    def gradient_descent(gradient, x0, learning_rate, steps):
        x = np.array(x0, dtype=float)
        path = np.empty((steps + 1, len(x)))
        for k in range(steps + 1):
            path[k] = x
            x -= learning_rate * gradient(x)
        return path

    def sgd_step(w, X, y, learning_rate):
        gradients = [(np.dot(row, w) - target) * np.array(row) for row, target in zip(X, y)]
        return np.array(w) - learning_rate * np.mean(gradients, axis=0)

    def stable_learning_rate(A):
        return float(2 / np.linalg.norm(np.array(A, dtype=float), ord=2))

    def descend_until(gradient, x0, learning_rate, tolerance, max_steps):
        path = gradient_descent(gradient, x0, learning_rate, max_steps)
        for steps, x in enumerate(path):
            if np.linalg.norm(gradient(x)) <= tolerance:
                return x, steps, "gradient"
        return path[-1], max_steps, "max_steps"

    def minibatches(n, size, rng):
        rows = np.arange(n)
        rng.shuffle(rows)
        return np.split(rows, np.arange(size, n, size))


def only_the_warm_up():
    def gradient_descent(gradient, x0, learning_rate, steps):
        path = [1.0 * np.array(x0)]
        for k in range(steps):
            path = path + [path[k] - learning_rate * gradient(path[k])]
        return np.stack(path)

    def sgd_step(w, X, y, learning_rate):
        w, X, y = np.array(w), np.array(X), np.array(y)
        return w + learning_rate * X.T @ (y - X @ w) / len(y)


def as_in_the_source():
    """S4's loop, x = init_x and x -= …, which moves the caller's start and refuses whole numbers;
    and S1's rule "stop when the step is short".
    """

    def gradient_descent(gradient, init_x, lr=0.01, step_num=100):
        x = init_x
        path = [np.copy(x)]
        for i in range(step_num):
            x -= lr * gradient(x)
            path.append(x.copy())
        return np.array(path)

    def descend_until(gradient, x0, learning_rate, tolerance, max_steps):
        x = np.array(x0, dtype=float)
        for step in range(max_steps):
            move = learning_rate * gradient(x)
            if np.linalg.norm(move) <= tolerance:
                return x, step, "gradient"
            x = x - move
        return x, max_steps, "max_steps"


def usual_slips():
    """The end alone, no 1/n, 1/λ, the last point not looked at, the last batch dropped."""

    def gradient_descent(gradient, x0, learning_rate, steps):
        x = np.array(x0, dtype=float)
        for _ in range(steps):
            x = x - learning_rate * gradient(x)
        return x

    def sgd_step(w, X, y, learning_rate):
        X = np.array(X)
        return w - learning_rate * X.T @ (X @ w - y)

    def stable_learning_rate(A):
        return 1 / np.linalg.eigvalsh(A).max()

    def descend_until(gradient, x0, learning_rate, tolerance, max_steps):
        x = np.array(x0, dtype=float)
        for step in range(max_steps):
            if np.linalg.norm(gradient(x)) <= tolerance:
                return x, step, "gradient"
            x = x - learning_rate * gradient(x)
        return x, max_steps, "max_steps"

    def minibatches(n, size, rng):
        order = rng.permutation(n)
        return [order[k * size : (k + 1) * size] for k in range(n // size)]


def the_books_own():
    from nnlib import gradient_descent as book

    def minibatches(n, size, rng):
        return book.minibatches(n, size, rng)

    def sgd_step(w, X, y, learning_rate):
        from nnlib.gradient_descent import least_squares_gradient as slope

        return w - learning_rate * slope(w, X, y)

    from nnlib.gradient_descent import gradient_descent


def chance_of_its_own():
    """Shuffled, but not by rng; the trace in place of an eigenvalue; weights changed in place."""

    def sgd_step(w, X, y, learning_rate):
        w -= learning_rate * X.T @ (X @ w - y) / len(X)
        return w

    def stable_learning_rate(A):
        return 2 / np.trace(np.array(A))

    def minibatches(n, size, rng):
        order = np.random.permutation(n)
        return [order[k : k + size] for k in range(0, n, size)]


def endless_loop():
    def descend_until(gradient, x0, learning_rate, tolerance, max_steps):
        x = np.array(x0, dtype=float)
        while np.linalg.norm(gradient(x)) > tolerance:
            x = x + learning_rate * 0
        return x, 0, "gradient"


SUBMISSIONS = (
    Submission("perfect", FULL),
    Submission("differently-written", FULL, code=differently_written),
    Submission("untouched", NOTHING, attempted=False),
    Submission(
        "only-the-warm-up",
        {**NOTHING, "gradient_descent": 4, "sgd_step": 3},
        code=only_the_warm_up,
        attempted=False,
    ),
    Submission(
        "as-in-the-source",
        {**FULL, "gradient_descent": 2, "descend_until": 0},
        code=as_in_the_source,
    ),
    Submission(
        "usual-slips",
        {
            "gradient_descent": 0,
            "sgd_step": 0,
            "stable_learning_rate": 0,
            "descend_until": 1,
            "minibatches": 1,
        },
        code=usual_slips,
    ),
    Submission(
        "the-books-own",
        {**FULL, "gradient_descent": 0, "minibatches": 0, "sgd_step": 0},
        code=the_books_own,
    ),
    Submission(
        "chance-of-its-own",
        {**FULL, "sgd_step": 1, "stable_learning_rate": 0, "minibatches": 2},
        code=chance_of_its_own,
    ),
    Submission("endless-loop", {**FULL, "descend_until": 0}, code=endless_loop),
)
