"""`make check` finds the tests of what has changed, and `make` says what took how long."""

import signal
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tools import check, took


@pytest.fixture
def project(tmp_path):
    """A project with two modules and a test of each, all committed."""
    files = {
        "lib/__init__.py": "",
        "lib/one.py": "X = 1\n",
        "lib/two.py": "from lib.one import X\n",
        "tests/test_one.py": "from lib import one\n",
        "tests/test_two.py": "from lib.two import X\n",
        "tests/test_other.py": "import os\n",
        "tests/test_catalogues.py": "import importlib\n",
        ".gitignore": "_build/\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    for command in (
        ("init", "--quiet"),
        ("add", "."),
        ("-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "All."),
    ):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return tmp_path


@pytest.mark.parametrize(
    ("edited", "expected"),
    [
        ("lib/one.py", "one"),
        ("lib/two.py", "two"),
        ("lib/__init__.py", "one two"),
        ("tests/test_other.py", "other"),
        ("solutions/01-half/unseen.py", "catalogues"),
        ("README.md", ""),
        ("_build/page.py", ""),
    ],
)
def test_the_tests_of_what_has_changed_are_found(project, edited, expected):
    assert check.changed(project) == set()
    (project / edited).parent.mkdir(parents=True, exist_ok=True)
    with (project / edited).open("a") as file:
        file.write("# more\n")
    found = check.concerned(
        check.changed(project), sorted(project.glob("tests/test_*.py")), project
    )
    assert [path.stem.removeprefix("test_") for path in found] == expected.split()


def test_what_is_staged_has_changed_and_what_is_deleted_has_no_tests(project):
    (project / "lib" / "one.py").write_text("X = 2\n")
    (project / "tests" / "test_other.py").unlink()
    subprocess.run(["git", "add", "lib"], cwd=project, check=True)
    assert check.changed(project) == {project / "lib" / "one.py"}


def test_times_are_noted_shown_once_and_not_for_what_failed(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(took, "NOTES", tmp_path / "_build" / "took.json")
    assert took.main(["the book", "-c", "pass"]) == 0
    assert took.main(["the class", "-c", "raise SystemExit(3)"]) == 3
    assert took.main(["--since", "0", "the packages"]) == 0
    assert took.main([]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Took: the book ")
    assert "the packages" in said
    assert "the class" not in said
    assert took.main([]) == 0
    assert capsys.readouterr().out == ""


def test_a_note_that_was_cut_off_is_forgotten(tmp_path, monkeypatch):
    monkeypatch.setattr(took, "NOTES", tmp_path / "took.json")
    (tmp_path / "took.json").write_text('{"the bo')
    took.note("the class", 2.0)
    assert took.notes() == {"the class": 2.0}


def test_an_interrupt_is_left_to_the_command_which_ends_in_its_own_time(tmp_path):
    child = "print('here', flush=True); input(); print('put back'); raise SystemExit(7)"
    command = [sys.executable, "tools/took.py", "nothing", "-c", child]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "here\n"
        process.send_signal(signal.SIGINT)  # a terminal would send it to the command, too
        said, _ = process.communicate("\n")
    assert (process.returncode, said) == (7, "put back\n")


def test_make_with_a_failing_step_fails():
    command = [sys.executable, "tools/took.py", "nothing", "-c", "raise SystemExit(7)"]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 7
