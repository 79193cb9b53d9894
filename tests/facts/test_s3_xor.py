"""Facts F3.*: the 2-3-2 XOR network of source S3, one hand pass and its training stories.

S3 sums gradients over its n samples, so its rate times n is ours, and its λ divided by n is our l2.
The long runs are recorded by record.py.
"""

import json

import numpy as np
import pytest

from nnlib.activations import logistic, softmax
from nnlib.datasets import xor_quadrants
from nnlib.gradient_descent import DivergenceError
from nnlib.losses import half_squared_error, penalty, penalty_gradient
from nnlib.network import (
    Network,
    flatten,
    forward,
    loss_and_gradients,
    network_2_3_2,
    predict,
    unflatten,
)
from nnlib.network_differences import numerical_gradients
from nnlib.training import train
from tests.facts.record import PREFIX, RECORDED, STORIES, straightness

RUNS = json.loads(RECORDED.read_text("utf-8"))
DATA = xor_quadrants()
FIRST_50 = (DATA.X[:50], DATA.T[:50])
T0 = {"rtol": 1e-12, "atol": 1e-12}
close = np.testing.assert_allclose

# --- one hand pass ------------------------------------------------------------------------------

X = [1.764052345967664, 0.4001572083672233]
Y = [1.0, 0.0]
NET = network_2_3_2()
PASSED = forward(NET, X)
LOSS, GRADIENTS = loss_and_gradients(NET, X, Y)
AFTER = unflatten(NET, flatten(NET) - 0.001 * flatten(GRADIENTS))
LOGISTIC_SLOPE = logistic.derivative

# fmt: off
HAND_PASS = {
    "F3.1": (DATA.X[0], X),
    "F3.1 label": (DATA.T[0], Y),
    "F3.2": (NET.weights[0],
             [[-0.6774645461468192, 0.3776942489991902, -0.0736525254530944],
              [-0.5366351936209017, 0.6092049638728333, 0.21149621870609955]]),
    "F3.3": (NET.weights[1],
             [[-0.41491732022266187, -0.30992816293785014],
              [-0.31583912915964313, -0.27706468378657767],
              [-0.44701662096829026, 0.15231058972412367]]),
    "F3.4": (PASSED.z[0], [-1.4098213629311593, 0.9100501836723246, -0.04529517385431778]),
    "F3.5": (PASSED.outputs[0], [0.19626223364995737, 0.7130104317740846, 0.48867814218031774]),
    "F3.6": (PASSED.z[1], [-0.5250764457587297, -0.18394634732445506]),
    "F3.7": (PASSED.output, [0.3716659591228748, 0.45414264375590857]),
    "F3.8 sum": (PASSED.output.sum(), 0.8258086028787834),
    "F3.8 log": (np.log(PASSED.output), [-0.9897597874631092, -0.7893439369942132]),
    "F3.8 softmax of z": (softmax(PASSED.z[1]), [0.41553498878863204, 0.5844650112113681]),
    "F3.8 softmax of h": (softmax(PASSED.output), [0.47939250922319077, 0.5206074907768091]),
    "F3.9": (PASSED.output.argmax(), 1),
    "F3.10": (LOSS, 0.30052460390129143),
    "F3.11": ([2 * penalty(NET.weights[:1], l2=1), 2 * penalty(NET.weights[1:], l2=1),
               2 * penalty(NET.weights, l2=1)],
              [1.3108745210854178, 0.667753418476882, 1.9786279395622999]),
    "F3.13": (PASSED.output - Y, [-0.6283340408771252, 0.45414264375590857]),
    "F3.14": (LOGISTIC_SLOPE(PASSED.output), [0.23353037395214837, 0.24789710287830247]),
    "F3.15": (GRADIENTS.deltas[1], [-0.14673508353289952, 0.11258064568058274]),
    "F3.16": (GRADIENTS.weights[1],
              [[-0.028798555248979937, 0.022095328987025594],
               [-0.10462364526619906, 0.08027117478611753],
               [-0.07170622801353108, 0.05501570077664778]]),
    "F3.17": (GRADIENTS.deltas[1] @ NET.weights[1].T,
              [0.025991014943979086, 0.015152560004219079, 0.08274024575350873]),
    "F3.18": (LOGISTIC_SLOPE(PASSED.outputs[0]),
              [0.15774336929268692, 0.20462655595541804, 0.24987181553551094]),
    "F3.19": (GRADIENTS.deltas[0],
              [0.004099910268599838, 0.003100616167571165, 0.020674455424283575]),
    "F3.20": (GRADIENTS.weights[0],
              [[0.007232456327580459, 0.005469649224349181, 0.036470821592811335],
               [0.0016406086476390236, 0.0012407339098335559, 0.008273032367093912]]),
    "F3.21": (AFTER.weights[1],
              [[-0.4148885216674129, -0.30995025826683714],
               [-0.31573450551437693, -0.27714495496136377],
               [-0.4469449147402767, 0.15225557402334702]]),
    "F3.22": (AFTER.weights[0],
              [[-0.6774717786031468, 0.3776887793499658, -0.07368899627468721],
               [-0.5366368342295493, 0.6092037231389235, 0.21148794567373247]]),
    "F3.23": (predict(AFTER, X), [0.3716950059145451, 0.4541203831884992]),
    "F3.23 loss": (loss_and_gradients(AFTER, X, Y)[0], 0.3004962440099964),
    "F3.24": (loss_and_gradients(NET, X, [0, 1])[0], 0.21804791926825767),
    "F3.26": (penalty_gradient(NET.weights, l2=0.1)[1],
              [[-0.04149173202226619, -0.030992816293785017],
               [-0.03158391291596432, -0.02770646837865777],
               [-0.04470166209682903, 0.015231058972412368]]),
    "F3.27 W2": (0.1 * np.sum(NET.weights[1] ** 2), 0.0667753418476882),
    "F3.27 W1": (0.1 * np.sum(NET.weights[0] ** 2), 0.13108745210854178),
}
# fmt: on


