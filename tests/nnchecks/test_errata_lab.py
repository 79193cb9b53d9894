"""The checks of assignment 09: a repair is told from a cure of the symptom."""

import ast
import runpy

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
import scipy.special
from scipy.spatial import distance

from nnchecks import errata_formulas, errata_programs, errata_runs
from nnchecks import errata_lab as check
from nnchecks.engine.report import Outcome
from nnlib import optimizers
from tests.conftest import ROOT
from tests.nnchecks.catalogue import SEEDS, cases, misconception
from tools import assignments

EXERCISES = {name: getattr(check, name) for name in check.__all__}
SOURCE = ROOT / "solutions/09-errata-lab/09-errata-lab.py"
ALTERNATIVES = runpy.run_path(str(SOURCE.parent / "alternatives.py"))["ALTERNATIVES"]
CELLS = {cell.id: cell.source for cell in assignments.read(SOURCE).cells}


def given(name):
    """The program that the notebook gives to be repaired."""
    namespace = {"np": np}
    exec(CELLS[f"given_{name}"], namespace)
    return namespace[f"{name}_as_given"]


def experiment(name):
    """Source of the experiment, without the call at its end, and its name."""
    tree = ast.parse(CELLS[f"experiment_{name}"])
    tree.body = [one for one in tree.body if isinstance(one, ast.FunctionDef)]
    return ast.unparse(tree), tree.body[-1].name


# --- the notebook ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXERCISES)
def test_the_program_that_is_given_gets_nothing_and_is_told_what_the_experiment_shows(name):
    for seed in SEEDS:
        report = EXERCISES[name](given(name), seed=seed)
        assert report.score == 0
        assert misconception(EXERCISES[name], "not repaired").sentence in report.diagnosis


