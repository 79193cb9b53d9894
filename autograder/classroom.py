"""Grades a whole class on the cores of this machine.

Workers judge; only the coordinator writes. It writes a student's notebook to a temporary folder,
the marks in one transaction, then puts the folder in its place, and last of all a record with a
fingerprint of everything that the mark depends on. A run that is killed at any point leaves either
a finished student or one without a record, who is graded again.
"""

import atexit
import contextlib
import copy
import errno
import hashlib
import json
import multiprocessing
import os
import secrets
import shutil
import signal
import stat
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import cache
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any

import numpy as np
from nbgrader.coursedir import CourseDirectory  # type: ignore[import-untyped]
from nbgrader.utils import parse_utc  # type: ignore[import-untyped]
from sqlalchemy.exc import OperationalError
from traitlets.config import Config

from autograder import clock, confine, grading, jail, library, packages, reading, rebuild
from autograder.cells import Cell, role
from autograder.gradebook import MACHINES, Marks, NotWritten, late_penalty, opened, released_cells
from autograder.grading import Graded
from autograder.judge import Examiner
from autograder.marks import Status, course_marks, handed_in, summarise, unusable
from autograder.releases import Store, limited, made_from
from autograder.settings import Judge, Limits
from autograder.words import printable, writable

#: For each notebook, the release that a student was given and the one that it is graded against.
Held = dict[str, tuple[str, str]]

#: What no submission is to blame for when something is written.
_NOT_WRITABLE = MACHINES | {errno.EACCES, errno.EPERM}


@dataclass
class Result:
    """What became of one student's submission: each of its notebooks, in one.

    Attributes
    ----------
    student : str
    notebooks : dict of str to Graded
    seconds : float
    given_up : bool
        Whether the grader itself has failed with it: the next run tries again.
    """

    student: str
    notebooks: dict[str, Graded] = field(default_factory=dict)
    seconds: float = 0.0
    given_up: bool = False

    @property
    def status(self) -> Status:
        """The worst of its notebooks': "graded", "repaired" or "not graded"."""
        return max((one.status for one in self.notebooks.values()), key=list(Status).index)

    @property
    def marks(self) -> dict[str, dict[str, float | None]]:
        """For each notebook, the mark of each graded cell; None where a person must look."""
        return {name: one.marks for name, one in self.notebooks.items()}

    @property
    def unanswered(self) -> dict[str, list[str]]:
        """For each notebook, the answer cells that are as they were released."""
        return {name: one.unanswered for name, one in self.notebooks.items()}

    @property
    def for_student(self) -> list[str]:
        """What is to be said to the student, each sentence once."""
        return _once(line for one in self.notebooks.values() for line in one.for_student)

    @property
    def for_instructor(self) -> list[str]:
        """What is to be said to the instructor, each line once."""
        return _once(line for one in self.notebooks.values() for line in one.for_instructor)

    @property
    def score(self) -> float:
        """What the checks have given."""
        return sum(mark or 0 for one in self.notebooks.values() for mark in one.marks.values())


def _once(lines: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(lines))


@dataclass(frozen=True)
class Assignment:
    """What a worker needs to know: it travels to the workers, and never to a workspace."""

    name: str
    notebooks: Mapping[str, list[Cell]]
    files: Mapping[str, bytes]
    limits: Limits
    secret: str
    installs: tuple[str, ...] = packages.STUDENTS

    @property
    def points_by_question(self) -> dict[str, dict[str, float]]:
        """What each question of each notebook is worth, whoever marks it."""
        return {
            name: {
                about["grade_id"]: float(about["points"])
                for about in (cell["metadata"]["nbgrader"] for cell in cells)
                if about.get("grade") or about.get("task")
            }
            for name, cells in self.notebooks.items()
        }

    @property
    def points(self) -> float:
        """What the checks can give."""
        return sum(
            float(cell["metadata"]["nbgrader"].get("points") or 0)
            for cells in self.notebooks.values()
            for cell in cells
            if role(cell) == "test"
        )

    def fingerprint(self) -> str:
        """Return what marks depend on beside the submission: tests, limits and our own code."""
        digest = hashlib.sha256(f"{code()} {asdict(self.limits)} {self.secret}".encode())
        digest.update(json.dumps(self.installs).encode())
        digest.update(json.dumps(self.notebooks, sort_keys=True).encode())
        for name, content in sorted(self.files.items()):
            digest.update(f"{name} {len(content)}".encode() + content)
        return digest.hexdigest()


