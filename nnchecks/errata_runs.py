"""Checks of assignment `09-errata-lab`, second part: runs, paths and measurements.

Every catalogue holds the program that the student is given to repair.
"""

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nnchecks import errata_programs as right
from nnchecks.engine import pictures
from nnchecks.engine.exercise import Case, Exercise, Property, SeenExercise, written
from nnchecks.engine.report import Picture
from nnchecks.errata_formulas import (
    ONE_NUMBER_ONLY,
    SPOILT,
    TOLERANCE,
    WITHHELD,
    Answer,
    spoiling,
    wrong,
)


class _Bowl:
    """The function ½ s (x − c)ᵀA(x − c), with s = 1 for a bowl and −1 for a hill."""

    def __init__(self, rng: np.random.Generator, n: int, sign: int = 1) -> None:
        A = np.diag(rng.permutation([1.0, 1.5, 2.0, 2.5])[:n])
        for i in range(n - 1):
            A[i, i + 1] = A[i + 1, i] = 0.25 * rng.choice((-1, 1))
        self.A, self.c, self.sign = A, rng.integers(-3, 4, n) / 2, sign

    def gradient(self, x: Any) -> Any:
        return self.sign * (self.A @ (np.asarray(x, dtype=np.float64) - self.c))

    def value(self, x: Any) -> Any:
        x = np.asarray(x) - self.c
        return self.sign * np.sum((x @ self.A) * x, axis=-1) / 2

    def start(self, rng: np.random.Generator, side: int = 0) -> np.ndarray:
        """Return a point well away from c along every axis, on one side or on either."""
        side = side or int(rng.choice((-1, 1)))
        return np.asarray(self.c + rng.integers(3, 9, len(self.c)) / 4 * side)

    @property
    def formula(self) -> str:
        minus = "" if self.sign == 1 else "-"
        return f"{minus}A @ (x - c), A = {written(self.A)}, c = {written(self.c)}"


# --- find_optimum: E0.2, E1.12, E2.4, E4.3, E4.8 --------------------------------------------------


def _first_way(
    function: Answer, look: str, gradient: Any, x0: Any, rate: Any, steps: Any, **uphill: Any
) -> Any:
    """Return the point, or the direction in which it lies from the start."""
    start = np.array(x0, dtype=np.float64)
    x = function(gradient, x0, rate, steps, **uphill)
    if look == "point" or x is None:
        return x
    way = np.asarray(x) - start
    return way / np.linalg.norm(way)


def _searches(look: str) -> Callable[[np.random.Generator, int], list[Case]]:
    def cases(rng: np.random.Generator, rounds: int) -> list[Case]:
        made = []
        for n, uphill in itertools.islice(
            itertools.product((2, 1, 3), (False, True)), max(rounds + 2, 5)
        ):
            bowl = _Bowl(rng, n, -1 if uphill else 1)
            steps = 1 if look == "way" else int(rng.integers(2, 5))
            given = (bowl.gradient, bowl.start(rng), float(rng.choice((0.1, 0.2, 0.3))), steps)
            made.append(_search(bowl, look, given, uphill))
            if look == "point":
                # It is there already, and the gradient is 0; or it comes as whole numbers.
                whole = np.round(bowl.c + 3).astype(np.int64)
                if n == 1:
                    made.append(_search(bowl, look, (bowl.gradient, bowl.c, 0.5, 2), uphill))
                # From near by the gradient is shorter than 1.
                for x0 in (whole, whole.tolist(), bowl.c + 0.125):
                    made.append(_search(bowl, look, (bowl.gradient, x0, 0.2, 2), uphill))
        return made

    return cases


def _search(bowl: _Bowl, look: str, given: tuple[Any, ...], uphill: bool) -> Case:
    last = ", maximise=True" if uphill else ""
    called = ", ".join(
        str(one) if isinstance(one, int | float) else written(one) for one in given[1:]
    )
    keywords: dict[str, Any] = {"maximise": True} if uphill else {}
    return Case(
        f"With gradient(x) = {bowl.formula}, find_optimum(gradient, {called}{last})",
        given,
        {**keywords, "look": look},
        _first_way(right.find_optimum, look, *given, **keywords),
        1e-9,
        what="the point is" if look == "point" else "the direction (of length 1) is",
    )


def _search_path(case: Case, _: Any, ask: Answer) -> Picture | None:
    gradient, x0, rate, _steps = case.arguments
    bowl = gradient.__self__
    if len(bowl.c) != 2:
        return None
    uphill = "maximise" in case.keywords
    return pictures.paths(
        bowl.value,
        [right.find_optimum(gradient, x0, rate, k, uphill) for k in range(7)],
        [ask(gradient, x0, rate, k, maximise=uphill, look="point") for k in range(7)],
        bowl.c,
        ("x₀", "x₁"),
    )


