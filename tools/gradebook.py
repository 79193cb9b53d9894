"""A class's marks as a table to print, made from the rows of `autograder.marks`."""

from collections.abc import Sequence
from pathlib import Path

from autograder.marks import Row, Status, course_marks, summarise
from autograder.words import printable
from tools.course import course_config


def marks(course: Path, name: str, db_url: str = "") -> list[Row]:
    """Return the class's marks for one assignment, the best first.

    Parameters
    ----------
    course : Path
    name : str
    db_url : str
        Where the gradebook is, if not in the course's folder.
    """
    config = course_config(course)
    if db_url:
        config.CourseDirectory.db_url = db_url
    return sorted(course_marks(config, name), key=lambda row: (-(row.score or 0), row.student))


def show(name: str, found: Sequence[Row]) -> str:
    """Return the class as a table with a summary below."""
    there = [row for row in found if row.status is not Status.NOT_HANDED_IN]
    tests = list(dict.fromkeys(test for row in there for test in row.by_test))
    width = max((len(printable(row.student)) for row in there), default=0)
    head = f"{'student':{width}}  {'  '.join(tests)}  score"
    lines = [name, head, "-" * len(head)]
    for row in there:
        cells = (f"{_shown(row.by_test.get(test)):>{len(test)}}" for test in tests)
        said = "" if row.status is Status.GRADED else f"  {row.status}"
        lines.append(
            f"{printable(row.student):{width}}  {'  '.join(cells)}  {_shown(row.score)} of "
            f"{row.max_score:g}{said}"
        )
    return "\n".join([*lines, "-" * len(head), summarise(found)])


def _shown(mark: float | None) -> str:
    return "?" if mark is None else f"{mark:g}"
