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
# # Assignment 5: XOR
#
# You write a network of logistic units that learns XOR: forwards, backwards, and the training. Then you
# draw the boundary that it has found, and explain why two other starts find none. There are 20 points: 16
# for the functions, which the checks award, and 4 that a person reads. Plan two hours.
#
# | | exercise | points | |
# |---|---|---|---|
# | 1 | `predict` | 2 | warm-up |
# | 2 | `accuracy` | 2 | warm-up |
# | 3 | `init_params` | 3 | core |
# | 4 | `loss_and_gradients` | 6 | core |
# | 5 | `train` | 3 | core |
# | 6 | the boundary and the loss | 2 | stretch |
# | 7 | two starts that do not learn | 2 | stretch |
#
# **How to work.** Replace each `raise NotImplementedError()` by your own code, then run the check
# below it. The check says what is right, what is not yet right, and what to look at; run it as
# often as you like. Grading asks the same questions with other numbers. Use NumPy and what you
# wrote yourself; the book's own `nnlib` functions are not accepted as answers, nor inside them.
# Your function of one exercise may call that of another.
# Keep the names of the functions as they are, and do not delete the check cells.
# Before you hand in, restart the kernel and run everything (*Kernel → Restart Kernel and Run All
# Cells*), then press *Validate*.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import matplotlib.pyplot as plt
import numpy as np

from nnchecks import xor as check
from nnlib.datasets import xor_clouds, xor_points

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_the_network", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## The network
#
# It has two inputs, any number of hidden units, and two outputs. Every unit, hidden or output, adds up
# what arrives, adds its bias, and takes the logistic function $\sigma(z) = 1/(1 + e^{-z})$ of that.
# All samples go through together, **one sample in each row**:
#
# $$H = \sigma(X W_1 + \mathbf{b}_1), \qquad \hat Y = \sigma(H W_2 + \mathbf{b}_2).$$
#
# | name | shape | what it is |
# |---|---|---|
# | `X` | (n, 2) | the inputs of $n$ samples |
# | `params["W1"]` | (2, hidden) | entry (i, j) leads from input i to hidden unit j |
# | `params["b1"]` | (hidden,) | a bias for each hidden unit |
# | `params["W2"]` | (hidden, 2) | entry (j, k) leads from hidden unit j to output k |
# | `params["b2"]` | (2,) | a bias for each output |
# | $H$ | (n, hidden) | what comes out of the hidden units |
# | $\hat Y$ | (n, 2) | what comes out of the network |
# | `Y` | (n, 2) | what is wanted: the row (1, 0) for class 0, the row (0, 1) for class 1 |
# | `labels` | (n,) | the same as 0 or 1 |
#
# A row of a weight matrix belongs to where the weights come from, a column to where they lead. On the
# worksheet of assignment 4 it was the other way round, as it is in S0.
#
# All of these are NumPy arrays, and `params` is a dict of the four with the names "W1", "b1", "W2" and
# "b2". Your functions must not change what is passed to them.

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_predict", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1. Forwards
#
# Return $\hat Y$, the outputs for all samples in `X`. Read the number of hidden units from the shapes.
#
# By hand: one hidden unit has the weights $1$ and $-1$, and its weights to the outputs are $2$ and $0$; all
# biases are 0. For $\mathbf{x} = (1, 1)$ the hidden unit gets $1 - 1 = 0$ and gives $\sigma(0) = 0.5$. The
# outputs get $1$ and $0$, and give $\sigma(1) = 0.7311$ and $\sigma(0) = 0.5$. They do not add up to 1, and
# need not.


# %% nbgrader={"grade": false, "grade_id": "predict", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict(params, X):
    """The outputs of the network, a row for each sample.

    >>> W1, W2 = np.array([[1.0], [-1.0]]), np.array([[2.0, 0.0]])
    >>> params = {"W1": W1, "b1": np.zeros(1), "W2": W2, "b2": np.zeros(2)}
    >>> predict(params, np.array([[1.0, 1.0]])).round(4)
    array([[0.7311, 0.5   ]])
    """
    ### BEGIN SOLUTION
    H = 1 / (1 + np.exp(-(X @ params["W1"] + params["b1"])))
    return 1 / (1 + np.exp(-(H @ params["W2"] + params["b2"])))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_predict", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.predict(predict)
### BEGIN HIDDEN TESTS
check.predict(predict, seed=51, rounds=6)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_accuracy", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2. How many are right
#
# The network names class 0 for a sample if the first of its two outputs is the larger one, and class 1 if
# the second is. Return the share of the samples for which that is their label: a number from 0 to 1. No two
# outputs that we ask for are equal.
#
# By hand: if the outputs of three samples are $(0.7, 0.5)$, $(0.2, 0.3)$ and $(0.9, 0.6)$, the network names
# 0, 1 and 0. With the labels 0, 1 and 1 two of three are right, and the accuracy is $0.6667$.


