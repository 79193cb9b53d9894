"""Answers by people who have not seen the checks: wrong ones, with the rows that describe them.

A row is named only if it truly says what is wrong; where there is none, the tuple is empty.
Students must not see this file; `make certify` reads it.
"""

import functools

import numpy as np


def bipolar_logistic(x):
    return (1 - np.exp(-x)) / (1 + np.exp(-x))


# ------------------------------------------------------------ bipolar_logistic_slope


def slope_of_tanh(x):
    """Takes the value first, but still the slope of tanh: the factor one half is missing."""
    y = bipolar_logistic(x)
    return (1 + y) * (1 - y)


def slope_half_of_argument(x):
    """The factor one half is there, but the argument x stands where the value belongs."""
    return 0.5 * (1 + x) * (1 - x)


def slope_y_one_minus_y(x):
    """y(1 - y), which is the slope of the logistic function."""
    y = bipolar_logistic(x)
    return y * (1 - y)


def slope_inner_sign(x):
    """The quotient rule with the inner derivative of exp(-x) forgotten: the sign is wrong."""
    e = np.exp(-x)
    return (-e * (1 + e) - (1 - e) * e) / (1 + e) ** 2


def slope_by_cosh(x):
    """Right: f(x) is tanh(x/2), so that the slope is half of 1/cosh(x/2)**2."""
    return 0.5 / np.cosh(np.asarray(x) / 2) ** 2


def slope_of_size(x):
    """Right: the slope is even, so that the size of x is enough."""
    e = np.exp(-np.abs(x))
    return 2 * e / np.square(1 + e)


# ------------------------------------------------------------ mean_cross_entropy


def entropy_clipped(y, t):
    """Soft labels are right, but the probabilities are cut off at 1e-12 in place of the 1e-7."""
    logs = np.log(np.clip(y, 1e-12, 1.0))
    if t.ndim == 1:
        return -np.mean(logs[np.arange(len(y)), t])
    return -np.mean(np.sum(t * logs, axis=1))


def entropy_still_hard(y, t):
    """Only the 1e-7 is gone: a soft label still becomes the number of its largest entry."""
    if t.ndim == 2:
        t = t.argmax(axis=1)
    return -np.mean(np.log(y[np.arange(len(y)), t]))


def entropy_mean_over_classes(y, t):
    """For probabilities the mean goes over all entries, so that it is divided by the classes."""
    if t.shape == y.shape:
        return -np.mean(t * np.log(y))
    return -np.mean(np.log(y[np.arange(len(y)), t]))


def entropy_classes_from_labels(y, t):
    """The one-hot rows have as many classes as the labels use, too few if the last is absent."""
    if t.ndim == 1:
        t = np.eye(t.max() + 1)[t]
    return -np.mean(np.sum(t * np.log(y), axis=1))


def entropy_only_sevenths(y, t):
    """Soft labels are mended, and the 1e-7 inside the logarithm has stayed."""
    if t.ndim == 1:
        t = np.eye(y.shape[1])[t]
    return -np.sum(t * np.log(y + 1e-7)) / len(y)


def entropy_take_along(y, t):
    """Right: picks by take_along_axis, or takes the dot product of the flat arrays."""
    logs = np.log(y)
    if np.ndim(t) == 1:
        picked = np.take_along_axis(logs, np.asarray(t)[:, None], axis=1)
        return -picked.mean()
    return -np.vdot(t, logs) / len(logs)


def entropy_by_comparison(y, t):
    """Right: labels become rows by a comparison with the class numbers, then einsum."""
    weights = t if t.ndim == y.ndim else t[:, np.newaxis] == np.arange(y.shape[1])
    return np.einsum("ik,ik->i", weights * 1.0, -np.log(y)).mean()


# ------------------------------------------------------------ find_optimum


def optimum_shrinking_rate(gradient, x0, learning_rate, steps, maximise=False):
    """The direction is right; unit steps with a falling rate only hide that size is lost."""
    x = np.array(x0, dtype=float)
    sign = 1 if maximise else -1
    for k in range(steps):
        g = gradient(x)
        x = x + sign * learning_rate / (k + 1) * g / (np.linalg.norm(g) + 1e-12)
    return x


