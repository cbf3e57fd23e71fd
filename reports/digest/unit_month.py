"""A unit's monthly digest: of the weeks that ended in the month, by the same composition.

Theory. Weeks are shown one by one, so a month of days that cuts through weeks could be taken apart
by them. A month here is what its weeks told (those whose Sunday lies in it), as they told it: that
tells nothing new. Few that came at its end are told with the month after it, as its weeks are
(`reports.digest.span`).
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from flows.loader import instrument
from reports.digest.composed import Digest
from reports.digest.context_figures import Beside
from reports.digest.unit_week import (
    Counted,
    counted_of,
    made_of,
    past_weeks,
    release,
    shown_means,
    weekly,
    weeks_up_to,
)
from reports.digest.weekly import Week
from reports.statistics.tally import Tally
from storage.answers import tombstones
from storage.index import released_figures, tallies
from storage.periods import Period, period_of, previous
from storage.units import Unit

_WEEK = timedelta(weeks=1)


def weeks_of(month: Period) -> list[Period]:
    """The weeks whose Sunday lies in it."""
    week = period_of("week", month.first)
    weeks = []
    while week.last <= month.last:
        weeks.append(week)
        week = period_of("week", week.first + _WEEK)
    return weeks


def monthly(
    connection: Connection, unit: Unit, month: Period, at: int, beside: Beside | None = None
) -> Digest:
    """The released digest of a month; composes and releases it, and its weeks, if it is the first
    to ask."""
    shown = released_figures.get(connection, unit.id, month.name)
    if shown is None:
        weeks = weeks_of(month)
        digests = [weekly(connection, unit, week, at, beside) for week in weeks]
        digest, tally = _made(connection, unit, month, weeks, digests, beside)
        shown = release(connection, unit, digest, tally, at)
    return Digest.from_json(json.loads(shown))


def _made(
    connection: Connection,
    unit: Unit,
    month: Period,
    weeks: Sequence[Period],
    digests: Sequence[Digest],
    beside: Beside | None,
) -> tuple[Digest, Tally]:
    asked = digests[-1].instrument  # weeks by another one are not of this month's figures
    alike = [digest for digest in digests if digest.instrument == asked]
    by, days = instrument(asked), Period(month.name, alike[0].first, alike[-1].last, "month")
    back = weeks_up_to(weeks[-1])
    shown = released_figures.of_weeks(connection, unit.id, [week.name for week in back])
    past = past_weeks(connection, unit, by, back, shown, whole=True)
    mine = [week for week in past[: len(weeks)] if week.shown]
    came = counted_of(tallies.rows_between(connection, asked, [unit.id], days.first, days.last), by)
    told = Tally.together(by.keys, (week.tally for week in mine))
    now = Counted(told, told) if mine else came
    before = shown_means(connection, unit, previous(month).name, by)
    made = made_of(
        connection,
        unit,
        by,
        Week(days, *now, past, before, waits=not mine),
        previous(month).name,
        beside,
    )
    gone = tombstones.number_told(connection, unit.id)
    were = came.tally.n + sum(gone.get(week.name, 0) for week in weeks)
    left_out = were - now.tally.n
    # Counts of a choice were shown or hidden week by week.
    nobodys = sum(each.nobodys for each in alike if each.ikm is not None)
    return replace(made, extras=(), left_out=left_out, nobodys=nobodys), now.tally
