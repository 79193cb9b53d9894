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
# # Assignment 9: the errata lab
#
# Ten programs, each written after a claim that one of the book's sources makes, and each broken for that reason.
# You run an experiment, see it fail, and repair the program. Then you draw one of the repairs, and write an
# entry for the table of errata. There are 20 points: 17 that the checks award, and 3 that a person reads.
# Plan two to three hours.
#
# | | program | errata | belongs to | points | |
# |---|---|---|---|---|---|
# | 1 | `bipolar_logistic_slope` | E0.9, E3.22 | chapters 4 and 5 | 2 | warm-up |
# | 2 | `mean_cross_entropy` | E4.13, E4.7 | chapter 2 | 2 | core |
# | 3 | `find_optimum` | E0.2, E1.12, E4.8 | chapters 2 and 3 | 2 | warm-up |
# | 4 | `as_tanh_network` | E0.1 | chapter 4 | 2 | stretch |
# | 5 | `hidden_layer` | E3.1, E3.10 | chapter 5 | 2 | warm-up |
# | 6 | `ridge_gradient` | E3.6, E3.7 | chapter 5 | 2 | core |
# | 7 | `leave_one_out_accuracy` | E3.16 | chapter 5 | 1 | core |
# | 8 | `heavy_ball` | E1.1, E1.15 | chapter 6 | 2 | core |
# | 9 | `saturated_units` | E2.1 | chapter 7 | 1 | warm-up |
# | 10 | `weight_influence` | E2.2 | chapter 8 | 1 | stretch |
# | 11 | before and after | | | 1 | core |
# | 12 | an entry of your own | | | 2 | stretch |
#
# **How to work.** In each task you find, in this order: the claim; the program as given, and what it
# should do; an experiment, which says what should be seen. Run it and look. Ask what in the program makes the
# difference *before* you change anything. Then copy the program into the cell that has
# `raise NotImplementedError()`, under the name that stands there, and repair it. Two points mean two faults, or one
# fault with two effects. Run the check, and run the experiment again with your program: `slope_experiment` takes any
# program, so `slope_experiment(bipolar_logistic_slope)` in a cell of your own does that.
#
# The programs are short, and so are the repairs. A repair removes the cause. What removes the symptom alone, such
# as a smaller rate, is not one, and the checks can tell. Grading asks the same questions with other numbers. Use
# NumPy and what you wrote yourself; the book's own `nnlib` functions are not accepted as answers. Keep
# the names of the functions as they are, and do not delete the check cells. Before you hand in, restart the kernel and
# run everything (*Kernel → Restart Kernel and Run All Cells*), then press *Validate*.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import matplotlib.pyplot as plt
import numpy as np

from nnchecks import errata_lab as check

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_bipolar_logistic_slope", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1. A slope of what?
#
# **The claim** (E0.9, E3.22). Two sources use the function $f(x) = (1 - e^{-x})/(1 + e^{-x})$. One gives its helper for the
# slope the argument `x`. The other calls $f$ tanh, and takes $(1 + y)(1 - y)$ for its slope. The program below does both.
#
# **What it should do.** Return the slope of $f$ at $x$, for a number or for an array of any shape. You may call
# `bipolar_logistic`. No $x$ is larger than 30 in size.
#
# By hand: $f(2) = (1 - e^{-2})/(1 + e^{-2}) = 0.761594$, and the slope there is $0.209987$. The program gives $-3$.


# %% nbgrader={"grade": false, "grade_id": "given_bipolar_logistic_slope", "locked": true, "schema_version": 3, "solution": false, "task": false}
def bipolar_logistic(x):
    return (1 - np.exp(-x)) / (1 + np.exp(-x))


def bipolar_logistic_slope_as_given(x):
    return (1 + x) * (1 - x)


# %% nbgrader={"grade": false, "grade_id": "experiment_bipolar_logistic_slope", "locked": true, "schema_version": 3, "solution": false, "task": false}
def slope_experiment(program):
    x = np.linspace(-4, 4, 81)
    plt.figure()
    measured = (bipolar_logistic(x + 1e-5) - bipolar_logistic(x - 1e-5)) / 2e-5
    plt.plot(x, bipolar_logistic(x), ":", color="black", label="f(x)")
    plt.plot(x, measured, "-", label="its slope, measured by central differences")
    plt.plot(x, program(x), "--", label="its slope by the program")
    plt.ylim(-1.5, 2)
    plt.xlabel("x")
    plt.title("Wanted: the dashed curve lies on the solid one")
    plt.legend(loc="upper left")
    plt.show()