def optimum_always_down(gradient, x0, learning_rate, steps, maximise=False):
    """The sign is mended for a minimum, and maximise is not looked at."""
    x = np.array(x0, dtype=float)
    for _ in range(steps):
        x = x - learning_rate * gradient(x)
    return x


def optimum_moves_start(gradient, x0, learning_rate, steps, maximise=False):
    """asarray makes no copy of an array of floats, and -= then moves x0 itself."""
    x = np.asarray(x0, dtype=float)
    if maximise:
        learning_rate = -learning_rate
    for _ in range(steps):
        x -= learning_rate * gradient(x)
    return x


def optimum_turns_in_loop(gradient, x0, learning_rate, steps, maximise=False):
    """With maximise the sign of the rate is turned in every step, so that it goes to and fro."""
    x = np.array(x0, dtype=float)
    for _ in range(steps):
        if maximise:
            learning_rate = -learning_rate
        x = x - learning_rate * gradient(x)
    return x


def optimum_reduced(gradient, x0, learning_rate, steps, maximise=False):
    """Right: functools.reduce, with the sign from the truth value."""
    rate = (2 * bool(maximise) - 1) * learning_rate
    start = np.array(x0) * 1.0
    return functools.reduce(lambda x, _: x + rate * gradient(x), range(steps), start)


def optimum_recursive(gradient, x0, learning_rate, steps, maximise=False):
    """Right: maximising is minimising the negative."""
    if maximise:
        return optimum_recursive(lambda x: -gradient(x), x0, learning_rate, steps)
    x = np.array([*x0], dtype=np.float64)
    while steps > 0:
        x = np.subtract(x, np.multiply(learning_rate, gradient(x)))
        steps -= 1
    return x


# ------------------------------------------------------------ as_tanh_network


def tanh_bias_not_halved(W1, b1, W2, b2):
    """The hidden biases are not halved."""
    return W1 / 2, b1, W2 / 2, b2 + 0.5 * W2.sum(axis=0)


def tanh_half_of_half(W1, b1, W2, b2):
    """W2 is halved first, and the output bias takes half of the new weights: a quarter."""
    W1 = W1 / 2
    b1 = b1 / 2
    W2 = W2 / 2
    return W1, b1, W2, b2 + 0.5 * W2.sum(axis=0)


def tanh_one_sum(W1, b1, W2, b2):
    """The sum goes over all outputs, and every output gets the same."""
    return 0.5 * W1, 0.5 * b1, 0.5 * W2, b2 + 0.5 * np.sum(W2)


def tanh_in_place(W1, b1, W2, b2):
    """/= halves the weights that were passed in."""
    b2 = b2 + 0.5 * W2.sum(axis=0)
    W1 /= 2
    b1 /= 2
    W2 /= 2
    return W1, b1, W2, b2


def tanh_output_only(W1, b1, W2, b2):
    """Only the level and the height of the outputs are mended: the units are still too steep."""
    return W1.copy(), b1.copy(), W2 / 2, b2 + W2.sum(axis=0) / 2


def tanh_by_ones(W1, b1, W2, b2):
    """Right: the constant halves go through the layer as one more sample of ones."""
    halves = np.full(len(W2), 0.5)
    return np.multiply(W1, 0.5), np.multiply(b1, 0.5), np.multiply(W2, 0.5), halves @ W2 + b2


def tanh_turned_round(W1, b1, W2, b2):
    """Right: tanh is odd, so both layers may change their signs."""
    down = -0.5
    return W1 * down, b1 * down, W2 * down, b2 - (W2 * down).sum(axis=0)


# ------------------------------------------------------------ hidden_layer


def sigmoid(v):
    return 1 / (1 + np.exp(-v))


def hidden_no_bias(X, W, b):
    """The order of the product is right, and the biases are still missing."""
    return sigmoid(X @ W)


