"""Mark up the bibliography as the list that it is.

The writer gives every entry the role ``doc-biblioentry``, which has been withdrawn, inside an
element of role ``list``, which may only hold list items.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx


def correct_roles(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Call each entry a list item."""
    if "body" in context:
        context["body"] = context["body"].replace('role="doc-biblioentry"', 'role="listitem"')


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.connect("html-page-context", correct_roles)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
