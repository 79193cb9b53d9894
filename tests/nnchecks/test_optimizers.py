"""The checks of assignment 06: every right answer passes, every misconception is named."""

import dataclasses
from typing import NamedTuple

import numpy as np
import pytest

from nnchecks import optimizers as check
from nnchecks.engine.report import Outcome
from nnlib import optimizers
from tests.nnchecks.catalogue import misconception, plain

STEPS = {
    name: getattr(check, name)
    for name in ("momentum_step", "adagrad_step", "rmsprop_step", "adam_step")
}
EXERCISES = {**STEPS, "run": check.run}
SEEDS = range(5)


def momentum_with(step):
    """A right momentum_step, but for how it takes and gives its memory."""

    def momentum_step(w, g, state, learning_rate, momentum):
        return step(w, momentum, g, state, lambda velocity: w - learning_rate * velocity)

    return momentum_step


class Memory(NamedTuple):
    velocity: object


class Box:
    velocity = 0.0


# --- the state ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "state",
    [
        lambda velocity: velocity,
        lambda velocity: velocity.tolist(),
        lambda velocity: (velocity,),
        lambda velocity: [1, [velocity.tolist(), None], "text", True],
        lambda velocity: {"velocity": velocity, 3: (np.float64(1), {"deep": {1, 2}})},
        lambda velocity: Memory(velocity),
        lambda velocity: np.array([velocity, velocity]),
    ],
)
def test_the_state_may_be_any_data(state):
    def find(state, w):
        if state is None:
            return np.zeros(w.shape)
        if isinstance(state, dict):
            return state["velocity"]
        if isinstance(state, list) and len(state) == 4 and state[2] == "text":
            return np.array(state[1][0])
        if isinstance(state, tuple):
            return state[0]
        state = np.array(state)
        return state if state.shape == w.shape else state[0]

    def step(w, momentum, g, old, moved):
        velocity = momentum * find(old, w) + g
        return moved(velocity), state(velocity)

    report = check.momentum_step(momentum_with(step))
    assert report.outcome is Outcome.RIGHT, report


def test_a_state_that_is_no_data_is_told_so_in_the_first_step():
    def step(w, momentum, g, old, moved):
        box = old or Box()
        box.velocity = momentum * box.velocity + g
        return moved(box.velocity), box

    report = check.momentum_step(momentum_with(step))
    assert report.score == 0
    assert "It has to be data: None, numbers, arrays" in report.criteria[0].sentence


def test_a_state_whose_places_have_names_comes_back_without_them_as_from_the_judge():
    def step(w, momentum, g, old, moved):
        velocity = momentum * (0.0 if old is None else old.velocity) + g
        return moved(velocity), Memory(velocity)

    report = check.momentum_step(momentum_with(step))
    assert report.score == 1
    assert "comes back without the names" in report.criteria[1].sentence


def test_only_the_students_own_state_is_handed_back():
    handed = []

    def step(w, momentum, g, old, moved):
        handed.append(old)
        count, velocity = (0, np.zeros(w.shape)) if old is None else old
        velocity = momentum * velocity + g
        return moved(velocity), (count + 1, velocity)

    assert check.momentum_step(momentum_with(step)).outcome is Outcome.RIGHT
    later = [state for state in handed if state is not None]
    assert {type(state) for state in later} == {tuple}
    assert {state[0] for state in later} >= {1, 2, 3}


# --- a memory elsewhere ---------------------------------------------------------------------------


def with_a_global_velocity():
    kept = {"velocity": 0.0}

    def momentum_step(w, g, state, learning_rate, momentum):
        kept["velocity"] = momentum * kept["velocity"] + g
        return w - learning_rate * kept["velocity"], state

    return check.momentum_step, momentum_step


def with_a_default_argument():
    def momentum_step(w, g, state, learning_rate, momentum, memory=[0.0]):  # noqa: B006
        memory[0] = momentum * memory[0] + g
        return w - learning_rate * memory[0], memory[0]

    return check.momentum_step, momentum_step


def with_a_global_count():
    kept = {"t": 0}

    def adam_step(w, g, state, learning_rate, beta1, beta2, eps):
        kept["t"] += 1
        m, v = (0.0, 0.0) if state is None else state
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
        root = np.sqrt(v / (1 - beta2 ** kept["t"])) + eps
        return w - learning_rate * m / (1 - beta1 ** kept["t"]) / root, (m, v)

    return check.adam_step, adam_step


