"""Units with published periods, made without answering each: a few real sheets, published as any,
stand under many heads. Their figures are right, their hashes their own, their chains whole."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, insert

from storage.answers.receipts import canonical
from storage.database.connect import migrate
from storage.database.upsert import table_of
from storage.index import published as read
from storage.index_tables import Sheet, SheetLeaf
from storage.periods import parse
from storage.scope import EVERYTHING
from storage.units import in_scope
from tests.support.offices import NOON, Chance, draft, office, respond, unit_row
from tests.support.publishing import closed

ZONE = ZoneInfo("Asia/Jakarta")
KINDS = ("samsat", "disdukcapil", "rsud", "dpmptsp", "")
WORDS = ("Kantor Samsat", "Dinas Kependudukan", "Rumah Sakit", "Pelayanan Perizinan", "Balai")
PERIODS = ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4")
PLEASED = (4.0, 3.6, 3.3, 3.1, 2.8, 2.3)


def nation(number: int, agencies: int = 500, regions: int = 38) -> Iterator[dict[str, Any]]:
    for place in range(number):
        code, kind = f"U{place + 1:05}", place % len(KINDS)
        name = f"{WORDS[kind]} {code}"
        more = {"agency": f"Pemkab {place % agencies}", "region": f"Provinsi {place % regions}"}
        named = {"name": name, "folded_name": name.casefold(), "kind": KINDS[kind]}
        yield unit_row(code, **more, **named, population=150)


def sample_contents(number: int = 12, answers: int = 110) -> list[dict[str, Any]]:
    """Sheets as they are published, of units that please more and less; every sixth of few."""
    rows = [unit_row(f"CONTOH-{n}", population=150) for n in range(number)]
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/skm.db"
        migrate(url)
        with office(url, *rows) as engine, engine.begin() as connection:
            return [_sample(connection, n, answers) for n in range(number)]


def _sample(connection: Connection, n: int, answers: int) -> dict[str, Any]:
    random, chance = Random(n), Chance(f"sample {n}")
    pleased = PLEASED[n % len(PLEASED)]
    for place in range(20 if n % 6 == 5 else answers):
        values = [min(4, max(1, round(random.gauss(pleased, 0.5)))) for _ in range(9)]
        source = "assisted" if place % 5 == 0 else "chat"
        given = draft(NOON + 600 * place, values, source=source)
        respond(connection, f"CONTOH-{n}", chance, given)
    content: dict[str, Any] = closed(connection, f"CONTOH-{n}")
    return content


def published(
    engine: Engine,
    contents: Sequence[Mapping[str, Any]],
    periods: Sequence[str] = PERIODS,
    units: int | None = None,
    at: int | None = None,
) -> None:
    """Units publish these periods after those that they have, each by one of these contents: all,
    or as many of those that have not published the first of them. `at`: Unix seconds; None: ten
    days after each period."""
    random = Random(str(periods))
    with engine.begin() as connection:
        everyone = in_scope(connection, EVERYTHING)
        heads = list(read.heads(connection))
        has = {head.unit_id for head in heads if head.period == periods[0]}
        last = {head.unit_id: (head.number, head.hash) for head in heads}
        mine = [unit for unit in everyone if unit.id not in has][:units]
        id = heads[-1].id if heads else 0
        for period in map(parse, periods):
            made = []
            for unit in mine:
                id += 1
                number, before = last.get(unit.id, (0, None))
                content = headed(random.choice(contents), unit, number + 1, period, before)
                text = canonical(content)
                last[unit.id] = number + 1, hashlib.sha256(text).digest()
                made.append((id, unit.id, number + 1, period, text, last[unit.id][1]))
            _keep(connection, made, random, at)


def _keep(connection: Connection, made: Sequence[Any], random: Random, when: int | None) -> None:
    sheets, leaves = table_of(Sheet), table_of(SheetLeaf)
    names = ("id", "unit_id", "number", "period", "content", "hash", "at")
    for at in range(0, len(made), 2_000):
        rows, listed = [], []
        for id, unit, number, period, text, hash in made[at : at + 2_000]:
            closed_at = int(datetime.combine(period.last, time(), ZONE).timestamp()) + 10 * 86_400
            row = id, unit, number, period.name, text.decode(), hash, when or closed_at
            rows.append(dict(zip(names, row, strict=True)))
            listed += [
                {"sheet_id": id, "leaf": random.randbytes(32), "erased": False} for _ in range(2)
            ]
        connection.execute(insert(sheets), rows)
        connection.execute(insert(leaves), listed)


def headed(
    content: Mapping[str, Any], unit: Any, number: int, period: Any, before: bytes | None
) -> Any:
    head = {"code": unit.code, "name": unit.name, "agency": unit.agency, "region": unit.region}
    days = {"first": period.first.isoformat(), "last": period.last.isoformat()}
    when = datetime.combine(period.last, datetime.min.time(), ZONE).isoformat()
    return {
        **content,
        "unit": head,
        "period": {"name": period.name, **days},
        "number": number,
        "previous": before.hex() if before else None,
        "published": when,
        "log": None,
    }
