"""Answers by people who have not seen the checks: wrong ones, with the rows that describe them.

A row is named only if it truly says what is wrong; where there is none, the tuple is empty.
Students must not see this file; `make certify` reads it.
"""

import math
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

# ---------------------------------------------------------------- momentum_step, wrong


def momentum_average(w, g, state, learning_rate, momentum):
    """The new gradient is weighted with 1 - momentum, as in a fading average."""
    h = np.zeros_like(g) if state is None else state
    h = momentum * h + (1 - momentum) * g
    return w - learning_rate * h, h


def momentum_rate_in_velocity(w, g, state, learning_rate, momentum):
    """The learning rate is inside the velocity, which is wrong when the rate changes."""
    h = np.zeros_like(w) if state is None else state
    h = momentum * h + learning_rate * g
    return w - h, h


def momentum_w_in_place(w, g, state, learning_rate, momentum):
    """w is changed in place."""
    h = g.copy() if state is None else momentum * state + g
    w -= learning_rate * h
    return w, h


def momentum_state_in_place(w, g, state, learning_rate, momentum):
    """The velocity that was passed in is changed in place."""
    if state is None:
        state = np.zeros(w.shape)
    state *= momentum
    state += g
    return w - learning_rate * state, state


def momentum_gradient_is_state(w, g, state, learning_rate, momentum):
    """The first velocity is the array g itself, and the second step changes it in place."""
    if state is None:
        h = g
    else:
        h = state
        h *= momentum
        h += g
    return w - learning_rate * h, h


velocity = None


def momentum_global_velocity(w, g, state, learning_rate, momentum):
    """The velocity is a global variable, so two vectors that take turns share it."""
    global velocity
    if state is None:
        velocity = np.zeros_like(w)
    velocity = momentum * velocity + g
    return w - learning_rate * velocity, 1


def momentum_uphill(w, g, state, learning_rate, momentum):
    """The step goes up the gradient."""
    h = np.zeros_like(w) if state is None else state
    h = momentum * h + g
    return w + learning_rate * h, h


def momentum_old_velocity(w, g, state, learning_rate, momentum):
    """w moves by the velocity from before this step."""
    h = np.zeros_like(w) if state is None else state
    w = w - learning_rate * h
    h = momentum * h + g
    return w, h


def momentum_nesterov(w, g, state, learning_rate, momentum):
    """It is the step of Nesterov as in PyTorch: the new velocity is applied once more."""
    h = np.zeros_like(w) if state is None else state
    h = momentum * h + g
    return w - learning_rate * (g + momentum * h), h


def momentum_two_numbers(w, g, state, learning_rate, momentum):
    """The first velocity has always the shape (2,)."""
    h = np.zeros(2) if state is None else state
    h = momentum * h + g
    return w - learning_rate * h, h


def momentum_results_swapped(w, g, state, learning_rate, momentum):
    """The state is returned first and w second."""
    h = np.zeros_like(w) if state is None else state
    h = momentum * h + g
    return h, w - learning_rate * h


def momentum_type_of_w(w, g, state, learning_rate, momentum):
    """The velocity has the type of w, so that whole-number parameters cut it."""
    h = np.zeros_like(w)
    h[...] = g if state is None else momentum * state + g
    return w - learning_rate * h, h


def momentum_not_state(w, g, state, learning_rate, momentum):
    """The first step is recognised by `not state`, which fails for arrays of several numbers."""
    if not state:
        state = np.zeros_like(w)
    h = momentum * state + g
    return w - learning_rate * h, h


def momentum_first_forgotten(w, g, state, learning_rate, momentum):
    """The first step is plain descent, and its gradient does not enter the velocity."""
    if state is None:
        return w - learning_rate * g, np.zeros_like(w)
    h = momentum * state + g
    return w - learning_rate * h, h


def momentum_and_rate_swapped(w, g, state, learning_rate, momentum):
    """Momentum and learning rate have changed places."""
    h = np.zeros_like(w) if state is None else state
    h = learning_rate * h + g
    return w - momentum * h, h


# ---------------------------------------------------------------- momentum_step, right


def momentum_step(w, g, state, learning_rate, momentum):
    h = np.zeros(np.shape(w)) if state is None else state
    h = momentum * h + g
    return w - learning_rate * h, h


def momentum_dict(w, g, state, learning_rate, momentum):
    before = 0.0 if state is None else state["h"]
    new = {"h": before * momentum + np.asarray(g)}
    return w - learning_rate * new["h"], new


def momentum_negative(w, g, state, learning_rate, momentum):
    v = -1.0 * g if state is None else momentum * state[0] - g
    return w + learning_rate * v, (v,)


def momentum_entry_by_entry(w, g, state, learning_rate, momentum):
    shape = w.shape
    old = [0.0] * w.size if state is None else state
    new = [momentum * a + float(b) for a, b in zip(old, g.flat, strict=False)]
    out = np.array([x - learning_rate * h for x, h in zip(w.flat, new, strict=False)])
    return out.reshape(shape), new


