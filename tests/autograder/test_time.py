"""Whatever a student writes, no step of the grader takes longer than it may."""

import signal
import socket
import sys

import numpy as np
import pytest

from autograder import classroom, clock, grading, rebuild, showing
from autograder.channel import Channel, ChannelError, Reader
from autograder.judge import Examiner, Verdict
from tests.autograder import small
from tests.autograder.attacks import CENTRAL, FORWARD, WRONG, Row
from tests.autograder.conftest import cell
from tests.autograder.small import course, graded, hand_in, notebook, once
from tests.autograder.test_attacks import judge

__all__ = ["course", "once"]  # fixtures

ITEMS = 200_000
#: Python's whole numbers have the same hash modulo this.
SAME = (1 << 61) - 1


def reader():
    return Reader(lambda *_: None, {}.__getitem__, depth=24, items=ITEMS)


ALIKE = [{"i": hex(n * SAME)} for n in range(3000)]
LONG = {
    "numbers of one hash in a set": ({"s": ALIKE}, []),
    "plain numbers of one hash": ({"f": [n * SAME for n in range(3000)]}, []),
    "numbers of one hash as keys": ({"d": [[one, 1] for one in ALIKE]}, []),
    "tuples of one hash": ({"s": [{"t": [one]} for one in ALIKE]}, []),
    "a long range": ({"R": [0, 30_000_000, 1]}, []),
    "ranges that are long together": ({"l": [{"R": [0, 150_000, 1]}] * 2}, []),
    "a range without end": ({"R": [0, 1 << 70, 1]}, []),
    "one array many times": ({"l": [{"a": ["<f8", [9], 0]}] * 200}, [bytes(72)]),
    "many empty rows": ({"a": ["<f8", [1 << 40, 0], 0]}, [b""]),
    "an array of nothing": ({"a": ["<U0", [1 << 40], 0]}, [b""]),
}


@pytest.mark.parametrize(("told", "blobs"), LONG.values(), ids=LONG)
def test_a_value_that_takes_long_is_none(told, blobs):
    with pytest.raises(ChannelError, match="no such value"):
        reader().read(told, blobs)


def test_what_is_large_and_honest_is_read():
    many = list(range(50_000))
    assert reader().read({"s": many}, []) == set(many)
    assert reader().read({"d": [[n, n] for n in many]}, []) == {n: n for n in many}
    assert reader().read({"R": [0, 1000, 1]}, []) == range(1000)
    told = {"l": [{"a": ["<f8", [9], 0]}, {"a": ["<f8", [9], 1]}, {"a": ["<f8", [0, 3], 2]}]}
    assert len(reader().read(told, [np.ones(9).tobytes(), np.ones(9).tobytes(), b""])) == 3


@pytest.mark.parametrize("part", [b"[],", b"1,", b'{"a":1},'])
def test_a_header_of_very_many_parts_is_not_even_parsed(part, monkeypatch):
    monkeypatch.setattr("autograder.channel._LONG", 10)
    monkeypatch.setattr("autograder.channel._MOST_SIGNS", 9)
    here, there = socket.socketpair()
    with here, there:
        channel = Channel(there, 1 << 20)
        text = b'{"op":"value","value":{"l":[' + part * 9 + b"1]}}"
        here.sendall(len(text).to_bytes(4, "big") * 2 + text)
        with pytest.raises(ChannelError, match="too many parts"):
            channel.receive(5)
        text = b'{"op":"' + b",[{" * 99 + b'"}'
        here.sendall(len(text).to_bytes(4, "big") * 2 + text)
        assert channel.receive(5)[0] == {"op": ",[{" * 99}


