"""/cek and /hapus in a chat: a proof that anyone can check, and erasing only by who gave it."""

from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import Engine, text

from bot.core.turns.turn_worker import Turns
from flows.engine.events import Typed
from reports.jobs.due import JOBS
from reports.stored.fold import fold
from reports.stored.verify import verify
from storage.chat.conversations import load
from storage.index import transparency_log as log
from tests.support.auditor import climbed, mth
from tests.support.offices import (
    NOON,
    Person,
    count,
    office,
    run,
    unit_row,
    working,
)
from tests.support.publishing import DAY, LATER, closed
from tests.support.rated import erased, rated, said


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST")) as engine:
        yield engine


@pytest.fixture
async def turns(engine: Engine) -> AsyncIterator[Turns]:
    with working(engine) as turns:
        yield turns


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
        assert shown.startswith("Jawaban ini ikut dihitung untuk Kantor SMST, Triwulan IV 2026")


@pytest.mark.parametrize("typed", ["x", "A" * 19, "A" * 21, "é" * 20, "=" * 20, "9" * 20])
async def test_what_is_no_code_is_told_how_to_write_one(engine, turns, typed):
    person = Person(turns, "tg:1")
    for command in ("/cek", "/hapus"):
        shown = said(await person.open(f"{command} {typed}".strip()))
        assert shown.startswith(f"Itu bukan kode tanda terima. Tulis {command} lalu 20 hurufnya")


async def test_a_command_without_a_code_uses_the_last_receipt_or_asks_for_one(engine, turns):
    rini, code = await rated(turns, "tg:1")
    assert said(await rini.open("/cek")).startswith("Jawaban ini ikut dihitung")
    assert (await rini.open("/hapus")).choices[0].choice == "erase"
    stranger = Person(turns, "tg:2")
    for command, answer in (("/cek", "Jawaban ini ikut"), ("/hapus", "Jawaban itu hanya dapat")):
        assert said(await stranger.open(command)) == "Kirim kode tanda terima Anda (20 huruf)."
        fault = await stranger.send(Typed(stranger._next(), stranger.at, "K7QX"))
        assert fault.notes[0].key == "receipt.unfit"
        shown = said(await stranger.send(Typed(stranger._next(), stranger.at, code.lower())))
        assert shown.startswith(answer)


async def test_a_proof_leads_to_the_root_by_anybodys_hand(engine, turns):
    codes = [(await rated(turns, f"tg:{n}"))[1] for n in range(7)]
    stranger = Person(turns, "tg:stranger")
    with engine.begin() as connection:
        sheet = closed(connection, "SMST")
        hashes = connection.execute(text("SELECT leaf FROM sheet_leaf ORDER BY leaf")).scalars()
        leaves = [bytes(each) for each in hashes]
    assert mth(leaves).hex() == sheet["leaves"]["root"]
    for code in codes:
        assert "7 jawaban yang dihitung" in said(await stranger.open(f"/cek {code}"))
        shown = said(await stranger.open(f"/cek {code} bukti"))
        lines = [line.split() for line in shown.splitlines()[1:]]
        told = {line[0]: line[1:] for line in lines}
        leaf = bytes.fromhex(told["leaf"][0])
        index, _, size = told["index"]
        path = [bytes.fromhex(line[1]) for line in lines if line[0] == "path"]
        assert size == "7"
        assert climbed(leaf, int(index), 7, path).hex() == told["root"][0]
        assert told["root"] == [sheet["leaves"]["root"]]
        assert told["sheet"][:2] == ["SMST", "1"]


async def test_the_proof_leads_to_the_newest_checkpoint_of_the_log_too(engine, turns):
    """Before the period is published, and after it, where the sheet's own path stands above."""
    codes = [(await rated(turns, f"tg:{n}"))[1] for n in range(7)]
    stranger = Person(turns, "tg:stranger")
    assert "log-root" not in said(await stranger.open(f"/cek {codes[0]} bukti"))
    JOBS["log"](engine, NOON + DAY)
    for period in ("runs", "is published"):
        if period == "is published":
            with engine.begin() as connection:
                closed(connection, "SMST")
            JOBS["log"](engine, LATER + DAY)
        with engine.connect() as connection:
            checkpoint = log.latest(connection)
        for code in codes:
            shown = await stranger.open(f"/cek {code}")
            assert [each.label.key for each in shown.choices] == ["receipt.technical"]
            lines = [
                line.split()
                for line in said(await stranger.open(f"/cek {code} bukti")).splitlines()
            ]
            told = {line[0]: line[1:] for line in lines if line}
            path = [bytes.fromhex(line[1]) for line in lines if line and line[0] == "log-path"]
            index, _, size = told["log-index"]
            reached = climbed(bytes.fromhex(told["log-leaf"][0]), int(index), int(size), path)
            assert reached == checkpoint.root
            assert (reached.hex(), int(size)) == (told["log-root"][0], checkpoint.size)
            assert ("sheet" in told) == (period == "is published")


async def test_the_proof_of_a_large_sheet_fits_into_one_message(engine, turns):
    """2^20 leaves would have a path of 20: as long as this, whatever the office's name."""
    _, code = await rated(turns, "tg:1")
    with engine.begin() as connection:
        closed(connection, "SMST")
    shown = said(await Person(turns, "tg:2").open(f"/cek {code} bukti"))
    of_log = 24 * len("log-path " + "0" * 64 + "\n") + 200  # of 2^24 entries
    assert len(shown) + 20 * len("path " + "0" * 64 + "\n") + of_log <= 4096


async def test_a_receipt_shows_no_answer_service_or_day(engine, turns):
    person, code = await rated(turns, "tg:1", 2)
    with engine.begin() as connection:
        closed(connection, "SMST")
    shown = said(await person.open(f"/cek {code}")) + said(await person.open(f"/cek {code} bukti"))
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
    assert shown.startswith("Jawaban ini sudah dihapus setelah hasil Triwulan IV 2026 diumumkan")
    assert "index " in said(await person.open(f"/cek {code} bukti"))
    assert said(await person.open(f"/hapus {code}")).startswith("Jawaban itu sudah dihapus")
    assert verify(engine) == []
