"""Feedback is a page that needs no network, names each test, and calls no open mark lost."""

import re

import pytest
from nbgrader.api import Gradebook

from autograder import maths
from tests.autograder.test_classroom import (
    ANSWERS,
    NAME,
    copy_of,
    hand_in,
    nbgrader,
    notebook,
    released,
    run,
)

__all__ = ["released"]  # a fixture

PICTURE = (
    "import matplotlib.pyplot as plt\nplt.loglog([1e-8, 1], [1, 1e-8], label='central')\n"
    "plt.title('Errors')\nplt.show()"
)
TEXT = """\
Because $\\frac{\\varepsilon}{h}$ grows, and

$$E = \\frac{h^2}{6}$$

falls. \\begin{align} a &= b \\end{align} Not so $\\undefined{x$; nor `$code$` for 3 $.
"""


def beside_the_question(made):
    (place,) = (
        k
        for k, cell in enumerate(made["cells"])
        if cell["metadata"]["nbgrader"]["grade_id"] == "why_the_curve_turns"
    )
    made["cells"].insert(place + 1, {"cell_type": "markdown", "metadata": {}, "source": TEXT})


@pytest.fixture(scope="module")
def course(released, tmp_path_factory, jailed):
    course = copy_of(released, tmp_path_factory.mktemp("feedback"))
    answers = {**ANSWERS, "error_curve_picture": PICTURE}
    hand_in(course, "ann", notebook(course, answers, beside_the_question))
    hand_in(course, "bob", notebook(course, {}))
    hand_in(course, "cem", notebook(course, {**answers, "why_the_curve_turns": TEXT}))
    hand_in(course, "dan", b"no notebook")
    run(course)
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        for name, points in (("error_curve_picture", 1.5), ("why_the_curve_turns", 0)):
            gradebook.find_grade(name, NAME, NAME, "cem").manual_score = points
        gradebook.find_comment("why_the_curve_turns", NAME, NAME, "cem").manual_comment = "$h^2$?"
        gradebook.db.commit()
    done = nbgrader(course, "generate_feedback", NAME)
    assert done.returncode == 0, done.stderr
    return course


def where(course, student):
    return course / "feedback" / student / NAME / f"{NAME}.html"


@pytest.fixture
def opened(browser, course):
    """Open a student's page where there is no network, and note what it asks for."""
    context = browser.new_context(offline=True)

    def opened(student):
        page = context.new_page()
        asked = []
        page.on("request", lambda one: asked.append(one.url))
        page.on("pageerror", lambda error: asked.append(str(error)))
        page.goto(where(course, student).as_uri())
        assert [one for one in asked if not one.startswith("data:")] == [page.url]
        return page

    yield opened
    context.close()


def marks_of(page):
    rows = page.locator("#marks tr").all()
    return {row.locator("th").inner_text(): row.locator("td").inner_text() for row in rows}


def test_each_mark_is_named_and_what_is_not_yet_marked_is_not_lost(opened):
    found = marks_of(opened("ann"))
    assert list(found) == [
        *(f"Checks of {name}" for name in ("forward_difference", "central_difference")),
        *(f"Checks of {name}" for name in ("partial_derivative", "numerical_gradient")),
        *("Checks of best_step", "Error curve picture", "Why the curve turns", "Together"),
    ]
    assert found["Checks of central_difference"] == "3 of 3"
    assert found["Error curve picture"] == "not yet marked, out of 2"
    assert found["Why the curve turns"] == "not yet marked, out of 2"
    assert found["Together"] == "6 of 16 so far; 4 of the 20 points are not yet marked"


def test_a_mark_of_nothing_is_a_mark(opened):
    found = marks_of(opened("cem"))
    assert (found["Error curve picture"], found["Why the curve turns"]) == ("1.5 of 2", "0 of 2")
    assert found["Together"] == "7.5 of 20"
    found = marks_of(opened("bob"))
    assert found["Why the curve turns"] == "0 of 2"
    assert found["Together"] == "0 of 20"


def test_a_notebook_that_could_not_be_graded_has_no_marks_and_says_why(opened):
    page = opened("dan")
    assert marks_of(page)["Together"] == "0 of 0 so far; 20 of the 20 points are not yet marked"
    assert "Your notebook cannot be read" in page.inner_text("main")


def test_who_has_answered_elsewhere_does_not_read_that_there_is_no_response(opened):
    text = opened("ann").inner_text("main")
    assert "The cell why_the_curve_turns holds no answer, but other work of yours" in text
    answered = opened("ann").locator("#why_the_curve_turns").inner_text()
    assert "No response" not in answered
    assert "No response." in opened("bob").locator("#why_the_curve_turns").inner_text()


def test_formulas_are_typeset_on_the_page_itself(opened):
    page = opened("cem")
    formulas = page.locator("#why_the_curve_turns math")
    assert formulas.count() == 4  # and the one of the comment
    assert page.locator("#why_the_curve_turns math[display=block] mfrac").count() == 1
    width = formulas.first.evaluate("one => one.getBoundingClientRect().width")
    assert width > 0
    text = page.locator("#why_the_curve_turns").inner_text()
    assert r"\undefined{x" in text
    assert "$code$" in text
    assert "3 $." in text


def test_pictures_have_words(opened):
    page = opened("ann")
    words = [one.get_attribute("alt") for one in page.locator("img").all()]
    assert "A figure: titled Errors; curves central." in words
    assert all(words)


def test_links_lead_to_the_graded_cells(opened):
    page = opened("ann")
    for link in page.locator("#marks a").all():
        assert page.locator(link.get_attribute("href")).count() == 1
    assert re.search(r"<html lang=.en.>", page.content())


def test_without_katex_a_formula_is_shown_as_its_tex(monkeypatch):
    monkeypatch.setattr(maths, "_beside", lambda *_: None)
    assert maths.typeset([("a<b", False)]) == ["<code>a&lt;b</code>"]


def test_a_formula_runs_nothing():
    (page,) = maths.typeset([(r"\href{javascript:alert(1)}{x} \htmlClass{a}{b}", False)])
    assert "href=" not in page
    assert 'class="a"' not in page
