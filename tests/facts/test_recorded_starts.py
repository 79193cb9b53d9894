"""What `nnlib.recorded` offers the book is what was recorded, and what would be recorded today."""

import json

import numpy as np
import pytest

from nnlib.recorded import BLOW_UPS, LEARNED
from nnlib.recorded import MARKS as OFFERED_MARKS
from nnlib.recorded import STARTS as OFFERED_STARTS
from tests.facts.record import RECORDED as RUNS
from tests.facts.record import STORIES
from tests.facts.record_starts import (
    CASES,
    MARKS,
    RECORDED,
    STARTS,
    as_bits,
    as_hex,
    follow,
    name,
)

BITS = {
    case: np.array([as_bits(row) for row in rows])
    for case, rows in zip(CASES, json.loads(RECORDED.read_text("utf-8")).values(), strict=True)
}


def test_bits_survive_the_way_through_hexadecimal_digits():
    bits = np.random.default_rng(0).integers(0, 2, 40).astype(bool)
    bits[:5] = False
    np.testing.assert_array_equal(as_bits(as_hex("".join(map(str, bits.astype(int))))), bits)


def test_the_record_has_every_case_under_its_name():
    assert list(json.loads(RECORDED.read_text("utf-8"))) == [name(*case) for case in CASES]
    assert {bits.shape for bits in BITS.values()} == {(len(MARKS), STARTS)}


def test_the_book_is_offered_the_counts_of_the_record():
    assert (OFFERED_STARTS, OFFERED_MARKS) == (STARTS, MARKS)
    assert {case: tuple(bits.sum(axis=1).tolist()) for case, bits in BITS.items()} == dict(LEARNED)


@pytest.mark.parametrize("case", CASES, ids=[name(*case) for case in CASES])
def test_the_first_starts_do_by_the_first_mark_what_was_recorded(case):
    today = follow(*case, seeds=range(20), marks=MARKS[:1])
    np.testing.assert_array_equal(today, BITS[case][:1, :20])


@pytest.mark.parametrize("case", [(-1, 2, 1.0), (-1, 3, 0.3), (0, 2, 1.0), (-1, 10, 3.0)])
def test_some_starts_do_to_the_end_what_was_recorded(case):
    today = follow(*case, seeds=range(12))
    np.testing.assert_array_equal(today, BITS[case][:, :12])


def test_the_book_is_offered_the_blow_ups_of_the_record():
    runs = json.loads(RUNS.read_text("utf-8"))
    names = ("F3.60", "F3.62 rate .001", "F3.62 decay", "F3.62 lambda 1e-3", "F3.53")
    known = [
        (
            STORIES[one].rate,
            STORIES[one].strength,
            STORIES[one].decay,
            runs[one]["lowest"]["step"],
            runs[one]["diverged"]["step"],
        )
        for one in names
    ]
    assert [tuple(row) for row in BLOW_UPS] == known
    assert all(STORIES[one].hidden == 50 and STORIES[one].slip for one in names)
