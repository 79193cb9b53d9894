"""nbgrader's gradebook: the instructor's version of a notebook, and the marks."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import (  # type: ignore[import-untyped]
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.preprocessors import AssignLatePenalties  # type: ignore[import-untyped]

from autograder.cells import Cell


class NotReleased(LookupError):
    """The assignment is not in the gradebook, or its release is gone; says what to do."""


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
        kept = {key: cell[key] for key in ("cell_type", "id", "attachments") if key in cell}
        kept |= {"source": source, "metadata": {"nbgrader": {**about, "checksum": checksum}}}
        if cell["cell_type"] == "code":
            kept |= {"execution_count": None, "outputs": []}
        cells.append(kept)
    if sources:
        raise NotReleased(f"{path} has no cell {', '.join(sorted(sources))}; {again}.")
    return cells


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

    def save(
        self,
        student: str,
        timestamp: datetime | None,
        marks: Mapping[str, Mapping[str, float | None]],
        unanswered: Mapping[str, Sequence[str]],
    ) -> float:
        """Write a student's marks and return the score, with what a person has given.

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
        """
        try:
            submission = self._submission(student)
            if timestamp is not None:
                submission.timestamp = timestamp
            for notebook in submission.notebooks:
                if notebook.name not in marks:
                    continue
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
        found = self.find(student)
        if found is not None:
            return found
        if self.db.get(Student, student) is None:
            self.db.add(Student(id=student))
            self.db.flush()
        submission = SubmittedAssignment(assignment_id=self.assignment.id, student_id=student)
        self.db.add(submission)
        self.db.flush()
        for notebook in self.assignment.notebooks:
            one = SubmittedNotebook(notebook_id=notebook.id, assignment_id=submission.id)
            self.db.add(one)
            self.db.flush()
            self.db.add_all(
                Grade(cell_id=cell.id, notebook_id=one.id)
                for cell in (*notebook.grade_cells, *notebook.task_cells)
            )
            self.db.add_all(
                Comment(cell_id=cell.id, notebook_id=one.id)
                for cell in (*notebook.solution_cells, *notebook.task_cells)
            )
        self.db.flush()
        self.db.refresh(submission)
        return submission

    def _penalise(self, submission: SubmittedAssignment) -> None:
        late = submission.total_seconds_late
        for notebook in submission.notebooks:
            notebook.late_submission_penalty = None
            if late > 0 and self.penalty is not None:
                self.db.refresh(notebook)
                penalty = self.penalty(submission.student_id, notebook.score, late)
                if penalty is not None:
                    notebook.late_submission_penalty = min(max(0, penalty), notebook.score)


def late_penalty(config: Any) -> Any:
    """Return nbgrader's late penalty, with the plugin that the course has chosen."""
    step = AssignLatePenalties(config=config)
    step.init_plugin()
    return step.plugin_inst.late_submission_penalty
