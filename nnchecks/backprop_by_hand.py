"""Checks of assignment `04-backprop-by-hand`: the table of hand-worked numbers, and the functions.

The table is marked by `nnchecks.engine.hand_worked`; here are its points and the usual slips.
Functions that return several arrays are looked at for one of them at a time.
"""

import functools
import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from nnchecks.engine.exercise import (
    Case,
    Exercise,
    Misconception,
    Property,
    SeenExercise,
    Twist,
    WrongKindError,
    seen,
    written,
)
from nnchecks.engine.hand_worked import HandWorked, Rule, Step
from nnchecks.variants import HAND_DECIMALS, backprop_numbers
from nnlib import backprop_by_hand as reference
from nnlib import network, network_differences

CHAPTER = "chapter 4, Backpropagation by hand"

# --- the table ------------------------------------------------------------------------------------

SIGN = {
    "-({right})": "The size of {name} is right and its sign is not: a minus got lost, or came in."
}
MINUS = "Minus times minus is plus."
ADDED = "Along a chain the derivatives are multiplied, not added."
LATER = "You multiplied by the learning rate. It comes in when the weights are changed, at the end."


def _unit(v: str, other: Mapping[str, str]) -> Mapping[str, str]:
    """Return the slips at a tanh."""
    return {
        **SIGN,
        v: f"This is {v} itself. What comes out of the unit is its tanh.",
        f"1 / (1 + exp(-{v}))": "This is the logistic function, which has values between 0 and 1. "
        "The units here are tanh.",
        f"tanh({v} / 2)": f"This is tanh of half of {v}, the bipolar logistic function. The units "
        "here are tanh.",
        f"tan({v})": "This is the tangent, tan. The key you need is the hyperbolic one, tanh.",
        f"1 - tanh({v})**2": f"This is the slope of tanh at {v}. It is needed on the way back; "
        "here the value is.",
        f"tanh(tanh({v}))": "You took tanh twice.",
        **other,
    }


def _slope(start: str, out: str, into: str) -> Mapping[str, str]:
    """Return the slips at 1 − out², which is multiplied by `start`."""
    return {
        start: f"The slope of the unit is missing. The way back through its tanh multiplies by "
        f"1 − {out}².",
        f"{start} * (1 - {out})": f"You took 1 − {out}. The slope of tanh is 1 − {out}².",
        f"{start} * {out} * (1 - {out})": f"{out}(1 − {out}) is the slope of the logistic "
        f"function. That of tanh is 1 − {out}².",
        f"{start} * (1 - {into}**2)": f"You squared {into}. The slope is 1 − {out}², with what "
        "came *out* of tanh.",
        f"{start} * (1 - tanh({out})**2)": f"You took tanh of {out} before squaring. {out} is the "
        "output of tanh already.",
        f"{start} * (1 + {out}**2)": f"The slope of tanh is 1 − {out}², with minus.",
        f"{start} * {out}**2": f"You multiplied by {out}². The slope is 1 − {out}².",
        f"{start} - {out}**2": f"Work out the bracket (1 − {out}²) first, then multiply.",
    }


def _new(w: str) -> Mapping[str, str]:
    """Return the slips at a new weight."""
    return {
        **SIGN,
        f"{w} + learning_rate * d{w}": "You went along the gradient, where the loss grows. The "
        "step goes against it: weight minus learning rate times gradient.",
        f"{w} - d{w}": "You subtracted the whole gradient. It is multiplied by the learning rate "
        "first.",
        f"-learning_rate * d{w}": f"This is the change alone. The new weight is {w} plus that.",
        f"learning_rate * d{w}": f"This is learning rate times gradient. Subtract it from {w}.",
        w: f"This is still the old {w}.",
        f"({w} - d{w}) * learning_rate": "Only the gradient is multiplied by the learning rate, "
        "not the weight.",
        f"{w} - learning_rate": "You subtracted the learning rate itself. Multiply it by the "
        "gradient first.",
        f"{w} - (learning_rate + d{w})": "You added learning rate and gradient. They are "
        "multiplied.",
        f"{w} - d{w} / learning_rate": "You divided by the learning rate. The gradient is "
        "multiplied by it.",
    }


_STEP_NUDGE = "The gradient says where the loss grows, and the step goes the other way. How far?"

