"""A unit's weekly digest from the database: composed once, then always the same.

What a week added up to is kept beside the figures that were shown of it, and later weeks are
compared with that, not with the rows: of a response erased since, the rows would tell by what they
have become less.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection

from flows.files import CURRENT, instrument
from reports.blurring import OWN, enough
from reports.digest.beside import Beside, flags
from reports.digest.composed import Digest, Office
from reports.digest.weekly import EARLIER, Past, Running, Week, compose
from reports.fold import counted, decoded, encoded
from reports.tally import Tally
from storage import questionnaires, released, responses, sheets, tallies
from storage.periods import Period, period_of, previous
from storage.released import Shown
from storage.units import Unit

KEYS = instrument(CURRENT).keys
NOTHING = Tally.zero(KEYS)


class Counted(NamedTuple):
    """Responses, and of them those that citizens sent from chats of their own."""

    tally: Tally
    own: Tally


def weekly(
    connection: Connection, unit: Unit, week: Period, at: int, beside: Beside | None = None
) -> Digest:
    """The released digest of a week; composes and releases it if it is the first to ask."""
    shown = released.get(connection, unit.id, week.name)
    if shown is None:
        digest, tally = _made(connection, unit, week, beside)
        shown = release(connection, unit, digest, tally, at)
    return Digest.from_json(json.loads(shown))


def release(connection: Connection, unit: Unit, digest: Digest, tally: Tally, at: int) -> str:
    """Keep a digest as it is shown for the first time, and what it was made of: of few responses
    nothing. Returns what is shown, which may be another's who was first."""
    text = json.dumps(digest.to_json(), ensure_ascii=False)
    sums = "" if digest.ikm is None else encoded(tally)
    return released.keep(connection, unit.id, digest.week, text, sums, at)


def composed(connection: Connection, unit: Unit, week: Period) -> Digest:
    """The digest of a week as the rows are now; releases nothing."""
    return _made(connection, unit, week)[0]


def _made(
    connection: Connection, unit: Unit, week: Period, beside: Beside | None = None
) -> tuple[Digest, Tally]:
    rows = _by_week(connection, unit, week, 0).get(week.name, [])
    now, is_cut = counted_of(rows), cut_by_sheet(connection, unit, week, rows)
    past = past_weeks(connection, unit, previous(week), EARLIER)
    written = responses.comments(connection, unit.id, CURRENT, week.first, week.last)
    weeks = (Past.of(*now), *past)
    made = Week(week, *now, weeks, past[0].means, written, cut=is_cut)
    return made_of(connection, unit, made, previous(week).name, beside), now.tally


def made_of(
    connection: Connection, unit: Unit, week: Week, before: str, beside: Beside | None
) -> Digest:
    """The digest of a week, or of a month, with what stands beside its own figures. `before`: the
    name of the period before it."""
    last, beside = week.period.last, beside or Beside()
    running = period_of(unit.period, last)
    n = responses.number(connection, unit.id, CURRENT, running.first, last)
    extras = questionnaires.get(connection, unit.questionnaire).extras
    digest = compose(
        Office(unit.code, unit.name, unit.agency),
        week,
        Running(running, n, unit.users_in(running)),
        CURRENT,
        extras,
        beside.agency(connection, unit, before),
    )
    return replace(
        digest,
        flags=flags(connection, unit, running),
        standing=beside.place(connection, unit, running),
        examples=beside.examples.of(connection, unit, digest.weakest, week.period),
    )


def cut_by_sheet(connection: Connection, unit: Unit, days: Period, rows: Sequence[Any]) -> bool:
    """Whether a published period parts these days so that few responses, or answers to an item, lie
    on one side: beside its sheet a digest of all of them would tell of those."""
    ends = {
        each.name: each for each in (period_of(unit.period, day) for day in (days.first, days.last))
    }
    if len(ends) == 1:
        return False
    published = sheets.periods(connection, unit.id)
    return any(_parts_few(rows, ends[name]) for name in ends.keys() & published)


def _parts_few(rows: Sequence[Any], period: Period) -> bool:
    inside = [row for row in rows if period.first <= row.local_date <= period.last]
    outside = [row for row in rows if not period.first <= row.local_date <= period.last]
    return any(
        not enough([row for row in part if item is None or row.answers.get(item) is not None])
        for part in (inside, outside)
        for item in (None, *KEYS)
    )


def past_weeks(
    connection: Connection, unit: Unit, last: Period, number: int = EARLIER + 1
) -> list[Past]:
    """So many weeks up to the last, the latest first: as they were shown, else as the rows are."""
    names = [name_before(last, weeks) for weeks in range(number)]
    shown = released.of_weeks(connection, unit.id, names)
    unseen = [weeks for weeks, name in enumerate(names) if name not in shown]
    rows = _by_week(connection, unit, last, max(unseen)) if unseen else {}
    return [
        past_of(shown[name]) if name in shown else Past.of(*counted_of(rows.get(name, [])))
        for name in names
    ]


def shown_means(connection: Connection, unit: Unit, period: str) -> Mapping[str, str]:
    """Element → mean as the digest of a period showed it; none where there was no digest."""
    figures = released.get(connection, unit.id, period)
    return past_of(Shown(figures, "")).means if figures else {}


def name_before(week: Period, weeks: int) -> str:
    """The name of the week so many weeks before."""
    return period_of("week", week.first - timedelta(weeks=weeks)).name


def counted_of(rows: Sequence[Any]) -> Counted:
    tally = Tally.of(KEYS, map(counted, rows))
    own = [row for row in rows if row.source == OWN]
    return Counted(tally, tally if len(own) == len(rows) else Tally.of(KEYS, map(counted, own)))


def past_of(shown: Shown) -> Past:
    """A week as it was shown. One of which nothing but its number was adds up to nothing here."""
    digest = Digest.from_json(json.loads(shown.figures))
    means = {each.key: each.mean for each in digest.elements if each.mean is not None}
    answered = {each.key for each in digest.elements if each.n}
    tally = decoded(shown.sums) if shown.sums else NOTHING
    return Past(tally, digest.ikm is not None, means.keys() == answered, means)


def _by_week(connection: Connection, unit: Unit, week: Period, back: int) -> dict[str, list[Any]]:
    """The rows of a week and of so many before it, by the week's name."""
    first = week.first - timedelta(weeks=back)
    groups: dict[str, list[Any]] = defaultdict(list)
    for row in tallies.rows_between(connection, CURRENT, [unit.id], first, week.last):
        year, number, _ = row.local_date.isocalendar()
        groups[f"{year:04}-W{number:02}"].append(row)
    return groups
