"""Before a unit's first digest: when it comes, how many answers there are, and what to do until
then. No figure: only how many answered, which is no secret (`reports.disclosure`)."""

import json
from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from bot.core.channel import Picture
from bot.core.dialogue import Dialogue
from bot.core.links import Links
from bot.core.turns.new_conversation import Said
from bot.core.turns.turn_context import TurnContext
from bot.office.digests.digest_settings import heads_of
from flows.commands import EXAMPLE, POSTER, ROLES, settings
from flows.engine.form import Line, literal
from flows.formats import count_line, day_line, days
from flows.loader import instrument, words
from flows.office.digest_settings import hour_line, weekday_line
from reports.digest.caption import digest_text
from reports.digest.composed import Digest
from reports.digest.made_up import made_up
from reports.digest.picture import picture
from reports.digest.words import missing
from reports.jobs.due_digests import comes_now, next_due
from reports.jobs.quiet_hours import awake_at
from storage.answers import responses
from storage.chat import outbox
from storage.index import released_figures
from storage.office import digest_settings, holders, permissions
from storage.periods import local_time, period_of, previous
from storage.units import Unit

_POSTER, _EXAMPLE = Line("digest.button.poster"), Line("first.example")


def first_digest(context: TurnContext, unit: Unit, key: str) -> Said:
    """`key`: the sentence that says what comes with it, of `unit` and `when`. Where a digest came
    without figures, why."""
    offers = [(_POSTER, f"{POSTER} {unit.code}"), (_EXAMPLE, f"{EXAMPLE} {unit.code}")]
    when = _when(context, unit)
    if when is None:
        offers.insert(0, (Line("first.invite"), f"{ROLES} {unit.code}"))
        said = Line("first.no_head", {"unit": unit.name})
    else:
        said = Line(key, {"unit": unit.name, "when": when})
    return Said((said, *_there_is(context, unit)), tuple(offers))


def welcome(context: TurnContext, unit: Unit) -> Said:
    """What a new head can expect, and three things to do first."""
    told = first_digest(context, unit, "first.welcome")
    settled = (Line("digest.button.settings"), settings(unit.code))
    return Said((*told.lines, Line("first.begin")), (*told.offers, settled))


def _when(context: TurnContext, unit: Unit) -> Line | None:
    """By this head's own wish; for others, when the first of its heads is told. None: nobody
    heads it, so that nobody is told. Where the last week has figures, they come at once."""
    held = holders.held_in(context.connection, unit.scope)
    heads = [each.address for each in held if each.role == "head"]
    told = [context.address] if context.address in heads else heads
    wishes = [digest_settings.of(context.connection, each, unit.id) for each in told]
    if not wishes:
        return None
    due = min(next_due(wish, unit.timezone, context.at) for wish in wishes)
    day = awake_at(unit.timezone, context.at)
    if any(comes_now(context.connection, each, unit, day) for each in told):
        due = day
    if due == context.at:
        return Line("first.soon")
    local = local_time(due, unit.timezone)
    said = {"weekday": weekday_line(local.weekday()), "day": day_line(local.date())}
    return Line("first.when", {**said, "hour": hour_line(local.hour)})


def _there_is(context: TurnContext, unit: Unit) -> tuple[Line, ...]:
    last = released_figures.last(context.connection, unit.id, "week")
    digest = Digest.from_json(json.loads(last)) if last else None
    if digest and digest.ikm is None:
        spoken = words(context.language)
        when = Line("first.last", {"days": days(digest.first, digest.last, spoken)})
        return (when, *map(literal, missing(digest, spoken)))
    today = unit.day_at(context.at)
    asked = unit.instrument_on(today).id
    n = responses.number(context.connection, unit.id, asked, date.min, today)
    return (Line("first.answers", {"n": count_line(n)}) if n else Line("first.no_answers"),)


def show_example(context: TurnContext, said: str) -> Said | Line:
    """`said`: the code of a unit, whose instrument the example is by, or nothing."""
    mine = heads_of(context)
    unit = context.unit(said.strip()) if said.strip() else next(iter(mine), None)
    if unit is None or not permissions.may(
        context.connection, context.address, "read_figures", unit
    ):
        return Line("recap.denied")
    today = unit.day_at(context.at)
    body = {
        "document": "example",
        "instrument": unit.instrument_on(today).id,
        "day": today.isoformat(),
        "language": context.language,
    }
    key = f"example:{context.address}:{context.at}"
    outbox.put(
        context.connection, key, "document", context.address, body, context.at, context.event
    )
    return Said((Line("first.example.sent"),), ((_POSTER, f"{POSTER} {unit.code}"),))


def _drawn(connection: Connection, address: str, body: Mapping[str, str], links: Links) -> Picture:
    """Nothing in it is any unit's."""
    spoken = words(body["language"])
    week = previous(period_of("week", date.fromisoformat(body["day"])))
    digest = made_up(instrument(body["instrument"]), week, spoken.line(Line("first.example.unit")))
    return Picture(picture(digest, spoken), digest_text(digest, spoken))


DIALOGUE = Dialogue(EXAMPLE, needs="read_figures", opens=show_example, sends={"example": _drawn})
