"""A machine at a counter asks for visit links: with its key, so often, in the form it prints."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from xml.etree import ElementTree

import pytest
from httpx import ASGITransport, AsyncClient, Response
from sqlalchemy import Engine, select

from bot.channels.telegram.links import links
from bot.web.app import application
from bot.web.visit_links import A_MINUTE, ESCPOS, VisitLinks
from reports.jobs.restored import settle
from storage import units
from storage.answers import visits
from storage.database import destroyed
from storage.database.rollback_check import Seen
from storage.database.upsert import table_of
from storage.office import counter_keys
from storage.office_tables import AuditEntry
from tests.support.away import away
from tests.support.command_line import clean_desk, skm
from tests.support.fake_channel import Clock
from tests.support.offices import (
    NOON,
    VAULT,
    Chance,
    everything,
    office,
    run,
    unit_of,
    unit_row,
)
from tests.support.visiting import TODAY


@dataclass
class Counters:
    engine: Engine
    client: AsyncClient
    clock: Clock
    made: VisitLinks

    def key(self, code: str = "SMST-BTM", service: str = "", name: str = "Loket 1") -> str:
        with self.engine.begin() as connection:
            unit = unit_of(connection, code)
            seed = f"{code}{service}{name}"
            return counter_keys.make(connection, unit.id, service, name, NOON, Chance(seed))[0]

    async def ask(self, key: str, accept: str = "application/json") -> Response:
        headers = {"Authorization": f"Bearer {key}", "Accept": accept}
        return await self.client.post("/visits", headers=headers)

    def log(self) -> list[tuple[str, str]]:
        audit = table_of(AuditEntry)
        with self.engine.connect() as connection:
            query = select(audit.c.action, audit.c.after).order_by(audit.c.id)
            return [tuple(row) for row in connection.execute(query)]


@asynccontextmanager
async def counters(url: str) -> AsyncIterator[Counters]:
    clock = Clock()
    with office(url, unit_row("SMST-BTM"), unit_row("DUKCAPIL")) as engine:
        made = VisitLinks(engine, VAULT, clock, Chance(5), links("skm_bot"))
        transport = ASGITransport(application([made.route]))
        async with AsyncClient(transport=transport, base_url="https://skm.contoh") as client:
            yield Counters(engine, client, clock, made)


async def test_each_time_there_is_another_link_of_that_day_unit_and_service(database_url):
    async with counters(database_url) as here:
        key = here.key(service="pajak")
        first, second = await here.ask(key), await here.ask(key)
        assert (first.status_code, first.headers["cache-control"]) == (201, "no-store")
        said = first.json()
        assert {**said, "link": ""} == {
            "link": "", "unit": "SMST-BTM", "service": "Pajak tahunan", "until": "2026-11-26",
        }  # fmt: skip
        assert said["link"] != second.json()["link"]
        token = re.fullmatch(r"https://t\.me/skm_bot\?start=v_(.+)", said["link"])
        assert token is not None
        visit = visits.read(VAULT, token[1])
        assert visit is not None
        assert (visit.day, visit.is_of("pajak"), visit.is_of("stnk")) == (TODAY, True, False)
        with here.engine.connect() as connection:
            assert visits.number_issued(connection, visit.unit_id, TODAY, TODAY) == 2
        assert here.log() == [("issue_visits", '{"counter": "Loket 1"}')]  # once a day
        kept = everything(here.engine)
        assert not any(secret in kept for secret in (key, token[1]))


@pytest.mark.parametrize(("accept", "kind", "begins"), [
    ("", "application/json", b"{"),
    ("*/*", "application/json", b"{"),
    ("image/svg+xml", "image/svg+xml", b"<?xml"),
    ("text/plain, image/png;q=0.8", "image/png", b"\x89PNG"),
    ("image/*", "image/svg+xml", b"<?xml"),
    (ESCPOS, ESCPOS, b"\x1b@"),
])  # fmt: skip
async def test_it_comes_as_the_machine_wants_it(sqlite_url, accept, kind, begins):
    async with counters(sqlite_url) as here:
        answer = await here.ask(here.key(), accept)
        assert answer.headers["content-type"].partition(";")[0] == kind
        assert answer.content.startswith(begins)
        if kind == "image/svg+xml":
            assert ElementTree.fromstring(answer.content).tag.endswith("svg")


async def test_what_a_receipt_printer_gets_adds_up(sqlite_url):
    """GS v 0 m xL xH yL yH, then as many bytes as it says; plain letters; GS V 66 0 cuts."""
    async with counters(sqlite_url) as here:
        slip = (await here.ask(here.key(), ESCPOS)).content
    assert slip.startswith(b"\x1b@\x1ba\x01\x1dv0\x00")
    wide, high = (int.from_bytes(slip[at : at + 2], "little") for at in (9, 11))
    assert wide * 8 <= 576  # dots on paper of 80 mm
    text = slip[13 + wide * high :]
    assert text.startswith(b"\nKantor SMST-BTM\n")
    assert text.endswith(b"\x1dV\x42\x00")
    assert all(32 <= letter < 127 or letter in b"\n\x1d\x00" for letter in text)


async def test_no_key_a_wrong_one_and_one_taken_back_get_nothing(sqlite_url):
    async with counters(sqlite_url) as here:
        key = here.key()
        before = everything(here.engine)
        for headers in ({}, {"Authorization": f"Basic {key}"}, {"Authorization": "Bearer "},
                        {"Authorization": "Bearer " + "x" * 5_000}):  # fmt: skip
            answer = await here.client.post("/visits", headers=headers)
            assert answer.status_code in (401, 403)
        assert (await here.ask(key[:-1] + "A")).status_code == 403
        assert (await here.ask(key, "text/html")).status_code == 406
        assert (await here.client.get("/visits")).status_code == 405
        assert everything(here.engine) == before
        with here.engine.begin() as connection:
            counter_keys.end(connection, counter_keys.every(connection)[0].id)
        assert (await here.ask(key)).status_code == 403


async def test_a_key_that_was_taken_back_does_not_come_back_with_a_backup(sqlite_url):
    async with counters(sqlite_url) as here:
        key, other = here.key(), here.key(name="Loket 2")
        with here.engine.begin() as connection:
            (this,) = (c for c in counter_keys.every(connection) if c.name == "Loket 1")
            gone = Seen(None, 0, (destroyed.counter(this.id),))
            settle(connection, gone, NOON)
        assert [(await here.ask(each)).status_code for each in (key, other)] == [403, 201]


async def test_a_counter_may_ask_so_often_a_minute_and_holds_up_no_other(sqlite_url):
    async with counters(sqlite_url) as here:
        key, other = here.key(), here.key(name="Loket 2")
        said = [(await here.ask(key)).status_code for _ in range(A_MINUTE + 1)]
        assert said == [201] * A_MINUTE + [429]
        answer = await here.ask(key)
        assert 0 < int(answer.headers["retry-after"]) <= 60
        assert "error" in json.loads(answer.content)
        assert (await here.ask(other)).status_code == 201
        here.clock.at += 60
        assert (await here.ask(key)).status_code == 201


async def test_who_has_no_key_or_asks_too_often_holds_up_nobody_who_writes(sqlite_url, monkeypatch):
    async with counters(sqlite_url) as here:
        key = here.key()
        assert (await here.ask(key)).status_code == 201

        def writing(*_: object) -> None:
            raise AssertionError("a transaction that writes has begun")

        monkeypatch.setattr(type(here.engine), "begin", writing)
        assert (await here.ask("x" * 32)).status_code == 403
        with pytest.raises(AssertionError, match="that writes"):
            await here.ask(key)
        here.made.asked[next(iter(here.made.asked))] = A_MINUTE
        assert (await here.ask(key)).status_code == 429


async def test_a_database_that_is_away_is_said_and_asked_again_later(database_url):
    async with counters(database_url) as here:
        key = here.key()
        with away(here.engine):
            answer = await here.ask(key)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
        assert "no link was made" in answer.json()["error"]
        assert (await here.ask(key)).status_code == 201


async def test_a_service_that_is_dropped_gets_no_link_of_it(sqlite_url):
    async with counters(sqlite_url) as here:
        key, any_other = here.key(service="pajak"), here.key(name="Loket 2")
        run(here.engine, "UPDATE unit SET retired = services, services = '[]'")
        before = everything(here.engine)
        answer = await here.ask(key)
        assert answer.status_code == 409
        assert "“pajak” is not offered any more" in answer.json()["error"]
        assert everything(here.engine) == before
        assert (await here.ask(any_other)).status_code == 201


def test_counters_are_told_apart_however_many_there_are(sqlite_url):
    """By six bytes: of three bytes two are the same once there are some thousand."""
    with office(sqlite_url, unit_row("SMST-BTM")) as engine, engine.begin() as connection:
        chance = Chance(1)
        for n in range(9):
            made = counter_keys.make(connection, 1, "", f"Loket {n}", NOON, chance)[1]
            assert len(bytes.fromhex(made.id)) == 6


def test_all_counters_are_listed_without_asking_for_each_unit(sqlite_url, monkeypatch, tmp_path):
    clean_desk(monkeypatch, tmp_path)
    monkeypatch.setenv("SKM_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("SKM_SECRET_KEY", "0123456789abcdef0123456789abcdef")
    asked: list[str] = []
    with office(sqlite_url, unit_row("SMST-BTM"), unit_row("DUKCAPIL")) as engine:
        with engine.begin() as connection:
            for n, code in enumerate(("SMST-BTM", "DUKCAPIL", "SMST-BTM")):
                unit = unit_of(connection, code)
                counter_keys.make(connection, unit.id, "", f"Loket {n}", NOON, Chance(n))
    monkeypatch.setattr(units, "by_id", lambda *_: asked.append("unit"))
    said = json.loads(skm("counter", "list", "--json").stdout)["counters"]
    assert [(each["unit"], each["name"]) for each in said] == [
        ("SMST-BTM", "Loket 0"), ("SMST-BTM", "Loket 2"), ("DUKCAPIL", "Loket 1"),
    ]  # fmt: skip
    assert asked == []
