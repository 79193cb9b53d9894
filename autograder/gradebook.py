"""nbgrader's gradebook: the instructor's version of a notebook, and the marks."""

import errno
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import (  # type: ignore[import-untyped]
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    MissingEntry,
    Notebook,
    SolutionCell,
    SourceCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from nbgrader.preprocessors import AssignLatePenalties  # type: ignore[import-untyped]
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from autograder.cells import Cell

#: Errors of this machine, which are no student's: a full or broken disk, too many open files.
MACHINES = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE}


class NotWritten(RuntimeError):
    """The gradebook, or a folder of the course, cannot be written; says what to do."""

    def __init__(self, what: str, why: object) -> None:
        super().__init__(
            f"{what} cannot be used: {why}. No mark is lost: whoever has none yet is graded when "
            "you run this again."
        )


class NotReleased(LookupError):
    """The assignment is not in the gradebook, or its release is gone; says what to do."""


@contextmanager
def opened(course: Any) -> Iterator[Gradebook]:
    """Open the gradebook of a course, and close it again.

    Parameters
    ----------
    course : CourseDirectory

    Raises
    ------
    NotWritten
        Whatever the database cannot do: it is locked, read-only, full, or no database.
    """
    try:
        with Gradebook(course.db_url, course.course_id) as gradebook:
            yield gradebook
    except DBAPIError as error:
        where = make_url(course.db_url).render_as_string(hide_password=True)
        raise NotWritten(f"The gradebook {where}", error.orig) from None


def released_cells(
    gradebook: Gradebook, assignment: str, notebook: str, folder: Path | None
) -> list[Cell]:
    """Return a notebook's cells as they are graded: the release, with the hidden tests.

    Parameters
    ----------
    gradebook : Gradebook
        It holds each cell as it was before the hidden tests were taken out.
    assignment, notebook : str
    folder : Path
        The release, which gives the order of the cells.

    Raises
    ------
    NotReleased
    """
    again = f"run `nbgrader generate_assignment {assignment}` again"
    try:
        sources = {
            cell.name: (cell.source, cell.checksum)
            for cell in gradebook.find_notebook(notebook, assignment).source_cells
        }
    except MissingEntry:
        raise NotReleased(f"{notebook} of {assignment} is not in the gradebook; {again}.") from None
    path = (folder or Path(".")) / f"{notebook}.ipynb"
    try:
        released = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError):
        raise NotReleased(f"{path} cannot be read; {again}.") from None
    cells = []
    for cell in released:
        about = cell["metadata"].get("nbgrader") or {}
        name = about.get("grade_id")
        if name is None:
            continue
        if name not in sources:
            raise NotReleased(f"{path} has a cell {name} that the gradebook has not; {again}.")
        source, checksum = sources.pop(name)
        cells.append(graded_cell(cell, source, {**about, "checksum": checksum}))
    if sources:
        raise NotReleased(f"{path} has no cell {', '.join(sorted(sources))}; {again}.")
    return cells


def graded_cell(cell: Cell, source: str, about: Mapping[str, Any]) -> Cell:
    """Return a cell as it is graded.

    Parameters
    ----------
    cell : cell
    source : str
        With the hidden tests.
    about : mapping
        nbgrader's metadata.
    """
    kept: Cell = {key: cell[key] for key in ("cell_type", "id", "attachments") if key in cell}
    kept |= {"source": source, "metadata": {"nbgrader": dict(about)}}
    if cell["cell_type"] == "code":
        kept |= {"execution_count": None, "outputs": []}
    return kept


def write_cells(
    gradebook: Any, assignment: str, notebook: str, cells: Sequence[Cell], metadata: Any
) -> None:
    """Write a notebook's cells into an open gradebook, and leave it to the caller to commit.

    A cell that is gone stays as long as a submission has a mark or a comment for it.

    Parameters
    ----------
    gradebook : Gradebook
    assignment, notebook : str
    cells : sequence of cells
    metadata : mapping
        The notebook's.
    """
    db = gradebook.db
    whole = db.query(Assignment).filter_by(name=assignment).one_or_none()
    if whole is None:
        whole = Assignment(name=assignment, course_id=gradebook.course_id)
        db.add(whole)
        db.flush()
    one = db.query(Notebook).filter_by(name=notebook, assignment_id=whole.id).one_or_none()
    if one is None:
        one = Notebook(name=notebook, assignment_id=whole.id)
        db.add(one)
        db.flush()
    one.kernelspec = json.dumps(metadata.get("kernelspec", {}))
    for kind, wanted in _tables(cells).items():
        there = {cell.name: cell for cell in db.query(kind).filter_by(notebook_id=one.id)}
        for name, values in wanted.items():
            cell = there.pop(name, None)
            if cell is None:
                db.add(kind(name=name, notebook_id=one.id, **values))
            else:
                for key, value in values.items():
                    setattr(cell, key, value)
        for cell in there.values():
            if kind is SourceCell or not _in_use(db, cell):
                db.delete(cell)
    db.flush()


