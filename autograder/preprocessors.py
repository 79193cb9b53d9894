"""How nbgrader uses the judge: preprocessors to name in nbgrader_config.py.

`nbgrader autograde` works in two passes. The first, "sanitize", takes what was handed in; here it
rebuilds the notebook from the release. The second, "autograde", runs it; here the judge does. Both
end with `SanitizeHTML`, because an instructor's browser opens what a student's program has shown.
"""

import atexit
import contextlib
import html
import json
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbconvert.preprocessors.sanitize import SanitizeHTML as _SanitizeHTML
from nbformat import NotebookNode
from nbgrader.api import Gradebook  # type: ignore[import-untyped]
from nbgrader.preprocessors import NbGraderPreprocessor  # type: ignore[import-untyped]
from nbgrader.utils import determine_grade  # type: ignore[import-untyped]
from traitlets import Bool, Float, Integer, Unicode

from autograder import rebuild
from autograder.gradebook import Marks, late_penalty, released_cells
from autograder.judge import Cell, Examiner, role
from autograder.settings import Limits

#: The key in a notebook's metadata under which the judge leaves what it has to say.
ABOUT = "autograder"
_NOTE = "about-the-grading"


class Exporter(NotebookExporter):
    """Gives what was handed in to the preprocessors unopened; for ``c.Autograde.exporter_class``.

    nbconvert would read the file first, and stop at one that is no notebook. `Rebuild` reads it
    instead, and such a file is then its student's result like any other.
    """

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Return the notebook as the preprocessors have left it."""
        about = (resources or {}).get("nbgrader")
        path = Path(filename)
        if resources is None or about is None or path.parent != _folder(self, "submitted", about):
            return super().from_filename(filename, resources, **kw)
        resources["metadata"] = {"name": path.stem, "path": str(path.parent)}
        unread = _from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []})
        return self.from_notebook_node(unread, resources, **kw)  # type: ignore[no-untyped-call, no-any-return]


class Rebuild(NbGraderPreprocessor):  # type: ignore[misc]
    """Rebuilds the notebook from the release; only answers and own cells come from the student.

    It stands in the sanitize list in the place of all that nbgrader has there.
    """

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the rebuilt notebook, made from the file itself and not from `nb`."""
        about = resources["nbgrader"]
        released = _released(self, about)
        folder = _folder(self, "submitted", about)
        _remove_linked(folder, _folder(self, "autograded", about), self)
        try:
            submission = rebuild.read(folder, about["notebook"], limits_of(Judge(parent=self)))
        except rebuild.Unreadable as reason:
            self.log.warning("%s: not graded: %s", about["student"], reason)
            made = notebook_of(released, [str(reason)])
            made.metadata[ABOUT]["unreadable"] = True
            return made, resources
        cells = rebuild.rebuild(released, submission)
        for repair in submission.repairs:
            self.log.warning("%s: %s", about["student"], repair)
        return notebook_of(cells, submission.repairs), resources


def _traits() -> dict[str, Any]:
    """Return a trait for each limit, so that ``c.Judge.seconds_per_cell = 60`` can be written."""
    kinds: dict[type, Any] = {bool: Bool, int: Integer, float: Float}
    return {
        name: kinds[type(value)](value, help=f"See {__package__}.settings.Limits.{name}.").tag(
            config=True
        )
        for name, value in asdict(Limits()).items()
    }


_WithLimits: Any = type(NbGraderPreprocessor)("_WithLimits", (NbGraderPreprocessor,), _traits())


class Judge(_WithLimits):  # type: ignore[misc]
    """Runs the student's cells in a jail and the tests outside, in the place of Execute.

    Its settings are those of `autograder.settings.Limits`; a time limit that was set for nbgrader's
    own `Execute` is not read.
    """

    secret = Unicode(
        help="What the random inputs of hidden tests depend on, besides the notebook itself. Where "
        "it is empty, the course's own is used, which is made when it is first needed."
    ).tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the notebook with outputs and marks."""
        about = resources["nbgrader"]
        if nb.metadata.get(ABOUT, {}).get("unreadable"):
            return nb, resources
        limits = limits_of(self)
        cells = json.loads(json.dumps(nb.cells))
        folder = _folder(self, "submitted", about)
        files: dict[str, bytes] = {}
        said = rebuild.Submission([])
        for place in (_folder(self, "release", about), folder):
            if place.is_dir():
                files |= rebuild.files_beside(place, limits, said)
        secret = secret_of(self, Path(_course(self).root))
        verdict = examiner(_released(self, about), limits, secret).judge(cells, files)
        for line in verdict.instructor:
            self.log.warning("%s: %s", about["student"], line)
        student = [*nb.metadata.get(ABOUT, {}).get("student", ()), *said.repairs, *verdict.student]
        made = notebook_of(verdict.cells, student)
        made.metadata[ABOUT]["instructor"] = verdict.instructor
        resources[ABOUT] = verdict.marks
        return made, resources


class SaveMarks(NbGraderPreprocessor):  # type: ignore[misc]
    """Writes a notebook's marks, in the place of SaveAutoGrades and AssignLatePenalties.

    It takes them from the judge and not from what the cells show. What could not be read is left
    without a mark, for a person to look at, and is no 0.
    """

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the notebook as it is."""
        about = resources["nbgrader"]
        released = _released(self, about)
        marks, bare = marks_of(nb.cells, resources.get(ABOUT), released)
        with Gradebook(about["db_url"]) as gradebook:
            found = Marks(gradebook, about["assignment"], late_penalty(self.config))
            name = about["notebook"]
            found.save(about["student"], None, {name: marks}, {name: bare}, {name: released})
        return nb, resources


