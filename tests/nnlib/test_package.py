"""The package as a whole: light to import, typed, every public name in one place."""

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys

import pytest

import nnlib
from nnlib import plotting
from tests.conftest import ROOT

#: What only forwards, for notebooks released before the checks moved.
FORWARD = "checks"
MODULES = [
    one.name
    for one in pkgutil.iter_modules(nnlib.__path__)
    if not one.ispkg and one.name != FORWARD
]
PICTURES = [f"plotting.{one.name}" for one in pkgutil.iter_modules(plotting.__path__)]


def test_everything_but_the_plots_and_reports_is_imported_without_matplotlib():
    names = [f"nnlib.{name}" for name in MODULES]
    names += ["nnchecks.engine.exercise", "nnchecks.engine.pictures", "nnchecks.differentiation"]
    program = (
        f"import importlib, sys\nfor name in {names}: importlib.import_module(name)\n"
        "heavy = {one.partition('.')[0] for one in sys.modules}\n"
        "print(sorted(heavy & {'matplotlib', 'scipy', 'IPython', 'autograd', 'nbformat'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_package_says_that_it_is_typed():
    assert (ROOT / "nnlib" / "py.typed").exists()


def test_a_public_name_is_defined_in_one_module_only():
    homes = {}
    for name in MODULES + PICTURES:
        path = ROOT / "nnlib" / f"{name.replace('.', '/')}.py"
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(name)
    # Chapter 4 has its own of these two, for weights as they are written on paper.
    assert {name: where for name, where in homes.items() if len(where) > 1} == {
        "forward": ["backprop_by_hand", "network"],
        "backward": ["backprop_by_hand", "network"],
    }


def test_the_library_page_lists_every_module():
    page = (ROOT / "chapters" / "library.md").read_text(encoding="utf-8")
    public = [name for name in [*MODULES, "plotting"] if not name.startswith("_")]
    missing = [name for name in public if f"automodule:: nnlib.{name}\n" not in page]
    assert missing == [], "give each a section in chapters/library.md, like those that are there"


OURS = ("nnlib", "nnchecks")


def private_names_of_others(source):
    """What a module takes from another one of ours though its name begins with an underscore."""
    tree = ast.parse(source)
    ours, taken = set(), []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.level or node.module.startswith(OURS)):
            ours |= {one.asname or one.name for one in node.names}
            # A module, such as `_validation`, may be the package's own; a name is a module's own.
            homes = {one.rpartition(".")[2] for one in [*MODULES, *PICTURES]}
            taken += [n.name for n in node.names if n.name[0] == "_" and n.name not in homes]
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            mine = node.attr.startswith("_") and not node.attr.endswith("__")
            taken += [f"{node.value.id}.{node.attr}"] if mine and node.value.id in ours else []
    return taken


def test_no_module_takes_a_private_name_of_another():
    files = [*(ROOT / "nnlib").rglob("*.py"), *(ROOT / "nnchecks").rglob("*.py")]
    found = {str(path): private_names_of_others(path.read_text("utf-8")) for path in files}
    assert {name: taken for name, taken in found.items() if taken} == {}
    assert len(found) > 50


@pytest.mark.parametrize(
    ("source", "taken"),
    [
        ("from nnlib.losses import _rows", ["_rows"]),
        ("from nnlib import losses as table\ntable._rows(1)", ["table._rows"]),
        ("from ._drawing import SERIES\nSERIES.__len__", []),
        ("def _rows(): ...\n_rows()", []),
    ],
)
def test_a_private_name_of_another_module_is_found(source, taken):
    assert private_names_of_others(source) == taken


def test_every_public_function_says_its_types():
    for name in MODULES + PICTURES:
        module = importlib.import_module(f"nnlib.{name}")
        for one in vars(module).values():
            if inspect.isfunction(one) and one.__module__ == module.__name__:
                hints = inspect.get_annotations(one)
                wanted = {*inspect.signature(one).parameters, "return"}
                assert one.__name__ == "<lambda>" or wanted <= hints.keys(), (name, one.__name__)


def functions_of(module):
    """The public functions that a module offers, by name."""
    return {
        name: one
        for name, one in vars(module).items()
        if inspect.isfunction(one) and not name.startswith("_")
    }


def test_every_picture_is_offered_by_the_package_and_nothing_else_is():
    homes = [importlib.import_module(f"nnlib.{name}") for name in PICTURES if "._" not in name]
    lines = {
        f"from {home.__name__} import {name} as {name}"
        for home in homes
        for name, one in functions_of(home).items()
        if one.__module__ == home.__name__
    }
    offered = {
        f"from {one.__module__} import {one.__name__} as {name}"
        for name, one in functions_of(plotting).items()
    }
    assert lines - offered == set(), "lines that nnlib/plotting/__init__.py lacks"
    assert offered - lines == set(), "lines that nnlib/plotting/__init__.py has too many"


@pytest.mark.parametrize("name", MODULES + PICTURES)
def test_a_docstring_names_its_sources_and_no_line_or_list_that_nobody_has(name):
    text = (ROOT / "nnlib" / f"{name.replace('.', '/')}.py").read_text(encoding="utf-8")
    assert re.findall(r"\bS\d:\d+|\bF\d\.\d+", text) == []
    assert re.findall(r"Raises\n\s+-+\n[^\n]*\n\s+As in", text) == []


def test_the_guide_to_the_package_names_every_module():
    unnamed = [name for name in [*MODULES, "plotting"] if f"`{name}`" not in nnlib.__doc__]
    assert unnamed == [], "give each its place in the reading order, in nnlib/__init__.py"
