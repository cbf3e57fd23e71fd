"""Responses on their way into tallies: what many of them say is read once."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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

Key = TypeVar("Key", bound=Hashable)
Of = TypeVar("Of", Cell, Quarter)
_INSTRUMENT = itemgetter(3)
_DECODE = msgspec.json.Decoder().decode
_ENCODE = msgspec.json.Encoder().encode


class _Numbered(dict[Key, int], Generic[Key]):
    """What is asked for is numbered in the order in which it is asked for first."""

    def __missing__(self, key: Key) -> int:
        self[key] = number = len(self)
        return number


@dataclass(slots=True)
class _Responses:
    """To one instrument; `of`: of each the numbers of its cell, its answers and what is beside."""

    cells: _Numbered[tuple[Any, ...]] = field(default_factory=_Numbered)
    answers: _Numbered[str] = field(default_factory=_Numbered)
    beside: _Numbered[tuple[str, str]] = field(default_factory=_Numbered)
    of: list[IntegerArray] = field(default_factory=list)

    def add(self, rows: Sequence[Any]) -> None:
        # A column at a time: a row's names are slow to look up, a million times.
        _, unit, service, name, day, source, verified, answers, profile, extra, *_ = zip(
            *rows, strict=True
        )
        month = [str(each)[:7] for each in day]
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


class Counted(Mapping[Of, Tally]):
    """What responses add up to, each tally made when it is asked for."""

    def __init__(self) -> None:
        self._places: dict[Of, int] = {}
        self._tallies: dict[str, Sequence[Tally]] = {}

    def add(self, name: str, keys: Iterable[Of], tallies: Sequence[Tally]) -> None:
        """Those of an instrument."""
        self._places.update(zip(keys, range(len(tallies)), strict=True))
        self._tallies[name] = tallies

    def __getitem__(self, key: Of) -> Tally:
        return self._tallies[key.instrument][self._places[key]]

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def __iter__(self) -> Iterator[Of]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def by_cell(parts: Iterable[Sequence[Any]]) -> Counted[Cell]:
    """What responses add up to; part by part their rows as `storage.index.tallies` claims them, or
    whole."""
    found = Counted[Cell]()
    for name, cells, sums in _counted(parts):
        found.add(name, cells, sums.tallies())
    return found


def by_cell_and_quarter(parts: Iterable[Sequence[Any]]) -> tuple[Counted[Cell], Counted[Quarter]]:
    """… and what those of a quarter's cells do."""
    found, of_quarters = Counted[Cell](), Counted[Quarter]()
    for name, cells, sums in _counted(parts):
        found.add(name, cells, sums.tallies())
        quarters = _Numbered[Quarter]()
        places = np.array([quarters[quarter_of(cell)] for cell in cells])
        of_quarters.add(name, quarters, sums.together(places).tallies())
    return found, of_quarters


def _counted(parts: Iterable[Sequence[Any]]) -> list[tuple[str, list[Cell], Sums]]:
    """Of each instrument the cells, and what their responses add up to."""
    found = _Instruments()
    for rows in parts:
        for name in sorted({*map(_INSTRUMENT, rows)}):
            found[name].add([row for row in rows if _INSTRUMENT(row) == name])
    return [(name, *_sums(name, of)) for name, of in found.items()]


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
    cells = [Cell._make((*of, bool(verified))) for *of, verified in these.cells]
    return cells, Sums.of(asked.keys, many, asked.lowest)


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
