"""The public site, served: the same bytes that `skm site` writes.

An address is looked up among those that there are: below a unit, a place, a list or the log, each
known by the database; none is a path on a disk. A page that is not made within its limits costs one
reading of one unit, and few are made at once, so that a flood of them keeps nobody else waiting.
"""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from threading import Lock

from anyio import CapacityLimiter, to_thread
from sqlalchemy import Connection, Engine
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from reports.site import log_files
from reports.site.addresses import INDEX
from reports.site.catalogue import Catalogue, read
from reports.site.site import Group, Site, group_of
from reports.site.unit_pages import pages as unit_pages
from reports.site.writing import Plan, reading, site_of
from storage.database.connect import AWAY, said
from storage.database.database_url import DatabaseUnfit
from storage.finding import directory
from storage.index import published
from storage.index import transparency_log as log
from storage.periods import local_date, zone

AT_ONCE = 3  # pages made at once
LOOK = 5  # seconds between two looks whether anything was published
KEPT = 30  # seconds that a page is given again as it was made
MOST = 64_000_000  # bytes of pages kept in memory
DOWNLOADS = 2  # of the whole log at once
LONGEST = 200  # characters of an address
_PATH = re.compile(r"[A-Za-z0-9._/-]*", re.ASCII)
_PERIOD = re.compile(r"(en/)?unit/[^/]+/[^/]+/index\.html")
_FROZEN = re.compile(r"log/(sheets/.+|tile/.+|checkpoints/.+)")

PAGES = (
    "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "script-src 'self'; base-uri 'none'; form-action 'none'"
)
KINDS = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "leaves": "text/plain; charset=utf-8",
    "py": "text/x-python; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Page:
    content: bytes
    etag: str


