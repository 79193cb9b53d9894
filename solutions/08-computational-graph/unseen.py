"""Answers by people who have not seen the checks: wrong ones, with the rows that describe them.

A row is named only if it truly says what is wrong; where there is none, the tuple is empty.
Students must not see this file; `make certify` reads it.
"""

import math
from collections import deque
from dataclasses import dataclass, field
from itertools import count


class Plain:
    """The ordinary answer."""

    def __init__(self, data, edges=()):
        self.data = data
        self.grad = 0.0
        self.edges = list(edges)

    def __repr__(self):
        return f"{type(self).__name__}({self.data})"

    def new(self, data, edges):
        return type(self)(data, edges)

    def is_value(self, other):
        return isinstance(other, Plain)

    def __add__(self, other):
        if not self.is_value(other):
            return self.new(self.data + other, [(self, 1.0)])
        return self.new(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __sub__(self, other):
        if not self.is_value(other):
            return self.new(self.data - other, [(self, 1.0)])
        return self.new(self.data - other.data, [(self, 1.0), (other, -1.0)])

    def __mul__(self, other):
        if not self.is_value(other):
            return self.new(self.data * other, [(self, other)])
        return self.new(self.data * other.data, [(self, other.data), (other, self.data)])

    def __truediv__(self, other):
        if not self.is_value(other):
            return self.new(self.data / other, [(self, 1 / other)])
        return self.new(
            self.data / other.data,
            [(self, 1 / other.data), (other, -self.data / other.data**2)],
        )

    def __pow__(self, k):
        slope = k * self.data ** (k - 1) if k != 0 else 0.0
        return self.new(self.data**k, [(self, slope)])

    def __neg__(self):
        return self.new(-self.data, [(self, -1.0)])

    def __radd__(self, k):
        return self.new(k + self.data, [(self, 1.0)])

    def __rsub__(self, k):
        return self.new(k - self.data, [(self, -1.0)])

    def __rmul__(self, k):
        return self.new(k * self.data, [(self, k)])

    def __rtruediv__(self, k):
        return self.new(k / self.data, [(self, -k / self.data**2)])

    def tanh(self):
        t = math.tanh(self.data)
        return self.new(t, [(self, 1 - t**2)])

    def exp(self):
        e = math.exp(self.data)
        return self.new(e, [(self, e)])

    def relu(self):
        if self.data > 0:
            return self.new(self.data, [(self, 1.0)])
        return self.new(0.0, [(self, 0.0)])

    def order(self):
        """All values that self was computed from, and self: sources first."""
        done, seen, stack = [], {id(self)}, [(self, iter(self.edges))]
        while stack:
            node, rest = stack[-1]
            for source, _ in rest:
                if id(source) not in seen:
                    seen.add(id(source))
                    stack.append((source, iter(source.edges)))
                    break
            else:
                done.append(node)
                stack.pop()
        return done

    def backward(self):
        nodes = self.order()
        for node in nodes:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(nodes):
            for source, slope in node.edges:
                source.grad += slope * node.grad


# ---------------------------------------------------------------- Value, wrong


class ShareOverwrites(Plain):
    """A share replaces the gradient of the source, with = where it should be +=."""

    def backward(self):
        nodes = self.order()
        for node in nodes:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(nodes):
            for source, slope in node.edges:
                source.grad = slope * node.grad


class RecursionHandsDownAgain(Plain):
    """It goes down by recursion, and hands down all that a node has so far each time it comes."""

    def backward(self):
        for node in self.order():
            node.grad = 0.0
        self.grad = 1.0
        self.hand_down()

    def hand_down(self):
        for source, slope in self.edges:
            source.grad += slope * self.grad
            source.hand_down()


class RecursionAlongEveryPath(Plain):
    """It hands shares down every path, right but with time doubling at each doubling u + u."""

    def backward(self):
        for node in self.order():
            node.grad = 0.0
        self.receive(1.0)

    def receive(self, share):
        self.grad += share
        for source, slope in self.edges:
            source.receive(share * slope)


class BreadthFirst(Plain):
    """It goes breadth first, so a near value hands down before its far shares have come."""

    def backward(self):
        nodes, queue = [], deque([self])
        while queue:
            node = queue.popleft()
            if any(node is other for other in nodes):
                continue
            nodes.append(node)
            queue.extend(source for source, _ in node.edges)
        for node in nodes:
            node.grad = 0.0
        self.grad = 1.0
        for node in nodes:
            for source, slope in node.edges:
                source.grad += slope * node.grad


class DepthFirstFromTheTop(Plain):
    """It lists a node before its sources by depth first search, which is no topological order."""

    def backward(self):
        nodes, seen = [], set()

        def visit(node):
            if node in seen:
                return
            seen.add(node)
            nodes.append(node)
            for source, _ in node.edges:
                visit(source)

        visit(self)
        for node in nodes:
            node.grad = 0.0
        self.grad = 1.0
        for node in nodes:
            for source, slope in node.edges:
                source.grad += slope * node.grad


class SecondCallAddsUp(Plain):
    """The gradients are never set back to zero, so a second call adds up."""

    def backward(self):
        self.grad = 1.0
        for node in reversed(self.order()):
            for source, slope in node.edges:
                source.grad += slope * node.grad


class OnlyLeavesSetBack(Plain):
    """Only leaves are set back to zero, so the values between keep their old gradients."""

    def backward(self):
        nodes = self.order()
        for node in nodes:
            if not node.edges:
                node.grad = 0.0
        self.grad = 1.0
        for node in reversed(nodes):
            for source, slope in node.edges:
                source.grad += slope * node.grad


class VisitedForEver(Plain):
    """Nodes are marked as visited for ever, so backward of a second output passes them by."""

    def __init__(self, data, edges=()):
        super().__init__(data, edges)
        self.visited = False

    def order(self):
        nodes = []

        def visit(node):
            if not node.visited:
                node.visited = True
                for source, _ in node.edges:
                    visit(source)
                nodes.append(node)

        visit(self)
        return nodes


class OrderNotReversed(Plain):
    """It goes through the order from the leaves to the output."""

    def backward(self):
        nodes = self.order()
        for node in nodes:
            node.grad = 0.0
        self.grad = 1.0
        for node in nodes:
            for source, slope in node.edges:
                source.grad += slope * node.grad


class OwnGradientMissing(Plain):
    """The output's own gradient is not set to 1, so that all gradients are 0."""

    def backward(self):
        nodes = self.order()
        for node in nodes:
            node.grad = 0.0
        for node in reversed(nodes):
            for source, slope in node.edges:
                source.grad += slope * node.grad


class OnlyLeavesGetGradients(Plain):
    """Gradients are kept in a dict of the call, and only leaves are told theirs."""

    def backward(self):
        nodes = self.order()
        grads = {id(node): 0.0 for node in nodes}
        grads[id(self)] = 1.0
        for node in reversed(nodes):
            for source, slope in node.edges:
                grads[id(source)] += slope * grads[id(node)]
        for node in nodes:
            if not node.edges:
                node.grad = grads[id(node)]


class EqualValuesAreOne(Plain):
    """__eq__ compares the numbers, so values with equal numbers are taken for one another."""

    def __eq__(self, other):
        return self.data == other.data

    def __hash__(self):
        return hash(self.data)

    def order(self):
        nodes, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for source, _ in node.edges:
                    visit(source)
                nodes.append(node)

        visit(self)
        return nodes


class EdgesAsDict(Plain):
    """The edges pass through a dict by source, so that a + a and a * a keep only one edge."""

    def __init__(self, data, edges=()):
        super().__init__(data)
        self.edges = list(dict(edges).items())


class EdgesShared(Plain):
    """The default list of edges is one list for all, and operations append to it."""

    def __init__(self, data, edges=[]):  # noqa: B006
        self.data = data
        self.grad = 0.0
        self.edges = edges

    def new(self, data, edges):
        out = type(self)(data)
        for edge in edges:
            out.edges.append(edge)
        return out


class EdgesPrivate(Plain):
    """The edges are kept in _prev, as in micrograd, and there is no .edges."""

    def __init__(self, data, edges=()):
        self.data = data
        self.grad = 0.0
        self._prev = list(edges)

    def backward(self):
        nodes, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for source, _ in node._prev:
                    visit(source)
                nodes.append(node)

        visit(self)
        for node in nodes:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(nodes):
            for source, slope in node._prev:
                source.grad += slope * node.grad


class SourcesAsSet(Plain):
    """The sources are kept as a set, so a * a hands down one share, and the order may be lost."""

    def __init__(self, data, edges=()):
        super().__init__(data)
        self.edges = list(set(edges))


class MinusAsPlus(Plain):
    """The second operand of a - b has the derivative 1."""

    def __sub__(self, other):
        if not self.is_value(other):
            return self.new(self.data - other, [(self, 1.0)])
        return self.new(self.data - other.data, [(self, 1.0), (other, 1.0)])


class NumberMinusValueTurned(Plain):
    """k - a gives a - k."""

    def __rsub__(self, k):
        return self - k


class NumberOverValueTurned(Plain):
    """k / a gives a / k."""

    def __rtruediv__(self, k):
        return self / k


class DivisorSign(Plain):
    """The derivative of a / b by b lacks its minus sign."""

    def __truediv__(self, other):
        if not self.is_value(other):
            return self.new(self.data / other, [(self, 1 / other)])
        return self.new(
            self.data / other.data,
            [(self, 1 / other.data), (other, self.data / other.data**2)],
        )


class DivisorNotSquared(Plain):
    """The derivatives of a / b by b and of k / a by a divide by the divisor once."""

    def __truediv__(self, other):
        if not self.is_value(other):
            return self.new(self.data / other, [(self, 1 / other)])
        return self.new(
            self.data / other.data, [(self, 1 / other.data), (other, -self.data / other.data)]
        )

    def __rtruediv__(self, k):
        return self.new(k / self.data, [(self, -k / self.data)])


class PowerNotLowered(Plain):
    """The derivative of a ** k is k * a ** k."""

    def __pow__(self, k):
        return self.new(self.data**k, [(self, k * self.data**k)])


class PowerByLogarithm(Plain):
    """The exponent is a value too and gets a derivative with a logarithm, wrong for a <= 0."""

    def __pow__(self, k):
        exponent = type(self)(k)
        out = self.data**k
        return self.new(
            out,
            [(self, k * self.data ** (k - 1)), (exponent, out * math.log(self.data))],
        )


class TanhSlopeOfInput(Plain):
    """The derivative of tanh is 1 - x**2 with what goes in instead of what comes out."""

    def tanh(self):
        return self.new(math.tanh(self.data), [(self, 1 - self.data**2)])


class TanhByExponentials(Plain):
    """tanh is computed by exp(2x), as in micrograd, which overflows for large x."""

    def tanh(self):
        x = self.data
        t = (math.exp(2 * x) - 1) / (math.exp(2 * x) + 1)
        return self.new(t, [(self, 1 - t**2)])


class ExpLikePower(Plain):
    """The derivative of exp is x * exp(x - 1), as if it were a power."""

    def exp(self):
        return self.new(math.exp(self.data), [(self, self.data * math.exp(self.data - 1))])


class ReluSlopeOne(Plain):
    """The derivative of relu is 1 also where the number was negative."""

    def relu(self):
        return self.new(max(0.0, self.data), [(self, 1.0)])


class ReluLeaky(Plain):
    """relu keeps a hundredth of a negative number."""

    def relu(self):
        if self.data > 0:
            return self.new(self.data, [(self, 1.0)])
        return self.new(0.01 * self.data, [(self, 0.01)])


class ProductSlopesSwapped(Plain):
    """Each factor has itself as the derivative instead of the other one."""

    def __mul__(self, other):
        if not self.is_value(other):
            return self.new(self.data * other, [(self, other)])
        return self.new(self.data * other.data, [(self, self.data), (other, other.data)])


class NegationForgets(Plain):
    """-a is a new leaf and does not remember a."""

    def __neg__(self):
        return type(self)(-self.data)


class AddInPlace(Plain):
    """a + b adds to the number of a itself and puts the edges there."""

    def __add__(self, other):
        if not self.is_value(other):
            return self.new(self.data + other, [(self, 1.0)])
        before = self.new(self.data, self.edges)
        self.data += other.data
        self.edges = [(before, 1.0), (other, 1.0)]
        return self


class NoNumberOnTheRight(Plain):
    """a + 1 and the like fail, since every operand is asked for its data."""

    def is_value(self, other):
        return True


class WholeNumbersUnknown(Plain):
    """Only float counts as a plain number, so a + 1 and a * 2 fail."""

    def is_value(self, other):
        return not isinstance(other, float)


class NumberOnTheLeftMissing(Plain):
    """__rmul__ and __radd__ are misspelt, so 2 * a and 1 + a fail."""

    __radd__ = None
    __rmul__ = None

    def __right_add__(self, k):
        return self + k

    def __right_mul__(self, k):
        return self * k


class BackwardOfSelf:
    """Each operation puts its way back on self instead of on the result, as a slip in micrograd."""

    def __init__(self, data, edges=()):
        self.data = data
        self.grad = 0.0
        self.edges = list(edges)
        self._backward = lambda: None

    def made(self, data, edges):
        out = BackwardOfSelf(data, edges)

        def _backward():
            for source, slope in edges:
                source.grad += slope * out.grad

        self._backward = _backward
        return out

    def __add__(self, other):
        other = other if isinstance(other, BackwardOfSelf) else BackwardOfSelf(other)
        return self.made(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __sub__(self, other):
        other = other if isinstance(other, BackwardOfSelf) else BackwardOfSelf(other)
        return self.made(self.data - other.data, [(self, 1.0), (other, -1.0)])

    def __mul__(self, other):
        other = other if isinstance(other, BackwardOfSelf) else BackwardOfSelf(other)
        return self.made(self.data * other.data, [(self, other.data), (other, self.data)])

    def __truediv__(self, other):
        other = other if isinstance(other, BackwardOfSelf) else BackwardOfSelf(other)
        a, b = self.data, other.data
        return self.made(a / b, [(self, 1 / b), (other, -a / b**2)])

    def __pow__(self, k):
        return self.made(self.data**k, [(self, k * self.data ** (k - 1))])

    def __neg__(self):
        return self.made(-self.data, [(self, -1.0)])

    def __radd__(self, k):
        return self + k

    def __rsub__(self, k):
        return self.made(k - self.data, [(self, -1.0)])

    def __rmul__(self, k):
        return self * k

    def __rtruediv__(self, k):
        return self.made(k / self.data, [(self, -k / self.data**2)])

    def tanh(self):
        t = math.tanh(self.data)
        return self.made(t, [(self, 1 - t**2)])

    def exp(self):
        e = math.exp(self.data)
        return self.made(e, [(self, e)])

    def relu(self):
        return self.made(max(0.0, self.data), [(self, float(self.data > 0))])

    def backward(self):
        nodes, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for source, _ in node.edges:
                    visit(source)
                nodes.append(node)

        visit(self)
        for node in nodes:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(nodes):
            node._backward()


class CountsDownTooEarly(Plain):
    """A node hands down after its first share: the number of those waited for is set to 1."""

    def backward(self):
        nodes = self.order()
        waiting = {}
        for node in nodes:
            node.grad = 0.0
            waiting[id(node)] = 1
        self.grad = 1.0
        ready = [self]
        while ready:
            node = ready.pop(0)
            for source, slope in node.edges:
                source.grad += slope * node.grad
                waiting[id(source)] -= 1
                if waiting[id(source)] == 0:
                    ready.append(source)


class CountsParentsOfOthers(Plain):
    """It waits for all values ever computed from a source, also those that y does not need."""

    def __init__(self, data, edges=()):
        super().__init__(data, edges)
        self.users = 0
        for source, _ in self.edges:
            source.users += 1

    def backward(self):
        nodes = self.order()
        missing = {id(node): node.users for node in nodes}
        for node in nodes:
            node.grad = 0.0
        self.grad = 1.0
        ready = [self]
        while ready:
            node = ready.pop()
            for source, slope in node.edges:
                source.grad += slope * node.grad
                missing[id(source)] -= 1
                if missing[id(source)] == 0:
                    ready.append(source)


# ---------------------------------------------------------------- Value, right


class Closures:
    """As in micrograd, with a function for the way back, and edges besides."""

    def __init__(self, data, edges=()):
        self.data = data
        self.grad = 0
        self.edges = list(edges)
        self._backward = lambda: None

    @staticmethod
    def wrap(thing):
        return thing if isinstance(thing, Closures) else Closures(thing)

    def made(self, data, edges):
        out = Closures(data, edges)

        def _backward():
            for source, slope in edges:
                source.grad += slope * out.grad

        out._backward = _backward
        return out

    def __add__(self, other):
        other = self.wrap(other)
        return self.made(self.data + other.data, [(self, 1), (other, 1)])

    def __sub__(self, other):
        other = self.wrap(other)
        return self.made(self.data - other.data, [(self, 1), (other, -1)])

    def __mul__(self, other):
        other = self.wrap(other)
        return self.made(self.data * other.data, [(self, other.data), (other, self.data)])

    def __truediv__(self, other):
        other = self.wrap(other)
        out = self.data / other.data
        return self.made(out, [(self, 1 / other.data), (other, -out / other.data)])

    def __pow__(self, k):
        slope = k * self.data ** (k - 1) if k else 0
        return self.made(self.data**k, [(self, slope)])

    def __neg__(self):
        return self.made(-self.data, [(self, -1)])

    def __radd__(self, k):
        return self.wrap(k) + self

    def __rsub__(self, k):
        return self.wrap(k) - self

    def __rmul__(self, k):
        return self.wrap(k) * self

    def __rtruediv__(self, k):
        return self.wrap(k) / self

    def tanh(self):
        t = math.tanh(self.data)
        return self.made(t, [(self, (1 - t) * (1 + t))])

    def exp(self):
        e = math.exp(self.data)
        return self.made(e, [(self, e)])

    def relu(self):
        return self.made(max(self.data, 0), [(self, int(self.data > 0))])

    def backward(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                node.grad = 0
                stack.append((node, True))
                stack.extend((source, False) for source, _ in node.edges)
        self.grad = 1
        for node in order[::-1]:
            node._backward()


numbers = count()


class ByNumber(Plain):
    """Every value has a number; sorted by it, sources always come before what uses them."""

    def __init__(self, data, edges=()):
        super().__init__(data, edges)
        self.number = next(numbers)

    def backward(self):
        reached, todo = {self.number: self}, [self]
        while todo:
            for source, _ in todo.pop().edges:
                if source.number not in reached:
                    reached[source.number] = source
                    todo.append(source)
        for node in reached.values():
            node.grad = float(node is self)
        for number in sorted(reached, reverse=True):
            node = reached[number]
            for source, slope in node.edges:
                source.grad += node.grad * slope


class WaitsForShares(Plain):
    """It counts for each value how many shares are still to come."""

    def backward(self):
        missing, nodes, todo = {}, [self], [self]
        missing[id(self)] = 0
        while todo:
            node = todo.pop()
            for source, _ in node.edges:
                if id(source) not in missing:
                    missing[id(source)] = 0
                    nodes.append(source)
                    todo.append(source)
                missing[id(source)] += 1
        for node in nodes:
            node.grad = 0.0
        self.grad = 1.0
        ready = deque([self])
        while ready:
            node = ready.popleft()
            for source, slope in node.edges:
                source.grad += slope * node.grad
                missing[id(source)] -= 1
                if missing[id(source)] == 0:
                    ready.append(source)


@dataclass(eq=False)
class AsDataclass:
    """A dataclass with one helper for operations of two and one for those of one value."""

    data: float
    edges: list = ()
    grad: float = field(default=0.0, init=False)

    def __post_init__(self):
        self.edges = list(self.edges)

    def _two(self, other, value, slope_self, slope_other):
        if not isinstance(other, AsDataclass):
            b = other
            return AsDataclass(value(self.data, b), [(self, slope_self(self.data, b))])
        a, b = self.data, other.data
        return AsDataclass(value(a, b), [(self, slope_self(a, b)), (other, slope_other(a, b))])

    def _one(self, value, slope):
        return AsDataclass(value, [(self, slope)])

    def __add__(self, other):
        return self._two(other, lambda a, b: a + b, lambda a, b: 1.0, lambda a, b: 1.0)

    def __sub__(self, other):
        return self._two(other, lambda a, b: a - b, lambda a, b: 1.0, lambda a, b: -1.0)

    def __mul__(self, other):
        return self._two(other, lambda a, b: a * b, lambda a, b: b, lambda a, b: a)

    def __truediv__(self, other):
        return self._two(other, lambda a, b: a / b, lambda a, b: 1 / b, lambda a, b: -a / (b * b))

    def __pow__(self, k):
        if k == 0:
            return self._one(1.0, 0.0)
        return self._one(self.data**k, k * self.data ** (k - 1))

    def __neg__(self):
        return self._one(-self.data, -1.0)

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, k):
        return self._one(k - self.data, -1.0)

    def __rtruediv__(self, k):
        return self._one(k / self.data, -k / (self.data * self.data))

    def tanh(self):
        return self._one(math.tanh(self.data), 1 - math.tanh(self.data) ** 2)

    def exp(self):
        return self._one(math.exp(self.data), math.exp(self.data))

    def relu(self):
        return self._one(self.data if self.data > 0 else 0.0, 1.0 if self.data >= 0 else 0.0)

    def backward(self):
        depth, todo = {self: 0}, deque([self])
        while todo:  # the longest way from self, mended until nothing changes
            node = todo.popleft()
            for source, _ in node.edges:
                if depth.get(source, -1) < depth[node] + 1:
                    depth[source] = depth[node] + 1
                    todo.append(source)
        nodes = sorted(depth, key=depth.get)
        grads = dict.fromkeys(nodes, 0.0)
        grads[self] = 1.0
        for node in nodes:
            node.grad = grads[node]
            for source, slope in node.edges:
                grads[source] += slope * node.grad


class Recursive(Plain):
    """The order is found by recursion, as in most courses (no deeper than Python recurses)."""

    def __init__(self, data, edges=()):
        self.data = float(data)
        self.grad = 0.0
        self.edges = [(source, float(slope)) for source, slope in edges]

    def order(self):
        nodes, seen = [], set()

        def visit(node):
            if id(node) in seen:
                return
            seen.add(id(node))
            for source, _ in node.edges:
                visit(source)
            nodes.append(node)

        visit(self)
        return nodes

    def backward(self):
        first, *rest = reversed(self.order())
        for node in rest:
            node.grad = 0.0
        first.grad = 1.0
        for node in (first, *rest):
            for source, slope in node.edges:
                source.grad += slope * node.grad


# ---------------------------------------------------------------- Value, unsure


class Composed(Plain):
    """a - b is a + (-b), and a / b is a * b ** -1: right numbers, but two operations each."""

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * other**-1

    def __rsub__(self, k):
        return (-self) + k

    def __rtruediv__(self, k):
        return self**-1 * k


class SetsBackAllEverMade(Plain):
    """It sets back the gradients of all values ever made, also those that y does not come from."""

    everything = []  # noqa: RUF012

    def __init__(self, data, edges=()):
        super().__init__(data, edges)
        SetsBackAllEverMade.everything.append(self)

    def backward(self):
        for node in SetsBackAllEverMade.everything:
            node.grad = 0.0
        super().backward()


class NoZeroAtPowerZero(Plain):
    """a ** 0 divides by zero where a is 0: the derivative is 0 * 0 ** -1."""

    def __pow__(self, k):
        return self.new(self.data**k, [(self, k * self.data ** (k - 1))])


# ---------------------------------------------------------------- paths, wrong


def paths_from_the_leaf(output, leaf):
    """The derivatives of a path come in the order from the leaf to the output."""
    if output is leaf:
        return [[]]
    return [[*path, d] for source, d in output.edges for path in paths_from_the_leaf(source, leaf)]


def paths_each_node_once(output, leaf):
    """Every node is visited once, so paths that meet again are lost."""
    found, seen = [], set()

    def go(node, path):
        if node is leaf:
            found.append(path)
            return
        if id(node) in seen:
            return
        seen.add(id(node))
        for source, d in node.edges:
            go(source, [*path, d])

    go(output, [])
    return found


def paths_none_to_itself(output, leaf):
    """If output is leaf the result is [] instead of [[]]."""
    found = []
    for source, d in output.edges:
        if source is leaf:
            found.append([d])
        else:
            found += [[d, *path] for path in paths_none_to_itself(source, leaf)]
    return found


def paths_empty_one_if_none(output, leaf):
    """If there is no path at all the result is [[]] instead of []."""
    found = paths(output, leaf)
    return found if found else [[]]


def paths_equal_numbers(output, leaf):
    """A node counts as the leaf if it has the same number."""
    if output.data == leaf.data:
        return [[]]
    return [[d, *path] for source, d in output.edges for path in paths_equal_numbers(source, leaf)]


def paths_products(output, leaf):
    """It returns the product of each path instead of the list of its derivatives."""
    if output is leaf:
        return [1.0]
    return [d * rest for source, d in output.edges for rest in paths_products(source, leaf)]


def paths_to_any_leaf(output, leaf):
    """It returns the paths to all leaves, whichever leaf was asked for."""
    if not output.edges:
        return [[]]
    return [[d, *path] for source, d in output.edges for path in paths_to_any_leaf(source, leaf)]


def paths_tuples(output, leaf):
    """The paths are tuples and not lists."""
    if output is leaf:
        return [()]
    return [(d, *path) for source, d in output.edges for path in paths_tuples(source, leaf)]


def paths_one_list(output, leaf):
    """One list is used for all paths and never copied, so all are the same in the end."""
    found, path = [], []

    def go(node):
        if node is leaf:
            found.append(path)
        for source, d in node.edges:
            path.append(d)
            go(source)
            path.pop()

    go(output)
    return found


def paths_no_equal_ones(output, leaf):
    """Two paths with the same derivatives are kept only once."""
    found = []
    for path in paths(output, leaf):
        if path not in found:
            found.append(path)
    return found


def paths_first_only(output, leaf):
    """It returns after the first path that it finds."""
    if output is leaf:
        return [[]]
    for source, d in output.edges:
        rest = paths_first_only(source, leaf)
        if rest:
            return [[d] + rest[0]]
    return []


def paths_true_leaves_only(output, leaf):
    """It looks for the leaf only where there are no edges, and finds nothing in between."""
    if not output.edges:
        return [[]] if output is leaf else []
    found = []
    for source, d in output.edges:
        for path in paths_true_leaves_only(source, leaf):
            found.append([d, *path])
    return found


def paths_remembered(output, leaf, path=(), found=[]):  # noqa: B006
    """The list of paths is a default argument, so later calls return the earlier paths too."""
    if output is leaf:
        found.append(list(path))
    for source, d in output.edges:
        paths_remembered(source, leaf, (*path, d), found)
    return found


def paths_edges_as_dict(output, leaf):
    """The edges are made a dict by source, so that a + a has one path only."""
    if output is leaf:
        return [[]]
    found = []
    for source, d in dict(output.edges).items():
        found.extend([d, *path] for path in paths_edges_as_dict(source, leaf))
    return found


def paths_of_gradients(output, leaf):
    """It lists the gradients of the values on the path instead of the derivatives of the edges."""
    if output is leaf:
        return [[]]
    return [
        [source.grad, *path]
        for source, _ in output.edges
        for path in paths_of_gradients(source, leaf)
    ]


def paths_with_one_in_front(output, leaf):
    """Every path begins with a 1, the derivative of the output by itself."""
    return [[1.0, *path] for path in paths(output, leaf)]


def paths_last_edge_missing(output, leaf):
    """The derivative of the edge that reaches the leaf is left out."""
    if output is leaf:
        return [[]]
    found = []
    for source, d in output.edges:
        if source is leaf:
            found.append([])
        else:
            found += [[d, *path] for path in paths_last_edge_missing(source, leaf)]
    return found


def paths_nested(output, leaf):
    """The paths of each source are put in as one list, so the lists nest with the graph."""
    if output is leaf:
        return [[]]
    found = []
    for source, d in output.edges:
        below = [[d, *path] for path in paths_nested(source, leaf)]
        if below:
            found.append(below)
    return found


# ---------------------------------------------------------------- paths, right


def paths(output, leaf):
    if output is leaf:
        return [[]]
    return [[d, *path] for source, d in output.edges for path in paths(source, leaf)]


def paths_stack(output, leaf):
    found, stack = [], [(output, [])]
    while stack:
        node, so_far = stack.pop()
        if node is leaf:
            found.append(so_far)
        else:
            for source, d in reversed(node.edges):
                stack.append((source, [*so_far, d]))
    return found


def paths_generator(output, leaf):
    def walk(node):
        if node is leaf:
            yield ()
            return
        for source, d in node.edges:
            for rest in walk(source):
                yield (d, *rest)

    return [list(path) for path in walk(output)]


def paths_level_by_level(output, leaf):
    done, level = [], [([], output)]
    while level:
        done += [path for path, node in level if node is leaf]
        level = [
            ([*path, d], source)
            for path, node in level
            if node is not leaf
            for source, d in node.edges
        ]
    return done


def paths_with_memory(output, leaf):
    known = {id(leaf): [[]]}

    def of(node):
        if id(node) not in known:
            known[id(node)] = [[d, *path] for source, d in node.edges for path in of(source)]
        return known[id(node)]

    return [list(path) for path in of(output)]


def paths_append_and_pop(output, leaf):
    found, path = [], []

    def go(node):
        if node is leaf:
            found.append(path.copy())
            return
        for source, d in node.edges:
            path.append(d)
            go(source)
            path.pop()

    go(output)
    return found


WRONG = {
    "Value": [
        (ShareOverwrites, ("the last use wins",)),
        (RecursionHandsDownAgain, ("visited again",)),
        (RecursionAlongEveryPath, ("path by path",)),
        (BreadthFirst, ("breadth first",)),
        (DepthFirstFromTheTop, ("depth first",)),
        (SecondCallAddsUp, ("never set back",)),
        (OnlyLeavesSetBack, ("leaves alone set back",)),
        (VisitedForEver, ("visited for ever",)),
        (OrderNotReversed, ("from the leaves",)),
        (OwnGradientMissing, ("no seed",)),
        (OnlyLeavesGetGradients, ("gradients of the leaves alone",)),
        (EqualValuesAreOne, ("equal numbers are one value",)),
        (EdgesAsDict, ("each source once",)),
        (EdgesShared, ()),
        (SourcesAsSet, ("each source once",)),
        (MinusAsPlus, ("minus forgotten",)),
        (NumberMinusValueTurned, ("difference turned round",)),
        (NumberOverValueTurned, ("quotient turned round",)),
        (DivisorSign, ("quotient's second sign",)),
        (DivisorNotSquared, ("quotient without a square",)),
        (PowerNotLowered, ("power kept", "power kept, differences and quotients too")),
        (PowerByLogarithm, ("logarithm of the base",)),
        (TanhSlopeOfInput, ("tanh by the input",)),
        (ExpLikePower, ("exp like a power",)),
        (ReluSlopeOne, ("relu always open",)),
        (ReluLeaky, ("leaky relu",)),
        (
            ProductSlopesSwapped,
            (
                "product by the wrong operand",
                "product by the wrong operand, differences and quotients too",
            ),
        ),
        (NegationForgets, ("-a forgets",)),
        (AddInPlace, ("+ into itself",)),
        (NoNumberOnTheRight, ("no plain numbers on the right",)),
        (WholeNumbersUnknown, ("no whole numbers",)),
        (NumberOnTheLeftMissing, ("differences and quotients alone from the left",)),
        (BackwardOfSelf, ("handed down by the operand",)),
        (CountsDownTooEarly, ("breadth first",)),
        (CountsParentsOfOthers, ("waits for uses elsewhere",)),
    ],
    "paths": [
        (paths_from_the_leaf, ("from the leaf",)),
        (paths_each_node_once, ("each value once",)),
        (paths_none_to_itself, ("no path to itself",)),
        (paths_empty_one_if_none, ("one empty path for none",)),
        (paths_equal_numbers, ("equal numbers",)),
        (paths_products, ("products",)),
        (paths_to_any_leaf, ("to every leaf",)),
        (paths_one_list, ("the same list each time",)),
        (paths_no_equal_ones, ("equal paths dropped",)),
        (paths_first_only, ("the first path",)),
        (paths_remembered, ("kept from call to call",)),
        (paths_edges_as_dict, ("parallel edges once",)),
        (paths_of_gradients, ("gradients on the way",)),
        (paths_with_one_in_front, ("starts with 1",)),
        (paths_last_edge_missing, ("last edge left out",)),
        (paths_nested, ("lists in lists",)),
    ],
}

RIGHT = {
    "Value": [
        Plain,
        Closures,
        ByNumber,
        WaitsForShares,
        AsDataclass,
        Recursive,
        Composed,
        SetsBackAllEverMade,
        NoZeroAtPowerZero,
        EdgesPrivate,
        TanhByExponentials,
    ],
    "paths": [
        paths,
        paths_stack,
        paths_generator,
        paths_level_by_level,
        paths_with_memory,
        paths_append_and_pop,
        paths_tuples,
        paths_true_leaves_only,
    ],
}
