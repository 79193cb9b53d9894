"""Checks of assignment `03-gradient-descent`.

What is asked for is exact, so tolerances are rounding alone. Functions whose result is no array of
numbers are looked at from one side at a time: a case says from which.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnchecks.engine import pictures
from nnchecks.engine.exercise import (
    Case,
    Exercise,
    Misconception,
    Property,
    SeenExercise,
    WrongKindError,
    seen,
)
from nnchecks.engine.report import Picture
from nnlib import gradient_descent as reference
from nnlib import optimizers, training

CHAPTER = "chapter 3, Gradient descent and the learning rate"

#: Rounding in a few steps of numbers of order one.
TOLERANCE = 1e-10

#: The results of `descend_until`, and the reasons with the numbers that stand for them.
PARTS = ("x", "steps", "reason")
REASONS = {"gradient": 0.0, "max_steps": 1.0}


def _shown(value: Any) -> str:
    """Write a value as one would type it."""
    if not isinstance(value, np.ndarray):
        return str(value)
    text = " ".join(np.array2string(value, separator=", ", precision=8).split())
    return text if value.dtype == np.float64 else f"{text} ({value.dtype})"


def _quarters(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Return different quarters, none of them near zero."""
    quarters = np.concatenate([np.arange(-14, -2), np.arange(3, 15)])
    return np.asarray(rng.choice(quarters, int(np.prod(shape)), replace=False) / 4).reshape(shape)


# --- quadratics, which most of the functions are asked about --------------------------------------


@dataclass(frozen=True)
class _Bowl:
    """The function ½(x − c)ᵀA(x − c), of as many variables as c has entries."""

    A: np.ndarray
    c: np.ndarray

    def gradient(self, x: Any) -> Any:
        return self.A @ (1.0 * x - self.c)  # of a list there is no such product

    def value(self, x: Any) -> Any:
        x = np.asarray(x) - self.c
        return np.sum((x @ self.A) * x, axis=-1) / 2

    @property
    def formula(self) -> str:
        return f"A @ (x - c), A = {_shown(self.A)}, c = {_shown(self.c)}"


#: A bowl of any size: its coordinates depend on each other, its eigenvalues lie in 0.6 … 3.1.
def _bowl(rng: np.random.Generator, n: int) -> _Bowl:
    A = np.diag(rng.permutation([1.0, 1.5, 2.0, 2.5])[:n])
    for i in range(n - 1):
        A[i, i + 1] = A[i + 1, i] = 0.25 * rng.choice((-1, 1))
    return _Bowl(A, rng.integers(-3, 4, n) / 2)


def _start(rng: np.random.Generator, bowl: _Bowl) -> np.ndarray:
    """Return a start well away from the minimum along every axis."""
    return np.asarray(bowl.c + rng.integers(3, 9, len(bowl.c)) / 4 * rng.choice((-1, 1)))


#: What this assignment asks for, under the book's names, and what here would do for an answer.
_WITHHELD = (
    reference.gradient_descent,
    reference.step_down,
    reference.gradient_at,
    reference.descend_until,
    reference.descend_while_improving,
    reference.stable_learning_rate,
    reference.minibatches,
    reference.least_squares_loss,
    reference.least_squares_gradient,
    reference.sgd_step,
    reference.stochastic_descent,
    optimizers.GradientDescent,
    optimizers.run,
    optimizers.optimize,
    training.shuffled,
    training.drawn,
)

# --- gradient_descent -----------------------------------------------------------------------------

_IN_PLACE = (
    "x -= … works in place: where x is x0 itself it moves the caller's start, and an array of "
    "whole numbers refuses it. Work on a copy, of floats: np.array(x0, dtype=float)."
)


def _run(bowl: _Bowl, x0: Any, rate: float, steps: int) -> Case:
    path = [np.array(x0, dtype=np.float64)]
    for _ in range(steps):
        path.append(path[-1] - rate * bowl.gradient(path[-1]))
    return Case(
        shown=f"With gradient(x) = {bowl.formula}, gradient_descent(gradient, {_shown(x0)}, "
        f"{rate}, {steps})",
        arguments=(bowl.gradient, x0, rate, steps),
        keywords={},
        expected=np.array(path),
        tolerance=TOLERANCE * (1 + float(np.abs(path).max())),
        what="the path is",
    )


def _runs(rng: np.random.Generator, rounds: int) -> list[Case]:
    """Start with two variables, which can be drawn."""
    cases = []
    for n, steps in ((2, 4), (2, 3), (3, 5), (4, 2), (2, 6), (1, 3))[: max(rounds, 3)]:
        bowl = _bowl(rng, n)
        cases.append(_run(bowl, _start(rng, bowl), float(rng.choice((0.1, 0.2, 0.3, 0.4))), steps))
    return cases


def _runs_from_anywhere(rng: np.random.Generator, rounds: int) -> list[Case]:
    cases = []
    for n in (2, 3, 2, 4)[: max(rounds, 3)]:
        bowl = _bowl(rng, n)
        whole = np.round(bowl.c + rng.choice((-3, 3), n)).astype(np.int64)
        cases.append(_run(bowl, whole, 0.2, int(rng.integers(2, 5))))
    for steps in (0, 1, 3):
        bowl = _bowl(rng, 2)
        cases.append(_run(bowl, _start(rng, bowl).tolist(), 0.3, steps))
        bowl = _bowl(rng, 3)
        cases.append(_run(bowl, np.round(_start(rng, bowl)).astype(np.int64).tolist(), 0.1, steps))
    for steps in (0, 2, 3):
        bowl = _bowl(rng, 1)
        cases.append(_run(bowl, _start(rng, bowl), 0.4, steps))
    bowl = _bowl(rng, 1)
    return [
        *cases,
        *(_run(*_met_at_once(rng, n), int(rng.integers(4, 7))) for n in (2, 1, 3)),
        _run(bowl, _start(rng, bowl), 0.4, LONG),
    ]


#: More steps than Python allows calls inside each other.
LONG = 1000


def _met_at_once(rng: np.random.Generator, n: int) -> tuple[_Bowl, np.ndarray, float]:
    """Return a round bowl, a start and the rate that meets the minimum, exactly, in one step.

    The run goes on all the same, and whoever stops where nothing moves returns too few points.
    """
    steepness = float(rng.choice((1.0, 2.0, 4.0)))
    bowl = _Bowl(steepness * np.eye(n), rng.integers(-3, 4, n) / 2)
    return bowl, _start(rng, bowl), 1 / steepness


def _walked(case: Case, value: Any, _: Callable[..., Any]) -> Picture | None:
    bowl = case.arguments[0].__self__
    return pictures.paths(bowl.value, case.expected, value, bowl.c, ("x₀", "x₁"))


def _walk(
    move: Callable[[np.ndarray, np.ndarray, float, int], Any] | None = None,
    *,
    result: Callable[[np.ndarray], Any] = lambda path: path,
    more: int = 0,
) -> Callable[..., Any]:
    """Return a descent with another step, another result, or another number of steps."""

    def answer(gradient: Any, x0: Any, learning_rate: float, steps: int) -> Any:
        path = [np.array(x0, dtype=np.float64)]
        for k in range(steps + more):
            g = np.asarray(gradient(path[-1]))
            step = learning_rate * g if move is None else move(path[-1], g, learning_rate, k)
            path.append(path[-1] - step)
        return result(np.array(path))

    return answer


def _first_gradient(gradient: Any, x0: Any, learning_rate: float, steps: int) -> Any:
    g = gradient(np.array(x0, dtype=np.float64))
    return np.array([np.array(x0) - k * learning_rate * g for k in range(steps + 1)])


def _one_array(gradient: Any, x0: Any, learning_rate: float, steps: int) -> Any:
    x = np.array(x0, dtype=np.float64)
    path = [x]
    for _ in range(steps):
        x -= learning_rate * gradient(x)
        path.append(x)
    return path