def hidden_bias_only(X, W, b):
    """The biases are there, and the product is still the wrong way round."""
    return sigmoid(W @ X + b)


def hidden_transposed_weights(X, W, b):
    """X @ W.T as in PyTorch, where a row of the weights belongs to a unit."""
    return sigmoid(X @ W.T + b)


def hidden_bias_outside(X, W, b):
    """The bias is added to the output, after the logistic function."""
    return sigmoid(X @ W) + b


def hidden_units_in_rows(X, W, b):
    """Computed on columns and not turned back: a row for each unit."""
    return sigmoid(W.T @ X.T + b[:, None])


def hidden_extra_column(X, W, b):
    """Right: the biases are one more row of the weights, for an input that is always 1."""
    with_one = np.column_stack([X, np.ones(len(X))])
    return sigmoid(with_one @ np.vstack([W, b]))


def hidden_by_tanh(X, W, b):
    """Right: sample by sample and unit by unit, with the logistic function by tanh."""
    out = np.empty((len(X), len(b)))
    for i, x in enumerate(X):
        for j in range(len(b)):
            out[i, j] = 0.5 + 0.5 * np.tanh(0.5 * (np.dot(x, W[:, j]) + b[j]))
    return out


# ------------------------------------------------------------ ridge_gradient


def ridge_penalty_still_sum(w, X, y, penalty):
    """Only the mean is mended: the penalty still adds the sum of squares to every entry."""
    return X.T @ (X @ w - y) / len(X) + penalty * np.sum(w**2)


def ridge_still_sum_of_samples(w, X, y, penalty):
    """Only the penalty is mended: the sum over the samples is not divided."""
    return X.T @ (X @ w - y) + penalty * w


def ridge_all_by_n(w, X, y, penalty):
    """The penalty is divided by the number of samples, too."""
    return (X.T @ (X @ w - y) + penalty * w) / len(y)


def ridge_features_for_samples(w, X, y, penalty):
    """Divides by the number of features."""
    return X.T @ (X @ w - y) / X.shape[1] + penalty * w


def ridge_two_lambda(w, X, y, penalty):
    """2 lambda w, as if the penalty stood without its half."""
    return X.T @ (X @ w - y) / X.shape[0] + 2 * penalty * w


def ridge_normal_matrix(w, X, y, penalty):
    """Right: one matrix for all that is linear in w."""
    n, k = X.shape
    return (X.T @ X / n + penalty * np.eye(k)) @ w - X.T @ y / n


def ridge_mean_of_rows(w, X, y, penalty):
    """Right: the gradient of each sample, penalty included, and then their mean."""
    return np.mean(
        [(x @ w - target) * x + penalty * w for x, target in zip(X, y, strict=True)], axis=0
    )


# ------------------------------------------------------------ leave_one_out_accuracy


def loo_without_zeros(X, labels):
    """Every distance of 0 is left out, also that to another sample at the same place."""
    distances = np.sum((X[:, None] - X[None]) ** 2, axis=2)
    distances[distances == 0] = np.inf
    return np.mean(labels[distances.argmin(axis=1)] == labels)


def loo_second_in_order(X, labels):
    """The second in the order of distances may be the sample itself, if two lie at one place."""
    distances = np.sum((X[:, None] - X[None]) ** 2, axis=2)
    second = np.argsort(distances, axis=1, kind="stable")[:, 1]
    return np.mean(labels[second] == labels)


def loo_one_on_the_diagonal(X, labels):
    """1 is added to the own distance, which is not enough where the others are farther off."""
    distances = np.sum((X[:, None] - X[None]) ** 2, axis=2) + np.eye(len(X))
    return np.mean(labels[distances.argmin(axis=1)] == labels)


def loo_labels_not_removed(X, labels):
    """The sample is removed from X and not from the labels, so that later numbers are shifted."""
    right = 0
    for i in range(len(X)):
        others = np.delete(X, i, axis=0)
        nearest = np.sum((others - X[i]) ** 2, axis=1).argmin()
        right += labels[nearest] == labels[i]
    return right / len(X)


