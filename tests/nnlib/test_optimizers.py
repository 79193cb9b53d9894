"""Every optimizer through the same tests; a new one is a row of OPTIMIZERS and of RULES here."""

import dataclasses
import inspect
import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nnlib import optimizers
from nnlib.gradient_descent import DivergenceError, gradient_descent
from nnlib.landscapes import rosenbrock, stretched_bowl, valley
from nnlib.optimizers import OPTIMIZERS, Adam, AdamW, GradientDescent, clip_by_norm, optimize, run
from tests.nnlib import record_torch

RECORD = json.loads(Path(__file__).with_name("torch_optimizers.json").read_text())
FUNCTIONS = {"rosenbrock": rosenbrock, "valley": valley(100)}

#: Each optimizer in several forms, with a rate that suits the valley of condition number 100.
RULES = {
    "gradient descent": GradientDescent(0.01),
    "momentum": optimizers.Momentum(0.002),
    "nesterov": optimizers.Nesterov(0.002),
    "adagrad": optimizers.AdaGrad(0.5),
    "rmsprop": optimizers.RMSProp(0.01),
    "adam": Adam(0.05),
    "amsgrad": Adam(0.05, amsgrad=True),
    "adam with decay": Adam(0.05, weight_decay=0.01),
    "adamw": AdamW(0.05),
}
rules = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
bounded = settings(max_examples=25, deadline=None)
vectors = hnp.arrays(np.float64, 3, elements=st.floats(-100, 100))


def after(rule, w, gradients):
    """The parameters after a list of gradients, and the state."""
    state = rule.init(w)
    for g in gradients:
        w, state = rule.update(w, g, state)
    return w, state


def test_every_optimizer_of_the_table_is_tested_here_and_against_torch():
    assert {type(rule) for rule in RULES.values()} == set(OPTIMIZERS.values())
    assert {case["name"] for case in RECORD["runs"]} == set(OPTIMIZERS)


@pytest.mark.parametrize(
    "case", RECORD["runs"], ids=lambda case: f"{case['name']} {case['options']} {case['function']}"
)
def test_every_optimizer_does_what_torch_does(case):
    rule = OPTIMIZERS[case["name"]](**case["options"])
    gradient = FUNCTIONS[case["function"]].gradient
    path = optimize(rule, gradient, case["path"][0], len(case["path"]) - 1)
    np.testing.assert_allclose(path, case["path"], rtol=1e-12, atol=1e-12)


def test_the_record_holds_every_case_and_tells_every_hyper_parameter_apart():
    cases = itertools.product(record_torch.CASES, FUNCTIONS)
    assert [(run["name"], run["options"], run["function"]) for run in RECORD["runs"]] == [
        (name, options, function) for (name, options, _, _), function in cases
    ]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_hyper_parameter_matters_in_the_record(name):
    matters = set()
    for case in (case for case in RECORD["runs"] if case["name"] == name):
        for option in case["options"]:
            others = {k: v for k, v in case["options"].items() if k != option}
            gradient = FUNCTIONS[case["function"]].gradient
            try:
                path = optimize(OPTIMIZERS[name](**others), gradient, case["path"][0], 12)
            except DivergenceError:
                matters.add(option)
            else:
                if np.max(np.abs(path - case["path"])) > 1e-6:
                    matters.add(option)
    known = {field.name for field in dataclasses.fields(OPTIMIZERS[name])}
    shared_with_adam = {"beta1", "eps"} if name == "adamw" else set()
    assert matters == known - shared_with_adam


@rules
def test_every_optimizer_comes_down_in_the_valley(rule):
    path = optimize(rule, valley(100).gradient, [1.0, 1.0], 400)
    values = valley(100).value(path)
    assert values[-1] < 1e-3 * values[0]


@rules
@bounded
@given(w=vectors, g=vectors)
def test_the_first_step_goes_against_the_gradient(rule, w, g):
    rule = dataclasses.replace(rule, **{"weight_decay": 0.0} if hasattr(rule, "beta1") else {})
    step = after(rule, w, [g])[0] - w
    assert np.all(step * np.sign(g) <= 0)


