"""What the post says: the screen as it is now, an ending as it was, a digest with its picture."""

import json
from collections.abc import Iterator

import pytest

from bot.core.channel import SendLater, SendNever
from bot.core.sending.post import keep_for_later
from flows.engine.ended import GRACE
from flows.engine.events import Asked
from flows.loader import words
from reports.jobs import due
from storage.office import roles
from tests.support.extra_questions import PARKING
from tests.support.fake_channel import Office
from tests.support.offices import (
    NOON,
    Chance,
    Person,
    ask,
    draft,
    kept,
    office,
    respond,
    scoped,
    unit_of,
    unit_row,
    working,
)

MONDAY = NOON + 4 * 86_400  # Monday noon


@pytest.fixture
def here(sqlite_url: str) -> Iterator[Office]:
    with office(sqlite_url, unit_row("SMST-BTM")) as engine:
        yield Office(engine)


async def test_a_screen_shows_where_the_person_stands_when_it_is_sent(here):
    with working(here.engine) as turns:
        rini = Person(turns, "tg:1")
        shown = await rini.survey("SMST-BTM", stop="procedure")
        later = keep_for_later(here.engine, here.clock)
        await later("tg:1", shown, 7, 3)
        await later("tg:1", shown, 7, 3)
        await rini.tap("4")
    assert await here.post().round() == 0
    here.clock.at += 3
    assert await here.post().round() == 1
    ((address, message, conversation),) = here.channel.got
    assert (address, conversation) == ("tg:1", shown.conversation)
    assert "3 dari 9" in message.text
    assert {label.step for row in message.rows for label in row} >= {"completion_time"}


async def test_of_a_conversation_that_ended_meanwhile_nothing_is_sent(here):
    with working(here.engine) as turns:
        rini = Person(turns, "tg:1")
        shown = await rini.survey("SMST-BTM", stop="review")
        await keep_for_later(here.engine, here.clock)("tg:1", shown, 7, 0)
        await rini.tap("send")
    await here.post().round()
    assert here.channel.got == []
    assert here.rows()[0].sent_at == NOON


async def test_an_ending_is_rendered_when_it_is_sent_and_then_forgotten(here):
    with working(here.engine) as turns:
        shown = await Person(turns, "tg:1").survey("SMST-BTM")
    receipt = str(shown.body[-1].params["receipt"])
    later = keep_for_later(here.engine, here.clock)
    await later("tg:1", shown, 7, 0)
    await later("tg:1", shown, 8, 0)  # a second tap
    (row,) = here.rows()
    assert json.loads(row.body) == {"conversation": shown.conversation}
    assert receipt not in str(row)
    await here.post().round()
    ((_, message, conversation),) = here.channel.got
    assert receipt in message.text
    assert (conversation, bool(message.rows)) == (shown.conversation, True)
    assert here.rows() == []


async def test_an_ending_that_cannot_be_sent_goes_with_its_conversation(here):
    """Address and receipt lay together for days."""
    here.channel.faults = [SendLater(3_600, "429"), SendNever("gone")]
    with working(here.engine) as turns:
        rini, budi = Person(turns, "tg:1"), Person(turns, "tg:2")
        for who in (rini, budi):
            later = keep_for_later(here.engine, here.clock)
            await later(who.address, await who.survey("SMST-BTM"), 7, 0)
    await here.post().round()
    assert len(here.rows()) == 1  # the other will never be reached
    due.expiries(here.engine, rini.at + GRACE - 1)
    assert len(here.rows()) == 1
    due.expiries(here.engine, rini.at + GRACE)
    assert here.rows() == []


async def test_a_sentence_is_not_kept_but_asked_for_again(here):
    """It may say what is shown once, or a receipt that was asked about."""
    with working(here.engine) as turns:
        rini = Person(turns, "tg:1")
        receipt = (await rini.survey("SMST-BTM")).body[-1].params["receipt"]
        checked = [await rini.open(f"/cek {receipt}") for _ in range(2)]
        await rini.open("SMST-BTM_stnk")
        cancelled = await rini.send(Asked("99", NOON, "cancel"))
        for number, shown in enumerate((*checked, cancelled)):
            later = keep_for_later(here.engine, here.clock)
            await later("tg:1", shown, number, 0)
    assert str(receipt) not in str(here.rows())
    await here.post().round()
    texts = words("id").texts  # once is enough; and what says nothing of anybody comes as it was
    assert here.channel.texts == [texts["unsent"], texts["survey.cancelled"]]


async def test_a_reminder_is_not_sent_to_whoever_has_gone_on(here):
    with working(here.engine) as turns:
        people = [Person(turns, f"tg:{n}") for n in (1, 2)]
        for who in people:
            await who.survey("SMST-BTM", stop="procedure")
        assert due.reminders(here.engine, NOON + 86_400) == 2
        people[0].at = NOON + 86_400
        await people[0].tap("4")
    here.clock.at = NOON + 86_400
    assert await here.post().round() == 2
    assert [address for address, _, _ in here.channel.got] == ["tg:2"]
    assert "2 dari 9" in here.channel.texts[0]
    assert kept(here.engine, "tg:2").is_open


async def test_a_digest_is_a_picture_with_its_words_and_extra_questions_follow(here):
    with here.engine.begin() as connection:
        unit = unit_of(connection, "SMST-BTM")
        ask(connection, [unit], PARKING)
        token = roles.invite(connection, "head", scoped("SMST-BTM"), NOON, Chance())
        roles.join(connection, token, "tg:9", NOON)
        chance = Chance(1)
        for n in range(12):
            given = draft(NOON, 3 + n % 2, extra={PARKING.key: str(1 + n % 2)})
            respond(connection, "SMST-BTM", chance, given)
    assert due.digests(here.engine, MONDAY) == 1
    here.clock.at = MONDAY
    assert await here.post().round() == 2
    (_, picture, _), (_, message, _) = here.channel.got
    assert picture.jpeg.startswith(b"\xff\xd8\xff")
    # Six 3s and six 4s for each element: 3.5 × 25.
    assert "87,50" in picture.caption
    assert 0 < len(picture.caption) <= 1024
    assert PARKING.text in message.text
    assert "Ya: 6" in message.text
    assert message.rows == ()
