"""Links and commands, and whatever a chat may send, through the turns and the database."""

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count as numbers

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from bot.core.turns.turn_worker import Turns
from flows.engine.events import Asked, Opened, PersonEvent, Tapped, Typed
from flows.engine.say import say
from flows.engine.screen import Screen
from flows.loader import words
from storage.office import roles
from tests.support.dialogue import BEGINS, turns_of
from tests.support.events_of_forms import Press, texts
from tests.support.offices import Chance, count, office, scoped, unit_row

UNITS = (unit_row("SAMSAT-BC"), unit_row("all"), unit_row("by-name"), unit_row("-back"))


@pytest.fixture(scope="module")
def engine(sqlite_template, tmp_path_factory) -> Iterator[Engine]:
    file = shutil.copy(sqlite_template, tmp_path_factory.mktemp("openings") / "skm.db")
    with office(f"sqlite:///{file}", *UNITS) as engine:
        yield engine


@pytest.fixture(scope="module")
def turns(engine: Engine) -> Iterator[Turns]:
    turns = turns_of(engine)
    turns.start()
    yield turns
    turns.stop()


@dataclass
class Phone:
    """A chat of its own; ids and time rise with every event."""

    turns: Turns
    address: str
    sent: list[PersonEvent] = field(default_factory=list)
    screens: list[Screen] = field(default_factory=list)

    def do(self, event: PersonEvent) -> Screen:
        self.sent.append(event)
        self.screens.append(asyncio.run(self.turns.do(self.address, event)))
        return self.screens[-1]

    def open(self, payload: str) -> Screen:
        return self.do(Opened(*self._next(), payload))

    def type(self, said: str) -> Screen:
        return self.do(Typed(*self._next(), said))

    def ask(self, command: str) -> Screen:
        return self.do(Asked(*self._next(), command))  # type: ignore[arg-type]

    def press(self, place: int, back: int = 0) -> Screen:
        shown = self.screens[-1 - back % len(self.screens)] if self.screens else None
        buttons = (*shown.choices, *shown.moves) if shown else ()
        if not shown or not buttons:
            return self.do(Tapped(*self._next(), "gone0000000", "consent", "agreed"))
        button = buttons[place % len(buttons)]
        return self.do(Tapped(*self._next(), shown.conversation, button.step, button.choice))

    def _next(self) -> tuple[str, int]:
        return str(len(self.sent) + 1), BEGINS + 5 * len(self.sent)

    @property
    def kept(self) -> list[tuple[object, ...]]:
        """Its conversations as they lie in the database, the open one last."""
        query = text(
            "SELECT status, id, revision, state FROM conversation WHERE address = :address"
            " ORDER BY status = 'open', id"
        )
        with self.turns.engine.connect() as connection:
            rows = connection.execute(query, {"address": self.address})
            return [tuple(row) for row in rows]

    @property
    def is_open(self) -> bool:
        return bool(self.kept) and self.kept[-1][0] == "open"


_people, _chance = numbers(1), Chance(7)


@pytest.fixture
def phone(turns: Turns) -> Phone:
    return Phone(turns, f"tg:{next(_people)}")


def invited(engine: Engine, scope: str) -> str:
    with engine.begin() as connection:
        token = roles.invite(connection, "admin", scoped(scope), BEGINS, _chance)
    return f"i_{token}"


PAYLOADS = ["SAMSAT-BC", "all_pajak", "by-name", "", "XX", "_" * 64, "\ud800", "/pertanyaan"]
_sends = st.one_of(
    st.builds(Press, st.just(0), st.just(0), st.sampled_from([0, 0, 0, 1, 2, -1]), st.just(0)),
    st.builds(Press, st.just(0), st.just(0), st.sampled_from([0, 0, 1, 2]), st.integers(0, 9)),
    texts,
    st.sampled_from(PAYLOADS).map(lambda payload: ("open", payload)),
    st.sampled_from(["language", "help", "cancel"]).map(lambda command: ("ask", command)),
)