ROWS = (
    Row(
        "asks-for-ever",
        "call the judge's function without end, and swallow every interrupt",
        "def central_difference(f, x, h=1e-5):\n"
        "    while True:\n        try:\n            f(1.0)\n"
        "        except BaseException:\n            pass",
    ),
    Row(
        "a-long-range",
        "let the judge make thirty million numbers, again and again",
        WRONG.replace("42.0", "range(30_000_000)"),
    ),
    Row(
        "numbers-of-one-hash",
        "let the judge put them into a set",
        WRONG.replace("42.0", f"{{n * {SAME} for n in range(3000)}}"),
    ),
    Row(
        "one-array-many-times",
        "nothing much: return one array two hundred times",
        "import numpy as np\n" + WRONG.replace("42.0", "[np.ones(9)] * 200"),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_no_answer_holds_the_judge(row, examiner):
    assert tuple(judge(examiner, row).marks.values()) == row.marks
    assert sum(judge(examiner, Row("next", "nothing", CENTRAL)).marks.values()) == 6


SLOW = {
    "blanks": " " * 600_000 + "x",
    "brackets": "[" * 60_000,
    "links": "[a](" * 40_000,
    "stars": "*a " * 60_000,
    "tags": "<a " * 60_000,
    "comments": "<!--" * 60_000,
    "pictures": "![a](attachment:x " * 30_000,
}


@pytest.mark.parametrize("text", SLOW.values(), ids=SLOW)
@pytest.mark.parametrize("kind", ["markdown", "text/html", "text/markdown", "image/svg+xml"])
def test_cleaning_has_an_end_and_no_other_cell_loses_by_it(text, kind):
    slow = cell(text, kind="markdown") if kind == "markdown" else cell("1")
    if kind != "markdown":
        slow["outputs"] = [{"output_type": "display_data", "data": {kind: text}, "metadata": {}}]
    made = grading.notebook_of([cell("*a*", kind="markdown"), slow], []).cells
    first, second = showing.all_harmless(made, 0.3)
    assert first.source == "*a*"
    assert all("image/svg+xml" not in one.data for one in second.get("outputs", ()))


def test_what_cannot_be_cleaned_in_time_is_shown_as_text(monkeypatch):
    monkeypatch.setattr(showing, "harmless", forever)
    shown = cell("1")
    data = {"text/html": "<script>", "text/plain": "a", "image/png": "AAAA"}
    shown["outputs"] = [{"output_type": "display_data", "data": data, "metadata": {}}]
    made = grading.notebook_of([cell("[x](javascript:y)", kind="markdown"), shown], []).cells
    first, second = showing.all_harmless(made, 0.01)
    assert first.source == "```text\n[x](javascript:y)\n```"
    assert set(second.outputs[0].data) == {"text/plain", "image/png"}


def forever(*_, **__):
    while True:
        pass


def forever_and_deaf():
    while True:
        try:
            forever()
        except BaseException:
            continue


class Deaf:
    """Is thrown away when time is up, where Python swallows whatever is raised."""

    def __del__(self):
        forever()


def test_a_limit_that_falls_into_a_destructor_holds_and_nobody_hears_of_it(monkeypatch):
    told = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)
    before = signal.getsignal(signal.SIGALRM), sys.unraisablehook

    def held():
        Deaf()
        forever()

    with pytest.raises(clock.Overdue), clock.limited(0.01):
        held()
    assert (signal.getsignal(signal.SIGALRM), sys.unraisablehook) == before
    assert not told


def test_what_else_a_destructor_raises_is_told_within_a_limit_as_without(monkeypatch):
    told = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)
    with clock.limited(10):
        type("Bad", (), {"__del__": lambda self: 1 / 0})()
    assert [one.exc_type for one in told] == [ZeroDivisionError]


@pytest.fixture
def three(course, monkeypatch, jailed):
    """A class of three, with short limits."""
    for name in ("aaa", "eve", "zzz"):
        hand_in(course, name, notebook(course, {"forward_difference": FORWARD, "why": name}))
    own = small.config_of
    limits = {"seconds_per_cell": 3.0, "secret": "x"}
    monkeypatch.setattr(small, "config_of", lambda course: own(course, Judge=limits))
    return course


def test_a_notebook_that_takes_too_long_to_read_is_that_students(three, monkeypatch):
    own = rebuild.rebuild
    monkeypatch.setattr(
        rebuild,
        "rebuild",
        lambda released, cells: forever() if "eve" in str(cells) else own(released, cells),
    )
    table, _ = graded(three)
    assert {row.student: row.score for row in table} == {"aaa": 3, "eve": None, "zzz": 3}
    assert table[1].about == "not graded: it took more than 3 seconds to read"


def test_a_worker_that_hangs_is_ended_and_its_student_has_a_status(three, monkeypatch):
    """Where no other limit holds, as in a call that never comes back."""
    own = classroom.Worker.grade
    right = {"test_forward_difference": 3.0, "test_central_difference": 0.0}
    monkeypatch.setattr(Examiner, "judge", lambda _, cells, *__: Verdict([*cells], dict(right)))

    def hanging(self, student, folder):
        return forever_and_deaf() if student == "eve" else own(self, student, folder)

    monkeypatch.setattr(classroom.Worker, "grade", hanging)
    monkeypatch.setattr(classroom, "longest", lambda _: 3.0)
    table, _ = graded(three)
    assert {row.student: row.score for row in table}["eve"] is None
    assert table[1].about.startswith("not graded: the worker died with it")