class Class:
    """A course folder, seen from one assignment.

    Parameters
    ----------
    config : Config
        As nbgrader has it.
    assignment : str
    course : CourseDirectory, optional
        Where its folders are, if not where the configuration says.

    Raises
    ------
    NotReleased
    """

    def __init__(self, config: Config, assignment: str, course: Any = None) -> None:
        self.config = config
        self.name = assignment
        self.course = course or CourseDirectory(config=config)
        settings = Judge(config=config)
        self.limits = settings.limits()
        release = self.folder("release", ".")
        with opened(self.course) as gradebook:
            found = Marks(gradebook, assignment).assignment
            names = [notebook.name for notebook in found.notebooks]
            cells = {name: released_cells(gradebook, assignment, name, release) for name in names}
        files, _ = reading.files_beside(release, self.limits)
        secret = settings.secret or secret_of(Path(self.course.root))
        installs = packages.named_in(Path(self.course.root) / "handout" / "requirements.txt")
        self.assignment = Assignment(assignment, cells, files, self.limits, secret, installs)
        self.records = Path(self.course.root) / "judged" / assignment
        stores = {name: Store.of(self.course.root, assignment, name) for name in names}
        self.newest = {name: stores[name].keep(cells[name]) for name in names}
        self.releases = {name: stores[name].read() for name in names}
        self.held_to: Held = {name: (mark, mark) for name, mark in self.newest.items()}

    def folder(self, step: str, student: str) -> Path:
        """Return a student's folder at one of nbgrader's steps."""
        directory = getattr(self.course, f"{step}_directory")
        return Path(self.course.format_path(directory, student, self.name))

    def holding(self, held: Held) -> "Class":
        """Return the class with the questions of other releases."""
        other = copy.copy(self)
        other.held_to = held
        cells = {
            name: limited(self.releases[name][against], self.releases[name][given])
            for name, (given, against) in held.items()
        }
        other.assignment = replace(self.assignment, notebooks=cells)
        return other

    def students(self) -> list[str]:
        """Return who has handed in."""
        return handed_in(self.course, self.name)

    # What has been done before.

    def fingerprint(self, student: str, common: str) -> str:
        """Return what a student's mark depends on."""
        digest = hashlib.sha256(common.encode())
        folder = self.folder("submitted", student)
        for place, folders, names in () if folder.is_symlink() else os.walk(folder):
            folders.sort()
            for name in sorted(names):
                path = Path(place, name)
                digest.update(f"{os.fsencode(path.relative_to(folder))!r} ".encode())
                digest.update(self._content(path))
        return digest.hexdigest()

    def _content(self, path: Path) -> bytes:
        """Return what a fingerprint holds of a file: what is ever read of it, and its size."""
        try:
            about = os.lstat(path)
            said = f"{about.st_mode}".encode()
            if stat.S_ISREG(about.st_mode):
                with path.open("rb") as file:
                    digest = hashlib.sha256(file.read(self.limits.submitted_file + 1))
                said += f" {about.st_size} ".encode() + digest.digest()
        except OSError as error:
            return f"{error.errno}".encode()
        return said

    def record(self, student: str) -> dict[str, Any]:
        """Return the record of a student who is done, or an empty one.

        Each graded notebook bears the fingerprint of its record, whoever has written the two.
        """
        folder = self.folder("autograded", student)
        try:
            found = json.loads((self.records / f"{student}.json").read_text(encoding="utf-8"))
            mark = json.dumps(found["fingerprint"])
            for name in found["marks"]:
                if mark not in (folder / f"{name}.ipynb").read_text(encoding="utf-8"):
                    return {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        return dict(found)

    def unchanged(self, number: int) -> str:
        """Say what becomes of submissions for which there is nothing to do."""
        if all(against == self.newest[name] for name, (_, against) in self.held_to.items()):
            return f"{number} already graded, and not changed since"
        return (
            f"{number} already graded against an earlier release: the marks stay; --again grades "
            "against the new one"
        )

    def held(self, student: str, again: bool = False) -> Held:
        """Return to which releases a student's notebooks are held.

        A submission that has not changed is held to what it was held to before, and another to the
        release that it was made from; `again` holds every one to the newest, as far as the student
        was given its questions.
        """
        before = self.record(student)
        noted: Held = {name: (pair[0], pair[1]) for name, pair in before.get("held", {}).items()}
        known = noted and all(
            mark in self.releases.get(name, ()) for name, pair in noted.items() for mark in pair
        )
        if known and not again and before.get("handed_in") == self.fingerprint(student, ""):
            return noted
        folder = self.folder("submitted", student)
        found = {}
        for name, newest in self.newest.items():
            given = newest
            if len(self.releases[name]) > 1:
                # Whoever grades it meets the same trouble, and says so.
                with contextlib.suppress(Exception, clock.Overdue), self._clock():
                    others = self.newest.keys() - {name}
                    read = reading.read(folder, name, self.limits, others)
                    chosen = rebuild.choose(read, name, self.releases[name][newest])
                    given = made_from(chosen, self.releases[name], newest)
            found[name] = (given, newest if again else given)
        return found

    def _clock(self) -> contextlib.AbstractContextManager[None]:
        return clock.limited(self.limits.seconds_per_cell)

    # What is done with a result.

    def keep(self, result: Result, marks: Marks, fingerprint: str, *, files: bool = True) -> float:
        """Write a result; see the module's text for the order. Return the score.

        Parameters
        ----------
        result : Result
        marks : Marks
        fingerprint : str
        files : bool
            Whether what was handed in beside the notebooks is laid beside the graded ones.

        Raises
        ------
        NotWritten
            If the disk is full or may not be written.
        """
        # What cannot be read is the student's affair, what cannot be written the machine's.
        submitted = self.folder("submitted", result.student)
        theirs = reading.files_beside(submitted, self.limits)[0] if files else {}
        beside, _ = reading.laid_over(self.assignment.files, theirs)
        try:
            return self._keep(result, marks, fingerprint, beside)
        except OSError as error:
            if error.errno in _NOT_WRITABLE:
                raise NotWritten(str(self.course.root), error.strerror) from None
            raise

    def _keep(
        self, result: Result, marks: Marks, fingerprint: str, beside: Mapping[str, bytes]
    ) -> float:
        target = self.folder("autograded", result.student)
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f".{target.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        for name, content in beside.items():
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            (fresh / name).write_bytes(content)
        for name, one in result.notebooks.items():
            path = fresh / f"{name}.ipynb"
            marked = grading.fingerprinted(one.notebook, fingerprint)
            path.write_text(grading.written(marked), encoding="utf-8")
            path.chmod(0o444)
        moment, complaints = self._timestamp(self.folder("submitted", result.student))
        if moment is not None:
            (fresh / "timestamp.txt").write_text(moment.isoformat(" "), encoding="utf-8")
        gone = self.gone(marks, result.student)
        cells = self.assignment.notebooks
        score = marks.save(result.student, moment, result.marks, result.unanswered, cells)
        old = target.with_name(f".{target.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        if target.exists():
            target.rename(old)
        fresh.rename(target)
        shutil.rmtree(old, ignore_errors=True)
        self.note(result, fingerprint, score, [*complaints, *gone])
        return score

    def gone(self, marks: Marks, student: str) -> list[str]:
        """Say which marks that a person has given are for questions that are asked no more."""
        asked = {name for one in self.assignment.points_by_question.values() for name in one}
        return [
            f"{name} is asked no more; the {mark:g} that a person gave for it are gone"
            for name, mark in marks.given_by_hand(student).items()
            if name not in asked
        ]

    def note(
        self, result: Result, fingerprint: str, score: float, further: Sequence[str] = ()
    ) -> None:
        """Write the record of a student who is done."""
        self.records.mkdir(parents=True, exist_ok=True)
        record = {
            "fingerprint": fingerprint,
            "handed_in": self.fingerprint(result.student, ""),
            "held": self.held_to,
            "status": result.status,
            "marks": result.marks,
            "points": self.assignment.points_by_question,
            "score": score,
            "for_student": result.for_student,
            "for_instructor": [*result.for_instructor, *further],
        }
        place = self.records / f"{result.student}.json"
        half = place.with_name(f".{place.name}.new")
        half.write_text(json.dumps(record, indent=1), encoding="utf-8")
        half.replace(place)

    def _timestamp(self, folder: Path) -> tuple[datetime | None, list[str]]:
        path = folder / "timestamp.txt"
        if path.is_symlink() or not path.is_file():
            return None, []
        text = ""
        try:
            with path.open("rb") as file:
                text = file.read(200).decode("utf-8", "replace").strip()
            moment = parse_utc(text)
        except Exception:  # nobody has listed what a parser of dates raises
            moment = None
        if not isinstance(moment, datetime):
            return None, [f"timestamp.txt is no date ({text[:40]!r}); counted as in time"]
        return moment, []


def secret_of(root: Path) -> str:
    """Return the secret of the course in `root`, which is made when it is first needed."""
    path = root / "judged" / ".secret"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as file:
            file.write(secrets.token_hex(16))
            file.flush()
            with contextlib.suppress(FileExistsError):  # somebody was faster
                os.link(file.name, path)
    return path.read_text(encoding="utf-8")


# --- in a worker ----------------------------------------------------------------------------------


class Worker:
    """Grades submissions of one assignment, one after the other."""

    def __init__(self, assignment: Assignment) -> None:
        self.assignment = assignment
        self.examiners = {
            name: Examiner(cells, assignment.limits, assignment.secret, assignment.installs)
            for name, cells in assignment.notebooks.items()
        }

    def grade(self, student: str, folder: Path) -> Result:
        """Return the result of one submission, whatever it is."""
        start = time.monotonic()
        notebooks = {
            name: self.notebook(student, name, folder) for name in self.assignment.notebooks
        }
        return Result(student, notebooks, time.monotonic() - start)

    def notebook(self, student: str, name: str, folder: Path) -> Graded:
        """Return what becomes of one notebook of a submission."""
        one = self.assignment
        examiner = self.examiners[name]
        return grading.grade_notebook(name, one.notebooks, folder, one.files, examiner, student)

    def close(self) -> None:
        """End the workspaces."""
        for examiner in self.examiners.values():
            examiner.close()


_WARM: dict[str, Worker] = {}


def warm(assignment: Assignment) -> Worker:
    """Return this process's worker, kept warm from one submission of an assignment to the next."""
    key = assignment.fingerprint()
    if key not in _WARM:
        close_workers()
        _WARM[key] = Worker(assignment)
    return _WARM[key]


def close_workers() -> None:
    """End the processes that wait for further notebooks."""
    for worker in _WARM.values():
        worker.close()
    _WARM.clear()


atexit.register(close_workers)


def _begin(assignment: Assignment, numbers: Any) -> None:
    """Make a process a worker, on a core of its own (see `judge.one_core`)."""
    if sys.platform.startswith("linux"):
        confine.die_with_parent(signal.SIGKILL)
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[numbers.get() % len(cores)]})
    _WARM.clear()  # the coordinator's own, if it has one
    worker = warm(assignment)
    # A process of multiprocessing's ends without atexit.
    Finalize(worker, worker.close, exitpriority=10)


