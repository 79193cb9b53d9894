"""The checks of assignment 04: right answers pass, misconceptions and slips are named."""

import itertools
import math
import runpy

import numpy as np
import pytest

from nnchecks import backprop_by_hand as check
from nnchecks.engine import submitter
from nnchecks.engine.report import Outcome
from nnchecks.variants import TABLE, backprop_numbers
from nnlib import backprop_by_hand as reference
from tests.conftest import ROOT

EXERCISES = {
    name: getattr(check, name)
    for name in ("forward", "backward", "train_step", "fixed_training", "parity_bound")
}
STEPS, NAMES = check.my_numbers.steps, check.my_numbers.names
SEEDS = range(4)

BESIDE = runpy.run_path(str(ROOT / "solutions/04-backprop-by-hand/alternatives.py"))
ALTERNATIVES = BESIDE["ALTERNATIVES"]
my_forward, my_backward = (ALTERNATIVES[name][0] for name in ("forward", "backward"))


def transposed(W1, W2, x, target):
    dW1, dW2 = my_backward(W1, W2, x, target)
    return dW1.T, dW2


def without_slopes(W1, W2, x, target):
    h, y = my_forward(W1, W2, x)
    return np.outer((y - target) * W2, x), (y - target) * h


def too_early(W1, W2, x, target, learning_rate):
    h, y = my_forward(W1, W2, x)
    delta_out = (y - target) * (1 - y**2)
    W2 = W2 - learning_rate * delta_out * h
    return W1 - learning_rate * np.outer(delta_out * W2 * (1 - h**2), x), W2


def in_place(W1, W2, x, target, learning_rate):
    dW1, dW2 = my_backward(W1, W2, x, target)
    W1 -= learning_rate * dW1
    W2 -= learning_rate * dW2
    return W1, W2


def with_the_bug(W1, W2, X, T, learning_rate, epochs):
    losses = []
    for _ in range(epochs):
        for x, target in zip(X, T, strict=True):
            W1, W2 = too_early(W1, W2, x, target, learning_rate)
        losses.append(np.sum((np.tanh(np.tanh(X @ W1.T) @ W2) - T) ** 2) / 2)
    return W1, W2, losses


def first_epoch_only(*arguments):
    W1, W2, losses = ALTERNATIVES["fixed_training"][0](*arguments[:-1], arguments[-1] - 1)
    return W1, W2, losses


def pairs_twice(X, T):
    return sum(
        (T[i] + T[j]) ** 2 / 2 for i, j in np.ndindex(len(X), len(X)) if np.array_equal(X[i], -X[j])
    )


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("forward", lambda W1, W2, x: (np.tanh(W1.T @ x), 0.0), "raised ValueError"),
        ("forward", lambda W1, W2, x: my_forward(W1, W2, x)[::-1], "have changed places"),
        ("forward", lambda W1, W2, x: (W1 @ x, my_forward(W1, W2, x)[1]), "first result is v"),
        ("backward", transposed, "Your dW1 is transposed"),
        ("backward", without_slopes, "both slopes are missing"),
        ("train_step", too_early, "W2 was updated before the hidden deltas were computed"),
        ("train_step", in_place, "you changed the caller's arrays"),
        ("train_step", lambda *a: my_backward(*a[:4]), "You returned the gradients"),
        ("fixed_training", with_the_bug, "The bug is still in"),
        ("fixed_training", first_epoch_only, "One epoch is missing"),
        ("parity_bound", lambda X, T: np.sum(T**2), "that always answers 0"),
        ("parity_bound", pairs_twice, "This is twice the bound"),
    ],
)
def test_what_students_write_themselves_is_named(name, answer, said):
    for seed in SEEDS:
        report = EXERCISES[name](answer, seed=seed)
        assert report.score < report.points
        assert said in str(report)


