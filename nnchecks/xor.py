"""Checks of assignment `05-xor`: a 2-hidden-2 network of logistic units, with biases.

Functions that return more than one array are looked at from one side at a time: a case says from
which. The wrong answers are the right program with some of its lines in other words.
"""

import copy
import functools
import operator
from collections.abc import Callable, Mapping
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
)
from nnchecks.engine.report import Picture
from nnlib import activations, losses, network, network_differences, optimizers, training

CHAPTER = "chapter 5, XOR"

#: The arrays of a network, in the order in which a sample meets them.
PARAMS = ("W1", "b1", "W2", "b2")

#: Every number here is of order one. A central difference, which is a right gradient too, is this
#: exact with any sensible step; the slips of the catalogue are off by far more.
TOLERANCE = 1e-8

# --- the program, line by line --------------------------------------------------------------------


def _logistic(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


FORWARD = {
    "Z1": "X @ W1 + b1",
    "H": "logistic(Z1)",
    "Z2": "H @ W2 + b2",
    "out": "logistic(Z2)",
}
BACKWARD = {
    # The penalty, and what it adds to each of the gradients.
    "P": "l2 / 2 * ((W1**2).sum() + (W2**2).sum())",
    "PW1": "l2 * W1",
    "Pb1": "0 * b1",
    "PW2": "l2 * W2",
    "Pb2": "0 * b2",
    # The mean half squared error and its gradients, from the end to the beginning.
    "E": "out - Y",
    "D2": "E * out * (1 - out) / n",
    "dW2": "H.T @ D2",
    "db2": "D2.sum(axis=0)",
    "D1": "D2 @ W2.T * H * (1 - H)",
    "dW1": "X.T @ D1",
    "db1": "D1.sum(axis=0)",
    "loss": "(E**2).sum() / (2 * n)",
}
_FUNCTIONS = {"logistic": _logistic, "tanh": np.tanh, "exp": np.exp, "np": np}


def _compiled(lines: Mapping[str, str]) -> Any:
    return compile("\n".join(f"{name} = {line}" for name, line in lines.items()), "net", "exec")


def _forward(result: str = "out", **changed: str) -> Callable[..., Any]:
    """Return a forward pass with some of its lines in other words, and another result."""
    code = _compiled(FORWARD | changed | {"result": result})

    def predict(params: Any, X: Any) -> Any:
        known = {**params, "X": X}
        exec(code, _FUNCTIONS, known)
        return known["result"]

    return predict


def _program(**changed: str) -> Callable[..., Any]:
    """Return loss and gradients with some of the lines in other words."""
    code = _compiled(FORWARD | BACKWARD | changed)

    def loss_and_gradients(params: Any, X: Any, Y: Any, l2: float, rate: float = 0.0) -> Any:
        known = {**params, "X": X, "Y": Y, "l2": l2, "rate": rate, "n": len(X)}
        exec(code, _FUNCTIONS, known)
        gradients = {name: known[f"d{name}"] + known[f"P{name}"] for name in PARAMS}
        return known["loss"] + known["P"], gradients

    return loss_and_gradients


_right_pass, _right_program = _forward(), _program()


def _start(**changed: Callable[[Any, int], Any]) -> Callable[..., Any]:
    """Return an initialisation in which some arrays are made in another way."""
    made: dict[str, Callable[[Any, int], Any]] = {
        "W1": lambda rng, hidden: rng.standard_normal((2, hidden)),
        "b1": lambda rng, hidden: np.zeros(hidden),
        "W2": lambda rng, hidden: rng.standard_normal((hidden, 2)),
        "b2": lambda rng, hidden: np.zeros(2),
        **changed,
    }

    def init_params(hidden: int, rng: np.random.Generator) -> Any:
        return {name: make(rng, hidden) for name, make in made.items()}

    return init_params


_right_start = _start()


def _training(
    gradients: Callable[..., Any] = _right_program,
    *,
    new: Callable[[Any, Any, float], Any] = lambda old, slope, rate: old - rate * slope,
    only: tuple[str, ...] = PARAMS,
    more: int = 0,
    stay: bool = False,
    result: Callable[[Any, Any], Any] = lambda run, losses: (run[-1], losses),
) -> Callable[..., Any]:
    """Return a training with other gradients, another step, or another result."""

    def train(params: Any, X: Any, Y: Any, learning_rate: float, steps: int, l2: float = 0) -> Any:
        run, losses = [params], []
        for _ in range(steps + more + 1):
            now = run[-1]
            loss, slopes = gradients(run[0] if stay else now, X, Y, l2, learning_rate)
            losses.append(gradients(now, X, Y, l2, learning_rate)[0] if stay else loss)
            run.append(
                {k: new(now[k], slopes[k], learning_rate) if k in only else now[k] for k in PARAMS}
            )
        return result(run[:-1], losses)

    return train


_right_training = _training()

#: The book's own with which a network is built and trained.
TRAINING = (
    network.predict,
    network.forward,
    network.accuracy,
    network.backward,
    network.loss_and_gradients,
    network_differences.numerical_gradients,
    network.deep_network,
    network.network_2_3_2,
    network.xavier,
    network.he,
    network.forward_pass,
    network.backward_pass,
    network.classes_in,
    network.Task.loss_and_gradients,
    training.train,
    losses.penalty,
    losses.penalty_gradient,
    optimizers.GradientDescent,
    activations.Activation,
)

#: What this assignment asks for, under the book's names, and what here would do for an answer.
WITHHELD = (
    *TRAINING,
    _right_start,
    _logistic,
    _forward,
    _program,
    _start,
    _training,
    _right_pass,
    _right_program,
    _right_training,
)

# --- right answers that need nothing withheld, for those that may call them -----------------------


def _plain_sigma(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def _plain_predict(params: Any, X: Any) -> Any:
    H = _plain_sigma(np.asarray(X) @ params["W1"] + params["b1"])
    return _plain_sigma(H @ params["W2"] + params["b2"])


def _plain_gradients(params: Any, X: Any, Y: Any, l2: Any = 0.0) -> Any:
    X, n = np.asarray(X), len(X)
    W1, W2 = params["W1"], params["W2"]
    H, out = _plain_sigma(X @ W1 + params["b1"]), _plain_predict(params, X)
    D2 = (out - Y) * out * (1 - out) / n
    D1 = D2 @ W2.T * H * (1 - H)
    loss = np.sum((out - Y) ** 2) / (2 * n) + l2 / 2 * (np.sum(W1**2) + np.sum(W2**2))
    return loss, {
        "W1": X.T @ D1 + l2 * W1,
        "b1": D1.sum(axis=0),
        "W2": H.T @ D2 + l2 * W2,
        "b2": D2.sum(axis=0),
    }


EARLIER: dict[str, Callable[..., Any]] = {
    "predict": _plain_predict,
    "loss_and_gradients": _plain_gradients,
}

# --- networks and samples -------------------------------------------------------------------------

XOR_INPUTS = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])


def _tenths(rng: np.random.Generator, *shape: int, most: int = 16) -> np.ndarray:
    """Return numbers such as −0.7, none of them near zero."""
    return np.asarray(rng.integers(3, most, shape) / 10 * rng.choice((-1, 1), shape))


def _net(rng: np.random.Generator, hidden: int) -> dict[str, np.ndarray]:
    """Return params whose names come in another order: a dict is asked by name."""
    shapes = {"b2": (2,), "W1": (2, hidden), "W2": (hidden, 2), "b1": (hidden,)}
    return {name: _tenths(rng, *shape) for name, shape in shapes.items()}


def _wanted(rng: np.random.Generator, n: int) -> np.ndarray:
    """Return rows (1, 0) and (0, 1), both of them if there are two rows."""
    return np.asarray(np.eye(2)[rng.permutation(np.arange(n) % 2)])


def _as_network(params: Mapping[str, np.ndarray]) -> network.Network:
    W1, b1, W2, b2 = (params[name] for name in PARAMS)
    return network.Network((W1, W2), (b1, b2), ("logistic",))


def _with(params: Mapping[str, Any], **others: Any) -> str:
    """Write down what a function is called with."""
    return "With " + ", ".join(f"{k} = {v.tolist()}" for k, v in {**params, **others}.items())


def _entries(name: str, array: Any) -> list[str]:
    """Name the entries of an array: W1[0, 2] is "0,2"."""
    return [",".join(map(str, place)) for place in np.ndindex(np.shape(array))] or [name]


# --- predict --------------------------------------------------------------------------------------


def _pass(params: dict[str, np.ndarray], X: np.ndarray) -> Case:
    return Case(
        shown=f"{_with(params, X=X)}: predict(params, X)",
        arguments=(params, X),
        keywords={},
        expected=network.predict(_as_network(params), X),
        tolerance=1e-12,
        what="right is",
    )


def _four_points(rng: np.random.Generator, rounds: int) -> list[Case]:
    """Two hidden units: in a square matrix a transposition does not show in the shape.

    The inputs are whole numbers, as floats and as integers.
    """
    kinds = (XOR_INPUTS, XOR_INPUTS.astype(np.int64))
    return [_pass(_net(rng, 2), X) for _ in range(max(rounds, 3)) for X in kinds]


def _any_samples(rng: np.random.Generator, rounds: int) -> list[Case]:
    sizes = ((3, 5), (1, 2), (5, 1), (2, 1), (1, 1), (4, 4), (6, 3))[: max(rounds, 6)]
    cases = [_pass(_net(rng, hidden), _tenths(rng, n, 2)) for hidden, n in sizes]
    for hidden in (2, 3, 4):
        far = _net(rng, hidden)
        far["W1"] *= 1000
        far["W2"] *= 10000
        X = _tenths(rng, 2, 2)
        cases.append(_pass(far, np.vstack([X, -X])))
    return cases


def _along_the_diagonal(case: Case, _: Any, ask: Callable[..., Any]) -> Picture | None:
    params = case.arguments[0]
    net = _as_network(params)
    return pictures.curves(
        np.linspace(-3, 3, 41),
        lambda t: float(network.predict(net, [[t, t]])[0, 1]),
        lambda t: ask(params, np.array([[t, t]]))[0][1],
        ("t", "Second output at the input (t, t)"),
    )