def add_missing(db: Any, notebook: Any, cells: Sequence[Cell]) -> None:
    """Add what an earlier release had and the newest has not, since marks hang on cells."""
    for kind, wanted in _tables(cells).items():
        if kind is not SourceCell:
            there = {cell.name for cell in db.query(kind).filter_by(notebook_id=notebook.id)}
            for name in wanted.keys() - there:
                db.add(kind(name=name, notebook_id=notebook.id, **wanted[name]))
    db.flush()


def _tables(cells: Sequence[Cell]) -> dict[Any, dict[str, dict[str, Any]]]:
    """Return the rows that cells have in each of the gradebook's tables, by name."""
    tables: dict[Any, dict[str, dict[str, Any]]] = {
        kind: {} for kind in (GradeCell, SolutionCell, TaskCell, SourceCell)
    }
    for cell in cells:
        about = cell["metadata"]["nbgrader"]
        name, kind = about["grade_id"], cell["cell_type"]
        worth = {"max_score": float(about.get("points") or 0), "cell_type": kind}
        if about.get("grade"):
            tables[GradeCell][name] = worth
        if about.get("solution"):
            tables[SolutionCell][name] = {}
        if about.get("task"):
            tables[TaskCell][name] = worth
        locked = bool(about.get("locked"))
        if about.get("grade") or about.get("solution") or about.get("task") or locked:
            tables[SourceCell][name] = {
                "cell_type": kind,
                "locked": not about.get("solution") and bool(about.get("grade") or locked),
                "source": cell["source"],
                "checksum": about.get("checksum"),
            }
    return tables


def _in_use(db: Any, cell: Any) -> bool:
    return any(db.query(kind).filter_by(cell_id=cell.id).count() for kind in (Grade, Comment))


_ASSIGNMENTS, _STUDENTS, _CELLS, _SUBMISSIONS, _SUBMITTED, _GRADES, _COMMENTS = (
    kind.__table__
    for kind in (
        *(Assignment, Student, BaseCell),
        *(SubmittedAssignment, SubmittedNotebook, Grade, Comment),
    )
)
#: Which kinds of cells have a grade, and which a comment.
_ANSWERED: dict[Any, set[str]] = {
    row: {kind.__mapper__.polymorphic_identity for kind in kinds}
    for row, kinds in ((Grade, (GradeCell, TaskCell)), (Comment, (SolutionCell, TaskCell)))
}


