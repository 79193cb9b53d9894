"""A class is judged on a real Dask cluster: a scheduler and two workers, one of them killed."""

import json
import os
import signal
import subprocess
import sys

import pytest

from autograder import reading
from autograder.cluster import pack, unpack
from autograder.reading import Unreadable
from autograder.settings import Limits
from tests.autograder.kinds import KINDS
from tests.autograder.test_classroom import (
    ANSWERS,
    NAME,
    arguments,
    course,
    hand_in,
    notebook,
    released,
    scores,
)
from tests.conftest import ROOT

__all__ = ["course", "released"]  # fixtures


def spawn(module, *options):
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", f"distributed.cli.{module}", *options],
        cwd=ROOT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


@pytest.fixture
def cluster(tmp_path):
    """The scheduler's address and its workers' processes."""
    told = tmp_path / "scheduler.json"
    local = ("--host", "127.0.0.1", "--no-dashboard")
    running = [spawn("dask_scheduler", *local, "--port", "0", "--scheduler-file", str(told))]
    try:
        while not told.exists() or not told.read_text().endswith("}"):
            try:
                pytest.fail(f"the scheduler ended with {running[0].wait(timeout=0.2)}")
            except subprocess.TimeoutExpired:
                continue
        address = json.loads(told.read_text())["address"]
        one = (*local, "--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path))
        running += [spawn("dask_worker", address, *one) for _ in range(2)]
        yield address, running[1:]
    finally:
        for process in running:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def grade(course, address):
    options = arguments(course, "--scheduler", address)
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "autograder", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_a_class_is_judged_although_a_worker_is_killed_midway(course, cluster):
    address, workers = cluster
    for number in range(8):
        hand_in(course, f"s{number}", notebook(course, dict(list(ANSWERS.items())[: number % 3])))
    said = ""
    with grade(course, address) as process:
        for line in process.stdout:
            said += line
            if line.startswith("1 of 8"):
                os.killpg(workers[0].pid, signal.SIGKILL)
    assert process.returncode == 0, said
    assert scores(course) == {f"s{n}": 3.0 * (n % 3) for n in range(8)}
    assert "8 of 8 submissions: 8 graded" in said
    assert workers[0].wait() != 0
    assert workers[1].poll() is None


def test_an_address_where_nobody_answers_is_said_in_one_line(course):
    hand_in(course, "ann", notebook(course))
    process = grade(course, "tcp://127.0.0.1:1")
    said, _ = process.communicate()
    assert process.returncode == 1
    assert said.startswith("There is no Dask scheduler at tcp://127.0.0.1:1: ")
    assert "Traceback" not in said


SMALL = {
    "metadata": {},
    "cells": [
        {
            **{"cell_type": "code", "source": ["1"], "outputs": [], "execution_count": None},
            "metadata": {"nbgrader": {"grade_id": name, "grade": name.startswith("test_")}},
        }
        for name in (*ANSWERS, "best_step", "test_central_difference", "why_the_curve_turns")
    ],
}


@pytest.mark.parametrize("kind", KINDS, ids=[kind.student for kind in KINDS])
def test_what_is_unpacked_is_read_as_it_was_packed(kind, tmp_path):
    folder = tmp_path / "course" / "submitted" / "student" / "here"
    folder.mkdir(parents=True)
    good = json.dumps(SMALL).encode()
    kind.write(folder, good, f"{NAME}.ipynb")
    there = tmp_path / "there"
    packed = pack(folder, Limits().submitted_file)
    if packed is not None:
        there.mkdir()
        unpack(packed, there)
    assert read(there) == read(folder)


def read(folder):
    try:
        return reading.read(folder, NAME, Limits())
    except Unreadable as reason:
        return str(reason)
