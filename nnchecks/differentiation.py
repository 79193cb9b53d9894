"""Checks of assignment `01-differentiation`.

A difference quotient is compared with the quotient for the same step, not with the derivative,
so the tolerance is rounding alone: large enough for every way to write the quotient, far too
small for another quotient.
"""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nnchecks.engine import pictures
from nnchecks.engine.exercise import Case, Exercise, Misconception, Property, Twist, written
from nnchecks.engine.report import Picture
from nnlib import differentiation as reference

EPSILON = float(np.finfo(np.float64).eps)
CHAPTER = "chapter 1, Numerical differentiation"

_TURNED = Twist(
    np.negative,
    "Besides, the sign is turned round: subtract the value below x from the one above it.",
)


@dataclass(frozen=True)
class _Curve:
    """A function of one number, its formula as the report shows it, and its derivative."""

    formula: str
    value: Callable[[Any], Any]
    derivative: Callable[[Any], Any]


@dataclass(frozen=True)
class _Field:
    """A function of an array of any shape."""

    formula: str
    value: Callable[[Any], float]


def _minus(f: Callable[[Any], Any], x: Any, h: float) -> Any:
    return f(x + h) - f(x - h)


def _moved(x: Any, i: int, h: float, dtype: Any = np.float64) -> np.ndarray:
    """Return a copy with one entry moved, and cut to what `dtype` can hold."""
    moved = np.array(x, dtype=dtype)
    moved[i] += h
    return moved


def _along(f: Callable[[Any], Any], x: Any, i: int, h: float, dtype: Any = np.float64) -> Any:
    return (f(_moved(x, i, h, dtype)) - f(_moved(x, i, -h, dtype))) / (2 * h)


def _errors(f: Any, df: Any, x: float, steps: Any, one_sided: bool = False) -> np.ndarray:
    """Return signed errors, written as a student would."""
    below = 0.0 if one_sided else 1.0
    return np.array([(f(x + h) - f(x - below * h)) / ((1 + below) * h) - df(x) for h in steps])


#: What this assignment asks for, under the book's names, and what here would do for an answer.
_WITHHELD = (
    reference.forward_difference,
    reference.central_difference,
    reference.partial_derivative,
    reference.numerical_gradient,
    reference.error_curve,
    reference.best_step,
    _along,
    _errors,
)


def _right_forward(f: Callable[[Any], Any], x: Any, h: float = 1e-8) -> Any:
    return (f(x + h) - f(x)) / h


def _right_central(f: Callable[[Any], Any], x: Any, h: float = 1e-5) -> Any:
    return (f(x + h) - f(x - h)) / (2 * h)


def _right_partial(f: Callable[[Any], Any], x: Any, i: Any, h: float = 1e-5) -> Any:
    above, below = np.array(x, dtype=np.float64), np.array(x, dtype=np.float64)
    above[i] += h
    below[i] -= h
    return (f(above) - f(below)) / (2 * h)


#: What a later answer may call, where the student's own is wrong.
_DIFFERENCES = {"forward_difference": _right_forward, "central_difference": _right_central}


def _random_curve(rng: np.random.Generator) -> _Curve:
    a, b, c = (_one_decimal(rng) for _ in range(3))
    kinds = (
        _Curve(
            f"{a} x³ + {b} x² + {c} x",
            lambda x: a * x**3 + b * x**2 + c * x,
            lambda x: 3 * a * x**2 + 2 * b * x + c,
        ),
        _Curve(
            f"{a} sin(x) + {b} x²",
            lambda x: a * np.sin(x) + b * x**2,
            lambda x: a * np.cos(x) + 2 * b * x,
        ),
        _Curve(
            f"{a} exp(x) + {b} x",
            lambda x: a * np.exp(x) + b * x,
            lambda x: a * np.exp(x) + b,
        ),
    )
    chosen = kinds[rng.integers(len(kinds))]
    return replace(chosen, formula=chosen.formula.replace("+ -", "− "))


def _random_field(rng: np.random.Generator, *shape: int) -> _Field:
    """Return a field of arrays of one shape, whose numbers all matter, differently, and together.

    As a loss takes its weights, it takes an array of that shape: not a list, nor a flat array.
    """
    a, b, c = (_one_decimal(rng) for _ in range(3))
    place = np.arange(1, int(np.prod(shape)) + 1).reshape(shape)

    def value(x: Any) -> float:
        flat = x.ravel()
        return float(np.sum(a * place * x**3 + b * x**2) + c * np.sum(flat[1:] * flat[:-1]))

    formula = f"Σ ({a} k x_k³ + {b} x_k²) + {c} Σ x_k x_(k+1), k = 1, 2, …"
    return _Field(formula.replace("+ -", "− "), value)


def _one_decimal(rng: np.random.Generator) -> float:
    """Return a number such as −1.7, never near 0, so that no term goes missing unseen."""
    return float(rng.integers(5, 21) / 10 * rng.choice((-1, 1)))


def _rounding(size: float, x: float, slope: float, h: float) -> float:
    """Return what rounding can do to (f₁ − f₀)/h where f is of `size`, and x + h is rounded."""
    return 16 * EPSILON * (size + abs(x * slope)) / h + 16 * EPSILON * abs(slope)


def _quotient(name: str, curve: _Curve, x: Any, h: float | None = None) -> Case:
    """Return a case of one of the two quotients; without h, of its default step."""
    rule = getattr(reference, name)
    step = {"forward_difference": 1e-8, "central_difference": 1e-5}[name] if h is None else h
    expected = rule(curve.value, x, step)
    size = float(np.max(np.abs([curve.value(x + step), curve.value(x), curve.value(x - step)])))
    return Case(
        shown=f"With f(x) = {curve.formula}, {name}(f, {written(x)}"
        + (")" if h is None else f", h={h:g})"),
        arguments=(curve.value, x),
        keywords={} if h is None else {"h": h},
        expected=expected,
        tolerance=_rounding(size, float(np.max(np.abs(x))), float(np.max(np.abs(expected))), step),
        what="that quotient is",
    )


def _quotients_at_numbers(name: str, steep: _Curve) -> Property:
    """One number at a time, with several steps, a whole number, and the default step."""

    def cases(rng: np.random.Generator, rounds: int) -> list[Case]:
        random = [
            _quotient(name, _random_curve(rng), _one_decimal(rng), h)
            for _ in range(rounds)
            for h in (0.5, 0.1, 1e-3)
        ]
        whole = [_quotient(name, _random_curve(rng), x, 0.1) for x in (2, -1, 3)]
        return [*random, *whole, _quotient(name, steep, 0.0)]

    return Property(
        "the quotient at a number",
        2,
        cases,
        hints=(
            "Draw the two points through which the secant goes. Which two values of f do you need?",
            "Slope is rise over run. How far apart are the two points along x?",
        ),
        picture=_secant_of(name),
    )


