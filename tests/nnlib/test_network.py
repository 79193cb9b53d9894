import itertools

import autograd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import check_grad
from scipy.optimize._numdiff import approx_derivative

from nnlib import network_differences
from nnlib.activations import ACTIVATIONS
from nnlib.differentiation import numerical_gradient
from nnlib.losses import LOSSES
from nnlib.network import (
    INITIALISATIONS,
    Network,
    accuracy,
    backward,
    deep_network,
    flatten,
    forward,
    he,
    layer_gradient_norms,
    loss_and_gradients,
    network_2_3_2,
    network_3_2_1,
    predict,
    unflatten,
    xavier,
)
from nnlib.network_differences import numerical_gradients
from tests.nnlib.network_oracles import ACTIVATION, network_loss

bounded = settings(max_examples=25, deadline=None)
each_activation = pytest.mark.parametrize("activation", ACTIVATIONS)
each_loss = pytest.mark.parametrize("loss", LOSSES)
with_and_without_biases = pytest.mark.parametrize("biases", [True, False], ids=["biases", "none"])


def make(activation="tanh", loss="half squared error", biases=True, sizes=(3, 4, 2), n=5, seed=0):
    """A network with biases away from 0, samples, and targets that the loss takes."""
    rng = np.random.default_rng(seed)
    network = deep_network(sizes, rng, activation=activation, biases=biases)
    network = unflatten(
        network, flatten(network) + 0.1 * rng.standard_normal(flatten(network).size)
    )
    X, T = rng.standard_normal((n, sizes[0])), rng.random((n, sizes[-1]))
    if LOSSES[loss].targets == "probabilities":
        T /= T.sum(axis=1, keepdims=True)
    return network, X, T


def plain_loss(network, X, T, loss, **penalties):
    """The same loss from the plain formulas, as a function of the vector of parameters."""
    shapes = [W.shape for W in network.weights]
    biases = network.biases is not None
    names = network.activations
    return lambda v: network_loss(v, shapes, biases, names, X, T, loss, **penalties)


def by_complex_step(f, vector):
    steps = 1e-20j * np.eye(vector.size)
    return np.array([f(vector + step).imag / 1e-20 for step in steps])


PENALTIES = {"l1": 0.03, "l2": 0.2}


# --- gradients against independent oracles ------------------------------------------------------


@with_and_without_biases
@each_loss
@each_activation
def test_gradients_are_those_of_autograd_and_of_the_complex_step(activation, loss, biases):
    network, X, T = make(activation, loss, biases)
    f = plain_loss(network, X, T, loss, **PENALTIES)
    value, gradients = loss_and_gradients(network, X, T, loss, **PENALTIES)
    assert value == pytest.approx(f(flatten(network)), rel=1e-12)
    expected = autograd.grad(f)(flatten(network))
    np.testing.assert_allclose(flatten(gradients), expected, rtol=1e-9, atol=1e-13)
    expected = by_complex_step(f, flatten(network))
    np.testing.assert_allclose(flatten(gradients), expected, rtol=1e-9, atol=1e-13)


@with_and_without_biases
@pytest.mark.parametrize("sizes", [(1, 1), (4, 3), (2, 3, 2), (3, 2, 4, 1), (2, 2, 2, 2, 2, 2)])
def test_gradients_are_those_of_autograd_at_every_depth(sizes, biases):
    network, X, T = make(sizes=sizes, biases=biases)
    _, gradients = loss_and_gradients(network, X, T)
    expected = autograd.grad(plain_loss(network, X, T, "half squared error"))(flatten(network))
    np.testing.assert_allclose(flatten(gradients), expected, rtol=1e-10, atol=1e-14)


