"""Extra questions with logic, and why a score is low: what is asked, kept, counted and refused."""

from dataclasses import replace

import pytest

from flows.engine.events import Typed
from flows.engine.form import DONE, Either, Line, Lowest, When
from flows.engine.say import say
from flows.engine.screen import screen
from flows.extra_question import Asked, Extra
from flows.instrument import Questionnaire
from flows.loader import LANGUAGES, words
from flows.survey.extra import MOST
from flows.survey.form import COMMENT
from flows.survey.kinds import KINDS
from flows.survey.kinds.place import Place
from flows.survey.reasons import REASON
from reports.digest.composed import Digest
from reports.digest.words import extra_text
from reports.disclosure import shown_choices
from reports.statistics.counting import tally_of_rows
from reports.statistics.tally import ANSWERED, TEXT, Row, Tally
from reports.stored.many import counted
from tests.support.digest_weeks import KEYS, digest
from tests.support.events_of_forms import begun
from tests.support.instruments import CURRENT
from tests.support.survey_form import PLAIN, Citizen, draft_of, form_of
from tests.support.tiny_chat import Chat, pick

NINE = ("Sesuai", "Mudah", "Cepat", "Murah", "Sesuai", "Kompeten", "Sopan dan ramah", "Baik",
        "Dikelola dengan baik")  # fmt: skip


def scored(**said: str) -> list[str]:
    """The labels of nine answers, high but for these."""
    return [said.get(key, label) for key, label in zip(KEYS, NINE, strict=True)]


def written(rini: Citizen, text: str) -> Citizen:
    rini.taps += 1
    rini.run.take(Typed(str(rini.taps), rini.taps, text))
    return rini


# --- conditions ---


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({}, ""),
        ({"a": "3", "b": "4"}, ""),
        ({"a": "2"}, "a"),
        ({"a": "2", "b": "1", "c": "2"}, "ab"),  # 1, then the first of two 2s
        ({"a": "2", "b": "2", "c": "2", "d": "2"}, "ab"),
        ({"a": "2", "b": "2", "c": "1", "d": "1"}, "cd"),
        ({"a": "-not_applicable", "d": "2"}, "d"),
    ],
)
def test_the_two_lowest_of_the_low_are_meant(answers: dict[str, str], asked: str):
    low = frozenset({"1", "2"})
    meant = [s for s in "abcd" if Lowest(frozenset({s}), tuple("abcd"), low, 2).holds(answers)]
    assert "".join(meant) == asked


def test_a_condition_on_several_answers_holds_if_one_of_them_is_meant():
    when = When("m", frozenset({"2"}))
    assert when.holds({"m": ["1", "2", DONE]})
    assert not when.holds({"m": ["1", DONE]})
    assert Either((when, When("n", frozenset({"x"})))).holds({"n": "x"})


def test_an_answer_of_a_path_since_left_opens_nothing():
    steps = (
        pick("a", "yes", "no"),
        replace(pick("b", "yes", "no"), when=(When("a", frozenset({"yes"})),)),
        replace(pick("c", "ok"), when=(When("b", frozenset({"yes"})),)),
        pick("end", "send"),
    )
    chat = Chat(*steps).tap("a", "yes").tap("b", "yes")
    assert chat.at == "c"
    assert chat.tap("a", "no").at == "end"


# --- why ---


def test_a_low_score_may_be_explained_and_the_words_stand_apart():
    rini = Citizen().begin().nine(*scored(cost="Cukup mahal"))
    assert rini.text.startswith("Biaya/tarif: apa yang kurang?")
    written(rini, "Di brosur lebih murah.").tap("Lewati").tap("Lewati semua").tap("Kirim")
    draft = draft_of(rini, PLAIN)
    assert draft.extra == {"why_cost": {"text": "Di brosur lebih murah."}}
    assert set(draft.answers) == set(KEYS)
    assert counted(draft).extra == {"why_cost": TEXT}


