"""Pictures that several chapters use: curves beside each other."""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from nnlib._validation import as_float_array
from nnlib.plotting._drawing import BLACK, GREY, SERIES, new_figure, styled


@styled()
def compared_curves(
    x: npt.ArrayLike,
    panels: Mapping[str, Mapping[str, npt.ArrayLike]],
    xlabel: str,
    *,
    logarithmic: bool = False,
) -> Figure:
    """Draw curves over the same numbers, one panel beside the other.

    Parameters
    ----------
    x : array_like of float, shape (n,)
    panels : mapping from what the upright axis shows to a mapping from a label to n heights
    xlabel : str
    logarithmic : bool
        Whether the upright axes are.

    Returns
    -------
    matplotlib.figure.Figure
        The same label has the same look in every panel.

    Examples
    --------
    >>> figure = compared_curves([0, 1], {"loss": {"one": [1, 2], "other": [2, 1]}}, "time")
    >>> [line.get_label() for line in figure.axes[0].lines]
    ['one', 'other']
    """
    x = as_float_array("x", x, ndim=1)
    figure, all_axes = new_figure(7.2, 3.7, len(panels))
    marked = slice(None, None, max(1, len(x) // 8))
    for axes, (ylabel, curves) in zip(all_axes, panels.items(), strict=True):
        for (label, heights), series in zip(curves.items(), SERIES, strict=False):
            axes.plot(
                x,
                as_float_array(label, heights),
                color=series.colour,
                linestyle=series.dashes,
                marker=series.marker,
                markevery=marked,
                label=label,
            )
        axes.set(xlabel=xlabel, ylabel=ylabel, yscale="log" if logarithmic else "linear")
        axes.legend(loc="best")
    return figure


@styled()
def marked_curves(
    x: npt.ArrayLike,
    curves: Mapping[str, npt.ArrayLike],
    xlabel: str,
    ylabel: str,
    *,
    marks: Mapping[str, float] | None = None,
    guides: Mapping[str, npt.ArrayLike] | None = None,
    logarithmic: str = "",
    ceiling: float = np.inf,
    legend: Literal["lower left", "lower right", "upper left", "upper right"] = "lower left",
) -> Figure:
    """Draw measured curves, with upright lines at places that matter.

    Parameters
    ----------
    x : array_like of float, shape (n,)
    curves : mapping from a label to n heights
        Drawn with a marker at every point, if there are few.
    xlabel, ylabel : str
    marks : mapping from a label to a place on the level axis, optional
    guides : mapping from a label to n predicted heights, optional
        Drawn as thin grey lines; the curves are then markers alone.
    logarithmic : str
        The axes that are: any of "x", "y" and "xy".
    ceiling : float
        What is higher, or no number, is drawn at this height.
    legend : "lower left", "lower right", "upper left" or "upper right"
        Where there is room for it.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = marked_curves([1, 2], {"loss": [3, 4]}, "rate", "loss", marks={"limit": 2})
    >>> [line.get_label() for line in figure.axes[0].lines]
    ['loss', 'limit']
    """
    x = as_float_array("x", x, ndim=1)
    figure, (axes,) = new_figure(7.0, 4.0)
    few = len(x) <= 40
    for (label, heights), series in zip(curves.items(), SERIES, strict=False):
        shown = np.asarray(heights, dtype=np.float64)
        axes.plot(
            x,
            np.where(shown < ceiling, shown, ceiling) if np.isfinite(ceiling) else shown,
            color=series.colour,
            linestyle="none" if guides else series.dashes,
            marker=series.marker,
            markersize=7 if guides else 5,
            markevery=1 if few else max(1, len(x) // 12),
            label=label,
        )
    lines: list[Any] = ["-", (0, (5, 1)), (0, (1, 1))]
    for (label, heights), line in zip((guides or {}).items(), lines, strict=False):
        axes.plot(x, heights, color=GREY, linestyle=line, linewidth=1.6, label=label)
    for (label, place), dashes in zip(
        (marks or {}).items(), [(0, (2, 2)), (0, (7, 2, 1, 2)), (0, (1, 3))], strict=False
    ):
        axes.axvline(place, color=BLACK, linestyle=dashes, linewidth=1.6, label=label)
    if "x" in logarithmic:
        axes.set_xscale("log")
    if "y" in logarithmic:
        axes.set_yscale("log")
    axes.set(xlabel=xlabel, ylabel=ylabel)
    axes.legend(loc=legend)
    return figure
