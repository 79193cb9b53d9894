"""An assignment may change after somebody has handed in: no mark moves by itself, none is lost."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys

import pytest
from sqlalchemy.orm import Session

from autograder.classroom import Class
from autograder.marks import Status
from autograder.rebuild import Chosen, without_hidden
from autograder.releases import Store, made_from, mark_on
from tests.autograder.conftest import cell
from tests.autograder.small import (
    ANSWERS,
    CELLS,
    NAME,
    changed,
    config_of,
    course,
    graded,
    hand_in,
    notebook,
    once,
    opened,
    release,
    write_source,
)
from tests.conftest import ROOT
from tools.course import CourseError, nbgrader
from tools.release import generate

__all__ = ["course", "once"]

#: A third function is asked for, `central_difference` no more, and the first is worth 5.
LIMIT = [
    cell("raise NotImplementedError()", "limit", solution=True),
    cell("limit()", "test_limit", grade=True, points=7),
]
DROPPED = ("central_difference", "test_central_difference", "why")
CHANGED = [
    *changed(
        [one for one in CELLS if one["metadata"]["nbgrader"]["grade_id"] not in DROPPED],
        test_forward_difference=5,
    ),
    *LIMIT,
]
LIMIT_ANSWER = {"limit": "def limit(): return 7"}


def dump(course):
    with sqlite3.connect(course / "gradebook.db") as base:
        return list(base.iterdump())


def files(course):
    folder = course / "release"
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def of(table, student):
    (row,) = [row for row in table if row.student == student]
    return row


def mark_by_hand(course, student, question, mark, comment):
    with opened(course) as gradebook:
        grade = gradebook.find_grade(question, NAME, NAME, student)
        grade.manual_score, grade.needs_manual_grade = mark, False
        gradebook.find_comment(question, NAME, NAME, student).manual_comment = comment
        gradebook.db.commit()


@pytest.fixture(scope="module")
def term(once, tmp_path_factory, jailed):
    """A course in which ann has been graded, by a person too, and bob has only handed in."""
    course = shutil.copytree(once, tmp_path_factory.mktemp("term") / "course")
    hand_in(course, "ann", notebook(course, {**ANSWERS, "why": "Because."}))
    graded(course)
    mark_by_hand(course, "ann", "why", 1.5, "Nearly.")
    mark_by_hand(course, "ann", "drawing", 4, "Fine.")
    hand_in(course, "bob")
    return course


@pytest.fixture
def handed_in(term, tmp_path):
    """The same, for the test to go on with."""
    return shutil.copytree(term, tmp_path / "course")


def test_a_release_that_fails_leaves_the_old_one_and_the_gradebook_as_they_were(course):
    before = dump(course), files(course)
    broken = changed(CELLS)
    # nbgrader finds this only after it has written the gradebook.
    broken[2]["source"] = broken[2]["source"].replace("### END HIDDEN TESTS", "")
    with pytest.raises(CourseError) as failed:
        release(course, broken)
    assert str(failed.value).startswith("small is not released: nbgrader failed: RuntimeError: ")
    assert "\n" not in str(failed.value)
    assert (dump(course), files(course)) == before
    assert sorted(path.name for path in course.iterdir() if path.name.startswith(".")) == []


def test_so_does_one_that_fails_at_the_last_moment(course, monkeypatch):
    before = dump(course), files(course)

    commit = Session.commit

    def full(self):
        if (course / "release" / f".{NAME}.old").exists():
            raise OSError("No space left on device")
        commit(self)

    monkeypatch.setattr(Session, "commit", full)
    with pytest.raises(OSError, match="No space"):
        release(course, CHANGED)
    monkeypatch.undo()
    assert (dump(course), files(course)) == before


def test_a_notebook_that_was_handed_in_cannot_be_taken_out(handed_in):
    before = dump(handed_in), files(handed_in)
    source = handed_in / "source" / NAME
    (source / f"{NAME}.ipynb").rename(source / "other.ipynb")
    with pytest.raises(CourseError, match="no notebook small any more"):
        generate(handed_in, NAME)
    assert (dump(handed_in), files(handed_in)) == before


def test_what_was_graded_keeps_its_marks_when_the_assignment_changes(handed_in):
    before, _ = graded(handed_in)
    release(handed_in, CHANGED)
    table, said = graded(handed_in)
    ann = of(table, "ann")
    assert (ann.marks, ann.points) == (of(before, "ann").marks, of(before, "ann").points)
    assert (ann.score, ann.max_score, ann.status) == (11.5, 12, Status.GRADED)
    assert (ann.earlier, ann.not_given) == (True, ("test_limit",))
    assert any("2 already graded against an earlier release: the marks stay" in x for x in said)
    with opened(handed_in) as gradebook:
        assert gradebook.find_comment("why", NAME, NAME, "ann").comment == "Nearly."


def test_what_was_never_graded_is_graded_against_what_it_was_made_from(handed_in):
    release(handed_in, CHANGED)
    table, said = graded(handed_in)
    assert said == [
        "1 already graded against an earlier release: the marks stay; --again grades against the "
        "new one",
        "1 of 1, bob: graded, 6 of 6 from the checks",
    ]
    bob = of(table, "bob")
    assert bob.by_test == {"forward_difference": 3, "central_difference": 3}
    assert (bob.score, bob.max_score) == (6, 12)


def test_again_grades_against_the_new_one_and_leaves_out_what_was_never_given(handed_in):
    release(handed_in, CHANGED)
    table, _ = graded(handed_in, again=True)
    ann = of(table, "ann")
    assert ann.marks == {"test_forward_difference": 5, "drawing": 4}
    assert (ann.max_score, ann.not_given, ann.earlier) == (9, ("test_limit",), False)
    assert "the 1.5 that a person gave for it are gone" in ann.about
    with opened(handed_in) as gradebook:
        names = {cell.name for cell in gradebook.find_notebook(NAME, NAME).grade_cells}
    assert names == {"test_forward_difference", "test_limit"}, "nobody has the others any more"
    after, said = graded(handed_in)
    assert [row.marks for row in after] == [row.marks for row in table], "and it stays so"
    assert said == ["2 already graded, and not changed since"]


def test_who_gets_the_new_release_is_held_to_it_whatever_is_deleted(handed_in):
    release(handed_in, [*CELLS, *LIMIT])
    hand_in(handed_in, "new", notebook(handed_in, {**ANSWERS, **LIMIT_ANSWER}))
    hand_in(handed_in, "sly", notebook(handed_in, without=("limit", "test_limit")))
    table, _ = graded(handed_in)
    assert (of(table, "new").score, of(table, "new").max_score) == (13, 19)
    sly = of(table, "sly")
    assert (sly.by_test["limit"], sly.score, sly.max_score) == (0, 6, 19)
    assert sly.not_given == ()


def test_who_hands_in_anew_is_held_to_the_release_of_the_new_notebook(handed_in):
    release(handed_in, CHANGED)
    hand_in(handed_in, "ann", notebook(handed_in, {**ANSWERS, **LIMIT_ANSWER}))
    table, _ = graded(handed_in)
    ann = of(table, "ann")
    assert ann.by_test == {"forward_difference": 5, "limit": 7}
    assert (ann.max_score, ann.earlier) == (16, False)


def test_a_notebook_that_is_added_leaves_what_was_graded_as_it_is(handed_in):
    before, _ = graded(handed_in)
    write_source(handed_in, CELLS, "second")
    release(handed_in)
    table, said = graded(handed_in)
    assert said == ["2 already graded, and not changed since"]
    for row in table:
        earlier = of(before, row.student)
        assert (row.score, row.max_score) == (earlier.score, earlier.max_score)
        assert "second/test_central_difference" in row.not_given
        assert not any(name.startswith(f"{NAME}/") for name in row.not_given)
    folder = hand_in(handed_in, "ann")
    (folder / "second.ipynb").write_text(notebook(handed_in), encoding="utf-8")
    ann = of(graded(handed_in)[0], "ann")
    assert (ann.by_test["second/central_difference"], ann.max_score, ann.not_given) == (3, 24, ())


def test_feedback_can_be_written_for_an_earlier_release(handed_in):
    release(handed_in, CHANGED)
    graded(handed_in)
    done = nbgrader(handed_in).generate_feedback(NAME, force=True)
    assert done["success"], done
    page = (handed_in / "feedback" / "ann" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "Nearly." in page
    assert re.search(r"Checks of forward_difference.*?3 of 3", page, re.S)
    assert "of 5" not in page


def test_nbgraders_own_command_changes_an_assignment_too(handed_in):
    write_source(handed_in, CHANGED)
    code = (
        "c = get_config()\nfrom traitlets.config.loader import PyFileConfigLoader\n"
        f"c.merge(PyFileConfigLoader('nbgrader_config.py', {str(ROOT)!r}).load_config())\n"
        f"c.CourseDirectory.root = {str(handed_in)!r}\n"
    )
    (handed_in / "nbgrader_config.py").write_text(code, encoding="utf-8")
    path = os.pathsep.join((os.path.dirname(sys.executable), os.environ["PATH"]))
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_assignment", NAME, "--force"],
        cwd=handed_in,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    table, _ = graded(handed_in)
    assert (of(table, "ann").score, of(table, "bob").max_score) == (11.5, 12)


def test_a_release_bears_the_mark_of_what_is_graded_and_the_same_one_twice_is_one(course):
    path = course / "release" / NAME / f"{NAME}.ipynb"
    mark = mark_on(path)
    room = Class(config_of(course), NAME)
    assert room.newest == {NAME: mark}
    release(course)
    assert mark_on(path) == mark
    assert list(Store.of(course, NAME, NAME).read()) == [mark]
    assert "HIDDEN" not in path.read_text(encoding="utf-8")


def test_a_question_that_nobody_has_a_mark_for_goes_and_comes_back_for_who_had_it(course, jailed):
    hand_in(course, "bob")
    release(course, CHANGED)
    with opened(course) as gradebook:
        found = gradebook.find_notebook(NAME, NAME)
        assert {one.name for one in found._base_cells} == {
            *("forward_difference", "test_forward_difference", "drawing", "limit", "test_limit")
        }
        assert gradebook.find_assignment(NAME).max_score == 16
    bob = of(graded(course)[0], "bob")
    assert (bob.by_test["central_difference"], bob.max_score) == (3, 12)


def handed(cells, release="", **sources):
    """Return what was read of a notebook that was made from some cells."""
    made = []
    for one in cells:
        name = one["metadata"]["nbgrader"]["grade_id"]
        source = sources.get(name, without_hidden(one["source"]))
        made.append({"grade_id": name, "source": source})
    return Chosen(made, release=release)


@pytest.mark.parametrize(
    ("submission", "release"),
    [
        (handed(CELLS), "old"),
        (handed(CHANGED), "new"),
        (handed(CELLS, forward_difference="an answer"), "old"),
        (handed(CELLS, test_forward_difference="edited"), "old"),
        (handed(CELLS, release="new"), "new"),
        (handed(CHANGED, release="unknown"), "new"),
        (Chosen([{"grade_id": "", "source": "x"}]), "new"),
        (Chosen([]), "new"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_notebook_is_made_from_the_release_whose_mark_it_bears_or_that_it_fits(
    submission, release
):
    assert made_from(submission, {"old": CELLS, "new": CHANGED}, "new") == release


def test_a_note_of_a_release_that_is_gone_counts_for_nothing(handed_in):
    path = handed_in / "judged" / NAME / "ann.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    record["held"] = {NAME: ["gone", "gone"]}
    path.write_text(json.dumps(record), encoding="utf-8")
    room = Class(config_of(handed_in), NAME)
    assert room.held("ann", again=False) == {NAME: (room.newest[NAME], room.newest[NAME])}
