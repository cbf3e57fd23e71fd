"""What is due and has no row yet: the one question of every scheduled job.

No job remembers when it last ran. Downtime, two processes and a clock that jumps are then the same
case: whoever asks first does it, and the unique keys see to it that nobody does it again. Each
thing has a transaction of its own: what fails is logged, and the rest is done.
"""

import logging
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from flows.conversation import Conversation
from reports import correction
from reports.unit_week import weekly
from storage import conversations, dropouts, outbox, roles, units, voices
from storage.conversations import Conflict, Kept
from storage.periods import Period, local_date, period_of, previous, zone

DIGEST_AT = time(8)  # Monday, local
REMIND_AFTER = 20 * 3_600  # seconds after the last answer
REMIND_FROM, REMIND_UNTIL = 7, 21  # local hours
EXPIRE_AFTER = 7 * 86_400
GRACE = 900  # seconds that a submitted survey's conversation is kept

log = logging.getLogger(__name__)


def digests(engine: Engine, now: int) -> int:
    """Put every weekly digest that is due in the outbox; the number put."""
    put = 0
    with engine.begin() as connection:
        zones = roles.zones_of_heads(connection)
    for timezone in zones:
        week, due = last_due_week(zone(timezone), now)
        with engine.begin() as connection:
            # Who became head after Monday 08:00 begins with the next one.
            heads = roles.heads_without_digest(connection, timezone, week.name, due)
        for head in heads:
            put += _spared(f"the digest of {head.scope}", _digest, engine, head, week, now)
    return put


def last_due_week(where: ZoneInfo, now: int) -> tuple[Period, int]:
    """The last week whose digest is due (Monday 08:00 after it, local), and when it was due."""
    local = datetime.fromtimestamp(now, where)
    monday = local.date() - timedelta(days=local.weekday())
    due = datetime.combine(monday, DIGEST_AT, where)
    if due > local:
        due = datetime.combine(monday - timedelta(weeks=1), DIGEST_AT, where)
    return previous(period_of("week", due.date())), int(due.timestamp())


def _digest(engine: Engine, head: roles.Head, week: Period, now: int) -> int:
    key = roles.digest_key(head, week.name)
    with engine.begin() as connection:
        unit = units.by_code(connection, head.scope)
        assert unit is not None
        digest = weekly(connection, unit, week, now)
        body = {"unit": unit.id, "week": week.name, "language": head.language}
        put = outbox.put(connection, key, "digest", head.address, body, now)
        if digest.extras:
            outbox.put(connection, f"{key}:extras", "extras", head.address, body, now)
    return int(put)


def reminders(engine: Engine, now: int) -> int:
    """Remind once of half a survey, by day; the number put in the outbox."""
    with engine.begin() as connection:
        rows = conversations.unreminded(connection, now - REMIND_AFTER)
    return sum(_spared("a reminder", _remind, engine, row, now) for row in rows)


def _remind(engine: Engine, row: Any, now: int) -> int:
    left = Conversation.from_json(row.state)
    if "consent" not in left.answers or not REMIND_FROM <= _hour(row.timezone, now) < REMIND_UNTIL:
        return 0
    body = {"conversation": row.id, "note": "reminder", "last": left.last}
    with engine.begin() as connection:
        conversations.mark_reminded(connection, row.id)
        return outbox.put(connection, f"remind:{row.id}", "screen", row.address, body, now)


def _hour(timezone: str, now: int) -> int:
    return datetime.fromtimestamp(now, zone(timezone)).hour


def expiries(engine: Engine, now: int) -> int:
    """End what was left for a week, keeping only where it stopped; forget what is submitted, and
    the chats that replies went to. The number of rows that are gone."""
    with engine.begin() as connection:
        left = conversations.left_since(connection, now - EXPIRE_AFTER)
    ended = sum(_spared("an expiry", _expire, engine, kept) for kept in left)
    with engine.begin() as connection:
        forgotten = conversations.forget_closed(connection, now - GRACE)
        return ended + forgotten + outbox.forget_replies(connection, now - GRACE)


def _expire(engine: Engine, kept: Kept) -> int:
    try:
        with engine.begin() as connection:
            dropouts.keep(connection, kept.conversation)
            conversations.delete_all(connection, [kept])
    except Conflict:  # somebody came back, or another process was first
        return 0
    return 1


def keys(engine: Engine, now: int) -> int:
    """Destroy the period keys whose time has come."""
    with engine.begin() as connection:
        return voices.destroy_keys(connection, local_date(now, zone("UTC")))


def _spared(what: str, do: Callable[..., int], *args: object) -> int:
    """Do one of many things: if it fails, the others are spared, save where the database fails."""
    try:
        return do(*args)
    except OperationalError:
        raise
    except Exception as fault:
        log.error("%s failed", what, exc_info=fault)
        return 0


def corrections(engine: Engine, now: int) -> int:
    """Make the correcting sheets that are due; the number made."""
    with engine.begin() as connection:
        sheets = correction.due(connection)
    return sum(_spared("a correcting sheet", _correct, engine, sheet, now) for sheet in sheets)


def _correct(engine: Engine, sheet: int, now: int) -> int:
    with engine.begin() as connection:
        return int(correction.correct(connection, sheet, now) is not None)


JOBS: dict[str, Callable[[Engine, int], int]] = {
    "digests": digests,
    "reminders": reminders,
    "expiries": expiries,
    "keys": keys,
    "corrections": corrections,
}
