"""Right answers to this assignment, differently written: none of them may lose a point.

Students must not see this file; `make certify` and the tests read it.
"""

import itertools
import math

import numpy as np

from nnchecks import backprop_by_hand as check
from nnchecks.engine.exercise import Misconception
from nnchecks.variants import backprop_numbers
from nnlib.backprop_by_hand import HAND_FORMULAS, hand_given, hand_pass
from nnlib.differentiation import numerical_gradient

#: The id in the instructor's version.
NUMBERS = backprop_numbers("s0000")


def on_paper(slips=(), numbers=NUMBERS, decimals=4):
    """A table of somebody who goes on with rounded numbers; `slips` maps names to formulas."""
    functions = {"tanh": np.tanh, "tan": np.tan, "exp": np.exp}
    table = {}
    for name, formula in (HAND_FORMULAS | dict(slips)).items():
        value = eval(formula, functions, hand_given(*numbers) | table)
        table[name] = round(float(value), decimals)
    return table


def my_forward(W1, W2, x):
    h = np.tanh(W1 @ x)
    return h, np.tanh(W2 @ h)


def looped_forward(W1, W2, x):
    h = [math.tanh(sum(w * one for w, one in zip(row, x, strict=True))) for row in W1]
    return h, math.tanh(sum(w * one for w, one in zip(W2, h, strict=True)))


def exponential_forward(W1, W2, x):
    def tanh(v):
        return (np.exp(v) - np.exp(-v)) / (np.exp(v) + np.exp(-v))

    h = tanh(np.einsum("ji,i->j", W1, x))
    return [h, float(tanh(h.dot(W2)))]


def my_backward(W1, W2, x, target):
    h, y = my_forward(W1, W2, x)
    delta_out = (y - target) * (1 - y**2)
    return np.outer(delta_out * W2 * (1 - h**2), x), delta_out * h


def looped_backward(W1, W2, x, target):
    h, y = looped_forward(W1, W2, x)
    delta_out = (y - target) * (1 - y) * (1 + y)
    dW2 = [delta_out * one for one in h]
    deltas = [delta_out * w * (1 - one**2) for w, one in zip(W2, h, strict=True)]
    return [[delta * one for one in x] for delta in deltas], dW2


def complex_step_backward(W1, W2, x, target):
    def loss(W1, W2):
        return (np.tanh(W2 @ np.tanh(W1 @ x)) - target) ** 2 / 2

    gradients = []
    for place, W in enumerate((W1, W2)):
        gradient = np.zeros(W.shape)
        for index in np.ndindex(W.shape):
            both = [W1.astype(complex), W2.astype(complex)]
            both[place][index] += 1e-30j
            gradient[index] = loss(*both).imag / 1e-30
        gradients.append(gradient)
    return tuple(gradients)


def numerical_backward(W1, W2, x, target):
    def loss(W1, W2):
        return (np.tanh(W2 @ np.tanh(W1 @ x)) - target) ** 2 / 2

    return (
        numerical_gradient(lambda W: loss(W, W2), W1),
        numerical_gradient(lambda W: loss(W1, W), W2),
    )


def slope_of_the_sum_backward(W1, W2, x, target):
    v = W1 @ x
    v_out = np.tanh(v) @ W2
    delta_out = (np.tanh(v_out) - target) / np.cosh(v_out) ** 2
    delta = (delta_out * W2 / np.cosh(v) ** 2)[:, None]
    return delta @ np.asarray(x)[None, :], delta_out * np.tanh(v)


def step(backward):
    def train_step(W1, W2, x, target, learning_rate):
        dW1, dW2 = backward(W1, W2, x, target)
        return W1 - learning_rate * np.array(dW1), W2 - learning_rate * np.array(dW2)

    return train_step


def copying_step(W1, W2, x, target, learning_rate):
    W1, W2 = W1.copy(), W2.copy()
    dW1, dW2 = my_backward(W1, W2, x, target)
    W2 -= learning_rate * dW2
    W1 -= learning_rate * dW1
    return W1, W2


def hidden_first_step(W1, W2, x, target, learning_rate):
    h, y = my_forward(W1, W2, x)
    delta_out = (y - target) * (1 - y**2)
    W1 = W1 - learning_rate * np.outer(delta_out * W2 * (1 - h**2), x)
    return W1, W2 - learning_rate * delta_out * h


def loop(step, measure):
    def fixed_training(W1, W2, X, T, learning_rate, epochs):
        losses = []
        for _ in range(epochs):
            for x, target in zip(X, T, strict=True):
                W1, W2 = step(W1, W2, x, target, learning_rate)
            losses.append(measure(W1, W2, X, T))
        return W1, W2, losses

    return fixed_training


def summed_loss(W1, W2, X, T):
    return sum(0.5 * (my_forward(W1, W2, x)[1] - t) ** 2 for x, t in zip(X, T, strict=True))


