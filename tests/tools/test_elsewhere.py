"""What needs no jail works on macOS and Windows, and `make` says what it left out."""

import json
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tools import certify

pytestmark = pytest.mark.slow
SYSTEMS = ("darwin", "win32")


def run(system, module, *arguments, **options):
    """Run a module of ours that sees another system, and return what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.elsewhere", system, module, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        **options,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_emulation_is_one():
    lines = (
        "import os, socket, sys; print(sys.platform, hasattr(os, 'fork'), "
        "hasattr(socket, 'SOCK_SEQPACKET'))\ntry:\n    import resource\nexcept ImportError as e:\n"
        "    print(e)"
    )
    program = f"from tests import elsewhere; elsewhere.pretend('win32'); exec({lines!r})"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "win32 False False\nNo module named 'resource'\n"


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_question_bank_and_the_rubrics_are_made(system, tmp_path):
    assert "questions: moodle.xml" in run(system, "tools.questions", "--to", tmp_path)
    assert (tmp_path / "moodle.xml").exists()
    run(system, "tools.rubrics", "--to", tmp_path / "rubrics.html")
    assert (tmp_path / "rubrics.html").exists()


@pytest.mark.parametrize("system", SYSTEMS)
def test_release_and_handout_are_made_and_my_folder_filled(system, tmp_path):
    name = "01-differentiation"
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / name).symlink_to(ROOT / "solutions" / name)
    folders = ["--solutions", tmp_path / "solutions", "--course", tmp_path / "course"]
    run(system, "tools.release", *folders)
    assert (tmp_path / "course" / "handout" / name / f"{name}.ipynb").exists()
    assert list((tmp_path / "course" / "handout").glob("*.whl"))
    program = (
        f"from tests import elsewhere; elsewhere.pretend({system!r}); from pathlib import Path; "
        "from tools import lab; here = Path(sys.argv[1]); "
        "list(lab.fill(here / 'course', here / 'my'))"
    )
    subprocess.run([sys.executable, "-c", f"import sys; {program}", tmp_path], cwd=ROOT, check=True)
    assert (tmp_path / "my" / name / f"{name}.ipynb").exists()


@pytest.mark.parametrize("system", SYSTEMS)
def test_answers_are_examined_for_the_certificate(system):
    (subject,) = certify.subjects(ROOT / "solutions", "01-differentiation")
    asked = {"assignment": subject.name, "kind": "inventory", "patience": 60}
    lines = [{subject.name: subject.spec}, asked]
    said = run(system, "tools.trials", input="".join(f"{json.dumps(line)}\n" for line in lines))
    assert "forward_difference" in json.loads(said)
    assert "usage" in run(system, "tools.certify", "--help")


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_demonstration_is_left_out_with_one_sentence(system, tmp_path):
    said = run(system, "tools.demo", "--course", tmp_path / "demo")
    assert said.startswith("Left out: the graded demonstration class, because this machine cannot ")
    assert said.count(".\n") == said.count("\n") == 1
    assert "Linux" in said
    assert "apt" not in said
    assert not (tmp_path / "demo").exists()
