"""Going downhill: steps, when to stop, how long a step, on how much of the data (chapter 3).

One convention holds for every loss of this package: the mean over rows of the loss of a row, and
for squared errors half the sum of squares of a row, ½Σe². A gradient is the gradient of that mean.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from nnlib._validation import Array, as_count, as_float_array, as_positive, choose, same_shape

Gradient = Callable[[Array], npt.ArrayLike]
Schedule = Callable[[int], float]


class DivergenceError(ArithmeticError):
    """A run was stopped in step `step`, counted from 1: `what` it computes is no longer finite.

    Examples
    --------
    >>> DivergenceError("`x`[0] is inf", step=8).step
    8
    """

    def __init__(self, what: str, step: int) -> None:
        super().__init__(
            f"{what} after step {step}: the run diverges. The likely cure is a smaller learning "
            "rate; divide it by 10 until the first steps go down."
        )
        self.what, self.step = what, step


def gradient_descent(
    gradient: Gradient, x0: npt.ArrayLike, learning_rate: float | Schedule, steps: int
) -> Array:
    """Walk against the gradient, and return every point of the walk.

    Parameters
    ----------
    gradient : callable
        Takes a point (read-only) and returns the gradient there, of the same shape.
    x0 : array_like of real numbers, shape (n,) or any other
        The start. It is not changed.
    learning_rate : float or callable
        The factor η in x ← x − η·gradient(x), or a schedule that gives it for step 0, 1, ….
    steps : int
        How many steps to take, at least 0.

    Returns
    -------
    numpy.ndarray of float64, shape (steps + 1, n)
        Row k is the point after k steps, so row 0 is the start.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what it must be, or `gradient` answers with another shape.
    DivergenceError
        If a coordinate overflows.

    Examples
    --------
    >>> gradient_descent(lambda x: 2 * x, [-3, 4], 0.1, steps=100)[-1]
    array([-6.11110793e-10,  8.14814391e-10])
    """
    x = as_float_array("x0", x0)
    rate = as_schedule(learning_rate)
    path = np.empty((as_count("steps", steps) + 1, *x.shape))
    path[0] = x
    for k in range(steps):
        path[k + 1] = step_down(path[k], gradient_at(gradient, path[k], k), rate(k), k + 1)
    return path


def gradient_at(gradient: Gradient, x: Array, step: int = 0) -> Array:
    """Ask `gradient` at `x`, after `step` steps, and make sure that the answer is one.

    The gradient sees a read-only view of `x`, so that one which changes its argument fails at once.
    An answer of another kind or shape, or one that is not finite at the start, is a mistake; one
    that stops being finite later is a DivergenceError.

    Examples
    --------
    >>> gradient_at(lambda x: 2 * x, np.array([3.0, 4.0]))
    array([6., 8.])
    """
    seen = np.asarray(x).view()
    seen.flags.writeable = False
    with np.errstate(over="ignore", invalid="ignore"):  # reported below, with the step
        g = np.asarray(gradient(seen))
    if g.dtype != np.float64 or (step == 0 and not all_finite(g)):
        g = as_float_array("gradient(x)", g)
    same_shape("gradient(x)", g, "x", x.shape)
    require_finite("gradient(x)", g, step)
    return g


def step_down(x: Array, g: Array, rate: float, step: int) -> Array:
    """One step of the descent, x − rate·g; `step` is its number, counted from 1, for the message.

    Examples
    --------
    >>> step_down(np.array([3.0]), np.array([6.0]), 0.25, step=1)
    array([1.5])
    """
    with np.errstate(over="ignore"):
        x = x - rate * g
    require_finite("`x`", x, step)
    return x


def all_finite(x: Array) -> bool:
    """Whether no number in `x` is NaN or infinite: one pass, and a second one only in doubt.

    Examples
    --------
    >>> all_finite(np.array([1e200, 2.0])), all_finite(np.array([1.0, np.nan]))
    (True, False)
    """
    return math.isfinite(np.vdot(x, x)) or bool(np.all(np.isfinite(x)))


def require_finite(what: str, x: Array, step: int) -> None:
    """Raise DivergenceError, naming the first number that is not finite, if there is one.

    Examples
    --------
    >>> require_finite("`x`", np.array([1.0, 2.0]), step=3)
    """
    if not all_finite(x):
        index = tuple(int(i) for i in np.argwhere(~np.isfinite(x))[0])
        raise DivergenceError(f"{what}{list(index) if index else ''} is {x[index]}", step)


# --- when to stop -------------------------------------------------------------------------------


class Stopped(NamedTuple):
    """Where a run stopped, after how many steps, and why: the rule, or "max_steps".

    Examples
    --------
    >>> Stopped(np.zeros(2), 7, "max_steps").steps
    7
    """

    x: Array
    steps: int
    reason: str


#: What must fall to the tolerance, from the gradient's norm and the length of the last step.
STOPPING_RULES: dict[str, Callable[[float, float], float]] = {
    "gradient": lambda slope, moved: slope,
    "step": lambda slope, moved: moved,
}


def descend_until(
    gradient: Gradient,
    x0: npt.ArrayLike,
    learning_rate: float | Schedule,
    tolerance: float,
    max_steps: int,
    rule: str = "gradient",
) -> Stopped:
    """Walk against the gradient until it is flat (or, with another rule, until steps are short).

    Parameters
    ----------
    gradient, x0, learning_rate
        As in `gradient_descent`.
    tolerance : float
        The bar, at least 0, for the Euclidean norm of the gradient or of the last step.
    max_steps : int
        Where to give up.
    rule : {"gradient", "step"}
        What must fall to the tolerance. Beware of "step": its length is rate times gradient, so
        a tiny rate stops at once, wherever it stands (erratum E1.7).

    Examples
    --------
    >>> descend_until(lambda x: 2 * x, [-3, 4], 0.1, 1e-6, 1000)[1:]
    (73, 'gradient')
    """
    x = as_float_array("x0", x0)
    rate = as_schedule(learning_rate)
    small = choose("rule", rule, STOPPING_RULES)
    tolerance = as_positive("tolerance", tolerance, zero=True)
    moved = math.inf
    for step in range(as_count("max_steps", max_steps) + 1):
        g = gradient_at(gradient, x, step)
        slope = float(np.linalg.norm(g))
        if small(slope, moved) <= tolerance:
            return Stopped(x, step, rule)
        if step < max_steps:
            eta = rate(step)
            x, moved = step_down(x, g, eta, step + 1), eta * slope
    return Stopped(x, max_steps, "max_steps")


def descend_while_improving(
    gradient: Gradient,
    held_out_loss: Callable[[Array], float],
    x0: npt.ArrayLike,
    learning_rate: float | Schedule,
    patience: int,
    max_steps: int,
) -> tuple[Stopped, Array]:
    """Descend as long as the loss on data not trained on improves, and keep the best point.

    Parameters
    ----------
    gradient, x0, learning_rate, max_steps
        As in `descend_until`.
    held_out_loss : callable
        Takes a point and returns the loss on the held-out data.
    patience : int
        How many steps without a new best are borne, at least 1.

    Returns
    -------
    stopped : Stopped
        The best point, the step at which it was met, and the reason: "held_out" or "max_steps".
    losses : numpy.ndarray of float64
        The held-out loss at the start and after every step that was taken.

    Examples
    --------
    >>> train, held_out = (lambda x: x - 1), (lambda x: float((x - 0.6) ** 2))
    >>> stopped, losses = descend_while_improving(train, held_out, 0.0, 0.5, 2, 50)
    >>> float(stopped.x), stopped.steps, stopped.reason, len(losses)
    (0.5, 1, 'held_out', 4)
    """
    x = best = as_float_array("x0", x0)
    rate = as_schedule(learning_rate)
    patience = as_count("patience", patience, least=1)
    losses, best_step = [_loss_at(held_out_loss, x)], 0
    for step in range(1, as_count("max_steps", max_steps) + 1):
        x = step_down(x, gradient_at(gradient, x, step - 1), rate(step - 1), step)
        losses.append(_loss_at(held_out_loss, x))
        if losses[step] < losses[best_step]:
            best, best_step = x, step
        if step - best_step >= patience:
            return Stopped(best, best_step, "held_out"), np.array(losses)
    return Stopped(best, best_step, "max_steps"), np.array(losses)


def _loss_at(loss: Callable[[Array], float], x: Array) -> float:
    return float(as_float_array("held_out_loss(x)", loss(x.copy()), ndim=0))


# --- how long a step ----------------------------------------------------------------------------

#: Share of the rate that is left when t = step/span of the span has passed.
SCHEDULES: dict[str, Callable[[float], float]] = {
    "constant": lambda t: 1.0,
    "halving": lambda t: 0.5 ** math.floor(t),
    "exponential": lambda t: 0.5**t,
    "inverse": lambda t: 1 / (1 + t),
    "inverse_root": lambda t: 1 / math.sqrt(1 + t),
    "cosine": lambda t: (1 + math.cos(math.pi * min(t, 1.0))) / 2,
}


def schedule(kind: str, learning_rate: float, span: int) -> Schedule:
    """A learning rate that falls while the run goes on: from a step's number to its rate.

    Parameters
    ----------
    kind : {"constant", "halving", "exponential", "inverse", "inverse_root", "cosine"}
        How it falls: by half at once every `span` steps; by half smoothly every `span` steps;
        like 1/(1+t) or 1/√(1+t) with t = step/span; along a cosine to 0 at step `span`.
    learning_rate : float
        The rate of step 0.
    span : int
        The unit of time in steps, at least 1.

    Examples
    --------
    >>> rate = schedule("halving", 0.8, span=10)
    >>> rate(0), rate(9), rate(10), rate(25)
    (0.8, 0.8, 0.4, 0.2)
    """
    share = choose("kind", kind, SCHEDULES)
    learning_rate = as_positive("learning_rate", learning_rate)
    span = as_count("span", span, least=1)
    return lambda step: learning_rate * share(step / span)


def as_schedule(learning_rate: float | Schedule) -> Schedule:
    """A schedule from a schedule, or from one number for all steps.

    Examples
    --------
    >>> as_schedule(0.1)(1000)
    0.1
    """
    if callable(learning_rate):
        return learning_rate
    constant = as_positive("learning_rate", learning_rate)
    return lambda step: constant


def stable_learning_rate(A: npt.ArrayLike) -> float:
    """The limit of the rates with which descent on ½xᵀAx comes to rest: 2/λmax.

    Along an eigenvector with eigenvalue λ, a step multiplies x by 1 − ηλ. That shrinks x only
    while η is less than 2/λ, and the largest λ is the first to break it.

    A is symmetric, of shape (n, n). A negative eigenvalue (along which every rate runs away) or
    only zeros (on which every rate stays) have no limit, and raise ValueError.

    Examples
    --------
    >>> stable_learning_rate([[1, 0], [0, 100]])
    0.02
    """
    A = as_float_array("A", A, ndim=2)
    if A.shape[0] != A.shape[1] or not np.allclose(A, A.T, rtol=1e-10, atol=0.0):
        raise ValueError(f"`A` must be square and symmetric, but it is\n{A}\nTake (A + A.T)/2.")
    eigenvalues = np.linalg.eigvalsh(A)
    least, largest = float(eigenvalues.min(initial=0.0)), float(eigenvalues.max(initial=0.0))
    if least < -1e-12 * np.max(np.abs(A), initial=0.0) or largest <= 0:
        raise ValueError(
            "`A` must have a positive and no negative eigenvalue, but its eigenvalues are "
            f"{eigenvalues}: no rate is the limit of the stable ones."
        )
    return 2 / largest


# --- on how much of the data --------------------------------------------------------------------


def minibatches(n: int, size: int, rng: np.random.Generator) -> list[npt.NDArray[np.intp]]:
    """Deal the rows 0 … n−1, shuffled by `rng`, into batches of `size` that hold each row once.

    The last batch holds what is left. With a size of n or more it is the whole data in one batch,
    with 1 it is one sample at a time.

    Examples
    --------
    >>> [len(batch) for batch in minibatches(8, 3, np.random.default_rng(0))]
    [3, 3, 2]
    """
    n, size = as_count("n", n), as_count("size", size, least=1)
    order = rng.permutation(n)
    return [order[start : start + size] for start in range(0, n, size)]


def least_squares_loss(w: npt.ArrayLike, X: npt.ArrayLike, y: npt.ArrayLike) -> float:
    """Mean over rows of the half squared error, 1/(2n)·Σ(Xw − y)²; shapes (d,), (n, d) and (n,).

    Examples
    --------
    >>> least_squares_loss([1], [[1], [2]], [2, 4])
    1.25
    """
    w, X, y = _rows(w, X, y)
    return float(np.mean((X @ w - y) ** 2) / 2)


def least_squares_gradient(w: npt.ArrayLike, X: npt.ArrayLike, y: npt.ArrayLike) -> Array:
    """Gradient of `least_squares_loss` by w, of its shape (d,): Xᵀ(Xw − y)/n.

    Examples
    --------
    >>> least_squares_gradient([1], [[1], [2]], [2, 4])
    array([-2.5])
    """
    w, X, y = _rows(w, X, y)
    return np.asarray(X.T @ (X @ w - y) / len(y))


def sgd_step(w: npt.ArrayLike, X: npt.ArrayLike, y: npt.ArrayLike, learning_rate: float) -> Array:
    """One step against the gradient of `least_squares_loss` on the rows given; w is not changed.

    X may hold all rows, a batch of them, or a single one: the mean keeps the rate comparable.

    Examples
    --------
    >>> sgd_step([1], [[1], [2]], [2, 4], 0.1)
    array([1.25])
    """
    w = as_float_array("w", w, ndim=1)
    return w - as_positive("learning_rate", learning_rate) * least_squares_gradient(w, X, y)


def stochastic_descent(
    w0: npt.ArrayLike,
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    learning_rate: float | Schedule,
    epochs: int,
    size: int,
    rng: np.random.Generator,
) -> Array:
    """Descend `least_squares_loss` batch by batch: full, mini-batch or single-sample descent.

    Parameters
    ----------
    w0, X, y
        As in `least_squares_loss`.
    learning_rate : float or callable
        A schedule counts batches, not epochs.
    epochs : int
        How often to go through the data.
    size : int
        Rows in a batch: n for full, 1 for single-sample descent.
    rng : numpy.random.Generator
        Shuffles the rows in every epoch.

    Returns
    -------
    numpy.ndarray of float64, shape (steps + 1, d)
        The path, as from `gradient_descent`; an epoch takes ⌈n/size⌉ steps.

    Examples
    --------
    >>> X, y = np.array([[1.0], [2.0], [3.0]]), np.array([2.0, 4.0, 6.0])
    >>> stochastic_descent([0], X, y, 0.1, 20, 1, np.random.default_rng(0))[-1].round(6)
    array([2.])
    """
    w, X, y = _rows(w0, X, y)
    rate = as_schedule(learning_rate)
    path = [w]
    for _ in range(as_count("epochs", epochs)):
        for rows in minibatches(len(y), size, rng):
            step = len(path)
            g = X[rows].T @ (X[rows] @ w - y[rows]) / len(rows)
            w = step_down(w, g, rate(step - 1), step)
            path.append(w)
    return np.array(path)


def _rows(w: Any, X: Any, y: Any) -> tuple[Array, Array, Array]:
    w, y = as_float_array("w", w, ndim=1), as_float_array("y", y, ndim=1)
    X = as_float_array("X", X, ndim=2)
    if not X.size:
        raise ValueError(f"`X` has shape {X.shape}; give at least one row and one column.")
    same_shape("w", w, "a row of X", X.shape[1:])
    same_shape("y", y, "a column of X", X.shape[:1])
    return w, X, y
