"""Where a code cell stands in its chapter's source."""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes

FENCE = re.compile(r"^(`{3,}|~{3,}|:{3,})\{code-cell\}")


def is_cell(node: nodes.Node) -> bool:
    """Tell whether a node is a code cell with its outputs."""
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def find_cell(source: Path, near: int | None) -> tuple[int, int] | None:
    """Return a cell's number among the code cells of a chapter, and the line it begins on.

    Parameters
    ----------
    source : Path
        The chapter.
    near : int or None
        The line that the notebook reader gives to the cell. It lies a little below the cell's
        first line, how far depends on the cell's options.

    Returns
    -------
    tuple of int or None
        Number and line, both counted from 1; None when the chapter is not a text notebook.
    """
    if near is None or source.suffix != ".md":
        return None
    lines = source.read_text(encoding="utf-8").splitlines()
    fences = [line for line, text in enumerate(lines, start=1) if FENCE.match(text)]
    above = [line for line in fences if line <= near]
    return (len(above), above[-1]) if above else None
