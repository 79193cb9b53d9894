"""A class is graded in parallel, resumes after a kill, and a bad submission is one student's."""

import csv
import json
import multiprocessing
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook, MissingEntry

from autograder import __main__ as program
from tests.autograder.attacks import CENTRAL, FORWARD
from tests.autograder.kinds import KINDS
from tests.conftest import ROOT
from tools.gradebook import marks

NAME = "01-differentiation"
ANSWERS = {"forward_difference": FORWARD, "central_difference": CENTRAL}
CONFIG = """\
from traitlets.config.loader import PyFileConfigLoader
c = get_config()
c.merge(PyFileConfigLoader("nbgrader_config.py", {root!r}).load_config())
c.CourseDirectory.root = {course!r}
c.Judge.seconds_per_cell = 10.0
c.Judge.secret = "the same in every run of the tests"
"""


@pytest.fixture(scope="session")
def released(one_released):
    """A course folder with one released assignment."""
    return one_released


def copy_of(released, folder):
    """Return a copy of a course in a folder of its own, with its configuration."""
    course = folder / "course"
    shutil.copytree(released, course)
    text = CONFIG.format(root=str(ROOT), course=str(course))
    (course / "nbgrader_config.py").write_text(text, encoding="utf-8")
    return course


@pytest.fixture
def course(released, tmp_path, jailed):
    return copy_of(released, tmp_path)


def notebook(course, answers=ANSWERS, edit=None):
    made = nbformat.read(course / "release" / NAME / f"{NAME}.ipynb", as_version=4)
    for cell in made.cells:
        name = cell.metadata.nbgrader.grade_id
        cell.source = answers.get(name, cell.source)
    made = json.loads(nbformat.writes(made))
    if edit:
        edit(made)
    return json.dumps(made).encode()


def hand_in(course, student, content, name=f"{NAME}.ipynb"):
    folder = course / "submitted" / student / NAME
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return folder


def arguments(course, *more):
    return [NAME, "--config", str(course / "nbgrader_config.py"), "--jobs", "2", *more]


def start(course, *more):
    """Start the command in a process that has its imports done, and return it and its output."""
    said = course.parent / f"said-{len(list(course.parent.glob('said-*')))}"

    def command():
        os.setsid()
        warnings.resetwarnings()
        os.chdir(ROOT)
        with said.open("w", encoding="utf-8") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
            sys.stdout = sys.stderr = file
            status = program.main(arguments(course, *more))
        sys.exit(status)

    process = multiprocessing.get_context("fork").Process(target=command)
    process.start()
    return process, said


def wait_until_said(process, said, words):
    """Wait until a command has said something; it may not end before, nor take a minute."""
    for _ in range(3000):
        if said.exists() and words in said.read_text():
            return
        process.join(0.02)
        assert process.is_alive(), said.read_text()
    pytest.fail(f"'{words}' was never said:\n{said.read_text()}")


def run(course, *more):
    process, said = start(course, *more)
    process.join()
    assert process.exitcode == 0, said.read_text()
    return said.read_text()


