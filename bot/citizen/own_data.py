"""What `/data` says: all that is kept about this chat, in plain words; never an answer."""

from collections.abc import Iterable, Iterator
from typing import Any

from bot.citizen.receipt_check import submitted
from bot.core.dialogue import Dialogue
from bot.core.turns.turn_context import TurnContext
from bot.office.people.invitation import scope_name
from flows.engine.conversation import Conversation
from flows.engine.ended import until
from flows.engine.form import Line, literal
from flows.survey.state import SurveyState
from storage.chat import conversations, subscriptions
from storage.office import holders, roles
from storage.periods import local_date, local_time


def told(context: TurnContext, said: str) -> Line:
    kept = [
        each.conversation
        for each in conversations.load(context.connection, [context.address])[context.address]
    ]
    news = subscriptions.of_chat(context.connection, context.address)
    return Line(
        "data.kept",
        {
            "open": _all(_open(context, each) for each in kept if each.is_open),
            "sent": _all(_sent(context, each) for each in submitted(context)),
            "roles": _all(_roles(context)),
            "news": _all(_news(row) for row in news),
        },
    )


def _roles(context: TurnContext) -> Iterator[Line]:
    """With the invitations that still name this chat, as the one who gave or used them."""
    for held in roles.held(context.connection, context.address):
        role = Line(f"data.role.{held.role}", {"scope": scope_name(context, held.scope)})
        if held.function:
            role = Line("data.role.function", {"role": role, "function": held.function})
        yield role
    if n := holders.invitations_of(context.connection, context.address):
        yield Line("data.invitations", {"n": n})


def _all(lines: Iterable[Line]) -> "Line | tuple[Line, ...]":
    return tuple(lines) or Line("data.nothing")


def _open(context: TurnContext, conversation: Conversation) -> Line:
    if not context.reads(conversation):
        return Line("data.open.unreadable")
    n = sum(
        not step.aside and step.id in conversation.answers
        for step in context.form(conversation).steps
    )
    return Line("data.open", {"name": _name(conversation), "n": n})


def _name(conversation: Conversation) -> Line:
    if SurveyState.of(conversation).corrects:
        return Line("resume.correct")
    if conversation.form == "survey":
        return literal(conversation.about["unit_name"])
    return Line(f"resume.{conversation.form}")


def _sent(context: TurnContext, conversation: Conversation) -> Line:
    unit = context.unit(conversation.about["unit"])
    assert unit is not None, "units are never deleted"
    last = local_time(until(conversation), unit.timezone)
    clock = {"hour": f"{last:%H}", "minute": f"{last:%M}"}
    return Line("data.sent", {"name": literal(unit.name), **clock})


def _news(row: Any) -> Line:
    last = local_date(row.until, row.timezone)
    when = {"day": last.day, "month": last.month, "year": last.year}
    return Line("data.news", {"name": literal(row.name), **when})


DIALOGUE = Dialogue("/data", ("/lihatdata",), menu="everybody", opens=told)
