"""`skm units`: all there are. `skm unit close|open|remove`: one that is shut or was a slip."""

import time
from collections.abc import Callable
from datetime import date

import typer
from sqlalchemy import Connection

from bot.commands.figures.fold import folded
from bot.commands.open_database import opened, reading, sure
from bot.commands.output import print_rows
from bot.commands.refusal import Refused
from bot.commands.scope import level_of, unit_of
from bot.core.pseudonyms import OPERATOR
from bot.settings import load
from flows.operator_words import tr
from flows.written_day import read_day
from storage import units
from storage.index import quarters
from storage.office import audit, holders, unit_changes
from storage.office.unit_removal import Needed, remove
from storage.scope import EVERYTHING
from storage.units import Unit


def listed(agency: str | None, as_data: bool) -> None:
    """Raises Refused, DatabaseUnfit."""
    with opened(load()) as engine:
        folded(engine)
        with reading(engine) as connection:
            found = level_of(connection, "agency", agency)[1] if agency else None
            found = units.in_scope(connection, EVERYTHING) if found is None else found
            answers = quarters.numbers(connection)
            heads = [each.scope for each in holders.every_holder(connection) if each.role == "head"]
    rows = [
        {
            "code": unit.code,
            "name": unit.name,
            "agency": unit.agency,
            "timezone": unit.timezone,
            "period": unit.period,
            "answers": answers.get(unit.id, 0),
            "heads": heads.count(unit.scope),
            "closed_until": unit.closed_until and unit.closed_until.isoformat(),
        }
        for unit in found
    ]
    print_rows("units", rows, as_data)


def close(code: str, until: str | None) -> None:
    """No survey of it begins before that day; without one, until it is opened."""
    day = date.max if until is None else read_day(until)
    if day is None:
        raise Refused(tr("“{0}” is no day; write it as 2026-12-31.", until))

    def closed(unit: Unit, today: date) -> date:
        if day <= today:
            raise Refused(
                tr("{0} has come; name a later day, or: skm unit open {1}", until, unit.code)
            )
        return day

    _write(code, closed)
    typer.echo(
        tr("{0}: no survey begins until: skm unit open. What is open may be ended.", code)
        if day == date.max
        else tr("{0}: no survey begins before {1}. What is open may be ended.", code, day)
    )


def open_again(code: str) -> None:
    _write(code, lambda unit, today: None)
    typer.echo(tr("{0} is open.", code))


def _write(code: str, until: Callable[[Unit, date], date | None]) -> None:
    now = int(time.time())
    with opened(load()) as engine, engine.begin() as connection:
        unit = units.locked(connection, unit_of(connection, code).code)
        assert unit is not None
        columns = {"closed_until": until(unit, unit.day_at(now))}
        unit_changes.write(connection, unit, columns, OPERATOR, now)


def removed(code: str, yes: bool) -> None:
    """Raises Refused where it has answers, or people need it; then nothing was removed."""
    with opened(load()) as engine:
        with reading(engine) as connection:
            unit = unit_of(connection, code)
        sure(yes, tr("Remove {0} ({1}), its roles and invitations for good?", unit.code, unit.name))
        with engine.begin() as connection:
            _remove(connection, unit)
    typer.echo(tr("{0} is removed. Links and posters of it open nothing any more.", unit.code))


def _remove(connection: Connection, unit: Unit) -> None:
    try:
        remove(connection, unit)
    except Needed as fault:
        raise Refused(
            tr(
                "{0} has {1}, so it stays. Close it instead: skm unit close {2}",
                unit.code,
                fault,
                unit.code,
            )
        ) from None
    before = {"name": unit.name}
    audit.note(connection, int(time.time()), OPERATOR, "edit_units", unit.scope, before=before)
