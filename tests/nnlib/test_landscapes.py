"""Every curve and landscape through the same tests; a new row of the tables is tested at once."""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlib.differentiation import complex_step, numerical_gradient
from nnlib.landscapes import CURVES, LANDSCAPES, over_the_plane, rosenbrock, valley

numbers = st.floats(-3, 3)
bounded = settings(max_examples=40, deadline=None)
curves = pytest.mark.parametrize("curve", CURVES.values(), ids=CURVES)
landscapes = pytest.mark.parametrize("land", LANDSCAPES.values(), ids=LANDSCAPES)
WITH_HESSIAN = {name: land for name, land in LANDSCAPES.items() if land.hessian}


def points_of(land, count=200):
    left, right, bottom, top = land.window
    return np.random.default_rng(0).uniform((left, bottom), (right, top), (count, 2))


@curves
@bounded
@given(x=numbers)
def test_the_derivative_of_a_curve_is_its_derivative(curve, x):
    if curve is CURVES["absolute_value"]:
        assert curve.derivative(x) == np.sign(x)
    else:
        exact = complex_step(curve.value, x)
        assert curve.derivative(x) == pytest.approx(exact, rel=1e-13, abs=1e-13)


@curves
def test_the_minima_of_a_curve_are_lower_than_their_neighbours(curve):
    for minimum in curve.minima:
        assert abs(curve.derivative(minimum)) < 1e-12
        for step in (1e-3, -1e-3):
            assert curve.value(minimum + step) > curve.value(minimum)
    assert list(curve.minima) == sorted(curve.minima, key=curve.value)


@landscapes
def test_the_gradient_of_a_landscape_is_its_gradient(land):
    for x in points_of(land, 25):
        partial = [
            complex_step(lambda t, i=i, x=x: land.value(np.where(np.arange(2) == i, t, x)), x[i])
            for i in range(2)
        ]
        np.testing.assert_allclose(land.gradient(x), partial, rtol=1e-12, atol=1e-12)


@landscapes
def test_the_gradient_of_a_landscape_agrees_with_differences(land):
    for x in points_of(land, 5):
        np.testing.assert_allclose(
            land.gradient(x), numerical_gradient(land.value, x), rtol=1e-6, atol=1e-7
        )


@pytest.mark.parametrize("land", WITH_HESSIAN.values(), ids=WITH_HESSIAN)
def test_the_hessian_is_the_derivative_of_the_gradient(land):
    for x in points_of(land, 10):
        columns = [
            complex_step(lambda t, i=i, x=x: land.gradient(np.where(np.arange(2) == i, t, x)), x[i])
            for i in range(2)
        ]
        np.testing.assert_allclose(land.hessian(x), np.transpose(columns), rtol=1e-12, atol=1e-12)


@landscapes
def test_at_the_minima_the_gradient_is_zero_and_no_point_around_is_lower(land):
    around = np.random.default_rng(1).normal(size=(100, 2))
    for minimum in np.array(land.minima):
        np.testing.assert_allclose(land.gradient(minimum), 0, atol=1e-12)
        assert np.all(land.value(minimum + 0.01 * around) > land.value(minimum))
        if land.hessian:
            assert np.all(np.linalg.eigvalsh(land.hessian(minimum)) > 0)


@landscapes
def test_landscapes_take_whole_grids_of_points(land):
    grid = points_of(land, 12).reshape(3, 4, 2)
    before = grid.copy()
    values, gradients = land.value(grid), land.gradient(grid)
    assert values.shape == (3, 4)
    assert gradients.shape == grid.shape
    assert values[1, 2] == pytest.approx(land.value(grid[1, 2]), rel=1e-14)
    np.testing.assert_allclose(gradients[1, 2], land.gradient(grid[1, 2]), rtol=1e-14)
    if land.hessian:
        assert land.hessian(grid).shape == (3, 4, 2, 2)
    np.testing.assert_array_equal(grid, before)


@landscapes
def test_whole_numbers_are_points_too(land):
    np.testing.assert_array_equal(land.value(np.array([1, 2])), land.value(np.array([1.0, 2.0])))
    gradient = land.gradient(np.array([1, 2]))
    np.testing.assert_array_equal(gradient, land.gradient(np.array([1.0, 2.0])))


@landscapes
def test_the_window_shows_the_minima(land):
    left, right, bottom, top = land.window
    for x, y in land.minima:
        assert left < x < right
        assert bottom < y < top


def test_rosenbrock_agrees_with_scipys_and_with_reverse_mode_differentiation():
    from scipy.optimize import rosen, rosen_der, rosen_hess

    for x in points_of(rosenbrock, 20):
        assert rosenbrock.value(x) == pytest.approx(rosen(x), rel=1e-13)
        np.testing.assert_allclose(rosenbrock.gradient(x), rosen_der(x), rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(rosenbrock.hessian(x), rosen_hess(x), rtol=1e-12)


def test_beales_gradient_agrees_with_reverse_mode_differentiation():
    def beale(w):
        x, y = w[0], w[1]
        return sum((c - x * (1 - y**i)) ** 2 for i, c in ((1, 1.5), (2, 2.25), (3, 2.625)))

    for x in points_of(LANDSCAPES["beale"], 20):
        exact = autograd.grad(beale)(anp.array(x))
        np.testing.assert_allclose(LANDSCAPES["beale"].gradient(x), exact, rtol=1e-10, atol=1e-10)


@bounded
@given(condition=st.floats(1, 1e6))
def test_a_valley_has_the_condition_number_it_is_named_after(condition):
    hessian = valley(condition).hessian(np.zeros(2))
    assert np.linalg.cond(hessian) == pytest.approx(condition, rel=1e-12)


def test_the_saddle_falls_one_way_and_rises_the_other():
    curvatures = np.linalg.eigvalsh(LANDSCAPES["saddle"].hessian(np.zeros(2)))
    assert curvatures[0] < 0 < curvatures[1]


def test_the_plateau_is_flat_far_from_its_pit():
    plateau = LANDSCAPES["plateau"]
    assert np.linalg.norm(plateau.gradient(np.array([10.0, 0.0]))) < 0.002
    assert plateau.value(np.array([10.0, 0.0])) > 0.99


def test_points_of_another_size_are_refused():
    with pytest.raises(ValueError, match=r"2 numbers along the last axis.*\(3,\)"):
        rosenbrock.value([1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="`condition` must be at least 1"):
        valley(0.5)


def test_a_landscape_of_ones_own_works_like_the_others():
    plane = over_the_plane("xy", lambda x, y: x * y, lambda x, y: (y, x), window=(0, 1, 0, 1))
    np.testing.assert_array_equal(plane.gradient([2, 3]), [3.0, 2.0])
    assert plane.hessian is None
