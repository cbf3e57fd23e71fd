"""Where abandoned surveys stopped: one anonymous row each."""

from sqlalchemy import Connection, insert

from flows.conversation import Conversation
from storage import units
from storage.once import table_of
from storage.periods import local_date, zone
from storage.tables import Dropout

_d = table_of(Dropout)


def keep(connection: Connection, conversation: Conversation) -> None:
    """The month is that of its last event. Nothing is kept of a form that is no survey, or of one
    without consent."""
    unit = units.by_code(connection, conversation.about.get("unit", ""))
    if unit is None or "consent" not in conversation.answers:
        return
    connection.execute(
        insert(_d).values(
            unit_id=unit.id,
            service=str(conversation.answers.get("service", "")),
            questionnaire=conversation.version,
            step=_last_answered(conversation),
            month=local_date(conversation.last, zone(unit.timezone)).isoformat()[:7],
        )
    )


def _last_answered(conversation: Conversation) -> str:
    return list(conversation.answers)[-1]