@pytest.mark.parametrize(
    "made", [with_a_global_velocity, with_a_default_argument, with_a_global_count]
)
def test_a_memory_outside_the_state_is_named_the_second_time_too(made):
    for seed in SEEDS:
        exercise, answer = made()
        # A count that has grown large corrects nothing any more, and shows no longer.
        for _ in range(1 if made is with_a_global_count else 2):
            report = exercise(answer, seed=seed)
            assert report.score == 0
            assert "keeps its memory outside" in report.diagnosis


@pytest.mark.parametrize("name", STEPS)
def test_one_memory_for_two_vectors_is_right_until_they_take_turns(name):
    slip = misconception(EXERCISES[name], "shared")
    report = EXERCISES[name](plain(slip.answer))
    assert [one.outcome for one in report.criteria] == [Outcome.RIGHT] * 2 + [Outcome.WRONG]
    assert slip.sentence == report.diagnosis


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize(("slip", "changed"), [("w changed", "w"), ("state changed", "state")])
def test_what_is_changed_in_place_is_named_and_costs_one_point(name, slip, changed):
    for seed in SEEDS:
        report = EXERCISES[name](misconception(EXERCISES[name], slip).answer, seed=seed)
        assert report.points - report.score == 1
        assert f"what was passed in is another {changed}:" in report.criteria[-1].sentence


def test_a_gradient_that_is_changed_in_place_is_noticed():
    def step(w, momentum, g, old, moved):
        velocity = momentum * (0.0 if old is None else old) + g
        new = moved(velocity)
        g *= 0
        return new, velocity

    report = check.momentum_step(momentum_with(step))
    assert report.score == 2
    assert "another g:" in report.criteria[-1].sentence


def test_a_fixed_size_is_told_apart_from_a_memory():
    def momentum_step(w, g, state, learning_rate, momentum):
        velocity = momentum * (np.zeros(2) if state is None else state) + g
        return w - learning_rate * velocity, velocity

    report = check.momentum_step(momentum_step)
    assert report.score == 1
    assert "an array of another shape. Is there one of a fixed size" in report.criteria[1].sentence
    assert "begins with two numbers" in report.diagnosis


# --- what the slips cost and how they are named ---------------------------------------------------


@pytest.mark.parametrize(
    ("name", "slip", "score"),
    [
        ("momentum_step", "squared gradient", 0),
        ("momentum_step", "no memory", 1),
        ("momentum_step", "rate inside the sum", 2),
        ("adagrad_step", "mean of the squares", 1),
        ("adagrad_step", "eps inside the root", 0),
        ("rmsprop_step", "sum without decay", 0),
        ("rmsprop_step", "no memory", 1),
        ("adam_step", "no bias correction", 0),
        ("adam_step", "t stands still", 1),
        ("adam_step", "betas exchanged", 1),
        ("adam_step", "corrected averages kept", 1),
        ("run", "state dropped", 1),
        ("run", "end left out", 0),
        ("run", "made like the start", 2),
        ("run", "start moved", 2),
    ],
)
def test_a_slip_costs_what_it_spoils(name, slip, score):
    assert EXERCISES[name](misconception(EXERCISES[name], slip).answer).score == score


@pytest.mark.parametrize(
    ("name", "slip"), [(name, one) for name in EXERCISES for one in EXERCISES[name].misconceptions]
)
def test_a_function_defined_by_a_student_is_named_like_the_catalogues_and_by_nothing_else(
    name, slip
):
    # The catalogue's own use what students may not.
    exercise = dataclasses.replace(EXERCISES[name], withheld=())
    # On other seeds the catalogue's own functions are tried for the certificate.
    assert exercise(plain(slip.answer), seed=161).diagnosis == slip.sentence


@pytest.mark.parametrize(
    ("name", "both"), [(name, one) for name in STEPS for one in STEPS[name].combinations[::7]]
)
def test_two_slips_at_once_are_named(name, both):
    for seed in (1, 2):
        report = STEPS[name](both.answer, seed=seed)
        assert report.score < report.points
        assert both.sentence in report.diagnosis


