"""The examination of the graders finds what it is meant to find."""

import doctest
import json
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tools import certify, trials
from tools.certify import Count, NotCertified, Row, Subject, examine, verdict
from tools.mutants import Mutant

IMPORTS = """
import types
import numpy as np
from nnlib.checks.exercise import Case, Exercise, Misconception, Property
def cases(rng, rounds):
    return [Case(f"half({x})", (x,), {}, x / 2) for x in rng.integers(1, 99, (4, 3))]
def weak_cases(rng, rounds):
    return [Case("half(4)", (np.array([4.0]),), {}, [2.0])]
doubled = Misconception("doubled", lambda x: 2 * x, "You doubled.")
silent = Misconception("zero", lambda x: 0 * x, "Zero.")
right = Misconception("right", lambda x: x / 2, "Right.")
def made(ask, *wrong):
    return Exercise("half", (Property("value", 20, ask, arguments_kept=True),), wrong, "chapter 0")
check = types.SimpleNamespace(
    half=made(cases, doubled), weak=made(weak_cases, doubled), wrong=made(cases, doubled, right)
)
print("what the cells print goes nowhere")
"""
RIGHT = "def half(x):\n    return x / 2"
ALTERNATIVES = """
ALTERNATIVES = {"half": (lambda x: x / 2, lambda x: 0.5 * x, lambda x: x - x / 2, %s)}
"""


def subject(
    tmp_path,
    *changes,
    check="half",
    fourth="lambda x: (x / 2).tolist()",
    equivalent=(),
    strangers="",
):
    """An assignment with one exercise, whose mutants are given."""
    unseen = tmp_path / "unseen.py"
    unseen.write_text(strangers)
    alternatives = tmp_path / "alternatives.py"
    alternatives.write_text(ALTERNATIVES % fourth)
    return Subject(
        "00-half",
        {
            "cells": [
                {"id": "imports", "source": IMPORTS, "solution": False},
                {"id": "half", "source": RIGHT, "solution": True},
            ],
            "tests": {"half": f"check.{check}(half)\ncheck.{check}(half, seed=73, rounds=5)"},
            "alternatives": str(alternatives),
            "unseen": str(unseen),
        },
        {"half": [Mutant(name, source) for name, source in changes]},
        {"half": dict(equivalent)},
    )


def row_of(subject, form="whole", seconds=60.0):
    (row,) = examine([subject], form, seconds)
    return row


WRONG_SIGN = ("sign", "def half(x):\n    return -x / 2")
SAME = ("same", "def half(x):\n    return 0.5 * x")


def test_a_sound_exercise_is_certified_with_every_count(tmp_path):
    row = row_of(subject(tmp_path, WRONG_SIGN, SAME, equivalent=[("same", "a half is ½")]))
    assert verdict([row]) == []
    assert row.as_json() == {
        "assignment": "00-half",
        "exercise": "half",
        "misconceptions": {"total": 1, "rejected": 1, "named": 1},
        "combinations": {"total": 0, "named": 0},
        "tricks": {"total": 5, "rejected": 5},
        "mutants": {"total": 2, "killed": 1, "equivalent": 1},
        "alternatives": {"total": 4, "accepted": 4, "variations": 300},
        "unseen": {"total": 0, "named": 0},
        "diagnoses": {"total": 1, "false": 0},
    }


def test_a_surviving_mutant_is_counted_named_and_misses_the_bar(tmp_path):
    row = row_of(subject(tmp_path, WRONG_SIGN, SAME))
    assert row.killed == Count(2, 1)
    assert row.survivors == ["00-half, half: same"]
    assert verdict([row]) == ["00-half: 1 of 2 mutants are killed; at least 98 % must be."]


def test_what_never_ends_asks_for_all_memory_or_ends_the_program_is_killed(tmp_path):
    row = row_of(
        subject(
            tmp_path,
            ("loops", "def half(x):\n    while True:\n        pass"),
            ("exits", "import os\ndef half(x):\n    os._exit(0)"),
            ("grows", "def half(x):\n    return [0] * 10**12"),
            ("no program", "1 / 0"),
            ("prints", "print('{}')\ndef half(x):\n    print('[]')\n    return x"),
            SAME,
        ),
        seconds=6,
    )
    assert row.killed == Count(6, 5)
    assert row.survivors == ["00-half, half: same"]


def test_a_right_answer_that_loses_marks_is_complained_of_with_the_reports_words(tmp_path):
    row = row_of(subject(tmp_path, fourth="lambda x: x.tolist()"))
    (complaint,) = verdict([row])
    assert complaint.startswith("00-half, half: right answer 4 loses marks: ✗ value (20 points)")
    assert row.accepted == Count(4, 3)


