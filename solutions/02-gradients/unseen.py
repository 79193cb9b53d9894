"""Answers by people who had not seen the checks, right ones and wrong ones.

Each wrong one has the names of the catalogue's rows that truly describe it, or none. Students must
not see this file; `make certify` reads it.
"""

import math

import numpy as np


# == directional_derivative WRONG
def directional_any_length(gradient, x, u):
    """u is not made one long."""
    x, u = np.asarray(x, dtype=float), np.asarray(u, dtype=float)
    return np.sum(gradient(x) * u)


def directional_length_squared(gradient, x, u):
    """The product is divided by the square of the length of u."""
    x, u = np.asarray(x, dtype=float), np.asarray(u, dtype=float)
    return np.sum(gradient(x) * u) / np.sum(u**2)


def directional_spectral(gradient, x, u):
    """For a matrix the 2-norm of norm(u, 2) is the largest singular value, not the length."""
    x, u = np.asarray(x, dtype=float), np.asarray(u, dtype=float)
    return np.sum(gradient(x) * u) / np.linalg.norm(u, 2)


def directional_matmul(gradient, x, u):
    """For matrices @ is the matrix product and not one number."""
    x, u = np.asarray(x, dtype=float), np.asarray(u, dtype=float)
    return gradient(x) @ (u / np.linalg.norm(u))


def directional_in_place(gradient, x, u):
    """u is divided in place, which crashes for integers and changes the caller's floats."""
    x = np.asarray(x)
    u = np.asarray(u)
    u /= np.linalg.norm(u)
    return np.sum(gradient(x) * u)


def directional_no_sum(gradient, x, u):
    """The products are not added up."""
    x, u = np.asarray(x, dtype=float), np.asarray(u, dtype=float)
    return gradient(x) * u / np.sqrt(np.sum(u * u))


def directional_cosine(gradient, x, u):
    """The gradient is made one long as well, so that the result is a cosine."""
    x, u = np.asarray(x, dtype=float), np.asarray(u, dtype=float)
    g = gradient(x)
    return np.sum(g * u) / (np.linalg.norm(g) * np.linalg.norm(u))


def directional_sum_of_sizes(gradient, x, u):
    """The length of u is taken as the sum of the absolute values."""
    x, u = np.asarray(x, dtype=float), np.asarray(u, dtype=float)
    return np.sum(gradient(x) * u) / np.sum(np.abs(u))


def directional_gradient_at_u(gradient, x, u):
    """The gradient is taken at u and not at x."""
    u = np.asarray(u, dtype=float)
    return np.sum(gradient(u) * u) / np.linalg.norm(u)


def directional_lists_forgotten(gradient, x, u):
    """A list x is handed to gradient as it is, where 2 * x doubles the list."""
    u = np.array(u) / np.linalg.norm(u)
    return np.sum(gradient(x) * u)


def directional_absolute(gradient, x, u):
    """The sign of the slope is thrown away."""
    x, u = np.asarray(x, dtype=float), np.asarray(u, dtype=float)
    return abs(np.sum(gradient(x) * u)) / np.linalg.norm(u)


def directional_row_lengths(gradient, x, u):
    """In a matrix every row of u is made one long, not u as a whole."""
    x, u = np.asarray(x, dtype=float), np.asarray(u, dtype=float)
    unit = u / np.linalg.norm(u, axis=-1, keepdims=True)
    return np.sum(gradient(x) * unit)


def directional_epsilon(gradient, x, u):
    """1e-8 is added to the length, which is too much for short u."""
    x, u = np.asarray(x, dtype=float), np.asarray(u, dtype=float)
    unit = u / (np.linalg.norm(u) + 1e-8)
    return np.sum(gradient(x) * unit)


def directional_not_called(gradient, x, u):
    """gradient is a function, but it is multiplied like an array."""
    u = np.asarray(u, dtype=float)
    return np.sum(gradient * u) / np.linalg.norm(u)


def directional_integer_unit(gradient, x, u):
    """The unit vector is stored in an array of the type of u: among integers it is cut to 0."""
    x, u = np.asarray(x), np.asarray(u)
    unit = np.zeros_like(u)
    unit[...] = u / np.linalg.norm(u)
    return np.sum(gradient(x) * unit)


# == directional_derivative RIGHT
def directional_plain(gradient, x, u):
    x = np.asarray(x, dtype=float)
    u = np.asarray(u, dtype=float)
    return np.sum(gradient(x) * u) / np.linalg.norm(u)


def directional_unit_first(gradient, x, u):
    u = np.array(u, dtype=np.float64)
    unit = u / np.sqrt((u**2).sum())
    return float((gradient(np.array(x)) * unit).sum())


def directional_flat_dot(gradient, x, u):
    g = np.ravel(gradient(np.array(x, dtype=float)))
    u = np.ravel(np.array(u, dtype=float))
    return np.dot(g, u) / math.sqrt(np.dot(u, u))


def directional_loop(gradient, x, u):
    g = np.asarray(gradient(np.asarray(x, dtype=float)), dtype=float).flatten().tolist()
    u = np.asarray(u, dtype=float).flatten().tolist()
    length = math.hypot(*u)
    slope = 0.0
    for a, b in zip(g, u, strict=True):
        slope += a * (b / length)
    return slope


def directional_vdot(gradient, x, u):
    """np.vdot flattens both of its arguments."""
    u = np.asarray(u, dtype=float)
    biggest = np.max(np.abs(u))
    u = u / biggest
    return np.vdot(gradient(np.asarray(x, dtype=float)), u) / np.sqrt(np.vdot(u, u))