@rules
@bounded
@given(w=vectors, gradients=st.lists(vectors, min_size=1, max_size=4))
def test_nothing_that_is_handed_in_is_changed_and_nothing_is_shared(rule, w, gradients):
    w_before, g_before = w.copy(), [g.copy() for g in gradients]
    state = rule.init(w)
    states = [(state, [m.copy() for m in state.memory])]
    new = w
    for g in gradients:
        new, state = rule.update(new, g, state)
        for array in state.memory:
            assert not any(np.shares_memory(array, other) for other in (w, new, *gradients))
        states.append((state, [m.copy() for m in state.memory]))
    np.testing.assert_array_equal(w, w_before)
    np.testing.assert_array_equal(gradients, g_before)
    for step, (old, copies) in enumerate(states):
        assert old.steps == step
        for array, copy in zip(old.memory, copies, strict=True):
            np.testing.assert_array_equal(array, copy)


@rules
@bounded
@given(w=vectors, gradients=st.lists(vectors, min_size=1, max_size=4))
def test_coordinates_do_not_see_each_other(rule, w, gradients):
    together, _ = after(rule, w, gradients)
    apart = [after(rule, w[i : i + 1], [g[i : i + 1] for g in gradients])[0] for i in range(3)]
    np.testing.assert_allclose(together, np.concatenate(apart), rtol=1e-13, atol=1e-13)


@rules
@bounded
@given(w=vectors, gradients=st.lists(vectors, min_size=1, max_size=4))
def test_turning_all_signs_turns_the_result(rule, w, gradients):
    there, _ = after(rule, w, gradients)
    back, _ = after(rule, -w, [-g for g in gradients])
    np.testing.assert_array_equal(there, -back)


@rules
def test_a_zero_gradient_moves_nothing_but_the_decay(rule):
    decay = getattr(rule, "weight_decay", 0.0)
    w = np.array([1.0, -2.0])
    moved, _ = after(rule, w, [np.zeros(2)])
    np.testing.assert_allclose(moved, w, atol=2 * rule.learning_rate if decay else 0.0)
    assert np.all(np.abs(moved) <= np.abs(w))


@rules
@pytest.mark.parametrize("dtype", [np.int64, np.float16, np.float32, bool])
def test_everything_is_float64_whatever_comes_in(rule, dtype):
    w = np.ones((2, 3), dtype=dtype)
    new, state = rule.update(w, w, rule.init(w))
    assert new.dtype == np.float64
    assert new.shape == (2, 3)
    assert all(m.dtype == np.float64 and m.shape == (2, 3) for m in state.memory)
    assert len(state.memory) == len(rule.remembers)
    np.testing.assert_array_equal(w, np.ones((2, 3), dtype=dtype))


@rules
def test_strided_and_read_only_vectors_are_welcome(rule):
    wide = np.arange(8.0)
    w, g = wide[::2], np.ones(4)
    w.flags.writeable = g.flags.writeable = False
    ours, _ = rule.update(w, g, rule.init(w))
    np.testing.assert_array_equal(ours, rule.update(w.copy(), g, rule.init(w))[0])


@pytest.mark.parametrize(
    "name", sorted(RULES.keys() - {"adagrad"})
)  # whose steps do die: fact F1.68
def test_a_constant_gradient_is_followed_with_steps_that_do_not_die(name):
    rule = RULES[name]
    w, state = after(rule, np.zeros(1), [np.ones(1)] * 300)
    after_that, _ = rule.update(w, np.ones(1), state)
    assert w[0] - after_that[0] > 0.4 * rule.learning_rate


@pytest.mark.parametrize("scale", [1e-3, 1e3])
@pytest.mark.parametrize("name", ["adagrad", "rmsprop", "adam", "amsgrad"])
def test_the_size_of_the_gradient_does_not_matter_where_each_parameter_has_its_rate(name, scale):
    rule = dataclasses.replace(RULES[name], eps=1e-300)
    gradients = np.random.default_rng(0).normal(size=(6, 2))
    plain, _ = after(rule, np.zeros(2), gradients)
    scaled, _ = after(rule, np.zeros(2), scale * gradients)
    np.testing.assert_allclose(scaled, plain, rtol=1e-12)


def test_plain_descent_is_the_descent_of_chapter_3():
    ours = optimize(GradientDescent(0.001), rosenbrock.gradient, [-1.2, 1.0], 50)
    theirs = gradient_descent(rosenbrock.gradient, [-1.2, 1.0], 0.001, 50)
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("kind", [optimizers.Momentum, optimizers.Nesterov])
def test_momentum_zero_is_plain_descent(kind):
    ours = optimize(kind(0.001, momentum=0.0), rosenbrock.gradient, [-1.2, 1.0], 20)
    theirs = gradient_descent(rosenbrock.gradient, [-1.2, 1.0], 0.001, 20)
    np.testing.assert_allclose(ours, theirs, rtol=1e-13)


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("kind", [optimizers.Momentum, optimizers.Nesterov])
def test_momentum_is_stable_up_to_the_limit_that_chapter_6_derives(kind, momentum):
    limit = 2 * (1 + momentum)
    if kind is optimizers.Nesterov:
        limit /= 1 + 2 * momentum
    # One run holds many eigenvalues, since coordinates do not see each other.
    products = limit * np.array([0.01, 0.5, 0.99, 1.01, 1.1])
    path = optimize(kind(1.0, momentum), lambda w: products * w, np.ones(5), 1000)
    np.testing.assert_array_equal(np.abs(path[-1]) < 1, products < limit)


