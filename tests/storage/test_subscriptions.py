"""News of improvements: who asked is told once, until they stop, block the bot or a year ends."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from bot.core.channel import Blocked, SendNever
from flows.engine.ended import GRACE
from reports.jobs.due import expiries
from storage.chat import subscriptions
from storage.chat.subscriptions import KEPT, MONTH
from storage.database.upsert import table_of
from storage.tables import Subscription
from tests.support.fake_channel import Office
from tests.support.offices import NOON, Person, count, office, unit_of, unit_row, working

DAY = 86_400


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST"), unit_row("RSUD")) as engine:
        yield engine


def ask(engine: Engine, address: str, code: str = "SMST", at: int = NOON) -> bool:
    with engine.begin() as connection:
        return subscriptions.subscribe(connection, address, unit_of(connection, code), at)


def tell(engine: Engine, text: str = "Loket kini dua.", at: int = NOON) -> int:
    with engine.begin() as connection:
        return subscriptions.notify(connection, unit_of(connection, "SMST"), text, at)


def test_nothing_is_kept_but_address_unit_and_until_when():
    columns = {"address", "unit_id", "until", "written_on"}  # the last until the next day
    assert set(table_of(Subscription).columns.keys()) == columns


def test_who_asks_again_is_on_the_list_once_and_for_longer(engine):
    assert ask(engine, "tg:1") is True
    assert ask(engine, "tg:1", at=NOON + MONTH) is False
    assert ask(engine, "tg:1", "RSUD") is True
    assert count(engine, "subscription") == 2
    assert count(engine, "subscription", f"until >= {NOON + MONTH + KEPT}") == 1


def test_until_when_does_not_tell_when_it_was_asked(engine):
    """Just after an answer, mostly: the second would join the chat to it."""
    for number in range(5):
        ask(engine, f"tg:{number}", at=NOON + 17 * number)
    assert count(engine, "subscription", f"until % {MONTH} = 0") == 5


def test_after_twelve_months_it_is_over(engine):
    ask(engine, "tg:1")
    assert tell(engine, at=NOON + KEPT + MONTH) == 0
    expiries(engine, NOON + KEPT - 1)
    assert count(engine, "subscription") == 1
    expiries(engine, NOON + KEPT + MONTH)
    assert count(engine, "subscription") == 0


async def test_each_subscriber_of_the_unit_is_told_once(engine):
    for address in ("tg:1", "tg:2"):
        ask(engine, address)
    ask(engine, "tg:3", "RSUD")
    assert (tell(engine), tell(engine)) == (2, 0)
    here = Office(engine)
    await here.post().round()
    await here.post().round()
    assert sorted(address for address, _, _ in here.channel.got) == ["tg:1", "tg:2"]
    assert set(here.channel.texts) == {
        "Anda sampaikan, kami perbaiki · Kantor SMST\nLoket kini dua.\n"
        "Ketik /berhenti bila tidak ingin dikabari lagi."
    }
    expiries(engine, NOON + GRACE)  # the outbox does not remember the chats
    assert count(engine, "outbox") == 0


async def test_who_stops_is_not_told_what_was_on_its_way(engine):
    ask(engine, "tg:1")
    ask(engine, "tg:2")
    tell(engine)
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        assert (await rini.open("/berhenti")).body[0].key == "news.ended"
        assert (await rini.open("/berhenti")).body[0].key == "news.none"
    here = Office(engine)
    await here.post().round()
    assert [address for address, _, _ in here.channel.got] == ["tg:2"]
    assert count(engine, "subscription") == 1


@pytest.mark.parametrize(
    ("fault", "left"), [(Blocked("bot was blocked"), 0), (SendNever("message is too long"), 1)]
)
async def test_who_has_blocked_the_bot_is_off_the_list(engine, fault, left):
    ask(engine, "tg:1")
    tell(engine)
    here = Office(engine)
    here.channel.faults = [fault]
    await here.post().round()
    assert count(engine, "subscription") == left


async def test_asked_for_under_the_thanks_the_receipt_stays_in_sight(engine):
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        await rini.survey("SMST")
        shown = await rini.tap("news-SMST")
        assert [line.key for line in shown.body] == ["news.begun"]  # one line, below the thanks
        assert not shown.choices
        again = await turns.do("tg:1", rini.told[-1])  # delivered again: the receipt as it is
        assert "survey.thanks" in [line.key for line in again.body]
    assert count(engine, "subscription") == 1


async def test_asked_for_long_after_the_answer_is_forgotten(engine):
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        await rini.survey("SMST")
        rini.at += DAY
        expiries(engine, rini.at)
        assert (await rini.tap("news-SMST")).body[0].key == "news.begun"
    assert count(engine, "subscription") == 1
    assert count(engine, "conversation") == 0


async def test_data_shows_all_that_is_kept_about_a_chat_and_no_answer(engine):
    with working(engine) as turns:
        rini, budi = Person(turns, "tg:1"), Person(turns, "tg:2")
        await rini.survey("SMST")
        await rini.tap("news-SMST")
        await rini.survey("RSUD", stop="completion_time")
        told = (await rini.open("/data")).body[0].params
        others = (await budi.open("/data")).body[0].params
    assert [line.params["n"] for line in told["open"]] == [4]  # consent, service, two items
    assert [line.params["name"].params["text"] for line in told["sent"]] == ["Kantor SMST"]
    assert [line.params["year"] for line in told["news"]] == [2027]
    assert {others[what].key for what in ("open", "sent", "roles", "news")} == {"data.nothing"}
