"""Checks of assignment `07-vanishing-gradients`.

Gradients and clipping are exact up to rounding. Random weights are looked at from one side at a
time, and by statistics that leave a right answer `LUCK` standard deviations of room: it would fail
about once in 400 000 million questions.
"""

import functools
import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from nnchecks.engine import pictures
from nnchecks.engine.exercise import (
    Case,
    Combination,
    Exercise,
    Misconception,
    Property,
    SeenExercise,
    WrongKindError,
    seen,
    written,
)
from nnchecks.engine.report import Picture
from nnlib import activations, network, network_differences, optimizers, training

CHAPTER = "chapter 7, Vanishing and exploding gradients"

Answer = Callable[..., Any]

#: What this assignment asks for, under the book's names, and what here would do for an answer.
_BOOK = (
    network.forward,
    network.predict,
    network.backward,
    network.loss_and_gradients,
    network.layer_gradient_norms,
    network_differences.numerical_gradients,
    network.xavier,
    network.he,
    network.deep_network,
    network.forward_pass,
    network.backward_pass,
    network.Task.loss_and_gradients,
    activations.activation_named,
    optimizers.clip_by_norm,
    training.train,
)

# --- layer_gradient_norms -------------------------------------------------------------------------

_VALUE: dict[str, Callable[[Any], Any]] = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "linear": lambda z: z,
}
#: By what comes out.
_SLOPE: dict[str, Callable[[Any], Any]] = {
    "sigmoid": lambda a: a * (1 - a),
    "tanh": lambda a: 1 - a**2,
    "relu": lambda a: (a > 0) * 1.0,
    "linear": np.ones_like,
}

#: Central differences, which are right too, are off by 1e-9 or so of the largest number of a
#: network. None is asked about in which the smallest is less than `LEAST` of that; so what they
#: leave is within this part of the smallest, and any slip is far beyond it.
TOLERANCE, LEAST = 1e-5, 1e-3


@dataclass(frozen=True)
class _Step:
    """What is known when the way back has come to a layer."""

    z_before: Any
    before: Any
    z: Any
    after: Any
    delta: Any
    #: How much of the last layer's delta belongs to one sample.
    n: int


def _norms(
    *,
    value: Callable[[str, Any], Any] = lambda name, z: _VALUE[name](z),
    slope: Callable[[str, Any, Any], Any] = lambda name, z, a: _SLOPE[name](a),
    outermost: Callable[[str], str] = lambda name: name,
    last_slope: bool = True,
    hidden_slopes: bool = True,
    through: Callable[[str, Any], Any] = lambda name, delta: delta,
    error: Callable[[Any, Any], Any] = lambda y, T: y - T,
    share: Callable[[Any, int], float] = lambda y, n: 1 / n,
    forth: Callable[[Any, Any], Any] = lambda x, W: x @ W,
    back: Callable[[Any, Any], Any] = lambda delta, W: delta @ W.T,
    product: Callable[[_Step], Any] = lambda s: s.before.T @ s.delta,
    size: Callable[[Any], Any] = lambda dW: np.abs(dW).mean(),
    result: Callable[[list[Any]], Any] = lambda norms: norms,
) -> Answer:
    """Return the program with some of its lines in other words."""

    def answer(weights: Any, X: Any, T: Any, activation: str) -> Any:
        layers = [np.asarray(W, dtype=np.float64) for W in weights]
        names = [activation] * (len(layers) - 1) + [outermost(activation)]
        zs, outs = [np.asarray(X)], [np.asarray(X)]
        for W, name in zip(layers, names, strict=True):
            zs.append(forth(outs[-1], W))
            outs.append(value(name, zs[-1]))
        delta = error(outs[-1], T) * share(outs[-1], len(X))
        found: list[Any] = []
        for k in reversed(range(len(layers))):
            if last_slope if k == len(layers) - 1 else hidden_slopes:
                delta = through(names[k], delta) * slope(names[k], zs[k + 1], outs[k + 1])
            step = _Step(zs[k], outs[k], zs[k + 1], outs[k + 1], delta, len(X))
            found.insert(0, size(product(step)))
            delta = back(delta, layers[k])
        return result(found)

    return answer


def _network(weights: Sequence[np.ndarray], X: Any, T: Any, activation: str) -> Case:
    net = network.Network(tuple(weights), None, (activation,))
    _, gradients = network.loss_and_gradients(net, X, T)
    expected = network.layer_gradient_norms(gradients)
    if len(weights) <= 3:
        all_of_it = ", ".join(written(W) for W in weights)
        shown = f"layer_gradient_norms([{all_of_it}], {written(X)}, {written(T)}, '{activation}')"
    else:
        shapes = ", ".join(str(W.shape) for W in weights)
        shown = (
            f"layer_gradient_norms(weights, X, T, '{activation}'), with {len(X)} samples and "
            f"weights of the shapes {shapes},"
        )
    return Case(
        shown=shown,
        arguments=(list(weights), X, T, activation),
        keywords={},
        expected=expected,
        tolerance=TOLERANCE * float(expected.min()),
        what="the numbers, from the first layer to the last, are",
    )


def _numbers(rng: np.random.Generator, shape: tuple[int, int], top: int) -> np.ndarray:
    """Return quarters, none of them 0."""
    return np.asarray(rng.integers(1, top + 1, shape) / 4 * rng.choice((-1, 1), shape))


def _drawn_network(
    rng: np.random.Generator,
    activation: str,
    sizes: Sequence[int],
    samples: int,
    *,
    whole: bool = False,
) -> Case:
    """Draw a network, again and again until it is a telling one."""
    while True:
        top = 12 if whole else 5 if activation in ("linear", "relu") else 6
        weights = [_numbers(rng, pair, top) for pair in itertools.pairwise(sizes)]
        X = _numbers(rng, (samples, sizes[0]), top)
        T = _numbers(rng, (samples, sizes[-1]), 8)
        if whole:
            weights = [np.sign(W).astype(np.int64) * (1 + (np.abs(W) > 1.5)) for W in weights]
            X, T = (
                np.ceil(np.abs(one)).astype(np.int64) * np.sign(one).astype(int) for one in (X, T)
            )
        if _telling(weights, X, T, activation):
            return _network(weights, X, T, activation)


def _telling(weights: Sequence[np.ndarray], X: Any, T: Any, activation: str) -> bool:
    """Whether a network shows the usual slips, and no unit of relu is at the corner."""
    out = X
    for W in weights:
        z = out @ W
        if activation == "relu":
            if (np.abs(z[np.any(out != 0, axis=1)]) < 1e-3).any():
                return False
            if len(X) > 1 and ((z > 0).all() or not (z > 0).any()):
                return False
        out = _VALUE[activation](z)
    found = np.array(_RIGHT(weights, X, T, activation))
    if any(W.size > 1 for W in weights):
        cancelled = np.array(_CANCELLED(weights, X, T, activation))
        if not np.any(np.abs(cancelled - found) > LEAST * found):
            return False
    return bool(found.min() > LEAST * found.max() and np.abs(out - T).min() > 1e-3)


_RIGHT = _norms()
_CANCELLED = _norms(size=lambda dW: abs(dW.mean()))


