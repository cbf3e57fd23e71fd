"""skm serve answers the bytes that skm site writes, knows nothing else, and is polite to caches."""

import asyncio
import hashlib
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web import site as public_site
from bot.web.app import application
from bot.web.console.app import mount
from bot.web.site import PublicSite
from reports.site import home, places, texts, unit_pages
from reports.site.catalogue import Catalogue
from reports.site.catalogue import read as read_catalogue
from reports.site.writing import Plan
from reports.transparency.leaving import Outlets, checkpoints
from storage import units
from storage.index import published
from storage.index import transparency_log as log
from storage.index.sheets import Sheet
from storage.office import public_files
from tests.support.fake_channel import Clock
from tests.support.offices import VAULT, Chance
from tests.support.public_site import BASE, KEY, PHOTO, files, logged, mixed, nation, written
from tests.support.publishing import DAY, LATER, closed, corrected, erase_some

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
    app = Starlette()
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


async def test_ranges_of_very_many_names_are_served_too(engine, clock, monkeypatch):
    for module in (home, places):
        monkeypatch.setattr(module, "PAGE", 1)
    site = PublicSite(engine, Plan("", BASE, key=str(KEY.public)), clock)
    assert b"nama/6/" in getattr(site.page("daftar/index.html"), "content", b"")
    assert site.page("nama/6/index.html")
    assert site.page("en/nama/1/index.html")
    assert site.page("nama/7/index.html") is None


async def test_what_has_not_changed_is_not_sent_again(client):
    first = await client.get("/unit/SMST/")
    etag = first.headers["etag"]
    for known in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        again = await client.get("/unit/SMST/", headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b""), known
        assert again.headers["etag"] == etag
    other = await client.get("/unit/SMST/", headers={"If-None-Match": '"x"'})
    assert other.status_code == 200


async def test_what_is_frozen_is_kept_long(engine, client):
    async def kept(path: str) -> str:
        return (await client.get(path)).headers["cache-control"]

    assert await kept("/log/sheets/SMST-0001.json") == "public, max-age=31536000, immutable"
    assert await kept("/log/tile/0/000.p/1") == "public, max-age=31536000, immutable"
    # A correction changes a period's page, a witness a checkpoint that is there already.
    for path in ("/unit/SMST/2026-Q4/", "/unit/SMST/", "/", f"/log/checkpoints/{newest(engine)}"):
        assert await kept(path) == "public, max-age=300", path
    assert await kept("/log/checkpoint") == "public, max-age=0"


async def test_a_photo_is_kept_for_good_but_by_nobody_in_between(engine, client, clock):
    """Its name stands for its content; once it is taken off, no cache but a browser's has it."""
    photo = f"/unit/SMST/{hashlib.sha256(PHOTO).hexdigest()[:32]}.jpg"
    answer = await client.get(photo)
    assert (answer.content, answer.headers["content-type"]) == (PHOTO, "image/jpeg")
    assert answer.headers["cache-control"] == "public, max-age=31536000, s-maxage=300, immutable"
    assert (await client.get(photo.replace("SMST", "SMST-2"))).status_code == 404
    with engine.begin() as connection:
        public_files.withdraw(connection, 1, "follow_up", "1")
    clock.at += public_site.KEPT
    assert (await client.get(photo)).status_code == 404
    assert photo[-10:] not in (await client.get("/unit/SMST/")).text


def newest(engine: Engine) -> str:
    with engine.connect() as connection:
        return f"{log.latest_signed(connection):012}"


async def test_only_what_a_sheet_of_the_catalogue_says_is_shown(engine, clock):
    """A sheet that came after the lists were read is in none of them, so it has no page yet."""
    site = PublicSite(engine, Plan("", BASE, key=str(KEY.public)), clock)
    before = site.page("unit/NONE/index.html")
    publish_none(engine)
    clock.at += 1  # the lists are not looked at again
    assert site.page("unit/NONE/2026-Q4/index.html") is None
    site._pages.clear()
    assert site.page("unit/NONE/index.html") == before
    clock.at += public_site.LOOK
    assert site.page("unit/NONE/2026-Q4/index.html")


def publish_none(engine: Engine, at: int = LATER) -> None:
    with engine.begin() as connection:
        mixed(connection, "NONE", 30)
        closed(connection, "NONE", at=at)
    logged(engine, LATER + 3 * DAY)


