"""What was shown of a unit before a sheet is made: its sheets, and its weeks."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import Connection

from reports.digest.composed import Digest
from reports.digest.told import told_of
from reports.sheets.release import Before
from reports.sheets.week import Week, week_shown
from storage.answers import tombstones
from storage.index import released_figures, sheets
from storage.index.sheets import Sheet
from storage.periods import Period
from storage.units import Unit

_DAY = timedelta(days=1)


def before(
    connection: Connection, unit: Unit, instrument: str, period: Period, kept: Iterable[Sheet]
) -> Before:
    """`kept`: the unit's sheets."""
    starts = _leading_to(period, [sheet.days for sheet in kept])
    if not starts:
        return Before(weeks_shown(connection, unit.id, instrument))
    first, last = starts[-1].first, period.first - _DAY
    days = Counter(sheets.by_day(connection, unit.id, instrument, first, last))
    # Of a published period, what was erased is still in its sheet.
    days.update(
        each.local_date for each in tombstones.between(connection, unit.id, instrument, first, last)
    )
    return Before(
        weeks_shown(connection, unit.id, instrument), [start.first for start in starts], days
    )


def _leading_to(period: Period, published: Iterable[Period]) -> list[Period]:
    """Published periods without a gap before this one, the latest first."""
    by_last = {each.last: each for each in published}
    found: list[Period] = []
    first = period.first
    while (one := by_last.get(first - _DAY)) is not None:
        found.append(one)
        first = one.first
    return found


def weeks_shown(connection: Connection, unit_id: int, instrument: str) -> list[Week]:
    """A month tells nothing that its weeks did not (`reports.digest.unit_month`)."""
    found = []
    for row in released_figures.told(connection, unit_id):
        digest = Digest.from_json(json.loads(row.figures))
        week = week_shown(digest, told_of(row.parts)) if digest.instrument == instrument else None
        found += [week] if week else []
    return found