def _shares_the_start(gradient: Any, x0: Any, learning_rate: float, steps: int) -> Any:
    x = np.asarray(x0)
    path = [x.copy()]
    for _ in range(steps):
        x -= learning_rate * gradient(x)
        path.append(x.copy())
    return np.array(path)


def _copies_whole_numbers(gradient: Any, x0: Any, learning_rate: float, steps: int) -> Any:
    x = np.array(x0)
    path = [x.copy()]
    for _ in range(steps):
        x -= learning_rate * gradient(x)
        path.append(x.copy())
    return np.array(path)


def _made_like_the_start(gradient: Any, x0: Any, learning_rate: float, steps: int) -> Any:
    x = np.array(x0)
    path = np.zeros((steps + 1, *x.shape), dtype=x.dtype)
    path[0] = x
    for k in range(steps):
        path[k + 1] = path[k] - learning_rate * gradient(path[k])
    return path


def _right_descent(gradient: Any, x0: Any, learning_rate: float, steps: int) -> Any:
    path = [np.array(x0, dtype=np.float64)]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * np.asarray(gradient(path[-1])))
    return np.array(path)


def _list_handed_on(gradient: Any, x0: Any, learning_rate: float, steps: int) -> Any:
    path = [x0]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * gradient(path[-1]))
    return np.array(path)


def _stops_early(gradient: Any, x0: Any, learning_rate: float, steps: int) -> Any:
    """Stop where the gradient is as good as zero."""
    path = [np.array(x0, dtype=np.float64)]
    for _ in range(steps):
        g = np.asarray(gradient(path[-1]))
        if np.linalg.norm(g) < 1e-6:
            break
        path.append(path[-1] - learning_rate * g)
    return np.array(path)


def _stops_after_a_short_step(gradient: Any, x0: Any, learning_rate: float, steps: int) -> Any:
    """Stop where the last step was as good as none."""
    path = [np.array(x0, dtype=np.float64)]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * np.asarray(gradient(path[-1])))
        if np.linalg.norm(path[-1] - path[-2]) < 1e-6:
            break
    return np.array(path)


def _two_columns(gradient: Any, x0: Any, learning_rate: float, steps: int) -> Any:
    path = np.zeros((steps + 1, 2))
    path[0] = x0
    for k in range(steps):
        path[k + 1] = path[k] - learning_rate * gradient(path[k])
    return path


def _one_after_the_other(gradient: Any, x0: Any, learning_rate: float, steps: int) -> Any:
    x = np.array(x0, dtype=np.float64)
    path = [x.copy()]
    for _ in range(steps):
        for i in range(len(x)):
            x[i] -= learning_rate * gradient(x)[i]
        path.append(x.copy())
    return np.array(path)


def _gradients_met(gradient: Any, x0: Any, learning_rate: float, steps: int) -> Any:
    return np.array([gradient(x) for x in _walk()(gradient, x0, learning_rate, steps)])


gradient_descent = Exercise(
    name="gradient_descent",
    chapter=CHAPTER,
    withheld=_WITHHELD,
    properties=(
        Property(
            "the path",
            2,
            _runs,
            hints=(
                "One step: x minus the learning rate times the gradient at x. Which x?",
                "The first row is the start; row k + 1 is row k − learning_rate · gradient(row k).",
            ),
            picture=_walked,
        ),
        Property(
            "from lists and whole numbers, with no steps too",
            1,
            _runs_from_anywhere,
            hints=(
                "An array of whole numbers cannot hold the points between them.",
                "np.array(x0, dtype=float) makes an array of floats of anything.",
            ),
        ),
        Property(
            "the caller's start is kept",
            1,
            _runs,
            hints=(
                "x = x0 makes no copy: it is one array under two names.",
                "x -= … changes the array; x = x − … makes a new one.",
            ),
            arguments_kept=True,
        ),
    ),
    misconceptions=(
        Misconception(
            "along the gradient",
            _walk(lambda x, g, rate, k: -rate * g),
            "You went along the gradient, which leads uphill. Descent subtracts it.",
        ),
        Misconception(
            "no rate",
            _walk(lambda x, g, rate, k: g),
            "You subtracted the whole gradient. Multiply it by the learning rate.",
        ),
        Misconception(
            "rate twice",
            _walk(lambda x, g, rate, k: rate**2 * g),
            "You multiplied by the learning rate twice.",
        ),
        Misconception(
            "divided by the rate",
            _walk(lambda x, g, rate, k: g / rate),
            "You divided by the learning rate. The gradient is multiplied by it.",
        ),
        Misconception(
            "steps of one length",
            _walk(lambda x, g, rate, k: rate * g / max(float(np.linalg.norm(g)), 1e-300)),
            "You divided the gradient by its length, so that all steps are equally long. The step "
            "of gradient descent is shorter where the ground is flatter.",
        ),
        Misconception(
            "the sign of the gradient",
            _walk(lambda x, g, rate, k: rate * np.sign(g)),
            "You used the signs of the gradient and not its size.",
        ),
        Misconception(
            "a falling rate",
            _walk(lambda x, g, rate, k: rate / (k + 1) * g),
            "You divided the rate by the number of the step. Here it stays the same throughout.",
        ),
        Misconception(
            "the start's gradient for ever",
            _first_gradient,
            "You took the gradient at the start in every step. Ask for it anew at each point.",
        ),
        Misconception(
            "one coordinate after the other",
            _one_after_the_other,
            "You changed one coordinate and took the gradient again before the next. A step uses "
            "one gradient for all of them.",
        ),
        Misconception(
            "start left out",
            _walk(result=lambda path: path[1:]),
            "The start is missing: the path has steps + 1 rows, and the first is x0.",
        ),
        Misconception(
            "end left out",
            _walk(result=lambda path: path[:-1]),
            "The last point is missing: after so many steps there are steps + 1 points.",
        ),
        Misconception(
            "one step too many",
            _walk(more=1),
            "You took one step more than was asked for.",
        ),
        Misconception(
            "the end alone",
            _walk(result=lambda path: path[-1]),
            "You returned the last point. Return all of them, one per row.",
        ),
        Misconception(
            "transposed",
            _walk(result=np.transpose),
            "Your points are columns. Each point should be a row.",
        ),
        Misconception(
            "the steps",
            _walk(result=lambda path: np.diff(path, axis=0)),
            "You returned the changes. Return the points.",
        ),
        Misconception(
            "the gradients",
            _gradients_met,
            "You returned the gradients. Return the points.",
        ),
        Misconception(
            "one array in every row",
            _one_array,
            "Every row of yours is the last point: you put the same array into the path each time "
            "and changed it in place. Append a copy, or make a new array in each step.",
        ),
        Misconception(
            "made like the start",
            _made_like_the_start,
            "Your path has the type of the start. From whole numbers every point is cut to whole "
            "numbers. Make it of floats.",
        ),
        Misconception(
            "start shared",
            _shares_the_start,
            _IN_PLACE,
        ),
        Misconception("copy of whole numbers", _copies_whole_numbers, _IN_PLACE),
        Misconception(
            "stops early",
            _stops_early,
            "Your run ends before its steps are over, where the gradient is small. Take all of "
            "them: the path has steps + 1 rows.",
        ),
        Misconception(
            "stops after a short step",
            _stops_after_a_short_step,
            "Your run ends before its steps are over, after a step that was small. Take all of "
            "them: the path has steps + 1 rows.",
        ),
        Misconception(
            "two columns",
            _two_columns,
            "Your path has two columns, whatever x0 is. A point has as many numbers as x0: "
            "len(x0).",
        ),
        Misconception(
            "squeezed",
            _walk(result=np.squeeze),
            "np.squeeze takes axes of length 1 away. A path with one row, or one column, is still "
            "a table.",
        ),
        Misconception(
            "list handed on",
            _list_handed_on,
            "You hand gradient a list. It expects an array, as 2 * x means another thing for a "
            "list: begin with np.array(x0, dtype=float).",
        ),
    ),
)

