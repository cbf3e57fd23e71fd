"""A unit's monthly digest: of the weeks that ended in the month, by the same composition.

Theory. Weeks are shown one by one, so a month of days that cuts through weeks could be taken apart
by them. A month here is its whole weeks (those whose Sunday lies in it), and of them those of which
nothing was hidden: that tells nothing new. Where no week of it was shown at all, because few answer
there, it is all of them together: then there is nothing to take it apart by, and the same rule asks
of the whole what it asks of a week.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from flows.files import CURRENT
from reports.digest.beside import Beside
from reports.digest.composed import Digest
from reports.digest.unit_week import (
    KEYS,
    Counted,
    counted_of,
    cut_by_sheet,
    made_of,
    past_weeks,
    release,
    shown_means,
    weekly,
)
from reports.digest.weekly import WINDOWS, Week
from reports.tally import Tally
from storage import released, responses, tallies
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
    shown = released.get(connection, unit.id, month.name)
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
    past = past_weeks(connection, unit, weeks[-1])
    mine = past[: len(weeks)]
    whole = Period(month.name, weeks[0].first, weeks[-1].last, "month")
    is_cut = False
    if any(week.shown for week in mine):
        tally = Tally.together(KEYS, (week.tally for week in mine if week.shown and week.whole))
        now = Counted(tally, tally)
    else:
        days = whole.first, whole.last
        rows = tallies.rows_between(connection, CURRENT, [unit.id], *days)
        now, is_cut = counted_of(rows), cut_by_sheet(connection, unit, whole, rows)
    before = shown_means(connection, unit, previous(month).name)
    written = responses.comments(connection, unit.id, CURRENT, whole.first, whole.last)
    left_out = sum(digest.n for digest in digests) - now.tally.n
    made = made_of(
        connection,
        unit,
        Week(whole, *now, past, before, written, WINDOWS[1:], is_cut),
        previous(month).name,
        beside,
    )
    # Counts of a choice, and comments, were shown or hidden week by week.
    comments = None if left_out else made.comments
    return replace(made, extras=(), comments=comments, left_out=left_out), now.tally
