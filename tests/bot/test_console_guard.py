"""What every answer of the console is held to: what may run in it, who may see it without https."""

import re
import zlib
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from httpx import URL, ASGITransport, AsyncClient
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from bot.web.console.security import Guarded
from bot.web.console.templates import hashed
from tests.support.browser import Browser, browsing


@pytest.fixture
async def browser(sqlite_url: str) -> AsyncIterator[Browser]:
    async with browsing(sqlite_url) as browser:
        yield browser


async def test_nothing_runs_that_the_page_does_not_name(browser: Browser):
    """No inline script, style or handler but those with this answer's own nonce or a hash."""
    await browser.let_in()
    nonces = set()
    for path in (
        "",
        "units/list",
        "units/edit?pk=SMST-BTM",
        "do",
        "login?token=x",
        "no/list",
    ):
        page = await browser.client.get(f"/console/{path}")
        policy = page.headers["content-security-policy"]
        assert "'unsafe-inline'" not in policy
        (nonce,) = set(re.findall(r"'nonce-([^']+)'", policy))
        nonces.add(nonce)
        for block in re.findall(r"<(?:script|style)[^>]*>", page.text):
            assert f'nonce="{nonce}"' in block or block == "<style>", path
        for style in re.findall(r"<style>(.*?)</style>", page.text, re.DOTALL):
            assert hashed(style) in policy
        for style in re.findall(r'\bstyle="([^"]*)"', page.text):
            assert hashed(style) in policy, style
        assert re.findall(r"<[^>]* on[a-z]+=", page.text) == []
    assert len(nonces) == 6


async def test_a_name_that_is_a_script_gets_no_nonce(browser: Browser):
    await browser.let_in()
    told = await browser.send("/console/units/edit?pk=SMST-BTM", name="<script>alert(1)</script>")
    assert "<script>alert" not in told.text
    page = await browser.client.get("/console/units/list")
    assert "alert(1)</script>" not in page.text


async def test_a_template_where_the_process_stands_is_not_taken(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "templates").mkdir()
    for name in ("layout.html", "base.html", "list.html", "console/home.html"):
        (tmp_path / "templates" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "templates" / name).write_text("taken over")
    async with browsing(sqlite_url) as browser:
        await browser.let_in()
        for path in ("", "units/list"):
            assert "taken over" not in (await browser.client.get(f"/console/{path}")).text


FROM_ELSEWHERE = [
    ("192.0.2.7", "http://127.0.0.1", {}),
    ("127.0.0.1", "http://skm.contoh.go.id", {}),
    ("127.0.0.1", "http://127.0.0.1", {"x-forwarded-for": "127.0.0.1"}),
    ("127.0.0.1", "http://127.0.0.1", {"x-forwarded-proto": "http"}),
    ("127.0.0.1", "http://127.0.0.1", {"cf-connecting-ip": "192.0.2.7"}),
]


@pytest.mark.parametrize(("peer", "url", "headers"), FROM_ELSEWHERE)
async def test_without_https_it_is_for_this_machine_alone(sqlite_url, peer, url, headers):
    async with browsing(sqlite_url, secure=False, peer=peer) as browser:
        browser.client.base_url = URL(url)
        page = await browser.client.get("/console/login?token=x", headers=headers)
        assert (page.status_code, "SKM_PUBLIC_URL" in page.text) == (403, True)


async def test_without_https_whoever_sits_here_is_let_in(sqlite_url: str):
    async with browsing(sqlite_url, secure=False) as browser:
        browser.client.base_url = URL("http://localhost:8080")
        assert "Masuk" in (await browser.client.get("/console/login?token=x")).text


async def test_a_length_that_cannot_be_trusted_is_not_read(browser: Browser):
    both = {"content-length": "3", "transfer-encoding": "chunked"}
    for headers in (both, {"content-length": "9" * 5_000}):
        told = await browser.client.post("/console/login", headers=headers, content=b"x")
        assert told.status_code == 413


async def test_a_proxy_that_says_nothing_is_known_by_its_http():
    """nginx as it comes: Host is the address that it passes on to, no header, HTTP/1.0."""

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        await guarded({**scope, "http_version": "1.0"}, receive, send)

    guarded = Guarded(PlainTextResponse("let in"), secure=False)
    for app, status in ((guarded, 200), (asked, 403)):
        async with AsyncClient(transport=ASGITransport(app), base_url="http://127.0.0.1") as client:
            assert (await client.get("/console/login?token=x")).status_code == status


INVITED = {"invite_to": "unit:SMST-BTM", "role": "head"}


