"""The rubrics of all questions that a person marks, on one page for those who mark.

    python -m tools.rubrics          writes _build/rubrics.html

A rubric stands once, in the instructor's version of a notebook: as the comment "# Rubric." on top
of a picture's solution, or as the paragraph "**Rubric.**" of an explanation's, with
"**A full answer.**" below it. The page is made from there. It is no page of the book, because it
holds the answers.
"""

import argparse
import html
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sphinxcontrib.katex as katex
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from nbformat import NotebookNode

from tools import assignments
from tools.assignments import BrokenAssignment
from tools.course import ROOT

_COMMENT = re.compile(r"^# Rubric\.\s*(.*(?:\n#.*)*)", re.MULTILINE)
_PARAGRAPH = re.compile(r"\*\*Rubric\.\*\*\s*(.*?)\s*(?=\*\*A full answer|\Z)", re.DOTALL)
#: Where each student has other data, it says for whom: "**A full answer** (for s0000). ..."
_ANSWER = re.compile(r"\*\*A full answer\.?\*\*(?: (\([^)]*\))\.)?\s*(.*)", re.DOTALL)
#: Where a new award begins: "1 point: ...". Each gets a line of its own.
_AWARD = re.compile(r"\s+(?=[\d.]*[\d½] points?: )")


class BrokenRubric(ValueError):
    """A question that a person marks has no rubric; the message says which and what to write."""


@dataclass(frozen=True)
class Rubric:
    """What a marker needs for one question, in Markdown.

    Attributes
    ----------
    name : str
        The `grade_id` of the answer's cell.
    points : float
    question : str
        As the student reads it, with its heading.
    awards : tuple of str
        What is marked, one award after another, and what else is said about marking.
    answer : str
        A full answer, or nothing where a picture or a report is asked for.
    """

    name: str
    points: float
    question: str
    awards: tuple[str, ...]
    answer: str


def read(source: Path) -> tuple[str, list[Rubric]]:
    """Return the title of an assignment and its rubrics, in order.

    Raises
    ------
    BrokenRubric
        If a cell that a person marks has none.
    BrokenAssignment
        If the assignment cannot be read.
    """
    notebook = assignments.read(source)
    found = []
    asked: list[str] = []
    heading = ""
    for cell in notebook.cells:
        meta = cell.metadata.get("nbgrader", {})
        if meta.get("grade") and meta.get("solution"):
            awards, answer = _rubric_of(cell, source)
            if not (asked and asked[0].startswith("#")):
                asked = [heading, *asked]  # a further question below the same heading
            question = "\n\n".join(asked)
            found.append(Rubric(meta["grade_id"], float(meta["points"]), question, awards, answer))
        if meta.get("grade") or meta.get("solution"):
            asked = []
        elif cell.cell_type == "markdown":
            if re.match(r"#+ ", cell.source):
                asked = []  # what stands above belongs to the exercise before
                heading = re.findall(r"^#+ .+$", cell.source, re.MULTILINE)[-1]
            asked.append(cell.source)
    titles = re.findall(r"^# (.+)$", notebook.cells[0].source, re.MULTILINE)
    return (titles[0] if titles else source.stem), found


def _rubric_of(cell: NotebookNode, source: Path) -> tuple[tuple[str, ...], str]:
    if cell.cell_type == "code":
        match = _COMMENT.search(cell.source)
        text = re.sub(r"\n#[ \t]*", "\n", match[1]) if match else ""
        wanted = 'a comment "# Rubric. 1 point: ..." at the start of its solution'
    else:
        match = _PARAGRAPH.search(cell.source)
        text = match[1] if match else ""
        wanted = 'a paragraph "**Rubric.** 1 point: ..."'
    if not text.strip():
        name = cell.metadata.nbgrader.grade_id
        raise BrokenRubric(
            f"{source}: {name} is marked by a person and has no rubric; add {wanted}."
        )
    answer = _ANSWER.search(cell.source) if cell.cell_type == "markdown" else None
    awards = tuple(part.strip() for part in _AWARD.split(text) if part.strip())
    if answer is None:
        return awards, ""
    return awards, f"*{answer[1]}* {answer[2]}" if answer[1] else answer[2]


