"""Marks a table of numbers that were worked by hand, as a good teacher does.

* Each number is worked out again from the student's *own* earlier numbers, so that one slip costs
  one place. Who writes down a wrong number and goes on with the right one loses that place too,
  and no other.
* The tolerance is what rounding to the decimals asked for can do: half a unit of the last decimal
  in the number itself, and in each of the student's numbers from which it is worked out. What the
  worksheet gives is exact.
* Rounding to fewer decimals than asked, or cutting off, is one slip, however often it was done: it
  costs the first number in which it shows.
* A number counts where it shows something. That 0 follows from 0, or that a weight without a
  gradient stays as it is, takes no work: a chain of zeros or of copies earns nothing.
* The first wrong number is named. So is the slip, if just one of the usual ones gives this number;
  where two would, nobody can know.
* A table that hangs together and starts from other numbers is somebody else's, or the id is
  mistyped: that is said, and not marked.
* Where the judge knows who hands in, an id that is somebody else's changes nothing: the table is
  marked by the numbers of the one who hands in, and the instructor is told.

An assignment brings the formulas, the points and the usual slips.
"""

import difflib
import functools
import itertools
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import CodeType
from typing import Any

import numpy as np

from nnchecks.engine.report import Criterion, Outcome, Report, reported
from nnchecks.engine.submitter import is_placeholder, of_another, submitter

# --- the steps ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Slip:
    """A wrong way to work out one number.

    Attributes
    ----------
    formula : str
        What was worked out in place of the right formula; empty for a slip of the pen.
    sentence : str
        The sentence that helps.
    kind : str
        The same for the same slip at another place.

    Examples
    --------
    >>> Slip("target - y", "The sign is turned.").kind
    ''
    """

    formula: str
    sentence: str
    kind: str = ""


@dataclass(frozen=True)
class Step:
    """One number of the table.

    Attributes
    ----------
    name : str
    points : float
    formula : str
        Python, in the names of the given numbers and of the numbers before it.
    nudge : str
        The first hint.
    slips : tuple of Slip

    Examples
    --------
    >>> Step("h1", 0.25, "tanh(v1)", "What does the unit do?", ()).formula
    'tanh(v1)'
    """

    name: str
    points: float
    formula: str
    nudge: str
    slips: tuple[Slip, ...]


@dataclass(frozen=True)
class Rule:
    """What is known of all numbers of one kind, such as h1 and h2.

    Attributes
    ----------
    points : float
        For each of them.
    nudge : str
        The first hint.
    slips : mapping of str to str
        From the wrong formula to the sentence.

    Nudges, formulas and sentences may name the place: {name}, the right formula {right}, the hidden
    unit {j} and the other one {k}, the input {i}; {m} and {n} stand for any other two inputs.

    Examples
    --------
    >>> rule = Rule(1, "From which number?", {"v{j}": "This is v{j} itself."})
    >>> rule.step("h1", "tanh(v1)", {"j": 1}, {"v1"}).slips[0].sentence
    'This is v1 itself.'
    """

    points: float
    nudge: str
    slips: Mapping[str, str]

    def step(self, name: str, formula: str, at: Mapping[str, int], known: Iterable[str]) -> Step:
        """Return the step at one place.

        Parameters
        ----------
        name, formula : str
        at : mapping of str to int
            The numbers of {j} and {i}.
        known : iterable of str
            What there is to calculate with; a slip that needs more is left out.
        """
        words = {"name": name, "right": formula, **at}
        if "j" in at:
            words["k"] = 3 - at["j"]
        inputs = [i for i in (1, 2, 3) if i != at.get("i")]
        slips: dict[str, Slip] = {}
        for wrong, said in self.slips.items():
            pairs = list(itertools.combinations(inputs, 2))
            for m, n in pairs if "{n}" in wrong else [(m, m) for m in inputs]:
                filled = words | {"m": m, "n": n}
                slip = Slip(wrong.format(**filled), said.format(**filled), kind=said)
                if slip.formula != formula and set(_compiled(slip.formula)[1]) <= set(known):
                    slips.setdefault(slip.formula, slip)
        return Step(name, self.points, formula, self.nudge.format(**words), tuple(slips.values()))


