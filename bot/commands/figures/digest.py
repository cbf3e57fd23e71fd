"""`skm digest`: a unit's week as its head gets it, as text and picture. `skm verify`: the proof."""

import json
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import typer
from sqlalchemy import Connection, Engine

from bot.commands.figures.fold import folded
from bot.commands.open_database import opened, reading
from bot.commands.output import working, writing_into
from bot.commands.refusal import Refused
from bot.commands.scope import period_named, unit_of
from bot.core.pseudonyms import OPERATOR
from bot.settings import Settings, load
from flows.loader import words
from flows.operator_words import tr
from reports.digest.caption import digest_text
from reports.digest.composed import Digest
from reports.digest.picture import picture
from reports.digest.unit_week import composed
from reports.stored.verify import erased_since
from reports.stored.verify import verify as differences
from reports.transparency.leaving import kept_outside
from reports.transparency.verify_skm import Checkpoint
from storage.database import rollback_check
from storage.database.private_files import make_private_folder, write_private
from storage.index import released_figures
from storage.office import audit
from storage.periods import Period, period_of, previous
from storage.units import Unit


def digest(code: str, week: str | None, out: Path) -> None:
    """Raises Refused, DatabaseUnfit."""
    with opened(load()) as engine:
        folded(engine)
        with reading(engine) as connection:
            unit = unit_of(connection, code)
            found = digest_of(connection, unit, _week(unit, week))
    for file in write(found, out):
        typer.echo(file)


def digest_of(connection: Connection, unit: Unit, week: Period) -> Digest:
    """As it was released, else as the rows are now: looking at a week does not release it."""
    figures = released_figures.get(connection, unit.id, week.name)
    if figures is None:
        return composed(connection, unit, week)
    return Digest.from_json(json.loads(figures))


def write(found: Digest, out: Path) -> tuple[Path, Path]:
    """digest.txt and digest.jpg in that folder. Raises Refused where they cannot be written."""
    text, image = out / "digest.txt", out / "digest.jpg"
    with writing_into(out):
        make_private_folder(out)
        write_private(text, f"{digest_text(found, words('id'))}\n".encode())
        write_private(image, picture(found, words("id")))
    return text, image


def verify(given: Sequence[Path]) -> None:
    """`given`: files of checkpoints from elsewhere; the last one that left is looked at without.
    Raises typer.Exit(1) where anything differs, Refused."""
    settings = load()
    outside = [_checkpoint(file) for file in given]
    with opened(settings) as engine, working("Recomputing"):
        outlets = settings.outlets(rollback_check.file_of(engine, settings.state_dir))
        key = outlets.key.public if outlets.key else None
        last = kept_outside(outlets.file)
        if last and (key is None or last.origin == key.name):
            outside.append(last)
        found = [*_older(engine, settings), *differences(engine, outside, key)]
        erased = [*erased_since(engine), *_restored(engine)]
    for line in (*found, *erased):
        typer.echo(line)
    if found:
        raise typer.Exit(1)
    typer.echo(
        tr("Nothing differs: tallies, receipts, sheets and log are what the responses add up to.")
    )


def _checkpoint(file: Path) -> Checkpoint:
    try:
        return Checkpoint.read(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Refused(tr("{0} is no checkpoint: {1}", file, error)) from error


def _older(engine: Engine, settings: Settings) -> Iterator[str]:
    file = rollback_check.file_of(engine, settings.state_dir)
    with reading(engine) as connection:
        try:
            rollback_check.require_newest(connection, file)
        except rollback_check.Restored as fault:
            yield str(fault)


def _restored(engine: Engine) -> Iterator[str]:
    """What is missing since a backup was restored: no difference."""
    with reading(engine) as connection:
        entry = audit.last(connection, OPERATOR, "restore")
    if entry is not None and entry.after is not None:
        day = datetime.fromtimestamp(entry.at, UTC).date()
        lost = entry.after["missing_minutes"]
        lost = tr("An unknown number of") if lost is None else lost
        of = entry.after["copied"] or tr("a time that is not known")
        yield tr(
            "On {0} a backup of {1} was restored: {2:minute|minutes} of work are missing.",
            day,
            of,
            lost,
        )


def _week(unit: Unit, name: str | None) -> Period:
    if name is None:
        return previous(period_of("week", unit.day_at(time.time())))
    week = period_named(name)
    if week.kind != "week":
        raise Refused(tr("“{0}” is no week; write it as 2026-W47.", name))
    return week