@pytest.mark.parametrize(("found", "known"), HAND_PASS.values(), ids=HAND_PASS)
def test_f3_1_to_f3_27_hand_pass(found, known):
    close(found, known, **T0)


@pytest.mark.parametrize(
    ("strength", "loss"),
    [
        (1e-6, 0.30052559321526123),
        (1e-4, 0.3006235352982696),
        (1e-2, 0.31041774359910296),
        (0.1, 0.3994560008794064),
        (1, 1.2898385736824414),
    ],
)
def test_f3_12_loss_with_its_regulariser(strength, loss):
    close(loss_and_gradients(NET, X, Y, l2=strength)[0], loss, **T0)


def test_f3_23_the_step_lowers_the_loss_by_rate_times_gradient_squared():
    change = loss_and_gradients(AFTER, X, Y)[0] - LOSS
    assert change == pytest.approx(-2.83599e-05, rel=1e-5)
    assert -0.001 * np.sum(flatten(GRADIENTS) ** 2) == pytest.approx(-2.83607e-05, rel=1e-5)


def test_f3_25_without_the_half_gradients_are_twice_as_large():
    _, twice = loss_and_gradients(NET, X, Y, "mean squared error")
    np.testing.assert_array_equal(flatten(twice), 2 * flatten(GRADIENTS))


def test_the_hand_pass_agrees_with_central_differences():
    close(flatten(numerical_gradients(NET, X, Y)), flatten(GRADIENTS), rtol=0, atol=2e-11)


def test_with_the_printed_eight_digits_all_agrees_to_3e_8():
    rounded = Network([W.round(8) for W in NET.weights], None, "logistic")
    close(predict(rounded, np.round(X, 8)), PASSED.output, rtol=0, atol=3e-8)
    _, gradients = loss_and_gradients(rounded, np.round(X, 8), Y)
    close(flatten(gradients), flatten(GRADIENTS), rtol=0, atol=3e-8)


# --- data and structure -------------------------------------------------------------------------


def test_f3_40_class_counts():
    assert np.bincount(DATA.labels).tolist() == [158, 142]
    assert np.bincount(DATA.labels[:50]).tolist() == [25, 25]


STARTS = {
    3: (0.26199427019761107, 1.5865678659249745),
    10: (0.254619037875403, 1.9032190511612233),
    50: (0.25721900630723743, 4.84767096837941),
    200: (0.2610202912577177, 12.930351090562237),
}


