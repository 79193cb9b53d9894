"""The functions that the book differentiates and descends (from chapter 1 on)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlib._validation import Array


@dataclass(frozen=True)
class Curve:
    """A function of one variable with its derivative.

    Attributes
    ----------
    formula : str
        As the book prints it (TeX).
    value, derivative : callable
        Elementwise; complex arguments are welcome, for `nnlib.differentiation.complex_step`.
    window : tuple of two floats
        Where it is plotted.

    Examples
    --------
    >>> parabola.value(5.0), round(parabola.derivative(5.0), 12)
    (0.75, 0.2)
    """

    formula: str
    value: Callable[[Any], Any]
    derivative: Callable[[Any], Any]
    window: tuple[float, float]


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


#: The parabola of S4 (its picture 58): chapter 1 differentiates it at 5 and 10.
parabola = Curve(
    formula=r"0.01x^2 + 0.1x",
    value=lambda x: 0.01 * x**2 + 0.1 * x,
    derivative=lambda x: 0.02 * x + 0.1,
    window=(0.0, 20.0),
)

square = Curve(formula=r"x^2", value=lambda x: x**2, derivative=lambda x: 2 * x, window=(-3.0, 3.0))

cube = Curve(
    formula=r"x^3", value=lambda x: x**3, derivative=lambda x: 3 * x**2, window=(-2.0, 2.0)
)

sine = Curve(formula=r"\sin x", value=np.sin, derivative=np.cos, window=(-np.pi, np.pi))

exponential = Curve(formula=r"e^x", value=np.exp, derivative=np.exp, window=(-2.0, 2.0))

#: The bowl of S4 (line 100), with every contour a circle.
bowl = Landscape(
    formula=r"x_0^2 + x_1^2",
    value=lambda x: np.sum(x**2, axis=-1),
    gradient=lambda x: 2 * x,
    minima=((0.0, 0.0),),
    window=(-4.5, 4.5, -4.5, 4.5),
)
