"""The graph against forward differences of other kinds, other engines, and its own path sums."""

import math
import operator

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nnlib.computational_graph import Value, paths, topological_order
from nnlib.differentiation import complex_step

numbers = st.floats(0.2, 2.0)
bounded = settings(max_examples=60, deadline=None)

#: Every operation of a graph, as the graph and as NumPy write it. A new one is a row here.
UNARY = {
    "exp": (Value.exp, np.exp),
    "log": (Value.log, np.log),
    "tanh": (Value.tanh, np.tanh),
    "square": (lambda a: a**2, lambda a: a**2),
    "root": (lambda a: a**0.5, lambda a: a**0.5),
    "inverse": (lambda a: a**-1, lambda a: 1 / a),
    "constant": (lambda a: a**0, lambda a: a**0),
    "minus": (operator.neg, operator.neg),
    "one plus": (lambda a: 1 + a, lambda a: 1 + a),
    "one minus": (lambda a: 1 - a, lambda a: 1 - a),
    "three times": (lambda a: 3 * a, lambda a: 3 * a),
    "two over": (lambda a: 2 / a, lambda a: 2 / a),
    "itself times itself": (lambda a: a * a, lambda a: a * a),
    "itself minus itself": (lambda a: a - a, lambda a: a - a),
    "itself over itself": (lambda a: a / a, lambda a: a / a),
}
BINARY = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


@pytest.mark.parametrize("name", UNARY)
@bounded
@given(a=numbers)
def test_every_operation_of_one_value_has_its_derivative(name, a):
    ours, numpys = UNARY[name]
    x = Value(a)
    y = ours(x)
    y.backward()
    assert y.data == pytest.approx(float(numpys(a)), rel=1e-14, abs=1e-14)
    assert x.grad == pytest.approx(complex_step(numpys, a), rel=1e-13, abs=1e-13)


@pytest.mark.parametrize("operation", BINARY.values(), ids=BINARY)
@bounded
@given(a=numbers, b=numbers)
def test_every_operation_of_two_values_has_both_derivatives(operation, a, b):
    x, y = Value(a), Value(b)
    z = operation(x, y)
    z.backward()
    assert z.data == operation(a, b)
    assert x.grad == pytest.approx(complex_step(lambda t: operation(t, b), a), rel=1e-13)
    assert y.grad == pytest.approx(complex_step(lambda t: operation(a, t), b), rel=1e-13)


@pytest.mark.parametrize(("a", "slope"), [(2.0, 1.0), (-2.0, 0.0), (0.0, 0.0)])
def test_relu_passes_the_gradient_where_it_is_positive(a, slope):
    x = Value(a)
    y = x.relu()
    y.backward()
    assert (y.data, x.grad) == (max(a, 0.0), slope)


def expression(a, b, tanh, exp):
    """One in which values are used several times, at several depths."""
    c = a * b + a
    d = tanh(c) * c - b / c
    e = exp(d * 0.1) + d**2 - 2 / (1 + a**2)
    return e * d + c


@bounded
@given(a=numbers, b=numbers)
def test_a_mixed_expression_agrees_with_another_engine_and_with_the_complex_step(a, b):
    x, y = Value(a), Value(b)
    out = expression(x, y, Value.tanh, Value.exp)
    out.backward()
    partial = autograd.grad(lambda v: expression(v[0], v[1], anp.tanh, anp.exp))(anp.array([a, b]))
    assert x.grad == pytest.approx(partial[0], rel=1e-11)
    assert y.grad == pytest.approx(partial[1], rel=1e-11)
    exact = complex_step(lambda t: expression(t, b, np.tanh, np.exp), a)
    assert x.grad == pytest.approx(exact, rel=1e-11)


@bounded
@given(a=numbers, b=numbers)
def test_the_products_along_all_paths_add_up_to_the_gradient(a, b):
    x, y = Value(a), Value(b)
    out = expression(x, y, Value.tanh, Value.exp)
    out.backward()
    for leaf in (x, y):
        total = math.fsum(math.prod(path) for path in paths(out, leaf))
        assert total == pytest.approx(leaf.grad, rel=1e-10)


