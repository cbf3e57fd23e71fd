"""/standar and /poster beside others: two heads at once, a role that ends meanwhile, the file."""

from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import Engine, text

from bot.core.channel import Document
from flows.engine.say import say
from flows.engine.screen import Screen
from flows.loader import words
from storage import standards
from storage.office import roles
from tests.support.fake_channel import Fake, Office
from tests.support.offices import (
    NOON,
    Chance,
    Person,
    audit_of,
    office,
    scoped,
    unit_of,
    unit_row,
    working,
)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST-BTM"), unit_row("DUKCAPIL")) as engine:
        yield engine


@pytest.fixture
async def heads(engine: Engine) -> AsyncIterator[list[Person]]:
    with engine.begin() as connection:
        for number in (1, 2):
            token = roles.invite(connection, "head", scoped("SMST-BTM"), NOON, Chance(number))
            roles.join(connection, token, f"tg:{number}", NOON)
    with working(engine) as turns:
        yield [Person(turns, "tg:1"), Person(turns, "tg:2")]


def said(screen: Screen) -> str:
    return say(screen, words("id")).text


async def written(head: Person, promise: str) -> None:
    for step in ("-all", "cost"):
        if head.shown is None:
            await head.open("/standar")
        await head.tap(step)
    await head.type(promise)
    await head.tap("today")


def promised(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        unit = unit_of(connection, "SMST-BTM")
        return [each.text for each in standards.of_unit(connection, unit.id)]


async def test_of_two_heads_the_second_is_shown_what_the_first_promised(engine, heads):
    one, two = heads
    await written(one, "Gratis")
    await written(two, "Rp 10.000")
    assert said(await one.tap("save")).startswith("Tersimpan untuk Kantor SMST-BTM: 1 janji.")
    shown = said(await two.tap("save"))
    assert shown.startswith("Orang lain baru saja mencatat 19/11/2026: Gratis")
    assert promised(engine) == ["Gratis"]
    await two.tap("save")
    assert promised(engine) == ["Rp 10.000"]  # of the same day: it stands in its place
    with engine.connect() as connection:
        last, first = audit_of(connection, [scoped("SMST-BTM")], 2)
    named = {"service": "", "element": "cost"}
    assert (first.action, first.before) == ("edit_standards", None)
    assert last.before == {**named, "text": "Gratis"}
    assert last.after == {**named, "text": "Rp 10.000", "since": "2026-11-19"}


async def test_a_role_that_ended_meanwhile_promises_nothing(engine, heads):
    await written(heads[0], "Gratis")
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM role"))
    assert said(await heads[0].tap("save")) == "Unit atau instansi itu di luar wewenang Anda."
    assert promised(engine) == []


async def test_a_poster_is_sent_as_a_file_while_the_role_lasts(engine, heads):
    for head in heads:
        await head.open("/poster")
        await head.tap("a5")
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM role WHERE address = 'tg:2'"))
    there = Office(engine, Fake())
    there.clock.at = NOON + 60
    await there.post().long_round()
    ((address, content, _),) = there.channel.got
    assert (address, type(content)) == ("tg:1", Document)
    assert content.content.startswith(b"%PDF")
    assert (content.name, content.caption) == ("poster.pdf", "1 poster A5")
