"""`skm poster`: QR codes to hang at the counters."""

from pathlib import Path
from typing import Literal

import typer
from sqlalchemy import Connection

from bot.commands.files.units import require_name
from bot.commands.open_database import opened, reading
from bot.commands.output import write_file
from bot.commands.refusal import Refused
from bot.commands.scope import level_of, unit_of
from bot.settings import load
from flows.loader import words
from flows.operator_words import tr
from reports.printed.poster import MOST, Size, Way, posters
from storage import units
from storage.office import paper_details
from storage.scope import EVERYTHING
from storage.units import Unit


def poster(
    code: str | None,
    agency: str | None,
    everyone: bool,
    size: Literal["A4", "A5"],
    out: Path,
) -> None:
    """Write the PDF. Raises Refused."""
    settings = load()
    into = settings.links
    for each in into.all:
        require_name(each)
    with opened(settings) as engine, reading(engine) as connection:
        meant = _meant(connection, code, agency, everyone)
        logos = paper_details.logos(connection, meant)
    ways = [Way(w.app, w.bot, {u.code: w.unit(u.code) for u in meant}) for w in into.all]
    paper: Size = "a4" if size == "A4" else "a5"
    pdf = posters(meant, ways, paper, words("id"), logos)
    _write(out, pdf)
    typer.echo(tr("{0}: {1:poster|posters} on {2}.", out, len(meant), size))


def _meant(
    connection: Connection, code: str | None, agency: str | None, everyone: bool
) -> list[Unit]:
    if [bool(code), bool(agency), everyone].count(True) != 1:
        raise Refused(tr("Say whose posters: UNIT, --agency A or --all."))
    if code:
        return [unit_of(connection, code)]
    if agency:
        found = level_of(connection, "agency", agency)[1]
    else:
        found = units.in_scope(connection, EVERYTHING)
    if not found:
        raise Refused(tr("There are no units yet. Import them first: skm import units FILE"))
    if len(found) > MOST:
        raise Refused(
            tr(
                "{0:poster is|posters are} more than {1} for one file: name an --agency A.",
                len(found),
                MOST,
            )
        )
    return found


def _write(file: Path, pdf: bytes) -> None:
    if file.suffix.lower() != ".pdf":
        raise Refused(tr("--out writes a PDF; name it {0}.", file.with_suffix(".pdf")))
    write_file(file, pdf)
