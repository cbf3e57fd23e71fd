"""`/siarkan`: an admin's text to the heads in a scope; asked again, what became of the last one."""

from collections.abc import Iterable

from sqlalchemy import Connection

from bot.core.moments import minute
from bot.core.new_conversation import Begin
from bot.core.turn_context import Desk
from bot.office.invitation import scope_name
from bot.office.scope import which, zone_of
from flows.engine.conversation import Conversation
from flows.engine.events import Noted, Told
from flows.engine.form import Line, Value
from flows.intents import BROADCAST
from flows.loader import words
from flows.office.broadcast import HEADS, LAST, NIGHT
from flows.role_opening import Broadcast
from reports.jobs.quiet_hours import AWAKE_FROM, awake_at
from storage import questionnaire_snapshot
from storage.office import audit, broadcasts, permissions, roles
from storage.office.permissions import Action
from storage.periods import local_date, zone
from storage.scope import Scope, kept

ACTION: Action = "broadcast"
MORNING = f"{AWAKE_FROM:02}.00"
_SENT = {"": "broadcast.sent", "some": "broadcast.sent.some"}


def compose(desk: Desk, address: str, opening: Broadcast, at: int) -> Begin | Line:
    scope = which(desk, address, BROADCAST, opening.scope)
    if not isinstance(scope, Scope):
        return scope
    spoken = words(roles.language(desk.connection, address))
    name = spoken.line(scope_name(desk, scope))
    return Begin(
        "broadcast",
        "1",
        Line("resume.broadcast"),
        f"{BROADCAST} {scope}",
        about={"scope": str(scope), "scope_name": name, LAST: _last(desk, address, scope)},
    )


def _last(desk: Desk, address: str, scope: Scope) -> str:
    """What became of this chat's last broadcast, or nothing."""
    entry = audit.last(desk.connection, desk.vault.pseudonym(address), ACTION)
    if entry is None or not entry.after:
        return ""
    spoken = words(roles.language(desk.connection, address))
    found = broadcasts.reached(desk.connection, entry.after["id"])
    said = {"sent": found.sent, "chats": found.chats, "failed": found.failed}
    when, waits = minute(entry.at, zone_of(desk, scope), spoken), found.waiting
    key = "broadcast.last.waits" if waits else "broadcast.last"
    return spoken.line(Line(key, {"when": when, **said, "waits": waits}))


def counted(
    desk: Desk, address: str, conversation: Conversation, text: str, at: int
) -> Noted | Told:
    """How many it would go to now."""
    heads = _heads(desk, kept(conversation.about["scope"]))
    if not heads:
        return Told("broadcast.nobody")
    said = {HEADS: str(sum(heads.values())), NIGHT: night(heads, at), "hour": MORNING}
    return Noted({**conversation.about, **said})


def _heads(desk: Desk, scope: Scope) -> dict[str, int]:
    """Time zone → how many. Raises NotReady where units are many."""

    def count(connection: Connection) -> dict[str, int]:
        return broadcasts.heads(connection, scope)

    if not questionnaire_snapshot.is_wide(desk.connection, [scope]):
        return count(desk.connection)
    return desk.made_before(("heads", scope), count)


def night(zones: Iterable[str], at: int) -> str:
    """ "" where everybody is awake; else until when all wait ("today", "tomorrow"), or "some"."""
    waits = {_waits(each, at) for each in zones}
    return waits.pop() if len(waits) == 1 else "some"


def _waits(timezone: str, at: int) -> str:
    due, where = awake_at(timezone, at), zone(timezone)
    if due == at:
        return ""
    return "today" if local_date(due, where) == local_date(at, where) else "tomorrow"


def send(
    desk: Desk, address: str, conversation: Conversation, given: dict[str, Value], at: int
) -> Told:
    """Asked anew whether it may be: this chat's role may have ended meanwhile."""
    scope, text = kept(conversation.about["scope"]), given["text"]
    assert isinstance(text, dict), "it is written"
    if not permissions.may_in(desk.connection, address, ACTION, scope):
        return Told("broadcast.denied")
    zones = _heads(desk, scope)
    name = scope_name(desk, scope)
    message = words("id").line(Line("broadcast.message", {"scope": name, "text": text["text"]}))
    due = {each: awake_at(each, at) for each in zones}
    put = broadcasts.send(desk.connection, conversation.id, scope, message, at, due)
    by, after = desk.vault.pseudonym(address), {"text": text["text"], "heads": put}
    audit.note(desk.connection, at, by, ACTION, scope, after={**after, "id": conversation.id})
    again = {"id": "again", "key": "broadcast.again", "opening": f"{BROADCAST} {scope}"}
    key = _SENT.get(night(zones, at), "broadcast.sent.later")
    return Told(key, {HEADS: str(put), "hour": MORNING}, [again])
