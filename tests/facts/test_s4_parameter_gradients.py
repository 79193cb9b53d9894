"""Facts F4.*: differentiation, gradient, descent and the 2×3 softmax net of source S4.

nnlib divides by the step that was really taken and promotes to float64; the source does neither.
Where a fact is about what the source computes, its formula stands here.
"""

import itertools
import math

import numpy as np
import pytest

from nnlib.activations import log_softmax, softmax
from nnlib.differentiation import (
    central_difference,
    error_curve,
    forward_difference,
    numerical_gradient,
    partial_derivative,
    step_size,
)
from nnlib.gradient_descent import (
    DivergenceError,
    descend_until,
    gradient_descent,
    stable_learning_rate,
)
from nnlib.gradients import directional_derivative
from nnlib.landscapes import (
    absolute_value,
    bowl,
    cube,
    exponential,
    parabola,
    sine,
    square,
    stretched_bowl,
    two_minima,
    valley,
)
from nnlib.losses import cross_entropy

T0, TN = 1e-12, 1e-9


def exactly(value, tolerance=T0):
    return pytest.approx(value, rel=tolerance, abs=tolerance)


def relatively(value, tolerance):
    """Without pytest's own absolute tolerance, which would pass anything below 1e-12."""
    return pytest.approx(value, rel=tolerance, abs=0.0)


# --- what the source computes -------------------------------------------------------------------


def source_forward(f, x, h):
    return (f(x + h) - f(x)) / h


def source_central(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)


def source_gradient(f, x, h=1e-4):
    """In place on x, and with a result of x's own dtype (erratum E4.5)."""
    gradient = np.zeros_like(x)
    for i in range(x.size):
        here = x[i]
        x[i] = float(here) + h
        above = f(x)
        x[i] = here - h
        gradient[i] = (above - f(x)) / (2 * h)
        x[i] = here
    return gradient


def source_descent(f, x, learning_rate, steps=100, h=1e-4):
    """In place on the caller's array (erratum E4.4)."""
    for _ in range(steps):
        x -= learning_rate * source_gradient(f, x, h)
    return x


def source_loss(W, x, t):
    """With 1e-7 inside the logarithm (erratum E4.7)."""
    return -math.log(float(softmax(x @ W)[np.argmax(t)]) + 1e-7)


def bowl_value(x):
    return np.sum(x**2)


# --- 4.1 the derivative of the parabola ---------------------------------------------------------


@pytest.mark.parametrize(
    ("fact", "x", "slope"), [("F4.1", 5.0, 0.2), ("F4.6", 10.0, 0.3)], ids=["F4.1", "F4.6"]
)
def test_the_derivative_by_formula(fact, x, slope):
    assert parabola.derivative(x) == exactly(slope)


DIFFERENCES = [
    ("F4.2", parabola, "central", 5.0, 1e-4, 0.1999999999990898),
    ("F4.3", parabola, "forward", 5.0, 1e-4, 0.20000099999917254),
    ("F4.4", parabola, "central", 5.0, 1e-5, 0.19999999999464887),
    ("F4.5", parabola, "forward", 5.0, 1e-5, 0.20000010000353893),
    ("F4.7", parabola, "central", 10.0, 1e-4, 0.2999999999986347),
    ("F4.8", parabola, "forward", 10.0, 1e-4, 0.3000009999976072),
    ("F4.9", parabola, "central", 10.0, 1e-5, 0.29999999997532),
    ("F4.10", parabola, "forward", 10.0, 1e-5, 0.3000000999620056),
    ("F4.13", square, "central", 2.0, 1e-4, 4.000000000004),
    ("F4.13", square, "central", 2.0, 1e-5, 4.000000000026205),
    ("F4.13", square, "forward", 2.0, 1e-4, 4.0001000000078335),
    ("F4.13", square, "forward", 2.0, 1e-5, 4.000010000027032),
]


@pytest.mark.parametrize(
    ("fact", "curve", "rule", "x", "h", "value"),
    DIFFERENCES,
    ids=[f"{row[0]}-{row[2]}-{row[4]:g}" for row in DIFFERENCES],
)
def test_differences_at_the_sources_points(fact, curve, rule, x, h, value):
    ours = {"forward": forward_difference, "central": central_difference}[rule]
    theirs = {"forward": source_forward, "central": source_central}[rule]
    assert theirs(curve.value, x, h) == pytest.approx(value, abs=TN)
    assert ours(curve.value, x, h) == pytest.approx(value, abs=TN)


def test_f4_3_the_forward_difference_of_the_parabola_is_off_by_a_hundredth_of_h_everywhere():
    for x in (0.0, 5.0, 10.0, 19.9):
        error = forward_difference(parabola.value, x, 1e-3) - parabola.derivative(x)
        assert error == pytest.approx(0.01 * 1e-3, abs=TN)


