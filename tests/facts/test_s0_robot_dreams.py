"""Facts F0.*: the 3-2-1 network of source S0, worked by hand and trained.

S0 writes weights with a row for each neuron, so its W1 is the transpose of ours. Its hand passes
stand in s0_passes.json as S0 has them. The long runs are recorded by record.py.
"""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from nnlib.activations import bipolar_logistic, logistic, tanh
from nnlib.datasets import ORIGINAL_ROWS, PRINTED_ROWS, eight_samples
from nnlib.differentiation import complex_step
from nnlib.losses import half_squared_error, mean_squared_error
from nnlib.network import (
    Network,
    flatten,
    forward,
    loss_and_gradients,
    network_3_2_1,
    predict,
    unflatten,
)
from nnlib.network_differences import numerical_gradients
from nnlib.training import drawn
from tests.facts.record import PREFIX, RECORDED, STORIES, as_printed, df, f

PASSES = json.loads(Path(__file__).with_name("s0_passes.json").read_text("utf-8"))
RUNS = json.loads(RECORDED.read_text("utf-8"))
PRINTED = eight_samples()
T0 = {"rtol": 1e-12, "atol": 1e-12}
close = np.testing.assert_allclose


def each_pass(fact):
    ids = [f"{fact}.{i}" for i in range(1, len(PASSES[fact]) + 1)]
    return pytest.mark.parametrize("known", PASSES[fact], ids=ids)


def stepped(network, x, t, rate):
    """The network after one step of descent on one sample."""
    _, gradients = loss_and_gradients(network, x, t)
    return unflatten(network, flatten(network) - rate * flatten(gradients))


# --- the activation -----------------------------------------------------------------------------


def test_f0_1_the_activation_is_tanh_of_half_its_argument():
    x = np.linspace(-30, 30, 60001)
    close(bipolar_logistic(x), f(x), rtol=0, atol=1e-15)
    close(bipolar_logistic(x), 2 * logistic(x) - 1, rtol=0, atol=1e-15)


def test_f0_2_tanh_differs_from_the_logistic_in_level_span_and_slope():
    x = np.linspace(-20, 20, 40001)
    close(tanh(x), 2 * logistic(2 * x) - 1, rtol=0, atol=1e-15)
    assert (logistic.slope(0), bipolar_logistic.slope(0), tanh.slope(0)) == (0.25, 0.5, 1.0)


@pytest.mark.parametrize(
    ("x", "value", "slope"),
    [
        (0, 0.0, 0.5),
        (1, 0.4621171572600098, 0.3932238664829637),
        (2, 0.7615941559557646, 0.20998717080701323),
        (5, None, 0.013296113341580066),
    ],
)
def test_f0_3_slope_is_a_function_of_the_output(x, value, slope):
    close(bipolar_logistic.derivative(f(x)), slope, **T0)
    close(bipolar_logistic.slope(x), slope, **T0)
    if value is not None:
        close(bipolar_logistic(x), value, **T0)


def test_f0_4_slope_taken_at_the_argument_is_nonsense():
    close(df(2), -1.5, **T0)
    close(df(f(2)), 0.2099871708070132, **T0)


def test_f0_5_ranges():
    assert logistic.range == (0, 1)
    assert bipolar_logistic.range == tanh.range == (-1, 1)
    middle = logistic(np.linspace(-700, 700, 101)) - 0.5
    assert (middle.min(), middle.max()) == (-0.5, 0.5)


def test_f0_6_the_printed_form_overflows_and_ours_does_not():
    with pytest.warns(RuntimeWarning, match="overflow"):
        assert f(np.float64(-1000)) == -1
    assert bipolar_logistic(-1000) == -1


# --- hand passes --------------------------------------------------------------------------------


@each_pass("F0.10")
def test_forward_pass(known):
    passed = forward(network_3_2_1(), known["x"])
    close(passed.z[0], known["v"], **T0)
    close(passed.outputs[0], known["out"], **T0)
    close(passed.z[1], [known["v_out"]], **T0)
    close(passed.output, [known["y"]], **T0)
    close(passed.output - known["d"], [known["e"]], **T0)
    close(bipolar_logistic.derivative(passed.outputs[0]), known["slope"], **T0)


