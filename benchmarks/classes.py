"""Notebooks graded in a minute, against the size of the class and the number of jobs.

Every class hands in the *ordinary* notebook of `benchmarks.grading`, right answers throughout. Each
run grades a fresh class in a process of its own that starts with its imports done; so the start of
kernels, workers and gradebook counts, as it does for an instructor. Otter-Grader is asked by its
own interface, without a container, with the same cells as tests. The marks must be equal.

Run by ``python -m benchmarks classes``. Time is the wall clock's, because several processes work.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import grading
from benchmarks.record import ROOT, cores

ASSIGNMENT = "ordinary"
SLOW, FAST = (1, 4, 8), (1, 4, 16, 64)
TURNS = 2

#: A test of Otter's, which runs one of nbgrader's test cells among what the student has defined.
OTTER_TEST = '''\
"""{name}, as nbgrader has it."""

from otter.test_files import test_case

OK_FORMAT = False
name = "{name}"
points = {points}


@test_case(points={points})
def test(env):
    exec({source!r}, env)
'''

Marks = list[dict[str, float]]


def in_nbgrader(course: Path, students: list[str], jobs: int, *, stock: bool) -> Callable:
    """Let nbgrader grade one notebook after the other, without our judge or with it."""
    from tools.course import nbgrader

    api = nbgrader(course, stock=stock)
    return lambda: [api.autograde(ASSIGNMENT, student) for student in students]


def in_autograder(course: Path, students: list[str], jobs: int) -> Callable:
    """Grade with our own command's parts."""
    from autograder import classroom
    from tools.course import course_config

    room = classroom.Class(course_config(course), ASSIGNMENT)
    judging = partial(classroom.results, jobs=jobs)
    return lambda: classroom.grade(room, students, judging, say=lambda line: None)


def in_otter(course: Path, students: list[str], jobs: int) -> Callable:
    """Make Otter's tests of nbgrader's, and let it grade one notebook after the other."""
    from otter.api import grade_submission
    from otter.generate import main as generate

    tests = otter_tests(course)
    generate(
        tests_dir=str(tests),
        output_path=str(course / "autograder.zip"),
        no_config=True,
        no_requirements=True,
        no_environment=True,
    )

    def run() -> Marks:
        found = []
        for student in students:
            notebook = course / "submitted" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
            graded = grade_submission(str(notebook), str(course / "autograder.zip"), quiet=True)
            found.append({name: test.score for name, test in graded.results.items()})
        return found

    return run


def otter_tests(course: Path) -> Path:
    """Write a test file of Otter's for each test cell that a program marks; return the folder."""
    folder = course / "tests"
    folder.mkdir()
    for name, worth, source in test_cells(course):
        text = OTTER_TEST.format(name=name, points=worth, source=source)
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return folder


WAYS: dict[str, tuple[Callable, tuple[int, ...], bool]] = {
    "nbgrader": (partial(in_nbgrader, stock=True), SLOW, False),
    "otter-grader": (in_otter, SLOW, False),
    "nbgrader with the judge": (partial(in_nbgrader, stock=False), SLOW, False),
    "python -m autograder": (in_autograder, FAST, True),
}


def grade(course: Path, way: str, jobs: int, count: int) -> dict[str, Any]:
    """Grade so many students in one way; return seconds for the class, and its marks."""
    from tools.gradebook import marks

    warnings.simplefilter("ignore")
    students = [f"s{number:03}" for number in range(count)]
    try:
        run = WAYS[way][0](course, students, jobs)
    except ModuleNotFoundError as error:
        return {"note": f"{error.name} is not installed"}
    start = time.perf_counter()
    found = run()
    seconds = time.perf_counter() - start
    if way != "otter-grader":
        rows = {mark.student: mark.by_test for mark in marks(course, ASSIGNMENT)}
        found = [rows[student] for student in students]
    return {"seconds": seconds, "marks": found}


def points(course: Path) -> dict[str, float]:
    """Return what a right answer gets from each test cell that a program marks."""
    return {name: float(points) for name, points, _ in test_cells(course)}


def test_cells(course: Path) -> list[tuple[str, float, str]]:
    """Return the name, the points and the source of each test cell that a program marks."""
    import nbformat

    place = course / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    cells = nbformat.read(place, as_version=4).cells
    abouts = [(cell, cell.metadata.get("nbgrader", {})) for cell in cells]
    return [
        (about["grade_id"].removeprefix("test_"), about["points"], cell.source)
        for cell, about in abouts
        if about.get("grade") and not about.get("solution")
    ]


def measure() -> dict[str, list[dict[str, Any]]]:
    """Grade classes of every size in every way, in turns."""
    jobs = sorted({1, cores()})
    plans = [
        (way, count, number)
        for way, (_, counts, many) in WAYS.items()
        for count in counts
        for number in (jobs if many else [1])
    ]
    seconds: dict[tuple, list[float]] = {plan: [] for plan in plans}
    notes: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder) / "course"
        grading.prepare(course, ASSIGNMENT)
        tests = points(course)
        for _ in range(TURNS):
            for way, count, number in plans:
                if way in notes:
                    continue
                copy = Path(folder) / "copy"
                shutil.copytree(course, copy)
                command = [sys.executable, "-m", "benchmarks.classes", str(copy), way]
                command += [str(number), str(count)]
                done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
                shutil.rmtree(copy)
                if done.returncode:
                    raise RuntimeError(f"{way} could not grade {count} students:\n{done.stderr}")
                result = json.loads(done.stdout.splitlines()[-1])
                if note := result.get("note"):
                    notes[way] = note
                    continue
                seconds[way, count, number].append(result["seconds"])
                given = [
                    {test: float(row[test]) for test in sorted(tests)} for row in result["marks"]
                ]
                if not all(row == tests for row in given):
                    raise AssertionError(f"{way} gives other marks than {tests}: {given}")
    return {"classes": [entry(plan, seconds[plan], notes.get(plan[0], "")) for plan in plans]}


def entry(plan: tuple[str, int, int], seconds: list[float], note: str) -> dict[str, Any]:
    """One class of the record."""
    way, students, jobs = plan
    known = {"way": way, "students": students, "jobs": jobs, "note": note}
    if not seconds:
        return known | {"seconds": None, "spread": None}
    middle = round(statistics.median(seconds), 3)
    return known | {"seconds": middle, "spread": [round(min(seconds), 3), round(max(seconds), 3)]}


def main() -> None:
    """Grade one class, as `measure` asks for it."""
    course, way, jobs, count = sys.argv[1:]
    shown = os.dup(1)
    os.dup2(2, 1)  # whatever a grader prints is none of the answer
    found = grade(Path(course), way, int(jobs), int(count))
    os.dup2(shown, 1)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
