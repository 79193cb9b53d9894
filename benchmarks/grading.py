"""Grading a class: nbgrader alone, nbgrader with the judge, and the judge on all cores.

Two classes are graded. One hands in an *ordinary* notebook, of 25 cells with plain assertions and
one figure (`notebooks/ordinary`); the other the book's first assignment, whose checks ask a
student's derivatives hundreds of questions and whose figure has two logarithmic axes.

Beside them stands a bound that nothing can beat: the cells alone, tests and all, in a warm process
that forks, without jail, judge, gradebook or files, and shared among the cores at no cost.

Run by ``python -m benchmarks.grading``. In the race time is the wall clock's, because the work is
done by several processes; each way of grading runs in a process of its own, starts with its imports
done, and grades the same notebooks. The marks must be equal. Only the ratios mean anything.

The *share* says how much of the processor time of grading the cells alone would need. Both are
measured in turns, notebook by notebook, so that a busy machine slows both.

Last comes a class of 300, the demonstration's notebooks with a remark of each student's own: the
memory of all processes must stay as it was, and the last hundred cost what the first have cost.
"""

import contextlib
import json
import multiprocessing
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

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
OURS = "python -m autograder"
#: How many times the throughput of nbgrader alone is wanted.
TARGETS = {"nbgrader with the judge": 7.0}
#: How much of the bound must be reached, and by how much the last hundred may differ.
SHARE, DRIFT = 0.85, 0.05
#: The class of 300: of whose kinds, how many students, and what counts as the same memory, in MiB.
CLASS, MANY, SAME = "01-differentiation", 300, 24.0


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

    count = COUNTS[way]
    students = [f"s{number:03}" for number in range(count)]
    if way == "python -m autograder":
        from autograder import classroom

        room = classroom.Class(course_config(course), assignment)
        start = time.perf_counter()
        judging = partial(classroom.results, jobs=len(os.sched_getaffinity(0)))
        classroom.grade(room, students, judging, say=lambda line: None)
    else:
        for folder in (course / "submitted").iterdir():
            if folder.name not in students:
                shutil.rmtree(folder)
        api = nbgrader(course, stock=way == "nbgrader")
        start = time.perf_counter()
        api.autograde(assignment, "*")
    seconds = (time.perf_counter() - start) / count
    found = {mark.student: mark.by_test for mark in marks(course, assignment)}
    return {"seconds": seconds, "marks": [found[student] for student in students]}


def bare(course: Path, assignment: str) -> None:
    """For each line that comes, run the cells and nothing else; tell the processor time it took."""
    import nbformat

    from autograder import workspace

    place = course / "source" / assignment / f"{assignment}.ipynb"
    cells = [cell.source for cell in nbformat.read(place, 4).cells if cell.cell_type == "code"]
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    os.environ["NBGRADER_EXECUTION"] = "autograde"
    shown = sys.stdout
    workspace.warm_up(["nnchecks.differentiation"])
    for _ in sys.stdin:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        child = os.fork()
        if not child:
            for number, cell in enumerate(cells):
                workspace._run(cell, workspace.Outputs(1 << 24), number)
            os._exit(0)
        os.waitpid(child, 0)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
        print(seconds, file=shown, flush=True)


def processor_time(process: int) -> float:
    """Return the seconds that a process, its children and theirs have used so far."""
    with contextlib.suppress(OSError):
        about = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        used = sum(map(int, about[11:15])) / os.sysconf("SC_CLK_TCK")
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        return used + sum(processor_time(int(one)) for one in children)
    return 0.0


def memory(process: int) -> float:
    """Return the MiB of memory that are a process's own, and nobody else's."""
    with contextlib.suppress(OSError):
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        private = [line.split()[1] for line in lines if line.startswith("Private_")]
        return sum(map(int, private)) / 1024
    return 0.0


def share(course: Path, assignment: str) -> dict[str, object]:
    """Grade and run the cells alone in turns; print and return how much of the time these take."""
    from autograder import classroom
    from autograder.gradebook import Marks, late_penalty, opened
    from tools.course import course_config

    room = classroom.Class(course_config(course), assignment)
    common = room.assignment.fingerprint()
    command = [sys.executable, "-m", "benchmarks.grading", str(course), BOUND, assignment]
    alone = graded = 0.0
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as bound,
        opened(room.course) as gradebook,
    ):
        assert bound.stdin is not None
        assert bound.stdout is not None
        marks = Marks(gradebook, assignment, late_penalty(room.config))
        worker = classroom.warm(room.assignment)
        for number in range(COUNTS[BOUND] + 1):
            bound.stdin.write(b"\n")
            bound.stdin.flush()
            cells = float(bound.stdout.readline())
            student = f"s{number:03}"
            start = processor_time(os.getpid()) - processor_time(bound.pid)
            result = worker.grade(student, room.folder("submitted", student))
            room.keep(result, marks, room.fingerprint(student, common))
            used = processor_time(os.getpid()) - processor_time(bound.pid) - start
            if number:  # the first starts the process that forks
                alone, graded = alone + cells, graded + used
        bound.stdin.close()
    classroom.close_workers()
    reached = alone / graded
    verdict = "reached" if reached >= SHARE else "NOT reached"
    print(f"{'share of the bound':28} {reached:8.2f} {SHARE:7g}   {verdict}", flush=True)
    name, count = f"grading {assignment}", COUNTS[BOUND]
    each = {"alone": round(alone / count, 4), "graded": round(graded / count, 4)}
    return {"name": name, "way": "share of the bound", "share": round(reached, 3), **each}


