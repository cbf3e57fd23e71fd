"""`/siarkan`: an admin's text to the heads in a scope; asked again, what became of the last one."""

from bot.begin import Begin
from bot.desk import Desk
from bot.moments import minute
from bot.office.joining import scope_name
from bot.office.which import which, zone_of
from flows.conversation import Conversation
from flows.events import Noted, Told
from flows.files import words
from flows.form import Line, Value
from flows.office.broadcast import HEADS, LAST
from flows.opening import BROADCAST
from flows.role_opening import Broadcast
from storage import audit, broadcasts, permissions, roles
from storage.permissions import Action

ACTION: Action = "broadcast"


def compose(desk: Desk, address: str, opening: Broadcast, at: int) -> Begin | Line:
    scope = which(desk, address, BROADCAST, opening.scope)
    if not isinstance(scope, str):
        return scope
    spoken = words(roles.language(desk.connection, address))
    name = spoken.line(scope_name(desk, scope))
    return Begin(
        "broadcast",
        "1",
        Line("resume.broadcast"),
        f"{BROADCAST} {scope}",
        about={"scope": scope, "scope_name": name, LAST: _last(desk, address, scope)},
    )


def _last(desk: Desk, address: str, scope: str) -> str:
    """What became of this chat's last broadcast, or nothing."""
    entry = audit.last(desk.connection, desk.vault.pseudonym(address), ACTION)
    if entry is None or not entry.after:
        return ""
    spoken = words(roles.language(desk.connection, address))
    found = broadcasts.reached(desk.connection, entry.after["id"])
    said = {"sent": found.sent, "chats": found.chats, "failed": found.failed}
    when = minute(entry.at, zone_of(desk, scope), spoken)
    return spoken.line(Line("broadcast.last", {"when": when, **said}))


def counted(
    desk: Desk, address: str, conversation: Conversation, text: str, at: int
) -> Noted | Told:
    """How many it would go to now."""
    heads = broadcasts.heads(desk.connection, conversation.about["scope"])
    if not heads:
        return Told("broadcast.nobody")
    return Noted({**conversation.about, HEADS: str(heads)})


def send(
    desk: Desk, address: str, conversation: Conversation, given: dict[str, Value], at: int
) -> Told:
    """Asked anew whether it may be: this chat's role may have ended meanwhile."""
    scope, text = conversation.about["scope"], given["text"]
    assert isinstance(text, dict), "it is written"
    if not permissions.may_in(desk.connection, address, ACTION, scope):
        return Told("broadcast.denied")
    name = scope_name(desk, scope)
    message = words("id").line(Line("broadcast.message", {"scope": name, "text": text["text"]}))
    put = broadcasts.send(desk.connection, conversation.id, scope, message, at)
    by, after = desk.vault.pseudonym(address), {"text": text["text"], "heads": put}
    audit.note(desk.connection, at, by, ACTION, scope, after={**after, "id": conversation.id})
    again = {"id": "again", "key": "broadcast.again", "opening": f"{BROADCAST} {scope}"}
    return Told("broadcast.sent", {HEADS: str(put)}, [again])
