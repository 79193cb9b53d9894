"""The demonstration class of this assignment: who hands in what, and the marks they must get.

A function holds what one student has written. It is read and not called, see tools/answers.py.
"""

import numpy as np

from tools.answers import cell
from tools.demo import Submission

FULL = {
    "forward_difference": 3,
    "central_difference": 3,
    "partial_derivative": 3,
    "numerical_gradient": 4,
    "best_step": 3,
}


def differently_written():
    def forward_difference(f, x, h=1e-8):
        x_plus = x + h
        return (f(x_plus) - f(x)) / (x_plus - x)  # the step that was really taken

    central_difference = lambda f, x, h=1e-5: 0.5 * (f(x + h) - f(x - h)) / h

    def partial_derivative(f, x, i, h=1e-5):
        x = np.asarray(x, dtype=np.float64)
        step = np.zeros(x.shape)
        step[i] = h
        return float((f(x + step) - f(x - step)) / (2 * h))

    def numerical_gradient(f, x, h=1e-5):
        x = np.asarray(x, dtype=np.float64)
        steps = h * np.eye(x.size).reshape(x.size, *x.shape)
        slopes = [(f(x + step) - f(x - step)) / (2 * h) for step in steps]
        return np.reshape(slopes, x.shape)

    def best_step(f, df, x, steps):
        return min(steps, key=lambda h: abs(central_difference(f, x, h) - df(x)))


def partly_right():
    def central_difference(f, x, h=1e-5):
        return (f(x + h) - f(x - h)) / 2 * h

    def partial_derivative(f, x, i, h=1e-5):
        above, below = x.copy(), x.copy()
        above[i] += h if x.dtype.kind == "f" else int(h)
        below[i] -= h if x.dtype.kind == "f" else int(h)
        return (f(above) - f(below)) / (2 * h)

    def numerical_gradient(f, x, h=1e-5):
        slopes = np.zeros_like(x)
        for i in np.ndindex(x.shape):
            above, below = x.astype(float), x.astype(float)
            above[i] += h
            below[i] -= h
            slopes[i] = (f(above) - f(below)) / (2 * h)
        return slopes

    def best_step(f, df, x, steps):
        errors = [abs((f(x + h) - f(x - h)) / (2 * h) - df(x)) for h in steps]
        return steps[int(np.argmin(errors))]


def only_the_warm_up():
    def forward_difference(f, x, h=1e-8):
        return (f(x + h) - f(x)) / h

    def central_difference(f, x, h=1e-5):
        return (f(x + h) - f(x - h)) / (2 * h)


def wrong_name():
    def forward_diff(f, x, h=1e-8):
        return (f(x + h) - f(x)) / h


def endless_loop(central_difference):
    def best_step(f, df, x, steps):
        h = max(steps)
        while abs(central_difference(f, x, h) - df(x)) >= 0:
            h = h
        return h


def edited_check():
    """Its best_step calls its central_difference; the error counts once."""

    def central_difference(f, x, h=1e-5):
        return 42.0


def the_books_own():
    from nnlib.differentiation import numerical_gradient


def changes_its_argument():
    def partial_derivative(f, x, i, h=1e-5):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        return (above - f(x)) / (2 * h)

    def numerical_gradient(f, x, h=1e-5):
        slopes = np.zeros(x.shape)
        z = x.astype(float)
        for i in np.ndindex(x.shape):
            z[i] += h
            above = f(z)
            z[i] -= 2 * h
            slopes[i] = (above - f(z)) / (2 * h)
            z[i] += h
        x[...] = 0
        return slopes


def prints_and_warns():
    import sys
    import warnings

    def central_difference(f, x, h=1e-5):
        print("x is", x)
        print("a word on stderr", file=sys.stderr)
        warnings.warn("the step is small")
        return (f(x + h) - f(x - h)) / (2 * h)


SUBMISSIONS = (
    Submission("perfect", FULL),
    Submission("differently-written", FULL, code=differently_written),
    Submission(
        "partly-right",
        {**FULL, "central_difference": 0, "partial_derivative": 2, "numerical_gradient": 3},
        code=partly_right,
    ),
    Submission("untouched", dict.fromkeys(FULL, 0), attempted=False),
    Submission(
        "only-the-warm-up",
        {**dict.fromkeys(FULL, 0), "forward_difference": 3, "central_difference": 3},
        code=only_the_warm_up,
        attempted=False,
    ),
    Submission(
        "syntax-error",
        {**FULL, "best_step": 0},
        {"best_step": "def best_step(f, df, x, steps)\n    return min(steps)  # no colon"},
    ),
    Submission(
        "wrong-name",
        {**FULL, "forward_difference": 0},
        {"forward_difference": cell(wrong_name)},
    ),
    Submission("endless-loop", {**FULL, "best_step": 0}, code=endless_loop),
    # The judge puts the check back.
    Submission("deleted-check", FULL, deleted=("test_best_step",), stock={"best_step": None}),
    Submission(
        "edited-check",
        {**FULL, "central_difference": 0},
        {"test_central_difference": "3"},
        code=edited_check,
    ),
    Submission("the-books-own", {**FULL, "numerical_gradient": 0}, code=the_books_own),
    Submission(
        "changes-its-argument",
        {**FULL, "partial_derivative": 0, "numerical_gradient": 3},
        code=changes_its_argument,
    ),
    Submission(
        "prints-and-warns",
        FULL,
        code=prints_and_warns,
        scratch=("1 / 0  # a failed experiment at the end",),
    ),
)
