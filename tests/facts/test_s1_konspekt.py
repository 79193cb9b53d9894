"""Facts F1.*: stopping rules, optimizers, zero starts and the two-path network of source S1.

The source prints no numbers; these are the acceptance values of its formulas, repaired where an
erratum says so. Where a fact is about a formula that nnlib does not have (a wrong one, or another
variant), the formula stands here.
"""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from nnlib.computational_graph import Value, paths
from nnlib.differentiation import complex_step
from nnlib.gradient_descent import descend_until, gradient_descent
from nnlib.landscapes import beale, bowl, rosenbrock, saddle, stretched_bowl, valley
from nnlib.optimizers import (
    AdaGrad,
    Adam,
    AdamW,
    GradientDescent,
    Momentum,
    Nesterov,
    RMSProp,
    optimize,
)

T0 = 1e-12


def exactly(value, tolerance=T0):
    return pytest.approx(value, rel=tolerance, abs=tolerance)


def relatively(value, tolerance):
    """Without pytest's own absolute tolerance, which would pass anything below 1e-12."""
    return pytest.approx(value, rel=tolerance, abs=0.0)


# --- 1.1 the update rules -----------------------------------------------------------------------

Q = valley(100)
LANDSCAPES = {
    "Q": (Q, (1.0, 1.0)),
    "R": (rosenbrock, (-1.2, 1.0)),
    "B": (beale, (1.0, 1.0)),
    "S": (saddle, (1.0, 1e-6)),
}
METHODS = {
    "gd": GradientDescent,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "adagrad": AdaGrad,
    "rmsprop": RMSProp,
    "adam": Adam,
    "amsgrad": lambda rate: Adam(rate, amsgrad=True),
    "adamw": AdamW,
}
#: Facts F1.1 to F1.32: the points after k steps, and the value at the last of them.
RUNS = json.loads(Path(__file__).with_name("s1_runs.json").read_text())


@pytest.mark.parametrize(
    ("function", "value", "gradient"),
    [
        ("Q", 50.5, [1.0, 100.0]),
        ("R", 24.2, [-215.6, -88.0]),
        ("B", 14.203125, [0.0, 27.75]),
        ("S", 0.999999999999, [2.0, -2e-6]),
    ],
)
def test_the_starts_of_the_four_functions(function, value, gradient):
    land, start = LANDSCAPES[function]
    assert land.value(start) == exactly(value)
    assert land.gradient(start) == exactly(gradient)


def test_the_minima_of_the_four_functions():
    assert [LANDSCAPES[name][0].minima for name in "QRBS"] == [
        ((0.0, 0.0),),
        ((1.0, 1.0),),
        ((3.0, 0.5),),
        (),
    ]


def test_every_method_is_run_on_every_function():
    assert len({(row["function"], row["method"]) for row in RUNS}) == len(RUNS) == 4 * 8


@pytest.mark.parametrize(
    "row", RUNS, ids=[f"{row['fact']} {row['function']} {row['method']}" for row in RUNS]
)
def test_every_method_on_every_function(row):
    land, start = LANDSCAPES[row["function"]]
    points = {int(k): point for k, point in row["points"].items()}
    path = optimize(METHODS[row["method"]](row["rate"]), land.gradient, start, max(points))
    in_the_long_run = 1e-6 if row["method"] == "rmsprop" else 1e-7
    for k, point in points.items():
        if k <= 10:
            assert path[k] == exactly(point), k
        else:
            assert path[k] == relatively(point, 1e-9 if k <= 100 else in_the_long_run), k
    assert land.value(path[-1]) == relatively(row["value"], 1e-8 if max(points) <= 100 else 1e-4)


# --- 1.2 further facts on optimizers ------------------------------------------------------------


def walked(rule, gradients, start=0.0):
    """The points that follow from a list of gradients, for one parameter."""
    w, state = np.array([start]), rule.init([start])
    points = []
    for g in gradients:
        w, state = rule.update(w, [g], state)
        points.append(float(w[0]))
    return points


def half_square(rule, start, steps):
    """The points on w²/2, after the start."""
    return optimize(rule, lambda w: w, [start], steps)[1:, 0]


