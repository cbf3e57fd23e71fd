"""The public site, served: the same bytes that `skm site` writes.

An address is looked up among those that there are: below a unit, a place, a list or the log, each
known by the database; none is a path on a disk. A page that is not made within its limits costs one
reading of one unit, and few are made at once, so that a flood of them keeps nobody else waiting.
"""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from threading import Lock

from anyio import CapacityLimiter, to_thread
from sqlalchemy import Connection, Engine
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from reports.site import log_files, unit_pages
from reports.site.addresses import ENGLISH, INDEX
from reports.site.catalogue import Catalogue, read, renewed
from reports.site.site import Group, Site, group_of
from reports.site.writing import Plan, reading, site_of
from storage.database.connect import AWAY, said
from storage.database.database_url import DatabaseUnfit
from storage.finding import unit_edition
from storage.index import published
from storage.index import transparency_log as log
from storage.periods import CAPITAL, local_date

AT_ONCE = 3  # pages made at once
LOOK = 5  # seconds between two looks whether anything was published
KEPT = 30  # seconds that a page is given again as it was made
MOST = 64_000_000  # bytes of pages kept in memory
DOWNLOADS = 2  # of the whole log at once
LONGEST = 200  # characters of an address
_PATH = re.compile(r"[A-Za-z0-9._/-]*", re.ASCII)
SECONDS = 300  # that others may keep a page; a correcting sheet changes even a closed period's
_FROZEN = re.compile(r"log/(sheets|tile)/.+")  # a checkpoint gets cosignatures later
_TAKEN_OFF = re.compile(r"unit/[^/]+/[0-9a-f]{32}\.(jpg|pdf)")  # named by content, until withdrawn
_NEVER_OLD = ("log/checkpoint",)  # beside which all else of the log is read

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
    "jpg": "image/jpeg",
    "pdf": "application/pdf",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "leaves": "text/plain; charset=utf-8",
    "py": "text/x-python; charset=utf-8",
}


class _Whole(PathConvertor):
    """Line breaks too: an address with one is none of ours, and answered as such."""

    regex = r"(?s:.*)"


register_url_convertor("whole", _Whole())


@dataclass(frozen=True, slots=True)
class Page:
    content: bytes
    etag: str


@dataclass(frozen=True)
class State:
    """What pages are made of until anything is published; and what tells, without making one, that
    an address is none. `version`: stands for what was read."""

    version: object
    site: Site
    groups: dict[str, Group]

    @cached_property
    def root(self) -> unit_pages.Pages:
        return self.groups[""].make()

    @cached_property
    def ids(self) -> dict[str, int]:
        return {unit.code: unit.id for unit in self.site.catalogue.units.values()}

    @cached_property
    def sheets(self) -> frozenset[bytes]:
        """Hashes of those that are shown."""
        return frozenset(head.hash for head in self.site.catalogue.all_heads)

    def pages(self, path: str) -> unit_pages.Pages:
        """A file's group, or some of it; empty where there is no such file."""
        group = group_of(path)
        if group == "":
            return self.root
        if not group.startswith("unit/"):
            return self.groups[group].make() if group in self.groups else {}
        id = self.ids.get(group.removeprefix("unit/"))
        if id is None:
            return {}
        name = path.removeprefix(ENGLISH).removeprefix(f"{group}/")
        if not unit_pages.may_be(name, self.site.catalogue.heads.get(id, {})):
            return {}
        if name.endswith(".jpg"):
            return self.site.photos(id)
        return unit_pages.pages(self.site.units([id])[0], self.site.base)


