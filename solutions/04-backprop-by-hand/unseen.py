"""Answers by somebody who has not seen the checks, each wrong one with the rows that describe it.

The certificate counts how many of them are named, and whether any is told what is not so.
"""

import math

import numpy as np


# == forward WRONG
def forward_linear_output(W1, W2, x):
    """The output unit has no tanh."""
    h = np.tanh(W1 @ x)
    y = W2 @ h
    return h, y


def forward_transposed(W1, W2, x):
    """W1 is multiplied from the other side, as if it had a column for each hidden unit."""
    h = np.tanh(x @ W1)
    y = np.tanh(h @ W2)
    return h, y


def forward_sigmoid(W1, W2, x):
    """It takes the sigmoid for tanh."""
    h = 1 / (1 + np.exp(-(W1 @ x)))
    y = 1 / (1 + np.exp(-(W2 @ h)))
    return h, y


def forward_only_y(W1, W2, x):
    """It returns y only."""
    h = np.tanh(W1 @ x)
    return np.tanh(W2 @ h)


def forward_y_first(W1, W2, x):
    """y and h change places in what is returned."""
    h = np.tanh(W1 @ x)
    y = np.tanh(W2 @ h)
    return y, h


def forward_two_units(W1, W2, x):
    """It is written for two hidden units and leaves out all others."""
    h1 = np.tanh(W1[0] @ x)
    h2 = np.tanh(W1[1] @ x)
    y = np.tanh(W2[0] * h1 + W2[1] * h2)
    return np.array([h1, h2]), y


def forward_hidden_sums(W1, W2, x):
    """tanh of the hidden units is forgotten: h is v."""
    h = W1 @ x
    y = np.tanh(W2 @ h)
    return h, y


def forward_v_goes_on(W1, W2, x):
    """h is right, but the output unit is fed with v instead of h."""
    v = W1 @ x
    h = np.tanh(v)
    y = np.tanh(W2 @ v)
    return h, y


def forward_not_added(W1, W2, x):
    """* multiplies entry by entry, so that y is an array."""
    h = np.tanh(W1 @ x)
    y = np.tanh(W2 * h)
    return h, y


def forward_size_of_x(W1, W2, x):
    """h gets the size and type of x instead of one float for each hidden unit."""
    h = np.zeros_like(x)
    for j in range(len(W2)):
        h[j] = np.tanh(np.sum(W1[j] * x))
    return h, np.tanh(np.sum(W2 * h))


def forward_three_inputs(W1, W2, x):
    """It adds up three inputs, whatever their number."""
    h = np.tanh([row[0] * x[0] + row[1] * x[1] + row[2] * x[2] for row in W1])
    return h, np.tanh(np.dot(W2, h))


def forward_rounded(W1, W2, x):
    """h is rounded to four decimals, as on the worksheet."""
    h = np.tanh(W1 @ x).round(4)
    return h, np.tanh(W2 @ h).round(4)


def forward_row_of_one(W1, W2, x):
    """y comes out as an array with one entry, not as a number."""
    h = np.tanh(W1 @ x)
    y = np.tanh(W2.reshape(1, -1) @ h)
    return h, y


# == forward RIGHT
def forward_plain(W1, W2, x):
    h = np.tanh(W1 @ x)
    y = np.tanh(W2 @ h)
    return h, y


def forward_loops(W1, W2, x):
    h = np.zeros(len(W1))
    for j in range(len(W1)):
        v = 0.0
        for i in range(len(x)):
            v += W1[j][i] * x[i]
        h[j] = math.tanh(v)
    v_out = 0.0
    for j in range(len(h)):
        v_out += W2[j] * h[j]
    return h, math.tanh(v_out)


def forward_einsum(W1, W2, x):
    h = np.tanh(np.einsum("ji,i->j", W1, x))
    return h, np.tanh(np.einsum("j,j->", W2, h))


def forward_sums(W1, W2, x):
    h = np.tanh((W1 * x).sum(axis=1))
    return h, float(np.tanh((W2 * h).sum()))


def forward_from_the_right(W1, W2, x):
    h = np.tanh(np.asarray(x, dtype=float).dot(np.asarray(W1, dtype=float).T))
    y = np.tanh(h.dot(np.asarray(W2, dtype=float)))
    return h, y


def forward_comprehension(W1, W2, x):
    h = np.array([np.tanh(sum(w * v for w, v in zip(row, x, strict=True))) for row in W1])
    return h, np.tanh(sum(w * out for w, out in zip(W2, h, strict=True)))


# == backward WRONG
def backward_no_output_slope(W1, W2, x, target):
    """The slope of the output unit is left out."""
    h, y = forward_plain(W1, W2, x)
    delta_out = y - target
    delta = delta_out * W2 * (1 - h**2)
    return np.outer(delta, x), delta_out * h


def backward_slope_from_v(W1, W2, x, target):
    """The slope is computed from v, the input of tanh, with the formula for its output."""
    v = W1 @ x
    h = np.tanh(v)
    v_out = W2 @ h
    y = np.tanh(v_out)
    delta_out = (y - target) * (1 - v_out**2)
    delta = delta_out * W2 * (1 - v**2)
    return np.outer(delta, x), delta_out * h


def backward_tanh_twice(W1, W2, x, target):
    """tanh is applied to the outputs once more in both slopes."""
    h, y = forward_plain(W1, W2, x)
    delta_out = (y - target) * (1 - np.tanh(y) ** 2)
    delta = delta_out * W2 * (1 - np.tanh(h) ** 2)
    return np.outer(delta, x), delta_out * h


