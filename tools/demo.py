"""`make demo`: a small class hands in, the judge grades it, and the marks are shown.

Each assignment's class is a table in `solutions/<assignment>/submissions.py`, with a function for
what each student has written. The notebooks are made from the release as a student would make them,
graded in `_build/demo`, and never kept.
"""

import argparse
import runpy
import shutil
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType

import nbformat
from nbformat import NotebookNode

from autograder.jail import NoJail, remedy
from autograder.marks import Row, write_csv
from tools import assignments
from tools.answers import cells
from tools.assignments import HIDDEN, SOLUTION, BrokenAssignment
from tools.course import CourseError, judge, nbgrader, need_jail, succeeded
from tools.gradebook import marks, show
from tools.release import ROOT, release

DEMO = ROOT / "_build" / "demo"
#: A folder elsewhere with this file is a demonstration, which the next one takes the place of.
MARK = ".demonstration"
#: An endless loop in the demonstration is cut off after so many seconds of processor time; by
#: nbgrader alone, after so many by the clock.
CELL_SECONDS, STOCK_SECONDS = 2, 12


@dataclass(frozen=True)
class Submission:
    """What one student of the demonstration does to the released notebook.

    Attributes
    ----------
    student : str
        The student id; it says what is special.
    marks : mapping of str to float
        The mark that each test cell must get, by the function's name.
    answers : mapping of str to str
        New sources of cells, by grade_id: those that are no Python, or that a program makes.
    code : function or None
        It holds the other new cells, see `answers.cells`. Cells that are in neither hold the
        instructor's answer, or stay as released if `attempted` is false.
    deleted : tuple of str
        The grade_ids of the cells that are gone.
    scratch : tuple of str
        The student's own cells, at the end of the notebook.
    stock : mapping of str to float or None
        Marks that nbgrader without the judge gives otherwise: it does not put a check back, which
        then has no mark.
    """

    student: str
    marks: Mapping[str, float]
    answers: Mapping[str, str] = field(default_factory=dict)
    code: FunctionType | None = None
    deleted: tuple[str, ...] = ()
    scratch: tuple[str, ...] = ()
    attempted: bool = True
    stock: Mapping[str, float | None] = field(default_factory=dict)


def table_of(source: Path) -> tuple[Submission, ...]:
    """Return the demonstration class of the assignment whose source is given."""
    submissions = runpy.run_path(str(source.parent / "submissions.py"))["SUBMISSIONS"]
    return tuple(submissions)


def hand_in(released: NotebookNode, solved: NotebookNode, submission: Submission) -> NotebookNode:
    """Return the notebook that the student hands in.

    Parameters
    ----------
    released, solved : NotebookNode
        The students' and the instructor's version.
    submission : Submission
    """
    own = {
        cell.metadata.nbgrader.grade_id: _without_marks(cell.source)
        for cell in solved.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    new = (own if submission.attempted else {}) | _new(submission, own.keys(), released)
    notebook = nbformat.from_dict(released)
    kept = []
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in submission.deleted:
            continue
        cell = nbformat.from_dict(cell)
        cell.source = new.get(name, cell.source)
        kept.append(cell)
    kept += [nbformat.v4.new_code_cell(source) for source in submission.scratch]
    notebook.cells = kept
    return notebook


def _new(submission: Submission, names: Collection[str], released: NotebookNode) -> dict[str, str]:
    """Return the cells that the student has changed, and refuse those that do not exist."""
    there = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in released.cells}
    if unknown := {*submission.answers, *submission.deleted} - there:
        raise BrokenAssignment(
            f"The notebook of {submission.student} in submissions.py changes "
            f"{' and '.join(sorted(unknown))}, but the release has no cell of that name."
        )
    written = cells(submission.code, names) if submission.code else {}
    if twice := submission.answers.keys() & written.keys():
        raise BrokenAssignment(
            f"The notebook of {submission.student} in submissions.py has two sources for "
            f"{' and '.join(sorted(twice))}: its code, and its answers."
        )
    return {**submission.answers, **written}


