"""What students get: everything they need, and nothing that is the instructor's."""

import doctest
import re
import subprocess
import sys

import nbformat
import pytest
from nbgrader.validator import Validator

from tests.conftest import ROOT
from tools import assignments, demo
from tools.course import course_config

SOURCES = assignments.sources(ROOT / "solutions")
PRIVATE = re.compile(r"BEGIN SOLUTION|END SOLUTION|HIDDEN TESTS|seed=|rounds=|Rubric|full answer")


def released(course, source):
    path = course / "release" / source.stem / f"{source.stem}.ipynb"
    return nbformat.read(path, as_version=4)


def solution_lines(source):
    """The lines between the marks that stand nowhere else in the notebook."""
    inside = {
        line.strip()
        for region in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", source, re.S)
        for line in region.splitlines()
    }
    outside = re.sub(r"### BEGIN SOLUTION\n.*?### END SOLUTION", "", source, flags=re.S)
    return {line for line in inside if line and line not in outside}


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_the_release_holds_no_solution_and_no_hidden_test(course, source):
    everything = (course / "release" / source.stem / f"{source.stem}.ipynb").read_text()
    assert not PRIVATE.search(everything)
    text = "\n".join(cell.source for cell in released(course, source).cells)
    lines = solution_lines(source.read_text())
    assert lines, "the test looks for something"
    assert [line for line in lines if line in text] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_cell_ids_are_the_grade_ids(course, source):
    for cell in released(course, source).cells:
        assert cell.id == cell.metadata.nbgrader.grade_id


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_there_are_twenty_points_and_a_question_that_a_person_reads(course, source):
    graded = [c for c in released(course, source).cells if c.metadata.nbgrader.grade]
    assert sum(cell.metadata.nbgrader.points for cell in graded) == 20
    assert any(cell.cell_type == "markdown" for cell in graded)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_the_worked_examples_of_the_statements_come_out(source):
    namespace = {}
    exec(compile(source.read_text(), str(source), "exec"), namespace)
    finder = doctest.DocTestFinder(recurse=False)
    runner = doctest.DocTestRunner(verbose=False)
    text = source.read_text()
    answers = [name for name, one in namespace.items() if f'"{name}"' in text and callable(one)]
    for name in answers:
        for test in finder.find(namespace[name], name, globs=namespace):
            assert test.examples, f"{name} shows a worked example"
            runner.run(test)
    assert answers
    assert runner.failures == 0


def validate(course, source, student, tmp_path):
    table = {one.student: one for one in demo.table_of(source)}
    notebook = demo.hand_in(released(course, source), assignments.read(source), table[student])
    path = tmp_path / f"{source.stem}.ipynb"
    nbformat.write(notebook, path)
    return Validator(parent=None, config=course_config(course)).validate(str(path))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_an_untouched_release_fails_only_with_not_attempted(course, source, tmp_path):
    failed = validate(course, source, "untouched", tmp_path)["failed"]
    answers = [cell for cell in failed if cell["source"].startswith("check.")]
    assert len(answers) >= 1
    for cell in answers:
        outcomes = re.findall(r"point(?:s|)\): (.*)", cell["error"])
        assert set(outcomes) == {"not attempted"}, cell["error"]


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_validate_is_content_with_a_right_notebook(course, source, tmp_path):
    assert validate(course, source, "perfect", tmp_path) == {}


def test_validate_says_what_the_check_says(course, tmp_path):
    source = SOURCES[0]
    failed = validate(course, source, "partly-right", tmp_path)["failed"]
    errors = {cell["source"].partition("(")[0]: cell["error"] for cell in failed}
    assert list(errors) == [
        "check.central_difference",
        "check.partial_derivative",
        "check.numerical_gradient",
    ]
    assert errors["check.central_difference"].count("Write `a / (2 * h)`") == 1
    assert all("Traceback" not in error for error in errors.values())


def test_a_real_courses_release_holds_its_assignments_and_the_handout_the_chapters(tmp_path):
    command = [sys.executable, "-m", "tools.release", "--course", str(tmp_path / "course")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    course = tmp_path / "course"
    assert {path.name for path in (course / "release").iterdir()} == {one.stem for one in SOURCES}
    assert (course / "handout" / "chapters" / "01-differentiation.md").exists()


def test_a_broken_assignment_ends_the_command_with_one_sentence(tmp_path):
    broken = tmp_path / "solutions" / "01-broken" / "01-broken.py"
    broken.parent.mkdir(parents=True)
    broken.write_text("# %%\n### BEGIN SOLUTION\n### END SOLUTION\n")
    folders = ["--solutions", str(tmp_path / "solutions"), "--course", str(tmp_path / "course")]
    done = subprocess.run(
        [sys.executable, "-m", "tools.release", *folders],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(str(broken))
    assert "Traceback" not in done.stderr