def backward_no_hidden_slope(W1, W2, x, target):
    """The slopes of the hidden units are left out."""
    h, y = forward_plain(W1, W2, x)
    delta_out = (y - target) * (1 - y**2)
    delta = delta_out * W2
    return np.outer(delta, x), delta_out * h


def backward_no_w2(W1, W2, x, target):
    """The hidden deltas leave W2 out."""
    h, y = forward_plain(W1, W2, x)
    delta_out = (y - target) * (1 - y**2)
    delta = delta_out * (1 - h**2)
    return np.outer(delta, x), delta_out * h


def backward_sign(W1, W2, x, target):
    """The error is target - y, so that both gradients have the wrong sign."""
    h, y = forward_plain(W1, W2, x)
    delta_out = (target - y) * (1 - y**2)
    delta = delta_out * W2 * (1 - h**2)
    return np.outer(delta, x), delta_out * h


def backward_twice(W1, W2, x, target):
    """The half of the loss is forgotten: both gradients are twice too large."""
    h, y = forward_plain(W1, W2, x)
    delta_out = 2 * (y - target) * (1 - y**2)
    delta = delta_out * W2 * (1 - h**2)
    return np.outer(delta, x), delta_out * h


def backward_outer_turned(W1, W2, x, target):
    """The outer product is turned, so that dW1 has the shape of W1.T."""
    h, y = forward_plain(W1, W2, x)
    delta_out = (y - target) * (1 - y**2)
    delta = delta_out * W2 * (1 - h**2)
    return np.outer(x, delta), delta_out * h


def backward_swapped(W1, W2, x, target):
    """dW2 and dW1 change places in what is returned."""
    h, y = forward_plain(W1, W2, x)
    delta_out = (y - target) * (1 - y**2)
    dW2 = delta_out * h
    delta = delta_out * W2 * (1 - h**2)
    dW1 = np.outer(delta, x)
    return dW2, dW1


def backward_sigmoid_slope(W1, W2, x, target):
    """The slopes are those of the sigmoid, y (1 - y)."""
    h, y = forward_plain(W1, W2, x)
    delta_out = (y - target) * y * (1 - y)
    delta = delta_out * W2 * h * (1 - h)
    return np.outer(delta, x), delta_out * h


def backward_typo_square(W1, W2, x, target):
    """Typo: h * 2 stands in place of h ** 2."""
    h, y = forward_plain(W1, W2, x)
    delta_out = (y - target) * (1 - y**2)
    delta = delta_out * W2 * (1 - h * 2)
    return np.outer(delta, x), delta_out * h


def backward_summed_delta(W1, W2, x, target):
    """The hidden deltas are added up by @, so that all rows of dW1 are equal in one number."""
    h, y = forward_plain(W1, W2, x)
    delta_out = (y - target) * (1 - y**2)
    delta = delta_out * (W2 @ (1 - h**2))
    return np.outer(np.full(len(h), delta), x), delta_out * h


def backward_error_for_delta(W1, W2, x, target):
    """The error and not delta_out goes back to the hidden units."""
    h, y = forward_plain(W1, W2, x)
    error = y - target
    dW2 = error * (1 - y**2) * h
    delta = error * W2 * (1 - h**2)
    return np.outer(delta, x), dW2


def backward_unpacked_wrongly(W1, W2, x, target):
    """h and y are unpacked in the wrong order."""
    y, h = forward_plain(W1, W2, x)
    delta_out = (y - target) * (1 - y**2)
    delta = delta_out * W2 * (1 - h**2)
    return np.outer(delta, x), delta_out * h


def backward_x_for_h(W1, W2, x, target):
    """dW1 is made from the deltas and h, where x should stand."""
    h, y = forward_plain(W1, W2, x)
    delta_out = (y - target) * (1 - y**2)
    delta = delta_out * W2 * (1 - h**2)
    return np.outer(delta, h), delta_out * h


def backward_moves_w2(W1, W2, x, target):
    """dW2 is taken off W2 before the hidden deltas are computed."""
    h, y = forward_plain(W1, W2, x)
    delta_out = (y - target) * (1 - y**2)
    dW2 = delta_out * h
    W2 = W2 - dW2
    delta = delta_out * W2 * (1 - h**2)
    return np.outer(delta, x), dW2


# == backward RIGHT
def backward_plain(W1, W2, x, target):
    h, y = forward_plain(W1, W2, x)
    delta_out = (y - target) * (1 - y**2)
    dW2 = delta_out * h
    delta = delta_out * W2 * (1 - h**2)
    dW1 = np.outer(delta, x)
    return dW1, dW2


def backward_loops(W1, W2, x, target):
    h, y = forward_loops(W1, W2, x)
    e = y - target
    delta_out = e * (1 - y * y)
    dW1 = np.zeros(np.shape(W1), dtype=float)
    dW2 = np.zeros(np.shape(W2), dtype=float)
    for j in range(len(h)):
        dW2[j] = delta_out * h[j]
        delta_j = delta_out * W2[j] * (1 - h[j] * h[j])
        for i in range(len(x)):
            dW1[j, i] = delta_j * x[i]
    return dW1, dW2


def backward_broadcast(W1, W2, x, target):
    def slope(out):
        return (1 - out) * (1 + out)

    h = np.tanh(W1 @ x)
    y = np.tanh(np.sum(h * W2))
    back = slope(y) * (y - target)
    return (back * slope(h) * W2)[:, np.newaxis] * np.asarray(x)[np.newaxis, :], h * back


