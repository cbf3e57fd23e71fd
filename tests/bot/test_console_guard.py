"""What every answer of the console is held to: what may run in it, who may see it without https."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from httpx import URL

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
        "unit-table",
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
