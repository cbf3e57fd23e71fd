"""Somebody has the database and not SKM_SECRET_KEY, and tries to tell who answered what.

They know how skm works, every chat that there is, all units, services and periods, and the printed
sheet of visits' links. What they can and cannot tell is said in docs/privacy.md.
"""

import asyncio
import hashlib
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, text

from flows.engine.ended import GRACE
from reports.jobs.due import expiries, keys
from storage.answers import receipts, votes
from storage.answers.visits import Visit, read
from tests.support.offices import NOON, VAULT, Person, count, office, unit_row, working
from tests.support.visiting import give, visit

SERVICES = ("pajak", "stnk")
OFFICER = "tg:900"
CHATS = [f"tg:{number}" for number in range(100, 112)]
SECRET_BYTES = 32
AFTER = 1_800_000_000  # 15 January 2027: the quarter's key is due


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST")) as engine:
        yield engine


async def lived(engine: Engine) -> tuple[list[str], list[str]]:
    """Twelve citizens, four of them with a link, and two who were assisted; the grace time is over.
    The links of the sheet, and the receipts in order."""
    give(engine, OFFICER, "officer")
    sheet, codes = [visit(engine) for _ in range(8)], []
    with working(engine) as turns:
        for number, chat in enumerate([*CHATS, OFFICER, OFFICER]):
            link = sheet[number - 8] if number >= 8 else "SMST"
            person = Person(turns, chat, at=NOON + 300 * number)
            if chat == OFFICER:
                person.event = 100 * number
            await person.survey(link, value=1 + number % 4, service=SERVICES[number % 2])
            assert person.shown is not None
            params = person.shown.body[-1].params
            codes.append(str(params.get("receipt", params.get("code"))))
    expiries(engine, person.at + GRACE)
    return sheet, codes


class Thief:
    """Everything that lies in the database, and all that can be tried with it."""

    def __init__(self, engine: Engine) -> None:
        with engine.connect() as connection:
            names = inspect(engine).get_table_names()
            self.rows = {
                name: list(connection.execute(text(f'SELECT * FROM "{name}"')).mappings())
                for name in names
            }
        self.voices = {bytes(row["hash"]) for row in self.rows["voice"]}
        self.leaves = {bytes(row["leaf"]) for row in self.rows["response"]}
        self.claims = {bytes(row["claim"]) for row in self.rows["response"] if row["claim"]}

    def keys(self) -> set[bytes]:
        """Whatever lies there and might be a key, whole, cut and hashed."""
        found = {b"", bytes(SECRET_BYTES)}
        for row in (row for rows in self.rows.values() for row in rows):
            for value in row.values():
                raw = value if isinstance(value, bytes) else str(value).encode()
                found |= {raw, raw[12:44], raw[-SECRET_BYTES:], hashlib.sha256(raw).digest()}
        return found

    def answers(self, keys: set[bytes]) -> dict[str, str]:
        """Chat → the receipt of the response that is theirs, under one of these keys."""
        return {
            chat: receipts.code(leaf)
            for key, chat, service in product(keys, [*CHATS, OFFICER], SERVICES)
            for leaf in self.leaves
            if votes.Person(chat, 1, service).claim(key, leaf) in self.claims
        }

    def voters(self, keys: set[bytes]) -> set[str]:
        """Chats that are known to have rated without a link, under one of these keys."""
        tried = product(keys, [*CHATS, OFFICER], SERVICES)
        return {c for key, c, s in tried if votes.Person(c, 1, s).hash(key) in self.voices}

    def used(self, keys: set[bytes], sheet: list[Visit]) -> int:
        """How many links of a sheet are known to be used."""
        return sum(v.hash(key) in self.voices for key, v in product(keys, sheet))

    def beside(self, address: str) -> list[Any]:
        return [(n, row) for n, rows in self.rows.items() for row in rows if address in str(row)]


def links(sheet: list[str]) -> list[Visit]:
    return [v for link in sheet if (v := read(VAULT, link.removeprefix("v_")))]


def the_key(engine: Engine) -> bytes:
    with engine.connect() as connection:
        sealed = connection.execute(text("SELECT sealed FROM period_key")).scalar_one()
    return VAULT.unseal(bytes(sealed), "1|2026-Q4")


def test_without_the_secret_no_chat_and_no_link_is_joined_to_an_answer(engine):
    sheet, _ = asyncio.run(lived(engine))
    thief = Thief(engine)
    assert (len(thief.leaves), len(thief.claims), len(thief.voices)) == (14, 12, 14)
    guesses = thief.keys()
    assert len(guesses) > 300
    assert thief.answers(guesses) == {}
    assert thief.voters(guesses) == set()
    assert thief.used(guesses, links(sheet)) == 0
    for trace in (*CHATS, *(link[2:] for link in sheet), *(v.token.hex() for v in links(sheet))):
        assert thief.beside(trace) == []
    # Of an officer's chat there is how it came to its role, and no word of whom it assisted.
    assert {table for table, _ in thief.beside(OFFICER)} <= {"role", "invite"}


def test_with_the_secret_the_same_attack_succeeds_until_the_key_is_destroyed(engine):
    """So it is the secret that keeps it, and the attack is no sham. Of what an officer filled in
    nothing is found even so."""
    sheet, codes = asyncio.run(lived(engine))
    key, before = the_key(engine), Thief(engine)
    assert before.answers({key}) == dict(zip(CHATS, codes, strict=False))
    assert before.voters({key}) == set(CHATS[:8])
    assert before.used({key}, links(sheet)) == 6
    assert keys(engine, AFTER) == 1
    after = Thief(engine)
    assert count(engine, "period_key") == 0
    assert after.answers(after.keys()) == {}
    # Nor with the key from a backup: what it opened is gone too.
    assert after.voters({key}) == set()
    assert after.used({key}, links(sheet)) == 0
    assert after.answers({key}) == {}


def test_a_receipt_shows_its_answer_to_whoever_has_the_database(engine):
    """As it must, to prove that it was counted: a receipt is a secret of its owner."""
    _, codes = asyncio.run(lived(engine))
    thief = Thief(engine)
    assert sorted(map(receipts.code, thief.leaves)) == sorted(codes)


def test_nothing_is_left_in_the_files_of_a_database_either(sqlite_url):
    """Deleted rows lie on in SQLite's log until it begins anew."""
    with office(sqlite_url, unit_row("SMST")) as engine:
        asyncio.run(lived(engine))
        folder = Path(str(engine.url.database)).parent
        left = b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())
    assert b"SMST" in left
    assert [chat for chat in CHATS if chat.encode() in left] == []
