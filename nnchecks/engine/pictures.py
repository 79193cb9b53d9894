"""Pictures of wrong answers. matplotlib is imported when the first one is drawn, not before."""

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from nnchecks.engine.report import Picture

#: A difference smaller than this part of the picture cannot be seen.
VISIBLE = 0.02

_STUDENT, _RIGHT, _PLAIN = "#D55E00", "#0072B2", "#6B6B6B"


def slopes(
    f: Callable[[float], float], x: float, points: tuple[float, float], right: float, student: Any
) -> Picture | None:
    """Draw the right secant through two points, and a line with the student's slope.

    Parameters
    ----------
    f : callable
        The function of one number.
    x : float
        Where the slope was wanted.
    points : tuple of float
        The two places through which the secant goes.
    right, student : float
        The slopes.

    Returns
    -------
    Picture, or None if the two slopes look the same or are no numbers

    Examples
    --------
    >>> print(slopes(lambda x: x**2, 1.0, (1.0, 1.5), 2.5, 1.5).caption)
    Through the same point: the secant wanted (solid) and your slope (dashed), for h = 0.5.
    """
    left, end = points
    run = end - left
    student = _one_number(student)
    if student is None or run < 1e-2:
        return None
    ts = np.linspace(min(left, x) - run, end + run, 121)
    values = np.array([float(f(t)) for t in ts])
    low, high = float(values.min()), float(values.max())
    height = max(high - low, 1e-12)
    if abs(student - right) * run < VISIBLE * height:
        return None
    with _figure((5.4, 3.6)) as (figure, axes, svg):
        axes.plot(ts, values, color=_PLAIN, label="f")
        start = float(f(left))
        axes.plot(ts, start + right * (ts - left), color=_RIGHT, ls="-", label="the secant wanted")
        axes.plot(ts, start + student * (ts - left), color=_STUDENT, ls="--", label="your slope")
        axes.plot(points, [float(f(t)) for t in points], "o", color=_RIGHT)
        axes.axvline(x, color=_PLAIN, lw=0.8, ls=":")
        axes.set(xlabel="x", ylabel="f(x)", ylim=(low - height / 2, high + height / 2))
        axes.legend()
        drawing = svg(figure)
    return Picture(
        drawing,
        f"The curve of f near x = {x:g}, with the secant wanted, of slope {right:.4g}. A line with "
        f"your slope, {student:.4g}, starts from the same point and leaves the secant "
        f"{'above' if student > right else 'below'} it on the right.",
        "Through the same point: the secant wanted (solid) and your slope (dashed), for "
        f"h = {run if left == x else run / 2:g}.",
    )


def fields(
    f: Callable[[Any], float],
    right: Callable[[Any], Any],
    student: Callable[[Any], Any],
    formula: str,
) -> Picture | None:
    """Draw the true gradients of a function of two numbers, and the student's.

    Parameters
    ----------
    f : callable
        Takes an array of two numbers; its contours are drawn.
    right, student : callable
        From a point to the gradient there.
    formula : str
        What f is, for the caption.

    Returns
    -------
    Picture, or None if the fields look the same or the student's is none

    Examples
    --------
    >>> def bowl(x):
    ...     return x[0] ** 2 + x[1] ** 2
    >>> fields(bowl, lambda x: 2 * x, lambda x: 2 * x, "x₀² + x₁²") is None
    True
    """
    points = np.array([(a, b) for a in np.linspace(-2, 2, 5) for b in np.linspace(-2, 2, 5)])
    true = np.array([right(point) for point in points])
    theirs = np.array([student(point) for point in points], dtype=np.float64)
    if theirs.shape != true.shape or not np.isfinite(theirs).all():
        return None
    longest = float(np.abs(true).max())
    if float(np.abs(theirs - true).max()) < VISIBLE * longest:
        return None
    with _figure((4.6, 4.9)) as (figure, axes, svg):
        grid = np.linspace(-2.6, 2.6, 61)
        heights = [[f(np.array([a, b])) for a in grid] for b in grid]
        axes.contour(grid, grid, heights, levels=8, colors=_PLAIN, linewidths=0.5)
        # Both fields to one scale; a field far too long is cut, so that the true one is seen.
        size = np.maximum(np.linalg.norm(theirs, axis=1, keepdims=True) / (3 * longest), 1)
        for arrows, colour, width, label in (
            (true, _RIGHT, 0.011, "true gradient"),
            (theirs / size, _STUDENT, 0.004, "yours"),
        ):
            axes.quiver(
                *points.T, *arrows.T, color=colour, width=width, label=label, zorder=3,
                angles="xy", scale_units="xy", scale=longest / 0.9,
            )  # fmt: skip
        axes.set(xlabel="x₀", ylabel="x₁", aspect="equal", xlim=(-3.2, 3.2), ylim=(-3.2, 3.2))
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
        drawing = svg(figure)
    return Picture(
        drawing,
        f"Arrows at 25 points over the contours of f(x) = {formula}: thick ones for the true "
        f"gradient, thin ones for yours. {_comparison(true, theirs)}",
        f"The true gradient (thick) and yours (thin) for f(x) = {formula}, with h = 1.",
    )


