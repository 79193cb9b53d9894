"""Small sets of data, all generated (chapters 4 to 6, and the capstone)."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from nnlib._validation import Array, as_count, as_positive


class Dataset(NamedTuple):
    """Samples X (n, n_in), targets T (n, n_out) for a network's outputs, and labels (n,) 0, 1, ….

    Examples
    --------
    >>> X, T, labels = xor_points()
    >>> X.shape, T.shape, labels
    ((4, 2), (4, 2), array([0, 1, 1, 0]))
    """

    X: Array
    T: Array
    labels: npt.NDArray[np.intp]


#: x1, x2, x3 and the target, as S0 prints them.
PRINTED_ROWS = (
    (-1, -1, -1, -1),
    (-1, -1, 1, 1),
    (1, 1, -1, -1),
    (-1, 1, -1, -1),
    (-1, 1, 1, -1),
    (1, -1, -1, -1),
    (1, -1, 1, 1),
    (1, 1, 1, -1),
)

#: The same in the order of binary counting, and with a target of +1 for (−1, 1, 1).
ORIGINAL_ROWS = (
    (-1, -1, -1, -1),
    (-1, -1, 1, 1),
    (-1, 1, -1, -1),
    (-1, 1, 1, 1),
    (1, -1, -1, -1),
    (1, -1, 1, 1),
    (1, 1, -1, -1),
    (1, 1, 1, -1),
)


def eight_samples(*, original: bool = False) -> Dataset:
    """All eight corners of a cube with targets ±1, for the 3-2-1 network: X (8, 3), T (8, 1).

    They are as S0 prints them, in its order; or `original`, as in the program that S0 copies, where
    the target of (−1, 1, 1) differs (erratum E0.6). Without biases, opposite inputs have opposite
    outputs, so that 2 of S0's 8 signs (1 of the original's) must be wrong.

    Examples
    --------
    >>> int((eight_samples().T > 0).sum()), int((eight_samples(original=True).T > 0).sum())
    (2, 3)
    """
    rows = ORIGINAL_ROWS if original else PRINTED_ROWS
    table = np.array(rows, dtype=np.float64)
    return Dataset(table[:, :3], table[:, 3:], (table[:, 3] > 0).astype(np.intp))


def xor_points(low: float = -1.0) -> Dataset:
    """The four points of XOR: class 1 where exactly one of two inputs is high.

    The high input is 1, the low one is −1 or 0, which matters for a network without biases: with −1
    it cannot learn XOR, with 0 it can. T has rows (1, 0) for class 0 and (0, 1) for class 1.

    Examples
    --------
    >>> xor_points(low=0).X.tolist()
    [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    """
    if not low < 1:
        raise ValueError(f"`low` must be less than the high input, 1, but it is {low}.")
    X = np.array([[low, low], [low, 1], [1, low], [1, 1]], dtype=np.float64)
    return _two_classes(X, np.array([0, 1, 1, 0]))


def xor_clouds(n: int, rng: np.random.Generator, *, noise: float = 0.3) -> Dataset:
    """Clouds around the four points of XOR with inputs ±1, n samples in turn: X, T (n, 2).

    `noise` is the standard deviation of a cloud. A sample keeps its cloud's class.

    Examples
    --------
    >>> xor_clouds(200, np.random.default_rng(0)).X.shape
    (200, 2)
    """
    n, noise = as_count("n", n, least=1), as_positive("noise", noise, zero=True)
    corners = xor_points()
    turn = np.arange(n) % 4
    X = corners.X[turn] + noise * rng.standard_normal((n, 2))
    return _two_classes(X, corners.labels[turn])


def moons(n: int, rng: np.random.Generator, *, noise: float = 0.1) -> Dataset:
    """Two half circles, each reaching into the other: no straight line divides them.

    Every second one of the n samples lies on the lower half circle. `noise` is the standard
    deviation of what is added to each coordinate. X and T have shape (n, 2).

    Examples
    --------
    >>> np.bincount(moons(101, np.random.default_rng(0)).labels)
    array([51, 50])
    """
    n, noise = as_count("n", n, least=1), as_positive("noise", noise, zero=True)
    labels = np.arange(n) % 2
    angle = np.pi * rng.random(n)
    upper = np.column_stack([np.cos(angle), np.sin(angle)])
    lower = np.array([1.0, 0.5]) - upper
    X = np.where(labels[:, None] == 0, upper, lower) + noise * rng.standard_normal((n, 2))
    return _two_classes(X, labels)


def xor_quadrants(n: int = 300, *, seed: int = 0) -> Dataset:
    """S3's set: points of a normal cloud, class 1 where exactly one coordinate is above 0.

    The seed is of NumPy's old generator, which S3 uses. S3 trains on the first 50 only and measures
    accuracy on all 300 (erratum E3.8). T has rows (1, 0) for class 0: the program's way round, not
    that of S3's text (erratum E3.4).

    Examples
    --------
    >>> np.bincount(xor_quadrants().labels), np.bincount(xor_quadrants().labels[:50])
    (array([158, 142]), array([25, 25]))
    """
    X = np.random.RandomState(seed).randn(as_count("n", n, least=1), 2)
    return _two_classes(X, np.logical_xor(X[:, 0] > 0, X[:, 1] > 0))


def spirals(
    n: int, rng: np.random.Generator, *, noise: float = 0.04, turns: float = 1.25
) -> Dataset:
    """Two spirals, one inside the other, from the centre out to radius 1.

    A network needs many hidden units for it: its boundary has to wind as often as they do. Every
    second one of the n samples lies on the second spiral; each goes round `turns` times. `noise`
    is the standard deviation of what is added to each coordinate. X and T have shape (n, 2).

    Examples
    --------
    >>> np.bincount(spirals(101, np.random.default_rng(0)).labels)
    array([51, 50])
    """
    n, noise = as_count("n", n, least=1), as_positive("noise", noise, zero=True)
    turns = as_positive("turns", turns)
    labels = np.arange(n) % 2
    radius = np.sqrt(rng.random(n))  # as many samples on each piece of the same length, nearly
    angle = 2 * np.pi * turns * radius + np.pi * labels
    X = radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return _two_classes(X + noise * rng.standard_normal((n, 2)), labels)


#: Where the middle of `rings` lies, and what one radius is, in the units of each feature.
RINGS_CENTRE, RINGS_RADIUS = (1500.0, 0.1), (400.0, 0.02)


def rings(n: int, rng: np.random.Generator, *, noise: float = 0.1) -> Dataset:
    """A disc and a ring around it, measured in two unlike units.

    The first feature is some hundreds large, the second some hundredths: a network that gets them
    as they are sees the first one alone, and its units start in saturation. Every second one of
    the n samples belongs to the ring, class 1. `noise` is the standard deviation of what is added
    to each radius, in radii of the ring. X and T have shape (n, 2).

    Examples
    --------
    >>> round(float(rings(2000, np.random.default_rng(0)).X[:, 0].mean()), 1)
    1506.3
    """
    n, noise = as_count("n", n, least=1), as_positive("noise", noise, zero=True)
    labels = np.arange(n) % 2
    radius = np.where(labels == 0, 0.5 * np.sqrt(rng.random(n)), 1.0)
    radius = radius + noise * rng.standard_normal(n)
    angle = 2 * np.pi * rng.random(n)
    X = radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return _two_classes(np.array(RINGS_CENTRE) + np.array(RINGS_RADIUS) * X, labels)


#: Of 20 samples, how many belong to each class of `unequal_classes`; then middle and spread.
UNEQUAL_COUNTS = (15, 4, 1)
UNEQUAL_MIDDLES, UNEQUAL_SPREADS = ((0.0, 0.0), (1.6, 1.4), (-1.5, 1.2)), (0.7, 0.5, 0.35)


def unequal_classes(n: int, rng: np.random.Generator) -> Dataset:
    """Three clouds that overlap, with 15, 4 and 1 of every 20 samples: X (n, 2), T (n, 3).

    A network that always says 0 has three quarters right and has learned nothing.

    Examples
    --------
    >>> np.bincount(unequal_classes(200, np.random.default_rng(0)).labels)
    array([150,  40,  10])
    """
    n = as_count("n", n, least=sum(UNEQUAL_COUNTS))
    labels = np.resize(np.repeat(np.arange(3), UNEQUAL_COUNTS), n)
    middles, spreads = np.array(UNEQUAL_MIDDLES), np.array(UNEQUAL_SPREADS)
    X = middles[labels] + spreads[labels, None] * rng.standard_normal((n, 2))
    return Dataset(X, np.eye(3)[labels], labels.astype(np.intp))


def _two_classes(X: Array, labels: npt.NDArray[Any]) -> Dataset:
    classes = labels.astype(np.intp)
    return Dataset(X, np.eye(2)[classes], classes)