@pytest.mark.parametrize(("hidden", "known"), STARTS.items())
def test_f3_41_and_f3_42_loss_and_summed_gradient_at_the_start(hidden, known):
    loss, gradients = loss_and_gradients(network_2_3_2(hidden), *FIRST_50)
    close([loss, 50 * np.linalg.norm(flatten(gradients))], known, rtol=0, atol=1e-10)


def test_f3_42_the_summed_gradient_is_50_times_that_of_the_printed_loss():
    net = network_2_3_2()
    outputs = forward(net, FIRST_50[0])
    deltas = (outputs.output - FIRST_50[1]) * LOGISTIC_SLOPE(outputs.output)
    summed = outputs.outputs[0].T @ deltas
    numerical = numerical_gradients(net, *FIRST_50).weights[1]
    close(summed / numerical, 50, rtol=1e-6)


def gap(net, X):
    z = forward(net, X).z[-1]
    return z[:, 1] - z[:, 0]


@pytest.mark.parametrize("hidden", [3, 50])
def test_f3_43_without_biases_opposite_points_add_up_to_a_constant(hidden):
    rng = np.random.default_rng(0)
    net = Network((rng.normal(0, 2, (2, hidden)), rng.normal(0, 2, (hidden, 2))), None, "logistic")
    X = rng.normal(0, 2, (200, 2))
    constant = np.sum(net.weights[1][:, 1] - net.weights[1][:, 0])
    close(gap(net, X) + gap(net, -X), constant, rtol=0, atol=1e-12)


@pytest.mark.parametrize("hidden", [1, 3, 20])
def test_f3_44_hence_three_quarters_are_the_ceiling(hidden):
    """Of each opposite pair of one class, one at least is wrong, whatever the constant is."""
    rng = np.random.default_rng(hidden)
    X = rng.standard_normal((400, 2))
    X = np.concatenate([X[X.prod(axis=1) > 0][:100], X[X.prod(axis=1) < 0][:100]])
    X = np.concatenate([X, -X])
    labels = X.prod(axis=1) < 0
    for _ in range(50):
        weights = (rng.normal(0, 3, (2, hidden)), rng.normal(0, 3, (hidden, 2)))
        said = gap(Network(weights, None, "logistic"), X) > 0
        assert np.mean(said == labels) <= 0.75


def test_f3_47_where_exp_overflows():
    for dtype, limit in ((np.float64, 709.782712893384), (np.float32, 88.72283905206835)):
        assert np.log(np.float64(np.finfo(dtype).max)) == pytest.approx(limit, abs=1e-10)
    with np.errstate(over="ignore"):
        assert np.exp(710.0) == np.inf


def test_f3_48_noise_of_mini_batches():
    g = np.arange(1.0, 5.0)
    assert (g.mean(), g.var()) == (2.5, 1.25)
    pairs = [(a + b) / 2 for a in g for b in g]
    assert np.var(pairs) == 0.625
    pairs = [(a + b) / 2 for a in g for b in g if a != b]
    assert np.var(pairs) == pytest.approx(0.4166666666666667, rel=1e-15)


def test_e3_3_the_loss_is_that_of_two_separate_outputs():
    assert half_squared_error(PASSED.output, Y) == pytest.approx(LOSS, rel=1e-15)


# --- the recorded stories -----------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in STORIES if name.startswith("F3")])
def test_the_recorded_runs_begin_as_they_do_today(name):
    today = STORIES[name].follow((0, PREFIX))
    for mark in ("0", str(PREFIX)):
        for key, known in RUNS[name][mark].items():
            close(today[mark][key], known, rtol=1e-8, atol=1e-12, err_msg=f"{mark}: {key}")


def at(name, step):
    return RUNS[name][str(step)]


END = (0, 99_999, 499_999, 999_999)