def backward_matrices(W1, W2, x, target):
    """Columns and rows as real matrices."""
    column = np.asarray(x, dtype=float).reshape(-1, 1)
    row = np.asarray(W2, dtype=float).reshape(1, -1)
    H = np.tanh(W1 @ column)
    Y = np.tanh(row @ H)
    D = (Y - target) * (1 - np.square(Y))
    DH = (row.T @ D) * (1 - np.square(H))
    return DH @ column.T, (D @ H.T).reshape(-1)


def backward_einsum(W1, W2, x, target):
    h, y = forward_einsum(W1, W2, x)
    delta_out = y * (1 - y**2) - target * (1 - y**2)
    delta = W2 * delta_out - W2 * delta_out * h**2
    return np.einsum("j,i->ji", delta, x), np.multiply(h, delta_out)


def backward_jacobians(W1, W2, x, target):
    """The chain rule with y by each weight first, the error last."""
    h, y = forward_sums(W1, W2, x)
    dy_dW2 = (1 - y**2) * h
    dy_dW1 = np.array([(1 - y**2) * w * (1 - a**2) * x for w, a in zip(W2, h, strict=True)])
    return dy_dW1 * (y - target), dy_dW2 * (y - target)


# == train_step WRONG
def step_in_place(W1, W2, x, target, learning_rate):
    """-= changes the caller's arrays."""
    dW1, dW2 = backward_plain(W1, W2, x, target)
    W1 -= learning_rate * dW1
    W2 -= learning_rate * dW2
    return W1, W2


def step_w2_first(W1, W2, x, target, learning_rate):
    """The hidden deltas use the new W2."""
    h, y = forward_plain(W1, W2, x)
    delta_out = (y - target) * (1 - y**2)
    W2 = W2 - learning_rate * delta_out * h
    delta = delta_out * W2 * (1 - h**2)
    W1 = W1 - learning_rate * np.outer(delta, x)
    return W1, W2


def step_backward_twice(W1, W2, x, target, learning_rate):
    """The gradient by W2 is computed after W1 has moved."""
    dW1, _ = backward_plain(W1, W2, x, target)
    W1 = W1 - learning_rate * dW1
    _, dW2 = backward_plain(W1, W2, x, target)
    W2 = W2 - learning_rate * dW2
    return W1, W2


def step_uphill(W1, W2, x, target, learning_rate):
    """The gradients are added instead of subtracted."""
    dW1, dW2 = backward_plain(W1, W2, x, target)
    return W1 + learning_rate * dW1, W2 + learning_rate * dW2


def step_no_rate(W1, W2, x, target, learning_rate):
    """The learning rate is forgotten for W1."""
    dW1, dW2 = backward_plain(W1, W2, x, target)
    return W1 - dW1, W2 - learning_rate * dW2


def step_order(W1, W2, x, target, learning_rate):
    """The new W2 comes first in what is returned."""
    dW1, dW2 = backward_plain(W1, W2, x, target)
    return W2 - learning_rate * dW2, W1 - learning_rate * dW1


def step_only_w2(W1, W2, x, target, learning_rate):
    """W1 does not move."""
    _, dW2 = backward_plain(W1, W2, x, target)
    return W1, W2 - learning_rate * dW2


def step_unpacked_wrongly(W1, W2, x, target, learning_rate):
    """The gradients are unpacked in the wrong order."""
    dW2, dW1 = backward_plain(W1, W2, x, target)
    return W1 - learning_rate * dW1, W2 - learning_rate * dW2


def step_changes_only(W1, W2, x, target, learning_rate):
    """It returns what is to be added to the weights, not the new weights."""
    dW1, dW2 = backward_plain(W1, W2, x, target)
    return -learning_rate * dW1, -learning_rate * dW2


def step_alias(W1, W2, x, target, learning_rate):
    """new_W1 and new_W2 are other names for the caller's arrays, which change."""
    dW1, dW2 = backward_plain(W1, W2, x, target)
    new_W1, new_W2 = W1, W2
    new_W1[:] = new_W1 - learning_rate * dW1
    new_W2[:] = new_W2 - learning_rate * dW2
    return new_W1, new_W2


def step_copies_too_late(W1, W2, x, target, learning_rate):
    """The copies are made after the caller's arrays have changed."""
    dW1, dW2 = backward_plain(W1, W2, x, target)
    W1 -= learning_rate * dW1
    W2 -= learning_rate * dW2
    return W1.copy(), W2.copy()


def step_old_w2_alias(W1, W2, x, target, learning_rate):
    """old_W2 is no copy: W2 -= changes it too, and the caller's array as well."""
    old_W2 = W2
    h, y = forward_plain(W1, W2, x)
    delta_out = (y - target) * (1 - y**2)
    W2 -= learning_rate * delta_out * h
    delta = delta_out * old_W2 * (1 - h**2)
    return W1 - learning_rate * np.outer(delta, x), W2


def step_half_rate(W1, W2, x, target, learning_rate):
    """The half of the loss is counted once more, so that the step is half as long."""
    dW1, dW2 = backward_plain(W1, W2, x, target)
    return W1 - learning_rate * dW1 / 2, W2 - learning_rate * dW2 / 2


def step_forgets_return(W1, W2, x, target, learning_rate):
    """It computes the new weights and returns nothing."""
    dW1, dW2 = backward_plain(W1, W2, x, target)
    W1 = W1 - learning_rate * dW1
    W2 = W2 - learning_rate * dW2


# == train_step RIGHT
def step_plain(W1, W2, x, target, learning_rate):
    dW1, dW2 = backward_plain(W1, W2, x, target)
    return W1 - learning_rate * dW1, W2 - learning_rate * dW2


