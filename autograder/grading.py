"""From what a student handed in to a graded notebook: the one way that all commands take."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import determine_grade  # type: ignore[import-untyped]

from autograder import clock, reading, rebuild, showing
from autograder.cells import Cell, name_of, role
from autograder.judge import Examiner
from autograder.marks import Status
from autograder.words import as_text, printable

#: The key in a notebook's metadata under which the judge leaves what it has to say.
ABOUT = "autograder"


@dataclass
class Graded:
    """What became of one notebook.

    Attributes
    ----------
    notebook : NotebookNode
        With outputs and reports, and harmless to whoever opens it.
    status : Status
        "graded", "repaired" or "not graded".
    marks : dict of str to float or None
        The mark of each graded cell; None where a person must look.
    unanswered : list of str
        The answer cells that are as they were released.
    for_student, for_instructor : list of str
    """

    notebook: NotebookNode
    status: Status
    marks: dict[str, float | None] = field(default_factory=dict)
    unanswered: list[str] = field(default_factory=list)
    for_student: list[str] = field(default_factory=list)
    for_instructor: list[str] = field(default_factory=list)


def grade_notebook(
    name: str,
    notebooks: Mapping[str, Sequence[Cell]],
    folder: Path,
    files: Mapping[str, bytes],
    examiner: Examiner,
    student: str = "",
) -> Graded:
    """Read, rebuild and judge one notebook, whatever was handed in.

    Parameters
    ----------
    name : str
        The notebook's, without its ending.
    notebooks : mapping of str to sequence of cells
        The instructor's version of this notebook and of the assignment's others.
    folder : Path
        What the student handed in.
    files : mapping of str to bytes
        What was released beside the notebooks.
    examiner : Examiner
        For this notebook.
    student : str
        The id of whoever hands in.
    """
    released, limits = notebooks[name], examiner.limits
    try:
        with clock.limited(limits.seconds_per_cell):
            found = reading.read(folder, name, limits, set(notebooks) - {name})
            chosen = rebuild.choose(found, name, released)
            cells, repairs = rebuild.rebuild(released, chosen.cells)
    except reading.Unreadable as reason:
        return ungraded(released, str(reason), f"not graded: {reason}")
    except clock.Overdue:
        why = f"it took more than {limits.seconds_per_cell:g} seconds to read"
        return ungraded(released, f"Your notebook was not graded: {why}.", f"not graded: {why}")
    beside, left_out = reading.laid_over(files, found.files)
    repairs = [*chosen.repairs, *found.complaints, *left_out, *repairs]
    verdict = examiner.judge(cells, beside, student)
    asked, said = waiting(verdict.cells, released, chosen.beside)
    for_student = [*map(printable, (*repairs, *said, *verdict.student))]
    for_instructor = [*map(printable, (*repairs, *said, *verdict.instructor))]
    made = notebook_of(verdict.cells, for_student, for_instructor)
    marks, unanswered = marks_of(made.cells, verdict.marks, released)
    marks |= dict.fromkeys(asked)
    unanswered = [one for one in unanswered if one not in asked]
    made.cells = showing.all_harmless(made.cells, limits.seconds_per_cell)
    status = Status.REPAIRED if repairs else Status.GRADED
    return Graded(made, status, marks, unanswered, for_student, for_instructor)


def waiting(
    cells: Sequence[Cell], released: Sequence[Cell], beside: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Return which empty answers a person must look at all the same, and what is to be said.

    What a person marks is looked at if its cell is as it was released, but other work is near:
    between the released cells before and after it, behind the last of them, or in another notebook.

    Parameters
    ----------
    cells : sequence of cells
        As they were run.
    released : sequence of cells
    beside : sequence of str
        Other notebooks with work.
    """
    stubs = {name_of(one): one["source"] for one in released}
    files = ", ".join(repr(one[:80]) for one in beside)
    said = [f"Beside your notebook there is more work, which was not read: {files}."] * bool(files)
    # The student's own cells between two released ones belong to both.
    between: list[list[Cell]] = [[]]
    for cell in cells:
        if role(cell) == "own":
            between[-1].append(cell)
        else:
            between.append([])
    places = [cell for cell in cells if role(cell) != "own"]
    asked = []
    for number, cell in enumerate(places):
        name, about = name_of(cell), cell["metadata"].get("nbgrader") or {}
        as_it_was = (
            cell["source"].split() in ([], stubs[name].split()) and "attachments" not in cell
        )
        if not (about.get("grade") and role(cell) == "answer" and as_it_was):
            continue
        near = [*between[number], *between[number + 1]]
        behind = [one for one in between[-1] if _answers(cell, one)]
        if any(one["source"].strip() or one.get("attachments") for one in (*near, *behind)):
            said.append(
                f"The cell {name} holds no answer, but other work of yours is near it; your "
                "teacher will look at that."
            )
            asked.append(name)
        elif beside:
            asked.append(name)
    return asked, said


