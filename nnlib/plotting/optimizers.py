"""Pictures of chapter 6: walks on a curve and on contours, stability, and races with intervals."""

from collections.abc import Mapping

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator

from nnlib._validation import as_float_array
from nnlib.landscapes import Curve, Landscape
from nnlib.plotting._drawing import (
    BLACK,
    ORANGE,
    SERIES,
    Series,
    draw_contours,
    draw_curve,
    new_figure,
    panel_grid,
    styled,
)

#: A race has up to six runners.
RUNNERS = (*SERIES, Series(ORANGE, (0, (3, 1, 1, 1)), "X"))


@styled()
def walks_on_curve(
    curve: Curve, panels: Mapping[str, Mapping[str, npt.ArrayLike]], columns: int = 2
) -> Figure:
    """Draw the points that several walks visit on a curve.

    Parameters
    ----------
    curve : Curve
    panels : mapping from a title to a mapping from a label to points, shape (steps + 1,)
        A walk ends in the picture where it leaves the window.
    columns : int
        Panels in a row.

    Returns
    -------
    matplotlib.figure.Figure
        Where the walks of a panel begin, there is a square.

    Examples
    --------
    >>> from nnlib.landscapes import square
    >>> figure = walks_on_curve(square, {"two steps": {"half": [1.0, 0.5, 0.25]}})
    >>> figure.axes[0].lines[1].get_xdata()
    array([1.  , 0.5 , 0.25])
    """
    figure, all_axes = panel_grid(len(panels), columns, 3.1)
    low, high = curve.window
    for axes, (title, walks) in zip(all_axes, panels.items(), strict=True):
        draw_curve(axes, curve)
        for (label, points), look in zip(walks.items(), RUNNERS[1:], strict=False):
            walk = as_float_array(label, points, ndim=1)
            inside = (walk >= low) & (walk <= high)
            walk = walk[: len(walk) if inside.all() else int(np.argmin(inside))]
            axes.plot(
                walk,
                curve.value(walk),
                color=look.colour,
                linestyle=look.dashes,
                marker=look.marker,
                linewidth=1.3,
                label=label,
                zorder=3,
            )
            axes.plot(walk[:1], curve.value(walk[:1]), "s", color=BLACK, markersize=8, zorder=4)
        axes.set_title(title)
        axes.legend(loc="upper center")
    return figure


@styled()
def raced_paths(
    landscape: Landscape, panels: Mapping[str, Mapping[str, npt.ArrayLike]], columns: int = 1
) -> Figure:
    """Draw the paths of several runs on the same contours.

    Parameters
    ----------
    landscape : Landscape
        With two variables.
    panels : mapping from a title to a mapping from a label to a path, shape (steps + 1, 2)
        What leaves the window is not drawn.
    columns : int
        Panels in a row.

    Returns
    -------
    matplotlib.figure.Figure
        Starts are squares, minima stars.

    Examples
    --------
    >>> from nnlib.landscapes import bowl
    >>> figure = raced_paths(bowl, {"": {"fast": [[3, 4], [0, 0]], "slow": [[3, 4], [2, 3]]}})
    >>> [text.get_text() for text in figure.legends[0].get_texts()]
    ['fast', 'slow']
    """
    left, right, bottom, top = landscape.window
    height = min(7.2 / columns * (top - bottom) / (right - left) + 0.6, 4.4)
    figure, all_axes = panel_grid(len(panels), columns, height)
    for axes, (title, paths) in zip(all_axes, panels.items(), strict=True):
        for (label, points), look in zip(paths.items(), RUNNERS, strict=False):
            path = as_float_array(label, points, ndim=2)
            if not axes.collections:
                draw_contours(axes, landscape, through=path[0])
            axes.plot(
                *path.T,
                color=look.colour,
                linestyle=look.dashes,
                marker=look.marker,
                markersize=4,
                linewidth=1.4,
                label=label,
                zorder=3,
            )
            axes.plot(*path[0], "s", color=BLACK, markersize=8, zorder=5)
        for minimum in landscape.minima:
            axes.plot(*minimum, "*", color=BLACK, markersize=13, zorder=5)
        axes.set_title(title)
    _legend_below(figure, all_axes[0])
    return figure


