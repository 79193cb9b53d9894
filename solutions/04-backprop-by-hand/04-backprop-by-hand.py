# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] nbgrader={"grade": false, "grade_id": "introduction", "locked": true, "schema_version": 3, "solution": false, "task": false}
# # Assignment 4: backpropagation by hand
#
# You work one step of learning through on paper, with numbers of your own. Then you write the program
# that does the same, find a bug that has been copied many times, and find out what a network without
# biases can never learn. There are 20 points: 17 that the checks award, and 3 that a person reads.
# Plan two hours, about 45 minutes of them with paper and a calculator.
#
# | | exercise | points | |
# |---|---|---|---|
# | 1 | `my_numbers`, on paper | 6 | warm-up |
# | 2 | `forward` | 2 | core |
# | 3 | `backward` | 3 | core |
# | 4 | `train_step` | 2 | core |
# | 5 | `fixed_training` | 2 | core |
# | 6 | `parity_bound` | 2 | stretch |
# | 7 | the losses and their floor | 1 | stretch |
# | 8 | why it stops there | 2 | stretch |
#
# **How to work.** Replace each `raise NotImplementedError()` by your own code, then run the check
# below it. The check says what is right, what is not yet right, and what to look at; run it as
# often as you like. Grading asks the same questions with other numbers. Use NumPy and what you
# wrote yourself; the book's own `nnlib` functions are not accepted as answers.
# Keep the names of the functions as they are, and do not delete the check cells.
# Before you hand in, restart the kernel and run everything (*Kernel → Restart Kernel and Run All
# Cells*), then press *Validate*.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import matplotlib.pyplot as plt
import numpy as np

from nnchecks import backprop_by_hand as check
from nnchecks.variants import worksheet
from nnlib.datasets import eight_samples

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_student_id", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1. On paper
#
# **Your numbers.** Everybody has weights, an input, a target and a learning rate of their own; they are
# made from your student id. Type the id between the quotes in the first line below and run the cell.
# There are no points for it, but without it your table cannot be marked.

# %% nbgrader={"grade": false, "grade_id": "student_id", "locked": false, "schema_version": 3, "solution": true, "task": false}
student_id = ""  # your id, between the quotes
if not student_id:
    ### BEGIN SOLUTION
    student_id = "s0000"
    ### END SOLUTION

# %% nbgrader={"grade": false, "grade_id": "test_student_id", "locked": true, "schema_version": 3, "solution": false, "task": false}
worksheet(student_id) if student_id else "Type your id in the cell above, and run both cells again."

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_my_numbers", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Your worksheet** stands above. To print it on one page, run `worksheet(student_id).save("worksheet.html")`
# in a cell of your own and open that file in a browser.
#
# **The network** has three inputs, two hidden units and one output unit, all tanh, and no biases. Forwards:
#
# $$v_j = \sum_i W1_{ji}\,x_i, \quad h_j = \tanh v_j, \qquad
# v_{\text{out}} = \sum_j W2_j\,h_j, \quad y = \tanh v_{\text{out}}.$$
#
# The error is $e = y - \text{target}$ and the loss is $\tfrac12 e^2$. Backwards, with the slope of tanh
# from its *output*, $1 - y^2$ or $1 - h_j^2$:
#
# $$\delta_{\text{out}} = e\,(1 - y^2), \quad dW2_j = \delta_{\text{out}}\,h_j, \qquad
# \delta_j = \delta_{\text{out}}\,W2_j\,(1 - h_j^2), \quad dW1_{ji} = \delta_j\,x_i.$$
#
# When all gradients are there, and not before, every weight moves: new weight = weight − learning rate ·
# gradient.
#
# **An example.** $W1 = \begin{pmatrix} -0.2 & 0.3 & -0.4 \\ 0.1 & -0.3 & -0.4 \end{pmatrix}$,
# $W2 = (0.2,\ 0.3)$, $x = (-1, -1, 1)$, target 1, learning rate 0.5:
#
# | `v1` | `v2` | `h1` | `h2` | `v_out` | `y` | `e` | `delta_out` | `dW2_1` | `dW2_2` |
# |---|---|---|---|---|---|---|---|---|---|
# | −0.5 | −0.2 | −0.4621 | −0.1974 | −0.1516 | −0.1505 | −1.1505 | −1.1244 | 0.5196 | 0.2219 |
#
# | `delta_1` | `delta_2` | `dW1_11` | `dW1_23` | `W1_11_new` | `W1_23_new` | `W2_1_new` | `W2_2_new` |
# |---|---|---|---|---|---|---|---|
# | −0.1769 | −0.3242 | 0.1769 | −0.3242 | −0.2884 | −0.2379 | −0.0598 | 0.1890 |
#
# **Fill in the table.** Write your own numbers, rounded to four decimals, in place of `None`. You may go on
# with the rounded numbers or with those in your calculator. Each number is checked with *your* earlier
# numbers, so one slip costs one number and not all that follow.