#: By the names of `HAND_STEPS`: the points, the first hint, and the usual slips.
RULES = {
    "v{j}": Rule(
        0.25,
        "Which three arrows end in hidden unit {j}, and what travels along each?",
        {
            **SIGN,
            "{right} - 2 * W1_{j}{m} * x{m}": "One product has the wrong sign: W1_{j}{m}·x{m}. "
            + MINUS,
            "{right} - 2 * W1_{j}{m} * x{m} - 2 * W1_{j}{n} * x{n}": "Two products have the wrong "
            "sign: W1_{j}{m}·x{m} and W1_{j}{n}·x{n}. Did you leave out the minus signs?",
            "{right} - W1_{j}{m} * x{m}": "One product is not in your sum: W1_{j}{m}·x{m}.",
            "W1_{k}1 * x1 + W1_{k}2 * x2 + W1_{k}3 * x3": "These are the weights of hidden unit "
            "{k}. The first index of W1 names the unit: {name} needs W1_{j}1, W1_{j}2 and W1_{j}3.",
            "W1_{j}1 + x1 + W1_{j}2 + x2 + W1_{j}3 + x3": "You added weight and input. Each weight "
            "is multiplied by its input.",
            "W1_{j}1 + W1_{j}2 + W1_{j}3": "This is the sum of the weights alone. Each is "
            "multiplied by its input first.",
            "tanh({right})": "You took tanh already. {name} goes into the unit; tanh makes h{j} of "
            "it.",
        },
    ),
    "h{j}": Rule(
        0.25,
        "What does the unit do with v{j}?",
        _unit("v{j}", {"tanh(v{k})": "This is the tanh of v{k}. h{j} belongs to v{j}."}),
    ),
    "v_out": Rule(
        0.5,
        "Which two arrows end in the output unit, and what travels along each?",
        {
            **SIGN,
            "W2_2 * h1 + W2_1 * h2": "The two output weights are swapped: W2_1 belongs to h1 and "
            "W2_2 to h2.",
            "W2_1 * v1 + W2_2 * v2": "You used v1 and v2. What leaves the hidden units is h1 and "
            "h2.",
            "W2_1 * h1 - W2_2 * h2": f"The product W2_2·h2 has the wrong sign. {MINUS}",
            "-W2_1 * h1 + W2_2 * h2": f"The product W2_1·h1 has the wrong sign. {MINUS}",
            "W2_1 * h1": "The product W2_2·h2 is not in your sum.",
            "W2_2 * h2": "The product W2_1·h1 is not in your sum.",
            "h1 + h2": "This is h1 + h2. Each is multiplied by its output weight first.",
            "W2_1 + h1 + W2_2 + h2": "You added weight and h. Each weight is multiplied by its h.",
            "tanh({right})": "You took tanh already. v_out goes into the output unit; tanh makes y "
            "of it.",
        },
    ),
    "y": Rule(0.5, "What does the unit do with v_out?", _unit("v_out", {})),
    "e": Rule(
        0.25,
        "Two numbers, one subtracted from the other. Which from which?",
        {
            "target - y": "The sign is turned: this is target − y, and here e = y − target.",
            "y + target": "You added the two. The error is their difference.",
            "v_out - target": "You took v_out. The target is compared with what comes out of the "
            "network, y.",
            "(y - target)**2 / 2": "This is the loss, ½e². The error e itself is not squared.",
            "(y - target)**2": "This is e². The error e itself is not squared.",
        },
    ),
    "delta_out": Rule(
        0.5,
        "The chain from the loss to v_out has two links: through e, and through tanh.",
        {
            **SIGN,
            **_slope("e", "y", "v_out"),
            "1 - y**2": "This is the slope 1 − y² alone. It multiplies the error e.",
            "e + 1 - y**2": ADDED,
            "2 * ({right})": "This is twice delta_out. The ½ in the loss ½e² takes the 2 away.",
            "({right}) / 2": "This is half of delta_out. The slope of ½e² is e, and that of tanh "
            "1 − y².",
        },
    ),
    "dW2_{j}": Rule(
        0.25,
        "v_out = W2_1·h1 + W2_2·h2. How much does v_out move when W2_{j} does?",
        {
            **SIGN,
            "delta_out * h{k}": "You multiplied by h{k}. Along the arrow of W2_{j} travels h{j}.",
            "e * h{j}": "You started from e. The derivative by v_out is delta_out.",
            "delta_out * v{j}": "You multiplied by v{j}. What enters the output unit is h{j}.",
            "delta_out * W2_{j}": "You multiplied by the weight: that is the derivative by h{j}. "
            "The derivative by the weight has h{j} in it.",
            "learning_rate * {right}": LATER,
            "delta_out + h{j}": "You added delta_out and h{j}. They are multiplied.",
            "{right} * (1 - h{j}**2)": "The slope 1 − h{j}² belongs to the way back into hidden "
            "unit {j}. W2_{j} comes before it.",
            "delta_out": "This is delta_out alone. It is multiplied by what travels along the "
            "arrow, h{j}.",
        },
    ),
    "delta_{j}": Rule(
        0.5,
        "Go back from v_out to v{j}: first along an arrow, then through a tanh.",
        {
            **SIGN,
            "delta_out * (W2_{j} - learning_rate * dW2_{j}) * (1 - h{j}**2)": "You used the "
            "updated weight W2_{j}_new. The forward pass used W2_{j}, so the way back does too: "
            "all gradients first, then the weights change.",
            **_slope("delta_out * W2_{j}", "h{j}", "v{j}"),
            "delta_out * W2_{k} * (1 - h{j}**2)": "You went back along W2_{k}. The arrow from "
            "hidden unit {j} is W2_{j}.",
            "delta_out * W2_{j} * (1 - h{k}**2)": "You took the slope of hidden unit {k}. Here it "
            "is 1 − h{j}².",
            "delta_out * W2_{k} * (1 - h{k}**2)": "This is delta_{k}.",
            "delta_out * W2_{j} * (1 - y**2)": "You took the slope of the output unit, which is in "
            "delta_out already. Here it is 1 − h{j}².",
            "e * W2_{j} * (1 - h{j}**2)": "You started from e. The way back starts from delta_out.",
            "delta_out * (1 - h{j}**2)": "The weight is missing: the way back from v_out to h{j} "
            "leads along W2_{j}.",
            "W2_{j} * (1 - h{j}**2)": "delta_out is missing: the way back starts with it.",
            "delta_out * dW2_{j} * (1 - h{j}**2)": "You multiplied by the gradient dW2_{j}. The "
            "way back leads along the weight W2_{j}.",
            "(delta_out + W2_{j}) * (1 - h{j}**2)": f"You added delta_out and W2_{{j}}. {ADDED}",
            "delta_out * (W2_{j} - learning_rate * dW2_{j})": "Two slips at once: you used the "
            "updated weight W2_{j}_new in place of W2_{j}, and the slope 1 − h{j}² is missing.",
            "-delta_out * W2_{j}": "Two slips at once: the slope 1 − h{j}² is missing, and the "
            "sign is turned.",
        },
    ),
    "dW1_{j}{i}": Rule(
        0.125,
        "How much does v{j} move when W1_{j}{i} does?",
        {
            **SIGN,
            "delta_{k} * x{i}": "You used delta_{k}. W1_{j}{i} leads into hidden unit {j}: its "
            "delta is delta_{j}.",
            "delta_{j} * x{m}": "You multiplied by x{m}. The second index of W1_{j}{i} names the "
            "input: x{i}.",
            "delta_{i} * x{j}": "This is delta_{i}·x{j}: your matrix is transposed. W1_{j}{i} "
            "joins input {i} to hidden unit {j}.",
            "delta_{j} * W1_{j}{i}": "You multiplied by the weight: that is a derivative by x{i}. "
            "The derivative by the weight has x{i} in it.",
            "delta_out * x{i}": "You used delta_out. Hidden unit {j} has a delta of its own, "
            "delta_{j}.",
            "delta_{j} * h{j}": "You multiplied by h{j}. What travels along the arrow of W1_{j}{i} "
            "is x{i}.",
            "learning_rate * {right}": LATER,
            "delta_{j} + x{i}": "You added delta_{j} and x{i}. They are multiplied.",
            "delta_{j}": "This is delta_{j} alone. It is multiplied by the input, x{i}.",
        },
    ),
    "W1_{j}{i}_new": Rule(0.125, _STEP_NUDGE, _new("W1_{j}{i}")),
    "W2_{j}_new": Rule(0.125, _STEP_NUDGE, _new("W2_{j}")),
}


def _steps() -> Iterator[Step]:
    known = set(reference.hand_given(*backprop_numbers("anybody")))
    for pattern, rule in RULES.items():
        places = reference.hand_places(pattern)
        for at in places:
            name = pattern.format(**at)
            yield rule.step(name, reference.HAND_FORMULAS[name], at, known)
        known |= {pattern.format(**at) for at in places}


def given(student: Any, salt: str = "04-backprop-by-hand") -> Mapping[str, float]:
    """Return the numbers of a student's sheet, by name; see `variants.backprop_numbers`."""
    return reference.hand_given(*backprop_numbers(student, salt))


my_numbers = HandWorked(
    name="my_numbers",
    steps=tuple(_steps()),
    chapter=CHAPTER,
    given=given,
    decimals=HAND_DECIMALS,
)


# --- functions that return several arrays ---------------------------------------------------------


def _part_of(parts: tuple[str, ...]) -> Callable[..., Any]:
    """Return what looks at one of several results."""

    def sees(function: Callable[..., Any], look: str, *arguments: Any) -> Any:
        result = function(*arguments)
        if result is None:
            return None
        wanted = f"{len(parts)}: {', '.join(parts)}"
        if not isinstance(result, tuple | list):
            raise WrongKindError(f"it returned one result, not {wanted}")
        if len(result) != len(parts):
            raise WrongKindError(f"it returned {len(result)} results, not {wanted}")
        return result[parts.index(look)]

    return sees


#: How the functions are called, and what their results are called.
ARGUMENTS = {
    "forward": ("W1", "W2", "x"),
    "backward": ("W1", "W2", "x", "target"),
    "train_step": ("W1", "W2", "x", "target", "learning_rate"),
    "fixed_training": ("W1", "W2", "X", "T", "learning_rate", "epochs"),
    "parity_bound": ("X", "T"),
}
PARTS = {
    "forward": ("h", "y"),
    "backward": ("dW1", "dW2"),
    "train_step": ("W1", "W2"),
    "fixed_training": ("W1", "W2", "losses"),
}
SEES = {name: _part_of(parts) for name, parts in PARTS.items()}


def _wrong(
    name: str, *rows: tuple[str, Callable[..., Any], str], **twists: Twist
) -> tuple[Misconception, ...]:
    """Return misconceptions from their names, functions and sentences."""
    return tuple(
        Misconception(called, seen(f, SEES[name]), said, twists.get(called.replace(" ", "_")))
        for called, f, said in rows
    )


#: The pass with arrays, line by line, up to the new weights; W2 comes before the hidden deltas, so
#: that a wrong line for those can use it.
LINES = {
    "v": "W1 @ x",
    "h": "tanh(v)",
    "v_out": "W2 @ h",
    "y": "tanh(v_out)",
    "e": "y - target",
    "delta_out": "e * (1 - y**2)",
    "dW2": "delta_out * h",
    "new_W2": "W2 - learning_rate * dW2",
    "delta": "delta_out * W2 * (1 - h**2)",
    "dW1": "outer(delta, x)",
    "new_W1": "W1 - learning_rate * dW1",
}


def _program(result: str, **changed: str) -> Callable[..., Any]:
    """Return the pass as a function, with some of its lines in other words."""
    returned = compile(result, "result", "eval")
    needed = set(returned.co_names)
    lines: list[str] = []
    # A line that the result does not need may raise where a student's program would not.
    for name, formula in reversed((LINES | changed).items()):
        if name in needed:
            needed |= set(compile(formula, name, "eval").co_names)
            lines.insert(0, f"{name} = {formula}")
    code = compile("\n".join(lines), "pass", "exec")

    def wrong(W1: Any, W2: Any, x: Any, target: Any = 0.0, learning_rate: Any = 0.0) -> Any:
        known = {"W1": W1, "W2": W2, "x": x, "target": target, "learning_rate": learning_rate}
        functions = {"tanh": np.tanh, "exp": np.exp, "outer": np.outer, "np": np}
        exec(code, functions, known)
        return eval(returned, functions, known)

    return wrong


