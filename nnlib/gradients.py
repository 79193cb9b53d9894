"""What a gradient says about a direction, and how to catch a gradient that is wrong (chapter 2)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nnlib._validation import Array, as_count, as_float_array, as_positive, same_shape
from nnlib.differentiation import numerical_gradient

#: A right gradient agrees with central differences to about this; a wrong one by far not.
TOLERANCE = 1e-6


def directional_derivative(
    gradient: Callable[[Array], npt.ArrayLike], x: npt.ArrayLike, u: npt.ArrayLike
) -> float:
    """Slope met when leaving `x` in the direction of `u`: the gradient times the unit vector.

    It is largest along the gradient, its negative straight against it, and 0 across.

    Parameters
    ----------
    gradient : callable
        Takes an array of the shape of `x` and returns the gradient there, of the same shape.
    x, u : array_like of real numbers, of one shape, any
        Where to stand, and where to look. The length of u does not matter; u is divided by it.

    Examples
    --------
    >>> directional_derivative(lambda x: 2 * x, [3, 4], [-3, -4])
    -10.0
    """
    x = as_float_array("x", x)
    u = as_float_array("u", u)
    same_shape("u", u, "x", x.shape)
    g = _gradient_at(gradient, x)
    return float(np.vdot(g, _unit("u", u)))


def angle_between(u: npt.ArrayLike, v: npt.ArrayLike) -> float:
    """Angle between two directions of one shape, in degrees: 0 the same, 180 opposite.

    For unit vectors, half of it has the tangent ‖u − v‖ / ‖u + v‖. The arc cosine of u·v would lose
    half of the digits near 0 and 180, where the cosine is flat.

    Examples
    --------
    >>> round(angle_between([1, 1], [1, 100]), 6)
    44.427061
    """
    u, v = as_float_array("u", u), as_float_array("v", v)
    same_shape("v", v, "u", u.shape)
    u, v = _unit("u", u), _unit("v", v)
    half = np.arctan2(np.linalg.norm(u - v), np.linalg.norm(u + v))
    return float(np.degrees(2 * half))


def relative_error(a: float, b: float, floor: float = 0.0) -> float:
    """Return the distance of a and b in units of the larger of the two: 0 if equal, 2 if opposite.

    The unit is never smaller than `floor`, the size below which the numbers are only noise.

    Examples
    --------
    >>> relative_error(2.0, -2.0), relative_error(0.0, 0.0)
    (2.0, 0.0)
    """
    unit = max(abs(a), abs(b), floor)
    return abs(a - b) / unit if unit else 0.0


def gradient_error(
    f: Callable[[Array], float],
    gradient: Callable[[Array], npt.ArrayLike],
    x: npt.ArrayLike,
    rng: np.random.Generator,
    directions: int = 10,
    h: float = 1e-5,
) -> float:
    """Largest relative error of a gradient along random directions.

    A step along a random direction moves every coordinate at once, so a few directions test a
    million partial derivatives: two values of `f` for each direction instead of for each number.

    Parameters
    ----------
    f : callable
        Takes an array of the shape of `x` and returns one number.
    gradient : callable
        What is tested. Takes an array of the shape of `x` and returns one like it.
    x : array_like of real numbers, any shape
        Where it is tested. It is not changed.
    rng : numpy.random.Generator
        Draws the directions.
    directions : int
        How many, at least 1.
    h : float
        The step to each side along the direction.

    Returns
    -------
    float
        Below `TOLERANCE` for a right gradient of a smooth, well-scaled function; about 1 for a
        wrong one.

    Notes
    -----
    Where the true slope is next to nothing, as at a minimum, the measured one consists of its own
    errors only, and a relative error would be meaningless. So its unit is never smaller than
    10⁷ times the rounding noise, eps·abs(f)/h, and never smaller than what the slope gains within
    a thousandth, 10⁻³·f″: the difference errs by about h²f‴/6, which is far less than that.

    Examples
    --------
    >>> x = np.array([3.0, 4.0])
    >>> gradient_error(lambda x: x @ x, lambda x: 2 * x, x, np.random.default_rng(0)) < 1e-9
    True
    """
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"`rng` must be a numpy.random.Generator, but it is {rng!r}. "
            "Make one with numpy.random.default_rng(seed)."
        )
    x = as_float_array("x", x)
    h = as_positive("h", h)
    g, f_here = _gradient_at(gradient, x), _value_at(f, x)
    errors = []
    for _ in range(as_count("directions", directions, least=1)):
        u = _unit("direction", rng.standard_normal(x.shape))
        x_plus, x_minus = x + h * u, x - h * u
        f_plus, f_minus = _value_at(f, x_plus), _value_at(f, x_minus)
        # Along the step that was really taken: x ± hu is rounded before `f` sees it.
        predicted = float(np.vdot(g, x_plus - x_minus)) / (2 * h)
        measured = (f_plus - f_minus) / (2 * h)
        noise = np.finfo(np.float64).eps * max(abs(f_plus), abs(f_minus)) / h
        curvature = abs(f_plus - 2 * f_here + f_minus) / h**2
        errors.append(relative_error(predicted, measured, max(1e7 * noise, 1e-3 * curvature)))
    return max(errors)


@dataclass(frozen=True)
class GradientReport:
    """What `gradient_check` found.

    Attributes
    ----------
    error : float
        Largest relative error along the random directions.
    worst : tuple of int
        The index at which the gradient is farthest from the central difference.
    given, measured : float
        The gradient's number there, and the central difference.
    right : bool
        Whether the error is within the tolerance.

    Examples
    --------
    >>> str(GradientReport(0.5, (1,), 4.0, 8.0, False))
    'wrong: relative error 5.0e-01, worst at [1], where it says 4 and the difference 8'
    """

    error: float
    worst: tuple[int, ...]
    given: float
    measured: float
    right: bool

    def __str__(self) -> str:
        """One line with the verdict and where to look."""
        return (
            f"{'right' if self.right else 'wrong'}: relative error {self.error:.1e}, worst at "
            f"{list(self.worst)}, where it says {self.given:.6g} and the difference "
            f"{self.measured:.6g}"
        )


def gradient_check(
    f: Callable[[Array], float],
    gradient: Callable[[Array], npt.ArrayLike],
    x: npt.ArrayLike,
    rng: np.random.Generator,
    directions: int = 10,
    tolerance: float = TOLERANCE,
    h: float = 1e-5,
) -> GradientReport:
    """Test a gradient along random directions, and say at which coordinate it is worst.

    The arguments are those of `gradient_error`, and `tolerance`, the largest error that still
    counts as right. The verdict costs two values of `f` a direction; naming the worst coordinate
    costs two more for each number in `x`. The report's string is one line for people.

    Examples
    --------
    >>> report = gradient_check(
    ...     lambda x: x @ x, lambda x: x * [2, 3], [3, 4], np.random.default_rng(0)
    ... )
    >>> report.right, report.worst, report.given
    (False, (1,), 12.0)
    """
    error = gradient_error(f, gradient, x, rng, directions, h)
    given = _gradient_at(gradient, as_float_array("x", x))
    measured = numerical_gradient(f, x, h)
    worst = np.unravel_index(np.argmax(np.abs(given - measured)), given.shape)
    return GradientReport(
        error=error,
        worst=tuple(int(i) for i in worst),
        given=float(given[worst]),
        measured=float(measured[worst]),
        right=error <= as_positive("tolerance", tolerance),
    )


def _unit(name: str, u: Array) -> Array:
    longest = np.max(np.abs(u), initial=0.0)
    if longest == 0:
        raise ValueError(f"`{name}` is zero, and so has no direction; give a vector with a length.")
    scaled = u / longest  # first to size 1, so that squares neither overflow nor vanish
    return np.asarray(scaled / np.linalg.norm(scaled))


def _gradient_at(gradient: Callable[[Array], npt.ArrayLike], x: Array) -> Array:
    g = as_float_array("gradient(x)", gradient(x.copy()))
    same_shape("gradient(x)", g, "x", x.shape)
    return g


def _value_at(f: Callable[[Array], float], x: Array) -> float:
    value = as_float_array("f(x)", f(x.copy()))
    if value.size != 1:
        raise ValueError(f"`f` must return one number, but it returned shape {value.shape}.")
    return float(value.item())
