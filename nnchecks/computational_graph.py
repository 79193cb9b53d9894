"""Checks of assignment `08-computational-graph`.

The questions are short programs, kept as text: they are run with the student's class and, to know
the answer, with the book's. Only what the assignment promises is used: operators, methods, `.data`,
`.grad` and `.backward()`. What is asked for is exact, so tolerances are rounding alone.

A slip in one operation should cost that operation's points and no others, so the programs about
the order and the sum use + and * alone.
"""

import functools
import math
import re
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import CodeType
from typing import Any, cast

import numpy as np

from nnchecks.engine import pictures
from nnchecks.engine.exercise import Case, Exercise, Misconception, Property, WrongKindError
from nnchecks.engine.report import Outcome, Picture, Report, reported
from nnchecks.engine.withheld import copied
from nnlib import computational_graph as reference

CHAPTER = "chapter 8, Computational graphs"

#: Rounding in a few operations on numbers of order one.
TOLERANCE = 1e-10

#: The leaves of a program: names and numbers. A tuple, since nobody may change it.
Leaves = tuple[tuple[str, float], ...]


class NotAListError(Exception):
    """Something stands where a list of paths, or a path, should be."""


class NotANumberError(Exception):
    """Something stands in a path that is no number."""


class OtherLengthsError(Exception):
    """Paths of other lengths than the graph has."""


class _NoValueError(WrongKindError):
    """An operation gave a plain number, or nothing."""


class _NumberOnTheLeftError(WrongKindError):
    """A plain number on the left was not understood."""


class _KeptError(WrongKindError):
    """The same question was answered otherwise the second time."""


# --- running a program ----------------------------------------------------------------------------


@functools.cache
def _compiled(program: str) -> CodeType:
    return compile(program, "<question>", "exec")


def _run(kind: Callable[[float], Any], program: str, leaves: Leaves) -> dict[str, Any]:
    """Run a program with a class of values, and return its variables."""
    variables = {name: kind(number) for name, number in leaves}
    try:
        exec(_compiled(program), variables)
    except AttributeError as error:
        if _raised_by_the_program(error) and (plain := _NO_VALUE.match(str(error))):
            raise _no_value(plain[1]) from None
        raise
    except TypeError as error:
        none = str(error) == "'NoneType' object is not callable" and _raised_by_the_program(error)
        if none or _ON_THE_LEFT.match(str(error)):
            raise _NumberOnTheLeftError("a plain number on the left is not understood") from None
        raise
    if variables["y"] is None or isinstance(variables["y"], int | float):
        raise _no_value(type(variables["y"]).__name__)
    return variables


#: What Python says if a program meets something else than a Value.
_NO_VALUE = re.compile("'(int|float|bool|NoneType)' object has no attribute")
_ON_THE_LEFT = re.compile(r"unsupported operand type\(s\) for [-+*/]: '(int|float)' and '")


def _no_value(found: str) -> _NoValueError:
    if found == "NoneType":
        return _NoValueError("an operation returned None. Does its method end with a return?")
    return _NoValueError(f"an operation returned a plain number ({found}) and no Value")


def _raised_by_the_program(error: BaseException) -> bool:
    """Whether it was raised by a line of the question, and not in a method that it calls."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return place is not None and place.tb_frame.f_code.co_filename == "<question>"


def _values(kind: Callable[[float], Any], program: str, leaves: Leaves) -> list[Any]:
    """Return the data of the result and, after it was computed, of the leaves."""
    variables = _run(kind, program, leaves)
    return [variables[name].data for name in ("y", *dict(leaves))]


def _gradients(kind: Callable[[float], Any], program: str, leaves: Leaves) -> list[Any]:
    variables = _run(kind, program, leaves)
    variables["y"].backward()
    return [variables[name].grad for name in dict(leaves)]


def _both(kind: Callable[[float], Any], program: str, leaves: Leaves) -> list[Any]:
    """Return the data of the result and the gradients."""
    variables = _run(kind, program, leaves)
    data = variables["y"].data
    variables["y"].backward()
    return [data, *(variables[name].grad for name in dict(leaves))]


def _everything(kind: Callable[[float], Any], program: str, leaves: Leaves) -> list[Any]:
    """Return the gradients of the result, of what is between, and of the leaves."""
    variables = _run(kind, program, leaves)
    variables["y"].backward()
    return [variables[name].grad for name in _names_in(program, leaves)]


def _names_in(program: str, leaves: Leaves) -> list[str]:
    assigned = _compiled(program).co_names
    return [*(name for name in "yxwvu" if name in assigned), *dict(leaves)]


def _twice(kind: Callable[[float], Any], term: str, leaves: Leaves) -> list[float]:
    """Return the gradient of two equal uses, in units of that of one.

    Whether the one is right is the business of another criterion, and whether it is there at all.
    """

    def slope(program: str) -> float:
        variables = _run(kind, program, leaves)
        variables["y"].backward()
        return float(variables["a"].grad)

    kind(1.0)  # a class that is not written yet is not tried
    try:
        one = slope(f"y = {term}")
    except Exception:
        one = 0.0
    return [slope(f"y = {term} + {term}") / one if one and math.isfinite(one) else 2.0]


#: How often a value is doubled, and how much work that may cost: between the two numbers of
#: doublings the paths become 64 times as many, the values not twice as many.
FEW, MANY, MORE_WORK = 9, 15, 8
#: In so many seconds nobody can have walked 2**MANY paths, so that nothing has to be compared.
AT_ONCE = 1e-3


def _work(kind: Callable[[float], Any], _: str, leaves: Leaves) -> list[Any]:
    """Return the gradient after many doublings, and whether the work grew with the paths."""
    ((_, number),) = leaves

    def doubled(times: int) -> tuple[Any, float]:
        a = y = kind(number)
        for _ in range(times):
            y = y + y
        start = time.perf_counter()
        y.backward()
        return a.grad, time.perf_counter() - start

    gradient, seconds = doubled(MANY)
    if seconds < AT_ONCE:
        return [gradient, 0]
    # The least of three: another process may have taken the time.
    few, many = (min(doubled(times)[1] for _ in range(3)) for times in (FEW, MANY))
    return [gradient, int(many > MORE_WORK * few)]


def _twice_as_many_paths(rng: np.random.Generator, rounds: int) -> list[Case]:
    """Return a case with one value more and twice as many paths each time."""
    leaves = _numbers(rng, "a")
    return [
        Case(
            shown=f"After {_setting(leaves)}; y = a; {MANY} times y = y + y; y.backward() the list "
            f"of a.grad, and of 1 if this took more than {MORE_WORK} times as long as with {FEW} "
            "in place of so many, else 0,",
            arguments=("work", "", leaves),
            keywords={},
            expected=np.array([2.0**MANY, 0.0]),
            tolerance=TOLERANCE,
            what="what is right is",
        )
    ]


#: From what a case is about to the function that finds it, and how the report writes and calls it.
_LOOKS: dict[str, tuple[Callable[..., list[Any]], str, str]] = {
    "values": (_values, "", "the values are"),
    "gradients": (_gradients, "; y.backward()", "the gradient is"),
    "both": (_both, "; y.backward()", "what is right is"),
    "as written": (_gradients, "", "the gradient is"),
    "everything": (_everything, "; y.backward()", "the gradient is"),
    "twice": (_twice, "", "two equal shares are"),
    "work": (_work, "", "what is right is"),
}


def _look_at_values(
    kind: Callable[[float], Any], look: str, program: str, leaves: Leaves
) -> list[Any]:
    return _LOOKS[look][0](kind, program, leaves)


def _setting(leaves: Leaves) -> str:
    return "; ".join(f"{name} = Value({number:g})" for name, number in leaves)


def _asked(look: str, program: str, leaves: Leaves) -> Case:
    """Return a case; what is expected is what the book's own class gives."""
    _, then, what = _LOOKS[look]
    result = {"values": "y.data", "both": "y.data"}.get(look)
    each = "data" if look == "values" else "grad"
    names = _names_in(program, leaves) if look == "everything" else list(dict(leaves))
    listed = ", ".join([*([result] if result else []), *(f"{name}.{each}" for name in names)])
    shown = f"After {_setting(leaves)}; {program}{then} the list [{listed}]"
    if look == "twice":
        shown = (
            f"With {_setting(leaves)}, [a.grad of y = {program} + {program}, divided by a.grad of "
            f"y = {program}]"
        )
    right = [2.0] if look == "twice" else _look_at_values(reference.Value, look, program, leaves)
    expected = np.array(right)
    return Case(
        shown=shown,
        arguments=(look, program, leaves),
        keywords={},
        expected=expected,
        tolerance=TOLERANCE * (1 + float(np.abs(expected).max())),
        what=what,
    )


class _OfPrograms(functools.partial[Any]):
    """A student's class or function that is asked about programs.

    A kind of partial, so that who asks where a function comes from finds the student's.
    """

    sees: Callable[..., Any]

    def __call__(self, /, *question: Any) -> Any:
        return self.sees(self.func, *question)


