"""`skm import responses`: answers of a file become responses of a unit, once."""

import secrets
import time
from datetime import UTC, date, datetime
from pathlib import Path

import typer
from sqlalchemy import Engine

from bot.commands.figures.index import named as instrument_named
from bot.commands.listed import table as table_of_rows
from bot.commands.open_database import opened, say_dry_run, sure
from bot.commands.progress import working
from bot.commands.refusal import Refused
from bot.commands.scope import service_of, unit_of
from bot.core.pseudonyms import OPERATOR
from bot.settings import load
from flows.instrument import Instrument
from flows.operator_words import tr
from flows.written_day import read_day
from reports.incoming.drafts import Filed, Incoming, earliest, incoming
from reports.incoming.responses import Imported, keep, stage, would_keep
from reports.incoming.responses import undo as undo_whole
from storage.answers import imports
from storage.files import spreadsheet
from storage.files.refused import named
from storage.files.response_file import Order
from storage.files.spreadsheet import Cells
from storage.files.written_day import written_day
from storage.index import closed_periods
from storage.office import audit
from storage.periods import local_date, zone
from storage.units import Unit

UNDO = "undo_import"  # its action in the log
PAUSE = 0.05  # seconds between two parts of a file


def import_responses(
    file: Path,
    code: str,
    service: str | None,
    day: str | None,
    order: Order,
    name: str | None,
    dry_run: bool,
) -> None:
    """Raises AnswersRefused, SpreadsheetUnread, Refused: then nothing was imported."""
    table = spreadsheet.read(file)
    key = imports.file_key(table)
    with opened(load()) as engine:
        with engine.connect() as connection:
            unit = unit_of(connection, code)
            asked = instrument_named(name) or unit.instrument_on(_meant(unit, day))
            before = imports.taken_at(connection, unit.id, key)
        if before is not None:
            _say(unit, Imported(0, before=before))
            return
        filed = _filed(engine, unit, asked, service, day, order)
        read = incoming(table, filed)
        done = _kept(engine, filed, key, read, dry_run)
    _say(unit, done)
    _say_left(table, read)
    if dry_run:
        say_dry_run()


def undo(file: Path | None, code: str, id: str | None, yes: bool) -> None:
    """List the files that were imported into a unit, or take one out again. Raises Refused."""
    with opened(load()) as engine:
        with engine.connect() as connection:
            unit = unit_of(connection, code)
            taken = imports.files(connection, unit.id)
        wanted = imports.id_of(imports.file_key(spreadsheet.read(file))) if file else id
        if wanted is None:
            rows = [
                {
                    "id": each.id,
                    "imported": _on(unit, each.at) + ("" if each.whole else tr(", not to its end")),
                    "responses": each.responses,
                }
                for each in taken
            ]
            typer.echo(table_of_rows(rows))
            return
        this = next((each for each in taken if each.id == wanted), None)
        if this is None:
            see = "That was not imported into {0}. See what was: skm import undo --unit {0}"
            raise Refused(tr(see, unit.code))
        sure(
            yes, tr("Erase the {0} responses imported on {1}?", this.responses, _on(unit, this.at))
        )
        with engine.connect() as connection:
            number = undo_whole(connection, unit.id, this.id, _between)
        with engine.begin() as connection:
            after = {"undone": number}
            audit.note(connection, int(time.time()), OPERATOR, UNDO, unit.scope, after=after)
    typer.echo(
        tr("{0} responses of {1} are erased. The file may be imported again.", number, unit.code)
    )


def _on(unit: Unit, at: int) -> str:
    return datetime.fromtimestamp(at, UTC).astimezone(zone(unit.timezone)).date().isoformat()


def _filed(
    engine: Engine,
    unit: Unit,
    asked: Instrument,
    service: str | None,
    day: str | None,
    order: Order,
) -> Filed:
    today = local_date(time.time(), zone(unit.timezone))
    with engine.connect() as connection:
        return Filed(
            unit,
            asked,
            today,
            None if service is None else service_of(unit, service),
            None if day is None else _day(day, asked, today),
            order,
            closed_periods.final_periods(connection, unit.id, asked.id),
            imports.taken_rows(connection, unit.id),
        )


def _meant(unit: Unit, day: str | None) -> date:
    """The day by which the instrument is chosen, where none is named."""
    today = local_date(time.time(), zone(unit.timezone))
    return (read_day(day) if day else None) or today


def _day(text: str, asked: Instrument, today: date) -> date:
    try:
        return written_day(text.strip(), earliest(asked), today)
    except ValueError as fault:
        raise Refused(tr("--date {0}", fault)) from None


def _kept(engine: Engine, filed: Filed, key: str, read: Incoming, dry_run: bool) -> Imported:
    with working("Importing responses", len(read.drafts)) as advance:
        with engine.connect() as connection:
            with connection.execution_options(reads=True).begin():
                stage(connection, filed, read, secrets.token_bytes, advance)
                if dry_run:
                    return would_keep(connection, filed, read)
            return keep(
                connection, filed, key, read, int(time.time()), secrets.token_hex(8), _between
            )


def _between() -> None:
    """Who waits to write is let in before the next part."""
    time.sleep(PAUSE)


def _say(unit: Unit, done: Imported) -> None:
    if done.before is not None:
        on = _on(unit, done.before)
        typer.echo(
            tr("0 responses imported: this file was imported into {0} on {1}.", unit.code, on)
        )
        typer.echo(
            tr("Are these other people who answered the same? Give each row an id of its own."),
            err=True,
        )
        return
    known = " " + tr("{0} were known by their id.", done.known) if done.known else ""
    typer.echo(tr("{0} responses imported into {1}.{2}", done.new, unit.code, known))


def _say_left(table: Cells, read: Incoming) -> None:
    if read.unanswered:
        typer.echo(tr("{0} rows without any answer were left out.", read.unanswered), err=True)
    for column, number in read.odd.items():
        typer.echo(
            tr("{0} cells of {1} are none of its choices: left out.", number, column), err=True
        )
    if read.unread:
        typer.echo(tr("Columns that were not read: {0}.", named(read.unread)), err=True)
