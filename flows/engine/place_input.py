"""A place that somebody sent: asked about once, and never kept.

It answers the step that takes one (`Step.locates` names what the database is asked) with nothing
but that it was sent. The degrees are in the `Look` alone, which lives as long as the turn.
"""

from flows.engine.conversation import Conversation
from flows.engine.events import Located, Look
from flows.engine.form import LOCATED, Form, asking


def located(
    form: Form, conversation: Conversation, event: Located
) -> tuple[Conversation, Look] | None:
    """None where the step asked, and where its free text goes, takes no place."""
    step = asking(form, conversation)
    if step is not None and step.otherwise:
        step = form.by_id[step.otherwise]
    if step is None or not step.locates:
        return None
    answers = {**conversation.answers, step.id: LOCATED}
    look = Look(step.locates, f"{event.latitude!r} {event.longitude!r}")
    return conversation.but(answers=answers, revisit=""), look
