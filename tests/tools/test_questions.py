"""The question bank is read from the chapters, and learning platforms can read it."""

import io
import re
import zipfile
from xml.etree import ElementTree as ET

import pytest

from tests.conftest import ROOT
from tools.questions import BrokenQuestion, bank, moodle, qti, read, to_html

ONE = """\
# A chapter

## Quick quiz

**Question 1.** Is $h < 1$ & `f(x)`?

- (a) yes
- (b) no,
  never
- (c) perhaps

:::{admonition} Answer 1
:class: dropdown
**(b).** See {ref}`there` and {term}`gradients <gradient>`. (a) is *wrong*.
:::
"""


@pytest.fixture(scope="module")
def questions():
    return bank()


def one(tmp_path, text=ONE, name="01-one.md"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read(path)


def test_a_question_is_read_with_its_chapter_its_choices_and_its_answer(tmp_path):
    (question,) = one(tmp_path)
    assert (question.name, question.topic) == ("01-one 1", "A chapter")
    assert question.choices == ("yes", "no,\n  never", "perhaps")
    assert question.choices[question.right] == "no,\n  never"


def test_a_further_question_belongs_to_the_heading_above_it(tmp_path):
    (question,) = one(tmp_path, name="questions.md")
    assert question.topic == "Quick quiz"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("- (b) no", "- (x) no", "the choices are (axc)"),
        ("**(b).**", "It is (b).", "the answer does not begin with its letter"),
        ("**(b).**", "**(f).**", "the answer does not begin with its letter"),
        (":class: dropdown\n", "", "1 questions are announced and 0 could be read"),
    ],
)
def test_a_question_in_another_form_is_named(tmp_path, old, new, said):
    with pytest.raises(BrokenQuestion) as caught:
        one(tmp_path, ONE.replace(old, new))
    assert "01-one.md" in str(caught.value)
    assert said in str(caught.value)


def test_the_bank_has_at_least_sixty_questions_each_of_its_own(questions):
    assert len(questions) >= 60
    assert len({question.name for question in questions}) == len(questions)
    assert len({question.text for question in questions}) == len(questions)
    for question in questions:
        assert len(set(question.choices)) == len(question.choices), question.name


def test_every_chapter_has_questions_and_no_letter_is_right_too_often(questions):
    chapters = {path.stem for path in (ROOT / "chapters").glob("[0-9][0-9]-*.md")}
    assert chapters <= {question.name.rpartition(" ")[0] for question in questions}
    rights = [question.right for question in questions]
    assert max(rights.count(letter) for letter in range(4)) < 0.5 * len(rights)


def test_the_explanation_speaks_of_wrong_choices_too(questions):
    for question in questions:
        assert len(set(re.findall(r"\((\w)\)", question.explanation))) >= 2, question.name


def test_nothing_of_the_books_own_markup_is_left(questions):
    for question in questions:
        for text in (question.text, question.explanation, *question.choices):
            shown = to_html(text)
            assert not re.search(r"\{\w+\}`|\$|:::", shown), (question.name, shown)
            ET.fromstring(f"<div>{shown}</div>")


def test_moodle_gets_a_category_for_each_chapter_and_one_right_answer_each(questions):
    quiz = ET.fromstring(moodle(questions))
    kinds = [one.get("type") for one in quiz]
    assert kinds.count("category") == len({question.topic for question in questions})
    items = [one for one in quiz if one.get("type") == "multichoice"]
    assert len(items) == len(questions)
    for item, question in zip(items, questions, strict=True):
        assert item.findtext("name/text") == question.name
        fractions = [answer.get("fraction") for answer in item.findall("answer")]
        assert fractions.index("100") == question.right
        assert sorted(fractions, key=int) == ["0"] * (len(fractions) - 1) + ["100"]
        assert item.findtext("generalfeedback/text")


def test_a_qti_package_lists_every_item_and_each_has_its_right_answer(questions):
    space = {"q": "http://www.imsglobal.org/xsd/imsqti_v2p1"}
    with zipfile.ZipFile(io.BytesIO(qti(questions))) as package:
        manifest = ET.fromstring(package.read("imsmanifest.xml"))
        listed = [one.get("href") for one in manifest.iter() if one.tag.endswith("}file")]
        assert sorted([*listed, "imsmanifest.xml"]) == sorted(package.namelist())
        assert len(listed) == len(questions)
        for name, question in zip(listed, questions, strict=True):
            item = ET.fromstring(package.read(name))
            right = item.findtext("q:responseDeclaration/q:correctResponse/q:value", None, space)
            choices = item.findall("q:itemBody/q:choiceInteraction/q:simpleChoice", space)
            letters = [choice.get("identifier") for choice in choices]
            assert letters.index(right) == question.right


def test_the_same_questions_give_the_same_files(questions):
    assert qti(questions) == qti(questions)
    assert moodle(questions) == moodle(questions)