async def test_what_was_read_anew_is_what_a_first_reading_finds(engine, clock):
    site = PublicSite(engine, Plan("", BASE, key=str(KEY.public)), clock)
    site.page("index.html")
    for wait in (public_site.LOOK, DAY):
        if wait == DAY:
            erase_some(engine, 5, "unit_id = 2")
            corrected(engine)
            checkpoints(engine, clock.at, Outlets(KEY))
        else:
            publish_none(engine)
        clock.at += wait
        renewed, first = site._current().site.catalogue, read_now(engine, clock.at)
        no = dict.fromkeys(("periods", "ranked", "briefs"))  # looked up later, or kept from before
        assert vars(renewed) | no == vars(first) | no
        assert first.briefs.items() <= renewed.briefs.items()


def read_now(engine: Engine, at: int) -> Catalogue:
    with engine.connect() as connection:
        return read_catalogue(connection, at)


async def test_one_sheet_more_does_not_read_the_nation_again(engine, clock, monkeypatch):
    site = PublicSite(engine, Plan("", BASE, key=str(KEY.public)), clock)
    site.page("index.html")
    publish_none(engine, clock.at)
    clock.at += public_site.LOOK
    read: list[int] = []
    by_ids = published.by_ids

    def counted(connection: Connection, ids: Sequence[int]) -> Iterator[Sheet]:
        read.extend(ids)
        return by_ids(connection, ids)

    monkeypatch.setattr(published, "by_ids", counted)
    monkeypatch.setattr(units, "in_scope", None)
    assert site._current().site.catalogue.heads[5]
    assert len(read) == 1


async def test_an_unknown_address_makes_no_page(engine, clock, client, monkeypatch):
    await client.get("/")
    made: list[str] = []
    for module, name in ((home, "pages"), (texts, "pages"), (unit_pages, "pages")):
        monkeypatch.setattr(module, name, lambda *_, name=name: made.append(name) or {})
    unknown = set(HOSTILE) - {"/unit/SMST/2026-Q4/rows.csv"}  # there may be one
    for path in (*unknown, "/x", "/en/x/", "/unit/SMST/2099-Q1/", "/unit/SMST/a.html"):
        assert (await client.get(path)).status_code in (404, 308), path
    assert made == []


async def test_a_download_that_nobody_waits_for_gives_its_place_back(engine, clock):
    """The client hangs up before anything was sent, more often than there are places."""
    route = PublicSite(engine, Plan("", BASE, key=str(KEY.public)), clock).route

    async def gone(message: object) -> None:
        raise OSError("the client hung up")

    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    scope = {
        "type": "http", "method": "GET", "path": "/log/entries.txt", "headers": [],
        "query_string": b"", "root_path": "", "asgi": {"spec_version": "2.4"},
    }  # fmt: skip
    for _ in range(public_site.DOWNLOADS + 1):
        _, child = route.matches(scope)
        with pytest.raises(ClientDisconnect):
            await route.handle({**scope, **child}, receive, gone)
    app = Starlette()
    app.routes.append(route)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE) as client:
        assert (await client.get("/log/entries.txt")).status_code == 200
        assert (await client.head("/log/entries.txt")).status_code == 200


async def test_a_head_is_answered_as_a_get(client):
    got, headed = await client.get("/"), await client.head("/")
    assert (headed.status_code, headed.headers["etag"]) == (200, got.headers["etag"])


HOSTILE = [
    "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/unit/../../skm.db", "/unit/SMST/../../x",
    "/.skm-site.json", "/unit//", "/unit/smst/", "/unit/SMST/2099-Q1/", "/%00", "/unit/%00/",
    "/data/../skm.db", "/log/sheets/SMST-1.json", "/log/sheets/SMST-0099.json", "/log/tile/0/-01",
    "/log/tile/9/000", "/log/tile/0/000.p/0", "/log/tile/0/000.p/999", "/log/sheets/SMST-0001.py",
    "/log/checkpoints/999999999999", "/wilayah/", "/" + "a" * 5_000, "/unit/SMST/rows.csv",
    "/unit/SMST/data.json%0A", "/unit/SM%0AST/", "/%0D%0A",
    "/unit/SMST/" + "0" * 32 + ".jpg", "/unit/SMST/" + "0" * 31 + ".jpg",
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
    publish_none(engine)
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