_NO_RETURN = "Your function returns nothing. It needs a `return` at its end."
_NAMES = (
    "W1, b1, W2, b2 = params takes the names out of the dict, not the arrays. Ask for each: "
    'params["W1"].'
)
_CUT = (
    "With whole-number inputs your numbers are cut off to whole numbers: an array made like X "
    "holds no others. Give it the type float."
)
_SO_MANY = (
    "Your program counts on a certain number of hidden units. How many there are is written in "
    "the shape of W1."
)
_FIRST_ALONE = (
    "Only the first sample is answered. Is the return inside the loop? There is a row for each "
    "sample."
)


def _nothing(*_: Any, **__: Any) -> None:
    return None


def _of_names(params: Any, X: Any, product: Callable[..., Any]) -> Any:
    W1, b1, W2, b2 = params
    H = _plain_sigma(X @ W1 + b1 if product is operator.matmul else np.dot(X, W1) + b1)
    return _plain_sigma(H @ W2 + b2)


def _by_order(params: Any, X: Any) -> Any:
    W1, b1, W2, b2 = params.values()
    return _plain_sigma(_plain_sigma(X @ W1 + b1) @ W2 + b2)


def _so_many_units(params: Any, X: Any, *, units: int) -> Any:
    H = np.zeros((len(X), units))
    for j in range(units):
        H[:, j] = _plain_sigma(X @ params["W1"][:, j] + params["b1"][j])
    return _plain_sigma(H @ params["W2"] + params["b2"])


def _grown_params(params: Any, X: Any) -> Any:
    out = _right_pass(params, X)
    params["W1"] = np.vstack([params["W1"], params["b1"]])
    return out


predict = Exercise(
    name="predict",
    chapter=CHAPTER,
    withheld=WITHHELD,
    properties=(
        Property(
            "the outputs at the four points",
            1,
            _four_points,
            hints=(
                "Do for a whole layer what you did for one unit on paper: multiply, add, add the "
                "bias, then the logistic function.",
                "X @ W1 + b1 is what goes into the hidden units, a row for each sample.",
            ),
            picture=_along_the_diagonal,
        ),
        Property(
            "any network, any samples, large sums too",
            1,
            _any_samples,
            hints=(
                "How many hidden units there are is written in the shape of W1.",
                "What does exp do beyond 709, and what becomes of your quotient then?",
            ),
            arguments_kept=True,
        ),
    ),
    misconceptions=tuple(
        Misconception(name, answer, said)
        for name, answer, said in (
            (
                "no logistic at the output",
                _forward("Z2"),
                "You returned what goes into the output units. Take the logistic function of it.",
            ),
            (
                "no logistic at the hidden units",
                _forward(H="Z1"),
                "The hidden units pass on their sums in your program. What goes on is the logistic "
                "function of them.",
            ),
            (
                "no logistic at all",
                _forward("Z2", H="Z1"),
                "There is no logistic function in your program. Each unit takes it of its sum.",
            ),
            (
                "tanh",
                _forward(H="tanh(Z1)", out="tanh(Z2)"),
                "Your units are tanh, with values between −1 and 1. Here they are logistic, with "
                "values between 0 and 1.",
            ),
            (
                "tanh at the hidden units",
                _forward(H="tanh(Z1)"),
                "Your hidden units are tanh. Here they are logistic, like the output units.",
            ),
            (
                "ReLU at the hidden units",
                _forward(H="np.maximum(Z1, 0)"),
                "Your hidden units cut off what is negative (ReLU). Here they are logistic.",
            ),
            (
                "softmax at the output",
                _forward("np.exp(Z2) / np.exp(Z2).sum(axis=1, keepdims=True)"),
                "Your outputs are a softmax and add up to 1. Here each output unit is a logistic "
                "unit on its own.",
            ),
            (
                "sign in the exponent",
                _forward(H="1 / (1 + exp(Z1))", out="1 / (1 + exp(Z2))"),
                "Your logistic function falls. It is 1 / (1 + exp(−z)), with a minus.",
            ),
            (
                "biases forgotten",
                _forward(Z1="X @ W1", Z2="H @ W2"),
                "Both biases are missing. Add b1 and b2 to the sums.",
            ),
            (
                "b1 forgotten",
                _forward(Z1="X @ W1"),
                "The biases of the hidden units are missing: X @ W1 + b1.",
            ),
            (
                "b2 forgotten",
                _forward(Z2="H @ W2"),
                "The biases of the output units are missing: H @ W2 + b2.",
            ),
            (
                "biases after the logistic",
                _forward(H="logistic(X @ W1) + b1", out="logistic(H @ W2) + b2"),
                "You added the biases after the logistic function. They belong to the sums that go "
                "into it.",
            ),
            (
                "W1 transposed",
                _forward(Z1="X @ W1.T + b1"),
                "You transposed W1. Its rows belong to the inputs and its columns to the hidden "
                "units: X @ W1.",
            ),
            (
                "W2 transposed",
                _forward(Z2="H @ W2.T + b2"),
                "You transposed W2. Its rows belong to the hidden units and its columns to the "
                "outputs: H @ W2.",
            ),
            (
                "both transposed",
                _forward(Z1="X @ W1.T + b1", Z2="H @ W2.T + b2"),
                "You transposed both W1 and W2. With samples in rows a layer is X @ W + b.",
            ),
            (
                "classes",
                _forward("out.argmax(axis=1)"),
                "You returned the classes. Return the outputs, two numbers for each sample.",
            ),
            (
                "rounded",
                _forward("np.round(out)"),
                "You rounded the outputs. Return the numbers as they come.",
            ),
            (
                "rounded to four decimals",
                _forward("np.round(out, 4)"),
                "You rounded the outputs to four decimals. Return the numbers as they come.",
            ),
            (
                "names for arrays",
                lambda params, X: _of_names(params, X, operator.matmul),
                _NAMES,
            ),
            ("names for arrays, np.dot", lambda params, X: _of_names(params, X, np.dot), _NAMES),
            (
                "by the order of the dict",
                _by_order,
                "You take the arrays by their order in the dict (params.values()), and that may be "
                'any order. Ask for each by its name: params["W1"].',
            ),
            (
                "hidden layer of X's type",
                _forward(H="logistic(Z1).astype(X.dtype)"),
                _CUT,
            ),
            ("outputs of X's type", _forward("out.astype(X.dtype)"), _CUT),
            (
                "three hidden units",
                functools.partial(_so_many_units, units=3),
                _SO_MANY,
            ),
            ("two hidden units", functools.partial(_so_many_units, units=2), _SO_MANY),
            ("first sample alone", lambda params, X: _right_pass(params, X[:1]), _FIRST_ALONE),
            ("first row alone", lambda params, X: _right_pass(params, X[:1])[0], _FIRST_ALONE),
            (
                "last sample alone",
                lambda params, X: _right_pass(params, X[-1:])[0],
                "Only the last sample is answered: the others are overwritten. Collect a row for "
                "each.",
            ),
            (
                "squeezed",
                _forward("np.squeeze(out)"),
                "With one sample your result is a row without its second axis (squeeze?). It has "
                "the shape (1, 2), like every table of one row.",
            ),
            (
                "params changed",
                _grown_params,
                "The outputs are right, but afterwards params holds other arrays. Work on arrays "
                "of your own.",
            ),
            ("nothing", _nothing, _NO_RETURN),
            (
                "one output",
                _forward("out[:, 1]"),
                "You returned the second output alone. Return both, a row for each sample.",
            ),
            (
                "hidden outputs",
                _forward("H"),
                "You returned what comes out of the hidden units. One more layer follows.",
            ),
            (
                "samples in columns",
                _forward("out.T"),
                "Your result is transposed: each sample should be a row.",
            ),
            (
                "infinity over infinity",
                _forward(H="exp(Z1) / (1 + exp(Z1))", out="exp(Z2) / (1 + exp(Z2))"),
                "exp(z) / (1 + exp(z)) is right until exp(z) overflows, beyond z = 709; then it is "
                "infinity over infinity. 1 / (1 + exp(−z)) has no such end.",
            ),
        )
    ),
)

# --- accuracy -------------------------------------------------------------------------------------


def _share(
    of: Callable[[np.ndarray, np.ndarray], Any] = lambda out, labels: np.mean(
        out.argmax(axis=1) == labels
    ),
    passed: Callable[..., Any] = _right_pass,
) -> Callable[..., Any]:
    """Return an accuracy that looks at other outputs, or at outputs and labels in another way."""

    def accuracy(params: Any, X: Any, labels: Any) -> Any:
        return of(passed(params, X), np.asarray(labels))

    return accuracy


_right_share = _share()


def _hits(out: np.ndarray, labels: np.ndarray) -> np.ndarray:
    return np.asarray(out.argmax(axis=1) == labels)


#: The ways of counting that must not give the same number by chance.
_COUNTS: dict[str, Callable[[np.ndarray, np.ndarray], Any]] = {
    "right": lambda out, labels: np.mean(_hits(out, labels)),
    "errors": lambda out, labels: np.mean(~_hits(out, labels)),
    "second output": lambda out, labels: np.mean((out[:, 1] > 0.5) == labels),
    "first output": lambda out, labels: np.mean((out[:, 0] > 0.5) == labels),
    "both outputs": lambda out, labels: np.mean((np.round(out) == np.eye(2)[labels]).all(axis=1)),
    "each output": lambda out, labels: np.mean(np.round(out) == np.eye(2)[labels]),
    "of four": lambda out, labels: np.sum(_hits(out, labels)) / 4,
    "of all entries": lambda out, labels: np.mean(_hits(out, labels)) / 2,
    "class 1 alone": lambda out, labels: np.mean(_hits(out, labels)[labels == 1]),
    "share of class 1": lambda out, labels: np.mean(out.argmax(axis=1)),
    "one place for all": lambda out, labels: np.mean(out.argmax() % 2 == labels),
    "mean of classes": lambda out, labels: np.mean(
        [np.mean(_hits(out, labels)[labels == c]) for c in np.unique(labels)]
    ),
    "every label": lambda out, labels: np.mean(out.argmax(axis=1) == labels[:, None]),
}


#: Slips of `predict` that are worth naming in an accuracy that calls it.
_WRONG_PASSES = {
    "biases forgotten": {"Z1": "X @ W1", "Z2": "H @ W2"},
    "tanh at the hidden units": {"H": "tanh(Z1)"},
}