def hand_in_many(course: Path) -> list[str]:
    """Let a class of the demonstration's kinds hand in; return the students in their order."""
    import nbformat

    from tools import assignments, demo

    source = ASSIGNMENTS[CLASS] / CLASS / f"{CLASS}.py"
    released = nbformat.read(course / "release" / CLASS / f"{CLASS}.ipynb", as_version=4)
    solved = assignments.read(source)
    # Ten kinds, so that every hundred students are the same; the endless ones would only wait.
    kinds = [one for one in demo.table_of(source) if "endless" not in one.student][:10]
    students = [f"many{number:03}" for number in range(MANY)]
    for number, student in enumerate(students):
        kind = kinds[number % len(kinds)]
        kind = replace(kind, scratch=(*kind.scratch, f"# by {student}"))
        folder = course / "submitted" / student / CLASS
        folder.mkdir(parents=True)
        nbformat.write(demo.hand_in(released, solved, kind), folder / f"{CLASS}.ipynb")
    return students


def many(course: Path) -> dict[str, object]:
    """Grade a large class; print and return what its memory and its time do on the way."""
    from autograder import classroom
    from tools.course import course_config

    students = hand_in_many(course)
    room = classroom.Class(course_config(course), CLASS)
    seen: list[tuple[float, float, float]] = []

    def note(_: str) -> None:
        workers = [one.pid for one in multiprocessing.active_children() if one.pid]
        most = max(map(memory, workers), default=0.0)
        seen.append((processor_time(os.getpid()), memory(os.getpid()), most))

    judging = partial(classroom.results, jobs=len(os.sched_getaffinity(0)))
    classroom.grade(room, students, judging, say=note)
    # Not from the very first: until then the workers have started.
    early, late = seen[20:121], seen[-101:]
    seconds = [(part[-1][0] - part[0][0]) / 100 for part in (early, late)]
    grown = [late[-1][place] - early[0][place] for place in (1, 2)]
    drift = seconds[1] / seconds[0] - 1
    verdict = "reached" if drift <= DRIFT and max(grown) <= SAME else "NOT reached"
    print(
        f"a class of {MANY}: the last hundred cost {drift:+.1%}, the coordinator has grown by "
        f"{grown[0]:.1f} MiB, a worker by {grown[1]:.1f} MiB   {verdict}",
        flush=True,
    )
    found: dict[str, Any] = {"name": f"grading {CLASS}", "way": f"a class of {MANY}"}
    found |= {"drift": round(drift, 4), "seconds each": [round(one, 4) for one in seconds]}
    return found | {"coordinator MiB": round(grown[0], 1), "worker MiB": round(grown[1], 1)}


def race(assignment: str) -> list[dict[str, object]]:
    """Grade one assignment in each way, print the ratios and return them."""
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder) / "course"
        prepare(course, assignment)
        for way in ("nbgrader", *TARGETS, OURS):
            copy = Path(folder) / way.replace(" ", "-")
            shutil.copytree(course, copy)
            results[way] = _apart(copy, way, assignment)
        entries = [_apart(course, "share", assignment)]
        if assignment == CLASS:
            entries.append(_apart(course, "many", assignment))
    stock = results["nbgrader"]
    wanted = stock["marks"][0]
    equal = all(one == wanted for result in results.values() for one in result["marks"])
    print(f"{f'grading {assignment}':28} {'ratio':>8} {'target':>7}   marks equal: {equal}")
    for way in (*TARGETS, OURS):
        ratio, target = stock["seconds"] / results[way]["seconds"], TARGETS.get(way)
        entry = {"name": f"grading {assignment}", "peer": "nbgrader", "way": way, "target": target}
        entries.append(entry | {"ratio": round(ratio, 2), "marks equal": equal})
        verdict = "" if target is None else "reached" if ratio >= target else "NOT reached"
        print(f"{way:28} {ratio:8.2f} {target or '':>7}   {verdict}", flush=True)
    return entries


def _apart(course: Path, way: str, assignment: str) -> dict[str, Any]:
    """Let a process of its own do something, print what it says, and return what it has found."""
    command = [sys.executable, "-m", "benchmarks.grading", str(course), way, assignment]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    *said, found = done.stdout.splitlines()
    print("\n".join(said), end="\n" if said else "", flush=True)
    result: dict[str, Any] = json.loads(found)
    return result


def main() -> int:
    """Run all, print the ratios, and say whether the marks are equal."""
    if len(sys.argv) == 4:
        course, way, assignment = sys.argv[1:]
        warnings.simplefilter("ignore")
        if way == BOUND:
            bare(Path(course), assignment)
        elif way == "share":
            print(json.dumps(share(Path(course), assignment)))
        elif way == "many":
            print(json.dumps(many(Path(course))))
        else:
            print(json.dumps(grade(Path(course), way, assignment)))
        return 0
    entries = [entry for assignment in ASSIGNMENTS for entry in race(assignment)]
    report = json.loads(TARGET.read_text()) if TARGET.exists() else {}
    report["grading"] = entries
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(report, indent=1) + "\n")
    return 0 if all(entry.get("marks equal", True) for entry in entries) else 1


if __name__ == "__main__":
    sys.exit(main())
