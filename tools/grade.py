"""`make grade`: autograde what a class handed in, write its feedback, show and export its marks."""

import argparse
import sys
from pathlib import Path

from autograder.marks import write_csv
from tools.course import CourseError, judge, nbgrader, succeeded
from tools.gradebook import marks, show
from tools.release import ROOT


def grade(course: Path, assignment: str) -> None:
    """Grade every submission of one assignment that is new or has changed.

    Raises
    ------
    CourseError
        If there is no such assignment, nobody has handed in, or nbgrader failed.
    """
    names = sorted(path.stem for path in (course / "release").glob("*/*.ipynb"))
    if not names:
        raise CourseError(
            f"nothing has been released in {course.name}/ yet, so there is nothing to grade: run "
            "`make release` first. Grading never releases by itself."
        )
    if assignment not in names:
        raise CourseError(f"there is no assignment {assignment}; there are: {', '.join(names)}.")
    students = sorted(path.parent.name for path in course.glob(f"submitted/*/{assignment}"))
    if not students:
        raise CourseError(
            f"nobody has handed in {assignment}: put each notebook at "
            f"{course.name}/submitted/STUDENT/{assignment}/{assignment}.ipynb."
        )
    failed = judge(course, assignment, students)
    api = nbgrader(course)
    succeeded(api.generate_feedback(assignment, force=True), f"{assignment}: feedback")
    found = marks(course, assignment, api.coursedir.db_url)
    write_csv(sorted(found, key=lambda row: row.student), course / f"grades-{assignment}.csv")
    print(f"\n{show(assignment, found)}\nmarks: {course.name}/grades-{assignment}.csv")
    if failed:
        raise CourseError(f"could not be graded, look at them by hand: {', '.join(failed)}.")


def main() -> int:
    """Run as a command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("assignment")
    parser.add_argument("--course", type=Path, default=ROOT / "course")
    options = parser.parse_args()
    try:
        grade(options.course, options.assignment)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
