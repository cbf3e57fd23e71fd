"""The door of the web console: who gets in, once, and for how long."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from bot.console.door import COOKIE
from bot.desk import Desk, Forms
from bot.openings import resolve
from flows.events import Opened
from flows.form import Line
from storage import console_keys
from tests.browser import AGENCY, HERE, Browser, browsing
from tests.offices import NOON, VAULT, Chance


@pytest.fixture
async def browser(database_url: str) -> AsyncIterator[Browser]:
    async with browsing(database_url) as browser:
        yield browser


async def test_a_link_lets_in_once_and_only_by_its_button(browser: Browser):
    browser.give("admin", AGENCY)
    url = str(browser.link().params["url"])
    for _ in range(3):  # a preview of the link uses nothing up
        assert "Masuk" in (await browser.client.get(url)).text
    entered = await browser.enter(url)
    assert entered.status_code == 303
    cookie = next(c for c in entered.headers.get_list("set-cookie") if COOKIE in c).lower()
    for said in ("httponly", "samesite=strict", "secure", "path=/console"):
        assert said in cookie
    assert (await browser.client.get("/console/units/list")).status_code == 200
    again = await browser.enter(url)
    assert again.status_code == 400
    assert "sudah dipakai" in again.text


async def test_a_link_that_is_over_or_forged_or_without_a_token_of_the_page(browser: Browser):
    browser.give("admin", AGENCY)
    url = str(browser.link().params["url"])
    token = url.partition("token=")[2]
    refused = await browser.client.post("/console/login", data={"token": token})
    assert (refused.status_code, COOKIE in browser.client.cookies) == (403, False)
    browser.clock.at += console_keys.LINK
    assert (await browser.enter(url)).status_code == 400
    assert (await browser.enter(f"{HERE}/console/login?token=%22%3E%3Cb%3E")).status_code == 400
    with browser.engine.connect() as connection:
        kept = connection.execute(text("SELECT hash FROM console_key")).scalars().all()
    assert token.encode() not in b"".join(map(bytes, kept))


async def test_nobody_gets_in_without_a_role_or_after_it_ended(browser: Browser):
    assert browser.link("tg:9").key == "role.none"
    page = await browser.client.get("/console/units/list")
    assert (page.status_code, page.headers["location"].partition("?")[0]) == (
        303,
        f"{HERE}/console/login",
    )
    await browser.let_in()
    with browser.engine.begin() as connection:
        connection.execute(text("DELETE FROM role"))
    assert (await browser.client.get("/console/units/list")).status_code == 303
    browser.give("admin", AGENCY)
    assert (await browser.client.get("/console/units/list")).status_code == 200
    browser.clock.at += console_keys.SESSION
    assert (await browser.client.get("/console/units/list")).status_code == 303


async def test_whoever_leaves_is_out(browser: Browser):
    await browser.let_in()
    session = browser.client.cookies[COOKIE]
    assert "Anda sudah keluar" in (await browser.send("/console/logout")).text
    browser.client.cookies.set(COOKIE, session, "skm.contoh.go.id", "/console")
    assert (await browser.client.get("/console/units/list")).status_code == 303


async def test_its_own_words_are_indonesian(browser: Browser):
    await browser.let_in()
    page = (await browser.client.get("/console/units/edit?pk=SMST-BTM")).text
    for said in ("Ubah Unit", "Simpan", "Batal", "Jam layanan", "Keluar"):
        assert said in page
    assert "Akhiri" in (await browser.client.get("/console/roles/list")).text


async def test_no_page_loads_from_elsewhere_or_is_kept_or_framed(browser: Browser):
    await browser.let_in()
    for path in ("/console/units/list", "/console/login"):
        headers = (await browser.client.get(path)).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"


async def test_without_an_address_of_the_web_the_chat_says_so(browser: Browser):
    browser.give("admin", AGENCY)
    with browser.engine.begin() as connection:
        desk = Desk(connection, VAULT, Forms(), Chance())
        assert resolve(desk, "tg:1", Opened(1, NOON, "/konsol")) == Line("console.unreachable")
