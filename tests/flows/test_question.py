"""An admin's extra question: what is asked, what is refused, what a citizen then sees."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.engine.clean_text import tidy
from flows.engine.events import Unfit
from flows.engine.form import Line
from flows.engine.say import say
from flows.engine.screen import screen
from flows.extra_question import Asked, Extra, Translation
from flows.instrument import Questionnaire
from flows.loader import instrument, words
from flows.office.questions.change import (
    NEW,
    Add,
    Edit,
    Move,
    Retire,
    Reword,
    Translate,
    keyed,
)
from flows.office.questions.draft import QuestionState
from flows.office.questions.texts import CHOICE, QUESTION
from flows.survey.form import survey_form
from flows.survey.kinds import KINDS
from tests.support.events_of_forms import begun
from tests.support.instruments import CURRENT
from tests.support.question_admin import Admin


def test_a_scale_is_added_with_six_taps_and_a_text():
    joko = Admin().add("Mudah ditemukan?", "scale").tap("scale", "good").always()
    joko.tap("confirm", "publish")
    assert joko.made == [Add(Extra(NEW, "Mudah ditemukan?", "scale"))]


@pytest.mark.parametrize(
    ("said", "words_of_it"),
    [
        ("bersih", ("Tidak bersih", "Kurang bersih", "Bersih", "Sangat bersih")),
        ("Mudah", ("Tidak mudah", "Kurang mudah", "Mudah", "Sangat mudah")),
        ("Buruk\nCukup\n\nBaik\n Istimewa ", ("Buruk", "Cukup", "Baik", "Istimewa")),
    ],
)
def test_a_scale_has_the_words_that_are_typed(said, words_of_it):
    joko = Admin().add("Bersih?", "scale").type(said).always().tap("confirm", "publish")
    assert joko.made == [Add(Extra(NEW, "Bersih?", "scale", words_of_it))]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("Buruk\nBaik", Line("question.scale.lines", {"given": 2})),
        ("a\na\nb\nc", Line("question.choices.twice")),
        ("x" * 34, Line("question.choices.long", {"choice": f"Kurang {'x' * 33}", "most": CHOICE})),
    ],
)
def test_a_scale_of_other_than_four_words_is_asked_for_again(said, why):
    assert Admin().add("Bersih?", "scale").type(said).note == why


def test_words_that_are_offered_are_said_in_the_citizens_language():
    easy = Extra("k", "?", "scale", ("Tidak mudah", "Kurang mudah", "Mudah", "Sangat mudah"))
    own = replace(easy, translations=(Translation("en", "?", ("1st", "2nd", "3rd", "4th")),))
    said = [words("en").line(choice.label) for choice in KINDS["scale"].choices(easy)]
    assert said == ["1 Not easy", "2 Not very easy", "3 Easy", "4 Very easy"]
    assert [words("en").line(c.label) for c in KINDS["scale"].choices(own)][3] == "4 4th"
    assert [words("id").line(c.label) for c in KINDS["scale"].choices(own)][3] == "4 Sangat mudah"


def test_choices_are_written_one_a_line():
    joko = Admin().add("Pakai apa?", "choice").type(" Motor \n\nMobil {x}\n")
    joko.tap("when", "always").tap("skippable", "no").tap("confirm", "publish")
    new = Extra(NEW, "Pakai apa?", "choice", ("Motor", "Mobil {x}"), required=True)
    assert joko.made == [Add(new)]


def test_choices_of_a_kind_since_left_are_not_published():
    joko = Admin().add("Pakai apa?", "choice").type("Motor\nMobil").tap("when", "always")
    joko.tap("kind", "text").tap("skippable", "yes").tap("confirm", "publish")
    assert joko.made == [Add(Extra(NEW, "Pakai apa?", "text"))]


def test_the_same_meaning_keeps_its_key_and_another_has_a_new_one_without_its_translations():
    same = Admin().tap("pick", "x_a1").tap("act", "text").type("Naik apa tadi?")
    assert "Kata-kata: “Naik apa?” menjadi “Naik apa tadi?”" in same.text
    assert same.tap("meaning", "same").tap("confirm", "publish").made == [
        Edit("a1", {"text": "Naik apa tadi?"})
    ]
    other = Admin().tap("pick", "x_a1").tap("act", "text").type("Dari mana?")
    other.tap("meaning", "other").tap("confirm", "publish")
    text = {"text": "Dari mana?", "key": NEW, "translations": ()}
    assert other.made == [Edit("a1", text)]
    assert keyed(other.made[0], "c3") == Edit("a1", {**text, "key": "c3"})


def test_other_answers_make_another_question():
    joko = Admin().tap("pick", "x_b2").tap("act", "answers").tap("kind", "scale")
    joko.tap("scale", "easy").tap("skippable", "yes")
    assert "− Terlambat?" in joko.text
    assert "Pertanyaan baru menggantikan yang lama" in joko.text
    (made,) = joko.tap("confirm", "publish").made
    assert isinstance(made, Edit)
    assert (made.key, made.fields["key"], made.fields["kind"]) == ("b2", NEW, "scale")


def test_when_it_is_asked_changes_and_nothing_else():
    joko = Admin().tap("pick", "x_b2").tap("act", "when").tap("when", "only").tap("of", "cost")
    joko.tap("skippable", "yes")
    assert "Hanya bila nilai Biaya/tarif 2 ke bawah." in joko.text
    joko.tap("confirm", "publish")
    assert joko.made == [Edit("b2", {"asked": Asked("cost", ("1", "2")), "required": False})]


def test_a_translation_has_a_line_for_the_question_and_one_for_each_choice():
    joko = Admin().tap("pick", "x_a1").tap("act", "translate").tap("to_language", "en")
    joko.type("How did you come?\nMotorbike\nCar")
    assert "How did you come?" in joko.text
    said = Translation("en", "How did you come?", ("Motorbike", "Car"))
    assert joko.tap("confirm", "publish").made == [Translate("a1", "en", said)]
    none = Admin().tap("pick", "x_a1").tap("act", "translate").tap("to_language", "en")
    assert "How?" in none.text
    none.tap("translation", "none").tap("confirm", "publish")
    assert none.made == [Translate("a1", "en", None)]


def test_retiring_moving_and_rewording_say_what_will_be():
    gone = Admin().tap("pick", "x_b2").tap("act", "retire")
    assert gone.text.startswith("− Terlambat?\nTidak ditanyakan lagi.")
    assert gone.tap("confirm", "publish").made == [Retire("b2")]
    moved = Admin().tap("pick", "order").tap("move", "x_b2").tap("to", "1")
    assert moved.text.startswith("Urutan: Terlambat? · Naik apa?")
    assert moved.tap("confirm", "publish").made == [Move("b2", 1)]
    paid = Admin().tap("pick", "official").tap("service", "mutasi").tap("item", "cost")
    paid.type("A\nB\nC\nD")
    assert "[ 1 A · 2 B · 3 C · 4 D · Tidak berlaku ]" in paid.text
    assert paid.tap("confirm", "publish").made == [Reword("mutasi", "cost", ("A", "B", "C", "D"))]


def test_another_question_begins_anew():
    """What was typed for one is not said of another."""
    joko = Admin().tap("pick", "x_a1").tap("act", "text").type("Naik apa tadi?")
    joko.tap("pick", "x_b2")
    assert joko.text.endswith("Apanya yang ingin Anda ubah?")
    assert set(joko.run.conversation.answers) == {"units", "pick"}


def test_a_note_is_typed_under_the_preview():
    joko = Admin().tap("pick", "x_b2").tap("act", "retire").type("Rapat 12 November")
    assert "Catatan: Rapat 12 November" in joko.text
    assert joko.tap("confirm", "publish").made == [Retire("b2")]


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("scale", "[ 1 Tidak mudah · 2 Kurang mudah · 3 Mudah · 4 Sangat mudah · Lewati ]"),
        ("text", "[ Lewati ]"),
    ],
)
def test_the_preview_is_the_screen_that_citizens_get(kind: str, shown: str):
    joko = Admin().add("Mudah <b>{ditemukan}</b>?", kind)
    if kind == "scale":
        joko.tap("scale", "easy")
    joko.always()
    assert joko.text.splitlines()[:4] == [
        "Begini warga akan melihatnya:",
        "Pertanyaan 12 dari 12",
        "Mudah <b>{ditemukan}</b>?",
        shown,
    ]


def test_what_the_database_refuses_keeps_the_draft():
    joko = Admin().add("Mudah?", "scale").tap("scale", "good").always().tap("confirm", "publish")
    kept = QuestionState(Questionnaire(CURRENT).to_json())
    joko.run.reply(Unfit("confirm", Line("question.change.none"), kept=kept))
    assert "Pertanyaan 10 dari 10" in joko.text
    joko.tap("confirm", "publish")
    assert joko.made[0] == joko.made[1]


def test_discarding_publishes_nothing():
    joko = Admin().add("A?", "scale").tap("scale", "good").always().tap("confirm", "discarded")
    assert (joko.made, joko.run.conversation.status) == ([], "discarded")


@given(
    text=st.text(st.characters(), min_size=1, max_size=QUESTION),
    kind=st.sampled_from(sorted(KINDS)),
    choices=st.lists(st.text(st.characters(), min_size=1, max_size=CHOICE), max_size=12),
)
def test_whatever_can_be_published_can_be_asked(text: str, kind: str, choices: list[str]):
    """Of any words: what the editor lets through makes a survey form and can be said."""
    joko = Admin().add(text, kind)
    if kind in ("choice", "multiple"):
        joko.type("\n".join(choices))
    if kind == "number":
        joko.type("0-100")
    joko.tap("when", "always").tap("skippable", "yes").tap("confirm", "publish")
    for made in joko.made:
        assert isinstance(made, Add)
        assert made.extra.text == tidy(text)
        extra = replace(made.extra, key="0123abcd")
        questionnaire = Questionnaire(CURRENT, (extra,))
        assert Questionnaire.from_json(questionnaire.to_json()) == questionnaire
        form = survey_form(questionnaire, instrument(CURRENT))
        shown = screen(form, begun(form).but(revisit="x_0123abcd"))
        for language in ("id", "en"):
            assert extra.text in say(shown, words(language)).text