def matrix_loss(W1, W2, X, T):
    e = np.tanh(np.tanh(X @ W1.T) @ W2) - T
    return e @ e / 2


def array_training(W1, W2, X, T, learning_rate, epochs):
    W1, W2, losses = np.array(W1), np.array(W2), np.zeros(epochs)
    for k, i in itertools.product(range(epochs), range(len(X))):
        dW1, dW2 = my_backward(W1, W2, X[i], T[i])
        W1 -= learning_rate * dW1
        W2 -= learning_rate * dW2
        losses[k] = matrix_loss(W1, W2, X, T)
    return W1, W2, losses


def recursive_training(W1, W2, X, T, learning_rate, epochs):
    if epochs == 0:
        return W1, W2, ()
    for x, target in zip(X, T, strict=True):
        W1, W2 = hidden_first_step(W1, W2, x, target, learning_rate)
    *weights, losses = recursive_training(W1, W2, X, T, learning_rate, epochs - 1)
    return *weights, (summed_loss(W1, W2, X, T), *losses)


def least_squares_bound(X, T):
    """One unknown for each input up to its sign; what the best fit leaves over."""
    columns = []
    for row in X:
        column = 1.0 * (row == X).all(axis=1) - 1.0 * (-row == X).all(axis=1)
        columns.append(column)
    A = np.array(columns).T
    return np.sum((A @ np.linalg.lstsq(A, T, rcond=None)[0] - T) ** 2)


def grouped_bound(X, T):
    groups = {}
    for x, t in zip(map(tuple, np.asarray(X) + 0.0), T, strict=True):
        minus = tuple(-np.array(x) + 0.0)
        key, sign = (x, 1) if x > minus else (minus, -1)
        groups.setdefault(key, []).append(sign * t)
    return sum(
        np.var(signed) * len(signed) if any(key) else np.dot(signed, signed)
        for key, signed in groups.items()
    )


def mirrored_bound(X, T):
    """Adds every sample's mirror image; an odd function then is the best of all functions."""
    X, T = np.concatenate([X, -X]) + 0.0, np.concatenate([T, -T])
    total = 0.0
    for row in np.unique(X, axis=0):
        t = T[(row == X).all(axis=1)]
        total += np.sum((t - t.mean()) ** 2)
    return total / 2


def averaging_bound(X, T):
    y = np.zeros(len(T))
    for i, x in enumerate(X):
        if np.any(x):
            same, opposite = (x == X).all(axis=1), (-x == X).all(axis=1)
            y[i] = (T[same].sum() - T[opposite].sum()) / (same.sum() + opposite.sum())
    return float(((T - y) ** 2).sum())


def descending_bound(X, T):
    y = {}
    for x in X + 0.0:
        y |= {tuple(x): 0.0, tuple(-x + 0.0): 0.0}
    for _ in range(100):
        slopes = dict.fromkeys(y, 0.0)
        for x, t in zip(X + 0.0, T, strict=True):
            slopes[tuple(x)] += y[tuple(x)] - t
        for x in y:
            minus = tuple(-np.array(x) + 0.0)
            y[x] -= 0.15 * (slopes[x] - slopes[minus])
    return sum((y[tuple(x)] - t) ** 2 for x, t in zip(X + 0.0, T, strict=True))


ALTERNATIVES = {
    "my_numbers": [
        on_paper(),
        hand_pass(*NUMBERS),
        {name: round(value, 4) for name, value in hand_pass(*NUMBERS).items()},
        {name: f"{value:+.4f}".replace(".", ",") for name, value in on_paper().items()},
        {name.upper(): np.float32(value) for name, value in on_paper().items()},
    ],
    "forward": [
        my_forward,
        looped_forward,
        exponential_forward,
        lambda W1, W2, x: ((h := np.tanh((W1 * x).sum(axis=1))), np.tanh(np.dot(h, W2))),
    ],
    "backward": [
        my_backward,
        looped_backward,
        complex_step_backward,
        numerical_backward,
        slope_of_the_sum_backward,
    ],
    "train_step": [step(my_backward), step(looped_backward), copying_step, hidden_first_step],
    "fixed_training": [
        loop(step(my_backward), summed_loss),
        loop(hidden_first_step, matrix_loss),
        array_training,
        recursive_training,
    ],
    "parity_bound": [
        least_squares_bound,
        grouped_bound,
        mirrored_bound,
        averaging_bound,
        descending_bound,
    ],
}

#: Every usual slip in the table, unless it gives the right number here.
WRONG = {
    "my_numbers": [
        Misconception(f"{step.name} = {slip.formula}", table, slip.sentence)
        for step in check.my_numbers.steps
        for slip in step.slips
        for table in [on_paper({step.name: slip.formula})]
        if abs(table[step.name] - on_paper()[step.name]) > 2e-4
    ],
}
