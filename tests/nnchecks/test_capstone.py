"""The checks of assignment 10: what is particular to them; see `test_catalogues` for the rest."""

import runpy

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from nnchecks import capstone as check
from nnchecks.engine import submitter
from nnchecks.engine.report import Outcome
from nnchecks.variants import CAPSTONE_SETS, capstone_data
from nnlib import activations, datasets, network, optimizers, training
from tests.conftest import ROOT
from tests.nnchecks.catalogue import misconception, plain

EXERCISES = {
    name: getattr(check, name)
    for name in (
        "split",
        "standardise",
        "balanced_accuracy",
        "train_network",
        "compare",
        "my_program",
    )
}
SEEDS = range(4)
ALTERNATIVES = runpy.run_path(str(ROOT / "solutions/10-capstone/alternatives.py"))["ALTERNATIVES"]
my_split, my_scale, my_share, my_train, my_table, my_program = (
    ALTERNATIVES[name][0] for name in EXERCISES
)


# --- what the checks know is right ----------------------------------------------------------------


def test_the_gradients_of_the_training_are_those_of_automatic_differentiation():
    def loss(params, X, labels):
        H = anp.tanh(anp.dot(X, params["W1"]) + params["b1"])
        Z = anp.dot(H, params["W2"]) + params["b2"]
        rows = anp.log(anp.sum(anp.exp(Z), axis=1)) - Z[np.arange(len(X)), labels]
        return anp.mean(rows)

    rng = np.random.default_rng(0)
    for size in check._SIZES:
        params, X, labels = check._task(rng, size)
        value, slopes = check._right_program(params, X, labels)
        np.testing.assert_allclose(value, loss(params, X, labels), rtol=1e-13)
        right = autograd.grad(loss)(params, X, labels)
        for name, slope in slopes.items():
            np.testing.assert_allclose(slope, right[name], rtol=0, atol=1e-14)


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("descent", optimizers.GradientDescent),
        ("momentum", optimizers.Momentum),
        ("adam", optimizers.Adam),
    ],
)
def test_the_three_ways_to_step_are_those_of_the_library(name, rule):
    rng = np.random.default_rng(1)
    params, X, labels = check._task(rng, (6, 3, 4, 3))
    choices = {"optimizer": name, "learning_rate": 0.2, "steps": 12}
    end, losses = check._right_training(params, X, labels, choices)
    W1, b1, W2, b2 = (params[one] for one in check.PARAMS)
    run = training.train(
        network.Network((W1, W2), (b1, b2), ("tanh", "identity")),
        X,
        labels,
        steps=12,
        optimizer=rule(0.2),
        loss="cross-entropy",
        progress=False,
    )
    np.testing.assert_allclose(losses, run.losses, rtol=1e-10)
    for mine, right in zip(
        (end["W1"], end["W2"], end["b1"], end["b2"]),
        (*run.network.weights, *run.network.biases),
        strict=True,
    ):
        np.testing.assert_allclose(mine, right, rtol=1e-9, atol=1e-12)


def test_no_gradient_of_a_question_is_so_small_that_the_place_of_epsilon_shows():
    for seed in SEEDS:
        for case in check._with_memory(np.random.default_rng(seed), 5):
            _, slopes = check._right_program(*case.arguments[:3])
            assert min(np.abs(slope).min() for slope in slopes.values()) > check.LEAST_GRADIENT


@pytest.mark.filterwarnings("ignore:Mean of empty slice", "ignore:invalid value")
def test_no_wrong_way_of_counting_gives_the_right_share_by_chance():
    for seed in SEEDS:
        cases = check._unequal(np.random.default_rng(seed), 5)
        for slip in check.balanced_accuracy.misconceptions:
            if slip.name == "nothing":
                continue
            telling = [
                case
                for case in cases
                if np.shape(slip.answer(*case.arguments)) != ()
                or not abs(slip.answer(*case.arguments) - case.expected) < 1e-3
            ]
            assert len(telling) >= 3, slip.name


# --- the bar for a whole program ------------------------------------------------------------------


def test_the_bar_lies_between_guessing_and_what_neighbours_know():
    for name, (make, trained, asked) in check.QUESTIONS.items():
        for seed in range(20):
            rng = np.random.default_rng(seed)
            data, new = make(trained, rng), make(asked, rng)
            known = my_share(check.neighbours(data.X, data.labels, new.X), new.labels)
            least = check.floor(data.X, data.labels, new.X, new.labels)
            guessing = 1 / data.T.shape[1]
            assert guessing + 0.3 < least < known - 0.05, name


