"""Lead from each function in the library's pages to the place where the book derives it.

The place is found, not written down: it is the last label in front of the function's term, or of
the first mention of its name, in the chapters in their order.
"""

from __future__ import annotations

import inspect
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

LABEL = re.compile(r"^\(([\w-]+)\)=$")
IMPORTS = ("from nnlib", "from nnchecks")


@lru_cache
def chapters(folder: Path) -> tuple[tuple[str, ...], ...]:
    """Return the lines of every numbered chapter, in order."""
    return tuple(
        tuple(path.read_text(encoding="utf-8").splitlines())
        for path in sorted(folder.glob("[0-9][0-9]-*.md"))
    )


def derivation(name: str, folder: Path) -> str | None:
    """Return the label in front of the place that introduces `name`, or None.

    That is where its term is introduced, or else the first mention of the name outside imports.
    """
    term = re.compile(rf"\{{term\}}`{re.escape(name.replace('_', ' '))}`")
    mention = re.compile(rf"(?<![\w/]){re.escape(name)}(?!\w)")
    for pattern in (term, mention):
        for lines in chapters(folder):
            label = None
            importing = False
            for line in lines:
                if found := LABEL.match(line):
                    label = found[1]
                importing = (importing and ")" not in line) or line.startswith(IMPORTS)
                if label and not importing and pattern.search(line):
                    return label
    return None


def add_link(
    app: Sphinx, what: str, name: str, _object: Any, _options: Any, lines: list[str]
) -> None:
    """Put the link behind the first paragraph of a docstring."""
    short = name.rpartition(".")[2]
    if what not in ("function", "class") or not lines:
        return
    label = derivation(short, Path(app.srcdir) / "chapters")
    if label:
        end = lines.index("") if "" in lines else len(lines)
        lines[end:end] = ["", f"In the book: :ref:`{label}`."]


def skip_data(
    _app: Sphinx, what: str, _name: str, member: Any, skip: bool, _options: Any
) -> bool | None:
    """Leave out a module's constants: napoleon takes the words before a colon for their type."""
    defined = inspect.isroutine(member) or inspect.isclass(member)
    return True if what == "module" and not defined else None


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the hooks; the first runs before napoleon rearranges the docstring."""
    app.connect("autodoc-process-docstring", add_link, priority=100)
    app.connect("autodoc-skip-member", skip_data)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