# --- arithmetic with rounded numbers --------------------------------------------------------------

#: A number as the ends of the interval in which it can lie: one if it is exact, else two.
Interval = tuple[float, ...]

FUNCTIONS = {"tanh": math.tanh, "tan": math.tan, "exp": math.exp}


@functools.cache
def _compiled(formula: str) -> tuple[CodeType, tuple[str, ...]]:
    """Return a formula as code, with the names of the numbers in it."""
    code = compile(formula, formula, "eval")
    return code, tuple(name for name in code.co_names if name not in FUNCTIONS)


def _interval(formula: str, known: Mapping[str, Interval]) -> Interval:
    """Return the least and the largest value that a formula can have.

    Every formula rises or falls with each of its numbers as long as that keeps its sign, so the
    corners of the box decide; a square across 0 adds less than 1e-8.
    """
    code, names = _compiled(formula)
    try:
        values = [
            eval(code, {"__builtins__": {}, **FUNCTIONS, **dict(zip(names, corner, strict=True))})
            for corner in itertools.product(*(known[name] for name in names))
        ]
    except (OverflowError, ZeroDivisionError):
        return (math.nan, math.nan)
    return (min(values), max(values))


def _within(value: float, interval: Interval, by: float) -> bool:
    """Whether a number that may be off by so much can stand for one in the interval."""
    return interval[0] - by - 1e-8 <= value <= interval[-1] + by + 1e-8


def _is_idle(formula: str, known: Mapping[str, Interval], by: float) -> bool:
    """Whether 0, ±1 or a number from which it starts would do as well, without any work."""
    middle = {name: (sum(ends) / len(ends),) for name, ends in known.items()}
    right = _interval(formula, middle)
    starts = [middle[name][0] for name in _compiled(formula)[1]]
    return any(_within(one, right, by) for one in (0.0, 1.0, -1.0, *starts))


def _is_constant(entries: Iterable["_Entry"]) -> bool:
    """Whether a table holds hardly any different numbers."""
    sizes = [abs(one.value) for one in entries if one.value is not None]
    return len(sizes) > 2 * A_FEW and len({*sizes}) <= A_FEW


# --- reading --------------------------------------------------------------------------------------

#: Minus signs as they are typed elsewhere, decimal commas, and spaces.
_TYPED = str.maketrans({"−": "-", "–": "-", ",": ".", "\u00a0": None, " ": None, "'": None})


@dataclass(frozen=True)
class _Entry:
    """One entry: a number as it was written, or what is wrong with it; neither if it is empty."""

    value: float | None = None
    text: str = ""
    complaint: str = ""

    @property
    def decimals(self) -> int:
        """How many decimals were written."""
        return len(self.text.partition(".")[2]) if "e" not in self.text else 99


def _read(entry: Any) -> _Entry:
    if entry is None or entry is ...:
        return _Entry()
    if isinstance(entry, np.ndarray | np.generic) and np.ndim(entry) == 0:
        entry = entry.item()
    if isinstance(entry, str):
        text = entry.translate(_TYPED).casefold()
        if text.strip("?_.-") == "" or text in ("none", "todo"):
            return _Entry()
        if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", text):
            said = f"{entry[:40]!r} is not a number. Write it like 0.1234 or '0,1234'."
            return _Entry(complaint=said)
    elif isinstance(entry, int | float) and not isinstance(entry, bool):
        text = repr(float(entry)) if not abs(entry) >= 1e300 else "inf"
    else:
        kind = type(entry).__name__
        return _Entry(complaint=f"This is of type {kind}; one number is wanted, like 0.1234.")
    value = float(text)
    if not math.isfinite(value):
        return _Entry(complaint=f"{text[:40]} is not a number on paper. Write one like 0.1234.")
    return _Entry(value, text.lstrip("+"))


# --- marking --------------------------------------------------------------------------------------

#: A number that was rounded more coarsely, or to nothing but zeros, shows too little.
FEWEST_DECIMALS = 2

#: Two kinds of slips: a number with fewer decimals than asked or cut off, and one with hardly any.
DECIMALS, HARDLY_ANY = "decimals", "hardly any decimals"

#: One honest 0 makes as many others 0, or copies; more of them are a chain that took no work.
A_FEW = 3