def test_two_slips_that_agree_in_the_first_step_are_not_guessed_between():
    # In the first step of RMSProp four slips have g² under the root.
    exercise = STEPS["rmsprop_step"]
    first = dataclasses.replace(exercise, properties=exercise.properties[:1])
    for slip in ("sum without decay", "new square whole", "corrected as in Adam"):
        answer = misconception(EXERCISES["rmsprop_step"], slip).answer
        assert first(answer).diagnosis == ""
        assert exercise(answer).diagnosis == misconception(EXERCISES["rmsprop_step"], slip).sentence


def test_the_checks_expect_what_the_book_computes_and_ask_for_it_in_order():
    for name, exercise in STEPS.items():
        rng = np.random.default_rng(7)
        for wanted in exercise.properties:
            for case in wanted.cases(rng, 5):
                starts, gradients, rates, options, *_ = case.arguments
                paths = []
                for start, given in zip(starts, gradients, strict=True):
                    w, state, path = start, None, []
                    for k, rate in enumerate(rates):
                        g = given(w) if callable(given) else given[k]
                        w, state = getattr(optimizers, name)(w, g, state, rate, **options)
                        path.append(w)
                    paths.append(path)
                look = case.keywords["look"]
                right = {"first": paths[0][0], "path": paths[0], "both": paths}[look]
                np.testing.assert_allclose(case.expected, right, rtol=1e-13)


def test_options_are_passed_in_their_places_and_by_name():
    def renamed(w, g, state, lr, mu):
        velocity = mu * (0 if state is None else state) + g
        return w - lr * velocity, velocity

    report = check.momentum_step(renamed)
    assert report.score == 1
    assert "unexpected keyword argument 'learning_rate'" in report.criteria[1].sentence


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        (
            "momentum_step",
            lambda w, g, *rest, **named: w - g,
            "gave one result; it has to give two",
        ),
        ("adam_step", lambda w, g, *rest, **named: (w, g, 1), "gave 3 results; it has to give two"),
        ("adagrad_step", lambda w, *rest, **named: ([w, [1]], None), "is no array of numbers"),
        ("rmsprop_step", lambda w, *rest, **named: (w.sum(), None), "the new w has ()"),
        ("rmsprop_step", lambda w, *rest, **named: None, "returned None"),
        ("run", lambda *given, **options: None, "returned None"),
    ],
)
def test_a_result_of_another_kind_is_told_so(name, answer, said):
    report = EXERCISES[name](answer)
    assert report.score == 0
    assert said in report.criteria[0].sentence


@pytest.mark.parametrize(
    ("name", "answer", "helper"),
    [
        (
            "adam_step",
            lambda w, g, state, *options: optimizers.adam_step(w, g, state, *options),
            "book's own function",
        ),
        (
            "momentum_step",
            lambda w, g, state, rate, alpha: optimizers.Momentum(rate, alpha).update(
                w, g, state or optimizers.Momentum().init(w)
            ),
            "calls the book's own `Momentum`",
        ),
        ("rmsprop_step", lambda *given, **named: check._rmsprop()(*given, **named), "_rmsprop"),
        ("run", lambda *given, **named: check._ran()(*given, **named), "_ran"),
    ],
)
def test_the_books_functions_are_no_helpers_either_and_the_rule_is_said(name, answer, helper):
    report = EXERCISES[name](answer)
    assert report.outcome is Outcome.NOT_ATTEMPTED
    assert helper in str(report)


# --- cases that a statement implies ---------------------------------------------------------------


def by_place(step, gradient, w0, steps, **options):
    w, state, path = np.array(w0, dtype=float), None, []
    path.append(w)
    for _ in range(steps):
        w, state = step(w, gradient(w), state, *options.values())
        path.append(w)
    return np.array(path)


def stops_where_flat(step, gradient, w0, steps, **options):
    w, state = np.array(w0, dtype=float), None
    path = [w]
    for _ in range(steps):
        if np.linalg.norm(gradient(w)) < 1e-8:
            break
        w, state = step(w, gradient(w), state, **options)
        path.append(w)
    return np.array(path)


def pairs_for_points(step, gradient, w0, steps, **options):
    path = [np.array(w0, dtype=float)]
    for _ in range(steps):
        path.append(step(path[-1], gradient(path[-1]), None, **options))
    return np.array(path)