def _comparison(true: np.ndarray, theirs: np.ndarray) -> str:
    """Say in words how the student's arrows lie to the true ones."""
    lengths = np.linalg.norm(true, axis=1)
    seen = lengths > 1e-9
    own = np.linalg.norm(theirs, axis=1)
    if not own[seen].any():
        return "Yours all have length 0."
    cosine = np.sum(true * theirs, axis=1)[seen] / np.maximum(lengths * own, 1e-300)[seen]
    way = "go other ways"
    if cosine.min() > 0.999:
        way = "point the same way"
    elif cosine.max() < -0.999:
        way = "point the opposite way"
    ratio = own[seen] / lengths[seen]
    if ratio.max() - ratio.min() < 1e-3:
        long = "as long" if abs(ratio.mean() - 1) < 1e-3 else f"{ratio.mean():.3g} times as long"
        return f"Yours {way} and are {long}."
    return f"Yours {way} and are between {ratio.min():.3g} and {ratio.max():.3g} times as long."


def steps(
    steps: Sequence[float] | np.ndarray,
    errors: Sequence[float] | np.ndarray,
    best: float,
    student: Any,
) -> Picture | None:
    """Draw the error over the step, the best step, and the one that the student chose.

    Parameters
    ----------
    steps, errors : sequence of float
        Steps, and the absolute error at each.
    best, student : float
        The step wanted, and the student's.

    Returns
    -------
    Picture, or None if the student's step is not a positive number

    Examples
    --------
    >>> print(steps([0.1, 1e-5, 1e-12], [1e-3, 1e-11, 1e-5], 1e-5, 1e-12).caption)
    Error of the central difference. Your step, 1e-12, has the error 1e-05.
    """
    student = _one_number(student)
    if student is None or not student > 0:
        return None
    order = np.argsort(steps)
    hs, es = np.asarray(steps)[order], np.maximum(np.asarray(errors)[order], 1e-17)
    least = float(es[np.argmin(np.abs(hs - best))])
    with _figure((5.4, 3.6)) as (figure, axes, svg):
        axes.loglog(hs, es, "o-", color=_PLAIN, label="error of the central difference")
        axes.loglog([best], [least], "s", ms=11, mfc="none", mew=2, color=_RIGHT, label="best step")
        axes.axvline(student, color=_STUDENT, ls="--", label="your answer")
        axes.set(xlabel="step h", ylabel="absolute error")
        axes.legend()
        drawing = svg(figure)
    at = np.flatnonzero(np.isclose(hs, student, rtol=1e-9, atol=0))
    there = (
        f"Your step, {student:g}, has the error {es[at[0]]:.2g}."
        if at.size
        else f"Your answer, {student:g}, is none of the steps."
    )
    return Picture(
        drawing,
        f"The absolute error over the step falls to {least:.2g} at h = {best:g}, the best, and is "
        f"larger on both sides of it. {there}",
        f"Error of the central difference. {there}",
    )


def curves(
    xs: Sequence[float] | np.ndarray,
    right: Callable[[float], float],
    student: Callable[[float], Any],
    names: tuple[str, str],
) -> Picture | None:
    """Draw what a function should return over a range, and what the student's returns.

    Parameters
    ----------
    xs : sequence of float
    right, student : callable
        From a number of `xs` to the value wanted, and to the student's.
    names : tuple of str
        What the level and the upright axis show.

    Returns
    -------
    Picture, or None if the curves look the same or the student's has no number

    Examples
    --------
    >>> print(curves([0.0, 1.0, 2.0], lambda x: x, lambda x: 2 * x, ("x", "y")).caption)
    y over x: wanted (solid) and yours (dashed).
    """
    wanted = np.array([right(float(x)) for x in xs], dtype=np.float64)
    found = [_one_number(student(float(x))) for x in xs]
    theirs = np.array([np.nan if one is None else one for one in found])
    seen = np.isfinite(theirs)
    height = max(float(np.ptp(wanted)), 1e-12)
    if not seen.any() or float(np.abs(theirs - wanted)[seen].max()) < VISIBLE * height:
        return None
    low, high = float(wanted.min()), float(wanted.max())
    with _figure((5.4, 3.6)) as (figure, axes, svg):
        axes.plot(xs, wanted, color=_RIGHT, ls="-", label="wanted")
        axes.plot(xs, theirs, color=_STUDENT, ls="--", label="yours")
        # A curve far outside is cut off, so that the right one is seen.
        bottom = max(low - height, min(low, float(theirs[seen].min())))
        top = min(high + height, max(high, float(theirs[seen].max())))
        axes.set(ylim=(bottom - 0.1 * height, top + 0.1 * height))
        axes.set(xlabel=names[0], ylabel=names[1])
        axes.legend()
        drawing = svg(figure)
    worst = int(np.argmax(np.where(seen, np.abs(theirs - wanted), -1)))
    missing = int(np.sum(~seen))
    gaps = f" At {missing} of {len(wanted)} places yours gives no number." if missing else ""
    return Picture(
        drawing,
        f"{names[1]} over {names[0]}. The curve wanted lies between {low:.3g} and {high:.3g}; they "
        f"are farthest apart at {xs[worst]:.3g}, where {wanted[worst]:.3g} is wanted and yours is "
        f"{theirs[worst]:.3g}.{gaps}",
        f"{names[1]} over {names[0]}: wanted (solid) and yours (dashed).",
    )


