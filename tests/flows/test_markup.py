"""What stands out on a screen was written by us: no words of anybody's can make it so."""

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.bodies import new
from flows.engine.form import Line, literal
from flows.engine.markup import Span, clean, marked, parsed
from flows.engine.say import Message, Words, say
from flows.engine.screen import Screen

WORDS = Words(
    "id", {"item": marked("{title}: <b>{answer}</b>"), "code": marked("<code>{of}</code>")}
)


def said(*body: Line) -> Message:
    return say(Screen("", "id", (), body), WORDS)


def test_our_words_stand_out():
    shown = said(
        Line("item", {"title": literal("1"), "answer": "Mudah"}), Line("code", {"of": "X"})
    )
    assert shown.text == "1: Mudah\nX"
    assert shown.spans == (Span("bold", 3, 8), Span("code", 9, 10))


@given(st.text(st.sampled_from("a<b>/code\ue000\ue001\ue002 \n😀"), max_size=20))
def test_whatever_somebody_wrote_stands_out_as_a_whole_or_not_at_all(text: str):
    for answer in (text, literal(text), literal("x", id=text)):
        shown = said(Line("item", {"title": literal(text), "answer": answer}), literal(text))
        kept = clean(text)
        assert shown.text == f"{kept}: {kept}\n{kept}"
        start = len(kept) + 2
        assert shown.spans == ((Span("bold", start, start + len(kept)),) if kept else ())


def test_where_words_are_not_shown_in_a_chat_nothing_is_left_of_it():
    assert WORDS.line(Line("item", {"title": "1", "answer": "Mudah"})) == "1: Mudah"


def test_an_end_without_a_beginning_and_a_beginning_without_an_end_are_nothing():
    assert parsed("a\ue002b\ue000c") == ("abc", ())


def test_telegram_counts_in_utf_16_units():
    body = new(5, Message("😀 ab", (), (Span("bold", 2, 4),)), "")
    assert body["entities"] == [{"type": "bold", "offset": 3, "length": 2}]
    assert "entities" not in new(5, Message("ab", ()), "")
