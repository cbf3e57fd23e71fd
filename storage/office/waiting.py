"""Units in which something waits for somebody with a role, as conditions that a query of units
takes: so a nation's are counted without being read."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from flows.loader import skm_on
from storage.database.upsert import table_of
from storage.index_tables import Sheet
from storage.office_tables import Briefing, FollowUp
from storage.periods import Kind, Period, local_date, period_of, previous
from storage.tables import Response, Unit

BACK = 4  # periods that are over are looked at
_ALL_KINDS: tuple[Kind, ...] = ("month", "quarter", "semester", "year")

_u, _f, _b = table_of(Unit), table_of(FollowUp), table_of(Briefing)
_r, _s = table_of(Response), table_of(Sheet)
_CLOCKS = select(_u.c.timezone, _u.c.period).distinct()


def conditions(connection: Connection, at: int, soon: timedelta) -> Mapping[str, Any]:
    """What waits → whether it does in a unit: `plans` that are due by then or late, `periods` that
    are over and not published, `digests` that did not arrive. `at`: Unix seconds."""
    clocks = [(row.timezone, row.period) for row in connection.execute(_CLOCKS)]
    days = {timezone: local_date(at, timezone) for timezone, _ in clocks}
    due = or_(False, *(and_(_u.c.timezone == z, _f.c.due <= day + soon) for z, day in days.items()))
    is_open = _f.c.unit_id == _u.c.id, _f.c.finished_on.is_(None)
    over = [
        and_(_u.c.timezone == z, _u.c.period == kind, _is_over(kind, days[z])) for z, kind in clocks
    ]
    return {
        "plans": select(_f.c.id).where(*is_open, due).exists(),
        "periods": or_(False, *over),
        "digests": select(_b.c.unit_id).where(_b.c.unit_id == _u.c.id, _b.c.failed > 0).exists(),
    }


def _is_over(kind: Kind, today: date) -> Any:
    """Whether one of the last periods was answered about and has no sheet."""
    period, found = period_of(kind, today), list[Period]()
    while len(found) < BACK:
        period = previous(period)
        found.append(period)
    return or_(*(_unpublished(each) for each in found))


def _unpublished(period: Period) -> Any:
    asked = skm_on(period.first).id
    within = _r.c.local_date.between(period.first, period.last)
    answered = select(_r.c.id).where(_r.c.unit_id == _u.c.id, within, _r.c.instrument == asked)
    told = select(_s.c.id).where(_s.c.unit_id == _u.c.id, _s.c.period.in_(_overlapping(period)))
    return and_(answered.exists(), ~told.exists())


def _overlapping(period: Period) -> list[str]:
    """Names of all periods that share a day with it."""
    days = range(period.first.toordinal(), period.last.toordinal() + 1)
    return sorted({period_of(kind, date.fromordinal(d)).name for d in days for kind in _ALL_KINDS})
