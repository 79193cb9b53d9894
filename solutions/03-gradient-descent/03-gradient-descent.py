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
# # Assignment 3: gradient descent
#
# You write the five functions of chapter 3, draw the cliff at the end of the stable learning rates, and
# explain it. There are 20 points: 16 for the functions, which the checks award, and 4 that a person
# reads. Plan one and a half to two hours.
#
# | | exercise | points | |
# |---|---|---|---|
# | 1 | `gradient_descent` | 4 | warm-up |
# | 2 | `sgd_step` | 3 | warm-up |
# | 3 | `stable_learning_rate` | 3 | core |
# | 4 | `descend_until` | 3 | core |
# | 5 | `minibatches` | 3 | core |
# | 6 | the cliff | 2 | stretch |
# | 7 | why there is a cliff | 2 | stretch |
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

from nnchecks import gradient_descent as check

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_gradient_descent", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1. The path
#
# `gradient` is a function: `gradient(x)` is the gradient at the array `x`, an array of its shape. Start at
# `x0`, an array or list of $n$ numbers, and take so many `steps` (in a picture ten, elsewhere thousands)
#
# $$\mathbf{x} \leftarrow \mathbf{x} - \eta \, \nabla f(\mathbf{x})$$
#
# with the `learning_rate` $\eta$. Return every point that you visit, the start included, as the rows of an
# array of shape `(steps + 1, n)`. Afterwards `x0` is what it was before.
#
# By hand: for $f(x) = x_0^2 + x_1^2$ the gradient is $2\mathbf{x}$. With the rate $0.25$ each step takes
# half of $\mathbf{x}$ away, so from $(4, -8)$ the path goes to $(2, -4)$ and then to $(1, -2)$.


# %% nbgrader={"grade": false, "grade_id": "gradient_descent", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gradient_descent(gradient, x0, learning_rate, steps):
    """Every point of gradient descent from x0, a row each.

    >>> gradient_descent(lambda x: 2 * x, np.array([4, -8]), 0.25, 2)
    array([[ 4., -8.],
           [ 2., -4.],
           [ 1., -2.]])
    """
    ### BEGIN SOLUTION
    path = [np.array(x0, dtype=float)]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * gradient(path[-1]))
    return np.array(path)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_gradient_descent", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.gradient_descent(gradient_descent)
