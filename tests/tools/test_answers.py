"""A function of a demonstration class becomes the cells that its student hands in."""

# The functions below are read and not called, as in submissions.py.
# ruff: noqa: E731, F401, F811, F841
import ast
import inspect
from textwrap import dedent

import nbformat
import pytest

from tests.conftest import ROOT
from tools import assignments
from tools.answers import cell, cells
from tools.assignments import BrokenAssignment
from tools.demo import Submission, hand_in, table_of

NAMES = ("double", "Half", "triple")


def of_its_own(six):
    """What is said about the student is not handed in."""

    # A remark of the student's.
    def double(x):
        """Twice x."""
        return 2 * x  # doubled

    class Half:
        divisor = six / 3

    triple = lambda x: 3 * x


def with_helpers():
    import math
    from math import tau as turn

    calls = 0

    def root(x):
        return math.sqrt(x)

    def double(x):
        global calls
        calls += 1
        return root(4 * x * x)

    print("halfway")

    @staticmethod
    def triple(x):
        return 3 * x * (turn == math.tau)


def imported():
    from tools.assignments import POINTS as triple


def handed_in():
    # At once.
    @staticmethod
    def first(x):
        return x

    second = {"first": first}


def empty():
    """Nothing."""


def test_a_function_a_class_and_an_assignment_become_cells_with_docstrings_and_comments():
    assert cells(of_its_own, NAMES) == {
        "double": (
            "# A remark of the student's.\n"
            "def double(x):\n"
            '    """Twice x."""\n'
            "    return 2 * x  # doubled"
        ),
        "Half": "class Half:\n    divisor = six / 3",
        "triple": "triple = lambda x: 3 * x",
    }


def test_imports_variables_and_helpers_go_with_the_cell_below_them():
    found = cells(with_helpers, NAMES)
    assert list(found) == ["double", "triple"]
    assert found["double"].startswith("import math\nfrom math import tau as turn\n\ncalls = 0\n\n")
    assert "\ndef root(x):\n    return math.sqrt(x)\n\ndef double(x):\n" in found["double"]
    assert found["triple"].startswith('print("halfway")\n\n@staticmethod\ndef triple(x):\n')
    namespace = {}
    for source in found.values():
        exec(source, namespace)
    assert (namespace["double"](5), namespace["triple"](5)) == (10, 15)
    assert namespace["calls"] == 1


def test_an_import_may_be_the_whole_answer():
    assert list(cells(imported, NAMES)) == ["triple"]


def test_cells_say_all_that_the_function_does():
    """Nothing gets lost between cells, nor is anything there twice."""
    for code in (of_its_own, with_helpers):
        (function,) = ast.parse(dedent(inspect.getsource(code))).body
        statements = [ast.dump(one) for one in function.body if not isinstance(one, ast.Expr)]
        again = ast.parse("\n".join(cells(code, NAMES).values())).body
        assert [ast.dump(one) for one in again if not isinstance(one, ast.Expr)] == statements


def test_a_whole_function_becomes_one_cell_without_its_docstring():
    assert cell(handed_in).startswith("# At once.\n@staticmethod\ndef first(x):\n    return x\n")
    assert cell(handed_in).endswith('second = {"first": first}')
    assert "is not handed in" not in cell(of_its_own)
    assert cell(empty) == ""
    assert cells(empty, NAMES) == {}


def wrong_at_the_end():
    def double(x):
        return 2 * x

    def tripel(x):
        return 3 * x


def wrong_in_the_middle():
    def tripel(x):
        return tripel(x - 1) + 3 if x else 0

    def double(x):
        return 2 * x


def twice():
    def double(x):
        return 2 * x

    def double(x):
        return x + x


def nothing_below():
    def double(x):
        return 2 * x

    print(double(2))


@pytest.mark.parametrize(
    ("code", "what"),
    [
        (wrong_at_the_end, "holds tripel, which is no answer's name"),
        (wrong_in_the_middle, "holds tripel, which is no answer's name"),
        (nothing_below, r"holds print\(double\(2\)\), which"),
        (twice, "defines double twice"),
    ],
    ids=lambda one: getattr(one, "__name__", None),
)
def test_a_wrong_name_is_refused_with_the_file_the_entry_and_the_names_there_are(code, what):
    with pytest.raises(BrokenAssignment, match=what) as caught:
        cells(code, NAMES)
    assert str(caught.value).startswith(f"{__file__}: {code.__name__} ")
    if code is not twice:
        assert "are double, Half, triple." in str(caught.value)


@pytest.fixture
def notebook():
    """A notebook with two answers and a check, as the instructor's and as the release."""
    made = nbformat.v4.new_notebook()
    for name in ("double", "test_double", "triple"):
        one = nbformat.v4.new_code_cell(f"{name} = None")
        one.metadata["nbgrader"] = {"grade_id": name, "solution": not name.startswith("test_")}
        made.cells.append(one)
    return made


def sources(notebook):
    return [one.source for one in notebook.cells]


def test_the_students_cells_take_the_place_of_the_released_ones(notebook):
    student = Submission("ann", {}, {"test_double": "3"}, code=imported)
    handed = sources(hand_in(notebook, notebook, student))
    assert handed == ["double = None", "3", cells(imported, NAMES)["triple"]]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"answers": {"tripel": "x = 1"}}, "The notebook of ann .* changes tripel, but"),
        ({"deleted": ("test_tripel",)}, "The notebook of ann .* changes test_tripel, but"),
        ({"code": wrong_at_the_end}, "wrong_at_the_end holds tripel"),
        ({"answers": {"triple": ""}, "code": imported}, "ann .* has two sources for triple"),
    ],
)
def test_a_cell_that_is_not_in_the_notebook_is_refused(notebook, changed, said):
    with pytest.raises(BrokenAssignment, match=said):
        hand_in(notebook, notebook, Submission("ann", {}, **changed))


@pytest.mark.parametrize(
    "source", assignments.sources(ROOT / "solutions"), ids=lambda one: one.stem
)
def test_every_notebook_of_the_demonstration_classes_can_be_made(source):
    solved = assignments.read(source)
    for submission in table_of(source):
        hand_in(solved, solved, submission)