def test_the_lines_that_the_wrong_answers_change_are_right_themselves():
    rng = np.random.default_rng(0)
    given = (*check._sample(rng, 3, 4), 0.5)
    for name, made in (
        ("forward", check._right_pass),
        ("backward", check._backward()),
        ("train_step", check._right_step),
    ):
        wanted = getattr(reference, name)(*given[: len(check.ARGUMENTS[name])])
        for mine, right in zip(made(*given), wanted, strict=True):
            np.testing.assert_allclose(mine, right, rtol=1e-14)


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("forward", check._right_pass),
        ("forward", check._forward()),
        ("backward", check._backward()),
        ("train_step", check._right_step),
        ("parity_bound", check._bound_by()),
    ],
)
def test_nor_is_what_the_checks_make_their_wrong_answers_from(name, made):
    for answer in (made, lambda *arguments: made(*arguments)):
        assert EXERCISES[name](answer).outcome is Outcome.NOT_ATTEMPTED


def test_one_result_where_two_are_wanted_is_explained():
    report = check.forward(lambda W1, W2, x: my_forward(W1, W2, x)[1])
    assert "returned one result, not 2: h, y" in str(report)
    report = check.fixed_training(lambda *a: my_backward(*a[:2], a[2][0], a[3][0]))
    assert "returned 2 results, not 3: W1, W2, losses" in str(report)


def test_an_unknown_error_is_not_given_a_name():
    report = check.backward(lambda W1, W2, x, t: (0.123 * W1, 0.456 * W2))
    assert report.outcome is Outcome.WRONG
    assert report.diagnosis == ""


def test_two_slips_at_once_are_named_together():
    def both(W1, W2, x, target):
        h, y = my_forward(W1, W2, x)
        delta_out = target - y
        return np.outer(delta_out * W2 * (1 - h**2), x), delta_out * h

    assert "The slope of the output unit is missing" in check.backward(both).diagnosis
    assert "Besides, the sign is turned" in check.backward(both).diagnosis


def test_half_of_backward_is_worth_its_half():
    def no_hidden_slope(W1, W2, x, target):
        dW1, dW2 = my_backward(W1, W2, x, target)
        return 0 * dW1, dW2

    report = check.backward(no_hidden_slope)
    assert [one.score for one in report.criteria] == [0, 1, 0]


def test_a_function_for_the_worksheets_shape_only_loses_the_other_sizes():
    def for_two_and_three(W1, W2, x, target):
        W1, W2 = W1[:2, :3], W2[:2]
        return my_backward(W1, W2, x[:3], target)

    report = check.backward(for_two_and_three)
    assert [one.score for one in report.criteria] == [1, 1, 0]


# --- the table ----------------------------------------------------------------------------------

EVERYBODY = [f"s{k:04d}" for k in range(100)]
IDS = [f"s{k:04d}" for k in range(12)]


def worked(student, decimals=4):
    return {
        name: round(value, decimals)
        for name, value in reference.hand_pass(*backprop_numbers(student)).items()
    }


def worked_with_rounded_numbers(student, slips=(), decimals=4):
    return BESIDE["on_paper"](slips, backprop_numbers(student), decimals)


def test_the_steps_are_those_of_the_worksheet_and_of_the_reference():
    assert tuple(itertools.chain(*(names for _, names in TABLE))) == NAMES
    assert tuple(reference.hand_pass(*backprop_numbers("ada"))) == NAMES
    for student in IDS[:5]:
        exact = worked_with_rounded_numbers(student, decimals=15)
        for name, value in reference.hand_pass(*backprop_numbers(student)).items():
            assert exact[name] == pytest.approx(value, abs=1e-13)


def test_there_are_six_points_in_eighths():
    assert check.my_numbers.points == 6
    assert all((8 * step.points).is_integer() for step in STEPS)


@pytest.mark.parametrize("make", [worked, worked_with_rounded_numbers])
def test_a_right_table_gets_everything_for_everyone(make):
    for student in EVERYBODY:
        report = check.my_numbers(make(student), student)
        assert report.outcome is Outcome.RIGHT, report
        assert (report.score, report.diagnosis) == (6, "")


@pytest.mark.parametrize(
    "write",
    [
        lambda value: f"{value:.4f}",
        lambda value: f"{value:.4f}".replace(".", ","),
        lambda value: f" {value:+.4f} ".replace("-", "−"),
        lambda value: np.float64(value),
        lambda value: np.array(value),
        lambda value: np.float32(value),
        lambda value: f"{value:.4f}".replace("0.", "."),
    ],
)
def test_numbers_may_be_written_in_many_ways(write):
    table = {name: write(value) for name, value in worked("s0003").items()}
    assert check.my_numbers(table, " S0003 ").score == 6


