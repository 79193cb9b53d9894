"""What `make release` hands to students: all that they need, and nothing of the instructor's."""

import json
import re
import subprocess
import sys
import zipfile

import jupytext
import nbformat
import pytest

from tests.conftest import ROOT
from tests.solutions.test_release import PRIVATE, SOURCES, solution_lines
from tools import labconfig, release

#: Lines that anybody might write; finding one proves nothing.
SHORT = 30


@pytest.fixture(scope="module")
def handout(all_released):
    return all_released / "handout"


@pytest.fixture(scope="module")
def contents(handout):
    """Every file's text by its name, those inside the wheel included."""
    found = {}
    for file in filter(lambda path: path.is_file(), handout.rglob("*")):
        if file.suffix == ".whl":
            with zipfile.ZipFile(file) as wheel:
                found |= {name: wheel.read(name).decode() for name in wheel.namelist()}
        else:
            found[file.relative_to(handout).as_posix()] = file.read_text(encoding="utf-8")
    return found


def test_it_holds_every_assignment_the_chapters_the_library_and_how_to_start(contents):
    names = set(contents)
    assert {f"{source.stem}/{source.stem}.ipynb" for source in SOURCES} <= names
    assert {"START-HERE.md", "requirements.txt", "chapters/01-differentiation.md"} <= names
    assert {"nnlib/differentiation.py", "nnchecks/differentiation.py"} <= names


def test_chapters_for_instructors_stay_at_home(contents):
    assert "chapters/certificate.md" not in contents
    assert (ROOT / "chapters" / "certificate.md").exists(), "the test looks for something"


def test_the_wheel_holds_the_library_and_nothing_else(contents):
    wheel = {name for name in contents if name.endswith(".py")}
    assert {name.partition("/")[0] for name in wheel} == {"nnlib", "nnchecks"}
    assert wheel == {
        path.relative_to(ROOT).as_posix()
        for package in ("nnlib", "nnchecks")
        for path in (ROOT / package).rglob("*.py")
    }, "a new package belongs in STUDENTS_MODULES"


def test_every_page_can_be_opened_as_a_notebook(contents):
    """Without a header, Jupytext takes a page with `:::` for another format, and needs Pandoc."""
    pages = [name for name in contents if name.endswith(".md")]
    assert "chapters/errata.md" in pages
    for name in pages:
        assert jupytext.reads(contents[name], fmt="md").cells, name


def test_the_wheel_brings_jupyterlabs_settings_where_every_system_looks_for_them(contents):
    data = "neural_networks_by_hand-0.1.0.data/data/etc/jupyter"
    settings = {name: text for name, text in contents.items() if "etc/jupyter" in name}
    assert settings.keys() == {f"{data}/{name}" for name in labconfig.FILES}
    page = json.loads(settings[f"{data}/labconfig/page_config.json"])
    assert "@jupyter/nbgrader:validate-assignment" not in page["disabledExtensions"]


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_no_solution_hidden_test_or_right_answer_of_ours_is_in_it(contents, source):
    notebook = contents[f"{source.stem}/{source.stem}.ipynb"]
    assert not PRIVATE.search(notebook)
    text = source.read_text(encoding="utf-8")
    hidden = re.findall(r"### BEGIN HIDDEN TESTS\n(.*?)### END HIDDEN TESTS", text, re.S)
    lines = {line.strip() for region in hidden for line in region.splitlines() if line.strip()}
    assert lines, "the test looks for something"
    for name, has in contents.items():
        assert [line for line in lines if line in has] == [], name
    cells = nbformat.reads(notebook, as_version=4).cells
    own = "\n".join(cell.source for cell in cells)
    # Where a bug is to be found, the statement itself shows most lines of a right answer.
    shown = re.sub(r"### BEGIN SOLUTION\n.*?### END SOLUTION", "", text, flags=re.S)
    beside = (source.parent / "alternatives.py").read_text(encoding="utf-8").splitlines()
    answers = {line.strip() for line in beside if len(line.strip()) >= SHORT}
    answers |= {line for line in solution_lines(text) if len(line) >= SHORT}
    answers = {line for line in answers if line not in shown}
    assert answers, "the test looks for something"
    assert [line for line in answers if line in own] == []


def test_the_installed_wheel_checks_an_answer(handout, tmp_path):
    (wheel,) = handout.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        file.extractall(tmp_path)
    program = (
        "from nnchecks import differentiation as check\n"
        "import nnlib; print(nnlib.__file__)\n"
        "print(check.forward_difference(lambda f, x, h=1e-8: (f(x + h) - f(x)) / h).score)"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    place, score = done.stdout.split()
    assert place.startswith(str(tmp_path)), "not the one of this folder"
    assert score == "3"


def test_the_versions_are_those_of_the_lock_file(contents):
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    lines = contents["requirements.txt"].splitlines()
    pins = [line for line in lines if "==" in line]
    names = [pin.partition("==")[0] for pin in pins]
    assert sorted({*names}) == sorted(release.STUDENTS_PACKAGES)
    assert all(f"{pin} \\\n" in lock for pin in pins)
    assert lines[-1].startswith("./neural_networks_by_hand-")
    assert "http" not in contents["requirements.txt"]


def test_a_package_that_is_not_pinned_is_named(tmp_path):
    lock = tmp_path / "requirements.lock"
    lock.write_text("numpy==2.4.0 \\\n    --hash=sha256:00\n")
    with pytest.raises(release.CourseError, match="does not pin matplotlib"):
        release.pinned(lock, ("numpy", "matplotlib"))


def test_a_library_that_works_sheets_under_other_names_is_not_handed_out(tmp_path):
    module = tmp_path / "backprop_by_hand.py"
    module.write_text("def hand_pass(x):\n    return x\n\ndef backward(x):\n    return x\n")
    with pytest.raises(release.CourseError, match="no forward and no train_step any more"):
        release._leave_sheets_to_paper(module)


def test_the_installed_wheel_leaves_worksheets_to_paper_and_works_the_chapters_network(
    handout, tmp_path
):
    (wheel,) = handout.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        file.extractall(tmp_path)
    program = """
from nnlib import backprop_by_hand
from nnchecks import backprop_by_hand as check
from nnchecks.variants import backprop_numbers
chapter = [[-0.2, 0.3, -0.4], [0.1, -0.3, -0.4]], [0.2, 0.3], [-1, -1, 1], 1, 0.5
for name, places in (("hand_pass", 5), ("forward", 3), ("backward", 4), ("train_step", 5)):
    work = getattr(backprop_by_hand, name)
    work(*chapter[:places])
    for student in ("s0001", "ada"):
        try:
            work(*backprop_numbers(student)[:places])
        except ValueError as error:
            assert "is for paper" in str(error)
        else:
            raise SystemExit(f"{name} works the sheet of {student}")
import numpy as np
def forward(W1, W2, x):
    h = np.tanh(W1 @ x)
    return h, np.tanh(W2 @ h)
print(check.forward(forward).score)
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["2"], done.stderr