def _plain_forward(W1: Any, W2: Any, x: Any) -> Any:
    h = np.tanh(np.asarray(W1) @ x)
    return h, np.tanh(np.asarray(W2) @ h)


def _plain_backward(W1: Any, W2: Any, x: Any, target: Any) -> Any:
    h, y = _plain_forward(W1, W2, x)
    delta_out = (y - target) * (1 - y**2)
    return np.outer(delta_out * W2 * (1 - h**2), x), delta_out * h


def _plain_step(W1: Any, W2: Any, x: Any, target: Any, learning_rate: Any) -> Any:
    dW1, dW2 = _plain_backward(W1, W2, x, target)
    return W1 - learning_rate * dW1, W2 - learning_rate * dW2


#: Right answers that need nothing withheld, for those that may call them.
EARLIER: dict[str, Callable[..., Any]] = {
    "forward": _plain_forward,
    "backward": _plain_backward,
    "train_step": _plain_step,
}

_forward = functools.partial(_program, "(h, y)")
_backward = functools.partial(_program, "(dW1, dW2)")
_stepped = functools.partial(_program, "(new_W1, new_W2)")
_right_pass, _right_step = _forward(), _stepped()

#: What this assignment asks for, under the book's names, and what here would do for one.
WITHHELD = (
    reference.hand_pass,
    reference.forward,
    reference.backward,
    reference.train_step,
    reference.fixed_training,
    reference.parity_bound,
    reference.hand_forward,
    reference.hand_backward,
    network.forward,
    network.predict,
    network.backward,
    network.loss_and_gradients,
    network_differences.numerical_gradients,
    network.forward_pass,
    network.backward_pass,
    _program,
    _right_pass,
    _right_step,
)

# --- what is asked --------------------------------------------------------------------------------

#: Every number here is of order one. A central difference, which is a right gradient too, is this
#: exact with any sensible step; the slips of the catalogue are off by more than 1e-4.
TOLERANCE = 1e-8

RATES = (0.5, 0.2, 1.0)

#: Hidden units and inputs. In a square matrix a transposition does not show in the shape.
SIZES = ((3, 3), (2, 2), (4, 2), (3, 5), (1, 4), (4, 4), (5, 1))


