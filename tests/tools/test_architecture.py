"""ARCHITECTURE.md is true: who imports whom, and one name for each chapter."""

import ast
import re

import pytest

from tests.conftest import ROOT
from tools.check import import_graph

#: Forwards from notebooks released before the checks moved; the one module that may look back.
FORWARD = ROOT / "nnlib" / "checks.py"
ROW = re.compile(r"^\| `(\w+)/` \| .* \| ([^|]*) \|$", re.M)
#: By package, those of ours that it imports.
TABLE = {
    package: set(re.findall(r"`(\w+)`", imports))
    for package, imports in ROW.findall((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))
}
#: The extensions lie in a folder that is itself on Python's path.
PACKAGE_OF = {name: name for name in TABLE} | {one.stem: "_ext" for one in ROOT.glob("_ext/*.py")}
CHAPTERS = [path.stem for path in sorted((ROOT / "chapters").glob("[0-9]*.md"))]


def imports(program):
    """The packages of ours that a program imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(program)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return {
        PACKAGE_OF[top] for top in (one.partition(".")[0] for one in found) if top in PACKAGE_OF
    }


def programs(package):
    """By file, what of a package is Python."""
    folder = ROOT / package
    found = {path: path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py"))}
    for page in folder.glob("*.md"):
        found[page] = import_graph.code_of(page.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("package", TABLE)
def test_a_package_imports_those_that_the_table_names_and_no_other(package):
    found = {path: imports(text) - {package} for path, text in programs(package).items()}
    found.pop(FORWARD, None)
    beyond = {path.name: sorted(used - TABLE[package]) for path, used in found.items()}
    assert {name: used for name, used in beyond.items() if used} == {}
    assert set().union(*found.values()) == TABLE[package], "the table names one too many"


def test_the_table_has_every_package_and_nnlib_looks_back_in_one_place_only():
    packages = {path.parent.name for path in ROOT.glob("[a-z]*/__init__.py")} - {"tests"}
    assert packages | {"_ext", "chapters", "solutions"} == TABLE.keys()
    assert imports(FORWARD.read_text(encoding="utf-8")) == {"nnchecks"}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_has_one_name_everywhere(chapter):
    name = chapter.partition("-")[2]
    module = name.replace("-", "_")
    places = [
        f"solutions/{chapter}/{chapter}.py",
        f"nnlib/plotting/{module}.py",
        f"nnchecks/{module}.py",
        f"tests/nnchecks/test_{module}.py",
    ]
    if (ROOT / "nnlib" / f"{module}.py").exists():
        places.append(f"tests/nnlib/test_{module}.py")
    missing = [place for place in places if not (ROOT / place).is_file()]
    assert missing == [], "`python -m tools.new` lays such files out"


def test_an_interactive_figure_is_called_as_the_chapter_that_shows_it():
    folder = ROOT / "assets" / "interactive"
    figures = {path.stem for path in folder.glob("*.js")}
    assert figures == {path.stem for path in folder.glob("*.svg")}, "a script and a still frame"
    names = {chapter: chapter.partition("-")[2] for chapter in CHAPTERS}
    assert figures <= {*names.values()}, "a figure is called as its chapter"
    for chapter, name in names.items():
        page = (ROOT / "chapters" / f"{chapter}.md").read_text(encoding="utf-8")
        shown = re.findall(r"^:::\{interactive\} (.*)$", page, re.M)
        assert shown == [name] * (name in figures), f"chapters/{chapter}.md"


#: Names of two classes, and why: what each pair has in common is said by the name.
TWICE = {
    "OutOfTime": "a student's function took too long: in the notebook, and in the jail",
    "Rule": "to be told apart",
    "Assignment": "to be told apart",
}


def test_a_classs_name_has_one_meaning():
    homes = {}
    for package in ("nnlib", "nnchecks", "autograder", "tools", "_ext", "benchmarks"):
        for path, text in programs(package).items():
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    homes.setdefault(node.name, set()).add(path.relative_to(ROOT).as_posix())
    assert {name: found for name, found in homes.items() if len(found) > 1}.keys() == TWICE.keys()
