"""What a check has to say: criteria with points, an outcome and a sentence each."""

import os
from dataclasses import dataclass
from enum import Enum
from html import escape
from typing import Any

#: nbgrader sets this variable to "autograde" or "validate" while it runs a notebook.
NBGRADER_MODE = "NBGRADER_EXECUTION"


class Outcome(Enum):
    """How a criterion came out, with the mark that is printed before it.

    Examples
    --------
    >>> Outcome.RIGHT.mark, Outcome.RIGHT.value
    ('✓', 'right')
    """

    RIGHT = "right"
    WRONG = "not yet right"
    NOT_ATTEMPTED = "not attempted"
    NOT_CHECKED = "could not be checked"

    @property
    def mark(self) -> str:
        """One character; the word is always printed beside it."""
        return {"RIGHT": "✓", "WRONG": "✗", "NOT_ATTEMPTED": "–", "NOT_CHECKED": "?"}[self.name]


@dataclass(frozen=True)
class Criterion:
    """One thing that was looked at.

    Attributes
    ----------
    name : str
        What is wanted, in the student's words.
    points : float
        What it is worth when it is right.
    outcome : Outcome
    sentence : str
        What was called, what came back, what was expected to hold.
    hints : tuple of str
        From a nudge to the place in the book.

    Examples
    --------
    >>> Criterion("its value", 2, Outcome.RIGHT).score
    2
    """

    name: str
    points: float
    outcome: Outcome
    sentence: str = ""
    hints: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        """The points that were won."""
        return self.points if self.outcome is Outcome.RIGHT else 0


class CheckFailed(AssertionError):
    """How nbgrader's Validate is told: the text is the report, and there is no traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


@dataclass(frozen=True, repr=False)
class Report:
    """The answer of one check.

    A notebook shows it as a table, a terminal as text. To nbgrader's autograder, which reads the
    number that a test cell ends with, it is its score.

    Attributes
    ----------
    exercise : str
        The name of the function that was checked.
    criteria : tuple of Criterion
    diagnosis : str
        The misconception that the answer agrees with, or nothing.

    Examples
    --------
    >>> report = Report("half", (Criterion("its value", 2, Outcome.RIGHT),))
    >>> print(report)
    half: 2 of 2 points
      ✓ its value (2 points): right
    """

    exercise: str
    criteria: tuple[Criterion, ...]
    diagnosis: str = ""

    @property
    def score(self) -> float:
        """The points won."""
        return sum(criterion.score for criterion in self.criteria)

    @property
    def points(self) -> float:
        """The points that can be won."""
        return sum(criterion.points for criterion in self.criteria)

    @property
    def outcome(self) -> Outcome:
        """The outcome of the whole: right only if every criterion is."""
        outcomes = [criterion.outcome for criterion in self.criteria]
        for whole in (Outcome.WRONG, Outcome.NOT_CHECKED, Outcome.NOT_ATTEMPTED):
            if whole in outcomes:
                return whole
        return Outcome.RIGHT

    def __str__(self) -> str:
        lines = [f"{self.exercise}: {self.score:g} of {self.points:g} points"]
        for criterion in self.criteria:
            lines.append(
                f"  {criterion.outcome.mark} {criterion.name} ({_points(criterion.points)}): "
                f"{criterion.outcome.value}"
            )
            lines += [f"      {line}" for line in (criterion.sentence, *criterion.hints) if line]
        if self.diagnosis:
            lines.append(f"  → {self.diagnosis}")
        return "\n".join(lines)

    __repr__ = __str__

    def raise_if_validating(self) -> "Report":
        """Return the report, or raise it if Validate is asking and something is not yet right.

        Raises
        ------
        CheckFailed
        """
        if os.environ.get(NBGRADER_MODE) == "validate" and self.score < self.points:
            raise CheckFailed(str(self))
        return self

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        plain = f"{self.score:g}" if os.environ.get(NBGRADER_MODE) else str(self)
        return {"text/plain": plain, "text/html": self._html()}

    def _html(self) -> str:
        rows = "".join(_row(criterion) for criterion in self.criteria)
        diagnosis = (
            f'<p style="border-left:4px solid #0072B2;padding-left:.6em">{escape(self.diagnosis)}'
            "</p>"
            if self.diagnosis
            else ""
        )
        return (
            '<table style="text-align:left"><caption style="text-align:left;font-weight:bold">'
            f"{escape(self.exercise)}: {self.score:g} of {_points(self.points)}</caption>"
            '<thead><tr><th scope="col" style="text-align:left">What is wanted</th>'
            '<th scope="col" style="text-align:left">Points</th>'
            '<th scope="col" style="text-align:left">Outcome</th></tr></thead>'
            f"<tbody>{rows}</tbody></table>{diagnosis}"
        )


def _points(number: float) -> str:
    return f"{number:g} point" + ("" if number == 1 else "s")


def _row(criterion: Criterion) -> str:
    hints = "".join(f"<li>{escape(hint)}</li>" for hint in criterion.hints)
    cell = 'style="text-align:left;vertical-align:top"'
    return (
        f'<tr><th scope="row" {cell}>{escape(criterion.name)}</th>'
        f"<td {cell}>{criterion.score:g} of {criterion.points:g}</td>"
        f"<td {cell}><b>{criterion.outcome.mark} {criterion.outcome.value}.</b> "
        f"{escape(criterion.sentence)}"
        + (f"<details><summary>Hints</summary><ol>{hints}</ol></details>" if hints else "")
        + "</td></tr>"
    )
