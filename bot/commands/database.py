"""`skm db upgrade`: create the database, or bring it to this release. `skm db restored`: go on
from a backup that was put in its place."""

import time

import typer

from bot.commands.open_database import opened
from bot.commands.refusal import Refused
from bot.settings import load
from storage.chat import outbox
from storage.database import rollback_check
from storage.database.connect import kept_for_this_process, migrate, open_engine, said, shown


def upgrade() -> None:
    settings = load()
    engine = open_engine(settings.database_url)
    with said(engine):
        migrate(settings.database_url)
    typer.echo(f"The database {shown(engine)} is up to date.")


def restored() -> None:
    """Raises DatabaseUnfit, Refused."""
    settings = load()
    with opened(settings) as engine, kept_for_this_process(engine):
        file = rollback_check.file_of(engine, settings.state_dir)
        with engine.begin() as connection:
            dropped = outbox.drop_unsent(connection, int(time.time()), "a backup was restored")
            try:
                rollback_check.accept(connection, file)
            except OSError as fault:
                raise Refused(f"{file} cannot be written: {fault.strerror}.") from None
    typer.echo(
        f"The database {shown(engine)} is taken as it is. {dropped} messages that waited in it are "
        "not sent. Digests of the time that is missing are sent again."
    )
