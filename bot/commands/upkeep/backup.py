"""`skm backup`, `skm restore`, and `skm db restored`, which does the second half of it."""

import os
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import typer
from sqlalchemy import Connection, Engine

from bot.commands.open_database import opened, reading
from bot.commands.output import unwritten, working
from bot.commands.refusal import Refused
from bot.core.pseudonyms import OPERATOR
from bot.settings import Settings, load
from flows.operator_words import reason, tr
from reports.jobs.restored import Settled, settle
from storage.answers import votes
from storage.database import backup as backups
from storage.database import database_url, release, rollback_check
from storage.database.connect import migrate, open_engine, said, shown
from storage.database.in_use import kept_for_this_process
from storage.database.postgres import LONG
from storage.database.private_files import private_file
from storage.office import audit
from storage.scope import EVERYTHING
from storage.vault import SecretUnfit

RESTORE = "restore"  # its action in the log


def backup(file: Path, keep: int | None) -> None:
    """Raises BackupUnfit, DatabaseUnfit, Refused: then what lay there before still does."""
    settings, now = load(), int(time.time())
    engine = open_engine(settings.database_url, LONG)
    stamp = f"{datetime.fromtimestamp(now, UTC):%Y%m%dT%H%M%SZ}"
    into = file.with_stem(f"{file.stem}-{stamp}") if keep else file
    try:
        with said(engine), working("Copying"):
            _require_other(engine, into)
            _mark(engine, backups.BEGUN, now)
            _write(engine, into, settings.backup_key)
            _mark(engine, backups.DONE, now)
    except OSError as fault:
        raise unwritten(fault, fault.filename or into) from None
    finally:
        engine.dispose()
    if keep:
        for old in sorted(file.parent.glob(f"{file.stem}-*Z{file.suffix}"))[:-keep]:
            old.unlink()
    how = f"encrypted to {settings.backup_key}" if settings.backup_key else "not encrypted"
    typer.echo(tr("{0}: {1}, whole and checked, {2}.", into, _size(into), how))


def _require_other(engine: Engine, into: Path) -> None:
    """Raises Refused where the backup would take the database's own place."""
    own = database_url.file_of(engine.url)
    if own is not None and into.absolute() == own.absolute():
        raise Refused(tr("{0} is the database itself. Name another file.", into))
    if not into.absolute().parent.is_dir():
        raise Refused(tr("The folder {0} is not there. Make it first.", into.parent))
    if into.is_dir():
        raise Refused(
            tr("{0} is a folder. Name a file in it, such as {1}.", into, into / "skm.backup")
        )
    if into.is_file() and into.stat().st_size and not backups.is_one(into):
        raise Refused(tr("{0} is there already and no backup. Name another file.", into))


def _mark(engine: Engine, name: str, now: int) -> None:
    with engine.begin() as connection:
        backups.mark(connection, name, now)


def _write(engine: Engine, into: Path, to: str) -> None:
    """What is not encrypted yet lies beside the database, not where backups go."""
    own = database_url.file_of(engine.url)
    near = (own.absolute().parent if own else Path.cwd()) if to else into.absolute().parent
    with TemporaryDirectory(prefix=".skm-backup-", dir=near) as folder:
        plain = Path(folder) / "copy"
        backups.copy(engine, plain)
        backups.revision(plain)
        if not to:
            with plain.open("rb") as written:
                os.fsync(written.fileno())
            os.replace(plain, into)
            return
        sealed = Path(folder) / "sealed"
        backups.encrypt(plain, sealed, to)
        with private_file(into) as out, sealed.open("rb") as made:
            shutil.copyfileobj(made, out)
            out.flush()
            os.fsync(out.fileno())


def _size(file: Path) -> str:
    size = file.stat().st_size
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size} bytes"


def restore(file: Path, key: Path | None) -> None:
    """Raises BackupUnfit, DatabaseUnfit, Refused: then nothing was restored."""
    settings = load()
    engine = open_engine(settings.database_url, LONG)
    own = database_url.file_of(engine.url)
    try:
        near = own.absolute().parent if own else Path.cwd()
        with TemporaryDirectory(prefix=".skm-restore-", dir=near) as folder:
            plain = _plain(file, key, Path(folder) / "plain")
            _require_fit(engine, file, plain)
            with said(engine), working("Restoring"):
                backups.require_empty(engine)
                done = _put(settings, engine, plain, own)
    except OSError as fault:
        raise Refused(f"{fault.filename}: {reason(fault)}.") from None
    finally:
        engine.dispose()
    typer.echo(tr("{0} is restored into {1}.", file, shown(engine)))
    _say(done)
    typer.echo(tr("Now run: skm doctor, skm verify, skm run"))


