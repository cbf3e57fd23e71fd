"""Folding: responses become tallies, each exactly once, by whoever has time.

A batch claims rows that are not folded, adds them to their cells and marks them, all in one
transaction: at any crash point a row is folded and marked, or neither.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Connection, Engine

from flows.files import instrument
from reports.tally import TEXT, Tally
from reports.tally import Row as Counted
from storage import tallies
from storage.tallies import Cell

BATCH = 1_000


def fold(engine: Engine, batch: int = BATCH) -> int:
    """Fold all there is; the number of responses folded."""
    total = 0
    while True:
        with engine.begin() as connection:
            done = fold_batch(connection, batch)
        total += done
        if done == 0:
            return total


def fold_batch(connection: Connection, most: int) -> int:
    rows = tallies.claim_unfolded(connection, most)
    for cell, tally in sorted(by_cell(rows).items()):
        tallies.change(connection, cell, encoded(Tally.zero(tally.items)), adding(tally))
    tallies.mark_folded(connection, [row.id for row in rows])
    return len(rows)


def unfold(connection: Connection, row: Any) -> None:
    """Take a response, locked by this transaction, out of its tally: to change or to erase it."""
    if row.folded:
        for cell, tally in by_cell([row]).items():
            zero = Tally.zero(tally.items)
            tallies.change(connection, cell, encoded(zero), adding(zero - tally))
        tallies.mark_folded(connection, [row.id], is_in=False)


def adding(tally: Tally) -> Callable[[str], str]:
    return lambda data: encoded(decoded(data) + tally)


def by_cell(rows: Iterable[Any]) -> dict[Cell, Tally]:
    groups: dict[Cell, list[Counted]] = defaultdict(list)
    for row in rows:
        groups[tallies.cell_of(row)].append(counted(row))
    return {cell: _tally(cell.instrument, group) for cell, group in groups.items()}


def _tally(name: str, rows: Iterable[Counted]) -> Tally:
    answered = instrument(name)
    return Tally.of(answered.keys, rows, answered.lowest)


def counted(row: Any) -> Counted:
    """A response as it is counted: of free text only that there was some."""
    extra = {key: TEXT if isinstance(value, dict) else value for key, value in row.extra.items()}
    return Counted(row.answers, row.profile, extra)


def encoded(tally: Tally) -> str:
    return json.dumps(tally.to_json(), separators=(",", ":"))


def decoded(data: str) -> Tally:
    return Tally.from_json(json.loads(data))
