"""Walks in the survey with every kind of question: each button can be typed. (Golden dialogues
check it of every screen that they show: `tests.support.typed`.) No text says anything by a sign
alone."""

import re
import unicodedata
from dataclasses import replace
from random import Random

import pytest

from flows.engine.events import Effect, Found, Look, Tapped, Told, Typed
from flows.engine.form import Form
from flows.engine.say import say
from flows.engine.screen import ENDED
from flows.extra_question import Asked, Extra
from flows.instrument import Questionnaire
from flows.loader import LANGUAGES, instrument, words
from flows.survey.erase import ERASE_FORM
from flows.survey.form import survey_form
from tests.support.events_of_forms import AFTER, ME, OFFERED, ROWS, Press, Run, begun
from tests.support.instruments import CURRENT
from tests.support.typed import untyped

EXTRAS = tuple(
    Extra(f"k{number}", f"Pertanyaan {kind}?", kind, choices, limits)
    for number, (kind, choices, limits) in enumerate(
        [
            ("scale", (), None),
            ("choice", ("Motor", "Mobil", "2 kali"), None),
            ("multiple", ("Brosur", "Situs web", "Teman"), None),
            ("yes_no", (), None),
            ("number", (), (0, 300)),
            ("text", (), None),
            ("place", (), None),
        ]
    )
)
ASKED = Extra("k9", "Mengapa tidak?", "text", asked=Asked("x_k3", ("no",)))
SURVEY = survey_form(Questionnaire(CURRENT, (*EXTRAS, ASKED)), instrument(CURRENT))
FORMS = {form.id: form for form in (SURVEY, ERASE_FORM)}
SIGNS = "‹›✓•"  # beside words; what they say is said by the words as well


def content(effect: Effect) -> Found | Told | None:
    """A database that finds something for whatever is looked for, and takes whatever is sent."""
    if isinstance(effect, Look):
        return Found(OFFERED[effect.kind], ROWS) if effect.kind in OFFERED else None
    return Told("survey.thanks", {"receipt": "AAAA-BBBB", "minutes": "15"}, AFTER)


def walked(form: Form, chance: Random, language: str) -> Run:
    """Somebody who taps about, writes where that is asked, and sometimes asks for an aside."""
    opened = begun(form, language)
    kept = {"sealed": "x"} if form is ERASE_FORM else opened.kept
    run = Run(form, opened.but(kept=kept), content)
    for number in range(1, 90):
        if run.over:
            break
        assert list(untyped(run.form, run.conversation, run.screens[-1])) == []
        if chance.random() < 0.08:
            aside = chance.choice([step.id for step in form.steps if step.aside])
            run.conversation = run.conversation.but(revisit=aside)
            run.take(Tapped(str(number), number, "", "", ""))
            continue
        said = chance.choice(["samsat", "7", "Motor\nMobil", "0-100", "Apa kabar?"])
        what = Typed(str(number), number, said) if chance.random() < 0.25 else None
        run.take(what or run.of(Press(str(number), number, chance.randrange(9), 0)))
    return run


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_button_of_every_screen_can_be_typed(form: Form):
    chance, seen = Random(form.id), set[str]()
    for language in ("id", "en", "en-x-large") * 25:
        run = walked(form, chance, language)
        assert run.conversation.id == ME
        seen |= {button.step for shown in run.screens for button in shown.choices}
    reached = {step.id for step in form.steps if step.choices or step.lists} | {ENDED}
    assert reached - seen <= ({ENDED} if form is ERASE_FORM else set())


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_said_by_a_sign_or_a_colour_alone(language: str):
    for key, text in words(language).texts.items():
        if "heard" in key.split("."):  # what people type, which the bot does not say
            continue
        signs = {c for c in text if unicodedata.category(c) in ("So", "Sk") or c in SIGNS}
        assert signs <= set(SIGNS), f"{key}: what {signs} says must be said in words"
        if signs:
            assert any(c.isalnum() for c in re.sub(r"\{\w+\}", "x", text)), key


def test_what_is_chosen_of_several_is_said_in_words_too():
    run = Run(SURVEY, begun(SURVEY), content)
    extra = "x_k2"
    run.conversation = run.conversation.but(answers={extra: ["1"]})
    form = SURVEY
    asked = replace(form.by_id[extra], when=())
    shown = Run(Form("tiny", (asked,), form.finish), run.conversation, content).screens[-1]
    assert "Brosur" in say(shown, words("id")).text.partition("\n")[2]
