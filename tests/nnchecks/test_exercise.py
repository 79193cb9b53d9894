"""How a function is called, what it may not use, and when a slip is named."""

import contextlib
import functools
import signal
import threading
from types import FunctionType

import numpy as np
import pytest

from nnchecks.engine.exercise import VARIATION, Case, Exercise, Misconception, Property, Twist
from nnchecks.engine.report import Outcome
from nnchecks.engine.time_limit import OutOfTime, limited
from nnchecks.engine.withheld import WithheldError, out_of_reach


def half(x):
    """The book's own, for these tests."""
    return x / 2


def quarter(x):
    return half(x) / 2


def cases(rng, rounds):
    return [
        Case(f"half({x})", (float(x),), {}, x / 2, tolerance=1e-12) for x in rng.integers(1, 99, 4)
    ]


def exercise(*misconceptions, withheld=(half, quarter), **more):
    wanted = Property("its value", 2, more.pop("cases", cases), **more)
    return Exercise("half", (wanted,), misconceptions, "chapter 0", withheld=withheld)


# --- the book's own functions -------------------------------------------------------------------


class Holder:
    method = half


def with_default(x, helper=half):
    return helper(x)


def swallowing(x):
    try:
        return half(x)
    except Exception:
        return x / 2


def swallowing_everything(x):
    with contextlib.suppress(BaseException):
        half(x)
    return x / 2


copied = FunctionType(half.__code__, {"__builtins__": __builtins__}, "half")


def calls_a_copy(x):
    return copied(x)


def in_a_closure():
    mine = FunctionType(half.__code__, {})
    return lambda x: mine(x)


@pytest.mark.parametrize(
    "answer",
    [
        half,
        lambda x: half(x),
        functools.partial(half),
        np.vectorize(half),
        Holder.method,
        with_default,
        swallowing,
        swallowing_everything,
        copied,
        calls_a_copy,
        in_a_closure(),
        functools.partial(copied),
        functools.wraps(copied)(lambda x: x / 2),
    ],
)
def test_the_books_function_is_not_attempted_however_it_is_handed_in(answer):
    report = exercise()(answer)
    assert report.outcome is Outcome.NOT_ATTEMPTED
    assert report.score == 0
    assert "This is the book's own function; this one is yours to write." in str(report)


def test_another_withheld_function_is_named():
    report = exercise()(lambda x: 2 * quarter(x))
    assert report.outcome is Outcome.NOT_ATTEMPTED
    assert "calls the book's own `quarter`" in str(report)


def test_the_same_text_written_by_oneself_is_right():
    def half(x):
        """The book's own, for these tests."""
        return x / 2

    assert exercise()(half).outcome is Outcome.RIGHT


def test_a_namespace_that_merely_holds_the_books_function_costs_nothing():
    namespace = {"half": half, "copied": copied}
    exec("def mine(x):\n    return x / 2", namespace)
    assert exercise()(namespace["mine"]).outcome is Outcome.RIGHT


def test_afterwards_the_books_functions_work_as_before_whatever_happened():
    code = half.__code__
    exercise()(lambda x: half(x))
    exercise()(lambda x: 1 / 0)
    with pytest.raises(KeyboardInterrupt):
        exercise()(interrupted)
    assert half.__code__ is code
    assert half(4) == 2


def interrupted(x):
    raise KeyboardInterrupt


def test_functions_with_closures_and_classes_can_be_withheld():
    def make(n):
        def times(x, *, power=1):
            return n * x**power

        return times

    double = make(2)

    class Value:
        def __init__(self, data):
            self.data = data

    with out_of_reach([double, Value]) as called:
        for attempt in (lambda: double(3), lambda: double(), lambda: Value(3)):
            with pytest.raises(WithheldError, match="write it yourself"):
                attempt()
    assert called == ["times", "times", "Value"]
    assert (double(3), Value(3).data) == (6, 3)


def test_our_own_wrong_answers_may_use_what_is_withheld():
    doubled = Misconception("doubled", lambda x: 4 * half(x), "You doubled.")
    assert exercise(doubled)(doubled.answer).diagnosis == "You doubled."
    assert exercise(doubled)(lambda x: 2 * x).diagnosis == "You doubled."


# --- calls --------------------------------------------------------------------------------------


def test_a_function_that_ends_the_program_is_a_wrong_answer():
    report = exercise()(lambda x: exit())
    assert report.outcome is Outcome.WRONG
    assert "raised SystemExit" in str(report)


