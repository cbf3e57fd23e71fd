"""An admin's extra question: what is asked, what is refused, what a citizen then sees."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.events import Found, Look, Publish, Tapped, Typed
from flows.files import CURRENT, instrument, words
from flows.form import Line
from flows.instrument import Questionnaire
from flows.own_question import KINDS, Extra
from flows.question import CHOICE, CHOICES, QUESTION, QUESTION_FORM, choice_texts
from flows.say import say
from flows.screen import screen
from flows.survey import survey_form
from flows.tidy import tidy
from tests.events_of_forms import ME, Run, begun


class Admin:
    """Somebody in the editor; `published` is what came of it."""

    def __init__(self) -> None:
        self.published: list[Publish] = []
        self.looked: list[str] = []
        self.rows = [{"id": "SAMSAT-BC", "label": "Samsat Batam Centre"}]
        self.run = Run(QUESTION_FORM, begun(QUESTION_FORM), self._answering)
        self.events = 0

    def _answering(self, effect):
        if isinstance(effect, Look):
            return self._found(effect)
        self.published.append(effect)
        return None

    def _found(self, look: Look) -> Found | None:
        if look.kind == "earlier":
            return Found(
                "of", [{"id": "cost", "label": "Biaya"}, {"id": "x_a1", "label": "Naik apa?"}]
            )
        if look.kind == "choices":
            return None if look.query == "cost" else Found("is", [{"id": "2", "label": "Mobil"}])
        self.looked.append(look.query)
        return Found("units", self.rows)

    def type(self, text: str) -> "Admin":
        self.events += 1
        self.run.take(Typed(self.events, self.events, text))
        return self

    def tap(self, step: str, choice: str) -> "Admin":
        self.events += 1
        self.run.take(Tapped(self.events, self.events, ME, step, choice))
        return self

    def whenever(self) -> "Admin":
        """Asked of everybody."""
        return self.tap("when", "always")

    @property
    def text(self) -> str:
        return say(self.run.screens[-1], words("id")).text

    @property
    def note(self) -> Line:
        return self.run.screens[-1].notes[0]


def test_a_scale_is_published_with_five_taps_and_a_text():
    joko = Admin().type("Mudah ditemukan?").tap("kind", "scale").tap("units", "SAMSAT-BC")
    joko.whenever().tap("confirm", "publish")
    assert joko.published == [Publish(Extra("draft", "Mudah ditemukan?", "scale"), "SAMSAT-BC")]


def test_choices_are_written_one_a_line():
    joko = Admin().type("Naik apa?").tap("kind", "choice").type(" Motor \n\nMobil {x}\n")
    joko.tap("units", "*").whenever().tap("confirm", "publish")
    new = Extra("draft", "Naik apa?", "choice", ("Motor", "Mobil {x}"))
    assert joko.published == [Publish(new, "*")]


def test_choices_of_a_kind_since_left_are_not_published():
    joko = (
        Admin()
        .type("Naik apa?")
        .tap("kind", "choice")
        .type("Motor\nMobil")
        .tap("units", "*")
        .whenever()
    )
    joko.tap("kind", "text").tap("confirm", "publish")
    assert joko.published == [Publish(Extra("draft", "Naik apa?", "text"), "*")]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("Motor", Line("question.choices.number", {"given": 1, "most": CHOICES})),
        ("\n".join("abcdefghijk"), Line("question.choices.number", {"given": 11, "most": CHOICES})),
        ("Motor\nmobil\nMOTOR", Line("question.choices.twice")),
        (
            "Motor\n" + "x" * 41,
            Line("question.choices.long", {"choice": "x" * CHOICE, "most": CHOICE}),
        ),
    ],
)
def test_choices_that_do_not_fit_are_refused_with_the_reason(text: str, note: Line):
    joko = Admin().type("Naik apa?").tap("kind", "choice").type(text)
    assert joko.note == note
    assert "choices" not in joko.run.conversation.answers


def test_the_most_that_fits_is_taken():
    longest = "\n".join(f"{n:02}" + "x" * (CHOICE - 2) for n in range(CHOICES))
    joko = Admin().type("x" * QUESTION).tap("kind", "choice").type(longest)
    assert set(joko.run.conversation.answers) == {"text", "kind", "choices"}
    assert Admin().type("x" * (QUESTION + 1)).note.key == "too_long"


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("scale", "[ 1 Tidak baik · 2 Kurang baik · 3 Baik · 4 Sangat baik ]"),
        ("text", "(jawaban ditulis bebas)"),
    ],
)
def test_the_preview_shows_the_question_as_it_will_be(kind: str, shown: str):
    joko = Admin().type("Mudah {ditemukan}?").tap("kind", kind).tap("units", "*").whenever()
    assert joko.text.splitlines()[:3] == [
        "Begini warga akan melihatnya:", "Mudah {ditemukan}?", shown,
    ]  # fmt: skip


def test_a_search_narrows_the_units_also_while_the_unit_is_being_changed():
    joko = Admin().type("A?").tap("kind", "scale").tap("units", "*").whenever()
    joko.rows = [{"id": "DUKCAPIL", "label": "Disdukcapil"}]
    joko.tap("confirm", "change").tap("change", "units").type("disduk")
    assert joko.looked == ["disduk"]
    assert [button.choice for button in joko.run.screens[-1].choices] == ["DUKCAPIL"]
    joko.tap("units", "DUKCAPIL").tap("confirm", "publish")
    assert joko.published[0].units == "DUKCAPIL"


def test_a_search_without_a_hit_keeps_the_units_there_were():
    joko = Admin().type("A?").tap("kind", "scale")
    before = [button.choice for button in joko.run.screens[-1].choices]
    joko.rows = []
    joko.type("qqq")
    assert joko.note == Line("none_found")
    assert [button.choice for button in joko.run.screens[-1].choices] == before


def test_a_unit_is_chosen_by_number_or_name_and_never_searched_for_then():
    assert Admin().type("A?").tap("kind", "scale").type("1").looked == []
    by_name = Admin().type("A?").tap("kind", "scale").type("samsat {BATAM} 100% %s")
    assert by_name.looked == []
    assert by_name.run.conversation.answers["units"] == "SAMSAT-BC"


def test_what_there_is_already_stands_above_the_first_question():
    assert Admin().run.screens[-1].body[0] == Line("question.existing", {"items": "{} %"})


def test_discarding_publishes_nothing():
    joko = (
        Admin()
        .type("A?")
        .tap("kind", "scale")
        .tap("units", "*")
        .whenever()
        .tap("confirm", "discarded")
    )
    assert (joko.published, joko.run.conversation.status) == ([], "discarded")


@given(
    text=st.text(st.characters(), min_size=1, max_size=QUESTION),
    kind=st.sampled_from(KINDS),
    choices=st.lists(st.text(st.characters(), min_size=1, max_size=CHOICE), max_size=12),
)
def test_whatever_can_be_published_can_be_asked(text: str, kind: str, choices: list[str]):
    """Of any words: what the editor lets through makes a survey form and can be said."""
    joko = Admin().type(text).tap("kind", kind)
    if kind in ("choice", "multiple"):
        joko.type("\n".join(choices))
    if kind == "number":
        joko.type("0-100")
    joko.tap("units", "*").whenever().tap("confirm", "publish")
    for new in joko.published:
        assert new.extra.text == tidy(text)
        extra = replace(new.extra, key="0123abcd")
        questionnaire = Questionnaire(CURRENT, (extra,))
        assert Questionnaire.from_json(questionnaire.to_json()) == questionnaire
        form = survey_form(questionnaire, instrument(CURRENT))
        shown = screen(form, replace(begun(form), revisit="x_0123abcd"))
        for language in ("id", "en"):
            assert extra.text in say(shown, words(language)).text


@given(st.text())
def test_choice_texts_have_no_blank_ones(text: str):
    assert all(choice and choice == choice.strip() for choice in choice_texts(text))
