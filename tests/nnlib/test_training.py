import itertools
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlib.activations import ACTIVATIONS
from nnlib.datasets import eight_samples, moons, xor_points
from nnlib.gradient_descent import DivergenceError
from nnlib.losses import LOSSES
from nnlib.network import (
    Network,
    accuracy,
    deep_network,
    flatten,
    loss_and_gradients,
    network_2_3_2,
    network_3_2_1,
    unflatten,
)
from nnlib.optimizers import Adam, GradientDescent, Momentum
from nnlib.progress import ProgressBar
from nnlib.training import drawn, shuffled, train

bounded = settings(max_examples=25, deadline=None)
XOR = xor_points()


def start():
    return network_2_3_2(biases=True)


def losses_by_hand(network, X, T, steps, rate, **options):
    """Descent written out with nothing but `loss_and_gradients`."""
    losses = []
    for _ in range(steps + 1):
        value, gradients = loss_and_gradients(network, X, T, **options)
        losses.append(value)
        network = unflatten(network, flatten(network) - rate * flatten(gradients))
    return losses


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("penalties", [{}, {"l1": 0.01}, {"l2": 0.1}], ids=["none", "l1", "l2"])
def test_each_step_takes_the_rate_times_the_gradient(loss, penalties):
    run = train(start(), XOR.X, XOR.T, steps=20, learning_rate=0.5, loss=loss, **penalties)
    expected = losses_by_hand(start(), XOR.X, XOR.T, 20, 0.5, loss=loss, **penalties)
    np.testing.assert_allclose(run.losses, expected, rtol=1e-12)
    assert run.steps.tolist() == list(range(21))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_small_steps_go_down(activation):
    rng = np.random.default_rng(0)
    network = deep_network([2, 4, 2], rng, activation=activation, output="identity")
    run = train(network, XOR.X, XOR.T, steps=200, learning_rate=0.01)
    assert (np.diff(run.losses) <= 1e-15).all()
    assert run.losses[-1] < run.losses[0]


def test_the_network_that_it_starts_from_is_not_changed():
    network, X, T = start(), XOR.X.copy(), XOR.T.copy()
    before = flatten(network)
    train(
        network, X, T, steps=5, learning_rate=1.0, batches=shuffled(4, 2, np.random.default_rng(0))
    )
    np.testing.assert_array_equal(flatten(network), before)
    np.testing.assert_array_equal(X, XOR.X)
    np.testing.assert_array_equal(T, XOR.T)


def test_two_runs_in_a_row_are_one_long_run():
    first = train(start(), XOR.X, XOR.T, steps=30, learning_rate=1.0)
    second = train(first.network, XOR.X, XOR.T, steps=20, learning_rate=1.0)
    whole = train(start(), XOR.X, XOR.T, steps=50, learning_rate=1.0)
    np.testing.assert_array_equal(flatten(second.network), flatten(whole.network))
    np.testing.assert_array_equal([*first.losses, *second.losses[1:]], whole.losses)


def test_no_steps_change_nothing():
    run = train(start(), XOR.X, XOR.T, steps=0, learning_rate=1.0)
    np.testing.assert_array_equal(flatten(run.network), flatten(start()))
    assert run.steps.tolist() == [0]


@bounded
@given(steps=st.integers(0, 12), every=st.integers(1, 14))
def test_the_record_has_the_start_every_so_many_steps_and_the_end(steps, every):
    run = train(start(), XOR.X, XOR.T, steps=steps, learning_rate=1.0, record_every=every)
    assert run.steps.tolist() == [*range(0, steps, every), steps]
    whole = train(start(), XOR.X, XOR.T, steps=steps, learning_rate=1.0)
    np.testing.assert_array_equal(run.losses, whole.losses[run.steps])


def test_a_schedule_gives_the_rate_of_each_step():
    asked = []

    def rate(step):
        asked.append(step)
        return 1 / (1 + step)

    run = train(start(), XOR.X, XOR.T, steps=3, learning_rate=rate)
    assert asked == [0, 1, 2]
    by_hand = start()
    for step in range(3):
        _, gradients = loss_and_gradients(by_hand, XOR.X, XOR.T)
        by_hand = unflatten(by_hand, flatten(by_hand) - flatten(gradients) / (1 + step))
    np.testing.assert_allclose(flatten(run.network), flatten(by_hand), rtol=1e-13)


# --- batches ------------------------------------------------------------------------------------


