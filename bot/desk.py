"""What a turn needs besides the event: the open transaction, the secrets, randomness, the forms."""

import base64
import secrets
from dataclasses import dataclass, field

from sqlalchemy import Connection

from flows.conversation import Conversation
from flows.files import instrument
from flows.find import FIND
from flows.form import Form
from flows.question import QUESTION_FORM
from flows.survey import survey_form
from storage import questionnaires
from storage.vault import Random, Vault

_FIXED = {FIND.id: FIND, QUESTION_FORM.id: QUESTION_FORM}


@dataclass(slots=True)
class Forms:
    """Survey forms by questionnaire. Questionnaires never change, so a form is built once."""

    built: dict[str, Form] = field(default_factory=dict)

    def get(self, connection: Connection, conversation: Conversation) -> Form:
        if conversation.form in _FIXED:
            return _FIXED[conversation.form]
        form = self.built.get(conversation.version)
        if form is None:
            questionnaire = questionnaires.get(connection, conversation.version)
            form = survey_form(questionnaire, instrument(questionnaire.instrument))
            self.built[conversation.version] = form
        return form


@dataclass(frozen=True, slots=True)
class Desk:
    connection: Connection
    vault: Vault
    forms: Forms
    random: Random = secrets.token_bytes

    def form(self, conversation: Conversation) -> Form:
        return self.forms.get(self.connection, conversation)

    def new_id(self) -> str:
        """Eleven letters: what fits behind a button beside step and choice."""
        return base64.urlsafe_b64encode(self.random(8)).decode().rstrip("=")
