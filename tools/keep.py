"""Writes files where people work, and takes the place of nothing that a person has typed.

A record beside the files (`RECORD`) remembers what was written. A file that is still as it was
written may be written anew. Any other is somebody's work: it stays, and the new one is laid beside
it under another name, once.
"""

import contextlib
import hashlib
import itertools
import json
import os
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import jupytext
import nbformat
from nbformat import NotebookNode
from nbgrader.utils import compute_checksum

#: Lies in the folder that was written to.
RECORD = ".as-written.json"
#: What programs put into a cell's metadata when it is looked at or run.
_NOT_TYPED = {"collapsed", "scrolled", "trusted", "execution", "lines_to_next_cell"}


@dataclass(frozen=True)
class Kept:
    """Somebody's file that stayed.

    Attributes
    ----------
    theirs : Path
    ours : Path or None
        Where the new one was laid; None if it has been laid there before.
    """

    theirs: Path
    ours: Path | None


def notebook_of(name: str, content: bytes) -> NotebookNode | None:
    """Return the notebook in a file, which may be a chapter, or None if it is none."""
    with contextlib.suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what people put there can be anything
        if name.endswith(".ipynb"):
            return nbformat.reads(content.decode(), as_version=4)
        if name.endswith(".md"):
            return jupytext.reads(content.decode(), fmt="md")
    return None


def fingerprint(name: str, content: bytes) -> str:
    """Return what tells two versions of a file apart, if a person has typed in one of them.

    A notebook that was run, or opened and saved, has the fingerprint that it had.

    Examples
    --------
    >>> cell = nbformat.v4.new_code_cell("1 + 1")
    >>> before = nbformat.writes(nbformat.v4.new_notebook(cells=[cell])).encode()
    >>> cell.execution_count = 7
    >>> after = nbformat.writes(nbformat.v4.new_notebook(cells=[cell])).encode()
    >>> before == after, fingerprint("a.ipynb", before) == fingerprint("a.ipynb", after)
    (False, True)
    """
    notebook = notebook_of(name, content)
    if notebook is not None:
        typed = [
            (
                cell.cell_type,
                cell.source,
                cell.get("attachments"),
                {key: one for key, one in cell.metadata.items() if key not in _NOT_TYPED},
            )
            for cell in notebook.cells
        ]
        content = json.dumps(typed, sort_keys=True).encode()
    return hashlib.sha256(content).hexdigest()


def typed_in(cell: NotebookNode) -> bool:
    """Whether somebody has typed in a released cell, or made it: nbgrader notes a checksum."""
    try:
        return bool(cell.metadata["nbgrader"]["checksum"] != compute_checksum(cell))
    except (AttributeError, KeyError, TypeError):
        return True


def renamed(name: str, number: int = 1, word: str = "new") -> str:
    """Return another name for a version of a file.

    Examples
    --------
    >>> renamed("01/01.ipynb"), renamed("START-HERE.md", 2)
    ('01/01-new.ipynb', 'START-HERE-new-2.md')
    """
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}-{word}{f'-{number}' * (number > 1)}{path.suffix}"))


def lay(
    files: Mapping[str, bytes], root: Path, beside: Callable[[str, int], str] = renamed
) -> list[Kept]:
    """Write files below a folder, and return those of other people's that stayed.

    Parameters
    ----------
    files : mapping of str to bytes
        Contents by name; names are paths below `root` with slashes.
    root : Path
    beside : callable
        Gets a name that is taken and 1, 2, ... and returns where the new file goes instead.
    """
    record = _read(root)
    kept = []
    for name, content in files.items():
        mark = fingerprint(name, content)
        if _put(root, name, content, record):
            continue
        if mark in record.get(name, ()):
            kept.append(Kept(root / name, None))
            continue
        places = (beside(name, number) for number in itertools.count(1))
        place = next(place for place in places if _put(root, place, content, record))
        kept.append(Kept(root / name, root / place))
        record.setdefault(name, []).append(mark)
    _save(root, record)
    return kept


def remove_old(files: Iterable[str], root: Path, under: str) -> None:
    """Remove what was once written below a folder, is as it was written, and is wanted no more."""
    record = _read(root)
    for name in set(record) - set(files):
        path = root / name
        ours = name.startswith(f"{under}/") and path.is_file() and not path.is_symlink()
        if ours and fingerprint(name, path.read_bytes()) in record[name]:
            path.unlink()


def put_aside(name: str, content: bytes, root: Path, word: str) -> Path:
    """Put somebody's work below a folder, under a name that is free, and return its place.

    It counts as theirs from then on. Where it is already, it is not put again.
    """
    mark = fingerprint(name, content)
    others = (renamed(name, number, word) for number in itertools.count(1))
    for place in itertools.chain((name,), others):
        path = root / place
        if path.is_file() and fingerprint(name, path.read_bytes()) == mark:
            return path
        if not os.path.lexists(path):
            _write(path, content)
            return path
    raise AssertionError("there is always a free name")


def knows(root: Path, under: str) -> bool:
    """Whether `lay` has ever written below that folder."""
    return any(name.startswith(f"{under}/") for name in _read(root))


def files_below(folder: Path) -> list[Path]:
    """Return the files in a folder and in its folders, without hidden ones."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not any(
            part.startswith(".") or part == "__pycache__" for part in path.relative_to(folder).parts
        )
    )


def _put(root: Path, name: str, content: bytes, record: dict[str, list[str]]) -> bool:
    """Write a file where there is none, or one that nobody has typed in; whether it is there."""
    path = root / name
    mark = fingerprint(name, content)
    known = record.get(name, [])
    if os.path.lexists(path):
        if not path.is_file() or path.is_symlink():
            return False
        there = fingerprint(name, path.read_bytes())
        if there not in (mark, *known):
            return False
    else:
        there = ""
    if there != mark:
        _write(path, content)
    if mark not in known:
        record[name] = [*known, mark]
    return True


def _write(path: Path, content: bytes) -> None:
    """Write a file in one step, so that nobody ever finds half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    os.replace(part, path)


def _read(root: Path) -> dict[str, list[str]]:
    """Return the record; without one every file counts as somebody's work."""
    try:
        found = json.loads((root / RECORD).read_text(encoding="utf-8"))
        return {str(name): [str(mark) for mark in marks] for name, marks in found.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _save(root: Path, record: Mapping[str, list[str]]) -> None:
    _write(root / RECORD, json.dumps(record, indent=0, sort_keys=True).encode())
