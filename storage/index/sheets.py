"""Sheets: published periods of a unit, numbered, never changed, each with its list of leaves."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, false, func, insert, literal, select, text, update

from storage.answers.receipts import canonical
from storage.database.upsert import table_of
from storage.index_tables import LogEntry, SheetLeaf
from storage.index_tables import Sheet as Row
from storage.periods import Period, parse
from storage.tables import Response, Unit

_s, _l, _e = table_of(Row), table_of(SheetLeaf), table_of(LogEntry)
_r, _u = table_of(Response), table_of(Unit)
_COLUMNS = (_s.c.id, _s.c.unit_id, _s.c.number, _s.c.period, _s.c.content, _s.c.hash)
_OF_UNIT = select(*_COLUMNS).where(_s.c.unit_id == bindparam("unit")).order_by(_s.c.number)
# In the very words of the index that holds only what was erased, or SQLite does not use it.
_ERASED = (
    select(_l.c.sheet_id, func.count())
    .where(text("erased"))
    .group_by(_l.c.sheet_id)
    .having(func.count() >= bindparam("least"))
    .order_by(_l.c.sheet_id)
)
_OF_AGENCY = (
    select(_s.c.unit_id, _s.c.content)
    .join(_u, _u.c.id == _s.c.unit_id)
    .where(_u.c.agency == bindparam("agency"), _s.c.period == bindparam("period"))
    .order_by(_s.c.unit_id, _s.c.number)
)
_INSERT = insert(_s).returning(_s.c.id)
_HOLDING = (
    select(*_COLUMNS, _l.c.leaf, _l.c.erased)
    .join(_l, _l.c.sheet_id == _s.c.id)
    .where(_l.c.leaf.between(bindparam("low"), bindparam("high")))
    .order_by(_s.c.number.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """`content`: canonical JSON; `hash`: its SHA-256."""

    id: int
    unit_id: int
    number: int
    period: str
    content: str
    hash: bytes

    @property
    def days(self) -> Period:
        return parse(self.period)


def of_unit(connection: Connection, unit_id: int) -> list[Sheet]:
    """A unit's sheets in the order of their numbers."""
    return [Sheet(*row) for row in connection.execute(_OF_UNIT, {"unit": unit_id})]


def newest(of_unit: Sequence[Sheet], period: str) -> Sheet | None:
    """The newest of these that is of that period."""
    return next((sheet for sheet in reversed(of_unit) if sheet.period == period), None)


def over(of_unit: Sequence[Sheet], days: tuple[date, date]) -> Sheet | None:
    """The first of these that tells of any of these days, both included."""
    return next((sheet for sheet in of_unit if sheet.days.overlaps(*days)), None)


def of_agency(connection: Connection, agency: str, period: str) -> list[str]:
    """Contents of the newest sheet of a period of each of an agency's units."""
    rows = connection.execute(_OF_AGENCY, {"agency": agency, "period": period})
    return list({row.unit_id: row.content for row in rows}.values())


def periods_of_agency(connection: Connection, agency: str) -> set[str]:
    """Those that any of its units published."""
    query = select(_s.c.period).join(_u, _u.c.id == _s.c.unit_id).where(_u.c.agency == agency)
    return set(connection.execute(query.distinct()).scalars())


def periods(connection: Connection, unit_id: int) -> set[str]:
    """Those of a unit that were published."""
    query = select(_s.c.period).where(_s.c.unit_id == unit_id).distinct()
    return set(connection.execute(query).scalars())


def by_id(connection: Connection, id: int) -> Sheet:
    return Sheet(*connection.execute(select(*_COLUMNS).where(_s.c.id == id)).one())


def hashes(connection: Connection) -> list[bytes]:
    """Of all sheets, in the order in which they were kept."""
    return list(connection.execute(select(_s.c.hash).order_by(_s.c.id)).scalars())


def publishing(connection: Connection) -> list[int]:
    """The units that have a sheet."""
    query = select(_s.c.unit_id).distinct().order_by(_s.c.unit_id)
    return list(connection.execute(query).scalars())


def keep(
    connection: Connection,
    unit_id: int,
    content: Mapping[str, Any],
    at: int,
    erased: Sequence[bytes] = (),
) -> bytes:
    """Keep a sheet with its list of leaves: of the responses of its days that are there, which the
    database copies by itself, and of those `erased`. `content` names its number, its period and its
    instrument. Its hash."""
    text = canonical(content)
    hash = hashlib.sha256(text).digest()
    values = {
        "unit_id": unit_id,
        "number": content["number"],
        "period": content["period"]["name"],
        "content": text.decode(),
        "hash": hash,
        "at": at,
    }
    sheet = connection.execute(_INSERT, values).scalar_one()
    there = select(literal(sheet), _r.c.leaf, false()).where(*_of_sheet(unit_id, content))
    listed = insert(_l).from_select(["sheet_id", "leaf", "erased"], there.order_by(_r.c.leaf))
    connection.execute(listed)
    rows = [{"sheet_id": sheet, "leaf": leaf, "erased": True} for leaf in erased]
    if rows:
        connection.execute(insert(_l), rows)
    return hash


