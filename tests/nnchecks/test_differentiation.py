"""The checks of assignment 01: every right answer passes, every misconception is named."""

import runpy
import sys

import numpy as np
import pytest

from nnchecks import differentiation as check
from nnchecks.engine.report import Outcome
from nnlib import differentiation as reference
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
SEEDS = range(20)
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


def hands_over_a_flat_array(f, x, h=1e-5):
    flat = np.array(x, dtype=float).ravel()
    steps = h * np.eye(flat.size)
    return np.reshape([(f(flat + e) - f(flat - e)) / (2 * h) for e in steps], x.shape)


def moves_a_view_that_may_be_a_copy(f, x, h=1e-5):
    moved = np.array(x, dtype=float)
    flat, slopes = moved.reshape(-1), np.zeros(moved.size)
    for k in range(moved.size):
        flat[k] += h
        above = f(moved)
        flat[k] -= 2 * h
        slopes[k] = (above - f(moved)) / (2 * h)
        flat[k] += h
    return slopes.reshape(moved.shape)


def chosen_by(error, least=np.inf):
    """Search for the least error, from an error that is taken for large."""

    def best_step(f, df, x, steps):
        found, best = None, least
        for h in steps:
            one = error((f(x + h) - f(x - h)) / (2 * h), df(x))
            if one < best:
                found, best = h, one
        return found

    return best_step


SLIPS = {
    "f gets a flat array": ("numerical_gradient", hands_over_a_flat_array),
    "a view of a transposed array": ("numerical_gradient", moves_a_view_that_may_be_a_copy),
    "f gets a list": (
        "partial_derivative",
        lambda f, x, i, h=1e-5: check._with_lists(f, x, i, h),
    ),
    "errors rounded": ("best_step", chosen_by(lambda q, d: round(abs(q - d), 6))),
    "errors relative": ("best_step", chosen_by(lambda q, d: abs(q / np.float64(d) - 1))),
    "errors above 1 overlooked": ("best_step", chosen_by(lambda q, d: abs(q - d), least=1)),
    "errors above 1000 overlooked": ("best_step", chosen_by(lambda q, d: abs(q - d), least=1e3)),
    "only arrays of steps": (
        "best_step",
        lambda f, df, x, h: h[np.argmin(abs((f(x + h) - f(x - h)) / (2 * h) - df(x)))],
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_that_shows_in_one_case_only_is_found_on_every_seed(slip):
    name, answer = SLIPS[slip]
    for seed in SEEDS:
        report = EXERCISES[name](answer, seed=seed)
        assert report.score < report.points


@pytest.mark.parametrize("answer", ALTERNATIVES["best_step"])
def test_the_best_step_is_the_best_in_every_arithmetic_and_on_every_seed(answer):
    for seed in SEEDS:
        assert check.best_step(answer, seed=seed, rounds=5).outcome is Outcome.RIGHT


@pytest.mark.parametrize(
    "rule",
    [
        *(pytest.param(lambda steps, h=h: h, id=f"always {h}") for h in check.STEPS),
        *(pytest.param(lambda steps, k=k: steps[k], id=f"place {k}") for k in range(-3, 4)),
        *(pytest.param(lambda steps, k=k: sorted(steps)[k], id=f"rank {k}") for k in range(6)),
        pytest.param(lambda steps: float(np.median(steps)), id="median"),
    ],
)
def test_no_rule_of_thumb_wins_a_point_for_the_best_step_on_any_seed(rule):
    for seed in SEEDS:
        for wanted in check.best_step.properties:
            cases = wanted.cases(np.random.default_rng(seed), 3)
            assert any(rule(case.arguments[-1]) != case.expected for case in cases)


def test_a_wrong_difference_costs_where_it_was_made_and_not_where_it_is_called():
    notebook = {"np": np}
    exec(
        "def central_difference(f, x, h=1e-5):\n"
        "    return (f(x + h) - f(x - h)) / h\n"
        "def partial_derivative(f, x, i, h=1e-5):\n"
        "    def along(t):\n"
        "        moved = np.array(x, dtype=float)\n"
        "        moved[i] = t\n"
        "        return f(moved)\n"
        "    return central_difference(along, float(x[i]), h)\n"
        "def numerical_gradient(f, x, h=1e-5):\n"
        "    slopes = [partial_derivative(f, x, i, h) for i in np.ndindex(x.shape)]\n"
        "    return np.reshape(slopes, x.shape)\n"
        "def best_step(f, df, x, steps):\n"
        "    return min(steps, key=lambda h: abs(central_difference(f, x, h) - df(x)))\n",
        notebook,
    )
    reports = {name: EXERCISES[name](notebook[name]) for name in EXERCISES if name in notebook}
    assert reports.pop("central_difference").score == 0
    for report in reports.values():
        assert report.outcome is Outcome.RIGHT
        assert "`central_difference`" in str(report)


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
    assert sum(named) >= 0.85 * len(named)  # in some, one slip hides the other


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
