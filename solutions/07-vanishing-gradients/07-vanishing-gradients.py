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
# # Assignment 7: vanishing and exploding gradients
#
# You draw start weights of the right size, shorten gradients that are too long, and measure what reaches
# each layer of a deep network. Then you draw it for several activations, and explain what you see. There are
# 20 points: 16 for the functions, which the checks award, and 4 that a person reads. Plan one and a half to
# two hours.
#
# | | exercise | points | |
# |---|---|---|---|
# | 1 | `xavier` | 3 | warm-up |
# | 2 | `he` | 3 | warm-up |
# | 3 | `clip_by_norm` | 4 | core |
# | 4 | `layer_gradient_norms` | 6 | core |
# | 5 | what reaches each layer | 2 | stretch |
# | 6 | why it vanishes | 2 | stretch |
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

from nnchecks import vanishing_gradients as check

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_xavier", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1. Xavier's start weights
#
# A layer has `n_in` inputs and `n_out` units. Return its start weights, an array of shape `(n_in, n_out)`:
# each weight is drawn by itself from a normal distribution around 0 with the variance
#
# $$\frac{2}{n_\text{in} + n_\text{out}} .$$
#
# Draw with `rng`, a `numpy.random.Generator`, and with nothing else: the same seed then gives the same weights
# again.
#
# By hand: for 3 inputs and 5 units the variance is $2/8 = 0.25$ and the standard deviation $0.5$. So about two
# of three weights lie between $-0.5$ and $0.5$.


# %% nbgrader={"grade": false, "grade_id": "xavier", "locked": false, "schema_version": 3, "solution": true, "task": false}
def xavier(n_in, n_out, rng):
    """Normal weights of variance 2/(n_in + n_out).

    >>> W = xavier(300, 500, np.random.default_rng(0))
    >>> W.shape, round(float(W.std()), 2)
    ((300, 500), 0.05)
    """
    ### BEGIN SOLUTION
    return rng.normal(0, np.sqrt(2 / (n_in + n_out)), (n_in, n_out))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_xavier", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.xavier(xavier)
