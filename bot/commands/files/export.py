"""`skm export responses`: anonymous rows as a file that may be published."""

import csv
import secrets
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import IO

import typer
from sqlalchemy import Engine

from bot.commands.open_database import opened, reading
from bot.commands.output import unwritten, working
from bot.commands.refusal import Refused
from bot.commands.scope import period_named, unit_of
from bot.settings import load
from flows.instrument import Instrument
from flows.loader import skm_on
from flows.operator_words import tr
from reports.sheets.exporting import Exported, export, header
from reports.stored.figures import EVER
from storage import units
from storage.database.private_files import private_file
from storage.periods import CAPITAL, local_date
from storage.scope import EVERYTHING
from storage.units import Unit

NAMED = 8  # periods named of those that were left out for one reason

Found = tuple[Unit, Exported]


def export_responses(code: str | None, period: str | None, out: Path) -> None:
    """Raises Refused: then there is no file."""
    if out.suffix.lower() != ".csv":
        raise Refused(tr("--out writes a CSV table; name it {0}.", out.with_suffix(".csv")))
    days = _days(period)
    with opened(load()) as engine:
        with reading(engine) as connection:
            found = [unit_of(connection, code)] if code else units.in_scope(connection, EVERYTHING)
        day = local_date(time.time(), CAPITAL) if period is None else days[1]
        by = found[0].instrument_on(day) if code else skm_on(day)
        written = _written(engine, found, days, out, by)
    _say(written, out)


def _days(period: str | None) -> tuple[date, date]:
    if period is None:
        return EVER
    found = period_named(period)
    return found.first, found.last


def _written(
    engine: Engine,
    found: Sequence[Unit],
    days: tuple[date, date],
    out: Path,
    by: Instrument,
) -> list[Found]:
    """The file is whole or not there."""
    try:
        with private_file(out) as opened:
            file = TextIOWrapper(opened, encoding="utf-8", newline="")
            written = list(_write(file, engine, found, days, by))
            file.detach()
            if all(each.left_out for _, each in written):
                raise Refused("\n".join([_nothing(written), *_left_out(written)]))
    except OSError as error:
        raise unwritten(error, out) from error
    return written


def _write(
    file: IO[str],
    engine: Engine,
    found: Sequence[Unit],
    days: tuple[date, date],
    by: Instrument,
) -> Iterator[Found]:
    """What was written of each unit's periods, without the rows themselves."""
    table = csv.writer(file, lineterminator="\n")
    table.writerow(header(by))
    with working("Exporting responses", len(found)) as advance:
        for unit in found:
            today = unit.day_at(time.time())
            with reading(engine) as connection:
                for each in export(connection, unit, by, days, today, secrets.token_bytes):
                    table.writerows(each.rows)
                    yield unit, replace(each, rows=())
            advance(1)


def _nothing(written: Sequence[Found]) -> str:
    if written:
        return tr("There is nothing to export.")
    return tr(
        "There is nothing to export: no published period lies in what was asked for. Publish one "
        "first: skm publish UNIT --period P"
    )


def _say(written: Sequence[Found], out: Path) -> None:
    number = sum(each.n for _, each in written if not each.left_out)
    typer.echo(tr("{0:response|responses} written to {1}.", number, out))
    by_columns: dict[str, list[str]] = defaultdict(list)
    for unit, each in written:
        if each.empty:
            by_columns[", ".join(each.empty)].append(f"{unit.code} {each.period.name}")
    for columns, names in by_columns.items():
        typer.echo(tr("Left empty in {0}: {1}.", _named(names), columns), err=True)
    for line in _left_out(written):
        typer.echo(line, err=True)


def _left_out(written: Sequence[Found]) -> Iterator[str]:
    """A sentence for each reason."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for unit, each in written:
        if each.left_out:
            by_reason[each.left_out].append(f"{unit.code} {each.period.name} ({each.n})")
    for why, names in by_reason.items():
        yield tr("Left out: {0}: {1}.", _named(names), why)


def _named(names: Sequence[str]) -> str:
    more = " " + tr("and {0} more", len(names) - NAMED) if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
