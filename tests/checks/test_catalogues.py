"""What every exercise of every assignment promises, whoever wrote its catalogue."""

import importlib
import os
import runpy
import subprocess
import sys
from types import FunctionType

import pytest

from nnlib.checks.exercise import Exercise
from nnlib.checks.report import Outcome
from tests.conftest import ROOT
from tools import assignments

SEEDS = range(5)
SOURCES = assignments.sources(ROOT / "solutions")


def module_of(source):
    """The check module that the notebook imports."""
    (line,) = [
        line for line in source.read_text().splitlines() if line.startswith("from nnlib.checks ")
    ]
    return importlib.import_module(f"nnlib.checks.{line.split()[3]}")


def points_of(source):
    """Points in the notebook, by exercise."""
    found = {}
    for cell in assignments.read(source).cells:
        meta = cell.metadata.get("nbgrader", {})
        if meta.get("grade") and meta["grade_id"].startswith("test_"):
            found[meta["grade_id"].removeprefix("test_")] = meta["points"]
    return found


POINTS = {name: points for source in SOURCES for name, points in points_of(source).items()}
EXERCISES = {
    name: getattr(module_of(source), name)
    for source in SOURCES
    for name in points_of(source)
    if isinstance(getattr(module_of(source), name), Exercise)
}
ALTERNATIVES = {
    name: answers
    for source in SOURCES
    for name, answers in runpy.run_path(str(source.parent / "alternatives.py"))[
        "ALTERNATIVES"
    ].items()
    if name in EXERCISES
}


def books_own(name):
    """The book's function or object of that name, which is among what is withheld."""
    for one in EXERCISES[name].withheld:
        home = importlib.import_module(one.__module__)
        if one.__name__ == name:
            return one
        if hasattr(home, name):
            return getattr(home, name)
    raise AssertionError(f"the book's own {name} is not withheld")


def stub(*arguments, **keywords):
    raise NotImplementedError


def test_the_tests_look_at_every_assignment():
    assert len(EXERCISES) >= 4 * len(SOURCES)
    assert EXERCISES.keys() == ALTERNATIVES.keys()


@pytest.mark.parametrize(
    ("name", "answer"),
    [(name, answer) for name, answers in ALTERNATIVES.items() for answer in answers],
)
def test_a_right_answer_loses_nothing_however_it_is_written(name, answer):
    for seed in SEEDS:
        report = EXERCISES[name](answer, seed=seed, rounds=5)
        assert report.outcome is Outcome.RIGHT, report


@pytest.mark.parametrize(
    ("name", "slip"),
    [(name, one) for name, exercise in EXERCISES.items() for one in exercise.misconceptions],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_a_misconception_is_named_and_never_gets_full_marks(name, slip):
    for seed in SEEDS:
        report = EXERCISES[name](slip.answer, seed=seed)
        assert report.score < report.points
        assert slip.sentence in report.diagnosis


@pytest.mark.parametrize("name", EXERCISES)
def test_each_exercise_knows_six_misconceptions_and_awards_the_notebooks_points(name):
    assert len(EXERCISES[name].misconceptions) >= 6
    assert EXERCISES[name](stub).points == POINTS[name]


@pytest.mark.parametrize("name", EXERCISES)
def test_a_stub_is_not_attempted_and_gets_nothing(name):
    report = EXERCISES[name](stub)
    assert {criterion.outcome for criterion in report.criteria} == {Outcome.NOT_ATTEMPTED}
    assert report.score == 0


@pytest.mark.parametrize("name", EXERCISES)
def test_the_books_own_is_not_the_students_work_wrapped_or_copied_either(name):
    book = books_own(name)
    answers = [book, lambda *given, **named: book(*given, **named)]
    if isinstance(book, FunctionType):
        copy = FunctionType(
            book.__code__, book.__globals__, name, book.__defaults__, book.__closure__
        )
        copy.__module__ = "__main__"
        answers.append(copy)
    for answer in answers:
        report = EXERCISES[name](answer)
        assert report.outcome is Outcome.NOT_ATTEMPTED
        assert report.score == 0
        assert "yours to write" in str(report)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_checks_import_neither_matplotlib_nor_nbgrader(source):
    code = (
        f"import sys; import {module_of(source).__name__};"
        "sys.exit(any(name in sys.modules for name in ('matplotlib', 'nbgrader', 'IPython')))"
    )
    assert subprocess.run([sys.executable, "-c", code], env=os.environ, check=False).returncode == 0