def _grade(student: str, folder: Path) -> Result:
    (worker,) = _WARM.values()
    with clock.ended_after(longest(worker.assignment)):
        return worker.grade(student, folder)


def longest(assignment: Assignment) -> float:
    """Return after how many seconds a worker with one submission is ended, whatever it does.

    Each step has a limit of its own; this is for what none of them has foreseen.
    """
    limits = assignment.limits
    return len(assignment.notebooks) * (
        2 * limits.by_the_clock(limits.seconds_per_submission)
        + 4 * limits.seconds_per_cell
        + jail.IMPORTS
    )


@cache
def code() -> str:
    """Return a fingerprint of the code that gives marks, where this runs."""
    digest = hashlib.sha256(f"{sys.version_info} {np.__version__}".encode())
    for package in ("autograder", library.PACKAGE, library.CHECKS):
        folder = library.where(package)
        for path in sorted(folder.rglob("*.py")) if folder else ():
            digest.update(path.read_bytes())
    return digest.hexdigest()


# --- the coordinator ------------------------------------------------------------------------------


#: After so many times the longest that a submission may take, workers that say nothing are killed.
_HANGS = 2
#: From a class and some of its students to their results, each as it comes.
Judging = Callable[["Class", Sequence[str]], Generator[Result, None, None]]


