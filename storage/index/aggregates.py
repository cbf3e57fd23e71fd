"""Rows that several processes add to at once, each of a unit and a time; found by their key."""

from collections.abc import Callable, Collection, Iterable, Mapping
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Table, bindparam, select

from storage.database.upsert import insert_new, put_all

Key = TypeVar("Key", bound=Any)
Made = Callable[[Key, Any], Mapping[str, object]]
"""From a key and its row as it is to all of the row's columns but the key's."""


class Sums(Generic[Key]):
    """`key`: a named tuple of the primary key's columns, `unit_id` among them. `time`: that
    of its columns by which a few are told from all of a unit's. `new`: the other columns of a row
    that nothing was added to yet."""

    def __init__(self, table: Table, key: type[Key], time: str, new: Mapping[str, object]) -> None:
        keys = [table.c[name] for name in key._fields]
        self._table, self._make, self._size = table, key, len(keys)
        self._time, self._new = time, SimpleNamespace(**new)
        around = (
            table.c.unit_id.in_(bindparam("units", expanding=True)),
            table.c[time].between(bindparam("first"), bindparam("last")),
        )
        self._there = select(*keys).where(*around)
        # The key first, as in the table.
        self._locked = select(table).where(*around).order_by(*keys).with_for_update()

    def change(self, connection: Connection, wanted: Collection[Key], made_of: Made[Key]) -> None:
        """Change each of these rows to what is made of it.

        Rows are made and then locked, each in their order: two processes that change some of the
        same add up, and neither waits for the other.
        """
        if not wanted:
            return
        there = {self._make(*row) for row in self._around(connection, self._there, wanted)}
        missing = [key for key in sorted(wanted) if key not in there]
        rows = [{**key._asdict(), **made_of(key, self._new)} for key in missing]
        made = {self._make(*key) for key in insert_new(connection, self._table, rows)}
        rest = set(wanted) - made  # what another process has made meanwhile is changed, too
        if rest:
            locked = self._around(connection, self._locked, rest)
            kept = {self._make(*row[: self._size]): row for row in locked}
            rows = [{**key._asdict(), **made_of(key, kept[key])} for key in sorted(rest)]
            put_all(connection, self._table, rows)

    def _around(self, connection: Connection, query: Any, wanted: Collection[Key]) -> Iterable[Any]:
        """The rows of these units and times: more than are wanted, but found by one index."""
        times = [getattr(key, self._time) for key in wanted]
        around = {
            "units": sorted({key.unit_id for key in wanted}),
            "first": min(times),
            "last": max(times),
        }
        return connection.execute(query, around)
