"""What is typed is a tap where it names a button; whatever else is typed stays what it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.asides import ASIDES
from flows.engine.conversation import Conversation, asking
from flows.engine.events import Asked, Opened, Submit, Tapped, Typed
from flows.engine.form import NOT_APPLICABLE, SKIP_ALL, SKIPPED, Choice, Form, Line, Step, literal
from flows.engine.hear import hear
from flows.extra_question import Extra
from flows.instrument import Questionnaire
from flows.loader import instrument, words
from flows.survey.form import survey_form
from tests.support.events_of_forms import ME, texts
from tests.support.instruments import CURRENT

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
    assert event == Typed("1", 0, text)
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
        ("④", None),
        ("1000000000000000000000000", None),
        ("4 4", None),
        ("mudah sekali", None),
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
    assert heard("1", "consent") == "agreed"
    assert heard("3", "consent") == "declined"
    assert heard("2", "service") == "stnk"
    assert heard("ganti stnk", "service") == "stnk"
    assert heard("3", "service") is None
    assert heard("4", "sex") == SKIP_ALL


def test_a_label_that_is_a_number_comes_before_a_place():
    """The first choice reads "2": whoever types 2 means it, not the second."""
    assert heard("2", "x_k") == "1"
    assert heard("1", "x_k") == "1"  # no label reads "1", so the first place
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
