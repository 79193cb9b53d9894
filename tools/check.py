"""`make check`: what an author runs between two edits.

Style and types of everything, then the doctests of what has changed since the last commit and the
quick tests of it. What builds, grades or browses is left to `make test`.
"""

import ast
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import import_graph

from tools.tracked import listed

ROOT = Path(__file__).resolve().parent.parent

#: Where the quick tests are, and where code has worked examples.
QUICK = ("nnlib", "nnchecks", "tools", "facts", "benchmarks")
EXAMPLES = ("nnlib", "nnchecks", "autograder")
#: Tests that find what they look at by themselves.
LOOK_AT = {"test_catalogues.py": ("solutions",), "test_answers.py": ("solutions",)}


def changed(root: Path = ROOT) -> set[Path]:
    """Return the files that have changed since the last commit and still exist."""
    edited = listed(root, "ls-files", "--modified", "--others", "--exclude-standard")
    return {*edited, *listed(root, "diff", "--cached", "--name-only")}


def concerned(files: set[Path], tests: Sequence[Path], root: Path = ROOT) -> list[Path]:
    """Return the tests of some files: those of the same name, else those that import them.

    Parameters
    ----------
    files : set of Path
        What has changed.
    tests : sequence of Path
    root : Path
        The folder that holds the packages.
    """
    found = files & {*tests}
    for file in files - found:
        named = {test for test in tests if test.name == f"test_{file.stem}.py"}
        found |= named or {test for test in tests if file in imported_by(test, root)}
        for name, folders in LOOK_AT.items():
            if any(file.is_relative_to(root / folder) for folder in folders):
                found |= {test for test in tests if test.name == name}
    return sorted(found)


def imported_by(test: Path, root: Path) -> set[Path]:
    """Return the project's files that a test imports itself."""
    tree = ast.parse(test.read_text(encoding="utf-8"))
    return {file for file, _ in import_graph.imported(root, tree, test.parent)}


def main() -> int:
    """Run as a command."""
    files = changed()
    tests = [path for name in QUICK for path in sorted((ROOT / "tests" / name).glob("test_*.py"))]
    examples = [
        path
        for path in sorted(files)
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in EXAMPLES
    ]
    asked = [*examples, *concerned(files, tests)]
    commands = [["ruff", "check", "--quiet", "."], ["ruff", "format", "--quiet", "--check", "."]]
    commands.append(["mypy", "--no-error-summary"])
    if asked:
        print(f"{len(asked)} files of tests are of what has changed.", flush=True)
        where = [path.relative_to(ROOT).as_posix() for path in asked]
        commands.append(["pytest", "-q", "-m", "not slow", "--numprocesses", "auto", *where])
    else:
        print("There is no quick test of what has changed.", flush=True)
    codes = [
        subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=False).returncode
        for command in commands
    ]
    return 1 if any(codes) else 0


if __name__ == "__main__":
    sys.exit(main())
