"""`skm link --once`: links that verify one visit each, and a sheet of them to print."""

import secrets
import time
from datetime import date, timedelta
from pathlib import Path

import typer

from bot.commands.files.units import require_name, say_unnamed
from bot.commands.open_database import opened, reading
from bot.commands.output import write_file
from bot.commands.refusal import Refused
from bot.commands.scope import service_of, unit_of
from bot.settings import load
from flows.loader import words
from flows.operator_words import tr
from reports.printed.visit_sheet import visit_sheet
from storage.answers import visits
from storage.answers.visits import OPENS
from storage.units import Unit

FAR = timedelta(days=366)  # later than this is a slip of the finger


def visit_links(
    code: str, service: str | None, number: int, day: str | None, sheet: Path | None
) -> None:
    """Print so many links of one day, and write the sheet. Raises Refused, SecretUnfit."""
    settings = load()
    into = settings.links
    if sheet is not None:
        require_name(into)
    with opened(settings) as engine, reading(engine) as connection:
        unit = unit_of(connection, code)
    asked = "" if service is None else service_of(unit, service)
    vault, of = settings.vault, _day(unit, day)
    tokens = [visits.make(vault, unit, asked, of, secrets.token_bytes) for _ in range(number)]
    links = [into.visit(token) for token in tokens]
    if sheet is not None:
        _write(sheet, unit, asked, links, of)
    with opened(settings) as engine, engine.begin() as connection:
        visits.issue(connection, unit.id, of, number)
    typer.echo("\n".join(links))
    say_unnamed(into)


def _day(unit: Unit, given: str | None) -> date:
    """Today by the unit's clock, unless a day is given. Raises Refused."""
    today = unit.day_at(time.time())
    if given is None:
        return today
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise Refused(tr("--date “{0}” is no date; write it as 2026-11-30.", given)) from None
    if not today - OPENS <= day <= today + FAR:
        raise Refused(
            tr(
                "--date {0}: links are good for {1:day|days} from their day on. Give a day from "
                "{2} to {3}.",
                day,
                OPENS.days,
                today - OPENS,
                today + FAR,
            )
        )
    return day


def _write(file: Path, unit: Unit, service: str, links: list[str], of: date) -> None:
    if file.suffix.lower() != ".pdf":
        raise Refused(tr("--sheet writes a PDF; name it {0}.", file.with_suffix(".pdf")))
    named = unit.service(service) if service else None
    label = named["label"] if named else ""
    pdf = visit_sheet(unit, label, links, of + OPENS, words("id"), secrets.token_bytes)
    write_file(file, pdf)
