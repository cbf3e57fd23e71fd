"""A sent answer is changed or withdrawn in its grace time: exactly one response at any moment."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import Engine, text

from reports.stored.fold import fold
from reports.stored.verify import verify
from storage.answers import votes
from storage.database.connect import open_engine
from tests.support.changing import (
    change,
    code,
    engine,  # noqa: F401  (a fixture)
    said,
)
from tests.support.offices import (
    VAULT,
    Chance,
    Person,
    count,
    unit_of,
    working,
)


@pytest.mark.parametrize("folded", [False, True])
async def test_a_changed_answer_takes_the_place_of_the_former_one(engine, folded):
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        await rini.survey("SMST", value=1, service="pajak")
        former, before = code(rini), kept_columns(engine)
        if folded:
            fold(engine)
        await change(rini, 4)
        assert said(engine) == [("pajak", {1})]  # until it is sent
        assert (await rini.tap("send")).body[0].key == "survey.thanks"
        assert code(rini) != former
    assert said(engine) == [("pajak", {4})]
    assert kept_columns(engine) == before
    assert count(engine, "voice") == count(engine, "conversation") == 1
    assert verify(engine) == []
    fold(engine)
    assert verify(engine) == []


def kept_columns(engine: Engine) -> Any:
    """What a change leaves as it was."""
    columns = "id, local_date, slot, submitted_at, duration, source, verified"
    with engine.connect() as connection:
        return connection.execute(text(f"SELECT {columns} FROM response")).all()


async def test_sent_twice_at_once_by_two_processes_it_is_changed_once(engine):
    other = open_engine(engine.url.render_as_string(hide_password=False))
    with working(engine) as one, working(other, seed=2) as two:
        people = [Person(one, f"tg:{n}") for n in range(6)]
        await asyncio.gather(*(who.survey("SMST", value=2) for who in people))
        fold(engine)
        await asyncio.gather(*(change(who, 3) for who in people))
        last = [(who.address, who.tapped("send")) for who in people]
        shown = await asyncio.gather(*(turns.do(*tap) for tap in last for turns in (one, two)))
    other.dispose()
    assert [screen.body for screen in shown[::2]] == [screen.body for screen in shown[1::2]]
    assert said(engine) == [("pajak", {3})] * 6
    assert count(engine, "voice") == count(engine, "conversation") == 6
    assert verify(engine) == []


async def test_change_tapped_twice_at_once_by_two_processes_begins_one_change(engine):
    other = open_engine(engine.url.render_as_string(hide_password=False))
    with working(engine) as one, working(other, seed=2) as two:
        rini = Person(one, "tg:1")
        await rini.survey("SMST")
        taps = [(one, rini.tapped("edit")), (two, rini.tapped("edit"))]
        shown = await asyncio.gather(*(turns.do("tg:1", tap) for turns, tap in taps))
    other.dispose()
    assert len({screen.conversation for screen in shown}) == 1
    assert count(engine, "conversation", "status = 'open'") == 1
    assert count(engine, "response") == 1


async def test_withdrawn_twice_at_once_it_is_gone_once_and_the_voice_stays(engine):
    other = open_engine(engine.url.render_as_string(hide_password=False))
    with working(engine) as one, working(other, seed=2) as two:
        rini = Person(one, "tg:1")
        await rini.survey("SMST")
        fold(engine)
        await rini.tap("withdraw")
        yes = rini.tapped("erase")
        shown = await asyncio.gather(one.do("tg:1", yes), two.do("tg:1", yes))
        again = await Person(one, "tg:1", event=50, at=rini.at).survey("SMST")
    other.dispose()
    assert {screen.body[0].key for screen in shown} == {"erase.done"}
    assert again.body[0].key == "survey.counted"
    assert again.choices == ()  # nothing is left to change
    assert (count(engine, "response"), count(engine, "voice")) == (0, 1)
    assert verify(engine) == []


async def test_whoever_withdraws_nothing_after_all_sees_the_receipt_again(engine):
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        thanks = await rini.survey("SMST")
        await rini.tap("withdraw")
        shown = await rini.tap("kept")
        assert shown.notes[0].key == "erase.kept"
        assert (shown.body, shown.choices) == (thanks.body, thanks.choices)
        await rini.tap("edit")  # and its buttons are good
        await rini.tap("stay")


async def test_another_service_moves_the_voice(engine):
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        await rini.survey("SMST", service="pajak", value=1)
        await rini.tap("edit")
        for choice in ("service", "stnk", "send"):
            await rini.tap(choice)
        assert said(engine) == [("stnk", {1})]
        assert count(engine, "voice") == 1
        assert (await rini.survey("SMST_pajak", value=4)).body[0].key == "survey.thanks"
    assert said(engine) == [("pajak", {4}), ("stnk", {1})]
    assert count(engine, "voice") == 2


async def test_a_service_rated_already_cannot_be_taken_as_another(engine):
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        await rini.survey("SMST_stnk", value=4)
        await rini.survey("SMST_pajak", value=1)
        await rini.tap("edit")
        for choice in ("service", "stnk"):
            shown = await rini.tap(choice)
        assert shown.body[0].key == "survey.counted"
    assert said(engine) == [("pajak", {1}), ("stnk", {4})]
    assert count(engine, "voice") == 2


async def test_a_service_rated_meanwhile_cannot_be_taken_either(engine):
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        await rini.survey("SMST_pajak", value=1)
        await rini.tap("edit")
        for choice in ("service", "stnk"):
            await rini.tap(choice)
        with engine.begin() as connection:
            unit = unit_of(connection, "SMST")
            stnk = votes.Person("tg:1", unit.id, "stnk")
            period = unit.period_at(rini.at)
            assert votes.count(votes.Keys(connection, VAULT), stnk, period, Chance(9), period.first)
        assert (await rini.tap("send")).body[0].key == "survey.counted"
    assert said(engine) == [("pajak", {1})]
    assert verify(engine) == []
