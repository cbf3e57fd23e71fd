"""Whatever happens to a conversation: nothing breaks, nothing moves, nothing is taken twice."""

import json
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import field

from flows.asides import ASIDES
from flows.engine import multiple_choice
from flows.engine.capabilities import button_data
from flows.engine.clean_text import tidy
from flows.engine.conversation import Conversation, FeatureState
from flows.engine.events import Effect, Located, Look, PersonEvent, Show, Submit, Tapped, Typed
from flows.engine.form import (
    DONE,
    LOCATED,
    SKIPPED,
    Choice,
    Form,
    Line,
    Step,
    Value,
    When,
    asking,
    counted_answers,
    literal,
)
from flows.engine.say import say
from flows.engine.screen import Screen, choices_of, screen
from flows.extra_question import Asked, Extra
from flows.instrument import Questionnaire
from flows.loader import instrument, words
from flows.office.questions.editor import QUESTION_FORM
from flows.survey.find import FIND
from flows.survey.form import survey_form
from tests.support.events_of_forms import Run, begun, databases, events, rising, texts
from tests.support.instruments import CURRENT

EXTRAS = (
    Extra("a1", "Apakah {loket} mudah ditemukan? 100%", "scale"),
    Extra("b2", "Naik apa?", "choice", ("2", "Motor", "{mobil} %s", "Lewati")),
    Extra("c3", "Apa lagi?", "text"),
    Extra("d4", "Apa saja?", "multiple", ("A", "{b} %s", "Lewati"), required=True),
    Extra("e5", "Berapa kali?", "number", limits=(1, 20), asked=Asked("x_d4", ("1", "3"))),
    Extra("f6", "Datang lagi?", "yes_no", asked=Asked("cost", ("1", "2"))),
    Extra("g7", "Dari mana?", "place", asked=Asked("service", ("DUKCAPIL",))),
)


def submit(form: Form, conversation: Conversation) -> Submit:
    return Submit(counted_answers(form, conversation))


def tiny(*steps: Step) -> Form:
    return Form("survey", (*steps, *ASIDES), submit)


def pick(id: str, *ids: str, when: tuple[When, ...] = ()) -> Step:
    return Step(id, literal(f"{id}?"), tuple(Choice(c, literal(c)) for c in ids), when=when)


PATH = tiny(
    pick("a", "yes", "no"),
    pick("b", "1", "2", when=(When("a", frozenset({"yes"})),)),
    Step("c", literal("c?"), (Choice(SKIPPED, Line("skip")),), writes=5,
         when=(When("b", frozenset({"2"}), wanted=False),), group="items"),
    pick("d", "send"),
)  # fmt: skip
MANY = tiny(
    pick("a", "yes", "no"),
    Step(
        "b",
        literal("b?"),
        multiple_choice.buttons([Choice(c, literal(c)) for c in "xyz"]),
        many=True,
    ),
    pick("c", "1", when=(When("b", frozenset("xz")),)),
    Step(
        "d",
        literal("d?"),
        multiple_choice.buttons([Choice("x", literal("x"))], Choice(SKIPPED, Line("skip"))),
        many=True,
        when=(When("a", frozenset({"yes"})),),
    ),
    pick("e", "send"),
)
SEARCH = tiny(
    Step("query", literal("?"), writes=9, look="rows"),
    Step("rows", literal("which?"), offers=True, otherwise="query"),
    pick("end", "send"),
)
FORMS = {
    "path": PATH,
    "many": MANY,
    "search": SEARCH,
    "find": FIND,
    "question": QUESTION_FORM,
    "survey": survey_form(Questionnaire(CURRENT, EXTRAS), instrument(CURRENT)),
}
every_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
LANGUAGES = ("id", "en")