@each_pass("F0.10")
def test_backward_pass(known):
    loss, gradients = loss_and_gradients(network_3_2_1(), known["x"], [known["d"]])
    close(loss, known["e"] ** 2 / 2, **T0)
    close(gradients.deltas[1], [known["delta"]], **T0)
    close(gradients.deltas[0], known["delta2"], **T0)
    close(gradients.weights[1][:, 0], known["dW2"], **T0)
    close(gradients.weights[0].T, np.outer(known["delta2"], known["x"]), **T0)


@each_pass("F0.10")
def test_step(known):
    after = stepped(network_3_2_1(), known["x"], [known["d"]], 0.001)
    close(after.weights[0].T, known["new_W1"], **T0)
    close(after.weights[1][:, 0], known["new_W2"], **T0)
    close(predict(after, known["x"]), [known["y_after"]], **T0)


@each_pass("F0.10")
def test_step_in_the_printed_order(known):
    net = network_3_2_1()
    rows = [(*known["x"], known["d"])]
    W1, W2 = as_printed(net.weights[0].T, net.weights[1][:, 0], rows, 0.001, [0])
    close(W1, known["printed"]["new_W1"], **T0)
    close(W2, known["new_W2"], **T0)
    close(
        (net.weights[0].T - W1)[:, 0] * known["x"][0] / 0.001,
        known["printed"]["delta2"],
        atol=1e-12,
    )
    close(f(W2 @ f(W1 @ known["x"])), known["printed"]["y_after"], **T0)


@each_pass("F0.70")
def test_pass_with_tanh_itself(known):
    net = network_3_2_1("tanh")
    passed = forward(net, known["x"])
    _, gradients = loss_and_gradients(net, known["x"], [known["d"]])
    close(passed.z[0], known["v"], **T0)
    close(passed.outputs[0], known["h"], **T0)
    close(passed.z[1], [known["v_out"]], **T0)
    close(passed.output, [known["y"]], **T0)
    close(gradients.deltas[1], [known["delta"]], **T0)
    close(gradients.weights[1][:, 0], known["dW2"], **T0)
    close(gradients.deltas[0], known["delta_hidden"], **T0)
    close(gradients.weights[0].T, np.outer(known["delta_hidden"], known["x"]), **T0)


@each_pass("F0.70")
def test_pass_with_tanh_agrees_with_the_complex_step(known):
    net, x, d = network_3_2_1("tanh"), np.array(known["x"]), known["d"]
    _, gradients = loss_and_gradients(net, x, [d])

    def loss(vector):
        W1, W2 = vector[:6].reshape(3, 2), vector[6:]
        return (np.tanh(np.tanh(x @ W1) @ W2) - d) ** 2 / 2

    vector = flatten(net)
    steps = 1e-20j * np.eye(8)
    close(flatten(gradients), [loss(vector + s).imag / 1e-20 for s in steps], atol=1e-15)


@each_pass("F0.50")
def test_pass_through_two_hidden_layers(known):
    W1 = np.array([[-0.2, 0.3], [0.1, -0.3], [0.4, -0.1]]).T
    W2 = np.array([[0.2, -0.4, 0.1], [0.3, 0.5, -0.2]]).T
    W3 = np.array([[0.3], [-0.1]])
    net = Network((W1, W2, W3), None, "bipolar logistic")
    passed = forward(net, known["x"])
    _, gradients = loss_and_gradients(net, known["x"], [known["d"]])
    after = stepped(net, known["x"], [known["d"]], 0.1)
    for mine, name in [
        (passed.z[0], "v1"),
        (passed.outputs[0], "o1"),
        (passed.z[1], "v2"),
        (passed.outputs[1], "o2"),
        (passed.z[2][0], "v"),
        (passed.output[0], "y"),
        (passed.output[0] - known["d"], "e"),
        (gradients.deltas[2][0], "delta"),
        (gradients.weights[2][:, 0], "dW3"),
        (gradients.deltas[1], "delta2"),
        (gradients.weights[1].T, "dW2"),
        (gradients.deltas[1] @ W2.T, "sums"),
        (gradients.deltas[0], "delta1"),
        (gradients.weights[0].T, "dW1"),
        (after.weights[2][:, 0], "new_W3"),
        (after.weights[1].T, "new_W2"),
        (after.weights[0].T, "new_W1"),
        (predict(after, known["x"])[0], "y_after"),
    ]:
        close(mine, known[name], **T0, err_msg=name)


