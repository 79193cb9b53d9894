"""The pictures show what they say they show."""

from collections.abc import Callable, Iterator
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.contour import QuadContourSet
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.quiver import Quiver

mpl.use("Agg")
import matplotlib.pyplot as plt

from nnlib import plotting
from nnlib.activations import tanh
from nnlib.backprop_by_hand import hand_given, hand_pass, parity_bound
from nnlib.computational_graph import Value
from nnlib.datasets import eight_samples, xor_points
from nnlib.landscapes import (
    bowl,
    exponential,
    parabola,
    sine,
    square,
    stretched_bowl,
    two_minima,
    valley,
)
from nnlib.network import Network, forward
from nnlib.plotting._drawing import SERIES, styled
from nnlib.plotting.differentiation import _power
from nnlib.reliability import share_interval

GIVEN: Any = ([[-0.2, 0.3, -0.4], [0.1, -0.3, -0.4]], [0.2, 0.3], [-1, -1, 1], 1, 0.5)
WORKED = hand_given(*GIVEN) | hand_pass(*GIVEN)
#: The slopes of fact F1.91: the first weight of S1's network.
TWO_PATHS = {
    ("w11", "z1"): 0.235003712201594,
    ("z1", "m1"): 0.12497856274219,
    ("z1", "m2"): 0.148836658069,
    ("m1", "a"): 0.9,
    ("m2", "a"): -1.0,
}
EIGHT = eight_samples()
FOUR = xor_points()
#: Two hidden units that say "not both low" and "not both high".
FOLDING = Network(([[6, -6], [6, -6]], [[-6, 6], [-6, 6]]), ([6, 6], [9, -9]), "logistic")


def small_graph() -> dict[str, Value]:
    """The first graph of chapter 8: two of its values are used twice."""
    values = {"a": Value(2.0), "b": Value(-3.0)}
    values["c"] = values["a"] * values["b"]
    values["d"] = values["c"] + values["a"]
    values["y"] = values["c"] * values["d"]
    values["y"].backward()
    return values