def bars(right: Any, student: Any, names: Sequence[str], what: str) -> Picture | None:
    """Draw the entries of an array as bars, the student's beside those wanted.

    Parameters
    ----------
    right, student : array_like
        Of any shape, which must be the same.
    names : sequence of str
        One for each entry.
    what : str
        What the entries are.

    Returns
    -------
    Picture, or None if they look the same, or the student's are no numbers of that shape

    Examples
    --------
    >>> print(bars([0.5, 0.5], [0.4, 0.5], ["y₀", "y₁"], "Probabilities").alt)
    Probabilities, wanted and yours. y₀: 0.5, yours 0.4. y₁: 0.5, yours 0.5.
    """
    wanted, theirs = np.asarray(right, dtype=np.float64), np.asarray(student)
    if theirs.dtype.kind not in "buif" or theirs.shape != wanted.shape:
        return None
    wanted, theirs = wanted.ravel(), theirs.ravel().astype(np.float64)
    highest = max(float(np.abs(wanted).max()), 1e-12)
    if not np.isfinite(theirs).all() or np.abs(theirs - wanted).max() < VISIBLE * highest:
        return None
    places = np.arange(len(wanted))
    with _figure((5.4, 3.2)) as (figure, axes, svg):
        axes.bar(places - 0.2, wanted, 0.38, color=_RIGHT, label="wanted")
        axes.bar(
            places + 0.2,
            np.clip(theirs, -3 * highest, 3 * highest),
            0.38,
            facecolor="white",
            edgecolor=_STUDENT,
            hatch="///",
            label="yours",
        )
        axes.axhline(0, color=_PLAIN, lw=0.8)
        axes.set_xticks(places, names)
        axes.set_ylabel(what)
        axes.legend()
        drawing = svg(figure)
    listed = " ".join(
        f"{name}: {a:.3g}, yours {b:.3g}." for name, a, b in zip(names, wanted, theirs, strict=True)
    )
    return Picture(
        drawing,
        f"{what}, wanted and yours. {listed}",
        f"{what}: wanted (filled) and yours (hatched).",
    )