def test_f4_11_values_of_the_parabola_and_its_plot():
    xs = np.arange(0.0, 20.0, 0.1)
    assert len(xs) == 200
    assert [parabola.value(x) for x in (5.0, 10.0, 19.9)] == exactly([0.75, 2.0, 5.950100000000001])
    assert xs[-1] == exactly(19.9)


@pytest.mark.parametrize(("x", "slope", "intercept"), [(5.0, 0.2, -0.25), (10.0, 0.3, -1.0)])
def test_f4_12_tangent_lines(x, slope, intercept):
    assert parabola.derivative(x) == exactly(slope)
    assert parabola.value(x) - parabola.derivative(x) * x == exactly(intercept)


def test_f4_13_the_square_at_two():
    assert square.derivative(2.0) == 4


COLUMNS = [
    (parabola, 5.0, source_forward),
    (parabola, 5.0, source_central),
    (sine, 1.0, source_forward),
    (sine, 1.0, source_central),
    (exponential, 1.0, source_forward),
    (exponential, 1.0, source_central),
    (cube, 1.0, source_central),
]
ERRORS = {
    1e-1: [1.000e-03, 3.886e-16, 4.294e-02, 9.001e-04, 1.406e-01, 4.533e-03, 1.000e-02],
    1e-2: [1.000e-04, 1.094e-14, 4.216e-03, 9.005e-06, 1.364e-02, 4.530e-05, 1.000e-04],
    1e-3: [1.000e-05, 8.898e-14, 4.208e-04, 9.005e-08, 1.360e-03, 4.530e-07, 1.000e-06],
    1e-4: [1.000e-06, 9.102e-13, 4.207e-05, 9.004e-10, 1.359e-04, 4.531e-09, 9.999e-09],
    1e-5: [1.000e-07, 5.351e-12, 4.207e-06, 1.114e-11, 1.359e-05, 5.859e-11, 9.737e-11],
    1e-6: [1.011e-08, 6.126e-11, 4.207e-07, 2.772e-11, 1.359e-06, 1.635e-10, 8.027e-11],
    1e-7: [1.005e-09, 1.053e-10, 4.183e-08, 1.943e-10, 1.399e-07, 5.859e-11, 8.627e-11],
    1e-8: [5.656e-09, 5.656e-09, 2.970e-09, 2.581e-09, 6.603e-09, 6.603e-09, 7.130e-09],
    1e-10: [1.655e-08, 1.655e-08, 5.848e-08, 5.848e-08, 1.548e-06, 6.727e-07, 2.482e-07],
    1e-12: [6.219e-05, 6.678e-06, 4.324e-05, 1.227e-05, 4.323e-04, 2.103e-04, 1.002e-04],
    1e-14: [1.599e-04, 1.599e-04, 3.707e-03, 3.707e-03, 9.338e-03, 9.338e-03, 2.398e-03],
    1e-16: [2.000e-01, 2.000e-01, 5.403e-01, 1.481e-02, 2.718e00, 2.718e00, 1.335e00],
}


@pytest.mark.parametrize("h", ERRORS, ids=lambda h: f"F4.h{round(-math.log10(h))}")
def test_the_errors_of_the_textbook_formula_by_step(h):
    for (curve, x, rule), expected in zip(COLUMNS, ERRORS[h], strict=True):
        (error,) = error_curve(curve.value, curve.derivative, x, [h], rule)
        rounding = 1e-16 * max(1.0, abs(curve.value(x))) / h
        if expected > 100 * rounding:
            assert error == relatively(expected, 1e-3)
        else:
            assert expected / 10 < error < expected * 10


def test_f4_30_leading_error_terms_of_the_sine_at_one():
    forward = source_forward(np.sin, 1.0, 1e-3) - math.cos(1)
    central = source_central(np.sin, 1.0, 1e-3) - math.cos(1)
    assert forward == relatively(-0.0004208255078128609, 1e-3)
    assert central == relatively(-9.005045020771263e-08, 1e-3)
    assert -1e-3 / 2 * math.sin(1) == exactly(-0.0004207354924039483)
    assert -1e-6 / 6 * math.cos(1) == exactly(-9.005038431135662e-08)
    assert forward == relatively(-1e-3 / 2 * math.sin(1), 1e-3)
    assert central == relatively(-1e-6 / 6 * math.cos(1), 1e-3)


def test_f4_31_the_best_steps_by_theory_and_by_measurement():
    assert step_size("forward") == exactly(1.4901161193847656e-08)
    assert step_size("central") == exactly(6.055454452393343e-06)
    steps = [*ERRORS]
    for rule, best in ((source_forward, 1e-8), (source_central, 1e-5)):
        errors = error_curve(np.sin, np.cos, 1.0, steps, rule)
        assert steps[np.argmin(errors)] == best


def test_f4_32_for_a_parabola_a_larger_step_is_better():
    errors = error_curve(parabola.value, parabola.derivative, 5.0, [0.1, 1e-4, 1e-5])
    for error, expected in zip(errors, [3.9e-16, 9.1e-13, 5.4e-12], strict=True):
        assert error < 10 * expected
    assert errors[0] < errors[1] < errors[2]