def momentum_gradients_kept(w, g, state, learning_rate, momentum):
    past = [] if state is None else state
    past = [*past, np.array(g, dtype=float)]
    h = sum(momentum ** (len(past) - 1 - k) * one for k, one in enumerate(past))
    return w - learning_rate * h, past


# ---------------------------------------------------------------- run, wrong


def run_no_start(step, gradient, w0, steps, **options):
    """The start is not among the points."""
    w, state, points = np.array(w0, dtype=float), None, []
    for _ in range(steps):
        w, state = step(w, gradient(w), state, **options)
        points.append(w)
    return np.array(points)


def run_no_end(step, gradient, w0, steps, **options):
    """The point after the last step is missing."""
    w, state, points = np.array(w0, dtype=float), None, []
    for _ in range(steps):
        points.append(w)
        w, state = step(w, gradient(w), state, **options)
    return np.array(points)


def run_one_array(step, gradient, w0, steps, **options):
    """All rows are the same array, filled anew, so that all points are the last one."""
    w = np.array(w0, dtype=float)
    points, state = [w], None
    for _ in range(steps):
        w[:], state = step(w, gradient(w), state, **options)
        points.append(w)
    return np.array(points)


def run_state_lost(step, gradient, w0, steps, **options):
    """The state is not passed on, so every step is a first step."""
    w = np.array(w0, dtype=float)
    points = [w]
    for _ in range(steps):
        w, _state = step(w, gradient(w), None, **options)
        points.append(w)
    return np.array(points)


def run_type_of_start(step, gradient, w0, steps, **options):
    """The rows have the type of the start, so a start in whole numbers cuts every point."""
    w = np.array(w0)
    points = np.zeros((steps + 1, len(w)), dtype=w.dtype)
    points[0], state = w, None
    for k in range(steps):
        w, state = step(w, gradient(w), state, **options)
        points[k + 1] = w
    return points


def run_gradient_of_start(step, gradient, w0, steps, **options):
    """The gradient is computed once, at the start."""
    w, state = np.array(w0, dtype=float), None
    g = gradient(w)
    points = [w]
    for _ in range(steps):
        w, state = step(w, g, state, **options)
        points.append(w)
    return np.array(points)


def run_options_by_place(step, gradient, w0, steps, **options):
    """The options are passed by place, wrong when they come in another order than in the step."""
    w, state = np.array(w0, dtype=float), None
    points = [w]
    for _ in range(steps):
        w, state = step(w, gradient(w), state, *options.values())
        points.append(w)
    return np.array(points)


def run_only_momentum(step, gradient, w0, steps, **options):
    """It passes on learning_rate and momentum only, and fails without them."""
    w, state = np.array(w0, dtype=float), None
    points = [w]
    for _ in range(steps):
        w, state = step(
            w,
            gradient(w),
            state,
            learning_rate=options["learning_rate"],
            momentum=options["momentum"],
        )
        points.append(w)
    return np.array(points)


def run_stops_where_flat(step, gradient, w0, steps, **options):
    """It stops where the gradient is zero, although the momentum rolls on."""
    w, state = np.array(w0, dtype=float), None
    points = [w]
    for _ in range(steps):
        g = gradient(w)
        if np.linalg.norm(g) < 1e-8:
            break
        w, state = step(w, g, state, **options)
        points.append(w)
    return np.array(points)


def run_list_of_points(step, gradient, w0, steps, **options):
    """It returns a list of arrays and not one array."""
    w, state = np.array(w0, dtype=float), None
    points = [w]
    for _ in range(steps):
        w, state = step(w, gradient(w), state, **options)
        points.append(w)
    return points


def run_changes_start(step, gradient, w0, steps, **options):
    """It computes in the array w0 itself, which is at the end point afterwards."""
    w = np.asarray(w0, dtype=float)
    points = np.empty((steps + 1, len(w)))
    points[0], state = w, None
    for k in range(steps):
        w[:], state = step(w, gradient(w), state, **options)
        points[k + 1] = w
    return points


def run_transposed(step, gradient, w0, steps, **options):
    """The points are the columns of the result."""
    w, state = np.array(w0, dtype=float), None
    points = [w]
    for _ in range(steps):
        w, state = step(w, gradient(w), state, **options)
        points.append(w)
    return np.array(points).T


def run_gradient_too_old(step, gradient, w0, steps, **options):
    """Each step takes the gradient at the point before the present one."""
    w, state = np.array(w0, dtype=float), None
    points = [w, w]
    for _ in range(steps):
        w, state = step(w, gradient(points[-2]), state, **options)
        points.append(w)
    return np.array(points[1:])


last_state = {}


def run_goes_on(step, gradient, w0, steps, **options):
    """The state outlives the run, so a second run with the same step begins with it."""
    w = np.array(w0, dtype=float)
    points = [w]
    for _ in range(steps):
        w, last_state[step] = step(w, gradient(w), last_state.get(step), **options)
        points.append(w)
    return np.array(points)


