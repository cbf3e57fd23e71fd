"""A unit's weekly digest from the database: composed once, then always the same."""

import json
from collections import defaultdict
from datetime import timedelta

from sqlalchemy import Connection

from flows.files import CURRENT, instrument
from reports.digest import Digest, Office
from reports.fold import counted
from reports.tally import Row, Tally
from reports.weekly import EARLIER, Running, Week, compose
from storage import questionnaires, released, responses, tallies
from storage.periods import Period, period_of
from storage.units import Unit


def weekly(connection: Connection, unit: Unit, week: Period, at: int) -> Digest:
    """The released digest of a week; composes and releases it if it is the first to ask."""
    figures = released.get(connection, unit.id, week.name)
    if figures is None:
        digest = composed(connection, unit, week)
        text = json.dumps(digest.to_json(), ensure_ascii=False)
        figures = released.keep(connection, unit.id, week.name, text, at)
    return Digest.from_json(json.loads(figures))


def composed(connection: Connection, unit: Unit, week: Period) -> Digest:
    """The digest of a week as the rows are now; releases nothing."""
    by_week = _tallies(connection, unit, week)
    keys = instrument(CURRENT).keys
    weeks = [
        by_week.get((week.first - timedelta(weeks=n)).isocalendar()[:2], Tally.zero(keys))
        for n in range(EARLIER + 1)
    ]
    running = period_of(unit.period, week.last)
    return compose(
        Office(unit.code, unit.name, unit.agency),
        Week(
            week,
            weeks[0],
            weeks[1:],
            responses.comments(connection, unit.id, CURRENT, week.first, week.last),
        ),
        Running(
            running,
            responses.number(connection, unit.id, CURRENT, running.first, week.last),
            unit.population,
        ),
        CURRENT,
        questionnaires.get(connection, unit.questionnaire).extras,
    )


def _tallies(connection: Connection, unit: Unit, week: Period) -> dict[tuple[int, int], Tally]:
    """The tallies of a week and those it is compared with, by ISO year and week."""
    first = week.first - timedelta(weeks=EARLIER)
    groups: dict[tuple[int, int], list[Row]] = defaultdict(list)
    for row in tallies.rows_between(connection, CURRENT, [unit.id], first, week.last):
        groups[row.local_date.isocalendar()[:2]].append(counted(row))
    keys = instrument(CURRENT).keys
    return {name: Tally.of(keys, rows) for name, rows in groups.items()}
