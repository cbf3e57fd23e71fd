"""`skm db upgrade`: create the database, or bring it to this release."""

import typer

from bot.settings import load
from storage.database.connect import migrate, open_engine, said, shown
from storage.database.rollback_check import file_of, require_not_lost


def upgrade() -> None:
    settings = load()
    engine = open_engine(settings.database_url)
    with said(engine):
        require_not_lost(engine, file_of(engine, settings.state_dir))
        migrate(settings.database_url)
    typer.echo(f"The database {shown(engine)} is up to date.")
