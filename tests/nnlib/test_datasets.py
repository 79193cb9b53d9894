import numpy as np
import pytest

from nnlib.datasets import (
    RINGS_CENTRE,
    RINGS_RADIUS,
    eight_samples,
    moons,
    rings,
    spirals,
    unequal_classes,
    xor_clouds,
    xor_points,
    xor_quadrants,
)

RANDOM = {"clouds": xor_clouds, "moons": moons, "spirals": spirals, "rings": rings}
each_random = pytest.mark.parametrize("make", RANDOM.values(), ids=RANDOM)


@pytest.mark.parametrize(
    "data",
    [
        eight_samples(),
        eight_samples(original=True),
        xor_points(),
        xor_points(0),
        xor_quadrants(),
        xor_clouds(7, np.random.default_rng(0)),
        moons(7, np.random.default_rng(0)),
        spirals(7, np.random.default_rng(0)),
        rings(7, np.random.default_rng(0)),
        unequal_classes(27, np.random.default_rng(0)),
    ],
)
def test_rows_of_samples_targets_and_labels_belong_together(data):
    assert len(data.X) == len(data.T) == len(data.labels)
    assert (data.X.dtype, data.T.dtype, data.labels.dtype) == (np.float64, np.float64, np.intp)
    assert (data.X.ndim, data.T.ndim, data.labels.ndim) == (2, 2, 1)
    right = data.T.argmax(axis=1) if data.T.shape[1] > 1 else data.T[:, 0] > 0
    np.testing.assert_array_equal(right, data.labels)


@pytest.mark.parametrize("original", [False, True])
def test_the_eight_samples_are_the_corners_of_a_cube(original):
    X = eight_samples(original=original).X
    assert len({tuple(x) for x in X}) == 8
    assert set(X.ravel()) == {-1, 1}


@pytest.mark.parametrize("low", [-1, 0, -1.0])
def test_xor_is_one_where_exactly_one_input_is_high(low):
    data = xor_points(low)
    for x, label in zip(data.X, data.labels, strict=True):
        assert label == (np.sum(x == 1) == 1)
    assert set(data.X.ravel()) == {low, 1}


def test_the_low_input_must_be_lower():
    with pytest.raises(ValueError, match="`low` must be less than the high input"):
        xor_points(1)


