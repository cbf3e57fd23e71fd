"""Periods and numbers as people say them."""

import pytest

from flows.engine.form import Line
from flows.formats import period_line, period_row
from flows.loader import words
from storage.periods import parse


@pytest.mark.parametrize(
    ("name", "indonesian", "english"),
    [
        ("2026", "Tahun 2026", "year 2026"),
        ("2026-S2", "Semester II 2026", "half-year II 2026"),
        ("2026-Q4", "Triwulan IV 2026", "quarter IV 2026"),
        ("2026-03", "Mar 2026", "Mar 2026"),
    ],
)
def test_a_period_in_words(name, indonesian, english):
    said = Line("period.named", {"period": parse(name).name})
    assert (words("id").line(said), words("en").line(said)) == (indonesian, english)
    assert period_row(name)["id"] == name


@pytest.mark.parametrize("text", ["triwulan ini", "2026-W47", "2026-13", "2026-Q5", "2026-S0", ""])
def test_what_is_no_periods_name_is_said_as_it_is(text):
    assert period_line(text) is None
    assert words("id").line(Line("period.named", {"period": text})) == text


@pytest.mark.parametrize(
    ("count", "indonesian", "english"),
    [
        (1, "1 jawaban sudah masuk.", "1 answer has come in."),
        (0, "0 jawaban sudah masuk.", "0 answers have come in."),
        ("1.001", "1.001 jawaban sudah masuk.", "1.001 answers have come in."),
    ],
)
def test_words_agree_with_their_number(count, indonesian, english):
    said = Line("first.answers", {"n": count})
    assert [words(language).line(said) for language in ("id", "en")] == [indonesian, english]