def test_f1_50_adam_on_rosenbrock_comes_down_before_it_bursts():
    path = optimize(Adam(0.1), rosenbrock.gradient, (-1.2, 1.0), 2000)
    values = rosenbrock.value(path)
    assert values[1000] == relatively(1.2426607047933301e-05, 1e-4)
    assert values[1500] == relatively(3.18e-10, 0.01)
    assert values[2000] == relatively(6.66e-17, 0.01)


def test_f1_51_rmsprop_on_rosenbrock_ends_in_a_cycle_of_two():
    path = optimize(RMSProp(0.01), rosenbrock.gradient, (-1.2, 1.0), 10_000)
    low, high = [0.9801450004923151, 0.9755356680984275], [0.9901450033515771, 0.9655356578170644]
    last = sorted(path[-2:].tolist())
    assert last[0] == pytest.approx(low, abs=1e-6)
    assert last[1] == pytest.approx(high, abs=1e-6)
    np.testing.assert_allclose(path[-1], path[-3], atol=1e-9)
    assert [rosenbrock.value(point) for point in last] == pytest.approx(
        [0.0224507, 0.0221537], abs=1e-6
    )


def test_f1_52_amsgrad_on_rosenbrock_arrives():
    path = optimize(Adam(0.1, amsgrad=True), rosenbrock.gradient, (-1.2, 1.0), 10_000)
    assert rosenbrock.value(path[-1]) < 1e-12
    np.testing.assert_allclose(path[-1], [1.0, 1.0], atol=1e-12)


@pytest.mark.parametrize(
    ("g", "step"),
    [(1e-4, 0.09999000099990002), (1.0, 0.09999999900000002), (1e4, 0.09999999999989999)],
)
def test_f1_53_the_first_step_is_the_rate_whatever_the_gradient(g, step):
    assert walked(Adam(0.1), [g])[0] == exactly(-step)
    assert walked(AdaGrad(0.1), [g])[0] == pytest.approx(-0.1, rel=1e-5)


def test_f1_54_adam_without_correction_starts_with_steps_three_times_too_long():
    def uncorrected(w, steps):
        m = v = np.zeros(2)
        for _ in range(steps):
            g = Q.gradient(w)
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
            w = w - 0.1 * m / (np.sqrt(v) + 1e-8)
        return w

    assert 0.1 / math.sqrt(0.001) == exactly(3.1622776601683795)
    start = np.array([1.0, 1.0])
    assert uncorrected(start, 1) == exactly([0.6837723339831306, 0.6837722349831623])
    assert uncorrected(start, 2)[0] == exactly(0.2702061690866708)
    assert uncorrected(start, 3)[0] == exactly(-0.16214120740030852)


def test_f1_55_five_steps_on_the_half_square():
    assert half_square(GradientDescent(0.1), 1.0, 5) == exactly([0.9, 0.81, 0.729, 0.6561, 0.59049])
    assert half_square(Momentum(0.1), 1.0, 5) == pytest.approx(
        [0.9, 0.72, 0.486, 0.2268, -0.02916], abs=1e-15
    )
    assert half_square(AdaGrad(0.1), 1.0, 5) == exactly(
        [
            0.90000000001,
            0.8331035268523168,
            0.7804561813655163,
            0.7362231326707235,
            0.6977148620648239,
        ]
    )
    assert half_square(Adam(0.1), 1.0, 5) == exactly(
        [
            0.9000000009999999,
            0.8004122297123379,
            0.7015862745044147,
            0.6039390626821075,
            0.5079636619272204,
        ]
    )


def test_f1_55_rmsprop_on_the_half_square():
    assert half_square(RMSProp(0.1), 1.0, 2) == exactly(
        [9.99999899553572e-08, -5.037713743095691e-10]
    )


@pytest.mark.parametrize(("share", "times"), [(0.5, 2.0), (0.9, 10.0), (0.99, 100.0)])
def test_f1_56_a_constant_gradient_makes_momentums_steps_grow(share, times):
    points = walked(Momentum(0.1, share), [3.0] * 4000)
    assert points[-2] - points[-1] == pytest.approx(times * 0.1 * 3.0, abs=1e-9)
    assert 1 / (1 - share) == pytest.approx(times)


@pytest.mark.parametrize(
    ("share", "times"),
    [(0.5, 0.6666666666666666), (0.9, 0.5263157894736838), (0.99, 0.502512562814066)],
)
def test_f1_57_an_alternating_gradient_is_halved_by_momentum_not_silenced(share, times):
    points = walked(Momentum(0.1, share), [3.0, -3.0] * 2000)
    assert abs(points[-2] - points[-1]) == pytest.approx(times * 0.1 * 3.0, abs=1e-9)
    assert 1 / (1 + share) == pytest.approx(times, abs=1e-9)


