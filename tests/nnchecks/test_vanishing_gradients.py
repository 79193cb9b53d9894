"""The checks of assignment 07: what is asked is right, and chance fails nobody."""

import runpy

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from nnchecks import vanishing_gradients as check
from nnchecks.engine.report import Outcome
from tests.conftest import ROOT
from tests.nnchecks.catalogue import SEEDS, cases, misconception

NAMES = ("xavier", "he", "clip_by_norm", "layer_gradient_norms")
EXERCISES = {name: getattr(check, name) for name in NAMES}
ALTERNATIVES = runpy.run_path(str(ROOT / "solutions/07-vanishing-gradients/alternatives.py"))[
    "ALTERNATIVES"
]
F = {
    "sigmoid": lambda z: 1 / (1 + anp.exp(-z)),
    "tanh": anp.tanh,
    "relu": lambda z: anp.maximum(z, 0),
    "linear": lambda z: z,
}


def test_what_is_asked_about_networks_is_what_autograd_finds():
    seen = 0
    for case in cases(EXERCISES["layer_gradient_norms"]):
        weights, X, T, activation = case.arguments

        def loss(weights, X=X, T=T, f=F[activation]):
            H = X
            for W in weights:
                H = f(anp.dot(H, W))
            return anp.sum((H - T) ** 2) / (2 * len(X))

        gradients = autograd.grad(loss)([W * 1.0 for W in weights])
        found = [np.abs(g).mean() for g in gradients]
        np.testing.assert_allclose(case.expected, found, rtol=1e-9)
        assert case.tolerance < 2e-5 * case.expected.min()
        seen += 1
    assert seen > 100


def test_networks_of_every_kind_are_asked_about_and_no_unit_of_relu_is_at_the_corner():
    kinds, shapes = set(), set()
    for case in cases(EXERCISES["layer_gradient_norms"]):
        weights, X, _, activation = case.arguments
        kinds.add((activation, X.dtype.kind, len(X) == 1, len(weights)))
        shapes |= {W.shape[0] == W.shape[1] for W in weights}
        H = X
        for W in weights:
            z = H @ W
            if activation == "relu":
                assert np.abs(z[(H != 0).any(axis=1)]).min() > 1e-4
            H = F[activation](z)
    assert {kind[0] for kind in kinds} == set(F)
    assert {kind[0] for kind in kinds if kind[1] == "i"} >= {"linear", "relu", "tanh"}
    assert {kind[2] for kind in kinds} == {True, False}
    assert {kind[3] for kind in kinds} >= {1, 2, 3, 9}
    assert shapes == {True, False}


def test_what_is_asked_about_clipping_keeps_the_direction_and_the_limit():
    longer = exact = 0
    for case in cases(EXERCISES["clip_by_norm"]):
        gradients, limit = case.arguments
        numbers = np.concatenate([np.ravel(g) for g in gradients]).astype(float)
        norm = np.linalg.norm(numbers)
        exact += bool(norm == limit)
        if norm > limit:
            longer += 1
            assert norm >= 1, "or PyTorch's way would not count as right"
            np.testing.assert_allclose(np.linalg.norm(case.expected), limit, rtol=1e-12)
            np.testing.assert_allclose(case.expected * (norm / limit), numbers, rtol=1e-12)
        else:
            np.testing.assert_array_equal(case.expected, numbers)
    assert longer > 50
    assert exact >= len(SEEDS)


@pytest.mark.parametrize("name", ["xavier", "he"])
def test_chance_stays_far_within_its_room_for_every_right_way_of_drawing(name):
    """A right answer uses up the room as a normal number does: 7 standard deviations of it."""
    distances = []
    for answer in ALTERNATIVES[name]:
        for case in cases(EXERCISES[name]):
            look = case.keywords["look"]
            if look in ("spread", "mean", "outside"):
                value = check._look_at_weights(answer, look, *case.arguments)
                distances.append((value - case.expected) / case.tolerance * check.LUCK)
    distances = np.array(distances)
    assert len(distances) >= 200
    assert 0.85 < distances.std() < 1.15
    assert np.abs(distances).max() < 5