@bounded
@given(
    sizes=st.lists(st.integers(1, 5), min_size=2, max_size=5),
    names=st.lists(st.sampled_from(sorted(ACTIVATIONS)), min_size=4, max_size=4),
    n=st.integers(1, 6),
    biases=st.booleans(),
    seed=st.integers(0, 2**16),
)
def test_gradients_are_those_of_autograd_for_any_mixture_of_layers(sizes, names, n, biases, seed):
    network, X, T = make(sizes=tuple(sizes), n=n, biases=biases, seed=seed)
    network = Network(network.weights, network.biases, names[: len(sizes) - 1])
    _, gradients = loss_and_gradients(network, X, T, **PENALTIES)
    f = plain_loss(network, X, T, "half squared error", **PENALTIES)
    expected = autograd.grad(f)(flatten(network))
    np.testing.assert_allclose(flatten(gradients), expected, rtol=1e-8, atol=1e-11)


def test_scipys_gradient_check_agrees():
    network, X, T = make()
    f = plain_loss(network, X, T, "half squared error")

    def gradient(vector):
        return flatten(loss_and_gradients(unflatten(network, vector), X, T)[1])

    assert check_grad(f, gradient, flatten(network)) < 1e-6


def test_deltas_are_the_derivatives_by_the_z():
    network, X, T = make(sizes=(2, 3, 2), n=4)
    passed = forward(network, X)
    _, gradients = loss_and_gradients(network, X, T)
    W, b = network.weights[1], network.biases[1]
    after = {
        0: lambda z: np.tanh(np.tanh(z) @ W + b),
        1: np.tanh,
    }
    for k, rest in after.items():

        def loss_of(z, rest=rest):
            return np.mean(np.sum((rest(z) - T) ** 2, axis=1)) / 2

        expected = numerical_gradient(loss_of, passed.z[k])
        np.testing.assert_allclose(gradients.deltas[k], expected, atol=1e-9)


# --- the batched numerical gradient -------------------------------------------------------------


@pytest.fixture(params=["copies of the network", "one layer at a time", "tiny batches"])
def way(request, monkeypatch):
    """Both ways of computing it, and the second one cut into many batches."""
    if request.param == "one layer at a time":
        monkeypatch.setattr(
            network_differences, "_slopes_of_copies", network_differences._slopes_by_layer
        )
    if request.param == "tiny batches":
        monkeypatch.setattr(network_differences, "BATCH", 1)


@pytest.mark.usefixtures("way")
@with_and_without_biases
@pytest.mark.parametrize("sizes", [(3, 2), (2, 3, 2), (3, 2, 4, 2), (9, 8, 3)])
@each_loss
def test_numerical_gradients_are_those_of_a_loop_over_the_coordinates(loss, sizes, biases):
    network, X, T = make(loss=loss, sizes=sizes, biases=biases)
    f = plain_loss(network, X, T, loss, **PENALTIES)
    slow = numerical_gradient(f, flatten(network))
    fast = numerical_gradients(network, X, T, loss, **PENALTIES)
    np.testing.assert_allclose(flatten(fast), slow, atol=2e-9)
    expected = by_complex_step(f, flatten(network))
    np.testing.assert_allclose(flatten(fast), expected, atol=2e-9)


@pytest.mark.usefixtures("way")
@each_activation
def test_numerical_gradients_check_the_backward_pass(activation):
    network, X, T = make(activation)
    _, exact = loss_and_gradients(network, X, T)
    numerical = numerical_gradients(network, X, T)
    np.testing.assert_allclose(flatten(numerical), flatten(exact), atol=1e-8)
    f = plain_loss(network, X, T, "half squared error")
    scipys = approx_derivative(f, flatten(network), method="3-point")
    np.testing.assert_allclose(flatten(numerical), scipys, atol=1e-7)


@pytest.mark.usefixtures("way")
def test_numerical_gradients_have_the_error_of_a_central_difference():
    network, X, T = make()
    _, exact = loss_and_gradients(network, X, T)
    errors = [
        np.abs(flatten(numerical_gradients(network, X, T, h=h)) - flatten(exact)).max()
        for h in (1e-1, 1e-2, 1e-3)
    ]
    assert 80 < errors[0] / errors[1] < 120  # like h², and not like h
    assert 80 < errors[1] / errors[2] < 120