GRAPH = small_graph()
GRAPH_PLACES = {
    "a": (0.0, 1.0),
    "b": (0.0, -1.0),
    "c": (1.0, 0.0),
    "d": (2.0, 1.0),
    "y": (3.0, 0.0),
}
#: Sizes with lower quartile, median and upper quartile.
RACED = {
    "left": {
        "ours": [[10, 1, 2, 3], [100, 4, 5, 6]],
        "theirs": [[10, 7, 8, 9]],
        "least": [[10, 1, 1, 1], [100, 2, 2, 2]],
    },
    "right": {"ours": [[10, 1, 2, 3], [100, 4, 5, 6]]},
}
PICTURES: dict[str, Callable[[], Figure]] = {
    "raced_curves": lambda: plotting.raced_curves(RACED, "n", "ms", guides=["least"]),
    "measured_rows": lambda: plotting.measured_rows(
        {"make": {"measured": 2.0, "bound": 3.0}, "check": {"measured": 5.0}}, "seconds"
    ),
    "tangent_and_secants": lambda: plotting.tangent_and_secants(parabola, 5, [12, 6, 2]),
    "forward_and_central": lambda: plotting.forward_and_central(exponential, 0, 1.2),
    "tangent_lines": lambda: plotting.tangent_lines(parabola, [5, 10]),
    "error_curves": lambda: plotting.error_curves(
        [0.1, 0.01],
        {"left": {"a": [1.0, 0.1], "b": [0.5, 0.0]}, "right": {"a": [0.3, 0.2]}},
        guides={"right": {"guess": [0.3, 0.1]}},
        marks={"left": {"best": 0.05}},
    ),
    "rounded_values": lambda: plotting.rounded_values(exponential, 1.0, [0.1, 1e-15], h=2e-16),
    "number_line": lambda: plotting.number_line(3, [0.0005, 0.0012]),
    "partial_slices": lambda: plotting.partial_slices(bowl, [3, 4]),
    "gradient_fields": lambda: plotting.gradient_fields(bowl),
    "direction_sweep": lambda: plotting.direction_sweep(stretched_bowl, [-7, 2]),
    "ways_down": lambda: plotting.ways_down(
        {"bowl": (bowl, [-3, 4]), "valley": (valley(100), [1, 1])}
    ),
    "outer_product": lambda: plotting.outer_product([0.6, 0.9], [0.4, 0.2, -0.6]),
    "compared_curves": lambda: plotting.compared_curves(
        [0, 1], {"loss": {"a": [1, 2], "b": [2, 1]}, "slope": {"a": [1, 1], "b": [-1, -1]}}, "time"
    ),
    "descent_on_curve": lambda: plotting.descent_on_curve(square, 2.5, {"small": 0.1, "not": 1.1}),
    "descent_paths": lambda: plotting.descent_paths(
        bowl, {"one": [[3, 4], [1, 1], [0, 0]], "none": [[-3, 4]], "long": [[3, 4]] * 200}
    ),
    "basins": lambda: plotting.basins(two_minima, [-1.5, 0.1, 0.2], 0.01, 1000),
    "marked_curves": lambda: plotting.marked_curves(
        [1, 2, 4],
        {"a": [1, 2, np.inf], "b": [3, 1, 1]},
        "rate",
        "loss",
        marks={"limit": 2, "best": 1.5},
        logarithmic="xy",
        ceiling=100,
    ),
    "marked_curves with guides": lambda: plotting.marked_curves(
        [1, 2], {"a": [1, 2]}, "x", "y", guides={"law": [1, 2], "other law": [2, 1]}
    ),
    "network_pass": lambda: plotting.network_pass(WORKED, "backward"),
    "path_sum": lambda: plotting.path_sum(TWO_PATHS),
    "opposite_pairs": lambda: plotting.opposite_pairs(EIGHT.X, EIGHT.T.ravel()),
    "training_and_floor": lambda: plotting.training_and_floor(
        [0, 1, 10],
        {"a": ([5, 4, 3], [0.5, -0.5]), "b": ([5, 2, 1], [0.9, -0.9])},
        [1, -1],
        2,
    ),
    "computational_graph": lambda: plotting.computational_graph(GRAPH, GRAPH_PLACES, "gradients"),
    "graph_overview": lambda: plotting.graph_overview(GRAPH["y"], GRAPH["b"], {"b": GRAPH["b"]}),
    "walks_on_curve": lambda: plotting.walks_on_curve(
        square, {"in": {"a": [2.0, 1.0], "b": [2.0, -1.0]}, "out": {"a": [2.0, 2.5, 3.5, 1.0]}}
    ),
    "raced_paths": lambda: plotting.raced_paths(
        stretched_bowl, {"race": {"a": [[-7, 2], [0, 0]], "b": [[-7, 2], [-6, -1], [1, 1]]}}
    ),
    "stability_map": lambda: plotting.stability_map(
        [0.5, 1.5, 2.5],
        [0.0, 0.9],
        {name: ([[0.5, 0.5, 1.5], [0.9, 0.9, 1.2]], [2.0, 2.4]) for name in ("one", "other")},
    ),
    "median_curves": lambda: plotting.median_curves(
        [1, 10],
        {
            task: {name: [[0, 3], [4, 1], [6, 3], [8, np.nan], [9, np.inf]] for name in "abcdef"}
            for task in ("one", "two", "three")
        },
        "rate",
        "loss",
        logarithmic="xy",
        floor=2,
        ceiling=100,
    ),
    "line_sweep": lambda: plotting.line_sweep(
        FOUR.X, FOUR.labels, [(45, -1.0), (135, 0.9), (20, 0.2)]
    ),
    "labelled_samples": lambda: plotting.labelled_samples(
        {"four": (FOUR.X, FOUR.labels), "three": ([[0, 1], [1, 2], [3, 1]], [0, 1, 2])}
    ),
    "hidden_points": lambda: plotting.hidden_points(FOLDING, FOUR.X, FOUR.labels),
    "boundaries": lambda: plotting.boundaries(
        {
            "by hand": FOLDING,
            "flat": Network(([[0, 0], [0, 0]], [[0, 1], [0, 0]]), None, "logistic"),
        },
        FOUR.X,
        FOUR.labels,
        pairs=True,
    ),
    "matrix_pass": lambda: plotting.matrix_pass(
        [[("$x$", [1.0, -2.0]), "·", ("$W$", [[3.0], [4.0]]), "=", ("$z$", [-5.0])]], digits=1
    ),
    "mirrored_gaps": lambda: plotting.mirrored_gaps(
        [-2, -1, 0, 1, 2],
        {"one": [3, 2, 1, 0.5, -1], "other": [0, 0.5, 1, 1.5, 2]},
        {"one": -1, "other": 1},
        1.0,
    ),
    "success_rates": lambda: plotting.success_rates(
        [0.1, 1.0], {"2 units": [0, 500], "3 units": [700, 1000]}, 1000, "scale"
    ),
    "layer_profiles": lambda: plotting.layer_profiles(
        {"one": {"a": [1e-6, 1e-3], "b": [1, 2]}, "other": {"a": [1e3, 1], "b": [1, 1]}}, "size"
    ),
    "layer_profiles of unlike panels": lambda: plotting.layer_profiles(
        {"one": {"a": [1e-6, 1e-3]}, "other": {"b": [1e3, 1, 1]}}, "size"
    ),
    "sums_and_slope": lambda: plotting.sums_and_slope(
        tanh, {"small": [[-0.1, 0.1]], "large": [-20.0, 0.0, 30.0, 40.0]}
    ),
    "cliff_walks": lambda: plotting.cliff_walks(
        square, {"stays": [2.0, 1.0, 0.5], "left": [2.0, -90.0], "right": [2.0, 1.0, 90.0, 0.0]}
    ),
    "training_runs": lambda: plotting.training_runs(
        {"net": {"good": [3.0, 2.0, 1.0], "bad": [3.0, 1e9]}}, 2, ceiling=100
    ),
}
each_picture = pytest.mark.parametrize("draw", PICTURES.values(), ids=PICTURES.keys())


@pytest.fixture(autouse=True)
def _closed_figures() -> Iterator[None]:
    yield
    plt.close("all")


def line(axes: Axes, label: str) -> Line2D:
    """The one line whose label begins like this."""
    (found,) = [one for one in axes.lines if str(one.get_label()).startswith(label)]
    return found


def slope(drawn: Line2D) -> Any:
    x, y = drawn.get_data()
    return (y[-1] - y[0]) / (x[-1] - x[0])


