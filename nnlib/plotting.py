"""The book's pictures: one function each, the figure returned (the only module with matplotlib).

Every picture is drawn on a white card, so that it can be read on a dark page, and tells its lines
apart by dashes and markers as well as by colour, so that it can be read in grey.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import LogLocator, MultipleLocator

from nnlib._validation import Array, as_float_array
from nnlib.descent import gradient_descent
from nnlib.differentiation import central_difference
from nnlib.gradients import angle_between, directional_derivative
from nnlib.landscapes import Curve, Landscape

#: Okabe and Ito's palette: eight colours that colour-blind readers tell apart.
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
GREY = "#6B6B6B"

#: How every picture looks. It is in force while a picture is drawn, and never outside.
STYLE: Any = {
    "figure.dpi": 144,
    "figure.facecolor": "white",
    "figure.constrained_layout.use": True,
    "figure.max_open_warning": 0,
    "axes.facecolor": "white",
    "axes.edgecolor": GREY,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 12,
    "axes.labelsize": 12,
    "font.size": 11,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.7,
    "legend.fontsize": 10,
    "legend.framealpha": 0.95,
    "lines.linewidth": 2.0,
    "lines.markersize": 6,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
}


@contextmanager
def _styled() -> Iterator[None]:
    """Draw in the book's style, then put the caller's settings back.

    `matplotlib.rc_context` would also take back what a notebook's backend sets when the first
    figure loads it, and no later figure would be shown.
    """
    before: dict[Any, Any] = {key: mpl.rcParams[key] for key in STYLE}
    mpl.rcParams.update(STYLE)
    try:
        yield
    finally:
        mpl.rcParams.update(before)


class Series(NamedTuple):
    """What tells one line from the next: a colour, a dash pattern and a marker."""

    colour: str
    dashes: Any
    marker: str


#: In the order in which a picture takes them.
SERIES = (
    Series(BLUE, "-", "o"),
    Series(VERMILION, "--", "s"),
    Series(GREEN, "-.", "^"),
    Series(PURPLE, ":", "D"),
    Series(BLACK, (0, (6, 1.5, 1, 1.5, 1, 1.5)), "v"),
)


@_styled()
def tangent_and_secants(curve: Curve, x0: float, steps: Sequence[float]) -> Figure:
    """Draw secants through x0 and x0 + h that close in on the tangent at x0.

    Parameters
    ----------
    curve : Curve
    x0 : float
        Where the tangent touches.
    steps : sequence of float, shape (n,), n from 1 to 4
        The steps h. Rise and run are marked on the first.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from nnlib.landscapes import parabola
    >>> figure = tangent_and_secants(parabola, 5, [10, 5])
    >>> [line.get_label() for line in figure.axes[0].lines][1]
    'tangent, slope 0.2000'
    """
    figure, (axes,) = _figure(7.0, 4.4)
    x, y0 = _draw_curve(axes, curve), float(curve.value(x0))
    slope = float(curve.derivative(x0))
    _draw_line(axes, x, (x0, y0), slope, f"tangent, slope {slope:.4f}", BLACK, "-")
    for h, series in zip(steps, SERIES[1:], strict=False):
        end = float(curve.value(x0 + h))
        slope = (end - y0) / h
        label = f"secant, $h={h:g}$, slope {slope:.4f}"
        _draw_line(axes, x, (x0, y0), slope, label, series.colour, series.dashes)
        axes.plot(x0 + h, end, series.marker, color=series.colour)
    h, end = steps[0], float(curve.value(x0 + steps[0]))
    axes.plot([x0, x0 + h, x0 + h], [y0, y0, end], ":", color=GREY, linewidth=1.4)
    axes.annotate("run $h$", (x0 + h / 2, y0), (0, -14), textcoords="offset points", ha="center")
    axes.annotate(
        "rise $f(x+h)-f(x)$",
        (x0 + h, 0.8 * y0 + 0.2 * end),
        (-6, -4),
        textcoords="offset points",
        ha="right",
    )
    axes.plot(x0, y0, "o", color=BLACK, markersize=8)
    axes.legend(loc="upper left")
    return figure


@_styled()
def forward_and_central(curve: Curve, x0: float, h: float) -> Figure:
    """Draw the secants of the forward and the central difference beside the tangent.

    The lines are continued past the points that they join, so that their slopes can be compared.

    Parameters
    ----------
    curve : Curve
    x0, h : float
        Where, and the step to either side.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from nnlib.landscapes import exponential
    >>> figure = forward_and_central(exponential, 0, 1)
    >>> figure.axes[0].lines[3].get_label()
    'central, slope 1.175'
    """
    figure, (axes,) = _figure(7.0, 4.4)
    x = _draw_curve(axes, curve)
    y0, left, right = (float(curve.value(t)) for t in (x0, x0 - h, x0 + h))
    tangent, forward = float(curve.derivative(x0)), (right - y0) / h
    central = (right - left) / (2 * h)
    _draw_line(axes, x, (x0, y0), tangent, f"tangent, slope {tangent:.3f}", BLACK, "-")
    for name, slope, series in (("forward", forward, SERIES[1]), ("central", central, SERIES[2])):
        label = f"{name}, slope {slope:.3f}"
        _draw_line(axes, x, (x0 + h, right), slope, label, series.colour, series.dashes)
    for t, y, name in ((x0 - h, left, "$x-h$"), (x0, y0, "$x$"), (x0 + h, right, "$x+h$")):
        axes.plot(t, y, "o", color=BLACK, markersize=7)
        offset = (-18, 9) if t < x0 else (8, -14)
        axes.annotate(name, (t, y), offset, textcoords="offset points")
    axes.legend(loc="upper left")
    return figure


@_styled()
def tangent_lines(curve: Curve, points: Sequence[float]) -> Figure:
    """Draw the tangents at several points, each with its equation.

    Parameters
    ----------
    curve : Curve
    points : sequence of float, shape (n,), n from 1 to 4

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from nnlib.landscapes import parabola
    >>> figure = tangent_lines(parabola, [5, 10])
    >>> figure.axes[0].lines[1].get_label()
    '$x=5$: tangent $y=0.2x-0.25$'
    """
    figure, (axes,) = _figure(7.0, 4.2)
    x = _draw_curve(axes, curve)
    for x0, series in zip(points, SERIES[1:], strict=False):
        y0, slope = float(curve.value(x0)), float(curve.derivative(x0))
        label = f"$x={x0:g}$: tangent $y={slope:.6g}x{y0 - slope * x0:+.6g}$"
        _draw_line(axes, x, (x0, y0), slope, label, series.colour, series.dashes)
        axes.plot(x0, y0, series.marker, color=series.colour, markersize=8)
    axes.legend(loc="upper left")
    return figure


@_styled()
def error_curves(
    steps: npt.ArrayLike,
    panels: Mapping[str, Mapping[str, npt.ArrayLike]],
    guides: Mapping[str, Mapping[str, npt.ArrayLike]] | None = None,
    marks: Mapping[str, Mapping[str, float]] | None = None,
    floor: float = 1e-17,
    quantity: str = "absolute error",
) -> Figure:
    """Draw errors against steps on two logarithmic axes, one panel beside the other.

    Parameters
    ----------
    steps : array_like of float, shape (n,)
    panels : mapping from a panel's title to a mapping from a label to errors of shape (n,)
    guides : mapping of the same form, optional
        Predicted errors, drawn as lines; the errors of their panel are then markers without lines.
    marks : mapping from a panel's title to a mapping from a label to a step, optional
        Steps to be marked with a vertical line.
    floor : float
        Smaller errors, and errors of exactly zero, are drawn at this height: a logarithmic axis
        has no place for zero.
    quantity : str
        What the errors are, for the upright axis.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = error_curves([1e-1, 1e-2], {"forward": {"error": [1e-2, 1e-3]}})
    >>> figure.axes[0].get_xscale(), figure.axes[0].get_yscale()
    ('log', 'log')
    """
    steps = as_float_array("steps", steps, ndim=1)
    guides, marks = guides or {}, marks or {}
    figure, panel_axes = _figure(7.2, 4.4, len(panels), shared=True)
    for axes, (title, errors) in zip(panel_axes, panels.items(), strict=True):
        for (label, error), series in zip(errors.items(), SERIES, strict=False):
            shown = np.maximum(as_float_array(label, error), floor)
            axes.loglog(
                steps,
                shown,
                color=series.colour,
                linestyle="none" if title in guides else series.dashes,
                linewidth=1.4,
                marker=series.marker,
                markersize=7 if title in guides else 4.5,
                label=label,
            )
        for (label, guide), dashes in zip(
            guides.get(title, {}).items(), [(0, (1, 1)), (0, (5, 1))] * 2, strict=False
        ):
            height = as_float_array(label, guide)
            axes.loglog(steps, height, color=GREY, linestyle=dashes, linewidth=1.6, label=label)
        for (label, step), series in zip(marks.get(title, {}).items(), SERIES, strict=False):
            axes.axvline(
                step,
                color=series.colour,
                linestyle=series.dashes,
                linewidth=1.2,
                alpha=0.8,
                label=label,
            )
        axes.set(title=title, xlabel="step $h$")
        axes.xaxis.set_major_locator(LogLocator(numticks=9 if len(panels) == 1 else 5))
        axes.legend(loc="best")
    panel_axes[0].set_ylabel(quantity)
    return figure


@_styled()
def rounded_values(curve: Curve, x0: float, radii: Sequence[float], h: float) -> Figure:
    """Look at a curve near x0 through stronger and stronger microscopes.

    Where a picture holds fewer than 200 float64 numbers, each of them is one dot, and the value
    that the computer has for it is the dot's height.

    Parameters
    ----------
    curve : Curve
    x0 : float
    radii : sequence of float, shape (n,)
        Half the width of each panel.
    h : float
        The last panel also shows the forward secant of this step.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from nnlib.landscapes import sine
    >>> figure = rounded_values(sine, 1.0, [0.5, 1e-15], h=4e-16)
    >>> len(figure.axes)
    2
    """
    figure, panel_axes = _figure(7.2, 4.0, len(radii))
    y0, slope = float(curve.value(x0)), float(curve.derivative(x0))
    for axes, radius in zip(panel_axes, radii, strict=True):
        x, dots = _neighbours(x0, radius)
        t = (x - x0) / radius
        y = (curve.value(x) - y0) / radius
        axes.plot(t, y, "o" if dots else "-", color=BLUE, label="computed $f$")
        axes.plot([-1, 1], [-slope, slope], "--", color=BLACK, linewidth=1.4, label="tangent")
        unit = _power(radius)
        axes.set(title=f"half width ${unit}$", xlabel=f"$x-{x0:g}$, in units of ${unit}$")
        axes.set_ylabel(f"$f(x)-f({x0:g})$, in units of ${unit}$")
        axes.xaxis.set_major_locator(MultipleLocator(0.5))
    run = (x0 + h) - x0
    rise = float(curve.value(x0 + h)) - y0
    panel_axes[-1].plot(
        [0, run / radii[-1]],
        [0, rise / radii[-1]],
        color=VERMILION,
        linestyle="-.",
        marker="s",
        markersize=8,
        markerfacecolor="none",
        label=f"secant, slope {rise / run:.3f}",
    )
    for axes in panel_axes:
        axes.legend(loc="upper left")
    return figure


@_styled()
def number_line(x: float, steps: Sequence[float], dtype: npt.DTypeLike = np.float16) -> Figure:
    r"""Show which numbers a floating type has near x, and where each x + h ends up.

    Parameters
    ----------
    x : float
        One of the numbers of `dtype`.
    steps : sequence of float, shape (n,)
        One line each, from the top: the step that is asked for is the solid square, the number
        that x + h is rounded to is the ring.
    dtype : floating dtype

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = number_line(3, [0.0005, 0.0012])
    >>> [text.get_text() for text in figure.axes[0].get_yticklabels()]
    ['asked 0.0005\ngot 0', 'asked 0.0012\ngot 0.00195']
    """
    kind: np.dtype[Any] = np.dtype(dtype)
    figure, (axes,) = _figure(7.2, 1.3 + 0.8 * len(steps))
    gap = float(np.spacing(kind.type(x)))
    count = int(np.ceil(max(steps) / gap)) + 1
    numbers = x + gap * np.arange(-1, count + 1)
    labels = []
    for height, h in enumerate(steps):
        landed = float(kind.type(x + h))
        axes.axhline(height, color=GREY, linewidth=1)
        axes.plot(numbers, np.full(numbers.size, height), "|", color=BLACK, markersize=18)
        axes.plot(x, height, "o", color=BLACK, markersize=8)
        axes.plot(x + h, height, "s", color=VERMILION, markersize=7)
        axes.plot(landed, height, "o", color=BLUE, markersize=14, markerfacecolor="none")
        arrow = {"arrowstyle": "->", "color": BLUE, "lw": 1.8}
        arrow["connectionstyle"] = f"arc3,rad={-0.35 * np.sign(landed - x - h)}"
        axes.annotate("", (landed, height - 0.13), (x + h, height - 0.1), arrowprops=arrow)
        labels.append(f"asked {h:g}\ngot {landed - x:.3g}")
    axes.grid(visible=False)
    axes.set_yticks(range(len(steps)), labels)
    axes.set(xlim=(numbers[0], numbers[-1]), ylim=(len(steps) - 0.4, -0.6))
    axes.set_xticks(numbers, [f"${x:g}$" if n == x else f"{n:.6g}" for n in numbers], rotation=30)
    axes.set_xlabel(f"the {kind.name} numbers near {x:g}")
    return figure


@_styled()
def partial_slices(landscape: Landscape, point: npt.ArrayLike) -> Figure:
    """Cut a landscape of two variables along each axis through a point.

    Parameters
    ----------
    landscape : Landscape
        With two variables.
    point : array_like of float, shape (2,)

    Returns
    -------
    matplotlib.figure.Figure
        Contours with the two cuts, then each cut as a curve with its tangent.

    Examples
    --------
    >>> from nnlib.landscapes import bowl
    >>> figure = partial_slices(bowl, [3, 4])
    >>> figure.axes[1].lines[1].get_label()
    'tangent, slope 6'
    """
    point = as_float_array("point", point, ndim=1)
    window = landscape.window
    spans = [np.linspace(*window[:2], 201), np.linspace(*window[2:], 201)]
    figure, named = plt.subplot_mosaic([["plan", "0"], ["plan", "1"]], figsize=(7.2, 5.2))
    plan, cuts = named["plan"], [named["0"], named["1"]]
    grid = np.stack(np.meshgrid(*spans), axis=-1)
    contours = plan.contour(*spans, landscape.value(grid), levels=6, colors=GREY, linewidths=1)
    plan.clabel(contours, fontsize=8)
    plan.axhline(point[1], color=SERIES[0].colour, linestyle=SERIES[0].dashes)
    plan.axvline(point[0], color=SERIES[1].colour, linestyle=SERIES[1].dashes)
    plan.plot(*point, "o", color=BLACK, markersize=8)
    plan.set(title="seen from above", xlabel="$x_0$", ylabel="$x_1$", aspect="equal")
    value, gradient = float(landscape.value(point)), landscape.gradient(point)
    for i, (axes, span) in enumerate(zip(cuts, spans, strict=True)):
        path = np.tile(point, (span.size, 1))
        path[:, i] = span
        series, other = SERIES[i], 1 - i
        y = landscape.value(path)
        axes.plot(span, y, color=series.colour, linestyle=series.dashes, label="cut")
        label = f"tangent, slope {gradient[i]:g}"
        _draw_line(axes, span, (point[i], value), gradient[i], label, BLACK, ":")
        axes.plot(point[i], value, "o", color=BLACK, markersize=8)
        margin = 0.1 * float(np.ptp(y))
        axes.set(ylim=(float(y.min()) - margin, float(y.max()) + 3.5 * margin))
        axes.set(title=f"cut at $x_{other}={point[other]:g}$", xlabel=f"$x_{i}$", ylabel="$f$")
        axes.legend(loc="upper center")
    return figure


@_styled()
def gradient_fields(landscape: Landscape, count: int = 9) -> Figure:
    r"""Draw the gradient and its negative as arrows on the contours, one beside the other.

    Parameters
    ----------
    landscape : Landscape
        With two variables.
    count : int
        Arrows in each row and column.

    Returns
    -------
    matplotlib.figure.Figure
        The longest arrow is nearly as long as the arrows lie apart, in both panels.

    Examples
    --------
    >>> from nnlib.landscapes import bowl
    >>> figure = gradient_fields(bowl)
    >>> [axes.get_title() for axes in figure.axes]
    ['$\\nabla f$: uphill', '$-\\nabla f$: downhill']
    """
    figure, panels = _figure(7.2, 4.0, 2)
    left, right, bottom, top = landscape.window
    x, y = (np.linspace(a, b, count + 2)[1:-1] for a, b in ((left, right), (bottom, top)))
    points = np.stack(np.meshgrid(x, y), axis=-1)
    arrows = landscape.gradient(points)
    longest = float(np.linalg.norm(arrows, axis=-1).max())
    scale = longest / (0.9 * min(x[1] - x[0], y[1] - y[0]))
    for axes, sign, title, colour in (
        (panels[0], 1, r"$\nabla f$: uphill", VERMILION),
        (panels[1], -1, r"$-\nabla f$: downhill", BLUE),
    ):
        _draw_contours(axes, landscape, label=True)
        axes.quiver(
            *np.moveaxis(points, -1, 0),
            *np.moveaxis(sign * arrows, -1, 0),
            angles="xy",
            scale_units="xy",
            scale=scale,
            color=colour,
            width=0.008,
            zorder=3,
        )
        for minimum in landscape.minima:
            axes.plot(*minimum, "*", color=BLACK, markersize=13)
        axes.set_title(title)
    return figure


@_styled()
def direction_sweep(landscape: Landscape, point: npt.ArrayLike, count: int = 24) -> Figure:
    """Turn a direction all the way round a point, and draw the slope that is met in each.

    Parameters
    ----------
    landscape : Landscape
        With two variables and a gradient that is not zero at the point.
    point : array_like of float, shape (2,)
    count : int
        In how many directions the slope is measured, by a central difference along the direction.

    Returns
    -------
    matplotlib.figure.Figure
        The contours with four directions; then the slope against the angle, measured (markers) and
        as the gradient predicts it (line), with the same four directions marked.

    Examples
    --------
    >>> from nnlib.landscapes import bowl
    >>> figure = direction_sweep(bowl, [3, 4])
    >>> figure.axes[1].get_xlabel()
    'angle of the direction, in degrees'
    """
    point = as_float_array("point", point, ndim=1)
    gradient = landscape.gradient(point)
    uphill = float(np.degrees(np.arctan2(gradient[1], gradient[0])))
    figure, (plan, axes) = _figure(7.4, 3.9, 2)
    _draw_contours(plan, landscape, through=point)
    reach = 0.24 * float(np.ptp(landscape.window[:2]))

    def slope_towards(angle: float) -> float:
        u = _at(angle)
        return float(central_difference(lambda t: landscape.value(point + t * u), 0.0))

    angles = np.linspace(-180, 180, count + 1)
    measured = [slope_towards(angle) for angle in angles]
    smooth = np.linspace(-180, 180, 361)
    slopes = [directional_derivative(landscape.gradient, point, _at(a)) for a in smooth]
    axes.plot(smooth, slopes, "-", color=BLACK, linewidth=1.6, label=r"$\nabla f\cdot\mathbf{u}$")
    axes.plot(angles, measured, "x", color=GREY, markersize=6, label="measured")
    axes.axhline(0, color=GREY, linewidth=0.8)
    for turn, name, series in (
        (0, r"$\nabla f$", SERIES[1]),
        (180, r"$-\nabla f$", SERIES[0]),
        (90, "along the contour", SERIES[2]),
        (-90, "", SERIES[2]),
    ):
        angle = (uphill + turn + 180) % 360 - 180
        u = _at(angle)
        _draw_arrow(plan, point, reach * u, series)
        tip = point + 1.12 * reach * u
        plan.plot(*tip, series.marker, color=series.colour, markersize=8, zorder=5)
        slope = directional_derivative(landscape.gradient, point, u)
        axes.plot(
            angle,
            slope,
            series.marker,
            color=series.colour,
            markersize=10,
            zorder=4,
            label=name or "_again",
        )
    plan.plot(*point, "o", color=BLACK, markersize=8, zorder=5)
    top = float(np.linalg.norm(gradient))
    axes.set(
        xlabel="angle of the direction, in degrees",
        ylabel="slope met in that direction",
        ylim=(-1.15 * top, 1.9 * top),
    )
    axes.set_xticks(np.arange(-180, 181, 90))
    axes.legend(loc="upper center", ncols=2, columnspacing=1.0, handletextpad=0.4)
    return figure


@_styled()
def ways_down(panels: Mapping[str, tuple[Landscape, npt.ArrayLike]]) -> Figure:
    """Compare the steepest way down with the straight way to the minimum.

    Parameters
    ----------
    panels : mapping from a title to a landscape and a point, shape (2,)
        Each landscape has two variables and a minimum; its axes get the same scale, so that angles
        are seen as they are.

    Returns
    -------
    matplotlib.figure.Figure
        The angle between the two arrows is in each title.

    Examples
    --------
    >>> from nnlib.landscapes import valley
    >>> figure = ways_down({"narrow": (valley(100), [1, 1])})
    >>> figure.axes[0].get_title()
    'narrow: 44.4°'
    """
    figure, all_axes = _figure(7.4, 3.5, len(panels))
    for axes, (title, (landscape, where)) in zip(all_axes, panels.items(), strict=True):
        point = as_float_array("point", where, ndim=1)
        way = np.array(landscape.minima[0]) - point
        downhill = -landscape.gradient(point)
        _draw_contours(axes, landscape, through=point)
        reach = 0.32 * float(min(np.ptp(landscape.window[:2]), np.ptp(landscape.window[2:])))
        downhill *= reach / np.linalg.norm(downhill)
        for arrow, label, series in (
            (way, "to the minimum", SERIES[1]),
            (downhill, r"$-\nabla f$", SERIES[0]),
        ):
            _draw_arrow(axes, point, arrow, series)
            axes.plot([], [], color=series.colour, linestyle=series.dashes, label=label)
        axes.plot(*point, "o", color=BLACK, markersize=7, zorder=5)
        axes.plot(*landscape.minima[0], "*", color=BLACK, markersize=13)
        axes.set_title(f"{title}: {angle_between(downhill, way):.1f}°")
    handles, labels = all_axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2)
    return figure


@_styled()
def outer_product(
    rows: npt.ArrayLike, columns: npt.ArrayLike, row_name: str = "x", column_name: str = "y - t"
) -> Figure:
    """Draw the table of all products of two vectors as squares, with the vectors at its edges.

    Parameters
    ----------
    rows, columns : array_like of float, shapes (m,) and (k,)
        An entry's area shows its size. It is filled if positive, and an empty frame if negative.
    row_name, column_name : str
        TeX, for the axes.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = outer_product([0.6, 0.9], [0.4, 0.2, -0.6])
    >>> [text.get_text() for text in figure.axes[0].texts][:3]
    ['0.240', '0.120', '−0.360']
    """
    a = as_float_array("rows", rows, ndim=1)
    b = as_float_array("columns", columns, ndim=1)
    figure, (axes,) = _figure(1.6 + 1.7 * len(b), 1.3 + 0.95 * len(a))
    table = np.outer(a, b)
    largest = max(float(np.abs(table).max()), float(np.abs(a).max()), float(np.abs(b).max()))

    def square(j: float, i: float, value: float, *, edge: bool) -> None:
        side = 0.8 * np.sqrt(abs(value) / largest)
        colour = GREY if edge else BLUE if value > 0 else VERMILION
        axes.add_patch(
            Rectangle(
                (j - side / 2, i - side / 2),
                side,
                side,
                facecolor=colour if value > 0 else "none",
                edgecolor=colour,
                linewidth=2.0,
                linestyle="-" if value > 0 else "--",
            )
        )
        axes.annotate(
            f"{value:.3f}".replace("-", "−"),
            (j + 0.46, i),
            va="center",
            ha="left",
            fontsize=10,
        )

    for i, row in enumerate(table):
        for j, value in enumerate(row):
            square(1.6 * j, i, value, edge=False)
    for i, value in enumerate(a):
        square(-1.7, i, value, edge=True)
    for j, value in enumerate(b):
        square(1.6 * j, -1.25, value, edge=True)
    axes.axvline(-0.6, color=BLACK, linewidth=1)
    axes.axhline(-0.62, color=BLACK, linewidth=1)
    axes.grid(visible=False)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.set(xlim=(-2.2, 1.6 * len(b) - 0.6), ylim=(len(a) - 0.45, -1.8), aspect="equal", xticks=[])
    axes.set_yticks(
        [-1.25, *range(len(a))], [f"${column_name}$"] + [f"${row_name}_{i}$" for i in range(len(a))]
    )
    axes.tick_params(length=0, labelsize=12)
    axes.set_xlabel("filled: positive; dashed frame: negative; area: size")
    return figure


@_styled()
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
    figure, all_axes = _figure(7.2, 3.7, len(panels))
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


@_styled()
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
    figure, panels = _panels(len(rates), columns, 2.6)
    low, high = curve.window
    for axes, (title, rate) in zip(panels, rates.items(), strict=True):
        _draw_curve(axes, curve)
        path = gradient_descent(curve.derivative, x0, rate, steps)
        inside = (path >= low) & (path <= high)
        path = path[: len(path) if inside.all() else int(np.argmin(inside))]
        axes.plot(
            path, curve.value(path), "o-", color=VERMILION, linewidth=1.2, markersize=5, zorder=3
        )
        axes.plot(x0, curve.value(x0), "s", color=BLACK, markersize=8, zorder=4)
        axes.set_title(title)
    return figure


@_styled()
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
    figure, all_axes = _panels(len(panels), columns, height)
    for axes, (title, points) in zip(all_axes, panels.items(), strict=True):
        path = as_float_array("path", points, ndim=2)
        _draw_contours(axes, landscape, through=path[0])
        for minimum in landscape.minima:
            axes.plot(*minimum, "*", color=BLACK, markersize=13)
        width, size = (1.2, 3.5) if len(path) <= 100 else (0.6, 1.5)
        axes.plot(*path.T, "o-", color=VERMILION, linewidth=width, markersize=size, zorder=3)
        axes.plot(*path[0], "s", color=BLACK, markersize=7, zorder=5)
        if len(path) > 1 and np.any(path[1] != path[0]):
            _draw_arrow(axes, path[0], path[1] - path[0], SERIES[0]._replace(colour=VERMILION))
        axes.set_title(title)
    return figure


@_styled()
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
    figure, (axes,) = _figure(7.0, 4.2)
    _draw_curve(axes, curve)
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


@_styled()
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
    legend: Literal["lower left", "lower right"] = "lower left",
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
    legend : "lower left" or "lower right"
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
    figure, (axes,) = _figure(7.0, 4.0)
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


@_styled()
def network_pass(numbers: Mapping[str, float], direction: str) -> Figure:
    r"""Draw the 3-2-1 network with the numbers of one pass, there or back.

    Parameters
    ----------
    numbers : mapping from a name of `nnlib.by_hand` to a number
        What `hand_given` and `hand_pass` give, together.
    direction : str
        "forward": weights on the lines; what goes into each unit, and what comes out of it.
        "backward": gradients by the weights on the lines, and the delta of each unit.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from nnlib.by_hand import hand_given, hand_pass
    >>> given = [[-0.2, 0.3, -0.4], [0.1, -0.3, -0.4]], [0.2, 0.3], [-1, -1, 1], 1, 0.5
    >>> figure = network_pass(hand_given(*given) | hand_pass(*given), "forward")
    >>> [text.get_text() for text in figure.axes[0].texts if "v_1" in text.get_text()]
    ['$v_1 = −0.5000$\n$h_1 = −0.4621$']
    """
    if direction not in ("forward", "backward"):
        raise ValueError(f'`direction` must be "forward" or "backward", but it is {direction!r}.')
    forward = direction == "forward"
    series = SERIES[0] if forward else SERIES[1]
    figure, (axes,) = _figure(7.4, 4.1)
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


@_styled()
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
    figure, (axes,) = _figure(7.4, 4.0)
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


@_styled()
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
    figure, (cube, axes) = _figure(7.4, 3.9, 2)
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


@_styled()
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
    figure, (axes, ends) = _figure(7.4, 3.9, 2)
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


def _figure(
    width: float, height: float, columns: int = 1, *, shared: bool = False
) -> tuple[Figure, list[Axes]]:
    figure, axes = plt.subplots(
        1, columns, figsize=(width, height), squeeze=False, sharex=shared, sharey=shared
    )
    return figure, list(axes[0])


def _panels(count: int, columns: int, height: float) -> tuple[Figure, list[Axes]]:
    """Return a figure with so many panels, in rows of `columns`."""
    rows = -(-count // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(7.2, rows * height), squeeze=False)
    for spare in axes.flat[count:]:
        spare.remove()
    return figure, list(axes.flat[:count])


def _draw_curve(axes: Axes, curve: Curve) -> Array:
    """Draw the curve over its window, and return where."""
    x = np.linspace(*curve.window, 401)
    y = curve.value(x)
    axes.plot(x, y, color=BLUE, linewidth=2.6, label=f"$f(x)={curve.formula}$")
    margin = 0.12 * float(np.ptp(y))
    axes.set(ylim=(float(y.min()) - margin, float(y.max()) + margin), xlabel="$x$", ylabel="$f(x)$")
    return x


def _draw_contours(
    axes: Axes, landscape: Landscape, *, through: Array | None = None, label: bool = False
) -> None:
    """Draw the contours over the window, in equal scales; one of them through the given point."""
    window = landscape.window
    spans = [np.linspace(*window[:2], 201), np.linspace(*window[2:], 201)]
    heights = landscape.value(np.stack(np.meshgrid(*spans), axis=-1))
    levels: Any = 8
    if through is not None:
        here = float(landscape.value(through))
        gaps = np.linspace(float(heights.min()), here, 5)
        levels = np.unique([*gaps[1:], *(here + (gaps[1] - gaps[0]) * np.arange(1, 4))])
    contours = axes.contour(*spans, heights, levels=levels, colors=GREY, linewidths=0.9)
    if label:
        axes.clabel(contours, fontsize=8)
    axes.grid(visible=False)
    axes.set(xlabel="$x_0$", ylabel="$x_1$", aspect="equal", xlim=window[:2], ylim=window[2:])


def _draw_arrow(axes: Axes, start: Array, arrow: Array, series: Series) -> None:
    """Draw an arrow as long as `arrow`, in the look of its series."""
    axes.plot(
        *np.transpose([start, start + 0.9 * arrow]),
        color=series.colour,
        linestyle=series.dashes,
        linewidth=2.4,
        zorder=3,
    )
    axes.annotate(
        "",
        tuple(start + arrow),
        tuple(start + 0.8 * arrow),
        arrowprops={
            "arrowstyle": "-|>",
            "color": series.colour,
            "mutation_scale": 18,
            "linewidth": 0,
            "shrinkA": 0,
            "shrinkB": 0,
        },
        zorder=4,
    )


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


def _at(degrees: float) -> Array:
    """Return the unit vector at an angle."""
    return np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])


def _draw_line(
    axes: Axes,
    x: Array,
    point: tuple[float, float],
    slope: float,
    label: str,
    colour: str,
    dashes: Any,
) -> None:
    """Draw the straight line of this slope through the point, as far as `x` reaches."""
    y = point[1] + slope * (x - point[0])
    axes.plot(x, y, color=colour, linestyle=dashes, linewidth=1.6, label=label)


def _neighbours(x0: float, radius: float) -> tuple[Array, bool]:
    """Every float64 within the radius of x0, or 201 of them if there are more than 200."""
    found = {x0}
    for direction in (-np.inf, np.inf):
        x = float(np.nextafter(x0, direction))
        while abs(x - x0) <= radius and len(found) <= 200:
            found.add(x)
            x = float(np.nextafter(x, direction))
    if len(found) > 200:
        return np.linspace(x0 - radius, x0 + radius, 201), False
    return np.array(sorted(found)), True


def _power(h: float) -> str:
    """The number as TeX: powers of ten as such."""
    mantissa, exponent = f"{h:.3e}".split("e")
    power = f"10^{{{int(exponent)}}}"
    return power if float(mantissa) == 1 else f"{float(mantissa):g}\\cdot {power}"
