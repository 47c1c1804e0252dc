"""How days and units are written in a sentence."""

from datetime import date

import pytest

from portal.templatetags.numbers import whole_day
from portal.words import factor


def test_a_day_in_a_sentence_is_never_broken_and_nothing_is_said_of_none():
    assert whole_day(date(2026, 11, 27)) == '<span class="nb">2026-11-27</span>'
    assert whole_day(None) == ""


@pytest.mark.parametrize(("unit", "told"), [("10,000 yuan", "× 10,000 yuan"), ("人", "人"), ("", "")])
def test_a_unit_that_begins_with_a_number_is_a_factor(unit, told):
    assert factor(unit) == told
