"""All dialogues walked through, breadth first, with what each turn asks of a large database.

Every turn is rolled back, and a conversation is kept nowhere but here, so that any state can be
gone on from. What a turn costs is counted, not timed: statements, rows that come back, and steps of
SQLite's machine, which also count what a statement only looks through.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, Engine, event

from bot.channels.telegram.links import links
from bot.core.turns.deferred_work import prepared, put_off
from bot.core.turns.turn import take
from bot.core.turns.turn_context import Forms, Made, NotReady, TurnContext
from bot.dialogues import DIALOGUES
from flows.engine.conversation import Conversation
from flows.engine.events import Attached, Located, Look, Opened, PersonEvent, Tapped, Typed, Write
from flows.engine.form import Form, asking
from flows.engine.screen import choices_of
from flows.intents import Command, read
from storage.chat.conversations import Kept
from storage.files.spreadsheet import Sheets
from storage.finding.directory import Directory
from tests.support.offices import VAULT, Chance

STEPS = 1_000  # of SQLite's machine, at which it is asked
TAPPED = 6  # buttons at either end of a screen
ALIKE = 400  # states of one form that are gone on from


@dataclass
class Cost:
    statements: int = 0
    rows: int = 0
    steps: int = 0  # thousands


@dataclass
class Explored:
    """`costs`: of each turn, by what was done."""

    engine: Engine
    at: int
    table: Sheets
    typed: tuple[str, ...]
    address: str = "tg:1"
    forms: Forms = field(default_factory=lambda: Forms(DIALOGUES))
    directory: Directory = field(default_factory=Directory)
    costs: dict[str, Cost] = field(default_factory=dict)
    looks: set[tuple[str, str]] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)
    openings: set[type | str] = field(default_factory=set)
    put_off: Counter[str] = field(default_factory=Counter)
    number: int = 100

    def walk(self, *openings: str) -> None:
        self.directory.start(self.engine)
        with self._noted():
            waiting = [found for each in openings if (found := self._open(each))]
            seen, of_form = set[object](), Counter[str]()
            while waiting:
                talk = waiting.pop(0)
                state = _state(self.forms, talk)
                if state in seen or of_form[talk.form] >= ALIKE:
                    continue
                seen.add(state)
                of_form[talk.form] += 1
                waiting += self._onward(talk)

    def _open(self, opening: str) -> Conversation | None:
        self.number += 1
        return self._take((), Opened(str(self.number), self.at, opening), opening)

    def _onward(self, talk: Conversation) -> Iterator[Conversation]:
        with self.engine.connect() as connection:
            form = self.forms.get(connection, talk)
        for each in self._events(form, talk):
            found = self._take((Kept(self.address, 1, talk),), each, _named(form, talk, each))
            if found is not None and found.is_open:
                yield found

    def _events(self, form: Form, talk: Conversation) -> Iterator[PersonEvent]:
        step = asking(form, talk)
        if step is None:
            return
        self.number += 1
        at = self.at + self.number
        choices = choices_of(form, talk, step)
        for choice in {each.id: each for each in (*choices[:TAPPED], *choices[-TAPPED:])}.values():
            yield Tapped(str(self.number), at, talk.id, step.id, choice.id)
        written = form.by_id[step.otherwise] if step.otherwise else step
        if written.writes:
            yield from (Typed(str(self.number), at, text) for text in self.typed)
        if written.locates:
            yield Located(str(self.number), at, -6.2, 106.8)
        if "table" in step.attaches:
            table = self.table
            yield Attached(str(self.number), at, "document", "f1", "unit.csv", 9_000, table)

    def _take(self, kept: tuple[Kept, ...], event: PersonEvent, name: str) -> Conversation | None:
        cost, late = Cost(), False
        with counted(self.engine, cost) as connection:
            try:
                outcome = take(self._desk(connection, {}, event), kept, event)
            except NotReady:
                late = True
                outcome = put_off(self._desk(connection, {}, event), kept, event)
            connection.rollback()
        self.costs[name] = max(self.costs.get(name, cost), cost, key=lambda c: (c.steps, c.rows))
        if late:
            self.put_off[name] += 1
            outcome = prepared(self.engine, lambda made: self._later(made, kept, event))
        left = (*outcome.inserted, *outcome.saved)
        return left[0].conversation if left else None

    def _later(self, made: Made, kept: tuple[Kept, ...], event: PersonEvent) -> Any:
        with self.engine.connect() as connection:
            outcome = take(self._desk(connection, made, event), kept, event)
            connection.rollback()
        return outcome

    def _desk(self, connection: Connection, made: Made, event: PersonEvent) -> TurnContext:
        forms, places = self.forms, self.directory
        context = TurnContext(
            connection, VAULT, forms, Chance(), links("BOT"), directory=places, made=made
        )
        return context.turn(self.address, event)

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """Which looks, writes and openings were met."""
        answer, resolve = DIALOGUES.answer, DIALOGUES.resolve

        def noting(context: Any, talk: Conversation, effect: Any) -> Any:
            if isinstance(effect, Look):
                self.looks.add((talk.form, effect.kind))
            elif isinstance(effect, Write):
                self.writes.add(talk.form)
            return answer(context, talk, effect)

        def resolving(context: Any, opened: Opened) -> Any:
            meant = read(opened.opening)
            self.openings.add(meant.name if isinstance(meant, Command) else type(meant))
            return resolve(context, opened)

        with (
            patch.object(DIALOGUES, "answer", noting),
            patch.object(DIALOGUES, "resolve", resolving),
        ):
            yield


@contextmanager
def counted(engine: Engine, cost: Cost) -> Iterator[Connection]:
    """A connection on which all is counted. SQLite only."""
    with engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection

        def steps() -> int:
            cost.steps += 1
            return 0

        def row(cursor: Any, values: Any) -> Any:
            cost.rows += 1
            return values

        def statement(*of: Any) -> None:
            cost.statements += 1

        raw.set_progress_handler(steps, STEPS)
        raw.row_factory = row
        event.listen(connection, "before_cursor_execute", statement)
        try:
            yield connection
        finally:
            raw.set_progress_handler(None, 0)
            raw.row_factory = None


def _state(forms: Forms, talk: Conversation) -> object:
    """What makes a difference for what may come next: the answers that were chosen."""
    chosen = tuple((at, v) for at, v in talk.answers.items() if isinstance(v, str))
    return talk.form, talk.about.get("scope"), chosen, tuple(talk.answers), talk.revisit


def _named(form: Form, talk: Conversation, event: PersonEvent) -> str:
    step = asking(form, talk)
    what = getattr(event, "choice", type(event).__name__)
    return f"{talk.opening}: {talk.form}.{step.id if step else ''} {what}"