LOSSES = {
    # name: the losses at these steps, and the tolerance
    "F3.50": (END, (0.261994, 0.24590272, 0.24586435, 0.24585633), 1e-6),
    "F3.51 seed 0": ((0, 100_000), (0.255681, 0.245906), 1e-5),
    "F3.51 seed 1": ((0, 100_000), (0.251407, 0.245911), 1e-5),
    "F3.51 seed 2": ((0, 100_000), (0.251522, 0.245820), 1e-5),
    "F3.51 seed 3": ((0, 100_000), (0.269667, 0.245901), 1e-5),
    "F3.51 seed 4": ((0, 100_000), (0.259159, 0.238215), 1e-5),
    "F3.53": (END, (0.257219, 0.23247252, 0.13834200, 0.06427823), 1e-4),
    "F3.54": (END, (0.257238, 0.23278795, 0.14646410, 0.07869417), 1e-4),
    "F3.55": (END, (0.257409, 0.23566001, 0.19581125, 0.18890538), 1e-4),
    "F3.56": (END, (0.259115, 0.24618509, 0.24617845, 0.24617770), 1e-5),
    "F3.57": (END, (0.257219, 0.23241802, 0.13923253, 0.06362831), 1e-4),
    "F3.58": (END, (0.254619, 0.245776, 0.224097, 0.195843), 1e-4),
    "F3.59 H=3": (END, (0.261994, 0.13251415, 0.12806791, 0.12681911), 1e-4),
    "F3.59 H=50": (END, (0.257219, 0.00247621, 0.00019279, 0.00007833), 1e-4),
    "F3.68 H=3": ((999_999,), (0.241519,), 1e-4),
    "F3.68 H=50": ((999_999,), (0.153750,), 1e-4),
}


@pytest.mark.parametrize(("name", "story"), LOSSES.items(), ids=LOSSES)
def test_f3_50_to_f3_59_and_f3_68_losses(name, story):
    steps, losses, tolerance = story
    close([at(name, step)["loss"] for step in steps], losses, rtol=0, atol=tolerance)


ACCURACIES = {
    # name: of 300 at the last three of END, and of the 50 trained on
    "F3.50": ((0.5467, 0.5533, 0.5533), (None, None, 0.62)),
    "F3.53": ((0.5267, 0.6633, 0.7367), (0.58, 0.88, 0.94)),
    "F3.54": ((0.5267, 0.6733, 0.7133), (0.58, 0.88, 0.94)),
    "F3.55": ((0.51, 0.5733, 0.66), ()),
    "F3.56": ((None, None, 0.5433), ()),
    "F3.57": ((0.5267, 0.67, 0.71), (0.58, 0.88, 0.94)),
    "F3.59 H=3": ((0.72, 0.7133, 0.7033), (None, None, 0.80)),
    "F3.59 H=50": ((0.8967, 0.8867, 0.8867), (None, None, 1.0)),
    "F3.68 H=3": ((None, None, 0.6367), ()),
    "F3.68 H=50": ((None, None, 0.85), ()),
}


@pytest.mark.parametrize(("name", "known"), ACCURACIES.items(), ids=ACCURACIES)
def test_f3_50_to_f3_59_and_f3_68_accuracies(name, known):
    for key, values in zip(("accuracy of 300", "accuracy of 50"), known, strict=True):
        for step, value in zip(END[1:], values or (None,) * 3, strict=True):
            if value is not None:
                close(at(name, step)[key], value, rtol=0, atol=1e-4)


@pytest.mark.parametrize("name", ["F3.50", "F3.54", "F3.55", "F3.56", "F3.57", "F3.58", "F3.66"])
def test_runs_that_only_go_down(name):
    """No loss on the grid of every 500 steps is above the one before."""
    losses = [entry["loss"] for mark, entry in RUNS[name].items() if mark.isdigit()]
    assert losses == sorted(losses, reverse=True)
    assert RUNS[name]["rises"] == 0


def test_f3_50_the_loss_of_3_units_falls_by_6_percent_and_their_boundary_stays_straight():
    start, end = at("F3.50", 0)["loss"], at("F3.50", 999_999)["loss"]
    assert 1 - end / start == pytest.approx(0.062, abs=5e-4)
    for mark in ("1000", "10000", "99999", "999999"):
        assert RUNS["F3.50"][mark]["straight"] >= 0.996 - 5e-4


def test_f3_51_accuracies():
    found = [at(f"F3.51 seed {s}", 100_000)["accuracy of 300"] for s in range(5)]
    assert min(found) == pytest.approx(0.48, abs=0.005)
    assert max(found) == pytest.approx(0.55, abs=0.005)


@pytest.mark.parametrize(("name", "best"), [("F3.58", 0.64), ("F3.59 H=50", 0.9333)])
def test_f3_58_and_f3_59_best_accuracy_on_the_way(name, best):
    assert RUNS[name]["best"] == pytest.approx(best, abs=0.005)


