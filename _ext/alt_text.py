"""Every picture says in words what it shows, or the build fails.

Without a description the notebook reader puts the picture's file name into ``alt``, which a screen
reader then spells out. A description is given in the cell's options::

    :mystnb:
    :  image:
    :    alt: What the picture shows.

or, for a picture in the text, between the square brackets: ``![What it shows](picture.svg)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cells import find_cell, is_cell
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)

FILE_NAME = re.compile(r"\S+\.(svg|png|jpe?g|gif|webp|pdf)", re.IGNORECASE)
IMG_TAG = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
ALT = re.compile(r"""\balt\s*=\s*("([^"]*)"|'([^']*)')""", re.IGNORECASE)


def problem(alt: str | None) -> str | None:
    """Say what is wrong with a description, or return None when it is one.

    Examples
    --------
    >>> problem("plot.png")
    'has a file name for its alternative text'
    >>> problem("A parabola and its tangent at x = 5.") is None
    True
    """
    if alt is None or not alt.strip():
        return "has no alternative text"
    if FILE_NAME.fullmatch(alt.strip()):
        return "has a file name for its alternative text"
    return None


def check_images(app: Sphinx, doctree: nodes.document) -> None:
    """Warn about every picture without a description, once per line of the source."""
    env = app.env
    complaints: set[tuple[int | None, str]] = set()

    def complain(line: int | None, what: str, fix: str) -> None:
        # A cell may give the same picture in two formats; that is one picture to the author.
        if (line, what) not in complaints:
            complaints.add((line, what))
            logger.warning(
                "a picture %s: %s", what, fix, location=(env.docname, line), type="alt_text"
            )

    for image in doctree.findall(nodes.image):
        what = problem(image.get("alt"))
        if what is None:
            continue
        cell = next(filter(is_cell, parents(image)), None)
        if cell is None:
            complain(line_of(image), what, "write ![what it shows](file)")
        else:
            place = find_cell(Path(env.doc2path(env.docname)), cell.line)
            fix = "add mystnb: {image: {alt: ...}} to the options of the cell"
            complain(place[1] if place else cell.line, what, fix)
    for raw in doctree.findall(nodes.raw):
        if "html" not in raw.get("format", ""):
            continue
        for tag in IMG_TAG.findall(raw.astext()):
            match = ALT.search(tag)
            what = problem((match.group(2) or match.group(3)) if match else None)
            if what:
                complain(line_of(raw), what, 'give the <img> an alt="..."')


def parents(node: nodes.Node) -> Iterator[nodes.Node]:
    """Yield the nodes around a node, from the inside out."""
    while node.parent is not None:
        node = node.parent
        yield node


def line_of(node: nodes.Node) -> int | None:
    """Return the line of the nearest node around that knows its own."""
    return next((n.line for n in (node, *parents(node)) if n.line), None)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.connect("doctree-read", check_images)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
