"""The checks of assignment 01: every right answer passes, every misconception is named."""

import os
import subprocess
import sys

import numpy as np
import pytest

from nnlib import differentiation as reference
from nnlib.checks import differentiation as check
from nnlib.checks.report import Outcome

EXERCISES = {
    name: getattr(check, name)
    for name in (
        "forward_difference",
        "central_difference",
        "partial_derivative",
        "numerical_gradient",
        "best_step",
    )
}
SEEDS = range(25)


def in_other_words(name):
    """The reference behind a function of one's own, as a student's would be."""
    return lambda *arguments, **keywords: getattr(reference, name)(*arguments, **keywords)


def eye_gradient(f, x, h=1e-5):
    x = np.asarray(x, dtype=np.float64)
    steps = h * np.eye(x.size).reshape(x.size, *x.shape)
    return np.reshape([(f(x + step) - f(x - step)) / (2 * h) for step in steps], x.shape)


def nested_list_gradient(f, x, h=1e-5):
    return eye_gradient(f, x, h).tolist()


def restoring_gradient(f, x, h=1e-5):
    z = np.array(x, dtype=float)
    flat, slopes = z.reshape(-1), []
    for k in range(flat.size):
        here = flat[k]
        flat[k] = here + h
        above = f(z)
        flat[k] = here - h
        slopes.append((above - f(z)) / (2 * h))
        flat[k] = here
    return np.array(slopes).reshape(z.shape)


def loop_best_step(f, df, x, steps):
    best, least = None, np.inf
    for h in steps:
        error = np.abs((f(x + h) - f(x - h)) / (2 * h) - df(x))
        if error < least:
            best, least = h, error
    return best


ALTERNATIVES = {
    "forward_difference": [
        in_other_words("forward_difference"),
        lambda f, x, h=1e-8: (f(x + h) - f(x)) / h,
        lambda f, x, h=1e-8: f(x + h) / h - f(x) / h,
        lambda f, x, h=1e-8: np.subtract(f(np.add(x, h)), f(x)) / ((x + h) - x),
    ],
    "central_difference": [
        in_other_words("central_difference"),
        lambda f, x, h=1e-5: (f(x + h) - f(x - h)) / (2 * h),
        lambda f, x, h=1e-5: (f(x + h) - f(x - h)) / h / 2,
        lambda f, x, h=1e-5: ((f(x + h) - f(x)) / h + (f(x) - f(x - h)) / h) / 2,
    ],
    "partial_derivative": [
        in_other_words("partial_derivative"),
        lambda f, x, i, h=1e-5: eye_gradient(f, x, h)[i],
        lambda f, x, i, h=1e-5: np.float64(restoring_gradient(f, x, h)[i]),
        lambda f, x, i, h=1e-5: (
            (
                f(np.where(np.arange(len(x)) == i, x + h, x))
                - f(np.where(np.arange(len(x)) == i, x - h, x))
            )
            / (2 * h)
            if x.dtype == np.float64
            else eye_gradient(f, x, h)[i]
        ),
    ],
    "numerical_gradient": [
        in_other_words("numerical_gradient"),
        eye_gradient,
        nested_list_gradient,
        restoring_gradient,
    ],
    "best_step": [
        in_other_words("best_step"),
        loop_best_step,
        lambda f, df, x, steps: min(
            steps, key=lambda h: abs(reference.central_difference(f, x, h) - df(x))
        ),
        lambda f, df, x, steps: float(
            sorted(steps, key=lambda h: abs((f(x + h) - f(x - h)) / (2 * h) - df(x)))[0]
        ),
    ],
}


@pytest.mark.parametrize(
    ("name", "answer"),
    [(name, answer) for name, answers in ALTERNATIVES.items() for answer in answers],
)
def test_a_right_answer_loses_nothing_however_it_is_written(name, answer):
    for seed in SEEDS:
        report = EXERCISES[name](answer, seed=seed, rounds=6)
        assert report.outcome is Outcome.RIGHT, report


@pytest.mark.parametrize(
    ("name", "misconception"),
    [(name, one) for name, exercise in EXERCISES.items() for one in exercise.misconceptions],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_a_misconception_is_named_and_never_gets_full_marks(name, misconception):
    for seed in SEEDS:
        report = EXERCISES[name](misconception.answer, seed=seed)
        assert report.score < report.points
        assert misconception.sentence in report.diagnosis


@pytest.mark.parametrize("name", EXERCISES)
def test_each_exercise_knows_six_misconceptions_and_awards_the_assignments_points(name):
    wanted = 4 if name == "numerical_gradient" else 3
    assert len(EXERCISES[name].misconceptions) >= 6
    assert EXERCISES[name](in_other_words(name)).points == wanted


@pytest.mark.parametrize("name", EXERCISES)
def test_a_stub_is_not_attempted_and_gets_nothing(name):
    def stub(*arguments, **keywords):
        raise NotImplementedError

    report = EXERCISES[name](stub)
    assert {criterion.outcome for criterion in report.criteria} == {Outcome.NOT_ATTEMPTED}
    assert report.score == 0


@pytest.mark.parametrize("name", EXERCISES)
def test_the_books_own_function_is_not_the_students_work(name):
    report = EXERCISES[name](getattr(reference, name))
    assert report.outcome is Outcome.NOT_ATTEMPTED
    assert report.score == 0
    assert "yours to write" in str(report)


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize(
    "answer",
    [
        lambda *a, **k: None,
        lambda *a, **k: np.nan,
        lambda *a, **k: "0.2",
        lambda *a, **k: 1 / 0,
        lambda *a, **k: [[1], [2, 3]],
        lambda *a, **k: np.zeros(np.shape(a[1])),
        lambda *a, **k: a[1],
        lambda: 1,
        lambda *a, **k: 1j,
    ],
)
def test_nonsense_gets_nothing_and_a_sentence(name, answer):
    report = EXERCISES[name](answer)
    assert report.score == 0
    assert all(criterion.sentence for criterion in report.criteria)


def test_an_unknown_error_is_not_given_a_name():
    report = check.central_difference(lambda f, x, h=1e-5: 0.123 * f(x))
    assert report.outcome is Outcome.WRONG
    assert report.diagnosis == ""


def test_something_that_is_no_function_is_explained():
    report = check.central_difference(0.2)
    assert report.outcome is Outcome.NOT_CHECKED
    assert "is 0.2, not a function" in str(report)


def test_what_the_function_prints_stays_out_of_the_report(capsys):
    def noisy(f, x, h=1e-5):
        print("debugging")
        print("a warning", file=sys.stderr)
        return (f(x + h) - f(x - h)) / (2 * h)

    assert check.central_difference(noisy).outcome is Outcome.RIGHT
    assert capsys.readouterr() == ("", "")


def test_the_same_seed_asks_the_same_questions_and_another_seed_others():
    def wrong(f, x, h=1e-5):
        return x + h

    assert str(check.central_difference(wrong, seed=3)) == str(
        check.central_difference(wrong, seed=3)
    )
    assert str(check.central_difference(wrong, seed=3)) != str(
        check.central_difference(wrong, seed=4)
    )


def test_checks_import_neither_matplotlib_nor_nbgrader():
    code = (
        "import sys; import nnlib.checks.differentiation;"
        "sys.exit(any(name in sys.modules for name in ('matplotlib', 'nbgrader', 'IPython')))"
    )
    assert subprocess.run([sys.executable, "-c", code], env=os.environ, check=False).returncode == 0