# --- stable_learning_rate -------------------------------------------------------------------------


def _limit(A: Any) -> Case:
    expected = reference.stable_learning_rate(A)
    return Case(
        shown=f"stable_learning_rate({_shown(A)})",
        arguments=(A,),
        keywords={},
        expected=expected,
        tolerance=1e-8 * expected,
        what="the limit is",
    )


def _diagonals(rng: np.random.Generator, rounds: int) -> list[Case]:
    return [
        _limit(np.diag(rng.choice(np.arange(2, 60), n, replace=False) / 4))
        for n in (2, 3, 4, 2, 5)[: max(rounds, 3)]
    ]


def _turned(rng: np.random.Generator, n: int, scale: float = 1.0) -> np.ndarray:
    """Return a symmetric matrix with entries off the diagonal and positive eigenvalues."""
    while True:
        B = rng.integers(-4, 5, (n, n)) / 2
        A = B @ B.T + np.eye(n) / 4
        off = np.abs(A - np.diag(np.diag(A)))
        values = np.linalg.eigvalsh(A)
        if off.max() > 0.4 and values[-1] > 1.1 * np.diag(A).max() and values[0] > 0.01:
            return scale * A


def _symmetric(rng: np.random.Generator, rounds: int) -> list[Case]:
    return [_limit(_turned(rng, n)) for n in (2, 3, 4, 3, 5, 2)[: max(rounds, 3)]]


def _steep_across(rng: np.random.Generator) -> np.ndarray:
    """Return a matrix whose steepest directions lie at a right angle to (1, 1, 1, 1).

    With four rows its products with that vector are exact, so that rounding leads nowhere else.
    """
    a, b = float(rng.integers(8, 16)) / 2, float(rng.integers(1, 4)) / 4
    return a * np.eye(4) - b


def _special(rng: np.random.Generator, rounds: int) -> list[Case]:
    v = rng.integers(1, 5, 3).astype(np.float64)
    cases = [
        _limit(np.outer(v, v)),  # flat in all directions but one
        *(_limit(np.diag([0.0] * n + [float(rng.integers(2, 9))])) for n in (1, 2, 3)),
        _limit((4 * _turned(rng, 3)).astype(np.int64)),
        _limit(np.array([[float(rng.integers(2, 9)) / 4]])),
        *(_limit((4 * _turned(rng, n)).tolist()) for n in (2, 3, 4)),
        *(_limit(_steep_across(rng)) for _ in range(3)),
    ]
    scales = (1e-5, 1e5, 1e3, 1e-3)[: max(rounds - 1, 2)]
    return cases + [_limit(_turned(rng, 3, scale)) for scale in scales]


def _of_two_by_two(A: Any) -> Any:
    a, b, d = A[0][0], A[0][1], A[1][1]
    return 2 / ((a + d) / 2 + np.sqrt((a - d) ** 2 / 4 + b**2))


def _of_the_inverse(A: Any) -> Any:
    return 2 * np.min(np.linalg.eigvalsh(np.linalg.inv(A)))


def _by_powers_from_ones(A: Any) -> Any:
    A = np.asarray(A, dtype=np.float64)
    v = np.ones(len(A))
    for _ in range(1000):
        v = A @ v
        v = v / np.linalg.norm(v)
    return 2 / (v @ A @ v)


def _of_eigenvalues(formula: Callable[[np.ndarray], Any]) -> Callable[[Any], Any]:
    return lambda A: formula(np.linalg.eigvalsh(np.asarray(A, dtype=np.float64)))


_EIGENVALUE = (
    "The limit is set by the direction that bends most: the largest eigenvalue of A "
    "(np.linalg.eigvalsh)."
)

stable_learning_rate = Exercise(
    name="stable_learning_rate",
    chapter=CHAPTER,
    withheld=_WITHHELD,
    properties=(
        Property(
            "axes that do not mix",
            1,
            _diagonals,
            hints=(
                "Each step multiplies coordinate i by 1 − ηλ. When is that smaller than 1 in size, "
                "and for which i does it fail first?",
                "|1 − ηλ| < 1 means 0 < η < 2/λ.",
            ),
        ),
        Property(
            "any symmetric matrix",
            1,
            _symmetric,
            hints=(
                "Along which directions does A only stretch?",
                "np.linalg.eigvalsh(A) returns the eigenvalues, in rising order.",
            ),
            arguments_kept=True,
        ),
        Property(
            "flat directions, lists, any scale",
            1,
            _special,
            hints=(
                "A direction with eigenvalue 0 is neither helped nor harmed by any rate.",
                "A may be given as rows in a list.",
            ),
        ),
    ),
    misconceptions=(
        Misconception(
            "half the limit",
            _of_eigenvalues(lambda v: 1 / v[-1]),
            "This is 1/λ, the rate that needs one step along that direction. Twice as large a rate "
            "still does not diverge: the factor 1 − ηλ may come down to −1.",
        ),
        Misconception(
            "smallest eigenvalue",
            _of_eigenvalues(lambda v: 2 / v[0]),
            f"You took the smallest eigenvalue, the flattest direction. {_EIGENVALUE}",
        ),
        Misconception(
            "trace",
            lambda A: 2 / np.trace(np.asarray(A)),
            f"You divided by the trace, the sum of all eigenvalues. {_EIGENVALUE}",
        ),
        Misconception(
            "Frobenius norm",
            lambda A: 2 / np.linalg.norm(A),
            "np.linalg.norm of a matrix is the root of the sum of all squares, not the largest "
            f"stretching. {_EIGENVALUE}",
        ),
        Misconception(
            "best rate",
            _of_eigenvalues(lambda v: 2 / (v[0] + v[-1])),
            "This is 2/(λmin + λmax), the rate that comes in fastest. Return the limit beyond "
            "which the run diverges.",
        ),
        Misconception(
            "mean eigenvalue",
            _of_eigenvalues(lambda v: 2 / v.mean()),
            f"You took the mean of the eigenvalues. {_EIGENVALUE}",
        ),
        Misconception(
            "half gradient",
            _of_eigenvalues(lambda v: 4 / v[-1]),
            "This is 4/λmax, the limit for a gradient of ½Ax. The gradient of ½xᵀAx is Ax.",
        ),
        Misconception(
            "upside down",
            _of_eigenvalues(lambda v: v[-1] / 2),
            "You divided λmax by 2. It is the other way round: the steeper the ground, the smaller "
            "the rate.",
        ),
        Misconception(
            "eigenvalue",
            _of_eigenvalues(lambda v: v[-1]),
            "This is the largest eigenvalue itself. The limit is 2 divided by it.",
        ),
        Misconception(
            "determinant",
            lambda A: 2 / np.linalg.det(np.asarray(A, dtype=np.float64)),
            f"You divided by the determinant, the product of the eigenvalues. {_EIGENVALUE}",
        ),
        Misconception(
            "one limit for each direction",
            _of_eigenvalues(lambda v: 2 / v),
            "You returned the limits of all directions. One rate serves all of them, so return "
            "the smallest.",
        ),
        Misconception(
            "largest entry",
            lambda A: 2 / np.max(np.asarray(A)),
            "You took the largest entry of the diagonal. It is the largest eigenvalue only if A is "
            "diagonal. " + _EIGENVALUE,
        ),
        Misconception(
            "largest row sum",
            lambda A: 2 / np.abs(A).sum(axis=-1).max(),
            "You took the largest sum of sizes in a row. The largest eigenvalue is never larger "
            f"than that, but mostly smaller. {_EIGENVALUE}",
        ),
        Misconception(
            "last of unsorted eigenvalues",
            lambda A: 2 / np.linalg.eigvals(np.asarray(A, dtype=np.float64))[-1],
            "np.linalg.eigvals returns the eigenvalues in no order. Take the largest, or use "
            "np.linalg.eigvalsh, which returns them in rising order.",
        ),
        Misconception(
            "eigenvalues of AᵀA",
            lambda A: 2 / np.linalg.eigvalsh(np.transpose(A) @ np.asarray(A)).max(),
            "You took the eigenvalues of AᵀA, as least squares would need them. Here A itself is "
            f"the matrix of the quadratic. {_EIGENVALUE}",
        ),
        Misconception(
            "two rows only",
            _of_two_by_two,
            "Your formula is that of a matrix of two rows. A may have any number of them. "
            + _EIGENVALUE,
        ),
        Misconception(
            "inverse",
            _of_the_inverse,
            "You invert A, and a matrix with a flat direction has no inverse. " + _EIGENVALUE,
        ),
        Misconception(
            "powers from (1, …, 1)",
            _by_powers_from_ones,
            "Your start (1, …, 1) may lie at a right angle to the steepest direction, and then no "
            f"number of products with A finds it. {_EIGENVALUE}",
        ),
        Misconception(
            "arrays only",
            lambda A: 2 / np.linalg.eigvalsh((A + A.T) / 2).max(),
            "A may be a list of rows, which has no A.T. np.asarray(A) makes an array of either.",
        ),
    ),
)

