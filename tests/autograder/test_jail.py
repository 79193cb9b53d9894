"""What protection there is is found out by trying, and without it nothing of a student's runs."""

import os

import pytest

from autograder import __main__ as program
from autograder import jail
from autograder.jail import NoJail, Protection
from autograder.settings import Limits

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
