"""The demonstration class of this assignment: who hands in what, and the marks they must get."""

from tools.demo import Submission

FULL = {"Value": 12, "paths": 4}
NOTHING = dict.fromkeys(FULL, 0)

#: The operations of a right class without its `backward`, for those who slip elsewhere.
_OPERATIONS = """\
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
        return Value(self.data if self.data > 0 else 0.0, ((self, 1.0 if self.data > 0 else 0.0),))

"""

SUBMISSIONS = (
    Submission("perfect", FULL),
    Submission(
        "differently-written",
        FULL,
        {
            "Value": (
                f"{_OPERATIONS}"
                "    def backward(self):\n"
                "        uses, found = {}, [self]\n"
                "        for value in found:\n"
                "            value.grad = 0.0\n"
                "            for source, _ in value.edges:\n"
                "                uses[source] = uses.get(source, 0) + 1\n"
                "                if uses[source] == 1:\n"
                "                    found.append(source)\n"
                "        self.grad, ready = 1.0, [self]\n"
                "        while ready:\n"
                "            value = ready.pop()\n"
                "            for source, slope in value.edges:\n"
                "                source.grad += slope * value.grad\n"
                "                uses[source] -= 1\n"
                "                if uses[source] == 0:\n"
                "                    ready.append(source)\n"
            ),
            "paths": (
                "def paths(output, leaf):\n"
                "    found, waiting = [], [(output, [])]\n"
                "    while waiting:\n"
                "        value, path = waiting.pop()\n"
                "        if value is leaf:\n"
                "            found.append(path)\n"
                "        for source, slope in value.edges:\n"
                "            waiting.append((source, path + [slope]))\n"
                "    return found"
            ),
        },
    ),
    Submission("untouched", NOTHING, attempted=False),
    Submission(
        "only-the-warm-up",
        # The operations, and no way back.
        {"Value": 2, "paths": 4},
        {"Value": (f"{_OPERATIONS}    def backward(self):\n        raise NotImplementedError()\n")},
    ),
    Submission(
        "the-last-use-wins",
        # = for +=; and paths that pass each value once.
        {"Value": 8, "paths": 0},
        {
            "Value": (
                f"{_OPERATIONS}"
                "    def backward(self):\n"
                "        order = []\n"
                "        def visit(value):\n"
                "            if value not in order:\n"
                "                for source, _ in value.edges:\n"
                "                    visit(source)\n"
                "                order.append(value)\n"
                "        visit(self)\n"
                "        self.grad = 1.0\n"
                "        for value in reversed(order):\n"
                "            for source, slope in value.edges:\n"
                "                source.grad = slope * value.grad\n"
            ),
            "paths": (
                "def paths(output, leaf, seen=None):\n"
                "    seen = set() if seen is None else seen\n"
                "    if output is leaf:\n"
                "        return [[]]\n"
                "    if output in seen:\n"
                "        return []\n"
                "    seen.add(output)\n"
                "    return [[slope] + rest for source, slope in output.edges\n"
                "            for rest in paths(source, leaf, seen)]"
            ),
        },
    ),
    Submission(
        "no-order",
        # Hands down whenever a share arrives, path by path; and never clears.
        {"Value": 8, "paths": 0},
        {
            "Value": (
                f"{_OPERATIONS}"
                "    def backward(self, first=True):\n"
                "        if first:\n"
                "            self.grad = 1.0\n"
                "        for source, slope in self.edges:\n"
                "            source.grad += slope * self.grad\n"
                "            source.backward(first=False)\n"
            ),
            "paths": (
                "def paths(output, leaf):\n"
                "    if output is leaf:\n"
                "        return [1.0]\n"
                "    return [slope * rest for source, slope in output.edges\n"
                "            for rest in paths(source, leaf)]"
            ),
        },
    ),
    Submission(
        "usual-slips",
        # tanh' by the input, no numbers on the left; paths from the leaf.
        {"Value": 10, "paths": 2},
        {
            "Value": (
                _OPERATIONS.replace("1 - y**2", "1 - self.data**2")
                .replace("__rtruediv__", "rtruediv")
                .replace("__rsub__", "rsub")
                + "    def backward(self):\n"
                "        order = []\n"
                "        def visit(value):\n"
                "            if value not in order:\n"
                "                value.grad = 0.0\n"
                "                for source, _ in value.edges:\n"
                "                    visit(source)\n"
                "                order.append(value)\n"
                "        visit(self)\n"
                "        self.grad = 1.0\n"
                "        for value in order[::-1]:\n"
                "            for source, slope in value.edges:\n"
                "                source.grad += slope * value.grad\n"
            ),
            "paths": (
                "def paths(output, leaf):\n"
                "    if output is leaf:\n"
                "        return [[]]\n"
                "    return [rest + [slope] for source, slope in output.edges\n"
                "            for rest in paths(source, leaf)]"
            ),
        },
    ),
    Submission(
        "the-books-own",
        NOTHING,
        {
            "Value": "from nnlib.computational_graph import Value",
            "paths": (
                "from nnlib import computational_graph as book\n\n"
                "def paths(output, leaf):\n"
                "    return book.paths(output, leaf)"
            ),
        },
    ),
    Submission(
        "the-books-own-below",
        # A class that inherits from the book's, and honest paths, which have nothing to start from.
        NOTHING,
        {
            "Value": (
                "from nnlib import computational_graph as book\n\n\nclass Value(book.Value):\n    __slots__ = ()\n"
            ),
        },
    ),
    Submission(
        "endless-loop",
        {"Value": 0, "paths": 4},
        {
            "Value": (
                f"{_OPERATIONS}"
                "    def backward(self):\n"
                "        waiting = [self]\n"
                "        while waiting:\n"
                "            for source, slope in waiting[0].edges:\n"
                "                source.grad += slope\n"
            )
        },
    ),
)
