"""What the web console shows: of one's own scope alone, whatever is asked of it, and by whom."""

import re
from collections.abc import AsyncIterator
from datetime import date
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from bot.web.console.table import as_number
from storage import standards, units
from storage.office import audit, follow_ups, holders, roles
from storage.office.follow_ups import Plan
from tests.support.browser import AGENCY, Browser, browsing
from tests.support.offices import NOON, VAULT, Chance, audit_of, scoped, unit_of, unit_row
from tests.support.publishing import answered, closed, show_week, whole_weeks

HERE, THERE, SECRET = "SMST-BTM", "DUKCAPIL", "Rahasia Lain"
TABLES = (
    "figures",
    "follow_ups",
    "standards",
    "questions",
    "units",
    "periods",
    "roles",
    "invitations",
    "log",
)
ADMINS = ("questions", "units")
LISTS = (
    "",
    "?q=a",
    "?q=DUKCAPIL",
    "?page_size=-1",
    "?page=2&page_size=10000",
    "?sort=text__desc&sort=address__asc",
    "?filter=id__eq__DUKCAPIL",
    "?cols=id,seen,text,address,by",
)


@pytest.fixture
async def browser(database_url: str) -> AsyncIterator[Browser]:
    async with browsing(database_url) as browser:
        yield browser


@pytest.fixture
async def others(browser: Browser) -> dict[str, str]:
    """Table → the id of a row that another agency has there."""
    browser.give("head", THERE, "tg:3")
    with browser.engine.begin() as connection:
        unit = unit_of(connection, THERE)
        day = unit.period_at(NOON).first
        standards.keep(connection, unit.id, [standards.Promise("", "cost", SECRET, day)])
        plan = Plan("cost", SECRET, day, SECRET)
        id = follow_ups.keep(connection, unit.id, plan, day, NOON, "abc")
        audit.note(connection, NOON, "abc", "edit_units", scoped(THERE), after={"name": SECRET})
        (entry,) = audit_of(connection, [scoped(THERE)], 1)
        roles.invite(connection, "officer", scoped(THERE), NOON, Chance("out"))
        (out,) = holders.invitations(connection, scoped(THERE), NOON)
        units.change(connection, unit, name=SECRET, folded_name=SECRET.casefold())
        answered(connection, THERE, 6)
        show_week(connection, THERE, "2026-W47")
    return {
        "figures": f"{THERE}~2026-W47",
        "follow_ups": f"{THERE}~{id}",
        "standards": f"{THERE}~~cost~{day}",
        "questions": f"{THERE}~abc",
        "units": THERE,
        "periods": f"{THERE}~2026-Q4",
        "roles": f"unit:{THERE}~head_{VAULT.pseudonym('tg:3')}",
        "invitations": f"unit:{THERE}~{out.id}",
        "log": str(entry.id),
    }


async def test_an_agencys_admin_sees_all_of_it_elsewhere(browser: Browser, others: dict[str, str]):
    """That what is asked for below is there at all."""
    await browser.let_in("admin", "*")
    for table, id in others.items():
        if table != "questions":
            assert SECRET in await browser.page(f"{table}/list"), table
            page = await browser.client.get(f"/console/{table}/detail", params={"pk": id})
            assert page.status_code == 200, table


async def test_nothing_of_anothers_scope_is_listed_shown_or_changed(
    browser: Browser, others: dict[str, str]
):
    await browser.let_in()
    before = state(browser)
    for table in TABLES:
        await look_for(browser, table, others[table])
    assert state(browser) == before


async def look_for(browser: Browser, table: str, id: str) -> None:
    """In every way there is: by what a list is asked, and by the id."""
    for query in LISTS:
        page = await browser.client.get(f"/console/{table}/list{query}")
        assert page.status_code in (200, 400), (table, query)
        assert SECRET not in page.text, (table, query)
    asked = {"pk": id, "pks": id, "name": "delete", "field": "text", "q": "a", "limit": "100"}
    for way in ("detail", "edit"):
        page = await browser.client.get(f"/console/{table}/{way}", params=asked)
        assert page.status_code in (403, 404), (table, way)
    for way in ("relation-lookup", "inline-edit", "inline-edit/row"):
        page = await browser.client.get(f"/console/_api/{table}/{way}", params=asked)
        assert page.status_code in (200, 403, 404), (table, way)
        assert SECRET not in page.text, (table, way)
    header = {"X-CSRFToken": browser.token}
    for way in ("row-action", "action", "inline-edit", "import"):
        for name in ("delete", "export", "edit"):
            told = await browser.client.post(
                f"/console/_api/{table}/{way}", params={**asked, "name": name}, headers=header
            )
            assert told.status_code >= 400 or told.json().keys() == {"redirect"}, (table, way)
            assert SECRET not in told.text
    for way in ("edit", "create"):
        given = {"unit": THERE, "invite_to": THERE, "for_units": THERE, "role": "head"}
        told = await browser.send(f"/console/{table}/{way}?pk={id}", text="Diambil", **given)
        assert told.status_code in (403, 404, 422), (table, way)