# --- descend_until --------------------------------------------------------------------------------


def _part_of_stop(function: Callable[..., Any], look: str, *arguments: Any) -> Any:
    result = function(*arguments)
    if result is None:
        return None
    if not isinstance(result, tuple | list) or len(result) != len(PARTS):
        raise WrongKindError(f"there should be three results: {', '.join(PARTS)}")
    if isinstance(result[1], str) or isinstance(result[0], str):
        place = 0 if isinstance(result[0], str) else 1
        raise WrongKindError(
            f"result {place + 1} is {result[place]!r}; the order is {', '.join(PARTS)}"
        )
    wanted = result[PARTS.index(look)]
    if look != "reason":
        return wanted
    if not isinstance(wanted, str) or wanted not in REASONS:
        raise WrongKindError(f"the reason is {wanted!r}, and must be 'gradient' or 'max_steps'")
    return REASONS[wanted]


def _stop(bowl: _Bowl, x0: Any, rate: float, tolerance: float, most: int) -> list[Case]:
    """Return a case for each of the three results."""
    given = (bowl.gradient, x0, rate, tolerance, most)
    x, steps, reason = _descend()(*given)
    call = f"descend_until(gradient, {_shown(x0)}, {rate}, {tolerance:.6g}, {most})"
    return [
        Case(
            shown=f"With gradient(x) = {bowl.formula}, {call}[{place}], which is {part},",
            arguments=given,
            keywords={"look": part},
            expected=expected,
            tolerance=TOLERANCE * (1 + float(np.abs(x).max())) if part == "x" else 0.0,
            what={"x": "the point is", "steps": "the number of steps is"}.get(
                part, "(0 standing for 'gradient', 1 for 'max_steps') it is"
            ),
        )
        for place, (part, expected) in enumerate(
            zip(PARTS, (x, steps, REASONS[reason]), strict=True)
        )
    ]


def _between(bowl: _Bowl, x0: Any, rate: float, steps: int) -> float:
    """Return a tolerance that is met after so many steps, and by far not before."""
    path = _walk()(bowl.gradient, x0, rate, steps)
    norms = np.linalg.norm([bowl.gradient(x) for x in path], axis=1)
    return float(np.sqrt(norms[-1] * norms[-2]))


def _flat_at_last(rng: np.random.Generator, rounds: int) -> list[Case]:
    cases = []
    # Of one number the length is the size, by whatever rule.
    for n in (2, 3, 1, 2, 1, 4, 3)[: max(rounds + 2, 3)]:
        bowl, rate = _bowl(rng, n), float(rng.choice((0.1, 0.2, 0.3)))
        x0, steps = _start(rng, bowl), int(rng.integers(3, 12))
        cases += _stop(bowl, x0, rate, _between(bowl, x0, rate, steps), steps + 50)
    # The gradient's length is exactly the tolerance: 5 · 2⁻ᵏ, without any rounding.
    for k in range(1, max(rounds, 3) + 1):
        round_bowl = _Bowl(np.eye(2), np.zeros(2))
        x0 = np.array([3.0, 4.0])[rng.permutation(2)] * rng.choice((-1, 1), 2)
        cases += _stop(round_bowl, x0, 0.5, 5 * 0.5**k, 50)
    return cases


def _given_up(rng: np.random.Generator, rounds: int) -> list[Case]:
    cases = []
    for n, most in ((2, 4), (3, 7), (2, 1), (4, 5), (2, 0), (1, 3))[: max(rounds, 3)]:
        bowl = _bowl(rng, n)
        cases += _stop(bowl, _start(rng, bowl), 0.1, 1e-6, most)
    # The last step allowed is the one that reaches the bar; then fewer are allowed, and more.
    for n, steps in ((2, 3), (1, 4), (3, 5), (2, 6)):
        bowl = _bowl(rng, n)
        x0 = _start(rng, bowl)
        bar = _between(bowl, x0, 0.2, steps)
        for most in (steps, steps - 1, steps + 5):
            cases += _stop(bowl, x0, 0.2, bar, most)
    bowl = _bowl(rng, 1)
    return [*cases, _stop(bowl, _start(rng, bowl), 1e-4, 1e-6, LONG)[1]]


def _stopped_anywhere(rng: np.random.Generator, rounds: int) -> list[Case]:
    """Starts that are flat already, whole numbers, lists, and no steps allowed."""
    cases = []
    for n, most in ((2, 10), (3, 0), (2, 5), (4, 3))[: max(rounds, 3)]:
        bowl = _bowl(rng, n)
        cases += _stop(bowl, bowl.c + 1e-9, 0.2, 1e-6, most)
        at_rest = _Bowl(bowl.A, np.round(bowl.c))
        cases += _stop(at_rest, at_rest.c.astype(np.int64).tolist(), 0.2, 1e-6, most)
    for n in (2, 3, 2)[: max(rounds, 3)]:
        bowl = _bowl(rng, n)
        whole = np.round(bowl.c + rng.choice((-3, 3), n)).astype(np.int64)
        bar = _between(bowl, whole, 0.2, 4)
        cases += _stop(bowl, whole, 0.2, bar, 40) + _stop(bowl, whole.tolist(), 0.2, bar, 40)
        cases += _stop(bowl, _start(rng, bowl), 0.3, 1e-3, 100)
    return cases


def _slopes_while_walking(case: Case, _: Any, ask: Callable[..., Any]) -> Picture | None:
    """Draw after how many steps a run stops, over the tolerance."""
    gradient, x0, rate = case.arguments[:3]
    bars = np.geomspace(1e-3, 3.0, 25)
    return pictures.curves(
        np.log10(bars),
        lambda bar: _descend()(gradient, x0, rate, 10**bar, 100)[1],
        lambda bar: ask(gradient, x0, rate, 10**bar, 100, look="steps"),
        ("log₁₀ of the tolerance", "Steps taken, with 100 allowed"),
    )


def _norm(x: np.ndarray, g: np.ndarray, rate: float) -> float:
    return float(np.sqrt(np.sum(g * g)))


def _descend(
    size: Callable[[np.ndarray, np.ndarray, float], float] = _norm,
    *,
    met: Callable[[float, float], bool] = lambda size, bar: size <= bar,
    sign: int = -1,
    most: Callable[[int], int] = lambda max_steps: max_steps,
    result: Callable[..., Any] = lambda x, steps, reason, before: (x, steps, reason),
) -> Callable[..., Any]:
    """Return a run that stops by the size of something else, or returns something else."""

    def answer(gradient: Any, x0: Any, rate: float, tolerance: float, max_steps: int) -> Any:
        x = before = np.array(x0, dtype=np.float64)
        allowed = most(max_steps)
        for step in range(allowed + 1):
            g = np.asarray(gradient(x))
            if met(size(x, g, rate), tolerance):
                return result(x, step, "gradient", before)
            if step < allowed:
                before, x = x, x + sign * rate * g
        return result(x, allowed, "max_steps", before)

    return answer


