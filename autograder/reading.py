"""Reads what a student handed in, expecting anything."""

import base64
import codecs
import contextlib
import itertools
import json
import os
import re
import stat
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from autograder import showing
from autograder.cells import PICTURES, Cell
from autograder.channel import clean
from autograder.settings import Limits
from autograder.words import printable

_SKIPPED = {"__pycache__", ".ipynb_checkpoints"}
_MOST_FILES, _MOST_NOTEBOOKS, _MOST_COMPLAINTS = 200, 20, 10


class Unreadable(ValueError):
    """What was handed in is no notebook; the message is for the student."""


@dataclass
class Found:
    """What lies in a student's folder.

    Attributes
    ----------
    notebooks : dict of str to list of cells
        The cells of each notebook that can be read, by its file's name: cell_type, source and
        grade_id ("" if it has none) of each.
    unreadable : dict of str to str
        Why each of the others cannot be.
    repairs : dict of str to list of str
        What had to be put right in each, in sentences for the student.
    releases : dict of str to str
        The mark that each bears of its release, or "".
    files : dict of str to bytes
        What else lies there.
    complaints : list of str
        What was left out of them.
    """

    notebooks: dict[str, list[Cell]] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    repairs: dict[str, list[str]] = field(default_factory=dict)
    releases: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)


def read(folder: Path, name: str, limits: Limits, others: Collection[str] = ()) -> Found:
    """Read a student's folder.

    Parameters
    ----------
    folder : Path
    name : str
        The notebook's name, without its ending.
    limits : Limits
    others : collection of str
        The names of the assignment's further notebooks, which are not read now.

    Raises
    ------
    Unreadable
        If it is no folder.
    """
    if folder.is_symlink() or not folder.is_dir():
        raise Unreadable("Your submission is no folder with files in it.")
    found = Found()
    found.files, found.complaints = files_beside(folder, limits)
    for path in itertools.islice(_notebooks(folder, name, others), _MOST_NOTEBOOKS):
        repairs: list[str] = []
        try:
            notebook = parse(_content(path, limits), repairs)
            found.notebooks[path.name] = cells_of(notebook)
            found.repairs[path.name] = repairs
            found.releases[path.name] = _release(notebook)
        except Unreadable as reason:
            found.unreadable[path.name] = str(reason)
    return found


def _release(notebook: dict[str, Any]) -> str:
    with contextlib.suppress(AttributeError, KeyError, TypeError):
        return str(notebook["metadata"]["autograder"]["release"])
    return ""


def _notebooks(folder: Path, name: str, others: Collection[str]) -> Iterator[Path]:
    """Yield the notebooks of a folder, first the one that has its right name."""
    wanted = folder / f"{name}.ipynb"
    if os.path.lexists(wanted):
        yield wanted
    for path in sorted(folder.iterdir()):
        notebook = path.name.lower().endswith(".ipynb") and not path.name.startswith(".")
        if notebook and path != wanted and path.stem not in others:
            yield path


