"""Checks of assignment `02-gradients`.

What is asked for is exact, so tolerances are rounding alone; only `gradient_error` measures, and
there the tolerance leaves every sensible step free.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnchecks.engine import pictures
from nnchecks.engine.exercise import Case, Exercise, Misconception, Property, Twist, written
from nnchecks.engine.report import Picture
from nnlib import activations, differentiation, losses
from nnlib import gradients as reference

CHAPTER = "chapter 2, Gradients"

#: Rounding in sums of a few products; no other formula comes as near.
TOLERANCE = 1e-12

_TURNED = Twist(np.negative, "Besides, the sign is turned round.")


def _unit(u: Any) -> np.ndarray:
    u = np.asarray(u, dtype=np.float64)
    return np.asarray(u / np.linalg.norm(u))


def _p(z: Any, axis: int = -1) -> Any:
    """Return softmax probabilities along an axis."""
    z = np.asarray(z, dtype=np.float64)
    y = np.exp(z - z.max(axis=axis, keepdims=True))
    return y / y.sum(axis=axis, keepdims=True)


def _per_row(z: Any, t: Any) -> Any:
    """Return the cross-entropy of each row."""
    z, t = np.asarray(z, dtype=np.float64), np.asarray(t)
    top = z.max(axis=-1, keepdims=True)
    log_sum = top + np.log(np.exp(z - top).sum(axis=-1, keepdims=True))
    return np.sum(t * (log_sum - z), axis=-1)


#: What this assignment asks for, under the book's names, and what here would do for an answer.
_WITHHELD = (
    reference.directional_derivative,
    reference.gradient_error,
    reference.gradient_check,
    reference.relative_error,
    activations.softmax,
    activations.log_softmax,
    activations.softmax_of,
    activations.log_softmax_of,
    losses.Loss,
    losses.loss_gradient,
    differentiation.forward_difference,
    differentiation.central_difference,
    differentiation.partial_derivative,
    differentiation.numerical_gradient,
    differentiation.complex_step,
    _unit,
    _p,
    _per_row,
)


def _right_slope(gradient: Callable[[Any], Any], x: Any, u: Any) -> Any:
    return np.vdot(gradient(np.asarray(x)), u) / np.linalg.norm(u)


def _right_softmax(z: Any) -> Any:
    y = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return y / y.sum(axis=-1, keepdims=True)


def _right_loss(z: Any, t: Any) -> Any:
    z = z - np.max(z, axis=-1, keepdims=True)
    return np.mean(np.sum(t * (np.log(np.exp(z).sum(axis=-1, keepdims=True)) - z), axis=-1))


def _shown(array: Any) -> str:
    """Write an array as one would type it."""
    if isinstance(array, list):
        return str(array)
    text = written(array)
    return text if array.dtype == np.float64 else f"{text} ({array.dtype})"


def _power(small: float) -> str:
    """Write a small number as the book does: 1e-7."""
    return f"{small:g}".replace("e-0", "e-")


def _distinct(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Return different quarters, none of them near zero."""
    quarters = np.concatenate([np.arange(-14, -2), np.arange(3, 15)])
    return np.asarray(rng.choice(quarters, int(np.prod(shape)), replace=False) / 4).reshape(shape)


def _one_decimal(rng: np.random.Generator) -> float:
    return float(rng.integers(5, 21) / 10 * rng.choice((-1, 1)))


# --- directional_derivative -----------------------------------------------------------------------


def _random_gradient(rng: np.random.Generator) -> tuple[Callable[[Any], Any], str]:
    """Return a gradient whose entries all differ, and its formula. It takes arrays, no lists."""
    a, b = _one_decimal(rng), _one_decimal(rng)

    def gradient(x: Any) -> Any:
        place = np.arange(1, x.size + 1).reshape(x.shape)
        return a * place * x + b

    return gradient, f"{a} k x_k + {b}, k = 1, 2, …".replace("+ -", "− ")


def _direction(rng: np.random.Generator, x: Any, u: Any) -> Case:
    gradient, formula = _random_gradient(rng)
    at = np.asarray(x)
    size = float(np.linalg.norm(gradient(at)))
    return Case(
        shown=f"With gradient(x) = {formula}, directional_derivative(gradient, {_shown(x)}, "
        f"{_shown(u)})",
        arguments=(gradient, x, u),
        keywords={},
        expected=reference.directional_derivative(gradient, at, u),
        tolerance=TOLERANCE * (1 + size),
        what="the slope in that direction is",
    )


def _directions(rng: np.random.Generator, rounds: int) -> list[Case]:
    """Give each direction and its opposite, so that slopes of both signs are there."""
    cases = []
    for n in range(2, 2 + rounds):
        x, u, seed = _distinct(rng, min(n, 5)), _distinct(rng, min(n, 5)), rng.integers(2**32)
        cases += [_direction(np.random.default_rng(seed), x, v) for v in (u, -u)]
    return cases


def _directions_of_any_kind(rng: np.random.Generator, rounds: int) -> list[Case]:
    shapes = ((2, 3), (2, 2), (3, 1, 2), (1, 4), (3, 3))
    cases = [
        _direction(rng, _distinct(rng, *shape), _distinct(rng, *shape)) for shape in shapes[:rounds]
    ]
    for scale in (1e-6, 1e-6, 1e-6, 1e6):
        cases.append(_direction(rng, _distinct(rng, 3), scale * _distinct(rng, 3)))
    for n in (2, 3, 4):
        x, u = (4 * _distinct(rng, 2, n)).astype(np.int64)
        cases.append(_direction(rng, x, u))
        cases.append(_direction(rng, _distinct(rng, n).tolist(), _distinct(rng, n).tolist()))
    return cases


def _round_trip(_: Case, __: Any, ask: Callable[..., Any]) -> Picture | None:
    """Draw the slope in every direction from one point of a bowl."""

    def gradient(x: Any) -> Any:
        return 2.0 * np.asarray(x)

    def u(angle: float) -> np.ndarray:
        return 2.0 * np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])

    x = np.array([3.0, 4.0])
    return pictures.curves(
        np.linspace(-180, 180, 73),
        lambda angle: float(gradient(x) @ u(angle)) / 2,
        lambda angle: ask(gradient, x, u(angle)),
        ("angle of u in degrees", "Slope of x₀² + x₁² at (3, 4)"),
    )


def _vectors_only(gradient: Callable[[Any], Any], x: Any, u: Any) -> Any:
    return np.dot(gradient(np.asarray(x)), u) / np.linalg.norm(u)


def _divides_in_place(gradient: Callable[[Any], Any], x: Any, u: Any) -> Any:
    u = np.asarray(u) if np.asarray(u).dtype.kind == "f" else np.asarray(u, dtype=np.float64)
    u /= np.linalg.norm(u)
    return np.vdot(gradient(np.asarray(x)), u)


def _divides_whole_numbers_in_place(gradient: Callable[[Any], Any], x: Any, u: Any) -> Any:
    u = np.asarray(u)
    u /= np.linalg.norm(u)
    return np.vdot(gradient(np.asarray(x)), u)


def _unit_in_the_type_of_u(gradient: Callable[[Any], Any], x: Any, u: Any) -> Any:
    u = np.asarray(u)
    return np.vdot(gradient(np.asarray(x)), _unit(u).astype(u.dtype))


def _by_another_length(length: Callable[[np.ndarray], Any]) -> Callable[..., Any]:
    """Return the slope with u divided by something else."""

    def answer(gradient: Callable[[Any], Any], x: Any, u: Any) -> Any:
        u = np.asarray(u, dtype=np.float64)
        return np.vdot(gradient(np.asarray(x)), u / length(u))

    return answer


def _longer_by(small: float) -> Callable[..., Any]:
    return _by_another_length(lambda u: np.linalg.norm(u) + small)


def _with_matmul(gradient: Callable[[Any], Any], x: Any, u: Any) -> Any:
    return gradient(np.asarray(x)) @ (np.asarray(u) / np.linalg.norm(u))


_DIVIDED_IN_PLACE = (
    "You divide u itself: u /= … changes the caller's u, and an array of whole numbers refuses. "
    "Make a new array: u / length."
)