@pytest.mark.parametrize(
    "argument",
    [np.array([1.0, np.nan]), [1.0, 2.0], {"W": np.ones(2)}, (np.ones(2), [np.zeros(1)])],
)
def test_changing_an_argument_is_noticed_in_arrays_lists_dictionaries_and_tuples(argument):
    def spoils(x):
        inner = x["W"] if isinstance(x, dict) else x[1] if isinstance(x, tuple) else x
        inner[0] += 1
        return 1.0

    def one_case(rng, rounds):
        return [Case("f(x)", (argument,), {}, 1.0)]

    strict = exercise(cases=one_case, arguments_kept=True)
    assert "changed its argument" in str(strict(spoils))
    assert strict(lambda x: 1.0).outcome is Outcome.RIGHT
    assert exercise(cases=one_case)(spoils).outcome is Outcome.RIGHT


# --- slips --------------------------------------------------------------------------------------

SIGN = Misconception("sign", lambda x: -x / 2, "Sign.", Twist(np.negative, "Besides, sign."))
DOUBLE = Misconception(
    "double", lambda x: x, "Double.", Twist(lambda y: 2 * np.asarray(y), "Besides, double.")
)
SHIFT = Misconception("shift", lambda x: x / 2 + 1, "Shift.")


@pytest.mark.parametrize(
    ("answer", "diagnosis"),
    [
        (lambda x: -x, "Two slips at once. Sign. Besides, double."),
        (lambda x: -(x / 2 + 1), "Two slips at once. Shift. Besides, sign."),
        (lambda x: x + 2, "Two slips at once. Shift. Besides, double."),
        (lambda x: -x / 2, "Sign."),
        (lambda x: -x - 2, ""),
        (lambda x: 0.3 * x, ""),
    ],
)
def test_a_pair_of_slips_is_named_and_three_are_passed_over(answer, diagnosis):
    assert exercise(SIGN, DOUBLE, SHIFT)(answer).diagnosis == diagnosis


def test_every_pair_is_there_once():
    names = [both.name for both in exercise(SIGN, DOUBLE, SHIFT).combinations]
    assert sorted(names) == ["shift and double", "shift and sign", "sign and double"]


def test_two_pairs_that_explain_the_same_answer_explain_nothing():
    again = Misconception("again", lambda x: x / 2 + 1, "Again.")
    assert exercise(SIGN, SHIFT, again)(lambda x: -(x / 2 + 1)).diagnosis == ""


def test_a_part_is_not_told_again_beside_the_pair():
    both = (
        Property("small", 1, cases),
        Property("all", 1, lambda rng, n: [*cases(rng, n), Case("half(0)", (0.0,), {}, 0.0)]),
    )
    only_zero = Misconception("zero", lambda x: x / 2 if x else 7.0, "Zero.")
    asked = Exercise("half", both, (SIGN, only_zero), "chapter 0")
    report = asked(lambda x: -x / 2 if x else -7.0)
    assert [one.outcome for one in report.criteria] == [Outcome.WRONG, Outcome.WRONG]
    assert report.diagnosis == "Two slips at once. Zero. Besides, sign."


@pytest.mark.parametrize(("telling", "diagnosis"), [(1, "Sign."), (2, ""), (None, "")])
def test_one_case_names_a_slip_only_where_the_property_says_that_one_is_enough(telling, diagnosis):
    def one_case(rng, rounds):
        return [Case("half(3)", (3.0,), {}, 1.5)]

    enough = {} if telling is None else {"telling": telling}
    asked = Exercise("half", (Property("one", 1, one_case, **enough),), (SIGN,), "chapter 0")
    assert asked(lambda x: -x / 2).diagnosis == diagnosis


# --- pictures -----------------------------------------------------------------------------------


def test_a_picture_that_cannot_be_drawn_leaves_the_report_alone():
    def picture(case, value, ask):
        raise ValueError

    report = exercise(picture=picture)(lambda x: x)
    assert report.picture() is None
    assert "<table" in report._repr_mimebundle_()["text/html"]


def test_a_picture_gets_the_first_wrong_case_its_value_and_the_function():
    seen = []

    def picture(case, value, ask):
        seen.append((case.arguments[0], value, ask(10.0), ask("no number")))

    exercise(picture=picture)(lambda x: x + 1).picture()
    ((x, value, again, failed),) = seen
    assert value == x + 1
    assert (again, failed) == (11.0, None)


def test_a_picture_cannot_lure_out_the_books_function():
    seen = []

    def sly(x):
        return x if x < 1000 else half(x)

    exercise(picture=lambda case, value, ask: seen.append(ask(2000.0)))(sly).picture()
    assert seen == [None]


# --- what the questions depend on ---------------------------------------------------------------


def questions(**keywords):
    """What an exercise asks."""
    asked = []
    exercise()(lambda x: asked.append(x) or x / 2, **keywords)
    return asked


def test_a_judge_can_vary_the_hidden_questions_and_not_the_visible_ones(monkeypatch):
    hidden, visible = questions(seed=7), questions()
    monkeypatch.setenv(VARIATION, "1f")
    assert questions() == visible
    assert questions(seed=7) == questions(seed=7) != hidden
    monkeypatch.setenv(VARIATION, "")
    assert questions(seed=7) == hidden


