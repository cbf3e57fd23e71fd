"""`skm import responses`: answers of a file become responses of a unit, once."""

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import typer
from sqlalchemy import Connection, Engine

from bot.commands.figures.fold import folded
from bot.commands.files import import_preview
from bot.commands.instrument_option import named as instrument_named
from bot.commands.open_database import agreed, opened, reading, say_dry_run, sure
from bot.commands.output import table as table_of_rows
from bot.commands.output import working
from bot.commands.refusal import Refused
from bot.commands.scope import service_of, unit_of
from bot.core.pseudonyms import OPERATOR
from bot.settings import load
from flows.engine.form import Line
from flows.instrument import Instrument
from flows.loader import words
from flows.operator_words import spoken, tr
from flows.written_day import read_day
from reports.incoming.drafts import Filed, Incoming, Reading, earliest, incoming
from reports.incoming.preview import moved, preview
from reports.incoming.remembered import remember, remembered
from reports.incoming.repeats import repeats, without
from reports.incoming.responses import Imported, keep, let_write, stage, take_out, would_keep
from reports.incoming.responses import undo as undo_whole
from storage import units
from storage.answers import imports
from storage.files import instrument_columns, spreadsheet
from storage.files.found_table import IGNORED
from storage.files.likeness import plain
from storage.files.refused import CellUnfit, FileRefused, named, shown
from storage.files.response_file import AnswersRefused, Order
from storage.files.written_day import DayOrder, DaysDoubtful, written_day
from storage.index import closed_periods
from storage.index import sheets as published
from storage.office import audit
from storage.units import Unit

IMPORT = "import_responses"  # actions in the log
UNDO = "undo_import"  # its action in the log


@dataclass(frozen=True, slots=True)
class Given:
    """The options of `skm import responses`, as they were written."""

    service: str | None
    day: str | None
    order: Order | None
    instrument: str | None
    sheet: str | None
    blanks: Sequence[str]
    words: Sequence[str]
    mapped: Sequence[str]
    days: DayOrder | None
    again: bool
    yes: bool
    dry_run: bool


def import_responses(file: Path, code: str, given: Given) -> None:
    """Raises AnswersRefused, SpreadsheetUnread, Refused: then nothing was imported."""
    with saying_what_to_add(), working(tr("Reading {0}", file)):
        sheets = spreadsheet.read(file, given.sheet)
    with opened(load()) as engine:
        with reading(engine) as connection:
            unit = unit_of(connection, code)
            asked = instrument_named(given.instrument) or unit.instrument_on(_meant(unit, given))
            filed = _filed(connection, unit, asked, given)
            keys = [*map(imports.file_key, sheets.values())]
            for before in (imports.taken_at(connection, unit.id, key) for key in keys):
                if before is not None:
                    _say(unit, Imported(0, before=before))
                    return
        with engine.connect() as connection:
            for key in keys:
                take_out(connection, unit.id, imports.id_of(key), let_write)
        with reading(engine) as connection, saying_what_to_add():
            filed = replace(filed, known=imports.taken_rows(connection, unit.id))
            filed = remembered(connection, sheets, filed)
        with saying_what_to_add(), working(tr("Reading {0}", file)):
            read = incoming(sheets, filed)
        _import(engine, filed, read, imports.file_key(sheets[read.found.sheet]), given)


def _import(engine: Engine, filed: Filed, read: Incoming, key: str, given: Given) -> None:
    folded(engine)
    with reading(engine) as connection:
        same = repeats(connection, filed, read)
        rest = read if given.again else without(read, same)
        change = moved(connection, filed, rest)
    would = preview(filed, rest)
    for line in import_preview.lines(filed, read, would, change, same, again=given.again):
        typer.echo(line, err=True)
    if same.places and not rest.drafts:
        _say(filed.unit, Imported(0))
        return
    if not given.dry_run and not agreed(given.yes, tr("Import them?")):
        raise Refused(tr("Nothing was done."))
    noted = {"again": len(same.places)} if same.places and given.again else {}
    done = _kept(engine, filed, key, rest, given, same.compared, noted)
    _say(filed.unit, done, given.dry_run)
    if given.dry_run:
        say_dry_run()


