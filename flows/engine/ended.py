"""After a conversation has closed: how long it is kept, and what may follow.

The database's last word (`Told`) may offer rows. They stand as buttons under the ending, and each
begins another conversation as its link would: nothing ever happens to the one that is closed.
"""

from flows.engine.conversation import Conversation
from flows.engine.events import Event, Start, Tapped
from flows.engine.screen import ENDED

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
