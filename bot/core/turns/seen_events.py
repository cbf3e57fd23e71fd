"""One turn, taken once: what the platform delivers again changes nothing (docs/decisions/0003).

Every conversation remembers the last events of its person, not only its own: it begins with what
the former ones remember. What leaves no conversation behind (declined, cancelled, a word where
nothing is open) leaves the ids of its events in `storage.chat.seen_events`. A command that only
says something says it again.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from bot.core.turns.outcome import Outcome, sentence
from bot.core.turns.turn_context import TurnContext
from bot.core.turns.unreadable import take_readable
from flows.engine.conversation import last_ids
from flows.engine.events import Asked, Attached, PersonEvent, Tapped, Typed
from flows.engine.form import Line
from flows.engine.push_buttons import meant
from flows.engine.screen import ENDED, SILENCE, screen
from storage.chat import conversations, outbox, seen_events
from storage.chat.conversations import Kept
from storage.office import roles


def take(context: TurnContext, kept: Sequence[Kept], event: PersonEvent) -> Outcome:
    """`kept` are all conversations of this address, the open one last."""
    event = meant(event)
    if context.can.window:
        opened(context.connection, context.address, event.id, event.at)
    is_open = any(each.conversation.is_open for each in kept)
    left = () if is_open else context.of_chat(seen_events.of_all)
    if event.id in left:
        return _present(context, kept)
    if isinstance(event, Attached | Typed) and event.album:
        return _of_album(context, kept, event)
    outcome = take_readable(context, kept, event)
    _remember(context, kept, left, event, outcome)
    return outcome


def opened(connection: Connection, address: str, event: str, at: int) -> int:
    """This person may be written to again, for as long as the channel's window is; how much had
    waited for that, and follows."""
    roles.heard(connection, address, at)
    return outbox.release(connection, address, event, at)


def woken(connection: Connection, address: str, event: str, at: int) -> bool:
    """Whether a tap that only says "show me" brings what waited, and needs no other answer: so it
    does when it is delivered again."""
    mark = f"woken:{event}"
    kept = conversations.load(connection, [address])[address]
    if mark in seen_events.of(connection, address):
        return True
    if any(each.conversation.knows(mark) for each in kept):
        return True
    if not opened(connection, address, event, at):
        return False
    seen_events.keep(connection, address, [mark], at)
    return True


def _of_album(context: TurnContext, kept: Sequence[Kept], event: Attached | Typed) -> Outcome:
    """Of what was sent as one only the first is answered, and what has words."""
    album = f"album:{event.album}"
    says = event.caption if isinstance(event, Attached) else event.text
    if not says and any(each.conversation.knows(album) for each in kept):
        return Outcome(SILENCE)
    outcome = take(context, kept, replace(event, album=""))
    outcome.saved = [_with(each, each.conversation.seen, album) for each in outcome.saved]
    outcome.inserted = [_with(each, each.conversation.seen, album) for each in outcome.inserted]
    return outcome


def _present(context: TurnContext, kept: Sequence[Kept]) -> Outcome:
    """Where a person stands of whom nothing is open."""
    for each in reversed(kept):
        if context.reads(each.conversation):
            return Outcome(screen(context.form(each.conversation), each.conversation))
    return Outcome(sentence(Line("nothing_open"), context.language))


def _remember(
    context: TurnContext,
    kept: Sequence[Kept],
    left: Sequence[str],
    event: PersonEvent,
    outcome: Outcome,
) -> None:
    known = (*left, *(id for each in kept for id in each.conversation.seen))
    if outcome.inserted:
        outcome.inserted = [_with(each, known) for each in outcome.inserted]
        if left:
            seen_events.forget(context.connection, context.address)
    elif outcome.deleted or _is_lost(event, known, outcome):
        seen_events.keep(
            context.connection, context.address, last_ids((*known, event.id)), event.at
        )


def _with(new: Kept, known: Sequence[str], *more: str) -> Kept:
    talk = new.conversation
    return replace(new, conversation=talk.but(seen=last_ids((*known, *talk.seen, *more))))


def _is_lost(event: PersonEvent, known: Sequence[str], outcome: Outcome) -> bool:
    """Whether no conversation has taken it, and one that begins later would."""
    told = isinstance(event, Asked | Typed) or (isinstance(event, Tapped) and event.step != ENDED)
    return told and not outcome.saved and event.id not in known