def _networks(
    *names: str, shapes: Sequence[tuple[int, ...]]
) -> Callable[[np.random.Generator, int], list[Case]]:
    """Return cases for each activation and each (samples, sizes…)."""
    return lambda rng, rounds: [
        _drawn_network(rng, name, sizes, samples)
        for samples, *sizes in shapes[: max(rounds, 3)]
        for name in names
    ]


#: Between square matrices a wrong transposition goes unnoticed until the numbers are looked at.
_LINEAR = _networks(
    "linear", shapes=((2, 2, 2, 2), (3, 2, 3, 2), (4, 3, 3, 3), (2, 3, 2), (5, 2, 4, 3, 2))
)
_CURVED = _networks(
    "sigmoid", "tanh", shapes=((2, 2, 2, 2), (3, 3, 2, 3), (4, 2, 3, 2, 2), (2, 3, 3, 3))
)
_CUT_OFF = _networks(
    "relu", shapes=((3, 2, 3, 2), (4, 3, 3, 3), (3, 3, 4, 2), (5, 2, 3, 3, 2), (4, 3, 3, 2))
)


def _of_any_kind(rng: np.random.Generator, rounds: int) -> list[Case]:
    """One sample, one layer, one unit, whole numbers, many layers."""
    cases = [_drawn_network(rng, name, (3, 2), 1) for name in ("tanh", "linear")]
    cases += [_drawn_network(rng, name, (2, 3, 2), 1) for name in ("sigmoid", "tanh")]
    cases.append(_drawn_network(rng, "linear", (1, 1, 1), 3))
    for name in ("linear", "relu", "tanh", "sigmoid")[: max(rounds, 3)]:
        cases.append(_drawn_network(rng, name, (2, 3, 2), 3, whole=True))
    for name, depth, width in (
        ("sigmoid", 7, 3),
        ("tanh", 8, 3),
        ("relu", 6, 5),
        ("linear", 9, 2),
    ):
        cases.append(_drawn_network(rng, name, (width,) * (depth + 1), 4))
    return cases


def _bars_of_layers(case: Case, value: Any, _: Answer) -> Picture | None:
    names = [f"layer {k}" for k in range(1, len(case.expected) + 1)]
    return pictures.bars(case.expected, value, names, "Mean absolute gradient")


def _turns_the_list(weights: Any, X: Any, T: Any, activation: str) -> Any:
    found = _RIGHT(weights, X, T, activation)
    weights.reverse()
    return found


def _moves_the_targets(divided: bool) -> Answer:
    """Make of the targets the error, in place."""

    def answer(weights: Any, X: Any, T: Any, activation: str) -> Any:
        found = _RIGHT(weights, X, T, activation)
        out = X
        for W in weights:
            out = _VALUE[activation](out @ W)
        T -= out
        if divided:
            T /= len(X)
        return found

    return answer


def _one_for_all(value: Callable[[Any], Any]) -> Callable[[str, Any], Any]:
    return lambda name, z: value(z)


@dataclass(frozen=True)
class _Slip(Misconception):
    """A wrong answer, with what it changes in the program.

    A common slip in measuring, of the group "measure", may come together with one of "slope".
    """

    group: str = ""
    changes: dict[str, Any] = field(default_factory=dict)


def _slip(name: str, sentence: str, group: str = "", once: bool = False, **changes: Any) -> _Slip:
    return _Slip(name, _norms(**changes), sentence, None, group, changes, once=once)


@dataclass(frozen=True)
class NormsExercise(Exercise):
    """An exercise whose slips of the groups "measure" and "slope" are known in pairs, too.

    Examples
    --------
    >>> len(layer_gradient_norms.combinations) > 50
    True
    """

    @functools.cached_property
    def combinations(self) -> tuple[Combination, ...]:
        """Every pair of a slip in measuring and one in the slopes."""
        known = [one for one in self.misconceptions if isinstance(one, _Slip)]
        return tuple(
            Combination(
                f"{first.name} and {second.name}",
                _norms(**first.changes, **second.changes),
                f"Two slips at once. {first.sentence} {second.sentence}",
                parts=(first, second),
            )
            for first in known
            for second in known
            if (first.group, second.group) == ("measure", "slope")
        )