def test_neighbours_are_counted_in_units_of_the_spread():
    data = datasets.rings(300, np.random.default_rng(0), noise=0)
    new = datasets.rings(200, np.random.default_rng(1), noise=0)
    named = check.neighbours(data.X, data.labels, new.X)
    assert (named == new.labels).all()


@pytest.mark.parametrize("name", check.QUESTIONS)
def test_a_right_program_has_room_above_the_bar(name):
    # The program of the catalogue, and that of a student who chose sensibly.
    make, trained, asked = check.QUESTIONS[name]
    for program in (check._right_whole, ALTERNATIVES["my_program"][1]):
        room = []
        for seed in range(8):
            rng = np.random.default_rng(seed)
            X, labels = check._sorted(make(trained, rng))
            new = make(asked, rng)
            named = np.asarray(program(X, labels, new.X, rng)).astype(int)
            room.append(my_share(named, new.labels) - check.floor(X, labels, new.X, new.labels))
        assert min(room) > 0.02
        assert np.mean(room) > 4 * np.std(room)


def test_the_sets_that_programs_are_asked_about_are_those_that_students_get():
    assert {name: one[0] for name, one in check.QUESTIONS.items()} == CAPSTONE_SETS


def test_what_is_no_network_but_right_is_accepted_since_the_way_is_free():
    report = check.my_program(lambda X, labels, new, rng: my_neighbours(X, labels, new))
    assert report.score == 3


def my_neighbours(X, labels, new):
    gaps = np.abs((new[:, None] - X) / X.std(axis=0)).sum(axis=2)
    near = labels[np.argsort(gaps, axis=1)[:, :3]]
    return [np.bincount(row).argmax() for row in near]


def test_more_units_than_a_sample_needs_do_no_harm_and_two_are_too_few_for_spirals():
    def program(hidden):
        def answer(X, labels, new, rng):
            choices = {"optimizer": "adam", "learning_rate": 0.05, "steps": 150}
            give = ALTERNATIVES["my_program"][0].__globals__
            return give["program"](X, labels, new, rng, hidden, give["xavier"], choices)

        return answer

    assert check.my_program(program(40)).score == 3
    report = check.my_program(program(2))
    assert report.score == 1
    assert "samples of the spirals" in report.criteria[0].sentence


# --- what the assignment says of the students' samples --------------------------------------------


def test_cutting_without_shuffling_leaves_a_class_out():
    for student in ("ada", "s0000", "s0003"):
        _, X, labels = capstone_data(student)
        train = labels[: len(X) // 2]
        assert len(np.unique(train)) < len(np.unique(labels))


def test_the_share_of_the_largest_class_is_three_quarters_and_balanced_a_third():
    _, _, labels = capstone_data("s0000")
    named = np.zeros(len(labels), dtype=int)
    assert np.mean(named == labels) == 0.75
    assert my_share(named, labels) == pytest.approx(1 / 3)


# --- reports --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "answer", "helper"),
    [
        ("standardise", lambda *a: check._right_standardise(*a), "standardise"),
        (
            "balanced_accuracy",
            lambda named, labels: check._balancing()(named, labels),
            "_balancing",
        ),
        (
            "train_network",
            lambda p, X, labels, choices: (p, [activations.softmax(X)]),
            "softmax",
        ),
        (
            "my_program",
            lambda X, labels, new, rng: network.xavier(2, 2, rng),
            "xavier",
        ),
        (
            "my_program",
            lambda X, labels, new, rng: check.neighbours(X, labels, new),
            "neighbours",
        ),
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
        ("split", "not shuffled", [1, 0]),
        ("split", "labels out of step", [0, 1]),
        ("split", "parts that overlap", [0, 1]),
        ("split", "everything in the rest", [0, 1]),
        ("split", "own seed", [1, 0]),
        ("split", "shuffled in place", [0, 1]),
        ("standardise", "each by its own numbers", [1, 0]),
        ("standardise", "all together", [1, 0]),
        ("standardise", "variance", [0, 0]),
        ("standardise", "divided by zero", [1, 0]),
        ("standardise", "in place", [1, 0]),
        ("train_network", "labels as numbers", [0, 0]),
        ("train_network", "always descent", [1, 0]),
        ("train_network", "no bias correction", [1, 0]),
        ("train_network", "params moved in place", [1, 0]),
        ("my_program", "not standardised", [0, 1]),
        ("my_program", "each by its own numbers", [2, 0]),
        ("my_program", "all together", [2, 0]),
        ("my_program", "global generator", [2, 0]),
        ("my_program", "changes the samples", [2, 0]),
    ],
)
def test_a_slip_costs_what_it_spoils(name, slip, scores):
    report = EXERCISES[name](misconception(EXERCISES[name], slip).answer, seed=7)
    assert [one.score for one in report.criteria] == scores