def names_in_legend(axes: Axes) -> list[str]:
    legend = axes.get_legend()
    return [text.get_text() for text in legend.get_texts()] if legend else []


@each_picture
def test_a_picture_can_be_drawn_to_the_end(draw: Callable[[], Figure]) -> None:
    figure = draw()
    figure.canvas.draw()
    assert figure.axes


@each_picture
def test_drawing_leaves_the_global_settings_alone(draw: Callable[[], Figure]) -> None:
    before = mpl.rcParams.copy()
    draw()
    assert dict(mpl.rcParams) == dict(before)


@each_picture
def test_every_picture_stands_on_a_white_card_whatever_the_settings(
    draw: Callable[[], Figure],
) -> None:
    with mpl.rc_context({"figure.facecolor": "black", "axes.facecolor": "black"}):
        figure = draw()
    assert mpl.colors.to_hex(figure.get_facecolor()) == "#ffffff"
    assert all(mpl.colors.to_hex(axes.get_facecolor()) == "#ffffff" for axes in figure.axes)


@each_picture
def test_every_axis_says_what_it_shows(draw: Callable[[], Figure]) -> None:
    assert all(axes.get_xlabel() for axes in draw().axes)


@pytest.mark.parametrize("name", [name for name in PICTURES if name != "number_line"])
def test_lines_in_a_legend_differ_in_more_than_colour(name: str) -> None:
    for axes in PICTURES[name]().axes:
        looks = [
            (one.get_linestyle(), getattr(one, "_dash_pattern", None), one.get_marker())
            for one in axes.lines
            if not str(one.get_label()).startswith(("_", "$f(x)"))
        ]
        assert len({repr(look) for look in looks}) == len(looks)


def test_the_styles_of_the_series_are_all_different_without_their_colours() -> None:
    assert len({repr(series.dashes) for series in SERIES}) == len(SERIES)
    assert len({series.marker for series in SERIES}) == len(SERIES)


def test_each_secant_has_the_slope_of_its_difference_quotient() -> None:
    (axes,) = plotting.tangent_and_secants(parabola, 5, [12, 6, 2]).axes
    assert slope(line(axes, "tangent")) == pytest.approx(0.2)
    # For this parabola the quotient is too large by exactly 0.01 h.
    for h in (12, 6, 2):
        assert slope(line(axes, f"secant, $h={h}$")) == pytest.approx(0.2 + 0.01 * h)


def test_each_secant_goes_through_both_its_points() -> None:
    (axes,) = plotting.tangent_and_secants(parabola, 5, [12]).axes
    x, y = line(axes, "secant").get_data()
    np.testing.assert_allclose(np.interp([5, 17], x, y), parabola.value(np.array([5, 17])))


def test_the_curve_is_drawn_over_its_window() -> None:
    (axes,) = plotting.tangent_lines(parabola, [5]).axes
    x, y = line(axes, "$f(x)").get_data()
    assert (x[0], x[-1]) == parabola.window
    np.testing.assert_array_equal(y, parabola.value(x))


def test_forward_and_central_secants_have_their_own_slopes() -> None:
    (axes,) = plotting.forward_and_central(exponential, 0, 1.2).axes
    assert slope(line(axes, "forward")) == pytest.approx((np.exp(1.2) - 1) / 1.2)
    assert slope(line(axes, "central")) == pytest.approx(np.sinh(1.2) / 1.2)
    assert slope(line(axes, "tangent")) == pytest.approx(1)


def test_the_tangents_of_the_parabola_have_the_equations_of_fact_f4_12() -> None:
    (axes,) = plotting.tangent_lines(parabola, [5, 10]).axes
    assert names_in_legend(axes)[1:] == [
        "$x=5$: tangent $y=0.2x-0.25$",
        "$x=10$: tangent $y=0.3x-1$",
    ]
    x, y = line(axes, "$x=10$").get_data()
    np.testing.assert_allclose(y, 0.3 * x - 1.0)


def test_errors_are_drawn_on_two_logarithmic_axes_in_panels_of_one_scale() -> None:
    left, right = PICTURES["error_curves"]().axes
    for axes in (left, right):
        assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert left.get_ylim() == right.get_ylim()
    assert (left.get_title(), right.get_title()) == ("left", "right")
    assert names_in_legend(left) == ["a", "b", "best"]
    np.testing.assert_array_equal(line(left, "a").get_data(), [[0.1, 0.01], [1.0, 0.1]])


def test_an_error_of_zero_is_drawn_at_the_floor() -> None:
    (axes,) = plotting.error_curves([0.1, 0.01], {"": {"b": [0.5, 0.0]}}, floor=1e-12).axes
    np.testing.assert_array_equal(line(axes, "b").get_ydata(), [0.5, 1e-12])


def test_where_there_is_a_guide_the_errors_are_markers_without_a_line() -> None:
    left, right = PICTURES["error_curves"]().axes
    assert line(left, "a").get_linestyle() == "-"
    assert line(right, "a").get_linestyle() == "None"
    np.testing.assert_array_equal(line(right, "guess").get_ydata(), [0.3, 0.1])


def test_a_marked_step_is_an_upright_line() -> None:
    left, _ = PICTURES["error_curves"]().axes
    np.testing.assert_array_equal(line(left, "best").get_xdata(), [0.05, 0.05])


