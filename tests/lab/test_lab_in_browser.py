"""`make lab` and the handout in a real browser: the student's first minutes."""

import os
import shutil
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import nbformat
import pytest

from tests.conftest import ROOT
from tests.lab.conftest import jupyter
from tools import assignments, lab
from tools.demo import Submission, hand_in

NAME = "01-differentiation"
WRONG = Submission(
    "halfway",
    {},
    {
        "forward_difference": (
            "def forward_difference(f, x, h=1e-8):\n    return (f(x + h) - f(x)) / h"
        ),
        "central_difference": (
            "def central_difference(f, x, h=1e-5):\n    return (f(x + h) - f(x - h)) / h"
        ),
    },
    attempted=False,
)


@pytest.fixture(scope="module")
def course(all_released, tmp_path_factory):
    """A course folder with a release and a handout, to work in."""
    return shutil.copytree(all_released, tmp_path_factory.mktemp("lab") / "course")


def begin(folder):
    """Let a student have begun to work in a folder, and return it."""
    notebook = folder / NAME / f"{NAME}.ipynb"
    source = ROOT / "solutions" / NAME / f"{NAME}.py"
    released = nbformat.read(notebook, as_version=4)
    nbformat.write(hand_in(released, assignments.read(source), WRONG), notebook)
    return folder


def installed(handout):
    """Install a handout into its own .venv, with the packages of this one in the network's place.

    The students' wheel goes where pip puts it: its modules among the packages, its data below the
    environment's folder.
    """
    prefix = handout / ".venv"
    venv.create(prefix, symlinks=True)
    where = {"base": str(prefix), "platbase": str(prefix)}
    packages = Path(sysconfig.get_path("purelib", vars=where))
    (packages / "network.pth").write_text(sysconfig.get_path("purelib"))
    for folder in ("etc", "share"):
        shutil.copytree(Path(sys.prefix) / folder / "jupyter", prefix / folder / "jupyter")
    (wheel,) = handout.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        for name in file.namelist():
            _, _, inside = name.partition(".data/data/")
            target = prefix / inside if inside else packages / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read(name))
    return Path(sysconfig.get_path("scripts", vars=where)) / "python"


@pytest.fixture(scope="module", params=["make lab", "the handout"])
def address(request, course, tmp_path_factory):
    """JupyterLab's address, on a port that the system chose."""
    home = tmp_path_factory.mktemp("home")
    if request.param == "make lab":
        assert list(lab.fill(course, home / "my")) == []
        command = lab.command(begin(home / "my"))
        env = lab.environment(home / "config")
    else:
        shutil.copytree(course / "handout", home / "handout")
        command = [str(installed(begin(home / "handout"))), "-m", "jupyterlab"]
        command.append(f"--ServerApp.root_dir={home / 'handout'}")
        env = {name: value for name, value in os.environ.items() if "JUPYTER" not in name}
        env["HOME"] = str(home)
    with jupyter(command, env, home) as url:
        yield f"{url}lab/tree/{{}}?token=lab&reset"


def run_all(page):
    """Run every cell, once the kernel is there; nobody was asked which one."""
    page.get_by_text("| Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def test_checks_answer_in_the_notebook_and_validate_agrees(page, address):
    page.goto(address.format(f"{NAME}/{NAME}.ipynb"))
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
    run_all(page)

    tables = page.locator(".jp-OutputArea-output table")
    tables.filter(has_text="best_step").wait_for()
    said = tables.all_inner_texts()
    assert any("forward_difference: 3 of 3 points" in text for text in said)
    assert any("central_difference: 0 of 3 points" in text for text in said)
    assert any("best_step: 0 of 3 points" in text and "not attempted" in text for text in said)
    twice = "This is twice the quotient"
    assert page.get_by_text(twice).is_visible()

    page.get_by_role("button", name="Validate").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("central_difference").first.wait_for()
    text = dialog.inner_text()
    assert twice in text
    assert "not attempted" in text
    assert "check.forward_difference" not in text
    for package in ("nnlib", "nnchecks"):
        assert package not in text, "no traceback into the checks"


def test_a_chapter_opens_as_a_notebook_and_its_cells_run(page, address):
    page.goto(address.format("chapters/01-differentiation.md"))
    notebook = page.locator(".jp-NotebookPanel")
    notebook.locator(".jp-CodeCell").first.wait_for()
    run_all(page)
    notebook.locator(".jp-OutputArea-output img, .jp-OutputArea-output svg").first.wait_for()
    text = notebook.inner_text()
    assert "ModuleNotFoundError" not in text
    assert ":::" not in text, "boxes are shown as boxes"


def test_nothing_of_the_instructors_and_no_news_are_in_front_of_students(page, address):
    page.goto(address.format(f"{NAME}/{NAME}.ipynb"))
    page.get_by_role("button", name="Validate").wait_for()
    page.get_by_text("| Idle").wait_for()
    text = page.inner_text("body")
    for theirs in ("Nbgrader", "Formgrader", "Course List", "Create Assignment", "Jupyter news"):
        assert theirs not in text
        assert page.get_by_title(theirs).count() == 0, theirs
    page.keyboard.press("Control+Shift+C")
    palette = page.locator(".lm-CommandPalette")
    palette.locator("input").fill("validate")
    palette.get_by_text("Validate").first.wait_for()
    palette.locator("input").fill("formgrader")
    palette.get_by_text("No commands found").wait_for()
