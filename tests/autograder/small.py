"""A course with one small assignment, whose questions the tests change as they need."""

import copy
import json
import shutil
import warnings
from functools import partial

import nbformat
import pytest
from nbgrader.api import Gradebook
from traitlets.config import Config

from autograder.classroom import Class, Result, grade, results
from autograder.gradebook import Marks, late_penalty
from autograder.grading import Graded, notebook_of
from autograder.marks import Status, course_marks
from tests.autograder.attacks import CENTRAL, FORWARD
from tests.autograder.conftest import cell, released
from tools.course import course_config
from tools.release import generate

NAME = "small"
WHY = cell("Why?", "why", grade=True, solution=True, points=2, kind="markdown")
TASK = cell("Draw it.", "drawing", points=4, kind="markdown")
TASK["metadata"]["nbgrader"] |= {"task": True, "locked": True}
#: Two functions of 3 points, a text of 2 and a drawing of 4.
CELLS = [*released(), WHY, TASK]
ANSWERS = {"forward_difference": FORWARD, "central_difference": CENTRAL}


def changed(cells, **points):
    """Return cells of which some are worth other points."""
    made = copy.deepcopy(cells)
    for one in made:
        about = one["metadata"]["nbgrader"]
        about["points"] = points.get(about["grade_id"], about["points"])
    return made


def write_source(course, cells, notebook=NAME):
    """Write the instructor's notebook."""
    path = course / "source" / NAME / f"{notebook}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    made = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": copy.deepcopy(cells)}
    nbformat.write(nbformat.from_dict(made), path)


def release(course, cells=CELLS):
    """Write the instructor's notebook and release it."""
    write_source(course, cells)
    with warnings.catch_warnings():  # nbgrader and SQLAlchemy warn of themselves
        warnings.simplefilter("ignore")
        generate(course, NAME)


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """The course after its release; nobody changes it."""
    course = tmp_path_factory.mktemp("small") / "course"
    release(course)
    return course


@pytest.fixture
def course(once, tmp_path):
    """A course that is the test's own."""
    return shutil.copytree(once, tmp_path / "course")


def config_of(course, **sections):
    """Return the course's configuration, with some settings more."""
    config = course_config(course)
    config.merge(Config({"Judge": {"secret": "the same in every run"}, **sections}))
    return config


def notebook(course, answers=ANSWERS, without=()):
    """Return the released notebook with some answers, as a student saves it."""
    made = json.loads((course / "release" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8"))
    names = [one["metadata"]["nbgrader"]["grade_id"] for one in made["cells"]]
    for name, one in zip(names, made["cells"], strict=True):
        one["source"] = answers.get(name, one["source"])
    made["cells"] = [
        one for name, one in zip(names, made["cells"], strict=True) if name not in without
    ]
    return json.dumps(made)


def hand_in(course, student, content="", timestamp=""):
    """Put a notebook where it is collected."""
    folder = course / "submitted" / student / NAME
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{NAME}.ipynb").write_text(content or notebook(course), encoding="utf-8")
    if timestamp:
        (folder / "timestamp.txt").write_text(timestamp, encoding="utf-8")
    return folder


def graded(course, *, again=False):
    """Grade whoever has handed in; return the table of marks and what the run said."""
    room = Class(config_of(course), NAME)
    said = []
    grade(room, room.students(), partial(results, jobs=1), again=again, say=said.append)
    return course_marks(room.config, NAME), said


def opened(course):
    """Return the course's gradebook, open."""
    return Gradebook(f"sqlite:///{course}/gradebook.db", "neural-networks-by-hand")


def keep(config, student, marks, status="graded", said=()):
    """Note marks for a student as a run does, without judging anything."""
    room = Class(config, NAME)
    with Gradebook(room.course.db_url, room.course.course_id) as gradebook:
        made = {}
        for name, questions in room.assignment.points_by_question.items():
            nothing = notebook_of(room.assignment.notebooks[name], [])
            every = dict.fromkeys(questions) | marks
            made[name] = Graded(nothing, Status(status), every, for_instructor=list(said))
        result = Result(student, made)
        room.keep(result, Marks(gradebook, NAME, late_penalty(config)), "a fingerprint")