def _copied(x0: Any) -> Any:
    return np.array(x0, dtype=np.float64)


def _perhaps_shared(x0: Any) -> Any:
    """Return floats; an array of floats is taken as it is."""
    return np.asarray(x0, dtype=np.float64)


def _searched(
    step: Callable[[Any, float], Any] = lambda g, rate: rate * g,
    sign: Callable[[bool], int] = lambda maximise: 1 if maximise else -1,
    shares: bool = False,
    made: Callable[[Any], Any] = _copied,
    factor: Callable[[int, bool], float] = lambda k, maximise: 1.0,
) -> Answer:
    """Return a search whose steps are others."""

    def answer(gradient: Any, x0: Any, rate: float, steps: int, maximise: bool = False) -> Any:
        x = np.asarray(x0) if shares else made(x0)
        for k in range(steps):
            change = step(np.asarray(gradient(x)), rate)
            x += sign(maximise) * factor(k, maximise) * change
        return x.copy()

    return answer


def _uphill(maximise: bool) -> int:
    return 1


def _unit(g: Any, rate: float) -> Any:
    return rate * g / np.linalg.norm(g)


def _guarded_unit(g: Any, rate: float) -> Any:
    return rate * g / (np.linalg.norm(g) + 1e-12)


#: Factors of the rate that fall with the number of the step.
_FALLING: dict[str, Callable[[int, bool], float]] = {
    "1/k": lambda k, maximise: 1 / (k + 1),
    "root": lambda k, maximise: 1 / math.sqrt(k + 1),
}

_STEPS_OVER = (
    "Every step is as long as the rate, since the gradient is divided by its length. So the run "
    "cannot come to rest: near the goal it steps over it, there and back."
)
_STILL_STEPS_OVER = (
    "The way is right now. But every step is as long as the rate, since the gradient is divided by "
    "its length: near the goal it steps over it, there and back."
)
_MOVED = (
    "The result is right, but += or -= has moved the caller's start: np.asarray makes no copy of "
    "an array. Work on a copy, of floats: np.array(x0, dtype=float)."
)

find_optimum = SeenExercise(
    name="find_optimum",
    chapter="chapter 2, Gradients, and chapter 3, Gradient descent and the learning rate",
    withheld=(*WITHHELD, _searched),
    sees=_first_way,
    properties=(
        Property(
            "which way the first step goes",
            1,
            _searches("way"),
            hints=(
                "Where does the gradient point: to larger values or to smaller ones?",
                "Downhill is minus the gradient. Only with maximise=True does one go along it.",
            ),
            picture=_search_path,
        ),
        Property(
            "where it ends; the start stays as it was",
            1,
            _searches("point"),
            hints=(
                "How long should a step be where the ground is nearly flat?",
                "The rate is a factor: the step is learning_rate · gradient. Divide by nothing.",
            ),
            arguments_kept=True,
            picture=_search_path,
        ),
    ),
    misconceptions=wrong(
        (
            "half repaired: the length",
            _searched(sign=_uphill),
            "You go along the gradient whatever is asked for. That leads to larger values: where a "
            "minimum is wanted it leads away from it.",
        ),
        (
            "not repaired",
            _searched(_unit, _uphill),
            _STEPS_OVER,
        ),
        ("not repaired, never by 0", _searched(_guarded_unit, _uphill), _STEPS_OVER),
        (
            "half repaired: the way",
            _searched(_unit),
            _STILL_STEPS_OVER,
        ),
        ("half repaired: the way, never by 0", _searched(_guarded_unit), _STILL_STEPS_OVER),
        *(
            (
                f"a falling rate for the length: {how}{guard}",
                _searched(step, factor=factor),
                "You let the rate fall from step to step. That hides the symptom: the gradient is "
                "still divided by its length, so nothing of its size is left.",
            )
            for how, factor in _FALLING.items()
            for guard, step in (("", _unit), (", never by 0", _guarded_unit))
        ),
        *(
            (
                f"a falling rate: {how}",
                _searched(factor=factor),
                "The gradient has its size back, and so the steps become shorter by themselves. "
                "Leave the rate as it is: you let it fall from step to step.",
            )
            for how, factor in _FALLING.items()
        ),
        (
            "turned in every step",
            _searched(factor=lambda k, maximise: (-1.0) ** k if maximise else 1.0),
            "With maximise=True you turn the sign in every step, so the second step goes back "
            "again. Turn it once, before the loop.",
        ),
        (
            "smaller rate",
            _searched(lambda g, rate: _unit(g, rate / 10), _uphill),
            "You made the steps a tenth as long. That puts the symptom off; a step should be "
            "shorter where the gradient is.",
        ),
        (
            "maximise not used",
            _searched(sign=lambda maximise: -1),
            "You always go downhill. With maximise=True the way is up, along the gradient.",
        ),
        (
            "exchanged",
            _searched(sign=lambda maximise: -1 if maximise else 1),
            "The two ways are exchanged: minus the gradient leads to a minimum, plus to a maximum.",
        ),
        (
            "signs of the gradient",
            _searched(lambda g, rate: rate * np.sign(g)),
            "You use the signs of the gradient and not its size. The step is the rate times the "
            "gradient.",
        ),
        (
            "no rate",
            _searched(lambda g, rate: g),
            "The rate is missing: the step is the rate times the gradient.",
        ),
        (
            "steps never longer than the rate",
            _searched(lambda g, rate: rate * g / max(1.0, float(np.linalg.norm(g)))),
            "You cut long steps to the length of the rate. Near the goal that cures the symptom, "
            "but farther out the step is still no multiple of the gradient.",
        ),
        (
            "type of the start",
            _searched(made=np.array),
            "Your x has the type of the start. An array of whole numbers cannot hold the points "
            "between them, and x += … fails. Make it of floats: np.array(x0, dtype=float).",
        ),
        (
            "start shared",
            _searched(shares=True),
            _MOVED,
        ),
        ("start shared, if of floats", _searched(made=_perhaps_shared), _MOVED),
        sees=_first_way,
        also={
            "not repaired": ("half repaired: the length",),
            "not repaired, never by 0": ("half repaired: the length",),
            "smaller rate": ("half repaired: the length",),
        },
    ),
)

