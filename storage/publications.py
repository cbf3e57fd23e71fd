"""A change of a survey's questionnaire, published in one unit or in all units of some scopes.

A change is computed once for each questionnaire, not once for each unit
(`storage.questionnaire_snapshot`), and made in all of the units or in none.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, func, insert, select, update

from flows.engine.form import Line
from flows.instrument import Questionnaire
from flows.loader import SKM, instrument, skm_on
from flows.office.questions.change import Change, Restore, changed, under
from flows.office.questions.faults import new_fault
from storage import questionnaires
from storage.database.upsert import table_of
from storage.periods import local_date, period_of
from storage.questionnaire_snapshot import FIRST, NEWEST, SERVICES, formers, hashed, version_of
from storage.scope import Scope, within
from storage.tables import Publication, Unit
from storage.units import Unit as ServiceUnit

_JAKARTA = ZoneInfo("Asia/Jakarta")
FEW = 500  # units whose numbers are asked for by name
CHANGED = 1_000  # units that change over in one transaction

_u, _p = table_of(Unit), table_of(Publication)
_IN_FORCE = update(_u).where(_u.c.id == bindparam("unit")).values(questionnaire=bindparam("now"))


@dataclass(frozen=True, slots=True)
class Made:
    """A publication in `units` units; `number` is the version in the last of them, `id` stands for
    what was in force afterwards (`flows.office.questions.change.Restore`)."""

    id: int
    at: int
    note: str
    units: int
    number: int


@dataclass(frozen=True, slots=True)
class Published:
    """`before` stands for what was in force until then."""

    before: int
    units: int
    number: int


class Stale(Exception):
    """Somebody else has published meanwhile."""


class Unfitting(Exception):
    """In `units` (names) the change cannot be made, for `why`; `rest` is the number of others."""

    def __init__(self, units: list[str], why: Line, rest: int) -> None:
        super().__init__(f"{len(units)} units cannot take it")
        self.units, self.why, self.rest = units, why, rest

    @property
    def mark(self) -> str:
        return hashed(sorted(self.units))


def history(
    connection: Connection, scopes: Sequence[Scope], most: int, survey: str = SKM
) -> list[Made]:
    """The last publications in units of these scopes, the newest first."""
    query = (
        select(NEWEST, _p.c.at, _p.c.note, func.count(), func.max(_p.c.number))
        .join(_u, _u.c.id == _p.c.unit_id)
        .where(within(scopes), questionnaires.of_survey(survey))
        .group_by(_p.c.at, _p.c.by, _p.c.note)
        .order_by(NEWEST.desc())
        .limit(most)
    )
    return [Made(*row) for row in connection.execute(query)]


def day(made: Made) -> str:
    """By the clock of Jakarta: a place may lie in several zones."""
    return datetime.fromtimestamp(made.at, _JAKARTA).strftime("%d/%m/%Y %H.%M")


def publish(
    connection: Connection,
    scopes: Sequence[Scope],
    change: Change,
    version: str,
    at: int,
    by: str,
    note: str = "",
    agreed: str = "",
    survey: str = SKM,
) -> Published | None:
    """Make the change in the units of these scopes; None where nothing would become different.

    `version`: of the sight it was made on. `agreed`: the mark of the units that it is known not to
    fit. Raises Stale, Unfitting, before anything is published.
    """
    rows = _locked(connection, scopes, survey)
    if version_of(Counter(row.questionnaire for row in rows)) != version:
        raise Stale
    before: dict[int, str] = {}
    if isinstance(change, Restore):
        before = formers(connection, scopes, change.publication, survey)
    now = _changes(connection, rows, before, change, agreed)
    if not now:
        return None
    return _publish(connection, now, at, by, note, survey)


def change_one(
    connection: Connection,
    unit: ServiceUnit,
    by_what: Callable[[Questionnaire], Questionnaire],
    at: int,
    by: str,
) -> int | None:
    """Publish what is made of one unit's SKM questionnaire; its version number there, None where
    that is what it was."""
    (row,) = _locked(connection, [unit.scope], SKM)
    return _in_one(
        connection, unit, by_what(questionnaires.get(connection, row.questionnaire)), at, by
    )


def publish_one(
    connection: Connection, unit: ServiceUnit, wanted: Questionnaire, at: int, by: str
) -> int | None:
    """Ask this questionnaire in one unit from its next citizen on, of a survey that it may not
    have run before; its version number there, None where it is asked already."""
    _locked(connection, [unit.scope], SKM)
    return _in_one(connection, unit, wanted, at, by)


def change_over(
    connection: Connection, at: int, only: int | None = None, most: int = CHANGED
) -> int:
    """Put the SKM's instrument that holds now in force where a period begins with it: in `most`
    units of those that are due, or in the unit of the id `only`. Each keeps its extra questions
    (`flows.office.questions.change.under`). How many units: less than `most` where none is left."""
    mine = () if only is None else (_u.c.id == only,)
    columns = (_u.c.questionnaire, _u.c.period, _u.c.timezone)
    now: dict[int, str] = {}
    for row in connection.execute(select(*columns).where(*mine).distinct()).all():
        today = local_date(at, row.timezone)
        by = skm_on(period_of(row.period, today).first)
        if questionnaires.instrument_in(row.questionnaire) == by.id:
            continue
        made = under(questionnaires.get(connection, row.questionnaire), by)
        questionnaires.keep(connection, made)
        alike = select(_u.c.id).where(
            *mine, *(_u.c[name] == row._mapping[name] for name in row._fields)
        )
        lock = alike.order_by(_u.c.id).limit(most - len(now)).with_for_update(key_share=True)
        now |= dict.fromkeys(connection.execute(lock).scalars(), made.id)
    if now:
        _publish(connection, now, at, "", "", SKM)
    return len(now)


def _locked(connection: Connection, scopes: Sequence[Scope], survey: str) -> Sequence[Any]:
    """In one order, so that two cannot wait for each other; whoever answers may go on. What they
    ask is read by whoever has the locks."""
    lock = select(_u.c.id).where(within(scopes)).order_by(_u.c.id)
    connection.execute(lock.with_for_update(key_share=True))
    return _asking(connection, scopes, survey)


def _asking(connection: Connection, scopes: Sequence[Scope], survey: str) -> Sequence[Any]:
    kept, asked = questionnaires.asking(survey)
    columns = (_u.c.id, _u.c.name, asked.label("questionnaire"), SERVICES.label("services"))
    query = select(*columns).select_from(kept).where(within(scopes)).order_by(_u.c.id)
    return connection.execute(query).all()


def _changes(
    connection: Connection,
    rows: Sequence[Any],
    before: Mapping[int, str],
    change: Change,
    agreed: str,
) -> dict[int, str]:
    """Unit → the questionnaire that it is to ask, of those that ask another now. `before`: what is
    to be brought back."""
    become: dict[tuple[str, str, str], Questionnaire | Line | None] = {}
    ids: dict[tuple[str, str, str], str] = {}  # each takes a hash, and units are many
    now: dict[int, str] = {}
    unfit: list[tuple[str, Line]] = []
    for row in rows:
        key = (row.questionnaire, row.services, before.get(row.id, ""))
        if key not in become:
            found = become[key] = _become(connection, change, *key)
            if isinstance(found, Questionnaire):
                ids[key] = found.id
        if key in ids:
            now[row.id] = ids[key]
        elif isinstance(why := become[key], Line):
            unfit.append((row.name, why))
    if unfit:
        refused = Unfitting([name for name, _ in unfit], unfit[0][1], len(now))
        if refused.mark != agreed or not now:
            raise refused
    for made in become.values():
        if isinstance(made, Questionnaire):
            questionnaires.keep(connection, made)
    return now


def _become(
    connection: Connection, change: Change, asked: str, services: str, former: str
) -> Questionnaire | Line | None:
    """What it makes of a unit's questionnaire; a line where it cannot, None where it is that."""
    before = questionnaires.get(connection, asked)
    if isinstance(change, Restore):
        change = Restore(change.publication, questionnaires.get(connection, former or asked))
    after = changed(before, change)
    if after.id == before.id:
        return None
    labels = {row["id"]: row["label"] for row in json.loads(services)}
    return new_fault(before, after, labels) or after


