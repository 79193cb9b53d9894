"""Many networks trained at once, and the uncertainty of a count."""

import numpy as np
import pytest
from scipy.stats import binomtest

from nnlib.datasets import xor_points
from nnlib.network import Network, predict
from nnlib.reliability import Starts, learned, random_starts, share_interval, train_starts
from nnlib.training import train

X, T, LABELS = xor_points()


def network(starts, k):
    """One of the networks, as `nnlib.network` has it."""
    W1, b1, W2, b2 = (part[k] for part in starts)
    return Network((W1, W2), (b1[0], b2[0]), "logistic")


def test_each_start_is_trained_as_it_would_be_alone():
    starts = random_starts(range(6), 3, 1.5)
    ends = train_starts(starts, X, T, steps=400, learning_rate=1.5)
    for k in range(6):
        alone = train(
            network(starts, k), X, T, steps=400, learning_rate=1.5, progress=False
        ).network
        for found, known in zip(network(ends, k).weights, alone.weights, strict=True):
            np.testing.assert_allclose(found, known, rtol=1e-9, atol=1e-12)
        for found, known in zip(network(ends, k).biases, alone.biases, strict=True):
            np.testing.assert_allclose(found, known, rtol=1e-9, atol=1e-12)


def test_without_biases_they_stay_where_they_are_and_the_rest_is_trained_without_them():
    starts = random_starts(range(3), 2, 1.0)
    ends = train_starts(starts, X, T, steps=100, learning_rate=1.0, biases=False)
    assert not ends.b1.any()
    assert not ends.b2.any()
    for k in range(3):
        bare = Network((starts.W1[k], starts.W2[k]), None, "logistic")
        alone = train(bare, X, T, steps=100, learning_rate=1.0, progress=False).network
        np.testing.assert_allclose(ends.W1[k], alone.weights[0], rtol=1e-9, atol=1e-12)


def test_training_in_two_parts_is_training_once_and_changes_no_argument():
    starts = random_starts(range(4), 3, 1.0)
    before = [part.copy() for part in starts]
    once = train_starts(starts, X, T, steps=90, learning_rate=1.0)
    half = train_starts(starts, X, T, steps=50, learning_rate=1.0)
    twice = train_starts(half, X, T, steps=40, learning_rate=1.0)
    for one, other in zip(once, twice, strict=True):
        np.testing.assert_array_equal(one, other)
    for part, kept in zip(starts, before, strict=True):
        np.testing.assert_array_equal(part, kept)


def test_a_start_depends_on_its_seed_alone():
    many, one = random_starts([3, 8, 5], 4, 1.0), random_starts([8], 4, 1.0)
    for part, alone in zip(many, one, strict=True):
        np.testing.assert_array_equal(part[1], alone[0])
    assert np.abs(many.W1).max() <= 1
    assert not np.array_equal(many.W1[0], many.W1[2])


def test_learned_asks_for_every_output_of_every_sample():
    starts = train_starts(random_starts(range(20), 2, 1.0), X, T, steps=2000, learning_rate=2.0)
    said = learned(starts, X, T)
    assert 0 < said.sum() < 20
    for k in range(20):
        assert said[k] == (np.abs(predict(network(starts, k), X) - T) < 0.5).all()


def test_huge_starts_do_not_overflow():
    starts = Starts(*(1e4 * part for part in random_starts(range(2), 3, 1.0)))
    assert np.isfinite(train_starts(starts, X, T, steps=3, learning_rate=1.0).W1).all()


@pytest.mark.parametrize(("k", "n"), [(0, 20), (20, 20), (7, 10), (860, 1000), (1, 1)])
def test_the_interval_is_scipys_of_wilson(k, n):
    known = binomtest(k, n).proportion_ci(method="wilson")
    found = share_interval(k, n, z=1.959963984540054)
    np.testing.assert_allclose(found, (known.low, known.high), atol=1e-12)


def test_at_the_ends_of_the_interval_the_share_is_z_deviations_away():
    for end in share_interval(30, 40, z=2.5):
        assert abs(0.75 - end) == pytest.approx(2.5 * np.sqrt(end * (1 - end) / 40))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: share_interval(3, 2), "`successes` must not be more than `trials`"),
        (lambda: share_interval(0, 0), "`trials` must be at least 1"),
        (lambda: random_starts([], 2, 1.0), "`seeds` is empty"),
        (lambda: random_starts([0], 2, -1.0), "`scale` must be zero or more"),
        (lambda: learned(random_starts([0], 2, 1.0), X[:, :1], T), "`X` has shape"),
        (lambda: learned(random_starts([0], 2, 1.0), X, T[:3]), "`T` has shape"),
    ],
)
def test_a_wrong_argument_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