def run_two_columns(step, gradient, w0, steps, **options):
    """There are always two columns."""
    points = np.zeros((steps + 1, 2))
    points[0] = w0
    state = None
    for k in range(steps):
        points[k + 1], state = step(points[k], gradient(points[k]), state, **options)
    return points


def run_one_step_less(step, gradient, w0, steps, **options):
    """The loop begins at 1 and takes one step too few; the last row stays 0."""
    w, state = np.array(w0, dtype=float), None
    points = np.zeros((steps + 1, len(w)))
    points[0] = w
    for k in range(1, steps):
        w, state = step(w, gradient(w), state, **options)
        points[k] = w
    return points


def run_none_is_start(step, gradient, w0, steps, **options):
    """The state is passed on only from the third step: the second one gets None again."""
    w = np.array(w0, dtype=float)
    points = [w]
    w, state = step(w, gradient(w), None, **options)
    points.append(w)
    state = None
    for _ in range(steps - 1):
        w, state = step(w, gradient(w), state, **options)
        points.append(w)
    return np.array(points)


# ---------------------------------------------------------------- run, right


def run(step, gradient, w0, steps, **options):
    w, state = np.array(w0, dtype=float), None
    points = [w]
    for _ in range(steps):
        w, state = step(w, gradient(w), state, **options)
        points.append(w)
    return np.array(points)


def run_table(step, gradient, w0, steps, **options):
    points = np.empty((steps + 1, len(w0)))
    points[0] = w0
    state = None
    for k in range(steps):
        here = points[k].copy()
        points[k + 1], state = step(here, gradient(here.copy()), state, **options)
    return points


def run_generator(step, gradient, w0, steps, **options):
    def walk():
        w, state = np.asarray(w0, dtype=float).copy(), None
        yield w.copy()
        for _ in range(steps):
            w, state = step(w, gradient(w), state, **options)
            yield np.array(w)

    return np.vstack(list(walk()))


def run_accumulate(step, gradient, w0, steps, **options):
    def follow(before, _):
        return step(before[0], gradient(before[0]), before[1], **options)

    start = (np.array(list(w0), dtype=np.float64), None)
    pairs = accumulate(range(steps), follow, initial=start)
    return np.stack([point for point, _ in pairs])


def run_while(step, gradient, w0, steps, **options):
    memory = None
    path = np.array(w0, dtype=float).reshape(1, -1)
    while path.shape[0] < steps + 1:
        new, memory = step(path[-1], gradient(path[-1]), memory, **options)
        path = np.concatenate([path, new[None, :]])
    return path


# ---------------------------------------------------------------- adagrad_step, wrong


def adagrad_eps_in_root(w, g, state, learning_rate, eps):
    """eps stands inside the root."""
    G = np.zeros_like(w) if state is None else state
    G = G + g**2
    return w - learning_rate * g / np.sqrt(G + eps), G


def adagrad_no_root(w, g, state, learning_rate, eps):
    """The root is missing."""
    G = np.zeros_like(w) if state is None else state
    G = G + g**2
    return w - learning_rate * g / (G + eps), G


def adagrad_last_square(w, g, state, learning_rate, eps):
    """The squares are not added up: only the last one is kept."""
    G = g**2
    return w - learning_rate * g / (np.sqrt(G) + eps), G


def adagrad_fading(w, g, state, learning_rate, eps):
    """The squares are a fading average with 0.9, as in RMSProp."""
    G = np.zeros_like(w) if state is None else state
    G = 0.9 * G + 0.1 * g**2
    return w - learning_rate * g / (np.sqrt(G) + eps), G


def adagrad_one_rate(w, g, state, learning_rate, eps):
    """One sum over all entries gives all parameters the same rate."""
    G = 0.0 if state is None else state
    G = G + np.sum(g**2)
    return w - learning_rate * g / (np.sqrt(G) + eps), G


def adagrad_old_sum(w, g, state, learning_rate, eps):
    """w moves by the sum from before this step, so the first step is divided by eps alone."""
    G = np.zeros_like(w) if state is None else state
    return w - learning_rate * g / (np.sqrt(G) + eps), G + g**2


def adagrad_absolute(w, g, state, learning_rate, eps):
    """It adds up the absolute values, not the squares, and takes no root."""
    G = np.zeros_like(w) if state is None else state
    G = G + np.abs(g)
    return w - learning_rate * g / (G + eps), G


def adagrad_in_place(w, g, state, learning_rate, eps):
    """The sum is added up in place in the state that was passed in."""
    if state is None:
        state = np.zeros(w.shape)
    state += g**2
    return w - learning_rate * g / (np.sqrt(state) + eps), state


def adagrad_state_dict_in_place(w, g, state, learning_rate, eps):
    """A new sum is put into the dict that was passed in, and the same dict is returned."""
    if state is None:
        state = {"G": np.zeros(w.shape)}
    state["G"] = state["G"] + g**2
    return w - learning_rate * g / (np.sqrt(state["G"]) + eps), state


