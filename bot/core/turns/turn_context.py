"""What a turn needs besides the event: the open transaction, the secrets, randomness, the forms."""

import base64
import secrets
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self, TypeVar

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import NoResultFound

from bot.core.links import NOWHERE, Links
from flows.asides import speaking
from flows.engine.capabilities import ANY, Capabilities
from flows.engine.conversation import Conversation, Frozen
from flows.engine.events import PersonEvent
from flows.engine.form import Form
from flows.instrument import Questionnaire
from flows.loader import instrument, offered
from flows.survey.form import survey_form
from flows.survey.source import OWN
from flows.survey.state import SURVEY
from reports.comments.masking import as_read
from storage import questionnaires, units
from storage.answers.votes import Keys
from storage.finding.directory import Directory, Places
from storage.office import roles
from storage.office.permissions import Action
from storage.office.roles import Held
from storage.units import Unit
from storage.vault import Random, Vault

T = TypeVar("T")
Made = dict[Hashable, Any]
SourceOf = Callable[[str], str]


def anybodys_own(address: str) -> str:
    return OWN


class NotReady(Exception):
    """What takes long was not made before this transaction. `make` makes it, of a connection that
    only reads (`bot.core.turns.deferred_work`)."""

    def __init__(self, key: Hashable, make: Callable[[Connection], Any]) -> None:
        super().__init__("not made before")
        self.key, self.make = key, make


class FormUnknown(LookupError):
    """A conversation of another release: of a form or a questionnaire that this one has not."""


class Known(Protocol):
    """What a turn asks of all dialogues (`bot.core.dialogue.Dialogues`)."""

    @property
    def forms(self) -> Mapping[str, Form]: ...

    def action(self, command: str) -> Action: ...


@dataclass(slots=True)
class Forms:
    """The dialogues' own forms, and those made of questionnaires, with buttons for the languages
    that are offered (`flows.loader.offered`). They never change, so each is built once."""

    dialogues: Known
    languages: Collection[str] = field(default_factory=lambda: offered(()))
    built: dict[str, tuple[Questionnaire, Form]] = field(default_factory=dict)
    own: dict[str, Form] = field(init=False)

    def __post_init__(self) -> None:
        forms = self.dialogues.forms.items()
        self.own = {id: speaking(form, self.languages) for id, form in forms}

    def survey(self, connection: Connection, version: str) -> tuple[Questionnaire, Form]:
        if version not in self.built:
            questionnaire = questionnaires.get(connection, version)
            asked = instrument(questionnaire.instrument)
            form = survey_form(questionnaire, asked, as_read)
            self.built[version] = questionnaire, speaking(form, self.languages)
        return self.built[version]

    def get(self, connection: Connection, conversation: Conversation) -> Form:
        """Raises FormUnknown."""
        if fixed := self.own.get(conversation.form):
            return fixed
        if conversation.form != SURVEY:
            raise FormUnknown
        try:
            return self.survey(connection, conversation.version)[1]
        except (NoResultFound, LookupError, TypeError, ValueError):
            raise FormUnknown from None


class TurnContext(Frozen, frozen=True):
    """One desk serves one transaction: what it has read (`once`) is not read again. Each event's
    turn has its own (`turn`), and each request of the console, of one chat at one time: what
    concerns another chat is given its address beside it."""

    connection: Connection
    vault: Vault
    forms: Forms
    random: Random = secrets.token_bytes
    links: Links = NOWHERE  # into the chat
    web: str = ""  # where the web is reached, for links to the console
    channels: Mapping[str, Capabilities] = msgspec.field(default_factory=dict)  # by their names
    address: str = ""  # whose turn it is
    at: int = 0  # Unix seconds, of its event
    event: str = ""  # the id of the one that is being taken
    source: SourceOf = anybodys_own
    together: Sequence[str] = ()  # the chats whose turns this transaction takes
    read: Made = msgspec.field(default_factory=dict)  # in this transaction, by its key
    directory: Directory = msgspec.field(default_factory=Directory)
    made: Made = msgspec.field(default_factory=dict)  # what took long, by its key

    def turn(self, address: str, event: PersonEvent) -> Self:
        """For the turn of one event, of one chat."""
        return self.but(address=address, at=event.at, event=event.id)

    def once(self, key: Hashable, read: Callable[[], T]) -> T:
        """What is read once in this transaction, whoever asks for it."""
        if key not in self.read:
            self.read[key] = read()
        found: T = self.read[key]
        return found

    def of_chat(self, read: Callable[[Connection, Sequence[str]], Mapping[str, T]]) -> T:
        """What is kept of this chat: read once, together with that of all whose turns these are."""
        if (read, self.address) not in self.read:
            found = read(self.connection, self.together or (self.address,))
            self.read.update({(read, address): each for address, each in found.items()})
        mine: T = self.read[read, self.address]
        return mine

    @property
    def keys(self) -> Keys:
        """Of the voices."""
        return self.once(Keys, lambda: Keys(self.connection, self.vault))

    @property
    def held(self) -> list[Held]:
        """The roles of this chat."""
        return self.of_chat(roles.held_by)

    @property
    def by(self) -> str:
        """Under which the log knows whose turn it is."""
        return self.vault.pseudonym(self.address)

    @property
    def language(self) -> str:
        """In which they are spoken to outside of a conversation."""
        return self.held[0].language if self.held else roles.LANGUAGE

    @property
    def is_known(self) -> bool:
        """Whether the platform knows who this is, and reaches them."""
        return self.source(self.address) == OWN

    @property
    def can(self) -> Capabilities:
        """What the channel of this address can."""
        return self.channels.get(self.address.partition(":")[0], ANY)

    @property
    def dialogues(self) -> Known:
        return self.forms.dialogues

    def made_before(self, key: Hashable, make: Callable[[Connection], T]) -> T:
        """What takes long, made outside of this transaction. Ask before anything is written: all
        of it begins again once it is there. Raises NotReady."""
        if key not in self.made:
            raise NotReady(key, make)
        found: T = self.made[key]
        return found

    def form(self, conversation: Conversation) -> Form:
        """Raises FormUnknown."""
        return self.forms.get(self.connection, conversation)

    def reads(self, conversation: Conversation) -> bool:
        """Whether this release knows its form."""
        try:
            self.form(conversation)
        except FormUnknown:
            return False
        return True

    def questionnaire(self, version: str) -> Questionnaire:
        return self.forms.survey(self.connection, version)[0]

    def unit(self, code: str) -> Unit | None:
        return self.once(("unit", code), lambda: units.by_code(self.connection, code))

    def unit_of(self, conversation: Conversation) -> Unit:
        """The unit that a conversation is about."""
        unit = self.unit(conversation.about["unit"])
        assert unit is not None, "units are never deleted"
        return unit

    def places(self) -> Places:
        """All units, to be looked for."""
        return self.directory.now(self.connection)

    def new_id(self) -> str:
        """Eleven letters: what fits behind a button beside step and choice."""
        return base64.urlsafe_b64encode(self.random(8)).decode().rstrip("=")