@pytest.mark.usefixtures("way")
def test_numerical_gradients_have_the_shapes_of_the_network():
    network, X, T = make()
    gradients = numerical_gradients(network, X, T)
    assert [dW.shape for dW in gradients.weights] == [W.shape for W in network.weights]
    assert [db.shape for db in gradients.biases] == [b.shape for b in network.biases]
    assert gradients.deltas == ()


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("h", [0.0, -1e-5])
def test_a_step_that_is_none_is_refused(h):
    with pytest.raises(ValueError, match="`h` must be greater than zero"):
        numerical_gradients(*make(), h=h)


# --- forwards -----------------------------------------------------------------------------------


@with_and_without_biases
@each_activation
def test_forward_keeps_every_intermediate(activation, biases):
    network, X, _ = make(activation, biases=biases, sizes=(3, 4, 2, 2))
    passed, inputs = forward(network, X), X
    for k, W in enumerate(network.weights):
        z = inputs @ W + (network.biases[k] if biases else 0)
        np.testing.assert_allclose(passed.z[k], z, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(passed.outputs[k], ACTIVATION[activation](z), rtol=1e-9)
        inputs = passed.outputs[k]
    assert passed.output is passed.outputs[-1]
    np.testing.assert_array_equal(passed.inputs, X)


@bounded
@given(order=st.permutations(range(5)))
def test_samples_do_not_know_of_each_other(order):
    network, X, _ = make()
    np.testing.assert_allclose(predict(network, X[order]), predict(network, X)[order], rtol=1e-12)
    np.testing.assert_allclose(predict(network, X[order[0]]), predict(network, X)[order[0]])


def test_a_single_sample_is_the_batch_of_one():
    network, X, T = make(n=1)
    one, batch = forward(network, X[0]), forward(network, X)
    for a, b in zip((*one.z, *one.outputs), (*batch.z, *batch.outputs), strict=True):
        np.testing.assert_allclose(a, b[0], rtol=1e-15)
    value, gradients = loss_and_gradients(network, X[0], T[0])
    wanted, expected = loss_and_gradients(network, X, T)
    assert value == wanted
    np.testing.assert_allclose(flatten(gradients), flatten(expected), rtol=1e-14)
    assert [d.shape for d in gradients.deltas] == [(4,), (2,)]
    by_hand = backward(network, one, one.output - T[0])
    np.testing.assert_allclose(flatten(by_hand), flatten(expected), rtol=1e-14)
    assert [d.shape for d in by_hand.deltas] == [(4,), (2,)]


def test_the_batch_gradient_is_the_mean_of_the_gradients_of_its_samples():
    network, X, T = make()
    _, together = loss_and_gradients(network, X, T)
    each = [flatten(loss_and_gradients(network, x, t)[1]) for x, t in zip(X, T, strict=True)]
    np.testing.assert_allclose(flatten(together), np.mean(each, axis=0), rtol=1e-12, atol=1e-16)


def test_penalties_leave_biases_and_deltas_alone():
    network, X, T = make()
    _, plain = loss_and_gradients(network, X, T)
    _, penalised = loss_and_gradients(network, X, T, l1=1.0, l2=1.0)
    for part in ("biases", "deltas"):
        for a, b in zip(getattr(plain, part), getattr(penalised, part), strict=True):
            np.testing.assert_array_equal(a, b)
    for W, a, b in zip(network.weights, plain.weights, penalised.weights, strict=True):
        np.testing.assert_allclose(b - a, W + np.sign(W), atol=1e-12)


def test_saturated_units_neither_overflow_nor_warn():
    network = Network([np.full((2, 3), 500.0), np.full((3, 2), -500.0)], None, "logistic")
    value, gradients = loss_and_gradients(network, [[1.0, 1.0], [-1.0, -1.0]], np.eye(2))
    assert np.isfinite(value)
    assert np.isfinite(flatten(gradients)).all()


@pytest.mark.parametrize("dtype", [np.int64, np.float16, np.float32, bool])
def test_whatever_comes_in_is_computed_in_float64_and_not_changed(dtype):
    network, _, _ = make()
    X, T = np.array([[0, 1, 1]], dtype=dtype), np.array([[1, 0]], dtype=dtype)
    value, gradients = loss_and_gradients(network, X, T)
    assert value == loss_and_gradients(network, X.astype(float), T.astype(float))[0]
    assert flatten(gradients).dtype == np.float64
    assert (X.tolist(), T.tolist()) == ([[0, 1, 1]], [[1, 0]])


# --- a network as data --------------------------------------------------------------------------


def test_a_network_keeps_copies_that_cannot_be_written_to():
    W = np.ones((2, 2))
    network = Network([W], [[0, 0]], "relu")
    W[0, 0] = 7
    assert network.weights[0][0, 0] == 1
    with pytest.raises(ValueError, match="read-only"):
        network.weights[0][0, 0] = 7
    with pytest.raises(AttributeError):
        network.weights = ()


def test_other_names_in_use_are_stored_as_the_books():
    assert Network([np.eye(2), np.eye(2)], None, ["sigmoid", "linear"]).activations == (
        "logistic",
        "identity",
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([],), "`weights` is empty"),
        (([[[1, 2]], [[1]]],), r"`weights\[0\]` has shape \(1, 2\) and `weights\[1\]` \(1, 1\)"),
        (([[1, 2]],), r"`weights\[0\]` must have 2 axes"),
        (([[[np.nan]]],), r"`weights\[0\]`\[0, 0\] is nan"),
        (([[[1, 2]]], [[0]]), r"`biases\[0\]` has shape \(1,\), but `a row of weights\[0\]`"),
        (([[[1]]], []), "`biases` has 0 entries for 1 layers"),
        (([[[1]]], None, ["tanh", "relu"]), "`activations` has 2 entries for 1 layers"),
        (([[[1]]], None, "swish"), "`activation` must be one of"),
    ],
)
def test_a_network_that_does_not_fit_together_is_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        Network(*arguments)


