"""Heads, and what the scheduler puts into the outbox for them."""

from datetime import UTC, datetime

from sqlalchemy import Engine, select

from storage.database.upsert import table_of
from storage.office import roles
from storage.tables import Outbox
from tests.support.offices import (
    Chance,
    scoped,
)

MINUTE, HOUR, DAY, WEEK = 60, 3_600, 86_400, 7 * 86_400


def utc(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> int:
    return int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp())


MONDAY = {"WIB": utc(11, 23, 1), "WITA": utc(11, 23, 0), "WIT": utc(11, 22, 23)}


LONG_AGO = utc(1, 5, 0)


def head(engine: Engine, address: str, scope: str, since: int = LONG_AGO) -> None:
    with engine.begin() as connection:
        token = roles.invite(connection, "head", scoped(scope), since, Chance(address + scope))
        roles.join(connection, token, address, since)


def put(engine: Engine) -> list[str]:
    """Keys of the outbox in the order they came."""
    table = table_of(Outbox)
    with engine.connect() as connection:
        return list(connection.execute(select(table.c.key).order_by(table.c.id)).scalars())