@every_form
@given(data=st.data())
def test_whatever_happens(form: Form, data: st.DataObject):
    """JSON gives back every state (`Run`), each screen can be said, the place is derived, answers
    stay where they were given, a closed conversation stays closed, nothing is taken twice."""
    run = Run(form, begun(form), data.draw(databases))
    happened: list[PersonEvent] = []
    for number, drawn in enumerate(data.draw(events(form))):
        before, event = run.conversation, run.of(drawn)
        happened.append(event)
        run.take(event)
        assert run.over or run.conversation.knows(event.id)
        if run.over:
            check_begun(run, before)
            return
        assert (asking(form, run.conversation) is None) is not run.conversation.is_open
        assert before.is_open or same_but_for_memory(run.conversation, before)
        check_answers(run, before)
        again = happened[number // 2]
        if run.conversation.knows(again.id):  # its id may have come first long before
            check_repeated(run, again)
    for event in (each for each in happened if run.conversation.knows(each.id)):
        check_repeated(run, event)
    for shown in run.screens:
        check_words(shown)


def check_begun(run: Run, before: Conversation) -> None:
    """What begins was offered, on a button or by answers; what had ended stays as it was."""
    offered = [row.get("opening") for rows in before.offered.values() for row in rows]
    assert run.begun in (*offered, run.conversation.answers.get("unit"))
    assert before.is_open or same_but_for_memory(run.conversation, before)


def check_repeated(run: Run, event: PersonEvent) -> None:
    """An event delivered once more changes nothing; the present screen is shown without notes."""
    before, shown = run.conversation, len(run.screens)
    run.take(event)
    assert run.conversation == before
    assert run.screens[shown:] == [screen(run.form, before)]
    del run.screens[shown:]


def check_answers(run: Run, before: Conversation) -> None:
    """Of the answers at most one is new, and it answers the step it was given for."""
    now = run.conversation.answers
    new = {step: value for step, value in now.items() if before.answers.get(step) != value}
    assert len(new) <= 1
    for step, value in new.items():
        assert run.heard is not None
        check_given(run.form, before, run.heard, run.form.by_id[step], value)


def same_but_for_memory(one: Conversation, other: Conversation) -> bool:
    def memory_aside(conversation: Conversation) -> Conversation:
        return conversation.but(seen=(), last=0)

    return memory_aside(one) == memory_aside(other)


def check_words(shown: Screen) -> None:
    for language in LANGUAGES:
        message = say(shown, words(language))
        assert 0 < len(message.text) <= 4096
        for label in (label for row in message.rows for label in row):
            data = button_data(shown.conversation, label.step, label.choice)
            assert label.text
            assert len(data.encode()) <= 64


def check_given(
    form: Form, before: Conversation, heard: PersonEvent, step: Step, value: Value
) -> None:
    """That this event answers this step, and with something that answers it."""
    if isinstance(value, list):
        check_marked(before, heard, step, value)
        return
    if isinstance(heard, Tapped):
        assert (heard.conversation, heard.step, heard.choice) == (before.id, step.id, value)
        assert value in [c.id for c in choices_of(form, before, step) if c.does == "answer"]
        return
    at = asking(form, before)
    if isinstance(heard, Located):
        assert value == LOCATED
        assert step.locates
        return
    assert isinstance(heard, Typed)
    assert at is not None
    assert step.id in (at.id, at.otherwise)
    assert value == {"text": tidy(heard.text)}
    assert 0 < len(tidy(heard.text)) <= step.writes


def check_marked(before: Conversation, heard: PersonEvent, step: Step, value: list[str]) -> None:
    """That the button set or unset what it names and nothing else, or ended the list."""
    assert isinstance(heard, Tapped)
    assert (heard.conversation, heard.step) == (before.id, step.id)
    on = set(multiple_choice.chosen(before.answers.get(step.id)))
    does, _, option = heard.choice.partition("-")
    expected = {"on": on | {option}, "off": on - {option}, "": on}[does]
    assert (set(multiple_choice.chosen(value)), DONE in value) == (expected, does == "")


@every_form
@given(places=rising, answering=databases)
def test_what_follows_a_finished_form_is_what_was_asked(form: Form, places, answering):
    """Whoever taps on gets to the end; what is sent has the answers on the path and no others."""
    sent: list[Submit] = []

    def noting(effect: Effect):
        sent.extend([effect] if isinstance(effect, Submit) else [])
        return answering(effect)

    run = Run(form, begun(form), noting)
    for press in places:
        if not run.over:
            run.take(run.of(press))
    assert len(sent) <= 1
    for submitted in sent:
        path = form.path(run.conversation.answers)
        assert submitted.answers.keys() == {step.id for step in path}


@given(texts)
def test_tidy_text_is_fit_to_keep_and_stays_as_it_is(text: str):
    once = tidy(text)
    assert tidy(once) == once
    assert once.encode().decode() == once
    assert not once.startswith((" ", "\n"))
    assert "\x00" not in once


def test_a_state_of_all_fields_goes_through_json():
    state = begun(PATH, "en").but(
        answers={"a": "yes", "c": {"text": "x"}}, revisit="a",
        seen=("4", "2", "9"), status="finished", outcome={"key": "survey.thanks"},
    )  # fmt: skip
    assert Conversation.from_json(state.to_json()) == state


def test_the_effects_of_an_answer_that_is_looked_up_come_with_a_screen():
    run = Run(SEARCH, begun(SEARCH), lambda effect: None)
    effects = run._advance(Typed("1", 0, "samsat"))
    assert effects[0] == Look("rows", "samsat")
    assert isinstance(effects[-1], Show)


class Kept(FeatureState, frozen=True):
    FORM: ClassVar[str] = "tiny"

    code: str = ""
    words: dict[str, str] = field(default_factory=dict)


def test_what_a_feature_keeps_goes_through_json_and_is_its_forms_own():
    talk = begun(PATH).but(form="tiny", kept=Kept("A", {"cost": "{x}"}).to_json())
    again = Conversation.from_json(talk.to_json())
    assert Kept.of(again) == Kept("A", {"cost": "{x}"})
    assert Kept.of(again.but(form="other")) == Kept()
    assert Kept().to_json() == {}


def test_what_another_release_kept_is_dropped_and_what_it_did_not_is_as_usual():
    state = json.loads(begun(PATH).but(form="tiny").to_json())
    newer = Conversation.from_json(json.dumps({**state, "kept": {"code": "A", "new": [1]}}))
    assert Kept.of(newer) == Kept("A")
    del state["kept"], state["ends"]
    assert Kept.of(Conversation.from_json(json.dumps(state))) == Kept()