def test_of_three_low_scores_two_are_asked_about_and_passing_over_keeps_nothing():
    rini = Citizen().begin()
    rini.nine(*scored(procedure="Kurang mudah", cost="Cukup mahal", facilities="Buruk"))
    assert rini.text.startswith("Prosedur: apa yang kurang?")
    assert rini.tap("Lewati").text.startswith("Sarana prasarana: apa yang kurang?")
    assert "perlu diperbaiki" in rini.tap("Lewati").text
    rini.tap("Lewati").tap("Lewati semua").tap("Kirim")
    assert draft_of(rini, PLAIN).extra == {}


# --- kinds ---

ASKED = Questionnaire(CURRENT, (
    Extra("m", "Pakai apa?", "multiple", ("Loket", "Daring", "Calo"), required=True),
    Extra("n", "Berapa kali?", "number", limits=(1, 20), asked=Asked("x_m", ("1",))),
    Extra("p", "Dari mana?", "place"),
    Extra("y", "Datang lagi?", "yes_no"),
))  # fmt: skip


def test_each_kind_is_kept_in_its_own_way():
    rini = Citizen(ASKED).begin().nine().tap("Loket").tap("Calo").tap("Selesai")
    written(written(rini, "007"), "Sei Beduk").tap("Ya").tap("Lewati").tap("Lewati semua")
    draft = draft_of(rini.tap("Kirim"), ASKED)
    assert draft.extra == {"m": ["1", "3"], "n": "7", "p": {"text": "Sei Beduk"}, "y": "yes"}
    assert counted(draft).extra == {"m": ["1", "3", ANSWERED], "n": "7", "p": TEXT, "y": "yes"}


@pytest.mark.parametrize("said", ["0", "21", "tujuh", "7,5", "-7", "7 kali"])
def test_a_number_outside_its_limits_is_not_taken(said: str):
    rini = Citizen(ASKED).begin().nine().tap("Loket").tap("Selesai")
    before = rini.run.conversation.answers
    assert "bukan angka yang diminta" in written(rini, said).text
    assert rini.run.conversation.answers == before


def test_what_must_be_answered_has_nothing_to_pass_over_it():
    rini = Citizen(ASKED).begin().nine()
    spoken = words("id")
    assert [spoken.line(b.label) for b in rini.run.screens[-1].choices] == [
        "Loket", "Daring", "Calo",
    ]  # fmt: skip


def test_the_longest_review_of_all_is_one_message():
    extras = tuple(
        Extra(f"q{n}", "?" * 300, "multiple", tuple(f"{c}" * 40 for c in range(10)))
        for n in range(MOST)
    )
    form = form_of(Questionnaire(CURRENT, extras))
    many = [*map(str, range(1, 11)), DONE]
    given = {"consent": "agreed", "service": "DUKCAPIL", "comment": {"text": "x" * COMMENT}}
    given |= dict.fromkeys(KEYS, "1") | {f"x_q{n}": many for n in range(MOST)}
    given |= {f"why_{key}": {"text": "y" * REASON} for key in KEYS}
    given |= {"sex": "male", "age": "66-up", "education": "other", "occupation": "private"}
    at_the_end = begun(form).but(answers=given)
    for language in LANGUAGES:
        message = say(screen(form, at_the_end), words(language))
        title = words(language).line(Line("survey.service.title"))
        assert message.text.startswith(f"{title}:")
        assert len(message.text) <= 4096


def test_older_content_keeps_its_form_and_newer_comes_back_exactly():
    assert Extra("a1", "Parkir?", "text").said() == ["a1", "Parkir?", "text", []]
    assert Questionnaire.from_json(ASKED.to_json()) == ASKED
    assert {extra.kind for extra in ASKED.extras} < set(KINDS)
    assert Place.writes == 60


# --- the digest ---


