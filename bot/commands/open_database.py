"""The database of a command: opened, found up to date, and every trouble with it a sentence; and
what a command changes only once it is sure."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from sqlalchemy import Connection, Engine

from bot.commands.refusal import Refused
from bot.settings import Settings
from flows.operator_words import tr
from storage.database import rollback_check
from storage.database.connect import open_engine, require_current, said
from storage.database.postgres import LONG
from storage.database.rollback_check import require_not_lost


@contextmanager
def opened(settings: Settings) -> Iterator[Engine]:
    """Raises DatabaseUnfit where it is not there, not of this release, or goes away."""
    engine = open_engine(settings.database_url, LONG)
    try:
        with said(engine):
            folder = settings.state_dir
            require_not_lost(engine, rollback_check.file_of(engine, folder))
            require_current(engine)
            yield engine
    finally:
        engine.dispose()


def reading(engine: Engine) -> Connection:
    """One state of the database, beside any writer; on SQLite another connection would keep
    citizens' answers waiting until it is done."""
    return engine.connect().execution_options(reads=True)


@contextmanager
def changing(engine: Engine, dry_run: bool) -> Iterator[Connection]:
    """A transaction: committed at the end, or taken back and said so."""
    with engine.connect() as connection, connection.begin() as transaction:
        yield connection
        if dry_run:
            transaction.rollback()
            say_dry_run()


def say_dry_run() -> None:
    typer.echo(tr("This is what would be done. Nothing was changed: --dry-run."), err=True)


def sure(yes: bool, question: str, otherwise: str = "") -> None:
    """Before what is final. Raises Refused where the answer is no, and without a terminal."""
    if yes:
        return
    otherwise = otherwise or tr("Nothing was done")
    if not _at_a_terminal():
        raise Refused(tr("{0} {1}: no terminal to ask at. Add --yes.", question, otherwise))
    if not typer.confirm(question):
        raise Refused(f"{otherwise}.")


def agreed(yes: bool, question: str) -> bool:
    """Before what can be undone: asked at a terminal only."""
    return yes or not _at_a_terminal() or typer.confirm(question, default=True)


def _at_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()
