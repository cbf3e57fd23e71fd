"""The one reader of tables that people send: which sheet, which row is the header, what each column
is, which rows are data. What a table is about is said by `Wanted`; nothing here knows it.

A table is found, not expected. Above it may stand titles, in its header a second row or a row of
column numbers, below it sums, notes and signatures: all left out, and said (`FoundTable`).
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from pathlib import Path

from flows.engine.form import Line
from storage.files.likeness import Likeness, plain
from storage.files.refused import FileRefused, left_out, named
from storage.files.spreadsheet import Cells, Sheets

NAMES = Path(__file__).with_name("column_names.toml")
PROSE = "comment"  # the column whose cells are sentences
TITLES = 30  # rows that may stand above the header
LOOKED_AT = 500  # cells of a column by which it is known
NOTE = 12  # characters from which on a text that stands alone in its row is a note
UNNAMED = 1_000  # in place of the rank of a name: after all of them
IGNORED = "-"  # what a column is mapped to that is not to be read

_TOTAL = re.compile(
    r"(jml|jumlah|total|grand total|sub ?total|nrr|(nilai )?rata ?-? ?(rata|2)|rerata|rataan"
    r"|average|mean|sum|ikm|skm|bobot|persentase|konversi|mutu"
    r"|nilai[ /](rata|per|unsur|indeks|total|konversi))\b.*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(u|p|q|unsur|pertanyaan|soal)? ?0*([1-9][0-9]?)\b ?(.*)")
_ORDINAL = re.compile(r"[-(]?([1-9][0-9]{0,2})\)?")

Names = Mapping[str, Sequence[str]]
Reads = Callable[[str], bool]


@cache
def names_of(kind: str) -> Names:
    """Column → what it is called, of a table of that kind; of "asked" words alone."""
    listed = tomllib.loads(NAMES.read_text(encoding="utf-8"))[kind]
    return {key: tuple(map(plain, [names] if isinstance(names, str) else names))
            for key, names in listed.items()}  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What a table is looked through for.

    `names`: column → what it is called, the best first, each `plain`. `like`: what else tells a
    column, by the words of its heading. `numbered`: columns that go by U1, U2 …, in that order.
    `best`: columns of which only the best-named is read. `reads`: column → whether a cell can be
    one of its. `mapped`: heading, `plain` → the column that it is, or `IGNORED`. `blanks`: what
    stands for an empty cell, casefolded.
    """

    names: Names
    like: Likeness = field(default_factory=lambda: Likeness({}))
    numbered: Sequence[str] = ()
    best: frozenset[str] = frozenset()
    reads: Mapping[str, Reads] = field(default_factory=dict)
    mapped: Mapping[str, str] = field(default_factory=dict)
    blanks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """`number` counts as a spreadsheet does, from 1. `fits`: it is as long as the header."""

    number: int
    cells: list[str]
    fits: bool


@dataclass(frozen=True, slots=True)
class FoundTable:
    """`sheet`: its name, "" of a .csv; `passed_over`: other sheets that hold something. `header`: a
    heading of each place. `columns`: column → its places, of which a row fills at most one, else it
    is in `twice`. `by_number`: columns known by U1, U2 … alone; `by_words`: places whose headings
    are no names, or were mapped. `totals`: rows of sums; `notes`: other rows that stand alone; both
    are no data."""

    sheet: str
    passed_over: tuple[str, ...]
    header: list[str]
    columns: dict[str, list[int]]
    twice: list[str]
    by_number: frozenset[str]
    by_words: frozenset[int]
    rows: list[Row]
    totals: tuple[int, ...] = ()
    notes: tuple[tuple[int, str], ...] = ()

    @property
    def unread(self) -> list[str]:
        """Headings of columns that mean nothing here."""
        read = {place for places in self.columns.values() for place in places}
        return [text for place, text in enumerate(self.header) if text and place not in read]

    @property
    def left_out(self) -> tuple[Line, ...]:
        """What is to be said of the rows that are no data."""
        return tuple(left_out(self.totals, self.notes))

    def under(self, place: int) -> list[str]:
        """What stands below a heading, as far as it is looked at."""
        cells = (row.cells[place] for row in self.rows if place < len(row.cells))
        return [*islice(filter(None, cells), LOOKED_AT)]

    def texts(self, column: str) -> list[str]:
        """What stands in it, where anything does."""
        if column not in self.columns:
            return []
        cells = (self.cell(row, column)[0] for row in self.rows)
        return [text for text in cells if text]

    def cell(self, row: Row, column: str) -> tuple[str, str]:
        """What stands there, and the heading of where it stands."""
        places = self.columns[column]
        filled = (each for each in places if each < len(row.cells) and row.cells[each])
        place = next(filled, places[0])
        return row.cells[place] if place < len(row.cells) else "", self.header[place]


