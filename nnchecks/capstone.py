"""Checks of assignment `10-capstone`: a network trained on samples that no chapter shows.

Four of the functions are short, and are compared number by number. `train_network` gets its start
as an argument, so that its result is determined too, whatever the student's code looks like. Only
the last, `my_program`, is free: it is asked for the classes of samples that the student has never
seen, and has to come near what the nearest neighbours among the training samples say of them.
"""

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from nnchecks.engine import pictures
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
from nnchecks.engine.report import Picture, Report
from nnchecks.engine.submitter import is_placeholder, of_another, submitter
from nnchecks.xor import TRAINING
from nnlib import activations, datasets, gradient_descent, losses, optimizers, training

CHAPTER = "the capstone's page"

#: In place of NumPy's global generator, so that checking does not draw from that.
_GLOBAL = np.random.default_rng(20)

# --- the right answers, and what may be changed in them -------------------------------------------


def _splitting(
    order: Callable[[Any, int], Any] = lambda rng, n: rng.permutation(n),
    cut: Callable[[Any, int], tuple[Any, Any]] = lambda order, k: (order[:k], order[k:]),
    share: Callable[[float], float] = lambda fraction: fraction,
    whole: Callable[[float], int] = round,
) -> Callable[..., Any]:
    """Return a split that orders, cuts or counts in another way."""

    def split(X: Any, labels: Any, fraction: float, rng: Any) -> Any:
        n = len(X)
        first, rest = cut(order(rng, n), whole(share(fraction) * n))
        return X[first], labels[first], X[rest], labels[rest]

    return split


def _standardising(
    middle: Callable[[Any], Any] = lambda samples: samples.mean(axis=0),
    spread: Callable[[Any], Any] = lambda samples: samples.std(axis=0),
    *,
    samples: Callable[[Any, Any, Any], Any] = lambda train, array, both: train,
    guarded: bool = True,
    formula: Callable[[Any, Any, Any], Any] = lambda array, m, s: (array - m) / s,
) -> Callable[..., Any]:
    """Return a standardising with another middle or spread, or taken from other samples."""

    def standardise(train: Any, *others: Any) -> Any:
        found = []
        for array in (train, *others):
            known = samples(train, array, np.vstack([train, *others]))
            m, s = middle(known), np.asarray(spread(known), dtype=np.float64)
            found.append(formula(array, m, np.where(s > 0, s, 1.0) if guarded else s))
        return found

    return standardise


_right_standardise = _standardising()


def _balancing(
    of: Callable[[Any, Any], Any] = lambda shares, sizes: np.mean(shares),
    hits: Callable[[Any, Any, Any], Any] = lambda named, labels, c: np.mean(
        named[labels == c] == c
    ),
    classes: Callable[[Any, Any], Any] = lambda named, labels: np.unique(labels),
) -> Callable[..., Any]:
    """Return a balanced accuracy that counts in another way."""

    def balanced_accuracy(named: Any, labels: Any) -> Any:
        named, labels = np.asarray(named), np.asarray(labels)
        counted = classes(named, labels)
        sizes = np.array([np.mean(labels == c) for c in counted])
        return of(np.array([hits(named, labels, c) for c in counted]), sizes)

    return balanced_accuracy


def _every_seed(score: Any, setting: Any, seeds: Any) -> Any:
    return [score(setting, seed) for seed in seeds]


def _comparing(
    scores: Callable[[Any, Any, Any], Any] = _every_seed,
    middle: Callable[[Any], Any] = np.median,
    spread: Callable[[Any], Any] = lambda found: max(found) - min(found),
    best: Callable[[Any, Any, Any], Any] = lambda middles, spreads, found: np.argmax(middles),
) -> Callable[..., Any]:
    """Return a comparison with another middle, spread or choice."""

    def compare(settings: Any, score: Any, seeds: Any) -> Any:
        found = [scores(score, one, seeds) for one in settings]
        middles, spreads = [middle(one) for one in found], [spread(one) for one in found]
        return list(zip(middles, spreads, strict=True)), best(middles, spreads, found)

    return compare


#: The arrays of a network, in the order in which a sample meets them.
PARAMS = ("W1", "b1", "W2", "b2")


def _softmax_rows(Z: Any) -> Any:
    exp = np.exp(Z - Z.max(axis=1, keepdims=True))
    return exp / exp.sum(axis=1, keepdims=True)


#: One pass forth and back, line by line; the wrong answers have some lines in other words.
PROGRAM = {
    "H": "np.tanh(X @ W1 + b1)",
    "P": "softmax(H @ W2 + b2)",
    "Y": "np.eye(len(b2))[labels]",
    "loss": "-(Y * np.log(P)).sum() / n",
    "D2": "(P - Y) / n",
    "dW2": "H.T @ D2",
    "db2": "D2.sum(axis=0)",
    "D1": "D2 @ W2.T * (1 - H**2)",
    "dW1": "X.T @ D1",
    "db1": "D1.sum(axis=0)",
}
_FUNCTIONS = {"np": np, "softmax": _softmax_rows}


def _program(**changed: str) -> Callable[..., Any]:
    lines = PROGRAM | changed
    code = compile("\n".join(f"{name} = {line}" for name, line in lines.items()), "net", "exec")

    def gradients(params: Any, X: Any, labels: Any, rate: float = 0.0) -> Any:
        known = {**params, "X": X, "labels": np.asarray(labels), "n": len(X), "rate": rate}
        exec(code, _FUNCTIONS, known)
        return known["loss"], {name: known[f"d{name}"] for name in PARAMS}

    return gradients


_right_program = _program()


def _descent(g: Any, memory: Any, t: int) -> tuple[Any, Any]:
    return g, memory


def _momentum(g: Any, memory: Any, t: int) -> tuple[Any, Any]:
    memory = 0.9 * (0 if memory is None else memory) + g
    return memory, memory


def _adam(
    g: Any,
    memory: Any,
    t: int,
    *,
    betas: tuple[float, float] = (0.9, 0.999),
    corrected: bool = True,
    rooted: bool = True,
) -> tuple[Any, Any]:
    m, v = (0.0, 0.0) if memory is None else memory
    m = betas[0] * m + (1 - betas[0]) * g
    v = betas[1] * v + (1 - betas[1]) * g**2
    over = m / (1 - betas[0] ** t) if corrected else m
    under = v / (1 - betas[1] ** t) if corrected else v
    return over / ((np.sqrt(under) if rooted else under) + 1e-8), (m, v)


RULES: dict[str, Callable[..., Any]] = {
    "descent": _descent,
    "momentum": _momentum,
    "adam": _adam,
}


def _training(
    gradients: Callable[..., Any] = _right_program,
    *,
    rules: Callable[[str], Callable[..., Any]] = lambda name: RULES[name],
    only: tuple[str, ...] = PARAMS,
    sign: int = -1,
    forgets: bool = False,
    clock: Callable[[int, int], int] = lambda step, place: step,
    result: Callable[[Any, Any], Any] = lambda run, losses: (run[-1], losses),
) -> Callable[..., Any]:
    """Return a training with other gradients, another rule, or another result."""

    def train_network(params: Any, X: Any, labels: Any, choices: Any) -> Any:
        rate, rule = choices["learning_rate"], rules(choices["optimizer"])
        run, found, memory = [dict(params)], [], dict.fromkeys(PARAMS)
        for step in range(1, choices["steps"] + 1):
            loss, slopes = gradients(run[-1], X, labels, rate)
            found.append(loss)
            new = dict(run[-1])
            for place, name in enumerate(only):
                old = None if forgets else memory[name]
                move, memory[name] = rule(slopes[name], old, clock(step, place))
                new[name] = run[-1][name] + sign * rate * move
            run.append(new)
        found.append(gradients(run[-1], X, labels, rate)[0])
        return result(run, found)

    return train_network