def test_more_digits_than_asked_are_welcome():
    assert check.my_numbers(worked("s0003", 12), "s0003").score == 6


def test_one_slip_costs_one_number_and_is_named_as_the_first():
    table = worked_with_rounded_numbers("s0003", {"delta_out": "e"})
    report = check.my_numbers(table, "s0003")
    assert report.score == 5.5
    (wrong,) = [one for one in report.criteria if one.outcome is Outcome.WRONG]
    assert wrong.name == "delta_out"
    assert "first number to look at is delta_out. The slope of the unit is" in report.diagnosis


def test_the_right_number_is_not_given_away():
    right = worked("s0003")
    report = check.my_numbers({**right, "delta_1": 0.5}, "s0003")
    assert str(right["delta_1"]) not in str(report).replace(f"d{right['delta_1']}", "")


def telling(student, step, slip):
    """What is said of a table with one slip, and whether it names the slip; "" if it is right."""
    report = check.my_numbers(
        worked_with_rounded_numbers(student, {step.name: slip.formula}), student
    )
    wrong = [one.name for one in report.criteria if one.outcome is Outcome.WRONG]
    assert wrong in ([], [step.name]), report
    return report.diagnosis, slip.sentence in report.diagnosis


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_slip_costs_its_own_number_and_is_named_unless_another_gives_the_same_number(step):
    for student, slip in itertools.product(IDS[:6], step.slips):
        said, named = telling(student, step, slip)
        if not said or named:
            continue
        assert not any(one.sentence in said for one in step.slips), "nothing is guessed"
        values = [
            worked_with_rounded_numbers(student, {step.name: one.formula})[step.name]
            for one in (slip, *step.slips)
            if one is slip or one.sentence != slip.sentence
        ]
        assert min(abs(other - values[0]) for other in values[1:]) < 5e-4


def test_nine_slips_in_ten_are_named():
    # The first sums have two decimals only, so that different slips often give the same number.
    for names, bar in ((NAMES[2:], 0.9), (NAMES[:2], 0.75)):
        told = [
            telling(student, step, slip)
            for step in STEPS
            if step.name in names
            for student, slip in itertools.product(IDS[6:9], step.slips)
        ]
        seen = [named for said, named in told if said]
        assert len(seen) > 0.9 * len(told)
        assert sum(seen) >= bar * len(seen), sum(seen) / len(seen)


def test_every_student_loses_a_point_for_a_forgotten_derivative_and_for_an_updated_weight():
    for student in EVERYBODY:
        for formula in (
            "delta_out * W2_{}",
            "delta_out * (W2_{0} - learning_rate * dW2_{0}) * (1 - h{0}**2)",
        ):
            slips = {f"delta_{k}": formula.format(k) for k in (1, 2)}
            report = check.my_numbers(worked_with_rounded_numbers(student, slips), student)
            assert report.score <= 5.5
            assert "first number to look at is delta_" in report.diagnosis


def test_the_same_slip_twice_is_said_once():
    slips = {f"delta_{k}": f"delta_out * W2_{k}" for k in (1, 2)}
    report = check.my_numbers(worked_with_rounded_numbers("s0003", slips), "s0003")
    assert report.score == 5
    assert "The same happened in delta_2." in report.diagnosis


def test_a_table_with_slips_everywhere_keeps_what_follows_from_it():
    slips = {
        "v1": "W1_21 * x1 + W1_22 * x2 + W1_23 * x3",
        "e": "target - y",
        "delta_2": "delta_out * W2_2",
        "W1_11_new": "W1_11 + learning_rate * dW1_11",
    }
    report = check.my_numbers(worked_with_rounded_numbers("s0003", slips), "s0003")
    wrong = [one.name for one in report.criteria if one.outcome is Outcome.WRONG]
    assert wrong == list(slips)
    assert report.score == 6 - 0.25 - 0.25 - 0.5 - 0.125


