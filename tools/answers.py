"""Turns functions into the cells that a student hands in, comments and all.

A student of a demonstration class is a function in `solutions/<assignment>/submissions.py`. It is
read and not called, and holds what the student has written, one cell after the other.
"""

import ast
import inspect
from collections.abc import Collection
from textwrap import dedent
from types import FunctionType
from typing import TypeGuard

from tools.assignments import BrokenAssignment


def cell(code: FunctionType) -> str:
    """Return all that a function holds, but for its docstring, as the source of one cell.

    It is for a cell that does not define its own name; `cells` finds the others.
    """
    lines, _ = _read(code)
    return _source(lines)


def cells(code: FunctionType, names: Collection[str]) -> dict[str, str]:
    """Return the cells that a function holds, by grade_id.

    A cell ends with what defines its name: a function, a class, an import or an assignment. What
    stands above that, back to the cell before, goes with it: comments, and the imports and helpers
    that it needs.

    Parameters
    ----------
    code : function
        Its docstring is about the student and goes into no cell. Its arguments are the names that
        the student uses from other cells of the notebook.
    names : collection of str
        The grade_ids of the notebook's answers.

    Raises
    ------
    BrokenAssignment
        If anything in it is neither a cell nor used by one.
    """
    lines, statements = _read(code)
    found: dict[str, str] = {}
    done: int | None = 0
    for statement in statements:
        bound = _bound(statement)
        mine = sorted(bound.intersection(names))
        if len(mine) > 1 or found.keys() & mine:
            raise _broken(code, f"defines {mine[0]} twice, or in one statement with another cell")
        if mine:
            found[mine[0]] = _source(lines[done : statement.end_lineno])
            done = statement.end_lineno
        elif statement is statements[-1] or (bound and not bound & _used(statements, statement)):
            what = " and ".join(sorted(bound)) or ast.unparse(statement)
            raise _broken(
                code,
                f"holds {what}, which is no answer's name, and which no answer below it uses. "
                f"The answers of the notebook are {', '.join(names)}",
            )
    return found


def _read(code: FunctionType) -> tuple[list[str], list[ast.stmt]]:
    """Return a function's lines, those before its first statement empty, and its statements."""
    source = dedent(inspect.getsource(code))
    (function,) = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    if not body:
        return [], []
    lines = source.splitlines()
    first = min(one.lineno for one in (body[0], *getattr(body[0], "decorator_list", ()))) - 1
    while lines[first - 1].lstrip().startswith("#"):
        first -= 1
    return [""] * first + lines[first:], body


def _source(lines: list[str]) -> str:
    return dedent("\n".join(lines)).strip("\n")


def _bound(statement: ast.stmt) -> set[str]:
    """Return the names that a statement defines where it stands."""
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return {one.asname or one.name.partition(".")[0] for one in names}
    return {one.id for one in ast.walk(statement) if _is_name(one, ast.Store)}


def _used(statements: list[ast.stmt], apart: ast.stmt) -> set[str]:
    """Return the names that all statements but one read, or declare to be global."""
    used: set[str] = set()
    for statement in statements:
        for one in ast.walk(statement) if statement is not apart else ():
            if isinstance(one, ast.Global):
                used.update(one.names)
            elif _is_name(one, ast.Load):
                used.add(one.id)
    return used


def _is_name(node: ast.AST, context: type[ast.expr_context]) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, context)


def _broken(code: FunctionType, what: str) -> BrokenAssignment:
    return BrokenAssignment(f"{code.__code__.co_filename}: {code.__name__} {what}.")
