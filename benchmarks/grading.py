"""Grading one class: nbgrader alone, nbgrader with the judge, and the judge on all cores.

Run by ``python -m benchmarks.grading``. Time is the wall clock's, because the work is done by
several processes; each way of grading runs in a process of its own, starts with its imports done,
and grades the same notebooks. The marks must be equal. Only the ratios mean anything.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

from benchmarks.race import Race

#: It has no races of the kind that `make bench` runs in one thread.
RACES: list[Race] = []

#: Where `python -m benchmarks` has written the other ratios.
TARGET = Path("_build/bench.json")

ASSIGNMENT = "01-differentiation"
#: How many students each way grades: enough for the start to count as little as in a real class.
COUNTS = {"nbgrader": 4, "nbgrader with the judge": 16, "python -m autograder": 80}
#: How many times the throughput of nbgrader alone is wanted.
TARGETS = {"nbgrader with the judge": 10.0, "python -m autograder": 30.0}


def prepare(course: Path) -> None:
    """Release the assignment and let a class of ordinary notebooks hand in."""
    import nbformat

    from tools import assignments, demo
    from tools.release import ROOT, generate, write_sources

    write_sources(ROOT / "solutions", course)
    generate(course, ASSIGNMENT)
    source = ROOT / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.py"
    released = nbformat.read(course / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4)
    perfect = demo.hand_in(released, assignments.read(source), demo.Submission("perfect", {}))
    for number in range(max(COUNTS.values())):
        folder = course / "submitted" / f"s{number:03}" / ASSIGNMENT
        folder.mkdir(parents=True)
        nbformat.write(perfect, folder / f"{ASSIGNMENT}.ipynb")


def grade(course: Path, way: str) -> dict[str, object]:
    """Grade in one way; return seconds for each student, and the marks."""
    from tools.course import course_config, nbgrader
    from tools.gradebook import marks

    warnings.simplefilter("ignore")
    count = COUNTS[way]
    students = [f"s{number:03}" for number in range(count)]
    if way == "python -m autograder":
        from autograder.classroom import Class
        from autograder.classroom import grade as grade_class

        room = Class(course_config(course), ASSIGNMENT)
        start = time.perf_counter()
        jobs = len(os.sched_getaffinity(0))
        grade_class(room, students, jobs=jobs, say=lambda line: None)
    else:
        api = nbgrader(course, stock=way == "nbgrader")
        start = time.perf_counter()
        for student in students:
            api.autograde(ASSIGNMENT, student)
    seconds = (time.perf_counter() - start) / count
    found = {mark.student: dict(mark.by_test) for mark in marks(course, ASSIGNMENT)}
    return {"seconds": seconds, "marks": [found[student] for student in students]}


def main() -> int:
    """Run the three, print the ratios, and say whether the marks are equal."""
    if len(sys.argv) == 3:
        print(json.dumps(grade(Path(sys.argv[1]), sys.argv[2])))
        return 0
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder) / "course"
        prepare(course)
        for way in ("nbgrader", *TARGETS):
            copy = Path(folder) / way.replace(" ", "-")
            shutil.copytree(course, copy)
            command = [sys.executable, "-m", "benchmarks.grading", str(copy), way]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            results[way] = json.loads(done.stdout.splitlines()[-1])
    stock = results["nbgrader"]
    wanted = stock["marks"][0]
    equal = all(one == wanted for result in results.values() for one in result["marks"])
    print(f"{'grading a class':28} {'ratio':>8} {'target':>7}   marks equal: {equal}")
    report = json.loads(TARGET.read_text()) if TARGET.exists() else {}
    report["grading"] = []
    for way, target in TARGETS.items():
        ratio = stock["seconds"] / results[way]["seconds"]
        entry = {"name": "grading a class", "peer": "nbgrader", "way": way, "target": target}
        report["grading"].append(entry | {"ratio": round(ratio, 2), "marks equal": equal})
        verdict = "reached" if ratio >= target else "NOT reached"
        print(f"{way:28} {ratio:8.2f} {target:7g}   {verdict}")
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(report, indent=1) + "\n")
    return 0 if equal else 1


if __name__ == "__main__":
    sys.exit(main())