def step_copies(W1, W2, x, target, learning_rate):
    dW1, dW2 = backward_loops(W1, W2, x, target)
    new_W1 = np.array(W1, dtype=float)
    new_W2 = np.array(W2, dtype=float)
    new_W1 -= learning_rate * dW1
    new_W2 -= learning_rate * dW2
    return new_W1, new_W2


def step_all_in_one(W1, W2, x, target, learning_rate):
    h = np.tanh(W1 @ x)
    y = np.tanh(W2 @ h)
    delta_out = (y - target) * (1 - y**2)
    delta = delta_out * W2 * (1 - h**2)
    W2 = W2 - learning_rate * delta_out * h
    W1 = W1 - learning_rate * np.outer(delta, x)
    return W1, W2


def step_map(W1, W2, x, target, learning_rate):
    pairs = zip((W1, W2), backward_einsum(W1, W2, x, target), strict=True)
    return tuple(np.add(W, -learning_rate * dW) for W, dW in pairs)


def step_old_kept(W1, W2, x, target, learning_rate):
    """The old W2 is kept aside, in a copy, before the new one is made."""
    old_W2 = W2.copy()
    h, y = forward_plain(W1, old_W2, x)
    move = learning_rate * (target - y) * (1 - y**2)
    new_W2 = old_W2 + move * h
    new_W1 = W1 + np.outer(move * old_W2 * (1 - h**2), x)
    return new_W1, new_W2


# == fixed_training WRONG
def own_loss(W1, W2, X, T):
    outputs = np.tanh(np.tanh(X @ W1.T) @ W2)
    return np.sum((outputs - T) ** 2) / 2


def training_not_fixed(W1, W2, X, T, learning_rate, epochs):
    """The bug is still there: the hidden deltas use the new W2."""
    losses = []
    for _ in range(epochs):
        for x, target in zip(X, T, strict=True):
            h, y = forward_plain(W1, W2, x)
            delta_out = (y - target) * (1 - y**2)
            W2 = W2 - learning_rate * delta_out * h
            delta = delta_out * W2 * (1 - h**2)
            W1 = W1 - learning_rate * np.outer(delta, x)
        losses.append(own_loss(W1, W2, X, T))
    return W1, W2, losses


def training_turned(W1, W2, X, T, learning_rate, epochs):
    """W1 moves first now, and h is computed again with it before W2 moves."""
    losses = []
    for _ in range(epochs):
        for x, target in zip(X, T, strict=True):
            h, y = forward_plain(W1, W2, x)
            delta_out = (y - target) * (1 - y**2)
            delta = delta_out * W2 * (1 - h**2)
            W1 = W1 - learning_rate * np.outer(delta, x)
            h = np.tanh(W1 @ x)
            W2 = W2 - learning_rate * delta_out * h
        losses.append(own_loss(W1, W2, X, T))
    return W1, W2, losses


def training_no_half(W1, W2, X, T, learning_rate, epochs):
    """The half of the loss is left out of the list."""
    losses = []
    for _ in range(epochs):
        for x, target in zip(X, T, strict=True):
            W1, W2 = step_plain(W1, W2, x, target, learning_rate)
        losses.append(np.sum((np.tanh(np.tanh(X @ W1.T) @ W2) - T) ** 2))
    return W1, W2, losses


def training_mean_loss(W1, W2, X, T, learning_rate, epochs):
    """The mean over the samples is noted, not the sum."""
    losses = []
    for _ in range(epochs):
        for x, target in zip(X, T, strict=True):
            W1, W2 = step_plain(W1, W2, x, target, learning_rate)
        outputs = np.tanh(np.tanh(X @ W1.T) @ W2)
        losses.append(np.mean((outputs - T) ** 2) / 2)
    return W1, W2, losses


def training_loss_before(W1, W2, X, T, learning_rate, epochs):
    """The loss is noted before each epoch, not after it."""
    losses = []
    for _ in range(epochs):
        losses.append(own_loss(W1, W2, X, T))
        for x, target in zip(X, T, strict=True):
            W1, W2 = step_plain(W1, W2, x, target, learning_rate)
    return W1, W2, losses


def training_loss_on_the_way(W1, W2, X, T, learning_rate, epochs):
    """The loss is added up during the epoch, each sample with the weights of that moment."""
    losses = []
    for _ in range(epochs):
        total = 0.0
        for x, target in zip(X, T, strict=True):
            _, y = forward_plain(W1, W2, x)
            total += (y - target) ** 2 / 2
            W1, W2 = step_plain(W1, W2, x, target, learning_rate)
        losses.append(total)
    return W1, W2, losses


def training_last_sample(W1, W2, X, T, learning_rate, epochs):
    """The loss of the last sample only is noted."""
    losses = []
    for _ in range(epochs):
        for x, target in zip(X, T, strict=True):
            W1, W2 = step_plain(W1, W2, x, target, learning_rate)
        losses.append((forward_plain(W1, W2, x)[1] - target) ** 2 / 2)
    return W1, W2, losses


def training_whole_batch(W1, W2, X, T, learning_rate, epochs):
    """The gradients of all samples are added up, and the weights move once an epoch."""
    losses = []
    for _ in range(epochs):
        dW1, dW2 = np.zeros(W1.shape), np.zeros(W2.shape)
        for x, target in zip(X, T, strict=True):
            d1, d2 = backward_plain(W1, W2, x, target)
            dW1 += d1
            dW2 += d2
        W1 = W1 - learning_rate * dW1
        W2 = W2 - learning_rate * dW2
        losses.append(own_loss(W1, W2, X, T))
    return W1, W2, losses


