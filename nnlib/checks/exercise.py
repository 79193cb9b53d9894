"""How a student's function is called, compared and, when it is wrong, understood.

An exercise is data: properties with points, each with a generator of cases, and a catalogue of
misconceptions. Checking it calls the function on the cases of every property. When something is
wrong, each misconception is called on the same cases; the report names it only when the student's
answers agree with it on all of them.
"""

import contextlib
import copy
import io
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnlib.checks.report import Criterion, Outcome, Report

#: Fewer cases than this never name a misconception: the agreement might be chance.
LEAST_AGREEMENT = 3


@dataclass(frozen=True)
class Case:
    """One call, and what it has to return.

    Attributes
    ----------
    shown : str
        The call as the report prints it.
    arguments, keywords
        What the function is called with; it receives copies.
    expected : array_like
    tolerance : float
        Largest absolute difference from `expected` that the arithmetic can explain.
    accepted : tuple
        Further values that are right, where more than one is.
    what : str
        What `expected` is, to end the sentence "... returned 3, but".

    Examples
    --------
    >>> Case("half(3)", (3,), {}, 1.5).keywords
    {}
    """

    shown: str
    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any]
    expected: Any
    tolerance: float = 0.0
    accepted: tuple[Any, ...] = ()
    what: str = "the value is"


@dataclass(frozen=True)
class Property:
    """A criterion before anybody is checked against it.

    Attributes
    ----------
    name : str
    points : float
    cases : callable
        From a generator of random numbers and a number of rounds to a list of cases.
    hints : tuple of str
    arguments_kept : bool
        Whether it is also wrong to change an array argument.

    Examples
    --------
    >>> Property("its value", 2, lambda rng, rounds: []).points
    2
    """

    name: str
    points: float
    cases: Callable[[np.random.Generator, int], list[Case]]
    hints: tuple[str, ...] = ()
    arguments_kept: bool = False


@dataclass(frozen=True)
class Misconception:
    """A wrong answer that students really give, and the sentence that helps.

    Attributes
    ----------
    name : str
    answer : callable
        The wrong function, with the exercise's signature.
    sentence : str

    Examples
    --------
    >>> Misconception("doubled", lambda x: 2 * x, "You doubled.").name
    'doubled'
    """

    name: str
    answer: Callable[..., Any]
    sentence: str


@dataclass(frozen=True)
class _Answer:
    """What came back from one call: a value or an exception, and whether arguments changed."""

    value: Any = None
    error: Exception | None = None
    changed: str = ""


@dataclass(frozen=True)
class Exercise:
    """A function for the student to write, with everything that is known about its answers.

    Attributes
    ----------
    name : str
        The function's name.
    properties : tuple of Property
    misconceptions : tuple of Misconception
    chapter : str
        Where the book explains it.

    Examples
    --------
    >>> def cases(rng, rounds):
    ...     return [Case(f"half({x})", (x,), {}, x / 2) for x in rng.integers(1, 9, rounds)]
    >>> half = Exercise("half", (Property("its value", 2, cases),), (), "chapter 0")
    >>> half(lambda x: x / 2).score
    2
    """

    name: str
    properties: tuple[Property, ...]
    misconceptions: tuple[Misconception, ...]
    chapter: str
    seed: int = field(default=1, kw_only=True)

    def __call__(
        self, function: Callable[..., Any], *, seed: int | None = None, rounds: int = 3
    ) -> Report:
        """Check a student's function.

        Parameters
        ----------
        function : callable
        seed : int, optional
            Of the random inputs. The same seed asks the same questions.
        rounds : int
            How many random inputs of each kind.

        Returns
        -------
        Report

        Raises
        ------
        CheckFailed
            Only while nbgrader validates, if something is not yet right.
        """
        return self._report(
            function, self.seed if seed is None else seed, rounds
        ).raise_if_validating()

    def _report(self, function: Callable[..., Any], seed: int, rounds: int) -> Report:
        if not callable(function):
            return self._all(
                Outcome.NOT_CHECKED,
                f"`{self.name}` is {_said(function)}, not a function. Did a later line reuse the "
                "name? Run the cell that defines it again.",
            )
        module = str(getattr(function, "__module__", ""))
        if module.partition(".")[0] == "nnlib" and not module.startswith("nnlib.checks."):
            return self._all(
                Outcome.NOT_ATTEMPTED,
                "This is the book's own function; this one is yours to write.",
            )
        rng = np.random.default_rng(seed)
        asked = {
            wanted: [(case, _ask(function, case)) for case in wanted.cases(rng, rounds)]
            for wanted in self.properties
        }
        answers = [answer for pairs in asked.values() for _, answer in pairs]
        if all(isinstance(answer.error, NotImplementedError) for answer in answers):
            return self._all(Outcome.NOT_ATTEMPTED, "")
        criteria = tuple(self._judge(wanted, pairs) for wanted, pairs in asked.items())
        diagnoses = (
            self._diagnose(wanted, pairs)
            for (wanted, pairs), criterion in zip(asked.items(), criteria, strict=True)
            if criterion.outcome is Outcome.WRONG
        )
        return Report(self.name, criteria, " ".join(dict.fromkeys(filter(None, diagnoses))))

    def _all(self, outcome: Outcome, sentence: str) -> Report:
        first, *others = self.properties
        return Report(
            self.name,
            (
                Criterion(first.name, first.points, outcome, sentence),
                *(Criterion(wanted.name, wanted.points, outcome) for wanted in others),
            ),
        )

    def _judge(self, wanted: Property, answers: list[tuple[Case, _Answer]]) -> Criterion:
        for case, answer in answers:
            complaint = _complaint(case, answer, wanted.arguments_kept)
            if complaint:
                hints = (*wanted.hints, f"The book: {self.chapter}.")
                return Criterion(wanted.name, wanted.points, Outcome.WRONG, complaint, hints)
        return Criterion(wanted.name, wanted.points, Outcome.RIGHT)

    def _diagnose(self, wanted: Property, answers: list[tuple[Case, _Answer]]) -> str:
        """Name the first misconception that gives the same answer to every case, or nothing."""
        for misconception in self.misconceptions:
            telling = 0
            for case, answer in answers:
                theirs = _ask(misconception.answer, case)
                if not _agree(answer, theirs, case, wanted.arguments_kept):
                    break
                telling += bool(_complaint(case, theirs, wanted.arguments_kept))
            else:
                if telling >= LEAST_AGREEMENT:
                    return misconception.sentence
        return ""


