"""The checks of assignment 08: what they expect is right, and a slip costs what it spoils."""

import cmath
import runpy
from types import FunctionType

import numpy as np
import pytest

from nnchecks import computational_graph as check
from nnchecks.engine.report import Outcome
from nnlib import computational_graph as reference
from tests.conftest import ROOT
from tests.nnchecks.catalogue import misconception

SEEDS = range(5)
#: Where every seed asks the same programs, and only the numbers differ.
FEW = range(3)
ALTERNATIVES = runpy.run_path(str(ROOT / "solutions/08-computational-graph/alternatives.py"))[
    "ALTERNATIVES"
]
CALLS = {f"{name}.backward()" for name in "uvyz"}


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
        if look == "twice":
            assert case.expected == [2.0]
            continue
        y, gradient = differentiated(program, leaves)
        expected = {
            "values": [y, *(number for _, number in leaves)],
            "both": [y, *gradient],
        }.get(look, gradient)
        asked = case.expected[-len(leaves) :] if look == "everything" else case.expected
        np.testing.assert_allclose(asked, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_products_of_the_paths_wanted_add_up_to_the_gradient(seed):
    for case in cases_of(check.paths, seed):
        look, program, leaves, _ = case.arguments
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


CLOSURES = """\
import math

class Value:
    def __init__(self, data, children=()):
        self.data, self.grad, self.children = data, 0.0, children
        self._backward = lambda: None

    @staticmethod
    def of(other):
        return other if isinstance(other, Value) else Value(other)

    def __add__(self, other):
        other = Value.of(other)
        out = Value(self.data + other.data, (self, other))
        def _backward():
            self.grad += 1.0 * out.grad
            other.grad += 1.0 * out.grad
        out._backward = _backward
        return out

    def __sub__(self, other):
        other = Value.of(other)
        out = Value(self.data - other.data, (self, other))
        def _backward():
            self.grad += 1.0 * out.grad
            other.grad += -1.0 * out.grad
        out._backward = _backward
        return out

    def __mul__(self, other):
        other = Value.of(other)
        out = Value(self.data * other.data, (self, other))
        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out._backward = _backward
        return out

    def __truediv__(self, other):
        other = Value.of(other)
        out = Value(self.data / other.data, (self, other))
        def _backward():
            self.grad += 1 / other.data * out.grad
            other.grad += -self.data / other.data**2 * out.grad
        out._backward = _backward
        return out

    def __pow__(self, k):
        out = Value(self.data**k, (self,))
        def _backward():
            self.grad += k * self.data ** (k - 1) * out.grad
        out._backward = _backward
        return out

    def __neg__(self):
        out = Value(-self.data, (self,))
        def _backward():
            self.grad += -1.0 * out.grad
        out._backward = _backward
        return out

    def __radd__(self, k):
        out = Value(k + self.data, (self,))
        def _backward():
            self.grad += 1.0 * out.grad
        out._backward = _backward
        return out

    def __rsub__(self, k):
        out = Value(k - self.data, (self,))
        def _backward():
            self.grad += -1.0 * out.grad
        out._backward = _backward
        return out

    def __rmul__(self, k):
        out = Value(k * self.data, (self,))
        def _backward():
            self.grad += k * out.grad
        out._backward = _backward
        return out

    def __rtruediv__(self, k):
        out = Value(k / self.data, (self,))
        def _backward():
            self.grad += -k / self.data**2 * out.grad
        out._backward = _backward
        return out

    def tanh(self):
        out = Value(math.tanh(self.data), (self,))
        def _backward():
            self.grad += (1 - out.data**2) * out.grad
        out._backward = _backward
        return out

    def exp(self):
        out = Value(math.exp(self.data), (self,))
        def _backward():
            self.grad += out.data * out.grad
        out._backward = _backward
        return out

    def relu(self):
        out = Value(max(0.0, self.data), (self,))
        def _backward():
            self.grad += (out.data > 0) * out.grad
        out._backward = _backward
        return out

    def backward(self):
        order, seen = [], set()
        def visit(v):
            if v not in seen:
                seen.add(v)
                for child in v.children:
                    visit(child)
                order.append(v)
        visit(self)
        for v in order:
            v.grad = 0.0
        self.grad = 1.0
        for v in reversed(order):
            v._backward()
"""
METHODS = [part.split("(")[0] for part in CLOSURES.split("    def ")[1:]]


def defined(source):
    """The class that a student's source text defines."""
    namespace = {"__name__": "__main__"}
    exec(source, namespace)
    return namespace["Value"]


def each_changed(before, after):
    """The class with one of the places changed where a text stands, and the method's name."""
    parts = CLOSURES.split(before)
    for place in range(1, len(parts)):
        source = before.join(parts[:place]) + after + before.join(parts[place:])
        method = before.join(parts[:place]).split("\n    def ")[-1].split("(")[0]
        yield pytest.param(method, source, id=f"{method}, {place}")


def test_a_class_with_closures_is_right_and_so_is_one_whose_gradients_come_from_elsewhere():
    for seed in FEW:
        assert check.Value(defined(CLOSURES), seed=seed).outcome is Outcome.RIGHT


@pytest.mark.parametrize(("method", "source"), [*each_changed("grad += ", "grad = ")])
def test_a_share_that_is_assigned_by_one_operation_costs_a_point_on_every_seed(method, source):
    written = check._OPERATIONS[method][0]
    for seed in FEW:
        report = check.Value(defined(source), seed=seed)
        assert report.score < report.points
    assert f"In {written} you wrote = where += is needed" in report.diagnosis


@pytest.mark.parametrize(("method", "source"), [*each_changed(" * out.grad", "")])
def test_a_gradient_that_one_operation_does_not_hand_on_costs_a_point(method, source):
    for seed in FEW:
        report = check.Value(defined(source), seed=seed)
        assert report.score < report.points


#: What a student changes in the class above, and a part of what is then said.
SLIPS = {
    "numbers seen": (
        ("seen.add(v)", "seen.add(v.data)"),
        ("v not in seen", "v.data not in seen"),
        "are taken for one",
    ),
    "a dataclass that compares": (
        (
            "class Value:",
            "import dataclasses\n\n@dataclasses.dataclass\nclass Value:\n    data: float",
        ),
        ("seen.add(v)", "seen.append(v)"),
        ("seen = [], set()", "seen = [], []"),
        "are taken for one",
    ),
    "equal and hashed by number": (
        (
            "    def tanh(self)",
            "    def __eq__(self, other):\n        return self.data == other.data\n\n"
            "    def __hash__(self):\n        return hash(self.data)\n\n    def tanh(self)",
        ),
        "are taken for one",
    ),
    "self._backward": (("out._backward", "self._backward"), "self._backward = …"),
    "sources in a set": (
        (
            "+= 1.0 * out.grad\n            other.grad +=",
            "= 1.0 * out.grad\n            other.grad =",
        ),
        "where += is needed",
    ),
    "y keeps what it had": (
        ("self.grad = 1.0", "self.grad += 1.0"),
        ("in order:\n            v.grad", "in order[:-1]:\n            v.grad"),
        "Set it to 1",
    ),
    "set back one by one": (
        ("        for v in order:\n            v.grad = 0.0\n", ""),
        "adds to the gradients of the first",
    ),
    "nothing returned": (
        (
            "        out._backward = _backward\n        return out\n\n    def exp",
            "        out._backward = _backward\n\n    def exp",
        ),
        "",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_what_is_changed_in_a_students_class_costs_points_on_every_seed_and_is_named(slip):
    source, (*changes, said) = CLOSURES, SLIPS[slip]
    for before, after in changes:
        assert before in source
        source = source.replace(before, after)
    for seed in FEW:
        report = check.Value(defined(source), seed=seed)
        assert report.score < report.points
        assert said in report.diagnosis


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("v.children", "v.childern", "has no attribute 'childern'"),
        ("v._backward()", "v._backwards()", "has no attribute '_backwards'"),
        ("order.append(v)", "ordre.append(v)", "name 'ordre' is not defined"),
    ],
)
def test_a_typo_in_backward_is_not_taken_for_plain_results(before, after, said):
    report = check.Value(defined(CLOSURES.replace(before, after)))
    assert said in str(report)
    assert report.diagnosis == ""


def test_an_operation_that_gives_nothing_or_a_number_is_told_so():
    gone = CLOSURES.replace("        return out\n\n    def exp", "\n    def exp")
    assert "an operation returned None. Does its method" in str(check.Value(defined(gone)))
    plain = CLOSURES.replace("return out\n\n    def exp", "return out.data\n\n    def exp")
    assert "The result of a.tanh() is a plain number" in check.Value(defined(plain)).diagnosis


def numbers_compared(output, leaf):
    if output.data == leaf.data:
        return [[]]
    return [[d, *rest] for s, d in output.edges for rest in numbers_compared(s, leaf)]


def found_kept(output, leaf, path=(), found=[]):  # noqa: B006
    if output is leaf:
        found.append([*path])
    for source, slope in output.edges:
        found_kept(source, leaf, (*path, slope), found)
    return found


@pytest.mark.parametrize(
    ("answer", "most", "said"),
    [(numbers_compared, 2, "You compare numbers"), (found_kept, 0, "not new in each call")],
)
def test_paths_that_are_wrong_in_a_case_of_their_own_lose_points_on_every_seed(answer, most, said):
    for seed in FEW:
        report = check.paths(answer, seed=seed)
        assert report.score <= most
        assert said in report.diagnosis


@pytest.mark.parametrize(
    "rules",
    [
        {"*": (lambda a, b: a * b, lambda a, b: (a, b))},
        {"*": (lambda a, b: a * b, lambda a, b: (1.0, 1.0))},
        {"exp": (np.exp, lambda a: (a,))},
        {"+": (lambda a, b: a + b, lambda a, b: (1.0, -1.0))},
    ],
)
def test_a_wrong_slope_in_the_class_costs_nothing_in_the_paths_and_the_report_says_so(rules):
    class Slipped(check._Node):
        pass

    Slipped.rules = {**check._RULES, **rules}
    honest = ALTERNATIVES["paths"][0]
    for seed in SEEDS:
        report = check.paths(honest, Slipped, seed=seed)
        assert report.score == report.points
        assert "the edges that your own `Value` keeps" in report.criteria[0].sentence
        for slip in ("from the leaf", "each value once", "products", "the first path"):
            wrong = plain_paths(misconception(check.paths, slip).answer)
            assert check.paths(wrong, Slipped, seed=seed).score < report.points


def plain_paths(answer):
    return lambda output, leaf: answer.func(output, leaf)


def test_a_class_without_edges_makes_no_paths_right():
    class Lonely(check._Node):
        def made(self, rule, *others):
            result = super().made(rule, *others)
            result.edges = []
            return result

    assert check.paths(ALTERNATIVES["paths"][0], Lonely).score <= 1


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
    class Below(reference.Value):
        __slots__ = ()

    copied = {
        name: FunctionType(one.__code__, one.__globals__, name, one.__defaults__, one.__closure__)
        for name, one in vars(reference.Value).items()
        if isinstance(one, FunctionType)
    }
    for answer in (Below, type("Value", (), copied), check._Node):
        report = check.Value(answer)
        assert report.outcome is Outcome.NOT_ATTEMPTED
        assert "yours to write" in str(report)


def test_paths_that_call_the_books_own_are_not_the_students_work():
    report = check.paths(lambda output, leaf: [one for one in reference.paths(output, leaf)])
    assert report.outcome is Outcome.NOT_ATTEMPTED
    report = check.paths(ALTERNATIVES["paths"][0], reference.Value)
    assert "calls the book's own `Value`" in str(report)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda output, leaf: 3, "wanted is a list of paths, not int"),
        (lambda output, leaf: [1.0, 2.0], "should be a list of local derivatives; one is a number"),
        (lambda output, leaf: [[output]], "are numbers; one of yours holds something else"),
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