def _of_programs(function: Callable[..., Any], sees: Callable[..., Any]) -> Callable[..., Any]:
    asked = _OfPrograms(function)
    functools.update_wrapper(asked, function, updated=())
    asked.sees = sees
    return asked


def _numbers(rng: np.random.Generator, names: str, signs: Sequence[float] = (-1, 1)) -> Leaves:
    """Return leaves of different sizes, none of them 0 or 1 in size."""
    sizes = rng.choice(np.arange(5, 30, 2), len(names), replace=False) / 16
    return tuple(
        (name, float(size * rng.choice(signs))) for name, size in zip(names, sizes, strict=True)
    )


def _leaves_of(program: str) -> str:
    return "".join(name for name in "abcd" if name in _compiled(program).co_names)


def _about(
    look: str, programs: Iterable[str], signs: Sequence[float] = (-1, 1), times: int = 1
) -> Callable[[np.random.Generator, int], list[Case]]:
    """Return cases about programs, in which {k} is a plain whole number, and {f} is none."""

    def cases(rng: np.random.Generator, rounds: int) -> list[Case]:
        found = []
        for _ in range(times):
            for template in programs:
                program = template.format(
                    k=rng.choice(("2", "3", "5", "-4")), f=rng.choice(("1.5", "2.5", "-0.75"))
                )
                found.append(_asked(look, program, _numbers(rng, _leaves_of(program), signs)))
        return found

    return cases


def _equal_numbers(rng: np.random.Generator, rounds: int) -> list[Case]:
    """Return cases in which different values hold the same number, inner ones too."""
    cases = []
    for program in (
        "u = a * b; v = c * d; y = u + v",
        "u = a + b; v = c + d; y = u * v",
        "u = a * b; v = c * d; y = u * v",
    ):
        (_, p), (_, q) = _numbers(rng, "ab")
        cases.append(_asked("gradients", program, (("a", p), ("b", q), ("c", p), ("d", q))))
    for program in ("u = a * b; y = u * c", "u = a * b; y = c * u"):
        (_, p), (_, q) = _numbers(rng, "ab")
        cases.append(_asked("gradients", program, (("a", p), ("b", q), ("c", p * q))))
    return cases


def _all_of(
    *parts: Callable[[np.random.Generator, int], list[Case]],
) -> Callable[[np.random.Generator, int], list[Case]]:
    return lambda rng, rounds: [case for part in parts for case in part(rng, rounds)]


def _bars(case: Case, value: Any, _: Callable[..., Any]) -> Picture | None:
    look, program, leaves = case.arguments
    if look == "twice":
        return None
    names = _names_in(program, leaves) if look == "everything" else [name for name, _ in leaves]
    if look in ("values", "both"):
        names = ["y", *names]
    what = {"values": "Value", "both": "y.data, then the gradient"}.get(look, "Gradient")
    return pictures.bars(case.expected, value, names, what)


# --- Value ----------------------------------------------------------------------------------------


def _relu(x: float) -> float:
    return max(x, 0.0)


#: One operation a line: its value, and its local derivative by each argument.
_RULES: dict[str, tuple[Callable[..., float], Callable[..., Sequence[float]]]] = {
    "+": (lambda a, b: a + b, lambda a, b: (1.0, 1.0)),
    "-": (lambda a, b: a - b, lambda a, b: (1.0, -1.0)),
    "*": (lambda a, b: a * b, lambda a, b: (b, a)),
    "/": (lambda a, b: a / b, lambda a, b: (1 / b, -a / b**2)),
    "**": (lambda a, n: a**n, lambda a, n: (n * a ** (n - 1),)),
    "neg": (lambda a: -a, lambda a: (-1.0,)),
    "tanh": (math.tanh, lambda a: (1 - math.tanh(a) ** 2,)),
    "exp": (math.exp, lambda a: (math.exp(a),)),
    "relu": (_relu, lambda a: (float(a > 0),)),
}


class _Node:
    """A value with the rules of a table, from which the wrong answers are made."""

    rules = _RULES
    #: At which edges a share is assigned and not added, and at which it is the slope alone.
    assigns: Sequence[int] = ()
    alone: Sequence[int] = ()
    uses = 0

    def __init__(self, data: float) -> None:
        self.data = data
        self.grad = 0.0
        self.edges: list[tuple[_Node, float]] = []
        self.noted()

    def noted(self) -> None:
        """Do what a wrong answer does with each new value."""

    def lifted(self, other: Any) -> Any:
        return other if isinstance(other, _Node) else type(self)(other)

    def made(self, rule: str, *others: Any) -> Any:
        nodes = [self, *(self.lifted(other) for other in others)]
        value, slopes = self.rules[rule]
        data = [node.data for node in nodes]
        result = type(self)(value(*data))
        result.edges = [*zip(nodes, slopes(*data), strict=False)]
        for source, _ in result.edges:
            source.uses += 1
        return result

    def __add__(self, other: Any) -> Any:
        return self.made("+", other)

    def __sub__(self, other: Any) -> Any:
        return self.made("-", other)

    def __mul__(self, other: Any) -> Any:
        return self.made("*", other)

    def __truediv__(self, other: Any) -> Any:
        return self.made("/", other)

    def __pow__(self, n: float) -> Any:
        return self.made("**", n)

    def __neg__(self) -> Any:
        return self.made("neg")

    def __radd__(self, other: float) -> Any:
        return self.lifted(other) + self

    def __rsub__(self, other: float) -> Any:
        return self.lifted(other) - self

    def __rmul__(self, other: float) -> Any:
        return self.lifted(other) * self

    def __rtruediv__(self, other: float) -> Any:
        return self.lifted(other) / self

    def tanh(self) -> Any:
        return self.made("tanh")

    def exp(self) -> Any:
        return self.made("exp")

    def relu(self) -> Any:
        return self.made("relu")

    def backward(self) -> None:
        _hand_down(self, _order(self))


def _order(output: _Node) -> list[_Node]:
    """Return the values from the output to the leaves, each after all that was made of it."""
    order: list[_Node] = []

    def visit(node: _Node) -> None:
        if node not in order:
            for source, _ in node.edges:
                visit(source)
            order.append(node)

    visit(output)
    return order[::-1]


def _hand_down(
    output: _Node,
    order: Sequence[_Node],
    *,
    seed: Callable[[_Node], float] = lambda output: 1.0,
    share: Callable[[float, float], float] = lambda slope, grad: slope * grad,
    starts: Callable[[_Node], float] = lambda node: 0.0,
    adds: bool = True,
) -> None:
    """Go through the values in some order and give every source its share."""
    for node in order:
        node.grad = starts(node)
    output.grad = output.grad * (seed(output) != 1.0) + seed(output)
    for node in order:
        for place, (source, slope) in enumerate(node.edges):
            part = slope if place in node.alone else share(slope, node.grad)
            source.grad = source.grad * (adds and place not in node.assigns) + part


class _Derived(_Node):
    """The same with differences, quotients and the minus sign made of other operations."""

    def __neg__(self) -> Any:
        return self * -1

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __truediv__(self, other: Any) -> Any:
        return self * other**-1

    def __rsub__(self, other: float) -> Any:
        return other + (-self)

    def __rtruediv__(self, other: float) -> Any:
        return other * self**-1


class _Apart(_Node):
    """The same with operations of their own where a number stands on the left."""

    def __radd__(self, other: float) -> Any:
        return _Node.__add__(self.lifted(other), self)

    def __rsub__(self, other: float) -> Any:
        return _Node.__sub__(self.lifted(other), self)

    def __rmul__(self, other: float) -> Any:
        return _Node.__mul__(self.lifted(other), self)

    def __rtruediv__(self, other: float) -> Any:
        return _Node.__truediv__(self.lifted(other), self)


def _preorder(output: _Node) -> list[_Node]:
    order: list[_Node] = []

    def visit(node: _Node) -> None:
        if node not in order:
            order.append(node)
            for source, _ in node.edges:
                visit(source)

    visit(output)
    return order


def _breadth_first(output: _Node) -> list[_Node]:
    order, waiting = [output], deque([output])
    while waiting:
        for source, _ in waiting.popleft().edges:
            if source not in order:
                order.append(source)
                waiting.append(source)
    return order


def _by_number(output: _Node) -> list[_Node]:
    """Return the values in order, but of those with one number only the first."""
    order: list[_Node] = []
    numbers: set[float] = set()

    def visit(node: _Node) -> None:
        if node.data not in numbers:
            numbers.add(node.data)
            for source, _ in node.edges:
                visit(source)
            order.append(node)

    visit(output)
    return order[::-1]


def _kept_by_number(self: _Node) -> None:
    """Gather the shares in a dict whose keys are numbers."""
    grads: dict[float, float] = {}
    order = _order(self)
    grads[self.data] = 1.0
    for node in order:
        for source, slope in node.edges:
            grads[source.data] = grads.get(source.data, 0.0) + slope * grads.get(node.data, 0.0)
    for node in order:
        node.grad = grads.get(node.data, 0.0)


def _on_the_operand(self: _Node) -> None:
    """Hand down by what each first operand remembers: its last use."""
    last: dict[_Node, _Node] = {}
    order = _order(self)
    for node in order[::-1]:
        if node.edges:
            last[node.edges[0][0]] = node
        node.grad = 0.0
    self.grad = 1.0
    for node in order:
        for source, slope in last[node].edges if node in last else ():
            source.grad += slope * last[node].grad