def directional_einsum(gradient, x, u):
    g = np.asarray(gradient(1.0 * np.asarray(x)))
    unit = np.asarray(u) / np.linalg.norm(np.ravel(u))
    return np.einsum("i,i->", g.reshape(-1), unit.reshape(-1))


# == softmax WRONG
def softmax_no_shift(z):
    """Without a shift exp(1000) is infinite, and inf / inf is nan."""
    e = np.exp(np.asarray(z, dtype=float))
    return e / np.sum(e, axis=-1, keepdims=True)


def softmax_one_sum(z):
    """The sum runs over the whole array and not over each row."""
    z = np.asarray(z, dtype=float)
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


def softmax_first_axis(z):
    """The probabilities add up to 1 along the first axis instead of the last."""
    z = np.asarray(z, dtype=float)
    e = np.exp(z - np.max(z, axis=0, keepdims=True))
    return e / np.sum(e, axis=0, keepdims=True)


def softmax_no_keepdims(z):
    """Without keepdims the row sums are spread over the columns, or do not fit at all."""
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1)


def softmax_one_maximum(z):
    """One maximum for all rows: a row that lies far below it becomes 0 / 0."""
    z = np.asarray(z, dtype=float)
    e = np.exp(z - np.max(z))
    return e / np.sum(e, axis=-1, keepdims=True)


def softmax_clipped(z):
    """Logits are clipped at 500, so that large ones cannot be told apart."""
    z = np.clip(np.asarray(z, dtype=float), -500, 500)
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)


