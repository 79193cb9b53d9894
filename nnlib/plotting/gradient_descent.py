"""Pictures of chapter 3: steps on a curve, paths on contours, basins."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from nnlib._validation import as_float_array
from nnlib.gradient_descent import gradient_descent
from nnlib.landscapes import Curve, Landscape
from nnlib.plotting._drawing import (
    BLACK,
    SERIES,
    VERMILION,
    draw_arrow,
    draw_contours,
    draw_curve,
    new_figure,
    panel_grid,
    styled,
)


@styled()
def descent_on_curve(
    curve: Curve, x0: float, rates: Mapping[str, float], steps: int = 8, columns: int = 2
) -> Figure:
    """Draw the first steps of gradient descent as points on a curve, one panel for each rate.

    Parameters
    ----------
    curve : Curve
    x0 : float
        The start, drawn as a square.
    rates : mapping from a panel's title to a learning rate
    steps : int
        Steps that leave the window are not drawn.
    columns : int
        Panels in a row.

    Returns
    -------
    matplotlib.figure.Figure
        The points are joined in the order in which they are visited.

    Examples
    --------
    >>> from nnlib.landscapes import square
    >>> figure = descent_on_curve(square, 1.0, {"half": 0.25}, steps=2)
    >>> figure.axes[0].lines[1].get_xdata()
    array([1.  , 0.5 , 0.25])
    """
    figure, panels = panel_grid(len(rates), columns, 2.6)
    low, high = curve.window
    for axes, (title, rate) in zip(panels, rates.items(), strict=True):
        draw_curve(axes, curve)
        path = gradient_descent(curve.derivative, x0, rate, steps)
        inside = (path >= low) & (path <= high)
        path = path[: len(path) if inside.all() else int(np.argmin(inside))]
        axes.plot(
            path, curve.value(path), "o-", color=VERMILION, linewidth=1.2, markersize=5, zorder=3
        )
        axes.plot(x0, curve.value(x0), "s", color=BLACK, markersize=8, zorder=4)
        axes.set_title(title)
    return figure


@styled()
def descent_paths(
    landscape: Landscape, panels: Mapping[str, npt.ArrayLike], columns: int = 2
) -> Figure:
    """Draw paths on the contours of a landscape, one panel for each.

    Parameters
    ----------
    landscape : Landscape
        With two variables.
    panels : mapping from a title to a path, shape (steps + 1, 2)
        What leaves the window is not drawn.
    columns : int
        Panels in a row.

    Returns
    -------
    matplotlib.figure.Figure
        The start is a square, a minimum a star, and an arrow shows which way the first step goes.

    Examples
    --------
    >>> from nnlib.landscapes import bowl
    >>> figure = descent_paths(bowl, {"two steps": [[3, 4], [1, 1], [0, 0]]})
    >>> figure.axes[0].get_title()
    'two steps'
    """
    left, right, bottom, top = landscape.window
    height = min(7.2 / columns * (top - bottom) / (right - left) + 0.5, 3.6)
    figure, all_axes = panel_grid(len(panels), columns, height)
    for axes, (title, points) in zip(all_axes, panels.items(), strict=True):
        path = as_float_array("path", points, ndim=2)
        draw_contours(axes, landscape, through=path[0])
        for minimum in landscape.minima:
            axes.plot(*minimum, "*", color=BLACK, markersize=13)
        width, size = (1.2, 3.5) if len(path) <= 100 else (0.6, 1.5)
        axes.plot(*path.T, "o-", color=VERMILION, linewidth=width, markersize=size, zorder=3)
        axes.plot(*path[0], "s", color=BLACK, markersize=7, zorder=5)
        if len(path) > 1 and np.any(path[1] != path[0]):
            draw_arrow(axes, path[0], path[1] - path[0], SERIES[0]._replace(colour=VERMILION))
        axes.set_title(title)
    return figure


@styled()
def basins(curve: Curve, starts: Sequence[float], learning_rate: float, steps: int) -> Figure:
    """Show on a curve where gradient descent from several starts comes to rest.

    Parameters
    ----------
    curve : Curve
    starts : sequence of float, shape (n,), n up to 5
    learning_rate : float
    steps : int

    Returns
    -------
    matplotlib.figure.Figure
        Each start is an open mark on the curve, with an arrow above it to where it ends.

    Examples
    --------
    >>> from nnlib.landscapes import two_minima
    >>> figure = basins(two_minima, [-1.5, 1.5], 0.01, 1000)
    >>> figure.axes[0].lines[3].get_label()
    'from $-1.5$ to $-1.3008$'
    """
    figure, (axes,) = new_figure(7.0, 4.2)
    draw_curve(axes, curve)
    bottom, top = axes.get_ylim()
    for minimum in curve.minima:
        axes.plot(minimum, float(curve.value(minimum)), "*", color=BLACK, markersize=14, zorder=5)
    for place, (x0, series) in enumerate(zip(starts, SERIES, strict=False)):
        end = float(gradient_descent(curve.derivative, x0, learning_rate, steps)[-1])
        axes.plot(
            x0,
            float(curve.value(x0)),
            marker=series.marker,
            color=series.colour,
            markerfacecolor="white",
            markeredgewidth=2,
            markersize=9,
            linestyle=series.dashes,
            zorder=4,
            label=f"from ${x0:g}$ to ${end:.4f}$",
        )
        height = top + (0.04 + 0.07 * place) * (top - bottom)
        axes.plot([x0, x0], [float(curve.value(x0)), height], ":", color=series.colour, linewidth=1)
        axes.annotate(
            "",
            (end, height),
            (x0, height),
            arrowprops={"arrowstyle": "-|>", "color": series.colour, "lw": 1.8, "shrinkA": 0},
        )
    axes.set_ylim(bottom, top + (0.04 + 0.07 * len(starts)) * (top - bottom))
    figure.legend(loc="outside lower center", ncols=3)
    return figure
