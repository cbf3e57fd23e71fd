"""What was shown of a unit before a sheet is made: its sheets, and its weeks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import Connection

from reports.digest.composed import Digest
from reports.sheets.release import Before, Week, week_shown
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
        return Before(_weeks(connection, unit, instrument))
    days = sheets.by_day(connection, unit.id, instrument, starts[-1].first, period.first - _DAY)
    return Before(_weeks(connection, unit, instrument), [start.first for start in starts], days)


def _leading_to(period: Period, published: Iterable[Period]) -> list[Period]:
    """Published periods without a gap before this one, the latest first."""
    by_last = {each.last: each for each in published}
    found: list[Period] = []
    first = period.first
    while (one := by_last.get(first - _DAY)) is not None:
        found.append(one)
        first = one.first
    return found


def _weeks(connection: Connection, unit: Unit, instrument: str) -> list[Week]:
    """A month tells nothing that its weeks did not (`reports.digest.unit_month`)."""
    digests = (
        Digest.from_json(json.loads(each)) for each in released_figures.weeks(connection, unit.id)
    )
    shown = (week_shown(digest) for digest in digests if digest.instrument == instrument)
    return [week for week in shown if week is not None]