def _secant_of(name: str) -> Callable[[Case, Any, Callable[..., Any]], Picture | None]:
    def picture(case: Case, value: Any, _: Callable[..., Any]) -> Picture | None:
        f, x = case.arguments
        h = case.keywords["h"] if case.keywords else 0.0  # too small to be seen
        start = x if name == "forward_difference" else x - h
        return pictures.slopes(f, x, (start, x + h), case.expected, value)

    return picture


def _quotients_at_arrays(name: str) -> Property:
    def cases(rng: np.random.Generator, rounds: int) -> list[Case]:
        random = [
            _quotient(name, _random_curve(rng), rng.integers(-8, 9, shape) / 4, 0.1)
            for _ in range(rounds)
            for shape in ((4,), (2, 3))
        ]
        whole = [_quotient(name, _random_curve(rng), rng.integers(-2, 3, 4), 0.1) for _ in range(3)]
        return [*random, *whole]

    return Property(
        "the quotients at an array of points",
        1,
        cases,
        hints=(
            "If f works on arrays, x + h does too: no loop and no float() is needed.",
            "x += h changes the caller's array; x + h makes a new one.",
        ),
        arguments_kept=True,
    )


def _moves_to_the_right(f: Callable[[Any], Any], x: Any, h: float = 1e-8) -> Any:
    here = f(x)
    x += h
    return (f(x) - here) / h


def _moved_under_two_names(f: Callable[[Any], Any], x: Any, h: float = 1e-8) -> Any:
    above = x
    above += h
    return (f(above) - f(x)) / h


def _moves_to_both_sides(f: Callable[[Any], Any], x: Any, h: float = 1e-5) -> Any:
    x += h
    above = f(x)
    x -= 2 * h
    return (above - f(x)) / (2 * h)


def _of_any_quotient(right: Callable[..., Any]) -> tuple[Misconception, ...]:
    """Return what may go wrong with the result of either quotient."""

    def stored_like_x(f: Callable[[Any], Any], x: Any, *h: float, **step: float) -> Any:
        result = np.zeros_like(np.asarray(x))
        result[...] = right(f, x, *h, **step)
        return result

    def rounded(digits: int) -> Callable[..., Any]:
        return lambda f, x, *h, **step: np.round(right(f, x, *h, **step), digits)

    return (
        Misconception(
            "result in the type of x",
            stored_like_x,
            "The slopes are right until you store them: np.zeros_like(x) makes an array of the "
            "type of x, and one of whole numbers cuts the digits off. Return the quotient itself.",
        ),
        Misconception(
            "numbers only",
            lambda f, x, *h, **step: float(right(f, x, *h, **step)),
            "float(…) makes one number, and an array of slopes is none. Return the quotient as it "
            "is.",
        ),
        Misconception(
            "mean",
            lambda f, x, *h, **step: np.mean(right(f, x, *h, **step)),
            "You returned the mean of the slopes. Return all of them, in the shape of x.",
        ),
        *(
            Misconception(
                f"rounded to {digits} decimals",
                rounded(digits),
                f"You rounded the slope to {digits} decimals. Return it with all its digits.",
            )
            for digits in (1, 2, 3, 4)
        ),
    )


forward_difference = Exercise(
    name="forward_difference",
    chapter=CHAPTER,
    withheld=_WITHHELD,
    properties=(
        # f(0 + h)/h = 1e8 h: the default step shows in the first digit.
        _quotients_at_numbers(
            "forward_difference", _Curve("1e8 x²", lambda x: 1e8 * x**2, lambda x: 2e8 * x)
        ),
        _quotients_at_arrays("forward_difference"),
    ),
    misconceptions=(
        Misconception(
            "backward",
            lambda f, x, h=1e-8: (f(x) - f(x - h)) / h,
            "This matches a backward difference: you step to x − h. The forward difference steps "
            "to x + h.",
        ),
        Misconception(
            "central",
            lambda f, x, h=1e-8: _minus(f, x, h) / (2 * h),
            "This matches a central difference. Here one of the two points is x itself.",
        ),
        Misconception(
            "sign",
            lambda f, x, h=1e-8: (f(x) - f(x + h)) / h,
            "The size is right and the sign is not: subtract the value at x from the value at "
            "x + h, not the other way round.",
            _TURNED,
        ),
        Misconception(
            "not divided",
            lambda f, x, h=1e-8: f(x + h) - f(x),
            "This is the rise f(x + h) − f(x) alone. A slope is rise over run: divide by h.",
        ),
        Misconception(
            "divided by 2h",
            lambda f, x, h=1e-8: (f(x + h) - f(x)) / (2 * h),
            "This is half of the quotient: your two points are h apart, and you divided by 2h.",
        ),
        Misconception(
            "missing brackets",
            lambda f, x, h=1e-8: f(x + h) - f(x) / h,
            "It looks as if only f(x) was divided by h. Put brackets round the difference.",
        ),
        Misconception(
            "multiplied",
            lambda f, x, h=1e-8: (f(x + h) - f(x)) * h,
            "You multiplied the rise by h. A slope is rise divided by run.",
        ),
        Misconception(
            "own step",
            lambda f, x, h=1e-8: (f(x + 1e-8) - f(x)) / 1e-8,
            "Your answer is the same for every h: the function uses a step of its own and not the "
            "argument h.",
        ),
        Misconception(
            "divided by x",
            lambda f, x, h=1e-8: (f(x + h) - f(x)) / (x + h),
            "You divided by x + h. The run from x to x + h is h.",
        ),
        *_of_any_quotient(_right_forward),
        Misconception(
            "argument changed",
            _moves_to_the_right,
            "You move x itself. For an array that is the caller's array: x += h changes it for "
            "everybody, and an array of whole numbers refuses. x + h makes a new one.",
        ),
        Misconception(
            "one array, two names",
            _moved_under_two_names,
            "The rise is 0 for arrays: after a = x, both names mean one array, and a += h moves "
            "both. Use x + h, which makes a new array.",
        ),
    ),
)