slope_experiment(bipolar_logistic_slope_as_given)


# %% nbgrader={"grade": false, "grade_id": "bipolar_logistic_slope", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bipolar_logistic_slope(x):
    """Slope of (1 - exp(-x))/(1 + exp(-x)) at x.

    >>> round(float(bipolar_logistic_slope(2)), 6)
    0.209987
    """
    ### BEGIN SOLUTION
    y = bipolar_logistic(x)
    return (1 + y) * (1 - y) / 2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_bipolar_logistic_slope", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.bipolar_logistic_slope(bipolar_logistic_slope)
### BEGIN HIDDEN TESTS
check.bipolar_logistic_slope(bipolar_logistic_slope, seed=91, rounds=6)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_mean_cross_entropy", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2. A label that is not certain
#
# **The claim** (E4.13, E4.7). A source tells labels by their size: if `t` has as many entries as `y`, each row
# becomes the number of its largest entry. And to be safe it adds $10^{-7}$ inside the logarithm.
#
# **What it should do.** Each row of `y` holds the probabilities that a model gives to the classes; they add up to 1, and none
# is 0. The labels `t` are either class numbers (an array with one axis), or probabilities, in an array of
# the shape of `y`. Such a label may be soft: $(0.6,\ 0.4)$ says that six of ten people chose class 0. The loss of
# a row is $-\sum_k t_k \ln y_k$. Return the mean over the rows.
#
# By hand: for $\mathbf{y} = (0.25,\ 0.75)$ and the label $(0.6,\ 0.4)$ the loss is
# $0.6 \ln 4 + 0.4 \ln \tfrac43 = 0.946849$. The program gives $\ln 4 = 1.386294$.


# %% nbgrader={"grade": false, "grade_id": "given_mean_cross_entropy", "locked": true, "schema_version": 3, "solution": false, "task": false}
def mean_cross_entropy_as_given(y, t):
    if t.size == y.size:
        t = t.argmax(axis=1)
    rows = np.arange(len(y))
    return -np.mean(np.log(y[rows, t] + 1e-7))


# %% nbgrader={"grade": false, "grade_id": "experiment_mean_cross_entropy", "locked": true, "schema_version": 3, "solution": false, "task": false}
def soft_label_experiment(program):
    label = np.array([[0.6, 0.4]])
    guesses = np.linspace(0.01, 0.99, 99)
    losses = [program(np.array([[p, 1 - p]]), label) for p in guesses]
    print(
        f"Label (0.6, 0.4). The loss is least at p = {guesses[np.argmin(losses)]:.2f}; wanted is 0.60."
    )
    for p in (1e-5, 1e-9, 1e-13):
        loss = program(np.array([[p, 1 - p]]), np.array([0]))
        print(
            f"The right class has the probability {p:g}: loss {loss:.2f}; wanted is {-np.log(p):.2f}."
        )
    loss = program(np.array([[1 - 1e-16, 1e-16]]), np.array([0]))
    print(f"The right class is certain: loss {loss:.1e}; wanted is nothing below 0.")


soft_label_experiment(mean_cross_entropy_as_given)


# %% nbgrader={"grade": false, "grade_id": "mean_cross_entropy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mean_cross_entropy(y, t):
    """Mean of -sum(t log y) over the rows; t holds class numbers or probabilities.

    >>> y = np.array([[0.25, 0.75]])
    >>> round(float(mean_cross_entropy(y, np.array([[0.6, 0.4]]))), 6)
    0.946849
    >>> round(float(mean_cross_entropy(y, np.array([0]))), 6)
    1.386294
    """
    ### BEGIN SOLUTION
    if t.ndim == 1:
        t = np.eye(y.shape[1])[t]
    return -np.sum(t * np.log(y)) / len(y)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_mean_cross_entropy", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.mean_cross_entropy(mean_cross_entropy)