# --- heavy_ball: E1.1, E1.15 ----------------------------------------------------------------------


def _roll(bowl: _Bowl, x0: Any, rates: Any, momentum: float) -> Case:
    start = written(x0)
    return Case(
        f"With gradient(x) = {bowl.formula}, heavy_ball(gradient, {start}, {rates}, {momentum})",
        (bowl.gradient, x0, rates, momentum),
        {},
        right.heavy_ball(bowl.gradient, x0, rates, momentum),
        TOLERANCE * 100,
        what="the path is",
    )


def _constant_rates(rng: np.random.Generator, rounds: int) -> list[Case]:
    cases = []
    # On both sides in turn: from one of them slopes without a sign lead to the minimum, too.
    sides = itertools.cycle((-1, 1))
    for n, steps in ((2, 4), (1, 3), (2, 3), (3, 4), (1, 5), (2, 2))[: max(rounds, 4)]:
        bowl = _Bowl(rng, n)
        # No rate is 1 − momentum: an average would give the same.
        rate, momentum = float(rng.choice((0.15, 0.25))), float(rng.choice((0.5, 0.8, 0.9)))
        cases.append(_roll(bowl, bowl.start(rng, next(sides)), [rate] * steps, momentum))
    return cases


def _falling_rates(rng: np.random.Generator, rounds: int) -> list[Case]:
    cases = []
    sides = itertools.cycle((-1, 1))
    for n, steps in ((2, 3), (1, 4), (3, 3), (2, 5), (1, 2))[: max(rounds, 4)]:
        bowl = _Bowl(rng, n)
        rates = [0.4 / 2**k for k in range(steps)]
        momentum = float(rng.choice((0.5, 0.8)))
        cases.append(_roll(bowl, bowl.start(rng, next(sides)), rates, momentum))
    bowl = _Bowl(rng, 2)
    cases.append(_roll(bowl, bowl.start(rng), [0.2, 0.1, 0.0, 0.0], 0.9))
    whole = np.round(bowl.c + 3).astype(np.int64)
    for x0 in (whole, whole.tolist(), whole + 1, whole - 8):
        cases.append(_roll(bowl, x0, [0.1, 0.3], 0.5))
    return [*cases, _roll(bowl, bowl.start(rng).tolist(), [0.1], 0.5)]


def _rolled(case: Case, value: Any, _: Answer) -> Picture | None:
    bowl = case.arguments[0].__self__
    return pictures.paths(bowl.value, case.expected, value, bowl.c, ("x₀", "x₁"))


def _ball(
    *,
    slope: Callable[[Any], Any] = lambda g: g,
    into: Callable[[Any, Any, float, float], Any] = lambda v, g, m, rate: m * v + g,
    step: Callable[[Any, float], Any] = lambda v, rate: rate * v,
    rates: Callable[[Any], Any] = lambda rates: rates,
    result: Callable[[Any], Any] = lambda path: path,
    shares: bool = False,
    made: Callable[[Any], Any] = _copied,
) -> Answer:
    """Return the program with some of its lines in other words."""

    def answer(gradient: Any, x0: Any, given: Any, momentum: float) -> Any:
        x = np.asarray(x0) if shares else made(x0)
        path, v = [x.copy()], np.zeros(x.shape)
        for rate in rates(given):
            v = into(v, slope(np.asarray(gradient(x))), momentum, rate)
            x -= step(v, rate)
            path.append(x.copy())
        return result(np.array(path))

    return answer