central_difference = Exercise(
    name="central_difference",
    chapter=CHAPTER,
    withheld=_WITHHELD,
    earlier={"forward_difference": _right_forward},
    properties=(
        # (f(h) − f(−h))/2h = 1e10 h²: the default step shows in the first digit.
        _quotients_at_numbers(
            "central_difference", _Curve("1e10 x³", lambda x: 1e10 * x**3, lambda x: 3e10 * x**2)
        ),
        _quotients_at_arrays("central_difference"),
    ),
    misconceptions=(
        Misconception(
            "forward",
            lambda f, x, h=1e-5: (f(x + h) - f(x)) / h,
            "This matches a forward difference. The central one takes its points on both sides of "
            "x: x − h and x + h.",
        ),
        Misconception(
            "backward",
            lambda f, x, h=1e-5: (f(x) - f(x - h)) / h,
            "This matches a backward difference. The central one takes its points on both sides "
            "of x: x − h and x + h.",
        ),
        Misconception(
            "divided by h",
            lambda f, x, h=1e-5: _minus(f, x, h) / h,
            "This is twice the quotient: from x − h to x + h the run is 2h, not h.",
        ),
        Misconception(
            "missing brackets",
            lambda f, x, h=1e-5: _minus(f, x, h) / 2 * h,
            "In Python `a / 2 * h` divides by 2 and then multiplies by h. Write `a / (2 * h)`.",
        ),
        Misconception(
            "sign",
            lambda f, x, h=1e-5: -_minus(f, x, h) / (2 * h),
            "The size is right and the sign is not: take f(x + h) − f(x − h).",
            _TURNED,
        ),
        Misconception(
            "half step",
            lambda f, x, h=1e-5: _minus(f, x, h / 2) / h,
            "This is a central difference with half the step: the points are x − h and x + h here.",
        ),
        Misconception(
            "not divided",
            lambda f, x, h=1e-5: _minus(f, x, h),
            "This is the rise f(x + h) − f(x − h) alone. Divide by the run, 2h.",
        ),
        Misconception(
            "own step",
            lambda f, x, h=1e-5: _minus(f, x, 1e-5) / 2e-5,
            "Your answer is the same for every h: the function uses a step of its own and not the "
            "argument h.",
        ),
        Misconception(
            "sum",
            lambda f, x, h=1e-5: (f(x + h) + f(x - h)) / (2 * h),
            "You added the two values of f. The rise is their difference.",
        ),
        Misconception(
            "half of a forward difference",
            lambda f, x, h=1e-5: (f(x + h) - f(x)) / (2 * h),
            "Your second point is x itself, but you divide by 2h. The points of a central "
            "difference are x − h and x + h.",
        ),
        Misconception(
            "brackets round the rise",
            lambda f, x, h=1e-5: f(x + h) - f(x - h) / (2 * h),
            "Only f(x − h) is divided by 2h. Put brackets round the difference.",
        ),
        Misconception(
            "run of its own",
            lambda f, x, h=1e-5: _minus(f, x, h) / 2e-5,
            "You divide by the same number, 2e-5, whatever h is. The run is 2 * h.",
        ),
        Misconception(
            "five points",
            lambda f, x, h=1e-5: (
                (f(x - 2 * h) - 8 * f(x - h) + 8 * f(x + h) - f(x + 2 * h)) / (12 * h)
            ),
            "This is the five-point formula, another rule. The central difference is the slope of "
            "one secant, from x − h to x + h.",
        ),
        Misconception(
            "Richardson",
            lambda f, x, h=1e-5: (4 * _minus(f, x, h / 2) / h - _minus(f, x, h) / (2 * h)) / 3,
            "You combine two central differences into a better one (Richardson). The exercise asks "
            "for one secant, from x − h to x + h.",
        ),
        Misconception(
            "complex step",
            lambda f, x, h=1e-5: np.imag(f(x + 1j * h)) / h,
            "This is the complex step, another rule. The central difference is the slope of the "
            "secant from x − h to x + h.",
        ),
        *_of_any_quotient(_right_central),
        Misconception(
            "argument changed",
            _moves_to_both_sides,
            "You move x itself. For an array that is the caller's array: x += h changes it for "
            "everybody, and an array of whole numbers refuses. x + h and x − h make new ones.",
        ),
    ),
)


#: At 0 its central difference is 1e10 k h²: the default step shows in the first digit.
_STEEP = _Field("1e10 Σ k x_k³, k = 1, 2, …", lambda x: float(_cubes(x)))


def _cubes(x: Any) -> Any:
    x = np.asarray(x, dtype=np.float64).ravel()
    return 1e10 * np.sum(np.arange(1, x.size + 1) * x**3)


def _partial(field: _Field, x: np.ndarray, i: int, h: float | None = 0.1) -> Case:
    """Return a case of one partial derivative; without h, of the default step."""
    step = 1e-5 if h is None else h
    expected = reference.partial_derivative(field.value, x, i, step)
    size = max(abs(field.value(x + step)), abs(field.value(x - step)), abs(field.value(x)))
    return Case(
        shown=f"With f(x) = {field.formula}, "
        f"partial_derivative(f, {written(x)}, {i}" + (")" if h is None else f", h={h:g})"),
        arguments=(field.value, x, i),
        keywords={} if h is None else {"h": h},
        expected=expected,
        tolerance=_rounding(size, float(np.max(np.abs(x))), abs(expected), step),
        what="that quotient along coordinate i is",
    )


def _partials(rng: np.random.Generator, rounds: int) -> list[Case]:
    """Every coordinate of short vectors; the entries differ, so that no two can be mixed up."""
    random = [
        _partial(_random_field(rng, n), _distinct(rng, n), i, h)
        for n in (2, 3)[: max(1, rounds - 1)]
        for i in range(n)
        for h in (0.1, 1e-3)
    ]
    return [*random, _partial(_STEEP, np.zeros(3), int(rng.integers(3)), None)]


def _slice(case: Case, value: Any, _: Callable[..., Any]) -> Picture | None:
    """Draw the function along the coordinate that moves."""
    f, x, i = case.arguments
    h = case.keywords.get("h", 0.0)

    def along(t: float) -> float:
        return float(f(_moved(x, i, t - float(x[i]))))

    at = float(x[i])
    return pictures.slopes(along, at, (at - h, at + h), case.expected, value)


def _partials_of_integers(rng: np.random.Generator, rounds: int) -> list[Case]:
    return [
        _partial(_random_field(rng, 3), (4 * _distinct(rng, 3)).astype(dtype), int(rng.integers(3)))
        for _ in range(rounds)
        for dtype in (np.int64, np.float32)
    ]