def results(room: Class, students: Sequence[str], jobs: int) -> Generator[Result, None, None]:
    """Judge some students' submissions on this machine, and yield each result as it comes.

    A worker that dies takes nobody with it: whoever was on the way to one is judged again, one at a
    time, so that the one with whom it dies once more is known, and is given up.
    """
    jail.required(room.limits)
    queue, suspects = deque(students), deque[str]()
    while queue or suspects:
        if suspects:
            for student in (yield from _judged(room, suspects, 1, 1)):
                yield given_up(room, student, "the worker died with it, twice")
        else:
            # Two for each worker: none waits for us, and few are lost if one dies.
            workers = min(jobs, len(queue))
            suspects.extend((yield from _judged(room, queue, workers, 2 * workers)))


def _judged(
    room: Class, queue: "deque[str]", workers: int, most: int
) -> Generator[Result, None, list[str]]:
    """Judge whoever is taken from a queue, at most so many at once, until a worker dies.

    Returns
    -------
    list of str
        Those of whom nothing is known, because they were on the way when it died.
    """
    context = multiprocessing.get_context("fork")
    numbers = context.SimpleQueue()
    for number in range(workers):
        numbers.put(number)
    pool = ProcessPoolExecutor(workers, context, _begin, (room.assignment, numbers))
    waiting: dict[Future[Result], str] = {}
    try:
        while queue or waiting:
            while queue and len(waiting) < most:
                folder = room.folder("submitted", queue[0])
                future = pool.submit(_grade, queue[0], folder)
                waiting[future] = queue.popleft()
            done, _ = wait(waiting, _HANGS * longest(room.assignment), FIRST_COMPLETED)
            if not done:  # not even their own clocks have ended them
                for process in multiprocessing.active_children():
                    process.kill()
            for one in done:
                try:
                    result = one.result()
                except BrokenProcessPool:
                    raise
                except Exception as error:  # a fault of ours; the others go on
                    result = given_up(room, waiting[one], f"{type(error).__name__}: {error}")
                del waiting[one]
                yield result
    except BrokenProcessPool:
        return list(waiting.values())
    finally:
        pool.shutdown(cancel_futures=True)
    return []