def _added_to_one(self: _Node) -> None:
    """Begin with one more, and not with 1, where the output was not set back."""
    order = _order(self)
    for node in order[1:]:
        node.grad = 0.0
    self.grad += 1.0
    for node in order:
        for source, slope in node.edges:
            source.grad += slope * node.grad


def _in_the_leaves_alone(self: _Node) -> None:
    order = _order(self)
    _hand_down(self, order)
    for node in order:
        node.grad *= not node.edges


def _each_source_once(self: _Node, rule: str, *others: Any) -> _Node:
    """Remember the sources in a dict, which holds a value that stands on both sides once."""
    result: _Node = _Node.made(self, rule, *others)
    result.edges = [*dict(result.edges).items()]
    return result


def _again_and_again(self: _Node) -> None:
    """Hand down all that a value has whenever a share arrives: what came before, once more."""
    for node in _order(self):
        node.grad = 0.0
    self.grad = 1.0

    def visit(node: _Node) -> None:
        for source, slope in node.edges:
            source.grad += slope * node.grad
            visit(source)

    visit(self)


def _path_by_path(self: _Node) -> None:
    """Hand every share on at once, and so walk each path by itself."""
    for node in _order(self):
        node.grad = 0.0

    def visit(node: _Node, share: float) -> None:
        node.grad += share
        for source, slope in node.edges:
            visit(source, slope * share)

    visit(self, 1.0)


def _adds_to_the_last_time(self: _Node) -> None:
    order = _order(self)
    for node in order[1:]:
        if node.edges:
            node.grad = 0.0
    self.grad = 1.0
    for node in order:
        for source, slope in node.edges:
            source.grad += slope * node.grad


def _never_cleared(self: _Node) -> None:
    self.grad = 1.0
    for node in _order(self):
        for source, slope in node.edges:
            source.grad += slope * node.grad


def _leaves_cleared(self: _Node) -> None:
    for node in _order(self):
        if not node.edges:
            node.grad = 0.0
    _never_cleared(self)


def _goes(
    order: Callable[[_Node], Sequence[_Node]] = _order, **how: Any
) -> Callable[[_Node], None]:
    """Return a `backward` with another order, or another way to hand down."""
    return lambda self: _hand_down(self, order(self), **how)


#: The values made last, of a wrong answer that keeps one list for all expressions.
_TAPE: deque[_Node] = deque(maxlen=40)


def _from_the_last_made(self: _Node) -> None:
    tape = [*_TAPE][::-1]
    _hand_down(tape[0], tape)


def _in_place(rule: str) -> Callable[..., Any]:
    def operate(self: _Node, other: Any) -> Any:
        result = self.made(rule, other)
        self.data = result.data
        return result

    return operate


def _plain_result(rule: str) -> Callable[..., Any]:
    return lambda self, *others: self.made(rule, *others).data


def _missing(self: _Node, other: Any) -> Any:
    return NotImplemented


def _wrong(slopes: Any = None, values: Any = None, base: Any = _Node, **members: Any) -> Any:
    """Return a class with other local derivatives, other values or other methods."""
    rules = dict(_RULES)
    for rule, change in (slopes or {}).items():
        rules[rule] = (rules[rule][0], change)
    for rule, change in (values or {}).items():
        rules[rule] = (change, rules[rule][1])
    kind = type("Value", (base,), {"rules": rules, **members})
    return _of_programs(kind, _look_at_values)


#: The operations: the method, how it is written, and at which edges of the result its operands are.
_OPERATIONS = {
    "__add__": ("a + b", (0, 1)),
    "__sub__": ("a - b", (0, 1)),
    "__mul__": ("a * b", (0, 1)),
    "__truediv__": ("a / b", (0, 1)),
    "__pow__": ("a ** k", (0,)),
    "__neg__": ("-a", (0,)),
    "tanh": ("a.tanh()", (0,)),
    "exp": ("a.exp()", (0,)),
    "relu": ("a.relu()", (0,)),
    "__radd__": ("k + a", (1,)),
    "__rsub__": ("k - a", (1,)),
    "__rmul__": ("k * a", (1,)),
    "__rtruediv__": ("k / a", (1,)),
}


def _marked(
    mark: str, edges: Mapping[str, Sequence[int]], base: type[_Node] = _Node
) -> Callable[..., Any]:
    """Return a class in which the results of some operations hand down otherwise."""

    def method(name: str, places: Sequence[int]) -> Callable[..., Any]:
        def operate(self: _Node, *others: Any) -> Any:
            result = getattr(base, name)(self, *others)
            if mark == "lost":
                result.edges = [e for k, e in enumerate(result.edges) if k not in places]
            else:
                setattr(result, mark, places)
            return result

        return operate

    members = {name: method(name, places) for name, places in edges.items()}
    return cast(Callable[..., Any], _wrong(base=base, **members))


def _slips_in_one_operation() -> Iterator[Misconception]:
    """Yield what may be forgotten in one operation while it is right in the others."""
    for name, (written, places) in _OPERATIONS.items():
        two = len(places) > 1
        for base, apart in ((_Node, ""), (_Apart, ", there alone"))[: 1 + two]:
            for operand in (places, places[:1], places[1:]) if two else (places,):
                which = {(0, 1): "", (0,): ", for a", (1,): ", for b"}[operand] if two else ""
                if apart and operand == (0,):  # with a number on the left a has the place of b
                    continue
                yield Misconception(
                    f"= in {written}{which}{apart}",
                    _marked("assigns", {name: operand}, base),
                    f"In {written} you wrote = where += is needed{which}: what came from another "
                    "use of the same value is lost.",
                )
            yield Misconception(
                f"gradient not handed through {written}{apart}",
                _marked("alone", {name: places}, base),
                f"In {written} you add the local derivative alone. Multiply it by the gradient of "
                "the result, as in the other operations.",
            )
            if not name.startswith("__r"):
                yield Misconception(
                    f"{written} forgets{apart}",
                    _marked("lost", {name: places}, base),
                    f"The result of {written} does not remember what it was made of, so nothing is "
                    "handed down through it. Give it its edges.",
                )
            if two:
                yield Misconception(
                    f"{written} forgets b{apart}",
                    _marked("lost", {name: places[1:]}, base),
                    f"In {written} only a gets a share. b needs one, too.",
                )
        yield Misconception(
            f"plain result of {written}",
            _wrong(**{name: _plain(name)}),
            f"The result of {written} is a plain number, which remembers nothing. Return a Value.",
        )
    for name in ("__radd__", "__rsub__", "__rmul__", "__rtruediv__"):
        written = _OPERATIONS[name][0]
        yield Misconception(
            f"no {written}",
            _wrong(**{name: _missing}),
            f"{written} is not understood. With a plain number on the left Python asks for "
            f"a.{name}(k): write it, too.",
        )


def _plain(name: str) -> Callable[..., Any]:
    return lambda self, *others: getattr(_Node, name)(self, *others).data


def _numbers_refused(self: _Node, other: Any) -> Any:
    _ = other.data
    return other


def _floats_alone(self: _Node, other: Any) -> Any:
    return _Node.lifted(self, other) if isinstance(other, float) else _numbers_refused(self, other)


def _whole_numbers_alone(self: _Node, other: Any) -> Any:
    return _Node.lifted(self, other) if isinstance(other, int) else _numbers_refused(self, other)


#: Operations with a number on the left that do not ask what it is.
_FROM_THE_LEFT: dict[str, Callable[..., Any]] = {
    "__radd__": lambda self, k: type(self)(k) + self,
    "__rsub__": lambda self, k: type(self)(k) - self,
    "__rmul__": lambda self, k: type(self)(k) * self,
    "__rtruediv__": lambda self, k: type(self)(k) / self,
}


def _into_itself(rule: str) -> Callable[..., Any]:
    """Return an operation that makes of its first operand the result."""

    def operate(self: _Node, other: Any) -> Any:
        before = type(self)(self.data)
        before.edges = self.edges
        result = _Node.made(before, rule, self.lifted(other))
        self.data, self.edges = result.data, result.edges
        return self

    return operate


def _turns_itself(self: _Node) -> Any:
    self.data = -self.data
    result = type(self)(self.data)
    result.edges = [(self, -1.0)]
    return result


def _visited_for_ever(self: _Node) -> None:
    order: list[_Node] = []

    def visit(node: _Node) -> None:
        if not getattr(node, "visited", False):
            node.visited = True  # type: ignore[attr-defined]
            for source, _ in node.edges:
                visit(source)
            order.append(node)

    visit(self)
    _hand_down(self, order[::-1])


def _waits_for_every_use(self: _Node) -> None:
    """Wait for all that was made of a value, what does not lead to the output included."""
    for node in _order(self):
        node.grad = 0.0
    self.grad, ready, missing = 1.0, [self], dict[_Node, int]()
    while ready:
        node = ready.pop()
        for source, slope in node.edges:
            source.grad += slope * node.grad
            missing[source] = missing.get(source, source.uses) - 1
            if not missing[source]:
                ready.append(source)


