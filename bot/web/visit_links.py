"""POST /visits: a queue machine asks for the next visit link, with the key of its counter.

    curl -X POST -H "Authorization: Bearer KEY" -H "Accept: image/svg+xml" https://HOST/visits

What comes back follows from Accept: JSON, a QR code as SVG or PNG, or what a receipt printer
understands (ESC/POS). Each counter may ask so often a minute; how many links were made for a day is
counted, and that a counter made any on a day stands in the log. No link is kept.
"""

import asyncio
import json
from collections import Counter as Number
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.core.links import Links
from flows.engine.form import Line, cut
from flows.formats import digits_of
from flows.loader import words
from reports.printed.qr import qr_dots, qr_png, qr_svg
from storage import units
from storage.answers import visits
from storage.answers.visits import OPENS
from storage.database.connect import AWAY
from storage.office import audit, counter_keys
from storage.office.counter_keys import Counter
from storage.units import Unit
from storage.vault import Random, Vault

MINUTE, A_MINUTE = 60, 20  # seconds; links of one counter
AGAIN = 10  # seconds until a machine may ask again, where the database is away
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
ESCPOS = "application/vnd.escpos"


@dataclass(frozen=True, slots=True)
class Link:
    """`last`: the day until which it may be opened."""

    address: str
    unit: Unit
    service: str
    last: date


@dataclass(slots=True)
class VisitLinks:
    engine: Engine
    vault: Vault
    clock: Callable[[], int]
    random: Random
    links: Links
    minute: int = 0
    asked: Number[str] = field(default_factory=Number)

    @property
    def route(self) -> Route:
        return Route("/visits", self.answer, methods=["POST"])

    async def answer(self, request: Request) -> Response:
        kind, _, key = request.headers.get("authorization", "").partition(" ")
        form = _form(request.headers.get("accept", ""))
        if kind.casefold() != "bearer" or not key.isascii() or len(key) > 100:
            return _fault(401, "no key: Authorization: Bearer KEY")
        if form is None:
            return _fault(406, f"Accept: {', '.join(_FORMS)}")
        try:
            found = await self._made(key.strip())
        except AWAY:
            return _fault(503, "the database is away: no link was made", AGAIN)
        return _FORMS[form](found) if isinstance(found, Link) else found

    async def _made(self, key: str) -> Link | Response:
        """Whoever has no key that opens anything holds up nobody who writes."""
        at = self.clock()
        counter = await asyncio.to_thread(self._whose, key)
        if counter is None:
            return _fault(403, "this key opens nothing")
        if not self._may(counter, at):
            return _fault(429, f"more than {A_MINUTE} links a minute", MINUTE - at % MINUTE)
        return await asyncio.to_thread(self._next, key, at)

    def _whose(self, key: str) -> Counter | None:
        with self.engine.connect().execution_options(reads=True) as connection:
            return counter_keys.whose(connection, key)

    def _may(self, counter: Counter, at: int) -> bool:
        if at // MINUTE != self.minute:
            self.minute, self.asked = at // MINUTE, Number()
        self.asked[counter.id] += 1
        return self.asked[counter.id] <= A_MINUTE

    def _next(self, key: str, at: int) -> Link | Response:
        with self.engine.begin() as connection:
            counter = counter_keys.whose(connection, key)
            if counter is None:  # taken back since it was looked at
                return _fault(403, "this key opens nothing")
            unit = units.by_id(connection, counter.unit_id)
            service = unit.service(counter.service) if counter.service else None
            if counter.service and service is None:
                return _fault(409, f"the service “{counter.service}” is not offered any more")
            today = unit.day_at(at)
            token = visits.make(self.vault, unit, counter.service, today, self.random)
            visits.issue(connection, unit.id, today, 1)
            if counter_keys.use(connection, key, today):
                after = {"counter": counter.name}
                audit.note(connection, at, counter.id, "issue_visits", unit.scope, after=after)
        label = service["label"] if service else ""
        return Link(self.links.visit(token), unit, label, today + OPENS)


def _json(link: Link) -> Response:
    said = {
        "link": link.address,
        "unit": link.unit.code,
        "service": link.service,
        "until": link.last.isoformat(),
    }
    return _answer(json.dumps(said, ensure_ascii=False).encode(), "application/json")


def _escpos(link: Link) -> Response:
    """Epson's commands, as nearly all receipt printers know them: begin, centre, the QR code drawn
    by dots (GS v 0), lines of plain letters, cut."""
    spoken = words("id")
    until = digits_of(link.last)
    lines = [link.unit.name, link.service, spoken.line(Line("visit.sheet.scan"))]
    lines.append(spoken.line(Line("visit.sheet.until", {"day": until})))
    text = "\n".join(cut(line, 42) for line in lines if line)
    plain = text.encode("ascii", "replace")
    return _answer(
        b"\x1b@\x1ba\x01" + _dots(link.address) + b"\n" + plain + b"\n\n\n\n\x1dV\x42\x00", ESCPOS
    )


def _dots(link: str) -> bytes:
    """A picture of dots, eight to a byte, from the left and above."""
    rows = []
    for row in qr_dots(link):
        bits = "".join("1" if dot else "0" for dot in row)
        bits += "0" * (-len(bits) % 8)
        rows.append(int(bits, 2).to_bytes(len(bits) // 8))
    size = len(rows[0]).to_bytes(2, "little") + len(rows).to_bytes(2, "little")
    return b"\x1dv0\x00" + size + b"".join(rows)


_FORMS: dict[str, Callable[[Link], Response]] = {
    "application/json": _json,
    "image/svg+xml": lambda link: _answer(qr_svg(link.address).encode(), "image/svg+xml"),
    "image/png": lambda link: _answer(qr_png(link.address), "image/png"),
    ESCPOS: _escpos,
}


def _form(accept: str) -> str | None:
    """The first that is named; JSON where anything will do."""
    for each in accept.split(",") if accept else ["*/*"]:
        kind = each.partition(";")[0].strip().lower()
        if kind in ("*/*", "application/*"):
            return "application/json"
        if kind == "image/*":
            return "image/svg+xml"
        if kind in _FORMS:
            return kind
    return None


def _answer(content: bytes, kind: str) -> Response:
    return Response(content, 201, media_type=kind, headers=HEADERS)


def _fault(status: int, says: str, later: int = 0) -> Response:
    more: dict[str, Any] = {"Retry-After": str(later)} if later else {}
    if status == 401:
        more["WWW-Authenticate"] = "Bearer"
    content = json.dumps({"error": says})
    return Response(content, status, media_type="application/json", headers={**HEADERS, **more})
