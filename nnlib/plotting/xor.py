"""Pictures of chapter 5: lines that divide points, hidden units as new axes, boundaries, counts."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from nnlib._validation import Array, as_float_array
from nnlib.network import Network, forward, predict
from nnlib.plotting._drawing import (
    BLACK,
    BLUE,
    GREY,
    SERIES,
    VERMILION,
    new_figure,
    panel_grid,
    styled,
)
from nnlib.reliability import share_interval

#: A sample of class 0 and one of class 1: they differ in shape and in filling.
CLASSES = (
    {"marker": "o", "markerfacecolor": "white", "markeredgecolor": BLUE, "markeredgewidth": 2.0},
    {"marker": "^", "markerfacecolor": VERMILION, "markeredgecolor": BLACK, "markeredgewidth": 0.8},
)


@styled()
def line_sweep(
    X: npt.ArrayLike, labels: npt.ArrayLike, lines: Sequence[tuple[float, float]]
) -> Figure:
    """Show a few lines through labelled points, and how many points every other line gets right.

    Parameters
    ----------
    X : array_like of float, shape (n, 2)
    labels : array_like of int, shape (n,)
        0 or 1.
    lines : sequence of (degrees, offset)
        Lines to draw. The side that says 1 is where cos(a)·x1 + sin(a)·x2 is above the offset.

    Returns
    -------
    matplotlib.figure.Figure
        The points with the lines, an arrow on each to the side that says 1; then a map of all
        lines, each region with its number of right points.

    Examples
    --------
    >>> from nnlib.datasets import xor_points
    >>> X, _, labels = xor_points()
    >>> figure = line_sweep(X, labels, [(45, -1.0)])
    >>> figure.axes[0].lines[0].get_label()
    'A: 3 of 4'
    """
    X, classes = as_float_array("X", X, ndim=2), np.asarray(labels)
    figure, (plane, chart) = new_figure(7.4, 3.9, 2)
    for (angle, offset), series, letter in zip(lines, SERIES, "ABCDE", strict=False):
        a = np.deg2rad(angle)
        normal, along = np.array([np.cos(a), np.sin(a)]), np.array([-np.sin(a), np.cos(a)])
        ends = offset * normal + np.outer([-4, 4], along)
        right = int(np.sum((X @ normal > offset) == classes))
        plane.plot(
            *ends.T,
            color=series.colour,
            linestyle=series.dashes,
            label=f"{letter}: {right} of {len(X)}",
        )
        foot = offset * normal - 0.15 * along
        arrow: Any = {"arrowstyle": "-|>", "color": series.colour, "lw": 1.6, "shrinkA": 0}
        plane.annotate("", tuple(foot + 0.45 * normal), tuple(foot), arrowprops=arrow)
        chart.plot(
            angle, offset, "s", color="white", markeredgecolor=BLACK, markersize=14, label="_"
        )
        chart.annotate(letter, (angle, offset), ha="center", va="center", fontsize=9)
    _draw_samples(plane, X, classes, size=11)
    reach = 1.9 * float(np.abs(X).max())
    plane.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    plane.set(xlabel="$x_1$", ylabel="$x_2$")
    plane.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, 1.22),
        ncols=3,
        handlelength=1.6,
        columnspacing=0.9,
        fontsize=9,
    )
    angles, offsets = np.linspace(0, 360, 181), np.linspace(-reach, reach, 141)
    normals = np.array([np.cos(np.deg2rad(angles)), np.sin(np.deg2rad(angles))])
    count = (((X @ normals)[:, None] > offsets[None, :, None]) == classes[:, None, None]).sum(
        axis=0
    )
    tones = ListedColormap([str(tone) for tone in np.linspace(0.45, 1.0, len(X) + 1)])
    chart.pcolormesh(
        angles, offsets, count, cmap=tones, vmin=-0.5, vmax=len(X) + 0.5, zorder=0, rasterized=True
    )
    for value in np.unique(count):
        for where in _middles(count == value):
            place = (angles[where[1]], offsets[where[0]])
            if any(abs(place[0] - a) < 15 and abs(place[1] - b) < 0.4 for a, b in lines):
                place = (place[0], place[1] - 0.42)
            chart.annotate(str(value), place, ha="center", va="center", fontsize=10)
    chart.grid(visible=False)
    chart.set(xlabel="direction of the line's normal, degrees", ylabel="offset from the origin")
    chart.set(xticks=[0, 90, 180, 270, 360])
    return figure


@styled()
def hidden_points(network: Network, X: npt.ArrayLike, labels: npt.ArrayLike) -> Figure:
    """Show where two hidden units divide the plane, and where they put the samples.

    Parameters
    ----------
    network : Network
        Two inputs, two hidden units, two outputs.
    X : array_like of float, shape (n, 2)
    labels : array_like of int, shape (n,)

    Returns
    -------
    matplotlib.figure.Figure
        The inputs with the line on which each hidden sum is 0, an arrow to where it is positive;
        then the hidden outputs, with the line on which the two outputs are equal.

    Examples
    --------
    >>> from nnlib.datasets import xor_points
    >>> X, _, labels = xor_points()
    >>> net = Network(([[4, -4], [4, -4]], [[-6, 6], [-6, 6]]), ([4, 4], [9, -9]), "logistic")
    >>> figure = hidden_points(net, X, labels)
    >>> [axes.get_xlabel() for axes in figure.axes]
    ['$x_1$', '$h_1$']
    """
    X, classes = as_float_array("X", X, ndim=2), np.asarray(labels)
    figure, (plane, folded) = new_figure(7.4, 3.8, 2)
    first, second = network.layers
    reach = 1.9 * float(np.abs(X).max())
    for j, series in zip(range(2), SERIES, strict=False):
        offset = 0.0 if first.b is None else float(first.b[j])
        _draw_border(plane, first.W[:, j], offset, series, f"unit {j + 1}: $z_{j + 1} = 0$", reach)
    _draw_samples(plane, X, classes, size=11)
    plane.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    plane.set(xlabel="$x_1$", ylabel="$x_2$", title="inputs")
    offset = 0.0 if second.b is None else float(second.b[1] - second.b[0])
    gap = second.W[:, 1] - second.W[:, 0]
    _draw_border(folded, gap, offset, SERIES[2], "equal outputs", 3.0)
    H = forward(network, X).outputs[0]
    # Samples that land on one place stand side by side there, and share their label.
    places, shown = [tuple(place) for place in H.round(2)], H.copy()
    for k, place in enumerate(places):
        before = places[:k].count(place)
        shown[k] += np.array([0.08, -0.08]) * before
        if not before:
            here = X[[other == place for other in places]]
            text = " and ".join(f"({a:g}, {b:g})" for a, b in here).replace("-", "−")
            above = 0.11 if H[k, 1] < 0.5 or len(here) > 1 else -0.11
            side: Any = "center" if len(here) == 1 else "right"
            at = (H[k, 0] + (0.22 if len(here) > 1 else 0.0), H[k, 1] + above)
            folded.annotate(text, at, ha=side, va="center", fontsize=9)
    _draw_samples(folded, shown, classes, size=11)
    folded.set(xlim=(-0.25, 1.25), ylim=(-0.25, 1.25), aspect="equal")
    folded.set(xlabel="$h_1$", ylabel="$h_2$", title="hidden outputs")
    for axes in (plane, folded):
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2, fontsize=9)
    return figure


@styled()
def boundaries(
    panels: Mapping[str, Network],
    X: npt.ArrayLike,
    labels: npt.ArrayLike,
    *,
    reach: float = 3.0,
    columns: int = 2,
    pairs: bool = False,
) -> Figure:
    """Draw what networks say everywhere: where the second output is the larger one.

    Parameters
    ----------
    panels : mapping from a title to a network
        With two inputs and two outputs.
    X : array_like of float, shape (n, 2)
    labels : array_like of int, shape (n,)
    reach : float
        The square from −reach to reach is drawn.
    columns : int
        Panels in a row.
    pairs : bool
        Whether to join every sample to its mirror image, where that is a sample as well.

    Returns
    -------
    matplotlib.figure.Figure
        Where a network says 1 the ground is hatched; a sample that it gets wrong is crossed out.

    Examples
    --------
    >>> from nnlib.datasets import xor_points
    >>> from nnlib.network import network_2_3_2
    >>> X, _, labels = xor_points()
    >>> figure = boundaries({"at the start": network_2_3_2()}, X, labels)
    >>> figure.axes[0].get_title()
    'at the start: 2 of 4'
    """
    X, classes = as_float_array("X", X, ndim=2), np.asarray(labels)
    figure, all_axes = panel_grid(len(panels), columns, 7.2 / columns + 0.25)
    axis = np.linspace(-reach, reach, 161)
    grid = np.column_stack([part.ravel() for part in np.meshgrid(axis, axis)])
    for axes, (title, network) in zip(all_axes, panels.items(), strict=True):
        gap = np.diff(predict(network, grid), axis=1).reshape(len(axis), len(axis))
        axes.contourf(
            axis, axis, gap, levels=[0, 2], colors=["#F6DCCB"], hatches=["////"], zorder=0
        )
        if gap.min() < 0 < gap.max():
            axes.contour(axis, axis, gap, levels=[0], colors=[BLACK], linewidths=2)
        if pairs:
            for point in X[(X[:, None] == -X).all(axis=2).any(axis=1)]:
                axes.plot(*np.transpose([point, -point]), ":", color=GREY, linewidth=1.2, label="_")
        right = predict(network, X).argmax(axis=1) == classes
        few = len(X) <= 10
        _draw_samples(axes, X, classes, size=11 if few else 6)
        axes.plot(
            *X[~right].T,
            "x",
            color=BLACK,
            markersize=15 if few else 8,
            markeredgewidth=1.6,
            label="wrong",
            zorder=6,
        )
        axes.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
        axes.set(xlabel="$x_1$", ylabel="$x_2$", title=f"{title}: {int(right.sum())} of {len(X)}")
        axes.grid(visible=False)
    handles, names = all_axes[-1].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=3)
    return figure


@styled()
def matrix_pass(
    rows: Sequence[Sequence[tuple[str, npt.ArrayLike] | str]], digits: int = 4
) -> Figure:
    """Write out products of matrices with all their numbers.

    Parameters
    ----------
    rows : sequence of rows
        Each a sequence of pairs (name, matrix of one or two axes), and of signs between them.
    digits : int
        How many to show behind the point.

    Returns
    -------
    matplotlib.figure.Figure
        A box for each number, the name above its matrix, the shape below.

    Examples
    --------
    >>> figure = matrix_pass([[("$x$", [1.0, 2.0]), "$=$", ("$x$", [[1.0, 2.0]])]], digits=1)
    >>> [text.get_text() for text in figure.axes[0].texts[:3]]
    ['1.0', '2.0', '$x$']
    """
    wide, high, gap = 1.0, 0.52, 0.5
    laid: list[list[tuple[str, Array | None, float]]] = []
    for row in rows:
        x = 0.0
        places: list[tuple[str, Array | None, float]] = []
        for item in row:
            if isinstance(item, str):
                places.append((item, None, x))
                x += gap
            else:
                matrix = np.atleast_2d(as_float_array(item[0], item[1]))
                places.append((item[0], matrix, x))
                x += wide * matrix.shape[1] + 0.12
        laid.append([*places, ("", None, x)])
    width = max(row[-1][2] for row in laid)
    tall = [max(len(one[1]) for one in row if one[1] is not None) * high + 0.95 for row in laid]
    figure, (axes,) = new_figure(7.4, 7.4 / width * sum(tall))
    top = 0.0
    for line, height in zip(laid, tall, strict=True):
        middle = top - height / 2
        for name, shown, x in line:
            if shown is None:
                if name:
                    axes.annotate(name, (x + gap / 2 - 0.06, middle), ha="center", va="center")
                continue
            n, m = shown.shape
            for i in range(n):
                for j in range(m):
                    corner = (x + j * wide, middle + (n / 2 - i - 1) * high)
                    text = f"{shown[i, j]:.{digits}f}".replace("-", "−")
                    _draw_cell(axes, corner, wide, high, text)
            edge = n / 2 * high
            axes.annotate(name, (x + m * wide / 2, middle + edge + 0.17), ha="center", va="center")
            axes.annotate(
                f"{n} × {m}",
                (x + m * wide / 2, middle - edge - 0.15),
                ha="center",
                va="center",
                fontsize=8,
                color=GREY,
            )
        top -= height
    axes.grid(visible=False)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.set(xlim=(-0.05, width), ylim=(top, 0.05), xticks=[], yticks=[])
    axes.set_xlabel("each box one number; below a matrix, rows × columns", fontsize=9, color=GREY)
    return figure


@styled()
def mirrored_gaps(
    t: npt.ArrayLike, gaps: Mapping[str, npt.ArrayLike], wanted: Mapping[str, float], middle: float
) -> Figure:
    """Draw along lines through the origin what decides: second output's sum minus the first's.

    Parameters
    ----------
    t : array_like of float, shape (n,)
        Place on the line, from one side of the origin to the other.
    gaps : mapping from a label to n heights
    wanted : mapping from the same labels to −1 or +1
        The sign that the gap should have at t = −1 and at t = 1.
    middle : float
        The height about which every curve is symmetric.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = mirrored_gaps([-1, 0, 1], {"diagonal": [0, 1, 2]}, {"diagonal": -1}, 1.0)
    >>> [line.get_label() for line in figure.axes[0].lines if line.get_label()[0] != "_"]
    ['diagonal: below 0 wanted']
    """
    t = as_float_array("t", t, ndim=1)
    figure, (axes,) = new_figure(7.0, 3.8)
    axes.axhline(0, color=BLACK, linewidth=1.2)
    axes.axhline(middle, color=GREY, linewidth=1.2, linestyle=(0, (1, 1.5)))
    axes.annotate(
        "half the constant",
        (float(t[0]), middle),
        xytext=(2, 4),
        textcoords="offset points",
        fontsize=9,
        color=GREY,
    )
    for (label, heights), series in zip(gaps.items(), SERIES, strict=False):
        curve = as_float_array(label, heights, ndim=1)
        side = "above" if wanted[label] > 0 else "below"
        at = np.array([-1.0, 1.0])
        found = np.interp(at, t, curve)
        right = np.sign(found) == np.sign(wanted[label])
        axes.plot(
            t,
            curve,
            color=series.colour,
            linestyle=series.dashes,
            label=f"{label}: {side} 0 wanted",
        )
        axes.plot(at, found, series.marker, color=series.colour, markersize=9, label="_")
        axes.plot(
            at[~right],
            found[~right],
            "x",
            color=BLACK,
            markersize=16,
            markeredgewidth=1.8,
            label="_",
        )
    axes.set(xlabel="$t$, the place on the line", ylabel="$d$, second sum minus first")
    axes.legend(loc="best")
    return figure


@styled()
def success_rates(
    scales: Sequence[float], counts: Mapping[str, Sequence[int]], trials: int, xlabel: str
) -> Figure:
    """Draw how often something succeeded, with Wilson's 95 % intervals.

    Parameters
    ----------
    scales : sequence of float
        On a logarithmic axis.
    counts : mapping from a label to successes, one for each scale
    trials : int
        Out of so many.
    xlabel : str

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = success_rates([0.1, 1.0], {"width 2": [5, 10]}, 10, "scale")
    >>> figure.axes[0].lines[0].get_ydata()
    array([ 50., 100.])
    """
    places = as_float_array("scales", scales, ndim=1)
    figure, (axes,) = new_figure(7.0, 4.0)
    for k, ((label, found), series) in enumerate(zip(counts.items(), SERIES, strict=False)):
        share = 100 * np.asarray(found, dtype=np.float64) / trials
        ends = 100 * np.array([share_interval(int(one), trials) for one in found]).T
        axes.errorbar(
            places * 1.04 ** (k - (len(counts) - 1) / 2),
            share,
            yerr=np.maximum([share - ends[0], ends[1] - share], 0),
            color=series.colour,
            linestyle=series.dashes,
            marker=series.marker,
            capsize=4,
            linewidth=1.5,
            label=label,
        )
    axes.set(xscale="log", ylim=(-4, 104), xlabel=xlabel, ylabel="learned, % of all starts")
    axes.set_xticks(places, [f"{place:g}" for place in places])
    axes.minorticks_off()
    axes.legend(loc="best")
    return figure


def _draw_samples(axes: Axes, X: Array, classes: npt.NDArray[Any], *, size: float) -> None:
    for value in range(len(CLASSES)):
        some = X[classes == value]
        look: Any = {**CLASSES[value], "markersize": size, "linestyle": "none", "zorder": 5}
        axes.plot(*some.T, **look, label=f"class {value}")


def _draw_border(
    axes: Axes, normal: Array, offset: float, series: Any, label: str, reach: float
) -> None:
    """Draw the line normal·x + offset = 0, with an arrow to where the sum is positive."""
    size = float(np.linalg.norm(normal))
    unit = normal / size
    foot, along = -offset / size * unit, np.array([-unit[1], unit[0]])
    ends = foot + np.outer([-2 * reach, 2 * reach], along)
    axes.plot(*ends.T, color=series.colour, linestyle=series.dashes, label=label)
    arrow: Any = {"arrowstyle": "-|>", "color": series.colour, "lw": 1.8, "shrinkA": 0}
    axes.annotate("", tuple(foot + 0.14 * reach * unit), tuple(foot), arrowprops=arrow)


def _draw_cell(
    axes: Axes, corner: tuple[float, float], wide: float, high: float, text: str
) -> None:
    x, y = corner
    axes.fill(
        [x, x + wide, x + wide, x],
        [y, y, y + high, y + high],
        facecolor="white",
        edgecolor=BLACK,
        linewidth=0.9,
        label="_",
    )
    axes.annotate(text, (x + wide / 2, y + high / 2), ha="center", va="center", fontsize=9)


def _middles(mask: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return a place deep inside each of the larger connected parts of a mask."""
    left, found = mask.copy(), []
    while left.any():
        start = tuple(np.argwhere(left)[0])
        part, edge = np.zeros_like(left), [start]
        part[start] = True
        while edge:
            i, j = edge.pop()
            for a, b in ((i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1)):
                if (
                    0 <= a < left.shape[0]
                    and 0 <= b < left.shape[1]
                    and left[a, b]
                    and not part[a, b]
                ):
                    part[a, b] = True
                    edge.append((a, b))
        left &= ~part
        if part.sum() < mask.size / 400:
            continue
        # Peel the part, as far as it goes, and keep what is left last.
        core = part
        while True:
            padded = np.pad(core, 1)
            inner = (
                core & padded[2:, 1:-1] & padded[:-2, 1:-1] & padded[1:-1, 2:] & padded[1:-1, :-2]
            )
            if not inner.any():
                break
            core = inner
        rows, columns = np.nonzero(core)
        found.append((int(rows[len(rows) // 2]), int(columns[len(rows) // 2])))
    return found
