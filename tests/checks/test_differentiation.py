"""The checks of assignment 01: every right answer passes, every misconception is named."""

import runpy
import sys

import numpy as np
import pytest

from nnlib import differentiation as reference
from nnlib.checks import differentiation as check
from nnlib.checks.report import Outcome
from tests.conftest import ROOT

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
ALTERNATIVES = runpy.run_path(str(ROOT / "solutions/01-differentiation/alternatives.py"))[
    "ALTERNATIVES"
]


@pytest.mark.parametrize(
    ("name", "answer", "helper"),
    [
        (
            "numerical_gradient",
            lambda f, x, h=1e-5: [
                reference.partial_derivative(f, x, i, h) for i in np.ndindex(x.shape)
            ],
            "partial_derivative",
        ),
        (
            "best_step",
            lambda f, df, x, steps: steps[np.argmin(reference.error_curve(f, df, x, steps))],
            "error_curve",
        ),
        ("partial_derivative", lambda f, x, i, h=1e-5: check._along(f, x, i, h), "_along"),
    ],
)
def test_the_books_functions_are_no_helpers_either_and_the_rule_is_said(name, answer, helper):
    report = EXERCISES[name](answer)
    assert report.outcome is Outcome.NOT_ATTEMPTED
    assert f"calls the book's own `{helper}`" in str(report)
    assert "not even as a helper" in str(report)


def sorts_its_steps(f, df, x, steps):
    steps.sort()
    return steps[np.argmin(np.abs((f(x + steps) - f(x - steps)) / (2 * steps) - df(x)))]


def moves_in_place(f, x, h=1e-5):
    x += h
    above = f(x)
    x -= 2 * h
    return (above - f(x)) / (2 * h)


@pytest.mark.parametrize(
    ("name", "answer", "lost"),
    [("best_step", sorts_its_steps, 3), ("central_difference", moves_in_place, 1)],
)
def test_changing_an_argument_costs_points_even_when_the_number_is_right(name, answer, lost):
    report = EXERCISES[name](answer)
    assert report.points - report.score == lost
    assert "changed its argument" in str(report)


@pytest.mark.parametrize(
    "name", ["forward_difference", "central_difference", "partial_derivative", "numerical_gradient"]
)
def test_another_default_step_costs_points(name):
    right = ALTERNATIVES[name][0]

    def other(*given, h=3e-6):
        return right(*given, h=h)

    assert EXERCISES[name](right).outcome is Outcome.RIGHT
    assert EXERCISES[name](other).outcome is Outcome.WRONG


@pytest.mark.parametrize("name", EXERCISES)
def test_two_slips_at_once_are_named_or_passed_over_but_never_right(name):
    exercise = EXERCISES[name]
    for both in exercise.combinations:
        report = exercise(both.answer)
        assert report.score < report.points
        if both.sentence in report.diagnosis:
            assert all(f" {part.sentence}" not in report.diagnosis.replace(both.sentence, "")
                       for part in both.parts)  # fmt: skip


def test_most_pairs_are_named():
    named = [
        both.sentence in exercise(both.answer).diagnosis
        for exercise in EXERCISES.values()
        for both in exercise.combinations
    ]
    assert len(named) >= 60
    assert sum(named) >= 0.9 * len(named)


def test_no_picture_is_drawn_where_it_would_show_nothing():
    def cut_off(f, x, h=1e-5):
        return np.round(ALTERNATIVES["numerical_gradient"][0](f, x, h), 3)

    report = check.numerical_gradient(cut_off)
    assert report.outcome is Outcome.WRONG
    assert report.picture() is None
    assert check.numerical_gradient(ALTERNATIVES["numerical_gradient"][0]).picture is None


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

    first, again, other = (check.central_difference(wrong, seed=seed) for seed in (3, 3, 4))
    assert first == again
    assert first != other