@each_random
def test_the_same_generator_gives_the_same_data_and_the_global_one_is_left_alone(make):
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    one, other = (make(20, np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(one.X, other.X)
    np.testing.assert_array_equal(np.random.get_state()[1], state)  # noqa: NPY002


@each_random
@pytest.mark.parametrize("n", [1, 2, 50, 101])
def test_random_sets_have_the_size_that_is_asked_for_and_even_classes(make, n):
    data = make(n, np.random.default_rng(0))
    assert len(data.X) == n
    assert abs(2 * data.labels.sum() - n) <= 2


@each_random
@pytest.mark.parametrize(
    ("n", "noise", "error"), [(0, 0.1, ValueError), (2.0, 0.1, TypeError), (5, -0.1, ValueError)]
)
def test_sizes_and_noise_that_make_no_sense_are_refused(make, n, noise, error):
    with pytest.raises(error):
        make(n, np.random.default_rng(0), noise=noise)


def test_clouds_lie_around_their_corners_with_the_stated_spread():
    data = xor_clouds(40_000, np.random.default_rng(0), noise=0.2)
    corners = xor_points()
    for k in range(4):
        cloud = data.X[k::4]
        np.testing.assert_allclose(cloud.mean(axis=0), corners.X[k], atol=0.01)
        np.testing.assert_allclose(cloud.std(axis=0), 0.2, atol=0.005)
        assert (data.labels[k::4] == corners.labels[k]).all()


def test_clouds_without_noise_are_the_four_points():
    np.testing.assert_array_equal(
        xor_clouds(4, np.random.default_rng(0), noise=0).X, xor_points().X
    )


def test_moons_without_noise_lie_on_two_half_circles():
    data = moons(1000, np.random.default_rng(0), noise=0)
    upper, lower = data.X[data.labels == 0], data.X[data.labels == 1]
    np.testing.assert_allclose(np.hypot(*upper.T), 1)
    np.testing.assert_allclose(np.hypot(*(lower - [1, 0.5]).T), 1)
    assert upper[:, 1].min() >= 0
    assert lower[:, 1].max() <= 0.5


def test_quadrants_are_the_old_generators_points():
    data = xor_quadrants(5, seed=7)
    np.testing.assert_array_equal(data.X, np.random.RandomState(7).randn(5, 2))
    np.testing.assert_array_equal(data.labels, (data.X[:, 0] * data.X[:, 1] < 0).astype(int))


def nearest_neighbours(data, new):
    """The class of the nearest sample, with the features in units of their spread."""
    scale = data.X.std(axis=0)
    gaps = new.X[:, None] / scale - data.X / scale
    return data.labels[(gaps**2).sum(axis=2).argmin(axis=1)]


def straight_line_share(data):
    """The largest share that any straight line through a grid of lines divides rightly."""
    X = (data.X - data.X.mean(axis=0)) / data.X.std(axis=0)
    best = 0.0
    for angle in np.linspace(0, 2 * np.pi, 120, endpoint=False):
        side = X @ [np.cos(angle), np.sin(angle)]
        order = np.argsort(side)
        ones = np.cumsum(data.labels[order])
        zeros = np.arange(1, len(X) + 1) - ones
        best = max(best, float(np.max(zeros + ones[-1] - ones)) / len(X))
    return best


@pytest.mark.parametrize("turns", [0.5, 1.25, 3])
def test_spirals_without_noise_turn_as_often_as_is_said_and_face_each_other(turns):
    data = spirals(2000, np.random.default_rng(0), noise=0, turns=turns)
    radius = np.hypot(*data.X.T)
    angle = 2 * np.pi * turns * radius + np.pi * data.labels
    np.testing.assert_allclose(np.cos(angle) * radius, data.X[:, 0], atol=1e-12)
    np.testing.assert_allclose(np.sin(angle) * radius, data.X[:, 1], atol=1e-12)
    assert radius.max() <= 1


def test_turns_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="`turns` must be greater than zero"):
        spirals(5, np.random.default_rng(0), turns=0)


def test_rings_without_noise_are_a_disc_and_a_circle_in_unlike_units():
    data = rings(2000, np.random.default_rng(0), noise=0)
    radius = np.hypot(*((data.X - RINGS_CENTRE) / RINGS_RADIUS).T)
    np.testing.assert_allclose(radius[data.labels == 1], 1)
    assert radius[data.labels == 0].max() <= 0.5
    ratio = data.X.std(axis=0)
    assert ratio[0] / ratio[1] > 10_000


@pytest.mark.parametrize("make", [spirals, rings])
def test_no_straight_line_divides_what_neighbours_tell_apart(make):
    for seed in range(5):
        rng = np.random.default_rng(seed)
        data, new = make(400, rng), make(400, rng)
        assert straight_line_share(data) < 0.75
        assert np.mean(nearest_neighbours(data, new) == new.labels) > 0.95


@pytest.mark.parametrize("n", [20, 60, 200, 405])
def test_unequal_classes_are_as_unequal_as_is_said(n):
    counts = np.bincount(unequal_classes(n, np.random.default_rng(0)).labels)
    assert counts.sum() == n
    assert np.all(np.abs(counts - n * np.array([15, 4, 1]) / 20) <= 4)
    assert counts.min() >= 1


def test_unequal_classes_overlap_and_can_still_be_told_apart():
    for seed in range(5):
        rng = np.random.default_rng(seed)
        data, new = unequal_classes(400, rng), unequal_classes(4000, rng)
        named = nearest_neighbours(data, new)
        shares = [np.mean(named[new.labels == k] == k) for k in range(3)]
        assert 0.7 < np.mean(shares) < 0.97
        assert min(shares) > 0.5


def test_too_few_samples_for_three_classes_are_refused():
    with pytest.raises(ValueError, match="`n` must be at least 20"):
        unequal_classes(19, np.random.default_rng(0))
    with pytest.raises(TypeError, match="`n` must be a whole number"):
        unequal_classes(40.0, np.random.default_rng(0))
    one, other = (unequal_classes(40, np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(one.X, other.X)
