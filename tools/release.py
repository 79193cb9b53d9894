"""`make release`: what students get, made from solutions/, chapters/, nnlib/ and nnchecks/.

`course/release/` is nbgrader's: the notebooks without solutions and hidden tests. `course/handout/`
is the same with everything that a student needs to work on a machine of their own; it can be put
on a course page as it is. What a person has edited in `course/` stays, see tools/keep.py.
"""

import argparse
import ast
import inspect
import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import nbformat
import numpy as np
import numpy.typing as npt
from nbformat import NotebookNode

from autograder.gradebook import NotReleased
from autograder.packages import STUDENTS as STUDENTS_PACKAGES
from autograder.releases import put_in_place
from tools import assignments, keep, labconfig
from tools.assignments import BrokenAssignment
from tools.course import CourseError, nbgrader, succeeded

ROOT = Path(__file__).resolve().parent.parent

#: What the students' wheel holds.
STUDENTS_MODULES = ["nnlib", "nnlib.plotting", "nnchecks", "nnchecks.engine"]

#: What of `nnlib.backprop_by_hand` would work a student's sheet, all of it or a part.
WORK_A_SHEET = ("hand_pass", "forward", "backward", "train_step")

#: A chapter whose front matter has this line is not handed to students.
FOR_INSTRUCTORS = "audience: instructors"

_HEADER = b"""---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
---

"""

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

JupyterLab opens in your browser. Double-click a chapter, and it opens as a notebook. The first to
read is `chapters/how-to-study.md`.

Your work lies in this folder and nowhere else. If your teacher gives out a newer folder, unpack it
beside this one and not over it, so that nothing you have typed is lost.

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
    """Write the instructor's notebooks to `course`/source and return the assignments' names.

    One that was edited there stays as it is; a new version of ours goes to `course`/source-new.
    """
    files = {
        f"source/{source.stem}/{source.stem}.ipynb": content_of(assignments.read(source))
        for source in assignments.sources(solutions)
    }

    def beside(name: str, number: int) -> str:
        place = name.replace("source/", "source-new/", 1)
        return place if number == 1 else keep.renamed(place, number)

    for kept in keep.lay(files, course, beside):
        if kept.ours:
            print(
                f"{_shown(kept.theirs, course)} was edited there: it stays, and is what students "
                f"get. A new version of ours is {_shown(kept.ours, course)}; to take it, move "
                "yours away and run `make release` again."
            )
    return [Path(name).stem for name in files]


def content_of(notebook: NotebookNode) -> bytes:
    """Return a notebook as a file has it."""
    return f"{nbformat.writes(notebook)}\n".encode()


def _shown(path: Path, course: Path) -> str:
    """Return a path as it is called from the folder that the course lies in."""
    return path.relative_to(course.parent).as_posix()


def keep_work(course: Path, names: Sequence[str]) -> None:
    """Copy to my/ what somebody has worked on in `course`/release, where `make lab` once opened.

    nbgrader removes a release's folder when it makes the release anew.
    """
    for folder in (course / "release" / name for name in names):
        for path in keep.files_below(folder):
            inside = path.relative_to(course / "release").as_posix()
            content, given = path.read_bytes(), course / "source" / inside
            given_content = given.read_bytes() if given.is_file() else b""
            if content != given_content and answered(inside, content, given_content):
                mine = keep.put_aside(inside, content, course.parent / "my", "found")
                print(
                    f"{_shown(path, course)} holds somebody's work, which is kept as "
                    f"{_shown(mine, course)}."
                )


def answered(name: str, content: bytes, source: bytes) -> bool:
    """Whether somebody has typed in a released file, by the checksums that nbgrader puts there.

    Parameters
    ----------
    name : str
    content : bytes
    source : bytes
        What it was made from; nothing if there is no such file.
    """
    notebook, original = keep.notebook_of(name, content), keep.notebook_of(name, source)
    if notebook is None or not name.endswith(".ipynb"):
        return True
    given = {cell.source for cell in original.cells} if original else set()
    return any(
        keep.typed_in(cell) and cell.source.strip() and cell.source not in given
        for cell in notebook.cells
    )


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


def release(solutions: Path, course: Path, only: str | None = None) -> list[Path]:
    """Release every assignment, or the one that is named, and return the notebooks."""
    names = [name for name in write_sources(solutions, course) if only in (None, name)]
    keep_work(course, names)
    return [generate(course, name) for name in names]


def students_files(course: Path, chapters: Path) -> dict[str, bytes]:
    """Return what students work with, by its name in their folder: assignments and chapters.

    Parameters
    ----------
    course : Path
        Where `release` has been at work.
    chapters : Path
    """
    released = course / "release"
    folders = [path.parent for path in sorted(released.glob("*/*.ipynb"))]
    files = {
        path.relative_to(released).as_posix(): path.read_bytes()
        for folder in dict.fromkeys(folders)
        if (folder / f"{folder.name}.ipynb").is_file()
        for path in keep.files_below(folder)
    }
    return files | {
        f"chapters/{path.relative_to(chapters).as_posix()}": _to_open(path)
        for path in keep.files_below(chapters)
        if not (path.suffix == ".md" and _is_for_instructors(path))
    }


