"""Differences against derivatives that other programs and other methods compute."""

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import elementwise_grad
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.optimize._numdiff import approx_derivative

from nnlib.differentiation import (
    best_step,
    central_difference,
    complex_step,
    error_curve,
    forward_difference,
    numerical_gradient,
    partial_derivative,
    step_size,
)
from nnlib.landscapes import CURVES

SMOOTH = {name: curve for name, curve in CURVES.items() if name != "absolute_value"}
numbers = st.floats(-3, 3)
vectors = hnp.arrays(np.float64, st.integers(1, 5), elements=numbers)
bounded = settings(max_examples=50, deadline=None)

#: Each rule with its order: the error of one step h is about a constant times h to this power.
RULES = {"forward": (forward_difference, 1), "central": (central_difference, 2)}


def wavy(x):
    return np.sum(np.sin(x) * np.exp(x / 3)) + np.prod(x) ** 2


@pytest.mark.parametrize("curve", SMOOTH.values(), ids=SMOOTH)
@bounded
@given(x=numbers)
def test_the_complex_step_gives_the_derivative_to_the_last_digits(curve, x):
    assert complex_step(curve.value, x) == pytest.approx(curve.derivative(x), rel=1e-13, abs=1e-13)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("curve", SMOOTH.values(), ids=SMOOTH)
@bounded
@given(x=numbers)
def test_every_difference_comes_near_the_derivative(curve, rule, x):
    difference, order = RULES[rule]
    h = step_size(rule, x)
    scale = 1 + 40 * max(1.0, abs(curve.value(abs(x) + 1)))
    assert abs(difference(curve.value, x, h) - curve.derivative(x)) < scale * h**order * 3


@pytest.mark.parametrize("rule", RULES)
def test_a_tenth_of_the_step_takes_the_error_to_the_power_of_the_order(rule):
    difference, order = RULES[rule]
    coarse, fine = error_curve(np.exp, np.exp, 1.0, [1e-2, 1e-3], difference)
    assert coarse / fine == pytest.approx(10**order, rel=0.02)


@bounded
@given(x=numbers, a=numbers, b=numbers)
def test_differences_are_linear_in_the_function(x, a, b):
    together = central_difference(lambda t: a * np.sin(t) + b * np.exp(t), x)
    apart = a * central_difference(np.sin, x) + b * central_difference(np.exp, x)
    assert together == pytest.approx(apart, abs=1e-8)


@bounded
@given(x=numbers)
def test_the_central_difference_of_an_even_function_is_odd(x):
    assert central_difference(np.cos, -x) == -central_difference(np.cos, x)


@bounded
@given(x=vectors)
def test_a_gradient_agrees_with_scipy_and_with_the_partial_derivatives(x):
    ours = numerical_gradient(wavy, x)
    theirs = approx_derivative(wavy, x, method="3-point")
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5 * (1 + np.abs(ours).max()))
    each = [partial_derivative(wavy, x, i) for i in range(len(x))]
    np.testing.assert_array_equal(ours, each)


def test_a_gradient_agrees_with_reverse_mode_differentiation():
    x = np.random.default_rng(1).normal(size=(3, 4))
    exact = elementwise_grad(lambda x: anp.sum(anp.tanh(x) * anp.exp(-(x**2))))(x)
    ours = numerical_gradient(lambda x: np.sum(np.tanh(x) * np.exp(-(x**2))), x)
    np.testing.assert_allclose(ours, exact, atol=1e-9)


@pytest.mark.parametrize("dtype", [np.int64, np.float16, np.float32, np.float64, bool])
@pytest.mark.parametrize("shape", [(3,), (2, 3), (1, 1, 4), ()])
def test_a_gradient_has_the_shape_of_x_in_float64_and_leaves_x_alone(dtype, shape):
    x = np.ones(shape, dtype=dtype)
    before = x.copy()
    gradient = numerical_gradient(lambda x: np.sum(x**2), x)
    assert gradient.dtype == np.float64
    assert gradient.shape == shape
    np.testing.assert_allclose(gradient, np.full(shape, 2.0), atol=1e-9)
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("rule", [*RULES, "complex"])
def test_arrays_are_differentiated_elementwise_and_numbers_give_floats(rule):
    difference = complex_step if rule == "complex" else RULES[rule][0]
    x = np.linspace(-1, 1, 6).reshape(2, 3)
    np.testing.assert_allclose(difference(np.sin, x), np.cos(x), atol=1e-7)
    assert isinstance(difference(np.sin, 1), float)


def test_a_function_that_changes_its_argument_fails_at_once():
    def vandal(x):
        x[0] = 7.0
        return 0.0

    with pytest.raises(ValueError, match="read-only"):
        numerical_gradient(vandal, [1.0, 2.0])


@pytest.mark.parametrize("method", RULES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_step_is_the_epsilon_of_the_type_to_the_power_of_the_method(method, dtype):
    eps = float(np.finfo(dtype).eps)
    assert step_size(method, dtype=dtype) == eps ** {"forward": 1 / 2, "central": 1 / 3}[method]
    assert step_size(method, x=-1000.0, dtype=dtype) == 1000 * step_size(method, dtype=dtype)


def test_the_best_step_is_the_first_of_the_best():
    steps = [1e-1, 1e-5, 1e-12]
    assert best_step(np.sin, np.cos, 1.0, steps) == 1e-5
    assert best_step(lambda x: 0 * x, lambda x: 0.0, 1.0, steps) == 1e-1


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: central_difference(np.sin, 1.0, h=0), ValueError, "`h` must be greater"),
        (lambda: central_difference(np.sin, 1e20), ValueError, "`h` = 1e-05 is lost"),
        (lambda: forward_difference(np.sin, 1.0, 1e-50), ValueError, "is lost"),
        (lambda: central_difference(np.sin, [1.0, np.nan]), ValueError, r"`x`\[1\] is nan"),
        (lambda: central_difference(np.sin, "one"), TypeError, "`x` must hold real numbers"),
        (lambda: central_difference(lambda x: 1j, 1.0), TypeError, "`f` must return real"),
        (lambda: numerical_gradient(lambda x: x, [1.0, 2.0]), ValueError, "one number"),
        (lambda: partial_derivative(np.sum, [1.0, 2.0], 2), IndexError, "no coordinate"),
        (lambda: partial_derivative(np.sum, np.ones((2, 2)), 0), IndexError, "name one"),
        (lambda: complex_step(lambda x: x.real, 1.0), TypeError, "returned a real number"),
        (lambda: step_size("sideways"), ValueError, "forward, central"),
        (lambda: step_size(dtype=np.int64), ValueError, "floating type"),
        (lambda: best_step(np.sin, np.cos, 1.0, []), ValueError, "`steps` is empty"),
    ],
)
def test_errors_name_the_argument_and_what_is_wanted(call, error, words):
    with pytest.raises(error, match=words):
        call()