def loo_sum_of_sizes(X, labels):
    """The distance is the sum of the sizes, not the root of the sum of squares."""
    distances = np.abs(X[:, None] - X[None]).sum(axis=2) * 1.0
    np.fill_diagonal(distances, np.inf)
    return np.mean(labels[distances.argmin(axis=1)] == labels)


def loo_rolled(X, labels):
    """Right: compares with the samples 1, 2, 3 ... places further on, and keeps the nearest."""
    best = np.full(len(X), np.inf)
    answer = np.array(labels)
    for shift in range(1, len(X)):
        distance = np.linalg.norm(X - np.roll(X, -shift, axis=0), axis=1)
        answer = np.where(distance < best, np.roll(labels, -shift), answer)
        best = np.minimum(best, distance)
    return np.mean(answer == labels)


def loo_sorted_pairs(X, labels):
    """Right: plain Python, the smallest of the pairs of distance and place."""
    n = len(X)
    right = 0
    for i in range(n):
        others = ((float(((X[j] - X[i]) ** 2).sum()), j) for j in range(n) if j != i)
        right += int(labels[min(others)[1]] == labels[i])
    return right / n


# ------------------------------------------------------------ heavy_ball


def ball_rate_inside(gradient, x0, rates, momentum):
    """The square is gone, and the rate still stands inside the velocity."""
    path = [np.array(x0, dtype=float)]
    velocity = np.zeros_like(path[0])
    for rate in rates:
        velocity = momentum * velocity + rate * gradient(path[-1])
        path.append(path[-1] - velocity)
    return np.array(path)


def ball_square_with_sign(gradient, x0, rates, momentum):
    """The rate stands outside, and the square has been given the sign of the gradient."""
    path = [np.array(x0, dtype=float)]
    velocity = np.zeros_like(path[0])
    for rate in rates:
        g = gradient(path[-1])
        velocity = momentum * velocity + np.sign(g) * g**2
        path.append(path[-1] - rate * velocity)
    return np.array(path)


def ball_one_array(gradient, x0, rates, momentum):
    """The point is moved in place, so that all rows of the path are the last point."""
    x = np.array(x0, dtype=float)
    path, velocity = [x], np.zeros_like(x)
    for rate in rates:
        velocity = momentum * velocity + gradient(x)
        x -= rate * velocity
        path.append(x)
    return np.array(path)


def ball_rest_by_hand(gradient, x0, rates, momentum):
    """The rate is still inside; a step with the rate 0 is skipped so that the ball rests."""
    path = [np.array(x0, dtype=float)]
    velocity = np.zeros_like(path[0])
    for rate in rates:
        if rate == 0:
            path.append(path[-1])
            continue
        velocity = momentum * velocity + rate * gradient(path[-1])
        path.append(path[-1] - velocity)
    return np.array(path)


def ball_fading_average(gradient, x0, rates, momentum):
    """The gradient comes in with the factor 1 - momentum."""
    path = [np.array(x0, dtype=float)]
    velocity = np.zeros_like(path[0])
    for rate in rates:
        velocity = momentum * velocity + (1 - momentum) * gradient(path[-1])
        path.append(path[-1] - rate * velocity)
    return np.array(path)


def ball_from_all_gradients(gradient, x0, rates, momentum):
    """Right: the velocity is added up anew from all gradients so far."""
    points = np.empty((len(rates) + 1, len(x0)))
    points[0] = x0
    gradients = np.zeros((len(rates), len(x0)))
    for k, rate in enumerate(rates):
        gradients[k] = gradient(points[k].copy())
        powers = momentum ** np.arange(k, -1, -1.0)
        points[k + 1] = points[k] - rate * (powers @ gradients[: k + 1])
    return points


def ball_generator(gradient, x0, rates, momentum):
    """Right: a generator that gives one point after the other."""

    def points():
        x, h = np.array(x0, float), 0.0
        yield x
        for rate in rates:
            h = gradient(x) + momentum * h
            x = x - rate * h
            yield x

    return np.vstack(list(points()))


