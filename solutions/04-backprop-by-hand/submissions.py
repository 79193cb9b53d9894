"""The demonstration class of this assignment: who hands in what, and the marks they must get."""

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

#: The table of s0000, as it stands in the instructor's version.
RIGHT = {
    **{"v1": 0.62, "v2": -0.44, "h1": 0.5511, "h2": -0.4136, "v_out": -0.317, "y": -0.3068},
    **{"e": -0.9068, "delta_out": -0.8215, "dW2_1": -0.4527, "dW2_2": 0.3398},
    **{"delta_1": 0.1144, "delta_2": -0.3405},
    **{"dW1_11": 0.0114, "dW1_12": -0.0572, "dW1_13": 0.103},
    **{"dW1_21": -0.034, "dW1_22": 0.1702, "dW1_23": -0.3064},
    **{"W1_11_new": 0.0954, "W1_12_new": -0.4771, "W1_13_new": 0.3588},
    **{"W1_21_new": 0.3136, "W1_22_new": 0.3319, "W1_23_new": -0.1774},
    **{"W2_1_new": -0.0189, "W2_2_new": 0.3641},
}

#: The slope of hidden unit 1 is forgotten in delta_1; all that follows is done with 0.1643.
FORGOTTEN = RIGHT | {"delta_1": 0.1643, "dW1_11": 0.0164, "dW1_12": -0.0822, "dW1_13": 0.1479}
FORGOTTEN |= {"W1_11_new": 0.0934, "W1_12_new": -0.4671, "W1_13_new": 0.3408}


def table(numbers):
    """Return the cell that holds a table."""
    return f"my_numbers = {numbers!r}"


def comma(numbers):
    """Return the same table as text with decimal commas."""
    return {name: f"{value:.4f}".replace(".", ",") for name, value in numbers.items()}


SUBMISSIONS = (
    Submission("perfect", FULL),
    Submission(
        "differently-written",
        FULL,
        {
            "my_numbers": table(comma(RIGHT)),
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
        {"my_numbers": table(FORGOTTEN)},
    ),
    Submission(
        "several-slips",
        # e has the wrong sign, a product is added, two decimals, an empty place: one place each.
        {**FULL, "my_numbers": 6 - 0.25 - 0.25 - 0.25 - 0.125},
        {
            "my_numbers": table(
                RIGHT | {"e": 0.9068, "dW2_1": -0.2704, "h2": -0.41, "W1_11_new": None}
            )
        },
    ),
    Submission(
        "updated-weight-on-paper",
        # delta_1 and delta_2 with W2_1_new and W2_2_new: one point, and the rest follows from them.
        {**FULL, "my_numbers": 5},
        {
            "my_numbers": table(
                RIGHT
                | {"delta_1": 0.0108, "dW1_11": 0.0011, "dW1_12": -0.0054, "dW1_13": 0.0097}
                | {"W1_11_new": 0.0996, "W1_12_new": -0.4978, "W1_13_new": 0.3961}
                | {"delta_2": -0.248, "dW1_21": -0.0248, "dW1_22": 0.124, "dW1_23": -0.2232}
                | {"W1_21_new": 0.3099, "W1_22_new": 0.3504, "W1_23_new": -0.2107}
            )
        },
    ),
    Submission(
        "no-id",
        {**FULL, "my_numbers": 0},
        {"student_id": 'student_id = "your id"'},
    ),
    Submission(
        "somebody-elses-sheet",
        {**FULL, "my_numbers": 0},
        {"student_id": 'student_id = "s0001"'},
    ),
    Submission(
        "bug-left-in",
        {**FULL, "fixed_training": 0},
        {"fixed_training": "fixed_training = training_with_a_bug"},
    ),
    Submission(
        "transposed",
        # Its step and its training add arrays that do not fit together.
        {**FULL, "backward": 1, "train_step": 0, "fixed_training": 0},
        {
            "backward": (
                "def backward(W1, W2, x, target):\n"
                "    h, y = forward(W1, W2, x)\n"
                "    delta_out = (y - target) * (1 - y**2)\n"
                "    return np.outer(x, delta_out * W2 * (1 - h**2)), delta_out * h"
            )
        },
    ),
    Submission(
        "partly-right",
        # Its step works in place, and so does its training; its bound forgets repeated inputs.
        {**FULL, "train_step": 1.5, "fixed_training": 1.5, "parity_bound": 1},
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
    Submission("untouched", NOTHING, attempted=False),
    Submission(
        "only-the-paper",
        {**NOTHING, "my_numbers": 6},
        {"student_id": 'student_id = " S0000 "', "my_numbers": table(RIGHT)},
        attempted=False,
    ),
    Submission(
        "the-books-own",
        {**FULL, "backward": 0, "train_step": 0, "fixed_training": 0},
        {"backward": "from nnlib.by_hand import backward"},
    ),
)
