"""`/siarkan`: an admin's text to the heads in a scope; asked again, what became of the last one."""

from collections.abc import Iterable

from sqlalchemy import Connection

from bot.core.dialogue import Dialogue
from bot.core.moments import minute
from bot.core.turns.new_conversation import Begin
from bot.core.turns.turn_context import TurnContext
from bot.office.people.invitation import scope_name
from bot.office.scope import which, zone_of
from flows.engine.conversation import Conversation
from flows.engine.events import Noted, Told
from flows.engine.form import Line, Value
from flows.loader import words
from flows.office.broadcast import BROADCAST_FORM, HEADS, LAST, NIGHT
from reports.jobs.quiet_hours import AWAKE_FROM, awake_at
from storage import questionnaire_snapshot
from storage.office import audit, broadcasts, permissions
from storage.office.permissions import Action
from storage.periods import local_date
from storage.scope import Scope, kept

COMMAND = "/siarkan"
ACTION: Action = "broadcast"
MORNING = f"{AWAKE_FROM:02}.00"
_SENT = {"": "broadcast.sent", "some": "broadcast.sent.some"}


def compose(context: TurnContext, said: str) -> Begin | Line:
    scope = which(context, COMMAND, said)
    if not isinstance(scope, Scope):
        return scope
    spoken = words(context.language)
    name = spoken.line(scope_name(context, scope))
    return Begin(
        "broadcast",
        "1",
        Line("resume.broadcast"),
        f"{COMMAND} {scope}",
        about={"scope": str(scope), "scope_name": name, LAST: _last(context, scope)},
    )


def _last(context: TurnContext, scope: Scope) -> str:
    """What became of this chat's last broadcast, or nothing."""
    entry = audit.last(context.connection, context.by, ACTION)
    if entry is None or not entry.after:
        return ""
    spoken = words(context.language)
    found = broadcasts.reached(context.connection, entry.after["id"])
    said = {"sent": found.sent, "chats": found.chats, "failed": found.failed}
    when, waits = minute(entry.at, zone_of(context, scope), spoken), found.waiting
    key = "broadcast.last.waits" if waits else "broadcast.last"
    return spoken.line(Line(key, {"when": when, **said, "waits": waits}))


def counted(context: TurnContext, conversation: Conversation, text: str) -> Noted | Told:
    """How many it would go to now."""
    heads = _heads(context, kept(conversation.about["scope"]))
    if not heads:
        return Told("broadcast.nobody")
    said = {HEADS: str(sum(heads.values())), NIGHT: night(heads, context.at), "hour": MORNING}
    return Noted({**conversation.about, **said})


def _heads(context: TurnContext, scope: Scope) -> dict[str, int]:
    """Time zone → how many. Raises NotReady where units are many."""

    def count(connection: Connection) -> dict[str, int]:
        return broadcasts.heads(connection, scope)

    if not questionnaire_snapshot.is_wide(context.connection, [scope]):
        return count(context.connection)
    return context.made_before(("heads", scope), count)


def night(zones: Iterable[str], at: int) -> str:
    """ "" where everybody is awake; else until when all wait ("today", "tomorrow"), or "some"."""
    waits = {_waits(each, at) for each in zones}
    return waits.pop() if len(waits) == 1 else "some"


def _waits(timezone: str, at: int) -> str:
    due = awake_at(timezone, at)
    if due == at:
        return ""
    return "today" if local_date(due, timezone) == local_date(at, timezone) else "tomorrow"


def send(context: TurnContext, conversation: Conversation, given: dict[str, Value]) -> Told:
    """Asked anew whether it may be: this chat's role may have ended meanwhile."""
    scope, text = kept(conversation.about["scope"]), given["text"]
    assert isinstance(text, dict), "it is written"
    if not permissions.may_in(context.connection, context.address, ACTION, scope):
        return Told("broadcast.denied")
    zones = _heads(context, scope)
    name = scope_name(context, scope)
    message = words("id").line(Line("broadcast.message", {"scope": name, "text": text["text"]}))
    due = {each: awake_at(each, context.at) for each in zones}
    put = broadcasts.send(context.connection, conversation.id, scope, message, context.at, due)
    by, after = context.by, {"text": text["text"], "heads": put}
    audit.note(
        context.connection, context.at, by, ACTION, scope, after={**after, "id": conversation.id}
    )
    again = {"id": "again", "key": "broadcast.again", "opening": f"{COMMAND} {scope}"}
    key = _SENT.get(night(zones, context.at), "broadcast.sent.later")
    return Told(key, {HEADS: str(put), "hour": MORNING}, [again])


DIALOGUE = Dialogue(
    COMMAND,
    ("/broadcast",),
    needs=ACTION,
    menu="roles",
    opens=compose,
    form=BROADCAST_FORM,
    looks={"heads": counted},
    writes=send,
)