def test_going_on_with_the_right_number_after_a_slip_of_the_pen_costs_the_pen_only():
    table = worked("s0003")
    table["v1"] = -table["v1"]
    report = check.my_numbers(table, "s0003")
    assert report.score == 5.75
    assert "you went on with a better number" in str(report)


@pytest.mark.parametrize("name", ["h1", "delta_out", "dW1_12"])
def test_too_few_decimals_cost_one_number_and_not_the_next(name):
    for student in IDS:
        table = worked(student)
        coarse = round(table[name], 2)
        if abs(coarse - table[name]) < 0.0015:
            continue
        report = check.my_numbers({**table, name: coarse}, student)
        wrong = [one.name for one in report.criteria if one.outcome is Outcome.WRONG]
        assert wrong == [name]
        assert "4 are asked for" in report.diagnosis


def test_slips_of_the_pen_are_named():
    table = worked("s0003")
    value = table["delta_1"]
    for wrong, words in (
        (10 * value, "move it to the left"),
        (value / 10, "move it to the right"),
        (-value, "its sign is not"),
    ):
        report = check.my_numbers({**table, "delta_1": round(wrong, 4)}, "s0003")
        assert words in report.diagnosis
    digits = f"{table['y']:.4f}"
    swapped = digits[:-3] + digits[-2] + digits[-3] + digits[-1]
    assert swapped != digits
    assert "changed places" in check.my_numbers({**table, "y": swapped}, "s0003").diagnosis


def test_empty_places_are_not_attempted_each_and_the_next_ones_are_still_marked():
    for empty in (None, "", "  ", "?", "___", ...):
        table = {**worked("s0003"), "v1": empty, "delta_out": empty}
        report = check.my_numbers(table, "s0003")
        assert report.score == 5.25
        missing = [one.name for one in report.criteria if one.outcome is Outcome.NOT_ATTEMPTED]
        assert missing == ["v1", "delta_out"]
    short = {name: value for name, value in worked("s0003").items() if name != "h2"}
    assert check.my_numbers(short, "s0003").score == 5.75


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("tanh(0.3)", "is not a number"),
        ("1,234.5", "is not a number"),
        ([0.3], "one number is wanted"),
        (True, "one number is wanted"),
        (math.nan, "not a number on paper"),
        (math.inf, "not a number on paper"),
        (1e200, "does not follow"),
        (3j, "one number is wanted"),
        (10**400, "not a number on paper"),
        pytest.param(-(10**5000), "not a number on paper", id="5000 digits"),
        ("1e999", "not a number on paper"),
        ("?!" * 500, "is not a number"),
    ],
)
def test_what_is_no_number_is_explained_and_costs_its_place(entry, words):
    report = check.my_numbers({**worked("s0003"), "delta_out": entry}, "s0003")
    (wrong,) = [one for one in report.criteria if one.outcome is Outcome.WRONG]
    assert wrong.name == "delta_out"
    assert words in wrong.sentence


def test_names_are_read_kindly_and_unknown_ones_are_pointed_out():
    table = {f" {name.upper()} ": value for name, value in worked("s0003").items()}
    assert check.my_numbers(table, "s0003").score == 6
    table = worked("s0003")
    table["vout"] = table.pop("v_out")
    assert "no place called 'vout'. Did you mean v_out?" in str(check.my_numbers(table, "s0003"))


def test_an_untouched_table_is_not_attempted():
    for student in ("", "s0003"):
        report = check.my_numbers(dict.fromkeys(NAMES), student)
        assert {one.outcome for one in report.criteria} == {Outcome.NOT_ATTEMPTED}
    assert check.my_numbers({}, "").score == 0


@pytest.mark.parametrize("student", ["", "  ", None, "your id", "YOUR-ID", "...", "<student_id>"])
def test_a_table_without_an_id_is_explained_and_not_called_wrong(student):
    report = check.my_numbers(worked("s0003"), student)
    assert {one.outcome for one in report.criteria} == {Outcome.NOT_CHECKED}
    assert "Type the id that stands on your worksheet" in str(report)


@pytest.mark.parametrize("student", [1.5, ["s0003"], True, b"s0003"])
def test_an_id_of_another_type_is_explained(student):
    report = check.my_numbers(worked("s0003"), student)
    assert report.outcome is Outcome.NOT_CHECKED
    assert "An id is text" in str(report)


