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
# # Assignment 6: optimizers
#
# You write the steps of four optimizers of chapter 6 and the function that runs them, draw their paths
# down a narrow valley, and explain what you see. There are 20 points: 16 for the functions, which the
# checks award, and 4 that a person reads. Plan two hours.
#
# | | exercise | points | |
# |---|---|---|---|
# | 1 | `momentum_step` | 3 | warm-up |
# | 2 | `run` | 3 | warm-up |
# | 3 | `adagrad_step` | 3 | core |
# | 4 | `rmsprop_step` | 3 | core |
# | 5 | `adam_step` | 4 | core |
# | 6 | four ways down a valley | 2 | stretch |
# | 7 | equally far in all coordinates | 2 | stretch |
#
# **How to work.** Replace each `raise NotImplementedError()` by your own code, then run the check
# below it. The check says what is right, what is not yet right, and what to look at; run it as
# often as you like. Grading asks the same questions with other numbers. Use NumPy and what you
# wrote yourself; the book's own `nnlib` functions are not accepted as answers, nor inside them.
# Your function of one exercise may call that of another.
# Keep the names of the functions and of their arguments as they are, and do not delete the check cells.
# Before you hand in, restart the kernel and run everything (*Kernel → Restart Kernel and Run All
# Cells*), then press *Validate*.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import matplotlib.pyplot as plt
import numpy as np

from nnchecks import optimizers as check

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_momentum_step", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1. Momentum
#
# An optimizer remembers. Its step is a function that gets the parameters `w`, the gradient `g` at `w`, and
# what it remembers, the `state`. It returns two things: the new `w`, and the new state.
#
# - `w` and `g` are arrays of one shape, whatever that is: `(2,)`, `(5,)` or `(3, 2)`.
# - `state` is `None` in the first step. Afterwards it is what your function returned as its second
#   result in the step before. What you keep in it is your own affair, as long as it is plain data:
#   numbers, arrays, and tuples, lists or dicts of them.
# - Nothing is remembered anywhere else. Two vectors may take turns, each with its own state.
# - `w`, `g` and `state` are the same afterwards as before.
#
# These rules hold for all steps in this assignment. The first is the step with momentum. Its memory is
# the velocity $\mathbf{h}$, which is zero before the first step, and of the shape of $\mathbf{w}$:
#
# $$\mathbf{h} \leftarrow \alpha\, \mathbf{h} + \mathbf{g}, \qquad
# \mathbf{w} \leftarrow \mathbf{w} - \eta\, \mathbf{h}.$$
#
# Here $\alpha$ is `momentum` and $\eta$ is `learning_rate`. The rate is no part of the velocity: it may be
# another one in each step.
#
# By hand: with $\alpha = 0.5$ and $\eta = 0.25$, from $w = 4$ with $g = 2$ the velocity becomes $2$ and $w$
# becomes $3.5$. With $g = 2$ again the velocity is $0.5 \cdot 2 + 2 = 3$ and $w = 2.75$. If then $g = 0$,
# the velocity is still $1.5$, and $w = 2.375$: it rolls on where the ground is flat.