BLOW_UP = {
    50: 0.24209142,
    80: 0.23371487,
    85: 0.22945669,
    90: 0.22617301,
    91: 0.22591682,
    92: 0.22594594,
    95: 0.22866845,
    97: 0.23562500,
    99: 0.25124802,
    100: 0.25496257,
    101: 0.28305776,
    102: 0.49095134,
}


@pytest.mark.parametrize(("thousand", "loss"), BLOW_UP.items())
def test_f3_52_and_f3_60_the_loss_rises_after_step_90(thousand, loss):
    assert at("F3.60", 1000 * thousand - 1)["loss"] == pytest.approx(loss, abs=1e-3)


def test_f3_60_minimum_end_and_mean_of_the_weights():
    assert RUNS["F3.60"]["lowest"]["step"] == pytest.approx(91_499, abs=1000)
    assert RUNS["F3.60"]["lowest"]["loss"] == pytest.approx(0.225888, abs=1e-3)
    assert RUNS["F3.60"]["diverged"]["step"] == pytest.approx(103_000, abs=1000)
    for thousand, mean in ((90, -2.52), (100, -12.40), (102, -48.97)):
        assert at("F3.60", 1000 * thousand - 1)["mean of W1"] == pytest.approx(mean, rel=1e-2)


def test_f3_52_accuracies():
    assert at("F3.60", 99_999)["accuracy of 300"] == pytest.approx(0.4867, abs=1e-4)
    assert at("F3.60", 99_999)["accuracy of 50"] == pytest.approx(0.60, abs=1e-4)


NORMS = {
    0: (0.143, 4.846, 0.018),
    50_000: (0.067, 0.053, 0.044),
    80_000: (0.082, 0.073, 0.240),
    90_000: (0.131, 0.079, 0.737),
    95_000: (0.217, 0.093, 1.939),
    98_000: (0.268, 0.115, 5.133),
    100_000: (0.114, 0.092, 15.540),
}


@pytest.mark.parametrize(("step", "norms"), NORMS.items())
def test_f3_60b_only_the_wrong_term_explodes(step, norms):
    found = at("F3.60b", step)
    rounding = {"rtol": 1e-2, "atol": 6e-4}
    close([found[k] for k in ("gradient of W1", "gradient of W2", "term of W1")], norms, **rounding)


def test_f3_61_a_tenth_of_the_rate_takes_ten_times_as_long():
    assert RUNS["F3.61"]["lowest"]["step"] == pytest.approx(910_000, abs=10_000)
    assert RUNS["F3.61"]["lowest"]["loss"] == pytest.approx(0.225916, abs=1e-3)
    assert at("F3.61", 999_999)["loss"] == pytest.approx(0.254999, abs=1e-3)


TIMES = {
    "F3.62 rate .001": (274_499, 308_499),
    "F3.62 decay": (149_500, 179_499),
    "F3.62 lambda 1e-3": (860, 11_750),
    "F3.62 N=300": (58_500, 66_499),
    "F3.63 seed 0": (90_000, 104_000),
    "F3.63 seed 1": (85_000, 98_000),
    "F3.63 seed 2": (98_000, 111_000),
    "F3.63 seed 3": (97_000, 110_000),
}


@pytest.mark.parametrize(("name", "times"), TIMES.items(), ids=TIMES)
def test_f3_62_and_f3_63_other_settings_only_shift_the_blow_up(name, times):
    minimum, end = times
    assert RUNS[name]["lowest"]["step"] == pytest.approx(minimum, abs=1000)
    assert RUNS[name]["diverged"]["step"] == pytest.approx(end, abs=1000)
    assert "smaller learning rate" in RUNS[name]["diverged"]["message"]


def test_f3_53_a_weaker_wrong_term_only_blows_up_later():
    run = RUNS["F3.53"]
    assert run["lowest"]["loss"] == pytest.approx(0.063327, abs=1e-4)
    assert run["lowest"]["step"] == pytest.approx(1.4e6, rel=0.05)
    assert run["1399999"]["mean of W1"] == pytest.approx(-2.2, abs=0.05)
    assert run["1899999"]["loss"] == pytest.approx(0.0706, abs=1e-3)
    assert run["1999999"]["loss"] == pytest.approx(0.0858, abs=5e-3)
    assert run["diverged"]["step"] < 2.1e6 * 1.05


