"""A student's own numbers: the same everywhere, different for everyone, equally hard."""

import subprocess
import sys

import numpy as np
import pytest

from nnchecks.variants import (
    CAPSTONE_SETS,
    TABLE,
    backprop_numbers,
    capstone_data,
    is_fair,
    worksheet,
)

#: In tenths: W1, W2, x, target, rate. If these change, marks already given no longer fit.
PINNED = {
    "s0000": (1, -5, 4, 3, 4, -3, -2, 5, 1, -5, 9, 6, 4),
    "Zoë": (-9, 7, 4, -1, 3, 4, 5, 4, 4, -8, -3, -9, 5),
}
CLASS = {f"s{i:04d}": backprop_numbers(f"s{i:04d}") for i in range(500)}


def as_tenths(numbers):
    parts = (numbers.W1, numbers.W2, numbers.x, numbers.target, numbers.learning_rate)
    return tuple(np.rint(np.concatenate([np.ravel(part) for part in parts]) * 10).astype(int))


def hand_pass(numbers):
    h = np.tanh(numbers.W1 @ numbers.x)
    y = np.tanh(numbers.W2 @ h)
    delta_out = (y - numbers.target) * (1 - y**2)
    return h, y, delta_out, delta_out * numbers.W2 * (1 - h**2)


def test_no_two_in_a_class_of_500_are_alike():
    assert len({as_tenths(numbers) for numbers in CLASS.values()}) == 500


def test_every_number_has_one_decimal_and_none_is_zero():
    for numbers in CLASS.values():
        tenths = as_tenths(numbers)
        assert all(1 <= abs(t) <= 9 for t in tenths)
        assert numbers.W1.shape == (2, 3)
        assert numbers.W2.shape == (2,)
        assert numbers.x.shape == (3,)
        np.testing.assert_array_equal(numbers.W1, np.reshape(tenths[:6], (2, 3)) / 10)


def test_everyone_has_as_many_minus_signs():
    assert {sum(t < 0 for t in as_tenths(n)[:11]) for n in CLASS.values()} == {4}


def test_no_unit_is_saturated_or_asleep_and_every_delta_is_worth_computing():
    for numbers in CLASS.values():
        assert is_fair(numbers)
        h, y, _, delta = hand_pass(numbers)
        assert np.all((np.abs(h) > 0.34) & (np.abs(h) < 0.81))
        assert 0.1 < abs(y) < 0.77
        assert 0.4 < abs(y - numbers.target) < 1.4
        assert np.all(np.abs(delta) > 0.03)


@pytest.mark.parametrize(
    "slip",
    {
        "the derivative is forgotten": lambda n, h, d: d * n.W2,
        "the derivative is taken of h": lambda n, h, d: d * n.W2 * (1 - np.tanh(h) ** 2),
        "the output weights are updated first": lambda n, h, d: (
            d * (n.W2 - n.learning_rate * d * h) * (1 - h**2)
        ),
        "the output weights are swapped": lambda n, h, d: d * n.W2[::-1] * (1 - h**2),
        "the sign is turned": lambda n, h, d: -d * n.W2 * (1 - h**2),
    }.items(),
    ids=lambda item: item[0],
)
def test_a_slip_shows_in_the_third_decimal_for_everyone(slip):
    for numbers in CLASS.values():
        h, _, delta_out, delta = hand_pass(numbers)
        assert np.max(np.abs(slip[1](numbers, h, delta_out) - delta)) > 0.001


def test_the_same_id_gives_the_same_numbers_however_it_is_typed():
    assert as_tenths(backprop_numbers(" S0007\n")) == as_tenths(CLASS["s0007"])
    assert as_tenths(backprop_numbers(4711)) == as_tenths(backprop_numbers("4711"))


def test_another_salt_gives_other_numbers():
    assert as_tenths(backprop_numbers("s0007", salt="next term")) != as_tenths(CLASS["s0007"])


def test_the_numbers_are_pinned_for_all_platforms():
    assert as_tenths(CLASS["s0000"]) == PINNED["s0000"]
    assert as_tenths(backprop_numbers("Zoë")) == PINNED["Zoë"]


def test_a_fresh_python_with_another_hash_seed_agrees():
    code = "from nnchecks.variants import backprop_numbers; print(backprop_numbers('s0007').W1)"
    for seed in ("1", "2"):
        fresh = subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
        )
        assert fresh.stdout.strip() == str(CLASS["s0007"].W1)


def test_changing_ones_numbers_does_not_change_the_next_call():
    backprop_numbers("s0007").W1[:] = 0
    assert as_tenths(backprop_numbers("s0007")) == as_tenths(CLASS["s0007"])


@pytest.mark.parametrize(
    ("student", "error", "words"),
    [
        ("", ValueError, "`student` is empty"),
        ("  ", ValueError, "`student` is empty"),
        (1.5, TypeError, "`student` must be an id"),
        (None, TypeError, "`student` must be an id"),
        (True, TypeError, "`student` must be an id"),
    ],
)
def test_ids_that_are_none_are_refused(student, error, words):
    with pytest.raises(error, match=words):
        backprop_numbers(student)


def test_the_worksheet_has_all_given_numbers_and_a_place_for_every_other():
    sheet = worksheet(" s0000 ")
    for text in (str(sheet), sheet._repr_html_()):
        for said in ("W1_12 = -0.5", "W2_2 = 0.5", "target = 0.6", "learning_rate = 0.4"):
            assert said in text
        assert "Worksheet of s0000" in text
        assert all(name in text for _, names in TABLE for name in names)
    assert str(sheet).count("________") == 26


def test_an_id_cannot_bring_its_own_html():
    assert "<b>" not in worksheet("<b>me</b>")._repr_html_()


def test_the_saved_page_needs_no_other_file(tmp_path):
    page = worksheet("s0000").save(tmp_path / "sheet.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "@page" in page
    assert not any(word in page for word in ("http", "src=", "href="))


def test_a_worksheet_is_drawn_where_the_answers_are_withheld():
    from nnchecks.backprop_by_hand import WITHHELD
    from nnchecks.engine.withheld import out_of_reach

    with out_of_reach(WITHHELD) as called:
        assert "Worksheet of" in worksheet("somebody new")._repr_html_()
    assert called == []


# --- the capstone's data --------------------------------------------------------------------------


def test_every_set_of_the_capstone_goes_to_about_a_third_of_a_class():
    names = [capstone_data(student).name for student in CLASS]
    for name in CAPSTONE_SETS:
        assert 130 < names.count(name) < 205


def test_no_two_students_have_the_same_samples_and_the_same_id_has_the_same():
    firsts = {tuple(capstone_data(f"s{i:04d}").X[0]) for i in range(200)}
    assert len(firsts) == 200
    one, other = capstone_data("Zoë"), capstone_data(" zoë ")
    assert one.name == other.name
    np.testing.assert_array_equal(one.X, other.X)
    assert capstone_data("Zoë", salt="next term").X[0, 0] != one.X[0, 0]
    assert one.X is not other.X


def test_the_samples_of_a_student_come_class_by_class():
    for student in ("ada", "s0001", "s0002", "s0003", 7):
        _, X, labels = capstone_data(student)
        assert len(X) == len(labels) == 400
        assert (np.diff(labels) >= 0).all()


@pytest.mark.parametrize(("student", "error"), [("", ValueError), (None, TypeError)])
def test_no_id_no_samples(student, error):
    with pytest.raises(error, match="`student`"):
        capstone_data(student)