@pytest.mark.parametrize("name", EXERCISES)
def test_the_program_that_is_given_is_the_one_in_the_catalogue(name):
    program, known = given(name), misconception(EXERCISES[name], "not repaired").answer
    sees = getattr(EXERCISES[name], "sees", None)
    for case in cases(EXERCISES[name]):
        looked = dict(case.keywords)
        look = looked.pop("look", None)
        values = []
        for answer in (program, getattr(known, "func", known)):
            with np.errstate(all="ignore"):
                try:
                    value = (
                        sees(lambda *a, f=answer, kw=looked: f(*a, **kw), look, *case.arguments)
                        if look
                        else answer(*case.arguments, **looked)
                    )
                except ValueError:
                    value = np.nan
            values.append(np.asarray(value, dtype=float))
        np.testing.assert_allclose(*values, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", EXERCISES)
def test_an_experiment_shows_one_thing_before_the_repair_and_another_after_it(
    name, capsys, monkeypatch
):
    plt = pytest.importorskip("matplotlib.pyplot")
    source, called = experiment(name)
    namespace = {"np": np, "plt": plt}
    exec(CELLS[f"given_{name}"], namespace)
    exec(source, namespace)
    found = []
    for program in (given(name), getattr(errata_programs, name)):
        drawn = []
        monkeypatch.setattr(
            plt,
            "show",
            lambda drawn=drawn: drawn.extend(
                np.asarray(line.get_xydata()).tobytes() for line in plt.gca().lines
            ),
        )
        namespace[called](program)
        plt.close("all")
        found.append((capsys.readouterr().out, drawn))
    assert found[0] != found[1]
    assert "anted" in found[0][0] or "Wanted" in source


@pytest.mark.parametrize("name", EXERCISES)
def test_no_word_of_an_experiment_is_a_name_that_the_judge_would_look_for(name):
    """The judge runs those of the instructor's cells that bind a name of the test cell."""
    for kind in ("given", "experiment"):
        tree = ast.parse(CELLS[f"{kind}_{name}"])
        bound = {
            getattr(node, "arg", None) or getattr(node, "id", None)
            for node in ast.walk(tree)
            if isinstance(node, ast.arg)
            or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
        }
        assert not bound & {*EXERCISES, "check"}


# --- what is asked for is right -------------------------------------------------------------------


def test_slopes_are_those_that_autograd_finds():
    slope = autograd.elementwise_grad(lambda x: (1 - anp.exp(-x)) / (1 + anp.exp(-x)))
    for case in cases(EXERCISES["bipolar_logistic_slope"]):
        x = np.asarray(case.arguments[0], dtype=float)
        divisor = slope(0.0) if case.keywords["look"] == "form" else 1.0
        np.testing.assert_allclose(case.expected, slope(x) / divisor, rtol=1e-9, atol=1e-12)


def test_the_loss_is_kullback_and_leiblers_and_the_labels_entropy():
    for case in cases(EXERCISES["mean_cross_entropy"]):
        y, t = case.arguments
        np.testing.assert_allclose(y.sum(axis=1), 1, atol=1e-8)
        wanted = np.eye(y.shape[1])[t] if t.ndim == 1 else t
        rows = np.sum(scipy.special.rel_entr(wanted, y) + scipy.special.entr(wanted), axis=1)
        assert case.expected == pytest.approx(rows.mean(), rel=1e-9, abs=1e-12)


def test_what_is_asked_about_networks_is_what_the_logistic_network_gives():
    for case in cases(EXERCISES["as_tanh_network"]):
        *weights, X = case.arguments
        Y = scipy.special.expit(X @ weights[0] + weights[1]) @ weights[2] + weights[3]
        moved = Y[0] if case.keywords["look"] == "rises" else 0
        np.testing.assert_allclose(case.expected, Y - moved, atol=1e-12)


def test_a_layer_is_scipys_logistic_function_of_a_sum():
    for case in cases(EXERCISES["hidden_layer"]):
        X, W, b = case.arguments
        wanted = [[scipy.special.expit(x @ w + c) for w, c in zip(W.T, b, strict=True)] for x in X]
        np.testing.assert_allclose(case.expected, wanted, rtol=1e-12)


def test_the_gradient_with_a_penalty_is_the_one_that_autograd_finds():
    for case in cases(EXERCISES["ridge_gradient"]):
        w, X, y, penalty = case.arguments

        def loss(w, penalty, X=X, y=y):
            return anp.mean((anp.dot(X, w) - y) ** 2) / 2 + penalty / 2 * anp.sum(w**2)

        alone = autograd.grad(loss)(w, 0.0)
        both = autograd.grad(loss)(w, penalty)
        wanted = alone if case.keywords["look"] == "data" else both - alone
        np.testing.assert_allclose(case.expected, wanted, atol=1e-10)


def test_the_share_is_the_one_by_scipys_distances_and_no_sample_has_two_nearest():
    twins = 0
    for case in cases(EXERCISES["leave_one_out_accuracy"]):
        X, labels = case.arguments
        d = distance.squareform(distance.pdist(X)) + np.diag(np.full(len(X), np.inf))
        assert case.expected == np.mean(labels[d.argmin(axis=1)] == labels)
        nearest = np.sort(d, axis=1)
        assert (nearest[:, 1] - nearest[:, 0] > 1e-9).all()
        twins += bool((nearest[:, 0] == 0).any())
    assert twins > 20


def test_paths_are_those_of_the_librarys_momentum_with_a_rate_for_each_step():
    falling = 0
    for case in cases(EXERCISES["heavy_ball"]):
        gradient, x0, rates, momentum = case.arguments
        if 0 in rates:
            continue
        falling += len(set(rates)) > 1
        path = [np.asarray(x0, dtype=float)]
        state = optimizers.Momentum(1.0, momentum).init(path[0])
        for rate in rates:
            rule = optimizers.Momentum(rate, momentum)
            x, state = rule.update(path[-1], gradient(path[-1]), state)
            path.append(x)
        np.testing.assert_allclose(case.expected, path, rtol=1e-9, atol=1e-12)
    assert falling >= 20


def test_a_point_does_not_move_at_the_rate_0_though_it_has_a_velocity():
    stood = 0
    for case in cases(EXERCISES["heavy_ball"]):
        steps = np.diff(case.expected, axis=0)
        still = np.array(case.arguments[2]) == 0
        assert not steps[still].any()
        if still.any():
            assert steps[~still].any()
            stood += 1
    assert stood >= len(SEEDS)


def test_searches_come_nearer_to_the_optimum_with_more_steps():
    for case in cases(EXERCISES["find_optimum"]):
        gradient, x0, rate, _steps = case.arguments
        uphill = case.keywords.get("maximise", False)
        c = gradient.__self__.c
        far = [
            np.linalg.norm(errata_programs.find_optimum(gradient, x0, rate, n, uphill) - c)
            for n in (0, 200)
        ]
        assert far[1] <= 1e-3 * far[0]


def test_units_are_asked_about_on_both_sides_of_the_limit_and_none_at_it():
    for case in cases(EXERCISES["saturated_units"]):
        v, share = case.arguments
        ratio = 4 * scipy.special.expit(v) * scipy.special.expit(-v)
        np.testing.assert_array_equal(case.expected, ratio < share)
        assert (np.abs(ratio / share - 1) > 1e-3).all()
        assert {0.0, 1.0} == set(case.expected.ravel())


def test_influences_are_those_that_autograd_finds():
    for case in cases(EXERCISES["weight_influence"]):
        w, inputs, start = case.arguments

        def last(w, inputs=inputs, start=start):
            h = start
            for x in inputs:
                h = anp.tanh(w * h + x)
            return h

        assert case.expected == pytest.approx(autograd.grad(last)(w), abs=1e-12)


# --- what it costs, and what is said --------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "slip", "score"),
    [
        ("bipolar_logistic_slope", "half repaired: the output", 1),
        ("bipolar_logistic_slope", "half repaired: the factor", 0),
        ("bipolar_logistic_slope", "never negative", 0),
        ("mean_cross_entropy", "half repaired: labels", 1),
        ("mean_cross_entropy", "half repaired: 1e-7", 1),
        ("mean_cross_entropy", "clipped", 1),
        ("find_optimum", "half repaired: the way", 1),
        ("find_optimum", "smaller rate", 0),
        ("find_optimum", "start shared", 1),
        ("as_tanh_network", "level forgotten", 1),
        ("as_tanh_network", "level fitted at 0", 0),
        ("hidden_layer", "half repaired: the order", 1),
        ("hidden_layer", "half repaired: the biases", 0),
        ("ridge_gradient", "half repaired: 1/n", 1),
        ("ridge_gradient", "half repaired: the penalty", 1),
        ("ridge_gradient", "penalty made smaller", 1),
        ("leave_one_out_accuracy", "distance 0 left out", 0),
        ("heavy_ball", "half repaired: the square", 1),
        ("heavy_ball", "half repaired: the rate", 0),
        ("heavy_ball", "the sign put back", 0),
        ("saturated_units", "only the large", 0),
        ("weight_influence", "one path, times the number of paths", 0),
    ],
)
def test_a_repaired_fault_earns_its_point_and_a_cured_symptom_earns_none(name, slip, score):
    assert EXERCISES[name](misconception(EXERCISES[name], slip).answer).score == score


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        ("ridge_gradient", "half repaired: the penalty", "half repaired: 1/n"),
        ("heavy_ball", "half repaired: the rate", "half repaired: the square"),
        ("hidden_layer", "half repaired: the biases", "half repaired: the order"),
        ("bipolar_logistic_slope", "half repaired: the factor", "not repaired"),
        ("find_optimum", "half repaired: the length", "not repaired"),
        ("mean_cross_entropy", "half repaired: labels", "half repaired: 1e-7"),
    ],
)
def test_of_a_program_with_two_faults_both_are_told(name, first, second):
    diagnosis = EXERCISES[name](given(name)).diagnosis
    assert misconception(EXERCISES[name], first).sentence in diagnosis
    assert misconception(EXERCISES[name], second).sentence in diagnosis