directional_derivative = Exercise(
    name="directional_derivative",
    chapter=CHAPTER,
    withheld=_WITHHELD,
    properties=(
        Property(
            "the slope in a direction",
            2,
            _directions,
            hints=(
                "How long is the u that you were given? What does a slope divide by?",
                "The gradient times u, entry by entry, added up; with u made one long first.",
            ),
            picture=_round_trip,
        ),
        Property(
            "directions of any length, type and shape",
            1,
            _directions_of_any_kind,
            hints=(
                "x and u may be matrices. Multiply entry by entry and add everything up.",
                "np.sum(a * b) adds over every entry; a @ b does not, if a and b are matrices.",
            ),
            arguments_kept=True,
        ),
    ),
    misconceptions=(
        Misconception(
            "not normalised",
            lambda gradient, x, u: np.vdot(gradient(np.asarray(x)), u),
            "You multiplied by u as it is. A slope is rise per unit of way: divide u by its length "
            "first.",
        ),
        Misconception(
            "divided twice",
            lambda gradient, x, u: np.vdot(gradient(np.asarray(x)), u) / np.sum(np.square(u)),
            "You divided by the square of u's length, or by the length twice. Once is enough.",
        ),
        Misconception(
            "cosine",
            lambda gradient, x, u: np.vdot(_unit(gradient(np.asarray(x))), _unit(u)),
            "You divided by the length of the gradient too, so this is the cosine of the angle. "
            "The length of the gradient belongs to the slope; only u is made one long.",
        ),
        Misconception(
            "sum of entries",
            lambda gradient, x, u: np.vdot(gradient(np.asarray(x)), u) / np.sum(np.abs(u)),
            "You divided u by the sum of its entries' sizes. Its length is the root of the sum of "
            "squares: np.linalg.norm(u).",
        ),
        Misconception(
            "largest entry",
            lambda gradient, x, u: np.vdot(gradient(np.asarray(x)), u) / np.max(np.abs(u)),
            "You divided u by its largest entry. Its length is the root of the sum of squares: "
            "np.linalg.norm(u).",
        ),
        Misconception(
            "sign",
            lambda gradient, x, u: -np.vdot(gradient(np.asarray(x)), _unit(u)),
            "The size is right and the sign is not. Descent goes along −∇f, but the slope towards "
            "u is +∇f times u.",
            _TURNED,
        ),
        Misconception(
            "absolute value",
            lambda gradient, x, u: abs(np.vdot(gradient(np.asarray(x)), _unit(u))),
            "You dropped the sign. A negative slope says that this way leads down.",
        ),
        Misconception(
            "length of the gradient",
            lambda gradient, x, u: np.linalg.norm(gradient(np.asarray(x))),
            "This is the length of the gradient: the slope along the gradient, whatever u is.",
        ),
        Misconception(
            "gradient at u",
            lambda gradient, x, u: np.vdot(gradient(np.asarray(u)), _unit(u)),
            "You took the gradient at u. Take it at x; u only says where to look.",
        ),
        Misconception(
            "not added up",
            lambda gradient, x, u: gradient(np.asarray(x)) * _unit(u),
            "You multiplied entry by entry and did not add up. The slope is one number.",
        ),
        Misconception(
            "projection",
            lambda gradient, x, u: np.vdot(gradient(np.asarray(x)), _unit(u)) * _unit(u),
            "This is the part of the gradient that lies along u, a vector. The slope is the number "
            "in front of it.",
        ),
        Misconception(
            "vectors only",
            _vectors_only,
            "This works for vectors and not for matrices: there np.dot and @ are matrix products. "
            "Multiply entry by entry and add up.",
        ),
        Misconception(
            "argument changed",
            _divides_in_place,
            _DIVIDED_IN_PLACE,
        ),
        Misconception("divided in place", _divides_whole_numbers_in_place, _DIVIDED_IN_PLACE),
        Misconception(
            "matrix product",
            _with_matmul,
            "This works for vectors and not for matrices: there np.dot and @ are matrix products. "
            "Multiply entry by entry and add up.",
        ),
        Misconception(
            "spectral norm",
            _by_another_length(lambda u: np.linalg.norm(u, 2)),
            "np.linalg.norm(u, 2) of a matrix is its largest stretching, not its length. "
            "np.linalg.norm(u) takes the root of the sum of all squares.",
        ),
        Misconception(
            "each row by itself",
            _by_another_length(lambda u: np.linalg.norm(u, axis=-1, keepdims=True)),
            "You made each row of u one long. Make u one long as a whole: divide by one number.",
        ),
        *(
            Misconception(
                f"{_power(small)} added to the length",
                _longer_by(small),
                "You add a small constant to the length. u is never zero, so nothing needs it, and "
                "a short u feels it.",
            )
            for small in (1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12)
        ),
        Misconception(
            "unit vector in the type of u",
            _unit_in_the_type_of_u,
            "You store the unit vector in an array of the type of u. Among whole numbers its "
            "entries are cut to 0. Make it of floats.",
        ),
        Misconception(
            "list handed on",
            lambda gradient, x, u: np.vdot(gradient(x), _unit(u)),
            "You hand gradient a list. It expects an array, as 2 * x means another thing for a "
            "list: np.asarray(x).",
        ),
        Misconception(
            "gradient not called",
            lambda gradient, x, u: np.sum(gradient * np.asarray(u, dtype=np.float64)),
            "gradient is a function, and you multiply it as if it were an array. Call it: "
            "gradient(x).",
        ),
    ),
)


# --- softmax --------------------------------------------------------------------------------------


def _softmax_case(z: Any) -> Case:
    return Case(
        shown=f"softmax({_shown(z)})",
        arguments=(z,),
        keywords={},
        expected=activations.softmax(z),
        tolerance=TOLERANCE,
        what="the probabilities are",
    )


def _one_row_of_logits(rng: np.random.Generator, rounds: int) -> list[Case]:
    cases = [_softmax_case(_distinct(rng, n)) for n in range(2, 3 + rounds)]
    for n in (2, 3, 4):
        cases.append(_softmax_case(rng.permutation(n) - 1))
        cases.append(_softmax_case(_distinct(rng, n).tolist()))
    return cases


def _rows_of_logits(rng: np.random.Generator, rounds: int) -> list[Case]:
    shapes = ((2, 3), (3, 3), (4, 2), (2, 2, 3), (3, 4), (1, 5), (2, 1, 4))
    return [_softmax_case(_distinct(rng, *shape)) for shape in shapes[: rounds + 2]]


def _far_out_logits(rng: np.random.Generator, rounds: int) -> list[Case]:
    a, b = (float(v) for v in rng.integers(800, 2000, 2))
    rows = [
        [a, 0.0, -a],
        [a, a - 1, a - 2.5],
        [-b, -b - 1, -b - 0.5],
        [b, -b, b],
        [[a, a - 1], [-b, -b - 2]],
        [[0.5, -1.0], [-a, 1 - a]],
        [[a, a - 2], [-a, 1 - a]],
        [[-b, 2 - b, 1 - b], [b, 1 + b, 2 + b], [0.0, 1.0, -1.0]],
    ]
    random = [_softmax_case(1000 * _distinct(rng, 3)) for _ in range(rounds)]
    return [*(_softmax_case(np.array(row)) for row in rows), *random]


def _bars_of_softmax(case: Case, value: Any, _: Callable[..., Any]) -> Picture | None:
    if np.ndim(case.expected) != 1:
        return None
    names = [f"y{k}" for k in range(len(case.expected))]
    return pictures.bars(case.expected, value, names, "Probabilities")


def _exponentials(z: Any) -> Any:
    return np.exp(np.asarray(z, dtype=np.float64))


def _left_transposed(z: Any) -> Any:
    z = np.asarray(z, dtype=np.float64)
    return _p(z.T, axis=0) if z.ndim == 2 else _p(z)


def _shifts_in_place(z: Any) -> Any:
    z = np.asarray(z) if np.asarray(z).dtype.kind == "f" else np.asarray(z, dtype=np.float64)
    z -= z.max(axis=-1, keepdims=True)
    y = np.exp(z)
    return y / y.sum(axis=-1, keepdims=True)


def _shifted_by(shift: Callable[[np.ndarray], Any]) -> Callable[[Any], Any]:
    def answer(z: Any) -> Any:
        z = np.asarray(z, dtype=np.float64)
        y = np.exp(z - shift(z))
        return y / y.sum(axis=-1, keepdims=True)

    return answer


def _of_shifted(divided: Callable[[np.ndarray, np.ndarray], Any]) -> Callable[[Any], Any]:
    """Return what is made of the right exponentials and the logits."""

    def answer(z: Any) -> Any:
        z = np.asarray(z, dtype=np.float64)
        return divided(np.exp(z - z.max(axis=-1, keepdims=True)), z)

    return answer


def _in_type_of_z(z: Any) -> Any:
    z = np.asarray(z)
    return _p(z).astype(z.dtype)


def _maximum_without_keepdims(z: Any) -> Any:
    z = np.asarray(z, dtype=np.float64)
    y = np.exp(z - z.max(axis=-1))
    return y / y.sum(axis=-1)


def _axis_one(z: Any) -> Any:
    z = np.asarray(z, dtype=np.float64)
    y = np.exp(z - np.max(z, axis=1, keepdims=True))
    return y / np.sum(y, axis=1, keepdims=True)


