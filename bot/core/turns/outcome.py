"""What a turn leaves behind: a screen to show, and conversations to write."""

from dataclasses import dataclass, field, replace

from bot.core.turns.new_conversation import Said
from flows.engine.conversation import Conversation
from flows.engine.form import Line
from flows.engine.push_buttons import opens
from flows.engine.screen import ENDED, Screen
from flows.survey.state import is_submitted, parted
from storage.chat.conversations import Kept


@dataclass(slots=True)
class Outcome:
    screen: Screen
    deleted: list[Kept] = field(default_factory=list)
    saved: list[Kept] = field(default_factory=list)
    inserted: list[Kept] = field(default_factory=list)


def written(here: Kept, conversation: Conversation, shown: Screen) -> Outcome:
    """A submitted survey stays for the grace time. So does what else was told, without answers,
    to know a second tap. Of what was declined or cancelled nothing stays."""
    if conversation is here.conversation and here.revision:
        return Outcome(shown)
    if not conversation.is_open and not is_submitted(conversation):
        offered = {at: rows for at, rows in conversation.offered.items() if at == ENDED}
        conversation = conversation.but(answers={}, offered=offered, written={})
    if not conversation.is_open:
        conversation = parted(conversation)
    now = replace(here, conversation=conversation)
    if conversation.is_open or conversation.outcome:
        return Outcome(shown, saved=[now]) if here.revision else Outcome(shown, inserted=[now])
    return Outcome(shown, deleted=[now] if here.revision else [])


def sentence(line: Line, language: str) -> Screen:
    return Screen("", language, (), (line,))


def said(words: Said | Line, language: str) -> Screen:
    if isinstance(words, Line):
        return sentence(words, language)
    return Screen("", language, (), words.lines, choices=opens(*words.offers))
