"""Where abandoned surveys stopped: one anonymous row each."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, delete, func, insert, select

from flows.engine.conversation import Conversation
from flows.survey.state import PREVIEW, SurveyState
from storage import units
from storage.database.upsert import table_of
from storage.tables import Dropout

_d = table_of(Dropout)


def keep(connection: Connection, conversation: Conversation) -> None:
    """The month is that of its last event. Nothing is kept of a form that is no survey, of one
    without consent, of a preview, or of a correction: its response is there."""
    unit = units.by_code(connection, conversation.about.get("unit", ""))
    state = SurveyState.of(conversation)
    if unit is None or "consent" not in conversation.answers or state.corrects:
        return
    if state.part == PREVIEW:
        return
    connection.execute(
        insert(_d).values(
            unit_id=unit.id,
            service=str(conversation.answers.get("service", "")),
            questionnaire=conversation.version,
            step=[*conversation.answers][-1],
            month=unit.day_at(conversation.last).isoformat()[:7],
        )
    )


def forget(connection: Connection, before: date) -> int:
    """Those of earlier months; their number."""
    return connection.execute(delete(_d).where(_d.c.month < before.isoformat()[:7])).rowcount


def stopped(
    connection: Connection, instrument: str, units: Sequence[int] | None, first: str, last: str
) -> list[tuple[int, str, str, int]]:
    """Unit id, service, step and how many stopped after it, in months `first` to `last`, both
    included. `units`: None for all."""
    # A questionnaire's id begins with its instrument's.
    ours = (_d.c.questionnaire == instrument) | _d.c.questionnaire.startswith(instrument + "+")
    group = (_d.c.unit_id, _d.c.service, _d.c.step)
    query = select(*group, func.count()).where(ours, _d.c.month.between(first, last))
    if units is not None:
        query = query.where(_d.c.unit_id.in_(units))
    return [(row[0], row[1], row[2], row[3]) for row in connection.execute(query.group_by(*group))]
