"""What is typed is a tap where it names a button; whatever else is typed stays what it is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.asides import ASIDES
from flows.engine.advance import advance
from flows.engine.conversation import Conversation
from flows.engine.events import Asked, Opened, Show, Submit, Tapped, Typed
from flows.engine.form import (
    NOT_APPLICABLE,
    SKIP_ALL,
    SKIPPED,
    Choice,
    Form,
    Line,
    Step,
    asking,
    literal,
)
from flows.engine.hear import hear
from flows.engine.screen import screen
from flows.extra_question import Extra
from flows.instrument import Questionnaire
from flows.loader import instrument, words
from flows.survey.find import FIND, QUERY, UNIT
from flows.survey.form import survey_form
from tests.support.events_of_forms import ME, begun, texts
from tests.support.instruments import CURRENT
from tests.support.paths import TESTS

EXTRA = Extra("k", "Naik apa?", "choice", ("2", "Motor", "1 kali", "Lewati"))
SURVEY = survey_form(Questionnaire(CURRENT, (EXTRA,)), instrument(CURRENT))
SERVICES = [{"id": "pajak", "label": "Pajak tahunan"}, {"id": "stnk", "label": "Ganti STNK."}]


def conversation(at: str, language: str = "id") -> Conversation:
    """A survey in which this step is asked: all before it are answered."""
    offered = {"service": SERVICES, "resume": [{"id": "start-9", "label": "Mulai Samsat"}]}
    ids = [step.id for step in SURVEY.steps]
    low = at.removeprefix("why_")
    given = {step: "1" if step == low else "3" for step in ids[: ids.index(at)]}
    given |= {"consent": "agreed"} if at != "consent" else {}
    return Conversation(
        ME, "survey", "1", "", language, 0, 0, answers=given, offered=offered, revisit=at
    )


def heard(text: str, at: str, language: str = "id") -> str | None:
    """The choice that a typed text means at a step; None if it is only text."""
    now = conversation(at, language)
    event = hear(SURVEY, now, Typed("1", 0, text), words(language))
    if isinstance(event, Tapped):
        assert (event.id, event.at, event.conversation, event.step) == ("1", 0, ME, at)
        return event.choice
    assert isinstance(event, Typed)
    assert event.text == text
    return None


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("1", "1"),
        (" 4 ", "4"),
        ("4.", "4"),
        ("4)", "4"),
        ("04", "4"),
        ("٤", "4"),  # Arabic-Indic
        ("४", "4"),  # Devanagari
        ("４", "4"),  # full width
        ("\u200f4\u200f", "4"),
        ("4 Sangat mudah", "4"),
        ("Sangat mudah", "4"),
        ("SANGAT  MUDAH!", "4"),
        ("sangat mudah.", "4"),
        ("mudah", "3"),
        ("kembali", "_back"),
        ("‹ Kembali", "_back"),
        ("5", None),
        ("0", None),
        ("-1", None),
        ("²", None),
        ("½", None),
        ("④", "4"),
        ("(4)", "4"),
        ("4️⃣", "4"),
        ("empat", "4"),
        ("nomor 4", "4"),
        ("no. 4 ya", "4"),
        ("4/4", None),
        ("4 mudah", None),
        ("sgt mudah", "4"),
        ("mudah bgt", "4"),
        ("mudaaah", "3"),
        ("mudh", "3"),
        ("krng mudah", "2"),
        ("kurang", "2"),
        ("ga mudah", "1"),
        ("tidak", None),  # "no" is no answer to how easy it was
        ("murah", None),  # another word that there is, so no slip
        ("lumayan mudah", None),
        ("gak mudah sama sekali", None),
        ("tidak mudah dan tidak cepat", None),
        ("1000000000000000000000000", None),
        ("4 4", None),
        ("mudah sekali", "4"),
        ("tidak berlaku", None),  # not offered at this question
        ("", None),
        ("...", None),
        ("‹", None),
    ],
)
def test_at_a_question(text: str, choice: str | None):
    assert heard(text, "procedure") == choice


def test_beside_numbered_answers_nothing_else_has_a_number():
    """A 5 that means praise must not become "tidak berlaku"."""
    assert heard("5", "cost") is None
    assert heard("Tidak berlaku", "cost") == NOT_APPLICABLE
    assert heard("gratis", "cost") == "4"


def test_where_no_number_is_shown_the_place_counts():
    assert heard("2", "service") == "stnk"
    assert heard("ganti stnk", "service") == "stnk"
    assert heard("3", "service") is None
    assert heard("4", "sex") == SKIP_ALL


@pytest.mark.parametrize(
    ("at", "number"), [("consent", "1"), ("consent", "3"), ("review", "1"), ("review", "2")]
)
def test_no_number_agrees_ends_or_sends(at: str, number: str):
    """Whoever types 3 to say "baik" has not declined."""
    assert heard(number, at) is None


AGREE = [
    "iya",
    "ya",
    "Ok",
    "oke",
    "setuju",
    "baik",
    "y",
    "gas",
    "boleh",
    "👍",
    "👍🏽",
    "ya, saya setuju",
    "ok siap",
    "nggih",
]
DECLINE = ["ga", "gak", "tidak", "nggak", "no", "tdk", "tidak setuju", "gak mau", "👎"]


@pytest.mark.parametrize(
    ("at", "choice", "said"),
    [
        ("consent", "agreed", AGREE),
        ("consent", "declined", DECLINE),
        ("consent", None, ["ya tidak", "nanti", "gapapa", "umur saya 16", "5"]),
        ("review", "send", ["ya", "ok", "sudah benar", "Kirim!"]),
        ("review", "change", ["belum", "salah", "tidak"]),
        ("sex", SKIPPED, ["lewat", "skip", "lanjut", "lewati saja"]),
        ("sex", "male", ["pria", "L", "cowok", "laki"]),
        ("sex", "female", ["wanita", "P", "perem"]),
        ("age", "17-25", ["17", "25", "umur 20", "17-25"]),
        ("age", "26-35", ["34", "35 tahun", "usia saya 30 thn"]),
        ("age", "66-up", ["66", "90"]),
        ("age", None, ["3", "16", "121", "1990", "17 atau 30"]),
        ("education", "sma", ["sma", "SMK", "slta"]),
        ("education", "s1", ["S1.", "sarjana"]),
        ("education", None, ["1", "kuliah"]),  # S1, or the first of the buttons?
        ("occupation", "private", ["swasta", "karyawan swasta"]),
        ("occupation", "self_employed", ["wiraswasta"]),
        ("cost", None, ["mudah", "murah bgt", "mahal", "cukup"]),
        ("facilities", "4", ["bagus banget"]),
        ("facilities", "1", ["jelek"]),
        ("complaint_handling", None, ["baik", "kurang", "dikelola"]),
        ("complaint_handling", NOT_APPLICABLE, ["belum pernah", "tdk berlaku"]),
        ("officer_conduct", "3", ["sopan", "ramah"]),
        ("officer_conduct", "1", ["gak sopan"]),
        ("service", "pajak", ["pajak", "pajk tahunan"]),
        ("comment", SKIPPED, ["skip", "lewat", "Lewati saja"]),
        ("comment", None, ["ya", "tidak", "ok", "tidak ada", "4", "pelayanan baik"]),
    ],
)
def test_what_people_type(at: str, choice: str | None, said: list[str]):
    assert {text: heard(text, at) for text in said} == dict.fromkeys(said, choice)


def test_typed_answers_mean_what_people_mean():
    """tests/data/typed-answers.txt: nothing is taken for another answer; few are asked again."""
    wrong, again, count = [], [], 0
    for line in (TESTS / "data" / "typed-answers.txt").read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        where, text, means = line.split(" | ")
        language = "en" if where.startswith("en:") else "id"
        now = conversation(where.removeprefix("en:"), language)
        found = heard_of(now, text, language)
        if asked := re.fullmatch(r"(\d)/(\d)|\?(\w+)", means):
            assert asks_of(now, text) == [each for each in asked.groups() if each], line
            means = "ask"
        wanted = None if means in ("ask", "none", "text") else MOVES.get(means, means)
        count += 1
        if found != wanted:
            (again if found is None else wrong).append(line)
    print(f"{count} typed answers: {1 - len(again) / count:.1%} understood; asked again: {again}")
    assert not wrong, wrong
    assert count >= 300
    assert len(again) <= count * ASKED_AGAIN


def asks_of(now: Conversation, text: str) -> list[str]:
    """The numbers of the answers between which is asked, or what is explained instead."""
    event = hear(SURVEY, now, Typed("1", 0, text), words("id"))
    assert isinstance(event, Typed)
    if event.asks:
        return [event.asks.key.removeprefix("asks.survey.")]
    return sorted(f"{label.params['number']}" for label in event.near)


MOVES = {"elsewhere": ""}  # [Bukan unit ini] opens the search
ASKED_AGAIN = 0.03


def test_a_word_that_stops_is_the_command_where_no_text_is_asked():
    for where in ("consent", "service", "cost", "sex", "review"):
        for text in ("batal", "Udahan deh", "stop"):
            now = conversation(where)
            event = hear(SURVEY, now, Typed("1", 0, text), words("id"))
            assert event == Asked("1", 0, "cancel"), (where, text)
            assert advance(SURVEY, now, event).conversation.status == "cancelled"
    for where, text in (("comment", "batal"), ("cost", "batal puasa"), ("cost", "tidak batal")):
        event = hear(SURVEY, conversation(where), Typed("1", 0, text), words("id"))
        assert isinstance(event, Typed), (where, text)


def test_yes_and_its_name_alone_mean_the_one_that_was_found():
    one, other = ({"id": f"U-{n}", "label": f"Samsat {n} · Batam"} for n in (1, 2))
    twin = {"id": "U-3", "label": "Samsat 1 · Medan"}

    def found(text: str, *rows: dict[str, str]) -> str | None:
        now = begun(FIND).but(answers={QUERY: {"text": "samsat"}}, offered={UNIT: list(rows)})
        return getattr(hear(FIND, now, Typed("1", 0, text), words("id")), "choice", None)

    assert [found(said, one) for said in ("sip", "Ya.", "samsat 1", "tidak")] == [
        "U-1", "U-1", "U-1", None,
    ]  # fmt: skip
    assert [found(said, one, other) for said in ("ya", "Samsat 2", "samsat")] == [None, "U-2", None]
    assert found("samsat 1", one, twin) is None


def test_two_that_are_near_are_asked_about():
    now = conversation("service")
    services = [{"id": "a", "label": "Ganti STNK"}, {"id": "b", "label": "Ganti pelat"}]
    now = now.but(offered={**now.offered, "service": services})
    event = hear(SURVEY, now, Typed("1", 0, "ganti"), words("id"))
    assert isinstance(event, Typed)
    assert event.near == (literal("Ganti STNK"), literal("Ganti pelat"))
    turn = advance(SURVEY, now, event)
    assert turn.conversation.answers == now.answers
    (show,) = turn.effects
    assert isinstance(show, Show)
    assert show.screen.notes[0].key == "heard.near"


_CHAT = st.sampled_from(
    ["ya", "ga", "tidak", "sgt", "krng", "mudah", "murah", "sopan", "4", "④", "nomor", "empat",
     "lewat", "👍", "bgt", "baik", "Setuju", "30"]
)  # fmt: skip


@given(
    st.lists(_CHAT, min_size=1, max_size=4).map(" ".join) | texts,
    st.sampled_from([step.id for step in SURVEY.steps if not step.writes]),
)
def test_typed_words_change_nothing_or_take_one_choice_that_is_offered(text: str, at: str):
    now = conversation(at)
    shown = screen(SURVEY, now)
    event = hear(SURVEY, now, Typed("1", 0, text), words("id"))
    if isinstance(event, Tapped):
        offered = [(b.step, b.choice) for b in (*shown.choices, *shown.moves)]
        assert (event.step, event.choice) in offered
        return
    if isinstance(event, Asked):  # only a word that says so ends a survey
        assert event.command == "cancel"
        assert any(word in text.casefold() for word in words("id").listed("heard.stop"))
        return
    turn = advance(SURVEY, now, event)
    assert (turn.conversation.answers, turn.conversation.status) == (now.answers, "open")
    (show,) = turn.effects
    assert isinstance(show, Show)
    assert show.screen.notes


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_text_equal_to_a_label_means_that_label(language: str):
    for step in SURVEY.steps:
        now = conversation(step.id, language)
        shown = screen(SURVEY, now)
        taken: set[str] = set()
        for button in (*shown.choices, *shown.moves):
            label = words(language).line(button.label)
            if label.casefold() not in taken:  # of two that read the same the first
                assert heard_of(now, label, language) == button.choice
            taken.add(label.casefold())


def heard_of(now: Conversation, text: str, language: str) -> str | None:
    event = hear(SURVEY, now, Typed("1", 0, text), words(language))
    return event.choice if isinstance(event, Tapped) else None


def test_a_label_that_is_a_number_comes_before_a_place():
    """The first choice reads "2": whoever types 2 means it, not the second."""
    assert heard("2", "x_k") == "1"
    assert heard("1", "x_k") == "3"  # a part of "1 kali" alone: where labels count, no place does
    assert heard("1 kali", "x_k") == "3"
    assert heard("lewati", "x_k") == "4"  # the admin's own comes before ours


def test_where_text_is_asked_a_number_is_text_and_a_label_a_tap():
    assert heard("4", "comment") is None
    assert heard("1", "comment") is None
    assert heard("Lewati", "comment") == SKIPPED
    assert heard("kembali", "comment") == "_back"
    assert heard("Lewati saja antreannya", "comment") is None


def test_the_list_of_answers_is_chosen_from_by_the_numbers_that_stand_in_it():
    assert heard("1", "change") == "requirements"
    assert heard("9", "change") == "complaint_handling"
    assert heard("10", "change") == "x_k"
    assert heard("saran", "change") == "comment"
    assert heard("Layanan", "change") == "service"
    assert heard("2 Prosedur", "change") == "procedure"
    assert heard("kembali", "change") == "stay"


def test_continuing_is_the_first_of_continue_or_start():
    assert heard("1", "resume") == "stay"
    assert heard("9", "resume") is None  # "Lanjutkan … (1 dari 9)" says it, and means none
    assert heard("2", "resume") == "start-9"
    assert heard("mulai samsat", "resume") == "start-9"


def test_each_language_hears_its_own_words():
    assert heard("very easy", "procedure", "en") == "4"
    assert heard("sangat mudah", "procedure", "en") is None
    assert heard("back", "procedure", "en") == "_back"


def test_where_nothing_lies_before_kembali_is_text():
    step = Step("w", literal("?"), writes=9)
    form = Form("tiny", (step, *ASIDES), lambda form, conversation: Submit({}))
    now = Conversation(ME, "tiny", "1", "", "id", 0, 0)
    assert hear(form, now, Typed("1", 0, "kembali"), words("id")) == Typed("1", 0, "kembali")


def test_other_events_and_a_closed_conversation_are_left_alone():
    now = conversation("procedure")
    for event in (Tapped("1", 0, ME, "a", "1"), Opened("1", 0, "1"), Asked("1", 0, "help")):
        assert hear(SURVEY, now, event, words("id")) is event
    closed = Conversation(ME, "survey", "1", "", "id", 0, 0, status="cancelled")
    assert hear(SURVEY, closed, Typed("1", 0, "1"), words("id")) == Typed("1", 0, "1")


@given(texts, st.sampled_from([step.id for step in SURVEY.steps]))
def test_hearing_never_fails(text: str, at: str):
    now = conversation(at)
    for language in ("id", "en"):
        hear(SURVEY, now, Typed("1", 0, text), words(language))


def test_the_conversations_of_these_tests_are_where_they_say():
    for step in SURVEY.steps:
        asked = asking(SURVEY, conversation(step.id))
        assert asked is step, step.id


def test_a_choice_without_words_is_not_heard_by_silence():
    step = Step("a", literal("?"), (Choice("x", Line("=", {"text": "!"})),))
    form = Form("tiny", (step, *ASIDES), lambda form, conversation: Submit({}))
    now = Conversation(ME, "tiny", "1", "", "id", 0, 0)
    assert hear(form, now, Typed("1", 0, "..."), words("id")) == Typed("1", 0, "...")
