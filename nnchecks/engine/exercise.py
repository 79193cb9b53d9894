"""How a student's function is called, compared and, when it is wrong, understood.

An exercise is data: properties with points, each with a generator of cases, and a catalogue of
misconceptions. Checking it calls the function on the cases of every property. When something is
wrong, each misconception is called on the same cases; the report names it only when the student's
answers agree with it on all of them. Two slips at once are named where exactly one pair agrees.

What is wrong only because an earlier function of the student's is wrong is asked again with a right
one in its place: no slip is counted twice.
"""

import contextlib
import copy
import dis
import functools
import io
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import CodeType, TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt

from nnchecks.engine.earlier import in_place, inner
from nnchecks.engine.report import (
    NBGRADER_MODE,
    Criterion,
    Outcome,
    Picture,
    Report,
    reported,
)
from nnchecks.engine.time_limit import PROCESSOR, OutOfTime, limited
from nnchecks.engine.withheld import copied, out_of_reach

#: Fewer cases than this never name a misconception: the agreement might be chance.
LEAST_AGREEMENT = 3


#: Where a judge says, in hexadecimal, what else the questions of a hidden test depend on. Answers
#: that fit the questions of one run are then no answers in the next.
VARIATION = "NNLIB_VARIATION"


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
    picture : callable
        Draws a wrong answer: ``picture(case, value, ask)`` gets the first case that went wrong,
        what the student's function returned, and the function itself, which returns None where it
        fails. It returns a Picture, or None where a picture would say nothing.
    telling : int
        In how many cases a misconception must go wrong, as the student's answer does, to be named.
        Fewer than usual only where every case looks at very many answers at once.

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
    picture: Callable[[Case, Any, Callable[..., Any]], Picture | None] | None = field(
        default=None, kw_only=True
    )
    telling: int = field(default=LEAST_AGREEMENT, kw_only=True)


@dataclass(frozen=True)
class Twist:
    """A slip that changes any value in the same way, and so goes together with other slips.

    Attributes
    ----------
    change : callable
        From a value to what the slip makes of it.
    sentence : str
        What to add after the sentence of the other slip.

    Examples
    --------
    >>> int(Twist(np.negative, "Besides, the sign is turned round.").change(3))
    -3
    """

    change: Callable[[Any], Any]
    sentence: str


@dataclass(frozen=True)
class Misconception:
    """A wrong answer that students really give, and the sentence that helps.

    Attributes
    ----------
    name : str
    answer : callable
        The wrong function, with the exercise's signature.
    sentence : str
    twist : Twist
        How it shows on top of another misconception, if it can.
    once : bool
        Whether it is a slip in one place that shows in every answer. Where it alone explains all
        that is wrong it costs the first criterion, and the others are given.

    Examples
    --------
    >>> Misconception("doubled", lambda x: 2 * x, "You doubled.").name
    'doubled'
    """

    name: str
    answer: Callable[..., Any]
    sentence: str
    twist: Twist | None = None
    once: bool = field(default=False, kw_only=True)


@dataclass(frozen=True)
class Combination(Misconception):
    """Two misconceptions in one answer.

    Attributes
    ----------
    parts : tuple of Misconception

    Examples
    --------
    >>> Combination("both", abs, "Two slips at once.").parts
    ()
    """

    parts: tuple[Misconception, ...] = ()


@dataclass(frozen=True)
class _Answer:
    """What came back from one call: a value or an exception, and what else happened.

    The place of an exception is the operation that raised it; see `_place`.
    """

    value: Any = None
    error: BaseException | None = None
    place: str = ""
    changed: str = ""
    withheld: str = ""


