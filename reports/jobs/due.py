"""What is due and has no row yet: the one question of every scheduled job.

No job remembers when it last ran. Downtime, two processes and a clock that jumps are then the same
case: whoever asks first does it, and the unique keys see to it that nobody does it again. Each
thing has a transaction of its own: what fails is logged, and the rest is done.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine

from flows.engine.ended import GRACE
from flows.engine.form import Line
from flows.loader import words
from flows.survey.state import PREVIEW, SurveyState
from reports.jobs.alerts import alerts
from reports.jobs.due_digests import digests
from reports.jobs.due_follow_ups import reminded
from reports.jobs.isolation import isolated
from reports.jobs.quiet_hours import is_awake
from reports.radar import run as radar_run
from reports.radar.run import Kinds
from reports.sheets import correction
from reports.transparency.appending import append
from storage import publications, units
from storage.answers import shuffling, votes
from storage.chat import conversations, dropouts, outbox, seen_events, subscriptions
from storage.chat.conversations import Conflict, Kept
from storage.database.connect import wipe
from storage.index import radar
from storage.office import console_keys, holders, sent_files
from storage.periods import CAPITAL, Period, local_date, parse, period_of, previous

REMIND_AFTER = 20 * 3_600  # seconds after the last answer
LOOKED_AT = 500  # units by the radar in one go: some seconds, and other jobs wait


def changeovers(engine: Engine, now: int) -> int:
    """Units that ask by another instrument from today on; some at a time, so that no tap waits for
    all of a nation."""
    done = 0
    while True:
        with engine.begin() as connection:
            changed = publications.change_over(connection, now)
        done += changed
        if changed < publications.CHANGED:
            return done


def reminders(engine: Engine, now: int) -> int:
    """Remind once of half a survey, by day; the number put in the outbox."""
    with engine.begin() as connection:
        rows = conversations.unreminded(connection, now - REMIND_AFTER)
    return sum(isolated("a reminder", _remind, engine, row, now) for row in rows)


def _remind(engine: Engine, row: Any, now: int) -> int:
    left = conversations.read(row)
    if "consent" not in left.answers or not is_awake(row.timezone, now):
        return 0
    if SurveyState.of(left).part == PREVIEW:
        return 0
    body = {"conversation": row.id, "note": "reminder", "last": left.last}
    with engine.begin() as connection:
        conversations.mark_reminded(connection, row.id)
        return outbox.put(connection, f"remind:{row.id}", "screen", row.address, body, now)


def expiries(engine: Engine, now: int) -> int:
    """End what was left, keeping only where it stopped; forget what is submitted, and the chats
    that replies went to. The number of rows that are gone."""
    with engine.begin() as connection:
        left = conversations.left(connection, now)
    ended = sum(isolated("an expiry", _expire, engine, kept, now) for kept in left)
    with engine.begin() as connection:
        forgotten = conversations.forget_closed(connection, now)
        forgotten += outbox.drop_endings(connection)
        forgotten += seen_events.expire(connection, now)
        forgotten += subscriptions.expire(connection, now)
        forgotten += holders.forget_invitations(connection, now)
        forgotten += sent_files.expire(connection, now)
        forgotten += console_keys.expire(connection, now)
        forgotten += outbox.forget_replies(connection, now - GRACE)
    if ended + forgotten:
        wipe(engine, "conversation", "outbox")
    return ended + forgotten


def _expire(engine: Engine, kept: Kept, now: int) -> int:
    try:
        with engine.begin() as connection:
            dropouts.keep(connection, kept.conversation)
            conversations.delete_all(connection, [kept])
            if SurveyState.of(kept.conversation).corrects:
                _say_it_is_late(connection, kept, now)
    except Conflict:  # somebody came back, or another process was first
        return 0
    return 1


def radars(engine: Engine, now: int) -> int:
    """Look at the periods that ended and were not looked at yet; the number of units looked at."""
    kinds, done = Kinds(), 0
    with engine.begin() as connection:
        cycles = radar.cycles(connection)
    for kind, timezone in cycles:
        last = previous(period_of(kind, local_date(now, timezone)))
        for ended in (previous(last), last):
            with engine.begin() as connection:
                unseen = radar.unseen(connection, ended, timezone, LOOKED_AT - done)
            done += _looks(engine, [(unit, ended) for unit in unseen], now, kinds)
    return done


def _looks(engine: Engine, of: Iterable[tuple[int, Period]], now: int, kinds: Kinds) -> int:
    return sum(
        isolated(
            f"the radar of unit {unit} in {period.name}", _look, engine, unit, period, now, kinds
        )
        for unit, period in of
    )


def _look(engine: Engine, unit_id: int, period: Period, now: int, kinds: Kinds) -> int:
    with engine.connect().execution_options(reads=True) as reading:
        unit = units.by_id(reading, unit_id)
        radar_run.prepare(reading, unit, period, kinds)
    with engine.begin() as connection:
        radar_run.run(connection, unit, period, now, kinds)
        if unit.day_at(now) > period.last + votes.KEPT:
            votes.drop_times(connection, unit_id, period.last)
    return 1


def _say_it_is_late(connection: Connection, kept: Kept, now: int) -> None:
    """Whoever began to change an answer learns that the former one stands. Without its receipt,
    which would lie beside the chat until it is sent."""
    talk = kept.conversation
    body = {"text": words(talk.language).line(Line("survey.late.left"))}
    outbox.put(connection, f"late:{talk.id}", "screen", kept.address, body, now)


def keys(engine: Engine, now: int) -> int:
    """Destroy the period keys whose time has come, after the radar's last look at the exact times
    that go with them. The number of keys destroyed."""
    today = local_date(now, "UTC")
    with engine.begin() as connection:
        due = votes.due(connection, today)
    _looks(engine, [(unit, parse(period)) for unit, period in due], now, Kinds())
    with engine.begin() as connection:
        unseen = [each for each in due if not radar.looked_at(connection, *each)]
        destroyed = votes.destroy_keys(connection, today, unseen)
    if destroyed:
        wipe(engine, "period_key", "voice", "response")
    return destroyed


def shuffles(engine: Engine, now: int) -> int:
    """Take away the order in which voices and subscriptions were written until yesterday; the
    number of rows written anew. Due after midnight, when few are awake."""
    today = local_date(now, CAPITAL)
    with engine.begin() as connection:
        due = shuffling.due(connection, today)
    done = sum(isolated("a shuffle", _shuffle, engine, group, today) for group in due)
    if done:
        wipe(engine, *shuffling.TABLES)
    return done


def _shuffle(engine: Engine, group: shuffling.Group, today: date) -> int:
    with engine.begin() as connection:
        return shuffling.shuffle(connection, group, today)


def corrections(engine: Engine, now: int) -> int:
    """Make the correcting sheets that are due; the number made."""
    with engine.begin() as connection:
        sheets = correction.due(connection)
    return sum(isolated("a correcting sheet", _correct, engine, sheet, now) for sheet in sheets)


def _correct(engine: Engine, sheet: int, now: int) -> int:
    with engine.begin() as connection:
        return int(correction.correct(connection, sheet, now) is not None)


JOBS: dict[str, Callable[[Engine, int], int]] = {
    "changeovers": changeovers,
    "digests": digests,
    "alerts": alerts,
    "reminders": reminders,
    "expiries": expiries,
    "radars": radars,
    "keys": keys,
    "shuffles": shuffles,
    "corrections": corrections,
    "log": append,
    "follow_ups": reminded,
}