def test_nesterovs_factor_at_condition_number_100_is_nine_tenths():
    path = optimize(optimizers.Nesterov(0.01, 9 / 11), valley(100).gradient, (1.0, 1.0), 1200)
    lengths = np.linalg.norm(path, axis=1)
    assert (lengths[1200] / lengths[600]) ** (1 / 600) == pytest.approx(0.9, abs=2e-3)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_only_rules_without_squares_turn_with_the_coordinates(name):
    rule = dataclasses.replace(OPTIMIZERS[name](), learning_rate=0.005)
    cosine, sine = math.cos(0.5), math.sin(0.5)
    turn = np.array([[cosine, -sine], [sine, cosine]])
    land, start = valley(100), np.array([1.0, 0.3])
    straight = optimize(rule, land.gradient, start, 50) @ turn.T
    turned = optimize(rule, lambda w: turn @ land.gradient(w @ turn), turn @ start, 50)
    same = name in {"gradient descent", "momentum", "nesterov"}
    assert np.allclose(straight, turned, rtol=0, atol=1e-12) == same


#: The rates of gradient descent, momentum, AdaGrad and Adam in chapter 6's unfair races.
@pytest.mark.parametrize(
    ("rates", "winner"),
    [
        ((0.95, 0.1, 1.5, 0.3), 2),
        ((0.9, 0.05, 0.5, 0.1), 0),
        ((0.5, 0.1, 0.5, 0.1), 1),
        ((0.3, 0.3, 0.5, 0.7), 3),
    ],
)
def test_with_hand_picked_rates_every_method_wins_the_usual_race(rates, winner):
    kinds = (GradientDescent, optimizers.Momentum, optimizers.AdaGrad, Adam)
    ends = [
        optimize(kind(rate), stretched_bowl.gradient, (-7.0, 2.0), 30)[-1]
        for kind, rate in zip(kinds, rates, strict=True)
    ]
    assert int(np.argmin(stretched_bowl.value(np.array(ends)))) == winner


def test_adam_without_its_mean_is_rmsprop_with_a_corrected_start():
    gradients = np.random.default_rng(0).normal(size=(5, 2))
    ours, _ = after(Adam(0.01, beta1=0.0, beta2=0.9), np.zeros(2), gradients)
    w, v = np.zeros(2), np.zeros(2)
    for t, g in enumerate(gradients, 1):
        v = 0.9 * v + 0.1 * g**2
        w = w - 0.01 * g / (np.sqrt(v / (1 - 0.9**t)) + 1e-8)
    np.testing.assert_allclose(ours, w, rtol=1e-12)


def test_adamw_without_decay_is_adam():
    gradients = np.random.default_rng(0).normal(size=(5, 2))
    adamw, _ = after(AdamW(0.1, weight_decay=0.0), np.ones(2), gradients)
    np.testing.assert_array_equal(adamw, after(Adam(0.1), np.ones(2), gradients)[0])


@bounded
@given(gradients=st.lists(vectors, min_size=2, max_size=6))
def test_amsgrads_largest_mean_square_never_falls(gradients):
    rule = Adam(0.1, beta2=0.5, amsgrad=True)
    w, state = np.zeros(3), rule.init(np.zeros(3))
    for g in gradients:
        before = state.memory[2]
        w, state = rule.update(w, g, state)
        assert np.all(state.memory[2] >= before)
        assert np.all(state.memory[2] >= state.memory[1])


def test_maximizing_is_minimizing_the_negative():
    gradients = np.random.default_rng(0).normal(size=(5, 2))
    up, _ = after(Adam(0.1, maximize=True), np.ones(2), gradients)
    np.testing.assert_array_equal(up, after(Adam(0.1), np.ones(2), -gradients)[0])


