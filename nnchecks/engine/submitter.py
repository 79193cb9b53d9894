"""Who hands a notebook in, and whether the id that is typed in it is the same person's.

Where a class is graded the judge knows who submits. An id may be typed in other ways than the
class list has it; anything beyond that is somebody else's, with somebody else's numbers.
"""

import os
import re
import unicodedata
from dataclasses import dataclass

#: Where a judge says whose notebook it is, by the id of the class list.
STUDENT = "NNLIB_STUDENT"

#: What stands where an id is wanted before somebody has typed one; signs and case do not count.
PLACEHOLDERS = {"", "id", "my id", "your id", "student id", "todo", "tbd", "none", "x", "xx", "xxx"}


def submitter() -> str:
    """Return the id of the one who hands in, or nothing where nobody has said.

    Examples
    --------
    >>> submitter()
    ''
    """
    return os.environ.get(STUDENT, "").strip()


def is_placeholder(student_id: object) -> bool:
    """Whether no id has been typed yet.

    Examples
    --------
    >>> is_placeholder("<your id>"), is_placeholder(None), is_placeholder("s0001")
    (True, True, False)
    """
    typed = "" if student_id is None else str(student_id)
    return re.sub(r"[\W_]+", " ", typed).strip().casefold() in PLACEHOLDERS


@dataclass(frozen=True)
class Another:
    """What is to be said where a notebook names somebody else than the one who hands it in."""

    for_student: str
    for_instructor: str


def of_another(student_id: object) -> Another | None:
    """Return what is to be said of an id that is not the submitter's, or None if all is well.

    Examples
    --------
    >>> of_another("s0001") is None
    True
    """
    mine, typed = submitter(), str(student_id)[:40]
    if not mine or is_placeholder(student_id) or is_same(student_id, mine):
        return None
    return Another(
        f"This notebook says student_id = {typed!r}, and it was handed in by {mine}. What counts "
        f"are the numbers of {mine}. If {typed!r} is you as well, tell your instructor: both ids "
        "have been noted.",
        f"{mine} handed in a notebook with student_id = {typed!r}.",
    )


def is_same(one: object, other: object) -> bool:
    """Whether two ids are one person's, typed in two ways.

    Case, spaces and other signs do not count, nor do zeros in front, what follows the @ of an
    e-mail address, or the letters in front of a number where the other has the number alone.

    Examples
    --------
    >>> is_same("s0012", " S12@school.example "), is_same("s0012", 12), is_same("s0012", "s0013")
    (True, True, False)
    """
    a, b = _plain(one), _plain(other)
    if a.isdigit() != b.isdigit():
        a, b = _number(a), _number(b)
    return bool(a) and a == b


def _plain(student_id: object) -> str:
    name = unicodedata.normalize("NFKC", str(student_id)).strip().casefold().partition("@")[0]
    return re.sub(r"(?<!\d)0+(?=\d)", "", re.sub(r"[\W_]+", "", name))


def _number(name: str) -> str:
    """Return a number without the letters before it, or nothing if that is not the form."""
    found = re.fullmatch(r"[^\W\d_]*(\d+)", name)
    return found[1].lstrip("0") or "0" if found else ""
