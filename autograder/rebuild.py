"""Reads what a student handed in, expecting anything, and rebuilds the notebook from the release.

Of the submission only the sources of the answer cells and of the student's own cells are taken.
Everything else, the tests, the given cells, all metadata, comes from the instructor's version.
"""

import codecs
import json
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.cells import Cell, name_of, role, without_hidden
from autograder.channel import clean
from autograder.settings import Limits

_SKIPPED = {"__pycache__", ".ipynb_checkpoints"}
_MOST_FILES = 200


class Unreadable(ValueError):
    """What was handed in is no notebook; the message is for the student."""


@dataclass
class Submission:
    """What was found in a student's folder.

    Attributes
    ----------
    cells : list of dict
        cell_type, source and grade_id ("" if it has none) of each.
    files : dict of str to bytes
        What lies beside the notebook.
    repairs : list of str
        What had to be put right, in sentences for the student.
    """

    cells: list[Cell]
    files: dict[str, bytes] = field(default_factory=dict)
    repairs: list[str] = field(default_factory=list)


def read(folder: Path, name: str, limits: Limits) -> Submission:
    """Read a student's folder.

    Parameters
    ----------
    folder : Path
    name : str
        The notebook's name, without its ending.
    limits : Limits

    Raises
    ------
    Unreadable
    """
    if folder.is_symlink() or not folder.is_dir():
        raise Unreadable("Your submission is no folder with files in it.")
    repairs: list[str] = []
    path = _find(folder, name, repairs)
    cells = cells_of(parse(_content(path, limits), repairs))
    files, complaints = files_beside(folder, limits)
    return Submission(cells, files, [*repairs, *complaints])


def _find(folder: Path, name: str, repairs: list[str]) -> Path:
    wanted = folder / f"{name}.ipynb"
    if os.path.lexists(wanted):
        return wanted
    others = sorted(
        path
        for path in folder.iterdir()
        if path.name.lower().endswith(".ipynb") and not path.name.startswith(".")
    )
    if not others:
        raise Unreadable(f"There is no notebook in your submission; hand in {name}.ipynb.")
    if len(others) > 1:
        raise Unreadable(
            f"Your submission has {len(others)} notebooks and none is called {name}.ipynb; hand in "
            "one, under that name."
        )
    repairs.append(f"Your notebook is called {others[0].name[:80]!r}; it was read as {name}.ipynb.")
    return others[0]


def _content(path: Path, limits: Limits) -> bytes:
    """Return a file's bytes if it is a plain file of a bearable size."""
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            raise Unreadable(f"{path.name} is a link or a folder; hand in the file itself.")
        place = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be read: {error.strerror}.") from None
    with os.fdopen(place, "rb") as file:
        content = file.read(limits.submitted_file + 1)
    if len(content) > limits.submitted_file:
        raise Unreadable(
            f"{path.name} is larger than {limits.submitted_file >> 20} MiB; clear its outputs "
            "(Edit, Clear Outputs of All Cells), save it and hand it in again."
        )
    return content


def parse(content: bytes, repairs: list[str]) -> dict[str, Any]:
    """Return the JSON object in a file, whatever its encoding; what was odd joins the repairs.

    Raises
    ------
    Unreadable
    """
    text, repair = _decoded(content)
    if repair:
        repairs.append(repair)
    start = text.lstrip()[:200].lower()
    if not start:
        raise Unreadable("Your notebook is an empty file; save it and hand it in again.")
    if start.startswith("<"):
        raise Unreadable(
            "Your file is a web page and no notebook, perhaps a login page; download the notebook "
            "itself and hand it in again."
        )
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable(
            "Your notebook cannot be read: the file is damaged or cut off. Open it in Jupyter, "
            "save it and hand it in again."
        ) from None
    if not isinstance(notebook, dict):
        raise Unreadable("Your file holds data but no notebook; hand in the .ipynb file.")
    return notebook


