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
# # An ordinary notebook
#
# The benchmark's class hands in this one: some short functions with plain assertions, one figure,
# one sentence. It is no part of the book.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import matplotlib.pyplot as plt
import numpy as np

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_mean", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1. `mean`
#
# Return the mean of some numbers.


# %% nbgrader={"grade": false, "grade_id": "mean", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mean(x):
    """Return the mean."""
    ### BEGIN SOLUTION
    return sum(x) / len(x)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_mean", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert mean([1, 2, 3]) == 2
assert abs(mean(np.array([0.5, 1.0])) - 0.75) < 1e-12
### BEGIN HIDDEN TESTS
assert abs(mean(np.arange(100)) - 49.5) < 1e-12
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_variance", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2. `variance`
#
# Return the variance: the mean squared distance from the mean.


# %% nbgrader={"grade": false, "grade_id": "variance", "locked": false, "schema_version": 3, "solution": true, "task": false}
def variance(x):
    """Return the variance."""
    ### BEGIN SOLUTION
    centre = mean(x)
    return mean([(one - centre) ** 2 for one in x])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_variance", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert variance([1, 1, 1]) == 0
assert abs(variance([0, 2]) - 1) < 1e-12
### BEGIN HIDDEN TESTS
data = np.random.default_rng(1).normal(size=50)
assert abs(variance(data) - data.var()) < 1e-9
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_standardise", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 3. `standardise`
#
# Return the numbers, moved and scaled to mean 0 and variance 1.


# %% nbgrader={"grade": false, "grade_id": "standardise", "locked": false, "schema_version": 3, "solution": true, "task": false}
def standardise(x):
    """Return an array of mean 0 and variance 1."""
    ### BEGIN SOLUTION
    x = np.asarray(x, dtype=float)
    return (x - x.mean()) / x.std()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_standardise", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
result = standardise([1, 2, 3])
assert result.shape == (3,)
assert np.allclose(result.mean(), 0)
### BEGIN HIDDEN TESTS
data = np.random.default_rng(2).normal(5, 3, size=200)
assert np.allclose(standardise(data), (data - data.mean()) / data.std())
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_distance", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 4. `distance`
#
# Return the distance of two points.


# %% nbgrader={"grade": false, "grade_id": "distance", "locked": false, "schema_version": 3, "solution": true, "task": false}
def distance(a, b):
    """Return the distance of two points."""
    ### BEGIN SOLUTION
    return float(np.sqrt(np.sum((np.asarray(a) - np.asarray(b)) ** 2)))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_distance", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert distance([0, 0], [3, 4]) == 5
assert distance([1, 1, 1], [1, 1, 1]) == 0
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(3)
for n in (1, 2, 5):
    a, b = rng.normal(size=(2, n))
    assert np.isclose(distance(a, b), np.linalg.norm(a - b))
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_horner", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 5. `horner`
#
# Return the value of a polynomial whose highest coefficient comes first.


# %% nbgrader={"grade": false, "grade_id": "horner", "locked": false, "schema_version": 3, "solution": true, "task": false}
def horner(coefficients, x):
    """Return the polynomial's value at x."""
    ### BEGIN SOLUTION
    value = 0
    for coefficient in coefficients:
        value = value * x + coefficient
    return value
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_horner", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert horner([1, 0, -1], 3) == 8
assert horner([5], 2) == 5
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(4)
for n in (2, 3, 6):
    c, x = rng.normal(size=n), float(rng.normal())
    assert np.isclose(horner(c, x), np.polyval(c, x))
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_bisect", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 6. `bisect`
#
# Return a root of f between two points where its signs differ.


# %% nbgrader={"grade": false, "grade_id": "bisect", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bisect(f, low, high, steps=40):
    """Return a point near a root of f."""
    ### BEGIN SOLUTION
    for _ in range(steps):
        middle = (low + high) / 2
        low, high = (middle, high) if f(low) * f(middle) > 0 else (low, middle)
    return (low + high) / 2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_bisect", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert abs(bisect(lambda x: x**2 - 2, 0, 2) - 2**0.5) < 1e-9
### BEGIN HIDDEN TESTS
assert abs(bisect(np.cos, 1, 2) - np.pi / 2) < 1e-9
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_moving_mean", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 7. `moving_mean`
#
# Return the means of all windows of a given width.


# %% nbgrader={"grade": false, "grade_id": "moving_mean", "locked": false, "schema_version": 3, "solution": true, "task": false}
def moving_mean(x, width):
    """Return an array of the means of every `width` neighbours."""
    ### BEGIN SOLUTION
    return np.array([mean(x[k : k + width]) for k in range(len(x) - width + 1)])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_moving_mean", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert np.allclose(moving_mean([1, 2, 3, 4], 2), [1.5, 2.5, 3.5])
### BEGIN HIDDEN TESTS
data = np.random.default_rng(5).normal(size=40)
assert np.allclose(moving_mean(data, 5), np.convolve(data, np.ones(5) / 5, "valid"))
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 8. A figure
#
# Draw a noisy sine and its moving mean.

# %% nbgrader={"grade": true, "grade_id": "picture", "locked": false, "points": 6, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
time = np.linspace(0, 6, 120)
noisy = np.sin(time) + np.random.default_rng(6).normal(0, 0.2, time.size)
plt.plot(time, noisy, ".", label="noisy")
plt.plot(time[4:-5], moving_mean(noisy, 10), label="moving mean")
plt.xlabel("time")
plt.ylabel("value")
plt.legend()
plt.show()
### END SOLUTION
