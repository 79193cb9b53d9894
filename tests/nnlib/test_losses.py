import autograd
import numpy as np
import pytest
import scipy.special
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nnlib.losses import (
    LOSSES,
    PENALTIES,
    cross_entropy,
    half_squared_error,
    loss_gradient,
    loss_named,
    mean_squared_error,
    penalty,
    penalty_gradient,
)
from tests.nnlib.network_oracles import LOSS

bounded = settings(max_examples=30, deadline=None)
each_loss = pytest.mark.parametrize("row", LOSSES.values(), ids=lambda row: row.name)
numbers = st.floats(-20, 20)


def targets_for(row, y):
    """Targets that the loss takes, made from the outputs so that they need no second draw."""
    if row.targets == "numbers":
        return np.cos(7 * y)
    weights = 1.1 + np.sin(7 * y)
    return weights / weights.sum(axis=-1, keepdims=True)


outputs = st.tuples(st.integers(1, 5), st.integers(1, 4)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=numbers)
)


def test_every_loss_has_an_independent_formula():
    assert LOSS.keys() == LOSSES.keys()


@each_loss
@bounded
@given(y=outputs)
def test_loss_is_the_mean_of_the_plain_formula_over_the_rows(row, y):
    t = targets_for(row, y)
    assert row(y, t) == pytest.approx(np.mean(LOSS[row.name](y, t)), rel=1e-9, abs=1e-9)


@each_loss
@bounded
@given(y=outputs)
def test_gradient_is_that_of_autograd(row, y):
    t = targets_for(row, y)
    expected = autograd.grad(lambda y: autograd.numpy.mean(LOSS[row.name](y, t)))(y)
    np.testing.assert_allclose(row.gradient(y, t), expected, rtol=1e-9, atol=1e-9)


@each_loss
@bounded
@given(y=outputs)
def test_gradient_is_the_complex_step(row, y):
    t = targets_for(row, y)
    expected = np.empty_like(y)
    for index in np.ndindex(y.shape):
        moved = y.astype(complex)
        moved[index] += 1e-20j
        expected[index] = np.mean(LOSS[row.name](moved, t)).imag / 1e-20
    np.testing.assert_allclose(row.gradient(y, t), expected, rtol=1e-9, atol=1e-9)


@each_loss
@bounded
@given(y=outputs)
def test_twice_the_same_samples_are_no_new_information(row, y):
    t = targets_for(row, y)
    assert row(np.tile(y, (2, 1)), np.tile(t, (2, 1))) == pytest.approx(row(y, t), rel=1e-12)


@each_loss
@bounded
@given(y=outputs)
def test_loss_is_least_where_its_gradient_vanishes(row, y):
    t = targets_for(row, y)
    best = t if row.targets == "numbers" else np.log(t)
    np.testing.assert_allclose(row.gradient(best, t), 0, atol=1e-12)
    assert row(best, t) <= row(y, t) + 1e-12


@each_loss
def test_a_single_sample_may_have_one_axis(row):
    y, t = np.array([0.5, -1.0]), np.array([0.25, 0.75])
    assert row(y, t) == row(y[None], t[None])
    np.testing.assert_array_equal(row.gradient(y, t), row.gradient(y[None], t[None])[0])


@each_loss
def test_far_out_nothing_overflows(row):
    y, t = [[1000.0, -1000.0]], [[0.0, 1.0]]
    with np.errstate(all="raise", under="ignore"):
        assert np.isfinite(row(y, t))
        assert np.isfinite(row.gradient(y, t)).all()


@each_loss
def test_arguments_are_not_changed_and_integers_are_welcome(row):
    y, t = np.array([[3, 4]]), np.array([[0, 1]])
    row(y, t), row.gradient(y, t)
    assert (y.tolist(), t.tolist()) == ([[3, 4]], [[0, 1]])
    assert row.gradient(y, t).dtype == np.float64


@each_loss
def test_shapes_that_differ_are_named(row):
    with pytest.raises(ValueError, match=r"`targets` has shape \(2, 1\), but `outputs` has shape"):
        row(np.zeros((2, 3)), np.zeros((2, 1)))
    with pytest.raises(ValueError, match=r"`outputs` must have shape \(n, k\)"):
        row(np.zeros((1, 2, 3)), np.zeros((1, 2, 3)))


@each_loss
def test_what_is_not_finite_is_named_with_its_index(row):
    with pytest.raises(ValueError, match=r"`outputs`\[0, 1\] is inf"):
        row([[0.0, np.inf]], [[0.0, 1.0]])


def test_mean_squared_error_is_twice_the_half_squared_error():
    y, t = np.array([[1.0, 2.0], [5.0, 1.0]]), np.ones((2, 2))
    assert mean_squared_error(y, t) == 2 * half_squared_error(y, t)


def test_labels_stand_for_rows_of_zeros_and_a_one():
    y = np.array([[0.1, 0.2, 0.7], [3.0, -1.0, 0.0]])
    assert cross_entropy(y, [2, 0]) == cross_entropy(y, np.eye(3)[[2, 0]])
    expected = -scipy.special.log_softmax(y, axis=1)[[0, 1], [2, 0]].mean()
    assert cross_entropy(y, [2, 0]) == pytest.approx(expected, rel=1e-12)
    assert cross_entropy(y[0], 2) == cross_entropy(y[:1], [2])


def test_soft_targets_are_not_hardened():
    y, soft = np.array([[2.0, 0.0]]), np.array([[0.6, 0.4]])
    assert cross_entropy(y, soft) != cross_entropy(y, [0])


def test_one_column_of_logits_costs_nothing():
    assert cross_entropy([[5.0], [-3.0]], [[1.0], [1.0]]) == 0


