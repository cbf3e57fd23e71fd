"""`skm publish`: close a period as a numbered sheet. `skm sheet`: show or hand out a sheet."""

import json
import time
from pathlib import Path

import typer
from sqlalchemy import Connection

from bot.commands.figures import sheet_table
from bot.commands.open_database import opened, reading, sure
from bot.commands.output import working, write_file
from bot.commands.refusal import Refused
from bot.commands.scope import period_named, unit_of
from bot.core.pseudonyms import OPERATOR
from bot.office.periods.period_closing import sheet_lines
from bot.settings import load
from flows.loader import words
from flows.operator_words import tr
from reports.sheets.publish import made
from reports.sheets.publish import publish as closed
from reports.sheets.sheet import Content
from storage.database.connect import enumerated
from storage.index import sheets
from storage.index.sheets import Sheet
from storage.office import audit
from storage.periods import Period
from storage.units import Unit


def publish(code: str, period: str, yes: bool) -> None:
    """Shows what will be frozen, and asks unless `yes`. Raises Refused, PublishRefused,
    DatabaseUnfit; then nothing was published."""
    wanted, now = period_named(period), int(time.time())
    with opened(load()) as engine:
        with reading(engine) as connection, working("Adding up"):
            unit = unit_of(connection, code)
            ready = made(connection, unit, wanted, now)
        if not yes:
            _ask(ready.content)
        with engine.begin() as connection:
            content = closed(connection, unit, wanted, now, ready)
            if not yes and {**content, "log": None} != ready.content:
                raise Refused(tr("Nothing was published: its answers just changed. Run it again."))
            sheet = sheets.of_unit(connection, unit.id)[-1]
            after = {"period": wanted.name, "sheet": sheet.number}
            audit.note(connection, now, OPERATOR, "run_periods", unit.scope, after=after)
    for line in sheet_table.headline(content, sheet.hash):
        typer.echo(line)
    typer.echo(tr("See and hand it out: skm sheet {0} --number {1}", unit.code, sheet.number))


def _ask(content: Content) -> None:
    """Raises Refused without a terminal, and where the answer is no."""
    spoken = words("en")
    for line in sheet_lines(content):
        typer.echo(spoken.line(line))
    if content["index"]["ikm"] is not None:
        typer.echo(tr("IKM {0}, grade {1}", content["index"]["ikm"], content["index"]["grade"]))
    sure(False, tr("Close this period for good?"), tr("Nothing was published"))


def sheet(
    code: str, period: str | None, number: int | None, as_data: bool, leaves: Path | None
) -> None:
    """Raises Refused, DatabaseUnfit."""
    wanted = period_named(period) if period else None
    with opened(load()) as engine, reading(engine) as connection:
        found = _found(unit_of(connection, code), connection, wanted, number)
        listed = sheets.leaves(connection, found.id)
        erased = sheets.erased(connection, 1).get(found.id, 0)
    if leaves:
        write_file(leaves, "".join(f"{leaf.hex()}\n" for leaf in listed).encode())
    if as_data:
        typer.echo(found.content)  # the very bytes that the hash stands for
        return
    for line in sheet_table.lines(json.loads(found.content), found.hash, erased):
        typer.echo(line)


def _found(unit: Unit, connection: Connection, period: Period | None, number: int | None) -> Sheet:
    """The sheet of that number, else the newest, of that period if one is named."""
    kept = sheets.of_unit(connection, unit.id)
    wanted = [
        each
        for each in kept
        if number in (None, each.number) and (period is None or each.period == period.name)
    ]
    if wanted:
        return wanted[-1]
    if not kept:
        raise Refused(tr("{0} has published no period yet. See: skm publish --help", unit.code))
    there = enumerated([f"{each.number} ({each.period})" for each in reversed(kept)])
    raise Refused(tr("{0} has no such sheet. Its sheets: {1}.", unit.code, there))