def paths(
    f: Callable[[Any], Any], right: Any, student: Any, minimum: Any, names: tuple[str, str]
) -> Picture | None:
    """Draw the path that was wanted and the student's on the contours of a function.

    Parameters
    ----------
    f : callable
        From points of shape (..., 2) to values.
    right, student : array_like, shape (points, 2)
        The numbers of points may differ.
    minimum : array_like, shape (2,)
    names : tuple of str
        What the two coordinates are called.

    Returns
    -------
    Picture, or None if they look the same, or the student's is no path in the plane

    Examples
    --------
    >>> def bowl(x):
    ...     return (x**2).sum(axis=-1)
    >>> right = [[4, 0], [2, 0], [1, 0]]
    >>> print(paths(bowl, right, [[4, 0], [6, 0], [9, 0]], [0, 0], ("x₀", "x₁")).caption)
    The path wanted (solid, rings) and yours (dashed, crosses), on contours; ★ is the minimum.
    """
    wanted, theirs = np.asarray(right, dtype=np.float64), np.asarray(student)
    if theirs.dtype.kind not in "buif" or theirs.ndim != 2 or theirs.shape[1] != 2:
        return None
    theirs = theirs.astype(np.float64)
    middle = np.asarray(minimum, dtype=np.float64)
    reach = 1.3 * max(float(np.abs(wanted - middle).max()), 1e-12)
    same = theirs.shape == wanted.shape and np.abs(theirs - wanted).max() < VISIBLE * reach
    if not len(theirs) or not np.isfinite(theirs).all() or same:
        return None
    # A path that runs away is drawn as far as the picture's edge.
    shown = np.clip(theirs, middle - 3 * reach, middle + 3 * reach)
    with _figure((4.6, 4.9)) as (figure, axes, svg):
        spans = [np.linspace(m - reach, m + reach, 61) for m in middle]
        heights = f(np.stack(np.meshgrid(*spans), axis=-1))
        axes.contour(*spans, heights, levels=10, colors=_PLAIN, linewidths=0.5)
        axes.plot(*wanted.T, "o-", color=_RIGHT, mfc="white", ms=9, label="wanted")
        axes.plot(*shown.T, "x--", color=_STUDENT, ms=7, label="yours")
        axes.plot(*middle, "*", color="black", ms=12)
        axes.set(
            xlabel=names[0],
            ylabel=names[1],
            aspect="equal",
            xlim=(middle[0] - reach, middle[0] + reach),
            ylim=(middle[1] - reach, middle[1] + reach),
        )
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
        drawing = svg(figure)

    def told(path: np.ndarray) -> str:
        a, b = ("(" + ", ".join(f"{x:.3g}" for x in point) + ")" for point in path[[0, -1]])
        return f"has {len(path)} points, from {a} to {b}"

    return Picture(
        drawing,
        f"Two paths on contours. The one wanted {told(wanted)}; yours {told(theirs)}. The minimum "
        f"lies at ({middle[0]:.3g}, {middle[1]:.3g}).",
        "The path wanted (solid, rings) and yours (dashed, crosses), on contours; ★ is the "
        "minimum.",
    )


def answers(X: Any, right: Any, student: Any, title: str) -> Picture | None:
    """Draw samples by the class that the student's program names, and cross out the wrong ones.

    Parameters
    ----------
    X : array_like, shape (n, 2)
    right, student : array_like of int, shape (n,)
    title : str
        Which samples these are, for the caption.

    Returns
    -------
    Picture, or None if all are right, or the student's are not one class for each

    Examples
    --------
    >>> print(answers([[0, 0], [1, 1], [2, 1]], [0, 1, 1], [0, 0, 0], "Three").alt)
    Three. 1 of 3 is named rightly. Class 0: 1 sample, all right. Class 1: 2, 0 right.
    """
    samples, wanted, theirs = np.asarray(X), np.asarray(right), np.asarray(student)
    if theirs.shape != wanted.shape or theirs.dtype.kind not in "bui" or (theirs == wanted).all():
        return None
    wrong = theirs != wanted
    with _figure((5.0, 4.4)) as (figure, axes, svg):
        looks = (("o", _RIGHT), ("^", _STUDENT), ("s", _PLAIN))
        for k, label in enumerate(np.unique([*wanted, *theirs])):
            mark, colour = looks[k % 3]
            some = samples[theirs == label]
            axes.plot(*some.T, mark, color=colour, ms=5, label=f"you say {label}")
        axes.plot(*samples[wrong].T, "x", color="black", ms=9, ls="none", label="wrong")
        axes.set(xlabel="x₀", ylabel="x₁")
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=4)
        drawing = svg(figure)
    told = []
    for label in np.unique(wanted):
        hit, size = int((theirs == label)[wanted == label].sum()), int((wanted == label).sum())
        told.append(
            f"Class {label}: {size}{' sample' if size == 1 else ''}, "
            + ("all right." if hit == size else f"{hit} right.")
        )
    good = int((~wrong).sum())
    return Picture(
        drawing,
        f"{title}. {good} of {len(wanted)} {'is' if good == 1 else 'are'} named rightly. "
        + " ".join(told),
        f"{title}, by the class that you name; crossed out is what is wrong.",
    )


def _one_number(value: Any) -> float | None:
    """Return a finite float, or None if the value is anything else."""
    number = np.asarray(value)
    if number.ndim or number.dtype.kind not in "buif" or not np.isfinite(number):
        return None
    return float(number)


@contextmanager
def _figure(size: tuple[float, float]) -> Iterator[Any]:
    """Give a figure, its axes and what turns it into SVG, in the book's style.

    The figure belongs to no backend, so the notebook does not show it a second time.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    style: dict[Any, Any] = {
        "figure.facecolor": "white",
        "figure.constrained_layout.use": True,
        "axes.facecolor": "white",
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": "#DDDDDD",
        "font.size": 10,
        "legend.fontsize": 9,
        "lines.linewidth": 2.0,
        "svg.hashsalt": "checks",  # the same picture is the same text
    }

    def svg(figure: Figure) -> str:
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None})
        return buffer.getvalue()

    with mpl.rc_context(style):
        figure = Figure(figsize=size)
        yield figure, figure.add_subplot(), svg
