"""A class is graded in parallel, resumes after a kill, and a bad submission is one student's."""

import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder import __main__ as program
from tests.autograder.attacks import CENTRAL, FORWARD
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
"""


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """A course folder with one released assignment."""
    course = tmp_path_factory.mktemp("class") / "course"
    make = (
        "import sys; from pathlib import Path; from tools.release import generate, write_sources;"
        "course = Path(sys.argv[1]); write_sources(Path('solutions'), course);"
        f"generate(course, '{NAME}')"
    )
    # A process of its own: nbgrader and SQLAlchemy warn of themselves, and here that is an error.
    subprocess.run([sys.executable, "-c", make, str(course)], cwd=ROOT, check=True)
    return course


@pytest.fixture
def course(released, tmp_path, jailed):
    folder = tmp_path / "course"
    shutil.copytree(released, folder)
    text = CONFIG.format(root=str(ROOT), course=str(folder))
    (folder / "nbgrader_config.py").write_text(text, encoding="utf-8")
    return folder


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


def run(course, *more):
    process, said = start(course, *more)
    process.join()
    assert process.exitcode == 0, said.read_text()
    return said.read_text()


def scores(course):
    return {mark.student: mark.score for mark in marks(course, NAME)}


def without_marks(made):
    for cell in made["cells"]:
        cell["metadata"] = {}


def as_version_3(made):
    cells = made.pop("cells")
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
            cell["language"] = "python"
    made.update(nbformat=3, nbformat_minor=0, worksheets=[{"cells": cells}])


def copied_twice(made):
    (answer,) = (c for c in made["cells"] if c["metadata"]["nbgrader"]["grade_id"] == "best_step")
    made["cells"].append(
        {**answer, "id": "copy", "source": "def best_step(f, df, x, s):\n    return 0"}
    )


def turned_into_markdown(made):
    for cell in made["cells"]:
        if cell["metadata"]["nbgrader"]["grade_id"] in ANSWERS:
            cell["cell_type"] = "markdown"
            del cell["outputs"], cell["execution_count"]


def reversed_order(made):
    made["cells"].reverse()


def schema_1(made):
    for cell in made["cells"]:
        cell["metadata"]["nbgrader"] = {
            "grade_id": cell["metadata"]["nbgrader"]["grade_id"],
            "schema_version": 1,
        }


def points_for_everybody(made):
    for cell in made["cells"]:
        cell["metadata"]["nbgrader"]["points"] = 1000


def without_tests(made):
    made["cells"] = [c for c in made["cells"] if not c["metadata"]["nbgrader"]["grade"]]


def no_kernel_and_version_5(made):
    made["metadata"] = {}
    made["nbformat"] = 5


#: Kinds of odd submissions: the student, how it is made, the status, the mark.
EDITED = {
    "stripped": (without_marks, "repaired", 6),
    "version-3": (as_version_3, "graded", 6),
    "copied-cell": (copied_twice, "repaired", 6),
    "markdown-and-back": (turned_into_markdown, "repaired", 6),
    "reordered": (reversed_order, "graded", 6),
    "schema-1": (schema_1, "graded", 6),
    "own-points": (points_for_everybody, "graded", 6),
    "deleted-tests": (without_tests, "repaired", 6),
    "version-5": (no_kernel_and_version_5, "graded", 6),
}
BYTES = {
    "bom": (lambda good: b"\xef\xbb\xbf" + good, "repaired", 6),
    "utf-16": (lambda good: good.decode().encode("utf-16"), "repaired", 6),
    "latin-1": (lambda good: good.replace(b"Assignment 1", b"Assignment \xfc"), "repaired", 6),
    "truncated": (lambda good: good[: len(good) // 2], "failed", 0),
    "empty": (lambda good: b"", "failed", 0),
    "login-page": (lambda good: b"<!DOCTYPE html><html><body>Log in</body></html>", "failed", 0),
    "no-notebook": (lambda good: b'{"a": [1, 2]}', "failed", 0),
    "a-list": (lambda good: b"[]", "failed", 0),
    "deep": (lambda good: b"[" * 100_000, "failed", 0),
}
NAMES = ("o'brien", 'quo"ted', "com,ma", "dash-", "[brackets]", "with space", "żółć", "-rf")


def test_odd_submissions_get_a_status_and_a_mark_and_nobody_else_notices(course):
    good = notebook(course)
    for student, (edit, _, _) in EDITED.items():
        hand_in(course, student, notebook(course, edit=edit))
    for student, (make, _, _) in BYTES.items():
        hand_in(course, student, make(good))
    for student in NAMES:
        hand_in(course, student, good)
    hand_in(course, "renamed", good, "my homework (2).ipynb")
    hand_in(course, "two-files", good, "a.ipynb")
    hand_in(course, "two-files", good, "b.ipynb")
    (course / "submitted" / "no-file" / NAME).mkdir(parents=True)
    outside = course.parent / "somebody-elses.ipynb"
    outside.write_bytes(good)
    (hand_in(course, "linked", b"") / f"{NAME}.ipynb").unlink()
    (course / "submitted" / "linked" / NAME / f"{NAME}.ipynb").symlink_to(outside)
    odd_time = hand_in(course, "odd-time", good)
    (odd_time / "timestamp.txt").write_text("last Tuesday, honest")
    beside = hand_in(course, "linked-file", good)
    (beside / "stolen.txt").symlink_to(outside)
    wanted = {name: (status, mark) for name, (_, status, mark) in {**EDITED, **BYTES}.items()}
    wanted |= dict.fromkeys(NAMES, ("graded", 6))
    wanted |= {"renamed": ("repaired", 6), "two-files": ("failed", 0), "no-file": ("failed", 0)}
    wanted |= {"linked": ("failed", 0), "odd-time": ("graded", 6), "linked-file": ("repaired", 6)}

    said = run(course)

    records = {
        student: json.loads((course / "judged" / NAME / f"{student}.json").read_text())
        for student in wanted
    }
    assert {name: (one["status"], one["score"]) for name, one in records.items()} == wanted
    assert scores(course) == {name: mark for name, (_, mark) in wanted.items()}
    for name, (status, _) in wanted.items():
        if status != "graded":
            assert records[name]["for_student"], name
            assert records[name]["for_instructor"], name
            assert f"  {name}: " in said
    assert not (course / "autograded" / "linked-file" / NAME / "stolen.txt").exists()
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        failed = gradebook.find_submission(NAME, "truncated")
        assert all(grade.auto_score is None for one in failed.notebooks for grade in one.grades)
        assert failed.needs_manual_grade, "a failure is no honest 0"


def test_a_run_that_is_killed_resumes_with_the_same_marks(course):
    for number in range(6):
        hand_in(course, f"s{number}", notebook(course, dict(list(ANSWERS.items())[: number % 3])))
    killed, said = start(course)
    while not (said.exists() and "1 of 6" in said.read_text()):
        assert killed.is_alive(), said.read_text()
        os.sched_yield()
    os.killpg(killed.pid, signal.SIGKILL)
    killed.join()
    done_before = len(list((course / "judged" / NAME).glob("s*.json")))
    assert 1 <= done_before < 6
    said = run(course)
    assert f"{done_before} have not changed" in said
    assert scores(course) == {f"s{n}": 3.0 * (n % 3) for n in range(6)}


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
    for step in (["autograde"], ["generate_feedback"]):
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *step, NAME],
            cwd=course,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PATH": _path()},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    assert scores(course) == {"ann": 6, "bob": 3}
    page = (course / "feedback" / "bob" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "the quotient at a number" in page
    assert "HIDDEN TESTS" not in page
    assert "seed" not in page


def _path():
    return os.pathsep.join((os.path.dirname(sys.executable), os.environ["PATH"]))


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