def test_f1_57_the_averaged_form_gives_a_twentieth():
    h = 0.0
    for k in range(4000):
        h = 0.9 * h + 0.1 * (-1) ** k
    assert abs(h) == pytest.approx(0.1 / 1.9, abs=1e-9)
    assert round(0.1 / 1.9, 4) == 0.0526


def test_f1_58_with_a_changing_rate_it_matters_where_the_rate_stands():
    rates = [0.1, 0.1, 0.1, 0.01, 0.01, 0.01]
    w, h, inside = 1.0, 0.0, []
    for rate in rates:
        h = 0.9 * h + rate * w
        w -= h
        inside.append(w)
    assert inside == exactly([0.9, 0.72, 0.486, 0.27054, 0.07392060, -0.103776066])

    w, state, outside = np.array([1.0]), Momentum().init([1.0]), []
    for rate in rates:
        w, state = Momentum(rate).update(w, w, state)
        outside.append(float(w[0]))
    assert outside == exactly([0.9, 0.72, 0.486, 0.46008, 0.4321512, 0.402693768])


def squared(w, steps, alpha, rate=0.1, gradient=lambda w: w):
    """The source's momentum, which adds the squared gradient (erratum E1.1)."""
    h, points = 0.0 * w, []
    for _ in range(steps):
        h = alpha * h + rate * gradient(w) ** 2
        w = w - h
        points.append(w)
    return points


def test_f1_59_the_squared_gradient_pushes_one_way_only():
    right = squared(1.0, 26, 0.9)
    assert right[:3] == pytest.approx([0.9, 0.729, 0.5219559], abs=1e-9)
    assert right[9] == pytest.approx(-0.7192096634496878, abs=1e-9)
    assert abs(right[25]) > 1e100 > abs(right[24])
    left = squared(-1.0, 16, 0.9)
    assert left[:3] == pytest.approx([-1.1, -1.311, -1.6727721], abs=1e-9)
    assert left[9] == relatively(-1181.7798, 1e-6)
    assert abs(left[15]) > 1e100 > abs(left[14])
    correct = half_square(Momentum(0.1), -1.0, 50)
    assert correct[:3] == pytest.approx([-0.9, -0.72, -0.486], abs=1e-9)
    assert correct[49] == pytest.approx(0.0666802, abs=1e-6)


def test_f1_60_the_same_without_memory():
    right, left = squared(1.0, 50, 0.0), squared(-1.0, 20, 0.0)
    assert right[:3] == pytest.approx([0.9, 0.819, 0.7519239], abs=1e-7)
    assert right[49] == pytest.approx(0.1616345, abs=1e-7)
    assert left[:3] == pytest.approx([-1.1, -1.221, -1.3700841], abs=1e-7)
    assert left[19] == relatively(-5.6e103, 0.01)


def test_f1_61_the_same_in_the_valley():
    with np.errstate(over="ignore", invalid="ignore"):
        points = squared(np.array([1.0, 1.0]), 8, 0.9, rate=0.01, gradient=Q.gradient)
    assert points[0] == relatively([0.99, -99.0], 1e-9)
    assert points[1] == relatively([0.971199, -980289.0], 1e-9)
    assert points[2][1] == relatively(-96096654214560.0, 1e-9)
    assert np.isfinite(points[6][1])
    assert points[7][1] == -math.inf


@pytest.mark.parametrize(
    ("rate", "x", "y"),
    [
        (0.005, 0.605770436490728, None),
        (0.01, 0.3660323412732296, 0.0),
        (2 / 101, 0.1353262606437916, 0.1353262606437916),
        (0.0199, None, 0.3660323412732338),
        (0.02, None, 1.0),
        (0.0201, None, 2.704813829421523),
        (0.021, None, 13780.612339822443),
    ],
)
def test_f1_62_descent_in_the_valley_by_rate(rate, x, y):
    end = optimize(GradientDescent(rate), Q.gradient, (1.0, 1.0), 100)[-1]
    for number, expected in zip(end, (x, y), strict=True):
        assert expected is None or number == exactly(expected, 1e-10)