def state(browser: Browser) -> list[int]:
    """How much there is of all that could be changed."""
    with browser.engine.connect() as connection:
        return [
            connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            for table in ("audit_entry", "role", "follow_up", "service_standard", "publication")
        ] + [len(holders.invitations(connection, scoped(THERE), NOON))]


async def test_an_id_that_is_none_is_not_found(browser: Browser):
    await browser.let_in("head", HERE)
    for id in ("NOWHERE", "dukcapil", "..", "*", "", "~", "9" * 30, "9" * 5_000, "\x00"):
        for table in TABLES:
            page = await browser.client.get(f"/console/{table}/detail", params={"pk": id})
            assert page.status_code in (403, 404), (table, id)


async def test_a_page_beyond_all_numbers_is_empty(browser: Browser):
    await browser.let_in()
    for table in TABLES:
        page = await browser.client.get(f"/console/{table}/list", params={"page": "9" * 30})
        assert page.status_code == 200, table


async def test_a_head_has_no_tables_of_admins(browser: Browser):
    await browser.let_in("head", HERE)
    for table in TABLES:
        page = await browser.client.get(f"/console/{table}/list")
        assert page.status_code == (403 if table in ADMINS else 200), table
    assert (await browser.client.get("/console/nowhere/list")).status_code in (403, 404)
    home = await browser.page("")
    assert "Tindak lanjut" in home
    assert "Banyak sekaligus" not in home
    browser.give("admin", AGENCY)
    assert "Banyak sekaligus: kirim berkas di Kerjakan." in await browser.page("")


async def test_a_role_that_ends_shuts_the_console_with_the_next_request(browser: Browser):
    await browser.let_in("head", HERE)
    with browser.engine.begin() as connection:
        holders.end(connection, "tg:1", "head", scoped(HERE))
    assert (await browser.client.get("/console/follow_ups/list")).status_code == 303
    told = await browser.send("/console/follow_ups/create", unit=HERE)
    assert told.status_code == 303
    assert (await browser.end("roles", f"{HERE}~head_x")).status_code == 401


async def test_figures_are_those_that_were_released(browser: Browser):
    """All answered 3 of 4: 75,00, which is C (Permen PANRB 14/2017). Of three nothing but n."""
    await browser.let_in()
    with browser.engine.begin() as connection, whole_weeks():
        answered(connection, HERE, 3, NOON - 7 * 86_400)
        show_week(connection, HERE, "2026-W46")
        answered(connection, HERE, 12)
        show_week(connection, HERE, "2026-W47")
        answered(connection, HERE, 5)  # not released
        closed(connection, HERE)
    shown = await browser.page("figures/list")
    for said in (
        "1 Okt–31 Des 2026 20 75,00 C",
        "Ringkasan mingguan 16–22 Nov 2026 12 75,00 C",
        "Ringkasan mingguan 9–15 Nov 2026 3 – –",
    ):
        assert said in shown
    assert "Lembar 1, " in shown
    assert "Biaya/Tarif: 3,0000" in await browser.page(f"figures/detail?pk={HERE}~sheet-1")
    assert "12 responden" in await browser.page(f"figures/detail?pk={HERE}~2026-W47")


async def test_whoever_has_many_units_is_told_to_look_for_one(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
):
    await browser.let_in("admin", "*")
    hint = "Cari nama unit untuk yang lain"
    assert hint not in await browser.page("standards/list")
    monkeypatch.setattr("bot.web.console.login.LOOKED_AT", 1)
    assert hint in await browser.page("standards/list")
    assert hint not in await browser.page("units/list")  # which has pages


async def test_the_log_leads_back_page_by_page(browser: Browser):
    await browser.let_in()
    with browser.engine.begin() as connection:
        for number in range(30):
            audit.note(
                connection, NOON, "abc", "edit_units", scoped(HERE), None, {"name": f"Nama{number}"}
            )
    first, second = [await browser.page(f"log/list?page={n}") for n in (1, 2)]
    assert ("Nama29" in first, "Nama2 " in first) == (True, False)
    assert ("Nama2 " in second, "Nama29" in second) == (True, False)
    assert "19 Nov 2026 12.00" in second
    assert AGENCY in second  # who came in