def softmax_array_method(z):
    """A list has no method max, so that lists crash."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_axis_one(z):
    """Axis 1 is written for the last axis: a vector crashes, and three axes go wrong."""
    z = np.asarray(z, dtype=float)
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def softmax_like_z(z):
    """The result has the type of z, so that whole logits give only 0 and 1."""
    z = np.asarray(z)
    y = np.zeros_like(z)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    y[...] = e / e.sum(axis=-1, keepdims=True)
    return y


def softmax_minus_minimum(z):
    """The smallest logit is taken off, which makes the overflow worse."""
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.min(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_nan_to_num(z):
    """The nan of an overflow is replaced by 0 instead of being avoided."""
    e = np.exp(np.asarray(z, dtype=float))
    return np.nan_to_num(e / e.sum(axis=-1, keepdims=True))


def softmax_logarithm(z):
    """It returns the logarithms of the probabilities."""
    z = np.asarray(z, dtype=float)
    z = z - z.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def softmax_float32(z):
    """float32 is too coarse for logits as large as 5000."""
    z = np.asarray(z, dtype=np.float32)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_row_loop(z):
    """The loop over the first axis fits a matrix, but takes a vector or three axes wrongly."""
    rows = []
    for row in np.asarray(z, dtype=float):
        e = np.exp(row - np.max(row))
        rows.append(e / np.sum(e))
    return np.array(rows)


def softmax_shift_above_only(z):
    """The shifted logits are used above, those not shifted below."""
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / np.exp(z).sum(axis=-1, keepdims=True)


# == softmax RIGHT
def softmax_plain(z):
    z = np.asarray(z, dtype=float)
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def softmax_logaddexp(z):
    z = np.array(z, dtype=np.float64)
    return np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))


def softmax_along_axis(z):
    def one(row):
        shifted = np.exp(row - row.max())
        return shifted / shifted.sum()

    return np.apply_along_axis(one, -1, np.array(z, dtype=float))


def softmax_recursive(z):
    z = np.array(z, dtype=float)
    if z.ndim > 1:
        return np.stack([softmax_recursive(part) for part in z])
    top = max(z)
    powers = [math.exp(value - top) for value in z]
    total = math.fsum(powers)
    return np.array([p / total for p in powers])


def softmax_transposed(z):
    zt = np.moveaxis(np.asarray(z, dtype=float), -1, 0)
    e = np.exp(zt - zt.max(axis=0))
    return np.moveaxis(e / e.sum(axis=0), 0, -1)


def softmax_flat_rows(z):
    z = np.asarray(z) * 1.0
    rows = z.reshape(-1, z.shape[-1])
    y = np.empty(rows.shape)
    for k in range(len(rows)):
        y[k] = np.exp(rows[k] - np.amax(rows[k]))
        y[k] /= y[k].sum()
    return y.reshape(z.shape)


def softmax_by_ratios(z):
    """y_k = 1 / sum_j exp(z_j - z_k); an infinite sum rightly gives 0."""
    z = np.asarray(z, dtype=float)
    with np.errstate(over="ignore"):
        return 1 / np.exp(z[..., None, :] - z[..., :, None]).sum(axis=-1)


# == cross_entropy WRONG
def entropy_log_of_softmax(z, t):
    """It takes the logarithm of a probability, which may have become 0."""
    y = softmax_plain(z)
    t = np.asarray(t, dtype=float)
    return np.mean(-np.sum(t * np.log(y), axis=-1))


def entropy_epsilon(z, t):
    """1e-12 is added before the logarithm, so that no loss is larger than 27.6."""
    y = softmax_plain(z)
    return np.mean(-np.sum(np.asarray(t) * np.log(y + 1e-12), axis=-1))


def entropy_sum(z, t):
    """The losses of the samples are added and not averaged."""
    z, t = np.asarray(z, dtype=float), np.asarray(t, dtype=float)
    z = z - z.max(axis=-1, keepdims=True)
    log_y = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    return -np.sum(t * log_y)


def entropy_mean_of_all(z, t):
    """The mean is taken over all entries, which divides by the classes as well."""
    z, t = np.asarray(z, dtype=float), np.asarray(t, dtype=float)
    z = z - z.max(axis=-1, keepdims=True)
    log_y = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    return -np.mean(t * log_y)


def entropy_sign(z, t):
    """The minus is missing."""
    z, t = np.asarray(z, dtype=float), np.asarray(t, dtype=float)
    log_y = z - np.logaddexp.reduce(z, axis=-1, keepdims=True)
    return np.mean(np.sum(t * log_y, axis=-1))


def entropy_hard_targets(z, t):
    """Only the class with the largest target counts, though targets may be any probabilities."""
    z, t = np.atleast_2d(np.asarray(z, dtype=float)), np.atleast_2d(t)
    log_y = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    labels = np.argmax(t, axis=1)
    return -np.mean(log_y[np.arange(len(z)), labels])


def entropy_class_numbers(z, t):
    """t is read as class numbers, as in PyTorch, not as probabilities."""
    z = np.atleast_2d(np.asarray(z, dtype=float))
    log_y = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    return -log_y[range(len(z)), np.asarray(t, dtype=int)].mean()


def entropy_one_maximum(z, t):
    """One maximum for the whole batch: the sum of a row far below it is 0."""
    z, t = np.asarray(z, dtype=float), np.asarray(t, dtype=float)
    z = z - np.max(z)
    log_y = z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))
    return -np.mean(np.sum(t * log_y, axis=-1))


def entropy_first_axis(z, t):
    """The softmax and the sum run over the samples instead of the classes."""
    z, t = np.asarray(z, dtype=float), np.asarray(t, dtype=float)
    z = z - z.max(axis=0)
    log_y = z - np.log(np.exp(z).sum(axis=0))
    return -np.mean(np.sum(t * log_y, axis=0))


def entropy_divides_by_len(z, t):
    """For one sample len(z) is the number of classes, not 1."""
    z, t = np.asarray(z, dtype=float), np.asarray(t, dtype=float)
    log_y = z - np.logaddexp.reduce(z, axis=-1, keepdims=True)
    return -np.sum(t * log_y) / len(z)


def entropy_base_two(z, t):
    """The logarithm is that to the base 2."""
    z, t = np.asarray(z, dtype=float), np.asarray(t, dtype=float)
    z = z - z.max(axis=-1, keepdims=True)
    log_y = np.log2(np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True))
    return -np.mean(np.sum(t * log_y, axis=-1))


def entropy_clipped(z, t):
    """Probabilities are clipped, as in Keras, so that a certain wrong answer costs 16 only."""
    y = np.clip(softmax_plain(z), 1e-7, 1 - 1e-7)
    return -np.mean(np.sum(np.asarray(t) * np.log(y), axis=-1))


def entropy_only_batches(z, t):
    """Axis 1 exists in a batch only: one sample crashes."""
    z, t = np.asarray(z, dtype=float), np.asarray(t, dtype=float)
    z = z - z.max(axis=1, keepdims=True)
    log_y = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -(t * log_y).sum(axis=1).mean()


def entropy_shift_lost(z, t):
    """The maximum is taken off inside the logarithm, but is not added again."""
    z, t = np.asarray(z, dtype=float), np.asarray(t, dtype=float)
    log_sum = np.log(np.exp(z - z.max(axis=-1, keepdims=True)).sum(axis=-1))
    return np.mean(log_sum - np.sum(t * z, axis=-1))


def entropy_no_shift(z, t):
    """The logarithm is taken on paper, but exp of a large logit still overflows."""
    z, t = np.asarray(z, dtype=float), np.asarray(t, dtype=float)
    return np.mean(np.log(np.exp(z).sum(axis=-1)) - (t * z).sum(axis=-1))


def entropy_no_mean(z, t):
    """It returns the loss of each sample and not their mean."""
    z, t = np.asarray(z, dtype=float), np.asarray(t, dtype=float)
    log_y = z - np.logaddexp.reduce(z, axis=-1, keepdims=True)
    return -np.einsum("...k,...k->...", t, log_y)


def entropy_nan_to_num(z, t):
    """0 * log 0 is patched, and with it -inf becomes -1.8e308 where the loss is 1000."""
    with np.errstate(divide="ignore", invalid="ignore"):
        log_y = np.nan_to_num(np.log(softmax_plain(z)))
    return -np.mean(np.sum(np.asarray(t, dtype=float) * log_y, axis=-1))


# == cross_entropy RIGHT
def entropy_shifted(z, t):
    z = np.asarray(z, dtype=float)
    t = np.asarray(t, dtype=float)
    z = z - z.max(axis=-1, keepdims=True)
    log_y = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    return np.mean(-np.sum(t * log_y, axis=-1))


def entropy_logaddexp(z, t):
    z, t = np.array(z, dtype=float), np.array(t, dtype=float)
    return -(t * (z - np.logaddexp.reduce(z, axis=-1, keepdims=True))).sum(axis=-1).mean()


def entropy_loop(z, t):
    z = np.atleast_2d(np.asarray(z, dtype=float))
    t = np.atleast_2d(np.asarray(t, dtype=float))
    losses = []
    for zi, ti in zip(z, t, strict=True):
        top = max(zi)
        log_sum = top + math.log(sum(math.exp(v - top) for v in zi))
        losses.append(sum(tk * (log_sum - zk) for zk, tk in zip(zi, ti, strict=True)))
    return np.float64(sum(losses) / len(losses))


def entropy_einsum(z, t):
    z = np.atleast_2d(np.asarray(z, dtype=float))
    t = np.atleast_2d(np.asarray(t, dtype=float))
    top = z.max(axis=1)
    log_sum = top + np.log(np.exp(z - top[:, None]).sum(axis=1))
    return np.einsum("nk,nk->", t, log_sum[:, None] - z) / z.shape[0]


def entropy_one_by_one(z, t):
    z, t = np.asarray(z, dtype=float), np.asarray(t, dtype=float)
    if z.ndim == 2:
        return np.mean([entropy_one_by_one(a, b) for a, b in zip(z, t, strict=True)])
    return t @ (np.logaddexp.reduce(z) - z)


def entropy_divide_first(z, t):
    z, t = np.asarray(z) * 1.0, np.asarray(t) * 1.0
    n = 1 if z.ndim == 1 else len(z)
    gaps = z - z.max(axis=-1, keepdims=True)
    log_sum = np.log(np.sum(np.exp(gaps), axis=-1, keepdims=True))
    return np.sum(t * (log_sum - gaps) / n)


# == loss_gradient WRONG
def weights_no_mean(W, x, t):
    """The gradient is that of the sum over the samples, not of the mean."""
    x, t = np.atleast_2d(x), np.atleast_2d(t)
    return x.T @ (softmax_plain(x @ W) - t)


def weights_divides_by_len(W, x, t):
    """For one sample len(x) is the number of inputs, not 1."""
    n = len(x)
    x, t = np.atleast_2d(x), np.atleast_2d(t)
    return x.T @ (softmax_plain(x @ W) - t) / n


def weights_sign(W, x, t):
    """The error is taken as t - y, which turns the sign of the gradient."""
    x, t = np.atleast_2d(x), np.atleast_2d(t)
    return x.T @ (t - softmax_plain(x @ W)) / len(x)


def weights_only_batches(W, x, t):
    """Written for a batch: with one sample x.T @ error is no matrix product that fits."""
    x, t = np.asarray(x, dtype=float), np.asarray(t, dtype=float)
    return x.T @ (softmax_plain(x @ W) - t) / x.shape[0]


def weights_only_one_sample(W, x, t):
    """np.outer fits one sample, but flattens a batch."""
    return np.outer(x, softmax_plain(np.asarray(x) @ W) - t)


def weights_outer_turned(W, x, t):
    """The outer product of one sample is turned: it has the shape of W.T."""
    x, t = np.asarray(x, dtype=float), np.asarray(t, dtype=float)
    error = softmax_plain(x @ W) - t
    if x.ndim == 1:
        return np.outer(error, x)
    return x.T @ error / len(x)


def weights_mean_of_all(W, x, t):
    """It divides by samples times classes."""
    x, t = np.atleast_2d(x), np.atleast_2d(t)
    error = softmax_plain(x @ W) - t
    return x.T @ error / error.size


def weights_softmax_over_samples(W, x, t):
    """The softmax runs over the samples instead of the classes."""
    x, t = np.atleast_2d(x), np.atleast_2d(t)
    e = np.exp(x @ W)
    y = e / e.sum(axis=0)
    return x.T @ (y - t) / len(x)


def weights_no_shift(W, x, t):
    """Its softmax overflows for large logits and gives nan."""
    x, t = np.atleast_2d(x), np.atleast_2d(t)
    e = np.exp(x @ W)
    return x.T @ (e / e.sum(axis=1, keepdims=True) - t) / len(x)


def weights_logits_for_probabilities(W, x, t):
    """The softmax is forgotten: the error is that of the logits as outputs."""
    x, t = np.atleast_2d(x), np.atleast_2d(t)
    return x.T @ (x @ W - t) / len(x)


def weights_slope_of_sigmoid(W, x, t):
    """The slope y (1 - y) is multiplied in, as for a sigmoid with a squared error."""
    x, t = np.atleast_2d(x), np.atleast_2d(t)
    y = softmax_plain(x @ W)
    return x.T @ ((y - t) * y * (1 - y)) / len(x)


def weights_sigmoid(W, x, t):
    """A sigmoid stands in place of the softmax."""
    x, t = np.atleast_2d(x), np.atleast_2d(t)
    y = 1 / (1 + np.exp(-(x @ W)))
    return x.T @ (y - t) / len(x)


def weights_hard_targets(W, x, t):
    """The targets are replaced by the likeliest class, though they may be any probabilities."""
    x, t = np.atleast_2d(x), np.atleast_2d(t)
    y = softmax_plain(x @ W)
    y[np.arange(len(x)), t.argmax(axis=1)] -= 1
    return x.T @ y / len(x)


def weights_error_only(W, x, t):
    """It returns the error of the logits, not the gradient by the weights."""
    x, t = np.asarray(x, dtype=float), np.asarray(t, dtype=float)
    error = softmax_plain(x @ W) - t
    return error / (len(x) if x.ndim == 2 else 1)


def weights_differences(W, x, t):
    """Forward differences instead of the formula: wrong from about the sixth digit on."""
    W = np.array(W, dtype=float)
    x = np.asarray(x, dtype=float)
    grad = np.zeros(W.shape)
    here = entropy_shifted(x @ W, t)
    for i in np.ndindex(W.shape):
        moved = W.copy()
        moved[i] += 1e-5
        grad[i] = (entropy_shifted(x @ moved, t) - here) / 1e-5
    return grad


def weights_like_w(W, x, t):
    """The result has the type of W, so that whole weights give a gradient of whole numbers."""
    x, t = np.atleast_2d(x), np.atleast_2d(t)
    grad = np.zeros_like(W)
    error = softmax_plain(x @ W) - t
    for i in range(W.shape[0]):
        for j in range(W.shape[1]):
            grad[i, j] = np.mean(x[:, i] * error[:, j])
    return grad


# == loss_gradient RIGHT
def weights_atleast_2d(W, x, t):
    x = np.atleast_2d(np.asarray(x, dtype=float))
    t = np.atleast_2d(np.asarray(t, dtype=float))
    return x.T @ (softmax_plain(x @ np.asarray(W)) - t) / len(x)


def weights_two_cases(W, x, t):
    x, t = np.asarray(x, dtype=float), np.asarray(t, dtype=float)
    error = softmax_logaddexp(x @ W) - t
    if x.ndim == 1:
        return np.outer(x, error)
    return np.dot(x.transpose(), error) / x.shape[0]


def weights_sample_loop(W, x, t):
    x = np.array(x, dtype=float, ndmin=2)
    t = np.array(t, dtype=float, ndmin=2)
    grad = np.zeros(np.shape(W))
    for xi, ti in zip(x, t, strict=True):
        grad += xi[:, None] * (softmax_recursive(xi @ W) - ti)[None, :]
    return grad / x.shape[0]


def weights_einsum(W, x, t):
    x = np.array(x, dtype=float, ndmin=2)
    t = np.array(t, dtype=float, ndmin=2)
    d = (softmax_transposed(np.einsum("nm,mk->nk", x, W)) - t) / t.shape[0]
    return np.einsum("nm,nk->mk", x, d)


def weights_mean_of_outers(W, x, t):
    x, t = np.atleast_2d(x), np.atleast_2d(t)
    y = softmax_flat_rows(x @ W)
    return np.mean(x[:, :, np.newaxis] * (y - t)[:, np.newaxis, :], axis=0)


def weights_entry_loops(W, x, t):
    W = np.asarray(W, dtype=float)
    x, t = np.atleast_2d(x), np.atleast_2d(t)
    y = softmax_plain(x @ W)
    n = x.shape[0]
    grad = np.empty(W.shape, dtype=float)
    for i in range(W.shape[0]):
        for j in range(W.shape[1]):
            grad[i, j] = sum(x[s, i] * (y[s, j] - t[s, j]) for s in range(n)) / n
    return grad


# == gradient_error WRONG
def check_last_only(f, gradient, x, rng, directions=10):
    """It returns the error of the last direction, not the largest."""
    x = np.asarray(x, dtype=float)
    h = 1e-5
    for _ in range(directions):
        u = rng.standard_normal(np.shape(x))
        u = u / np.linalg.norm(u)
        a = np.sum(gradient(x) * u)
        b = (f(x + h * u) - f(x - h * u)) / (2 * h)
        biggest = max(abs(a), abs(b))
        error = abs(a - b) / biggest if biggest > 0 else 0.0
    return error


def check_mean(f, gradient, x, rng, directions=10):
    """It returns the mean of the errors, not the largest."""
    x = np.asarray(x, dtype=float)
    h = 1e-5
    errors = []
    for _ in range(directions):
        u = rng.standard_normal(np.shape(x))
        u = u / np.linalg.norm(u)
        a = np.sum(gradient(x) * u)
        b = (f(x + h * u) - f(x - h * u)) / (2 * h)
        biggest = max(abs(a), abs(b))
        errors.append(abs(a - b) / biggest if biggest > 0 else 0.0)
    return np.mean(errors)


def check_any_length(f, gradient, x, rng, directions=10):
    """u is not made one long, so that the step along it is not h."""
    x = np.asarray(x, dtype=float)
    h = 1e-5
    worst = 0.0
    for _ in range(directions):
        u = rng.standard_normal(np.shape(x))
        a = np.sum(gradient(x) * u)
        b = (f(x + h * u) - f(x - h * u)) / (2 * h)
        if a != 0 or b != 0:
            worst = max(worst, abs(a - b) / max(abs(a), abs(b)))
    return worst


def check_uniform(f, gradient, x, rng, directions=10):
    """The directions are drawn from rng.random, so that all their entries are positive."""
    x = np.asarray(x, dtype=float)
    h = 1e-5
    worst = 0.0
    for _ in range(directions):
        u = rng.random(np.shape(x))
        u = u / np.linalg.norm(u)
        a = np.sum(gradient(x) * u)
        b = (f(x + h * u) - f(x - h * u)) / (2 * h)
        if a != 0 or b != 0:
            worst = max(worst, abs(a - b) / max(abs(a), abs(b)))
    return worst


def check_global_random(f, gradient, x, rng, directions=10):
    """The directions come from np.random and not from rng."""
    x = np.asarray(x, dtype=float)
    h = 1e-5
    worst = 0.0
    for _ in range(directions):
        u = np.random.randn(*x.shape)  # noqa: NPY002 - the slip itself
        u = u / np.linalg.norm(u)
        a = np.sum(gradient(x) * u)
        b = (f(x + h * u) - f(x - h * u)) / (2 * h)
        if a != 0 or b != 0:
            worst = max(worst, abs(a - b) / max(abs(a), abs(b)))
    return worst


def check_sum_below(f, gradient, x, rng, directions=10):
    """The difference is divided by |a| + |b|, a formula from another course."""
    x = np.asarray(x, dtype=float)
    h = 1e-5
    worst = 0.0
    for _ in range(directions):
        u = rng.standard_normal(x.shape)
        u /= np.linalg.norm(u)
        a = np.sum(gradient(x) * u)
        b = (f(x + h * u) - f(x - h * u)) / (2 * h)
        if a != 0 or b != 0:
            worst = max(worst, abs(a - b) / (abs(a) + abs(b)))
    return worst


def check_measured_below(f, gradient, x, rng, directions=10):
    """The difference is divided by |b| alone, not by the larger of both."""
    x = np.asarray(x, dtype=float)
    h = 1e-5
    worst = 0.0
    for _ in range(directions):
        u = rng.standard_normal(x.shape)
        u = u / np.linalg.norm(u)
        a = np.sum(gradient(x) * u)
        b = (f(x + h * u) - f(x - h * u)) / (2 * h)
        if b != 0:
            worst = max(worst, abs(a - b) / abs(b))
    return worst


def check_zero_by_zero(f, gradient, x, rng, directions=10):
    """Where a and b are both 0 the error becomes 0 / 0, which is nan."""
    x = np.asarray(x, dtype=float)
    h = 1e-5
    errors = []
    for _ in range(directions):
        u = rng.standard_normal(x.shape)
        u = u / np.linalg.norm(u)
        a = np.sum(gradient(x) * u)
        b = (f(x + h * u) - f(x - h * u)) / (2 * h)
        errors.append(np.abs(a - b) / np.maximum(np.abs(a), np.abs(b)))
    return np.max(errors)


def check_epsilon(f, gradient, x, rng, directions=10):
    """1e-8 is added below, which hides the error of small gradients."""
    x = np.asarray(x, dtype=float)
    h = 1e-5
    worst = 0.0
    for _ in range(directions):
        u = rng.standard_normal(x.shape)
        u = u / np.linalg.norm(u)
        a = np.sum(gradient(x) * u)
        b = (f(x + h * u) - f(x - h * u)) / (2 * h)
        worst = max(worst, abs(a - b) / (max(abs(a), abs(b)) + 1e-8))
    return worst


def check_no_sizes(f, gradient, x, rng, directions=10):
    """max(a, b) without absolute values is negative or too small for slopes downwards."""
    x = np.asarray(x, dtype=float)
    h = 1e-5
    worst = 0.0
    for _ in range(directions):
        u = rng.standard_normal(x.shape)
        u = u / np.linalg.norm(u)
        a = np.sum(gradient(x) * u)
        b = (f(x + h * u) - f(x - h * u)) / (2 * h)
        if a != 0 or b != 0:
            worst = max(worst, abs(a - b) / max(a, b))
    return worst


def check_forward(f, gradient, x, rng, directions=10):
    """The slope is measured by a forward difference."""
    x = np.asarray(x, dtype=float)
    h = 1e-5
    worst = 0.0
    for _ in range(directions):
        u = rng.standard_normal(x.shape)
        u = u / np.linalg.norm(u)
        a = np.sum(gradient(x) * u)
        b = (f(x + h * u) - f(x)) / h
        if a != 0 or b != 0:
            worst = max(worst, abs(a - b) / max(abs(a), abs(b)))
    return worst


def check_run_h(f, gradient, x, rng, directions=10):
    """/ 2 * h divides by 2 and multiplies by h."""
    x = np.asarray(x, dtype=float)
    h = 1e-5
    worst = 0.0
    for _ in range(directions):
        u = rng.standard_normal(x.shape)
        u = u / np.linalg.norm(u)
        a = np.sum(gradient(x) * u)
        b = (f(x + h * u) - f(x - h * u)) / 2 * h
        if a != 0 or b != 0:
            worst = max(worst, abs(a - b) / max(abs(a), abs(b)))
    return worst


def check_vectors_only(f, gradient, x, rng, directions=10):
    """np.dot of two matrices is a matrix and no number."""
    x = np.asarray(x, dtype=float)
    h = 1e-5
    worst = 0.0
    for _ in range(directions):
        u = rng.standard_normal(x.shape)
        u = u / np.linalg.norm(u)
        a = np.dot(gradient(x), u)
        b = (f(x + h * u) - f(x - h * u)) / (2 * h)
        if a != 0 or b != 0:
            worst = max(worst, abs(a - b) / max(abs(a), abs(b)))
    return worst


def check_moves_x(f, gradient, x, rng, directions=10):
    """x is moved in place: integers crash, and the caller's floats keep rounding errors."""
    h = 1e-5
    worst = 0.0
    for _ in range(directions):
        u = rng.standard_normal(np.shape(x))
        u = u / np.linalg.norm(u)
        a = np.sum(gradient(x) * u)
        x += h * u
        right = f(x)
        x -= 2 * h * u
        left = f(x)
        x += h * u
        b = (right - left) / (2 * h)
        if a != 0 or b != 0:
            worst = max(worst, abs(a - b) / max(abs(a), abs(b)))
    return worst


