"""The functions that the book differentiates and descends (from chapter 1 on)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nnlib._validation import Array, as_positive


@dataclass(frozen=True)
class Curve:
    """A function of one variable with its derivative.

    Attributes
    ----------
    formula : str
        As the book prints it (TeX).
    value, derivative : callable
        Elementwise; complex arguments are welcome, for `nnlib.differentiation.complex_step`
        (except in `absolute_value`, which has no complex derivative).
    window : tuple of two floats
        Where it is plotted.
    minima : tuple of floats
        Where the known local minima lie, the lowest first.

    Examples
    --------
    >>> parabola.value(5.0), round(parabola.derivative(5.0), 12)
    (0.75, 0.2)
    """

    formula: str
    value: Callable[[Any], Any]
    derivative: Callable[[Any], Any]
    window: tuple[float, float]
    minima: tuple[float, ...] = ()


@dataclass(frozen=True)
class Landscape:
    """A function of several variables with its gradient.

    Attributes
    ----------
    formula : str
        As the book prints it (TeX).
    value : callable
        From points of shape (..., n) to values of shape (...).
    gradient : callable
        From points of shape (..., n) to gradients of the same shape.
    minima : tuple of tuples
        Where the known minima lie.
    window : tuple of four floats
        Left, right, bottom and top of its plot.
    hessian : callable, optional
        From points of shape (..., n) to second derivatives of shape (..., n, n); given where
        the formula is short.

    Examples
    --------
    >>> bowl.value(np.array([3.0, 4.0])), bowl.gradient(np.array([3.0, 4.0]))
    (np.float64(25.0), array([6., 8.]))
    """

    formula: str
    value: Callable[[Array], Array]
    gradient: Callable[[Array], Array]
    minima: tuple[tuple[float, ...], ...]
    window: tuple[float, float, float, float]
    hessian: Callable[[Array], Array] | None = None


def over_the_plane(
    formula: str,
    value: Callable[[Any, Any], Any],
    gradient: Callable[[Any, Any], tuple[Any, Any]],
    window: tuple[float, float, float, float],
    minima: tuple[tuple[float, ...], ...] = (),
    hessian: Callable[[Any, Any], tuple[tuple[Any, Any], tuple[Any, Any]]] | None = None,
) -> Landscape:
    """A `Landscape` from formulas in x and y, as they are written on paper.

    ``value(x, y)`` works elementwise, ``gradient(x, y)`` gives the pair of partial derivatives and
    ``hessian(x, y)`` the two rows of second derivatives. The landscape's own functions take points
    of shape (..., 2) and raise ValueError for any other.

    Examples
    --------
    >>> plane = over_the_plane("x + 2y", lambda x, y: x + 2 * y, lambda x, y: (1, 2), (0, 1, 0, 1))
    >>> plane.gradient(np.array([5.0, 5.0]))
    array([1., 2.])
    """

    def gradient_at(points: Array) -> Array:
        return _beside(points, *gradient(*_xy(points)))

    def hessian_at(points: Array) -> Array:
        assert hessian is not None
        return np.stack([_beside(points, *row) for row in hessian(*_xy(points))], axis=-2)

    return Landscape(
        formula=formula,
        value=lambda points: value(*_xy(points)),
        gradient=gradient_at,
        minima=minima,
        window=window,
        hessian=hessian_at if hessian else None,
    )


def valley(condition: float) -> Landscape:
    """The valley (x² + κy²)/2: κ times as steep across as along.

    κ is the condition number of its Hessian diag(1, κ), at least 1. With 1 the valley is round;
    with 100 it is the function Q of the optimizer race.

    Examples
    --------
    >>> valley(100).gradient(np.array([1.0, 1.0]))
    array([  1., 100.])
    """
    condition = as_positive("condition", condition)
    if condition < 1:
        raise ValueError(f"`condition` must be at least 1, but it is {condition:g}.")
    return over_the_plane(
        formula=rf"(x^2 + {condition:g}y^2)/2",
        value=lambda x, y: (x**2 + condition * y**2) / 2,
        gradient=lambda x, y: (x, condition * y),
        hessian=lambda x, y: ((1.0, 0.0), (0.0, condition)),
        minima=((0.0, 0.0),),
        window=(-1.5, 1.5, -1.5, 1.5),
    )


def _xy(points: npt.ArrayLike) -> tuple[Any, Any]:
    points = np.asarray(points)
    if points.shape[-1:] != (2,):
        raise ValueError(
            f"`points` must have 2 numbers along the last axis, but its shape is {points.shape}."
        )
    return points[..., 0], points[..., 1]


def _beside(points: npt.ArrayLike, dx: Any, dy: Any) -> Array:
    """Put two partial derivatives side by side, in an array of the shape of the points."""
    points = np.asarray(points)
    gradient = np.empty(points.shape, dtype=np.result_type(points, np.float64))
    gradient[..., 0], gradient[..., 1] = dx, dy
    return gradient


#: The parabola of S4 (its picture 58): chapter 1 differentiates it at 5 and 10.
parabola = Curve(
    formula=r"0.01x^2 + 0.1x",
    value=lambda x: 0.01 * x**2 + 0.1 * x,
    derivative=lambda x: 0.02 * x + 0.1,
    window=(0.0, 20.0),
    minima=(-5.0,),
)

square = Curve(
    formula=r"x^2",
    value=lambda x: x**2,
    derivative=lambda x: 2 * x,
    window=(-3.0, 3.0),
    minima=(0.0,),
)

cube = Curve(
    formula=r"x^3", value=lambda x: x**3, derivative=lambda x: 3 * x**2, window=(-2.0, 2.0)
)

sine = Curve(formula=r"\sin x", value=np.sin, derivative=np.cos, window=(-np.pi, np.pi))

exponential = Curve(formula=r"e^x", value=np.exp, derivative=np.exp, window=(-2.0, 2.0))

#: Two minima of different depth, -1.3008 and 1.1309, with a maximum at 0.1699 between them.
two_minima = Curve(
    formula=r"x^4 - 3x^2 + x",
    value=lambda x: x**4 - 3 * x**2 + x,
    derivative=lambda x: 4 * x**3 - 6 * x + 1,
    window=(-2.2, 2.0),
    minima=(-1.3008395659415772, 1.130901122629986),
)

#: A minimum without a zero gradient: at 0 there is no derivative (np.sign says 0 there).
absolute_value = Curve(
    formula=r"|x|", value=np.abs, derivative=np.sign, window=(-2.0, 2.0), minima=(0.0,)
)

#: The bowl of S4 (line 100), with every contour a circle.
bowl = Landscape(
    formula=r"x_0^2 + x_1^2",
    value=lambda x: np.sum(x**2, axis=-1),
    gradient=lambda x: 2 * x,
    minima=((0.0, 0.0),),
    window=(-4.5, 4.5, -4.5, 4.5),
    hessian=lambda x: np.broadcast_to(2 * np.eye(x.shape[-1]), (*x.shape, x.shape[-1])),
)

#: The stretched bowl on which S4's original lets its optimizers race.
stretched_bowl = over_the_plane(
    formula=r"x^2/20 + y^2",
    value=lambda x, y: x**2 / 20 + y**2,
    gradient=lambda x, y: (x / 10, 2 * y),
    hessian=lambda x, y: ((0.1, 0.0), (0.0, 2.0)),
    minima=((0.0, 0.0),),
    window=(-10.0, 10.0, -4.0, 4.0),
)

#: Rosenbrock's banana: into the curved valley is easy, along it is hard.
rosenbrock = over_the_plane(
    formula=r"(1 - x)^2 + 100(y - x^2)^2",
    value=lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    gradient=lambda x, y: (-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)),
    hessian=lambda x, y: ((2 - 400 * (y - 3 * x**2), -400 * x), (-400 * x, 200.0)),
    minima=((1.0, 1.0),),
    window=(-2.0, 2.0, -1.0, 3.0),
)


def _beale_terms(x: Any, y: Any) -> tuple[tuple[int, Any], ...]:
    """The three residuals of Beale's function, each with the power of y it holds."""
    return tuple((i, c - x + x * y**i) for i, c in ((1, 1.5), (2, 2.25), (3, 2.625)))


