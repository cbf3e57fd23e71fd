"""Units with published periods, made without answering each: a few real sheets, published as any,
stand under many heads. Their figures are right, their hashes their own, their chains whole."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, insert

from storage import units
from storage.answers.receipts import canonical
from storage.database.connect import migrate
from storage.database.upsert import table_of
from storage.index_tables import Sheet, SheetLeaf
from storage.periods import parse
from storage.scope import EVERYTHING
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
    engine: Engine, contents: Sequence[Mapping[str, Any]], periods: Sequence[str] = PERIODS
) -> None:
    """Every unit publishes every one of the periods, each by one of these contents."""
    random, sheets, leaves = Random(1), table_of(Sheet), table_of(SheetLeaf)
    with engine.begin() as connection:
        everyone = units.in_scope(connection, EVERYTHING)
        last: dict[int, str | None] = {}
        id = 0
        for number, name in enumerate(periods, 1):
            rows, listed, period = [], [], parse(name)
            at = int(datetime.combine(period.last, datetime.min.time(), ZONE).timestamp())
            for unit in everyone:
                id += 1
                content = headed(random.choice(contents), unit, number, period, last.get(unit.id))
                mine = [random.randbytes(32) for _ in range(2)]
                text = canonical(content)
                hash = hashlib.sha256(text).digest()
                last[unit.id] = hash.hex()
                row = {"id": id, "unit_id": unit.id, "number": number, "period": name}
                rows.append({**row, "content": text.decode(), "hash": hash, "at": at + 10 * 86_400})
                listed += [{"sheet_id": id, "leaf": each, "erased": False} for each in mine]
                if len(rows) == 2_000:
                    connection.execute(insert(sheets), rows)
                    connection.execute(insert(leaves), listed)
                    rows, listed = [], []
            if rows:
                connection.execute(insert(sheets), rows)
                connection.execute(insert(leaves), listed)


def headed(content: Mapping[str, Any], unit: Any, number: int, period: Any, before: Any) -> Any:
    head = {"code": unit.code, "name": unit.name, "agency": unit.agency, "region": unit.region}
    days = {"first": period.first.isoformat(), "last": period.last.isoformat()}
    when = datetime.combine(period.last, datetime.min.time(), ZONE).isoformat()
    return {
        **content,
        "unit": head,
        "period": {"name": period.name, **days},
        "number": number,
        "previous": before,
        "published": when,
        "log": None,
    }
