"""Periods at the web console: their users are written, and one that is over is closed."""

from collections.abc import AsyncIterator

import pytest

from storage.index import sheets
from tests.support.browser import Browser, browsing, fault_at, text_of
from tests.support.offices import NOON, unit_of
from tests.support.publishing import answered

HERE = "SMST-BTM"
EDIT = f"/console/periods/edit?pk={HERE}~"
MONTHS_AGO = NOON - 70 * 86_400  # in September


@pytest.fixture
async def browser(database_url: str) -> AsyncIterator[Browser]:
    async with browsing(database_url) as browser:
        await browser.let_in()
        with browser.engine.begin() as connection:
            answered(connection, HERE, 12, MONTHS_AGO)
            answered(connection, HERE, 6, NOON - 86_400)
        yield browser


async def test_the_users_of_a_period_are_written(browser: Browser):
    for number, said in (("5", "Sudah ada 6 jawaban"), ("banyak", "bukan bilangan bulat")):
        told = await browser.change(f"{EDIT}2026-Q4", users=number)
        assert (told.status_code, said in fault_at("users", told)) == (422, True)
    assert (await browser.change(f"{EDIT}2026-Q4", users="4.200")).status_code == 303
    assert (await browser.change(f"{EDIT}2026-Q4")).status_code == 303  # nothing changes
    with browser.engine.connect() as connection:
        assert unit_of(connection, HERE).users == {"2026-Q4": 4200}
    assert [entry.action for entry in browser.logged(HERE)] == ["edit_units"]
    shown = await browser.page("periods/list")
    assert "1 Okt–31 Des 2026 6 4.200 berjalan" in shown
    assert "1 Jul–30 Sep 2026 12 1.000 berakhir, belum terbit" in shown


async def test_a_head_is_told_that_the_users_are_an_admins(database_url: str):
    async with browsing(database_url) as browser:
        await browser.let_in("head", HERE)
        told = await browser.change(f"{EDIT}2026-Q4", users="5")
        assert told.status_code == 422
        assert browser.logged(HERE) == []


async def test_one_that_is_over_is_closed_beside_what_its_sheet_will_show(browser: Browser):
    running = await browser.change(f"{EDIT}2026-Q4", close="close")
    assert (running.status_code, "belum berakhir" in fault_at("close", running)) == (422, True)
    page = text_of((await browser.client.get(f"{EDIT}2026-Q3")).text)
    assert "Akan tampil: IKM, mutu, selang" in page
    assert (await browser.change(f"{EDIT}2026-Q3", close="close", seen="0")).status_code == 422
    assert browser.logged(HERE) == []
    assert (await browser.change(f"{EDIT}2026-Q3", close="close")).status_code == 303
    assert "Lembar 1 terbit" in await browser.page("periods/list")
    with browser.engine.connect() as connection:
        (sheet,) = sheets.of_unit(connection, unit_of(connection, HERE).id)
    assert sheet.period == "2026-Q3"
    assert [entry.action for entry in browser.logged(HERE)] == ["run_periods"]
    assert (await browser.client.get(f"{EDIT}2026-Q3")).status_code == 404
