"""Responses on their way into tallies: what many of them say is read once."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, Generic, TypeVar

import msgspec
import numpy as np

from flows.engine.form import Value
from flows.loader import instrument
from reports.statistics.counting import IntegerArray, Many, Sums
from reports.statistics.tally import ANSWERED, TEXT, Row, Tally
from storage.index.quarters import Quarter, quarter_of
from storage.index.tallies import Cell

AT_ONCE = 5_000  # whose rows are in memory
Key = TypeVar("Key", bound=Hashable)
_INSTRUMENT = itemgetter(3)
_DECODE = msgspec.json.Decoder().decode
_ENCODE = msgspec.json.Encoder().encode


class _Numbered(dict[Key, int], Generic[Key]):
    """What is asked for is numbered in the order in which it is asked for first."""

    def __missing__(self, key: Key) -> int:
        self[key] = number = len(self)
        return number


class _Months(dict[date, str]):
    def __missing__(self, day: date) -> str:
        self[day] = month = day.isoformat()[:7]
        return month


@dataclass(slots=True)
class _Responses:
    """To one instrument; `of`: of each the numbers of its cell, its answers and what is beside."""

    cells: _Numbered[tuple[Any, ...]] = field(default_factory=_Numbered)
    answers: _Numbered[str] = field(default_factory=_Numbered)
    beside: _Numbered[tuple[str, str]] = field(default_factory=_Numbered)
    of: list[IntegerArray] = field(default_factory=list)

    def add(self, rows: Sequence[Any], months: _Months) -> None:
        # A column at a time: a row's names are slow to look up, a million times.
        _, unit, service, name, day, source, verified, answers, profile, extra, *_ = zip(
            *rows, strict=True
        )
        month = map(months.__getitem__, day)
        cells = zip(unit, service, name, month, source, verified, strict=True)
        beside = zip(_texts(profile), _texts(extra), strict=True)
        numbers = (
            map(self.cells.__getitem__, cells),
            map(self.answers.__getitem__, _texts(answers)),
            map(self.beside.__getitem__, beside),
        )
        each = [np.fromiter(column, np.int64, len(rows)) for column in numbers]
        self.of.append(np.array(each))


class _Instruments(dict[str, _Responses]):
    def __missing__(self, name: str) -> _Responses:
        self[name] = responses = _Responses()
        return responses


def by_cell(rows: Iterable[Any]) -> dict[Cell, Tally]:
    """What responses add up to; their rows as `storage.index.tallies` claims them, or whole."""
    found: dict[Cell, Tally] = {}
    for cells, sums in _counted(rows):
        found.update(zip(cells, sums.tallies(), strict=True))
    return found


def by_cell_and_quarter(rows: Iterable[Any]) -> tuple[dict[Cell, Tally], dict[Quarter, Tally]]:
    """… and what those of a quarter's cells do."""
    found: dict[Cell, Tally] = {}
    of_quarters: dict[Quarter, Tally] = {}
    for cells, sums in _counted(rows):
        found.update(zip(cells, sums.tallies(), strict=True))
        quarters = _Numbered[Quarter]()
        places = np.array([quarters[quarter_of(cell)] for cell in cells])
        of_quarters.update(zip(quarters, sums.together(places).tallies(), strict=True))
    return found, of_quarters


def _counted(rows: Iterable[Any]) -> list[tuple[list[Cell], Sums]]:
    """Of each instrument the cells, and what their responses add up to."""
    found, months, left = _Instruments(), _Months(), iter(rows)
    while some := sorted(islice(left, AT_ONCE), key=_INSTRUMENT):
        for name, alike in groupby(some, key=_INSTRUMENT):
            found[name].add(list(alike), months)
    return [_sums(name, of) for name, of in found.items()]


def _sums(name: str, these: _Responses) -> tuple[list[Cell], Sums]:
    asked = instrument(name)
    group, answer, beside = np.concatenate(these.of, axis=1)
    order = np.argsort(group, kind="stable")
    many = Many(
        [_DECODE(text) for text in these.answers],
        answer[order],
        [(_DECODE(profile), _extras(_DECODE(extra))) for profile, extra in these.beside],
        beside[order],
        group[order],
        len(these.cells),
    )
    return [*map(Cell._make, these.cells)], Sums.of(asked.keys, many, asked.lowest)


def counted(row: Any) -> Row:
    """A response as it is counted: of free text only that there was some."""
    return Row(row.answers, row.profile, _extras(row.extra))


def _extras(extra: dict[str, Value]) -> dict[str, str | list[str]]:
    return {key: _extra(value) for key, value in extra.items()}


def _extra(value: Value) -> str | list[str]:
    if isinstance(value, list):
        return [*value, ANSWERED]
    return TEXT if isinstance(value, dict) else value


def _texts(column: Sequence[Any]) -> Iterable[str]:
    if isinstance(column[0], str):
        return column
    return (_ENCODE(value).decode() for value in column)
