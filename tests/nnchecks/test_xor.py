"""The checks of assignment 05: what is particular to them; see `test_catalogues` for the rest."""

import runpy
from types import FunctionType

import numpy as np
import pytest

from nnchecks import xor as check
from nnchecks.engine.report import Outcome
from nnlib import activations, losses, network
from nnlib.datasets import xor_points
from tests.conftest import ROOT
from tests.nnchecks.catalogue import misconception, plain

EXERCISES = {
    name: getattr(check, name)
    for name in ("predict", "accuracy", "init_params", "loss_and_gradients", "train")
}
SEEDS = range(4)
BESIDE = runpy.run_path(str(ROOT / "solutions/05-xor/alternatives.py"))
ALTERNATIVES = BESIDE["ALTERNATIVES"]
my_predict, my_accuracy, my_start, my_gradients, my_train = (
    ALTERNATIVES[name][0] for name in EXERCISES
)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# --- what the checks know is right ----------------------------------------------------------------


def test_the_gradients_that_are_asked_for_are_those_of_the_complex_step():
    by_complex_step = BESIDE["gradients_by_complex_step"]
    seen = 0
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        for wanted in check.loss_and_gradients.properties:
            for case in wanted.cases(rng, 3):
                look = case.keywords["look"]
                loss, slopes = by_complex_step(*case.arguments)
                right = {**slopes, "loss": loss}[look.lstrip("+")]
                if look.startswith("+"):
                    loss, slopes = by_complex_step(*case.arguments[:3], 0.0)
                    right = right - {**slopes, "loss": loss}[look[1:]]
                np.testing.assert_allclose(case.expected, right, rtol=0, atol=1e-14)
                seen += 1
    assert seen > 50 * len(SEEDS)


def test_the_program_whose_lines_are_changed_is_right_itself():
    rng = np.random.default_rng(0)
    for hidden, n in ((1, 1), (2, 4), (5, 3)):
        params, X, Y = check._sample(rng, hidden, n)
        np.testing.assert_allclose(check._right_pass(params, X), my_predict(params, X), rtol=1e-13)
        for mine, right in zip(
            check._right_program(params, X, Y, 0.3), my_gradients(params, X, Y, 0.3), strict=True
        ):
            assert_same(mine, right)
        for mine, right in zip(
            check._right_training(params, X, Y, 0.7, 4, 0.3),
            my_train(params, X, Y, 0.7, 4, l2=0.3),
            strict=True,
        ):
            assert_same(mine, right)


def assert_same(mine, right):
    if isinstance(right, dict):
        assert mine.keys() == right.keys()
        for name, value in right.items():
            np.testing.assert_allclose(mine[name], value, rtol=0, atol=1e-14)
    else:
        np.testing.assert_allclose(mine, right, rtol=1e-13)


def test_no_wrong_way_of_counting_gives_the_right_share_by_chance():
    for seed in SEEDS:
        for case in check._some_right(np.random.default_rng(seed), 5):
            params, X, labels = case.arguments
            outputs = my_predict(params, X)
            assert np.abs(outputs[:, 0] - outputs[:, 1]).min() > 1e-4
            share = my_accuracy(params, X, labels)
            assert 0 < share < 1
            for slip in check.accuracy.misconceptions:
                if slip.name.startswith(("rounded", "nothing", "down the columns")):
                    continue  # no share, or nearly the right one
                assert abs(slip.answer(params, X, labels) - share) > 1e-6, slip.name


# --- what the assignment says of its starts -------------------------------------------------------


def share_learned(start):
    X, Y, labels = xor_points()
    trained, losses = my_train(start, X, Y, 2.0, 1500)
    return my_accuracy(trained, X, labels), losses


def scaled(size, seed):
    start = my_start(3, np.random.default_rng(seed))
    return {name: size * np.sqrt(3) * value for name, value in start.items()}


def test_a_start_of_zeros_does_not_move_and_alike_units_stay_alike_and_get_three_points():
    zeros = {name: 0 * value for name, value in scaled(1, 0).items()}
    X, Y, _ = xor_points()
    assert not any(slope.any() for slope in my_gradients(zeros, X, Y, 0.0)[1].values())
    alike = {**zeros, "W1": np.tile([[0.5], [0.2]], 3), "W2": np.tile([0.3, -0.4], (3, 1))}
    trained, _ = my_train(alike, X, Y, 2.0, 200)
    np.testing.assert_allclose(trained["W1"], trained["W1"][:, :1].repeat(3, axis=1), rtol=1e-10)
    assert share_learned(alike)[0] == 0.75


