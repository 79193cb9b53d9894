"""Checks of assignment `04-backprop-by-hand`: the table of hand-worked numbers, and the functions.

The table is marked by `nnlib.checks.hand_worked`; here are its points and the usual slips.
Functions that return several arrays are asked for one of them at a time.
"""

import functools
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnlib import by_hand as reference
from nnlib import network
from nnlib.checks.exercise import Case, Exercise, Misconception, Property, Twist, written
from nnlib.checks.hand_worked import HandWorked, Rule, Step
from nnlib.checks.report import Report
from nnlib.variants import HAND_DECIMALS, backprop_numbers

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

#: By the names of `nnlib.by_hand.HAND_STEPS`: the points, the first hint, and the usual slips.
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


my_numbers = HandWorked(
    name="my_numbers",
    steps=tuple(_steps()),
    chapter=CHAPTER,
    given=lambda student: reference.hand_given(*backprop_numbers(student)),
    decimals=HAND_DECIMALS,
)


# --- functions that return several arrays ---------------------------------------------------------


class _NotTheParts:
    """What came back in place of the parts; the report prints it after the word 'returned'."""

    def __init__(self, said: str) -> None:
        self.said = said

    def __repr__(self) -> str:
        return self.said


class _ByPart(functools.partial[Any]):
    """A function with one more keyword, `part`: which of its results is wanted.

    A kind of partial, so that who asks where a function comes from finds the student's.
    """

    parts: tuple[str, ...] = ()

    def __call__(self, /, *arguments: Any, part: int | None = None, **keywords: Any) -> Any:
        result = super().__call__(*arguments, **keywords)
        if part is None or result is None:
            return result
        wanted = f"{len(self.parts)}: {', '.join(self.parts)}"
        if not isinstance(result, tuple | list):
            return _NotTheParts(f"one result, not {wanted}")
        if len(result) != len(self.parts):
            return _NotTheParts(f"{len(result)} results, not {wanted}")
        return result[part]


def _by_part(function: Callable[..., Any], parts: tuple[str, ...]) -> Callable[..., Any]:
    asked = _ByPart(function)
    functools.update_wrapper(asked, function)
    asked.parts = parts
    return asked


@dataclass(frozen=True)
class PartExercise(Exercise):
    """An exercise whose function returns several arrays; each case looks at one of them.

    Attributes
    ----------
    parts : tuple of str
        What the results are called.

    Examples
    --------
    >>> forward.parts
    ('h', 'y')
    """

    parts: tuple[str, ...] = field(default=(), kw_only=True)

    def __call__(
        self, function: Callable[..., Any], *, seed: int | None = None, rounds: int = 3
    ) -> Report:
        """Check a student's function; see `Exercise`."""
        known = (one.answer for one in (*self.misconceptions, *self.combinations))
        if callable(function) and not any(function is answer for answer in known):
            function = _by_part(function, self.parts)
        return super().__call__(function, seed=seed, rounds=rounds)


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


def _wrong(
    name: str, *rows: tuple[str, Callable[..., Any], str], **twists: Twist
) -> tuple[Misconception, ...]:
    """Return misconceptions from their names, functions and sentences."""
    return tuple(
        Misconception(called, _by_part(f, PARTS[name]), said, twists.get(called.replace(" ", "_")))
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
        functions = {"tanh": np.tanh, "exp": np.exp, "outer": np.outer}
        exec(code, functions, known)
        return eval(returned, functions, known)

    return wrong


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
    reference._forward,
    reference._backward,
    network.forward,
    network.predict,
    network.backward,
    network.loss_and_gradients,
    network.numerical_gradients,
    network._forward,
    network._backward,
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
    return [_sample(rng, *size) for size in SIZES[: max(3, rounds)]]


def _everything(rng: np.random.Generator, rounds: int) -> list[tuple[Any, ...]]:
    samples = _sheets(rng, rounds) + _others(rng, rounds)
    return [(*one, rate) for one, rate in zip(samples, itertools.cycle(RATES), strict=False)]


def _training(rng: np.random.Generator, rounds: int) -> list[tuple[Any, ...]]:
    cases = []
    for k in range(max(rounds, 2) + 1):
        W1, W2, *_ = _sample(rng, *((2, 3), *SIZES)[k % 4])
        n = int(rng.integers(2, 5))
        X, T = _tenths(rng, n, W1.shape[1]), _tenths(rng, n)
        cases.append((W1, W2, X, T, RATES[k % 2], 2 + k % 3))
    return cases


def _case(name: str, given: tuple[Any, ...], part: int | None = None) -> Case:
    """Return a case about a function of the reference, or about one of its results."""
    names = ARGUMENTS[name]
    expected = getattr(reference, name)(*given)
    call = f"{name}({', '.join(names)})"
    if part is not None:
        call, expected = f"{call}[{part}], which is {PARTS[name][part]},", expected[part]
    values = ", ".join(f"{a} = {written(value, 6)}" for a, value in zip(names, given, strict=True))
    return Case(
        shown=f"With {values}: {call}",
        arguments=given,
        keywords={} if part is None else {"part": part},
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


KEEP_HINTS = (
    "An array that you pass to a function is the same array inside it.",
    "W1 -= … changes the caller's array. W1 = W1 − … makes a new one.",
)

# --- the exercises --------------------------------------------------------------------------------

forward = PartExercise(
    name="forward",
    chapter=CHAPTER,
    withheld=WITHHELD,
    parts=PARTS["forward"],
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
            "element by element",
            _forward(v="W1 * x"),
            "W1 * x multiplies element by element and does not add up. W1 @ x does both.",
        ),
        (
            "swapped results",
            _program("(y, h)"),
            "The two results have changed places: return h first, then y.",
        ),
    ),
)

