"""The door of the web console: who gets in, once, and for how long."""

import re
from collections.abc import AsyncIterator
from importlib.resources import files
from pathlib import Path

import pytest
from httpx import URL
from sqlalchemy import text

from bot.core.turns.turn_context import Forms, TurnContext
from bot.dialogues import DIALOGUES
from bot.web.console.app import TABLES
from bot.web.console.login import COOKIES
from flows.engine.events import Opened
from flows.engine.form import Line
from storage.office import console_keys
from tests.support.accessible import faults
from tests.support.browser import AGENCY, HERE, Browser, browsing, text_of
from tests.support.offices import NOON, VAULT, Chance

LIST = "/console/units/list"
# What starlette-admin's own frame leaves to be wished: its name is a heading before the page's, and
# what it asks before it deletes is another, empty until then.
OF_ITS_FRAME = {
    "it has not one main part",
    "it has not one h1",
    "a heading says nothing",
    *(f"h{after} follows h{before}" for before, after in ((1, 3), (1, 5), (2, 5))),
}
SAID = re.compile(r'(?:label|title|placeholder|alt)="([^"]*)"')


@pytest.fixture
async def browser(database_url: str) -> AsyncIterator[Browser]:
    async with browsing(database_url) as browser:
        yield browser


async def test_a_link_lets_in_once_and_only_by_its_button(browser: Browser):
    browser.give("admin", AGENCY)
    url = browser.url()
    for _ in range(3):  # a preview of the link uses nothing up
        assert "Masuk" in (await browser.client.get(url)).text
    entered = await browser.enter(url)
    assert entered.status_code == 303
    cookie = next(c for c in entered.headers.get_list("set-cookie") if COOKIES[True] in c).lower()
    for said in ("httponly", "samesite=strict", "secure", "path=/;"):
        assert said in cookie
    assert (await browser.client.get("/console/units/list")).status_code == 200
    again = await browser.enter(url)
    assert again.status_code == 400
    assert "sudah dipakai" in again.text


async def test_a_link_that_is_over_or_forged_or_without_a_token_of_the_page(browser: Browser):
    browser.give("admin", AGENCY)
    url = browser.url()
    token = url.partition("token=")[2]
    refused = await browser.client.post("/console/login", data={"token": token})
    assert (refused.status_code, COOKIES[True] in browser.client.cookies) == (403, False)
    browser.clock.at += console_keys.LINK
    assert (await browser.enter(url)).status_code == 400
    assert (await browser.enter(f"{HERE}/console/login?token=%22%3E%3Cb%3E")).status_code == 400
    with browser.engine.connect() as connection:
        kept = connection.execute(text("SELECT hash FROM console_key")).scalars().all()
    assert token.encode() not in b"".join(map(bytes, kept))


async def test_nobody_gets_in_without_a_role_or_after_it_ended(browser: Browser):
    assert browser.link("tg:9").key == "role.none"
    page = await browser.client.get(LIST)
    assert (page.status_code, page.headers["location"].partition("?")[0]) == (
        303,
        f"{HERE}/console/login",
    )
    await browser.let_in()
    with browser.engine.begin() as connection:
        connection.execute(text("DELETE FROM role"))
    assert (await browser.client.get(LIST)).status_code == 303
    browser.give("admin", AGENCY)
    assert (await browser.client.get(LIST)).status_code == 200


async def test_a_session_ends_when_it_is_not_used_and_at_last_in_any_case(browser: Browser):
    await browser.let_in()
    begun = browser.clock.at
    while browser.clock.at + console_keys.IDLE - 1 < begun + console_keys.SESSION:
        browser.clock.at += console_keys.IDLE - 1
        assert (await browser.client.get(LIST)).status_code == 200
    browser.clock.at = begun + console_keys.SESSION
    page = await browser.client.get(LIST, follow_redirects=True)
    assert "Sesi Anda belum ada atau sudah berakhir" in page.text
    assert (await browser.enter(browser.url())).status_code == 303
    browser.clock.at += console_keys.IDLE
    assert (await browser.client.get(LIST)).status_code == 303


async def test_who_comes_in_again_has_the_only_session(browser: Browser):
    await browser.let_in()
    former = browser.client.cookies[COOKIES[True]]
    await browser.enter(browser.url())
    assert (await browser.client.get(LIST)).status_code == 200
    browser.client.cookies.set(COOKIES[True], former, "skm.contoh.go.id", "/")
    assert (await browser.client.get(LIST)).status_code == 303


async def test_whoever_leaves_is_out(browser: Browser):
    await browser.let_in()
    session = browser.client.cookies[COOKIES[True]]
    assert "Anda sudah keluar" in (await browser.send("/console/logout")).text
    browser.client.cookies.set(COOKIES[True], session, "skm.contoh.go.id", "/")
    assert (await browser.client.get("/console/units/list")).status_code == 303