def _distinct(rng: np.random.Generator, n: int) -> np.ndarray:
    """Return n different quarters: numbers that every float width holds exactly."""
    quarters = rng.choice(np.concatenate([np.arange(-8, -2), np.arange(3, 9)]), n, replace=False)
    return np.asarray(quarters / 4)


def _moves_an_entry(f: Callable[[Any], Any], x: Any, i: int, h: float = 1e-5) -> Any:
    x[i] += h
    above = f(x)
    x[i] -= 2 * h
    return (above - f(x)) / (2 * h)


def _moves_an_entry_back(f: Callable[[Any], Any], x: Any, i: int, h: float = 1e-5) -> Any:
    slope = _moves_an_entry(f, x, i, h)
    x[i] += h
    return slope


def _leaves_x_moved(f: Callable[[Any], Any], x: Any, i: int, h: float = 1e-5) -> Any:
    slope = _along(f, x, i, h)
    x[i] += h
    return slope


def _step_in_the_type_of_x(f: Callable[[Any], Any], x: Any, i: int, h: float = 1e-5) -> Any:
    step = np.zeros_like(x)
    step[i] = h
    return (f(x + step) - f(x - step)) / (2 * h)


def _set_to_the_step(f: Callable[[Any], Any], x: Any, i: int, h: float = 1e-5) -> Any:
    above, below = np.array(x, dtype=np.float64), np.array(x, dtype=np.float64)
    above[i], below[i] = h, -h
    return (f(above) - f(below)) / (2 * h)


_IN_PLACE = (
    "You move the caller's x itself, and afterwards it is not what it was: even moved back it may "
    "keep a rounding error, and an array of whole numbers cuts the step off. Work on a copy, of "
    "floats: np.array(x, dtype=float)."
)


def _with_lists(f: Callable[[Any], Any], x: Any, i: int, h: float = 1e-5) -> Any:
    above, below = _moved(x, i, h).tolist(), _moved(x, i, -h).tolist()
    return (f(above) - f(below)) / (2 * h)


partial_derivative = Exercise(
    name="partial_derivative",
    chapter=CHAPTER,
    withheld=_WITHHELD,
    earlier=_DIFFERENCES,
    properties=(
        Property(
            "the quotient along one coordinate",
            2,
            _partials,
            hints=(
                "Only coordinate i moves. What happens to the others?",
                "Make a copy of x, change entry i of it, and call f on the copy.",
            ),
            arguments_kept=True,
            picture=_slice,
        ),
        Property(
            "integers and float32 as well",
            1,
            _partials_of_integers,
            hints=(
                "An integer array cannot hold 3.1. What does NumPy do when you put it there?",
                "np.array(x, dtype=float) makes a float64 copy of anything.",
            ),
            arguments_kept=True,
        ),
    ),
    misconceptions=(
        Misconception(
            "integer copy",
            lambda f, x, i, h=1e-5: _along(f, x, i, h, np.asarray(x).dtype),
            "Your copy of x keeps the type of x: in an integer array 3 + 0.1 is stored as 3, and a "
            "float32 array keeps seven digits. Copy to float64 first.",
        ),
        Misconception(
            "step in the type of x",
            _step_in_the_type_of_x,
            "Your step has the type of x: np.zeros_like(x) of whole numbers stores 0.1 as 0. Make "
            "it of floats, np.zeros(len(x)), and x too.",
        ),
        Misconception(
            "float32 kept",
            lambda f, x, i, h=1e-5: _along(f, x, i, h, (x[:1] * 1.0).dtype),
            "Whole numbers are right, but a float32 array stays float32, which keeps seven digits. "
            "np.array(x, dtype=float) makes float64 of anything.",
        ),
        Misconception(
            "forward",
            lambda f, x, i, h=1e-5: (f(_moved(x, i, h)) - f(_moved(x, i, 0))) / h,
            "This matches a forward difference along coordinate i. The central one uses x_i − h "
            "and x_i + h.",
        ),
        Misconception(
            "every coordinate",
            lambda f, x, i, h=1e-5: (f(np.asarray(x) + h) - f(np.asarray(x) - h)) / (2 * h),
            "You moved every coordinate at once (x + h adds h to all of them). Move coordinate i "
            "only.",
        ),
        Misconception(
            "counted from one",
            lambda f, x, i, h=1e-5: _along(f, x, i - 1, h),
            "This is the partial derivative along the coordinate before i. Python counts from 0.",
        ),
        Misconception(
            "always the first",
            lambda f, x, i, h=1e-5: _along(f, x, 0, h),
            "This is the partial derivative along coordinate 0, whatever i is.",
        ),
        Misconception(
            "divided by h",
            lambda f, x, i, h=1e-5: 2 * _along(f, x, i, h),
            "This is twice the quotient: from x_i − h to x_i + h the run is 2h, not h.",
        ),
        Misconception(
            "sign",
            lambda f, x, i, h=1e-5: -_along(f, x, i, h),
            "The size is right and the sign is not: take the value at x_i + h minus the value at "
            "x_i − h.",
            _TURNED,
        ),
        Misconception(
            "argument changed",
            _leaves_x_moved,
            _IN_PLACE,
        ),
        Misconception(
            "moved in place",
            _moves_an_entry,
            _IN_PLACE,
        ),
        Misconception(
            "moved in place, and back",
            _moves_an_entry_back,
            _IN_PLACE,
        ),
        Misconception(
            "one array, two names",
            lambda f, x, i, h=1e-5: 0.0 * f(np.array(x)),
            "The rise is 0: the two points are one array under two names, so a step to one side "
            "moves both. Make two copies.",
        ),
        Misconception(
            "left point is x",
            lambda f, x, i, h=1e-5: (f(_moved(x, i, h)) - f(_moved(x, i, 0))) / (2 * h),
            "Your left point is x itself, but you divide by 2h. From the right point it takes two "
            "steps back, to x_i − h.",
        ),
        Misconception(
            "set to the step",
            _set_to_the_step,
            "You set entry i to h and to −h. Add h to it, and subtract: above[i] += h.",
        ),
        Misconception(
            "two coordinates only",
            lambda f, x, i, h=1e-5: _along(f, np.asarray(x)[:2], min(i, 1), h),
            "Your code knows two coordinates, and x may have more. Index with i.",
        ),
        Misconception(
            "f called with a list",
            _with_lists,
            "f takes an array, and you hand it a list. Make an array of it: np.array(…).",
        ),
        Misconception(
            "whole gradient",
            lambda f, x, i, h=1e-5: [_along(f, x, k, h) for k in range(len(x))],
            "You returned all the partial derivatives. Return the one along coordinate i.",
        ),
    ),
)