def adagrad_eps_fixed(w, g, state, learning_rate, eps):
    """eps is always 1e-8."""
    G = np.zeros_like(w) if state is None else state
    G = G + g**2
    return w - learning_rate * g / (np.sqrt(G) + 1e-8), G


def adagrad_starts_with_tenth(w, g, state, learning_rate, eps):
    """The sum begins at 0.1, as in another library."""
    G = np.full(w.shape, 0.1) if state is None else state
    G = G + g * g
    return w - learning_rate * g / (np.sqrt(G) + eps), G


def adagrad_full_matrix(w, g, state, learning_rate, eps):
    """The sum is kept as a matrix of outer products, which fails unless w is a vector."""
    G = np.zeros((len(w), len(w))) if state is None else state
    G = G + np.outer(g, g)
    return w - learning_rate * g / (np.sqrt(np.diag(G)) + eps), G


adagrad_memory = {}


def adagrad_global_memory(w, g, state, learning_rate, eps):
    """The sum is kept by shape outside, so two vectors of one shape share it."""
    if state is None and w.shape not in adagrad_memory:
        adagrad_memory[w.shape] = np.zeros(w.shape)
    adagrad_memory[w.shape] = adagrad_memory[w.shape] + g**2
    return w - learning_rate * g / (np.sqrt(adagrad_memory[w.shape]) + eps), w.shape


def adagrad_w_in_place(w, g, state, learning_rate, eps):
    """w is changed in place."""
    G = g**2 if state is None else state + g**2
    w -= learning_rate * g / (np.sqrt(G) + eps)
    return w, G


def adagrad_eps_added_to_sum(w, g, state, learning_rate, eps):
    """eps is added to the sum in every step and stays in it."""
    G = np.zeros_like(w) if state is None else state
    G = G + g**2 + eps
    return w - learning_rate * g / np.sqrt(G), G


# ---------------------------------------------------------------- adagrad_step, right


def adagrad_step(w, g, state, learning_rate, eps):
    G = g**2 if state is None else state + g**2
    return w - learning_rate * g / (np.sqrt(G) + eps), G


def adagrad_dict(w, g, state, learning_rate, eps):
    state = {"squares": 0.0} if state is None else dict(state)
    state["squares"] = state["squares"] + np.square(g)
    rate = learning_rate / (eps + state["squares"] ** 0.5)
    return w - rate * g, state


def adagrad_loops(w, g, state, learning_rate, eps):
    G = np.zeros(w.shape) if state is None else state.copy()
    new = np.array(w, dtype=float)
    for i in np.ndindex(w.shape):
        G[i] += g[i] ** 2
        new[i] -= learning_rate * g[i] / (math.sqrt(G[i]) + eps)
    return new, G


def adagrad_all_gradients(w, g, state, learning_rate, eps):
    past = (() if state is None else state) + (np.array(g, dtype=float),)
    length = np.sqrt(np.sum(np.square(past), axis=0))
    return w - learning_rate * np.divide(g, length + eps), past


def adagrad_hypot(w, g, state, learning_rate, eps):
    root = np.abs(g) * 1.0 if state is None else np.hypot(state[0], g)
    return w - learning_rate * g / (root + eps), [root]


# ---------------------------------------------------------------- rmsprop_step, wrong


def rmsprop_decay_swapped(w, g, state, learning_rate, decay, eps):
    """decay weights the new square, and 1 - decay the memory."""
    v = np.zeros_like(w) if state is None else state
    v = (1 - decay) * v + decay * g**2
    return w - learning_rate * g / (np.sqrt(v) + eps), v


def rmsprop_eps_in_root(w, g, state, learning_rate, decay, eps):
    """eps stands inside the root."""
    v = np.zeros_like(w) if state is None else state
    v = decay * v + (1 - decay) * g**2
    return w - learning_rate * g / np.sqrt(v + eps), v


def rmsprop_corrected(w, g, state, learning_rate, decay, eps):
    """The average is corrected by 1 - decay**t, as in Adam."""
    v, t = (np.zeros_like(w), 0) if state is None else state
    t = t + 1
    v = decay * v + (1 - decay) * g**2
    return w - learning_rate * g / (np.sqrt(v / (1 - decay**t)) + eps), (v, t)


def rmsprop_full_square(w, g, state, learning_rate, decay, eps):
    """The new square is not weighted with 1 - decay."""
    v = np.zeros_like(w) if state is None else state
    v = decay * v + g**2
    return w - learning_rate * g / (np.sqrt(v) + eps), v


def rmsprop_starts_with_square(w, g, state, learning_rate, decay, eps):
    """The average begins as the first square and not at zero."""
    v = g**2 if state is None else decay * state + (1 - decay) * g**2
    return w - learning_rate * g / (np.sqrt(v) + eps), v


def rmsprop_centred(w, g, state, learning_rate, decay, eps):
    """It subtracts the square of the mean gradient, as in the centred variant."""
    v, m = (np.zeros_like(w), np.zeros_like(w)) if state is None else state
    v = decay * v + (1 - decay) * g**2
    m = decay * m + (1 - decay) * g
    return w - learning_rate * g / (np.sqrt(v - m**2) + eps), (v, m)


