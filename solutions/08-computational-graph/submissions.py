"""The demonstration class of this assignment: who hands in what, and the marks they must get.

A function holds what one student has written. It is read and not called, see tools/answers.py.
"""

import math
from textwrap import indent

from tools.answers import cell
from tools.demo import Submission

FULL = {"Value": 12, "paths": 4}
NOTHING = dict.fromkeys(FULL, 0)


def only_the_warm_up():
    """The operations, and no way back."""

    class Value:
        def __init__(self, data, edges=()):
            self.data, self.edges, self.grad = data, edges, 0.0

        def lift(self, other):
            return other if isinstance(other, Value) else Value(other)

        def __add__(self, other):
            other = self.lift(other)
            return Value(self.data + other.data, ((self, 1), (other, 1)))

        def __mul__(self, other):
            other = self.lift(other)
            return Value(self.data * other.data, ((self, other.data), (other, self.data)))

        def __pow__(self, k):
            return Value(self.data**k, ((self, k * self.data ** (k - 1)),))

        def __neg__(self):
            return self * -1

        def __sub__(self, other):
            return self + (-other)

        def __truediv__(self, other):
            return self * self.lift(other) ** -1

        def __radd__(self, k):
            return self + k

        def __rsub__(self, k):
            return -self + k

        def __rmul__(self, k):
            return self * k

        def __rtruediv__(self, k):
            return self**-1 * k

        def tanh(self):
            y = math.tanh(self.data)
            return Value(y, ((self, 1 - y**2),))

        def exp(self):
            y = math.exp(self.data)
            return Value(y, ((self, y),))

        def relu(self):
            return Value(
                self.data if self.data > 0 else 0.0, ((self, 1.0 if self.data > 0 else 0.0),)
            )

        def backward(self):
            raise NotImplementedError()


def class_with(way_back, *changes):
    """Return the cell of `only_the_warm_up` with this `backward`, and other changes of its text."""
    missing = "    def backward(self):\n        raise NotImplementedError()"
    source = cell(only_the_warm_up)
    for old, new in ((missing, indent(cell(way_back), "    ")), *changes):
        assert old in source, f"The class holds no {old!r} that could be changed."
        source = source.replace(old, new)
    return source


def counts_uses():
    """A value is ready when all its uses are done; right."""

    def backward(self):
        uses, found = {}, [self]
        for value in found:
            value.grad = 0.0
            for source, _ in value.edges:
                uses[source] = uses.get(source, 0) + 1
                if uses[source] == 1:
                    found.append(source)
        self.grad, ready = 1.0, [self]
        while ready:
            value = ready.pop()
            for source, slope in value.edges:
                source.grad += slope * value.grad
                uses[source] -= 1
                if uses[source] == 0:
                    ready.append(source)


def last_use():
    """`=` for `+=`."""

    def backward(self):
        order = []

        def visit(value):
            if value not in order:
                for source, _ in value.edges:
                    visit(source)
                order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            for source, slope in value.edges:
                source.grad = slope * value.grad


def by_paths():
    """It hands down whenever a share arrives, path by path, and never clears."""

    def backward(self, first=True):
        if first:
            self.grad = 1.0
        for source, slope in self.edges:
            source.grad += slope * self.grad
            source.backward(first=False)


def in_order():
    """In the order of a visit, and right."""

    def backward(self):
        order = []

        def visit(value):
            if value not in order:
                value.grad = 0.0
                for source, _ in value.edges:
                    visit(source)
                order.append(value)

        visit(self)
        self.grad = 1.0
        for value in order[::-1]:
            for source, slope in value.edges:
                source.grad += slope * value.grad


def without_end():
    """It never takes what is done off its list."""

    def backward(self):
        waiting = [self]
        while waiting:
            for source, slope in waiting[0].edges:
                source.grad += slope


def differently_written():
    def paths(output, leaf):
        found, waiting = [], [(output, [])]
        while waiting:
            value, path = waiting.pop()
            if value is leaf:
                found.append(path)
            for source, slope in value.edges:
                waiting.append((source, path + [slope]))
        return found


def the_last_use_wins():
    """Paths that pass each value once."""

    def paths(output, leaf, seen=None):
        seen = set() if seen is None else seen
        if output is leaf:
            return [[]]
        if output in seen:
            return []
        seen.add(output)
        return [
            [slope] + rest for source, slope in output.edges for rest in paths(source, leaf, seen)
        ]


def no_order():
    def paths(output, leaf):
        if output is leaf:
            return [1.0]
        return [slope * rest for source, slope in output.edges for rest in paths(source, leaf)]


def usual_slips():
    """Paths from the leaf."""

    def paths(output, leaf):
        if output is leaf:
            return [[]]
        return [rest + [slope] for source, slope in output.edges for rest in paths(source, leaf)]


def the_books_own():
    from nnlib import computational_graph as book

    def paths(output, leaf):
        return book.paths(output, leaf)

    from nnlib.computational_graph import Value


def the_books_own_below():
    """A class that inherits from the book's, and honest paths, which have nothing to start from."""

    from nnlib import computational_graph as book

    class Value(book.Value):
        __slots__ = ()


SUBMISSIONS = (
    Submission("perfect", FULL),
    Submission(
        "differently-written", FULL, {"Value": class_with(counts_uses)}, code=differently_written
    ),
    Submission("untouched", NOTHING, attempted=False),
    Submission("only-the-warm-up", {"Value": 2, "paths": 4}, code=only_the_warm_up),
    Submission(
        "the-last-use-wins",
        {"Value": 8, "paths": 0},
        {"Value": class_with(last_use)},
        code=the_last_use_wins,
    ),
    Submission(
        "no-order", {"Value": 8, "paths": 0}, {"Value": class_with(by_paths)}, code=no_order
    ),
    Submission(
        "usual-slips",
        {"Value": 10, "paths": 2},
        {
            "Value": class_with(
                in_order,
                ("1 - y**2", "1 - self.data**2"),
                ("__rtruediv__", "rtruediv"),
                ("__rsub__", "rsub"),
            )
        },
        code=usual_slips,
    ),
    Submission("the-books-own", NOTHING, code=the_books_own),
    Submission("the-books-own-below", NOTHING, code=the_books_own_below),
    Submission("endless-loop", {"Value": 0, "paths": 4}, {"Value": class_with(without_end)}),
)