def _naive(z: Any) -> Any:
    y = _exponentials(z)
    return y / y.sum(axis=-1, keepdims=True)


def _in_float32(z: Any) -> Any:
    z = np.asarray(z, dtype=np.float32)
    y = np.exp(z - z.max(axis=-1, keepdims=True))
    return y / y.sum(axis=-1, keepdims=True)


def _method_of_a_list(z: Any) -> Any:
    y = np.exp(z - z.max(axis=-1, keepdims=True))
    return y / y.sum(axis=-1, keepdims=True)


_KEEP = (
    "A sum over the last axis has one axis fewer, so each row's sum does not meet its own row. "
    "keepdims=True keeps the axis, in max and in sum."
)

softmax = Exercise(
    name="softmax",
    chapter=CHAPTER,
    withheld=_WITHHELD,
    properties=(
        Property(
            "the probabilities of one row",
            1,
            _one_row_of_logits,
            hints=(
                "Each exponential is divided by the sum of all of them.",
                "z may be a list: np.asarray makes an array of it.",
            ),
            picture=_bars_of_softmax,
        ),
        Property(
            "each row by itself, along the last axis",
            1,
            _rows_of_logits,
            hints=(
                "Over which axis do the probabilities of one sample add up to 1?",
                "sum(axis=-1, keepdims=True) has a shape that every row can be divided by.",
            ),
            arguments_kept=True,
        ),
        Property(
            "logits far out",
            1,
            _far_out_logits,
            hints=(
                "What is np.exp(1000)? And which change of all logits of a row leaves the "
                "probabilities as they are?",
                "Subtract each row's own largest logit before you take exponentials.",
            ),
        ),
    ),
    misconceptions=(
        Misconception(
            "no shift",
            _shifted_by(lambda z: 0.0),
            "The formula is right, and overflows: exp(1000) is too large for a float64, and "
            "exp(−1000) is 0. Subtract the largest logit of each row first; that changes nothing "
            "else.",
        ),
        Misconception(
            "shift by the mean",
            _shifted_by(lambda z: z.mean(axis=-1, keepdims=True)),
            "You subtract the mean, and the largest logit may still be far above it. Subtract the "
            "largest.",
        ),
        Misconception(
            "shift by the least",
            _shifted_by(lambda z: z.min(axis=-1, keepdims=True)),
            "You subtract the smallest logit, which makes the others larger. Subtract the largest.",
        ),
        Misconception(
            "one shift for all rows",
            _shifted_by(lambda z: z.max()),
            "You subtract the largest logit of the whole batch. A row far below it then has only "
            "zeros, and 0/0. Each row needs its own: max(axis=-1, keepdims=True).",
        ),
        Misconception(
            "first axis",
            lambda z: _p(z, axis=0),
            "Your columns add up to 1, and the rows should: samples are rows. Use axis=-1.",
        ),
        Misconception(
            "whole array",
            lambda z: np.exp(z - np.max(z)) / np.sum(np.exp(z - np.max(z))),
            "All your numbers together add up to 1. Each row should, by itself: sum over axis=-1.",
        ),
        Misconception(
            "left transposed",
            _left_transposed,
            "The numbers are right, but rows and columns are exchanged: you transposed and did not "
            "transpose back. With axis=-1 no transposing is needed.",
        ),
        Misconception(
            "logarithms",
            lambda z: np.log(np.maximum(_p(z), 1e-300)),
            "These are the logarithms of the probabilities.",
        ),
        Misconception(
            "not divided",
            lambda z: _exponentials(np.asarray(z) - np.max(z, axis=-1, keepdims=True)),
            "These are exponentials that do not add up to 1. Divide them by their sum.",
        ),
        Misconception(
            "no exponential",
            lambda z: np.asarray(z) / np.sum(z, axis=-1, keepdims=True),
            "You divided the logits themselves by their sum. Take exponentials first; without "
            "them, probabilities can come out negative.",
        ),
        Misconception(
            "logistic",
            lambda z: 1 / (1 + _exponentials(-np.asarray(z, dtype=np.float64))),
            "This is the logistic function of each logit. It does not add up to 1; softmax divides "
            "by the sum of all exponentials.",
        ),
        Misconception(
            "turned round",
            lambda z: _p(-np.asarray(z, dtype=np.float64)),
            "The smallest logit got the largest probability: you have exp(−z) for exp(z).",
        ),
        Misconception(
            "base two",
            lambda z: _p(np.asarray(z, dtype=np.float64) * np.log(2)),
            "You took powers of 2. The book's softmax has powers of e: np.exp.",
        ),
        Misconception(
            "constant below the line",
            lambda z: _p(z) * (1 - 1e-7 / (1e-7 + _sum_of_shifted(z))),
            "You added a small constant to the sum. After the shift the sum is at least 1, so "
            "nothing needs it, and the probabilities no longer add up to 1.",
        ),
        Misconception(
            "the largest only",
            lambda z: (np.asarray(z) == np.max(z, axis=-1, keepdims=True)) * 1.0,
            "You gave the largest logit everything. Softmax gives every class its part.",
        ),
        Misconception(
            "argument changed",
            _shifts_in_place,
            "The numbers are right, but z -= … changes the caller's z. Make a new array: z - top.",
        ),
        Misconception("no keepdims", _of_shifted(lambda y, z: y / y.sum(axis=-1)), _KEEP),
        Misconception("no keepdims in max", _maximum_without_keepdims, _KEEP),
        Misconception(
            "clipped logits",
            lambda z: _naive(np.clip(np.asarray(z, dtype=np.float64), -500, 500)),
            "You cut large logits off, so that 900 and 1000 become the same. Subtract each row's "
            "largest logit; that changes no probability.",
        ),
        Misconception(
            "axis 1",
            _axis_one,
            "You wrote axis=1 for the last axis. One row has no axis 1, and an array with three "
            "axes has another last one: axis=-1.",
        ),
        Misconception(
            "result in the type of z",
            _in_type_of_z,
            "The probabilities are right until you store them: np.zeros_like(z) of whole numbers "
            "makes whole numbers, and cuts them to 0 and 1.",
        ),
        Misconception(
            "nan replaced",
            lambda z: np.nan_to_num(_naive(z)),
            "You replace the nan of an overflow by a number, which is a guess. Subtract each row's "
            "largest logit first; then there is no overflow.",
        ),
        Misconception(
            "float32",
            _in_float32,
            "You compute in float32, which keeps seven digits. Use float64: dtype=float.",
        ),
        Misconception(
            "loop over the first axis",
            lambda z: np.array(
                [np.exp(row - row.max()) / np.exp(row - row.max()).sum() for row in np.asarray(z)]
            ),
            "Your loop takes z for a matrix: of one row it takes single numbers, and of an array "
            "with three axes whole tables. Work along axis=-1, without a loop.",
        ),
        Misconception(
            "shift above the line only",
            _of_shifted(lambda y, z: y / np.exp(z).sum(axis=-1, keepdims=True)),
            "You subtract the largest logit above the line and not below it. Compute the shifted "
            "exponentials once, and use them in both places.",
        ),
        Misconception(
            "method of a list",
            _method_of_a_list,
            "z may be a list, which has no max. np.asarray(z) makes an array of either.",
        ),
    ),
)


def _sum_of_shifted(z: Any) -> Any:
    z = np.asarray(z, dtype=np.float64)
    return np.exp(z - z.max(axis=-1, keepdims=True)).sum(axis=-1, keepdims=True)


# --- cross_entropy --------------------------------------------------------------------------------


def _targets(rng: np.random.Generator, shape: tuple[int, ...], *, soft: bool) -> np.ndarray:
    """Return rows with sum 1: labels as 0 and 1, or tenths that are not all equal."""
    *rows, k = shape
    t = np.zeros((int(np.prod(rows)), k))
    for row in t:
        row[rng.integers(k)] = 1.0
        if soft:
            row *= 0.6
            row[rng.integers(k)] += 0.3
            row[rng.integers(k)] += 0.1
            if row.max() > 0.85:  # everything fell on one place
                row -= 0.3 * (row > 0.5)
                row[(row.argmax() + 1) % k] += 0.3
    return t.reshape(shape).round(1)


def _loss_case(z: Any, t: Any) -> Case:
    expected = losses.cross_entropy(z, t)
    return Case(
        shown=f"cross_entropy({_shown(z)}, {_shown(t)})",
        arguments=(z, t),
        keywords={},
        expected=expected,
        tolerance=TOLERANCE * (1 + abs(expected)),
        what="the cross-entropy is",
    )


