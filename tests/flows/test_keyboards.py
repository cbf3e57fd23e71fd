"""Buttons that a form keeps are those that its step makes anew each time."""

from hypothesis import given
from hypothesis import strategies as st

from flows.engine.capabilities import fits, length
from flows.engine.screen import _buttons, choices_of, screen
from flows.instrument import Questionnaire
from flows.loader import instrument
from flows.survey.form import survey_form
from flows.survey.state import SurveyState
from tests.support.events_of_forms import begun
from tests.support.instruments import CURRENT

FORM = survey_form(Questionnaire(CURRENT), instrument(CURRENT))
PROMISING = begun(FORM)
PREVIEW = PROMISING.but(kept=SurveyState(part="preview").to_json())


def test_each_shows_its_own_buttons_whoever_was_there_before():
    for step in FORM.steps:
        for talk in (PROMISING, PREVIEW, PROMISING, PREVIEW):
            at = talk.but(answers={step.id: "1"}, revisit=step.id)
            made = tuple(_buttons(step, choices_of(FORM, at, step)))
            if screen(FORM, at).step == step.id:
                assert screen(FORM, at).choices == made
                numbered = [button.number for button in screen(FORM, at).choices]
                assert numbered == [button.number for button in made]


def test_what_the_answers_word_is_made_for_each():
    at = {"answers": {}, "revisit": "review"}
    sends, ends = (screen(FORM, talk.but(**at)) for talk in (PROMISING, PREVIEW))
    assert sends.choices[0].label.key == "survey.review.send"
    assert ends.choices[0].label.key == "survey.review.end"


def test_a_kept_keyboard_is_the_very_same():
    at = PROMISING.but(answers={}, revisit="procedure")
    assert screen(FORM, at).choices is screen(FORM, at.but(id="another0000")).choices


@given(st.text(max_size=12), st.integers(0, 30))
def test_a_text_fits_by_its_length(text: str, most: int):
    assert fits(text, most) is (length(text) <= most)
