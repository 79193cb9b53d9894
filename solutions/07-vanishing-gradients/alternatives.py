"""Right answers to this assignment, differently written: none of them may lose a point.

Students must not see this file; `make certify` and the tests read it.
"""

import math
import statistics

import numpy as np


def spread_by_scale(n_in, n_out, rng):
    return rng.standard_normal((n_in, n_out)) * np.sqrt(2.0 / (n_in + n_out))


def spread_with_keywords(n_in, n_out, rng):
    return rng.normal(loc=0.0, scale=math.sqrt(2 / (n_in + n_out)), size=(n_in, n_out))


def spread_with_loops(n_in, n_out, rng):
    deviation = (2 / (n_in + n_out)) ** 0.5
    return [[rng.normal(0, deviation) for _ in range(n_out)] for _ in range(n_in)]


def spread_turned(n_in, n_out, rng):
    mean_size = (n_in + n_out) / 2
    return (rng.standard_normal((n_out, n_in)) / math.sqrt(mean_size)).T


def spread_by_box_and_muller(n_in, n_out, rng):
    """Two uniform numbers make a normal one."""
    radius = np.sqrt(-2 * np.log(1 - rng.random((n_in, n_out))))
    angle = 2 * np.pi * rng.random((n_in, n_out))
    return np.sqrt(2 / (n_in + n_out)) * radius * np.cos(angle)


def spread_for_relu(n_in, n_out, rng):
    return np.sqrt(2 / n_in) * rng.standard_normal(size=(n_in, n_out))


def spread_for_relu_row_by_row(n_in, n_out, rng):
    W = np.zeros((n_in, n_out))
    for row in W:
        row[:] = rng.normal(0, (2 / n_in) ** 0.5, n_out)
    return W


def spread_for_relu_by_quantiles(n_in, n_out, rng):
    """Where a uniform number stands among the normal ones."""
    normal = statistics.NormalDist(0, math.sqrt(2 / n_in))
    numbers = [normal.inv_cdf(u) for u in rng.uniform(1e-300, 1, n_in * n_out)]
    return np.reshape(numbers, (n_in, n_out))


def spread_for_relu_in_single_precision(n_in, n_out, rng):
    return rng.standard_normal((n_in, n_out), dtype=np.float32) / np.sqrt(np.float32(n_in / 2))


def spread_for_relu_as_one_vector(n_in, n_out, rng):
    return rng.multivariate_normal(np.zeros(n_out), np.eye(n_out) * 2 / n_in, size=n_in)


def shortened_by_concatenation(gradients, limit):
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in gradients]))
    factor = 1.0 if norm <= limit else limit / norm
    return [factor * g for g in gradients]


def shortened_with_min(gradients, limit):
    norm = math.sqrt(sum(float(np.vdot(g, g)) for g in gradients))
    factor = min(1.0, limit / norm) if norm else 1.0
    return [np.multiply(g, factor) for g in gradients]


def shortened_with_max(gradients, limit):
    norm = np.linalg.norm([np.linalg.norm(g) for g in gradients])
    return tuple(g / max(1.0, norm / limit) for g in gradients)


def shortened_as_in_pytorch(gradients, limit):
    total = sum((np.asarray(g, dtype=float) ** 2).sum() for g in gradients) ** 0.5
    return [g * min(1.0, limit / (total + 1e-6)) for g in gradients]


def shortened_with_loops(gradients, limit):
    square = 0.0
    for g in gradients:
        for entry in g.ravel():
            square += entry * entry
    if square <= limit**2 * (1 + 1e-15):
        return [g.copy() for g in gradients]
    clipped = []
    for g in gradients:
        new = np.zeros(g.shape)
        new.ravel()[:] = [entry * limit / math.sqrt(square) for entry in g.ravel()]
        clipped.append(new.tolist())
    return clipped


def value_and_slope(activation, z):
    if activation == "sigmoid":
        return 1 / (1 + np.exp(-z)), np.exp(-z) / (1 + np.exp(-z)) ** 2
    if activation == "tanh":
        return np.tanh(z), 1 / np.cosh(z) ** 2
    if activation == "relu":
        return z * (z >= 0), np.where(z >= 0, 1.0, 0.0)
    return z, np.ones(z.shape)