def _inside(v: Any, g: Any, momentum: float, rate: float) -> Any:
    return momentum * v + rate * g


def _all_of_it(v: Any, rate: float) -> Any:
    return v


_PATH_MOVED = _MOVED.replace("result", "path")

_RATE_INSIDE = (
    "The rate stands inside the sum, so what was gathered at a large rate goes on moving the point "
    "when the rate has fallen, even to 0. Gather gradients, and multiply by the rate of the step."
)

heavy_ball = Exercise(
    name="heavy_ball",
    chapter="chapter 6, Optimizers",
    withheld=(*WITHHELD, _ball),
    properties=(
        Property(
            "the path with one rate",
            1,
            _constant_rates,
            hints=(
                "From which side of a minimum does a sum of squares lead to it?",
                "velocity = momentum · velocity + gradient(x), with the gradient's sign.",
            ),
            picture=_rolled,
        ),
        Property(
            "the path with rates that fall; the start stays as it was",
            1,
            _falling_rates,
            hints=(
                "With a rate of 0, should the point move?",
                "x = x − rate · velocity, and no rate in the velocity.",
            ),
            arguments_kept=True,
            picture=_rolled,
        ),
    ),
    misconceptions=wrong(
        (
            "half repaired: the rate",
            _ball(slope=np.square),
            "You gather squares of gradients. A square has no sign, so the ball rolls one way "
            "only: through the minimum from one side, away from it from the other.",
        ),
        (
            "not repaired",
            _ball(slope=np.square, into=_inside, step=_all_of_it),
            _RATE_INSIDE,
        ),
        ("half repaired: the square", _ball(into=_inside, step=_all_of_it), _RATE_INSIDE),
        (
            "the sign put back",
            _ball(slope=lambda g: np.sign(g) * g**2),
            "You gave the squares the gradient's sign. That removes the symptom; it is still "
            "the gradient itself that is gathered, not its square.",
        ),
        (
            "absolute value",
            _ball(slope=np.abs),
            "You gather sizes of gradients. Without the sign the ball rolls one way only.",
        ),
        (
            "root of the squares",
            _ball(
                slope=np.square,
                step=lambda v, rate: rate * np.sqrt(v),
            ),
            "You take the root of gathered squares. A root has no sign either: the ball still "
            "rolls one way only.",
        ),
        (
            "plus",
            _ball(step=lambda v, rate: -rate * v),
            "You add the velocity. It is a sum of gradients, which lead uphill: subtract it.",
        ),
        (
            "average",
            _ball(into=lambda v, g, m, rate: m * v + (1 - m) * g),
            "You take an average, with 1 − momentum before the gradient. Here it is a sum: the new "
            "gradient counts in full.",
        ),
        (
            "no momentum",
            _ball(into=lambda v, g, m, rate: g),
            "This is plain descent: nothing of the velocity is kept.",
        ),
        (
            "nothing forgotten",
            _ball(into=lambda v, g, m, rate: v + g),
            "Nothing is forgotten: the old velocity is to be multiplied by momentum.",
        ),
        (
            "first rate for ever",
            _ball(rates=lambda rates: [rates[0]] * len(rates)),
            "You use the first rate in every step. There is one for each.",
        ),
        (
            "rate twice",
            _ball(into=_inside),
            "The rate counts twice: once in the velocity and once in the step.",
        ),
        (
            "start left out",
            _ball(result=lambda path: path[1:]),
            "The start is missing: the path has a row more than there are rates.",
        ),
        (
            "type of the start",
            _ball(made=np.array),
            "Your x has the type of the start. An array of whole numbers cannot hold the points "
            "between them, and x -= … fails. Make it of floats: np.array(x0, dtype=float).",
        ),
        (
            "start shared",
            _ball(shares=True),
            _PATH_MOVED,
        ),
        ("start shared, if of floats", _ball(made=_perhaps_shared), _PATH_MOVED),
        *(
            (
                f"one array in every row{shared}",
                _ball(made=made, result=lambda path: np.repeat(path[-1:], len(path), axis=0)),
                "Every row of your path is the last point: the list holds one array many times, "
                "and x -= … moves it. Make a new point in each step, x = x - …, or append a copy.",
            )
            for shared, made in (("", _copied), (", the start", _perhaps_shared))
        ),
        *(
            (
                f"first row moved{shared}",
                _ball(made=made, result=lambda path: np.concatenate([path[-1:], path[1:]])),
                "The first row of your path is not the start but the last point: you put the "
                "array itself there, and x -= … moves it. Put a copy there.",
            )
            for shared, made in (("", _copied), (", the start", _perhaps_shared))
        ),
        (
            "rest by hand",
            _ball(into=_inside, step=lambda v, rate: v if rate else 0 * v),
            "You let the ball rest where the rate is 0, which cures the symptom there alone. The "
            "rate is still inside the sum: when it falls to less, but not to 0, what was gathered "
            "at a larger rate goes on moving the point.",
        ),
        also={"not repaired": ("half repaired: the rate",)},
    ),
)

