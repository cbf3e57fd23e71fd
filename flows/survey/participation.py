"""As what a chat goes through a survey, decided where it opens and again where it ends
(`bot.citizen.participation`), and said above the consent.

Both lie in `about` only while the survey is open: afterwards nothing tells by which link it came.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from flows.engine.form import Form, Line

if TYPE_CHECKING:
    from flows.engine.conversation import Conversation

PART, VISIT = "part", "visit"  # in `about`: one of the below; a visit's link, sealed

Part = Literal["", "visit", "assisted", "preview"]
CITIZEN: Part = ""
VISITOR: Part = "visit"  # a citizen with a visit's link
OFFICER: Part = "assisted"  # fills in for a citizen, with that citizen's link
PREVIEW: Part = "preview"  # sees how it is asked; nothing is kept


def said(form: Form, conversation: "Conversation") -> tuple[Line, ...]:
    part = conversation.about.get(PART, CITIZEN)
    return (Line(f"survey.part.{part}"),) if part else ()


def parted(conversation: "Conversation") -> "Conversation":
    """A closed one without them, and without the link that began it."""
    about = {key: of for key, of in conversation.about.items() if key not in (PART, VISIT)}
    if about == conversation.about:
        return conversation
    return replace(conversation, about=about, opening="")