def _gradient(field: _Field, x: np.ndarray, h: float | None = 0.1) -> Case:
    """Return a case of a gradient; without h, of the default step."""
    step = 1e-5 if h is None else h
    expected = reference.numerical_gradient(field.value, x, step)
    size = max(abs(field.value(x + step)), abs(field.value(x - step)), abs(field.value(x)))
    shape = f" of shape {x.shape}" if x.ndim != 1 else ""
    return Case(
        shown=f"With f(x) = {field.formula} and x = "
        f"{written(x)} ({x.dtype}{shape}), "
        f"numerical_gradient(f, x{'' if h is None else f', h={h:g}'})",
        arguments=(field.value, x),
        keywords={} if h is None else {"h": h},
        expected=expected,
        tolerance=_rounding(size, float(np.max(np.abs(x))), float(np.max(np.abs(expected))), step),
        what="the central differences are",
    )


def _gradients_of_vectors(rng: np.random.Generator, rounds: int) -> list[Case]:
    random = [
        _gradient(_random_field(rng, n), _distinct(rng, n), h)
        for n in (2, 3, 5)[:rounds]
        for h in (0.1, 1e-3)
    ]
    return [*random, _gradient(_STEEP, np.zeros(2), None)]


def _bowl(x: Any) -> float:
    """Return a function whose variables are tied together, so that leaving one moved shows."""
    return float(x[0] ** 2 + x[0] * x[1] + x[1] ** 2)


def _field(_: Case, __: Any, ask: Callable[..., Any]) -> Picture | None:
    """Draw the student's gradients of a bowl; with so long a step a one-sided quotient shows."""
    return pictures.fields(
        _bowl,
        lambda x: np.array([2 * x[0] + x[1], x[0] + 2 * x[1]]),
        lambda x: ask(_bowl, x, h=1.0),
        "x₀² + x₀x₁ + x₁²",
    )


def _gradients_of_shapes(rng: np.random.Generator, rounds: int) -> list[Case]:
    """Arrays of every kind, those too that are no one block in memory: transposed ones."""
    shapes = ((2, 3), (3, 2), (2, 2, 2), (1, 4), (6,), (3, 1, 2))
    turned = ((2, 3), (4, 2), (2, 3, 2))
    return [
        *(
            _gradient(
                _random_field(rng, *shape), _distinct(rng, int(np.prod(shape))).reshape(shape)
            )
            for shape in shapes[: rounds + 1]
        ),
        *(
            _gradient(
                _random_field(rng, *shape[::-1]),
                _distinct(rng, int(np.prod(shape))).reshape(shape).T,
            )
            for shape in turned
        ),
    ]


