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
# # Assignment 8: a computational graph
#
# You write the engine of chapter 8: numbers that remember how they were computed, and hand gradients
# back. Then you list the paths through the graph, train a network with your engine, and explain the
# order in which it works. There are 20 points: 16 for the class and the function, which the checks
# award, and 4 that a person reads. Plan two hours.
#
# | | exercise | points | |
# |---|---|---|---|
# | 1 | `Value` | 12 | warm-up to stretch |
# | 2 | `paths` | 4 | core |
# | 3 | a network that learns | 2 | core |
# | 4 | why the order matters | 2 | stretch |
#
# **How to work.** Replace each `raise NotImplementedError()` by your own code, then run the check
# below it. The check says what is right, what is not yet right, and what to look at; run it as
# often as you like. Grading asks the same questions with other numbers. The book's own `nnlib` is not
# accepted as an answer, nor inside one; nothing but `math` is needed.
# You may add methods and functions of your own. Keep the names that are there, and do not delete the
# check cells.
# Before you hand in, restart the kernel and run everything (*Kernel → Restart Kernel and Run All
# Cells*), then press *Validate*.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math

import matplotlib.pyplot as plt
import numpy as np

from nnchecks import computational_graph as check

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_Value", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1. A value that remembers
#
# `Value(data)` holds a number. `.data` is that number, and `.grad` is 0 until somebody asks for it. An
# operation on values gives a new `Value`, which remembers its *edges*: a list of pairs, each a source
# and the local derivative by that source. A value that was not computed, a *leaf*, has no edges. Keep
# them in `.edges`, in the order of the operands; exercise 2 reads them there.
#
# These must work, with `a` and `b` values and `k` a plain number:
#
# | | |
# |---|---|
# | two values | `a + b`, `a - b`, `a * b`, `a / b` |
# | a plain number on the right | `a + k`, `a - k`, `a * k`, `a / k`, `a ** k` |
# | a plain number on the left | `k + a`, `k - a`, `k * a`, `k / a` |
# | one value | `-a`, `a.tanh()`, `a.exp()`, `a.relu()` |
#
# The exponent of `**` is always a plain number. `relu` keeps a positive number and makes 0 of a negative
# one; what its derivative is at 0 itself is up to you. No operation changes its operands.
#
# `y.backward()` sets the `.grad` of `y`, and of everything that `y` was computed from, to the derivative
# of `y` by it. Go through the graph in a *topological order*, from `y` to the leaves: a value hands down
# its gradient, times the local derivative, only after it has its shares from all that was computed
# from it. So it hands down once, however many paths lead through it. Shares add up. A second call starts again
# from zero.
#
# By hand: let $a = 2$ and $b = 3$, $u = ab$ and $y = u + a$. Then $u = 6$ and $y = 8$. The edges of $u$ are
# $(a, 3)$ and $(b, 2)$, those of $y$ are $(u, 1)$ and $(a, 1)$. Going back, $y$ has the gradient 1. It hands
# 1 to $u$ and 1 to $a$; then $u$ hands $3 \cdot 1$ to $a$ and $2 \cdot 1$ to $b$. So the gradient is
# $1 + 3 = 4$ at $a$ and $2$ at $b$.
#
# Start with `__init__`, the operations on two values, and `backward`. The check awards points for each
# part, so it can be run when the first of them is there.


