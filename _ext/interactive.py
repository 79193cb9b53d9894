"""Figures that the reader can move, drawn by a small script of our own.

::

    :::{interactive} differentiation
    :alt: A parabola, its tangent and a secant whose second point moves with a slider.

    Anything here is shown below the frame: a caption.
    :::

takes ``assets/interactive/differentiation.js``, which is loaded on the pages that use it and on no
other, and ``assets/interactive/differentiation.svg``, a still frame that is part of the page: it is
what print and readers without scripts see.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)

NAME = re.compile(r"[a-z][a-z0-9-]*")


class InteractiveFigure(nodes.General, nodes.Element):
    """One such figure: its name, its description and its still frame."""


class Interactive(SphinxDirective):
    """The ``interactive`` directive."""

    required_arguments = 1
    option_spec = {"alt": directives.unchanged_required}  # noqa: RUF012 - docutils' own convention
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the figure."""
        name = self.arguments[0].strip()
        alt = self.options.get("alt", "").strip()
        folder = Path(self.env.srcdir) / "assets" / "interactive"
        script, still = folder / f"{name}.js", folder / f"{name}.svg"
        location = self.get_location()
        if not NAME.fullmatch(name) or not script.is_file():
            logger.warning(
                "there is no interactive figure %r: assets/interactive/%s.js is missing",
                name,
                name,
                location=location,
                type="interactive",
            )
            return []
        if not alt:
            logger.warning(
                "the interactive figure %r has no alternative text: add :alt:",
                name,
                location=location,
                type="alt_text",
            )
        frame = ""
        if still.is_file():
            frame = still.read_text(encoding="utf-8")
            # A changed frame must reach the page.
            self.env.note_dependency(str(still))
        else:
            logger.warning(
                "the interactive figure %r has no still frame: "
                "assets/interactive/%s.svg is missing",
                name,
                name,
                location=location,
                type="interactive",
            )
        figure = InteractiveFigure(name=name, alt=alt, frame=frame)
        self.set_source_info(figure)
        self.state.nested_parse(self.content, self.content_offset, figure)
        return [figure]


def visit_figure(self: HTML5Translator, node: InteractiveFigure) -> None:
    """Write the frame; the script adds the moving part beside it."""
    alt = self.attval(node["alt"])
    self.body.append(
        f'<div class="interactive" data-figure="{node["name"]}" role="group" aria-label="{alt}">\n'
        f'<div class="interactive-still" role="img" aria-label="{alt}">{node["frame"]}</div>\n'
    )
    if node.children:
        self.body.append('<div class="interactive-caption">\n')


def depart_figure(self: HTML5Translator, node: InteractiveFigure) -> None:
    """Close the frame."""
    if node.children:
        self.body.append("</div>\n")
    self.body.append("</div>\n")


def skip_figure(self: Any, node: InteractiveFigure) -> None:
    """Leave the figure out of what is not a web page."""
    raise nodes.SkipNode


def add_scripts(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Load the scripts of the figures on this page."""
    if doctree is None:
        return
    for name in sorted({figure["name"] for figure in doctree.findall(InteractiveFigure)}):
        app.add_js_file(f"interactive/{name}.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_node(
        InteractiveFigure,
        html=(visit_figure, depart_figure),
        latex=(skip_figure, None),
        text=(skip_figure, None),
    )
    app.add_directive("interactive", Interactive)
    app.connect("html-page-context", add_scripts)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
