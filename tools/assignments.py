"""Reads an assignment from its py:percent source and refuses what nbgrader accepts in silence.

nbgrader checks that the metadata it needs is there; it does not notice a solution that would be
released in full, a hidden test that students would see, or a question that no one can win.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

SOLUTION = ("### BEGIN SOLUTION", "### END SOLUTION")
HIDDEN = ("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS")
FIELDS = ("grade", "grade_id", "locked", "schema_version", "solution", "task")
POINTS = 20
#: What an assignment is called: it becomes part of paths, of addresses and of modules' names.
NAME = re.compile(r"[0-9]{2}-[a-z][a-z0-9]*(-[a-z0-9]+)*")


class BrokenAssignment(ValueError):
    """An assignment's source cannot be released; the message names the file and the fix."""


def sources(folder: Path) -> list[Path]:
    """Return the source of every assignment below `folder`, in order.

    Raises
    ------
    BrokenAssignment
        If a folder holds no source of its own name, or its name is in another form.
    """
    found = []
    for assignment in sorted(path for path in folder.iterdir() if path.is_dir()):
        well_named(assignment.name, str(assignment))
        source = assignment / f"{assignment.name}.py"
        if not source.exists():
            raise BrokenAssignment(
                f"{assignment} holds no {source.name}: the source has the name of its folder."
            )
        found.append(source)
    return found


def well_named(name: str, what: str) -> None:
    """Do nothing if an assignment may be called so; `what` begins the sentence if not.

    Raises
    ------
    BrokenAssignment
        If its name is in another form.
    """
    if not NAME.fullmatch(name):
        raise BrokenAssignment(
            f"{what} is no name of an assignment: call it by two digits and small letters, digits "
            "and hyphens, such as 11-scaling."
        )


def named(folder: Path, only: str | None) -> list[Path]:
    """Return the source of the assignment that is named, or of every one without a name.

    Raises
    ------
    BrokenAssignment
        If there is none of that name, or a folder that is broken.
    """
    found = sources(folder)
    chosen = [source for source in found if only in (None, "", source.stem)]
    if only and not chosen:
        there = ", ".join(source.stem for source in found) or "none"
        raise BrokenAssignment(f"There is no assignment {only} in {folder}; there are: {there}.")
    return chosen


def read(source: Path) -> NotebookNode:
    """Return the instructor's notebook, with cell ids that stay the same from build to build.

    Raises
    ------
    BrokenAssignment
        If anything in it would be released wrongly.
    """
    notebook = jupytext.read(source, fmt="py:percent")
    for number, cell in enumerate(notebook.cells, 1):
        cell.metadata.pop("lines_to_next_cell", None)
        cell.id = cell.metadata.get("nbgrader", {}).get("grade_id", f"cell-{number}")[:64]
    notebook.metadata.pop("jupytext", None)
    complaints = list(_complaints(notebook))
    if complaints:
        raise BrokenAssignment(f"{source}: " + f"\n{source}: ".join(complaints))
    nbformat.validate(notebook)
    return notebook


def _complaints(notebook: NotebookNode) -> Iterator[str]:
    seen: set[str] = set()
    total = 0.0
    for number, cell in enumerate(notebook.cells, 1):
        meta = cell.metadata.get("nbgrader")
        if meta is None:
            if "incorrectly_encoded_metadata" in cell.metadata:
                yield (
                    f"cell {number}: the nbgrader metadata is not valid JSON; compare the header "
                    "with that of another cell."
                )
            elif _has(cell, SOLUTION + HIDDEN):
                yield f"cell {number} has solution or hidden-test marks but no nbgrader metadata."
            continue
        place = f"cell {number} ({meta.get('grade_id', 'no grade_id')})"
        missing = [name for name in FIELDS if name not in meta]
        if missing:
            yield f"{place}: the nbgrader metadata lacks {', '.join(missing)}."
            continue
        if meta["schema_version"] != 3:
            yield f"{place}: schema_version is {meta['schema_version']}; write 3."
        if meta["grade_id"] in seen:
            yield f"{place}: another cell has this grade_id already; give it its own."
        seen.add(meta["grade_id"])
        if meta["grade"] and not isinstance(meta.get("points"), int | float):
            yield f'{place}: a graded cell needs "points" with a number.'
        else:
            total += meta.get("points", 0) if meta["grade"] else 0
        yield from (f"{place}: {said}" for said in _about_marks(cell, meta))
    if total != POINTS:
        yield f"the points add up to {total:g}; every assignment has {POINTS}."
    answers = {
        cell.metadata.nbgrader.grade_id
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
        and not cell.metadata.nbgrader.get("grade")
    }
    for name in sorted(answers):
        if f"test_{name}" not in seen:
            yield f"solution cell {name} has no test cell; add one with the grade_id test_{name}."


def _about_marks(cell: NotebookNode, meta: dict[str, object]) -> Iterator[str]:
    for begin, end in (SOLUTION, HIDDEN):
        if cell.source.count(begin) != cell.source.count(end):
            yield f"every {begin} needs its {end}."
    autograded = meta["grade"] and not meta["solution"]
    if meta["solution"] and cell.cell_type == "code" and not _has(cell, SOLUTION[:1]):
        yield f"a solution cell needs {SOLUTION[0]} and {SOLUTION[1]} round what is removed."
    if not meta["solution"] and _has(cell, SOLUTION):
        yield 'solution marks in a cell that is no solution cell; set "solution" to true.'
    if not autograded and _has(cell, HIDDEN):
        yield "hidden tests belong in a test cell; here students would lose or see them."
    if (autograded or not meta["solution"]) and not meta["locked"]:
        yield 'students must not edit it by accident; set "locked" to true.'
    if autograded and not cell.source.partition(HIDDEN[0])[0].strip():
        yield "only hidden tests: students would see an empty cell; show at least one check."
    if cell.cell_type == "markdown" and bool(meta["grade"]) != bool(meta["solution"]):
        yield "a Markdown answer is both graded and a solution."


def _has(cell: NotebookNode, marks: tuple[str, ...]) -> bool:
    return any(mark in cell.source for mark in marks)