def rmsprop_not_squared(w, g, state, learning_rate, decay, eps):
    """The average is one of the absolute values, without square and root."""
    v = np.zeros_like(w) if state is None else state
    v = decay * v + (1 - decay) * np.abs(g)
    return w - learning_rate * g / (v + eps), v


def rmsprop_no_root(w, g, state, learning_rate, decay, eps):
    """The root is missing."""
    v = np.zeros_like(w) if state is None else state
    v = decay * v + (1 - decay) * g**2
    return w - learning_rate * g / (v + eps), v


def rmsprop_old_average(w, g, state, learning_rate, decay, eps):
    """w moves by the average from before this step."""
    v = np.zeros_like(w) if state is None else state
    w = w - learning_rate * g / (np.sqrt(v) + eps)
    return w, decay * v + (1 - decay) * g**2


def rmsprop_decay_fixed(w, g, state, learning_rate, decay, eps):
    """The decay is always 0.9."""
    v = np.zeros_like(w) if state is None else state
    v = 0.9 * v + 0.1 * g**2
    return w - learning_rate * g / (np.sqrt(v) + eps), v


def rmsprop_mean_of_entries(w, g, state, learning_rate, decay, eps):
    """The mean of the squares over all entries gives all parameters the same rate."""
    v = 0.0 if state is None else state
    v = decay * v + (1 - decay) * np.mean(g**2)
    return w - learning_rate * g / (np.sqrt(v) + eps), v


def rmsprop_list_in_place(w, g, state, learning_rate, decay, eps):
    """The list that was passed in as state gets the new average, and is returned."""
    if state is None:
        state = [np.zeros(w.shape)]
    state[0] = decay * state[0] + (1 - decay) * g**2
    return w - learning_rate * g / (np.sqrt(state[0]) + eps), state


def rmsprop_average_in_place(w, g, state, learning_rate, decay, eps):
    """The average that was passed in is changed in place."""
    v = np.zeros(w.shape) if state is None else state
    v *= decay
    v += (1 - decay) * g**2
    return w - learning_rate * g / (np.sqrt(v) + eps), v


def rmsprop_steps_average(w, g, state, learning_rate, decay, eps):
    """The step goes along a fading average of the gradients, not along the gradient."""
    v, m = (np.zeros_like(w), np.zeros_like(w)) if state is None else state
    m = decay * m + (1 - decay) * g
    v = decay * v + (1 - decay) * g**2
    return w - learning_rate * m / (np.sqrt(v) + eps), (v, m)


def rmsprop_state_is_tuple(w, g, state, learning_rate, decay, eps):
    """A stray comma makes the average a tuple, and so the new w gets one axis more."""
    v = np.zeros_like(w) if state is None else state
    v = (decay * np.array(v) + (1 - decay) * g**2,)
    return w - learning_rate * g / (np.sqrt(v) + eps), v


# ---------------------------------------------------------------- rmsprop_step, right


def rmsprop_step(w, g, state, learning_rate, decay, eps):
    v = np.zeros(w.shape) if state is None else state
    v = decay * v + (1 - decay) * g**2
    return w - learning_rate * g / (np.sqrt(v) + eps), v


def rmsprop_blend(w, g, state, learning_rate, decay, eps):
    before = 0 if state is None else state["v"]
    after = before + (1 - decay) * (np.square(g) - before)
    return w - g * (learning_rate / (after**0.5 + eps)), {"v": after}


def rmsprop_vectorised_function(w, g, state, learning_rate, decay, eps):
    def one(w_i, g_i, v_i):
        v_i = decay * v_i + (1 - decay) * g_i * g_i
        return w_i - learning_rate * g_i / (math.sqrt(v_i) + eps), v_i

    v = np.zeros(w.shape) if state is None else state
    pairs = [one(*three) for three in zip(w.ravel(), g.ravel(), v.ravel(), strict=False)]
    new_w, new_v = (
        np.array(column, dtype=float).reshape(w.shape) for column in zip(*pairs, strict=False)
    )
    return new_w, new_v


def rmsprop_history(w, g, state, learning_rate, decay, eps):
    squares = [np.asarray(g) ** 2] + ([] if state is None else state)
    v = sum((1 - decay) * decay**age * square for age, square in enumerate(squares))
    return w - learning_rate * g / (np.sqrt(v) + eps), squares


def rmsprop_average_function(w, g, state, learning_rate, decay, eps):
    def fade(old, new, keep):
        return (1 - keep) * new if old is None else keep * old + (1 - keep) * new

    state = (fade(state[0] if state is not None else None, g * g, decay),)
    return w - learning_rate * g / (eps + np.sqrt(state[0])), state


# ---------------------------------------------------------------- adam_step, wrong