@rules
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite_are_refused_with_their_place(rule, bad):
    right, wrong = np.zeros(3), np.array([0.0, 0.0, bad])
    with pytest.raises(ValueError, match=r"`gradients`\[2\] is -?(nan|inf)"):
        rule.update(right, wrong, rule.init(right))
    with pytest.raises(ValueError, match=r"`params`\[2\] is -?(nan|inf)"):
        rule.update(wrong, right, rule.init(right))


@rules
def test_numbers_whose_products_overflow_are_still_finite_numbers(rule):
    rule = dataclasses.replace(rule, **{"weight_decay": 0.0} if hasattr(rule, "beta1") else {})
    w, g = np.array([1e200, 1.0]), np.array([-1e140, 1.0])  # w·g and w·w are not
    assert np.all(np.isfinite(rule.update(w, g, rule.init(w))[0]))


#: What chapter 6 quotes, and the class that is tuned to do the same.
STEPS = {
    optimizers.gradient_descent_step: GradientDescent,
    optimizers.momentum_step: optimizers.Momentum,
    optimizers.nesterov_step: optimizers.Nesterov,
    optimizers.adagrad_step: optimizers.AdaGrad,
    optimizers.rmsprop_step: optimizers.RMSProp,
    optimizers.adam_step: Adam,
    optimizers.adamw_step: AdamW,
}
steps = pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
SHARES = ("momentum", "decay", "beta1", "beta2")


def hyper_parameters(step):
    """Values for all of a step's options.

    No share is smaller than ½: the tuned Adam takes v + (1 − β₂)(g² − v), where an old v that is
    far larger than the new one leaves its rounding behind, about eps/β₂ of it.
    """
    names = list(inspect.signature(step).parameters)[3:]
    return st.fixed_dictionaries(
        {name: st.floats(0.5, 0.99) if name in SHARES else st.floats(1e-3, 1) for name in names}
    )


def test_every_optimizer_has_a_step_in_its_plainest_form():
    assert set(STEPS.values()) == set(OPTIMIZERS.values())


@steps
@bounded
@given(data=st.data(), w=vectors, gradients=st.lists(vectors, min_size=1, max_size=6))
def test_the_plain_step_and_the_tuned_class_are_the_same_rule(step, data, w, gradients):
    options = data.draw(hyper_parameters(step))
    tuned, _ = after(STEPS[step](**options), w, gradients)
    state = None
    for g in gradients:
        w, state = step(w, g, state, **options)
    np.testing.assert_allclose(w, tuned, rtol=1e-12, atol=1e-12)


@steps
def test_a_plain_step_changes_nothing_that_it_is_handed(step):
    options = {name: 0.5 for name in list(inspect.signature(step).parameters)[3:]}
    w, state = step([1.0, 2.0], [3.0, -1.0], None, **options)
    before = repr((w, state))
    step(w, np.ones(2), state, **options)
    assert repr((w, state)) == before


@steps
@pytest.mark.parametrize(
    ("handed", "said"),
    [
        ({"w": [1.0, np.nan]}, r"`w`\[1\] is nan"),
        ({"g": [1.0, 2.0, 3.0]}, "`g` has shape"),
        ({"learning_rate": 0.0}, "`learning_rate` must be greater than zero"),
    ],
)
def test_a_plain_step_says_what_it_cannot_use(step, handed, said):
    options = {name: 0.5 for name in list(inspect.signature(step).parameters)[3:]}
    with pytest.raises(ValueError, match=said):
        step(**{"w": [1.0, 2.0], "g": [1.0, 2.0], "state": None, **options, **handed})


def test_a_run_takes_a_step_of_ones_own_with_a_state_of_ones_own():
    def counting(w, g, state, bonus):
        count = (state or 0) + 1
        return w - count * g + bonus, count

    path = run(counting, np.ones_like, [0.0], 3, bonus=0.5)
    np.testing.assert_array_equal(path[:, 0], [0.0, -0.5, -2.0, -4.5])


def test_a_step_that_changes_its_argument_does_not_rewrite_the_path():
    def careless(w, g, state):
        w -= g
        return w, None

    np.testing.assert_array_equal(run(careless, np.ones_like, [0.0], 3)[:, 0], [0, -1, -2, -3])


@rules
def test_a_diverging_run_is_stopped_with_its_step(rule):
    rule = dataclasses.replace(rule, learning_rate=1e300)
    with pytest.raises(DivergenceError, match=r"after step \d+: .*smaller learning rate"):
        optimize(rule, lambda w: 1e10 * w, [1.0, 1.0], 100)