@pytest.mark.parametrize(
    ("h", "value"), [(1e-2, 0.20000339), (1e-3, 0.20000337), (1e-4, 0.2002716), (1e-5, 0.19967556)]
)
def test_f4_33_in_float32_the_noise_is_visible(h, value):
    def q(x):
        return np.float32(0.01) * x * x + np.float32(0.1) * x

    x, h = np.float32(5), np.float32(h)
    assert float((q(x + h) - q(x - h)) / (np.float32(2) * h)) == pytest.approx(value, abs=1e-6)
    if h == np.float32(1e-5):
        assert float((q(x + h) - q(x)) / h) == pytest.approx(0.20265579, abs=1e-6)


def test_f4_34_a_step_that_is_rounded_away_gives_zero_there_and_an_error_here():
    assert source_forward(parabola.value, 5.0, 1e-50) == 0.0
    assert source_central(parabola.value, 5.0, 1e-50) == 0.0
    assert np.float32(1e-50) == 0.0
    with pytest.raises(ValueError, match="is lost"):
        central_difference(parabola.value, 5.0, 1e-50)


# --- 4.2 partial derivatives and gradients ------------------------------------------------------


@pytest.mark.parametrize(
    ("fact", "h", "partials"),
    [
        ("F4.40", 1e-4, [6.00000000000378, 7.999999999999119]),
        ("F4.41", 1e-5, [6.000000000128124, 7.999999999874773]),
    ],
)
def test_partial_derivatives_of_the_bowl(fact, h, partials):
    ours = [partial_derivative(bowl.value, [3.0, 4.0], i, h) for i in (0, 1)]
    assert ours == pytest.approx(partials, abs=TN)


@pytest.mark.parametrize(
    ("h", "partials"),
    [
        (1e-4, [6.000099999994291, 8.00009999998963]),
        (1e-5, [6.000009999951316, 8.00000999952033]),
    ],
)
def test_f4_42_the_same_by_forward_differences(h, partials):
    ours = [
        forward_difference(lambda t: t**2 + 16.0, 3.0, h),
        forward_difference(lambda t: 9.0 + t**2, 4.0, h),
    ]
    assert ours == pytest.approx(partials, abs=TN)


@pytest.mark.parametrize(
    ("fact", "x", "gradient"),
    [
        ("F4.43", [3.0, 4.0], [6.00000000000378, 7.999999999999119]),
        ("F4.44", [0.0, 2.0], [0.0, 4.000000000004]),
        ("F4.45", [3.0, 0.0], [6.000000000012662, 0.0]),
        ("F4.46", [-3.0, 4.0], [-6.00000000000378, 7.999999999999119]),
        ("F4.47", [1.0, 1.0], [1.9999999999997797, 1.9999999999997797]),
        ("F4.48", [0.0, 0.0], [0.0, 0.0]),
    ],
)
def test_gradients_of_the_bowl(fact, x, gradient):
    assert numerical_gradient(bowl.value, x, 1e-4) == pytest.approx(gradient, abs=TN)
    assert source_gradient(bowl_value, np.array(x)) == pytest.approx(gradient, abs=TN)
    np.testing.assert_array_equal(bowl.gradient(np.array(x)), 2 * np.array(x))


def test_f4_49_farther_from_the_origin_the_arrow_is_longer():
    axis = np.arange(-2, 2.5, 0.25)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    assert len(grid) == 18 * 18 == 324
    assert (axis[0], axis[-1]) == (-2.0, 2.25)
    lengths = np.linalg.norm(bowl.gradient(grid), axis=1)
    np.testing.assert_allclose(lengths, 2 * np.linalg.norm(grid, axis=1), rtol=T0)
    assert lengths[0] == exactly(5.656854249492381)


@pytest.mark.parametrize(
    ("u", "slope"), [((6, 8), 10.0), ((-6, -8), -10.0), ((1, 0), 6.0), ((4, -3), 0.0)]
)
def test_f4_50_slopes_along_against_and_across_the_gradient(u, slope):
    assert directional_derivative(bowl.gradient, [3.0, 4.0], u) == exactly(slope)


def test_f4_50_the_gradient_points_up():
    x = np.array([3.0, 4.0])
    step = 0.01 * bowl.gradient(x)
    assert bowl.value(x) == 25.0
    assert bowl.value(x + step) == exactly(26.009999999999998)
    assert bowl.value(x - step) == exactly(24.009999999999998)


@pytest.mark.parametrize(
    ("land", "x", "degrees"),
    [
        (valley(100), (1.0, 1.0), 44.427061302316524),
        (valley(100), (10.0, 1.0), 78.57881372500071),
        (stretched_bowl, (-7.0, 2.0), 64.12835859242544),
        (bowl, (3.0, -4.0), 0.0),
    ],
)
def test_f4_51_against_the_gradient_is_not_towards_the_minimum(land, x, degrees):
    x = np.array(x)
    down, there = -land.gradient(x), -x
    sine = down[0] * there[1] - down[1] * there[0]
    assert math.degrees(abs(math.atan2(sine, down @ there))) == pytest.approx(degrees, abs=1e-9)