def test_under_the_microscope_every_float_is_one_dot() -> None:
    wide, near = plotting.rounded_values(sine, 1.0, [0.1, 1e-15], h=4e-16).axes
    assert line(wide, "computed").get_marker() == "None"
    x, y = line(near, "computed").get_data()
    # Gaps of eps / 2 below 1 and of eps above it, as far as 1e-15 reaches.
    gaps = np.diff(x) * 1e-15 / np.finfo(float).eps
    np.testing.assert_allclose(gaps, [0.5] * 9 + [1.0] * 4)
    middle = int(np.flatnonzero(x == 0)[0])
    assert y[middle] == 0


def test_the_secant_under_the_microscope_divides_by_the_step_that_was_taken() -> None:
    _, near = plotting.rounded_values(exponential, 1.0, [0.1, 1e-15], h=2e-16).axes
    taken = (1.0 + 2e-16) - 1.0
    expected = (np.exp(1.0 + taken) - np.exp(1.0)) / taken
    assert line(near, "secant").get_label() == f"secant, slope {expected:.3f}"
    assert slope(line(near, "secant")) == pytest.approx(expected)


def test_the_number_line_shows_where_a_sum_is_rounded_to() -> None:
    (axes,) = plotting.number_line(3, [0.0005, 0.0012]).axes
    labels = [text.get_text() for text in axes.get_yticklabels()]
    assert labels == ["asked 0.0005\ngot 0", "asked 0.0012\ngot 0.00195"]
    rings = [one for one in axes.lines if one.get_markerfacecolor() == "none"]
    assert [float(ring.get_xdata()[0]) for ring in rings] == [3.0, float(np.float16(3.0012))]


def test_the_ticks_of_the_number_line_are_the_numbers_of_the_type() -> None:
    (axes,) = plotting.number_line(3, [0.005]).axes
    ticks = axes.get_xticks()
    np.testing.assert_array_equal(ticks, ticks.astype(np.float16))
    assert np.diff(ticks).max() == np.spacing(np.float16(3))


def test_the_cuts_through_the_bowl_are_its_partial_functions() -> None:
    plan, *cuts = plotting.partial_slices(bowl, [3, 4]).axes
    assert plan.get_aspect() == 1.0
    for axes, other, expected in zip(cuts, (4, 3), (6, 8), strict=True):
        x, y = line(axes, "cut").get_data()
        np.testing.assert_allclose(y, x**2 + other**2)
        assert slope(line(axes, "tangent")) == pytest.approx(expected)
    assert [axes.get_title() for axes in cuts] == ["cut at $x_1=4$", "cut at $x_0=3$"]


def test_the_slices_do_not_change_the_point() -> None:
    point = np.array([3.0, 4.0])
    plotting.partial_slices(bowl, point)
    np.testing.assert_array_equal(point, [3.0, 4.0])


def test_the_two_fields_are_the_gradient_and_its_negative_at_the_same_points() -> None:
    up, down = (axes.collections[-1] for axes in PICTURES["gradient_fields"]().axes)
    assert isinstance(up, Quiver)
    assert isinstance(down, Quiver)
    np.testing.assert_allclose(np.column_stack([up.U, up.V]), bowl.gradient(up.XY))
    np.testing.assert_array_equal(up.XY, down.XY)
    np.testing.assert_array_equal((up.U, up.V), (-down.U, -down.V))
    # Arrows stand 0.9 apart, and the longest leaves a gap.
    assert np.hypot(up.U, up.V).max() / up.scale == pytest.approx(0.81)


def test_the_sweep_marks_the_steepest_directions_and_the_level_ones() -> None:
    plan, axes = plotting.direction_sweep(bowl, [3, 4]).axes
    assert plan.get_aspect() == 1.0
    for label, expected in ((r"$\nabla f$", 10), (r"$-\nabla f$", -10), ("along", 0)):
        assert line(axes, label).get_ydata()[0] == pytest.approx(expected, abs=1e-12)
    angles, slopes = line(axes, r"$\nabla f\cdot").get_data()
    assert np.max(slopes) == pytest.approx(10, rel=1e-3)
    np.testing.assert_allclose(
        np.interp(line(axes, "measured").get_xdata(), angles, slopes),
        line(axes, "measured").get_ydata(),
        atol=1e-6,
    )


def test_the_arrow_downhill_crosses_the_contour_at_a_right_angle() -> None:
    plan, _ = plotting.direction_sweep(stretched_bowl, [-7, 2]).axes
    arrows = {one.get_linestyle(): np.transpose(one.get_data()) for one in plan.lines[::2]}
    down, level = (np.diff(arrows[dashes], axis=0)[0] for dashes in ("-", "-."))
    assert down @ level == pytest.approx(0, abs=1e-12)
    assert down @ stretched_bowl.gradient(np.array([-7.0, 2.0])) < 0


def test_the_ways_down_are_told_apart_by_their_angle() -> None:
    titles = [axes.get_title() for axes in PICTURES["ways_down"]().axes]
    assert titles == ["bowl: 0.0°", "valley: 44.4°"]
    assert all(axes.get_aspect() == 1.0 for axes in PICTURES["ways_down"]().axes)