def _losses_of_one_row(rng: np.random.Generator, rounds: int) -> list[Case]:
    """Single rows, batches of one row, positive logits, whole numbers."""
    cases = [
        _loss_case(_distinct(rng, k), _targets(rng, (k,), soft=soft))
        for k in (3, 2, 4, 5, 3, 6)[:rounds]
        for soft in (False, True)
    ]
    for k in (2, 3, 4):
        cases.append(_loss_case(_distinct(rng, 1, k), _targets(rng, (1, k), soft=True)))
        cases.append(_loss_case(np.abs(_distinct(rng, k)), _targets(rng, (k,), soft=True)))
        labels = _targets(rng, (k,), soft=False).astype(np.int64)
        cases.append(_loss_case(rng.permutation(k) - 1, labels))
    return cases


def _losses_of_batches(rng: np.random.Generator, rounds: int) -> list[Case]:
    cases = [
        _loss_case(_distinct(rng, n, k), _targets(rng, (n, k), soft=soft))
        for n, k in ((3, 3), (2, 4), (4, 2), (5, 3), (2, 2), (3, 5))[:rounds]
        for soft in (False, True)
    ]
    for n in (2, 4, 3):
        whole = np.array([rng.permutation(3) - 1 for _ in range(n)])
        labels = _targets(rng, (n, 3), soft=False).astype(np.int64)
        cases.append(_loss_case(whole, labels))
    return cases


