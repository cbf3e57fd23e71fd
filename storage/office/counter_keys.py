"""Keys by which a machine at a counter may make visit links. Only hashes are kept."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from storage.database import destroyed
from storage.database.upsert import table_of
from storage.office.roles import hash_of
from storage.office_tables import CounterKey
from storage.vault import Random

_k = table_of(CounterKey)
_OF_KEY = select(_k).where(_k.c.hash == bindparam("hash"))
_USED = (
    update(_k)
    .where(_k.c.hash == bindparam("this"), _k.c.used_on.is_distinct_from(bindparam("day")))
    .values(used_on=bindparam("day"))
)


@dataclass(frozen=True, slots=True)
class Counter:
    """`id` names it and opens nothing; `service`: its id, "" for any."""

    id: str
    unit_id: int
    service: str
    name: str
    since: int
    used_on: date | None


def make(
    connection: Connection, unit_id: int, service: str, name: str, at: int, random: Random
) -> tuple[str, Counter]:
    """The key, shown this once, and what it is kept as."""
    key = base64.urlsafe_b64encode(random(24)).decode()
    made = Counter(random(6).hex(), unit_id, service, name, at, None)
    row = {each: getattr(made, each) for each in Counter.__slots__}
    connection.execute(insert(_k).values(hash=hash_of(key), **row))
    return key, made


def whose(connection: Connection, key: str) -> Counter | None:
    row = connection.execute(_OF_KEY, {"hash": hash_of(key)}).first()
    return _counter(row) if row else None


def use(connection: Connection, key: str, day: date) -> bool:
    """Whether it is the first time on that day."""
    return connection.execute(_USED, {"this": hash_of(key), "day": day}).rowcount == 1


def every(connection: Connection) -> Sequence[Counter]:
    query = select(_k).order_by(_k.c.unit_id, _k.c.name, _k.c.id)
    return [_counter(row) for row in connection.execute(query)]


def end(connection: Connection, id: str) -> None:
    connection.execute(delete(_k).where(_k.c.id == id))
    destroyed.note(connection, destroyed.counter(id))


def _counter(row: object) -> Counter:
    return Counter(**{each: getattr(row, each) for each in Counter.__slots__})