# %% nbgrader={"grade": false, "grade_id": "my_numbers", "locked": false, "schema_version": 3, "solution": true, "task": false}
my_numbers = {
    # Into the hidden units, and out of them
    "v1": None,
    "v2": None,
    "h1": None,
    "h2": None,
    # Into the output unit, and out of it
    "v_out": None,
    "y": None,
    # The error, and the delta of the output unit
    "e": None,
    "delta_out": None,
    # Gradient by the output weights
    "dW2_1": None,
    "dW2_2": None,
    # Deltas of the hidden units
    "delta_1": None,
    "delta_2": None,
    # Gradient by the hidden weights
    "dW1_11": None,
    "dW1_12": None,
    "dW1_13": None,
    "dW1_21": None,
    "dW1_22": None,
    "dW1_23": None,
    # All weights after one step
    "W1_11_new": None,
    "W1_12_new": None,
    "W1_13_new": None,
    "W1_21_new": None,
    "W1_22_new": None,
    "W1_23_new": None,
    "W2_1_new": None,
    "W2_2_new": None,
}
if not any(my_numbers.values()):
    ### BEGIN SOLUTION
    my_numbers = {
        "v1": 0.62,
        "v2": -0.44,
        "h1": 0.5511,
        "h2": -0.4136,
        "v_out": -0.317,
        "y": -0.3068,
        "e": -0.9068,
        "delta_out": -0.8215,
        "dW2_1": -0.4527,
        "dW2_2": 0.3398,
        "delta_1": 0.1144,
        "delta_2": -0.3405,
        "dW1_11": 0.0114,
        "dW1_12": -0.0572,
        "dW1_13": 0.103,
        "dW1_21": -0.034,
        "dW1_22": 0.1702,
        "dW1_23": -0.3064,
        "W1_11_new": 0.0954,
        "W1_12_new": -0.4771,
        "W1_13_new": 0.3588,
        "W1_21_new": 0.3136,
        "W1_22_new": 0.3319,
        "W1_23_new": -0.1774,
        "W2_1_new": -0.0189,
        "W2_2_new": 0.3641,
    }
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_my_numbers", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check.my_numbers(my_numbers, student_id)

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_forward", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2. Forwards
#
# Now by program. `W1` has one row for each hidden unit and one column for each input, `W2` one number for
# each hidden unit, `x` one number for each input. There may be any number of hidden units and inputs.
# Return `h`, the array of what comes out of the hidden units, and `y`, what comes out of the network.
#
# By hand: the numbers of the docstring are the example from above.


# %% nbgrader={"grade": false, "grade_id": "forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def forward(W1, W2, x):
    """What comes out of the hidden units and out of the network.

    >>> W1, W2 = np.array([[-0.2, 0.3, -0.4], [0.1, -0.3, -0.4]]), np.array([0.2, 0.3])
    >>> h, y = forward(W1, W2, np.array([-1, -1, 1]))
    >>> h.round(4), round(float(y), 4)
    (array([-0.4621, -0.1974]), -0.1505)
    """
    ### BEGIN SOLUTION
    h = np.tanh(W1 @ x)
    return h, np.tanh(W2 @ h)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_forward", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.forward(forward)
### BEGIN HIDDEN TESTS
check.forward(forward, seed=41, rounds=7)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_backward", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 3. Backwards
#
# Return `dW1` and `dW2`, the gradients of $\tfrac12 (y - \text{target})^2$ by the two weight arrays, each with
# the shape of its weights. Your worksheet has every formula; `np.outer(a, b)` is the matrix with
# entry $a_j b_i$ in row $j$ and column $i$.
#
# By hand: in the example $\delta_1 = -0.1769$ and $x = (-1, -1, 1)$, so the first row of `dW1` is
# $(0.1769,\ 0.1769,\ -0.1769)$.