async def test_every_page_is_for_everybody_and_has_no_word_of_starlette_admins_english(
    browser: Browser,
):
    await browser.let_in("admin", "*")
    browser.give("head", "SMST-BTM", "tg:2")
    question = {"text": "Mudah?", "kind": "yes_no", "when": "always", "required": "no"}
    plan = {"element": "cost", "programme": "Antrean", "person": "Kasi", "due": "31/12/2026"}
    await browser.send("/console/follow_ups/create", unit="SMST-BTM", **plan)
    await browser.send("/console/questions/create", for_units="SMST-BTM", **question)
    pages = [f"{table.key}/list" for table in TABLES]
    pages += [f"{table.key}/create" for table in TABLES if table.creates]
    pages += [f"{way}?pk=SMST-BTM{id}" for way, id in (("units/edit", ""), ("units/detail", ""),
              ("follow_ups/edit", "~1"), ("follow_ups/detail", "~1"))]  # fmt: skip
    pages += [
        "",
        "do",
        "coverage",
        "nowhere/list",
        "login",
        "log/list?q=nothing",
    ]
    for path in pages:
        page = (await browser.client.get(f"/console/{path}")).text
        said = f"{text_of(page)} {' '.join(SAID.findall(page))}"
        left = [word for word in english() if re.search(rf"\b{re.escape(word)}\b", said)]
        assert left == [], path
        assert {*faults(page)} - OF_ITS_FRAME == set(), path
    told = (await browser.send("/console/units/edit?pk=SMST-BTM", name="")).text
    assert "Wajib diisi." in told
    told = (await browser.end("roles", "SMST-BTM~head_nobody")).text
    assert "di luar wewenang Anda" in told


def english() -> set[str]:
    """What starlette-admin says of itself, but for what is an Indonesian word, too."""
    found: set[str] = set()
    folder = Path(str(files("starlette_admin") / "templates"))
    for page in folder.rglob("*.html"):
        found |= set(re.findall(r"""_\(["']([^"'%]{3,})["']\s*\)""", page.read_text()))
        found |= set(re.findall(r'label="([A-Za-z ]+)"', page.read_text()))
    return found - {"Admin", "Filter", "Format", "Status"} | {"Forbidden", "Not Found", "null"}


async def test_no_page_loads_from_elsewhere_or_is_kept_or_framed(browser: Browser):
    await browser.let_in()
    for path in ("/console/units/list", "/console/login", "/console/units/create", "/console/no"):
        page = await browser.client.get(path)
        assert "default-src 'self'" in page.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert set(re.findall(r"https?://[^/\"' ]+", page.text)) <= {HERE, "http://www.w3.org"}
    script = await browser.client.get("/console/static/js/list.js")
    assert "no-store" not in script.headers["cache-control"]


async def test_every_cookie_is_for_https_alone(browser: Browser):
    """Also behind a proxy that speaks http to us: the request says so, the setting does not."""
    browser.client.base_url = URL(HERE.replace("https", "http"))
    page = await browser.client.get("/console/login?token=x")
    cookies = [cookie.lower() for cookie in page.headers.get_list("set-cookie")]
    assert cookies
    assert all("secure" in each and "samesite=strict" in each for each in cookies)
    assert all("path=/console" in each for each in cookies)


async def test_nothing_is_done_without_the_pages_token(browser: Browser):
    await browser.let_in()
    for path in ("logout", "units/edit?pk=SMST-BTM", "do", "invitations/create",
                 "_api/roles/row-action?name=delete&pk=x"):  # fmt: skip
        for token in ({}, {"csrftoken": "x"}, {"csrftoken": browser.token[:-1]}):
            told = await browser.client.post(f"/console/{path}", data=token)
            assert told.status_code == 403, path
            assert "Muat ulang, lalu kirim lagi" in told.text
    assert (await browser.client.get(LIST)).status_code == 200


async def test_what_fails_is_said_in_words(browser: Browser, monkeypatch: pytest.MonkeyPatch):
    await browser.let_in()
    monkeypatch.setattr("storage.units.page", None)
    browser.client._transport.raise_app_exceptions = False  # type: ignore[attr-defined]
    page = await browser.client.get(LIST)
    assert (page.status_code, "Ada gangguan" in page.text) == (500, True)
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


async def test_what_is_too_long_is_not_read(browser: Browser):
    told = await browser.client.post("/console/login", content=b"x" * 3_000_000)
    assert (told.status_code, "terlalu besar" in told.text) == (413, True)

    async def endless() -> AsyncIterator[bytes]:
        yield b"x"

    assert (await browser.client.post("/console/login", content=endless())).status_code == 413


async def test_without_an_address_of_the_web_the_chat_says_so(browser: Browser):
    browser.give("admin", AGENCY)
    with browser.engine.begin() as connection:
        context = TurnContext(
            connection, VAULT, Forms(DIALOGUES), Chance(), address="tg:1", at=NOON
        )
        assert DIALOGUES.resolve(context, Opened("1", NOON, "/konsol")) == Line(
            "console.unreachable"
        )
