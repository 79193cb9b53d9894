"""The rubrics' page holds, for every question that a person marks, what the marker needs."""

import re
from html.parser import HTMLParser

import pytest

from tests.conftest import ROOT
from tools import assignments, rubrics
from tools.rubrics import BrokenRubric

SOURCES = assignments.sources(ROOT / "solutions")
HEADER = (
    '# %% [markdown] nbgrader={{"grade": {grade}, "grade_id": "{name}", "locked": {locked}, '
    '"points": 20, "schema_version": 3, "solution": {grade}, "task": false}}\n'
)


def written(folder, answer, kind=" [markdown]"):
    """An assignment of one question, whose answer's cell holds this."""
    question = HEADER.format(grade="false", name="about_why", locked="true")
    header = HEADER.format(grade="true", name="why", locked="false").replace(" [markdown]", kind)
    source = folder / "01-one" / "01-one.py"
    source.parent.mkdir()
    source.write_text(
        "# %% [markdown]\n# # Assignment 1: one\n\n"
        f"{question}# ## 1. Why\n#\n# Why is $a^2 < 1$?\n\n{header}{answer}\n",
        encoding="utf-8",
    )
    return source


def marked_by_a_person(source):
    for cell in assignments.read(source).cells:
        meta = cell.metadata.get("nbgrader", {})
        if meta.get("grade") and meta.get("solution"):
            yield meta["grade_id"], meta["points"]


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_every_question_that_a_person_marks_has_its_question_and_its_rubric(source):
    title, found = rubrics.read(source)
    assert title.startswith(("Assignment ", "The "))
    assert [(one.name, one.points) for one in found] == list(marked_by_a_person(source))
    for one in found:
        assert re.match(r"#+ ", one.question), one.name
        assert one.awards, one.name
        given = [re.match(r"([\d.]*)(½?) points?: ", award) for award in one.awards]
        if all(given):
            worth = [float(match[1] or 0) + bool(match[2]) / 2 for match in given]
            assert sum(worth) == one.points, one.name
    explained = [cell.metadata.nbgrader.grade_id for cell in assignments.read(source).cells
                 if "**A full answer" in cell.source]  # fmt: skip
    assert [one.name for one in found if one.answer] == explained


def test_a_rubric_is_cut_into_its_awards_and_the_full_answer_stands_apart(tmp_path):
    source = written(
        tmp_path,
        "# **Rubric.** 12 points: the first\n# reason. 8 points: the second. Half are possible.\n"
        "#\n# **A full answer.** Because\n# of it.",
    )
    assert rubrics.read(source) == (
        "Assignment 1: one",
        [
            rubrics.Rubric(
                "why",
                20.0,
                "## 1. Why\n\nWhy is $a^2 < 1$?",
                ("12 points: the first\nreason.", "8 points: the second. Half are possible."),
                "Because\nof it.",
            )
        ],
    )


def test_an_answer_says_for_whom_it_is_where_each_student_has_other_data(tmp_path):
    answer = "# **Rubric.** 20 points: all.\n#\n# **A full answer** (for s0000). Because\n# of it."
    _, (one,) = rubrics.read(written(tmp_path, answer))
    assert one.awards == ("20 points: all.",)
    assert one.answer == "*(for s0000)* Because\nof it."


def test_a_second_question_below_one_heading_has_that_heading_too(tmp_path):
    source = written(tmp_path, "# **Rubric.** 20 points: all.")
    again = source.read_text(encoding="utf-8").partition("# ## 1. Why\n#\n")[2]
    again = "# %% [markdown]\n" + again.replace('"why"', '"why_not"')
    text = source.read_text(encoding="utf-8") + again
    source.write_text(text.replace('"points": 20', '"points": 10'), encoding="utf-8")
    _, (first, second) = rubrics.read(source)
    assert first.question == second.question == "## 1. Why\n\nWhy is $a^2 < 1$?"


def test_a_rubric_of_a_picture_is_the_comment_above_its_code_and_the_code_is_left_out(tmp_path):
    answer = (
        "### BEGIN SOLUTION\n# Rubric. 20 points: the curve,\n#         named.\n"
        "curve = 1\n# Not this.\n### END SOLUTION"
    )
    _, (one,) = rubrics.read(written(tmp_path, answer, ""))
    assert one.awards == ("20 points: the curve,\nnamed.",)
    assert one.answer == ""


@pytest.mark.parametrize(
    ("answer", "kind", "wanted"),
    [
        ("# Because of it.", " [markdown]", '"**Rubric.** 1 point: ..."'),
        ("### BEGIN SOLUTION\n1\n### END SOLUTION", "", '"# Rubric. 1 point: ..."'),
    ],
)
def test_a_question_without_a_rubric_is_named_with_what_to_add(
    tmp_path, capsys, answer, kind, wanted
):
    source = written(tmp_path, answer, kind)
    with pytest.raises(BrokenRubric) as caught:
        rubrics.read(source)
    assert "01-one.py: why is marked by a person" in str(caught.value)
    assert wanted in str(caught.value)
    target = tmp_path / "rubrics.html"
    assert rubrics.main(["--solutions", str(tmp_path), "--to", str(target)]) == 1
    assert wanted in capsys.readouterr().err
    assert not target.exists()


class Outline(HTMLParser):
    """What a page shows, and whether its elements are closed."""

    def __init__(self):
        super().__init__()
        self.open, self.text, self.ids, self.outside = [], [], [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids += [given["id"]] if "id" in given else []
        self.outside += [given[name] for name in ("src", "href") if name in given]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def test_the_page_is_whole_needs_no_other_file_and_shows_formulas(tmp_path, capsys):
    target = tmp_path / "made" / "rubrics.html"
    assert rubrics.main(["--to", str(target)]) == 0
    assert str(target) in capsys.readouterr().out
    page = target.read_text(encoding="utf-8")
    outline = Outline()
    outline.feed(page)
    assert outline.open == []
    assert len(set(outline.ids)) == len(outline.ids)
    assert all(link.startswith("#") and link[1:] in outline.ids for link in outline.outside)
    for source in SOURCES:
        for name, _ in marked_by_a_person(source):
            assert f"{source.stem}-{name}" in outline.ids
    assert "<math " in page
    assert "$" not in "".join(outline.text)


def test_the_answers_are_on_no_page_of_the_book():
    pages = [ROOT / "index.md", *(ROOT / "chapters").glob("*.md")]
    answers = [
        one.answer[:60] for source in SOURCES for one in rubrics.read(source)[1] if one.answer
    ]
    assert answers
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not [answer for answer in answers if answer in text], page