def _numbers_without_slope(rule: str) -> Callable[..., Any]:
    """Return an operation that takes a plain number for one that is added."""

    def operate(self: _Node, other: Any) -> Any:
        result = self.made(rule, other)
        if not isinstance(other, _Node):
            result.edges = [(self, 1.0)]
        return result

    return operate


def _turned(rule: str) -> Callable[..., Any]:
    return lambda self, other: self.made(rule, other)


def _squashed(x: float) -> float:
    return 1 / (1 + math.exp(-x))


@dataclass(frozen=True)
class ValueExercise(Exercise):
    """An exercise whose answer is a class.

    Examples
    --------
    >>> Value(reference.Value).score
    0
    """

    def __call__(
        self, function: Callable[..., Any], *, seed: int | None = None, rounds: int = 3
    ) -> Report:
        """Check a student's class; see `Exercise`."""
        if callable(function) and not self._is_known_to_be_wrong(function):
            for member in vars(function).values() if isinstance(function, type) else ():
                if name := copied(member, self.withheld):
                    said = self._not_yours(name)
                    return reported(functools.partial(self._all, Outcome.NOT_ATTEMPTED, said))
            function = _of_programs(function, _look_at_values)
        return super().__call__(function, seed=seed, rounds=rounds)


#: What this assignment asks for, under the book's names, and what here would do for an answer.
_WITHHELD = (reference.Value, reference.topological_order, reference.paths)
_ENGINE = (
    _Node,
    _order,
    _hand_down,
    _preorder,
    _never_cleared,
    _adds_to_the_last_time,
    _path_by_path,
)

_LIKE_A_SUM = "You treat a product like a sum. The derivative of a·b by a is b."
_WRONG_OPERAND = "You swapped the derivatives of a product. By a it is b's data, by b it is a's."
_POWER_KEPT = "The exponent goes down by one: the derivative of aⁿ is n·aⁿ⁻¹."
_NO_BRACKETS = "n * a**n - 1 is (n·aⁿ) − 1. The derivative of aⁿ needs brackets: n * a ** (n - 1)."
_NO_FACTOR = "The derivative of aⁿ is n·aⁿ⁻¹. You left the factor n out."
_ALL_SQUARES = "Every power gets the derivative of a square. That of aⁿ is n·aⁿ⁻¹."

_SINGLE = ("y = a + b", "y = a - b", "y = a * b", "y = a / b", "y = a ** 3", "y = a ** 2")

#: Every operation by itself, with `a` as one operand and as the other.
_TERMS = (
    *(f"(a {sign} b)" for sign in "+-*/"),
    *(f"(b {sign} a)" for sign in "+-*/"),
    *(f"(a {sign} {{k}})" for sign in "+-*/"),
    *(f"({{k}} {sign} a)" for sign in "+-*/"),
    *("a ** 2", "a ** 3", "(-a)", "a.tanh()", "a.exp()", "a.relu()"),
)