def marks_of(
    cells: Sequence[Any], verdict: Mapping[str, float] | None, released: Sequence[Cell]
) -> tuple[dict[str, float | None], list[str]]:
    """Return the mark of each graded cell, and which answers are as they were released.

    Parameters
    ----------
    cells : sequence of cells
    verdict : mapping of str to float, optional
        The marks of the tests; none if the notebook was not run. Only a cell that a person marks,
        or one that is as it was released, has a mark beside them.
    released : sequence of cells
    """
    stubs = {one["metadata"]["nbgrader"]["grade_id"]: one["source"] for one in released}
    marks: dict[str, float | None] = dict(verdict or {})
    bare = []
    for cell in cells:
        about = cell.metadata.get("nbgrader") or {}
        if about.get("grade") and (verdict is None or role(cell) != "test"):
            marks[about["grade_id"]] = None if verdict is None else determine_grade(cell)[0]
        if about.get("solution") and cell.source in ("", stubs.get(about["grade_id"])):
            bare.append(about["grade_id"])
    return marks, bare


def secret_of(judge: Judge, root: Path) -> str:
    """Return the secret that is set, or the one of the course in `root`."""
    if judge.secret:
        return str(judge.secret)
    path = root / "judged" / ".secret"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as file:
            file.write(secrets.token_hex(16))
            file.flush()
            with contextlib.suppress(FileExistsError):  # somebody was faster
                os.link(file.name, path)
    return path.read_text(encoding="utf-8")


def limits_of(judge: Judge) -> Limits:
    """Return the limits that the configuration gives."""
    return Limits(**{name: getattr(judge, name) for name in asdict(Limits())})


class HideTests(NbGraderPreprocessor):  # type: ignore[misc]
    """Takes the hidden tests out of what students get to see; for GenerateFeedback."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the cell without its hidden part."""
        if role(cell) == "test":
            cell.source = rebuild.without_hidden(cell.source)
        return cell, resources


class SanitizeHTML(_SanitizeHTML):
    """nbconvert's SanitizeHTML, for what students wrote and showed.

    The reports of the checks and the instructor's own text are left as they are: they come from the
    release and from the judge, and nbconvert's list would take the tables apart.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the cell with everything in it made harmless that a browser would act on."""
        if role(cell) == "test" or cell.get("id") == _NOTE:
            return cell, resources
        if cell.cell_type == "code":
            for output in cell.outputs:
                data = output.get("data", {})
                if "text/markdown" in data:
                    data["text/markdown"] = self._markdown(data["text/markdown"])
            cell.outputs = self.sanitize_code_outputs(cell.outputs)  # type: ignore[no-untyped-call]
        elif role(cell) != "given":
            cell.source = self._markdown(cell.source)
        return cell, resources

    def _markdown(self, source: str) -> str:
        """Return Markdown that shows the same, or, if it would do anything, its text.

        What is looked at is the page that it makes: Markdown has too many ways to write a link.
        """
        shown = re.sub(r"[ \t]+$", "", source, flags=re.MULTILINE)
        shown = re.sub(r"\(attachment:[\w. %-]*\)", "(#)", shown)
        if is_harmless(markdown2html_mistune(shown)):
            return source
        fence = "`" * (3 + max((len(run) for run in re.findall("`+", source)), default=0))
        return f"{fence}text\n{source}\n{fence}"


