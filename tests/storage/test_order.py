"""Somebody has the database and pairs what was written first with what was written first.

A voice is written with its response, a subscription just after it. Tried are all orders that a
database keeps: of rows (rowid, ctid), of transactions (xmin) and of bytes in its files.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from pathlib import Path
from random import Random
from struct import iter_unpack, unpack_from

import pytest
from sqlalchemy import Engine, MetaData, Table, inspect, text

from flows.engine.ended import GRACE
from flows.instrument import Questionnaire
from reports.jobs.due import expiries, keys, shuffles
from storage import questionnaires
from storage.answers import receipts, votes
from storage.database.connect import migrate, open_engine
from storage.vault import Vault
from tests.support.instruments import CURRENT
from tests.support.offices import NOON, VAULT, Person, count, office, unit_row, working

DAY = 86_400
AFTER = 1_800_000_000  # 15 January 2027: the quarter's key is due
_ALL = Random(1).sample([f"tg:{number}" for number in range(100, 140)], 40)
CHATS, LATE = _ALL[:30], _ALL[30:]  # in the order in which they come
PAGE = 8_192  # bytes of Postgres' pages
CHANCE = 6  # of 30 or 40 pairs: guessing finds one, six or more once in 1,700 times

Order = list[bytes]  # what stands for a row, in the order in which rows were written
Truth = dict[bytes, bytes]  # whose response, by its leaf


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST")) as engine:
        yield engine


async def lived(engine: Engine, chats: Sequence[str], at: int) -> dict[str, bytes]:
    """Each chat rates and asks for news; the grace time is over. Chat → leaf of its response."""
    given = {}
    with working(engine, seed=at) as turns:
        for number, chat in enumerate(chats):
            who = Person(turns, chat, at=at + 60 * number)
            shown = await who.survey("SMST", value=1 + number % 4, service="pajak")
            leaves = receipts.leaves_of(str(shown.body[-1].params["receipt"]))
            with engine.connect() as connection:
                leaf = text("SELECT leaf FROM response WHERE leaf BETWEEN :low AND :high")
                params = dict(zip(("low", "high"), leaves, strict=True))
                given[chat] = bytes(connection.execute(leaf, params).scalar_one())
            await who.tap("news-SMST")
    expiries(engine, who.at + GRACE)
    assert count(engine, "conversation") == 0
    return given


def the_key(engine: Engine, vault: Vault = VAULT) -> bytes:
    with engine.connect() as connection:
        sealed = connection.execute(text("SELECT sealed FROM period_key")).scalar_one()
    return vault.unseal(bytes(sealed), "1|2026-Q4")


def truths(engine: Engine, given: dict[str, bytes]) -> dict[str, Truth]:
    key = the_key(engine)
    of_voices = {votes.Person(c, 1, "pajak").hash(key): leaf for c, leaf in given.items()}
    return {"voice": of_voices, "subscription": {c.encode(): leaf for c, leaf in given.items()}}


def told(engine: Engine, truth: dict[str, Truth]) -> dict[str, int]:
    """How many pairs the best of all attacks tells, by the table that is paired with responses."""
    leaves = orders(engine, "response", "leaf", list(truth["voice"].values()))
    found = {}
    for table, column in (("voice", "hash"), ("subscription", "address")):
        mine = orders(engine, table, column, list(truth[table]))
        pairs = [zip(one, other, strict=False) for one, other in product(mine, leaves)]
        found[table] = max(sum(truth[table][a] == b for a, b in each) for each in pairs)
    return found


def orders(engine: Engine, table: str, column: str, values: list[bytes]) -> list[Order]:
    """Every order in which these rows may be told to have been written."""
    read = _of_sqlite if engine.dialect.name == "sqlite" else _of_postgres
    found = [each for each in read(engine, table, column, values) if len(each) == len(values)]
    assert len(found) > 1
    return [*found, *(each[::-1] for each in found)]


def _of_sqlite(engine: Engine, table: str, column: str, values: list[bytes]) -> Iterator[Order]:
    with engine.connect() as connection:
        made = connection.execute(
            text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table}
        ).scalar_one()
    by = [] if "WITHOUT ROWID" in made else ["rowid"]
    yield from _sorted(engine, table, column, values, by)
    file = Path(str(engine.url.database))
    yield from _in_bytes(file.read_bytes(), values)
    yield from _in_bytes(Path(f"{file}-wal").read_bytes(), values)


def _of_postgres(engine: Engine, table: str, column: str, values: list[bytes]) -> Iterator[Order]:
    yield from _sorted(engine, table, column, values, ["ctid", "xmin::text::bigint"])
    indexes = [each["name"] for each in inspect(engine).get_indexes(table)]
    for relation in (table, f"pk_{table}", *indexes):
        yield from _in_bytes(_file(engine, relation), values)


def _file(engine: Engine, relation: str) -> bytes:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CHECKPOINT")
        read = text("SELECT pg_read_binary_file(pg_relation_filepath(:name))")
        return bytes(connection.execute(read, {"name": relation}).scalar_one())


def _sorted(
    engine: Engine, table: str, column: str, values: list[bytes], by: Sequence[str]
) -> Iterator[Order]:
    for order in ("", *(f"ORDER BY {each}" for each in by)):
        with engine.connect() as connection:
            rows = connection.execute(text(f"SELECT {column} FROM {table} {order}")).scalars()
            found = [row.encode() if isinstance(row, str) else bytes(row) for row in rows]
        yield [row for row in found if row in values]


def _in_bytes(file: bytes, values: list[bytes]) -> Iterator[Order]:
    """Where they lie in a file first, and where last."""
    places: list[Callable[[bytes], int]] = [file.find, file.rfind]
    for place in places:
        yield sorted((each for each in values if each in file), key=place)


def test_from_the_next_day_on_no_order_pairs_a_voice_or_a_chat_with_a_response(engine):
    given = asyncio.run(lived(engine, CHATS, NOON))
    truth = truths(engine, given)
    # Until the night everybody is told: the attack is no sham.
    assert told(engine, truth) == {"voice": len(CHATS), "subscription": len(CHATS)}
    assert shuffles(engine, NOON + 3_600) == 0
    assert shuffles(engine, NOON + DAY) == 2 * len(CHATS)
    assert max(told(engine, truth).values()) < CHANCE
    assert shuffles(engine, NOON + DAY) == 0


def test_who_came_on_another_day_is_not_told_by_that_either(engine):
    """New rows are written anew together with the old ones."""
    given = asyncio.run(lived(engine, CHATS, NOON))
    shuffles(engine, NOON + DAY)
    given |= asyncio.run(lived(engine, LATE, NOON + DAY))
    truth = truths(engine, given)
    late = {table: {k: v for k, v in of.items() if v in _leaves(given, LATE)}
            for table, of in truth.items()}  # fmt: skip
    assert told(engine, late) == {"voice": len(LATE), "subscription": len(LATE)}
    assert shuffles(engine, NOON + 2 * DAY) == 2 * (len(CHATS) + len(LATE))
    assert max(told(engine, truth).values()) < CHANCE
    assert max(told(engine, late).values()) < CHANCE
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            for table in ("voice", "subscription"):
                query = text(f"SELECT count(DISTINCT xmin::text) FROM {table}")
                assert connection.execute(query).scalar_one() == 1


def _leaves(given: dict[str, bytes], chats: Sequence[str]) -> list[bytes]:
    return [given[chat] for chat in chats]


def test_with_the_key_voices_and_claims_are_gone_from_the_files_too(engine):
    given = asyncio.run(lived(engine, CHATS[:8], NOON))
    truth, key = truths(engine, given), the_key(engine)
    claims = [votes.Person(c, 1, "pajak").claim(key, leaf) for c, leaf in given.items()]
    with engine.connect() as connection:
        sealed = bytes(connection.execute(text("SELECT sealed FROM period_key")).scalar_one())
    traces = (*truth["voice"], *claims, sealed)
    assert [trace for trace in traces if trace not in _in_files(engine)] == []
    assert keys(engine, AFTER) == 1
    assert count(engine, "voice") == 0
    left = _in_files(engine)
    assert [leaf for leaf in given.values() if leaf not in left] == []
    assert [trace for trace in traces if trace in left] == []


def _in_files(engine: Engine) -> bytes:
    """Of SQLite all bytes; of Postgres all rows in the files of these tables, dead ones too, but
    not what lies in the free room of a page."""
    if engine.dialect.name == "sqlite":
        folder = Path(str(engine.url.database)).parent
        return b"".join(each.read_bytes() for each in folder.iterdir() if each.is_file())
    files = [_file(engine, table) for table in ("voice", "response", "period_key")]
    pages = [file[at : at + PAGE] for file in files for at in range(0, len(file), PAGE)]
    return b"|".join(row for page in pages for row in _rows(page))


def _rows(page: bytes) -> Iterator[bytes]:
    """A page's header ends in line pointers: place (15 bits), state (2), length (15)."""
    (lower,) = unpack_from("<H", page, 12)
    for (pointer,) in iter_unpack("<I", page[24:lower]):
        if (pointer >> 15) & 3 == 1:  # a row, dead or not
            yield page[pointer & 0x7FFF :][: pointer >> 17]


