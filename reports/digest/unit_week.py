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
from typing import Any, NamedTuple

from sqlalchemy import Connection

from flows.instrument import Instrument
from flows.survey.source import NOBODYS
from reports.digest import told
from reports.digest.composed import Digest, Office
from reports.digest.context_figures import Beside, flags
from reports.digest.span import Span, span_of
from reports.digest.weekly import EARLIER, Past, Running, Week, compose
from reports.disclosure import OWN, shown_items
from reports.sheets import later
from reports.statistics.tally import Tally
from reports.stored.fold import decoded, encoded
from reports.stored.many import counted
from storage import questionnaires
from storage.answers import responses
from storage.index import closed_periods, released_figures, tallies
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
        shown = released_figures.get(connection, unit.id, week.name)
    if shown is None:
        span = _span(connection, unit, week, lock=True)
        digest, tally = _made(connection, unit, week, span, beside)
        shown = release(connection, unit, digest, tally, at, span.rows)
    return Digest.from_json(json.loads(shown))


def tells(connection: Connection, unit: Unit, week: Period) -> bool:
    """Whether the digest of a week has figures, without composing or releasing it."""
    shown = released_figures.get(connection, unit.id, week.name)
    if shown is not None:
        return Digest.from_json(json.loads(shown)).ikm is not None
    span = _span(connection, unit, week)
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
    return _made(connection, unit, week, _span(connection, unit, week))[0]


def _made(
    connection: Connection, unit: Unit, week: Period, span: Span, beside: Beside | None = None
) -> tuple[Digest, Tally]:
    by = unit.instrument_on(span.first)
    now = counted_of(span.rows, by)
    past = past_weeks(connection, unit, by, previous(week), EARLIER)
    days = Period(week.name, span.first, span.last, "week")
    weeks = (Past.of(*now), *past)
    waits = span.waits or later.tells_few(connection, unit.id, by.id, span.rows)
    made = Week(days, *now, weeks, past[0].means, waits=waits)
    digest = made_of(connection, unit, by, made, previous(week).name, beside)
    nobodys = sum(row.source in NOBODYS for row in span.rows)
    return replace(digest, nobodys=nobodys), now.tally


def _span(connection: Connection, unit: Unit, week: Period, *, lock: bool = False) -> Span:
    before = released_figures.get(connection, unit.id, previous(week).name)
    return span_of(
        week,
        None if before is None else Digest.from_json(json.loads(before)),
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
    extras = questionnaires.get(connection, unit.questionnaire).extras
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
    connection: Connection, unit: Unit, by: Instrument, last: Period, number: int
) -> list[Past]:
    """So many weeks up to the last, the latest first: as they were shown, else as the rows are.
    Weeks by another instrument are as if nothing had been shown: nothing is compared with them."""
    names = [name_before(last, weeks) for weeks in range(number)]
    shown = released_figures.of_weeks(connection, unit.id, names)
    unseen = [weeks for weeks, name in enumerate(names) if name not in shown]
    rows = _by_week(connection, unit, by, last, max(unseen)) if unseen else {}
    past = []
    for name in names:
        if name in shown:
            digest = Digest.from_json(json.loads(shown[name].figures))
            past.append(past_of(digest, shown[name].sums, by))
        else:
            past.append(Past.of(*counted_of(rows.get(name, []), by)))
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


def name_before(week: Period, weeks: int) -> str:
    """The name of the week so many weeks before."""
    return period_of("week", week.first - timedelta(weeks=weeks)).name


def counted_of(rows: Sequence[Any], by: Instrument) -> Counted:
    tally = Tally.of(by.keys, map(counted, rows))
    own = [row for row in rows if row.source == OWN]
    return Counted(tally, tally if len(own) == len(rows) else Tally.of(by.keys, map(counted, own)))


def past_of(digest: Digest, sums: str, by: Instrument) -> Past:
    """A week as it was shown. Where only its number of responses was shown, its sums are empty."""
    nothing = Tally.zero(by.keys)
    if digest.instrument != by.id:
        return Past(nothing, shown=False, means={})
    tally = decoded(sums).only(digest.means) if sums else nothing
    return Past(tally, digest.ikm is not None, digest.means)


def _by_week(
    connection: Connection, unit: Unit, by: Instrument, week: Period, back: int
) -> dict[str, list[Any]]:
    """The rows of a week and of so many before it, by the week's name."""
    first = week.first - timedelta(weeks=back)
    groups: dict[str, list[Any]] = defaultdict(list)
    for row in tallies.rows_between(connection, by.id, [unit.id], first, week.last):
        year, number, _ = row.local_date.isocalendar()
        groups[f"{year:04}-W{number:02}"].append(row)
    return groups
