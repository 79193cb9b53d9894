"""Checks of assignment `CHAPTER_NAME`."""

from typing import Any

import numpy as np

from nnchecks.engine.exercise import Case, Exercise, Misconception, Property, written
from nnlib import MODULE_NAME as reference

CHAPTER = "chapter THE_NUMBER, THE_TITLE"

#: What this assignment asks for, under the book's names: no answer may be or call one of these.
_WITHHELD = (reference.MODULE_NAME_example,)


def _case(values: np.ndarray) -> Case:
    """Return one call of the function, and what it has to return."""
    return Case(
        shown=f"MODULE_NAME_example({written(values)})",
        arguments=(values,),
        keywords={},
        expected=reference.MODULE_NAME_example(values),
        tolerance=1e-12,
        what="the distance from the smallest to the largest is",
    )


def _cases(rng: np.random.Generator, rounds: int) -> list[Case]:
    """Values of both signs, neither end of which stands first or last: no two slips look alike."""
    found = []
    for _ in range(2 * rounds):
        low = np.sort(rng.choice(np.arange(-20, -3), 2, replace=False))
        high = np.sort(rng.choice(np.arange(4, 21), 3, replace=False))
        found.append(_case(np.array([high[0], low[0], high[2], high[1], low[1]]) / 4))
    return found


def _first_to_last(values: Any) -> Any:
    return values[-1] - values[0]


MODULE_NAME_example = Exercise(
    name="MODULE_NAME_example",
    chapter=CHAPTER,
    withheld=_WITHHELD,
    properties=(
        Property(
            "the distance from the smallest to the largest value",
            17,
            _cases,
            hints=("Which two of the values do you need?",),
            arguments_kept=True,
        ),
    ),
    misconceptions=(
        Misconception(
            "sign",
            lambda values: np.min(values) - np.max(values),
            "The size is right and the sign is not: subtract the smallest from the largest.",
        ),
        Misconception(
            "largest alone",
            lambda values: np.max(values),
            "This is the largest value. Subtract the smallest one from it.",
        ),
        Misconception(
            "smallest alone",
            lambda values: np.min(values),
            "This is the smallest value. Subtract it from the largest one.",
        ),
        Misconception(
            "last and first",
            _first_to_last,
            "You took the last value and the first. The largest may stand anywhere.",
        ),
        Misconception(
            "half",
            lambda values: (np.max(values) - np.min(values)) / 2,
            "This is half of the distance. Nothing has to be divided here.",
        ),
        Misconception(
            "sizes",
            lambda values: np.max(np.abs(values)) - np.min(np.abs(values)),
            "You compared the values without their signs. A negative value lies below zero.",
        ),
    ),
)