@pytest.mark.parametrize(("size", "learned"), [(0.01, 0), (0.3, 4), (1.0, 4), (10.0, 0)])
def test_starts_of_the_sizes_that_are_accepted_learn_and_the_others_do_not(size, learned):
    found = [share_learned(scaled(size, seed))[0] == 1.0 for seed in range(5)]
    assert sum(found) >= learned if learned else sum(found) <= 1
    report = check.init_params(lambda hidden, rng: grown(my_start(hidden, rng), size * np.sqrt(3)))
    assert report.score == (3 if learned else 2)


def grown(start, factor):
    return {name: factor * value for name, value in start.items()}


# --- reports --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "answer", "helper"),
    [
        ("predict", lambda p, X: activations.logistic(X @ p["W1"] @ p["W2"]), "Activation"),
        ("predict", lambda p, X: check._right_pass(p, X), "predict"),
        ("accuracy", lambda p, X, labels: check._COUNTS["right"](X, labels), "_hits"),
        (
            "init_params",
            lambda hidden, rng: {
                "W1": network.xavier(2, hidden, rng),
                "b1": np.zeros(hidden),
                "W2": network.xavier(hidden, 2, rng),
                "b2": np.zeros(2),
            },
            "xavier",
        ),
        (
            "loss_and_gradients",
            lambda p, X, Y, l2: (losses.penalty([p["W1"], p["W2"]], l2=l2), {}),
            "penalty",
        ),
        ("train", lambda *a, l2=0.0: check._training()(*a, l2=l2), "_training"),
    ],
)
def test_the_books_functions_are_no_helpers_either_and_the_rule_is_said(name, answer, helper):
    report = EXERCISES[name](answer)
    assert report.outcome is Outcome.NOT_ATTEMPTED
    assert f"`{helper}`" in str(report) or helper == name
    assert "yours to write" in str(report)


@pytest.mark.parametrize(
    ("name", "slip", "scores"),
    [
        ("predict", "infinity over infinity", [1, 0]),
        ("predict", "biases forgotten", [0, 0]),
        ("accuracy", "a count", [0, 0]),
        ("init_params", "zeros", [1, 0, 0]),
        ("init_params", "units alike", [1, 1, 0]),
        ("init_params", "own seed", [1, 0, 1]),
        ("init_params", "biases as matrices", [0, 1, 1]),
        ("init_params", "no biases", [0, 1, 1]),
        ("loss_and_gradients", "missing 1/n in the gradients", [1, 0, 0, 1, 0]),
        ("loss_and_gradients", "half forgotten in the loss", [0, 1, 2, 1, 0]),
        ("loss_and_gradients", "no slope at the hidden units", [1, 1, 0, 1, 0]),
        ("loss_and_gradients", "scalar penalty", [1, 1, 2, 0, 1]),
        ("loss_and_gradients", "biases penalised", [1, 1, 2, 0, 1]),
        ("loss_and_gradients", "params moved", [1, 1, 2, 1, 0]),
        ("train", "end left out", [0, 1, 0]),
        ("train", "biases stay", [0, 0, 0]),
        ("train", "penalty forgotten", [1, 1, 0]),
        ("train", "params moved in place", [1, 1, 0]),
    ],
)
def test_a_slip_costs_what_it_spoils(name, slip, scores):
    for seed in SEEDS:
        report = EXERCISES[name](misconception(EXERCISES[name], slip).answer, seed=seed)
        assert [one.score for one in report.criteria] == scores


