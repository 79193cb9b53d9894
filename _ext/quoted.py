"""Show a piece of the library in a chapter without retyping it.

::

    ```{quoted} nnlib.differentiation.best_step
    ```

shows the function's source. Of its docstring only the first sentence is shown, since the chapter
around it says the rest; ``:docstring:`` shows it all. The page is made again when the file changes.
"""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

logger = logging.getLogger(__name__)

Definition = ast.FunctionDef | ast.ClassDef


def find(name: str) -> tuple[Path, list[str]]:
    """Split ``package.module.thing`` into the module's file and the path inside it."""
    parts = name.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        try:
            spec = importlib.util.find_spec(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        if spec is not None and spec.origin is not None:
            return Path(spec.origin), parts[cut:]
    raise LookupError(f"there is no module for {name!r}")


def definition(tree: ast.Module, path: list[str]) -> Definition:
    """Return the function or class at the end of a path of names."""
    body = tree.body
    found = None
    for name in path:
        found = next(
            (
                node
                for node in body
                if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name
            ),
            None,
        )
        if found is None:
            raise LookupError(f"no function or class {'.'.join(path)!r} is defined there")
        body = found.body
    assert found is not None
    return found


def source_of(name: str, *, docstring: bool = False) -> tuple[str, Path, int]:
    """Return the source of a function or class, its file and its first line.

    Parameters
    ----------
    name : str
        The full dotted name.
    docstring : bool
        Whether to show the whole docstring instead of its first sentence.

    Returns
    -------
    tuple
        Text, file and line number.
    """
    file, path = find(name)
    text = file.read_text(encoding="utf-8")
    node = definition(ast.parse(text), path)
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    lines = text.splitlines()
    body = lines[first - 1 : node.end_lineno]
    opening = node.body[0]
    summary = ast.get_docstring(node)
    if summary and not docstring:
        assert opening.end_lineno is not None
        short = " " * opening.col_offset + f'"""{summary.splitlines()[0]}"""'
        body[opening.lineno - first : opening.end_lineno - first + 1] = [short]
    indent = min(len(line) - len(line.lstrip()) for line in body if line.strip())
    return "\n".join(line[indent:] for line in body), file, first


class Quoted(SphinxDirective):
    """The ``quoted`` directive."""

    required_arguments = 1
    option_spec = {"docstring": directives.flag}  # noqa: RUF012 - docutils' own convention

    def run(self) -> list[nodes.Node]:
        """Return the source as a block of code under the name of its file."""
        name = self.arguments[0].strip()
        try:
            text, file, _ = source_of(name, docstring="docstring" in self.options)
        except (LookupError, SyntaxError) as error:
            logger.warning(
                "cannot quote %s: %s", name, error, location=self.get_location(), type="quoted"
            )
            return []
        self.env.note_dependency(str(file))
        block = nodes.literal_block(text, text, language="python")
        self.set_source_info(block)
        where = "/".join([*name.split(".")[:1], file.name])
        title = nodes.paragraph("", "", nodes.literal(where, where), classes=["quoted-from"])
        return [nodes.container("", title, block, classes=["quoted"])]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("quoted", Quoted)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