@pytest.mark.parametrize(
    ("rule", "steps", "first", "for_good"),
    [
        (GradientDescent(2 / 101), 700, 674, 674),
        (GradientDescent(0.01), 1200, 1112, 1112),
        (GradientDescent(0.019), 700, 583, 583),
        (Momentum(0.01, 0.9), 500, 214, 257),
        (Momentum(4 / 121, 81 / 121), 300, 93, 93),
        (Nesterov(0.01, 0.9), 400, 169, 195),
        (AdaGrad(0.1), 500, 408, 408),
        (AdaGrad(0.5), 100, 24, 24),
        (AdaGrad(1.0), 10, 1, 1),
        (Adam(0.1), 300, 189, None),
        (Adam(0.1, amsgrad=True), 500, 166, 250),
    ],
    ids=str,
)
def test_f1_63_steps_until_the_valley_is_below_1e_10(rule, steps, first, for_good):
    values = Q.value(optimize(rule, Q.gradient, (1.0, 1.0), steps))
    assert int(np.argmax(values < 1e-10)) == pytest.approx(first, abs=1)
    if for_good is not None:
        assert int(np.flatnonzero(values >= 1e-10)[-1]) + 1 == pytest.approx(for_good, abs=1)


def test_f1_63_the_theory_of_plain_descent():
    theory = math.log(50.5 / 1e-10) / (2 * math.log(101 / 99))
    assert theory == pytest.approx(673.67, abs=0.005)


def test_f1_64_rates_of_convergence_at_condition_number_100():
    assert 99 / 101 == 0.9801980198019802
    assert 9 / 11 == 0.8181818181818182
    gd = optimize(GradientDescent(2 / 101), Q.gradient, (1.0, 1.0), 200)
    lengths = np.linalg.norm(gd, axis=1)
    np.testing.assert_allclose(lengths[1:] / lengths[:-1], 99 / 101, rtol=1e-9)
    heavy = optimize(Momentum(4 / 121, 81 / 121), Q.gradient, (1.0, 1.0), 300)
    lengths = np.linalg.norm(heavy, axis=1)
    assert (lengths[300] / lengths[200]) ** (1 / 100) == pytest.approx(9 / 11, abs=0.005)


def test_f1_65_heavy_ball_in_the_valley():
    path = optimize(Momentum(4 / 121, 81 / 121), Q.gradient, (1.0, 1.0), 100)
    assert path[10] == exactly([0.3788499650207881, 2.578623955464072], 1e-10)
    assert path[50] == exactly([0.00044301813826452883, 0.00403505709716606], 1e-10)
    assert path[100] == exactly([3.6971936482395614e-08, 3.5237234249328155e-07], 1e-10)


def test_f1_66_epsilon_inside_or_outside_the_root():
    g, rate, eps = 1e-6, 0.1, 1e-8
    assert rate * g / math.sqrt(g**2 + eps) == exactly(0.0009999500037496875)
    assert -walked(AdaGrad(rate, eps), [g])[0] == exactly(0.09900990099009901)