# --- a slip that counts once --------------------------------------------------------------------


def of_signs(wanted):
    return lambda rng, rounds: [
        Case(f"half({x})", (float(x),), {}, x / 2, tolerance=1e-12)
        for x in wanted * rng.integers(1, 99, 4)
    ]


def in_two_parts(once):
    slip = Misconception("double", lambda x: 2 * x, "Twice that.", once=once)
    parts = (Property("above 0", 2, of_signs(1)), Property("below 0", 1, of_signs(-1)))
    return Exercise("half", parts, (slip,), "chapter 0")


def test_a_slip_in_one_place_costs_the_first_criterion_in_which_it_shows():
    report = in_two_parts(once=True)(lambda x: 2 * x)
    assert [one.score for one in report.criteria] == [0, 1]
    assert "counts once" in report.criteria[1].sentence
    assert report.diagnosis == "Twice that."
    assert in_two_parts(once=False)(lambda x: 2 * x).score == 0


def test_a_slip_that_shows_in_one_criterion_alone_costs_that_one():
    report = in_two_parts(once=True)(lambda x: 2 * x if x < 0 else x / 2)
    assert [one.score for one in report.criteria] == [2, 0]


@pytest.mark.parametrize(
    "answer",
    [
        lambda x: 2 * x if x > 0 else 3 * x,  # the slip, and something else
        lambda x: 3 * x,  # something else alone
        lambda x: 2 * x if x > 0 else None,
    ],
)
def test_a_slip_counts_once_only_where_it_explains_all_that_is_wrong(answer):
    assert in_two_parts(once=True)(answer).score == 0


# --- a slip in an earlier function ---------------------------------------------------------------


def quarters(rng, rounds):
    return [Case(f"quarter({x})", (float(x),), {}, x / 4) for x in rng.integers(1, 99, 4)]


def eighths(rng, rounds):
    return [Case(f"quarter({-x})", (float(-x),), {}, -x / 4) for x in rng.integers(1, 99, 4)]


TAKES_HALF = Exercise(
    "quarter",
    (Property("above 0", 2, quarters), Property("below 0", 1, eighths)),
    (Misconception("halved once", lambda x: x / 2, "You halved once."),),
    "chapter 0",
    withheld=(half, quarter),
    earlier={"half": lambda x: x / 2, "sign": np.sign},
)


def written_after(source, name="quarter"):
    space = {}
    exec(source, space)
    return space, space[name]


@pytest.mark.parametrize(
    "earlier",
    [
        "def half(x): return x / 3",
        "def half(x): raise NotImplementedError",
        "def half(x): return None",
        "half = 5",
        "",
    ],
)
@pytest.mark.parametrize(
    "answer",
    [
        "def quarter(x): return half(half(x))",
        "class quarter(float):\n    def __new__(cls, x): return half(half(x))",
    ],
)
def test_a_slip_in_an_earlier_function_costs_nothing_again(earlier, answer):
    space, mine = written_after(f"{earlier}\n{answer}")
    before = space.get("half", "nothing")
    report = TAKES_HALF(mine)
    assert report.score == 3
    assert "the book's `half` in the place of yours" in report.criteria[0].sentence
    assert space.get("half", "nothing") is before


def test_a_slip_of_its_own_is_named_beside_one_in_an_earlier_function():
    _, mine = written_after("def half(x): return x / 3\ndef quarter(x): return half(x)")
    report = TAKES_HALF(mine)
    assert report.score == 0
    assert report.diagnosis == "You halved once."


def test_what_is_right_without_the_earlier_function_is_given_and_nothing_is_said():
    _, mine = written_after(
        "def half(x): return x / 3\ndef quarter(x): return x / 4 if x > 0 else half(half(x))"
    )
    report = TAKES_HALF(mine)
    assert [one.score for one in report.criteria] == [2, 1]
    assert [bool(one.sentence) for one in report.criteria] == [False, True]


def test_several_earlier_functions_that_are_wrong_together_are_named_together():
    _, mine = written_after(
        "def half(x): return x / 3\ndef sign(x): return 0\n"
        "def quarter(x): return sign(x) * half(half(abs(x)))"
    )
    report = TAKES_HALF(mine)
    assert report.score == 3
    assert "`half` and `sign`" in report.criteria[0].sentence


# --- what names a slip ---------------------------------------------------------------------------


def by_exception(x):
    return {"a": x}["b"]


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        (lambda x: {"a": x}["b"], True),
        (lambda x: {"a": x}["c"], False),  # another message
        (lambda x: {}.pop("b"), False),  # another operation
        (lambda x: np.nan, False),
    ],
)
def test_an_exception_names_a_slip_by_its_type_message_and_operation(answer, named):
    slip = Misconception("lost", by_exception, "You lost it.")
    assert (exercise(slip)(answer).diagnosis == "You lost it.") is named


