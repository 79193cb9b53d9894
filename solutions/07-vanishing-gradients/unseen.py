"""Answers by people who have not seen the checks: wrong ones, with the rows that describe them.

A row is named only if it truly says what is wrong; where there is none, the tuple is empty.
Students must not see this file; `make certify` reads it.
"""

import math

import numpy as np

# ---------------------------------------------------------------- xavier, wrong


def xavier_variance_as_scale(n_in, n_out, rng):
    """The variance is passed where the standard deviation belongs."""
    return rng.normal(0, 2 / (n_in + n_out), (n_in, n_out))


def xavier_half_variance(n_in, n_out, rng):
    """The variance is 1/(n_in + n_out)."""
    return rng.normal(0, np.sqrt(1 / (n_in + n_out)), (n_in, n_out))


def xavier_uniform(n_in, n_out, rng):
    """The variance is right, but the weights are uniform and not normal."""
    limit = np.sqrt(6 / (n_in + n_out))
    return rng.uniform(-limit, limit, (n_in, n_out))


def xavier_global_random(n_in, n_out, rng):
    """It draws with np.random and not with rng."""
    return np.random.randn(n_in, n_out) * np.sqrt(2 / (n_in + n_out))  # noqa: NPY002


def xavier_own_seed(n_in, n_out, rng):
    """It draws with a generator of its own, so that all seeds give the same weights."""
    rng = np.random.default_rng(0)
    return rng.standard_normal((n_in, n_out)) * np.sqrt(2 / (n_in + n_out))


def xavier_units_first(n_in, n_out, rng):
    """The shape is (n_out, n_in), as in PyTorch."""
    return rng.standard_normal((n_out, n_in)) * np.sqrt(2 / (n_in + n_out))


def xavier_cut_off(n_in, n_out, rng):
    """Weights beyond two standard deviations are cut to that, as with truncated initialisers."""
    s = np.sqrt(2 / (n_in + n_out))
    return np.clip(rng.normal(0, s, (n_in, n_out)), -2 * s, 2 * s)


def xavier_inputs_only(n_in, n_out, rng):
    """The variance is 1/n_in, as in blog posts that leave out the number of units."""
    return rng.standard_normal((n_in, n_out)) / np.sqrt(n_in)


def xavier_root_of_two_only(n_in, n_out, rng):
    """The root is taken of 2 and not of the whole fraction."""
    return rng.standard_normal((n_in, n_out)) * np.sqrt(2) / (n_in + n_out)


def xavier_one_row_repeated(n_in, n_out, rng):
    """One row is drawn and repeated for all inputs."""
    row = rng.normal(0, np.sqrt(2 / (n_in + n_out)), n_out)
    return np.tile(row, (n_in, 1))


def xavier_flat(n_in, n_out, rng):
    """The weights are one long vector, and not a matrix."""
    return rng.normal(0, np.sqrt(2 / (n_in + n_out)), n_in * n_out)


def xavier_exact_spread(n_in, n_out, rng):
    """The weights are shifted and scaled to exactly that spread, and so depend on each other."""
    W = rng.standard_normal((n_in, n_out))
    W = (W - W.mean()) / W.std()
    return W * np.sqrt(2 / (n_in + n_out))


def xavier_positive(n_in, n_out, rng):
    """rng.random draws from 0 to 1, so that no weight is negative."""
    return rng.random((n_in, n_out)) * np.sqrt(2 / (n_in + n_out))


