"""What a turn needs besides the event: the open transaction, the secrets, randomness, the forms."""

import base64
import secrets
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection

from flows.citizen.erase import ERASE_FORM
from flows.citizen.find import FIND
from flows.citizen.survey import survey_form
from flows.conversation import Conversation
from flows.files import instrument
from flows.form import Form
from flows.instrument import Questionnaire
from flows.office.announcing import ANNOUNCE
from flows.office.briefing import BRIEFING_FORM
from flows.office.broadcast import BROADCAST_FORM
from flows.office.follow_up import FOLLOW_UP
from flows.office.giving import ROLES_FORM
from flows.office.innovation import INNOVATION
from flows.office.leaving import LEAVE_FORM
from flows.office.period import PERIOD
from flows.office.poster import POSTER_FORM
from flows.office.question import QUESTION_FORM
from flows.office.report import REPORT_FORM
from flows.office.standard import STANDARD_FORM
from flows.office.unit import UNIT_FORM, UNITS_FORM
from flows.office.where import WHERE
from storage import questionnaires, units
from storage.finding.directory import Directory, Places
from storage.units import Unit
from storage.vault import Random, Vault

_OF_ROLES = (QUESTION_FORM, WHERE, ROLES_FORM, LEAVE_FORM, BRIEFING_FORM, BROADCAST_FORM)
_FORMS = (
    FIND,
    FOLLOW_UP,
    ANNOUNCE,
    INNOVATION,
    PERIOD,
    ERASE_FORM,
    UNIT_FORM,
    UNITS_FORM,
    STANDARD_FORM,
    POSTER_FORM,
    REPORT_FORM,
    *_OF_ROLES,
)
_FIXED = {form.id: form for form in _FORMS}

T = TypeVar("T")
Made = dict[Hashable, Any]


class NotReady(Exception):
    """What takes long was not made before this transaction. `make` makes it, of a connection that
    only reads (`bot.work`)."""

    def __init__(self, key: Hashable, make: Callable[[Connection], Any]) -> None:
        super().__init__("not made before")
        self.key, self.make = key, make


@dataclass(slots=True)
class Forms:
    """Questionnaires and the forms made of them. They never change, so each is built once."""

    built: dict[str, tuple[Questionnaire, Form]] = field(default_factory=dict)

    def survey(self, connection: Connection, version: str) -> tuple[Questionnaire, Form]:
        if version not in self.built:
            questionnaire = questionnaires.get(connection, version)
            form = survey_form(questionnaire, instrument(questionnaire.instrument))
            self.built[version] = questionnaire, form
        return self.built[version]

    def get(self, connection: Connection, conversation: Conversation) -> Form:
        fixed = _FIXED.get(conversation.form)
        return fixed or self.survey(connection, conversation.version)[1]


@dataclass(frozen=True, slots=True)
class Desk:
    """One desk serves one transaction: a unit that it has read is not read again."""

    connection: Connection
    vault: Vault
    forms: Forms
    random: Random = secrets.token_bytes
    bot: str = ""  # its username, for links into the chat
    web: str = ""  # where the web is reached, for links to the console
    read: dict[str, Unit | None] = field(default_factory=dict)
    directory: Directory = field(default_factory=Directory)
    made: Made = field(default_factory=dict)  # what took long, by its key

    def made_before(self, key: Hashable, make: Callable[[Connection], T]) -> T:
        """What takes long, made outside of this transaction. Ask before anything is written: all
        of it begins again once it is there. Raises NotReady."""
        if key not in self.made:
            raise NotReady(key, make)
        found: T = self.made[key]
        return found

    def form(self, conversation: Conversation) -> Form:
        return self.forms.get(self.connection, conversation)

    def questionnaire(self, version: str) -> Questionnaire:
        return self.forms.survey(self.connection, version)[0]

    def unit(self, code: str) -> Unit | None:
        if code not in self.read:
            self.read[code] = units.by_code(self.connection, code)
        return self.read[code]

    def places(self) -> Places:
        """All units, to be looked for."""
        return self.directory.now(self.connection)

    def new_id(self) -> str:
        """Eleven letters: what fits behind a button beside step and choice."""
        return base64.urlsafe_b64encode(self.random(8)).decode().rstrip("=")
