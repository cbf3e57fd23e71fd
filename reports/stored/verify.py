"""Proving that tallies are what their rows add up to, receipts what their rows commit to, weeks
that were shown and sheets what they were made of."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import compress
from operator import ne
from typing import Any

from msgspec import MsgspecError
from sqlalchemy import Connection, Engine

from flows.loader import instrument
from reports.digest import told
from reports.sheets import check as sheet_check
from reports.statistics.tally import Tally
from reports.stored.fold import columns, decoded, encoded
from reports.stored.many import by_cell_and_quarter
from reports.transparency import check as log_check
from reports.transparency.verify_skm import Checkpoint, Key
from storage import units
from storage.answers import responses
from storage.index import quarters, tallies
from storage.index.quarters import Quarter, quarter_of
from storage.index.tallies import Cell

UNITS = 50  # whose rows are in memory at once


def verify(engine: Engine, outside: Sequence[Checkpoint] = (), key: Key | None = None) -> list[str]:
    """What differs, a sentence each; an empty list if all is as it should be. `outside`:
    checkpoints of the log from elsewhere; `key`: the log's public one.

    Reads one state of the database, beside whoever writes.
    """
    one_state = {"isolation_level": "REPEATABLE READ"} if engine.name == "postgresql" else {}
    with engine.connect() as connection:
        connection = connection.execution_options(reads=True, **one_state)
        connection.begin()
        wrong = Counter[int]()
        return [
            *_tallies(connection, wrong),
            *_leaves(connection, wrong),
            *told.differences(connection),
            *sheet_check.differences(connection),
            *log_check.differences(connection, outside, key),
        ]


def erased_since(engine: Engine) -> list[str]:
    """What of published sheets was erased since, a sentence each: no difference."""
    with engine.connect().execution_options(reads=True) as connection:
        return list(sheet_check.erased_since(connection))


def _tallies(connection: Connection, wrong: Counter[int]) -> Iterator[str]:
    """Some units at a time: a nation's rows fit no memory. Each is read once: in `wrong` are
    counted, by unit, those that are not what their receipts commit to."""
    every, codes = tallies.unit_ids(connection), units.codes(connection)
    for begin in range(0, len(every), UNITS):
        these = every[begin : begin + UNITS]
        waiting = tallies.waiting(connection, these)
        parts = _checked(tallies.of_units(connection, these), codes, wrong)
        yield from _of_units(connection, these, (_without(waiting, part) for part in parts))


def _checked(
    parts: Iterable[Sequence[Any]], codes: Mapping[int, str], wrong: Counter[int]
) -> Iterator[Sequence[Any]]:
    leaves = responses.leaves(codes)
    for rows in parts:
        _, units, *of, source, verified, answers, _, _, salts, kept = zip(*rows, strict=True)
        made = leaves(salts, answers, of.pop(), units, *of, source, verified)
        differs = map(ne, kept, made)
        wrong.update(unit for unit in compress(units, differs) if unit in codes)
        yield rows


def _without(waiting: Collection[str], rows: Sequence[Any]) -> Sequence[Any]:
    return [row for row in rows if row[0] not in waiting] if waiting else rows


def _of_units(
    connection: Connection, these: Sequence[int], parts: Iterable[Sequence[Any]]
) -> Iterator[str]:
    kept = dict(tallies.cells(connection, units=these))
    rebuilt, of_quarters = by_cell_and_quarter(parts)
    told = set()
    for cell in sorted(kept.keys() | rebuilt.keys()):
        tally = rebuilt.get(cell)
        if not _is(kept.get(cell), tally):
            n = tally.n if tally else 0
            told.add(quarter_of(cell))
            yield f"The tally of {_named(connection, cell)} is not what its {n} rows add up to."
    for quarter, n in _quarters(quarters.of_units(connection, these), of_quarters):
        if quarter not in told:
            of = f"{_code(connection, quarter.unit_id)}, {quarter.instrument}, {quarter.quarter}"
            yield f"The sums of {of} are not what its {n} rows add up to."


def _quarters(
    rows: Sequence[Any], rebuilt: Mapping[Quarter, Tally]
) -> Iterator[tuple[Quarter, int]]:
    """Those that differ, and the number of their rows."""
    kept = {Quarter(*row[:3]): row for row in rows}
    for quarter in sorted(kept.keys() | rebuilt.keys()):
        tally = rebuilt.get(quarter) or Tally.zero(instrument(quarter.instrument).keys)
        row, wanted = kept.get(quarter), columns(quarter, tally)
        figures = [name for name in wanted if name != "data"]
        if (
            row is None
            or [getattr(row, name) for name in figures] != [wanted[name] for name in figures]
            or not _is(row.data, tally)
        ):
            yield quarter, tally.n


def _is(data: str | None, tally: Tally | None) -> bool:
    """Whether a cell holds this tally; one without any response may also be none."""
    if tally is not None and data == encoded(tally):
        return True
    try:
        kept = decoded(data) if data is not None else None
    except MsgspecError:
        return False
    return kept == tally or (tally is None and kept is not None and kept.n == 0)


def _leaves(connection: Connection, wrong: Counter[int]) -> Iterator[str]:
    for unit_id, number in sorted(wrong.items()):
        code = _code(connection, unit_id)
        yield f"{number} responses of {code} are not what their receipts commit to."


def _named(connection: Connection, cell: Cell) -> str:
    code = _code(connection, cell.unit_id)
    verified = "verified" if cell.verified else "unverified"
    return f"{code}, {cell.service}, {cell.instrument}, {cell.month} ({cell.source}, {verified})"


def _code(connection: Connection, unit_id: int) -> str:
    unit = units.found(connection, unit_id)
    return unit.code if unit else f"a unit {unit_id} that is not there"
