"""Tries answers on the real checks, in a process that may be killed: ``python -m tools.trials``.

It reads one line of JSON with the assignments, then one job per line, and answers each with a line.
A job puts an answer under the name that the student would define, among the notebook's other
solutions, and runs the notebook's own test cell. An answer that never returns is the caller's to
cut off: this process dies with it.
"""

import ast
import contextlib
import copy
import functools
import io
import json
import os
import runpy
import signal
import sys
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

import numpy as np

#: What a cell without a solution may do here: the notebook's own pictures are not drawn.
GIVEN = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)

#: A mutant that asks for more memory than this gets a MemoryError, not the machine's last page.
MEMORY = 4 * 2**30


class Assignment:
    """The code cells of an instructor's notebook, compiled."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self.cells = [(cell["id"], _compiled(cell)) for cell in spec["cells"]]
        self.tests = {name: ast.parse(source) for name, source in spec["tests"].items()}
        beside = runpy.run_path(spec["alternatives"])
        self.alternatives = beside["ALTERNATIVES"]
        #: Wrong answers that only the instructor knows, for checks that have no catalogue.
        self.wrong = beside.get("WRONG", {})
        #: Answers by strangers to the checks: the wrong ones with the rows that describe them.
        strangers = runpy.run_path(spec["unseen"]) if spec.get("unseen") else {}
        self.unseen = strangers.get("WRONG", {})
        self.unseen_right = strangers.get("RIGHT", {})
        self.checkers: dict[str, Any] = {}

    def namespace(self, changed: str = "", source: str = "") -> dict[str, Any]:
        """Run the notebook's cells, one of them in other words, in a fresh namespace."""
        namespace: dict[str, Any] = {"__name__": "__main__"}
        for name, code in self.cells:
            exec(compile(source, name, "exec") if name == changed else code, namespace)
        return namespace

    def checker(self, name: str) -> Any:
        """Return what the test cell of an exercise calls, or None if it calls no check."""
        if name not in self.checkers:
            self.checkers[name] = self._find_checker(name)
        return self.checkers[name]

    def _find_checker(self, name: str) -> Any:
        namespace = self.namespace()
        for node in ast.walk(self.tests[name]):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                code = compile(ast.Expression(node.func), name, "eval")
                called = eval(code, namespace)
                if str(getattr(called, "__module__", "")).partition(".")[0] == "nnchecks":
                    return called
        return None

    def known(self, name: str, kind: str) -> list[Any]:
        """Return the wrong answers to an exercise that must be told apart by name."""
        listed = list(getattr(self.checker(name), kind, ()))
        return listed + list(self.wrong.get(name, ())) if kind == "misconceptions" else listed

    def told(self, name: str, diagnosis: str) -> list[str]:
        """Return the names of the rows whose sentences make up a diagnosis."""
        rows = [(one.sentence, [one.name]) for one in self.known(name, "misconceptions")]
        for both in self.known(name, "combinations"):
            rows.append((both.sentence, [part.name for part in both.parts]))
        found: list[str] = []
        # The longest first: one sentence may be a part of another.
        for sentence, names in sorted(rows, key=lambda row: -len(row[0])):
            if sentence and sentence in diagnosis:
                diagnosis = diagnosis.replace(sentence, "", 1)
                found += names
        return found

    def reports(
        self, name: str, namespace: dict[str, Any], seeds: list[int]
    ) -> Iterator[dict[str, Any]]:
        """Run a test cell; then its seeded calls again with other seeds."""
        cell = self.tests[name]
        again = [call for call in cell.body if isinstance(call, ast.Expr) and _seeded(call)]
        for statement in [*cell.body, *(_reseeded(call, s) for s in seeds for call in again[-1:])]:
            if not isinstance(statement, ast.Expr):
                exec(compile(ast.Module([statement], []), name, "exec"), namespace)
                continue
            report = eval(compile(ast.Expression(statement.value), name, "eval"), namespace)
            if hasattr(report, "criteria"):
                yield {
                    "score": float(report.score),
                    "points": float(report.points),
                    "diagnosis": report.diagnosis,
                    "text": str(report),
                }


