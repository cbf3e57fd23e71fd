"""Service units: kept, found by code or by a part of their name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import starmap
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from flows.engine.form import Line
from flows.instrument import Instrument
from flows.loader import skm_on
from storage.database.upsert import table_of
from storage.files.refused import Faults
from storage.files.unit_file import OPTIONAL
from storage.finding import unit_edition
from storage.index import closed_periods
from storage.periods import Kind, Period, local_date, period_of, zone_name
from storage.scope import EVERYTHING, Scope, agency, within, written
from storage.tables import Unit as UnitRow

SHOWN = 8  # units offered for one search
WORDS = 50  # of a text that are looked for: databases bear no condition without an end
AT_ONCE = 500  # codes in one SELECT
VISITS_ONLY = "visit"

_u = table_of(UnitRow)
_INSERT = insert(_u)
_UPDATE = update(_u).where(_u.c.id == bindparam("this"))
_FIRST = ("code", "folded_code", "questionnaire")  # columns that importing again leaves alone


@dataclass(frozen=True, slots=True)
class Unit:
    """A service unit as the rest of the system sees it.

    `services` are {"id", "label"} rows, those of `retired` are asked about no more. `users`: how
    many in a period, by its name, where it is not `population`. No survey begins before the day
    `closed_until`.
    """

    id: int
    code: str
    name: str
    agency: str
    region: str
    timezone: str
    kind: str
    period: Kind
    population: int | None
    services: list[dict[str, str]]
    questionnaire: str
    opening_hours: str = ""
    latitude: float | None = None
    longitude: float | None = None
    retired: list[dict[str, str]] = field(default_factory=list)
    users: Mapping[str, int] = field(default_factory=dict)
    closed_until: date | None = None
    web: str = ""  # VISITS_ONLY: in the web nobody answers without a visit's link

    @property
    def scope(self) -> Scope:
        return Scope("unit", self.code)

    def users_in(self, period: Period) -> int | None:
        """N of exactly this period (domain: §5b); None where nobody wrote it."""
        return self.users.get(period.name, self.population)

    def is_closed(self, day: date) -> bool:
        return self.closed_until is not None and day < self.closed_until

    def day_at(self, at: float) -> date:
        """The day that it is there at this moment (Unix seconds)."""
        return local_date(at, self.timezone)

    def period_at(self, at: int) -> Period:
        """The unit's SKM period in which this moment (Unix seconds) lies, by its own clock."""
        return period_of(self.period, self.day_at(at))

    def instrument_on(self, day: date) -> Instrument:
        """The SKM's instrument of the unit's period in which the day lies: the one that holds on
        the period's first day, so that no period is counted by two."""
        return skm_on(period_of(self.period, day).first)

    def service(self, wanted: str) -> dict[str, str] | None:
        """The service of that id or name, if it is offered."""
        return _named(self.services, wanted)

    def service_ever(self, wanted: str) -> dict[str, str] | None:
        """… or was."""
        return _named([*self.services, *self.retired], wanted)


_UNITS = select(*(_u.c[name] for name in Unit.__slots__))
_BY_CODE = _UNITS.where(_u.c.folded_code == bindparam("code"))
_BY_ID = _UNITS.where(_u.c.id == bindparam("id"))
_OF_CODES = _UNITS.where(_u.c.folded_code.in_(bindparam("codes", expanding=True)))


def _named(services: Sequence[dict[str, str]], wanted: str) -> dict[str, str] | None:
    said = wanted.casefold()
    return next((s for s in services if said in (s["id"], s["label"].casefold())), None)


def by_code(connection: Connection, code: str) -> Unit | None:
    return _unit(connection.execute(_BY_CODE, {"code": code.casefold()}).first())


def found(connection: Connection, id: int) -> Unit | None:
    return _unit(connection.execute(_BY_ID, {"id": id}).first())


def by_id(connection: Connection, id: int) -> Unit:
    unit = found(connection, id)
    assert unit is not None, f"unit {id} is referred to but not there"
    return unit


def codes(connection: Connection) -> dict[int, str]:
    """Of every unit, by id."""
    return {row.id: row.code for row in connection.execute(select(_u.c.id, _u.c.code))}


def search(
    connection: Connection, text: str, scope: Scope = EVERYTHING, limit: int = SHOWN
) -> list[Unit]:
    """Units whose name holds every word of the text, in any order; within a role's scope."""
    query = _UNITS.order_by(_u.c.folded_name).limit(limit)
    return list(starmap(Unit, connection.execute(_named_in(query, [scope], text)).all()))


def agencies(connection: Connection, text: str, limit: int = SHOWN) -> list[str]:
    """Agencies whose name holds every word of the text."""
    query = select(_u.c.agency).distinct().order_by(_u.c.agency).limit(limit)
    for word in text.split()[:WORDS]:
        query = query.where(_u.c.agency.icontains(word, autoescape=True))
    return list(connection.execute(query).scalars())


def scopes_meant(connection: Connection, text: str) -> list[Scope]:
    """The scopes that a text may mean, as they are kept: "*", a unit's code, an agency's name in
    any case; none where there is no such unit or agency. Only a text with a kind before it means
    one thing for sure (`storage.scope`)."""
    spelled = written(text)
    if spelled == EVERYTHING:
        return [EVERYTHING]
    kind, name = (spelled.kind, spelled.name) if spelled else ("", text)
    unit = None if kind == "agency" else by_code(connection, name)
    found = [unit.scope] if unit else []
    if kind != "unit":
        wanted = name.casefold().split()
        alike = agencies(connection, name, AT_ONCE)
        same = [each for each in alike if each.casefold().split() == wanted]
        found += map(agency, [name] if name in same else same)
    return found