def given_up(room: Class, student: str, reason: str) -> Result:
    """Return the result of a submission with which the grader itself has failed."""
    said = "Your notebook could not be graded; your teacher will look at it."
    notebooks = {
        name: grading.ungraded(cells, said, f"not graded: {printable(reason[:500])}")
        for name, cells in room.assignment.notebooks.items()
    }
    return Result(student, notebooks, given_up=True)


def grade(
    room: Class,
    students: Sequence[str],
    judging: Judging,
    *,
    again: bool = False,
    only_compare: bool = False,
    say: Any = print,
) -> dict[str, Status]:
    """Grade some students, write what they got, and return what became of those judged now.

    Nothing else of a result is kept once it is written: a class of any size needs no more memory.

    Parameters
    ----------
    room : Class
    students : sequence of str
    judging : callable
        Judges them: `results`, or `cluster.results`.
    again : bool
        Grade also those for whom nothing has changed.
    only_compare : bool
        Write nothing, and say whose mark would move.
    say : callable
        Gets a line for each student as it comes.
    """
    parts: dict[str, tuple[Held, list[str]]] = {}
    for student in students:
        if reason := unusable(student):
            say(f"{printable(student)}: {Status.NOT_GRADED}, {reason}")
            continue
        held = room.held(student, again)
        parts.setdefault(json.dumps(held, sort_keys=True), (held, []))[1].append(student)
    judged: dict[str, Status] = {}
    for held, some in parts.values():
        judged |= _grade_part(room.holding(held), some, judging, again, only_compare, say)
    if not only_compare:
        with opened(room.course) as gradebook:
            Marks(gradebook, room.name, late_penalty(room.config)).penalise_all()
    return judged


