"""A button under a pushed message is its opening: no more, no less, from any chat."""

import pytest

from bot.channels.telegram.updates import (
    CallbackQuery,
    Chat,
    Message,
    Update,
    User,
    read,
)
from flows.engine.capabilities import OPENS, button_data
from flows.engine.events import Opened, Tapped
from flows.engine.form import Line, literal
from flows.engine.push_buttons import meant, opens
from flows.engine.say import rows
from flows.loader import words
from tests.support.offices import NOON, Person, count, office, unit_row, working


def test_a_tap_on_it_is_its_opening_and_any_other_tap_is_what_it_was():
    assert meant(Tapped("7", NOON, "", OPENS, "SMST-BTM")) == Opened("7", NOON, "SMST-BTM")
    other = Tapped("7", NOON, "", "x", "x")
    assert meant(other) is other


def test_an_opening_with_its_colons_arrives_whole_and_in_a_new_message():
    (button,) = opens((Line("yes"), "/cek a:b 2026-W47"))
    ((label,),) = rows([button], words("id"))
    data = button_data("AbCdEf01-_9", label.step, label.choice)  # also under what was declined
    query = CallbackQuery("1", User(5), Message(Chat(5, "private"), message_id=8), data)
    heard = read(Update(7, callback_query=query), NOON)
    assert heard is not None
    assert (heard.message, meant(heard.event)) == ("", Opened("7", NOON, "/cek a:b 2026-W47"))


def test_one_that_telegram_would_not_carry_is_refused():
    assert len(button_data("", OPENS, "x" * 61).encode()) == 64
    opens((literal("x"), "x" * 61))
    with pytest.raises(ValueError, match="more than 61 bytes"):
        opens((literal("x"), "é" * 31))


async def test_tapped_or_typed_it_does_the_same(sqlite_url):
    with office(sqlite_url, unit_row("SMST-BTM")) as engine, working(engine) as turns:
        rini, budi = Person(turns, "tg:1"), Person(turns, "tg:2")
        for opening in ("SMST-BTM", "/data", "/cek XXXX", "/kabari SMST-BTM", "/nonsense"):
            typed = await budi.open(opening)
            tapped = await rini.send(Tapped(rini._next(), rini.at, "", OPENS, opening))
            assert tapped.body == typed.body, opening
        assert count(engine, "conversation", "status = 'open'") == 2