# ------------------------------------------------------------ saturated_units


def saturated_without_quarter(v, share):
    """The slope is compared with the share itself, not with the share of one quarter."""
    y = 1 / (1 + np.exp(-v))
    return y * (1 - y) < share


def saturated_python_or(v, share):
    """`or` between two arrays is an error for more than one unit."""
    limit = 2 * np.arccosh(1 / np.sqrt(share))
    return v > limit or v < -limit


def saturated_minus_inverse(v, share):
    """Only the sign is mended: the left limit is -1/limit."""
    limit = 2 * np.arccosh(1 / np.sqrt(share))
    return (v > limit) | (v < -1 / limit)


def saturated_slope_of_argument(v, share):
    """The argument is taken for the output: v(1 - v)."""
    return v * (1 - v) < share / 4


def saturated_and(v, share):
    """Both conditions have to hold at once, which is never so."""
    limit = 2 * np.arccosh(1 / np.sqrt(share))
    return (v > limit) & (v < -limit)


def saturated_by_size(v, share):
    """Right: the size against the limit, by a logarithm."""
    return np.abs(v) > 2 * np.log((1 + np.sqrt(1 - share)) / np.sqrt(share))


def saturated_by_slope(v, share):
    """Right: four times the slope, from the size so that nothing overflows."""
    e = np.exp(-np.abs(np.asarray(v, dtype=float)))
    return np.less(4 * e / (1 + e) ** 2, share)


# ------------------------------------------------------------ weight_influence


def influence_times_uses(w, inputs, start):
    """The product of slopes is multiplied by the number of uses."""
    h, outputs = start, []
    for x in inputs:
        h = np.tanh(w * h + x)
        outputs.append(h)
    slopes = 1 - np.array(outputs) ** 2
    return len(outputs) * start * w ** (len(outputs) - 1) * np.prod(slopes)


def influence_new_output(w, inputs, start):
    """h is replaced before the slope is updated, which then takes the new h for the old one."""
    h, d = start, 0.0
    for x in inputs:
        h = np.tanh(w * h + x)
        d = (1 - h**2) * (h + w * d)
    return d


def influence_without_w(w, inputs, start):
    """The earlier slope is handed on without the factor w."""
    h, d = start, 0.0
    for x in inputs:
        new = np.tanh(w * h + x)
        d = (1 - new**2) * (h + d)
        h = new
    return d


def influence_start_every_time(w, inputs, start):
    """All uses are added up, but each with the start in place of the h that it multiplies."""
    h, outputs = start, []
    for x in inputs:
        h = np.tanh(w * h + x)
        outputs.append(h)
    slopes = 1 - np.array(outputs) ** 2
    n = len(outputs)
    return sum(start * w ** (n - 1 - k) * np.prod(slopes[k:]) for k in range(n))


def influence_last_use(w, inputs, start):
    """Only the last use of the weight is counted."""
    h, before = start, 0.0
    for x in inputs:
        before, h = h, np.tanh(w * h + x)
    return (1 - h**2) * before


def influence_backwards(w, inputs, start):
    """Right: goes back from the last output, and adds up the share of each use."""
    h = [start]
    for x in inputs:
        h.append(np.tanh(w * h[-1] + x))
    total, back = 0.0, 1.0
    for k in range(len(h) - 1, 0, -1):
        back = back * (1 - h[k] ** 2)
        total += back * h[k - 1]
        back = back * w
    return total


def influence_complex(w, inputs, start):
    """Right: an imaginary step of 1e-30, which loses no digits."""
    h = complex(start)
    for x in inputs:
        h = np.tanh((w + 1e-30j) * h + x)
    return float(h.imag / 1e-30)