def _answers(question: Cell, own: Cell) -> bool:
    """Whether a cell far away may be meant for a question: a text, or a program with a picture."""
    if question["cell_type"] != "code":
        return own["cell_type"] != "code" and len(own["source"].split()) > 5
    kinds = [kind for output in own.get("outputs", ()) for kind in output.get("data", ())]
    return any(kind.startswith("image/") for kind in kinds)


def ungraded(released: Sequence[Cell], for_student: str, for_instructor: str) -> Graded:
    """Return what becomes of a notebook that could not be graded: it waits for a person."""
    made = notebook_of(released, [for_student], [for_instructor])
    marks, _ = marks_of(made.cells, None, released)
    return Graded(made, Status.NOT_GRADED, marks, [], [for_student], [for_instructor])


def marks_of(
    cells: Sequence[Any], verdict: Mapping[str, float] | None, released: Sequence[Cell]
) -> tuple[dict[str, float | None], list[str]]:
    """Return the mark of each graded cell, and which answers are as they were released.

    Parameters
    ----------
    cells : sequence of cells
    verdict : mapping of str to float, optional
        The marks of the tests; none if the notebook was not run. Only a cell that a person marks,
        or one that is as it was released, has a mark beside them.
    released : sequence of cells
    """
    by_name = {name_of(one): one for one in released}
    marks: dict[str, float | None] = dict(verdict or {})
    bare = []
    for cell in cells:
        about = cell.metadata.get("nbgrader") or {}
        if about.get("grade") and (verdict is None or role(cell) != "test"):
            marks[about["grade_id"]] = None if verdict is None else determine_grade(cell)[0]
        if about.get("solution") and cell.source in ("", by_name[about["grade_id"]]["source"]):
            others = [one for one in cells if one is not cell and role(one) in ("answer", "own")]
            code = [one for one in others if one.cell_type == "code"]
            if cell.cell_type != "code" or not rebuild.is_defined(by_name[about["grade_id"]], code):
                bare.append(about["grade_id"])
    return marks, bare


def notebook_of(
    cells: Sequence[Cell], for_student: Sequence[str], for_instructor: Sequence[str] = ()
) -> NotebookNode:
    """Return a notebook of rebuilt cells, with what the student should know above them."""
    above: list[Cell] = []
    if for_student:
        text = "**About the grading of this notebook**\n\n" + "\n".join(
            f"- {as_text(line)}" for line in for_student
        )
        note = {"cell_type": "markdown", "id": showing.NOTE, "metadata": {}, "source": text}
        above = [note]
    about = {"student": list(for_student), "instructor": list(for_instructor)}
    made = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {ABOUT: about},
        "cells": [*above, *cells],
    }
    node: NotebookNode = nbformat.from_dict(made)  # type: ignore[no-untyped-call]
    return node


def fingerprinted(notebook: NotebookNode, fingerprint: str) -> NotebookNode:
    """Return a graded notebook that bears the fingerprint of its record."""
    notebook.metadata[ABOUT]["fingerprint"] = fingerprint
    return notebook


def written(notebook: NotebookNode) -> str:
    """Return a notebook as it stands in a file: a cell on each line.

    Its cells were made here, so nothing is looked at again.
    """
    about = {name: notebook[name] for name in ("metadata", "nbformat", "nbformat_minor")}
    cells = ",\n".join(json.dumps(cell, ensure_ascii=False) for cell in notebook.cells)
    return f'{{"cells": [\n{cells}\n],\n{json.dumps(about, ensure_ascii=False)[1:]}\n'