def test_f0_51_mean_squared_error_of_the_algorithm():
    y, Y = np.array([[1.0], [2.0], [3.0]]), np.array([[1.1], [1.9], [3.2]])
    close(mean_squared_error(Y, y), 0.02, atol=1e-12)
    close(mean_squared_error.gradient(Y, y)[:, 0], [0.2 / 3, -0.2 / 3, 0.4 / 3], atol=1e-12)
    close(half_squared_error.gradient(Y[:1], y[:1]), Y[:1] - y[:1], atol=1e-12)


# --- the whole set ------------------------------------------------------------------------------


def test_f0_11_outputs_at_the_start():
    expected = [known["y"] for known in PASSES["F0.10"]]
    close(predict(network_3_2_1(), PRINTED.X)[:, 0], expected, **T0)


def test_f0_12_and_f0_13_loss_and_full_batch_gradients_at_the_start():
    loss, gradients = loss_and_gradients(network_3_2_1(), PRINTED.X, PRINTED.T)
    close(
        [16 * loss, 8 * loss, 2 * loss],
        [8.345256290683963, 4.172628145341982, 1.0431570363354954],
        **T0,
    )
    dW1 = [
        [0.011507039188320453, 0.17219855723358943, -0.19393966446723868],
        [-0.003278072818490907, 0.2955164758543821, -0.3248262466954562],
    ]
    close(8 * gradients.weights[0].T, dW1, **T0)
    close(8 * gradients.weights[1][:, 0], [0.6991791160965988, 0.14010982626392107], **T0)


def test_f0_10_checks_gradients_agree_with_central_differences():
    for x, d in zip(PRINTED.X, PRINTED.T, strict=True):
        _, exact = loss_and_gradients(network_3_2_1(), x, d)
        close(
            flatten(numerical_gradients(network_3_2_1(), x, d)), flatten(exact), rtol=0, atol=5e-11
        )


def deltas_with_updated_W2(known, rate):
    W2 = np.array([0.2, 0.3]) - rate * np.array(known["dW2"])
    return W2 * known["delta"] * np.array(known["slope"])


@pytest.mark.parametrize(
    ("rate", "worst", "tolerance"),
    [
        (0.001, 5.306778977696089e-04, 1e-6),
        (0.01, 5.31e-03, 1e-3),
        (0.1, 5.31e-02, 1e-3),
        (1, 0.5306778977696966, 1e-6),
    ],
)
def test_f0_14_error_made_by_the_updated_W2(rate, worst, tolerance):
    errors = [
        np.linalg.norm(deltas_with_updated_W2(known, rate) - known["delta2"])
        / np.linalg.norm(known["delta2"])
        for known in PASSES["F0.10"]
    ]
    close(max(errors), worst, rtol=tolerance)


@pytest.mark.parametrize(
    ("rate", "ratios"),
    [
        (0.001, [0.9993645546748564, 0.9998276065459738]),
        (0.1, [0.9364554674856309, 0.982760654597381]),
        (1, [0.36455467485630955, 0.8276065459738103]),
        (10, [-5.3544532514369045, -0.7239345402618963]),
    ],
)
def test_f0_15_hidden_deltas_of_sample_2_in_the_printed_order(rate, ratios):
    known = PASSES["F0.10"][1]
    close(deltas_with_updated_W2(known, rate) / known["delta2"], ratios, rtol=1e-9)


def test_f0_16_without_biases_opposite_inputs_have_opposite_outputs():
    rng = np.random.default_rng(0)
    for _ in range(50):
        net = unflatten(network_3_2_1(), rng.normal(0, 3, 8))
        close(predict(net, -PRINTED.X), -predict(net, PRINTED.X), rtol=0, atol=1e-15)


def contradictory_pairs(rows):
    targets = {tuple(x): t for *x, t in rows}
    pairs = {frozenset((x, tuple(-a for a in x))) for x in targets}
    return {p for p in pairs if len({targets[x] for x in p}) == 1}


