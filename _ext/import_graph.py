"""What a program uses: the project's own files that it imports, and those that they import.

The book runs a page again when one of these has changed, the certificate grows stale with them, and
`make check` runs the tests that use what was changed. Nothing is imported to find out.
"""

from __future__ import annotations

import ast
import hashlib
import re
import tokenize
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path

CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
OPTIONS = re.compile(r"\A(?:---\n.*?^---\n|(?::[\w-]+:[^\n]*\n)*)", re.MULTILINE | re.DOTALL)
WORD = re.compile(r"\w+")
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def code_of(page: str) -> str:
    """Return the code of a page's cells as one program, without what only IPython reads."""
    code = "\n".join(OPTIONS.sub("", cell, count=1) for cell in CELL.findall(page))
    return "".join(
        line for line in code.splitlines(keepends=True) if not line.startswith(("%", "!"))
    )


def used(root: Path, program: str, inside: Path | None = None) -> set[Path]:
    """Return the files below `root` that a program's imports lead to.

    A package that passes on the names of its modules is not all used by who uses one of them: a
    page that shows one picture has nothing to do with the others.

    Parameters
    ----------
    root : Path
        The folder that holds the packages.
    program : str
        Source.
    inside : Path, optional
        The folder of the package that it belongs to, for relative imports.

    Raises
    ------
    SyntaxError
        If it is no Python.
    """
    found: set[Path] = set()
    asked: set[tuple[Path, frozenset[str]]] = set()

    def follow(program: str, inside: Path, passed_on: frozenset[str] | None) -> None:
        tree = ast.parse(program)
        words = frozenset(WORD.findall(program)) if passed_on is None else passed_on
        own = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        for file, name in imported(root, tree, inside):
            if passed_on is not None and name not in passed_on | own:
                continue
            is_package = file.name == "__init__.py"
            if (file, words if is_package else frozenset()) in asked:
                continue
            asked.add((file, words if is_package else frozenset()))
            found.add(file)
            follow(file.read_text(encoding="utf-8"), file.parent, words if is_package else None)

    follow(program, inside or root, None)
    return found


def imported(root: Path, tree: ast.Module, inside: Path) -> Iterator[tuple[Path, str]]:
    """Yield each file that a program imports, and the name that it gets there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                yield from ((file, name) for file in modules(root, alias.name.split(".")))
        elif isinstance(node, ast.ImportFrom):
            above = inside
            for _ in range(node.level - 1):
                above = above.parent
            start = above.relative_to(root).parts if node.level else ()
            for alias in node.names:
                path = [*start, *(node.module or "").split("."), alias.name]
                name = alias.asname or alias.name
                yield from ((file, name) for file in modules(root, [one for one in path if one]))


def modules(root: Path, path: list[str]) -> Iterator[Path]:
    """Yield the files that `import a.b.c` runs, as far as they lie below `root`."""
    place = root
    for name in path:
        if (module := place / f"{name}.py").is_file():
            yield module
            return
        place = place / name
        if not place.is_dir():
            return
        if (package := place / "__init__.py").is_file():
            yield package


def meaning(program: str) -> str:
    """Return a program's text without its comments, docstrings and blank lines."""
    lines = program.splitlines()
    for token in tokenize.generate_tokens(StringIO(program).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    for node in ast.walk(ast.parse(program)):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node) is not None:
            first, last = node.body[0].lineno, node.body[0].end_lineno or node.body[0].lineno
            lines[first - 1 : last] = [""] * (last + 1 - first)
    return "\n".join(line.rstrip() for line in lines if line.strip())


def digest(files: Iterable[Path], *words: str) -> str:
    """Return a digest of what files say, and of some words.

    Comments and docstrings of Python files do not count, nor does the order of the files.
    """
    state = hashlib.sha256("\0".join(words).encode())
    for file in sorted({*files}):
        content = file.read_bytes()
        if file.suffix == ".py":
            content = meaning(content.decode("utf-8")).encode()
        name = f"{file.parent.name}/{file.name}"
        # The lengths keep two neighbouring files from running into each other.
        state.update(f"\0{name}\0{len(content)}\0".encode() + content)
    return state.hexdigest()[:16]
