"""A table of answers: one line per response, read whole or refused with every bad cell named.

The header names the items by key, by the words of their questions, or U1..U9 in one of two orders:
the questionnaire's, or the element list's of the rule's annex, which has complaint handling 8th and
facilities 9th. Published reports use both, so a table with bare U-names says nothing by itself.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from flows.engine.form import Line
from storage.files import spreadsheet
from storage.files.answer_degrees import by_degree
from storage.files.found_table import FoundTable, Names, Reads, Row, Wanted, find
from storage.files.likeness import Likeness, plain
from storage.files.refused import MOST, CellUnfit, Faults, FileRefused, cell, shown
from storage.files.spreadsheet import Sheets

Order = Literal["questionnaire", "list"]
Read = Callable[[str], Any]  # raises CellUnfit

_LETTERS = frozenset("abcdefghij")
_BETWEEN = re.compile(r"[()\[\]|/:=–—.\-\n]+")
_NOTHING = re.compile(
    r"0|[-–—_./]+|#.*|\(?(n/?a|nan|nil|null|none|kosong|tidak (diisi|menjawab|berlaku|tahu))\)?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"([0-9]{1,3})(?![0-9.,])")
_U = re.compile(r"u ?0*([1-9][0-9]?)")
_DECIMALS = re.compile(r"([0-9]+)[.,]0+")
DEGREES = range(1, 5)  # the values that `by_degree` reads
MANY = 3  # wrong cells of one kind that are no slips
FORMER = 14  # elements of the rule before PermenPANRB 16/2014
_SWAPPED = {"facilities": "complaint_handling", "complaint_handling": "facilities"}


class AnswersRefused(FileRefused):
    """Nothing of the table was taken. `blanks`: cells that may stand for no answer, `degrees`:
    words that may stand for these values, if somebody says so; `are_all`: nothing else is wrong.
    `missing`: items without a column; `unread`: headings that may be theirs."""

    blanks: tuple[str, ...] = ()
    degrees: Mapping[str, int] = MappingProxyType({})
    are_all: bool = False
    missing: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One response. `number` counts as a spreadsheet does, from row 1. `answers`: item → value,
    None where the cell is empty. `beside`: the other columns that were asked for."""

    number: int
    answers: dict[str, int | None]
    beside: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a table is read as: item keys in questionnaire order, the values an answer may have,
    the order of U-names, columns that may stand beside with what reads their cells, and what names
    the faults of a line as a whole. Of each item: answers in words, `plain`, and what its column is
    called (`named`) or is like. `reads`, `mapped`, `blanks`: see `Wanted`."""

    items: Sequence[str]
    values: range
    order: Order = "questionnaire"
    beside: Mapping[str, Read] = field(default_factory=dict)
    check: Callable[[AnswerLine], Iterable[Line]] = lambda line: ()
    said: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    named: Names = field(default_factory=dict)
    like: Likeness = field(default_factory=lambda: Likeness({}))
    reads: Mapping[str, Reads] = field(default_factory=dict)
    mapped: Mapping[str, str] = field(default_factory=dict)
    blanks: frozenset[str] = frozenset()

    def wanted(self) -> Wanted:
        own = {key: (plain(key), *self.named.get(key, ())) for key in (*self.items, *self.beside)}
        reads = {key: _reads(_value(self.values, self.said.get(key, {}))) for key in self.items}
        return Wanted(
            own,
            self.like,
            numbered=_ordered(self),
            best=frozenset(self.beside) - {"id"},
            reads={**reads, **self.reads},
            mapped=self.mapped,
            blanks=self.blanks,
        )


def read(path: Path, asked: Asked, sheet: str | None = None) -> list[AnswerLine]:
    """The lines of a .csv or .xlsx file. Raises AnswersRefused, SpreadsheetUnread, FileRefused."""
    return lines_of(found_in(spreadsheet.read(path, sheet), asked), asked)


def found_in(sheets: Sheets, asked: Asked) -> FoundTable:
    """The table, with a column of each item. Raises AnswersRefused, FileRefused."""
    found = find(sheets, asked.wanted())
    if not any(found.header):
        raise AnswersRefused(Line("file.header.empty"))
    _check_header(found, asked)
    return found


def lines_of(found: FoundTable, asked: Asked) -> list[AnswerLine]:
    """Its lines: an empty cell is "not answered", an empty line nothing (of a row of empty cells
    nothing beside is read), columns that were not asked for are ignored. Raises AnswersRefused."""
    answers = {key: _value(asked.values, asked.said.get(key, {})) for key in asked.items}
    beside = {key: read for key, read in asked.beside.items() if key in found.columns}
    faults, wrong, beside_wrong = Faults(), Counter[str](), Counter[str]()
    lines = []
    for row in found.rows:
        if not row.fits:
            params = {"row": row.number, "cells": len(row.cells), "columns": len(found.header)}
            faults.add(Line("file.row.length", params))
            continue
        given = _read(found, row, answers, faults, wrong)
        is_answered = any(found.cell(row, key)[0] for key in answers)
        others = beside if is_answered else {}
        line = AnswerLine(row.number, given, _read(found, row, others, faults, beside_wrong))
        if is_answered:
            faults += asked.check(line)
        lines.append(line)
    _check_cells(faults, wrong, beside_wrong, asked.values)
    if not lines:
        raise AnswersRefused(Line("file.no_answers"))
    return lines


def _check_cells(faults: Faults, wrong: Counter[str], beside: Counter[str], values: range) -> None:
    """`wrong`: what stands in cells that are no answer, `beside`: in others that cannot be read; a
    fault names the first of each."""
    try:
        faults.check(AnswersRefused)
    except AnswersRefused as refused:
        blanks = [text for text in wrong if len(text) < 30 and _NOTHING.fullmatch(text)]
        degrees = by_degree(map(_parts, wrong)) if values == DEGREES else {}
        read = [text for text in wrong if degrees.keys() & {*_parts(text)}]
        others = {text: n for text, n in wrong.items() if text not in (*blanks, *read)}
        again = [
            Line("file.answer.again", {"text": shown(text), "count": times - 1})
            for text, times in (wrong + beside).most_common(MOST)
            if text and times > 1
        ]
        told = AnswersRefused(
            *_of_scale(others, values), *refused.faults, *again, more=refused.more
        )
        told.blanks, told.degrees = tuple(blanks), degrees
        told.are_all = len({*blanks, *read}) == len(faults)
        raise told from None


def _of_scale(wrong: Mapping[str, int], values: range) -> Iterator[Line]:
    """What many wrong cells have in common: a few are slips."""
    numbers = [(int(m[1]), n) for text, n in wrong.items() if (m := _NUMBER.match(text))]
    higher = {number: times for number, times in numbers if number > values[-1]}
    in_words = sum(times for text, times in wrong.items() if any(map(str.isalpha, text)))
    may = {"values": ", ".join(map(str, values))}
    if sum(higher.values()) >= MANY:
        yield Line("file.scale", {**may, "most": max(higher)})
    elif in_words >= MANY:
        yield Line("file.words", may)


def _ordered(asked: Asked) -> list[str]:
    if asked.order == "questionnaire":
        return list(asked.items)
    if not _SWAPPED.keys() <= set(asked.items):
        raise AnswersRefused(Line("file.header.order"))
    return [_SWAPPED.get(key, key) for key in asked.items]


def _check_header(found: FoundTable, asked: Asked) -> None:
    """Raises AnswersRefused."""
    by_number = [key for key in asked.items if key in found.by_number]
    by_key = [key for key in asked.items if _is_named(found, key, key)]
    if by_number and by_key:
        number = found.header[found.columns[by_number[0]][0]]
        raise AnswersRefused(Line("file.header.mixed", {"key": by_key[0], "number": number}))
    name = dict(zip(_ordered(asked), (f"U{n}" for n in range(1, 99)), strict=False))
    called = (lambda key: name[key]) if by_number else str
    missing = [key for key in asked.items if key not in found.columns]
    twice = [found.header[found.columns[key][0]] for key in found.twice]
    faults = Faults()
    if twice:
        faults.add(Line("file.header.twice", {"columns": ", ".join(map(shown, twice))}))
    if _is_of_former(found, asked):
        faults.add(Line("file.header.former", {"count": FORMER}))
    if missing:
        faults.add(Line("file.header.answers", {"columns": ", ".join(map(called, missing))}))
    try:
        faults.check(AnswersRefused)
    except AnswersRefused as refused:
        refused.missing = tuple(missing)
        refused.unread = tuple(found.unread) if missing else ()
        raise


def _is_of_former(found: FoundTable, asked: Asked) -> bool:
    """The rule of 2004 (KEP/25/M.PAN/2/2004) numbers its elements, too, and means others by them:
    there U1 is the procedure and U9 how polite somebody was."""
    by_number = found.by_number & {*asked.items}
    numbers = {int(match[1]) for each in found.header if (match := _U.fullmatch(plain(each)))}
    return bool(by_number) and max(numbers, default=0) == FORMER > len(asked.items)


def _is_named(found: FoundTable, key: str, name: str) -> bool:
    return any(found.header[place].casefold() == name for place in found.columns.get(key, ()))


def _read(
    found: FoundTable,
    row: Row,
    columns: Mapping[str, Read],
    faults: Faults,
    wrong: Counter[str],
) -> dict[str, Any]:
    """`wrong`: what stands in cells that cannot be read is counted there, and a fault once each."""
    given = {}
    for key, read in columns.items():
        text, heading = found.cell(row, key)
        try:
            given[key] = read(text)
        except CellUnfit as fault:
            if not text or text not in wrong:
                faults.add(cell(row.number, heading, fault.line))
            wrong[text] += 1
    return given


def _reads(read: Read) -> Reads:
    def can(text: str) -> bool:
        try:
            read(text)
        except CellUnfit:
            return False
        return True

    return can


def _parts(text: str) -> list[str]:
    """The words and numbers of which a cell consists, `plain`."""
    return [part for part in map(plain, _BETWEEN.split(text)) if part not in ("", *_LETTERS)]


def _value(values: range, words: Mapping[str, int]) -> Read:
    """A number; the answer's words; or both, in one language or two, which must agree: "4 - Sangat
    sesuai", "Sangat sesuai / Very suitable (4)", "d. Gratis"."""
    numbers = {str(value): value for value in values}
    may = ", ".join(numbers)

    def read(text: str) -> int | None:
        if not text:
            return None
        if text in numbers:
            return numbers[text]
        if (whole_number := _DECIMALS.fullmatch(text)) and whole_number[1] in numbers:
            return numbers[whole_number[1]]  # 3,00: a column that is formatted so
        if (whole := plain(text)) in words:
            return words[whole]
        parts = _parts(text)
        said = {numbers.get(part, words.get(part)) for part in parts}
        if len(said) == 1 and None not in said and any(part in words for part in parts):
            return said.pop()
        raise CellUnfit(Line("file.answer", {"text": shown(text), "values": may}))

    return read
