"""A chat in the smallest of forms, to show one rule at a time."""

from flows.asides import ASIDES
from flows.engine.advance import advance
from flows.engine.conversation import Conversation
from flows.engine.events import Effect, Event, Show, Submit, Tapped, Typed
from flows.engine.form import (
    SKIPPED,
    Choice,
    Form,
    Line,
    Step,
    When,
    asking,
    counted_answers,
    literal,
)
from flows.engine.screen import Screen

ME = "AbCdEf01-_9"


def pick(id: str, *ids: str, when: tuple[When, ...] = (), look: str = "") -> Step:
    choices = tuple(Choice(c, literal(c)) for c in ids)
    return Step(id, literal(f"{id}?"), choices, when=when, look=look, title=literal(id.upper()))


def only_if(step: str, *ids: str) -> tuple[When, ...]:
    return (When(step, frozenset(ids)),)


def submit(form: Form, conversation: Conversation) -> Submit:
    return Submit(counted_answers(form, conversation))


class Chat:
    """A conversation in a form of these steps; each event has the next id and one more second."""

    def __init__(self, *steps: Step) -> None:
        self.form = Form("tiny", (*steps, *ASIDES), submit)
        self.now = Conversation(ME, "tiny", "1", "", "id", 0, 0, seen=(0,))
        self.effects: tuple[Effect, ...] = ()
        self.id = 0

    def send(self, event: Event) -> "Chat":
        turn = advance(self.form, self.now, event)
        self.now, self.effects = turn.conversation, turn.effects
        return self

    def tap(self, step: str, choice: str) -> "Chat":
        self.id += 1
        return self.send(Tapped(str(self.id), self.now.last + 1, ME, step, choice))

    def type(self, text: str, later: int = 1) -> "Chat":
        self.id += 1
        return self.send(Typed(str(self.id), self.now.last + later, text))

    @property
    def at(self) -> str | None:
        step = asking(self.form, self.now)
        return step.id if step else None

    @property
    def shown(self) -> Screen:
        shown = [effect.screen for effect in self.effects if isinstance(effect, Show)]
        return shown[-1]

    @property
    def notes(self) -> list[str]:
        return [line.key for line in self.shown.notes]


TWO = (pick("a", "yes", "no"), pick("b", "yes", "no"))
THREE = (*TWO, pick("c", "yes", "no"))
WRITE = Step("w", literal("w?"), (Choice(SKIPPED, Line("skip")),), writes=5)