def test_a_filled_database_loses_its_order_when_it_is_migrated(empty_database_url):
    migrate(empty_database_url, "0001")
    engine, hashes = open_engine(empty_database_url), [bytes([n] * 32) for n in (3, 1, 2)]
    with engine.begin() as connection:
        questionnaires.keep(connection, Questionnaire(CURRENT))
        then = Table("unit", MetaData(), autoload_with=connection)
        row = {**unit_row("SMST"), "id": 1, "retired": [], "users": {}}
        connection.execute(then.insert().values(row))
        insert = "INSERT INTO period_key VALUES (1, '2026-Q4', :sealed, '2027-01-14')"
        connection.execute(text(insert), {"sealed": b"sealed"})
        insert = "INSERT INTO voice VALUES (1, :period, :hash)"
        for hash in hashes:
            connection.execute(text(insert), {"period": "2026-Q4", "hash": hash})
        connection.execute(
            text(insert), {"period": "2026-Q3", "hash": hashes[0]}
        )  # no key any more
        insert = "INSERT INTO subscription VALUES (:address, 1, 7)"
        for address in ("tg:2", "tg:1"):
            connection.execute(text(insert), {"address": address})
    migrate(empty_database_url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT period, hash, written_on FROM voice")).all()
        assert [(row[0], bytes(row[1]), row[2]) for row in found] == [
            ("2026-Q4", hash, None) for hash in sorted(hashes)
        ]
        found = connection.execute(text("SELECT * FROM subscription")).all()
        assert [tuple(row) for row in found] == [("tg:1", 1, 7, None), ("tg:2", 1, 7, None)]
    engine.dispose()