layer_gradient_norms = NormsExercise(
    name="layer_gradient_norms",
    chapter=CHAPTER,
    withheld=(*_BOOK, _norms, _RIGHT),
    properties=(
        Property(
            "a linear network",
            2,
            _LINEAR,
            hints=(
                "Forwards, keep what comes out of every layer. Backwards, begin with the error of "
                "the outputs, divided by the number of samples.",
                "At a layer: dW = (what went in).T @ delta. Then delta @ W.T is what the layer "
                "before gets.",
                "Of each dW take the mean of the absolute values, and return them from the first "
                "layer to the last.",
            ),
            picture=_bars_of_layers,
        ),
        Property(
            "sigmoid and tanh",
            2,
            _CURVED,
            hints=(
                "Each layer has an activation, the last one too. Backwards, multiply by its slope "
                "before you compute dW.",
                "With a for what came *out*, the slope of sigmoid is a·(1 − a), that of tanh "
                "1 − a².",
            ),
            picture=_bars_of_layers,
        ),
        Property(
            "relu",
            1,
            _CUT_OFF,
            hints=(
                "What does a unit of relu let through on the way back if it gave 0 on the way "
                "forth?",
                "The slope is 1 where what came out is greater than 0, and 0 elsewhere.",
            ),
            picture=_bars_of_layers,
        ),
        Property(
            "one layer or nine, one sample, whole numbers; the arguments are kept",
            1,
            _of_any_kind,
            hints=(
                "Does your code count on a certain number of layers or samples?",
                "With one layer there is no layer to go back to.",
            ),
            arguments_kept=True,
        ),
    ),
    misconceptions=(
        # How the gradient is measured.
        _slip(
            "sum for mean",
            "You added up the absolute values. Wanted is their mean, so that wide and narrow "
            "layers can be compared.",
            "measure",
            once=True,
            size=lambda dW: np.abs(dW).sum(),
        ),
        _slip(
            "no absolute value",
            "You took the mean of the gradients with their signs, so that they cancel. Take "
            "absolute values first.",
            "measure",
            once=True,
            size=np.mean,
        ),
        _slip(
            "absolute value of the mean",
            "You took the absolute value of the mean. In the mean the signs have cancelled "
            "already; take absolute values first.",
            once=True,
            size=lambda dW: abs(dW.mean()),
        ),
        _slip(
            "Euclidean norm",
            "You took the root of the sum of squares, np.linalg.norm. Wanted is the mean of the "
            "absolute values.",
            "measure",
            once=True,
            size=lambda dW: np.sqrt(np.sum(dW**2)),
        ),
        _slip(
            "root of the mean square",
            "You took the root of the mean square. Wanted is the mean of the absolute values.",
            once=True,
            size=lambda dW: np.sqrt(np.mean(dW**2)),
        ),
        _slip(
            "mean square",
            "You took the mean of the squares. Wanted is the mean of the absolute values.",
            once=True,
            size=lambda dW: np.mean(dW**2),
        ),
        _slip(
            "largest",
            "You took the largest absolute value. Wanted is the mean of all.",
            once=True,
            size=lambda dW: np.abs(dW).max(),
        ),
        _slip(
            "missing 1/n",
            "Missing 1/n: you added over the samples. The loss is a mean over them, so its "
            "gradient is one too.",
            "measure",
            once=True,
            share=lambda y, n: 1.0,
        ),
        _slip(
            "1/n twice",
            "You divided by the number of samples twice.",
            once=True,
            share=lambda y, n: 1 / n**2,
        ),
        _slip(
            "divided by all outputs",
            "You divided by the number of all outputs. The loss is a mean over the samples alone; "
            "over the outputs of one sample it is a sum.",
            "measure",
            once=True,
            share=lambda y, n: 1 / y.size,
        ),
        _slip(
            "two too many",
            "You have a 2 too many. It cancels with the ½ of the loss.",
            "measure",
            once=True,
            error=lambda y, T: 2 * (y - T),
        ),
        _slip(
            "half kept",
            "You kept the ½ of the loss. Differentiating the square brings a 2, which cancels it.",
            "measure",
            once=True,
            error=lambda y, T: (y - T) / 2,
        ),
        _slip(
            "last layer first",
            "Your numbers begin with the last layer, in the order in which the way back meets "
            "them. Turn them round.",
            "measure",
            once=True,
            result=lambda norms: norms[::-1],
        ),
        _slip(
            "absolute value sample by sample",
            "You took absolute values before you added over the samples. The gradient of a weight "
            "is the mean over the samples with their signs; only then take its absolute value.",
            product=lambda s: np.abs(s.before).T @ np.abs(s.delta),
        ),
        _slip(
            "deltas",
            "You measured the deltas. Wanted are the gradients by the weights: "
            "(what went in).T @ delta.",
            product=lambda s: s.delta,
        ),
        _slip(
            "deltas of the samples",
            "You measured the deltas, each sample's by itself. Wanted are the gradients by the "
            "weights: (what went in).T @ delta, with the 1/n of the loss.",
            product=lambda s: s.delta * s.n,
        ),
        _slip(
            "what came out",
            "You multiplied the delta of a layer by what came *out* of it. Its weights act on "
            "what went *in*, which for the first layer is X.",
            product=lambda s: s.after.T @ s.delta,
        ),
        _slip(
            "all layers together",
            "You returned one number. Wanted is one for each layer.",
            result=lambda norms: np.mean(norms),
        ),
        _slip(
            "first layer left out",
            "The first layer is missing. Its weights act on X.",
            result=lambda norms: norms[1:],
        ),
        # The way forth and back.
        _slip(
            "weights not turned",
            "Going back, you multiplied by W as it stands. It led from the inputs to the outputs; "
            "back leads W.T.",
            back=lambda delta, W: delta @ W,
        ),
        _slip(
            "weights turned",
            "Going forth, you used W.T. Here W has a row for each input and a column for each "
            "unit, so that a layer is X @ W.",
            forth=lambda x, W: x @ W.T,
            back=lambda delta, W: delta @ W,
        ),
        _slip(
            "weights left out",
            "Going back, you did not multiply by the weights: the delta of a layer is made from "
            "delta @ W.T of the layer after it.",
            back=lambda delta, W: delta.sum(axis=1, keepdims=True) + np.zeros(len(W)),
        ),
        _slip(
            "1/n in every layer",
            "On the way back you divide by the number of samples in every layer. The loss has one "
            "1/n: divide the error of the outputs by it, once.",
            back=lambda delta, W: delta @ W.T / len(delta),
        ),
        _slip(
            "last layer left out",
            "The last layer is missing. Its weights have a gradient like all others.",
            result=lambda norms: norms[:-1],
        ),
        _slip(
            "no target",
            "You began the way back with the outputs. Begin with the error, outputs − T.",
            error=lambda y, T: y,
        ),
        _slip(
            "sign of the error",
            "You began the way back with the signs of the errors. The derivative of a square has "
            "the error itself.",
            error=lambda y, T: np.sign(y - T),
        ),
        # The slopes of the activations; those of relu first, where others agree with them.
        _slip(
            "relu always on",
            "You took 1 for the slope of relu everywhere. Where it gives 0 its slope is 0, and "
            "nothing comes back through it.",
            "slope",
            slope=lambda name, z, a: 1.0 if name == "relu" else _SLOPE[name](a),
        ),
        _slip(
            "relu of the delta",
            "On the way back you put the delta itself through relu. It passes where the unit was "
            "on, with whatever sign it has: multiply it by relu's slope.",
            through=lambda name, delta: delta * (delta > 0) if name == "relu" else delta,
            slope=lambda name, z, a: 1.0 if name == "relu" else _SLOPE[name](a),
        ),
        _slip(
            "relu for linear",
            'You take every activation that is not sigmoid or tanh for relu. "linear" does '
            "nothing, and its slope is 1.",
            value=lambda name, z: _VALUE["relu" if name == "linear" else name](z),
            slope=lambda name, z, a: _SLOPE["relu" if name == "linear" else name](a),
        ),
        _slip(
            "linear for relu",
            'With "relu" your layers do nothing. relu makes 0 of what is negative.',
            value=lambda name, z: _VALUE["linear" if name == "relu" else name](z),
            slope=lambda name, z, a: _SLOPE["linear" if name == "relu" else name](a),
        ),
        _slip(
            "no slopes in the hidden layers",
            "Only the last layer has its slope. On the way back every layer multiplies by its own.",
            hidden_slopes=False,
        ),
        _slip(
            "relu's value for its slope",
            "You multiplied by what came out of relu. Its slope there is 1, however much came out.",
            "slope",
            slope=lambda name, z, a: a if name == "relu" else _SLOPE[name](a),
        ),
        _slip(
            "no slopes",
            "The slopes of the activations are missing. On the way back each layer multiplies by "
            "its own.",
            "slope",
            slope=lambda name, z, a: 1.0,
        ),
        _slip(
            "no slope at the last layer",
            "You left out the slope of the last layer. It has an activation like all others.",
            "slope",
            last_slope=False,
        ),
        _slip(
            "last layer linear",
            "Your last layer has no activation. Here it stands after every layer.",
            "slope",
            outermost=lambda name: "linear",
        ),
        _slip(
            "slope of the sum",
            "You put what goes *into* the units into the formula of the slope. a·(1 − a) and "
            "1 − a² want what comes *out*.",
            "slope",
            slope=lambda name, z, a: _SLOPE[name](z),
        ),
        _slip(
            "activation twice",
            "You applied the activation once more before the slope. The slope at what went in is "
            "a·(1 − a) or 1 − a² with a, what came out, as it is.",
            "slope",
            slope=lambda name, z, a: _SLOPE[name](_VALUE[name](a)),
        ),
        _slip(
            "slope not squared",
            "You took 1 − a for the slope of tanh. It is 1 − a².",
            "slope",
            slope=lambda name, z, a: 1 - a if name == "tanh" else _SLOPE[name](a),
        ),
        _slip(
            "one slope for both",
            "You took a·(1 − a) for the slope of tanh too. That of tanh is 1 − a².",
            "slope",
            slope=lambda name, z, a: _SLOPE["sigmoid" if name == "tanh" else name](a),
        ),
        _slip(
            "sigmoid's slope without its a",
            "You took 1 − a for the slope of sigmoid. It is a·(1 − a).",
            "slope",
            slope=lambda name, z, a: 1 - a if name == "sigmoid" else _SLOPE[name](a),
        ),
        _slip(
            "tanh throughout",
            "You used tanh whatever the activation is called.",
            value=_one_for_all(np.tanh),
            slope=lambda name, z, a: 1 - a**2,
        ),
        _slip(
            "sigmoid throughout",
            "You used sigmoid whatever the activation is called.",
            value=_one_for_all(_VALUE["sigmoid"]),
            slope=lambda name, z, a: a * (1 - a),
        ),
        *(
            Misconception(
                name,
                _moves_the_targets(divided),
                "The numbers are right, but T -= … changes the targets that were passed in, and "
                "fails for whole numbers. Make a new array: outputs - T.",
            )
            for name, divided in (("targets changed", False), ("targets changed twice", True))
        ),
        Misconception(
            "list turned round",
            _turns_the_list,
            "The numbers are right, but afterwards the caller's list of weights is another one. "
            "weights.reverse() turns the list itself round; reversed(weights) and weights[::-1] "
            "leave it.",
        ),
    ),
)