def adam_betas_swapped(w, g, state, learning_rate, beta1, beta2, eps):
    """beta1 is used for the second moment and beta2 for the first."""
    m, v, t = (np.zeros_like(w), np.zeros_like(w), 0) if state is None else state
    t = t + 1
    m = beta2 * m + (1 - beta2) * g
    v = beta1 * v + (1 - beta1) * g**2
    step = m / (1 - beta2**t) / (np.sqrt(v / (1 - beta1**t)) + eps)
    return w - learning_rate * step, (m, v, t)


def adam_not_corrected(w, g, state, learning_rate, beta1, beta2, eps):
    """The averages are not corrected."""
    m, v = (np.zeros_like(w), np.zeros_like(w)) if state is None else state
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return w - learning_rate * m / (np.sqrt(v) + eps), (m, v)


def adam_only_m_corrected(w, g, state, learning_rate, beta1, beta2, eps):
    """Only the average of the gradients is corrected."""
    m, v, t = (np.zeros_like(w), np.zeros_like(w), 0) if state is None else state
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return w - learning_rate * (m / (1 - beta1**t)) / (np.sqrt(v) + eps), (m, v, t)


def adam_counts_too_late(w, g, state, learning_rate, beta1, beta2, eps):
    """t is increased after the correction, which divides by 0 in the first step."""
    m, v, t = (np.zeros_like(w), np.zeros_like(w), 0) if state is None else state
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat, v_hat = m / (1 - np.power(beta1, t)), v / (1 - np.power(beta2, t))
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + eps), (m, v, t + 1)


def adam_t_stays_one(w, g, state, learning_rate, beta1, beta2, eps):
    """The old t is put back into the state, so that t is 1 in every step."""
    m, v, t = (np.zeros_like(w), np.zeros_like(w), 0) if state is None else state
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat, v_hat = m / (1 - beta1 ** (t + 1)), v / (1 - beta2 ** (t + 1))
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + eps), (m, v, t)


def adam_eps_in_root(w, g, state, learning_rate, beta1, beta2, eps):
    """eps stands inside the root."""
    m, v, t = (np.zeros_like(w), np.zeros_like(w), 0) if state is None else state
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - learning_rate * m_hat / np.sqrt(v_hat + eps), (m, v, t)


def adam_corrected_kept(w, g, state, learning_rate, beta1, beta2, eps):
    """The corrected averages are kept, and corrected once more in the next step."""
    m, v, t = (np.zeros_like(w), np.zeros_like(w), 0) if state is None else state
    t = t + 1
    m = (beta1 * m + (1 - beta1) * g) / (1 - beta1**t)
    v = (beta2 * v + (1 - beta2) * g**2) / (1 - beta2**t)
    return w - learning_rate * m / (np.sqrt(v) + eps), (m, v, t)


def adam_correction_in_rate(w, g, state, learning_rate, beta1, beta2, eps):
    """The correction is moved into the rate, so eps is added to the root before it is corrected."""
    m, v, t = (np.zeros_like(w), np.zeros_like(w), 0) if state is None else state
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    rate = learning_rate * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return w - rate * m / (np.sqrt(v) + eps), (m, v, t)


adam_t = 0


def adam_global_count(w, g, state, learning_rate, beta1, beta2, eps):
    """t is a global variable that all vectors share, and that never goes back to 0."""
    global adam_t
    adam_t += 1
    m, v = (np.zeros_like(w), np.zeros_like(w)) if state is None else state
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat, v_hat = m / (1 - beta1**adam_t), v / (1 - beta2**adam_t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + eps), (m, v)


def adam_dict_in_place(w, g, state, learning_rate, beta1, beta2, eps):
    """The dict that was passed in as state is changed and returned."""
    if state is None:
        state = {"m": np.zeros(w.shape), "v": np.zeros(w.shape), "t": 0}
    state["t"] += 1
    state["m"] = beta1 * state["m"] + (1 - beta1) * g
    state["v"] = beta2 * state["v"] + (1 - beta2) * g**2
    m_hat = state["m"] / (1 - beta1 ** state["t"])
    v_hat = state["v"] / (1 - beta2 ** state["t"])
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + eps), state


def adam_arrays_in_place(w, g, state, learning_rate, beta1, beta2, eps):
    """The dict is copied, but the arrays in it are changed in place."""
    if state is None:
        state = {"m": np.zeros(w.shape), "v": np.zeros(w.shape), "t": 0}
    state = dict(state)
    m, v = state["m"], state["v"]
    state["t"] += 1
    m *= beta1
    m += (1 - beta1) * g
    v *= beta2
    v += (1 - beta2) * g**2
    m_hat, v_hat = m / (1 - beta1 ** state["t"]), v / (1 - beta2 ** state["t"])
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + eps), state


def adam_average_squared(w, g, state, learning_rate, beta1, beta2, eps):
    """The second average is one of m squared and not of g squared."""
    m, v, t = (np.zeros_like(w), np.zeros_like(w), 0) if state is None else state
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * m**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + eps), (m, v, t)


