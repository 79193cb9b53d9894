"""What `nbgrader generate_feedback` does in this course."""

from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor  # type: ignore[import-untyped]

from autograder.cells import role, without_hidden


class HideTests(NbGraderPreprocessor):  # type: ignore[misc]
    """Takes the hidden tests out of what students get to see; for GenerateFeedback."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the cell without its hidden part."""
        if role(cell) == "test":
            cell.source = without_hidden(cell.source)
        return cell, resources