def test_a_function_defined_by_a_student_is_treated_like_the_catalogues():
    def too_early(params, X, Y, learning_rate, steps, l2=0.0):
        W1, b1, W2, b2 = (params[name].copy() for name in ("W1", "b1", "W2", "b2"))
        found = []
        for step in range(steps + 1):
            H = sigmoid(X @ W1 + b1)
            out = sigmoid(H @ W2 + b2)
            squares = np.sum(W1**2) + np.sum(W2**2)
            found.append(((out - Y) ** 2).sum() / 2 / len(X) + l2 / 2 * squares)
            if step < steps:
                d2 = (out - Y) * out * (1 - out) / len(X)
                W2 -= learning_rate * (H.T @ d2 + l2 * W2)
                b2 -= learning_rate * d2.sum(axis=0)
                d1 = d2 @ W2.T * H * (1 - H)
                W1 -= learning_rate * (X.T @ d1 + l2 * W1)
                b1 -= learning_rate * d1.sum(axis=0)
        return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, found

    def scalar(params, X, Y, l2):
        loss, slopes = my_gradients(params, X, Y, l2)
        for name in ("W1", "W2"):
            slopes[name] += l2 * ((params[name] ** 2).sum() - params[name])
        return loss, slopes

    for seed in SEEDS:
        report = check.train(too_early, seed=seed)
        assert report.score == 0
        assert "W2 was updated before the hidden deltas were computed" in report.diagnosis
        report = check.loss_and_gradients(scalar, seed=seed)
        assert report.score == 5
        assert "one number, l2·ΣW², to every weight's gradient" in report.diagnosis
    for name in ("init_params", "loss_and_gradients", "train"):
        for slip in EXERCISES[name].misconceptions[:6]:
            report = EXERCISES[name](plain(slip.answer))
            assert report.outcome is Outcome.NOT_ATTEMPTED or slip.sentence in report.diagnosis


def test_a_training_along_wrong_gradients_is_told_where_to_look():
    def steps_along(gradients):
        def answer(params, X, Y, learning_rate, steps, l2=0.0):
            found = [gradients(params, X, Y, l2)[0]]
            for _ in range(steps):
                slopes = gradients(params, X, Y, l2)[1]
                params = {k: params[k] - learning_rate * slopes[k] for k in params}
                found.append(gradients(params, X, Y, l2)[0])
            return params, found

        return answer

    def summed(params, X, Y, l2):
        loss, slopes = my_gradients(params, X, Y, 0.0)
        more = my_gradients(params, X, Y, l2)
        return more[0], {k: more[1][k] + (len(X) - 1) * slopes[k] for k in slopes} if loss else {}

    assert check.train(steps_along(my_gradients)).outcome is Outcome.RIGHT
    report = check.train(steps_along(summed))
    assert "put it right in `loss_and_gradients` first" in report.diagnosis
    assert "Missing 1/n in the gradients" in report.diagnosis


def test_two_slips_at_once_are_named_together():
    def both(params, X, Y, l2):
        H = sigmoid(X @ params["W1"] + params["b1"])
        out = sigmoid(H @ params["W2"] + params["b2"])
        D2 = (Y - out) * (1 - out**2) / len(X)
        D1 = D2 @ params["W2"].T * (1 - H**2)
        loss, _ = my_gradients(params, X, Y, l2)
        return loss, {"W1": X.T @ D1, "b1": D1.sum(0), "W2": H.T @ D2, "b2": D2.sum(0)}

    report = check.loss_and_gradients(both)
    assert "1 − y² is the slope of tanh" in report.diagnosis
    assert "Besides, the sign is turned" in report.diagnosis


def test_numpys_global_generator_is_found_out_and_checking_leaves_it_alone():
    def answer(hidden, rng):
        W1, W2 = np.random.randn(2, hidden), np.random.randn(hidden, 2)  # noqa: NPY002
        return {"W1": W1, "b1": np.zeros(hidden), "W2": W2, "b2": np.zeros(2)}

    report = check.init_params(answer)
    assert report.score == 2
    assert "global generator" in report.diagnosis
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    check.init_params(my_start)
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002


