"""Derivatives from function values alone (chapter 1).

Each difference divides by the step that was really taken, ``(x + h) - (x - h)``, because the
sum ``x + h`` is rounded to a float64 before `f` sees it.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nnlib._validation import Array, as_float_array, as_positive, choose

#: The best step is about this power of the machine epsilon: there the two errors are of one size.
STEP_EXPONENT = {"forward": 1 / 2, "central": 1 / 3}


def forward_difference(f: Callable[[Any], Any], x: npt.ArrayLike, h: float = 1e-8) -> float | Array:
    """Slope of the secant from x to x + h; its error shrinks like h.

    Parameters
    ----------
    f : callable
        A function of one number. If `x` is an array, `f` must work elementwise.
    x : array_like of real numbers, any shape
        Where to differentiate; the result has its shape.
    h : float
        The step, in the units of `x`. One so small that x + h is rounded to x is refused.

    Examples
    --------
    >>> round(forward_difference(lambda x: 0.01 * x**2 + 0.1 * x, 5), 6)
    0.2
    """
    x = as_float_array("x", x)
    x_plus = x + as_positive("h", h)
    _require_a_step(x_plus, x, h)
    return _slope(_values(f, x_plus), _values(f, x), x_plus - x)


def central_difference(f: Callable[[Any], Any], x: npt.ArrayLike, h: float = 1e-5) -> float | Array:
    """Slope of the secant from x - h to x + h; its error shrinks like h².

    The arguments are those of `forward_difference`; h is the step to each side.

    Examples
    --------
    >>> round(central_difference(lambda x: 0.01 * x**2 + 0.1 * x, 5), 9)
    0.2
    """
    x = as_float_array("x", x)
    h = as_positive("h", h)
    x_plus, x_minus = x + h, x - h
    _require_a_step(x_plus, x_minus, h)
    return _slope(_values(f, x_plus), _values(f, x_minus), x_plus - x_minus)


def complex_step(f: Callable[[Any], Any], x: npt.ArrayLike, h: float = 1e-20) -> float | Array:
    """Derivative from one value of `f` at x + ih: nothing is subtracted, so nothing cancels.

    Parameters
    ----------
    f : callable
        An analytic function, written with operations that keep complex numbers complex
        (no ``abs``, ``max`` or comparison). If `x` is an array, `f` must work elementwise.
    x : array_like of real numbers, any shape
    h : float
        The imaginary step. It may be as small as you like; the error is of order h².

    Notes
    -----
    Source: W. Squire and G. Trapp, SIAM Review 40 (1998), doi:10.1137/S003614459631241X.

    Examples
    --------
    >>> round(complex_step(np.exp, 1.0) - np.e, 14)
    0.0
    """
    x = as_float_array("x", x)
    h = as_positive("h", h)
    value = np.asarray(f((x + 1j * h)[()]))
    if value.dtype.kind != "c":
        raise TypeError(
            "`f` returned a real number for a complex argument, so the derivative was lost inside. "
            "Write `f` without abs, max, rounding or float(), or use central_difference."
        )
    return _plain(value.imag / h)


def partial_derivative(
    f: Callable[[Array], float],
    x: npt.ArrayLike,
    i: int | tuple[int, ...],
    h: float = 1e-5,
) -> float:
    """Derivative of `f` along coordinate `i`, every other coordinate held still.

    Parameters
    ----------
    f : callable
        Takes an array of the shape of `x` and returns one number.
    x : array_like of real numbers, shape (n,) or any other
        Where to differentiate. It is not changed.
    i : int or tuple of int
        The coordinate; a tuple for arrays of more than one axis.
    h : float
        The step to each side, in the units of ``x[i]``.

    Examples
    --------
    >>> round(partial_derivative(lambda x: x[0] ** 2 + x[1] ** 2, [3, 4], 1), 6)
    8.0
    """
    x = as_float_array("x", x)
    try:
        at_i = x[i]
    except IndexError as error:
        raise IndexError(f"`x` has shape {x.shape}, so there is no coordinate `i` = {i}.") from (
            error
        )
    if np.ndim(at_i):
        raise IndexError(
            f"`i` = {i} names {np.size(at_i)} numbers of an `x` of shape {x.shape}; name one."
        )

    def along_i(t: float) -> float:
        moved = x.copy()
        moved[i] = t
        return f(moved)

    return float(central_difference(along_i, at_i, h))


def numerical_gradient(f: Callable[[Array], float], x: npt.ArrayLike, h: float = 1e-5) -> Array:
    """All partial derivatives of `f`, in an array of the shape of `x`.

    Parameters
    ----------
    f : callable
        Takes an array of the shape of `x` and returns one number. It is called twice for each
        number in `x`, and sees a read-only array.
    x : array_like of real numbers, any shape
        Where to differentiate. Any real dtype is promoted to float64; `x` is not changed.
    h : float
        The step to each side.

    Returns
    -------
    numpy.ndarray of float64, the shape of `x`

    Examples
    --------
    >>> numerical_gradient(lambda x: np.sum(x**2), [3, 4]).round(6)
    array([6., 8.])
    """
    moving = as_float_array("x", x)
    h = as_positive("h", h)
    seen_by_f = moving.view()
    seen_by_f.flags.writeable = False  # an `f` that changes its argument fails at once
    gradient = np.empty_like(moving)
    for i in np.ndindex(moving.shape):
        at_i = moving[i]
        x_plus, x_minus = at_i + h, at_i - h
        _require_a_step(x_plus, x_minus, h)
        moving[i] = x_plus
        f_plus = _values(f, seen_by_f, shape=())
        moving[i] = x_minus
        f_minus = _values(f, seen_by_f, shape=())
        moving[i] = at_i
        gradient[i] = (f_plus - f_minus) / (x_plus - x_minus)
    return gradient


def step_size(
    method: str = "central", x: npt.ArrayLike = 1.0, dtype: npt.DTypeLike = np.float64
) -> float | Array:
    """Step at which truncation and round-off are about equal, for a well-scaled function.

    Parameters
    ----------
    method : {"forward", "central"}
    x : array_like of real numbers, any shape
        Where to differentiate: the step grows with the size of x beyond 1.
    dtype : floating dtype
        The arithmetic in which `f` is computed.

    Returns
    -------
    float, or numpy.ndarray of float64 with the shape of `x`

    Notes
    -----
    The power of the machine epsilon is 1/2 for a forward and 1/3 for a central difference;
    section 5.7 of *Numerical Recipes* derives both.

    Examples
    --------
    >>> f"{step_size('forward'):.2e} {step_size('central'):.2e}"
    '1.49e-08 6.06e-06'
    """
    exponent = choose("method", method, STEP_EXPONENT)
    if not np.issubdtype(np.dtype(dtype), np.floating):
        raise ValueError(f"`dtype` must be a floating type, but it is {np.dtype(dtype)}.")
    scale = np.maximum(1.0, np.abs(as_float_array("x", x)))
    return _plain(float(np.finfo(dtype).eps) ** exponent * scale)


def error_curve(
    f: Callable[[Any], Any],
    df: Callable[[Any], Any],
    x: float,
    steps: Sequence[float] | npt.NDArray[Any],
    difference: Callable[..., Any] = central_difference,
) -> Array:
    """Absolute error of a difference quotient for each of many steps.

    Parameters
    ----------
    f, df : callable
        A function of one number and its true derivative.
    x : float
        Where to differentiate. It reaches `difference` in its own dtype.
    steps : sequence of float, shape (n,)
        For an error curve in float32, both `x` and the steps must be float32.
    difference : callable
        ``difference(f, x, h)``, the rule under test.

    Examples
    --------
    >>> error_curve(np.sin, np.cos, 1.0, [1e-1, 1e-2]).round(6)
    array([9.e-04, 9.e-06])
    """
    truth = float(df(float(x)))
    return np.array([abs(float(difference(f, x, h)) - truth) for h in steps])


def best_step(
    f: Callable[[Any], Any],
    df: Callable[[Any], Any],
    x: float,
    steps: Sequence[float] | npt.NDArray[Any],
) -> float:
    """Of the given steps, the one whose central difference comes nearest to the derivative.

    f is a function of one number and df its true derivative. If several steps are equally good, the
    first of them is returned.

    Examples
    --------
    >>> best_step(np.sin, np.cos, 1.0, [1e-1, 1e-5, 1e-12])
    1e-05
    """
    steps = as_float_array("steps", steps, ndim=1)
    if not steps.size:
        raise ValueError("`steps` is empty; give at least one step to choose from.")
    return float(steps[np.argmin(error_curve(f, df, x, steps))])


def _values(f: Callable[[Any], Any], x: Array, *, shape: tuple[int, ...] | None = None) -> Array:
    """Call `f` with a plain float for a 0-d array, and insist on real numbers of one shape."""
    wanted = x.shape if shape is None else shape
    value = np.asarray(f(x[()] if shape is None else x))
    if value.dtype.kind not in "buif":
        raise TypeError(f"`f` must return real numbers, but it returned {value.dtype} values.")
    if value.shape != wanted and value.size != 1:
        what = "one number" if wanted == () else f"an array of shape {wanted}"
        raise ValueError(f"`f` must return {what} here, but it returned shape {value.shape}.")
    return value.astype(np.float64)


def _slope(f_end: Array, f_start: Array, run: Array) -> float | Array:
    return _plain((f_end - f_start) / run)


def _plain(value: Any) -> float | Array:
    """A Python float instead of a 0-d array."""
    return float(value) if np.ndim(value) == 0 else np.asarray(value)


def _require_a_step(end: Any, start: Any, h: float) -> None:
    if np.any(np.equal(end, start)):
        raise ValueError(
            f"`h` = {h:g} is lost when it is added to `x`: the sum is rounded back to x, so "
            "there is no step to divide by. Take a larger `h`; see step_size(method, x)."
        )
