"""A photo or a document that proves something, shown again: sent to whoever asks and may know it,
by the platform's own id of it."""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection

from bot.core.channel import SentBefore
from bot.core.links import Links
from bot.core.turn_context import TurnContext
from flows.engine.conversation import Conversation
from flows.engine.events import Told
from flows.engine.form import Line, literal
from flows.engine.screen import quoted
from flows.loader import words
from flows.office.proof import File
from flows.written_day import day_line
from storage import units
from storage.chat import outbox
from storage.office import follow_ups, innovations, permissions
from storage.office.permissions import Action

Found = tuple[File | None, Line]  # the file that was sent, and what it proves
Reading = Callable[[Connection, int, int], Found | None]  # … of a unit and an id


def send(
    context: TurnContext,
    address: str,
    talk: Conversation,
    of: str,
    unit: str,
    id: int,
    at: int,
    again: dict[str, str],
) -> Told:
    """`of`: what it proves, as in `_OF`; `again`: the button below."""
    body = {"document": "proof", "of": of, "unit": unit, "id": str(id), "language": talk.language}
    outbox.put(
        context.connection, f"document:{talk.id}", "document", address, body, at, context.event
    )
    return Told("proof.sent", rows=[again])


def made(
    connection: Connection, address: str, body: Mapping[str, str], links: Links
) -> SentBefore | None:
    """None where there is none any more, or the chat may not have it."""
    action, read = _OF[body["of"]]
    unit = units.by_code(connection, body["unit"])
    if unit is None or not permissions.may(connection, address, action, unit):
        return None
    found = read(connection, unit.id, int(body["id"]))
    sent = found[0] if found else None
    if found is None or sent is None or sent.channel != address.partition(":")[0]:
        return None
    return SentBefore(sent.kind, sent.file, words(body["language"]).line(found[1]))


def _plan(connection: Connection, unit: int, id: int) -> Found | None:
    plan = follow_ups.one(connection, unit, id)
    if plan is None or plan.finished_on is None:
        return None
    what, day = literal(quoted(plan.plan.programme)), day_line(plan.finished_on)
    return plan.file, Line("proof.of", {"what": what, "day": day})


def _innovation(connection: Connection, unit: int, id: int) -> Found | None:
    found = innovations.one(connection, unit, id)
    if found is None:
        return None
    what, day = literal(found.novelty.name), day_line(found.novelty.started_on)
    return found.novelty.file, Line("proof.since", {"what": what, "day": day})


_OF: Mapping[str, tuple[Action, Reading]] = {
    "follow_up": ("plan_follow_up", _plan),
    "innovation": ("register_innovation", _innovation),
}