def test_somebody_elses_numbers_are_recognised_and_not_called_wrong():
    for one, other in itertools.pairwise(EVERYBODY[:40]):
        report = check.my_numbers(worked(one), other)
        assert report.outcome is Outcome.NOT_CHECKED, report
        assert "does not start from the numbers of id" in str(report)


@pytest.mark.parametrize(("sheet", "typed"), [("7", "007"), ("s0007", "0007"), ("4711", "s-4711")])
def test_an_id_typed_in_another_way_is_suggested(sheet, typed):
    said = str(check.my_numbers(worked(sheet), typed))
    assert f"fits the numbers of id {sheet!r}" in said


def test_an_id_may_be_a_number():
    for student in (4711, np.int64(4711), "4711"):
        assert check.my_numbers(worked("4711"), student).score == 6


def test_honest_slips_are_never_taken_for_somebody_elses_table():
    every = {step.name: step.slips[0].formula for step in STEPS if step.name.startswith("v")}
    report = check.my_numbers(worked_with_rounded_numbers("s0003", every), "s0003")
    assert report.outcome is Outcome.WRONG


@pytest.mark.parametrize("table", [None, [1, 2], 0.5, "v1"])
def test_a_table_that_is_none_is_explained(table):
    report = check.my_numbers(table, "s0003")
    assert report.outcome is Outcome.NOT_CHECKED
    assert "wanted is the table" in str(report)


def test_random_numbers_get_next_to_nothing():
    rng = np.random.default_rng(0)
    scores = []
    for student in IDS:
        table = {name: round(float(rng.uniform(-1, 1)), 4) for name in NAMES}
        scores.append(check.my_numbers(table, student).score)
    assert max(scores) <= 0.5
    assert np.mean(scores) < 0.1


# --- fewer decimals than asked --------------------------------------------------------------------


@pytest.mark.parametrize("decimals", [2, 3])
@pytest.mark.parametrize("goes_on_with", ["rounded numbers", "those in the calculator"])
def test_a_table_right_to_fewer_decimals_has_one_slip(decimals, goes_on_with):
    for student in EVERYBODY[:40]:
        rounded = goes_on_with == "rounded numbers"
        make = worked_with_rounded_numbers if rounded else worked
        report = check.my_numbers(make(student, decimals=decimals), student)
        wrong = [one for one in report.criteria if one.outcome is Outcome.WRONG]
        # Of two decimals some hide what was worked out: a weight that seems not to have moved.
        assert len(wrong) == 1 if decimals == 3 else report.score >= 5, report
        assert "too few decimals; 4 are asked for" in report.diagnosis
        assert report.diagnosis.count("asked for") == 1
        assert "The same happened in" in report.diagnosis


@pytest.mark.parametrize("decimals", [3, 4])
def test_a_table_that_is_cut_off_everywhere_has_one_slip(decimals):
    for student in IDS:
        numbers = reference.hand_pass(*backprop_numbers(student))
        table = {
            name: f"{math.trunc(value * 10**decimals) / 10**decimals:.{decimals}f}"
            for name, value in numbers.items()
        }
        report = check.my_numbers(table, student)
        wrong = [one for one in report.criteria if one.outcome is Outcome.WRONG]
        assert len(wrong) == 1 or (not wrong and decimals == 4), report
        assert not wrong or "cut off" in report.diagnosis or "too few" in report.diagnosis


def test_a_wrong_formula_is_still_found_and_named_among_three_decimals():
    table = worked_with_rounded_numbers("s0003", {"delta_1": "delta_out * W2_1"}, decimals=3)
    report = check.my_numbers(table, "s0003")
    wrong = [one.name for one in report.criteria if one.outcome is Outcome.WRONG]
    assert wrong == ["h1", "delta_1"]
    assert "The slope of the unit is missing" in str(report)


# --- what takes no work ---------------------------------------------------------------------------


def standing_still(student, **others):
    """Zeros everywhere, and the sheet's own weights as the new ones: one follows from the other."""
    given = reference.hand_given(*backprop_numbers(student))
    return {name: given.get(name.removesuffix("_new"), 0.0) for name in NAMES} | others


