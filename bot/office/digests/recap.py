"""Figures that were shown, shown again: the last digest, and what stands behind one.

Never newer figures: whoever asks after each visitor would read that visitor's answers.
"""

import json

from sqlalchemy import Connection

from bot.core.dialogue import Dialogue
from bot.core.turns.new_conversation import Said
from bot.core.turns.turn_context import TurnContext
from bot.office.digests.digest_settings import heads_of
from bot.office.digests.first_digest import first_digest
from flows.commands import DETAILS
from flows.engine.form import Line, literal
from flows.loader import words
from reports.digest.composed import Digest
from reports.digest.details import details_text
from reports.digest.late_lines import more_of
from reports.radar import run as radar_run
from storage.chat import outbox
from storage.index import released_figures
from storage.office import digest_settings, permissions
from storage.periods import parse, period_of, previous
from storage.units import Unit

MOST = 5  # units whose last digests are sent at once
READ: permissions.Action = "read_figures"


def recap(context: TurnContext, said: str) -> Said | Line:
    """Send the last digest again: of a unit, or of all that this chat heads."""
    code = said.strip()
    if not code:
        mine = heads_of(context)
        if len(mine) > MOST or (
            not mine and permissions.scopes(context.connection, context.address, READ)
        ):
            return Line("recap.which")
        told = [_again(context, unit) for unit in mine]
        if not told:
            return Line("recap.denied")
        lines = tuple(line for each in told for line in each.lines)
        return Said(lines, told[0].offers if len(told) == 1 else ())
    unit = _readable(context, code)
    return _again(context, unit) if unit else Line("recap.denied")


def details(context: TurnContext, said: str) -> Said | Line:
    """What stands behind a digest; without a period, behind the last one."""
    code, period = (*said.split(), "", "")[:2]
    unit = _readable(context, code) if code else next(iter(heads_of(context)), None)
    if unit is None:
        return Line("recap.denied")
    digest = _shown(context.connection, context.address, unit, period)
    if digest is None and period and _shown(context.connection, context.address, unit):
        return Line("recap.none", {"unit": unit.name})
    if digest is None:
        return first_digest(context, unit, "first.digest")
    spoken = words(context.language)
    today = unit.day_at(context.at)
    more = more_of(context.connection, unit, digest, today, spoken)
    return literal(details_text(digest, spoken, more, _radar(context.connection, unit, digest)))


def _readable(context: TurnContext, code: str) -> Unit | None:
    unit = context.unit(code)
    return (
        unit if unit and permissions.may(context.connection, context.address, READ, unit) else None
    )


def _again(context: TurnContext, unit: Unit) -> Said:
    digest = _shown(context.connection, context.address, unit)
    if digest is None:
        return first_digest(context, unit, "first.digest")
    language = context.language
    body = {"unit": unit.id, "week": digest.week, "language": language}
    key = f"again:{unit.code}:{context.address}:{context.at}"
    outbox.put(context.connection, key, "again", context.address, body, context.at, context.event)
    return Said((Line("recap.sent", {"unit": unit.name}),))


def _shown(connection: Connection, address: str, unit: Unit, period: str = "") -> Digest | None:
    """Of a period, or the last one of the kind that is sent there."""
    if period:
        figures = released_figures.get(connection, unit.id, period.upper())
    else:
        rhythm = digest_settings.of(connection, address, unit.id).rhythm
        kind = "month" if rhythm == "month" else "week"
        figures = released_figures.last(connection, unit.id, kind)
    return Digest.from_json(json.loads(figures)) if figures else None


def _radar(connection: Connection, unit: Unit, digest: Digest) -> list[Line]:
    """Why the radar marked what the digest names."""
    running = period_of(unit.period, parse(digest.sample.period).first)
    found = radar_run.kept(connection, unit, previous(running))
    if found is None:
        return []
    marks = [mark for mark in found.marks if mark.name in digest.flags]
    flags = [flag.reason for flag in found.flags if flag.name in digest.flags]
    reasons = [reason for mark in marks if mark.name in found.shown for reason in mark.reason]
    return [reason.line for reason in (*reasons, *flags)]


DIALOGUES = (
    Dialogue("/ringkasan", ("/digest",), needs=READ, menu="roles", opens=recap),
    Dialogue(DETAILS, needs=READ, opens=details),
)
