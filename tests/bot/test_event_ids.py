"""Events are known by their ids, and nothing else is concluded from them: not from their order, not
from their size. A chat is free by /start and /batal, whatever state it is in."""

import asyncio
import json
from collections.abc import Iterator
from itertools import count as numbers

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, bindparam, text

from bot.channels.telegram.channel import Telegram as Adapter
from bot.core.turns.turn_worker import Turns
from flows.engine.conversation import REMEMBERED
from flows.engine.events import Asked, Opened, PersonEvent, Typed
from flows.engine.screen import Screen
from storage.chat.seen_events import of
from tests.support import telegram_updates as updates
from tests.support.offices import ITEMS, NOON, Person, count, kept, office, run, unit_row, working

_people = numbers(1)
HERE = "SMST-BTM_pajak"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST-BTM")) as engine:
        yield engine


@pytest.fixture
def turns(engine: Engine) -> Iterator[Turns]:
    with working(engine) as turns:
        yield turns


class Chat:
    """Its events have the ids given, and are delivered again after each further one."""

    def __init__(self, turns: Turns, ids: list[str], again: list[int]) -> None:
        self.turns, self.ids, self.again = turns, ids, again
        self.address = f"tg:{next(_people)}"
        self.sent: list[PersonEvent] = []

    def do(self, event: PersonEvent) -> Screen:
        self.sent.append(event)
        shown = asyncio.run(self.turns.do(self.address, event))
        for back in self.again:
            repeated = self.sent[-1 - back % min(len(self.sent), REMEMBERED)]
            asyncio.run(self.turns.do(self.address, repeated))
        return shown

    def id(self) -> str:
        return self.ids[len(self.sent)]


_falling = st.integers(100, 10**12).map(lambda top: [str(top - n) for n in range(99)])
_any = st.lists(st.text(max_size=30), min_size=99, max_size=99, unique=True)
SAID = ["1", "2", "3", "4", "4", "3", "2", "1", "1"]


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ids=_falling | _any, again=st.lists(st.integers(0, 99), max_size=2))
def test_whatever_the_ids_and_whatever_comes_again_the_same_is_kept(turns, engine, ids, again):
    """Cancelled, begun anew, answered: each event counts once, in the order in which it came."""
    chat = Chat(turns, ids, again)
    chat.do(Asked(chat.id(), NOON, "cancel"))
    chat.do(Opened(chat.id(), NOON, ""))
    chat.do(Asked(chat.id(), NOON, "cancel"))
    chat.do(Opened(chat.id(), NOON, HERE))
    for said in ("setuju, mulai", "4", *SAID):
        chat.do(Typed(chat.id(), NOON, said))
    answers = kept(engine, chat.address).answers
    assert [answers[item] for item in ITEMS[:2]] == ["4", "1"]


async def test_the_last_events_are_a_persons_not_a_conversations(engine, turns):
    """What was said to a conversation that gave way is not said to the one that took its place."""
    rini = Person(turns, "tg:1")
    await rini.open("")
    cancelled = Asked("x", NOON, "cancel")
    await rini.send(cancelled)
    assert count(engine, "conversation") == 0  # nothing stays but the ids of what was said
    await rini.open(HERE)
    await rini.tap("agreed")
    before = kept(engine, "tg:1")
    for event in (cancelled, *rini.told[:2]):
        assert (await turns.do("tg:1", event)).conversation == before.id
    assert kept(engine, "tg:1") == before
    with engine.connect() as connection:
        assert of(connection, "tg:1") == ()


async def test_a_repeated_link_of_what_was_cancelled_begins_nothing(engine, turns):
    rini = Person(turns, "tg:1")
    await rini.open(HERE)
    await rini.send(Asked("x", NOON, "cancel"))
    for event in rini.told:
        shown = await turns.do("tg:1", event)
        assert shown.body[0].key == "nothing_open"
    assert count(engine, "conversation") == 0
    assert (await rini.open(HERE)).body[0].key == "survey.consent"


async def test_another_bot_on_the_same_database_counts_its_updates_anew(engine, turns):
    """A pilot that goes live keeps its database: its ids begin below those of before, or again."""

    class Deaf:
        async def call(self, method: str, fields: dict, timeout: float | None = None) -> None: ...

    async def later(*_: object) -> None: ...

    me = updates.person(5)
    for bot in ("111", "222"):
        adapter = Adapter(Deaf(), turns, later, lambda: NOON, bot)
        for number, said in enumerate(("/start SMST-BTM_pajak", "setuju, mulai", "3"), 1):
            update = {"update_id": number, **updates.message(me, text=said)}
            await adapter.receive(json.dumps(update).encode())
            await adapter.drain(5)
    talk = kept(engine, "tg:5")
    assert talk.seen == ("111:1", "111:2", "111:3", "222:1", "222:2", "222:3")


# --- a state of another release ---

BROKEN = {
    "a form of another release": lambda state: state | {"form": "lottery"},
    "a questionnaire of another release": lambda state: state | {"version": "2031-1"},
    "a shape of another release": lambda state: {"talk": state},
    "rows of another shape": lambda state: state | {"answers": [], "offered": 7},
    "no state at all": lambda state: None,
}


def change_state(engine: Engine, change) -> None:
    with engine.begin() as connection:
        state = json.loads(connection.execute(text("SELECT state FROM conversation")).scalar_one())
        query = text("UPDATE conversation SET state = :state").bindparams(bindparam("state"))
        connection.execute(query, {"state": json.dumps(change(state))})


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("way", ["start", "cancel"])
async def test_start_and_cancel_free_a_chat_whatever_its_state(engine, turns, change, way):
    rini = Person(turns, "tg:1")
    await rini.open(HERE)
    change_state(engine, change)
    if way == "cancel":
        shown = await rini.send(Asked("x", NOON, "cancel"))
        assert (shown.body[0].key, count(engine, "conversation")) == ("find.cancelled", 0)
    assert (await rini.open(HERE)).body[0].key == "survey.consent"
    assert (await rini.tap("agreed")).progress == (1, 9)


async def test_what_another_release_may_go_on_with_is_left_as_it_is(engine, turns):
    rini = Person(turns, "tg:1")
    await rini.open(HERE)
    change_state(engine, BROKEN["a form of another release"])
    for event in (Typed("x", NOON, "halo"), rini.tapped("agreed"), Asked("y", NOON, "help")):
        assert (await turns.do("tg:1", event)).body[0].key == "unreadable"
    assert (await rini.open("/data")).body[0].params["open"][0].key == "data.open.unreadable"
    change_state(engine, lambda state: state | {"form": "survey"})
    assert (await rini.survey(HERE)).body[0].key == "survey.thanks"


async def test_a_field_of_a_newer_release_stops_nobody(engine, turns):
    rini = Person(turns, "tg:1")
    await rini.open(HERE)
    change_state(engine, lambda state: state | {"mood": {"is": "good"}})
    assert (await rini.tap("agreed")).progress == (1, 9)
    run(
        engine,
        'UPDATE conversation SET state = replace(state, \'"seen"\', \'"forgotten":9,"seen"\')',
    )
    assert (await rini.tap("3")).progress == (2, 9)
