"""The demonstration class of this assignment: who hands in what, and the marks they must get."""

import math

from nnlib.by_hand import HAND_FORMULAS, hand_given
from nnlib.variants import backprop_numbers
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


def worked(student, slips=()):
    """Return the table of one student, who goes on with rounded numbers."""
    table, given = {}, hand_given(*backprop_numbers(student))
    for name, formula in (HAND_FORMULAS | dict(slips)).items():
        table[name] = round(float(eval(formula, {"tanh": math.tanh}, given | table)), 4)
    return table


def with_slips(student):
    """Return a table in which e is turned, a product added, h2 short, and one place empty."""
    right = worked(student)
    added = round(right["delta_out"] + right["h1"], 4)
    wrong = {"e": -right["e"], "dW2_1": added, "h2": round(right["h2"], 2), "W1_11_new": None}
    return right | wrong


def table(numbers):
    """Return the cell that holds a table."""
    return f"my_numbers = {numbers!r}"


def of(student, answers=(), numbers=None):
    """Return a student's answers, with the id and the table that are theirs."""
    own = {
        "student_id": f"student_id = {student!r}",
        "my_numbers": table(numbers or worked(student)),
    }
    return own | dict(answers)


def comma(numbers):
    """Return the same table as text with decimal commas."""
    return {name: f"{value:.4f}".replace(".", ",") for name, value in numbers.items()}


SUBMISSIONS = (
    Submission("perfect", FULL, of("perfect")),
    Submission(
        "differently-written",
        FULL,
        {
            "student_id": "student_id = 'Differently Written'",
            "my_numbers": table(comma(worked("Differently Written"))),
            "forward": (
                "from math import tanh\n"
                "def forward(W1, W2, x):\n"
                "    h = [tanh(sum(w * one for w, one in zip(row, x))) for row in W1]\n"
                "    return np.array(h), tanh(sum(w * one for w, one in zip(W2, h)))"
            ),
            "backward": (
                "def backward(W1, W2, x, target):\n"
                "    def loss(W1, W2):\n"
                "        return (np.tanh(W2 @ np.tanh(W1 @ x)) - target) ** 2 / 2\n"
                "    gradients = []\n"
                "    for place in (0, 1):\n"
                "        gradient = np.zeros((W1, W2)[place].shape)\n"
                "        for index in np.ndindex(gradient.shape):\n"
                "            both = [W1.astype(complex), W2.astype(complex)]\n"
                "            both[place][index] += 1e-20j\n"
                "            gradient[index] = loss(*both).imag / 1e-20\n"
                "        gradients.append(gradient)\n"
                "    return gradients"
            ),
            "train_step": (
                "def train_step(W1, W2, x, target, learning_rate):\n"
                "    W1, W2 = W1.copy(), W2.copy()\n"
                "    dW1, dW2 = backward(W1, W2, x, target)\n"
                "    W2 -= learning_rate * dW2\n"
                "    W1 -= learning_rate * dW1\n"
                "    return W1, W2"
            ),
            "fixed_training": (
                "def fixed_training(W1, W2, X, T, learning_rate, epochs):\n"
                "    losses = np.zeros(epochs)\n"
                "    for k in range(epochs):\n"
                "        for i in range(len(T)):\n"
                "            W1, W2 = train_step(W1, W2, X[i], T[i], learning_rate)\n"
                "        losses[k] = sum((forward(W1, W2, x)[1] - t)**2 for x, t in zip(X, T)) / 2\n"
                "    return W1, W2, losses"
            ),
            "parity_bound": (
                "def parity_bound(X, T):\n"
                "    A = np.array([1.0 * (X == x).all(axis=1) - (X == -x).all(axis=1) for x in X])\n"
                "    return np.sum((A.T @ np.linalg.lstsq(A.T, T)[0] - T) ** 2)"
            ),
        },
    ),
    Submission(
        "slip-carried-forward",
        {**FULL, "my_numbers": 5.5},
        # The slope of hidden unit 1 is forgotten in delta_1; all that follows is done with that.
        of(
            "slip-carried-forward",
            numbers=worked("slip-carried-forward", {"delta_1": "delta_out * W2_1"}),
        ),
    ),
    Submission(
        "several-slips",
        # e has the wrong sign, a product is added, two decimals, an empty place: one place each.
        {**FULL, "my_numbers": 6 - 0.25 - 0.25 - 0.25 - 0.125},
        of("several-slips", numbers=with_slips("several-slips")),
    ),
    Submission(
        "updated-weight-on-paper",
        # delta_1 and delta_2 with W2_1_new and W2_2_new: one point, and the rest follows from them.
        {**FULL, "my_numbers": 5},
        of(
            "updated-weight-on-paper",
            numbers=worked(
                "updated-weight-on-paper",
                {
                    f"delta_{j}": f"delta_out * (W2_{j} - learning_rate * dW2_{j}) * (1 - h{j}**2)"
                    for j in (1, 2)
                },
            ),
        ),
    ),
    Submission(
        "no-id",
        {**FULL, "my_numbers": 0},
        {"student_id": 'student_id = "your id"'},
    ),
    Submission(
        "somebody-elses-sheet",
        {**FULL, "my_numbers": 0},
        of("s0001", numbers=worked("s0000")),
    ),
    Submission(
        "bug-left-in",
        {**FULL, "fixed_training": 0},
        of("bug-left-in", {"fixed_training": "fixed_training = training_with_a_bug"}),
    ),
    Submission(
        "transposed",
        # Its step and its training call it, and are right but for that.
        {**FULL, "backward": 1},
        of(
            "transposed",
            {
                "backward": (
                    "def backward(W1, W2, x, target):\n"
                    "    h, y = forward(W1, W2, x)\n"
                    "    delta_out = (y - target) * (1 - y**2)\n"
                    "    return np.outer(x, delta_out * W2 * (1 - h**2)), delta_out * h"
                )
            },
        ),
    ),
    Submission(
        "partly-right",
        # Its step works in place, which counts once; its bound forgets repeated inputs.
        {**FULL, "train_step": 1.5, "parity_bound": 1},
        of(
            "partly-right",
            {
                "train_step": (
                    "def train_step(W1, W2, x, target, learning_rate):\n"
                    "    dW1, dW2 = backward(W1, W2, x, target)\n"
                    "    W1 -= learning_rate * dW1\n"
                    "    W2 -= learning_rate * dW2\n"
                    "    return W1, W2"
                ),
                "parity_bound": (
                    "def parity_bound(X, T):\n"
                    "    total = 0\n"
                    "    for i in range(len(X)):\n"
                    "        for j in range(i):\n"
                    "            if np.all(X[i] == -X[j]):\n"
                    "                total += (T[i] + T[j]) ** 2 / 2\n"
                    "    return total"
                ),
            },
        ),
    ),
    Submission("untouched", NOTHING, attempted=False),
    Submission(
        "only-the-paper",
        {**NOTHING, "my_numbers": 6},
        {
            "student_id": "student_id = ' Only-the-Paper '",
            "my_numbers": table(worked("only-the-paper")),
        },
        attempted=False,
    ),
    Submission(
        "the-books-own",
        {**FULL, "backward": 0, "train_step": 0, "fixed_training": 0},
        of("the-books-own", {"backward": "from nnlib.by_hand import backward"}),
    ),
)