# --- random weights -------------------------------------------------------------------------------

#: So many standard deviations may chance take a right answer away from what is expected.
LUCK = 7.0

#: How many generators a question about chance is asked with.
AGAIN, OTHERS = 3, 5

#: The parts of a normal distribution that lie farther than two and three deviations from 0.
OUTSIDE, FAR = math.erfc(2 / math.sqrt(2)), math.erfc(3 / math.sqrt(2))

#: In standard deviations; between them lie the parts of which a picture is drawn.
EDGES = (-2, -1, 0, 1, 2)

#: In place of NumPy's global generator, so that checking does not draw from that.
_GLOBAL = np.random.default_rng(70)


class _OneNumberError(WrongKindError):
    """A number came instead of an array."""


class _NoChanceError(WrongKindError):
    """Weights that do not depend on chance alone."""


class _OneRowError(WrongKindError):
    """As many numbers came as there are units."""


def _matrix(result: Any, n_in: int, n_out: int) -> np.ndarray:
    """Return the weights, if they are a matrix of as many real numbers as it should have."""
    W = _array(result)
    if W.dtype.kind not in "iuf":
        raise WrongKindError(f"wanted is an array of real numbers, not {type(result).__name__}")
    if W.ndim != 2 or W.size != n_in * n_out:
        kind = {(): _OneNumberError, (n_out,): _OneRowError}.get(W.shape, WrongKindError)
        raise kind(f"wanted is an array of shape ({n_in}, {n_out}), not of shape {W.shape}")
    return W.astype(np.float64)


def _array(value: Any) -> np.ndarray:
    """Return an array; one of no numbers if the rows differ in length."""
    try:
        return np.asarray(value)
    except ValueError:
        return np.asarray(None)


def _look_at_weights(function: Answer, look: str, n_in: int, n_out: int, seed: int) -> Any:
    def drawn(rng: np.random.Generator) -> np.ndarray:
        return _matrix(function(n_in, n_out, rng), n_in, n_out)

    rng = np.random.default_rng(seed)
    if look in ("again", "others", "next"):
        many = {
            "again": [np.random.default_rng(seed) for _ in range(AGAIN)],
            "others": [np.random.default_rng(seed + k) for k in range(OTHERS)],
            "next": [rng, rng],
        }[look]
        return len({drawn(one).tobytes() for one in many})
    result = function(n_in, n_out, rng)
    if result is None:
        return None
    W = _matrix(result, n_in, n_out)
    if look == "shape":
        return list(W.shape)
    if look == "different":
        return len(np.unique(W))
    deviation = float(np.sqrt(np.mean(W**2)))
    if look == "spread":
        return deviation
    if look == "mean":
        mean = float(np.mean(W))
        if abs(mean) < 1e-13 * deviation and len(np.unique(W)) == W.size:
            raise _NoChanceError("their mean is exactly 0, which chance alone never makes it")
        return mean
    if look == "shares":
        edges = np.array([-np.inf, *EDGES, np.inf]) * deviation
        return np.histogram(W, edges)[0] / W.size
    return float(np.mean(np.abs(W) > {"outside": 2, "far": 3}[look] * deviation))


_QUESTIONS = {
    "shape": "The shape of {call}: it",
    "different": "How many different numbers there are among the {size} weights of {call}: it",
    "again": f"How many different results {AGAIN} generators with the same seed give, {{call}}: it",
    "others": f"How many different results {OTHERS} generators with different seeds give, "
    "{call}: it",
    "next": "How many different results two calls with one generator give, {call}: it",
    "spread": "The standard deviation of the {size} weights of {call}: it",
    "mean": "The mean of the {size} weights of {call}: it",
    "outside": "The part of the {size} weights of {call} that lies more than two standard "
    "deviations from 0: it",
    "far": "The part of the {size} weights of {call} that lies more than three standard "
    "deviations from 0: it",
}


def _question(
    name: str, variance: Callable[[int, int], float], look: str, shape: tuple[int, int], seed: int
) -> Case:
    n_in, n_out = shape
    size = n_in * n_out
    deviation = math.sqrt(variance(n_in, n_out))
    expected: Any = {
        "shape": [n_in, n_out],
        "different": size,
        "again": 1,
        "others": OTHERS,
        "next": 2,
        "spread": deviation,
        "mean": 0.0,
        "outside": OUTSIDE,
        "far": FAR,
    }[look]
    chance = {
        "spread": deviation / math.sqrt(2 * size),
        "mean": deviation / math.sqrt(size),
        "outside": math.sqrt(OUTSIDE * (1 - OUTSIDE) / size),
        "far": math.sqrt(FAR * (1 - FAR) / size),
    }.get(look, 0.0)
    return Case(
        shown=_QUESTIONS[look].format(call=f"{name}({n_in}, {n_out}, rng)", size=size),
        arguments=(n_in, n_out, seed),
        keywords={"look": look},
        expected=expected,
        tolerance=LUCK * chance,
        what="apart from chance right is" if chance else "right is",
    )


#: A layer may be wider than the one before, narrower, or as wide.
_SMALL = ((2, 5), (4, 3), (3, 3), (1, 4), (6, 1))
_LARGE = ((60, 130), (150, 50), (50, 160), (90, 90))
_MIDDLE = ((40, 100), (90, 50), (65, 65))
#: So many weights that some must lie far out, if none is cut off.
_MANY = ((150, 200), (200, 180), (190, 190))


@dataclass(frozen=True)
class ChanceExercise(SeenExercise):
    """An exercise in which chance leaves small numbers less room than large ones."""

    def _diagnose(self, wanted: Property, pairs: Any) -> list[Misconception]:
        return super()._diagnose(wanted, [(_narrowed(case, one), one) for case, one in pairs])


def _narrowed(case: Case, answer: Any) -> Case:
    """Return a case with the room that chance leaves an answer that is too small."""
    value = answer.value
    if case.keywords["look"] != "spread" or not isinstance(value, float):
        return case
    return replace(case, tolerance=case.tolerance * min(1.0, 1.5 * value / case.expected))