def whole_result_kept(step, gradient, w0, steps, **options):
    w, path = np.array(w0, dtype=float), []
    for _ in range(steps):
        path.append(w)
        w = step(w, gradient(w), None, **options)
    return np.array(path)


def count_of_entries(w, g, state, learning_rate, beta1, beta2, eps):
    m, v, t = ([0.0] * w.size, [0.0] * w.size, 0) if state is None else state
    m, v, new = list(m), list(v), []
    for i, (x, slope) in enumerate(zip(w.flat, g.flat, strict=True)):
        t += 1
        m[i] = beta1 * m[i] + (1 - beta1) * slope
        v[i] = beta2 * v[i] + (1 - beta2) * slope**2
        root = np.sqrt(v[i] / (1 - beta2**t)) + eps
        new.append(x - learning_rate * m[i] / (1 - beta1**t) / root)
    return np.reshape(new, w.shape), (m, v, t)


def count_for_all_arrays():
    t = 0

    def adam_step(w, g, state, learning_rate, beta1, beta2, eps):
        nonlocal t
        if state is None:
            t, state = 0, (0.0, 0.0)
        t += 1
        m, v = state
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
        root = np.sqrt(v / (1 - beta2**t)) + eps
        return w - learning_rate * m / (1 - beta1**t) / root, (m, v)

    return adam_step


def nesterov_with_the_rate_inside(w, g, state, learning_rate, momentum):
    old = np.zeros_like(w) if state is None else state
    new = momentum * old - learning_rate * g
    return w + momentum * new - learning_rate * g, new


def adam_with_swapped_betas(w, g, state, learning_rate, beta1, beta2, eps):
    m, v, t = (0.0, 0.0, 0) if state is None else state
    t += 1
    m, v = beta2 * m + (1 - beta2) * g, beta1 * v + (1 - beta1) * g**2
    root = np.sqrt(v / (1 - beta2**t)) + eps
    return w - learning_rate * m / (1 - beta1**t) / root, (m, v, t)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("run", by_place, "You pass the options by their place"),
        ("run", stops_where_flat, "You stop where the gradient is 0"),
        ("run", pairs_for_points, "take the pair of them for the new point"),
        ("run", whole_result_kept, "take the pair of them for the new point"),
        ("adam_step", count_of_entries, "Your t grows with every entry"),
        ("adam_step", count_for_all_arrays(), "You count t outside the state"),
        ("adam_step", adam_with_swapped_betas, "exchanged beta1 and beta2 in the averages"),
        ("momentum_step", nesterov_with_the_rate_inside, "Nesterov's step"),
    ],
)
def test_what_is_wrong_in_a_case_of_its_own_loses_points_on_every_seed_and_is_named(
    name, answer, said
):
    for seed in range(10):
        report = EXERCISES[name](answer, seed=seed)
        assert report.score < report.points
        assert said in report.diagnosis


def test_a_gradient_that_fails_is_not_taken_for_a_pair_of_results():
    def fails(step, gradient, w0, steps, **options):
        gradient(np.array(w0, dtype=float))
        raise ValueError("something else")

    report = check.run(fails)
    assert "raised ValueError: something else" in str(report)
    assert report.diagnosis == ""


def test_a_slip_in_an_earlier_step_costs_nothing_in_one_that_calls_it_and_the_report_says_so():
    def momentum_step(w, g, state, learning_rate, momentum):
        velocity = g if state is None else momentum * state + g
        return w + learning_rate * velocity, velocity

    namespace = {"np": np, "momentum_step": momentum_step}
    source = (
        "def adam_step(w, g, state, learning_rate, beta1, beta2, eps):\n"
        "    m, v, t = (np.zeros_like(g), np.zeros_like(g), 0) if state is None else state\n"
        "    t += 1\n"
        "    m = momentum_step(np.zeros_like(g), (1 - beta1) * g, m, -1.0, beta1)[0]\n"
        "    v = beta2 * v + (1 - beta2) * g**2\n"
        "    root = np.sqrt(v / (1 - beta2**t)) + eps\n"
        "    return w - learning_rate * m / (1 - beta1**t) / root, (m, v, t)\n"
    )
    exec(source, namespace)
    report = check.adam_step(namespace["adam_step"])
    assert report.score == report.points
    assert "`momentum_step`" in report.criteria[0].sentence
