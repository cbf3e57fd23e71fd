"""SKM_DATABASE_URL read, and shown without what is secret in it."""

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from flows.operator_words import tr

KINDS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
# Of what follows the “?”, which may say a password, these are shown.
SHOWN = ("host", "port", "sslmode", "mode", "uri", "timeout", "connect_timeout")
OF_SQLITE = {"timeout", "uri", "mode"}


class DatabaseUnfit(Exception):
    """The database cannot be used as it is; the message says what to do."""


def read(url: str) -> URL:
    """Raises DatabaseUnfit, which shows no part of it: any may be a piece of a password."""
    try:
        parsed = make_url(url.strip())
        kind = KINDS[parsed.get_backend_name()]
    except (ArgumentError, KeyError, ValueError):
        raise DatabaseUnfit(
            tr(
                "SKM_DATABASE_URL is no database that skm knows. Use sqlite:///skm.db or "
                "postgresql://user:password@host/name."
            )
        ) from None
    if kind == "sqlite":
        _check_sqlite(url, parsed)
    else:
        _check_postgres(url, parsed)
    return parsed.set(drivername=kind)


def _check_sqlite(url: str, parsed: URL) -> None:
    """What is not known would be passed over, and a path with a “?” in it cut short. Without a
    file, or with two strokes, all would be kept in memory: each command begins with nothing."""
    if parsed.host or not parsed.database or parsed.database == ":memory:":
        raise DatabaseUnfit(
            tr(
                "SKM_DATABASE_URL names no file. Write three strokes and the file, such as "
                "sqlite:///skm.db; four where its path begins with one, such as "
                "sqlite:////var/lib/skm/skm.db."
            )
        )
    if not parsed.query.keys() <= OF_SQLITE or ("?" in url and not parsed.query):
        raise DatabaseUnfit(
            tr(
                "SKM_DATABASE_URL names an option that SQLite does not know, after its “?”. "
                "Such is timeout=10. In a path write ? as %3F."
            )
        )


def _check_postgres(url: str, parsed: URL) -> None:
    from psycopg import ProgrammingError  # not where the database is SQLite
    from psycopg.conninfo import make_conninfo

    if url.count("@") > 1:  # the rest of the password would be taken for the host, and shown
        raise DatabaseUnfit(
            tr(
                "SKM_DATABASE_URL has more than one “@”. In a password write @ as %40, / as "
                "%2F, : as %3A, ? as %3F and # as %23."
            )
        )
    try:
        make_conninfo("", **dict.fromkeys(parsed.query, "1"))
    except ProgrammingError:
        raise DatabaseUnfit(
            tr(
                "SKM_DATABASE_URL names an option that Postgres does not know, after its "
                "“?”. Such are sslmode=require and connect_timeout=10."
            )
        ) from None


def database_file(url: str) -> Path | None:
    """The file of a SQLite database; None of any other, of a URI's, and of what is none."""
    try:
        return file_of(read(url))
    except DatabaseUnfit:
        return None


def file_of(url: URL) -> Path | None:
    name = url.database or ""
    if url.get_backend_name() != "sqlite" or name.startswith("file:"):
        return None
    return Path(name)


def secrets(url: str) -> list[str]:
    """What must not be shown of it; nothing of one that cannot be read."""
    try:
        parsed = read(url)
    except DatabaseUnfit:
        return []
    hidden = [value for name, value in parsed.query.items() if "pass" in name]
    return [each for each in (parsed.password, *hidden) if isinstance(each, str)]


def shown(url: URL) -> str:
    """For people: without its password, wherever that stands."""
    query = {name: value if name in SHOWN else "…" for name, value in url.query.items()}
    plain = url.set(query=query).render_as_string(hide_password=True)
    return plain.replace("%E2%80%A6", "…").replace("postgresql+psycopg:", "postgresql:")