# %% nbgrader={"grade": false, "grade_id": "backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def backward(W1, W2, x, target):
    """Gradients of (y - target)**2 / 2 by W1 and by W2.

    >>> W1, W2 = np.array([[-0.2, 0.3, -0.4], [0.1, -0.3, -0.4]]), np.array([0.2, 0.3])
    >>> dW1, dW2 = backward(W1, W2, np.array([-1, -1, 1]), 1)
    >>> dW1.round(4)
    array([[ 0.1769,  0.1769, -0.1769],
           [ 0.3242,  0.3242, -0.3242]])
    >>> dW2.round(4)
    array([0.5196, 0.2219])
    """
    ### BEGIN SOLUTION
    h, y = forward(W1, W2, x)
    delta_out = (y - target) * (1 - y**2)
    delta = delta_out * W2 * (1 - h**2)
    return np.outer(delta, x), delta_out * h
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_backward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.backward(backward)
### BEGIN HIDDEN TESTS
check.backward(backward, seed=42, rounds=7)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_train_step", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 4. One step
#
# Return the new `W1` and the new `W2` after one step of gradient descent on one sample. Compute both
# gradients before either array changes: the hidden deltas need the `W2` that the forward pass used. The
# caller's arrays must be the same afterwards as before.
#
# By hand: in the example $0.2 - 0.5 \cdot 0.5196 = -0.0598$ is the first entry of the new `W2`.


# %% nbgrader={"grade": false, "grade_id": "train_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_step(W1, W2, x, target, learning_rate):
    """The weights after one step against the gradient.

    >>> W1, W2 = np.array([[-0.2, 0.3, -0.4], [0.1, -0.3, -0.4]]), np.array([0.2, 0.3])
    >>> new_W1, new_W2 = train_step(W1, W2, np.array([-1, -1, 1]), 1, 0.5)
    >>> new_W2.round(4)
    array([-0.0598,  0.189 ])
    >>> W2
    array([0.2, 0.3])
    """
    ### BEGIN SOLUTION
    dW1, dW2 = backward(W1, W2, x, target)
    return W1 - learning_rate * dW1, W2 - learning_rate * dW2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_train_step", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.train_step(train_step)
### BEGIN HIDDEN TESTS
check.train_step(train_step, seed=43, rounds=7)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_fixed_training", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 5. Find the bug
#
# The program below trains on one sample after the other, goes through all of them `epochs` times, and notes
# after each epoch the loss $\sum \tfrac12 (y - \text{target})^2$ over all samples. **It has a bug**, planted on
# purpose; a program that many people have copied has the same one. With a small learning rate it hardly
# shows, which is why it has lived so long.


# %% nbgrader={"grade": false, "grade_id": "planted_bug", "locked": true, "schema_version": 3, "solution": false, "task": false}
def training_with_a_bug(W1, W2, X, T, learning_rate, epochs):
    losses = []
    for _ in range(epochs):
        for x, target in zip(X, T, strict=True):
            h = np.tanh(W1 @ x)
            y = np.tanh(W2 @ h)
            delta_out = (y - target) * (1 - y**2)
            W2 = W2 - learning_rate * delta_out * h
            delta = delta_out * W2 * (1 - h**2)
            W1 = W1 - learning_rate * np.outer(delta, x)
        outputs = np.tanh(np.tanh(X @ W1.T) @ W2)
        losses.append(np.sum((outputs - T) ** 2) / 2)
    return W1, W2, losses


# %% [markdown] nbgrader={"grade": false, "grade_id": "about_the_repair", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Write `fixed_training`, which does the same without the bug. You may copy the program above and repair it,
# or call your own `train_step`. Return the final `W1`, the final `W2` and the list of losses.
#
# By hand: the docstring's two samples and start weights give 0.8643 after the first epoch. With the bug it
# would be 0.9603.


# %% nbgrader={"grade": false, "grade_id": "fixed_training", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fixed_training(W1, W2, X, T, learning_rate, epochs):
    """Final weights, and the loss after each epoch.

    >>> W1, W2 = np.array([[-0.2, 0.3, -0.4], [0.1, -0.3, -0.4]]), np.array([0.2, 0.3])
    >>> X, T = np.array([[-1, -1, 1], [1, -1, 1]]), np.array([1, -1])
    >>> _, _, losses = fixed_training(W1, W2, X, T, 0.5, 3)
    >>> [round(float(loss), 4) for loss in losses]
    [0.8643, 0.5968, 0.2207]
    """
    ### BEGIN SOLUTION
    losses = []
    for _ in range(epochs):
        for x, target in zip(X, T, strict=True):
            W1, W2 = train_step(W1, W2, x, target, learning_rate)
        outputs = np.tanh(np.tanh(X @ W1.T) @ W2)
        losses.append(np.sum((outputs - T) ** 2) / 2)
    return W1, W2, losses
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_fixed_training", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.fixed_training(fixed_training)
### BEGIN HIDDEN TESTS
check.fixed_training(fixed_training, seed=44, rounds=6)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_parity_bound", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 6. What it can never learn
#
# Without biases, and with an odd function such as tanh, the whole network is odd: $y(-x) = -y(x)$, whatever the
# weights are. Two samples at opposite inputs share one free number. So some training sets cannot be learned,
# and the least error can be computed without any training.
#
# Return the least $\sum (y - \text{target})^2$ that *any* odd model can reach on the samples in the rows of `X`
# with the targets `T`. An input may come several times, with different targets; it may have an opposite in
# `X` or none; it may be all zeros.
#
# By hand: both targets are 1 at $x$ and at $-x$. With $y(x) = a$ the sum is
# $(a - 1)^2 + (-a - 1)^2 = 2a^2 + 2$, which is 2 at best.