class Marks:
    """Writes marks into an open gradebook: one transaction for each submission.

    Parameters
    ----------
    gradebook : Gradebook
        Kept open; nobody else writes meanwhile.
    assignment : str
    penalty : callable
        From student id, score and seconds late to the late penalty, or None.
    """

    def __init__(self, gradebook: Gradebook, assignment: str, penalty: Any = None) -> None:
        self.db = gradebook.db
        self.penalty = penalty
        try:
            self.assignment = gradebook.find_assignment(assignment)
            self._number = self.assignment.id
            self._names = {one.id: one.name for one in self.assignment.notebooks}
        except MissingEntry:
            raise NotReleased(
                f"{assignment} is not in the gradebook; run `nbgrader generate_assignment "
                f"{assignment}`."
            ) from None

    def find(self, student: str) -> SubmittedAssignment | None:
        """Return what the gradebook has of a student, if anything."""
        found: SubmittedAssignment | None = (
            self.db.query(SubmittedAssignment)
            .filter_by(assignment_id=self.assignment.id, student_id=student)
            .one_or_none()
        )
        return found

    def auto_scores(self, student: str) -> dict[str, float | None]:
        """Return the marks by test that the gradebook has."""
        found = self.find(student)
        grades = (
            [grade for notebook in found.notebooks for grade in notebook.grades] if found else []
        )
        return {grade.name: grade.auto_score for grade in grades}

    def given_by_hand(self, student: str) -> dict[str, float]:
        """Return the marks that a person has given."""
        mine = select(_CELLS.c.name, _GRADES.c.manual_score).where(
            _GRADES.c.cell_id == _CELLS.c.id,
            _GRADES.c.manual_score.is_not(None),
            _GRADES.c.notebook_id == _SUBMITTED.c.id,
            _SUBMITTED.c.assignment_id == _SUBMISSIONS.c.id,
            _SUBMISSIONS.c.assignment_id == self._number,
            _SUBMISSIONS.c.student_id == student,
        )
        return {row.name: row.manual_score for row in self._rows(mine)}

    def save(
        self,
        student: str,
        timestamp: datetime | None,
        marks: Mapping[str, Mapping[str, float | None]],
        unanswered: Mapping[str, Sequence[str]],
        cells: Mapping[str, Sequence[Cell]],
    ) -> float:
        """Write a student's marks and return the score, with what a person has given.

        The student has marks for the questions that were graded, and for no others.

        Parameters
        ----------
        student : str
        timestamp : datetime, optional
            When it was handed in.
        marks : mapping
            For each notebook, the mark of each graded cell, or None where a person must look.
            Other notebooks keep theirs.
        unanswered : mapping
            For each notebook, the answer cells that are as they were released.
        cells : mapping
            For each notebook, the release that it was graded against.
        """
        try:
            submission = self._submission(student, timestamp)
            notebooks = self._notebooks(submission)
            for number, notebook in notebooks.items():
                name = self._names[notebook]
                if name in marks:
                    asked = self._asked(notebook, cells[name])
                    self._write_grades(number, asked[Grade], marks[name])
                    self._write_comments(number, asked[Comment], unanswered.get(name, ()))
            self._penalise_if_late(student)
            given = self._rows(
                select(_GRADES.c.auto_score, _GRADES.c.manual_score, _GRADES.c.extra_credit).where(
                    _GRADES.c.notebook_id.in_(notebooks)
                )
            )
            self.db.commit()
            return sum(mark_of(one) or 0.0 for one in given)
        except BaseException:
            self.db.rollback()
            raise

    # By the tables themselves, and not by nbgrader's objects, which cost several times as much.

    def _rows(self, question: Any) -> Sequence[Any]:
        found: Sequence[Any] = self.db.execute(question).all()
        return found

    def _insert(self, table: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            self.db.execute(table.insert(), rows)

    def _submission(self, student: str, timestamp: datetime | None) -> str:
        """Return the number of a student's submission, which is there afterwards."""
        if not self._rows(select(_STUDENTS.c.id).where(_STUDENTS.c.id == student)):
            self._insert(_STUDENTS, [{"id": student}])
        mine = (_SUBMISSIONS.c.assignment_id == self._number) & (
            _SUBMISSIONS.c.student_id == student
        )
        if not self._rows(select(_SUBMISSIONS.c.id).where(mine)):
            self._insert(_SUBMISSIONS, [{"assignment_id": self._number, "student_id": student}])
        if timestamp is not None:
            self.db.execute(_SUBMISSIONS.update().where(mine).values(timestamp=timestamp))
        return str(self._rows(select(_SUBMISSIONS.c.id).where(mine))[0].id)

    def _notebooks(self, submission: str) -> dict[str, str]:
        """Return the number of each notebook of a submission, and of the notebook it answers."""
        table = _SUBMITTED.c
        wanted = select(table.id, table.notebook_id).where(table.assignment_id == submission)
        there = {row.notebook_id for row in self._rows(wanted)}
        missing = [one for one in self._names if one not in there]
        if missing:
            rows = [{"assignment_id": submission, "notebook_id": one} for one in missing]
            self._insert(_SUBMITTED, rows)
        return {row.id: row.notebook_id for row in self._rows(wanted)}

    def _asked(self, notebook: str, cells: Sequence[Cell]) -> dict[Any, dict[str, str]]:
        """Return the cells that a release asks for grades and for comments, by name.

        What an earlier release had and the newest has not is added.
        """
        wanted = {
            kind.__mapper__.polymorphic_identity: set(rows)
            for kind, rows in _tables(cells).items()
            if kind is not SourceCell
        }
        question = select(_CELLS.c.id, _CELLS.c.name, _CELLS.c.type).where(
            _CELLS.c.notebook_id == notebook, _CELLS.c.type.in_(wanted)
        )
        found = [row for row in self._rows(question) if row.name in wanted[row.type]]
        if len(found) < sum(map(len, wanted.values())):
            add_missing(self.db, self.db.get(Notebook, notebook), cells)
            found = [row for row in self._rows(question) if row.name in wanted[row.type]]
        return {
            kind: {row.name: row.id for row in found if row.type in types}
            for kind, types in _ANSWERED.items()
        }

    def _write_grades(
        self, notebook: str, asked: Mapping[str, str], marks: Mapping[str, float | None]
    ) -> None:
        table = _GRADES.c
        wanted = select(table.id, table.cell_id, table.manual_score)
        there = {
            row.cell_id: row for row in self._rows(wanted.where(table.notebook_id == notebook))
        }
        rows = []
        for name, cell in asked.items():
            mark, old = marks.get(name), there.pop(cell, None)
            # A manual mark stands, and asks to be looked at again.
            by_hand = mark is None or (old is not None and old.manual_score is not None)
            value = {"auto_score": mark, "needs_manual_grade": by_hand}
            if old is None:
                rows.append({"notebook_id": notebook, "cell_id": cell, **value})
            else:
                self.db.execute(_GRADES.update().where(table.id == old.id).values(**value))
        self._insert(_GRADES, rows)
        self._remove(_GRADES, there)

    def _write_comments(
        self, notebook: str, asked: Mapping[str, str], unanswered: Sequence[str]
    ) -> None:
        table = _COMMENTS.c
        wanted = select(table.id, table.cell_id).where(table.notebook_id == notebook)
        there = {row.cell_id: row for row in self._rows(wanted)}
        rows = []
        for name, cell in asked.items():
            old = there.pop(cell, None)
            value = {"auto_comment": "No response." if name in unanswered else None}
            if old is None:
                rows.append({"notebook_id": notebook, "cell_id": cell, **value})
            else:
                self.db.execute(_COMMENTS.update().where(table.id == old.id).values(**value))
        self._insert(_COMMENTS, rows)
        self._remove(_COMMENTS, there)

    def _remove(self, table: Any, gone: Mapping[str, Any]) -> None:
        """Remove what was given for questions that are asked no more, and whatever they leave."""
        for number, row in gone.items():
            self.db.execute(table.delete().where(table.c.id == row.id))
            self.db.expire_all()
            cell = self.db.get(BaseCell, number)
            if not current(cell.notebook, [cell]) and not _in_use(self.db, cell):
                self.db.delete(cell)
                self.db.flush()

    def _penalise_if_late(self, student: str) -> None:
        due = self._rows(select(_ASSIGNMENTS.c.duedate).where(_ASSIGNMENTS.c.id == self._number))
        if due[0].duedate is not None:
            self.db.expire_all()
            self._penalise(self.find(student))

    def _penalise(self, submission: SubmittedAssignment) -> None:
        amounts = penalties(submission, self.penalty)
        for notebook, amount in zip(submission.notebooks, amounts, strict=True):
            notebook.late_submission_penalty = amount

    def penalise_all(self) -> None:
        """Work every late penalty out anew: due dates, extensions and marks may have changed."""
        for submission in self.assignment.submissions:
            self._penalise(submission)
        self.db.commit()


def late_penalty(config: Any) -> Any:
    """Return nbgrader's late penalty, with the plugin that the course has chosen."""
    step = AssignLatePenalties(config=config)
    step.init_plugin()
    return step.plugin_inst.late_submission_penalty


def mark_of(grade: Any) -> float | None:
    """Return a question's mark as nbgrader has it, with extra credit; None if it has none yet."""
    given = grade.auto_score if grade.manual_score is None else grade.manual_score
    return None if given is None else float(given + (grade.extra_credit or 0.0))


def duedate_of(submission: Any) -> datetime | None:
    """Return when a student's work is due, with the extension; None if it is never late."""
    due: datetime | None = submission.assignment.duedate
    return due if due is None or submission.extension is None else due + submission.extension


def penalties(submission: Any, penalty: Any) -> list[float | None]:
    """Return what each notebook of a submission loses for being late, between 0 and its score.

    Parameters
    ----------
    submission : SubmittedAssignment
    penalty : callable, optional
        From student id, score and seconds late to the late penalty, or None.
    """
    due, handed_in = duedate_of(submission), submission.timestamp
    if penalty is None or due is None or handed_in is None or handed_in <= due:
        return [None] * len(submission.notebooks)
    late = (handed_in - due).total_seconds()
    found: list[float | None] = []
    for notebook in submission.notebooks:
        score = sum(mark_of(grade) or 0.0 for grade in notebook.grades)
        amount = penalty(submission.student_id, score, late)
        found.append(None if amount is None else min(max(0.0, amount), score))
    return found


def current(notebook: Any, cells: Sequence[Any]) -> list[Any]:
    """Return those of a notebook's cells that its newest release still has."""
    names = {cell.name for cell in notebook.source_cells}
    return [cell for cell in cells if cell.name in names]