# %% nbgrader={"grade": false, "grade_id": "Value", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Value:
    """A number that remembers how it was computed.

    >>> a, b = Value(2.0), Value(3.0)
    >>> y = a * b + a
    >>> y.backward()
    >>> y.data, a.grad, b.grad
    (8.0, 4.0, 2.0)
    """

    def __init__(self, data, edges=()):
        ### BEGIN SOLUTION
        self.data = data
        self.edges = edges
        self.grad = 0.0
        ### END SOLUTION

    def __add__(self, other):
        ### BEGIN SOLUTION
        other = as_value(other)
        return Value(self.data + other.data, [(self, 1.0), (other, 1.0)])
        ### END SOLUTION

    def __sub__(self, other):
        ### BEGIN SOLUTION
        other = as_value(other)
        return Value(self.data - other.data, [(self, 1.0), (other, -1.0)])
        ### END SOLUTION

    def __mul__(self, other):
        ### BEGIN SOLUTION
        other = as_value(other)
        return Value(self.data * other.data, [(self, other.data), (other, self.data)])
        ### END SOLUTION

    def __truediv__(self, other):
        ### BEGIN SOLUTION
        other = as_value(other)
        y = self.data / other.data
        return Value(y, [(self, 1 / other.data), (other, -y / other.data)])
        ### END SOLUTION

    def __pow__(self, k):
        ### BEGIN SOLUTION
        return Value(self.data**k, [(self, k * self.data ** (k - 1))])
        ### END SOLUTION

    def __neg__(self):
        ### BEGIN SOLUTION
        return Value(-self.data, [(self, -1.0)])
        ### END SOLUTION

    def __radd__(self, k):
        ### BEGIN SOLUTION
        return as_value(k) + self
        ### END SOLUTION

    def __rsub__(self, k):
        ### BEGIN SOLUTION
        return as_value(k) - self
        ### END SOLUTION

    def __rmul__(self, k):
        ### BEGIN SOLUTION
        return as_value(k) * self
        ### END SOLUTION

    def __rtruediv__(self, k):
        ### BEGIN SOLUTION
        return as_value(k) / self
        ### END SOLUTION

    def tanh(self):
        ### BEGIN SOLUTION
        y = math.tanh(self.data)
        return Value(y, [(self, 1 - y * y)])
        ### END SOLUTION

    def exp(self):
        ### BEGIN SOLUTION
        y = math.exp(self.data)
        return Value(y, [(self, y)])
        ### END SOLUTION

    def relu(self):
        ### BEGIN SOLUTION
        return Value(max(self.data, 0.0), [(self, float(self.data > 0))])
        ### END SOLUTION

    def backward(self):
        ### BEGIN SOLUTION
        order = sources_first(self, [])
        for value in order:
            value.grad = 0.0
        self.grad = 1.0
        for value in reversed(order):
            for source, slope in value.edges:
                source.grad += slope * value.grad
        ### END SOLUTION


### BEGIN SOLUTION
def as_value(number):
    return number if isinstance(number, Value) else Value(number)


def sources_first(value, order):
    if value not in order:
        for source, _ in value.edges:
            sources_first(source, order)
        order.append(value)
    return order


### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_Value", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
check.Value(Value)
### BEGIN HIDDEN TESTS
check.Value(Value, seed=81, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_paths", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2. Every path
#
# A path leads from `output` along the edges to `leaf`. Return all of them as a list. Each path is the
# list of the local derivatives on its edges, *from the output to the leaf*. The order of the paths among
# themselves is up to you. The products of the paths add up to the gradient; `backward` gets the same
# number without listing them.
#
# The graphs are made with your own `Value`, so read its `.edges`. If nothing leads from `output` to `leaf`,
# there is no path: `[]`. If `output` is `leaf`, there is one path without an edge: `[[]]`.
#
# By hand: for $y = ab + a$ with $a = 2$ and $b = 3$, two paths lead from $y$ to $a$. One goes through the
# product, with the derivatives 1 and 3; the other goes straight, with 1. So `paths(y, a)` is
# `[[1, 3], [1]]`, and $1 \cdot 3 + 1 = 4$ is the gradient of exercise 1.


# %% nbgrader={"grade": false, "grade_id": "paths", "locked": false, "schema_version": 3, "solution": true, "task": false}
def paths(output, leaf):
    """Every path from output to leaf, as the local derivatives along it.

    >>> a, b = Value(2.0), Value(3.0)
    >>> paths(a * b + a, a)
    [[1.0, 3.0], [1.0]]
    """
    ### BEGIN SOLUTION
    if output is leaf:
        return [[]]
    return [[slope, *rest] for source, slope in output.edges for rest in paths(source, leaf)]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_paths", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.paths(paths, Value)
### BEGIN HIDDEN TESTS
check.paths(paths, Value, seed=82, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_use", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Use it.** The next cell doubles a number again and again, $u \leftarrow u + u$, and counts the paths from
# the end to the start. The gradient at the start should be the same number.

# %% nbgrader={"grade": false, "grade_id": "use", "locked": true, "schema_version": 3, "solution": false, "task": false}
try:
    for doublings in range(1, 11, 3):
        start = Value(1.0)
        end = start
        for _ in range(doublings):
            end = end + end
        end.backward()
        print(f"{doublings} doublings: {len(paths(end, start))} paths, gradient {start.grad:g}")
except NotImplementedError:
    print("Write the class and the function above first.")

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_learning", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 3. A network that learns
#
# The network of chapter 4 has three inputs, two hidden units and one output, with tanh in both layers and
# no biases. The next cell gives eight samples, `X_cube`, the parity of each, `t_cube`, and eight starting
# weights, `start_weights`: the first six lead to the hidden units, three to each, and the last two to the
# output.
#
# Write the network and its loss with your `Value`: $\tfrac12 (y - t)^2$, averaged over the eight samples. Do at
# least 100 steps of gradient descent with the learning rate 0.5; `backward` gives the gradients. Draw the loss
# over the steps, name both axes, and print the loss at the start and at the end. Then check one gradient:
# at the starting weights compare the `.grad` of the first weight with a central difference of your loss, and
# print both.

# %% nbgrader={"grade": false, "grade_id": "cube", "locked": true, "schema_version": 3, "solution": false, "task": false}
X_cube = [(i, j, k) for i in (-1, 1) for j in (-1, 1) for k in (-1, 1)]
t_cube = [i * j * k for i, j, k in X_cube]
start_weights = np.random.default_rng(8).normal(0, 1, 8).round(2).tolist()

# %% nbgrader={"grade": true, "grade_id": "learning_picture", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
# Rubric. 1 point: the loss of the 3-2-1 network, made with Value, over at least 100 steps; it falls
#         from 0.80 to 0.27 in 150 steps, most of it in the first 50; named axes; both losses printed.
#         1 point: the gradient by backward and by a central difference agree to about eight
#         digits, and both are printed.


def loss_of(weights):
    total = 0.0
    for x, t in zip(X_cube, t_cube, strict=True):
        h1 = sum(w * one for w, one in zip(weights[:3], x, strict=True)).tanh()
        h2 = sum(w * one for w, one in zip(weights[3:6], x, strict=True)).tanh()
        y = (weights[6] * h1 + weights[7] * h2).tanh()
        total = total + (y - t) ** 2 / 2
    return total / len(X_cube)


numbers, losses = list(start_weights), []
for _ in range(150):
    weights = [Value(number) for number in numbers]
    loss = loss_of(weights)
    loss.backward()
    losses.append(loss.data)
    numbers = [w.data - 0.5 * w.grad for w in weights]
print("loss at the start and at the end:", losses[0], losses[-1])
plt.plot(losses)
plt.xlabel("step")
plt.ylabel("loss")
plt.show()

weights = [Value(number) for number in start_weights]
loss_of(weights).backward()
up, down = (
    loss_of([Value(start_weights[0] + h), *map(Value, start_weights[1:])]).data
    for h in (1e-5, -1e-5)
)
print("gradient by backward and by a difference:", weights[0].grad, (up - down) / 2e-5)
### END SOLUTION

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_why_an_order", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 4. Why the order matters
#
# Explain in four to eight sentences, to somebody who knows the chain rule, why `backward` needs a topological
# order. Take $u = ab$, $v = uc$ and $y = u + v$ with $a = 2$, $b = 3$ and $c = 5$, and say with numbers what goes
# wrong if $u$ hands down before $v$ does. Then compare with the sum over all paths: how does the number of
# paths grow in the cell with the doublings, how does the work of `backward`, and why are both right?

# %% [markdown] nbgrader={"grade": true, "grade_id": "why_an_order", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# **Rubric.** 1 point: a value may hand down only what it has, so all its shares must be there first; in the
# example $u$ has 1 from $y$ and gets $5$ more from $v$; too early it hands $a$ only $3 \cdot 1 = 3$ in place of
# $3 \cdot 6 = 18$ (or hands down twice and counts the 1 twice). 1 point: the paths double with each doubling,
# $2^n$ in all, while `backward` passes each edge once, $2n$ edges; both are right because the factor that
# several paths share is taken out of the sum. Half points are possible.
#
# **A full answer.** The gradient of a value is the sum of the shares that it gets from all values that use it.
# It multiplies this sum by its local derivatives and hands the products on, so the sum must be complete
# by then. Here $u$ is used by $y$ and by $v$: from $y$ it gets 1, from $v$ it gets $5 \cdot 1 = 5$. If $u$ is
# handled before $v$, it hands $3 \cdot 1 = 3$ to $a$, and the 5 comes too late; the right gradient is
# $3 \cdot 6 = 18$. A topological order puts $u$ after $v$ on the way back, since $v$ was computed from $u$. The
# sum over paths gives the same: $1 \cdot 3$ straight, and $1 \cdot 5 \cdot 3$ through $v$. But with $n$ doublings
# there are $2^n$ paths, while `backward` passes each of the $2n$ edges once. It may, because all paths that
# come together in a value go on alike from there, so their sum can be multiplied once.