def _gradients_of_types(rng: np.random.Generator, rounds: int) -> list[Case]:
    return [
        _gradient(_random_field(rng, 3), (4 * _distinct(rng, 3)).astype(dtype))
        for _ in range(max(1, rounds // 3))
        for dtype in (np.int64, np.int32, np.float32, np.float16)
    ]


def _gradient_in(
    dtype: Any,
) -> Callable[..., Any]:
    """Return a wrong gradient that computes in `dtype`, or in the type of x if that is None."""

    def gradient(f: Callable[[Any], Any], x: Any, h: float = 1e-5) -> Any:
        kind = np.asarray(x).dtype if dtype is None else dtype
        result = np.zeros(np.shape(x), dtype=kind)
        for i in np.ndindex(np.shape(x)):
            result[i] = _along(f, x, i, h, kind)  # type: ignore[arg-type]
        return result

    return gradient


_right_gradient = _gradient_in(np.float64)


def _gradient_forward(f: Callable[[Any], Any], x: Any, h: float = 1e-5) -> Any:
    result = np.zeros(np.shape(x))
    for i in np.ndindex(np.shape(x)):
        result[i] = (f(_moved(x, i, h)) - f(_moved(x, i, 0))) / h  # type: ignore[arg-type]
    return result


def _gradient_never_restored(f: Callable[[Any], Any], x: Any, h: float = 1e-5) -> Any:
    moved = np.array(x, dtype=np.float64)
    result = np.zeros_like(moved)
    for i in np.ndindex(moved.shape):
        here = moved[i]
        moved[i] = here + h
        above = f(moved)
        moved[i] = here - h
        result[i] = (above - f(moved)) / (2 * h)
    return result


def _gradient_leaves_x_moved(f: Callable[[Any], Any], x: Any, h: float = 1e-5) -> Any:
    result = _right_gradient(f, x, h)
    x[...] = x - h
    return result


def _gradient_of_vectors_only(f: Callable[[Any], Any], x: Any, h: float = 1e-5) -> Any:
    """One loop over the first axis, as the source's listing does: whole rows move at once."""
    result = np.zeros(np.shape(x))
    for i in range(len(x)):
        result[i] = _along(f, x, i, h)
    return result


def _gradient_as_vector(f: Callable[[Any], Any], x: Any, h: float = 1e-5) -> np.ndarray:
    """Return the right numbers in a row."""
    return np.array([_along(f, x, i, h) for i in np.ndindex(np.shape(x))])  # type: ignore[arg-type]


def _gradient_flat(f: Callable[[Any], Any], x: Any, h: float = 1e-5) -> Any:
    """Hand f a flat array."""
    flat = np.array(x, dtype=np.float64).ravel()
    return np.reshape([_along(f, flat, k, h) for k in range(flat.size)], np.shape(x))


def _gradient_half(f: Callable[[Any], Any], x: Any, h: float = 1e-5) -> Any:
    return _gradient_forward(f, x, h) / 2


def _gradient_first_only(f: Callable[[Any], Any], x: Any, h: float = 1e-5) -> Any:
    result = np.zeros(np.shape(x))
    for i in np.ndindex(np.shape(x)):
        result[i] = _along(f, x, i, h)  # type: ignore[arg-type]
        return result


def _gradient_piled_up(f: Callable[[Any], Any], x: Any, h: float = 1e-5) -> Any:
    above, below = np.array(x, dtype=np.float64), np.array(x, dtype=np.float64)
    result = np.zeros(np.shape(x))
    for i in np.ndindex(np.shape(x)):
        above[i] += h
        below[i] -= h
        result[i] = (f(above) - f(below)) / (2 * h)
    return result


def _gradient_of_typed_copies(f: Callable[[Any], Any], x: Any, h: float = 1e-5) -> Any:
    x, result = np.asarray(x), np.zeros(np.shape(x))
    for i in np.ndindex(x.shape):
        result[i] = _along(f, x, i, h, x.dtype)  # type: ignore[arg-type]
    return result


def _gradient_of_a_lost_view(f: Callable[[Any], Any], x: Any, h: float = 1e-5) -> Any:
    moved = np.array(x, dtype=np.float64)
    flat, result = moved.reshape(-1), np.zeros(moved.size)
    for k, here in enumerate(flat.tolist()):
        flat[k] = here + h
        above = f(moved)
        flat[k] = here - h
        result[k] = (above - f(moved)) / (2 * h)
        flat[k] = here
    return result.reshape(moved.shape)


def _gradient_of_matrices_only(f: Callable[[Any], Any], x: Any, h: float = 1e-5) -> Any:
    rows, columns = x.shape
    result = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            result[i, j] = _along(f, x, (i, j), h)  # type: ignore[arg-type]
    return result


def _gradient_by_unit_vectors(f: Callable[[Any], Any], x: Any, h: float = 1e-5) -> Any:
    """Add unit vectors of the first axis, which fit a vector only."""
    x = np.array(x, dtype=np.float64)
    return [(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))]


def _gradient_moved_and_back(f: Callable[[Any], Any], x: Any, h: float = 1e-5) -> Any:
    moved = np.asarray(x, dtype=np.float64)
    result = np.zeros(moved.shape)
    for i in np.ndindex(moved.shape):
        result[i] = _moves_an_entry_back(f, moved, i, h)  # type: ignore[arg-type]
    return result


numerical_gradient = Exercise(
    name="numerical_gradient",
    chapter=CHAPTER,
    withheld=_WITHHELD,
    earlier={**_DIFFERENCES, "partial_derivative": _right_partial},
    properties=(
        Property(
            "the gradient of a function of a vector",
            1,
            _gradients_of_vectors,
            hints=(
                "A gradient is one partial derivative after another.",
                "Does every coordinate start from the same x? Put back what you moved.",
            ),
            picture=_field,
        ),
        Property(
            "arrays of any shape",
            1,
            _gradients_of_shapes,
            hints=(
                "A weight matrix has two indices. How do you visit every entry of any array?",
                "np.ndindex(x.shape) gives the indices one by one, and x[index] works with each.",
            ),
        ),
        Property(
            "integers, float32 and float16",
            1,
            _gradients_of_types,
            hints=(
                "What does np.zeros_like(x) make of an integer x?",
                "Compute in float64: np.array(x, dtype=float).",
            ),
        ),
        Property(
            "leaves x as it was",
            1,
            _gradients_of_vectors,
            hints=("An array that you pass to a function is the same array inside it.",),
            arguments_kept=True,
        ),
    ),
    misconceptions=(
        Misconception(
            "type of x kept",
            _gradient_in(None),
            "Your work array has the type of x. In an integer array a small step disappears, and "
            "so do the digits of the result. Copy to float64 first.",
        ),
        Misconception(
            "result in the type of x",
            lambda f, x, h=1e-5: _right_gradient(f, x, h).astype(np.asarray(x).dtype),
            "The slopes are right until you store them: np.zeros_like(x) makes an array of the "
            "type of x, which cuts the digits off. Make it np.zeros(x.shape).",
        ),
        Misconception(
            "forward",
            _gradient_forward,
            "This matches forward differences. Central ones use x_i − h and x_i + h.",
        ),
        Misconception(
            "never put back",
            _gradient_never_restored,
            "The first partial derivative is right and the later ones are not: you left the "
            "coordinates that you had moved where they were. Put each one back.",
        ),
        Misconception(
            "argument changed",
            _gradient_leaves_x_moved,
            _IN_PLACE,
        ),
        Misconception(
            "moved in place, and back",
            _gradient_moved_and_back,
            _IN_PLACE,
        ),
        Misconception(
            "copies in the type of x",
            _gradient_of_typed_copies,
            "Your copies of x keep the type of x: in an integer array 3 + 0.1 is stored as 3, and "
            "a float32 array keeps seven digits. Copy to float64 first.",
        ),
        Misconception(
            "moves pile up",
            _gradient_piled_up,
            "The first partial derivative is right and the later ones are not: your copies are "
            "made once, so the coordinates moved before stay moved. Copy x for each, or put back.",
        ),
        Misconception(
            "left point is x",
            _gradient_half,
            "Your left point is x itself, but you divide by 2h. From the right point it takes two "
            "steps back, to x_i − h.",
        ),
        Misconception(
            "first entry only",
            _gradient_first_only,
            "Only the first entry is computed: the return stands inside the loop, and ends it.",
        ),
        Misconception(
            "f called with a flat array",
            _gradient_flat,
            "You hand f a flat array. f takes one of the shape of x, as a loss takes its weight "
            "matrix: reshape before you call it.",
        ),
        Misconception(
            "columns first",
            lambda f, x, h=1e-5: _gradient_as_vector(f, x, h).reshape(np.shape(x), order="F"),
            "The numbers are right, but in other places: you took them row by row and put them "
            "back column by column.",
        ),
        Misconception(
            "a view that is a copy",
            _gradient_of_a_lost_view,
            "For a transposed x your numbers are 0: reshape(-1) and ravel() of such an array are "
            "copies, and moving a copy moves nothing. Index x itself, with np.ndindex(x.shape).",
        ),
        Misconception(
            "matrices only",
            _gradient_of_matrices_only,
            "Your code takes x for a matrix, with rows and columns. x may have one axis, or three; "
            "np.ndindex(x.shape) visits every entry of any array.",
        ),
        Misconception(
            "unit vectors of the first axis",
            _gradient_by_unit_vectors,
            "Your steps are vectors as long as the first axis, which fit a vector and no matrix. "
            "A step needs the shape of x: np.zeros(x.shape) with h at one index.",
        ),
        Misconception(
            "vectors only",
            _gradient_of_vectors_only,
            "Your loop runs over the first axis only, so in a matrix a whole row moves at once. "
            "Visit every entry: np.ndindex(x.shape).",
        ),
        Misconception(
            "divided by h",
            lambda f, x, h=1e-5: 2 * _right_gradient(f, x, h),
            "This is twice the gradient: from x_i − h to x_i + h the run is 2h, not h.",
        ),
        Misconception(
            "sign",
            lambda f, x, h=1e-5: -_right_gradient(f, x, h),
            "This is minus the gradient. Descent goes along −∇f, but the gradient itself has no "
            "minus: take the value at x_i + h minus the value at x_i − h.",
            _TURNED,
        ),
        Misconception(
            "flat",
            lambda f, x, h=1e-5: _right_gradient(f, x, h).ravel(),
            "The numbers are right, but they come as one long vector. The gradient has the shape "
            "of x.",
            Twist(np.ravel, "Besides, it comes as one long vector, not in the shape of x."),
        ),
        Misconception(
            "summed",
            lambda f, x, h=1e-5: _right_gradient(f, x, h).sum(),
            "You added the partial derivatives up. The gradient keeps them apart, in the shape of "
            "x.",
        ),
    ),
)


#: Steps that float32 can still add to x.
STEPS = (0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001)

#: Several units in the last place of a float32: more than any order of the same arithmetic loses.
COARSE = 2.0**-21


def _chosen(f: Any, df: Any, x: float, formula: str, steps: list[float], best: float) -> Case:
    return Case(
        shown=f"With f(x) = {formula}, best_step(f, df, {x:g}, {_listed(steps)})",
        arguments=(f, df, x, steps),
        keywords={},
        expected=best,
        tolerance=1e-6 * best,
        what="the step with the least absolute error is",
    )


def _listed(steps: Sequence[float]) -> str:
    return f"[{', '.join(f'{h:g}' for h in steps)}]"


def _rounded(f: Callable[[Any], Any], decimals: int, x: Any) -> Any:
    return np.round(f(x), decimals)


def _measured(rng: np.random.Generator, known: Sequence[float]) -> Case:
    """Return a case whose answer no arithmetic can turn round, and none of those known.

    Where rounding in float64 decides, the winner is a matter of luck: divide by the step really
    taken, and another step wins. So the values of f are rounded to a few decimals, as measured
    ones are. That rounding is the same for everybody, and larger than the arithmetic's own, even
    in float32; and it lets any step win, so that no rule of thumb finds the best one.
    """
    hs = np.array(STEPS)
    while True:
        curve, x, decimals = _random_curve(rng), _one_decimal(rng), int(rng.integers(1, 5))
        points = x + np.stack([hs, -hs, 0 * hs])
        exact = curve.value(points)
        above, below, here = np.round(exact, decimals)
        slope = curve.derivative(x)
        signed = (above - below) / (2 * hs) - slope
        errors = np.abs(signed)
        lost = COARSE * (np.abs(exact).max() + abs(x) * np.abs(curve.derivative(points)).max())
        best = int(errors.argmin())
        one_sided = int(np.abs((above - here) / hs - slope).argmin())
        if (
            np.delete(errors - lost / hs, best).min() > 2 * (errors[best] + lost / hs[best])
            and np.abs((exact * 10.0**decimals) % 1 - 0.5).min() > lost * 10.0**decimals
            and errors[best] > lost  # it can be drawn on a logarithmic axis
            and best not in (signed.argmin(), one_sided, 0, len(hs) - 1)
            and STEPS[best] not in known
        ):
            break
    return _chosen(
        functools.partial(_rounded, curve.value, decimals),
        curve.derivative,
        x,
        f"{curve.formula}, rounded to {decimals} decimals, and df the derivative of that formula",
        list(STEPS),
        STEPS[best],
    )


def _some_measured(rng: np.random.Generator, number: int) -> list[Case]:
    """Return so many cases, none with the answer of the two before it."""
    cases: list[Case] = []
    for _ in range(number):
        cases.append(_measured(rng, [case.expected for case in cases[-2:]]))
    return cases


def _falling_steps(rng: np.random.Generator, rounds: int) -> list[Case]:
    return [
        replace(case, arguments=(*case.arguments[:-1], np.array(STEPS)))
        for case in _some_measured(rng, rounds + 3)
    ]


def _level(rng: np.random.Generator, scale: float) -> Case:
    """Return a case with a level tangent, whose truncation error is nearly 0 at one of the steps.

    The central difference of a x³ − b x⁵ at 0 is a h² − b h⁴.
    """
    steps = [float(h) for h in rng.permutation([0.5, 0.6, 0.7, 0.8, 0.9, 1.0])]
    best = float(rng.choice([h for h in steps if 0.5 < h < 1]))
    a = scale * float(rng.integers(5, 21)) / 10
    b = float(f"{a / (1.02 * best) ** 2:.4g}")
    return _chosen(
        lambda x: a * x**3 - b * x**5,
        lambda x: 3 * a * x**2 - 5 * b * x**4,
        0,
        f"{a:g} x³ − {b:g} x⁵ and df its derivative",
        steps,
        best,
    )


def _first_rise(errors: np.ndarray) -> int:
    """Return where somebody stops who walks along the steps while the error falls."""
    return int(np.append(np.diff(errors) > 0, True).argmax())


def _dealt(rng: np.random.Generator, case: Case, place: int | None) -> Case:
    """Return the case with its steps in another order; the best is not where the error rises first.

    It comes at that place, if one is given.
    """
    f, df, x, steps = case.arguments
    while True:
        dealt = [float(h) for h in rng.permutation(steps)]
        if place is not None:
            there = dealt.index(case.expected)
            dealt[place], dealt[there] = dealt[there], dealt[place]
        first = _first_rise(np.abs(_errors(f, df, x, dealt)))
        if place == 0 or dealt[first] != case.expected:
            break
    shown = case.shown[: case.shown.rindex("[")] + _listed(dealt) + ")"
    return replace(case, shown=shown, arguments=(f, df, x, dealt))


def _shuffled_steps(rng: np.random.Generator, rounds: int) -> list[Case]:
    """Lists, with the best step first, or last; level tangents; errors that are tiny, and huge."""
    cases = [
        *_some_measured(rng, rounds + 1),
        *(_level(rng, scale) for scale in (1e-9, 1e-8, 1e-8, 1e-7, 1e-7, 1e3, 1e6, 1e9)),
    ]
    places = (0, -1, None)
    return [_dealt(rng, case, places[k % 3]) for k, case in enumerate(cases)]


def _valley(case: Case, value: Any, _: Callable[..., Any]) -> Picture | None:
    f, df, x, steps = case.arguments
    errors = np.abs(_errors(f, df, x, steps))
    return pictures.steps(steps, errors, case.expected, value)


def _least_error(f: Any, df: Any, x: Any, steps: Any) -> Any:
    return steps[int(np.argmin(np.abs(_errors(f, df, x, steps))))]


def _lower_than_the_last(f: Any, df: Any, x: Any, steps: Any) -> Any:
    errors = np.abs(_errors(f, df, x, steps))
    return steps[int(np.flatnonzero(np.diff(errors, prepend=np.inf) < 0)[-1])]


def _best_below_one(f: Any, df: Any, x: Any, steps: Any) -> Any:
    errors = np.abs(_errors(f, df, x, steps))
    return steps[int(np.argmin(errors))] if errors.min() < 1 else None


_OTHER_ORDER = (
    "You found a place in the sorted steps and looked it up in the unsorted ones, or the other way "
    "round. Errors and steps must be in the same order."
)


def _by_other_errors(*rows: tuple[str, Callable[..., Any], str]) -> tuple[Misconception, ...]:
    """Return misconceptions that choose by another error(quotient, df, f, x, h)."""

    def by(error: Callable[..., Any]) -> Callable[..., Any]:
        def answer(f: Any, df: Any, x: Any, steps: Any) -> Any:
            errors = [error(_minus(f, x, h) / (2 * h), df, f, x, h) for h in steps]
            return steps[int(np.argmin(errors))]

        return answer

    return tuple(Misconception(name, by(error), sentence) for name, error, sentence in rows)


best_step = Exercise(
    name="best_step",
    chapter=CHAPTER,
    withheld=_WITHHELD,
    earlier=_DIFFERENCES,
    properties=(
        Property(
            "the step with the least error",
            2,
            _falling_steps,
            hints=(
                "Compute the error of the central difference for every step first.",
                "np.argmin gives the place of the smallest number in an array.",
            ),
            arguments_kept=True,
            picture=_valley,
        ),
        Property(
            "whatever the order of the steps",
            1,
            _shuffled_steps,
            hints=("Which entry of steps belongs to the smallest error?",),
            arguments_kept=True,
            picture=_valley,
        ),
    ),
    misconceptions=(
        Misconception(
            "smallest step",
            lambda f, df, x, steps: min(steps),
            "You returned the smallest step. Below some step round-off grows faster than "
            "truncation falls: the best one lies in between.",
        ),
        Misconception(
            "largest step",
            lambda f, df, x, steps: max(steps),
            "You returned the largest step. If that surprises you: `/ 2 * h` divides by 2 and then "
            "multiplies by h, and small steps have no chance; write `/ (2 * h)`.",
        ),
        Misconception(
            "index",
            lambda f, df, x, steps: int(np.argmin(np.abs(_errors(f, df, x, steps)))),
            "You returned the place of the best step in the list. Return the step itself: "
            "steps[place].",
        ),
        Misconception(
            "error",
            lambda f, df, x, steps: float(np.min(np.abs(_errors(f, df, x, steps)))),
            "You returned the least error. Return the step that has it.",
        ),
        *_by_other_errors(
            (
                "worst step",
                lambda q, df, f, x, h: -np.abs(q - df(x)),
                "You returned the step with the largest error.",
            ),
            (
                "derivative at x + h",
                lambda q, df, f, x, h: np.abs(q - df(x + h)),
                "You compare with the derivative at x + h. The derivative asked for is that at x.",
            ),
            (
                "compared with f",
                lambda q, df, f, x, h: np.abs(q - f(x)),
                "You compare the quotient with f(x). Compare it with the derivative, df(x).",
            ),
            (
                "df not called",
                lambda q, df, f, x, h: np.abs(q - df),
                "df is a function, and you subtract it as if it were a number. Call it: df(x).",
            ),
            (
                "relative error",
                lambda q, df, f, x, h: np.abs(np.float64(q - df(x)) / df(x)),
                "You divide the error by df(x), which may be 0. Compare the absolute errors.",
            ),
            (
                "relative error, raised",
                lambda q, df, f, x, h: abs(float(q - df(x)) / float(df(x))),
                "You divide the error by df(x), which may be 0. Compare the absolute errors.",
            ),
            (
                "divided by h",
                lambda q, df, f, x, h: np.abs(2 * q - df(x)),
                "Your quotients are twice too large: from x − h to x + h the run is 2h, not h.",
            ),
            (
                "rounded errors",
                lambda q, df, f, x, h: np.round(np.abs(q - df(x)), 6),
                "You round the errors before you compare them, and small ones become equal. "
                "Compare them as they are.",
            ),
        ),
        Misconception(
            "stops early",
            lambda f, df, x, steps: steps[_first_rise(np.abs(_errors(f, df, x, steps)))],
            "You stop as soon as an error is larger than the one before. The steps come in any "
            "order, and the error may fall again: look at all of them.",
        ),
        Misconception(
            "least not kept",
            _lower_than_the_last,
            "You compare each error with the one before it. Compare it with the least so far, and "
            "keep that.",
        ),
        Misconception(
            "place in the sorted list",
            lambda f, df, x, steps: steps[int(np.argmin(np.abs(_errors(f, df, x, sorted(steps)))))],
            _OTHER_ORDER,
        ),
        Misconception(
            "place in the unsorted list",
            lambda f, df, x, steps: sorted(steps)[int(np.argmin(np.abs(_errors(f, df, x, steps))))],
            _OTHER_ORDER,
        ),
        Misconception(
            "search from an error of 1",
            _best_below_one,
            "Your search begins with a least error that some functions never come below, so "
            "nothing is found. Begin with np.inf, or with the first step.",
        ),
        Misconception(
            "last step left out",
            lambda f, df, x, steps: _least_error(f, df, x, steps[:-1]),
            "You do not look at the last step. range(len(steps)) ends with it.",
        ),
        Misconception(
            "first step left out",
            lambda f, df, x, steps: _least_error(f, df, x, steps[1:]),
            "You do not look at the first step. Python counts from 0.",
        ),
        Misconception(
            "signed error",
            lambda f, df, x, steps: steps[int(np.argmin(_errors(f, df, x, steps)))],
            "You took the smallest error with its sign, so a large negative error won. Compare "
            "absolute values.",
        ),
        Misconception(
            "forward",
            lambda f, df, x, steps: steps[
                int(np.argmin(np.abs(_errors(f, df, x, steps, one_sided=True))))
            ],
            "This is the best step of a forward difference. Use the central one.",
        ),
    ),
)
