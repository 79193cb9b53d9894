"""The table of what is wrong in the sources, each entry with the places where the book shows it.

::

    ```{errata} errata.toml
    ```

The entries are in the file. Where an entry is shown is found, not written down: it is the last
label in front of a box "What the sources say" whose title names the entry.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

COLUMNS = ("No.", "Lines", "The source says", "In truth", "Shown in")
#: What a kind is called in the table.
KINDS = {
    "wrong": "wrong",
    "code": "in a program",
    "imprecise": "imprecise",
    "slip": "a slip",
    "variant": "no error",
}
_LABEL = re.compile(r"^\(([\w-]+)\)=$")
_BOX = re.compile(r"^:{3,}\{admonition\} What the sources say: (.*)$")
_NUMBER = re.compile(r"\bE\d\.\d+\b")


def chapters(folder: Path) -> list[Path]:
    """Return the numbered chapters, in order."""
    return sorted(folder.glob("[0-9][0-9]-*.md"))


def shown(folder: Path) -> dict[str, list[str]]:
    """Return the labels of the sections in which each entry is shown."""
    found: dict[str, list[str]] = {}
    for path in chapters(folder):
        label = None
        for line in path.read_text(encoding="utf-8").splitlines():
            if match := _LABEL.match(line):
                label = match[1]
            box = _BOX.match(line)
            for number in _NUMBER.findall(box[1]) if box and label else ():
                places = found.setdefault(number, [])
                if label not in places:
                    places.append(str(label))
    return found


def read(path: Path) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Yield each source and its entries.

    Raises
    ------
    ValueError
        If an entry lacks something, or is there twice.
    """
    seen: set[str] = set()
    for source, entries in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for entry in entries:
            missing = {"id", "kind", "lines", "claim", "truth"} ^ set(entry)
            if missing or entry["kind"] not in KINDS:
                raise ValueError(f"{path.name}: {entry}: {', '.join(missing) or 'unknown kind'}")
            if entry["id"] in seen or entry["id"][1] != source[1]:
                raise ValueError(f"{path.name}: {entry['id']} is there twice, or at another source")
            seen.add(entry["id"])
        yield source, entries


class Errata(SphinxDirective):
    """The ``errata`` directive."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        folder = Path(self.env.doc2path(self.env.docname)).parent
        path = folder / self.arguments[0].strip()
        for one in (path, *chapters(folder)):
            self.env.note_dependency(str(one))
        places = shown(folder)
        body = nodes.tbody()
        for source, entries in read(path):
            for entry in entries:
                links = [f"{{ref}}`{label}`" for label in places.get(entry["id"], ())]
                kind = KINDS[entry["kind"]]
                cells = (
                    f"{entry['id']}",
                    f"{source}, {entry['lines']}",
                    f"{entry['claim']} *({kind})*",
                    entry["truth"],
                    "; ".join(links) or "here only",
                )
                row = nodes.row()
                for text in cells:
                    cell = nodes.entry()
                    self.state.nested_parse(StringList([text], str(path)), 0, cell)
                    row += cell
                body += row
        return [_table(body)]


def _table(body: nodes.tbody) -> nodes.table:
    group = nodes.tgroup(cols=len(COLUMNS))
    for width in (6, 12, 32, 32, 18):
        group += nodes.colspec(colwidth=width)
    head = nodes.row()
    for name in COLUMNS:
        head += nodes.entry("", nodes.paragraph("", name))
    group += nodes.thead("", head)
    group += body
    return nodes.table("", group, classes=["searchable"])


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("errata", Errata)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