Value = ValueExercise(
    name="Value",
    chapter=CHAPTER,
    withheld=(*_WITHHELD, *_ENGINE),
    properties=(
        Property(
            "the values",
            2,
            _all_of(
                _about("values", (*_SINGLE, "y = -a", "y = a.exp()")),
                _about("values", ("y = a.tanh()", "y = a.relu()"), times=3),
                _about("values", ("y = a ** 3", "y = a.relu()"), signs=(-1,), times=3),
                _about(
                    "values",
                    ("y = (a * b + c).tanh() - a / b", "y = (a - b) * (a + c) ** 2 / c.exp()"),
                ),
            ),
            hints=(
                "a + b calls a.__add__(b). What has to come back, and which number does it hold?",
                "Make a new Value from the data of both. Leave the old ones as they are.",
            ),
            picture=_bars,
        ),
        Property(
            "plain numbers on either side",
            1,
            _all_of(
                *(
                    _about("both", tuple(template.format(sign=sign) for sign in "+-*/"))
                    for template in (
                        "y = a {sign} {{k}}",
                        "y = a {sign} {{f}}",
                        "y = {{k}} {sign} a",
                        "y = {{f}} {sign} a",
                        "y = ({{k}} {sign} a) * b",
                        "y = ({{f}} {sign} a) * b",
                        "y = (-3 {sign} a) * b",
                    )
                ),
                _about("both", tuple(f"y = (a {sign} {{k}}) * b" for sign in "+-*/")),
            ),
            hints=(
                "2 * a calls a.__rmul__(2), since 2 does not know how to multiply a Value.",
                "Make a Value of the number first; then everything is as before. Mind which of "
                "the two is on the left.",
            ),
            picture=_bars,
        ),
        Property(
            "derivatives of +, −, × and the minus sign",
            1,
            _about(
                "gradients",
                ("y = a - b", "y = -a", "y = (a - b) * c", "y = (a * b) * c", "y = (-a) * b"),
                times=3,
            ),
            hints=(
                "How much does the result change when one of the two operands does, and the other "
                "stays?",
                "The derivatives are 1 and 1 for a sum, 1 and −1 for a difference, and each the "
                "other's data for a product.",
            ),
            picture=_bars,
        ),
        Property(
            "derivatives of ÷ and powers",
            1,
            _all_of(
                _about("gradients", ("y = a / b", "y = (a / b) * c"), times=3),
                _about(
                    "gradients",
                    ("y = a ** 2", "y = a ** 3", "y = (a ** -2) * b", "y = (a ** 0.5) * c"),
                    signs=(1,),
                    times=1,
                ),
                _about("gradients", ("y = (a ** 3) * b",), signs=(-1,), times=3),
            ),
            hints=(
                "Differentiate a/b by a with b fixed, then by b with a fixed.",
                "1/b by a, −a/b² by b; and n·aⁿ⁻¹ for aⁿ.",
            ),
            picture=_bars,
        ),
        Property(
            "derivatives of tanh, exp and relu",
            1,
            _all_of(
                _about("gradients", ("y = a.tanh()", "y = a.exp()"), times=2),
                _about("gradients", ("y = a.tanh() * b", "y = a.exp() * b"), times=3),
                _about("gradients", ("y = a.relu()", "y = a.relu() * b"), signs=(1,), times=3),
                _about("gradients", ("y = a.relu()",), signs=(0.25,)),
                _about("gradients", ("y = a.relu()", "y = a.relu() * b"), signs=(-1,), times=2),
            ),
            hints=(
                "Each of these derivatives can be had from the result alone.",
                "1 − y² for tanh, y for exp, and for relu 1 where the input is positive, else 0.",
            ),
            picture=_bars,
        ),
        Property(
            "the chain rule, also where two values hold the same number",
            1,
            _all_of(
                _about(
                    "gradients",
                    (
                        "y = (a + b) * c",
                        "y = (a * b + c) * d",
                        "u = a * b; v = u + c; y = v * d",
                        "u = a + b; v = u * c; y = v + d",
                    ),
                ),
                _about("everything", ("u = a * b; v = u + c; y = v * d", "u = a + b; y = u * c")),
                _about("everything", ("u = a * b; y = c * u",)),
                _equal_numbers,
            ),
            hints=(
                "A value hands to each of its sources its own gradient times the local derivative.",
                "Two values with the same number are still two.",
                "Begin with y.grad = 1 and go back until nothing is left, not one step only.",
            ),
            picture=_bars,
        ),
        Property(
            "a value that is used twice",
            1,
            _all_of(
                _about(
                    "gradients",
                    (
                        "y = a + a",
                        "y = a * a",
                        "y = a * b + a",
                        "y = a * b + a * c",
                        "y = (a + b) * (a + c)",
                        "y = (b + a) * (c + a)",
                        "y = a * a * a + b",
                    ),
                ),
                _about("twice", _TERMS, signs=(1,), times=3),
            ),
            hints=(
                "y = a + a: what is the gradient, and what did you give?",
                "Each use gives a share. Shares are added: +=.",
            ),
            picture=_bars,
        ),
        Property(
            "the order in a diamond",
            2,
            _about(
                "gradients",
                (
                    "u = a * b; v = u * c; y = u + v",
                    "u = a * b; v = u * c; y = v + u",
                    "u = a + b; v = u * u; w = v * u; y = u + w * v",
                    "u = a * b; v = u + c; w = v * u; y = w * v + u",
                    "u = a * b; u = u + u; u = u * c; u = u + u; y = u + u * u",
                    "u = a * b; v = u * c; w = v + d; x = w * w; y = u * x",
                ),
            ),
            hints=(
                "In u = a * b; v = u * c; y = u + v, the value u gets a share from y and one from "
                "v. When may it hand down to a and b, and how often?",
                "Put the values in an order in which each comes after all its sources, and go "
                "through it from the end.",
            ),
            picture=_bars,
        ),
        Property(
            "each value hands down once, however many paths there are",
            1,
            _twice_as_many_paths,
            hints=(
                "With each y = y + y there is one value more. How many paths lead from y to a?",
                "Handing a share on at once walks every path by itself. Let a value gather all its "
                "shares first; then it hands down once.",
            ),
            telling=1,
        ),
        Property(
            "every call starts from zero",
            1,
            _about(
                "as written",
                (
                    "u = a * b; y = u * c; y.backward(); y.backward()",
                    "u = a + b; y = u * c; y.backward(); y.backward(); y.backward()",
                    "u = a * b; y = u * c; u.backward(); y.backward()",
                    "u = a + b; y = u * c; u.backward(); y.backward()",
                    "u = a * b; v = u * c; y = v * d; v.backward(); y.backward()",
                    "y = a * b; z = y + c * d; z.backward(); y.backward(); c.grad = d.grad = 0.0",
                    "y = a * b + c; z = a + b; y.backward()",
                    "z = a * b; y = b * c; y.backward()",
                    "u = a * b; y = u * d; z = u * c; y.backward(); c.grad = 0.0",
                    "u = a + b; y = u * d; z = u + c; y.backward(); c.grad = 0.0",
                    "u = a * b; y = u + d; z = c * u; y.backward(); c.grad = 0.0",
                    "y = a * b * c; z = y * c; y.backward()",
                    "y = a * c; z = c + a * b; w = z * z; y.backward(); b.grad = 0.0",
                ),
            ),
            hints=(
                "Run y.backward() twice. Is the gradient still the same?",
                "Set the gradient of every value on the way to 0 before the first share arrives. "
                "The call is about the value that it is made on, whatever else exists.",
            ),
            picture=_bars,
        ),
    ),
    misconceptions=(
        Misconception(
            "plain results",
            _wrong(
                **{
                    f"__{name}__": _plain_result(rule)
                    for name, rule in (
                        ("add", "+"),
                        ("sub", "-"),
                        ("mul", "*"),
                        ("truediv", "/"),
                        ("pow", "**"),
                        ("neg", "neg"),
                    )
                },
                tanh=_plain_result("tanh"),
                exp=_plain_result("exp"),
                relu=_plain_result("relu"),
            ),
            "Your operations return plain numbers, which remember nothing. Return a Value.",
        ),
        Misconception(
            "changed in place",
            _wrong(
                __add__=_in_place("+"),
                __sub__=_in_place("-"),
                __mul__=_in_place("*"),
                __truediv__=_in_place("/"),
            ),
            "An operation changes the data of its first operand. Leave both operands as they are "
            "and make a new Value.",
        ),
        Misconception(
            "+ into itself",
            _wrong(__add__=_into_itself("+")),
            "a + b changes a itself and returns it. Leave both operands as they are and make a new "
            "Value.",
        ),
        Misconception(
            "minus sign in place",
            _wrong(__neg__=_turns_itself, __sub__=lambda self, b: self + (-self.lifted(b))),
            "-a turns the sign of a itself, and a - b, which uses it, that of b. Leave both as "
            "they are and make a new Value.",
        ),
        Misconception(
            "logistic for tanh",
            _wrong({"tanh": lambda a: (_squashed(a) * (1 - _squashed(a)),)}, {"tanh": _squashed}),
            "Your tanh is the logistic function. tanh goes from −1 to 1; use math.tanh.",
        ),
        Misconception(
            "tanh of half the argument",
            _wrong(
                {"tanh": lambda a: (1 - math.tanh(a / 2) ** 2,)},
                {"tanh": lambda a: math.tanh(a / 2)},
            ),
            "Your tanh is that of half the argument: in (e − 1)/(e + 1) the e is exp(2a). Or use "
            "math.tanh.",
        ),
        Misconception(
            "leaky relu",
            _wrong(
                {"relu": lambda a: (1.0 if a > 0 else 0.01,)},
                {"relu": lambda a: a if a > 0 else 0.01 * a},
            ),
            "Your relu lets a hundredth of a negative number through: that is the leaky form. Here "
            "it makes 0 of it, and the slope there is 0.",
        ),
        Misconception(
            "relu lets negatives through",
            _wrong({"relu": lambda a: (math.copysign(1.0, a),)}, {"relu": abs}),
            "Your relu turns negative numbers round, as abs does. It makes 0 of them.",
        ),
        Misconception(
            "no number on the left",
            _wrong(**dict.fromkeys(("__radd__", "__rsub__", "__rmul__", "__rtruediv__"), _missing)),
            "A plain number on the left is not understood: 2 * a asks for a.__rmul__(2). Write "
            "__radd__, __rsub__, __rmul__ and __rtruediv__.",
        ),
        Misconception(
            "differences and quotients alone from the left",
            _wrong(__radd__=_missing, __rmul__=_missing),
            "2 - a and 2 / a work, 2 + a and 2 * a do not: write __radd__ and __rmul__, too, and "
            "mind how they are spelt.",
        ),
        Misconception(
            "sums and products alone from the left",
            _wrong(__rsub__=_missing, __rtruediv__=_missing),
            "2 + a and 2 * a work, 2 - a and 2 / a do not: write __rsub__ and __rtruediv__, too. "
            "Their other operand is on the left.",
        ),
        Misconception(
            "no plain numbers",
            _wrong(
                lifted=_numbers_refused,
                __pow__=lambda self, n: self.made("**", _Node(n)),
                **dict.fromkeys(("__radd__", "__rsub__", "__rmul__", "__rtruediv__"), _missing),
            ),
            "A plain number has no .data. Make a Value of it first, on whichever side it stands.",
        ),
        Misconception(
            "no plain numbers on the right",
            _wrong(lifted=_numbers_refused, **_FROM_THE_LEFT),
            "2 + a works and a + 2 does not: a plain number has no .data. Make a Value of it.",
        ),
        Misconception(
            "no whole numbers",
            _wrong(lifted=_floats_alone, **_FROM_THE_LEFT),
            "a + 2.5 works and a + 2 does not: you ask for a float, and 2 is an int. Ask whether "
            "the other is a Value, and make one of everything else.",
        ),
        Misconception(
            "whole numbers alone",
            _wrong(lifted=_whole_numbers_alone, **_FROM_THE_LEFT),
            "a + 2 works and a + 2.5 does not: you ask for an int, and 2.5 is a float. Ask whether "
            "the other is a Value, and make one of everything else.",
        ),
        Misconception(
            "turned round on the left",
            _wrong(__rsub__=_turned("-"), __rtruediv__=_turned("/")),
            "2 - a gives a - 2, and 2 / a gives a / 2. In __rsub__ and __rtruediv__ the other "
            "operand is on the left.",
        ),
        Misconception(
            "difference turned round",
            _wrong(__rsub__=_turned("-")),
            "2 - a gives a - 2. In __rsub__ the other operand is on the left.",
        ),
        Misconception(
            "quotient turned round",
            _wrong(__rtruediv__=_turned("/")),
            "2 / a gives a / 2. In __rtruediv__ the other operand is on the left.",
        ),
        Misconception(
            "factors taken for summands",
            _wrong(__mul__=_numbers_without_slope("*"), __truediv__=_numbers_without_slope("/")),
            "For a plain factor you hand the gradient on unchanged. The derivative of 2·a is 2: a "
            "constant has no gradient of interest, but it is part of a's.",
        ),
        Misconception(
            "no seed",
            _wrong(backward=_goes(seed=lambda output: 0.0)),
            "Every gradient is 0: nothing starts. The derivative of y by itself is 1, so set "
            "y.grad = 1 before you go back.",
        ),
        Misconception(
            "starts from the value",
            _wrong(backward=_goes(seed=lambda output: output.data)),
            "You start from y.data. The derivative of y by itself is 1.",
        ),
        Misconception(
            "local derivatives only",
            _wrong(backward=_goes(share=lambda slope, grad: slope)),
            "You hand down the local derivative alone. The chain rule multiplies it by the "
            "gradient of the value that hands it down.",
        ),
        Misconception(
            "added for multiplied",
            _wrong(backward=_goes(share=lambda slope, grad: slope + grad - 1)),
            "Along a path derivatives are multiplied. Only the shares of different paths add up.",
        ),
        Misconception(
            "one step back",
            _wrong(backward=_goes(lambda output: [output])),
            "You go one step back, from y to its direct sources. Go on from them to theirs.",
        ),
        Misconception(
            "from the leaves",
            _wrong(backward=_goes(lambda output: _order(output)[::-1])),
            "You go from the leaves to the output. When their turn comes, the inner values have "
            "nothing to hand down yet. Reverse the order.",
        ),
        Misconception(
            "the last use wins",
            _wrong(backward=_goes(adds=False)),
            "Only the last use counts: you wrote = where += is needed. A value that is used twice "
            "gets a share from each use.",
        ),
        Misconception(
            "handed down by the operand",
            _wrong(backward=_on_the_operand),
            "An operation leaves its way back with an operand: self._backward = … where it should "
            "be out._backward = …. The next use of the same operand writes over it. It belongs "
            "to the result.",
        ),
        Misconception(
            "each source once",
            _wrong(made=_each_source_once),
            "In a + a and a * a one value stands on both sides. A dict or set of sources holds it "
            "once, so one of its two shares is lost. Keep a list of pairs.",
        ),
        Misconception(
            "equal numbers are one value",
            _wrong(backward=_goes(_by_number)),
            "Two values that hold the same number are taken for one, and the second is left out. "
            "Remember which values you have seen, not which numbers: seen.add(v), not "
            "seen.add(v.data). A dataclass compares numbers, too; write @dataclass(eq=False).",
        ),
        Misconception(
            "gradients by number",
            _wrong(backward=_kept_by_number),
            "Two values that hold the same number share one gradient: your dict has numbers for "
            "its keys. Use the values themselves, or their id.",
        ),
        Misconception(
            "gradients of the leaves alone",
            _wrong(backward=_in_the_leaves_alone),
            "Only the leaves have a gradient afterwards. Leave it with y and with every value "
            "between, too; y.grad is 1.",
        ),
        Misconception(
            "path by path",
            _wrong(backward=_path_by_path),
            "The gradient is right here, but every path is walked by itself: one value more, "
            "y + y, makes twice as many paths, and twice the work. Let each value wait until all "
            "its shares are there, and hand down once.",
        ),
        Misconception(
            "visited again",
            _wrong(backward=_again_and_again),
            "A shared value hands down its whole gradient each time a share arrives, so early "
            "shares arrive twice. Let it wait until all its shares are there, and hand down once.",
        ),
        Misconception(
            "depth first",
            _wrong(backward=_goes(_preorder)),
            "You visit each value once, but as soon as you meet it: a shared value hands down "
            "before all its shares are there. Append a value to the list after its sources, and "
            "go through the list from the end.",
        ),
        Misconception(
            "breadth first",
            _wrong(backward=_goes(_breadth_first)),
            "You go level by level from the output. A value can be near the output on one way "
            "and far on another, and it must wait for the far one.",
        ),
        Misconception(
            "never set back",
            _wrong(backward=_never_cleared),
            "The second call adds to the gradients of the first. Set them to 0 at the start of "
            "backward, those of the inner values too.",
        ),
        Misconception(
            "visited for ever",
            _wrong(backward=_visited_for_ever),
            "A value that was visited once is never visited again: the mark stays with it when "
            "backward is over. Keep the marks in a set that each call makes anew.",
        ),
        Misconception(
            "waits for uses elsewhere",
            _wrong(backward=_waits_for_every_use),
            "A value waits for shares from all that was ever made of it. What does not lead to y "
            "never hands down. Count only the uses that you meet on the way from y.",
        ),
        Misconception(
            "one more each time",
            _wrong(backward=_added_to_one),
            "You set back the gradients of the sources, and add 1 to that of y itself. The second "
            "call begins with 2. Set it to 1: self.grad = 1.",
        ),
        Misconception(
            "leaves alone set back",
            _wrong(backward=_leaves_cleared),
            "You set the gradients of the leaves to 0 and forgot those of the inner values, which "
            "hand down the old ones once more.",
        ),
        Misconception(
            "inner values alone set back",
            _wrong(backward=_adds_to_the_last_time),
            "You set the gradients of the inner values to 0 and forgot those of the leaves, which "
            "keep what the last call gave them.",
        ),
        Misconception(
            "one list for all",
            _wrong(noted=lambda self: _TAPE.append(self), backward=_from_the_last_made),
            "You go back from the value that was made last, wherever backward was called. Go back "
            "from self, through its sources.",
        ),
        Misconception(
            "minus forgotten",
            _wrong({"-": lambda a, b: (1.0, 1.0)}),
            "The derivative of a − b by b is −1.",
        ),
        Misconception(
            "product by the wrong operand",
            _wrong({"*": lambda a, b: (a, b)}),
            _WRONG_OPERAND,
        ),
        Misconception(
            "product like a sum",
            _wrong({"*": lambda a, b: (1.0, 1.0)}),
            _LIKE_A_SUM,
        ),
        Misconception(
            "sign lost",
            _wrong({"neg": lambda a: (1.0,)}),
            "The derivative of −a is −1.",
        ),
        Misconception(
            "quotient's second sign",
            _wrong({"/": lambda a, b: (1 / b, a / b**2)}),
            "The derivative of a/b by b is −a/b², with a minus: a larger b makes it smaller.",
        ),
        Misconception(
            "quotient's numerator forgotten",
            _wrong({"/": lambda a, b: (1 / b, -1 / b**2)}),
            "The derivative of a/b by b is −a/b². You left a out.",
        ),
        Misconception(
            "quotient without a square",
            _wrong({"/": lambda a, b: (1 / b, -a / b)}),
            "The derivative of a/b by b is −a/b². You did not square b.",
        ),
        Misconception(
            "quotient by the wrong operand",
            _wrong({"/": lambda a, b: (-a / b**2, 1 / b)}),
            "You swapped the derivatives of a quotient. By a it is 1/b, by b it is −a/b².",
        ),
        Misconception(
            "quotient like a product",
            _wrong({"/": lambda a, b: (b, a)}),
            "You gave a quotient the derivatives of a product.",
        ),
        Misconception(
            "power kept",
            _wrong({"**": lambda a, n: (n * a**n,)}),
            _POWER_KEPT,
        ),
        Misconception(
            "power's brackets forgotten",
            _wrong({"**": lambda a, n: (n * a**n - 1,)}),
            _NO_BRACKETS,
        ),
        Misconception(
            "factor n forgotten",
            _wrong({"**": lambda a, n: (a ** (n - 1),)}),
            _NO_FACTOR,
        ),
        Misconception(
            "every power a square",
            _wrong({"**": lambda a, n: (2 * a,)}),
            _ALL_SQUARES,
        ),
        Misconception(
            "power by the exponent",
            _wrong({"**": lambda a, n: (a**n * math.log(abs(a)),)}),
            "You differentiated aⁿ by n. Wanted is the derivative by a: n·aⁿ⁻¹.",
        ),
        Misconception(
            "logarithm of the base",
            _wrong({"**": lambda a, n: (n * a ** (n - 1) * (1 + 0 * math.log(a)),)}),
            "You take the logarithm of the base, which fails where it is not positive. Nobody "
            "asks for the derivative by the exponent: it is a plain number.",
        ),
        Misconception(
            "tanh by the input",
            _wrong({"tanh": lambda a: (1 - a * a,)}),
            "1 − y² is right when y is the output of tanh. You put the input in.",
        ),
        Misconception(
            "tanh twice",
            _wrong({"tanh": lambda a: (1 - math.tanh(math.tanh(a)) ** 2,)}),
            "You took tanh of the output once more. The derivative is 1 − y² with the output y "
            "itself.",
        ),
        Misconception(
            "tanh not squared",
            _wrong({"tanh": lambda a: (1 - math.tanh(a),)}),
            "The derivative of tanh is 1 − y². You did not square y.",
        ),
        Misconception(
            "tanh as if logistic",
            _wrong({"tanh": lambda a: (math.tanh(a) * (1 - math.tanh(a)),)}),
            "y(1 − y) belongs to the logistic function. The derivative of tanh is 1 − y².",
        ),
        Misconception(
            "relu always open",
            _wrong({"relu": lambda a: (1.0,)}),
            "The derivative of relu is 1 for positive inputs only. For negative ones it is 0: "
            "there the output does not move.",
        ),
        Misconception(
            "relu's value for its slope",
            _wrong({"relu": lambda a: (_relu(a),)}),
            "You used relu's value. Its derivative is 1 for positive inputs, else 0.",
        ),
        Misconception(
            "exp forgotten",
            _wrong({"exp": lambda a: (1.0,)}),
            "You hand the gradient through exp unchanged. The derivative of exp is exp itself.",
        ),
        Misconception(
            "exp like a power",
            _wrong({"exp": lambda a: (a * math.exp(a - 1),)}),
            "You used the rule for powers. In exp(a) it is the exponent that varies; the "
            "derivative is exp(a).",
        ),
        Misconception(
            "exp of the output",
            _wrong({"exp": lambda a: (math.exp(math.exp(a)),)}),
            "You took exp of the output once more. The derivative is the output itself.",
        ),
        Misconception(
            "exp by the input",
            _wrong({"exp": lambda a: (a,)}),
            "You used the input for the derivative of exp. It is the output.",
        ),
        *_slips_in_one_operation(),
        # The same where other operations are made of the one with the slip.
        *(
            Misconception(
                f"{one}, differences and quotients too", _wrong(slips, base=_Derived), said
            )
            for one, slips, said in (
                ("product like a sum", {"*": lambda a, b: (1.0, 1.0)}, _LIKE_A_SUM),
                ("product by the wrong operand", {"*": lambda a, b: (a, b)}, _WRONG_OPERAND),
                ("power kept", {"**": lambda a, n: (n * a**n,)}, _POWER_KEPT),
                ("power's brackets forgotten", {"**": lambda a, n: (n * a**n - 1,)}, _NO_BRACKETS),
                ("factor n forgotten", {"**": lambda a, n: (a ** (n - 1),)}, _NO_FACTOR),
                ("every power a square", {"**": lambda a, n: (2 * a,)}, _ALL_SQUARES),
            )
        ),
        *(
            Misconception(
                f"{what} {written}, differences and quotients too",
                _marked(mark, {name: places}, _Derived),
                f"In {written} {said} Differences and quotients are made of it.",
            )
            for what, mark, said, names in (
                (
                    "= in",
                    "assigns",
                    "you wrote = where += is needed.",
                    ("__add__", "__mul__", "__pow__"),
                ),
                (
                    "gradient not handed through",
                    "alone",
                    "you add the local derivative alone, without the gradient of the result.",
                    ("__mul__", "__pow__"),
                ),
            )
            for name in names
            for written, places in [_OPERATIONS[name]]
        ),
    ),
)

