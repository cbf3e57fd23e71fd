"""A form that could not be held is refused when it is built; a sentence names each fault."""

import pytest

from flows.asides import ASIDES
from flows.engine.events import Submit
from flows.engine.form import BUTTON_BYTES, Choice, Form, Step, When, literal
from flows.extra_question import Extra
from flows.instrument import Questionnaire
from flows.loader import instrument
from flows.survey.form import survey_form
from tests.support.instruments import CURRENT

OK = Choice("ok", literal("Ok"))


def form(*steps: Step) -> Form:
    return Form("tiny", steps, lambda form, conversation: Submit({}))


def step(id: str, *choices: str, when: tuple[When, ...] = ()) -> Step:
    return Step(id, literal(id), tuple(Choice(c, literal(c)) for c in choices), when=when)


def after(id: str) -> tuple[When, ...]:
    return (When(id, frozenset({"yes"})),)


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ((step("a", "ok"), step("a", "ok")), "two steps are called 'a'"),
        ((step("a", "ok", when=after("b")), step("b", "yes")), "step 'a' depends on ['b']"),
        ((step("a", "ok", when=after("a")),), "step 'a' depends on ['a']"),
        ((step("a", "ok", when=after("nowhere")),), "step 'a' depends on ['nowhere']"),
        ((step("a"),), "step 'a' has no way to answer it"),
        ((step("a b", "ok"),), "'a b' in step 'a b' is no id"),
        ((step("a", "x:y"),), "'x:y' in step 'a' is no id"),
        ((step("a", "é"),), "'é' in step 'a' is no id"),
        ((step("a", ""),), "'' in step 'a' is no id"),
        ((step("a", "ok\n"),), "is no id"),
        ((step("a", "x" * BUTTON_BYTES),), f"a button of 'a' needs more than {BUTTON_BYTES} bytes"),
        ((step("a", "yes", "no", "yes"),), "step 'a' has two choices 'yes'"),
        ((Step("a", literal("?"), writes=9, otherwise="b"),), "'b', which is no step"),
        ((Step("a", literal("?"), (OK,), also=(("language", "id"),)),), "'language:id'"),
        (
            (Step("a", literal("?"), (Choice("nowhere", literal("?"), "visit"),)),),
            "'nowhere', which is no step",
        ),
    ],
)
def test_a_form_with_a_fault_is_refused(steps: tuple[Step, ...], sentence: str):
    with pytest.raises(ValueError, match="Form 'tiny' cannot be held: ") as fault:
        form(*steps)
    assert sentence in str(fault.value)


def test_every_fault_is_named_at_once():
    with pytest.raises(ValueError, match=r"two steps are called 'a'; .*no way to answer"):
        form(step("a", "ok"), step("a", "ok"), step("b"))


def test_a_button_of_exactly_64_bytes_is_carried():
    held = form(step("a", "x" * (BUTTON_BYTES - 1)))
    assert len("AbCdEf01-_9:") + len(f"a:{held.steps[0].choices[0].id}") == 64


def test_the_asides_are_held_by_every_form():
    assert form(step("a", "ok"), *ASIDES).by_id["language"].aside


def test_a_condition_holds_or_is_turned_round():
    when = When("a", frozenset({"yes", "maybe"}))
    unless = When("a", frozenset({"yes"}), wanted=False)
    assert [when.holds({"a": "maybe"}), when.holds({"a": "no"}), when.holds({})] == [
        True,
        False,
        False,
    ]
    assert [unless.holds({"a": "yes"}), unless.holds({"a": "no"}), unless.holds({})] == [
        False,
        True,
        True,
    ]
    assert when.holds({"a": {"text": "yes"}}) is False


def test_a_written_answer_is_no_choice_of_a_condition():
    """ "yes" that was typed freely opens no path: only a choice does."""
    held = form(Step("a", literal("?"), (OK,), writes=9), step("b", "ok", when=after("a")))
    assert held.path({"a": {"text": "yes"}}) == (held.by_id["a"],)


def test_the_path_has_no_asides_and_keeps_the_order():
    held = form(step("a", "yes"), step("b", "ok", when=after("a")), step("c", "ok"), *ASIDES)
    assert [s.id for s in held.path({})] == ["a", "c"]
    assert [s.id for s in held.path({"a": "yes"})] == ["a", "b", "c"]


def test_an_extra_question_whose_button_would_be_too_long_is_refused():
    extra = Extra("k" * 60, "Naik apa?", "choice", ("Motor", "Mobil"))
    with pytest.raises(ValueError, match="needs more than 51 bytes"):
        survey_form(Questionnaire(CURRENT, (extra,)), instrument(CURRENT))


def test_two_extra_questions_of_one_key_are_refused():
    extras = (Extra("k", "A?", "scale"), Extra("k", "B?", "scale"))
    with pytest.raises(ValueError, match="two steps are called 'x_k'"):
        survey_form(Questionnaire(CURRENT, extras), instrument(CURRENT))


def test_what_officers_read_in_words_is_shown_again_as_they_will_read_it():
    extras = (
        Extra("t", "Mengapa?", "text"),
        Extra("p", "Dari mana?", "place"),
        Extra("d", "Kapan?", "date"),
        Extra("n", "Berapa?", "number", limits=(0, 9)),
    )
    survey = survey_form(Questionnaire(CURRENT, extras), instrument(CURRENT), str.upper)
    masked = {step.id for step in survey.steps if step.shows("a") == "A"}
    assert {id for id in masked if not id.startswith("why_")} == {"comment", "x_t", "x_p"}
    assert len([id for id in masked if id.startswith("why_")]) == len(instrument(CURRENT).items)
