"""The checks of assignment 03: every right answer passes, every misconception is named."""

import functools
import runpy

import numpy as np
import pytest

from nnchecks import gradient_descent as check
from nnchecks.engine.report import Outcome
from nnlib import gradient_descent as reference
from tests.conftest import ROOT
from tests.nnchecks.catalogue import misconception, plain

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
            lambda w, X, y, rate: w - rate * reference.least_squares_gradient(w, X, y),
            "least_squares_gradient",
        ),
        (
            "descend_until",
            lambda g, x0, rate, bar, most: (
                reference.gradient_descent(g, x0, rate, most)[-1],
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
        (
            "descend_until",
            lambda *given: (np.zeros(2), 3),
            "there should be three results: x, steps",
        ),
        ("descend_until", lambda *given: (given[1], 0, "flat"), "the reason is 'flat'"),
        ("descend_until", lambda *given: (given[1], "gradient", 0), "result 2 is 'gradient'"),
        ("minibatches", lambda n, size, rng: iter([[0]]), "should be a list of index arrays"),
        ("minibatches", lambda n, size, rng: [np.array([0.0])], "an array of whole numbers"),
        ("minibatches", lambda n, size, rng: [[[0]]], "of one axis"),
        ("minibatches", lambda n, size, rng: None, "returned None"),
    ],
)
def test_a_result_of_another_kind_is_told_so(name, answer, said):
    report = EXERCISES[name](answer)
    assert report.score == 0
    assert said in str(report) or said in report.criteria[-1].sentence


def path(gradient, x0, learning_rate, steps, *, ends=lambda x, before: False, start=np.array):
    points = [start(x0) * 1.0 if start is np.array else x0]
    for _ in range(steps):
        points.append(points[-1] - learning_rate * gradient(points[-1]))
        if ends(points[-1], points[-2]):
            break
    return np.array(points)


def path_by_calling_itself(gradient, x0, learning_rate, steps):
    x = np.array(x0) * 1.0
    if steps == 0:
        return x[np.newaxis]
    rest = path_by_calling_itself(
        gradient, x - learning_rate * gradient(x), learning_rate, steps - 1
    )
    return np.concatenate([[x], rest])


def limit_by_powers(A):
    v = np.ones(len(A))
    for _ in range(2000):
        v = A @ v / np.linalg.norm(A @ v)
    return 2 / (v @ A @ v)


SLIPS = {
    "ends where nothing moves": (
        "gradient_descent",
        functools.partial(path, ends=lambda x, before: bool((x == before).all())),
    ),
    "ends after a short step": (
        "gradient_descent",
        functools.partial(path, ends=lambda x, before: np.abs(x - before).max() < 1e-12),
    ),
    "gradient gets a list": (
        "gradient_descent",
        lambda gradient, x0, rate, steps: path(gradient, x0, rate, steps, start=list),
    ),
    "calls itself for each step": ("gradient_descent", path_by_calling_itself),
    "one column squeezed away": (
        "gradient_descent",
        lambda gradient, x0, rate, steps: np.squeeze(path(gradient, x0, rate, steps)),
    ),
    "a power method from ones": ("stable_learning_rate", limit_by_powers),
    "inverse": (
        "stable_learning_rate",
        lambda A: 2 * np.linalg.eigvalsh(np.linalg.inv(np.array(A, dtype=float)))[0],
    ),
    "stops one look late": (
        "descend_until",
        lambda *given: ALTERNATIVES["descend_until"][0](*given[:4], given[4] + 1),
    ),
    "weights as whole as they were": (
        "sgd_step",
        lambda w, X, y, rate: ALTERNATIVES["sgd_step"][0](w, X, y, rate).astype(
            np.asarray(w).dtype
        ),
    ),
    "an empty batch where all are full": (
        "minibatches",
        lambda n, size, rng: (
            lambda order: [order[k * size : (k + 1) * size] for k in range(n // size + 1)]
        )(rng.permutation(n)),
    ),
    "batches rounded to a number": (
        "minibatches",
        lambda n, size, rng: np.array_split(rng.permutation(n), max(round(n / size), 1)),
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_that_shows_in_one_case_only_is_found_on_every_seed(slip):
    name, answer = SLIPS[slip]
    for seed in range(20):
        report = EXERCISES[name](answer, seed=seed)
        assert report.score < report.points


def test_a_slip_in_the_path_costs_where_it_was_made_and_not_where_it_is_called():
    notebook = {"np": np}
    exec(
        "def gradient_descent(gradient, x0, rate, steps):\n"
        "    x = np.array(x0, dtype=float)\n"
        "    path = [x]\n"
        "    for _ in range(steps):\n"
        "        x = x + rate * gradient(x)\n"
        "        path.append(x)\n"
        "    return np.array(path)\n"
        "def sgd_step(w, X, y, rate):\n"
        "    X = np.asarray(X)\n"
        "    return gradient_descent(lambda w: X.T @ (X @ w - y) / len(X), w, rate, 1)[-1]\n"
        "def descend_until(gradient, x0, rate, tolerance, max_steps):\n"
        "    path = gradient_descent(gradient, x0, rate, max_steps)\n"
        "    for steps, x in enumerate(path):\n"
        "        if np.linalg.norm(gradient(x)) <= tolerance:\n"
        "            return x, steps, 'gradient'\n"
        "    return path[-1], max_steps, 'max_steps'\n",
        notebook,
    )
    reports = {name: EXERCISES[name](notebook[name]) for name in EXERCISES if name in notebook}
    assert reports.pop("gradient_descent").score == 0
    for report in reports.values():
        assert report.outcome is Outcome.RIGHT
        assert "`gradient_descent`" in str(report)


def test_a_copy_of_whole_numbers_is_not_said_to_have_moved_the_callers_start():
    def copies(gradient, x0, rate, steps):
        x = np.array(x0)
        points = [x.copy()]
        for _ in range(steps):
            x -= rate * gradient(x)
            points.append(x.copy())
        return np.array(points)

    report = check.gradient_descent(copies)
    assert "has moved" not in report.diagnosis
    assert "an array of whole numbers refuses" in report.diagnosis


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


def test_the_square_of_the_length_is_not_taken_for_the_largest_entry():
    def until(gradient, x0, learning_rate, tolerance, max_steps):
        x = np.array(x0, dtype=float)
        for steps in range(max_steps + 1):
            g = gradient(x)
            if np.sum(g * g) <= tolerance:
                return x, steps, "gradient"
            if steps < max_steps:
                x = x - learning_rate * g
        return x, max_steps, "max_steps"

    # With this seed one criterion alone would be explained by either.
    said = check.descend_until(until, seed=2, rounds=5).diagnosis
    assert said == "You compare the square of the length. Take the root."
