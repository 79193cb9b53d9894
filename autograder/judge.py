"""Runs the instructor's test cells against a workspace and gives the marks.

Test cells are ordinary Python. A name that a test cell uses and that the instructor's own cells do
not define is the student's: it is asked for in the workspace, and what comes back is data or a
`remote.Borrowed`. The mark is that of the cell's last expression, as nbgrader has it, but it is
taken from the value and never from anything printed.
"""

import ast
import builtins
import contextlib
import functools
import hashlib
import io
import json
import math
import os
import symtable
import time
import types
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from autograder.cells import Cell, role
from autograder.library import PACKAGE
from autograder.packages import STUDENTS
from autograder.remote import (
    Borrowed,
    CellOutOfTime,
    Interrupted,
    Workspace,
    WorkspaceLost,
    Workspaces,
)
from autograder.settings import MIB, Limits
from autograder.words import printable

#: nbgrader's name for "this is the autograder"; reports look at it.
MODE = "NBGRADER_EXECUTION"
#: The book's name for what hidden questions depend on; see `nnchecks.engine.exercise.VARIATION`.
VARIATION = "NNLIB_VARIATION"
#: The book's name for who hands in, where that is known: checks of a student's own numbers ask.
STUDENT = "NNLIB_STUDENT"


@dataclass
class Verdict:
    """What became of one notebook.

    Attributes
    ----------
    cells : list of dict
        The notebook's cells with their outputs.
    marks : dict of str to float
        For each test, by grade_id.
    student, instructor : list of str
        What is to be said to each about the run itself.
    """

    cells: list[Cell]
    marks: dict[str, float] = field(default_factory=dict)
    student: list[str] = field(default_factory=list)
    instructor: list[str] = field(default_factory=list)

    def say(self, student: str, instructor: str = "") -> None:
        """Add a sentence for the student and a line for the instructor."""
        self.student.append(student)
        self.instructor.append(instructor or student)


class Examiner:
    """Judges notebooks of one assignment, one after the other.

    Parameters
    ----------
    cells : sequence of cells
        The instructor's version, without solutions and with hidden tests.
    limits : Limits
    secret : str
        Known to the judge alone: the random inputs of hidden tests depend on it.
    installs : sequence of str
        The packages that students may import.
    """

    def __init__(
        self,
        cells: Sequence[Cell],
        limits: Limits,
        secret: str = "",
        installs: Sequence[str] = STUDENTS,
    ) -> None:
        self.limits = limits
        self.installs = installs
        self.secret = secret
        self.support = _Support([cell for cell in cells if role(cell) == "given"])
        self._workspaces: Workspaces | None = None
        self._tests = [cell["source"] for cell in cells if role(cell) == "test"]

    @property
    def workspaces(self) -> Workspaces:
        """Where the workspaces come from; started when first needed."""
        if self._workspaces is None:
            with _grading():
                space = self.support.namespace(self._tests)
            imported = self.support.imported()
            self._workspaces = Workspaces(withheld(space), self.limits, imported, self.installs)
        return self._workspaces

    def judge(
        self, cells: Sequence[Cell], files: Mapping[str, bytes], student: str = ""
    ) -> Verdict:
        """Run a rebuilt notebook and return its verdict.

        Parameters
        ----------
        cells : sequence of cells
            From `rebuild`: tests and given cells are the instructor's, the others the student's.
        files : mapping of str to bytes
            What lies beside the notebook.
        student : str
            The id of whoever hands in.
        """
        verdict = Verdict([dict(cell) for cell in cells])  # what is in them stays as it is
        self.workspaces.ready()
        told = _grading(self._variation(cells, files), student)
        with told, one_core(), _Run(self, verdict, files) as run:
            count = 0
            for cell in verdict.cells:
                if cell["cell_type"] != "code":
                    continue
                count += 1
                cell["execution_count"], cell["outputs"] = count, []
                if role(cell) == "test":
                    run.test(cell)
                else:
                    run.cell(cell)
        return verdict

    def _variation(self, cells: Sequence[Cell], files: Mapping[str, bytes]) -> str:
        """Return what is the same whenever this is judged, and else cannot be guessed.

        All that the student's program can see goes into it. If anything were left out, that could
        carry the answers that one run has noted down into the next.
        """
        told = [
            [[cell["cell_type"], cell["source"]] for cell in cells],
            [[name, hashlib.sha256(content).hexdigest()] for name, content in files.items()],
        ]
        return hashlib.sha256(f"{self.secret} {json.dumps(told)}".encode()).hexdigest()[:16]

    def close(self) -> None:
        """End the workspaces' process."""
        if self._workspaces is not None:
            self._workspaces.close()
            self._workspaces = None


