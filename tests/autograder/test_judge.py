"""A test sees a student's function as if it were here; the mark is the report's."""

import copy
import json
import os
import sys
import time
from dataclasses import replace

import numpy as np
import pytest

from autograder.channel import Channel
from autograder.classroom import Assignment, Worker, secret_of
from autograder.judge import Examiner, mark_of
from autograder.remote import put_into
from nnchecks import differentiation
from nnchecks.engine.earlier import in_place
from nnchecks.engine.exercise import Case, _ask, _raised
from tests.autograder.attacks import CENTRAL, FORWARD, Row
from tests.autograder.conftest import LIMITS, cell, released
from tests.autograder.test_attacks import judge


@pytest.fixture
def workspace(examiner):
    with examiner.workspaces.open({}) as one:
        one.start_test(20)
        yield one


def function(workspace, source, name="f"):
    outputs, success = workspace.run(source, 1, 20)
    assert success, outputs
    workspace.start_test(20)
    return workspace.get(name)[1]


def test_arguments_and_results_are_the_same_as_of_a_call_here(workspace):
    f = function(workspace, "def f(*a, **k): return a, k")
    given = (1, 2.5, "text", None, True, 1j, [1, (2,)], np.float32(3), slice(1, None))
    arguments, keywords = f(*given, name={"a": [1]})
    assert arguments == given
    assert [type(one) for one in arguments] == [type(one) for one in given]
    assert keywords == {"name": {"a": [1]}}


def test_a_function_that_is_passed_in_is_called_here(workspace):
    called = []
    f = function(workspace, "def f(g, x): return g(x) + g(g(x))")
    assert f(lambda x: called.append(x) or 2 * x, 3) == 18
    assert called == [3, 3, 6]


def test_a_students_function_can_be_given_others_of_the_judges_for_a_while(workspace):
    f = function(workspace, "def g(x): return 0\ndef f(h, x): return g(h, x) if x else k(1)")
    with in_place(f, {"g": lambda h, x: h(x) + 1, "k": lambda x: x}) as possible:
        assert possible
        assert f(lambda x: 2 * x, 3) == 7
        assert f(abs, 0) == 1
    with pytest.raises(TypeError, match="positional"):
        f(abs, 3)
    with pytest.raises(NameError):
        f(abs, 0)


@pytest.mark.parametrize(
    "source",
    ["return x['a']", "return x @ 2", "return [1][x['k'] - 1]", "return np.dot([1, 2], [1, 2, 3])"],
)
def test_an_exception_from_there_tells_the_same_as_one_from_here(workspace, source):
    case = Case("f(x)", ({"k": 9},), {}, 1.0)
    here = {"np": np}
    exec(f"def f(x): {source}", here)
    there = function(workspace, f"import numpy as np\ndef f(x): {source}")
    assert _raised(_ask(there, case)) == _raised(_ask(here["f"], case))


def test_an_argument_that_is_changed_there_is_changed_here(workspace):
    f = function(workspace, "def f(x, y, z):\n    x += 1\n    y.append(2)\n    z['k'][0] = 5")
    x, y, z = np.zeros(2), [1], {"k": np.zeros(1)}
    f(x, y, z)
    assert x.tolist() == [1, 1]
    assert y == [1, 2]
    assert z["k"].tolist() == [5]


def test_an_array_inside_a_tuple_that_is_changed_there_is_changed_here(workspace):
    f = function(workspace, "def f(state):\n    state[0][0] += 1\n    state[1][0]['k'] = 5")
    state = (np.zeros(2), ({"k": 0}, 3), 7)
    f(state)
    assert state[0].tolist() == [1, 0]
    assert state[1:] == (({"k": 5}, 3), 7)


def test_an_argument_that_is_left_alone_stays(workspace):
    f = function(workspace, "def f(x): return x + 1")
    x = np.zeros(2)
    f(x)
    assert x.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        ("ValueError('no')", ValueError),
        ("NotImplementedError('no')", NotImplementedError),
        ("KeyError('no')", KeyError),
        ("np.linalg.LinAlgError('no')", np.linalg.LinAlgError),
        ("SystemExit('no')", SystemExit),
    ],
)
def test_an_exception_is_of_the_same_type_here(workspace, raised, kind):
    f = function(workspace, f"import numpy as np\ndef f(): raise {raised}")
    with pytest.raises(kind, match="no") as caught:
        f()
    assert caught.type is kind