@pytest.mark.parametrize(
    ("steps", "frequent", "rare"),
    [(100, 0.1, 1.0), (1000, 0.03162277660168379, 0.31622776601683794)],
)
def test_f1_67_rare_features_keep_large_steps(steps, frequent, rare):
    often = [0.0, *walked(AdaGrad(1.0), [1.0] * steps)]
    seldom = [0.0, *walked(AdaGrad(1.0), ([0.0] * 99 + [1.0]) * (steps // 100))]
    assert often[-2] - often[-1] == pytest.approx(frequent, abs=1e-9)
    assert seldom[-2] - seldom[-1] == pytest.approx(rare, abs=1e-9)
    assert rare / frequent == pytest.approx(10.0)


def test_f1_68_a_constant_gradient_takes_adagrad_two_roots_of_k_far():
    points = walked(AdaGrad(1.0, eps=1e-300), [1.0] * 1000)
    expected = {10: 5.0209978992926665, 100: 18.58960382478415, 1000: 61.80100876524318}
    for k, path_length in expected.items():
        assert -points[k - 1] == pytest.approx(path_length, abs=1e-9)
        assert math.fsum(1 / math.sqrt(i) for i in range(1, k + 1)) == exactly(path_length)
        assert path_length == pytest.approx(2 * math.sqrt(k), rel=0.25)


def old_amsgrad(w, gradients):
    """The maximum taken of the corrected v, as the source has it (erratum E1.6)."""
    w = np.array(w, dtype=float)
    m = v = largest = np.zeros_like(w)
    points = []
    for t, gradient in enumerate(gradients, 1):
        g = gradient(w) if callable(gradient) else gradient
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        largest = np.maximum(largest, v / (1 - 0.999**t))
        w = w - 0.1 * m / (1 - 0.9**t) / (np.sqrt(largest) + 1e-8)
        points.append(w)
    return points


def test_f1_69_amsgrad_with_the_maximum_before_and_after_the_correction():
    gradients = [10.0, 1.0, 1.0, 1.0, 1.0]
    old = [-0.0999999999, -0.15263157879473685, -0.18953194776152654]
    old += [-0.21861016814535905, -0.2430295962179336]
    assert np.ravel(old_amsgrad([0.0], gradients)) == exactly(old)
    new = [-0.0999999999, -0.17408106407748294, -0.23739541851257653]
    new += [-0.2947400222756181, -0.3483342020730169]
    assert walked(Adam(0.1, amsgrad=True), gradients) == exactly(new)
    assert walked(Adam(0.1), gradients) == exactly(new)


def test_f1_70_the_same_in_the_valley():
    old = old_amsgrad([1.0, 1.0], [Q.gradient] * 100)
    assert old[1] == exactly([0.8052631597894737, 0.8052631579136842], 1e-10)
    assert old[9] == exactly([0.23146168893375207, 0.2314616833725594], 1e-10)
    assert old[99][0] == exactly(-0.003072557056644348, 1e-10)
    new = optimize(Adam(0.1, amsgrad=True), Q.gradient, (1.0, 1.0), 100)
    assert new[[2, 10, 100], 0] == exactly(
        [0.8004122297123382, 0.07624916061975533, 0.002625869516270644], 1e-10
    )


def test_f1_71_adam_walks_to_the_worst_point_and_amsgrad_does_not():
    expected = {
        101: (-0.4107752955675163, -0.5692993089461796),
        1010: (-0.13544526867826917, -0.7087626958103433),
        10100: (1.0, -0.7977556363978524),
        101000: (1.0, -0.9784481717215998),
    }
    adam = amsgrad = m = v = largest = 0.0
    for t in range(1, 101_001):
        g = 1010.0 if t % 101 == 1 else -10.0
        m, v = 0.9 * m + 0.1 * g, 0.99 * v + 0.01 * g * g
        largest = max(largest, v)
        step = 0.5 / math.sqrt(t) * m
        adam = min(1.0, max(-1.0, adam - step / (math.sqrt(v) + 1e-8)))
        amsgrad = min(1.0, max(-1.0, amsgrad - step / (math.sqrt(largest) + 1e-8)))
        if t in expected:
            assert (adam, amsgrad) == pytest.approx(expected[t], abs=1e-6), t


def test_f1_72_decay_in_the_gradient_and_decay_beside_it():
    assert walked(Adam(0.1, weight_decay=0.01), [0.0] * 3, 1.0)[-1] == exactly(0.7015865830642429)
    assert walked(AdamW(0.1, weight_decay=0.01), [0.0] * 3, 1.0)[-1] == exactly(0.997002999)
    assert math.prod([0.999] * 3) == exactly(0.997002999)


def test_f1_73_maximize_climbs():
    assert walked(Adam(0.1, maximize=True), [2.0], 1.0)[0] == exactly(1.0999999995)


def test_f1_74_from_the_ridge_of_the_saddle_nothing_falls():
    gd = optimize(GradientDescent(0.1), saddle.gradient, (1.0, 0.0), 100)[-1]
    assert gd == relatively([2.0370359763344877e-10, 0.0], 1e-9)
    adam = optimize(Adam(0.1), saddle.gradient, (1.0, 0.0), 100)[-1]
    assert adam == pytest.approx([0.002936675681102549, 0.0], abs=1e-9)


def test_f1_74_beside_the_ridge_descent_falls_in_the_end():
    path = optimize(GradientDescent(0.1), saddle.gradient, (1.0, 1e-6), 100)
    assert int(np.argmax(saddle.value(path) < 0)) == 35
    assert path[100] == relatively([2.0370359763344877e-10, 82.81797452201455], 1e-9)


@pytest.mark.parametrize(
    ("rule", "end"),
    [
        (GradientDescent(0.95), [-0.3503929957523197, 0.0847823165504322]),
        (Momentum(0.1), [0.896413858493733, 0.08808560171506971]),
        (AdaGrad(1.5, eps=1e-7), [-0.12016232231416045, 2.49e-17]),
        (Adam(0.3), [0.13601461732623224, 0.3182453888963097]),
    ],
    ids=str,
)
def test_f1_75_thirty_steps_in_the_stretched_bowl(rule, end):
    path = optimize(rule, stretched_bowl.gradient, (-7.0, 2.0), 30)
    assert path[-1] == pytest.approx(end, abs=1e-9)


@pytest.mark.parametrize(
    ("rate", "max_steps", "gradient_rule", "step_rule", "slope_there"),
    [
        (0.1, 1000, 73, 63, 7.85e-6),
        (0.01, 1000, 798, 571, 9.77e-5),
        (1e-4, 100_000, 80583, 34537, 1.0e-2),
        (1e-10, 1000, None, 1, 10.0),
    ],
)
def test_f1_76_two_stopping_rules(rate, max_steps, gradient_rule, step_rule, slope_there):
    flat = descend_until(bowl.gradient, [-3.0, 4.0], rate, 1e-6, max_steps)
    short = descend_until(bowl.gradient, [-3.0, 4.0], rate, 1e-6, max_steps, rule="step")
    assert (flat.steps, flat.reason) == (
        (max_steps, "max_steps") if gradient_rule is None else (gradient_rule, "gradient")
    )
    assert (short.steps, short.reason) == (step_rule, "step")
    assert np.linalg.norm(bowl.gradient(short.x)) == relatively(slope_there, 0.01)


def sigmoid(z):
    return 1 / (1 + (-z).exp())


def zero_network(activation, x, target):
    """A 2-3-2 net with weights 0 on the graph; the values of all its parts, and their gradients."""
    W1 = [[Value(0.0) for _ in range(3)] for _ in range(2)]
    W2 = [[Value(0.0) for _ in range(2)] for _ in range(3)]
    h = [activation(x[0] * W1[0][j] + x[1] * W1[1][j]) for j in range(3)]
    o = [activation(sum((h[j] * W2[j][k] for j in range(3)), Value(0.0))) for k in range(2)]
    loss = sum(((o[k] - target[k]) ** 2 * 0.5 for k in range(2)), Value(0.0))
    loss.backward()
    return h, o, [[w.grad for w in row] for row in W1], [[w.grad for w in row] for row in W2]


FIRST_S3_SAMPLE = (1.0, -1.0)  # its numbers do not matter here: they meet weights of zero


def test_f1_77_from_zero_a_sigmoid_net_learns_only_in_its_last_layer():
    h, o, dW1, dW2 = zero_network(sigmoid, FIRST_S3_SAMPLE, (1.0, 0.0))
    assert [value.data for value in h + o] == [0.5] * 5
    assert dW2 == [[-0.0625, 0.0625]] * 3
    assert dW1 == [[0.0] * 3] * 2


def test_f1_77_from_zero_an_odd_activation_learns_nothing():
    _, _, dW1, dW2 = zero_network(Value.tanh, FIRST_S3_SAMPLE, (1.0, 0.0))
    assert dW1 == [[0.0] * 3] * 2
    assert dW2 == [[0.0] * 2] * 3


def test_f1_78_from_zero_three_hidden_units_stay_one():
    X = np.random.RandomState(0).randn(50, 2)
    T = np.stack([X[:, 0] > 0, X[:, 0] <= 0], axis=1).astype(float)

    def gradient(W):
        """Of the sum over rows of ½Σe², by W1 (2×3) and W2 (3×2) in one vector."""
        W1, W2 = W[:6].reshape(2, 3), W[6:].reshape(3, 2)
        h = 1 / (1 + np.exp(-X @ W1))
        y = 1 / (1 + np.exp(-h @ W2))
        delta_2 = (y - T) * y * (1 - y)
        delta_1 = delta_2 @ W2.T * h * (1 - h)
        return np.concatenate([np.ravel(X.T @ delta_1), np.ravel(h.T @ delta_2)])

    W1 = gradient_descent(gradient, np.zeros(12), 0.1, 1000)[-1, :6].reshape(2, 3)
    expected = [8.825395938118776, -0.27261469305211566]
    np.testing.assert_allclose(W1, np.tile(expected, (3, 1)).T, rtol=0, atol=1e-6)
    assert np.max(np.ptp(W1, axis=1)) < 1e-9  # exactly 0, unless a BLAS adds columns unalike
    assert np.linalg.matrix_rank(W1) == 1


# --- 1.3 the network with two paths -------------------------------------------------------------


def two_path_network():
    """Every part by its name, after a backward pass from a."""
    x = [Value(1.0), Value(2.0)]
    w = [[Value(0.1), Value(-0.3)], [Value(0.2), Value(0.1)]]
    p = [[Value(0.5), Value(0.7)], [Value(-0.6), Value(0.8)]]
    s = [Value(0.9), Value(-1.0)]
    z = [sigmoid(w[0][j] * x[0] + w[1][j] * x[1]) for j in range(2)]
    m = [sigmoid(p[0][j] * z[0] + p[1][j] * z[1]) for j in range(2)]
    a = s[0] * m[0] + s[1] * m[1]
    a.backward()
    return {"w": w, "p": p, "s": s, "z": z, "m": m, "a": a}


NET = two_path_network()


def data(values):
    return [value.data for value in values]


def grads(values):
    return [value.grad for value in np.ravel(np.array(values, dtype=object))]


def test_f1_90_values_of_the_two_path_network():
    assert data(NET["z"]) == exactly([0.6224593312018546, 0.47502081252106])
    assert data(NET["m"]) == exactly([0.5065539191285755, 0.6933309262756595])
    assert NET["a"].data == exactly(-0.23743239905994157)


@pytest.mark.parametrize(
    ("part", "derivatives"),
    [
        ("s", [0.5065539191285755, 0.6933309262756595]),
        ("m", [0.9, -1.0]),
        (
            "p",
            [0.14002928619481822, -0.1323492655804205, 0.10686131923924225, -0.10100042287291137],
        ),
        ("z", [-0.036355536296951596, -0.3050753272741067]),
        (
            "w",
            [-0.008543685988863434, -0.0760784770761673, -0.01708737197772687, -0.1521569541523346],
        ),
    ],
)
def test_f1_90_derivatives_of_the_two_path_network(part, derivatives):
    assert grads(NET[part]) == exactly(derivatives)


def test_f1_91_the_two_paths_from_w11_and_their_sum():
    w11, m1, m2 = NET["w"][0][0], *NET["m"]
    via = [
        math.prod(path_to_m) * math.prod(path_on)
        for m in (m1, m2)
        for path_to_m in paths(NET["a"], m)
        for path_on in paths(m, w11)
    ]
    assert via == exactly([0.02643337518065929, -0.034977061169522726])
    assert sum(via) == exactly(-0.008543685988863434)
    assert [math.prod(path) for path in paths(NET["a"], w11)] == exactly(via)


def test_f1_91_p11_changes_the_influence_of_w11():
    def influence(p11):
        f = [[0.1, -0.3], [0.2, 0.1]]
        x = [1.0, 2.0]
        z = [1 / (1 + np.exp(-(f[0][j] * x[0] + f[1][j] * x[1]))) for j in range(2)]
        p = [[p11, 0.7], [-0.6, 0.8]]
        m = [1 / (1 + np.exp(-(p[0][j] * z[0] + p[1][j] * z[1]))) for j in range(2)]
        s = [0.9, -1.0]
        dz1 = sum(s[j] * m[j] * (1 - m[j]) * p[0][j] for j in range(2))
        return dz1 * z[0] * (1 - z[0]) * x[0]

    assert influence(0.5) == exactly(-0.008543685988863434)
    assert complex_step(influence, 0.5) == pytest.approx(0.0526510779, abs=1e-8)


def test_f1_91_the_number_of_paths_is_n_to_the_layers_minus_one():
    for n, layers in ((2, 3), (3, 3), (3, 4)):
        leaf = Value(0.5)
        units = [leaf] + [Value(0.1)] * (n - 1)
        for _ in range(layers - 1):
            units = [sum((u * 0.3 for u in units), Value(0.0)).tanh() for _ in range(n)]
        output = sum(units, Value(0.0))
        assert len(paths(output, leaf)) == n ** (layers - 1)
