"""A class's marks: read from nbgrader's gradebook, shown as a table, exported as CSV."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook

from autograder.export import status_of


@dataclass(frozen=True)
class Mark:
    """What the gradebook holds for one student."""

    student: str
    score: float
    max_score: float
    by_test: Mapping[str, float | None]
    needs_a_person: bool
    graded: bool = True


def marks(course: Path, name: str, db_url: str = "") -> list[Mark]:
    """Read the class's marks for one assignment from the gradebook, which may be on a server."""
    with Gradebook(db_url or f"sqlite:///{course.resolve()}/gradebook.db") as gradebook:
        found = []
        for submitted in gradebook.assignment_submissions(name):
            grades = [one for notebook in submitted.notebooks for one in notebook.grades]
            found.append(
                Mark(
                    submitted.student.id,
                    submitted.score,
                    submitted.max_score,
                    {
                        one.name.removeprefix("test_"): one.score
                        for one in grades
                        if one.name.startswith("test_")
                    },
                    any(one.needs_manual_grade for one in grades),
                    status_of(submitted) != "not graded",
                )
            )
        return sorted(found, key=lambda mark: (-mark.score, mark.student))


def export(table: Mapping[str, list[Mark]], path: Path) -> None:
    """Write student, assignment, score and max_score of everybody to a CSV file.

    Who could not be graded has no score.
    """
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("student", "assignment", "score", "max_score"))
        for name, found in table.items():
            writer.writerows(
                (one.student, name, one.score if one.graded else "", one.max_score) for one in found
            )


def show(name: str, found: list[Mark]) -> str:
    """Return the class as a table with a summary below."""
    tests = list(found[0].by_test)
    width = max(len(mark.student) for mark in found)
    head = f"{'student':{width}}  {'  '.join(tests)}  score"
    lines = [name, head, "-" * len(head)]
    for mark in found:
        cells = (
            f"{'?' if mark.by_test[test] is None else format(mark.by_test[test], 'g'):>{len(test)}}"
            for test in tests
        )
        star = "*" if mark.needs_a_person else " "
        lines.append(
            f"{mark.student:{width}}  {'  '.join(cells)}  {mark.score:g}{star} of "
            f"{mark.max_score:g}"
        )
    scores = sorted(mark.score for mark in found)
    waiting = sum(mark.needs_a_person for mark in found)
    lines += [
        "-" * len(head),
        f"{len(found)} submissions: lowest {scores[0]:g}, median {scores[len(scores) // 2]:g}, "
        f"highest {scores[-1]:g}. {waiting} (*) wait for a person to mark the picture and the "
        "explanation.",
    ]
    return "\n".join(lines)