def xavier_floor_division(n_in, n_out, rng):
    """The fraction is computed with //, so it is 0 for more than two inputs and units together."""
    return rng.standard_normal((n_in, n_out)) * np.sqrt(2 // (n_in + n_out))


# ---------------------------------------------------------------- xavier, right


def xavier(n_in, n_out, rng):
    return rng.normal(0, np.sqrt(2 / (n_in + n_out)), (n_in, n_out))


def xavier_scaled(n_in, n_out, rng):
    return rng.standard_normal(size=(n_in, n_out)) / math.sqrt((n_in + n_out) / 2)


def xavier_row_by_row(n_in, n_out, rng):
    s = (2 / (n_in + n_out)) ** 0.5
    return np.array([[s * z for z in rng.standard_normal(n_out)] for _ in range(n_in)])


def xavier_filled(n_in, n_out, rng):
    W = np.zeros((n_in, n_out))
    for k in range(n_out):
        W[:, k] = rng.normal(scale=np.sqrt(2.0 / (n_in + n_out)), size=n_in)
    return W


def xavier_box_muller(n_in, n_out, rng):
    radius = np.sqrt(-2 * np.log(1 - rng.random((n_in, n_out))))
    angle = 2 * np.pi * rng.random((n_in, n_out))
    return radius * np.cos(angle) * np.sqrt(2 / (n_in + n_out))


# ---------------------------------------------------------------- he, wrong


def he_variance_as_scale(n_in, n_out, rng):
    """The variance is passed where the standard deviation belongs."""
    return rng.normal(0, 2 / n_in, (n_in, n_out))


def he_units_count(n_in, n_out, rng):
    """The variance is 2/n_out."""
    return rng.normal(0, np.sqrt(2 / n_out), (n_in, n_out))


def he_is_xavier(n_in, n_out, rng):
    """The variance is still the one of Xavier."""
    return rng.normal(0, np.sqrt(2 / (n_in + n_out)), (n_in, n_out))


def he_one_over_n(n_in, n_out, rng):
    """The variance is 1/n_in."""
    return rng.normal(0, np.sqrt(1 / n_in), (n_in, n_out))


def he_uniform(n_in, n_out, rng):
    """The variance is right, but the weights are uniform and not normal."""
    limit = np.sqrt(6 / n_in)
    return rng.uniform(-limit, limit, size=(n_in, n_out))


def he_global_random(n_in, n_out, rng):
    """It draws with np.random and not with rng."""
    return np.random.normal(0, np.sqrt(2 / n_in), (n_in, n_out))  # noqa: NPY002


def he_own_seed(n_in, n_out, rng):
    """It draws with a generator of its own, so that all seeds give the same weights."""
    return np.random.default_rng(n_in + n_out).normal(0, np.sqrt(2 / n_in), (n_in, n_out))


def he_units_first(n_in, n_out, rng):
    """The shape is (n_out, n_in)."""
    return rng.standard_normal((n_out, n_in)) * np.sqrt(2 / n_in)


def he_half_normal(n_in, n_out, rng):
    """The absolute values are taken, so that no weight is negative."""
    return np.abs(rng.standard_normal((n_in, n_out))) * np.sqrt(2 / n_in)


def he_half_off(n_in, n_out, rng):
    """Half of the weights are set to zero, since half of the units are off."""
    W = rng.standard_normal((n_in, n_out)) * np.sqrt(2 / n_in)
    return W * (rng.random((n_in, n_out)) < 0.5)


def he_root_missing(n_in, n_out, rng):
    """The normal numbers are multiplied by the variance, without the root."""
    return rng.standard_normal((n_in, n_out)) * (2 / n_in)


def he_one_unit_repeated(n_in, n_out, rng):
    """One unit is drawn, and all units get its weights by broadcasting."""
    return rng.standard_normal((n_in, 1)) * np.sqrt(2 / n_in) * np.ones((1, n_out))


def he_mean_is_spread(n_in, n_out, rng):
    """The standard deviation is passed as the mean, and the spread is 1."""
    return rng.normal(np.sqrt(2 / n_in), size=(n_in, n_out))


def he_redrawn(n_in, n_out, rng):
    """Weights beyond two standard deviations are drawn again, so it is no normal distribution."""
    s = np.sqrt(2 / n_in)
    W = rng.normal(0, s, (n_in, n_out))
    while np.any(np.abs(W) > 2 * s):
        far = np.abs(W) > 2 * s
        W[far] = rng.normal(0, s, far.sum())
    return W


# ---------------------------------------------------------------- he, right


def he(n_in, n_out, rng):
    return rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out))


def he_from_xavier(n_in, n_out, rng):
    return xavier(n_in, n_out, rng) * np.sqrt((n_in + n_out) / n_in)


def he_reshaped(n_in, n_out, rng):
    return rng.standard_normal(n_in * n_out).reshape(n_in, n_out) * (2 / n_in) ** 0.5