@dataclass(frozen=True)
class _Writing:
    """How a right number was written down.

    Attributes
    ----------
    off_by : float
        How far the number may be from what was worked out.
    slip : Slip, optional
        What is wrong with it.
    """

    off_by: float
    slip: Slip | None = None


@dataclass(frozen=True)
class _Marked:
    """One number of the table after it was looked at."""

    step: Step
    outcome: Outcome
    sentence: str = ""
    slip: Slip | None = None
    idle: bool = False


@dataclass(frozen=True)
class HandWorked:
    """The check of a table: call it with the table and the student's id.

    Attributes
    ----------
    name : str
        What the table is called.
    steps : tuple of Step
        In the order in which they are worked.
    chapter : str
        Where the book explains it.
    given : callable
        From a student's id to the numbers of the worksheet, by name. It raises TypeError or
        ValueError if there is no such id.
    decimals : int
        To how many decimals the numbers are asked for.

    Examples
    --------
    >>> halves = (Step("half", 1, "n / 2", "", ()), Step("square", 1, "half**2", "", ()))
    >>> check = HandWorked("numbers", halves, "chapter 0", lambda student: {"n": float(student)}, 2)
    >>> check({"half": 2.5, "square": 6.25}, "7").score
    1
    """

    name: str
    steps: tuple[Step, ...]
    chapter: str
    given: Callable[[Any], Mapping[str, float]]
    decimals: int

    @property
    def points(self) -> float:
        """What a table without a slip gets."""
        return sum(step.points for step in self.steps)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the numbers."""
        return tuple(step.name for step in self.steps)

    def __call__(self, table: Mapping[str, Any], student_id: str | int) -> Report:
        """Mark a table.

        Parameters
        ----------
        table : mapping of str to number or text
            Text may have a decimal comma; None is an empty place.
        student_id : str or int
            Whose numbers it is about.

        Returns
        -------
        Report
            A criterion for each number.

        Raises
        ------
        CheckFailed
            Only while nbgrader validates, if something is not yet right.
        """
        return reported(lambda: self._report(table, student_id))

    def identify(self, student_id: Any) -> tuple[Mapping[str, float], str]:
        """Return the numbers that belong to an id, or nothing and what is wrong with the id.

        Parameters
        ----------
        student_id : object
            What was typed.
        """
        if isinstance(student_id, np.integer):
            student_id = int(student_id)
        typed = "" if student_id is None else str(student_id)
        if is_placeholder(student_id):
            said = f"{typed!r}, which is no one's id" if typed.strip() else "empty"
            return {}, (
                f"student_id is {said}, so nobody can tell which numbers are yours. Type the id "
                "that stands on your worksheet between the quotes, run that cell, and run this "
                "check again. Your table stays as it is."
            )
        try:
            return self.given(student_id), ""
        except (TypeError, ValueError):
            return {}, (
                f"student_id is {typed[:40]!r}, of type {type(student_id).__name__}. An id is "
                'text, such as "s0000", or a whole number.'
            )

    def _report(self, table: Any, student_id: Any) -> Report:
        if not isinstance(table, Mapping):
            return self._all(
                Outcome.NOT_CHECKED,
                f"`{self.name}` is of type {type(table).__name__}; wanted is the table, "
                f'{{"{self.names[0]}": ..., and so on}}. Did a later line reuse the name?',
            )
        entries, strangers = self._entries(table)
        if not any(entry.text or entry.complaint for entry in entries.values()):
            return self._all(Outcome.NOT_ATTEMPTED, strangers)
        other, mine = of_another(student_id), submitter()
        # An id that is typed in another way is the same person's, whose sheet shows either.
        others = other or is_placeholder(student_id)
        whose = [mine] if mine and others else [student_id, *filter(None, [mine])]
        reports = [self._of(entries, one) for one in whose]
        report = max(reports, key=lambda report: report.score)
        said = " ".join(filter(None, (strangers, report.diagnosis)))
        if not other:
            return replace(report, diagnosis=said)
        theirs = self._of(entries, student_id).score
        return replace(
            report,
            diagnosis=f"{other.for_student} {said}".strip(),
            for_instructor=(
                f"{other.for_instructor} The table was marked by the numbers of {mine}; by those "
                f"of the id typed it would get {theirs:g} of {self.points:g} points.",
            ),
        )

    def _of(self, entries: Mapping[str, _Entry], student_id: Any) -> Report:
        """Mark what was entered by the numbers of one student."""
        given, complaint = self.identify(student_id)
        if complaint:
            return self._all(Outcome.NOT_CHECKED, complaint)
        marked = self._mark(entries, given)
        if self._is_somebody_elses(marked):
            return self._all(Outcome.NOT_CHECKED, self._whose(entries, student_id))
        criteria = tuple(
            Criterion(
                one.step.name,
                one.step.points,
                one.outcome,
                one.sentence,
                self._hints(one.step) if one.outcome is Outcome.WRONG else (),
            )
            for one in marked
        )
        return Report(self.name, criteria, self._diagnosis(marked))

    def _all(self, outcome: Outcome, sentence: str) -> Report:
        said = itertools.chain([sentence], itertools.repeat(""))
        return Report(
            self.name,
            tuple(
                Criterion(step.name, step.points, outcome, one)
                for step, one in zip(self.steps, said, strict=False)
            ),
        )

    def _entries(self, table: Mapping[Any, Any]) -> tuple[dict[str, _Entry], str]:
        """Read the table, and say which of its names are unknown."""
        known = {name.casefold(): name for name in self.names}
        entries = dict.fromkeys(self.names, _Entry())
        strangers = []
        for key, entry in table.items():
            name = known.get(str(key).strip().casefold())
            if name:
                entries[name] = _read(entry)
            else:
                strangers.append(str(key))
        if not strangers:
            return entries, ""
        alike = difflib.get_close_matches(strangers[0], self.names, n=1)
        hint = f" Did you mean {alike[0]}?" if alike else ""
        return entries, f"The table has no place called {strangers[0][:40]!r}.{hint}"

    def _mark(
        self,
        entries: Mapping[str, _Entry],
        given: Mapping[str, float],
        *,
        strict: bool = False,
    ) -> list[_Marked]:
        """Work out every number from the student's own, and from those of a table without a slip.

        Who has slipped with the pen only goes on with the latter. In a table of zeros or copies,
        `strict`, nothing counts that follows from them.
        """
        half = 0.5 * 10.0**-self.decimals
        own: dict[str, Interval] = {name: (float(value),) for name, value in given.items()}
        true = dict(own)
        marked: dict[str, _Marked] = {}
        worked, coarsest = set(given), half
        for step in self.steps:
            entry, name = entries[step.name], step.name
            starts = _compiled(step.formula)[1]
            expected, best = _interval(step.formula, own), _interval(step.formula, true)
            true[name] = (best[0] - half, best[-1] + half)
            if entry.value is None:
                outcome = Outcome.WRONG if entry.complaint else Outcome.NOT_ATTEMPTED
                marked[name] = _Marked(step, outcome, entry.complaint)
                own[name] = (expected[0] - half, expected[-1] + half)
                worked.add(name)
                continue
            ways = filter(None, (self._writing(entry, one) for one in (best, expected)))
            writing = min(ways, key=lambda way: way.off_by, default=None)
            used = self._used(step, entries)
            if not writing:
                one = self._wrong(step, entry, expected, own, used)
                if not strict and one.slip and one.slip.kind != HARDLY_ANY:
                    worked.add(name)
            else:
                is_true = _within(entry.value, best, writing.off_by)
                idle = _is_idle(step.formula, true if is_true else own, writing.off_by)
                if (idle or strict) and not (is_true or worked.issuperset(starts)):
                    said = (
                        f"{entry.text} follows from {used} without any work, so it shows nothing "
                        "and earns nothing. Put the numbers before it right first."
                    )
                    one = _Marked(step, Outcome.WRONG, said, idle=True)
                elif writing.slip:
                    # Where the decimals hide what was worked out, each number costs by itself.
                    one = self._coarse(step, entry, writing.slip, () if idle else marked.values())
                    coarsest = max(coarsest, writing.off_by)
                    worked.add(name)
                else:
                    follows = _within(entry.value, expected, half)
                    said = (
                        f"{entry.text} is right, though not with {used}: you went on with a better "
                        "number than you wrote down."
                    )
                    one = _Marked(step, Outcome.RIGHT, "" if follows else said)
                    worked.add(name)
            marked[name] = one
            off_by = coarsest if entry.decimals < self.decimals else half
            own[name] = (entry.value - off_by, entry.value + off_by)
        idle_ones = [name for name, one in marked.items() if one.idle]
        if not strict and (len(idle_ones) > A_FEW or _is_constant(entries.values())):
            # Among so many zeros one agrees with some slip by chance.
            return self._mark(entries, given, strict=True)
        if not strict and len(idle_ones) == 1 and entries[idle_ones[0]].value:
            # A small number that its tanh does not change, after an honest slip.
            marked[idle_ones[0]] = _Marked(marked[idle_ones[0]].step, Outcome.RIGHT)
        return list(marked.values())

    def _wrong(
        self,
        step: Step,
        entry: _Entry,
        expected: Interval,
        own: Mapping[str, Interval],
        used: str,
    ) -> _Marked:
        slip = self._slip(step, entry, expected, own)
        said = f"{entry.text} does not follow from {used}."
        if slip:
            # Slips of the pen are no wrong formulas: the number does follow.
            said = f"{said if slip.formula else f'You wrote {entry.text}.'} {slip.sentence}"
        return _Marked(step, Outcome.WRONG, said, slip)

    def _coarse(self, step: Step, entry: _Entry, slip: Slip, before: Iterable[_Marked]) -> _Marked:
        """Mark a right number that was not written as asked: only the first one costs."""
        if any(one.slip and one.slip.kind == slip.kind for one in before):
            said = f"{entry.text} is right but for its decimals, which cost once."
            return _Marked(step, Outcome.RIGHT, said, slip)
        return _Marked(step, Outcome.WRONG, f"You wrote {entry.text}. {slip.sentence}", slip)

    def _writing(self, entry: _Entry, right: Interval) -> _Writing | None:
        """Return how this number was written down if it is right, or None if it is not."""
        value, half = entry.value or 0.0, 0.5 * 10.0**-self.decimals
        if _within(value, right, half):
            return _Writing(half)
        for decimals in range(self.decimals, FEWEST_DECIMALS - 1, -1):
            unit = 10.0**-decimals
            rounded = _within(value, right, unit / 2)
            cut_off = _within(value + math.copysign(unit / 2, value), right, unit / 2)
            if not value or entry.decimals > decimals or not (rounded or cut_off):
                continue
            if decimals < self.decimals:
                said = f"It is right, but has too few decimals; {self.decimals} are asked for."
                return _Writing(unit / 2 if rounded else unit, Slip("", said, DECIMALS))
            if entry.decimals == self.decimals:  # else a 0 at the end may not have been written
                said = "It was cut off and not rounded: if the next decimal is 5 or more, the last "
                return _Writing(unit, Slip("", f"{said}one goes up by one.", DECIMALS))
        return None

    def _used(self, step: Step, entries: Mapping[str, _Entry]) -> str:
        """Name the numbers from which a step starts."""
        names = [name for name in _compiled(step.formula)[1] if name in entries]
        if not names:
            return "the numbers of your worksheet"
        return " and ".join(
            f"your {name} = {entries[name].text}" if entries[name].text else name for name in names
        )

    def _slip(
        self, step: Step, entry: _Entry, expected: Interval, own: Mapping[str, Interval]
    ) -> Slip | None:
        """Return the slip that gives this number, if only one does."""
        value = entry.value or 0.0
        pen = list(self._slips_of_the_pen(entry, expected))
        for decimals in range(self.decimals, FEWEST_DECIMALS - 1, -1):
            if decimals < self.decimals and entry.decimals > decimals:
                break
            half = 0.5 * 10.0**-decimals
            found = [one for one in step.slips if _within(value, _interval(one.formula, own), half)]
            if found or pen:
                found += pen
                return found[0] if len({slip.sentence for slip in found}) == 1 else None
        return None

    def _slips_of_the_pen(self, entry: _Entry, expected: Interval) -> Iterator[Slip]:
        """Yield what may have gone wrong after the number was worked out."""
        value, text = entry.value or 0.0, entry.text
        half, written = 0.5 * 10.0**-self.decimals, entry.decimals
        if written < self.decimals and _within(value, expected, 0.5 * 10.0**-written):
            said = f"{written or 'no'} decimal{'s' if written != 1 else ''}"
            yield Slip(
                "",
                f"It is right, but rounded to {said}; {self.decimals} are asked for.",
                HARDLY_ANY,
            )
        for factor, way in ((10, "left"), (0.1, "right")):
            moved = (factor * expected[0], factor * expected[-1])
            if abs(value) > 20 * half and _within(value, moved, half):
                said = (
                    f"The digits are right, but the point is one place off: move it to the {way}."
                )
                yield Slip("", said, "decimal point")
        for i in range(len(text) - 1):
            pair = text[i : i + 2]
            swapped = text[:i] + pair[::-1] + text[i + 2 :]
            if pair.isdigit() and swapped != text and _within(float(swapped), expected, half):
                yield Slip("", "Two neighbouring digits have changed places.", "digits swapped")

    def _hints(self, step: Step) -> tuple[str, ...]:
        formula = step.formula.replace(" * ", "·").replace("**2", "²").replace("-", "−")
        return (step.nudge, f"{step.name} = {formula}", f"The book: {self.chapter}.")

    def _diagnosis(self, marked: list[_Marked]) -> str:
        wrong = [one for one in marked if one.outcome is Outcome.WRONG]
        if not wrong:
            return ""
        first = wrong[0]
        said = [f"The first number to look at is {first.step.name}."]
        if first.slip:
            said.append(first.slip.sentence)
            after = marked[marked.index(first) + 1 :]
            again = [
                one.step.name for one in after if one.slip and one.slip.kind == first.slip.kind
            ]
            if again:
                said.append(f"The same happened in {_listed(again)}.")
        if idle := [one.step.name for one in marked if one.idle]:
            said.append(
                f"Zeros and copies follow from each other without any work, so {_listed(idle)} "
                f"{'earns' if len(idle) == 1 else 'earn'} nothing."
            )
        said.append(
            "Every later number was worked out again from what you wrote, so a slip costs you its "
            "own place only."
        )
        return " ".join(said)

    def _is_somebody_elses(self, marked: list[_Marked]) -> bool:
        """Whether the numbers follow from each other, but not from the worksheet."""
        tried = [one for one in marked if one.outcome in (Outcome.RIGHT, Outcome.WRONG)]
        names = set(self.names)
        inside = [one for one in tried if set(_compiled(one.step.formula)[1]) <= names]
        outside = [one for one in tried if one not in inside]
        wrong = [one for one in outside if one.outcome is Outcome.WRONG]
        unexplained = [one for one in wrong if one.slip is None]
        return (
            min(len(inside), len(outside)) >= 4
            and sum(one.outcome is Outcome.RIGHT for one in inside) >= 0.8 * len(inside)
            and len(wrong) >= 0.75 * len(outside)
            and len(unexplained) >= 0.5 * len(wrong)
        )

    def _whose(self, entries: Mapping[str, _Entry], student_id: Any) -> str:
        """Say that the numbers are another id's, and whose if it is this one typed otherwise."""
        said = (
            f"Your table hangs together, but it does not start from the numbers of id "
            f"{str(student_id)[:40]!r}. Compare the weights on the sheet that you worked on with "
            "those that the worksheet cell shows now."
        )
        for way in _kindred(student_id):
            given, complaint = self.identify(way)
            if complaint:
                continue
            tried = [one for one in self._mark(entries, given) if entries[one.step.name].text]
            if sum(one.outcome is Outcome.RIGHT for one in tried) >= 0.8 * len(tried):
                return f"{said} It fits the numbers of id {way!r}: is that how yours is written?"
        return f"{said} Is student_id typed as it stands on your sheet?"


def _kindred(student_id: Any) -> Iterator[str]:
    """Yield other ways in which the same id is often typed."""
    name = str(student_id).strip().casefold()
    digits = "".join(re.findall(r"\d+", name))
    ways = [name.partition("@")[0], re.sub(r"[\W_]+", "", name), digits, digits.lstrip("0")]
    ways += [f"s{digits}"] if digits else []
    yield from (way for way in dict.fromkeys(ways) if way and way != name)


def _listed(names: list[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