# --- 4.3 descent on the bowl from (-3, 4) -------------------------------------------------------

START = [-3.0, 4.0]
DESCENTS = [
    (
        "F4.60",
        0.1,
        [-6.111107928998789e-10, 8.148143905314271e-10],
        [-6.111107929003464e-10, 8.148143905337951e-10],
        [-6.11110792900345e-10, 8.148143905337933e-10],
        {"rel": 1e-9, "abs": 0.0},
    ),
    (
        "F4.62",
        1e-10,
        [-2.999999939999995, 3.9999999199999934],
        [-2.999999939999995, 3.9999999199999934],
        [-2.999999940000001, 3.999999920000001],
        {"rel": 1e-12, "abs": 0.0},
    ),
    (
        "F4.63",
        0.01,
        [-0.39785866768397027, 0.5304782235783754],
        [-0.39785866768425965, 0.5304782235790126],
        [-0.39785866768425954, 0.5304782235790128],
        {"rel": 1e-9, "abs": 0.0},
    ),
    (
        "F4.64",
        0.001,
        [-2.455700414064232, 3.274267218752339],
        [-2.4557004140652836, 3.2742672187537125],
        [-2.4557004140652836, 3.274267218753711],
        {"rel": 1e-9, "abs": 0.0},
    ),
    (
        "F4.65",
        0.05,
        [-7.968419666273994e-05, 0.00010624559555026218],
        [-7.968419666276241e-05, 0.00010624559555034984],
        [-7.968419666276239e-05, 0.00010624559555034984],
        {"rel": 1e-9, "abs": 0.0},
    ),
    (
        "F4.66",
        0.5,
        [-2.9182932010870816e-21, -2.448454613156962e-22],
        [0.0, 0.0],
        [0.0, 0.0],
        {"abs": 1e-18},
    ),
    (
        "F4.67",
        0.9,
        [-6.111107929022149e-10, 8.148143905616026e-10],
        [-6.111107929003512e-10, 8.148143905337994e-10],
        [-6.111107929003493e-10, 8.14814390533799e-10],
        {"rel": 1e-9, "abs": 0.0},
    ),
    ("F4.68", 1.0, [-3.0, 4.0], [-3.0, 4.0], [-3.0, 4.0], {"abs": 1e-9}),
]


@pytest.mark.parametrize(
    ("fact", "rate", "numerical", "analytic", "exact", "tolerance"),
    DESCENTS,
    ids=[row[0] for row in DESCENTS],
)
def test_a_hundred_steps_with_either_gradient(fact, rate, numerical, analytic, exact, tolerance):
    ours = gradient_descent(bowl.gradient, START, rate, 100)[-1]
    assert ours == pytest.approx(analytic, **tolerance)
    assert ours == pytest.approx(exact, **tolerance)
    assert np.array(START) * (1 - 2 * rate) ** 100 == pytest.approx(exact, rel=T0, abs=0.0)
    measured = gradient_descent(
        lambda x: numerical_gradient(bowl.value, x, 1e-4), START, rate, 100
    )[-1]
    assert measured == pytest.approx(numerical, **tolerance)
    assert source_descent(bowl_value, np.array(START), rate) == pytest.approx(
        numerical, **tolerance
    )


def test_f4_66_at_rate_one_half_the_analytic_descent_is_exactly_there():
    np.testing.assert_array_equal(gradient_descent(bowl.gradient, START, 0.5, 1)[-1], [0.0, 0.0])


@pytest.mark.parametrize(
    ("fact", "rate", "analytic"),
    [
        ("F4.61", 10.0, [-2.2515487259475596e128, 3.002064967930081e128]),
        ("F4.69", 1.1, [-248453923.566047, 331271898.0880632]),
    ],
)
def test_too_large_rates_run_away(fact, rate, analytic):
    ours = gradient_descent(bowl.gradient, START, rate, 100)[-1]
    assert ours == relatively(analytic, 1e-12)
    assert np.array(START) * (1 - 2 * rate) ** 100 == relatively(analytic, 1e-12)


@pytest.mark.parametrize(
    ("fact", "rate", "numerical"),
    [
        ("F4.61", 10.0, [-25898374737328.363, -1295248616896.5398]),
        ("F4.69", 1.1, [-248267148.43455037, 331293241.76093453]),
    ],
)
def test_too_large_rates_with_the_sources_numerical_gradient(fact, rate, numerical):
    there = source_descent(bowl_value, np.array(START), rate)
    assert there == relatively(numerical, 1e-6)


def test_f4_69_the_numerical_gradient_is_off_by_eight_in_ten_thousand():
    there = source_descent(bowl_value, np.array(START), 1.1)
    exact = np.array(START) * (-1.2) ** 100
    assert np.max(np.abs(there / exact - 1)) == pytest.approx(8e-4, abs=1e-4)


