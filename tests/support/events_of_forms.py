"""Whatever may happen to a form, for hypothesis: events of people, sensible and not, and a database
that answers as it likes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st

from flows.engine.advance import advance
from flows.engine.conversation import Conversation
from flows.engine.events import (
    Asked,
    Effect,
    Found,
    Located,
    Look,
    Opened,
    PersonEvent,
    Show,
    Start,
    Submit,
    Tapped,
    Told,
    Typed,
    Unfit,
    Write,
)
from flows.engine.form import Form, Line
from flows.engine.hear import hear
from flows.engine.screen import Screen, screen
from flows.loader import words
from flows.survey.state import SURVEY, SurveyState

ME = "AbCdEf01-_9"  # eleven letters, as `bot.core.turns.turn_context` makes them
ROWS = [
    {"id": "SAMSAT-BC", "label": "Samsat {batam} 100% %s"},
    {"id": "DUKCAPIL", "label": "2"},
    {"id": "*", "key": "question.units.all", "count": "2"},
]

# What is looked for, and the step that offers what is found.
OFFERED = {
    "unit": "unit", "scope": "units", "rows": "rows", "earlier": "of", "choices": "is",
    "questions": "pick", "order": "move", "moved": "to", "history": "version",
    "official": "service", "items": "item",
}  # fmt: skip
NUMBERS = ("to", "version")  # steps whose rows are numbered
OFFERED |= {"within": "by_region", "near": "unit"}

AFTER = [
    {"id": "edit", "key": "ended.edit", "opening": "/ubah"},
    {"id": "news-SAMSAT-BC", "key": "ended.news", "opening": "/kabari SAMSAT-BC"},
]

_NONSENSE = st.sampled_from(["", "_back", "-skipped", "{}", "\ud800", "é:ü", "x" * 90])
_WORDS = ["1", "2", "4", "99", "kembali", "Lewati", "skip", "Sangat mudah", "2 kurang mudah"]
_WORDS += [
    "/batal",
    "0-100",
    "a\nb",
    "Motor\nMobil\n{x}",
    "halo",
    "{0} %s",
    "\u202e4",
    "٤",
    "²",
    "",
    "stay",
]
_LONG = st.builds(
    lambda c, n: c * n, st.sampled_from(["a", "é", "\x00", "👍"]), st.integers(1, 1200)
)
# Every code point, lone surrogates as well.
texts = st.sampled_from(_WORDS) | st.text(st.characters(), max_size=20) | _LONG


# Texts, few enough to come again: nothing is read from them, so they need not rise.
_IDS = st.integers(0, 80).map(str) | st.sampled_from(["", "9" * 30, "-7", "é", "wamid.AbC=="])
_TIMES = st.integers(0, 100_000)


@dataclass(frozen=True)
class Press:
    """A tap on a button that was shown, by its place, on the screen shown last or one before."""

    id: str
    at: int
    place: int
    back: int


_PLACES = st.sampled_from([0, 0, 0, 0, 1, 1, 2, 3, 5, -1])
presses = st.builds(Press, _IDS, _TIMES, _PLACES, st.sampled_from([0, 0, 0, 0, 1, 4]))


def _in_order(sent: list[int | str]) -> list[PersonEvent | Press]:
    return [
        Typed(str(n), n, what) if isinstance(what, str) else Press(str(n), n, what, 0)
        for n, what in enumerate(sent, 1)
    ]


# Somebody who taps on, or writes where there is nothing to tap, from the first screen to the last.
_sent = _PLACES | st.sampled_from(["samsat", "Motor\nMobil", "0-100", "7"])
rising = (st.lists(_sent, max_size=60) | st.lists(_sent, min_size=30, max_size=60)).map(_in_order)


def events(form: Form) -> st.SearchStrategy[list[PersonEvent | Press]]:
    """Lists of what people may send: ids rise, fall, repeat, and are no numbers."""
    steps = st.sampled_from([step.id for step in form.steps])
    known = [choice.id for step in form.steps for choice in step.choices]
    known += [row["id"] for row in ROWS] + [step.id for step in form.steps]
    choices = st.sampled_from(sorted({*known, "start-1", "start-2", "_back"}))
    mine = st.sampled_from([ME, ME, ME, "", "another0000"])
    strays = st.builds(Tapped, _IDS, _TIMES, mine, steps | _NONSENSE, choices | _NONSENSE)
    typed = st.builds(Typed, _IDS, _TIMES, texts)
    to = st.sampled_from(["SAMSAT-SK", ""])
    opened = st.builds(Opened, _IDS, _TIMES, to, st.just("Mulai {x}"), st.booleans())
    commands = st.sampled_from(["language", "help", "language", "help", "language", "cancel"])
    asked = st.builds(Asked, _IDS, _TIMES, commands)
    degrees = st.floats() | st.sampled_from([0.0, 1.13, 104.05, -6.2])
    located = st.builds(Located, _IDS, _TIMES, degrees, degrees)
    one = st.one_of(presses, presses, presses, typed, strays, opened, asked, located)
    return st.lists(one, max_size=25) | st.lists(one, min_size=34, max_size=60)


Answering = Callable[[Effect], Found | Told | Unfit | None]


@dataclass
class Run:
    """A conversation under way. `answering` is the database."""

    form: Form
    conversation: Conversation
    answering: Answering
    screens: list[Screen] = field(default_factory=list)
    heard: PersonEvent | None = None
    over: bool = False  # another conversation has begun
    begun: str = ""  # by what

    def __post_init__(self) -> None:
        self.screens.append(screen(self.form, self.conversation))

    def of(self, event: PersonEvent | Press) -> PersonEvent:
        """The event itself; of a press, the tap on what was shown there."""
        if not isinstance(event, Press):
            return event
        shown = self.screens[-1 - event.back % len(self.screens)]
        buttons = (*shown.choices, *shown.moves)
        if not buttons:
            return Tapped(event.id, event.at, ME, "", "")
        button = buttons[event.place % len(buttons)]
        return Tapped(event.id, event.at, shown.conversation, button.step, button.choice)

    def take(self, event: PersonEvent) -> None:
        """One event, its state going through JSON, with all that follows from it."""
        spoken = words(self.conversation.language)
        self.heard = hear(self.form, self.conversation, event, spoken)
        self._follow(self._advance(self.heard))

    def reply(self, told: Found | Told | Unfit) -> None:
        """What the database answers later than at once."""
        self._follow(self._advance(told))

    def _follow(self, effects: list[Effect]) -> None:
        while effects:
            effect = effects.pop(0)
            if isinstance(effect, Show):
                self.screens.append(effect.screen)
            elif isinstance(effect, Start):
                self.over, self.begun = True, effect.opening
            elif (told := self.answering(effect)) is not None:
                effects += self._advance(told)

    def _advance(self, event: PersonEvent | Found | Told | Unfit) -> list[Effect]:
        turn = advance(self.form, self.conversation, event)
        self.conversation = Conversation.from_json(turn.conversation.to_json())
        assert self.conversation == turn.conversation
        turn.conversation.to_json().encode()  # what no database takes is not kept
        return list(turn.effects)


def database(rows: Sequence[Sequence[dict[str, str]]], refuses: bool) -> Answering:
    """Finds these rows, one list after the other; refuses a service, or is content with it."""
    left = list(rows)

    def answering(effect: Effect) -> Found | Told | Unfit | None:
        if isinstance(effect, Look):
            if effect.kind == "voice":
                return Told("survey.counted") if refuses else None
            return _found(effect, left.pop(0) if left else [], refuses)
        if isinstance(effect, Write):
            return Told("question.published.many", {"count": "2"})
        assert isinstance(effect, Submit)
        told = {"receipt": "AAAA-BBBB-CCCC-DDDD-EEEE", "minutes": "15"}
        return Told("survey.thanks", told, AFTER)

    return answering


def _found(look: Look, rows: Sequence[dict[str, str]], refuses: bool) -> Found | Unfit | None:
    if look.kind in ("acted", "worded") and refuses:
        return Unfit({"acted": "act", "worded": "text"}[look.kind], Line("question.order.few"))
    step = OFFERED.get(look.query if look.kind == "picked" else look.kind)
    return Found(step, rows_of(step, rows)) if step else None


def rows_of(step: str, rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    if step not in NUMBERS:
        return list(rows)
    return [{**row, "id": str(number)} for number, row in enumerate(rows, 1)]


databases = st.builds(
    database, st.lists(st.lists(st.sampled_from(ROWS), max_size=3, unique_by=id)), st.booleans()
)


def begun(form: Form, language: str = "id") -> Conversation:
    """A conversation just opened, with rows for every step that offers some."""
    offered = {
        step.id: rows_of(step.id, ROWS) for step in form.steps if step.offers and not step.aside
    }
    about = {"unit": "SAMSAT-BC", "unit_name": "Samsat {batam}", "name": "{} %"}
    state = SurveyState(promises={"cost": "{tarif} 100% sesuai PP 76/2020"})
    kept = state.to_json() if form.id == SURVEY else {}
    opened = Conversation(ME, form.id, "1", "SAMSAT-BC", language, 0, 0, about, seen=("0",))
    return opened.but(offered=offered, kept=kept)
