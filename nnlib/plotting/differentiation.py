"""Pictures of chapter 1: secants and tangents, errors of difference quotients, slices."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MultipleLocator

from nnlib._validation import Array, as_float_array
from nnlib.landscapes import Curve, Landscape
from nnlib.plotting._drawing import (
    BLACK,
    BLUE,
    GREY,
    SERIES,
    VERMILION,
    draw_curve,
    draw_line,
    new_figure,
    styled,
)


@styled()
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
    figure, (axes,) = new_figure(7.0, 4.4)
    x, y0 = draw_curve(axes, curve), float(curve.value(x0))
    slope = float(curve.derivative(x0))
    draw_line(axes, x, (x0, y0), slope, f"tangent, slope {slope:.4f}", BLACK, "-")
    for h, series in zip(steps, SERIES[1:], strict=False):
        end = float(curve.value(x0 + h))
        slope = (end - y0) / h
        label = f"secant, $h={h:g}$, slope {slope:.4f}"
        draw_line(axes, x, (x0, y0), slope, label, series.colour, series.dashes)
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


@styled()
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
    figure, (axes,) = new_figure(7.0, 4.4)
    x = draw_curve(axes, curve)
    y0, left, right = (float(curve.value(t)) for t in (x0, x0 - h, x0 + h))
    tangent, forward = float(curve.derivative(x0)), (right - y0) / h
    central = (right - left) / (2 * h)
    draw_line(axes, x, (x0, y0), tangent, f"tangent, slope {tangent:.3f}", BLACK, "-")
    for name, slope, series in (("forward", forward, SERIES[1]), ("central", central, SERIES[2])):
        label = f"{name}, slope {slope:.3f}"
        draw_line(axes, x, (x0 + h, right), slope, label, series.colour, series.dashes)
    for t, y, name in ((x0 - h, left, "$x-h$"), (x0, y0, "$x$"), (x0 + h, right, "$x+h$")):
        axes.plot(t, y, "o", color=BLACK, markersize=7)
        offset = (-18, 9) if t < x0 else (8, -14)
        axes.annotate(name, (t, y), offset, textcoords="offset points")
    axes.legend(loc="upper left")
    return figure


@styled()
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
    figure, (axes,) = new_figure(7.0, 4.2)
    x = draw_curve(axes, curve)
    for x0, series in zip(points, SERIES[1:], strict=False):
        y0, slope = float(curve.value(x0)), float(curve.derivative(x0))
        label = f"$x={x0:g}$: tangent $y={slope:.6g}x{y0 - slope * x0:+.6g}$"
        draw_line(axes, x, (x0, y0), slope, label, series.colour, series.dashes)
        axes.plot(x0, y0, series.marker, color=series.colour, markersize=8)
    axes.legend(loc="upper left")
    return figure


@styled()
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
    figure, panel_axes = new_figure(7.2, 4.4, len(panels), shared=True)
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


@styled()
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
    figure, panel_axes = new_figure(7.2, 4.0, len(radii))
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


@styled()
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
    figure, (axes,) = new_figure(7.2, 1.3 + 0.8 * len(steps))
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


@styled()
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
        draw_line(axes, span, (point[i], value), gradient[i], label, BLACK, ":")
        axes.plot(point[i], value, "o", color=BLACK, markersize=8)
        margin = 0.1 * float(np.ptp(y))
        axes.set(ylim=(float(y.min()) - margin, float(y.max()) + 3.5 * margin))
        axes.set(title=f"cut at $x_{other}={point[other]:g}$", xlabel=f"$x_{i}$", ylabel="$f$")
        axes.legend(loc="upper center")
    return figure


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