def _content(path: Path, limits: Limits) -> bytes:
    """Return a file's bytes if it is a plain file of a bearable size."""
    name = printable(path.name[:80])
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            raise Unreadable(f"{name} is a link or a folder; hand in the file itself.")
        place = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(place, "rb") as file:
            content = file.read(limits.submitted_file + 1)
    except OSError as error:
        raise Unreadable(f"{name} cannot be read: {error.strerror}.") from None
    if len(content) > limits.submitted_file:
        raise Unreadable(
            f"{name} is larger than {limits.submitted_file >> 20} MiB; clear its outputs "
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
    if isinstance(attachments := cell.get("attachments"), dict):
        # The longest first: one name may begin as another does.
        for name, pictures in sorted(attachments.items(), key=lambda one: -len(one[0])):
            if shown := _pictures(pictures):
                plain = re.sub(r"[^\w.-]+", "-", name, flags=re.ASCII)[-100:]
                if plain in kept.get("attachments", ()):
                    plain = f"{len(kept['attachments'])}-{plain}"
                for written in _ways_to_write(clean(name)):
                    kept["source"] = kept["source"].replace(
                        f"attachment:{written}", f"attachment:{plain}"
                    )
                kept.setdefault("attachments", {})[plain] = shown
    return kept


#: What programs call a JPEG as well.
_ALSO_CALLED = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg"}


def _ways_to_write(name: str) -> list[str]:
    """Return how the address of an attachment may be written, the longest first."""
    marked = re.sub(r"([\\()\[\]])", r"\\\1", name)
    ways = {name, quote(name), quote(name, safe="()[]!*'~;/?:@&=+$,#"), marked, escape(name)}
    ways |= {name.replace(" ", "%20"), re.sub(r"[ ()]", lambda one: quote(one[0]), name)}
    return sorted(ways, key=len, reverse=True)


def _pictures(kinds: Any) -> dict[str, str]:
    """Return a picture that was pasted into a cell, in each of its kinds that a page can show."""
    found: dict[str, str] = {}
    for said, content in kinds.items() if isinstance(kinds, dict) else ():
        kind = _ALSO_CALLED.get(said.lower(), said.lower())
        if isinstance(content, list):
            content = "".join(one for one in content if isinstance(one, str))
        if kind not in PICTURES or not isinstance(content, str):
            continue
        plain = showing.base64_of(content)
        if plain is not None and kind == "image/svg+xml":
            drawn = showing.harmless_svg(base64.b64decode(plain).decode("utf-8", "replace"))
            plain = drawn and base64.b64encode(drawn.encode()).decode()
        if plain is not None:
            found[kind] = plain
    return found


def files_beside(folder: Path, limits: Limits) -> tuple[dict[str, bytes], list[str]]:
    """Return the plain files beside the notebook, none of them a link, and what was left out."""
    files: dict[str, bytes] = {}
    complaints: list[str] = []
    if folder.is_symlink():
        return files, complaints
    left = limits.submitted_file
    for place, folders, names in os.walk(folder, followlinks=False):
        # A folder that is called like a notebook would take the place of the graded one.
        folders[:] = sorted(
            name for name in folders if name not in _SKIPPED and not name.lower().endswith(".ipynb")
        )
        for name in sorted(names):
            path = Path(place, name)
            inside = path.relative_to(folder).as_posix()
            if path.suffix.lower() == ".ipynb" or inside == "timestamp.txt" or name.startswith("."):
                continue
            try:
                content = _content(path, limits)
                inside.encode()
            except (Unreadable, UnicodeError):
                complaints.append(f"A file beside your notebook was left out: {name!r}.")
                continue
            left -= len(content)
            if left < 0 or len(files) >= _MOST_FILES or len(complaints) >= _MOST_COMPLAINTS:
                complaints.append("There are too many files beside your notebook.")
                return files, complaints
            files[inside] = content
    return files, complaints


def laid_over(
    released: Mapping[str, bytes], theirs: Mapping[str, bytes]
) -> tuple[dict[str, bytes], list[str]]:
    """Return what was released with a student's files over it, and what had to be left out.

    That is what lies in the place of a released folder, or in a folder in the place of a file.

    Examples
    --------
    >>> laid_over({"data/a": b"1"}, {"data": b"2", "data/a/b": b"3", "data/a": b"4"})[0]
    {'data/a': b'4'}
    """
    taken = {str(above) for name in released for above in PurePosixPath(name).parents}
    fine = {
        name: content
        for name, content in theirs.items()
        if name not in taken and not {*map(str, PurePosixPath(name).parents)} & released.keys()
    }
    said = [
        f"A file beside your notebook was left out, since a released one is there: {name!r}."
        for name in theirs
        if name not in fine
    ]
    return {**released, **fine}, said[:_MOST_COMPLAINTS]