# %% nbgrader={"grade": false, "grade_id": "accuracy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def accuracy(params, X, labels):
    """Share of the samples whose larger output is that of their label.

    >>> W1, W2 = np.array([[1.0], [-1.0]]), np.array([[2.0, 0.0]])
    >>> params = {"W1": W1, "b1": np.zeros(1), "W2": W2, "b2": np.zeros(2)}
    >>> float(accuracy(params, np.array([[1.0, 1.0], [1.0, 0.0]]), np.array([0, 1])))
    0.5
    """
    ### BEGIN SOLUTION
    return np.mean(np.argmax(predict(params, X), axis=1) == labels)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_accuracy", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.accuracy(accuracy)
### BEGIN HIDDEN TESTS
check.accuracy(accuracy, seed=52, rounds=6)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_init_params", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 3. Where to start
#
# Return the `params` of a network with so many hidden units. Draw every weight by itself with the generator
# `rng` (a `numpy.random.Generator`), from both sides of zero: normal or uniform, as you like. With fewer than
# ten hidden units their size, the root of their mean square, should lie between 0.2 and 2: smaller ones hardly
# move for a long time, and larger ones begin where the logistic function is flat. The biases may be 0.
#
# For example, `rng.standard_normal((2, 3))` is an array of that shape with numbers of size 1, and
# `rng.uniform(-1, 1, (2, 3))` one with numbers of size $1/\sqrt 3 = 0.577$. With `hidden` = 3 there are
# $6 + 3 + 6 + 2 = 17$ numbers in all.


# %% nbgrader={"grade": false, "grade_id": "init_params", "locked": false, "schema_version": 3, "solution": true, "task": false}
def init_params(hidden, rng):
    """A network of 2 inputs, so many hidden units and 2 outputs, drawn by rng.

    >>> start = init_params(3, np.random.default_rng(0))
    >>> {name: start[name].shape for name in sorted(start)}
    {'W1': (2, 3), 'W2': (3, 2), 'b1': (3,), 'b2': (2,)}
    """
    ### BEGIN SOLUTION
    return {
        "W1": rng.standard_normal((2, hidden)),
        "b1": np.zeros(hidden),
        "W2": rng.standard_normal((hidden, 2)),
        "b2": np.zeros(2),
    }
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_init_params", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.init_params(init_params)
### BEGIN HIDDEN TESTS
check.init_params(init_params, seed=53, rounds=6)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_loss_and_gradients", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 4. Backwards
#
# The loss is the mean over the samples of half the squared length of the error, plus a penalty on the
# weights. The biases are not penalised:
#
# $$L = \frac{1}{2n} \sum_{\text{samples}} \lVert \hat{\mathbf y} - \mathbf y \rVert^2
#   + \frac{l_2}{2} \Bigl( \sum W_1^2 + \sum W_2^2 \Bigr).$$
#
# Return two things: the loss, and a dict with its gradients by "W1", "b1", "W2" and "b2", each of the shape of
# the array that it belongs to. The parameters stay as they are; the step comes in exercise 5.
#
# The slope of the logistic function is $\sigma(1 - \sigma)$: it takes what comes *out* of a unit. Go back as
# you did on paper. First the deltas of the output units, the derivatives of the mean loss by what goes into
# them, a row for each sample. Then those of the hidden units. Each weight's gradient is then the product of
# what comes in along it and the delta that it leads to, added over the samples.
#
# By hand: take the network of exercise 1, the one sample $(1, 1)$, the wanted outputs $(1, 0)$ and $l_2 = 0$.
# The error is $(-0.2689, 0.5)$, so the loss is $(0.0723 + 0.25)/2 = 0.1612$. The deltas of the outputs are
# $-0.2689 \cdot 0.7311 \cdot 0.2689 = -0.0529$ and $0.5 \cdot 0.5 \cdot 0.5 = 0.125$; times $0.5$ they are
# the gradient by `W2`. The delta of the hidden unit is
# $(-0.0529 \cdot 2 + 0.125 \cdot 0) \cdot 0.5 \cdot 0.5 = -0.0264$. With $l_2 = 0.1$ the loss grows by
# $0.05 \cdot (1 + 1 + 4) = 0.3$, and the gradient by the first weight of `W2` by $0.1 \cdot 2 = 0.2$.