def test_a_count_of_one_of_several_choices_hides_the_few_on_either_side():
    # Of 20: 0 and 20 tell nobody apart; 4 chose, or 4 did not (16), would.
    assert shown_choices([0, 4, 5, 15, 16, 20], 20) == (0, None, 5, 15, None, 20)
    assert shown_choices([4, 2], 4) == (None, None)


def week_of(*extras: dict[str, str | list[str]]) -> Tally:
    return tally_of_rows(KEYS, [Row(dict.fromkeys(KEYS, 3), {}, extra) for extra in extras])


def test_numbers_are_told_by_mean_and_median_from_five_on():
    times = ["1", "1", "2", "3", "10"]  # mean 17/5 = 3.4, median 2
    tally = week_of(*({"n": n, "m": ["1", ANSWERED]} for n in times))
    several, number = digest(tally, extras=ASKED.extras[:2]).extras
    assert (several.n, several.counts) == (5, (5, 0, 0))
    assert (number.n, number.counts, number.mean, number.median) == (5, (), "3.4", "2.0")
    few = digest(week_of(*({"n": n} for n in times[:4]), {}), extras=ASKED.extras[1:2]).extras[0]
    assert (few.n, few.mean, few.median) == (4, None, None)


# --- a date ---

VISIT = Extra("d", "Kapan Anda terakhir ke sini?", "date")


@pytest.mark.parametrize("said", ["30-11-2026", "30 Nopember 2026", "30/11/2026", "2026-11-30"])
def test_a_date_is_kept_as_a_day_however_it_is_written(said: str):
    rini = Citizen(Questionnaire(CURRENT, (VISIT,))).begin().nine()
    written(rini, "31-02-2026")
    assert rini.text.startswith("Tanggal itu tidak terbaca. Tulis seperti 30-11-2026.")
    written(rini, said).tap("Lewati").tap("Lewati semua")
    draft = draft_of(rini.tap("Kirim"), Questionnaire(CURRENT, (VISIT,)))
    assert draft.extra == {"d": "2026-11-30"}
    assert counted(draft).extra == {"d": "2026-11-30"}


def test_dates_are_told_by_month_and_a_month_of_few_is_not_even_named():
    """November 6 and October 5 of 13: October goes with the 2 of May 1987, or 13 - 6 - 5 = 2."""
    days = [*["2026-11-02"] * 4, *["2026-11-30"] * 2, *["2026-10-31"] * 5, *["1987-05-03"] * 2]
    (told,) = digest(week_of(*({"d": day} for day in days)), extras=[VISIT]).extras
    assert (told.n, told.buckets, told.counts) == (13, ("2026-11", ""), (6, None))
    shown = extra_text(digest(week_of(*({"d": day} for day in days)), extras=[VISIT]), words("id"))
    assert shown is not None
    assert shown.splitlines()[3:7] == [
        "Kapan Anda terakhir ke sini?", "13 jawaban", "Nov 2026: 6", "Bulan lain: disembunyikan",
    ]  # fmt: skip
    assert "1987" not in shown
    (all_of_them,) = digest(week_of(*({"d": day} for day in days[:11])), extras=[VISIT]).extras
    assert (all_of_them.buckets, all_of_them.counts) == (("2026-10", "2026-11"), (5, 6))


def test_dates_of_few_of_their_own_chats_are_hidden_too():
    days = [*["2026-11-02"] * 12, *["2026-10-31"] * 12]
    own = week_of(*({"d": day} for day in days[:13]))  # one of them says October
    tally = week_of(*({"d": day} for day in days))
    (told,) = digest(tally, extras=[VISIT], own=own).extras
    assert (told.buckets, told.counts) == (("",), (None,))


def test_a_digest_of_dates_comes_back_exactly_and_older_ones_are_read():
    found = digest(week_of(*({"d": "2026-11-02"} for _ in range(6))), extras=[VISIT])
    data = found.to_json()
    assert Digest.from_json(data) == found
    del data["extras"][0]["buckets"]
    assert Digest.from_json(data).extras[0].buckets == ()
