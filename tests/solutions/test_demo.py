"""The demonstration class gets exactly the marks of its table, from the judge and from nbgrader."""

import csv
import subprocess
import sys

import nbformat
import pytest

from autograder.marks import COLUMNS, Status
from tests.conftest import ROOT
from tools import assignments, demo
from tools.gradebook import marks, show

SUBMISSIONS = [
    (source.stem, submission)
    for source in assignments.sources(ROOT / "solutions")
    for submission in demo.table_of(source)
]


@pytest.mark.parametrize(
    ("assignment", "submission"),
    SUBMISSIONS,
    ids=[f"{assignment}-{submission.student}" for assignment, submission in SUBMISSIONS],
)
def test_the_mark_is_the_tables(graded, assignment, submission):
    (mark,) = [one for one in graded[assignment] if one.student == submission.student]
    assert mark.by_test == dict(submission.marks)
    assert (mark.score, mark.max_score) == (sum(submission.marks.values()), 20)


def test_nbgrader_without_the_judge_gives_the_same_marks(tmp_path):
    folder = tmp_path / "course"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tools.demo", "--stock"),
            *("--course", str(folder), "--assignment", "01-differentiation"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = {one.student: one.by_test for one in marks(folder, "01-differentiation")}
    assert found == {
        submission.student: {**submission.marks, **submission.stock}
        for assignment, submission in SUBMISSIONS
        if assignment == "01-differentiation"
    }


def test_nobody_is_missing_from_the_gradebook(graded):
    assert sorted((name, one.student) for name, found in graded.items() for one in found) == sorted(
        (name, submission.student) for name, submission in SUBMISSIONS
    )


def test_answers_for_a_person_wait_and_untouched_ones_do_not(graded):
    status = {one.student: one.status for one in graded["01-differentiation"]}
    assert status["perfect"] is Status.WAITING
    assert status["untouched"] is Status.GRADED


def test_feedback_shows_the_reports_and_the_sentence_that_helps(graded, course):
    page = course / "feedback" / "partly-right" / "01-differentiation" / "01-differentiation.html"
    text = page.read_text(encoding="utf-8")
    assert "the quotient at a number" in text
    assert "In Python `a / 2 * h` divides by 2" in text
    assert "not yet right" in text


def test_the_export_is_the_table_of_marks_with_everybody(course):
    with (course / "grades.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == len(SUBMISSIONS)
    (perfect,) = [
        row
        for row in rows
        if (row["student_id"], row["assignment"]) == ("perfect", "01-differentiation")
    ]
    assert (float(perfect["score"]), float(perfect["max_score"])) == (16, 20)


def test_the_printed_table_has_a_line_for_everybody_and_a_summary(graded):
    text = show("01-differentiation", graded["01-differentiation"])
    for mark in graded["01-differentiation"]:
        assert mark.student in text
    assert "median" in text


def test_the_command_shows_progress_the_table_and_nothing_on_stderr(demonstration):
    done, _ = demonstration
    assert "13 of 13, " in done.stdout
    assert ", perfect: graded, 16 of 16 from the checks" in done.stdout
    assert "13 submissions: " in done.stdout
    assert "Scores: lowest 0, " in done.stdout
    assert done.stderr == ""


def test_no_notebook_of_the_class_is_tracked_or_could_be():
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert {"*.ipynb", "/course/", "/_build/"} <= set(ignored)


def test_handing_in_changes_only_what_the_table_says():
    source = assignments.sources(ROOT / "solutions")[0]
    solved = assignments.read(source)
    before = nbformat.writes(solved)
    handed = demo.hand_in(
        solved, solved, demo.Submission("anyone", {}, {"best_step": "x = 1"}, scratch=("2",))
    )
    assert nbformat.writes(solved) == before
    assert "HIDDEN" in handed.cells[4].source, "a test cell stays as it was released"
    assert handed.cells[-1].source == "2"
    assert "x = 1" in [cell.source for cell in handed.cells]
