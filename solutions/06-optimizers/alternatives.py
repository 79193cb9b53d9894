"""Right answers to this assignment, differently written: none of them may lose a point.

Students must not see this file; `make certify` and the tests read it.
"""

import itertools
import math
from functools import reduce

import numpy as np

# --- momentum_step --------------------------------------------------------------------------------


def velocity_with_the_sign_of_the_move(w, g, state, learning_rate, momentum):
    velocity = -np.array(g) if state is None else momentum * state - g
    return w + learning_rate * velocity, velocity


def velocity_in_a_dict(w, g, state, learning_rate, momentum):
    if state is None:
        state = {"velocity": 0.0}
    velocity = state["velocity"] * momentum + g
    return np.subtract(w, np.multiply(learning_rate, velocity)), {"velocity": velocity}


def all_gradients_kept(w, g, state, learning_rate, momentum):
    seen = [g.copy(), *(state or [])]
    velocity = sum(momentum**age * one for age, one in enumerate(seen))
    return w - learning_rate * velocity, seen


def velocity_from_the_last_move(w, g, state, learning_rate, momentum):
    """The heavy ball: what it moved last time, in units of the rate of that time."""
    move = learning_rate * g
    if state is not None:
        last, rate = state
        move = move + momentum * (last - w) * (learning_rate / rate)
    return w - move, (np.array(w), learning_rate)


def velocity_with_loops(w, g, state, learning_rate, momentum):
    old = [0.0] * w.size if state is None else state
    velocity = [momentum * v + float(x) for v, x in zip(old, g.ravel(), strict=True)]
    new = [float(x) - learning_rate * v for x, v in zip(w.ravel(), velocity, strict=True)]
    return np.reshape(new, w.shape).tolist(), velocity


def velocity_in_place_on_copies(w, g, state, learning_rate, momentum):
    w = w.copy()
    velocity = np.zeros(w.shape) if state is None else np.array(state)
    velocity *= momentum
    velocity += g
    w -= learning_rate * velocity
    return [w, velocity]


# --- run ------------------------------------------------------------------------------------------


def path_into_zeros(step, gradient, w0, steps, **options):
    path, state = np.zeros((steps + 1, len(w0))), None
    path[0] = w0
    for k in range(1, steps + 1):
        path[k], state = step(path[k - 1], gradient(path[k - 1]), state, **options)
    return path


def path_of_lists(step, gradient, w0, steps, **options):
    w = np.array([float(one) for one in w0])
    rows, state = [w.tolist()], None
    while len(rows) <= steps:
        w, state = step(w, gradient(w), state, **options)
        rows.append(list(w))
    return rows


def path_by_recursion(step, gradient, w0, steps, state=None, **options):
    w = np.array(w0, dtype=float)
    if not steps:
        return w[np.newaxis]
    new, state = step(w, gradient(w), state, **options)
    return np.vstack([w, path_by_recursion(step, gradient, new, steps - 1, state, **options)])


def path_accumulated(step, gradient, w0, steps, **options):
    def once(now, _):
        return step(now[0], gradient(now[0]), now[1], **options)

    start = (np.array(w0) + 0.0, None)
    return np.array([w for w, _ in itertools.accumulate(range(steps), once, initial=start)])


def path_of_copies(step, gradient, w0, steps, **options):
    w, state, path = np.array(w0, dtype=float), None, []
    for k in range(steps + 1):
        path.append(w.copy())
        if k < steps:
            w[:], state = step(w, gradient(w), state, **options)
    return np.stack(path)


# --- adagrad_step ---------------------------------------------------------------------------------


def sum_from_nothing(w, g, state, learning_rate, eps):
    total = np.square(g) + (0 if state is None else state)
    return w - g * (learning_rate / (np.sqrt(total) + eps)), total


def squares_kept(w, g, state, learning_rate, eps):
    squares = (() if state is None else state) + (g * g,)
    return w - learning_rate * (g / (np.sum(squares, axis=0) ** 0.5 + eps)), squares


def root_kept(w, g, state, learning_rate, eps):
    root = np.abs(g) if state is None else np.hypot(state, g)
    return w + -learning_rate * g / (eps + root), root


def mean_kept(w, g, state, learning_rate, eps):
    mean, t = (0.0, 0) if state is None else state
    mean = (t * mean + g**2) / (t + 1)
    return w - learning_rate * g / (np.sqrt((t + 1) * mean) + eps), (mean, t + 1)


def sum_with_loops(w, g, state, learning_rate, eps):
    new, total = np.array(w), {} if state is None else dict(state)
    for place in np.ndindex(w.shape):
        key = str(place)
        total[key] = total.get(key, 0.0) + float(g[place]) ** 2
        new[place] -= learning_rate * g[place] / (math.sqrt(total[key]) + eps)
    return new, total


# --- rmsprop_step ---------------------------------------------------------------------------------


def average_moved_towards(w, g, state, learning_rate, decay, eps):
    v = np.zeros(g.shape) if state is None else state
    v = v + (1 - decay) * (g * g - v)
    return w - learning_rate * g / (np.sqrt(v) + eps), v


def average_in_a_list(w, g, state, learning_rate, decay, eps):
    v = (1 - decay) * g**2
    if state:
        v += decay * state[0]
    return w - np.divide(learning_rate * g, np.add(v**0.5, eps)), [v]