def he_unit_by_unit(n_in, n_out, rng):
    units = [rng.normal(0.0, math.sqrt(2 / n_in), n_in) for _ in range(n_out)]
    return np.stack(units, axis=1)


def he_two_draws(n_in, n_out, rng):
    first = rng.standard_normal((n_in, n_out))
    second = rng.standard_normal((n_in, n_out))
    return (first + second) / np.sqrt(n_in)


# ---------------------------------------------------------------- clip_by_norm, wrong


def clip_each_array(gradients, limit):
    """Every array is shortened by itself, with a factor of its own."""
    clipped = []
    for g in gradients:
        length = np.sqrt(np.sum(g**2))
        clipped.append(g * (limit / length) if length > limit else g.copy())
    return clipped


def clip_each_number(gradients, limit):
    """Every number is cut to the limit, which is clipping by value."""
    return [np.clip(g, -limit, limit) for g in gradients]


def clip_root_missing(gradients, limit):
    """The length is the sum of squares without the root."""
    length = sum(np.sum(g**2) for g in gradients)
    return [g * limit / length if length > limit else g.copy() for g in gradients]


def clip_always(gradients, limit):
    """Gradients that are shorter than the limit are made longer."""
    length = np.sqrt(sum(np.sum(g**2) for g in gradients))
    return [g * limit / length for g in gradients]


def clip_in_place(gradients, limit):
    """The arrays that were passed in are changed."""
    length = np.sqrt(sum(np.sum(g**2) for g in gradients))
    if length > limit:
        for g in gradients:
            g *= limit / length
    return gradients


def clip_replaces_in_list(gradients, limit):
    """The shortened arrays are put into the list that was passed in."""
    length = np.sqrt(sum(np.sum(g**2) for g in gradients))
    if length > limit:
        for i in range(len(gradients)):
            gradients[i] = gradients[i] * limit / length
    return gradients


def clip_sum_of_lengths(gradients, limit):
    """The lengths of the arrays are added up, not their squares."""
    length = sum(np.linalg.norm(g) for g in gradients)
    return [g * limit / length if length > limit else g.copy() for g in gradients]


def clip_longest(gradients, limit):
    """The length is the one of the longest array."""
    length = max(np.sqrt(np.sum(g**2)) for g in gradients)
    return [g * limit / length if length > limit else g.copy() for g in gradients]


def clip_one_vector(gradients, limit):
    """It returns one long vector instead of the arrays."""
    v = np.concatenate([np.ravel(g) for g in gradients])
    length = np.linalg.norm(v)
    return v * limit / length if length > limit else v


def clip_spectral(gradients, limit):
    """np.linalg.norm with 2 takes the largest singular value of a matrix as its length."""
    length = np.sqrt(sum(np.linalg.norm(g, 2) ** 2 for g in gradients))
    return [g * limit / length if length > limit else g.copy() for g in gradients]


def clip_type_kept(gradients, limit):
    """The result is converted back to the type passed in, which cuts whole-number gradients."""
    length = np.sqrt(sum(np.sum(g**2) for g in gradients))
    if length <= limit:
        return [g.copy() for g in gradients]
    return [(g * limit / length).astype(g.dtype) for g in gradients]


def clip_with_epsilon(gradients, limit):
    """1e-6 is added to the length as in PyTorch, which is far off where the gradients are tiny."""
    length = np.sqrt(sum(np.sum(g**2) for g in gradients))
    factor = min(1.0, limit / (length + 1e-6))
    return [g * factor for g in gradients]


def clip_zero_length(gradients, limit):
    """The factor is computed before the comparison, which divides by zero if all gradients are."""
    factor = limit / math.sqrt(sum(float(np.sum(g**2)) for g in gradients))
    return [g * min(1.0, factor) for g in gradients]


def clip_factor_inverted(gradients, limit):
    """The factor is upside down."""
    length = np.sqrt(sum(np.sum(g**2) for g in gradients))
    return [g * length / limit if length > limit else g.copy() for g in gradients]


def clip_mean_square(gradients, limit):
    """The length is the root of the mean square."""
    v = np.concatenate([np.ravel(g) for g in gradients])
    length = np.sqrt(np.mean(v**2))
    return [g * limit / length if length > limit else g.copy() for g in gradients]


