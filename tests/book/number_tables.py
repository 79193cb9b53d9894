"""Numbers that stand in a page's words and in none of its cells.

`COMPUTED` has those that follow from something: the test works the value out here and compares it,
rounded as the page has it. `GIVEN` has those that are no results: what a question supposes, a wrong
option of a quiz, a year. Both are keyed by the page and by the number as Python writes it, without
its sign. An entry that its page does not state any more fails.

Prefer a cell of the chapter: what it prints needs no entry here.
"""

import inspect
import math

import numpy as np

from nnlib import plotting
from nnlib.activations import logistic, relu, softmax
from nnlib.datasets import rings, xor_quadrants
from nnlib.differentiation import central_difference
from nnlib.landscapes import valley
from nnlib.network import forward, loss_and_gradients, network_2_3_2, network_3_2_1
from nnlib.optimizers import Momentum, Nesterov, optimize
from nnlib.recorded import BLOW_UPS

FLOATS = np.finfo(np.float64)


def half_steps() -> dict[str, float]:
    """Chapter 1: what float16 makes of 3 + h."""
    three = np.float16(3)
    steps = {"0.00195": 0.0012, "0.0039": 0.003, "0.00586": 0.005}
    return {said: float(np.float16(3 + h) - three) for said, h in steps.items()}


def two_valleys() -> dict[str, float]:
    """Chapter 3: where x⁴ − 3x² + x is level."""
    deep, hilltop, shallow = np.sort(np.roots([4, 0, -6, 1]).real)
    return {
        "1.30": deep,
        "1.3008": deep,
        "0.16994": hilltop,
        "1.13": shallow,
        "1.1309": shallow,
    }


def by_hand() -> dict[str, float]:
    """Chapter 4: the last delta of the 3-2-1 network."""
    y = float(forward(network_3_2_1("tanh"), [[-1.0, -1.0, 1.0]]).outputs[-1][0, 0])
    return {"0.0226": y**2, "0.0112": 0.01 * (y - 1) * (1 - y**2)}


def two_paths() -> dict[str, float]:
    """Chapter 4: the slopes along the paths of S1's network."""
    z = logistic(np.array([0.1 * 1 + 0.2 * 2, -0.3 * 1 + 0.1 * 2]))
    m = logistic(np.array([0.5 * z[0] - 0.6 * z[1], 0.7 * z[0] + 0.8 * z[1]]))
    return {
        "0.2350": z[0] * (1 - z[0]),
        "0.1250": 0.5 * m[0] * (1 - m[0]),
        "0.1488": 0.7 * m[1] * (1 - m[1]),
    }


def backward_pass() -> dict[str, float]:
    """Chapter 5: S3's network on its first sample, back from the loss."""
    network, data = network_2_3_2(), xor_quadrants()
    y = forward(network, data.X[:1]).outputs[-1][0]
    first, last = (
        deltas[0] for deltas in loss_and_gradients(network, data.X[:1], data.T[:1])[1].deltas
    )
    return {
        "0.6283": y[0] - data.T[0, 0],
        "0.2335": y[0] * (1 - y[0]),
        "0.2479": y[1] * (1 - y[1]),
        "0.1467": last[0],
        "0.1126": last[1],
        "0.0041": first[0],
        "0.0031": first[1],
        "0.0207": first[2],
    }


def three_in_a_valley() -> dict[str, float]:
    """Chapter 6: the loss after 300 steps, each method at its best."""
    land = valley(100)
    rules = {"1e-25": Nesterov(0.01, 9 / 11), "1e-45": Momentum(4 / 121, 81 / 121)}
    ends = {said: optimize(rule, land.gradient, [1, 1], 300)[-1] for said, rule in rules.items()}
    return {said: float(land.value(end)) for said, end in ends.items()} | {
        "0.0003": 50 * (99 / 101) ** 600
    }


def settled() -> float:
    """Chapter 7: the output of a logistic unit in a long chain with the weight 4."""
    a = 1.0
    for _ in range(100):
        a = float(logistic(4 * a))
    return a


PROBABILITIES = softmax(np.array([0.0, 0.0, 1.0]))
MIDDLE = rings(400, np.random.default_rng(1)).X