def _drawn(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    return np.asarray(np.sqrt(2 / sum(shape)) * rng.standard_normal(shape))


def _whole(
    *,
    scaled: Callable[[Any, Any], Any] = _right_standardise,
    fit: Callable[..., Any] | None = None,
    named: Callable[[Any, Any], Any] = lambda P, X: P.argmax(axis=1),
    asked: Callable[[Any, Any], Any] = lambda X, new: new,
    generator: Callable[[Any], Any] = lambda rng: rng,
) -> Callable[..., Any]:
    """Return a whole program: scale, start, train, and name the classes of new samples."""

    def my_program(X: Any, labels: Any, X_new: Any, rng: Any) -> Any:
        train, new = scaled(X, asked(X, X_new))
        P = (fit or _fitted)(train, labels, new, generator(rng))
        return named(P, X)

    return my_program


#: What the program of the catalogue chooses: few units, and few steps, so that it is fast.
HIDDEN, CHOICES = 16, {"optimizer": "adam", "learning_rate": 0.1, "steps": 120}


def _fitted(X: Any, labels: Any, new: Any, rng: Any, steps: int | None = None) -> Any:
    """Return the probabilities of new samples after a training."""
    classes = int(labels.max()) + 1
    start = {
        "W1": _drawn((X.shape[1], HIDDEN), rng),
        "b1": np.zeros(HIDDEN),
        "W2": _drawn((HIDDEN, classes), rng),
        "b2": np.zeros(classes),
    }
    choices = CHOICES if steps is None else {**CHOICES, "steps": steps}
    p, _ = _right_training(start, X, labels, choices)
    return _softmax_rows(np.tanh(new @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"])


_right_split = _splitting()
_right_balance, _right_comparison = _balancing(), _comparing()
_right_training, _right_whole = _training(), _whole()

# --- right answers that need nothing withheld, for those that may call them -----------------------


def _plain_standardise(train: Any, *others: Any) -> Any:
    m, s = np.mean(train, axis=0), np.std(train, axis=0)
    return [(array - m) / np.where(s > 0, s, 1.0) for array in (train, *others)]


def _plain_training(params: Any, X: Any, labels: Any, choices: Any) -> Any:
    W1, b1, W2, b2 = (np.asarray(params[name], dtype=np.float64) for name in PARAMS)
    w, n, found = [W1, b1, W2, b2], len(X), []
    m, v = [0.0 * one for one in w], [0.0 * one for one in w]
    for t in range(1, choices["steps"] + 2):
        H = np.tanh(X @ w[0] + w[1])
        Z = H @ w[2] + w[3]
        P = np.exp(Z - Z.max(axis=1, keepdims=True))
        P /= P.sum(axis=1, keepdims=True)
        found.append(float(-np.mean(np.log(P[np.arange(n), labels]))))
        if t > choices["steps"]:
            break
        D2 = (P - np.eye(len(w[3]))[labels]) / n
        D1 = D2 @ w[2].T * (1 - H**2)
        for k, g in enumerate((X.T @ D1, D1.sum(axis=0), H.T @ D2, D2.sum(axis=0))):
            move = g
            if choices["optimizer"] == "momentum":
                move = m[k] = 0.9 * m[k] + g
            elif choices["optimizer"] == "adam":
                m[k], v[k] = 0.9 * m[k] + 0.1 * g, 0.999 * v[k] + 0.001 * g**2
                move = m[k] / (1 - 0.9**t) / (np.sqrt(v[k] / (1 - 0.999**t)) + 1e-8)
            w[k] = w[k] - choices["learning_rate"] * move
    return dict(zip(PARAMS, w, strict=True)), found


EARLIER: dict[str, Callable[..., Any]] = {
    "standardise": _plain_standardise,
    "train_network": _plain_training,
}

#: The book's own under which the answers could be had, and what here would do for one.
WITHHELD = (
    *TRAINING,
    training.shuffled,
    losses.Loss,
    losses.loss_gradient,
    optimizers.Optimizer,
    optimizers.Momentum,
    optimizers.Nesterov,
    optimizers.AdaGrad,
    optimizers.RMSProp,
    optimizers.Adam,
    optimizers.AdamW,
    optimizers.gradient_descent_step,
    optimizers.momentum_step,
    optimizers.nesterov_step,
    optimizers.adagrad_step,
    optimizers.rmsprop_step,
    optimizers.adam_step,
    optimizers.adamw_step,
    optimizers.run,
    optimizers.optimize,
    gradient_descent.minibatches,
    activations.softmax,
    activations.log_softmax,
    activations.softmax_of,
    activations.log_softmax_of,
    _splitting,
    _standardising,
    _balancing,
    _comparing,
    _program,
    _training,
    _whole,
    _drawn,
    _fitted,
    _softmax_rows,
    _momentum,
    _adam,
    _right_program,
    _right_split,
    _right_standardise,
    _right_balance,
    _right_comparison,
    _right_training,
    _right_whole,
)


def _made(
    sees: Callable[..., Any], *rows: tuple[str, Callable[..., Any], str]
) -> tuple[Misconception, ...]:
    return tuple(Misconception(name, seen(answer, sees), said) for name, answer, said in rows)


# --- split ----------------------------------------------------------------------------------------

#: Generators for one question about chance; with so many the answer is as good as certain.
ORDERS, AGAIN, SIDES = 20, 4, 60


class _NotInOrderError(WrongKindError):
    """Four arrays, but not in the order asked for."""


def _rows_to_split(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return samples whose first number says which they are, and their labels."""
    rows = np.arange(n)
    return np.column_stack([rows, 100.5 - rows]).astype(np.float64), rows * rows % 7


def _split_once(function: Callable[..., Any], n: int, fraction: float, seed: int) -> Any:
    X, labels = _rows_to_split(n)
    result = function(X, labels, fraction, np.random.default_rng(seed))
    if result is None:
        return None
    if not isinstance(result, tuple | list) or len(result) != 4:
        raise WrongKindError(
            "it should return four arrays: X and labels of the first part, then X and labels of "
            "the rest"
        )
    parts = [np.asarray(one, dtype=np.float64) for one in result]
    if [one.ndim for one in parts] != [2, 1, 2, 1]:
        raise _NotInOrderError(
            "the four arrays have "
            + ", ".join(str(one.ndim) for one in parts)
            + " axes; wanted is the order X, labels, X, labels, with 2, 1, 2 and 1 axes"
        )
    changed = not all(
        np.array_equal(one, old) for one, old in zip((X, labels), _rows_to_split(n), strict=True)
    )
    return parts, changed


def _look_at_split(
    function: Callable[..., Any], look: str, n: int, fraction: float, seed: int
) -> Any:
    once = _split_once(function, n, fraction, seed)
    if once is None:
        return None
    parts, changed = once
    if look == "sizes":
        return [len(one) for one in parts]
    if look == "kept":
        return int(changed)
    first, rest = (part[:, 0].tolist() for part in parts[::2])
    if look == "rows":
        twice = len({*first}) < len(first) or len({*rest}) < len(rest)
        missing = {*range(n)} - {*first, *rest}
        return [int(bool(missing)), int(bool({*first} & {*rest})), int(twice)]
    if look == "labels":
        X, labels = _rows_to_split(n)
        for some, given in (parts[:2], parts[2:]):
            for row, label in zip(some, given, strict=False):
                at = int(row[0])
                if not (0 <= at < n and np.array_equal(row, X[at]) and label == labels[at]):
                    return 1
        return 0
    more = {
        "orders": range(seed, seed + ORDERS),
        "unmoved": range(seed, seed + ORDERS),
        "again": [seed] * AGAIN,
        "sides": range(seed, seed + SIDES),
    }[look]
    found = []
    for one in more:
        again = _split_once(function, n, fraction, one)
        found.append(tuple(sorted(again[0][0][:, 0].tolist())) if again else ())
    if look == "unmoved":
        return found.count(tuple(range(round(fraction * n))))
    if look == "sides":
        always = {*range(n)}.intersection(*map(set, found))
        return len(always) + len({*range(n)} - {*range(n)}.intersection(set().union(*found)))
    return len(set(found))


_CALL = "split(X, labels, {fraction:g}, rng) of {n} samples"
_SPLIT_QUESTIONS = {
    "sizes": f"The lengths of the four arrays of {_CALL}: it",
    "kept": f"Whether X or labels themselves are changed after {_CALL}, with 1 for yes: it",
    "rows": f"Whether in {_CALL} a sample is missing, is in both parts, or comes twice in one of "
    "them, with 1 for yes: it",
    "labels": f"Whether in {_CALL} a sample has another label or other numbers than before, with 1 "
    "for yes: it",
    "orders": f"How many different first parts {ORDERS} generators with different seeds make, "
    f"{_CALL}: it",
    "unmoved": f"How many of {ORDERS} generators put just the first samples into the first part, "
    f"{_CALL}: it",
    "again": f"How many different first parts {AGAIN} generators with the same seed make, "
    f"{_CALL}: it",
    "sides": f"How many samples are on the same side with all of {SIDES} generators, {_CALL}: it",
}


def _split_cases(
    looks: Sequence[str], shapes: Sequence[tuple[int, float]]
) -> Callable[[np.random.Generator, int], list[Case]]:
    def cases(rng: np.random.Generator, rounds: int) -> list[Case]:
        asked = []
        for look in looks:
            for n, fraction in shapes:
                k = round(n * fraction)
                expected: Any = {
                    "sizes": [k, k, n - k, n - k],
                    "rows": [0, 0, 0],
                    "orders": ORDERS,
                    "again": 1,
                }.get(look, 0)
                asked.append(
                    Case(
                        shown=_SPLIT_QUESTIONS[look].format(n=n, fraction=fraction),
                        arguments=(n, fraction, int(rng.integers(10**6))),
                        keywords={"look": look},
                        expected=expected,
                        what="right is",
                    )
                )
        return asked

    return cases


#: Samples and fractions whose product is a whole number up to rounding: just below one, and above.
HARDLY_WHOLE = ((100, 0.29), (100, 0.57), (100, 0.58), (100, 0.07), (50, 0.14), (100, 0.55))


def _in_place(X: Any, labels: Any, fraction: float, rng: Any) -> Any:
    order = rng.permutation(len(X))
    X[:], labels[:] = X[order], labels[order]
    k = round(fraction * len(X))
    return X[:k], labels[:k], X[k:], labels[k:]


def _apart(X: Any, labels: Any, fraction: float, rng: Any) -> Any:
    X, labels = rng.permutation(X), rng.permutation(labels)
    k = round(fraction * len(X))
    return X[:k], labels[:k], X[k:], labels[k:]


def _other_order(X: Any, labels: Any, fraction: float, rng: Any) -> Any:
    a, b, c, d = _right_split(X, labels, fraction, rng)
    return a, c, b, d


_NO_RETURN = "Your function returns nothing. It needs a `return` at its end."


def _nothing(*_: Any, **__: Any) -> None:
    return None


def _by_coin(X: Any, labels: Any, fraction: float, rng: Any) -> Any:
    first = rng.random(len(X)) < fraction
    return X[first], labels[first], X[~first], labels[~first]


def _first_with_replacement(X: Any, labels: Any, fraction: float, rng: Any) -> Any:
    """Draw the first part row by row, and take for the rest what was not drawn."""
    first = rng.integers(len(X), size=round(fraction * len(X)))
    rest = np.setdiff1d(np.arange(len(X)), first)
    return X[first], labels[first], X[rest], labels[rest]


split = SeenExercise(
    name="split",
    chapter=CHAPTER,
    withheld=(_right_split, *WITHHELD, _in_place, _apart, _other_order),
    sees=_look_at_split,
    properties=(
        Property(
            "two parts that share no sample, each sample with its label",
            1,
            lambda rng, rounds: [
                *_split_cases(
                    ("sizes", "rows", "labels", "kept"),
                    ((20, 0.75), (40, 0.25), (60, 0.2), (25, 0.8)),
                )(rng, rounds),
                *_split_cases(("sizes",), HARDLY_WHOLE)(rng, rounds),
            ],
            hints=(
                "Shuffle the numbers of the rows, 0 to n − 1, and cut that list once.",
                "first, rest = order[:k], order[k:]; then X[first] and labels[first] belong "
                "together.",
            ),
        ),
        Property(
            "shuffled by the generator given",
            1,
            lambda rng, rounds: [
                *_split_cases(("orders", "unmoved", "again"), ((40, 0.5), (30, 0.4), (32, 0.75)))(
                    rng, rounds
                ),
                *_split_cases(("sides",), ((10, 0.5), (8, 0.5), (12, 0.5)))(rng, rounds),
            ],
            hints=(
                "Samples often come class by class. What is in the first half then?",
                "rng.permutation(n): the same seed gives the same parts, another seed others.",
            ),
        ),
    ),
    misconceptions=_made(
        _look_at_split,
        (
            "not shuffled",
            _splitting(lambda rng, n: np.arange(n)),
            "You cut without shuffling. Samples that come class by class then leave a class out of "
            "one part. Cut a shuffled order: rng.permutation(n).",
        ),
        (
            "labels out of step",
            _apart,
            "Your samples have lost their labels: X and labels went into different orders. Draw "
            "one order, and take both by it.",
        ),
        (
            "parts that overlap",
            _splitting(
                lambda rng, n: (rng.permutation(n), rng.permutation(n)),
                lambda both, k: (both[0][:k], both[1][k:]),
            ),
            "Your parts share samples, because you drew them one after the other. What the network "
            "was trained on then tests it. Cut one order in two.",
        ),
        (
            "size cut off",
            _splitting(whole=int),
            "0.29 * 100 is 28.999999999999996 in a computer, and int cuts that off to 28. Round: "
            "round(fraction * len(X)).",
        ),
        (
            "size rounded up",
            _splitting(whole=math.ceil),
            "0.07 * 100 is 7.000000000000001 in a computer, and ceil makes 8 of it. Round: "
            "round(fraction * len(X)).",
        ),
        (
            "the sample at the cut is lost",
            _splitting(cut=lambda order, k: (order[:k], order[k + 1 :])),
            "One sample is in neither part. The rest begins where the first part ends, and goes to "
            "the end: order[:k] and order[k:].",
        ),
        (
            "the last of the first part is lost",
            _splitting(cut=lambda order, k: (order[: k - 1], order[k:])),
            "Your first part is one sample too small: order[:k] ends before place k.",
        ),
        (
            "by a coin for each sample",
            _by_coin,
            "You toss a coin for each sample, so that the first part is only about as large as "
            "asked. Draw an order, and cut it after round(fraction * len(X)).",
        ),
        ("nothing", _nothing, _NO_RETURN),
        (
            "with replacement",
            _splitting(lambda rng, n: rng.integers(n, size=n)),
            "You drew each row anew, so some samples come twice and others not at all. "
            "rng.permutation(n) has each row once.",
        ),
        (
            "first part with replacement",
            _first_with_replacement,
            "You drew each row of the first part anew, so some are in it twice, and the rest has "
            "too many. rng.permutation(n) has each row once; cut it in two.",
        ),
        (
            "everything in the rest",
            _splitting(cut=lambda order, k: (order[:k], order)),
            "Your second part holds all samples, those of the first too. The rest begins where "
            "the first part ends: order[k:].",
        ),
        (
            "fraction of the rest",
            _splitting(share=lambda fraction: 1 - fraction),
            "Your parts have changed places: `fraction` says how large the first one is.",
        ),
        (
            "always half",
            _splitting(share=lambda fraction: 0.5),
            "You always cut in the middle. `fraction` says how large the first part is.",
        ),
        (
            "other order",
            _other_order,
            "You returned both X first and both labels after them. Wanted is X, labels of the "
            "first part, then X, labels of the rest.",
        ),
        (
            "own seed",
            _splitting(lambda rng, n: np.random.default_rng(0).permutation(n)),
            "Your parts do not depend on rng: every split is the same one. Make no generator of "
            "your own.",
        ),
        (
            "global generator",
            _splitting(lambda rng, n: _GLOBAL.permutation(n)),
            "The same seed gives other parts each time: you draw from NumPy's global generator and "
            "not from rng. Nobody could repeat such a split.",
        ),
        (
            "shuffled in place",
            _in_place,
            "The parts are right, but X and labels themselves are shuffled afterwards. Shuffle the "
            "numbers of the rows instead.",
        ),
    ),
)

# --- standardise ----------------------------------------------------------------------------------


def _look_at_standardised(function: Callable[..., Any], look: str, *arrays: Any) -> Any:
    result = function(*arrays)
    if result is None:
        return None
    if isinstance(result, np.ndarray) and result.ndim == 2:
        raise WrongKindError(
            f"wanted is a list of {len(arrays)} arrays, one for each argument, not one array"
        )
    if not isinstance(result, tuple | list | np.ndarray):
        raise WrongKindError(f"wanted is a list of arrays, not a {type(result).__name__}")
    if look == "count":
        return len(result)
    if len(result) <= int(look):
        raise WrongKindError(
            f"there is no result for argument {int(look) + 1} of {len(arrays)}; wanted is one for "
            "each"
        )
    return result[int(look)]


def _standardised(look: str, *arrays: np.ndarray) -> Case:
    given = ", ".join(written(one, 6, 60) for one in arrays)
    return Case(
        shown=f"standardise({given})"
        + (": the number of results, it" if look == "count" else f"[{look}]"),
        arguments=arrays,
        keywords={"look": look},
        expected=len(arrays) if look == "count" else _right_standardise(*arrays)[int(look)],
        # Something like 1e-8 added to a spread does no harm but where that is 0.
        tolerance=1e-5,
        what="right is",
    )


def _samples(rng: np.random.Generator, n: int, columns: int) -> np.ndarray:
    """Return columns of unlike sizes, far from 0, with no two numbers alike by chance."""
    sizes = rng.choice([0.1, 1.0, 30.0], columns) * rng.uniform(1, 3, columns)
    return np.asarray(
        rng.choice([-5.0, 40.0, 900.0], columns) + sizes * rng.standard_normal((n, columns))
    )


def _training_parts(rng: np.random.Generator, rounds: int) -> list[Case]:
    shapes = ((3, 2), (5, 1), (4, 3), (8, 2), (6, 4), (2, 2))[: max(rounds, 4)]
    cases = [_standardised("0", _samples(rng, *shape)) for shape in shapes]
    whole = [rng.integers(-9, 10, (5, 2)) + np.arange(5)[:, None] * 7 for _ in range(3)]
    return [*cases, *(_standardised("0", one) for one in whole)]


def _other_parts(rng: np.random.Generator, rounds: int) -> list[Case]:
    cases = []
    for n, columns in ((5, 2), (6, 3), (4, 1), (7, 2))[: max(rounds, 3)]:
        train = _samples(rng, n, columns)
        near, far = train[:3] + 0.3 * train.std(axis=0), train[1:4] + 5 * train.std(axis=0)
        cases += [_standardised(look, train, near, far) for look in ("1", "2", "count")]
        cases.append(_standardised("1", train, far[:1]))
        constant = train.copy()
        constant[:, 0] = 7.0
        other = near.copy()
        other[:, 0] = [7.0, 8.5, 3.0]
        cases += [_standardised(look, constant, other) for look in ("0", "1")]
        # A spread that is small is none that is 0.
        cases.append(_standardised("0", 2e-4 * rng.standard_normal((5, 2))))
    return cases


def _spread_and(size: float, samples: Any) -> Any:
    return samples.std(axis=0) + size


def _shrunk_in_place(train: Any, *others: Any) -> Any:
    if train.dtype.kind != "f":  # whole numbers cannot be divided in place
        return _right_standardise(train, *others)
    m, s = train.mean(axis=0), train.std(axis=0)
    for one in (train, *others):
        one -= m
        one /= np.where(s > 0, s, 1.0)
    return [train, *others]


def _columns_as_bars(case: Case, value: Any, _: Callable[..., Any]) -> Picture | None:
    names = [",".join(map(str, place)) for place in np.ndindex(np.shape(case.expected))]
    return pictures.bars(case.expected, value, names, "Standardised samples (row, column)")


standardise = SeenExercise(
    name="standardise",
    chapter=CHAPTER,
    withheld=(_right_standardise, *WITHHELD, _shrunk_in_place),
    sees=_look_at_standardised,
    properties=(
        Property(
            "the training samples: mean 0 and spread 1 in each column",
            1,
            _training_parts,
            hints=(
                "Each column is a feature with a unit of its own, so each has its own mean and its "
                "own spread.",
                "train.mean(axis=0) and train.std(axis=0) have one number for each column.",
            ),
            picture=_columns_as_bars,
        ),
        Property(
            "the others by the same numbers; columns that never change; nothing passed in changes",
            1,
            _other_parts,
            hints=(
                "A network that was trained on (x − m)/s must be asked about (x − m)/s, with the "
                "same m and s.",
                "Where the spread is 0, divide by 1: np.where(s > 0, s, 1).",
            ),
            arguments_kept=True,
            picture=_columns_as_bars,
        ),
    ),
    misconceptions=_made(
        _look_at_standardised,
        (
            "each by its own numbers",
            _standardising(samples=lambda train, array, both: array),
            "You standardised every set with its own mean and spread. The same sample then means "
            "one thing in training and another in the test. Use the numbers of `train` for all.",
        ),
        (
            "all together",
            _standardising(samples=lambda train, array, both: both),
            "You took mean and spread of all samples together, so the test set has a say in the "
            "training: a leak. Use the training set's numbers for all.",
        ),
        (
            "variance",
            _standardising(spread=lambda samples: samples.var(axis=0)),
            "You divided by the variance. The spread is its root: np.std.",
        ),
        (
            "n − 1",
            _standardising(
                spread=lambda samples: (
                    samples.std(axis=0, ddof=1) if len(samples) > 1 else 0 * samples[0]
                )
            ),
            "Your spread divides by n − 1. Here it is the root of the mean squared distance from "
            "the mean, with n: np.std as it is.",
        ),
        (
            "shifted alone",
            _standardising(spread=lambda samples: np.ones(samples.shape[1])),
            "You took the mean away and did not divide by the spread.",
        ),
        (
            "divided alone",
            _standardising(formula=lambda array, m, s: array / s),
            "You divided by the spread and did not take the mean away.",
        ),
        (
            "mean taken after dividing",
            _standardising(formula=lambda array, m, s: array / s - m),
            "You divided first, and then took away the mean of what was not divided: "
            "(x − m)/s needs its brackets.",
        ),
        (
            "one mean for all columns",
            _standardising(lambda samples: samples.mean(), lambda samples: samples.std()),
            "You used one mean and one spread for the whole array. Each column has its own: "
            "axis=0.",
        ),
        (
            "by rows",
            _standardising(
                lambda samples: samples.mean(axis=1, keepdims=True),
                lambda samples: samples.std(axis=1, keepdims=True),
                samples=lambda train, array, both: array,
            ),
            "You standardised each row, a sample, by itself. The features are the columns: axis=0.",
        ),
        (
            "from 0 to 1",
            _standardising(
                lambda samples: samples.min(axis=0),
                lambda samples: samples.max(axis=0) - samples.min(axis=0),
            ),
            "You scaled the columns to lie from 0 to 1. Here they get mean 0 and spread 1.",
        ),
        (
            "what is not a number made 0",
            _standardising(
                guarded=False, formula=lambda array, m, s: np.nan_to_num((array - m) / s)
            ),
            "A column that never changes has the spread 0. You divided by it and replaced what "
            "came out (nan_to_num), and other sets get huge numbers there. Divide by 1: "
            "np.where(s > 0, s, 1).",
        ),
        *(
            (
                f"{size:g} added to the spread",
                _standardising(spread=functools.partial(_spread_and, size), guarded=False),
                "You add a small number to the spread. In a column that never changes it is all "
                "there is, and blows other sets up. Divide by 1 there: np.where(s > 0, s, 1).",
            )
            for size in (1e-8, 1e-7, 1e-9, 1e-10, 1e-12, 1e-15, 1e-6)
        ),
        (
            "small spreads taken for 0",
            _standardising(formula=lambda array, m, s: (array - m) / np.where(s < 1e-3, 1.0, s)),
            "You take a small spread for 0. A feature in large units has one, too: only a spread "
            "of 0 is replaced by 1.",
        ),
        (
            "columns that never change left out",
            lambda train, *others: [
                one[:, np.ptp(train, axis=0) > 0] for one in _plain_standardise(train, *others)
            ],
            "You leave columns that never change out. Every set keeps all of its columns.",
        ),
        (
            "columns that never change as they were",
            lambda train, *others: [
                np.where(np.ptp(train, axis=0) == 0, array, scaled)
                for array, scaled in zip(
                    (train, *others), _plain_standardise(train, *others), strict=True
                )
            ],
            "You leave a column that never changes as it is. Its mean is taken away as well; only "
            "the division changes nothing.",
        ),
        (
            "columns that never change set to 0",
            lambda train, *others: [
                np.where(np.ptp(train, axis=0) == 0, 0.0, scaled)
                for scaled in _plain_standardise(train, *others)
            ],
            "You set a column that never changes to 0 in every set. Take its mean away and divide "
            "by 1: other sets may hold other numbers.",
        ),
        (
            "whole numbers kept",
            lambda train, *others: [
                one.astype(train.dtype) for one in _plain_standardise(train, *others)
            ],
            "With whole-number features your results are cut off to whole numbers: an array made "
            "like train holds no others. Give it the type float.",
        ),
        (
            "the others alone",
            lambda train, *others: _plain_standardise(train, *others)[1:],
            "Your list begins with the second set. The training samples come first.",
        ),
        (
            "one other set alone",
            lambda train, *others: _plain_standardise(train, others[0]),
            "Your function counts on one other set. There may be none or several: go through "
            "(train, *others).",
        ),
        ("nothing", _nothing, _NO_RETURN),
        (
            "divided by zero",
            _standardising(guarded=False),
            "A column that never changes has the spread 0, and you divided by it. Divide by 1 "
            "there: np.where(s > 0, s, 1).",
        ),
        (
            "training set alone",
            lambda train, *others: _right_standardise(train),
            "You returned the training set alone. The others are wanted too, in their order.",
        ),
        (
            "in place",
            _shrunk_in_place,
            "The numbers are right, but afterwards the arrays passed in are changed: x -= m works "
            "in place. x = x − m makes a new one.",
        ),
    ),
)

# --- balanced_accuracy ----------------------------------------------------------------------------


def _counted(named: Sequence[int] | np.ndarray, labels: Sequence[int] | np.ndarray) -> Case:
    named, labels = np.asarray(named), np.asarray(labels)
    return Case(
        shown=f"balanced_accuracy({written(named, threshold=60)}, {written(labels, threshold=60)})",
        arguments=(named, labels),
        keywords={},
        expected=_right_balance(named, labels),
        tolerance=1e-12,
        what="right is",
    )


def _unequal(rng: np.random.Generator, rounds: int) -> list[Case]:
    """Samples of classes of unlike sizes, with unlike shares right; the last ones are odd."""
    cases = []
    for sizes in ((9, 3, 2), (12, 4), (7, 2, 4, 3), (10, 5, 3), (6, 14))[: max(rounds, 3)]:
        labels = np.repeat(np.arange(len(sizes)), sizes)
        while True:
            named = np.where(
                rng.random(len(labels)) < 0.6, labels, rng.integers(len(sizes), size=len(labels))
            )
            shares = [np.mean(named[labels == c] == c) for c in range(len(sizes))]
            counts = np.bincount(named, minlength=len(sizes))
            precise = [np.mean(labels[named == c] == c) for c in range(len(sizes)) if counts[c]]
            plain = np.mean(named == labels)
            values = [np.mean(shares), plain, min(shares), np.mean(precise), 1 - np.mean(shares)]
            gaps = np.abs(np.subtract.outer(values, values)) + np.eye(len(values))
            if counts.all() and gaps.min() > 1e-3:
                break
        order = rng.permutation(len(labels))
        cases.append(_counted(named[order], labels[order]))
    return [
        *cases,
        _counted(np.zeros(8, dtype=np.int64), [0, 0, 0, 0, 0, 0, 1, 2]),
        _counted([0, 2, 2, 0, 2], [0, 2, 2, 2, 2]),
        _counted([1, 1, 3, 4, 4, 1], [1, 1, 3, 3, 4, 4]),
        _counted([0, 1, 2, 2, 1], [0, 0, 0, 1, 1]),
        _counted([1, 1, 0, 1, 1], [1, 1, 0, 2, 0]),
        _counted([3, 1, 1, 0], [1, 1, 0, 0]),
        _counted([0, 1, 1, 2, 4], [0, 1, 1, 1, 0]),
        _counted([5, 5], [5, 5]),
    ]


_GAPS = (
    "You take the classes for 0, 1, 2 and so on without a gap, and some may have no sample. Go "
    "through those among the labels: np.unique(labels)."
)

balanced_accuracy = Exercise(
    name="balanced_accuracy",
    chapter=CHAPTER,
    withheld=(_right_balance, *WITHHELD),
    properties=(
        Property(
            "the mean of the shares right in each class",
            1,
            _unequal,
            hints=(
                "Take one class. Which samples have that label? What share of them is named so?",
                "np.mean(named[labels == c] == c), for each c in np.unique(labels); then the mean.",
            ),
            arguments_kept=True,
        ),
    ),
    misconceptions=tuple(
        Misconception(name, answer, said, twist)
        for name, answer, said, twist in (
            (
                "share of all samples",
                _balancing(lambda shares, sizes: np.sum(shares * sizes)),
                "This is the share of all samples. A program that always names the largest class "
                "gets its whole share. Take the share in each class first, and the mean of these.",
                None,
            ),
            (
                "share of those named so",
                _balancing(
                    hits=lambda named, labels, c: (
                        np.mean(labels[named == c] == c) if np.any(named == c) else 0.0
                    )
                ),
                "You asked how many of those named so are right (the precision). Asked is how many "
                "of those that have the label are named so.",
                None,
            ),
            (
                "classes that were named",
                _balancing(
                    hits=lambda named, labels, c: (
                        np.mean(named[labels == c] == c) if np.any(labels == c) else 0.0
                    ),
                    classes=lambda named, labels: np.unique(named),
                ),
                "You went through the classes that were named. Go through those among the labels: "
                "a class that is never named has the share 0, and it counts.",
                None,
            ),
            (
                "classes that were named, unguarded",
                lambda named, labels: np.mean(
                    [np.mean(named[labels == c] == c) for c in np.unique(named)]
                ),
                "You went through the classes that were named. Go through those among the labels: "
                "a class that is never named has the share 0, and it counts.",
                None,
            ),
            (
                "classes named or among the labels",
                _balancing(
                    hits=lambda named, labels, c: (
                        np.mean(named[labels == c] == c) if np.any(labels == c) else 0.0
                    ),
                    classes=lambda named, labels: np.union1d(named, labels),
                ),
                "You counted a class that no sample has. The mean is over the classes among the "
                "labels.",
                None,
            ),
            *(
                (
                    f"classes {what}",
                    lambda named, labels, some=some: np.mean(
                        [np.mean(named[labels == c] == c) for c in some(named, labels)]
                    ),
                    said,
                    None,
                )
                for what, some, said in (
                    (
                        "0 and 1",
                        lambda named, labels: (0, 1),
                        "You count on the classes 0 and 1. Take those among the labels: "
                        "np.unique(labels).",
                    ),
                    (
                        "up to the largest",
                        lambda named, labels: range(int(labels.max()) + 1),
                        _GAPS,
                    ),
                    (
                        "without a gap",
                        lambda named, labels: range(len(np.unique(labels))),
                        _GAPS,
                    ),
                )
            ),
            (
                "F1",
                lambda named, labels: np.mean(
                    [
                        2
                        * np.sum((named == c) & (labels == c))
                        / (np.sum(named == c) + np.sum(labels == c))
                        for c in np.unique(labels)
                    ]
                ),
                "This is the mean of the F1 scores. Asked is the share of those with the label "
                "that are named so.",
                None,
            ),
            (
                "guessing at 0",
                lambda named, labels: (
                    (_mean_share(named, labels) - 1 / len(np.unique(labels)))
                    / np.float64(1 - 1 / len(np.unique(labels)))
                ),
                "You moved and stretched the result, so that guessing gets 0. Return the mean of "
                "the shares as it is.",
                None,
            ),
            (
                "divided by all samples",
                lambda named, labels: np.mean(
                    [np.mean((named == c) & (labels == c)) for c in np.unique(labels)]
                ),
                "You divided the hits of a class by the number of all samples. Divide by how many "
                "samples have that label.",
                None,
            ),
            (
                "one class against the rest",
                lambda named, labels: np.mean(
                    [np.mean((named == c) == (labels == c)) for c in np.unique(labels)]
                ),
                "You count a sample of another class that is not named so as right, too. Look only "
                "at the samples with that label: named[labels == c].",
                None,
            ),
            ("nothing", _nothing, _NO_RETURN, None),
            (
                "worst class",
                _balancing(lambda shares, sizes: np.min(shares)),
                "You returned the share of the worst class. Return the mean over the classes.",
                None,
            ),
            (
                "best class",
                _balancing(lambda shares, sizes: np.max(shares)),
                "You returned the share of the best class. Return the mean over the classes.",
                None,
            ),
            (
                "sum",
                _balancing(lambda shares, sizes: np.sum(shares)),
                "You added up the shares of the classes. Divide by the number of classes.",
                None,
            ),
            (
                "share in each class",
                _balancing(lambda shares, sizes: shares),
                "These are the shares in each class. Return one number, their mean.",
                None,
            ),
            (
                "share wrong",
                _balancing(lambda shares, sizes: 1 - np.mean(shares)),
                "This is the share that is wrong. Subtract it from 1.",
                Twist(lambda value: 1 - np.asarray(value), "Besides, you count what is wrong."),
            ),
            (
                "per cent",
                _balancing(lambda shares, sizes: 100 * np.mean(shares)),
                "Your number is in per cent. Return a share, from 0 to 1.",
                Twist(lambda value: 100 * np.asarray(value), "Besides, it is in per cent."),
            ),
            (
                "rounded",
                _balancing(lambda shares, sizes: np.round(np.mean(shares), 2)),
                "You rounded the result. Return the number as it comes.",
                None,
            ),
            (
                "class 0 left out",
                _balancing(lambda shares, sizes: np.mean(shares[1:] if len(shares) > 1 else 0.0)),
                "You left out the first class. It counts as much as the others.",
                None,
            ),
        )
    ),
)

# --- train_network --------------------------------------------------------------------------------

#: Every number here is of order one, and a central difference is exact enough. Adam divides by the
#: size of a gradient: there ε may stand inside the root, or be added before the correction, which
#: changes a step by some 30·ε/|g|. The slips are off by far more.
TOLERANCE = {"descent": 1e-7, "momentum": 1e-7, "adam": 1e-4}
#: No gradient of a question is smaller at its start.
LEAST_GRADIENT = 2e-3


def _part_of_run(function: Callable[..., Any], look: str, *arguments: Any) -> Any:
    result = function(*arguments)
    if result is None:
        return None
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise WrongKindError("it should return two results: the dict of params, and the losses")
    if look == "losses":
        if isinstance(result[1], dict):
            raise WrongKindError("the losses must be a list of numbers, but are a dict")
        return result[1]
    if not isinstance(result[0], dict):
        raise WrongKindError(f"the params must be a dict with {', '.join(PARAMS)}")
    if look not in result[0]:
        raise WrongKindError(f"the dict of params has no {look!r}")
    return result[0][look]


def _tenths(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Return numbers such as −0.7, none of them near zero."""
    return np.asarray(rng.integers(3, 13, shape) / 10 * rng.choice((-1, 1), shape))


def _task(
    rng: np.random.Generator, size: tuple[int, int, int, int], *, absent: bool = False
) -> tuple[Any, Any, Any]:
    """Return params, samples and labels; of the last class there is none if it is `absent`."""
    n, features, hidden, classes = size
    shapes = ((features, hidden), (hidden,), (hidden, classes), (classes,))
    while True:
        params = {name: _tenths(rng, *shape) for name, shape in zip(PARAMS, shapes, strict=True)}
        X = _tenths(rng, n, features)
        labels = rng.permutation(np.resize(np.arange(classes - absent), n))
        _, slopes = _right_program(params, X, labels)
        if min(np.abs(slope).min() for slope in slopes.values()) > LEAST_GRADIENT:
            return params, X, labels


def _run_cases(
    rng: np.random.Generator,
    size: tuple[int, int, int, int],
    choices: dict[str, Any],
    parts: Sequence[str] = ("losses", *PARAMS),
    task: tuple[Any, Any, Any] | None = None,
    tolerance: float | None = None,
) -> list[Case]:
    params, X, labels = task or _task(rng, size)
    end, found = _right_training(params, X, labels, choices)
    given = {**params, "X": X, "labels": labels}
    shown = "With " + ", ".join(f"{name} = {one.tolist()}" for name, one in given.items())
    call = f"{shown}: train_network(params, X, labels, {choices})"
    return [
        Case(
            shown=f"{call}, the losses: it"
            if part == "losses"
            else f"{call}, {part} at the end: it",
            arguments=(params, X, labels, choices),
            keywords={"look": part},
            expected=found if part == "losses" else end[part],
            tolerance=tolerance or TOLERANCE[choices["optimizer"]],
            what="right is",
        )
        for part in parts
    ]


#: Samples, features, hidden units, classes.
_SIZES = ((5, 2, 2, 2), (4, 2, 3, 3), (6, 3, 4, 2), (7, 2, 5, 4), (5, 4, 3, 3))


def _rising(rng: np.random.Generator, size: tuple[int, int, int, int], choices: Any) -> Any:
    """Return a task whose loss rises, falls again, and is not least at the end."""
    while True:
        task = _task(rng, size)
        moves = np.diff(_right_training(*task, choices)[1])
        falls = np.cumsum(moves[::-1])[::-1]
        if moves[:-1].max() > 0.01 and falls.max() > 0.01:
            return task


def _hard_descents(rng: np.random.Generator) -> list[Case]:
    """Return runs in which shortcuts show: see the comments."""
    cases = []
    for size in ((5, 2, 2, 2), (4, 2, 3, 3), (6, 3, 2, 2)):
        # A loss that rises: nothing stops, and the best is not the last.
        wild = {"optimizer": "descent", "learning_rate": 6.0, "steps": 4}
        cases += _run_cases(rng, size, wild, task=_rising(rng, size, wild), tolerance=1e-5)
        # A loss that stands still, since nothing moves.
        calm = {"optimizer": "descent", "learning_rate": 0.5, "steps": 3}
        params, X, labels = _task(rng, (6, *size[1:]))
        still = {name: 0 * value for name, value in params.items()}
        cases += _run_cases(rng, size, calm, ("losses", "b2"), (still, X, labels))
        # A class that no sample has.
        cases += _run_cases(rng, size, calm, task=_task(rng, size, absent=True))
    return cases


def _descents(rng: np.random.Generator, rounds: int) -> list[Case]:
    return _hard_descents(rng) + [
        case
        for k, size in enumerate(_SIZES[: max(rounds, 3)])
        for case in _run_cases(
            rng,
            size,
            {
                "optimizer": "descent",
                "learning_rate": float(rng.choice((0.3, 0.5, 0.7))),
                "steps": 2 + k % 3,
            },
        )
    ]


def _with_memory(rng: np.random.Generator, rounds: int) -> list[Case]:
    cases = []
    for size in _SIZES[:3]:
        # Large sums, whose exponential is beyond all numbers.
        params, X, labels = _task(rng, size)
        params["b2"] = params["b2"] + 800
        choices = {"optimizer": "momentum", "learning_rate": 0.3, "steps": 2}
        cases += _run_cases(rng, size, choices, ("losses", "W1"), (params, X, labels))
    for optimizer, rate in (("momentum", 0.3), ("adam", 0.05)):
        for k, size in enumerate(_SIZES[: max(rounds, 3)]):
            choices = {"optimizer": optimizer, "learning_rate": rate, "steps": 3 + k % 2}
            cases += _run_cases(rng, size, choices)
        cases += _run_cases(
            rng, (3, 2, 2, 2), {"optimizer": optimizer, "learning_rate": rate, "steps": 0}
        )
    return cases


def _drawn_run(case: Case, value: Any, _: Callable[..., Any]) -> Picture | None:
    look = case.keywords["look"]
    if look != "losses":
        names = [",".join(map(str, place)) for place in np.ndindex(np.shape(case.expected))]
        return pictures.bars(case.expected, value, names, f"{look} at the end")
    theirs = np.asarray(value, dtype=np.float64)
    if theirs.ndim != 1:
        return None
    return pictures.curves(
        np.arange(len(case.expected)),
        lambda step: float(case.expected[int(step)]),
        lambda step: theirs[int(step)] if step < len(theirs) else None,
        ("steps taken", "Loss"),
    )


_BY_LABELS = (
    "You counted the classes by the labels, and the last class may be absent from them. There are "
    "as many classes as b2 has entries."
)


def _changed_choices(params: Any, X: Any, labels: Any, choices: Any) -> Any:
    result = _right_training(params, X, labels, choices)
    choices.pop("optimizer")
    return result


def _stopping(stops: Callable[[list[Any]], bool]) -> Callable[..., Any]:
    """Return a training that ends before its last step where its losses say so."""

    def train_network(params: Any, X: Any, labels: Any, choices: Any) -> Any:
        ends = [_right_training(params, X, labels, {**choices, "steps": 0})]
        for step in range(1, choices["steps"] + 1):
            ends.append(_right_training(params, X, labels, {**choices, "steps": step}))
            if stops(ends[-1][1]):
                break
        return ends[-1]

    return train_network


def _layer_after_layer(params: Any, X: Any, labels: Any, choices: Any) -> Any:
    """Take the gradient anew before each array moves, the second layer first."""
    rule, rate = RULES[choices["optimizer"]], choices["learning_rate"]
    now, memory = dict(params), dict.fromkeys(PARAMS)
    losses = [_right_program(now, X, labels)[0]]
    for step in range(1, choices["steps"] + 1):
        for name in ("W2", "b2", "W1", "b1"):
            slope = _right_program(now, X, labels)[1][name]
            move, memory[name] = rule(slope, memory[name], step)
            now[name] = now[name] - rate * move
        losses.append(_right_program(now, X, labels)[0])
    return now, losses


def _moved_in_place(params: Any, X: Any, labels: Any, choices: Any) -> Any:
    end, found = _right_training(params, X, labels, choices)
    for name in PARAMS:
        params[name][...] = end[name]
    return params, found


train_network = SeenExercise(
    name="train_network",
    chapter=CHAPTER,
    withheld=(_right_training, *WITHHELD, _moved_in_place),
    sees=_part_of_run,
    properties=(
        Property(
            "by gradient descent: the losses, and the params at the end",
            1,
            _descents,
            hints=(
                "Start from your `train` of assignment 05. What changes with tanh, softmax and "
                "cross-entropy?",
                "D2 = (P − Y)/n with P the softmax and Y a 1 in the column of the label; "
                "D1 = D2 @ W2.T * (1 − H**2).",
            ),
            picture=_drawn_run,
        ),
        Property(
            "by momentum and by Adam, with no steps too; what was passed in stays",
            1,
            _with_memory,
            hints=(
                "Each of the four arrays needs a state of its own, which starts as None.",
                "Momentum keeps 0.9·h + g. Adam keeps two averages, with 0.9 and 0.999, and "
                "corrects both for their start at zero.",
            ),
            arguments_kept=True,
            picture=_drawn_run,
        ),
    ),
    misconceptions=_made(
        _part_of_run,
        (
            "along the gradient",
            _training(sign=1),
            "You went along the gradient, where the loss grows. Subtract it.",
        ),
        (
            "labels as numbers",
            _training(_program(D2="(P - np.asarray(labels)[:, None]) / n")),
            "You subtracted the labels themselves from the probabilities. A label is a name, not a "
            "size: Y has a 1 in the column of the label, and 0 elsewhere.",
        ),
        (
            "missing 1/n",
            _training(_program(D2="P - Y")),
            "Missing 1/n in the gradients: the loss is a mean over the samples, and its slope too.",
        ),
        (
            "sum for mean",
            _training(_program(loss="-(Y * np.log(P)).sum()", D2="P - Y")),
            "You summed over the samples. The loss is a mean: divide by n, in the gradients too.",
        ),
        (
            "mean over all entries",
            _training(_program(loss="-(Y * np.log(P)).mean()", D2="(P - Y) / P.size")),
            "You took the mean over samples and classes. Divide by the number of samples.",
        ),
        (
            "squared error",
            _training(
                _program(
                    loss="((P - Y)**2).sum() / (2 * n)",
                    D2="(P * ((P - Y) - ((P - Y) * P).sum(axis=1, keepdims=True))) / n",
                )
            ),
            "You trained on the squared error. The loss here is the cross-entropy.",
        ),
        (
            "slope of softmax twice",
            _training(_program(D2="(P - Y) * P * (1 - P) / n")),
            "P − Y is the slope of softmax and cross-entropy together. You multiplied by P(1 − P) "
            "once more, as for the logistic units of assignment 05.",
        ),
        (
            "slope of logistic",
            _training(_program(D1="D2 @ W2.T * H * (1 - H)")),
            "H(1 − H) is the slope of logistic units. Your hidden units are tanh, with the slope "
            "1 − H².",
        ),
        (
            "no slope at the hidden units",
            _training(_program(D1="D2 @ W2.T")),
            "The slope of tanh, 1 − H², is missing in the deltas of the hidden units.",
        ),
        (
            "logistic hidden units",
            _training(_program(H="1 / (1 + np.exp(-(X @ W1 + b1)))", D1="D2 @ W2.T * H * (1 - H)")),
            "Your hidden units are logistic. Here they are tanh.",
        ),
        (
            "biases forgotten",
            _training(_program(H="np.tanh(X @ W1)", P="softmax(H @ W2)")),
            "The biases are missing on the way forward. Add b1 and b2 to the sums.",
        ),
        (
            "biases stay",
            _training(only=("W1", "W2")),
            "Your biases do not move. They are parameters too.",
        ),
        (
            "softmax beyond all numbers",
            _training(
                _program(P="np.exp(H @ W2 + b2) / np.exp(H @ W2 + b2).sum(axis=1, keepdims=True)")
            ),
            "Your softmax is right until exp overflows, beyond 709; then it is infinity over "
            "infinity. Subtract each row's largest number first, as in assignment 02.",
        ),
        (
            "classes counted by the labels",
            _training(_program(Y="np.eye(labels.max() + 1)[labels]")),
            _BY_LABELS,
        ),
        (
            "classes counted by the different labels",
            _training(_program(Y="np.eye(len(np.unique(labels)))[labels]")),
            _BY_LABELS,
        ),
        (
            "two classes",
            _training(_program(Y="np.eye(2)[labels]")),
            "Your program counts on two classes. There are as many as b2 has entries.",
        ),
        (
            "losses over the classes",
            _training(_program(loss="-(Y * np.log(P)).mean()")),
            "Your losses are divided by the number of classes, too. Divide by the number of "
            "samples.",
        ),
        (
            "losses as sums",
            _training(_program(loss="-(Y * np.log(P)).sum()")),
            "Your losses are sums over the samples. The loss is their mean.",
        ),
        (
            "losses in bits",
            _training(_program(loss="-(Y * np.log2(P)).sum() / n")),
            "Your losses are in bits (np.log2). Take the natural logarithm, np.log.",
        ),
        (
            "sign of the losses",
            _training(_program(loss="(Y * np.log(P)).sum() / n")),
            "Your losses have the wrong sign: the logarithm of a probability is negative, and the "
            "loss begins with a minus.",
        ),
        (
            "something added in the logarithm",
            _training(_program(loss="-(Y * np.log(P + 1e-7)).sum() / n")),
            "You add a small number to P in the logarithm, which changes the loss. Leave P as it "
            "is.",
        ),
        (
            "layer after layer",
            _layer_after_layer,
            "You took the gradient anew before each array moved. A step uses one gradient for all "
            "four.",
        ),
        (
            "time counted for each array",
            _training(clock=lambda step, place: 4 * (step - 1) + place + 1),
            "The t of your Adam grows with each of the four arrays. It counts steps: one more for "
            "all of them.",
        ),
        (
            "state begun anew",
            _training(forgets=True, clock=lambda step, place: 1),
            "Your momentum and your Adam begin anew in every step. Hand the state of one step on "
            "to the next.",
        ),
        (
            "stops when the loss rises",
            _stopping(lambda losses: losses[-1] > losses[-2]),
            "Your training stops when the loss rises. It may fall again: take all the steps that "
            "are asked for.",
        ),
        (
            "stops when the loss hardly moves",
            _stopping(lambda losses: abs(losses[-1] - losses[-2]) < 1e-6),
            "Your training stops when the loss hardly moves. Take all the steps that are asked "
            "for, and note a loss for each.",
        ),
        (
            "the best params",
            _training(result=lambda run, losses: (run[int(np.argmin(losses))], losses)),
            "You returned the params with the least loss. Return those at the end.",
        ),
        (
            "losses first",
            _training(result=lambda run, losses: (losses, run[-1])),
            "The two results have changed places: return the params first, then the losses.",
        ),
        (
            "params alone",
            _training(result=lambda run, losses: run[-1]),
            "You returned one thing. Return two: the params, and the list of losses.",
        ),
        (
            "choices changed",
            _changed_choices,
            "The result is right, but afterwards choices is another dict: pop takes out what it "
            'finds. Look it up: choices["optimizer"].',
        ),
        ("nothing", _nothing, _NO_RETURN),
        (
            "softmax over the samples",
            _training(
                _program(
                    P="np.exp(H @ W2 + b2) / np.exp(H @ W2 + b2).sum(axis=0)",
                )
            ),
            "Your softmax divides by the sum over the samples. The probabilities of one sample, a "
            "row, add up to 1: axis=1.",
        ),
        (
            "W2 moved first",
            _training(_program(D1="D2 @ (W2 - rate * dW2).T * (1 - H**2)")),
            "W2 was updated before the hidden deltas were computed. All gradients first, then the "
            "step.",
        ),
        (
            "always descent",
            _training(rules=lambda name: _descent),
            'Your program takes plain steps whatever choices["optimizer"] says.',
        ),
        (
            "memory lost",
            _training(forgets=True),
            "Your momentum and your Adam begin anew in every step. Hand the state of one step on "
            "to the next.",
        ),
        (
            "average for momentum",
            _training(
                rules=lambda name: (
                    (lambda g, m, t: (0.9 * (0 if m is None else m) + 0.1 * g,) * 2)
                    if name == "momentum"
                    else RULES[name]
                )
            ),
            "Your momentum is an average, 0.9·h + 0.1·g. Here it is a sum, 0.9·h + g.",
        ),
        (
            "no bias correction",
            _training(
                rules=lambda name: (
                    (lambda g, m, t: _adam(g, m, t, corrected=False))
                    if name == "adam"
                    else RULES[name]
                )
            ),
            "Your Adam has no bias correction: divide m by 1 − 0.9ᵗ and v by 1 − 0.999ᵗ in step t.",
        ),
        (
            "betas swapped",
            _training(
                rules=lambda name: (
                    (lambda g, m, t: _adam(g, m, t, betas=(0.999, 0.9)))
                    if name == "adam"
                    else RULES[name]
                )
            ),
            "β₁ and β₂ have changed places in your Adam: 0.9 belongs to the gradients, 0.999 to "
            "their squares.",
        ),
        (
            "no root",
            _training(
                rules=lambda name: (
                    (lambda g, m, t: _adam(g, m, t, rooted=False))
                    if name == "adam"
                    else RULES[name]
                )
            ),
            "Your Adam divides by v. Divide by its root.",
        ),
        (
            "time stands still",
            _training(clock=lambda step, place: 1),
            "The step number t in your Adam stays 1. Count the steps: t is 1, 2, 3, …",
        ),
        (
            "end left out",
            _training(result=lambda run, losses: (run[-1], losses[:-1])),
            "The last loss is missing: note the loss once more after the last step. There are "
            "steps + 1 losses.",
        ),
        (
            "start left out",
            _training(result=lambda run, losses: (run[-1], losses[1:])),
            "The first loss is missing, the one before any step. There are steps + 1 losses.",
        ),
        (
            "params of the start",
            _training(result=lambda run, losses: (run[0], losses)),
            "You returned the params that you were given. Return those at the end.",
        ),
        (
            "params moved in place",
            _moved_in_place,
            "The result is right, but params[name] -= … has moved the caller's arrays. The next "
            "run from this start would begin at the end of this one.",
        ),
    ),
)

# --- compare --------------------------------------------------------------------------------------


class _NoTableError(WrongKindError):
    """Something else than a table and the place of the best."""


def _part_of_comparison(
    function: Callable[..., Any], look: str, settings: Any, score: Any, seeds: Any
) -> Any:
    result = function(settings, score, seeds)
    if result is None:
        return None
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise _NoTableError(
            "it should return two results: the table, and the place of the best setting"
        )
    table, best = result
    if look == "best":
        if isinstance(best, dict):
            raise WrongKindError("the place of the best is a dict; it should be a whole number")
        return best
    table = np.asarray(table)
    if table.ndim != 2 or table.shape[1] != 2:
        raise _NoTableError(
            "wanted is a table with a row for each setting and two numbers in it, median and "
            f"spread; this one has the shape {table.shape}"
        )
    return table[:, ("median", "spread").index(look)]


class _Scores:
    """A score that was measured for each setting and each seed, to be looked up.

    Examples
    --------
    >>> _Scores([[0.5, 0.75]], [{"steps": 3}], [7, 8])({"steps": 3}, 8)
    0.75
    """

    def __init__(self, table: Any, settings: Sequence[Any], seeds: Sequence[int]) -> None:
        self.table, self.settings, self.seeds = np.asarray(table), list(settings), list(seeds)

    def __call__(self, setting: Any, seed: int) -> float:
        return float(self.table[self.settings.index(setting), self.seeds.index(seed)])


def _with_settings_as_keys(settings: Any, score: Any, seeds: Any) -> Any:
    found = {}
    for one in settings:
        found[one] = [score(one, seed) for seed in seeds]
    return found


def _sorted_table(settings: Any, score: Any, seeds: Any) -> Any:
    table = _right_comparison(settings, score, seeds)[0]
    return sorted(table, reverse=True), 0


def _tables(rng: np.random.Generator, rounds: int) -> list[Case]:
    cases: list[Case] = []
    for rows, columns in ((3, 5), (4, 4), (2, 7), (5, 6), (3, 4), (4, 5)):
        while True:
            table = rng.integers(40, 100, (rows, columns)) / 100
            # Scores below 0 are losses with a minus; larger is better there, too.
            table -= len(cases) // 3 % 2
            if _telling(table):
                break
        settings = [
            {"learning_rate": float(rate), "steps": int(rng.integers(1, 9)) * 50}
            for rate in rng.choice((0.01, 0.03, 0.1, 0.3, 1.0, 3.0), rows, replace=False)
        ]
        drawn = rng.choice(50, columns, replace=False)
        seeds = drawn if len(cases) % 2 else drawn.tolist()
        score = _Scores(table, settings, drawn.tolist())
        right, best = _right_comparison(settings, score, seeds)
        given = f"With {rows} settings, seeds {written(seeds)} and the scores {written(table)}"
        for look, expected in (
            ("median", [row[0] for row in right]),
            ("spread", [row[1] for row in right]),
            ("best", best),
        ):
            cases.append(
                Case(
                    shown=f"{given}: compare(settings, score, seeds), "
                    + ("the place of the best: it" if look == "best" else f"the {look}s: it"),
                    arguments=(settings, score, seeds),
                    keywords={"look": look},
                    expected=expected,
                    tolerance=0 if look == "best" else 1e-12,
                    what="right is",
                )
            )
    return cases


def _telling(table: np.ndarray) -> bool:
    """Whether each wrong way of choosing chooses another row, and no two medians are alike."""
    medians = np.median(table, axis=1)
    best = medians.argmax()
    others = (medians.argmin(), table.max(axis=1).argmax(), np.ptp(table, axis=1).argmin())
    apart = np.abs(np.diff(np.sort(table, axis=1))).min() > 1e-6
    return len({*np.round(medians, 6)}) == len(table) and best not in (0, *others) and bool(apart)


def _drawn_medians(case: Case, value: Any, _: Callable[..., Any]) -> Picture | None:
    look = case.keywords["look"]
    if look == "best":
        return None
    names = [f"setting {k}" for k in range(len(case.expected))]
    return pictures.bars(case.expected, value, names, look.capitalize())


compare = SeenExercise(
    name="compare",
    chapter=CHAPTER,
    withheld=(_right_comparison, *WITHHELD),
    sees=_part_of_comparison,
    properties=(
        Property(
            "the median and the spread of each setting, and the best",
            1,
            _tables,
            hints=(
                "Two loops: for each setting, call score(setting, seed) with each of the seeds.",
                "np.median of a setting's scores, then max − min; the best is np.argmax of the "
                "medians.",
            ),
            arguments_kept=True,
            picture=_drawn_medians,
        ),
    ),
    misconceptions=_made(
        _part_of_comparison,
        (
            "mean",
            _comparing(middle=np.mean),
            "You took the mean. One run that fails pulls it down; take the median.",
        ),
        *(
            (f"{which} median", _comparing(middle=middle), said)
            for which, middle, said in (
                (
                    "upper",
                    lambda found: sorted(found)[len(found) // 2],
                    "With an even number of scores you take the upper one of the two in the "
                    "middle. The median is their mean: np.median.",
                ),
                (
                    "lower",
                    lambda found: sorted(found)[(len(found) - 1) // 2],
                    "With an even number of scores you take the lower one of the two in the "
                    "middle. The median is their mean: np.median.",
                ),
                (
                    "unsorted",
                    lambda found: found[len(found) // 2],
                    "You took the score in the middle of the list. The median is the middle one "
                    "when they are sorted: np.median.",
                ),
            )
        ),
        (
            "seeds counted from 0",
            _comparing(lambda score, one, seeds: [score(one, k) for k in range(len(seeds))]),
            "You use the seeds 0, 1, 2 and so on. Use those that were passed: for seed in seeds.",
        ),
        (
            "arguments of the score exchanged",
            _comparing(lambda score, one, seeds: [score(seed, one) for seed in seeds]),
            "The arguments of your score have changed places: score(setting, seed).",
        ),
        (
            "settings as keys",
            _with_settings_as_keys,
            "You use a setting as the key of a dict. Settings may be dicts, which cannot be keys: "
            "keep a list, in their order.",
        ),
        (
            "place counted from 1",
            _comparing(best=lambda m, s, found: np.argmax(m) + 1),
            "The place of the best is counted from 1. Count from 0, as np.argmax does.",
        ),
        (
            "the setting itself",
            lambda settings, score, seeds: (lambda found: (found[0], settings[int(found[1])]))(
                _right_comparison(settings, score, seeds)
            ),
            "You returned the best setting itself. Return its place in the list.",
        ),
        (
            "best from 0 on",
            _comparing(
                best=lambda m, s, found: int(np.argmax(m)) if max(m) > 0 else 0,
            ),
            "Your best so far begins at 0, so that with scores below 0 nothing ever beats it. "
            "Begin with the first setting, or use np.argmax.",
        ),
        (
            "largest number of the table",
            _comparing(best=lambda m, s, found: np.argmax(list(zip(m, s, strict=True)))),
            "Your argmax goes over the whole table, spreads and all. Give it the medians alone.",
        ),
        (
            "sorted table",
            _sorted_table,
            "You sorted the rows of the table. They stay in the order of the settings.",
        ),
        (
            "for each seed",
            lambda settings, score, seeds: _right_comparison(
                list(seeds), lambda seed, one: score(one, seed), settings
            ),
            "You took the median over the settings, for each seed. There is a row for each "
            "setting: the median is over its seeds.",
        ),
        (
            "two rows",
            lambda settings, score, seeds: (lambda found: (np.transpose(found[0]), found[1]))(
                _right_comparison(settings, score, seeds)
            ),
            "Your table has a row of medians and a row of spreads. There is a row for each setting "
            "with both in it.",
        ),
        (
            "between the quartiles",
            _comparing(spread=lambda found: np.ptp(np.quantile(found, [0.25, 0.75]))),
            "Your spread is the distance between the quartiles. It is the largest score less the "
            "smallest.",
        ),
        (
            "last less first",
            _comparing(spread=lambda found: found[-1] - found[0]),
            "Your spread is the last score less the first. It is the largest less the smallest: "
            "max − min.",
        ),
        ("nothing", _nothing, _NO_RETURN),
        (
            "luckiest run",
            _comparing(middle=max),
            "You kept the best run of each setting. That rewards luck, and spread: the more a "
            "setting scatters, the better its best run. Take the median.",
        ),
        (
            "one seed",
            _comparing(lambda score, one, seeds: [score(one, seeds[0])]),
            "You used the first seed alone. With one run you cannot tell a setting from its luck: "
            "use all the seeds.",
        ),
        (
            "same seed each time",
            _comparing(lambda score, one, seeds: [score(one, seeds[-1]) for _ in seeds]),
            "You scored each setting with the same seed each time, so that nothing scatters. Hand "
            "on each seed in turn.",
        ),
        (
            "standard deviation",
            _comparing(spread=np.std),
            "Your spread is the standard deviation. It is the largest score less the smallest.",
        ),
        (
            "half the range",
            _comparing(spread=lambda found: (max(found) - min(found)) / 2),
            "Your spread is half of the range. It is the largest score less the smallest.",
        ),
        (
            "lowest median",
            _comparing(best=lambda m, s, found: np.argmin(m)),
            "You chose the lowest median. These are scores, not losses: the highest is the best.",
        ),
        (
            "steadiest",
            _comparing(best=lambda m, s, found: np.argmin(s)),
            "You chose the setting with the smallest spread. A setting can be bad each time.",
        ),
        (
            "highest single score",
            _comparing(best=lambda m, s, found: np.argmax([max(one) for one in found])),
            "You chose the setting that has the highest single score. Choose by the median.",
        ),
        (
            "the best median itself",
            _comparing(best=lambda m, s, found: max(m)),
            "You returned the best median. Return the place of its setting, as np.argmax gives it.",
        ),
        (
            "spread and median swapped",
            lambda settings, score, seeds: (
                lambda found: ([row[::-1] for row in found[0]], found[1])
            )(_right_comparison(settings, score, seeds)),
            "Your rows hold the spread first. The median comes first, then the spread.",
        ),
    ),
)

# --- my_program -----------------------------------------------------------------------------------

#: What is asked of a program: this part of the way from guessing to what neighbours know.
PART = 2 / 3
#: How many neighbours have a vote.
NEIGHBOURS = 5
#: Of each set: how it is drawn, samples to train on, and samples to name. There are more of the
#: unequal classes to name, so that chance in the rarest does not decide.
QUESTIONS = {
    "spirals": (datasets.spirals, 160, 120),
    "rings": (datasets.rings, 160, 120),
    "unequal classes": (datasets.unequal_classes, 200, 400),
}


class _WrongLengthError(WrongKindError):
    """Not one answer for each sample."""


class _NotOneEachError(WrongKindError):
    """More than one number for each sample."""


class _NoClassError(WrongKindError):
    """A number that is no class."""


def neighbours(X: np.ndarray, labels: np.ndarray, new: np.ndarray) -> np.ndarray:
    """The class that most of the nearest training samples have.

    It is what the checks measure a student's program by: no network, nothing trained, and computed
    from the same samples.

    Parameters
    ----------
    X : numpy.ndarray of float64, shape (n, features)
    labels : numpy.ndarray of int, shape (n,)
    new : numpy.ndarray of float64, shape (m, features)

    Returns
    -------
    numpy.ndarray of int, shape (m,)

    Examples
    --------
    >>> X = np.array([[0.0], [0.1], [0.2], [5.0], [5.1], [5.2], [9.0]])
    >>> neighbours(X, np.array([0, 0, 0, 1, 1, 1, 1]), np.array([[0.05], [5.05]]))
    array([0, 1])
    """
    scale = X.std(axis=0)
    gaps = (((new[:, None] - X) / scale) ** 2).sum(axis=2)
    near = labels[np.argsort(gaps, axis=1)[:, :NEIGHBOURS]]
    votes = np.stack([(near == c).sum(axis=1) for c in range(labels.max() + 1)], axis=1)
    return np.asarray(votes.argmax(axis=1))


def floor(X: np.ndarray, labels: np.ndarray, new: np.ndarray, truth: np.ndarray) -> float:
    """The balanced accuracy that a program must reach on these samples.

    Two thirds of the way from guessing, 1/classes, to what the `neighbours` reach: it follows
    from the samples that are asked about, whatever the noise in them.

    Parameters
    ----------
    X, labels
        The training samples.
    new, truth
        The samples asked about, and their labels.

    Returns
    -------
    float

    Examples
    --------
    >>> X = np.array([[0.0], [0.1], [0.2], [5.0], [5.1], [5.2]])
    >>> floor(X, np.array([0, 0, 0, 1, 1, 1]), X, np.array([0, 0, 0, 1, 1, 1]))
    0.8333333333333333
    """
    guessing = 1 / len(np.unique(truth))
    known = _mean_share(neighbours(X, labels, new), truth)
    return guessing + PART * (known - guessing)


def _mean_share(named: np.ndarray, truth: np.ndarray) -> float:
    """Return the balanced accuracy, also while the one of the catalogue is withheld."""
    return float(np.mean([np.mean(named[truth == c] == c) for c in np.unique(truth)]))


def _answers(
    function: Callable[..., Any], X: Any, labels: Any, new: Any, seed: int
) -> np.ndarray | None:
    result = function(X, labels, new, np.random.default_rng(seed))
    if result is None:
        return None
    answer = np.asarray(result)
    if answer.dtype.kind not in "buif":
        raise WrongKindError(f"it should return whole numbers, the classes, not {answer.dtype}")
    if answer.ndim != 1:
        raise _NotOneEachError(
            f"it returned an array of shape {answer.shape}; wanted is one class for each of the "
            f"{len(new)} rows of X_new, of shape ({len(new)},)"
        )
    if len(answer) != len(new):
        raise _WrongLengthError(
            f"it returned {len(answer)} classes; wanted is one for each of the {len(new)} rows of "
            "X_new"
        )
    if not np.isin(answer, np.unique(labels)).all():
        odd = answer[~np.isin(answer, np.unique(labels))][0]
        raise _NoClassError(f"it named the class {odd:g}, which is not among the labels")
    return answer.astype(np.int64)


def _look_at_program(
    function: Callable[..., Any],
    look: str,
    X: Any,
    labels: Any,
    new: Any,
    truth: Any,
    seed: int,
    least: float = 0.0,
) -> Any:
    given = X.copy(), labels.copy(), new.copy()
    answer = _answers(function, X, labels, new, seed)
    if answer is None:
        return None
    if look == "classes":
        return answer
    if look == "alone":
        return int(np.sum(answer == truth))
    known = truth >= 0
    every = len(np.unique(answer[known])) == len(np.unique(truth[known]))
    reached = int(every and _mean_share(answer[known], truth[known]) >= least)
    if look == "share":
        return reached
    again = _answers(function, *given, seed)
    same = int(again is not None and np.array_equal(answer, again))
    return [reached, same, len(np.unique(answer[known])), len(np.unique(answer))]


def _sorted(data: datasets.Dataset) -> tuple[np.ndarray, np.ndarray]:
    order = np.argsort(data.labels, kind="stable")
    return data.X[order], data.labels[order]


def _times(rounds: int) -> int:
    """Return how often each question is asked: a training takes longer than any other answer."""
    return max(rounds // 3, 1)


def _learnt(rng: np.random.Generator, rounds: int) -> list[Case]:
    cases: list[Case] = []
    for name, (make, trained, asked) in QUESTIONS.items():
        for _ in range(_times(rounds)):
            X, labels = _sorted(make(trained, rng))
            held = make(asked, rng)
            least = floor(X, labels, held.X, held.labels)
            classes = len(np.unique(labels))
            cases.append(
                Case(
                    shown=f"Trained on {trained} samples of the {name}, my_program names the "
                    f"classes of {asked} others: whether their balanced accuracy is {least:.3f} or "
                    f"more and all {classes} classes are named, with 1 for yes, it",
                    arguments=(X, labels, held.X, held.labels, int(rng.integers(10**6)), least),
                    keywords={"look": "share"},
                    expected=1,
                    what="right is",
                )
            )
    return cases


def _drawn_answers(case: Case, _: Any, ask: Callable[..., Any]) -> Picture | None:
    _, _, new, truth, *_ = case.arguments
    named = ask(*case.arguments, look="classes")
    return pictures.answers(new, truth, named, "Samples that were not trained on")


#: The middle of class 1 of `unequal_classes`: a sample that any right program knows.
MIDDLE = np.array([datasets.UNEQUAL_MIDDLES[1]])
#: Samples far away: in so many directions any two networks differ somewhere.
FAR = 300


def _by_itself(rng: np.random.Generator, rounds: int) -> list[Case]:
    cases = []
    for _ in range(_times(rounds)):
        X, labels = _sorted(datasets.unequal_classes(160, rng))
        seed = int(rng.integers(10**6))
        cases.append(
            Case(
                shown=f"Asked for the class of one sample alone, {MIDDLE[0].tolist()}, in the "
                "middle of class 1: how many of one are right, it",
                arguments=(X, labels, MIDDLE, np.array([1]), seed),
                keywords={"look": "alone"},
                expected=1,
                what="right is",
            )
        )
        held = datasets.unequal_classes(200, rng)
        away = np.vstack([held.X, 1e5 * rng.standard_normal((FAR, 2))])
        truth = np.concatenate([held.labels, np.full(FAR, -1)])
        # What neighbours know of the 200, and a good way below: only a collapse is meant.
        least = 0.75 * floor(X, labels, held.X, held.labels)
        cases.append(
            Case(
                shown=f"Asked twice, with the same seed, for 200 samples and in the same call for "
                f"{FAR} others very far away: whether the balanced accuracy of the 200 is "
                f"{least:.3f} or more and whether both answers are the same, with 1 for yes, and "
                "how many classes it names among the 200 and among all, it",
                arguments=(X, labels, away, truth, seed, least),
                keywords={"look": "far"},
                expected=[1, 1, 3, 3],
                what="right is",
            )
        )
    return cases


def _learns_all_but(sets: tuple[str, ...], X: Any, labels: Any, new: Any, rng: Any) -> Any:
    """Name what neighbours name, but on some of the sets the class after that."""
    spread = X.std(axis=0)
    kind = "unequal classes" if labels.max() == 2 else "spirals"
    kind = "rings" if spread.max() > 100 * spread.min() else kind
    named = neighbours(X, labels, new)
    return (named + 1) % (labels.max() + 1) if kind in sets and len(new) > 1 else named


def _changes_samples(X: Any, labels: Any, X_new: Any, rng: Any) -> Any:
    m, s = X.mean(axis=0), X.std(axis=0)
    X -= m
    X /= s
    return _fitted(X, labels, (X_new - m) / s, rng).argmax(axis=1)


def _each_by_itself(X: Any, new: Any) -> Any:
    return _right_standardise(X)[0], _right_standardise(new)[0]


def _all_at_once(X: Any, new: Any) -> Any:
    both = _right_standardise(np.vstack([X, new]))[0]
    return both[: len(X)], both[len(X) :]


@dataclass(frozen=True)
class OwnExercise(SeenExercise):
    """An exercise in a notebook about samples that belong to one student.

    Its questions are the same for everybody. It says whose notebook it is: the report in it, which
    a person marks, is about the samples of the id that is typed there.

    Attributes
    ----------
    student_id : object
        What is typed in the notebook.

    Examples
    --------
    >>> my_program.name, my_program.student_id
    ('my_program', None)
    """

    student_id: object = field(default=None, kw_only=True)

    def __call__(
        self,
        function: Callable[..., Any],
        student_id: object = None,
        *,
        seed: int | None = None,
        rounds: int = 3,
    ) -> Report:
        """Check a student's function; see `Exercise`."""
        exercise = replace(self, student_id=student_id)
        return super(OwnExercise, exercise).__call__(function, seed=seed, rounds=rounds)

    def _report(self, function: Callable[..., Any], seed: list[int], rounds: int) -> Report:
        report = super()._report(function, seed, rounds)
        if self.student_id is None:
            return report
        if submitter() and is_placeholder(self.student_id):
            said = f"{submitter()} typed no student_id: the report is about the samples of nobody."
            return replace(report, for_instructor=(said,))
        other = of_another(self.student_id)
        if not other:
            return report
        said = f"{other.for_instructor} Its report is about the samples of that id."
        return replace(
            report,
            diagnosis=f"{other.for_student} {report.diagnosis}".strip(),
            for_instructor=(said,),
        )


my_program = OwnExercise(
    name="my_program",
    chapter=CHAPTER,
    earlier=EARLIER,
    # A training takes a second or so, and each is asked for again with the earlier functions.
    seconds=60.0,
    withheld=(_right_whole, *WITHHELD, neighbours, _changes_samples, _each_by_itself, _all_at_once),
    sees=_look_at_program,
    properties=(
        Property(
            "it learns each of the three sets, and names new samples",
            2,
            _learnt,
            picture=_drawn_answers,
            telling=1,
            hints=(
                "Which of the three sets does it not learn? The spirals want many units or a "
                "better rule, the rings features of one size, the unequal classes patience.",
                "standardise first, then start, train_network with choices from your table, and "
                "argmax of the outputs for the new samples.",
            ),
        ),
        Property(
            "a sample's answer is its own; runs can be repeated; nothing passed in changes",
            1,
            _by_itself,
            hints=(
                "Does the answer for a sample depend on which others are asked for in the same "
                "call? It must not.",
                "Mean and spread come from X alone. Every number drawn comes from rng.",
            ),
            arguments_kept=True,
            telling=1,
        ),
    ),
    misconceptions=_made(
        _look_at_program,
        *(
            (name, functools.partial(_learns_all_but, sets), said)
            for name, sets, said in (
                (
                    "no hidden layer",
                    ("spirals", "rings"),
                    "Your program learns what straight lines divide, and neither spirals nor "
                    "rings. Is there a hidden layer with a tanh in it, of enough units? Do you "
                    "standardise, and does it train long enough?",
                ),
                (
                    "not standardised",
                    ("rings",),
                    "Your program learns all but the rings. Their features have units of very "
                    "different size, and tanh saturates: do you standardise before training?",
                ),
                (
                    "too little for the spirals",
                    ("spirals",),
                    "Your program learns all but the spirals, whose boundary winds. They want more "
                    "hidden units, more steps, or a better rule to step by.",
                ),
                (
                    "the rare class",
                    ("unequal classes",),
                    "Your program learns all but the unequal classes. Is the rare class among the "
                    "samples that you train on, and does it train long enough to be named?",
                ),
                (
                    "not trained",
                    ("spirals", "rings", "unequal classes"),
                    "Your program learns none of the three sets. Does it name the same class for "
                    "every sample? Do you use the params that train_network returns, does each "
                    "sample keep its own label, and does it train long enough?",
                ),
                (
                    "too little for two sets",
                    ("spirals", "unequal classes"),
                    "Your program learns the rings alone. The spirals want many units, the unequal "
                    "classes patience: more steps, or a better rule to step by.",
                ),
                (
                    "neither units nor the rare class",
                    ("rings", "unequal classes"),
                    "Your program learns the spirals alone. Do you standardise, and are all the "
                    "classes among the samples that you train on?",
                ),
            )
        ),
        (
            "a number for one sample",
            lambda X, labels, new, rng: np.squeeze(neighbours(X, labels, new)),
            "For one sample alone you return a number. Return an array with a class for each row, "
            "of one entry too.",
        ),
        ("nothing", _nothing, _NO_RETURN),
        (
            "probabilities",
            _whole(named=lambda P, X: P),
            "You returned the outputs. Wanted is a class for each sample: argmax over each row.",
        ),
        (
            "counts from one",
            _whole(named=lambda P, X: P.argmax(axis=1) + 1),
            "Your classes count from 1. They begin at 0, as argmax gives them.",
        ),
        (
            "answers for the training samples",
            _whole(asked=lambda X, new: X),
            "You named the classes of the training samples. Asked for are those of X_new.",
        ),
        (
            "each by its own numbers",
            _whole(scaled=_each_by_itself),
            "A sample's answer depends on the company it comes in. Is X_new standardised by its "
            "own mean and spread? Use the numbers of X.",
        ),
        (
            "all together",
            _whole(scaled=_all_at_once),
            "What is asked for has changed what is learned: a leak. Are X and X_new standardised "
            "together? Use the numbers of X alone.",
        ),
        (
            "global generator",
            _whole(generator=lambda rng: _GLOBAL),
            "Two calls with generators of the same seed give different answers. Is every number "
            "drawn from rng, and none from NumPy's global generator? Else nobody could repeat your "
            "result.",
        ),
        (
            "changes the samples",
            _changes_samples,
            "The answers are right, but afterwards what was passed in is changed: X -= … works in "
            "place. Make a new array.",
        ),
    ),
)
