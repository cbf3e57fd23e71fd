"""What it costs to find a unit among 30,000, beside the obvious way: rapidfuzz over all names."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from statistics import quantiles
from typing import Any

from rapidfuzz import fuzz, process, utils
from sqlalchemy import Connection

from flows.instrument import Questionnaire
from storage import questionnaires
from storage import units as kept
from storage.database.connect import migrate, open_engine
from storage.finding.browse import Branch, inside
from storage.finding.directory import Directory
from tests.bench.names import regions, units
from tests.support.instruments import CURRENT
from tests.support.typed_names import meant

UNITS = 30_000
SHOWN = 8
ROUNDS = 5
HEAD = f"{'p50 ms':>8}{'p95 ms':>8}{'ratio':>7}{'found':>9}{'first':>7}"

# What was typed, and the names shown.
Search = Callable[[str], Sequence[str]]


def show(url: str, number: int = UNITS) -> None:
    title = f"Finding one of {number:,} units"
    print(f"{title:<40}{HEAD}")
    with _connected(url, number) as connection:
        directory = Directory()
        (read,) = _timed(lambda typed: directory.now(connection).like(typed, SHOWN), ["samsat"])
        places = directory.places
        names = [place.name for place in places.all]
        naive = partial(_naive, names, [utils.default_process(name) for name in names])
        first = _shown("rapidfuzz over all names", naive)
        _shown("skm", partial(_ours, directory, connection), first)
    here = [(latitude, longitude) for _, latitude, longitude in regions()]
    near = _timed(lambda at: places.near(at[0], at[1], SHOWN), here)
    print(f"  {'skm, by location':<38}{_line(near)}")
    print(
        f"  {'skm, regions':<38}{_line(_timed(partial(inside, places.regions), [Branch()] * 50))}"
    )
    print(f"  Once a process, and after an import, names are read and indexed: {read:.0f} ms")
    print()


def _shown(label: str, search: Search, first: float = 0) -> float:
    """One line; the median, to which later lines are compared."""
    times = _timed(search, [typed for typed, _ in meant()] * ROUNDS)
    found = [(name, search(typed)) for typed, name in meant()]
    hits = sum(name in names for name, names in found)
    best = sum([name] == names[:1] for name, names in found)
    middle = _middle(times)
    ratio = middle / (first or middle)
    print(f"  {label:<38}{_line(times)}{ratio:>7.3f}{hits:>6}/{len(found)}{best:>7}")
    return middle


@contextmanager
def _connected(url: str, number: int) -> Iterator[Connection]:
    migrate(url)
    engine = open_engine(url)
    with engine.begin() as connection:
        questionnaires.keep(connection, Questionnaire(CURRENT))
        kept.save(connection, [{**unit, "questionnaire": CURRENT} for unit in units(number)])
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _ours(directory: Directory, connection: Connection, typed: str) -> list[str]:
    return [place.name for place in directory.now(connection).like(typed, SHOWN)]


def _naive(names: Sequence[str], folded: Sequence[str], typed: str) -> list[str]:
    said = utils.default_process(typed)
    found = process.extract(said, folded, scorer=fuzz.WRatio, limit=SHOWN)
    return [names[place] for _, _, place in found]


def _timed(work: Callable[[Any], object], asked: Sequence[Any]) -> list[float]:
    """CPU milliseconds of each: so long the worker is held."""
    times = []
    for each in asked:
        began = time.thread_time()
        work(each)
        times.append(1000 * (time.thread_time() - began))
    return times


def _middle(times: Sequence[float]) -> float:
    return quantiles(times, n=20)[9]


def _line(times: Sequence[float]) -> str:
    return f"{_middle(times):>8.1f}{quantiles(times, n=20)[18]:>8.1f}"
