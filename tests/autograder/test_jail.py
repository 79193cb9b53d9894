"""What protection there is is found out by trying, and without it nothing of a student's runs."""

import os
import socket
import sys
from dataclasses import replace

import pytest

from autograder import __main__ as program
from autograder import jail, packages
from autograder.jail import NoJail, Protection
from autograder.judge import Examiner
from autograder.settings import Limits
from tests.autograder.attacks import CENTRAL, Row
from tests.autograder.conftest import LIMITS, RELEASED
from tests.autograder.test_attacks import judge
from tests.conftest import ROOT

NOTHING = Protection("", frozenset(), (), ("bubblewrap: there is no program called bwrap",))


@pytest.fixture
def no_jail(monkeypatch):
    monkeypatch.setattr(jail, "probe", lambda: NOTHING)


def test_without_a_jail_the_grader_refuses_and_names_the_reason_and_the_setting(no_jail):
    with pytest.raises(NoJail, match="no program called bwrap") as refused:
        jail.required(Limits())
    assert "c.Judge.accept_no_jail = True" in str(refused.value)
    assert "apt install bubblewrap" in str(refused.value)


def test_the_risk_is_accepted_only_by_the_setting(no_jail):
    assert jail.required(Limits(accept_no_jail=True)) is NOTHING


def test_a_jail_that_lets_something_through_is_none():
    layers = frozenset(("landlock", "seccomp", "namespaces", "private folder"))
    assert Protection("/usr/bin/bwrap", layers, ()).sufficient
    assert not Protection("/usr/bin/bwrap", layers, ("reach the network",)).sufficient


@pytest.mark.parametrize("missing", ["landlock", "seccomp"])
def test_without_bubblewrap_landlock_and_seccomp_are_both_needed(missing):
    layers = frozenset(("landlock", "seccomp"))
    assert Protection("", layers, ()).sufficient
    assert not Protection("", layers - {missing}, ()).sufficient


def test_workspaces_share_a_process_only_if_each_has_a_folder_of_its_own():
    own = frozenset(("namespaces", "private folder"))
    assert Protection("/usr/bin/bwrap", own, ()).shared
    assert not Protection("/usr/bin/bwrap", frozenset(("namespaces",)), ()).shared
    assert not Protection("", frozenset(("landlock", "seccomp")), ()).shared


def test_doctor_says_what_is_there_and_fails_where_it_is_not_enough(no_jail, capsys):
    assert program.main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "no bubblewrap" in said
    assert "not used: bubblewrap: there is no program called bwrap" in said


def test_under_ci_there_is_a_jail():
    found = jail.probe()
    if not os.environ.get("CI"):
        pytest.skip(f"only where CI is set; here: {found}")
    assert found.sufficient, str(found)
    assert found.bubblewrap, "bubblewrap was to be installed by .ci/run"


def test_a_course_that_lies_where_the_private_folder_would_be_is_not_hidden(monkeypatch):
    monkeypatch.setattr(jail, "readable", lambda: ("/usr", "/srv/course"))
    usual = jail._private()
    assert usual == "/tmp"
    monkeypatch.setattr(jail, "readable", lambda: ("/usr", f"{usual}/course/.venv"))
    assert jail._private() == "/jail-private"


# --- other systems --------------------------------------------------------------------------------

#: What the process that starts workspaces is told first, so that it sees what there is on macOS.
ON_MACOS = (
    "import sys; sys.path.insert(0, {root!r}); from tests import elsewhere; "
    "elsewhere.pretend('darwin'); del sys.path[0]; {start}"
)
NAMES = ("forward_difference", "central_difference")
LOOP = "def central_difference(f, x, h=1e-5):\n    while True: pass"


@pytest.fixture(scope="module")
def on_macos():
    """An examiner without a jail, whose workspaces have neither prctl nor sockets of messages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jail, "probe", lambda: NOTHING)
        patch.delattr(socket, "SOCK_SEQPACKET")
        patch.setattr(jail, "_START", ON_MACOS.format(root=str(ROOT), start=jail._START))
        limits = replace(LIMITS, accept_no_jail=True, seconds_per_cell=2.0)
        one = Examiner(RELEASED, limits)
        yield one
        one.close()


@pytest.mark.parametrize(
    "row",
    [
        Row("right", "nothing", CENTRAL, marks=(3, 3)),
        Row("hung", "a loop that does not heed its interrupt", LOOP, marks=(3, 0)),
        Row("again", "a workspace after one that had to be killed", CENTRAL, marks=(3, 3)),
    ],
    ids=lambda row: row.name,
)
def test_where_the_risk_is_accepted_grading_works_without_linux(on_macos, row):
    verdict = judge(on_macos, row)
    assert tuple(verdict.marks[f"test_{name}"] for name in NAMES) == row.marks


def test_no_process_is_left_behind_without_linux(on_macos):
    judge(on_macos, Row("hung", "a loop", LOOP))
    started = on_macos.workspaces._started.process
    on_macos.close()
    assert started.poll() is not None
    with pytest.raises(ProcessLookupError):
        os.killpg(started.pid, 0)


def test_windows_is_told_the_truth_whatever_the_setting_says(monkeypatch):
    monkeypatch.delattr(os, "fork")
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(NoJail, match=r"cannot be run for grading on win32, .*WSL 2") as refused:
        jail.required(Limits(accept_no_jail=True))
    assert "accept_no_jail" not in str(refused.value)


def test_a_mac_is_not_told_to_install_what_it_cannot_have(no_jail, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(NoJail, match=r"on Linux .a virtual machine") as refused:
        jail.required(Limits())
    assert "apt" not in str(refused.value)
    assert "c.Judge.accept_no_jail = True" in str(refused.value)


def test_what_the_handout_names_may_be_imported_and_nothing_else(tmp_path):
    path = tmp_path / "requirements.txt"
    path.write_text("# for students\nscipy==1 ; python_version > '3' \\\n    --hash=x\n./a.whl\n")
    assert packages.named_in(path) == ("scipy",)
    found = {one.name for one in packages.installed(("scipy",))}
    assert {"scipy", "numpy"} <= found
    assert "matplotlib" not in found
    assert "matplotlib" in packages.kept_away(packages.installed(("scipy",)))
