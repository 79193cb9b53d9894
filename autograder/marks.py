"""The table of marks: every export, printed table and summary is made from its rows.

A row says what has become of one student's submission of one assignment. Its late penalty is worked
out when the row is read, from the due date, the extension and the marks as they are then, so that
no old penalty stands when one of them has moved.

=================== =============================================================== ===============
status              what it means                                                   score
=================== =============================================================== ===============
graded              every question has its mark                                     the sum
repaired            the same, but something had to be put right first               the sum
waits for a person  a picture, a text or a changed answer is to be looked at        the sum so far
not graded          handed in, and the checks have not given their marks            none
not handed in       nothing is there                                                0
=================== =============================================================== ===============
"""

import csv
import json
import os
import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from nbgrader.coursedir import CourseDirectory  # type: ignore[import-untyped]

from autograder.gradebook import current, duedate_of, late_penalty, mark_of, opened, penalties
from autograder.releases import mark_on
from autograder.words import printable, writable


class Status(StrEnum):
    """What has become of a submission; see the table above."""

    GRADED = "graded"
    REPAIRED = "repaired"
    WAITING = "waits for a person"
    NOT_GRADED = "not graded"
    NOT_HANDED_IN = "not handed in"


@dataclass(frozen=True)
class Row:
    """One student's marks for one assignment.

    Attributes
    ----------
    assignment, student : str
    status : Status
    marks : mapping of str to float or None
        By question, extra credit included; None where there is no mark yet. Where an assignment has
        several notebooks, a question is called "notebook/name".
    points : mapping of str to float
        What each question is worth: those that this student was given, and no others.
    penalty : float
        For being late.
    duedate : datetime, optional
        The student's own, with the extension.
    timestamp : datetime, optional
        When it was handed in.
    extra_credit : float
        How much of the marks is beyond the points.
    about : str
        What an instructor should know: what was repaired, why there is no mark.
    not_given : tuple of str
        Questions of the newest release that this student was never given, which do not count.
    earlier : bool
        Whether it was graded against an earlier release than the newest.
    last_name, first_name, email : str

    Examples
    --------
    >>> late = Row("01", "ada", Status.GRADED, {"f": 3.0, "g": 1.0}, {"f": 3.0, "g": 3.0}, 1.5)
    >>> late.raw_score, late.score, late.max_score
    (4.0, 2.5, 6.0)
    >>> Row("01", "bob", Status.NOT_GRADED, {"f": None}, {"f": 3.0}).score is None
    True
    """

    assignment: str
    student: str
    status: Status
    marks: Mapping[str, float | None]
    points: Mapping[str, float]
    penalty: float = 0.0
    duedate: datetime | None = None
    timestamp: datetime | None = None
    extra_credit: float = 0.0
    about: str = ""
    not_given: tuple[str, ...] = ()
    earlier: bool = False
    last_name: str = ""
    first_name: str = ""
    email: str = ""

    @property
    def raw_score(self) -> float | None:
        """The marks together, without the penalty; None if it was not graded."""
        if self.status is Status.NOT_GRADED:
            return None
        return sum(mark or 0.0 for mark in self.marks.values())

    @property
    def score(self) -> float | None:
        """What counts; None if it was not graded."""
        raw = self.raw_score
        return None if raw is None else max(0.0, raw - self.penalty)

    @property
    def max_score(self) -> float:
        """What the questions are worth that this student was given."""
        return sum(self.points.values())

    @property
    def by_test(self) -> dict[str, float | None]:
        """The marks of the checks, by the function's name."""
        return {
            name.replace("test_", "", 1): mark
            for name, mark in self.marks.items()
            if name.rpartition("/")[2].startswith("test_")
        }


# --- reading --------------------------------------------------------------------------------------


def handed_in(course: Any, assignment: str) -> list[str]:
    """Return who has handed in, graded or not.

    Parameters
    ----------
    course : CourseDirectory
    assignment : str
    """
    folder = Path(course.format_path(course.submitted_directory, "x", assignment)).parent.parent
    if not folder.is_dir():
        return []
    return sorted(
        one.name
        for one in folder.iterdir()
        if not one.name.startswith(".") and os.path.lexists(one / assignment)
    )


def unusable(student: str) -> str:
    """Say why a folder's name cannot be a student's id, or nothing if it can.

    Examples
    --------
    >>> unusable("Zoë"), unusable("caf" + chr(0xDCE9))
    ('', 'the name of the folder is no UTF-8; rename it')
    >>> unusable("n" * 252)
    'the name of the folder is too long; rename it'
    """
    try:
        student.encode()
    except UnicodeEncodeError:
        return "the name of the folder is no UTF-8; rename it"
    # The longest name that a record has, and the longest that files may have.
    if len(os.fsencode(f".{student}.json.new")) > 255:
        return "the name of the folder is too long; rename it"
    return ""


