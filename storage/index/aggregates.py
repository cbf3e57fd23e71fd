"""Rows that several processes add to at once, each of a unit and a time; found by their key."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Table, bindparam, select

from storage.database.upsert import insert_missing, put_all

Key = TypeVar("Key", bound=Any)
By = Callable[[Any], Mapping[str, object]]
"""From a row as it is to all of its columns but the key's."""


class Sums(Generic[Key]):
    """`key`: an ordered dataclass of the primary key's columns, `unit_id` among them. `time`: that
    of its columns by which a few are told from all of a unit's. `new`: the other columns of a row
    that nothing was added to yet."""

    def __init__(
        self, table: Table, key: Callable[..., Key], time: str, new: Mapping[str, object]
    ) -> None:
        names = table.primary_key.columns.keys()
        self._table, self._make, self._names = table, key, names
        self._time, self._new = time, new
        self._locked = (
            select(table)
            .where(
                table.c.unit_id.in_(bindparam("units", expanding=True)),
                table.c[time].between(bindparam("first"), bindparam("last")),
            )
            .order_by(*(table.c[name] for name in names))
            .with_for_update()
        )

    def change(self, connection: Connection, changes: Mapping[Key, By]) -> None:
        """Change each of these rows to what is made of it.

        Rows are made and then locked, each in their order: two processes that change some of the
        same add up, and neither waits for the other.
        """
        if not changes:
            return
        wanted = sorted(changes)
        insert_missing(connection, self._table, [{**self._of(k), **self._new} for k in wanted])
        kept = dict(self._lock(connection, changes.keys()))
        rows = [{**self._of(key), **changes[key](kept[key])} for key in wanted]
        put_all(connection, self._table, rows)

    def _of(self, key: Key) -> dict[str, object]:
        return {name: getattr(key, name) for name in self._names}

    def _lock(self, connection: Connection, wanted: Collection[Key]) -> Iterator[tuple[Key, Any]]:
        """The rows of these units and times: more than are wanted, but found by one index."""
        times = [getattr(key, self._time) for key in wanted]
        around = {
            "units": sorted({key.unit_id for key in wanted}),
            "first": min(times),
            "last": max(times),
        }
        for row in connection.execute(self._locked, around):
            yield self._make(*(getattr(row, name) for name in self._names)), row