# --- leave_one_out_accuracy: E3.16 ----------------------------------------------------------------


def _samples(rng: np.random.Generator, rounds: int) -> list[Case]:
    """Return samples with distances that differ; in most cases two lie at one place.

    Their labels are different, or the same: then the second in the order is right, whichever it is,
    and what is left out for its distance 0 is missed.
    """
    cases = []
    for k in range(max(rounds, 4) + 2):
        n, features, classes = int(rng.integers(7, 13)), (2, 3, 2, 1)[k % 4], 2 + k % 2
        X, labels = np.zeros((0, 1)), np.zeros(0, dtype=np.int64)
        while not len(X) or not _telling(X, labels):
            # Wide, so that many have no neighbour within 1.
            X = rng.normal(0, 3, (n, features)).round(2)
            labels = rng.integers(classes, size=n)
            if k % 4 < 3:
                X[n - 1], labels[n - 1] = X[0], (labels[0] + (k % 4 != 1)) % classes
            # Before it is judged: some programs depend on the order.
            order = rng.permutation(n)
            X, labels = X[order], labels[order]
        cases.append(
            Case(
                f"leave_one_out_accuracy({written(X)}, {written(labels)})",
                (X, labels),
                {},
                float(right.leave_one_out_accuracy(X, labels)),
                TOLERANCE,
                what="the share is",
            )
        )
    return cases


def _telling(X: Any, labels: Any) -> bool:
    """Whether nearest samples are clear, and tempting programs find other shares.

    They are asked in pairs that have to differ from each other as well.
    """
    first, second = np.sort(_alone(_squares(X)), axis=1)[:, :2].T
    # What most seldom differs comes first.
    pairs: list[tuple[Answer, ...]] = []
    if X.shape[1] > 1:
        pairs += [(_accuracy(_widest), _accuracy(_across)), (_accuracy(without=_one_away),)]
    unlike = (_accuracy(without=_elsewhere),) if not first.all() else ()
    pairs += [(_accuracy(without=_earlier), *unlike), (_shifted,), (_halves,)]
    known = float(right.leave_one_out_accuracy(X, labels))
    return bool(np.all(second - first > 1e-3)) and all(
        len({round(share, 3) for share in (known, *(float(one(X, labels)) for one in pair))})
        == len(pair) + 1
        for pair in pairs
    )


def _widest(X: Any) -> Any:
    return np.max(np.abs(X[:, None] - X[None]), axis=2)


def _across(X: Any) -> Any:
    return np.sum(np.abs(X[:, None] - X[None]), axis=2)


def _one_away(distances: Any) -> Any:
    return distances + np.eye(len(distances))


def _earlier(distances: Any) -> Any:
    return np.where(np.tri(len(distances), k=-1, dtype=bool), distances, np.inf)


def _elsewhere(distances: Any) -> Any:
    return np.where(distances == 0, np.inf, distances)


def _squares(X: Any) -> Any:
    return np.sum((X[:, None] - X[None]) ** 2, axis=2)


def _alone(distances: Any) -> Any:
    return np.where(np.eye(len(distances), dtype=bool), np.inf, distances)


def _accuracy(
    distance: Answer = _squares,
    without: Answer = _alone,
    result: Callable[[Any], Any] = np.mean,
) -> Answer:
    """Return the share by other distances, with others left out, or another end."""

    def answer(X: Any, labels: Any) -> Any:
        return result(labels[without(distance(X)).argmin(axis=1)] == labels)

    return answer


def _halves(X: Any, labels: Any) -> Any:
    half = len(X) // 2
    nearest = np.sum((X[half:, None] - X[None, :half]) ** 2, axis=2).argmin(axis=1)
    return np.mean(labels[:half][nearest] == labels[half:])


def _second(X: Any, labels: Any) -> Any:
    order = np.argsort(_squares(X), axis=1, kind="stable")
    return np.mean(labels[order[:, 1]] == labels)


def _shifted(X: Any, labels: Any) -> Any:
    """Return the share when a sample is missing among the others, and not its label."""
    nearest = _alone(_squares(X)).argmin(axis=1)
    return np.mean(labels[nearest - (nearest > np.arange(len(X)))] == labels)


def _majority(X: Any, labels: Any) -> Any:
    others = [np.delete(labels, i) for i in range(len(labels))]
    return np.mean([np.bincount(o).argmax() == one for o, one in zip(others, labels, strict=True)])


