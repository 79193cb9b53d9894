"""The demonstration class of this assignment: who hands in what, and the marks they must get.

A function holds what one student has written. It is read and not called, see tools/answers.py.
"""

import numpy as np

from nnchecks.variants import backprop_numbers
from tools.demo import Submission

FULL = {
    "my_numbers": 6,
    "forward": 2,
    "backward": 3,
    "train_step": 2,
    "fixed_training": 2,
    "parity_bound": 2,
}
NOTHING = dict.fromkeys(FULL, 0)


def sheet(student, forgotten=False, updated=False):
    """Return a student's worksheet, worked by hand and rounded to four decimals.

    Two slips can be made: the slope of hidden unit 1 is forgotten, or the hidden deltas are taken
    with the output weights after the step. All that follows is done with what came out.
    """
    W1, W2, x, target, rate = backprop_numbers(student)
    v = W1 @ x
    h = np.tanh(v)
    v_out = W2 @ h
    y = np.tanh(v_out)
    delta_out = (y - target) * (1 - y**2)
    dW2 = delta_out * h
    slopes = np.array([1 if forgotten else 1 - h[0] ** 2, 1 - h[1] ** 2])
    delta = delta_out * (W2 - rate * dW2 if updated else W2) * slopes
    dW1 = np.outer(delta, x)
    new = W1 - rate * dW1
    exact = {
        **{"v1": v[0], "v2": v[1], "h1": h[0], "h2": h[1], "v_out": v_out, "y": y},
        **{"e": y - target, "delta_out": delta_out, "dW2_1": dW2[0], "dW2_2": dW2[1]},
        **{"delta_1": delta[0], "delta_2": delta[1]},
        **{f"dW1_{i + 1}{j + 1}": dW1[i, j] for i in (0, 1) for j in (0, 1, 2)},
        **{f"W1_{i + 1}{j + 1}_new": new[i, j] for i in (0, 1) for j in (0, 1, 2)},
        **{f"W2_{i + 1}_new": W2[i] - rate * dW2[i] for i in (0, 1)},
    }
    return {name: round(float(value), 4) for name, value in exact.items()}


def theirs(student, marks, answers=None, numbers=None, **more):
    """Return the notebook of a student who has typed the id and filled in the worksheet."""
    own = {
        "student_id": f"student_id = {student!r}",
        "my_numbers": table(numbers or sheet(student)),
    }
    return Submission(student, marks, own | (answers or {}), **more)


def with_slips(numbers):
    """Return a worksheet with a wrong sign, a sum for a product, two decimals, and a gap."""
    wrong = {"e": -numbers["e"], "dW2_1": round(numbers["delta_out"] + numbers["h1"], 4)}
    return numbers | wrong | {"h2": round(numbers["h2"], 2), "W1_11_new": None}


def table(numbers):
    """Return the cell that holds a table."""
    return f"my_numbers = {numbers!r}"


def comma(numbers):
    """Return the same table as text with decimal commas."""
    return {name: f"{value:.4f}".replace(".", ",") for name, value in numbers.items()}


