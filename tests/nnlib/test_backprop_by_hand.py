"""The 3-2-1 network worked by hand, against the facts of the source and other ways to it."""

import numpy as np
import pytest

from nnlib.backprop_by_hand import (
    HAND_FORMULAS,
    backward,
    fixed_training,
    forward,
    hand_pass,
    parity_bound,
    train_step,
)
from nnlib.datasets import eight_samples

W1 = np.array([[-0.2, 0.3, -0.4], [0.1, -0.3, -0.4]])
W2 = np.array([0.2, 0.3])
X, T = eight_samples().X, eight_samples().T.ravel()

#: F0.70: by input, the output, its delta, dW2, the hidden deltas.
FACTS = {
    (-1, -1, 1): (
        *(-0.15048440472269484, -1.1244310456339335),
        *(0.5196188783432536, 0.2219349377028213),
        *(-0.17686124934306285, -0.3241879698707235),
    ),
    (1, -1, -1): (
        *(0.17738112500102812, 1.140335930512488),
        *(-0.11365499539296262, 0.7572249883178949),
        *(0.2258016330085126, 0.19125320847112906),
    ),
    (1, 1, 1): (
        *(-0.21592456203187507, 0.7475191622652109),
        *(-0.21776176001710332, -0.4014548424172655),
        *(0.13681648301251442, 0.15957540389272618),
    ),
}


@pytest.mark.parametrize("x", FACTS)
def test_the_pass_has_the_numbers_of_the_facts(x):
    target = T[np.equal(X, x).all(axis=1)].item()
    worked = hand_pass(W1, W2, x, target, 0.5)
    names = ("y", "delta_out", "dW2_1", "dW2_2", "delta_1", "delta_2")
    np.testing.assert_allclose([worked[name] for name in names], FACTS[x], rtol=1e-13)


def test_the_formulas_on_paper_and_the_arrays_agree():
    for x, target in zip(X, T, strict=True):
        worked = hand_pass(W1, W2, x, target, 0.5)
        h, y = forward(W1, W2, x)
        dW1, dW2 = backward(W1, W2, x, target)
        new_W1, new_W2 = train_step(W1, W2, x, target, 0.5)
        arrays = (W1 @ x, h, W2 @ h, y, y - target, worked["delta_out"], dW2)
        arrays += (worked["delta_1"], worked["delta_2"], dW1, new_W1, new_W2)
        expected = np.concatenate([np.ravel(one) for one in arrays])
        assert list(worked) == list(HAND_FORMULAS)
        np.testing.assert_allclose(list(worked.values()), expected, rtol=1e-13, atol=1e-16)


def test_the_gradients_are_those_of_a_complex_step():
    def loss(W1, W2, x, target):
        return (np.tanh(W2 @ np.tanh(W1 @ x)) - target) ** 2 / 2

    rng = np.random.default_rng(0)
    for shape in ((2, 3), (4, 4), (1, 2)):
        weights = [rng.normal(size=shape), rng.normal(size=shape[0])]
        x = rng.normal(size=shape[1])
        for place, gradient in enumerate(backward(*weights, x, 0.3)):
            for index in np.ndindex(gradient.shape):
                moved = [W.astype(complex) for W in weights]
                moved[place][index] += 1e-30j
                slope = loss(*moved, x, 0.3).imag / 1e-30
                assert gradient[index] == pytest.approx(slope, rel=1e-12, abs=1e-15)


def test_training_is_one_step_after_another_and_keeps_its_start():
    start = W1.copy(), W2.copy()
    trained = fixed_training(*start, X, T, 0.1, 2)
    one, other = W1, W2
    for x, target in [*zip(X, T, strict=True)] * 2:
        one, other = train_step(one, other, x, target, 0.1)
    np.testing.assert_array_equal(trained[0], one)
    np.testing.assert_array_equal(trained[1], other)
    outputs = [forward(one, other, x)[1] for x in X]
    assert trained[2][-1] == pytest.approx(np.sum((outputs - T) ** 2) / 2, rel=1e-14)
    np.testing.assert_array_equal(start[0], W1)
    np.testing.assert_array_equal(start[1], W2)


def test_no_training_falls_below_half_of_the_parity_bound():
    assert parity_bound(X, T) == 4  # F0.18
    losses = fixed_training(W1, W2, X, T, 0.05, 400)[2]
    assert 2 < min(losses) < 2.02


def test_the_parity_bound_is_what_the_best_odd_function_leaves():
    rng = np.random.default_rng(0)
    for _ in range(20):
        inputs = rng.integers(-1, 2, (12, 2))
        targets = rng.normal(size=12)
        columns = [1.0 * (inputs == x).all(axis=1) - (inputs == -x).all(axis=1) for x in inputs]
        A = np.transpose(columns)
        left = A @ np.linalg.lstsq(A, targets, rcond=None)[0] - targets
        assert parity_bound(inputs, targets) == pytest.approx(left @ left, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: forward(W1, W2[:1], X[0]), "W2"),
        (lambda: forward(W1, W2, X[0, :2]), "x"),
        (lambda: backward(W1, W2, X[0], np.nan), "target"),
        (lambda: train_step(W1, W2, X[0], 1, 0), "learning_rate"),
        (lambda: fixed_training(W1, W2, X, T[:3], 0.1, 1), "T"),
        (lambda: fixed_training(W1, W2, X, T, 0.1, -1), "epochs"),
        (lambda: parity_bound(X, T[:3]), "T"),
    ],
)
def test_what_does_not_fit_is_named(call, words):
    with pytest.raises((TypeError, ValueError), match=rf"`{words}`"):
        call()
