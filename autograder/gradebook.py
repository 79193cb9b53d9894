"""nbgrader's gradebook: the instructor's version of a notebook, and the marks."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import (  # type: ignore[import-untyped]
    Assignment,
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
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from autograder.cells import Cell


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
        found = self.find(student)
        return {
            grade.name: grade.manual_score
            for notebook in (found.notebooks if found else ())
            for grade in notebook.grades
            if grade.manual_score is not None
        }

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
            submission = self._submission(student)
            if timestamp is not None:
                submission.timestamp = timestamp
            for notebook in submission.notebooks:
                if notebook.name not in marks:
                    continue
                self._question(notebook, cells[notebook.name])
                for grade in notebook.grades:
                    # A manual mark stands, and asks to be looked at again.
                    grade.auto_score = marks[notebook.name].get(grade.name)
                    grade.needs_manual_grade = (
                        grade.manual_score is not None or grade.auto_score is None
                    )
                for comment in notebook.comments:
                    bare = comment.name in unanswered.get(notebook.name, ())
                    comment.auto_comment = "No response." if bare else None
            self.db.flush()
            self._penalise(submission)
            self.db.commit()
            self.db.refresh(submission)
            return float(submission.score)
        except BaseException:
            self.db.rollback()
            raise

    def _submission(self, student: str) -> SubmittedAssignment:
        submission = self.find(student)
        if self.db.get(Student, student) is None:
            self.db.add(Student(id=student))
            self.db.flush()
        if submission is None:
            submission = SubmittedAssignment(assignment_id=self.assignment.id, student_id=student)
            self.db.add(submission)
            self.db.flush()
        there = {one.notebook_id for one in submission.notebooks}
        self.db.add_all(
            SubmittedNotebook(notebook_id=notebook.id, assignment_id=submission.id)
            for notebook in self.assignment.notebooks
            if notebook.id not in there
        )
        self.db.flush()
        self.db.refresh(submission)
        return submission

    def _question(self, submitted: SubmittedNotebook, cells: Sequence[Cell]) -> None:
        """Let a student's notebook have a grade and a comment for each question of a release."""
        notebook = submitted.notebook
        add_missing(self.db, notebook, cells)
        self.db.refresh(notebook)
        tables = {kind: set(rows) for kind, rows in _tables(cells).items()}
        for kind, ask, answered in (
            (Grade, (*notebook.grade_cells, *notebook.task_cells), submitted.grades),
            (Comment, (*notebook.solution_cells, *notebook.task_cells), submitted.comments),
        ):
            asked = [cell.id for cell in ask if cell.name in tables[type(cell)]]
            there = {one.cell_id for one in answered}
            self.db.add_all(
                kind(cell_id=cell, notebook_id=submitted.id) for cell in asked if cell not in there
            )
            for one in [one for one in answered if one.cell_id not in asked]:
                cell = one.cell
                self.db.delete(one)
                self.db.flush()
                if not current(notebook, [cell]) and not _in_use(self.db, cell):
                    self.db.delete(cell)
        self.db.flush()
        self.db.refresh(submitted)

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