#: Beale's function: a bent, flat valley between steep walls.
beale = over_the_plane(
    formula=r"(1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2",
    value=lambda x, y: sum(r**2 for _, r in _beale_terms(x, y)),
    gradient=lambda x, y: (
        sum(2 * r * (y**i - 1) for i, r in _beale_terms(x, y)),
        sum(2 * r * (i * x * y ** (i - 1)) for i, r in _beale_terms(x, y)),
    ),
    minima=((3.0, 0.5),),
    window=(-1.0, 4.5, -2.0, 2.0),
)

#: Up along x, down along y: the gradient is zero at the origin, which is no minimum.
saddle = over_the_plane(
    formula=r"x^2 - y^2",
    value=lambda x, y: x**2 - y**2,
    gradient=lambda x, y: (2 * x, -2 * y),
    hessian=lambda x, y: ((2.0, 0.0), (0.0, -2.0)),
    window=(-2.0, 2.0, -2.0, 2.0),
)

#: A pit in a plain: far from it the gradient is so small that descent hardly moves.
plateau = over_the_plane(
    formula=r"(x^2 + y^2)/(1 + x^2 + y^2)",
    value=lambda x, y: (x**2 + y**2) / (1 + x**2 + y**2),
    gradient=lambda x, y: (
        2 * x / (1 + x**2 + y**2) ** 2,
        2 * y / (1 + x**2 + y**2) ** 2,
    ),
    minima=((0.0, 0.0),),
    window=(-6.0, 6.0, -6.0, 6.0),
)

#: Every curve and landscape by name; a new one is a row here, and every test runs through it.
CURVES = {
    "parabola": parabola,
    "square": square,
    "cube": cube,
    "sine": sine,
    "exponential": exponential,
    "two_minima": two_minima,
    "absolute_value": absolute_value,
}
LANDSCAPES = {
    "bowl": bowl,
    "stretched_bowl": stretched_bowl,
    "valley": valley(100),
    "rosenbrock": rosenbrock,
    "beale": beale,
    "saddle": saddle,
    "plateau": plateau,
}
