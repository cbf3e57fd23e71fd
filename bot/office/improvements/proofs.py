"""A photo or a document that proves something: shown again to whoever asks and may know it, by the
platform's own id of it; and a photo that everybody may see, which is drawn anew and kept here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from bot.core.channel import SentBefore
from bot.core.dialogue import Sends, send_file
from bot.core.links import Links
from bot.core.turns import sent_pictures
from bot.core.turns.turn_context import TurnContext
from bot.office.scope import Rows
from flows.engine.conversation import Answers, Conversation
from flows.engine.events import Told, Unfit
from flows.engine.form import Line
from flows.loader import words
from flows.office.proof import PUBLIC, PUBLISH, SHOWN, WITHDRAW, File
from reports.printed.redrawing import sides_of
from storage import units
from storage.office import audit, permissions, public_files, sent_files
from storage.office.permissions import Action
from storage.units import Unit

Kind = Literal["follow_up", "innovation"]
Found = tuple[File | None, Line]  # the file that was sent, and what it proves
Reading = Callable[[Connection, int, int], Found | None]  # … of a unit and an id


def send(
    context: TurnContext,
    talk: Conversation,
    document: str,
    unit: str,
    id: int,
    again: dict[str, str],
) -> Told:
    """`document`: as its dialogue names it (`Dialogue.sends`); `again`: the button below."""
    send_file(context, talk, document, unit=unit, id=str(id))
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


@dataclass(frozen=True, slots=True)
class Owner:
    """What a photo shows: a follow-up or an innovation of a unit, and who may make that public.
    `name`: what it is called in the log; `action`: what it takes."""

    unit: Unit
    kind: Kind
    id: int
    element: str
    name: str
    action: Action


def ways(connection: Connection, unit: Unit, kind: Kind, id: int) -> tuple[Rows, dict[str, str]]:
    """The button that puts a photo of it on the site, or the one that takes it off; and, for what a
    conversation is about, the hash of the one that is there."""
    there = public_files.one(connection, unit.id, kind, str(id))
    way = WITHDRAW if there else PUBLISH
    about = {SHOWN: there.hash if there else ""}
    return [{"id": way, "key": f"proof.do.{way}"}], about


def bringable(file: File | None, address: str) -> str:
    """The id of a photo that this chat's platform still has; "" for none."""
    if file is None or file.kind != "photo" or file.channel != address.partition(":")[0]:
        return ""
    return file.file


def photo(context: TurnContext, given: Answers, step: str) -> bytes | Unfit | None:
    """What everybody may see; None: nothing. It is asked again where the photo lies here no more,
    or was never brought: the button stood on an older message. Ask before anything is written."""
    value = given.get(step)
    if value == PUBLIC:
        return Unfit(step, Line("proof.public.gone"))
    if not isinstance(value, dict):
        return None
    found = sent_pictures.kept(context.connection, context.address, value["file"])
    return found if found is not None else Unfit(step, Line("proof.public.gone"))


def publish(context: TurnContext, of: Owner, photo: bytes | None) -> None:
    """None: nothing is to be seen, neither of this nor of what was there before."""
    if photo is None:
        withdraw(context, of)
        return
    sides = sides_of(photo)
    public_files.keep(context.connection, of.unit.id, of.kind, str(of.id), photo, context.at, sides)
    sent_files.forget(context.connection, context.address)
    _note(context, of, "shown")


def withdraw(context: TurnContext, of: Owner) -> Line:
    """Off the site again, whoever of the unit put it there."""
    if not public_files.withdraw(context.connection, of.unit.id, of.kind, str(of.id)):
        return Line("proof.withdrawn.already")
    _note(context, of, "withdrawn")
    return Line("proof.withdrawn")


def _note(context: TurnContext, of: Owner, photo: str) -> None:
    by = context.by
    said = {"element": of.element, "name": of.name, "photo": photo}
    audit.note(context.connection, context.at, by, of.action, of.unit.scope, None, said)