def test_a_network_of_layers_has_as_many_paths_as_the_rule_says():
    n, layers = 3, 4
    units = first = [Value(0.1 * i) for i in range(n)]
    for _ in range(layers - 1):
        units = [sum((0.3 * u for u in units), Value(0.0)).tanh() for _ in range(n)]
    assert len(paths(units[0], first[0])) == n ** (layers - 2)
    assert len(paths(sum(units, Value(0.0)), first[0])) == n ** (layers - 1)


@bounded
@given(a=numbers, b=numbers)
def test_a_second_call_of_backward_starts_from_zero(a, b):
    x, y = Value(a), Value(b)
    out = expression(x, y, Value.tanh, Value.exp)
    out.backward()
    once = (x.grad, y.grad, out.grad)
    out.backward()
    assert (x.grad, y.grad, out.grad) == once


def test_a_gradient_of_another_output_replaces_the_old_one():
    x = Value(3.0)
    a, b = x * 2, x * x
    a.backward()
    b.backward()
    assert x.grad == 6.0


@bounded
@given(a=numbers, b=numbers, c=numbers)
def test_gradients_are_linear_in_the_output(a, b, c):
    def gradient(build):
        x = Value(a)
        build(x).backward()
        return x.grad

    def f(x):
        return x.tanh() * x

    def g(x):
        return x.exp() / x

    together = gradient(lambda x: b * f(x) + c * g(x))
    assert together == pytest.approx(b * gradient(f) + c * gradient(g), rel=1e-10, abs=1e-12)


def test_a_value_comes_after_all_its_sources_and_once():
    x, y = Value(0.5), Value(1.5)
    out = expression(x, y, Value.tanh, Value.exp)
    order = topological_order(out)
    place = {value: i for i, value in enumerate(order)}
    assert len(place) == len(order)
    assert order[-1] is out
    for value in order:
        assert all(place[source] < place[value] for source, _ in value.edges)


def test_a_graph_may_be_deeper_than_pythons_call_stack():
    x = Value(1.0)
    y = x
    for _ in range(20_000):
        y = y + 0.0
    y.backward()
    assert x.grad == 1.0


def test_paths_that_do_not_lead_to_the_leaf_are_not_walked():
    y, z = Value(1.0), Value(2.0)
    for _ in range(200):
        y = y * y  # 2²⁰⁰ paths from here to the first y
    assert paths(y + 3 * z, z) == [[1.0, 3.0]]


def test_a_shared_value_deep_below_waits_for_all_its_uses():
    x = Value(2.0)
    shared = x * 1.0
    long_way = shared
    for _ in range(10):
        long_way = long_way * 1.0
    (shared + long_way).backward()
    assert shared.grad == x.grad == 2.0


def test_a_leaf_that_the_output_does_not_depend_on_has_no_paths():
    x, y = Value(1.0), Value(2.0)
    assert paths(x * 2, y) == []
    assert paths(x, x) == [[]]


@bounded
@given(a=numbers, b=numbers)
def test_numbers_of_python_and_numpy_may_stand_on_either_side(a, b):
    assume(a != b)
    for number in (b, np.float64(b), np.array(b)):
        for operation in BINARY.values():
            assert operation(Value(a), number).data == operation(a, b)
            assert operation(number, Value(a)).data == operation(b, a)
    assert (np.int64(2) * Value(a)).data == 2 * a
    assert isinstance(Value(np.float32(0.5)).data, float)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: Value("1"), TypeError, "`data` must hold real numbers"),
        (lambda: Value([1.0, 2.0]), ValueError, "`data` must have 0 axes"),
        (lambda: Value(1j), TypeError, "`data` must hold real numbers"),
        (lambda: Value(float("nan")), ValueError, "`data` is nan"),
        (lambda: Value(1e200) * 1e200, ValueError, "`data` is inf"),
        (lambda: Value(2.0) ** Value(3.0), TypeError, "exponent must be a plain number"),
        (lambda: Value(1.0) / 0, ZeroDivisionError, "division by zero"),
        (lambda: Value(-1.0).log(), ValueError, "logarithm of -1"),
        (lambda: Value(-1.0) ** 0.5, TypeError, "complex"),
        (lambda: Value(1000.0).exp(), OverflowError, "range"),
    ],
)
def test_errors_say_what_is_wrong(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_a_value_shows_its_number_and_its_gradient():
    x = Value(0.25)
    (x * 4).backward()
    assert repr(x) == "Value(data=0.25, grad=4)"