def measured_with_slopes_at_the_sums(weights, X, T, activation):
    kept, H = [], np.asarray(X, dtype=float)
    for W in weights:
        after, slope = value_and_slope(activation, H @ W)
        kept.append((H, slope))
        H = after
    delta, norms = H - T, []
    for (before, slope), W in zip(reversed(kept), reversed(weights), strict=True):
        delta = delta * slope
        norms.append(np.mean(np.abs(before.T @ delta / len(X))))
        delta = delta @ W.T
    return np.array(norms[::-1])


def measured_by_recursion(weights, X, T, activation):
    def down(k, H):
        """Return what goes back to the layer before, and the norms from here on."""
        if k == len(weights):
            return (H - T) / H.shape[0], []
        after, slope = value_and_slope(activation, H @ weights[k])
        back, norms = down(k + 1, after)
        delta = back * slope
        return np.matmul(delta, weights[k].T), [np.abs(H.T @ delta).mean(), *norms]

    return down(0, X)[1]


def measured_sample_by_sample(weights, X, T, activation):
    gradients = [np.zeros(W.shape) for W in weights]
    for x, t in zip(X, T, strict=True):
        outs, slopes = [np.array(x, dtype=float)], []
        for W in weights:
            value, slope = value_and_slope(activation, outs[-1] @ W)
            outs.append(value)
            slopes.append(slope)
        delta = (t - outs[-1]) * slopes[-1]
        for k in range(len(weights) - 1, -1, -1):
            gradients[k] += np.outer(outs[k], delta) / len(X)
            if k:
                delta = (weights[k] @ delta) * slopes[k - 1]
    return [float(np.sum(np.abs(dW)) / dW.size) for dW in gradients]


def measured_with_samples_in_columns(weights, X, T, activation):
    outs, slopes = [np.transpose(X)], []
    for W in weights:
        value, slope = value_and_slope(activation, np.dot(W.T, outs[-1]))
        outs.append(value)
        slopes.append(slope)
    delta = (outs.pop() - np.transpose(T)) / len(T)
    norms = []
    while outs:
        delta = delta * slopes.pop()
        norms.insert(0, np.average(abs(np.einsum("us,is->iu", delta, outs.pop()))))
        delta = weights[len(outs)] @ delta
    return tuple(norms)


def measured_by_differences(weights, X, T, activation):
    """Move every weight a little to both sides."""

    def loss(moved):
        H = np.asarray(X, dtype=float)
        for W in moved:
            H = value_and_slope(activation, H @ W)[0]
        return ((H - T) ** 2).sum() / (2 * len(X))

    h, norms = 1e-5, []
    for k, W in enumerate(weights):
        sizes = []
        for place in np.ndindex(W.shape):
            ends = []
            for sign in (1, -1):
                moved = [one.astype(float) for one in weights]
                moved[k][place] += sign * h
                ends.append(loss(moved))
            sizes.append(abs(ends[0] - ends[1]) / (2 * h))
        norms.append(sum(sizes) / len(sizes))
    return norms


ALTERNATIVES = {
    "xavier": (
        spread_by_scale,
        spread_with_keywords,
        spread_with_loops,
        spread_turned,
        spread_by_box_and_muller,
    ),
    "he": (
        spread_for_relu,
        spread_for_relu_row_by_row,
        spread_for_relu_by_quantiles,
        spread_for_relu_in_single_precision,
        spread_for_relu_as_one_vector,
    ),
    "clip_by_norm": (
        shortened_by_concatenation,
        shortened_with_min,
        shortened_with_max,
        shortened_as_in_pytorch,
        shortened_with_loops,
    ),
    "layer_gradient_norms": (
        measured_with_slopes_at_the_sums,
        measured_by_recursion,
        measured_sample_by_sample,
        measured_with_samples_in_columns,
        measured_by_differences,
    ),
}
