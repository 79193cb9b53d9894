"""What nbgrader's Validate button shows of an error: the student's own, and no line of ours."""

import nbformat
import pytest
from nbgrader.validator import Validator

#: A notebook's cells: given, the student's, and the check, which asks for three numbers.
IMPORTS = """
from nnchecks.engine.exercise import Case, Exercise, Property
def cases(rng, rounds):
    return [Case(f"half({x})", (x,), {}, x / 2, 1e-9) for x in (3, 4, 5)]
def check(half):
    wanted = Property("its value", 3, cases, ("Divide.", "By 2."))
    return Exercise("half", (wanted,), (), "chapter 0", seconds=0.2)(half)
"""
NEVER_CLOSED = "def half(x):\n    return (x / 2"


def validated(folder, answer, points=3):
    """Return what Validate shows of the check below an answer."""
    about = {"schema_version": 3, "locked": True, "points": points}
    check = nbformat.v4.new_code_cell("check(half)")
    check.metadata.nbgrader = about | {"grade": True, "solution": False, "grade_id": "test_half"}
    cells = [nbformat.v4.new_code_cell(IMPORTS), nbformat.v4.new_code_cell(answer), check]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "half.ipynb")
    failed = Validator().validate(str(folder / "half.ipynb")).get("failed", [])
    return "\n".join(one["error"] for one in failed)


@pytest.mark.parametrize(
    ("answer", "shown", "hidden"),
    [
        (NEVER_CLOSED, ["SyntaxError: &#39;(&#39; was never closed", "line 2: return (x / 2"], []),
        (
            "import numpy as np\nhalves = np.zeros(2)[7]\ndef half(x):\n    return x / 2",
            ["IndexError: index 7", "`half` was never defined"],
            [],
        ),
        ("def halve(x):\n    return x / 2", ["name &#39;half&#39; is not defined"], ["never"]),
        (
            "def half(x):\n    return x",
            ["half(3) returned 3, but the value is 1.5", "Hint 1 of 3: Divide."],
            ["By 2.", "Traceback", "exercise.py"],
        ),
        (
            "def half(x):\n    while x:\n        pass",
            ["a loop that never ends"],
            ["KeyboardInterrupt", "Traceback", "exercise.py"],
        ),
    ],
    ids=["syntax", "an error before the function", "another name", "a wrong value", "a loop"],
)
def test_validate_shows_the_students_own_error_first(tmp_path, answer, shown, hidden):
    said = " ".join(validated(tmp_path, answer).split())
    for words in shown:
        assert words in said
    for words in hidden:
        assert words not in said


def test_validate_shows_nothing_of_a_right_answer(tmp_path):
    assert validated(tmp_path, "def half(x):\n    return x / 2") == ""