@contextmanager
def saying_what_to_add() -> Iterator[None]:
    """Where somebody can say what a table does not: which option says it."""
    try:
        yield
    except FileRefused as refused:
        refused.args = ("\n".join([str(refused), *_cures(refused)]),)
        raise


def _cures(refused: FileRefused) -> Iterator[str]:
    keys = {fault.key for fault in refused.faults}
    if "file.sheets" in keys:
        yield tr("Say it so: {0}", '--sheet "…"')
    if isinstance(refused, DaysDoubtful):
        yield tr("Say it so: {0}", tr("--days day (the day stands first) or --days month"))
    if any(_says(fault, "file.service.unfit") for fault in refused.faults):
        yield tr("Are all rows of one service, say it so: {0}", "--service NAME")
    if isinstance(refused, AnswersRefused) and refused.blanks:
        options = " ".join(f'--blank "{text}"' for text in refused.blanks)
        yield tr("If these say that nothing was answered, say it so: {0}", options)
    if isinstance(refused, AnswersRefused) and refused.degrees:
        options = " ".join(f'--word "{text}={value}"' for text, value in refused.degrees.items())
        yield tr("If these words mean so, say it so: {0}", options)
    if isinstance(refused, AnswersRefused) and refused.unread:
        names = named(refused.unread)
        yield tr("Columns that were not understood: {0}.", names)
        yield tr("Say what one is, once: {0}", f'--map "{shown(refused.unread[0])}=requirements"')


def _says(fault: Line, key: str) -> bool:
    """Of a cell, what is wrong with it."""
    inner = fault.params.get("fault")
    return fault.key == key or (isinstance(inner, Line) and inner.key == key)


def undo(what: str | None, code: str | None, id: str | None, yes: bool) -> None:
    """List the files that were imported into a unit, or take one out again. `what`: a file, or the
    id of one that was imported. Raises Refused, SpreadsheetUnread."""
    said = what or id
    wanted = _meant_by(said) if said else set[str]()
    with opened(load()) as engine:
        with reading(engine) as connection:
            unit = unit_of(connection, code) if code else _unit_with(connection, wanted)
            taken = imports.files(connection, unit.id)
        if not wanted:
            rows = [
                {
                    "id": each.id,
                    "imported": unit.day_at(each.at).isoformat()
                    + ("" if each.whole else tr(", not to its end")),
                    "responses": each.responses,
                }
                for each in taken
            ]
            typer.echo(table_of_rows(rows))
            return
        this = next((each for each in taken if each.id in wanted), None)
        if this is None:
            see = "That was not imported into {0}. See what was: skm import undo --unit {0}"
            raise Refused(tr(see, unit.code))
        _require_open(engine, unit, this.id)
        sure(
            yes,
            tr(
                "Erase the {0:response|responses} imported on {1}?",
                this.responses,
                unit.day_at(this.at).isoformat(),
            ),
        )

        def also(connection: Connection, number: int) -> None:
            after = {"undone": number, "id": this.id}
            audit.note(connection, int(time.time()), OPERATOR, UNDO, unit.scope, after=after)

        with engine.connect() as connection:
            number = undo_whole(connection, unit.id, this.id, also, let_write)
    typer.echo(
        tr(
            "Erased: {0:response|responses} of {1}. The file may be imported again.",
            number,
            unit.code,
        )
    )


def _require_open(engine: Engine, unit: Unit, id: str) -> None:
    """Raises Refused where a sheet counts them, which stays as it is."""
    with reading(engine) as connection:
        days = imports.days_of(connection, unit.id, id)
        sheet = published.over(published.of_unit(connection, unit.id), days) if days else None
    if sheet is not None:
        says = "These answers are in {0}, which is published as sheet {1}: it stays."
        raise Refused(tr(says, sheet.period, sheet.number))


def _meant_by(what: str) -> set[str]:
    """Ids of imports: the one that is named, or those of a file's sheets. Raises
    SpreadsheetUnread."""
    if imports.is_id(what):
        return {what}
    return set(map(imports.id_of, map(imports.file_key, spreadsheet.read(Path(what)).values())))


