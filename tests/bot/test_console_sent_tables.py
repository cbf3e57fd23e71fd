"""Tables that are sent at the web console: of units, and of answers on paper or of a form."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from bot.core.turns import sent_tables
from flows.engine.form import Line
from storage import units
from storage.files.spreadsheet import Sheets
from storage.scope import EVERYTHING
from tests.support.browser import AGENCY, Browser, browsing
from tests.support.desk import Desk
from tests.support.hostile_tables import far_cell
from tests.support.offices import count, unit_of

# starlette-admin's CSRF check reads the form, too, and leaves its file to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

HERE = "SMST-BTM"
HEADER = ("code", "name", "agency", "region", "timezone", "services", "population")
ROW = (HERE, "Samsat Baru", AGENCY, "Contoh", "WIB", "Pajak;STNK", 1000)
NEW = ("SMST-BRU", "Samsat Kedua", AGENCY, "Contoh", "WIT", "Pajak", 50)
HEAD = "Timestamp,Skor layanan,U2,U3,U4,U5,U6,U7,U8,U9"
ROWS = ("3/4/2026 9:05:11,3,3,3,3,3,3,3,1,-", "3/5/2026 9:05:11,4,4,4,4,4,4,4,4,4")


@pytest.fixture
async def browser(database_url: str) -> AsyncIterator[Browser]:
    async with browsing(database_url) as browser:
        await browser.let_in()
        yield browser


async def for_units(browser: Browser) -> Desk:
    """A desk that asks for a table of units."""
    desk = Desk(browser)
    await desk.send(command="/unit")
    await desk.press(AGENCY)
    assert "Kirim tabel unit" in await desk.press("Kirim tabel")
    return desk


async def sent(desk: Desk, *rows: Sequence[object]) -> str:
    lines = [",".join(map(str, row)) for row in (HEADER, *rows)]
    return await desk.attach("table", "unit.csv", "\n".join(lines).encode())


async def answers(browser: Browser, *rows: str, unit: str = HERE) -> Desk:
    """A desk that was sent a table of answers."""
    desk = Desk(browser)
    await desk.send(command=f"/impor {unit}")
    assert "Kirim tabel jawaban" in await desk.press("Kirim tabel")
    await desk.attach("table", "isi.csv", "\n".join(rows).encode())
    return desk


async def test_what_a_table_of_units_would_change_is_shown_and_then_done_once(browser: Browser):
    desk = await for_units(browser)
    told = await sent(desk, ROW, NEW)
    assert "Unit baru: 1 · unit berubah: 1" in told
    assert "SMST-BTM name: Kantor SMST-BTM → Samsat Baru" in told
    assert browser.logged(HERE) == []
    before = desk.page
    await desk.press("Terapkan")
    with browser.engine.connect() as connection:
        assert unit_of(connection, HERE).name == "Samsat Baru"
        assert unit_of(connection, "SMST-BRU").population == 50
    assert [entry.action for entry in browser.logged(HERE)] == ["edit_units"]
    desk.page = before
    await desk.press("Terapkan")
    assert "tidak tersimpan lagi" in desk.page.text
    assert len(browser.logged(HERE)) == 1


async def test_a_unit_that_became_another_meanwhile_is_shown_anew(browser: Browser):
    desk = await for_units(browser)
    await sent(desk, ROW)
    with browser.engine.begin() as connection:
        unit = units.locked(connection, HERE)
        assert unit
        units.change(connection, unit, name="Samsat Lain", folded_name="samsat lain")
    told = await desk.press("Terapkan")
    assert "Data unit baru saja berubah" in told
    assert "Samsat Lain → Samsat Baru" in told
    with browser.engine.connect() as connection:
        assert unit_of(connection, HERE).name == "Samsat Lain"


async def test_a_table_with_a_bad_or_foreign_row_changes_nothing(browser: Browser, tmp_path: Path):
    desk = await for_units(browser)
    for change, said in (
        ({0: "DUKCAPIL", 2: "Kota Lain"}, "DUKCAPIL"),
        ({2: "Kota Lain"}, "Kota Lain"),
        ({4: "WAT"}, "WAT"),
        ({6: "banyak"}, "banyak"),
    ):
        bad = [change.get(place, cell) for place, cell in enumerate(ROW)]
        assert said in await sent(desk, NEW, bad)
        assert "Terapkan" not in desk.page.text
    for name, content, said in (
        ("unit.pdf", b"%PDF", ".xlsx atau .csv"),
        ("unit.xlsx", b"PK nonsense", "berkas"),
        ("unit.csv", b"\xff\xfe\x00", ""),
        ("unit.csv", b"code,name\n", "agency"),
        ("unit.xlsx", far_cell(tmp_path), "terlalu besar atau rusak"),
        ("unit.csv", b"x\n" * 9_000, "sampai baris 9.000; paling banyak 2.000"),
    ):
        assert said in await desk.attach("table", name, content), name
        assert "Terapkan" not in desk.page.text
    rows = [(f"U-{n}", "A", AGENCY, "C", "WAT", "", "x") for n in range(2_000)]
    shown = await sent(desk, *rows)
    named = shown.count("Baris ")
    assert 1 < named <= 20
    assert f"… dan {4_000 - named:,} lagi.".replace(",", ".") in shown
    with browser.engine.connect() as connection:
        assert units.number_in(connection, EVERYTHING) == 2


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
    assert "Unit baru: 1" in await sent(await for_units(browser), NEW)
    assert meanwhile == [0]


async def test_whoever_may_edit_one_unit_is_asked_for_no_table(browser: Browser):
    with browser.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM role")
    browser.give("admin", HERE)
    desk = Desk(browser)
    assert "Kantor SMST-BTM" in await desk.send(command="/unit")
    assert "Kirim tabel" not in desk.page.text


async def test_what_a_table_of_answers_does_not_say_is_asked_then_it_is_imported_and_undone(
    browser: Browser,
):
    desk = await answers(browser, HEAD, *ROWS)
    assert "Kolom mana yang berisi jawaban tentang Persyaratan?" in desk.told
    assert "2026-03-04 bila bulan di depan" in await desk.press("Skor layanan")
    assert "Apakah artinya tidak dijawab?" in await desk.press("Bulan")
    assert "2 jawaban baru, 4 Mar 2026 – 5 Mar 2026." in await desk.press("tidak dijawab")
    assert count(browser.engine, "response") == 0
    assert "2 jawaban masuk ke" in await desk.press("Impor 2")
    assert count(browser.engine, "response", "source = 'imported'") == 2
    assert [entry.action for entry in browser.logged(HERE)] == ["import_responses"]
    # The same header needs no word any more, and rows that are known are left out.
    grown = await answers(browser, HEAD, *ROWS[::-1], "3/9/2026 9:05:11,2,2,2,2,2,2,2,2,2")
    assert "2 dari 3 baris sama dengan yang diimpor" in grown.told
    await desk.send(command=f"/impor {HERE}")
    await desk.press("Batalkan")
    assert "dihapus" in await desk.press("2 jawaban")
    assert count(browser.engine, "response") == 0


async def test_answers_that_are_wrong_or_of_no_unit_are_refused(browser: Browser):
    header = "date,U1,U2,U3,U4,U5,U6,U7,U8,U9"
    desk = await answers(browser, header, "2026-03-04,5,x,3,3,3,3,3,3,3")
    assert "“5” bukan 1, 2, 3, 4" in desk.told
    assert "wewenang" in await desk.send(command="/impor TIDAK-ADA")
    assert count(browser.engine, "response") == 0


async def test_a_service_that_the_unit_has_not_is_said_once(browser: Browser):
    """… and no word of --service, which a chat has not."""
    head = "date,service,U1,U2,U3,U4,U5,U6,U7,U8,U9"
    desk = await answers(browser, head, *(f"2026-08-0{n},Mutasi,{'3,' * 8}3" for n in range(1, 9)))
    _, fault, again, *_ = desk.told.splitlines()
    assert fault.endswith("“Mutasi” bukan layanan SMST-BTM; tulis pajak, stnk atau kosongkan.")
    assert again == "“Mutasi” masih ada di 7 sel lain."