def find(sheets: Sheets, wanted: Wanted) -> FoundTable:
    """Raises FileRefused where several sheets may be meant."""
    name = _sheet(sheets, wanted)
    passed_over = tuple(each for each in sheets if each != name)
    cells = sheets[name] if sheets else []
    top, bottom = _header_rows(cells, wanted)
    header = _headings(cells, top, bottom)
    rows = [Row(number, [*row], _fits(row, header))
            for number, row in enumerate(cells[bottom + 1 :], start=bottom + 2)
            if row and not (number == bottom + 2 and _is_numbering(row))]  # fmt: skip
    rows = [replace(row, cells=[_unless_blank(cell, wanted) for cell in row.cells]) for row in rows]
    found = FoundTable(name, passed_over, header, {}, [], frozenset(), frozenset(), rows)
    found = _with_columns(found, cells[top : bottom + 1], wanted)
    return _without_twice(_only_data(found, wanted))


def _sheet(sheets: Sheets, wanted: Wanted) -> str:
    """The only one with such a table, else the only one."""
    marks = {name: _named(cells, wanted)[1] for name, cells in sheets.items()}
    most = max(marks.values(), default=0)
    tables = [name for name, mark in marks.items() if mark and 2 * mark > most]
    if len(tables) > 1:
        raise FileRefused(Line("file.sheets", {"names": named(tables)}))
    return (tables or list(sheets) or [""])[0]


def _named(cells: Cells, wanted: Wanted) -> tuple[int, int]:
    """The row that names the most columns, of the first `TITLES`, and how many."""
    marks = [_marks(row, wanted) for row in cells[:TITLES]]
    most = max(marks, default=0)
    return (marks.index(most) if most else 0), most


def _marks(row: Sequence[str], wanted: Wanted) -> int:
    """How many different columns its cells name. Questions are prose as comments are, so that is
    no sign of a value."""
    values = [reads for key, reads in wanted.reads.items() if key != PROSE]
    keys = set[str]()
    for cell in row:
        if cell and not any(reads(cell) for reads in values):
            key = _by_name(cell, wanted)
            keys |= {key} if key else set()
    return len(keys)


def _header_rows(cells: Cells, wanted: Wanted) -> tuple[int, int]:
    """The first and the last row of it: names may stand in two, one below the other."""
    top, most = _named(cells, wanted)
    below = cells[top + 1] if top + 1 < len(cells) else []
    return top, top + (most > 1 and 2 * _marks(below, wanted) > most)


def _headings(cells: Cells, top: int, bottom: int) -> list[str]:
    """Of each place: what stands there in the header's rows; where nothing does, what is above."""
    rows = cells[top : bottom + 1]
    above = cells[top - 1] if top else []
    header = []
    for place in range(max(map(len, rows), default=0)):
        texts = dict.fromkeys(row[place] for row in rows if place < len(row) and row[place])
        header.append(" ".join(texts) or (above[place] if place < len(above) else ""))
    return header


def _fits(row: Sequence[str], header: Sequence[str]) -> bool:
    return len(row) >= len(header) and not any(row[len(header) :])


def _is_numbering(row: Sequence[str]) -> bool:
    """(1) (2) (3) …, as official tables number their columns; typed into Excel it is -1, -2 …"""
    numbers = [match and int(match[1]) for match in map(_ORDINAL.fullmatch, filter(None, row))]
    first = numbers[0] if numbers else None
    return len(numbers) > 4 and first is not None and numbers == [*range(first, first + len(row))]


def _unless_blank(cell: str, wanted: Wanted) -> str:
    return "" if cell.casefold() in wanted.blanks else cell


