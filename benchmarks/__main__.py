"""Measure everything, or the parts that are named: ``python -m benchmarks [sizes building ...]``.

The numbers go into the record, `benchmarks/record.json`, from which a page of the book is made.
"""

import argparse
import importlib
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import record
from benchmarks.race import Race, Timing, run

Entries = list[dict[str, Any]]

#: The files of the races at one size each. Those of `sizes` are a section of their own.
RACES = ("differentiation", "network", "training", "adam", "graph")
LIBRARY = ("nnlib/*.py", "benchmarks/race.py")
GRADING = ("autograder/**/*", "tools/course.py", "benchmarks/notebooks/**/*")
BUILDING = ("tools/book.py", "tools/release.py", "tools/demo.py", "_ext/**/*", "assets/**/*")
BUILDING = (*BUILDING, "_config.yml", "Makefile", "requirements.lock", "benchmarks/building.py")

HEAD = (
    f"{'race':44} {'peer':24} {'ratio':>8}   {'quartiles':15} "
    f"{'ours/ms':>10} {'peer/ms':>10} {'target':>7}"
)


class Part(NamedTuple):
    """What is measured together.

    Attributes
    ----------
    measure : callable
        Measures, prints what it finds, and returns the entries of one or more sections by name.
    measured : tuple of str
        The files whose speed that is.
    """

    measure: Callable[[], dict[str, Entries]]
    measured: tuple[str, ...]


def line(result: Timing) -> str:
    """One row of the table."""
    name = result.name if result.size is None else f"{result.name}, {result.size:,} parameters"
    if result.ratio is None or result.spread is None:
        return f"{name:44} {result.peer:24} {'missing':>8}   {result.note}"
    verdict = {None: "", True: "reached", False: "NOT reached"}[result.reached]
    target = f"{result.target:.3g}" if result.target else ""
    spread = f"{result.spread[0]:g} … {result.spread[1]:g}"
    return (
        f"{name:44} {result.peer:24} {result.ratio:8.2f}   {spread:15} "
        f"{result.ours_ms:10.4f} {result.peer_ms:10.4f} {target:>7} {verdict}"
    )


def races_of(name: str) -> list[Race]:
    """Return the races of one file."""
    return list(importlib.import_module(f"benchmarks.{name}").RACES)


def hold(section: str, files: Sequence[str]) -> dict[str, Entries]:
    """Hold the races of some files."""
    entries = []
    print(HEAD)
    for race in (race for name in files for race in races_of(name)):
        for result in run(race):
            entries.append(result.as_json())
            print(line(result), flush=True)
    print("A ratio is the peer's time by ours: above 1, nnlib is faster.")
    return {section: entries}


def graded() -> dict[str, Entries]:
    """Let `benchmarks.grading` grade two classes, and take over what it writes."""
    from benchmarks import grading

    if subprocess.run([sys.executable, "-m", "benchmarks.grading"], cwd=record.ROOT).returncode:
        raise RuntimeError("The graders do not agree on the marks; the lines above say where.")
    written = json.loads((record.ROOT / grading.TARGET).read_text(encoding="utf-8"))
    return {"grading": written["grading"]}


def shown(name: str) -> dict[str, Entries]:
    """Measure with one of the files here, and print each entry."""
    found: dict[str, Entries] = importlib.import_module(f"benchmarks.{name}").measure()
    for entries in found.values():
        for entry in entries:
            verdict = {True: "   reached", False: "   NOT reached"}.get(entry.get("reached"), "")
            print("  ".join(f"{key} {value}" for key, value in entry.items()) + verdict)
    return found


PARTS = {
    "races": Part(lambda: hold("races", RACES), (*LIBRARY, *(f"benchmarks/{n}.py" for n in RACES))),
    "sizes": Part(lambda: hold("sizes", ["sizes"]), (*LIBRARY, "benchmarks/sizes.py")),
    "grading": Part(graded, (*GRADING, "benchmarks/grading.py")),
    "classes": Part(lambda: shown("classes"), (*GRADING, "benchmarks/classes.py")),
    "building": Part(lambda: shown("building"), BUILDING),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and write each part into the record as soon as it is there."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"any of {', '.join(PARTS)}")
    parser.add_argument("--output", type=Path, default=record.TARGET, help="the record")
    parser.add_argument("--remark", default="", help="a sentence for the page: what was unusual")
    options = parser.parse_args(arguments)
    if unknown := set(options.parts) - PARTS.keys():
        parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    for name in options.parts or PARTS:
        part = PARTS[name]
        about = record.surroundings(part.measured, options.remark)
        for section, entries in part.measure().items():
            record.keep(section, about, entries, options.output)
        print(f"Written: {options.output}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