def _publish(
    connection: Connection, now: Mapping[int, str], at: int, by: str, note: str, survey: str
) -> Published:
    before = connection.execute(select(func.max(_p.c.id))).scalar() or FIRST
    last = _numbers(connection, now)
    said = {"at": at, "by": by, "note": note}
    rows = [
        {"unit_id": unit, "number": last.get(unit, 1) + 1, "questionnaire": id, **said}
        for unit, id in now.items()
    ]
    connection.execute(insert(_p), rows)
    if survey == SKM:  # of this one it is kept beside the unit
        connection.execute(_IN_FORCE, [{"unit": unit, "now": id} for unit, id in now.items()])
    return Published(before, len(rows), max(last.get(unit, 1) for unit in now) + 1)


def _in_one(
    connection: Connection, unit: ServiceUnit, wanted: Questionnaire, at: int, by: str
) -> int | None:
    """Of a unit that is locked."""
    survey = instrument(wanted.instrument).survey
    if any(row.questionnaire == wanted.id for row in _asking(connection, [unit.scope], survey)):
        return None
    questionnaires.keep(connection, wanted)
    return _publish(connection, {unit.id: wanted.id}, at, by, "", survey).number


def _numbers(connection: Connection, units: Mapping[int, str]) -> dict[int, int]:
    """The last version of each."""
    query = select(_p.c.unit_id, func.max(_p.c.number)).group_by(_p.c.unit_id)
    if len(units) <= FEW:
        query = query.where(_p.c.unit_id.in_(units))
    return dict(tuple(row) for row in connection.execute(query))