def check_returns_early(f, gradient, x, rng, directions=10):
    """The return stands inside the loop, so that one direction is tried only."""
    x = np.asarray(x, dtype=float)
    h = 1e-5
    worst = 0.0
    for _ in range(directions):
        u = rng.standard_normal(x.shape)
        u = u / np.linalg.norm(u)
        a = np.sum(gradient(x) * u)
        b = (f(x + h * u) - f(x - h * u)) / (2 * h)
        if a != 0 or b != 0:
            worst = max(worst, abs(a - b) / max(abs(a), abs(b)))
        return worst


def check_always_ten(f, gradient, x, rng, directions=10):
    """It tries ten directions, whatever number is asked for."""
    x = np.asarray(x, dtype=float)
    h = 1e-5
    worst = 0.0
    for _ in range(10):
        u = rng.standard_normal(x.shape)
        u = u / np.linalg.norm(u)
        a = np.sum(gradient(x) * u)
        b = (f(x + h * u) - f(x - h * u)) / (2 * h)
        if a != 0 or b != 0:
            worst = max(worst, abs(a - b) / max(abs(a), abs(b)))
    return worst


def check_own_generator(f, gradient, x, rng, directions=10):
    """It makes a generator of its own, with the seed 0, and does not use rng."""
    rng = np.random.default_rng(0)
    x = np.asarray(x, dtype=float)
    h = 1e-5
    worst = 0.0
    for _ in range(directions):
        u = rng.standard_normal(x.shape)
        u = u / np.linalg.norm(u)
        a = np.sum(gradient(x) * u)
        b = (f(x + h * u) - f(x - h * u)) / (2 * h)
        if a != 0 or b != 0:
            worst = max(worst, abs(a - b) / max(abs(a), abs(b)))
    return worst


