"""Figures as they were first shown: whoever asks again, or later, is told the same."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, or_, select

from storage.database.upsert import insert_once, table_of
from storage.index_tables import Released
from storage.tables import Unit

_r, _u = table_of(Released), table_of(Unit)
_WEEKS = (_r.c.unit_id == bindparam("unit"), _r.c.period.like("____-W__"))
_MONTHS = (_r.c.unit_id == bindparam("unit"), _r.c.period.like("____-__"))
_GET = select(_r.c.figures).where(_r.c.unit_id == bindparam("unit"), _r.c.period == bindparam("of"))
_OF_WEEKS = select(_r.c.period, _r.c.figures, _r.c.sums).where(
    _r.c.unit_id == bindparam("unit"), _r.c.period.in_(bindparam("names", expanding=True))
)
_OF_KIND = (
    select(_r.c.unit_id, _r.c.figures, _r.c.sums)
    .join(_u, _u.c.id == _r.c.unit_id)
    .where(_u.c.kind == bindparam("kind"), _r.c.period.in_(bindparam("names", expanding=True)))
)
_OF_AGENCY = (
    select(_r.c.figures)
    .join(_u, _u.c.id == _r.c.unit_id)
    .where(_u.c.agency == bindparam("agency"), _r.c.period == bindparam("of"))
)


_TOLD = select(_r.c.unit_id, _r.c.period, _r.c.figures, _r.c.sums, _r.c.parts)


class Shown(NamedTuple):
    """`sums`: what a week added up to, `reports.statistics.tally.Tally` as JSON; "" for few
    responses."""

    figures: str
    sums: str


def get(connection: Connection, unit_id: int, period: str) -> str | None:
    found: str | None = connection.execute(_GET, {"unit": unit_id, "of": period}).scalar()
    return found


def of_weeks(connection: Connection, unit_id: int, names: Sequence[str]) -> dict[str, Shown]:
    """Those of these weeks that were shown, by name."""
    rows = connection.execute(_OF_WEEKS, {"unit": unit_id, "names": names}).all()
    return {period: Shown(figures, sums) for period, figures, sums in rows}


def of_agency(connection: Connection, agency: str, period: str) -> list[str]:
    """The figures of a period of those of an agency's units of which it was shown."""
    return list(connection.execute(_OF_AGENCY, {"agency": agency, "of": period}).scalars())


def of_kind(connection: Connection, kind: str, names: Sequence[str]) -> Iterator[tuple[int, Shown]]:
    """Unit and week as it was shown, of all units of a kind and these weeks."""
    for row in connection.execute(_OF_KIND, {"kind": kind, "names": names}):
        yield row.unit_id, Shown(row.figures, row.sums)


def weeks(connection: Connection, unit_id: int) -> list[str]:
    """The figures of every week that was shown."""
    query = select(_r.c.figures).where(*_WEEKS)
    return list(connection.execute(query, {"unit": unit_id}).scalars())


def told(connection: Connection, unit_id: int) -> list[Any]:
    """Every week that was shown, as a row: `period`, `figures`, `sums`, `parts`."""
    query = _TOLD.where(*_WEEKS).order_by(_r.c.period)
    return list(connection.execute(query, {"unit": unit_id}))


def with_parts(connection: Connection) -> dict[int, list[Any]]:
    """Unit → its weeks of which the parts are kept, as `told` gives them."""
    found: dict[int, list[Any]] = {}
    for row in connection.execute(_TOLD.where(_r.c.parts != "").order_by(_r.c.unit_id)):
        found.setdefault(row.unit_id, []).append(row)
    return found


def shown(connection: Connection, unit_id: int, most: int) -> list[str]:
    """The figures of the weeks and months that were shown last."""
    query = select(_r.c.figures).where(_r.c.unit_id == unit_id, or_(_WEEKS[1], _MONTHS[1]))
    query = query.order_by(_r.c.at.desc(), _r.c.period.desc()).limit(most)
    return list(connection.execute(query).scalars())


def last(connection: Connection, unit_id: int, kind: str) -> str | None:
    """The figures of the last "week", or "month", that was shown."""
    of_kind = _WEEKS if kind == "week" else _MONTHS
    query = select(_r.c.figures).where(*of_kind).order_by(_r.c.period.desc()).limit(1)
    found: str | None = connection.execute(query, {"unit": unit_id}).scalar()
    return found


def keep(
    connection: Connection,
    unit_id: int,
    period: str,
    figures: str,
    sums: str,
    at: int,
    parts: str = "",
) -> str:
    """Release figures (JSON). Returns what is released, which may be another's who was first."""
    row = {"figures": figures, "sums": sums, "parts": parts, "at": at}
    if insert_once(connection, _r, unit_id=unit_id, period=period, **row):
        return figures
    released = get(connection, unit_id, period)
    assert released is not None
    return released


def reported(connection: Connection, unit_id: int, period: str) -> set[bytes] | None:
    """The leaves of the responses that the operator's last report of an unpublished period counted;
    None: there was none."""
    query = select(_r.c.sums).where(_r.c.unit_id == unit_id, _r.c.period == _report(period))
    text = connection.execute(query).scalar()
    return None if text is None else {bytes.fromhex(leaf) for leaf in json.loads(text)}


def keep_reported(
    connection: Connection, unit_id: int, period: str, leaves: Iterable[bytes], at: int
) -> None:
    key = {"unit_id": unit_id, "period": _report(period)}
    connection.execute(delete(_r).where(*(_r.c[name] == value for name, value in key.items())))
    text = json.dumps(sorted(leaf.hex() for leaf in leaves))
    connection.execute(insert(_r), {**key, "figures": "", "sums": text, "parts": "", "at": at})


def _report(period: str) -> str:
    return f"report {period}"