def course_marks(config: Any, *assignments: str) -> list[Row]:
    """Return the rows of some assignments, or of all, of the course that a configuration names.

    Parameters
    ----------
    config : Config
        As nbgrader has it.
    *assignments : str
    """
    course = CourseDirectory(config=config)
    with opened(course) as gradebook:
        return rows(gradebook, config, *assignments)


def rows(gradebook: Any, config: Any, *assignments: str) -> list[Row]:
    """Return the same from a gradebook that is open: a row for each assignment and student.

    Parameters
    ----------
    gradebook : Gradebook
    config : Config
        It says where the course's folders are, and how lateness is penalised.
    *assignments : str
    """
    course = CourseDirectory(config=config)
    penalty = late_penalty(config)
    students = {student.id: student for student in gradebook.students}
    found = []
    for assignment in sorted(gradebook.assignments, key=lambda one: str(one.name)):
        name = str(assignment.name)
        if assignments and name not in assignments:
            continue
        release = Path(course.format_path(course.release_directory, ".", name))
        newest = {one.name: mark_on(release / f"{one.name}.ipynb") for one in assignment.notebooks}
        present = handed_in(course, name)
        submissions = {one.student_id: one for one in assignment.submissions}
        for student in sorted({*students, *present}):
            about: dict[str, Any] = {
                key: getattr(students.get(student), key, None) or ""
                for key in ("last_name", "first_name", "email")
            }
            if student in submissions:
                record = _record(Path(course.root) / "judged" / name / f"{student}.json")
                about |= _submitted(submissions[student], record, newest, penalty)
            else:
                about |= _missing(assignment, student in present)
                about["about"] = unusable(student) if student in present else ""
            found.append(Row(name, writable(student), **about))
    return found


def _missing(assignment: Any, present: bool) -> dict[str, Any]:
    """Return what is known where the gradebook has no submission."""
    worth = _worth(assignment)
    return {
        "status": Status.NOT_GRADED if present else Status.NOT_HANDED_IN,
        "marks": dict.fromkeys(worth),
        "points": worth,
        "duedate": assignment.duedate,
    }


def _worth(assignment: Any) -> dict[str, float]:
    """Return what each question of the newest release is worth."""
    worth = {
        notebook.name: {
            cell.name: cell.max_score
            for cell in current(notebook, (*notebook.grade_cells, *notebook.task_cells))
        }
        for notebook in assignment.notebooks
    }
    return _flat(worth, len(worth) > 1)


def _submitted(
    submission: Any,
    record: Mapping[str, Any],
    newest: Mapping[str, str],
    penalty: Callable[..., float | None],
) -> dict[str, Any]:
    """Return what is known of a submission that the gradebook has."""
    several = len(submission.assignment.notebooks) > 1
    grades: dict[str, Any] = _flat(
        {one.name: {grade.name: grade for grade in one.grades} for one in submission.notebooks},
        several,
    )
    noted = _flat(record.get("marks", {}), several)
    if any(noted.get(name) != grade.auto_score for name, grade in grades.items()):
        record = {}  # it has been graded since in another way
    worth = _flat(record.get("points", {}), several)
    place = {name: number for number, name in enumerate(worth)}
    grades = dict(sorted(grades.items(), key=lambda one: place.get(one[0], len(place))))
    held = record.get("held", {})
    return {
        "status": _status(submission, record.get("status")),
        "marks": {name: mark_of(grade) for name, grade in grades.items()},
        "points": {name: worth.get(name, one.cell.max_score) for name, one in grades.items()},
        "penalty": sum(filter(None, penalties(submission, penalty))),
        "duedate": duedate_of(submission),
        "timestamp": submission.timestamp,
        "extra_credit": sum(
            grade.extra_credit or 0.0 for grade in grades.values() if mark_of(grade) is not None
        ),
        "about": "; ".join(record.get("for_instructor", ())),
        "not_given": tuple(
            name for name in _worth(submission.assignment) if grades and name not in grades
        ),
        "earlier": any(newest.get(name, "") not in ("", one) for name, (_, one) in held.items()),
    }


def _flat(by_notebook: Mapping[str, Mapping[str, Any]], several: bool) -> dict[str, Any]:
    """Return a table by question: several notebooks of an assignment may use the same names."""
    return {
        f"{notebook}/{name}" if several else name: value
        for notebook, table in by_notebook.items()
        for name, value in table.items()
    }


