"""Insert what may be there already: the unique key decides, and the caller is told.

Also how many rows are written over at once: Postgres would keep a plan for such an UPDATE that it
made while the table was small, and read all of it for every row from then on.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any

from sqlalchemy import Connection, Insert, Select, Table
from sqlalchemy.sql.dml import ReturningInsert


def _insert_into(dialect: str, table: Table) -> Any:
    """Of the database that is used alone: the other's module is slow to import."""
    return import_module(f"sqlalchemy.dialects.{dialect}").insert(table)


@cache
def _insert(dialect: str, table: Table) -> Insert:
    statement: Insert = _insert_into(dialect, table).on_conflict_do_nothing()
    # Without this, psycopg's cursor is closed before anybody reads how many rows were new.
    return statement.execution_options(preserve_rowcount=True)


def insert_once(connection: Connection, table: Table, **values: object) -> bool:
    """True if the row is new, False if a row with one of its unique keys was there before."""
    result = connection.execute(_insert(connection.dialect.name, table), values)
    return result.rowcount == 1


def insert_from(
    connection: Connection, table: Table, row: Mapping[str, Any], query: Select[Any]
) -> int:
    """Insert what a query finds, save where a unique key is there already; how many rows. `row`
    names the query's columns. SQLite wants a WHERE in the query."""
    insert = _insert_into(connection.dialect.name, table).from_select(list(row), query)
    statement = insert.on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return int(connection.execute(statement).rowcount)


def insert_missing(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]
) -> None:
    """Insert, one after the other, the rows whose unique keys are not there yet."""
    if rows:
        connection.execute(_insert(connection.dialect.name, table), rows)


@cache
def _insert_new(dialect: str, table: Table) -> ReturningInsert[Any]:
    insert = _insert_into(dialect, table).on_conflict_do_nothing()
    statement: ReturningInsert[Any] = insert.returning(*table.primary_key.columns)
    return statement


def insert_new(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]
) -> Iterable[Any]:
    """Insert, one after the other, the rows whose unique keys are not there yet; their primary
    keys."""
    return connection.execute(_insert_new(connection.dialect.name, table), rows) if rows else ()


@cache
def _put(dialect: str, table: Table) -> Insert:
    insert = _insert_into(dialect, table)
    keys = table.primary_key.columns.keys()
    others = {column.name: insert.excluded[column.name] for column in table.c}
    values = {name: value for name, value in others.items() if name not in keys}
    statement: Insert = insert.on_conflict_do_update(index_elements=keys, set_=values)
    return statement


def put_all(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert whole rows, or write over those with the same primary key."""
    if rows:
        connection.execute(_put(connection.dialect.name, table), rows)


def table_of(model: Any) -> Table:
    """The Core table behind a SQLModel class: statements are built on it, once, at import."""
    table: Table = model.__table__
    return table


def parts(
    connection: Connection, query: Any, params: Mapping[str, object], size: int
) -> Iterator[Sequence[Any]]:
    """So many rows of a query at a time. On SQLite plain tuples from the driver: a row of
    SQLAlchemy's costs as much as it does to read it."""
    if connection.dialect.name == "sqlite":
        cursor: Any = connection.execute(query, params).cursor
        return iter(lambda: cursor.fetchmany(size), [])
    options = {"yield_per": size}  # by a cursor of the server's
    return connection.execute(query, params, execution_options=options).partitions()