def _ask(function: Callable[..., Any], case: Case) -> _Answer:
    """Call a function with copies of a case's arguments.

    What it prints and warns of is dropped: it would bury the report, and nbgrader takes a word on
    stderr for a failure.
    """
    given = copy.deepcopy(case.arguments)
    try:
        with (
            np.errstate(all="ignore"),
            warnings.catch_warnings(),
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
        ):
            warnings.simplefilter("ignore")
            value = function(*given, **case.keywords)
    except Exception as error:
        return _Answer(error=error)
    for before, after in zip(case.arguments, given, strict=True):
        if isinstance(before, np.ndarray | list) and not np.array_equal(before, after):
            return _Answer(value, changed=_said(after))
    return _Answer(value)


def _complaint(case: Case, answer: _Answer, arguments_kept: bool) -> str:
    """Say what is wrong with an answer, or nothing."""
    if isinstance(answer.error, NotImplementedError):
        return f"{case.shown} is not written yet."
    if answer.error is not None:
        return f"{case.shown} raised {type(answer.error).__name__}: {answer.error}."
    if answer.value is None:
        return f"{case.shown} returned None. Does the function end with a return statement?"
    value = _numbers(answer.value)
    if value is None:
        return f"{case.shown} returned {_said(answer.value)}; wanted are numbers."
    expected = np.asarray(case.expected, dtype=np.float64)
    if value.shape != expected.shape:
        return f"{case.shown} returned {_shape(value.shape)}; wanted is {_shape(expected.shape)}."
    if not any(
        np.all(np.abs(value - right) <= case.tolerance) for right in (expected, *case.accepted)
    ):
        return f"{case.shown} returned {_said(value)}, but {case.what} {_said(expected)}."
    if arguments_kept and answer.changed:
        return (
            f"{case.shown} is right, but afterwards the caller's x is {answer.changed}: the "
            "function changed its argument. Work on a copy."
        )
    return ""


def _agree(one: _Answer, other: _Answer, case: Case, arguments_kept: bool) -> bool:
    """Whether two answers to the same case are the same, up to its tolerance."""
    if arguments_kept and bool(one.changed) != bool(other.changed):
        return False
    if one.error is not None or other.error is not None:
        return type(one.error) is type(other.error)
    a, b = _numbers(one.value), _numbers(other.value)
    if a is None or b is None:
        return a is b
    if a.shape != b.shape:
        return False
    # A wrong answer may be far larger than the right one, and its rounding with it.
    with np.errstate(invalid="ignore"):
        close = np.abs(a - b) <= case.tolerance + 1e-9 * np.abs(b)
    return bool(np.all(close | (a == b) | (np.isnan(a) & np.isnan(b))))


def _numbers(value: Any) -> np.ndarray | None:
    """The value as float64, or None if it does not hold real numbers."""
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "buif":
            return None
        return array.astype(np.float64)
    except (TypeError, ValueError):
        return None


def _shape(shape: tuple[int, ...]) -> str:
    return f"an array of shape {shape}" if shape else "one number"


def _said(value: Any) -> str:
    """A value in a few characters."""
    if isinstance(value, np.ndarray):
        if value.ndim == 0:
            return f"{value.item():.10g}"
        text = np.array2string(value, precision=6, separator=", ", threshold=8)
        return " ".join(text.split())
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
