"""Pictures of chapter 4: a network with its numbers, paths, opposite pairs."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nnlib._validation import as_float_array
from nnlib.plotting._drawing import BLACK, BLUE, GREY, SERIES, VERMILION, Series, new_figure, styled


@styled()
def network_pass(numbers: Mapping[str, float], direction: str) -> Figure:
    r"""Draw the 3-2-1 network with the numbers of one pass, there or back.

    Parameters
    ----------
    numbers : mapping from a name of `nnlib.backprop_by_hand` to a number
        What `hand_given` and `hand_pass` give, together.
    direction : str
        "forward": weights on the lines; what goes into each unit, and what comes out of it.
        "backward": gradients by the weights on the lines, and the delta of each unit.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from nnlib.backprop_by_hand import hand_given, hand_pass
    >>> given = [[-0.2, 0.3, -0.4], [0.1, -0.3, -0.4]], [0.2, 0.3], [-1, -1, 1], 1, 0.5
    >>> figure = network_pass(hand_given(*given) | hand_pass(*given), "forward")
    >>> [text.get_text() for text in figure.axes[0].texts if "v_1" in text.get_text()]
    ['$v_1 = −0.5000$\n$h_1 = −0.4621$']
    """
    if direction not in ("forward", "backward"):
        raise ValueError(f'`direction` must be "forward" or "backward", but it is {direction!r}.')
    forward = direction == "forward"
    series = SERIES[0] if forward else SERIES[1]
    figure, (axes,) = new_figure(7.4, 4.1)
    inputs, hidden, output = ((0.0, 2.0), (0.0, 0.0), (0.0, -2.0)), ((4.4, 1.2), (4.4, -1.2)), 8.4

    def told(symbol: str, name: str, digits: int = 4) -> str:
        return f"${symbol} = {numbers[name]:.{digits}f}$".replace("-", "−")

    prefix, digits = ("W", 1) if forward else ("dW", 4)
    along = {1: (0.5, 0.5, 0.3), 2: (0.3, 0.5, 0.5)}  # where labels do not cover one another
    for j, unit in enumerate(hidden, start=1):
        for i, place in enumerate(inputs, start=1):
            label = told(f"{prefix}1_{{{j}{i}}}", f"{prefix}1_{j}{i}", digits)
            _draw_connection(axes, place, unit, label, series, along[j][i - 1], forward)
        label = told(f"{prefix}2_{j}", f"{prefix}2_{j}", digits)
        _draw_connection(axes, unit, (output, 0.0), label, series, 0.5, forward)
        inside = [told(f"v_{j}", f"v{j}"), told(f"h_{j}", f"h{j}")]
        if not forward:
            inside = [told(rf"\delta_{j}", f"delta_{j}")]
        _draw_unit(axes, unit, "\n".join(inside), wide=True)
    for i, place in enumerate(inputs, start=1):
        _draw_unit(axes, place, told(f"x_{i}", f"x{i}", 0))
    inside = [told(r"v_{\mathrm{out}}", "v_out"), told("y", "y")]
    below = told("t", "target", 0)
    if not forward:
        inside = [told(r"\delta_{\mathrm{out}}", "delta_out")]
        below = told("e", "e")
    _draw_unit(axes, (output, 0.0), "\n".join(inside), wide=True)
    axes.annotate(below, (output, -0.95), ha="center", va="center", fontsize=11)
    axes.grid(visible=False)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.set(xlim=(-1.0, 9.9), ylim=(-2.6, 2.6), xticks=[], yticks=[])
    axes.set_xlabel(
        "forward: weights on the lines, values in the units"
        if forward
        else "backward: gradients on the lines, deltas in the units"
    )
    return figure


@styled()
def path_sum(slopes: Mapping[tuple[str, str], float]) -> Figure:
    """Draw a 2-2-2-1 network with the two paths from its first weight to the output.

    Parameters
    ----------
    slopes : mapping from a pair of names to a local derivative
        The pairs ("w11", "z1"), ("z1", "m1"), ("z1", "m2"), ("m1", "a") and ("m2", "a").

    Returns
    -------
    matplotlib.figure.Figure
        Each path with the product of its slopes in the legend.

    Examples
    --------
    >>> one = {("w11", "z1"): 0.5, ("z1", "m1"): 2.0, ("z1", "m2"): 1.0}
    >>> figure = path_sum(one | {("m1", "a"): 3.0, ("m2", "a"): -1.0})
    >>> figure.axes[0].lines[-1].get_label()
    'via $m_2$: $0.5000 · 1.0000 · (−1.0000) = −0.5000$'
    """
    figure, (axes,) = new_figure(7.4, 4.0)
    places = {
        "x1": (0.0, 1.1),
        "x2": (0.0, -1.1),
        "z1": (2.9, 1.1),
        "z2": (2.9, -1.1),
        "m1": (5.8, 1.1),
        "m2": (5.8, -1.1),
        "a": (8.4, 0.0),
    }
    layers = (("x1", "x2"), ("z1", "z2"), ("m1", "m2"), ("a",))
    for sources, ends in pairwise(layers):
        for source in sources:
            for end in ends:
                axes.plot(*zip(places[source], places[end], strict=True), color="#BBBBBB", lw=1)
    shared = slopes["w11", "z1"]
    for via, series, offset in (("m1", SERIES[0], 0.07), ("m2", SERIES[1], -0.07)):
        first, last = slopes["z1", via], slopes[via, "a"]
        route = np.array([places[name] for name in ("x1", "z1", via, "a")])
        route[:, 1] += offset
        factors = " · ".join(_factor(value) for value in (shared, first, last))
        axes.plot(
            *route.T,
            color=series.colour,
            linestyle=series.dashes,
            linewidth=2.6,
            label=f"via ${via[0]}_{via[1]}$: $" + factors + f" = {_signed(shared * first * last)}$",
        )
    for source, end, name, (dx, dy) in (
        ("x1", "z1", r"\partial z_1/\partial w_{11}", (0.0, 0.34)),
        ("z1", "m1", r"\partial m_1/\partial z_1", (0.0, 0.34)),
        ("z1", "m2", r"\partial m_2/\partial z_1", (0.55, 0.28)),
        ("m1", "a", r"\partial a/\partial m_1", (0.65, 0.34)),
        ("m2", "a", r"\partial a/\partial m_2", (0.65, -0.34)),
    ):
        key = ("w11" if source == "x1" else source, end)
        middle = (np.array(places[source]) + places[end]) / 2 + [dx, dy]
        axes.annotate(
            f"${name} = {_signed(slopes[key])}$",
            tuple(middle),
            ha="center",
            va="center",
            fontsize=9.5,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.9},
        )
    for name, place in places.items():
        _draw_unit(axes, place, f"${name[0]}_{name[1]}$" if len(name) > 1 else f"${name}$")
    axes.grid(visible=False)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.set(xlim=(-0.7, 9.6), ylim=(-2.9, 1.9), xticks=[], yticks=[])
    total = sum(shared * slopes["z1", via] * slopes[via, "a"] for via in ("m1", "m2"))
    axes.set_xlabel(rf"the sum of both: $\partial a/\partial w_{{11}} = {_signed(total)}$")
    axes.legend(loc="lower left")
    return figure


@styled()
def opposite_pairs(X: npt.ArrayLike, T: npt.ArrayLike) -> Figure:
    """Show which samples lie opposite each other, and what a pair costs an odd network.

    Parameters
    ----------
    X : array_like of float, shape (n, 3)
        Corners of the cube with coordinates ±1.
    T : array_like of float, shape (n,)
        Targets ±1.

    Returns
    -------
    matplotlib.figure.Figure
        The cube with its diagonals, those between equal targets thick; then the squared error of
        a pair as a function of the one number a that it shares.

    Examples
    --------
    >>> from nnlib.datasets import eight_samples
    >>> X, T, _ = eight_samples()
    >>> figure = opposite_pairs(X, T.ravel())
    >>> figure.axes[1].lines[0].get_label()
    'equal targets: $2 + 2a^2$'
    """
    X, T = as_float_array("X", X, ndim=2), as_float_array("T", T, ndim=1)
    figure, (cube, axes) = new_figure(7.4, 3.9, 2)
    flat = np.column_stack([X[:, 0] + 0.62 * X[:, 2], X[:, 1] + 0.42 * X[:, 2]])
    pairs = [(k, m) for k in range(len(X)) for m in range(k) if np.array_equal(X[k], -X[m])]
    edges = [(k, m) for k in range(len(X)) for m in range(k) if np.sum(X[k] != X[m]) == 1]
    for k, m in edges:
        cube.plot(*flat[[k, m]].T, color="#BBBBBB", linewidth=1, zorder=1)
    names: dict[bool, str] = {True: "equal targets", False: "opposite targets"}
    for k, m in sorted(pairs, key=lambda pair: bool(T[pair[0]] == T[pair[1]])):
        equal = bool(T[k] == T[m])
        cube.plot(
            *flat[[k, m]].T,
            color=VERMILION if equal else GREY,
            linestyle="--" if equal else ":",
            linewidth=2.6 if equal else 1.3,
            label=names.pop(equal, "_again"),
            zorder=2,
        )
    for value, marker, colour in ((1.0, "^", BLUE), (-1.0, "o", "white")):
        cube.plot(
            *flat[value == T].T,
            marker,
            color=colour,
            markeredgecolor=BLACK,
            markersize=12,
            label=f"target {_signed(value, 0)}",
            zorder=3,
        )
    for row, place in zip(X, flat, strict=True):
        cube.annotate(
            "(" + ", ".join(_signed(value, 0) for value in row) + ")",
            (place[0], place[1] + (0.27 if row[1] > 0 else -0.3)),
            ha="center",
            va="center",
            fontsize=8,
            zorder=4,
        )
    cube.grid(visible=False)
    cube.spines[["left", "bottom"]].set_visible(False)
    cube.set(xlim=(-2.3, 2.3), ylim=(-1.95, 2.9), xticks=[], yticks=[])
    cube.set_xlabel("the eight samples")
    cube.legend(loc="upper center", ncols=2, fontsize=9, columnspacing=1.0, handletextpad=0.4)
    a = np.linspace(-1.2, 1.2, 121)
    for label, heights, series in (
        ("equal targets: $2 + 2a^2$", 2 + 2 * a**2, SERIES[1]),
        ("opposite targets: $2(a - 1)^2$", 2 * (a - 1) ** 2, SERIES[0]),
    ):
        axes.plot(a, heights, color=series.colour, linestyle=series.dashes, label=label)
        least = int(np.argmin(heights))
        axes.plot(a[least], heights[least], series.marker, color=series.colour, markersize=9)
    axes.set(xlabel="the output $a$ at one end of the pair", ylabel="squared errors of the pair")
    axes.set(ylim=(-0.3, 8.6))
    axes.legend(loc="upper right", fontsize=9)
    return figure


@styled()
def training_and_floor(
    steps: npt.ArrayLike,
    runs: Mapping[str, tuple[npt.ArrayLike, npt.ArrayLike]],
    targets: npt.ArrayLike,
    floor: float,
) -> Figure:
    """Draw training runs above a bound that some of them cannot pass, and where their outputs end.

    Parameters
    ----------
    steps : array_like of float, shape (n,)
        Step 0 is left out: the axes are logarithmic.
    runs : mapping from a label to the squared errors after each step, shape (n,), and the outputs
        at the end, shape (samples,)
    targets : array_like of float, shape (samples,)
    floor : float
        The bound, drawn as a level line.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = training_and_floor([1, 2], {"run": ([3, 2], [0.5, -0.5])}, [1, -1], 1)
    >>> [line.get_label() for line in figure.axes[0].lines]
    ['run', 'bound: 1']
    """
    steps = as_float_array("steps", steps, ndim=1)
    wanted = as_float_array("targets", targets, ndim=1)
    figure, (axes, ends) = new_figure(7.4, 3.9, 2)
    samples = np.arange(1, len(wanted) + 1)
    later = steps > 0
    ends.plot(samples, wanted, "_", color=BLACK, markersize=20, markeredgewidth=2, label="target")
    for place, ((label, (losses, outputs)), series) in enumerate(
        zip(runs.items(), SERIES, strict=False)
    ):
        look: dict[str, Any] = {"color": series.colour, "label": label}
        height = as_float_array(label, losses, ndim=1)
        axes.loglog(steps[later], height[later], linestyle=series.dashes, **look)
        shift = 0.24 * (place - (len(runs) - 1) / 2)
        ends.plot(samples + shift, as_float_array(label, outputs), series.marker, **look)
    axes.axhline(
        floor, color=BLACK, linestyle=(0, (1, 1.5)), linewidth=2, label=f"bound: {floor:g}"
    )
    axes.set(xlabel="steps", ylabel=r"sum of squared errors")
    axes.legend(loc="lower left")
    ends.axhline(0, color=GREY, linewidth=1)
    ends.set(xlabel="sample", ylabel="output at the end", xticks=samples, ylim=(-1.25, 1.9))
    ends.legend(loc="upper center", ncols=2, columnspacing=1.0, handletextpad=0.4)
    return figure


def _draw_connection(
    axes: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    label: str,
    series: Series,
    at: float,
    forward: bool,
) -> None:
    """Draw an arrow between two units, the other way round for a pass back, with a label on it."""
    a, b = np.array(start), np.array(end)
    tail, head = (a, b) if forward else (b, a)
    arrow = {"arrowstyle": "-|>", "color": series.colour, "linestyle": series.dashes}
    axes.annotate(
        "", tuple(head), tuple(tail), arrowprops=arrow | {"lw": 1.5, "shrinkA": 24, "shrinkB": 26}
    )
    axes.annotate(
        label,
        tuple(a + at * (b - a)),
        ha="center",
        va="center",
        fontsize=9.5,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        zorder=4,
    )


def _draw_unit(axes: Axes, place: tuple[float, float], text: str, *, wide: bool = False) -> None:
    """Write a unit's text into a box with round corners."""
    axes.annotate(
        text,
        place,
        ha="center",
        va="center",
        fontsize=11,
        bbox={
            "boxstyle": "round,pad=0.5" if wide else "round,pad=0.4",
            "facecolor": "white",
            "edgecolor": BLACK,
            "linewidth": 1.4,
        },
        zorder=5,
    )


def _signed(value: float, digits: int = 4) -> str:
    """The number with a typographic minus."""
    return f"{value:.{digits}f}".replace("-", "−")


def _factor(value: float) -> str:
    """The number as it stands in a product: negative ones in brackets."""
    return f"({_signed(value)})" if value < 0 else _signed(value)
