"""nbgrader from Python: its configuration, and the programs that it calls by name."""

import os
import re
import sys
import warnings
from pathlib import Path

from nbgrader.apps import NbGraderAPI
from sqlalchemy.exc import SAWarning
from traitlets.config import Config


class CourseError(RuntimeError):
    """nbgrader could not do what was asked; the message says what and why in one sentence."""


def course_config(course: Path) -> Config:
    """Return the configuration for a course that lies in `course`, whatever nbgrader_config says.

    Parameters
    ----------
    course : Path
        The folder that holds source/, release/, submitted/ and the gradebook.
    """
    config = Config()
    config.CourseDirectory.course_id = "neural-networks-by-hand"
    config.CourseDirectory.root = str(course.resolve())
    config.Application.log_level = 40
    # Other users of the machine could listen to a kernel's port; and it would warn of that.
    config.KernelManager.transport_encryption = "auto"
    return config


def nbgrader(course: Path, **sections: dict[str, object]) -> NbGraderAPI:
    """Return nbgrader's own interface to the course in `course`.

    Parameters
    ----------
    course : Path
    sections
        Further settings, for example ``Execute={"timeout": 5}``.
    """
    # nbgrader calls `alembic` by name, and a virtual environment need not be activated.
    programs = str(Path(sys.executable).parent)
    if programs not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join((programs, os.environ["PATH"]))
    # nbgrader relates objects before it adds them, and SQLAlchemy says so at every submission.
    warnings.filterwarnings("ignore", category=SAWarning)
    config = course_config(course)
    config.merge(Config(sections))
    return NbGraderAPI(config=config)


def succeeded(answer: dict[str, object], what: str) -> None:
    """Raise CourseError unless nbgrader's answer is a success.

    Raises
    ------
    CourseError
        With the last line of nbgrader's own reason.
    """
    if not answer["success"]:
        log = str(answer.get("error") or answer.get("log") or "it gave no reason").strip()
        lines = [line.strip() for line in log.splitlines() if "see the the above" not in line]
        errors = [line for line in lines if re.match(r"[\w.]+(Error|Exception)\b", line)] or lines
        raise CourseError(f"{what}: nbgrader failed: {errors[-1]}")
