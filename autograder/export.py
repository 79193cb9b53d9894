"""Grades as a CSV file in which nothing looks like a mark that is none."""

import csv
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry  # type: ignore[import-untyped]
from nbgrader.plugins import ExportPlugin  # type: ignore[import-untyped]

#: nbgrader's own columns, and what has become of the submission.
COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score", "status"),
)


class CsvExport(ExportPlugin):  # type: ignore[misc]
    """Exports grades; for ``c.ExportApp.plugin_class``.

    The status is "graded", "waits for a person" with what there is so far, "not graded" without a
    score, or "not handed in", which counts as 0.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write a row for each student and assignment."""
        target = Path(self.to or "grades.csv")
        self.log.info("Exporting grades to %s", target)
        with target.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            for assignment in gradebook.assignments:
                for student in gradebook.students:
                    if self._wanted(assignment.name, student.id):
                        row = self._row(gradebook, assignment, student)
                        writer.writerow({key: _shown(value) for key, value in row.items()})

    def _wanted(self, assignment: str, student: str) -> bool:
        return (not self.assignment or assignment in map(str, self.assignment)) and (
            not self.student or student in map(str, self.student)
        )

    def _row(self, gradebook: Gradebook, assignment: Any, student: Any) -> dict[str, Any]:
        row = {
            "assignment": assignment.name,
            "duedate": assignment.duedate,
            "student_id": student.id,
            "last_name": student.last_name,
            "first_name": student.first_name,
            "email": student.email,
            "max_score": assignment.max_score,
        }
        try:
            submission = gradebook.find_submission(assignment.name, student.id)
        except MissingEntry:
            nothing = dict.fromkeys(("raw_score", "late_submission_penalty", "score"), 0.0)
            return {**row, **nothing, "status": "not handed in"}
        row["timestamp"] = submission.timestamp
        row["status"] = status_of(submission)
        if row["status"] != "not graded":
            penalty = submission.late_submission_penalty or 0.0
            row["raw_score"] = submission.score
            row["late_submission_penalty"] = penalty
            row["score"] = max(0.0, submission.score - penalty)
        return row


def status_of(submission: Any) -> str:
    """Return what has become of a submission in nbgrader's gradebook."""
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    if all(grade.auto_score is None and grade.manual_score is None for grade in grades):
        return "not graded"
    return "waits for a person" if submission.needs_manual_grade else "graded"


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
