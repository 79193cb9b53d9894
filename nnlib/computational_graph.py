"""A computational graph, and reverse-mode differentiation on it (chapter 8).

Each operation writes down one thing besides its value: its *edges*, that is, on which values it
depends and with which local derivatives. Everything else follows from the chain rule. A value
that reaches the output along several paths collects the sum over the paths.
"""

import math
from typing import Union

from nnlib._validation import as_float_array

Number = Union["Value", float, int]


class Value:
    """A number that remembers how it was computed.

    Parameters
    ----------
    data : float
        A finite real number.
    edges : tuple of (Value, float)
        What it was computed from, each with the local derivative. Empty for a leaf.
    op : str
        What computed it, for the picture of the graph.

    Attributes
    ----------
    grad : float
        After `backward` on an output: the derivative of that output by this value.

    Examples
    --------
    >>> x = Value(3.0)
    >>> y = x * x + 2 * x
    >>> y.backward()
    >>> y.data, x.grad
    (15.0, 8.0)
    """

    __slots__ = ("data", "edges", "grad", "op")

    def __init__(
        self, data: float, edges: tuple[tuple["Value", float], ...] = (), op: str = ""
    ) -> None:
        self.data = _finite(data)
        self.edges = edges
        self.op = op
        self.grad = 0.0

    def __repr__(self) -> str:
        return f"Value(data={self.data:g}, grad={self.grad:g})"

    # One operation a line: its value, and its local derivative by each argument.

    def __add__(self, other: Number) -> "Value":
        a, b = self, _value(other)
        return Value(a.data + b.data, ((a, 1.0), (b, 1.0)), "+")

    def __sub__(self, other: Number) -> "Value":
        a, b = self, _value(other)
        return Value(a.data - b.data, ((a, 1.0), (b, -1.0)), "-")

    def __mul__(self, other: Number) -> "Value":
        a, b = self, _value(other)
        return Value(a.data * b.data, ((a, b.data), (b, a.data)), "*")

    def __truediv__(self, other: Number) -> "Value":
        a, b = self, _value(other)
        y = a.data / b.data
        return Value(y, ((a, 1 / b.data), (b, -y / b.data)), "/")

    def __pow__(self, n: float) -> "Value":
        if isinstance(n, Value):
            raise TypeError("the exponent must be a plain number; write (b * a.log()).exp().")
        slope = n * self.data ** (n - 1) if n else 0.0
        return Value(self.data**n, ((self, slope),), f"**{n:g}")

    def exp(self) -> "Value":
        """Return e to the power of this value."""
        y = math.exp(self.data)
        return Value(y, ((self, y),), "exp")

    def log(self) -> "Value":
        """Return the natural logarithm of this value."""
        if self.data <= 0:
            raise ValueError(f"there is no logarithm of {self.data:g}; the value must be positive.")
        return Value(math.log(self.data), ((self, 1 / self.data),), "log")

    def tanh(self) -> "Value":
        """Return the hyperbolic tangent of this value."""
        y = math.tanh(self.data)
        return Value(y, ((self, 1 - y * y),), "tanh")

    def relu(self) -> "Value":
        """Return this value if it is positive, else 0 (where the derivative is 0, too)."""
        return Value(max(self.data, 0.0), ((self, float(self.data > 0)),), "relu")

    def __neg__(self) -> "Value":
        return 0 - self

    def __radd__(self, other: float) -> "Value":
        return _value(other) + self

    def __rsub__(self, other: float) -> "Value":
        return _value(other) - self

    def __rmul__(self, other: float) -> "Value":
        return _value(other) * self

    def __rtruediv__(self, other: float) -> "Value":
        return _value(other) / self

    def backward(self) -> None:
        """Set `grad` of everything this value was computed from, to its derivative.

        Every gradient starts from zero, so that a second call gives the same answer. A value is
        reached only when all that was computed from it has handed down its share.

        Examples
        --------
        >>> x = Value(0.5)
        >>> y = x.tanh() * x.tanh()
        >>> y.backward()
        >>> round(x.grad - 2 * math.tanh(0.5) * (1 - math.tanh(0.5) ** 2), 15)
        0.0
        """
        order = topological_order(self)
        for value in order:
            value.grad = 0.0
        self.grad = 1.0
        for value in reversed(order):
            for source, slope in value.edges:
                source.grad += slope * value.grad


def topological_order(output: Value) -> list[Value]:
    """Everything `output` was computed from, each value once, and after all of its sources.

    A stack of our own instead of recursion: graphs are deeper than Python's call stack.

    Examples
    --------
    >>> a, b = Value(1.0), Value(2.0)
    >>> [value.data for value in topological_order((a + b) * b)]
    [2.0, 1.0, 3.0, 6.0]
    """
    order: list[Value] = []
    seen: set[Value] = set()
    stack = [(output, False)]
    while stack:
        value, sources_done = stack.pop()
        if sources_done:
            order.append(value)
        elif value not in seen:
            seen.add(value)
            stack.append((value, True))
            for source, _ in value.edges:
                stack.append((source, False))
    return order


def paths(output: Value, leaf: Value) -> list[list[float]]:
    """Every path from `output` back to `leaf`, as the local derivatives along it.

    The products of the lists add up to the gradient. There may be very many: with n units in each
    of L layers n^(L−1), which is why nobody computes gradients this way.

    Examples
    --------
    >>> x = Value(3.0)
    >>> y = x * 5 + x.relu()
    >>> paths(y, x)
    [[1.0, 5.0], [1.0, 1.0]]
    """
    leads_to_leaf = {leaf}
    for value in topological_order(output):
        if any(source in leads_to_leaf for source, _ in value.edges):
            leads_to_leaf.add(value)
    found: list[list[float]] = []
    stack: list[tuple[Value, list[float]]] = [(output, [])]
    while stack:
        value, slopes = stack.pop()
        if value is leaf:
            found.append(slopes)
        for source, slope in reversed(value.edges):
            if source in leads_to_leaf:
                stack.append((source, [*slopes, slope]))
    return found


def _value(number: Number) -> Value:
    return number if isinstance(number, Value) else Value(number)


def _finite(data: float) -> float:
    if type(data) is not float:
        data = as_float_array("data", data, ndim=0).item()
    if not math.isfinite(data):
        raise ValueError(f"`data` is {data}; it must be a finite number.")
    return data