def squares_weighted_by_age(w, g, state, learning_rate, decay, eps):
    squares = [g**2] if state is None else [g**2, *state]
    v = (1 - decay) * sum(decay**age * one for age, one in enumerate(squares))
    return w - learning_rate * g / (np.sqrt(v) + eps), squares


def root_of_the_mean_square_kept(w, g, state, learning_rate, decay, eps):
    old = 0.0 if state is None else state["root"]
    root = np.hypot(np.sqrt(decay) * old, np.sqrt(1 - decay) * g)
    return w - learning_rate / (root + eps) * g, {"root": root}


def average_with_loops(w, g, state, learning_rate, decay, eps):
    flat = [0.0] * g.size if state is None else state
    flat = [decay * v + (1 - decay) * x * x for v, x in zip(flat, g.flat, strict=True)]
    steps = [x / (math.sqrt(v) + eps) for v, x in zip(flat, g.flat, strict=True)]
    return w - learning_rate * np.array(steps).reshape(w.shape), flat


# --- adam_step ------------------------------------------------------------------------------------


def corrections_taken_out(w, g, state, learning_rate, beta1, beta2, eps):
    if state is None:
        state = {"m": np.zeros(w.shape), "v": np.zeros(w.shape), "t": 0}
    t = state["t"] + 1
    m = state["m"] + (1 - beta1) * (g - state["m"])
    v = state["v"] + (1 - beta2) * (g * g - state["v"])
    c1, c2 = 1 - beta1**t, math.sqrt(1 - beta2**t)
    return w - learning_rate * (c2 / c1) * m / (np.sqrt(v) + c2 * eps), {"m": m, "v": v, "t": t}


def powers_kept(w, g, state, learning_rate, beta1, beta2, eps):
    m, v, power1, power2 = (0.0, 0.0, 1.0, 1.0) if state is None else state
    m, power1 = beta1 * m + (1 - beta1) * g, power1 * beta1
    v, power2 = beta2 * v + (1 - beta2) * g**2, power2 * beta2
    root = np.sqrt(v / (1 - power2))
    return w - learning_rate * m / (1 - power1) / (root + eps), [m, v, power1, power2]


def gradients_weighted_by_age(w, g, state, learning_rate, beta1, beta2, eps):
    seen = [g.copy()] if state is None else [g.copy(), *state]

    def average(beta, values):
        weights = [beta**age for age in range(len(values))]
        return sum(a * one for a, one in zip(weights, values, strict=True)) / sum(weights)

    root = np.sqrt(average(beta2, [one**2 for one in seen]))
    return w - learning_rate * average(beta1, seen) / (root + eps), seen


def weights_counted(w, g, state, learning_rate, beta1, beta2, eps):
    """Sums, each divided by the sum of its weights, in place of averages and corrections."""
    m, v, weight1, weight2 = (0.0,) * 4 if state is None else state
    m, weight1 = beta1 * m + g, beta1 * weight1 + 1
    v, weight2 = beta2 * v + g**2, beta2 * weight2 + 1
    step = m / weight1 / (np.sqrt(v / weight2) + eps)
    return w - learning_rate * step, (m, v, weight1, weight2)


def one_array_for_both(w, g, state, learning_rate, beta1, beta2, eps):
    t, both = (0, np.zeros((2, *w.shape))) if state is None else state
    betas = np.array([beta1, beta2]).reshape(2, *[1] * w.ndim)
    both = betas * both + (1 - betas) * np.stack([g, g**2])
    m, v = both / (1 - betas ** (t + 1))
    return w - learning_rate * m / (np.sqrt(v) + eps), (t + 1, both)


def adam_from_the_whole_past(w, g, state, learning_rate, beta1, beta2, eps):
    past = [] if state is None else state
    past = [*past, g.tolist()]
    m, v = reduce(
        lambda now, one: (
            beta1 * now[0] + (1 - beta1) * np.array(one),
            beta2 * now[1] + (1 - beta2) * np.array(one) ** 2,
        ),
        past,
        (0.0, 0.0),
    )
    m, v = m / (1 - beta1 ** len(past)), v / (1 - beta2 ** len(past))
    return (w - learning_rate * m / (np.sqrt(v) + eps)).tolist(), past


ALTERNATIVES = {
    "momentum_step": (
        velocity_with_the_sign_of_the_move,
        velocity_in_a_dict,
        all_gradients_kept,
        velocity_from_the_last_move,
        velocity_with_loops,
        velocity_in_place_on_copies,
    ),
    "run": (
        path_into_zeros,
        path_of_lists,
        path_by_recursion,
        path_accumulated,
        path_of_copies,
    ),
    "adagrad_step": (
        sum_from_nothing,
        squares_kept,
        root_kept,
        mean_kept,
        sum_with_loops,
    ),
    "rmsprop_step": (
        average_moved_towards,
        average_in_a_list,
        squares_weighted_by_age,
        root_of_the_mean_square_kept,
        average_with_loops,
    ),
    "adam_step": (
        corrections_taken_out,
        powers_kept,
        gradients_weighted_by_age,
        weights_counted,
        one_array_for_both,
        adam_from_the_whole_past,
    ),
}
