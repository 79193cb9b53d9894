"""What the page *How to study with this book* promises its readers."""

import contextlib
import io
import re

import jupytext
import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

from tests.conftest import ROOT

PAGE = ROOT / "chapters" / "how-to-study.md"
CHAPTERS = sorted((ROOT / "chapters").glob("[0-9][0-9]-*.md"))
LIVE = [
    pytest.param(cell.source, id=f"{path.stem}, cell {number}")
    for path in sorted(PAGE.parent.glob("*.md"))
    if path.read_text(encoding="utf-8").startswith("---\njupytext:")
    for number, cell in enumerate(jupytext.read(path).cells)
    if "live" in cell.metadata.get("tags", ())
]


def test_each_question_of_the_self_test_has_a_folded_answer_that_says_where_to_look():
    text = PAGE.read_text(encoding="utf-8")
    questions = re.findall(r"^\*\*Question (\d+)\.\*\*", text, re.MULTILINE)
    answers = re.findall(
        r"^:::\{admonition\} Answer (\d+)\n:class: dropdown\n(.*?)^:::",
        text,
        re.DOTALL | re.MULTILINE,
    )
    assert questions == [number for number, _ in answers] == [str(n) for n in range(1, 9)]
    for number, answer in answers:
        assert re.search(r"If (it|the rule) was hard: ", answer), number


def test_the_numbers_of_the_answers_are_computed_and_folded_away(built_book):
    page = (built_book / "chapters" / "how-to-study.html").read_text(encoding="utf-8")
    folded = re.search(r"<details[^>]*hide.*?</details>", page, re.DOTALL)
    output = re.search(r"<pre>(1:.*?)</pre>", re.sub(r"</?span[^>]*>", "", folded[0]), re.DOTALL)
    assert [line[:2] for line in output[1].strip().splitlines()] == [f"{n}:" for n in range(1, 9)]
    assert "1: 7\n2: 26\n3: (5, 2) (5, 2) (2,)\n4: a is [9 2 3] and c is [1 4 9]\n" in output[1]


def test_the_table_counts_every_chapter_of_the_book(built_book):
    page = (built_book / "chapters" / "how-to-study.html").read_text(encoding="utf-8")
    rows = re.findall(r'<tr class="row-(?:even|odd)">(.*?)</tr>', page, re.DOTALL)[1:]
    assert len(rows) == len(CHAPTERS)
    for row, chapter in zip(rows, CHAPTERS, strict=True):
        assert f'href="{chapter.stem}.html"' in row
        counts = [int(n) for n in re.findall(r"<p>(\d+)</p>", row)]
        assert len(counts) == 4
        assert min(counts) >= 3, (
            f"chapters/{chapter.name} wants three thousand words, predictions, cells tagged `live` "
            f"and quiz questions; it has {counts}"
        )


@pytest.mark.parametrize("source", LIVE)
def test_a_cell_to_change_runs_alone_and_says_what_to_change(source):
    assert re.search("# (change me|add your own)", source)
    with mpl.rc_context({"backend": "agg"}), contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(source, "cell", "exec"), {})
    assert said.getvalue() or plt.get_fignums(), "the cell shows nothing"
    plt.close("all")


def test_the_first_page_and_the_teachers_page_lead_to_it():
    for page in ("index.md", "chapters/teaching.md"):
        assert re.search(r"\{ref\}`(how-to-study|self-test)`", (ROOT / page).read_text("utf-8"))