def test_a_check_with_one_fixed_case_is_found_out_by_the_tricks(tmp_path):
    complaints = verdict([row_of(subject(tmp_path, check="weak"))])
    for trick in ("constant", "knows the visible check"):
        assert f"00-half, half: the wrong answer '{trick}' gets full marks." in complaints
    assert any("1 misconceptions are named" in one for one in complaints), "one case names nothing"


def test_a_misconception_that_is_right_gets_full_marks_and_is_complained_of(tmp_path):
    row = row_of(subject(tmp_path, check="wrong"))
    assert row.rejected == Count(2, 1)
    assert "00-half, half: the wrong answer 'right' gets full marks." in verdict([row])


@pytest.mark.parametrize(
    ("equivalent", "said"),
    [
        ([("sign", "no")], "lists `sign`, but the checks reject it"),
        ([("gone", "no")], "lists `gone`, which no mutant has"),
    ],
)
def test_an_entry_of_equivalent_py_that_is_out_of_date_is_an_error(tmp_path, equivalent, said):
    (complaint,) = verdict([row_of(subject(tmp_path, WRONG_SIGN, equivalent=equivalent))])
    assert said in complaint


def test_a_trick_that_gives_a_right_answer_is_listed_too_and_then_no_wrong_answer(tmp_path):
    listed = [("constant", "the check asks one question"), ("knows the visible check", "likewise")]
    row = row_of(subject(tmp_path, check="weak", equivalent=listed))
    assert row.complaints == []
    assert row.tricks == Count(3, 3)
    assert row.equivalent == 0, "the column counts mutants"
    (complaint,) = row_of(subject(tmp_path, equivalent=[("a tenth too large", "no")])).complaints
    assert "lists `a tenth too large`, but the checks reject it" in complaint


def test_a_right_answer_that_loses_under_one_variation_of_many_is_found(tmp_path):
    row = row_of(subject(tmp_path, fourth="lambda x: x / 2 + (max(x) == 98 and min(x) > 60)"))
    assert row.accepted == Count(4, 3)
    assert row.variations == 300
    assert "right answer 4 loses marks" in row.complaints[0]


STRANGERS = """
def twice(x):
    return 2 * x
def a_third(x):
    return x / 3
def half_of_it(x):
    return 0.5 * x
def whole(x):
    return x // 2
WRONG = {"half": [(twice, %s), (a_third, ())%s]}
RIGHT = {"half": [half_of_it%s]}
"""


def test_strangers_answers_are_named_or_listed_and_their_right_ones_lose_nothing(tmp_path):
    row = row_of(subject(tmp_path, strangers=STRANGERS % (("doubled",), "", "")))
    assert (row.unseen, row.unnamed) == (Count(2, 1), ["00-half, half: a_third"])
    assert (row.accepted, row.honest) == (Count(5, 5), Count(3, 3))
    (complaint,) = verdict([row])
    assert complaint.startswith("00-half: 1 of 2 answers by strangers are named")


def test_a_diagnosis_that_is_not_true_is_an_error(tmp_path):
    row = row_of(subject(tmp_path, strangers=STRANGERS % ((), "", "")))
    assert row.honest == Count(3, 2)
    assert "00-half, half: twice is told 'doubled', which is not so." in verdict([row])


def test_a_strangers_answer_with_full_marks_and_a_right_one_that_loses_are_errors(tmp_path):
    wrong = STRANGERS % (("doubled",), ", (half_of_it, ())", ", whole")
    complaints = verdict([row_of(subject(tmp_path, strangers=wrong))])
    assert "00-half, half: the wrong answer 'half_of_it' gets full marks." in complaints
    assert any("half: whole loses marks" in one for one in complaints)


def test_three_right_answers_are_too_few(tmp_path):
    found = subject(tmp_path)
    path = tmp_path / "alternatives.py"
    path.write_text(path.read_text().replace(", lambda x: (x / 2).tolist()", ""))
    (complaint,) = verdict([row_of(found)])
    assert "alternatives.py holds 3 right answers; there must be 4" in complaint


def test_cells_that_do_not_run_are_said_in_one_sentence(tmp_path):
    found = subject(tmp_path)
    found.spec["cells"][1]["source"] = "1 / 0"
    with pytest.raises(NotCertified, match="00-half: its cells or checks do not run"):
        examine([found], seconds=20.0)


def test_the_short_form_takes_a_spread_sample_and_no_equivalent_mutant(tmp_path):
    many = [(f"sign {k}", WRONG_SIGN[1]) for k in range(50)]
    row = row_of(subject(tmp_path, *many, SAME, equivalent=[("same", "½")]), "short")
    assert row.killed == Count(5, 5) or row.killed == Count(6, 6)
    assert row.equivalent == 0


