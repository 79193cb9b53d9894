"""The checks of assignment 08: what they expect is right, and a slip costs what it spoils."""

import cmath
import runpy
from types import FunctionType

import numpy as np
import pytest

from nnlib import graph
from nnlib.checks import computational_graph as check
from nnlib.checks.report import Outcome
from tests.checks.catalogue import misconception
from tests.conftest import ROOT

SEEDS = range(5)
ALTERNATIVES = runpy.run_path(str(ROOT / "solutions/08-computational-graph/alternatives.py"))[
    "ALTERNATIVES"
]
CALLS = {"u.backward()", "y.backward()", "z.backward()"}


class Complex:
    """A number with the methods that the programs call, for a complex step."""

    def __init__(self, data):
        self.data = complex(data)

    def tanh(self):
        return Complex(cmath.tanh(self.data))

    def exp(self):
        return Complex(cmath.exp(self.data))

    def relu(self):
        return Complex(self.data if self.data.real > 0 else 0)


def _operator(name):
    def operate(self, other):
        return Complex(getattr(self.data, name)(complex(getattr(other, "data", other))))

    return operate


for _name in ("add", "sub", "mul", "truediv", "pow"):
    setattr(Complex, f"__{_name}__", _operator(f"__{_name}__"))
    setattr(Complex, f"__r{_name}__", _operator(f"__r{_name}__"))
Complex.__neg__ = lambda self: Complex(-self.data)


def differentiated(program, leaves):
    """The value of y and its gradient by the leaves, without any graph."""
    calm = "; ".join(
        line for line in program.split("; ") if line not in CALLS and ".grad" not in line
    )
    found = []
    for chosen in [name for name, _ in leaves]:
        variables = {name: Complex(number) for name, number in leaves}
        variables[chosen].data += 1e-30j
        exec(calm, variables)
        found.append(variables["y"].data.imag / 1e-30)
    return variables["y"].data.real, found


