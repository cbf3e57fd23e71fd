"""Folding: responses become tallies, each exactly once, by whoever has time.

A batch takes responses out of those that are in no cell and adds them to their cells, in one
transaction: at any crash point a response is among the one or in the other.
"""

import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Engine

from flows.loader import instrument
from reports.statistics.inference import index_estimate
from reports.statistics.tally import Tally
from storage.index import tallies
from storage.index.aggregates import Made
from storage.index.quarters import QUARTERS, Quarter
from storage.index.tallies import CELLS, Cell

BATCH = 2_000  # a SQLite database is locked while one is folded, for about 0.1 s
ALONE = 20_000  # where nobody waits: a page of the database is written less often; 100 MB
# … then left to whoever waits: another process looks again every 0.1 s (SQLite's way to wait).
PAUSE = 0.15

Key = TypeVar("Key", bound=Hashable)
_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Tally)


class Squares(msgspec.Struct):
    """Of a tally only what means, index and interval need."""

    n: int
    gram: tuple[int, ...]


_SQUARES = msgspec.json.Decoder(Squares)


def fold(
    engine: Engine,
    batch: int = BATCH,
    advance: Callable[[int], None] = lambda rows: None,
    pause: Callable[[float], None] = time.sleep,
) -> int:
    """Fold all there is, citizens first; the number of responses folded."""
    total = 0
    while True:
        with engine.begin() as connection:
            done = fold_batch(connection, batch)
        total += done
        advance(done)
        if done < batch:  # what another process holds it folds itself
            return total
        if engine.dialect.name == "sqlite":
            pause(PAUSE)


def fold_batch(connection: Connection, most: int) -> int:
    rows = tallies.claim_unfolded(connection, most)
    _add(connection, *_counted(rows))
    return len(rows)


def unfold(connection: Connection, rows: Sequence[Any]) -> None:
    """Take responses of a unit, locked by this transaction, out of their tallies: to change or to
    erase them."""
    folded = tallies.withdraw(connection, rows)
    columns = [tuple(getattr(row, name) for name in tallies.COUNTED) for row in folded]
    cells, quarters = _counted(columns)
    _add(connection, _less(cells), _less(quarters))


def _counted(rows: Sequence[Any]) -> tuple[Mapping[Cell, Tally], Mapping[Quarter, Tally]]:
    if not rows:
        return {}, {}
    from reports.stored.many import by_cell_and_quarter  # NumPy is slow to import

    return by_cell_and_quarter([rows])


def _less(tallies: Mapping[Key, Tally]) -> dict[Key, Tally]:
    return {key: Tally.zero(tally.items) - tally for key, tally in tallies.items()}


def _add(
    connection: Connection, cells: Mapping[Cell, Tally], quarters: Mapping[Quarter, Tally]
) -> None:
    CELLS.change(connection, cells, adding(cells))
    QUARTERS.change(connection, quarters, adding_to(quarters))


def adding(cells: Mapping[Cell, Tally]) -> Made[Cell]:
    """What becomes of a cell."""
    return lambda cell, row: {"data": encoded(_sum(row, cells[cell]))}


def adding_to(quarters: Mapping[Quarter, Tally]) -> Made[Quarter]:
    """What becomes of a quarter."""
    return lambda quarter, row: columns(quarter, _sum(row, quarters[quarter]))


def columns(quarter: Quarter, tally: Tally) -> dict[str, object]:
    """A quarter as it is kept."""
    found = index_estimate(tally, instrument=instrument(quarter.instrument))
    return {
        "n": tally.n,
        "mean": str(found.value) if found else None,
        "variance": float(found.variance) if found else None,
        "data": encoded(tally),
    }


def _sum(row: Any, tally: Tally) -> Tally:
    return decoded(row.data) + tally if row.data else tally


def encoded(tally: Tally) -> str:
    return _ENCODER.encode(tally).decode()


def decoded(data: str) -> Tally:
    """Raises msgspec.MsgspecError: not a tally."""
    return _DECODER.decode(data)


def squares(data: str) -> Squares:
    """As `decoded`, and more than twice as quick."""
    return _SQUARES.decode(data)
