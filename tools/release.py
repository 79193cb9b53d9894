"""`make release`: what students get, made from solutions/, chapters/ and nnlib/.

`course/release/` is nbgrader's: the notebooks without solutions and hidden tests. `course/handout/`
is the same with everything that a student needs to work on a machine of their own; it can be put
on a course page as it is.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

from autograder.gradebook import NotReleased
from autograder.releases import put_in_place
from tools import assignments
from tools.assignments import BrokenAssignment
from tools.course import CourseError, nbgrader, succeeded

ROOT = Path(__file__).resolve().parent.parent

#: What a student's machine needs beside nnlib, in the versions of requirements.lock: jupytext and
#: jupyterlab-myst show the chapters as notebooks, nbgrader brings the Validate button.
STUDENTS_PACKAGES = (
    "ipykernel",
    "jupyterlab",
    "jupyterlab-myst",
    "jupytext",
    "matplotlib",
    "nbgrader",
    "numpy",
)

#: What the students' wheel holds.
STUDENTS_MODULES = ["nnlib", "nnlib.checks", "nnlib.plotting"]

#: A chapter whose front matter has this line is not handed to students.
FOR_INSTRUCTORS = "audience: instructors"

START_HERE = """\
# Start here

In this folder you find the chapters of *Neural Networks by Hand* (`chapters/`), the assignments
(one folder each), and `nnlib`, the library that both use. You need Python 3.11 or newer, and a
network connection once, for the installation.

## Once

Open a terminal in this folder. On Linux and macOS:

    python3 -m venv .venv
    .venv/bin/python -m pip install -r requirements.txt

On Windows:

    py -m venv .venv
    .venv\\Scripts\\python -m pip install -r requirements.txt

## Every time

    .venv/bin/jupyter lab            (on Windows: .venv\\Scripts\\jupyter lab)

JupyterLab opens in your browser. A chapter opens as a notebook with a right click on it, *Open
With*, *Notebook*. The first to read is `chapters/how-to-study.md`.

## An assignment

1. Open its notebook, for example `{assignment}/{assignment}.ipynb`.
2. Replace each `raise NotImplementedError()` by your own code, and run the check below it. The
   check says what is right, what is not yet right, and what to look at. Run it as often as you
   like; nobody counts.
3. Use NumPy and what you wrote yourself. The book's own functions are for reading and comparing:
   an answer that is one of them, or calls one, counts as not attempted.
4. At the end: *Kernel*, *Restart Kernel and Run All Cells*, then *Validate* above the notebook.
5. Hand in the `.ipynb` file, under the name that it has.