@settings(max_examples=40)
@given(sends=st.lists(_sends, max_size=40), is_admin=st.booleans())
def test_whatever_a_chat_sends_is_answered_and_taken_once(turns, engine, sends, is_admin):
    """Never refused; every screen can be said; what comes again while something is open changes
    nothing; no service is counted twice."""
    phone = Phone(turns, f"tg:{next(_people)}")
    if is_admin:
        phone.open(invited(engine, "*"))
    before = count(engine, "response")
    for number, sent in enumerate(sends):
        say_all(send(phone, sent))
        repeat(phone, phone.sent[number // 2])
    assert count(engine, "response") - before <= sum(len(unit["services"]) for unit in UNITS)


def send(phone: Phone, what: object) -> Screen:
    match what:
        case Press(place=place, back=back):
            return phone.press(place, back)
        case ("open", str(payload)):
            return phone.open(payload)
        case ("ask", str(command)):
            return phone.ask(command)
    return phone.type(str(what))


def say_all(shown: Screen) -> None:
    message = say(shown, words(shown.language))
    assert 0 < len(message.text) <= 4096
    assert (not message.rows) or shown.conversation


def repeat(phone: Phone, event: PersonEvent) -> None:
    """The platform delivers an event once more."""
    if phone.is_open:
        before = phone.kept
        asyncio.run(phone.turns.do(phone.address, event))
        assert phone.kept == before


def test_what_was_sent_before_a_conversation_began_is_not_for_it(phone: Phone):
    phone.open("SAMSAT-BC")
    phone.open("by-name")
    before = phone.kept
    assert asyncio.run(phone.turns.do(phone.address, phone.sent[0])) == phone.screens[1]
    assert phone.kept == before


def test_a_garbage_payload_is_not_kept(phone: Phone):
    phone.open("\ud800" + "x" * 3000)
    assert '"opening":""' in str(phone.kept[0][-1])
    phone.open("SAMSAT-BC")
    phone.press(0)
    assert phone.open("x" * 3000).notes[0].key == "unit_unknown"
    assert "xxxx" not in str(phone.kept)


def test_of_what_is_declined_or_cancelled_nothing_stays(phone: Phone):
    phone.open("SAMSAT-BC")
    phone.press(2)
    assert phone.kept == []
    phone.open("SAMSAT-BC")
    phone.press(0)
    phone.ask("cancel")
    assert phone.kept == []


def test_what_was_told_stays_without_answers_to_know_a_second_tap(phone: Phone, engine: Engine):
    phone.open(invited(engine, "by-name"))
    phone.open("/pertanyaan")
    phone.press(0)
    phone.type("Ada ruang laktasi?")
    for _ in ("kind", "scale", "when", "skippable", "confirm"):
        phone.press(0)
    assert phone.screens[-1].body[0].key == "question.published"
    assert asyncio.run(phone.turns.do(phone.address, phone.sent[-1])) == phone.screens[-1]
    assert '"answers":{}' in str(phone.kept)


@pytest.mark.parametrize("code", ["all", "-back", "by-name"])
def test_a_unit_with_an_odd_code_is_only_itself(phone: Phone, engine: Engine, code: str):
    """Its code is no button that means something else."""
    phone.open(invited(engine, "*"))
    phone.open("/pertanyaan")
    labels = [words("id").line(button.label) for button in phone.screens[-1].choices]
    assert labels[0] == f"Semua {len(UNITS)} unit"
    phone.press(labels.index(f"Kantor {code}"))
    phone.press([button.choice for button in phone.screens[-1].choices].index("add"))
    phone.type(f"Ada parkir di {code}?")
    for _ in ("kind", "scale", "when", "skippable", "confirm"):
        phone.press(0)
    assert phone.screens[-1].body[0].key == "question.published"
    assert phone.screens[-1].body[0].params["unit"] == f"Kantor {code}"


def test_a_conversation_of_another_chat_is_out_of_reach(turns: Turns, phone: Phone):
    phone.open("SAMSAT-BC")
    other = Phone(turns, f"tg:{next(_people)}")
    other.open("by-name")
    before = phone.kept
    theirs = phone.screens[0].conversation
    shown = other.do(Tapped("9", BEGINS, theirs, "consent", "declined"))
    assert shown.notes[0].key == "stale"
    assert phone.kept == before