### BEGIN HIDDEN TESTS
check.gradient_descent(gradient_descent, seed=91, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_sgd_step", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2. One step on a batch
#
# The rows of `X`, of shape $(n, d)$, are samples, and `y` holds the $n$ values wanted. A linear model with
# the weights `w` predicts `X @ w`, and its loss is
#
# $$L = \frac{1}{2n} \sum_{i} \bigl((X\mathbf{w})_i - y_i\bigr)^2 .$$
#
# Return the new weights after one step of gradient descent with the rate `learning_rate`. The batch may
# be a single row. `w`, `X` and `y` may also be lists, and are the same afterwards as before.
#
# By hand: with $w = (1)$, the rows $(1)$ and $(2)$, and $y = (2, 4)$ the errors are $-1$ and $-2$. The
# gradient is $(1 \cdot (-1) + 2 \cdot (-2))/2 = -2.5$, and with the rate $0.1$ the new weight is $1.25$.


# %% nbgrader={"grade": false, "grade_id": "sgd_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sgd_step(w, X, y, learning_rate):
    """Return the weights after one step against the gradient of the mean half squared error.

    >>> sgd_step(np.array([1.0]), np.array([[1.0], [2.0]]), np.array([2.0, 4.0]), 0.1)
    array([1.25])
    """
    ### BEGIN SOLUTION
    X = np.asarray(X)
    error = X @ w - y
    return w - learning_rate * (X.T @ error) / len(X)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_sgd_step", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.sgd_step(sgd_step)
### BEGIN HIDDEN TESTS
check.sgd_step(sgd_step, seed=92, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_stable_learning_rate", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 3. The limit
#
# `A` is a symmetric matrix (an array or a list of rows), not all zeros, with no negative eigenvalue, and
# $f = \tfrac12 \mathbf{x}^{\mathsf T} A\, \mathbf{x}$ the quadratic that belongs to it. Return the number
# below which every learning rate is stable and above which none is.
#
# By hand: for $A = \begin{pmatrix}1&0\\0&4\end{pmatrix}$ a step multiplies $x_0$ by $1 - \eta$ and $x_1$
# by $1 - 4\eta$. The second is smaller than 1 in size only for rates below $0.5$, and the first for these
# too. So the limit is $0.5$.


# %% nbgrader={"grade": false, "grade_id": "stable_learning_rate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def stable_learning_rate(A):
    """Limit of the learning rates with which descent on x·Ax/2 does not diverge.

    >>> float(stable_learning_rate(np.array([[1, 0], [0, 4]])))
    0.5
    """
    ### BEGIN SOLUTION
    return 2 / np.linalg.eigvalsh(A)[-1]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_stable_learning_rate", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.stable_learning_rate(stable_learning_rate)
### BEGIN HIDDEN TESTS
check.stable_learning_rate(stable_learning_rate, seed=93, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_descend_until", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 4. When to stop
#
# Descend from `x0` until the length of the gradient (`np.linalg.norm`) is at most `tolerance`, but take no
# more than `max_steps` steps. Return three things: the point where you stopped, the number of steps that
# you took to it, and the reason, `"gradient"` or `"max_steps"`.
#
# If the start is flat enough, no step is needed. If the last step that is allowed ends where it is flat
# enough, the reason is `"gradient"`. Afterwards `x0` is what it was before.
#
# By hand: on $\tfrac12(x_0^2 + x_1^2)$ the gradient is $\mathbf{x}$. From $(3, 4)$ with the rate $0.5$ its
# length is 5, 2.5, 1.25. With the tolerance $2$ you stop after 2 steps at $(0.75, 1)$, because of the
# gradient. With `max_steps=1` you stop after 1 step at $(1.5, 2)$, because of the steps.


# %% nbgrader={"grade": false, "grade_id": "descend_until", "locked": false, "schema_version": 3, "solution": true, "task": false}
def descend_until(gradient, x0, learning_rate, tolerance, max_steps):
    """Where gradient descent stops, after how many steps, and why.

    >>> x, steps, reason = descend_until(lambda x: x, np.array([3, 4]), 0.5, 2, 100)
    >>> x.tolist(), steps, reason
    ([0.75, 1.0], 2, 'gradient')
    """
    ### BEGIN SOLUTION
    x = np.array(x0, dtype=float)
    for step in range(max_steps + 1):
        slope = gradient(x)
        if np.linalg.norm(slope) <= tolerance:
            return x, step, "gradient"
        if step < max_steps:
            x = x - learning_rate * slope
    return x, max_steps, "max_steps"
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_descend_until", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.descend_until(descend_until)
### BEGIN HIDDEN TESTS
check.descend_until(descend_until, seed=94, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_minibatches", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 5. Batches
#
# Deal the rows $0, 1, \dots, n-1$ into batches of `size` rows, in an order shuffled by the generator `rng`
# (a `numpy.random.Generator`). Return a list of arrays of indices. Each row is in one batch, once. If `n`
# is not divisible by `size`, the last batch is shorter.
#
# By hand: with $n = 8$ and `size` 3 there are batches of 3, 3 and 2 rows. Which rows they hold is up to
# `rng`, and to nothing else: the same seed gives the same batches again.


# %% nbgrader={"grade": false, "grade_id": "minibatches", "locked": false, "schema_version": 3, "solution": true, "task": false}
def minibatches(n, size, rng):
    """Deal the rows 0 to n - 1, shuffled by rng, into batches.

    >>> [len(batch) for batch in minibatches(8, 3, np.random.default_rng(0))]
    [3, 3, 2]
    """
    ### BEGIN SOLUTION
    order = rng.permutation(n)
    return [order[start : start + size] for start in range(0, n, size)]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_minibatches", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.minibatches(minibatches)
### BEGIN HIDDEN TESTS
check.minibatches(minibatches, seed=95, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_use", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Use it.** The next cell fits a line to 50 noisy points with your exercises 2 and 5, for 20 epochs. The
# points were made with the weights 1 and 2.

# %% nbgrader={"grade": false, "grade_id": "use", "locked": true, "schema_version": 3, "solution": false, "task": false}
rng = np.random.default_rng(3)
X_line = np.column_stack([np.ones(50), rng.uniform(-1, 1, 50)])
y_line = X_line @ [1.0, 2.0] + 0.1 * rng.standard_normal(50)
try:
    w_line = np.zeros(2)
    for _ in range(20):
        for batch in minibatches(50, 8, rng):
            w_line = sgd_step(w_line, X_line[batch], y_line[batch], 0.3)
    print("your weights:", np.round(w_line, 3))
except NotImplementedError:
    print("Write the functions above first.")

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_cliff", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 6. The cliff
#
# Take $f = \tfrac12 \mathbf{x}^{\mathsf T} A\, \mathbf{x}$ with
# $A = \begin{pmatrix}4&1\\1&2\end{pmatrix}$, whose gradient is $A\mathbf{x}$. For at least 50 learning rates
# between $0.01$ and $0.6$, run 50 steps from $(1, 1)$ and compute $f$ at the end. Draw it over the rate,
# with a logarithmic upright axis. Mark the limit from exercise 3 with an upright line (`plt.axvline`), name
# both axes, and add a legend.

# %% nbgrader={"grade": true, "grade_id": "cliff_picture", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
# Rubric. 1 point: the right curve: f after 50 steps for each of at least 50 rates, logarithmic
#         upright axis, falling to a tip near 0.33 and rising steeply through f(1, 1) at the limit.
#         1 point: the limit, 2/4.414 = 0.453, as an upright line; named axes; a legend.
A = np.array([[4.0, 1.0], [1.0, 2.0]])
rates = np.linspace(0.01, 0.6, 120)
losses = []
for rate in rates:
    end = gradient_descent(lambda x: A @ x, [1, 1], rate, 50)[-1]
    losses.append(end @ A @ end / 2)
plt.semilogy(rates, losses, label="f after 50 steps")
plt.axvline(stable_learning_rate(A), linestyle="--", color="black", label="limit")
plt.xlabel("learning rate")
plt.ylabel("f")
plt.legend()
plt.show()
### END SOLUTION

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_why_a_cliff", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 7. Why there is a cliff
#
# Explain your picture in four to eight sentences, to somebody who knows what a gradient is. What does one
# step do to each of the two directions of $A$, and why does one of them set the limit? Why does the curve
# fall at first, and where is its lowest place? What would a run just beyond the limit look like, step by
# step?

# %% [markdown] nbgrader={"grade": true, "grade_id": "why_a_cliff", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# **Rubric.** 1 point: along each eigenvector a step multiplies by $1 - \eta\lambda$; this is smaller than
# 1 in size only for $\eta < 2/\lambda$; the larger eigenvalue gives the smaller limit, and beyond it one
# direction grows, whatever the other does. 1 point: to the left the flatter direction is slow, since
# $1 - \eta\lambda_{\min}$ is close to 1, and a larger rate makes it faster; the lowest place is where both
# factors are equally large, at $2/(\lambda_{\min} + \lambda_{\max})$; beyond the limit the run jumps from
# side to side along the steep direction, each jump longer than the last by the same factor. Half points
# are possible.
#
# **A full answer.** $A$ has two directions that it only stretches, by $\lambda_{\max} \approx 4.41$ and
# $\lambda_{\min} \approx 1.59$. Along such a direction the gradient is $\lambda$ times the coordinate, so a
# step multiplies the coordinate by $1 - \eta\lambda$. It comes in only if this is between $-1$ and $1$,
# that is, for $\eta$ below $2/\lambda$. For the steep direction that is $0.453$, for the flat one $1.26$:
# between the two, the flat direction still comes in, but the steep one grows, and with it $f$. On the left
# of the picture both factors are just below 1 and hardly anything happens in 50 steps; a larger rate
# brings them closer to 0. The curve is lowest where the two factors are equally large with opposite signs,
# at $2/(1.59 + 4.41) = 0.33$. Just beyond the limit the steep coordinate changes its sign in every step and
# becomes a little larger each time, always by the same factor, so the run jumps from wall to wall and
# climbs.
