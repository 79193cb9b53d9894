"""`make sheets`: worksheets of assignment 04 to be worked under supervision, and their key.

Every student gets a sheet with numbers that nobody knows before: they depend on the secret of the
course. The key is a page of its own, for those who mark.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from nbgrader.api import Gradebook

from autograder.classroom import secret_of
from nnchecks import backprop_by_hand as check
from nnchecks.engine.hand_worked import HandWorked
from nnchecks.variants import HAND_DECIMALS, TABLE, Worksheet, backprop_numbers
from nnlib.backprop_by_hand import hand_pass
from tools.course import CourseError, nbgrader
from tools.release import ROOT

_PAGE = (
    '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
    "<style>@page{{margin:10mm}}body{{margin:0;font:14px/1.4 sans-serif}}"
    "body>div,section{{max-width:none!important;padding:0!important;break-after:page}}"
    "table{{border-collapse:collapse}}th,td{{border:1px solid #6B6B6B;padding:.1em .5em;"
    "text-align:left}}</style></head><body>{body}</body></html>\n"
)


def salt(secret: str) -> str:
    """Return the salt of the supervised sheets: other numbers than those in the notebook."""
    return f"supervised {secret}"


def sheets(students: Sequence[str], secret: str) -> str:
    """Return a page to print, with a sheet for each student."""
    made = (Worksheet(one, backprop_numbers(one, salt(secret))) for one in students)
    return _PAGE.format(title="Worksheets", body="".join(one._repr_html_() for one in made))


def key(students: Sequence[str], secret: str) -> str:
    """Return a page with the right numbers of each sheet, and what each number is worth."""
    return _PAGE.format(title="Key", body="".join(_answers(one, secret) for one in students))


def _answers(student: str, secret: str) -> str:
    points = {step.name: step.points for step in check.my_numbers.steps}
    worked = hand_pass(*backprop_numbers(student, salt(secret)))
    rows = "".join(
        f'<tr><th colspan="3" scope="colgroup">{escape(heading)}</th></tr>'
        + "".join(
            f'<tr><th scope="row">{name}</th><td>{worked[name]:.{HAND_DECIMALS}f}</td>'
            f"<td>{points[name]:g}</td></tr>"
            for name in names
        )
        for heading, names in TABLE
    )
    total = f"{check.my_numbers.points:g}"
    return (
        f"<section><h1>Key of {escape(student)}</h1><table><caption>{total} points in all; a slip "
        "costs its own number only</caption><thead><tr>"
        '<th scope="col">number</th><th scope="col">right</th><th scope="col">points</th>'
        f"</tr></thead><tbody>{rows}</tbody></table></section>"
    )


def marking(secret: str) -> HandWorked:
    """Return the check of the supervised sheets: it marks as that of the notebook does."""
    own = check.my_numbers
    return HandWorked(
        own.name,
        own.steps,
        own.chapter,
        lambda student: check.given(student, salt(secret)),
        own.decimals,
    )


def typed(path: Path) -> Mapping[str, str]:
    """Read a table from lines such as ``v1 = 0.62``.

    Raises
    ------
    CourseError
        If there is no such file.
    """
    if not path.is_file():
        raise CourseError(f"there is no file {path}; write lines such as 'v1 = 0.62' into it.")
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.replace(":", "=").partition("=") for line in lines if line.strip())
    return {name.strip(): number.strip() for name, _, number in pairs}


def class_list(course: Path) -> list[str]:
    """Return the ids of the class: those in the gradebook, and those who have handed in."""
    with Gradebook(nbgrader(course).coursedir.db_url) as gradebook:
        known = {student.id for student in gradebook.students}
    return sorted(known | {path.name for path in course.glob("submitted/*") if path.is_dir()})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as a command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("students", nargs="*", help="their ids; else the whole class")
    parser.add_argument("--course", type=Path, default=ROOT / "course")
    parser.add_argument("--mark", type=Path, metavar="FILE", help="mark one student's typed sheet")
    options = parser.parse_args(arguments)
    try:
        secret = secret_of(options.course)
        students = options.students or class_list(options.course)
        if not students:
            raise CourseError("the class is empty: name the students, make sheets STUDENTS='a b'.")
        if options.mark:
            if len(options.students) != 1:
                raise CourseError("--mark needs one student: the one whose sheet it is.")
            print(marking(secret)(typed(options.mark), students[0]))
            return 0
        folder = options.course / "sheets"
        folder.mkdir(parents=True, exist_ok=True)
        for name, page in (("sheets", sheets(students, secret)), ("key", key(students, secret))):
            (folder / f"{name}.html").write_text(page, encoding="utf-8")
        print(f"{len(students)} sheets: {folder / 'sheets.html'}\nthe key: {folder / 'key.html'}")
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
