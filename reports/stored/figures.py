"""The figures of any units and days: folded months where they are whole, rows for days beside."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import chain
from operator import add
from typing import Generic, TypeVar

from sqlalchemy import Connection

from flows.loader import instrument
from reports.statistics.figures import Figures, figures
from reports.statistics.tally import Tally
from reports.stored.fold import decoded, squares
from storage.index import quarters, tallies
from storage.index.tallies import Cell
from storage.periods import Kind, Period, period_of
from storage.units import Unit

_DAY = timedelta(days=1)
Key = TypeVar("Key", bound=Hashable)
EVER = (date.min, date.max)


def figures_of(
    connection: Connection, unit: Unit | None, first: date, last: date, asked: str
) -> Figures:
    """The figures of a unit, or of all units pooled (None); days and `asked` as `tally_of`."""
    tally = tally_of(connection, [unit.id] if unit else None, first, last, asked)
    return figures(tally, population_of(unit, first, last), by=instrument(asked))


def tally_of(
    connection: Connection,
    units: Sequence[int] | None,
    first: date,
    last: date,
    asked: str,
) -> Tally:
    """Responses to the instrument `asked` of the local days `first` to `last`, both included.

    `units`: their ids, None for all. Folded responses only where a whole month lies between the
    days: fold first (`reports.stored.fold.fold`).
    """
    whole, beside = split("quarter", [(first, last)])
    months, days = split("month", beside)
    kept = chain(
        *(quarters.data(connection, asked, units, *names) for names in whole),
        (data for _, data in _cells(connection, units, months, asked)),
    )
    rest = _by_cell(connection, units, days, asked).values()
    return Tally.together(instrument(asked).keys, chain(map(decoded, kept), rest))


def sums_by(
    connection: Connection,
    units: Sequence[int] | None,
    first: date,
    last: date,
    *keys: Callable[[Cell], Key],
    asked: str,
) -> list[dict[Key, Tally]]:
    """As `tally_of`, told apart by each of the keys; from one reading, and many times as quick.

    These tallies hold what means, index and interval need: no counts, profile or extra questions.
    """
    found: list[_Sums[Key]] = [_Sums(asked) for _ in keys]
    for cell, n, gram in _squares(connection, units, first, last, asked):
        for sums, key in zip(found, keys, strict=True):
            sums.add(key(cell), n, gram)
    return [sums.tallies() for sums in found]


def _squares(
    connection: Connection, units: Sequence[int] | None, first: date, last: date, asked: str
) -> Iterator[tuple[Cell, int, Sequence[int]]]:
    months, days = split("month", [(first, last)])
    for cell, data in _cells(connection, units, months, asked):
        read = squares(data)
        yield cell, read.n, read.gram
    for cell, tally in _by_cell(connection, units, days, asked).items():
        yield cell, tally.n, tally.gram


class _Sums(Generic[Key]):
    """Tallies by key, added to in place: a nation's quarter is a hundred thousand cells."""

    def __init__(self, asked: str) -> None:
        self.items = instrument(asked).keys
        self.n: dict[Key, int] = defaultdict(int)
        self.grams: dict[Key, list[int]] = {}

    def add(self, key: Key, n: int, gram: Sequence[int]) -> None:
        self.n[key] += n
        known = self.grams.get(key)
        self.grams[key] = list(gram) if known is None else list(map(add, known, gram))

    def tallies(self) -> dict[Key, Tally]:
        return {
            key: Tally(self.items, n, {}, tuple(self.grams[key]), {}, {})
            for key, n in self.n.items()
        }


def population_of(unit: Unit | None, first: date, last: date) -> int | None:
    """The users of these days: known only for exactly one SKM period of one unit."""
    if unit is None or (first, last) == EVER:
        return None
    period = _period(unit.period, first)
    return unit.users_in(period) if (period.first, period.last) == (first, last) else None


@lru_cache(maxsize=100)  # asked of every unit in a ranking
def _period(kind: Kind, first: date) -> Period:
    return period_of(kind, first)


_Days = list[tuple[date, date]]
_Names = list[tuple[str, str]]


def split(kind: Kind, days: _Days) -> tuple[_Names, _Days]:
    """The whole periods in these days, as names from one to another, and the days beside them."""
    whole: _Names = []
    beside: _Days = []
    for first, last in days:
        start, stop = period_of(kind, first), period_of(kind, last)
        begin = first if first == start.first else start.last + _DAY
        end = last if last == stop.last else stop.first - _DAY
        if begin > end:
            beside.append((first, last))
            continue
        whole.append((period_of(kind, begin).name, period_of(kind, end).name))
        beside += [(first, begin - _DAY)] if first < begin else []
        beside += [(end + _DAY, last)] if end < last else []
    return whole, beside


def _cells(
    connection: Connection, units: Sequence[int] | None, months: _Names, asked: str
) -> Iterator[tuple[Cell, str]]:
    for names in months:
        yield from tallies.cells(connection, asked, units, *names)


def _by_cell(
    connection: Connection, units: Sequence[int] | None, days: _Days, asked: str
) -> Mapping[Cell, Tally]:
    """Responses of days beside whole months."""
    if not days:
        return {}
    from reports.stored.many import by_cell  # NumPy is slow to import

    rows = (tallies.rows_between(connection, asked, units, *between) for between in days)
    return by_cell(rows)