def training_shuffled(W1, W2, X, T, learning_rate, epochs):
    """The samples are shuffled in every epoch, though the program takes them in their order."""
    rng = np.random.default_rng(1)
    losses = []
    for _ in range(epochs):
        for k in rng.permutation(len(T)):
            W1, W2 = step_plain(W1, W2, X[k], T[k], learning_rate)
        losses.append(own_loss(W1, W2, X, T))
    return W1, W2, losses


def training_in_place(W1, W2, X, T, learning_rate, epochs):
    """-= changes the caller's start weights, so that a second training starts elsewhere."""
    losses = []
    for _ in range(epochs):
        for x, target in zip(X, T, strict=True):
            dW1, dW2 = backward_plain(W1, W2, x, target)
            W1 -= learning_rate * dW1
            W2 -= learning_rate * dW2
        losses.append(own_loss(W1, W2, X, T))
    return W1, W2, losses


def training_with_start(W1, W2, X, T, learning_rate, epochs):
    """The loss of the start weights is in the list, too."""
    losses = [own_loss(W1, W2, X, T)]
    for _ in range(epochs):
        for x, target in zip(X, T, strict=True):
            W1, W2 = step_plain(W1, W2, x, target, learning_rate)
        losses.append(own_loss(W1, W2, X, T))
    return W1, W2, losses


def training_loss_per_sample(W1, W2, X, T, learning_rate, epochs):
    """The loss is noted after each sample: one indentation too many."""
    losses = []
    for _ in range(epochs):
        for x, target in zip(X, T, strict=True):
            W1, W2 = step_plain(W1, W2, x, target, learning_rate)
            losses.append(own_loss(W1, W2, X, T))
    return W1, W2, losses


def training_always_from_start(W1, W2, X, T, learning_rate, epochs):
    """Each sample makes its step from the start weights, so that nothing adds up."""
    losses = []
    for _ in range(epochs):
        for x, target in zip(X, T, strict=True):
            new_W1, new_W2 = step_plain(W1, W2, x, target, learning_rate)
        losses.append(own_loss(new_W1, new_W2, X, T))
    return new_W1, new_W2, losses


def training_returns_loss(W1, W2, X, T, learning_rate, epochs):
    """It returns the last loss and not the list of losses."""
    for _ in range(epochs):
        for x, target in zip(X, T, strict=True):
            W1, W2 = step_plain(W1, W2, x, target, learning_rate)
        loss = own_loss(W1, W2, X, T)
    return W1, W2, loss


def training_losses_first(W1, W2, X, T, learning_rate, epochs):
    """The list of losses is returned first instead of last."""
    losses = []
    for _ in range(epochs):
        for x, target in zip(X, T, strict=True):
            W1, W2 = step_plain(W1, W2, x, target, learning_rate)
        losses.append(own_loss(W1, W2, X, T))
    return losses, W1, W2


def training_stops_early(W1, W2, X, T, learning_rate, epochs):
    """It stops as soon as the loss rises, before all epochs are done."""
    losses = []
    for _ in range(epochs):
        for x, target in zip(X, T, strict=True):
            W1, W2 = step_plain(W1, W2, x, target, learning_rate)
        losses.append(own_loss(W1, W2, X, T))
        if len(losses) > 1 and losses[-1] > losses[-2]:
            break
    return W1, W2, losses


# == fixed_training RIGHT
def training_by_steps(W1, W2, X, T, learning_rate, epochs):
    losses = []
    for _ in range(epochs):
        for x, target in zip(X, T, strict=True):
            W1, W2 = step_plain(W1, W2, x, target, learning_rate)
        losses.append(own_loss(W1, W2, X, T))
    return W1, W2, losses


def training_lines_moved(W1, W2, X, T, learning_rate, epochs):
    losses = []
    for _ in range(epochs):
        for x, target in zip(X, T, strict=True):
            h = np.tanh(W1 @ x)
            y = np.tanh(W2 @ h)
            delta_out = (y - target) * (1 - y**2)
            delta = delta_out * W2 * (1 - h**2)
            W2 = W2 - learning_rate * delta_out * h
            W1 = W1 - learning_rate * np.outer(delta, x)
        outputs = np.tanh(np.tanh(X @ W1.T) @ W2)
        losses.append(np.sum((outputs - T) ** 2) / 2)
    return W1, W2, losses


def training_old_w2(W1, W2, X, T, learning_rate, epochs):
    losses = []
    for _ in range(epochs):
        for k in range(len(T)):
            old_W2 = W2
            h, y = forward_plain(W1, W2, X[k])
            delta_out = (y - T[k]) * (1 - y**2)
            W2 = W2 - learning_rate * delta_out * h
            delta = delta_out * old_W2 * (1 - h**2)
            W1 = W1 - learning_rate * np.outer(delta, X[k])
        losses.append(
            0.5 * sum((forward_plain(W1, W2, x)[1] - t) ** 2 for x, t in zip(X, T, strict=True))
        )
    return W1, W2, losses


def training_own_copies(W1, W2, X, T, learning_rate, epochs):
    W1, W2 = np.array(W1, dtype=float), np.array(W2, dtype=float)
    losses = [0.0] * epochs
    for epoch in range(epochs):
        for x, target in zip(X, T, strict=True):
            dW1, dW2 = backward_matrices(W1, W2, x, target)
            W1 -= learning_rate * dW1
            W2 -= learning_rate * dW2
        for x, target in zip(X, T, strict=True):
            losses[epoch] += float(forward_loops(W1, W2, x)[1] - target) ** 2 / 2
    return W1, W2, losses