def _tenths(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Return numbers such as −0.7, never near 0, so that no term goes missing unseen."""
    return np.asarray(rng.integers(2, 10, shape) / 10 * rng.choice((-1, 1), shape))


def _sample(rng: np.random.Generator, hidden: int = 2, inputs: int = 3) -> tuple[Any, ...]:
    """Return W1, W2, x and target."""
    W1, W2 = _tenths(rng, hidden, inputs), _tenths(rng, hidden)
    return W1, W2, _tenths(rng, inputs), float(_tenths(rng))


def _sheets(rng: np.random.Generator, rounds: int) -> list[tuple[Any, ...]]:
    """Return samples for networks as on the worksheet; the last input holds whole numbers."""
    W1, W2, *_ = _sample(rng)
    whole = (W1, W2, rng.choice((-1, 1), 3), int(rng.choice((-1, 1))))
    return [*(_sample(rng) for _ in range(rounds + 1)), whole]


def _others(rng: np.random.Generator, rounds: int) -> list[tuple[Any, ...]]:
    """Return samples for networks of other sizes."""
    return [_sample(rng, *size) for size in SIZES[: max(5, rounds)]]


def _everything(rng: np.random.Generator, rounds: int) -> list[tuple[Any, ...]]:
    samples = _sheets(rng, rounds) + _others(rng, rounds)
    return [(*one, rate) for one, rate in zip(samples, itertools.cycle(RATES), strict=False)]


def _rises(rng: np.random.Generator, *size: int, epochs: int) -> tuple[Any, ...]:
    """Return a training whose loss rises and then falls, and is not least at the end."""
    while True:
        W1, W2, *_ = _sample(rng, *size)
        X, T = _tenths(rng, 3, size[1]), _tenths(rng, 3)
        losses = np.array(RIGHT["fixed_training"](W1, W2, X, T, 2.0, epochs)[2])
        moves = np.diff(losses)
        if moves[:-1].max() > 0.01 and losses[-1] - losses.min() > 0.01:
            return W1, W2, X, T, 2.0, epochs


def _training(rng: np.random.Generator, rounds: int) -> list[tuple[Any, ...]]:
    cases = []
    for k in range(max(rounds, 2) + 1):
        W1, W2, *_ = _sample(rng, *((2, 3), *SIZES)[k % 4])
        n = k % 4 + 1
        X, T = _tenths(rng, n, W1.shape[1]), _tenths(rng, n)
        cases.append((W1, W2, X, T, RATES[k % 2], 2 + k % 3))
    return [*cases, *(_rises(rng, *size, epochs=4) for size in ((2, 3), (3, 2), (2, 2)))]


def _case(name: str, given: tuple[Any, ...], part: int | None = None) -> Case:
    """Return a case about a function, or about one of its results."""
    names = ARGUMENTS[name]
    # Not by the reference: in what students get that leaves worksheets to paper.
    expected = RIGHT[name](*given)
    call = f"{name}({', '.join(names)})"
    if part is not None:
        call, expected = f"{call}[{part}], which is {PARTS[name][part]},", expected[part]
    values = ", ".join(f"{a} = {written(value, 6)}" for a, value in zip(names, given, strict=True))
    return Case(
        shown=f"With {values}: {call}",
        arguments=given,
        keywords={} if part is None else {"look": PARTS[name][part]},
        expected=expected,
        tolerance=TOLERANCE,
        what="right is",
    )


def _cases(
    name: str,
    samples: Callable[[np.random.Generator, int], list[tuple[Any, ...]]],
    *wanted: int,
) -> Callable[[np.random.Generator, int], list[Case]]:
    """Return what makes the cases of a property: each sample, and each of the results wanted."""
    length = len(ARGUMENTS[name])

    def cases(rng: np.random.Generator, rounds: int) -> list[Case]:
        return [
            _case(name, given[:length], part) for given in samples(rng, rounds) for part in wanted
        ]

    return cases


def _plain_training(W1: Any, W2: Any, X: Any, T: Any, learning_rate: Any, epochs: int) -> Any:
    losses = []
    for _ in range(epochs):
        for x, target in zip(X, T, strict=True):
            W1, W2 = _plain_step(W1, W2, x, target, learning_rate)
        losses.append(float(np.sum((np.tanh(np.tanh(X @ W1.T) @ W2) - T) ** 2) / 2))
    return W1, W2, losses


#: By name, what makes the right answers.
RIGHT: dict[str, Callable[..., Any]] = {**EARLIER, "fixed_training": _plain_training}

KEEP_HINTS = (
    "An array that you pass to a function is the same array inside it.",
    "W1 -= … changes the caller's array. W1 = W1 − … makes a new one.",
)

# --- the exercises --------------------------------------------------------------------------------

_NO_RETURN = "Your function returns nothing. It needs a `return` at its end."
_TWO_UNITS = (
    "Your program counts on two hidden units. There may be any number: W1 has a row, and W2 a "
    "number, for each."
)
_AS_MANY = (
    "You made h like x, with as many numbers, of x's type. It has a number for each hidden unit: "
    "np.zeros(len(W1))."
)


def _nothing(*_: Any) -> None:
    return None


def _like_the_input(W1: Any, W2: Any, x: Any, *, summed: bool = False) -> Any:
    h = np.zeros_like(x)
    for j in range(len(W2)):
        h[j] = np.tanh(W1[j] @ x)
    return h, np.tanh(np.sum(W2 * h) if summed else W2 @ h)


forward = SeenExercise(
    name="forward",
    chapter=CHAPTER,
    withheld=WITHHELD,
    sees=SEES["forward"],
    properties=(
        Property(
            "h, what comes out of the hidden units",
            1,
            _cases("forward", _everything, 0),
            hints=(
                "Do by program what you did on paper: first v1 and v2, then h1 and h2.",
                "W1 @ x multiplies each row of W1 by x and adds up: all the v at once.",
            ),
        ),
        Property(
            "y, what comes out of the network; W1, W2 and x stay as they were",
            1,
            _cases("forward", _everything, 1),
            hints=(
                "The output unit does with h what a hidden unit does with x.",
                "W2 @ h is v_out. What makes y of it?",
            ),
            arguments_kept=True,
        ),
    ),
    misconceptions=_wrong(
        "forward",
        (
            "v for h",
            _program("(v, y)"),
            "Your first result is v, what goes into the hidden units. What comes out is "
            "h = tanh(v).",
        ),
        (
            "no tanh at the output",
            _forward(y="v_out"),
            "You returned v_out. The output unit is a tanh too: y = tanh(v_out).",
        ),
        (
            "no tanh at the hidden units",
            _forward(h="v"),
            "Your y is made from v. What travels on to the output unit is h = tanh(v).",
        ),
        (
            "no tanh at all",
            _forward(h="v", y="v_out"),
            "There is no tanh in your pass. Each unit takes tanh of its sum.",
        ),
        (
            "logistic",
            _forward(h="1 / (1 + exp(-v))", y="1 / (1 + exp(-v_out))"),
            "Your units are logistic, with values between 0 and 1. Here they are tanh.",
        ),
        (
            "half the argument",
            _forward(h="tanh(v / 2)", y="tanh(v_out / 2)"),
            "Your units are tanh(v/2), the bipolar logistic function. Here they are tanh(v).",
        ),
        (
            "transposed",
            _forward(v="x @ W1"),
            "This multiplies x by the columns of W1 (x @ W1). A hidden unit's weights are a row: "
            "W1 @ x.",
        ),
        (
            "transposed first",
            _forward(v="W1.T @ x"),
            "This multiplies x by the columns of W1 (W1.T @ x). A hidden unit's weights are a row: "
            "W1 @ x.",
        ),
        (
            "element by element",
            _forward(v="W1 * x"),
            "W1 * x multiplies element by element and does not add up. W1 @ x does both.",
        ),
        (
            "element by element at the output",
            _forward(v_out="W2 * h"),
            "W2 * h multiplies element by element and does not add up, so your y is an array. "
            "W2 @ h is one number.",
        ),
        (
            "array of one",
            _program("(h, np.array([y]))"),
            "Your y is an array that holds one number. Return the number itself: W2 @ h is one "
            "number when both have one axis.",
        ),
        (
            "array of one in one",
            _program("(h, np.array([[y]]))"),
            "Your y is an array that holds one number. Return the number itself: W2 @ h is one "
            "number when both have one axis.",
        ),
        (
            "hidden outputs in a column",
            _program("(h[:, None], y)"),
            "Your h is a column, with two axes. It has one, with a number for each hidden unit.",
        ),
        (
            "rounded",
            _program("(h.round(4), y.round(4))"),
            "You rounded to four decimals. That is for paper; a program keeps all digits.",
        ),
        (
            "rounded on the way",
            _forward(h="tanh(v).round(4)", y="tanh(v_out).round(4)"),
            "You rounded to four decimals. That is for paper; a program keeps all digits.",
        ),
        (
            "two hidden units",
            lambda W1, W2, x: (
                np.tanh(np.array([W1[0] @ x, W1[1] @ x])),
                np.tanh(W2[0] * np.tanh(W1[0] @ x) + W2[1] * np.tanh(W1[1] @ x)),
            ),
            _TWO_UNITS,
        ),
        (
            "three inputs",
            lambda W1, W2, x: _plain_forward(
                np.eye(len(W1)), W2, [row[0] * x[0] + row[1] * x[1] + row[2] * x[2] for row in W1]
            ),
            "Your sums have three products. There may be any number of inputs: W1 @ x adds up all "
            "of them.",
        ),
        ("as many as inputs", _like_the_input, _AS_MANY),
        ("as many as inputs, summed", functools.partial(_like_the_input, summed=True), _AS_MANY),
        (
            "swapped results",
            _program("(y, h)"),
            "The two results have changed places: return h first, then y.",
        ),
        ("one result", _program("y"), "You returned one thing. Return both: `return h, y`."),
        ("nothing", _nothing, _NO_RETURN),
    ),
)

_DOUBLED = "You took h * 2 or y * 2. The slope has the square in it: h ** 2, y ** 2."
_ONE_DELTA = "delta_out * (W2 @ (1 - h**2))"
_EACH_DELTA = (
    "You added the hidden deltas up (@, or a sum). Each hidden unit has a delta of its own: "
    "delta_out * W2 * (1 - h**2), entry by entry."
)
_OUTER = (
    "Every delta meets every input in dW1, and your product does not do that: np.outer(delta, x) "
    "has a row for each delta and a column for each input."
)

backward = SeenExercise(
    name="backward",
    chapter=CHAPTER,
    withheld=WITHHELD,
    sees=SEES["backward"],
    earlier={"forward": EARLIER["forward"]},
    properties=(
        Property(
            "dW1, the gradient by the hidden weights",
            1,
            _cases("backward", _sheets, 0),
            hints=(
                "On paper you went delta_out, delta_1 and delta_2, dW1. Each is one line.",
                "delta = delta_out · W2 · (1 − h²), element by element; entry (j, i) of dW1 is "
                "delta_j · x_i.",
            ),
        ),
        Property(
            "dW2, the gradient by the output weights",
            1,
            _cases("backward", _sheets, 1),
            hints=(
                "Run the forward pass first: you need h and y.",
                "delta_out = (y − target)·(1 − y²), and dW2 = delta_out · h.",
            ),
        ),
        Property(
            "networks of other sizes; what was passed in stays as it was",
            1,
            _cases("backward", _others, 0, 1),
            hints=(
                "Does your code count on two hidden units and three inputs?",
                "np.outer(delta, x) has a row for each delta and a column for each input.",
            ),
            arguments_kept=True,
        ),
    ),
    misconceptions=_wrong(
        "backward",
        (
            "no slope at the output",
            _backward(delta_out="e"),
            "The slope of the output unit is missing: delta_out is (y − target)·(1 − y²).",
        ),
        (
            "no slope at the hidden units",
            _backward(delta="delta_out * W2"),
            "The slope of the hidden units is missing in dW1: going back through a tanh multiplies "
            "by 1 − h².",
        ),
        (
            "no slopes",
            _backward(delta_out="e", delta="delta_out * W2"),
            "In dW1 both slopes are missing, 1 − y² and 1 − h².",
        ),
        (
            "slope at the sums",
            _backward(delta_out="e * (1 - v_out**2)", delta="delta_out * W2 * (1 - v**2)"),
            "You squared v, what goes into the units. The slope is 1 − y² or 1 − h², with what "
            "comes *out* of tanh.",
        ),
        (
            "hidden slope at the sums",
            _backward(delta="delta_out * W2 * (1 - v**2)"),
            "In the hidden deltas you squared v, what goes into the units. Their slope is 1 − h², "
            "with what comes *out* of tanh.",
        ),
        (
            "tanh twice",
            _backward(delta_out="e * (1 - tanh(y)**2)", delta="delta_out * W2 * (1 - tanh(h)**2)"),
            "You took tanh of y and h once more before squaring. They are outputs of tanh already.",
        ),
        (
            "square forgotten",
            _backward(delta_out="e * (1 - y)", delta="delta_out * W2 * (1 - h)"),
            "You took 1 − y and 1 − h. The slope of tanh is 1 minus the *square* of the output.",
        ),
        (
            "logistic slope",
            _backward(delta_out="e * y * (1 - y)", delta="delta_out * W2 * h * (1 - h)"),
            "y(1 − y) is the slope of the logistic function. That of tanh is 1 − y².",
        ),
        (
            "sign",
            _backward(e="target - y"),
            "The sizes are right and the signs are not: the derivative of ½(y − target)² is "
            "y − target, not target − y.",
        ),
        (
            "factor 2",
            _backward(e="2 * (y - target)"),
            "This is twice the gradient. The loss is ½(y − target)², and the ½ takes the 2 away.",
        ),
        (
            "loss for error",
            _backward(e="(y - target)**2 / 2"),
            "You started from the loss itself. The chain starts from its derivative, y − target.",
        ),
        (
            "weight forgotten",
            _backward(delta="delta_out * (1 - h**2)"),
            "W2 is missing in your hidden deltas: the way back from the output to a hidden unit "
            "leads along its weight.",
        ),
        (
            "outer product turned",
            _backward(dW1="outer(x, delta)"),
            "Your dW1 is transposed. It has a row for each hidden unit: np.outer(delta, x), not "
            "np.outer(x, delta).",
        ),
        (
            "wrong variable",
            _backward(dW2="delta_out * W2"),
            "Your dW2 is delta_out · W2: that is the derivative by h. The derivative by W2 is "
            "delta_out · h.",
        ),
        (
            "doubled, not squared",
            _backward(delta_out="e * (1 - y * 2)", delta="delta_out * W2 * (1 - h * 2)"),
            _DOUBLED,
        ),
        ("h doubled", _backward(delta="delta_out * W2 * (1 - h * 2)"), _DOUBLED),
        ("y doubled", _backward(delta_out="e * (1 - y * 2)"), _DOUBLED),
        (
            "plus in the slope",
            _backward(delta_out="e * (1 + y**2)", delta="delta_out * W2 * (1 + h**2)"),
            "The slope of tanh is 1 − y², with minus.",
        ),
        (
            "slope squared alone",
            _backward(delta_out="e * y**2", delta="delta_out * W2 * h**2"),
            "You multiplied by y² and h². The slope of tanh is 1 minus that.",
        ),
        (
            "no error",
            _backward(delta_out="1 - y**2"),
            "The error is missing: delta_out is (y − target)·(1 − y²). Yours is the slope alone.",
        ),
        (
            "y for error",
            _backward(delta_out="y * (1 - y**2)"),
            "The target is not in your delta_out: it is (y − target)·(1 − y²).",
        ),
        ("one delta for all", _backward(delta=f"{_ONE_DELTA} * np.ones(len(h))"), _EACH_DELTA),
        ("one delta in a row", _backward(delta=_ONE_DELTA), _EACH_DELTA),
        (
            "the gradient for the weight",
            _backward(delta="delta_out * dW2 * (1 - h**2)"),
            "You went back along the gradient dW2. The way back leads along the weight W2.",
        ),
        (
            "W2 moved first",
            _backward(delta="delta_out * (W2 - dW2) * (1 - h**2)"),
            "You changed W2 before the hidden deltas were computed. They need the W2 of the "
            "forward pass, and no weight changes here.",
        ),
        (
            "h and y taken for each other",
            _backward(
                delta_out="(h - target) * (1 - h**2)",
                delta="delta_out * W2 * (1 - y**2)",
                dW2="delta_out * y",
            ),
            "h and y have changed places when you took them from the forward pass: it returns h "
            "first, then y.",
        ),
        (
            "h for x",
            _backward(dW1="outer(delta, h)"),
            "Your dW1 is made from the deltas and h. What enters the hidden units is x: "
            "np.outer(delta, x).",
        ),
        (
            "W1 for x",
            _backward(dW1="delta[:, None] * W1"),
            "Your dW1 is delta · W1: that is a derivative by x. The derivative by W1 has x in it.",
        ),
        (
            "delta_out for delta",
            _backward(dW1="outer(delta_out * np.ones(len(h)), x)"),
            "You made dW1 from delta_out. Each hidden unit has a delta of its own.",
        ),
        ("delta times x", _backward(dW1="delta * x"), _OUTER),
        ("x times delta", _backward(dW1="x * delta"), _OUTER),
        ("delta @ x", _backward(dW1="delta @ x"), _OUTER),
        ("one result", _program("dW1"), "You returned one thing. Return both: `return dW1, dW2`."),
        ("nothing", _nothing, _NO_RETURN),
        (
            "swapped results",
            _program("(dW2, dW1)"),
            "The two results have changed places: return dW1 first, then dW2.",
        ),
        sign=Twist(np.negative, "Besides, the sign is turned: start from y − target."),
        factor_2=Twist(
            lambda gradient: 2 * np.asarray(gradient),
            "Besides, it is twice too large: the ½ of the loss takes the 2 away.",
        ),
    ),
)

#: The source's order: the hidden deltas are computed with the updated W2.
_output_first = _stepped(delta="delta_out * new_W2 * (1 - h**2)")
_uphill = _stepped(new_W2="W2 + learning_rate * dW2", new_W1="W1 + learning_rate * dW1")
_whole = _stepped(new_W2="W2 - dW2", new_W1="W1 - dW1")
_only_W1, _only_W2 = _stepped(new_W2="W2"), _stepped(new_W1="W1")
_no_hidden_slope = _stepped(delta="delta_out * W2")


def _two_passes(W1: Any, W2: Any, *others: Any) -> Any:
    """W2 first, and then a whole new pass for W1, which is no repair."""
    new_W2 = _right_step(W1, W2, *others)[1]
    return _right_step(W1, new_W2, *others)[0], new_W2


def _exchanged(W1: Any, W2: Any, x: Any, target: Any, learning_rate: Any) -> Any:
    dW2, dW1 = _plain_backward(W1, W2, x, target)
    return W1 - learning_rate * dW1, W2 - learning_rate * dW2


def _two_passes_turned(W1: Any, W2: Any, *others: Any) -> Any:
    new_W1 = _right_step(W1, W2, *others)[0]
    return new_W1, _right_step(new_W1, W2, *others)[1]


def _new_outputs(W1: Any, W2: Any, x: Any, target: Any, learning_rate: Any) -> Any:
    """W1 moves, h is taken anew, and W2 moves with that h."""
    _, y = _plain_forward(W1, W2, x)
    delta_out = (y - target) * (1 - y**2)
    new_W1 = _plain_step(W1, W2, x, target, learning_rate)[0]
    return new_W1, W2 - learning_rate * delta_out * np.tanh(new_W1 @ x)


def _in_place(W1: Any, W2: Any, *others: Any) -> Any:
    W1[...], W2[...] = _right_step(W1, W2, *others)
    return W1, W2


train_step = SeenExercise(
    name="train_step",
    chapter=CHAPTER,
    withheld=WITHHELD,
    sees=SEES["train_step"],
    earlier={"forward": EARLIER["forward"], "backward": EARLIER["backward"]},
    properties=(
        Property(
            "the new W1",
            1,
            _cases("train_step", _everything, 0),
            hints=(
                "Which W2 do the hidden deltas need: the one of the forward pass, or a newer one?",
                "Compute both gradients first, and only then change any weight.",
            ),
        ),
        Property(
            "the new W2",
            0.5,
            _cases("train_step", _everything, 1),
            hints=("New weight = old weight − learning rate · gradient.",),
        ),
        Property(
            "the caller's W1 and W2 stay as they were",
            0.5,
            _cases("train_step", _everything, 0, 1),
            hints=KEEP_HINTS,
            arguments_kept=True,
        ),
    ),
    misconceptions=_wrong(
        "train_step",
        (
            "W2 first",
            _output_first,
            "W2 was updated before the hidden deltas were computed. They need the W2 of the "
            "forward pass: compute both gradients first.",
        ),
        (
            "W2 first, then a new pass",
            _two_passes,
            "You updated W2 and then ran a whole new pass for W1. Both gradients belong to the "
            "same weights: compute them from one pass.",
        ),
        (
            "plus",
            _uphill,
            "Your step goes along the gradient, where the loss grows. Subtract it.",
        ),
        (
            "learning rate forgotten",
            _whole,
            "The learning rate is missing: subtract learning_rate times the gradient.",
        ),
        (
            "change alone",
            _program("(-learning_rate * dW1, -learning_rate * dW2)"),
            "You returned the change of the weights. The new weights are old weights plus change.",
        ),
        (
            "gradient",
            _program("(dW1, dW2)"),
            "You returned the gradients. Return the new weights: old weights minus learning rate "
            "times gradient.",
        ),
        ("W2 only", _only_W2, "Your W1 does not move. The step changes both, W1 and W2."),
        ("W1 only", _only_W1, "Your W2 does not move. The step changes both, W1 and W2."),
        (
            "half the step",
            _stepped(new_W1="W1 - learning_rate * dW1 / 2", new_W2="W2 - learning_rate * dW2 / 2"),
            "Your step is half as long as it should be. The ½ of the loss is in the gradient "
            "already: differentiating the square takes it away.",
        ),
        (
            "twice the step",
            _stepped(new_W1="W1 - learning_rate * 2*dW1", new_W2="W2 - learning_rate * 2*dW2"),
            "Your step is twice as long as it should be. The loss is ½(y − target)², and the ½ "
            "takes the 2 away.",
        ),
        (
            "rate squared",
            _stepped(new_W1="W1 - learning_rate**2 * dW1", new_W2="W2 - learning_rate**2 * dW2"),
            "You multiplied by the learning rate twice.",
        ),
        (
            "gradients taken for each other",
            _exchanged,
            "dW1 and dW2 have changed places: `backward` returns dW1 first.",
        ),
        (
            "gradients taken for each other, W2 first",
            _stepped(new_W1="W1 - learning_rate * dW2", new_W2="W2 - learning_rate * dW1"),
            "dW1 and dW2 have changed places: `backward` returns dW1 first.",
        ),
        (
            "W1 first, then a new pass",
            _two_passes_turned,
            "You moved W1 and then ran a whole new pass for W2. Both gradients belong to the same "
            "weights: compute them from one pass.",
        ),
        (
            "new h for W2",
            _new_outputs,
            "W1 was updated, and then the gradient by W2 was taken with the new h. Both gradients "
            "belong to one forward pass.",
        ),
        ("one result", _program("new_W1"), "You returned one thing. Return both: `return W1, W2`."),
        ("nothing", _nothing, _NO_RETURN),
        (
            "in place",
            _in_place,
            "The new weights are right, but you changed the caller's arrays: W1 -= … works in "
            "place. Write W1 = W1 − ….",
        ),
        (
            "no slope at the hidden units",
            _no_hidden_slope,
            "The slope of the hidden units, 1 − h², is missing in dW1.",
        ),
        (
            "swapped results",
            _program("(new_W2, new_W1)"),
            "The two results have changed places: return W1 first, then W2.",
        ),
    ),
)


def _sum_of_losses(W1: Any, W2: Any, X: Any, T: Any) -> Any:
    return sum((_right_pass(W1, W2, x)[1] - t) ** 2 for x, t in zip(X, T, strict=True)) / 2


def _loop(
    step: Callable[..., Any] = _right_step,
    *,
    loss: Callable[..., Any] = _sum_of_losses,
    order: Callable[[int], Any] = range,
    more_epochs: int = 0,
    keeps: bool = True,
    from_start: bool = False,
    stops: Callable[[list[Any]], bool] = lambda losses: False,
    result: Callable[..., Any] = lambda W1, W2, losses: (W1, W2, losses),
) -> Callable[..., Any]:
    """Return a training in which some part is another."""

    def training(start1: Any, start2: Any, X: Any, T: Any, learning_rate: Any, n: int) -> Any:
        W1, W2, losses = start1, start2, []
        for _ in range(n + more_epochs):
            for i in order(len(X)):
                before = (start1, start2) if from_start else (W1, W2)
                W1, W2 = step(*before, X[i], T[i], learning_rate)
            losses.append(loss(W1, W2, X, T))
            if stops(losses):
                break
        if not keeps:
            start1[...], start2[...] = W1, W2
        return result(W1, W2, losses)

    return training


def _losses_before(W1: Any, W2: Any, X: Any, T: Any, learning_rate: Any, epochs: int) -> Any:
    start = _sum_of_losses(W1, W2, X, T)
    W1, W2, losses = _loop()(W1, W2, X, T, learning_rate, epochs)
    return W1, W2, [start, *losses[:-1]]


def _running_losses(W1: Any, W2: Any, X: Any, T: Any, learning_rate: Any, epochs: int) -> Any:
    losses = []
    for _ in range(epochs):
        losses.append(0.0)
        for x, t in zip(X, T, strict=True):
            losses[-1] += _sum_of_losses(W1, W2, [x], [t])
            W1, W2 = _right_step(W1, W2, x, t, learning_rate)
    return W1, W2, losses


def _after_each_sample(W1: Any, W2: Any, X: Any, T: Any, learning_rate: Any, epochs: int) -> Any:
    losses = []
    for _ in range(epochs):
        for x, t in zip(X, T, strict=True):
            W1, W2 = _right_step(W1, W2, x, t, learning_rate)
            losses.append(_sum_of_losses(W1, W2, X, T))
    return W1, W2, losses


def _with_the_start(W1: Any, W2: Any, X: Any, T: Any, learning_rate: Any, epochs: int) -> Any:
    start = _sum_of_losses(W1, W2, X, T)
    W1, W2, losses = _loop()(W1, W2, X, T, learning_rate, epochs)
    return W1, W2, [start, *losses]


def _kept_best(W1: Any, W2: Any, X: Any, T: Any, learning_rate: Any, epochs: int) -> Any:
    runs = [_loop()(W1, W2, X, T, learning_rate, k) for k in range(1, epochs + 1)]
    return *min(runs, key=lambda run: run[2][-1])[:2], runs[-1][2]


def _full_batch(W1: Any, W2: Any, X: Any, T: Any, learning_rate: Any, epochs: int) -> Any:
    losses = []
    for _ in range(epochs):
        moved = [_right_step(W1, W2, x, t, learning_rate) for x, t in zip(X, T, strict=True)]
        W1, W2 = (W + sum(new[k] - W for new in moved) for k, W in enumerate((W1, W2)))
        losses.append(_sum_of_losses(W1, W2, X, T))
    return W1, W2, losses


fixed_training = SeenExercise(
    name="fixed_training",
    chapter=CHAPTER,
    withheld=WITHHELD,
    sees=SEES["fixed_training"],
    earlier=EARLIER,
    properties=(
        Property(
            "the weights at the end",
            1,
            _cases("fixed_training", _training, 0, 1),
            hints=(
                "Which line changes W2, and which lines after it still need the old W2?",
                "Compute the hidden deltas before any weight changes.",
            ),
        ),
        Property(
            "the loss after each epoch",
            0.5,
            _cases("fixed_training", _training, 2),
            hints=("The loss is Σ ½(y − target)² over all samples, when the epoch is over.",),
        ),
        Property(
            "the weights that it starts from stay as they were",
            0.5,
            _cases("fixed_training", _training, 0, 1),
            hints=KEEP_HINTS,
            arguments_kept=True,
        ),
    ),
    misconceptions=_wrong(
        "fixed_training",
        (
            "the bug",
            _loop(_output_first),
            "The bug is still in: W2 is updated before the hidden deltas are computed. They need "
            "the W2 of the forward pass.",
        ),
        (
            "W2 first, then a new pass",
            _loop(_two_passes),
            "You updated W2 and then ran a whole new pass for W1. Both gradients belong to the "
            "same weights: move the update down, below the hidden deltas.",
        ),
        ("W2 only", _loop(_only_W2), "Only W2 is trained. W1 has to move too."),
        (
            "W1 only",
            _loop(_only_W1),
            "Only W1 is trained. The update of W2 belongs at the end; it must not go missing.",
        ),
        (
            "plus",
            _loop(_uphill),
            "Your steps go along the gradient, where the loss grows. Subtract it.",
        ),
        (
            "no slope at the hidden units",
            _loop(_no_hidden_slope),
            "The slope of the hidden units, 1 − h², is missing in the hidden deltas.",
        ),
        ("learning rate forgotten", _loop(_whole), "The learning rate is missing in the steps."),
        (
            "all samples at once",
            _full_batch,
            "You add the gradients of all samples up and take one step for each epoch. Here a "
            "step follows each sample.",
        ),
        (
            "backwards through the samples",
            _loop(order=lambda n: reversed(range(n))),
            "You go through the samples from the last to the first. They come in their order.",
        ),
        (
            "W1 first, then a new pass",
            _loop(_two_passes_turned),
            "You moved W1 and then ran a new pass for W2. Both gradients belong to the same "
            "weights: compute them from one pass.",
        ),
        (
            "new h for W2",
            _loop(_new_outputs),
            "W1 was updated, and then the gradient by W2 was taken with the new h. Both gradients "
            "belong to one forward pass.",
        ),
        (
            "always from the start",
            _loop(from_start=True),
            "Every step begins at the start weights, so that nothing adds up. Go on with the "
            "weights of the step before.",
        ),
        (
            "stops when the loss rises",
            _loop(stops=lambda losses: len(losses) > 1 and losses[-1] > losses[-2]),
            "Your training stops when the loss rises. It goes on for all epochs: a loss may rise "
            "and fall again.",
        ),
        (
            "the best weights",
            _kept_best,
            "You returned the weights with the least loss. Return those at the end.",
        ),
        (
            "loss of the last sample",
            _loop(loss=lambda W1, W2, X, T: _sum_of_losses(W1, W2, X[-1:], T[-1:])),
            "Your losses are those of the last sample alone. Add up over all samples.",
        ),
        (
            "loss of the start, too",
            _with_the_start,
            "Your list begins with the loss of the start weights. There is one loss for each "
            "epoch, noted when it is over.",
        ),
        (
            "a loss for each sample",
            _after_each_sample,
            "You noted a loss after each sample. It is noted once for each epoch, when all samples "
            "are through: is the line too far to the right?",
        ),
        (
            "the last loss alone",
            _loop(result=lambda W1, W2, losses: (W1, W2, losses[-1])),
            "You returned one loss. Return the list with a loss for each epoch.",
        ),
        (
            "losses first",
            _loop(result=lambda W1, W2, losses: (losses, W1, W2)),
            "The results have changed places: return W1, W2, losses, in this order.",
        ),
        (
            "no losses",
            _loop(result=lambda W1, W2, losses: (W1, W2)),
            "The list of losses is missing: return W1, W2, losses.",
        ),
        ("nothing", _nothing, _NO_RETURN),
        (
            "first sample only",
            _loop(order=lambda n: range(1)),
            "Only the first sample is trained on. Is the return inside the loop?",
        ),
        (
            "one epoch too few",
            _loop(more_epochs=-1),
            "One epoch is missing: the samples are gone through `epochs` times.",
        ),
        (
            "running losses",
            _running_losses,
            "Your losses are added up while the weights change. Measure them when the epoch is "
            "over, all with the same weights.",
        ),
        (
            "losses before",
            _losses_before,
            "Your losses are measured before each epoch. Measure them after it.",
        ),
        (
            "half forgotten",
            _loop(loss=lambda W1, W2, X, T: 2 * _sum_of_losses(W1, W2, X, T)),
            "Your losses are twice too large: the loss is ½(y − target)².",
        ),
        (
            "mean",
            _loop(loss=lambda W1, W2, X, T: _sum_of_losses(W1, W2, X, T) / len(T)),
            "Your losses are means over the samples. Here they are sums.",
        ),
        (
            "start weights changed",
            _loop(keeps=False),
            "The training is right, but it changed the caller's start weights. Work on copies.",
        ),
    ),
)

# --- the parity bound -----------------------------------------------------------------------------


def _points(rng: np.random.Generator, n: int, inputs: int) -> np.ndarray:
    """Return n points, no two of which are equal or opposite."""
    grid = [
        point
        for point in itertools.product((-2, -1, 0, 1, 2), repeat=inputs)
        if next((entry for entry in point if entry), 0) > 0
    ]
    chosen = np.array(grid, dtype=np.float64)[rng.permutation(len(grid))[:n]]
    return np.asarray(chosen / 2 * rng.choice((-1, 1), (n, 1)))


def _bound(rng: np.random.Generator, X: np.ndarray, T: np.ndarray | None = None) -> Case:
    """Return a case with these inputs, in some order, and any targets, beyond ±1 too."""
    if T is None:
        T = rng.integers(2, 25, len(X)) / 10 * rng.choice((-1, 1), len(X))
    order = rng.permutation(len(X))
    return _case("parity_bound", (X[order] + np.zeros_like(X[:1]), T[order]))


def _opposite_pairs(rng: np.random.Generator, rounds: int) -> list[Case]:
    """Return pairs, the first of them with equal targets: some count equal or unequal ones.

    One input begins with 0, and one holds a 0 elsewhere: some ways of turning them forget that.
    """
    cases = []
    for k in range(max(rounds, 2) + 1):
        n, inputs = 2 + k % 3, 2 + k % 2
        while True:
            one = _points(rng, n, inputs)
            zeros = one == 0
            if zeros[:, 0].any() and (zeros[:, 1:].any(axis=1) & ~zeros[:, 0]).any():
                break
        T = rng.integers(2, 25, 2 * n) / 10 * rng.choice((-1, 1), 2 * n)
        T[n] = T[0]
        cases.append(_bound(rng, np.concatenate([one, -one]), T))
    return cases


def _look_alikes(rng: np.random.Generator) -> list[Case]:
    """Return inputs that only some ways of finding the opposite tell apart.

    They begin with 0, add up to 0, or differ from another's opposite in one sign; and in half of
    the cases inputs and targets are whole numbers.
    """
    cases = []
    for k in range(6):
        a, b = rng.permutation([1, 2])
        points = np.array([[0, a], [a, -a], [a, b], [a, -b], [b, 0]])
        X = np.concatenate([points, -points[:4], [[0, 0]], -points[:1]])
        T = rng.integers(1, 6, len(X)) * rng.choice((-1, 1), len(X))
        # An odd sum of three is no whole number when it is shared out.
        T[0] += (T[0] - T[5] - T[-1]) % 3 == 0
        cases.append(_bound(rng, X, T) if k % 2 else _bound(rng, X / 2, T / 2))
    return cases


def _any_samples(rng: np.random.Generator, rounds: int) -> list[Case]:
    """Return cases with an input alone, one at 0 twice, and a pair in which both sides repeat."""
    cases = []
    for k in range(max(rounds, 2) + 1):
        alone, pair, lopsided = (point[None] for point in _points(rng, 3, 2 + k % 2))
        repeated = [pair, pair, -pair, -pair, lopsided, lopsided, -lopsided]
        cases.append(_bound(rng, np.concatenate([alone, *repeated, np.zeros((2, 2 + k % 2))])))
    return [*cases, *_look_alikes(rng)]


def _orbits(X: Any, T: Any) -> Iterator[tuple[bool, list[float], list[float]]]:
    """Yield for each input up to its sign: whether it is 0, its targets, those of its opposite."""
    rows, seen = [tuple(row) for row in np.asarray(X) + 0.0], set()
    for row in rows:
        opposite = tuple(-entry + 0.0 for entry in row)
        if row in seen or opposite in seen:
            continue
        seen.add(row)
        here = [t for one, t in zip(rows, T, strict=True) if one == row]
        there = [t for one, t in zip(rows, T, strict=True) if one == opposite]
        yield not any(row), here, [] if row == opposite else there


def _square(targets: list[float]) -> float:
    return float(sum(t**2 for t in targets))


def _spread(targets: list[float]) -> float:
    return float(np.sum((np.array(targets) - np.mean(targets)) ** 2)) if targets else 0.0


def _right_orbit(here: list[float], there: list[float]) -> float:
    return _spread([*here, *(-t for t in there)])


def _bound_by(
    orbit: Callable[[list[float], list[float]], float] = _right_orbit,
    zero: Callable[[list[float]], float] = _square,
    times: Callable[[Any], float] = lambda T: 1.0,
) -> Callable[..., Any]:
    """Return a bound that adds up another number for each input and its opposite."""

    def bound(X: Any, T: Any) -> Any:
        parts = (zero(here) if at_0 else orbit(here, there) for at_0, here, there in _orbits(X, T))
        return times(T) * float(sum(parts))

    return bound


RIGHT["parity_bound"] = _bound_by()


def _grouped(turned: Callable[[Any], bool], key: Callable[[Any], Any] = tuple) -> Any:
    """Return a bound whose inputs are turned to one side by another rule, and then put together."""

    def bound(X: Any, T: Any) -> Any:
        groups: dict[Any, list[float]] = {}
        for x, t in zip(np.asarray(X), np.asarray(T, dtype=np.float64), strict=True):
            sign = -1 if turned(x) else 1
            groups.setdefault((bool(np.any(x)), key(sign * x + 0.0)), []).append(sign * t)
        return sum(_spread(t) if some else _square(t) for (some, _), t in groups.items())

    return bound


def _first(x: Any) -> Any:
    """The first number that is not 0."""
    return next((entry for entry in x if entry), 0)


def _zero_by_the_first(X: Any, T: Any) -> Any:
    """An input that begins with 0 taken for the input of zeros."""
    X, T = np.asarray(X), np.asarray(T)
    ahead = X[:, 0] != 0
    return _grouped(lambda x: x[0] < 0)(X[ahead], T[ahead]) + _square(T[~ahead])


def _no_zeros_turned(X: Any, T: Any) -> Any:
    """0.0 and −0.0 taken for two numbers: an input that holds a 0 has no opposite."""
    groups: dict[Any, list[float]] = {}
    for x, t in zip(np.asarray(X, dtype=np.float64), T, strict=True):
        sign = -1 if np.all(x) and _first(x) < 0 else 1
        groups.setdefault((bool(np.any(x)), tuple(sign * x)), []).append(sign * t)
    return sum(_spread(t) if some else _square(t) for (some, _), t in groups.items())


def _linear_model(X: Any, T: Any) -> Any:
    X = np.asarray(X, dtype=np.float64)
    return np.sum((X @ np.linalg.lstsq(X, T, rcond=None)[0] - T) ** 2)


def _by_place(opposite: Callable[[int, int], int]) -> Callable[..., Any]:
    """Return a bound that looks for an opposite in one place only."""

    def bound(X: Any, T: Any) -> Any:
        places = [(i, opposite(i, len(T))) for i in range(len(T))]
        return sum(
            (T[i] + T[j]) ** 2 / 2
            for i, j in places
            if i < j < len(T) and np.array_equal(X[i], -X[j])
        )

    return bound


def _with_outputs(
    means: Callable[[Any, Any], Any] = lambda y, T: y,
) -> Callable[..., Any]:
    """Return a bound by the best outputs, which are changed before they are compared."""

    def bound(X: Any, T: Any) -> Any:
        X, T = np.asarray(X), np.asarray(T)
        y = []
        for x in X:
            same, opposite = (x == X).all(axis=1), (-x == X).all(axis=1)
            y.append((T[same].sum() - T[opposite].sum()) / (same.sum() + opposite.sum()))
        return np.sum((means(np.array(y), T) - T) ** 2)

    return bound


parity_bound = Exercise(
    name="parity_bound",
    chapter=CHAPTER,
    withheld=(*WITHHELD, _orbits, _bound_by()),
    properties=(
        Property(
            "pairs of opposite inputs",
            1,
            _opposite_pairs,
            hints=(
                "If y(x) = a then y(−x) = −a: one free number for two targets.",
                "Which a makes (a − t)² + (−a − s)² least, and what is left over then?",
            ),
        ),
        Property(
            "repeated inputs, zeros, inputs without an opposite; X and T stay as they were",
            1,
            _any_samples,
            hints=(
                "What must an odd model answer at 0? And can it fit an input that stands alone?",
                "All samples at ±x share one a. Compare it with t at x and with −s at −x: the best "
                "a is the mean of those numbers.",
            ),
            arguments_kept=True,
        ),
    ),
    misconceptions=(
        Misconception(
            "twice",
            _bound_by(times=lambda T: 2.0),
            "This is twice the bound. Do you count each pair from both ends, or is the ½ of "
            "(t + s)²/2 missing?",
        ),
        Misconception(
            "half",
            _bound_by(times=lambda T: 0.5),
            "This is half of the bound. Asked for is the sum Σe²: no ½ before it, and no mean over "
            "the two samples of a pair (np.var takes one).",
        ),
        Misconception(
            "mean in each group",
            _bound_by(
                lambda here, there: _right_orbit(here, there) / len([*here, *there]),
                lambda t: _square(t) / len(t),
            ),
            "Of each group of samples at ±x you take the mean of the squares (np.var does). Add "
            "them up.",
        ),
        Misconception(
            "mean",
            _bound_by(times=lambda T: 1 / len(T)),
            "This is the mean over the samples. Return the sum.",
        ),
        Misconception(
            "root",
            lambda X, T: np.sqrt(_bound_by()(X, T)),
            "This is the root of the bound. The squares are added up, and that is all.",
        ),
        Misconception(
            "only the signs of the first number",
            _grouped(lambda x: x[0] < 0),
            "Your program turns an input by its first number, so that opposites which begin with 0 "
            "never meet. Compare whole rows: np.array_equal(X[i], -X[j]).",
        ),
        Misconception(
            "first number 0 taken for zeros",
            _zero_by_the_first,
            "Your program takes an input whose first number is 0 for the input of zeros. Only "
            "where all numbers are 0 must an odd model answer 0.",
        ),
        Misconception(
            "sign of the sum",
            _grouped(lambda x: x.sum() < 0),
            "Your program turns an input by the sign of its sum, so that opposites which add up to "
            "0 never meet. Compare whole rows: np.array_equal(X[i], -X[j]).",
        ),
        Misconception(
            "sizes alone",
            _grouped(lambda x: _first(x) < 0, lambda x: tuple(abs(x))),
            "Your program puts inputs together that differ in the sign of one number only, such as "
            "(1, 2) and (1, −2). The opposite of x has every sign turned.",
        ),
        Misconception(
            "negative zero",
            _no_zeros_turned,
            "Inputs that hold a 0 never meet their opposites: minus 0.0 is −0.0, which as bytes or "
            "text is another key. Add 0.0 first, or compare numbers.",
        ),
        Misconception(
            "linear model",
            _linear_model,
            "You fitted a linear model. It is odd, but other odd models fit better: each pair ±x "
            "has a free number of its own.",
        ),
        Misconception(
            "opposite at the other end",
            _by_place(lambda i, n: n - 1 - i),
            "You look for the opposite at one place only, counted from the other end. It may stand "
            "anywhere in X.",
        ),
        Misconception(
            "opposite in the next row",
            _by_place(lambda i, n: i + 1),
            "You look for the opposite in the next row only. It may stand anywhere in X.",
        ),
        Misconception(
            "outputs as whole numbers",
            _with_outputs(lambda y, T: y.astype(T.dtype)),
            "With whole-number targets your best outputs are cut off to whole numbers: an array "
            "made like T holds no others. Give it the type float.",
        ),
        Misconception(
            "outputs within one",
            _with_outputs(lambda y, T: np.clip(y, -1, 1)),
            "You keep the outputs between −1 and 1, as tanh does. The bound is for any odd model, "
            "whatever its outputs are.",
        ),
        Misconception(
            "even",
            _bound_by(lambda here, there: _spread(here + there)),
            "This would be right if y(−x) were equal to y(x). For an odd model it is −y(x), so at "
            "−x the targets count with a minus.",
        ),
        Misconception(
            "two for each contradiction",
            _bound_by(
                lambda here, there: 2.0 * sum(t * s > 0 for t in here for s in there),
                lambda t: float(len(t)),
            ),
            "You count 2 for each contradiction. That is right for targets ±1 only; in general a "
            "pair leaves (t + s)²/2.",
        ),
        Misconception(
            "two for equal targets",
            _bound_by(
                lambda here, there: 2.0 * sum(t == s for t in here for s in there),
                lambda t: float(len(t)),
            ),
            "You count 2 for each pair with equal targets. That is right for targets ±1 only; in "
            "general a pair leaves (t + s)²/2.",
        ),
        Misconception(
            "all outputs zero",
            lambda X, T: _square(T),
            "This is what a model leaves that always answers 0. A better odd model fits what it "
            "can.",
        ),
        Misconception(
            "no parity",
            _bound_by(lambda here, there: _spread(here) + _spread(there), _spread),
            "Your program finds no contradiction between x and −x. An odd model is bound there, "
            "too: at −x its output is −y(x).",
        ),
        Misconception(
            "zero left out",
            _bound_by(zero=lambda t: 0.0),
            "The input of zeros is missing. There an odd model can only answer 0, which leaves t².",
        ),
        Misconception(
            "zero is free",
            _bound_by(zero=_spread),
            "At x = 0 you let the model choose its answer. But y(−0) = −y(0), so it can only be 0.",
        ),
        Misconception(
            "zero as a pair with itself",
            _bound_by(zero=lambda t: 2 * _square(t)),
            "At x = 0 you paired the sample with itself and counted it twice: it leaves t², once.",
        ),
        Misconception(
            "alone is lost",
            _bound_by(
                lambda here, there: _right_orbit(here, there) + (0 if there else _square(here))
            ),
            "An input without an opposite costs nothing: an odd model can fit it.",
        ),
        Misconception(
            "repeats overwritten",
            _bound_by(
                lambda here, there: _right_orbit(here[-1:], there[-1:]), lambda t: t[-1] ** 2
            ),
            "When an input comes twice you keep only its last target. Does one entry of a "
            "dictionary replace the other?",
        ),
        Misconception(
            "every two",
            _bound_by(lambda here, there: sum((t + s) ** 2 / 2 for t in here for s in there)),
            "You add (t + s)²/2 over every two samples at ±x. When inputs repeat, all of them "
            "share one output: take the mean of t and −s, and add the squares around it.",
        ),
    ),
)
