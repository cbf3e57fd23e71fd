"""The digest's texts: against kept ones, and within Telegram's limits whatever comes."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.files import CURRENT, instrument, words
from flows.own_question import Extra
from reports.digest import Digest, Office
from reports.digest_words import days, digest_text, element_name, extra_text, number
from tests.digest_weeks import EMPTY, EXTRAS, digest, digests, straight, uneven

GOLDEN = Path(__file__).parent / "digests"
WEEK_40 = straight(threes=20, fours=20)  # mean 3.5: IKM 87.50


CASES = {
    "week": (digest(uneven(cost=4, product=8, facilities=20), WEEK_40, comments=12), "id"),
    "week-en": (digest(uneven(cost=4, product=8, facilities=20), WEEK_40, comments=12), "en"),
    "unsure": (digest(WEEK_40, straight(threes=30, fours=10), period_n=120), "id"),
    "four-weeks": (digest(uneven(10, cost=4), *[straight(threes=5, fours=5)] * 7), "id"),
    "first-week": (digest(uneven(9, cost=4), population=None), "id"),
    "all-the-same": (digest(straight(fours=6), period_n=400), "id"),
    "three": (digest(straight(fours=3), comments=1), "id"),
    "three-en": (digest(straight(fours=3), comments=1), "en"),
    "none": (digest(EMPTY, period_n=150), "id"),
    "none-unknown": (digest(EMPTY, population=None), "id"),
    "year-end": (digest(EMPTY, week="2026-W53", period="2027-S1", period_n=0), "id"),
    "period-over": (digest(EMPTY, week="2026-W22", period="2026-05", period_n=300), "id"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_caption(case: str) -> None:
    found, language = CASES[case]
    assert digest_text(found, words(language)) + "\n" == (GOLDEN / f"{case}.txt").read_text("utf-8")


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_extra_questions(language: str) -> None:
    text = extra_text(digest(uneven(40), extras=EXTRAS), words(language))
    assert f"{text}\n" == (GOLDEN / f"extra-{language}.txt").read_text("utf-8")


def test_no_message_about_extra_questions_without_any_or_for_few_responses() -> None:
    assert extra_text(digest(uneven(40)), words("id")) is None
    assert extra_text(digest(uneven(4), extras=EXTRAS), words("id")) is None


def test_extra_questions_that_do_not_fit_are_counted() -> None:
    long = [
        Extra(f"q{n}", "😀" * 300, "choice", tuple(f"{choice}" * 40 for choice in range(10)))
        for n in range(12)
    ]
    text = extra_text(digest(uneven(40), extras=long), words("id"))
    assert text is not None
    assert units(text) <= 4096
    assert text.endswith("pertanyaan lain yang tidak muat di sini.")


@pytest.mark.parametrize(
    ("first", "last", "indonesian", "english"),
    [
        (date(2026, 11, 16), date(2026, 11, 22), "16–22 Nov 2026", "16–22 Nov 2026"),
        (date(2026, 11, 30), date(2026, 12, 6), "30 Nov–6 Des 2026", "30 Nov–6 Dec 2026"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 Des 2026–3 Jan 2027", "28 Dec 2026–3 Jan 2027"),
        (date(2026, 8, 3), date(2026, 8, 9), "3–9 Agu 2026", "3–9 Aug 2026"),
    ],
)
def test_days_and_numbers_as_the_language_writes_them(
    first: date, last: date, indonesian: str, english: str
) -> None:
    assert days(first, last, words("id")) == indonesian
    assert days(first, last, words("en")) == english
    assert number("-1.50", words("id")) == "−1,50"
    assert number("84.72", words("en")) == "84.72"


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_element_has_something_to_do_about_it_in_fifteen_words(language: str) -> None:
    for key in instrument(CURRENT).keys:
        assert len(words(language).texts[f"digest.do.{CURRENT}.{key}"].split()) <= 15


def units(text: str) -> int:
    """UTF-16 units: what the strictest reading of Telegram's limits counts."""
    return len(text.encode("utf-16-le")) // 2


@given(digests, st.sampled_from(["id", "en"]))
def test_texts_keep_telegrams_limits_whatever_the_names(found: Digest, language: str) -> None:
    assert 0 < units(digest_text(found, words(language))) <= 1024
    assert units(extra_text(found, words(language)) or "") <= 4096


def test_a_long_name_is_cut() -> None:
    office = Office("LONG", "😀 " * 2000, "")
    found = digest(uneven(cost=4), WEEK_40, office=office)
    assert units(digest_text(found, words("id"))) < 1024


def test_names_of_elements_are_the_official_ones() -> None:
    assert element_name(digest(EMPTY), "cost", words("id")) == "Biaya/Tarif"
