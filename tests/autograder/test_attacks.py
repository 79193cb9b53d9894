"""No attack wins a mark, reads what it should not, or harms another; honest twins lose nothing."""

import json
import socket

import pytest

from autograder import jail
from autograder.grading import notebook_of
from autograder.jail import Protection
from autograder.judge import Examiner
from autograder.reading import cells_of
from autograder.rebuild import rebuild
from autograder.showing import harmless, is_harmless
from tests.autograder.attacks import (
    CENTRAL,
    Row,
    disk,
    forging,
    lying,
    patching,
    processes,
    reference,
)
from tests.autograder.conftest import LIMITS, RELEASED, lesser, released

ROWS = [
    row for family in (patching, lying, reference, disk, processes, forging) for row in family.ROWS
]


@pytest.fixture(scope="module")
def secret(tmp_path_factory):
    path = tmp_path_factory.mktemp("grader") / "gradebook.db"
    path.write_text("everybody's marks")
    return path


@pytest.fixture(scope="module")
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        yield server


def judge(examiner, row, secret="", port=0, kinds=()):
    def filled(source):
        if "{secret" in source or "{port" in source or "{{" in source:
            return source.format(secret=str(secret), port=port)
        return source

    handed_in = [
        *({"cell_type": kind, "source": "1"} for kind in kinds),
        *({"cell_type": "code", "source": filled(one)} for one in row.before),
        *(
            {
                "cell_type": "code",
                "source": {
                    "forward_difference": row.forward,
                    "central_difference": filled(row.central),
                }.get(one["metadata"]["nbgrader"]["grade_id"], one["source"]),
                "metadata": one["metadata"],
            }
            for one in released()
        ),
        *({"cell_type": "code", "source": filled(one)} for one in row.after),
    ]
    cells, _ = rebuild(released(), cells_of({"cells": handed_in}))
    return examiner.judge(cells, {name: text.encode() for name, text in row.files.items()})


def test_every_row_has_a_name_of_its_own_and_says_what_it_tries():
    assert len({row.name for row in ROWS}) == len(ROWS)
    assert all(row.tries for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_the_mark_is_the_rows_and_nothing_leaks(row, examiner, secret, listener):
    verdict = judge(examiner, row, secret, listener.getsockname()[1])
    marks = tuple(
        verdict.marks[f"test_{name}"] for name in ("forward_difference", "central_difference")
    )
    shown = json.dumps([cell.get("outputs") for cell in verdict.cells], ensure_ascii=False)
    assert marks == row.marks, f"tried to {row.tries}; {verdict.instructor}; {shown[-3000:]}"
    code = [cell for cell in verdict.cells if cell["cell_type"] == "code"]
    said = [
        text
        for cell in code
        for output in cell["outputs"]
        for text in (
            output.get("text", ""),
            output.get("evalue", ""),
            *output.get("data", {}).values(),
        )
    ]
    # A traceback quotes the student's own lines, where the word stands.
    assert not any("LEAK" in text.replace('"LEAK".length', "") for text in said), said
    for wanted in row.shows:
        assert wanted in shown
    assert secret.read_text() == "everybody's marks"
    assert sorted(path.name for path in secret.parent.iterdir()) == ["gradebook.db"]
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_after_an_attack_the_next_student_is_graded_as_if_nothing_had_been(examiner):
    by_name = {row.name: row for row in ROWS}
    for name in ("garbage", "ends-the-process-in-a-call", "leaves-something-for-the-next"):
        judge(examiner, by_name[name])
        verdict = judge(examiner, Row("honest", "nothing", CENTRAL))
        assert sum(verdict.marks.values()) == 6
        assert verdict.instructor == []


LEAVES = """\
import os
for number in range(3, 256):
    try:
        os.lseek(number, 4711, os.SEEK_SET)
    except OSError:
        pass
open("left.txt", "w").write("x")
"""
FINDS = """\
import os
for number in range(3, 256):
    try:
        if os.lseek(number, 0, os.SEEK_CUR) == 4711:
            print("LEAK", number)
    except OSError:
        pass
if os.path.exists("left.txt"):
    print("LEAK left.txt")
"""


@pytest.mark.parametrize("alone", [True, False])
def test_what_one_student_leaves_behind_no_other_finds(examiner, monkeypatch, alone):
    """Neither where the files are read that all children have open, nor files."""
    if not alone:  # no namespaces: one process and one folder for each student after the other
        monkeypatch.setattr(jail, "_START", lesser())
        monkeypatch.setattr(
            jail, "probe", lambda: Protection("", frozenset(("landlock", "seccomp")), ())
        )
        examiner = Examiner(RELEASED, LIMITS)
    judge(examiner, Row("leaves", "leave a note", CENTRAL, after=(LEAVES,)))
    verdict = judge(examiner, Row("finds", "find it", CENTRAL, after=(FINDS,)))
    assert verdict.cells[-1]["outputs"] == []
    assert sum(verdict.marks.values()) == 6
    if not alone:
        examiner.close()


def test_what_an_instructor_opens_runs_no_script(examiner):
    (row,) = (row for row in ROWS if row.name == "html-output")
    verdict = judge(examiner, row)
    for cell in map(harmless, notebook_of(verdict.cells, []).cells):
        for output in cell.get("outputs", ()):
            for kind, text in output.get("data", {}).items():
                assert kind not in ("application/javascript", "image/svg+xml")
                if kind == "text/html" and "test_" not in cell.id:
                    assert is_harmless(text), text