WRONG = {
    "bipolar_logistic_slope": [
        (slope_of_tanh, ("half repaired: the output", "slope of tanh")),
        (slope_half_of_argument, ("half repaired: the factor",)),
        (slope_y_one_minus_y, ("logistic formula",)),
        (slope_inner_sign, ("sign",)),
    ],
    "mean_cross_entropy": [
        (entropy_clipped, ("clipped at 1e-12",)),
        (entropy_still_hard, ("half repaired: 1e-7", "not repaired")),
        (entropy_mean_over_classes, ("mean over the entries",)),
        (entropy_classes_from_labels, ("classes counted from the labels: largest",)),
        (entropy_only_sevenths, ("half repaired: labels",)),
    ],
    "find_optimum": [
        (
            optimum_shrinking_rate,
            (
                "a falling rate for the length: 1/k, never by 0",
                "a falling rate for the length: 1/k",
            ),
        ),
        (optimum_always_down, ("maximise not used",)),
        (optimum_moves_start, ("start shared, if of floats", "start shared")),
        (optimum_turns_in_loop, ("turned in every step",)),
    ],
    "as_tanh_network": [
        (tanh_bias_not_halved, ("bias not halved",)),
        (tanh_half_of_half, ("level with the new weights",)),
        (tanh_one_sum, ("one level for all outputs",)),
        (tanh_in_place, ("in place",)),
        (tanh_output_only, ("half repaired: the span",)),
    ],
    "hidden_layer": [
        (hidden_no_bias, ("half repaired: the order", "not repaired")),
        (hidden_bias_only, ("half repaired: the biases",)),
        (hidden_transposed_weights, ("units in rows of W",)),
        (hidden_bias_outside, ("bias behind the function",)),
        (hidden_units_in_rows, ("samples in columns",)),
    ],
    "ridge_gradient": [
        (ridge_penalty_still_sum, ("half repaired: 1/n", "not repaired")),
        (ridge_still_sum_of_samples, ("half repaired: the penalty",)),
        (ridge_all_by_n, ("penalty over n",)),
        (ridge_features_for_samples, ("features for samples",)),
        (ridge_two_lambda, ("factor 2",)),
    ],
    "leave_one_out_accuracy": [
        (loo_without_zeros, ("distance 0 left out",)),
        (loo_second_in_order, ("second in the order",)),
        (loo_one_on_the_diagonal, ("1 from itself",)),
        (loo_labels_not_removed, ("label left in",)),
        (loo_sum_of_sizes, ("sum of the differences",)),
    ],
    "heavy_ball": [
        (ball_rate_inside, ("half repaired: the square", "not repaired")),
        (ball_square_with_sign, ("the sign put back",)),
        (ball_one_array, ("one array in every row",)),
        (ball_rest_by_hand, ("rest by hand",)),
        (ball_fading_average, ("average",)),
    ],
    "saturated_units": [
        (saturated_without_quarter, ("largest slope 1",)),
        (saturated_python_or, ("one answer for all: or",)),
        (saturated_minus_inverse, ("left limit upside down",)),
        (saturated_slope_of_argument, ("slope of the argument",)),
        (saturated_and, ("both sides at once",)),
    ],
    "weight_influence": [
        (influence_times_uses, ("one path, times the number of paths",)),
        (influence_new_output, ("h after for h before",)),
        (influence_without_w, ("weight forgotten on the way",)),
        (influence_start_every_time, ("start for every h",)),
        (influence_last_use, ("the last use alone",)),
    ],
}

RIGHT = {
    "bipolar_logistic_slope": [slope_by_cosh, slope_of_size],
    "mean_cross_entropy": [entropy_take_along, entropy_by_comparison],
    "find_optimum": [optimum_reduced, optimum_recursive],
    "as_tanh_network": [tanh_by_ones, tanh_turned_round],
    "hidden_layer": [hidden_extra_column, hidden_by_tanh],
    "ridge_gradient": [ridge_normal_matrix, ridge_mean_of_rows],
    "leave_one_out_accuracy": [loo_rolled, loo_sorted_pairs],
    "heavy_ball": [ball_from_all_gradients, ball_generator],
    "saturated_units": [saturated_by_size, saturated_by_slope],
    "weight_influence": [influence_backwards, influence_complex],
}
