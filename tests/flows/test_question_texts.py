"""What an admin writes for a question: what fits is taken, the rest refused with the reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.engine.form import Line
from flows.office.questions.texts import CHOICE, CHOICES, QUESTION, WORDS, choice_texts
from tests.support.question_admin import Admin


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("Motor", Line("question.choices.number", {"given": 1, "most": CHOICES})),
        ("\n".join(map(str, range(30))),
         Line("question.choices.number", {"given": 30, "most": CHOICES})),
        ("Motor\nmobil\nMOTOR", Line("question.choices.twice")),
        ("Motor\n" + "x" * 41,
         Line("question.choices.long", {"choice": "x" * CHOICE, "most": CHOICE})),
    ],
)  # fmt: skip
def test_choices_that_do_not_fit_are_refused_with_the_reason(text: str, note: Line):
    joko = Admin().add("Pakai apa?", "choice").type(text)
    assert joko.note == note
    assert "choices" not in joko.run.conversation.answers


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("A\nB\nC\na", Line("question.choices.twice")),
        ("A\nB\nC\n" + "x" * 73,
         Line("question.choices.long", {"choice": "x" * WORDS, "most": WORDS})),
    ],
)  # fmt: skip
def test_official_answers_that_do_not_fit_are_refused_with_the_reason(text: str, note: Line):
    joko = Admin().tap("pick", "official").tap("service", "mutasi").tap("item", "cost").type(text)
    assert joko.note == note


def test_the_most_that_fits_is_taken():
    longest = "\n".join(f"{n:02}" + "x" * (CHOICE - 2) for n in range(CHOICES))
    joko = Admin().add("x" * QUESTION, "choice").type(longest)
    assert {"text", "kind", "choices"} <= set(joko.run.conversation.answers)
    assert Admin().tap("pick", "add").type("x" * 5000).note.key == "too_long"
    assert Admin().tap("pick", "add").type(" \n ").note.key == "write"


@given(st.text())
def test_choice_texts_have_no_blank_ones(text: str):
    assert all(choice and choice == choice.strip() for choice in choice_texts(text))
