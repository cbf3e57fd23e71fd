"""Days as people write them; a day is day, month, year, as in Indonesia."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogues import DIALOGUES
from flows.engine.input_parsing import written
from flows.formats import day_line
from flows.loader import words
from flows.written_day import YEARS, as_said, read_day


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


# Sunday 29 November 2026, 05:00 in Jakarta, where it is Saturday yet by UTC.
AT = int(datetime(2026, 11, 28, 22, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("hari ini", "2026-11-29"), ("Tadi pagi", "2026-11-29"),
        ("kemaren", "2026-11-28"), ("besok", "2026-11-30"),
        ("lusa", "2026-12-01"), ("kemarin lusa.", "2026-11-27"),
        ("minggu depan", "2026-12-06"), ("pekan lalu", "2026-11-22"),
        ("next week", "2026-12-06"), ("bulan depan", "2026-12-29"),
        ("tahun depan", "2027-11-29"), ("triwulan depan", "2027-02-28"),
        ("2 minggu lagi", "2026-12-13"), ("dua minggu lagi", "2026-12-13"),
        ("seminggu lagi", "2026-12-06"), ("dalam 3 bulan", "2027-02-28"),
        ("in 2 weeks", "2026-12-13"), ("3 hari yang lalu", "2026-11-26"),
        ("sebulan ke depan", "2026-12-29"), ("akhir bulan", "2026-11-30"),
        ("akhir bulan depan", "2026-12-31"), ("akhir tahun ini", "2026-12-31"),
        ("akhir triwulan", "2026-12-31"), ("akhir pekan", "2026-11-29"),
        ("end of the month", "2026-11-30"), ("15 Desember", "2026-12-15"),
        ("15 des.", "2026-12-15"), ("3 januari", "2027-01-03"),
        ("3/1", "2027-01-03"), ("28-10", "2026-10-28"),
    ],
)  # fmt: skip
def test_a_day_as_it_is_said_from_where_somebody_is(text, day):
    assert read_day(as_said(text, AT)) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "text",
    ["", "nanti", "2 minggu", "30-11-2026", "31 November", "31/4", "5 orang", "minggu", "jumat",
     "99/99", "999 tahun lagi", "secepatnya"],
)  # fmt: skip
def test_what_says_no_day_stays_as_it_is(text):
    assert as_said(text, AT) == text


@given(st.text(max_size=20), st.integers(0, 2**33))
def test_any_text_at_any_time_is_read_or_left(text, at):
    told = as_said(text, at)
    assert told == text or read_day(told) is not None


def test_wherever_a_day_is_asked_it_may_be_written_as_anywhere_else():
    steps = [step for form in DIALOGUES.forms.values() for step in form.steps]
    asked = [step for step in steps if step.reads is as_said]
    assert len(asked) > 3
    for step in asked:
        assert isinstance(written(step, "30 September 2026", 0), dict), step.id
