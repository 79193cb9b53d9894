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
# # Assignment 1: numerical differentiation
#
# You write the five functions of chapter 1, draw the error curve, and explain it.
# There are 20 points: 16 for the functions, which the checks award, and 4 that a person reads.
# Plan one to one and a half hours.
#
# | | exercise | points | |
# |---|---|---|---|
# | 1 | `forward_difference` | 3 | warm-up |
# | 2 | `central_difference` | 3 | warm-up |
# | 3 | `partial_derivative` | 3 | core |
# | 4 | `numerical_gradient` | 4 | core |
# | 5 | `best_step` | 3 | core |
# | 6 | the error curve | 2 | stretch |
# | 7 | why the curve turns | 2 | stretch |
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

from nnchecks import differentiation as check

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_forward_difference", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1. The forward difference
#
# The secant through $(x, f(x))$ and $(x + h, f(x + h))$ has the slope
#
# $$\frac{f(x + h) - f(x)}{h}.$$
#
# Return it. If `x` is an array, `f` works on arrays too, and the result is the array of slopes.
# The example in the docstring, by hand: for $f(x) = x^2$ at 3 with $h = 0.5$ the rise is
# $3.5^2 - 3^2 = 3.25$ and the run is $0.5$.


# %% nbgrader={"grade": false, "grade_id": "forward_difference", "locked": false, "schema_version": 3, "solution": true, "task": false}
def forward_difference(f, x, h=1e-8):
    """Slope of the secant of f from x to x + h.

    >>> forward_difference(lambda x: x**2, 3, h=0.5)
    6.5
    """
    ### BEGIN SOLUTION
    return (f(x + h) - f(x)) / h
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_forward_difference", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.forward_difference(forward_difference)
### BEGIN HIDDEN TESTS
check.forward_difference(forward_difference, seed=73, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_central_difference", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2. The central difference
#
# Now the two points lie on both sides of `x`, at $x - h$ and $x + h$. Return the slope of the secant
# through them. Mind the run: how far is it from $x - h$ to $x + h$?
#
# By hand: for $f(x) = x^3$ at 1 with $h = 0.5$ the rise is $1.5^3 - 0.5^3 = 3.25$ and the run is 1.


# %% nbgrader={"grade": false, "grade_id": "central_difference", "locked": false, "schema_version": 3, "solution": true, "task": false}
def central_difference(f, x, h=1e-5):
    """Slope of the secant of f from x - h to x + h.

    >>> central_difference(lambda x: x**3, 1, h=0.5)
    3.25
    """
    ### BEGIN SOLUTION
    return (f(x + h) - f(x - h)) / (2 * h)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_central_difference", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.central_difference(central_difference)
### BEGIN HIDDEN TESTS
check.central_difference(central_difference, seed=74, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_partial_derivative", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 3. One partial derivative
#
# `f` now takes an array `x` of several numbers and returns one number. Return the central difference
# along coordinate `i`: entry `i` moves by $\pm h$, all the others stay where they are.
#
# Two things to take care of. The caller's `x` must be the same afterwards as before. And `x` may be an
# array of integers, or of float32: compute in float64 all the same.
#
# By hand: for $f(x) = x_0^2 x_1$ at $(3, 4)$ along coordinate 1 with $h = 0.5$ the rise is
# $9 \cdot 4.5 - 9 \cdot 3.5 = 9$ and the run is 1.


# %% nbgrader={"grade": false, "grade_id": "partial_derivative", "locked": false, "schema_version": 3, "solution": true, "task": false}
def partial_derivative(f, x, i, h=1e-5):
    """Central difference of f along coordinate i.

    >>> float(partial_derivative(lambda x: x[0] ** 2 * x[1], np.array([3, 4]), 1, h=0.5))
    9.0
    """
    ### BEGIN SOLUTION
    above = np.array(x, dtype=float)
    below = np.array(x, dtype=float)
    above[i] += h
    below[i] -= h
    return (f(above) - f(below)) / (2 * h)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_partial_derivative", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.partial_derivative(partial_derivative)
### BEGIN HIDDEN TESTS
check.partial_derivative(partial_derivative, seed=75, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_numerical_gradient", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 4. The whole gradient
#
# Return all the partial derivatives in an array of the shape of `x`. That shape can be anything: a
# vector, a weight matrix or its transpose, an array with three axes. `f` takes an array of the same
# shape. As before, any type of number may come in, the result is float64, and `x` stays as it was.
#
# By hand: for $f(x) = x_0^2 + x_1^2$ at $(3, 4)$ the gradient is $(6, 8)$; a parabola's central
# difference has no error but rounding.


# %% nbgrader={"grade": false, "grade_id": "numerical_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def numerical_gradient(f, x, h=1e-5):
    """Central differences of f along every coordinate of x.

    >>> numerical_gradient(lambda x: np.sum(x**2), np.array([3, 4]), h=0.5)
    array([6., 8.])
    """
    ### BEGIN SOLUTION
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        gradient[index] = partial_derivative(f, x, index, h)
    return gradient
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_numerical_gradient", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.numerical_gradient(numerical_gradient)
### BEGIN HIDDEN TESTS
check.numerical_gradient(numerical_gradient, seed=76, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_best_step", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 5. The best step
#
# `df` is the true derivative of `f`. Of the given `steps`, an array or a list, return the one whose
# central difference at `x` has the least absolute error. The steps may come in any order. Here `f` may
# be a function whose values are rounded to a few decimals, as measured ones are.
#
# By hand: of $10^{-1}$, $10^{-5}$ and $10^{-12}$ the middle one wins for $\sin$ at 1: the first makes a
# truncation error, the last a rounding error.


# %% nbgrader={"grade": false, "grade_id": "best_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def best_step(f, df, x, steps):
    """The step with the least absolute error of the central difference.

    >>> float(best_step(np.sin, np.cos, 1.0, [1e-1, 1e-5, 1e-12]))
    1e-05
    """
    ### BEGIN SOLUTION
    errors = [abs(central_difference(f, x, h) - df(x)) for h in steps]
    return steps[np.argmin(errors)]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_best_step", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.best_step(best_step)
### BEGIN HIDDEN TESTS
check.best_step(best_step, seed=77, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_error_curve", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 6. The error curve
#
# Draw the absolute error of the forward *and* of the central difference of $\sin$ at 1, for steps from
# $10^{-1}$ down to $10^{-15}$, both axes logarithmic. Name the axes and the two curves.

# %% nbgrader={"grade": true, "grade_id": "error_curve_picture", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
# Rubric. 1 point: both curves, over this range of steps, with their errors as absolute values.
#         1 point: both axes logarithmic, axes and curves named.
steps = 10.0 ** -np.arange(1, 16)
for difference, marker in ((forward_difference, "o"), (central_difference, "s")):
    errors = [abs(difference(np.sin, 1.0, h) - np.cos(1.0)) for h in steps]
    plt.loglog(steps, errors, marker=marker, label=difference.__name__)
plt.xlabel("step h")
plt.ylabel("absolute error")
plt.legend()
plt.show()
### END SOLUTION

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_why_the_curve_turns", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 7. Why the curve turns
#
# Explain your picture in four to eight sentences, to somebody who has seen derivatives but no computer
# arithmetic. Why does each curve fall first and rise later, when h shrinks? Why does the central
# difference reach its best point at a larger step than the forward one?

# %% [markdown] nbgrader={"grade": true, "grade_id": "why_the_curve_turns", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# **Rubric.** 1 point: names both errors and says which way each goes with h (truncation falls with h;
# round-off grows like 1/h, because two nearly equal numbers are subtracted and the small difference is
# divided by a small h). 1 point: says why the turning points differ (the central difference's
# truncation error falls like h² and not like h, so it meets the round-off at a larger step).
# Half points are possible.
#
# **A full answer.** A secant is not the tangent: the gap between their slopes is the truncation error,
# and it shrinks with h, like h for the forward and like h² for the central difference. The computer
# keeps about sixteen digits of f(x + h) and f(x). When h is small these two numbers agree in nearly all
# of them, so their difference keeps only the few that are left, and dividing by h makes that error
# large: it grows like 1/h. The first error falls and the second grows, so their sum has a least value
# in between. The central difference has used up its truncation error sooner, so it meets the round-off
# at a larger step, and lower.