def _with_columns(table: FoundTable, parts: Cells, wanted: Wanted) -> FoundTable:
    """`parts`: the header's rows."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)  # (rank of its name, place)
    by_number, by_words = set[str](), set[int]()
    for place, heading in enumerate(table.header):
        texts = dict.fromkeys([heading, *(part[place] for part in parts if place < len(part))])
        key, rank, is_number = _known(list(filter(None, texts)), table.under(place), wanted)
        if key is not None:
            found[key].append((rank, place))
            by_number |= {key} if is_number else set()
            by_words |= {place} if rank >= UNNAMED else set()
    columns = {}
    for key, places in found.items():
        best = min(rank for rank, _ in places)
        columns[key] = [place for rank, place in places if rank == best or key not in wanted.best]
    return replace(
        table, columns=columns, by_number=frozenset(by_number), by_words=frozenset(by_words)
    )


def _known(
    texts: Sequence[str], cells: Sequence[str], wanted: Wanted
) -> tuple[str | None, int, bool]:
    """What a column is: what it was mapped to; else what its heading names, if its cells can be
    that; else what the heading is like. Of one name for two the cells decide."""
    for text in texts:
        if plain(text) in wanted.mapped:
            said = wanted.mapped[plain(text)]
            return (None if said == IGNORED else said), UNNAMED, False
    named_so = [each for text in texts for each in _named_by(text, wanted)]
    may = [each for each in named_so if _can_be(each[0], cells, wanted)] or named_so
    by_words = [each for each in may if not each[2]]
    if by_words:
        return by_words[0]
    for text in texts:
        like = [key for key in _like(text, wanted) if _is_mostly(key, cells, wanted)]
        if len(like) == 1:
            return like[0], UNNAMED + 1, False
    return may[0] if may else (None, 0, False)


def _can_be(key: str, cells: Sequence[str], wanted: Wanted) -> bool:
    reads = wanted.reads.get(key)
    return reads is None or not cells or any(map(reads, cells))


def _is_mostly(key: str, cells: Sequence[str], wanted: Wanted) -> bool:
    reads = wanted.reads.get(key)
    return reads is None or 2 * sum(map(reads, cells)) >= len(cells)


def _named_by(text: str, wanted: Wanted) -> list[tuple[str, int, bool]]:
    """Each column that goes by this very name: how good the name is, and whether by its number."""
    whole = plain(text)
    if wanted.mapped.get(whole) in wanted.names:
        return [(wanted.mapped[whole], 0, False)]
    number = _NUMBERED.fullmatch(whole)
    names = [whole, number[3]] if number and number[3] else [whole]
    # In two languages: "Tanggal / Date"
    names += [plain(part) for part in re.split(r"[/|\n(]", text) if part.strip() != text.strip()]
    found = [
        (key, listed.index(name), False)
        for name in names
        for key, listed in wanted.names.items()
        if name in listed
    ]
    if number and number[1] and not number[3] and int(number[2]) <= len(wanted.numbered):
        found.append((wanted.numbered[int(number[2]) - 1], 0, True))
    return found


def _by_name(text: str, wanted: Wanted) -> str | None:
    """The first that it names, or what it is like."""
    named_so = _named_by(text, wanted)
    like = [named_so[0][0]] if named_so else _like(text, wanted)
    return like[0] if len(like) == 1 else None


def _like(text: str, wanted: Wanted) -> list[str]:
    return [key for key in wanted.like.meant(text) if key in wanted.names]


def _without_twice(found: FoundTable) -> FoundTable:
    """A form in two languages has two columns of one question, of which each row fills one."""
    twice = [
        key
        for key, places in found.columns.items()
        if len(places) > 1
        and (
            not found.rows
            or any(
                sum(bool(row.cells[place]) for place in places if place < len(row.cells)) > 1
                for row in found.rows
            )
        )
    ]
    return replace(found, twice=twice)


def _only_data(found: FoundTable, wanted: Wanted) -> FoundTable:
    """Notes and signatures stand below all that is full; elsewhere a lonely cell is somebody's."""
    read = sorted(place for places in found.columns.values() for place in places)
    label = min(read, default=0)
    full = [row.number for row in found.rows if sum(map(bool, row.cells)) > 1]
    rows, totals, notes = [], [], []
    for row in found.rows:
        filled = [place for place, cell in enumerate(row.cells) if cell]
        is_below = len(filled) == 1 and row.number > max(full, default=0)
        if filled and _is_total(row.cells, filled, label):
            totals.append(row.number)
        elif is_below and len(read) > 2 and _is_note(found, row, filled[0], wanted):
            notes.append((row.number, row.cells[filled[0]]))
        else:
            rows.append(row)
    return replace(found, rows=rows, totals=tuple(totals), notes=tuple(notes))


def _is_total(cells: Sequence[str], filled: Sequence[int], label: int) -> bool:
    """A sum is named left of what is read, or in its first column, all else being numbers."""
    named_so = [place for place in filled if _TOTAL.fullmatch(cells[place])]
    others = (cells[place] for place in filled if place not in named_so)
    are_numbers = all(re.fullmatch(r"-?[0-9.,% ]+", cell) for cell in others)
    return any(place <= label for place in named_so) and are_numbers


def _is_note(found: FoundTable, row: Row, place: int, wanted: Wanted) -> bool:
    text = row.cells[place]
    key = next((key for key, places in found.columns.items() if place in places), "")
    is_read = key in wanted.reads and wanted.reads[key](text)
    return not is_read and (len(text) > NOTE or ":" in text) and bool(re.search(r"[^\W\d_]", text))