# %% nbgrader={"grade": false, "grade_id": "loss_and_gradients", "locked": false, "schema_version": 3, "solution": true, "task": false}
def loss_and_gradients(params, X, Y, l2):
    """The loss, and the dict of its gradients.

    >>> W1, W2 = np.array([[1.0], [-1.0]]), np.array([[2.0, 0.0]])
    >>> params = {"W1": W1, "b1": np.zeros(1), "W2": W2, "b2": np.zeros(2)}
    >>> X, Y = np.array([[1.0, 1.0]]), np.array([[1.0, 0.0]])
    >>> loss, gradients = loss_and_gradients(params, X, Y, 0.0)
    >>> round(float(loss), 4), gradients["W2"].round(4), gradients["b1"].round(4)
    (0.1612, array([[-0.0264,  0.0625]]), array([-0.0264]))
    >>> loss, gradients = loss_and_gradients(params, X, Y, 0.1)
    >>> round(float(loss), 4), gradients["W2"].round(4), gradients["b1"].round(4)
    (0.4612, array([[0.1736, 0.0625]]), array([-0.0264]))
    """
    ### BEGIN SOLUTION
    n = len(X)
    W1, W2 = params["W1"], params["W2"]
    H = 1 / (1 + np.exp(-(X @ W1 + params["b1"])))
    out = predict(params, X)
    D2 = (out - Y) * out * (1 - out) / n
    D1 = (D2 @ W2.T) * H * (1 - H)
    loss = np.sum((out - Y) ** 2) / (2 * n) + l2 / 2 * (np.sum(W1**2) + np.sum(W2**2))
    return loss, {
        "W1": X.T @ D1 + l2 * W1,
        "b1": D1.sum(axis=0),
        "W2": H.T @ D2 + l2 * W2,
        "b2": D2.sum(axis=0),
    }
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_loss_and_gradients", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check.loss_and_gradients(loss_and_gradients)
### BEGIN HIDDEN TESTS
check.loss_and_gradients(loss_and_gradients, seed=54, rounds=4)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_train", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 5. The training
#
# Take so many `steps` of gradient descent with the `learning_rate`, each with all samples. Every step computes
# all four gradients first and then moves all four arrays. Return two things: the `params` at the end, and the
# losses, `steps + 1` of them: the one at the start and the one after each step. They are the losses of exercise
# 4, with the penalty. Afterwards the `params` that were passed in are what they were before, so that you can
# train from the same start again.
#
# By hand: in the example of exercise 4 the first weight of `W2` has the gradient $-0.0264$. One step with the
# learning rate 1 takes it from $2$ to $2.0264$, and the losses of two steps are $0.1612$, $0.1370$ and $0.1166$.


# %% nbgrader={"grade": false, "grade_id": "train", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train(params, X, Y, learning_rate, steps, l2=0.0):
    """The params after gradient descent, and the loss before, between and after the steps.

    >>> W1, W2 = np.array([[1.0], [-1.0]]), np.array([[2.0, 0.0]])
    >>> params = {"W1": W1, "b1": np.zeros(1), "W2": W2, "b2": np.zeros(2)}
    >>> X, Y = np.array([[1.0, 1.0]]), np.array([[1.0, 0.0]])
    >>> trained, losses = train(params, X, Y, 1.0, 2)
    >>> [round(float(loss), 4) for loss in losses]
    [0.1612, 0.137, 0.1166]
    >>> params["W2"]
    array([[2., 0.]])
    """
    ### BEGIN SOLUTION
    losses = []
    for _ in range(steps):
        loss, gradients = loss_and_gradients(params, X, Y, l2)
        losses.append(loss)
        params = {name: params[name] - learning_rate * gradients[name] for name in params}
    losses.append(loss_and_gradients(params, X, Y, l2)[0])
    return params, losses
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_train", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.train(train)
### BEGIN HIDDEN TESTS
check.train(train, seed=55, rounds=4)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_use", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Use it.** The next cell lets your network learn the four points of XOR from ten starts.

# %% nbgrader={"grade": false, "grade_id": "use", "locked": true, "schema_version": 3, "solution": false, "task": false}
X_four, Y_four, labels_four = xor_points()
try:
    for seed in range(10):
        start = init_params(3, np.random.default_rng(seed))
        trained, losses = train(start, X_four, Y_four, 2.0, 1500)
        share = accuracy(trained, X_four, labels_four)
        print(f"start {seed}: loss {losses[0]:.4f} -> {losses[-1]:.4f}, accuracy {share:.2f}")
except NotImplementedError:
    print("Write the functions above first.")

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_boundary_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 6. The boundary and the loss
#
# Train a network with 4 hidden units on the 200 noisy samples below, with the learning rate 2, for 1500 steps.
# Draw two pictures beside each other. On the left the samples, the two classes with different markers, and the
# boundary between the places where the network names class 0 and those where it names class 1. On the right
# the loss over the steps. Name all axes and both classes, and write the accuracy into the left title.
#
# One way to the boundary: ask `predict` about a grid of points (`np.meshgrid`), and draw where the
# difference of the two outputs is 0 with `plt.contour(..., levels=[0])`.

# %% nbgrader={"grade": false, "grade_id": "the_samples", "locked": true, "schema_version": 3, "solution": false, "task": false}
X, Y, labels = xor_clouds(200, np.random.default_rng(5), noise=0.4)