def clip_loop_shrinks(gradients, limit):
    """The length is computed anew for each array, from arrays shortened already."""
    result = [g.copy() for g in gradients]
    for i in range(len(result)):
        length = np.sqrt(sum(np.sum(g**2) for g in result))
        if length > limit:
            result[i] = result[i] * limit / length
    return result


def clip_same_shapes_only(gradients, limit):
    """All gradients are made one array, which fails unless they have the same shape."""
    G = np.array(gradients, dtype=float)
    length = np.sqrt((G**2).sum())
    return list(G * limit / length) if length > limit else list(G)


def clip_rows(gradients, limit):
    """Every row of an array is shortened by itself."""
    result = []
    for g in gradients:
        length = np.linalg.norm(g, axis=-1, keepdims=True)
        result.append(np.where(length > limit, g * limit / np.maximum(length, 1e-300), g))
    return result


# ---------------------------------------------------------------- clip_by_norm, right


def clip_by_norm(gradients, limit):
    length = np.sqrt(sum(np.sum(g**2) for g in gradients))
    if length > limit:
        return [g * (limit / length) for g in gradients]
    return [g.copy() for g in gradients]


def clip_concatenated(gradients, limit):
    length = np.linalg.norm(np.concatenate([np.ravel(g) for g in gradients]))
    factor = limit / length if length > limit else 1.0
    return [factor * g for g in gradients]


def clip_loops(gradients, limit):
    total = 0.0
    for g in gradients:
        for number in g.flat:
            total += float(number) ** 2
    length = math.sqrt(total)
    result = []
    for g in gradients:
        new = np.array(g, dtype=float)
        if length > limit:
            new *= limit
            new /= length
        result.append(new)
    return result


def clip_max_rule(gradients, limit):
    squares = [np.vdot(g, g) for g in gradients]
    scale = max(math.sqrt(float(sum(squares))), limit)
    if scale > limit:
        return [g * limit / scale for g in gradients]
    return list(map(np.copy, gradients))


def clip_hypot(gradients, limit):
    length = math.hypot(*(float(np.linalg.norm(np.ravel(g))) for g in gradients))

    def shortened(g):
        return np.multiply(g, limit / length) if length > limit else np.array(g)

    return [shortened(g) for g in gradients]


# ---------------------------------------------------------------- layer_gradient_norms, wrong


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


FUNCTIONS = {
    "sigmoid": _sigmoid,
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(0, z),
    "linear": lambda z: z,
}
SLOPES = {  # by what comes out
    "sigmoid": lambda a: a * (1 - a),
    "tanh": lambda a: 1 - a**2,
    "relu": lambda a: (a > 0) * 1.0,
    "linear": lambda a: np.ones_like(a),
}


def lgn_sum_over_samples(weights, X, T, activation):
    """The loss is a sum over the samples and not a mean."""
    H = [X]
    for W in weights:
        H.append(FUNCTIONS[activation](H[-1] @ W))
    delta = (H[-1] - T) * SLOPES[activation](H[-1])
    norms = []
    for k in range(len(weights) - 1, -1, -1):
        norms.insert(0, np.mean(np.abs(H[k].T @ delta)))
        if k > 0:
            delta = delta @ weights[k].T * SLOPES[activation](H[k])
    return norms


def lgn_mean_over_outputs(weights, X, T, activation):
    """The loss is divided by the number of outputs as well."""
    H = [X]
    for W in weights:
        H.append(FUNCTIONS[activation](H[-1] @ W))
    delta = (H[-1] - T) / T.size * SLOPES[activation](H[-1])
    norms = []
    for k in range(len(weights) - 1, -1, -1):
        norms.insert(0, np.mean(np.abs(H[k].T @ delta)))
        if k > 0:
            delta = delta @ weights[k].T * SLOPES[activation](H[k])
    return norms


def lgn_euclidean(weights, X, T, activation):
    """It returns the lengths of the gradients, as the name of the function suggests."""
    H = [X]
    for W in weights:
        H.append(FUNCTIONS[activation](H[-1] @ W))
    delta = (H[-1] - T) / len(X) * SLOPES[activation](H[-1])
    norms = []
    for k in range(len(weights) - 1, -1, -1):
        norms.insert(0, np.linalg.norm(H[k].T @ delta))
        if k > 0:
            delta = delta @ weights[k].T * SLOPES[activation](H[k])
    return norms


