"""What a killed run leaves in the temporary folder is removed by the next one, and nothing else."""

import multiprocessing
import os
import signal
import tempfile
from pathlib import Path

import pytest

from autograder import temporary
from autograder.temporary import Folder


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """A temporary folder of the test's own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def killed():
    """Return the folder of a process that was killed while it had one."""
    here, there = multiprocessing.Pipe()

    def make():
        made = Folder()
        (made.place / "library").mkdir()
        there.send(str(made.place))
        signal.pause()

    process = multiprocessing.get_context("fork").Process(target=make)
    process.start()
    left = Path(here.recv())
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert (left / "library").is_dir()
    return left


def test_what_a_killed_process_has_left_is_removed_by_the_next(place):
    left = killed()
    with Folder() as made:
        assert list(place.iterdir()) == [made] != [left]
    assert list(place.iterdir()) == []


def test_what_a_living_process_has_stays():
    with Folder() as first, Folder() as second:
        temporary.clear()
        assert first.is_dir()
        assert second.is_dir()


def test_what_another_user_has_stays(monkeypatch):
    left = killed()
    monkeypatch.setattr(os, "getuid", lambda: os.stat(left).st_uid + 1)
    temporary.clear()
    assert left.is_dir()


def test_folders_and_links_of_other_programs_stay(place):
    (place / "judge-of-another-program" / "work").mkdir(parents=True)
    (place / "judge-link").symlink_to(killed())
    (place / "judge-file").touch()
    before = set(place.iterdir())
    temporary.clear()
    assert before - set(place.iterdir()) == {(place / "judge-link").resolve()}
    assert (place / "judge-of-another-program" / "work").is_dir()


def test_a_forked_process_that_closes_its_copy_leaves_the_parents_folder():
    mine = Folder()
    process = multiprocessing.get_context("fork").Process(target=mine.close)
    process.start()
    process.join()
    assert mine.place.is_dir()
    mine.close()
    assert not mine.place.exists()