def test_an_unknown_error_is_not_given_a_name():
    def odd(params, X, Y, l2):
        loss, slopes = my_gradients(params, X, Y, l2)
        return 1.01 * loss, {name: 1.23 * slope for name, slope in slopes.items()}

    report = check.loss_and_gradients(odd)
    assert report.outcome is Outcome.WRONG
    assert report.diagnosis == ""


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        (
            "init_params",
            lambda hidden, rng: [1, 2],
            "it should return a dict with W1, b1, W2, b2, not",
        ),
        ("init_params", lambda hidden, rng: {}, "returned [0, 0, 0, 0], but right is [1, 1, 1, 1]"),
        ("init_params", lambda hidden, rng: None, "returned None"),
        ("loss_and_gradients", lambda *a: 0.5, "it should return two results: the loss, and the"),
        ("loss_and_gradients", lambda *a: (0.5, [1]), "the gradients must be a dict with W1"),
        ("loss_and_gradients", lambda *a: (0.5, {"W1": 1}), "the dict of gradients has no 'W2'"),
        ("train", lambda *a, **k: a[0], "it should return two results: the dict of params"),
        ("train", lambda *a, **k: ([1], [2]), "the params must be a dict with W1"),
        ("train", lambda p, X, Y, rate, steps: (p, [0.0] * (steps + 1)), "keyword argument 'l2'"),
    ],
)
def test_a_result_of_another_kind_is_told_so(name, answer, said):
    report = EXERCISES[name](answer)
    assert report.score == 0
    assert said in str(report)


# --- shortcuts that show only in some questions ---------------------------------------------------


def by_order(params, X):
    W1, b1, W2, b2 = params.values()
    return sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2)


def like_the_inputs(params, X):
    H = np.zeros((len(X), len(params["b1"])), dtype=X.dtype)
    H[:] = sigmoid(X @ params["W1"] + params["b1"])
    return sigmoid(H @ params["W2"] + params["b2"])


def turned(hidden, rng):
    start = my_start(hidden, rng)
    return {**start, "W2": start["W1"].T}


def off_centre(hidden, rng):
    W1, W2 = rng.normal(0.5, 0.5, (2, hidden)), rng.normal(0.5, 0.5, (hidden, 2))
    return {"W1": W1, "b1": np.zeros(hidden), "W2": W2, "b2": np.zeros(2)}


def stopping(params, X, Y, learning_rate, steps, l2=0.0, *, stops=None, best=False):
    found, run = [my_gradients(params, X, Y, l2)[0]], [params]
    for _ in range(steps):
        slopes = my_gradients(run[-1], X, Y, l2)[1]
        run.append({k: run[-1][k] - learning_rate * slopes[k] for k in slopes})
        found.append(my_gradients(run[-1], X, Y, l2)[0])
        if stops and stops(found[-2], found[-1]):
            break
    return run[int(np.argmin(found))] if best else run[-1], found


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("predict", by_order, "any order"),
        ("predict", like_the_inputs, "whole-number inputs"),
        ("init_params", turned, "the same numbers as W1, turned"),
        ("init_params", off_centre, "Most of your weights are positive"),
        (
            "train",
            lambda *a, **k: stopping(*a, **k, stops=lambda old, new: new > old),
            "stops when the loss rises",
        ),
        (
            "train",
            lambda *a, **k: stopping(*a, **k, stops=lambda old, new: abs(new - old) < 1e-5),
            "hardly moves",
        ),
        ("train", lambda *a, **k: stopping(*a, **k, best=True), "with the least loss"),
    ],
)
def test_a_shortcut_loses_points_and_is_named_on_every_seed(name, answer, said):
    for seed in range(20):
        report = EXERCISES[name](answer, seed=seed)
        assert report.score < report.points, seed
        assert said in report.diagnosis, (seed, report)


def with_globals(function, **others):
    """A student's function in a notebook that holds these functions, too."""
    return FunctionType(function.__code__, {"np": np, **others}, function.__name__)


def test_a_slip_in_predict_costs_its_own_points_only():
    def wrong_predict(params, X):
        return sigmoid(X @ params["W1"] @ params["W2"])

    def accuracy(params, X, labels):
        return np.mean(predict(params, X).argmax(axis=1) == labels)  # noqa: F821

    report = check.accuracy(with_globals(accuracy, predict=wrong_predict))
    assert report.score == report.points
    assert "Right with the book's `predict` in the place of yours" in str(report)
    assert check.predict(wrong_predict).score == 0


@pytest.mark.parametrize("seed", [*range(20), 748, 1260, 3125])
def test_no_two_outputs_that_are_asked_for_are_equal_as_the_statement_promises(seed):
    # With the three seeds at the end a network with one hidden unit once had two equal outputs.
    for case in check._few_samples(np.random.default_rng(seed), 1):
        out = check._right_pass(*case.arguments[:2])
        assert np.abs(out[:, 0] - out[:, 1]).min() > 1e-4
