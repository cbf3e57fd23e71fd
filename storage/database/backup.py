"""A copy of the whole database as one file, made while skm runs, and put back into an empty place.

SQLite: a SQLite file, by SQLite's own backup. Postgres: pg_dump's custom format. A file that was
encrypted to a public key is in the format of age (age-encryption.org), which opens with `age`, too.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Engine, inspect, select

from flows.operator_words import tr
from storage.database.connect import shown
from storage.database.database_url import DatabaseUnfit
from storage.database.upsert import put_all, table_of
from storage.tables import Edition

KINDS = {b"SQLite format 3\0": "sqlite", b"PGDMP": "postgresql", b"age-encryption.org/": "age"}
# Rows of `Edition`, in minutes since 1970: when a copy was begun (the copy has it, too), and when
# the last one was whole and checked.
BEGUN, DONE = "backup begun", "backup done"

_e = table_of(Edition)


class BackupUnfit(DatabaseUnfit):
    """A file is no backup that can be put back here, or could not be made; the message says why."""


def mark(connection: Connection, name: str, at: int) -> None:
    put_all(connection, _e, [{"name": name, "number": at // 60}])


def marked(connection: Connection, name: str) -> int | None:
    """When (Unix seconds), to the minute."""
    number = connection.execute(select(_e.c.number).where(_e.c.name == name)).scalar()
    return None if number is None else 60 * int(number)


def kind_of(file: Path) -> str:
    """sqlite, postgresql or age. Raises BackupUnfit, OSError."""
    with file.open("rb") as opened:
        start = opened.read(32)
    for magic, kind in KINDS.items():
        if start.startswith(magic):
            return kind
    raise BackupUnfit(tr("{0} is no backup of skm.", file))


def is_one(file: Path) -> bool:
    """Whether a file begins as a backup does. Raises OSError."""
    try:
        return bool(kind_of(file))
    except BackupUnfit:
        return False


def copy(engine: Engine, into: Path) -> None:
    """One state of the database, beside whoever writes. `into`: a new file. Raises DatabaseUnfit,
    BackupUnfit."""
    os.close(os.open(into, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    if engine.dialect.name == "postgresql":
        with _service(engine) as service:
            _tool("pg_dump", "--format=custom", f"--file={into}", "--dbname=service=skm", **service)
        return
    raw = engine.raw_connection()
    try:
        with closing(sqlite3.connect(into)) as copied:
            raw.dbapi_connection.backup(copied)  # type: ignore[union-attr]
            copied.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
    finally:
        raw.close()


def revision(file: Path) -> str:
    """The migration it is of; reads the file to its end. Raises BackupUnfit where it is damaged,
    cut short, or has none."""
    found = _in_sqlite(file) if kind_of(file) == "sqlite" else _in_dump(file)
    if not found:
        raise BackupUnfit(tr("{0} has no tables of skm.", file))
    return found


def _in_sqlite(file: Path) -> str | None:
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            said = str(opened.execute("PRAGMA integrity_check(1)").fetchone()[0])
            if said != "ok":
                raise BackupUnfit(tr("{0} is damaged: {1}.", file, said))
            row = opened.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as fault:
        raise BackupUnfit(tr("{0} cannot be read: {1}.", file, fault)) from None
    return str(row[0]) if row else None


def _in_dump(file: Path) -> str | None:
    _tool("pg_restore", f"--file={os.devnull}", str(file))
    said = _tool("pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(file))
    lines = iter(said.splitlines())
    return next((next(lines, None) for line in lines if line.startswith("COPY ")), None)


def require_empty(engine: Engine) -> None:
    """Raises DatabaseUnfit where anything is there that would be written over."""
    if engine.dialect.name == "postgresql":
        if inspect(engine).get_table_names():
            raise BackupUnfit(
                tr(
                    "{0} has tables already, and nothing is written over. Make an empty database "
                    "(createdb NAME) and name it in SKM_DATABASE_URL.",
                    shown(engine),
                )
            )
        return
    named = Path(engine.url.database or "")
    there = [file for end in ("", "-wal", "-shm") if (file := Path(f"{named}{end}")).exists()]
    if there:
        raise BackupUnfit(
            tr(
                "{0} is there already, and nothing is written over. Move it away first: "
                "mkdir lost && mv {1} lost/",
                there[0],
                " ".join(map(str, there)),
            )
        )


def fill(engine: Engine, dump: Path) -> None:
    """Put a dump into an empty Postgres database, all of it or nothing. Raises BackupUnfit."""
    all_or_nothing = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges")
    with _service(engine) as service:
        _tool("pg_restore", *all_or_nothing, "--dbname=service=skm", str(dump), **service)


def encrypt(plain: Path, into: Path, to: str) -> None:
    """Raises BackupUnfit for a public key that is none."""
    import pyrage

    try:
        recipient = pyrage.x25519.Recipient.from_str(to)
    except pyrage.RecipientError:
        raise BackupUnfit(tr("SKM_BACKUP_KEY is no public key of age (age1…).")) from None
    with plain.open("rb") as read, into.open("wb") as written:
        pyrage.encrypt_io(read, written, [recipient])


def decrypt(file: Path, into: Path, key: Path) -> None:
    """`key`: a file with the private key, as `skm keys pair` or age-keygen writes it. Raises
    BackupUnfit, OSError."""
    import pyrage

    lines = [line.strip() for line in key.read_text("utf-8", errors="replace").splitlines()]
    try:
        mine = [
            pyrage.x25519.Identity.from_str(line) for line in lines if line and line[0] not in "#"
        ]
        with file.open("rb") as read, into.open("wb") as written:
            pyrage.decrypt_io(read, written, mine)
    except pyrage.IdentityError:
        raise BackupUnfit(tr("{0} holds no private key of age (AGE-SECRET-KEY-1…).", key)) from None
    except pyrage.DecryptError as fault:
        raise BackupUnfit(tr("{0} cannot be opened with {1}: {2}.", file, key, fault)) from None
    except OSError as fault:
        if fault.errno is not None:
            raise
        raise BackupUnfit(tr("{0} cannot be opened: it is damaged or cut short.", file)) from None


@contextmanager
def _service(engine: Engine) -> Iterator[dict[str, str]]:
    """How Postgres' tools reach the database: by a file, for an argument is seen by everybody at
    this machine."""
    url = engine.url
    said: dict[str, object] = {"host": url.host, "port": url.port, "dbname": url.database}
    said |= {"user": url.username, "password": url.password, **url.query}
    lines = [f"{name}={value}\n" for name, value in said.items() if value is not None]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "service"
        file.write_text("".join(["[skm]\n", *lines]))
        yield {"PGSERVICEFILE": str(file)}


def _tool(program: str, *words: str, **environment: str) -> str:
    """What it said. Raises BackupUnfit."""
    found = shutil.which(program)
    if found is None:
        raise BackupUnfit(
            tr(
                "{0} is not installed. It comes with PostgreSQL's client, of the server's "
                "version or a newer one (Debian, Ubuntu: apt install postgresql-client).",
                program,
            )
        )
    done = subprocess.run(  # noqa: S603 (no shell; the words are ours and a file's name)
        [found, *words], env={**os.environ, **environment}, capture_output=True, text=True
    )
    if done.returncode:
        why = next(iter(done.stderr.strip().splitlines()[-1:]), f"exit code {done.returncode}")
        raise BackupUnfit(f"{why.removesuffix('.')}.")
    return done.stdout
