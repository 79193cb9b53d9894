"""The checks of assignment 02: every right answer passes, every misconception is named."""

import runpy

import numpy as np
import pytest

from nnlib import activations, differentiation, gradients, losses
from nnlib.checks import gradients as check
from nnlib.checks.report import Outcome
from tests.checks.catalogue import misconception
from tests.conftest import ROOT

EXERCISES = {
    name: getattr(check, name)
    for name in (
        "directional_derivative",
        "softmax",
        "cross_entropy",
        "loss_gradient",
        "gradient_error",
    )
}
SEEDS = range(10)
ALTERNATIVES = runpy.run_path(str(ROOT / "solutions/02-gradients/alternatives.py"))["ALTERNATIVES"]


@pytest.mark.parametrize(
    ("name", "answer", "helper"),
    [
        (
            "loss_gradient",
            lambda W, x, t: np.atleast_2d(x).T @ (activations.softmax(x @ W) - t) / len(x),
            "softmax",
        ),
        (
            "loss_gradient",
            lambda W, x, t: differentiation.numerical_gradient(lambda V: 0.0, W),
            "numerical_gradient",
        ),
        (
            "cross_entropy",
            lambda z, t: -np.mean(np.sum(t * activations.log_softmax(z), axis=-1)),
            "log_softmax",
        ),
        ("cross_entropy", lambda z, t: losses.loss_named("cross-entropy")(z, t), "Loss"),
        (
            "gradient_error",
            lambda f, gradient, x, rng, directions=10: gradients.relative_error(1.0, 1.0),
            "relative_error",
        ),
        ("directional_derivative", lambda g, x, u: np.vdot(g(x), check._unit(u)), "_unit"),
    ],
)
def test_the_books_functions_are_no_helpers_either_and_the_rule_is_said(name, answer, helper):
    report = EXERCISES[name](answer)
    assert report.outcome is Outcome.NOT_ATTEMPTED
    assert f"calls the book's own `{helper}`" in str(report)


def test_every_slip_in_the_logits_is_seen_by_the_check_for_certain_and_wrong():
    for slip in ("logarithm of softmax", "plus 1e-7", "no shift"):
        report = check.cross_entropy(misconception(EXERCISES["cross_entropy"], slip).answer)
        assert report.criteria[-1].name == "certain, and wrong"
        assert report.criteria[-1].outcome is Outcome.WRONG


def test_a_softmax_that_overflows_loses_that_point_only():
    report = check.softmax(misconception(EXERCISES["softmax"], "no shift").answer)
    assert report.score == 2


def test_soft_targets_are_real_probabilities_and_never_a_label():
    rng = np.random.default_rng(5)
    for k in (2, 3, 4, 6):
        for _ in range(200):
            t = check._targets(rng, (3, k), soft=True)
            np.testing.assert_allclose(t.sum(axis=-1), 1)
            assert (t >= 0).all()
            assert (t.max(axis=-1) < 0.95).all()
    hard = check._targets(rng, (50, 3), soft=False)
    assert set(np.unique(hard)) == {0.0, 1.0}
    assert (hard.sum(axis=-1) == 1).all()


@pytest.mark.parametrize("h", [1e-4, 1e-5, 1e-6, 1e-7])
def test_the_step_of_a_gradient_check_is_free_within_reason(h):
    def answer(f, gradient, x, rng, directions=10):
        worst = 0.0
        for _ in range(directions):
            u = rng.standard_normal(np.shape(x))
            u /= np.linalg.norm(u)
            a = np.sum(gradient(x) * u)
            b = (f(x + h * u) - f(x - h * u)) / (2 * h)
            worst = max(worst, abs(a - b) / max(abs(a), abs(b), 1e-300))
        return worst

    for seed in SEEDS:
        assert check.gradient_error(answer, seed=seed, rounds=5).outcome is Outcome.RIGHT


@pytest.mark.parametrize("directions", [1, 5, 9, 11, 100])
def test_another_default_number_of_directions_costs_points(directions):
    right = ALTERNATIVES["gradient_error"][0]

    def other(f, gradient, x, rng, directions=directions):
        return right(f, gradient, x, rng, directions)

    assert check.gradient_error(other).outcome is Outcome.WRONG


def test_a_right_gradient_passes_the_check_that_the_book_draws_its_own_expectation_from():
    for case in check._right_gradients(np.random.default_rng(3), 5):
        f, gradient, x, rng = case.arguments
        assert gradients.gradient_error(f, gradient, x, rng) < 1e-6


def test_the_errors_wanted_are_those_of_the_books_own_function():
    for seed in SEEDS:
        for case in check._wrong_gradients(np.random.default_rng(seed), 5):
            measured = gradients.gradient_error(*case.arguments, **case.keywords)
            assert measured == pytest.approx(case.expected, abs=check.MEASURED)


@pytest.mark.parametrize("name", EXERCISES)
def test_two_slips_at_once_are_named_or_passed_over_but_never_right(name):
    exercise = EXERCISES[name]
    for both in exercise.combinations:
        report = exercise(both.answer)
        assert report.score < report.points


def test_most_pairs_are_named():
    named = [
        both.sentence in exercise(both.answer).diagnosis
        for exercise in EXERCISES.values()
        for both in exercise.combinations
    ]
    assert len(named) >= 50
    assert sum(named) >= 0.9 * len(named)


def test_no_picture_is_drawn_where_it_would_show_nothing():
    nearly = check.softmax(lambda z: np.round(ALTERNATIVES["softmax"][1](z), 4))
    assert nearly.outcome is Outcome.WRONG
    assert nearly.picture() is None
    assert check.softmax(ALTERNATIVES["softmax"][1]).picture is None
    nothing = check.cross_entropy(lambda z, t: np.nan)
    assert nothing.picture() is None