def _to_open(path: Path) -> bytes:
    """Return a file of the book so that JupyterLab can open it.

    A page without a header and with boxes is taken for another program's Markdown.
    """
    content = path.read_bytes()
    bare = path.suffix == ".md" and not content.startswith(b"---")
    return _HEADER + content if bare else content


def _is_for_instructors(chapter: Path) -> bool:
    _, _, rest = chapter.read_text(encoding="utf-8").partition("---\n")
    front_matter, _, _ = rest.partition("\n---")
    return FOR_INSTRUCTORS in front_matter.splitlines()


def handout(
    course: Path, lock: Path = ROOT / "requirements.lock", chapters: Path = ROOT / "chapters"
) -> Path:
    """Write the folder for students, `course`/handout, and return it.

    A file that was edited there stays as it is; a new version of ours is laid beside it.

    Parameters
    ----------
    course : Path
        Where `release` has been at work.
    lock : Path
        Where the versions of the packages are taken from.
    chapters : Path
    """
    target = course / "handout"
    files = students_files(course, chapters)
    first = next(name for name in files if name.endswith(".ipynb"))
    start = START_HERE.format(assignment=Path(first).stem)
    with tempfile.TemporaryDirectory() as folder:
        built = wheel(Path(folder), start)
        files[built.name] = built.read_bytes()
    files["START-HERE.md"] = start.encode()
    pins = "".join(f"{line}\n" for line in pinned(lock, STUDENTS_PACKAGES))
    files["requirements.txt"] = (
        f"# Install with: python -m pip install -r requirements.txt\n{pins}./{built.name}\n"
    ).encode()
    inside = {f"handout/{name}": content for name, content in files.items()}
    if target.exists() and not keep.knows(course, "handout"):
        before = next(
            place
            for number in itertools.count(1)
            if not (place := course / keep.renamed("handout", number, "before")).exists()
        )
        target.rename(before)
        print(f"{_shown(target, course)} was there before: it is {before.name} now.")
    for kept in keep.lay(inside, course):
        if kept.ours:
            print(
                f"{_shown(kept.theirs, course)} was edited there and stays as it is; the new "
                f"version is {kept.ours.name}, beside it."
            )
    keep.remove_old(inside, course, "handout")
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
    """Build the students' wheel into `target`, with JupyterLab's settings, without a network.

    Raises
    ------
    CourseError
        If setuptools fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        shutil.copyfile(ROOT / "LICENSE", project / "LICENSE")
        said = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        said = re.sub(r"(?m)^packages = .*$", f"packages = {STUDENTS_MODULES}", said)
        # JupyterLab reads its settings in the environment that the wheel is installed in.
        placed: dict[str, list[str]] = {}
        for path in labconfig.write(project / "jupyter"):
            place = f"etc/jupyter/{path.parent.as_posix()}"
            placed.setdefault(place, []).append(f"jupyter/{path.as_posix()}")
        said += "\n[tool.setuptools.data-files]\n"
        said += "".join(f'"{place}" = {names}\n' for place, names in placed.items())
        (project / "pyproject.toml").write_text(said, encoding="utf-8")
        (project / "README.md").write_text(description, encoding="utf-8")
        ignored = shutil.ignore_patterns("__pycache__")
        for package in ("nnlib", "nnchecks"):
            shutil.copytree(ROOT / package, project / package, ignore=ignored)
        _leave_sheets_to_paper(project / "nnlib" / "backprop_by_hand.py")
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


def _leave_sheets_to_paper(module: Path) -> None:
    """Let the students' `nnlib.backprop_by_hand` refuse the numbers of a worksheet.

    There, what would work the sheet of assignment 04 in one line asks `_leave_to_paper` before it
    returns.
    """
    text = module.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    defined = {one.name: one for one in ast.parse(text).body if isinstance(one, ast.FunctionDef)}
    if missing := [name for name in WORK_A_SHEET if name not in defined]:
        raise CourseError(f"nnlib/backprop_by_hand.py has no {' and no '.join(missing)} any more.")
    for name in sorted(WORK_A_SHEET, key=lambda name: defined[name].lineno, reverse=True):
        return_line = defined[name].body[-1].lineno - 1
        lines.insert(return_line, f"    {_leave_to_paper.__name__}(x)\n")
    lines.append(f"\n\n{inspect.getsource(_leave_to_paper)}")
    module.write_text("".join(lines), encoding="utf-8")


def _leave_to_paper(x: npt.ArrayLike) -> None:
    sizes = {abs(float(one)) for one in np.ravel(np.asarray(x))}
    if np.size(x) == len(sizes) == 3 and 0 < min(sizes) < max(sizes) < 1:
        raise ValueError(
            "`x` holds three different numbers between -1 and 1, as a worksheet of assignment 04 "
            "does, and that is for paper. With other numbers, such as 1, -1 and 0.5, this works."
        )


def main() -> int:
    """Run as a command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--solutions", type=Path, default=ROOT / "solutions")
    parser.add_argument("--course", type=Path, default=ROOT / "course")
    options = parser.parse_args()
    try:
        released = release(options.solutions, options.course)
        for notebook in released:
            print(f"released {notebook.relative_to(options.course.parent)}")
        folder = handout(options.course)
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
