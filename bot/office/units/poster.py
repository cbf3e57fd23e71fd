"""Posters of a unit, or of all in a scope, as a file in the chat: /poster."""

from collections.abc import Mapping

from sqlalchemy import Connection

from bot.core.channel import Document
from bot.core.dialogue import Dialogue, send_file
from bot.core.links import Links
from bot.core.turns.new_conversation import Begin
from bot.core.turns.turn_context import TurnContext
from bot.office.people.invitation import scope_name
from bot.office.scope import which
from flows.commands import POSTER
from flows.engine.conversation import Answers, Conversation
from flows.engine.events import Told
from flows.engine.form import Line
from flows.loader import words
from flows.office.poster import POSTER_FORM
from reports.printed.poster import MOST, Size, Way, posters
from storage import units
from storage.office import paper_details, permissions
from storage.scope import Scope, kept


def begin(context: TurnContext, said: str) -> Begin | Line:
    scope = which(context, POSTER, said)
    if not isinstance(scope, Scope):
        return scope
    number = units.number_in(context.connection, scope)
    if number > MOST:
        return Line("poster.many", {"count": number, "most": MOST})
    spoken = words(context.language)
    about = {"scope": str(scope), "scope_name": spoken.line(scope_name(context, scope))}
    about["count"] = str(number)
    return Begin("poster", "1", Line("resume.poster"), f"{POSTER} {scope}", about=about)


def send(context: TurnContext, talk: Conversation, given: Answers) -> Told:
    """Made when it is sent (`made`)."""
    scope = talk.about["scope"]
    if not permissions.may_in(context.connection, context.address, "print_posters", kept(scope)):
        return Told("where.denied")
    send_file(context, talk, "poster", scope=scope, size=str(given["size"]))
    return Told("poster.sent")


def made(
    connection: Connection, address: str, body: Mapping[str, str], links: Links
) -> Document | None:
    """None where the chat may not have it any more."""
    scope, spoken = kept(body["scope"]), words(body["language"])
    if not permissions.may_in(connection, address, "print_posters", scope):
        return None
    found = units.in_scope(connection, scope)[:MOST]
    size: Size = "a5" if body["size"] == "a5" else "a4"
    ways = [Way(w.app, w.bot, {u.code: w.unit(u.code) for u in found}) for w in links.all]
    logos = paper_details.logos(connection, found)
    pdf = posters(found, ways, size, words("id"), logos)  # hung for citizens
    caption = spoken.line(Line("poster.caption", {"count": len(found), "size": size.upper()}))
    return Document("poster.pdf", pdf, caption)


DIALOGUE = Dialogue(
    POSTER,
    needs="print_posters",
    menu="roles",
    opens=begin,
    form=POSTER_FORM,
    writes=send,
    sends={"poster": made},
)
