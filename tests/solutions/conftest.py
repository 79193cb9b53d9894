"""One released and graded demonstration class for all tests of the assignments."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tools import assignments
from tools.demo import class_of


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory):
    """The command's outcome and the course folder that it made."""
    folder = tmp_path_factory.mktemp("demo") / "course"
    # A process of its own: nbgrader and SQLAlchemy warn of themselves, and here that is an error.
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tools.demo", "--course", str(folder)),
            *("--feedback", "01-differentiation"),  # a page is like the other nine
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done, folder


@pytest.fixture(scope="session")
def course(demonstration):
    """A course folder in which every assignment has been released."""
    return demonstration[1]


@pytest.fixture(scope="session")
def graded(course):
    """The marks of the demonstration class, by assignment."""
    return {
        source.stem: class_of(source, course) for source in assignments.sources(ROOT / "solutions")
    }
