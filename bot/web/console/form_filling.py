"""A form of the chat, filled in at a desk: the same turns, one after the other, of a conversation
that is kept nowhere. So what may be answered, who may, what is written and logged is one code.

    fill(context, "/peran SAMSAT-BC", {"do": "invite", "role": "head"}, "roles.link")
"""

from collections.abc import Mapping, Sequence

from bot.core.turns.outcome import Outcome
from bot.core.turns.turn import take
from bot.core.turns.turn_context import TurnContext
from flows.engine.conversation import Conversation
from flows.engine.events import Opened, PersonEvent, Tapped, Typed
from flows.engine.form import SKIPPED, Form, Line, Step, asking
from flows.engine.input_parsing import CHOOSE
from flows.engine.screen import Screen, choices_of
from flows.loader import desk_words
from storage.chat.conversations import Kept

Given = Mapping[str, str]

KEPT = "question.kept"  # what a form says that asks anew


class Unfilled(Exception):
    """Nothing was done: what is wrong, and at which step; "": with all of it. `talk`: how far it
    came."""

    def __init__(self, step: str, why: Line, talk: Conversation | None = None) -> None:
        super().__init__(why.key)
        self.step, self.why, self.talk = step, why, talk


def fill(
    context: TurnContext, opening: str, given: Given, *done: str, then: Sequence[Given] = ()
) -> Line:
    """Answer each step that is asked, by its id: a choice's id, else what would be typed; what is
    left empty is passed over where it may be. `then`: further answers, for a form that keeps those
    that it has and asks anew. Returns what the chat would be told at the end, if it is one of
    `done`. Raises Unfilled: whoever called rolls all of it back."""
    outcome, number = take(context, (), Opened("1", context.at, opening)), 1
    if not outcome.inserted:
        raise Unfilled("", outcome.screen.body[0])
    talk = outcome.inserted[0].conversation.but(language="id")
    form, answered, rest = context.form(talk), set[str](), [*then]
    while step := asking(form, talk):
        if rest and KEPT in [note.key for note in outcome.screen.notes]:
            given, answered = rest.pop(0), set()
        here = _here(step, given, answered)
        value = given.get(here) or _passed_over(form, talk, step)
        if here in answered or value is None:
            raise Unfilled(step.id, _why(outcome.screen), talk)
        answered.add(here)
        number += 1
        event = _event(form, talk, step, value, str(number), context.at)
        outcome = take(context, (Kept(context.address, 1, talk),), event)
        talk = _now(outcome, talk)
        if here != step.id and here not in talk.answers:
            raise Unfilled(here, outcome.screen.notes[0], talk)
    return _told(talk, outcome.screen.body[-1], done)


def _here(step: Step, given: Given, answered: set[str]) -> str:
    """The step that an answer goes to: a note is written first where it may stand beside one."""
    beside = step.otherwise
    return beside if given.get(beside) and beside not in answered else step.id


def _passed_over(form: Form, talk: Conversation, step: Step) -> str | None:
    return next((c.id for c in choices_of(form, talk, step) if c.id == SKIPPED), None)


def _event(form: Form, talk: Conversation, step: Step, value: str, id: str, at: int) -> PersonEvent:
    if value in [choice.id for choice in choices_of(form, talk, step)]:
        return Tapped(id, at, talk.id, step.id, value)
    return Typed(id, at, value)


def _why(screen: Screen) -> Line:
    """Where nothing but a choice answers, what there is to choose."""
    why = (*screen.notes, Line("console.empty"))[0]
    names = ", ".join(said(button.label) for button in screen.choices)
    return Line("console.choose", {"names": names}) if why.key in CHOOSE else why


def said(line: Line, *, secrets: bool = False) -> str:
    """The console speaks Indonesian. `secrets`: on a page that is shown now."""
    return desk_words("id").line(line, secrets=secrets)


def _now(outcome: Outcome, before: Conversation) -> Conversation:
    left = (*outcome.saved, *outcome.inserted, *outcome.deleted)
    return left[0].conversation if left else before


def _told(talk: Conversation, line: Line, done: tuple[str, ...]) -> Line:
    if line.key not in done:
        raise Unfilled("", line, talk)
    return line