def page(solutions: Path) -> str:
    """Return all rubrics as one page of HTML that needs no other file."""
    parts, contents = [], []
    for source in assignments.sources(solutions):
        title, rubrics = read(source)
        name = source.stem
        contents.append(f'<li><a href="#{name}">{html.escape(title)}</a></li>')
        parts.append(f'<h2 id="{name}">{html.escape(title)}</h2>')
        if not rubrics:
            parts.append("<p>Nothing in this assignment is marked by a person.</p>")
        parts += [_section(name, rubric) for rubric in rubrics]
    return _PAGE.format(contents="".join(contents), parts="\n".join(parts))


def _section(assignment: str, rubric: Rubric) -> str:
    awards = "".join(f"<li>{to_html(one)}</li>" for one in rubric.awards)
    points = f"{rubric.points:g} point{'s' * (rubric.points != 1)}"
    answer = f"<h4>A full answer</h4>{to_html(rubric.answer)}" if rubric.answer else ""
    return (
        f'<section id="{assignment}-{rubric.name}">'
        f'<div class="asked">{to_html(rubric.question)}</div>'
        f"<h4>Rubric: {points}, <code>{rubric.name}</code></h4><ul>{awards}</ul>{answer}</section>"
    )


def to_html(text: str) -> str:
    r"""Return Markdown as HTML, its formulas as MathML, its headings one level down.

    Examples
    --------
    >>> to_html("## 7. Why\n\nSay `why`.")
    '<h3>7. Why</h3>\n<p>Say <code>why</code>.</p>'
    """
    reader = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)
    reader.add_render_rule("math_inline", lambda _self, tokens, at, *_: _maths(tokens[at].content))
    reader.add_render_rule(
        "math_block", lambda _self, tokens, at, *_: _maths(tokens[at].content, display=True)
    )
    tokens = reader.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
    return str(reader.renderer.render(tokens, reader.options, {})).strip()


def _maths(formula: str, *, display: bool = False) -> str:
    return str(katex.render_latex(formula, {"output": "mathml", "displayMode": display}))


def _prepare_katex() -> None:
    """Let KaTeX run as it does for the book."""
    import strict_maths

    strict_maths.prepare()


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rubrics, Neural Networks by Hand</title>
<style>
:root {{ color-scheme: light dark; }}
html {{ background: Canvas; color: CanvasText; }}
body {{ max-width: 44rem; margin: 2rem auto; padding: 0 1rem; font: 1.05rem/1.5 serif; }}
h2 {{ margin-top: 3rem; border-bottom: 1px solid; }}
section {{ margin-bottom: 2.5rem; }}
.asked {{ border-left: 0.25rem solid; padding-left: 1rem; }}
pre, table {{ overflow-x: auto; display: block; }}
@media print {{
  h2 {{ break-before: page; }}
  h3, h4 {{ break-after: avoid; }}
  nav {{ display: none; }}
}}
</style>
</head>
<body>
<main>
<h1>Rubrics</h1>
<p>For those who mark. Every question that a person marks, as the student reads it, with its rubric
and, where words are asked for, a full answer. An explanation is worth its points when its reason is
right, in whatever words.</p>
<nav aria-label="Assignments"><ul>{contents}</ul></nav>
{parts}
</main>
</body>
</html>
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as a command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--to", type=Path, default=ROOT / "_build" / "rubrics.html")
    parser.add_argument("--solutions", type=Path, default=ROOT / "solutions")
    options = parser.parse_args(arguments)
    _prepare_katex()
    try:
        text = page(options.solutions)
    except (BrokenRubric, BrokenAssignment) as error:
        print(error, file=sys.stderr)
        return 1
    options.to.parent.mkdir(parents=True, exist_ok=True)
    options.to.write_text(text, encoding="utf-8")
    print(f"The rubrics, for those who mark: {options.to}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
