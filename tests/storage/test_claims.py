"""Whose an answer is can be told by one key only, and after that is destroyed by nobody."""

from collections.abc import AsyncIterator, Iterator
from hashlib import sha256

import pytest
from sqlalchemy import Engine, inspect, text

from bot.core.turns.turn_worker import Turns
from reports.jobs.due import keys
from storage.answers import votes
from tests.support.offices import Chance, count, draft, office, respond, run, unit_row, working
from tests.support.rated import rated, said

# The quarter's key is destroyed 14 days after 31 December: from 15 January on, by UTC.
DESTROYED = 1_800_000_000  # 15 January 2027, 08:00 UTC
BEFORE = DESTROYED - 86_400


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST")) as engine:
        yield engine


@pytest.fixture
async def turns(engine: Engine) -> AsyncIterator[Turns]:
    with working(engine) as turns:
        yield turns


async def test_the_scheduler_destroys_claims_with_the_key(engine, turns):
    person, code = await rated(turns, "tg:1")
    assert count(engine, "response", "claim IS NOT NULL") == 1
    assert keys(engine, BEFORE) == 0
    assert count(engine, "response", "claim IS NOT NULL") == 1
    assert keys(engine, DESTROYED) == 1
    assert count(engine, "response", "claim IS NOT NULL OR submitted_at IS NOT NULL") == 0
    assert count(engine, "period_key") == 0
    shown = said(await person.open(f"/hapus {code}"))
    assert shown.startswith("Jawaban itu tidak terhubung lagi dengan obrolan mana pun")
    assert said(await person.open(f"/cek {code}")).startswith("Jawaban ini ikut dihitung")


async def test_claims_go_also_where_the_times_went_before(engine, turns):
    await rated(turns, "tg:1")
    run(engine, "UPDATE response SET submitted_at = NULL")
    assert keys(engine, DESTROYED) == 1
    assert count(engine, "response", "claim IS NOT NULL") == 0


async def test_a_key_destroyed_while_it_is_asked_erases_nothing(engine, turns):
    person, code = await rated(turns, "tg:1")
    await person.open(f"/hapus {code}")
    keys(engine, DESTROYED)
    assert said(await person.tap("erase")).startswith("Jawaban itu tidak terhubung lagi")
    assert count(engine, "response") == 1


def test_what_no_chat_gave_is_nobodys(engine):
    with engine.begin() as connection:
        respond(connection, "SMST", Chance(), draft(source="imported"))
    assert count(engine, "response", "claim IS NOT NULL") == 0


async def test_a_claim_is_of_one_chat_service_unit_and_leaf():
    key, leaf = bytes(32), sha256(b"1").digest()
    rini = votes.Person("tg:1", 1, "pajak")
    claims = {
        rini.claim(key, leaf),
        rini.claim(key, sha256(b"2").digest()),
        rini.claim(bytes(31) + b"1", leaf),
        votes.Person("tg:2", 1, "pajak").claim(key, leaf),
        votes.Person("tg:1", 2, "pajak").claim(key, leaf),
        votes.Person("tg:1", 1, "stnk").claim(key, leaf),
        rini.hash(key),
    }
    assert len(claims) == 7


async def test_with_the_database_and_no_key_an_erasing_under_way_tells_nothing(engine, turns):
    """Whoever steals the database while it is asked finds no way from the chat to the answer."""
    person, code = await rated(turns, "tg:1")
    with engine.connect() as connection:
        (leaf,) = connection.execute(text("SELECT leaf FROM response")).scalars()
    run(engine, "DELETE FROM conversation")  # the grace time is over
    await person.open("SMST_stnk")
    await person.tap("agreed")
    await person.open(f"/hapus {code}")  # asked whether to leave the survey for it
    beside_chats = rows_with(engine, "tg:1")
    await person.tap(person.shown.choices[-1].choice)
    beside_chats += rows_with(engine, "tg:1")
    assert "sealed" in beside_chats
    for secret in (code, code.replace("-", ""), bytes(leaf).hex()[:24]):
        assert secret.lower() not in beside_chats.lower()


def rows_with(engine: Engine, address: str) -> str:
    """Every row of every table that names this chat, whole, bytes in hex."""
    found: list[str] = []
    with engine.connect() as connection:
        for table in inspect(engine).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                said = " ".join(v.hex() if isinstance(v, bytes) else str(v) for v in row)
                found += [said] if address in said else []
    assert found
    return "\n".join(found)