def lgn_last_first(weights, X, T, activation):
    """The numbers come in the order of the way back, from the last layer to the first."""
    H = [X]
    for W in weights:
        H.append(FUNCTIONS[activation](H[-1] @ W))
    delta = (H[-1] - T) / len(X) * SLOPES[activation](H[-1])
    norms = []
    for k in range(len(weights) - 1, -1, -1):
        norms.append(np.mean(np.abs(H[k].T @ delta)))
        if k > 0:
            delta = delta @ weights[k].T * SLOPES[activation](H[k])
    return norms


def lgn_linear_output(weights, X, T, activation):
    """The last layer has no activation."""
    H = [X]
    for W in weights[:-1]:
        H.append(FUNCTIONS[activation](H[-1] @ W))
    H.append(H[-1] @ weights[-1])
    delta = (H[-1] - T) / len(X)
    norms = []
    for k in range(len(weights) - 1, -1, -1):
        norms.insert(0, np.mean(np.abs(H[k].T @ delta)))
        if k > 0:
            delta = delta @ weights[k].T * SLOPES[activation](H[k])
    return norms


def lgn_last_slope_missing(weights, X, T, activation):
    """The delta of the last layer lacks its slope."""
    H = [X]
    for W in weights:
        H.append(FUNCTIONS[activation](H[-1] @ W))
    delta = (H[-1] - T) / len(X)
    norms = []
    for k in range(len(weights) - 1, -1, -1):
        norms.insert(0, np.mean(np.abs(H[k].T @ delta)))
        if k > 0:
            delta = delta @ weights[k].T * SLOPES[activation](H[k])
    return norms


def lgn_slope_of_slope(weights, X, T, activation):
    """The slopes of sigmoid and tanh apply the function once more to what came out."""
    f = FUNCTIONS[activation]

    def slope(a):
        if activation == "sigmoid":
            return f(a) * (1 - f(a))
        if activation == "tanh":
            return 1 - np.tanh(a) ** 2
        return SLOPES[activation](a)

    H = [X]
    for W in weights:
        H.append(f(H[-1] @ W))
    delta = (H[-1] - T) / len(X) * slope(H[-1])
    norms = []
    for k in range(len(weights) - 1, -1, -1):
        norms.insert(0, np.mean(np.abs(H[k].T @ delta)))
        if k > 0:
            delta = delta @ weights[k].T * slope(H[k])
    return norms


def lgn_abs_of_mean(weights, X, T, activation):
    """It takes the mean first and the absolute value of that."""
    H = [X]
    for W in weights:
        H.append(FUNCTIONS[activation](H[-1] @ W))
    delta = (H[-1] - T) / len(X) * SLOPES[activation](H[-1])
    norms = []
    for k in range(len(weights) - 1, -1, -1):
        norms.insert(0, abs(np.mean(H[k].T @ delta)))
        if k > 0:
            delta = delta @ weights[k].T * SLOPES[activation](H[k])
    return norms


def lgn_of_deltas(weights, X, T, activation):
    """It measures the deltas of the units, not the gradients by the weights."""
    H = [X]
    for W in weights:
        H.append(FUNCTIONS[activation](H[-1] @ W))
    delta = (H[-1] - T) / len(X) * SLOPES[activation](H[-1])
    norms = []
    for k in range(len(weights) - 1, -1, -1):
        norms.insert(0, np.mean(np.abs(delta)))
        if k > 0:
            delta = delta @ weights[k].T * SLOPES[activation](H[k])
    return norms


def lgn_relu_of_delta(weights, X, T, activation):
    """For relu the delta itself is passed through relu on the way back."""
    H = [X]
    for W in weights:
        H.append(FUNCTIONS[activation](H[-1] @ W))

    def back(upper, out):
        if activation == "relu":
            return np.maximum(0, upper)
        return upper * SLOPES[activation](out)

    delta = back((H[-1] - T) / len(X), H[-1])
    norms = []
    for k in range(len(weights) - 1, -1, -1):
        norms.insert(0, np.mean(np.abs(H[k].T @ delta)))
        if k > 0:
            delta = back(delta @ weights[k].T, H[k])
    return norms


