"""/unit beside others: two admins at once, a role that ends meanwhile, tables as spreadsheets make
them, the list that is handed out and comes back."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from bot.core.channel import Document
from bot.core.turns import sent_tables
from flows.engine.events import Attached
from flows.engine.say import say
from flows.engine.screen import Screen
from flows.loader import words
from reports.jobs.due import expiries
from storage.answers import votes
from storage.office import roles
from storage.office.sent_files import KEPT
from tests.support.fake_channel import Fake, Office
from tests.support.offices import (
    NOON,
    VAULT,
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
from tests.support.workbook import workbook

AGENCY = "Pemprov Contoh"
HEADER = ["code", "name", "agency", "region", "timezone", "services", "population"]
ROW = ["BARU-1", "Kantor Baru", AGENCY, "Contoh", "WIB", "", 10]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    services = [{"id": "pajak", "label": "Pajak"}, {"id": "stnk", "label": "STNK"}]
    here = unit_row("SMST-BTM", name="=1+1", folded_name="=1+1", services=services)
    with office(database_url, here, unit_row("DUKCAPIL", agency="Kota Lain")) as engine:
        yield engine


@pytest.fixture
async def admins(engine: Engine) -> AsyncIterator[tuple["Admin", "Admin"]]:
    with engine.begin() as connection:
        for number in (1, 2):
            token = roles.invite(connection, "admin", scoped(AGENCY), NOON, Chance(number))
            roles.join(connection, token, f"tg:{number}", NOON)
    with working(engine) as turns:
        yield Admin(turns, "tg:1"), Admin(turns, "tg:2")


class Admin(Person):
    async def attach(self, content: bytes, name: str = "unit.xlsx") -> Screen:
        file = f"F-{self.event}"
        sent = file, name, len(content), await sent_tables.read(name, content)
        return await self.send(Attached(self._next(), self.at, "document", *sent))

    async def table(self, content: bytes, name: str = "unit.xlsx") -> str:
        await self.open(f"/unit {AGENCY}")
        await self.tap("table")
        return said(await self.attach(content, name))


def said(screen: Screen) -> str:
    return say(screen, words("id")).text


def xlsx(folder: Path, *rows: list[object], merged: str = "Z1:Z1") -> bytes:
    workbook(folder / "unit.xlsx", [HEADER, *rows], merged)
    return (folder / "unit.xlsx").read_bytes()


def changes(engine: Engine) -> list[tuple[str, object, object]]:
    with engine.connect() as connection:
        found = audit_of(connection, [scoped("SMST-BTM"), scoped("BARU-1"), scoped("BARU-2")], 9)
    return [(entry.scope.name, entry.before, entry.after) for entry in found]


async def test_of_two_admins_the_second_is_shown_what_the_first_changed(engine, admins):
    one, two = admins
    for admin in admins:
        await admin.open("/unit smst-btm")
        await admin.tap("hours")
        await admin.type("08.00–15.00" if admin is one else "09.00–14.00")
    assert said(await one.tap("save")).startswith("Tersimpan")
    shown = said(await two.tap("save"))
    assert shown.startswith("Data unit ini baru saja berubah.")
    assert "08.00–15.00 → 09.00–14.00" in shown
    assert said(await two.tap("save")).startswith("Tersimpan")
    assert changes(engine) == [
        ("SMST-BTM", {"opening_hours": "08.00–15.00"}, {"opening_hours": "09.00–14.00"}),
        ("SMST-BTM", {"opening_hours": ""}, {"opening_hours": "08.00–15.00"}),
    ]


async def test_a_role_that_ended_meanwhile_writes_nothing(engine, admins, tmp_path):
    one, two = admins
    await one.open("/unit SMST-BTM")
    await one.tap("zone")
    await one.tap("WIT")
    await two.table(xlsx(tmp_path, ROW))
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM role"))
    await one.tap("save")
    assert "bukan wewenang Anda" in said(await two.tap("apply"))
    with engine.connect() as connection:
        assert unit_of(connection, "SMST-BTM").timezone == "Asia/Jakarta"
    assert count(engine, "unit") == 2
    assert changes(engine) == []


async def test_a_table_as_a_spreadsheet_saves_it(engine, admins, tmp_path):
    """The agency merged over two rows, a formula with its value."""
    rows = [ROW, ["BARU-2", *ROW[1:2], None, *ROW[3:6], ("=5*2", 10)]]
    shown = await admins[0].table(xlsx(tmp_path, *rows, merged="C2:C3"))
    assert shown.startswith("Unit baru: 2 · unit berubah: 0")
    assert await admins[0].tap("apply")
    with engine.connect() as connection:
        unit = unit_of(connection, "BARU-2")
    assert (unit.agency, unit.population, unit.period) == (AGENCY, 10, "quarter")
    assert [scope for scope, _, _ in changes(engine)] == ["BARU-2", "BARU-1"]
    assert count(engine, "sent_file") == 0


async def test_a_row_of_sums_is_left_out_and_named(engine, admins, tmp_path):
    total = ["Jumlah", None, None, None, None, None, 10]
    shown = await admins[0].table(xlsx(tmp_path, ROW, total))
    assert shown.startswith("Unit baru: 1 · unit berubah: 0")
    assert "Baris jumlah dilewati: 3." in shown, shown


async def test_too_many_rows_and_too_many_faults(engine, admins, tmp_path):
    many = "\n".join([",".join(HEADER), *(f"U-{n},,,,,," for n in range(50_000))])
    shown = await admins[0].table(many.encode(), "unit.csv")
    assert "sampai baris 50.001; paling banyak 2.000 baris." in shown
    few = "\n".join([",".join(HEADER), *(f"U-{n},A,B,C,WIB,,x" for n in range(15))])
    shown = await admins[1].table(few.encode(), "unit.csv")
    named = shown.count("Baris ")
    assert 1 < named <= 20
    assert f"… dan {15 - named} lagi." in shown
    assert "tidak terbaca sebagai buku kerja" in said(await admins[0].attach(b"PK\x03\x04"))


async def test_a_table_that_a_unit_has_outrun_is_shown_anew(engine, admins, tmp_path):
    one, two = admins
    row = ["SMST-BTM", "Kantor Lama", AGENCY, "Contoh", "WIB", "Pajak;STNK", 1000]
    await one.table(xlsx(tmp_path, row))
    assert "name: =1+1 → Kantor Lama" in said(one.shown)
    await two.table(xlsx(tmp_path, [*row[:1], "Kantor Lain", *row[2:]]))
    await two.tap("apply")
    shown = said(await one.tap("apply"))
    assert shown.startswith("Data unit baru saja berubah.")
    assert "name: Kantor Lain → Kantor Lama" in shown
    assert "unit berubah: 1" in said(await one.tap("apply"))


async def test_a_table_is_kept_for_an_hour(engine, admins, tmp_path):
    await admins[0].table(xlsx(tmp_path, ROW))
    assert expiries(engine, admins[0].at + KEPT - 1) == 0
    assert expiries(engine, admins[0].at + KEPT) == 1
    assert said(await admins[0].tap("apply")).startswith("Berkas ini tidak tersimpan lagi.")
    assert count(engine, "unit") == 2


async def test_the_list_holds_its_scope_alone_and_comes_back_as_it_was(engine, admins):
    post = Office(engine, Fake())
    await admins[0].open(f"/unit {AGENCY}")
    assert said(await admins[0].tap("list")).startswith("Daftar unit dikirim")
    post.clock.at = admins[0].at
    await post.post().long_round()
    ((address, content, _),) = post.channel.got
    assert (address, type(content)) == ("tg:1", Document)
    assert (content.name, content.caption) == ("unit.xlsx", "Daftar unit · 1")
    assert b"<f>" not in content.content
    assert (await admins[0].table(content.content)).startswith("Tabel ini sama dengan data")
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM role"))
        connection.execute(text("UPDATE outbox SET sent_at = NULL, leased_until = 0"))
    post.channel.got.clear()
    await post.post().long_round()
    assert post.channel.got == []


async def test_a_time_zone_stays_once_somebody_answered(engine, admins):
    admin, _ = admins
    with engine.begin() as connection:
        unit = unit_of(connection, "SMST-BTM")
        voter = votes.Person("tg:9", unit.id, "stnk")
        period = unit.period_at(NOON)
    await admin.open("/unit smst-btm")  # chosen before the first answer, saved after it
    await admin.tap("zone")
    await admin.tap("WITA")
    with engine.begin() as connection:
        votes.count(votes.Keys(connection, VAULT), voter, period, Chance(7), period.first)
    for shown in (await admin.tap("save"), await admin.tap("zone")):
        assert "Zona waktu tetap WIB" in said(shown)
        assert shown.choices[0].step == "field"
    with engine.connect() as connection:
        assert unit_of(connection, "SMST-BTM").timezone == "Asia/Jakarta"
