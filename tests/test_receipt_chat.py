"""/cek and /hapus in a chat: a proof that anyone can check, and erasing only by who gave it."""

import re
from collections.abc import AsyncIterator, Iterator
from hashlib import sha256

import pytest
from sqlalchemy import Engine, inspect, text

from bot.turns import Turns
from flows.files import words
from flows.say import say
from flows.screen import Screen
from reports.due import keys
from reports.fold import fold
from reports.verify import verify
from storage import voices
from storage.conversations import load
from tests.auditor import climbed, mth
from tests.offices import (
    NOON,
    Chance,
    Person,
    count,
    draft,
    office,
    respond,
    run,
    unit_row,
    working,
)
from tests.publishing import LATER, closed

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


def said(screen: Screen) -> str:
    return say(screen, words("id")).text


async def rated(turns: Turns, address: str, value: int = 3) -> tuple[Person, str]:
    """Somebody who has rated a service of SMST, and the receipt."""
    person = Person(turns, address, at=NOON)
    thanks = said(await person.survey("SMST_pajak", value))
    found = re.search(r"Tanda terima (\S+)\.", thanks)
    assert found
    return person, found[1]


async def erased(person: Person, code: str) -> str:
    await person.open(f"/hapus {code}")
    return said(await person.tap("erase"))


@pytest.mark.parametrize(
    "change",
    [str, str.lower, lambda c: c.replace("-", ""), lambda c: c.replace("-", " "),
     lambda c: c.replace("O", "0").replace("I", "1").replace("B", "8")],
    ids=["as shown", "small", "joined", "spaced", "misread"],
)  # fmt: skip
async def test_a_code_is_read_as_people_write_it(engine, turns, change):
    for number in range(4):  # whatever letters come
        person, code = await rated(turns, f"tg:{number}")
        shown = said(await person.open(f"/cek {change(code)}"))
        assert shown.startswith(
            "Jawaban ini ikut dihitung untuk Kantor SMST, triwulan 4 tahun 2026"
        )


@pytest.mark.parametrize("typed", ["", "x", "A" * 19, "A" * 21, "é" * 20, "=" * 20, "9" * 20])
async def test_what_is_no_code_is_told_how_to_write_one(engine, turns, typed):
    person = Person(turns, "tg:1")
    for command in ("/cek", "/hapus"):
        shown = said(await person.open(f"{command} {typed}".strip()))
        assert shown.startswith(f"Itu bukan kode tanda terima. Tulis {command} lalu 20 hurufnya")


async def test_a_proof_leads_to_the_root_by_anybodys_hand(engine, turns):
    codes = [(await rated(turns, f"tg:{n}"))[1] for n in range(7)]
    stranger = Person(turns, "tg:stranger")
    with engine.begin() as connection:
        sheet = closed(connection, "SMST")
        hashes = connection.execute(text("SELECT leaf FROM sheet_leaf ORDER BY leaf")).scalars()
        leaves = [bytes(each) for each in hashes]
    assert mth(leaves).hex() == sheet["leaves"]["root"]
    for code in codes:
        shown = said(await stranger.open(f"/cek {code}"))
        lines = [line.split() for line in shown.splitlines()[2:]]
        told = {line[0]: line[1:] for line in lines}
        leaf = bytes.fromhex(told["leaf"][0])
        index, _, size = told["index"]
        path = [bytes.fromhex(line[1]) for line in lines if line[0] == "path"]
        assert size == "7"
        assert climbed(leaf, int(index), 7, path).hex() == told["root"][0]
        assert told["root"] == [sheet["leaves"]["root"]]
        assert told["sheet"][:2] == ["SMST", "1"]


async def test_the_proof_of_a_large_sheet_fits_into_one_message(engine, turns):
    """2^20 leaves would have a path of 20: as long as this, whatever the office's name."""
    _, code = await rated(turns, "tg:1")
    with engine.begin() as connection:
        closed(connection, "SMST")
    shown = said(await Person(turns, "tg:2").open(f"/cek {code}"))
    assert len(shown) + 20 * len("path " + "0" * 64 + "\n") <= 4096 - 1000


async def test_a_receipt_shows_no_answer_service_or_day(engine, turns):
    person, code = await rated(turns, "tg:1", 2)
    with engine.begin() as connection:
        closed(connection, "SMST")
    shown = said(await person.open(f"/cek {code}"))
    for secret in ("pajak", "Pajak", "2026-11-19", "Kurang", "salt"):
        assert secret not in shown


async def test_nobody_else_erases_by_the_code_alone(engine, turns):
    _, code = await rated(turns, "tg:1", 1)
    officer = Person(turns, "tg:officer")
    shown = said(await officer.open(f"/hapus {code}"))
    assert shown.startswith("Jawaban itu hanya dapat dihapus dari obrolan yang mengirimnya")
    assert not officer.shown.choices
    assert count(engine, "response") == 1


async def test_erasing_takes_answer_tally_and_conversation_and_leaves_the_voice(engine, turns):
    person, code = await rated(turns, "tg:1")
    await rated(turns, "tg:2")
    fold(engine)
    assert (await erased(person, code)).startswith("Jawaban Anda sudah dihapus, juga dari hitungan")
    assert count(engine, "response") == 1
    assert count(engine, "voice") == 2
    assert verify(engine) == []
    with engine.connect() as connection:
        kept = load(connection, ["tg:1"])["tg:1"]
    assert [each.conversation.answers for each in kept] == [{}]
    again = said(await person.survey("SMST_pajak"))
    assert again.startswith("Penilaian Anda untuk layanan ini sudah dihitung")


async def test_a_second_tap_and_a_second_asking_erase_nothing_more(engine, turns):
    person, code = await rated(turns, "tg:1")
    await person.open(f"/hapus {code}")
    tap = person.tapped("erase")
    first = said(await person.send(tap))
    assert said(await person.send(tap)) == first
    assert said(await person.open(f"/hapus {code}")).startswith("Tanda terima itu tidak ditemukan")


async def test_two_erasings_of_one_answer_are_one(engine, turns):
    """The same link opened on two phones of one chat: the second yes comes when it is gone."""
    person, code = await rated(turns, "tg:1")
    await person.open(f"/hapus {code}")
    run(engine, "DELETE FROM response")
    assert said(await person.tap("erase")).startswith("Jawaban itu sudah dihapus sebelumnya")


# The key goes, and with it every tie between a chat and an answer.


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
    rini = voices.Person("tg:1", 1, "pajak")
    claims = {
        rini.claim(key, leaf),
        rini.claim(key, sha256(b"2").digest()),
        rini.claim(bytes(31) + b"1", leaf),
        voices.Person("tg:2", 1, "pajak").claim(key, leaf),
        voices.Person("tg:1", 2, "pajak").claim(key, leaf),
        voices.Person("tg:1", 1, "stnk").claim(key, leaf),
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


async def test_after_publication_the_proof_of_an_erased_answer_stays(engine, turns):
    people = [await rated(turns, f"tg:{n}") for n in range(3)]
    with engine.begin() as connection:
        closed(connection, "SMST")
    person, code = people[0]
    person.at = LATER
    assert (await erased(person, code)).startswith(
        "Jawaban Anda sudah dihapus. Lembar yang sudah terbit tetap berlaku."
    )
    shown = said(await person.open(f"/cek {code}"))
    assert shown.startswith("Jawaban ini sudah dihapus setelah lembar nomor 1 terbit")
    assert "index " in shown
    assert said(await person.open(f"/hapus {code}")).startswith("Jawaban itu sudah dihapus")
    assert verify(engine) == []
