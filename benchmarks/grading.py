"""Grading a class: nbgrader alone, nbgrader with the judge, and the judge on all cores.

Two classes are graded. One hands in an *ordinary* notebook, of 25 cells with plain assertions and
one figure (`notebooks/ordinary`); the other the book's first assignment, whose checks ask a
student's derivatives hundreds of questions and whose figure has two logarithmic axes.

Beside them stands a bound that nothing can beat: the cells alone, tests and all, in a warm process
that forks, without jail, judge, gradebook or files, and shared among the cores at no cost.

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
from functools import partial
from pathlib import Path

from benchmarks.race import Race

#: It has no races of the kind that `make bench` runs in one thread.
RACES: list[Race] = []

#: Where `python -m benchmarks` has written the other ratios.
TARGET = Path("_build/bench.json")

ROOT = Path(__file__).parents[1]
#: Where the instructor's version of each notebook is.
ASSIGNMENTS = {
    "ordinary": ROOT / "benchmarks" / "notebooks",
    "01-differentiation": ROOT / "solutions",
}
#: How many students each way grades: enough for the start to count as little as in a real class.
COUNTS = {
    "nbgrader": 4,
    "nbgrader with the judge": 80,
    "python -m autograder": 80,
    "the cells alone": 20,
}
#: What no way of grading can beat.
BOUND = "the cells alone"
#: How many times the throughput of nbgrader alone is wanted.
TARGETS = {"nbgrader with the judge": 10.0, "python -m autograder": 30.0}


def prepare(course: Path, assignment: str) -> None:
    """Release the assignment and let a class hand in the instructor's own answers."""
    import nbformat

    from tools import assignments, demo
    from tools.release import generate, write_sources

    write_sources(ASSIGNMENTS[assignment], course)
    generate(course, assignment)
    source = ASSIGNMENTS[assignment] / assignment / f"{assignment}.py"
    place = course / "release" / assignment / f"{assignment}.ipynb"
    released = nbformat.read(place, as_version=4)
    perfect = demo.hand_in(released, assignments.read(source), demo.Submission("perfect", {}))
    for number in range(max(COUNTS.values())):
        folder = course / "submitted" / f"s{number:03}" / assignment
        folder.mkdir(parents=True)
        nbformat.write(perfect, folder / f"{assignment}.ipynb")


def grade(course: Path, way: str, assignment: str) -> dict[str, object]:
    """Grade in one way; return seconds for each student, and the marks."""
    from tools.course import course_config, nbgrader
    from tools.gradebook import marks

    warnings.simplefilter("ignore")
    count = COUNTS[way]
    students = [f"s{number:03}" for number in range(count)]
    if way == "python -m autograder":
        from autograder import classroom

        room = classroom.Class(course_config(course), assignment)
        start = time.perf_counter()
        judging = partial(classroom.results, jobs=len(os.sched_getaffinity(0)))
        classroom.grade(room, students, judging, say=lambda line: None)
    else:
        api = nbgrader(course, stock=way == "nbgrader")
        start = time.perf_counter()
        for student in students:
            api.autograde(assignment, student)
    seconds = (time.perf_counter() - start) / count
    found = {mark.student: mark.by_test for mark in marks(course, assignment)}
    return {"seconds": seconds, "marks": [found[student] for student in students]}


def bare(course: Path, assignment: str) -> dict[str, object]:
    """Run the cells and nothing else; return seconds for each student if no core is ever idle."""
    import nbformat

    from autograder import workspace

    place = course / "source" / assignment / f"{assignment}.ipynb"
    cells = [cell.source for cell in nbformat.read(place, 4).cells if cell.cell_type == "code"]
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    os.environ["NBGRADER_EXECUTION"] = "autograde"
    shown = sys.stdout
    workspace.warm_up(["nnlib.checks.differentiation"])
    start = time.perf_counter()
    for _ in range(COUNTS[BOUND]):
        child = os.fork()
        if not child:
            for number, cell in enumerate(cells):
                workspace._run(cell, workspace.Outputs(1 << 24), number)
            os._exit(0)
        os.waitpid(child, 0)
    seconds = (time.perf_counter() - start) / COUNTS[BOUND]
    sys.stdout = shown
    return {"seconds": seconds / len(os.sched_getaffinity(0)), "marks": []}


def race(assignment: str) -> list[dict[str, object]]:
    """Grade one assignment in each way, print the ratios and return them."""
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder) / "course"
        prepare(course, assignment)
        for way in ("nbgrader", *TARGETS, BOUND):
            copy = Path(folder) / way.replace(" ", "-")
            shutil.copytree(course, copy)
            command = [sys.executable, "-m", "benchmarks.grading", str(copy), way, assignment]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            results[way] = json.loads(done.stdout.splitlines()[-1])
    stock = results["nbgrader"]
    wanted = stock["marks"][0]
    equal = all(one == wanted for result in results.values() for one in result["marks"])
    print(f"{f'grading {assignment}':28} {'ratio':>8} {'target':>7}   marks equal: {equal}")
    entries = []
    for way, target in TARGETS.items():
        ratio = stock["seconds"] / results[way]["seconds"]
        entry = {"name": f"grading {assignment}", "peer": "nbgrader", "way": way, "target": target}
        entries.append(entry | {"ratio": round(ratio, 2), "marks equal": equal})
        verdict = "reached" if ratio >= target else "NOT reached"
        print(f"{way:28} {ratio:8.2f} {target:7g}   {verdict}", flush=True)
    ratio = stock["seconds"] / results[BOUND]["seconds"]
    entries.append({"name": f"grading {assignment}", "way": BOUND, "ratio": round(ratio, 2)})
    print(f"{BOUND:28} {ratio:8.2f}           no way can beat that", flush=True)
    return entries


def main() -> int:
    """Run all, print the ratios, and say whether the marks are equal."""
    if len(sys.argv) == 4:
        course, way, assignment = sys.argv[1:]
        alone = way == BOUND
        found = bare(Path(course), assignment) if alone else grade(Path(course), way, assignment)
        print(json.dumps(found))
        return 0
    entries = [entry for assignment in ASSIGNMENTS for entry in race(assignment)]
    report = json.loads(TARGET.read_text()) if TARGET.exists() else {}
    report["grading"] = entries
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(report, indent=1) + "\n")
    return 0 if all(entry.get("marks equal", True) for entry in entries) else 1


if __name__ == "__main__":
    sys.exit(main())
