"""One table of marks: every export, printed table and summary says the same of a class."""

import csv
import datetime
import shutil

import pytest
from nbgrader.plugins import LateSubmissionPlugin

from autograder.classroom import Class, grade, summary
from autograder.export import CsvExport
from autograder.marks import COLUMNS, Status, course_marks, summarise, write_csv
from tests.autograder.small import (
    CELLS,
    NAME,
    config_of,
    course,
    hand_in,
    keep,
    once,
    opened,
    release,
    write_source,
)
from tools.gradebook import show

__all__ = ["course", "once"]

DUE = datetime.datetime(2030, 5, 1, 12)
RIGHT = {"test_forward_difference": 3.0, "test_central_difference": 3.0, "why": 0.0}
ZERO = {"LateSubmissionPlugin": {"penalty_method": "zero"}}


class TwoADay(LateSubmissionPlugin):
    """Two points for each day that has begun."""

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        """Return the penalty."""
        return 2.0 * -(-total_seconds_late // 86400)


def due(course, moment, **extensions):
    """Set the due date, and some students' extensions in days."""
    with opened(course) as gradebook:
        gradebook.find_assignment(NAME).duedate = moment
        for student, days in extensions.items():
            extension = datetime.timedelta(days=days)
            gradebook.find_submission(NAME, student).extension = extension
        gradebook.db.commit()


def by_hand(course, student, question, mark, extra=None):
    """Mark a question as formgrader does."""
    with opened(course) as gradebook:
        found = gradebook.find_grade(question, NAME, NAME, student)
        found.manual_score, found.extra_credit, found.needs_manual_grade = mark, extra, False
        gradebook.db.commit()


def row(config, student):
    (found,) = [one for one in course_marks(config, NAME) if one.student == student]
    return found


def score(config, student):
    return row(config, student).score


@pytest.fixture
def late(course):
    """A course in which ann handed in half a day late, and everything of hers is marked."""
    hand_in(course, "ann", timestamp="2030-05-02 00:00:00")
    config = config_of(course, **ZERO)
    keep(config, "ann", RIGHT)
    by_hand(course, "ann", "drawing", 4)
    due(course, DUE)
    return course


def test_a_penalty_follows_the_due_date_without_another_run(late):
    config = config_of(late, **ZERO)
    assert (score(config, "ann"), row(config, "ann").penalty) == (0, 10)
    due(late, DUE + datetime.timedelta(days=1))
    assert (score(config, "ann"), row(config, "ann").penalty) == (10, 0)
    due(late, DUE)
    assert score(config, "ann") == 0
    due(late, DUE, ann=1)
    assert score(config, "ann") == 10
    assert row(config, "ann").duedate == DUE + datetime.timedelta(days=1)
    due(late, None)
    assert score(config, "ann") == 10, "an extension of nothing is no due date"


def test_a_penalty_follows_the_marks_that_a_person_gives(late):
    config = config_of(late, **ZERO)
    by_hand(late, "ann", "why", 2)
    assert score(config, "ann") == 0


def test_the_penalty_is_the_courses_own_method_and_never_more_than_the_score(late):
    assert score(config_of(late), "ann") == 10
    config = config_of(late, AssignLatePenalties={"plugin_class": TwoADay})
    assert score(config, "ann") == 8
    due(late, DUE - datetime.timedelta(days=9))
    assert (score(config, "ann"), row(config, "ann").penalty) == (0, 10)


def test_a_run_that_has_nothing_to_grade_brings_nbgraders_own_penalties_up_to_date(late):
    room = Class(config_of(late, **ZERO), NAME)

    def column():
        with opened(late) as gradebook:
            return gradebook.find_submission(NAME, "ann").late_submission_penalty

    for moment, penalty in ((DUE, 10), (DUE + datetime.timedelta(days=2), 0)):
        due(late, moment)
        grade(room, [], lambda *_: [])
        assert column() == penalty


def test_the_questions_come_in_the_order_of_the_notebook(course):
    hand_in(course, "ann")
    config = config_of(course)
    keep(config, "ann", RIGHT)
    assert list(row(config, "ann").marks) == [*RIGHT, "drawing"]


def test_extra_credit_counts_and_is_told_apart(course):
    hand_in(course, "ann")
    config = config_of(course)
    keep(config, "ann", RIGHT)
    by_hand(course, "ann", "drawing", 4, extra=1.5)
    found = row(config, "ann")
    assert (found.score, found.max_score, found.extra_credit) == (11.5, 12, 1.5)
    assert found.status is Status.GRADED


@pytest.fixture(scope="module")
def everybody(once, tmp_path_factory):
    """A class with one student for each status, one of them late; nobody changes it."""
    course = shutil.copytree(once, tmp_path_factory.mktemp("everybody") / "course")
    config = config_of(course, **ZERO)
    marked = {**RIGHT, "drawing": 4.0}
    for student in ("all", "late", "put-right", "waits", "broken", "new"):
        hand_in(course, student, timestamp="2030-05-02" if student == "late" else "2030-04-30")
    keep(config, "all", marked)
    keep(config, "late", marked)
    keep(config, "put-right", {**marked, "test_central_difference": 1.0}, "repaired", ["put back"])
    keep(config, "waits", RIGHT)
    keep(config, "broken", {}, "not graded", ["not graded: damaged"])
    with opened(course) as gradebook:
        gradebook.add_student("absent", last_name="Away")
        for student in ("all", "late", "put-right"):
            gradebook.find_grade("drawing", NAME, NAME, student).needs_manual_grade = False
        gradebook.db.commit()
    due(course, DUE)
    return course


def test_nothing_looks_like_an_honest_0_that_is_none(everybody):
    found = course_marks(config_of(everybody, **ZERO), NAME)
    assert {one.student: (one.status.value, one.score) for one in found} == {
        "all": ("graded", 10),
        "late": ("graded", 0),
        "put-right": ("repaired", 8),
        "waits": ("waits for a person", 6),
        "broken": ("not graded", None),
        "new": ("not graded", None),
        "absent": ("not handed in", 0),
    }
    assert {one.max_score for one in found} == {12}


def test_one_check_without_a_mark_is_no_sum_of_the_others(everybody, tmp_path):
    course = shutil.copytree(everybody, tmp_path / "course")
    with opened(course) as gradebook:
        gradebook.find_grade("test_central_difference", NAME, NAME, "all").auto_score = None
        gradebook.db.commit()
    found = row(config_of(course), "all")
    assert (found.status, found.score) == (Status.NOT_GRADED, None)


def test_both_exports_are_one_file(everybody, tmp_path):
    config = config_of(everybody, **ZERO)
    plugin = CsvExport(config=config)
    plugin.to = str(tmp_path / "nbgrader.csv")
    with opened(everybody) as gradebook:
        plugin.export(gradebook)
    write_csv(course_marks(config, NAME), tmp_path / "ours.csv")
    text = (tmp_path / "ours.csv").read_text(encoding="utf-8")
    assert (tmp_path / "nbgrader.csv").read_text(encoding="utf-8") == text
    rows = {one["student_id"]: one for one in csv.DictReader(text.splitlines())}
    assert tuple(rows["late"]) == COLUMNS
    numbers = ("raw_score", "late_submission_penalty", "score")
    assert [rows["late"][key] for key in numbers] == ["10.0", "10.0", "0.0"]
    assert [rows["broken"][key] for key in numbers] == ["", "", ""]
    assert rows["put-right"]["about"] == "put back"
    assert rows["absent"]["last_name"] == "Away"


def test_an_export_of_some_students_has_no_others(everybody, tmp_path):
    plugin = CsvExport(config=config_of(everybody))
    plugin.to, plugin.student, plugin.assignment = str(tmp_path / "a.csv"), ["all", "late"], [NAME]
    with opened(everybody) as gradebook:
        plugin.export(gradebook)
    with (tmp_path / "a.csv").open(encoding="utf-8") as file:
        assert [one["student_id"] for one in csv.DictReader(file)] == ["all", "late"]


def test_every_summary_is_the_tables(everybody):
    config = config_of(everybody, **ZERO)
    table = course_marks(config, NAME)
    said = summarise(table)
    assert said == (
        "6 submissions: 2 graded, 1 repaired, 1 waits for a person, 2 not graded.\n"
        "Scores: lowest 0, median 7, highest 10, of 12.\n"
        "Taken off for being late: late 10.\n"
        "Not handed in: absent."
    )
    assert show(NAME, table).endswith(said)
    students = [one.student for one in table]
    assert summary(Class(config, NAME), students).startswith(said)
    shown = {line.split()[0]: line for line in show(NAME, table).splitlines() if line.strip()}
    assert shown["broken"].split(maxsplit=3)[1:3] == ["?", "?"]
    assert "? of 12  not graded" in shown["broken"]
    assert "absent" not in shown


def test_a_run_for_one_student_says_nothing_of_the_others(everybody):
    said = summary(Class(config_of(everybody), NAME), ["waits"])
    assert "1 submission: 1 waits for a person." in said
    assert "Not handed in: absent." in said
    assert "put back" not in said


def test_what_a_run_has_noted_is_forgotten_when_somebody_else_has_graded_since(everybody, tmp_path):
    course = shutil.copytree(everybody, tmp_path / "course")
    config = config_of(course)
    with opened(course) as gradebook:
        grade = gradebook.find_grade("test_central_difference", NAME, NAME, "put-right")
        grade.auto_score = 3
        gradebook.db.commit()
    found = row(config, "put-right")
    assert (found.status, found.about) == (Status.GRADED, "")


def test_two_notebooks_of_an_assignment_may_use_the_same_names(course):
    write_source(course, CELLS, "second")
    release(course)
    hand_in(course, "ann")
    config = config_of(course)
    keep(config, "ann", RIGHT)
    found = row(config, "ann")
    assert (found.score, found.max_score) == (12, 24)
    assert found.by_test["second/central_difference"] == 3
    with opened(course) as gradebook:
        gradebook.add_student("absent")
    assert row(config, "absent").max_score == 24


def test_where_a_person_marks_everything_no_check_is_missing(course):
    hand_in(course, "ann")
    config = config_of(course)
    keep(config, "ann", {**RIGHT, "why": None})
    with opened(course) as gradebook:
        submission = gradebook.find_submission(NAME, "ann")
        for grade in submission.notebooks[0].grades:
            if grade.name.startswith("test_"):
                gradebook.db.delete(grade)
        gradebook.db.commit()
    assert row(config, "ann").status is Status.WAITING