@pytest.mark.parametrize(("name", "factor"), [("xavier", 1.1), ("he", 0.9)])
def test_a_tenth_too_large_or_too_small_is_beyond_chance(name, factor):
    right = ALTERNATIVES[name][0]
    for seed in range(20):
        report = EXERCISES[name](lambda *given: factor * right(*given), seed=seed)
        assert report.score == 1


@pytest.mark.parametrize(
    ("name", "slip", "score"),
    [
        ("xavier", "inputs alone", 1),
        ("xavier", "uniform", 1),
        ("xavier", "units in rows", 2),
        ("he", "Xavier's variance", 1),
        ("he", "global generator", 2),
        ("he", "zeros", 0),
        ("clip_by_norm", "one array at a time", 1),
        ("clip_by_norm", "always to the limit", 3),
        ("clip_by_norm", "changed in place", 3),
        ("layer_gradient_norms", "no absolute value", 4),
        ("layer_gradient_norms", "no slopes", 2),
        ("layer_gradient_norms", "slope of the sum", 3),
        ("layer_gradient_norms", "relu always on", 4),
        ("layer_gradient_norms", "list turned round", 5),
    ],
)
def test_a_slip_costs_what_it_spoils(name, slip, score):
    assert EXERCISES[name](misconception(EXERCISES[name], slip).answer).score == score


def test_numpys_global_generator_is_found_out_and_checking_leaves_it_alone():
    def answer(n_in, n_out, rng):
        return np.random.randn(n_in, n_out) * np.sqrt(2 / n_in)  # noqa: NPY002 - the slip itself

    report = check.he(answer)
    assert report.score == 2
    assert "global generator" in report.diagnosis
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    check.he(ALTERNATIVES["he"][0])
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002


def test_a_generator_that_is_not_moved_on_is_found_out():
    def answer(n_in, n_out, rng):
        fresh = np.random.default_rng(rng.bit_generator.state["state"]["state"] % 2**32)
        return fresh.normal(0, np.sqrt(2 / n_in), (n_in, n_out))

    report = check.he(answer)
    assert report.score == 2
    assert "two calls with one generator give, he(4, 3, rng): it returned 1" in str(report)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("missing 1/n", "slope of the sum"),
        ("sum for mean", "no slopes"),
        ("no absolute value", "no slope at the last layer"),
        ("last layer first", "activation twice"),
    ],
)
def test_two_slips_in_one_network_are_both_named(first, second):
    one, other = (
        misconception(EXERCISES["layer_gradient_norms"], name) for name in (first, second)
    )
    both = check._norms(**one.changes, **other.changes)

    def answer(weights, X, T, activation):
        return both(weights, X, T, activation)

    exercise = check.NormsExercise(
        **{
            **{name: getattr(check.layer_gradient_norms, name) for name in ("name", "properties")},
            "misconceptions": check.layer_gradient_norms.misconceptions,
            "chapter": check.CHAPTER,
        }
    )
    report = exercise(answer)
    assert f"Two slips at once. {one.sentence} {other.sentence}" in report.diagnosis


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("xavier", lambda n_in, n_out, rng: rng.normal(size=n_in * n_out + 1), "of shape (11,)"),
        ("xavier", lambda n_in, n_out, rng: np.full((n_in, n_out), "a"), "real numbers"),
        ("he", lambda n_in, n_out, rng: [[1.0], [2.0, 3.0]], "real numbers, not list"),
        ("he", lambda n_in, n_out, rng: None, "returned None"),
        ("clip_by_norm", lambda gradients, limit: iter(gradients), "wanted is a list of arrays"),
        ("clip_by_norm", lambda gradients, limit: gradients[:1], "as they came in, not (2, 2)"),
        ("clip_by_norm", lambda gradients, limit: [], "an empty one"),
        ("clip_by_norm", lambda gradients, limit: [g * 1j for g in gradients], "real numbers"),
    ],
)
def test_a_result_of_another_kind_is_told_so_and_not_taken_for_a_known_slip(name, answer, said):
    report = EXERCISES[name](answer)
    assert report.score == 0
    assert said in str(report)
    assert report.diagnosis == ""