def _looks_before_the_last_step(gradient: Any, x0: Any, rate: Any, bar: Any, most: int) -> Any:
    """Leave the loop by its end although the last step has reached the bar."""
    x = np.array(x0, dtype=np.float64)
    for step in range(most):
        g = np.asarray(gradient(x))
        if np.linalg.norm(g) <= bar:
            return x, step, "gradient"
        x = x - rate * g
    return x, most, "max_steps"


def _steps_first(gradient: Any, x0: Any, rate: Any, bar: Any, most: int) -> Any:
    x = np.array(x0, dtype=np.float64)
    for step in range(1, most + 1):
        x = x - rate * np.asarray(gradient(x))
        if np.linalg.norm(gradient(x)) <= bar:
            return x, step, "gradient"
    return x, most, "max_steps"


def _steps_in_any_case(gradient: Any, x0: Any, rate: Any, bar: Any, most: int) -> Any:
    """Look at the number of steps, too, only after the first of them."""
    return _steps_first(gradient, x0, rate, bar, max(most, 1))


def _looks_behind(gradient: Any, x0: Any, rate: Any, bar: Any, most: int) -> Any:
    """Compare the gradient from before the step."""
    x = np.array(x0, dtype=np.float64)
    for step in range(1, most + 1):
        g = np.asarray(gradient(x))
        x = x - rate * g
        if np.linalg.norm(g) <= bar:
            return x, step, "gradient"
    return x, most, "max_steps"


def _one_gradient(gradient: Any, x0: Any, rate: Any, bar: Any, most: int) -> Any:
    x = np.array(x0, dtype=np.float64)
    g, steps = np.asarray(gradient(x)), 0
    while np.linalg.norm(g) > bar and steps < most:
        x = x - rate * g
        steps += 1
    return x, steps, "gradient" if np.linalg.norm(g) <= bar else "max_steps"


def _hands_a_list_on(gradient: Any, x0: Any, rate: Any, bar: Any, most: int) -> Any:
    x = x0
    for step in range(most + 1):
        g = gradient(x)
        if np.linalg.norm(g) <= bar:
            return x, step, "gradient"
        if step < most:
            x = x - rate * g
    return x, most, "max_steps"


def _moves(start: Callable[[Any], Any]) -> Callable[..., Any]:
    """Return a run that moves in place what `start` makes of x0."""

    def answer(gradient: Any, x0: Any, rate: Any, bar: Any, most: int) -> Any:
        x = start(x0)
        for step in range(most + 1):
            if np.linalg.norm(gradient(x)) <= bar:
                return x.copy(), step, "gradient"
            if step < most:
                x -= rate * np.asarray(gradient(x))
        return x.copy(), most, "max_steps"

    return answer


def _in_other_words(words: dict[str, str]) -> Callable[..., Any]:
    return _descend(result=lambda x, steps, reason, before: (x, steps, words[reason]))


def _stops(*rows: tuple[str, Callable[..., Any], str]) -> tuple[Misconception, ...]:
    return tuple(Misconception(name, seen(f, _part_of_stop), said) for name, f, said in rows)


_OTHER = {"gradient": "max_steps", "max_steps": "gradient"}

descend_until = SeenExercise(
    name="descend_until",
    chapter=CHAPTER,
    withheld=(*_WITHHELD, _walk, _descend),
    earlier={"gradient_descent": _right_descent},
    sees=_part_of_stop,
    properties=(
        Property(
            "stops where it is flat",
            1,
            _flat_at_last,
            hints=(
                "What is small at a minimum, and does not depend on the learning rate?",
                "Before each step: if np.linalg.norm(gradient(x)) <= tolerance, return.",
            ),
            picture=_slopes_while_walking,
        ),
        Property(
            "gives up in time",
            1,
            _given_up,
            hints=(
                "How many points does a run of max_steps steps visit? Look at the gradient at each "
                "of them, the last one too.",
                "With max_steps steps taken, look once more: the reason may still be 'gradient'.",
            ),
        ),
        Property(
            "any start, which is kept",
            1,
            _stopped_anywhere,
            hints=(
                "If the start is flat already, how many steps are needed?",
                "np.array(x0, dtype=float) is a copy, of floats.",
            ),
            arguments_kept=True,
        ),
    ),
    misconceptions=_stops(
        (
            "length of the step",
            _descend(lambda x, g, rate: rate * _norm(x, g, rate)),
            "You compare the length of the step, the rate times the gradient. A small rate makes "
            "that small anywhere (erratum E1.7). Compare the gradient itself.",
        ),
        (
            "largest entry",
            _descend(lambda x, g, rate: float(np.max(np.abs(g)))),
            "You compare the largest entry of the gradient. Compare its length, the root of the "
            "sum of squares: np.linalg.norm.",
        ),
        (
            "sum of sizes",
            _descend(lambda x, g, rate: float(np.sum(np.abs(g)))),
            "You add up the sizes of the gradient's entries. Compare its length, the root of the "
            "sum of squares: np.linalg.norm.",
        ),
        (
            "square of the length",
            _descend(lambda x, g, rate: float(np.sum(g * g))),
            "You compare the square of the length. Take the root.",
        ),
        (
            "any entry",
            _descend(lambda x, g, rate: float(np.min(np.abs(g)))),
            "You stop as soon as one entry of the gradient is small. Its whole length must be.",
        ),
        (
            "size of x",
            _descend(lambda x, g, rate: _norm(x, x, rate)),
            "You compare the length of x. A minimum need not lie at 0; look at the gradient.",
        ),
        (
            "signed",
            _descend(lambda x, g, rate: float(np.max(g))),
            "You compare entries with their sign: a large negative slope is not flat.",
        ),
        (
            "less than",
            _descend(met=lambda size, bar: size < bar),
            "You stop when the length is less than the tolerance. Equal is small enough: use <=.",
        ),
        (
            "along the gradient",
            _descend(sign=1),
            "You went along the gradient, which leads uphill. Descent subtracts it.",
        ),
        (
            "counts from one",
            _descend(result=lambda x, steps, reason, before: (x, steps + 1, reason)),
            "Your number of steps is one too large. At the start no step has been taken.",
        ),
        (
            "counts one fewer",
            _descend(result=lambda x, steps, reason, before: (x, max(steps - 1, 0), reason)),
            "Your number of steps is one too small. Count every change of x.",
        ),
        (
            "the point before",
            _descend(result=lambda x, steps, reason, before: (before, steps, reason)),
            "You returned the point before the last step.",
        ),
        (
            "reasons exchanged",
            _descend(result=lambda x, steps, reason, before: (x, steps, _OTHER[reason])),
            "The two reasons are exchanged.",
        ),
        (
            "always the gradient",
            _descend(result=lambda x, steps, reason, before: (x, steps, "gradient")),
            "Your reason is always 'gradient'. Where the steps ran out it is 'max_steps', so that "
            "the caller knows.",
        ),
        (
            "one step too few",
            _descend(most=lambda max_steps: max(max_steps - 1, 0)),
            "You give up one step early: max_steps steps are allowed.",
        ),
        (
            "last point not looked at",
            _looks_before_the_last_step,
            "After the last step allowed you do not look at the gradient any more. If it is flat "
            "there, the reason is 'gradient'.",
        ),
        (
            "steps first, looks later",
            _steps_first,
            "You take a step before you look at the gradient. The start may be flat already; then "
            "no step is needed.",
        ),
        (
            "a step in any case",
            _steps_in_any_case,
            "You take a step before you look at anything. The start may be flat already, and "
            "max_steps may be 0; then no step is to be taken.",
        ),
        ("start shared", _moves(np.asarray), _IN_PLACE),
        ("start of floats shared", _moves(lambda x0: np.asarray(x0, dtype=np.float64)), _IN_PLACE),
        ("copy of whole numbers", _moves(np.array), _IN_PLACE),
        ("copy, and no array", _moves(lambda x0: x0.copy()), _IN_PLACE),
        (
            "looks behind",
            _looks_behind,
            "You compare the gradient from before the step, so you stop one step late. Look at the "
            "gradient where you are, before you step.",
        ),
        (
            "one gradient for ever",
            _one_gradient,
            "You compute the gradient once, at the start. It is another one after each step.",
        ),
        (
            "one step too many",
            _descend(most=lambda max_steps: max_steps + 1),
            "You take one step more than allowed: with steps <= max_steps there is a step after "
            "max_steps of them. Use <.",
        ),
        (
            "list handed on",
            _hands_a_list_on,
            "You hand gradient a list. It expects an array, as 2 * x means another thing for a "
            "list: begin with np.array(x0, dtype=float).",
        ),
        (
            "reason second",
            _descend(result=lambda x, steps, reason, before: (x, reason, steps)),
            "The order of your results is another one. It is: x, the number of steps, the reason.",
        ),
        *(
            (
                f"reasons {flat!r} and {steps!r}",
                _in_other_words({"gradient": flat, "max_steps": steps}),
                "Your reasons are other words. Return 'gradient' or 'max_steps', letter for "
                "letter: who calls compares them.",
            )
            for flat, steps in (
                ("tolerance", "steps"),
                ("tolerance", "max_steps"),
                ("converged", "max_steps"),
                ("gradient", "steps"),
                ("Gradient", "Max_steps"),
            )
        ),
    ),
)

