"""The digest's texts: against kept ones, and within Telegram's limits whatever comes."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.engine.form import Line
from flows.extra_question import Extra
from flows.formats import days, number
from flows.loader import SKM, ids_of, instrument, words
from reports.digest.caption import More, digest_text
from reports.digest.composed import Digest, Office, Place
from reports.digest.details import details_text
from reports.digest.words import element_name, extra_text, missing
from reports.statistics.counting import tally_of_rows
from reports.statistics.tally import Row
from tests.support.digest_weeks import EMPTY, EXTRAS, KEYS, digest, digests, straight, uneven
from tests.support.paths import TESTS
from tests.support.shown_files import ON_PURPOSE, stood_in

GOLDEN = TESTS / "digests"
WEEK_40 = straight(threes=20, fours=20)  # mean 3.5: IKM 87.50


TEN = straight(threes=5, fours=5)

CASES = {
    "week": (digest(uneven(cost=4, product=8, facilities=20), *[WEEK_40] * 9), "id"),
    "week-en": (digest(uneven(cost=4, product=8, facilities=20), *[WEEK_40] * 9), "en"),
    "rose": (digest(WEEK_40, *[straight(threes=36, fours=4)] * 9), "id"),
    "steady": (digest(WEEK_40, *[straight(threes=22, fours=18)] * 9, period_n=120), "id"),
    "seven-weeks": (digest(uneven(10, cost=4), *[TEN] * 7), "id"),
    "first-week": (digest(uneven(9, cost=4), population=None), "id"),
    "all-the-same": (digest(straight(fours=6), period_n=400), "id"),
    "three": (digest(straight(fours=3)), "id"),
    "three-en": (digest(straight(fours=3)), "en"),
    "none": (digest(EMPTY, period_n=150), "id"),
    "none-unknown": (digest(EMPTY, population=None), "id"),
    "year-end": (digest(EMPTY, week="2026-W53", period="2027-S1", period_n=0), "id"),
    "period-over": (digest(EMPTY, week="2026-W22", period="2026-05", period_n=300), "id"),
}


MORE = More(
    "antre cek fisik dua jam",
    "Triwulan III 2026 sudah berakhir, belum terbit: /periode",
    "Tindak lanjut: 1 berjalan, tenggat 30 Nov 2026",
    "Contoh: Samsat Sekupang 3,58 pada Waktu Penyelesaian (antrean daring)",
)
FULL = replace(
    CASES["week"][0],
    standing=Place("2026-Q3", 2, 5, 14),
    flags=("straight_lined", "near_population"),
)
OWN = digest(straight(threes=9), own=straight(threes=3))
MONTH = replace(
    CASES["seven-weeks"][0], week="2026-11", first=date(2026, 10, 26), last=date(2026, 11, 29)
)
PAPER = "dari kertas, petugas, atau web"
MORE_CASES = {
    "full": (FULL, MORE, "id"),
    "full-en": (FULL, More("the queue took two hours"), "en"),
    "few-of-their-own": (OWN, More(), "id"),
    "waits": (replace(CASES["none"][0], n=9, waits=True), More(), "id"),
    "few-in-two-weeks": (
        replace(CASES["three"][0], first=date(2026, 11, 9)),
        More(unpublished=MORE.unpublished),
        "id",
    ),
    "up-to-a-periods-end": (replace(FULL, last=date(2026, 11, 20)), More(), "id"),
    "month": (replace(MONTH, left_out=3), More(), "id"),
    "month-left-out": (replace(digest(EMPTY), week="2026-11", left_out=12), More(), "id"),
    "month-none": (replace(digest(EMPTY), week="2026-11"), MORE, "id"),
}


@pytest.mark.parametrize("case", [*CASES, *MORE_CASES])
def test_the_caption(case: str) -> None:
    if case in CASES:
        found, language = CASES[case]
        text = digest_text(found, words(language))
    else:
        found, more, language = MORE_CASES[case]
        text = digest_text(found, words(language), more)
    assert text + "\n" == _golden(case, text), ON_PURPOSE


def test_the_details() -> None:
    text = details_text(FULL, words("id"), MORE, [Line("radar.name.burst")])
    assert text + "\n" == _golden("details", text), ON_PURPOSE


@pytest.mark.parametrize(
    ("n", "own", "why", "lacks"),
    [
        (3, 3, "3 jawaban masuk.", "5 jawaban (kurang 2)"),
        (3, 0, "3 jawaban masuk.", "5 jawaban (kurang 2)"),
        (4, 2, f"4 jawaban: 2 {PAPER}, 2 dari obrolan.", "5 dari obrolan (kurang 3)"),
        (23, 3, f"23 jawaban: 20 {PAPER}, 3 dari obrolan.", "5 dari obrolan (kurang 2)"),
    ],
)
def test_a_withheld_index_says_why_and_what_it_lacks(n, own, why, lacks) -> None:
    found = digest(straight(threes=n), own=straight(threes=own))
    assert found.ikm is None
    first, second = missing(found, words("id"))
    assert (first, second) == (
        why,
        f"IKM tampil setelah {lacks}, agar jawaban mereka tidak terbaca.",
    )


def test_a_withheld_element_says_why_and_one_that_nobody_answered_is_not_called_withheld() -> None:
    """Of 9: cost answered by 3, facilities by nobody."""
    given = [
        {**dict.fromkeys(KEYS, 3), "cost": 3 if place < 3 else None, "facilities": None}
        for place in range(9)
    ]
    rows = [Row(answers) for answers in given]
    lines = details_text(digest(tally_of_rows(KEYS, rows)), words("id"), More()).splitlines()
    hidden = [line for line in lines if line.endswith("tidak ditampilkan")]
    assert hidden == ["4. Biaya/Tarif: tidak ditampilkan"]
    assert "8. Sarana dan Prasarana: belum dijawab" in lines
    assert any(line.startswith("Tidak ditampilkan dan tidak masuk IKM") for line in lines)


def _golden(case: str, text: str) -> str:
    return stood_in(GOLDEN / f"{case}.txt", text + "\n")


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
    said = words(language).texts
    asked = [by for by in map(instrument, ids_of(SKM)) if by.asked]
    keys = [f"digest.do.{by.id}.{key}" for by in asked for key in by.keys]
    assert [key for key in keys if len(said.get(key, "").split()) not in range(1, 16)] == []


def units(text: str) -> int:
    """UTF-16 units: what the strictest reading of Telegram's limits counts."""
    return len(text.encode("utf-16-le")) // 2


written = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)


@given(
    digests, st.builds(More, st.text(max_size=60), written, written), st.sampled_from(["id", "en"])
)
def test_texts_keep_telegrams_limits_whatever_the_names(
    found: Digest, more: More, language: str
) -> None:
    text = digest_text(found, words(language), more)
    assert 0 < units(text) <= 1024
    # Whatever is left out, the figures and how far to trust them stay.
    if found.ikm and found.ci95:
        assert text.endswith(words(language).texts["digest.interval"])
    assert units(details_text(found, words(language), more)) <= 4096
    assert units(extra_text(found, words(language)) or "") <= 4096


def test_a_long_name_is_cut() -> None:
    office = Office("LONG", "😀 " * 2000, "")
    found = digest(uneven(cost=4), WEEK_40, office=office)
    assert units(digest_text(found, words("id"))) < 1024


def test_names_of_elements_are_the_official_ones() -> None:
    assert element_name(digest(EMPTY), "cost", words("id")) == "Biaya/Tarif"


def test_a_caption_has_as_much_room_as_its_channel_gives():
    long = digest_text(FULL, words("id"), MORE, 4_096)
    room = units(long) - 1
    short = digest_text(FULL, words("id"), MORE, room)
    assert 0 < units(short) <= room
    assert set(short.splitlines()) < set(long.splitlines())
