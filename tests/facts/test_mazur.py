"""The worked example of chapter 4: what its page prints, and which order of changes printed it."""

import numpy as np
import pytest

from nnlib.network import Network, loss_and_gradients

X, T = [0.05, 0.10], [0.01, 0.99]
W1, W2 = np.array([[0.15, 0.25], [0.20, 0.30]]), np.array([[0.40, 0.50], [0.45, 0.55]])
RATE = 0.5


def loss_and_slopes(W1, W2):
    """The loss, and the gradients of both matrices; the biases are not changed."""
    network = Network((W1, W2), ([0.35, 0.35], [0.60, 0.60]), "logistic")
    loss, gradients = loss_and_gradients(network, X, T)
    return loss, *gradients.weights


def test_the_printed_weights_are_those_of_the_right_order_and_the_printed_loss_is_not():
    before, dW1, dW2 = loss_and_slopes(W1, W2)
    assert before == pytest.approx(0.298371109, abs=5e-10)
    new_W1, new_W2 = W1 - RATE * dW1, W2 - RATE * dW2
    np.testing.assert_allclose(new_W2, [[0.35891648, 0.51130127], [0.408666186, 0.561370121]],
                               rtol=0, atol=5e-9)  # fmt: skip
    np.testing.assert_allclose(new_W1, [[0.149780716, 0.24975114], [0.19956143, 0.29950229]],
                               rtol=0, atol=5e-9)  # fmt: skip
    after, *_ = loss_and_slopes(new_W1, new_W2)
    assert after == pytest.approx(0.291027774, abs=5e-10)
    assert abs(after - 0.291027924) > 1e-7


def test_the_printed_loss_is_that_of_the_output_weights_changed_first():
    # The deltas of the old pass, sent back along the new W2.
    _, _, dW2 = loss_and_slopes(W1, W2)
    new_W2 = W2 - RATE * dW2
    h = 1 / (1 + np.exp(-(X @ W1 + 0.35)))
    y = 1 / (1 + np.exp(-(h @ W2 + 0.60)))
    mixed = np.outer(X, ((y - T) * y * (1 - y)) @ new_W2.T * h * (1 - h))
    after, *_ = loss_and_slopes(W1 - RATE * mixed, new_W2)
    assert after == pytest.approx(0.291027924, abs=5e-10)
