"""A file that is refused whole. Its faults are lines of the catalogues: an operator reads them in
the language of the run, an admin in the chat's."""

from collections.abc import Iterable, Iterator, Sequence

from flows.engine.form import Line, cut, literal
from flows.formats import count_line
from flows.loader import words
from flows.operator_words import spoken

NOTES = 4  # that are named
MOST = 20  # faults that are named; of the others only the number is said
SHOWN = 40  # characters of a cell that a fault shows


class FileRefused(Exception):
    """Nothing of the file was taken. `faults` names the first of its faults, each with its place
    and the cure, `MOST` at most; `more`: how many there are besides. A fault that only an operator
    is told may be a plain sentence."""

    def __init__(self, *faults: Line | str, more: int = 0) -> None:
        self.faults = tuple(f if isinstance(f, Line) else literal(f) for f in faults)
        self.more = more
        lines = self.faults if not more else (*self.faults, and_more(more))
        super().__init__("\n".join(map(words(spoken()).line, lines)))


class Faults:
    """What is wrong with a file, as it is found: the first of them kept, the rest counted. A table
    of a million bad cells costs no words."""

    def __init__(self, faults: Iterable[Line | str] = ()) -> None:
        self._first: list[Line | str] = []
        self._number = 0
        self += faults

    def add(self, fault: Line | str) -> None:
        self._number += 1
        if self._number <= MOST:
            self._first.append(fault)

    def __iadd__(self, faults: Iterable[Line | str]) -> "Faults":
        for fault in faults:
            self.add(fault)
        return self

    def __len__(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[Line | str]:
        """Those that are kept."""
        return iter(self._first)

    def check(self, refused: type[FileRefused] = FileRefused) -> None:
        """Raises `refused` where there are any."""
        if self._number:
            raise refused(*self._first, more=self._number - len(self._first))


class CellUnfit(ValueError):
    """A cell that cannot be taken; `line` is the end of the sentence that names it."""

    def __init__(self, line: Line) -> None:
        super().__init__(line.key)
        self.line = line


def left_out(totals: Sequence[int], notes: Sequence[tuple[int, str]]) -> Iterator[Line]:
    """Rows of a table that are no data, named (`storage.files.found_table.FoundTable`)."""
    if totals:
        yield Line("file.totals", {"rows": named([str(number) for number in totals])})
    for at, text in notes[:NOTES]:
        yield Line("file.note", {"row": at, "text": shown(text)})
    if len(notes) > NOTES:
        yield and_more(len(notes) - NOTES)


def and_more(number: int) -> Line:
    return Line("file.more", {"count": count_line(number)})


def shown(text: str) -> str:
    """What a fault shows of what stands in a cell: on one line, and not all of a long one."""
    return cut("".join(c if c.isprintable() else "�" for c in text), SHOWN)


def named(columns: Sequence[str]) -> str:
    """Columns of a header, the first of them."""
    first = ", ".join(map(shown, columns[:MOST]))
    return first if len(columns) <= MOST else f"{first}, … ({len(columns)})"


def said(text: str) -> Line:
    """What stands in a cell, as a fault names it."""
    return Line("file.untaken", {"text": shown(text)}) if text else Line("file.empty")


def cell(row: int, column: str, fault: Line) -> Line:
    return Line("file.cell", {"row": row, "column": shown(column), "fault": fault})
