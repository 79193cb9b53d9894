"""What a gradient says about directions, and that wrong gradients do not get by."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nnlib.differentiation import central_difference
from nnlib.gradients import (
    TOLERANCE,
    angle_between,
    directional_derivative,
    gradient_check,
    gradient_error,
    relative_error,
)
from nnlib.landscapes import LANDSCAPES, bowl, stretched_bowl, valley

numbers = st.floats(-3, 3)
pairs = hnp.arrays(np.float64, 2, elements=numbers)
bounded = settings(max_examples=50, deadline=None)
landscapes = pytest.mark.parametrize("land", LANDSCAPES.values(), ids=LANDSCAPES)

#: Wrong gradients that students write, and the index at which each is wrong at (1.5, -0.5).
WRONG = {
    "the sign is turned": lambda g, x: -g(x),
    "a factor two is lost": lambda g, x: g(x) / 2,
    "one part is forgotten": lambda g, x: g(x) * [1, 0],
    "the parts are swapped": lambda g, x: g(x)[::-1],
    "a constant is added": lambda g, x: g(x) + 1e-3,
    "the last digits are off": lambda g, x: g(x) * (1 + 1e-5),
}


@landscapes
@bounded
@given(x=pairs, u=pairs)
def test_the_directional_derivative_is_the_slope_along_the_direction(land, x, u):
    assume(np.linalg.norm(u) > 1e-3)
    unit = u / np.linalg.norm(u)
    measured = central_difference(lambda t: land.value(x + t * unit), 0.0)
    scale = 1 + abs(land.value(x)) + np.linalg.norm(land.gradient(x))
    assert directional_derivative(land.gradient, x, u) == pytest.approx(measured, abs=1e-6 * scale)


@bounded
@given(x=pairs, u=pairs, length=st.floats(1e-3, 1e3))
def test_only_the_direction_counts_and_turning_round_turns_the_sign(x, u, length):
    assume(np.linalg.norm(u) > 1e-3)
    slope = directional_derivative(bowl.gradient, x, u)
    assert directional_derivative(bowl.gradient, x, length * u) == pytest.approx(slope, abs=1e-12)
    assert directional_derivative(bowl.gradient, x, -u) == -slope


@bounded
@given(x=pairs, u=pairs)
def test_no_direction_is_steeper_than_the_gradient(x, u):
    assume(np.linalg.norm(u) > 1e-3)
    assume(np.linalg.norm(x) > 1e-3)
    steepest = directional_derivative(bowl.gradient, x, bowl.gradient(x))
    assert steepest == pytest.approx(np.linalg.norm(bowl.gradient(x)))
    assert abs(directional_derivative(bowl.gradient, x, u)) <= steepest * (1 + 1e-12)


@pytest.mark.parametrize("size", [5e-324, 1e-200, 1e200])
def test_a_direction_may_be_written_with_tiny_or_huge_numbers(size):
    slope = directional_derivative(bowl.gradient, [3, 4], [size, 0])
    assert slope == pytest.approx(6.0, rel=1e-15)


@landscapes
@bounded
@given(x=pairs, seed=st.integers(0, 2**32))
def test_a_right_gradient_is_found_right_everywhere(land, x, seed):
    error = gradient_error(land.value, land.gradient, x, np.random.default_rng(seed))
    assert error < TOLERANCE


@landscapes
def test_a_right_gradient_is_found_right_at_the_minima(land):
    for minimum in land.minima:
        report = gradient_check(land.value, land.gradient, minimum, np.random.default_rng(0))
        assert report.right


@landscapes
@pytest.mark.parametrize("slip", WRONG.values(), ids=WRONG)
def test_a_wrong_gradient_is_found_wrong(land, slip):
    x = np.array([1.5, -0.5])
    report = gradient_check(
        land.value, lambda x: slip(land.gradient, x), x, np.random.default_rng(0)
    )
    assert not report.right
    assert report.error > 2 * TOLERANCE
    assert str(report).startswith("wrong: relative error")


def test_one_wrong_number_among_ten_thousand_is_found_and_named():
    x = np.random.default_rng(0).normal(size=(100, 100))

    def gradient(x):
        g = 2 * x
        g[37, 4] *= 1.5
        return g

    report = gradient_check(lambda x: float(np.sum(x**2)), gradient, x, np.random.default_rng(1))
    assert not report.right
    assert report.worst == (37, 4)
    assert report.given / report.measured == pytest.approx(1.5, rel=1e-4)


@bounded
@given(a=numbers, b=numbers, scale=st.sampled_from([-1e6, -1.0, 1e-6, 7.0]))
def test_the_relative_error_is_symmetric_without_units_and_at_most_two(a, b, scale):
    assume(max(abs(a), abs(b)) > 1e-100 or a == b)
    assert relative_error(a, b) == relative_error(b, a)
    assert relative_error(scale * a, scale * b) == pytest.approx(relative_error(a, b))
    assert 0 <= relative_error(a, b) <= 2
    assert relative_error(a, a) == 0


def test_the_same_generator_state_gives_the_same_error():
    def error(seed):
        rng = np.random.default_rng(seed)
        return gradient_error(np.sum, lambda x: x, [1.0, 2.0], rng)

    assert error(5) == error(5) != error(6)


def test_neither_x_nor_u_is_changed_even_by_a_careless_gradient():
    x, u = np.array([3.0, 4.0]), np.array([1.0, 0.0])

    def careless(x):
        x *= 2
        return x

    def careless_value(x):
        x *= x
        return np.sum(x)

    assert directional_derivative(careless, x, u) == 6.0
    assert gradient_error(careless_value, careless, x, np.random.default_rng(0)) < 1e-9
    np.testing.assert_array_equal(x, [3.0, 4.0])
    np.testing.assert_array_equal(u, [1.0, 0.0])


RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: directional_derivative(bowl.gradient, [1, 2], [0, 0]), ValueError, "`u` is zero"),
        (lambda: directional_derivative(bowl.gradient, [1, 2], [1]), ValueError, r"`u` has shape"),
        (
            lambda: directional_derivative(lambda x: x[:1], [1, 2], [1, 1]),
            ValueError,
            r"`gradient\(x\)` has shape \(1,\)",
        ),
        (
            lambda: directional_derivative(lambda x: x * np.nan, [1, 2], [1, 1]),
            ValueError,
            r"`gradient\(x\)`\[0\] is nan",
        ),
        (lambda: gradient_error(np.sum, np.sign, [1.0], None), TypeError, "default_rng"),
        (lambda: gradient_error(np.sum, np.sign, [1.0], RNG, directions=0), ValueError, "at least"),
        (lambda: gradient_error(np.sum, np.sign, [1.0], RNG, h=-1.0), ValueError, "`h` must be"),
        (lambda: gradient_error(np.sign, np.sign, [1.0, 2.0], RNG), ValueError, "one number"),
        (lambda: gradient_check(np.sum, np.sign, [np.inf], RNG), ValueError, r"`x`\[0\] is inf"),
    ],
)
def test_errors_name_the_argument_and_what_is_wanted(call, error, words):
    with pytest.raises(error, match=words):
        call()


@pytest.mark.parametrize(
    ("land", "point", "expected"),
    [
        (valley(100), (1.0, 1.0), 44.427061302316524),
        (valley(100), (10.0, 1.0), 78.57881372500071),
        (stretched_bowl, (-7.0, 2.0), 64.12835859242544),
        (bowl, (-3.0, 4.0), 0.0),
    ],
)
def test_downhill_and_the_way_to_the_minimum_differ_by_the_angles_of_fact_f4_51(
    land, point, expected
):
    x = np.array(point)
    (minimum,) = land.minima
    angle = angle_between(-land.gradient(x), np.array(minimum) - x)
    assert angle == pytest.approx(expected, abs=1e-9)


@bounded
@given(degrees=st.floats(0, 180), size=st.floats(1e-6, 1e6))
def test_an_angle_is_found_again_whatever_the_lengths(degrees, size):
    turned = size * np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
    assert angle_between([2.0, 0.0], turned) == pytest.approx(degrees, abs=1e-9)


def test_a_tiny_angle_keeps_its_digits():
    assert angle_between([1, 0], [1, 1e-10]) == pytest.approx(np.degrees(1e-10), rel=1e-6)
    assert angle_between([1, 2], [-1, -2]) == 180


def test_a_vector_without_direction_has_no_angle():
    with pytest.raises(ValueError, match="`v` is zero"):
        angle_between([1, 0], [0, 0])