def training_weights_pair(W1, W2, X, T, learning_rate, epochs):
    def epoch(weights):
        for k, x in enumerate(X):
            weights = step_old_kept(*weights, x, T[k], learning_rate)
        return weights

    weights, losses = (W1, W2), []
    while len(losses) < epochs:
        weights = epoch(weights)
        errors = np.array([forward_einsum(*weights, x)[1] for x in X]) - T
        losses.append(float(errors @ errors / 2))
    return weights[0], weights[1], losses


# == parity_bound WRONG
def bound_zero_forgotten(X, T):
    """A zero input is treated like any other, although its output has to be 0."""
    X, T = np.asarray(X), np.asarray(T, dtype=float)
    used = np.zeros(len(T), dtype=bool)
    total = 0.0
    for i in range(len(T)):
        if used[i]:
            continue
        values = []
        for k in range(i, len(T)):
            if np.array_equal(X[k], X[i]):
                values.append(T[k])
                used[k] = True
            elif np.array_equal(X[k], -X[i]):
                values.append(-T[k])
                used[k] = True
        total += np.sum((np.array(values) - np.mean(values)) ** 2)
    return total


def bound_pairs_twice(X, T):
    """Each pair of opposite samples is counted from both of its ends."""
    X, T = np.asarray(X), np.asarray(T, dtype=float)
    total = 0.0
    for i in range(len(T)):
        if not X[i].any():
            total += T[i] ** 2
            continue
        for k in range(len(T)):
            if np.array_equal(X[k], -X[i]):
                total += (T[i] + T[k]) ** 2 / 2
    return total


def bound_pairs_only(X, T):
    """Opposite samples are paired one with one, so that repeated inputs count wrongly."""
    X, T = np.asarray(X), np.asarray(T, dtype=float)
    total = 0.0
    for i in range(len(T)):
        if not X[i].any():
            total += T[i] ** 2
            continue
        for k in range(i + 1, len(T)):
            if np.array_equal(X[k], -X[i]):
                total += (T[i] + T[k]) ** 2 / 2
    return total


def bound_repeats_overlooked(X, T):
    """A dictionary keeps one target for each input, so that repeated inputs are lost."""
    targets = {tuple(x): float(t) for x, t in zip(np.asarray(X).tolist(), T, strict=True)}
    total = 0.0
    for x, t in targets.items():
        opposite = tuple(-v for v in x)
        if opposite in targets:
            total += (t + targets[opposite]) ** 2 / 4
    return total


def bound_no_sign(X, T):
    """Opposite samples are put together, but their targets are not turned."""
    groups = {}
    for x, t in zip(np.asarray(X).tolist(), T, strict=True):
        key = max(tuple(x), tuple(-v for v in x))
        groups.setdefault(key, []).append(float(t))
    total = 0.0
    for key, values in groups.items():
        middle = np.mean(values) if any(key) else 0.0
        total += sum((v - middle) ** 2 for v in values)
    return total


def bound_absolute(X, T):
    """np.abs puts inputs together that are not opposite, such as (1, 2) and (1, -2)."""
    X, T = np.asarray(X), np.asarray(T, dtype=float)
    groups = {}
    for x, t in zip(X, T, strict=True):
        sign = 1 if x[0] > 0 or (x[0] == 0 and x.sum() > 0) else -1
        groups.setdefault(tuple(np.abs(x)), []).append(sign * t)
    total = 0.0
    for key, values in groups.items():
        middle = np.mean(values) if any(key) else 0.0
        total += sum((v - middle) ** 2 for v in values)
    return total


def bound_sign_of_sum(X, T):
    """The sign is taken from the sum of the inputs, which is 0 for (1, -1) and its opposite."""
    groups = {}
    for x, t in zip(np.asarray(X), np.asarray(T, dtype=float), strict=True):
        sign = -1 if x.sum() < 0 else 1
        groups.setdefault(tuple((sign * x + 0).tolist()), []).append(sign * t)
    total = 0.0
    for key, values in groups.items():
        middle = np.mean(values) if any(key) else 0.0
        total += sum((v - middle) ** 2 for v in values)
    return total


def bound_first_entry(X, T):
    """The sign is that of the first entry, so that opposites that begin with 0 do not meet."""
    groups = {}
    for x, t in zip(np.asarray(X), np.asarray(T, dtype=float), strict=True):
        sign = -1 if x[0] < 0 else 1
        groups.setdefault(tuple((sign * x + 0).tolist()), []).append(sign * t)
    total = 0.0
    for key, values in groups.items():
        middle = np.mean(values) if any(key) else 0.0
        total += sum((v - middle) ** 2 for v in values)
    return total


def bound_bytes(X, T):
    """The keys are bytes, where 0.0 and -0.0 differ: float opposites with a 0 do not meet."""
    X = np.asarray(X, dtype=float)
    groups = {}
    for x, t in zip(X, T, strict=True):
        if not x.any():
            groups.setdefault("zero", []).append(float(t))
        elif (-x).tobytes() in groups:
            groups[(-x).tobytes()].append(-float(t))
        else:
            groups.setdefault(x.tobytes(), []).append(float(t))
    total = 0.0
    for key, values in groups.items():
        middle = 0.0 if key == "zero" else np.mean(values)
        total += sum((v - middle) ** 2 for v in values)
    return total


def bound_half(X, T):
    """It returns half of the bound, as for the loss with a half."""
    return bound_doubled_set(X, T) / 2


