"""Checks of assignment `09-errata-lab`, first part: programs that are one formula each.

Every catalogue begins with the program that the student is given to repair.
"""

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnchecks import errata_programs as right
from nnchecks.engine import pictures
from nnchecks.engine.exercise import (
    Case,
    Exercise,
    Misconception,
    Property,
    SeenExercise,
    WrongKindError,
    seen,
    written,
)
from nnchecks.engine.report import Picture

Answer = Callable[..., Any]

#: What the lab asks for.
WITHHELD = (
    right.bipolar_logistic_slope,
    right.mean_cross_entropy,
    right.find_optimum,
    right.as_tanh_network,
    right.hidden_layer,
    right.ridge_gradient,
    right.leave_one_out_accuracy,
    right.heavy_ball,
    right.saturated_units,
    right.weight_influence,
)

#: NumPy's name for it is np.finfo(float).eps.
EPSILON = float(np.finfo(np.float64).eps)

#: Rounding, in numbers of order one.
TOLERANCE = 1e-10

KEEP = "A program that changes what it is given spoils the next run. Work on a copy."


def quarters(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Return different quarters, none of them near zero.

    Examples
    --------
    >>> bool(np.abs(quarters(np.random.default_rng(0), 2, 3)).min() >= 0.75)
    True
    """
    numbers = np.concatenate([np.arange(-14, -2), np.arange(3, 15)])
    return np.asarray(rng.choice(numbers, math.prod(shape), replace=False) / 4).reshape(shape)


@dataclass(frozen=True)
class Several(Misconception):
    """A wrong answer that other rows of its catalogue truly describe, too.

    Attributes
    ----------
    parts : tuple of Misconception
        Itself and those.

    Examples
    --------
    >>> Several("both", abs, "Two faults at once.").parts
    ()
    """

    parts: tuple[Misconception, ...] = ()


def wrong(
    *rows: tuple[str, Answer, str],
    sees: Answer | None = None,
    also: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Misconception, ...]:
    """Return misconceptions from their names, programs and sentences.

    `also` names, for a row, others that describe its program as well.

    Examples
    --------
    >>> [one.name for one in wrong(("doubled", lambda x: 2 * x, "You doubled."))]
    ['doubled']
    """
    known = {
        name: Misconception(name, seen(program, sees) if sees else program, said)
        for name, program, said in rows
    }
    for name, others in (also or {}).items():
        one = known[name]
        parts = (one, *(known[other] for other in others))
        known[name] = Several(one.name, one.answer, one.sentence, parts=parts)
    return tuple(known.values())


def spoiling(program: Answer) -> Answer:
    """Return the program with another slip: it changes the arrays that it is given.

    Examples
    --------
    >>> given = np.zeros(2)
    >>> spoiling(len)(given), given
    (2, array([1., 1.]))
    """

    def answer(*given: Any, **named: Any) -> Any:
        result = program(*given, **named)
        for one in given:
            if isinstance(one, np.ndarray):
                one += 1
        return result

    return answer


SPOILT = (
    "The results are right, but the arrays that were passed in are changed: /=, *= and the like "
    f"store the new numbers in the old place. {KEEP}"
)

#: For programs that cannot be given an array.
ONE_NUMBER_ONLY = (
    "float() and the functions of math take one number, and this has to work for arrays, too. Take "
    "NumPy's functions, as np.exp and np.tanh: they take both."
)


def _logistic(v: Any) -> Any:
    return 1 / (1 + np.exp(-np.asarray(v)))


# --- bipolar_logistic_slope: E0.9, E3.22 ----------------------------------------------------------


def _form(function: Answer, look: str, x: Any) -> Any:
    """Return the slope at x, or its ratio to the slope at 0."""
    value = function(x)
    if look == "value" or value is None:
        return value
    at_0 = np.asarray(function(0.0))
    if at_0.ndim or at_0.dtype.kind not in "buif":
        raise WrongKindError("at the number 0 it did not return one number")
    return np.asarray(value) / at_0


def _slopes(look: str) -> Callable[[np.random.Generator, int], list[Case]]:
    def cases(rng: np.random.Generator, rounds: int) -> list[Case]:
        given: list[Any] = [float(rng.integers(2, 9)) / 2, -float(rng.integers(3, 30)) / 4]
        given += [quarters(rng, n) for n in (3, 5, 2, 4)[: max(rounds - 1, 2)]]
        given += [int(rng.integers(2, 6)), quarters(rng, 2, 3), np.array([-20.0, -1.0, 0.0, 30.0])]
        question = {
            "value": "bipolar_logistic_slope({})",
            "form": "bipolar_logistic_slope({0}) / bipolar_logistic_slope(0)",
        }[look]
        return [
            Case(
                question.format(written(x)),
                (x,),
                {"look": look},
                _form(right.bipolar_logistic_slope, look, x),
                TOLERANCE,
                what={"value": "the slope is", "form": "the ratio is"}[look],
            )
            for x in given
        ]

    return cases


def _slope_curve(case: Case, _: Any, ask: Answer) -> Picture | None:
    return pictures.curves(
        np.linspace(-4, 4, 41),
        lambda x: float(right.bipolar_logistic_slope(x)),
        lambda x: ask(x, look="value"),
        ("x", "Slope"),
    )


def _of_output(formula: Callable[[Any], Any]) -> Answer:
    return lambda x: formula(np.tanh(np.asarray(x) / 2))


bipolar_logistic_slope = SeenExercise(
    name="bipolar_logistic_slope",
    chapter="chapter 4, Backpropagation by hand",
    withheld=(*WITHHELD, _of_output),
    sees=_form,
    properties=(
        Property(
            "the curve's form: the slope divided by the slope at 0",
            1,
            _slopes("form"),
            hints=(
                "A formula for a slope is written either for x or for y = f(x). Which is this?",
                "First y = bipolar_logistic(x), then put y into the formula.",
            ),
            picture=_slope_curve,
        ),
        Property(
            "the slope itself; what was passed in stays as it was",
            1,
            _slopes("value"),
            hints=(
                "Compare with a central difference at 0, where both formulas are easy.",
                "f(x) = tanh(x/2): what does the chain rule make of the x/2?",
            ),
            arguments_kept=True,
            picture=_slope_curve,
        ),
    ),
    misconceptions=wrong(
        (
            "half repaired: the factor",
            lambda x: (1 + x) * (1 - x) / 2,
            "You put x into a formula that is written for the output y = f(x). They are equal at 0 "
            "only: far out it says that f falls, and f never falls.",
        ),
        (
            "not repaired",
            lambda x: (1 + x) * (1 - x),
            "At 0 the program says 1, and the experiment ½: 1 − y² is the slope of tanh(x), this f "
            "is tanh(x/2), and the chain rule gives a ½.",
        ),
        (
            "half repaired: the output",
            _of_output(lambda y: (1 + y) * (1 - y)),
            "The formula gets the output now, and the curve has the right form. But 1 − y² is the "
            "slope of tanh(x), and this f is tanh(x/2): the chain rule gives a ½.",
        ),
        (
            "never negative",
            lambda x: np.maximum((1 + np.asarray(x)) * (1 - np.asarray(x)), 0),
            "You cut the negative slopes off. That removes the symptom; the formula still gets x "
            "where it needs the output.",
        ),
        (
            "absolute value",
            lambda x: np.abs((1 + np.asarray(x)) * (1 - np.asarray(x))) / 2,
            "You took the absolute value. That removes the symptom; the formula still gets x "
            "where it needs the output.",
        ),
        (
            "slope of tanh",
            lambda x: 1 - np.tanh(np.asarray(x)) ** 2,
            "This is the slope of tanh(x). The function here is (1 − e⁻ˣ)/(1 + e⁻ˣ), which is "
            "tanh(x/2).",
        ),
        (
            "slope of the logistic function",
            lambda x: _logistic(x) * (1 - _logistic(x)),
            "This is the slope of the logistic function, which runs from 0 to 1. This one runs "
            "from −1 to 1, twice as far.",
        ),
        (
            "logistic formula",
            _of_output(lambda y: y * (1 - y)),
            "y(1 − y) belongs to the logistic function, with outputs from 0 to 1. Here outputs "
            "lie between −1 and 1.",
        ),
        (
            "output twice",
            _of_output(lambda y: (1 - np.tanh(y / 2) ** 2) / 2),
            "You applied f to x and then to its output once more.",
        ),
        (
            "sign",
            _of_output(lambda y: (y + 1) * (y - 1) / 2),
            "The size is right and the sign is turned: f never falls. With the quotient rule, mind "
            "the inner derivative: the slope of e⁻ˣ is −e⁻ˣ.",
        ),
        ("numbers only", lambda x: 0.5 / math.cosh(x / 2) ** 2, ONE_NUMBER_ONLY),
        ("in place", spoiling(_of_output(lambda y: (1 + y) * (1 - y) / 2)), SPOILT),
        sees=_form,
        also={"not repaired": ("half repaired: the factor",)},
    ),
)

# --- mean_cross_entropy: E4.13, E4.7 --------------------------------------------------------------


def _probabilities(rng: np.random.Generator, n: int, classes: int) -> np.ndarray:
    """Return rows of twentieths that add up to 1, with one largest entry each, and no two alike."""
    rows: list[np.ndarray] = []
    while len(rows) < n:
        parts = rng.multinomial(20 - classes, np.ones(classes) / classes) + 1
        if np.sum(parts == parts.max()) == 1 and len(set(parts)) > 1 and parts.max() < 17:
            rows.append(parts / 20)
    return np.array(rows)


def _entropy(y: np.ndarray, t: np.ndarray, accepted: tuple[Any, ...] = ()) -> Case:
    return Case(
        f"mean_cross_entropy({written(y)}, {written(t)})",
        (y, t),
        {},
        float(right.mean_cross_entropy(y, t)),
        1e-9,
        accepted,
        what="the mean loss is",
    )


def _soft_labels(rng: np.random.Generator, rounds: int) -> list[Case]:
    cases = []
    for shape in ((3, 2), (2, 3), (4, 3), (1, 3), (5, 4), (1, 2))[: max(rounds, 4)]:
        y, t = _probabilities(rng, *shape), _probabilities(rng, *shape)
        # The 1e-7 is the other property's business.
        cases.append(_entropy(y, t, (_entropies(log=_with_a_little)(y, t),)))
    return cases


def _certain(rng: np.random.Generator, rounds: int) -> list[Case]:
    """Return cases with probabilities as small as they come, for labels of both kinds."""
    cases = []
    # As small as any limit that might be put, and far smaller.
    for (n, classes), low in zip(
        ((3, 2), (2, 3), (4, 3), (1, 3), (3, 4)), (9, 18, 200, 30, 100), strict=True
    ):
        y = _probabilities(rng, n, classes)
        tiny = 10.0 ** -rng.uniform(low, low + 3)
        y[0], where = tiny, int(rng.integers(classes))
        y[0, where] = 1 - tiny * (classes - 1)
        labels = rng.integers(classes, size=n)
        labels[0] = (where + 1) % classes
        cases += [_entropy(y, labels), _entropy(y, np.eye(classes)[labels])]
        # Labels of whole numbers that are probabilities, and class numbers that are all 0 and 1.
        cases.append(_entropy(y, np.eye(classes, dtype=np.int64)[labels]))
        cases.append(_entropy(y, labels % 2))
    sure = np.eye(3) + 1e-20
    labels = np.arange(3)
    sure[labels, labels] = 1.0
    return [*cases, _entropy(sure, labels)]


def _entropy_curve(case: Case, _: Any, ask: Answer) -> Picture | None:
    t = np.array([[0.7, 0.3]])
    return pictures.curves(
        np.linspace(0.02, 0.98, 49),
        lambda y: float(right.mean_cross_entropy(np.array([[y, 1 - y]]), t)),
        lambda y: ask(np.array([[y, 1 - y]]), t),
        ("probability of class 0, for the labels (0.7, 0.3)", "Loss"),
    )


def _entropies(
    *,
    log: Callable[[Any], Any] = np.log,
    labels: Callable[[Any], Any] = lambda t: t,
    result: Callable[[Any], Any] = lambda terms: -np.mean(np.sum(terms, axis=1)),
) -> Answer:
    """Return the program with another logarithm, other labels or another end."""

    def answer(y: Any, t: Any) -> Any:
        wanted = np.eye(y.shape[1])[t] if t.ndim == 1 else labels(t)
        return result(wanted * log(y))

    return answer


def _hard(t: Any) -> Any:
    return np.eye(t.shape[1])[t.argmax(axis=1)]


def _with_a_little(y: Any) -> Any:
    return np.log(y + 1e-7)


def _log_of_more(little: float, y: Any) -> Any:
    return np.log(y + little)


def _log_of_clipped(least: float, y: Any) -> Any:
    return np.log(np.clip(y, least, 1.0))


def _by_type(y: Any, t: Any) -> Any:
    wanted = np.eye(y.shape[1])[t] if t.dtype.kind in "iu" else t
    return -np.sum(wanted * np.log(y)) / len(y)


def _picked_by_type(y: Any, t: Any) -> Any:
    if t.dtype.kind in "iu":
        return -np.mean(np.log(y[np.arange(len(y)), t]))
    return -np.mean(np.sum(t * np.log(y), axis=1))


def _largest_and_one(t: Any) -> int:
    return int(t.max()) + 1


def _different(t: Any) -> int:
    return len(np.unique(t))


def _of_counted(count: Callable[[Any], int], behind: bool, y: Any, t: Any) -> Any:
    """Return the loss with so many classes as are counted; `behind` exchanges the factors."""
    wanted = np.eye(count(t))[t] if t.ndim == 1 else t
    terms = np.log(y) * wanted if behind else wanted * np.log(y)
    return -np.mean(np.sum(terms, axis=1))


def _entropy_as_printed(y: Any, t: Any) -> Any:
    if t.size == y.size:
        t = t.argmax(axis=1)
    return -np.sum(np.log(y[np.arange(len(y)), t] + 1e-7)) / len(y)


_MADE_HARD = (
    "argmax makes every soft label a hard one: (0.6, 0.4) becomes (1, 0). So the loss is least at "
    "certainty, as the experiment shows, and not where the probabilities agree with the label."
)

mean_cross_entropy = Exercise(
    name="mean_cross_entropy",
    chapter="chapter 2, Gradients",
    withheld=(*WITHHELD, _entropies),
    properties=(
        Property(
            "labels that are probabilities",
            1,
            _soft_labels,
            hints=(
                "What does argmax make of the label (0.6, 0.4), and of (0.9, 0.1)?",
                "The loss of a row is −Σ t log y, over all classes. Use argmax nowhere.",
            ),
            picture=_entropy_curve,
        ),
        Property(
            "tiny probabilities, and labels that are class numbers; y and t stay as they were",
            1,
            _certain,
            hints=(
                "What is the logarithm of 0.000 000 000 1 + 0.000 000 1?",
                "No probability here is 0, so nothing need be added. Class numbers have one axis: "
                "t.ndim is 1.",
            ),
            arguments_kept=True,
        ),
    ),
    misconceptions=wrong(
        (
            "half repaired: labels",
            _entropies(log=_with_a_little),
            "The 1e-7 is in the logarithm: no loss can exceed 16.1, however small the probability, "
            "and a certain right answer has a loss below 0.",
        ),
        ("not repaired", _entropy_as_printed, _MADE_HARD),
        ("half repaired: 1e-7", _entropies(labels=_hard), _MADE_HARD),
        (
            "clipped",
            _entropies(log=lambda y: np.log(np.clip(y, 1e-7, 1))),
            "You cut the probabilities off at 1e-7. The loss is not negative any more, and still "
            "no loss can exceed 16.1.",
        ),
        *(
            (
                f"1e-7 made {little:g}",
                _entropies(log=functools.partial(_log_of_more, little)),
                "You made the 1e-7 smaller. That moves the limit of the loss, and does not remove "
                "it.",
            )
            for little in (1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16, EPSILON, 1e-20, 1e-30)
        ),
        *(
            (
                f"clipped at {least:g}",
                _entropies(log=functools.partial(_log_of_clipped, least)),
                f"You cut the probabilities off at {least:.1g}. No loss can then exceed "
                f"{-math.log(least):.1f}, however small the probability; and none here is 0.",
            )
            for least in (1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16, EPSILON, 1e-20, 1e-30)
        ),
        (
            "class numbers by type",
            _by_type,
            "You tell class numbers by the type of t. Labels that are certain may be whole numbers "
            "and still have a row of probabilities for each sample. Ask for t.ndim.",
        ),
        (
            "class numbers by type, picked",
            _picked_by_type,
            "You tell class numbers by the type of t. Labels that are certain may be whole numbers "
            "and still have a row of probabilities for each sample. Ask for t.ndim.",
        ),
        (
            "class numbers by size",
            lambda y, t: (
                -np.mean(np.log(y[np.arange(len(y)), t]))
                if t.max() > 1
                else -np.sum(t * np.log(y)) / len(y)
            ),
            "You tell class numbers by their size. All of them may be 0 or 1. Ask for t.ndim.",
        ),
        (
            "rounded labels",
            _entropies(labels=np.round, log=np.log),
            "You round the labels, which makes soft ones hard, as argmax did.",
        ),
        (
            "largest class alone",
            _entropies(labels=lambda t: t * _hard(t)),
            "You count the class with the largest label alone, with its weight. The others have "
            "weights too: the loss of a row is −Σ t log y over all classes.",
        ),
        (
            "sum",
            _entropies(result=lambda terms: -np.sum(terms)),
            "You add the samples up. Wanted is their mean.",
        ),
        (
            "mean over the entries",
            _entropies(result=lambda terms: -np.mean(terms)),
            "You divide by the number of entries. Add up over the classes, and take the mean over "
            "the samples.",
        ),
        (
            "sign",
            _entropies(result=lambda terms: np.mean(np.sum(terms, axis=1))),
            "The sign is turned: logarithms of probabilities are negative, and a loss is not.",
        ),
        (
            "weights of the logarithm exchanged",
            lambda y, t: (
                -np.mean(np.sum(y * np.log(np.eye(y.shape[1])[t] if t.ndim == 1 else t), axis=1))
            ),
            "y and t have changed places: the logarithm is taken of the model's probabilities y.",
        ),
        *(
            (
                f"classes counted from the labels: {how}{', behind' * behind}",
                functools.partial(_of_counted, count, behind),
                "You count the classes from the labels. If the last class is absent from them, "
                "your rows are too short: there are as many classes as y has columns, y.shape[1].",
            )
            for how, count in (("largest", _largest_and_one), ("different", _different))
            for behind in (False, True)
        ),
        ("in place", spoiling(_entropies()), SPOILT),
        also={"not repaired": ("half repaired: labels",)},
    ),
)

# --- as_tanh_network: E0.1 ------------------------------------------------------------------------


def _outputs(function: Answer, look: str, W1: Any, b1: Any, W2: Any, b2: Any, X: Any) -> Any:
    """Return the outputs of the tanh network, or what they are above that of the first input."""
    result = function(W1, b1, W2, b2)
    if result is None:
        return None
    if not isinstance(result, tuple | list) or len(result) != 4:
        raise WrongKindError("wanted are four results: W1, b1, W2, b2")
    A1, a1, A2, a2 = (np.asarray(one, dtype=np.float64) for one in result)
    if (A1.ndim, A2.ndim) != (2, 2) or A1.shape[1] != A2.shape[0]:
        raise WrongKindError(
            f"a W1 of shape {A1.shape} and a W2 of shape {A2.shape} make no network"
        )
    Y = np.tanh(X @ A1 + a1) @ A2 + a2
    return Y if look == "outputs" else Y - Y[:1]


def _logistic_network(weights: tuple[Any, ...], X: Any) -> Any:
    W1, b1, W2, b2 = weights
    return _logistic(X @ W1 + b1) @ W2 + b2


def _networks(look: str) -> Callable[[np.random.Generator, int], list[Case]]:
    def cases(rng: np.random.Generator, rounds: int) -> list[Case]:
        made = []
        for inputs, hidden, outputs in (*((1, 2, 1), (2, 3, 2), (1, 1, 2), (3, 4, 2), (2, 5, 3)),)[
            : max(rounds, 4)
        ]:
            shapes = ((inputs, hidden), (hidden,), (hidden, outputs), (outputs,))
            W1, b1, W2, b2 = (quarters(rng, *shape) for shape in shapes)
            given = (W1 / 2, b1 / 2, W2, b2)
            X = rng.normal(0, 1, (5, inputs)).round(2)
            X[0] = 0
            Y = _logistic_network(given, X)
            names = ", ".join(written(one) for one in given)
            where = f"as_tanh_network({names}), run with tanh on X = {written(X)},"
            made.append(
                Case(
                    where if look == "outputs" else f"{where} less its output for the first row,",
                    (*given, X),
                    {"look": look},
                    Y if look == "outputs" else Y - Y[:1],
                    1e-9,
                    what="the logistic network gives",
                )
            )
        return made

    return cases


def _network_curve(case: Case, _: Any, ask: Answer) -> Picture | None:
    W1, b1, W2, b2 = case.arguments[:4]

    def line(x: float) -> np.ndarray:
        return np.full((2, len(W1)), x)

    def yours(x: float) -> Any:
        Y = ask(W1, b1, W2, b2, line(x), look="outputs")
        return None if Y is None else Y[0, 0]

    return pictures.curves(
        np.linspace(-3, 3, 61),
        lambda x: float(_logistic_network((W1, b1, W2, b2), line(x))[0, 0]),
        yours,
        ("every input", "First output"),
    )


def _translated(
    slope: float = 0.5, bias: float = 0.5, span: float = 0.5, level: Answer | None = None
) -> Answer:
    """Return a translation with other factors, or another change of the level."""

    def answer(W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
        added = W2.sum(axis=0) / 2 if level is None else level(W1, b1, W2, b2)
        return slope * W1, bias * b1, span * W2, b2 + added

    return answer


as_tanh_network = SeenExercise(
    name="as_tanh_network",
    chapter="chapter 4, Backpropagation by hand",
    withheld=(*WITHHELD, _translated),
    sees=_outputs,
    properties=(
        Property(
            "its outputs, up to one number added to all",
            1,
            _networks("rises"),
            hints=(
                "The logistic function runs from 0 to 1, tanh from −1 to 1, and tanh is steeper. "
                "What has to shrink?",
                "σ(v) = ½ + ½ tanh(v/2). One ½ goes into W1 and b1, one into W2.",
            ),
            picture=_network_curve,
        ),
        Property(
            "its outputs; what was passed in stays as it was",
            1,
            _networks("outputs"),
            hints=(
                "Every hidden unit adds ½ of its weight to each output, whatever comes in.",
                "b2 + W2.sum(axis=0) / 2, with the W2 that was passed in.",
            ),
            arguments_kept=True,
            picture=_network_curve,
        ),
    ),
    misconceptions=wrong(
        (
            "not repaired",
            _translated(1, 1, 1),
            "Only the level is changed. tanh also spans twice as much as the logistic function and "
            "is four times as steep, so W1, b1 and W2 have to change too.",
        ),
        (
            "half repaired: the span",
            _translated(1, 1, 0.5),
            "Level and span are right now. But tanh(v) is not tanh(v/2): in W1 and b1 the ½ is "
            "missing too.",
        ),
        (
            "half repaired: the slope",
            _translated(0.5, 0.5, 1),
            "What goes into the units is halved now. But tanh spans from −1 to 1, the logistic "
            "function from 0 to 1: W2 must be halved as well.",
        ),
        (
            "bias not halved",
            _translated(0.5, 1, 0.5),
            "You halved W1 and left b1 as it was. The whole sum XW1 + b1 must be halved.",
        ),
        (
            "level forgotten",
            _translated(level=lambda W1, b1, W2, b2: 0),
            "The curves have the right form and the wrong level: the ½ in σ = ½ + ½ tanh is "
            "missing. It comes through W2 and belongs in b2.",
        ),
        (
            "level of whole units",
            _translated(level=lambda W1, b1, W2, b2: W2.sum(axis=0)),
            "You add all of W2 to the level. Each logistic unit is ½ in the middle, so it is half "
            "of W2.",
        ),
        (
            "level with the new weights",
            _translated(level=lambda W1, b1, W2, b2: W2.sum(axis=0) / 4),
            "The level is half of what it must be. Was W2 halved before you used it?",
        ),
        (
            "one level for all outputs",
            _translated(level=lambda W1, b1, W2, b2: W2.sum() / 2),
            "You add up all of W2. Each output has its own column: sum with axis=0.",
        ),
        (
            "level ½",
            _translated(level=lambda W1, b1, W2, b2: 0.5),
            "You add ½ to the output. It is the hidden units that differ by ½, and that comes to "
            "the output through W2.",
        ),
        (
            "level fitted at 0",
            _translated(1, 1, 1, lambda W1, b1, W2, b2: (_logistic(b1) - np.tanh(b1)) @ W2),
            "You chose the level so that both networks agree at x = 0. That removes the symptom "
            "there and nowhere else.",
        ),
        (
            "the other way round",
            _translated(2, 2, 2, lambda W1, b1, W2, b2: -W2.sum(axis=0)),
            "You used tanh(v) = 2σ(2v) − 1, which turns tanh units into logistic ones. Solve it "
            "for σ.",
        ),
        ("in place", spoiling(_translated()), SPOILT),
        (
            "in place, and then the level",
            spoiling(_translated(level=lambda W1, b1, W2, b2: W2.sum(axis=0) / 4)),
            "The level is half of what it must be, and what was passed in is changed: W2 was "
            f"halved in place before you used it. {KEEP}",
        ),
        sees=_outputs,
        also={"level fitted at 0": ("not repaired",)},
    ),
)

# --- hidden_layer: E3.1, E3.10 --------------------------------------------------------------------


def _layers(biased: bool) -> Callable[[np.random.Generator, int], list[Case]]:
    """Return square ones too, with as many samples as inputs: there a wrong order fits."""

    def cases(rng: np.random.Generator, rounds: int) -> list[Case]:
        made = []
        for n, inputs, units in (
            *((2, 2, 2), (3, 3, 3), (2, 2, 2), (4, 2, 3), (1, 3, 2), (4, 4, 4)),
        )[: max(rounds, 5)]:
            X, W = quarters(rng, n, inputs), quarters(rng, inputs, units) / 2
            b = quarters(rng, units) if biased else np.zeros(units)
            made.append(
                Case(
                    f"hidden_layer({written(X)}, {written(W)}, {written(b)})",
                    (X, W, b),
                    {},
                    right.hidden_layer(X, W, b),
                    TOLERANCE,
                    what="the outputs are",
                )
            )
        return made

    return cases


def _layer_bars(case: Case, value: Any, _: Answer) -> Picture | None:
    n, units = np.shape(case.expected)
    names = [f"{i}, {j}" for i in range(n) for j in range(units)]
    return pictures.bars(case.expected, value, names, "Outputs (sample, unit)")


def _layer(v: Answer, f: Answer = _logistic) -> Answer:
    return lambda X, W, b: f(v(X, W, b))


_NO_BIAS = "The biases are not used, so at x = 0 every unit gives ½, whatever the weights are."

hidden_layer = Exercise(
    name="hidden_layer",
    chapter="chapter 5, XOR",
    withheld=(*WITHHELD, _layer),
    properties=(
        Property(
            "each sample by itself, with all biases 0",
            1,
            _layers(False),
            hints=(
                "Which rows and columns does W @ X multiply? May an output depend on two samples?",
                "Samples are rows, so X stands on the left: X @ W.",
            ),
            picture=_layer_bars,
        ),
        Property(
            "biases; what was passed in stays as it was",
            1,
            _layers(True),
            hints=(
                "What comes out at x = 0 without a bias, whatever the weights are?",
                "sigmoid(X @ W + b): NumPy adds b to every row.",
            ),
            arguments_kept=True,
            picture=_layer_bars,
        ),
    ),
    misconceptions=wrong(
        (
            "half repaired: the biases",
            _layer(lambda X, W, b: W @ X + b),
            "W @ X mixes the samples: a row of the result depends on all of them. Samples are "
            "rows, so X stands on the left.",
        ),
        (
            "not repaired",
            _layer(lambda X, W, b: W @ X),
            _NO_BIAS,
        ),
        (
            "half repaired: the order",
            _layer(lambda X, W, b: X @ W),
            _NO_BIAS,
        ),
        (
            "samples in columns",
            _layer(lambda X, W, b: (X @ W + b).T),
            "Your result has a column for each sample. Wanted is a row.",
        ),
        (
            "units in rows of W",
            _layer(lambda X, W, b: X @ W.T + b),
            "You turned W round. Its columns are the units: X @ W.",
        ),
        (
            "samples turned",
            _layer(lambda X, W, b: X.T @ W + b),
            "You turned X round until the shapes fitted. Its rows are the samples: X @ W.",
        ),
        (
            "bias behind the function",
            lambda X, W, b: _logistic(X @ W) + b,
            "You add the bias behind the logistic function. It belongs in the sum, where it "
            "moves the boundary.",
        ),
        (
            "bias subtracted",
            _layer(lambda X, W, b: X @ W - b),
            "You subtract the bias. That would be a threshold; a bias is added.",
        ),
        (
            "bias of one unit for all",
            _layer(lambda X, W, b: X @ W + b[0]),
            "All units get the bias of the first one. Each has its own.",
        ),
        (
            "bias for a sample",
            _layer(lambda X, W, b: X @ W + b[:, None]),
            "You add the biases along the samples. Each belongs to a unit, which is a column.",
        ),
        (
            "no function",
            _layer(lambda X, W, b: X @ W + b, lambda v: v),
            "The logistic function is missing: two such layers would be no more than one.",
        ),
        (
            "numbers only",
            lambda X, W, b: 1 / (1 + math.exp(-(X @ W + b))),
            ONE_NUMBER_ONLY,
        ),
        also={"not repaired": ("half repaired: the biases",)},
    ),
)

# --- ridge_gradient: E3.6, E3.7 -------------------------------------------------------------------


def _part(function: Answer, look: str, w: Any, X: Any, y: Any, penalty: float) -> Any:
    """Return the gradient without a penalty, or what a penalty adds to it."""
    alone = function(w, X, y, 0.0)
    if look == "data" or alone is None:
        return alone
    both = function(w, X, y, penalty)
    return None if both is None else np.asarray(both) - np.asarray(alone)


def _regressions(look: str) -> Callable[[np.random.Generator, int], list[Case]]:
    def cases(rng: np.random.Generator, rounds: int) -> list[Case]:
        made = []
        for n, features in ((4, 2), (3, 3), (6, 2), (5, 4), (2, 3))[: max(rounds, 4)]:
            w, X, y = quarters(rng, features), quarters(rng, n, features), quarters(rng, n)
            penalty = float(rng.integers(1, 9)) / 4
            numbers = f"{written(w)}, {written(X)}, {written(y)}"
            shown = f"ridge_gradient({numbers}, 0)"
            if look == "penalty":
                shown = f"ridge_gradient({numbers}, {penalty}) less the same without penalty: it"
            made.append(
                Case(
                    shown,
                    (w, X, y, penalty),
                    {"look": look},
                    _part(right.ridge_gradient, look, w, X, y, penalty),
                    1e-9,
                    what="the gradient is" if look == "data" else "the penalty's part is",
                )
            )
        return made

    return cases


def _ridge_bars(case: Case, value: Any, _: Answer) -> Picture | None:
    names = [f"w{i}" for i in range(len(case.expected))]
    return pictures.bars(case.expected, value, names, "Gradient")


def _mean_data(w: Any, X: Any, y: Any) -> Any:
    return X.T @ (X @ w - y) / len(y)


def _sum_data(w: Any, X: Any, y: Any) -> Any:
    return X.T @ (X @ w - y)


def _ridge(data: Answer = _mean_data, penal: Answer = lambda w, n: w) -> Answer:
    """Return the gradient with another part for the data, or for the penalty."""
    return lambda w, X, y, penalty: data(w, X, y) + penalty * penal(w, len(y))


def _penalised_in_place(w: Any, X: Any, y: Any, penalty: float) -> Any:
    data = _mean_data(w, X, y)
    w *= penalty
    return data + w


_ONE_NUMBER = (
    "The penalty adds one and the same number to every weight, and that is never negative. A "
    "weight below 0 is pushed away from 0 by it, as the experiment shows."
)

ridge_gradient = SeenExercise(
    name="ridge_gradient",
    chapter="chapter 5, XOR",
    withheld=(*WITHHELD, _ridge),
    sees=_part,
    properties=(
        Property(
            "the part of the data",
            1,
            _regressions("data"),
            hints=(
                "Twice the same data: what happens to the loss, and what to this gradient?",
                "The loss has a 1/n, so its gradient has one too.",
            ),
            picture=_ridge_bars,
        ),
        Property(
            "the part of the penalty; what was passed in stays as it was",
            1,
            _regressions("penalty"),
            hints=(
                "Differentiate ½ λ (w₀² + w₁² + …) by w₀ alone. Which terms are left?",
                "It is λw, for each weight its own.",
            ),
            arguments_kept=True,
            picture=_ridge_bars,
        ),
    ),
    misconceptions=wrong(
        (
            "half repaired: the penalty",
            _ridge(_sum_data),
            "The loss has a 1/n, and the data's part has not: the rate is in effect n times as "
            "large.",
        ),
        (
            "not repaired",
            _ridge(_sum_data, lambda w, n: np.sum(w**2)),
            _ONE_NUMBER,
        ),
        (
            "half repaired: 1/n",
            _ridge(penal=lambda w, n: np.sum(w**2)),
            _ONE_NUMBER,
        ),
        (
            "penalty made smaller",
            _ridge(penal=lambda w, n: np.sum(w**2) / n),
            "You made the penalty's number smaller. That puts the blow-up off; it is still one "
            "number for all weights.",
        ),
        (
            "own square",
            _ridge(penal=lambda w, n: w**2),
            "Each weight has its own number now, but its square is the penalty and not the slope. "
            "A square has no sign.",
        ),
        (
            "factor 2",
            _ridge(penal=lambda w, n: 2 * w),
            "The penalty's part is twice too large: the penalty is ½ λ Σw², and the ½ takes the 2 "
            "away.",
        ),
        (
            "penalty over n",
            _ridge(penal=lambda w, n: w / n),
            "You divide the penalty by n as well. Here it stands outside the mean.",
        ),
        (
            "sign of the weight",
            _ridge(penal=lambda w, n: np.sign(w)),
            "This is the slope of λ Σ|w|. The penalty here has squares, so its slope is λw.",
        ),
        (
            "sum of the weights",
            _ridge(penal=lambda w, n: np.sum(w)),
            "You add up the weights. Each weight's slope has that weight alone in it.",
        ),
        (
            "penalty's sign",
            _ridge(penal=lambda w, n: -w),
            "The penalty has the wrong sign: descent would drive the weights away from 0.",
        ),
        (
            "errors turned",
            _ridge(lambda w, X, y: -_mean_data(w, X, y)),
            "The data's part has the wrong sign: the slope of ½(Xw − y)² begins with Xw − y.",
        ),
        (
            "no penalty",
            _ridge(penal=lambda w, n: 0 * w),
            "You left the penalty out. That removes the blow-up, and the penalty with it.",
        ),
        (
            "features for samples",
            _ridge(lambda w, X, y: _sum_data(w, X, y) / len(w)),
            "You divide by the number of features. The mean goes over the samples, which are the "
            "rows of X: divide by len(y).",
        ),
        (
            "mean over the entries",
            _ridge(lambda w, X, y: _sum_data(w, X, y) / X.size),
            "You divide by the number of entries of X. The mean goes over the samples alone, which "
            "are its rows: divide by len(y).",
        ),
        (
            "factor 2 in the data",
            _ridge(lambda w, X, y: 2 * _mean_data(w, X, y)),
            "The data's part is twice too large: the loss is 1/(2n) Σ(…)², and its ½ takes the 2 "
            "away.",
        ),
        (
            "weights multiplied in place",
            _penalised_in_place,
            "w *= penalty changes the weights that were passed in, so the next call finds others. "
            "Store nothing in w: write penalty * w.",
        ),
        sees=_part,
        also={"not repaired": ("half repaired: the penalty",)},
    ),
)