leave_one_out_accuracy = Exercise(
    name="leave_one_out_accuracy",
    chapter="chapter 5, XOR",
    withheld=(*WITHHELD, _accuracy),
    properties=(
        Property(
            "the share; what was passed in stays as it was",
            1,
            _samples,
            hints=(
                "Which sample is nearest to sample 3, if all of them may be asked?",
                "Leave out one sample for each question, the one that is asked about, by its "
                "number. Another sample may lie at the same place.",
            ),
            arguments_kept=True,
        ),
    ),
    misconceptions=wrong(
        (
            "not repaired",
            _accuracy(without=lambda d: d),
            "Every sample is its own nearest one, so hardly an answer can be wrong, whatever the "
            "labels are. What the program has seen must not be what it is asked about.",
        ),
        (
            "second in the order",
            _second,
            "You take the second in the order of distances. Where two samples lie at the same "
            "place, that may be the sample itself. Leave it out by its number.",
        ),
        (
            "distance 0 left out",
            _accuracy(without=_elsewhere),
            "You leave out all that lies at distance 0. That may be another sample at the same "
            "place. Leave out the sample itself, by its number.",
        ),
        (
            "first half for the second",
            _halves,
            "You ask the first half about the second. That is honest, but wanted is to leave out "
            "one sample at a time, so that every other can help.",
        ),
        (
            "share of errors",
            _accuracy(result=lambda hits: 1 - np.mean(hits)),
            "This is the share of wrong answers. Wanted is that of right ones.",
        ),
        (
            "count",
            _accuracy(result=np.sum),
            "You return how many are right. Wanted is their share.",
        ),
        (
            "farthest",
            _accuracy(without=lambda d: -d),
            "You ask the farthest sample. The nearest other one is wanted.",
        ),
        (
            "largest class",
            _majority,
            "You always answer the most frequent label of the others. Ask the nearest other one.",
        ),
        (
            "only earlier samples",
            _accuracy(without=_earlier),
            "You ask only the samples before the one in question. All others may be asked.",
        ),
        (
            "largest difference",
            _accuracy(_widest),
            "You measure by the largest difference of a coordinate. The distance is the root of "
            "the sum of squares.",
        ),
        (
            "sum of the differences",
            _accuracy(_across),
            "You add up the sizes of the differences. The distance is the root of the sum of "
            "their squares.",
        ),
        (
            "1 from itself",
            _accuracy(without=_one_away),
            "You put each sample at the distance 1 from itself. Where no other is nearer than "
            "that, it is still its own nearest one. Make the distance np.inf.",
        ),
        (
            "label left in",
            _shifted,
            "The sample is taken out of X and not out of the labels, so the numbers do not belong "
            "together any more: behind the gap each sample gets the label before its own. Take "
            "both out.",
        ),
    ),
)

# --- saturated_units: E2.1 ------------------------------------------------------------------------


def _arguments(rng: np.random.Generator, rounds: int) -> list[Case]:
    """Return arguments on both sides of every limit that might be meant."""
    cases = []
    for shape in ((8,), (2, 5), (12,), (3, 3), (3, 4))[: max(rounds, 3)]:
        share = float(rng.choice((0.02, 0.05, 0.1, 0.2)))
        limit, output = _limit(share), np.log(2 / share - 1)
        size = [0, 0.75 * limit, 1.5 * limit, (limit + output) / 2, *rng.uniform(1.1, 2, 8) * limit]
        sign = np.array([1, -1, -1, 1, *rng.choice((-1, 1), 8)])
        v = (sign * size).round(2)[: int(np.prod(shape))]
        cases.append(_units(rng.permutation(v).reshape(shape), share))
    # Between 0 and 1, where v(1 − v) is no smaller than a slope may be.
    cases.append(_units(np.array([-6, *rng.uniform(0.2, 0.8, 3).round(2), -0.5, 6]), 0.1))
    return [*cases, _units(np.array([-10, -3, 0, 1, 3, 10]), 0.25)]


def _units(v: np.ndarray, share: float) -> Case:
    return Case(
        f"saturated_units({written(v)}, {share})",
        (v, share),
        {},
        np.asarray(right.saturated_units(v, share)) * 1.0,
        TOLERANCE,
        what="the answer (1 for True) is",
    )


def _saturation(case: Case, _: Any, ask: Answer) -> Picture | None:
    share = case.arguments[1]

    def yours(v: float) -> Any:
        found = ask(np.array([v]), share)
        return None if found is None else float(np.asarray(found).ravel()[0])

    return pictures.curves(
        np.linspace(-8, 8, 97),
        lambda v: float(right.saturated_units(v, share)),
        yours,
        ("v", f"Saturated (1) or not (0), for the share {share}"),
    )


def _limit(share: float) -> Any:
    """Return where the slope is that share of the largest."""
    return 2 * np.arccosh(1 / np.sqrt(share))


