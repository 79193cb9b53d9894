"""How every picture looks, and the strokes that several pictures share."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nnlib._validation import Array
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
def styled() -> Iterator[None]:
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


def new_figure(
    width: float, height: float, columns: int = 1, *, shared: bool = False
) -> tuple[Figure, list[Axes]]:
    figure, axes = plt.subplots(
        1, columns, figsize=(width, height), squeeze=False, sharex=shared, sharey=shared
    )
    return figure, list(axes[0])


def panel_grid(count: int, columns: int, height: float) -> tuple[Figure, list[Axes]]:
    """Return a figure with so many panels, in rows of `columns`."""
    rows = -(-count // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(7.2, rows * height), squeeze=False)
    for spare in axes.flat[count:]:
        spare.remove()
    return figure, list(axes.flat[:count])


def draw_curve(axes: Axes, curve: Curve) -> Array:
    """Draw the curve over its window, and return where."""
    x = np.linspace(*curve.window, 401)
    y = curve.value(x)
    axes.plot(x, y, color=BLUE, linewidth=2.6, label=f"$f(x)={curve.formula}$")
    margin = 0.12 * float(np.ptp(y))
    axes.set(ylim=(float(y.min()) - margin, float(y.max()) + margin), xlabel="$x$", ylabel="$f(x)$")
    return x


def draw_contours(
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


def draw_arrow(axes: Axes, start: Array, arrow: Array, series: Series) -> None:
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


def draw_line(
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