def test_the_squares_of_an_outer_product_have_the_areas_of_its_entries() -> None:
    (axes,) = PICTURES["outer_product"]().axes
    squares = [one for one in axes.patches if isinstance(one, Rectangle)]
    texts = [text.get_text() for text in axes.texts]
    assert texts[:6] == ["0.240", "0.120", "−0.360", "0.360", "0.180", "−0.540"]
    areas = [one.get_width() * one.get_height() for one in squares]
    sizes = [abs(float(text.replace("−", "-"))) for text in texts]
    np.testing.assert_allclose(np.divide(areas, sizes), areas[0] / sizes[0], rtol=1e-2)
    for one, text in zip(squares, texts, strict=True):
        filled = one.get_facecolor()[3] == 1
        assert filled == (not text.startswith("−"))


def test_a_curve_looks_the_same_in_every_panel() -> None:
    left, right = PICTURES["compared_curves"]().axes
    for label in ("a", "b"):
        assert line(left, label).get_linestyle() == line(right, label).get_linestyle()
    assert (left.get_ylabel(), right.get_ylabel()) == ("loss", "slope")


def test_errors_may_be_of_another_kind() -> None:
    (axes,) = plotting.error_curves([0.1], {"": {"a": [0.5]}}, quantity="relative error").axes
    assert axes.get_ylabel() == "relative error"


def texts(axes: Axes) -> list[str]:
    return [one.get_text() for one in axes.texts if one.get_text()]


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        ("forward", ["$W1_{11} = −0.2$", "$W2_2 = 0.3$", "$t = 1$", "$x_3 = 1$"]),
        ("backward", ["$dW1_{11} = 0.1769$", "$dW2_2 = 0.2219$", "$e = −1.1505$"]),
    ],
)
def test_every_number_of_the_pass_is_in_its_picture(direction: str, expected: list[str]) -> None:
    (axes,) = plotting.network_pass(WORKED, direction).axes
    assert set(expected) <= set(texts(axes))
    inside = "\n".join(texts(axes))
    names = {"forward": ("v1", "h2", "v_out", "y"), "backward": ("delta_1", "delta_out")}
    for name in names[direction]:
        assert f"{WORKED[name]:.4f}".replace("-", "−") in inside


def test_a_pass_goes_forward_or_backward_and_nowhere_else() -> None:
    with pytest.raises(ValueError, match="`direction` must be"):
        plotting.network_pass(WORKED, "sideways")


def test_the_two_paths_multiply_and_their_products_add() -> None:
    (axes,) = plotting.path_sum(TWO_PATHS).axes
    products = [label.rpartition("= ")[2] for label in names_in_legend(axes)]
    assert products == ["0.0264$", "−0.0350$"]
    assert axes.get_xlabel().endswith("= −0.0085$")


def test_thick_lines_join_opposite_samples_with_equal_targets() -> None:
    cube, costs = PICTURES["opposite_pairs"]().axes
    diagonals = [one for one in cube.lines if one.get_linestyle() == "--"]
    assert len(diagonals) == 2
    # Opposite corners lie opposite in the drawing, too.
    for one in diagonals:
        np.testing.assert_allclose(np.sum(one.get_data(), axis=1), 0, atol=1e-12)
    lowest = np.min(np.asarray(line(costs, "equal").get_ydata()))
    assert len(diagonals) * lowest == parity_bound(EIGHT.X, EIGHT.T.ravel())


def test_runs_are_drawn_above_their_floor_without_step_zero() -> None:
    losses, ends = PICTURES["training_and_floor"]().axes
    np.testing.assert_array_equal(line(losses, "a").get_data(), [[1, 10], [4, 3]])
    np.testing.assert_array_equal(line(losses, "bound: 2").get_ydata(), [2, 2])
    np.testing.assert_array_equal(line(ends, "b").get_ydata(), [0.9, -0.9])
    np.testing.assert_array_equal(line(ends, "target").get_ydata(), [1, -1])


@pytest.mark.parametrize(
    ("h", "expected"), [(1e-14, "10^{-14}"), (1, "10^{0}"), (2e-15, "2\\cdot 10^{-15}")]
)
def test_a_step_is_written_as_a_power_of_ten(h: float, expected: str) -> None:
    assert _power(h) == expected


def test_the_style_takes_back_nothing_but_itself() -> None:
    # A notebook's backend turns "interactive" on when the first figure loads it.
    with mpl.rc_context():
        mpl.rcParams["interactive"] = False
        with styled():
            mpl.rcParams["interactive"] = True
        assert mpl.rcParams["interactive"]


def test_a_descent_on_a_curve_ends_where_it_leaves_the_window() -> None:
    inside, outside = plotting.descent_on_curve(
        square, 2.5, {"in": 0.25, "out": 1.05}, steps=3
    ).axes
    np.testing.assert_allclose(inside.lines[1].get_xdata(), [2.5, 1.25, 0.625, 0.3125])
    np.testing.assert_allclose(outside.lines[1].get_xdata(), [2.5, -2.75])  # then 3.025
    x, y = map(np.asarray, outside.lines[1].get_data())
    np.testing.assert_allclose(y, x**2)