def _slope(v: Any) -> Any:
    y = 1 / (1 + np.exp(-v))
    return y * (1 - y)


_ONE_ANSWER = (
    "Python's `or`, `and`, `not` and `if` ask for one True or False, and an array has one for each "
    "unit. Join arrays with | or &, each condition in brackets, or ask np.abs(v) > limit."
)

#: By the word that asks, programs that raise what is raised then.
_ONE_QUESTION: dict[str, Answer] = {
    "or": lambda v, share: v > _limit(share) or v < -_limit(share),
    "and": lambda v, share: v > -_limit(share) and v < _limit(share),
    "not": lambda v, share: not v > _limit(share),
    "if": lambda v, share: 1 if v > _limit(share) else 0,
    "if not": lambda v, share: 0 if not v > _limit(share) else 1,
}


def _right_bipolar_slope(x: Any) -> Any:
    return (1 - np.tanh(np.asarray(x) / 2) ** 2) / 2


saturated_units = Exercise(
    name="saturated_units",
    chapter="chapter 7, Vanishing and exploding gradients",
    earlier={"bipolar_logistic_slope": _right_bipolar_slope},
    withheld=(*WITHHELD, _slope),
    properties=(
        Property(
            "which units; what was passed in stays as it was",
            1,
            _arguments,
            hints=(
                "Where is the S-curve steepest, and on how many sides is it flat?",
                "What is flat is far from 0 on either side: np.abs(v) > limit.",
            ),
            arguments_kept=True,
            picture=_saturation,
        ),
    ),
    misconceptions=wrong(
        (
            "not repaired",
            lambda v, share: (v > _limit(share)) | (v < 1 / _limit(share)),
            "This is still the program that was given: it takes small arguments for flat ones, and "
            "marks 0, where the slope is largest.",
        ),
        (
            "only the large",
            lambda v, share: v > _limit(share),
            "You mark the right-hand side alone. Far to the left the curve is just as flat.",
        ),
        (
            "small in size",
            lambda v, share: (np.abs(v) > _limit(share)) | (np.abs(v) < 1 / _limit(share)),
            "You took sizes, but still mark what is near 0, where the slope is largest.",
        ),
        (
            "the steep ones",
            lambda v, share: _slope(v) > share / 4,
            "You mark the units that are not saturated.",
        ),
        (
            "largest slope 1",
            lambda v, share: _slope(v) < share,
            "You compare the slope with the share itself. The largest slope of the logistic "
            "function is ¼, and the share is a part of that.",
        ),
        (
            "slope of tanh",
            lambda v, share: 1 - np.tanh(v) ** 2 < share,
            "This is for tanh, which flattens twice as early as the logistic function.",
        ),
        (
            "output near its ends",
            lambda v, share: np.abs(2 / (1 + np.exp(-v)) - 1) > 1 - share,
            "You look at how near the output is to 0 or 1. The slope is y(1 − y), and that is what "
            "the share is of.",
        ),
        (
            "how many",
            lambda v, share: np.mean(_slope(v) < share / 4),
            "You return how many there are. Wanted is an answer for each unit, in v's shape.",
        ),
        (
            "left limit upside down",
            lambda v, share: (v > _limit(share)) | (v < -1 / _limit(share)),
            "On the right it is the limit, and on the left −1/limit. The curve is the same on both "
            "sides: the left limit is −limit.",
        ),
        (
            "slope of the argument",
            lambda v, share: v * (1 - v) < share / 4,
            "You put v into y(1 − y), which is written for the output y of the logistic function. "
            "First y, and then its slope.",
        ),
        (
            "only the left",
            lambda v, share: v < -_limit(share),
            "You mark the left-hand side alone. Far to the right the curve is just as flat.",
        ),
        (
            "both sides at once",
            lambda v, share: (v > _limit(share)) & (v < -_limit(share)),
            "You mark no unit at all. If you joined two conditions with &: no v is on both sides "
            "at once, and one of them is enough, |.",
        ),
        *(
            (f"one answer for all: {how}", program, _ONE_ANSWER)
            for how, program in _ONE_QUESTION.items()
        ),
        ("numbers only", lambda v, share: math.exp(-v) < share, ONE_NUMBER_ONLY),
        ("in place", spoiling(lambda v, share: np.abs(v) > _limit(share)), SPOILT),
    ),
)

# --- weight_influence: E2.2 -----------------------------------------------------------------------