def _plain(file: Path, key: Path | None, into: Path) -> Path:
    """The backup as it can be read; in every case a file that may be changed."""
    if backups.kind_of(file) != "age":
        shutil.copyfile(file, into)
    elif key is None:
        raise Refused(tr("{0} is encrypted. Name the file with its private key: --key FILE", file))
    else:
        backups.decrypt(file, into, key)
    into.chmod(0o600)
    return into


def _require_fit(engine: Engine, file: Path, plain: Path) -> None:
    """Raises Refused where it cannot be put in there."""
    kind = backups.kind_of(plain)
    if kind != engine.dialect.name:
        raise Refused(
            tr(
                "{0} is of {1}, and SKM_DATABASE_URL names {2}. Name a database of the same kind.",
                file,
                "SQLite" if kind == "sqlite" else "Postgres",
                shown(engine),
            )
        )
    found = backups.revision(plain)
    if not release.knows(found):
        raise Refused(
            tr(
                "{0} is of a newer release (migration {1}). Install that release first.",
                file,
                found,
            )
        )


def _put(settings: Settings, engine: Engine, plain: Path, own: Path | None) -> Settled:
    """A SQLite file gets its name once all is done: until then there is no database."""
    into = settings.database_url if own is None else f"sqlite:///{plain}"
    if own is None:
        backups.fill(engine, plain)
    migrate(into)
    file = rollback_check.file_of(engine, settings.state_dir)
    copied = open_engine(into, LONG)
    try:
        done = _settle(settings, copied, file)
    finally:
        copied.dispose()
    if own is not None:
        os.link(plain, own)  # fails where somebody made it meanwhile
    _accept(open_engine(settings.database_url, LONG), file)
    return done


def _settle(settings: Settings, engine: Engine, file: Path | None) -> Settled:
    now = int(time.time())
    with engine.begin() as connection:
        done = settle(connection, rollback_check.seen(file), now)
        after: dict[str, object] = {"missing_minutes": done.minutes, "given_up": done.given_up}
        after |= {"copied": done.copied and _minute(done.copied)}
        audit.note(connection, now, OPERATOR, RESTORE, EVERYTHING, after=after)
        _check_secret(settings, connection)
    return done


def _check_secret(settings: Settings, connection: Connection) -> None:
    try:
        if settings.secret_key.get_secret_value():
            votes.are_open(connection, settings.vault)
    except SecretUnfit as fault:
        typer.echo(str(fault), err=True)


def _accept(engine: Engine, file: Path | None) -> None:
    with reading(engine) as connection:
        content = rollback_check.content(connection)
    engine.dispose()
    try:
        rollback_check.keep(file, content)
    except OSError as fault:
        raise Refused(
            tr("{0} cannot be written: {1}. Mend that, then: skm db restored", file, reason(fault))
        ) from None


def restored() -> None:
    """`skm db restored`: a copy was put in place by other means. Raises DatabaseUnfit, Refused."""
    settings = load()
    with opened(settings) as engine, kept_for_this_process(engine):
        file = rollback_check.file_of(engine, settings.state_dir)
        done = _settle(settings, engine, file)
        _accept(open_engine(settings.database_url, LONG), file)
    typer.echo(tr("The database {0} is taken as it is.", shown(engine)))
    _say(done)


def _say(done: Settled) -> None:
    """What is missing, and what was done about it."""
    if done.copied is not None:
        typer.echo(tr("It is the database of {0}.", _minute(done.copied)))
    if done.lost is None:
        typer.echo(
            tr(
                "How far the lost one had come is not known: its -minutes file is not here "
                "(it goes by the database's name). What was erased since the backup may be "
                "back, and roles that were ended: see skm roles."
            )
        )
    else:
        said = "The lost one was last seen {0}: {1:minute|minutes} of work are missing."
        typer.echo(tr(said, _minute(done.lost), done.minutes))
    typer.echo(tr("Not sent: {0:message|messages} that waited in it.", done.given_up))
    typer.echo(
        tr(
            "{0:digest|digests} and reminders that were due since count as sent. Write one that "
            "was not: skm digest UNIT --out DIR",
            done.told,
        )
    )
    typer.echo(
        tr(
            "Destroyed again: {0:period key|period keys}, {1:erased answer|erased answers}, "
            "{2} ended roles. Withdrawn: {3:invitation|invitations}.",
            done.keys,
            done.answers,
            done.roles,
            done.invitations,
        )
    )


def _minute(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC"
