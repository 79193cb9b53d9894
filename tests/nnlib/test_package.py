"""The package as a whole: light to import, typed, every public name in one place."""

import ast
import importlib
import inspect
import pkgutil
import subprocess
import sys

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
    assert [name for name in public if f"automodule:: nnlib.{name}\n" not in page] == []


def test_every_public_function_says_its_types():
    for name in MODULES + PICTURES:
        module = importlib.import_module(f"nnlib.{name}")
        for one in vars(module).values():
            if inspect.isfunction(one) and one.__module__ == module.__name__:
                hints = inspect.get_annotations(one)
                wanted = {*inspect.signature(one).parameters, "return"}
                assert one.__name__ == "<lambda>" or wanted <= hints.keys(), (name, one.__name__)


def test_every_picture_is_offered_by_the_package_and_nothing_else_is():
    homes = [importlib.import_module(f"nnlib.{name}") for name in PICTURES if "._" not in name]
    found = {
        one.__name__
        for home in homes
        for one in vars(home).values()
        if inspect.isfunction(one) and one.__module__ == home.__name__ and one.__name__[0] != "_"
    }
    assert found == set(plotting.__all__)
