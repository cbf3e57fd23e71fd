"""The console's first page: what is due, and how the units stand."""

import re
from collections.abc import AsyncIterator
from datetime import date, timedelta
from html import unescape
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from bot.web.console.desk import PAGE, Cell, below, weeks_line
from reports.digest.composed import Course, Point
from reports.stored.fold import fold
from storage import units
from storage.office import digest_settings, follow_ups
from storage.office.follow_ups import Plan
from tests.support.browser import AGENCY, Browser, browsing, text_of
from tests.support.offices import NOON, unit_of, unit_row
from tests.support.publishing import answered, closed, show_week, whole_weeks

HERE, THERE = "SMST-BTM", "DUKCAPIL"
QUARTER = 92 * 86_400
TODAY = date(2026, 11, 19)
CELL = re.compile(r'class="cell (g\w?)" data-label="U\d">\s*([^<\s]*)')
DUE = re.compile(r'<section[^>]*aria-labelledby="due">(.*?)</section>', re.DOTALL)


@pytest.fixture
async def browser(database_url: str) -> AsyncIterator[Browser]:
    async with browsing(database_url) as browser:
        yield browser


async def due(browser: Browser) -> tuple[str, list[str]]:
    """What it says, and where its lines lead."""
    found = DUE.search((await browser.client.get("/console/")).text)
    assert found
    return text_of(found[1]), [unescape(each) for each in re.findall(r'href="([^"]*)"', found[1])]


async def test_where_nothing_waits_it_says_so(browser: Browser):
    await browser.let_in("head", HERE)
    assert await due(browser) == ("Yang perlu dikerjakan Tidak ada yang menunggu saat ini.", [])


async def test_all_that_is_due_leads_to_the_form_that_does_it(browser: Browser):
    await browser.let_in()
    browser.give("head", HERE, "tg:2")
    with browser.engine.begin() as connection:
        for code in (HERE, THERE):
            unit = unit_of(connection, code)
            for days, what in ((-3, "Loket"), (14, "Antrean"), (15, "Taman")):
                plan = Plan("cost", what, TODAY + timedelta(days), "Kasi")
                follow_ups.keep(connection, unit.id, plan, TODAY - timedelta(9), NOON, "abc")
            answered(connection, code, 2, NOON - QUARTER)
        here = unit_of(connection, HERE)
        digest_settings.told(connection, "week", "tg:2", here.id, "2026-W46")
        for _ in range(3):
            digest_settings.failed(connection, "tg:2", here.id)
    said, links = await due(browser)
    assert said == (
        "Yang perlu dikerjakan "
        "Lewat. Kantor SMST-BTM : Triwulan III 2026 sudah berakhir (2 jawaban) "
        "dan belum diterbitkan "
        "Lewat. Kantor SMST-BTM : rencana “Loket” jatuh tempo 16 Nov 2026 "
        "Lewat. Kantor SMST-BTM : 3 ringkasan terakhir tidak sampai ke kepala unit "
        "Kantor SMST-BTM : rencana “Antrean” sampai 3 Des 2026"
    )
    for link in links:
        assert (await browser.client.get(link)).status_code == 200, link
    ways = [link.partition("/console/")[2].partition("?")[0] for link in links]
    assert ways == ["periods/edit", "follow_ups/edit", "roles/list", "follow_ups/edit"]


async def test_units_stand_beside_each_other_by_what_was_told(browser: Browser):
    await browser.let_in("admin", "*")
    with browser.engine.begin() as connection, whole_weeks():
        # Means of 3,5 and 2,0: 87,50 is B and 50,00 is D (PermenPANRB 14/2017).
        answered(connection, HERE, 6, values=[4, 3, 3, 3, 3, 3, 3, 3, 2])
        answered(connection, HERE, 6, values=[3, 3, 3, 3, 3, 3, 3, 3, 2])
        show_week(connection, HERE, "2026-W47")
        answered(connection, THERE, 6, NOON - QUARTER, values=4)
        closed(connection, THERE, "2026-Q3")
    page = (await browser.client.get("/console/")).text
    shown = CELL.findall(page)
    assert shown == [
        *[("gA", "4,00")] * 9,
        ("gB", "3,50"), *[("gC", "3,00")] * 7, ("gD", "2,00"),
    ]  # fmt: skip
    said = text_of(page)
    assert "100,00 A" in said
    assert "12 dari 278" in said  # of 1000 users (Krejcie and Morgan 1970)


