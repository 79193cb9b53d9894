"""Checks of assignment `06-optimizers`.

A step is a function with a memory: it is called several times in a row, and what it returned as its
state is handed back, as data, the next time. Whoever keeps the memory elsewhere is found out by a
first step that is taken twice, and by two vectors that take turns.
"""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnchecks.engine import pictures
from nnchecks.engine.earlier import inner
from nnchecks.engine.exercise import (
    Case,
    Combination,
    Misconception,
    Property,
    SeenExercise,
    WrongKindError,
    fits,
    seen,
    written,
)
from nnchecks.engine.report import Picture
from nnchecks.engine.withheld import names_used
from nnlib import gradient_descent, training
from nnlib import optimizers as reference

CHAPTER = "chapter 6, Optimizers"

#: Rounding in a few steps of numbers of order one.
TOLERANCE = 1e-10

#: Sizes of ε at which it can be seen where it stands, and a usual one.
EPS = (0.5, 0.25, 0.125, 1e-8, 0.75, 1e-6)

Answer = Callable[..., Any]

#: What this assignment asks for, under the book's names, and what here would do for an answer.
_WITHHELD = (
    reference.Optimizer,
    reference.GradientDescent,
    reference.Momentum,
    reference.Nesterov,
    reference.AdaGrad,
    reference.RMSProp,
    reference.Adam,
    reference.AdamW,
    reference.gradient_descent_step,
    reference.momentum_step,
    reference.nesterov_step,
    reference.adagrad_step,
    reference.rmsprop_step,
    reference.adam_step,
    reference.adamw_step,
    reference.run,
    reference.optimize,
    gradient_descent.gradient_descent,
    training.train,
)


# --- a step, taken several times ------------------------------------------------------------------


class _NotAPairError(WrongKindError):
    """One result, or three."""


class _NotDataError(WrongKindError):
    """A state that cannot be handed back as data."""


class _NotAPointError(WrongKindError):
    """A new w that is no array of numbers of w's shape."""


class _TruthError(WrongKindError):
    """An array was asked whether it is true."""


class _OtherShapeError(WrongKindError):
    """An array of another shape than w and g came in."""


class _NotFiniteError(WrongKindError):
    """A new w with an entry that is no number."""


class _PairError(WrongKindError):
    """The whole result of a step where its first part should be."""


class _OutsideError(WrongKindError):
    """The same first step came out differently the second time."""


class _Notes(list[str]):
    """What a step changed of what it was handed; it prints as the report's sentence needs it."""

    def __repr__(self) -> str:
        return " and ".join(f"another {one}" for one in dict.fromkeys(self))


def _plain(value: Any) -> Any:
    """Return a copy of a state, as it is after a way through the judge's wire."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "biufcSU":
        return np.array(value)
    if value is None or isinstance(value, bool | int | float | complex | str | np.generic):
        return value
    if isinstance(value, dict):
        return {_plain(key): _plain(one) for key, one in value.items()}
    for kind in (list, tuple, set, frozenset):
        if isinstance(value, kind):
            return kind(map(_plain, value))
    raise _NotDataError(
        "the new state is, or holds, an object of another kind. It has to be data: None, numbers, "
        "arrays, and lists, tuples and dicts of them"
    )


def _held(value: Any) -> Any:
    """Return something that is equal for two values only if they hold the same, to the last bit."""
    if isinstance(value, np.ndarray | np.generic):
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, dict):
        return dict, [(_held(key), _held(one)) for key, one in value.items()]
    if isinstance(value, list | tuple):
        return type(value), [_held(one) for one in value]
    return type(value), repr(value)


def _take(
    step: Answer, given: tuple[Any, Any, Any], options: Mapping[str, float], by_name: bool
) -> tuple[Any, Any, list[str]] | None:
    """Take one step from copies; return the new w, the new state, and what was changed."""
    w, g, state = before = tuple(map(_plain, given))
    names = dict(options) if by_name else {}
    places = () if by_name else tuple(options.values())
    handed = (np.array(w), np.array(g), _plain(state))
    try:
        result = step(*handed, *places, **names)
    except ValueError as error:
        if "truth value of an array" in str(error):
            raise _TruthError(f"ValueError: {error}") from None
        if "broadcast" in str(error) and state is None:
            raise _OtherShapeError(
                f"w and g have the shape {w.shape}, but they met an array of another shape. Is "
                "there one of a fixed size, or one that is remembered from an earlier call?"
            ) from None
        raise
    except AttributeError as error:
        if "'tuple' object has no attribute" in str(error):
            raise _NotDataError(
                "the state is handed back as plain data, so a tuple whose places have names comes "
                "back without the names. Take its parts by their places, or use a dict"
            ) from None
        raise
    if result is None:
        return None
    if not isinstance(result, tuple | list) or len(result) != 2:
        many = f"{len(result)} results" if isinstance(result, tuple | list) else "one result"
        raise _NotAPairError(f"a step gave {many}; it has to give two, the new w and the new state")
    try:
        new, kept = np.array(result[0]), _plain(result[1])
    except ValueError:  # rows of different lengths
        new = np.array(None)
    if new.dtype.kind not in "buif":
        raise _NotAPointError("the first result, the new w, is no array of numbers")
    changed = [
        name
        for name, was, now in zip(("w", "g", "state"), before, handed, strict=True)
        if _held(was) != _held(now)
    ]
    return new.astype(np.float64), kept, changed


def _steps(
    step: Answer,
    look: str,
    starts: Sequence[np.ndarray],
    gradients: Sequence[Any],
    rates: Sequence[float],
    options: Mapping[str, float],
    by_name: bool,
    notes: list[str],
    *,
    trusted: bool = False,
) -> np.ndarray | None:
    """Take steps from each start in turn, and return the points, or one of them.

    Parameters
    ----------
    step : callable
        The student's.
    look : str
        "first" for the point after the first step, "path" for all of the first start's, "both"
        for the paths of all starts.
    starts, gradients, rates, options
        For each start the gradients, one for each step, or the function that gives them. There
        are as many steps as rates.
    by_name : bool
        Whether the options are passed by name.
    notes : list
        Gets the names of what was changed in place.
    trusted : bool
        Whether the step is known to remember nothing beside its state.
    """

    def gradient(n: int, k: int, w: np.ndarray) -> Any:
        return gradients[n](w) if callable(gradients[n]) else gradients[n][k]

    def take(w: Any, g: Any, state: Any, rate: float) -> tuple[Any, Any, list[str]] | None:
        return _take(step, (w, g, state), {"learning_rate": rate, **options}, by_name)

    first = None
    if not trusted:
        # The first step, another one, and, below, the first again: whoever remembers is found out.
        g = gradient(0, 0, starts[0])
        first = take(starts[0], g, None, rates[0])
        take(starts[0], -0.5 * g, None, rates[0])
    ws, states = list(starts), [None] * len(starts)
    paths: list[list[np.ndarray]] = [[] for _ in starts]
    for k, rate in enumerate(rates):
        for n in range(len(starts)):
            taken = take(ws[n], gradient(n, k, ws[n]), states[n], rate)
            if taken is None:
                return None
            ws[n], states[n], changed = taken
            if first and not paths[0] and not np.array_equal(ws[0], first[0], equal_nan=True):
                raise _OutsideError(
                    "the first step from the same w and g, with the state None, came out "
                    "otherwise the second time. Your function remembers something outside its "
                    "state"
                )
            if ws[n].shape != starts[n].shape:
                raise _NotAPointError(
                    f"w has the shape {starts[n].shape}, but the new w has {ws[n].shape}"
                )
            if not np.isfinite(ws[n]).all():
                raise _NotFiniteError(
                    f"after {k + 1} step{'s' * (k > 0)} w is {written(ws[n])}. Something was "
                    "divided by 0, or the root of a negative number was taken"
                )
            paths[n].append(ws[n])
            notes += changed
    if look == "first":
        return paths[0][0]
    return np.array(paths[0] if look == "path" else paths)


#: For what is written here.
_sure_steps = functools.partial(_steps, trusted=True)


@dataclass(frozen=True)
class StepExercise(SeenExercise):
    """An exercise whose function is one step of an optimizer.

    A slip is named only where no other one explains the answer as well.

    Attributes
    ----------
    pairs : tuple of Combination
        Two slips at once.

    Examples
    --------
    >>> momentum_step.sees(
    ...     lambda w, g, state, learning_rate, momentum: (w - learning_rate * g, None),
    ...     "path", [np.array([1.0])], [np.array([[2.0], [4.0]])], [0.5, 0.25], {"momentum": 0.9},
    ...     True, [],
    ... )
    array([[ 0.],
           [-1.]])
    """

    pairs: tuple[Combination, ...] = field(default=(), kw_only=True)

    @functools.cached_property
    def combinations(self) -> tuple[Combination, ...]:
        """The pairs, which are put together by their formulas."""
        return self.pairs

    def _carry(self, asked: Any, ask: Any, function: Answer) -> dict[Property, str]:
        # A memory outside grows with every call, so nobody is asked again without need.
        code = getattr(inner(function), "__code__", None)
        if code is not None and not self.earlier.keys() & names_used(code):
            return {}
        return super()._carry(asked, ask, function)

    def _diagnose(self, wanted: Property, pairs: Any) -> list[Misconception]:
        # The shortest first: most slips are told apart by one step.
        pairs = sorted(pairs, key=lambda pair: len(pair[0].arguments[2]))
        agrees = functools.partial(fits, wanted, pairs)
        for among in (self.misconceptions, self.combinations):
            found = {one.sentence: one for one in filter(agrees, among)}
            if found:
                return list(found.values()) if len(found) == 1 else []
        return []


# --- what is asked of every step ------------------------------------------------------------------


@dataclass(frozen=True)
class _Valley:
    """The function ½ Σ bᵢ(wᵢ − cᵢ)²."""

    b: np.ndarray
    c: np.ndarray

    def gradient(self, w: Any) -> Any:
        return self.b * (np.asarray(w, dtype=np.float64) - self.c)

    def value(self, w: Any) -> Any:
        return np.sum(self.b * (np.asarray(w) - self.c) ** 2, axis=-1) / 2

    @property
    def formula(self) -> str:
        return f"{written(self.b)} * (w - {written(self.c)})"


def _valley(rng: np.random.Generator, n: int) -> _Valley:
    b = np.array([0.5, 6.0, 2.0, 4.0])[:n] * rng.choice((0.75, 1.0, 1.25), n)
    return _Valley(b, rng.integers(-2, 3, n) / 2)


def _start(rng: np.random.Generator, valley: _Valley) -> np.ndarray:
    """Return a start far from the minimum along the valley, and a little up its walls."""
    n = len(valley.c)
    away = np.concatenate([rng.integers(10, 14, 1), rng.integers(3, 7, n - 1)]) / 4
    return np.asarray(valley.c + away * rng.choice((-1, 1), n))


def _quarters(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Return different quarters, none of them near zero."""
    quarters = np.concatenate([np.arange(-15, -2), np.arange(3, 16)])
    return np.asarray(rng.choice(quarters, int(np.prod(shape)), replace=False) / 4).reshape(shape)