If something does not work, take the message you see to your teacher; it is rarely your fault.
"""


def write_sources(solutions: Path, course: Path) -> list[str]:
    """Write the instructor's notebooks to `course`/source and return the assignments' names."""
    names = []
    for source in assignments.sources(solutions):
        notebook = assignments.read(source)
        target = course / "source" / source.stem / f"{source.stem}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, target)
        names.append(source.stem)
    return names


def generate(course: Path, name: str) -> Path:
    """Let nbgrader make the students' version of one assignment, which takes the old one's place.

    Raises
    ------
    CourseError
        If nbgrader fails; the old release and the gradebook are then as they were.
    """
    aside = {"release_directory": ".release.new"}
    making = nbgrader(
        course,
        CourseDirectory=aside,
        GenerateAssignment={"no_database": True},
        SaveCells={"later": True},
    )
    made = course / aside["release_directory"]
    try:
        answer = making.generate_assignment(name, force=True)
        succeeded(answer, f"{name} is not released")
        put_in_place(nbgrader(course).coursedir, name, made / name)
    except NotReleased as error:
        raise CourseError(str(error)) from None
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return course / "release" / name / f"{name}.ipynb"


def release(solutions: Path, course: Path, chapters: Path | None = None) -> list[Path]:
    """Release every assignment, with the chapters beside them, and return the notebooks."""
    released = [generate(course, name) for name in write_sources(solutions, course)]
    if chapters is not None:
        copy_chapters(chapters, course / "release" / "chapters")
    return released


def copy_chapters(chapters: Path, target: Path) -> None:
    """Copy the chapters that are for students."""

    def kept_back(folder: str, names: list[str]) -> set[str]:
        files = (Path(folder, name) for name in names if name.endswith(".md"))
        return {file.name for file in files if _is_for_instructors(file)}

    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(chapters, target, ignore=kept_back)


def _is_for_instructors(chapter: Path) -> bool:
    _, _, rest = chapter.read_text(encoding="utf-8").partition("---\n")
    front_matter, _, _ = rest.partition("\n---")
    return FOR_INSTRUCTORS in front_matter.splitlines()


def handout(course: Path, released: list[Path], lock: Path = ROOT / "requirements.lock") -> Path:
    """Write the folder for students, `course`/handout, and return it.

    Parameters
    ----------
    course : Path
        Where `release` has been at work.
    released : list of Path
        The students' notebooks.
    lock : Path
        Where the versions of the packages are taken from.
    """
    target = course / "handout"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for notebook in released:
        folder = target / notebook.stem
        folder.mkdir()
        shutil.copyfile(notebook, folder / notebook.name)
    shutil.copytree(course / "release" / "chapters", target / "chapters")
    start = START_HERE.format(assignment=released[0].stem)
    (target / "START-HERE.md").write_text(start, encoding="utf-8")
    built = wheel(target, start)
    (target / "requirements.txt").write_text(
        "# Install with: python -m pip install -r requirements.txt\n"
        + "".join(f"{line}\n" for line in pinned(lock, STUDENTS_PACKAGES))
        + f"./{built.name}\n",
        encoding="utf-8",
    )
    return target


def pinned(lock: Path, names: tuple[str, ...]) -> list[str]:
    """Return the lock file's lines for some packages, without their hashes.

    Raises
    ------
    CourseError
        If a package is not in it.
    """
    lines = lock.read_text(encoding="utf-8").splitlines()
    found = [
        line.removesuffix("\\").strip()
        for line in lines
        if (match := re.match(r"([a-z0-9.-]+)==", line)) and match[1] in names
    ]
    missing = set(names) - {line.partition("==")[0] for line in found}
    if missing:
        raise CourseError(f"{lock.name} does not pin {', '.join(sorted(missing))}; make it anew.")
    return found


def wheel(target: Path, description: str) -> Path:
    """Build nnlib's wheel into `target`, from a copy of nothing but nnlib, and without a network.

    Raises
    ------
    CourseError
        If setuptools fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        shutil.copyfile(ROOT / "LICENSE", project / "LICENSE")
        said = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        (project / "pyproject.toml").write_text(
            re.sub(r"(?m)^packages = .*$", f"packages = {STUDENTS_MODULES}", said),
            encoding="utf-8",
        )
        (project / "README.md").write_text(description, encoding="utf-8")
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "nnlib", project / "nnlib", ignore=ignored)
        build = "import sys; from setuptools import build_meta;build_meta.build_wheel(sys.argv[1])"
        done = subprocess.run(
            [sys.executable, "-c", build, str(target.resolve())],
            cwd=project,
            # The same sources make the same file, whenever they are built.
            env={**os.environ, "SOURCE_DATE_EPOCH": "315532800"},
            capture_output=True,
            text=True,
            check=False,
        )
    built = list(target.glob("*.whl"))
    if done.returncode or len(built) != 1:
        reason = (done.stderr or done.stdout).strip().splitlines() or ["it gave no reason"]
        raise CourseError(f"nnlib's wheel could not be built: {reason[-1]}")
    return built[0]


def main() -> int:
    """Run as a command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--solutions", type=Path, default=ROOT / "solutions")
    parser.add_argument("--course", type=Path, default=ROOT / "course")
    options = parser.parse_args()
    try:
        released = release(options.solutions, options.course, ROOT / "chapters")
        for notebook in released:
            print(f"released {notebook.relative_to(options.course.parent)}")
        folder = handout(options.course, released)
        print(f"for students: {folder.relative_to(options.course.parent)}")
    except (BrokenAssignment, CourseError) as error:
        print(error, file=sys.stderr)
        return 1
    except PermissionError as error:
        print(
            f"cannot write {error.filename}: make that folder writable, or choose another place "
            "with --course.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
