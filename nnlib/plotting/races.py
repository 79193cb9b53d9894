"""Pictures of the page of numbers: times against size, and single times beside their bounds."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from nnlib._validation import as_float_array
from nnlib.plotting._drawing import GREY, SERIES, new_figure, styled


@styled()
def raced_curves(
    panels: Mapping[str, Mapping[str, npt.ArrayLike]],
    xlabel: str,
    ylabel: str,
    *,
    guides: Sequence[str] = (),
) -> Figure:
    """Draw medians and quartiles against size, on two logarithmic axes.

    Parameters
    ----------
    panels : mapping from a title to a mapping from a label to rows of four positive numbers
        A row is a size, then the lower quartile, the median and the upper quartile.
    xlabel, ylabel : str
    guides : sequence of str
        Labels of what is no competitor: drawn as a grey line.

    Returns
    -------
    matplotlib.figure.Figure
        A label has the same look in two panels if it stands at the same place in both.

    Examples
    --------
    >>> rows = [[10, 1, 2, 3], [100, 4, 5, 6]]
    >>> figure = raced_curves({"all": {"ours": rows, "least": rows}}, "n", "s", guides=["least"])
    >>> [line.get_label() for line in figure.axes[0].lines]
    ['ours', 'least']
    """
    figure, all_axes = new_figure(7.2, 4.8, len(panels), shared=True)
    for axes, (title, curves) in zip(all_axes, panels.items(), strict=True):
        racing = [label for label in curves if label not in guides]
        if len(racing) > len(SERIES):
            raise ValueError(f"there are {len(racing)} curves; {len(SERIES)} can be told apart.")
        looks = dict(zip(racing, SERIES, strict=False))
        for label, rows in curves.items():
            size, low, middle, high = as_float_array(label, rows, ndim=2).T
            if label in guides:
                axes.plot(size, middle, color=GREY, linestyle=(0, (1, 1)), label=label)
                continue
            look = looks[label]
            axes.plot(
                size,
                middle,
                color=look.colour,
                linestyle=look.dashes,
                marker=look.marker,
                label=label,
            )
            axes.vlines(size, low, high, color=look.colour, linewidth=1.2)
        axes.set(title=title, xlabel=xlabel, xscale="log", yscale="log")
        # Below the picture: curves that fan out leave no corner free.
        columns = 3 if len(panels) == 1 else 1
        axes.legend(loc="upper left", bbox_to_anchor=(0.0, -0.16), ncols=columns, frameon=False)
    all_axes[0].set_ylabel(ylabel)
    return figure


@styled()
def measured_rows(rows: Mapping[str, Mapping[str, float]], xlabel: str) -> Figure:
    """Draw positive numbers in rows, a marker for each, on a logarithmic level axis.

    Parameters
    ----------
    rows : mapping from the name of a row to a mapping from a label to a number
        The first row is drawn at the top.
    xlabel : str

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = measured_rows({"make": {"measured": 2.0, "bound": 3.0}}, "seconds")
    >>> [line.get_label() for line in figure.axes[0].lines]
    ['measured', 'bound']
    """
    figure, (axes,) = new_figure(7.2, 1.2 + 0.32 * len(rows))
    height = -np.arange(len(rows), dtype=np.float64)
    for label, look in zip(
        dict.fromkeys(label for row in rows.values() for label in row), SERIES, strict=False
    ):
        at = [n for n, row in enumerate(rows.values()) if label in row]
        values = [row[label] for row in rows.values() if label in row]
        axes.plot(
            values, height[at], color=look.colour, marker=look.marker, linestyle="none", label=label
        )
    axes.set(xlabel=xlabel, xscale="log", ylim=(0.5 - len(rows), 0.5))
    axes.set_yticks(height, list(rows))
    axes.grid(visible=True, which="both", axis="x")
    axes.legend(loc="best")
    return figure
