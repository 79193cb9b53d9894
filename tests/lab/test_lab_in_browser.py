"""`make lab` in a real browser: the student's first minutes."""

import subprocess
import sys

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
def folder(tmp_path_factory):
    """A release in which a student has begun to work."""
    course = tmp_path_factory.mktemp("lab") / "course"
    subprocess.run(
        [sys.executable, "-m", "tools.release", "--course", str(course)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    notebook = course / "release" / NAME / f"{NAME}.ipynb"
    notebook.chmod(0o644)
    source = ROOT / "solutions" / NAME / f"{NAME}.py"
    released = nbformat.read(notebook, as_version=4)
    nbformat.write(hand_in(released, assignments.read(source), WRONG), notebook)
    return course / "release"


@pytest.fixture(scope="module")
def address(folder, tmp_path_factory):
    """JupyterLab's address, on a port that the system chose."""
    home = tmp_path_factory.mktemp("home")
    with jupyter(lab.command(folder), lab.environment(home / "config"), home) as url:
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
    assert "nnlib" not in text, "no traceback into the checks"


def test_a_chapter_opens_as_a_notebook_and_its_cells_run(page, address):
    page.goto(address.format("chapters/01-differentiation.md"))
    notebook = page.locator(".jp-NotebookPanel")
    notebook.locator(".jp-CodeCell").first.wait_for()
    run_all(page)
    notebook.locator(".jp-OutputArea-output img, .jp-OutputArea-output svg").first.wait_for()
    text = notebook.inner_text()
    assert "ModuleNotFoundError" not in text
    assert ":::" not in text, "boxes are shown as boxes"
