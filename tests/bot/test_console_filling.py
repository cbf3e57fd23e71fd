"""A form of the chat, filled in at a desk: the chat's rules, and none of its conversations."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from bot.channels.telegram.links import links
from bot.channels.whatsapp import links as whatsapp
from bot.core.links import Links
from bot.core.turns.turn_context import Forms, TurnContext
from bot.dialogues import DIALOGUES
from bot.web.console.form_filling import Unfilled, fill, said
from storage.office import holders, roles
from tests.support.browser import SERVICES
from tests.support.offices import (
    NOON,
    VAULT,
    Chance,
    Person,
    audit_of,
    kept,
    office,
    scoped,
    unit_row,
    working,
)

TELEGRAM = links("skm_bot")
HERE, INVITE = "SMST-BTM", {"do": "invite", "role": "officer"}


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row(HERE, services=SERVICES)) as engine:
        with engine.begin() as connection:
            token = roles.invite(connection, "head", scoped(HERE), NOON, Chance(1))
            roles.join(connection, token, "tg:1", NOON)
        yield engine


def filled(
    engine: Engine, opening: str, given: dict[str, str], *done: str, into: Links = TELEGRAM
) -> str:
    with engine.begin() as connection:
        context = TurnContext(
            connection, VAULT, Forms(DIALOGUES), Chance(2), into, address="tg:1", at=NOON
        )
        return said(fill(context, opening, given, *done), secrets=True)


def test_what_the_chat_would_be_told_is_told(engine: Engine):
    told = filled(engine, f"/peran {HERE}", INVITE, "roles.link")
    assert told.startswith("Undangan sekali pakai: Petugas, Kantor SMST-BTM\nhttps://t.me/skm_bot?")
    with engine.connect() as connection:
        assert len(holders.invitations(connection, scoped(HERE), NOON)) == 1
        assert [entry.action for entry in audit_of(connection, [scoped(HERE)], 9)] == ["invite"]


def test_an_invitation_is_told_with_the_link_of_each_channel(engine: Engine):
    into = Links("https://skm.example/q/", chats=(TELEGRAM, whatsapp.links("628115")))
    told = filled(engine, f"/peran {HERE}", INVITE, "roles.link", into=into)
    _, telegram, other, *_ = told.splitlines()
    token = telegram.removeprefix("https://t.me/skm_bot?start=")
    assert other == f"https://wa.me/628115?text=Survei%3A%20{token}"


def test_an_invitation_that_is_no_link_says_that_it_is_typed(engine: Engine):
    told = filled(engine, f"/peran {HERE}", INVITE, "roles.link", into=Links("/start "))
    _, typed, until, _ = told.splitlines()
    assert typed.startswith("/start i_")
    assert until.endswith("Orangnya mengetik baris itu di obrolan ini.")


async def test_what_is_open_in_the_chat_stays_as_it_is(engine: Engine):
    with working(engine) as turns:
        await Person(turns, "tg:1").open(f"/peran {HERE}")
        before = kept(engine, "tg:1")
        filled(engine, f"/peran {HERE}", INVITE, "roles.link")
        assert kept(engine, "tg:1") == before


def test_whatever_does_not_come_to_the_end_that_is_wanted_is_undone(engine: Engine):
    for given, done, step in (
        (INVITE, "roles.ended", ""),  # another ending than was wanted
        ({**INVITE, "role": "evaluator"}, "roles.link", "role"),
        ({"do": "invite"}, "roles.link", "role"),
        ({}, "roles.link", "do"),
    ):
        with pytest.raises(Unfilled) as refused:
            filled(engine, f"/peran {HERE}", given, done)
        assert refused.value.step == step
    with engine.connect() as connection:
        assert holders.invitations(connection, scoped(HERE), NOON) == []
        assert audit_of(connection, [scoped(HERE)], 9) == []