def test_f0_17_pairs_of_opposite_inputs_with_the_same_target():
    corner = frozenset({(-1, -1, -1), (1, 1, 1)})
    assert contradictory_pairs(PRINTED_ROWS) == {corner, frozenset({(-1, 1, 1), (1, -1, -1)})}
    assert contradictory_pairs(ORIGINAL_ROWS) == {corner}


@pytest.mark.parametrize(("original", "least", "signs"), [(False, 4, 6), (True, 2, 7)])
def test_f0_18_and_f0_19_the_least_error_of_an_odd_model(original, least, signs):
    """(y−t)² + (−y−t)² = 2y² + 2 for t = ±1: an odd model can do no better than y = 0 there."""
    rows = ORIGINAL_ROWS if original else PRINTED_ROWS
    assert 2 * len(contradictory_pairs(rows)) == least
    data = eight_samples(original=original)
    rng = np.random.default_rng(0)
    for _ in range(200):
        y = predict(unflatten(network_3_2_1(), rng.normal(0, 3, 8)), data.X)
        assert np.sum((y - data.T) ** 2) >= least
        assert np.sum(np.sign(y) == data.T) <= signs


def test_f0_20_one_neuron_with_a_bias_is_enough():
    net = Network([[[0], [-4], [4]]], [[-4]], "bipolar logistic")
    y = predict(net, PRINTED.X)
    np.testing.assert_array_equal(np.sign(y), PRINTED.T)
    expected = {0.9640275800758169, 0.9999877116507956}
    for size in np.abs(y).ravel():
        assert min(abs(size - known) for known in expected) < 1e-12
    close(np.sum((y - PRINTED.T) ** 2), 0.0077640902732176425, **T0)
    _, x2, x3 = PRINTED.X.T
    np.testing.assert_array_equal(PRINTED.T[:, 0] == 1, (x2 == -1) & (x3 == 1))


def test_f0_21_one_label_differs_from_the_original():
    assert set(PRINTED_ROWS) - set(ORIGINAL_ROWS) == {(-1, 1, 1, -1)}
    assert set(ORIGINAL_ROWS) - set(PRINTED_ROWS) == {(-1, 1, 1, 1)}


def test_f0_22_visits_of_each_sample():
    draws = itertools.islice(drawn(8, np.random.RandomState(0)), 100_000)
    visits = np.bincount([int(d[0]) for d in draws])
    assert visits.tolist() == [12389, 12435, 12464, 12666, 12600, 12574, 12484, 12388]


# --- training runs ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in STORIES if name.startswith("F0")])
def test_the_recorded_runs_begin_as_they_do_today(name):
    marks = tuple([int(mark) for mark in RUNS[name] if int(mark) <= PREFIX])
    assert PREFIX in marks
    today = STORIES[name].follow(marks)
    for mark in marks:
        for key, known in RUNS[name][str(mark)].items():
            close(today[str(mark)][key], known, rtol=1e-9, atol=1e-11, err_msg=f"{mark}: {key}")


def end_of(name):
    return RUNS[name][str(STORIES[name].marks[-1])]


# fmt: off
FINAL_OUTPUTS = {
    "F0.30": [-0.004774617415965521, 0.9066774130455175, -0.9066774130455173,
              -0.9073341548325249, -0.010259649943644367, 0.010259649943644034,
              0.9073341548325251, 0.004774617415965521],
    "F0.31": [-0.004772154761723657, 0.9066777886614743, -0.9066777886614741,
              -0.9073345670233476, -0.010254306221294196, 0.010254306221294529,
              0.9073345670233477, 0.004772154761724101],
    "F0.33 seed 1": [-0.050228, 0.904944, -0.904944, -0.909029,
                     -0.018401, 0.018401, 0.909029, 0.050228],
    "F0.33 seed 2": [-0.035386, 0.907973, -0.907973, -0.905, 0.075927, -0.075927, 0.905, 0.035386],
    "F0.33 seed 3": [0.020221, 0.90734, -0.90734, -0.906577,
                     -0.013213, 0.013213, 0.906577, -0.020221],
    "F0.33 seed 4": [-0.020234, 0.907508, -0.907508, -0.906519,
                     0.030301, -0.030301, 0.906519, 0.020234],
    "F0.33 seed 5": [0.005626, 0.906824, -0.906824, -0.90738,
                     -0.018968, 0.018968, 0.90738, -0.005626],
    "F0.35 seed 0": [-0.906006, 0.871145, -0.993994, -0.993987,
                     -0.908834, -0.906124, 0.871231, -0.908209],
    "F0.36 seed 0": [-0.979513, 0.970675, -0.998898, -0.998898,
                     -0.979835, -0.979512, 0.970693, -0.979778],
    "F0.37 rate 0.01": [-0.004797, 0.961718],
    "F0.37 rate 0.1": [-0.131774, 0.982416],
    "F0.38 seed 0": [-0.000483, 0.946239, -0.877733, 0.886823,
                     -0.886823, 0.877733, -0.946239, 0.000483],
}
# fmt: on