@pytest.mark.parametrize(
    ("name", "fault", "other"),
    [
        ("ridge_gradient", "half repaired: 1/n", "half repaired: the penalty"),
        ("ridge_gradient", "half repaired: the penalty", "half repaired: 1/n"),
        ("heavy_ball", "half repaired: the square", "half repaired: the rate"),
        ("mean_cross_entropy", "half repaired: labels", "half repaired: 1e-7"),
        ("mean_cross_entropy", "half repaired: 1e-7", "half repaired: labels"),
        ("hidden_layer", "half repaired: the order", "half repaired: the biases"),
        ("find_optimum", "half repaired: the way", "half repaired: the length"),
    ],
)
def test_nobody_is_told_of_a_fault_that_is_repaired(name, fault, other):
    diagnosis = EXERCISES[name](misconception(EXERCISES[name], fault).answer).diagnosis
    assert misconception(EXERCISES[name], other).sentence not in diagnosis


@pytest.mark.parametrize(
    ("name", "answer", "helper"),
    [
        ("heavy_ball", lambda *given: errata_programs.heavy_ball(*given), "heavy_ball"),
        ("heavy_ball", lambda *given: errata_runs._ball()(*given), "_ball"),
        ("ridge_gradient", lambda *given: errata_formulas._ridge()(*given), "_ridge"),
        (
            "weight_influence",
            lambda w, inputs, start: errata_programs.find_optimum(lambda x: x, [w], 0.1, 1)[0],
            "find_optimum",
        ),
    ],
)
def test_the_checks_own_programs_are_no_answers(name, answer, helper):
    report = EXERCISES[name](answer)
    assert report.outcome is Outcome.NOT_ATTEMPTED
    own = "the book's own function" if helper == name else f"calls the book's own `{helper}`"
    assert own in str(report)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("as_tanh_network", lambda *given: given[:3], "wanted are four results"),
        ("as_tanh_network", lambda *given: (given[0].T, *given[1:]), "make no network"),
        ("bipolar_logistic_slope", lambda x: np.array([x, x]), "did not return one number"),
        ("hidden_layer", lambda X, W, b: None, "returned None"),
        ("saturated_units", lambda v, share: [str(one) for one in v], "real numbers"),
    ],
)
def test_a_result_of_another_kind_is_told_so(name, answer, said):
    report = EXERCISES[name](answer)
    assert report.score == 0
    assert said in str(report)


