"""One submission, one worker or the gradebook does nothing to anybody else's mark."""

import contextlib
import errno
import os
import signal
import sqlite3

import pytest

from autograder import __main__ as program
from autograder import classroom, grading
from autograder.classroom import Class, Result, Worker, results
from autograder.grading import Graded, notebook_of
from autograder.marks import Status, course_marks
from tests.autograder.small import NAME, config_of, course, graded, hand_in, once

__all__ = ["course", "once"]  # fixtures
CLASS = ("ada", "bob", "cyd")


@pytest.fixture
def room(course, jailed):
    """A class of three who all hand in the same."""
    for student in CLASS:
        hand_in(course, student)
    return Class(config_of(course), NAME)


@pytest.fixture
def fatal(tmp_path, monkeypatch):
    """Let workers die with a student, so many times; a file counts, since they share nothing."""
    count = tmp_path / "deaths"
    own = Worker.grade

    def with_deaths(self, student, folder):
        if student == fatal.student and (left := int(count.read_text())):
            count.write_text(str(left - 1))
            os.kill(os.getpid(), signal.SIGKILL)
        return own(self, student, folder)

    def fatal(student, times):
        fatal.student = student
        count.write_text(str(times))

    monkeypatch.setattr(Worker, "grade", with_deaths)
    return fatal


@pytest.mark.parametrize("jobs", [1, 2])
def test_only_the_student_with_whom_workers_die_is_given_up(room, fatal, jobs):
    fatal("bob", 99)
    found = {one.student: one.given_up for one in results(room, CLASS, jobs)}
    assert found == {student: student == "bob" for student in CLASS}


def test_a_worker_that_stands_still_is_killed_by_the_coordinator(room, monkeypatch):
    own = Worker.grade

    def with_a_halt(self, student, folder):
        if student == "bob":
            os.kill(os.getpid(), signal.SIGSTOP)  # its own clock stands still as well
        return own(self, student, folder)

    monkeypatch.setattr(Worker, "grade", with_a_halt)
    monkeypatch.setattr(classroom, "longest", lambda assignment: 6)
    found = {one.student: (one.given_up, one.score) for one in results(room, CLASS, 2)}
    assert found == {"ada": (False, 6), "bob": (True, 0), "cyd": (False, 6)}


def test_a_worker_that_dies_once_costs_nobody_a_mark(room, fatal):
    fatal("bob", 1)
    found = {one.student: (one.status, one.score) for one in results(room, CLASS, 1)}
    assert found == dict.fromkeys(CLASS, ("graded", 6))


def test_whoever_was_given_up_is_judged_again_by_the_next_run(room, course, fatal):
    fatal("bob", 99)
    table, _ = graded(course)
    assert {row.student: row.score for row in table} == {**dict.fromkeys(CLASS, 6), "bob": None}
    fatal("bob", 0)
    table, said = graded(course)
    assert "2 already graded, and not changed since" in said
    assert {row.student: row.score for row in table} == dict.fromkeys(CLASS, 6)


# --- a gradebook that cannot be written -----------------------------------------------------------


def command(course, capfd):
    """Grade as the command does; return its status and what it said of errors."""
    text = (
        "from tests.autograder.small import config_of\nfrom pathlib import Path\n"
        f"c = get_config()\nc.merge(config_of(Path({str(course)!r})))\n"
    )
    (course / "config.py").write_text(text, encoding="utf-8")
    options = [NAME, "--jobs", "1", "--config", str(course / "config.py")]
    return program.main(options), capfd.readouterr().err


def judged(room, students, **_):
    """Stand for the judging: everybody has a mark for everything."""
    for student in students:
        made = {}
        for name, questions in room.assignment.points_by_question.items():
            shown = notebook_of(room.assignment.notebooks[name], [])
            made[name] = Graded(shown, Status.GRADED, dict.fromkeys(questions, 1.0))
        yield Result(student, made)


def fails(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("fault", ["locked", "read-only", "no database", "full disk"])
def test_a_gradebook_that_fails_is_said_in_one_sentence_and_no_mark_is_lost(
    room, course, fault, monkeypatch, capfd
):
    monkeypatch.setattr(classroom, "results", judged)
    book = course / "gradebook.db"
    before = book.read_bytes()
    own = classroom.Marks.save

    def once_read_only(self, student, *given):
        if student == "bob":
            self.db.connection().exec_driver_sql("PRAGMA query_only = 1")
        return own(self, student, *given)

    with monkeypatch.context() as patch, contextlib.closing(sqlite3.connect(book)) as other:
        if fault == "locked":
            other.execute("BEGIN EXCLUSIVE")
        elif fault == "read-only":
            patch.setattr(classroom.Marks, "save", once_read_only)
        elif fault == "no database":
            book.write_bytes(b"no database at all" * 99)
        else:
            patch.setattr(grading, "written", fails)
        status, said = command(course, capfd)
    assert status == 1
    assert len(said.splitlines()) == 1, said
    assert "No mark is lost: whoever has none yet is graded when you run this again." in said
    if fault == "no database":
        book.write_bytes(before)
    assert command(course, capfd) == (0, "")
    assert {row.score for row in course_marks(room.config, NAME)} == {4.0}
    assert len(list((course / "judged" / NAME).glob("*.json"))) == len(CLASS)
