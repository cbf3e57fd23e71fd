"""`skm site`: the public site as files."""

import os
import time
from dataclasses import replace
from pathlib import Path

import typer

from bot.commands.open_database import opened
from bot.commands.output import unwritten, working
from bot.commands.refusal import Refused
from bot.settings import load
from flows.operator_words import tr
from reports.site import folder as site_folder
from reports.site.writing import write
from storage import units
from storage.database.rollback_check import file_of
from storage.scope import EVERYTHING


def site(out: Path, url: str | None, rows: bool) -> None:
    """Raises Refused: then the folder is as it was, or the next run goes on."""
    settings = load()
    with opened(settings) as engine:
        plan = settings.site(file_of(engine, settings.state_dir), url)
        plan = replace(plan, rows=rows, processes=len(os.sched_getaffinity(0)))
        with engine.connect().execution_options(reads=True) as connection:
            number = units.number_in(connection, EVERYTHING)
        try:
            with site_folder.opened(out) as folder, working(tr("Writing pages"), number) as advance:
                done = write(engine, folder, plan, int(time.time()), advance)
        except site_folder.FolderRefused as refused:
            raise Refused(_refused(refused.why, refused.at)) from refused
        except OSError as error:
            raise unwritten(error, error.filename or out) from error
    typer.echo(
        tr(
            "Site: {0:unit|units}, {1:file is|files are} new or different, in {2}.",
            number,
            done.files,
            out,
        )
    )


def _refused(why: str, at: Path) -> str:
    if why == "busy":
        return tr("Another skm site is writing {0}. Wait for it, or stop it.", at)
    says = "{0} is not empty, and skm site did not make it. Name an empty folder: --out DIR"
    return tr(says, at)
