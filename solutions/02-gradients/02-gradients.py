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
# # Assignment 2: gradients
#
# You write the five functions of chapter 2, check one of them with another, draw a field, and explain
# where its arrows aim. There are 20 points: 16 for the functions, which the checks award, and 4 that a
# person reads. Plan one and a half to two hours.
#
# | | exercise | points | |
# |---|---|---|---|
# | 1 | `directional_derivative` | 3 | warm-up |
# | 2 | `softmax` | 3 | warm-up |
# | 3 | `cross_entropy` | 3 | core |
# | 4 | `loss_gradient` | 4 | core |
# | 5 | `gradient_error` | 3 | core |
# | 6 | a field of your own | 2 | stretch |
# | 7 | where the arrows aim | 2 | stretch |
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

from nnchecks import gradients as check

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_directional_derivative", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1. The slope in any direction
#
# `gradient` is a function: `gradient(x)` is the gradient at `x`, an array of the shape of `x`. Return the
# slope that one meets when leaving `x` in the direction of `u`, one number:
#
# $$\nabla f(\mathbf{x}) \cdot \frac{\mathbf{u}}{\lVert\mathbf{u}\rVert}.$$
#
# `u` has the shape of `x` and any length but zero. The shape may be that of a matrix, too; the product
# is then taken entry by entry and added up. Both may also be lists; hand `gradient` an array all the
# same, because `2 * x` means something else for a list.
#
# By hand: for $f(x) = x_0^2 + x_1^2$ at $(3, 4)$ the gradient is $(6, 8)$. The direction $(0, -2)$ has
# length 2, so the slope is $(6 \cdot 0 + 8 \cdot (-2)) / 2 = -8$.


# %% nbgrader={"grade": false, "grade_id": "directional_derivative", "locked": false, "schema_version": 3, "solution": true, "task": false}
def directional_derivative(gradient, x, u):
    """Slope met when leaving x in the direction of u.

    >>> float(directional_derivative(lambda x: 2 * x, np.array([3, 4]), np.array([0, -2])))
    -8.0
    """
    ### BEGIN SOLUTION
    return np.sum(gradient(np.asarray(x)) * u) / np.linalg.norm(u)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_directional_derivative", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.directional_derivative(directional_derivative)
