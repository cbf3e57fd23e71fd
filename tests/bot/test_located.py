"""A place that was sent is asked about and kept nowhere, and answers only where one is wanted."""

import pytest
from sqlalchemy import Engine, text

from bot.channels.telegram.links import of_link
from bot.channels.telegram.updates import decode_update, read
from flows.engine.advance import advance
from flows.engine.events import Found, Located, Look, Opened
from flows.engine.form import LOCATED, asking
from flows.survey.find import FIND
from tests.support.events_of_forms import begun
from tests.support.offices import NOON, Person, kept, office, unit_row, working

HERE = (1.1303, 104.0529)


def private(content: str) -> bytes:
    chat = '{"id":7,"type":"private"}'
    return f'{{"update_id":1,"message":{{"message_id":2,"chat":{chat},{content}}}}}'.encode()


@pytest.mark.parametrize(
    "content",
    [
        '"location":{"latitude":1.1303,"longitude":104.0529,"live_period":60}',
        '"venue":{"title":"Loket"},"location":{"latitude":1.1303,"longitude":104.0529}',
    ],
)
def test_a_place_is_read_from_a_message(content: str):
    heard = read(decode_update(private(content)), NOON)
    assert heard is not None
    assert heard.event == Located("1", NOON, *HERE)
    assert "104" not in repr(heard)


def test_the_degrees_are_in_the_question_alone():
    turn = advance(FIND, begun(FIND), Located("1", 5, *HERE))
    assert turn.effects[0] == Look("near", "1.1303 104.0529")
    assert turn.conversation.answers == {"by_name": LOCATED}
    rows = [{"id": "SAMSAT-BC", "label": "Samsat"}]
    shown = advance(FIND, turn.conversation, Found("unit", rows)).conversation
    step = asking(FIND, shown)
    assert step is not None
    assert (step.id, shown.offered["unit"]) == ("unit", rows)
    assert "104" not in shown.to_json()


@pytest.fixture
def engine(database_url: str):
    near = unit_row("NEAR", name="Samsat Dekat", latitude=1.13, longitude=104.05)
    far = unit_row("FAR", name="Samsat Jauh", latitude=-6.2, longitude=106.8)
    with office(database_url, near, far, unit_row("NONE", name="Samsat Entah")) as engine:
        yield engine


async def test_nothing_in_the_database_says_where_somebody_was(engine: Engine):
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        await rini.open("")
        shown = await rini.send(Located(rini._next(), rini.at, *HERE))
        assert [button.choice for button in shown.choices] == ["NEAR", "by_name"]
        with engine.connect() as connection:
            (state,) = connection.execute(text("SELECT state FROM conversation")).scalars()
        assert "1.13" not in state
        assert "104" not in state


async def test_the_same_place_again_and_another_are_asked_anew(engine: Engine):
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        await rini.open("")
        for place, found in (((-6.2, 106.8), "FAR"), (HERE, "NEAR"), (HERE, "NEAR")):
            shown = await rini.send(Located(rini._next(), rini.at, *place))
            assert shown.choices[0].choice == found
        repeated = await rini.send(rini.told[-1])
        assert repeated.choices == shown.choices


async def test_a_place_that_comes_before_anything_is_taken_once(engine: Engine):
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        shown = await rini.send(Located(rini._next(), rini.at, *HERE))
        assert shown.choices[0].choice == "NEAR"
        assert await rini.send(rini.told[-1]) == shown
        assert kept(engine, "tg:1").seen == (str(rini.event),)


@pytest.mark.parametrize(
    ("typed", "payload"),
    [
        ("https://t.me/skm_bot?start=SAMSAT-BC_mutasi", "SAMSAT-BC_mutasi"),
        (" t.me/skm_bot?start=v_abc ", "v_abc"),
        ("https://telegram.me/skm_bot?start=", ""),
        ("https://t.me/skm_bot", None),
        ("lihat https://t.me/skm_bot?start=SAMSAT-BC.", "SAMSAT-BC"),
        ("t.me/skm_bot/?start=SAMSAT-BC ini", "SAMSAT-BC"),
        ("(https://t.me/skm_bot?start=SAMSAT-BC&utm_source=wa)", "SAMSAT-BC"),
        ("https://t.me/skm_bot?utm_source=wa&start=SAMSAT-BC", "SAMSAT-BC"),
        ("tg://resolve?domain=skm_bot&start=SAMSAT-BC", "SAMSAT-BC"),
        ("https://skm_bot.t.me/?start=SAMSAT-BC", "SAMSAT-BC"),
        ("SKM_BOT.t.me?start=SAMSAT-BC", "SAMSAT-BC"),
        ("HTTPS://T.ME/skm_bot?start=SAMSAT-BC", "SAMSAT-BC"),
        ("antre lama " * 30 + "t.me/skm_bot?start=SAMSAT-BC", None),
        ("https://evil.example/?start=SAMSAT-BC", None),
        ("https://t.me/skm_bot?start=" + "a" * 65, None),
    ],
)
def test_a_link_that_is_pasted_is_a_link(typed: str, payload: str | None):
    assert of_link(typed) == payload
    if payload:
        heard = read(decode_update(private(f'"text":"{typed}"')), NOON)
        assert heard is not None
        assert heard.event == Opened("1", NOON, payload)
