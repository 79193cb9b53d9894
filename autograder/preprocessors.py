"""How nbgrader uses the judge: preprocessors to name in nbgrader_config.py.

`nbgrader autograde` works in two passes. The first, "sanitize", takes what was handed in; here it
rebuilds the notebook from the release. The second, "autograde", runs it; here the judge does. Both
end with `SanitizeHTML`, because an instructor's browser opens what a student's program has shown.
"""

import atexit
import html
import json
import re
from collections.abc import Callable
from dataclasses import asdict
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbconvert.preprocessors.sanitize import SanitizeHTML as _SanitizeHTML
from nbformat import NotebookNode
from nbgrader.api import Gradebook  # type: ignore[import-untyped]
from nbgrader.preprocessors import NbGraderPreprocessor  # type: ignore[import-untyped]
from traitlets import Bool, Float, Integer

from autograder import rebuild
from autograder.gradebook import released_cells
from autograder.judge import Cell, Examiner, role
from autograder.settings import Limits

#: The key in a notebook's metadata under which the judge leaves what it has to say.
ABOUT = "autograder"
_NOTE = "about-the-grading"


class Rebuild(NbGraderPreprocessor):  # type: ignore[misc]
    """Rebuilds the notebook from the release; only answers and own cells come from the student.

    It stands in the sanitize list in the place of DeduplicateIds, ClearOutput and OverwriteCells.
    """

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the rebuilt notebook."""
        about = resources["nbgrader"]
        released = _released(self, about)
        submission = rebuild.Submission(rebuild.cells_of(json.loads(json.dumps(nb))))
        folder = _folder(self, "submitted", about)
        if folder is not None:
            if (folder / f"{about['notebook']}.ipynb").is_symlink():
                raise rebuild.Unreadable(f"{about['notebook']}.ipynb is a link and no file.")
            _remove_linked(folder, Path(resources["metadata"]["path"]), self)
        cells = rebuild.rebuild(released, submission)
        for repair in submission.repairs:
            self.log.warning("%s: %s", about["student"], repair)
        return notebook_of(cells, nb.metadata, submission.repairs), resources


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

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the notebook with outputs and marks."""
        about = resources["nbgrader"]
        limits = limits_of(self)
        cells = json.loads(json.dumps(nb.cells))
        folder = _folder(self, "submitted", about)
        files: dict[str, bytes] = {}
        said = rebuild.Submission([])
        for place in (_folder(self, "release", about), folder):
            if place is not None and place.is_dir():
                files |= rebuild.files_beside(place, limits, said)
        verdict = examiner(_released(self, about), limits).judge(cells, files)
        for line in verdict.instructor:
            self.log.warning("%s: %s", about["student"], line)
        student = [*nb.metadata.get(ABOUT, {}).get("student", ()), *said.repairs, *verdict.student]
        made = notebook_of(verdict.cells, nb.metadata, student)
        made.metadata[ABOUT]["instructor"] = verdict.instructor
        return made, resources


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


def notebook_of(cells: list[Cell], metadata: Any, student: list[str]) -> NotebookNode:
    """Return a notebook of rebuilt cells, with what the student should know above them."""
    kernel = metadata.get("kernelspec") or {}
    kept = {"kernelspec": kernel} if isinstance(kernel.get("name"), str) else {}
    cells = [cell for cell in cells if cell.get("id") != _NOTE]
    if student:
        text = "**About the grading of this notebook**\n\n" + "\n".join(
            f"- {html.escape(line)}" for line in student
        )
        cells = [{"cell_type": "markdown", "id": _NOTE, "metadata": {}, "source": text}, *cells]
    made = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {**kept, ABOUT: {"student": student}},
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


def examiner(cells: list[Cell], limits: Limits) -> Examiner:
    """Return the examiner for a release, kept warm from one notebook to the next."""
    key = json.dumps([[cell["source"], cell["metadata"]] for cell in cells]) + repr(limits)
    if key not in _EXAMINERS:
        close_examiners()
        _EXAMINERS[key] = Examiner(cells, limits)
    return _EXAMINERS[key]


def close_examiners() -> None:
    """End the processes that wait for further notebooks."""
    for one in _EXAMINERS.values():
        one.close()
    _EXAMINERS.clear()


atexit.register(close_examiners)


def _released(preprocessor: Any, about: dict[str, Any]) -> list[Cell]:
    folder = _folder(preprocessor, "release", about)
    with Gradebook(about["db_url"]) as gradebook:
        return released_cells(gradebook, about["assignment"], about["notebook"], folder)


def _folder(preprocessor: Any, step: str, about: dict[str, Any]) -> Path | None:
    """Return a folder of the course, as the converter above this preprocessor has it."""
    above: Any = preprocessor
    while above is not None and getattr(above, "coursedir", None) is None:
        above = above.parent
    if above is None:
        return None
    course = above.coursedir
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
