"""Which digests are due, and when: by each head's own day and hour, in the unit's zone.

A week's digest is due in the week after it, on the day that its head chose; a month's on the first
day of the next. What falls on a holiday waits for the next working day. As any day chosen for one
week lies before any day chosen for the next, no change of it can skip a week, and as the last
period told only ever rises (`storage.office.digest_settings`), none is told twice. After downtime
the last one due is sent, and by day: at night nobody is disturbed.

Who becomes head in the midst of a week is sent the last week's digest at once where it has
figures: it is composed and kept as Monday's would have been (docs/decisions/0034).
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from flows.loader import words
from reports.comments.read import written
from reports.digest.composed import Digest
from reports.digest.context_figures import Beside
from reports.digest.unit_month import monthly
from reports.digest.unit_week import tells, weekly
from reports.jobs.ceilings import put_ceilings
from reports.jobs.holidays import working_day
from reports.jobs.isolation import isolated
from reports.jobs.quiet_hours import AWAKE_FROM, is_awake
from storage import units
from storage.chat import outbox
from storage.office import digest_settings, roles
from storage.office.digest_settings import Told, Wish
from storage.periods import Period, local_date, period_of, previous, zone
from storage.units import Unit

KINDS: tuple[Told, ...] = ("week", "month")
EARLIEST = 0, AWAKE_FROM  # Monday: no period is due anywhere in a zone before
LOOKED_BACK = 4  # periods: of several that were missed only the last is sent
_DAY = timedelta(days=1)


class Due(NamedTuple):
    """`is_late`: it was due before this head was one."""

    head: roles.Head
    period: Period
    is_late: bool


def digests(engine: Engine, now: int) -> int:
    """Put every digest that is due in the outbox; the number put."""
    beside, put = Beside(), 0
    with engine.begin() as connection:
        zones = digest_settings.zones(connection)
    for timezone in filter(lambda each: is_awake(each, now), zones):
        for kind in KINDS:
            with engine.begin() as connection:
                waiting = list(due(connection, kind, timezone, now))
            put += sum(
                isolated(f"the digest of {each.head.code}", _put, engine, each, now, beside)
                for each in waiting
            )
    return put


def due(connection: Connection, kind: Told, timezone: str, now: int) -> Iterator[Due]:
    """Who became head later begins with the last whole week; of months, with the next."""
    slots: dict[tuple[int, int], list[tuple[Period, int]]] = {}
    *_, (newest, _) = last_due(kind, timezone, *EARLIEST, now)
    for waiting in digest_settings.waiting(connection, kind, timezone, newest.name):
        at = waiting.weekday, waiting.hour
        if at not in slots:
            slots[at] = last_due(kind, timezone, *at, now)
        for period, due in slots[at]:
            is_late = waiting.since > due
            begins = not is_late or (kind == "week" and period == newest)
            if waiting.told < period.name and begins:
                yield Due(waiting.head, period, is_late)


def comes_now(connection: Connection, address: str, unit: Unit, now: int) -> bool:
    """Whether the last week's digest, with figures, is sent to this head now, by day."""
    wish = digest_settings.of(connection, address, unit.id)
    *_, (newest, _) = last_due("week", unit.timezone, *EARLIEST, now)
    slots = last_due("week", unit.timezone, wish.weekday, wish.hour, now)
    return (
        wish.rhythm != "month"
        and newest in [period for period, _ in slots]
        and not digest_settings.was_told(connection, address, unit.id, newest.name)
        and tells(connection, unit, newest)
    )


def last_due(
    kind: Told, timezone: str, weekday: int, hour: int, now: int
) -> list[tuple[Period, int]]:
    """The last period whose digest is due, and when it was (Unix seconds). Where holidays moved
    two to the same hour, both, the earlier first."""
    period = period_of(kind, local_date(now, timezone))
    found = []
    for _ in range(LOOKED_BACK):
        period = previous(period)
        found.append((period, _due_at(period, timezone, weekday, hour)))
    last = max(due for _, due in found if due <= now)
    return [(period, due) for period, due in reversed(found) if due == last]


def next_due(wish: Wish, timezone: str, now: int) -> int:
    """When the first digest after now is due by a head's wish, Unix seconds."""
    today = local_date(now, timezone)
    kinds = KINDS if wish.rhythm == "both" else (wish.rhythm,)
    each = (_dues(kind, today, timezone, wish) for kind in kinds)
    return min(next(due for due in dues if due > now) for dues in each)


def _dues(kind: Told, day: date, timezone: str, wish: Wish) -> Iterator[int]:
    """When the digests of the period before that day's, and of those after it, are due."""
    period = previous(period_of(kind, day))
    while True:
        yield _due_at(period, timezone, wish.weekday, wish.hour)
        period = period_of(kind, period.last + _DAY)


def _due_at(period: Period, timezone: str, weekday: int, hour: int) -> int:
    day = period.last + _DAY + timedelta(days=weekday if period.kind == "week" else 0)
    return int(datetime.combine(working_day(day), time(hour), zone(timezone)).timestamp())


def _put(engine: Engine, due: Due, now: int, beside: Beside) -> int:
    """Compose it if nobody has, and put it and what follows it in the outbox. One that is late and
    has no figures is left to the next, and not looked at again."""
    head, period, is_late = due
    with engine.begin() as connection:
        unit = units.by_code(connection, head.code)
        assert unit is not None
        told = digest_settings.told
        if is_late and not tells(connection, unit, period):
            told(connection, kind_of(period), head.address, unit.id, period.name)
            return 0
        digest = released_of(connection, unit, period, now, beside)
        key = roles.digest_key(head, period.name)
        put = outbox.put(connection, key, "digest", head.address, body_of(unit, head, digest), now)
        put_what_follows(connection, unit, head, digest, key, now)
        put_ceilings(connection, unit, digest, head.address, now)
        told(connection, kind_of(period), head.address, unit.id, period.name)
    return int(put)


def released_of(
    connection: Connection, unit: Unit, period: Period, now: int, beside: Beside | None = None
) -> Digest:
    """A week's or a month's digest as it is shown to everyone."""
    make = monthly if period.kind == "month" else weekly
    return make(connection, unit, period, now, beside)


def body_of(unit: Unit, head: roles.Head, digest: Digest) -> dict[str, object]:
    """What a digest's row in the outbox holds: the post reads the figures when it sends it."""
    return {"unit": unit.id, "week": digest.week, "language": head.language}


def put_what_follows(
    connection: Connection, unit: Unit, head: roles.Head, digest: Digest, key: str, now: int
) -> None:
    """The messages behind a digest: extra questions, and what citizens wrote."""
    body = body_of(unit, head, digest)
    if (
        digest.kind == "month"
        and digest_settings.of(connection, head.address, unit.id).rhythm == "both"
    ):
        return  # all of it was told week by week
    if digest.extras:
        outbox.put(connection, f"{key}:extras", "extras", head.address, body, now)
    if written(connection, unit.id, digest, words(head.language)):
        outbox.put(connection, f"{key}:comments", "comments", head.address, body, now)


def kind_of(period: Period) -> Told:
    return "month" if period.kind == "month" else "week"