def test_a_path_is_drawn_as_given_from_a_square_to_wherever_it_leads() -> None:
    path = [[3.0, 4.0], [1.0, 1.0], [0.5, 0.0]]
    (axes,) = plotting.descent_paths(bowl, {"path": path}, columns=1).axes
    np.testing.assert_array_equal(np.transpose(axes.lines[1].get_data()), path)
    (start,) = [one for one in axes.lines if one.get_marker() == "s"]
    np.testing.assert_array_equal(np.ravel(start.get_data()), [3, 4])


def test_panels_that_are_left_over_are_taken_away() -> None:
    figure = plotting.descent_on_curve(square, 1, {"a": 0.1, "b": 0.2, "c": 0.3}, columns=2)
    assert [axes.get_title() for axes in figure.axes] == ["a", "b", "c"]


def test_basins_say_where_each_start_ends_as_fact_f4_82_has_it() -> None:
    (axes,) = plotting.basins(two_minima, [-1.5, 0.1, 0.17, 0.2, 1.5], 0.01, 1000).axes
    labels = [str(one.get_label()) for one in axes.lines]
    ends = [label.split("$")[3] for label in labels if label.startswith("from")]
    assert ends == ["-1.3008"] * 2 + ["1.1309"] * 3


def test_marked_curves_stay_under_their_ceiling_and_marks_are_upright() -> None:
    (axes,) = PICTURES["marked_curves"]().axes
    np.testing.assert_array_equal(line(axes, "a").get_ydata(), [1, 2, 100])
    assert list(line(axes, "limit").get_xdata()) == [2, 2]
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")


def test_measured_points_have_no_line_where_a_law_is_drawn_through_them() -> None:
    (axes,) = PICTURES["marked_curves with guides"]().axes
    assert line(axes, "a").get_linestyle() == "None"
    assert line(axes, "law").get_linestyle() == "-"


def test_a_walk_on_a_curve_is_drawn_as_given_until_it_leaves() -> None:
    inside, outside = PICTURES["walks_on_curve"]().axes
    np.testing.assert_array_equal(line(inside, "b").get_data(), [[2, -1], [4, 1]])
    np.testing.assert_array_equal(line(outside, "a").get_xdata(), [2.0, 2.5])  # then 3.5
    assert names_in_legend(inside) == ["$f(x)=x^2$", "a", "b"]


def test_raced_paths_share_contours_start_and_legend() -> None:
    figure = PICTURES["raced_paths"]()
    (axes,) = figure.axes
    np.testing.assert_array_equal(line(axes, "b").get_data(), [[-7, -6, 1], [2, -1, 1]])
    assert len(axes.collections) == 1
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["a", "b"]
    assert axes.get_aspect() == 1.0


def test_the_stability_map_draws_the_contour_of_no_change_and_the_limit_over_it() -> None:
    left, right = PICTURES["stability_map"]().axes
    np.testing.assert_array_equal(line(left, "predicted").get_data(), [[2.0, 2.4], [0.0, 0.9]])
    assert (left.get_title(), right.get_title()) == ("one", "other")
    lines = left.collections[1]
    assert isinstance(lines, QuadContourSet)
    assert 1.0 in np.asarray(lines.levels)
    # Between 0.5 at ηλ = 1.5 and 1.5 at 2.5, so the factor 1 is at 2, without momentum.
    last = np.concatenate(lines.allsegs[-1])
    assert last[np.argmin(last[:, 1]), 0] == pytest.approx(2.0, abs=0.02)


def test_a_median_stands_in_its_quartiles_and_no_number_is_the_worst() -> None:
    figure = PICTURES["median_curves"]()
    assert [axes.get_title() for axes in figure.axes] == ["one", "two", "three"]
    first = figure.axes[0]
    # At 1: 2 (the floor), 4, 6, 8, 9. At 10: 2, 3, 3, 100, 100 (the ceiling, for no number, too).
    np.testing.assert_array_equal(line(first, "a").get_ydata(), [6, 3])
    heights = first.collections[0].get_paths()[0].vertices
    assert {tuple(point) for point in heights} == {(1, 4), (1, 8), (10, 3), (10, 100)}
    assert (first.get_xscale(), first.get_yscale()) == ("log", "log")
    assert len(figure.legends[0].get_texts()) == 6


def test_no_region_of_the_map_of_all_lines_has_four_of_xors_points_right() -> None:
    plane, chart = PICTURES["line_sweep"]().axes
    assert names_in_legend(plane) == ["A: 3 of 4", "B: 3 of 4", "C: 2 of 4", "class 0", "class 1"]
    (mesh,) = [one for one in chart.collections if isinstance(one, QuadMesh)]
    counts = np.unique(np.asarray(mesh.get_array()))
    assert counts.tolist() == [1, 2, 3]
    angles, offsets = np.linspace(0, 360, 181), np.linspace(-1.9, 1.9, 141)
    for (angle, offset), right in (
        ((45, -1.0), 3),
        ((135, 0.9), 3),
        ((20, 0.2), 2),
        ((45, 1.0), 1),
    ):
        place = np.abs(offsets - offset).argmin(), np.abs(angles - angle).argmin()
        assert np.reshape(mesh.get_array(), (141, 181))[place] == right
    assert {text.get_text() for text in chart.texts} == {"A", "B", "C", "1", "2", "3"}


def test_a_swept_line_is_drawn_where_its_normal_and_offset_say() -> None:
    plane, _ = PICTURES["line_sweep"]().axes
    ends = np.transpose(line(plane, "A").get_data())
    np.testing.assert_allclose(ends @ np.full(2, np.sqrt(0.5)), -1.0)


