"""Right answers to this assignment, differently written: none of them may lose a point.

Students must not see this file; `make certify` and the tests read it.
"""

import math

import numpy as np


def unit_vector_first(gradient, x, u):
    unit = np.array(u, dtype=float)
    unit /= np.linalg.norm(unit)
    return np.vdot(gradient(np.array(x)), unit)


def flattened(gradient, x, u):
    g, u = np.ravel(gradient(np.asarray(x))), np.ravel(u)
    return float(g @ u) / math.sqrt(u @ u)


def with_a_loop(gradient, x, u):
    total, square = 0.0, 0.0
    for slope, part in zip(
        np.ravel(gradient(np.array(x))).tolist(), np.ravel(u).tolist(), strict=True
    ):
        total += slope * part
        square += part * part
    return total / square**0.5


def cosine_times_length(gradient, x, u):
    g, u = np.asarray(gradient(np.asarray(x, dtype=float))), np.asarray(u)
    cosine = np.sum(g * u) / (np.linalg.norm(g) * np.linalg.norm(u))
    return np.linalg.norm(g) * cosine


def softmax_of_the_transposed(z):
    z = np.moveaxis(np.asarray(z, dtype=float), -1, 0)
    y = np.exp(z - z.max(axis=0))
    return np.moveaxis(y / y.sum(axis=0), 0, -1)


def softmax_row_by_row(z):
    z = np.asarray(z, dtype=float)
    if z.ndim > 1:
        return np.array([softmax_row_by_row(row) for row in z])
    exponentials = [math.exp(entry - max(z)) for entry in z]
    return [one / sum(exponentials) for one in exponentials]


def softmax_through_logarithms(z):
    z = np.asarray(z)
    return np.exp(z - np.logaddexp.reduce(z.astype(float), axis=-1, keepdims=True))


def softmax_of_differences(z):
    """1 / Σ exp(z_j − z_k), with differences beyond 700 cut off: the result is 0 there anyway."""
    z = np.asarray(z, dtype=float)
    differences = z[..., np.newaxis, :] - z[..., :, np.newaxis]
    return 1 / np.exp(np.minimum(differences, 700)).sum(axis=-1)


def with_one_row_made_a_batch(z, t):
    z, t = np.atleast_2d(z), np.atleast_2d(t)
    top = z.max(axis=1, keepdims=True)
    log_sum = top[:, 0] + np.log(np.exp(z - top).sum(axis=1))
    return (log_sum - (t * z).sum(axis=1)).sum() / len(z)


def with_logaddexp(z, t):
    log_sum = np.logaddexp.reduce(np.asarray(z, dtype=float), axis=-1, keepdims=True)
    return float(np.mean(np.sum(t * (log_sum - z), axis=-1)))


def sample_by_sample(z, t):
    if np.ndim(z) == 2:
        return sum(sample_by_sample(row, target) for row, target in zip(z, t, strict=True)) / len(z)
    top = max(z)
    log_sum = top + math.log(sum(math.exp(entry - top) for entry in z))
    return sum(wanted * (log_sum - entry) for entry, wanted in zip(z, t, strict=True))


def with_einsum(z, t):
    shifted = z - np.amax(z, axis=-1, keepdims=True)
    log_y = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    return -np.einsum("...k,...k->...", t, log_y).mean()


def _softmax(z):
    y = np.exp(z - z.max(axis=-1, keepdims=True))
    return y / y.sum(axis=-1, keepdims=True)


def mean_of_outer_products(W, x, t):
    if np.ndim(x) == 1:
        return np.outer(x, _softmax(x @ W) - t)
    tables = [np.outer(row, _softmax(row @ W) - target) for row, target in zip(x, t, strict=True)]
    return np.mean(tables, axis=0)


def gradient_with_einsum(W, x, t):
    x = np.reshape(x, (-1, len(W)))
    t = np.reshape(t, (len(x), -1))
    return np.einsum("ni,nj->ij", x, softmax_row_by_row(x @ W) - t) / x.shape[0]


