"""Pictures of chapter 7: what becomes of signals and gradients in many layers."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from nnlib._validation import as_float_array
from nnlib.activations import Activation
from nnlib.landscapes import Curve
from nnlib.plotting._drawing import (
    BLACK,
    GREY,
    SERIES,
    draw_curve,
    new_figure,
    panel_grid,
    styled,
)


@styled()
def layer_profiles(
    panels: Mapping[str, Mapping[str, npt.ArrayLike]], ylabel: str, columns: int = 2
) -> Figure:
    """Draw one number for each layer, on a logarithmic axis that all panels share.

    Parameters
    ----------
    panels : mapping from a panel's title to a mapping from a label to n numbers above zero
        The first number is that of the first layer.
    ylabel : str
    columns : int
        Panels in a row.

    Returns
    -------
    matplotlib.figure.Figure
        Panels with the same labels have one legend below.

    Examples
    --------
    >>> figure = layer_profiles({"net": {"tanh": [1e-3, 1e-2], "ReLU": [1, 1]}}, "gradient")
    >>> figure.axes[0].lines[0].get_xdata()
    array([1, 2])
    """
    figure, all_axes = panel_grid(len(panels), columns, 3.5)
    least, largest = np.inf, 0.0
    for axes, (title, curves) in zip(all_axes, panels.items(), strict=True):
        for (label, numbers), series in zip(curves.items(), SERIES, strict=False):
            heights = as_float_array(label, numbers, ndim=1)
            axes.semilogy(
                np.arange(1, len(heights) + 1),
                heights,
                color=series.colour,
                linestyle=series.dashes,
                marker=series.marker,
                markevery=max(1, len(heights) // 10),
                label=label,
            )
            least, largest = min(least, heights.min()), max(largest, heights.max())
        axes.set(title=title, xlabel="layer", ylabel=ylabel)
    for axes in all_axes:
        axes.set_ylim(least / 4, largest * 4)
    labels = [list(curves) for curves in panels.values()]
    if all(one == labels[0] for one in labels):
        handles, _ = all_axes[0].get_legend_handles_labels()
        figure.legend(handles, labels[0], loc="outside lower center", ncols=3)
    else:
        for axes in all_axes:
            axes.legend(loc="best", fontsize=9)
    return figure


@styled()
def sums_and_slope(activation: Activation, sums: Mapping[str, npt.ArrayLike]) -> Figure:
    """Show where the sums of a layer fall on the slope of its activation, one panel for each.

    Parameters
    ----------
    activation : Activation
    sums : mapping from a panel's title to sums z, of any shape
        What is beyond 6 on either side is counted in the outermost bar.

    Returns
    -------
    matplotlib.figure.Figure
        Bars for the share of the sums; a line for the slope, on the axis to the right.

    Examples
    --------
    >>> from nnlib.activations import tanh
    >>> figure = sums_and_slope(tanh, {"small": [-0.1, 0.1], "large": [-20.0, 30.0]})
    >>> [axes.get_title().split()[-1] for axes in figure.axes if axes.get_title()]
    ['0.990', '0.000']
    """
    figure, all_axes = new_figure(7.4, 3.4, len(sums))
    z = np.linspace(-6, 6, 241)
    edges = np.linspace(-6, 6, 25)
    for place, (axes, (title, found)) in enumerate(zip(all_axes, sums.items(), strict=True)):
        numbers = np.ravel(as_float_array(title, found))
        shares = np.histogram(np.clip(numbers, -6, 6), edges)[0] / len(numbers)
        axes.bar(
            edges[:-1],
            shares,
            width=np.diff(edges),
            align="edge",
            color="#BBBBBB",
            edgecolor=GREY,
            linewidth=0.6,
            label="share of the sums",
        )
        right = axes.twinx()
        right.plot(z, activation.slope(z), color=BLACK, linestyle="--", label="slope")
        right.set_ylim(0, 1.09 * float(activation.slope(0.0)))
        right.set_xlabel("$z$")  # never seen, since the two share one axis
        right.spines["right"].set_visible(True)
        right.grid(visible=False)
        mean = float(np.mean(activation.slope(numbers)))
        axes.set(title=f"{title}\nmean slope {mean:.3f}", xlabel="$z$")
        if place == 0:
            axes.set_ylabel("share of the sums (bars)")
        if place == len(sums) - 1:
            right.set_ylabel("slope (dashed)")
    return figure


@styled()
def cliff_walks(curve: Curve, walks: Mapping[str, npt.ArrayLike]) -> Figure:
    """Draw walks on a steep curve, its axis logarithmic, one panel for each.

    Parameters
    ----------
    curve : Curve
        With values above zero in its window.
    walks : mapping from a panel's title to the places visited, shape (steps + 1,)
        The start is a square. Where a step leaves the window, an arrow at the edge says so, and
        the walk is drawn no further.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from nnlib.landscapes import square
    >>> figure = cliff_walks(square, {"stays": [2.0, 1.0], "leaves": [2.0, 90.0, 1.0]})
    >>> [len(axes.lines[1].get_xdata()) for axes in figure.axes]
    [2, 1]
    """
    figure, all_axes = new_figure(7.4, 3.7, len(walks))
    low, high = curve.window
    for axes, (title, places), series in zip(all_axes, walks.items(), SERIES[1:], strict=False):
        x = draw_curve(axes, curve)
        axes.set(yscale="log", xlabel="$w$", ylabel="loss", title=title)
        heights = np.asarray(curve.value(x))
        axes.set_ylim(heights[heights > 0].min() / 3, heights.max() * 3)
        walk = as_float_array(title, places, ndim=1)
        inside = (walk >= low) & (walk <= high)
        kept = walk[: len(walk) if inside.all() else int(np.argmin(inside))]
        axes.plot(
            kept,
            curve.value(kept),
            color=series.colour,
            linestyle=series.dashes,
            marker=series.marker,
            linewidth=1.3,
            markersize=5,
            zorder=3,
        )
        axes.plot(kept[0], curve.value(kept[0]), "s", color=BLACK, markersize=8, zorder=4)
        if len(kept) < len(walk):
            height = float(curve.value(kept[-1]))
            edge = low if walk[len(kept)] < low else high
            axes.annotate(
                "",
                (edge, height),
                (float(kept[-1]), height),
                arrowprops={"arrowstyle": "-|>", "color": series.colour, "lw": 1.8, "shrinkA": 0},
            )
    return figure


@styled()
def training_runs(
    panels: Mapping[str, Mapping[str, npt.ArrayLike]],
    steps: int,
    *,
    columns: int = 2,
    ceiling: float = np.inf,
) -> Figure:
    """Draw losses over the steps, with a cross where a run came to an early end.

    Parameters
    ----------
    panels : mapping from a panel's title to a mapping from a label to losses
        Entry k is the loss after k steps, on a logarithmic axis.
    steps : int
        How many steps there were to be. A run with fewer losses has diverged: a cross marks its
        last one.
    columns : int
        Panels in a row.
    ceiling : float
        What is higher is drawn at this height.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = training_runs({"net": {"good": [3, 2, 1], "bad": [3, 9]}}, 2)
    >>> [line.get_label() for line in figure.axes[0].lines]
    ['good', 'bad (ends at step 1)', '_cross']
    """
    figure, all_axes = panel_grid(len(panels), columns, 3.1)
    for axes, (title, runs) in zip(all_axes, panels.items(), strict=True):
        for (label, losses), series in zip(runs.items(), SERIES, strict=False):
            heights = np.minimum(as_float_array(label, losses, ndim=1), ceiling)
            last = len(heights) - 1
            early = last < steps
            axes.semilogy(
                np.arange(len(heights)),
                heights,
                color=series.colour,
                linestyle=series.dashes,
                linewidth=1.6,
                marker=series.marker,
                markersize=5,
                markevery=max(1, len(heights) // 6),
                label=f"{label} (ends at step {last})" if early else label,
            )
            if early:
                axes.plot(
                    last,
                    heights[-1],
                    "X",
                    color=BLACK,
                    markersize=10,
                    zorder=5,
                    label="_cross",
                )
        axes.set(title=title, xlabel="step", ylabel="loss", xlim=(-0.03 * steps, 1.03 * steps))
        axes.legend(loc="best", fontsize=8.5)
    return figure
