"""`make certify`: the graders' own examination.

Every wrong answer of the catalogue, every trick, every differently written right answer and every
small change of the instructor's solutions goes through the real checks, visible and hidden. The
table says what the checks made of them; the exit code says whether that is good enough.
"""

import argparse
import json
import math
import os
import queue
import runpy
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from tools.certificate import (
    ANSWERS,
    MUTANTS,
    RECORD,
    SEEDS,
    VARIATIONS,
    Certificate,
    examined,
    recorded,
    write,
)
from tools.mutants import Mutant, mutants

ROOT = Path(__file__).resolve().parent.parent

#: The bars: parts of all misconceptions, of all mutants that are no right answers, and how many
#: right answers there must be for each function.
NAMED, KILLED, ALTERNATIVES = 0.90, 0.98, 4

#: Right answers are asked so many variations at a time.
PORTION = 50
#: An answer that has not come back after so many seconds of processor time is cut off, and one that
#: uses none after so many times as long.
SECONDS, CLOCK = 20.0, 6


class NotCertified(ValueError):
    """The examination cannot be held; the message says why in one sentence."""


@dataclass(frozen=True)
class Count:
    """How many there were, and how many of them came out as they must.

    Examples
    --------
    >>> Count(10, 9).short
    1
    """

    total: int = 0
    good: int = 0

    @property
    def short(self) -> int:
        """How many came out otherwise."""
        return self.total - self.good


@dataclass
class Tally:
    """What the checks of one exercise made of everything.

    Examples
    --------
    >>> Tally("00-half", "half").as_json()["mutants"]
    {'total': 0, 'killed': 0, 'equivalent': 0}
    """

    assignment: str
    exercise: str
    rejected: Count = field(default_factory=Count)
    named: Count = field(default_factory=Count)
    pairs: Count = field(default_factory=Count)
    tricks: Count = field(default_factory=Count)
    killed: Count = field(default_factory=Count)
    equivalent: int = 0
    accepted: Count = field(default_factory=Count)
    variations: int = 0
    #: Wrong answers by strangers: how many are named.
    unseen: Count = field(default_factory=Count)
    #: All wrong answers: how many were told nothing that is not true.
    honest: Count = field(default_factory=Count)
    #: One sentence for each thing that came out wrong.
    complaints: list[str] = field(default_factory=list)
    #: Mutants that survived; they fail the certificate only if there are many.
    survivors: list[str] = field(default_factory=list)
    #: Answers by strangers that no row describes; they fail the certificate only if there are many.
    unnamed: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the counts, with the equivalent mutants among the total."""
        return {
            "assignment": self.assignment,
            "exercise": self.exercise,
            "misconceptions": {
                "total": self.rejected.total,
                "rejected": self.rejected.good,
                "named": self.named.good,
            },
            "combinations": {"total": self.pairs.total, "named": self.pairs.good},
            "tricks": {"total": self.tricks.total, "rejected": self.tricks.good},
            "mutants": {
                "total": self.killed.total + self.equivalent,
                "killed": self.killed.good,
                "equivalent": self.equivalent,
            },
            "alternatives": {
                "total": self.accepted.total,
                "accepted": self.accepted.good,
                "variations": self.variations,
            },
            "unseen": {"total": self.unseen.total, "named": self.unseen.good},
            "diagnoses": {"total": self.honest.total, "false": self.honest.short},
        }


# --- what there is to examine ------------------------------------------------------------------


@dataclass(frozen=True)
class Subject:
    """One assignment, as the examination needs it.

    Attributes
    ----------
    name : str
    spec : dict
        What `tools.trials` reads.
    mutants : dict of str to list of Mutant
    equivalent : dict of str to dict of str to str
        By exercise, the changes that change nothing, and the tricks that give a right answer, with
        the reason.
    examined : str
        The digest of all this and of the checks.

    Examples
    --------
    >>> Subject("00-half", {}, {}, {}).name
    '00-half'
    """

    name: str
    spec: dict[str, Any]
    mutants: dict[str, list[Mutant]]
    equivalent: dict[str, dict[str, str]]
    examined: str = ""


def subjects(solutions: Path, only: str = "") -> list[Subject]:
    """Return every assignment that has right answers in its `alternatives.py`.

    Parameters
    ----------
    solutions : Path
        The folder with a folder for each assignment.
    only : str
        The name of the one assignment that is wanted.

    Raises
    ------
    NotCertified
        If there is none.
    """
    # It takes seconds to import, and the children do without it.
    from tools import assignments

    found = [
        subject(assignments.read(source), source)
        for source in assignments.named(solutions, only)
        if (source.parent / "alternatives.py").exists()
    ]
    if not found:
        raise NotCertified(
            f"{solutions / (only or '*')} holds no alternatives.py, so there is nothing to certify."
        )
    return found


def subject(notebook: Any, source: Path) -> Subject:
    """Take what is needed from an instructor's notebook and the files beside it."""
    cells, tests = [], {}
    for cell in notebook.cells:
        meta = cell.metadata.get("nbgrader", {})
        name = meta.get("grade_id", cell.id)
        if cell.cell_type != "code":
            continue
        if meta.get("grade"):
            if not meta.get("solution") and name.startswith("test_"):
                tests[name.removeprefix("test_")] = cell.source
        else:
            cells.append({"id": name, "source": cell.source, "solution": bool(meta["solution"])})
    beside, strangers = source.parent / "equivalent.py", source.parent / "unseen.py"
    return Subject(
        source.stem,
        {
            "cells": cells,
            "tests": tests,
            "alternatives": str(source.parent / "alternatives.py"),
            "unseen": str(strangers) if strangers.exists() else "",
        },
        {
            cell["id"]: mutants(cell["source"])
            for cell in cells
            if cell["solution"] and cell["id"] in tests
        },
        runpy.run_path(str(beside))["EQUIVALENT"] if beside.exists() else {},
        examined(source),
    )