class PublicSite:
    """`clock`: Unix seconds."""

    def __init__(self, engine: Engine, plan: Plan, clock: Callable[[], int]) -> None:
        self._engine, self._plan, self._clock = engine, plan, clock
        self._lock, self._site_lock = Lock(), Lock()
        self._state: State | None = None
        self._looked = self._edition = 0
        self._pages: OrderedDict[str, tuple[object, int, Page]] = OrderedDict()
        self._size = 0
        self._downloads = Downloads()
        self._limiter: CapacityLimiter | None = None

    @property
    def route(self) -> Route:
        """The last one: of what nobody else answers."""
        return Route("/{path:whole}", self.answer, methods=["GET", "HEAD"])

    async def answer(self, request: Request) -> Response:
        path: str = request.path_params["path"]
        if len(path) > LONGEST or not _PATH.fullmatch(path):
            return _none()
        if self._limiter is None:
            self._limiter = CapacityLimiter(AT_ONCE)
        known, wants_all = request.headers.get("if-none-match", ""), request.method != "HEAD"
        make = partial(self._answered, path, known, wants_all)
        try:
            return await to_thread.run_sync(make, limiter=self._limiter)
        except (DatabaseUnfit, *AWAY):
            return PlainTextResponse("503\n", 503, {"Retry-After": "10"})

    def _answered(self, path: str, known: str, wants_all: bool) -> Response:
        """Raises DatabaseUnfit."""
        with said(self._engine):
            return self._found(path, known, wants_all)

    def _found(self, path: str, known: str, wants_all: bool) -> Response:
        if path == "log/entries.txt":
            return self._entries(known, wants_all)
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
        state = self._current()
        now = self._clock()
        with self._lock:
            kept = self._pages.get(path)
            if kept and kept[0] == state.version and 0 <= now - kept[1] < KEPT:
                self._pages.move_to_end(path)
                return kept[2]
        content = self._made(path, state)
        if content is None:
            return None
        page = Page(content, f'"{hashlib.sha256(content).hexdigest()[:32]}"')
        self._keep(path, state.version, now, page)
        return page

    def _made(self, path: str, state: State) -> bytes | None:
        if path.startswith("log/"):
            return self._of_log(path.removeprefix("log/"), state)
        make = state.pages(path).get(path)
        return make() if make else None

    def _of_log(self, path: str, state: State) -> bytes | None:
        if path == "verify_skm.py":
            return log_files.verifier()
        with reading(self._engine) as connection:
            newest = log_files.newest(connection, self._plan.key)
            if newest and path == "checkpoint":
                return newest.note.encode()
            if newest and path == "key.txt":
                return f"{self._plan.key}\n".encode()
            size = newest.size if newest else 0
            return log_files.one(connection, path, size, state.sheets, self._plan.key)

    def _entries(self, known: str, wants_all: bool) -> Response:
        """All of the log, in parts that hold nothing between them; few at once."""
        with reading(self._engine) as connection:
            newest = log_files.newest(connection, self._plan.key)
        if newest is None:
            return _none()
        headers = {**_headers("log/entries.txt"), "ETag": f'"{newest.root.hex()[:32]}"'}
        if _matches(known, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        lines = self._lines(newest.size) if wants_all else iter(())
        return Download(lines, headers, self._downloads)

    def _lines(self, size: int) -> Iterator[bytes]:
        for first in range(0, size, log.READ):
            with reading(self._engine) as connection:
                end = min(first + log.READ, size)
                part = b"".join(log_files.entries(connection, first, end))
            yield part

    def _current(self) -> State:
        with self._site_lock:
            now = self._clock()
            if self._state is not None and 0 <= now - self._looked < LOOK:
                return self._state
            with reading(self._engine) as connection:
                newest = log.latest_signed(connection)
                edition = unit_edition.now(connection)
                version = (edition, published.last(connection), newest, local_date(now, CAPITAL))
                if self._state is None or self._state.version != version:
                    catalogue = self._read(connection, now, edition)
                    site = site_of(self._engine, catalogue, self._plan)
                    self._state, self._edition = State(version, site, site.groups()), edition
            self._looked = now
            return self._state

    def _read(self, connection: Connection, now: int, edition: int) -> Catalogue:
        """Only what is new, where the units are the same."""
        if self._state is None:
            return read(connection, now)
        before = self._state.site.catalogue
        if edition == self._edition:
            return renewed(connection, before, now)
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


@dataclass
class Downloads:
    """How many go on; in the event loop alone, so no lock is needed."""

    number: int = 0


class Download(StreamingResponse):
    """Its place is taken when it begins and given back however it ends: also where the client hung
    up before anything was sent."""

    def __init__(
        self, content: Iterator[bytes], headers: dict[str, str], downloads: Downloads
    ) -> None:
        super().__init__(content, headers=headers)
        self._downloads = downloads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._downloads.number >= DOWNLOADS:
            busy = PlainTextResponse("503\n", 503, {"Retry-After": "60"})
            return await busy(scope, receive, send)
        self._downloads.number += 1
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._downloads.number -= 1


def _none() -> Response:
    said = "404: alamat ini tidak ada. Mulai dari /\n404: there is no such address. Start at /\n"
    return PlainTextResponse(said, 404, {"X-Content-Type-Options": "nosniff"})


def _headers(path: str) -> dict[str, str]:
    name = path + INDEX if path == "" or path.endswith("/") else path
    ending = name.rpartition(".")[2] if "." in name else ""
    page = ending == "html"
    frame = "*" if name.endswith("/card.html") else "'none'"
    seconds = 0 if name in _NEVER_OLD else SECONDS
    cache = "31536000, immutable" if _FROZEN.fullmatch(name) else str(seconds)
    if _TAKEN_OFF.fullmatch(name):  # whoever has it may keep it; what stands between us may not
        cache = f"31536000, s-maxage={SECONDS}, immutable"
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
