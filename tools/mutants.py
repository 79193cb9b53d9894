"""Wrong versions of a right function, made by small changes to its syntax tree.

What a student gets wrong is often one sign, one index or one forgotten line. Every such change of
the instructor's own solution is tried on the checks: one that still gets full marks shows a hole in
the checks, or computes the same thing in another way (and is then listed, with the reason, next to
the assignment).
"""

import ast
import copy
import difflib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

#: Operators that are taken for one another.
OPERATORS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq, ast.Is),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot, ast.Eq),
    ast.IsNot: (ast.Is,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
}

#: Functions and methods that are taken for one another.
NAMES = {
    "argmin": "argmax",
    "argmax": "argmin",
    "min": "max",
    "max": "min",
    "minimum": "maximum",
    "maximum": "minimum",
    "sum": "mean",
    "mean": "sum",
    "sin": "cos",
    "cos": "sin",
    "tanh": "sin",
    "exp": "expm1",
    "log": "log1p",
    "sqrt": "square",
    "zeros": "ones",
    "zeros_like": "ones_like",
    "ones": "zeros",
    "ones_like": "zeros_like",
    "normal": "uniform",
    "append": "extend",
    "any": "all",
    "all": "any",
    "round": "int",
    "floor": "ceil",
    "ceil": "floor",
    "median": "mean",
}

#: What comes out is not changed by these, so changing them says nothing about the checks.
IGNORED = (ast.Assert, ast.Raise, ast.Import, ast.ImportFrom)


@dataclass(frozen=True)
class Mutant:
    """One changed version of a cell.

    Attributes
    ----------
    change : str
        The lines that differ, "before -> after"; no two mutants of a cell have the same.
    source : str
        The whole cell.

    Examples
    --------
    >>> for mutant in mutants("def half(x): return x / 2"):
    ...     print(mutant.change)
    return x / 2 -> (removed)
    return x / 2 -> return x * 2
    return x / 2 -> return x
    return x / 2 -> return 2
    return x / 2 -> return 2 / x
    return x / 2 -> return x / 3
    return x / 2 -> return x / 1
    return x / 2 -> return x / 0
    return x / 2 -> return x / -2
    """

    change: str
    source: str


def mutants(source: str) -> list[Mutant]:
    """Return every mutant of a cell that is a different program, in the order of the lines."""
    tree = ast.parse(source)
    _drop_docstrings(tree)
    before = ast.unparse(tree)
    found: dict[str, Mutant] = {}
    times: dict[str, int] = {}
    for changed in _changed(tree):
        after = ast.unparse(ast.fix_missing_locations(changed))
        if after == before or after in found:
            continue
        change = _change(before, after)
        times[change] = times.get(change, 0) + 1
        if times[change] > 1:  # the same line stands twice in the cell
            change += f" (place {times[change]})"
        found[after] = Mutant(change, after)
    return list(found.values())


def _drop_docstrings(tree: ast.AST) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]


def _change(before: str, after: str) -> str:
    """Name the lines that differ."""
    old: list[str] = []
    new: list[str] = []
    for line in difflib.ndiff(before.splitlines(), after.splitlines()):
        if line.startswith("- "):
            old.append(line[2:].strip())
        elif line.startswith("+ "):
            new.append(line[2:].strip())
    if new in ([], ["pass"]):
        new = ["(removed)"]
    return f"{' / '.join(old) or '(nothing)'} -> {' / '.join(new)}"


def _changed(tree: ast.Module) -> Iterator[ast.Module]:
    """Yield a changed copy of the tree for every change of every node."""
    places = list(ast.walk(tree))
    # From top to bottom, as one reads; the walk itself goes level by level.
    order = sorted(range(len(places)), key=lambda k: getattr(places[k], "lineno", 0))
    names = _interchangeable(tree)
    for place in order:
        for number in range(_count(places[place], names)):
            changed = copy.deepcopy(tree)
            node = list(ast.walk(changed))[place]
            replacement = next(itertools.islice(_variants(node, names), number, None))
            if replacement is not None:
                _replace(changed, node, replacement)
            yield changed


def _count(node: ast.AST, names: dict[str, tuple[str, ...]]) -> int:
    return sum(1 for _ in _variants(copy.deepcopy(node), names))


