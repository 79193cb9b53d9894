"""Name the cell that failed.

The notebook reader only says that "executing notebook failed". An author needs the file, the line,
which cell it was and what it raised.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cells import find_cell, is_cell
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)


def report_failed_cells(app: Sphinx, doctree: nodes.document) -> None:
    """Warn about every cell whose output is an exception that was not announced."""
    env = app.env
    found = False
    for cell in doctree.findall(is_cell):
        if "raises-exception" in cell.get("cell_metadata", {}).get("tags", []):
            continue
        for block in cell.findall(nodes.literal_block):
            if "traceback" not in block.get("classes", []):
                continue
            # The last line of a traceback is "Exception: message".
            raised = block.astext().strip().rsplit("\n", 1)[-1]
            place = find_cell(Path(env.doc2path(env.docname)), cell.line)
            logger.warning(
                "cell %s raised %s",
                place[0] if place else "?",
                raised,
                location=(env.docname, place[1]) if place else cell,
                type="failed_cell",
            )
            found = True
    metadata = getattr(env, "nb_metadata", {}).get(env.docname, {})
    execution = metadata.get("exec_data") or {}
    if execution.get("error") and not found:
        # A cell that ran out of time leaves no output behind, only this.
        lines = (execution.get("traceback") or execution["error"]).strip().splitlines()
        logger.warning(
            "a cell did not finish: %s", lines[-1], location=env.docname, type="failed_cell"
        )


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.connect("doctree-read", report_failed_cells)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
