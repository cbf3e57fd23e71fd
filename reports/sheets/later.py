"""Whether a digest that is made after its period's sheet may show figures beside it.

Theory. The sheet less the weeks that were shown, less this digest, is what nobody else told of the
period; an answer erased after the sheet is in it, and not in the digest. It must be nobody, or at
least 5, of the answers to every item. Beside a correcting sheet, and one that left something
uncounted, nothing is told any more.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from flows.loader import instrument
from reports.disclosure import Size
from reports.sheets.before import weeks_shown
from reports.sheets.counted import as_there
from reports.sheets.sheet import Content
from reports.sheets.week import Week
from storage.index import sheets
from storage.periods import Period


def tells_few(connection: Connection, unit_id: int, of: str, rows: Sequence[Any]) -> bool:
    """`rows`: the responses to an instrument that the digest tells of."""
    kept = [
        (sheet.days, json.loads(sheet.content))
        for sheet in sheets.of_unit(connection, unit_id)
        if any(_within(sheet.days, row) for row in rows)
    ]
    if not kept:
        return False
    weeks = weeks_shown(connection, unit_id, of)
    return any(
        content["corrects"]
        or content.get("uncounted")
        or any(size.tells for size in _left(period, content, weeks, rows))
        for period, content in kept
        if content["instrument"] == of
    )


def _left(
    period: Period, content: Content, weeks: Sequence[Week], rows: Sequence[Any]
) -> Iterator[Size]:
    """How many of the sheet's answers to each item nothing else tells."""
    by = instrument(content["instrument"])
    mine = as_there(by, [row for row in rows if _within(period, row)])
    for item, sums in content["sums"].items():
        told = (week.size(item, period) for week in weeks if item in week.n)
        all_told = sum(told, mine.size(item, lambda _: True))
        yield Size(sums["n"], sums.get("own", all_told.own)).differs(all_told)


def _within(period: Period, row: Any) -> bool:
    return bool(period.first <= row.local_date <= period.last)
