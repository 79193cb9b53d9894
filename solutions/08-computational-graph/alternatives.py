"""Right answers to this assignment, differently written: none of them may lose a point.

Students must not see this file; `make certify` and the tests read it.
"""

import cmath
import itertools
import math
from collections import Counter, defaultdict

import numpy as np


class WithClosures:
    """Each result knows how to hand down; differences and quotients are made of others."""

    def __init__(self, data, children=()):
        self.data = data
        self.grad = 0.0
        self._children = set(children)
        self._hand_down = lambda: None

    @staticmethod
    def _of(other):
        return other if isinstance(other, WithClosures) else WithClosures(other)

    def __add__(self, other):
        other = self._of(other)
        out = WithClosures(self.data + other.data, (self, other))

        def hand_down():
            self.grad += out.grad
            other.grad += out.grad

        out._hand_down = hand_down
        return out

    def __mul__(self, other):
        other = self._of(other)
        out = WithClosures(self.data * other.data, (self, other))

        def hand_down():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._hand_down = hand_down
        return out

    def _function(self, y, slope):
        out = WithClosures(y, (self,))

        def hand_down():
            self.grad += slope * out.grad

        out._hand_down = hand_down
        return out

    def __pow__(self, k):
        return self._function(self.data**k, k * self.data ** (k - 1))

    def exp(self):
        return self._function(math.exp(self.data), math.exp(self.data))

    def relu(self):
        return self._function(0 if self.data < 0 else self.data, 1 if self.data > 0 else 0)

    def tanh(self):
        e = (2 * self).exp()
        return (e - 1) / (e + 1)

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return other + (-self)

    def __truediv__(self, other):
        return self * other**-1

    def __rtruediv__(self, other):
        return other * self**-1

    __radd__ = __add__
    __rmul__ = __mul__

    def backward(self):
        order, seen = [], set()

        def build(value):
            if value not in seen:
                seen.add(value)
                for child in value._children:
                    build(child)
                order.append(value)

        build(self)
        for value in order:
            value.grad = 0
        self.grad = 1
        for value in reversed(order):
            value._hand_down()


class _Kept:
    """Operations that are the same for the classes below; `links` are (source, derivative)."""

    def __init__(self, data, *links):
        self.data = float(data)
        self.grad = 0.0
        self.links = links
        self.born = next(_BIRTHS)

    def _lift(self, other):
        return other if isinstance(other, _Kept) else type(self)(other)

    def _made(self, data, *links):
        return type(self)(data, *links)

    def __add__(self, other):
        other = self._lift(other)
        return self._made(self.data + other.data, (self, 1), (other, 1))

    def __sub__(self, other):
        other = self._lift(other)
        return self._made(self.data - other.data, (self, 1), (other, -1))

    def __mul__(self, other):
        other = self._lift(other)
        return self._made(self.data * other.data, (other, self.data), (self, other.data))

    def __truediv__(self, other):
        other = self._lift(other)
        a, b = self.data, other.data
        return self._made(a / b, (self, b**-1), (other, -a * b**-2))

    def __pow__(self, k):
        y = self.data**k
        return self._made(y, (self, k * y / self.data))

    def __neg__(self):
        return 0 - self

    def __radd__(self, k):
        return self + k

    def __rsub__(self, k):
        return self._lift(k) - self

    def __rmul__(self, k):
        return self * k

    def __rtruediv__(self, k):
        return self._lift(k) / self

    def tanh(self):
        return self._made(np.tanh(self.data), (self, 1 / np.cosh(self.data) ** 2))

    def exp(self):
        return self._made(np.exp(self.data), (self, np.exp(self.data)))

    def relu(self):
        return self._made(self.data * (self.data > 0), (self, np.heaviside(self.data, 0.5)))


_BIRTHS = itertools.count()


class InOrderOfBirth(_Kept):
    """What was made later comes first on the way back."""

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for source, _ in waiting.pop().links:
                if source not in found:
                    found.add(source)
                    waiting.append(source)
        grads = defaultdict(float, {self: 1.0})
        for value in sorted(found, key=lambda one: -one.born):
            value.grad = grads[value]
            for source, slope in value.links:
                grads[source] += slope * value.grad


class WhenAllUsesAreDone(_Kept):
    """Count the uses, and hand down when the last of them has handed down."""

    def backward(self):
        uses, waiting, seen = Counter(), [self], {self}
        while waiting:
            value = waiting.pop()
            value.grad = 0.0
            for source, _ in value.links:
                uses[source] += 1
                if source not in seen:
                    seen.add(source)
                    waiting.append(source)
        self.grad, ready = 1.0, [self]
        while ready:
            value = ready.pop(0)
            for source, slope in value.links:
                source.grad += slope * value.grad
                uses[source] -= 1
                if uses[source] == 0:
                    ready.append(source)


class WithTables(_Kept):
    """Each value keeps the derivatives by everything before it, and `backward` only looks."""

    def __init__(self, data, *links):
        super().__init__(data, *links)
        self.known = {self: 1.0}
        for source, slope in links:
            for value, inner in source.known.items():
                self.known[value] = self.known.get(value, 0.0) + slope * inner

    def backward(self):
        for value, slope in self.known.items():
            value.grad = slope


class ByComplexStep(_Kept):
    """The tanh and exp by a complex step, the rest as above."""

    def _stepped(self, f):
        y = f(complex(self.data, 1e-30))
        return self._made(y.real, (self, y.imag / 1e-30))

    def tanh(self):
        return self._stepped(cmath.tanh)

    def exp(self):
        return self._stepped(cmath.exp)

    backward = WhenAllUsesAreDone.backward


def paths_by_stack(output, leaf):
    found, stack = [], [(output, ())]
    while stack:
        value, so_far = stack.pop()
        if value is leaf:
            found.append(so_far)
        stack += [(source, (*so_far, slope)) for source, slope in value.edges]
    return found


def paths_by_generator(output, leaf):
    def walk(value):
        if value is leaf:
            yield []
        for source, slope in value.edges:
            for rest in walk(source):
                yield [slope, *rest]

    return list(walk(output))


def paths_with_one_list(output, leaf):
    found, path = [], []

    def walk(value):
        if value is leaf:
            found.append(path.copy())
        for source, slope in value.edges:
            path.append(slope)
            walk(source)
            path.pop()

    walk(output)
    return found


def paths_level_by_level(output, leaf):
    found, level = [], [(output, [])]
    while level:
        found += [np.array(path) for value, path in level if value is leaf]
        level = [(s, [*path, slope]) for value, path in level for s, slope in value.edges]
    return tuple(found)


def paths_remembered(output, leaf):
    """Find the paths from each value once, the leaf's own first."""
    known = {leaf: [[]]}

    def find(value):
        if value not in known:
            known[value] = [[d, *rest] for source, d in value.edges for rest in find(source)]
        return known[value]

    return find(output)


ALTERNATIVES = {
    "Value": (
        WithClosures,
        InOrderOfBirth,
        WhenAllUsesAreDone,
        WithTables,
        ByComplexStep,
    ),
    "paths": (
        paths_by_stack,
        paths_by_generator,
        paths_with_one_list,
        paths_level_by_level,
        paths_remembered,
    ),
}
