"""Units as they are offered: told apart, those known to a chat first, and only those."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from flows.engine.ended import GRACE
from reports.jobs.due import expiries
from storage.chat import subscriptions
from tests.support.offices import Person, office, unit_of, unit_row, working


def named(code: str, agency: str = "Dinkes") -> dict[str, object]:
    row = unit_row(code, name="Puskesmas Sukamaju", agency=agency, region="Kota Depok")
    return row | {"folded_name": "puskesmas sukamaju"}


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    others = (named("A1"), named("A2"), named("A3", "Yayasan"))
    with office(database_url, unit_row("SMST-BTM", name="Samsat Batam"), *others) as engine:
        yield engine


def labels(shown: object) -> list[str]:
    return [str(button.label.params.get("text")) for button in shown.choices]  # type: ignore[attr-defined]


async def test_units_of_one_name_are_told_apart(engine: Engine):
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        await rini.open("")
        shown = await rini.type("puskesmas sukamaju")
        assert labels(shown)[:3] == [
            "Puskesmas Sukamaju · Kota Depok · A1",
            "Puskesmas Sukamaju · Kota Depok · A2",
            "Puskesmas Sukamaju · Kota Depok · Yayasan",
        ]


async def test_what_a_chat_rated_is_offered_until_the_grace_time_is_over(engine: Engine):
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        await rini.survey("SMST-BTM")
        shown = await rini.open("")
        assert [button.choice for button in shown.choices] == ["SMST-BTM", "by_region"]
        budi = Person(turns, "tg:2")
        assert [button.choice for button in (await budi.open("")).choices] == ["by_region"]
        expiries(engine, rini.at + GRACE + 1)
        rini.at += GRACE + 1
        assert [button.choice for button in (await rini.open("")).choices] == ["by_region"]


async def test_whose_news_a_chat_wants_is_offered(engine: Engine):
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        with engine.begin() as connection:
            subscriptions.subscribe(connection, "tg:1", unit_of(connection, "A3"), rini.at)
        await rini.open("")
        shown = await rini.tap("A3")
        assert shown.body[0].params["unit_name"] == "Puskesmas Sukamaju"


async def test_what_a_chat_withdrew_is_not_offered(engine: Engine):
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        await rini.survey("SMST-BTM")
        await rini.tap("withdraw")
        await rini.tap("erase")
        assert [button.choice for button in (await rini.open("")).choices] == ["by_region"]