### BEGIN HIDDEN TESTS
check.mean_cross_entropy(mean_cross_entropy, seed=92, rounds=6)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_find_optimum", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 3. Which way, and how far?
#
# **The claim** (E0.2, E1.12, E4.8). The gradient shows how to change $x$ so that the value gets smaller; one finds a minimum
# or a maximum by going along it; and the rate is the amount by which $x$ is changed.
#
# **What it should do.** From `x0`, take so many steps and return where they lead: to smaller values, or with
# `maximise=True` to larger ones. Each step is the rate times the gradient, or minus that. `x0` may be a list or an
# array, of whole numbers too, and stays as it was.
#
# By hand: for $f(x) = x^2$, whose gradient is $2x$, one step from 3 at the rate 0.25 leads to
# $3 - 0.25 \cdot 6 = 1.5$. The program goes to $3.25$.


# %% nbgrader={"grade": false, "grade_id": "given_find_optimum", "locked": true, "schema_version": 3, "solution": false, "task": false}
def find_optimum_as_given(gradient, x0, learning_rate, steps, maximise=False):
    x = np.array(x0, dtype=float)
    for _ in range(steps):
        g = gradient(x)
        x = x + learning_rate * g / np.linalg.norm(g)
    return x


# %% nbgrader={"grade": false, "grade_id": "experiment_find_optimum", "locked": true, "schema_version": 3, "solution": false, "task": false}
def optimum_experiment(program):
    for steps in (5, 10, 20, 40, 41):
        low = program(lambda x: 2 * x, [3.1], 0.2, steps)[0]
        high = program(lambda x: -2 * x, [3.1], 0.2, steps, maximise=True)[0]
        print(
            f"After {steps:2} steps from 3.1: minimum of x² at {low:8.5f}, maximum of -x² at {high:8.5f}"
        )
    print("Wanted: both columns come nearer to 0 from line to line.")


optimum_experiment(find_optimum_as_given)


# %% nbgrader={"grade": false, "grade_id": "find_optimum", "locked": false, "schema_version": 3, "solution": true, "task": false}
def find_optimum(gradient, x0, learning_rate, steps, maximise=False):
    """Where so many steps lead: downhill, or uphill with maximise=True.

    >>> find_optimum(lambda x: 2 * x, [3], 0.25, 1)
    array([1.5])
    >>> find_optimum(lambda x: -2 * x, [3], 0.25, 1, maximise=True)
    array([1.5])
    """
    ### BEGIN SOLUTION
    x = np.array(x0, dtype=float)
    rate = learning_rate if maximise else -learning_rate
    for _ in range(steps):
        x = x + rate * gradient(x)
    return x
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_find_optimum", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.find_optimum(find_optimum)
### BEGIN HIDDEN TESTS
check.find_optimum(find_optimum, seed=93, rounds=6)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_as_tanh_network", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 4. The same network with tanh
#
# **The claim** (E0.1). The logistic function $\sigma$ and tanh differ in their level only: one lies between $-0.5$ and
# $0.5$, the other between $-1$ and $1$. So, a reader concludes, $\sigma(v)$ is $\tanh(v)$ plus a half.
#
# **What it should do.** A network has the outputs $\sigma(X W_1 + b_1)\, W_2 + b_2$. Return four arrays
# `W1, b1, W2, b2` with which $\tanh(X W_1 + b_1)\, W_2 + b_2$ gives the same outputs for every $X$. There may be any
# number of inputs, hidden units and outputs. What is passed in stays as it was.
#
# By hand: with one input, one hidden unit, one output, and $W_1 = 2$, $b_1 = 1$, $W_2 = 4$, $b_2 = 0$, the network gives
# $4\,\sigma(2x + 1)$, which lies between 0 and 4. At $x = -0.5$ it is 2, in the middle. The program's network lies between
# $-2$ and 6.


# %% nbgrader={"grade": false, "grade_id": "given_as_tanh_network", "locked": true, "schema_version": 3, "solution": false, "task": false}
def as_tanh_network_as_given(W1, b1, W2, b2):
    return W1, b1, W2, b2 + 0.5 * W2.sum(axis=0)


# %% nbgrader={"grade": false, "grade_id": "experiment_as_tanh_network", "locked": true, "schema_version": 3, "solution": false, "task": false}
def logistic_outputs(X, W1, b1, W2, b2):
    return 1 / (1 + np.exp(-(X @ W1 + b1))) @ W2 + b2


def tanh_outputs(X, W1, b1, W2, b2):
    return np.tanh(X @ W1 + b1) @ W2 + b2