def test_what_is_called_and_what_was_passed_in_are_not_where_an_exception_comes_from():
    def calls(rng, rounds):
        return [Case("call(g)", (lambda: [][0],), {}, 1.0) for _ in range(4)]

    slip = Misconception("called", lambda g: 2 * g(), "You called it.")
    asked = exercise(slip, cases=calls)
    assert asked(lambda f: f() * 2).diagnosis == "You called it."
    assert asked(lambda f: max(f())).diagnosis == "You called it."
    assert asked(lambda f: f[0]).diagnosis == ""


def test_nothing_but_nan_names_no_slip_and_nan_beside_numbers_does():
    def logs(numbers):
        return lambda rng, rounds: [Case(f"{x}", (x,), {}, 7.0 + x) for x in numbers]

    slip = Misconception("log", lambda x: 7 + x if x > 0 else np.log(x), "You took a logarithm.")
    negative, both = logs([-1.0, -2.0, -3.0]), logs([-1.0, -2.0, -3.0, 4.0])
    assert exercise(slip, cases=negative)(lambda x: np.nan).diagnosis == ""
    assert exercise(slip, cases=both)(lambda x: np.nan).diagnosis == ""
    assert exercise(slip, cases=both)(slip.answer).diagnosis == "You took a logarithm."


# --- what is shown -------------------------------------------------------------------------------


@pytest.mark.parametrize("digits", range(1, 15))
def test_two_numbers_that_differ_are_seen_to_differ(digits):
    right = 1.0 + 10.0**-digits

    def one_case(rng, rounds):
        return [Case("f(1)", (1,), {}, [right, 2.0], 1e-17)]

    said = exercise(cases=one_case)(lambda x: [1.0, 2.0]).criteria[0].sentence
    wrong, _, wanted = said.removeprefix("f(1) returned ").partition(", but the value is ")
    assert wrong != wanted.removesuffix(".")


def test_of_many_numbers_the_first_wrong_one_is_shown():
    def one_case(rng, rounds):
        return [Case("f(1)", (1,), {}, np.arange(600.0).reshape(20, 30))]

    def mine(x):
        value = np.arange(600.0).reshape(20, 30)
        value[3, 4:] = np.nan
        return value

    said = exercise(cases=one_case)(mine).criteria[0].sentence
    assert "entry [3, 4] is nan; at this place, the value is 94." in said


# --- what does not come back ---------------------------------------------------------------------


def for_ever(x):
    while x < 100:
        x = x + 0 * x
    return x


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr("nnchecks.engine.time_limit._AGAIN", 0.01)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)


def test_an_endless_loop_is_stopped_and_said(impatient):
    asked = exercise()
    asked = Exercise("half", (*asked.properties, Property("more", 1, cases)), (), "", seconds=0.05)
    report = asked(for_ever)
    assert [one.outcome for one in report.criteria] == [Outcome.WRONG, Outcome.NOT_CHECKED]
    assert "a loop that never ends" in report.criteria[0].sentence


def test_the_students_own_interrupt_is_still_one_and_afterwards_all_is_as_before(impatient):
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        exercise()(lambda x: signal.raise_signal(signal.SIGINT))
    assert signal.getsignal(signal.SIGINT) is before


def test_a_function_that_only_waits_is_stopped_by_the_clock(impatient):
    started = threading.Event()
    with pytest.raises(OutOfTime), limited(clock=0.05):
        started.wait()


def test_a_check_in_another_thread_goes_without_the_limit(impatient):
    reports = []
    other = threading.Thread(target=lambda: reports.append(exercise()(lambda x: x / 2)))
    other.start()
    other.join()
    assert reports[0].score == 2


def test_a_judge_has_limits_of_its_own(impatient, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    before = signal.getsignal(signal.SIGINT)
    seen = []
    assert exercise()(lambda x: seen.append(signal.getsignal(signal.SIGINT)) or x / 2).score == 2
    assert set(seen) == {before}


# --- a slip that explains everything -------------------------------------------------------------


def test_a_slip_that_explains_everything_is_named_alone():
    small = Property("small", 1, lambda rng, n: [Case(f"{x}", (x,), {}, x / 2) for x in (1, 2, 2)])
    large = Property("large", 1, lambda rng, n: [Case(f"{x}", (x,), {}, x / 2) for x in (8, 9, 7)])
    doubled = Misconception("doubled", lambda x: 2 * x, "You doubled.")
    alike = Misconception("alike", lambda x: 2 * x if x < 5 else x, "Alike where x is small.")
    report = Exercise("half", (small, large), (alike, doubled), "chapter 0")(lambda x: x + x)
    assert report.diagnosis == "You doubled."
