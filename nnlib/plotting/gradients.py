"""Pictures of chapter 2: fields of arrows, directions, ways down."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from nnlib._validation import Array, as_float_array
from nnlib.differentiation import central_difference
from nnlib.gradients import angle_between, directional_derivative
from nnlib.landscapes import Landscape
from nnlib.plotting._drawing import (
    BLACK,
    BLUE,
    GREY,
    SERIES,
    VERMILION,
    draw_arrow,
    draw_contours,
    new_figure,
    styled,
)


@styled()
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
    figure, panels = new_figure(7.2, 4.0, 2)
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
        draw_contours(axes, landscape, label=True)
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


@styled()
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
    figure, (plan, axes) = new_figure(7.4, 3.9, 2)
    draw_contours(plan, landscape, through=point)
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
        draw_arrow(plan, point, reach * u, series)
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


@styled()
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
    figure, all_axes = new_figure(7.4, 3.5, len(panels))
    for axes, (title, (landscape, where)) in zip(all_axes, panels.items(), strict=True):
        point = as_float_array("point", where, ndim=1)
        way = np.array(landscape.minima[0]) - point
        downhill = -landscape.gradient(point)
        draw_contours(axes, landscape, through=point)
        reach = 0.32 * float(min(np.ptp(landscape.window[:2]), np.ptp(landscape.window[2:])))
        downhill *= reach / np.linalg.norm(downhill)
        for arrow, label, series in (
            (way, "to the minimum", SERIES[1]),
            (downhill, r"$-\nabla f$", SERIES[0]),
        ):
            draw_arrow(axes, point, arrow, series)
            axes.plot([], [], color=series.colour, linestyle=series.dashes, label=label)
        axes.plot(*point, "o", color=BLACK, markersize=7, zorder=5)
        axes.plot(*landscape.minima[0], "*", color=BLACK, markersize=13)
        axes.set_title(f"{title}: {angle_between(downhill, way):.1f}°")
    handles, labels = all_axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2)
    return figure


@styled()
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
    figure, (axes,) = new_figure(1.6 + 1.7 * len(b), 1.3 + 0.95 * len(a))
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


def _at(degrees: float) -> Array:
    """Return the unit vector at an angle."""
    return np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