def bound_mean(X, T):
    """It divides by the number of samples: the mean instead of the sum."""
    return bound_doubled_set(X, T) / len(T)


def bound_linear_model(X, T):
    """It fits a linear model, which is only one of the odd ones."""
    X, T = np.asarray(X, dtype=float), np.asarray(T, dtype=float)
    w, *_ = np.linalg.lstsq(X, T, rcond=None)
    return np.sum((X @ w - T) ** 2)


def bound_variances(X, T):
    """np.var is the mean of the squares: each group has to be counted with its size."""
    groups = {}
    for x, t in zip(np.asarray(X).tolist(), T, strict=True):
        key = max(tuple(x), tuple(-v for v in x))
        groups.setdefault(key, []).append(float(t) if key == tuple(x) else -float(t))
    total = 0.0
    for key, values in groups.items():
        total += np.var(values) if any(key) else np.mean(np.square(values))
    return total


def bound_counts_conflicts(X, T):
    """It counts 2 for each pair in conflict, which is right for targets 1 and -1 only."""
    X, T = np.asarray(X), np.asarray(T)
    total = 0.0
    free = list(range(len(T)))
    while free:
        i = free.pop()
        if not X[i].any():
            total += 1
            continue
        for k in free:
            if np.array_equal(X[k], -X[i]):
                free.remove(k)
                total += 2 * (T[k] == T[i])
                break
    return total


