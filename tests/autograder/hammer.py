"""Kills and full disks without number: `python -m tests.autograder.hammer 50 10`.

A class is graded while its coordinator and workers are killed at random moments, and resumed, until
it is done; then on disks that are too small, each of them enlarged afterwards. Every time the marks
are what an undisturbed run gives. Full disks need the rights of the superuser on Linux: each is a
file system in memory. No test: it takes minutes.
"""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.autograder.test_classroom import ANSWERS, copy_of, hand_in, notebook, scores, start
from tests.conftest import ROOT, release_the_first

STUDENTS = 5
MIB = 1 << 20


def the_class(released: Path, folder: Path) -> Path:
    """Return a class of which each student has answered a little more than the one before."""
    course = copy_of(released, folder)
    for number in range(STUDENTS):
        hand_in(course, f"s{number}", notebook(course, dict([*ANSWERS.items()][: number % 3])))
    return course


def killed_after(course: Path, seconds: float) -> bool:
    """Run the command and kill it and its workers; return whether it was done before."""
    process, _ = start(course)
    process.join(seconds)
    done = process.exitcode is not None
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.join()
    return done


def finished(course: Path) -> tuple[int, str]:
    """Run the command to its end; return its exit code and what it said."""
    process, said = start(course)
    process.join()
    return process.exitcode, said.read_text()


@contextlib.contextmanager
def disk(place: Path, size: int) -> Iterator[None]:
    """Let a folder be a disk of its own of so many bytes."""
    place.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", place],
        check=True,
    )
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


def main(kills: int, disks: int) -> int:
    """Hammer, and say what came of it; 1 if any mark was another."""
    chance = random.Random(2026)
    with tempfile.TemporaryDirectory(prefix="hammer-") as folder:
        here = Path(folder)
        release_the_first(here / "released")
        calm = the_class(here / "released", here / "calm")
        begun = time.monotonic()
        assert finished(calm)[0] == 0
        whole = time.monotonic() - begun
        wanted, wrong, runs = scores(calm), 0, 0
        print("undisturbed:", wanted, flush=True)
        done = 0
        while done < kills:
            shutil.rmtree(here / "killed", ignore_errors=True)
            course = the_class(here / "released", here / "killed")
            while done < kills and not killed_after(course, chance.uniform(0, whole)):
                done += 1
            code, said = finished(course)
            runs += 1
            if code or scores(course) != wanted:
                wrong += 1
                print(f"after {done} kills: {code}, {scores(course)}\n{said}", flush=True)
        print(f"{done} kills in {runs} runs; {wrong} with other marks", flush=True)
        refused = 0
        for number in range(disks):
            place = here / f"disk-{number}"
            with disk(place, 400 * MIB):
                course = the_class(here / "released", place)
                used = shutil.disk_usage(place).used
                size = used + int(chance.uniform(0, 0.5) * MIB)
                resize = ["mount", "-o", f"remount,size={size}", place]
                subprocess.run(resize, check=True)
                code, said = finished(course)
                refused += code == 1
                if code not in (0, 1) or "Traceback" in said:
                    wrong += 1
                    print(f"disk of {size}: {code}\n{said}", flush=True)
                subprocess.run(["mount", "-o", "remount,size=400m", place], check=True)
                code, said = finished(course)
                if code or scores(course) != wanted:
                    wrong += 1
                    print(f"disk of {size}, enlarged: {code}\n{said}", flush=True)
        print(f"{disks} disks, {refused} of them too small; {wrong} faults in all", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(*map(int, sys.argv[1:3])))