def test_f4_70_the_value_at_the_end():
    end = gradient_descent(bowl.gradient, START, 0.1, 100)[-1]
    assert bowl.value(end) == relatively(1.0373788922158197e-18, 1e-9)


def test_f4_71_the_famous_result_of_rate_ten_is_a_frozen_point():
    x = np.array(START)
    points = [source_descent(bowl_value, x, 10.0, steps=1).copy() for _ in range(12)]
    moved = [not np.array_equal(a, b) for a, b in itertools.pairwise(points)]
    assert moved == [True] * 9 + [False] * 2  # points[9] is the one after ten steps
    assert points[-1] == relatively([-25898374737328.363, -1295248616896.5398], 1e-6)
    np.testing.assert_array_equal(source_gradient(bowl_value, points[-1].copy()), [0.0, 0.0])
    assert np.spacing(2.6e13) == relatively(0.0039, 0.01)
    with pytest.raises(ValueError, match="is lost"):
        gradient_descent(lambda x: numerical_gradient(bowl.value, x, 1e-4), START, 10.0, 100)


@pytest.mark.parametrize(
    ("h", "end"),
    [
        (1e-5, [473730865811.8707, -980479795000.1775]),
        (1e-2, [393957769994359.5, -525008594616474.1]),
        (1.0, [1.7345636568885747e17, 9033645405935124.0]),
    ],
)
def test_f4_72_another_h_freezes_elsewhere(h, end):
    assert source_descent(bowl_value, np.array(START), 10.0, h=h) == relatively(end, 1e-6)


def test_f4_73_the_first_points_of_rate_ten():
    path = gradient_descent(lambda x: numerical_gradient(bowl.value, x, 1e-4), START, 10.0, 4)
    expected = [[57, -76], [-1083, 1444], [20577, -27436], [-390963, 521284]]
    np.testing.assert_allclose(path[1:], expected, rtol=1e-6)


def test_f4_74_the_rates_that_converge():
    assert stable_learning_rate(2 * np.eye(2)) == exactly(1.0)
    small, large = (gradient_descent(bowl.gradient, START, rate, 9) for rate in (0.1, 0.9))
    signs = (-1.0) ** np.arange(10)[:, None]
    np.testing.assert_allclose(large, signs * small, rtol=T0)


def test_f4_75_twenty_steps_of_the_trajectory_figure():
    path = gradient_descent(lambda x: numerical_gradient(bowl.value, x, 1e-4), START, 0.1, 20)
    assert path[-1] == pytest.approx([-0.03458764513820545, 0.04611686018427393], abs=TN)
    assert path[-1] == pytest.approx(np.array(START) * 0.8**20, abs=TN)


def test_f4_76_steps_until_the_point_is_within_a_millionth():
    stopped = descend_until(bowl.gradient, START, 0.1, 2e-6, 1000)  # |gradient| = 2|x|
    assert stopped.steps == 70
    assert math.log(5e6) / math.log(1 / 0.8) == pytest.approx(69.13, abs=0.005)


def test_f4_77_the_source_changes_the_callers_start_and_nnlib_does_not():
    start = np.array(START)
    assert source_descent(bowl_value, start, 0.1) is start
    then = source_descent(bowl_value, start, 10.0)
    expected = [2342359711530.595, -3960910565406.869]
    assert then == relatively(expected, 1e-6)
    assert source_descent(bowl_value, start, 1e-10) == relatively(expected, 1e-6)

    start = np.array(START)
    source_descent(bowl_value, start, 0.1)
    source_descent(bowl_value, start, 1e-10)
    assert start == relatively([-6.11110780677665e-10, 8.148143742351418e-10], 1e-6)

    ours = np.array(START)
    gradient_descent(bowl.gradient, ours, 0.1, 100)
    np.testing.assert_array_equal(ours, START)


def test_f4_78_an_integer_start_fails_there_and_works_here():
    with pytest.raises(TypeError, match="Cannot cast ufunc 'subtract'"):
        source_descent(bowl_value, np.array([-3, 4]), 0.1)
    ours = gradient_descent(bowl.gradient, np.array([-3, 4]), 0.1, 100)[-1]
    assert ours == relatively([-6.111107929003464e-10, 8.148143905337951e-10], 1e-9)


@pytest.mark.parametrize(
    ("x", "nonsense"),
    [
        ([3, 4], [25000, 35000]),
        ([0, 2], [0, 15000]),
        ([3, 0], [25000, 0]),
        ([-3, 4], [-25000, 35000]),
    ],
)
def test_f4_79_integers_give_nonsense_there_and_the_gradient_here(x, nonsense):
    theirs = source_gradient(bowl_value, np.array(x))
    assert theirs.dtype == np.int64
    np.testing.assert_array_equal(theirs, nonsense)
    assert numerical_gradient(bowl.value, np.array(x), 1e-4) == pytest.approx(
        2.0 * np.array(x), abs=TN
    )