def _grade_part(
    room: Class,
    students: Sequence[str],
    judging: Judging,
    again: bool,
    only_compare: bool,
    say: Any,
) -> dict[str, Status]:
    """Grade those students of a class who are held to the same releases."""
    common = room.assignment.fingerprint()
    prints = {student: room.fingerprint(student, common) for student in students}
    todo = [
        student
        for student in students
        if again or only_compare or room.record(student).get("fingerprint") != prints[student]
    ]
    if len(todo) < len(students):
        say(room.unchanged(len(students) - len(todo)))
    judged: dict[str, Status] = {}
    with contextlib.ExitStack() as stack:
        coming = stack.enter_context(contextlib.closing(judging(room, todo)))
        marks: Marks | None = None
        for number, result in enumerate(coming, 1):
            if marks is None:  # after the workers were forked, who must not share it
                gradebook = stack.enter_context(opened(room.course))
                marks = Marks(gradebook, room.name, late_penalty(room.config))
            who = printable(result.student)
            if only_compare:
                moved = _moved(marks.auto_scores(result.student), result)
                if moved:
                    say(f"{who}: {'; '.join(moved)}")
            else:
                kept = "" if result.given_up else prints[result.student]
                result = _kept(room, result, marks, kept)
                say(
                    f"{number} of {len(todo)}, {who}: {result.status}, {result.score:g} of "
                    f"{room.assignment.points:g} from the checks"
                )
            judged[result.student] = result.status
    return judged


def _kept(room: Class, result: Result, marks: Marks, fingerprint: str) -> Result:
    """Write a result, and return it; if it cannot be written, what is written in its place."""
    try:
        room.keep(result, marks, fingerprint)
    except (MemoryError, NotWritten, OperationalError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in MACHINES:
            raise
        result = given_up(room, result.student, f"{type(error).__name__}: {error}")
        room.keep(result, marks, fingerprint, files=False)
    return result


def _moved(before: Mapping[str, float | None], result: Result) -> list[str]:
    """Say which marks would change."""
    return [
        f"{name} {_shown(before.get(name))} → {_shown(mark)}"
        for marks in result.marks.values()
        for name, mark in marks.items()
        if before.get(name) != mark
    ]


def _shown(mark: float | None) -> str:
    return "?" if mark is None else f"{mark:g}"


def summary(room: Class, students: Sequence[str]) -> str:
    """Return how the class did, and who needs a person's eye and why."""
    chosen = {*map(writable, students)}
    table = [
        row
        for row in course_marks(room.config, room.name)
        if row.student in chosen or row.status is Status.NOT_HANDED_IN
    ]
    lines = [f"  {printable(row.student)}: {printable(row.about)}" for row in table if row.about]
    return "\n".join([summarise(table), *lines])