def lgn_moves_weights(weights, X, T, activation):
    """A step is taken on the weights in place, before the delta goes back through them."""
    H = [X]
    for W in weights:
        H.append(FUNCTIONS[activation](H[-1] @ W))
    delta = (H[-1] - T) / len(X) * SLOPES[activation](H[-1])
    norms = []
    for k in range(len(weights) - 1, -1, -1):
        gradient = H[k].T @ delta
        norms.insert(0, np.mean(np.abs(gradient)))
        weights[k] -= 0.1 * gradient
        delta = delta @ weights[k].T * SLOPES[activation](H[k])
    return norms


def lgn_error_in_place(weights, X, T, activation):
    """The targets that were passed in are turned into the error in place."""
    H = [X]
    for W in weights:
        H.append(FUNCTIONS[activation](H[-1] @ W))
    T -= H[-1]
    T /= len(X)
    delta = -T * SLOPES[activation](H[-1])
    norms = []
    for k in range(len(weights) - 1, -1, -1):
        norms.insert(0, np.mean(np.abs(H[k].T @ delta)))
        if k > 0:
            delta = delta @ weights[k].T * SLOPES[activation](H[k])
    return norms


def lgn_outputs_instead_of_inputs(weights, X, T, activation):
    """A layer's gradient takes what comes out of the layer instead of what goes in."""
    H = [X]
    for W in weights:
        H.append(FUNCTIONS[activation](H[-1] @ W))
    delta = (H[-1] - T) / len(X) * SLOPES[activation](H[-1])
    norms = []
    for k in range(len(weights) - 1, -1, -1):
        norms.insert(0, np.mean(np.abs(H[k + 1].T @ delta)))
        if k > 0:
            delta = delta @ weights[k].T * SLOPES[activation](H[k])
    return norms


def lgn_square_layers_only(weights, X, T, activation):
    """On the way back the weights are not transposed, wrong even where the shapes allow it."""
    H = [X]
    for W in weights:
        H.append(FUNCTIONS[activation](H[-1] @ W))
    delta = (H[-1] - T) / len(X) * SLOPES[activation](H[-1])
    norms = []
    for k in range(len(weights) - 1, -1, -1):
        norms.insert(0, np.mean(np.abs(H[k].T @ delta)))
        if k > 0:
            delta = delta @ weights[k] * SLOPES[activation](H[k])
    return norms


def lgn_linear_unknown(weights, X, T, activation):
    """It knows no linear layers: everything that is not sigmoid or tanh is relu."""
    name = activation if activation in ("sigmoid", "tanh") else "relu"
    H = [X]
    for W in weights:
        H.append(FUNCTIONS[name](H[-1] @ W))
    delta = (H[-1] - T) / len(X) * SLOPES[name](H[-1])
    norms = []
    for k in range(len(weights) - 1, -1, -1):
        norms.insert(0, np.mean(np.abs(H[k].T @ delta)))
        if k > 0:
            delta = delta @ weights[k].T * SLOPES[name](H[k])
    return norms


def lgn_hidden_slopes_missing(weights, X, T, activation):
    """Only the last layer has its slope; on the way back the delta goes through weights alone."""
    H = [X]
    for W in weights:
        H.append(FUNCTIONS[activation](H[-1] @ W))
    delta = (H[-1] - T) / len(X) * SLOPES[activation](H[-1])
    norms = []
    for k in range(len(weights) - 1, -1, -1):
        norms.insert(0, np.mean(np.abs(H[k].T @ delta)))
        delta = delta @ weights[k].T
    return norms


def lgn_mean_in_every_layer(weights, X, T, activation):
    """The delta is divided by n once more in every layer on the way back."""
    H = [X]
    for W in weights:
        H.append(FUNCTIONS[activation](H[-1] @ W))
    delta = (H[-1] - T) * SLOPES[activation](H[-1]) / len(X)
    norms = []
    for k in range(len(weights) - 1, -1, -1):
        norms.insert(0, np.mean(np.abs(H[k].T @ delta)))
        if k > 0:
            delta = delta @ weights[k].T * SLOPES[activation](H[k]) / len(X)
    return norms