class PublicSite:
    """`clock`: Unix seconds."""

    def __init__(self, engine: Engine, plan: Plan, clock: Callable[[], int]) -> None:
        self._engine, self._plan, self._clock = engine, plan, clock
        self._lock, self._site_lock = Lock(), Lock()
        self._state: tuple[object, Site, dict[str, Group]] | None = None
        self._looked = 0
        self._pages: OrderedDict[str, tuple[object, int, Page]] = OrderedDict()
        self._size = self._downloads = 0
        self._limiter: CapacityLimiter | None = None

    @property
    def route(self) -> Route:
        """The last one: of what nobody else answers."""
        return Route("/{path:path}", self.answer, methods=["GET", "HEAD"])

    async def answer(self, request: Request) -> Response:
        path: str = request.path_params["path"]
        if len(path) > LONGEST or not _PATH.fullmatch(path):
            return _none()
        if self._limiter is None:
            self._limiter = CapacityLimiter(AT_ONCE)
        make = partial(self._answered, path, request.headers.get("if-none-match", ""))
        try:
            return await to_thread.run_sync(make, limiter=self._limiter)
        except (DatabaseUnfit, *AWAY):
            return PlainTextResponse("503\n", 503, {"Retry-After": "10"})

    def _answered(self, path: str, known: str) -> Response:
        """Raises DatabaseUnfit."""
        with said(self._engine):
            return self._found(path, known)

    def _found(self, path: str, known: str) -> Response:
        if path == "log/entries.txt":
            return self._entries(known)
        found = self.page(path + INDEX if path == "" or path.endswith("/") else path)
        if found is None:
            if path and not path.endswith("/") and self.page(f"{path}/{INDEX}") is not None:
                return RedirectResponse(f"/{path}/", 308)
            return _none()
        headers = {**_headers(path), "ETag": found.etag}
        if _matches(known, found.etag):
            return Response(status_code=304, headers=headers)
        return Response(found.content, headers=headers)

    def page(self, path: str) -> Page | None:
        """A file of the site; None: there is none."""
        version, site, groups = self._current()
        now = self._clock()
        with self._lock:
            kept = self._pages.get(path)
            if kept and kept[0] == version and 0 <= now - kept[1] < KEPT:
                self._pages.move_to_end(path)
                return kept[2]
        content = self._made(path, site, groups)
        if content is None:
            return None
        page = Page(content, f'"{hashlib.sha256(content).hexdigest()[:32]}"')
        self._keep(path, version, now, page)
        return page

    def _made(self, path: str, site: Site, groups: dict[str, Group]) -> bytes | None:
        if path.startswith("log/"):
            return self._of_log(path.removeprefix("log/"), site.catalogue)
        group = group_of(path)
        if group.startswith("unit/"):
            id = self._ids(site).get(group.removeprefix("unit/"))
            pages = unit_pages(site.units([id])[0], site.base) if id is not None else {}
        else:
            pages = groups[group].make() if group in groups else {}
        make = pages.get(path)
        return make() if make else None

    def _ids(self, site: Site) -> dict[str, int]:
        return {unit.code: unit.id for unit in site.catalogue.units.values()}

    def _of_log(self, path: str, catalogue: Catalogue) -> bytes | None:
        shown = {each.hash for each in catalogue.all_heads} if path.startswith("sheets/") else set()
        with reading(self._engine) as connection:
            found = log_files.signed(connection, self._plan.key) if self._plan.key else []
            fixed = {"verify_skm.py": log_files.verifier()}
            if found:
                fixed["checkpoint"] = found[-1].note.encode()
                fixed["key.txt"] = f"{self._plan.key}\n".encode()
            if path in fixed:
                return fixed[path]
            size = found[-1].size if found else 0
            return log_files.one(connection, path, size, shown)

    def _entries(self, known: str) -> Response:
        """All of the log, in parts that hold nothing between them; few at once."""
        with reading(self._engine) as connection:
            found = log_files.signed(connection, self._plan.key) if self._plan.key else []
        if not found:
            return _none()
        headers = {**_headers("log/entries.txt"), "ETag": f'"{found[-1].root.hex()[:32]}"'}
        if _matches(known, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        with self._lock:
            if self._downloads >= DOWNLOADS:
                return PlainTextResponse("503\n", 503, {"Retry-After": "60"})
            self._downloads += 1
        return StreamingResponse(self._lines(found[-1].size), headers=headers)

    def _lines(self, size: int) -> Iterator[bytes]:
        try:
            for first in range(0, size, log.READ):
                with reading(self._engine) as connection:
                    end = min(first + log.READ, size)
                    part = b"".join(log_files.entries(connection, first, end))
                yield part
        finally:
            with self._lock:
                self._downloads -= 1

    def _current(self) -> tuple[object, Site, dict[str, Group]]:
        with self._site_lock:
            now = self._clock()
            if self._state is not None and 0 <= now - self._looked < LOOK:
                return self._state
            with reading(self._engine) as connection:
                newest = log.latest_signed(connection)
                day = local_date(now, zone("WIB"))
                version = (directory.edition(connection), published.last(connection), newest, day)
                if self._state is None or self._state[0] != version:
                    site = site_of(self._engine, self._read(connection, now), self._plan)
                    self._state = version, site, site.groups()
            self._looked = now
            return self._state

    def _read(self, connection: Connection, now: int) -> Catalogue:
        if self._state is None:
            return read(connection, now)
        before = self._state[1].catalogue
        return read(connection, now, before.ranking, before.briefs)

    def _keep(self, path: str, version: object, now: int, page: Page) -> None:
        with self._lock:
            before = self._pages.pop(path, None)
            self._size -= len(before[2].content) if before else 0
            self._pages[path] = version, now, page
            self._size += len(page.content)
            while self._size > MOST and self._pages:
                _, (_, _, oldest) = self._pages.popitem(last=False)
                self._size -= len(oldest.content)


def _none() -> Response:
    said = "404: alamat ini tidak ada. Mulai dari /\n404: there is no such address. Start at /\n"
    return PlainTextResponse(said, 404, {"X-Content-Type-Options": "nosniff"})


def _headers(path: str) -> dict[str, str]:
    name = path + INDEX if path == "" or path.endswith("/") else path
    ending = name.rpartition(".")[2] if "." in name else ""
    page = ending == "html"
    frame = "*" if name.endswith("/card.html") else "'none'"
    seconds = 86_400 if _PERIOD.fullmatch(name) else 300
    cache = "31536000, immutable" if _FROZEN.fullmatch(name) else str(seconds)
    kind = KINDS.get(ending, "text/plain; charset=utf-8" if "tile/" not in name else "")
    return {
        "Content-Type": kind or "application/octet-stream",
        "Cache-Control": f"public, max-age={cache}",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Content-Security-Policy": f"{PAGES}; frame-ancestors {frame}",
        **({} if page else {"Access-Control-Allow-Origin": "*"}),
    }


def _matches(known: str, etag: str) -> bool:
    """https://www.rfc-editor.org/rfc/rfc9110#name-if-none-match"""
    given = (each.strip().removeprefix("W/") for each in known.split(","))
    return any(each in ("*", etag) for each in given)