@dataclass(frozen=True)
class _Asking:
    """How one of the steps is asked.

    Attributes
    ----------
    name : str
    right : callable
        The book's step.
    options : callable
        From a generator and the number of the case to the options beside the rate.
    rates : tuple of float
        Learning rates at which it goes well down a valley.
    """

    name: str
    right: Answer
    options: Callable[[np.random.Generator, int], dict[str, float]]
    rates: tuple[float, ...]

    def case(self, shown: str, what: str, look: str, *arguments: Any, by_name: bool = True) -> Case:
        """Return the case of these starts, gradients, rates and options."""
        starts, gradients, rates, options = arguments
        expected = _steps(
            self.right, look, starts, gradients, rates, options, True, [], trusted=True
        )
        assert expected is not None
        return Case(
            shown=shown,
            arguments=(*arguments, by_name, _Notes()),
            keywords={"look": look},
            expected=expected,
            tolerance=TOLERANCE * (1 + float(np.abs(expected).max())),
            what=what,
        )

    def call(self, state: str, rate: str, options: Mapping[str, float]) -> str:
        """Write the call as one would type it."""
        more = "".join(f", {name}={value:g}" for name, value in options.items())
        return f"{self.name}(w, g, {state}, learning_rate={rate}{more})"

    def firsts(self, rng: np.random.Generator, rounds: int) -> list[Case]:
        """First steps, with the options passed in their places."""
        cases = []
        for k in range(max(rounds, 3) + 1):
            w, g, options = _quarters(rng, 2), _quarters(rng, 2), self.options(rng, k)
            rate = float(rng.choice(self.rates))
            values = ", ".join(f"{one:g}" for one in (rate, *options.values()))
            shown = (
                f"With w = {written(w)} and g = {written(g)}, {self.name}(w, g, None, {values})[0]"
            )
            given = ([w], [[g]], [rate], options)
            cases.append(self.case(shown, "the new w is", "first", *given, by_name=False))
        return cases

    def runs(self, rng: np.random.Generator, rounds: int) -> list[Case]:
        """Steps down a valley; the first one can be drawn."""
        cases = []
        for k, (n, steps) in enumerate(((2, 4), (3, 3), (2, 5), (4, 3), (2, 4), (3, 4))):
            if k > max(rounds, 3):
                break
            valley, options = _valley(rng, n), self.options(rng, k)
            w, rate = _start(rng, valley), float(rng.choice(self.rates))
            shown = (
                f"With g = gradient(w) = {valley.formula}, {steps} steps of "
                f"{self.call('state', f'{rate:g}', options)} from w = {written(w)}"
            )
            given = ([w], [valley.gradient], [rate] * steps, options)
            cases.append(self.case(shown, "the points are", "path", *given))
        return [*cases, *(self._there_and_back(rng, k) for k in range(3))]

    def _there_and_back(self, rng: np.random.Generator, k: int) -> Case:
        """Steps with gradients that change their signs."""
        options, rate, w = self.options(rng, k), float(rng.choice(self.rates)), _quarters(rng, 2)
        given = np.abs([_quarters(rng, 2) for _ in range(3)]) * [[1, -1], [-1, 1], [-1, -1]]
        shown = (
            f"3 steps of {self.call('state', f'{rate:g}', options)} from w = {written(w)} with g = "
            f"{' and then '.join(map(written, given))},"
        )
        return self.case(shown, "the points are", "path", [w], [given], [rate] * 3, options)

    def turns(self, rng: np.random.Generator, rounds: int) -> list[Case]:
        """Arrays of any shape, another rate in each step, and two vectors that take turns."""
        cases = []
        shapes = ((3,), (2, 2), (1,), (3, 2), (2, 3), (5,), (2, 1, 2))
        for k, shape in enumerate(shapes[: max(rounds, 3) + 1]):
            cases.append(self._strange(rng, k, [shape], 2 + k // 3))
        for k, shape in enumerate(((2,), (3,), (2, 2), (4,), (3, 1))[: max(rounds, 3)]):
            cases.append(self._strange(rng, k, [shape, shape], 2 + k // 2))
        return cases

    def _strange(
        self, rng: np.random.Generator, k: int, shapes: Sequence[tuple[int, ...]], steps: int
    ) -> Case:
        options = self.options(rng, k)
        rates = [float(one) for one in rng.permutation(self.rates)[:steps]]
        starts = [_quarters(rng, *shape) for shape in shapes]
        gradients = []
        for shape in shapes:
            given = np.array([_quarters(rng, *shape) for _ in range(steps)])
            if given[0].size > 1:
                # A parameter that has no gradient at first, and one that has none later.
                given[0].flat[0] = given[-1].flat[-1] = 0.0
            gradients.append(given)
        who = ", and from ".join(
            f"w = {written(w)} with g = {' and then '.join(map(written, given))}"
            for w, given in zip(starts, gradients, strict=True)
        )
        shown = (
            f"{'In turn, each with its own state: ' if len(shapes) > 1 else ''}{steps} steps of "
            f"{self.call('state', ' and then '.join(f'{rate:g}' for rate in rates), options)} "
            f"from {who},"
        )
        look = "both" if len(shapes) > 1 else "path"
        return self.case(shown, "the points are", look, starts, gradients, rates, options)

    def properties(self, points: Sequence[float], hints: Sequence[str]) -> tuple[Property, ...]:
        """Return what is asked, with the points and the hints of one exercise."""
        return (
            Property("the first step", points[0], self.firsts, hints=tuple(hints[:2])),
            Property(
                "the steps after it",
                points[1],
                self.runs,
                hints=(
                    *hints[2:],
                    "What the next step needs of this one, return as the second result: the next "
                    "call gets it as state.",
                ),
                picture=_walked,
            ),
            Property(
                "any shape, another rate in each step, two vectors in turn; nothing is changed",
                points[2],
                self.turns,
                hints=(
                    "Everything that your function remembers belongs in the state, and each "
                    "array that it returns is a new one.",
                    "np.zeros_like(w) has the shape of w, whatever that is. x -= … changes the "
                    "array that was passed in; x = x − … makes a new one.",
                ),
                arguments_kept=True,
            ),
        )


def _walked(case: Case, value: Any, _: Answer) -> Picture | None:
    """Draw the steps in their valley."""
    starts, gradients = case.arguments[:2]
    if not callable(gradients[0]):
        return None
    valley = gradients[0].__self__
    wanted, theirs = ([starts[0], *points] for points in (case.expected, value))
    return pictures.paths(valley.value, wanted, theirs, valley.c, ("w₀", "w₁"))


# --- slips that are put together from formulas ----------------------------------------------------


@dataclass(frozen=True)
class _Slip:
    """Parts of a formula that are otherwise, and the sentence that helps.

    Attributes
    ----------
    changes : mapping
        What the function that makes the step is called with.
    besides : str
        The sentence after that of another slip, if the two are to be recognised together.
    """

    name: str
    changes: Mapping[str, Any]
    sentence: str
    besides: str = ""


def _alone(make: Answer, slips: Sequence[_Slip]) -> tuple[Misconception, ...]:
    return tuple(
        Misconception(slip.name, seen(make(**slip.changes), _sure_steps), slip.sentence)
        for slip in slips
    )


def _in_pairs(make: Answer, slips: Sequence[_Slip]) -> Iterator[Combination]:
    """Yield every two slips that change other parts, where one has a sentence for it."""
    for place, second in enumerate(slips):
        for other, first in enumerate(slips):
            once = other < place or (other > place and not first.besides)
            if second.besides and once and not first.changes.keys() & second.changes.keys():
                answer = make(**first.changes, **second.changes)
                yield Combination(
                    f"{first.name} and {second.name}",
                    seen(answer, _sure_steps),
                    f"Two slips at once. {first.sentence} {second.besides}",
                    parts=tuple(_alone(make, (first, second))),
                )


def _shared(right: Answer) -> Answer:
    """Keep the memory outside, but begin anew where the state is None."""
    kept: list[Any] = [None]

    @functools.wraps(right)
    def answer(w: Any, g: Any, state: Any, *places: Any, **names: Any) -> Any:
        if state is None:
            kept[0] = None
        new, kept[0] = right(w, g, kept[0], *places, **names)
        return new, True

    return answer


def _outside(right: Answer) -> Answer:
    """Keep the memory outside, for ever."""
    kept: list[Any] = [None]

    @functools.wraps(right)
    def answer(w: Any, g: Any, state: Any, *places: Any, **names: Any) -> Any:
        try:
            new, kept[0] = right(w, g, kept[0], *places, **names)
        except ValueError:  # what was left there has another shape
            new, kept[0] = right(w, g, None, *places, **names)
        return new, None

    return answer


def _moves_w(right: Answer) -> Answer:
    """Put the new point into the caller's array."""

    @functools.wraps(right)
    def answer(w: Any, g: Any, state: Any, *places: Any, **names: Any) -> Any:
        new, kept = right(w, g, state, *places, **names)
        w[...] = new
        return w, kept

    return answer


def _moves_state(right: Answer) -> Answer:
    """Put the new memory into the arrays of the old one."""

    @functools.wraps(right)
    def answer(w: Any, g: Any, state: Any, *places: Any, **names: Any) -> Any:
        new, kept = right(w, g, state, *places, **names)
        olds, news = (one if isinstance(one, tuple) else (one,) for one in (state, kept))
        for old, now in zip(olds, news, strict=False):
            if isinstance(old, np.ndarray):
                old[...] = now
        return new, kept

    return answer


def _w_alone(right: Answer) -> Answer:
    @functools.wraps(right)
    def answer(*given: Any, **names: Any) -> Any:
        return right(*given, **names)[0]

    return answer


def _of_two(right: Answer) -> Answer:
    """Begin with a memory of two numbers, whatever the shape of w is."""

    @functools.wraps(right)
    def answer(w: Any, g: Any, state: Any, *places: Any, **names: Any) -> Any:
        return right(w, g + np.zeros(2) if state is None else g, state, *places, **names)

    return answer


def _an_axis_more(right: Answer) -> Answer:
    @functools.wraps(right)
    def answer(*given: Any, **names: Any) -> Any:
        new, kept = right(*given, **names)
        return new[np.newaxis], kept

    return answer


def _asks_truth(right: Answer) -> Answer:
    @functools.wraps(right)
    def answer(w: Any, g: Any, state: Any, *places: Any, **names: Any) -> Any:
        kept = state[0] if isinstance(state, tuple) else state
        return right(w, g, state if np.any(kept) and bool(kept) else None, *places, **names)

    return answer


def _about_memory(right: Answer) -> tuple[Misconception, ...]:
    """Return the slips that have to do with where the memory is kept."""
    return tuple(
        Misconception(name, seen(slip(right), _steps), sentence)
        for name, slip, sentence in (
            (
                "kept outside",
                _outside,
                "Your function keeps its memory outside, in a global variable or in a default "
                "argument. The next run would begin with what this one left there. Take it from "
                "state, begin anew where state is None, and return it.",
            ),
            (
                "shared",
                _shared,
                "One vector alone comes out right, but two that take turns share one memory: you "
                "keep it outside. Take it from state and return it, so that each has its own.",
            ),
            (
                "not two results",
                _w_alone,
                "A step has two results, the new w and the new state. Let it end with "
                "`return w, state`, whatever you call them.",
            ),
            (
                "two numbers",
                _of_two,
                "Your memory begins with two numbers, whatever the shape of w is. np.zeros_like(w) "
                "has as many as w, in its shape.",
            ),
            (
                "an axis more",
                _an_axis_more,
                "The new w has an axis more than w. Is there a comma too many? v = (…,) is a tuple "
                "that holds one array.",
            ),
            ("w changed", _moves_w, _IN_PLACE),
            ("state changed", _moves_state, _IN_PLACE),
            (
                "truth of an array",
                _asks_truth,
                "`if state`, `if not state` and `state or …` ask whether an array is true, which "
                "only a single number can answer. Ask `if state is None`.",
            ),
        )
    )


_IN_PLACE = (
    "The numbers are right, but what was passed in has changed, and with it what the caller still "
    "needs. -=, *= and an assignment to a place, such as w[:] = … or state[…] = …, do that. Make "
    "new ones: w − …."
)
_UPHILL = _Slip(
    "uphill",
    {"sign": 1},
    "Your step goes uphill: it is subtracted from w, not added.",
    "Besides, your step goes uphill: it is subtracted from w.",
)
_MOVE_ALONE = _Slip(
    "change alone",
    {"result": lambda w, move: move},
    "This is the change alone. The new w is the old one plus the change.",
)


def _added(w: Any, move: Any) -> Any:
    return w + move


# --- momentum_step --------------------------------------------------------------------------------


def _momentum(
    *,
    velocity: Answer = lambda v, g, a, rate: a * v + g,
    step: Answer = lambda v, g, a, rate, old: rate * v,
    kept: Answer = lambda v, g: v,
    sign: int = -1,
    result: Answer = _added,
) -> Answer:
    """Return momentum_step, with parts of its formula put otherwise."""

    def momentum_step(w: Any, g: Any, state: Any, learning_rate: float, momentum: float) -> Any:
        old = np.zeros_like(g) if state is None else state
        v = velocity(old, g, momentum, learning_rate)
        move = sign * step(v, g, momentum, learning_rate, old)
        return result(w, move), kept(v, g)

    return momentum_step


def _first_forgotten(w: Any, g: Any, state: Any, learning_rate: float, momentum: float) -> Any:
    if state is None:
        return w - learning_rate * g, np.zeros_like(g)
    return _momentum()(w, g, state, learning_rate, momentum)


def _exchanged(w: Any, g: Any, state: Any, learning_rate: float, momentum: float) -> Any:
    new, velocity = _momentum()(w, g, state, learning_rate, momentum)
    return velocity, new


_MOMENTUM = _Asking(
    "momentum_step",
    reference.momentum_step,
    lambda rng, k: {"momentum": (0.6, 0.8, 0.7, 0.9)[k % 4]},
    (0.05, 0.1, 0.15, 0.2),
)

_MOMENTUM_SLIPS = (
    _Slip(
        "squared gradient",
        {"velocity": lambda v, g, a, rate: a * v + g**2},
        "You put the square of the gradient into the velocity. A square has no sign, so that the "
        "step goes to the same side wherever you stand (erratum E1.1). Add the gradient itself.",
    ),
    _Slip(
        "average",
        {"velocity": lambda v, g, a, rate: a * v + (1 - a) * g},
        "You multiplied the gradient by 1 − momentum, which makes the velocity an average. Here "
        "it is a sum: the new gradient comes in whole.",
    ),
    _Slip(
        "no memory",
        {"velocity": lambda v, g, a, rate: g},
        "This is plain gradient descent: the velocity of the step before has no effect. Return "
        "the velocity as the second result, and take it up again from state.",
    ),
    _Slip(
        "gradient kept",
        {"kept": lambda v, g: g},
        "You returned the gradient as the new state. Return the velocity, which holds all earlier "
        "gradients.",
    ),
    _Slip(
        "no decay",
        {"velocity": lambda v, g, a, rate: v + g},
        "The old velocity never shrinks: multiply it by momentum before you add the gradient.",
    ),
    _Slip(
        "momentum on the gradient",
        {"velocity": lambda v, g, a, rate: v + a * g},
        "You multiplied the new gradient by momentum. It is the old velocity that shrinks.",
    ),
    _Slip(
        "momentum on both",
        {"velocity": lambda v, g, a, rate: a * (v + g)},
        "You multiplied the old velocity and the gradient by momentum. Only the old velocity "
        "shrinks; the gradient comes in whole.",
    ),
    _Slip(
        "old velocity subtracted",
        {"velocity": lambda v, g, a, rate: g - a * v},
        "You subtracted the old velocity, which brakes. What rolls one way goes on that way: add "
        "it.",
    ),
    _Slip(
        "old velocity used",
        {"step": lambda v, g, a, rate, old: rate * old},
        "You moved with the velocity of the step before. Renew the velocity first, then move.",
    ),
    _Slip(
        "Nesterov",
        {"step": lambda v, g, a, rate, old: rate * (g + a * v)},
        "This is Nesterov's step, which looks one step ahead. Here w moves by the velocity itself.",
    ),
    _Slip(
        "Nesterov, with the rate inside",
        {
            "velocity": lambda v, g, a, rate: a * v + rate * g,
            "step": lambda v, g, a, rate, old: rate * g + a * v,
        },
        "This is Nesterov's step, which looks one step ahead, with the learning rate in the "
        "velocity. Here w moves by the rate times the velocity itself.",
    ),
    _Slip(
        "momentum fixed",
        {"velocity": lambda v, g, a, rate: 0.9 * v + g},
        "Your momentum is always 0.9. Use the one that is passed in.",
    ),
    _Slip(
        "rate inside the sum",
        {
            "velocity": lambda v, g, a, rate: a * v + rate * g,
            "step": lambda v, g, a, rate, old: v,
        },
        "You put the learning rate into the velocity. With one rate for all steps that makes no "
        "difference; when the rate changes, the old gradients keep theirs (erratum E1.15). "
        "Multiply by the rate when w moves.",
    ),
    _Slip(
        "rate twice",
        {"velocity": lambda v, g, a, rate: a * v + rate * g},
        "You multiplied by the learning rate twice, in the velocity and in the move. It belongs "
        "into the move.",
    ),
    _Slip(
        "no rate",
        {"step": lambda v, g, a, rate, old: v},
        "You subtracted the whole velocity. Multiply it by the learning rate.",
    ),
    _Slip(
        "rate and momentum exchanged",
        {
            "velocity": lambda v, g, a, rate: rate * v + g,
            "step": lambda v, g, a, rate, old: a * v,
        },
        "You exchanged learning_rate and momentum.",
    ),
    _UPHILL,
    _MOVE_ALONE,
)

momentum_step = StepExercise(
    name="momentum_step",
    chapter=CHAPTER,
    withheld=(*_WITHHELD, _momentum),
    sees=_steps,
    properties=_MOMENTUM.properties(
        (1, 1, 1),
        (
            "Before the first step nothing moves: the velocity is 0. What is it after g has come "
            "in?",
            "velocity = momentum · velocity + g, and then w − learning_rate · velocity.",
            "Which of the two is multiplied by momentum, the old velocity or the gradient?",
        ),
    ),
    misconceptions=(
        *_alone(_momentum, _MOMENTUM_SLIPS),
        Misconception(
            "first gradient forgotten",
            seen(_first_forgotten, _sure_steps),
            "Your first step is right, and its gradient does not enter the velocity: the second "
            "step finds 0 there. After the first step the velocity is g.",
        ),
        Misconception(
            "results exchanged",
            seen(_exchanged, _sure_steps),
            "You returned the velocity first. The first result is the new w, the second the state.",
        ),
        *_about_memory(_momentum()),
    ),
    pairs=tuple(_in_pairs(_momentum, _MOMENTUM_SLIPS)),
)

# --- right steps, for answers that call another one -----------------------------------------------


def _right_momentum(w: Any, g: Any, state: Any, learning_rate: float, momentum: float) -> Any:
    velocity = g if state is None else momentum * state + g
    return w - learning_rate * velocity, velocity


def _right_rmsprop(
    w: Any, g: Any, state: Any, learning_rate: float, decay: float, eps: float
) -> Any:
    mean = (1 - decay) * g**2 + (0 if state is None else decay * state)
    return w - learning_rate * g / (np.sqrt(mean) + eps), mean


# --- adagrad_step and rmsprop_step ----------------------------------------------------------------


def _scaled(
    memory: Answer,
    *,
    used: Answer = lambda s, old, t, decay: s,
    down: Answer = lambda s, eps: np.sqrt(s) + eps,
    step: Answer = lambda g, root, rate, eps: rate * g / root,
    kept: Answer = lambda s: s,
    sign: int = -1,
    result: Answer = _added,
) -> Answer:
    """Return a step that divides by the root of what it remembers of the squares."""

    def scaled(w: Any, g: Any, state: Any, rate: float, decay: float, eps: float) -> Any:
        old, t = (np.zeros_like(g), 0) if state is None else state
        s = memory(old, g, decay, t + 1, rate)
        move = sign * step(g, down(used(s, old, t + 1, decay), eps), rate, eps)
        return result(w, move), (kept(s), t + 1)

    return scaled


def _adagrad(*, memory: Answer = lambda s, g, decay, t, rate: s + g**2, **parts: Any) -> Answer:
    """Return adagrad_step, with parts of its formula put otherwise."""
    scaled = _scaled(memory, **parts)

    def adagrad_step(w: Any, g: Any, state: Any, learning_rate: float, eps: float) -> Any:
        return scaled(w, g, state, learning_rate, 0.0, eps)

    return adagrad_step


def _rmsprop(
    *,
    memory: Answer = lambda s, g, decay, t, rate: decay * s + (1 - decay) * g**2,
    **parts: Any,
) -> Answer:
    """Return rmsprop_step, with parts of its formula put otherwise."""
    scaled = _scaled(memory, **parts)

    def rmsprop_step(
        w: Any, g: Any, state: Any, learning_rate: float, decay: float, eps: float
    ) -> Any:
        return scaled(w, g, state, learning_rate, decay, eps)

    return rmsprop_step


#: Slips in what is made of the memory, whichever it is.
_SCALED_SLIPS = (
    _Slip(
        "no root",
        {"down": lambda s, eps: s + eps},
        "There is no root below the line. A gradient is divided by something of its own size: by "
        "the root of what its squares add up to.",
        "Besides, the root is missing.",
    ),
    _Slip(
        "eps inside the root",
        {"down": lambda s, eps: np.sqrt(s + eps)},
        "You put eps inside the root, as some books do (erratum E1.14). Here it is added to the "
        "root, which differs where the gradients are small.",
        "Besides, eps is inside the root; here it is added to the root.",
    ),
    _Slip(
        "no eps",
        {"down": lambda s, eps: np.sqrt(s)},
        "You left eps out. Add it to the root: a parameter that has had no gradient yet would be "
        "divided by 0.",
    ),
    _Slip(
        "bracket around the root and eps",
        {
            "down": lambda s, eps: np.sqrt(s),
            "step": lambda g, root, rate, eps: rate * g / root + eps,
        },
        "A pair of brackets is missing: in a / b + c only b is divided by, so that your eps is "
        "added to the step. Write a / (b + c).",
    ),
    _Slip(
        "eps fixed",
        {"down": lambda s, eps: np.sqrt(s) + 1e-8},
        "Your eps is always 1e-8. Use the one that is passed in.",
        "Besides, eps is not the one that is passed in.",
    ),
    _UPHILL,
    _Slip(
        "no rate",
        {"step": lambda g, root, rate, eps: g / root},
        "The learning rate is missing from your step.",
    ),
    _Slip(
        "gradient left out",
        {"step": lambda g, root, rate, eps: rate / root},
        "You divided the learning rate by the root, and did not multiply by the gradient. Without "
        "it the step does not know which way is down.",
    ),
    _Slip(
        "gradient squared above",
        {"step": lambda g, root, rate, eps: rate * g**2 / root},
        "You have the square of the gradient above the line. The square belongs under the root "
        "only; above the line stands g, with its sign.",
    ),
    _Slip(
        "root kept",
        {"kept": np.sqrt},
        "You returned the root as the new state, and next time a square is added to it. Keep the "
        "squares, and take the root when w moves.",
    ),
    _MOVE_ALONE,
)


def _eps(rng: np.random.Generator, k: int) -> float:
    return EPS[k % len(EPS)]


_ADAGRAD = _Asking(
    "adagrad_step",
    reference.adagrad_step,
    lambda rng, k: {"eps": _eps(rng, k)},
    (0.2, 0.3, 0.4, 0.6),
)

_ADAGRAD_SLIPS = (
    _Slip(
        "mean of the squares",
        {"used": lambda s, old, t, decay: s / t},
        "You divided the sum by the number of steps. AdaGrad divides by the root of the whole "
        "sum, which only grows.",
    ),
    _Slip(
        "forgets",
        {"memory": lambda s, g, decay, t, rate: g**2},
        "You use the square of this gradient alone, so that only its sign is left and all steps "
        "are equally long. Return the sum as the second result, and add to it when it comes back.",
    ),
    _Slip(
        "last two averaged",
        {"memory": lambda s, g, decay, t, rate: (s + g**2) / 2},
        "You halve the sum each time, so that it forgets. AdaGrad's sum only grows.",
    ),
    _Slip(
        "fading",
        {"memory": lambda s, g, decay, t, rate: 0.9 * s + 0.1 * g**2},
        "Your sum fades, with 0.9 and 0.1, as RMSProp's average does. AdaGrad's sum only grows: "
        "G = G + g².",
    ),
    _Slip(
        "begins with a tenth",
        {"memory": lambda s, g, decay, t, rate: s + g**2 + 0.1 * (t == 1)},
        "Your sum begins with 0.1, as in some libraries. Here it begins with 0.",
    ),
    _Slip(
        "sizes added",
        {"memory": lambda s, g, decay, t, rate: s + np.abs(g)},
        "You added up the sizes of the gradients. Square each gradient, then add.",
    ),
    _Slip(
        "square of the sum",
        {
            "memory": lambda s, g, decay, t, rate: s + g,
            "used": lambda s, old, t, decay: s**2,
        },
        "You added up the gradients and squared the sum, so that opposite gradients cancel. "
        "Square each gradient, then add.",
    ),
    _Slip(
        "old sum used",
        {"used": lambda s, old, t, decay: old},
        "You divided by the sum as it was before this gradient, which in the first step is 0. Add "
        "this gradient's square first.",
    ),
    _Slip(
        "one sum for all",
        {"memory": lambda s, g, decay, t, rate: s + np.sum(g**2)},
        "You added up the squares of all parameters in one number. Each parameter has a sum of "
        "its own: that is the point of the method.",
    ),
    _Slip(
        "rate inside the sum",
        {"memory": lambda s, g, decay, t, rate: s + (rate * g) ** 2},
        "You added up the squares of the steps, learning rate and all. The sum is of the squared "
        "gradients (erratum E1.13).",
    ),
    *_SCALED_SLIPS,
)


def _eps_in_the_sum(w: Any, g: Any, state: Any, learning_rate: float, eps: float) -> Any:
    total = (0 if state is None else state) + g**2 + eps
    return w - learning_rate * g / np.sqrt(total), total


_BRACKETS = "Divide by (np.sqrt(…) + eps): the brackets matter."

adagrad_step = StepExercise(
    name="adagrad_step",
    chapter=CHAPTER,
    withheld=(*_WITHHELD, _adagrad, _scaled),
    sees=_steps,
    properties=_ADAGRAD.properties(
        (1, 1, 1),
        (
            "Before the first step the sum is 0. What is it after g has come in, for each "
            "parameter by itself?",
            f"G = G + g², entry by entry; then w − learning_rate · g / (√G + eps). {_BRACKETS}",
            "Does your sum still hold the squares of all steps?",
        ),
    ),
    misconceptions=(
        *_alone(_adagrad, _ADAGRAD_SLIPS),
        Misconception(
            "eps in the sum",
            seen(_eps_in_the_sum, _sure_steps),
            "You add eps to the sum in every step, where it stays and grows. Add it to the root, "
            "when w moves.",
        ),
        *_about_memory(_adagrad()),
    ),
    pairs=tuple(_in_pairs(_adagrad, _ADAGRAD_SLIPS)),
)

_RMSPROP = _Asking(
    "rmsprop_step",
    reference.rmsprop_step,
    lambda rng, k: {"decay": (0.6, 0.8, 0.7, 0.9)[k % 4], "eps": _eps(rng, k)},
    (0.1, 0.15, 0.2, 0.3),
)


def _with_a_mean(centred: bool) -> Answer:
    def rmsprop_step(
        w: Any, g: Any, state: Any, learning_rate: float, decay: float, eps: float
    ) -> Any:
        m, v = (np.zeros_like(g), np.zeros_like(g)) if state is None else state
        m, v = _averaged(m, g, decay), _averaged(v, g**2, decay)
        up, down = (g, v - m**2) if centred else (m, v)
        return w - learning_rate * up / (np.sqrt(down) + eps), (m, v)

    return rmsprop_step


_RMSPROP_SLIPS = (
    _Slip(
        "sum without decay",
        {"memory": lambda s, g, decay, t, rate: s + g**2},
        "You add up the squares without forgetting any: this is AdaGrad. Multiply the old average "
        "by decay and the new square by 1 − decay.",
    ),
    _Slip(
        "decay exchanged",
        {"memory": lambda s, g, decay, t, rate: (1 - decay) * s + decay * g**2},
        "You exchanged the two shares: decay is the share of the old average that is kept, and "
        "1 − decay that of the new square.",
    ),
    _Slip(
        "new square whole",
        {"memory": lambda s, g, decay, t, rate: decay * s + g**2},
        "The new square comes in whole. Multiply it by 1 − decay, so that the two shares add up "
        "to 1 and you have an average.",
    ),
    _Slip(
        "decay on both",
        {"memory": lambda s, g, decay, t, rate: decay * (s + g**2)},
        "You multiplied the new square by decay too. Its share is 1 − decay.",
    ),
    _Slip(
        "no memory",
        {"memory": lambda s, g, decay, t, rate: (1 - decay) * g**2},
        "The average of the step before has no effect. Return it as the second result, and take "
        "it up again from state.",
    ),
    _Slip(
        "begins with the first square",
        {"memory": lambda s, g, decay, t, rate: g**2 if t == 1 else decay * s + (1 - decay) * g**2},
        "Your average begins with the first square. Here it begins with 0.",
    ),
    _Slip(
        "corrected as in Adam",
        {"used": lambda s, old, t, decay: s / (1 - decay**t)},
        "You divided the average by 1 − decayᵗ. That correction belongs to Adam; RMSProp goes "
        "without.",
    ),
    _Slip(
        "decay fixed",
        {"memory": lambda s, g, decay, t, rate: 0.9 * s + 0.1 * g**2},
        "Your decay is always 0.9. Use the one that is passed in.",
    ),
    _Slip(
        "sizes averaged",
        {"memory": lambda s, g, decay, t, rate: decay * s + (1 - decay) * np.abs(g)},
        "You averaged the sizes of the gradients. Average their squares.",
    ),
    _Slip(
        "square of the average",
        {
            "memory": lambda s, g, decay, t, rate: decay * s + (1 - decay) * g,
            "used": lambda s, old, t, decay: s**2,
        },
        "You averaged the gradients and squared the average, so that opposite gradients cancel. "
        "Square first, then average.",
    ),
    _Slip(
        "old average used",
        {"used": lambda s, old, t, decay: old},
        "You divided by the average as it was before this gradient, which in the first step is 0. "
        "Let this gradient's square come in first.",
    ),
    _Slip(
        "one average for all",
        {"memory": lambda s, g, decay, t, rate: decay * s + (1 - decay) * np.mean(g**2)},
        "You took the mean over all parameters. Each parameter has an average of its own, over "
        "the steps.",
    ),
    *_SCALED_SLIPS,
)

rmsprop_step = StepExercise(
    name="rmsprop_step",
    chapter=CHAPTER,
    withheld=(*_WITHHELD, _rmsprop, _scaled),
    sees=_steps,
    properties=_RMSPROP.properties(
        (1, 1, 1),
        (
            "Before the first step the average is 0. Which share of it is kept, and with which "
            "share does g² come in?",
            "v = decay · v + (1 − decay) · g², entry by entry; then "
            f"w − learning_rate · g / (√v + eps). {_BRACKETS}",
            "Do the shares of the old average and of the new square add up to 1?",
        ),
    ),
    misconceptions=(
        *_alone(_rmsprop, _RMSPROP_SLIPS),
        Misconception(
            "centred",
            seen(_with_a_mean(centred=True), _sure_steps),
            "You subtract the square of the mean gradient under the root: that is the centred "
            "form. Here the root is of the average of the squares alone.",
        ),
        Misconception(
            "averaged gradient",
            seen(_with_a_mean(centred=False), _sure_steps),
            "Your step goes along an average of the gradients. Above the line stands the gradient "
            "of this step; only its square is averaged.",
        ),
        *_about_memory(_rmsprop()),
    ),
    pairs=tuple(_in_pairs(_rmsprop, _RMSPROP_SLIPS)),
)

# --- adam_step ------------------------------------------------------------------------------------


def _adam(
    *,
    mean: Answer = lambda m, g, b1, b2: b1 * m + (1 - b1) * g,
    square: Answer = lambda v, g, b1, b2, m: b2 * v + (1 - b2) * g**2,
    clock: Answer = lambda t: (t + 1, t + 1),
    correct: Answer = lambda m, v, b1, b2, t: (m / (1 - b1**t), v / (1 - b2**t)),
    down: Answer = lambda v, eps, b2, t: np.sqrt(v) + eps,
    step: Answer = lambda m, root, rate, eps, g: rate * m / root,
    kept: Answer = lambda m, v, m_hat, v_hat: (m, v),
    sign: int = -1,
    result: Answer = _added,
) -> Answer:
    """Return adam_step, with parts of its formula put otherwise."""

    def adam_step(
        w: Any,
        g: Any,
        state: Any,
        learning_rate: float,
        beta1: float,
        beta2: float,
        eps: float,
    ) -> Any:
        m, v, t = (np.zeros_like(g), np.zeros_like(g), 0) if state is None else state
        now, later = clock(t)
        m = mean(m, g, beta1, beta2)
        v = square(v, g, beta1, beta2, m)
        m_hat, v_hat = correct(m, v, beta1, beta2, now)
        root = down(v_hat, eps, beta2, now)
        move = sign * step(m_hat, root, learning_rate, eps, g)
        return result(w, move), (*kept(m, v, m_hat, v_hat), later)

    return adam_step


def _one_beta(name: str, sentence: str, *, first: bool) -> _Slip:
    """Return the slip of taking one beta for both averages."""
    return _Slip(
        name,
        {
            "mean": lambda m, g, b1, b2: _averaged(m, g, b1 if first else b2),
            "square": lambda v, g, b1, b2, m: _averaged(v, g**2, b1 if first else b2),
            "correct": lambda m, v, b1, b2, t: (
                m / (1 - (b1 if first else b2) ** t),
                v / (1 - (b1 if first else b2) ** t),
            ),
        },
        sentence,
    )


def _counted(m: Any, t: int) -> Any:
    """Return a count for each entry that grows from entry to entry and goes on."""
    return (t - 1) * m.size + 1 + np.arange(m.size).reshape(m.shape)


def _one_for_both(
    w: Any, g: Any, state: Any, learning_rate: float, beta1: float, beta2: float, eps: float
) -> Any:
    """Let m and v begin as one and the same array, into which both are put."""
    if state is not None:
        return _adam()(w, g, state, learning_rate, beta1, beta2, eps)
    both = beta2 * (1 - beta1) * g + (1 - beta2) * g**2
    root = np.sqrt(both / (1 - beta2)) + eps
    return w - learning_rate * both / (1 - beta1) / root, (both, both, 1)


def _state_turned(right: Answer) -> Answer:
    @functools.wraps(right)
    def answer(*given: Any, **names: Any) -> Any:
        new, (m, v, t) = right(*given, **names)
        return new, (t, m, v)

    return answer


def _count_shared(right: Answer) -> Answer:
    """Keep the count outside, and begin anew where the state is None."""
    count = [0]

    @functools.wraps(right)
    def answer(w: Any, g: Any, state: Any, *places: Any, **names: Any) -> Any:
        m, v = (np.zeros_like(g), np.zeros_like(g)) if state is None else state
        count[0] *= state is not None
        new, (m, v, count[0]) = right(w, g, (m, v, count[0]), *places, **names)
        return new, (m, v)

    return answer


def _averaged(old: Any, new: Any, share: float) -> Any:
    return share * old + (1 - share) * new


def _adam_options(rng: np.random.Generator, k: int) -> dict[str, float]:
    return {
        "beta1": (0.6, 0.8, 0.7, 0.9)[k % 4],
        "beta2": (0.75, 0.95, 0.85, 0.99)[k % 4],
        "eps": _eps(rng, k),
    }


_ADAM = _Asking("adam_step", reference.adam_step, _adam_options, (0.2, 0.3, 0.4, 0.5))

_CORRECTION = "Divide m by 1 − beta1ᵗ and v by 1 − beta2ᵗ."

_ADAM_SLIPS = (
    _Slip(
        "no bias correction",
        {"correct": lambda m, v, b1, b2, t: (m, v)},
        "The bias correction is missing. Both averages begin at 0 and are too small at first, and "
        f"not by the same factor. {_CORRECTION}",
    ),
    _Slip(
        "only m corrected",
        {"correct": lambda m, v, b1, b2, t: (m / (1 - b1**t), v)},
        f"You corrected m and not v. {_CORRECTION}",
    ),
    _Slip(
        "only v corrected",
        {"correct": lambda m, v, b1, b2, t: (m, v / (1 - b2**t))},
        f"You corrected v and not m. {_CORRECTION}",
    ),
    _Slip(
        "correction turned round",
        {"correct": lambda m, v, b1, b2, t: (m * (1 - b1**t), v * (1 - b2**t))},
        "You multiplied by 1 − betaᵗ. The averages are too small at first, and dividing by it "
        "makes them larger.",
    ),
    _Slip(
        "beta times t",
        {"correct": lambda m, v, b1, b2, t: (m / (1 - b1 * t), v / (1 - b2 * t))},
        "You multiplied beta by t. It is raised to the power t: beta1**t.",
    ),
    _Slip(
        "t stands still",
        {"clock": lambda t: (1, 0)},
        "Your t is 1 in every step. It counts the steps, so it belongs in the state.",
    ),
    _Slip(
        "no memory",
        {"clock": lambda t: (1, 0), "kept": lambda m, v, m_hat, v_hat: (0 * m, 0 * v)},
        "Every step of yours is a first step: m, v and t begin anew. Return them as the second "
        "result, and take them up again from state.",
    ),
    _Slip(
        "t from zero",
        # No number is left to which another slip could do anything.
        {"clock": lambda t: (t, t + 1), "down": lambda v, eps, b2, t: np.sqrt(v) + eps, "sign": -1},
        "Your t is 0 in the first step, and 1 − beta⁰ is 0, by which you divide. Count the first "
        "step as 1.",
    ),
    _Slip(
        "t from two",
        {"clock": lambda t: (t + 2, t + 1)},
        "Your t is 2 in the first step. It counts the steps from 1.",
    ),
    _Slip(
        "betas exchanged",
        {
            "mean": lambda m, g, b1, b2: _averaged(m, g, b2),
            "square": lambda v, g, b1, b2, m: _averaged(v, g**2, b1),
            "correct": lambda m, v, b1, b2, t: (m / (1 - b2**t), v / (1 - b1**t)),
        },
        "You exchanged beta1 and beta2: beta1 belongs to the average of the gradients, beta2 to "
        "that of their squares.",
    ),
    _Slip(
        "betas exchanged in the averages",
        {
            "mean": lambda m, g, b1, b2: _averaged(m, g, b2),
            "square": lambda v, g, b1, b2, m: _averaged(v, g**2, b1),
        },
        "You exchanged beta1 and beta2 in the averages: beta1 belongs to that of the gradients, "
        "beta2 to that of their squares. In the corrections they stand right.",
    ),
    _Slip(
        "betas exchanged in the corrections",
        {"correct": lambda m, v, b1, b2, t: (m / (1 - b2**t), v / (1 - b1**t))},
        "You exchanged beta1 and beta2 in the corrections. m is divided by 1 − beta1ᵗ, v by "
        "1 − beta2ᵗ.",
    ),
    _Slip(
        "t counts entries",
        {
            "correct": lambda m, v, b1, b2, t: (
                m / (1 - b1 ** _counted(m, t)),
                v / (1 - b2 ** _counted(v, t)),
            )
        },
        "Your t grows with every entry of w. It counts steps: add 1 once in each call, before "
        "the loop.",
    ),
    _Slip(
        "one average for all",
        {"square": lambda v, g, b1, b2, m: _averaged(v, np.mean(g**2), b2)},
        "Your v is one number for all parameters. Each has an average of its own: g**2, entry by "
        "entry.",
    ),
    _Slip(
        "largest",
        {
            "square": lambda v, g, b1, b2, m: np.maximum(b2 * v, np.abs(g)),
            "correct": lambda m, v, b1, b2, t: (m / (1 - b1**t), v),
            "down": lambda v, eps, b2, t: v + eps,
        },
        "You divide by a fading largest gradient: that is AdaMax. Adam divides by the root of a "
        "fading average of squares.",
    ),
    _Slip(
        "eps fixed",
        {"down": lambda v, eps, b2, t: np.sqrt(v) + 1e-8},
        "Your eps is always 1e-8. Use the one that is passed in.",
        "Besides, eps is not the one that is passed in.",
    ),
    _one_beta("beta1 for both", "You used beta1 for v too. Its share is beta2.", first=True),
    _one_beta("beta2 for both", "You used beta2 for m too. Its share is beta1.", first=False),
    _Slip(
        "shares exchanged",
        {
            "mean": lambda m, g, b1, b2: _averaged(m, g, 1 - b1),
            "square": lambda v, g, b1, b2, m: _averaged(v, g**2, 1 - b2),
        },
        "You exchanged the two shares: beta is the share of the old average that is kept, and "
        "1 − beta that of what is new.",
    ),
    _Slip(
        "gradient whole",
        {"mean": lambda m, g, b1, b2: b1 * m + g},
        "The gradient comes into m whole, as with momentum. Adam's m is an average: multiply the "
        "gradient by 1 − beta1.",
    ),
    _Slip(
        "sums for averages",
        {
            "mean": lambda m, g, b1, b2: b1 * m + g,
            "square": lambda v, g, b1, b2, m: b2 * v + g**2,
        },
        "What is new comes in whole, so that m and v are sums. Multiply it by 1 − beta1 and "
        "1 − beta2, which makes them averages.",
    ),
    _Slip(
        "square of m",
        {"square": lambda v, g, b1, b2, m: _averaged(v, m**2, b2)},
        "You averaged the squares of m. Into v comes the square of the gradient.",
    ),
    _Slip(
        "not squared",
        {"square": lambda v, g, b1, b2, m: _averaged(v, g, b2)},
        "You forgot to square: into v comes g², entry by entry. The root of a negative number is "
        "no number.",
    ),
    _Slip(
        "no m",
        {"step": lambda m, root, rate, eps, g: rate * g / root},
        "Above the line you have the gradient itself. Put the corrected average m there.",
    ),
    _Slip(
        "corrected averages kept",
        {"kept": lambda m, v, m_hat, v_hat: (m_hat, v_hat)},
        "You keep the corrected averages, so that the next step corrects them again. Keep m and v "
        "themselves; the corrected ones are only for this step.",
    ),
    _Slip(
        "root before the correction",
        {
            "correct": lambda m, v, b1, b2, t: (m / (1 - b1**t), v),
            "down": lambda v, eps, b2, t: np.sqrt(v) / (1 - b2**t) + eps,
        },
        "You took the root of v and then divided it by 1 − beta2ᵗ. Correct v first, then take "
        "the root.",
    ),
    _Slip(
        "no root",
        {"down": lambda v, eps, b2, t: v + eps},
        "You divided by v itself. Take its root first.",
        "Besides, the root is missing.",
    ),
    _Slip(
        "eps inside the root",
        {"down": lambda v, eps, b2, t: np.sqrt(v + eps)},
        "You put eps inside the root. It is added to the root, which differs where the gradients "
        "are small.",
        "Besides, eps is inside the root; it is added to the root.",
    ),
    _Slip(
        "eps scaled by the correction",
        {
            "correct": lambda m, v, b1, b2, t: (m / (1 - b1**t) * np.sqrt(1 - b2**t), v),
            "down": lambda v, eps, b2, t: np.sqrt(v) + eps,
        },
        "You took the correction of v out of the root, which is fine, but eps was left behind: it "
        "is added to the root of the uncorrected v. Add it to the root of the corrected one.",
    ),
    _Slip(
        "no eps",
        {"down": lambda v, eps, b2, t: np.sqrt(v)},
        "You left eps out. Add it to the root: a parameter that has had no gradient yet would be "
        "divided by 0.",
    ),
    _Slip(
        "bracket around the root and eps",
        {
            "down": lambda v, eps, b2, t: np.sqrt(v),
            "step": lambda m, root, rate, eps, g: rate * m / root + eps,
        },
        "A pair of brackets is missing: in a / b + c only b is divided by, so that your eps is "
        "added to the step. Write a / (b + c).",
    ),
    _Slip(
        "no rate",
        {"step": lambda m, root, rate, eps, g: m / root},
        "The learning rate is missing from your step.",
    ),
    _UPHILL,
    _MOVE_ALONE,
)

adam_step = StepExercise(
    name="adam_step",
    chapter=CHAPTER,
    withheld=(*_WITHHELD, _adam),
    sees=_steps,
    properties=_ADAM.properties(
        (1, 2, 1),
        (
            "In the first step t is 1. What are m and v, and what is left of them when each is "
            "divided by its correction?",
            "The step is learning_rate times m / (1 − beta1**t), divided by "
            "(√(v / (1 − beta2**t)) + eps). The brackets matter.",
            "Three things have to be kept. Which ones, and do you keep them corrected or not?",
        ),
    ),
    misconceptions=(
        *_alone(_adam, _ADAM_SLIPS),
        Misconception(
            "one array for both",
            seen(_one_for_both, _sure_steps),
            "m and v begin as one and the same array, m = v = …, and what is put into one is in "
            "the other. Make two.",
        ),
        Misconception(
            "state in another order",
            seen(_state_turned(_adam()), _sure_steps),
            "You return the state in one order and take it apart in another. m, v and t have to "
            "stand in the same places.",
        ),
        Misconception(
            "count shared",
            seen(_count_shared(_adam()), _steps),
            "You count t outside the state, so that two vectors that take turns share one count. "
            "Keep t in the state, beside m and v.",
        ),
        *_about_memory(_adam()),
    ),
    pairs=tuple(_in_pairs(_adam, _ADAM_SLIPS)),
    earlier={"momentum_step": _right_momentum, "rmsprop_step": _right_rmsprop},
)

# --- run ------------------------------------------------------------------------------------------


# Steps to be run, so strange that nobody's code has them in it; all options have defaults, so that
# an option that is not passed on makes a difference and no error.


def _plain_step(w: Any, g: Any, state: Any, learning_rate: float = 0.4) -> Any:
    return np.asarray(w) - learning_rate * np.asarray(g), None


def _rolling_step(
    w: Any, g: Any, state: Any, learning_rate: float = 0.4, momentum: float = 0.3
) -> Any:
    velocity = (0 if state is None else momentum * np.asarray(state)) + np.asarray(g)
    return np.asarray(w) - learning_rate * velocity, velocity


def _tiring_step(w: Any, g: Any, state: Any, learning_rate: float = 0.4, decay: float = 0.5) -> Any:
    count, last = (0, w) if state is None else (state["count"], state["last"])
    w, drift = np.array(w), 0.25 * (np.asarray(w) - np.asarray(last))
    new = w - learning_rate * decay ** (count + 1) * np.asarray(g) + drift
    return new, {"count": count + 1, "last": w}


#: The steps, what a report says of them, and the options that they have beside the rate.
_RUNNABLE: dict[str, tuple[Answer, str, tuple[str, ...]]] = {
    "plain": (_plain_step, "a step that needs no state", ()),
    "rolling": (_rolling_step, "a step whose state is its velocity", ("momentum",)),
    "tiring": (_tiring_step, "a step whose state counts, and shortens it", ("decay",)),
}


def _ran(
    *,
    where: Answer = lambda path: path[-1],
    keep: Answer = lambda state, new, k: new,
    passed: Answer = lambda options: options,
    own: Answer | None = None,
    result: Answer = np.array,
    more: int = 0,
) -> Answer:
    """Return run, with parts of it put otherwise."""

    def run(step: Answer, gradient: Answer, w0: Any, steps: int, **options: float) -> Any:
        path, state = [np.array(w0, dtype=np.float64)], None
        for k in range(steps + more):
            g = gradient(where(path))
            w, new = (own or step)(path[-1], g, state, **passed(options))
            path.append(w)
            state = keep(state, new, k)
        return result(path)

    return run


def _down(
    name: str,
    rng: np.random.Generator,
    w0: Any,
    valley: _Valley,
    steps: int,
    *,
    turned: bool = False,
) -> Case:
    """Return a run; `turned` gives the options in another order than the step has them."""
    step, told, names = _RUNNABLE[name]
    options = {"learning_rate": float(rng.choice((0.05, 0.1, 0.15)))}
    options |= {one: float(rng.choice((0.6, 0.7, 0.8))) for one in names}
    if turned:
        options = dict(reversed(options.items()))
    expected = _ran()(step, valley.gradient, w0, steps, **options)
    start = written(w0) if isinstance(w0, np.ndarray) else str(w0)
    kind = f" ({w0.dtype})" if isinstance(w0, np.ndarray) and w0.dtype.kind == "i" else ""
    more = "".join(f", {one}={value:g}" for one, value in options.items())
    return Case(
        shown=f"With gradient(w) = {valley.formula} and {told}, run(step, gradient, {start}{kind}, "
        f"{steps}{more})",
        arguments=(step, valley.gradient, w0, steps),
        keywords={**options, "look": "path"},
        expected=expected,
        tolerance=TOLERANCE * (1 + float(np.abs(expected).max())),
        what="the path is",
    )


def _slides(rng: np.random.Generator, rounds: int) -> list[Case]:
    cases = []
    for n, steps in ((2, 5), (3, 4), (2, 3), (4, 2), (1, 4), (2, 7))[: max(rounds, 3) + 1]:
        valley = _valley(rng, n)
        cases.append(_down("plain", rng, _start(rng, valley), valley, steps))
    return cases


def _rolls(rng: np.random.Generator, rounds: int) -> list[Case]:
    cases = []
    for n, steps in ((2, 6), (3, 4), (2, 5), (4, 4))[: max(rounds, 3)]:
        for name in ("rolling", "tiring"):
            valley = _valley(rng, n)
            start = _start(rng, valley)
            cases.append(_down(name, rng, start, valley, steps, turned=steps > 4 or n == 3))
    return cases


def _anywhere(rng: np.random.Generator, rounds: int) -> list[Case]:
    """Lists, whole numbers, minima, no steps at all, and starts that are used again."""
    cases = []
    for n, steps in ((2, 3), (3, 4), (2, 5), (3, 2))[: max(rounds, 3)]:
        for name in ("tiring", "plain"):
            valley = _valley(rng, n)
            whole = np.round(_start(rng, valley)).astype(np.int64)
            start = _start(rng, valley)
            for w0 in (whole, whole.tolist(), start):
                cases.append(_down(name, rng, w0, valley, steps))
    for name, steps in (("plain", 3), ("rolling", 2), ("tiring", 4)):
        valley = _valley(rng, 2)
        cases.append(_down(name, rng, valley.c, valley, steps))
    valley = _valley(rng, 2)
    cases.append(_down("rolling", rng, _start(rng, valley), valley, 0))
    return [*cases, _down("plain", rng, _start(rng, valley).tolist(), valley, 1)]


def _ran_down(case: Case, value: Any, _: Answer) -> Picture | None:
    valley = case.arguments[1].__self__
    return pictures.paths(valley.value, case.expected, value, valley.c, ("w₀", "w₁"))


def _one_array(
    step: Answer, gradient: Answer, w0: Any, steps: int, **options: float
) -> list[np.ndarray]:
    w, state = np.array(w0, dtype=np.float64), None
    path = [w]
    for _ in range(steps):
        w[...], state = step(w, gradient(w), state, **options)
        path.append(w)
    return path


def _moves_the_start(
    step: Answer, gradient: Answer, w0: Any, steps: int, **options: float
) -> np.ndarray:
    w, state = np.asarray(w0), None
    path = [w.copy()]
    for _ in range(steps):
        w[...], state = step(w, gradient(w), state, **options)
        path.append(w.copy())
    return np.array(path)


def _made_like_the_start(
    step: Answer, gradient: Answer, w0: Any, steps: int, **options: float
) -> np.ndarray:
    start, state = np.array(w0), None
    path = np.zeros((steps + 1, *start.shape), dtype=start.dtype)
    path[0] = start
    for k in range(steps):
        path[k + 1], state = step(path[k], gradient(path[k]), state, **options)
    return path


def _gradients_met(
    step: Answer, gradient: Answer, w0: Any, steps: int, **options: float
) -> np.ndarray:
    return np.array([gradient(w) for w in _ran()(step, gradient, w0, steps, **options)])


def _by_place(step: Answer, gradient: Answer, w0: Any, steps: int, **options: float) -> np.ndarray:
    w, state = np.array(w0, dtype=np.float64), None
    path = [w]
    for _ in range(steps):
        w, state = step(w, gradient(w), state, *options.values())
        path.append(w)
    return np.array(path)


def _stops_at_rest(after: bool) -> Answer:
    """Return a run that ends where the gradient is 0, or after a step that went nowhere."""

    def run(step: Answer, gradient: Answer, w0: Any, steps: int, **options: float) -> Any:
        w, state = np.array(w0, dtype=np.float64), None
        path = [w]
        for _ in range(steps):
            g = gradient(w)
            if not after and not np.any(g):
                break
            w, state = step(w, g, state, **options)
            path.append(w)
            if after and np.array_equal(path[-2], w):
                break
        return np.array(path)

    return run


def _rows_like_the_start(
    step: Answer, gradient: Answer, w0: Any, steps: int, **options: float
) -> np.ndarray:
    w, state = np.array(w0), None
    path = np.zeros((steps + 1, *w.shape), dtype=w.dtype)
    path[0] = w
    for k in range(steps):
        w, state = step(w, gradient(w), state, **options)
        path[k + 1] = w
    return path


def _floats_of_the_start(
    step: Answer, gradient: Answer, w0: Any, steps: int, **options: float
) -> np.ndarray:
    w, state = np.asarray(w0, dtype=np.float64), None
    path = [w.copy()]
    for _ in range(steps):
        w[...], state = step(w, gradient(w), state, **options)
        path.append(w.copy())
    return np.array(path)


def _two_columns(
    step: Answer, gradient: Answer, w0: Any, steps: int, **options: float
) -> np.ndarray:
    path, state = np.zeros((steps + 1, 2)), None
    path[0] = w0
    for k in range(steps):
        path[k + 1], state = step(path[k], gradient(path[k]), state, **options)
    return path


def _not_unpacked(step: Answer, gradient: Answer, w0: Any, steps: int, **options: float) -> Any:
    w: Any = np.array(w0, dtype=np.float64)
    path = [w]
    for _ in range(steps):
        w = step(w, gradient(w), None, **options)
        path.append(w)
    return np.array(path)


def _path(function: Answer, _: str, step: Answer, gradient: Answer, w0: Any, steps: int) -> Any:
    """Return the path, and find out whoever takes both results of a step for the point."""
    pairs = []

    def slope(w: Any) -> Any:
        pairs.extend([w] if isinstance(w, tuple) else [])
        return gradient(w)

    try:
        return function(step, slope, w0, steps)
    except Exception:
        if pairs:
            raise _PairError(
                "gradient(w) was called with a tuple, the whole result of `step`, in the place of w"
            ) from None
        raise


_RUN_SLIPS = (
    (
        "not unpacked",
        _not_unpacked,
        "A step returns two things, and you take the pair of them for the new point. Unpack it: "
        "w, state = step(…).",
    ),
    (
        "options by place",
        _by_place,
        "You pass the options by their place. They may come in another order than the step has "
        "them; pass them by name, with **options.",
    ),
    (
        "stops where it is flat",
        _stops_at_rest(after=False),
        "You stop where the gradient is 0. Take all the steps that are asked for: a path has "
        "steps + 1 rows, and with momentum it would roll on.",
    ),
    (
        "stops where it stands",
        _stops_at_rest(after=True),
        "You stop after a step that changes nothing. Take all the steps that are asked for: a "
        "path has steps + 1 rows.",
    ),
    (
        "momentum alone",
        _ran(passed=lambda options: {k: options[k] for k in ("learning_rate", "momentum")}),
        "You pass on learning_rate and momentum. Another step has other options: pass on all that "
        "there are, with **options.",
    ),
    (
        "two columns",
        _two_columns,
        "Your path always has two columns. It needs as many as w0 has numbers.",
    ),
    (
        "last row empty",
        _ran(result=lambda path: np.array([*path[:-1], 0 * path[-1]] if path[1:] else path)),
        "The last row is still 0: your loop takes one step too few. range(1, steps) has steps − 1 "
        "numbers.",
    ),
    (
        "second step without state",
        _ran(keep=lambda state, new, k: None if k == 0 else new),
        "The second step gets the state None again. The state that the first step returned is "
        "for the second.",
    ),
    (
        "rows like the start",
        _rows_like_the_start,
        "Your path has the type of the start, so that from whole numbers every row is cut to "
        "whole numbers. Make it of floats.",
    ),
    (
        "floats of the start",
        _floats_of_the_start,
        "You put each new point into the caller's array: np.asarray makes no copy of an array of "
        "floats. np.array does.",
    ),
    (
        "state dropped",
        _ran(keep=lambda state, new, k: None),
        "You call every step with the state None, so that it forgets. The second result of a step "
        "is the state of the next.",
    ),
    (
        "first state for ever",
        _ran(keep=lambda state, new, k: new if k == 0 else state),
        "You hand on the state of the first step for ever. Each step returns a new one.",
    ),
    (
        "start twice",
        _ran(result=lambda path: np.array([path[0], *path[:-1]])),
        "Your path begins with the start twice, and the last point is missing.",
    ),
    (
        "start left out",
        _ran(result=lambda path: np.array(path[1:]).reshape(len(path) - 1, -1)),
        "The start is missing: the path has steps + 1 rows, and the first is w0.",
    ),
    (
        "end left out",
        _ran(result=lambda path: np.array(path[:-1]).reshape(len(path) - 1, -1)),
        "The last point is missing: after so many steps there are steps + 1 points.",
    ),
    ("one step too many", _ran(more=1), "You took one step more than was asked for."),
    (
        "the end alone",
        _ran(result=lambda path: path[-1]),
        "You returned the last point. Return all of them, one per row.",
    ),
    ("transposed", _ran(result=np.transpose), "Your points are columns. Each should be a row."),
    (
        "the gradients",
        _gradients_met,
        "You returned the gradients. Return the points.",
    ),
    (
        "the start's gradient for ever",
        _ran(where=lambda path: path[0]),
        "You took the gradient at the start in every step. Ask for it anew at each point.",
    ),
    (
        "the gradient before",
        _ran(where=lambda path: path[max(len(path) - 2, 0)]),
        "You took the gradient at the point before. Ask for it where you are now.",
    ),
    (
        "options not passed on",
        _ran(passed=lambda options: {}),
        "You did not pass the options on, so that the step took its own. Call it with **options.",
    ),
    (
        "learning rate alone",
        _ran(passed=lambda options: {"learning_rate": options["learning_rate"]}),
        "You passed on the learning rate and none of the other options. Call the step with "
        "**options, which are all of them.",
    ),
    (
        "own descent",
        _ran(own=lambda w, g, state, learning_rate, **_: (w - learning_rate * g, None)),
        "You took the steps of plain gradient descent yourself. Let `step` take them, whatever it "
        "does.",
    ),
    (
        "one array in every row",
        _one_array,
        "Every row of yours is the last point: you put one array into the path again and again "
        "and changed what is in it. Append the new w itself, or a copy.",
    ),
    (
        "made like the start",
        _made_like_the_start,
        "Your path has the type of the start, so that from whole numbers every point is cut to "
        "whole numbers. Make it of floats.",
    ),
    (
        "start moved",
        _moves_the_start,
        "You put each new point into the caller's array: the next run from it would begin at this "
        "one's end, and whole numbers are cut. Work on a copy, of floats.",
    ),
)

#: What here would do for an answer.
_OWN_RUNS = (
    _by_place,
    _stops_at_rest,
    _rows_like_the_start,
    _floats_of_the_start,
    _two_columns,
    _one_array,
    _moves_the_start,
    _made_like_the_start,
)

run = SeenExercise(
    name="run",
    chapter=CHAPTER,
    withheld=(*_WITHHELD, _ran, *_OWN_RUNS),
    sees=_path,
    properties=(
        Property(
            "the path",
            1,
            _slides,
            hints=(
                "Each step needs the gradient where you are. What does `step` return, and which "
                "part of it belongs in the path?",
                "w, state = step(w, gradient(w), state, **options), and append w.",
            ),
            picture=_ran_down,
        ),
        Property(
            "the state and the options are handed on",
            1,
            _rolls,
            hints=(
                "What does a step with momentum need, that only the step before it can know?",
                "Begin with state = None. After each step it is what the step returned.",
            ),
            picture=_ran_down,
        ),
        Property(
            "from lists, whole numbers and minima, with no steps too; the start is kept",
            1,
            _anywhere,
            hints=(
                "An array of whole numbers cannot hold the points between them.",
                "np.array(w0, dtype=float) is a copy, of floats.",
            ),
            arguments_kept=True,
        ),
    ),
    misconceptions=tuple(
        Misconception(name, seen(answer, _path), said) for name, answer, said in _RUN_SLIPS
    ),
)