def test_hidden_lines_are_where_the_sums_vanish_and_points_where_the_units_put_them() -> None:
    plane, folded = PICTURES["hidden_points"]().axes
    for j in (0, 1):
        ends = np.transpose(line(plane, f"unit {j + 1}").get_data())
        np.testing.assert_allclose(forward(FOLDING, ends).z[0][:, j], 0, atol=1e-12)
    ends = np.transpose(line(folded, "equal outputs").get_data())
    second = FOLDING.layers[1]
    z = ends @ second.W + second.b
    np.testing.assert_allclose(z[:, 0], z[:, 1])
    put = np.transpose(line(folded, "class 0").get_data())
    np.testing.assert_allclose(put, forward(FOLDING, FOUR.X[[0, 3]]).outputs[0])
    # Both samples of class 1 come to one place; they stand beside each other, under one label.
    one, other = np.transpose(line(folded, "class 1").get_data())
    assert 0 < np.hypot(*(one - other)) < 0.2
    assert "(−1, 1) and (1, −1)" in [text.get_text() for text in folded.texts]


def test_a_boundary_panel_counts_and_crosses_out_what_is_wrong() -> None:
    right, flat = PICTURES["boundaries"]().axes
    assert (right.get_title(), flat.get_title()) == ("by hand: 4 of 4", "flat: 2 of 4")
    assert len(line(right, "wrong").get_xdata()) == 0
    np.testing.assert_array_equal(np.transpose(line(flat, "wrong").get_data()), FOUR.X[[0, 3]])


def test_every_number_and_shape_of_a_matrix_pass_is_written() -> None:
    (axes,) = PICTURES["matrix_pass"]().axes
    texts = [text.get_text() for text in axes.texts]
    assert texts == [
        *("1.0", "−2.0", "$x$", "1 × 2", "·"),
        *("3.0", "4.0", "$W$", "2 × 1", "="),
        *("−5.0", "$z$", "1 × 1"),
    ]


def test_gaps_with_the_wrong_sign_are_crossed_out() -> None:
    (axes,) = PICTURES["mirrored_gaps"]().axes
    crosses = [one for one in axes.lines if one.get_marker() == "x"]
    assert [np.transpose(one.get_data()).tolist() for one in crosses] == [
        [[-1.0, 2.0], [1.0, 0.5]],
        [],
    ]


def test_success_rates_carry_wilsons_intervals_and_stay_between_0_and_100() -> None:
    (axes,) = PICTURES["success_rates"]().axes
    bars = [part for one in axes.containers for part in one[2]]
    ends = [np.array(segment)[:, 1] for bar in bars for segment in bar.get_segments()]
    low, high = share_interval(700, 1000)
    np.testing.assert_allclose(ends[2], [100 * low, 100 * high])
    assert min(map(min, ends)) == pytest.approx(0)
    assert max(map(max, ends)) == pytest.approx(100)


def test_profiles_begin_with_layer_1_and_can_be_compared_between_panels() -> None:
    one, other = PICTURES["layer_profiles"]().axes
    np.testing.assert_array_equal(np.asarray(line(one, "a").get_data()), [[1, 2], [1e-6, 1e-3]])
    assert one.get_ylim() == other.get_ylim()
    assert one.get_ylim()[0] < 1e-6
    assert one.get_ylim()[1] > 1e3
    assert (one.get_yscale(), other.get_yscale()) == ("log", "log")


def test_profiles_share_a_legend_where_they_have_the_same_labels() -> None:
    alike, unlike = PICTURES["layer_profiles"](), PICTURES["layer_profiles of unlike panels"]()
    (legend,) = alike.legends
    assert [text.get_text() for text in legend.get_texts()] == ["a", "b"]
    assert [names_in_legend(axes) for axes in alike.axes] == [[], []]
    assert not unlike.legends
    assert [names_in_legend(axes) for axes in unlike.axes] == [["a"], ["b"]]


def test_the_bars_are_shares_of_all_sums_and_those_beyond_the_window_are_in_the_last() -> None:
    _, large, *_ = PICTURES["sums_and_slope"]().axes
    bars = [bar for bar in large.patches if isinstance(bar, Rectangle)]
    heights = [bar.get_height() for bar in bars]
    np.testing.assert_allclose(sum(heights), 1)
    np.testing.assert_allclose([heights[0], heights[-1]], [0.25, 0.5])
    assert large.get_title().endswith("mean slope 0.250")


def test_a_walk_on_a_cliff_ends_with_an_arrow_to_the_edge_over_which_it_went() -> None:
    low, high = square.window
    stays, left, right = PICTURES["cliff_walks"]().axes
    assert [list(axes.lines[1].get_xdata()) for axes in (stays, left, right)] == [
        [2.0, 1.0, 0.5],
        [2.0],
        [2.0, 1.0],
    ]
    tips = [[note.xy[0] for note in axes.texts if hasattr(note, "xy")] for axes in (left, right)]
    assert tips == [[low], [high]]
    assert not stays.texts