def _compiled(cell: dict[str, Any]) -> Any:
    tree = ast.parse(cell["source"])
    if not cell["solution"]:
        tree.body = [statement for statement in tree.body if isinstance(statement, GIVEN)]
    return compile(tree, cell["id"], "exec")


def _seeded(statement: ast.Expr) -> bool:
    call = statement.value
    return isinstance(call, ast.Call) and any(one.arg == "seed" for one in call.keywords)


def _reseeded(statement: ast.Expr, seed: int) -> ast.Expr:
    changed = copy.deepcopy(statement)
    assert isinstance(changed.value, ast.Call)
    for keyword in changed.value.keywords:
        if keyword.arg == "seed":
            keyword.value = ast.copy_location(ast.Constant(seed), keyword.value)
    return changed


def tricks(name: str, own: Any, checker: Any) -> dict[str, Callable[..., Any]]:
    """Return dishonest or half-right answers that can be made from any right function.

    Parameters
    ----------
    name : str
        The exercise.
    own : function
        The instructor's solution.
    checker : Exercise

    Examples
    --------
    >>> sorted(tricks("half", lambda x: x / 2, None))
    ['a tenth too large', 'changes its arguments', 'constant', 'knows the visible check', 'zeros']
    """
    if not isinstance(own, FunctionType):
        return {}
    first: list[Any] = []
    known: dict[str, Any] = {}

    def constant(*given: Any, **named: Any) -> Any:
        first.append(own(*given, **named))
        return copy.deepcopy(first[0])

    def knows(*given: Any, **named: Any) -> Any:
        # Reports are made call by call; the first one is the visible check.
        key = repr([one for one in (*given, *named.values()) if not callable(one)])
        if not knows.over:  # type: ignore[attr-defined]
            known[key] = own(*given, **named)
        return copy.deepcopy(known.get(key, next(iter(known.values()))))

    knows.over = False  # type: ignore[attr-defined]

    def changes(*given: Any, **named: Any) -> Any:
        value = copy.deepcopy(own(*given, **named))
        for one in given:
            _spoil(one)
        return value

    def mapped(change: Callable[[Any], Any]) -> Callable[..., Any]:
        return lambda *given, **named: _mapped(own(*given, **named), change)

    made: dict[str, Callable[..., Any]] = {
        "constant": constant,
        "zeros": mapped(lambda value: 0 * value),
        "a tenth too large": mapped(lambda value: 1.1 * value),
        "changes its arguments": changes,
        "knows the visible check": knows,
    }
    if not _takes_arrays(checker):
        del made["changes its arguments"]  # there is nothing to change
    for book in getattr(checker, "withheld", ()):
        if getattr(book, "__name__", "") == name and isinstance(book, FunctionType):
            copied = FunctionType(
                book.__code__, book.__globals__, name, book.__defaults__, book.__closure__
            )
            copied.__module__ = "__main__"
            made |= {
                "the book's own": book,
                "the book's own, wrapped": functools.partial(_call, book),
                "the book's own, copied": copied,
            }
    return made


def _takes_arrays(checker: Any) -> bool:
    """Whether a check passes anything that can be changed in place; if in doubt, yes."""
    rng = np.random.default_rng(0)
    cases = [case for one in getattr(checker, "properties", ()) for case in one.cases(rng, 1)]
    given = [argument for case in cases for argument in case.arguments]
    return not given or any(isinstance(one, np.ndarray | list | dict) for one in given)


def _call(function: Callable[..., Any], *given: Any, **named: Any) -> Any:
    return function(*given, **named)


def _mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """Change every number of a nested value, and keep its shape."""
    if isinstance(value, dict):
        return {key: _mapped(one, change) for key, one in value.items()}
    if isinstance(value, list | tuple):
        parts = [_mapped(one, change) for one in value]
        return parts if isinstance(value, list) else tuple(parts)
    return value if isinstance(value, str | bool) or value is None else change(value)


