"""A report reads well in a notebook, in a terminal, and to nbgrader."""

import base64
import re
from dataclasses import replace

import pytest

from nnchecks.engine.hand_worked import HandWorked, Step
from nnchecks.engine.report import CheckFailed, Criterion, Outcome, Picture, Report, reported

HALF_RIGHT = Report(
    "half",
    (
        Criterion("its value", 2, Outcome.RIGHT),
        Criterion("arrays <b>", 1, Outcome.WRONG, "half([2]) returned [2].", ("Divide.",)),
    ),
    "You forgot to divide.",
)


def bundle(report):
    return report._repr_mimebundle_()


def test_the_text_holds_every_criterion_the_sentence_and_the_hint():
    text = str(HALF_RIGHT)
    assert text.startswith("half: 2 of 3 points")
    for part in ("its value (2 points): right", "half([2]) returned [2].", "Divide.", "forgot"):
        assert part in text


def test_the_html_is_a_table_with_headers_and_escapes_what_it_quotes():
    html = bundle(HALF_RIGHT)["text/html"]
    for part in ("<caption", 'scope="col"', 'scope="row"', "not yet right", "&lt;b&gt;"):
        assert part in html
    assert '<b>"' not in html


def test_the_outcome_is_told_in_words_and_not_by_a_mark_alone():
    html = bundle(HALF_RIGHT)["text/html"]
    assert "✗ not yet right" in html
    assert "✓ right" in html


def test_a_terminal_sees_the_text(monkeypatch):
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    assert bundle(HALF_RIGHT)["text/plain"] == str(HALF_RIGHT)