# %% nbgrader={"grade": false, "grade_id": "parity_bound", "locked": false, "schema_version": 3, "solution": true, "task": false}
def parity_bound(X, T):
    """Least sum of squared errors of any model with y(-x) = -y(x).

    >>> float(parity_bound(np.array([[1, 2], [-1, -2]]), np.array([1, 1])))
    2.0
    >>> float(parity_bound(np.array([[1, 2], [0, 0]]), np.array([1, 1])))
    1.0
    """
    ### BEGIN SOLUTION
    total = 0.0
    for x in X:
        same = np.all(x == X, axis=1)
        opposite = np.all(-x == X, axis=1)
        # Every sample at ±x, as a target for y(x); at 0 each comes with both signs.
        wanted = np.concatenate([T[same], -T[opposite]])
        # This group is met once for each of its samples.
        total += np.mean((wanted - np.mean(wanted)) ** 2)
    return total
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_parity_bound", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.parity_bound(parity_bound)
### BEGIN HIDDEN TESTS
check.parity_bound(parity_bound, seed=45, rounds=8)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_losses_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 7. The losses and their floor
#
# These are the eight samples of the chapter and its start weights. Train for 200 epochs with
# `training_with_a_bug` and with `fixed_training`, each with the learning rates 0.05 and 0.5. Draw the
# four curves of losses against epochs, and a horizontal line at half of the parity bound, because the loss
# has a ½ that the bound has not. Name the axes, the curves and the line.

# %% nbgrader={"grade": false, "grade_id": "the_samples", "locked": true, "schema_version": 3, "solution": false, "task": false}
X, T = eight_samples().X, eight_samples().T.ravel()
start_W1 = np.array([[-0.2, 0.3, -0.4], [0.1, -0.3, -0.4]])
start_W2 = np.array([0.2, 0.3])

# %% nbgrader={"grade": true, "grade_id": "losses_picture", "locked": false, "points": 1, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
# Rubric. 1 point: four curves from the two programs and the two learning rates, the line at
#         parity_bound(X, T) / 2 = 2 below all of them, axes and curves named. Half a point if one
#         of these is missing.
for training, dashes in ((training_with_a_bug, "--"), (fixed_training, "-")):
    for learning_rate, marker in ((0.05, "o"), (0.5, "s")):
        losses = training(start_W1, start_W2, X, T, learning_rate, 200)[2]
        label = f"{training.__name__}, learning rate {learning_rate}"
        plt.plot(range(1, 201), losses, dashes, marker=marker, markevery=25, label=label)
plt.axhline(parity_bound(X, T) / 2, color="black", linestyle=":", label="half of the parity bound")
plt.xlabel("epoch")
plt.ylabel("loss")
plt.legend()
plt.show()
### END SOLUTION

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_why_it_stops", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 8. Why it stops there
#
# Explain your picture in four to eight sentences, to somebody who knows what a network and a gradient are.
# Why do the curves of the two programs nearly agree at one learning rate and not at the other? Why does no
# curve fall below the line, however long you train, and what would you change in the network so that it
# can learn all eight samples?

# %% [markdown] nbgrader={"grade": true, "grade_id": "why_it_stops", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# **Rubric.** 1 point: the bug uses W2 after its update in the hidden deltas; the update is the learning rate times
# a gradient, so the error in the hidden gradient is proportional to the learning rate: small at 0.05, large
# at 0.5. 1 point: the network is odd because it has no biases and tanh is odd; pairs of opposite inputs with equal
# targets contradict each other, two pairs leave 2 each of Σe², so the loss is never below 2; biases make the
# network no longer odd. Half points are possible.
#
# **A full answer.** The program with the bug computes the hidden deltas with the new W2 instead of the one of the
# forward pass. The two differ by the learning rate times the gradient of W2, so the hidden gradient is
# wrong by an amount proportional to the learning rate. At 0.05 that is a few per cent and the curves nearly
# agree; at 0.5 it is up to a half, and they part. No curve falls below 2, because without biases the network is
# odd: at −x it answers the negative of what it answers at x. Two pairs of opposite samples have the same
# target −1, and each leaves at least 2 of the sum of squared errors, which is 4 together and a loss of 2. More
# training cannot change that; biases can, because with them the network is not odd any more.