def lgn_hidden_layers_only(weights, X, T, activation):
    """The last layer is left out of the result."""
    return layer_gradient_norms(weights, X, T, activation)[:-1]


# ---------------------------------------------------------------- layer_gradient_norms, right


def layer_gradient_norms(weights, X, T, activation):
    H = [X]
    for W in weights:
        H.append(FUNCTIONS[activation](H[-1] @ W))
    delta = (H[-1] - T) / len(X) * SLOPES[activation](H[-1])
    norms = []
    for k in reversed(range(len(weights))):
        norms.append(np.mean(np.abs(H[k].T @ delta)))
        if k > 0:
            delta = delta @ weights[k].T * SLOPES[activation](H[k])
    return norms[::-1]


def lgn_recursive(weights, X, T, activation):
    n = len(X)

    def go(k, H):
        """The norms from layer k on, and the derivative of the loss by H."""
        if k == len(weights):
            return [], (H - T) / n
        Z = H @ weights[k]
        if activation == "sigmoid":
            out = 1 / (1 + np.exp(-Z))
            slope = out * (1 - out)
        elif activation == "tanh":
            out = np.tanh(Z)
            slope = 1 - out * out
        elif activation == "relu":
            out = np.where(Z > 0, Z, 0)
            slope = np.where(Z > 0, 1, 0)
        else:
            out, slope = Z, 1
        later, upper = go(k + 1, out)
        delta = upper * slope
        return [float(np.abs(H.T @ delta).mean()), *later], delta @ weights[k].T

    return go(0, X)[0]


def lgn_sample_by_sample(weights, X, T, activation):
    f, slope = FUNCTIONS[activation], SLOPES[activation]
    totals = [np.zeros(W.shape) for W in weights]
    for x, t in zip(X, T, strict=False):
        through = [x]
        for W in weights:
            through.append(f(through[-1] @ W))
        delta = (through[-1] - t) * slope(through[-1])
        for k in range(len(weights) - 1, -1, -1):
            totals[k] += np.outer(through[k], delta)
            if k:
                delta = (weights[k] @ delta) * slope(through[k])
    return [np.abs(total / len(X)).sum() / total.size for total in totals]


def lgn_classes(weights, X, T, activation):
    class Layer:
        def __init__(self, W):
            self.W = W

        def forward(self, inputs):
            self.inputs = inputs
            self.out = FUNCTIONS[activation](np.dot(inputs, self.W))
            return self.out

        def backward(self, upper):
            delta = upper * SLOPES[activation](self.out)
            self.norm = np.mean(np.abs(np.dot(self.inputs.T, delta)))
            return np.dot(delta, self.W.T)

    layers = [Layer(W) for W in weights]
    out = X
    for layer in layers:
        out = layer.forward(out)
    upper = (out - T) / X.shape[0]
    for layer in layers[::-1]:
        upper = layer.backward(upper)
    return [layer.norm for layer in layers]


def lgn_einsum(weights, X, T, activation):
    inputs, slopes, A = [], [], np.array(X, dtype=float)
    for W in weights:
        inputs.append(A)
        Z = np.einsum("ni,ij->nj", A, W)
        if activation == "tanh":
            A, slope = np.tanh(Z), 1 / np.cosh(np.clip(Z, -300, 300)) ** 2
        elif activation == "sigmoid":
            A = 0.5 + 0.5 * np.tanh(Z / 2)
            slope = A - A**2
        elif activation == "relu":
            A, slope = Z * (Z > 0), (Z > 0).astype(float)
        elif activation == "linear":
            A, slope = Z, np.ones(Z.shape)
        slopes.append(slope)
    back = A - T
    norms = {}
    for k in range(len(weights) - 1, -1, -1):
        back = back * slopes[k]
        norms[k] = np.mean(np.abs(np.einsum("ni,nj->ij", inputs[k], back))) / len(X)
        back = np.einsum("nj,ij->ni", back, weights[k])
    return np.array([norms[k] for k in range(len(weights))])


