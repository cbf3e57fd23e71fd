"""After a conversation has closed: how long it is kept, and what may follow.

The database's last word (`Told`) may offer rows. They stand as buttons under the ending, and each
begins another conversation as its link would: nothing ever happens to the one that is closed. So an
answer is changed by a conversation of its own, which holds the former answers and the receipt of
the response that it `corrects`.
"""

from flows.engine.conversation import Conversation
from flows.engine.events import Event, Start, Tapped
from flows.engine.screen import ENDED

GRACE = 900  # seconds in which what was submitted may be changed or withdrawn
LEFT = 7 * 86_400  # seconds from its beginning after which an open one ends
CORRECTS = "corrects"  # in `about`: the receipt code of the response that is being changed
ENDS = "grace_ends"  # … and when its grace time ends, which began when it was first sent


def until(conversation: Conversation) -> int:
    """When it is forgotten if it is closed, ends by itself if it is open. Unix seconds.

    Neither taps nor corrections put it off: chat and answers lie together no longer than was said.
    """
    if ENDS in conversation.about:
        return int(conversation.about[ENDS])
    return conversation.began + LEFT if conversation.is_open else conversation.last + GRACE


def is_over(conversation: Conversation, at: int) -> bool:
    """Open, though its time has come: whoever comes back is told so."""
    return conversation.is_open and at >= until(conversation)


def is_submitted(conversation: Conversation) -> bool:
    """A survey whose response is kept: its answers stay for the grace time."""
    return "receipt" in conversation.outcome


def follows(conversation: Conversation, event: Event) -> Start | None:
    """What a button under the ending begins; None for every other event."""
    if isinstance(event, Tapped) and (event.conversation, event.step) == (conversation.id, ENDED):
        for row in conversation.offered.get(ENDED, ()):
            if row["id"] == event.choice:
                return Start(row["opening"])
    return None