def test_the_bars_are_kept_for_each_assignment_and_not_for_all_together():
    good = Row("01-good", "f", named=Count(1000, 1000), killed=Count(1000, 1000))
    bad = Row("02-bad", "g", named=Count(10, 8), killed=Count(100, 98))
    assert verdict([good, bad]) == [
        "02-bad: 8 of 10 misconceptions are named; at least 90 % must be."
    ]


def test_the_courses_checks_pass_the_short_form():
    # What comes out is kept for the page of the book.
    done = subprocess.run(
        [sys.executable, "-m", "tools.certify", "--short"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    written = json.loads(certify.SHORT.read_text(encoding="utf-8"))
    found = {entry["exercise"]: entry for entry in written["exercises"]}
    assert (written["form"], written["missed"]) == ("short", [])
    for name in ("forward_difference", "numerical_gradient", "best_step"):
        entry = found[name]
        assert entry["assignment"] == "01-differentiation"
        assert entry["misconceptions"]["named"] == entry["misconceptions"]["total"] >= 6
        assert entry["tricks"] == {"total": 8, "rejected": 8}
        assert entry["alternatives"]["accepted"] == entry["alternatives"]["total"] >= 4
        assert entry["mutants"]["killed"] >= 5
        assert name in done.stdout


def test_without_right_answers_there_is_nothing_to_certify_and_one_sentence_says_so(
    tmp_path, capsys
):
    assert certify.main(["--solutions", str(tmp_path)]) == 1
    assert "holds no alternatives.py" in capsys.readouterr().err


def test_a_kept_certificate_is_shown_only_while_it_is_fresh(tmp_path, monkeypatch):
    whole, short = tmp_path / "whole.json", tmp_path / "short.json"
    asked = []
    monkeypatch.setattr(certify, "subjects", lambda solutions: [])
    monkeypatch.setattr(certify, "examine", lambda found, form: asked.append(form) or [])
    row = Row("00-half", "half", killed=Count(9, 9)).as_json()
    made = certify.Certificate("whole", [row])
    certify.keep(made, certify.fingerprint(tmp_path), [], whole)

    def shown():
        return certify.certificate(tmp_path, (whole, short)).form

    assert (shown(), asked) == ("whole", [])
    (tmp_path / "new.py").write_text("")
    assert (shown(), asked) == ("short", ["short"])
    assert (shown(), asked) == ("short", ["short"]), "the short form is kept, too"
    certify.keep(made, certify.fingerprint(tmp_path), ["a bar is missed"], whole)
    assert shown() == "short"
    short.unlink()
    assert (shown(), asked) == ("short", ["short", "short"])
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "new.py",
        "short.json",
        "whole.json",
    ]


def test_the_examination_of_one_assignment_is_not_kept_for_that_of_all(tmp_path, monkeypatch):
    monkeypatch.setattr(certify, "subjects", lambda solutions, only: [])
    monkeypatch.setattr(certify, "examine", lambda found, form, seconds: [])
    monkeypatch.setattr(certify, "CERTIFICATE", tmp_path / "whole.json")
    monkeypatch.setattr(certify, "SHORT", tmp_path / "short.json")
    for form in ([], ["--short"]):
        certify.main(["--assignment", "00-half", *form])
    assert not list(tmp_path.iterdir())
    certify.main([])
    certify.main(["--short"])
    assert {path.name for path in tmp_path.iterdir()} == {"whole.json", "short.json"}


def test_the_table_in_a_page_has_a_caption_and_headers():
    html = certify.Certificate("whole", [Row("00-half", "h<b>").as_json()])._repr_html_()
    assert "<caption>The whole form" in html
    assert html.count('scope="col"') == len(certify.HEADERS)
    assert "h&lt;b&gt;" in html


def test_the_table_shows_no_line_of_a_solution(tmp_path):
    row = row_of(subject(tmp_path, SAME))
    assert "same" not in repr(certify.Certificate("whole", [row.as_json()]))


@pytest.mark.parametrize("module", [certify, trials])
def test_the_worked_examples_come_out(module):
    assert doctest.testmod(module).failed == 0


def test_arguments_are_changed_only_where_there_are_any_to_change():
    from nnlib.checks import differentiation, gradient_descent

    name = "changes its arguments"
    assert name in trials.tricks("a", lambda x: x, differentiation.numerical_gradient)
    assert name not in trials.tricks("a", lambda x: x, gradient_descent.minibatches)
