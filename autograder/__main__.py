"""Grade a class, or say what protection this machine gives.

python -m autograder ASSIGNMENT [--students ...] [--jobs N | --scheduler ADDRESS] [--diff] [--again]
python -m autograder doctor
"""

import argparse
import os
import sys
import warnings
from functools import partial
from pathlib import Path

from autograder import jail


def main(arguments: list[str] | None = None) -> int:
    """Run as a command."""
    parser = argparse.ArgumentParser(
        prog="python -m autograder",
        description="Grade what a class handed in, in parallel, with students' code in a jail.",
    )
    parser.add_argument("assignment", help="its name, or `doctor` for what this machine can do")
    parser.add_argument("--students", nargs="+", metavar="ID", help="only these")
    parser.add_argument("--jobs", type=int, default=_cores(), help="at a time (default: the cores)")
    parser.add_argument(
        "--scheduler", default="", metavar="ADDRESS", help="judge on a Dask cluster, not here"
    )
    parser.add_argument("--diff", action="store_true", help="write nothing; say whose mark moves")
    parser.add_argument("--again", action="store_true", help="also those who have not changed")
    parser.add_argument("--config", type=Path, default=Path("nbgrader_config.py"))
    options = parser.parse_args(arguments)
    if options.assignment == "doctor":
        return doctor()
    if options.jobs < 1:
        parser.error(f"--jobs is {options.jobs}; at least 1 must be at work")
    return _grade(options)


def doctor() -> int:
    """Print what protection this machine gives; succeed if it is enough."""
    found = jail.probe()
    print(found)
    if found.sufficient:
        print("Students' code can be graded here.")
        return 0
    print(
        "Students' code is not graded here unless c.Judge.accept_no_jail = True is set in "
        "nbgrader_config.py. Better: install bubblewrap."
    )
    return 1


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _grade(options: argparse.Namespace) -> int:
    from sqlalchemy.exc import SAWarning
    from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

    from autograder import classroom, cluster
    from autograder.gradebook import NotReleased, NotWritten

    # nbgrader relates objects before it adds them, and SQLAlchemy says so.
    warnings.filterwarnings("ignore", category=SAWarning)
    try:
        path = options.config.resolve()
        config = PyFileConfigLoader(path.name, str(path.parent)).load_config()
        room = classroom.Class(config, options.assignment)
        there = room.students()
        if unknown := sorted(set(options.students or ()) - set(there)):
            raise NotReleased(f"{', '.join(unknown)} handed in nothing; see {room.course.root}.")
        students = options.students or there
        if not students:
            raise NotReleased(f"Nobody has handed in {options.assignment}.")
        judging: classroom.Judging = partial(classroom.results, jobs=options.jobs)
        if options.scheduler:
            judging = partial(cluster.results, scheduler=options.scheduler)
        classroom.grade(
            room,
            students,
            judging,
            again=options.again,
            only_compare=options.diff,
            say=lambda line: print(line, flush=True),
        )
        if not options.diff:
            print(classroom.summary(room, students))
    except ConfigFileNotFound:
        print(f"There is no {options.config}; run this where it lies.", file=sys.stderr)
        return 1
    except (jail.NoJail, NotReleased, NotWritten, cluster.NoCluster) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