# %% nbgrader={"grade": false, "grade_id": "momentum_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def momentum_step(w, g, state, learning_rate, momentum):
    """Return the new w after a step with momentum, and the new state.

    >>> w, state = momentum_step(np.array([4.0]), np.array([2.0]), None, 0.25, 0.5)
    >>> w
    array([3.5])
    >>> momentum_step(w, np.array([2.0]), state, 0.25, 0.5)[0]
    array([2.75])
    """
    ### BEGIN SOLUTION
    velocity = np.zeros_like(w) if state is None else state
    velocity = momentum * velocity + g
    return w - learning_rate * velocity, velocity
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_momentum_step", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.momentum_step(momentum_step)
### BEGIN HIDDEN TESTS
check.momentum_step(momentum_step, seed=161, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_run", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2. The run
#
# `step` is any function like the one above: `step(w, g, state, **options)` returns the new `w` and the new
# state. `gradient(w)` is the gradient at `w`. Start at `w0`, an array or list of $n$ numbers, and take so
# many `steps`. The `options` are what the step needs besides, for example `learning_rate=0.1,
# momentum=0.9`; you pass all of them on by name, with `**options`. The state is `None` in the first step,
# and then whatever the step before returned.
#
# Return every point that you visit, the start included, as the rows of an array of shape
# `(steps + 1, n)`. Afterwards `w0` is what it was before.
#
# By hand: on $\tfrac12 w^2$ the gradient is $w$. With a rate of $0.5$ and a momentum of $0.5$, from $w = 4$:
# the velocity is $4$ and the next point $2$; then the velocity is $0.5 \cdot 4 + 2 = 4$ and the next
# point $0$; then, with the gradient $0$, the velocity is $2$ and the point $-1$.


# %% nbgrader={"grade": false, "grade_id": "run", "locked": false, "schema_version": 3, "solution": true, "task": false}
def run(step, gradient, w0, steps, **options):
    """Every point of a run from w0, a row each.

    >>> run(momentum_step, lambda w: w, [4], 3, learning_rate=0.5, momentum=0.5).tolist()
    [[4.0], [2.0], [0.0], [-1.0]]
    """
    ### BEGIN SOLUTION
    path = [np.array(w0, dtype=float)]
    state = None
    for _ in range(steps):
        w, state = step(path[-1], gradient(path[-1]), state, **options)
        path.append(w)
    return np.array(path)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_run", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.run(run)
### BEGIN HIDDEN TESTS
check.run(run, seed=162, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_adagrad_step", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 3. AdaGrad
#
# AdaGrad gives each parameter a rate of its own. Its memory is $\mathbf{G}$, for each parameter the sum of
# all its squared gradients, which is zero before the first step. Everything happens entry by entry:
#
# $$G_i \leftarrow G_i + g_i^2, \qquad w_i \leftarrow w_i - \eta\, \frac{g_i}{\sqrt{G_i} + \varepsilon}.$$
#
# $\varepsilon$ is `eps`. It stands outside the root, and keeps us from dividing by zero where a parameter
# has had no gradient yet. The same four rules hold as in exercise 1.
#
# By hand: with $\eta = 1$ and $\varepsilon = 1$, from $w = 10$ with $g = 3$, $G$ becomes $9$ and the step is
# $3/(3 + 1) = 0.75$, so $w = 9.25$. With $g = 4$, $G$ becomes $25$. The gradient is larger than before, and
# yet the step is shorter: $4/(5 + 1) \approx 0.667$.


# %% nbgrader={"grade": false, "grade_id": "adagrad_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def adagrad_step(w, g, state, learning_rate, eps):
    """Return the new w after a step of AdaGrad, and the new state.

    >>> w, state = adagrad_step(np.array([10.0]), np.array([3.0]), None, 1.0, 1.0)
    >>> w
    array([9.25])
    >>> adagrad_step(w, np.array([4.0]), state, 1.0, 1.0)[0].round(3)
    array([8.583])
    """
    ### BEGIN SOLUTION
    squares = np.zeros_like(w) if state is None else state
    squares = squares + g**2
    return w - learning_rate * g / (np.sqrt(squares) + eps), squares
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_adagrad_step", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.adagrad_step(adagrad_step)
### BEGIN HIDDEN TESTS
check.adagrad_step(adagrad_step, seed=163, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_rmsprop_step", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 4. RMSProp
#
# AdaGrad's sum only grows, and its steps shrink for ever. RMSProp forgets. Its memory is $\mathbf{v}$, a
# fading average of the squared gradients, which is zero before the first step:
#
# $$v_i \leftarrow \rho\, v_i + (1 - \rho)\, g_i^2, \qquad
# w_i \leftarrow w_i - \eta\, \frac{g_i}{\sqrt{v_i} + \varepsilon}.$$
#
# $\rho$ is `decay`. The same four rules hold as in exercise 1.
#
# By hand: with $\rho = 0.75$, $\eta = 1$ and $\varepsilon = 2$, from $w = 10$ with $g = 4$, $v$ becomes
# $0.25 \cdot 16 = 4$ and the step is $4/(2 + 2) = 1$, so $w = 9$. With $g = 2$, $v$ becomes
# $0.75 \cdot 4 + 0.25 \cdot 4 = 4$, the step is $2/(2 + 2) = 0.5$, and $w = 8.5$.


# %% nbgrader={"grade": false, "grade_id": "rmsprop_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rmsprop_step(w, g, state, learning_rate, decay, eps):
    """Return the new w after a step of RMSProp, and the new state.

    >>> w, state = rmsprop_step(np.array([10.0]), np.array([4.0]), None, 1.0, 0.75, 2.0)
    >>> w
    array([9.])
    >>> rmsprop_step(w, np.array([2.0]), state, 1.0, 0.75, 2.0)[0]
    array([8.5])
    """
    ### BEGIN SOLUTION
    square = np.zeros_like(w) if state is None else state
    square = decay * square + (1 - decay) * g**2
    return w - learning_rate * g / (np.sqrt(square) + eps), square
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_rmsprop_step", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.rmsprop_step(rmsprop_step)
### BEGIN HIDDEN TESTS
check.rmsprop_step(rmsprop_step, seed=164, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_adam_step", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 5. Adam
#
# Adam keeps two fading averages, of the gradients and of their squares, and counts its steps. Before the
# first step $\mathbf{m}$, $\mathbf{v}$ and $t$ are zero. In each step
#
# $$t \leftarrow t + 1, \qquad
# m_i \leftarrow \beta_1 m_i + (1 - \beta_1)\, g_i, \qquad
# v_i \leftarrow \beta_2 v_i + (1 - \beta_2)\, g_i^2 .$$
#
# Both averages begin at zero and are too small at first. So they are corrected before they are used, and
# kept as they were:
#
# $$\hat m_i = \frac{m_i}{1 - \beta_1^t}, \qquad \hat v_i = \frac{v_i}{1 - \beta_2^t}, \qquad
# w_i \leftarrow w_i - \eta\, \frac{\hat m_i}{\sqrt{\hat v_i} + \varepsilon}.$$
#
# The same four rules hold as in exercise 1.
#
# By hand: with $\beta_1 = 0.5$, $\beta_2 = 0.75$, $\eta = 1$ and $\varepsilon = 1$, from $w = 10$ with
# $g = 4$ we have $m = 2$ and $v = 4$. Corrected they are $2/0.5 = 4$ and $4/0.25 = 16$: the gradient and its
# square. The step is $4/(4 + 1) = 0.8$, so $w = 9.2$. With $g = 4$ again, $m = 3$ and $v = 7$; corrected
# they are $3/0.75 = 4$ and $7/0.4375 = 16$ once more, so $w = 8.4$.


# %% nbgrader={"grade": false, "grade_id": "adam_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def adam_step(w, g, state, learning_rate, beta1, beta2, eps):
    """Return the new w after a step of Adam, and the new state.

    >>> w, state = adam_step(np.array([10.0]), np.array([4.0]), None, 1.0, 0.5, 0.75, 1.0)
    >>> w
    array([9.2])
    >>> adam_step(w, np.array([4.0]), state, 1.0, 0.5, 0.75, 1.0)[0]
    array([8.4])
    """
    ### BEGIN SOLUTION
    m, v, t = (np.zeros_like(w), np.zeros_like(w), 0) if state is None else state
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + eps), (m, v, t)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_adam_step", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.adam_step(adam_step)
### BEGIN HIDDEN TESTS
check.adam_step(adam_step, seed=165, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_use", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Use it.** Three parameters get the gradient 1: the first in every step, the second in every tenth, the
# third in every hundredth. The next cell takes 100 steps with the learning rate 1 and prints how far each
# parameter moves in the last one, in which all three have a gradient.

# %% nbgrader={"grade": false, "grade_id": "use", "locked": true, "schema_version": 3, "solution": false, "task": false}
try:
    for name, step, options in (
        ("momentum", momentum_step, {"learning_rate": 1.0, "momentum": 0.9}),
        ("AdaGrad", adagrad_step, {"learning_rate": 1.0, "eps": 1e-8}),
    ):
        w_rare, state = np.zeros(3), None
        for k in range(1, 101):
            before = w_rare.copy()
            g_rare = np.array([1.0, k % 10 == 0, k % 100 == 0])
            w_rare, state = step(w_rare, g_rare, state, **options)
        print(f"{name:9}", np.abs(w_rare - before).round(2))
except NotImplementedError:
    print("Write the functions above first.")

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_valley", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 6. Four ways down a valley
#
# The function $f = \tfrac12 (x^2 + 25 y^2)$ is a valley, 25 times as steep across as along; its gradient is
# $(x, 25 y)$. Run each of your four steps for 40 steps from $(-4, 1)$, with these options:
#
# | step | options |
# |---|---|
# | momentum | rate $0.03$, momentum $0.8$ |
# | AdaGrad | rate $0.8$ |
# | RMSProp | rate $0.15$, decay $0.9$ |
# | Adam | rate $0.3$, $\beta_1 = 0.9$, $\beta_2 = 0.99$ |
#
# and $\varepsilon = 10^{-8}$. Draw the four paths over the contours of $f$ (`plt.contour`), with a mark at
# every point, in one picture or in four side by side. Give both axes their names, and say which path is
# whose.


# %% nbgrader={"grade": true, "grade_id": "valley_picture", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
# Rubric. 1 point: four right paths of 41 points from (-4, 1): momentum swings from wall to wall and
#         a little beyond the minimum; AdaGrad and RMSProp bend into the floor of the valley and
#         follow it; Adam comes in a wide arc and turns back beyond the minimum.
#         1 point: contours that show the valley, marks at the points, named axes, paths told apart
#         by more than a colour (titles, a legend with other marks or lines).
def slope(w):
    return np.array([1.0, 25.0]) * w


RUNS = {
    "momentum": (momentum_step, {"learning_rate": 0.03, "momentum": 0.8}),
    "AdaGrad": (adagrad_step, {"learning_rate": 0.8, "eps": 1e-8}),
    "RMSProp": (rmsprop_step, {"learning_rate": 0.15, "decay": 0.9, "eps": 1e-8}),
    "Adam": (adam_step, {"learning_rate": 0.3, "beta1": 0.9, "beta2": 0.99, "eps": 1e-8}),
}
x, y = np.meshgrid(np.linspace(-5, 2, 141), np.linspace(-1.5, 1.5, 121))
figure, places = plt.subplots(2, 2, figsize=(10, 6), layout="constrained")
for axes, (name, (step, options)) in zip(places.flat, RUNS.items(), strict=True):
    axes.contour(x, y, (x**2 + 25 * y**2) / 2, levels=12, colors="grey", linewidths=0.5)
    axes.plot(*run(step, slope, [-4, 1], 40, **options).T, ".-", color="black")
    axes.set(title=name, xlabel="x", ylabel="y")
plt.show()
### END SOLUTION

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_why_equally_far", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 7. Equally far in all coordinates
#
# Look at the first step of each path. At $(-4, 1)$ the gradient is $(-4, 25)$, and yet three of the four
# optimizers go equally far in $x$ and in $y$. Explain in four to eight sentences, to somebody who knows
# gradient descent. Why is the first step of Adam as long as the learning rate in each coordinate, whatever
# the gradient is? Why is that of RMSProp longer than its rate? Which parameters have the larger steps with
# AdaGrad after many steps, those with a gradient in every step or those with a gradient now and then, and
# where did you see it above? And why does momentum swing?

# %% [markdown] nbgrader={"grade": true, "grade_id": "why_equally_far", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# **Rubric.** 1 point: in the first step Adam's corrected averages are $g$ and $g^2$, so the step is
# $\eta g/(|g| + \varepsilon)$, which is $\eta$ with the sign of the gradient (as long as $|g|$ is much
# larger than $\varepsilon$); RMSProp's average is not corrected, $v = (1 - \rho) g^2$, and its step
# $\eta/\sqrt{1 - \rho}$. 1 point: AdaGrad divides by the root of a sum that grows with every gradient
# other than 0, so parameters with rare gradients have the larger steps, as in *Use it*; momentum still carries the velocity across the valley when the gradient has already changed
# its sign. Half points are possible. The opposite answer, large steps for frequent features, stands in one
# of the sources (erratum E1.2) and earns nothing for that part.
#
# **A full answer.** In the first step Adam has seen one gradient, and the correction makes the averages of
# one gradient that gradient: $\hat m = g$ and $\hat v = g^2$. So each coordinate moves by
# $\eta g/|g|$, which has the length $\eta$ and only the sign of the gradient, and $-4$ and $25$ give steps
# equally long. RMSProp divides by the root of an average that began at 0 and is not corrected. After one
# gradient it is only $(1 - \rho) g^2$, so the step is longer than the rate, by $1/\sqrt{0.1} \approx 3.2$.
# AdaGrad's sum grows with each gradient that is not 0. A parameter that rarely has one keeps a small sum,
# and so takes the larger steps: in *Use it* the last steps are $1/\sqrt{100}$, $1/\sqrt{10}$ and $1$. Momentum adds up the gradients, and across the valley the
# velocity that it has gathered on one wall carries it up the other one, until the gradients there have
# used it up.
