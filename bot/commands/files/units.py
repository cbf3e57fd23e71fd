"""Units and the links to them: `skm import units`, `skm link`, `skm invite`."""

import secrets
import time
from collections import Counter
from pathlib import Path

import typer

from bot.commands.open_database import changing, opened, reading
from bot.commands.output import say_left_out, write_file
from bot.commands.refusal import Refused
from bot.commands.scope import scope_of, service_of, unit_of
from bot.core.links import Links
from bot.core.pseudonyms import OPERATOR
from bot.settings import load
from flows.engine.clean_text import tidy
from flows.engine.form import Line
from flows.loader import words
from flows.office.role_management import FUNCTION
from flows.operator_words import spoken, tr
from reports.printed.qr import qr_png
from storage import questionnaires, units
from storage.files import unit_file
from storage.files.refused import named
from storage.office import audit, roles
from storage.office.roles import RoleName
from storage.scope import Scope, agency


def import_units(file: Path, sheet: str | None, dry_run: bool) -> None:
    """Raises FileRefused: then nothing was imported."""
    now = int(time.time())
    read = unit_file.read(file, now, sheet)
    with opened(load()) as engine, changing(engine, dry_run) as connection:
        questionnaires.keep_first(connection, read.rows)
        added, updated = units.save(connection, read.rows)
        for name, number in Counter(row["agency"] for row in read.rows).items():
            after = {"units": number}
            audit.note(connection, now, OPERATOR, "edit_units", agency(name), after=after)
    typer.echo(tr("{0:unit|units} added, {1} updated.", added, updated))
    say_left_out(read.left_out)
    if read.undrawn:
        letters = Line("file.undrawn", {"letters": read.undrawn})
        typer.echo(words(spoken()).line(letters), err=True)
    if read.unread:
        typer.echo(tr("Columns that were not read: {0}.", named(read.unread)), err=True)


def link(code: str, service: str | None, qr: Path | None) -> None:
    settings = load()
    with opened(settings) as engine, reading(engine) as connection:
        unit = unit_of(connection, code)
    asked = "" if service is None else service_of(unit, service)
    into = settings.links
    give_link(into.unit(unit.code, asked), into, qr)
    for other in settings.each_links:
        typer.echo(other.unit(unit.code, asked))


def invite(role: RoleName, scope: str, function: str) -> None:
    """Raises Refused, also for a function that no button has room for."""
    said = " ".join(tidy(function).split())
    if len(said) > FUNCTION:
        raise Refused(tr("A function has at most {0} characters.", FUNCTION))
    settings = load()
    with opened(settings) as engine, engine.begin() as connection:
        kept = scope_of(connection, role, scope)
        now = int(time.time())
        token = roles.invite(connection, role, kept, now, secrets.token_bytes, function=said)
        after = {"role": role, "function": said}
        audit.note(connection, now, OPERATOR, "invite", kept, after=after)
    into = settings.links
    for link in into.invitations(token):
        typer.echo(link)
    typer.echo(_to_do(into, role, kept), err=True)
    for each in into.chats:
        say_unnamed(each)


def _to_do(into: Links, role: RoleName, scope: Scope) -> str:
    """What to do with the links of an invitation, beside them: a program reads links alone."""
    said = role, scope.name, roles.VALID // 86_400
    if len(into.chats) > 1:
        return tr(
            "Send whoever is to be {0} of {1} the link of the chat they use. "
            "One of them works, once, within {2:day|days}.",
            *said,
        )
    if into.is_typed and not into.chats:
        return tr("Who is to be {0} of {1} types this into the chat, within {2:day|days}.", *said)
    return tr(
        "Send this to whoever is to be {0} of {1}. "
        "Opened once, within {2:day|days}, it gives them the role.",
        *said,
    )


def _write(file: Path, png: bytes) -> None:
    if file.suffix.lower() != ".png":
        raise Refused(tr("--qr writes a PNG picture; name it {0}.", file.with_suffix(".png")))
    write_file(file, png)


def give_link(found: str, links: Links, qr: Path | None) -> None:
    """Print a link, and write its picture if a file is named. Raises Refused."""
    if qr is not None:
        require_name(links)
        _write(qr, qr_png(found))
    typer.echo(found)
    say_unnamed(links)


def require_name(links: Links) -> None:
    """What is printed hangs for months. Raises Refused where its codes would name no bot."""
    if links.fault:
        raise Refused(links.fault)


def say_unnamed(links: Links) -> None:
    """A word on stderr where links have no bot's name in them."""
    if links.fault:
        typer.echo(links.fault, err=True)