def leaves(connection: Connection, sheet_id: int) -> list[bytes]:
    """All leaves of a sheet, sorted; of erased responses too."""
    query = select(_l.c.leaf).where(_l.c.sheet_id == sheet_id).order_by(_l.c.leaf)
    return list(connection.execute(query).scalars())


def leaves_of(connection: Connection, ids: Sequence[int]) -> dict[int, list[bytes]]:
    """The same of some hundred sheets."""
    query = select(_l.c.sheet_id, _l.c.leaf).where(_l.c.sheet_id.in_(ids))
    found: dict[int, list[bytes]] = {}
    for sheet, leaf in connection.execute(query.order_by(_l.c.sheet_id, _l.c.leaf)):
        found.setdefault(sheet, []).append(leaf)
    return found


def holding(connection: Connection, low: bytes, high: bytes) -> tuple[Sheet, bytes, bool] | None:
    """The newest sheet with a leaf between these, that leaf, and whether it was erased."""
    row = connection.execute(_HOLDING, {"low": low, "high": high}).first()
    return (Sheet(*row[:-2]), row.leaf, row.erased) if row else None


def listed(connection: Connection, sheet_id: int) -> Iterator[Any]:
    """The leaves of a sheet, `listed` and `erased`, with the columns of their responses; `leaf` is
    None where there is none."""
    query = (
        select(_l.c.leaf.label("listed"), _l.c.erased, _r)
        .select_from(_l.outerjoin(_r, _r.c.leaf == _l.c.leaf))
        .where(_l.c.sheet_id == sheet_id)
    )
    yield from connection.execute(query, execution_options={"yield_per": 5_000})


def responses(
    connection: Connection, unit_id: int, instrument: str, first: date, last: date
) -> Sequence[Any]:
    """The responses of these local days (both included), as a sheet counts and lists them."""
    query = select(_r).where(*_of(unit_id, instrument, first, last))
    return connection.execute(query).all()


def leaves_between(
    connection: Connection, unit_id: int, instrument: str, first: date, last: date
) -> list[bytes]:
    """The leaves of `responses`, sorted."""
    query = select(_r.c.leaf).where(*_of(unit_id, instrument, first, last)).order_by(_r.c.leaf)
    return list(connection.execute(query).scalars())


def has_many(connection: Connection, unit_id: int, first: date, last: date, few: int) -> bool:
    """Whether there are more than a few responses of these local days; no more than that many are
    looked at."""
    days = _r.c.local_date.between(first, last)
    more = select(_r.c.id).where(_r.c.unit_id == unit_id, days).offset(few).limit(1)
    return connection.execute(more).first() is not None


def by_day(
    connection: Connection, unit_id: int, instrument: str, first: date, last: date
) -> dict[date, int]:
    """How many responses there are of each of these local days (both included)."""
    query = (
        select(_r.c.local_date, func.count())
        .where(*_of(unit_id, instrument, first, last))
        .group_by(_r.c.local_date)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def without_entry(connection: Connection, unit_id: int, content: Mapping[str, Any]) -> list[bytes]:
    """The leaves of the responses of a sheet to come that the transparency log does not have yet,
    sorted."""
    no_entry = ~select(_e.c.position).where(_e.c.hash == _r.c.leaf).exists()
    query = select(_r.c.leaf).where(*_of_sheet(unit_id, content), no_entry).order_by(_r.c.leaf)
    return list(connection.execute(query).scalars())


def _of_sheet(unit_id: int, content: Mapping[str, Any]) -> tuple[Any, ...]:
    days = parse(content["period"]["name"])
    return _of(unit_id, content["instrument"], days.first, days.last)


def _of(unit_id: int, instrument: str, first: date, last: date) -> tuple[Any, ...]:
    days = _r.c.local_date.between(first, last)
    return _r.c.unit_id == unit_id, _r.c.instrument == instrument, days


def mark_erased(connection: Connection, leaf: bytes) -> bool:
    """Whether any sheet lists the leaf; there it stays, as erased."""
    marked = update(_l).where(_l.c.leaf == leaf).values(erased=True)
    return connection.execute(marked).rowcount > 0


def in_sheets(connection: Connection, leaves: Sequence[bytes]) -> set[bytes]:
    """Those of them that any sheet lists."""
    return set(connection.execute(select(_l.c.leaf).where(_l.c.leaf.in_(leaves))).scalars())


def erased(connection: Connection, least: int) -> dict[int, int]:
    """Sheet → how many of its responses were erased since, where that is `least` or more."""
    return {row[0]: row[1] for row in connection.execute(_ERASED, {"least": least})}