def _chains(rng: np.random.Generator, rounds: int) -> list[Case]:
    cases = []
    for steps in (2, 3, 4, 2, 6, 3, 1)[: max(rounds + 1, 4)]:
        w = float(rng.choice((-1.5, -0.75, 0.5, 1.25, 1.75)))
        inputs = rng.integers(-4, 5, steps) / 8
        cases.append(_chain(w, inputs, float(rng.choice((-1.0, -0.5, 0.5, 1.5)))))
    cases.append(_chain(0.0, np.array([0.5, -0.25, 0.375]), 1.0))
    return [*cases, _chain(1.5, np.array([0.25, -0.5]), 0.0), _chain(0.5, np.array([0.25]), 2.0)]


def _chain(w: float, inputs: np.ndarray, start: float) -> Case:
    return Case(
        f"weight_influence({w}, {written(inputs)}, {start})",
        (w, inputs, start),
        {},
        right.weight_influence(w, inputs, start),
        # Central differences are right too.
        1e-7,
        what="the slope is",
    )


def _influence_curve(case: Case, _: Any, ask: Answer) -> Picture | None:
    _w, inputs, start = case.arguments
    return pictures.curves(
        np.linspace(-2, 2, 41),
        lambda w: right.weight_influence(w, inputs, start),
        lambda w: ask(w, inputs, start),
        ("w", f"Slope by w, for {len(inputs)} inputs"),
    )


def _hidden(w: float, inputs: Any, start: float) -> tuple[np.ndarray, np.ndarray]:
    """Return h before and after each input."""
    hs = [start]
    for x in inputs:
        hs.append(float(np.tanh(w * hs[-1] + x)))
    return np.array(hs[:-1]), np.array(hs[1:])


def _backwards(
    factor: Callable[[float, Any], Any] = lambda w, h: w * (1 - h**2),
    share: Callable[[Any, Any], Any] = lambda before, h: before * (1 - h**2),
    total: Callable[[Any], Any] = np.sum,
) -> Answer:
    """Return the influence with another factor for each step back, or another share of each use."""

    def answer(w: float, inputs: Any, start: float) -> Any:
        before, h = _hidden(w, inputs, start)
        shares = share(before, h)
        factors = factor(w, h) * np.ones(len(h))
        return total([s * np.prod(factors[k + 1 :]) for k, s in enumerate(shares)])

    return answer


weight_influence = Exercise(
    name="weight_influence",
    chapter="chapter 8, Computational graphs",
    withheld=(*WITHHELD, _backwards),
    properties=(
        Property(
            "the slope; what was passed in stays as it was",
            1,
            _chains,
            hints=(
                "How often is w used? Each use is the beginning of a path to the end.",
                "At every step: slope = (1 − h²) · (h before the step + w · slope).",
            ),
            arguments_kept=True,
            picture=_influence_curve,
        ),
    ),
    misconceptions=wrong(
        (
            "not repaired",
            _backwards(total=lambda shares: shares[0]),
            "This is still the program that was given: it follows one path, from the first use of "
            "w. Every later use has a path of its own, and all of them add up.",
        ),
        (
            "the last use alone",
            _backwards(total=lambda shares: shares[-1]),
            "You follow the path from the last use of w alone. The earlier uses reach the end too, "
            "through the h in between.",
        ),
        (
            "one path, times the number of paths",
            _backwards(total=lambda shares: shares[0] * len(shares)),
            "You multiply one path by the number of paths. They differ; each has to be followed.",
        ),
        (
            "the way on forgotten",
            _backwards(factor=lambda w, h: 1.0),
            "You add up what w does at each step, and not what becomes of it: on its way to the "
            "end it is multiplied by w(1 − h²) at each later step.",
        ),
        (
            "weight forgotten on the way",
            _backwards(factor=lambda w, h: 1 - h**2),
            "On the way through later steps the weight is missing: the factor is w(1 − h²).",
        ),
        (
            "slopes forgotten on the way",
            _backwards(factor=lambda w, h: w),
            "On the way through later steps the slope of tanh is missing: the factor is w(1 − h²).",
        ),
        (
            "no slope at the use",
            _backwards(share=lambda before, h: before),
            "Where w is used, the slope of tanh is missing: the share is h before, times 1 − h².",
        ),
        (
            "h after for h before",
            _backwards(share=lambda before, h: h * (1 - h**2)),
            "w multiplies the h before the step. You took the h after it.",
        ),
        (
            "mean",
            _backwards(total=np.mean),
            "You take the mean of the paths. Their sum is wanted.",
        ),
        (
            "product",
            _backwards(total=np.prod),
            "You multiply the paths with each other. Along a path one multiplies; paths are added.",
        ),
        (
            "slope by the start",
            lambda w, inputs, start: np.prod(w * (1 - _hidden(w, inputs, start)[1] ** 2)),
            "This is the slope by the start, not by w.",
        ),
        (
            "start for every h",
            _backwards(share=lambda before, h: before[0] * (1 - h**2)),
            "You take the start for the h of every step. Only the first use of w multiplies it; "
            "each later one multiplies the h that the step before has made.",
        ),
    ),
)