def _unit_with(connection: Connection, wanted: AbstractSet[str]) -> Unit:
    """The unit into which that was imported. Raises Refused where it is none, or several."""
    ids = imports.units_with(connection, wanted) if wanted else []
    found = [units.by_id(connection, each) for each in ids]
    if len(found) == 1:
        return found[0]
    codes = ", ".join(unit.code for unit in found)
    raise Refused(
        tr("That was imported into {0}: say which by --unit.", codes)
        if codes
        else tr("Give the unit by --unit, to see what was imported into it.")
    )


def _filed(connection: Connection, unit: Unit, asked: Instrument, given: Given) -> Filed:
    today = unit.day_at(time.time())
    blanks, degrees = frozenset(given.blanks), _degrees(given.words, asked)
    reading = Reading(_mapped(given.mapped, asked), blanks, degrees, given.order, given.days)
    return Filed(
        unit,
        asked,
        today,
        None if given.service is None else service_of(unit, given.service),
        None if given.day is None else _day(given.day, asked, today),
        reading,
        closed_periods.final_periods(connection, unit.id, asked.id),
    )


def _degrees(given: Sequence[str], asked: Instrument) -> dict[str, int]:
    """Words, `plain` → value. Raises Refused."""
    values = {str(value): value for value in asked.values}
    degrees = {}
    for text in given:
        said, _, value = text.rpartition("=")
        if not plain(said) or value.strip() not in values:
            raise Refused(tr("--word “{0}”: write “words=value”; a value is {1}.", text,
                             ", ".join(values)))  # fmt: skip
        degrees[plain(said)] = values[value.strip()]
    return degrees


def _mapped(given: Sequence[str], asked: Instrument) -> dict[str, str]:
    """Heading, `plain` → column. Raises Refused."""
    columns = instrument_columns.names(asked.id)
    mapped = {}
    for text in given:
        heading, _, named_so = text.rpartition("=")
        column = named_so.strip().casefold()
        column = next((key for key, names in columns.items() if plain(column) in names), column)
        if not plain(heading) or column not in (*columns, IGNORED):
            known = ", ".join(each for each in (*asked.keys, *columns) if each != "timed")
            raise Refused(tr("--map “{0}”: write “Heading=column”; a column is {1}, or {2} for "
                             "none.", text, known, IGNORED))  # fmt: skip
        mapped[plain(heading)] = column
    return mapped


def _meant(unit: Unit, given: Given) -> date:
    """The day by which the instrument is chosen, where none is named."""
    today = unit.day_at(time.time())
    return (read_day(given.day) if given.day else None) or today


def _day(text: str, asked: Instrument, today: date) -> date:
    try:
        return written_day(text.strip(), earliest(asked), today)
    except CellUnfit as fault:
        raise Refused(tr("--date {0}", words(spoken()).line(fault.line))) from None


def _kept(
    engine: Engine,
    filed: Filed,
    key: str,
    read: Incoming,
    given: Given,
    compared: AbstractSet[str],
    noted: Mapping[str, int],
) -> Imported:
    with working(tr("Importing responses"), len(read.drafts)) as advance:
        with engine.connect() as connection:
            with connection.execution_options(reads=True).begin():
                stage(connection, filed, read, secrets.token_bytes, advance)
                if given.dry_run:
                    return would_keep(connection, filed, read)

            def also(connection: Connection, done: Imported) -> None:
                remember(connection, filed, read)
                after = {"responses": done.new, "id": imports.id_of(key), **noted}
                audit.note(connection, now, OPERATOR, IMPORT, filed.unit.scope, after=after)

            now, mark = int(time.time()), secrets.token_hex(8)
            return keep(connection, filed, key, read, now, mark, compared, also, let_write)


def _say(unit: Unit, done: Imported, dry_run: bool = False) -> None:
    if done.before is not None:
        on = unit.day_at(done.before).isoformat()
        typer.echo(
            tr("0 responses imported: this file was imported into {0} on {1}.", unit.code, on)
        )
        typer.echo(
            tr("Are these other people who answered the same? Give each row an id of its own."),
            err=True,
        )
        return
    known = " " + tr("{0} were known by their id.", done.known) if done.known else ""
    says = "{0:response|responses} imported into {1}.{2}"
    if dry_run:
        says = "{0:response|responses} would be imported into {1}.{2}"
    typer.echo(tr(says, done.new, unit.code, known))