def test_f3_64_the_wrong_term_alone_blows_up():
    W, steps = network_2_3_2(50).weights[0].copy(), 0
    while np.abs(W).max() <= 1e6:
        W -= 0.003 * 1e-4 * np.vdot(W, W)
        steps += 1
    assert steps == pytest.approx(114_724, rel=0.01)


def test_f3_65_the_true_gradient_knows_no_jump():
    thousands = (80, 90, 91, 95, 100, 103, 110)
    known = (0.235954, 0.234353, 0.234216, 0.233650, 0.232788, 0.232135, 0.230267)
    close([at("F3.54", 1000 * k - 1)["loss"] for k in thousands], known, rtol=0, atol=1e-5)


def test_f3_66_l1_with_the_right_sign():
    found = [at("F3.66", step)["data loss"] for step in (0, 100_000, 200_000)]
    close(found, [0.257219, 0.232949, 0.192206], rtol=0, atol=1e-4)


FRESH = {
    "F3.50": 0.5615,
    "F3.57": 0.6910,
    "F3.54": 0.6985,
    "F3.53": 0.7045,
    "F3.68 H=50": 0.7039,
    "F3.59 H=3": 0.7180,
    "F3.59 H=50": 0.9038,
}


@pytest.mark.parametrize(("name", "accuracy"), FRESH.items(), ids=FRESH)
def test_f3_67_accuracy_on_fresh_symmetric_data(name, accuracy):
    found = at(name, 999_999)["fresh"]
    assert found == pytest.approx(accuracy, abs=0.005)
    assert name.startswith("F3.59") or found <= 0.75


STRAIGHT = {
    ("F3.50", 999_999): 0.9961,
    ("F3.68 H=3", 999_999): 0.9809,
    ("F3.68 H=3", 10_000): 0.8533,
    ("F3.57", 999_999): 0.8749,
    ("F3.59 H=3", 999_999): 0.8146,
    ("F3.59 H=50", 999_999): 0.6927,
}


@pytest.mark.parametrize(("mark", "share"), STRAIGHT.items(), ids=map(str, STRAIGHT))
def test_f3_69_agreement_with_a_straight_line(mark, share):
    assert at(*mark)["straight"] == pytest.approx(share, abs=0.01)


def test_f3_69_what_xor_itself_has():
    assert straightness(None) == pytest.approx(0.670, abs=0.01)


# --- four points --------------------------------------------------------------------------------


@pytest.mark.parametrize("hidden", [2, 3, 4])
@pytest.mark.parametrize(("outputs", "best"), [(1, 0.125), (2, 0.25)])
def test_f3_45_without_biases_xor_of_plus_and_minus_one_cannot_be_learned(hidden, outputs, best):
    end = RUNS[f"F3.45 H={hidden}, {outputs} outputs, no biases"]["20000"]
    assert end["solved"] <= 1
    assert min(end["losses"]) == pytest.approx(best, abs=1e-6)


@pytest.mark.parametrize("outputs", [1, 2])
@pytest.mark.parametrize(("hidden", "least", "most"), [(2, 14, 17), (3, 20, 20), (4, 20, 20)])
def test_f3_45_with_biases_it_can(hidden, outputs, least, most):
    solved = RUNS[f"F3.45 H={hidden}, {outputs} outputs, with biases"]["20000"]["solved"]
    assert least - 1 <= solved <= most + 1


@pytest.mark.parametrize("outputs", [1, 2])
@pytest.mark.parametrize(("hidden", "least", "most"), [(2, 4, 4), (3, 16, 18), (4, 20, 20)])
def test_f3_46_with_inputs_0_and_1_it_can_without_biases(hidden, outputs, least, most):
    solved = RUNS[f"F3.46 H={hidden}, {outputs} outputs"]["20000"]["solved"]
    assert least - 1 <= solved <= most + 1


# --- a rate that is really too large ------------------------------------------------------------

