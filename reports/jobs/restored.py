"""After an older copy of the database was put in its place: what must not happen a second time, and
what must not come back.

The file beside the database (`storage.database.rollback_check`) says when the lost one was last
well, and what it had destroyed. What was due until then was sent, or may have been: nobody can
tell. So it counts as told, and what waits in the copy is given up. What is due later is sent as
ever. What was destroyed is destroyed again, invitations that may have been used are withdrawn, and
nobody is let into the console by a former link.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from reports.jobs import due_digests, due_follow_ups
from reports.jobs.due import REMIND_AFTER
from reports.stored import amending
from storage import units
from storage.answers import imports, votes
from storage.chat import conversations, outbox
from storage.database import backup, destroyed
from storage.database.rollback_check import Seen, minutes
from storage.database.upsert import table_of
from storage.index import radar
from storage.office import (
    console_keys,
    counter_keys,
    digest_settings,
    follow_ups,
    holders,
    public_files,
)
from storage.periods import local_date
from storage.scope import Scope
from storage.tables import Response

WHY = "a backup was restored"
EVER = 2**40  # Unix seconds after which no key lasts

_r = table_of(Response)


@dataclass(frozen=True, slots=True)
class Settled:
    """`copied`, `lost`: from when to when work is missing (Unix seconds; None: not known), and how
    many minutes of it. Then numbers: messages given up, what counts as told, what was destroyed
    once more, invitations withdrawn."""

    copied: int | None
    lost: int | None
    minutes: int | None
    given_up: int
    told: int
    keys: int
    answers: int
    roles: int
    invitations: int


def settle(connection: Connection, seen: Seen, now: int) -> Settled:
    """Make a copy fit to go on from. Safe to repeat. The caller keeps `rollback_check.content` in
    its file once this is committed."""
    lost = min(seen.at or now, now)
    keys = _keys(connection, max(_today(now), destroyed.last_keys(seen.destroyed) or date.min))
    answers = sum(_erased(connection, leaf) for leaf in destroyed.leaves(seen.destroyed))
    answers += sum(_undone(connection, *each) for each in destroyed.files(seen.destroyed))
    roles = sum(_ended(connection, *each) for each in destroyed.roles(seen.destroyed))
    for id in destroyed.counters(seen.destroyed):
        counter_keys.end(connection, id)
    for file in destroyed.public_files(seen.destroyed):
        public_files.withdraw_again(connection, *file)
    destroyed.note(connection, *seen.destroyed)
    console_keys.expire(connection, EVER)
    return Settled(
        backup.marked(connection, backup.BEGUN),
        seen.at,
        max(0, seen.minutes - minutes(connection)) if seen.at else None,
        outbox.drop_unsent(connection, now, WHY),
        sum(told(connection, lost) for told in _TOLD),
        keys,
        answers,
        roles,
        holders.withdraw_all(connection, now),
    )


def _today(now: int) -> date:
    return local_date(now, "UTC")


def _keys(connection: Connection, before: date) -> int:
    unseen = [
        each for each in votes.due(connection, before) if not radar.looked_at(connection, *each)
    ]
    return votes.destroy_keys(connection, before, unseen)


def _erased(connection: Connection, leaf: bytes) -> int:
    row = connection.execute(select(_r).where(_r.c.leaf == leaf).with_for_update()).first()
    if row is not None:
        amending.erase(connection, row)
    return int(row is not None)


def _undone(connection: Connection, unit_id: int, at: int, id: str) -> int:
    """Nothing where the file was imported anew since it was undone."""
    taken = {(each.id, each.at) for each in imports.files(connection, unit_id)}
    number = 0
    while (id, at) in taken and (erased := amending.undo_part(connection, unit_id, id)):
        number += erased
    return number


def _ended(connection: Connection, name: str, scope: Scope, since: int) -> int:
    held = [
        each
        for each in holders.held_in(connection, scope)
        if (each.role, each.since) == (name, since)
    ]
    return sum(holders.end(connection, each.address, each.role, each.scope) for each in held)


def _digests(connection: Connection, lost: int) -> int:
    told = 0
    for timezone in digest_settings.zones(connection):
        for kind in due_digests.KINDS:
            for head, period, _ in list(due_digests.due(connection, kind, timezone, lost)):
                unit = units.by_code(connection, head.code)
                assert unit is not None
                digest_settings.told(connection, kind, head.address, unit.id, period.name)
                told += 1
    return told


def _alerts(connection: Connection, lost: int) -> int:
    """No number: whether there was something urgent is not known."""
    for timezone in digest_settings.zones(connection):
        day = local_date(lost, timezone).isoformat()
        for head in digest_settings.unlooked(connection, timezone, day, 1_000_000):
            unit = units.by_code(connection, head.code)
            assert unit is not None
            digest_settings.look(connection, head.address, unit.id, day)
    return 0


def _reminders(connection: Connection, lost: int) -> int:
    rows = conversations.unreminded(connection, lost - REMIND_AFTER)
    for row in rows:
        conversations.mark_reminded(connection, row.id)
    return len(rows)


def _follow_ups(connection: Connection, lost: int) -> int:
    told = 0
    for each in follow_ups.due_until(connection, date.fromordinal(_today(lost).toordinal() + 8)):
        reached = due_follow_ups.stage(each.follow_up, local_date(lost, each.timezone))
        told += reached > each.reminded and follow_ups.remind(
            connection, each.follow_up.id, reached
        )
    return told


_TOLD: tuple[Callable[[Connection, int], int], ...] = (_digests, _alerts, _reminders, _follow_ups)