#: By property, its cases and what the function answered.
_Asked = dict[Property, list[tuple[Case, _Answer]]]


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
    withheld : sequence of functions and classes
        The book's own, which a student's function may not be, copy or call. The functions among
        the cases' arguments must not need them.
    earlier : mapping of str to callable
        Exercises before this one that an answer may call, each with a right answer that uses
        nothing withheld. Where an answer is wrong, it is asked again with these in the place of
        the student's own, and what then is right is given.
    seconds : float
        Of processor time, for one check in the notebook.

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
    withheld: Sequence[Any] = field(default=(), kw_only=True)
    earlier: Mapping[str, Callable[..., Any]] = field(default_factory=dict, kw_only=True)
    seconds: float = field(default=PROCESSOR, kw_only=True)

    def __call__(
        self, function: Callable[..., Any], *, seed: int | None = None, rounds: int = 3
    ) -> Report:
        """Check a student's function.

        Parameters
        ----------
        function : callable
        seed : int, optional
            Of the random inputs. The same seed asks the same questions, but for a judge who has
            set the variable `VARIATION`. Without a seed they are those that students see.
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
        asked = [self.seed] if seed is None else [seed, *_variation()]
        return reported(lambda: self._report(function, asked, rounds))

    def _report(self, function: Callable[..., Any], seed: list[int], rounds: int) -> Report:
        if not callable(function):
            return self._all(
                Outcome.NOT_CHECKED,
                f"`{self.name}` is {_said(function)}, not a function. Did a later line reuse the "
                "name? Run the cell that defines it again.",
            )
        withheld = () if self._is_known_to_be_wrong(function) else self.withheld
        module = str(getattr(function, "__module__", ""))
        if module.partition(".")[0] == "nnlib":
            return self._all(Outcome.NOT_ATTEMPTED, _YOURS)
        if name := copied(function, withheld):
            return self._all(Outcome.NOT_ATTEMPTED, self._not_yours(name))
        ask = functools.partial(_ask, function, withheld=withheld)
        rng = np.random.default_rng(seed)
        questions = {wanted: wanted.cases(rng, rounds) for wanted in self.properties}
        asked: _Asked = {wanted: [] for wanted in self.properties}
        waiting = ((wanted, case) for wanted, cases in questions.items() for case in cases)
        wanted, case = self.properties[0], None
        try:
            with _in_notebook(self.seconds):
                for wanted, case in waiting:
                    asked[wanted].append((case, ask(case)))
                return self._judged(asked, ask, function)
        except OutOfTime:
            return self._out_of_time(wanted, case)

    def _out_of_time(self, stopped: Property, case: Case | None) -> Report:
        """Return the report on a function that did not come back."""
        said = f"{case.shown if case else self.name} had not come back after "
        said += f"{self.seconds:g} seconds of work, so the check was stopped. "
        said += "Is there a loop that never ends? What ends it, and does that ever happen?"
        criteria = []
        for one in self.properties:
            wrong = one is stopped
            outcome = Outcome.WRONG if wrong else Outcome.NOT_CHECKED
            criteria.append(Criterion(one.name, one.points, outcome, said if wrong else ""))
        return Report(self.name, tuple(criteria))

    def _judged(
        self, asked: _Asked, ask: Callable[..., _Answer], function: Callable[..., Any]
    ) -> Report:
        """Return the report on a function's answers."""
        for _, answer in (pair for pairs in asked.values() for pair in pairs):
            if answer.withheld:
                return self._all(Outcome.NOT_ATTEMPTED, self._not_yours(answer.withheld))
        carried = self._carry(asked, ask, function)
        answers = [answer for pairs in asked.values() for _, answer in pairs]
        if all(isinstance(answer.error, NotImplementedError) for answer in answers):
            return self._all(Outcome.NOT_ATTEMPTED, "")
        criteria = []
        named: list[Misconception] = []
        picture = None
        wrongs = {wanted: next(_wrong(pairs, wanted), None) for wanted, pairs in asked.items()}
        # The wrong answers first: there most slips are told apart.
        telling = {
            wanted: sorted(asked[wanted], key=functools.partial(_is_right, wanted))
            for wanted, wrong in wrongs.items()
            if wrong
        }
        once = self._once(telling)
        for wanted, wrong in wrongs.items():
            if not wrong:
                said = _LENT.format(carried[wanted]) if wanted in carried else ""
                criteria.append(Criterion(wanted.name, wanted.points, Outcome.RIGHT, said))
            elif once and once in named:
                criteria.append(Criterion(wanted.name, wanted.points, Outcome.RIGHT, _CARRIED))
            else:
                case, answer, complaint = wrong
                hints = (*wanted.hints, f"The book: {self.chapter}.")
                criteria.append(
                    Criterion(wanted.name, wanted.points, Outcome.WRONG, complaint, hints)
                )
                named += [once] if once else self._diagnose(wanted, telling[wanted])
                if wanted.picture and picture is None:
                    picture = functools.partial(_drawn, wanted.picture, case, answer, ask)
        told = [part for both in named if isinstance(both, Combination) for part in both.parts]
        sentences = dict.fromkeys(one.sentence for one in named if one not in told)
        if sentences and len(telling) > 1:
            sentences = self._whole(telling) or sentences
        return Report(self.name, tuple(criteria), " ".join(sentences), picture)

    def _carry(
        self, asked: _Asked, ask: Callable[..., _Answer], function: Callable[..., Any]
    ) -> dict[Property, str]:
        """Ask again what is wrong, with right functions in the place of the student's earlier ones.

        Return what then is right, with the names of those functions. `asked` gets the new answers.
        """
        if not self.earlier or self._is_known_to_be_wrong(function):
            return {}
        carried: dict[Property, str] = {}
        together = [self.earlier] if len(self.earlier) > 1 else []
        for names in (*({name: one} for name, one in self.earlier.items()), *together):
            with in_place(function, names) as possible:
                for wanted, pairs in list(asked.items()):
                    if not possible or wanted in carried or not any(_wrong(pairs, wanted)):
                        continue
                    again = [(case, ask(case)) for case, _ in pairs]
                    if not any(_wrong(again, wanted)):
                        carried[wanted] = " and ".join(f"`{name}`" for name in names)
                    if wanted in carried or names is self.earlier or not together:
                        asked[wanted] = again
        return carried

    def _all(self, outcome: Outcome, sentence: str) -> Report:
        first, *others = self.properties
        return Report(
            self.name,
            (
                Criterion(first.name, first.points, outcome, sentence),
                *(Criterion(wanted.name, wanted.points, outcome) for wanted in others),
            ),
        )

    @functools.cached_property
    def combinations(self) -> tuple[Combination, ...]:
        """Every misconception with the twist of every other one, each pair once."""
        return tuple(
            Combination(
                f"{first.name} and {second.name}",
                functools.partial(_twisted, first.answer, second.twist.change),
                f"Two slips at once. {first.sentence} {second.twist.sentence}",
                parts=(first, second),
            )
            for place, second in enumerate(self.misconceptions)
            for other, first in enumerate(self.misconceptions)
            if second.twist and (other < place or (other > place and not first.twist))
        )

    def _diagnose(self, wanted: Property, pairs: list[tuple[Case, _Answer]]) -> list[Misconception]:
        """Return the misconception that gives the same answer to every case, if there is one."""
        agrees = functools.partial(fits, wanted, pairs)
        alone = next(filter(agrees, self.misconceptions), None)
        if alone:
            return [alone]
        # Two pairs that explain the answer equally well explain nothing.
        found = list(filter(agrees, self.combinations))
        return [*found] if len(found) == 1 else []

    def _once(self, wrong: dict[Property, list[tuple[Case, _Answer]]]) -> Misconception | None:
        """Return the slip that counts once and explains all that is wrong, if there is one."""
        slips = (one for one in self.misconceptions if one.once and wrong)
        return next((one for one in slips if all(fits(*it, one) for it in wrong.items())), None)

    def _whole(self, wrong: _Asked) -> dict[str, None]:
        """Return the sentence of the one slip, or pair, that explains all that is wrong, if any.

        Without it each criterion would name what explains that criterion, and where the questions
        are simple that may be a slip that the answers to others contradict.
        """
        for among in (self.misconceptions, self.combinations):
            found = [
                slip
                for slip in among
                if all(fits(replace(one, telling=1), pairs, slip) for one, pairs in wrong.items())
                and any(fits(one, pairs, slip) for one, pairs in wrong.items())
            ]
            if found:
                sentences = dict.fromkeys(slip.sentence for slip in found)
                # A row that others describe, too, tells a part of what is wrong, and they the rest.
                partly = among is self.misconceptions and any(_parts(slip) for slip in found)
                return sentences if len(sentences) == 1 and not partly else {}
        return {}

    def _is_known_to_be_wrong(self, function: Callable[..., Any]) -> bool:
        """Whether it is our own wrong answer, which may use what students' may not."""
        known = (*self.misconceptions, *self.combinations)
        return any(function is one.answer for one in known)

    def _not_yours(self, name: str) -> str:
        if name == self.name:
            return _YOURS
        return (
            f"This calls the book's own `{name}`. What an assignment asks for may not come from "
            "nnlib, not even as a helper; this one is yours to write. Call your own functions."
        )


