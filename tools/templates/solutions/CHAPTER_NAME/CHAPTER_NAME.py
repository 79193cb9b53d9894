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
# # THE_TITLE
#
# You write a function of chapter THE_NUMBER, and explain a result of it.
# There are 20 points: 17 for the function, which the check awards, and 3 that a person reads.
#
# | | exercise | points | |
# |---|---|---|---|
# | 1 | `MODULE_NAME_example` | 17 | core |
# | 2 | what it hides | 3 | stretch |
#
# **How to work.** Replace each `raise NotImplementedError()` by your own code, then run the check
# below it. The check says what is right, what is not yet right, and what to look at; run it as
# often as you like. Grading asks the same questions with other numbers. Use NumPy and what you
# wrote yourself; the book's own `nnlib` functions are not accepted as answers.
# Keep the names of the functions as they are, and do not delete the check cells.
# Before you hand in, restart the kernel and run everything (*Kernel → Restart Kernel and Run All
# Cells*), then press *Validate*.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from nnchecks import MODULE_NAME as check

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_MODULE_NAME_example", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1. How far values reach
#
# Return the distance from the smallest to the largest of the `values`, an array of any order.
#
# By hand: of 3, −1 and 2 the largest is 3 and the smallest −1, so the distance is 4.


# %% nbgrader={"grade": false, "grade_id": "MODULE_NAME_example", "locked": false, "schema_version": 3, "solution": true, "task": false}
def MODULE_NAME_example(values):
    """Distance from the smallest to the largest value.

    >>> float(MODULE_NAME_example(np.array([3.0, -1.0, 2.0])))
    4.0
    """
    ### BEGIN SOLUTION
    return np.max(values) - np.min(values)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_MODULE_NAME_example", "locked": true, "points": 17, "schema_version": 3, "solution": false, "task": false}
check.MODULE_NAME_example(MODULE_NAME_example)
### BEGIN HIDDEN TESTS
check.MODULE_NAME_example(MODULE_NAME_example, seed=73, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_what_it_hides", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2. What it hides
#
# Two sets of values reach equally far. Explain in two to four sentences what may still be different
# about them, with an example.

# %% [markdown] nbgrader={"grade": true, "grade_id": "what_it_hides", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# **Rubric.** 1 point: the distance depends on two of the values only. 1 point: says what it does not
# see, for example where the others lie. 1 point: an example with numbers.
#
# **A full answer.** Only the smallest and the largest value count, so all the others may lie anywhere
# between them. 0, 0, 0, 4 and 0, 2, 2, 4 both reach 4 far, though most values of the first set lie at
# its lower end and most of the second in the middle.
