"""`skm --version`: program, database, and the libraries that matter when something fails."""

import platform
import sqlite3
from importlib.metadata import PackageNotFoundError, version

import typer

from bot.core.setting import SettingsUnfit
from bot.settings import load
from flows.operator_words import tr
from storage.database import release, sqlite
from storage.database.connect import open_engine, said, shown
from storage.database.database_url import DatabaseUnfit

LIBRARIES = (
    "aiogram",
    "python-telegram-bot",
    "pywa",
    "sqlalchemy",
    "alembic",
    "psycopg",
    "starlette",
    "uvicorn",
    "pydantic",
    "apscheduler",
    "typst",
    "pypdfium2",
)


def versions() -> None:
    typer.echo(tr("skm {0}", release.VERSION))
    typer.echo(tr("database: {0}; this release needs migration {1}", _database(), release.head()))
    python = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    typer.echo(", ".join((python, *_libraries())))


def _database() -> str:
    try:
        engine = open_engine(load().database_url)
        if sqlite.File(engine.url).is_missing():
            return tr("{0}, not made yet", shown(engine))
        with said(engine), engine.connect() as connection:
            at = release.revision_of(connection)
            kind = connection.dialect.name
            number = ".".join(map(str, connection.dialect.server_version_info or ()))
        engine.dispose()
    except (DatabaseUnfit, SettingsUnfit) as fault:
        return str(fault).replace("\n", " ").rstrip(".")
    tables = tr("migration {0}", at) if at else tr("no tables yet")
    return f"{shown(engine)} ({kind} {number}), {tables}"


def _libraries() -> list[str]:
    found = []
    for name in LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return found