def test_a_run_that_ended_early_has_a_cross_on_its_last_loss_and_says_so() -> None:
    (axes,) = PICTURES["training_runs"]().axes
    assert names_in_legend(axes) == ["good", "bad (ends at step 1)"]
    np.testing.assert_array_equal(np.ravel(line(axes, "_cross").get_data()), [1, 100])
    np.testing.assert_array_equal(line(axes, "bad").get_ydata(), [3, 100])


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        ("values", {"$a = 2$", "$d = −4$\n(+)", "$y = 24$\n(·)"}),
        ("slopes", {"1", "−3", "2", "−4", "−6", "$c = −6$\n(·)"}),
        ("gradients", {"$y$: 1\n(1)", "$d$: −6\n(2)", "$c$: −10\n(3)", "30", "−20"}),
    ],
)
def test_a_graph_shows_its_values_its_slopes_or_its_gradients(
    show: str, expected: set[str]
) -> None:
    (axes,) = plotting.computational_graph(GRAPH, GRAPH_PLACES, show).axes
    assert expected <= set(texts(axes))


def test_a_graph_has_an_arrow_for_each_use_and_two_that_can_be_told_apart() -> None:
    x = Value(3.0)
    named = {"x": x, "y": x * x}
    (axes,) = plotting.computational_graph(named, {"x": (0, 0), "y": (1, 0)}, "slopes").axes
    arrows = [one for one in axes.texts if getattr(one, "arrow_patch", None) is not None]
    assert len(arrows) == 2
    labels = [one.get_position() for one in axes.texts if one.get_text() == "3"]
    assert len(set(labels)) == 2
    assert len(plotting.computational_graph(GRAPH, GRAPH_PLACES, "values").axes[0].texts) == 6 + 5


def test_a_graph_is_shown_in_one_of_three_ways() -> None:
    with pytest.raises(ValueError, match="`show` must be one of values, slopes, gradients"):
        plotting.computational_graph(GRAPH, GRAPH_PLACES, "order")


def test_an_overview_draws_each_value_right_of_its_sources_and_marks_what_a_leaf_acts_on() -> None:
    (axes,) = plotting.graph_overview(GRAPH["y"], GRAPH["b"], {"b": GRAPH["b"]}).axes
    links = [one for one in axes.lines if len(np.asarray(one.get_xdata())) == 2]
    joined = [one for one in links if one.get_marker() == "None"]
    assert len(joined) == 6
    for one in joined:
        tail, head = np.asarray(one.get_xdata())
        assert tail < head
    # b acts on c, d and y: four of the six arrows, and never the one from a to c or to d.
    assert sum(one.get_linestyle() == "--" for one in joined) == 4
    assert names_in_legend(axes) == [
        "2 leaves and constants",
        "3 operations",
        "3 of them depend on $b$",
    ]


def test_no_two_values_of_an_overview_lie_at_the_same_place() -> None:
    weights = [Value(0.1 * k) for k in range(9)]
    units = [
        sum((w * u for w, u in zip(weights, weights[k:], strict=False)), Value(0.0)).tanh()
        for k in range(3)
    ]
    output = sum(units, Value(0.0))
    (axes,) = plotting.graph_overview(output, weights[0], {"w": weights[0]}).axes
    dots = np.concatenate(
        [np.transpose(one.get_data()) for one in axes.lines if one.get_marker() in ("s", "o")]
    )
    assert len(np.unique(dots.round(9), axis=0)) == len(dots)


def test_samples_stand_in_their_units_and_classes_differ_by_their_marks() -> None:
    X = [[1500.0, 0.1], [1600.0, 0.2], [1400.0, 0.3]]
    figure = plotting.labelled_samples({"rings": (X, [0, 2, 1]), "two": (X[:2], [0, 1])})
    first, second = figure.axes
    assert [list(map(float, line.get_xdata())) for line in first.lines] == [[1500], [1400], [1600]]
    assert len({line.get_marker() for line in first.lines}) == 3
    assert (len(first.lines), len(second.lines)) == (3, 2)
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["class 0", "class 1", "class 2"]


def test_a_race_is_drawn_by_its_medians_with_strokes_over_the_quartiles() -> None:
    left, right = PICTURES["raced_curves"]().axes
    assert (left.get_xscale(), left.get_yscale()) == ("log", "log")
    np.testing.assert_array_equal(line(left, "ours").get_data(), [[10, 100], [2, 5]])
    strokes: Any = left.collections[0]
    np.testing.assert_array_equal(
        strokes.get_segments(), [[[10, 1], [10, 3]], [[100, 4], [100, 6]]]
    )
    assert line(left, "least").get_marker() == "None"  # no competitor
    assert line(right, "ours").get_color() == line(left, "ours").get_color()


def test_more_curves_than_can_be_told_apart_are_refused() -> None:
    many = {str(n): [[10, 1, 2, 3]] for n in range(len(SERIES) + 1)}
    with pytest.raises(ValueError, match="can be told apart"):
        plotting.raced_curves({"": many}, "n", "ms")


def test_measured_rows_stand_in_order_each_number_at_the_height_of_its_row() -> None:
    (axes,) = PICTURES["measured_rows"]().axes
    assert [text.get_text() for text in axes.get_yticklabels()] == ["make", "check"]
    np.testing.assert_array_equal(line(axes, "measured").get_data(), [[2.0, 5.0], [0.0, -1.0]])
    np.testing.assert_array_equal(line(axes, "bound").get_data(), [[3.0], [0.0]])