### BEGIN HIDDEN TESTS
check.xavier(xavier, seed=71, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_he", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2. He's start weights
#
# The same for units of relu, of which about half are off: a normal distribution around 0 with the variance
#
# $$\frac{2}{n_\text{in}} .$$
#
# By hand: for 8 inputs the variance is $2/8 = 0.25$ and the standard deviation $0.5$, however many units there
# are.


# %% nbgrader={"grade": false, "grade_id": "he", "locked": false, "schema_version": 3, "solution": true, "task": false}
def he(n_in, n_out, rng):
    """Normal weights of variance 2/n_in.

    >>> W = he(800, 500, np.random.default_rng(0))
    >>> W.shape, round(float(W.std()), 2)
    ((800, 500), 0.05)
    """
    ### BEGIN SOLUTION
    return rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_he", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.he(he)
### BEGIN HIDDEN TESTS
check.he(he, seed=72, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_clip_by_norm", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 3. Shorten what is too long
#
# `gradients` is a list of arrays of any shapes, such as the gradients of all layers. Think of all their numbers
# together as one long vector. If its length, the root of the sum of all squares, is larger than `limit`,
# multiply every number by one factor, so that the length becomes `limit`. Otherwise leave the numbers as they
# are. Return a list of arrays of the same shapes. What was passed in stays as it was.
#
# By hand: the gradients $(3)$ and $(4)$ have the length $\sqrt{3^2 + 4^2} = 5$. With the limit 1 the factor is
# $1/5$, and they become $(0.6)$ and $(0.8)$. With the limit 10 they stay $(3)$ and $(4)$.


# %% nbgrader={"grade": false, "grade_id": "clip_by_norm", "locked": false, "schema_version": 3, "solution": true, "task": false}
def clip_by_norm(gradients, limit):
    """Shorten all arrays by one factor, so that they are together no longer than the limit.

    >>> [g.round(3).tolist() for g in clip_by_norm([np.array([3.0]), np.array([4.0])], 1)]
    [[0.6], [0.8]]
    >>> [g.tolist() for g in clip_by_norm([np.array([3.0]), np.array([4.0])], 10)]
    [[3.0], [4.0]]
    """
    ### BEGIN SOLUTION
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
    if norm > limit:
        return [g * (limit / norm) for g in gradients]
    return gradients
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_clip_by_norm", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.clip_by_norm(clip_by_norm)
### BEGIN HIDDEN TESTS
check.clip_by_norm(clip_by_norm, seed=73, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_layer_gradient_norms", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 4. What reaches each layer
#
# `weights` is a list of arrays: `weights[k]`, of shape (inputs, units), belongs to layer $k$. There are no
# biases. The rows of `X` are $n$ samples, and those of `T` the outputs wanted. After *every* layer, the last one
# too, stands the same `activation`: `"sigmoid"`, `"tanh"`, `"relu"` or `"linear"`, which does nothing. So a
# layer makes $H_{k+1} = f(H_k W_k)$, with $H_0 = X$. The loss is
#
# $$L = \frac{1}{2n} \sum_{\text{samples}} \lVert \mathbf{y} - \mathbf{t} \rVert^2 .$$
#
# Return one number for each layer, from the first to the last: the mean of the absolute values of all
# entries of $\partial L / \partial W_k$. What was passed in stays as it was.
#
# By hand: one linear layer with the weights $(1, -1)$, one sample $x = 2$ with the target $(1, 1)$. The outputs
# are $(2, -2)$, the errors $(1, -3)$, and the gradient is $2 \cdot (1, -3) = (2, -6)$. The mean of the absolute
# values is 4. With the sample given twice it is still 4, because the loss is a mean.


# %% nbgrader={"grade": false, "grade_id": "layer_gradient_norms", "locked": false, "schema_version": 3, "solution": true, "task": false}
def layer_gradient_norms(weights, X, T, activation):
    """Mean absolute gradient of each layer's weights.

    >>> X, T = np.array([[2.0]]), np.array([[1.0, 1.0]])
    >>> [float(one) for one in layer_gradient_norms([np.array([[1.0, -1.0]])], X, T, "linear")]
    [4.0]
    >>> W = np.array([[0.5]])
    >>> [round(float(one), 4) for one in layer_gradient_norms([W, W], X, np.array([[0.0]]), "tanh")]
    [0.1325, 0.2402]
    """
    ### BEGIN SOLUTION
    value, slope = {
        "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda a: a * (1 - a)),
        "tanh": (np.tanh, lambda a: 1 - a**2),
        "relu": (lambda z: np.maximum(z, 0), lambda a: a > 0),
        "linear": (lambda z: z, lambda a: 1),
    }[activation]
    outputs = [X]
    for W in weights:
        outputs.append(value(outputs[-1] @ W))
    back = (outputs[-1] - T) / len(X)
    norms = []
    for k in reversed(range(len(weights))):
        delta = back * slope(outputs[k + 1])
        norms.append(np.abs(outputs[k].T @ delta).mean())
        back = delta @ weights[k].T
    return norms[::-1]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_layer_gradient_norms", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check.layer_gradient_norms(layer_gradient_norms)
### BEGIN HIDDEN TESTS
check.layer_gradient_norms(layer_gradient_norms, seed=74, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_use", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Use it.** The next cell sends 50 samples through ten layers of 20 tanh units, with your `xavier` and with
# weights three times as large, and prints what reaches the first layer and the last.

# %% nbgrader={"grade": false, "grade_id": "use", "locked": true, "schema_version": 3, "solution": false, "task": false}
rng = np.random.default_rng(5)
samples, wanted = rng.standard_normal((50, 20)), rng.uniform(-0.5, 0.5, (50, 20))
try:
    small = [xavier(20, 20, rng) for _ in range(10)]
    large = [3 * W for W in small]
    for name, weights in (("xavier", small), ("three times xavier", large)):
        norms = layer_gradient_norms(weights, samples, wanted, "tanh")
        print(f"{name}: {norms[0]:.2g} at the first layer, {norms[-1]:.2g} at the last")
except NotImplementedError:
    print("Write the functions above first.")

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_layers_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 5. What reaches each layer, in a picture
#
# The next cell makes 64 samples with 30 numbers each, and outputs wanted. Build networks of ten layers of 30
# units for them: sigmoid, tanh and relu with weights from `xavier`, and relu with weights from `he`. Draw four
# curves: the mean absolute gradient of each layer over the number of the layer, 1 to 10, with a logarithmic
# upright axis. Tell the curves apart by their marks or dashes, name both axes, and add a legend.

# %% nbgrader={"grade": false, "grade_id": "the_samples", "locked": true, "schema_version": 3, "solution": false, "task": false}
rng = np.random.default_rng(7)
X, T = rng.standard_normal((64, 30)), rng.random((64, 30))

# %% nbgrader={"grade": true, "grade_id": "layers_picture", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
# Rubric. 1 point: the right curves: ten layers of 30 units, four curves over the layers 1 to 10 on a
#         logarithmic upright axis. Sigmoid falls by about a millionth towards layer 1; the other three
#         are nearly level, relu with xavier ten to thirty times below relu with he. (The place of
#         the level curves depends on the seed, their order hardly.)
#         1 point: curves that differ by more than colour; named axes; a legend. Half points if one of
#         these is missing.
layers = range(1, 11)
for activation, rule, style in (
    ("sigmoid", xavier, "o-"),
    ("tanh", xavier, "s--"),
    ("relu", xavier, "^:"),
    ("relu", he, "v-."),
):
    weights = [rule(30, 30, rng) for _ in layers]
    norms = layer_gradient_norms(weights, X, T, activation)
    plt.semilogy(layers, norms, style, label=f"{activation}, {rule.__name__}")
plt.xlabel("layer")
plt.ylabel("mean absolute gradient")
plt.legend()
plt.show()
### END SOLUTION

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_why_it_vanishes", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 6. Why it vanishes
#
# Explain your picture in five to nine sentences, to somebody who knows the chain rule. Why does the curve of
# sigmoid fall from layer to layer on the way back, and why do somewhat larger weights not stop it? Why are both
# curves of relu level, and why is one of them lower? A friend wants to cure the sigmoid network with
# `clip_by_norm`: what does clipping change, what does it keep, and does it help here?

# %% [markdown] nbgrader={"grade": true, "grade_id": "why_it_vanishes", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# **Rubric.** 1 point: on the way back each layer multiplies by its weights and by the slope of sigmoid, which is
# at most $1/4$; the product of ten such factors is tiny; weights up to about four times as large cannot make up for
# it, and large sums make the slope smaller still. Half a point for the product, half for the slope's limit.
# ½ point: relu's slope is 1 for units that are on; with `xavier` about half of the mean square is lost in each
# layer, forth and back alike, so that all layers have the same small gradient; `he` doubles the variance.
# ½ point: clipping shortens all gradients by one factor when they are too long together; it keeps the direction
# and the proportion between the layers; it never makes anything longer, so it is no help against
# vanishing.
#
# **A full answer.** On its way back the error passes the layers one by one. Each multiplies it by its
# weights and by the slope of its units. The slope of sigmoid, $a(1 - a)$, is at most $1/4$, and weights from
# `xavier` keep lengths about as they are. So each layer leaves a quarter or less, here about
# $1/4.6$, and nine such steps leave about a millionth. Weights twice as large only make it one half; from four
# times on they could make up for the quarter, but only where the sums stay near 0, and large weights make
# large sums, where the slope is far below $1/4$. Relu has the slope 1 where it is on, and 0 elsewhere. With weights from
# `xavier` about half of the mean square gets lost in each layer, forth as well as back: what goes into the first
# layers is large and what comes back to them small, and at the last layers it is the other way round. A
# gradient is the product of the two, so all layers have about the same, a small one. `he` doubles the variance,
# nothing gets lost, and the curve is as level but higher. Clipping multiplies all gradients by one factor if
# together they are too long. It changes the length of the step and keeps its direction, so the
# first layers still get a millionth of what the last one gets; and these gradients are short, so that clipping does
# nothing at all.