async def test_only_ones_own_units_are_there_a_page_at_a_time(browser: Browser):
    await browser.let_in()
    with browser.engine.begin() as connection:
        rows = [unit_row(f"U-{place:02}", agency=AGENCY) for place in range(PAGE + 3)]
        units.save(connection, rows)
    first = (await browser.client.get("/console/")).text
    rest = (await browser.client.get(f"/console/?from={PAGE}")).text
    assert "DUKCAPIL" not in first + rest
    assert f"Untuk unit 1–{PAGE} dari {PAGE + 4}." in text_of(first)
    assert f"Untuk unit {PAGE + 1}–{PAGE + 4} dari {PAGE + 4}." in text_of(rest)
    assert first.count('scope="row"') == PAGE
    assert rest.count('scope="row"') == 4
    found = (await browser.client.get("/console/?q=U-07")).text
    assert found.count('scope="row"') == 1
    for hostile in ("?from=-1", "?from=999999999999", "?from=٣", "?q=%3Cscript%3E", "?from="):
        assert (await browser.client.get(f"/console/{hostile}")).status_code == 200


async def test_of_many_units_it_says_in_how_many_something_waits_and_shows_these_alone(
    browser: Browser,
):
    """Of 28: one with a late plan, one with a plan of today, two with a period that is over, one
    whose digests do not arrive; and what waits for nobody: a plan of later, a published period, a
    closed plan, another agency's."""
    await browser.let_in()
    with browser.engine.begin() as connection:
        rows = [
            unit_row(f"U-{place:02}", agency=AGENCY, population=10) for place in range(PAGE + 2)
        ]
        units.save(connection, rows)

        def planned(code: str, days: int) -> int:
            plan = Plan("cost", "Loket", TODAY + timedelta(days), "Kasi")
            return follow_ups.keep(connection, unit_of(connection, code).id, plan, TODAY, NOON, "x")

        for code, days in (("U-26", -3), ("U-25", 14), ("U-24", 15), (THERE, -3)):
            planned(code, days)
        follow_ups.drop(connection, unit_of(connection, "U-23").id, planned("U-23", -1), TODAY)
        for code in ("U-22", "U-21", "U-20", THERE):
            answered(connection, code, 2, NOON - QUARTER)
        closed(connection, "U-20", "2026-Q3")
        answered(connection, "U-19", 2)  # of the period that runs
        unit = unit_of(connection, "U-18")
        digest_settings.told(connection, "week", "tg:2", unit.id, "2026-W46")
        digest_settings.failed(connection, "tg:2", unit.id)
    said, links = await due(browser)
    assert (
        "Di semua unit: 2 unit punya rencana yang jatuh tempo; 2 unit belum menerbitkan periode "
        "yang berakhir; 1 unit tidak menerima ringkasan. Lihat unit-unit itu saja"
    ) in said
    (way,) = [link for link in links if "waits=1" in link]
    page = (await browser.client.get(f"/console/{way}")).text
    shown = re.findall(r'scope="row".*?<bdi>(.*?)</bdi>', page, re.DOTALL)
    assert shown == [f"Kantor U-{n}" for n in (18, 21, 22, 25, 26)]
    assert "Lihat semua unit" in text_of(page)
    assert len(re.findall("Lewat\\.", text_of(page))) == 4