@pytest.mark.parametrize(
    ("targets", "error", "words"),
    [
        ([[0.5, 0.4]], ValueError, "row 0 is"),
        ([[1.5, -0.5]], ValueError, "must be probabilities"),
        ([2], ValueError, "must lie between 0 and 1, but they go from 2 to 2"),
        ([0.0], TypeError, "must be labels"),
    ],
)
def test_targets_that_are_no_probabilities_are_refused(targets, error, words):
    with pytest.raises(error, match=words):
        cross_entropy([[1.0, 2.0]], targets)


def test_an_unknown_loss_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match="`loss` must be one of half squared error, mean squared"):
        loss_named("hinge")


# --- the gradient by the weights ------------------------------------------------------------------


def plain_loss(W, x, t):
    """The mean cross-entropy of x·W in autograd's own words."""
    z = autograd.numpy.dot(x, W)
    log_sum = autograd.numpy.log(autograd.numpy.sum(autograd.numpy.exp(z), axis=-1))
    return autograd.numpy.mean(log_sum - autograd.numpy.sum(t * z, axis=-1))


@bounded
@given(seed=st.integers(0, 2**32), n=st.integers(0, 5), m=st.integers(1, 4), k=st.integers(1, 4))
def test_the_weight_gradient_is_that_of_autograd_for_one_sample_and_for_a_batch(seed, n, m, k):
    rng = np.random.default_rng(seed)
    rows = (n,) if n else ()  # with 0, a single sample without the axis of the batch
    W, x = rng.normal(size=(m, k)), rng.normal(size=(*rows, m))
    t = rng.dirichlet(np.ones(k), size=rows)
    expected = autograd.grad(plain_loss)(W, x, t)
    np.testing.assert_allclose(loss_gradient(W, x, t), expected, rtol=1e-10, atol=1e-12)


def test_the_weight_gradient_of_s4s_network_has_fact_f4_90():
    W = [[0.47355232, 0.9977393, 0.84668094], [0.85557411, 0.03563661, 0.69422093]]
    expected = [
        [0.2192476266788698, 0.14356246612192342, -0.3628100928007932],
        [0.3288714400183047, 0.21534369918288512, -0.5442151392011898],
    ]
    np.testing.assert_allclose(loss_gradient(W, [0.6, 0.9], [0, 0, 1]), expected, rtol=1e-12)
    np.testing.assert_allclose(loss_gradient(W, [[0.6, 0.9]], [2]), expected, rtol=1e-12)


def test_a_weight_gradient_is_the_mean_of_those_of_the_samples():
    rng = np.random.default_rng(1)
    W, x, t = rng.normal(size=(3, 2)), rng.normal(size=(4, 3)), [1, 0, 0, 1]
    one_by_one = [loss_gradient(W, row, label) for row, label in zip(x, t, strict=True)]
    np.testing.assert_allclose(loss_gradient(W, x, t), np.mean(one_by_one, axis=0), rtol=1e-12)


def test_weights_far_out_have_a_gradient_and_nothing_is_changed():
    W, x, t = np.array([[1000, -1000]]), np.array([[1], [-1]]), np.array([[0, 1], [0, 1]])
    with np.errstate(all="raise", under="ignore"):
        gradient = loss_gradient(W, x, t)
    np.testing.assert_array_equal(gradient, [[0.5, -0.5]])
    assert (W.tolist(), x.tolist(), t.tolist()) == ([[1000, -1000]], [[1], [-1]], [[0, 1]] * 2)


def test_inputs_that_do_not_go_with_the_weights_are_named():
    with pytest.raises(ValueError, match=r"`x` must have shape \(n, 2\), or \(2,\), to go with"):
        loss_gradient(np.ones((2, 3)), np.ones(3), [0, 0, 1])


# --- penalties ----------------------------------------------------------------------------------

WEIGHTS = [np.array([[3.0, -4.0]]), np.array([[0.5], [-0.25]])]


def test_penalties_are_the_sums_that_their_names_say():
    flat = np.concatenate([W.ravel() for W in WEIGHTS])
    assert penalty(WEIGHTS, l1=0.3) == pytest.approx(0.3 * np.abs(flat).sum(), rel=1e-12)
    assert penalty(WEIGHTS, l2=0.3) == pytest.approx(0.3 * (flat**2).sum() / 2, rel=1e-12)
    assert penalty(WEIGHTS) == 0


@pytest.mark.parametrize("name", PENALTIES)
@bounded
@given(W=arrays(np.float64, (2, 3), elements=st.floats(0.01, 20).map(lambda w: w - 10.001)))
def test_penalty_gradients_are_those_of_autograd(name, W):
    plain = {
        "l1": lambda W: autograd.numpy.sum(autograd.numpy.abs(W)),
        "l2": lambda W: (W**2).sum() / 2,
    }
    expected = autograd.grad(lambda W: 0.7 * plain[name](W))(W)
    (gradient,) = penalty_gradient([W], **{name: 0.7})
    np.testing.assert_allclose(gradient, expected, rtol=1e-12)


def test_penalties_add_up():
    both = penalty_gradient(WEIGHTS, l1=1, l2=2)
    one, other = penalty_gradient(WEIGHTS, l1=1), penalty_gradient(WEIGHTS, l2=2)
    for a, b, c in zip(both, one, other, strict=True):
        np.testing.assert_array_equal(a, b + c)


@pytest.mark.parametrize("name", ["l1", "l2"])
def test_a_negative_strength_is_refused(name):
    with pytest.raises(ValueError, match=f"`{name}` must be zero or more, but it is -1"):
        penalty(WEIGHTS, **{name: -1.0})