# --- the processes that do the trying ------------------------------------------------------------


class Trier:
    """A child process that tries one answer after another, and a new one when it hangs.

    Examples
    --------
    >>> Trier([], seconds=5).seconds
    5
    """

    def __init__(self, subjects: Sequence[Subject], seconds: float = SECONDS) -> None:
        self.first_line = json.dumps({one.name: one.spec for one in subjects}) + "\n"
        self.seconds = seconds
        self.process: subprocess.Popen[str] | None = None

    def ask(self, job: dict[str, Any]) -> Any:
        """Return the answer to a job, or None if it did not come in time."""
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        # Starting and the inventory take longer than any answer.
        patience = self.seconds * (10 if job["kind"] == "inventory" else 1 + len(job["seeds"]) / 5)
        # The process ends itself after so much processor time; the clock is for what sleeps.
        alarm = threading.Timer(CLOCK * patience, process.kill)
        alarm.start()
        try:
            process.stdin.write(json.dumps(job | {"patience": patience}) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError:  # the pipe is broken; Windows has another name for that
            line = ""
        finally:
            alarm.cancel()
        if line:
            return json.loads(line)
        self.stop()
        return None

    def stop(self) -> None:
        """End the child process."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def _running(self) -> subprocess.Popen[str]:
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tools.trials"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                env={
                    **os.environ,
                    "MPLBACKEND": "Agg",
                    "OPENBLAS_NUM_THREADS": "1",
                    "PYTHONUTF8": "1",
                },
            )
            assert self.process.stdin is not None
            self.process.stdin.write(self.first_line)
            self.process.stdin.flush()
        return self.process


def ask_all(
    subjects: Sequence[Subject],
    jobs: Sequence[dict[str, Any]],
    seconds: float = SECONDS,
    examiners: int | None = None,
    say: Callable[[int, int], None] = lambda done, total: None,
) -> list[Any]:
    """Answer every job, on all cores unless told otherwise; what hangs is answered with None.

    `say` is told how many answers there are, and of how many.
    """
    answers: list[Any] = [None] * len(jobs)
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(len(jobs)):
        waiting.put(number)

    def work() -> None:
        examiner = Trier(subjects, seconds)
        try:
            while True:
                number = waiting.get_nowait()
                answers[number] = examiner.ask(jobs[number])
                say(len(jobs) - waiting.qsize(), len(jobs))
        except queue.Empty:
            pass
        finally:
            examiner.stop()

    threads = [
        threading.Thread(target=work)
        for _ in range(min(len(jobs), examiners or os.cpu_count() or 1))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


# --- the examination -----------------------------------------------------------------------------


def examine(
    found: Sequence[Subject],
    form: str = "whole",
    seconds: float = SECONDS,
    examiners: int | None = None,
    say: Callable[[int, int], None] = lambda done, total: None,
) -> list[Tally]:
    """Try everything, and return a row for each exercise.

    Parameters
    ----------
    found : sequence of Subject
    form : {"whole", "short", "sample"}
        The others take a sample of the mutants, or of all answers, and fewer seeds.
    seconds : float
        When an answer is cut off.
    examiners : int, optional
        How many processes try answers; one for each core unless given.
    say : callable
        Is told how many answers have been tried, and of how many.

    Raises
    ------
    NotCertified
        If an assignment's cells or checks do not run.
    """
    inventories = ask_all(
        found, [{"assignment": one.name, "kind": "inventory"} for one in found], seconds, examiners
    )
    jobs: list[dict[str, Any]] = []
    for one, inventory in zip(found, inventories, strict=True):
        if inventory is None:
            raise NotCertified(f"{one.name}: its cells or checks do not run; try make demo.")
        for exercise, what in inventory.items():
            jobs += _jobs(one, exercise, what, form)
    rows: list[Tally] = []
    answers = ask_all(found, jobs, seconds, examiners, say)
    by_exercise: dict[tuple[str, str], list[tuple[dict[str, Any], Any]]] = {}
    for job, answer in zip(jobs, answers, strict=True):
        by_exercise.setdefault((job["assignment"], job["exercise"]), []).append((job, answer))
    for one, inventory in zip(found, inventories, strict=True):
        for exercise, what in inventory.items():
            row = Tally(one.name, exercise)
            _fill(row, by_exercise[one.name, exercise], one.equivalent.get(exercise, {}))
            _compare(row, one, what)
            row.variations = VARIATIONS[form]
            rows.append(row)
        for exercise in one.equivalent.keys() - inventory.keys():
            raise NotCertified(f"{one.name}/equivalent.py lists {exercise}, which has no check.")
    return rows


def _jobs(one: Subject, exercise: str, what: dict[str, Any], form: str) -> Iterator[dict[str, Any]]:
    common = {"assignment": one.name, "exercise": exercise}
    seeds = list(SEEDS[form])
    right = [("own", 0, "the instructor's solution")]
    right += [("alternatives", k, f"right answer {k + 1}") for k in range(what["alternatives"])]
    right += [("unseen right", k, name) for k, name in enumerate(what["unseen right"])]
    for kind, index, name in right:
        for first in range(0, VARIATIONS[form], PORTION):
            some = range(first, min(first + PORTION, VARIATIONS[form]))
            varied = [1000 + k for k in some]
            yield common | {"kind": kind, "index": index, "name": name, "seeds": varied}
    for kind in ("misconceptions", "combinations", "unseen"):
        few = list(enumerate(what[kind]))
        if form in ANSWERS:
            few = _spread(few, ANSWERS[form])
        for index, name in few:
            yield common | {"kind": kind, "index": index, "name": name, "seeds": seeds}
    for name in what["tricks"]:
        yield common | {"kind": "tricks", "index": name, "name": name, "seeds": []}
    listed = one.equivalent.get(exercise, {})
    chosen = one.mutants.get(exercise, [])
    if form in MUTANTS:
        unlisted = [mutant for mutant in chosen if mutant.change not in listed]
        chosen = _spread(unlisted, MUTANTS[form])
    for mutant in chosen:
        yield common | {
            "kind": "mutant",
            "name": mutant.change,
            "source": mutant.source,
            "seeds": [],
        }


def _spread(things: list[Any], number: int) -> list[Any]:
    """Return up to `number` of the things, evenly spread over all of them."""
    return things[:: max(1, math.ceil(len(things) / number))]


def _full(report: dict[str, Any]) -> bool:
    return bool(report["score"] >= report["points"])


def _fill(
    row: Tally, trials: Iterable[tuple[dict[str, Any], Any]], equivalent: dict[str, str]
) -> None:
    """Count what came of the trials of one exercise."""
    kinds = ("misconceptions", "combinations", "tricks", "mutant", "unseen", "named", "honest")
    counts = {kind: [0, 0] for kind in kinds}
    #: Whether each right answer has stood every portion of the variations.
    stood: dict[tuple[str, int], bool] = {}

    def count(kind: str, good: bool) -> bool:
        counts[kind][0] += 1
        counts[kind][1] += good
        return good

    place = f"{row.assignment}, {row.exercise}"
    for job, reports in trials:
        kind, name = job["kind"], job["name"]
        if reports is not None and not reports:
            raise NotCertified(f"{place}: the test cell makes no report.")
        # Who never answers gets nothing.
        never = reports is None
        right = not never and all(map(_full, reports))
        # The visible check knows what a cheat has learnt from it; the hidden one must not.
        asked = [] if never else reports[-1:] if name == "knows the visible check" else reports
        wrong = not any(map(_full, asked))
        false = sorted({one for report in reports or () for one in report["false"]})
        if kind in ("misconceptions", "combinations", "unseen") and not count("honest", not false):
            row.complaints.append(f"{place}: {name} is told '{', '.join(false)}', which is not so.")
        if kind in ("own", "alternatives", "unseen right"):
            before = stood.get((kind, job["index"]), True)
            stood[kind, job["index"]] = before and right
            if before and not right:
                said = "it did not end" if never else _first_line(reports)
                row.complaints.append(f"{place}: {name} loses marks: {said}")
        elif kind == "unseen":
            if not wrong:
                row.complaints.append(f"{place}: the wrong answer '{name}' gets full marks.")
            if not count(kind, not never and any(one["named"] for one in reports)):
                row.unnamed.append(f"{place}: {name}")
        elif kind in ("mutant", "tricks") and name in equivalent:
            if wrong:
                row.complaints.append(
                    f"{place}: equivalent.py lists `{name}`, but the checks reject it; take the "
                    "entry out."
                )
            row.equivalent += kind == "mutant"
        elif kind == "mutant":
            if not count(kind, wrong):
                row.survivors.append(f"{place}: {name}")
        elif kind == "combinations":
            count(kind, not never and all(one["named"] for one in reports))
            if right:
                row.complaints.append(f"{place}: {name}: the two slips cancel; drop a twist.")
        else:
            if not count(kind, wrong):
                row.complaints.append(f"{place}: the wrong answer '{name}' gets full marks.")
            if kind == "misconceptions":
                count("named", not never and all(one["named"] for one in reports))
    row.rejected, row.named = Count(*counts["misconceptions"]), Count(*counts["named"])
    row.pairs, row.tricks = Count(*counts["combinations"]), Count(*counts["tricks"])
    row.killed, row.unseen = Count(*counts["mutant"]), Count(*counts["unseen"])
    row.honest = Count(*counts["honest"])
    others = [good for (kind, _), good in stood.items() if kind != "own"]
    row.accepted = Count(len(others), sum(others))


def _first_line(reports: list[dict[str, Any]]) -> str:
    """Return the first thing that a report complains of."""
    text = next(report["text"] for report in reports if not _full(report))
    lines = [line.strip() for line in text.splitlines()]
    at = next((k for k, line in enumerate(lines) if line.startswith(("✗", "–", "?"))), 0)
    return " ".join(lines[at : at + 2])


def _compare(row: Tally, one: Subject, what: dict[str, Any]) -> None:
    """Complain of lists that are too short or out of date."""
    place = f"{row.assignment}, {row.exercise}"
    if what["tricks"] and what["alternatives"] < ALTERNATIVES:
        row.complaints.append(
            f"{place}: alternatives.py holds {what['alternatives']} right answers; there "
            f"must be {ALTERNATIVES}."
        )
    changes = {mutant.change for mutant in one.mutants.get(row.exercise, ())}
    for stale in one.equivalent.get(row.exercise, {}).keys() - changes - {*what["tricks"]}:
        row.complaints.append(
            f"{place}: equivalent.py lists `{stale}`, which no mutant has; take the entry out."
        )


def verdict(rows: Sequence[Tally]) -> list[str]:
    """Return one sentence for each bar that is missed.

    Examples
    --------
    >>> verdict([Tally("00-half", "half", killed=Count(100, 97))])
    ['00-half: 97 of 100 mutants are killed; at least 98 % must be.']
    """
    missed = [complaint for row in rows for complaint in row.complaints]
    for name in dict.fromkeys(row.assignment for row in rows):
        own = [row for row in rows if row.assignment == name]
        for what, bar, counts in (
            ("misconceptions are named", NAMED, [row.named for row in own]),
            ("mutants are killed", KILLED, [row.killed for row in own]),
            ("answers by strangers are named", NAMED, [row.unseen for row in own]),
        ):
            total, good = sum(one.total for one in counts), sum(one.good for one in counts)
            if good < bar * total:
                missed.append(
                    f"{name}: {good} of {total} {what}; at least {100 * bar:.0f} % must be."
                )
    return missed


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as a command."""
    parser = argparse.ArgumentParser(prog="python -m tools.certify", description=__doc__)
    parser.add_argument("--solutions", type=Path, default=ROOT / "solutions")
    parser.add_argument("--assignment", default="", help="only this one, for example 01-…")
    parser.add_argument("--short", action="store_true", help="a sample; nothing goes on record")
    parser.add_argument("--again", action="store_true", help="also what has not changed since")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="when to cut an answer off")
    options = parser.parse_args(arguments)
    record = options.solutions / RECORD.name
    try:
        found = subjects(options.solutions, options.assignment)
        if not (options.short or options.again):
            known = recorded(record)
            fresh = [
                one.name for one in found if known.get(one.name, {}).get("examined") == one.examined
            ]
            if fresh:
                print("Nothing has changed since the examination of", ", ".join(fresh) + ".")
            found = [one for one in found if one.name not in fresh]
        good = [
            _certify(one, record, short=options.short, seconds=options.seconds) for one in found
        ]
    except ValueError as error:  # NotCertified, BrokenAssignment
        print(error, file=sys.stderr)
        return 1
    if not options.short:
        print(f"The certificate: {record}")
    return 0 if all(good) else 1