def test_a_step_sees_the_rows_of_its_batch_only():
    batches = [np.array([0]), np.array([3, 1]), np.array([2])]
    run = train(start(), XOR.X, XOR.T, steps=3, learning_rate=1.0, batches=batches)
    by_hand = start()
    for rows in batches:
        _, gradients = loss_and_gradients(by_hand, XOR.X[rows], XOR.T[rows])
        by_hand = unflatten(by_hand, flatten(by_hand) - flatten(gradients))
    np.testing.assert_allclose(flatten(run.network), flatten(by_hand), rtol=1e-13)
    assert run.losses[-1] == pytest.approx(loss_and_gradients(by_hand, XOR.X, XOR.T)[0], rel=1e-13)


def test_row_numbers_alone_are_batches_of_one():
    one = train(start(), XOR.X, XOR.T, steps=3, learning_rate=1.0, batches=[2, 0, 1])
    other = train(start(), XOR.X, XOR.T, steps=3, learning_rate=1.0, batches=[[2], [0], [1]])
    np.testing.assert_array_equal(flatten(one.network), flatten(other.network))


def test_one_batch_of_all_rows_is_the_full_batch():
    batches = itertools.repeat(np.arange(4))
    one = train(start(), XOR.X, XOR.T, steps=9, learning_rate=1.0, batches=batches)
    other = train(start(), XOR.X, XOR.T, steps=9, learning_rate=1.0)
    np.testing.assert_array_equal(one.losses, other.losses)


