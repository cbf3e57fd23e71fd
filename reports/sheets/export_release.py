"""Which columns of a published period's rows may be public, beside its sheet and its weeks.

Theory. The rows of a period add up to its sheet, and the weekly digests are known, so rows may tell
apart no 1 to 4 responses, nor 1 to 4 answers to an item, that sheet and weeks keep together:

- Where the sheet shows no figures, no rows; where it withholds an item or its parts, the column of
  that item or of the source stays empty.
- Of its responses none were erased since: the sheet less the rows would be what they said.
- Months part a week that was shown into what lies in each of them, and part the rest: every piece
  is none or at least 5, or no month is written.
- The answers of rows and the sums of weeks tell which row is of which week: an integer program
  finds it. So the span that a digest told of is a column that everybody knows. What may stand
  beside the answers is hidden within each (`reports.sheets.exporting._columns`).
- A service of which the unit does not ask an item is known by it. Where its rows are too few to
  hide each other, the column stays empty for all.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.disclosure import enough, least
from reports.sheets.week import ALL, Week
from storage.periods import Period, period_of

Unasked = Callable[[Any], frozenset[str]]  # the items that a row's person was not asked


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be written of a period's rows: answers to these items, months, sources."""

    items: frozenset[str]
    months: bool
    sources: bool


def askable(rows: Sequence[Any], items: frozenset[str], unasked: Unasked) -> frozenset[str]:
    """Those of the items by which no row can be told to be of one of a few."""
    alike: dict[frozenset[str], list[Any]] = defaultdict(list)
    for row in rows:
        alike[unasked(row) & items].append(row)
    if all(map(enough, alike.values())):
        return items
    return items - frozenset[str]().union(*alike)


def months_apart(rows: Sequence[Any], items: frozenset[str], weeks: Sequence[Week]) -> bool:
    """Whether the months of these rows may be told apart beside the weeks that were shown."""
    by_month: dict[Period, list[Any]] = defaultdict(list)
    for row in rows:
        by_month[period_of("month", row.local_date)].append(row)
    known = [
        week for week in weeks if any(month.overlaps(week.first, week.last) for month in by_month)
    ]
    return not known or not any(
        0 < piece < least()
        for month, within in by_month.items()
        for item in (ALL, *items)
        for piece in _pieces(month, within, item, known)
    )


def _pieces(month: Period, rows: Sequence[Any], item: str, weeks: Sequence[Week]) -> Iterator[int]:
    """How many answers lie in each shown week's part of the month, in its other part (or what is
    gone of it), and in no shown week."""
    days = Counter(row.local_date for row in rows if _answers(row.answers, item))
    left = days.total()
    for week in weeks:
        if item not in week.n or not month.overlaps(week.first, week.last):
            continue
        here = sum(n for day, n in days.items() if week.first <= day <= week.last)
        left -= here
        yield abs(week.n[item] - here)
        if week.first < month.first or month.last < week.last:
            yield here
    yield left


def _answers(answers: Mapping[str, int | None], item: str) -> bool:
    return item == ALL or answers.get(item) is not None