class _Tags(HTMLParser):
    """Looks for tags and addresses that a browser would act on."""

    ALLOWED = frozenset(
        [
            "p",
            "br",
            "hr",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "em",
            "strong",
            "b",
            "i",
            "u",
            "s",
            "del",
            "sub",
            "sup",
            "code",
            "pre",
            "span",
            "div",
            "blockquote",
            "ul",
            "ol",
            "li",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "a",
            "img",
            "details",
            "summary",
            "dl",
            "dt",
            "dd",
        ]
    )
    ATTRIBUTES = frozenset(["class", "id", "title", "alt", "colspan", "rowspan", "align", "start"])

    def __init__(self) -> None:
        super().__init__()
        self.harmless = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.ALLOWED:
            self.harmless = False
        for name, value in attrs:
            address = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if name == "href":
                fine = address.startswith(("#", "https:", "http:", "mailto:"))
            elif name == "src":
                fine = address.startswith(("#", "data:image/png;", "data:image/jpeg;"))
            elif name == "style":
                fine = bool(re.fullmatch(r"text-align:(left|right|center);?", address))
            else:
                fine = name in self.ATTRIBUTES
            self.harmless = self.harmless and fine

    def handle_decl(self, decl: str) -> None:
        self.harmless = False

    def unknown_decl(self, data: str) -> None:
        self.harmless = False

    def handle_pi(self, data: str) -> None:
        self.harmless = False


def is_harmless(page: str) -> bool:
    """Whether a piece of HTML only shows something: no script, no frame, no foreign picture.

    Examples
    --------
    >>> is_harmless("<p>a <b>c</b></p>"), is_harmless('<a href="java&#115;cript:alert(1)">x</a>')
    (True, False)
    """
    tags = _Tags()
    tags.feed(page)
    tags.close()
    return tags.harmless


def notebook_of(cells: list[Cell], student: list[str]) -> NotebookNode:
    """Return a notebook of rebuilt cells, with what the student should know above them."""
    cells = [cell for cell in cells if cell.get("id") != _NOTE]
    if student:
        text = "**About the grading of this notebook**\n\n" + "\n".join(
            f"- {html.escape(line)}" for line in student
        )
        cells = [{"cell_type": "markdown", "id": _NOTE, "metadata": {}, "source": text}, *cells]
    made = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {ABOUT: {"student": student}},
        "cells": cells,
    }
    return _from_dict(made)


def _from_dict(made: dict[str, Any]) -> NotebookNode:
    node: NotebookNode = nbformat.from_dict(made)  # type: ignore[no-untyped-call]
    return node


def written(notebook: NotebookNode) -> str:
    """Return a notebook as it stands in a file."""
    text: str = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    return text


_EXAMINERS: dict[str, Examiner] = {}


def examiner(cells: list[Cell], limits: Limits, secret: str) -> Examiner:
    """Return the examiner for a release, kept warm from one notebook to the next."""
    about = [[cell["source"], cell["metadata"]] for cell in cells]
    key = json.dumps([about, secret]) + repr(limits)
    if key not in _EXAMINERS:
        close_examiners()
        _EXAMINERS[key] = Examiner(cells, limits, secret)
    return _EXAMINERS[key]


def close_examiners() -> None:
    """End the processes that wait for further notebooks."""
    for one in _EXAMINERS.values():
        one.close()
    _EXAMINERS.clear()


atexit.register(close_examiners)


def _released(preprocessor: Any, about: dict[str, Any]) -> list[Cell]:
    folder = _folder(preprocessor, "release", about)
    path = folder / f"{about['notebook']}.ipynb"
    changed = path.stat().st_mtime_ns if path.exists() else 0
    return _released_at(about["db_url"], about["assignment"], about["notebook"], folder, changed)


@lru_cache(maxsize=4)
def _released_at(
    db_url: str, assignment: str, notebook: str, folder: Path, _changed: int
) -> list[Cell]:
    """Return the release as it was written at some time; nobody changes what is returned."""
    with Gradebook(db_url) as gradebook:
        return released_cells(gradebook, assignment, notebook, folder)


def _course(preprocessor: Any) -> Any:
    """Return the course, as the converter above a preprocessor or exporter has it."""
    above: Any = preprocessor
    while getattr(above, "coursedir", None) is None:
        above = above.parent
    return above.coursedir


def _folder(preprocessor: Any, step: str, about: dict[str, Any]) -> Path:
    """Return a student's folder at one of nbgrader's steps."""
    course = _course(preprocessor)
    student = "." if step in ("release", "source") else about["student"]
    make: Callable[..., str] = course.format_path
    return Path(make(getattr(course, f"{step}_directory"), student, about["assignment"]))


def _remove_linked(submitted: Path, copied: Path, preprocessor: Any) -> None:
    """Remove what nbgrader has copied through a link: it is somebody else's."""
    for path in submitted.rglob("*"):
        copy = copied / path.relative_to(submitted)
        if path.is_symlink() and copy.is_file() and copied != submitted:
            preprocessor.log.warning("%s is a link, and was left out", path)
            copy.unlink()