def _without_marks(source: str) -> str:
    """Return the source as a student would have written it."""
    return "\n".join(
        line for line in source.splitlines() if line.strip() not in (*SOLUTION, *HIDDEN)
    )


def grade(source: Path, course: Path, *, stock: bool = False, feedback: bool = True) -> list[Row]:
    """Hand in and grade the class of one assignment; one line of progress for each student.

    Parameters
    ----------
    source : Path
        Of the assignment.
    course : Path
        Where it has been released.
    stock : bool
        Let nbgrader grade without the judge, to compare marks.
    feedback : bool
        Whether to make the students' pages, too.
    """
    name = source.stem
    released = nbformat.read(course / "release" / name / f"{name}.ipynb", as_version=4)
    solved = assignments.read(source)
    table = table_of(source)
    for submission in table:
        folder = course / "submitted" / submission.student / name
        folder.mkdir(parents=True, exist_ok=True)
        nbformat.write(hand_in(released, solved, submission), folder / f"{name}.ipynb")
    if stock:
        api = nbgrader(course, stock=True, Execute={"timeout": STOCK_SECONDS})
        for number, submission in enumerate(table, 1):
            print(f"{name}: {number} of {len(table)}, {submission.student}", flush=True)
            answer = api.autograde(name, submission.student, force=True)
            succeeded(answer, f"{name}: {submission.student}")
    else:
        students = [submission.student for submission in table]
        settings = {"seconds_per_cell": float(CELL_SECONDS), "secret": "demonstration"}
        judge(course, name, students, again=True, **settings)
    if feedback:
        api = nbgrader(course, stock=stock)
        succeeded(api.generate_feedback(name, force=True), f"{name}: feedback")
    return class_of(source, course)


def class_of(source: Path, course: Path) -> list[Row]:
    """Return the marks of one assignment's class; each assignment has a class of its own."""
    students = {submission.student for submission in table_of(source)}
    return [row for row in marks(course, source.stem) if row.student in students]


def _make_room(course: Path) -> None:
    """Remove an earlier demonstration, and nothing else.

    Raises
    ------
    CourseError
        If the folder holds anything that is none.
    """
    mark = course / MARK
    if course != DEMO and course.is_dir() and any(course.iterdir()) and not mark.exists():
        raise CourseError(
            f"{course} is no folder of a demonstration and stays as it is; name another one with "
            "--course, or move it away."
        )
    shutil.rmtree(course, ignore_errors=True)
    course.mkdir(parents=True)
    mark.touch()


def main() -> int:
    """Run as a command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--course", type=Path, default=DEMO)
    parser.add_argument("--stock", action="store_true", help="without the judge, to compare")
    parser.add_argument("--assignment", help="only this one")
    parser.add_argument("--feedback", metavar="ASSIGNMENT", help="feedback for this one only")
    options = parser.parse_args()
    try:
        if not options.stock:
            need_jail(options.course)
        chosen = assignments.named(ROOT / "solutions", options.assignment)
        shown = assignments.named(ROOT / "solutions", options.feedback)
        _make_room(options.course)
        release(ROOT / "solutions", options.course, options.assignment)
        table = {
            source.stem: grade(
                source, options.course, stock=options.stock, feedback=source in shown
            )
            for source in chosen
        }
    except NoJail:
        print(
            "Left out: the graded demonstration class, because this machine cannot jail students' "
            f"code; to get it, {remedy()}, and run `make demo` there."
        )
        return 0
    except (BrokenAssignment, CourseError) as error:
        print(error, file=sys.stderr)
        return 1
    everybody = (row for found in table.values() for row in found)
    write_csv(everybody, options.course / "grades.csv")
    for name, found in table.items():
        print(f"\n{show(name, found)}")
    print(f"\nmarks: {options.course / 'grades.csv'}\nfeedback: {options.course / 'feedback'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