def _progress(name: str, done: int, total: int) -> None:
    """Write a line at every tenth of the way; on a screen, at every answer, over the last one."""
    if sys.stderr.isatty():
        print(f"\r{name}: {done} of {total} answers", end="", file=sys.stderr, flush=True)
    elif done * 10 // total > (done - 1) * 10 // total:
        print(f"{name}: {done} of {total} answers", flush=True)


def _certify(one: Subject, record: Path, *, short: bool, seconds: float) -> bool:
    """Examine one assignment, say what came of it, and put it on record if it is whole and good."""
    form = "short" if short else "whole"
    rows = examine([one], form, seconds, say=partial(_progress, one.name))
    entries = [row.as_json() for row in rows]
    print(Certificate(form, entries), flush=True)
    for head, lines in (
        ("Mutants that survive:", [line for row in rows for line in row.survivors]),
        ("Strangers' answers that no row describes:", [u for row in rows for u in row.unnamed]),
    ):
        if lines:
            print(f"\n{head}", *lines, sep="\n  ", flush=True)
    missed = verdict(rows)
    for sentence in missed:
        print(sentence, file=sys.stderr, flush=True)
    if not missed and not short:
        write({one.name: {"examined": one.examined, "exercises": entries}}, record)
    return not missed


if __name__ == "__main__":
    sys.exit(main())