def differently_written():
    from math import tanh

    def forward(W1, W2, x):
        h = [tanh(sum(w * one for w, one in zip(row, x))) for row in W1]
        return np.array(h), tanh(sum(w * one for w, one in zip(W2, h)))

    def backward(W1, W2, x, target):
        def loss(W1, W2):
            return (np.tanh(W2 @ np.tanh(W1 @ x)) - target) ** 2 / 2

        gradients = []
        for place in (0, 1):
            gradient = np.zeros((W1, W2)[place].shape)
            for index in np.ndindex(gradient.shape):
                both = [W1.astype(complex), W2.astype(complex)]
                both[place][index] += 1e-20j
                gradient[index] = loss(*both).imag / 1e-20
            gradients.append(gradient)
        return gradients

    def train_step(W1, W2, x, target, learning_rate):
        W1, W2 = W1.copy(), W2.copy()
        dW1, dW2 = backward(W1, W2, x, target)
        W2 -= learning_rate * dW2
        W1 -= learning_rate * dW1
        return W1, W2

    def fixed_training(W1, W2, X, T, learning_rate, epochs):
        losses = np.zeros(epochs)
        for k in range(epochs):
            for i in range(len(T)):
                W1, W2 = train_step(W1, W2, X[i], T[i], learning_rate)
            losses[k] = sum((forward(W1, W2, x)[1] - t) ** 2 for x, t in zip(X, T)) / 2
        return W1, W2, losses

    def parity_bound(X, T):
        A = np.array([1.0 * (X == x).all(axis=1) - (X == -x).all(axis=1) for x in X])
        return np.sum((A.T @ np.linalg.lstsq(A.T, T)[0] - T) ** 2)


def bug_left_in(training_with_a_bug):
    fixed_training = training_with_a_bug


def transposed(forward):
    """Its step adds arrays that do not fit together, which is not counted again."""

    def backward(W1, W2, x, target):
        h, y = forward(W1, W2, x)
        delta_out = (y - target) * (1 - y**2)
        return np.outer(x, delta_out * W2 * (1 - h**2)), delta_out * h


def partly_right(backward):
    """Its step works in place; its bound forgets repeated inputs."""

    def train_step(W1, W2, x, target, learning_rate):
        dW1, dW2 = backward(W1, W2, x, target)
        W1 -= learning_rate * dW1
        W2 -= learning_rate * dW2
        return W1, W2

    def parity_bound(X, T):
        total = 0
        for i in range(len(X)):
            for j in range(i):
                if np.all(X[i] == -X[j]):
                    total += (T[i] + T[j]) ** 2 / 2
        return total


def the_books_own():
    from nnlib.backprop_by_hand import backward


SUBMISSIONS = (
    theirs("perfect", FULL),
    theirs(
        "differently-written",
        FULL,
        {"my_numbers": table(comma(sheet("differently-written")))},
        code=differently_written,
    ),
    theirs(
        "slip-carried-forward",
        {**FULL, "my_numbers": 5.5},
        numbers=sheet("slip-carried-forward", forgotten=True),
    ),
    theirs(
        "several-slips",
        # e has the wrong sign, a product is added, two decimals, an empty place: one place each.
        {**FULL, "my_numbers": 6 - 0.25 - 0.25 - 0.25 - 0.125},
        numbers=with_slips(sheet("several-slips")),
    ),
    theirs(
        "updated-weight-on-paper",
        # delta_1 and delta_2 with W2_1_new and W2_2_new: one point, and the rest follows from them.
        {**FULL, "my_numbers": 5},
        numbers=sheet("updated-weight-on-paper", updated=True),
    ),
    # Whoever has typed no id is known by the folder.
    theirs("no-id", FULL, {"student_id": 'student_id = "your id"'}),
    # Another's id, with the other's numbers: marked by the submitter's own, and told.
    theirs(
        "somebody-elses-sheet",
        {**FULL, "my_numbers": 0},
        {"student_id": 'student_id = "s0001"'},
        numbers=sheet("s0001"),
    ),
    theirs("bug-left-in", {**FULL, "fixed_training": 0}, code=bug_left_in),
    theirs("transposed", {**FULL, "backward": 1}, code=transposed),
    theirs("partly-right", {**FULL, "train_step": 1.5, "parity_bound": 1}, code=partly_right),
    Submission("untouched", NOTHING, attempted=False),
    theirs(
        "only-the-paper",
        {**NOTHING, "my_numbers": 6},
        {"student_id": 'student_id = " ONLY-THE-PAPER "'},
        attempted=False,
    ),
    theirs(
        "the-books-own",
        {**FULL, "backward": 0, "train_step": 0, "fixed_training": 0},
        code=the_books_own,
    ),
)
