"""Whatever is released again, nothing that a person has typed is overwritten or deleted."""

import copy
import subprocess
import sys

import nbformat
import pytest

from tests.conftest import ROOT
from tools import grade, keep, lab
from tools.course import CourseError

NAME = "01-differentiation"
FILE = f"{NAME}/{NAME}.ipynb"
CHAPTER = "chapters/01-differentiation.md"


# --- laying files down ----------------------------------------------------------------------------


def laid(root, **files):
    """Lay files down and return what was laid beside somebody's, by name."""
    contents = {name.replace("_", "."): text.encode() for name, text in files.items()}
    return [kept.ours.name for kept in keep.lay(contents, root) if kept.ours]


def test_a_file_goes_where_nothing_is_and_follows_its_new_versions(tmp_path):
    for text in ("one", "two", "one", "three"):
        assert laid(tmp_path, a_txt=text) == []
        assert (tmp_path / "a.txt").read_text() == text


def test_what_was_typed_stays_and_each_new_version_is_laid_beside_it_once(tmp_path):
    laid(tmp_path, a_txt="one")
    (tmp_path / "a.txt").write_text("mine")
    assert laid(tmp_path, a_txt="one") == []
    assert laid(tmp_path, a_txt="two") == ["a-new.txt"]
    assert laid(tmp_path, a_txt="two") == []
    (tmp_path / "a-new.txt").write_text("mine, too")
    assert laid(tmp_path, a_txt="three") == ["a-new-2.txt"]
    texts = {path.name: path.read_text() for path in tmp_path.glob("a*")}
    assert texts == {"a.txt": "mine", "a-new.txt": "mine, too", "a-new-2.txt": "three"}


def test_without_its_record_every_file_counts_as_somebodys(tmp_path):
    laid(tmp_path, a_txt="one")
    (tmp_path / keep.RECORD).write_text("[damaged")
    assert laid(tmp_path, a_txt="two") == ["a-new.txt"]
    assert (tmp_path / "a.txt").read_text() == "one"


def test_a_folder_or_a_link_in_the_way_stays(tmp_path):
    (tmp_path / "a.txt").mkdir()
    (tmp_path / "b.txt").symlink_to(tmp_path / "nowhere")
    assert laid(tmp_path, a_txt="one", b_txt="one") == ["a-new.txt", "b-new.txt"]
    assert (tmp_path / "b.txt").is_symlink()


def test_only_what_is_as_it_was_written_is_removed(tmp_path):
    old = {f"out/{name}.txt": b"one" for name in "abc"}
    keep.lay(old, tmp_path)
    (tmp_path / "out" / "b.txt").write_text("mine")
    (tmp_path / "out" / "other.txt").write_text("mine")
    keep.remove_old(["out/c.txt"], tmp_path, "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "b.txt",
        "c.txt",
        "other.txt",
    ]


# --- the commands ---------------------------------------------------------------------------------


def quiet(function, *arguments, **keywords):
    """Run a command in a process of its own: nbgrader warns of itself."""
    program = f"import sys; from pathlib import Path; from tools import release; {function}"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


RELEASE = "release.release(Path(sys.argv[1]), Path(sys.argv[2]))"
HANDOUT = f"{RELEASE}; release.handout(Path(sys.argv[2]), chapters=Path(sys.argv[3]))"


class Place:
    """A small project: one assignment, one chapter, a course and a learner's folder."""

    def __init__(self, folder):
        self.solutions, self.course, self.my = (
            folder / name for name in ("solutions", "course", "my")
        )
        self.chapters = folder / "chapters"
        source = ROOT / "solutions" / NAME / f"{NAME}.py"
        self.source = self.solutions / NAME / source.name
        self.source.parent.mkdir(parents=True)
        self.source.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
        self.chapters.mkdir()
        (self.chapters / "01-differentiation.md").write_text("# One\n\nWords.\n")

    def edit(self, old, new):
        """Change the assignment's source, as a pull does."""
        text = self.source.read_text(encoding="utf-8")
        assert old in text
        self.source.write_text(text.replace(old, new), encoding="utf-8")

    def release(self):
        return quiet(RELEASE, self.solutions, self.course)

    def handout(self):
        return quiet(HANDOUT, self.solutions, self.course, self.chapters)

    def fill(self):
        return list(lab.fill(self.course, self.my, self.chapters))


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """A project with a release of its assignment, and the same after a pull."""
    place = Place(tmp_path_factory.mktemp("project"))
    place.release()
    before = (place.course / "release" / FILE).read_bytes()
    place.edit("## 2. ", "## Two. ")
    place.edit("Slope of the secant of f from x - h to x + h.", "Slope of the longer secant of f.")
    said = place.release()
    assert "stays" not in said
    return before, (place.course / "release" / FILE).read_bytes()