@styled()
def stability_map(
    rates: npt.ArrayLike,
    momenta: npt.ArrayLike,
    panels: Mapping[str, tuple[npt.ArrayLike, npt.ArrayLike]],
) -> Figure:
    """Draw by how much a step shrinks the distance, over learning rate and momentum.

    Parameters
    ----------
    rates : array_like of float, shape (n,)
        The rate times the eigenvalue, ηλ.
    momenta : array_like of float, shape (m,)
    panels : mapping from a title to a pair
        The measured factors, shape (m, n), darker where they are larger, with their contours; and
        the predicted limit, shape (m,), a thick dashed line.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = stability_map([0, 4], [0, 1], {"": ([[0.5, 2], [0.5, 2]], [2, 4])})
    >>> figure.axes[0].lines[0].get_xdata()
    array([2., 4.])
    """
    x, y = as_float_array("rates", rates, ndim=1), as_float_array("momenta", momenta, ndim=1)
    figure, all_axes = new_figure(7.2, 4.0, len(panels), shared=True)
    levels = [0.0, 0.3, 0.5, 0.7, 0.9, 1.0]
    shades = mpl.colormaps["Greys"](np.linspace(0.05, 0.6, len(levels)))
    for axes, (title, (factors, limit)) in zip(all_axes, panels.items(), strict=True):
        height = as_float_array("factors", factors, ndim=2)
        axes.contourf(x, y, height, levels=levels, colors=list(shades), extend="max")
        lines = axes.contour(x, y, height, levels=levels[1:], colors=BLACK, linewidths=0.8)
        axes.clabel(lines, fontsize=9)
        axes.plot(
            as_float_array("limit", limit), y, color=ORANGE, linestyle="--", linewidth=3,
            label="predicted limit",
        )  # fmt: skip
        axes.set(xlabel=r"$\eta\lambda_i$", title=title, xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))
        axes.grid(visible=False)
    all_axes[0].set_ylabel(r"momentum $\alpha$")
    _legend_below(figure, all_axes[0])
    return figure


@styled()
def median_curves(
    x: npt.ArrayLike,
    panels: Mapping[str, Mapping[str, npt.ArrayLike]],
    xlabel: str,
    ylabel: str,
    *,
    logarithmic: str = "y",
    floor: float = 0.0,
    ceiling: float = np.inf,
    columns: int = 2,
) -> Figure:
    """Draw the median of several runs, with a band from the lower to the upper quartile.

    Parameters
    ----------
    x : array_like of float, shape (n,)
    panels : mapping from a title to a mapping from a label to heights, shape (runs, n)
        No number and infinity count as the worst result there is.
    xlabel, ylabel : str
    logarithmic : str
        The axes that are: any of "x", "y" and "xy".
    floor, ceiling : float
        What is lower or higher is drawn at this height.
    columns : int
        Panels in a row.

    Returns
    -------
    matplotlib.figure.Figure
        One legend below, since a label has the same look in every panel.

    Examples
    --------
    >>> figure = median_curves([0, 1], {"task": {"a": [[4, 1], [4, 2], [4, 9]]}}, "step", "loss")
    >>> figure.axes[0].lines[0].get_ydata()
    array([4., 2.])
    """
    x = as_float_array("x", x, ndim=1)
    figure, all_axes = panel_grid(len(panels), columns, 2.9)
    for number, (axes, (title, curves)) in enumerate(zip(all_axes, panels.items(), strict=True)):
        for (label, heights), look in zip(curves.items(), RUNNERS, strict=False):
            runs = np.asarray(heights, dtype=np.float64)
            runs = np.clip(np.where(np.isnan(runs), np.inf, runs), floor, ceiling)
            low, middle, high = np.quantile(runs, [0.25, 0.5, 0.75], axis=0, method="nearest")
            axes.fill_between(x, low, high, color=look.colour, alpha=0.15, linewidth=0)
            axes.plot(
                x,
                middle,
                color=look.colour,
                linestyle=look.dashes,
                marker=look.marker,
                markersize=5,
                markevery=max(1, len(x) // 10),
                linewidth=1.7,
                label=label,
            )
        if "x" in logarithmic:
            axes.set_xscale("log")
        if "y" in logarithmic:
            axes.set_yscale("log")
            axes.yaxis.set_major_locator(LogLocator(numticks=7))
        axes.set(xlabel=xlabel, title=title)
        if number % columns == 0:
            axes.set_ylabel(ylabel)
    _legend_below(figure, all_axes[0])
    return figure


def _legend_below(figure: Figure, axes: Axes) -> None:
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3)