# --- paths ----------------------------------------------------------------------------------------


def _look_at_paths(
    find: Callable[[Any, Any], Any],
    kind: Callable[[float], Any],
    look: str,
    program: str,
    leaves: Leaves,
    _: Any = None,
) -> Any:
    """Ask for the paths to the first leaf."""
    variables = _run(kind, program, leaves)
    output, leaf = variables["y"], variables[leaves[0][0]]
    found = find(output, leaf)
    if found is None:
        return None
    lists = [*_lists(found)]
    if len(lists) != len([*_lists(find(output, leaf))]):
        raise _KeptError("asked the same again, it found more paths than the first time")
    return _seen_from(look, lists)


def _seen_from(look: str, lists: list[list[float]]) -> Any:
    """Return what a case asks about paths."""
    if look == "lengths":
        return sorted(map(len, lists))
    if look == "sum":
        return float(sum(math.prod(path) for path in lists))
    lengths = {len(path) for path in lists}
    if len(lengths) > 1:
        raise OtherLengthsError(f"your paths have the lengths {sorted(map(len, lists))}")
    return sorted(lists)


def _lists(found: Any) -> Iterator[list[float]]:
    """Yield every path as a list of numbers."""
    if not isinstance(found, list | tuple | np.ndarray):
        raise NotAListError(f"wanted is a list of paths, not {type(found).__name__}")
    for path in found:
        if not isinstance(path, list | tuple | np.ndarray):
            said = "a number" if isinstance(path, int | float) else f"a {type(path).__name__}"
            raise NotAListError(f"each path should be a list of local derivatives; one is {said}")
        for slope in path:
            if not isinstance(slope, int | float | np.number):
                what = "a list" if isinstance(slope, list | tuple) else "something else"
                raise NotANumberError(
                    "a path should hold local derivatives, which are numbers; one of yours holds "
                    f"{what}"
                )
        yield [float(slope) for slope in path]