def check_signed(f, gradient, x, rng, directions=10):
    """No absolute value above: where the gradient says too little, the error is negative."""
    x = np.asarray(x, dtype=float)
    h = 1e-5
    errors = [0.0]
    for _ in range(directions):
        u = rng.standard_normal(x.shape)
        u = u / np.linalg.norm(u)
        a = np.sum(gradient(x) * u)
        b = (f(x + h * u) - f(x - h * u)) / (2 * h)
        if a != 0 or b != 0:
            errors.append((a - b) / max(abs(a), abs(b)))
    return max(errors)


def check_zero_gradient_skipped(f, gradient, x, rng, directions=10):
    """Where only one of a and b is 0 the error is taken as 0, although it is 1."""
    x = np.asarray(x, dtype=float)
    h = 1e-5
    worst = 0.0
    for _ in range(directions):
        u = rng.standard_normal(x.shape)
        u = u / np.linalg.norm(u)
        a = np.sum(gradient(x) * u)
        b = (f(x + h * u) - f(x - h * u)) / (2 * h)
        error = 0.0 if a == 0 or b == 0 else abs(a - b) / max(abs(a), abs(b))
        worst = max(worst, error)
    return worst


# == gradient_error RIGHT
def check_plain(f, gradient, x, rng, directions=10):
    x = np.asarray(x, dtype=float)
    h = 1e-5
    worst = 0.0
    for _ in range(directions):
        u = rng.standard_normal(np.shape(x))
        u = u / np.linalg.norm(u)
        a = np.sum(gradient(x) * u)
        b = (f(x + h * u) - f(x - h * u)) / (2 * h)
        if a != 0 or b != 0:
            worst = max(worst, abs(a - b) / max(abs(a), abs(b)))
    return worst