WRONG = {
    "xavier": [
        (xavier_variance_as_scale, ("variance for deviation",)),
        (xavier_half_variance, ("half the variance",)),
        (xavier_uniform, ("uniform",)),
        (xavier_global_random, ("global generator",)),
        (xavier_own_seed, ("own seed",)),
        (xavier_units_first, ("units in rows",)),
        (xavier_cut_off, ("cut off",)),
        (xavier_inputs_only, ("inputs alone",)),
        (xavier_root_of_two_only, ("root of the 2 alone",)),
        (xavier_one_row_repeated, ("the same row again",)),
        (xavier_flat, ("one long vector",)),
        (xavier_exact_spread, ("shifted and scaled",)),
        (xavier_positive, ("numbers from 0 to 1",)),
        (xavier_floor_division, ("zeros",)),
    ],
    "he": [
        (he_variance_as_scale, ("variance for deviation",)),
        (he_units_count, ("units for inputs",)),
        (he_is_xavier, ("Xavier's variance",)),
        (he_one_over_n, ("half the variance",)),
        (he_uniform, ("uniform",)),
        (he_global_random, ("global generator",)),
        (he_own_seed, ("own seed",)),
        (he_units_first, ("units in rows",)),
        (he_half_normal, ("no negative weights",)),
        (he_half_off, ()),
        (he_root_missing, ("variance for deviation",)),
        (he_one_unit_repeated, ("the same column again",)),
        (he_mean_is_spread, ("deviation for mean",)),
        (he_redrawn, ("truncated",)),
    ],
    "clip_by_norm": [
        (clip_each_array, ("one array at a time",)),
        (clip_each_number, ("by value",)),
        (clip_root_missing, ("square of the norm",)),
        (clip_always, ("always to the limit, zeros too",)),
        (clip_in_place, ("changed in place",)),
        (clip_replaces_in_list, ("list refilled",)),
        (clip_sum_of_lengths, ("sum of the norms",)),
        (clip_longest, ("largest of the norms",)),
        (clip_one_vector, ("one long array",)),
        (clip_spectral, ("spectral norm",)),
        (clip_type_kept, ("made like the given ones",)),
        (clip_zero_length, ("divided by zero",)),
        (clip_factor_inverted, ("upside down",)),
        (clip_mean_square, ("mean square",)),
        (clip_loop_shrinks, ("measured anew for each array",)),
        (clip_same_shapes_only, ("one array of all",)),
        (clip_rows, ("row by row",)),
    ],
    "layer_gradient_norms": [
        (lgn_sum_over_samples, ("missing 1/n",)),
        (lgn_mean_over_outputs, ("divided by all outputs",)),
        (lgn_euclidean, ("Euclidean norm",)),
        (lgn_last_first, ("last layer first",)),
        (lgn_linear_output, ("last layer linear",)),
        (lgn_last_slope_missing, ("no slope at the last layer",)),
        (lgn_slope_of_slope, ("activation twice",)),
        (lgn_abs_of_mean, ("absolute value of the mean",)),
        (lgn_of_deltas, ("deltas",)),
        (lgn_relu_of_delta, ("relu of the delta",)),
        (lgn_moves_weights, ()),
        (lgn_error_in_place, ("targets changed", "targets changed twice")),
        (lgn_outputs_instead_of_inputs, ("what came out",)),
        (lgn_square_layers_only, ("weights not turned",)),
        (lgn_linear_unknown, ("relu for linear",)),
        (lgn_hidden_slopes_missing, ("no slopes in the hidden layers",)),
        (lgn_mean_in_every_layer, ("1/n in every layer",)),
        (lgn_hidden_layers_only, ("last layer left out",)),
    ],
}

RIGHT = {
    "xavier": [xavier, xavier_scaled, xavier_row_by_row, xavier_filled, xavier_box_muller],
    "he": [he, he_from_xavier, he_reshaped, he_unit_by_unit, he_two_draws],
    "clip_by_norm": [
        clip_by_norm,
        clip_concatenated,
        clip_loops,
        clip_max_rule,
        clip_hypot,
        clip_with_epsilon,
    ],
    "layer_gradient_norms": [
        layer_gradient_norms,
        lgn_recursive,
        lgn_sample_by_sample,
        lgn_classes,
        lgn_einsum,
    ],
}
