"""Fold an admonition of class ``dropdown`` into the browser's own ``<details>``.

It opens with the mouse, the keyboard and the browser's page search, and needs no script at all.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator


class Folded(nodes.General, nodes.Element):
    """What is folded away."""


class FoldedTitle(nodes.General, nodes.TextElement):
    """The line that is always shown."""


def is_dropdown(node: nodes.Node) -> bool:
    """Tell whether a node is an admonition to be folded."""
    return isinstance(node, nodes.Admonition) and "dropdown" in node.get("classes", [])


class FoldDropdowns(SphinxPostTransform):
    """Replace the admonitions to be folded, in HTML only."""

    default_priority = 900  # after references inside have been resolved
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Replace them."""
        for node in list(self.document.findall(is_dropdown)):
            folded = Folded(classes=["admonition", *node["classes"]], ids=node["ids"])
            folded.source, folded.line = node.source, node.line
            children = list(node.children)
            title = FoldedTitle(classes=["admonition-title"])
            if children and isinstance(children[0], nodes.title):
                title.extend(children.pop(0).children)
            else:
                title.append(nodes.Text(node.tagname.capitalize()))
            folded.append(title)
            folded.extend(children)
            node.replace_self(folded)


def visit_folded(self: HTML5Translator, node: Folded) -> None:
    """Open the fold; ``open`` among its classes leaves it unfolded."""
    attributes = {"open": "open"} if "open" in node["classes"] else {}
    self.body.append(self.starttag(node, "details", **attributes))


def depart_folded(self: HTML5Translator, node: Folded) -> None:
    """Close the fold."""
    self.body.append("</details>\n")


def visit_title(self: HTML5Translator, node: FoldedTitle) -> None:
    """Open the title."""
    self.body.append(self.starttag(node, "summary", ""))


def depart_title(self: HTML5Translator, node: FoldedTitle) -> None:
    """Close the title."""
    self.body.append("</summary>\n")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the transform and how its nodes are written."""
    app.add_node(Folded, html=(visit_folded, depart_folded))
    app.add_node(FoldedTitle, html=(visit_title, depart_title))
    app.add_post_transform(FoldDropdowns)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
