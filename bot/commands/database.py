"""`skm db upgrade`: create the database, or bring it to this release."""

import typer

from bot.settings import load
from storage.database.connect import migrate, open_engine, said, shown


def upgrade() -> None:
    settings = load()
    engine = open_engine(settings.database_url)
    with said(engine):
        migrate(settings.database_url)
    typer.echo(f"The database {shown(engine)} is up to date.")