# --- functions whose result is looked at from one side -------------------------------------------


class WrongKindError(Exception):
    """A result of another kind than the one asked for; the message says which is wanted."""


class _Seen(functools.partial[Any]):
    """A function with one more keyword, `look`: what of its result is to be returned.

    A kind of partial, so that who asks where a function comes from finds the student's.
    """

    sees: Callable[..., Any]

    def __call__(self, /, *arguments: Any, look: str | None = None, **keywords: Any) -> Any:
        if look is None:
            return super().__call__(*arguments, **keywords)
        return self.sees(functools.partial(super().__call__, **keywords), look, *arguments)


def seen(function: Callable[..., Any], sees: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function with one more keyword, `look`; see `SeenExercise`.

    Examples
    --------
    >>> asked = seen(divmod, lambda f, look, a, b: f(a, b)[look == "rest"])
    >>> asked(7, 2, look="rest"), asked(7, 2, look="whole"), asked(7, 2)
    (1, 3, (3, 1))
    """
    asked = _Seen(function)
    functools.update_wrapper(asked, function)
    asked.sees = sees
    return asked


@dataclass(frozen=True)
class SeenExercise(Exercise):
    """An exercise whose cases have a keyword `look`.

    Attributes
    ----------
    sees : callable
        ``sees(function, look, *arguments)`` calls the function and returns numbers, or None where
        it returned None, or raises WrongKindError. The answers of the misconceptions are to be
        made with `seen`.

    Examples
    --------
    >>> def cases(rng, rounds):
    ...     return [Case("divmod(7, 2)[0]", (7, 2), {"look": "whole"}, 3)]
    >>> divided = SeenExercise(
    ...     "divmod", (Property("its value", 2, cases),), (), "chapter 0",
    ...     sees=lambda f, look, a, b: f(a, b)[look == "rest"],
    ... )
    >>> divided(divmod).score
    2
    """

    sees: Callable[..., Any] = field(kw_only=True)

    def __call__(
        self, function: Callable[..., Any], *, seed: int | None = None, rounds: int = 3
    ) -> Report:
        """Check a student's function; see `Exercise`."""
        if callable(function) and not self._is_known_to_be_wrong(function):
            function = seen(function, self.sees)
        return super().__call__(function, seed=seed, rounds=rounds)


_CARRIED = "Right but for the slip that this report names. It counts once."

_LENT = (
    "Right with the book's {} in the place of yours. What is wrong with yours is said, and "
    "counted, at its own check."
)

_YOURS = (
    "This is the book's own function; this one is yours to write. If you have written it, an "
    "import below has taken its name: run your own cell again."
)


def _twisted(
    answer: Callable[..., Any], change: Callable[[Any], Any], *given: Any, **kw: Any
) -> Any:
    return change(answer(*given, **kw))


def fits(wanted: Property, pairs: list[tuple[Case, _Answer]], misconception: Misconception) -> bool:
    """Whether a misconception gives the student's answer to every case, and enough are telling.

    A case is telling where the misconception goes wrong in a number, or raises the same exception
    in the same operation. Numbers that are none (nan, infinity) come of many slips: they tell only
    beside others that are numbers.
    """
    telling = vague = 0
    numbers = False
    for case, answer in pairs:
        theirs = _ask(misconception.answer, case)
        if not _agree(answer, theirs, case, wanted.arguments_kept):
            return False
        value = _numbers(theirs.value)
        finite = value is not None and bool(np.all(np.isfinite(value)))
        numbers = numbers or (value is not None and bool(np.any(np.isfinite(value))))
        if telling < wanted.telling and _complaint(case, theirs, wanted.arguments_kept):
            telling += finite or theirs.error is not None or value is None
            vague += not finite and theirs.error is None and value is not None
    return telling + (vague if numbers else 0) >= wanted.telling


def _wrong(
    pairs: list[tuple[Case, _Answer]], wanted: Property
) -> Iterator[tuple[Case, _Answer, str]]:
    """Yield the cases that went wrong, with what is to be said of each."""
    for case, answer in pairs:
        complaint = _complaint(case, answer, wanted.arguments_kept)
        if complaint:
            yield case, answer, complaint


def _parts(slip: Misconception) -> tuple[Misconception, ...]:
    return getattr(slip, "parts", ())


def _is_right(wanted: Property, pair: tuple[Case, _Answer]) -> bool:
    return not any(_wrong([pair], wanted))


def _drawn(
    picture: Callable[[Case, Any, Callable[..., Any]], Picture | None],
    case: Case,
    answer: _Answer,
    ask: Callable[[Case], _Answer],
) -> Picture | None:
    """Draw a wrong answer; one that cannot be drawn must not take the report with it."""

    def again(*arguments: Any, **keywords: Any) -> Any:
        return ask(Case("", arguments, keywords, None)).value

    if answer.error is not None:
        return None
    try:
        with _in_notebook(PROCESSOR):
            return picture(case, answer.value, again)
    except (Exception, OutOfTime):
        return None


def _in_notebook(seconds: float) -> contextlib.AbstractContextManager[None]:
    """Return a limit of time, except where a judge has its own."""
    judged = os.environ.get(NBGRADER_MODE) == "autograde"
    return contextlib.nullcontext() if judged else limited(seconds)


def _variation() -> list[int]:
    """Return what the judge wants the hidden questions to depend on, if anything."""
    told = os.environ.get(VARIATION)
    return [int(told, 16)] if told else []


def _ask(function: Callable[..., Any], case: Case, withheld: Sequence[Any] = ()) -> _Answer:
    """Call a function with copies of a case's arguments.

    What it prints and warns of is dropped: it would bury the report, and nbgrader takes a word on
    stderr for a failure.
    """
    given = copy.deepcopy(case.arguments)
    value: Any = None
    error: BaseException | None = None
    with (
        np.errstate(all="ignore"),
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        out_of_reach(withheld) as called,
    ):
        warnings.simplefilter("ignore")
        try:
            value = function(*given, **case.keywords)
        except (Exception, SystemExit) as raised:
            error = raised
    if called:
        return _Answer(error=error, withheld=called[0])
    if error is not None:
        return _Answer(error=error, place=_place(error, case))
    for before, after in zip(case.arguments, given, strict=True):
        if not _same(before, after):
            return _Answer(value, changed=_said(after))
    return _Answer(value)


def _same(before: Any, after: Any) -> bool:
    """Whether an argument still holds what it held; what cannot be changed in place always does."""
    if isinstance(before, np.ndarray):
        return bool(before.shape == after.shape and before.tobytes() == after.tobytes())
    if isinstance(before, dict):
        return before.keys() == after.keys() and all(_same(before[k], after[k]) for k in before)
    if isinstance(before, list | tuple):
        return len(before) == len(after) and all(map(_same, before, after))
    if isinstance(before, bool | int | float | complex | str | None):
        return bool(before == after or before != before)
    return True


def _complaint(case: Case, answer: _Answer, arguments_kept: bool) -> str:
    """Say what is wrong with an answer, or nothing."""
    if isinstance(answer.error, NotImplementedError):
        return f"{case.shown} is not written yet."
    if answer.error is not None:
        said = str(answer.error).strip().removesuffix(".")
        if isinstance(answer.error, WrongKindError):
            return f"{case.shown} went wrong: {said}."
        return f"{case.shown} raised {type(answer.error).__name__}: {said}."
    if answer.value is None:
        return f"{case.shown} returned None. Does the function end with a return statement?"
    value = _numbers(answer.value)
    if value is None:
        return f"{case.shown} returned {_said(answer.value)}; it should return real numbers."
    expected = np.asarray(case.expected, dtype=np.float64)
    if value.shape != expected.shape:
        return (
            f"{case.shown} returned {_shape(value.shape)}; it should return "
            f"{_shape(expected.shape)}."
        )
    if not any(
        np.all(np.abs(value - right) <= case.tolerance) for right in (expected, *case.accepted)
    ):
        return f"{case.shown} {_contrasted(value, case)}."
    if arguments_kept and answer.changed:
        return (
            f"{case.shown} is right, but afterwards what was passed in is {answer.changed}: the "
            "function changed its argument. Work on a copy."
        )
    return ""


def _agree(one: _Answer, other: _Answer, case: Case, arguments_kept: bool) -> bool:
    """Whether two answers to the same case are the same, up to its tolerance."""
    if arguments_kept and bool(one.changed) != bool(other.changed):
        return False
    if one.error is not None or other.error is not None:
        return _raised(one) == _raised(other)
    a, b = _numbers(one.value), _numbers(other.value)
    if a is None or b is None:
        # What holds no numbers agrees with its like: nothing with nothing, text with text.
        return a is b and type(one.value) is type(other.value)
    if a.shape != b.shape:
        return False
    # A wrong answer may be far larger than the right one, and its rounding with it.
    with np.errstate(invalid="ignore", over="ignore"):
        close = np.abs(a - b) <= case.tolerance + 1e-9 * np.abs(b)
    return bool(np.all(close | (a == b) | (np.isnan(a) & np.isnan(b))))


def _raised(answer: _Answer) -> tuple[str, str, str]:
    """Return what an exception is known by.

    Its type by name: one that has come to a judge from elsewhere has a type of its own.
    """
    return type(answer.error).__name__, str(answer.error), answer.place


def _place(error: BaseException, case: Case) -> str:
    """Return the operation that raised an exception: the last one in the code that was called.

    What it called of NumPy and of Python's library is not looked into, nor the functions that it
    was given. An exception that comes from a workspace knows its operation already.

    Examples
    --------
    >>> case = Case("f(1)", (1,), {}, 1)
    >>> _ask(lambda x: x[0], case).place, _ask(lambda x: x @ 2, case).place
    ('BINARY_SUBSCR', 'BINARY_OP @')
    """
    told = getattr(error, "operation", None)
    if isinstance(told, str):
        return told
    given = {_code_of(one) for one in (*case.arguments, *case.keywords.values()) if callable(one)}
    return _operation(error.__traceback__, given)


def _operation(traceback: TracebackType | None, given: set[CodeType | None]) -> str:
    found = ""
    while traceback is not None and traceback.tb_frame.f_code not in given:
        code, home = traceback.tb_frame.f_code, traceback.tb_frame.f_globals.get("__name__", "")
        if home.partition(".")[0] not in _LIBRARIES and code.co_filename != __file__:
            for one in dis.get_instructions(code):
                if one.offset == traceback.tb_lasti:
                    # Python 3.11 raises from PRECALL what a warm function raises from CALL.
                    name = one.opname.removeprefix("PRE")
                    found = f"{name} {one.argrepr if name == 'BINARY_OP' else ''}"
        traceback = traceback.tb_next
    return found.strip()


#: Whose lines say nothing about the slip.
_LIBRARIES = sys.stdlib_module_names | {"numpy"}


def _code_of(function: Any) -> CodeType | None:
    """Return the code that runs when something is called, if it is Python's."""
    plain = inner(function)
    return getattr(plain if hasattr(plain, "__code__") else type(plain).__call__, "__code__", None)


def _numbers(value: Any) -> np.ndarray | None:
    """The value as float64, or None if it does not hold real numbers."""
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "buif":
            return None
        return array.astype(np.float64)
    except (TypeError, ValueError):
        return None


def _contrasted(value: np.ndarray, case: Case) -> str:
    """Say what was returned and what is right, in numbers that are seen to differ.

    A long array is shown by the first entry that is wrong.

    Examples
    --------
    >>> _contrasted(np.array(1.0000001), Case("f(1)", (1,), {}, 1.0000002))
    'returned 1.0000001, but the value is 1.0000002'
    >>> _contrasted(np.zeros((3, 4)), Case("f(1)", (1,), {}, np.eye(3, 4)))
    'returned an array whose entry [0, 0] is 0; at this place, the value is 1'
    """
    expected = np.asarray(case.expected, dtype=np.float64)
    differ = np.argwhere(~(np.abs(value - expected) <= case.tolerance))
    if value.size <= _FEW:
        for digits in range(6 if value.ndim else 10, 18):
            texts = written(value, digits), written(expected, digits)
            if texts[0] != texts[1]:
                break
        return f"returned {texts[0]}, but {case.what} {texts[1]}"
    first = tuple(map(int, differ[0]))
    one = Case("", (), {}, expected[first], case.tolerance, what=case.what)
    wrong, right = _contrasted(value[first], one).removeprefix("returned ").split(", but ", 1)
    return (
        f"returned an array whose entry [{', '.join(map(str, first))}] is {wrong}; at this place, "
        f"{right}"
    )


#: Of so many numbers each is shown.
_FEW = 8


def _shape(shape: tuple[int, ...]) -> str:
    return f"an array of shape {shape}" if shape else "one number"


def written(value: npt.ArrayLike, digits: int = 8, threshold: int = 1000) -> str:
    """Write numbers as one would type them; of more than `threshold`, the first and the last.

    Examples
    --------
    >>> written([[1, -2], [0.25, 1e-9]]), written(3.0)
    ('[[1, -2], [0.25, 1e-09]]', '3')
    """
    each: Any = {"float_kind": lambda v: f"{v:.{digits}g}", "int_kind": str}
    array = np.asarray(value)
    if array.ndim == 0 and array.dtype.kind in "fi":  # NumPy takes long for one number
        number = array.item()
        return f"{number:.{digits}g}" if array.dtype.kind == "f" else str(number)
    text = np.array2string(array, separator=", ", threshold=threshold, formatter=each)
    return " ".join(text.split())


def _said(value: Any) -> str:
    """A value in a few characters."""
    if isinstance(value, np.ndarray):
        return written(value, 6, 8) if value.ndim else f"{value.item():.10g}"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