def notebook(path):
    return nbformat.read(path, as_version=4)


def cell_of(made, name):
    return next(
        cell for cell in made.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name
    )


def answer(path, name="forward_difference", source="def forward_difference(): 'mine'"):
    made = notebook(path)
    cell_of(made, name).source = source
    nbformat.write(made, path)
    return path.read_bytes()


@pytest.fixture
def mine(released, tmp_path):
    """A learner's folder, filled from the first of two releases; the second is there already."""
    place = Place(tmp_path)
    target = place.course / "release" / FILE
    target.parent.mkdir(parents=True)
    target.write_bytes(released[0])
    assert place.fill() == []
    target.write_bytes(released[1])
    return place


def test_the_two_releases_differ(released):
    assert released[0] != released[1]


def test_a_learners_answers_stay_and_come_along_by_question(mine):
    made = notebook(mine.my / FILE)
    cell_of(made, "forward_difference").source = "my answer"
    own = nbformat.v4.new_code_cell("my own cell")
    made.cells.insert(made.cells.index(cell_of(made, "forward_difference")) + 1, own)
    cell_of(made, "why_the_curve_turns").source = "because"
    nbformat.write(made, mine.my / FILE)
    before = (mine.my / FILE).read_bytes()
    (said,) = mine.fill()
    assert (mine.my / FILE).read_bytes() == before
    assert f"my/{FILE} is yours and stays as it is" in said
    assert "(changed: " in said
    beside = mine.my / NAME
    new = notebook(beside / f"{NAME}-new.ipynb")
    moved = notebook(beside / f"{NAME}-new-with-my-answers.ipynb")
    assert f"{NAME}-new-with-my-answers.ipynb" in said
    expected = copy.deepcopy(new)
    cell_of(expected, "forward_difference").source = "my answer"
    cell_of(expected, "why_the_curve_turns").source = "because"
    place = [cell.metadata.nbgrader.grade_id for cell in expected.cells]
    sources = [cell.source for cell in expected.cells]
    sources.insert(place.index("forward_difference") + 1, "my own cell")
    assert [cell.source for cell in moved.cells] == sources
    assert mine.fill() == [], "it is laid and said once"


def test_a_notebook_that_was_only_run_follows_the_release(mine):
    made = notebook(mine.my / FILE)
    for cell in made.cells:
        if cell.cell_type == "code":
            cell.execution_count = 3
            cell.outputs = [nbformat.v4.new_output("stream", text="seen")]
    nbformat.write(made, mine.my / FILE)
    assert mine.fill() == []
    assert notebook(mine.my / FILE) == notebook(mine.course / "release" / FILE)


def test_where_the_release_is_the_same_nothing_is_laid_beside(released, mine):
    (mine.course / "release" / FILE).write_bytes(released[0])
    before = answer(mine.my / FILE)
    (mine.my / keep.RECORD).unlink()
    assert mine.fill() == []
    assert (mine.my / FILE).read_bytes() == before
    assert [path.name for path in (mine.my / NAME).iterdir()] == [f"{NAME}.ipynb"]


def test_an_edited_chapter_and_a_learners_own_files_stay(mine):
    (mine.my / CHAPTER).write_text("# One\n\nWords, and a note of mine.\n")
    (mine.my / "chapters" / "notes.md").write_text("mine")
    (mine.my / NAME / "data.csv").write_text("mine")
    (mine.chapters / "01-differentiation.md").write_text("# One\n\nOther words.\n")
    answer(mine.my / FILE)
    before = {path: path.read_bytes() for path in mine.my.rglob("*.*") if path.suffix != ".json"}
    said = mine.fill()
    assert any(f"my/{CHAPTER} is yours" in line for line in said)
    assert (
        (mine.my / "chapters" / "01-differentiation-new.md").read_text().endswith("Other words.\n")
    )
    assert {path: path.read_bytes() for path in before} == before