backward = PartExercise(
    name="backward",
    chapter=CHAPTER,
    withheld=WITHHELD,
    parts=PARTS["backward"],
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


def _in_place(W1: Any, W2: Any, *others: Any) -> Any:
    W1[...], W2[...] = _right_step(W1, W2, *others)
    return W1, W2


train_step = PartExercise(
    name="train_step",
    chapter=CHAPTER,
    withheld=WITHHELD,
    parts=PARTS["train_step"],
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
            "You returned the gradients. Wanted are the new weights.",
        ),
        ("unchanged", _program("(W1, W2)"), "You returned the weights as they came in."),
        ("W2 only", _only_W2, "Only W2 has moved. The step changes W1 too."),
        ("W1 only", _only_W1, "Only W1 has moved. The step changes W2 too."),
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
) -> Callable[..., Any]:
    """Return a training in which some part is another."""

    def training(start1: Any, start2: Any, X: Any, T: Any, learning_rate: Any, n: int) -> Any:
        W1, W2, losses = start1, start2, []
        for _ in range(n + more_epochs):
            for i in order(len(X)):
                W1, W2 = step(W1, W2, X[i], T[i], learning_rate)
            losses.append(loss(W1, W2, X, T))
        if not keeps:
            start1[...], start2[...] = W1, W2
        return W1, W2, losses

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


def _full_batch(W1: Any, W2: Any, X: Any, T: Any, learning_rate: Any, epochs: int) -> Any:
    losses = []
    for _ in range(epochs):
        moved = [_right_step(W1, W2, x, t, learning_rate) for x, t in zip(X, T, strict=True)]
        W1, W2 = (W + sum(new[k] - W for new in moved) for k, W in enumerate((W1, W2)))
        losses.append(_sum_of_losses(W1, W2, X, T))
    return W1, W2, losses


fixed_training = PartExercise(
    name="fixed_training",
    chapter=CHAPTER,
    withheld=WITHHELD,
    parts=PARTS["fixed_training"],
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


def _bound(rng: np.random.Generator, X: np.ndarray) -> Case:
    """Return a case with these inputs, in some order, and any targets."""
    return _case("parity_bound", (X[rng.permutation(len(X))] + 0.0, _tenths(rng, len(X))))


def _opposite_pairs(rng: np.random.Generator, rounds: int) -> list[Case]:
    shapes = ((2 + k % 3, 2 + k % 2) for k in range(max(rounds, 2) + 1))
    points = (_points(rng, n, inputs) for n, inputs in shapes)
    return [_bound(rng, np.concatenate([one, -one])) for one in points]


def _any_samples(rng: np.random.Generator, rounds: int) -> list[Case]:
    """Return cases with an input alone, one at 0 twice, and a pair in which both sides repeat."""
    cases = []
    for k in range(max(rounds, 2) + 1):
        alone, pair, lopsided = (point[None] for point in _points(rng, 3, 2 + k % 2))
        repeated = [pair, pair, -pair, -pair, lopsided, lopsided, -lopsided]
        cases.append(_bound(rng, np.concatenate([alone, *repeated, np.zeros((2, 2 + k % 2))])))
    return cases


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
            "This is half of the bound: wanted is Σe², not Σ½e².",
        ),
        Misconception(
            "mean",
            _bound_by(times=lambda T: 1 / len(T)),
            "This is the mean over the samples. Wanted is the sum.",
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
            "all outputs zero",
            lambda X, T: _square(T),
            "This is what a model leaves that always answers 0. A better odd model fits what it "
            "can.",
        ),
        Misconception(
            "no parity",
            _bound_by(lambda here, there: _spread(here) + _spread(there), _spread),
            "You only count targets that differ at the same input. An odd model is also bound at "
            "−x, where its output is −y(x).",
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