def _spoil(value: Any) -> None:
    if isinstance(value, np.ndarray) and value.dtype.kind in "iuf":
        with contextlib.suppress(ValueError):  # read-only
            value += 1
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            _spoil(one)


def inventory(assignment: Assignment) -> dict[str, Any]:
    """Say what there is to try, by exercise; exercises without a check are left out."""
    found = {}
    for name in assignment.tests:
        checker = assignment.checker(name)
        if checker is None:
            continue
        own = assignment.namespace().get(name)
        found[name] = {
            "misconceptions": [one.name for one in assignment.known(name, "misconceptions")],
            "combinations": [one.name for one in assignment.known(name, "combinations")],
            "alternatives": len(assignment.alternatives.get(name, ())),
            "tricks": list(tricks(name, own, checker)),
            "unseen": [one.__name__ for one, _ in assignment.unseen.get(name, ())],
            "unseen right": [one.__name__ for one in assignment.unseen_right.get(name, ())],
        }
    return found


def trial(assignment: Assignment, job: dict[str, Any]) -> list[dict[str, Any]]:
    """Run the test cell on one answer; an answer that cannot be run has no points."""
    name, kind = job["exercise"], job["kind"]
    true: set[str] = set()
    parts: tuple[Any, ...] = ()
    answer: Any = None
    try:
        namespace = assignment.namespace(*((name, job["source"]) if kind == "mutant" else ()))
        if kind in ("misconceptions", "combinations"):
            known = assignment.known(name, kind)[job["index"]]
            answer = known.answer
            parts = getattr(known, "parts", ()) or (known,)
            # Rows that say the same of different programs are all true.
            same = {one.sentence for one in parts}
            true |= {x.name for x in assignment.known(name, "misconceptions") if x.sentence in same}
        elif kind == "unseen":
            answer, rows = assignment.unseen[name][job["index"]]
            true = set(rows)
        elif kind == "unseen right":
            answer = assignment.unseen_right[name][job["index"]]
        elif kind == "alternatives":
            answer = assignment.alternatives[name][job["index"]]
        elif kind == "tricks":
            answer = tricks(name, namespace[name], assignment.checker(name))[job["index"]]
        if kind not in ("mutant", "own"):
            namespace[name] = answer
        reports = []
        for report in assignment.reports(name, namespace, job["seeds"]):
            told = set(assignment.told(name, report["diagnosis"]))
            wanted = len(parts) if kind == "combinations" else 1
            named = len(told & true) >= wanted
            reports.append(report | {"named": named, "false": sorted(told - true)})
            if hasattr(answer, "over"):
                answer.over = True
        return reports
    except (Exception, SystemExit) as error:
        said = f"{type(error).__name__}: {error}"
        nothing = {"score": 0.0, "points": 1.0, "diagnosis": "", "named": False, "false": []}
        return [nothing | {"text": said}]


def _patience(seconds: float) -> None:
    """End this process after so many seconds of its own processor time; nothing happens after 0."""
    if hasattr(signal, "setitimer"):  # not on Windows, where the caller's clock is the limit
        signal.setitimer(signal.ITIMER_PROF, seconds)


def main() -> int:
    """Answer jobs until there are no more."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.environ.pop("NBGRADER_EXECUTION", None)
    replies = sys.stdout
    assignments = {
        name: Assignment(spec) for name, spec in json.loads(sys.stdin.readline()).items()
    }
    for line in sys.stdin:
        job = json.loads(line)
        assignment = assignments[job["assignment"]]
        _patience(job["patience"])
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            if job["kind"] == "inventory":
                reply: Any = inventory(assignment)
            else:
                reply = trial(assignment, job)
        _patience(0)
        replies.write(json.dumps(reply) + "\n")
        replies.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