def check_by_directional(f, gradient, x, rng, directions=10):
    """Uses exercise 1 for a."""
    x = np.array(x, dtype=float)
    errors = []
    for _ in range(directions):
        u = rng.standard_normal(np.shape(x))
        a = directional_plain(gradient, x, u)
        unit = u / np.sqrt(np.sum(u**2))
        b = f(x + 1e-5 * unit) / 2e-5 - f(x - 1e-5 * unit) / 2e-5
        errors.append(0.0 if a == b == 0 else abs(a - b) / max(abs(a), abs(b)))
    return max(errors)


def check_all_drawn_first(f, gradient, x, rng, directions=10):
    x = np.array(x, dtype=np.float64)
    us = [rng.standard_normal(x.shape) for _ in range(directions)]
    us = [u / np.linalg.norm(u) for u in us]
    g = np.array(gradient(x), dtype=float)
    a = np.array([np.vdot(g, u) for u in us])
    b = np.array([(f(x + 1e-5 * u) - f(x - 1e-5 * u)) / 2e-5 for u in us])
    biggest = np.maximum(np.abs(a), np.abs(b))
    biggest[biggest == 0] = 1
    return float(np.max(np.abs(a - b) / biggest))


def check_one_block(f, gradient, x, rng, directions=10):
    """All directions in one draw: the same numbers in the same order."""
    x = np.array(x, dtype=float)
    h = 10.0**-5
    worst = 0.0
    for u in rng.standard_normal((directions, *x.shape)):
        u = u / np.linalg.norm(np.ravel(u))
        a = float(np.sum(u * gradient(x)))
        b = float(f(x + h * u) - f(x - h * u)) / (2 * h)
        low, high = sorted([abs(a), abs(b)])
        if high == 0:
            continue
        error = (high - low if (a > 0) == (b > 0) else high + low) / high
        if error > worst:
            worst = error
    return worst