def _status(submission: Any, noted: str | None) -> Status:
    grades, tests = [], []
    for notebook in submission.notebooks:
        answers = {cell.name for cell in notebook.notebook.solution_cells}
        grades += notebook.grades
        tests += [
            grade
            for grade in notebook.grades
            if grade.cell.type == "GradeCell"
            and grade.cell.cell_type == "code"
            and grade.name not in answers
        ]
    if any(mark_of(test) is None for test in tests):
        return Status.NOT_GRADED
    if all(mark_of(grade) is None for grade in grades) and noted == Status.NOT_GRADED:
        return Status.NOT_GRADED  # a notebook without checks, and nobody could read it
    if any(grade.needs_manual_grade for grade in grades):
        return Status.WAITING
    return Status.REPAIRED if noted == Status.REPAIRED else Status.GRADED


def _record(path: Path) -> dict[str, Any]:
    """Return what the last run has noted of a student, or nothing."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


# --- showing --------------------------------------------------------------------------------------

#: nbgrader's own columns in their order, and then what they leave open.
COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
    *("status", "extra_credit", "about"),
)


def write_csv(table: Iterable[Row], path: Path) -> None:
    """Write rows to a file for a spreadsheet or a learning platform.

    Parameters
    ----------
    table : iterable of Row
    path : Path
    """
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([_shown(value) for value in _cells(row)] for row in table)


def _cells(row: Row) -> tuple[Any, ...]:
    return (
        *(row.assignment, row.duedate, row.timestamp),
        *(row.student, row.last_name, row.first_name, row.email),
        *(row.raw_score, None if row.score is None else row.penalty, row.score, row.max_score),
        *(str(row.status), row.extra_credit, _remarks(row)),
    )


def _remarks(row: Row) -> str:
    """Return in one cell what an instructor should know of a row."""
    said = ["graded against an earlier release"] if row.earlier else []
    said += [f"was never given {name}, which does not count" for name in row.not_given]
    return "; ".join([*said, row.about] if row.about else said)


def _shown(value: Any) -> Any:
    """Return a value as it stands in a cell, which no spreadsheet takes for a formula.

    Examples
    --------
    >>> _shown("ada"), _shown(None), _shown("=HYPERLINK(1)"), _shown(-1.5)
    ('ada', '', "'=HYPERLINK(1)", -1.5)
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, str) and re.match(r"[=+@\t\r]|-(?![\w-]*$)", value):
        return f"'{value}"
    return value


def summarise(table: Sequence[Row]) -> str:
    """Return how a class did in one assignment: one line for each thing that there is to say.

    Parameters
    ----------
    table : sequence of Row

    Examples
    --------
    >>> points = {"f": 3.0}
    >>> ada = Row("01", "ada", Status.GRADED, {"f": 3.0}, points)
    >>> bob = Row("01", "bob", Status.GRADED, {"f": 0.0}, points)
    >>> print(summarise([ada, bob, Row("01", "cem", Status.NOT_HANDED_IN, {"f": None}, points)]))
    2 submissions: 2 graded.
    Scores: lowest 0, median 1.5, highest 3, of 3.
    Not handed in: cem.
    """
    table = [replace(row, student=printable(row.student)) for row in table]
    there = [row for row in table if row.status is not Status.NOT_HANDED_IN]
    absent = [row.student for row in table if row.status is Status.NOT_HANDED_IN]
    count = Counter(row.status for row in there)
    said = [_counted(count[status], status) for status in Status if count[status]]
    lines = [f"{len(there)} submission{'' if len(there) == 1 else 's'}: {', '.join(said)}."]
    if not there:
        lines = ["Nobody has handed in."]
    scores = [row.score for row in there if row.score is not None]
    if scores:
        worth = sorted({row.max_score for row in there})
        lines.append(
            f"Scores: lowest {min(scores):g}, median {statistics.median(scores):g}, highest "
            f"{max(scores):g}, of {' or '.join(f'{one:g}' for one in worth)}."
        )
    late = [f"{row.student} {row.penalty:g}" for row in table if row.penalty]
    if late:
        lines.append(f"Taken off for being late: {', '.join(late)}.")
    earlier = [row.student for row in there if row.earlier]
    if earlier:
        lines.append(f"Graded against an earlier release: {', '.join(earlier)}.")
    for question in sorted({name for row in there for name in row.not_given}):
        students = ", ".join(row.student for row in there if question in row.not_given)
        lines.append(f"Never given {question}, which does not count for them: {students}.")
    if absent:
        lines.append(f"Not handed in: {', '.join(absent)}.")
    return "\n".join(lines)


def _counted(number: int, status: Status) -> str:
    if status is Status.WAITING and number > 1:
        return f"{number} wait for a person"
    return f"{number} {status}"
