"""A cell is worth what the instructor gives it, whatever the check's own criteria add up to."""

import nbformat
import pytest
from nbgrader.validator import Validator

from tests.autograder.attacks import CENTRAL, FORWARD
from tests.autograder.small import (
    CELLS,
    NAME,
    changed,
    config_of,
    graded,
    hand_in,
    notebook,
    release,
)

#: Two of three criteria hold: these take numbers only.
NUMBERS_ONLY = {
    "forward_difference": FORWARD.replace("return", "x = float(x); return"),
    "central_difference": CENTRAL.replace("return", "x = float(x); return"),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course in which 5 points are given for what the check counts as 3, and 1 for another."""
    course = tmp_path_factory.mktemp("points") / "course"
    release(course, changed(CELLS, test_forward_difference=5, test_central_difference=1))
    return course


def test_a_right_answer_gets_all_points_and_a_part_its_share(course, jailed):
    hand_in(course, "right")
    hand_in(course, "partly", notebook(course, NUMBERS_ONLY))
    table, _ = graded(course)
    assert {row.student: row.by_test for row in table} == {
        "right": {"forward_difference": 5, "central_difference": 1},
        "partly": {"forward_difference": 3.33333, "central_difference": 0.666667},
    }
    path = course / "autograded" / "partly" / NAME / f"{NAME}.ipynb"
    shown = path.read_text(encoding="utf-8")
    assert "forward_difference: 3.33333 of 5 points" in shown
    assert "central_difference: 0.666667 of 1 point" in shown


def test_validate_is_content_with_a_right_answer_whatever_it_is_worth(course, tmp_path):
    path = tmp_path / f"{NAME}.ipynb"
    for worth in ({}, {"test_forward_difference": 0}):
        made = nbformat.reads(notebook(course), as_version=4)
        made.cells = [*map(nbformat.from_dict, changed(made.cells, **worth))]
        nbformat.write(made, path)
        validator = Validator(parent=None, config=config_of(course))
        validator.ignore_checksums = True  # the points are part of them
        assert validator.validate(str(path)) == {}
