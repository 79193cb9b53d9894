"""Each promise of the jail is tried in the jail, where a machine has less as well, or refused."""

import contextlib
import os
import re
import select
import socket

import pytest

from autograder import jail, library, workspace
from autograder.channel import Channel, ChannelError
from autograder.jail import Protection
from autograder.judge import Examiner
from autograder.settings import Limits
from tests.autograder.attacks import CENTRAL, Row
from tests.autograder.conftest import LIMITS, RELEASED, lesser
from tests.autograder.test_attacks import judge
from tests.conftest import ROOT

#: What the superuser keeps where nobody could read the Python that is to run.
NUMBER = () if os.getuid() else ("act under the superuser's number",)


def tried_on_a_lesser_machine(monkeypatch, *open, **has):
    """Return what a program could do where there is Landlock's first version and no namespace."""
    monkeypatch.setattr(jail, "_START", lesser(open, **has))
    layers, tried = jail._try("")
    assert "namespaces" not in layers
    return Protection("", layers, jail._gone(tried))


def test_an_older_kernel_without_namespaces_keeps_every_promise(jailed, monkeypatch):
    found = tried_on_a_lesser_machine(monkeypatch)
    assert found.escaped == ()
    assert found.sufficient
    assert ("another user" in found.layers) == (os.getuid() == 0)


@pytest.mark.parametrize(
    ("open", "what"),
    [
        (("chmod", "fchmodat", "fchmodat2"), "change a file's mode"),
        (("chown", "fchownat"), "change a file's owner"),
        (("utimensat", "utime", "utimes"), "change a file's times"),
        (("truncate",), "empty a file"),
        (("execve",), None),
    ],
)
def test_a_promise_that_is_not_kept_is_found_out_and_the_machine_refused(
    jailed, monkeypatch, open, what
):
    if what is None:  # the program that is started has taken the place of the workspace
        with pytest.raises(ChannelError):
            tried_on_a_lesser_machine(monkeypatch, *open, readable=False)
        return
    found = tried_on_a_lesser_machine(monkeypatch, *open, readable=False)
    assert found.escaped == (what, *NUMBER)
    assert not found.sufficient


@pytest.mark.skipif(os.getuid() != 0, reason="only the superuser has rights to keep")
def test_rights_of_the_superuser_and_signals_by_a_socket_are_tried_as_well(jailed, monkeypatch):
    found = tried_on_a_lesser_machine(monkeypatch, first=1, readable=False)
    assert set(found.escaped) == {
        "signal the grader through a socket",
        "keep a right of the superuser",
        *NUMBER,
    }


@pytest.mark.skipif(os.getuid() != 0, reason="only the superuser can become nobody")
def test_what_the_filters_let_through_nobody_has_no_right_to(jailed, monkeypatch):
    calls = ("chmod", "fchmodat", "fchmodat2", "chown", "fchownat", "utimensat", "truncate")
    assert tried_on_a_lesser_machine(monkeypatch, *calls).escaped == ()


def test_a_notebook_may_copy_a_file_with_its_mode_and_times(examiner):
    if not {"read-only files", "private folder"} <= jail.probe().layers:
        pytest.skip("no files of one's own without namespaces")
    copies = (
        "import os, shutil\n\nopen('a', 'w').write('1')\nshutil.copy2('a', 'b')\n"
        "os.chmod('b', 0o600)\nos.truncate('b', 0)\nassert os.path.getsize('b') == 0\n"
    )
    assert sum(judge(examiner, Row("copies", "", f"{copies}\n{CENTRAL}")).marks.values()) == 6


def test_a_lesser_machine_gives_the_same_marks_one_student_after_the_other(jailed, monkeypatch):
    found = tried_on_a_lesser_machine(monkeypatch)
    monkeypatch.setattr(jail, "probe", lambda: found)
    writes = "open('mine.txt', 'w').write('1')\n"
    with contextlib.closing(Examiner(RELEASED, LIMITS)) as examiner:
        for row in (Row("first", "", f"{writes}{CENTRAL}"), Row("next", "", CENTRAL)):
            assert sum(judge(examiner, row).marks.values()) == 6


@pytest.mark.skipif(os.getuid() != 0, reason="only the superuser is refused for the number")
def test_a_superuser_whose_python_nobody_could_read_is_refused_and_told(jailed, monkeypatch):
    found = tried_on_a_lesser_machine(monkeypatch, readable=False)
    assert found.escaped == NUMBER
    monkeypatch.setattr(jail, "probe", lambda: found)
    with pytest.raises(jail.NoJail, match="grade as an ordinary user"):
        jail.required(Limits())
    # Where there is no Landlock, that would not help.
    monkeypatch.setattr(jail, "probe", lambda: Protection("", frozenset(), ()))
    assert "user" not in jail.remedy()


@pytest.mark.parametrize("older", [True, False])
def test_a_workspace_ends_with_what_started_it_even_if_it_sleeps(
    jailed, monkeypatch, tmp_path, older
):
    if older:
        monkeypatch.setattr(jail, "_START", lesser())
    place = library.build(tmp_path / "library", {}, package="")
    (tmp_path / "private").mkdir()
    started = jail.start(place, Limits(), "", tmp_path / "private", imports=False)
    here, there = socket.socketpair()
    with here, there:
        child = os.pidfd_open(started.command(b"fork", [there.fileno()])["child"])
        try:
            channel = Channel(here, 1 << 20)
            channel.send({"op": "probe", "secret": str(tmp_path / "secret")}, [])
            channel.receive(20)  # it has set up everything by now
            started.process.kill()
            started.process.wait()
            assert select.select([child], [], [], 60)[0], "it goes on"
        finally:
            os.close(child)
            started.stop()


def test_the_judges_page_says_what_doctor_tries():
    page = (ROOT / "chapters" / "judge.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z][^|]+) \| refused \| refused \|", page, re.MULTILINE)
    assert rows == list(workspace.promises("a", "b"))
