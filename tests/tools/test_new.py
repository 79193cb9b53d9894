"""`python -m tools.new` lays out a chapter whose assignment works as it stands."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tools import new

LEFT_OUT = shutil.ignore_patterns(
    *(".*", "_build", "course", "my", "assets", "benchmarks", "__pycache__", "*.egg-info")
)
NAME, MODULE = "91-far-reaching", "far_reaching"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of this project, with a chapter that has just been laid out."""
    folder = tmp_path_factory.mktemp("new") / "project"
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
    done = run(folder, "-m", "tools.new", NAME, "How far values reach")
    assert done.returncode == 0, done.stderr
    assert f"solutions/{NAME}/{NAME}.py: the assignment" in done.stdout
    return folder


def run(folder, *arguments):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_the_assignment_releases_and_its_check_takes_the_solution_and_not_a_slip(project):
    program = (
        "from pathlib import Path; from tools.release import release\n"
        f"print(release(Path('solutions'), Path('course'), '{NAME}'))\n"
        f"from nnchecks import {MODULE} as check\n"
        "import nnchecks; print(nnchecks.__file__)\n"
        f"print(check.{MODULE}_example(lambda values: max(values) - min(values)).score,\n"
        f"      check.{MODULE}_example(max).diagnosis)"
    )
    done = run(project, "-c", program)
    assert done.returncode == 0, done.stderr
    assert str(project / "nnchecks") in done.stdout
    assert done.stdout.splitlines()[-1].startswith("17 This is the largest value.")
    released = (project / "course" / "release" / NAME / f"{NAME}.ipynb").read_text()
    assert "raise NotImplementedError" in released
    assert "full answer" not in released


@pytest.mark.slow
def test_the_tests_of_the_chapter_and_of_the_lists_that_name_it_pass(project):
    new_ones = [f"tests/nnlib/test_{MODULE}.py", f"tests/nnchecks/test_{MODULE}.py"]
    files = [*new_ones, "tests/tools/test_architecture.py", "tests/tools/test_questions.py"]
    files += ["tests/nnlib/test_package.py", f"nnlib/{MODULE}.py", f"nnlib/plotting/{MODULE}.py"]
    (project / "assets").symlink_to(ROOT / "assets")
    (project / "benchmarks").symlink_to(ROOT / "benchmarks")
    done = run(project, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files)
    assert done.returncode == 0, done.stdout
    done = run(project, "-m", "ruff", "check", ".")
    assert done.returncode == 0, done.stdout


def test_the_book_lists_the_chapter_once_behind_the_others(project):
    listed = (project / "_toc.yml").read_text()
    assert listed.count(NAME) == 1
    assert listed.index("08-") < listed.index(NAME) < listed.index("capstone")
    assert f"automodule:: nnlib.{MODULE}\n" in (project / "chapters/library.md").read_text()


@pytest.mark.parametrize(
    ("name", "title", "said"),
    [
        (NAME, "Again", f"solutions/{NAME} is there already"),
        ("05-other", "A number that is taken", "solutions/05-xor is there already"),
        ("92-network", "A module that is there", "nnlib/network.py is there already"),
        ("92-plotting", "A package that is there", "nnlib/plotting is there already"),
        ("92-engine", "Another", "nnchecks/engine is there already"),
        ("92-c++", "C", "two digits and small letters"),
        ("scaling", "Scaling", "two digits and small letters"),
        ("92-import", "Import", "a word of Python's own"),
        ("92-scaling", 'A "quoted" title', "must be one line"),
    ],
)
def test_what_cannot_be_laid_out_is_refused_with_one_sentence(
    project, capsys, monkeypatch, name, title, said
):
    monkeypatch.setattr(new, "ROOT", project)
    monkeypatch.setattr("sys.argv", ["new", name, title])
    before = contents(project)
    assert new.main() == 1
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
    assert contents(project) == before


@pytest.mark.parametrize(("place", "_", "entry"), new.LISTS, ids=lambda value: value[:30])
def test_a_list_that_is_no_longer_there_is_named(project, tmp_path, place, _, entry):
    for name, *_rest in new.LISTS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, tmp_path / name)
    known = new.words(tmp_path, "92-scaling", "Scaling")
    (tmp_path / place).write_text("something else\n")
    with pytest.raises(new.Refused, match=f"{place} lists no chapter"):
        new.laid_out(tmp_path, known)
