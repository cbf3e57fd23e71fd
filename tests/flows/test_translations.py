"""An admin's question in other languages: said where it is translated, in Indonesian elsewhere."""

from dataclasses import replace

from flows.engine import multiple_choice
from flows.engine.form import DONE
from flows.engine.screen import answer_line
from flows.extra_question import Extra, Translation
from flows.instrument import Questionnaire
from flows.loader import instrument, words
from flows.survey.extra import extra_step
from flows.survey.form import survey_form
from reports.digest.words import extra_text
from reports.statistics.counting import tally_of_rows
from reports.statistics.tally import Row
from tests.support.digest_weeks import KEYS, digest
from tests.support.events_of_forms import begun
from tests.support.instruments import CURRENT


def test_a_question_is_asked_in_the_language_it_is_translated_into_and_else_in_indonesian():
    english = Translation("en", "How did you come?", ("Motorbike", "Car"))
    came = Extra("a1", "Naik apa?", "multiple", ("Motor", "Mobil"), translations=(english,))
    step = extra_step(came, {})
    motor, car = multiple_choice.labels(step, ["1", "2"])
    assert [words(to).line(step.text) for to in ("id", "en", "jv")] == [
        "Naik apa?", "How did you come?", "Naik apa?",
    ]  # fmt: skip
    assert [words("en").line(label) for label in (motor, car)] == ["Motorbike", "Car"]
    form = survey_form(Questionnaire(CURRENT, (came,)), instrument(CURRENT))
    talk = begun(form).but(answers={"x_a1": ["1", "2", DONE]})
    line = answer_line(form, talk, form.by_id["x_a1"])
    assert (words("su").line(line), words("en").line(line)) == ("Motor, Mobil", "Motorbike, Car")


def test_a_translation_is_a_version_of_its_own_and_none_leaves_the_id_what_it_was():
    plain = Questionnaire(CURRENT, (Extra("a1", "Parkir?", "text"),))
    said = Questionnaire(
        CURRENT, (replace(plain.extras[0], translations=(Translation("en", "Parking?"),)),)
    )
    assert plain.to_json() == '["skm-14-2017",[["a1","Parkir?","text",[]]]]'
    assert said.id != plain.id
    assert Questionnaire.from_json(said.to_json()) == said


def test_a_head_reads_it_in_the_language_of_the_digest():
    english = Translation("en", "How did you come?", ("Motorbike", "Car"))
    came = Extra("a1", "Naik apa?", "choice", ("Motor", "Mobil"), translations=(english,))
    rows = [Row(dict.fromkeys(KEYS, 3), {}, {"a1": "2"})] * 6
    week = digest(tally_of_rows(KEYS, rows), extras=(came,))
    assert "How did you come?" in (extra_text(week, words("en")) or "")
    assert "Car" in (extra_text(week, words("en")) or "")
    assert "Naik apa?" in (extra_text(week, words("id")) or "")