def _by_name(name: str, variance: Callable[[int, int], float]) -> tuple[Property, Property]:
    """Return what a rule for random weights is checked against."""

    def cases(
        *asked: tuple[str, Sequence[tuple[int, int]]],
    ) -> Callable[[np.random.Generator, int], list[Case]]:
        return lambda rng, rounds: [
            _question(name, variance, look, shape, int(rng.integers(10**6)))
            for look, shapes in asked
            for shape in shapes
        ]

    def picture(case: Case, _: Any, ask: Answer) -> Picture | None:
        *shape, seed = case.arguments
        if case.keywords["look"] == "spread":
            return pictures.curves(
                [10.0, 20.0, 40.0, 70.0, 100.0, 150.0, 200.0],
                lambda n: math.sqrt(variance(int(n), 50)),
                lambda n: ask(int(n), 50, seed, look="spread"),
                ("number of inputs of a layer of 50 units", "Standard deviation of its weights"),
            )
        below = [0.0, *(math.erfc(-edge / math.sqrt(2)) / 2 for edge in EDGES), 1.0]
        names = ["below -2", *(f"{a} to {b}" for a, b in itertools.pairwise(EDGES)), "above 2"]
        return pictures.bars(
            np.diff(below),
            ask(*shape, seed, look="shares"),
            names,
            "Part of the weights",
        )

    return (
        Property(
            "a number for each weight, drawn by rng",
            1,
            cases(
                ("shape", _SMALL),
                ("different", ((4, 3), (3, 5), (2, 2))),
                ("again", ((4, 3), (2, 6), (3, 3))),
                ("others", ((4, 3), (2, 6), (3, 3))),
                ("next", ((4, 3), (2, 6), (3, 3))),
            ),
            hints=(
                "A row for each input, a column for each unit; every weight is drawn by itself.",
                "The same seed must give the same weights, and another seed others: use rng, and "
                "no other source of chance.",
                "rng.normal(0, deviation, (n_in, n_out)) draws them all at once.",
            ),
        ),
        Property(
            "normal around 0, with the right variance",
            2,
            cases(("spread", _LARGE), ("mean", _MIDDLE), ("outside", _MIDDLE), ("far", _MANY)),
            hints=(
                "rng.normal wants the standard deviation. What is that when you know the variance?",
                "The standard deviation is the root of the variance.",
                "Normal numbers come from rng.normal. Those of rng.uniform and rng.random lie "
                "otherwise.",
            ),
            picture=picture,
        ),
    )


def _normal(variance: Callable[[int, int], float]) -> Answer:
    """Return a rule with another variance."""
    return lambda n_in, n_out, rng: rng.normal(0, variance(n_in, n_out) ** 0.5, (n_in, n_out))


def _uniform(limit: Callable[[int, int], float]) -> Answer:
    return lambda n_in, n_out, rng: rng.uniform(
        -limit(n_in, n_out), limit(n_in, n_out), (n_in, n_out)
    )


def _truncated(n_in: int, n_out: int, rng: np.random.Generator, deviation: float) -> Any:
    """Draw anew what lies farther than two standard deviations from 0."""
    W = rng.normal(0, 1, (n_in, n_out))
    while (far := np.abs(W) > 2).any():
        W[far] = rng.normal(0, 1, int(far.sum()))
    return deviation * W


def _exact(W: np.ndarray, deviation: float) -> np.ndarray:
    if W.size == 1:
        return W * deviation
    return np.asarray((W - W.mean()) / W.std() * deviation)


def _about_chance(variance: Callable[[int, int], float]) -> tuple[tuple[str, Answer, str], ...]:
    """Return the slips that are the same for every variance."""

    def deviation(n_in: int, n_out: int) -> float:
        return math.sqrt(variance(n_in, n_out))

    return (
        (
            "variance for deviation",
            lambda n_in, n_out, rng: rng.normal(0, variance(n_in, n_out), (n_in, n_out)),
            "You gave the variance to rng.normal, or multiplied by it. Both want the standard "
            "deviation, which is its root.",
        ),
        (
            "half the variance",
            _normal(lambda n_in, n_out: variance(n_in, n_out) / 2),
            "Your variance is half as large as it should be: the 2 in the numerator is missing.",
        ),
        (
            "twice the variance",
            _normal(lambda n_in, n_out: variance(n_in, n_out) * 2),
            "Your variance is twice as large as it should be.",
        ),
        (
            "upside down",
            _normal(lambda n_in, n_out: 1 / variance(n_in, n_out)),
            "Your weights are the larger, the more inputs a unit has. It is the other way round: "
            "more terms in a sum must each be smaller.",
        ),
        (
            "not scaled",
            _normal(lambda n_in, n_out: 1.0),
            "Your weights have the variance 1, whatever the size of the layer. Multiply by the "
            "standard deviation that is asked for.",
        ),
        (
            "uniform up to the deviation",
            _uniform(deviation),
            "Your weights are uniform between minus and plus the standard deviation. That makes "
            "their own deviation smaller by √3; and normal numbers are wanted.",
        ),
        (
            "uniform",
            _uniform(lambda n_in, n_out: math.sqrt(3) * deviation(n_in, n_out)),
            "The variance is right, but your weights are uniform: none lies far out. Here they "
            "are to be normal, so rng.normal.",
        ),
        (
            "two values",
            lambda n_in, n_out, rng: rng.choice((-1, 1), (n_in, n_out)) * deviation(n_in, n_out),
            "Your weights have only two values. Draw them from a normal distribution.",
        ),
        (
            "truncated",
            lambda n_in, n_out, rng: _truncated(n_in, n_out, rng, deviation(n_in, n_out)),
            "You drew large numbers anew, as some libraries do. That makes the variance smaller; "
            "keep them.",
        ),
        (
            "cut off",
            lambda n_in, n_out, rng: np.clip(
                rng.normal(0, deviation(n_in, n_out), (n_in, n_out)),
                -2 * deviation(n_in, n_out),
                2 * deviation(n_in, n_out),
            ),
            "You cut large numbers off at two standard deviations. That makes the variance "
            "smaller; keep them as they are.",
        ),
        (
            "shifted and scaled",
            lambda n_in, n_out, rng: _exact(
                rng.normal(0, 1, (n_in, n_out)), deviation(n_in, n_out)
            ),
            "You shift your weights until their mean is exactly 0. Then they depend on each other; "
            "leave them as they were drawn.",
        ),
        (
            "deviation for mean",
            lambda n_in, n_out, rng: rng.normal(deviation(n_in, n_out), 1, (n_in, n_out)),
            "You gave the standard deviation to rng.normal as the mean. It wants the mean first: "
            "rng.normal(0, deviation, (n_in, n_out)).",
        ),
        (
            "one long vector",
            lambda n_in, n_out, rng: rng.normal(0, deviation(n_in, n_out), n_in * n_out),
            "You drew one long vector. Give rng.normal the shape (n_in, n_out).",
        ),
        (
            "no negative weights",
            lambda n_in, n_out, rng: np.abs(rng.normal(0, deviation(n_in, n_out), (n_in, n_out))),
            "None of your weights is negative. They should lie around 0.",
        ),
        (
            "numbers from 0 to 1",
            lambda n_in, n_out, rng: rng.random((n_in, n_out)) * deviation(n_in, n_out),
            "rng.random gives numbers between 0 and 1, so none of your weights is negative. Draw "
            "with rng.normal.",
        ),
        (
            "units in rows",
            lambda n_in, n_out, rng: rng.normal(0, deviation(n_in, n_out), (n_out, n_in)),
            "Your array has a row for each unit. Here the shape is (n_in, n_out): a row for each "
            "input.",
        ),
        (
            "one row",
            lambda n_in, n_out, rng: rng.normal(0, deviation(n_in, n_out), n_out),
            "You drew one row. Wanted is one for each input: the shape (n_in, n_out).",
        ),
        (
            "one number",
            lambda n_in, n_out, rng: rng.normal(0, deviation(n_in, n_out)),
            "You drew one number. Give rng.normal the shape (n_in, n_out) as well.",
        ),
        (
            "the same row again",
            lambda n_in, n_out, rng: np.tile(
                rng.normal(0, deviation(n_in, n_out), n_out), (n_in, 1)
            ),
            "All your rows are the same. Draw every weight by itself.",
        ),
        (
            "the same column again",
            lambda n_in, n_out, rng: np.tile(
                rng.normal(0, deviation(n_in, n_out), (n_in, 1)), (1, n_out)
            ),
            "All your units have the same weights, and would learn the same for ever. Draw every "
            "weight by itself.",
        ),
        (
            "all the same",
            lambda n_in, n_out, rng: np.full((n_in, n_out), deviation(n_in, n_out)),
            "All your weights are the same number, the standard deviation. It says how far random "
            "weights lie from 0; draw them with rng.",
        ),
        (
            "zeros",
            lambda n_in, n_out, rng: np.zeros((n_in, n_out)),
            "All your weights are 0: every unit would do the same, and nothing would come back.",
        ),
        (
            "global generator",
            lambda n_in, n_out, rng: _GLOBAL.normal(0, deviation(n_in, n_out), (n_in, n_out)),
            "The same seed gives other weights each time: you draw from NumPy's global generator "
            "and not from rng. Nobody could repeat such a run.",
        ),
        (
            "own seed",
            lambda n_in, n_out, rng: np.random.default_rng(0).normal(
                0, deviation(n_in, n_out), (n_in, n_out)
            ),
            "Your weights do not depend on rng: two layers of one size would have the same. Do not "
            "make a generator of your own.",
        ),
    )