def adam_largest(w, g, state, learning_rate, beta1, beta2, eps):
    """It divides by a fading maximum, as AdaMax does."""
    m, u, t = (np.zeros_like(w), np.zeros_like(w), 0) if state is None else state
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    u = np.maximum(beta2 * u, np.abs(g))
    return w - learning_rate * m / (1 - beta1**t) / (u + eps), (m, u, t)


def adam_times_t(w, g, state, learning_rate, beta1, beta2, eps):
    """The correction takes beta * t instead of beta ** t."""
    m, v, t = (np.zeros_like(w), np.zeros_like(w), 0) if state is None else state
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat, v_hat = m / (1 - beta1 * t), v / (1 - beta2 * t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + eps), (m, v, t)


def adam_state_order(w, g, state, learning_rate, beta1, beta2, eps):
    """The state is returned as t, m, v, but taken apart as m, v, t."""
    m, v, t = (np.zeros_like(w), np.zeros_like(w), 0) if state is None else state
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + eps), (t, m, v)


def adam_one_array_twice(w, g, state, learning_rate, beta1, beta2, eps):
    """m and v begin as one and the same array, which both of them then change in place."""
    if state is None:
        m = v = np.zeros(w.shape)
        t = 0
    else:
        m, v, t = state[0].copy(), state[1].copy(), state[2]
    t += 1
    m *= beta1
    m += (1 - beta1) * g
    v *= beta2
    v += (1 - beta2) * g**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + eps), (m, v, t)


def adam_last_gradient(w, g, state, learning_rate, beta1, beta2, eps):
    """The step goes along the gradient of this step instead of their average."""
    v, t = (np.zeros_like(w), 0) if state is None else state
    t = t + 1
    v = beta2 * v + (1 - beta2) * g**2
    return w - learning_rate * g / (np.sqrt(v / (1 - beta2**t)) + eps), (v, t)


# ---------------------------------------------------------------- adam_step, right


def adam_step(w, g, state, learning_rate, beta1, beta2, eps):
    m, v, t = (np.zeros(w.shape), np.zeros(w.shape), 0) if state is None else state
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + eps), (m, v, t)


def adam_new_dict(w, g, state, learning_rate, beta1, beta2, eps):
    if state is None:
        state = {"m": 0.0, "v": 0.0, "t": 0}
    new = {
        "t": state["t"] + 1,
        "m": state["m"] + (1 - beta1) * (g - state["m"]),
        "v": state["v"] + (1 - beta2) * (np.square(g) - state["v"]),
    }
    root = (new["v"] / (1 - beta2 ** new["t"])) ** 0.5
    return w - learning_rate / (root + eps) * new["m"] / (1 - beta1 ** new["t"]), new


@dataclass
class Moments:
    m: np.ndarray
    v: np.ndarray
    t: int


def adam_dataclass_inside(w, g, state, learning_rate, beta1, beta2, eps):
    s = Moments(np.zeros(w.shape), np.zeros(w.shape), 0) if state is None else Moments(*state)
    s.t = s.t + 1
    s.m = beta1 * s.m + (1 - beta1) * g
    s.v = beta2 * s.v + (1 - beta2) * g * g
    new_w = w - learning_rate * (s.m / (1 - beta1**s.t)) / (np.sqrt(s.v / (1 - beta2**s.t)) + eps)
    return new_w, [s.m, s.v, s.t]


def adam_powers_kept(w, g, state, learning_rate, beta1, beta2, eps):
    if state is None:
        m, v, power1, power2 = np.zeros(w.shape), np.zeros(w.shape), 1.0, 1.0
    else:
        m, v, power1, power2 = state
    power1, power2 = power1 * beta1, power2 * beta2
    m = np.add(beta1 * m, (1 - beta1) * g)
    v = np.add(beta2 * v, (1 - beta2) * g**2)
    step = np.divide(m / (1 - power1), np.sqrt(v / (1 - power2)) + eps)
    return np.subtract(w, learning_rate * step), (m, v, power1, power2)


def adam_loops(w, g, state, learning_rate, beta1, beta2, eps):
    t = 1 if state is None else state[0] + 1
    m = np.zeros(w.shape) if state is None else state[1].copy()
    v = np.zeros(w.shape) if state is None else state[2].copy()
    new = np.empty(w.shape)
    for i in np.ndindex(*w.shape):
        m[i] = beta1 * m[i] + (1 - beta1) * g[i]
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] ** 2
        up = m[i] / (1 - beta1**t)
        down = math.sqrt(v[i] / (1 - beta2**t)) + eps
        new[i] = w[i] - learning_rate * up / down
    return new, [t, m, v]