async def test_of_few_units_nothing_is_counted(browser: Browser):
    """All that waits stands there already."""
    await browser.let_in()
    assert "Di semua unit" not in (await due(browser))[0]
    assert (await browser.client.get("/console/?waits=1")).status_code == 200


async def test_no_text_is_too_long_to_be_looked_for(browser: Browser):
    await browser.let_in()
    words = "kantor " * 3_000
    for path in ("", "figures/list", "units/list"):
        found = await browser.client.get(f"/console/{path}", params={"q": words})
        assert found.status_code == 200, path
    told = await browser.send("/console/do", state="", command=f"/poster {words}")
    assert "wewenang" in text_of(told.text)


def test_a_line_of_weeks_has_a_gap_where_nothing_was_told():
    def course(*weeks: str) -> Course:
        return Course("steady", tuple(Point(each or None) for each in weeks))

    # 13 weeks apart by 8 of 104: 80 lies 1 below the middle of 80..81 ± 1, so at two thirds of 20.
    assert weeks_line(course("80", *[""] * 11, "81")) == ["4.0,17.3", "100.0,10.7"]
    assert weeks_line(course("80", "80", "", "81", "81")) == [
        "4.0,17.3 28.0,17.3",
        "76.0,10.7 100.0,10.7",
    ]
    assert weeks_line(course("80", "")) == []


def test_elements_stand_below_their_own_names_whatever_instrument_a_unit_has():
    cells = [Cell("Biaya", "3,00", "C"), Cell("Waktu", "4,00", "A")]
    assert [each.mean for each in below(["Waktu", "Kanal", "Biaya"], cells)] == ["4,00", "", "3,00"]
    assert [each.mean for each in below(["Waktu"], [])] == [""]


async def test_coverage_is_for_whoever_answers_for_many_units(browser: Browser):
    await browser.let_in("head", HERE)
    assert (await browser.client.get("/console/coverage")).status_code == 403
    browser.give("evaluator", "*", "tg:2")
    await browser.enter(browser.url("tg:2"))
    with browser.engine.begin() as connection:
        answered(connection, HERE, 300, NOON - QUARTER, values=3)
        closed(connection, HERE, "2026-Q3")
    fold(browser.engine)
    said = await browser.page("coverage")
    for line in (
        "Unit 2 Ada jawaban 1 (50 %) Sampel cukup 1 (50 %) Sudah terbit 1 (50 %)",
        "Rata-rata IKM 75,00",
        "75–80 1 C: 1",
        "Jumlah media publikasi hasil SKM 2 0 0 0 0 0",
    ):
        assert line in said, said
    got = await browser.client.get("/console/coverage?period=2026-Q3&xlsx=1")
    book = CalamineWorkbook.from_filelike(BytesIO(got.content))
    assert book.sheet_names == ["Wilayah", "Instansi", "Kesiapan PEKPPP (F-02)", "Unit"]
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[1] == ["Semua unit", 2, 1, 1, 1, 0, 0, 75]
    (here,) = [row for row in book.get_sheet_by_index(3).to_python() if row[0] == HERE]
    assert here[4:9] == [300, 278, "ya", 75, "C"]
    for other in ("?period=2026-Q1", "?period=2031-Q1", "?period=%3Cb%3E", "?xlsx"):
        assert (await browser.client.get(f"/console/coverage{other}")).status_code == 200


async def test_an_evaluators_desk_has_what_it_may_see_and_no_more(browser: Browser):
    await browser.let_in("evaluator", AGENCY)
    assert await due(browser) == ("Yang perlu dikerjakan Tidak ada yang menunggu saat ini.", [])
    page = await browser.page("")
    assert "Cakupan" in page
    assert "Sampel periode ini" not in page  # a table of no units
    assert "Kode unit" not in await browser.page("do")  # whose only command is to leave
    for key in ("figures", "follow_ups", "units", "log", "roles"):
        assert (await browser.client.get(f"/console/{key}/list")).status_code == 403, key
