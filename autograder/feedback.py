"""What `nbgrader generate_feedback` does in this course: a page that can be read anywhere."""

import copy
from pathlib import Path
from typing import Any

from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from nbgrader.preprocessors import GetGrades, NbGraderPreprocessor  # type: ignore[import-untyped]
from traitlets.config import Config

from autograder.cells import role, without_hidden
from autograder.maths import Formulas


class Page(HTMLExporter):
    """Makes a page that asks nothing of any other machine; for ``c.GenerateFeedback``."""

    def __init__(self, config: Any = None, **kw: Any) -> None:
        own = copy.deepcopy(config or Config())
        own.Page.template_name = "course_feedback"
        own.Page.extra_template_basedirs = [str(Path(__file__).with_name("templates"))]
        super().__init__(config=own, **kw)  # type: ignore[no-untyped-call]
        self.formulas = Formulas()

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Return the page, with its formulas typeset."""
        self.formulas = Formulas()
        page: Any
        page, made = super().from_notebook_node(nb, resources, **kw)
        return self.formulas.put_into(page), dict(made)

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """Return the HTML of a cell's Markdown, with a stand-in for each formula."""
        attachments = (context.get("cell") or {}).get("attachments", {})
        renderer = _Renderer(
            self.formulas, escape=False, attachments=attachments, exclude_anchor_links=True
        )
        made: str = MarkdownWithMath(renderer=renderer).render(source.translate(_CONTROLS))
        return made


#: What stands for a formula stands for nothing else.
_CONTROLS = {2: None, 3: None}


class _Renderer(IPythonRenderer):
    def __init__(self, formulas: Formulas, **kw: Any) -> None:
        super().__init__(**kw)
        self.formulas = formulas

    def block_math(self, body: str) -> str:
        return self.formulas.stand_in(body, True)

    def latex_environment(self, name: str, body: str) -> str:
        return self.formulas.stand_in(f"\\begin{{{name}}}{body}\\end{{{name}}}", True)

    def inline_math(self, body: str) -> str:
        return self.formulas.stand_in(body, False)


class Grades(GetGrades):  # type: ignore[misc]
    """Brings a notebook's marks from the gradebook, and leaves out those that it has not.

    The total is out of what has been marked.
    """

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the notebook with a mark, or None, and a title at each graded cell."""
        nb, resources = super().preprocess(nb, resources)
        graded = [one for one in (cell.metadata.get("nbgrader") for cell in nb.cells) if one]
        graded = [one for one in graded if one.get("grade") or one.get("task")]
        marked = [one for one in graded if one.score is not None]
        about = resources["nbgrader"]
        about["points"] = sum(one.points for one in graded)
        about["marked"] = sum(one.points for one in marked)
        about["score"] = sum(one.score for one in marked) - about["late_penalty"]
        return nb, resources

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the cell with its mark, its comment and a title."""
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        about = cell.metadata.get("nbgrader") or {}
        if about.get("grade") or about.get("solution") or about.get("task"):
            about["title"] = title_of(cell)
        return cell, resources

    def _get_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        # The gradebook has the newest release's points, which need not be this student's.
        points = cell.metadata.nbgrader.points
        super()._get_score(cell, resources)
        cell.metadata.nbgrader["points"] = points
        name = cell.metadata.nbgrader.grade_id
        grade = self.gradebook.find_grade(
            name, self.notebook_id, self.assignment_id, self.student_id
        )
        if grade.auto_score is None and grade.manual_score is None:
            cell.metadata.nbgrader["score"] = None


def title_of(cell: NotebookNode) -> str:
    """Return what a student calls a graded cell: the function that it is about, or the question.

    Examples
    --------
    >>> about = {"grade_id": "test_best_step", "grade": True}
    >>> title_of(NotebookNode(cell_type="code", metadata={"nbgrader": about}))
    'Checks of best_step'
    """
    name = str(cell.metadata["nbgrader"]["grade_id"])
    if role(cell) == "test":
        return f"Checks of {name.removeprefix('test_')}"
    if cell.metadata["nbgrader"].get("grade") or cell.cell_type != "code":
        return name.replace("_", " ").capitalize()
    return f"Your {name}"


class Shown(NbGraderPreprocessor):  # type: ignore[misc]
    """Takes the hidden tests out, and gives each picture words for those who do not see it."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the cell as its student may see it."""
        if role(cell) == "test":
            cell.source = without_hidden(cell.source)
        for number, output in enumerate(cell.get("outputs", ()), 1):
            for kind in set(output.get("data", ())) & {"image/png", "image/jpeg"}:
                words = output.metadata.setdefault(kind, {})
                words.setdefault("alt", f"Output {number} of this cell, a picture.")
        return cell, resources