# %% nbgrader={"grade": true, "grade_id": "boundary_picture", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
# Rubric. 1 point: the boundary, from the network's own outputs on a grid, between samples whose
#         classes can be told apart without colour; it is bent or in two pieces, and puts the two
#         corners of each class on its own side; the accuracy is about 0.96 or more.
#         1 point: the loss over the steps, from about 0.3 down to less than 0.04, with its plateau
#         near 0.25; all axes and both classes named. Half points are possible.
start = init_params(4, np.random.default_rng(1))
trained, losses = train(start, X, Y, 2.0, 1500)
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4))
ticks = np.linspace(-2.5, 2.5, 121)
x0, x1 = np.meshgrid(ticks, ticks)
outputs = predict(trained, np.column_stack([x0.ravel(), x1.ravel()]))
left.contour(x0, x1, (outputs[:, 1] - outputs[:, 0]).reshape(x0.shape), levels=[0], colors="black")
for label, marker in ((0, "o"), (1, "x")):
    left.plot(*X[labels == label].T, marker, label=f"class {label}")
left.set(
    xlabel="x₀",
    ylabel="x₁",
    aspect="equal",
    title=f"accuracy {accuracy(trained, X, labels):.3f}",
)
left.legend()
right.plot(losses)
right.set(xlabel="step", ylabel="loss")
plt.show()
### END SOLUTION

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_why_not_zeros", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 7. Two starts that do not learn
#
# The next cell trains on the four points of XOR from two starts that nobody has drawn. In the first all weights
# are 0. In the second they are not, but the three hidden units have the same weights as each other. Run it.

# %% nbgrader={"grade": false, "grade_id": "two_starts", "locked": true, "schema_version": 3, "solution": false, "task": false}
two_starts = {
    "all zero": (np.zeros((2, 3)), np.zeros((3, 2))),
    "units alike": (np.tile([[0.5], [0.2]], 3), np.tile([0.3, -0.4], (3, 1))),
}
try:
    for name, (W1, W2) in two_starts.items():
        start = {"W1": W1, "b1": np.zeros(3), "W2": W2, "b2": np.zeros(2)}
        trained, losses = train(start, X_four, Y_four, 2.0, 2000)
        share = accuracy(trained, X_four, labels_four)
        print(f"{name}: loss {losses[0]:.4f} -> {losses[-1]:.4f}, accuracy {share:.2f}")
        print(f"W1 at the end:\n{trained['W1'].round(3)}")
except NotImplementedError:
    print("Write the functions above first.")

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_the_explanation", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Explain what you see in five to ten sentences, to somebody who has done assignment 4. Why does nothing move in
# the first run, although half of the points are wrong? Why do the hidden units of the second run never come
# apart, whatever the learning rate is and however long it runs? Why can it get three points right and not four?
# And what does drawing the weights change?

# %% [markdown] nbgrader={"grade": true, "grade_id": "why_not_zeros", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# **Rubric.** 1 point: with all weights 0 every hidden unit gives ½ and every output ½ for each sample; no delta
# reaches the hidden units, since the way back leads along `W2 = 0`; and the deltas of the outputs cancel
# over the four points, since each class has two of them, so the gradients by `W2` and `b2` are 0 as well: the
# start is a stationary point. 1 point: units with the same weights in and out get the same delta and the same
# inputs, so the same gradient, and stay alike (symmetry; by induction over the steps); together they are no
# more than one hidden unit, whose output rises or falls along one direction, so that the boundary is one straight
# line, which gets at most 3 of the 4 points; drawn weights differ, so the gradients differ and the units can
# take different parts. Half points are possible.
#
# **A full answer.** With all weights 0 each sum is 0, so every hidden unit gives $\tfrac12$ and both outputs are
# $\tfrac12$ for every point. The deltas of the outputs are $\pm\tfrac12 \cdot \tfrac14 \cdot \tfrac14$,
# with each sign for two of the four points. The gradient by `W2` adds them up with the same factor
# $h = \tfrac12$, and the gradient by `b2` with the factor 1, so both are 0. To the hidden units nothing comes
# back at all, because the way there is multiplied by `W2`, which is 0. All gradients are 0, and descent stays
# where it is, at the loss 0.25. In the second run the three hidden units see the same inputs through the same
# weights, give the same outputs, and get back the same deltas. So their weights get the same gradients and are
# the same after the step, and so on for ever; a rate only multiplies equal numbers. Three units that always
# agree are one unit. Its output depends on one weighted sum of the inputs and only rises or falls with it, and
# so does the difference of what goes into the two output units. So the answer to which of them is larger
# changes on one straight line at most, and a straight line gets at most three points of XOR right. Drawn weights differ from unit to unit, so the gradients
# differ, and two units can become the two lines that XOR needs.