def _weights_as(*rows: tuple[str, Answer, str]) -> tuple[Misconception, ...]:
    return tuple(Misconception(name, seen(f, _look_at_weights), said) for name, f, said in rows)


def _xavier_variance(n_in: int, n_out: int) -> float:
    return 2 / (n_in + n_out)


def _he_variance(n_in: int, n_out: int) -> float:
    return 2 / n_in


_DRAWN = (_normal, _uniform, _truncated, _about_chance, _xavier_variance, _he_variance)

_MIDDLE_WAY = (
    "Xavier's rule has one variance for both ways, forth and back: the number of inputs and the "
    "number of units both enter, as their mean."
)
_INPUTS = "He's rule looks at the way forth: as many terms as there are inputs go into a sum."

xavier = ChanceExercise(
    name="xavier",
    chapter=CHAPTER,
    withheld=(*_BOOK, *_DRAWN),
    sees=_look_at_weights,
    properties=_by_name("xavier", _xavier_variance),
    misconceptions=_weights_as(
        *_about_chance(_xavier_variance),
        (
            "inputs alone",
            _normal(lambda n_in, n_out: 1 / n_in),
            f"Your variance is 1/n_in, which keeps the size on the way forth alone. {_MIDDLE_WAY}",
        ),
        (
            "units alone",
            _normal(lambda n_in, n_out: 1 / n_out),
            f"Your variance is 1/n_out, which keeps the size on the way back alone. {_MIDDLE_WAY}",
        ),
        (
            "He's variance",
            _normal(_he_variance),
            f"Your variance is 2/n_in, that of He's rule, for relu. {_MIDDLE_WAY}",
        ),
        (
            "root of the 2 alone",
            _normal(lambda n_in, n_out: 2 / (n_in + n_out) ** 2),
            "You took the root of the 2 alone. The standard deviation is the root of the whole "
            "fraction: √(2/(n_in + n_out)).",
        ),
        (
            "product for sum",
            _normal(lambda n_in, n_out: 2 / (n_in * n_out)),
            "You divided by n_in·n_out, the number of weights. Divide by the sum n_in + n_out.",
        ),
        (
            "brackets",
            _normal(lambda n_in, n_out: 2 / n_in + n_out),
            "In Python `2 / n_in + n_out` adds n_out afterwards. Write `2 / (n_in + n_out)`.",
        ),
        (
            "limit for deviation",
            _normal(lambda n_in, n_out: 6 / (n_in + n_out)),
            "√(6/(n_in + n_out)) is how far the uniform form of the rule reaches. The standard "
            "deviation of the normal form is √(2/(n_in + n_out)).",
        ),
    ),
)


def _right_xavier(n_in: int, n_out: int, rng: np.random.Generator) -> np.ndarray:
    return rng.normal(0, math.sqrt(2 / (n_in + n_out)), (n_in, n_out))


he = ChanceExercise(
    name="he",
    chapter=CHAPTER,
    withheld=(*_BOOK, *_DRAWN),
    sees=_look_at_weights,
    properties=_by_name("he", _he_variance),
    earlier={"xavier": _right_xavier},
    misconceptions=_weights_as(
        *_about_chance(_he_variance),
        (
            "units for inputs",
            _normal(lambda n_in, n_out: 2 / n_out),
            f"You divided by the number of units. {_INPUTS}",
        ),
        (
            "Xavier's variance",
            _normal(_xavier_variance),
            f"Your variance is 2/(n_in + n_out), that of Xavier's rule. {_INPUTS}",
        ),
        (
            "root of the 2 alone",
            _normal(lambda n_in, n_out: 2 / n_in**2),
            "You took the root of the 2 alone. The standard deviation is the root of the whole "
            "fraction: √(2/n_in).",
        ),
        (
            "all weights",
            _normal(lambda n_in, n_out: 2 / (n_in * n_out)),
            f"You divided by the number of weights, n_in·n_out. {_INPUTS}",
        ),
        (
            "limit for deviation",
            _normal(lambda n_in, n_out: 6 / n_in),
            "√(6/n_in) is how far the uniform form of the rule reaches. The standard deviation of "
            "the normal form is √(2/n_in).",
        ),
    ),
)

# --- clip_by_norm ---------------------------------------------------------------------------------

#: PyTorch divides by the norm plus 1e-6, and so may a student: every norm here is at least 1 where
#: something is to be shortened, so the difference is less than this part.
SLACK = 2e-6


class _OneArrayError(WrongKindError):
    """All numbers came in one array."""


def _all_numbers(function: Answer, _: str, gradients: Any, limit: float) -> Any:
    """Return the numbers of all arrays in a row, if they have the shapes of those given."""
    shapes = [np.shape(g) for g in gradients]
    result = function(gradients, limit)
    if result is None:
        return None
    if not isinstance(result, list | tuple | np.ndarray):
        raise WrongKindError(f"wanted is a list of arrays, not {type(result).__name__}")
    arrays = [_array(one) for one in result]
    if [one.shape for one in arrays] != shapes:
        in_a_row = np.shape(result) == (sum(math.prod(shape) for shape in shapes),)
        kind = _OneArrayError if isinstance(result, np.ndarray) and in_a_row else WrongKindError
        raise kind(
            f"wanted is a list of arrays of the shapes {_listed(shapes)}, as they came in, not "
            f"{_listed([one.shape for one in arrays]) or 'an empty one'}"
        )
    if any(one.dtype.kind not in "iuf" for one in arrays):
        raise WrongKindError("wanted are arrays of real numbers")
    return np.concatenate([one.ravel().astype(np.float64) for one in arrays])