def averaged_errors_first(W, x, t):
    x, t = np.atleast_2d(x), np.atleast_2d(t)
    errors = (softmax_through_logarithms(x @ W) - t) / len(t)
    return errors.T.dot(x).T


def entry_by_entry(W, x, t):
    x, t = np.atleast_2d(x), np.atleast_2d(t)
    y = softmax_of_the_transposed(x @ W)
    gradient = np.zeros(np.shape(W))
    for i, j in np.ndindex(gradient.shape):
        gradient[i, j] = sum(x[n, i] * (y[n, j] - t[n, j]) for n in range(len(x))) / len(x)
    return gradient.tolist()


def check_all_draws_at_once(f, gradient, x, rng, directions=10):
    us = rng.standard_normal((directions, *np.shape(x)))
    g, h, worst = np.asarray(gradient(x)), 1e-6, 0.0
    for u in us:
        u = u / np.sqrt(np.sum(u**2))
        a, b = np.vdot(g, u), (f(x + h * u) - f(x - h * u)) / (2 * h)
        if a != b:
            worst = max(worst, abs(a - b) / max(abs(a), abs(b)))
    return worst


def check_without_unit_length(f, gradient, x, rng, directions=10):
    """A relative error does not depend on the length of the direction."""
    errors = []
    for _ in range(directions):
        u = rng.normal(size=np.shape(x))
        a = float((gradient(x) * u).sum())
        b = float(f(x + 1e-5 * u) - f(x - 1e-5 * u)) / 2e-5
        errors.append(0 if a == b == 0 else abs(a - b) / max(abs(a), abs(b)))
    return np.max(errors)


def check_with_a_tiny_floor(f, gradient, x, rng, directions=10):
    def slope(u):
        return (f(x + 1e-4 * u) - f(x - 1e-4 * u)) / 2e-4

    us = [rng.standard_normal(x.shape) for _ in range(directions)]
    us = [u / np.linalg.norm(u) for u in us]
    said = np.array([np.sum(gradient(x.copy()) * u) for u in us])
    measured = np.array([slope(u) for u in us])
    unit = np.maximum(np.maximum(np.abs(said), np.abs(measured)), 1e-30)
    return float((np.abs(said - measured) / unit).max())


def check_on_flat_arrays(f, gradient, x, rng, directions=10):
    shape, flat = np.shape(x), np.array(x, dtype=float).ravel()
    g, largest = np.ravel(gradient(x)), 0.0
    for _ in range(directions):
        u = rng.standard_normal(flat.size)
        u /= np.linalg.norm(u)
        step = 1e-5 * u
        above, below = f((flat + step).reshape(shape)), f((flat - step).reshape(shape))
        a, b = g @ u, (above - below) / 2e-5
        largest = max(largest, np.abs(a - b) / np.fmax(1e-300, np.fmax(np.abs(a), np.abs(b))))
    return largest


ALTERNATIVES = {
    "directional_derivative": (
        lambda gradient, x, u: np.sum(gradient(np.asarray(x)) * u) / np.linalg.norm(u),
        unit_vector_first,
        flattened,
        with_a_loop,
        cosine_times_length,
    ),
    "softmax": (
        lambda z: _softmax(np.asarray(z)),
        softmax_of_the_transposed,
        softmax_row_by_row,
        softmax_through_logarithms,
        softmax_of_differences,
    ),
    "cross_entropy": (
        lambda z, t: with_einsum(z, t),
        with_one_row_made_a_batch,
        with_logaddexp,
        sample_by_sample,
        lambda z, t: np.float64(with_logaddexp(z, t)),
    ),
    "loss_gradient": (
        lambda W, x, t: (
            np.atleast_2d(x).T @ np.atleast_2d(_softmax(x @ W) - t) / np.atleast_2d(x).shape[0]
        ),
        mean_of_outer_products,
        gradient_with_einsum,
        averaged_errors_first,
        entry_by_entry,
    ),
    "gradient_error": (
        check_all_draws_at_once,
        check_without_unit_length,
        check_with_a_tiny_floor,
        check_on_flat_arrays,
    ),
}