def tanh_experiment(program):
    network = (
        np.array([[3.0, -2.0]]),
        np.array([2.0, 3.0]),
        np.array([[2.0], [1.0]]),
        np.array([-1.0]),
    )
    X = np.linspace(-4, 4, 161)[:, None]
    plt.figure()
    plt.plot(X, logistic_outputs(X, *network), "-", label="logistic network")
    plt.plot(X, tanh_outputs(X, *program(*network)), "--", label="tanh network by the program")
    plt.xlabel("x")
    plt.ylabel("output")
    plt.title("Wanted: the dashed curve lies on the solid one")
    plt.legend()
    plt.show()


tanh_experiment(as_tanh_network_as_given)


# %% nbgrader={"grade": false, "grade_id": "as_tanh_network", "locked": false, "schema_version": 3, "solution": true, "task": false}
def as_tanh_network(W1, b1, W2, b2):
    """Weights with which tanh units do what these do with logistic units.

    >>> W1, b1, W2, b2 = np.array([[2.0]]), np.array([1.0]), np.array([[4.0]]), np.array([0.0])
    >>> new = as_tanh_network(W1, b1, W2, b2)
    >>> X = np.array([[-0.5], [3.0]])
    >>> np.allclose(tanh_outputs(X, *new), logistic_outputs(X, W1, b1, W2, b2))
    True
    """
    ### BEGIN SOLUTION
    return 0.5 * W1, 0.5 * b1, 0.5 * W2, b2 + 0.5 * W2.sum(axis=0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_as_tanh_network", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.as_tanh_network(as_tanh_network)
### BEGIN HIDDEN TESTS
check.as_tanh_network(as_tanh_network, seed=94, rounds=6)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_hidden_layer", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 5. One layer, many samples
#
# **The claim** (E3.1, E3.10). Observations stand in the rows of $X$, the hidden layer is $h_1 = \sigma(W X)$, and a
# network of such layers can represent any function.
#
# **What it should do.** Return what comes out of a layer of logistic units: a row for each row of `X`, a column for each
# unit. `W` has a row for each input and a column for each unit, `b` one number for each unit. The layer of the source has no
# biases at all; this one has.
#
# By hand: for $\mathbf{x} = (1,\ 2)$, weights $(0.5,\ -0.5)$ into the one unit, and its bias $0.5$, the sum is
# $0.5 - 1 + 0.5 = 0$, and the output $0.5$.


# %% nbgrader={"grade": false, "grade_id": "given_hidden_layer", "locked": true, "schema_version": 3, "solution": false, "task": false}
def sigmoid(v):
    return 1 / (1 + np.exp(-v))


def hidden_layer_as_given(X, W, b):
    return sigmoid(W @ X)


# %% nbgrader={"grade": false, "grade_id": "experiment_hidden_layer", "locked": true, "schema_version": 3, "solution": false, "task": false}
def layer_experiment(program):
    W, b = np.array([[1.0, -2.0], [0.5, 1.0]]), np.array([2.0, -2.0])
    one = program(np.array([[1.0, 0.0], [0.0, 1.0]]), W, b)[0]
    other = program(np.array([[1.0, 0.0], [5.0, 3.0]]), W, b)[0]
    print("The first sample is (1, 0). Its outputs, beside the second sample (0, 1):", one.round(3))
    print(
        "                                        beside the second sample (5, 3):", other.round(3)
    )
    print("Wanted: two lines alike, since no sample knows of the others.")
    zero = program(np.zeros((2, 2)), W, b)[0]
    print(
        "The outputs at x = 0:",
        zero.round(3),
        "- wanted is one high, one low: the biases are 2, -2.",
    )


layer_experiment(hidden_layer_as_given)


# %% nbgrader={"grade": false, "grade_id": "hidden_layer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def hidden_layer(X, W, b):
    """What comes out of a layer of logistic units, a row for each sample.

    >>> hidden_layer(np.array([[1.0, 2.0]]), np.array([[0.5], [-0.5]]), np.array([0.5]))
    array([[0.5]])
    """
    ### BEGIN SOLUTION
    return sigmoid(X @ W + b)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_hidden_layer", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.hidden_layer(hidden_layer)
### BEGIN HIDDEN TESTS
check.hidden_layer(hidden_layer, seed=95, rounds=6)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_ridge_gradient", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 6. A penalty that pulls
#
# **The claim** (E3.6, E3.7). In a program behind one of the sources, the loss is divided by the number of samples and its
# gradient is not; and the gradient of the penalty on the weights is the sum of their squares, the same number for every
# weight. The source blames the blow-up that follows on the width of the network.
#
# **What it should do.** Return the gradient, by `w`, of the loss
#
# $$\frac{1}{2n} \sum_{i=1}^{n} (\mathbf{x}_i \cdot \mathbf{w} - y_i)^2 + \frac{\lambda}{2} \sum_k w_k^2 ,$$
#
# where $\lambda$ is `penalty` and the samples are the rows of `X`. It is an array of the shape of `w`.
#
# By hand: for two samples $(1, 0)$ and $(0, 1)$ with $y = (0, 0)$, weights $(1, -2)$ and $\lambda = 10$ it is
# $(0.5 + 10,\ -1 - 20) = (10.5,\ -21)$. The program gives $(51,\ 48)$.


# %% nbgrader={"grade": false, "grade_id": "given_ridge_gradient", "locked": true, "schema_version": 3, "solution": false, "task": false}
def ridge_gradient_as_given(w, X, y, penalty):
    return X.T @ (X @ w - y) + penalty * np.sum(w**2)


# %% nbgrader={"grade": false, "grade_id": "experiment_ridge_gradient", "locked": true, "schema_version": 3, "solution": false, "task": false}
def ridge_experiment(program):
    X, y = np.array([[1.0, 0.0], [0.5, 1.0], [0.0, 2.0]]), np.array([1.0, 0.0, -2.0])
    w = np.array([1.0, 2.0])
    print("Gradient without a penalty:", program(w, X, y, 0).round(3))
    twice = program(w, np.tile(X, (2, 1)), np.tile(y, 2), 0)
    print(
        "Each sample there twice:   ",
        twice.round(3),
        "- wanted is the same: a mean does not change.",
    )
    w = np.array([1.0, -2.0])
    for step in range(13):
        if step % 4 == 0:
            print(f"The penalty alone, after {step:2} steps: w =", w.round(3))
        w = w - 0.05 * program(w, np.zeros((1, 2)), np.zeros(1), 1.0)
    print("Wanted: both weights come nearer to 0, each from its own side.")


ridge_experiment(ridge_gradient_as_given)


# %% nbgrader={"grade": false, "grade_id": "ridge_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def ridge_gradient(w, X, y, penalty):
    """Gradient of sum((Xw - y)**2)/(2n) + penalty/2 sum(w**2) by w.

    >>> ridge_gradient(np.array([1.0, -2.0]), np.eye(2), np.zeros(2), 10)
    array([ 10.5, -21. ])
    """
    ### BEGIN SOLUTION
    return X.T @ (X @ w - y) / len(y) + penalty * w
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_ridge_gradient", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.ridge_gradient(ridge_gradient)
### BEGIN HIDDEN TESTS
check.ridge_gradient(ridge_gradient, seed=96, rounds=6)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_leave_one_out_accuracy", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 7. What has been learned?
#
# **The claim** (E3.16). A loss that falls in training shows that the network generalises.
#
# **What it should do.** A model with no training at all: a sample gets the label of the sample nearest to it. To measure how
# well that generalises, take each sample in turn, answer for it with the *other* samples, and return the share of right
# answers. The samples are the rows of `X`, distance is the root of the sum of squares, and `labels` are whole numbers. Two
# samples may lie at the same place; no sample has two nearest others.
#
# By hand: for the numbers $0, 1, 4, 6$ with the labels $7, 7, 9, 7$ the nearest others are $1, 0, 6, 4$, their
# labels $7, 7, 7, 9$, and the share is $0.5$. The program gives $1$.


# %% nbgrader={"grade": false, "grade_id": "given_leave_one_out_accuracy", "locked": true, "schema_version": 3, "solution": false, "task": false}
def leave_one_out_accuracy_as_given(X, labels):
    distances = np.sum((X[:, None] - X[None]) ** 2, axis=2)
    nearest = distances.argmin(axis=1)
    return np.mean(labels[nearest] == labels)


# %% nbgrader={"grade": false, "grade_id": "experiment_leave_one_out_accuracy", "locked": true, "schema_version": 3, "solution": false, "task": false}
def accuracy_experiment(program):
    rng = np.random.default_rng(9)
    X = rng.normal(0, 1, (200, 2))
    coins = rng.integers(2, size=200)
    print(f"Labels by tossing a coin: {program(X, coins):.2f}; wanted is about a half.")
    sides = (X[:, 0] > 0) * 1
    print(f"Labels by the side:       {program(X, sides):.2f}; wanted is more than 0.9, and not 1.")


accuracy_experiment(leave_one_out_accuracy_as_given)


# %% nbgrader={"grade": false, "grade_id": "leave_one_out_accuracy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def leave_one_out_accuracy(X, labels):
    """Share of the samples whose nearest other sample has their label.

    >>> X = np.array([[0.0], [1.0], [4.0], [6.0]])
    >>> float(leave_one_out_accuracy(X, np.array([7, 7, 9, 7])))
    0.5
    """
    ### BEGIN SOLUTION
    distances = np.sum((X[:, None] - X[None]) ** 2, axis=2)
    np.fill_diagonal(distances, np.inf)
    nearest = distances.argmin(axis=1)
    return np.mean(labels[nearest] == labels)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_leave_one_out_accuracy", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check.leave_one_out_accuracy(leave_one_out_accuracy)
### BEGIN HIDDEN TESTS
check.leave_one_out_accuracy(leave_one_out_accuracy, seed=97, rounds=6)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_heavy_ball", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 8. A ball that rolls one way
#
# **The claim** (E1.1, E1.15). Momentum gathers the squares of the gradients, each times the rate. (That the rate stands
# inside the sum is no error: other books have it so. But it is another method as soon as the rate changes.)
#
# **What it should do.** Descend with momentum, with a rate for each step: `rates` is a list. In each step the velocity
# becomes `momentum` times the velocity, plus the gradient at the point; it is 0 at first. Then the point moves
# by minus the step's rate times the velocity. Return all points, the start included, a row each. `x0` may be a list or an
# array, of whole numbers too, and stays as it was.
#
# By hand: for the gradient $x$, the start 8, the rates 0.5 and 0.25 and momentum 0.5: the velocity is 8, the
# point $8 - 0.5 \cdot 8 = 4$; then the velocity is $0.5 \cdot 8 + 4 = 8$, the point $4 - 0.25 \cdot 8 = 2$.


# %% nbgrader={"grade": false, "grade_id": "given_heavy_ball", "locked": true, "schema_version": 3, "solution": false, "task": false}
def heavy_ball_as_given(gradient, x0, rates, momentum):
    path = [np.array(x0, dtype=float)]
    velocity = np.zeros_like(path[0])
    for rate in rates:
        velocity = momentum * velocity + rate * gradient(path[-1]) ** 2
        path.append(path[-1] - velocity)
    return np.array(path)


# %% nbgrader={"grade": false, "grade_id": "experiment_heavy_ball", "locked": true, "schema_version": 3, "solution": false, "task": false}
def ball_experiment(program):
    rates = [0.1] * 4 + [0.0] * 5 + [0.1] * 13
    plt.figure()
    for start, line in ((2.0, "o-"), (-0.5, "s--")):
        path = program(lambda x: x, [start], rates, 0.7)
        plt.plot(path[:, 0], line, label=f"from {start}")
    plt.axhline(0, color="black", linewidth=0.8)
    plt.axvspan(4, 9, color="lightgrey", label="here the rate is 0")
    plt.ylim(-3, 2.5)
    plt.xlabel("step")
    plt.ylabel("x")
    plt.title("Wanted: both come to 0, and rest while the rate is 0")
    plt.legend()
    plt.show()


ball_experiment(heavy_ball_as_given)


# %% nbgrader={"grade": false, "grade_id": "heavy_ball", "locked": false, "schema_version": 3, "solution": true, "task": false}
def heavy_ball(gradient, x0, rates, momentum):
    """Path of gradient descent with momentum, with a rate for each step.

    >>> heavy_ball(lambda x: x, [8.0], [0.5, 0.25], 0.5)
    array([[8.],
           [4.],
           [2.]])
    """
    ### BEGIN SOLUTION
    path = [np.array(x0, dtype=float)]
    velocity = np.zeros_like(path[0])
    for rate in rates:
        velocity = momentum * velocity + gradient(path[-1])
        path.append(path[-1] - rate * velocity)
    return np.array(path)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_heavy_ball", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.heavy_ball(heavy_ball)
### BEGIN HIDDEN TESTS
check.heavy_ball(heavy_ball, seed=98, rounds=6)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_saturated_units", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 9. Where the curve is flat
#
# **The claim** (E2.1). The slopes of activation functions shrink where the arguments are large or small.
#
# **What it should do.** A logistic unit is *saturated* if the slope of $\sigma$ at its argument is less than `share` times the
# largest slope that $\sigma$ has, which is $\tfrac14$. Return for each entry of the array `v` whether the unit with that
# argument is saturated: an array of `True` and `False`, of the shape of `v`.
#
# By hand: for `share` 0.1 the slope must be less than 0.025. At $v = 3$ it is $0.0452$, at $v = 4$ it is $0.0177$, and at
# $-4$ the same. So 4 and $-4$ are saturated, 3 is not, and 0 is least of all. (The program computes rightly where the
# slope falls to the share: at `limit`, which is 3.637 here.)


# %% nbgrader={"grade": false, "grade_id": "given_saturated_units", "locked": true, "schema_version": 3, "solution": false, "task": false}
def saturated_units_as_given(v, share):
    limit = 2 * np.arccosh(1 / np.sqrt(share))
    return (v > limit) | (v < 1 / limit)


# %% nbgrader={"grade": false, "grade_id": "experiment_saturated_units", "locked": true, "schema_version": 3, "solution": false, "task": false}
def saturation_experiment(program):
    v = np.linspace(-8, 8, 65)
    plt.figure()
    y = 1 / (1 + np.exp(-v))
    marked = program(v, 0.1)
    plt.plot(v, y * (1 - y), "-", label="slope of the logistic function")
    plt.plot(v[marked], (y * (1 - y))[marked], "x", label="saturated, says the program")
    plt.axhline(0.025, color="black", linestyle=":", label="a tenth of the largest slope")
    plt.xlabel("v")
    plt.title("Wanted: crosses below the dotted line and nowhere else")
    plt.legend()
    plt.show()


saturation_experiment(saturated_units_as_given)


# %% nbgrader={"grade": false, "grade_id": "saturated_units", "locked": false, "schema_version": 3, "solution": true, "task": false}
def saturated_units(v, share):
    """Where the logistic function is flatter than this share of its largest slope.

    >>> saturated_units(np.array([-4, 0, 3, 4]), 0.1)
    array([ True, False, False,  True])
    """
    ### BEGIN SOLUTION
    limit = 2 * np.arccosh(1 / np.sqrt(share))
    return np.abs(v) > limit
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_saturated_units", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check.saturated_units(saturated_units)
### BEGIN HIDDEN TESTS
check.saturated_units(saturated_units, seed=99, rounds=6)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_weight_influence", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 10. One weight, many paths
#
# **The claim** (E2.2). The influence of a weight on the result is a product of slopes.
#
# **What it should do.** One unit works through a list of inputs. It begins with $h = $ `start`, and at each input $x$ its
# output becomes $\tanh(w h + x)$, which is the next $h$. The same weight $w$ is used every time. Return the slope, by $w$,
# of the last output.
#
# By hand: let $w = 0.5$, both inputs be 0 and the start 1. The first output is $\tanh 0.5 = 0.462117$, the second
# $\tanh(0.5 \cdot 0.462117) = 0.227033$. The slopes of tanh there are $0.786448$ and $0.948456$. The first use of $w$
# reaches the end with $1 \cdot 0.786448 \cdot 0.5 \cdot 0.948456 = 0.372956$; that is what the program gives. But the
# slope is $0.811253$.


# %% nbgrader={"grade": false, "grade_id": "given_weight_influence", "locked": true, "schema_version": 3, "solution": false, "task": false}
def weight_influence_as_given(w, inputs, start):
    h, outputs = start, []
    for x in inputs:
        h = np.tanh(w * h + x)
        outputs.append(h)
    slopes = 1 - np.array(outputs) ** 2
    return start * w ** (len(outputs) - 1) * np.prod(slopes)


# %% nbgrader={"grade": false, "grade_id": "experiment_weight_influence", "locked": true, "schema_version": 3, "solution": false, "task": false}
def last_output(w, inputs, start):
    h = start
    for x in inputs:
        h = np.tanh(w * h + x)
    return h


def influence_experiment(program):
    inputs = np.array([0.0, 0.25, -0.5, 0.125, 0.25])
    for n in range(1, 6):
        given = (inputs[:n], 1.0)
        measured = (last_output(1.2 + 1e-5, *given) - last_output(1.2 - 1e-5, *given)) / 2e-5
        print(f"{n} inputs: {program(1.2, *given):.6f} by the program, {measured:.6f} measured")
    print("Wanted: the two columns agree in every line.")


influence_experiment(weight_influence_as_given)


# %% nbgrader={"grade": false, "grade_id": "weight_influence", "locked": false, "schema_version": 3, "solution": true, "task": false}
def weight_influence(w, inputs, start):
    """Slope by w of the last h, where h starts at `start` and becomes tanh(w h + x) for each x.

    >>> round(float(weight_influence(0.5, np.zeros(2), 1.0)), 6)
    0.811253
    """
    ### BEGIN SOLUTION
    h, slope = start, 0.0
    for x in inputs:
        before = h
        h = np.tanh(w * before + x)
        slope = (1 - h**2) * (before + w * slope)
    return slope
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_weight_influence", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check.weight_influence(weight_influence)
### BEGIN HIDDEN TESTS
check.weight_influence(weight_influence, seed=90, rounds=6)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_before_and_after", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 11. Before and after
#
# Choose one of the tasks whose experiment prints numbers: 2, 3, 5, 6, 7 or 10. Turn its experiment into **one**
# picture that shows the program as given, your repaired program, and what is wanted. Somebody who has not read the
# programs should see from it which of the two is wrong. Name the axes and everything that is drawn, and do not rely on
# colour alone.

# %% nbgrader={"grade": true, "grade_id": "before_and_after", "locked": false, "points": 1, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
# Rubric. 1 point: both programs and the wanted result in one picture, told apart by more than
#         colour, axes named, and the fault is visible (the scale does not hide it). Half a point
#         if one of these is missing. Any of the six tasks will do.
guesses = np.linspace(0.01, 0.99, 99)
label = np.array([[0.6, 0.4]])
for program, line in ((mean_cross_entropy_as_given, "--"), (mean_cross_entropy, "-")):
    losses = [program(np.array([[p, 1 - p]]), label) for p in guesses]
    plt.plot(guesses, losses, line, label=program.__name__)
plt.axvline(0.6, color="black", linestyle=":", label="wanted: least at 0.6")
plt.xlabel("probability that the model gives to class 0, for the label (0.6, 0.4)")
plt.ylabel("loss")
plt.legend()
plt.show()
### END SOLUTION

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_own_entry", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 12. An entry of your own
#
# Choose one of the ten, but not that of your picture, and write its entry for the table, in five to ten sentences.
#
# 1. What does the claim say, in your own words?
# 2. Which experiment refutes it, with what result? Give numbers that you have computed, and say what would have come out
#    if the claim were true.
# 3. What is true instead, and *why*?
# 4. When is the claim right, or nearly right? No claim of the ten is wrong everywhere; there is a case that made somebody
#    believe it.

# %% [markdown] nbgrader={"grade": true, "grade_id": "own_entry", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# **Rubric.** Half a point for each of the four. 1: the claim, not its correction, in own words. 2: an experiment that could
# have come out either way, with numbers and with what was expected. 3: the reason and not the rule alone. 4: a case that is
# named exactly, such as
#
# - E0.9 the point $x = 0$, where $x$ and $f(x)$ are equal; E3.22 far out, where both slopes are nearly 0;
# - E4.13 hard labels; E4.7 probabilities far above $10^{-7}$;
# - E0.2 and E1.12 a maximum that is looked for; E4.8 a gradient of length 1;
# - E0.1 after scaling, since both curves have the same form;
# - E3.1 a network that keeps its samples in columns; E3.10 inputs that carry a constant 1;
# - E3.6 $m$ weights that are all $1/m$; E3.7 one sample, or a rate chosen for the sum;
# - E3.16 far more samples than the model can remember;
# - E1.1 from the right of the minimum, for a while; E1.15 a rate that stays;
# - E2.1 if *small* is read as far below 0; E2.2 a network with one path from the weight to the output.
#
# **A full answer.** E2.2 says that the influence of a weight on the output is the product of the slopes on the way from
# one to the other. I computed the slope for a unit that uses $w = 0.5$ at each of two inputs 0, from the start 1. A central
# difference gives 0.811253. If the claim were true, the product 0.372956 along the way from the first use would have to be
# the same. It is not, because $w$ is used twice. When $w$ changes by a little, the first output changes, and the second changes
# for two reasons: its own factor $w$ is another, and so is the first output. For small changes the two effects add up, and each of
# them is a product along its path: $0.372956 + 0.438298 = 0.811253$. So the influence is a sum, over all paths, of products. The
# claim is right where there is only one path, for example with one input, where program and measurement agree.
