"""Walking downhill, stopping, schedules, batches: laws that hold for every rate and every data."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.optimize import check_grad

from nnlib.gradient_descent import (
    SCHEDULES,
    STOPPING_RULES,
    DivergenceError,
    descend_until,
    descend_while_improving,
    gradient_descent,
    least_squares_gradient,
    least_squares_loss,
    minibatches,
    schedule,
    sgd_step,
    stable_learning_rate,
    stochastic_descent,
)
from nnlib.landscapes import bowl, rosenbrock

numbers = st.floats(-5, 5)
pairs = hnp.arrays(np.float64, 2, elements=numbers)
bounded = settings(max_examples=50, deadline=None)
RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(20, 3)), RNG.normal(size=20)


def positive_definite(seed, n):
    B = np.random.default_rng(seed).normal(size=(n + 2, n))
    return B.T @ B


@bounded
@given(x0=pairs, rate=st.floats(1e-3, 1.2), steps=st.integers(0, 30))
def test_on_the_bowl_every_step_multiplies_by_one_minus_twice_the_rate(x0, rate, steps):
    path = gradient_descent(bowl.gradient, x0, rate, steps)
    powers = (1 - 2 * rate) ** np.arange(steps + 1)
    np.testing.assert_allclose(path, powers[:, None] * x0, rtol=1e-10, atol=1e-12)


@bounded
@given(x0=pairs, steps=st.integers(0, 10), more=st.integers(0, 10))
def test_a_walk_may_be_interrupted_and_continued(x0, steps, more):
    whole = gradient_descent(rosenbrock.gradient, x0, 1e-4, steps + more)
    first = gradient_descent(rosenbrock.gradient, x0, 1e-4, steps)
    second = gradient_descent(rosenbrock.gradient, first[-1], 1e-4, more)
    np.testing.assert_array_equal(whole, np.concatenate([first, second[1:]]))


@pytest.mark.parametrize("dtype", [np.int64, np.float16, np.float32, np.float64])
@pytest.mark.parametrize("shape", [(2,), (2, 3), ()])
def test_the_path_is_float64_whatever_comes_in_and_the_start_is_not_changed(dtype, shape):
    x0 = np.full(shape, 3, dtype=dtype)
    path = gradient_descent(lambda x: 2 * x, x0, 0.25, 4)
    assert path.dtype == np.float64
    assert path.shape == (5, *shape)
    np.testing.assert_allclose(path[-1], np.full(shape, 3 * 0.5**4))
    np.testing.assert_array_equal(x0, np.full(shape, 3, dtype=dtype))


def test_rows_of_the_path_do_not_share_memory_with_what_the_gradient_keeps():
    seen = []
    path = gradient_descent(lambda x: seen.append(x) or x, [1.0], 0.5, 3)
    np.testing.assert_allclose(np.ravel(seen), path[:-1, 0])
    assert all(not x.flags.writeable for x in seen)


def test_a_gradient_that_changes_its_argument_fails_at_once():
    def vandal(x):
        x *= 2
        return x

    with pytest.raises(ValueError, match="read-only"):
        gradient_descent(vandal, [1.0], 0.1, 3)


@pytest.mark.parametrize(
    ("x0", "rate", "step", "words"),
    [
        ([0.0, 1.0], 1e200, 2, r"`x`\[1\] is -?inf after step 2"),
        ([1e-3, 1.0], 10.0, 241, r"gradient\(x\)\[1\] is -?inf after step 241"),
    ],
)
def test_a_diverging_run_says_what_diverged_when_and_what_to_do(x0, rate, step, words):
    with pytest.raises(DivergenceError, match=words + ".*smaller learning rate") as caught:
        gradient_descent(bowl.gradient, x0, rate, 1000)
    assert caught.value.step == step


def test_a_gradient_that_overflows_stops_the_run_too():
    with pytest.raises(DivergenceError, match=r"gradient\(x\)\[0\] is -?inf after step \d"):
        gradient_descent(rosenbrock.gradient, [-1.2, 1.0], 0.1, 100)


@bounded
@given(seed=st.integers(0, 1000), n=st.integers(1, 4))
def test_rates_below_the_stable_limit_come_to_rest_and_rates_above_run_away(seed, n):
    A = positive_definite(seed, n)
    limit = stable_learning_rate(A)
    _, vectors = np.linalg.eigh(A)
    x0 = vectors[:, -1]  # the steepest direction, in which the limit is decided
    below = gradient_descent(lambda x: A @ x, x0, 0.99 * limit, 50)
    above = gradient_descent(lambda x: A @ x, x0, 1.01 * limit, 50)
    lengths_below, lengths_above = np.linalg.norm(below, axis=1), np.linalg.norm(above, axis=1)
    assert np.all(np.diff(lengths_below) < 0)
    assert np.all(np.diff(lengths_above) > 0)


@bounded
@given(seed=st.integers(0, 1000), scale=st.floats(1e-6, 1e6))
def test_a_landscape_twice_as_steep_allows_half_the_rate(seed, scale):
    A = positive_definite(seed, 3)
    limit = stable_learning_rate(A)
    assert stable_learning_rate(scale * A) == pytest.approx(limit / scale, rel=1e-9)


def test_a_flat_direction_does_not_change_the_limit():
    assert stable_learning_rate([[4.0, 0.0], [0.0, 0.0]]) == 0.5


@pytest.mark.parametrize("rule", STOPPING_RULES)
@pytest.mark.parametrize("rate", [0.01, 0.1, 0.5])
def test_a_run_stops_at_the_first_step_that_meets_its_rule(rule, rate):
    tolerance = 1e-4
    x, steps, reason = descend_until(bowl.gradient, [-3, 4], rate, tolerance, 10_000, rule)
    path = gradient_descent(bowl.gradient, [-3, 4], rate, steps)
    measure = {
        "gradient": np.linalg.norm(2 * path, axis=1),
        "step": np.linalg.norm(np.diff(path, axis=0, prepend=np.inf), axis=1),
    }[rule]
    assert reason == rule
    np.testing.assert_array_equal(x, path[-1])
    assert measure[-1] <= tolerance
    assert np.all(measure[:-1] > tolerance)


def test_a_run_that_never_meets_its_rule_stops_at_the_limit_of_steps():
    x, steps, reason = descend_until(bowl.gradient, [1.0, 1.0], 1e-6, 1e-3, 7)
    assert (steps, reason) == (7, "max_steps")
    np.testing.assert_array_equal(x, gradient_descent(bowl.gradient, [1.0, 1.0], 1e-6, 7)[-1])


def test_the_rule_is_also_asked_after_the_last_step_and_before_the_first():
    assert descend_until(bowl.gradient, [1.0, 1.0], 0.5, 1e-9, 1).reason == "gradient"
    assert descend_until(bowl.gradient, [0.0, 0.0], 0.5, 0.0, 5)[1:] == (0, "gradient")


def test_early_stopping_returns_the_best_point_on_held_out_data_not_the_last():
    train, held_out = (lambda x: x - 1), (lambda x: float(np.sum((x - 0.8) ** 2)))
    stopped, losses = descend_while_improving(train, held_out, [0.0], 0.3, patience=3, max_steps=99)
    path = gradient_descent(train, [0.0], 0.3, len(losses) - 1)
    best = np.argmin(losses)
    np.testing.assert_allclose(losses, [held_out(x) for x in path])
    np.testing.assert_array_equal(stopped.x, path[best])
    assert stopped.steps == best == len(losses) - 1 - 3
    assert stopped.reason == "held_out"


def test_early_stopping_bears_a_bad_patch_shorter_than_its_patience():
    script = iter([5.0, 4.0, 4.5, 4.5, 3.0, 3.5, 3.5, 3.5])
    stopped, losses = descend_while_improving(
        np.zeros_like, lambda x: next(script), [0.0], 0.1, patience=3, max_steps=99
    )
    assert (stopped.steps, stopped.reason, len(losses)) == (4, "held_out", 8)


def test_an_equal_loss_is_no_new_best():
    stopped, losses = descend_while_improving(
        np.ones_like, lambda x: 1.0, [0.0], 0.1, patience=2, max_steps=99
    )
    assert (stopped.steps, stopped.x.tolist(), len(losses)) == (0, [0.0], 3)


def test_as_long_as_the_held_out_loss_improves_the_run_goes_on_to_its_limit():
    stopped, losses = descend_while_improving(
        lambda x: x, lambda x: float(x @ x), [1.0], 0.1, patience=1, max_steps=20
    )
    assert (stopped.steps, stopped.reason, len(losses)) == (20, "max_steps", 21)


@pytest.mark.parametrize("kind", SCHEDULES)
def test_every_schedule_starts_at_the_rate_and_never_rises_or_goes_below_zero(kind):
    rate = schedule(kind, 0.3, span=10)
    rates = [rate(step) for step in range(50)]
    assert rates[0] == pytest.approx(0.3)
    assert np.all(np.diff(rates) <= 0)
    assert min(rates) >= 0


def test_schedules_are_what_their_names_say():
    at = {kind: [schedule(kind, 1.0, 10)(step) for step in (5, 10, 30)] for kind in SCHEDULES}
    assert at["constant"] == [1.0, 1.0, 1.0]
    assert at["halving"] == [1.0, 0.5, 0.125]
    assert at["exponential"] == pytest.approx([math.sqrt(0.5), 0.5, 0.125])
    assert at["inverse"] == pytest.approx([2 / 3, 1 / 2, 1 / 4])
    assert at["inverse_root"] == pytest.approx([math.sqrt(2 / 3), math.sqrt(1 / 2), 0.5])
    assert at["cosine"] == pytest.approx([0.5, 0.0, 0.0])


def test_a_run_follows_its_schedule():
    path = gradient_descent(np.ones_like, [0.0], schedule("halving", 1.0, 2), 6)
    np.testing.assert_allclose(path[:, 0], [0, -1, -2, -2.5, -3, -3.25, -3.5])


@bounded
@given(n=st.integers(0, 40), size=st.integers(1, 50), seed=st.integers(0, 99))
def test_batches_hold_every_row_once_and_all_but_the_last_are_full(n, size, seed):
    batches = minibatches(n, size, np.random.default_rng(seed))
    assert sorted(np.concatenate([*batches, []]).tolist()) == list(range(n))
    assert [len(batch) for batch in batches[:-1]] == [size] * (len(batches) - 1)
    assert all(0 < len(batch) <= size for batch in batches)
    again = minibatches(n, size, np.random.default_rng(seed))
    assert all(np.array_equal(a, b) for a, b in zip(batches, again, strict=True))


def test_batches_are_shuffled():
    assert minibatches(50, 50, np.random.default_rng(0))[0].tolist() != list(range(50))


@bounded
@given(w=hnp.arrays(np.float64, 3, elements=numbers))
def test_the_gradient_of_least_squares_agrees_with_scipy(w):
    error = check_grad(
        lambda w: least_squares_loss(w, X, Y), lambda w: least_squares_gradient(w, X, Y), w
    )
    assert error < 1e-5


@bounded
@given(w=hnp.arrays(np.float64, 3, elements=numbers), copies=st.integers(1, 4))
def test_the_mean_over_rows_does_not_notice_copies_of_the_data(w, copies):
    once = sgd_step(w, X, Y, 0.1)
    many = sgd_step(w, np.tile(X, (copies, 1)), np.tile(Y, copies), 0.1)
    np.testing.assert_allclose(many, once, atol=1e-12)


@bounded
@given(w=hnp.arrays(np.float64, 3, elements=numbers), seed=st.integers(0, 99))
def test_the_gradients_of_equal_batches_average_to_the_full_gradient(w, seed):
    batches = minibatches(20, 5, np.random.default_rng(seed))
    mean = np.mean([least_squares_gradient(w, X[rows], Y[rows]) for rows in batches], axis=0)
    np.testing.assert_allclose(mean, least_squares_gradient(w, X, Y), atol=1e-12)


def test_a_single_row_is_the_delta_rule():
    x, y, w = X[:1], Y[:1], np.array([1.0, 2.0, 3.0])
    np.testing.assert_allclose(sgd_step(w, x, y, 0.1), w - 0.1 * (x[0] @ w - y[0]) * x[0])


def test_one_batch_of_everything_is_plain_gradient_descent():
    ours = stochastic_descent(np.zeros(3), X, Y, 0.1, 10, size=20, rng=np.random.default_rng(0))
    plain = gradient_descent(lambda w: least_squares_gradient(w, X, Y), np.zeros(3), 0.1, 10)
    np.testing.assert_allclose(ours, plain, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("size", [1, 7, 20])
def test_every_batch_size_comes_near_the_least_squares_solution(size):
    exact = X @ np.array([1.0, -2.0, 0.5])
    path = stochastic_descent(np.zeros(3), X, exact, 0.05, 400, size, np.random.default_rng(0))
    assert path.shape == (400 * math.ceil(20 / size) + 1, 3)
    np.testing.assert_allclose(path[-1], [1.0, -2.0, 0.5], atol=1e-4)


def test_stochastic_descent_takes_the_steps_of_sgd_step():
    path = stochastic_descent(np.ones(3), X, Y, 0.1, 2, 8, np.random.default_rng(3))
    rng, w = np.random.default_rng(3), np.ones(3)
    rows = [rows for _ in range(2) for rows in minibatches(20, 8, rng)]
    for k, batch in enumerate(rows):
        w = sgd_step(w, X[batch], Y[batch], 0.1)
        np.testing.assert_allclose(path[k + 1], w, rtol=1e-12)


@bounded
@given(X=hnp.arrays(np.int64, (4, 2), elements=st.integers(-9, 9)))
def test_no_argument_of_least_squares_is_changed_and_integers_are_welcome(X):
    w, y = np.array([1, 2]), np.array([1, 2, 3, 4])
    before = X.copy()
    assert sgd_step(w, X, y, 0.1).dtype == np.float64
    stochastic_descent(w, X, y, 1e-3, 2, 3, np.random.default_rng(0))
    np.testing.assert_array_equal(X, before)
    np.testing.assert_array_equal(w, [1, 2])
    np.testing.assert_array_equal(y, [1, 2, 3, 4])


def test_single_sample_descent_that_diverges_is_stopped():
    with pytest.raises(DivergenceError, match=r"is -?(inf|nan) after step"):
        stochastic_descent(np.ones(3), X, Y, 50.0, 1000, 1, np.random.default_rng(0))


G = bowl.gradient


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: gradient_descent(G, [1, 2], -0.1, 3), ValueError, "`learning_rate` must be"),
        (lambda: gradient_descent(G, [1, 2], 0.1, -1), ValueError, "`steps` must be at least 0"),
        (lambda: gradient_descent(G, [1, 2], 0.1, 2.0), TypeError, "`steps` must be a whole"),
        (lambda: gradient_descent(G, [1, np.inf], 0.1, 2), ValueError, r"`x0`\[1\] is inf"),
        (lambda: gradient_descent(G, "ab", 0.1, 2), TypeError, "`x0` must hold real numbers"),
        (lambda: gradient_descent(np.sum, [1, 2], 0.1, 2), ValueError, r"`gradient\(x\)` has"),
        (lambda: gradient_descent(lambda x: 1j * x, [1], 0.1, 2), TypeError, r"`gradient\(x\)`"),
        (lambda: gradient_descent(lambda x: x * np.nan, [1], 0.1, 2), ValueError, "is nan"),
        (lambda: descend_until(G, [1], 0.1, 1e-3, 5, rule="luck"), ValueError, "gradient, step"),
        (lambda: descend_until(G, [1], 0.1, -1e-3, 5), ValueError, "`tolerance` must be zero"),
        (
            lambda: descend_while_improving(G, np.sum, [1], 0.1, 0, 5),
            ValueError,
            "`patience` must be at least 1",
        ),
        (lambda: schedule("sudden", 0.1, 5), ValueError, "`kind` must be one of constant"),
        (lambda: schedule("cosine", 0.1, 0), ValueError, "`span` must be at least 1"),
        (lambda: schedule("cosine", 0.0, 5), ValueError, "`learning_rate` must be greater"),
        (lambda: minibatches(5, 0, RNG), ValueError, "`size` must be at least 1"),
        (lambda: sgd_step([1, 2], X, Y, 0.1), ValueError, r"`w` has shape \(2,\)"),
        (lambda: sgd_step([1, 2, 3], X, Y[:4], 0.1), ValueError, r"`y` has shape \(4,\)"),
        (lambda: sgd_step([1, 2, 3], X[:0], Y[:0], 0.1), ValueError, "at least one row"),
        (lambda: sgd_step([1, 2, 3], X[0], Y, 0.1), ValueError, "`X` must have 2 axes"),
        (lambda: stable_learning_rate([[1, 2], [3, 4]]), ValueError, "square and symmetric"),
        (lambda: stable_learning_rate([[1, 2, 3]]), ValueError, "square and symmetric"),
        (lambda: stable_learning_rate([[1, 0], [0, -1]]), ValueError, "no negative eigenvalue"),
        (lambda: stable_learning_rate([[0.0]]), ValueError, "no negative eigenvalue"),
    ],
)
def test_errors_name_the_argument_and_what_is_wanted(call, error, words):
    with pytest.raises(error, match=words):
        call()


@bounded
@given(x0=pairs)
def test_small_steps_never_climb(x0):
    assume(np.linalg.norm(rosenbrock.gradient(x0)) > 1e-6)
    values = rosenbrock.value(gradient_descent(rosenbrock.gradient, x0, 1e-5, 20))
    assert np.all(np.diff(values) <= 1e-9)
