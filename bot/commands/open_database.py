"""The database of a command: opened, found up to date, and every trouble with it a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from bot.settings import Settings
from storage.database.connect import open_engine, require_current, said
from storage.database.postgres import LONG


@contextmanager
def opened(settings: Settings) -> Iterator[Engine]:
    """Raises DatabaseUnfit where it is not there, not of this release, or goes away."""
    engine = open_engine(settings.database_url, LONG)
    try:
        with said(engine):
            require_current(engine)
            yield engine
    finally:
        engine.dispose()