def nbgrader(course, *command):
    """Run one of nbgrader's own commands in the course."""
    path = os.pathsep.join((os.path.dirname(sys.executable), os.environ["PATH"]))
    return subprocess.run(
        [sys.executable, "-m", "nbgrader", *command],
        cwd=course,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def scores(course):
    return {mark.student: mark.score for mark in marks(course, NAME)}


@dataclass(frozen=True)
class Way:
    """A class graded by one command: where, and what the command said."""

    course: Path
    said: str

    def record(self, student):
        return json.loads((self.course / "judged" / NAME / f"{student}.json").read_text())

    def written(self, student):
        """Return the graded notebook as it stands in its file, or None."""
        path = self.course / "autograded" / student / NAME / f"{NAME}.ipynb"
        return path.read_text(encoding="utf-8") if path.exists() else None

    def in_the_gradebook(self, student):
        """Return each mark and comment, and what waits for a person; None if there is nothing."""
        with Gradebook(f"sqlite:///{self.course}/gradebook.db") as gradebook:
            try:
                submission = gradebook.find_submission(NAME, student)
            except MissingEntry:
                return None
            return {
                "marks": {
                    one.name: (one.auto_score, one.needs_manual_grade)
                    for notebook in submission.notebooks
                    for one in notebook.grades
                },
                "comments": {
                    one.name: one.comment
                    for notebook in submission.notebooks
                    for one in notebook.comments
                },
                "score": submission.score,
            }


def everything_odd(released, folder):
    """Return a class in which each student hands in another kind of ruin."""
    course = copy_of(released, folder)
    good = notebook(course)
    for kind in KINDS:
        place = course / "submitted" / kind.student / NAME
        place.mkdir(parents=True)
        kind.write(place, good, f"{NAME}.ipynb")
    return course


@pytest.fixture(scope="module")
def ours(released, tmp_path_factory, jailed):
    course = everything_odd(released, tmp_path_factory.mktemp("ours"))
    return Way(course, run(course))


@pytest.fixture(scope="module")
def nbgraders(released, tmp_path_factory, jailed):
    course = everything_odd(released, tmp_path_factory.mktemp("nbgraders"))
    return Way(course, nbgrader(course, "autograde", NAME).stderr)


def test_odd_submissions_get_a_status_and_a_mark_and_nobody_else_notices(ours):
    assert len({kind.student for kind in KINDS}) == len(KINDS) >= 60
    records = {kind.student: ours.record(kind.student) for kind in KINDS}
    found = {name: (one["status"], one["score"]) for name, one in records.items()}
    assert found == {kind.student: (kind.status, kind.mark) for kind in KINDS}
    assert scores(ours.course) == {
        kind.student: None if kind.status == "not graded" else kind.mark for kind in KINDS
    }
    for kind in KINDS:
        one = records[kind.student]
        assert len(set(one["for_student"])) == len(one["for_student"]), "nothing is said twice"
        if kind.status != "graded":
            assert one["for_student"], kind.student
            assert one["for_instructor"], kind.student
            assert f"  {kind.student}: " in ours.said
    assert not (ours.course / "autograded" / "linked-file" / NAME / "stolen.txt").exists()
    failed = ours.in_the_gradebook("truncated")["marks"].values()
    assert set(failed) == {(None, True)}, "a failure is no honest 0, and waits for a person"


def test_an_answer_that_stands_elsewhere_waits_for_a_person_and_is_no_missing_one(ours):
    name = "why_the_curve_turns"
    for student in ("beside-the-question", "in-the-question"):
        found = ours.in_the_gradebook(student)
        assert found["marks"][name] == (None, True)
        assert found["comments"][name] is None
        for line in ("for_student", "for_instructor"):
            assert f"The cell {name} holds no answer, but" in str(ours.record(student)[line])
    assert "Because of rounding." in ours.written("in-the-question")
    found = ours.in_the_gradebook("many-files")
    assert (found["marks"][name], found["comments"][name]) == ((0, False), "No response.")


def test_nbgraders_own_command_writes_the_same_notebooks_marks_and_comments(ours, nbgraders):
    for kind in KINDS:
        name = kind.student
        if kind.stock == "same":
            assert nbgraders.written(name) == ours.written(name) is not None, name
            assert nbgraders.in_the_gradebook(name) == ours.in_the_gradebook(name), name
            assert nbgraders.record(name) == ours.record(name), name
        else:
            assert nbgraders.written(name) is None, name
        if kind.stock == "error":
            assert f"for student '{name}'" in nbgraders.said
    stolen = nbgraders.course / "autograded" / "linked-file" / NAME / "stolen.txt"
    assert not stolen.exists()


def test_what_nbgraders_own_command_has_done_is_not_done_again(course):
    hand_in(course, "ann", notebook(course))
    hand_in(course, "bob", notebook(course, {}))
    assert nbgrader(course, "autograde", NAME).returncode == 0
    assert "2 already graded, and not changed since" in run(course)
    hand_in(course, "bob", notebook(course))
    assert "1 of 1, bob" in run(course)
    assert scores(course) == {"ann": 6, "bob": 6}


def test_a_run_that_is_killed_resumes_with_the_same_marks(course):
    for number in range(6):
        hand_in(course, f"s{number}", notebook(course, dict(list(ANSWERS.items())[: number % 3])))
    killed, said = start(course)
    wait_until_said(killed, said, "1 of 6")
    os.killpg(killed.pid, signal.SIGKILL)
    killed.join()
    done_before = len(list((course / "judged" / NAME).glob("s*.json")))
    assert 1 <= done_before < 6
    said = run(course)
    assert f"{done_before} already graded" in said
    assert scores(course) == {f"s{n}": 3.0 * (n % 3) for n in range(6)}


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="no pidfd_open: this is not Linux")
def test_nobody_goes_on_when_the_coordinator_alone_is_killed(course):
    for number in range(6):
        hand_in(course, f"s{number}", notebook(course))
    killed, said = start(course)
    wait_until_said(killed, said, "1 of 6")
    workers = multiprocessing_children(killed.pid)
    assert len(workers) == 2
    ends = [os.pidfd_open(worker) for worker in workers]
    os.kill(killed.pid, signal.SIGKILL)
    killed.join()
    for end in ends:
        assert select.select([end], [], [], 60)[0], "a worker goes on"
        os.close(end)


