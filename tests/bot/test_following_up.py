"""Follow-ups through the turns: who finishes one tells subscribers, once; each change is logged."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from flows.engine.events import Attached, Tapped
from storage.chat import outbox, subscriptions
from storage.office import follow_ups, roles
from tests.support.offices import (
    NOON,
    Chance,
    Person,
    audit_of,
    count,
    office,
    scoped,
    unit_of,
    unit_row,
    working,
)

DAY = 86_400


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    with office(sqlite_url, unit_row("SMST-BTM")) as engine:
        with engine.begin() as connection:
            unit = unit_of(connection, "SMST-BTM")
            for address in ("tg:1", "tg:2"):
                token = roles.invite(connection, "head", scoped(unit.code), NOON, Chance(address))
                roles.join(connection, token, address, NOON)
            subscriptions.subscribe(connection, "tg:9", unit, NOON)
        yield engine


async def plan(head: Person) -> None:
    await head.open("/tindaklanjut")
    await head.tap("cost")
    await head.type("Tarif di papan")
    await head.tap("2026-12-31")
    await head.type("Kepala Seksi")
    await head.tap("save")


async def begin_to_finish(head: Person, news: str) -> None:
    await head.open("/tindaklanjut")
    await head.tap("1")
    await head.tap("finish")
    await head.tap("-skipped")
    await head.tap(news)


async def test_of_two_heads_who_finish_one_the_first_tells_subscribers(engine):
    with working(engine) as turns:
        sari, budi = Person(turns, "tg:1"), Person(turns, "tg:2", at=NOON + DAY)
        await plan(sari)
        await begin_to_finish(sari, "programme")
        await begin_to_finish(budi, "programme")
        first, second = await sari.tap("save"), await budi.tap("save")
    assert first.body[0].key == "follow_up.done.told"
    assert first.body[0].params["count"] == "1"
    assert second.body[0].key == "follow_up.closed"
    with engine.begin() as connection:
        (news,) = outbox.claim_bulk(connection, NOON + DAY, 9, "tg")
        assert "Biaya/Tarif: Tarif di papan. Sudah selesai." in news.body["text"]
        entries = audit_of(connection, [scoped("SMST-BTM")], 9)
    statuses = [(each.before or {}).get("status") for each in entries]
    assert statuses == ["planned", None]  # what it was: finished by one, planned by one
    assert [each.after["status"] for each in entries if each.after] == ["done", "planned"]


async def test_who_tells_nobody_tells_nobody(engine):
    with working(engine) as turns:
        sari = Person(turns, "tg:1")
        await plan(sari)
        await begin_to_finish(sari, "-skipped")
        assert (await sari.tap("save")).body[0].key == "follow_up.done"
    assert count(engine, "outbox") == 0


async def test_a_list_that_is_open_gives_way_to_a_fresh_one(engine):
    with working(engine) as turns:
        sari, budi = Person(turns, "tg:1"), Person(turns, "tg:2")
        await sari.open("/tindaklanjut")
        await plan(budi)
        shown = await sari.open("/tindaklanjut")
        assert [button.choice for button in shown.choices] == ["1", "new"]
        await sari.tap("new")
        # Another plan's reminder does not pass for the one that is begun.
        shown = await sari.open("/tindaklanjut SMST-BTM 1")
        assert shown.body[0].key == "resume"


async def test_a_photo_that_is_agreed_to_on_an_older_message_is_brought_before_all_is_kept(engine):
    """The button stood on a message that asks nothing any more: what it stands for is not here."""
    with working(engine) as turns:
        sari = Person(turns, "tg:1")
        await plan(sari)
        await sari.open("/tindaklanjut")
        await sari.tap("1")
        await sari.tap("finish")
        asked = await sari.send(Attached("sent", sari.at + 1, "photo", "P-1"))
        yes = next(each for each in asked.choices if each.choice == "yes")
        await sari.tap("no")
        await sari.tap("-skipped")
        old = Tapped("old", sari.at + 2, asked.conversation, yes.step, yes.choice)
        shown = await sari.send(old)
        assert not shown.fetch
        shown = await sari.tap("save")
        assert [line.key for line in shown.notes] == ["proof.public.gone"]
        assert count(engine, "public_file") == 0
        assert (await sari.tap("yes")).fetch == "P-1"
        with engine.connect() as connection:
            assert follow_ups.one(connection, 1, 1).finished_on is None
