"""The linter refuses what nbgrader would release wrongly without a word."""

import importlib
import json
import re

import pytest

from tools import assignments
from tools.assignments import BrokenAssignment

ANSWER = {"grade": False, "grade_id": "half", "locked": False, "solution": True}
TEST = {"grade": True, "grade_id": "test_half", "locked": True, "solution": False, "points": 20}
COMMON = {"schema_version": 3, "task": False}
SOLVED = "def half(x):\n    ### BEGIN SOLUTION\n    return x / 2\n    ### END SOLUTION"
CHECKED = "check.half(half)\n### BEGIN HIDDEN TESTS\ncheck.half(half, seed=7)\n### END HIDDEN TESTS"


def cell(source, meta, kind=""):
    return f"# %%{kind} nbgrader={json.dumps(COMMON | meta)}\n{source}\n"


def write(tmp_path, *cells):
    source = tmp_path / "00-half" / "00-half.py"
    source.parent.mkdir()
    source.write_text("\n".join(cells))
    return source


def test_a_sound_assignment_is_read_with_the_grade_ids_as_cell_ids(tmp_path):
    notebook = assignments.read(write(tmp_path, cell(SOLVED, ANSWER), cell(CHECKED, TEST)))
    assert [one.id for one in notebook.cells] == ["half", "test_half"]
    assert all("lines_to_next_cell" not in one.metadata for one in notebook.cells)


@pytest.mark.parametrize(
    ("cells", "complaint"),
    [
        (
            (cell("def half(x):\n    return x / 2", ANSWER), cell(CHECKED, TEST)),
            "needs ### BEGIN SOLUTION",
        ),
        (
            (cell(SOLVED.replace("    ### END SOLUTION", ""), ANSWER), cell(CHECKED, TEST)),
            "every ### BEGIN SOLUTION needs its ### END SOLUTION",
        ),
        (
            (cell(SOLVED + "\n" + CHECKED.partition("\n")[2], ANSWER), cell("check(1)", TEST)),
            "hidden tests belong in a test cell",
        ),
        (
            (cell(SOLVED, ANSWER), cell(CHECKED.partition("\n")[2], TEST)),
            "only hidden tests",
        ),
        (
            (cell(SOLVED, ANSWER), cell(CHECKED, TEST | {"schema_version": 2})),
            "schema_version is 2",
        ),
        ((cell(SOLVED, ANSWER), cell(CHECKED, TEST | {"locked": False})), '"locked" to true'),
        ((cell(SOLVED, ANSWER), cell(CHECKED, TEST | {"points": "many"})), '"points"'),
        ((cell(SOLVED, ANSWER), cell(CHECKED, TEST | {"points": 3})), "add up to 3"),
        ((cell(SOLVED, ANSWER), cell(CHECKED, TEST | {"grade_id": "half"})), "has this grade_id"),
        ((cell(SOLVED, ANSWER), cell(CHECKED, TEST | {"grade_id": "x"})), "has no test cell"),
        (
            ("# %%\n" + SOLVED + "\n", cell(SOLVED, ANSWER), cell(CHECKED, TEST)),
            "no nbgrader metadata",
        ),
        (
            (cell(SOLVED, ANSWER | {"solution": False, "locked": True}), cell(CHECKED, TEST)),
            "no solution cell",
        ),
        (
            ('# %% nbgrader={"grade": tru\n' + SOLVED + "\n", cell(CHECKED, TEST)),
            "not valid JSON",
        ),
        (
            (
                '# %% nbgrader={"grade": false, "grade_id": "half"}\n' + SOLVED + "\n",
                cell(CHECKED, TEST),
            ),
            "lacks locked, schema_version, solution, task",
        ),
        (
            (
                cell(SOLVED, ANSWER),
                cell(CHECKED, TEST | {"points": 19}),
                cell("# Why?", ANSWER | {"grade_id": "why"}, " [markdown]"),
            ),
            "both graded and a solution",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_fault_is_one_sentence_that_names_the_file(tmp_path, cells, complaint):
    source = write(tmp_path, *cells)
    with pytest.raises(BrokenAssignment, match=re.escape(complaint)) as refused:
        assignments.read(source)
    assert str(refused.value).startswith(str(source))


def test_a_folder_without_its_source_is_named(tmp_path):
    (tmp_path / "01-lost").mkdir()
    with pytest.raises(BrokenAssignment, match=r"01-lost holds no 01-lost\.py"):
        assignments.sources(tmp_path)


@pytest.mark.parametrize(
    "name", ["12-c++", "half", "1-half", "12-Half", "12_half", "12-", "12-a--b"]
)
def test_a_name_in_another_form_is_refused_before_nbgrader_reads_it(tmp_path, name):
    (tmp_path / name).mkdir()
    (tmp_path / name / f"{name}.py").touch()
    with pytest.raises(BrokenAssignment, match="two digits and small letters") as refused:
        assignments.sources(tmp_path)
    assert str(refused.value).startswith(str(tmp_path / name))


@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("tools.certify", "--assignment"),
        ("tools.demo", "--assignment"),
        ("tools.demo", "--feedback"),
    ],
)
def test_a_command_for_an_assignment_that_is_not_there_names_those_that_are(
    command, option, tmp_path, capsys, monkeypatch
):
    program = importlib.import_module(command)
    monkeypatch.setattr("sys.argv", [command, option, "12-c++"])
    monkeypatch.setattr(program, "need_jail", lambda course: None, raising=False)
    monkeypatch.setattr(program, "_make_room", lambda course: tmp_path.rmdir(), raising=False)
    assert program.main() == 1
    said = capsys.readouterr().err
    assert said.startswith("There is no assignment 12-c++ in ")
    assert "01-differentiation, 02-gradients" in said
    assert tmp_path.exists(), "a demonstration that is there stays"
