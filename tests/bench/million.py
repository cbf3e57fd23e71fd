"""What figures cost where there are many responses, beside a plain GROUP BY over the raw rows.

`python -m tests.bench.million [RESPONSES UNITS]`: a hundred thousand and a million, in 5,000 units
(a response or four in a cell) and in 500 (twenty, as a real unit has). The plain query gives means
and nothing more: no interval, no alpha, no rank ranges, and it reads every answer again each time.
"""

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import Connection, text

from flows.loader import instrument
from reports.stored.figures import figures_of
from reports.stored.fold import ALONE, fold
from reports.stored.standings import ranked
from reports.stored.verify import verify
from storage import units
from storage.database.connect import open_engine
from storage.periods import parse
from storage.scope import EVERYTHING
from tests.bench.nation import YEAR, fill
from tests.bench.ours import sqlite_files
from tests.support import postgres
from tests.support.instruments import CURRENT

SHAPES = ((100_000, 5_000), (1_000_000, 5_000), (1_000_000, 500))  # responses, units
QUARTERS = [parse(f"{YEAR}-Q{number}") for number in (1, 2, 3, 4)]
MEAN = {
    "sqlite": "avg(json_extract(answers, '$.{key}'))",
    "postgresql": "avg((answers->>'{key}')::int)",
}
HEAD = f"  {'':<44}{'ours':>12}{'GROUP BY':>12}{'ratio':>9}"


@dataclass(frozen=True)
class Pair:
    """The same question twice; each is asked of several units or quarters, in turn."""

    name: str
    ours: Callable[[Connection, int], object]
    plain: Callable[[Connection, int], object]
    times: int


def measure(url: str, number: int, offices: int) -> list[str]:
    """One line a question: milliseconds of ours and of the plain query, and their ratio."""
    fill(url, number, offices)
    engine = open_engine(url)
    try:
        folding = _seconds(lambda: fold(engine, ALONE, pause=lambda seconds: None))
        verifying = _seconds(lambda: _none(verify(engine)))
        with engine.connect() as connection:
            check(connection, offices)
            lines = [_line(pair, connection) for pair in pairs(connection, offices)]
            whole = _seconds(lambda: _plain(connection, "GROUP BY unit_id"))
        folded = _said(f"fold {number:,} responses, once", folding, whole)
        return [folded, _said("verify all of it", verifying, whole), *lines]
    finally:
        engine.dispose()


def _none(found: list[str]) -> None:
    assert not found, found[:3]


def pairs(connection: Connection, offices: int) -> Sequence[Pair]:
    every, random = units.in_scope(connection, EVERYTHING), Random(3)
    some = [random.randrange(offices) for _ in range(40)]

    def quarter_of(unit: int, turn: int) -> object:
        quarter = QUARTERS[turn % 4]
        return figures_of(connection, every[unit], quarter.first, quarter.last, CURRENT)

    def plain_of(unit: int, turn: int) -> object:
        return _plain(connection, "", f"unit_id = {every[unit].id} AND {_in(turn)}")

    return [
        Pair(
            "index of a unit and quarter",
            lambda _, turn: quarter_of(some[turn], turn),
            lambda _, turn: plain_of(some[turn], turn),
            40,
        ),
        Pair(
            "index of the largest unit and a quarter",
            lambda _, turn: quarter_of(0, turn),
            lambda _, turn: plain_of(0, turn),
            8,
        ),
        Pair(
            "index of all units pooled, a quarter",
            lambda c, turn: figures_of(c, None, QUARTERS[turn].first, QUARTERS[turn].last, CURRENT),
            lambda c, turn: _plain(c, "", _in(turn)),
            4,
        ),
        Pair(
            "national ranking, a quarter",
            lambda c, turn: ranked(c, units.in_scope(c, EVERYTHING), QUARTERS[turn], CURRENT),
            lambda c, turn: _plain(c, "GROUP BY unit_id", _in(turn)),
            4,
        ),
    ]


def check(connection: Connection, offices: int) -> None:
    """Both ways must give the same means, or their times say nothing."""
    for number in (0, offices - 1):
        unit = units.in_scope(connection, EVERYTHING)[number]
        ours = figures_of(connection, unit, QUARTERS[1].first, QUARTERS[1].last, CURRENT).index
        means = [element.mean for element in ours.elements.values()]
        (row,) = _plain(connection, "", f"unit_id = {unit.id} AND {_in(1)}")
        assert row[0] == ours.n
        for mean, plain in zip(means, row[1:], strict=True):
            assert mean is None or abs(Fraction(plain) - mean) < Fraction(1, 10**9)


def _plain(connection: Connection, group: str, where: str = "true") -> Sequence[Sequence[Any]]:
    means = [MEAN[connection.dialect.name].format(key=key) for key in instrument(CURRENT).keys]
    columns = ", ".join(["unit_id"] * bool(group) + ["count(*)", *means])
    query = f"SELECT {columns} FROM response WHERE {where} {group}"
    return connection.execute(text(query)).all()


def _in(turn: int) -> str:
    quarter = QUARTERS[turn % 4]
    return f"local_date BETWEEN '{quarter.first}' AND '{quarter.last}'"


def _line(pair: Pair, connection: Connection) -> str:
    """The medians; ours and theirs in turn, so that what slows the machine slows both."""
    turns = [
        (
            _seconds(partial(pair.ours, connection, turn)),
            _seconds(partial(pair.plain, connection, turn)),
        )
        for turn in range(pair.times)
    ]
    ours, plain = (statistics.median(side) for side in zip(*turns, strict=True))
    return _said(pair.name, ours, plain)


def _said(name: str, ours: float, plain: float) -> str:
    return f"  {name:<44}{_time(ours):>12}{_time(plain):>12}{ours / plain:>9.2f}"


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1000 * seconds:.1f} ms"


def _seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def show(server: postgres.Server, shapes: Sequence[tuple[int, int]]) -> None:
    with sqlite_files() as files:
        for number, offices in shapes:
            for name, fresh in (("SQLite", files), ("Postgres 18", server.fresh_database)):
                title = f"{number:,} responses in {offices:,} units, {name}"
                print(title, HEAD[len(title) :], sep="", flush=True)
                print(*measure(fresh(), number, offices), sep="\n", flush=True)
                print()


def main() -> None:
    asked = tuple(map(int, sys.argv[1:]))
    with postgres.server(durable=True) as server:
        show(server, [(asked[0], asked[1])] if asked else SHAPES)


if __name__ == "__main__":
    main()
