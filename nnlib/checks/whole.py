"""Exercises in which one slip that explains everything is named before several that do not."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from nnlib.checks.exercise import Exercise, Property, _agrees, _wrong
from nnlib.checks.report import Report


@dataclass(frozen=True)
class WholeExercise(Exercise):
    """An exercise in which a slip that explains all that is wrong stands alone in the report.

    Without it each criterion names what explains that criterion, and where the questions are
    simple that may be a slip that the answers to others contradict.

    Examples
    --------
    >>> WholeExercise("half", (), (), "chapter 0").name
    'half'
    """

    def _judged(self, asked: Any, ask: Any, function: Callable[..., Any]) -> Report:
        report = super()._judged(asked, ask, function)
        wrong = [
            (one, telling_first(one, pairs))
            for one, pairs in asked.items()
            if any(_wrong(pairs, one))
        ]
        if len(wrong) < 2 or not report.diagnosis:
            return report
        for among in (self.misconceptions, self.combinations):
            found = dict.fromkeys(
                slip.sentence
                for slip in among
                if all(_agrees(replace(one, telling=1), pairs, slip) for one, pairs in wrong)
                and any(_agrees(one, pairs, slip) for one, pairs in wrong)
            )
            if found:
                return replace(report, diagnosis=next(iter(found))) if len(found) == 1 else report
        return report


def telling_first(wanted: Property, pairs: Any) -> Any:
    """Return the pairs with the wrong answers first: there most slips are told apart.

    Examples
    --------
    >>> telling_first(Property("its value", 1, lambda rng, rounds: []), [])
    []
    """
    return sorted(pairs, key=lambda pair: not any(_wrong([pair], wanted)))