def cases_of(exercise, seed):
    rng = np.random.default_rng(seed)
    return [case for one in exercise.properties for case in one.cases(rng, 5)]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_expected_of_a_program_agrees_with_a_complex_step(seed):
    for case in cases_of(check.Value, seed):
        look, program, leaves = case.arguments
        if look == "work":
            continue
        y, gradient = differentiated(program, leaves)
        expected = {
            "values": [y, *(number for _, number in leaves)],
            "both": [y, *gradient],
        }.get(look, gradient)
        np.testing.assert_allclose(case.expected, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_products_of_the_paths_wanted_add_up_to_the_gradient(seed):
    for case in cases_of(check.paths, seed):
        look, program, leaves = case.arguments
        gradient = differentiated(program, leaves)[1][0]
        if look == "paths":
            assert np.prod(case.expected, axis=1).sum() == pytest.approx(gradient, rel=1e-9)
        elif look == "sum":
            assert case.expected == pytest.approx(gradient, rel=1e-9, abs=1e-12)


def test_the_same_seed_asks_the_same_and_another_asks_other_numbers():
    once, again, other = (cases_of(check.Value, seed) for seed in (1, 1, 2))
    assert [case.arguments for case in once] == [case.arguments for case in again]
    differ = [a.arguments != b.arguments for a, b in zip(once, other, strict=True)]
    assert sum(differ) > 0.9 * len(differ)


@pytest.mark.parametrize(
    ("slip", "score"),
    [
        ("plain results", 0),
        ("changed in place", 7),
        ("no number on the left", 11),
        ("no plain numbers", 11),
        ("difference turned round", 11),
        ("no seed", 2),
        ("the last use wins", 8),
        ("path by path", 11),
        ("visited again", 9),
        ("depth first", 10),
        ("breadth first", 10),
        ("never set back", 11),
        ("one list for all", 11),
        ("minus forgotten", 10),
        ("quotient's second sign", 10),
        ("power kept", 11),
        ("tanh by the input", 11),
        ("relu always open", 11),
        ("exp forgotten", 11),
    ],
)
def test_a_slip_costs_what_it_spoils(slip, score):
    assert check.Value(misconception(check.Value, slip).answer).score == score


@pytest.mark.parametrize(
    ("slip", "score"),
    [
        ("from the leaf", 2),
        ("products", 0),
        ("equal paths dropped", 0),
        ("no path to itself", 3),
        ("starts with 1", 1),
    ],
)
def test_a_slip_in_the_paths_costs_what_it_spoils(slip, score):
    assert check.paths(misconception(check.paths, slip).answer).score == score


def test_paths_may_be_asked_about_a_class_that_keeps_something_else_than_edges():
    class Linked(ALTERNATIVES["Value"][1]):
        pass

    def along_links(output, leaf):
        if output is leaf:
            return [[]]
        return [[d, *rest] for one, d in output.links for rest in along_links(one, leaf)]

    assert check.paths(along_links, Linked).score == 4
    assert check.paths(along_links).score == 0


def test_paths_over_an_unwritten_class_are_not_attempted():
    class Stub:
        def __init__(self, data):
            raise NotImplementedError

    report = check.paths(ALTERNATIVES["paths"][0], Stub)
    assert report.outcome is Outcome.NOT_ATTEMPTED


def test_an_operation_that_is_not_written_yet_costs_its_own_points():
    class NoRelu(ALTERNATIVES["Value"][0]):
        def relu(self):
            raise NotImplementedError

    report = check.Value(NoRelu)
    wrong = [one.name for one in report.criteria if one.outcome is not Outcome.RIGHT]
    assert wrong == ["the values", "derivatives of tanh, exp and relu"]
    assert "is not written yet" in str(report)


def test_a_class_made_of_the_books_own_is_not_the_students_work():
    class Below(graph.Value):
        __slots__ = ()

    copied = {
        name: FunctionType(one.__code__, one.__globals__, name, one.__defaults__, one.__closure__)
        for name, one in vars(graph.Value).items()
        if isinstance(one, FunctionType)
    }
    for answer in (Below, type("Value", (), copied), check._Node):
        report = check.Value(answer)
        assert report.outcome is Outcome.NOT_ATTEMPTED
        assert "yours to write" in str(report)


def test_paths_that_call_the_books_own_are_not_the_students_work():
    report = check.paths(lambda output, leaf: [one for one in graph.paths(output, leaf)])
    assert report.outcome is Outcome.NOT_ATTEMPTED
    report = check.paths(ALTERNATIVES["paths"][0], graph.Value)
    assert "calls the book's own `Value`" in str(report)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda output, leaf: 3, "wanted is a list of paths, not int"),
        (lambda output, leaf: [1.0, 2.0], "should be a list of local derivatives; one is a number"),
        (lambda output, leaf: [[output]], "are numbers; one of yours holds a _Node"),
        (lambda output, leaf: [[1.0], [1.0, 2.0]], "your paths have the lengths [1, 2]"),
        (lambda output, leaf: None, "returned None"),
    ],
)
def test_paths_of_another_kind_are_told_so(answer, said):
    report = check.paths(answer)
    assert report.score == 0
    assert said in str(report)


@pytest.mark.parametrize("seconds", [0.0, 1.0])
def test_work_that_grows_with_the_paths_is_told_from_a_slow_machine(monkeypatch, seconds):
    """Time is counted here: each value that hands down takes as long as the test says."""
    clock = [0.0]
    monkeypatch.setattr(check.time, "perf_counter", lambda: clock[0])

    class Slow(check._Node):
        def backward(self):
            clock[0] += seconds * len(check._order(self))
            super().backward()

    class Walker(check._Node):
        def backward(self):
            clock[0] += 1e-6 * 2.0 ** len(check._order(self))
            super().backward()

    leaves = (("a", 1.0),)
    assert check._work(Slow, "", leaves) == [2.0**check.MANY, 0]
    assert check._work(Walker, "", leaves) == [2.0**check.MANY, 1]
