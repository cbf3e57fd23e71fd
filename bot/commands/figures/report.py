"""`skm report`: the official SKM report of a unit's period, to read and to hand on."""

import time
from pathlib import Path

import typer
from sqlalchemy import Engine

from bot.commands.figures.fold import folded
from bot.commands.open_database import opened, reading
from bot.commands.output import write_file
from bot.commands.refusal import Refused
from bot.commands.scope import level_of, period_named, unit_of
from bot.settings import load
from flows.operator_words import tr
from reports.official_report.agency import of_agency
from reports.official_report.formats import ENDINGS, Format, NothingToHangUp, written
from reports.official_report.gathered import of_period
from reports.official_report.report import Report
from reports.radar.findings import Findings
from reports.radar.run import found_now
from storage.index import sheets
from storage.periods import Period
from storage.units import Unit


def report(code: str | None, agency: str | None, period: str, format: Format, out: Path) -> None:
    """Raises Refused, DatabaseUnfit: then nothing is written."""
    ending = ENDINGS[format]
    if (said := out.suffix.lower()[1:]) != ending and said in ENDINGS.values():
        raise Refused(
            tr("--format is {0}; name the file {1}.", format, out.with_suffix(f".{ending}"))
        )
    wanted, now = period_named(period), int(time.time())
    if bool(code) == bool(agency):
        raise Refused(tr("Say whose report: UNIT or --agency A."))
    with opened(load()) as engine:
        if agency:
            found = _of_agency(engine, agency, wanted, now)
        else:
            found = _of_unit(engine, str(code), wanted, now)
    try:
        write_file(out, written(found, format))
    except NothingToHangUp:
        raise Refused(tr("There is no index of {0} to put on a card.", wanted.name)) from None
    typer.echo(
        tr(
            "{0}: {1} {2}, {3:response|responses} ({4}).",
            out,
            found.unit.code or found.unit.name,
            wanted.name,
            found.figures.n,
            tr(found.state),
        )
    )


def _of_unit(engine: Engine, code: str, period: Period, now: int) -> Report:
    folded(engine)
    with reading(engine) as connection:
        unit = unit_of(connection, code)
    radar = _radar(engine, unit, period, now)
    with engine.begin() as connection:
        return of_period(connection, unit, period, now, radar)


def _of_agency(engine: Engine, said: str, period: Period, now: int) -> Report:
    with reading(engine) as connection:
        name, _ = level_of(connection, "agency", said)
        found = of_agency(connection, name, period, now)
    if found is None:
        raise Refused(tr("No unit of {0} has published {1}: skm publish", name, period.name))
    return found


def _radar(engine: Engine, unit: Unit, period: Period, now: int) -> Findings | None:
    """What it says of a period that is not published; a sheet says it for itself."""
    with engine.begin() as connection:
        if any(sheet.period == period.name for sheet in sheets.of_unit(connection, unit.id)):
            return None
        return found_now(connection, unit, period, now)