@pytest.mark.parametrize(
    ("X", "T", "words"),
    [
        (np.ones((5, 2)), np.ones((5, 2)), r"`X` must have shape \(n, 3\)"),
        (np.ones((5, 3)), np.ones((4, 2)), r"`targets` has shape \(4, 2\)"),
        (np.ones((5, 3)), np.ones(5), r"`targets` has shape \(5,\)"),
        (np.ones((0, 3)), np.ones((0, 2)), r"`X` must have shape"),
        (np.full((1, 3), np.inf), np.ones((1, 2)), r"`X`\[0, 0\] is inf"),
        (np.ones((1, 3)), [[1, np.nan]], r"`targets`\[0, 1\] is nan"),
    ],
)
@pytest.mark.parametrize("function", [loss_and_gradients, numerical_gradients])
def test_samples_and_targets_that_do_not_fit_are_refused(function, X, T, words):
    network, _, _ = make()
    with pytest.raises(ValueError, match=words):
        function(network, X, T)


def test_backward_wants_one_derivative_for_each_output():
    network, X, _ = make()
    with pytest.raises(ValueError, match="`output_gradient` has shape"):
        backward(network, forward(network, X), np.ones((5, 3)))


@bounded
@given(sizes=st.lists(st.integers(1, 4), min_size=2, max_size=4), biases=st.booleans())
def test_flatten_and_unflatten_undo_each_other(sizes, biases):
    network, _, _ = make(sizes=tuple(sizes), biases=biases)
    again = unflatten(network, flatten(network))
    np.testing.assert_array_equal(flatten(again), flatten(network))
    assert (again.sizes, again.activations) == (network.sizes, network.activations)
    assert (again.biases is None) == (not biases)


def test_parameters_lie_in_the_vector_layer_by_layer():
    network = Network([[[1, 2]], [[5], [6]]], [[3, 4], [7]], "tanh")
    assert flatten(network).tolist() == [1, 2, 3, 4, 5, 6, 7]


