"""The database of a command: opened, found up to date, and every trouble with it a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError, OperationalError

from bot.settings import Settings
from storage.database import DatabaseUnfit, open_engine, require_current, shown, unreachable


@contextmanager
def opened(settings: Settings) -> Iterator[Engine]:
    """Raises DatabaseUnfit where it is not there, not of this release, or goes away."""
    engine = open_engine(settings.database_url)
    try:
        with said(engine):
            require_current(engine)
            yield engine
    finally:
        engine.dispose()


@contextmanager
def said(engine: Engine) -> Iterator[None]:
    """Raises DatabaseUnfit for what the database says of itself, not for what we asked wrongly."""
    try:
        yield
    except OperationalError as error:
        raise unreachable(engine, error) from error
    except DatabaseError as error:
        if type(error) is not DatabaseError:
            raise
        raise DatabaseUnfit(
            f"{shown(engine)} is no database of skm ({error.orig}). Check SKM_DATABASE_URL."
        ) from error
