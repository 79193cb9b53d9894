"""From what a student handed in to a graded notebook: the one way that all commands take."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import determine_grade  # type: ignore[import-untyped]

from autograder import rebuild, showing
from autograder.cells import Cell, name_of, role
from autograder.judge import Examiner

#: The key in a notebook's metadata under which the judge leaves what it has to say.
ABOUT = "autograder"


@dataclass
class Graded:
    """What became of one notebook.

    Attributes
    ----------
    notebook : NotebookNode
        With outputs and reports, and harmless to whoever opens it.
    status : str
        "graded", "repaired" or "failed".
    marks : dict of str to float or None
        The mark of each graded cell; None where a person must look.
    unanswered : list of str
        The answer cells that are as they were released.
    for_student, for_instructor : list of str
    """

    notebook: NotebookNode
    status: str
    marks: dict[str, float | None] = field(default_factory=dict)
    unanswered: list[str] = field(default_factory=list)
    for_student: list[str] = field(default_factory=list)
    for_instructor: list[str] = field(default_factory=list)


def grade_notebook(
    name: str,
    released: Sequence[Cell],
    folder: Path,
    files: Mapping[str, bytes],
    examiner: Examiner,
) -> Graded:
    """Read, rebuild and judge one notebook, whatever was handed in.

    Parameters
    ----------
    name : str
        The notebook's, without its ending.
    released : sequence of cells
        The instructor's version.
    folder : Path
        What the student handed in.
    files : mapping of str to bytes
        What was released beside the notebook.
    examiner : Examiner
        For this release.
    """
    try:
        submission = rebuild.read(folder, name, examiner.limits)
    except rebuild.Unreadable as reason:
        return ungraded(released, str(reason), f"not graded: {reason}")
    cells = rebuild.rebuild(released, submission)
    verdict = examiner.judge(cells, {**files, **submission.files})
    for_student = [*submission.repairs, *verdict.student]
    for_instructor = [*submission.repairs, *verdict.instructor]
    status = "repaired" if submission.repairs else "graded"
    made = notebook_of(verdict.cells, for_student, for_instructor)
    marks, unanswered = marks_of(made.cells, verdict.marks, released)
    made.cells = [showing.harmless(cell) for cell in made.cells]
    return Graded(made, status, marks, unanswered, for_student, for_instructor)


def ungraded(released: Sequence[Cell], for_student: str, for_instructor: str) -> Graded:
    """Return what becomes of a notebook that could not be graded: it waits for a person."""
    made = notebook_of(released, [for_student], [for_instructor])
    marks, _ = marks_of(made.cells, None, released)
    return Graded(made, "failed", marks, [], [for_student], [for_instructor])


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
    stubs = {name_of(one): one["source"] for one in released}
    marks: dict[str, float | None] = dict(verdict or {})
    bare = []
    for cell in cells:
        about = cell.metadata.get("nbgrader") or {}
        if about.get("grade") and (verdict is None or role(cell) != "test"):
            marks[about["grade_id"]] = None if verdict is None else determine_grade(cell)[0]
        if about.get("solution") and cell.source in ("", stubs.get(about["grade_id"])):
            bare.append(about["grade_id"])
    return marks, bare


def notebook_of(
    cells: Sequence[Cell], for_student: Sequence[str], for_instructor: Sequence[str] = ()
) -> NotebookNode:
    """Return a notebook of rebuilt cells, with what the student should know above them."""
    above: list[Cell] = []
    if for_student:
        text = "**About the grading of this notebook**\n\n" + "\n".join(
            f"- {html.escape(line)}" for line in for_student
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
    """Return a notebook as it stands in a file."""
    text: str = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    return f"{text}\n"