def _listed(shapes: Sequence[tuple[int, ...]]) -> str:
    return ", ".join(map(str, shapes))


def _clipped(gradients: Sequence[np.ndarray], limit: float) -> Case:
    expected = np.concatenate([g.ravel() for g in optimizers.clip_by_norm(gradients, limit)])
    given = ", ".join(written(g) for g in gradients)
    return Case(
        shown=f"The numbers of clip_by_norm([{given}], {limit:g}), all in a row: it",
        arguments=(list(gradients), limit),
        keywords={"look": "numbers"},
        expected=expected,
        tolerance=SLACK * float(np.abs(expected).max()),
        what="right is",
    )


_SHAPES: tuple[tuple[tuple[int, ...], ...], ...] = (
    ((2, 2), (3,)),
    ((2, 3), (3, 2)),
    ((1, 2), (2,), (2, 2)),
    ((3, 1), (1, 3), (2,)),
    ((2, 2), (2, 2), (2, 1)),
    ((4,), (2, 2)),
)


_ODD_SHAPES: tuple[tuple[tuple[int, ...], ...], ...] = (
    ((5,),),
    ((2, 3),),
    ((1,),),
    ((2,),) * 6,
    ((2, 2, 2), (3,)),
    ((1, 1), (1,)),
)


def _arrays(rng: np.random.Generator, shapes: Sequence[tuple[int, ...]]) -> list[np.ndarray]:
    return [np.asarray(rng.integers(4, 13, s) / 4 * rng.choice((-1, 1), s)) for s in shapes]


def _length(gradients: Sequence[np.ndarray]) -> float:
    return math.sqrt(sum(float(np.sum(g.astype(np.float64) ** 2)) for g in gradients))


def _too_long(rng: np.random.Generator, rounds: int) -> list[Case]:
    """Return gradients to be shortened, some by much and some by little, some that are large."""
    cases = []
    for k, shapes in enumerate(_SHAPES[: max(rounds, 3)]):
        arrays = _arrays(rng, shapes)
        share = (0.4, 0.25, 0.8, 0.6)[k % 4] * rng.uniform(0.9, 1.1)
        cases.append(_clipped(arrays, round(share * _length(arrays), 2)))
    # The limit is below each array's norm, and the norms are unlike.
    for shapes in _SHAPES[:2]:
        arrays = _arrays(rng, shapes)
        arrays[0] = 8 * arrays[0]
        cases.append(_clipped(arrays, float(rng.choice((0.5, 1.5)))))
    # Only together they are too long.
    for shapes in _SHAPES[2:4]:
        arrays = _arrays(rng, shapes)
        longest = max(_length([one]) for one in arrays)
        cases.append(_clipped(arrays, round((longest + _length(arrays)) / 2, 2)))
    cases.append(_clipped([1e6 * one for one in _arrays(rng, _SHAPES[0])], 5.0))
    return cases


def _short_enough(rng: np.random.Generator, rounds: int) -> list[Case]:
    """Return gradients within the limit, exactly at it, and gradients that are all 0."""
    cases = []
    for k, shapes in enumerate(_SHAPES[: max(rounds, 3)]):
        arrays = _arrays(rng, shapes)
        reach = (1.02, 1.5, 4.0)[k % 3]
        cases.append(_clipped(arrays, round(reach * _length(arrays) + 0.01, 2)))
        cases.append(_clipped([one / 64 for one in arrays], float(rng.choice((0.75, 1.5)))))
    three, four = np.array([[3.0, 0.0]]), np.array([4.0])
    cases.append(_clipped([three * rng.choice((-1, 1)), four], 5.0))
    cases += [_clipped([np.zeros(s) for s in shapes], 1.0) for shapes in _SHAPES[:3]]
    return cases


def _any_arrays(rng: np.random.Generator, rounds: int) -> list[Case]:
    """Return one array, many, arrays with three axes, and whole numbers."""
    cases = []
    for shapes in _ODD_SHAPES:
        arrays = _arrays(rng, shapes)
        cases.append(_clipped(arrays, round(0.7 * _length(arrays), 2)))
    for shapes in _SHAPES[: max(rounds, 3)]:
        whole = [(4 * one).astype(np.int64) for one in _arrays(rng, shapes)]
        cases.append(_clipped(whole, round(0.6 * _length(whole), 2)))
    return cases


def _bars_of_numbers(case: Case, value: Any, _: Answer) -> Picture | None:
    names = [
        f"{'abcdef'[k]}{i}" for k, g in enumerate(case.arguments[0]) for i in range(np.size(g))
    ]
    return pictures.bars(case.expected, value, names, "Clipped gradients")


def _scaled(
    size: Callable[[Any], float] = _length,
    *,
    factor: Callable[[float, float], float] = lambda norm, limit: limit / norm,
    when: Callable[[float, float], bool] = lambda norm, limit: norm > limit,
) -> Answer:
    """Return a clipping that measures something else, or multiplies by something else."""

    def answer(gradients: Any, limit: float) -> Any:
        # A NumPy number, because one divided by 0 gives no error.
        norm = np.float64(size(gradients))
        return [g * factor(norm, limit) if when(norm, limit) else g * 1.0 for g in gradients]

    return answer


def _one_by_one(gradients: Any, limit: float) -> Any:
    return [g * min(1.0, limit / max(_length([g]), 1e-300)) for g in gradients]


def _in_place(gradients: Any, limit: float) -> Any:
    norm = _length(gradients)
    if norm > limit:
        for g in gradients:
            g *= limit / norm
    return gradients


def _into_the_list(gradients: Any, limit: float) -> Any:
    norm = _length(gradients)
    for k, g in enumerate(gradients):
        gradients[k] = g * (limit / norm) if norm > limit else g
    return gradients


def _one_after_the_other(gradients: Any, limit: float) -> Any:
    """Measure anew before each array, when those before it are shortened already."""
    found = [g * 1.0 for g in gradients]
    for k, g in enumerate(found):
        norm = _length(found)
        found[k] = g * (limit / norm) if norm > limit else g
    return found


def _row_by_row(gradients: Any, limit: float) -> Any:
    def shortened(g: Any) -> Any:
        norm = np.linalg.norm(g, axis=-1, keepdims=True)
        return g * np.minimum(1, limit / np.maximum(norm, 1e-300))

    return [shortened(np.asarray(g)) for g in gradients]


def _as_one_array(gradients: Any, limit: float) -> Any:
    together = np.array(gradients)
    norm = np.linalg.norm(together)
    return [*(together * limit / norm if norm > limit else together * 1.0)]


def _like_the_given(gradients: Any, limit: float) -> Any:
    return [
        new.astype(g.dtype) for new, g in zip(_scaled()(gradients, limit), gradients, strict=True)
    ]


def _divides_by_zero(gradients: Any, limit: float) -> Any:
    return [g * min(1.0, limit / _length(gradients)) for g in gradients]


def _in_a_row(gradients: Any, limit: float) -> Any:
    return np.concatenate([np.ravel(g) for g in _scaled()(gradients, limit)])


def _spectral(gradients: Any) -> float:
    return math.sqrt(
        sum(float(np.linalg.norm(g, 2 if np.ndim(g) == 2 else None)) ** 2 for g in gradients)
    )


def _entries(gradients: Any) -> np.ndarray:
    return np.asarray(np.abs(np.concatenate([np.ravel(g) for g in gradients])))