def test_f4_80_narrow_floats_give_noise_there_and_the_gradient_here():
    single = source_gradient(bowl_value, np.array([3, 4], dtype=np.float32))
    assert single == pytest.approx([5.98907470703125, 8.001327514648438], abs=1e-6)
    half = source_gradient(bowl_value, np.array([3, 4], dtype=np.float16))
    np.testing.assert_array_equal(half, [0.0, 0.0])
    for dtype in (np.float16, np.float32):
        ours = numerical_gradient(bowl.value, np.array([3, 4], dtype=dtype), 1e-4)
        assert ours == pytest.approx([6.0, 8.0], abs=TN)


def test_f4_81_a_matrix_fails_there_and_works_here():
    W = np.arange(6.0).reshape(2, 3)
    with pytest.raises(TypeError):
        source_gradient(bowl_value, W.copy())
    np.testing.assert_allclose(numerical_gradient(bowl_value, W), 2 * W, atol=TN)


LEFT, RIGHT, TOP = -1.3008395659415772, 1.130901122629986, 0.16993844331159128


def test_f4_82_two_minima_and_the_maximum_between_them():
    assert two_minima.minima == pytest.approx((LEFT, RIGHT), abs=1e-9)
    assert two_minima.value(LEFT) == pytest.approx(-3.51390503893479, abs=1e-9)
    assert two_minima.value(RIGHT) == pytest.approx(-1.0702301817761544, abs=1e-9)
    assert two_minima.derivative(TOP) == pytest.approx(0.0, abs=1e-9)
    assert two_minima.value(TOP) > max(two_minima.value(TOP + d) for d in (-1e-3, 1e-3))


@pytest.mark.parametrize(
    ("start", "end"), [(-1.5, LEFT), (0.1, LEFT), (0.17, RIGHT), (0.2, RIGHT), (1.5, RIGHT)]
)
def test_f4_82_where_descent_ends_depends_on_where_it_starts(start, end):
    path = gradient_descent(two_minima.derivative, start, 0.01, 1000)
    assert float(path[-1]) == pytest.approx(end, abs=1e-9)


def test_f4_83_a_minimum_without_a_zero_gradient():
    assert central_difference(absolute_value.value, 0.0) == 0.0
    assert forward_difference(absolute_value.value, 0.0) == 1.0


# --- 4.4 the 2×3 softmax net --------------------------------------------------------------------

X, LABEL = np.array([0.6, 0.9]), np.array([0, 0, 1])
BOOK_W = np.array([[0.47355232, 0.9977393, 0.84668094], [0.85557411, 0.03563661, 0.69422093]])
NETS = {
    "F4.90": {
        "W": BOOK_W,
        "z": [1.054148091, 0.630716529, 1.132807401],
        "y": [0.3654127111314497, 0.23927077686987236, 0.395316511998678],
        "loss": 0.9280685387482351,
        "source loss": 0.9280682857864075,
        "dW": [
            [0.2192476266788698, 0.14356246612192342, -0.3628100928007932],
            [0.3288714400183047, 0.21534369918288512, -0.5442151392011898],
        ],
        "source dW": [
            [0.21924757121759647, 0.1435624298061042, -0.36281000102370065],
            [0.32887135682639473, 0.2153436447091563, -0.544215001535551],
        ],
        "measured dW": [
            [0.2192475712392561, 0.14356242984070455, -0.3628100010055757],
            [0.3288713569016277, 0.21534364482433954, -0.5442150014745017],
        ],
        "measured error": 1.15e-10,
    },
    "F4.91": {
        "W": [
            [1.764052345967664, 0.4001572083672233, 0.9787379841057392],
            [2.240893199201458, 1.8675579901499675, -0.977277879876411],
        ],
        "z": [3.0752352868619104, 1.9208965161553049, -0.29230730142532646],
        "y": [0.7408833295932485, 0.2335752727158554, 0.02554139769089607],
        "loss": 3.6674547043114654,
        "source loss": 3.6674507891066104,
        "dW": [
            [0.4445299977559491, 0.14014516362951324, -0.5846751613854624],
            [0.6667949966339237, 0.21021774544426985, -0.8770127420781936],
        ],
        "source dW": [
            [0.4445282573333509, 0.14014461493356234, -0.5846728722669131],
            [0.6667923860000263, 0.21021692240034354, -0.8770093084003697],
        ],
        "measured dW": [
            [0.4445282573017906, 0.14014461496847375, -0.5846728722569416],
            [0.6667923858905134, 0.21021692251599333, -0.8770093083709796],
        ],
        "measured error": 1.16e-10,
    },
    "F4.92": {
        "W": [
            [0.4967141530112327, -0.13826430117118466, 0.6476885381006925],
            [1.5230298564080254, -0.23415337472333597, -0.23413695694918055],
        ],
        "z": [1.6687553625739624, -0.29369661795371316, 0.177889861606153],
        "y": [0.7322299819872293, 0.10288816967967088, 0.16488184833309974],
        "loss": 1.8025261322911286,
        "source loss": 1.8025255257964132,
        "dW": [
            [0.4393379891923376, 0.061732901807802526, -0.5010708910001401],
            [0.6590069837885064, 0.09259935271170379, -0.7516063365002102],
        ],
        "source dW": [
            [0.4393377227362497, 0.06173286436713517, -0.5010705871033849],
            [0.6590065841043746, 0.09259929655070276, -0.7516058806550774],
        ],
        "measured dW": [
            [0.43933772270299265, 0.06173286439259407, -0.5010705870700516],
            [0.6590065839939818, 0.09259929663940625, -0.7516058805445702],
        ],
        "measured error": 1.11e-10,
    },
    "F4.93": {
        "W": [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]],
        "z": [0.42000000000000004, 0.5700000000000001, 0.72],
        "y": [0.2847629293549305, 0.3308473223841733, 0.3843897482608961],
        "loss": 0.9560982716982017,
        "source loss": 0.9560980115456158,
        "dW": [
            [0.17085775761295832, 0.19850839343050397, -0.3693661510434623],
            [0.2562866364194375, 0.29776259014575596, -0.5540492265651935],
        ],
        "source dW": [
            [0.17085771316387663, 0.1985083417880388, -0.3693660549519155],
            [0.256286569745815, 0.2977625126820582, -0.5540490824278732],
        ],
        "measured dW": [
            [0.17085771319480525, 0.19850834181545096, -0.3693660549325406],
            [0.25628656985188236, 0.29776251277258137, -0.5540490823607858],
        ],
        "measured error": 1.06e-10,
    },
}
nets = pytest.mark.parametrize("net", NETS.values(), ids=NETS)


