"""After an ending: the receipt stays in sight, and no button is left without an answer."""

from collections.abc import Sequence
from typing import TypeGuard

from bot.core.turns.outcome import Outcome, sentence
from bot.core.turns.turn_context import TurnContext
from bot.dialogues import DIALOGUES
from flows.commands import ERASE, QUESTION, SUBSCRIBE
from flows.engine.conversation import Conversation
from flows.engine.events import Opened, PersonEvent, Tapped
from flows.engine.form import Line
from flows.engine.screen import ENDED, Screen, screen
from flows.survey.erase import ERASE_FORM
from flows.survey.state import SurveyState, is_submitted
from storage.chat.conversations import Kept


def back(context: TurnContext, kept: Sequence[Kept], here: Kept, outcome: Outcome) -> Outcome:
    """Who changes or withdraws nothing after all is shown the receipt again."""
    talk = here.conversation
    left = any(not each.conversation.is_open for each in outcome.deleted)
    if left and (talk.form == ERASE_FORM.id or SurveyState.of(talk).corrects):
        outcome.screen = sentence(Line("erase.kept"), talk.language)
        for each in reversed(kept):
            if is_submitted(each.conversation):
                outcome.screen = shown_again(context, each, outcome.screen)
                break
    return outcome


def shown_again(context: TurnContext, ended: Kept, above: Screen) -> Screen:
    return screen(context.form(ended.conversation), ended.conversation, above.body)


def is_late(event: PersonEvent, kept: Sequence[Kept]) -> TypeGuard[Tapped]:
    """A button under an ending that is forgotten, with no other ending to lead to."""
    return (
        isinstance(event, Tapped)
        and event.step == ENDED
        and not any(
            ENDED in each.conversation.offered or each.conversation.knows(event.id) for each in kept
        )
    )


def late(context: TurnContext, kept: Sequence[Kept], tap: Tapped, language: str) -> Outcome:
    """News may be asked for at any time, questions are listed; for the rest there is a command."""
    kind, _, unit = tap.choice.partition("-")
    line = Line("ended.over", {"command": ERASE})
    if kind == "questions":
        line = Line("ended.questions", {"command": QUESTION})
    if kind == "news":
        opened = Opened(tap.id, tap.at, f"{SUBSCRIBE} {unit}")
        said = DIALOGUES.resolve(context, opened)
        assert isinstance(said, Line), "it begins no conversation"
        line = said
    return Outcome(sentence(line, language))


def subscribed(conversation: Conversation) -> Conversation:
    """Its button says from now on that news will come."""
    rows = [
        {**row, "key": "ended.news.begun"} if row.get("key") == "ended.news" else row
        for row in conversation.offered[ENDED]
    ]
    return conversation.but(offered={**conversation.offered, ENDED: rows})
