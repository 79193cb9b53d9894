"""Whatever one student's folder holds or is called is that student's status, and nobody else's."""

import errno
import json
import os
import socket
import tempfile
from pathlib import Path

import pytest

from autograder import reading, rebuild
from autograder.classroom import Class, summary
from autograder.judge import Examiner, Verdict
from autograder.marks import Status, write_csv
from autograder.words import printable, writable
from tests.autograder.small import (
    ANSWERS,
    NAME,
    config_of,
    course,
    graded,
    hand_in,
    notebook,
    once,
)

__all__ = ["course", "once"]  # fixtures

NOTEBOOK, TEST = f"{NAME}.ipynb", "test_central_difference"
#: A name that this system's files may have, and no text.
BYTES = os.fsdecode(b"caf\xe9")


def beside(folder, name, content=b"x"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def instead(folder, inside):
    """Let the notebook be a folder that holds something."""
    (folder / NOTEBOOK).unlink()
    beside(folder, f"{NOTEBOOK}/{inside}")


def renamed(folder, name):
    (folder / NOTEBOOK).rename(folder / name)


def folder_called(folder, name):
    (folder / NOTEBOOK).unlink()
    (folder / name).mkdir()


def sparse(folder, name, size):
    with (folder / name).open("ab") as file:
        file.truncate(size)


def deep(folder):
    """Nest folders until a path is longer than any system call takes."""
    here = os.getcwd()
    try:
        os.chdir(folder)
        for _ in range(30):
            os.mkdir("d" * 200)
            os.chdir("d" * 200)
        Path("x.txt").write_text("x")
    finally:
        os.chdir(here)


def listening(folder):
    with tempfile.TemporaryDirectory() as short, socket.socket(socket.AF_UNIX) as one:
        one.bind(f"{short}/s")
        os.rename(f"{short}/s", folder / "s.txt")


def attached(folder):
    made = json.loads((folder / NOTEBOOK).read_text())
    own = {"cell_type": "markdown", "metadata": {}, "source": "![a](attachment:a)", "id": "own"}
    made["cells"].append({**own, "attachments": {"\ud800.png": {"image/png": "AAAA"}}})
    (folder / NOTEBOOK).write_text(json.dumps(made))


def linked_to_everything(folder):
    (folder / NOTEBOOK).unlink()
    folder.rmdir()
    folder.symlink_to("/")


def a_file(folder):
    (folder / NOTEBOOK).unlink()
    folder.rmdir()
    folder.write_bytes(b"x")


def going_round(folder):
    (folder / "a").symlink_to("b")
    (folder / "b").symlink_to("a")
    (folder / "up").symlink_to("..")


#: What is done to a folder with a right notebook, and its status; every one that is graded has 6.
FAULTS = {
    "a-folder-with-a-file": (lambda f: instead(f, "x"), Status.NOT_GRADED),
    "a-folder-with-a-notebook": (lambda f: instead(f, NOTEBOOK), Status.NOT_GRADED),
    "a-folder-in-a-folder": (lambda f: instead(f, "deep/er/x.csv"), Status.NOT_GRADED),
    "a-notebook-beside-it": (
        lambda f: [instead(f, "x"), (f / "mine.ipynb").write_text("{}")],
        Status.NOT_GRADED,
    ),
    "no-utf-8": (lambda f: renamed(f, f"{BYTES}.ipynb"), Status.REPAIRED),
    "a-folder-in-no-utf-8": (lambda f: folder_called(f, f"{BYTES}.ipynb"), Status.NOT_GRADED),
    "a-folder-with-a-newline": (lambda f: folder_called(f, "a\n# b.ipynb"), Status.NOT_GRADED),
    "two-in-no-utf-8": (
        lambda f: [folder_called(f, f"{BYTES}.ipynb"), (f / f"{BYTES}2.ipynb").mkdir()],
        Status.NOT_GRADED,
    ),
    "files-in-no-utf-8": (lambda f: beside(f, f"{BYTES}/{BYTES}.csv"), Status.REPAIRED),
    "files-with-newlines": (lambda f: beside(f, "a\nb/c\nd.csv"), Status.GRADED),
    "a-long-name": (lambda f: renamed(f, f"{'n' * 249}.ipynb"), Status.REPAIRED),
    "a-long-file": (lambda f: beside(f, "n" * 255), Status.GRADED),
    "a-released-file-as-a-folder": (lambda f: beside(f, "given.csv/x.csv"), Status.REPAIRED),
    "a-released-folder-as-a-file": (lambda f: beside(f, "data"), Status.REPAIRED),
    "a-time-as-a-folder": (lambda f: beside(f, "timestamp.txt/x"), Status.GRADED),
    "a-time-without-end": (lambda f: sparse(f, "timestamp.txt", 1 << 40), Status.GRADED),
    "a-file-without-end": (lambda f: sparse(f, "data.bin", 1 << 40), Status.REPAIRED),
    "a-notebook-without-end": (lambda f: sparse(f, NOTEBOOK, 1 << 40), Status.NOT_GRADED),
    "a-socket": (listening, Status.REPAIRED),
    "a-pipe": (lambda f: os.mkfifo(f / "p.csv"), Status.REPAIRED),
    "a-pipe-as-time": (lambda f: os.mkfifo(f / "timestamp.txt"), Status.GRADED),
    "links-in-a-loop": (going_round, Status.REPAIRED),
    "a-link-to-everything": (linked_to_everything, Status.NOT_GRADED),
    "a-file-and-no-folder": (a_file, Status.NOT_GRADED),
    "half-a-character": (attached, Status.GRADED),
    "deep": (deep, Status.GRADED),
}


@pytest.fixture
def given(course):
    """Return the course, with files that were released beside the notebook."""
    beside(course / "release" / NAME, "given.csv", b"1,2")
    beside(course / "release" / NAME, "data/points.csv", b"1,2")
    return course


@pytest.fixture
def believed(monkeypatch):
    """Let every answer be right without running any: what is tested is what stands round that."""

    def judge(self, cells, files, student=""):
        return Verdict(list(cells), dict.fromkeys(("test_forward_difference", TEST), 3.0))

    monkeypatch.setattr(Examiner, "judge", judge)


def noted(course, student):
    return json.loads((course / "judged" / NAME / f"{student}.json").read_text())


def test_no_fault_in_a_folder_ends_the_run_or_costs_another_anything(given, jailed):
    hand_in(given, "aaa-before")
    for name, (do, _) in FAULTS.items():
        do(hand_in(given, name))
    hand_in(given, "zzz-after")
    table, _ = graded(given)
    found = {row.student: noted(given, row.student)["status"] for row in table}
    honest = {"aaa-before": Status.GRADED, "zzz-after": Status.GRADED}
    assert found == {name: status for name, (_, status) in FAULTS.items()} | honest
    for row in table:
        assert row.score == (None if row.status is Status.NOT_GRADED else 6), row.student
        assert row.about or found[row.student] == Status.GRADED, row.student
    kept = given / "autograded" / "a-link-to-everything" / NAME
    assert {path.name for path in kept.iterdir()} == {"data", "given.csv", NOTEBOOK}


#: Names of folders, and why nobody of that name can be graded.
NAMES = {
    BYTES: "no UTF-8",
    "n" * 252: "too long",
    "n" * 240: "",
    "a\nb": "",
    "a\x1b[2Jb": "",
    "](javascript:x)": "",
}


def test_no_name_of_a_folder_ends_the_run_or_reaches_the_terminal(given, believed, tmp_path):
    for name in ("aaa", *NAMES, "zzz"):
        hand_in(given, name)
    table, said = graded(given)
    room = Class(config_of(given), NAME)
    shown = "\n".join([*said, summary(room, room.students())])
    found = {row.student: row for row in table}
    for name, reason in NAMES.items():
        row = found[writable(name)]
        assert (row.status is Status.NOT_GRADED) == bool(reason)
        assert reason in row.about
    assert found["aaa"].score == found["zzz"].score == 6
    assert all(printable(line) == line for line in shown.splitlines())
    assert sum("not graded, the name of the folder is" in line for line in said) == 2
    write_csv(table, tmp_path / "grades.csv")
    assert "caf\\udce9" in (tmp_path / "grades.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("error", [PermissionError(13, "no"), ValueError(BYTES), RecursionError()])
@pytest.mark.parametrize("place", ["reading.read", "reading.files_beside", "rebuild.rebuild"])
def test_an_error_that_nobody_has_thought_of_is_that_students(
    given, believed, monkeypatch, place, error
):
    """Whatever goes wrong with one student's files, wherever they are looked at."""
    for name in ("aaa", "eve", "zzz"):
        hand_in(given, name, notebook(given, ANSWERS | {"why": name}))
    module, name = place.split(".")
    module = {"reading": reading, "rebuild": rebuild}[module]
    own = getattr(module, name)

    def faulty(*arguments, **keywords):
        if "eve" in str(arguments):
            raise error
        return own(*arguments, **keywords)

    monkeypatch.setattr(module, name, faulty)
    table, _ = graded(given)
    assert {row.student: row.status for row in table}["eve"] is Status.NOT_GRADED
    assert {row.student: row.score for row in table} == {"aaa": 6, "eve": None, "zzz": 6}


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), MemoryError()])
def test_an_error_of_the_machine_is_no_students(given, believed, monkeypatch, error):
    """Nobody is told that a full disk was a fault of theirs."""
    hand_in(given, "ann")
    monkeypatch.setattr(Class, "keep", lambda *_, **__: (_ for _ in ()).throw(error))
    with pytest.raises(type(error)):
        graded(given)