def one_target(student):
    target = reference.hand_given(*backprop_numbers(student))["target"]
    return standing_still(student, e=-target, delta_out=-target)


def copies(student):
    table = worked(student)
    return table | {f"h{j}": table[f"v{j}"] for j in (1, 2)} | {"y": table["v_out"]}


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(lambda student, size=size: dict.fromkeys(NAMES, size), id=f"all {size}")
        for size in (0, 0.0, 1e-4, 1e-3, 0.01, 0.1, -0.1, 1, -1, 2, 20, 1e6)
    ]
    + [standing_still, one_target],
)
def test_zeros_constants_and_copies_follow_from_each_other_and_earn_nothing(table):
    for student in EVERYBODY[:15]:
        report = check.my_numbers(table(student), student)
        assert report.score <= 0.25, report
        assert report.diagnosis.startswith("The first number to look at is v1.")


def test_a_chain_of_zeros_is_named():
    report = check.my_numbers(standing_still("s0003"), "s0003")
    assert report.score == 0
    assert "Zeros and copies follow from each other without any work, so h1, h2" in report.diagnosis
    assert "0.0 follows from your v1 = 0.0 without any work" in str(report)


def test_a_copied_input_is_a_slip_that_costs_its_own_place():
    report = check.my_numbers(copies("s0003"), "s0003")
    wrong = [one.name for one in report.criteria if one.outcome is Outcome.WRONG]
    assert wrong == ["h1", "h2", "y"]


def test_an_honest_slip_that_gives_a_zero_or_a_small_number_costs_its_own_place():
    for student, step in itertools.product(EVERYBODY[6:14], STEPS):
        for slip in step.slips:
            table = worked_with_rounded_numbers(student, {step.name: slip.formula})
            if abs(table[step.name]) < 0.05:
                report = check.my_numbers(table, student)
                wrong = [one.name for one in report.criteria if one.outcome is Outcome.WRONG]
                assert wrong in ([], [step.name]), (student, step.name, slip.formula, wrong)


# --- whose table it is ----------------------------------------------------------------------------


@pytest.fixture
def handed_in_by(monkeypatch):
    return lambda student: monkeypatch.setenv(submitter.STUDENT, student)


def test_anothers_notebook_is_marked_by_the_submitters_numbers_and_the_instructor_is_told(
    handed_in_by,
):
    handed_in_by("s0002")
    report = check.my_numbers(worked("s0001"), "s0001")
    assert report.score == 0
    (said,) = report.for_instructor
    assert "s0002 handed in a notebook with student_id = 's0001'" in said
    assert "by those of the id typed it would get 6 of 6 points" in said
    assert "it was handed in by s0002. What counts are the numbers of s0002" in report.diagnosis


def test_the_submitters_own_table_counts_under_anothers_id_and_under_none(handed_in_by):
    handed_in_by("s0002")
    report = check.my_numbers(worked("s0002"), "s0001")
    assert report.score == 6
    assert report.for_instructor
    for nobody in ("", "your id", None):
        report = check.my_numbers(worked("s0002"), nobody)
        assert (report.score, report.for_instructor, report.diagnosis) == (6, (), "")


@pytest.mark.parametrize(
    ("typed", "of_the_class"),
    [
        (" S0007 ", "s0007"),
        ("s7", "s0007"),
        ("0007", "s0007"),
        (7, "s0007"),
        ("s0007@school.example", "s0007"),
        ("ada", "Ada@school.example"),
        ("Ada Lovelace", "ada.lovelace"),
        ("ａｄａ", "ada"),
    ],
)
def test_an_id_typed_in_another_way_is_no_false_alarm(handed_in_by, typed, of_the_class):
    handed_in_by(of_the_class)
    for sheet in (typed, of_the_class):
        report = check.my_numbers(worked(sheet), typed)
        assert (report.score, report.for_instructor, report.diagnosis) == (6, (), "")


@pytest.mark.parametrize(
    ("one", "other"),
    [("s0001", "s0002"), ("s0001", "t0001"), ("ada", "ada1"), ("s10", "s1"), ("ann", "anna")],
)
def test_ids_of_two_people_are_told_apart(one, other):
    assert not submitter.is_same(one, other)
    assert submitter.is_same(one, one)