# --- minibatches ----------------------------------------------------------------------------------

#: Generators for one question about chance; with so many the answer is as good as certain.
ORDERS, AGAIN, FIRSTS = 20, 5, 110

#: In place of NumPy's global generator, so that checking does not draw from that.
_GLOBAL = np.random.default_rng(20)


def _dealt(function: Callable[..., Any], n: int, size: int, seed: int) -> list[np.ndarray] | None:
    """Call the function, and make sure that the answer is a list of index arrays."""
    result = function(n, size, np.random.default_rng(seed))
    if result is None:
        return None
    if not isinstance(result, list | tuple) and getattr(result, "ndim", 0) != 2:
        raise WrongKindError(f"it should be a list of index arrays, not a {type(result).__name__}")
    batches = [np.asarray(batch) for batch in result]
    for batch in batches:
        if batch.ndim != 1 or batch.dtype.kind not in "iu":
            raise WrongKindError(
                f"a batch is {_shown(batch)}; it should be an array of whole numbers, of one axis"
            )
    return batches


def _look_at_batches(
    function: Callable[..., Any], look: str, n: int, size: int, seed: int
) -> list[int] | int | None:
    batches = _dealt(function, n, size, seed)
    if batches is None:
        return None
    if look == "sizes":
        return [len(batch) for batch in batches]
    if look == "rows":
        return sorted(row for batch in batches for row in batch.tolist())
    others = {
        "orders": range(seed, seed + ORDERS),
        "unmoved": range(seed, seed + ORDERS),
        "again": [seed] * AGAIN,
        "firsts": range(seed, seed + FIRSTS),
    }[look]
    found = []
    for one in others:
        batches = _dealt(function, n, size, one) or [np.zeros(0, dtype=np.int64)]
        if look == "firsts":
            found.append(tuple(sorted(batches[0].tolist())))
        else:
            found.append(tuple(row for batch in batches for row in batch.tolist()))
    return found.count(tuple(range(n))) if look == "unmoved" else len(set(found))


_QUESTIONS = {
    "sizes": "The sizes of the batches of minibatches({n}, {size}, rng): it",
    "rows": "The rows in all batches of minibatches({n}, {size}, rng), in rising order: it",
    "orders": f"In how many different orders {ORDERS} generators with different seeds deal, "
    "minibatches({n}, {size}, rng): it",
    "unmoved": f"How many of {ORDERS} generators leave the rows in their old order, "
    "minibatches({n}, {size}, rng): it",
    "again": f"In how many different orders {AGAIN} generators with the same seed deal, "
    "minibatches({n}, {size}, rng): it",
    "firsts": f"How many different sets of rows come first, with {FIRSTS} generators, "
    "minibatches({n}, {size}, rng): it",
}


def _asked(look: str, n: int, size: int, seed: int) -> Case:
    full, rest = divmod(n, size)
    expected: Any = {
        "sizes": [size] * full + [rest] * (rest > 0),
        "rows": list(range(n)),
        "orders": ORDERS,
        "unmoved": 0,
        "again": 1,
        "firsts": sum(1 for _ in itertools.combinations(range(n), min(size, n))),
    }[look]
    return Case(
        shown=_QUESTIONS[look].format(n=n, size=size),
        arguments=(n, size, seed),
        keywords={"look": look},
        expected=expected,
        what="right is",
    )


def _looks(
    look: str, shapes: Sequence[tuple[int, int]]
) -> Callable[[np.random.Generator, int], list[Case]]:
    def cases(rng: np.random.Generator, rounds: int) -> list[Case]:
        return [_asked(look, n, size, int(rng.integers(10**6))) for n, size in shapes]

    return cases


_SHAPES = (
    (8, 3),
    (10, 4),
    (7, 5),
    (9, 2),
    (12, 4),
    (6, 1),
    (5, 5),
    (4, 9),
    (7, 3),
    (13, 5),
    (1, 1),
)


def _chances(rng: np.random.Generator, rounds: int) -> list[Case]:
    return [
        case
        for look, shapes in (
            ("orders", ((12, 4), (15, 4), (20, 7))),
            ("unmoved", ((14, 4),)),
            ("again", ((12, 4), (9, 9), (20, 7))),
            ("firsts", ((4, 2), (4, 3), (3, 2))),
        )
        for case in _looks(look, shapes)(rng, rounds)
    ]


def _bars_of_sizes(case: Case, value: Any, _: Callable[..., Any]) -> Picture | None:
    names = [f"batch {k}" for k in range(len(case.expected))]
    return pictures.bars(case.expected, value, names, "Rows in a batch")


def _cut(order: Any, size: int) -> list[Any]:
    return [order[start : start + size] for start in range(0, len(order), size)]