@bounded
@given(n=st.integers(1, 12), size=st.integers(1, 15), epochs=st.integers(1, 3))
def test_shuffled_batches_show_each_sample_once_in_an_epoch(n, size, epochs):
    batches = shuffled(n, size, np.random.default_rng(n))
    for _ in range(epochs):
        epoch = np.concatenate([next(batches) for _ in range(-(-n // size))])
        assert sorted(epoch) == list(range(n))


def test_epochs_are_shuffled_anew():
    batches = shuffled(50, 50, np.random.default_rng(0))
    assert not np.array_equal(next(batches), next(batches))


@pytest.mark.parametrize("rng", [np.random.default_rng(0), np.random.RandomState(0)])
def test_drawn_samples_come_with_replacement_and_evenly(rng):
    draws = np.concatenate(list(itertools.islice(drawn(4, rng), 4000)))
    np.testing.assert_allclose(np.bincount(draws), 1000, atol=120)
    assert (draws[1:] == draws[:-1]).any()


def test_batches_that_end_too_soon_are_an_error():
    with pytest.raises(ValueError, match="`batches` came to an end before `steps` = 3"):
        train(start(), XOR.X, XOR.T, steps=3, learning_rate=1.0, batches=[[0], [1]])


# --- optimizers ---------------------------------------------------------------------------------


def test_the_default_is_the_optimizer_of_plain_descent():
    one = train(start(), XOR.X, XOR.T, steps=20, learning_rate=0.5)
    other = train(start(), XOR.X, XOR.T, steps=20, optimizer=GradientDescent(0.5))
    np.testing.assert_array_equal(one.losses, other.losses)


@pytest.mark.parametrize("optimizer", [Momentum(0.2, momentum=0.9), Adam(0.05)])
def test_an_optimizer_is_asked_with_its_own_state(optimizer):
    run = train(start(), XOR.X, XOR.T, steps=25, optimizer=optimizer)
    vector = flatten(start())
    state = optimizer.init(vector)
    for _ in range(25):
        _, gradients = loss_and_gradients(unflatten(start(), vector), XOR.X, XOR.T)
        vector, state = optimizer.update(vector, flatten(gradients), state)
    np.testing.assert_allclose(flatten(run.network), vector, rtol=1e-12)


def test_an_optimizer_may_keep_what_it_is_handed():
    """Its state must not change behind its back, although training itself works in place."""
    seen = []
    keeper = SimpleNamespace(
        init=lambda params: seen.append(params),
        update=lambda params, gradients, state: (params - gradients, seen.append(params)),
    )
    train(start(), XOR.X, XOR.T, steps=3, optimizer=keeper)
    for kept in seen[:2]:
        np.testing.assert_array_equal(kept, flatten(start()))
    assert not np.array_equal(seen[1], seen[2])


@pytest.mark.parametrize("options", [{}, {"learning_rate": 1.0, "optimizer": Adam()}])
def test_either_a_rate_or_an_optimizer_is_wanted(options):
    with pytest.raises(ValueError, match="Give either `learning_rate`"):
        train(start(), XOR.X, XOR.T, steps=1, **options)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"steps": -1, "learning_rate": 1.0}, ValueError, "`steps` must be at least 0"),
        ({"steps": 1.5, "learning_rate": 1.0}, TypeError, "`steps` must be a whole number"),
        ({"steps": 1, "learning_rate": -1.0}, ValueError, "`learning_rate` must be greater"),
        ({"steps": 1, "learning_rate": 1.0, "l2": -1}, ValueError, "`l2` must be zero or more"),
        ({"steps": 1, "learning_rate": 1.0, "loss": "x"}, ValueError, "`loss` must be one of"),
        ({"steps": 1, "learning_rate": 1.0, "record_every": 0}, ValueError, "`record_every`"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(options, error, words):
    with pytest.raises(error, match=words):
        train(start(), XOR.X, XOR.T, **options)


# --- runs that diverge --------------------------------------------------------------------------


def test_a_diverging_run_stops_and_says_what_where_and_what_helps():
    network = deep_network([2, 2], np.random.default_rng(0), activation="identity")
    with pytest.raises(
        DivergenceError, match=r"not finite after step \d+.*smaller learning"
    ) as info:
        train(network, XOR.X, XOR.T, steps=10_000, learning_rate=50.0)
    before = train(network, XOR.X, XOR.T, steps=info.value.step - 1, learning_rate=50.0)
    assert np.isfinite(before.losses).all()  # not a step too early


def test_weights_that_overflow_behind_saturated_units_are_found():
    network = Network([[[1.0]]], None, "tanh")
    jump = SimpleNamespace(init=lambda p: None, update=lambda p, g, s: (p * np.inf, None))
    with pytest.raises(
        DivergenceError, match=r"the new weights\[0\]\[0, 0\] \(inf\) .* after step 1"
    ):
        train(network, [[1.0]], [[1.0]], steps=5, optimizer=jump)


def test_a_loss_that_overflows_at_the_start_blames_the_start():
    network = Network([[[1e200]], [[1e200]]], None, "identity")
    with pytest.raises(ValueError, match=r"before any step.*scale the inputs"):
        train(network, [[1.0]], [[1.0]], steps=5, learning_rate=1.0)


def test_the_last_step_is_looked_at_as_well():
    network = Network([[[1.0]]], None, "identity")
    with pytest.raises(DivergenceError, match=r"the loss \(inf\) is not finite after step 1"):
        train(network, [[1.0]], [[0.0]], steps=1, learning_rate=1e200)


# --- progress -----------------------------------------------------------------------------------


def test_progress_is_told_of_every_step():
    told = []
    train(
        start(), XOR.X, XOR.T, steps=3, learning_rate=1.0, progress=lambda *news: told.append(news)
    )
    assert [news[:2] for news in told] == [(1, 3), (2, 3), (3, 3)]
    assert [news[2] for news in told] == losses_by_hand(start(), XOR.X, XOR.T, 2, 1.0)


def test_a_short_run_shows_nothing(capsys):
    train(start(), XOR.X, XOR.T, steps=3, learning_rate=1.0)
    assert capsys.readouterr() == ("", "")


def test_the_bar_goes_to_stderr_and_ends_its_line(capsys):
    bar = ProgressBar(wait=0.0, every=0.0)
    for step in (1, 50, 100):
        bar(step, 100, 0.25)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("\r[####################] 100 of 100 steps, loss 0.25 \n")
    assert err.count("\n") == 1
    assert "\r[##########          ] 50 of 100" in err


def test_the_bar_keeps_still_between_two_changes(monkeypatch, capsys):
    clock = iter([0.0, 1.0, 2.0, 2.1, 2.2, 2.3])
    monkeypatch.setattr(sys.modules[ProgressBar.__module__].time, "monotonic", lambda: next(clock))
    bar = ProgressBar(wait=2.0, every=0.2)
    for step in range(1, 6):
        bar(step, 5, 0.25)
    assert capsys.readouterr().err.count("\r") == 3  # at 2.0, at 2.2, and at the end


# --- does it learn? -----------------------------------------------------------------------------


def test_xor_is_learned_with_biases():
    run = train(start(), XOR.X, XOR.T, steps=1500, learning_rate=2.0)
    assert accuracy(run.network, XOR.X, XOR.labels) == 1


def test_two_moons_are_learned_in_small_batches_with_cross_entropy():
    rng = np.random.default_rng(0)
    data = moons(200, rng)
    network = deep_network([2, 16, 2], rng, output="identity")
    run = train(
        network,
        data.X,
        data.labels,
        steps=600,
        optimizer=Adam(0.02),
        loss="cross-entropy",
        batches=shuffled(200, 20, rng),
        record_every=100,
    )
    assert accuracy(run.network, data.X, data.labels) > 0.98
    fresh = moons(500, np.random.default_rng(1))
    assert accuracy(run.network, fresh.X, fresh.labels) > 0.97


def test_the_3_2_1_network_learns_its_eight_samples_only_with_biases():
    X, T, labels = eight_samples()
    scores = [
        accuracy(
            train(network_3_2_1(biases=b), X, T, steps=1500, learning_rate=0.8).network, X, labels
        )
        for b in (False, True)
    ]
    assert scores == [0.75, 1.0]
