"""A Postgres connection that never waits without end: not for a lock, a statement or a server.

Lock and statement limits are the server's own. A server that is stopped keeps none of them, and its
kernel still answers TCP: so the connection itself gives up after a silence. The driver is imported
where it is used: nobody who keeps answers in SQLite waits for it.
"""

import os
import socket
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL

CONNECT = 5  # seconds until a server that does not answer is called unreachable
# A machine that is gone is noticed in 5 + 3 × 3 seconds while we listen, in 12 while we speak.
_TCP = {
    "keepalives": "1",
    "keepalives_idle": "5",
    "keepalives_interval": "3",
    "keepalives_count": "3",
    "tcp_user_timeout": "12000",
}


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: to wait for a lock, for a statement, and for any answer of the server; and how long
    the server keeps a transaction in which nothing is said (its process may be stopped)."""

    lock: float
    statement: float
    silence: float
    idle: float


QUICK = Patience(lock=1, statement=10, silence=12, idle=30)  # somebody waits for a screen
LONG = Patience(lock=30, statement=3_600, silence=3_660, idle=3_600)  # reports, checks, migrations


def this_process() -> str:
    """What this process is called on the server."""
    return f"skm {socket.gethostname()} {os.getpid()}"[:63]  # as Postgres cuts it


def is_in_the_way(fault: BaseException | None) -> bool:
    """Whether a lock or a limit stopped a statement: to try again at once would wait again."""
    from psycopg.errors import LockNotAvailable, QueryCanceled

    return isinstance(fault, LockNotAvailable | QueryCanceled)


def engine_of(url: URL, patience: Patience) -> Engine:
    """What the URL itself sets goes before ours."""
    import psycopg
    from psycopg.errors import _WaitTimeout

    limits = {
        "lock_timeout": patience.lock,
        "statement_timeout": patience.statement,
        "idle_in_transaction_session_timeout": patience.idle,
    }
    said = " ".join(f"-c {name}={round(1_000 * limit)}" for name, limit in limits.items())
    ours = {
        **_TCP,
        "connect_timeout": str(CONNECT),
        "fallback_application_name": this_process(),
    }
    given = {name: value for name, value in ours.items() if name not in url.query}
    given["options"] = f"{said} {url.query.get('options', '')}".strip()
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),  # which is shown: as it was given
        connect_args=given,
        hide_parameters=True,
        json_deserializer=msgspec.json.decode,
        pool_pre_ping=True,
    )

    class Connection(psycopg.Connection[Any]):
        """Its own engine's: SQLAlchemy hands on nothing else that could tell it its patience."""

        def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
            try:
                return super().wait(gen, interval, timeout or patience.silence)
            except _WaitTimeout:
                self.pgconn.finish()  # what it would still say is nobody's
                silence = f"no answer of the server for {patience.silence:g} s"
                raise psycopg.OperationalError(silence) from None

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, args: Any, given: Any) -> Any:
        return Connection.connect(*args, **given)

    event.listen(engine, "handle_error", _quote_nothing)
    return engine


def _quote_nothing(context: Any) -> None:
    """Postgres shows the whole row in an error's detail, and bad input (class 22) in its text."""
    fault = context.original_exception
    state = getattr(fault, "sqlstate", None)
    if state is None:  # the driver's own, such as a connection that fails
        return
    plain = f"SQLSTATE {state}" if state.startswith("22") else fault.diag.message_primary
    fault.args = (plain,)
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.args = (f"({type(fault).__name__}) {plain}",)
