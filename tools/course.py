"""nbgrader from Python: its configuration, and the programs that it calls by name."""

import os
import re
import sys
import warnings
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from nbgrader.apps import NbGraderAPI
from sqlalchemy.exc import SAWarning
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.classroom import Class, grade, results
from autograder.gradebook import NotReleased, NotWritten
from autograder.jail import NoJail, required
from autograder.marks import Status
from autograder.settings import Judge
from autograder.words import printable

#: Where nbgrader_config.py lies.
ROOT = Path(__file__).resolve().parent.parent


class CourseError(RuntimeError):
    """nbgrader could not do what was asked; the message says what and why in one sentence."""


def course_config(course: Path, *, stock: bool = False) -> Config:
    """Return nbgrader_config.py's configuration for a course that lies in `course`.

    Parameters
    ----------
    course : Path
        The folder that holds source/, release/, submitted/ and the gradebook.
    stock : bool
        Leave the judge out: nbgrader then runs students' code and the tests in one kernel. Only to
        compare marks.
    """
    config = PyFileConfigLoader("nbgrader_config.py", str(ROOT)).load_config()
    config.CourseDirectory.root = str(course.resolve())
    config.Application.log_level = 40
    if stock:
        del config.Autograde
    return config


def nbgrader(course: Path, *, stock: bool = False, **sections: Mapping[str, object]) -> NbGraderAPI:
    """Return nbgrader's own interface to the course in `course`.

    Parameters
    ----------
    course : Path
    stock : bool
        See `course_config`.
    sections
        Further settings, for example ``Judge={"seconds_per_cell": 5.0}``.
    """
    # nbgrader calls `alembic` by name, and a virtual environment need not be activated.
    programs = str(Path(sys.executable).parent)
    if programs not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join((programs, os.environ["PATH"]))
    # nbgrader relates objects before it adds them, and SQLAlchemy says so at every submission.
    warnings.filterwarnings("ignore", category=SAWarning)
    config = course_config(course, stock=stock)
    config.merge(Config(sections))
    return NbGraderAPI(config=config)


def need_jail(course: Path) -> None:
    """Do nothing where students' code may run.

    Raises
    ------
    NoJail
        If this machine has no jail, and the configuration does not accept that.
    """
    required(Judge(config=course_config(course)).limits())


def judge(
    course: Path, name: str, students: list[str], *, again: bool = False, **settings: object
) -> list[str]:
    """Let the judge grade some students, and return those who could not be graded.

    Parameters
    ----------
    course : Path
    name : str
        The assignment.
    students : list of str
    again : bool
        Also those for whom nothing has changed.
    settings
        Of the judge: its limits, see `autograder.settings.Limits`, and its secret.

    Raises
    ------
    CourseError
        If there is no such assignment, or this machine has no jail.
    """
    nbgrader(course)  # puts its programs on the path
    config = course_config(course)
    config.merge(Config({"Judge": settings}))
    try:
        room = Class(config, name)
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
        judged = grade(
            room,
            students,
            partial(results, jobs=cores),
            again=again,
            say=lambda line: print(f"{name}: {line}", flush=True),
        )
    except (NoJail, NotReleased, NotWritten) as error:
        raise CourseError(str(error)) from None
    return [printable(student) for student, status in judged.items() if status is Status.NOT_GRADED]


def succeeded(answer: dict[str, object], what: str) -> None:
    """Raise CourseError unless nbgrader's answer is a success.

    Raises
    ------
    CourseError
        With the last line of nbgrader's own reason.
    """
    if not answer["success"]:
        # The log has what went wrong first, the error only that something did.
        told = f"{answer.get('error') or ''}\n{answer.get('log') or ''}".strip()
        lines = [line.strip() for line in (told or "it gave no reason").splitlines()]
        errors = [line for line in lines if re.match(r"[\w.]+(Error|Exception): ", line)]
        errors = [line for line in errors if "NbGraderException" not in line] or errors or lines
        raise CourseError(f"{what}: nbgrader failed: {errors[-1]}")