def _found(look: str, program: str, leaves: Leaves) -> Case:
    variables = _run(reference.Value, program, leaves)
    right = reference.paths(variables["y"], variables[leaves[0][0]])
    expected = _seen_from(look, right)
    leaf = leaves[0][0]
    call = f"paths(y, {leaf})"
    asked, what = {
        "paths": (f"{call}, sorted,", "the paths are"),
        "lengths": (f"the lengths in {call}, sorted,", "the lengths are"),
        "sum": (f"the sum of the products in {call}", "the gradient is"),
    }[look]
    return Case(
        shown=f"After {_setting(leaves)}; {program}: {asked}",
        arguments=(look, program, leaves, tuple(map(tuple, right))),
        keywords={},
        expected=expected,
        tolerance=TOLERANCE * (1 + float(np.abs(expected).max(initial=0.0))),
        what=what,
    )


def _paths_in(
    look: str, programs: Sequence[tuple[str, str]], times: int = 1
) -> Callable[[np.random.Generator, int], list[Case]]:
    """Return cases about programs, each with the leaves in an order: the first is asked about.

    After an equals sign stand those leaves that hold the number of the first one, too.
    """

    def cases(rng: np.random.Generator, rounds: int) -> list[Case]:
        found = []
        for _ in range(times):
            for template, names in programs:
                program = template.format(k=rng.choice(("2", "3", "5", "1.5", "2.5", "-4")))
                given, _, equal = names.partition("=")
                leaves = _numbers(rng, given)
                leaves += tuple((name, leaves[0][1]) for name in equal)
                found.append(_found(look, program, leaves))
        return found

    return cases


Walk = Callable[[_Node, _Node], list[list[tuple[_Node, _Node, float]]]]


def _edges_to(output: _Node, leaf: _Node) -> list[list[tuple[_Node, _Node, float]]]:
    """Return every path as its edges: from which value, to which, and with which slope."""
    if output is leaf:
        return [[]]
    return [
        [(output, source, slope), *rest]
        for source, slope in output.edges
        for rest in _edges_to(source, leaf)
    ]


def _slopes(path: Sequence[tuple[_Node, _Node, float]]) -> list[float]:
    return [slope for _, _, slope in path]


def _wrong_paths(find: Callable[[_Node, _Node], Any]) -> Any:
    return _of_programs(find, lambda find, *question: _look_at_paths(find, _Node, *question))


def _told(change: Callable[[list[tuple[_Node, _Node, float]]], Any]) -> Any:
    """Return an answer that makes something else of every path."""
    return _wrong_paths(lambda output, leaf: [change(path) for path in _edges_to(output, leaf)])


def _each_value_once(output: _Node, leaf: _Node) -> Any:
    seen: set[_Node] = set()
    found: list[list[float]] = []

    def walk(node: _Node, path: list[float]) -> None:
        if node is leaf:
            found.append(path)
        elif node not in seen:
            seen.add(node)
            for source, slope in node.edges:
                walk(source, [*path, slope])

    walk(output, [])
    return found


def _to_every_leaf(output: _Node, leaf: _Node) -> Any:
    if not output.edges:
        return [[]]
    return [
        [slope, *rest] for source, slope in output.edges for rest in _to_every_leaf(source, leaf)
    ]


def _one_shared_list(output: _Node, leaf: _Node) -> Any:
    found: list[list[float]] = []
    path: list[float] = []

    def walk(node: _Node) -> None:
        if node is leaf:
            found.append([*path])
        for source, slope in node.edges:
            path.append(slope)
            walk(source)

    walk(output)
    return found


def _same_list_kept(output: _Node, leaf: _Node) -> Any:
    found: list[list[float]] = []
    path: list[float] = []

    def walk(node: _Node) -> None:
        if node is leaf:
            found.append(path)
        for source, slope in node.edges:
            path.append(slope)
            walk(source)
            path.pop()

    walk(output)
    return found


def _parallel_edges_once(output: _Node, leaf: _Node) -> Any:
    if output is leaf:
        return [[]]
    return [
        [slope, *rest]
        for source, slope in dict(output.edges).items()
        for rest in _parallel_edges_once(source, leaf)
    ]


def _nested(output: _Node, leaf: _Node) -> Any:
    if output is leaf:
        return [[]]
    return [[slope, *_nested(source, leaf)] for source, slope in output.edges]


def _by_numbers(output: _Node, leaf: _Node) -> Any:
    if output.data == leaf.data:
        return [[]]
    return [[slope, *rest] for source, slope in output.edges for rest in _by_numbers(source, leaf)]


def _with_a_list_kept() -> Callable[[_Node, _Node], Any]:
    kept: list[list[float]] = []

    def find(output: _Node, leaf: _Node) -> Any:
        kept.extend(map(_slopes, _edges_to(output, leaf)))
        return [*kept]

    return find


def _different(output: _Node, leaf: _Node) -> Any:
    return [*dict.fromkeys(tuple(_slopes(path)) for path in _edges_to(output, leaf))]


@dataclass(frozen=True)
class PathsExercise(Exercise):
    """An exercise that is asked about graphs made with the student's own class.

    Examples
    --------
    >>> paths(reference.paths, reference.Value).score
    0
    """

    plain: Callable[[float], Any] = field(default=_Node, kw_only=True)

    def __call__(
        self,
        function: Callable[..., Any],
        kind: Callable[[float], Any] | None = None,
        *,
        seed: int | None = None,
        rounds: int = 3,
    ) -> Report:
        """Check a student's function.

        Parameters
        ----------
        function : callable
        kind : class, optional
            The student's `Value`, from which the graphs are made; without it they are made from
            one that keeps `edges`, as the assignment says.
        seed, rounds
            See `Exercise`.
        """
        if callable(function) and not self._is_known_to_be_wrong(function):
            function = _of_programs(function, _OfOnesOwn(self.plain if kind is None else kind))
        return super().__call__(function, seed=seed, rounds=rounds)

    def _report(self, function: Callable[..., Any], seed: list[int], rounds: int) -> Report:
        report = super()._report(function, seed, rounds)
        own = getattr(function, "sees", None)
        if not isinstance(own, _OfOnesOwn) or not own.otherwise:
            return report
        kept = [
            replace(one, sentence=_OWN_EDGES) if one.outcome is Outcome.RIGHT else one
            for one in report.criteria
        ]
        return replace(report, criteria=tuple(kept))


_OWN_EDGES = (
    "Right for the edges that your own `Value` keeps. Their slopes are not all right; that counts "
    "there, and once."
)


