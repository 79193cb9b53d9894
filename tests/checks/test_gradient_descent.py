"""The checks of assignment 03: every right answer passes, every misconception is named."""

import runpy

import numpy as np
import pytest

from nnlib import descent
from nnlib.checks import gradient_descent as check
from nnlib.checks.report import Outcome
from tests.checks.catalogue import misconception, plain
from tests.conftest import ROOT

EXERCISES = {
    name: getattr(check, name)
    for name in (
        "gradient_descent",
        "sgd_step",
        "stable_learning_rate",
        "descend_until",
        "minibatches",
    )
}
SEEDS = range(5)
ALTERNATIVES = runpy.run_path(str(ROOT / "solutions/03-gradient-descent/alternatives.py"))[
    "ALTERNATIVES"
]


@pytest.mark.parametrize(
    ("name", "answer", "helper"),
    [
        (
            "sgd_step",
            lambda w, X, y, rate: w - rate * descent.least_squares_gradient(w, X, y),
            "least_squares_gradient",
        ),
        (
            "descend_until",
            lambda g, x0, rate, bar, most: (
                descent.gradient_descent(g, x0, rate, most)[-1],
                most,
                "max_steps",
            ),
            "gradient_descent",
        ),
        ("descend_until", lambda *given: check._descend()(*given), "_descend"),
        ("minibatches", lambda n, size, rng: check._cut(rng.permutation(n), size), "_cut"),
    ],
)
def test_the_books_functions_are_no_helpers_either_and_the_rule_is_said(name, answer, helper):
    report = EXERCISES[name](answer)
    assert report.outcome is Outcome.NOT_ATTEMPTED
    assert f"calls the book's own `{helper}`" in str(report)


@pytest.mark.parametrize(
    ("name", "slip", "score"),
    [
        ("gradient_descent", "made like the start", 3),
        ("gradient_descent", "along the gradient", 0),
        ("stable_learning_rate", "largest entry", 1),
        ("descend_until", "last point not looked at", 1),
        ("descend_until", "less than", 2),
        ("minibatches", "not shuffled", 2),
        ("minibatches", "blocks shuffled", 1),
        ("sgd_step", "arrays only", 2),
        ("sgd_step", "weights changed", 1),
    ],
)
def test_a_slip_costs_what_it_spoils(name, slip, score):
    assert EXERCISES[name](misconception(EXERCISES[name], slip).answer).score == score


def test_a_function_defined_by_a_student_is_treated_like_the_catalogues():
    for name in ("descend_until", "minibatches"):
        for slip in EXERCISES[name].misconceptions[:4]:
            report = EXERCISES[name](plain(slip.answer))
            assert report.outcome is Outcome.NOT_ATTEMPTED or slip.sentence in report.diagnosis


def test_numpys_global_generator_is_found_out_and_checking_leaves_it_alone():
    def answer(n, size, rng):
        order = np.random.permutation(n)  # noqa: NPY002 - the slip itself
        return [order[k : k + size] for k in range(0, n, size)]

    report = check.minibatches(answer)
    assert report.score == 2
    assert "global generator" in report.diagnosis
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    check.minibatches(ALTERNATIVES["minibatches"][0])
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("descend_until", lambda *given: (np.zeros(2), 3), "wanted are three results: x, steps"),
        ("descend_until", lambda *given: (given[1], 0, "flat"), "the reason is 'flat'"),
        ("minibatches", lambda n, size, rng: iter([[0]]), "wanted is a list of index arrays"),
        ("minibatches", lambda n, size, rng: [np.array([0.0])], "arrays of whole numbers"),
        ("minibatches", lambda n, size, rng: [[[0]]], "with one axis"),
        ("minibatches", lambda n, size, rng: None, "returned None"),
    ],
)
def test_a_result_of_another_kind_is_told_so(name, answer, said):
    report = EXERCISES[name](answer)
    assert report.score == 0
    assert said in str(report) or said in report.criteria[-1].sentence


def test_runs_that_stop_exactly_at_the_tolerance_are_asked_for_and_no_other_comes_close():
    seen = 0
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        for make in (check._flat_at_last, check._given_up, check._stopped_anywhere):
            for case in make(rng, 5):
                gradient, x0, rate, bar, most = case.arguments
                path = ALTERNATIVES["gradient_descent"][0](gradient, x0, rate, most)
                norms = np.array([np.linalg.norm(gradient(x)) for x in path])
                distance = np.abs(norms / bar - 1)
                seen += int((norms == bar).any())
                assert (distance[norms != bar] > 1e-3).all()
    assert seen >= 3 * len(SEEDS)
