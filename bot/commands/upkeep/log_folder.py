"""`skm log`: the transparency log as a folder for everybody, with the program that verifies it; the
same that `skm site` has below its `log/`."""

from pathlib import Path

import typer
from sqlalchemy import Connection

from bot.commands.open_database import opened, reading
from bot.commands.output import writing_into
from bot.commands.refusal import Refused
from bot.settings import load
from flows.operator_words import tr
from reports.site import log_files
from reports.site.catalogue import not_proved
from storage import units
from storage.database.rollback_check import file_of
from storage.index import published, sheets
from storage.scope import EVERYTHING


def folder(out: Path) -> None:
    """Raises Refused where nothing is signed yet, or it cannot be written."""
    settings = load()
    with opened(settings) as engine, reading(engine) as connection:
        key = settings.site(file_of(engine, settings.state_dir)).key
        signed = log_files.signed(connection, key) if key else []
        if not signed:
            says = (
                "There is no signed checkpoint yet: set SKM_LOG_KEY (skm keys log NAME); skm run "
                "signs one a day."
            )
            raise Refused(tr(says))
        with writing_into(out):
            number = _write_sheets(out, connection)
            log_files.write_log(out, connection, signed, key)
    program = out / "verify_skm.py"
    of = (signed[-1].size, len(signed), number, out, f"{program} {out}")
    typer.echo(
        tr(
            "Log: {0:entry|entries}, {1:checkpoint|checkpoints}, {2:sheet|sheets} in {3}. "
            "Verify it: python3 {4}",
            *of,
        )
    )


def _write_sheets(out: Path, connection: Connection) -> int:
    """Those that are in the log so far; their number."""
    hidden, number = not_proved(connection), 0
    ids = sheets.publishing(connection)
    codes = {each.id: each.code for each in units.in_scope(connection, EVERYTHING)}
    for at in range(0, len(ids), published.AT_ONCE):
        part = ids[at : at + published.AT_ONCE]
        found = published.of_units(connection, part).values()
        kept = [each for of in found for each in of if each.hash not in hidden]
        log_files.write_sheets(out, connection, kept, codes)
        number += len(kept)
    return number