def _decoded(content: bytes) -> tuple[str, str]:
    marks = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"))
    for mark, encoding in (*marks, (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            text = content.decode(encoding, "replace")
            return text, f"Your notebook was saved as {encoding}; it was read all the same."
    try:
        return content.decode("utf-8"), ""
    except UnicodeDecodeError:
        return content.decode("latin-1"), "Your notebook is not UTF-8; it was read as latin-1."


def cells_of(notebook: dict[str, Any]) -> list[Cell]:
    """Return the cells of a notebook of any format, reduced to what is taken from a student.

    Raises
    ------
    Unreadable
        If there are none.

    Examples
    --------
    >>> cells_of({"cells": [{"cell_type": "code", "source": ["a = 1"], "id": "x"}, 5]})
    [{'cell_type': 'code', 'source': 'a = 1', 'grade_id': '', 'id': 'x'}]
    """
    found = notebook.get("cells")
    if not isinstance(found, list):
        sheets = notebook.get("worksheets")  # nbformat 3
        found = [
            cell
            for sheet in (sheets if isinstance(sheets, list) else ())
            if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list)
            for cell in sheet["cells"]
        ]
    cells = [_cell_of(cell) for cell in found if isinstance(cell, dict)]
    if not cells:
        raise Unreadable("Your file has no cells; hand in the notebook that you worked in.")
    return cells


def _cell_of(cell: dict[str, Any]) -> Cell:
    kind = cell.get("cell_type")
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    metadata = cell.get("metadata")
    about = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = about.get("grade_id") if isinstance(about, dict) else None
    name = cell.get("id")
    kept: Cell = {
        "cell_type": kind if kind in ("code", "markdown", "raw") else "markdown",
        "source": clean(source) if isinstance(source, str) else "",
        "grade_id": grade_id if isinstance(grade_id, str) else "",
        "id": name if isinstance(name, str) else "",
    }
    if attachments := _pictures(cell.get("attachments")):
        kept["attachments"] = attachments
    return kept


def _pictures(attachments: Any) -> dict[str, dict[str, str]]:
    """Return the PNG and JPEG pictures that were pasted into a cell."""
    found: dict[str, dict[str, str]] = {}
    for name, kinds in attachments.items() if isinstance(attachments, dict) else ():
        if not isinstance(kinds, dict) or not re.fullmatch(r"[\w. -]{1,100}", name):
            continue
        for kind, content in kinds.items():
            if kind in ("image/png", "image/jpeg") and isinstance(content, str):
                plain = "".join(content.split())
                if re.fullmatch(r"[A-Za-z0-9+/]*={0,2}", plain):
                    found.setdefault(name, {})[kind] = plain
    return found


def files_beside(folder: Path, limits: Limits) -> tuple[dict[str, bytes], list[str]]:
    """Return the plain files beside the notebook, none of them a link, and what was left out."""
    files: dict[str, bytes] = {}
    complaints: list[str] = []
    left = limits.submitted_file
    for place, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED)
        for name in sorted(names):
            path = Path(place, name)
            inside = path.relative_to(folder).as_posix()
            if path.suffix == ".ipynb" or inside == "timestamp.txt" or name.startswith("."):
                continue
            try:
                content = _content(path, limits)
                inside.encode()
            except (Unreadable, UnicodeError):
                complaints.append(f"A file beside your notebook was left out: {name!r}.")
                continue
            left -= len(content)
            if left < 0 or len(files) >= _MOST_FILES:
                complaints.append("There are too many files beside your notebook.")
                return files, complaints
            files[inside] = content
    return files, complaints


# --- rebuilding -----------------------------------------------------------------------------------


