"""A chat is free again by /start and /batal, whatever state its conversation is in.

While one release replaces another, or after going back to an older one, a conversation may be of a
form, a questionnaire or a shape that this process does not know. It is left as it is for whoever
can read it, and said so; but a link that begins another takes its place, and /batal ends it.

So is one whose time is over, though the scheduler has not ended it yet.
"""

from collections.abc import Sequence

from bot.core.turns.outcome import Outcome, sentence
from bot.core.turns.turn import take
from bot.core.turns.turn_context import TurnContext
from flows.engine.conversation import Conversation
from flows.engine.ended import is_over
from flows.engine.events import Asked, Opened, PersonEvent
from flows.engine.form import Line
from flows.engine.say import say
from flows.engine.screen import screen
from flows.loader import words
from flows.survey.state import SurveyState
from storage.chat import dropouts
from storage.chat.conversations import Kept

OVER = Line("over")


def take_readable(context: TurnContext, kept: Sequence[Kept], event: PersonEvent) -> Outcome:
    """One turn of the conversations that can be read."""
    cancels = isinstance(event, Asked) and event.command == "cancel"
    frees = cancels or isinstance(event, Opened)
    readable = [each for each in kept if _reads(context, each.conversation, frees)]
    stuck = [each for each in kept if each.conversation.is_open and each not in readable]
    over = [each for each in readable if is_over(each.conversation, event.at)]
    if over and not any(each.conversation.knows(event.id) for each in readable):
        return _over(context, over, readable, event)
    if not stuck:
        return take(context, readable, event)
    if not frees:
        return Outcome(sentence(Line("unreadable"), context.language))
    outcome = take(context, readable, event)
    if cancels:
        outcome.screen = sentence(Line("find.cancelled"), outcome.screen.language)
    if cancels or outcome.inserted:
        outcome.deleted += stuck
    return outcome


def _over(
    context: TurnContext, over: Sequence[Kept], kept: Sequence[Kept], event: PersonEvent
) -> Outcome:
    """As the scheduler would have ended it; a link begins another at once."""
    talk = over[-1].conversation
    dropouts.keep(context.connection, talk)
    if isinstance(event, Opened):
        outcome = take(context, [each for each in kept if each not in over], event)
    else:
        code = SurveyState.of(talk).corrects
        told = Line("survey.late", {"code": code}) if code else OVER
        outcome = Outcome(sentence(told, talk.language))
    outcome.deleted += over
    return outcome


def _reads(context: TurnContext, conversation: Conversation, also_shown: bool) -> bool:
    """`also_shown`: whether it can be put in words, too. That is tried only where it may free the
    chat: every other event shows a screen anyway."""
    if not context.reads(conversation):
        return False
    if also_shown and conversation.is_open:
        try:
            say(screen(context.form(conversation), conversation), words(conversation.language))
        except Exception:  # whatever a field of another release may break
            return False
    return True