def _counted(out: np.ndarray, labels: np.ndarray) -> list[float]:
    return [round(float(count(out, labels)), 9) for count in _COUNTS.values()]


def _scored(rng: np.random.Generator, n: int, hidden: int) -> Case:
    """Return samples of which some are right, and which no wrong way of counting sees as many."""
    while True:
        params, X = _net(rng, hidden), _tenths(rng, n, 2, most=30)
        # Each output is above ½ for about half of the samples, and the two not for the same.
        sums = _forward("Z2")(params, X) - params["b2"]
        params["b2"] = -np.round(np.sort(sums, axis=0)[n // 2 - 1 : n // 2 + 1].mean(axis=0), 2)
        out = _right_pass(params, X)
        if np.abs(out[:, 0] - out[:, 1]).min() < 1e-3 or np.abs(out - 0.5).min() < 1e-3:
            continue
        slips = [_forward(**lines)(params, X) for lines in _WRONG_PASSES.values()]
        named = out.argmax(axis=1)
        for labels in np.where(rng.random((8, n)) < 0.75, named, 1 - named):
            if 0 < labels.sum() < n:
                right, *others = _counted(out, labels)
                others += [round(float(np.mean(_hits(slip, labels))), 9) for slip in slips]
                if right not in others:
                    # The sample with the largest output comes first: its place is 0 or 1 among all.
                    order = np.argsort(-out.max(axis=1))
                    return _share_case(params, X[order], labels[order])


def _share_case(params: dict[str, np.ndarray], X: np.ndarray, labels: np.ndarray) -> Case:
    return Case(
        shown=f"{_with(params, X=X, labels=labels)}: accuracy(params, X, labels)",
        arguments=(params, X, labels),
        keywords={},
        expected=float(np.mean(_hits(network.predict(_as_network(params), X), labels))),
        tolerance=1e-12,
        what="right is",
    )


def _some_right(rng: np.random.Generator, rounds: int) -> list[Case]:
    # No share of 9, 11, 13 or 14 samples but 0, ½ and 1 has few decimals.
    sizes = ((9, 3), (11, 2), (13, 4), (14, 3), (10, 5), (12, 3))[: max(rounds, 4)]
    while True:
        cases = [_scored(rng, n, hidden) for n, hidden in sizes]
        counted = [
            _counted(_right_pass(params, X), t) for params, X, t in (c.arguments for c in cases)
        ]
        if len(set(zip(*counted, strict=True))) == len(_COUNTS):
            return cases


def _decided(
    rng: np.random.Generator, n: int, hidden: int
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return a network and samples for which no two outputs are nearly equal, as is promised."""
    while True:
        params, X = _net(rng, hidden), _tenths(rng, n, 2)
        out = _right_pass(params, X)
        if np.abs(out[:, 0] - out[:, 1]).min() > 1e-3:
            return params, X


def _few_samples(rng: np.random.Generator, rounds: int) -> list[Case]:
    cases = [
        _share_case(*_decided(rng, n, hidden), rng.integers(0, 2, n))
        for n, hidden in ((1, 3), (1, 2), (2, 2), (3, 4), (4, 1))
    ]
    for n in (20, 9, 14):
        case = _scored(rng, n, 3)
        params, X, _ = case.arguments
        named = _right_pass(params, X).argmax(axis=1)
        cases += [case, _share_case(params, X, named), _share_case(params, X, 1 - named)]
    return cases


#: Slips in the counting: name, function of outputs and labels, sentence, and how it goes together
#: with others.
_MISCOUNTS: tuple[tuple[str, Callable[[np.ndarray, np.ndarray], Any], str, Twist | None], ...] = (
    (
        "the wrong ones",
        _COUNTS["errors"],
        "This is the share of the samples that are wrong. Did you take argmin, or count "
        "where the two differ?",
        Twist(lambda share: 1 - share, "Besides, you counted the wrong ones."),
    ),
    (
        "a count",
        lambda out, labels: np.sum(_hits(out, labels)),
        "This is how many are right. Return the share: divide by the number of samples.",
        None,
    ),
    (
        "per cent",
        lambda out, labels: 100 * np.mean(_hits(out, labels)),
        "This is in per cent. Return a number between 0 and 1.",
        Twist(lambda share: 100 * share, "Besides, it is in per cent."),
    ),
    (
        "second output over a half",
        _COUNTS["second output"],
        "You compare the second output with ½. Both outputs may be above ½, or both below; "
        "the class is that of the larger one.",
        None,
    ),
    (
        "first output over a half",
        _COUNTS["first output"],
        "You take the first output for class 1. It belongs to class 0; and the class is "
        "that of the larger output, not of one above ½.",
        None,
    ),
    (
        "both outputs rounded",
        _COUNTS["both outputs"],
        "You ask that both outputs round to what is wanted. It is enough that the right "
        "one is the larger.",
        None,
    ),
    (
        "each output by itself",
        _COUNTS["each output"],
        "You count outputs. Count samples: there is one class for each row.",
        None,
    ),
    (
        "divided by four",
        _COUNTS["of four"],
        "You divided by 4. There may be any number of samples: len(labels).",
        None,
    ),
    (
        "divided by all entries",
        _COUNTS["of all entries"],
        "This is half of the share. Did you divide by the number of outputs? Divide by the "
        "number of samples.",
        None,
    ),
    (
        "class 1 alone",
        _COUNTS["class 1 alone"],
        "You looked at the samples of class 1 alone. Count the right ones of both classes.",
        None,
    ),
    (
        "how many are class 1",
        _COUNTS["share of class 1"],
        "This is how often the network says class 1, right or wrong. Compare with labels.",
        None,
    ),
    (
        "how sure it is",
        lambda out, labels: np.mean(out[np.arange(len(out)), labels]),
        "This is the mean of the right class's output. Accuracy counts only whether it is "
        "the larger one.",
        None,
    ),
    (
        "all or nothing",
        lambda out, labels: float(_hits(out, labels).all()),
        "You answer 1 if all are right and 0 otherwise. Return the share: np.mean in "
        "place of np.all, and / in place of //.",
        None,
    ),
    (
        "mean of the classes' shares",
        lambda out, labels: np.mean(
            [np.mean(_hits(out, labels)[labels == c]) for c in np.unique(labels)]
        ),
        "You took the mean of the two classes' shares. Every sample counts the same here, whatever "
        "class it is of.",
        None,
    ),
    (
        "every sample with every label",
        lambda out, labels: np.mean(out.argmax(axis=1) == labels.reshape(-1, 1)),
        "A row meets a column in your comparison, so every sample is compared with every label. "
        "Both have one axis.",
        None,
    ),
    (
        "down the columns",
        lambda out, labels: np.mean(out.argmax(axis=0) == labels),
        "argmax with axis=0 looks down a column, over the samples. Which output of a sample is "
        "larger is a question along a row: axis=1.",
        None,
    ),
    (
        "one place for all",
        lambda out, labels: np.mean(np.argmax(out) == labels),
        "argmax without an axis is one place among all outputs. One for each row: axis=1.",
        None,
    ),
    *(
        (
            f"rounded to {decimals} decimals",
            lambda out, labels, decimals=decimals: np.round(np.mean(_hits(out, labels)), decimals),
            "You rounded the share. Return the number as it comes.",
            None,
        )
        for decimals in (1, 2, 3, 4)
    ),
    ("nothing", lambda out, labels: None, _NO_RETURN, None),
)

accuracy = Exercise(
    name="accuracy",
    chapter=CHAPTER,
    earlier={"predict": EARLIER["predict"]},
    withheld=(*WITHHELD, _share, _right_share, _hits),
    properties=(
        Property(
            "some right, some wrong",
            1,
            _some_right,
            hints=(
                "Which of a sample's two outputs is larger? That is the class that the network "
                "names.",
                "np.argmax(outputs, axis=1) is the place of the largest number in each row.",
            ),
        ),
        Property(
            "one sample or many, all right or none",
            1,
            _few_samples,
            hints=(
                "The number of samples is not always 4.",
                "The mean of an array of True and False is the share of True.",
            ),
            arguments_kept=True,
        ),
    ),
    misconceptions=(
        *(
            Misconception(name, _share(count), said, twist)
            for name, count, said, twist in _MISCOUNTS
        ),
        *(
            Misconception(
                f"outputs: {name}",
                _share(passed=_forward(**lines)),
                f"You count rightly, but the outputs have a slip in them: {said}. Put it right in "
                "`predict` first.",
                once=True,
            )
            for (name, lines), said in zip(
                _WRONG_PASSES.items(),
                ("the biases are missing", "the hidden units are tanh"),
                strict=True,
            )
        ),
    ),
)

# --- init_params ----------------------------------------------------------------------------------

#: Generators for one question about chance; with so many the answer is as good as certain.
DRAWS, ORDERS, AGAIN = 12, 8, 3
#: The root mean square of the weights with a few hidden units, and what chance in so few draws may
#: add to it or take away.
SIZES, CHANCE = (0.2, 2.0), 0.2

#: In place of NumPy's global generator, so that checking does not draw from that.
_GLOBAL = np.random.default_rng(20)


def _drawn(function: Callable[..., Any], hidden: int, seed: int) -> Any:
    start = function(hidden, np.random.default_rng(seed))
    if start is not None and not isinstance(start, dict):
        raise WrongKindError(
            f"it should return a dict with {', '.join(PARAMS)}, not a {type(start).__name__}"
        )
    return start


def _look_at_start(function: Callable[..., Any], look: str, hidden: int, seed: int) -> Any:
    start = _drawn(function, hidden, seed)
    if start is None:
        return None
    if look == "names":
        return [int(name in start) for name in PARAMS]
    if look in PARAMS:
        if look not in start:
            raise WrongKindError(f"the dict has no {look!r}")
        return list(np.shape(start[look]))
    more = {"again": [seed] * (AGAIN - 1), "others": range(seed + 1, seed + ORDERS)}
    if look == "size":
        more["size"] = range(seed + 1, seed + DRAWS)
    found = [start, *(_drawn(function, hidden, one) for one in more.get(look, ()))]
    W1, W2 = (
        np.array([np.asarray(one[name], dtype=np.float64) for one in found])
        for name in ("W1", "W2")
    )
    if look == "units":
        return [len(np.unique(W1[0], axis=1).T), len(np.unique(W2[0], axis=0))]
    if look == "tied":
        return len(np.unique(np.concatenate([W1.ravel(), W2.ravel()])))
    if look in ("again", "others"):
        # One number in all places of all draws has not been drawn at all.
        alike = look == "others" and len(np.unique(W1)) == 1
        return [0 if alike else len({one.tobytes() for one in W}) for W in (W1, W2)]
    if look == "negative":
        return [_side(float(np.mean(W < 0))) for W in (W1, W2)]
    return [_size(float(np.sqrt(np.mean(W**2)))) for W in (W1, W2)]


def _side(negative: float) -> float:
    """Sort a share of negative weights: none or all of them, too few or too many, or about half."""
    if negative in (0.0, 1.0):
        return negative
    return 0.5 if 0.25 <= negative <= 0.75 else 0.1 if negative < 0.5 else 0.9


def _size(root_mean_square: float) -> float:
    """Sort a size: 1 is right, less is too small, more too large."""
    low, high = SIZES
    if low - CHANCE / 4 <= root_mean_square <= high + CHANCE:
        return 1.0
    return 0.0 if not root_mean_square else 0.1 if root_mean_square < low else 10.0


_BOTH = "of W1 and of W2"
_QUESTIONS = {
    "names": f"Which of {', '.join(PARAMS)} are in init_params({{}}, rng), with 1 for yes: it",
    **{name: f"The shape of {name} in init_params({{}}, rng): it" for name in PARAMS},
    "again": f"How many different ones {_BOTH} there are among {AGAIN} calls of "
    "init_params({}, rng) with generators of the same seed: it",
    "others": f"How many different ones {_BOTH} there are among {ORDERS} calls of "
    "init_params({}, rng) with generators of different seeds, with 0 where all weights are one and "
    "the same number: it",
    "units": "How many hidden units differ from each other, by their columns of W1 and by their "
    "rows of W2, in init_params({}, rng): it",
    "tied": "How many different weights there are in W1 and W2 together, in init_params({}, rng): "
    "it",
    "negative": f"How many of the entries {_BOTH} are negative in init_params({{}}, rng), with 0 "
    "for none, 0.1 for few, 0.5 for about half, 0.9 for most and 1 for all: it",
    "size": f"Whether the size {_BOTH}, the root of their mean square over {DRAWS} calls of "
    f"init_params({{}}, rng), lies from {SIZES[0]:g} to {SIZES[1]:g}, with 1 for yes, 0.1 for too "
    "small, 10 for too large and 0 for no size at all: it",
}


def _start_case(look: str, hidden: int, seed: int) -> Case:
    expected: Any = {
        "names": [1] * len(PARAMS),
        "W1": [2, hidden],
        "b1": [hidden],
        "W2": [hidden, 2],
        "b2": [2],
        "again": [1, 1],
        "others": [ORDERS] * 2,
        "units": [hidden] * 2,
        "tied": 4 * hidden,
        "negative": [0.5] * 2,
        "size": [1.0] * 2,
    }[look]
    return Case(
        shown=_QUESTIONS[look].format(hidden),
        arguments=(hidden, seed),
        keywords={"look": look},
        expected=expected,
        what="right is",
    )


def _start_cases(
    *looks: str, hidden: tuple[int, ...]
) -> Callable[[np.random.Generator, int], list[Case]]:
    def cases(rng: np.random.Generator, rounds: int) -> list[Case]:
        return [
            _start_case(look, size, int(rng.integers(10**6))) for look in looks for size in hidden
        ]

    return cases


def _starts(
    *rows: tuple[str, Callable[[int, np.random.Generator], Any], str],
) -> tuple[Misconception, ...]:
    return tuple(Misconception(name, seen(f, _look_at_start), said) for name, f, said in rows)


def _scaled(factor: float) -> Callable[..., Any]:
    return _start(
        W1=lambda rng, hidden: factor * rng.standard_normal((2, hidden)),
        W2=lambda rng, hidden: factor * rng.standard_normal((hidden, 2)),
    )


def _one_number(hidden: int, rng: Any) -> Any:
    return {
        name: np.full_like(value, 0.0) + number
        for number in [rng.standard_normal()]
        for name, value in _right_start(hidden, rng).items()
    }


def _tied(hidden: int, rng: Any) -> Any:
    start = _right_start(hidden, rng)
    return {**start, "W2": start["W1"].T.copy()}


def _both(make: Callable[[Any, tuple[int, int]], Any]) -> Callable[..., Any]:
    return _start(
        W1=lambda rng, hidden: make(rng, (2, hidden)),
        W2=lambda rng, hidden: make(rng, (hidden, 2)),
    )


_EQUAL = (
    "Your weights are all the same number. Then every hidden unit is like every other, and no step "
    "will ever tell them apart; with 0 for all of them nothing moves at all. Draw them by rng."
)

init_params = SeenExercise(
    name="init_params",
    chapter=CHAPTER,
    withheld=WITHHELD,
    sees=_look_at_start,
    properties=(
        Property(
            "the names and the shapes",
            1,
            _start_cases("names", *PARAMS, hidden=(2, 3, 5, 1)),
            hints=(
                "The table at the top of the assignment has all the shapes.",
                '{"W1": …, "b1": …, "W2": …, "b2": …}; np.zeros(hidden) has one axis.',
            ),
        ),
        Property(
            "weights drawn by the generator given",
            1,
            _start_cases("again", "others", hidden=(3, 2, 4)),
            hints=(
                "rng.standard_normal((2, hidden)) draws as many numbers as the matrix holds.",
                "The same seed must give the same weights, and another seed others: use rng, and "
                "no other source of chance.",
            ),
        ),
        Property(
            "units that differ, weights of a size that learns",
            1,
            lambda rng, rounds: [
                *_start_cases("units", "tied", hidden=(3, 2, 5))(rng, rounds),
                *_start_cases("negative", hidden=(100, 80, 120))(rng, rounds),
                *_start_cases("size", hidden=(6, 8, 7))(rng, rounds),
            ],
            hints=(
                "If two hidden units start with the same weights, what do their gradients look "
                "like?",
                "A size argument (rows, columns) draws every weight by itself.",
            ),
        ),
    ),
    misconceptions=_starts(
        (
            "own seed",
            lambda hidden, rng: _right_start(hidden, np.random.default_rng(0)),
            "Your weights do not depend on rng: every run starts alike. Draw them by rng, and make "
            "no generator of your own.",
        ),
        (
            "zeros",
            _both(lambda rng, shape: np.zeros(shape)),
            _EQUAL,
        ),
        (
            "ones",
            _both(lambda rng, shape: np.ones(shape)),
            _EQUAL,
        ),
        (
            "a half everywhere",
            _both(lambda rng, shape: np.full(shape, 0.5)),
            _EQUAL,
        ),
        (
            "one number drawn for all",
            _one_number,
            "You drew one number and gave it to all weights. Then every hidden unit is like every "
            "other, and stays so. A size argument draws every weight by itself.",
        ),
        (
            "one number drawn for each matrix",
            _both(lambda rng, shape: np.full(shape, rng.standard_normal())),
            "You drew one number for a whole matrix. Then every hidden unit is like every other, "
            "and stays so. A size argument draws every weight by itself.",
        ),
        (
            "tied",
            _tied,
            "W2 holds the same numbers as W1, turned. Draw every weight by itself.",
        ),
        (
            "mostly positive",
            _both(lambda rng, shape: rng.normal(0.5, 0.5, shape)),
            "Most of your weights are positive: they are not drawn around 0. The first argument of "
            "rng.normal is the middle, the second the spread.",
        ),
        (
            "mostly positive, around 1",
            _both(lambda rng, shape: rng.normal(1.0, 1.0, shape)),
            "Most of your weights are positive: they are not drawn around 0. The first argument of "
            "rng.normal is the middle, the second the spread.",
        ),
        (
            "a tuple",
            lambda hidden, rng: tuple(_right_start(hidden, rng).values()),
            'Return a dict, in which each array has its name: {"W1": …, "b1": …, and so on}.',
        ),
        (
            "a list",
            lambda hidden, rng: [*_right_start(hidden, rng).values()],
            'Return a dict, in which each array has its name: {"W1": …, "b1": …, and so on}.',
        ),
        ("nothing", _nothing, _NO_RETURN),
        (
            "units alike",
            _start(
                W1=lambda rng, hidden: np.tile(rng.standard_normal((2, 1)), hidden),
                W2=lambda rng, hidden: np.tile(rng.standard_normal(2), (hidden, 1)),
            ),
            "Your hidden units all start with the same weights. They get the same gradients, so "
            "they stay alike for ever. Draw every weight by itself.",
        ),
        (
            "W2 of zeros",
            _start(W2=lambda rng, hidden: np.zeros((hidden, 2))),
            "Your W1 is drawn and your W2 is all zeros. With that no delta reaches the hidden "
            "units in the first step. Draw both.",
        ),
        (
            "W1 of zeros",
            _start(W1=lambda rng, hidden: np.zeros((2, hidden))),
            "Your W2 is drawn and your W1 is all zeros: the network does not see its inputs. Draw "
            "both.",
        ),
        (
            "positive",
            _both(lambda rng, shape: rng.random(shape)),
            "Your weights are all positive. Draw from both sides of zero: rng.standard_normal or "
            "rng.uniform(-1, 1, …); rng.random gives 0 to 1.",
        ),
        (
            "tiny",
            _scaled(0.01),
            "Your weights are very small. The hidden units then hardly differ, and the run stays "
            "on the plateau of the zero start for thousands of steps.",
        ),
        (
            "huge",
            _scaled(30.0),
            "Your weights are very large. The units start far out, where the logistic function is "
            "flat, and hardly any gradient comes through.",
        ),
        (
            "global generator",
            _both(lambda rng, shape: _GLOBAL.standard_normal(shape)),
            "The same seed gives other weights each time: you draw from NumPy's global generator "
            "and not from rng. Nobody could repeat such a run.",
        ),
        (
            "transposed",
            _start(
                W1=lambda rng, hidden: rng.standard_normal((hidden, 2)),
                W2=lambda rng, hidden: rng.standard_normal((2, hidden)),
            ),
            "Both matrices are transposed. A row belongs to where a weight comes from, a column to "
            "where it leads: (2, hidden) and (hidden, 2).",
        ),
        (
            "one output",
            _start(
                W2=lambda rng, hidden: rng.standard_normal((hidden, 1)),
                b2=lambda rng, hidden: np.zeros(1),
            ),
            "Your network has one output. Here it has two, one for each class.",
        ),
        (
            "biases as matrices",
            _start(
                b1=lambda rng, hidden: np.zeros((1, hidden)),
                b2=lambda rng, hidden: np.zeros((1, 2)),
            ),
            "Your biases are matrices of one row. Give them one axis: np.zeros(hidden), "
            "np.zeros(2).",
        ),
        (
            "biases as numbers",
            _start(b1=lambda rng, hidden: 0.0, b2=lambda rng, hidden: 0.0),
            "Your biases are single numbers. Each unit has a bias of its own: np.zeros(hidden), "
            "np.zeros(2).",
        ),
        (
            "a bias for each input",
            _start(
                b1=lambda rng, hidden: np.zeros(2),
                b2=lambda rng, hidden: np.zeros(hidden),
            ),
            "Your biases belong to the units that a layer starts from. They belong to the units "
            "that it leads to: b1 has hidden entries, b2 has two.",
        ),
        (
            "three hidden units",
            lambda hidden, rng: _right_start(3, rng),
            "You always make three hidden units. How many there are is the argument hidden.",
        ),
        (
            "no biases",
            lambda hidden, rng: {k: v for k, v in _right_start(hidden, rng).items() if k[0] == "W"},
            "Your network has no biases, b1 and b2. Without them it cannot learn XOR, however "
            "many hidden units it has.",
        ),
    ),
)

# --- loss_and_gradients ---------------------------------------------------------------------------

#: What `loss_and_gradients` is looked at for; with "+" it is what the penalty adds to it.
PARTS = (*PARAMS, "loss")
STRENGTHS = (0.1, 0.5, 0.2, 1.0)


def _part_of_gradients(function: Callable[..., Any], look: str, *arguments: Any) -> Any:
    if look.startswith("+"):
        # The second call must not see what the first may have done to its arguments.
        with_penalty = _part_of_gradients(function, look[1:], *copy.deepcopy(arguments))
        without = _part_of_gradients(function, look[1:], *arguments[:3], 0.0)
        if with_penalty is None or without is None:
            return None
        return np.asarray(with_penalty) - np.asarray(without)
    result = function(*arguments)
    if result is None:
        return None
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise WrongKindError("it should return two results: the loss, and the dict of gradients")
    return result[0] if look == "loss" else _named("gradients", result[1], look)


def _named(what: str, found: Any, name: str) -> Any:
    if not isinstance(found, dict):
        raise WrongKindError(
            f"the {what} must be a dict with {', '.join(PARAMS)}, but are a {type(found).__name__}"
        )
    if name not in found:
        raise WrongKindError(f"the dict of {what} has no {name!r}")
    return found[name]


def _sample(rng: np.random.Generator, hidden: int, n: int) -> tuple[Any, ...]:
    """Return params, X and Y in which nothing is so small that a slip could hide."""
    while True:
        params, X, Y = _net(rng, hidden), _tenths(rng, n, 2), _wanted(rng, n)
        _, slopes = _right_program(params, X, Y, 0.0)
        if min(float(np.abs(slope).min()) for slope in slopes.values()) > 1e-4:
            return params, X, Y


def _gradient_cases(
    given: tuple[Any, ...], l2: float, parts: tuple[str, ...], *, added: bool = False
) -> list[Case]:
    """Return a case for each part; if `added`, only what the penalty adds to it."""
    params, X, Y = given
    net = _as_network(params)
    loss, found = network.loss_and_gradients(net, X, Y, l2=l2)
    assert found.biases is not None
    W1, W2, b1, b2 = (*found.weights, *found.biases)
    expected = {"loss": loss, "W1": W1, "b1": b1, "W2": W2, "b2": b2}
    if added:
        squares = sum(float(np.sum(params[name] ** 2)) for name in ("W1", "W2"))
        expected = {"loss": l2 * squares / 2} | {
            name: l2 * params[name] * (name[0] == "W") for name in PARAMS
        }
    cases, shown = [], _with(params, X=X, Y=Y)
    for part in parts:
        called = "the loss" if part == "loss" else f"the gradient by {part}"
        cases.append(
            Case(
                shown=f"{shown}: "
                + (
                    f"loss_and_gradients(params, X, Y, {l2}) compared with l2 = 0, what is added "
                    f"to {called}: it"
                    if added
                    else f"loss_and_gradients(params, X, Y, {l2}), {called}: it"
                ),
                arguments=(*given, l2),
                keywords={"look": "+" + part if added else part},
                expected=expected[part],
                tolerance=TOLERANCE,
                what="right is",
            )
        )
    return cases


def _without_penalty(*parts: str) -> Callable[[np.random.Generator, int], list[Case]]:
    def cases(rng: np.random.Generator, rounds: int) -> list[Case]:
        sizes = ((2, 4), (3, 5), (2, 3), (4, 4), (3, 2))[: max(rounds, 4)]
        return [case for size in sizes for case in _gradient_cases(_sample(rng, *size), 0.0, parts)]

    return cases


def _penalties(rng: np.random.Generator, rounds: int) -> list[Case]:
    sizes = ((2, 4), (3, 5), (4, 3), (1, 2), (5, 4))[: max(rounds, 3)]
    return [
        case
        for k, size in enumerate(sizes)
        for case in _gradient_cases(_sample(rng, *size), STRENGTHS[k % 4], PARTS, added=True)
    ]


def _other_sizes(rng: np.random.Generator, rounds: int) -> list[Case]:
    sizes = ((1, 3), (4, 1), (6, 2), (1, 1), (3, 7), (2, 6))[: max(rounds, 4)]
    cases = [case for size in sizes for case in _gradient_cases(_sample(rng, *size), 0.0, PARTS)]
    # Whole numbers, as XOR's inputs are.
    params, _, Y = _sample(rng, 3, 4)
    whole = (params, XOR_INPUTS.astype(np.int64), Y)
    return [*cases, *_gradient_cases(whole, 0.0, PARTS)]


def _bars_of_gradient(case: Case, value: Any, _: Callable[..., Any]) -> Picture | None:
    look = case.keywords["look"].lstrip("+")
    if look == "loss":
        return None
    names = _entries(look, case.expected)
    return pictures.bars(case.expected, value, names, f"Gradient by {look}")


_SIGN = "Besides, the sign is turned: start from Ŷ − Y, what came out minus what is wanted."

#: Slips in the loss or in its gradients: name, changed lines, sentence, and how it goes together
#: with others.
_SLIPS: tuple[tuple[str, dict[str, str], str, Twist | None], ...] = (
    (
        "missing 1/n in the gradients",
        {"D2": "E * out * (1 - out)"},
        "Missing 1/n in the gradients: you added over the samples. The loss is a mean, so its "
        "gradients are means too; S3's program has the same slip (erratum E3.7).",
        None,
    ),
    (
        "missing 1/n in the loss",
        {"loss": "(E**2).sum() / 2"},
        "Missing 1/n in the loss: it is the mean over the samples, not the sum.",
        None,
    ),
    (
        "mean over all entries in the loss",
        {"loss": "(E**2).mean() / 2"},
        "Your loss is the mean over all entries. It is over the samples: add the squares of a "
        "sample's two outputs, then take the mean.",
        None,
    ),
    (
        "half forgotten in the loss",
        {"loss": "(E**2).sum() / n"},
        "The ½ is missing in your loss.",
        None,
    ),
    (
        "factor 2 in the gradients",
        {"D2": "2 * E * out * (1 - out) / n"},
        "Your gradients are twice as large as they should be. The ½ of the loss takes away the 2 "
        "that differentiating a square brings.",
        None,
    ),
    (
        "half kept",
        {"D2": "E * out * (1 - out) / (2 * n)"},
        "Your gradients are half of what they should be. Did you keep the ½ of the loss, or take "
        "the mean over all entries? Differentiating a square takes the ½ away, and the mean is "
        "over the samples.",
        None,
    ),
    (
        "length, not squared",
        {"loss": "np.sqrt((E**2).sum(axis=1)).sum() / (2 * n)"},
        "Your loss has the length of the error. It is the square of the length: no root.",
        None,
    ),
    (
        "sign",
        {"D2": "-E * out * (1 - out) / n"},
        "The sizes are right and the signs are not: the derivative of ½‖Ŷ − Y‖² by Ŷ is Ŷ − Y, not "
        "Y − Ŷ.",
        Twist(np.negative, _SIGN),
    ),
    (
        "no slope at the output",
        {"D2": "E / n"},
        "The slope of the output units is missing: going back through a logistic function "
        "multiplies by Ŷ(1 − Ŷ). (Without it you have the gradient of the cross-entropy.)",
        None,
    ),
    (
        "no slope at the hidden units",
        {"D1": "D2 @ W2.T"},
        "The slope of the hidden units is missing in the gradients by W1 and b1: going back "
        "through them multiplies by H(1 − H).",
        None,
    ),
    (
        "no slopes",
        {"D2": "E / n", "D1": "D2 @ W2.T"},
        "Both slopes are missing, Ŷ(1 − Ŷ) and H(1 − H).",
        None,
    ),
    (
        "slope at the outputs",
        {
            "D2": "E * logistic(out) * (1 - logistic(out)) / n",
            "D1": "D2 @ W2.T * logistic(H) * (1 - logistic(H))",
        },
        "You took the slope of the logistic function at Ŷ and at H, as if they were sums. They are "
        "outputs already: the slope is Ŷ(1 − Ŷ) and H(1 − H).",
        None,
    ),
    (
        "slope at the sums",
        {"D2": "E * Z2 * (1 - Z2) / n", "D1": "D2 @ W2.T * Z1 * (1 - Z1)"},
        "You multiplied by z(1 − z), with what goes into the units. The slope is Ŷ(1 − Ŷ) and "
        "H(1 − H), with what comes *out*.",
        None,
    ),
    (
        "hidden slope at the sums",
        {"D1": "D2 @ W2.T * Z1 * (1 - Z1)"},
        "At the hidden units you multiplied by z(1 − z), with what goes into them. The slope is "
        "H(1 − H), with what comes *out*.",
        None,
    ),
    (
        "slope of tanh",
        {"D2": "E * (1 - out**2) / n", "D1": "D2 @ W2.T * (1 - H**2)"},
        "1 − y² is the slope of tanh. That of the logistic function is y(1 − y).",
        None,
    ),
    (
        "slope of tanh at the hidden units",
        {"D1": "D2 @ W2.T * (1 - H**2)"},
        "At the hidden units you took 1 − H², the slope of tanh. That of the logistic function is "
        "H(1 − H).",
        None,
    ),
    (
        "tanh for logistic",
        {
            "H": "tanh(Z1)",
            "out": "tanh(Z2)",
            "D2": "E * (1 - out**2) / n",
            "D1": "D2 @ W2.T * (1-H**2)",
        },
        "Your units are tanh. Here they are logistic, forwards and backwards.",
        None,
    ),
    (
        "slope of the wrong layer",
        {"D1": "(D2 @ W2.T) * (out * (1 - out)).sum(axis=1, keepdims=True)"},
        "On the way back into the hidden units you used the slope of the output units. It is in D2 "
        "already; here it is H(1 − H).",
        None,
    ),
    (
        "weights left out on the way back",
        {"D1": "D2.sum(axis=1, keepdims=True) * H * (1 - H)"},
        "W2 is missing on the way back: what reaches hidden unit j comes along its weights.",
        None,
    ),
    (
        "W2 not transposed",
        {"D1": "D2 @ W2 * H * (1 - H)"},
        "On the way back you used W2 as it stands. A delta goes from the outputs to the hidden "
        "units, so W2 is transposed: D2 @ W2.T.",
        None,
    ),
    (
        "error for delta",
        {"D1": "E @ W2.T * H * (1 - H) / n"},
        "The way back into the hidden units starts from the error Ŷ − Y in your program. It starts "
        "from the delta of the output units, with the slope in it.",
        None,
    ),
    (
        "wrong input at W2",
        {"dW2": "Z1.T @ D2"},
        "Your gradient by W2 has the sums of the hidden units in it. What travels along W2 is what "
        "comes out of them, H.",
        None,
    ),
    (
        "W1 transposed",
        {"dW1": "D1.T @ X"},
        "Your gradient by W1 is transposed. It has the shape of W1: X.T @ D1.",
        None,
    ),
    (
        "W2 transposed",
        {"dW2": "D2.T @ H"},
        "Your gradient by W2 is transposed. It has the shape of W2: H.T @ D2.",
        None,
    ),
    (
        "both transposed",
        {"dW1": "D1.T @ X", "dW2": "D2.T @ H"},
        "Your gradients by W1 and W2 are transposed. They have the shapes of the weights.",
        None,
    ),
    (
        "biases forgotten on the way forward",
        {"Z1": "X @ W1", "Z2": "H @ W2"},
        "Your forward pass leaves the biases out.",
        None,
    ),
    (
        "biases without a gradient",
        {"db1": "0 * b1", "db2": "0 * b2"},
        "Your biases have the gradient 0, so they would never move. A bias is a weight whose input "
        "is always 1.",
        None,
    ),
    (
        "bias gradients averaged again",
        {"db1": "D1.mean(axis=0)", "db2": "D2.mean(axis=0)"},
        "Your bias gradients are divided by n twice: the deltas hold the 1/n already, so add over "
        "the samples.",
        None,
    ),
    (
        "bias gradients for each sample",
        {"db1": "D1", "db2": "D2"},
        "Your bias gradients have a row for each sample. Add over the samples: sum(axis=0).",
        None,
    ),
    (
        "bias gradients with a kept axis",
        {"db1": "D1.sum(axis=0, keepdims=True)", "db2": "D2.sum(axis=0, keepdims=True)"},
        "Your bias gradients have two axes. They have the shape of the biases: sum(axis=0), "
        "without keepdims.",
        None,
    ),
    (
        "bias gradients in one number",
        {"db1": "D1.sum()", "db2": "D2.sum()"},
        "You added the deltas of all units. Each unit has a bias of its own: sum(axis=0).",
        None,
    ),
    (
        "W2 moved first",
        {"D1": "D2 @ (W2 - dW2 - PW2).T * H * (1 - H)"},
        "W2 was changed before the hidden deltas were computed. They need the W2 of the forward "
        "pass, and no weight moves here.",
        None,
    ),
    (
        "last sample alone",
        {
            "D2": "E * out * (1 - out) / n * (np.arange(n) == n - 1)[:, None]",
            "loss": "(E**2).sum() / (2 * n)",
        },
        "Your gradients are those of the last sample alone, over n: the others are overwritten. "
        "Add over the samples.",
        None,
    ),
    (
        "one output's loss",
        {"loss": "(E[:, 1]**2).sum() / (2 * n)"},
        "Your loss counts the second output alone. Add the squares of both.",
        None,
    ),
    (
        "sum of the errors' sizes",
        {"loss": "np.abs(E).sum() / (2 * n)"},
        "Your loss adds the sizes of the errors. It is their squares.",
        None,
    ),
    (
        "cross-entropy",
        {"loss": "-(Y * np.log(out)).sum() / n"},
        "Your loss is a cross-entropy. Here it is half the mean squared length of the error.",
        None,
    ),
    (
        "hidden slope at W2",
        {"dW2": "(H * (1 - H)).T @ D2"},
        "Your gradient by W2 has the slope H(1 − H) in it. What travels along W2 is H itself.",
        None,
    ),
    (
        "slope at the output of H",
        {"D2": "E * out / n"},
        "The slope of the output units is Ŷ(1 − Ŷ). Half of it is missing: the 1 − Ŷ.",
        None,
    ),
    (
        "length of the weights",
        {"P": "l2 / 2 * (np.sqrt((W1**2).sum()) + np.sqrt((W2**2).sum()))"},
        "Your penalty has the length of the weights (np.linalg.norm). It is the sum of their "
        "squares: no root.",
        None,
    ),
    (
        "length of all weights",
        {"P": "l2 / 2 * np.sqrt((W1**2).sum() + (W2**2).sum())"},
        "Your penalty has the length of the weights, a root. It is the sum of their squares.",
        None,
    ),
    (
        "mean of the weights' squares",
        {"P": "l2 / 2 * ((W1**2).mean() + (W2**2).mean())"},
        "Your penalty has the mean of the squared weights. It is their sum.",
        None,
    ),
    (
        "no penalty",
        {"P": "0.0", "PW1": "0 * W1", "PW2": "0 * W2"},
        "l2 changes nothing in your program. It adds ½·l2·ΣW² to the loss and l2·W to the "
        "gradients by W1 and W2.",
        None,
    ),
    (
        "penalty in the loss alone",
        {"PW1": "0 * W1", "PW2": "0 * W2"},
        "The penalty is in your loss and not in your gradients. The derivative of ½·l2·W² is l2·W.",
        None,
    ),
    (
        "penalty in the gradients alone",
        {"P": "0.0"},
        "The penalty is in your gradients and not in your loss: add ½·l2·ΣW².",
        None,
    ),
    (
        "scalar penalty",
        {"PW1": "l2 * (W1**2).sum()", "PW2": "l2 * (W2**2).sum()"},
        "You added one number, l2·ΣW², to every weight's gradient. S3's program does so, and in "
        "the end it blows up (erratum E3.6). The derivative of ½·l2·ΣW² by a weight is l2 times "
        "that weight.",
        None,
    ),
    (
        "half scalar penalty",
        {"PW1": "l2 / 2 * (W1**2).sum()", "PW2": "l2 / 2 * (W2**2).sum()"},
        "You added the penalty of the layer, one number, to every weight's gradient. Differentiate "
        "it: by a weight it is l2 times that weight.",
        None,
    ),
    (
        "whole penalty added",
        {"PW1": "P", "PW2": "P"},
        "You added the penalty itself to every weight's gradient. Differentiate it: by a weight it "
        "is l2 times that weight.",
        None,
    ),
    (
        "biases penalised",
        {
            "P": "l2 / 2 * sum((w**2).sum() for w in (W1, b1, W2, b2))",
            "Pb1": "l2*b1",
            "Pb2": "l2*b2",
        },
        "You penalised the biases too. The penalty is on the weights, W1 and W2, alone.",
        None,
    ),
    (
        "bias gradients penalised",
        {"Pb1": "l2 * b1", "Pb2": "l2 * b2"},
        "Your bias gradients have l2·b in them. The penalty is on the weights alone.",
        None,
    ),
    (
        "penalty without half",
        {"P": "l2 * ((W1**2).sum() + (W2**2).sum())", "PW1": "2 * l2 * W1", "PW2": "2 * l2 * W2"},
        "Your penalty is l2·ΣW², with the gradient of that. The ½ is missing in both.",
        None,
    ),
    (
        "penalty without half in the loss",
        {"P": "l2 * ((W1**2).sum() + (W2**2).sum())"},
        "The ½ is missing in the penalty of your loss.",
        None,
    ),
    (
        "2 in the penalty's gradient",
        {"PW1": "2 * l2 * W1", "PW2": "2 * l2 * W2"},
        "You added 2·l2·W. The ½ of the penalty takes the 2 away: l2·W.",
        None,
    ),
    (
        "half in the penalty's gradient",
        {"PW1": "l2 / 2 * W1", "PW2": "l2 / 2 * W2"},
        "You added ½·l2·W. Differentiating the square brings a 2, which takes the ½ away.",
        None,
    ),
    (
        "penalty over n",
        {
            "P": "l2 / (2 * n) * ((W1**2).sum() + (W2**2).sum())",
            "PW1": "l2 * W1 / n",
            "PW2": "l2 * W2 / n",
        },
        "You divided the penalty by the number of samples. Only the error is a mean over them.",
        None,
    ),
    (
        "penalty's gradient over n",
        {"PW1": "l2 * W1 / n", "PW2": "l2 * W2 / n"},
        "You divided the penalty's gradient by the number of samples. Add l2·W after the mean.",
        None,
    ),
    (
        "penalty of one layer",
        {"P": "l2 / 2 * (W2**2).sum()", "PW1": "0 * W1"},
        "You penalised W2 and not W1. The sum goes over both.",
        None,
    ),
    (
        "penalty subtracted",
        {"PW1": "-l2 * W1", "PW2": "-l2 * W2"},
        "You subtracted l2·W. The penalty makes large weights dear, so it is added.",
        None,
    ),
    (
        "L1",
        {
            "P": "l2 * (np.abs(W1).sum() + np.abs(W2).sum())",
            "PW1": "l2 * np.sign(W1)",
            "PW2": "l2 * np.sign(W2)",
        },
        "Your penalty has the sizes of the weights, and their signs in the gradient: that is L1. "
        "Here it has their squares.",
        None,
    ),
)

#: The same slip in the loss and in its gradients. `loss_and_gradients` is looked at for one after
#: the other, and names them there; of a training one sees both at once.
_SLIPS_IN_BOTH: tuple[tuple[str, dict[str, str], str, Twist | None], ...] = (
    (
        "sums for means",
        {"loss": "(E**2).sum() / 2", "D2": "E * out * (1 - out)"},
        "Missing 1/n: you added over the samples. The loss is a mean, and so is its gradient.",
        None,
    ),
    (
        "mean over all entries",
        {"loss": "(E**2).mean() / 2", "D2": "E * out * (1 - out) / out.size"},
        "You took the mean over all entries, np.mean of the whole array. It is over the samples: "
        "the two outputs of a sample are added.",
        None,
    ),
    (
        "half forgotten in both",
        {"loss": "(E**2).sum() / n", "D2": "2 * E * out * (1 - out) / n"},
        "Your loss has no ½, and your gradients are those of that loss, twice as large.",
        None,
    ),
)


def _names_unpacked(params: Any, X: Any, Y: Any, l2: Any, *, dot: bool = True) -> Any:
    W1, b1, _, _ = params
    return np.dot(X, W1) + b1 if dot else X @ W1 + b1


def _changes_params(params: Any, X: Any, Y: Any, l2: float, rate: float = 0.0) -> Any:
    loss, gradients = _right_program(params, X, Y, l2)
    for name in PARAMS:
        params[name] -= 0.1 * gradients[name]
    return loss, gradients


loss_and_gradients = SeenExercise(
    name="loss_and_gradients",
    chapter=CHAPTER,
    earlier={"predict": EARLIER["predict"]},
    withheld=(*WITHHELD, _changes_params),
    sees=_part_of_gradients,
    properties=(
        Property(
            "the loss, without penalty",
            1,
            _without_penalty("loss"),
            hints=(
                "One sample's share of the loss: half the sum of the squares of its two errors.",
                "np.sum((out - Y) ** 2) / (2 * n), with n rows in X.",
            ),
        ),
        Property(
            "the gradients by W2 and b2, without penalty",
            1,
            _without_penalty("W2", "b2"),
            hints=(
                "Start with the derivative by what goes into the output units, a row for each "
                "sample: (Ŷ − Y)·Ŷ·(1 − Ŷ)/n.",
                "What travels along W2 is H, so H.T @ D2 adds over the samples. What travels along "
                "a bias is always 1.",
            ),
            picture=_bars_of_gradient,
        ),
        Property(
            "the gradients by W1 and b1, without penalty",
            2,
            _without_penalty("W1", "b1"),
            hints=(
                "On the way back each delta goes along the weights that it came by, and through "
                "the slope of the unit.",
                "D1 = (D2 @ W2.T)·H·(1 − H). Then do with X and D1 what you did with H and D2.",
            ),
            picture=_bars_of_gradient,
        ),
        Property(
            "what the penalty adds",
            1,
            _penalties,
            hints=(
                "How much does ½·l2·w² change when w does? And when a bias does?",
                "Add l2 * W1 to the gradient by W1, l2 * W2 to that by W2, and nothing else.",
            ),
            picture=_bars_of_gradient,
        ),
        Property(
            "any size, single samples; what was passed in stays",
            1,
            _other_sizes,
            hints=(
                "Does your code count on four samples, or on a certain number of hidden units?",
                "A -= … changes the array that was passed in. A = A − … makes a new one.",
            ),
            arguments_kept=True,
        ),
    ),
    misconceptions=tuple(
        Misconception(name, seen(answer, _part_of_gradients), said, twist)
        for name, answer, said, twist in (
            *((name, _program(**lines), said, twist) for name, lines, said, twist in _SLIPS),
            (
                "params moved",
                _changes_params,
                "The numbers are right, but afterwards what was passed in is changed. A -= … works "
                "in place: make new arrays.",
                None,
            ),
            *(
                (name, answer, said, None)
                for name, answer, said in (
                    ("names for arrays", functools.partial(_names_unpacked, dot=False), _NAMES),
                    ("names for arrays, np.dot", _names_unpacked, _NAMES),
                    (
                        "gradients first",
                        lambda *given: _right_program(*given)[::-1],
                        "The two results have changed places: return the loss first, then the "
                        "gradients.",
                    ),
                    (
                        "gradients alone",
                        lambda *given: _right_program(*given)[1],
                        "You returned one thing. Return two: the loss, and the dict of gradients.",
                    ),
                    ("nothing", _nothing, _NO_RETURN),
                )
            ),
        )
    ),
)

# --- train ----------------------------------------------------------------------------------------


def _part_of_training(function: Callable[..., Any], look: str, *arguments: Any) -> Any:
    result = function(*arguments)
    if result is None:
        return None
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise WrongKindError("it should return two results: the dict of params, and the losses")
    if look == "losses" and isinstance(result[1], dict):
        raise WrongKindError("the losses must be a list of numbers, but are a dict")
    return result[1] if look == "losses" else _named("params", result[0], look)


def _runs(
    rng: np.random.Generator,
    size: tuple[int, int],
    rate: float,
    steps: int,
    parts: tuple[str, ...],
    l2: float | None = None,
    given: tuple[Any, ...] | None = None,
) -> list[Case]:
    params, X, Y = given or _sample(rng, *size)
    run = training.train(
        _as_network(params), X, Y, steps=steps, learning_rate=rate, l2=l2 or 0.0, progress=False
    )
    assert run.network.biases is not None
    W1, W2, b1, b2 = (*run.network.weights, *run.network.biases)
    expected = {"losses": run.losses, "W1": W1, "b1": b1, "W2": W2, "b2": b2}
    more = "" if l2 is None else f", l2={l2}"
    shown = f"{_with(params, X=X, Y=Y)}: train(params, X, Y, {rate}, {steps}{more})"
    return [
        Case(
            shown=f"{shown}, "
            + ("the losses: it" if part == "losses" else f"{part} at the end: it"),
            arguments=(params, X, Y, rate, steps),
            keywords={"look": part} | ({} if l2 is None else {"l2": l2}),
            expected=expected[part],
            # A high rate makes more of the last digits.
            tolerance=TOLERANCE if given is None else 1e-6,
            what="right is",
        )
        for part in parts
    ]


def _plain_runs(*parts: str) -> Callable[[np.random.Generator, int], list[Case]]:
    def cases(rng: np.random.Generator, rounds: int) -> list[Case]:
        sizes = ((2, 4, 2), (3, 4, 3), (3, 6, 4), (4, 3, 5), (2, 5, 6))[: max(rounds, 3)]
        asked = [
            case
            for hidden, n, steps in sizes
            for case in _runs(rng, (hidden, n), float(rng.choice((0.5, 2.0, 3.0))), steps, parts)
        ]
        for hidden in (2, 3, 2):
            asked += _runs(rng, (hidden, 4), HIGH_RATE, 5, parts, given=_rises(rng, hidden, 4))
            asked += _runs(rng, (hidden, 4), 2.0, 4, parts, given=_stands(rng, hidden))
        return asked

    return cases


#: A rate with which a loss may rise.
HIGH_RATE = 50.0


def _rises(rng: np.random.Generator, hidden: int, n: int) -> tuple[Any, ...]:
    """Return params and samples of which the loss rises, falls again, and is not least at last."""
    while True:
        given = _sample(rng, hidden, n)
        losses = np.array(_right_training(*given, HIGH_RATE, 5)[1])
        if np.diff(losses)[:-1].max() > 0.003 and losses[-1] - losses.min() > 0.003:
            return given


def _stands(rng: np.random.Generator, hidden: int) -> tuple[Any, ...]:
    """Return a start from which nothing moves: weights of 0, and XOR's four points."""
    params = {name: 0 * value for name, value in _net(rng, hidden).items()}
    return params, XOR_INPUTS, np.eye(2)[[0, 1, 1, 0]]


def _other_runs(rng: np.random.Generator, rounds: int) -> list[Case]:
    sizes = ((3, 4, 2), (2, 5, 3), (4, 3, 2), (3, 4, 5), (1, 2, 3))[: max(rounds, 3)]
    everything = ("losses", *PARAMS)
    cases = []
    for k, (hidden, n, steps) in enumerate(sizes):
        cases += _runs(rng, (hidden, n), 0.5, steps, everything, STRENGTHS[k % 3])
    return [
        *cases,
        *_runs(rng, (2, 4), 0.5, 0, everything),
        *_runs(rng, (3, 3), 2.0, 1, everything),
        *_runs(rng, (2, 1), 0.5, 2, everything),
    ]


def _drawn_training(case: Case, value: Any, _: Callable[..., Any]) -> Picture | None:
    look = case.keywords["look"]
    if look != "losses":
        return pictures.bars(
            case.expected, value, _entries(look, case.expected), f"{look} at the end"
        )
    theirs = np.asarray(value, dtype=np.float64)
    if theirs.ndim != 1:
        return None
    return pictures.curves(
        np.arange(len(case.expected)),
        lambda step: float(case.expected[int(step)]),
        lambda step: theirs[int(step)] if step < len(theirs) else None,
        ("steps taken", "Loss"),
    )


def _in_place(params: Any, X: Any, Y: Any, learning_rate: float, steps: int, l2: float = 0) -> Any:
    params, losses = dict(params), []
    for _ in range(steps):
        loss, gradients = _right_program(params, X, Y, l2)
        losses.append(loss)
        for name in PARAMS:
            params[name] -= learning_rate * gradients[name]
    return params, [*losses, _right_program(params, X, Y, l2)[0]]


def _one_after_the_other(order: tuple[str, ...]) -> Callable[..., Any]:
    """Return a training that takes the gradient anew before each of the four arrays moves."""

    def train(params: Any, X: Any, Y: Any, learning_rate: float, steps: int, l2: float = 0) -> Any:
        params, losses = dict(params), [_right_program(params, X, Y, l2)[0]]
        for _ in range(steps):
            for name in order:
                slope = _right_program(params, X, Y, l2)[1][name]
                params[name] = params[name] - learning_rate * slope
            losses.append(_right_program(params, X, Y, l2)[0])
        return params, losses

    return train


def _row_after_row(
    params: Any, X: Any, Y: Any, learning_rate: float, steps: int, l2: float = 0
) -> Any:
    """Make a step for each sample."""
    losses = [_right_program(params, X, Y, l2)[0]]
    for _ in range(steps):
        for i in range(len(X)):
            slopes = _right_program(params, X[i : i + 1], Y[i : i + 1], l2)[1]
            params = {name: params[name] - learning_rate * slopes[name] for name in PARAMS}
        losses.append(_right_program(params, X, Y, l2)[0])
    return params, losses


def _notes_no_penalty(
    params: Any, X: Any, Y: Any, learning_rate: float, steps: int, l2: float = 0
) -> Any:
    run = _training(result=lambda run, _: run)(params, X, Y, learning_rate, steps, l2)
    return run[-1], [_right_program(one, X, Y, 0.0)[0] for one in run]


def _stopping(
    stops: Callable[[list[Any]], bool],
) -> Callable[..., Any]:
    """Return a training that ends before its last step where its losses say so."""

    def train(params: Any, X: Any, Y: Any, learning_rate: float, steps: int, l2: float = 0) -> Any:
        losses = [_right_program(params, X, Y, l2)[0]]
        for _ in range(steps):
            slopes = _right_program(params, X, Y, l2)[1]
            params = {name: params[name] - learning_rate * slopes[name] for name in PARAMS}
            losses.append(_right_program(params, X, Y, l2)[0])
            if stops(losses):
                break
        return params, losses

    return train


def _sample_by_turns(
    params: Any, X: Any, Y: Any, learning_rate: float, steps: int, l2: float = 0
) -> Any:
    """Take each step with one sample, each in its turn."""
    losses = [_right_program(params, X, Y, l2)[0]]
    for t in range(steps):
        i = t % len(X)
        slopes = _right_program(params, X[i : i + 1], Y[i : i + 1], l2)[1]
        params = {name: params[name] - learning_rate * slopes[name] for name in PARAMS}
        losses.append(_right_program(params, X, Y, l2)[0])
    return params, losses


def _names_in_training(params: Any, X: Any, *_: Any, dot: bool = True, **__: Any) -> Any:
    W1, b1, _, _ = params
    return np.dot(X, W1) + b1 if dot else X @ W1 + b1


#: Other orders in which the arrays may move one after the other.
_OTHER_ORDERS = (
    ("W2", "b2", "W1", "b1"),
    ("W1", "W2", "b1", "b2"),
    ("b2", "W2", "b1", "W1"),
)
_ONE_GRADIENT = (
    "You took the gradient anew before each array moved. A step uses one gradient for all four."
)

_STOPS = "Take all the steps that are asked for, and note a loss for each."

_FIRST = (
    "Your steps follow gradients with a slip in them; put it right in `loss_and_gradients` first. "
)

#: Slips of `loss_and_gradients` that are worth naming in a training that calls it.
_CARRIED = (
    "sums for means",
    "missing 1/n in the gradients",
    "mean over all entries",
    "half forgotten in both",
    "half forgotten in the loss",
    "factor 2 in the gradients",
    "half kept",
    "no slope at the output",
    "no slope at the hidden units",
    "no slopes",
    "slope at the outputs",
    "slope of tanh",
    "tanh for logistic",
    "biases forgotten on the way forward",
    "scalar penalty",
    "half scalar penalty",
    "whole penalty added",
    "biases penalised",
    "bias gradients penalised",
    "penalty without half",
    "penalty over n",
    "penalty in the loss alone",
)

train = SeenExercise(
    name="train",
    chapter=CHAPTER,
    earlier=EARLIER,
    withheld=(*WITHHELD, _in_place, _one_after_the_other, _row_after_row, _notes_no_penalty),
    sees=_part_of_training,
    properties=(
        Property(
            "the losses",
            1,
            _plain_runs("losses"),
            hints=(
                "After 3 steps there are 4 losses: at the start, and after each step.",
                "In each round: loss and gradients first, note the loss, then the step. One more "
                "loss is noted at the end.",
            ),
            picture=_drawn_training,
        ),
        Property(
            "the params at the end",
            1,
            _plain_runs(*PARAMS),
            hints=(
                "All four gradients come from one call, before anything moves.",
                "{name: params[name] - learning_rate * gradients[name] for name in params}",
            ),
            picture=_drawn_training,
        ),
        Property(
            "with a penalty, with no steps; what was passed in stays",
            1,
            _other_runs,
            hints=(
                "l2 goes into every call of loss_and_gradients, the last one too.",
                "dict(params) is a new dict of the same arrays: params[name] -= … still changes "
                "the caller's.",
            ),
            arguments_kept=True,
        ),
    ),
    misconceptions=tuple(
        # Who has lost points for the gradients does not lose the training's, too.
        Misconception(
            name, seen(answer, _part_of_training), said, once=name.startswith("gradients: ")
        )
        for name, answer, said in (
            (
                "along the gradient",
                _training(new=lambda old, slope, rate: old + rate * slope),
                "You went along the gradient, where the loss grows. Subtract it.",
            ),
            (
                "no rate",
                _training(new=lambda old, slope, rate: old - slope),
                "You subtracted the whole gradient. Multiply it by the learning rate.",
            ),
            (
                "rate twice",
                _training(new=lambda old, slope, rate: old - rate**2 * slope),
                "You multiplied by the learning rate twice.",
            ),
            (
                "changes alone",
                _training(new=lambda old, slope, rate: -rate * slope),
                "Your new params are the changes alone. Add them to the old ones.",
            ),
            (
                "start's gradient for ever",
                _training(stay=True),
                "You took the gradient at the start in every step. Ask for it anew with the params "
                "of now.",
            ),
            (
                "W2 moved first",
                _training(_program(D1="D2 @ (W2 - rate * (dW2 + PW2)).T * H * (1 - H)")),
                "W2 was updated before the hidden deltas were computed. All gradients first, then "
                "the step.",
            ),
            ("one array after the other", _one_after_the_other(PARAMS), _ONE_GRADIENT),
            *(
                (
                    f"{', '.join(order)} one after the other",
                    _one_after_the_other(order),
                    _ONE_GRADIENT,
                )
                for order in _OTHER_ORDERS
            ),
            (
                "one sample after the other",
                _row_after_row,
                "You made a step for each sample. Here a step uses all samples at once.",
            ),
            (
                "biases stay",
                _training(only=("W1", "W2")),
                "Your biases do not move. They are parameters too, and without them the network "
                "cannot learn XOR.",
            ),
            (
                "hidden layer stays",
                _training(only=("W2", "b2")),
                "W1 and b1 do not move. All four arrays make the step.",
            ),
            (
                "end left out",
                _training(result=lambda run, losses: (run[-1], losses[:-1])),
                "The last loss is missing: note the loss once more after the last step. After so "
                "many steps there are steps + 1 losses.",
            ),
            (
                "start left out",
                _training(result=lambda run, losses: (run[-1], losses[1:])),
                "The first loss is missing, the one before any step. There are steps + 1 losses.",
            ),
            (
                "last loss twice",
                _training(result=lambda run, losses: (run[-1], [*losses[:-1], *losses[-2:][:1]])),
                "Your last loss is the one before the last step. Compute it anew after the step.",
            ),
            (
                "last loss alone",
                _training(result=lambda run, losses: (run[-1], losses[-1])),
                "You returned one loss. Return all of them, from the start to the end.",
            ),
            (
                "one step too many",
                _training(more=1),
                "You took one step more than was asked for.",
            ),
            (
                "a step after the last loss",
                _training(more=1, result=lambda run, losses: (run[-1], losses[:-1])),
                "The losses are right, but the params have made one step more. Compute the last "
                "loss without a step after it.",
            ),
            (
                "params before the last step",
                _training(result=lambda run, losses: (run[-2:][0], losses)),
                "You returned the params before the last step.",
            ),
            (
                "params of the start",
                _training(result=lambda run, losses: (run[0], losses)),
                "You returned the params that you were given. Return those at the end.",
            ),
            (
                "penalty forgotten",
                _training(lambda p, X, Y, l2, rate: _right_program(p, X, Y, 0.0)),
                "l2 does not reach your gradients. Pass it on to loss_and_gradients.",
            ),
            (
                "losses without penalty",
                _notes_no_penalty,
                "You train with the penalty, but the losses that you note are without it.",
            ),
            (
                "params moved in place",
                _in_place,
                "The result is right, but the caller's params have moved: params[name] -= … "
                "changes their arrays, and params[name] = … their dict. A second run from the same "
                "start would begin at this one's end.",
            ),
            (
                "stops when the loss hardly moves",
                _stopping(lambda losses: abs(losses[-1] - losses[-2]) < 1e-6),
                f"Your training stops when the loss hardly moves. {_STOPS}",
            ),
            (
                "stops when the loss rises",
                _stopping(lambda losses: losses[-1] > losses[-2]),
                f"Your training stops when the loss rises. It may fall again: {_STOPS}",
            ),
            (
                "the best params",
                _training(
                    result=lambda run, losses: (run[int(np.argmin(losses[: len(run)]))], losses)
                ),
                "You returned the params with the least loss. Return those at the end.",
            ),
            (
                "samples by turns",
                _sample_by_turns,
                "Each of your steps takes one sample. Here a step uses all samples at once.",
            ),
            (
                "the start's loss twice",
                _training(result=lambda run, losses: (run[-1], [losses[0], *losses[:-1]])),
                "The loss that you note after a step is the one before it, so that the start's "
                "comes twice and the end's not at all. Compute it anew after the step.",
            ),
            (
                "the same loss again and again",
                _training(result=lambda run, losses: (run[-1], [losses[0]] * len(losses))),
                "You note the loss of the start each time. Compute it anew after each step.",
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
            ("names for arrays", lambda *a, **k: _names_in_training(*a, dot=False), _NAMES),
            ("names for arrays, np.dot", _names_in_training, _NAMES),
            ("nothing", _nothing, _NO_RETURN),
            *(
                (f"gradients: {name}", _training(_program(**lines)), _FIRST + said)
                for name, lines, said, _ in (*_SLIPS, *_SLIPS_IN_BOTH)
                if name in _CARRIED
            ),
        )
    ),
)
