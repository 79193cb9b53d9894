"""`make release`: from solutions/ to the notebooks that students get, in course/release/."""

import argparse
import shutil
import sys
from pathlib import Path

import nbformat

from tools import assignments
from tools.assignments import BrokenAssignment
from tools.course import CourseError, nbgrader, succeeded

ROOT = Path(__file__).resolve().parent.parent


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
    """Let nbgrader make the students' version of one assignment."""
    answer = nbgrader(course).generate_assignment(name, force=True)
    succeeded(answer, f"solutions/{name}")
    return course / "release" / name / f"{name}.ipynb"


def release(solutions: Path, course: Path, chapters: Path | None = None) -> list[Path]:
    """Release every assignment, with the chapters beside them, and return the notebooks."""
    released = [generate(course, name) for name in write_sources(solutions, course)]
    if chapters is not None:
        shutil.copytree(chapters, course / "release" / "chapters", dirs_exist_ok=True)
    return released


def main() -> int:
    """Run as a command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--solutions", type=Path, default=ROOT / "solutions")
    parser.add_argument("--course", type=Path, default=ROOT / "course")
    options = parser.parse_args()
    try:
        for notebook in release(options.solutions, options.course, ROOT / "chapters"):
            print(f"released {notebook.relative_to(options.course.parent)}")
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
