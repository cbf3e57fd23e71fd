"""After a conversation has closed: how long it is kept, and what may follow.

The database's last word (`Told`) may offer rows. They stand as buttons under the ending, and each
begins another conversation as its link would: nothing ever happens to the one that is closed.
"""

from dataclasses import replace

from flows.engine.conversation import Conversation
from flows.engine.events import Event, Start, Tapped
from flows.engine.form import Form
from flows.engine.push_buttons import OPENING_BYTES, opens
from flows.engine.screen import ENDED, Screen

GRACE = 900  # seconds in which what was submitted may be changed or withdrawn
LEFT = 7 * 86_400  # seconds from its beginning after which an open one ends


def until(conversation: Conversation) -> int:
    """When it is forgotten if it is closed, ends by itself if it is open. Unix seconds.

    No tap puts it off: chat and answers lie together no longer than was said.
    """
    if conversation.ends:
        return conversation.ends
    return conversation.began + LEFT if conversation.is_open else conversation.last + GRACE


def is_over(conversation: Conversation, at: int) -> bool:
    """Open, though its time has come: whoever comes back is told so."""
    return conversation.is_open and at >= until(conversation)


def follows(conversation: Conversation, event: Event) -> Start | None:
    """What a button under the ending begins; None for every other event."""
    if isinstance(event, Tapped) and (event.conversation, event.step) == (conversation.id, ENDED):
        for row in conversation.offered.get(ENDED, ()):
            if row["id"] == event.choice:
                return Start(row["opening"])
    return None


def regretted(form: Form, conversation: Conversation, shown: Screen) -> Screen:
    """The ending with a button that opens anew what a choice, or "batal", closed, where a choice of
    the form says so. Nothing is kept for it: the button carries what it opens
    (`flows.engine.push_buttons`)."""
    by = conversation.status
    regrets = (c for s in form.steps for c in s.choices if c.regret)
    closing = (choice for choice in regrets if by in (choice.id, "cancelled"))
    regret = next((choice.regret for choice in closing), None)
    if regret is None or len(conversation.opening.encode()) > OPENING_BYTES:
        return shown
    return replace(shown, choices=opens((regret, conversation.opening)))
