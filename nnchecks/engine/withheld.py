"""Keeps the book's own functions out of reach while a student's function is being called.

A chapter's functions are the answers of its assignment, and `nnlib` is there for everybody to read
and to try. What is handed in must be the student's own: during the call each withheld function has
other code, which writes down that it was called and raises. Aliases, wrappers and imports inside
the function meet the same code, because it is the function object itself that changes.
"""

import functools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import CodeType, FunctionType, MethodType
from typing import Any

#: One list for each `out_of_reach` that is in force: the names that were called in it.
_CALLED: list[list[str]] = []


class WithheldError(RuntimeError):
    """Raised in place of a withheld function's answer.

    Examples
    --------
    >>> print(WithheldError("half"))
    the book's own `half` cannot be called here: write it yourself
    """

    def __init__(self, name: str) -> None:
        super().__init__(f"the book's own `{name}` cannot be called here: write it yourself")


def refuse(name: str) -> None:
    """Note that a withheld function was called, and raise.

    The note counts even where the student's code catches the exception.

    Raises
    ------
    WithheldError

    Examples
    --------
    >>> try:
    ...     refuse("half")
    ... except WithheldError as refusal:
    ...     print(refusal)
    the book's own `half` cannot be called here: write it yourself
    """
    if _CALLED:
        _CALLED[-1].append(name)
    raise WithheldError(name)


@contextmanager
def out_of_reach(withheld: Sequence[Any]) -> Iterator[list[str]]:
    """Let functions and classes refuse every call, and yield the names of those that are called.

    Parameters
    ----------
    withheld : sequence of functions and classes

    Examples
    --------
    >>> def half(x):
    ...     return x / 2
    >>> with out_of_reach([half]) as called:
    ...     try:
    ...         half(4)
    ...     except WithheldError:
    ...         pass
    >>> called, half(4)
    (['half'], 2.0)
    """
    functions = list(_functions(withheld))
    codes = [function.__code__ for function, _ in functions]
    called: list[str] = []
    _CALLED.append(called)
    try:
        for function, name in functions:
            function.__code__ = _stand_in(name, function.__code__.co_freevars)
        yield called
    finally:
        for (function, _), code in zip(functions, codes, strict=True):
            function.__code__ = code
        _CALLED.pop()


def copied(function: Any, withheld: Sequence[Any]) -> str:
    """Name the withheld function of which `function` is, or uses, a copy; or return nothing.

    A copy made of the code object is another function, which `out_of_reach` does not reach. It is
    looked for where a student's function finds what it calls: in its own namespace, its closure,
    its defaults, and behind `functools.partial`.

    Examples
    --------
    >>> def half(x):
    ...     return x / 2
    >>> mine = FunctionType(half.__code__, {})
    >>> copied(mine, [half]), copied(lambda x: mine(x), [half]), copied(lambda x: x / 2, [half])
    ('half', 'half', '')
    """
    codes = {one.__code__: name for one, name in _functions(withheld)}
    originals = {id(one) for one, _ in _functions(withheld)}
    home = getattr(_inner(function), "__globals__", None)
    waiting, seen = [function], set(originals)
    while waiting:
        one = _inner(waiting.pop())
        if id(one) in seen or not isinstance(one, FunctionType):
            continue
        seen.add(id(one))
        if one.__code__ in codes:
            return codes[one.__code__]
        if one.__globals__ is home:  # a library's function is looked at, but not into
            waiting += [home[name] for name in names_used(one.__code__) if name in home]
        waiting += [*(one.__defaults__ or ()), *(one.__kwdefaults__ or {}).values()]
        waiting += list(_closure(one))
        waiting.append(getattr(one, "__wrapped__", None))
    return ""


def _inner(one: Any) -> Any:
    """Return what a partial or a method calls."""
    while isinstance(one, functools.partial | MethodType):
        one = one.func if isinstance(one, functools.partial) else one.__func__
    return one


def _closure(function: FunctionType) -> Iterator[Any]:
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # a variable that has no value yet
            continue


def names_used(code: CodeType) -> set[str]:
    """Return the global names that a function and the functions inside it mention."""
    inside = (const for const in code.co_consts if isinstance(const, CodeType))
    return set(code.co_names).union(*(names_used(one) for one in inside))


def _functions(withheld: Sequence[Any]) -> Iterator[tuple[FunctionType, str]]:
    """Pair every plain function, those of a class included, with the name that the book has."""
    for one in withheld:
        members = vars(one).values() if isinstance(one, type) else (one,)
        for member in members:
            if isinstance(member, FunctionType):
                yield member, one.__name__


@functools.cache
def _stand_in(name: str, free: tuple[str, ...]) -> CodeType:
    """Return code that refuses, with as many free variables as the code that it stands in for."""
    namespace: dict[str, Any] = {}
    exec(
        "def stand_in(*_, **__):\n"
        "    from nnchecks.engine.withheld import refuse\n"
        f"    refuse({name!r})\n",
        namespace,
    )
    code: CodeType = namespace["stand_in"].__code__
    return code.replace(co_freevars=free, co_name=name)