@pytest.mark.parametrize("site", ["same-site", "cross-site"])
async def test_a_sister_host_that_sets_its_own_token_writes_nothing(browser: Browser, site: str):
    """Cookies of a domain are shared by its hosts, and a token is given to anybody: the attacker's
    own, set as the victim's cookie, goes with a form that the victim's browser sends."""
    await browser.let_in()
    session = browser.client.cookies["__Host-skm_console"]
    browser.client.cookies.clear()
    await browser.client.get("/console/login")  # as anybody
    token = browser.token
    browser.client.cookies.set("__Host-skm_console", session, "skm.contoh.go.id", "/")
    given = {"csrftoken": token, **INVITED}
    path, headers = "/console/invitations/create", {"sec-fetch-site": site}
    told = await browser.client.post(path, data=given, headers=headers)
    assert (told.status_code, browser.logged("SMST-BTM")) == (403, [])
    assert (await browser.client.post(path, data=given)).status_code == 303  # the token is good


async def test_a_session_that_a_sister_host_could_have_set_is_none(browser: Browser):
    """The attacker's own session in the victim's browser: what the victim writes is the attacker's.
    Browsers take a cookie named `__Host-…` from this host alone (RFC 6265bis, 4.1.3.2)."""
    browser.give("admin", "Pemprov Contoh")
    told = await browser.enter(browser.url())
    (cookie,) = [each for each in told.headers.get_list("set-cookie") if "skm_console" in each]
    name, _, rest = cookie.partition("=")
    parts = {part.strip().casefold() for part in rest.split(";")[1:]}
    assert name == "__Host-skm_console"
    assert {"secure", "path=/", "httponly", "samesite=strict"} <= parts
    assert not any(part.startswith("domain") for part in parts)
    session = browser.client.cookies[name]
    browser.client.cookies.clear()
    browser.client.cookies.set("skm_console", session, "skm.contoh.go.id", "/")
    assert (await browser.client.get("/console/units/list")).status_code != 200


async def test_a_link_to_here_may_come_from_anywhere(browser: Browser):
    await browser.let_in()
    told = await browser.client.get("/console/units/list", headers={"sec-fetch-site": "cross-site"})
    assert told.status_code == 200


async def test_what_is_told_once_cannot_be_read_on_its_way(browser: Browser):
    """It waits in a cookie for the next page: nothing that was sent holds the invitation's link."""
    await browser.let_in()
    told = await browser.send("/console/invitations/create", **INVITED)
    cookie = told.cookies["starlette_admin_flash"]
    assert b"start=" not in unsigned(cookie)
    shown = await browser.page("invitations/list")
    assert "start=i_" in shown
    browser.client.cookies.set("starlette_admin_flash", cookie[:-1], "skm.contoh.go.id", "/console")
    assert "start=i_" not in await browser.page("invitations/list")


async def test_a_function_is_shown_as_words_and_one_too_long_is_refused(browser: Browser):
    await browser.let_in()
    words = "Loket <b>1</b> *satu*"
    told = await browser.send("/console/invitations/create", **INVITED, function="x" * 41)
    assert told.status_code != 303
    told = await browser.send("/console/invitations/create", **INVITED, function=words)
    assert told.status_code == 303
    for page in ("invitations/list", "log/list"):
        assert words in await browser.page(page), page  # without its tags, if they were any


def unsigned(cookie: str) -> bytes:
    """What stands in a cookie as itsdangerous signs it: base64 of JSON, packed where it is long."""
    packed, body = cookie.startswith("."), cookie.lstrip(".").partition(".")[0]
    plain = urlsafe_b64decode(body + "=" * (-len(body) % 4))
    return zlib.decompress(plain) if packed else plain


async def test_a_long_request_is_read_of_nobody_who_is_not_let_in(browser: Browser):
    """500 connections may be open at once, and each request lies in memory whole."""
    sent = {"command": "/unit", "text": "x" * 500_000}
    told = await browser.client.post("/console/do", data=sent)
    assert told.status_code == 413
    await browser.let_in()
    for path, status in (("do", 200), ("units/edit?pk=SMST-BTM", 413), ("login", 413)):
        assert (await browser.send(f"/console/{path}", **sent)).status_code == status
    too_long = {**sent, "text": "x" * 5_200_000}
    assert (await browser.send("/console/do", **too_long)).status_code == 413


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=x"])
async def test_a_form_that_is_none_is_refused_and_nothing_fails(browser: Browser, kind: str):
    many = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n' * 1_200
    headers = {"content-type": kind}
    told = await browser.client.post("/console/login", content=many, headers=headers)
    assert told.status_code == 400