def _variants(node: ast.AST, names: dict[str, tuple[str, ...]]) -> Iterator[ast.AST | None]:
    """Yield what may stand in place of a node; None if the node itself has been changed.

    The changes are undone when the next one is asked for, so each is used at once.
    """
    if isinstance(node, IGNORED):
        return
    if isinstance(node, ast.BinOp):
        yield from _binary(node)
    elif isinstance(node, ast.UnaryOp) and not isinstance(node.operand, ast.Constant):
        yield node.operand
    elif isinstance(node, ast.Compare):
        for k, operator in enumerate(node.ops):
            for other in OPERATORS.get(type(operator), ()):
                if other is ast.Is and isinstance(node.comparators[k], ast.Constant):
                    continue  # Python itself warns of it
                ops = [*node.ops]
                ops[k] = other()  # type: ignore[call-overload]
                yield ast.Compare(node.left, ops, node.comparators)
    elif isinstance(node, ast.BoolOp):
        (other,) = OPERATORS[type(node.op)]
        yield ast.BoolOp(other(), node.values)  # type: ignore[arg-type]
        for k in range(len(node.values)):
            left = [value for n, value in enumerate(node.values) if n != k]
            yield left[0] if len(left) == 1 else ast.BoolOp(node.op, left)
    elif isinstance(node, ast.Constant):
        changed = (value for value in _constants(node.value) if value != node.value)
        yield from map(ast.Constant, changed)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield from (ast.Name(other, ast.Load()) for other in names.get(node.id, ()))
        if node.id in NAMES:
            yield ast.Name(NAMES[node.id], ast.Load())
    elif isinstance(node, ast.Attribute):
        if node.attr in NAMES:
            yield ast.Attribute(node.value, NAMES[node.attr], node.ctx)
        elif node.attr == "T":
            yield node.value
    elif isinstance(node, ast.Subscript):
        yield from _subscript(node)
    elif isinstance(node, ast.Call):
        yield from _call(node)
    elif isinstance(node, ast.IfExp):
        yield node.body
        yield node.orelse
    elif isinstance(node, ast.comprehension):
        for condition in node.ifs:
            yield ast.comprehension(
                node.target,
                node.iter,
                [one for one in node.ifs if one is not condition],
                node.is_async,
            )
    elif isinstance(node, ast.If | ast.While):
        test = node.test
        node.test = ast.UnaryOp(ast.Not(), test)
        yield None
        node.test = test
    elif isinstance(node, ast.For):
        node.body.append(ast.Break())  # a loop that is left too early
        yield None
        node.body.pop()
    elif isinstance(node, ast.AugAssign):
        for other in OPERATORS.get(type(node.op), ()):
            yield ast.AugAssign(node.target, other(), node.value)  # type: ignore[arg-type]
        yield ast.Assign([node.target], node.value)
    elif isinstance(node, ast.Break):
        yield ast.Continue()
    elif isinstance(node, ast.Continue):
        yield ast.Break()
    if isinstance(node, ast.stmt) and not isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield ast.Pass()


def _binary(node: ast.BinOp) -> Iterator[ast.AST]:
    for other in OPERATORS.get(type(node.op), ()):
        yield ast.BinOp(node.left, other(), node.right)  # type: ignore[arg-type]
    yield node.left
    yield node.right
    if isinstance(node.op, ast.Sub | ast.Div | ast.MatMult | ast.Pow):
        yield ast.BinOp(node.right, node.op, node.left)


def _constants(value: object) -> Iterator[object]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from dict.fromkeys((value + 1, value - 1, 0, -value))
    elif isinstance(value, float):
        yield from dict.fromkeys((2 * value, value / 2, -value, 0.0, value + 1))
    elif isinstance(value, str) and value:
        yield value + "_"


def _subscript(node: ast.Subscript) -> Iterator[ast.AST]:
    if isinstance(node.slice, ast.Slice):
        part = node.slice
        if part.lower is not None:
            yield ast.Subscript(node.value, ast.Slice(None, part.upper, part.step), node.ctx)
        if part.upper is not None:
            yield ast.Subscript(node.value, ast.Slice(part.lower, None, part.step), node.ctx)
        if part.step is not None:
            yield ast.Subscript(node.value, ast.Slice(part.lower, part.upper, None), node.ctx)
    elif isinstance(node.slice, ast.Tuple):
        flipped = ast.Tuple([*reversed(node.slice.elts)], ast.Load())
        yield ast.Subscript(node.value, flipped, node.ctx)
    else:
        yield ast.Subscript(node.value, ast.Constant(0), node.ctx)
        before = ast.BinOp(node.slice, ast.Sub(), ast.Constant(1))
        yield ast.Subscript(node.value, before, node.ctx)
        if isinstance(node.ctx, ast.Load):
            yield node.value


def _call(node: ast.Call) -> Iterator[ast.AST]:
    for k in range(len(node.args) - 1):
        swapped = [*node.args]
        swapped[k], swapped[k + 1] = swapped[k + 1], swapped[k]
        yield ast.Call(node.func, swapped, node.keywords)
    for keyword in node.keywords:
        yield ast.Call(node.func, node.args, [one for one in node.keywords if one is not keyword])
    if len(node.args) > 1:
        yield ast.Call(node.func, node.args[:-1], node.keywords)
    if node.args and not isinstance(node.args[0], ast.Starred):
        yield node.args[0]
    elif isinstance(node.func, ast.Attribute):
        yield node.func.value


def _interchangeable(tree: ast.Module) -> dict[str, tuple[str, ...]]:
    """Pair every variable of a function with its neighbours in the order of appearance."""
    pairs: dict[str, tuple[str, ...]] = {}
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        given = [one.arg for one in (*function.args.args, *function.args.kwonlyargs)]
        made = [
            one.id
            for one in ast.walk(function)
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
        ]
        order = [*dict.fromkeys([*given, *made])]
        for k, name in enumerate(order):
            near = [*order[max(0, k - 1) : k], *order[k + 1 : k + 2]]
            pairs[name] = tuple(dict.fromkeys((*pairs.get(name, ()), *near)))
    return pairs


def _replace(tree: ast.AST, node: ast.AST, replacement: ast.AST) -> None:
    """Put another node where `node` stands."""
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is node:
                setattr(parent, name, replacement)
                return
            if isinstance(value, list):
                for k, one in enumerate(value):
                    if one is node:
                        value[k] = replacement
                        return