def _confident_losses(rng: np.random.Generator, rounds: int) -> list[Case]:
    a, b = (float(v) for v in rng.integers(800, 2000, 2))
    pairs: list[tuple[Any, Any]] = [
        ([a, 0.0, -a], [0.0, 0.0, 1.0]),
        ([0.0, b], [1.0, 0.0]),
        ([a, 0.0, 0.0], [1.0, 0.0, 0.0]),
        ([-b, -b, 1 - b], [0.2, 0.3, 0.5]),
        ([[a, -a], [-b, b]], [[1.0, 0.0], [1.0, 0.0]]),
        ([[40.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [0.0, 1.0]]),
        ([[a, a - 1], [-b, 1 - b]], [[0.0, 1.0], [1.0, 0.0]]),
        ([[-a, -a], [b, b - 2]], [[0.4, 0.6], [0.0, 1.0]]),
        ([[b, b, 0.0], [1 - a, -a, -a]], [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]),
    ]
    cases = [_loss_case(np.array(z), np.array(t)) for z, t in pairs]
    for _ in range(rounds):
        cases.append(_loss_case(400 * _distinct(rng, 2, 3), _targets(rng, (2, 3), soft=True)))
    return cases


def _loss_over_logit(_: Case, __: Any, ask: Callable[..., Any]) -> Picture | None:
    """Draw the loss over the logit of the right class."""
    t = np.array([0.0, 0.0, 1.0])
    return pictures.curves(
        np.linspace(-40, 10, 51),
        lambda z: float(np.log(2 + np.exp(z)) - z),
        lambda z: ask(np.array([0.0, 0.0, z]), t),
        ("logit of the right class, the two others 0", "Loss"),
    )


def _plain_log_sum(z: Any, t: Any) -> Any:
    z = np.asarray(z, dtype=np.float64)
    return np.mean(np.log(np.sum(np.exp(z), axis=-1)) - np.sum(t * z, axis=-1))


def _mean_of(row: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Return the mean over the rows of minus the sum over t times something."""

    def answer(z: Any, t: Any) -> Any:
        return np.mean(-np.sum(t * row(np.asarray(z, dtype=np.float64), t), axis=-1))

    return answer


def _log_of_more(small: float) -> Callable[[Any, Any], Any]:
    return _mean_of(lambda z, t: np.log(_p(z) + small))


def _log_of_clipped(low: float, high: float) -> Callable[[Any, Any], Any]:
    return _mean_of(lambda z, t: np.log(np.clip(_p(z), low, high)))


def _largest_target_only(z: Any, t: Any) -> Any:
    t = np.asarray(t)
    return np.mean(_per_row(z, np.eye(t.shape[-1])[t.argmax(axis=-1)]))


def _binary(z: Any, t: Any) -> Any:
    p = np.clip(_p(z), 1e-300, 1 - 1e-16)
    t = np.asarray(t)
    return np.mean(-np.sum(t * np.log(p) + (1 - t) * np.log(1 - p), axis=-1))


def _shifts_both_in_place(z: Any, t: Any) -> Any:
    z = np.asarray(z) if np.asarray(z).dtype.kind == "f" else np.asarray(z, dtype=np.float64)
    z -= z.max(axis=-1, keepdims=True)
    return np.mean(_per_row(z, t))


def _log_p(z: Any, axis: int = -1) -> Any:
    z = np.asarray(z, dtype=np.float64)
    z = z - z.max(axis=axis, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=axis, keepdims=True))


def _one_shift(z: np.ndarray, t: Any) -> Any:
    z = z - np.max(z)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def _shift_lost(z: Any, t: Any) -> Any:
    z = np.asarray(z, dtype=np.float64)
    return np.mean(_per_row(z, t) - z.max(axis=-1))


def _of_batches_only(z: Any, t: Any) -> Any:
    z = np.asarray(z, dtype=np.float64)
    z = z - z.max(axis=1, keepdims=True)
    return -np.mean(np.sum(t * (z - np.log(np.exp(z).sum(axis=1, keepdims=True))), axis=1))


def _class_numbers(z: Any, t: Any) -> Any:
    log_y = _log_p(np.atleast_2d(z))
    return -log_y[np.arange(len(log_y)), np.asarray(t, dtype=int)].mean()


def _class_numbers_by_type(z: Any, t: Any) -> Any:
    whole = np.asarray(t).dtype.kind in "iu"
    return _class_numbers(z, t) if whole else np.mean(_per_row(z, t))


cross_entropy = Exercise(
    name="cross_entropy",
    chapter=CHAPTER,
    withheld=_WITHHELD,
    earlier={"softmax": _right_softmax},
    properties=(
        Property(
            "the loss of one row",
            1,
            _losses_of_one_row,
            hints=(
                "z are logits. Which function makes probabilities of them?",
                "−Σ t log y, with the logarithm of the softmax: z − log Σ exp(z).",
            ),
            picture=_loss_over_logit,
        ),
        Property(
            "the mean over a batch",
            1,
            _losses_of_batches,
            hints=(
                "First one loss for each row, then their mean.",
                "np.sum(…, axis=-1) gives one number for each row.",
            ),
            arguments_kept=True,
        ),
        Property(
            "certain, and wrong",
            1,
            _confident_losses,
            hints=(
                "A probability may have been rounded to 0. What is its logarithm, and what is 0 "
                "times that?",
                "Do not take the logarithm of a probability. With the row's largest logit "
                "subtracted from z, log y = z − log Σ exp(z) is finite.",
            ),
            picture=_loss_over_logit,
        ),
    ),
    misconceptions=(
        Misconception(
            "sum over the batch",
            lambda z, t: np.sum(_per_row(z, t)),
            "You added the losses of the rows up. The loss of a batch is their mean.",
        ),
        Misconception(
            "mean over all entries",
            lambda z, t: np.mean(_per_row(z, t)) / np.shape(z)[-1],
            "You took the mean over all entries, so you divided by the number of classes as well. "
            "Add over the classes, and take the mean over the rows.",
        ),
        Misconception(
            "one loss for each row",
            lambda z, t: _per_row(z, t) if np.ndim(z) > 1 else [_per_row(z, t)],
            "You returned the losses of the rows. Return one number, their mean.",
        ),
        Misconception(
            "sign",
            lambda z, t: -np.mean(_per_row(z, t)),
            "The minus is missing: logarithms of probabilities are negative, and a loss is not.",
            Twist(np.negative, "Besides, the minus in front is missing."),
        ),
        Misconception(
            "logarithm of softmax",
            _mean_of(lambda z, t: np.log(_p(z))),
            "You take the logarithm of a probability. Where that has been rounded to 0 the result "
            "is −∞, and 0 · ∞ is nan. Take the logarithm on paper: z − log Σ exp(z).",
        ),
        *(
            Misconception(
                f"plus {_power(small)}",
                _log_of_more(small),
                "There is a small constant inside your logarithm. The loss then has a ceiling, and "
                "is below zero for a perfect answer. Use the log-softmax, which needs no constant.",
            )
            for small in (1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15)
        ),
        *(
            Misconception(
                f"clipped at {_power(small)}{' on both sides' if both else ''}",
                _log_of_clipped(small, 1 - small if both else 1.0),
                "You clip the probabilities before you take the logarithm. The loss then has a "
                "ceiling, however wrong the network is. Use the log-softmax, which needs no clip.",
            )
            for small in (1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15)
            for both in (True, False)
        ),
        Misconception(
            "nan replaced",
            _mean_of(lambda z, t: np.nan_to_num(np.log(_p(z)))),
            "You replace −∞ or nan by a number after the logarithm. That number is a guess; the "
            "log-softmax, z − log Σ exp(z), gives the right one.",
        ),
        Misconception(
            "no shift",
            _plain_log_sum,
            "The formula is right, and overflows: log Σ exp(z) is infinite where a logit is 1000. "
            "Subtract the largest logit of each row from z first.",
        ),
        Misconception(
            "probabilities taken for granted",
            _mean_of(lambda z, t: np.log(z)),
            "You took the logarithm of z itself. z are logits, any real numbers; the softmax is "
            "yours to do.",
        ),
        Misconception(
            "softmax twice",
            lambda z, t: np.mean(_per_row(_p(z), t)),
            "You took the softmax of a softmax. Probabilities differ by 1 at most, so such a loss "
            "cannot come near zero.",
        ),
        Misconception(
            "no logarithm",
            _mean_of(lambda z, t: _p(z)),
            "There is no logarithm: this is minus the probability of the right class.",
        ),
        Misconception(
            "no normalisation",
            _mean_of(lambda z, t: z),
            "This is minus the right class's logit. The term log Σ exp(z) is missing, so the loss "
            "would fall for ever as the logit grows.",
        ),
        Misconception(
            "first axis",
            lambda z, t: np.mean(-np.sum(t * np.log(np.maximum(_p(z, axis=0), 1e-300)), axis=-1)),
            "Your softmax goes down the columns. Samples are rows: use axis=-1.",
        ),
        Misconception(
            "first axis throughout",
            lambda z, t: -np.mean(np.sum(t * _log_p(z, axis=0), axis=0)),
            "Your softmax goes down the columns. Samples are rows: use axis=-1.",
        ),
        Misconception(
            "one shift for all rows",
            _mean_of(_one_shift),
            "You subtract the largest logit of the whole batch. A row far below it then has only "
            "zeros, whose logarithm is −∞. Each row needs its own: max(axis=-1, keepdims=True).",
        ),
        Misconception(
            "shift lost",
            _shift_lost,
            "You subtract the largest logit inside log Σ exp and do not add it again: "
            "log Σ exp(z) = top + log Σ exp(z − top).",
        ),
        Misconception(
            "divided by len(z)",
            lambda z, t: np.sum(_per_row(z, t)) / len(z),
            "For one sample len(z) is the number of classes, and you divide by it. "
            "np.mean over the rows' losses is right for both.",
        ),
        Misconception(
            "batches only",
            _of_batches_only,
            "This works for a batch and not for one sample, which has no axis 1. The last axis is "
            "axis=-1 in both.",
        ),
        Misconception(
            "class numbers",
            _class_numbers,
            "You take t for the numbers of the classes. It holds a probability for each class: "
            "−Σ t log y.",
        ),
        Misconception(
            "class numbers by type",
            _class_numbers_by_type,
            "You take t for the numbers of the classes where it holds whole numbers. Zeros and "
            "ones are probabilities too, whatever their type.",
        ),
        Misconception(
            "the largest target only",
            _largest_target_only,
            "You looked at the largest target only. Targets such as (0.1, 0.3, 0.6) count in full: "
            "Σ t log y.",
        ),
        Misconception(
            "the largest probability",
            lambda z, t: np.mean(-np.log(np.max(_p(z), axis=-1))),
            "This is the loss of the class that the network prefers. The targets say which class "
            "counts.",
        ),
        Misconception(
            "two-class formula",
            _binary,
            "You added (1 − t) log(1 − y), which belongs to logistic outputs. After a softmax the "
            "other classes are in the sum already.",
        ),
        Misconception(
            "base two",
            lambda z, t: np.mean(_per_row(z, t)) / np.log(2),
            "You took logarithms to base 2. The book's loss has natural ones: np.log.",
        ),
        Misconception(
            "argument changed",
            _shifts_both_in_place,
            "The number is right, but z -= … changes the caller's z. Make a new array: z - top.",
        ),
    ),
)


# --- loss_gradient --------------------------------------------------------------------------------


def _weights_case(W: np.ndarray, x: np.ndarray, t: np.ndarray) -> Case:
    expected = losses.loss_gradient(W, x, t)
    return Case(
        shown=f"loss_gradient({_shown(W)}, {_shown(x)}, {_shown(t)})",
        arguments=(W, x, t),
        keywords={},
        expected=expected,
        tolerance=TOLERANCE * (1 + float(np.abs(expected).max())),
        what="the gradient is",
    )


def _samples(rng: np.random.Generator, rounds: int) -> list[Case]:
    return [
        _weights_case(_distinct(rng, m, k) / 4, _distinct(rng, m), _targets(rng, (k,), soft=soft))
        for m, k in ((2, 3), (3, 2), (4, 3), (2, 5), (3, 4))[:rounds]
        for soft in (False, True)
    ]


def _batches(rng: np.random.Generator, rounds: int) -> list[Case]:
    cases = [
        _weights_case(
            _distinct(rng, m, k) / 4, _distinct(rng, n, m), _targets(rng, (n, k), soft=soft)
        )
        for n, m, k in ((5, 2, 3), (4, 3, 2), (3, 2, 2), (2, 4, 3), (6, 3, 4))[:rounds]
        for soft in (False, True)
    ]
    one = _weights_case(_distinct(rng, 2, 3) / 4, _distinct(rng, 1, 2), np.array([[0.0, 1.0, 0.0]]))
    return [*cases, one]


def _far_out_weights(rng: np.random.Generator, rounds: int) -> list[Case]:
    """Whole numbers, whose logits are exact and far out, beside each other in one batch."""
    cases = []
    for number in range(rounds + 2):
        n, m, k = ((2, 2, 3), (3, 3, 2), (4, 2, 2))[number % 3]
        W = 100 * rng.integers(1, 6, (m, k))
        W[:, number % k] += 1000
        x = rng.integers(1, 5, (n, m))
        t = _targets(rng, (n, k), soft=False).astype(np.int64)
        cases.append(_weights_case(W if number % 2 else -W, x, t))
    for _ in range(3):
        W, x = (4 * _distinct(rng, 2, 3)).astype(np.int64), rng.integers(-3, 4, (4, 2))
        cases.append(_weights_case(W, x, _targets(rng, (4, 3), soft=False).astype(np.int64)))
    return cases


def _bars_of_weights(case: Case, value: Any, _: Callable[..., Any]) -> Picture | None:
    if np.size(case.expected) > 12:
        return None
    names = [f"W{i}{j}" for i, j in np.ndindex(np.shape(case.expected))]
    return pictures.bars(case.expected, value, names, "Gradient by each weight")


def _rows(x: Any, t: Any) -> tuple[np.ndarray, np.ndarray]:
    return np.atleast_2d(np.asarray(x, dtype=np.float64)), np.atleast_2d(np.asarray(t))


def _by_weights(
    errors: Callable[[np.ndarray, np.ndarray], Any], factor: Callable[..., float] | None = None
) -> Callable[..., Any]:
    """Return xᵀ times some errors of logits and targets, by default averaged over the rows."""

    def answer(W: Any, x: Any, t: Any) -> Any:
        x, t = _rows(x, t)
        scale = 1 / len(x) if factor is None else factor(x, t)
        return scale * (x.T @ errors(x @ W, t))

    return answer


def _error_of(z: np.ndarray, t: np.ndarray) -> Any:
    return _p(z) - t


_right_gradient = _by_weights(_error_of)


def _mean_error(W: Any, x: Any, t: Any) -> Any:
    x, t = _rows(x, t)
    return np.mean(_error_of(x @ W, t), axis=0)


def _unshifted(z: np.ndarray, t: np.ndarray) -> Any:
    y = np.exp(z)
    return y / y.sum(axis=-1, keepdims=True) - t


def _with_constant(z: np.ndarray, t: np.ndarray) -> Any:
    """Return the slopes of −Σ t log(y + 1e-7)."""
    y = _p(z)
    part = t * y / (y + 1e-7)
    return y * part.sum(axis=-1, keepdims=True) - part


def _measured(h: float, *, one_sided: bool = False) -> Callable[..., Any]:
    def answer(W: Any, x: Any, t: Any) -> Any:
        W = np.array(W, dtype=np.float64)
        result = np.zeros_like(W)
        for i in np.ndindex(W.shape):
            step = np.zeros_like(W)
            step[i] = h
            below = W if one_sided else W - step
            rise = np.mean(_per_row(np.asarray(x) @ (W + step), t))
            rise -= np.mean(_per_row(np.asarray(x) @ below, t))
            result[i] = rise / (h if one_sided else 2 * h)
        return result

    return answer


def _in_type_of_w(W: Any, x: Any, t: Any) -> Any:
    return _right_gradient(W, x, t).astype(np.asarray(W).dtype)


def _less_one_at(choose: Callable[[np.ndarray, np.ndarray], Any]) -> Callable[..., Any]:
    """Return errors with 1 subtracted at one class of each row."""

    def errors(z: np.ndarray, t: np.ndarray) -> Any:
        y = _p(z)
        return y - np.eye(y.shape[-1])[choose(y, t)]

    return errors


def _leaves_logits_in_w(W: Any, x: Any, t: Any) -> Any:
    gradient = _right_gradient(W, x, t)
    if W.dtype.kind == "f":
        W -= gradient
    else:
        W -= 1
    return gradient


loss_gradient = Exercise(
    name="loss_gradient",
    chapter=CHAPTER,
    withheld=_WITHHELD,
    earlier={"softmax": _right_softmax, "cross_entropy": _right_loss},
    properties=(
        Property(
            "one sample",
            1,
            _samples,
            hints=(
                "By the logits the gradient is y − t. How does each logit depend on W?",
                "The table of all products x_i (y_j − t_j): np.outer.",
            ),
            picture=_bars_of_weights,
        ),
        Property(
            "the mean over a batch",
            2,
            _batches,
            hints=(
                "The loss is a mean over the samples, and so is its gradient.",
                "Which product of x, turned on its side, and Y − T adds over the samples?",
            ),
            arguments_kept=True,
            picture=_bars_of_weights,
        ),
        Property(
            "whole numbers, and logits far out",
            1,
            _far_out_weights,
            hints=(
                "Does your own softmax subtract each row's largest logit? Call it here.",
                "A formula needs no differences and no logarithm here: only y − t.",
            ),
        ),
    ),
    misconceptions=(
        Misconception(
            "missing 1/n",
            _by_weights(_error_of, lambda x, t: 1.0),
            "Missing 1/n: you added over the batch. The loss is a mean, so divide by the number of "
            "samples.",
        ),
        Misconception(
            "divided by all entries",
            _by_weights(_error_of, lambda x, t: 1 / t.size),
            "You divided by the number of entries of t. Divide by the number of samples only.",
        ),
        Misconception(
            "divided by the inputs",
            _by_weights(_error_of, lambda x, t: 1 / x.shape[1]),
            "You divided by the number of inputs. Divide by the number of samples, the rows of x.",
        ),
        Misconception(
            "sign",
            _by_weights(lambda z, t: t - _p(z)),
            "This is minus the gradient. Descent goes along −∇f; the gradient itself is y − t, "
            "given minus wanted.",
            _TURNED,
        ),
        Misconception(
            "transposed",
            lambda W, x, t: _right_gradient(W, x, t).T,
            "Rows and columns are exchanged. The gradient has the shape of W: a row for each "
            "input, a column for each output.",
            Twist(np.transpose, "Besides, rows and columns are exchanged."),
        ),
        Misconception(
            "targets forgotten",
            _by_weights(lambda z, t: _p(z)),
            "You left the targets out. The error of the logits is y − t.",
        ),
        Misconception(
            "no softmax",
            _by_weights(lambda z, t: z - t),
            "You subtracted the targets from the logits. Probabilities are compared with them: "
            "softmax(z) − t.",
        ),
        Misconception(
            "slope of a unit",
            _by_weights(lambda z, t: _error_of(z, t) * _p(z) * (1 - _p(z))),
            "You multiplied by y(1 − y) as well. That belongs to a squared error behind logistic "
            "units; for softmax with cross-entropy the slope is in y − t already.",
        ),
        Misconception(
            "plus 1e-7",
            _by_weights(_with_constant),
            "This is the gradient of a loss with + 1e-7 inside the logarithm. It is right to six "
            "digits here, and vanishes where the network is certain and wrong.",
        ),
        Misconception(
            "no shift",
            _by_weights(_unshifted),
            "The formula is right, and its softmax overflows. Subtract each row's largest logit "
            "before you take exponentials.",
        ),
        Misconception(
            "first axis",
            _by_weights(lambda z, t: _p(z, axis=0) - t),
            "Your softmax goes down the columns. Samples are rows: use axis=-1.",
        ),
        Misconception(
            "inputs forgotten",
            lambda W, x, t: np.tile(_mean_error(W, x, t), (len(W), 1)),
            "Every row of yours is the mean of y − t. A weight acts in proportion to its input: "
            "multiply by x_i.",
        ),
        Misconception(
            "by the logits",
            lambda W, x, t: _mean_error(W, x, t),
            "This is the gradient by the logits. By the weight W_ij it is x_i times that.",
        ),
        Misconception(
            "batches only",
            lambda W, x, t: np.asarray(x).T @ _error_of(np.asarray(x) @ W, t) / len(x),
            "This works for a batch and not for one sample, whose x has one axis. np.atleast_2d "
            "makes a batch of one.",
        ),
        Misconception(
            "samples only",
            lambda W, x, t: np.outer(x, _error_of(np.asarray(x) @ W, t)),
            "This works for one sample. For a batch np.outer makes one long table of everything; "
            "the mean of the samples' tables is x.T @ (y − t) / n.",
        ),
        *(
            Misconception(
                f"measured with {_power(h)}{', forward' if one_sided else ''}",
                _measured(h, one_sided=one_sided),
                "These are differences, right to some digits only. Use the formula, which is "
                "exact, and a hundred times cheaper for a large W.",
            )
            for one_sided in (False, True)
            for h in (1e-5, 1e-4, 1e-6, 1e-7)
        ),
        Misconception(
            "logistic",
            _by_weights(lambda z, t: 1 / (1 + np.exp(-z)) - t),
            "You took the logistic function of each logit. The probabilities of one sample add up "
            "to 1: softmax.",
        ),
        Misconception(
            "the largest target only",
            _by_weights(_less_one_at(lambda y, t: t.argmax(axis=-1))),
            "You subtract 1 at the likeliest class. Targets such as (0.1, 0.3, 0.6) count in full: "
            "y − t.",
        ),
        Misconception(
            "the class preferred",
            _by_weights(_less_one_at(lambda y, t: y.argmax(axis=-1))),
            "You subtract 1 at the class that the network prefers. The targets say which class "
            "counts: y − t.",
        ),
        Misconception(
            "a wrong class",
            _by_weights(_less_one_at(lambda y, t: t.argmin(axis=-1))),
            "You subtract 1 at a class that is wrong. Subtract the targets: y − t.",
        ),
        Misconception(
            "result in the type of W",
            _in_type_of_w,
            "The numbers are right until you store them: np.zeros_like(W) of whole numbers makes "
            "whole numbers, which cut the digits off. Make it of floats: np.zeros(W.shape).",
        ),
        Misconception(
            "argument changed",
            _leaves_logits_in_w,
            "The numbers are right, but the caller's W is not what it was. A gradient only looks; "
            "the step is somebody else's.",
        ),
    ),
)


# --- gradient_error -------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Function:
    """A smooth function of an array of any shape, with its gradient."""

    a: float
    b: float

    def value(self, x: Any) -> float:
        x = np.asarray(x, dtype=np.float64)
        return float(np.sum(0.5 * self.a * self._place(x) * x**2 + self.b * np.sin(x)))

    def gradient(self, x: Any) -> Any:
        x = np.asarray(x, dtype=np.float64)
        return self.a * self._place(x) * x + self.b * np.cos(x)

    @property
    def formula(self) -> str:
        sine = f" + {self.b:g} sin(x_k)" if self.b else ""
        return f"Σ ({self.a:g} k x_k²/2{sine}), k = 1, 2, …".replace("+ -", "− ")

    @staticmethod
    def _place(x: np.ndarray) -> np.ndarray:
        return np.arange(1, x.size + 1).reshape(x.shape)


def _flat(x: Any) -> float:
    return 5.0


def _no_slope(x: Any) -> Any:
    return np.zeros(np.shape(x))


#: The step of a sensible check may be anything from 1e-8 to 1e-3 without leaving this.
MEASURED = 1e-5


def _length(x: np.ndarray) -> float:
    return float(np.linalg.norm(x))


def _us(x: np.ndarray, seed: int, number: int) -> np.ndarray:
    """Return the unit vectors that a seed's generator gives, as rows."""
    rng = np.random.default_rng(seed)
    return np.array([_unit(rng.standard_normal(x.shape)).ravel() for _ in range(number)])


def _relative_errors(a: Any, b: Any) -> Any:
    """Return (a − b)/max(|a|, |b|), with its sign."""
    return (a - b) / np.maximum(np.abs(a), np.abs(b))


def _telling(a: np.ndarray, b: np.ndarray, number: int, *, larger: bool, sign: int) -> np.ndarray:
    """Return the rows of slopes where every other way to sum up `number` of them shows.

    The largest error has that sign, and the slope claimed there is larger than the true one, or
    smaller, as is wanted. One direction more would change the result. With 10 directions so
    would one fewer; with fewer, the first and the last are not the worst, and 10 would be worse.
    """
    signed = _relative_errors(a, b)
    errors, rows = np.abs(signed), np.arange(len(a))
    worst = errors[:, :number].argmax(axis=1)
    most, second = np.sort(errors[:, :number])[:, :-3:-1].T
    top_a, top_b = np.abs(a[rows, worst]), np.abs(np.broadcast_to(b, a.shape)[rows, worst])
    return np.asarray(
        ((worst == number - 1) if number == 10 else (worst > 0) & (worst < number - 1))
        & (most - second > 1e-3)
        & (most < 1.9)
        & (sign * signed[rows, worst] > 0)
        & ((top_a > 1.02 * top_b) if larger else (top_b > 1.02 * top_a))
        & (errors[:, number:].max(axis=1) > most + 1e-3)
    )


def _wrong_gradient(
    rng: np.random.Generator,
    x: np.ndarray,
    directions: int | None,
    *,
    larger: bool,
    sign: int = -1,
    bowl: float = 0.0,
) -> Case:
    """Return a case with a gradient that is wrong; without `directions`, with the default.

    The function is a bowl of that height, if one is given.
    """
    number = 10 if directions is None else directions
    while True:
        function = _bowl(rng, bowl) if bowl else _Function(_one_decimal(rng), _one_decimal(rng))
        seed = int(rng.integers(1000))
        true = function.gradient(x)
        us = _us(x, seed, max(10, number + 1))
        b = us @ true
        many = rng.choice((0.5, 0.7, 0.9, 1.1, 1.3, 2.0), (400, x.size))
        a = (many * true) @ us.T
        # Where a slope is near zero, measuring is hard.
        least = 0.02 * (_length(true) if bowl else max(0.5, _length(true)))
        steep = np.minimum(np.abs(a), np.abs(b)).min(axis=1) > least
        found = np.flatnonzero(steep & _telling(a, b, number, larger=larger, sign=sign))
        if found.size:
            break
    factors = many[found[0]]
    expected = float(np.abs(_relative_errors(a[found[0]], b))[:number].max())
    said = "" if directions is None else f", directions={directions}"
    return Case(
        shown=f"With f(x) = {function.formula}, a gradient that is the right one times "
        f"{written(factors)}, and rng = np.random.default_rng({seed}), "
        f"gradient_error(f, gradient, {_shown(x)}, rng{said})",
        arguments=(
            function.value,
            lambda x: factors * function.gradient(x),
            x,
            np.random.default_rng(seed),
        ),
        keywords={} if directions is None else {"directions": directions},
        expected=expected,
        tolerance=MEASURED,
        what="the largest relative error is",
    )


def _bowl(rng: np.random.Generator, height: float) -> _Function:
    """Return a bowl. Its central difference has no error, and near its bottom a forward one has."""
    return _Function(float(f"{height * abs(_one_decimal(rng)):.2g}"), 0.0)


def _one_slope_is_zero(rng: np.random.Generator, x: np.ndarray, *, flat: bool) -> Case:
    """Return a case in which f is flat and the gradient says otherwise, or the other way round."""
    function, seed = _Function(_one_decimal(rng), _one_decimal(rng)), int(rng.integers(1000))
    said = "f(x) = 5 and gradient(x)" if flat else "a gradient of zeros and f(x)"
    formula = f"the gradient of {function.formula}" if flat else function.formula
    return Case(
        shown=f"With {said} = {formula}, gradient_error(f, gradient, {_shown(x)}, "
        f"np.random.default_rng({seed}))",
        arguments=(
            _flat if flat else function.value,
            function.gradient if flat else _no_slope,
            x,
            np.random.default_rng(seed),
        ),
        keywords={},
        expected=1.0,
        tolerance=MEASURED,
        what="one slope is 0 and the other is not, and the largest relative error is",
    )


def _wrong_gradients(rng: np.random.Generator, rounds: int) -> list[Case]:
    return [
        *(
            _wrong_gradient(rng, _distinct(rng, 3) / 50, 4, larger=larger, sign=1, bowl=height)
            for height, larger in ((1e-8, False), (1e-8, True), (1e-8, False), (1.0, True))
        ),
        *(_one_slope_is_zero(rng, _distinct(rng, n), flat=n % 2 == 0) for n in (2, 3, 4, 5)),
        *(
            _wrong_gradient(rng, _distinct(rng, n), directions, larger=larger)
            for n, directions in ((4, None), (3, 4), (4, 7), (5, None), (3, 5), (6, 3))[:rounds]
            for larger in (True, False)
        ),
    ]


def _right_gradient_case(rng: np.random.Generator, x: np.ndarray, bowl: float = 0.0) -> Case:
    while True:
        function = _bowl(rng, bowl) if bowl else _Function(_one_decimal(rng), _one_decimal(rng))
        seed = int(rng.integers(1000))
        true = function.gradient(x).ravel()
        least = _length(true) if bowl else max(0.5, _length(true))
        if np.abs(_us(x, seed, 10) @ true).min() > 0.02 * least:
            break
    return Case(
        shown=f"With f(x) = {function.formula}, its right gradient, and "
        f"rng = np.random.default_rng({seed}), gradient_error(f, gradient, {_shown(x)}, rng)",
        arguments=(function.value, function.gradient, x, np.random.default_rng(seed)),
        keywords={},
        expected=0.0,
        tolerance=MEASURED,
        what="for a right gradient the error is no more than rounding, about",
    )


def _flat_case(rng: np.random.Generator, x: np.ndarray) -> Case:
    seed = int(rng.integers(1000))
    return Case(
        shown=f"With f(x) = 5 and a gradient of zeros, gradient_error(f, gradient, {_shown(x)}, "
        f"np.random.default_rng({seed}))",
        arguments=(_flat, _no_slope, x, np.random.default_rng(seed)),
        keywords={},
        expected=0.0,
        tolerance=MEASURED,
        what="two slopes of zero are equal, and the error is",
    )


def _right_gradients(rng: np.random.Generator, rounds: int) -> list[Case]:
    shapes = ((2, 3), (3, 2), (3, 1, 2), (4, 2), (1, 4), (5,))
    cases = [_right_gradient_case(rng, _distinct(rng, *shape)) for shape in shapes[:rounds]]
    cases += [_right_gradient_case(rng, _distinct(rng, n) / 50, 1.0) for n in (2, 3, 4)]
    for n in (2, 3, 4):
        cases.append(_right_gradient_case(rng, (4 * _distinct(rng, n)).astype(np.int64)))
    return [*cases, *(_flat_case(rng, _distinct(rng, n)) for n in (2, 3, 4))]


def _relative(a: Any, b: Any) -> Any:
    unit = max(abs(a), abs(b))
    return abs(a - b) / unit if unit else 0.0


def _along(f: Callable[[Any], Any], x: Any, u: Any, h: float = 1e-5) -> Any:
    return (f(x + h * u) - f(x - h * u)) / (2 * h)


def _over_directions(
    compare: Callable[[Any, Any], Any] = _relative,
    together: Callable[[list[Any]], Any] = max,
    *,
    measure: Callable[..., Any] = _along,
    draw: Callable[[np.random.Generator, tuple[int, ...]], Any] = lambda rng, shape: (
        rng.standard_normal(shape)
    ),
    number: Callable[[int], int] = lambda directions: directions,
    product: Callable[[Any, Any], Any] = np.vdot,
) -> Callable[..., Any]:
    """Return a way to compute the error; the defaults are the right one."""

    def answer(f: Any, gradient: Any, x: Any, rng: Any, directions: int = 10) -> Any:
        errors = []
        for _ in range(number(directions)):
            u = _unit(draw(rng, np.shape(x)))
            errors.append(compare(product(gradient(x), u), measure(f, x, u)))
        return together(errors)

    return answer


def _by_coordinates(f: Any, gradient: Any, x: Any, rng: Any, directions: int = 10) -> Any:
    """Compare every partial derivative, as the full check does."""
    g = np.asarray(gradient(x))
    errors = []
    for i in np.ndindex(np.shape(x)):
        u = np.zeros(np.shape(x))
        u[i] = 1.0
        errors.append(_relative(g[i], _along(f, x, u)))
    return max(errors)


_ENTRY_BY_ENTRY = (
    "This works for vectors and not for matrices: there np.dot and @ are matrix products. Multiply "
    "entry by entry and add up."
)

_MOVED = (
    "You move the caller's x itself: even moved back it may keep a rounding error, and an array of "
    "whole numbers refuses. Make new points: x + h * u."
)


def _forward_along(f: Callable[[Any], Any], x: Any, u: Any, h: float = 1e-5) -> Any:
    return (f(x + h * u) - f(x)) / h


def _moved_along(f: Callable[[Any], Any], x: Any, u: Any, h: float = 1e-5) -> Any:
    x += h * u
    above = f(x)
    x -= 2 * h * u
    below = f(x)
    x += h * u
    return (above - below) / (2 * h)


def _from_zero(compare: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """Keep the largest error so far, beginning with 0."""
    return _over_directions(compare, lambda errors: max(0.0, *errors))


def _signed(a: Any, b: Any) -> Any:
    return (a - b) / max(abs(a), abs(b)) if max(abs(a), abs(b)) else 0.0


def _signed_the_other_way(a: Any, b: Any) -> Any:
    return _signed(b, a)


def _by_the_larger_with_its_sign(a: Any, b: Any) -> Any:
    return np.float64(abs(a - b)) / max(a, b) if a or b else 0.0


def _divided_by_more(small: float) -> Callable[..., Any]:
    return _over_directions(lambda a, b: abs(a - b) / (max(abs(a), abs(b)) + small))


def _own_generator(seed: int) -> Callable[..., Any]:
    def answer(f: Any, gradient: Any, x: Any, rng: Any, directions: int = 10) -> Any:
        return _over_directions()(f, gradient, x, np.random.default_rng(seed), directions)

    return answer


def _moves_x(f: Any, gradient: Any, x: Any, rng: Any, directions: int = 10) -> Any:
    error = _over_directions()(f, gradient, x, rng, directions)
    if x.dtype.kind == "f":
        x += 1e-5
    else:
        x += 1
    return error


gradient_error = Exercise(
    name="gradient_error",
    chapter=CHAPTER,
    withheld=(*_WITHHELD, _relative, _along, _over_directions, _by_coordinates),
    earlier={"directional_derivative": _right_slope},
    properties=(
        Property(
            "how wrong a wrong gradient is",
            2,
            _wrong_gradients,
            hints=(
                "For each direction there are two numbers: gradient times u, and the measured "
                "slope. How do you compare them, whatever their size and sign?",
                "Collect |a − b| / max(|a|, |b|) for every direction, and return the largest.",
            ),
        ),
        Property(
            "a right gradient passes, in any shape",
            1,
            _right_gradients,
            hints=(
                "Measure with a central difference: from x − hu to x + hu the run is 2h.",
                "If both slopes are 0 they are equal. What does your formula divide by then?",
            ),
            arguments_kept=True,
        ),
    ),
    misconceptions=(
        Misconception(
            "one direction",
            _over_directions(number=lambda directions: 1),
            "You looked in one direction only. One may miss what another shows: take as many as "
            "`directions` says.",
        ),
        Misconception(
            "always ten",
            _over_directions(number=lambda directions: 10),
            "You take ten directions whatever `directions` says.",
        ),
        Misconception(
            "the last direction",
            _over_directions(together=lambda errors: errors[-1]),
            "You returned the error of the last direction. Keep the largest so far, or collect "
            "them all.",
        ),
        Misconception(
            "mean",
            _over_directions(together=np.mean),
            "You returned the mean over the directions. The largest error is wanted: one direction "
            "that disagrees is enough.",
        ),
        Misconception(
            "smallest",
            _over_directions(together=min),
            "You returned the smallest error. The largest is wanted.",
        ),
        Misconception(
            "sum",
            _over_directions(together=sum),
            "You added the errors of the directions up. The largest is wanted.",
        ),
        *(
            Misconception(
                name,
                answer,
                "Your errors have signs, so a large negative one is passed over. Take |a − b|.",
            )
            for name, answer in (
                ("signed", _over_directions(_signed)),
                ("signed, from 0", _from_zero(_signed)),
                ("signed the other way", _over_directions(_signed_the_other_way)),
                ("signed the other way, from 0", _from_zero(_signed_the_other_way)),
            )
        ),
        *(
            Misconception(
                name,
                answer,
                "You divide by the larger of the two slopes with their signs. Where both are "
                "negative the error comes out negative: divide by max(|a|, |b|).",
            )
            for name, answer in (
                ("signed unit", _over_directions(_by_the_larger_with_its_sign)),
                ("signed unit, from 0", _from_zero(_by_the_larger_with_its_sign)),
            )
        ),
        Misconception(
            "absolute error",
            _over_directions(lambda a, b: abs(a - b)),
            "This is the absolute error |a − b|. Divide by max(|a|, |b|).",
        ),
        Misconception(
            "sum below the line",
            _over_directions(
                lambda a, b: abs(a - b) / (abs(a) + abs(b)) if abs(a) + abs(b) else 0.0
            ),
            "You divided by |a| + |b|. Others do so too, but here it is the larger of the two.",
        ),
        Misconception(
            "in units of the measured slope",
            _over_directions(lambda a, b: abs(a - b) / abs(b) if b else 0.0),
            "You divided by the measured slope only. Divide by the larger of the two sizes.",
        ),
        Misconception(
            "in units of the claimed slope",
            _over_directions(lambda a, b: abs(a - b) / abs(a) if a else 0.0),
            "You divided by what the gradient says only. Divide by the larger of the two sizes.",
        ),
        Misconception(
            "run of h",
            _over_directions(measure=lambda f, x, u: 2 * _along(f, x, u)),
            "Your measured slopes are twice too large: from x − hu to x + hu the run is 2h.",
        ),
        Misconception(
            "turned round",
            _over_directions(measure=lambda f, x, u: -_along(f, x, u)),
            "Your measured slopes have the wrong sign: take f(x + hu) − f(x − hu).",
        ),
        Misconception(
            "one quadrant",
            _over_directions(draw=lambda rng, shape: rng.random(shape)),
            "rng.random draws numbers between 0 and 1, so all your directions point into one "
            "corner. Draw with rng.standard_normal, which has no favourite direction.",
        ),
        Misconception(
            "directions of its own",
            _over_directions(
                draw=lambda rng, shape: np.random.default_rng(0).standard_normal(shape)
            ),
            "You draw from a generator of your own, made anew for each direction, so all the "
            "directions are the same. Use the `rng` that is passed in.",
        ),
        Misconception(
            "coordinate by coordinate",
            _by_coordinates,
            "You compared the partial derivatives one by one. That takes two evaluations for each "
            "number; random directions test all of them at once.",
        ),
        Misconception(
            "vectors only",
            _over_directions(product=lambda g, u: g @ u),
            _ENTRY_BY_ENTRY,
        ),
        Misconception("vectors only, dot", _over_directions(product=np.dot), _ENTRY_BY_ENTRY),
        Misconception(
            "zero by zero",
            _over_directions(lambda a, b: np.float64(abs(a - b)) / max(abs(a), abs(b))),
            "Where both slopes are 0 you divide 0 by 0. They are equal, so the error is 0.",
        ),
        Misconception(
            "zero by zero, raised",
            _over_directions(lambda a, b: float(abs(a - b)) / float(max(abs(a), abs(b)))),
            "Where both slopes are 0 you divide by 0. They are equal, so the error is 0.",
        ),
        Misconception("argument changed", _moves_x, _MOVED),
        Misconception("moved in place, and back", _over_directions(measure=_moved_along), _MOVED),
        Misconception(
            "forward",
            _over_directions(measure=_forward_along),
            "You measure with a forward difference. A central one, from x − hu to x + hu, is as "
            "cheap and far closer.",
        ),
        Misconception(
            "missing brackets",
            _over_directions(measure=lambda f, x, u: 1e-10 * _along(f, x, u)),
            "In Python `a / 2 * h` divides by 2 and then multiplies by h. Write `a / (2 * h)`.",
        ),
        *(
            Misconception(
                f"{_power(small)} added below the line",
                _divided_by_more(small),
                "You add a small constant to the larger slope. Slopes may be as small as that, and "
                "then the error comes out too small. Treat only 0 and 0 apart.",
            )
            for small in (1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12)
        ),
        Misconception(
            "one zero passed over",
            _over_directions(lambda a, b: 0.0 if a == 0 or b == 0 else _relative(a, b)),
            "Where one slope is 0 you return 0. They differ as much as they can: the error is 1. "
            "Only where both are 0 it is 0.",
        ),
        *(
            Misconception(
                f"generator of its own, seed {seed}",
                _own_generator(seed),
                "You draw from a generator of your own and not from the `rng` that is passed in. "
                "Whoever calls must be able to choose the directions, and to have them again.",
            )
            for seed in (0, 1, 42)
        ),
    ),
)