class _OfOnesOwn:
    """Asks for paths in graphs of a student's own class.

    A slope that is wrong there has cost its points there. So paths that hold exactly what the
    edges hold are right, as long as the graph has as many edges on every path as it should.
    """

    def __init__(self, kind: Callable[[float], Any]) -> None:
        self.kind = kind
        self.otherwise = False

    def __call__(
        self,
        find: Callable[..., Any],
        look: str,
        program: str,
        leaves: Leaves,
        right: Sequence[Sequence[float]],
    ) -> Any:
        found = _look_at_paths(find, self.kind, look, program, leaves)
        wanted = _seen_from(look, [*map(list, right)])
        if look == "lengths" or found is None or _close(found, wanted):
            return found
        variables = _run(self.kind, program, leaves)
        own: list[list[float]] = []
        waiting: list[tuple[Any, list[float]]] = [(variables["y"], [])]
        try:
            while waiting and len(own) <= len(right):
                value, path = waiting.pop()
                if value is variables[leaves[0][0]]:
                    own.append(path)
                elif len(path) < len(program):
                    waiting += [(source, [*path, float(slope)]) for source, slope in value.edges]
        except (AttributeError, TypeError, ValueError):  # it keeps something else than edges
            return found
        if sorted(map(len, own)) == sorted(map(len, right)) and _close(
            found, _seen_from(look, own)
        ):
            self.otherwise = True
            return wanted
        return found


def _close(one: Any, other: Any) -> bool:
    return np.shape(one) == np.shape(other) and bool(np.allclose(one, other, TOLERANCE, TOLERANCE))


paths = PathsExercise(
    name="paths",
    chapter=CHAPTER,
    withheld=(*_WITHHELD, _edges_to, _each_value_once, _to_every_leaf),
    properties=(
        Property(
            "the local derivatives along each path",
            2,
            _paths_in(
                "paths",
                (
                    ("y = (a * b) * c", "abc"),
                    ("u = a * b; y = u * c", "bac"),
                    ("y = a * b + c * a", "abc"),
                    ("u = a * b; y = u * u", "ab"),
                    ("u = a + b; v = a * {k}; y = u * v", "ab"),
                    ("u = a * b; v = u + u; y = v * c", "abc"),
                    ("u = (a * b).exp(); y = u * c + u * u", "abc"),
                ),
            ),
            hints=(
                "From y, each edge leads to a source. Follow every one of them, and write down its "
                "local derivative.",
                "The paths from a source to the leaf are a smaller question of the same kind. Put "
                "the edge's derivative in front of each.",
            ),
        ),
        Property(
            "paths of different lengths, and all of them",
            1,
            _paths_in(
                "lengths",
                (
                    ("y = a * b + a", "ab"),
                    ("y = a + a", "a"),
                    ("u = a + b; v = u * u; y = v * a", "ab"),
                    ("u = a * b; v = u * u; w = v + u; y = w * v", "bac"),
                    ("u = a + a; u = u + u; y = u + u", "a"),
                    ("y = a * b + c", "ab=c"),
                    ("u = b * a; y = c * u + b", "a=bc"),
                    ("u = a + b; v = a + c; y = u + v", "abc"),
                    ("u = (a + b) + (c + a); y = u + a", "abc"),
                    ("u = a * 2; v = u * 0.5; y = v * b + v", "ab"),
                ),
            ),
            hints=(
                "a * b + a has two paths to a. Which lengths do they have?",
                "A shared value lies on several paths. Do not leave it out the second time.",
                "Another value may hold the number of the leaf, and is not the leaf: output is "
                "leaf.",
            ),
        ),
        Property(
            "their products add up to the gradient",
            1,
            _paths_in(
                "sum",
                (
                    ("y = a * b + a * c", "abc"),
                    ("y = (a * b).exp() * a", "ab"),
                    ("u = a * b + {k}; y = u * u * u", "ab"),
                    ("y = b * {k} + c", "abc"),
                    ("y = b * b", "ab"),
                    ("y = b + c", "abc"),
                    ("y = a", "a"),
                    ("y = a", "ab"),
                    ("y = a", "abc"),
                    ("y = b", "a=b"),
                    ("y = b * c", "ac=b"),
                    ("u = a * 4; v = u * 0.25; y = v * v", "a"),
                ),
            ),
            hints=(
                "What are the paths if y does not depend on the leaf? And if y is the leaf?",
                "No path at all: []. One path without an edge: [[]], since an empty product is 1.",
            ),
        ),
    ),
    misconceptions=(
        Misconception(
            "from the leaf",
            _told(lambda path: _slopes(path)[::-1]),
            "Your paths run from the leaf to the output. Write them from the output to the leaf.",
        ),
        Misconception(
            "products",
            _told(lambda path: math.prod(_slopes(path))),
            "You multiplied along each path. Wanted are the lists of what is multiplied.",
        ),
        Misconception(
            "the values themselves",
            _told(lambda path: [node for node, _, _ in path]),
            "Your paths are made of values. Wanted are the local derivatives on the edges between "
            "them.",
        ),
        Misconception(
            "data on the way",
            _told(lambda path: [source.data for _, source, _ in path]),
            "You wrote down the data of the values on the way. Wanted are the local derivatives "
            "on the edges.",
        ),
        Misconception(
            "multiplied on the way",
            _told(lambda path: [math.prod(_slopes(path)[: k + 1]) for k in range(len(path))]),
            "You multiplied on the way, so that each number contains those before it. Write down "
            "each edge's own derivative.",
        ),
        Misconception(
            "each value once",
            _wrong_paths(_each_value_once),
            "You pass each value once. That is right for backward; but a shared value lies on "
            "several paths, and each of them counts.",
        ),
        Misconception(
            "the first path",
            _wrong_paths(lambda output, leaf: [*map(_slopes, _edges_to(output, leaf)[:1])]),
            "You stop at the first path. Wanted are all of them.",
        ),
        Misconception(
            "one path without its list",
            _wrong_paths(
                lambda output, leaf: [slope for p in _edges_to(output, leaf) for slope in p]
            ),
            "All your numbers stand in one list, so nobody can tell where a path ends. Put each "
            "path into a list of its own.",
        ),
        Misconception(
            "to every leaf",
            _wrong_paths(_to_every_leaf),
            "You list the paths to every leaf. Wanted are those that end at the leaf that was "
            "asked about.",
        ),
        Misconception(
            "parallel edges once",
            _wrong_paths(_parallel_edges_once),
            "In a + a two edges lead to the same value. A dict of the edges keeps one of them. Go "
            "through the list of pairs.",
        ),
        Misconception(
            "one empty path for none",
            _wrong_paths(lambda output, leaf: [*map(_slopes, _edges_to(output, leaf))] or [[]]),
            "Where nothing leads to the leaf you return [[]], which is one path without an edge. "
            "No path at all is [].",
        ),
        Misconception(
            "gradients on the way",
            _told(lambda path: [source.grad for _, source, _ in path]),
            "You wrote down the gradients of the values on the way. A path holds the local "
            "derivatives on its edges.",
        ),
        Misconception(
            "lists in lists",
            _wrong_paths(_nested),
            "Your lists stand in one another like the values. The paths of a source have to be "
            "taken out one by one: [slope, *rest] for each rest among them.",
        ),
        Misconception(
            "equal numbers",
            _wrong_paths(_by_numbers),
            "You compare numbers, and another value may hold the leaf's. Ask whether it is the "
            "same value: `output is leaf`. (A dataclass compares numbers with ==, too.)",
        ),
        Misconception(
            "kept from call to call",
            _wrong_paths(_with_a_list_kept()),
            "Your list of paths is not new in each call: it is a default argument or a global "
            "variable, and the paths of earlier calls are still in it. Make it inside.",
        ),
        Misconception(
            "equal paths dropped",
            _wrong_paths(_different),
            "You dropped paths whose numbers are the same as another's. In a + a there are two.",
        ),
        Misconception(
            "starts with 1",
            _told(lambda path: [1.0, *_slopes(path)]),
            "Your paths begin with the 1 of the output itself. A path has as many numbers as "
            "edges.",
        ),
        Misconception(
            "ends with 1",
            _told(lambda path: [*_slopes(path), 1.0]),
            "Your paths end with a 1 for the leaf. A path has as many numbers as edges.",
        ),
        Misconception(
            "a list that only grows",
            _wrong_paths(_one_shared_list),
            "What was written down on one path is still there on the next. Take it off again when "
            "you turn back, or make a new list for each step: path + [slope].",
        ),
        Misconception(
            "the same list each time",
            _wrong_paths(_same_list_kept),
            "You put one and the same list into the result each time and changed it afterwards. "
            "Put a copy there.",
        ),
        Misconception(
            "no path to itself",
            _wrong_paths(lambda output, leaf: [_slopes(p) for p in _edges_to(output, leaf) if p]),
            "From the leaf to itself there is one path, with no edge: [[]]. Its empty product is "
            "1, which is the derivative of the leaf by itself.",
        ),
        Misconception(
            "last edge left out",
            _told(lambda path: _slopes(path)[:-1]),
            "The last edge of each path, the one into the leaf, is missing.",
        ),
        Misconception(
            "the gradient",
            _wrong_paths(
                lambda output, leaf: [
                    [sum(math.prod(_slopes(path)) for path in _edges_to(output, leaf))]
                ]
            ),
            "You added the paths up. Wanted are the paths one by one.",
        ),
    ),
)