async def test_a_list_is_looked_through_by_period_and_sorted(browser: Browser):
    await browser.let_in()
    with browser.engine.begin() as connection, whole_weeks():
        for week, number, value in (("2026-W46", 9, 2), ("2026-W47", 10, 4)):
            answered(
                connection, HERE, number, NOON - 7 * 86_400 * (week == "2026-W46"), values=value
            )
            show_week(connection, HERE, week)
    for asked, order in (
        ("", ["100,00", "50,00"]),
        ("?sort=ikm__asc", ["50,00", "100,00"]),
        ("?sort=n__desc", ["100,00", "50,00"]),  # 10 before 9: no words
        ("?sort=days__asc", ["50,00", "100,00"]),
        ("?q=2026-W46", ["50,00"]),
        ("?q=2026-Q4+kantor", ["100,00", "50,00"]),
        ("?q=2026-Q3", []),
        ("?q=2026-W99", []),
    ):
        shown = await browser.page(f"figures/list{asked}")
        assert re.findall(r"\d+,00", shown) == order, asked


async def test_a_list_as_a_file_holds_all_units_and_no_formula(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
):
    await browser.let_in()
    day = date(2026, 12, 31)
    with browser.engine.begin() as connection, whole_weeks():
        rows = [unit_row(f"U-{place:02}", agency=AGENCY) for place in range(22)]
        units.save(connection, rows)
        unit = unit_of(connection, "U-21")
        follow_ups.keep(connection, unit.id, Plan("cost", "=1+1", day, "Kasi"), day, NOON, "abc")
        answered(connection, "U-21", 12)
        show_week(connection, "U-21", "2026-W47")
    figures = await _workbook(browser, "figures")
    assert figures[1][:1] + figures[1][3:6] == ("Kantor U-21", 12, 75, "C")
    plans = await _workbook(browser, "follow_ups")
    assert plans[1][1:4] == ("Biaya/Tarif", "=1+1", "Kasi")
    assert plans[1][5] == day
    assert len(await _workbook(browser, "units")) == 24
    assert len(await _workbook(browser, "log")) == 2
    for none in ("", "?of=", "?of=voice", "?of=responses&q=a"):
        assert (await browser.client.get(f"/console/export{none}")).status_code == 303
    with browser.engine.begin() as connection:
        holders.end(connection, "tg:1", "admin", scoped(AGENCY))
    browser.give("head", HERE)
    await browser.enter(browser.url())
    assert (await browser.client.get("/console/export?of=units")).status_code == 303


@pytest.mark.parametrize(
    ("written", "read"),
    [("1.234", 1234), ("83,33", 83.33), ("0,5", 0.5), ("0", 0), ("00415", None), ("0.123", None),
     ("2026-Q3", None), ("1,5,2", None), ("٣", None), ("", None)],
)  # fmt: skip
def test_what_is_a_figure_and_what_is_a_code(written: str, read: float | None):
    assert as_number(written) == read


async def _workbook(browser: Browser, table: str) -> list[tuple[object, ...]]:
    got = await browser.client.get(f"/console/export?of={table}")
    assert got.status_code == 200
    book = CalamineWorkbook.from_filelike(BytesIO(got.content))
    return [tuple(row) for row in book.get_sheet_by_index(0).to_python()]


async def test_a_file_that_has_no_room_for_all_says_so(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
):
    await browser.let_in("admin", "*")
    said = "Belum semua"
    assert not any(said in str(row[0]) for row in await _workbook(browser, "periods"))
    monkeypatch.setattr("bot.web.console.table.UNITS_OF_A_FILE", 1)
    assert str((await _workbook(browser, "periods"))[-1][0]).startswith(said)
    monkeypatch.setattr("bot.web.console.table.MOST_OF_A_FILE", 1)
    rows = await _workbook(browser, "units")
    assert (len(rows), str(rows[-1][0]).startswith(said)) == (3, True)


async def test_what_is_empty_stands_last_whichever_way_a_list_is_sorted(browser: Browser):
    await browser.let_in()
    with browser.engine.begin() as connection, whole_weeks():
        answered(connection, HERE, 3, NOON - 7 * 86_400)  # shows no index
        show_week(connection, HERE, "2026-W46")
        answered(connection, HERE, 10)
        show_week(connection, HERE, "2026-W47")
    for way in ("asc", "desc"):
        shown = await browser.page(f"figures/list?sort=ikm__{way}")
        assert shown.index("75,00") < shown.index("9–15 Nov"), way