def test_an_answer_that_fails_for_whole_numbers_is_named_wherever_it_ran():
    """A judge gets exceptions with types of their own, of the same name."""
    inner = misconception(EXERCISES["clip_by_norm"], "changed in place").answer.func

    def answer(gradients, limit):
        try:
            return inner(gradients, limit)
        except TypeError as error:
            told = type(type(error).__name__, (TypeError,), {})(str(error))
            told.operation = "BINARY_OP *="
            raise told from None

    assert "changes the caller's arrays" in _without_rules(check.clip_by_norm)(answer).diagnosis


def _without_rules(exercise):
    """The exercise, for answers that call its own catalogue."""
    return check.SeenExercise(
        name=exercise.name,
        properties=exercise.properties,
        misconceptions=exercise.misconceptions,
        chapter=exercise.chapter,
        sees=exercise.sees,
    )


@pytest.mark.parametrize(
    ("name", "answer", "helper"),
    [
        ("xavier", lambda n_in, n_out, rng: check._normal(check._xavier_variance), "_normal"),
        ("he", lambda n_in, n_out, rng: check.network.he(n_in, n_out, rng), "he"),
        (
            "layer_gradient_norms",
            lambda weights, X, T, name: check.network.Network(weights, None, name),
            "activation_named",
        ),
        ("layer_gradient_norms", lambda *given: check._RIGHT(*given), "answer"),
        ("clip_by_norm", lambda *given: check._scaled()(*given), "_scaled"),
    ],
)
def test_the_books_functions_are_no_helpers_either(name, answer, helper):
    report = EXERCISES[name](answer)
    assert report.outcome is Outcome.NOT_ATTEMPTED
    own = "the book's own function" if helper == name else f"calls the book's own `{helper}`"
    assert own in str(report)


def test_a_slip_in_xavier_costs_nothing_in_he_that_calls_it():
    namespace = {"np": np, "xavier": lambda n_in, n_out, rng: rng.normal(0, 1, (n_in, n_out))}
    exec(
        "def he(n_in, n_out, rng):\n"
        "    return xavier(n_in, n_out, rng) * np.sqrt((n_in + n_out) / n_in)\n",
        namespace,
    )
    report = check.he(namespace["he"])
    assert report.score == report.points
    assert "`xavier`" in str(report)


def cut_off(n_in, n_out, rng):
    deviation = np.sqrt(2 / (n_in + n_out))
    return np.clip(rng.normal(0, deviation, (n_in, n_out)), -2 * deviation, 2 * deviation)


def shifted_to_mean_0(n_in, n_out, rng):
    W = rng.normal(0, np.sqrt(2 / (n_in + n_out)), (n_in, n_out))
    return W - W.mean()


def each_array_measured_anew(gradients, limit):
    found = [g * 1.0 for g in gradients]
    for k in range(len(found)):
        norm = np.sqrt(sum(np.sum(g**2) for g in found))
        found[k] = found[k] * min(1, limit / norm) if norm else found[k]
    return found


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("xavier", cut_off, "cut large numbers off"),
        ("xavier", shifted_to_mean_0, "mean is exactly 0"),
        ("clip_by_norm", each_array_measured_anew, "measure the norm again for every array"),
    ],
)
def test_what_is_wrong_in_a_case_of_its_own_loses_points_on_every_seed_and_is_named(
    name, answer, said
):
    for seed in range(20):
        report = EXERCISES[name](answer, seed=seed)
        assert report.score < report.points
        assert said in report.diagnosis


@pytest.mark.parametrize("slip", ["absolute value of the mean", "no absolute value"])
def test_a_slip_in_measuring_costs_the_same_on_every_seed(slip):
    exercise = EXERCISES["layer_gradient_norms"]
    answer = misconception(exercise, slip).answer
    scores = {
        exercise(answer, seed=seed, rounds=rounds).score for seed in range(20) for rounds in (3, 5)
    }
    assert scores == {4}
