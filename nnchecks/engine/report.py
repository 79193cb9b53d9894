"""What a check has to say: criteria with points, an outcome and a sentence each."""

import base64
import functools
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum
from html import escape
from typing import Any, cast

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


@dataclass(frozen=True)
class Picture:
    """A picture, and the words that say the same to somebody who does not see it.

    Attributes
    ----------
    svg : str
        The whole drawing; it refers to nothing outside.
    alt : str
        What is seen, in full: a picture without it is refused.
    caption : str
        One line below the picture.

    Examples
    --------
    >>> Picture("<svg/>", "").alt
    Traceback (most recent call last):
        ...
    ValueError: A picture needs an alternative text that says what is seen.
    """

    svg: str
    alt: str
    caption: str = ""

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise ValueError("A picture needs an alternative text that says what is seen.")

    def html(self) -> str:
        """Return the picture as a figure that needs no other file."""
        data = base64.b64encode(self.svg.encode()).decode()
        # White behind the lines: they are dark, and the page may be dark too.
        return (
            '<figure style="margin:.6em 0"><img style="background:#fff;max-width:100%" '
            f'alt="{escape(self.alt)}" src="data:image/svg+xml;base64,{data}">'
            f"<figcaption>{escape(self.caption)}</figcaption></figure>"
        )


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
    picture : callable
        Draws the picture that says more than the sentence, or returns None. It is called only when
        a notebook asks for HTML, because drawing takes longer than checking.
    for_instructor : tuple of str
        What the judge tells the instructor and nobody else.
    times : int
        How often in a row the answer was not yet right: the text shows so many hints.

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
    picture: Callable[[], Picture | None] | None = field(default=None, compare=False)
    for_instructor: tuple[str, ...] = field(default=(), kw_only=True)
    times: int = field(default=1, compare=False, kw_only=True)

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
            said = (criterion.sentence, *self._hints(criterion))
            lines += [f"      {line}" for line in said if line]
        if self.diagnosis:
            lines.append(f"  → {self.diagnosis}")
        return "\n".join(lines)

    __repr__ = __str__

    def _hints(self, criterion: Criterion) -> list[str]:
        """Return as many hints as it was run in vain: one who wants a nudge is not shown all."""
        number = len(criterion.hints)
        hints = enumerate(criterion.hints[: self.times], 1)
        lines = [f"Hint {k} of {number}: {hint}" for k, hint in hints]
        if self.times < number:
            lines[-1] += " (Run the check again for the next.)"
        return lines

    def scaled(self, points: float) -> "Report":
        """Return the report in the points of the cell that it stands in, in the same proportions.

        Parameters
        ----------
        points : float
            What the whole is worth there.

        Examples
        --------
        >>> half = Report("half", (Criterion("its value", 2, Outcome.RIGHT),))
        >>> print(half.scaled(5))
        half: 5 of 5 points
          ✓ its value (5 points): right
        """
        if not self.points or points == self.points:
            return self
        criteria = (replace(one, points=one.points / self.points * points) for one in self.criteria)
        return replace(self, criteria=tuple(criteria))

    def raise_if_validating(self) -> "Report":
        """Return the report, or raise it if Validate is asking and something is not yet right.

        Raises
        ------
        CheckFailed
        """
        if os.environ.get(NBGRADER_MODE) == "validate" and self.score < self.points:
            raise CheckFailed(str(self))
        return self

    def words(self) -> dict[str, str]:
        """Return what a notebook shows of it, without the picture."""
        return replace(self, picture=None)._repr_mimebundle_()

    def _ipython_display_(self) -> None:
        """Show nothing to Validate, which takes any number for a mark, whatever the cell is worth.

        What is not right has been raised before. Everywhere else IPython goes on to the bundle.
        """
        if os.environ.get(NBGRADER_MODE) != "validate":
            raise NotImplementedError

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        plain = f"{self.score:g}" if os.environ.get(NBGRADER_MODE) else str(self)
        return {"text/plain": plain, "text/html": self._html()}

    def _html(self) -> str:
        """Return a table that takes its colours from the page, be that light or dark."""
        rows = "".join(_row(criterion) for criterion in self.criteria)
        diagnosis = (
            '<p style="border-left:.3em solid;padding-left:.6em;max-width:44em">'
            f"{escape(self.diagnosis)}</p>"
            if self.diagnosis
            else ""
        )
        picture = self.picture() if self.picture and self.outcome is Outcome.WRONG else None
        headers = "".join(
            f'<th scope="col" style="{_CELL}">{title}</th>'
            for title in ("What is wanted", "Points", "Outcome")
        )
        # What helps most comes first; a table may have many rows.
        return (
            f'{diagnosis}<table style="{_CELL}"><caption style="{_CELL};font-weight:bold">'
            f"{escape(self.exercise)}: {self.score:g} of {_points(self.points)}</caption>"
            f"<thead><tr>{headers}</tr></thead><tbody>{rows}</tbody></table>"
            f"{picture.html() if picture else ''}"
        )


class Promised:
    """Stands for a report, which is made when it is first looked at.

    A test cell of the autograder's ends with the hidden questions; the visible ones before them
    are a report that nobody looks at.
    """

    def __init__(self, make: Callable[[], Report]) -> None:
        self._make = make

    @functools.cached_property
    def _made(self) -> Report:
        try:
            return self._make()
        except AttributeError as error:
            # It would look as if there were no such thing as a score.
            raise RuntimeError(f"AttributeError: {error}") from error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._made, name)

    def __str__(self) -> str:
        return str(self._made)

    __repr__ = __str__


def reported(make: Callable[[], Report]) -> Report:
    """Return the report that a function makes: at once, but while the autograder runs when needed.

    Raises
    ------
    CheckFailed
        Only while nbgrader validates, if something is not yet right.

    Examples
    --------
    >>> reported(lambda: Report("half", (Criterion("its value", 2, Outcome.RIGHT),))).score
    2
    """
    if os.environ.get(NBGRADER_MODE) == "autograde":
        return cast(Report, Promised(make))
    report = make()
    wrong = report.outcome is Outcome.WRONG
    _IN_VAIN[report.exercise] = _IN_VAIN.get(report.exercise, 0) + 1 if wrong else 0
    return replace(report, times=max(1, _IN_VAIN[report.exercise])).raise_if_validating()


#: By exercise, how often in a row its answer was not yet right.
_IN_VAIN: dict[str, int] = {}


#: JupyterLab takes the mark away by which one sees that a line opens.
_FOLD = "cursor:pointer;text-decoration:underline"

#: JupyterLab sets tables flush right and their captions in grey.
_CELL = "text-align:left;vertical-align:top;color:inherit"


def _points(number: float) -> str:
    return f"{number:g} point" + ("" if number == 1 else "s")


def _row(criterion: Criterion) -> str:
    # One fold for each hint: who wants a nudge is not shown the answer.
    hints = "".join(
        f'<details><summary style="{_FOLD}">Hint {number} of {len(criterion.hints)}</summary>'
        f"{escape(hint)}"
        "</details>"
        for number, hint in enumerate(criterion.hints, 1)
    )
    return (
        f'<tr><th scope="row" style="{_CELL}">{escape(criterion.name)}</th>'
        f'<td style="{_CELL};white-space:nowrap">{criterion.score:g} of {criterion.points:g}</td>'
        f'<td style="{_CELL}"><b>{criterion.outcome.mark} {criterion.outcome.value}.</b> '
        f"{escape(criterion.sentence)}{hints}</td></tr>"
    )