def test_where_nobody_says_who_hands_in_the_id_in_the_notebook_counts():
    assert check.my_numbers(worked("s0001"), "s0001").for_instructor == ()
    assert check.my_numbers(worked("s0001"), "s0001").score == 6


# --- shortcuts that show only in some questions, and slips that count once ------------------------


def until_it_rises(W1, W2, X, T, learning_rate, epochs):
    for k in range(1, epochs + 1):
        end = ALTERNATIVES["fixed_training"][0](W1, W2, X, T, learning_rate, k)
        if k > 1 and end[2][-1] > end[2][-2]:
            break
    return end


def least_loss(W1, W2, X, T, learning_rate, epochs):
    runs = [
        ALTERNATIVES["fixed_training"][0](W1, W2, X, T, learning_rate, k + 1) for k in range(epochs)
    ]
    return *min(runs, key=lambda run: run[2][-1])[:2], runs[-1][2]


def outputs_like(make):
    def bound(X, T):
        y = make(T)
        for i, x in enumerate(X):
            same, opposite = (x == X).all(axis=1), (-x == X).all(axis=1)
            y[i] = (T[same].sum() - T[opposite].sum()) / (same.sum() + opposite.sum())
        return np.sum((y - T) ** 2)

    return bound


def grouped_by(sign, key=tuple):
    def bound(X, T):
        groups = {}
        for x, t in zip(X, T, strict=True):
            s = -1 if sign(x) < 0 else 1
            groups.setdefault((bool(x.any()), key(s * x + 0.0)), []).append(s * t)
        return sum(np.var(t) * len(t) if some else np.dot(t, t) for (some, _), t in groups.items())

    return bound


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("fixed_training", until_it_rises, "stops when the loss rises"),
        ("fixed_training", least_loss, "with the least loss"),
        ("parity_bound", outputs_like(np.zeros_like), "cut off to whole numbers"),
        ("parity_bound", grouped_by(lambda x: x[0]), "by its first number"),
        ("parity_bound", grouped_by(sum), "by the sign of its sum"),
        (
            "parity_bound",
            grouped_by(lambda x: next((e for e in x if e), 0), lambda x: tuple(abs(x))),
            "differ in the sign of one number",
        ),
    ],
)
def test_a_shortcut_loses_points_and_is_named_on_every_seed(name, answer, said):
    for seed in range(20):
        report = EXERCISES[name](answer, seed=seed)
        assert report.score < report.points, seed
        assert said in report.diagnosis, (seed, report)


def test_a_forward_without_its_last_tanh_costs_one_point_and_no_more():
    space = {"np": np}
    exec(
        "def forward(W1, W2, x):\n"
        "    h = np.tanh(W1 @ x)\n"
        "    return h, W2 @ h\n"
        "def backward(W1, W2, x, target):\n"
        "    h, y = forward(W1, W2, x)\n"
        "    delta_out = (y - target) * (1 - y**2)\n"
        "    return np.outer(delta_out * W2 * (1 - h**2), x), delta_out * h\n"
        "def train_step(W1, W2, x, target, learning_rate):\n"
        "    dW1, dW2 = backward(W1, W2, x, target)\n"
        "    return W1 - learning_rate * dW1, W2 - learning_rate * dW2\n"
        "def fixed_training(W1, W2, X, T, learning_rate, epochs):\n"
        "    losses = []\n"
        "    for _ in range(epochs):\n"
        "        for x, t in zip(X, T):\n"
        "            W1, W2 = train_step(W1, W2, x, t, learning_rate)\n"
        "        losses.append(sum((forward(W1, W2, x)[1] - t) ** 2 for x, t in zip(X, T)) / 2)\n"
        "    return W1, W2, losses\n",
        space,
    )
    reports = {name: EXERCISES[name](space[name]) for name in check.PARTS}
    assert {name: one.points - one.score for name, one in reports.items()} == {
        "forward": 1,
        "backward": 0,
        "train_step": 0,
        "fixed_training": 0,
    }
    assert "Right with the book's `forward` in the place of yours" in str(reports["backward"])