COMPUTED = {
    "01-differentiation": {
        "1e14": 1e-1 / 1e-15,
        "1e-17": inspect.signature(plotting.error_curves).parameters["floor"].default,
        "1e-13": abs(central_difference(np.sin, 1.0, h=1e-3) - math.cos(1)) / 1e6,
        "1e-19": abs(central_difference(np.sin, 1.0, h=1e-3) - math.cos(1)) / 1e12,
        "0.02": 2 * 0.01,
        "1e16": 2 / FLOATS.eps,
        "4e-16": np.spacing(3.0),
        "1e-16": np.spacing(math.cos(1)),
        "0.0002": 2e-4,
        "3.0001": 3 + 1e-4,
        "3e-8": 3e-6 / 10**2,
        "3e-4": math.sqrt(np.finfo(np.float32).eps),
        "1.2e-7": np.finfo(np.float32).eps,
        "1e-308": FLOATS.tiny,
        "1.258": math.sinh(1.2) / 1.2,
        "2.718": math.e,
    }
    | half_steps(),
    "02-gradients": {
        "0.65": float(relu(1.3) - relu(-0.7)) / 2,
        "1.3": 0.3 + 1,
        "710": math.ceil(math.log(FLOATS.max)),
        "79520": 2 * 39760,
        "0.55": math.log(math.e + 2) - 1,
        "0.21": PROBABILITIES[0],
        "0.58": PROBABILITIES[2],
        "127": math.degrees(math.atan2(-8, -6)),
        "143": math.degrees(math.atan2(6, -8)),
        "0.605": -0.36281009 / 0.6,
    },
    "03-gradient-descent": {
        "12500": 100_000 / 8,
        "1.2": 1 + 2 * 0.1,
        "1e-9": 1e-10 * 10,
        "0.25": (1 - 0.15 * 10) ** 2,
        "0.7225": (1 - 0.15) ** 2,
        "0.125": 1 / 8,
        "0.16": 2 / (0.5 + 4 + 8),
        "1e308": FLOATS.max,
        "7e51": 5 * 19.0**40,
    }
    | two_valleys(),
    "04-backprop-by-hand": {
        "0.36": 1 - 0.8**2,
        "0.16": 0.8 * (1 - 0.8),
        "0.18": (1 + 0.8) * (1 - 0.8) / 2,
        "0.56": 1 - math.tanh(0.8) ** 2,
        "0.5625": (0.25 - 1) ** 2,
        "0.125": (0.75 - 1) ** 2 + (0.75 - 0.5) ** 2,
        "1.125": (0.25 - 1) ** 2 + (-0.25 - 0.5) ** 2,
    }
    | by_hand()
    | two_paths(),
    "05-xor": {
        "2017": inspect.signature(network_2_3_2).parameters["seed"].default,
        "0.15": 50 * 0.003,
        "1.4": BLOW_UPS[-1].lowest / 1e6,
        "0.0045": 0.1 / 2 * 0.3**2,
    }
    | backward_pass(),
    "06-optimizers": {
        "0.818": 9 / 11,
        "1.36": 2 * (1 + 0.9) / (1 + 2 * 0.9),
        "0.4": 2 * (1 + 0.6) / 8,
        "0.73": 0.9 - (0.9 * 0.1 + 0.1 * 0.9**2),
        "3.16": (1 - 0.9) / math.sqrt(1 - 0.999),
        "0.625": 0.25 / (1 - 0.6),
        "0.67": 1 / (1 + 0.5),
        "0.78": (1 + 0.99**59) / (1 + 0.99),
        "1.34": 2 * (1 + 0.98) / (1 + 2 * 0.98),
        "0.014": 1 / math.sqrt(50 * 10**2),
    }
    | three_in_a_valley(),
    "07-vanishing-gradients": {
        "0.98": settled(),
        "3.9": 4 * settled(),
        "0.019": float(logistic.slope(4 * settled())),
        "1.1": 10 ** (1 / 20),
        "3e-13": 0.218**19,
        "512": 2**9,
        "0.89": math.sqrt(0.8),
        "1.8e308": FLOATS.max,
        "144": 12**2,
        "0.5999999": 3 / (5 + 1e-6),
        "0.7999998": 4 / (5 + 1e-6),
    },
    "08-computational-graph": {"1e4": 10 ** (5 - 1)},
    "capstone": {
        "1000": MIDDLE[:, 0].min(),
        "0.08": MIDDLE[:, 1].min(),
        "0.12": MIDDLE[:, 1].max(),
    },
}

QUESTION, OPTION, EXAMPLE = "what a question supposes", "a wrong option", "an example"

GIVEN = {
    "01-differentiation": {"3e-6": QUESTION, "3e-7": OPTION},
    "02-gradients": {
        "1e-9": OPTION,
        "2e-10": QUESTION,
        "360": "a whole turn",
        "180": "half a turn",
        "1e6": EXAMPLE,
    },
    "03-gradient-descent": {"0.15": QUESTION, "3e13": QUESTION, "1e-20": EXAMPLE},
    "04-backprop-by-hand": {
        "1e-10": QUESTION,
        "0.0001": "the end of an axis",
    },
    "05-xor": {"1969": "a year", "40000": QUESTION, "80000": QUESTION},
    "06-optimizers": {
        "0.6": QUESTION,
        "2024": "a year",
        "142041": "an issue of PyTorch",
        "142323": "an issue of PyTorch",
        "142051": "a pull request of PyTorch",
        "142351": "a pull request of PyTorch",
    },
    "07-vanishing-gradients": {
        "1e-9": QUESTION,
        "6.5": QUESTION,
        "1e-6": "a constant of PyTorch",
        "1e-24": "the end of an axis",
        "1e16": "the end of an axis",
    },
    "judge": {"8786": "a port", "60.0": "a setting"},
}
