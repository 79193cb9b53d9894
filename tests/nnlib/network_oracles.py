"""Plain formulas, written without nnlib, that its rows and its gradients are compared with.

They are the textbook's formulas, not the stable ones, so they hold at moderate arguments. Written
with HIPS autograd's NumPy they can be differentiated by it, and they take complex arguments.
"""

import autograd.numpy as anp

ACTIVATION = {
    "logistic": lambda z: 1 / (1 + anp.exp(-z)),
    "bipolar logistic": lambda z: 2 / (1 + anp.exp(-z)) - 1,
    "tanh": lambda z: (anp.exp(2 * z) - 1) / (anp.exp(2 * z) + 1),
    "relu": lambda z: z * (anp.real(z) > 0),
    "identity": lambda z: 1 * z,
}


def _cross_entropy(y, t):
    return anp.log(anp.sum(anp.exp(y), axis=-1)) - anp.sum(t * y, axis=-1)


LOSS = {
    "half squared error": lambda y, t: anp.sum((y - t) ** 2, axis=-1) / 2,
    "mean squared error": lambda y, t: anp.sum((y - t) ** 2, axis=-1),
    "cross-entropy": _cross_entropy,  # for targets that add up to 1
}


def network_loss(vector, shapes, biases, activations, X, T, loss, l1=0.0, l2=0.0):
    """The whole loss of a network, as a function of one vector of parameters."""
    output, start, penalty = X, 0, 0.0
    for (n_in, n_out), name in zip(shapes, activations, strict=True):
        W = anp.reshape(vector[start : start + n_in * n_out], (n_in, n_out))
        start += n_in * n_out
        z = anp.dot(output, W)
        if biases:
            z = z + vector[start : start + n_out]
            start += n_out
        output = ACTIVATION[name](z)
        sign = anp.where(anp.real(W) < 0, -1.0, 1.0)
        penalty = penalty + l1 * anp.sum(sign * W) + l2 / 2 * anp.sum(W**2)
    return anp.mean(LOSS[loss](output, T)) + penalty