def test_a_vector_of_another_length_is_refused():
    with pytest.raises(ValueError, match=r"`vector` has shape \(3,\)"):
        unflatten(network_3_2_1(), [1, 2, 3])


# --- accuracy -----------------------------------------------------------------------------------


def test_accuracy_counts_the_largest_output():
    network = Network([np.eye(3)], None, "identity")
    X = [[3, 2, 1], [0, 1, 0], [0, 2, 1], [0, 1, 5]]
    assert accuracy(network, X, [0, 1, 2, 2]) == 0.75


@pytest.mark.parametrize(
    ("activation", "middle"), [("tanh", 0.0), ("logistic", 0.0), ("relu", 0.0)]
)
def test_accuracy_of_a_single_output_asks_for_its_upper_half(activation, middle):
    network = Network([[[1.0]]], None, activation)
    assert accuracy(network, [[middle - 1], [middle + 1]], [0, 1]) == 1


def test_accuracy_wants_one_label_for_each_sample():
    with pytest.raises(ValueError, match="`labels` has shape"):
        accuracy(network_3_2_1(), np.ones((3, 3)), [0, 1])
    with pytest.raises(TypeError, match="must be whole numbers"):
        accuracy(network_3_2_1(), np.ones((1, 3)), [0.5])


# --- initialisation -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "variance"), [(xavier, 2 / (300 + 500)), (he, 2 / 300)], ids=["xavier", "he"]
)
def test_initial_weights_are_normal_with_the_stated_variance(rule, variance):
    W = rule(300, 500, np.random.default_rng(1))
    assert W.shape == (300, 500)
    assert W.var() == pytest.approx(variance, rel=0.02)
    assert abs(W.mean()) < 4 * np.sqrt(variance / W.size)
    within = np.mean(np.abs(W) < np.sqrt(variance))
    assert within == pytest.approx(0.6827, abs=0.005)  # normal, not uniform


@pytest.mark.parametrize("name", INITIALISATIONS)
def test_the_same_seed_gives_the_same_network(name):
    one, other = (
        deep_network([3, 4, 2], np.random.default_rng(7), initialise=name) for _ in range(2)
    )
    np.testing.assert_array_equal(flatten(one), flatten(other))
    assert all((b == 0).all() for b in one.biases)


def test_any_function_may_draw_the_weights():
    network = deep_network([2, 2], np.random.default_rng(0), initialise=lambda m, n, rng: np.eye(2))
    np.testing.assert_array_equal(network.weights[0], np.eye(2))


@pytest.mark.parametrize("sizes", [[3], [3, 0], []])
def test_a_network_has_inputs_and_a_layer(sizes):
    with pytest.raises(ValueError, match="sizes"):
        deep_network(sizes, np.random.default_rng(0))


def test_an_unknown_initialisation_is_refused():
    with pytest.raises(ValueError, match="`initialise` must be one of xavier, he"):
        deep_network([1, 1], np.random.default_rng(0), initialise="zeros")


def test_layer_gradient_norms_are_means_of_absolute_values():
    network, X, T = make(sizes=(3, 4, 2, 2))
    _, gradients = loss_and_gradients(network, X, T)
    expected = [np.mean(np.abs(dW)) for dW in gradients.weights]
    np.testing.assert_array_equal(layer_gradient_norms(gradients), expected)


@pytest.mark.parametrize("hidden", [1, 3, 50])
def test_the_builders_have_the_sources_shapes(hidden):
    assert network_2_3_2(hidden).sizes == (2, hidden, 2)
    assert network_3_2_1("tanh", biases=True).sizes == (3, 2, 1)
    for network in (network_2_3_2(hidden, biases=True), network_3_2_1(biases=True)):
        pairs = itertools.pairwise(network.sizes)
        assert [W.shape for W in network.weights] == list(pairs)
        assert all((b == 0).all() for b in network.biases)