_ONE_FACTOR = "All numbers are multiplied by one factor, limit / norm, so that the direction stays."


def _clips(*rows: tuple[str, Answer, str]) -> tuple[Misconception, ...]:
    return tuple(Misconception(name, seen(f, _all_numbers), said) for name, f, said in rows)


@dataclass(frozen=True)
class ClipExercise(SeenExercise):
    """An exercise whose function returns a list of arrays, looked at as a row of numbers."""


clip_by_norm = ClipExercise(
    name="clip_by_norm",
    chapter=CHAPTER,
    withheld=(*_BOOK, _scaled, _one_by_one, _in_place, _into_the_list, _divides_by_zero, _in_a_row),
    sees=_all_numbers,
    properties=(
        Property(
            "shortened all together",
            2,
            _too_long,
            hints=(
                "Think of all numbers of all arrays as one long vector. How long is it?",
                "Add up the squares over all arrays, and take one root at the end.",
                "Multiply every array by limit / norm.",
            ),
            picture=_bars_of_numbers,
        ),
        Property(
            "left as they are if short enough",
            1,
            _short_enough,
            hints=(
                "Which factor leaves a gradient as it is?",
                "Only if the norm is larger than the limit is there anything to do. What does your "
                "code do when all gradients are 0?",
            ),
            picture=_bars_of_numbers,
        ),
        Property(
            "one array or six, whole numbers; the caller's are kept",
            1,
            _any_arrays,
            hints=(
                "g *= … changes the array that was passed in; g * … makes a new one.",
                "An array of whole numbers cannot hold what lies between them.",
            ),
            arguments_kept=True,
        ),
    ),
    misconceptions=_clips(
        (
            "one array at a time",
            _one_by_one,
            "You clipped each array by its own norm. Then long ones are shortened and short ones "
            f"are not, and the step has another direction. {_ONE_FACTOR}",
        ),
        (
            "measured anew for each array",
            _one_after_the_other,
            "You measure the norm again for every array, when the arrays before it are shortened "
            f"already. Measure once, before the loop. {_ONE_FACTOR}",
        ),
        (
            "row by row",
            _row_by_row,
            f"You shorten every row by itself. {_ONE_FACTOR}",
        ),
        (
            "one array of all",
            _as_one_array,
            "np.array(gradients) works only where all have one shape. Add up the squares array by "
            "array.",
        ),
        (
            "by value",
            lambda gradients, limit: [np.clip(g, -limit, limit) for g in gradients],
            "You cut off each number at ±limit. That is clipping by value, which changes the "
            f"direction. {_ONE_FACTOR}",
        ),
        (
            "always to the limit",
            _scaled(when=lambda norm, limit: norm > 0),
            "You made short gradients longer. Near a minimum they ought to be short; multiply only "
            "if the norm is larger than the limit.",
        ),
        (
            "always to the limit, zeros too",
            _scaled(when=lambda norm, limit: True),
            "You multiply by limit / norm whatever the norm is. Short gradients become longer, and "
            "0 is divided by 0. Multiply only if the norm is larger than the limit.",
        ),
        (
            "never clipped",
            lambda gradients, limit: list(gradients),
            "You returned the gradients as they came, although their norm is larger than the "
            "limit.",
        ),
        (
            "square of the norm",
            _scaled(lambda gradients: _length(gradients) ** 2),
            "You used the square of the norm. Take the root of the sum of squares.",
        ),
        (
            "square of the norm compared",
            _scaled(when=lambda norm, limit: norm**2 > limit),
            "You compare the square of the norm with the limit. Take the root before you compare, "
            "as you do when you shorten.",
        ),
        (
            "sum of the norms",
            _scaled(lambda gradients: sum(_length([g]) for g in gradients)),
            "You added up the norms of the arrays. Add up their squares, and take the root of the "
            "sum.",
        ),
        (
            "largest of the norms",
            _scaled(lambda gradients: max(_length([g]) for g in gradients)),
            "You took the norm of the longest array. The norm wanted is that of all arrays "
            "together: add up the squares of all numbers, then take the root.",
        ),
        (
            "mean of the norms",
            _scaled(lambda gradients: sum(_length([g]) for g in gradients) / len(gradients)),
            "You took the mean of the norms of the arrays. Add up their squares, and take the "
            "root of the sum.",
        ),
        (
            "sum of sizes",
            _scaled(lambda gradients: float(_entries(gradients).sum())),
            "You added up absolute values. The norm is the root of the sum of squares.",
        ),
        (
            "largest entry",
            _scaled(lambda gradients: float(_entries(gradients).max())),
            "You compared the limit with the largest number. Compare it with the norm of all.",
        ),
        (
            "largest entry compared",
            lambda gradients, limit: (
                _scaled()(gradients, limit)
                if _entries(gradients).max() > limit
                else [g * 1.0 for g in gradients]
            ),
            "You shorten only if one number is larger than the limit. Many small ones together can "
            "be too long: compare the norm.",
        ),
        (
            "mean square",
            _scaled(lambda gradients: float(np.sqrt(np.mean(_entries(gradients) ** 2)))),
            "You took the root of the mean square. The norm is the root of the sum, whatever the "
            "number of entries.",
        ),
        (
            "spectral norm",
            _scaled(_spectral),
            "np.linalg.norm(g, 2) of a matrix is its largest stretching. Wanted is the root of "
            "the sum of squares: np.linalg.norm(g) without the 2.",
        ),
        (
            "last array alone",
            _scaled(lambda gradients: _length(gradients[-1:])),
            "Your norm is that of the last array. Did the loop replace the sum instead of adding "
            "to it?",
        ),
        (
            "first array alone",
            _scaled(lambda gradients: _length(gradients[:1])),
            "Your norm is that of the first array. All arrays count.",
        ),
        (
            "to length 1",
            _scaled(factor=lambda norm, limit: 1 / norm),
            "You shortened to the length 1. The length wanted is the limit.",
        ),
        (
            "times the limit",
            _scaled(factor=lambda norm, limit: limit),
            "You multiplied by the limit. Multiply by limit / norm, so that the norm becomes the "
            "limit.",
        ),
        (
            "upside down",
            _scaled(factor=lambda norm, limit: norm / limit),
            "You multiplied by norm / limit, which makes long gradients longer. Multiply by "
            "limit / norm.",
        ),
        (
            "thrown away",
            _scaled(factor=lambda norm, limit: 0.0),
            "You set gradients to 0 if they are too long. Shorten them; their direction is right.",
        ),
        (
            "divided by zero",
            _divides_by_zero,
            "If all gradients are 0 you divide by 0. Compare first, and divide only if the norm is "
            "larger than the limit.",
        ),
        (
            "one long array",
            _in_a_row,
            "You returned all numbers in one array. Wanted is a list of arrays of the old shapes.",
        ),
        (
            "made like the given ones",
            _like_the_given,
            "Your arrays have the type of those given. From whole numbers every result is cut to "
            "a whole number. Multiply with g * factor.",
        ),
        (
            "changed in place",
            _in_place,
            "g *= … changes the caller's arrays, and fails for whole numbers. Return new ones: "
            "g * factor.",
        ),
        (
            "list refilled",
            _into_the_list,
            "The numbers are right, but gradients[k] = … puts them into the caller's list. Make a "
            "new list.",
        ),
    ),
)
