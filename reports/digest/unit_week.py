"""A unit's weekly digest from the database: composed once, then always the same.

The sums of a week are kept beside the figures that were shown of it. Later weeks are compared with
these sums, not with the rows: where a response was erased since, the difference between the two
would tell what it said.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection

from flows.instrument import Instrument
from flows.survey.source import NOBODYS
from reports.digest import told
from reports.digest.composed import Digest, Office
from reports.digest.context_figures import Beside, flags
from reports.digest.shown_weeks import figures_of, tally_of
from reports.digest.span import Span, span_of
from reports.digest.weekly import EARLIER, Past, Running, Week, compose
from reports.disclosure import OWN, shown_items
from reports.sheets import later
from reports.statistics.counting import tally_of_rows
from reports.statistics.tally import Tally
from reports.stored.fold import encoded
from reports.stored.many import counted
from storage.answers import responses
from storage.index import closed_periods, released_figures, tallies
from storage.index.released_figures import Shown
from storage.periods import Period, period_of, previous
from storage.units import Unit


class Counted(NamedTuple):
    """Responses, and of them those that citizens sent from chats of their own."""

    tally: Tally
    own: Tally


def weekly(
    connection: Connection, unit: Unit, week: Period, at: int, beside: Beside | None = None
) -> Digest:
    """The released digest of a week; composes and releases it if it is the first to ask."""
    shown = released_figures.get(connection, unit.id, week.name)
    if shown is None:
        # Whoever publishes a period waits, and whoever erases: what is told must be what is there.
        closed_periods.lock(connection, unit.id)
        weeks = _shown(connection, unit, week)
        if week.name in weeks:
            shown = weeks[week.name].figures
        else:
            span = _span(connection, unit, week, weeks, lock=True)
            digest, tally = _made(connection, unit, week, span, weeks, beside)
            shown = release(connection, unit, digest, tally, at, span.rows)
    return Digest.from_json(json.loads(shown))


def tells(connection: Connection, unit: Unit, week: Period) -> bool:
    """Whether the digest of a week has figures, without composing or releasing it."""
    shown = released_figures.get(connection, unit.id, week.name)
    if shown is not None:
        return Digest.from_json(json.loads(shown)).ikm is not None
    before = released_figures.of_weeks(connection, unit.id, [previous(week).name])
    span = _span(connection, unit, week, before)
    by = unit.instrument_on(span.first)
    waits = span.waits or later.tells_few(connection, unit.id, by.id, span.rows)
    return not waits and bool(shown_items(*counted_of(span.rows, by)))


def release(
    connection: Connection,
    unit: Unit,
    digest: Digest,
    tally: Tally,
    at: int,
    rows: Sequence[Any] = (),
) -> str:
    """Keep a digest as it is shown for the first time, and the sums that it was made of (none where
    the responses are few). `rows`: those that a sheet counts from now on as they were told. Returns
    the digest that is shown: another process may have kept one first."""
    text = json.dumps(digest.to_json(), ensure_ascii=False)
    if digest.ikm is None:
        return released_figures.keep(connection, unit.id, digest.week, text, "", at)
    tally = tally.only(digest.means)
    parts = told.encoded(told.parts(digest.instrument, rows)) if rows else ""
    tallies.mark_told(connection, [row.id for row in rows], digest.week)
    return released_figures.keep(connection, unit.id, digest.week, text, encoded(tally), at, parts)


def composed(connection: Connection, unit: Unit, week: Period) -> Digest:
    """The digest of a week as the rows are now; releases nothing."""
    weeks = _shown(connection, unit, week)
    return _made(connection, unit, week, _span(connection, unit, week, weeks), weeks)[0]


def _made(
    connection: Connection,
    unit: Unit,
    week: Period,
    span: Span,
    shown: Mapping[str, Shown],
    beside: Beside | None = None,
) -> tuple[Digest, Tally]:
    by = unit.instrument_on(span.first)
    now = counted_of(span.rows, by)
    past = past_weeks(connection, unit, by, weeks_up_to(week)[1:], shown)
    days = Period(week.name, span.first, span.last, "week")
    weeks = (Past.of(*now), *past)
    waits = span.waits or later.tells_few(connection, unit.id, by.id, span.rows)
    made = Week(days, *now, weeks, past[0].means, waits=waits)
    digest = made_of(connection, unit, by, made, previous(week).name, beside)
    nobodys = sum(row.source in NOBODYS for row in span.rows)
    return replace(digest, nobodys=nobodys), now.tally


def _shown(connection: Connection, unit: Unit, week: Period) -> dict[str, Shown]:
    """Of a week and those that it looks back to, those that were shown."""
    names = [each.name for each in weeks_up_to(week)]
    return released_figures.of_weeks(connection, unit.id, names)


def _span(
    connection: Connection,
    unit: Unit,
    week: Period,
    shown: Mapping[str, Shown],
    *,
    lock: bool = False,
) -> Span:
    before = shown.get(previous(week).name)
    return span_of(
        week,
        None if before is None else Digest.from_json(json.loads(before.figures)),
        unit,
        lambda first, last: tallies.rows_between(
            connection, unit.instrument_on(first).id, [unit.id], first, last, lock=lock
        ),
    )


def made_of(
    connection: Connection,
    unit: Unit,
    by: Instrument,
    week: Week,
    before: str,
    beside: Beside | None,
) -> Digest:
    """The digest of a week, or of a month, with what stands beside its own figures. `before`: the
    name of the period before it."""
    last, beside = week.period.last, beside or Beside()
    running = period_of(unit.period, last)
    n = responses.number(connection, unit.id, by.id, running.first, last)
    extras = beside.extras(connection, unit)
    digest = compose(
        Office(unit.code, unit.name, unit.agency),
        week,
        Running(running, n, unit.users_in(running)),
        by,
        extras,
        beside.agency(connection, unit, before, by.id),
        lambda: beside.spread(connection, unit, last, by),
    )
    return replace(
        digest,
        flags=flags(connection, unit, running),
        standing=beside.place(connection, unit, running),
        examples=beside.examples.of(connection, unit, digest.weakest, week.period),
    )


def past_weeks(
    connection: Connection,
    unit: Unit,
    by: Instrument,
    weeks: Sequence[Period],
    shown: Mapping[str, Shown],
    *,
    whole: bool = False,
) -> list[Past]:
    """Weeks that follow each other, the latest first: as they were shown, else as the rows are.
    Weeks by another instrument are as if nothing had been shown: nothing is compared with them.
    `whole`: with all that was counted, else with what figures are compared by (`tally_of`)."""
    # Those beside each other that were not shown are read at once, and no others.
    gaps = groupby(weeks, key=lambda week: week.name in shown)
    unseen = [list(gap) for is_shown, gap in gaps if not is_shown]
    rows = {name: of for gap in unseen for name, of in _by_week(connection, unit, by, gap).items()}
    zero = Tally.zero(by.keys)
    nothing = Past.of(zero, zero)
    past = []
    for week in weeks:
        if week.name in shown:
            past.append(past_of(shown[week.name], by, whole))
        else:
            past.append(Past.of(*counted_of(rows[week.name], by)) if week.name in rows else nothing)
    return past


def shown_means(
    connection: Connection, unit: Unit, period: str, by: Instrument
) -> Mapping[str, str]:
    """Element → mean as the digest of a period showed it; none where there was no digest by that
    instrument."""
    figures = released_figures.get(connection, unit.id, period)
    digest = Digest.from_json(json.loads(figures)) if figures else None
    if digest is None or digest.instrument != by.id:
        return {}
    return digest.means


@lru_cache(64)
def weeks_up_to(week: Period) -> tuple[Period, ...]:
    """A week and those that its digest looks back to, the latest first."""
    firsts = (week.first - timedelta(weeks=back) for back in range(EARLIER + 1))
    return tuple(period_of("week", first) for first in firsts)


def counted_of(rows: Sequence[Any], by: Instrument) -> Counted:
    tally = tally_of_rows(by.keys, map(counted, rows))
    own = [row for row in rows if row.source == OWN]
    return Counted(
        tally, tally if len(own) == len(rows) else tally_of_rows(by.keys, map(counted, own))
    )


def past_of(week: Shown, by: Instrument, whole: bool) -> Past:
    """A week as it was shown. Where only its number of responses was shown, its sums are empty."""
    figures = figures_of(week)
    if figures.instrument != by.id:
        return Past(Tally.zero(by.keys), shown=False, means={})
    means = figures.means
    return Past(tally_of(week, means, by, whole), figures.ikm is not None, means)


def _by_week(
    connection: Connection, unit: Unit, by: Instrument, weeks: Sequence[Period]
) -> dict[str, list[Any]]:
    """The rows of weeks that follow each other, the latest first, by the week's name."""
    first, last = weeks[-1].first, weeks[0].last
    groups: dict[str, list[Any]] = defaultdict(list)
    for row in tallies.rows_between(connection, by.id, [unit.id], first, last):
        year, number, _ = row.local_date.isocalendar()
        groups[f"{year:04}-W{number:02}"].append(row)
    return groups