def test_a_damaged_notebook_stays_as_well(mine):
    (mine.my / FILE).write_text('{"cells": [half of it')
    (said,) = mine.fill()
    assert (mine.my / FILE).read_text() == '{"cells": [half of it'
    assert (mine.my / NAME / f"{NAME}-new.ipynb").exists()
    assert "stays as it is" in said


def test_work_in_the_old_place_moves_to_my_before_a_release(released, tmp_path):
    place = Place(tmp_path)
    old = place.course / "release" / FILE
    old.parent.mkdir(parents=True)
    old.write_bytes(released[0])
    before = answer(old)
    (old.parent / "notes.txt").write_text("mine")
    said = place.release()
    assert f"course/release/{FILE} holds somebody's work, which is kept as my/{FILE}." in said
    assert (place.my / FILE).read_bytes() == before
    assert (place.my / NAME / "notes.txt").read_text() == "mine"
    assert notebook(old) != notebook(place.my / FILE)
    assert "kept as" not in place.release()
    assert (place.my / FILE).read_bytes() == before


def test_an_instructors_edit_of_the_source_is_released_and_never_undone(tmp_path):
    place = Place(tmp_path)
    place.release()
    source = place.course / "source" / FILE
    made = notebook(source)
    cell_of(made, "test_forward_difference").metadata.nbgrader.points = 5
    made.cells[0].source += "\n\nHand in by Friday."
    nbformat.write(made, source)
    before = source.read_bytes()
    assert "edited" not in place.release(), "ours has not changed"
    place.edit("## 2. ", "## Two. ")
    said = place.release()
    assert f"course/source/{FILE} was edited there: it stays" in said
    assert source.read_bytes() == before
    assert "## Two. " in (place.course / "source-new" / FILE).read_text(encoding="utf-8")
    shown = notebook(place.course / "release" / FILE)
    assert "Hand in by Friday." in shown.cells[0].source
    assert cell_of(shown, "test_forward_difference").metadata.nbgrader.points == 5
    assert not (place.my / FILE).exists(), "an instructor's words are no learner's work"
    source.rename(source.with_suffix(".mine"))
    place.release()
    assert "## Two. " in source.read_text(encoding="utf-8")


def test_what_was_put_into_the_handout_stays(tmp_path):
    place = Place(tmp_path)
    (place.course / "handout").mkdir(parents=True)
    (place.course / "handout" / "mine.txt").write_text("from before there were records")
    said = place.handout()
    assert "course/handout was there before: it is handout-before now." in said
    assert (place.course / "handout-before" / "mine.txt").exists()
    handout = place.course / "handout"
    (handout / "syllabus.txt").write_text("mine")
    (handout / "START-HERE.md").write_text("Welcome to my class.")
    assert "edited" not in place.handout()
    (place.chapters / "01-differentiation.md").unlink()
    place.handout()
    assert (handout / "syllabus.txt").read_text() == "mine"
    assert (handout / "START-HERE.md").read_text() == "Welcome to my class."
    assert not (handout / CHAPTER).exists(), "it was ours, and is no more"


def test_grading_before_a_release_says_so_and_releases_nothing(tmp_path):
    course = tmp_path / "course"
    with pytest.raises(CourseError, match=r"run `make release` first\. Grading never releases"):
        grade.grade(course, NAME)
    assert not course.exists()


@pytest.mark.parametrize(
    ("target", "command"), [("grade ASSIGNMENT=x", "tools.grade"), ("lab", "tools.lab")]
)
def test_make_never_releases_to_grade(target, command):
    """Make is asked what it would do, as if everything had just been pulled."""
    changed = ["-W", "nbgrader_config.py", "-W", f"solutions/{NAME}/{NAME}.py"]
    done = subprocess.run(
        ["make", "--dry-run", *changed, *target.split()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert command in done.stdout
    assert ("tools.release" in done.stdout) is (command == "tools.lab")


def test_a_real_class_is_not_the_demonstrations_to_remove(tmp_path):
    (tmp_path / "gradebook.db").write_text("everybody's marks")
    done = subprocess.run(
        [sys.executable, "-m", "tools.demo", "--stock", "--course", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "is no folder of a demonstration and stays as it is" in done.stderr
    assert (tmp_path / "gradebook.db").read_text() == "everybody's marks"
