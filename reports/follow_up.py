"""What follow-ups mean for whoever reads figures: which element to take first, what is open."""

import json
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import Connection

from reports.digest.composed import Digest
from storage.index import released_figures
from storage.office import follow_ups
from storage.units import Unit

MOST = 50  # open ones that are counted: nobody has more at once


@dataclass(frozen=True, slots=True)
class FollowUps:
    """A unit's open ones: how many, how many of them are overdue, and the nearest or oldest day."""

    number: int
    overdue: int
    due: date


def open_for(connection: Connection, unit_id: int, today: date) -> FollowUps | None:
    """None where none is open. `today`: the unit's local day."""
    due = [each.plan.due for each in follow_ups.open_of(connection, unit_id, MOST)]
    if not due:
        return None
    return FollowUps(len(due), sum(day < today for day in due), due[0])


def weakest_first(connection: Connection, unit: Unit, today: date) -> list[tuple[str, str | None]]:
    """All elements of the unit's SKM on that day, each with its mean (2 decimals) of the last week
    in which any mean was shown. None, and below the others: that week showed none of it, or there
    is no such week.
    """
    by = unit.instrument_on(today)
    keys, means = by.keys, _shown(connection, unit.id, by.id)
    known = sorted((key for key in keys if key in means), key=lambda key: Fraction(means[key]))
    return [(key, means.get(key)) for key in (*known, *(key for key in keys if key not in means))]


def _shown(connection: Connection, unit_id: int, asked: str) -> dict[str, str]:
    weeks = (
        Digest.from_json(json.loads(week)) for week in released_figures.weeks(connection, unit_id)
    )
    by_week = {
        digest.week: {each.key: each.mean for each in digest.elements if each.mean is not None}
        for digest in weeks
        if digest.instrument == asked
    }
    return next((by_week[week] for week in sorted(by_week, reverse=True) if by_week[week]), {})
