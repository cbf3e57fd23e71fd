"""A digest's comments with the words that were folded, for whoever heads the unit and asks.

Asked at every tap: a role may have ended since the message was sent. Nothing else is unfolded:
names stay masked, and what no digest told yet is not told here.
"""

import json

from bot.core.dialogue import Dialogue
from bot.core.turns.new_conversation import Said
from bot.core.turns.turn_context import TurnContext
from bot.office.digests.first_digest import first_digest
from flows.commands import COMMENTS, read_comments
from flows.engine.form import Line, literal
from flows.engine.say import Words
from flows.formats import days
from flows.loader import words
from reports.comments.read import comments_page
from reports.digest.composed import Digest
from reports.digest.words import missing
from storage.index import released_figures
from storage.office import permissions
from storage.units import Unit


def comments(context: TurnContext, said: str) -> Said | Line:
    """`said`: a unit's code, a period and a page. Without a code, of the one unit that the chat
    heads; without a period, of the last week that was told."""
    code, period, page = (*said.split(), "", "", "1")[:3]
    mine = permissions.units_where(context.connection, context.address, "unfold_comments")
    unit = _meant(code, mine)
    if unit is None:
        return Line("comments.which" if len(mine) > 1 else "comments.head_only")
    figures = _figures(context, unit, period)
    if figures is None and period and _figures(context, unit, ""):
        return Line("recap.none", {"unit": unit.name})
    if figures is None:
        return first_digest(context, unit, "first.comments")
    digest = Digest.from_json(json.loads(figures))
    spoken = words(context.language)
    number = int(page) if page.isdecimal() and len(page) < 4 else 1
    shown = comments_page(context.connection, unit.id, digest, spoken, number)
    if shown is None:
        return _why_none(unit, digest, spoken)
    text, left = shown
    after = read_comments(unit.code, digest.week, number + 1)
    more = Line("comments.next", {"n": left})
    return Said((literal(text),), ((more, after),) if left else ())


def _why_none(unit: Unit, digest: Digest, spoken: Words) -> Said | Line:
    """Nobody wrote, or nothing may be shown (yet)."""
    said = {"unit": unit.name, "days": days(digest.first, digest.last, spoken)}
    if digest.shows_comments:
        return Line("comments.none", said)
    if digest.ikm is not None:
        return Line("comments.weekly", said)
    return Said((Line("comments.withheld", said), *map(literal, missing(digest, spoken))))


def _figures(context: TurnContext, unit: Unit, period: str) -> str | None:
    if period:
        return released_figures.get(context.connection, unit.id, period.upper())
    return released_figures.last(context.connection, unit.id, "week")


def _meant(code: str, mine: list[Unit]) -> Unit | None:
    if not code and len(mine) == 1:
        return mine[0]
    return next((unit for unit in mine if unit.code.casefold() == code.casefold()), None)


DIALOGUE = Dialogue(COMMENTS, ("/comments",), needs="unfold_comments", menu="roles", opens=comments)