def multiprocessing_children(process):
    """Return the numbers of a process's own children."""
    with open(f"/proc/{process}/task/{process}/children", encoding="ascii") as file:
        return [int(number) for number in file.read().split()]


def test_only_what_changed_is_graded_again(course):
    hand_in(course, "ann", notebook(course, {}))
    hand_in(course, "bob", notebook(course))
    run(course)
    hand_in(course, "ann", notebook(course))
    said = run(course)
    assert "1 of 1, ann" in said
    assert scores(course) == {"ann": 6, "bob": 6}


def test_a_persons_marks_and_comments_stay_when_a_submission_is_graded_again(course):
    hand_in(course, "ann", notebook(course, {**ANSWERS, "why_the_curve_turns": "Because."}))
    run(course)
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        grade = gradebook.find_grade("why_the_curve_turns", NAME, NAME, "ann")
        assert grade.auto_score is None
        grade.manual_score = 1.5
        gradebook.find_comment("why_the_curve_turns", NAME, NAME, "ann").manual_comment = "Nice."
        gradebook.db.commit()
    hand_in(course, "ann", notebook(course, {"why_the_curve_turns": "Because of h."}))
    run(course)
    assert scores(course) == {"ann": 1.5}
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        comment = gradebook.find_comment("why_the_curve_turns", NAME, NAME, "ann")
        assert comment.comment == "Nice."
        assert gradebook.find_grade("why_the_curve_turns", NAME, NAME, "ann").needs_manual_grade


def test_diff_says_whose_mark_moves_and_writes_nothing(course):
    hand_in(course, "ann", notebook(course, {}))
    hand_in(course, "bob", notebook(course))
    run(course)
    hand_in(course, "ann", notebook(course))
    before = (course / "gradebook.db").read_bytes()
    said = run(course, "--diff")
    assert "ann: " in said
    assert "test_central_difference 0 → 3" in said
    assert "bob" not in said
    assert (course / "gradebook.db").read_bytes() == before
    assert scores(course)["ann"] == 0


def test_nbgraders_own_commands_give_the_same_marks_and_feedback_without_hidden_tests(course):
    hand_in(course, "ann", notebook(course))
    hand_in(course, "bob", notebook(course, {"central_difference": CENTRAL}))
    for step in ("autograde", "generate_feedback"):
        done = nbgrader(course, step, NAME)
        assert done.returncode == 0, done.stderr
    assert scores(course) == {"ann": 6, "bob": 3}
    page = (course / "feedback" / "bob" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "the quotient at a number" in page
    assert "HIDDEN TESTS" not in page
    assert "seed" not in page


def test_an_export_has_a_status_and_no_score_where_there_is_none(course):
    hand_in(course, "ann", notebook(course))
    hand_in(
        course, "bob, the 2nd", notebook(course, {**ANSWERS, "why_the_curve_turns": "Because."})
    )
    hand_in(course, "=1+1", b"no notebook")
    hand_in(course, "untouched", notebook(course, {}))
    run(course)
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        gradebook.add_student("late")
    done = nbgrader(course, "export", "--to", str(course / "grades.csv"))
    assert done.returncode == 0, done.stderr
    with (course / "grades.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert {name: (row["score"], row["status"]) for name, row in rows.items()} == {
        "ann": ("6.0", "graded"),
        "bob, the 2nd": ("6.0", "waits for a person"),
        "'=1+1": ("", "not graded"),
        "untouched": ("0.0", "graded"),
        "late": ("0.0", "not handed in"),
    }
    assert {row["max_score"] for row in rows.values()} == {"20.0"}


def test_an_unknown_assignment_or_student_is_named_with_the_next_step(course):
    for given, said in (
        (["no-such"], "no-such is not in the gradebook; run `nbgrader generate_assignment"),
        ([NAME], "Nobody has handed in 01-differentiation"),
        ([NAME, "--students", "eve"], "eve handed in nothing"),
    ):
        done = subprocess.run(
            [
                *(sys.executable, "-m", "autograder", *given),
                *("--config", str(course / "nbgrader_config.py")),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert said in done.stderr
        assert "Traceback" not in done.stderr


def test_nothing_is_left_in_the_temporary_folder(course, tmp_path, monkeypatch):
    hand_in(course, "ann", notebook(course))
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    run(course)
    assert list(folder.iterdir()) == []
