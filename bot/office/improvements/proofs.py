"""A photo or a document that proves something, shown again: sent to whoever asks and may know it,
by the platform's own id of it."""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection

from bot.core.channel import SentBefore
from bot.core.dialogue import Sends, send_file
from bot.core.links import Links
from bot.core.turns.turn_context import TurnContext
from flows.engine.conversation import Conversation
from flows.engine.events import Told
from flows.engine.form import Line
from flows.loader import words
from flows.office.proof import File
from storage import units
from storage.office import permissions
from storage.office.permissions import Action

Found = tuple[File | None, Line]  # the file that was sent, and what it proves
Reading = Callable[[Connection, int, int], Found | None]  # … of a unit and an id


def send(
    context: TurnContext,
    address: str,
    talk: Conversation,
    document: str,
    unit: str,
    id: int,
    at: int,
    again: dict[str, str],
) -> Told:
    """`document`: as its dialogue names it (`Dialogue.sends`); `again`: the button below."""
    send_file(context, address, talk, at, document, unit=unit, id=str(id))
    return Told("proof.sent", rows=[again])


def sends(action: Action, read: Reading) -> Sends:
    """The making of such a file, for whoever may do that in the unit."""

    def made(
        connection: Connection, address: str, body: Mapping[str, str], links: Links
    ) -> SentBefore | None:
        unit = units.by_code(connection, body["unit"])
        if unit is None or not permissions.may(connection, address, action, unit):
            return None
        found = read(connection, unit.id, int(body["id"]))
        sent = found[0] if found else None
        if found is None or sent is None or sent.channel != address.partition(":")[0]:
            return None
        return SentBefore(sent.kind, sent.file, words(body["language"]).line(found[1]))

    return made
