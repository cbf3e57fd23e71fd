"""A table of units at the web console: shown what it would change, then applied whole or not."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from httpx import Response

from bot.core.turns import sent_tables
from flows.engine.form import Line
from storage import units
from storage.files.spreadsheet import Sheets
from storage.scope import EVERYTHING
from tests.support.browser import AGENCY, Browser, browsing, fields_of, text_of
from tests.support.hostile_tables import far_cell
from tests.support.offices import unit_of

# starlette-admin's CSRF check reads the form, too, and leaves its file to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

PAGE, HERE = "/console/unit-table", "SMST-BTM"
HEADER = ("code", "name", "agency", "region", "timezone", "services", "population")
ROW = (HERE, "Samsat Baru", AGENCY, "Contoh", "WIB", "Pajak;STNK", 1000)
NEW = ("SMST-BRU", "Samsat Kedua", AGENCY, "Contoh", "WIT", "Pajak", 50)


@pytest.fixture
async def browser(database_url: str) -> AsyncIterator[Browser]:
    async with browsing(database_url) as browser:
        await browser.let_in()
        yield browser


async def sent(browser: Browser, *rows: Sequence[object]) -> Response:
    lines = [",".join(map(str, row)) for row in (HEADER, *rows)]
    return await upload(browser, "unit.csv", "\n".join(lines).encode())


async def upload(browser: Browser, name: str, content: bytes) -> Response:
    data = {"csrftoken": browser.token}
    return await browser.client.post(PAGE, data=data, files={"table": (name, content)})


async def test_what_a_table_would_change_is_shown_and_then_done(browser: Browser):
    assert "Kirim tabel unit" in await browser.page("unit-table")
    shown = await sent(browser, ROW, NEW)
    text = text_of(shown.text)
    assert "Unit baru: 1 · unit berubah: 1" in text
    assert "SMST-BTM name: Kantor SMST-BTM → Samsat Baru" in text
    assert browser.logged(HERE) == []
    done = await browser.send(PAGE, **fields_of(shown.text))
    assert done.status_code == 200
    with browser.engine.connect() as connection:
        assert unit_of(connection, HERE).name == "Samsat Baru"
        assert unit_of(connection, "SMST-BRU").population == 50
    assert [entry.action for entry in browser.logged(HERE)] == ["edit_units"]
    gone = await browser.send(PAGE, **fields_of(shown.text))
    assert (gone.status_code, "tidak tersimpan lagi" in gone.text) == (422, True)


async def test_a_unit_that_became_another_meanwhile_is_shown_anew(browser: Browser):
    shown = await sent(browser, ROW)
    with browser.engine.begin() as connection:
        unit = units.locked(connection, HERE)
        assert unit
        units.change(connection, unit, name="Samsat Lain", folded_name="samsat lain")
    again = await browser.send(PAGE, **fields_of(shown.text))
    assert "Data unit baru saja berubah" in again.text
    assert "Samsat Lain → Samsat Baru" in text_of(again.text)
    with browser.engine.connect() as connection:
        assert unit_of(connection, HERE).name == "Samsat Lain"


async def test_a_table_with_a_bad_or_foreign_row_changes_nothing(browser: Browser):
    for change, said in (
        ({0: "DUKCAPIL", 2: "Kota Lain"}, "DUKCAPIL"),
        ({2: "Kota Lain"}, "Kota Lain"),
        ({4: "WAT"}, "WAT"),
        ({6: "banyak"}, "banyak"),
    ):
        bad = [change.get(place, cell) for place, cell in enumerate(ROW)]
        told = await sent(browser, NEW, bad)
        assert (told.status_code, said in text_of(told.text)) == (422, True)
        assert "Terapkan" not in told.text
    for name, content, said in (
        ("unit.pdf", b"%PDF", ".xlsx atau .csv"),
        ("unit.xlsx", b"PK nonsense", "berkas"),
        ("unit.csv", b"\xff\xfe\x00", ""),
        ("unit.csv", b"code,name\n", "agency"),
        ("", b"", ""),
    ):
        told = await upload(browser, name, content)
        assert (told.status_code, said in text_of(told.text)) == (422, True), name
    with browser.engine.connect() as connection:
        assert units.number_in(connection, EVERYTHING) == 2


async def test_a_table_that_would_harm_is_refused_and_of_many_faults_few_are_said(
    browser: Browser, tmp_path: Path
):
    for name, content, said in (
        ("unit.xlsx", far_cell(tmp_path), "terlalu besar atau rusak"),
        ("unit.csv", b"x\n" * 9_000, "sampai baris 9.000; paling banyak 2.000"),
    ):
        told = await upload(browser, name, content)
        assert (told.status_code, said in text_of(told.text)) == (422, True)
    rows = [(f"U-{n}", "A", AGENCY, "C", "WAT", "", "x") for n in range(2_000)]
    shown = text_of((await sent(browser, *rows)).text)
    named = shown.count("Baris ")
    assert 1 < named <= 20
    assert f"… dan {4_000 - named:,} lagi.".replace(",", ".") in shown


async def test_a_table_is_read_before_a_transaction_is_begun(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
):
    """While it is read another writes: on SQLite one that is begun would keep it waiting."""
    read, meanwhile = sent_tables.read, []

    async def slow(name: str, content: bytes) -> Sheets | Line:
        with browser.engine.connect() as connection:
            connection.exec_driver_sql("UPDATE unit SET region = 'Lain'")
            connection.commit()
        meanwhile.append(browser.engine.pool.checkedout())
        return await read(name, content)

    monkeypatch.setattr(sent_tables, "read", slow)
    assert "Unit baru: 1" in text_of((await sent(browser, NEW)).text)
    assert meanwhile == [0]


async def test_whoever_may_edit_one_unit_has_no_tables(browser: Browser):
    with browser.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM role")
    browser.give("admin", HERE)
    assert (await browser.client.get(PAGE)).status_code == 403
    assert (await sent(browser, ROW)).status_code == 403
    assert (await browser.client.get("/console/units/list")).status_code == 200