def test_nbgraders_autograder_sees_the_score(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert float(bundle(HALF_RIGHT)["text/plain"]) == 2


def test_validate_fails_with_the_report_unless_everything_is_right(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    with pytest.raises(CheckFailed) as failed:
        HALF_RIGHT.raise_if_validating()
    assert failed.value._render_traceback_() == [str(HALF_RIGHT)]
    whole = Report("half", HALF_RIGHT.criteria[:1])
    assert whole.raise_if_validating() is whole
    whole._ipython_display_()
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(NotImplementedError):  # IPython goes on to what it would show
        whole._ipython_display_()


def test_the_autograder_makes_a_report_only_when_it_is_looked_at_and_once(monkeypatch):
    made = []

    def make():
        made.append(1)
        return HALF_RIGHT

    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    report = reported(make)
    assert not made
    assert (report.score, report.points, report.outcome) == (2, 3, Outcome.WRONG)
    assert str(report) == repr(report) == str(HALF_RIGHT)
    assert bundle(report) == bundle(HALF_RIGHT)
    assert made == [1]
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    with pytest.raises(CheckFailed):
        reported(make)
    monkeypatch.delenv("NBGRADER_EXECUTION")
    assert reported(make) == HALF_RIGHT


def test_a_report_that_cannot_be_made_does_not_look_like_one_without_a_score(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    report = reported(lambda: HALF_RIGHT.no_such_thing)
    with pytest.raises(RuntimeError, match="no_such_thing"):
        getattr(report, "score", "all points")


def test_the_words_alone_are_the_report_without_its_picture():
    report = drawn(Outcome.WRONG, lambda: Picture("<svg/>", "a line"))
    assert "<figure" in bundle(report)["text/html"]
    assert "<figure" not in report.words()["text/html"]
    assert report.words()["text/plain"] == bundle(report)["text/plain"]


@pytest.mark.parametrize(
    ("outcomes", "whole"),
    [
        ((Outcome.RIGHT, Outcome.RIGHT), Outcome.RIGHT),
        ((Outcome.RIGHT, Outcome.WRONG), Outcome.WRONG),
        ((Outcome.NOT_ATTEMPTED, Outcome.WRONG), Outcome.WRONG),
        ((Outcome.NOT_ATTEMPTED, Outcome.NOT_ATTEMPTED), Outcome.NOT_ATTEMPTED),
        ((Outcome.RIGHT, Outcome.NOT_CHECKED), Outcome.NOT_CHECKED),
    ],
)
def test_a_report_is_right_only_if_every_criterion_is(outcomes, whole):
    criteria = tuple(Criterion(str(n), 1, outcome) for n, outcome in enumerate(outcomes))
    assert Report("any", criteria).outcome is whole


def drawn(outcome, picture):
    return Report("half", (Criterion("its value", 1, outcome),), picture=picture)


def test_a_picture_is_part_of_the_html_of_a_wrong_answer_with_its_words():
    report = drawn(Outcome.WRONG, lambda: Picture("<svg>µ</svg>", 'a "line" & more', "below"))
    html = bundle(report)["text/html"]
    (data,) = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', html)
    assert base64.b64decode(data).decode() == "<svg>µ</svg>"
    assert 'alt="a &quot;line&quot; &amp; more"' in html
    assert "<figcaption>below</figcaption>" in html


def test_a_picture_is_drawn_only_when_html_is_asked_for_and_never_for_a_right_answer():
    def drawing():
        raise AssertionError("drawn")

    str(drawn(Outcome.WRONG, drawing))
    bundle(drawn(Outcome.RIGHT, drawing))
    with pytest.raises(AssertionError, match="drawn"):
        bundle(drawn(Outcome.WRONG, drawing))


def test_a_picture_that_is_none_leaves_no_trace():
    assert "<figure" not in bundle(drawn(Outcome.WRONG, lambda: None))["text/html"]


def test_hints_open_one_by_one():
    criterion = Criterion("its value", 1, Outcome.WRONG, "No.", ("Look.", "Divide.", "The book."))
    html = bundle(Report("half", (criterion,)))["text/html"]
    assert re.findall(r"<details><summary[^>]*>(.*?)</summary>(.*?)</details>", html) == [
        ("Hint 1 of 3", "Look."),
        ("Hint 2 of 3", "Divide."),
        ("Hint 3 of 3", "The book."),
    ]


def test_the_text_shows_one_hint_more_each_time_and_begins_again_after_a_right_answer(monkeypatch):
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)

    def text(outcome):
        hints = ("Look.", "Divide.") if outcome is Outcome.WRONG else ()
        criterion = Criterion("its value", 1, outcome, "", hints)
        return str(reported(lambda: Report("hinted", (criterion,))))

    first, second, third = (text(Outcome.WRONG) for _ in range(3))
    assert "Hint 1 of 2: Look. (Run the check again for the next.)" in first
    assert "Divide" not in first
    assert "Hint 2 of 2: Divide." in second
    assert "again for the next" not in second
    assert third == second
    assert "Hint" not in text(Outcome.RIGHT)
    assert text(Outcome.WRONG) == first


def test_the_table_takes_its_colours_from_the_page_be_it_light_or_dark():
    html = bundle(HALF_RIGHT)["text/html"]
    assert set(re.findall(r"(?<![-\w])color:([^;\"]+)", html)) == {"inherit"}
    assert "#" not in html
    assert "background" not in html


@pytest.mark.parametrize("points", [0, 1, 5, 7.25])
def test_a_report_says_the_same_in_the_points_of_its_cell(points):
    report = HALF_RIGHT.scaled(points)
    assert report.points == pytest.approx(points)
    assert report.score == pytest.approx(points * HALF_RIGHT.score / HALF_RIGHT.points)
    for scaled, own in zip(report.criteria, HALF_RIGHT.criteria, strict=True):
        assert replace(scaled, points=own.points) == own
    whole = Report("half", HALF_RIGHT.criteria[:1]).scaled(points)
    assert whole.score == whole.points


def test_a_worksheet_of_other_points_is_marked_in_proportion():
    steps = tuple(Step(name, 0.1, "n / 2", "", ()) for name in "abc")
    check = HandWorked("numbers", steps, "chapter 0", lambda student: {"n": 3.0}, 2)
    assert check(dict.fromkeys("abc", 1.5), "7").scaled(2).score == pytest.approx(2)
    assert check({"a": 1.5, "b": 1, "c": 1.5}, "7").scaled(3).score == pytest.approx(2)