@nets
def test_b_logits_and_probabilities(net):
    z = X @ np.array(net["W"])
    np.testing.assert_allclose(z, net["z"], rtol=T0, atol=T0)
    np.testing.assert_allclose(softmax(z), net["y"], rtol=T0, atol=T0)
    assert np.argmax(softmax(z)) == np.argmax(net["y"])


@nets
def test_c_the_loss_with_and_without_the_sources_1e_7(net):
    z = X @ np.array(net["W"])
    assert cross_entropy(z, LABEL) == exactly(net["loss"])
    assert -float(log_softmax(z)[2]) == exactly(net["loss"])
    assert source_loss(np.array(net["W"]), X, LABEL) == exactly(net["source loss"])


@nets
def test_d_e_gradients_by_formula(net):
    z = X @ np.array(net["W"])
    dW = np.outer(X, cross_entropy.gradient(z, LABEL))
    np.testing.assert_allclose(dW, net["dW"], rtol=T0, atol=T0)
    y_t = softmax(z)[2]
    np.testing.assert_allclose(dW * y_t / (y_t + 1e-7), net["source dW"], rtol=T0, atol=T0)


@nets
def test_f_gradients_by_differences(net):
    W = np.array(net["W"])
    ours = numerical_gradient(lambda W: source_loss(W, X, LABEL), W, 1e-4)
    np.testing.assert_allclose(ours, net["measured dW"], rtol=0, atol=1e-9)
    error = np.max(np.abs(ours - net["source dW"]))
    assert error == relatively(net["measured error"], 0.1)


@pytest.mark.parametrize(("fact", "seed"), [("F4.91", 0), ("F4.92", 42)])
def test_a_the_seeds_that_give_the_weights(fact, seed):
    np.testing.assert_array_equal(np.random.RandomState(seed).randn(2, 3), NETS[fact]["W"])


def test_f4_90a_the_book_prints_the_version_without_1e_7():
    z = X @ BOOK_W
    assert z == pytest.approx([1.05414809, 0.63071653, 1.1328074], abs=3e-9)
    assert cross_entropy(z, LABEL) == pytest.approx(0.92806853663411326, abs=3e-9)
    printed = [[0.21924763, 0.14356247, -0.36281009], [0.32887144, 0.2153437, -0.54421514]]
    dW = np.outer(X, cross_entropy.gradient(z, LABEL))
    np.testing.assert_allclose(dW, printed, atol=5e-9)
    assert source_loss(BOOK_W, X, LABEL) != pytest.approx(0.92806853663411326, abs=1e-7)


@nets
def test_f4_94_rows_sum_to_zero_and_the_second_is_one_and_a_half_times_the_first(net):
    dW = np.outer(X, cross_entropy.gradient(X @ np.array(net["W"]), LABEL))
    np.testing.assert_allclose(dW.sum(axis=1), [0.0, 0.0], atol=T0)
    np.testing.assert_allclose(dW[1], 1.5 * dW[0], rtol=T0)


@pytest.mark.parametrize(
    ("rate", "steps", "loss"),
    [
        (0.1, 1, 0.8643777693864603),
        (0.1, 100, 0.0632101691661116),
        (1.0, 100, 0.005697200906396582),
    ],
)
def test_f4_94_descent_of_the_books_net(rate, steps, loss):
    def gradient(W):
        return np.outer(X, cross_entropy.gradient(X @ W, LABEL))

    W = gradient_descent(gradient, BOOK_W, rate, steps)[-1]
    assert cross_entropy(X @ W, LABEL) == pytest.approx(loss, abs=1e-10)


