import autograd
import numpy as np
import pytest
import scipy.special
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nnlib.activations import ACTIVATIONS, ALIASES, activation_named, log_softmax, softmax
from nnlib.differentiation import complex_step
from tests.nnlib.network_oracles import ACTIVATION

bounded = settings(max_examples=30, deadline=None)
each_activation = pytest.mark.parametrize("row", ACTIVATIONS.values(), ids=lambda row: row.name)
Z = np.concatenate([np.linspace(-12, 12, 48), [-0.001, 0.001]])
numbers = st.floats(-1e3, 1e3)
stacks = arrays(np.float64, array_shapes(max_dims=3, max_side=5), elements=numbers)


def test_every_activation_has_an_independent_formula():
    assert ACTIVATION.keys() == ACTIVATIONS.keys()


@each_activation
def test_value_is_that_of_the_plain_formula(row):
    np.testing.assert_allclose(row(Z), ACTIVATION[row.name](Z), rtol=1e-12, atol=1e-15)


@each_activation
def test_derivative_by_the_output_is_the_complex_step_of_the_plain_formula(row):
    expected = complex_step(ACTIVATION[row.name], Z)
    np.testing.assert_allclose(row.derivative(row.value(Z)), expected, rtol=1e-9, atol=2e-15)
    np.testing.assert_allclose(row.slope(Z), expected, rtol=1e-9, atol=2e-15)


@each_activation
def test_derivative_by_the_output_is_that_of_autograd(row):
    expected = autograd.elementwise_grad(ACTIVATION[row.name])(Z)
    np.testing.assert_allclose(row.slope(Z), expected, rtol=1e-6, atol=1e-12)


@each_activation
def test_value_takes_complex_arguments_for_the_complex_step(row):
    np.testing.assert_allclose(complex_step(row.value, Z), row.slope(Z), rtol=1e-9, atol=2e-15)


@each_activation
def test_outputs_lie_in_the_range_that_the_row_states_and_reach_towards_its_ends(row):
    low, high = row.range
    y = row(np.linspace(-1000, 1000, 2001))
    assert low <= y.min()
    assert y.max() <= high
    assert y.min() == pytest.approx(max(low, -1000), abs=1e-300)
    assert y.max() == min(high, 1000)


@each_activation
def test_far_out_nothing_overflows_and_nothing_is_lost(row):
    with np.errstate(all="raise", under="ignore"):
        y, slope = row([-1e308, -1000, 1000, 1e308]), row.slope([-1e308, -1000, 1000, 1e308])
    assert np.isfinite(y).all()
    assert np.isfinite(slope).all()


def test_logistic_keeps_its_relative_precision_in_the_far_tail():
    z = np.linspace(-700, 700, 1401)
    np.testing.assert_allclose(ACTIVATIONS["logistic"](z), scipy.special.expit(z), rtol=1e-12)


@each_activation
@bounded
@given(z=stacks)
def test_shape_and_dtype_are_kept_and_the_argument_too(row, z):
    before = z.copy()
    for result in (row(z), row.slope(z)):
        assert (result.shape, result.dtype) == (z.shape, np.float64)
        assert not np.shares_memory(result, z)
    np.testing.assert_array_equal(z, before)


@each_activation
@bounded
@given(a=numbers, b=numbers)
def test_activations_never_fall(row, a, b):
    assert row(min(a, b)) <= row(max(a, b))


@each_activation
@pytest.mark.parametrize("dtype", [np.int8, np.float16, np.float32, bool])
def test_any_real_dtype_is_computed_in_float64(row, dtype):
    z = np.array([0, 1], dtype=dtype)
    np.testing.assert_array_equal(row(z), row(z.astype(np.float64)))
    assert row(z).dtype == np.float64


@each_activation
def test_a_number_gives_a_float(row):
    assert type(row(1)) is float
    assert type(row.slope(1)) is float


@each_activation
def test_what_is_not_finite_is_named_with_its_index(row):
    with pytest.raises(ValueError, match=r"`z`\[1, 0\] is nan"):
        row([[0.0, 1.0], [np.nan, 2.0]])
    with pytest.raises(TypeError, match="complex128"):
        row.slope([1j])


def test_slope_at_the_corner_of_relu_is_zero():
    assert ACTIVATIONS["relu"].slope(0) == 0


@pytest.mark.parametrize(("alias", "name"), [("sigmoid", "logistic"), ("linear", "identity")])
def test_other_names_in_use_find_the_same_row(alias, name):
    assert activation_named(alias) is ALIASES[alias] is ACTIVATIONS[name]


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match=r"`activation` must be one of logistic.*linear, but"):
        activation_named("swish")


row_shapes = array_shapes(min_dims=1, max_dims=3, max_side=4)
rows_of_logits = arrays(np.float64, row_shapes, elements=numbers)


@bounded
@given(z=rows_of_logits)
def test_softmax_and_its_logarithm_are_scipys(z):
    np.testing.assert_allclose(
        softmax(z), scipy.special.softmax(z, axis=-1), rtol=1e-10, atol=1e-300
    )
    np.testing.assert_allclose(log_softmax(z), scipy.special.log_softmax(z, axis=-1), atol=1e-10)


@bounded
@given(z=rows_of_logits, shift=numbers)
def test_softmax_adds_up_to_one_and_does_not_notice_a_shift(z, shift):
    np.testing.assert_allclose(softmax(z).sum(axis=-1), 1, rtol=1e-12)
    np.testing.assert_allclose(softmax(z + shift), softmax(z), rtol=1e-9, atol=1e-12)


def test_log_softmax_is_exact_where_the_probability_itself_is_rounded_to_zero():
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_array_equal(log_softmax([1000.0, 0.0, -1000.0]), [0, -1000, -2000])


@pytest.mark.parametrize("z", [3.0, np.empty((2, 0))])
def test_softmax_wants_a_last_axis(z):
    with pytest.raises(ValueError, match="`z` must hold one number or more along its last axis"):
        softmax(z)