def in_scope(connection: Connection, scope: Scope) -> list[Unit]:
    """Every unit of a scope."""
    query = _UNITS.where(within([scope])).order_by(_u.c.id)
    return list(starmap(Unit, connection.execute(query).all()))


def page(
    connection: Connection,
    scopes: Sequence[Scope],
    text: str,
    skip: int,
    most: int,
    where: Any = True,
) -> list[Unit]:
    """Units of these scopes whose name holds every word, by name, from one of them on. `where`: a
    condition besides (`storage.office.waiting`)."""
    query = _named_in(_UNITS, scopes, text).where(where).order_by(_u.c.folded_name, _u.c.id)
    return list(starmap(Unit, connection.execute(query.offset(skip).limit(most)).all()))


def number(connection: Connection, scopes: Sequence[Scope], text: str, where: Any = True) -> int:
    """How many `page` leads through."""
    query = _named_in(select(func.count()).select_from(_u), scopes, text).where(where)
    return int(connection.execute(query).scalar_one())


def number_in(connection: Connection, scope: Scope) -> int:
    """How many units a scope has."""
    return number(connection, [scope], "")


def save(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """Insert units, or update those whose code is known: (inserted, updated).

    A column that is left out stays as it is, of a new unit it is empty.
    A service that a later file does not name is retired: its answers stay, nobody is asked again.
    A code stays as it was first written, also where a later file has other capitals: receipts
    commit to it, and roles name it.
    Raises FileRefused where a kind of period or a clock may not change (`periods_kept`).
    """
    there = known(connection, [row["folded_code"] for row in rows])
    Faults(periods_kept(connection, rows, there)).check()
    new = [row for row in rows if row["folded_code"] not in there]
    old = [row for row in rows if row["folded_code"] in there]
    unit_edition.rise(connection)
    if new:
        connection.execute(_INSERT, [{**OPTIONAL, **row} for row in new])
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}  # rows of the same columns, at once
    for row in old:
        kept = {name: value for name, value in row.items() if name not in _FIRST}
        before = there[row["folded_code"]]
        kept["retired"] = retired(before.services, before.retired, row["services"])
        alike.setdefault(tuple(kept), []).append({**kept, "this": before.id})
    for rows in alike.values():
        connection.execute(_UPDATE, rows)
    return len(new), len(old)


def periods_kept(
    connection: Connection, rows: Sequence[Mapping[str, Any]], known: Mapping[str, Any]
) -> list[Line]:
    """Of rows that would change what a unit's periods are, those that may not; `known`: the units
    there are, by folded code. No answer comes to the units that may until this transaction ends."""
    found = []
    for column, (has_open, key) in _OF_PERIODS.items():
        changed = [known[row["folded_code"]] for row in rows if _changes(row, column, known)]
        ids = [unit.id for unit in changed]
        closed_periods.lock_all(connection, ids)
        kept = has_open(connection, ids)
        found += [_stays(unit, column, key) for unit in changed if unit.id in kept]
    return found


_OF_PERIODS: Mapping[str, tuple[Callable[[Connection, list[int]], set[int]], str]] = {
    "period": (closed_periods.with_open_periods, "file.period.kept"),
    "timezone": (closed_periods.with_keys, "file.timezone.kept"),
}


def _changes(row: Mapping[str, Any], column: str, known: Mapping[str, Any]) -> bool:
    unit = known.get(row["folded_code"])
    return unit is not None and row.get(column) not in (None, getattr(unit, column))


def _stays(unit: Any, column: str, key: str) -> Line:
    cell = zone_name(unit.timezone) if column == "timezone" else unit.period
    kind = Line(f"period.kind.{unit.period}")
    return Line(key, {"code": unit.code, "cell": cell, "kind": kind})


def retired(
    services: Sequence[dict[str, str]],
    before: Sequence[dict[str, str]],
    now: Sequence[dict[str, str]],
) -> list[dict[str, str]]:
    """What was offered once and is not among those offered now."""
    offered = {service["id"] for service in now}
    return [service for service in (*before, *services) if service["id"] not in offered]


def known(connection: Connection, codes: Sequence[str]) -> dict[str, Unit]:
    """The units of these folded codes that there are, by folded code."""
    found: dict[str, Unit] = {}
    for start in range(0, len(codes), AT_ONCE):
        rows = connection.execute(_OF_CODES, {"codes": codes[start : start + AT_ONCE]})
        found |= {unit.code.casefold(): unit for unit in starmap(Unit, rows)}
    return found


def locked(connection: Connection, code: str) -> Unit | None:
    """The unit as it is, changed by nobody else until this transaction ends."""
    query = _BY_CODE.with_for_update(key_share=True)  # citizens, whose responses refer to it, go on
    return _unit(connection.execute(query, {"code": code.casefold()}).first())


def change(connection: Connection, unit: Unit, **columns: Any) -> None:
    """Write columns of a unit that is `locked`. Raises FileRefused as `save` does."""
    row = {**columns, "folded_code": unit.code.casefold()}
    Faults(periods_kept(connection, [row], {row["folded_code"]: unit})).check()
    connection.execute(update(_u).where(_u.c.id == unit.id).values(columns))
    unit_edition.rise(connection)


def _named_in(query: Any, scopes: Sequence[Scope], text: str) -> Any:
    for word in text.casefold().split()[:WORDS]:
        query = query.where(_u.c.folded_name.contains(word, autoescape=True))
    return query.where(within(scopes))


def _unit(row: Sequence[Any] | None) -> Unit | None:
    return Unit(*row) if row else None
