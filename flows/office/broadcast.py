"""An admin writes to the heads in a scope, and sees the text and how many it goes to before it is
sent."""

from flows.engine.confirm import DISCARD
from flows.engine.conversation import Conversation
from flows.engine.form import Choice, Form, Line, literal
from flows.office.steps import Steps, form_of

LONGEST = 1_000  # characters
# In `about`: how many it goes to; for whom it is night, "" for none; what became of the last one.
HEADS, NIGHT, LAST = "heads", "night", "last"


def _last(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    last = conversation.about.get(LAST)
    return (literal(last),) if last else ()


def _preview(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    text = conversation.answers["text"]
    assert isinstance(text, dict), "it is written"
    said = Line("broadcast.text", {**conversation.about, "text": text["text"]})
    night = conversation.about.get(NIGHT)
    return (said, Line(f"broadcast.night.{night}", conversation.about)) if night else (said,)


step = Steps("broadcast")

BROADCAST_FORM = form_of(
    "broadcast",
    step(
        "text",
        text=Line("broadcast.write", {"most": LONGEST}),
        writes=LONGEST,
        look="heads",
        title=Line("broadcast.title"),
        body=_last,
        revisable=False,
    ),
    step(
        "confirm",
        Choice("send", Line("broadcast.send")),
        Choice("text", Line("broadcast.change"), "visit"),
        DISCARD,
        body=_preview,
        revisable=False,
    ),
)
