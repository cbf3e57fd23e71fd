"""Days as people write them; a day is day, month, year, as in Indonesia."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.formats import day_line
from flows.loader import words
from flows.written_day import YEARS, read_day


@pytest.mark.parametrize(
    "text",
    [
        "30-11-2026", "30/11/2026", "30.11.2026", "30 11 2026", "2026-11-30", "30 November 2026",
        "30 nov 2026", " 30  Nov.  2026 ", "30-Nov-2026", "30 NOPEMBER 2026",
    ],
)  # fmt: skip
def test_a_day_as_it_is_written(text):
    assert read_day(text) == date(2026, 11, 30)


@pytest.mark.parametrize(
    "text",
    ["", "besok", "31-11-2026", "11/30/2026", "30-11-26", "30-11-1026", "٣٠-١١-٢٠٢٦", "1" * 99],
)
def test_what_is_no_day(text):
    assert read_day(text) is None


@given(st.dates(date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)), st.sampled_from(["id", "en"]))
def test_a_day_that_is_shown_is_read_back(day, language):
    assert read_day(words(language).line(day_line(day))) == day