def rebuild(released: Sequence[Cell], submission: Submission) -> list[Cell]:
    """Return the notebook to be graded.

    Parameters
    ----------
    released : sequence of cells
        The instructor's version: stubs in the answer cells, hidden tests in the tests.
    submission : Submission
        Its repairs are added to.

    Examples
    --------
    >>> about = {"grade_id": "f", "solution": True, "grade": False}
    >>> released = [{"cell_type": "code", "source": "stub", "metadata": {"nbgrader": about}}]
    >>> mine = {"cell_type": "code", "source": "answer", "grade_id": "f", "id": ""}
    >>> own = {"cell_type": "markdown", "source": "a note", "grade_id": "", "id": ""}
    >>> [cell["source"] for cell in rebuild(released, Submission([mine, own]))]
    ['answer', 'a note']
    """
    known = {name_of(cell): cell for cell in released if name_of(cell)}
    placed = list(_recognise(submission, known))
    answers: dict[str, Cell] = {}
    own: dict[str, list[Cell]] = {}
    last = ""
    for number, (cell, name) in enumerate(placed):
        again = any(name == other for _, other in placed[number + 1 :]) if name else False
        if name and not again:
            answers[name] = cell
            last = name
        elif name and again and role(known[name]) == "answer":
            # nbgrader grades the last copy; what the others define may still be needed.
            own.setdefault(last, []).append(cell)
        elif not name:
            own.setdefault(last, []).append(cell)
    _say_what_changed(known, placed, submission)
    rebuilt = [_own(cell, k) for k, cell in enumerate(own.get("", ()))]
    for cell in released:
        name = name_of(cell)
        if not name:
            continue
        made = dict(cell)
        if role(cell) == "answer" and name not in answers and cell["cell_type"] == "code":
            # The released stub would take the place of what was perhaps written elsewhere.
            made["source"] = ""
        if role(cell) == "answer" and name in answers:
            made["source"] = answers[name]["source"]
            if cell["cell_type"] != "code" and "attachments" in answers[name]:
                made["attachments"] = answers[name]["attachments"]
        rebuilt.append(made)
        rebuilt += [_own(one, k, name) for k, one in enumerate(own.get(name, ()))]
    return rebuilt


def _recognise(submission: Submission, known: dict[str, Cell]) -> Iterator[tuple[Cell, str]]:
    """Pair each cell with the released cell that it was, if any."""
    cells = submission.cells
    marked = [cell["grade_id"] for cell in cells if cell["grade_id"] in known]
    if marked:
        yield from ((cell, cell["grade_id"] if cell["grade_id"] in known else "") for cell in cells)
        return
    submission.repairs.append(
        "Your notebook has lost nbgrader's marks, perhaps in another program; the cells were "
        "recognised by what is in them."
    )
    taken: set[str] = set()
    for cell in cells:
        name = cell["id"] if cell["id"] in known else _looks_like(cell, known)
        yield cell, "" if name in taken else name
        taken.add(name)


def _looks_like(cell: Cell, known: dict[str, Cell]) -> str:
    """Return the released cell that has the same text, or defines the same function."""
    for name, one in known.items():
        if one["source"].strip() == cell["source"].strip():
            return name
    for name, one in known.items():
        head = re.match(r"(def|class) \w+\(", one["source"]) if role(one) == "answer" else None
        if head and re.search(rf"^{re.escape(head[0])}", cell["source"], re.MULTILINE):
            return name
    return ""


def _say_what_changed(
    known: dict[str, Cell], placed: list[tuple[Cell, str]], submission: Submission
) -> None:
    names = [name for _, name in placed if name]
    for name, cell in known.items():
        kind = role(cell)
        if kind == "test" and name not in names:
            submission.repairs.append(f"The check {name} was missing; it was put back.")
        elif kind == "answer" and name not in names:
            submission.repairs.append(f"The answer cell {name} is missing.")
        elif names.count(name) > 1:
            submission.repairs.append(f"The cell {name} is there more than once; the last counts.")
    for cell, name in placed:
        if not name:
            continue
        one = known[name]
        if role(one) == "test" and not _released_test(one["source"], cell["source"]):
            submission.repairs.append(f"The check {name} was changed; it was put back.")
        if role(one) == "answer" and one["cell_type"] != cell["cell_type"]:
            submission.repairs.append(f"The cell {name} is {one['cell_type']} again.")


def _released_test(source: str, handed_in: str) -> bool:
    """Whether a check is as it was released, which is without its hidden part."""
    shown = without_hidden(source)
    return shown.split() == handed_in.split() or source.split() == handed_in.split()


def _own(cell: Cell, number: int, after: str = "start") -> Cell:
    made: Cell = {
        "cell_type": cell["cell_type"],
        "id": re.sub(r"[^\w-]", "-", f"own-{after[:50]}-{number}")[:64],
        "metadata": {},
        "source": cell["source"],
    }
    if made["cell_type"] == "code":
        made |= {"execution_count": None, "outputs": []}
    elif "attachments" in cell:
        made["attachments"] = cell["attachments"]
    return made