WRONG = {
    "momentum_step": [
        (momentum_average, ("average",)),
        (momentum_rate_in_velocity, ("rate inside the sum",)),
        (momentum_w_in_place, ("w changed", "state changed")),
        (momentum_state_in_place, ("w changed", "state changed")),
        (momentum_gradient_is_state, ("w changed", "state changed")),
        (momentum_global_velocity, ("shared",)),
        (momentum_uphill, ("uphill",)),
        (momentum_old_velocity, ("old velocity used",)),
        (momentum_nesterov, ("Nesterov",)),
        (momentum_two_numbers, ("two numbers",)),
        (momentum_results_swapped, ("results exchanged",)),
        (momentum_not_state, ("truth of an array",)),
        (momentum_first_forgotten, ("first gradient forgotten",)),
        (momentum_and_rate_swapped, ("rate and momentum exchanged",)),
    ],
    "run": [
        (run_no_start, ("start left out",)),
        (run_no_end, ("end left out",)),
        (run_one_array, ("one array in every row",)),
        (run_state_lost, ("state dropped",)),
        (run_type_of_start, ("rows like the start",)),
        (run_gradient_of_start, ("the start's gradient for ever",)),
        (run_options_by_place, ("options by place",)),
        (run_only_momentum, ("momentum alone",)),
        (run_stops_where_flat, ("stops where it is flat",)),
        (run_changes_start, ("floats of the start",)),
        (run_transposed, ("transposed",)),
        (run_gradient_too_old, ("the gradient before",)),
        (run_goes_on, ()),
        (run_two_columns, ("two columns",)),
        (run_one_step_less, ("last row empty",)),
        (run_none_is_start, ("second step without state",)),
    ],
    "adagrad_step": [
        (adagrad_eps_in_root, ("eps inside the root",)),
        (adagrad_no_root, ("no root",)),
        (adagrad_last_square, ("forgets",)),
        (adagrad_fading, ("fading",)),
        (adagrad_one_rate, ("one sum for all",)),
        (adagrad_old_sum, ("old sum used",)),
        (adagrad_absolute, ("sizes added", "sizes added and no root", "no root")),
        (adagrad_in_place, ("w changed", "state changed")),
        (adagrad_state_dict_in_place, ("w changed", "state changed")),
        (adagrad_eps_fixed, ("eps fixed",)),
        (adagrad_starts_with_tenth, ("begins with a tenth",)),
        (adagrad_full_matrix, ()),
        (adagrad_global_memory, ("kept outside",)),
        (adagrad_w_in_place, ("w changed", "state changed")),
        (adagrad_eps_added_to_sum, ("eps in the sum",)),
    ],
    "rmsprop_step": [
        (rmsprop_decay_swapped, ("decay exchanged",)),
        (rmsprop_eps_in_root, ("eps inside the root",)),
        (rmsprop_corrected, ("corrected as in Adam",)),
        (rmsprop_full_square, ("new square whole",)),
        (rmsprop_starts_with_square, ("begins with the first square",)),
        (rmsprop_centred, ("centred",)),
        (rmsprop_not_squared, ("sizes averaged", "sizes averaged and no root", "no root")),
        (rmsprop_no_root, ("no root",)),
        (rmsprop_old_average, ("old average used",)),
        (rmsprop_decay_fixed, ("decay fixed",)),
        (rmsprop_mean_of_entries, ("one average for all",)),
        (rmsprop_list_in_place, ("w changed", "state changed")),
        (rmsprop_average_in_place, ("w changed", "state changed")),
        (rmsprop_steps_average, ("averaged gradient",)),
        (rmsprop_state_is_tuple, ("an axis more",)),
    ],
    "adam_step": [
        (adam_betas_swapped, ("betas exchanged",)),
        (adam_not_corrected, ("no bias correction",)),
        (adam_only_m_corrected, ("only m corrected",)),
        (adam_counts_too_late, ("t from zero",)),
        (adam_t_stays_one, ("t stands still",)),
        (adam_eps_in_root, ("eps inside the root",)),
        (adam_corrected_kept, ("corrected averages kept",)),
        (adam_correction_in_rate, ("eps scaled by the correction",)),
        (adam_global_count, ("kept outside",)),
        (adam_dict_in_place, ("w changed", "state changed")),
        (adam_arrays_in_place, ("w changed", "state changed")),
        (adam_average_squared, ("square of m",)),
        (adam_largest, ("largest",)),
        (adam_times_t, ("beta times t",)),
        (adam_state_order, ("state in another order",)),
        (adam_one_array_twice, ("one array for both",)),
        (adam_last_gradient, ("no m",)),
    ],
}

RIGHT = {
    "momentum_step": [
        momentum_step,
        momentum_dict,
        momentum_negative,
        momentum_entry_by_entry,
        momentum_gradients_kept,
        momentum_type_of_w,
    ],
    "run": [run, run_table, run_generator, run_accumulate, run_while, run_list_of_points],
    "adagrad_step": [
        adagrad_step,
        adagrad_dict,
        adagrad_loops,
        adagrad_all_gradients,
        adagrad_hypot,
    ],
    "rmsprop_step": [
        rmsprop_step,
        rmsprop_blend,
        rmsprop_vectorised_function,
        rmsprop_history,
        rmsprop_average_function,
    ],
    "adam_step": [adam_step, adam_new_dict, adam_dataclass_inside, adam_powers_kept, adam_loops],
}