def test_a_function_defined_by_a_student_is_treated_like_the_catalogues():
    def leak(train, *others):
        both = np.concatenate([train, *others])
        m, s = both.mean(0), both.std(0)
        return [(one - m) / np.where(s > 0, s, 1) for one in (train, *others)]

    def as_numbers(params, X, labels, choices):
        losses = []
        for _ in range(choices["steps"] + 1):
            H = np.tanh(X @ params["W1"] + params["b1"])
            P = np.exp(H @ params["W2"] + params["b2"])
            P /= P.sum(axis=1, keepdims=True)
            losses.append(-np.mean(np.log(P[np.arange(len(X)), labels])))
            D2 = (P - labels.reshape(-1, 1)) / len(X)
            D1 = D2 @ params["W2"].T * (1 - H**2)
            end, rate = params, choices["learning_rate"]
            params = {
                "W1": params["W1"] - rate * X.T @ D1,
                "b1": params["b1"] - rate * D1.sum(0),
                "W2": params["W2"] - rate * H.T @ D2,
                "b2": params["b2"] - rate * D2.sum(0),
            }
        return end, losses

    for seed in SEEDS:
        report = check.standardise(leak, seed=seed)
        assert report.score == 1
        assert "a leak" in report.diagnosis
        assert "A label is a name" in check.train_network(as_numbers, seed=seed).diagnosis
    for name in ("split", "standardise", "train_network"):
        for slip in EXERCISES[name].misconceptions[:6]:
            report = EXERCISES[name](plain(slip.answer))
            assert report.outcome is Outcome.NOT_ATTEMPTED or slip.sentence in report.diagnosis


def test_a_students_program_without_standardising_is_told_about_the_rings():
    def answer(X, labels, new, rng):
        give = ALTERNATIVES["my_program"][0].__globals__
        start = give["start"]((2, 20, int(labels.max()) + 1), rng, give["he"])
        choices = {"optimizer": "adam", "learning_rate": 0.1, "steps": 200}
        params, _ = give["run_with_dicts"](start, X, labels, choices)
        return give["outputs"](params, new).argmax(axis=1)

    report = check.my_program(answer)
    assert report.score == 1
    assert "learns all but the rings" in report.diagnosis


def test_two_slips_at_once_are_named_together():
    report = check.balanced_accuracy(lambda named, labels: 100 * np.mean(named == labels))
    assert "This is the share of all samples" in report.diagnosis
    assert "Besides, it is in per cent" in report.diagnosis


def test_checking_leaves_numpys_global_generator_alone():
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    for name, exercise in EXERCISES.items():
        exercise(ALTERNATIVES[name][0])
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002


def test_an_unknown_error_is_not_given_a_name():
    def odd(params, X, labels, choices):
        end, losses = my_train(params, X, labels, choices)
        return {name: 1.01 * value for name, value in end.items()}, [1.02 * one for one in losses]

    report = check.train_network(odd)
    assert report.outcome is Outcome.WRONG
    assert report.diagnosis == ""


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        (
            "split",
            lambda X, labels, f, rng: (X, labels),
            "it should return four arrays: X and labels",
        ),
        ("standardise", lambda train, *o: train, "wanted is a list of 1 arrays"),
        ("standardise", lambda train, *o: my_scale(train), "there is no result for argument 2"),
        ("train_network", lambda *a: a[0], "it should return two results: the dict of params"),
        (
            "train_network",
            lambda *a: (list(my_train(*a)[0]), my_train(*a)[1]),
            "the params must be a dict with W1",
        ),
        ("compare", lambda *a: 0, "it should return two results: the table, and"),
        ("compare", lambda *a: ([1, 2], 0), "a row for each setting and two numbers in it"),
        (
            "my_program",
            lambda X, labels, new, rng: new,
            "wanted is one class for each of the 120 rows",
        ),
        (
            "my_program",
            lambda X, labels, new, rng: labels,
            "it returned 160 classes; wanted is one for each",
        ),
        (
            "my_program",
            lambda X, labels, new, rng: 7 + 0 * new[:, 0],
            "named the class 7, which is not",
        ),
        (
            "my_program",
            lambda X, labels, new, rng: ["0"] * len(new),
            "it should return whole numbers",
        ),
    ],
)
def test_a_result_of_another_kind_is_told_so(name, answer, said):
    report = EXERCISES[name](answer)
    assert report.outcome is Outcome.WRONG
    assert said in str(report)


