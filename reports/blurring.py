"""What may be written beside the answers of a row, so that nobody is found by it.

Theory. Who knows somebody (their service, month, sex, age …) must find at least 5 rows that could
be theirs: k-anonymity (Sweeney 2002) with k = 5 over all columns beside the answers. Column after
column, the rows that share all that is written before are parted by the next column's value. A
value is written only where the rows that have it are enough; the others stay without. Where those
are too few to hide among themselves, the smallest of the values joins them. So every set of rows
that look alike beside their answers is enough at every step, and no row is left out.

Rows that somebody keyed in hide nobody from that person. So enough are 5 rows, among them 5 or
none that a citizen sent from a chat of their own. It does not hide an answer that all of them gave.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from reports.disclosure import enough

Column = Callable[[Any], str]  # the text of a row; "": not known


def blurred(
    rows: Sequence[Any], columns: Sequence[Column]
) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """Each row with the text of each column, "" where it is hidden or not known.

    The rows as a whole must be enough. The same rows give the same texts, in whatever order.
    """
    if not columns:
        yield from ((row, ()) for row in rows)
        return
    for value, alike in _parted(rows, columns[0]).items():
        for row, texts in blurred(alike, columns[1:]):
            yield row, (value, *texts)


def _parted(rows: Sequence[Any], column: Column) -> dict[str, list[Any]]:
    by_value: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_value[column(row)].append(row)
    without = by_value.pop("", [])
    smallest_first = sorted(by_value, key=lambda value: (len(by_value[value]), value))
    for value in smallest_first:
        if not enough(by_value[value]):
            without += by_value.pop(value)
    for value in smallest_first:
        if value in by_value and not enough(without):
            without += by_value.pop(value)
    return {**by_value, "": without}
