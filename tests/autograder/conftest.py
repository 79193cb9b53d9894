"""A small assignment with two exercises, judged without nbgrader."""

import copy

import pytest

from autograder import jail
from autograder.judge import Examiner
from autograder.settings import Limits

#: Short enough for the tests that wait for them, long enough for a slow machine's honest cells.
LIMITS = Limits(seconds_per_cell=2.0, patience=6.0, grace=1.0, memory=2 << 30, disk=16 << 20)


def lesser(open=(), first=0, readable=True):
    """Return what the process that starts workspaces is told, to see what an older kernel has.

    Whether nobody could read this Python is not asked but given; so it is loaded before.
    """
    return (
        "import sys; sys.path.insert(0, sys.argv[1]); from autograder import confine, zygote\n"
        "def none(*_): raise OSError('no namespaces here')\n"
        "confine.own_namespaces = none\n"
        "confine.landlock_version = lambda: 1\n"
        f"for name in {list(open)!r}: confine._REFUSED.pop(name)\n"
        f"confine._REFUSED_FOR = confine._REFUSED_FOR[{first}:]\n"
        f"if {first}: confine.drop_capabilities = none\n"
        "import base64, encodings.idna, fcntl, os; from autograder import workspace\n"
        f"os.access = lambda *_, **__: {readable}\n"
        "zygote.main()"
    )


def cell(source, grade_id="", *, grade=False, solution=False, points=0, kind="code"):
    """Return a cell as a release has it."""
    made = {"cell_type": kind, "id": grade_id or "own", "metadata": {}, "source": source}
    if grade_id:
        made["metadata"]["nbgrader"] = {
            "grade_id": grade_id,
            "grade": grade,
            "solution": solution,
            "locked": not solution,
            "points": points,
            "schema_version": 3,
            "task": False,
        }
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    return made


def exercise(name):
    """Return an answer cell and its test."""
    return [
        cell(f"def {name}(f, x, h):\n    raise NotImplementedError()", name, solution=True),
        cell(
            f"check.{name}({name})\n### BEGIN HIDDEN TESTS\ncheck.{name}({name}, seed=9)\n"
            "### END HIDDEN TESTS",
            f"test_{name}",
            grade=True,
            points=3,
        ),
    ]


RELEASED = [
    cell(
        "import matplotlib.pyplot as plt\nimport numpy as np\n\n"
        "from nnchecks import differentiation as check",
        "imports",
    ),
    *exercise("forward_difference"),
    *exercise("central_difference"),
]


def released():
    """Return the release, to be changed at will."""
    return copy.deepcopy(RELEASED)


@pytest.fixture(scope="session")
def jailed():
    """Skip where students' code cannot be jailed; under CI that is a failure elsewhere."""
    if not jail.probe().sufficient:
        pytest.skip(f"no jail here: {jail.probe()}")


@pytest.fixture(scope="session")
def examiner(jailed):
    """One examiner, with one warm process, for all tests."""
    one = Examiner(RELEASED, LIMITS)
    yield one
    one.close()
