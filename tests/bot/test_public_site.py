"""skm serve answers the bytes that skm site writes, knows nothing else, and is polite to caches."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web import site as public_site
from bot.web.app import application
from bot.web.console.app import mount
from bot.web.site import PublicSite
from reports.site.writing import Plan
from tests.support.fake_channel import Clock
from tests.support.offices import VAULT, Chance
from tests.support.public_site import BASE, KEY, files, logged, mixed, nation, written
from tests.support.publishing import DAY, LATER, closed

AT = LATER + 2 * DAY


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with nation(database_url) as engine:
        logged(engine)
        yield engine


@pytest.fixture
def clock() -> Clock:
    return Clock(AT)


@pytest.fixture
async def client(engine: Engine, clock: Clock) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI(openapi_url=None)
    plan = Plan("", BASE, key=str(KEY.public))
    app.routes.append(PublicSite(engine, plan, clock).route)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        yield client


async def test_each_file_is_served_as_it_is_written(engine, client, tmp_path: Path):
    written(engine, tmp_path / "site", AT)
    there = files(tmp_path / "site")
    assert len(there) > 150
    for name, content in there.items():
        answer = await client.get("/" + name.removesuffix("index.html"))
        assert (answer.status_code, answer.content) == (200, content), name


async def test_what_has_not_changed_is_not_sent_again(client):
    first = await client.get("/unit/SMST/")
    etag = first.headers["etag"]
    for known in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        again = await client.get("/unit/SMST/", headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b""), known
        assert again.headers["etag"] == etag
    other = await client.get("/unit/SMST/", headers={"If-None-Match": '"x"'})
    assert other.status_code == 200


async def test_what_is_frozen_is_kept_long(client):
    async def kept(path: str) -> str:
        return (await client.get(path)).headers["cache-control"]

    assert await kept("/log/sheets/SMST-0001.json") == "public, max-age=31536000, immutable"
    assert await kept("/unit/SMST/2026-Q4/") == "public, max-age=86400"
    assert await kept("/unit/SMST/") == "public, max-age=300"
    assert await kept("/log/checkpoint") == "public, max-age=300"


async def test_a_head_is_answered_as_a_get(client):
    got, headed = await client.get("/"), await client.head("/")
    assert (headed.status_code, headed.headers["etag"]) == (200, got.headers["etag"])


HOSTILE = [
    "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/unit/../../skm.db", "/unit/SMST/../../x",
    "/.skm-site.json", "/unit//", "/unit/smst/", "/unit/SMST/2099-Q1/", "/%00", "/unit/%00/",
    "/data/../skm.db", "/log/sheets/SMST-1.json", "/log/sheets/SMST-0099.json", "/log/tile/0/-01",
    "/log/tile/9/000", "/log/tile/0/000.p/0", "/log/tile/0/000.p/999", "/log/sheets/SMST-0001.py",
    "/log/checkpoints/999999999999", "/wilayah/", "/" + "a" * 5_000, "/unit/SMST/rows.csv",
    "/unit/SMST/2026-Q4/rows.csv", "/%F0%9F%98%80", "/en/log/checkpoint", "/nama/99/",
]  # fmt: skip


async def test_an_address_that_is_none_is_a_plain_404(client):
    for path in HOSTILE:
        answer = await client.get(path)
        kind = answer.headers["content-type"][:10]
        assert (answer.status_code, kind) == (404, "text/plain"), path


async def test_a_folder_without_its_stroke_leads_on_to_it(client):
    answer = await client.get("/unit/SMST")
    assert (answer.status_code, answer.headers["location"]) == (308, "/unit/SMST/")


async def test_headers_and_queries_change_nothing(client):
    plain = await client.get("/unit/SMST/")
    strange = {"Accept": b"\xff/*;q=abc" * 50, "Accept-Language": "xx", "Accept-Encoding": "br;q=9"}
    asked = await client.get("/unit/SMST/?q=<script>&lang=en", headers=strange)
    assert (asked.status_code, asked.content) == (200, plain.content)
    assert (await client.post("/unit/SMST/")).status_code == 405


async def test_only_the_card_may_stand_in_another_page(client):
    async def policy(path: str) -> str:
        return (await client.get(path)).headers["content-security-policy"]

    assert "frame-ancestors 'none'" in await policy("/unit/SMST/")
    assert "frame-ancestors *" in await policy("/en/unit/SMST/card.html")
    assert "default-src 'none'" in await policy("/")
    data = await client.get("/unit/SMST/data.json")
    assert data.headers["access-control-allow-origin"] == "*"
    assert data.headers["x-content-type-options"] == "nosniff"


async def test_what_is_published_is_there_soon(engine, client, clock):
    assert (await client.get("/unit/NONE/2026-Q4/")).status_code == 404
    with engine.begin() as connection:
        mixed(connection, "NONE", 30)
        closed(connection, "NONE")
    logged(engine, LATER + 3 * DAY)
    clock.at += public_site.KEPT
    assert (await client.get("/unit/NONE/2026-Q4/")).status_code == 200
    assert (await client.get("/unit/NONE/")).text.count("2026-Q4/") > 0


@pytest.mark.parametrize("fault", [
    OperationalError("SELECT 1", {}, sqlite3.OperationalError("disk I/O error")),
    NoneFree("QueuePool limit"),
])  # fmt: skip
async def test_a_database_that_is_away_is_a_503(client, monkeypatch, fault):
    def away(*given: object) -> None:
        raise fault

    monkeypatch.setattr(public_site, "read", away)
    answer = await client.get("/unit/SMST/")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")


async def test_many_at_once_are_all_answered(client):
    paths = ["/", "/unit/SMST/", "/peringkat/", "/data/units.csv", "/log/entries.txt", "/x"] * 10
    answers = await asyncio.gather(*(client.get(path) for path in paths))
    assert {each.status_code for each in answers} <= {200, 404, 503}
    assert [each.status_code for each in answers if each.url.path == "/unit/SMST/"] == [200] * 10


async def test_pages_kept_in_memory_are_bounded(engine, clock, monkeypatch):
    monkeypatch.setattr(public_site, "MOST", 30_000)
    site = PublicSite(engine, Plan("", BASE, key=str(KEY.public)), clock)
    for _ in range(2):
        for code in ("SMST", "SMST-2", "FEW", "PLAIN", "NONE"):
            assert site.page(f"unit/{code}/index.html")
    kept = sum(len(each[2].content) for each in site._pages.values())
    assert kept == site._size <= 30_000


async def test_what_others_answer_goes_before(engine, clock):
    """The console and a channel's webhook stay theirs, whatever stands behind them."""

    async def hook(request: Request) -> Response:
        return Response(status_code=200)

    app = application([Route("/telegram", hook, methods=["POST"])])
    mount(app, engine, VAULT, clock, Chance(1), secure=True)
    app.routes.append(PublicSite(engine, Plan("", BASE, key=str(KEY.public)), clock).route)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        assert (await client.post("/telegram")).status_code == 200
        assert (await client.get("/telegram")).status_code == 404
        assert "Samsat" not in (await client.get("/console/login")).text
        assert (await client.get("/unit/SMST/")).status_code == 200
