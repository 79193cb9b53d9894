"""Releases of an assignment: how a new one takes the place of the old, and who is held to which.

Each release's cells, with the hidden tests, are kept in the course's `judged` folder, so that what
was handed in can be graded against what was given out. A question that a student was never given
does not count. A notebook bears the mark of its release in its metadata; where that is lost, it is
recognised by the cells that students do not change.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import (  # type: ignore[import-untyped]
    Assignment,
    Gradebook,
)
from nbgrader.preprocessors import NbGraderPreprocessor  # type: ignore[import-untyped]
from traitlets import Bool

from autograder.cells import Cell, role, without_hidden
from autograder.gradebook import NotReleased, graded_cell, write_cells
from autograder.rebuild import Chosen

#: The key of a notebook's metadata under which a release bears its mark.
ABOUT = "autograder"


# --- what was given out ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Store:
    """The releases of one notebook that were ever given out.

    Attributes
    ----------
    folder : Path
        A file for each of them.
    """

    folder: Path

    @classmethod
    def of(cls, root: str | Path, assignment: str, notebook: str) -> "Store":
        """Return the store of a notebook in the course at `root`."""
        return cls(Path(root) / "judged" / assignment / "releases" / notebook)

    def keep(self, cells: Sequence[Cell]) -> str:
        """Keep a release, if it is not there yet, and return its mark.

        Parameters
        ----------
        cells : sequence of cells
            With the hidden tests.
        """
        about = [[cell["cell_type"], cell["source"], _about(cell)] for cell in cells]
        mark = hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()[:16]
        path = self.folder / f"{mark}.json"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            half = path.with_name(f".{path.name}.new")
            half.write_text(json.dumps(list(cells), indent=1), encoding="utf-8")
            half.replace(path)
        return mark

    def read(self) -> dict[str, list[Cell]]:
        """Return the cells of each release, by its mark."""
        return {
            path.stem: json.loads(path.read_text(encoding="utf-8"))
            for path in sorted(self.folder.glob("[!.]*.json"))
        }


def _about(cell: Cell) -> dict[str, Any]:
    about = dict(cell["metadata"]["nbgrader"])
    about.pop("checksum", None)  # it follows from the others
    return about


def made_from(chosen: Chosen, releases: Mapping[str, Sequence[Cell]], newest: str) -> str:
    """Return the mark of the release from which a notebook was made.

    Parameters
    ----------
    chosen : Chosen
        What the student handed in.
    releases : mapping of str to sequence of cells
    newest : str
        The mark to be returned where nothing speaks for another.
    """
    if chosen.release in releases:
        return chosen.release
    seen = {cell["grade_id"]: cell["source"].split() for cell in chosen.cells}

    fits = {}
    for mark, cells in releases.items():
        locked = [cell for cell in cells if role(cell) != "answer"]
        same = sum(
            seen.get(_about(cell)["grade_id"]) == without_hidden(cell["source"]).split()
            for cell in locked
        )
        if same:
            fits[mark] = (2 * same - len(locked), mark == newest)
    return max(fits, key=lambda mark: fits[mark], default=newest)


def mark_on(path: Path) -> str:
    """Return the mark that a released notebook bears, or nothing."""
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["metadata"][ABOUT]["release"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def limited(cells: Sequence[Cell], given: Sequence[Cell]) -> list[Cell]:
    """Return a release without the questions that a student was never given.

    Parameters
    ----------
    cells : sequence of cells
        The release that is to be graded against.
    given : sequence of cells
        The one that the student had.

    Examples
    --------
    >>> old, new = ({"cell_type": "code", "source": "", "metadata": {"nbgrader": {
    ...     "grade_id": name, "grade": True}}} for name in ("test_f", "test_g"))
    >>> limited([old, new], [old]) == [old]
    True
    """
    known = {_about(cell)["grade_id"] for cell in given}

    def counts(cell: Cell) -> bool:
        about = _about(cell)
        return bool(about.get("grade") or about.get("task") or about.get("solution"))

    return [cell for cell in cells if not counts(cell) or _about(cell)["grade_id"] in known]


# --- the gradebook --------------------------------------------------------------------------------


class SaveCells(NbGraderPreprocessor):  # type: ignore[misc]
    """Writes a release into the gradebook, whoever has handed in; in the place of nbgrader's own.

    nbgrader refuses to add or remove a cell as soon as somebody has handed in, because marks hang
    on cells. Here the marks stay with the submissions that have them.
    """

    later = Bool(False, help="Only keep the release; `put_in_place` writes the gradebook.").tag(
        config=True
    )

    def preprocess(self, nb: Any, resources: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Return the notebook with the mark of its release."""
        about = resources["nbgrader"]
        course: Any = self
        while getattr(course, "coursedir", None) is None:
            course = course.parent
        plain = json.loads(json.dumps(nb.cells))
        cells = [
            graded_cell(cell, cell["source"], cell["metadata"]["nbgrader"])
            for cell in plain
            if cell["metadata"].get("nbgrader", {}).get("grade_id")
        ]
        store = Store.of(course.coursedir.root, about["assignment"], about["notebook"])
        nb.metadata[ABOUT] = {"release": store.keep(cells)}
        if not self.later:
            with Gradebook(about["db_url"], course.coursedir.course_id) as gradebook:
                write_cells(gradebook, about["assignment"], about["notebook"], cells, nb.metadata)
                gradebook.db.commit()
        return nb, resources


# --- putting a release in its place ---------------------------------------------------------------


def put_in_place(course: Any, assignment: str, made: Path) -> None:
    """Let a release that is whole take the place of the old one, in the folder and the gradebook.

    Parameters
    ----------
    course : CourseDirectory
    assignment : str
    made : Path
        The new release's folder.

    Raises
    ------
    NotReleased
        If a notebook is gone that somebody has handed in. As after any error, the old release and
        the gradebook are then as they were.
    """
    target = Path(course.format_path(course.release_directory, ".", assignment)).resolve()
    old = target.with_name(f".{target.name}.old")
    with Gradebook(course.db_url, course.course_id) as gradebook:
        try:
            for path in sorted(made.glob("*.ipynb")):
                metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
                store = Store.of(course.root, assignment, path.stem)
                cells = store.read()[metadata[ABOUT]["release"]]
                write_cells(gradebook, assignment, path.stem, cells, metadata)
            _drop(gradebook, assignment, {path.stem for path in made.glob("*.ipynb")})
            shutil.rmtree(old, ignore_errors=True)
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists():
                target.rename(old)
            try:
                made.rename(target)
                gradebook.db.commit()
            except BaseException:
                shutil.rmtree(target, ignore_errors=True)
                if old.exists():
                    old.rename(target)
                raise
        except BaseException:
            gradebook.db.rollback()
            raise
    shutil.rmtree(old, ignore_errors=True)


def _drop(gradebook: Any, assignment: str, names: set[str]) -> None:
    """Take notebooks out of an assignment that are no longer there."""
    for notebook in gradebook.db.query(Assignment).filter_by(name=assignment).one().notebooks:
        if notebook.name in names:
            continue
        if notebook.submissions:
            raise NotReleased(
                f"{assignment} has no notebook {notebook.name} any more, but somebody has handed "
                "it in: put it back, or give the new assignment another name."
            )
        for cell in (*notebook.source_cells, *notebook._base_cells):
            gradebook.db.delete(cell)
        gradebook.db.delete(notebook)
