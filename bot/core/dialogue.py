"""A dialogue is one value beside its feature; all of them are listed in `bot.dialogues`.

From that list follow the forms there are, both menus, `/bantuan`, docs/roles.md, and what the tests
of permissions and words go through.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from sqlalchemy import Connection

from bot.core.channel import Document, Picture, SentBefore, WithPhotos
from bot.core.links import Links
from bot.core.turns.new_conversation import Begin, Said
from bot.core.turns.turn_context import TurnContext
from flows.engine.conversation import Conversation
from flows.engine.events import (
    Asked,
    Erase,
    Found,
    Look,
    Noted,
    Opened,
    Submit,
    Told,
    Unfit,
    Write,
)
from flows.engine.form import Form, Line
from flows.intents import Command, FindUnit, read
from storage.chat import outbox
from storage.office.permissions import Action

Body = Mapping[str, str]  # of a parcel in the outbox

# `said`: what stands behind the command as it was typed, or what the link means (`flows.intents`).
Opens = Callable[[TurnContext, Any], Begin | Said | Line]
Looks = Callable[[TurnContext, Conversation, str], Found | Told | Noted | Unfit | None]
# The answers that count, by step id. Asks again what this chat may do.
Writes = Callable[[TurnContext, Conversation, Any], Told | Unfit]
# Called when the file is sent, with the links into the chat; None where the chat may not have it
# any more.
File = Document | Picture | SentBefore | WithPhotos
Sends = Callable[[Connection, str, Body, Links], File | None]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Its words: "menu.<command without its stroke>" where it is in a menu, "resume.<form>", and
    those of its form."""

    command: str = ""
    aliases: tuple[str, ...] = ()  # also what people say, written together: "hapus jawaban saya"
    link: type | None = None  # the meaning of a link (`flows.intents`) that opens it
    opens: Opens | None = None
    asks: Literal["", "cancel", "language", "display", "help"] = ""  # answered by the engine
    needs: Action | None = None  # none: everybody's, or (menu "roles") of whoever has a role
    menu: Literal["", "everybody", "roles"] = ""
    typed: bool = True  # else only buttons carry its command
    form: Form | str | None = None  # or the id of one that is made of a questionnaire
    looks: Mapping[str, Looks] = field(default_factory=dict)  # of its form, by `Step.look`
    writes: Writes | None = None  # when its form is finished
    sends: Mapping[str, Sends] = field(default_factory=dict)  # files by "document" in the parcel


def send_file(context: TurnContext, talk: Conversation, document: str, /, **body: str) -> None:
    """End a dialogue in a file, which is made when it is sent (`Dialogue.sends`)."""
    body = {"document": document, **body, "language": talk.language}
    key = f"document:{talk.id}"
    outbox.put(
        context.connection, key, "document", context.address, body, context.at, context.event
    )


T = TypeVar("T")
_CODE = re.compile(r"[\w-]*[\d-][\w-]*", re.ASCII)  # of a unit or a receipt, and no plain word


class Dialogues:
    """All that there are, in the order of the menus. ValueError where two claim the same."""

    def __init__(self, *dialogues: Dialogue) -> None:
        self.all = dialogues
        self.forms = {d.form.id: d.form for d in dialogues if isinstance(d.form, Form)}
        self.of_form = _by((_id(d.form), d) for d in dialogues if d.form)
        self.commands = _by((d.command, d) for d in dialogues if d.command)
        self.links = _by((d.link, d) for d in dialogues if d.link)
        self.files = _by(each for d in dialogues for each in d.sends.items())
        typed = [d for d in dialogues if d.typed and d.command]
        self._typed = _by((name, d) for d in typed for name in (d.command, *d.aliases))
        self.menu = {d.command: d.needs for d in dialogues if d.menu == "roles"}
        self.everybody = tuple(d.command for d in dialogues if d.menu == "everybody")
        self.tables = tuple(_for_tables(dialogues))

    def action(self, command: str) -> Action:
        """What a command needs."""
        action = self.commands[command].needs
        assert action is not None, f"{command} needs no action"
        return action

    def called(self, text: str) -> tuple[str, str]:
        """The command that goes by this name, without its stroke and written apart or not, and the
        code behind it: "tindak lanjut SAMSAT-BC". Of any other words ("", "")."""
        words = text.split()
        for name, said in ((words, ""), (words[:-1], words[-1] if words else "")):
            known = self._typed.get(f"/{''.join(name).lower()}")
            if known and (not said or _CODE.fullmatch(said)):
                return known.command, said
        return "", ""

    def heard(self, id: str, at: int, text: str) -> Opened | Asked | None:
        """The event that a typed command is, in any letters and with a bot's name behind it; None
        of any other text."""
        name, *rest = text.split(maxsplit=1) if text.startswith("/") else [""]
        known, said = self._typed.get(name.partition("@")[0].lower()), " ".join(rest).strip()
        if known is None:
            return None
        if known.asks:
            return Asked(id, at, known.asks)
        return Opened(id, at, said if known.link else f"{known.command} {said}".strip())

    def resolve(self, context: TurnContext, opened: Opened) -> Begin | Said | Line:
        """What an opening means for this chat: a conversation to begin, or what there is to say."""
        meant, said = read(opened.opening), None
        if isinstance(meant, Command):
            known, said = self.commands.get(meant.name), meant.said
            if known is not None and known.opens and not known.link:
                return known.opens(context, said)
            meant = FindUnit(unknown=True)
        opens = self.links[type(meant)].opens
        assert opens is not None, "a link opens something"
        return opens(context, meant)

    def answer(
        self, context: TurnContext, talk: Conversation, effect: Look | Submit | Erase | Write
    ) -> Found | Told | Noted | Unfit | None:
        """What the database answers to an effect, inside the turn's transaction. None where there
        is nothing to say."""
        dialogue = self.of_form[talk.form]
        if isinstance(effect, Look):
            return dialogue.looks[effect.kind](context, talk, effect.query)
        given = {} if isinstance(effect, Erase) else effect.answers
        assert dialogue.writes is not None, f"{talk.form} writes nothing"
        return dialogue.writes(context, talk, given)

    def file(self, connection: Connection, address: str, body: Body, links: Links) -> File | None:
        return self.files[body["document"]](connection, address, body, links)


def _for_tables(dialogues: Iterable[Dialogue]) -> Iterator[str]:
    """The commands in which a table may be sent. A form that no command opens is opened by the one
    that is listed before it."""
    command = ""
    for each in dialogues:
        command = each.command or command
        steps = each.form.steps if isinstance(each.form, Form) else ()
        if any("table" in step.attaches for step in steps):
            yield command


def _id(form: Form | str) -> str:
    return form if isinstance(form, str) else form.id


K = TypeVar("K")


def _by(pairs: Iterable[tuple[K, T]]) -> dict[K, T]:
    found: dict[K, T] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"'{key}' belongs to two dialogues: give one of them another")
        found[key] = value
    return found