# --- shortcuts that show only in some questions ---------------------------------------------------


def cut_by(size):
    def split(X, labels, fraction, rng):
        order, k = rng.permutation(len(X)), size(fraction * len(X))
        return X[order[:k]], labels[order[:k]], X[order[k:]], labels[order[k:]]

    return split


def guarded_by(spread_of):
    def standardise(train, *others):
        m, s = train.mean(axis=0), spread_of(train.std(axis=0))
        return [(one - m) / s for one in (train, *others)]

    return standardise


def naive(params, X, labels, choices):
    def probabilities(params):
        H = np.tanh(X @ params["W1"] + params["b1"])
        exp = np.exp(H @ params["W2"] + params["b2"])
        return H, exp / exp.sum(axis=1, keepdims=True)

    if choices["optimizer"] == "adam":
        return my_train(params, X, labels, choices)
    keep = 0.9 if choices["optimizer"] == "momentum" else 0.0
    losses, moves = [], dict.fromkeys(params, 0.0)
    for step in range(choices["steps"] + 1):
        H, P = probabilities(params)
        losses.append(-np.mean(np.log(P[np.arange(len(X)), labels])))
        if step == choices["steps"]:
            return params, losses
        D2 = (P - np.eye(P.shape[1])[labels]) / len(X)
        D1 = D2 @ params["W2"].T * (1 - H**2)
        slopes = {"W1": X.T @ D1, "b1": D1.sum(0), "W2": H.T @ D2, "b2": D2.sum(0)}
        moves = {k: keep * moves[k] + slopes[k] for k in params}
        params = {k: params[k] - choices["learning_rate"] * moves[k] for k in params}
    raise AssertionError


def least_loss(params, X, labels, choices):
    ends = [
        my_train(params, X, labels, {**choices, "steps": k}) for k in range(choices["steps"] + 1)
    ]
    return min(ends, key=lambda end: end[1][-1])[0], ends[-1][1]


def until_it_rises(params, X, labels, choices):
    for k in range(choices["steps"] + 1):
        end = my_train(params, X, labels, {**choices, "steps": k})
        if k and end[1][-1] > end[1][-2]:
            break
    return end


def upper_median(settings, score, seeds):
    table = []
    for one in settings:
        found = sorted(score(one, seed) for seed in seeds)
        table.append((found[len(found) // 2], found[-1] - found[0]))
    return table, int(np.argmax([row[0] for row in table]))


def above_zero(settings, score, seeds):
    table, best, so_far = my_table(settings, score, seeds)[0], 0, 0.0
    for k, (median, _) in enumerate(table):
        if median > so_far:
            best, so_far = k, median
    return table, best


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("split", cut_by(int), "int cuts that off"),
        ("split", cut_by(lambda size: int(np.ceil(size))), "ceil makes 8 of it"),
        ("standardise", guarded_by(lambda s: s + 1e-8), "You add a small number to the spread"),
        (
            "standardise",
            guarded_by(lambda s: np.where(s < 1e-3, 1, s)),
            "You take a small spread for 0",
        ),
        ("train_network", naive, "until exp overflows"),
        ("train_network", least_loss, "with the least loss"),
        ("train_network", until_it_rises, "stops when the loss rises"),
        ("compare", upper_median, "you take the upper one"),
        ("compare", above_zero, "begins at 0"),
    ],
)
def test_a_shortcut_loses_points_and_is_named_on_every_seed(name, answer, said):
    for seed in range(20):
        report = EXERCISES[name](answer, seed=seed)
        assert report.score < report.points, seed
        assert said in report.diagnosis, (seed, report)


# --- whose samples the report is about ------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("s0001", "s0002 handed in a notebook with student_id = 's0001'."),
        ("", "the report is about the samples of nobody"),
        (" S2@school.example", None),
        ("s0002", None),
    ],
)
def test_the_instructor_hears_of_anothers_samples(monkeypatch, typed, words):
    monkeypatch.setenv(submitter.STUDENT, "s0002")
    report = check.my_program(my_program, typed)
    assert report.score == 3, "the questions are the same for everybody"
    assert [words in said for said in report.for_instructor] == ([] if words is None else [True])
    assert ("it was handed in by s0002" in report.diagnosis) == (typed == "s0001")
