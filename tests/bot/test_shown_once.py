"""What is shown once is kept nowhere: not in the conversation that made it, not in the outbox."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, text

from bot.core.sending.notices import notify
from bot.core.sending.post import keep_for_later
from flows.engine.form import Line
from flows.engine.say import say
from flows.engine.screen import Screen
from flows.engine.secret import Secret
from flows.loader import words
from storage.chat import outbox
from storage.office import roles
from storage.office.roles import hash_of
from tests.support.fake_channel import Office
from tests.support.offices import Chance, Person, everything, office, scoped, unit_row, working
from tests.support.visiting import give

HEAD = "tg:1"


@pytest.fixture
def here(database_url: str) -> Iterator[Office]:
    with office(database_url, unit_row("SMST")) as engine:
        give(engine, HEAD, "head")
        yield Office(engine)


def said(shown: Screen) -> str:
    return say(shown, words(shown.language)).text


def token_in(shown: Screen) -> str:
    return said(shown).partition("=")[2].split()[0].removeprefix("i_")


async def invited(who: Person) -> Screen:
    await who.open("/peran SMST")
    await who.tap("invite")
    await who.tap("officer")
    return await who.type("Loket 3")


async def test_an_invitations_link_is_shown_once_and_lies_nowhere(here):
    with working(here.engine) as turns:
        head = Person(turns, HEAD)
        shown = await invited(head)
        token, opening = token_in(shown), head.told[-1]
        assert len(token) == 24
        await keep_for_later(here.engine, here.clock)(HEAD, shown, 7, 0)
        assert token not in everything(here.engine)
        again = await turns.do(HEAD, opening)  # the platform delivers it once more
        helped = await turns.do(HEAD, replace(opening, id=99))
    assert token not in said(again) + said(helped)
    assert "hanya tampil sekali" in said(again)
    assert again.anew  # so that the message with the link stays as it is
    assert [button.choice for button in again.choices] == ["again"]
    await here.post().round()
    assert here.channel.texts == [said(again)]
    with here.engine.begin() as connection:  # it is good all the same
        assert roles.join(connection, token, "tg:2", head.at).role == "officer"


async def test_a_login_link_is_shown_once_and_lies_nowhere(here):
    with working(here.engine) as turns:
        turns.web = "https://skm.example"
        head = Person(turns, HEAD)
        shown = await head.open("/konsol")
        token = token_in(shown)
        await keep_for_later(here.engine, here.clock)(HEAD, shown, 7, 0)
        assert token not in everything(here.engine)
        await here.post().round()
        assert here.channel.texts == [words("id").texts["unsent"]]
        assert token_in(await head.open("/konsol")) != token  # made anew where it is asked for


def attempts(connection: Connection, line: Line) -> list[Any]:
    return [
        lambda: json.dumps(line.params),
        lambda: outbox.put(connection, "a", "notice", HEAD, line.params, 0),
        lambda: notify(connection, "b", HEAD, line, 0),
        lambda: words("id").line(line),
    ]


def test_nothing_that_writes_takes_a_secret(here):
    link = Line("console.link", {"url": Secret("rahasia"), "minutes": 1})
    assert "rahasia" not in repr(link)
    with here.engine.begin() as connection:
        for attempt in attempts(connection, link):
            with pytest.raises(TypeError):
                attempt()
    assert "rahasia" in say(Screen("", "id", (), (link,)), words("id")).text


def test_of_an_invitation_only_a_hash_is_kept(here):
    with here.engine.begin() as connection:
        token = roles.invite(connection, "head", scoped("SMST"), 0, Chance(3))
        hashes = connection.execute(text("SELECT hash FROM invite")).scalars()
        assert hash_of(token) in [bytes(each) for each in hashes]
    assert token not in everything(here.engine)