def _padded(n: int, size: int, rng: np.random.Generator) -> list[Any]:
    order = rng.permutation(n)
    return _cut(np.resize(order, -(-n // size) * size), size)


def _blocks(n: int, size: int, rng: np.random.Generator) -> list[Any]:
    blocks = _cut(np.arange(n), size)
    return [blocks[k] for k in rng.permutation(len(blocks))]


def _drawn_apart(draw: Callable[[np.random.Generator, int, int], Any]) -> Callable[..., Any]:
    """Return a deal in which every batch is drawn from all rows."""
    return lambda n, size, rng: [draw(rng, n, min(size, n - k)) for k in range(0, n, size)]


def _nothing(n: int, size: int) -> list[Any]:
    return [] if n % size else [np.zeros(0, dtype=np.int64)]


def _cuts_what_shuffle_returns(n: int, size: int, rng: np.random.Generator) -> list[Any]:
    order: Any = rng.shuffle(np.arange(n))
    return [order[k : k + size] for k in range(0, n, size)]


_APART = (
    "You draw each batch from all rows, so some come in two batches and others in none. Shuffle "
    "once, then cut."
)
_ONE_MISSING = "A row is missing: there are n of them, 0 to n − 1, and you deal n − 1."


def _dealt_as(*rows: tuple[str, Callable[..., Any], str]) -> tuple[Misconception, ...]:
    return tuple(Misconception(name, seen(f, _look_at_batches), said) for name, f, said in rows)


minibatches = SeenExercise(
    name="minibatches",
    chapter=CHAPTER,
    withheld=(*_WITHHELD, _cut, _padded, _blocks),
    sees=_look_at_batches,
    properties=(
        Property(
            "the sizes of the batches",
            1,
            _looks("sizes", _SHAPES),
            hints=(
                "8 rows in batches of 3: which batches are there?",
                "range(0, n, size) gives the places where batches begin; a slice may reach past "
                "the end.",
            ),
            picture=_bars_of_sizes,
        ),
        Property(
            "every row once",
            1,
            _looks("rows", _SHAPES),
            hints=(
                "Put all the batches together. Is each of 0, 1, …, n − 1 there, and only once?",
                "Shuffle all rows first, then cut.",
            ),
        ),
        Property(
            "shuffled by the generator given",
            1,
            _chances,
            hints=(
                "rng.permutation(n) is a shuffled array of 0 … n − 1.",
                "The same seed must give the same batches, and another seed others: use rng, and "
                "no other source of chance.",
            ),
        ),
    ),
    misconceptions=_dealt_as(
        (
            "last batch dropped",
            lambda n, size, rng: [b for b in _cut(rng.permutation(n), size) if len(b) == size],
            "You drop the last batch if it is short. Its rows would miss an epoch; keep it.",
        ),
        (
            "last batch filled up",
            _padded,
            "You fill the last batch up with rows that were used already. It may be shorter.",
        ),
        (
            "last batch swollen",
            lambda n, size, rng: np.split(
                rng.permutation(n), [size * k for k in range(1, max(n // size, 1))]
            ),
            "You put the rows that are left into the last full batch. They make a batch of their "
            "own, a shorter one.",
        ),
        (
            "evenly split",
            lambda n, size, rng: np.array_split(rng.permutation(n), -(-n // size)),
            "Your batches have nearly equal sizes. Make full batches and, at the end, a shorter "
            "one with what is left.",
        ),
        (
            "size taken for a number",
            lambda n, size, rng: np.array_split(rng.permutation(n), size),
            "You made `size` batches. `size` says how many rows a batch holds.",
        ),
        (
            "with replacement",
            lambda n, size, rng: _cut(rng.integers(n, size=n), size),
            "You draw each row anew, so some come twice and others never. Shuffle them instead: "
            "rng.permutation(n).",
        ),
        (
            "one batch",
            lambda n, size, rng: [rng.permutation(n)[:size]],
            "You return one batch. Return all the batches of an epoch.",
        ),
        (
            "counts from one",
            lambda n, size, rng: _cut(1 + rng.permutation(n), size),
            "Your rows go from 1 to n. They are indices, and the first row is row 0.",
        ),
        (
            "row 0 left out",
            lambda n, size, rng: _cut(1 + rng.permutation(n - 1), size),
            _ONE_MISSING,
        ),
        (
            "last row left out",
            lambda n, size, rng: _cut(rng.permutation(n - 1), size),
            _ONE_MISSING,
        ),
        (
            "an empty batch",
            lambda n, size, rng: [*_cut(rng.permutation(n), size), *_nothing(n, size)],
            "Where size divides n there is an empty batch at the end. range(0, n, size) begins no "
            "batch at n.",
        ),
        (
            "shuffled anew for each batch",
            lambda n, size, rng: [rng.permutation(n)[k : k + size] for k in range(0, n, size)],
            "You shuffle again for each batch, so some rows come twice and others never. Shuffle "
            "once, then cut.",
        ),
        (
            "each batch drawn from all rows",
            _drawn_apart(lambda rng, n, many: rng.choice(n, many, replace=False)),
            _APART,
        ),
        (
            "beginning of a new order for each batch",
            _drawn_apart(lambda rng, n, many: rng.permutation(n)[:many]),
            _APART,
        ),
        (
            "result of shuffle",
            _cuts_what_shuffle_returns,
            "rng.shuffle works in place and returns None. Shuffle an array, then cut that; or take "
            "rng.permutation(n), which returns the shuffled rows.",
        ),
        (
            "reshaped",
            lambda n, size, rng: list(rng.permutation(n).reshape(-1, size)),
            "reshape needs batches that are all full. Where size does not divide n the last one is "
            "shorter: cut with slices.",
        ),
        (
            "not shuffled",
            lambda n, size, rng: _cut(np.arange(n), size),
            "The rows come in their old order. Shuffle them with rng.",
        ),
        (
            "global generator",
            lambda n, size, rng: _cut(_GLOBAL.permutation(n), size),
            "The same seed gives other batches each time: you draw from NumPy's global generator "
            "and not from rng. Nobody could repeat such a run.",
        ),
        (
            "own seed",
            lambda n, size, rng: _cut(np.random.default_rng(0).permutation(n), size),
            "Your batches do not depend on rng: every epoch would deal in the same order. Do not "
            "make a generator of your own.",
        ),
        (
            "blocks shuffled",
            _blocks,
            "You shuffle the batches, but neighbours stay together in them. Shuffle the rows, then "
            "cut.",
        ),
        (
            "shuffled inside",
            lambda n, size, rng: [rng.permutation(b) for b in _cut(np.arange(n), size)],
            "You shuffle inside the batches, but the same rows always make a batch. Shuffle all "
            "rows, then cut.",
        ),
        (
            "turned, not shuffled",
            lambda n, size, rng: _cut(np.roll(np.arange(n), int(rng.integers(n))), size),
            "You begin at a row drawn at random and go on in the old order. Neighbours stay "
            "together; shuffle all rows.",
        ),
    ),
)

# --- sgd_step -------------------------------------------------------------------------------------


def _fit(w: Any, X: Any, y: Any, rate: float) -> Case:
    expected = np.asarray(w) - rate * np.transpose(X) @ (np.asarray(X) @ w - y) / len(y)
    return Case(
        shown=f"sgd_step({_shown(w)}, {_shown(X)}, {_shown(y)}, {rate})",
        arguments=(w, X, y, rate),
        keywords={},
        expected=expected,
        tolerance=TOLERANCE * (1 + float(np.abs(expected).max())),
        what="the new weights are",
    )


def _rows_of(rng: np.random.Generator, n: int, d: int) -> Case:
    while True:
        w, X, y = _quarters(rng, d), _quarters(rng, n, d), _quarters(rng, n)
        errors = X @ w - y
        if np.abs(errors).min() > 0.1 and np.abs(X.T @ errors).min() > 0.1:
            return _fit(w, X, y, float(rng.choice((0.05, 0.1, 0.2, 0.3))))


def _batches_of(
    shapes: Sequence[tuple[int, int]],
) -> Callable[[np.random.Generator, int], list[Case]]:
    return lambda rng, rounds: [_rows_of(rng, n, d) for n, d in shapes[: max(rounds, 3)]]


_BATCHES = _batches_of(((4, 2), (3, 3), (5, 3), (6, 2), (2, 4)))


def _odd_batches(rng: np.random.Generator, rounds: int) -> list[Case]:
    cases = [_rows_of(rng, n, d) for n, d in ((1, 3), (1, 2), (4, 1), (1, 1), (6, 2))]
    for n, d in ((3, 2), (4, 3), (2, 3))[: max(rounds, 3)]:
        case = _rows_of(rng, n, d)
        *arrays, rate = case.arguments
        whole = [(4 * one).astype(np.int64) for one in arrays]
        w, X, y = whole
        cases += [_fit(w, X, y, rate), _fit(w.tolist(), X.tolist(), y.tolist(), rate)]
    return cases


def _bars_of_fit(case: Case, value: Any, _: Callable[..., Any]) -> Picture | None:
    names = [f"w{i}" for i in range(np.size(case.expected))]
    return pictures.bars(case.expected, value, names, "New weight")


def _stepped(
    change: Callable[[np.ndarray, np.ndarray, np.ndarray, float], Any],
    new: Callable[[np.ndarray, Any], Any] = lambda w, step: w - step,
) -> Callable[..., Any]:
    """Return a step by another change: change(X, errors, y, rate) is subtracted."""

    def answer(w: Any, X: Any, y: Any, learning_rate: float) -> Any:
        w, X, y = (np.asarray(one, dtype=np.float64) for one in (w, X, y))
        return new(w, change(X, X @ w - y, y, learning_rate))

    return answer


def _row_after_row(w: Any, X: Any, y: Any, learning_rate: float) -> Any:
    w = np.array(w, dtype=np.float64)
    for row, target in zip(np.asarray(X), y, strict=True):
        w = w - learning_rate * (row @ w - target) * row / len(y)
    return w


def _first_row(w: Any, X: Any, y: Any, learning_rate: float) -> Any:
    row = np.asarray(X, dtype=np.float64)[0]
    return w - learning_rate * (row @ w - y[0]) * row


def _changes_weights(w: Any, X: Any, y: Any, learning_rate: float) -> Any:
    X, w = np.asarray(X), np.asarray(w)
    w -= learning_rate * X.T @ (X @ w - y) / len(y)
    return w


def _lists_refused(w: Any, X: Any, y: Any, learning_rate: float) -> Any:
    return w - learning_rate * X.T @ (X @ w - y) / len(y)


def _lists_refused_at_the_error(w: Any, X: Any, y: Any, learning_rate: float) -> Any:
    error = X @ w - y
    return w - learning_rate * X.T @ error / len(y)


def _targets_in_a_column(w: Any, X: Any, y: Any, learning_rate: float) -> Any:
    w, X = np.asarray(w, dtype=np.float64), np.asarray(X, dtype=np.float64)
    table = X @ w - np.reshape(y, (-1, 1))
    return w - learning_rate * np.mean(X.T @ table, axis=1)


def _squeezed_rows(w: Any, X: Any, y: Any, learning_rate: float) -> Any:
    w, X, y = np.asarray(w, dtype=np.float64), np.squeeze(X), np.squeeze(y)
    error = X @ w - y
    gradient = X.T * error if X.ndim == 1 else X.T @ error
    return w - learning_rate * gradient / len(X)


def _weights_of_their_type(w: Any, X: Any, y: Any, learning_rate: float) -> Any:
    new = np.array(w)
    new[...] = _stepped(lambda X, e, y, rate: rate * X.T @ e / len(e))(w, X, y, learning_rate)
    return new


_LISTS = "This works for arrays and not for lists. np.asarray(X) makes an array of either."

sgd_step = Exercise(
    name="sgd_step",
    chapter=CHAPTER,
    withheld=(*_WITHHELD, _stepped),
    earlier={"gradient_descent": _right_descent},
    properties=(
        Property(
            "one step",
            1,
            _BATCHES,
            hints=(
                "The error of row i is X[i] @ w − y[i]. How much does the loss change when w[j] "
                "does?",
                "Which product of X, turned on its side, and the errors adds over the rows? And "
                "what is left of 1/(2n) when a square is differentiated?",
            ),
            picture=_bars_of_fit,
        ),
        Property(
            "single rows, single columns, lists",
            1,
            _odd_batches,
            hints=(
                "A batch of one row is a matrix with one row. Does your code divide by its number "
                "of rows?",
                "np.asarray(X, dtype=float) makes an array of a list of rows.",
            ),
        ),
        Property(
            "the caller's weights are kept",
            1,
            _BATCHES,
            hints=("w -= … changes the array that was passed in; w = w − … makes a new one.",),
            arguments_kept=True,
        ),
    ),
    misconceptions=(
        Misconception(
            "missing 1/n",
            _stepped(lambda X, e, y, rate: rate * X.T @ e),
            "Missing 1/n: you added over the rows. The loss is a mean, so a batch of twice as many "
            "rows must not make a step twice as long.",
        ),
        Misconception(
            "half kept",
            _stepped(lambda X, e, y, rate: rate * X.T @ e / (2 * len(e))),
            "You kept the ½ of the loss. Differentiating the square brings a 2, which cancels it.",
        ),
        Misconception(
            "two too many",
            _stepped(lambda X, e, y, rate: rate * 2 * X.T @ e / len(e)),
            "You have a 2 too many. It cancels with the ½ of the loss.",
        ),
        Misconception(
            "residual turned round",
            _stepped(lambda X, e, y, rate: -rate * X.T @ e / len(e)),
            "The step goes uphill: the error is Xw − y and the step is subtracted. With y − Xw it "
            "would have to be added.",
        ),
        Misconception(
            "divided by the columns",
            _stepped(lambda X, e, y, rate: rate * X.T @ e / X.shape[1]),
            "You divided by the number of weights. Divide by the number of rows.",
        ),
        Misconception(
            "divided by everything",
            _stepped(lambda X, e, y, rate: rate * X.T @ e / X.size),
            "You divided by the number of entries of X. Divide by the number of rows.",
        ),
        Misconception(
            "no rate",
            _stepped(lambda X, e, y, rate: X.T @ e / len(e)),
            "You subtracted the whole gradient. Multiply it by the learning rate.",
        ),
        Misconception(
            "rate twice",
            _stepped(lambda X, e, y, rate: rate**2 * X.T @ e / len(e)),
            "You multiplied by the learning rate twice.",
        ),
        Misconception(
            "gradient alone",
            _stepped(lambda X, e, y, rate: X.T @ e / len(e), lambda w, step: step),
            "This is the gradient. Return the new weights: w − learning_rate · gradient.",
        ),
        Misconception(
            "change alone",
            _stepped(lambda X, e, y, rate: -rate * X.T @ e / len(e), lambda w, step: step),
            "This is the change. Return the new weights: the old ones plus the change.",
        ),
        Misconception(
            "inputs forgotten",
            _stepped(lambda X, e, y, rate: rate * np.mean(e)),
            "You subtracted the mean error from every weight. A weight acts in proportion to its "
            "input: multiply each error by its row of X before you take the mean.",
        ),
        Misconception(
            "mean before product",
            _stepped(lambda X, e, y, rate: rate * np.mean(e) * X.mean(axis=0)),
            "You multiplied the mean error by the mean input. Multiply row by row, then take the "
            "mean.",
        ),
        Misconception(
            "targets forgotten",
            _stepped(lambda X, e, y, rate: rate * X.T @ (e + y) / len(e)),
            "You left the targets out. The error is Xw − y.",
        ),
        Misconception(
            "sign of the error",
            _stepped(lambda X, e, y, rate: rate * X.T @ np.sign(e) / len(e)),
            "You used the signs of the errors. That belongs to the absolute error; the derivative "
            "of a square has the error itself.",
        ),
        Misconception(
            "error squared",
            _stepped(lambda X, e, y, rate: rate * X.T @ e**2 / len(e)),
            "You multiplied by the squared errors. Differentiate the square first.",
        ),
        Misconception(
            "row after row",
            _row_after_row,
            "You changed the weights after each row, so later rows see other weights. A step takes "
            "all its errors with the old ones.",
        ),
        Misconception(
            "first row only",
            _first_row,
            "You used the first row only. The gradient is a mean over all rows given.",
        ),
        Misconception(
            "arrays only",
            _lists_refused,
            _LISTS,
        ),
        Misconception("arrays only, at the error", _lists_refused_at_the_error, _LISTS),
        Misconception(
            "targets in a column",
            _targets_in_a_column,
            "You make y a column. X @ w has one axis, so their difference is a square table of "
            "every prediction against every target. Keep y as it is.",
        ),
        Misconception(
            "mean over everything",
            _stepped(lambda X, e, y, rate: rate * np.mean(e[:, np.newaxis] * X)),
            "You took the mean over all entries, so every weight moves by the same. Take it over "
            "the rows: axis=0.",
        ),
        Misconception(
            "single rows squeezed",
            _squeezed_rows,
            "np.squeeze makes a vector of a batch of one row, and its length is then the number of "
            "weights. Leave X a matrix.",
        ),
        Misconception(
            "weights of their type",
            _weights_of_their_type,
            "Your new weights have the type of w, so whole numbers stay whole. Make them of "
            "floats: np.array(w, dtype=float).",
        ),
        Misconception(
            "weights changed",
            _changes_weights,
            "The numbers are right, but w -= … changes the caller's weights. Return new ones: "
            "w − ….",
        ),
    ),
)