@bounded
@given(
    arrays=st.lists(hnp.arrays(np.float64, (2, 2), elements=st.floats(-1e3, 1e3)), min_size=1),
    limit=st.floats(1e-3, 1e3),
)
def test_clipping_keeps_the_direction_and_bounds_the_common_norm(arrays, limit):
    before = [a.copy() for a in arrays]
    clipped = clip_by_norm(arrays, limit)
    norm = math.sqrt(sum(np.sum(a**2) for a in arrays))
    new_norm = math.sqrt(sum(np.sum(a**2) for a in clipped))
    assert new_norm == pytest.approx(min(norm, limit), rel=1e-9, abs=1e-12)
    for old, new, copy in zip(arrays, clipped, before, strict=True):
        np.testing.assert_allclose(new, old * (min(1.0, limit / norm) if norm else 1.0), rtol=1e-9)
        np.testing.assert_array_equal(old, copy)
        assert not np.shares_memory(old, new)


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_clipping_survives_numbers_whose_squares_do_not(size):
    (clipped,) = clip_by_norm([np.array([3.0, 4.0]) * size], limit=size)
    np.testing.assert_allclose(clipped / size, [0.6, 0.8], rtol=1e-14)


def test_clipping_takes_shapes_as_they_come():
    matrix, vector, empty = clip_by_norm([np.ones((2, 3)), [3.0], []], 1.0)
    assert (matrix.shape, vector.shape, empty.shape) == ((2, 3), (1,), (0,))
    assert clip_by_norm([], 1.0) == []
    assert clip_by_norm([[0, 0]], 1.0)[0].tolist() == [0.0, 0.0]


ONES = np.ones(2)
MOMENTUM = RULES["momentum"]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: GradientDescent(-0.1), ValueError, "`learning_rate` must be greater than zero"),
        (lambda: GradientDescent("fast"), TypeError, "`learning_rate` must hold real numbers"),
        (lambda: optimizers.Momentum(0.1, 1.0), ValueError, "`momentum` must be below 1"),
        (lambda: optimizers.RMSProp(0.1, decay=-0.5), ValueError, "`decay` must be zero or more"),
        (lambda: optimizers.AdaGrad(0.1, eps=0.0), ValueError, "`eps` must be greater than zero"),
        (lambda: Adam(beta1=1.5), ValueError, "`beta1` must be below 1"),
        (lambda: Adam(beta2=float("nan")), ValueError, "`beta2` is nan"),
        (lambda: Adam(weight_decay=-1.0), ValueError, "`weight_decay` must be zero or more"),
        (lambda: MOMENTUM.init([1.0, np.nan]), ValueError, r"`params`\[1\] is nan"),
        (lambda: MOMENTUM.init(1.0), ValueError, r"pass \[1.0\]"),
        (
            lambda: MOMENTUM.update(ONES, np.ones(3), MOMENTUM.init(ONES)),
            ValueError,
            r"`gradients` has shape \(3,\), but `params` has shape \(2,\)",
        ),
        (
            lambda: MOMENTUM.update(ONES, [1.0, np.inf], MOMENTUM.init(ONES)),
            ValueError,
            r"`gradients`\[1\] is inf",
        ),
        (
            lambda: MOMENTUM.update([np.nan, 0], [0.0, 0.0], MOMENTUM.init(ONES)),
            ValueError,
            r"`params`\[0\] is nan",
        ),
        (
            lambda: MOMENTUM.update(ONES, ONES, MOMENTUM.init(np.ones(1))),
            ValueError,
            "`state` does not belong to Momentum",
        ),
        (
            lambda: Adam(amsgrad=True).update(ONES, ONES, Adam().init(ONES)),
            ValueError,
            "`state` does not belong to Adam",
        ),
        (lambda: MOMENTUM.update(ONES, ["a", "b"], MOMENTUM.init(ONES)), TypeError, "`gradients`"),
        (lambda: optimize(MOMENTUM, np.sum, ONES, 3), ValueError, r"`gradient\(x\)` has shape"),
        (
            lambda: run(lambda w, g, s: (w[:1], s), np.ones_like, ONES, 3),
            ValueError,
            "`the new w` has shape",
        ),
        (lambda: clip_by_norm([[1.0]], 0.0), ValueError, "`limit` must be greater than zero"),
        (lambda: clip_by_norm([[1.0], [np.nan]], 1.0), ValueError, r"`gradients\[1\]`\[0\] is nan"),
    ],
)
def test_errors_name_the_argument_and_what_is_wanted(call, error, words):
    with pytest.raises(error, match=words):
        call()