@pytest.mark.parametrize(
    ("z", "y"),
    [
        ([0.3, 2.9, 4.0], [0.01821127329554753, 0.24519181293507392, 0.7365969137693786]),
        (
            [1010.0, 1000.0, 990.0],
            [0.999954600070331, 4.539786860886666e-05, 2.061060046209062e-09],
        ),
        ([1.0, 2.0, 3.0], [0.09003057317038046, 0.24472847105479764, 0.6652409557748218]),
    ],
)
def test_f4_95_softmax(z, y):
    np.testing.assert_allclose(softmax(z), y, rtol=T0, atol=T0)


def test_f4_95_without_the_shift_large_logits_give_nan():
    with np.errstate(all="ignore"):
        e = np.exp(np.array([1010.0, 1000.0, 990.0]))
        assert np.isnan(e / e.sum()).any()


@pytest.mark.parametrize(
    ("y_t", "theirs", "truth"),
    [
        (0.6, 0.510825457099338, 0.5108256237659907),
        (0.1, 2.302584092994546, 2.3025850929940455),
        (1.0, -9.999999505838704e-08, 0.0),
        (0.0, 16.11809565095832, math.inf),
    ],
)
def test_f4_96_the_1e_7_makes_losses_negative_and_caps_them(y_t, theirs, truth):
    assert -math.log(y_t + 1e-7) == exactly(theirs)
    assert (-math.log(y_t) if y_t else math.inf) == exactly(truth)


@pytest.mark.parametrize(
    ("y_t", "bias"),
    [
        (0.5, 1.999999799107144e-07),
        (1e-3, 9.999500033330833e-05),
        (1e-5, 0.009950330853168765),
        (1e-7, 0.6931471805599454),
    ],
)
def test_f4_97_the_bias_of_the_sources_loss(y_t, bias):
    z = np.array([math.log(y_t), math.log1p(-y_t)])
    truth = cross_entropy(z, [1, 0])
    assert truth - -math.log(y_t + 1e-7) == relatively(bias, 1e-6)
    assert math.log(2) == relatively(0.6931471805599454, 1e-6)


@pytest.mark.parametrize(
    ("logit", "factor", "true_slope", "source_slope"),
    [
        (-10.0, 0.9956139292073035, -0.99998, -0.9955913293190919),
        (-20.0, 0.010200642643995879, -1.0, -0.010200642633483333),
        (-40.0, 2.1241771276006732e-11, -1.0, -2.1241771276006732e-11),
    ],
)
def test_f4_98_a_confidently_wrong_sample_stops_learning(logit, factor, true_slope, source_slope):
    z = np.array([0.0, 0.0, logit])
    y_t = float(softmax(z)[2])
    slope = float(cross_entropy.gradient(z, LABEL)[2])
    assert y_t / (y_t + 1e-7) == relatively(factor, 1e-6)
    assert slope == pytest.approx(true_slope, abs=5e-6)
    assert slope * factor == relatively(source_slope, 1e-6)


def test_f4_99_a_callback_that_ignores_its_argument_gives_zeros():
    W = BOOK_W.copy()
    ours = numerical_gradient(lambda ignored: cross_entropy(X @ W, LABEL), W)
    np.testing.assert_array_equal(ours, np.zeros((2, 3)))


@pytest.mark.parametrize(
    ("net", "parameters", "calls"),
    [("2x3", 6, 12), ("2-3-2 without biases", 12, 24), ("784-50-10", 39760, 79520)],
)
def test_f4_100_two_values_for_each_parameter(net, parameters, calls):
    count = 0

    def counted(x):
        nonlocal count
        count += 1
        return 0.0

    numerical_gradient(counted, np.zeros(parameters))
    assert count == calls
    assert 784 * 50 + 50 + 50 * 10 + 10 == 39760
    assert 2 * 3 + 3 * 2 == 12


def test_f4_101_soft_labels_are_kept_here_and_hardened_there():
    y, t = np.array([0.2, 0.3, 0.5]), np.array([0.1, 0.2, 0.7])
    assert -math.log(y[np.argmax(t)] + 1e-7) == exactly(0.6931469805599654)
    assert cross_entropy(np.log(y), t) == exactly(0.886941378500559)
    column, labels = np.ones((4, 1)), np.zeros(4, dtype=int)
    assert column.size == labels.size  # so the source takes the labels for one-hot rows
    with pytest.raises(np.exceptions.AxisError):
        labels.argmax(axis=1)
    assert cross_entropy(column, labels) == 0.0


def test_a_descent_that_overflows_is_stopped_instead_of_frozen():
    with pytest.raises(DivergenceError, match="smaller learning rate"):
        gradient_descent(bowl.gradient, START, 10.0, 1000)
