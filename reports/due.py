"""What is due and has no row yet: the one question of every scheduled job.

No job remembers when it last ran. Downtime, two processes and a clock that jumps are then the same
case: whoever asks first does it, and the unique keys see to it that nobody does it again.
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from flows.conversation import Conversation
from reports.unit_week import weekly
from storage import conversations, dropouts, outbox, roles, units, voices
from storage.periods import Period, local_date, period_of, previous, zone

DIGEST_AT = time(8)  # Monday, local
REMIND_AFTER = 20 * 3_600  # seconds after the last answer
REMIND_FROM, REMIND_UNTIL = 7, 21  # local hours
EXPIRE_AFTER = 7 * 86_400
GRACE = 900  # seconds that a submitted survey's conversation is kept


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
            with engine.begin() as connection:
                put += _digest(connection, head, week, now)
    return put


def last_due_week(where: ZoneInfo, now: int) -> tuple[Period, int]:
    """The last week whose digest is due (Monday 08:00 after it, local), and when it was due."""
    local = datetime.fromtimestamp(now, where)
    monday = local.date() - timedelta(days=local.weekday())
    due = datetime.combine(monday, DIGEST_AT, where)
    if due > local:
        due = datetime.combine(monday - timedelta(weeks=1), DIGEST_AT, where)
    return previous(period_of("week", due.date())), int(due.timestamp())


def _digest(connection: Connection, head: roles.Head, week: Period, now: int) -> int:
    key = roles.digest_key(head, week.name)
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
    put = 0
    with engine.begin() as connection:
        for row in conversations.unreminded(connection, now - REMIND_AFTER):
            if REMIND_FROM <= _hour(row.timezone, now) < REMIND_UNTIL:
                conversations.mark_reminded(connection, row.id)
                if "consent" in Conversation.from_json(row.state).answers:
                    body = {"conversation": row.id, "note": "reminder"}
                    key = f"remind:{row.id}"
                    put += outbox.put(connection, key, "screen", row.address, body, now)
    return put


def _hour(timezone: str, now: int) -> int:
    return datetime.fromtimestamp(now, zone(timezone)).hour


def expiries(engine: Engine, now: int) -> int:
    """End what was left for a week, keeping only where it stopped, and forget what is submitted."""
    with engine.begin() as connection:
        left = conversations.left_since(connection, now - EXPIRE_AFTER)
        for kept in left:
            dropouts.keep(connection, kept.conversation, now)
        conversations.delete_all(connection, left)
        return len(left) + conversations.forget_closed(connection, now - GRACE)


def keys(engine: Engine, now: int) -> int:
    """Destroy the period keys whose time has come."""
    with engine.begin() as connection:
        return voices.destroy_keys(connection, local_date(now, zone("UTC")))


JOBS: dict[str, Callable[[Engine, int], int]] = {
    "digests": digests,
    "reminders": reminders,
    "expiries": expiries,
    "keys": keys,
}
