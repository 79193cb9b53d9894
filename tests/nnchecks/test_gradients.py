"""The checks of assignment 02: every right answer passes, every misconception is named."""

import runpy

import numpy as np
import pytest

from nnchecks import gradients as check
from nnchecks.engine.report import Outcome
from nnlib import activations, differentiation, gradients, losses
from tests.conftest import ROOT
from tests.nnchecks.catalogue import misconception

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


def slope_along(u_of, gradient, x, u):
    return np.vdot(gradient(np.asarray(x)), u_of(np.asarray(u)))


def log_of(probabilities):
    """Return a loss that takes the logarithm of probabilities made in some way from y."""

    def cross_entropy(z, t):
        with np.errstate(all="ignore"):
            y = probabilities(ALTERNATIVES["softmax"][0](np.asarray(z, dtype=float)))
            return np.mean(-np.sum(t * np.log(y), axis=-1))

    return cross_entropy


def by_class_numbers_where_whole(z, t):
    if np.asarray(t).dtype.kind not in "iu":
        return ALTERNATIVES["cross_entropy"][0](z, t)
    z, t = np.atleast_2d(z), np.atleast_2d(t)
    return np.mean([ALTERNATIVES["cross_entropy"][0](row, np.eye(len(row))[c[0]])
                    for row, c in zip(z, t, strict=True)])  # fmt: skip


def errors_by(compare, measure=lambda f, x, u: (f(x + 1e-5 * u) - f(x - 1e-5 * u)) / 2e-5):
    def gradient_error(f, gradient, x, rng, directions=10):
        worst = 0.0
        for _ in range(directions):
            u = rng.standard_normal(np.shape(x))
            u /= np.linalg.norm(u)
            worst = max(worst, compare(np.sum(gradient(x) * u), measure(f, x, u)))
        return worst

    return gradient_error


def relative(a, b):
    return 0.0 if a == b == 0 else abs(a - b) / max(abs(a), abs(b))


SLIPS = {
    "gradient gets a list": (
        "directional_derivative",
        lambda gradient, x, u: np.sum(gradient(x) * np.asarray(u)) / np.linalg.norm(u),
    ),
    "unit vector of whole numbers": (
        "directional_derivative",
        lambda gradient, x, u: slope_along(
            lambda u: (u / np.linalg.norm(u)).astype(u.dtype), gradient, x, u
        ),
    ),
    "a small constant beside the length": (
        "directional_derivative",
        lambda gradient, x, u: slope_along(
            lambda u: u / (np.linalg.norm(u) + 1e-12), gradient, x, u
        ),
    ),
    "probabilities clipped at 1e-15": ("cross_entropy", log_of(lambda y: np.clip(y, 1e-15, 1))),
    "probabilities plus 1e-300": ("cross_entropy", log_of(lambda y: y + 1e-300)),
    "one shift for the batch": (
        "cross_entropy",
        lambda z, t: (
            lambda z: np.mean(np.sum(t * (np.log(np.exp(z).sum(-1, keepdims=True)) - z), axis=-1))
        )(np.asarray(z) - np.max(z)),
    ),
    "class numbers where t is whole": ("cross_entropy", by_class_numbers_where_whole),
    "divided by len(z)": (
        "cross_entropy",
        lambda z, t: ALTERNATIVES["cross_entropy"][0](z, t) * (1 if np.ndim(z) > 1 else 1 / len(z)),
    ),
    "one slope of zero": (
        "gradient_error",
        errors_by(lambda a, b: 0.0 if a == 0 or b == 0 else relative(a, b)),
    ),
    "a small constant below the line": (
        "gradient_error",
        errors_by(lambda a, b: abs(a - b) / (max(abs(a), abs(b)) + 1e-12)),
    ),
    "errors with their sign": (
        "gradient_error",
        errors_by(lambda a, b: 0.0 if a == b else (b - a) / max(abs(a), abs(b))),
    ),
    "measured on one side": (
        "gradient_error",
        errors_by(relative, lambda f, x, u: (f(x + 1e-5 * u) - f(x)) / 1e-5),
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_that_shows_in_one_case_only_is_found_on_every_seed(slip):
    name, answer = SLIPS[slip]
    for seed in range(20):
        report = EXERCISES[name](answer, seed=seed)
        assert report.score < report.points


def test_a_slip_in_a_function_costs_where_it_was_made_and_not_where_it_is_called():
    notebook = {"np": np}
    exec(
        "def directional_derivative(gradient, x, u):\n"
        "    return np.sum(gradient(x) * u)\n"
        "def softmax(z):\n"
        "    return np.exp(z) / np.exp(z).sum()\n"
        "def loss_gradient(W, x, t):\n"
        "    x = np.atleast_2d(x)\n"
        "    return x.T @ (softmax(x @ W) - t) / len(x)\n"
        "def gradient_error(f, gradient, x, rng, directions=10):\n"
        "    worst = 0\n"
        "    for _ in range(directions):\n"
        "        u = rng.standard_normal(np.shape(x))\n"
        "        step = 1e-5 * u / np.linalg.norm(u)\n"
        "        a = directional_derivative(gradient, x, u)\n"
        "        b = (f(x + step) - f(x - step)) / 2e-5\n"
        "        worst = max(worst, 0 if a == b == 0 else abs(a - b) / max(abs(a), abs(b)))\n"
        "    return worst\n",
        notebook,
    )
    reports = {name: EXERCISES[name](notebook[name]) for name in EXERCISES if name in notebook}
    assert reports["directional_derivative"].score == 0
    assert reports["softmax"].score == 1
    for name, lent in (("loss_gradient", "softmax"), ("gradient_error", "directional_derivative")):
        assert reports[name].outcome is Outcome.RIGHT
        assert f"`{lent}`" in str(reports[name])


def test_a_logarithm_of_a_negative_number_is_not_taken_for_the_logarithm_of_z():
    right = ALTERNATIVES["cross_entropy"][0]

    def answer(z, t):
        with np.errstate(all="ignore"):
            return np.log(-right(z, t))

    assert "logarithm of z itself" not in check.cross_entropy(answer).diagnosis


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