### BEGIN HIDDEN TESTS
check.directional_derivative(directional_derivative, seed=81, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_softmax", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2. Softmax
#
# Return the probabilities
#
# $$y_k = \frac{e^{z_k}}{\sum_j e^{z_j}}$$
#
# of the logits `z` (an array or a list), in an array of the shape of `z`. If `z` has several axes,
# samples lie in rows: the probabilities along the *last* axis add up to 1. Logits may be as large as
# 5000 and as small as −5000; no `nan` may come of it.
#
# By hand: for $z = (0, \ln 3)$ the exponentials are 1 and 3, their sum is 4, and the probabilities are
# $0.25$ and $0.75$. For $z = (1000, 1000 + \ln 3)$ they are the same. Why?


# %% nbgrader={"grade": false, "grade_id": "softmax", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax(z):
    """Probabilities along the last axis, in the ratios exp(z).

    >>> softmax(np.array([1000, 1000 + np.log(3)])).round(6)
    array([0.25, 0.75])
    """
    ### BEGIN SOLUTION
    y = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return y / np.sum(y, axis=-1, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_softmax", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.softmax(softmax)
### BEGIN HIDDEN TESTS
check.softmax(softmax, seed=82, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_cross_entropy", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 3. Cross-entropy from logits
#
# `z` holds logits and `t` the probabilities wanted, both of shape $(k)$ for one sample, or $(n, k)$ for a
# batch with one sample a row. The loss of one sample is $-\sum_k t_k \log y_k$, where $\mathbf{y}$ is the
# softmax of its logits. Return the mean over the samples, one number.
#
# A network may be certain and wrong: with the logits $(1000, 0)$ and the targets $(0, 1)$ the loss is
# $1000$, not infinity and not `nan`. So do not take the logarithm of a probability; take the logarithm on
# paper first.
#
# By hand: for $z = (0, \ln 3)$ and $t = (1, 0)$ the probability wanted is $0.25$, and the loss is
# $\ln 4 = 1.386294$.


# %% nbgrader={"grade": false, "grade_id": "cross_entropy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cross_entropy(z, t):
    """Mean over the samples of -sum(t log softmax(z)).

    >>> float(cross_entropy(np.array([0, np.log(3)]), np.array([1, 0])).round(6))
    1.386294
    """
    ### BEGIN SOLUTION
    z = z - np.max(z, axis=-1, keepdims=True)
    log_y = z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))
    return -np.mean(np.sum(t * log_y, axis=-1))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_cross_entropy", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.cross_entropy(cross_entropy)
### BEGIN HIDDEN TESTS
check.cross_entropy(cross_entropy, seed=83, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_loss_gradient", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 4. The gradient by the weights
#
# The logits come from weights: $\mathbf{z} = \mathbf{x} W$, with `W` of shape $(m, k)$ and `x` of shape
# $(m)$ for one sample or $(n, m)$ for a batch. Return the gradient of the loss of exercise 3 with respect
# to `W`, an array of the shape of `W`. Use the formula, not differences.
#
# By hand: with $W = 0$ and two classes every probability is $\tfrac12$. For $\mathbf{x} = (1, 2)$ and
# $\mathbf{t} = (0, 1)$ the error of the logits is $(\tfrac12, -\tfrac12)$, and the gradient has the rows
# $1 \cdot (\tfrac12, -\tfrac12)$ and $2 \cdot (\tfrac12, -\tfrac12)$.


# %% nbgrader={"grade": false, "grade_id": "loss_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def loss_gradient(W, x, t):
    """Gradient of cross_entropy(x @ W, t) with respect to W.

    >>> loss_gradient(np.zeros((2, 2)), np.array([1, 2]), np.array([0, 1]))
    array([[ 0.5, -0.5],
           [ 1. , -1. ]])
    """
    ### BEGIN SOLUTION
    x = np.atleast_2d(x)
    return x.T @ (softmax(x @ W) - t) / len(x)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_loss_gradient", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.loss_gradient(loss_gradient)
### BEGIN HIDDEN TESTS
check.loss_gradient(loss_gradient, seed=84, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_gradient_error", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 5. Checking a gradient
#
# Is `gradient` the gradient of `f`? Test it at `x` along random directions, as many as `directions` says.
# For each direction:
#
# 1. draw it with `rng.standard_normal(np.shape(x))`, and make it one long: this is $\mathbf{u}$;
# 2. let $a$ be what the gradient says, $\nabla f \cdot \mathbf{u}$ (entry by entry, added up);
# 3. let $b$ be what is measured, the central difference
#    $\bigl(f(\mathbf{x} + h\mathbf{u}) - f(\mathbf{x} - h\mathbf{u})\bigr) / 2h$, with $h = 10^{-5}$;
# 4. the relative error is $|a - b| / \max(|a|, |b|)$, and 0 if $a$ and $b$ are both 0.
#
# Return the largest of these errors. `x` may have any shape, and is the same afterwards as before.
#
# By hand: if `gradient` returns twice the right gradient, then $a = 2b$ in every direction, and the
# result is $\tfrac12$.


# %% nbgrader={"grade": false, "grade_id": "gradient_error", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gradient_error(f, gradient, x, rng, directions=10):
    """Largest relative error of a gradient along random directions.

    >>> rng = np.random.default_rng(0)
    >>> error = gradient_error(lambda x: np.sum(x**2), lambda x: 4 * x, np.array([3, 4]), rng)
    >>> round(float(error), 6)
    0.5
    """
    ### BEGIN SOLUTION
    h = 1e-5
    errors = []
    for _ in range(directions):
        u = rng.standard_normal(np.shape(x))
        u = u / np.linalg.norm(u)
        a = np.sum(gradient(x) * u)
        b = (f(x + h * u) - f(x - h * u)) / (2 * h)
        larger = max(abs(a), abs(b))
        errors.append(abs(a - b) / larger if larger > 0 else 0.0)
    return max(errors)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_gradient_error", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.gradient_error(gradient_error)
### BEGIN HIDDEN TESTS
check.gradient_error(gradient_error, seed=85, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_use", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Use it.** The next cell checks your exercise 4 against your exercise 3, with your exercise 5. A right
# gradient gives a number below $10^{-6}$.

# %% nbgrader={"grade": false, "grade_id": "use", "locked": true, "schema_version": 3, "solution": false, "task": false}
rng = np.random.default_rng(2)
x_batch, t_batch = rng.normal(size=(5, 2)), np.eye(3)[[0, 2, 1, 2, 0]]
try:
    error = gradient_error(
        lambda W: cross_entropy(x_batch @ W, t_batch),
        lambda W: loss_gradient(W, x_batch, t_batch),
        rng.normal(size=(2, 3)),
        rng,
    )
    print(f"relative error of your loss_gradient: {error:.1e}")
except NotImplementedError:
    print("Write the functions above first.")

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_field", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 6. A field of your own
#
# Draw the contours of $f(x_0, x_1) = \tfrac12(x_0^2 + 9x_1^2)$ for $-4 \le x_0 \le 4$ and
# $-2 \le x_1 \le 2$, and on them the field of $-\nabla f$ as arrows (`plt.quiver`, on a grid of at least 5
# by 5 points). Both axes need the same scale (`plt.axis("equal")`), or right angles will not look right.
# Mark the point $(3, 1)$, draw a straight line from it to the minimum, and name the axes.

# %% nbgrader={"grade": true, "grade_id": "field_picture", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
# Rubric. 1 point: contours, and arrows that go downhill (minus the gradient, at the right points).
#         1 point: equal scales, the point, the line to the minimum, named axes.
x0, x1 = np.meshgrid(np.linspace(-4, 4, 81), np.linspace(-2, 2, 41))
plt.contour(x0, x1, (x0**2 + 9 * x1**2) / 2, levels=12, colors="grey", linewidths=0.8)
x0, x1 = np.meshgrid(np.linspace(-3.5, 3.5, 8), np.linspace(-1.75, 1.75, 6))
plt.quiver(x0, x1, -x0, -9 * x1, angles="xy")
plt.plot([3, 0], [1, 0], "o--", label="from (3, 1) to the minimum")
plt.axis("equal")
plt.xlabel("$x_0$")
plt.ylabel("$x_1$")
plt.legend()
plt.show()
### END SOLUTION

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_where_the_arrows_aim", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 7. Where the arrows aim
#
# Explain your picture in four to eight sentences, to somebody who knows what a slope is. How does each
# arrow lie to the contour through its foot, and why? Why does the arrow at $(3, 1)$ not point along your
# line to the minimum? In which unit would you have to measure $x_1$ so that all arrows aim at the minimum,
# and what would the contours look like then?

# %% [markdown] nbgrader={"grade": true, "grade_id": "where_the_arrows_aim", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# **Rubric.** 1 point: each arrow is at a right angle to its contour, with the reason (along the contour
# the height does not change, so the slope there is zero; the slope is the gradient times the direction,
# and that is zero at a right angle), and the arrow shows where it falls fastest *at that point*, which
# need not be where the minimum is. 1 point: with $x_1$ measured in thirds ($x_1' = 3x_1$) the function is
# $\tfrac12(x_0^2 + x_1'^2)$, the contours are circles, and the arrows aim at the centre; the direction of
# steepest descent depends on units. Half points are possible.
#
# **A full answer.** Walking along a contour the height stays the same, so the slope in that direction is
# zero. The slope in any direction is the gradient times the direction, and such a product is zero only at
# a right angle; so each arrow crosses its contour at a right angle. At $(3, 1)$ minus the gradient is
# $(-3, -9)$, steeply across the valley, while the minimum lies in the direction $(-3, -1)$, along it. The
# gradient knows only how the ground falls at that point, and across the valley it falls nine times as
# fast for the same way. If $x_1$ is measured in a unit three times smaller, its number is three times as
# large, $x_1' = 3x_1$, and the function becomes $\tfrac12(x_0^2 + x_1'^2)$. Its contours are circles, and
# at a right angle to a circle lies the centre: every arrow aims at the minimum. So "steepest" depends on
# the units in which we measure the way.