# --- cases that a statement implies ---------------------------------------------------------------


def clipped(least):
    def mean_cross_entropy(y, t):
        t = np.eye(y.shape[1])[t] if t.ndim == 1 else t
        return -np.mean(np.sum(t * np.log(np.clip(y, least, 1 - least)), axis=1))

    return mean_cross_entropy


def raised(least):
    def mean_cross_entropy(y, t):
        t = np.eye(y.shape[1])[t] if t.ndim == 1 else t
        return -np.mean(np.sum(t * np.log(np.maximum(y, least)), axis=1))

    return mean_cross_entropy


def more(little):
    def mean_cross_entropy(y, t):
        t = np.eye(y.shape[1])[t] if t.ndim == 1 else t
        return -np.sum(t * np.log(y + little)) / len(y)

    return mean_cross_entropy


def by_type(y, t):
    if np.issubdtype(t.dtype, np.integer):
        return -np.log(y[np.arange(len(y)), t]).mean()
    return -(t * np.log(y)).sum(axis=1).mean()


def by_size(y, t):
    if t.max() > 1:
        return -np.log(y[np.arange(len(y)), t]).mean()
    return -(t * np.log(y)).sum(axis=1).mean()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        *(
            (kind(least), said)
            for kind, said in ((raised, "cut the probabilities off"), (more, "smaller"))
            for least in (1e-12, 1e-15, 1e-16, 1e-20)
        ),
        (clipped(1e-15), "cut the probabilities off"),
        (by_type, "by the type of t"),
    ],
)
def test_a_limit_of_the_loss_or_labels_told_by_their_type_lose_a_point_and_are_named(answer, said):
    for seed in range(20):
        report = check.mean_cross_entropy(answer, seed=seed)
        assert report.score < report.points
        assert said in report.diagnosis


def test_class_numbers_told_by_their_size_lose_points_on_every_seed():
    for seed in range(20):
        assert check.mean_cross_entropy(by_size, seed=seed).score < 2


def x_of_the_starts_type(gradient, x0, learning_rate, steps, maximise=False):
    x = np.array(x0)
    for _ in range(steps):
        x += (1 if maximise else -1) * learning_rate * gradient(x)
    return x


def path_of_the_starts_type(gradient, x0, rates, momentum):
    x, velocity = np.array(x0), 0.0
    path = [x.copy()]
    for rate in rates:
        velocity = momentum * velocity + gradient(x)
        x -= rate * velocity
        path.append(x.copy())
    return np.array(path)


@pytest.mark.parametrize(
    ("name", "answer"),
    [("find_optimum", x_of_the_starts_type), ("heavy_ball", path_of_the_starts_type)],
)
def test_steps_in_place_from_whole_numbers_are_not_taken_for_a_start_that_has_moved(name, answer):
    for seed in range(10):
        report = EXERCISES[name](answer, seed=seed)
        assert report.points - report.score == 1
        assert "has the type of the start" in report.diagnosis
        assert "has moved the caller's start" not in report.diagnosis


def test_a_slip_in_the_slope_costs_nothing_in_the_saturated_units_that_call_it():
    namespace = {"np": np, "bipolar_logistic_slope": lambda x: 1 - np.tanh(x / 2) ** 2}
    exec(
        "def saturated_units(v, share):\n"
        "    return bipolar_logistic_slope(np.asarray(v)) < share / 2\n",
        namespace,
    )
    report = check.saturated_units(namespace["saturated_units"])
    assert report.score == report.points
    assert "`bipolar_logistic_slope`" in str(report)


def long_steps_cut(gradient, x0, learning_rate, steps, maximise=False):
    x = np.array(x0, dtype=float)
    for _ in range(steps):
        g = gradient(x) if maximise else -gradient(x)
        x += learning_rate * g / max(1.0, np.linalg.norm(g))
    return x


@pytest.mark.parametrize(
    ("name", "answer", "not_said"),
    [
        ("saturated_units", lambda v, share: np.ones(np.shape(v)), "You put v into y(1 − y)"),
        (
            "leave_one_out_accuracy",
            misconception(check.leave_one_out_accuracy, "distance 0 left out").answer,
            "second in the order",
        ),
        ("find_optimum", long_steps_cut, "as long as the rate, since"),
    ],
)
def test_what_is_like_a_slip_in_most_questions_is_not_called_by_its_name(name, answer, not_said):
    for seed in range(12):
        report = EXERCISES[name](answer, seed=seed)
        assert report.score < report.points
        assert not_said not in report.diagnosis