def test_an_exception_of_the_students_own_has_its_name_and_the_nearest_known_type(workspace):
    f = function(workspace, "class Mine(ValueError): pass\ndef f(): raise Mine('no')")
    with pytest.raises(ValueError, match="no") as caught:
        f()
    assert caught.type.__name__ == "Mine"


def test_a_class_works_across_the_boundary(workspace):
    Value = function(
        workspace,
        "class Value:\n"
        "    def __init__(self, data): self.data, self.grad = data, 0.0\n"
        "    def __add__(self, other): return Value(self.data + getattr(other, 'data', other))\n"
        "    __radd__ = __add__\n"
        "    def backward(self): self.grad = 1.0",
        "Value",
    )
    total = 1 + (Value(2.0) + Value(3.0)) + 4
    total.backward()
    assert (total.data, total.grad) == (10.0, 1.0)
    assert isinstance(total, Value)
    total.grad = 7
    assert total.grad == 7
    assert callable(Value)
    assert not callable(total)


def test_a_random_generator_draws_the_same_numbers_there(workspace):
    f = function(workspace, "def f(rng): return rng.normal(size=3)")
    here, there = np.random.default_rng(5), np.random.default_rng(5)
    for _ in range(2):
        assert f(there).tolist() == here.normal(size=3).tolist()
    f = function(workspace, "def f(rng): return rng.integers(9, dtype='int32')")
    assert [f(there), f(there)] == list(here.integers(9, size=2, dtype=np.int32))
    assert there.normal() == here.normal()


@pytest.mark.parametrize(
    "told",
    [[], [1, 2], ["a", 0, 0], [2**128, 0, 0], [-1, 0, 0], [1, 7, 0], [1.5, 0, 0], [[], 0, 0]],
)
def test_a_generator_that_has_come_nowhere_is_not_moved(told):
    rng = np.random.default_rng(5)
    put_into(rng, told)
    assert rng.bit_generator.state == np.random.default_rng(5).bit_generator.state


def test_what_a_function_prints_and_warns_while_being_checked_is_shown_nowhere(examiner):
    noisy = CENTRAL.replace("    return", "    print('noise')\n    return")
    verdict = judge(examiner, Row("noisy", "nothing", noisy))
    assert verdict.marks["test_central_difference"] == 3
    assert "noise" not in str([c.get("outputs") for c in verdict.cells]).replace("'noise'", "")


def test_a_students_function_says_where_it_comes_from(workspace):
    f = function(workspace, "def f(x): return x")
    assert (f.__name__, f.__module__) == ("f", "__main__")


@pytest.mark.parametrize(
    ("value", "mark"),
    [
        (2, 2),
        (2.5, 2.5),
        (214, 3),
        (-1, 0),
        (float("nan"), 0),
        (float("inf"), 0),
        (None, 3),
        (True, 3),
    ],
)
def test_a_mark_lies_between_nothing_and_the_points(value, mark):
    assert mark_of(value, 3) == mark


def asked(examiner, remark, files=(), own=()):
    """At which points the check asks a student's central_difference; the student tells us."""
    noting = CENTRAL.replace("    return", "    noted.append(np.sum(x)); return")
    answer = f"noted = []  # {remark}\n{noting}"
    row = Row("notes", "note the questions", answer, after=("noted",), files=dict(files))
    verdict = judge(examiner, row, kinds=own)
    assert verdict.marks["test_central_difference"] == 3
    return verdict.cells[-1]["outputs"][0]["data"]["text/plain"].split(",")


def test_what_the_instructors_cells_import_is_imported_before_the_first_student_comes():
    cells = [cell("import colorsys as c\nfrom no.such import thing\nfrom xml import dom", "given")]
    examiner = Examiner(cells, LIMITS)
    try:
        with examiner.workspaces.open({}) as workspace:
            asked = "import sys\n[name in sys.modules for name in ('colorsys', 'xml.dom', 'no')]"
            (shown,), _ = workspace.run(asked, 1, 4.0)
    finally:
        examiner.close()
    assert shown["data"]["text/plain"] == "[True, True, False]"


def test_a_parameter_of_the_instructors_with_the_name_of_an_answer_does_not_hide_the_answer():
    cells = [
        cell("def experiment(half):\n    return half(1)\n\n\ngiven = experiment(abs)", "given"),
        cell("def half(x):\n    raise NotImplementedError()", "half", solution=True),
        cell("assert half(4) == 2\nassert experiment(half) == 0.5", "test", grade=True, points=1),
    ]
    answered = copy.deepcopy(cells)
    answered[1]["source"] = "def half(x):\n    return x / 2"
    examiner = Examiner(cells, LIMITS)
    try:
        verdict = examiner.judge(answered, {})
    finally:
        examiner.close()
    assert verdict.marks == {"test": 1}, verdict.cells[-1]["outputs"]


