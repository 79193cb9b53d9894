"""A notebook's cells, as the instructor's version names them."""

import re
from collections.abc import Mapping
from typing import Any

Cell = dict[str, Any]

#: Pictures that browsers show; a page has no place of its own for those in the second row.
PICTURES = (
    *("image/png", "image/jpeg"),
    *("image/gif", "image/webp", "image/svg+xml"),
)

_HIDDEN = re.compile(r"^### BEGIN HIDDEN TESTS$.*?^### END HIDDEN TESTS$\n?", re.S | re.M)


def name_of(cell: Mapping[str, Any]) -> str:
    """Return a cell's grade_id, or "" for a student's own cell.

    Examples
    --------
    >>> name_of({"metadata": {"nbgrader": {"grade_id": "softmax"}}}), name_of({"metadata": {}})
    ('softmax', '')
    """
    return str((cell["metadata"].get("nbgrader") or {}).get("grade_id") or "")


def role(cell: Mapping[str, Any]) -> str:
    """Return what a cell is: "test", "answer", "given", or "own" for the student's further ones.

    Examples
    --------
    >>> role({"cell_type": "code", "metadata": {"nbgrader": {"grade": True, "solution": False}}})
    'test'
    """
    about = cell["metadata"].get("nbgrader") or {}
    if about.get("solution"):
        return "answer"
    if about.get("grade") and cell["cell_type"] == "code":
        return "test"
    return "given" if about.get("grade_id") else "own"


def without_hidden(source: str) -> str:
    r"""Return a test cell as students see it.

    Examples
    --------
    >>> without_hidden("check(f)\n### BEGIN HIDDEN TESTS\nx\n### END HIDDEN TESTS\n")
    'check(f)'
    """
    return _HIDDEN.sub("", source).rstrip()