@pytest.mark.parametrize(("name", "outputs"), FINAL_OUTPUTS.items(), ids=FINAL_OUTPUTS)
def test_f0_30_to_f0_38_outputs_after_training(name, outputs):
    tolerance = 1e-6 if name in ("F0.30", "F0.31") else 1e-5
    close(end_of(name)["outputs"][: len(outputs)], outputs, rtol=0, atol=tolerance)


FINAL_ERRORS = {
    "F0.30": (4.034848, 6),
    "F0.31": (4.034848, 6),
    "F0.33 seed 1": (4.040346, 6),
    "F0.33 seed 2": (4.049022, 6),
    "F0.33 seed 3": (4.035794, 6),
    "F0.33 seed 4": (4.037242, 6),
    "F0.33 seed 5": (4.035303, 6),
    "F0.35 seed 0": (0.067642, 8),
    "F0.35 seed 1": (0.067488, 8),
    "F0.35 seed 2": (0.067805, 8),
    "F0.36 seed 0": (0.003376, 8),
    "F0.36 seed 1": (0.003358, 8),
    "F0.36 seed 2": (0.003357, 8),
    "F0.37 rate 0.01": (4.005922, 6),
    "F0.37 rate 0.1": (4.064442, 6),
    "F0.38 seed 0": (2.061297, 7),
    "F0.38 seed 1": (2.072019, 7),
    "F0.38 seed 2": (2.077266, 7),
}


@pytest.mark.parametrize(("name", "known"), FINAL_ERRORS.items(), ids=FINAL_ERRORS)
def test_f0_30_to_f0_38_errors_and_signs_after_training(name, known):
    error, signs = known
    assert end_of(name)["sum of e²"] == pytest.approx(error, abs=1e-6 if name < "F0.33" else 1e-5)
    assert end_of(name)["signs"] == signs


def test_f0_32_weights_after_the_printed_run():
    net = unflatten(network_3_2_1(), end_of("F0.30")["parameters"])
    W1 = [
        [-0.023168568540678697, 1.0153646255306412, -1.3907326624203435],
        [-0.010631001543765551, -1.2529242230088184, 0.7711432109173277],
    ]
    close(net.weights[0].T, W1, rtol=0, atol=1e-6)
    close(net.weights[1][:, 0], [-2.090883915339708, 1.6642668824803974], rtol=0, atol=1e-6)


def test_f0_34_the_order_of_updates_is_not_why_it_fails():
    gap = np.abs(np.subtract(end_of("F0.30")["outputs"], end_of("F0.31")["outputs"])).max()
    assert gap == pytest.approx(5.3e-6, abs=1e-6)


FULL_BATCH = {
    "F0.39": (8.1991989359, 7.0427597009, 4.0459849195, 4.0029684161, 4.0002674055, 4.0000258063),
    "F0.40": (7.4683853160, 5.3616279743, 0.0974909207, 0.0043357786, 0.0003440942, 0.0000308710),
}


@pytest.mark.parametrize(("name", "errors"), FULL_BATCH.items(), ids=FULL_BATCH)
def test_f0_39_and_f0_40_full_batch_descent(name, errors):
    marks = [1, 10, 100, 1000, 10_000, 100_000]
    close([RUNS[name][str(m)]["sum of e²"] for m in marks], errors, rtol=0, atol=1e-8)
    assert RUNS[name]["100000"]["signs"] == (6 if name == "F0.39" else 8)


def test_slope_of_the_activation_agrees_with_the_complex_step():
    x = np.linspace(-10, 10, 41)
    close(bipolar_logistic.slope(x), complex_step(f, x), **T0)
