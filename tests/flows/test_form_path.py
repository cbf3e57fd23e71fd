"""The path that a form remembers is the one that its steps say (`tests.support.plain_reading`)."""

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogues import DIALOGUES
from flows.engine import form_path
from flows.engine.form import DONE, NOT_APPLICABLE, SKIPPED, Answers, Form, Step
from flows.extra_question import Asked, Extra
from flows.instrument import Questionnaire, Wording
from flows.loader import instrument
from flows.survey.form import survey_form
from tests.support.instruments import CURRENT
from tests.support.plain_reading import plain_reading

EXTRAS = (
    Extra("d4", "Apa saja?", "multiple", ("A", "B", "C")),
    Extra("e5", "Berapa kali?", "number", limits=(1, 20), asked=Asked("x_d4", ("1", "3"))),
    Extra("f6", "Datang lagi?", "yes_no", asked=Asked("cost", ("1", "2"))),
)
WORDINGS = (
    Wording("A", options=(("cost", ("a", "b", "c", "d")),)),
    Wording("B", without=("product",)),
    Wording("C", not_applicable=("cost", "product")),
)
SURVEY = survey_form(Questionnaire(CURRENT, EXTRAS, WORDINGS), instrument(CURRENT))
FORMS = {"survey in three wordings": SURVEY, **DIALOGUES.forms}


def answers_of(form: Form) -> st.SearchStrategy[Answers]:
    """Of each step any of its choices and of those that conditions name, as it is answered."""
    named: dict[str, set[str]] = {step.id: {c.id for c in step.choices} for step in form.steps}
    for step in form.steps:
        for when in step.when:
            for name, choices in when.regards:
                named[name] |= choices
    values = {name: _value(form.by_id[name], of) for name, of in named.items()}
    return st.fixed_dictionaries({}, optional=values)


def _value(step: Step, choices: set[str]) -> st.SearchStrategy[str | dict[str, str] | list[str]]:
    one = st.sampled_from(sorted({*choices, SKIPPED, NOT_APPLICABLE, "A", "B", "C"}))
    if step.many:
        some = st.lists(one, max_size=3, unique=True)
        return one | some | some.map(lambda ids: [*ids, DONE])
    return one | st.just({"text": "1"}) if step.writes else one


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@given(data=st.data())
def test_the_remembered_path_is_the_plain_one(form: Form, data: st.DataObject):
    for answers in data.draw(st.lists(answers_of(form), min_size=1, max_size=3)):
        path, counted, unanswered = plain_reading(form, answers)
        assert [step.id for step in form.path(answers)] == path
        assert form.counted(answers) == counted
        assert form.unanswered(answers) is unanswered


def test_of_paths_only_so_many_are_remembered():
    form = survey_form(Questionnaire(CURRENT), instrument(CURRENT))
    with patch.object(form_path, "REMEMBERED", 3):
        for low in ("procedure", "cost", "product", "facilities"):
            assert f"why_{low}" in [step.id for step in form.path({low: "1"})]
    assert 0 < len(form.reader.known) <= 3


def test_who_answers_alike_goes_the_same_path():
    """What no condition looks at makes no other path: neither a comment nor how good is good."""
    form = survey_form(Questionnaire(CURRENT), instrument(CURRENT))
    first = form.path({"service": "A", "cost": "3", "comment": {"text": "a"}})
    assert form.path({"service": "B", "cost": "4", "comment": {"text": "b"}}) is first
