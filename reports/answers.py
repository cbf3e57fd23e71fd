"""A table of answers (CSV) as rows to tally.

One line per response. The header names the elements by key, or U1..U9 in one of two orders: the
questionnaire's, or the element list's of the rule's annex, which has complaint handling 8th and
facilities 9th. Published reports use both, so a table with U-names says nothing by itself.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from reports.tally import Row

Order = Literal["questionnaire", "list"]

_VALUES = {"": None, "1": 1, "2": 2, "3": 3, "4": 4}
_NUMBERED = re.compile(r"u[1-9][0-9]*")


class AnswersRefused(ValueError):
    """The table cannot be read; `faults` names each fault, its place and the cure."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def read(path: Path, elements: Sequence[str], order: Order = "questionnaire") -> list[Row]:
    """The rows of a file; see `parse`."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise AnswersRefused(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise AnswersRefused(f"{path} is not UTF-8; save it as “CSV UTF-8”.") from error
    return parse(text, elements, order)


def parse(text: str, elements: Sequence[str], order: Order = "questionnaire") -> list[Row]:
    """The rows of a table with `,` or `;` between its cells.

    `elements`: the keys in questionnaire order. An empty cell is "not answered", an empty line
    nothing, other columns are ignored. AnswersRefused: all faults in one; rows are counted as a
    spreadsheet does, the header being row 1.
    """
    header, *lines = _table(text)
    columns = _columns(header, elements, order)
    faults: list[str] = []
    rows = [
        _row(number, line, header, columns, faults)
        for number, line in enumerate(lines, start=2)
        if line
    ]
    if faults:
        raise AnswersRefused(*faults)
    if not rows:
        raise AnswersRefused("The table has a header and no rows; add one line per response.")
    return rows


def _table(text: str) -> list[list[str]]:
    first_line = text.partition("\n")[0]
    delimiter = ";" if first_line.count(";") > first_line.count(",") else ","
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise AnswersRefused(f"This is no CSV table: {error}.") from error
    if not table or not any(cell.strip() for cell in table[0]):
        raise AnswersRefused("The first line is empty; it must be a header naming the elements.")
    return table


def _columns(header: Sequence[str], elements: Sequence[str], order: Order) -> dict[str, int]:
    """Element → position of its column."""
    names = [cell.strip().casefold() for cell in header]
    numbered = {f"u{number}": key for number, key in enumerate(_ordered(elements, order), start=1)}
    by_key = [name for name in names if name in elements]
    by_number = [name for name in names if name in numbered]
    if by_key and by_number:
        raise AnswersRefused(
            f"The header mixes element keys ({by_key[0]}) with numbers ({by_number[0].upper()}); "
            "use one of the two."
        )
    wanted = numbered if by_number else {key: key for key in elements}
    _check_header(by_number or by_key, list(wanted))
    return {key: names.index(name) for name, key in wanted.items()}


def _check_header(found: Sequence[str], wanted: Sequence[str]) -> None:
    twice = [_shown(name) for name, times in Counter(found).items() if times > 1]
    missing = [_shown(name) for name in wanted if name not in found]
    faults = []
    if twice:
        faults.append(f"The header names {', '.join(twice)} more than once; keep one column each.")
    if missing:
        faults.append(
            f"The header has no column {', '.join(missing)}; add it (cells may be empty). "
            "Names are the element keys or U1, U2, …"
        )
    if faults:
        raise AnswersRefused(*faults)


def _ordered(elements: Sequence[str], order: Order) -> list[str]:
    if order == "questionnaire":
        return list(elements)
    swapped = {"facilities": "complaint_handling", "complaint_handling": "facilities"}
    return [swapped.get(key, key) for key in elements]


def _row(
    number: int,
    line: Sequence[str],
    header: Sequence[str],
    columns: Mapping[str, int],
    faults: list[str],
) -> Row:
    if len(line) < len(header) or any(cell.strip() for cell in line[len(header) :]):
        faults.append(f"Row {number} has {len(line)} cells, the header {len(header)}.")
        return Row({})
    answers: dict[str, int | None] = {}
    for key, position in columns.items():
        cell = line[position].strip()
        if cell in _VALUES:
            answers[key] = _VALUES[cell]
        else:
            faults.append(
                f"Row {number}, column {header[position].strip()}: “{cell}” is not 1, 2, 3, 4 "
                "or empty."
            )
    return Row(answers)


def _shown(name: str) -> str:
    return name.upper() if _NUMBERED.fullmatch(name) else name