def bound_neighbours(X, T):
    """It takes for granted that opposite samples stand at opposite ends of the table."""
    X, T = np.asarray(X, dtype=float), np.asarray(T, dtype=float)
    n = len(T)
    total = 0.0
    for i in range(n // 2):
        if np.array_equal(X[i], -X[n - 1 - i]):
            total += (T[i] + T[n - 1 - i]) ** 2 / 2
    return total


def bound_integer_means(X, T):
    """The means are stored in an array of the type of T, where integers cut them off."""
    X, T = np.asarray(X), np.asarray(T)
    outputs = np.zeros_like(T)
    for i in range(len(T)):
        same = (X[i] == X).all(axis=1)
        opposite = (-X[i] == X).all(axis=1)
        if X[i].any():
            outputs[i] = (T[same].sum() - T[opposite].sum()) / (same.sum() + opposite.sum())
    return np.sum((outputs - T) ** 2)


def bound_limited_to_one(X, T):
    """It allows outputs between -1 and 1 only, as tanh has, though any odd model is meant."""
    X, T = np.asarray(X), np.asarray(T, dtype=float)
    total = 0.0
    for x, t in zip(X, T, strict=True):
        same = (x == X).all(axis=1)
        opposite = (-x == X).all(axis=1)
        a = (T[same].sum() - T[opposite].sum()) / (same.sum() + opposite.sum())
        total += (np.clip(a, -1, 1) - t) ** 2
    return total


# == parity_bound RIGHT
def bound_doubled_set(X, T):
    """Every sample also turned round, (-x, -t): the means of equal inputs are odd of their own."""
    X, T = np.asarray(X, dtype=float), np.asarray(T, dtype=float)
    XX = np.concatenate([X, -X]) + 0.0
    TT = np.concatenate([T, -T])
    total = 0.0
    for x in np.unique(XX, axis=0):
        values = TT[np.all(x == XX, axis=1)]
        total += np.sum((values - values.mean()) ** 2)
    return total / 2


def bound_groups(X, T):
    groups = {}
    for x, t in zip(np.asarray(X).tolist(), np.asarray(T).tolist(), strict=True):
        plus, minus = tuple(x), tuple(-v for v in x)
        key = max(plus, minus)
        groups.setdefault(key, []).append(t if key == plus else -t)
    total = 0.0
    for key, values in groups.items():
        middle = sum(values) / len(values) if any(key) else 0.0
        total += sum((v - middle) ** 2 for v in values)
    return float(total)


def bound_outputs(X, T):
    """The best output for each sample first, then the errors."""
    X, T = np.asarray(X), np.asarray(T, dtype=float)
    best = np.zeros(len(T))
    for i, x in enumerate(X):
        same = np.all(x == X, axis=1).astype(float)
        opposite = np.all(-x == X, axis=1).astype(float)
        sign = same - opposite
        best[i] = sign @ T / (same + opposite).sum()
    return np.sum((T - best) ** 2)


def bound_used_flags(X, T):
    X = np.array(X, dtype=float)
    T = np.array(T, dtype=float)
    done = [False] * len(T)
    total = 0.0
    for i in range(len(T)):
        if done[i]:
            continue
        if np.all(X[i] == 0):
            done[i] = True
            total += T[i] ** 2
            continue
        values = []
        for k in range(i, len(T)):
            if np.all(X[k] == X[i]):
                values.append(T[k])
                done[k] = True
            elif np.all(X[k] + X[i] == 0):
                values.append(-T[k])
                done[k] = True
        a = np.mean(values)
        total += np.sum((np.array(values) - a) ** 2)
    return total


def bound_least_squares(X, T):
    """One unknown for each pair of directions, solved by least squares."""
    X, T = np.asarray(X, dtype=float), np.asarray(T, dtype=float)
    columns = []
    for x in X:
        columns.append(1.0 * (x == X).all(axis=1) - 1.0 * (-x == X).all(axis=1))
    D = np.array(columns).T
    a, *_ = np.linalg.lstsq(D, T, rcond=None)
    return float(np.sum((D @ a - T) ** 2))


def bound_pair_formula(X, T):
    """Sum of squares about the mean, from the differences of all pairs in a group."""
    X, T = np.asarray(X), np.asarray(T, dtype=float)
    total = 0.0
    for i in range(len(T)):
        same = (X[i] == X).all(axis=1)
        opposite = (-X[i] == X).all(axis=1)
        if same[i] and opposite[i]:
            total += T[i] ** 2
        else:
            apart = np.sum((T[same] - T[i]) ** 2) + np.sum((T[opposite] + T[i]) ** 2)
            total += apart / (same.sum() + opposite.sum()) / 2
    return total


WRONG = {
    "forward": [
        (forward_linear_output, ("no tanh at the output",)),
        (forward_transposed, ("transposed",)),
        (forward_sigmoid, ("logistic",)),
        (forward_only_y, ("one result",)),
        (forward_y_first, ("swapped results",)),
        (forward_two_units, ("two hidden units",)),
        (forward_hidden_sums, ("v for h", "no tanh at the hidden units")),
        (forward_v_goes_on, ("no tanh at the hidden units",)),
        (forward_not_added, ("element by element at the output",)),
        (forward_size_of_x, ("as many as inputs",)),
        (forward_three_inputs, ("three inputs",)),
        (forward_rounded, ("rounded",)),
        (forward_row_of_one, ("array of one",)),
    ],
    "backward": [
        (backward_no_output_slope, ("no slope at the output",)),
        (backward_slope_from_v, ("slope at the sums",)),
        (backward_tanh_twice, ("tanh twice",)),
        (backward_no_hidden_slope, ("no slope at the hidden units",)),
        (backward_no_w2, ("weight forgotten",)),
        (backward_sign, ("sign",)),
        (backward_twice, ("factor 2",)),
        (backward_outer_turned, ("outer product turned",)),
        (backward_swapped, ("swapped results",)),
        (backward_sigmoid_slope, ("logistic slope",)),
        (backward_typo_square, ("doubled, not squared",)),
        (backward_summed_delta, ("one delta for all",)),
        (backward_error_for_delta, ("no slope at the output",)),
        (backward_unpacked_wrongly, ("h and y taken for each other",)),
        (backward_x_for_h, ("h for x",)),
        (backward_moves_w2, ("W2 moved first",)),
    ],
    "train_step": [
        (step_in_place, ("in place",)),
        (step_w2_first, ("W2 first",)),
        (step_backward_twice, ("W1 first, then a new pass",)),
        (step_uphill, ("plus",)),
        (step_no_rate, ("learning rate forgotten",)),
        (step_order, ("swapped results",)),
        (step_only_w2, ("W2 only",)),
        (step_unpacked_wrongly, ("gradients taken for each other",)),
        (step_changes_only, ("change alone",)),
        (step_alias, ("in place",)),
        (step_copies_too_late, ("in place",)),
        (step_old_w2_alias, ("W2 first",)),
        (step_half_rate, ("half the step",)),
        (step_forgets_return, ("nothing",)),
    ],
    "fixed_training": [
        (training_not_fixed, ("the bug",)),
        (training_turned, ("new h for W2",)),
        (training_no_half, ("half forgotten",)),
        (training_mean_loss, ("mean",)),
        (training_loss_before, ("losses before",)),
        (training_loss_on_the_way, ("running losses",)),
        (training_last_sample, ("loss of the last sample",)),
        (training_whole_batch, ("all samples at once",)),
        (training_shuffled, ()),
        (training_in_place, ("start weights changed",)),
        (training_with_start, ("loss of the start, too",)),
        (training_loss_per_sample, ("a loss for each sample",)),
        (training_always_from_start, ("always from the start",)),
        (training_returns_loss, ("the last loss alone",)),
        (training_losses_first, ("losses first",)),
        (training_stops_early, ("stops when the loss rises",)),
    ],
    "parity_bound": [
        (bound_zero_forgotten, ("zero is free",)),
        (bound_pairs_twice, ("twice",)),
        (bound_pairs_only, ("every two",)),
        (bound_repeats_overlooked, ("repeats overwritten",)),
        (bound_no_sign, ("even",)),
        (bound_absolute, ("sizes alone",)),
        (bound_sign_of_sum, ("sign of the sum",)),
        (bound_first_entry, ("only the signs of the first number",)),
        (bound_bytes, ("negative zero",)),
        (bound_half, ("half",)),
        (bound_mean, ("mean",)),
        (bound_linear_model, ("linear model",)),
        (bound_variances, ("half", "mean in each group")),
        (bound_counts_conflicts, ("two for equal targets",)),
        (bound_neighbours, ("opposite at the other end",)),
        (bound_integer_means, ("outputs as whole numbers",)),
        (bound_limited_to_one, ("outputs within one",)),
    ],
}


RIGHT = {
    "forward": [
        forward_plain,
        forward_loops,
        forward_einsum,
        forward_sums,
        forward_from_the_right,
        forward_comprehension,
    ],
    "backward": [
        backward_plain,
        backward_loops,
        backward_broadcast,
        backward_matrices,
        backward_einsum,
        backward_jacobians,
    ],
    "train_step": [
        step_plain,
        step_copies,
        step_all_in_one,
        step_map,
        step_old_kept,
    ],
    "fixed_training": [
        training_by_steps,
        training_lines_moved,
        training_old_w2,
        training_own_copies,
        training_weights_pair,
    ],
    "parity_bound": [
        bound_doubled_set,
        bound_groups,
        bound_outputs,
        bound_used_flags,
        bound_least_squares,
        bound_pair_formula,
    ],
}
