"""The checks of assignment CHAPTER_NAME: what test_catalogues.py does not hold for all."""

import pytest

from nnchecks import MODULE_NAME as check


@pytest.mark.parametrize(
    "slip", check.MODULE_NAME_example.misconceptions, ids=lambda slip: slip.name
)
def test_a_slip_gets_nothing_and_its_sentence(slip):
    report = check.MODULE_NAME_example(slip.answer, seed=3)
    assert report.score == 0
    assert report.diagnosis == slip.sentence