def test_questions_that_nobody_looks_at_are_not_asked_in_the_judge(examiner):
    """The visible ones, which stand before the hidden ones in each test cell."""
    graded = asked(examiner, "one")
    hidden = differentiation.central_difference.properties
    rng = np.random.default_rng(9)
    questions = sum(len(wanted.cases(rng, 3)) for wanted in hidden)
    assert len(graded) == questions


def test_hidden_questions_differ_from_notebook_to_notebook_and_not_from_run_to_run(examiner):
    first, again, other = (asked(examiner, remark) for remark in ("one", "one", "another"))
    assert first == again
    assert len(first) == len(other)
    assert first != other


TABLES = {
    "a file": ({"table.csv": "1,2"}, ()),
    "a file with other numbers": ({"table.csv": "1,3"}, ()),
    "a file of another name": ({"1,3": "1,2"}, ()),
    "an empty file": ({"1": ""}, ()),
    "the same in two": ({"table.csv": "1", "table.csv2": ",2"}, ()),
    "in a folder": ({"table/csv": "1,2"}, ()),
    "a cell that is run": ({}, ("code",)),
    "a cell that is not": ({}, ("markdown",)),
}


def test_whatever_could_carry_answers_from_one_run_to_the_next_changes_the_questions(examiner):
    found = {what: tuple(asked(examiner, "one", *given)) for what, given in TABLES.items()}
    assert len({*found.values(), tuple(asked(examiner, "one"))}) == len(TABLES) + 1


def test_hidden_questions_differ_from_course_to_course(examiner, monkeypatch):
    here = asked(examiner, "one")
    monkeypatch.setattr(examiner, "secret", "another course's")
    assert asked(examiner, "one") != here


def test_the_courses_secret_is_made_once_and_for_the_grader_alone(tmp_path):
    made = secret_of(tmp_path)
    assert len(made) == 32
    assert secret_of(tmp_path) == made
    assert (tmp_path / "judged" / ".secret").stat().st_mode & 0o077 == 0
    assert secret_of(tmp_path / "other") != made


WHO = """\
import os


class Report:
    score = 1.0

    def __init__(self, theirs):
        self.theirs, self.here = theirs, os.environ.get("NNLIB_STUDENT", "nobody")
        self.for_instructor = (f"the notebook is {theirs}'s \x1b[2J",) * (theirs != self.here)

    def _repr_mimebundle_(self):
        return {"text/plain": self.here}
"""


def test_checks_know_who_hands_in_and_what_they_tell_the_instructor_arrives(tmp_path, jailed):
    cells = [
        cell(WHO, "given"),
        cell('student_id = ""', "student_id", solution=True),
        cell("Report(student_id)", "test", grade=True, points=1),
    ]
    made = copy.deepcopy(cells)
    made[1]["source"] = "import os\nstudent_id = os.environ.get('NNLIB_STUDENT', 'ada')"
    (tmp_path / "one.ipynb").write_text(json.dumps({"cells": made}))
    worker = Worker(Assignment("numbers", {"one": cells}, {}, LIMITS, "secret"))
    try:
        for student, lines in (("ada", []), ("bob", ["test: the notebook is ada's \ufffd[2J"])):
            graded = worker.notebook(student, "one", tmp_path)
            assert graded.for_instructor == lines
            assert graded.for_student == []
            assert graded.marks == {"test": 1}
    finally:
        worker.close()
    assert "NNLIB_STUDENT" not in os.environ


def test_a_notebook_released_before_the_checks_moved_is_still_graded(jailed, monkeypatch):
    for name in ("checks", "variants", "descent"):
        monkeypatch.delitem(sys.modules, f"nnlib.{name}", raising=False)
    old = (
        "from nnlib.checks import differentiation as check\n"
        "from nnlib.descent import DivergenceError\n"
        "from nnlib.variants import worksheet\n\nprint(worksheet('ada').student)"
    )
    cells = [cell(old, "imports"), *released()[1:]]
    answered = copy.deepcopy(cells)
    answered[1]["source"], answered[3]["source"] = FORWARD, CENTRAL
    examiner = Examiner(cells, LIMITS)
    try:
        with pytest.warns(DeprecationWarning, match="`nnlib.checks` works as it is"):
            verdict = examiner.judge(answered, {})
    finally:
        examiner.close()
    assert verdict.marks == {"test_forward_difference": 3, "test_central_difference": 3}
    (shown,) = verdict.cells[0]["outputs"]
    assert (shown["name"], shown["text"]) == ("stdout", "ada\n"), "the student is not bothered"
    assert verdict.student == verdict.instructor == []