LOGGED = (0, 1, 2, 3, 4, 5, 10, 50, 99, 999, 2999)
# fmt: off
RATES = {
    "F3.70": (50, 0.003, (0.257219, 0.255876, 0.254777, 0.253884, 0.253161, 0.252578, 0.250961,
                          0.248997, 0.247897, 0.246024, 0.246008), 0),
    "F3.71": (50, 0.03, (0.257219, 0.250438, 0.249967, 0.249599, 0.249267, 0.248966, 0.247842,
                         0.246076, 0.246024, 0.245956, 0.245764), 0),
    "F3.72": (50, 0.1, (0.257219, 0.287477, 0.328139, 0.332905, 0.346967, 0.333609, 0.331474,
                        0.299758, 0.299811, 0.274533), None),
    "F3.73": (3, 0.1, (0.261994, 0.257403, 0.254339, 0.252369, 0.251123, 0.250333, 0.248911,
                       0.246665, 0.246153, 0.245965, 0.245903), 0),
    "F3.74": (50, lambda i: 0.1 / (1 + i / 10),
              (0.257219, 0.287477, 0.312296, 0.309256, 0.314329, 0.298515, 0.259565,
               0.246037, 0.246027, 0.246020, 0.246017), 3),
}
# fmt: on


def losses_of(hidden, rate, strength=0.0, steps=3000):
    """Losses before each step, at S3's rate and λ, by the true gradient."""
    ours = (lambda step: 50 * rate(step)) if callable(rate) else 50 * rate
    options = {"steps": steps, "learning_rate": ours, "l2": strength / 50, "progress": False}
    return train(network_2_3_2(hidden), *FIRST_50, **options).losses[:-1]


def rises(losses):
    return int(np.sum(np.diff(losses) > 0))


@pytest.mark.parametrize(("hidden", "rate", "known", "rising"), RATES.values(), ids=RATES)
def test_f3_70_to_f3_74_rates_for_3_and_for_50_units(hidden, rate, known, rising):
    losses = losses_of(hidden, rate)
    close(losses[list(LOGGED[: len(known)])], known, rtol=0, atol=1e-5)
    assert rising is None or rises(losses) == rising


def test_f3_72_the_end_of_that_run_is_a_matter_of_the_last_digit():
    """The fact's loss at 2999, 0.234742, and its 1487 rises are those of one order of summation.

    A start moved by 1e-13 agrees to the fact's 1e-5 up to step 999, and no longer at 2999. About
    half of all steps rise, whatever the digits; so do those of F3.75 at λ 1e-4 (1568 there).
    """
    net = network_2_3_2(50)
    moved = unflatten(net, flatten(net) * (1 + 1e-13))
    options = {"steps": 3000, "learning_rate": 5.0, "progress": False}
    one, other = (train(start, *FIRST_50, **options).losses[:-1] for start in (net, moved))
    close(one[:1000], other[:1000], rtol=0, atol=1e-5)
    assert np.abs(one - other)[1000:].max() > 1e-3
    for losses in (one, other):
        assert 1400 < rises(losses) < 1650


def test_f3_73_three_units_rise_first_at_a_rate_of_one():
    assert rises(losses_of(3, 0.3)) == 0
    assert rises(losses_of(3, 1.0)) > 0


@pytest.mark.parametrize(
    ("strength", "step", "peak", "rising"),
    [(1e-4, 4, 0.3470, None), (1e-2, 4, 0.3489, 1500), (1, 2, 0.4622, 1497)],
)
def test_f3_75_regularisation_does_not_help(strength, step, peak, rising):
    losses = losses_of(50, 0.1, strength)
    assert losses[step] == pytest.approx(peak, abs=6e-5)
    assert 1400 < rises(losses) < 1650 if rising is None else rises(losses) == rising


@pytest.mark.parametrize("rate", [1, 3, 10])
def test_f3_76_saturated_outputs_are_stuck(rate):
    losses = losses_of(50, rate)
    close(losses[10:], 0.5, rtol=0, atol=1e-5)
    assert 1 <= rises(losses) <= 3


def test_data_loss_is_bounded_so_a_true_run_cannot_overflow():
    """Two logistic outputs are wrong by less than 1 each; only the regulariser has no bound."""
    losses = losses_of(50, 10, steps=50)
    assert losses.max() <= 1
    with pytest.raises(DivergenceError):
        losses_of(50, 10, strength=1.0, steps=5000)
