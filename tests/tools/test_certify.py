"""The examination of the graders finds what it is meant to find."""

import doctest

import pytest

from tests.conftest import ROOT
from tools import assignments, certificate, certify, trials
from tools.certify import Count, NotCertified, Subject, Tally, examine, verdict
from tools.mutants import Mutant

IMPORTS = """
import types
import numpy as np
from nnchecks.engine.exercise import Case, Exercise, Misconception, Property
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
    assert row.killed == Count(6, 6) or row.killed == Count(5, 5)
    assert row.equivalent == 0


def test_the_bars_are_kept_for_each_assignment_and_not_for_all_together():
    good = Tally("01-good", "f", named=Count(1000, 1000), killed=Count(1000, 1000))
    bad = Tally("02-bad", "g", named=Count(10, 8), killed=Count(100, 98))
    assert verdict([good, bad]) == [
        "02-bad: 8 of 10 misconceptions are named; at least 90 % must be."
    ]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(path.stem, marks=[pytest.mark.slow, pytest.mark.xdist_group(path.stem)])
        for path in assignments.sources(ROOT / "solutions")
    ],
)
def test_what_is_on_record_was_examined_as_it_stands_and_a_sample_comes_out_the_same(name):
    (subject,) = certify.subjects(ROOT / "solutions", name)
    record = certificate.recorded().get(name)
    if record is None:  # the page says so
        assert verdict(examine([subject], "short", examiners=1)) == []
        return
    assert record["examined"] == subject.examined, (
        f"{name} has changed since it was examined: make certify ASSIGNMENT={name}"
    )
    rows = examine([subject], "sample", examiners=1)
    assert verdict(rows) == []
    by_exercise = {entry["exercise"]: entry for entry in record["exercises"]}
    assert by_exercise.keys() == {row.exercise for row in rows}
    for row in rows:
        kept, seen = by_exercise[row.exercise], row.as_json()
        assert kept["alternatives"] == {**seen["alternatives"], "variations": 300}
        assert kept["tricks"] == seen["tricks"]
        for kind in ("misconceptions", "combinations", "unseen"):
            # What the sample left without a name, the whole left without one, too.
            nameless = seen[kind]["total"] - seen[kind]["named"]
            assert nameless <= kept[kind]["total"] - kept[kind]["named"]


def test_without_right_answers_there_is_nothing_to_certify_and_one_sentence_says_so(
    tmp_path, capsys
):
    assert certify.main(["--solutions", str(tmp_path)]) == 1
    assert "holds no alternatives.py" in capsys.readouterr().err


@pytest.fixture
def one_assignment(tmp_path, monkeypatch):
    """A course with an assignment of which the examination is only noted, and its record."""
    asked = []
    folder = tmp_path / "00-half"
    folder.mkdir()
    source = folder / "00-half.py"
    source.write_text("answer = 1\n")
    row = Tally("00-half", "half", killed=Count(9, 9))

    def examine(found, form, seconds, say):
        asked.append((found[0].name, form))
        return [row]

    monkeypatch.setattr(
        certify,
        "subjects",
        lambda solutions, only: [
            Subject("00-half", {}, {}, {}, certificate.examined(source)),
        ],
    )
    monkeypatch.setattr(certify, "examine", examine)

    def run(*options):
        asked.clear()
        code = certify.main(["--solutions", str(tmp_path), *options])
        return code, list(asked)

    return run, source, row, tmp_path / "certificate.json"


def test_what_has_not_changed_since_is_not_examined_again_and_a_comment_changes_nothing(
    one_assignment,
):
    run, source, _, record = one_assignment
    assert run() == (0, [("00-half", "whole")])
    assert [entry["exercise"] for entry in certificate.certificate(record).entries] == ["half"]
    assert run() == (0, [])
    source.write_text("# The answer.\nanswer = 1\n")
    assert run() == (0, [])
    assert run("--again") == (0, [("00-half", "whole")])
    source.write_text("answer = 2\n")
    assert run() == (0, [("00-half", "whole")])
    assert run() == (0, [])


def test_the_short_form_and_a_missed_bar_leave_the_record_as_it_is(one_assignment):
    run, source, row, record = one_assignment
    assert run("--short") == (0, [("00-half", "short")])
    assert not record.exists()
    assert run()[0] == 0
    before = record.read_text()
    source.write_text("answer = 2\n")
    row.complaints.append("a wrong answer gets full marks")
    assert run()[0] == 1
    assert record.read_text() == before


def test_one_assignment_goes_on_record_beside_the_others(tmp_path):
    place = tmp_path / "certificate.json"
    certificate.write({"02-b": {"examined": "x", "exercises": [{"exercise": "g"}]}}, place)
    certificate.write({"01-a": {"examined": "y", "exercises": [{"exercise": "f"}]}}, place)
    assert [entry["exercise"] for entry in certificate.certificate(place).entries] == ["f", "g"]
    assert [path.name for path in tmp_path.iterdir()] == ["certificate.json"]


def test_what_a_check_imports_is_examined_with_it():
    source = ROOT / "solutions" / "01-differentiation" / "01-differentiation.py"
    files = certificate.import_graph.used(ROOT, source.read_text())
    names = {path.relative_to(ROOT).as_posix() for path in files}
    assert {"nnchecks/differentiation.py", "nnchecks/engine/exercise.py"} <= names
    assert "nnchecks/optimizers.py" not in names


def test_the_table_in_a_page_has_a_caption_and_headers():
    html = certificate.Certificate("whole", [Tally("00-half", "h<b>").as_json()])._repr_html_()
    assert "<caption>The whole form" in html
    assert html.count('scope="col"') == len(certificate.HEADERS)
    assert "h&lt;b&gt;" in html


def test_the_table_shows_no_line_of_a_solution(tmp_path):
    row = row_of(subject(tmp_path, SAME))
    assert "same" not in repr(certificate.Certificate("whole", [row.as_json()]))


@pytest.mark.parametrize("module", [certificate, certify, trials])
def test_the_worked_examples_come_out(module):
    assert doctest.testmod(module).failed == 0


def test_arguments_are_changed_only_where_there_are_any_to_change():
    from nnchecks import differentiation, gradient_descent

    name = "changes its arguments"
    assert name in trials.tricks("a", lambda x: x, differentiation.numerical_gradient)
    assert name not in trials.tricks("a", lambda x: x, gradient_descent.minibatches)