def check_with_helpers(f, gradient, x, rng, directions=10):
    def relative_error(a, b):
        return abs(a - b) / max(abs(a), abs(b)) if (a or b) else 0.0

    def measured(u, h=1e-5):
        return 0.5 * (f(point + h * u) - f(point - h * u)) / h

    def direction():
        u = rng.standard_normal(np.shape(x))
        return u / math.sqrt(np.sum(np.square(u)))

    point = np.array(x, dtype=float, copy=True)
    return max(
        relative_error(np.sum(np.multiply(gradient(point), u)), measured(u))
        for u in (direction() for _ in range(directions))
    )


WRONG = {
    "directional_derivative": [
        (directional_any_length, ("not normalised",)),
        (directional_length_squared, ("divided twice",)),
        (directional_spectral, ("spectral norm",)),
        (directional_matmul, ("vectors only", "matrix product")),
        (directional_in_place, ("argument changed", "divided in place")),
        (directional_no_sum, ("not added up",)),
        (directional_cosine, ("cosine",)),
        (directional_sum_of_sizes, ("sum of entries",)),
        (directional_gradient_at_u, ("gradient at u",)),
        (directional_lists_forgotten, ("list handed on",)),
        (directional_absolute, ("absolute value",)),
        (directional_row_lengths, ("each row by itself",)),
        (directional_epsilon, ("1e-6 added to the length", "1e-8 added to the length")),
        (directional_not_called, ("gradient not called",)),
        (directional_integer_unit, ("unit vector in the type of u",)),
    ],
    "softmax": [
        (softmax_no_shift, ("no shift",)),
        (softmax_one_sum, ("whole array",)),
        (softmax_first_axis, ("first axis",)),
        (softmax_no_keepdims, ("no keepdims",)),
        (softmax_one_maximum, ("one shift for all rows",)),
        (softmax_clipped, ("clipped logits",)),
        (softmax_array_method, ("method of a list",)),
        (softmax_axis_one, ("axis 1",)),
        (softmax_like_z, ("result in the type of z",)),
        (softmax_minus_minimum, ("shift by the least",)),
        (softmax_nan_to_num, ("nan replaced",)),
        (softmax_logarithm, ("logarithms",)),
        (softmax_float32, ("float32",)),
        (softmax_row_loop, ("loop over the first axis",)),
        (softmax_shift_above_only, ("shift above the line only",)),
    ],
    "cross_entropy": [
        (entropy_log_of_softmax, ("logarithm of softmax",)),
        (entropy_epsilon, ("plus 1e-7", "plus 1e-12")),
        (entropy_sum, ("sum over the batch",)),
        (entropy_mean_of_all, ("mean over all entries",)),
        (entropy_sign, ("sign",)),
        (entropy_hard_targets, ("the largest target only",)),
        (entropy_class_numbers, ("class numbers",)),
        (entropy_one_maximum, ("one shift for all rows",)),
        (entropy_first_axis, ("first axis", "first axis throughout")),
        (entropy_divides_by_len, ("divided by len(z)",)),
        (entropy_base_two, ("base two",)),
        (entropy_clipped, ("clipped at 1e-7 on both sides",)),
        (entropy_only_batches, ("batches only",)),
        (entropy_shift_lost, ("shift lost",)),
        (entropy_no_shift, ("no shift",)),
        (entropy_no_mean, ("one loss for each row",)),
        (entropy_nan_to_num, ("nan replaced",)),
    ],
    "loss_gradient": [
        (weights_no_mean, ("missing 1/n",)),
        (weights_divides_by_len, ("divided by the inputs",)),
        (weights_sign, ("sign",)),
        (weights_only_batches, ("batches only",)),
        (weights_only_one_sample, ("samples only",)),
        (weights_outer_turned, ("transposed",)),
        (weights_mean_of_all, ("divided by all entries",)),
        (weights_softmax_over_samples, ("first axis",)),
        (weights_no_shift, ("no shift",)),
        (weights_logits_for_probabilities, ("no softmax",)),
        (weights_slope_of_sigmoid, ("slope of a unit",)),
        (weights_sigmoid, ("logistic",)),
        (weights_hard_targets, ("the largest target only",)),
        (weights_error_only, ("by the logits",)),
        (weights_differences, ("measured with 1e-5", "measured with 1e-5, forward")),
        (weights_like_w, ("result in the type of W",)),
    ],
    "gradient_error": [
        (check_last_only, ("the last direction",)),
        (check_mean, ("mean",)),
        (check_uniform, ("one quadrant",)),
        (check_global_random, ()),
        (check_sum_below, ("sum below the line",)),
        (check_measured_below, ("in units of the measured slope",)),
        (check_zero_by_zero, ("zero by zero",)),
        (check_epsilon, ("1e-6 added below the line", "1e-8 added below the line")),
        (check_no_sizes, ("signed unit", "signed unit, from 0")),
        (check_forward, ("forward",)),
        (check_run_h, ("missing brackets",)),
        (check_vectors_only, ("vectors only", "vectors only, dot")),
        (check_moves_x, ("argument changed", "moved in place, and back")),
        (check_returns_early, ("one direction",)),
        (check_always_ten, ("always ten",)),
        (check_own_generator, ("generator of its own, seed 0",)),
        (check_signed, ("signed", "signed, from 0")),
        (check_zero_gradient_skipped, ("one zero passed over",)),
    ],
}

RIGHT = {
    "directional_derivative": [
        directional_plain,
        directional_unit_first,
        directional_flat_dot,
        directional_loop,
        directional_vdot,
        directional_einsum,
    ],
    "softmax": [
        softmax_plain,
        softmax_logaddexp,
        softmax_along_axis,
        softmax_recursive,
        softmax_transposed,
        softmax_flat_rows,
        softmax_by_ratios,
    ],
    "cross_entropy": [
        entropy_shifted,
        entropy_logaddexp,
        entropy_loop,
        entropy_einsum,
        entropy_one_by_one,
        entropy_divide_first,
    ],
    "loss_gradient": [
        weights_atleast_2d,
        weights_two_cases,
        weights_sample_loop,
        weights_einsum,
        weights_mean_of_outers,
        weights_entry_loops,
    ],
    "gradient_error": [
        # A relative error does not depend on the length of the direction.
        check_any_length,
        check_plain,
        check_by_directional,
        check_all_drawn_first,
        check_one_block,
        check_with_helpers,
    ],
}