# --- time -----------------------------------------------------------------------------------------


def ended(examiner, source):
    """Run a cell and return what it says went wrong, and whether the workspace is still there."""
    with examiner.workspaces.open({}) as workspace:
        outputs, _ = workspace.run(source, 1, 0.5)
        after, _ = workspace.run("'still here'", 2, 0.5)
    return [one.get("evalue") for one in outputs], after[0]["data"]["text/plain"]


def test_a_limit_counts_the_processor_time_that_a_cell_uses(examiner, monkeypatch):
    """Waiting costs nothing of it, and is limited by the clock."""
    monkeypatch.setattr(examiner.workspaces, "limits", replace(LIMITS, patience=120.0))
    said, after = ended(examiner, "while True: pass")
    assert said == ["This ran for 0.5 seconds and was ended."]
    assert after == "'still here'"
    waited, _ = ended(examiner, "import time\nstart = time.monotonic()\ntime.sleep(0.8)\nprint(1)")
    assert waited == [None]
    monkeypatch.setattr(examiner.workspaces, "limits", replace(LIMITS, patience=2.0))
    said, after = ended(examiner, "import threading\nthreading.Event().wait()")
    assert said == ["This was not done after 3 seconds and was ended."]
    assert after == "'still here'"


def test_a_machine_that_is_busy_costs_nobody_a_mark(examiner, monkeypatch):
    """The judge itself stands still for longer than the limit, at each of its steps."""
    limits = replace(LIMITS, seconds_per_cell=0.4, patience=30.0)
    late = []

    def slowly(self, *given):
        late.append(time.monotonic())
        return send(self, *given)

    def clock():
        return own() + len(late) * 0.5

    send, own = Channel.send, time.monotonic
    monkeypatch.setattr(Channel, "send", slowly)
    monkeypatch.setattr(time, "monotonic", clock)
    monkeypatch.setattr(examiner, "limits", limits)
    monkeypatch.setattr(examiner.workspaces, "limits", limits)
    verdict = judge(examiner, Row("honest", "nothing", CENTRAL))
    assert sum(verdict.marks.values()) == 6, verdict.instructor
    assert len(late) > 10


def test_all_cells_together_may_use_what_a_notebook_may(examiner, monkeypatch):
    spent = {"seconds_per_cell": 0.5, "seconds_per_submission": 1.2}
    limits = replace(LIMITS, **spent, patience=120.0)
    monkeypatch.setattr(examiner, "limits", limits)
    monkeypatch.setattr(examiner.workspaces, "limits", limits)
    loops = Row("loops", "use up the time", CENTRAL, before=("while True: pass",) * 4)
    verdict = judge(examiner, loops)
    shown = [str(cell["outputs"]) for cell in verdict.cells if cell["cell_type"] == "code"]
    ended = ["and was ended" in one for one in shown[:4]]
    assert ended == [True, True, True, False]
    assert "the time for this notebook is over" in shown[3]
    assert sum(verdict.marks.values()) == 0


def test_what_all_cells_show_together_has_a_limit_and_the_student_is_told(examiner, monkeypatch):
    monkeypatch.setattr(examiner, "limits", replace(LIMITS, notebook_output=1 << 20))
    much = Row("much", "fill the gradebook", CENTRAL, before=("print('x' * 400_000)",) * 4)
    much = replace(much, after=("print('this is short')",))
    verdict = judge(examiner, much)
    assert sum(verdict.marks.values()) == 6
    first, second, third, fourth, *_, last = [str(c.get("outputs")) for c in verdict.cells]
    assert min(len(first), len(second)) > 400_000
    for left_out in (third, fourth):
        assert "This output was left out: your notebook shows more than 1 MiB in all." in left_out
        assert len(left_out) < 1000
    assert "this is short" in last
    assert verdict.student == [
        "Your notebook shows more than 1 MiB in all. What did not fit was left out; print less, or "
        "draw fewer or smaller pictures."
    ]