class _Run:
    """One notebook on its way through one workspace, or several if one is lost."""

    def __init__(self, examiner: Examiner, verdict: Verdict, files: Mapping[str, bytes]) -> None:
        self.examiner = examiner
        self.limits = examiner.limits
        self.verdict = verdict
        self.files = files
        self.left = self.limits.seconds_per_submission
        self.end = time.monotonic() + self.limits.by_the_clock(self.left)
        self.restarts = self.limits.restarts
        self.room = self.limits.notebook_output
        self.before: list[Cell] = []
        self.workspace: Workspace | None = None
        self.stack = ExitStack()

    def __enter__(self) -> "_Run":
        return self

    def __exit__(self, *_: object) -> None:
        self._drop()

    def cell(self, cell: Cell) -> None:
        """Run a cell of the student's notebook."""
        if not cell["source"].strip():
            return
        try:
            workspace = self._ready()
            outputs, _ = workspace.run(cell["source"], cell["execution_count"], self._seconds())
            cell["outputs"] = [self._numbered(one, cell) for one in self._fitting(outputs)]
            self.before.append(cell)
        except WorkspaceLost as lost:
            cell["outputs"] = [_error("WorkspaceLost", str(lost))]
            self.verdict.say(
                "One of your cells ended the program that runs your notebook, so that cell was "
                f"left out: {_first_line(cell)}",
                f"cell {cell['execution_count']} ended the workspace: {lost}",
            )
            self._drop()

    def _fitting(self, outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return a cell's outputs, or a sentence in their place if the notebook shows too much."""
        size = len(json.dumps(outputs))
        if size <= self.room:
            self.room -= size
            return outputs
        most = f"{self.limits.notebook_output / MIB:.3g} MiB"
        said = (
            f"Your notebook shows more than {most} in all. What did not fit was left out; print "
            "less, or draw fewer or smaller pictures."
        )
        if said not in self.verdict.student:
            self.verdict.say(said, f"the notebook shows more than {most}; the rest was left out")
        text = f"This output was left out: your notebook shows more than {most} in all.\n"
        return [{"output_type": "stream", "name": "stdout", "text": text}]

    def test(self, cell: Cell) -> None:
        """Run a test cell and note its mark."""
        about = cell["metadata"]["nbgrader"]
        points = float(about.get("points") or 0)
        outputs: list[dict[str, Any]] = []
        mark, said = 0.0, io.StringIO()
        try:
            workspace = self._ready()
            workspace.start_test(self._seconds())
            try:
                with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                    mark, outputs = self._evaluate(
                        workspace, about["grade_id"], cell["source"], points
                    )
            finally:
                workspace.end_test()
        except CellOutOfTime:
            outputs = [
                _error(
                    "OutOfTime",
                    f"The check took longer than {self.limits.seconds_per_cell:g} seconds.",
                )
            ]
        except WorkspaceLost as lost:
            outputs = [_error("WorkspaceLost", str(lost))]
            self.verdict.say(
                f"Your program ended or hung while `{about['grade_id']}` was being checked.",
                f"{about['grade_id']}: {lost}",
            )
        except Interrupted as stop:
            outputs = [_error("Interrupted", str(stop))]
        except NameError as missing:
            outputs = [_error("NameError", str(missing))]
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            outputs = [_error(type(error).__name__, str(error)[:500])]
            self.verdict.instructor.append(
                f"{about['grade_id']}: the check itself failed, {type(error).__name__}: "
                f"{str(error)[:200]}; look at it by hand"
            )
        if self.workspace is not None and self.workspace.lost:
            self._drop()
        if said.getvalue():
            text = said.getvalue()[: self.limits.output]
            outputs = [{"output_type": "stream", "name": "stdout", "text": text}, *outputs]
        cell["outputs"] = [self._numbered(one, cell) for one in outputs]
        self.verdict.marks[about["grade_id"]] = mark

    def _evaluate(
        self, workspace: Workspace, name: str, source: str, points: float
    ) -> tuple[float, list[dict[str, Any]]]:
        def students(name: str) -> tuple[bool, Any]:
            return workspace.get(name)

        space = self.examiner.support.namespace([source], students)
        value = run_and_value(source, space)
        if isinstance(value, Borrowed):
            raise TypeError("a test cell ends with an object of the student's, which is no mark")
        for line in getattr(value, "for_instructor", ()):
            self.verdict.instructor.append(f"{name}: {printable(line)}")
        value = _in_points(value, points)
        mark, shown = mark_of(value, points), None
        if value is not None:
            shown = _shown(value)
            shown["text/plain"] = f"{mark:g}"
        return mark, [] if shown is None else [
            {"output_type": "execute_result", "data": shown, "metadata": {}}
        ]

    def _numbered(self, output: dict[str, Any], cell: Cell) -> dict[str, Any]:
        if output["output_type"] == "execute_result":
            output["execution_count"] = cell["execution_count"]
        return output

    def _seconds(self) -> float:
        """Return how much processor time the next cell may use."""
        left = self.left - (self.workspace.spent if self.workspace else 0.0)
        if left <= 0 or time.monotonic() > self.end:
            raise WorkspaceLost("the time for this notebook is over")
        return min(self.limits.seconds_per_cell, left)

    def _ready(self) -> Workspace:
        """Return the workspace, started again and brought to where it was if it was lost."""
        while self.workspace is None:
            if self.restarts < 0:
                raise WorkspaceLost("it was lost too often, and is not started again")
            self.restarts -= 1
            self._seconds()
            try:
                workspaces = self.examiner.workspaces
                self.workspace = self.stack.enter_context(workspaces.open(self.files))
                for cell in self.before:
                    self.workspace.run(cell["source"], cell["execution_count"], self._seconds())
            except WorkspaceLost:
                self._drop()
        return self.workspace

    def _drop(self) -> None:
        if self.workspace is not None:
            self.left -= self.workspace.spent
            self.workspace = None
        with contextlib.suppress(WorkspaceLost):
            self.stack.close()


class _Support:
    """The instructor's own cells, of which a test gets those that it needs."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self.trees = []
        for cell in cells:
            if cell["cell_type"] == "code":
                with contextlib.suppress(SyntaxError):  # a magic: nothing that a test could need
                    tree = ast.parse(cell["source"])
                    self.trees.append((tree, _bound(cell["source"])))
        self.codes = [compile(tree, "<given>", "exec") for tree, _ in self.trees]
        self.known: dict[tuple[str, ...], tuple[list[int], list[str]]] = {}

    def imported(self) -> list[str]:
        """Return the modules that these cells import, or what may be one: `package.name` too."""
        found: dict[str, None] = {}
        for tree, _ in self.trees:
            for node in ast.walk(tree):
                if isinstance(node, ast.Import):
                    found.update((alias.name, None) for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found[node.module] = None
                    found.update((f"{node.module}.{alias.name}", None) for alias in node.names)
        return list(found)

    def namespace(self, sources: Sequence[str], students: Any = None) -> dict[str, Any]:
        """Return what a test's names mean: the instructor's own first, then the student's.

        Parameters
        ----------
        sources : sequence of str
            The tests.
        students : callable, optional
            From a name to whether the student has it, and what it is.
        """
        needed, asked = self._needed(tuple(sources))
        space: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}
        if students is not None:
            for name in asked:
                found, value = students(name)
                if found:
                    space[name] = value
        for place in needed:
            exec(self.codes[place], space)
        return space

    def _needed(self, sources: tuple[str, ...]) -> tuple[list[int], list[str]]:
        """Return which cells tests need, and which names are the student's: once for a class."""
        if sources not in self.known:
            wanted = set().union(*(_read(ast.parse(source)) for source in sources))
            needed: list[int] = []
            for place in range(len(self.trees) - 1, -1, -1):
                tree, bound = self.trees[place]
                if bound & wanted:
                    needed.insert(0, place)
                    wanted |= _read(tree)
            own = set().union(*(self.trees[place][1] for place in needed))
            bound_by_tests = set().union(*map(_bound, sources))
            asked = sorted(wanted - own - bound_by_tests - set(vars(builtins)))
            self.known[sources] = needed, asked
        return self.known[sources]


def _read(tree: ast.AST) -> set[str]:
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def _bound(source: str) -> set[str]:
    r"""Return the names that a cell defines for the cells after it; a function's own are none.

    Examples
    --------
    >>> sorted(_bound("import os.path as p\nfor k in (1, 2):\n    def f(x):\n        y = x"))
    ['f', 'k', 'p']
    """
    return {
        symbol.get_name()
        for symbol in symtable.symtable(source, "<cell>", "exec").get_symbols()
        if symbol.is_assigned() or symbol.is_imported()
    }


def run_and_value(source: str, space: dict[str, Any]) -> Any:
    r"""Run a cell and return the value of its last line if that is an expression.

    Examples
    --------
    >>> run_and_value("a = 2\na + 1", {})
    3
    >>> run_and_value("3; a = 2", {}) is None
    True
    """
    body, last = _compiled(source)
    exec(body, space)
    value = None if last is None else eval(last, space)
    return None if source.rstrip().endswith(";") else value


@functools.lru_cache(maxsize=256)
def _compiled(source: str) -> tuple[types.CodeType, types.CodeType | None]:
    """Return a test but for its last expression, and that: every student meets the same tests."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    body = compile(tree, "<test>", "exec")
    if not isinstance(last, ast.Expr):
        return body, None
    return body, compile(ast.Expression(last.value), "<test>", "eval")


def _in_points(value: Any, points: float) -> Any:
    """Return a report in the points of its cell, which are the instructor's to give."""
    scaled = getattr(value, "scaled", None)
    return value if scaled is None else scaled(points)


def mark_of(value: Any, points: float) -> float:
    """Return the mark that a test cell's value gives: within 0 and its points, whatever it is.

    A report's mark is its score, a number is the mark itself. Anything else, or nothing, means that
    no assertion failed, and is worth all points, as nbgrader has it.

    Examples
    --------
    >>> mark_of(2, 3), mark_of(214, 3), mark_of(float("nan"), 3), mark_of(-1, 3), mark_of(None, 3)
    (2.0, 3.0, 0.0, 0.0, 3.0)
    """
    score = getattr(value, "score", value)
    if isinstance(score, bool) or not isinstance(score, int | float):
        return float(points)
    # To six digits, as nbgrader reads them from the printed report.
    score = float(f"{score:g}")
    return min(max(score, 0.0), float(points)) if math.isfinite(score) else 0.0


def _shown(value: Any) -> dict[str, str]:
    """Return how a notebook shows a value."""
    bundle = getattr(value, "_repr_mimebundle_", None)
    if bundle is None:
        return {"text/plain": repr(value)}
    try:
        return dict(bundle())
    except (CellOutOfTime, WorkspaceLost):
        # The picture asks the student's function once more; the words need nobody.
        return dict(value.words())


def withheld(space: Mapping[str, Any]) -> dict[str, set[str]]:
    """Return what the checks in a namespace withhold, by module."""
    found: dict[str, set[str]] = {}
    for module in space.values():
        if not isinstance(module, types.ModuleType):
            continue
        for check in vars(module).values():
            names = () if isinstance(check, type) else getattr(check, "withheld", ())
            for one in names if isinstance(names, list | tuple) else ():
                home, name = getattr(one, "__module__", ""), getattr(one, "__qualname__", "")
                if home.startswith(f"{PACKAGE}."):
                    found.setdefault(home, set()).add(name.partition(".")[0])
    return found


def _error(name: str, message: str) -> dict[str, Any]:
    """Return an output that says what went wrong without any of our own lines."""
    return {
        "output_type": "error",
        "ename": name,
        "evalue": message,
        "traceback": [f"{name}: {message}"],
    }


def _first_line(cell: Cell) -> str:
    return str(cell["source"].strip().splitlines()[0])[:80]


@contextmanager
def one_core(number: int | None = None) -> Iterator[None]:
    """Keep this process, and what it starts, on one core.

    Judge and workspace take turns, a thousand times for a notebook. On one core that costs a tenth
    of what it costs across two.
    """
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    cores = sorted(before)
    chosen = os.getpid() if number is None else number
    os.sched_setaffinity(0, {cores[chosen % len(cores)]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def _grading(variation: str = "", student: str = "") -> Iterator[None]:
    """Tell reports that this is no lesson, what hidden questions depend on, and who hands in."""
    told = {MODE: "autograde", VARIATION: variation, STUDENT: student}
    before = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    if not student:
        del os.environ[STUDENT]
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
