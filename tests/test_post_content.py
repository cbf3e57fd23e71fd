"""What the post says: the screen as it is now, an ending as it was, a digest with its picture."""

from collections.abc import Iterator

import pytest

from bot.post import keep_for_later
from reports import due
from storage.office import roles
from tests.fake_channel import Office
from tests.offices import (
    NOON,
    Chance,
    Person,
    ask,
    draft,
    kept,
    office,
    respond,
    run,
    scoped,
    unit_of,
    unit_row,
    working,
)
from tests.test_questionnaires import PARKING

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
        await later("tg:1", shown, "question 2", 7, 3)
        await later("tg:1", shown, "question 2", 7, 3)
        await rini.tap("4")
    assert await here.post().round() == 0
    here.clock.at += 3
    assert await here.post().round() == 1
    ((address, message, conversation),) = here.channel.got
    assert (address, conversation) == ("tg:1", shown.conversation)
    assert "3/9" in message.text
    assert {label.step for row in message.rows for label in row} >= {"completion_time"}


async def test_of_a_conversation_that_ended_meanwhile_nothing_is_sent(here):
    with working(here.engine) as turns:
        rini = Person(turns, "tg:1")
        shown = await rini.survey("SMST-BTM", stop="review")
        await keep_for_later(here.engine, here.clock)("tg:1", shown, "review", 7, 0)
        await rini.tap("send")
    await here.post().round()
    assert here.channel.got == []
    assert here.rows()[0].sent_at == NOON


async def test_an_ending_is_kept_as_it_reads(here):
    with working(here.engine) as turns:
        shown = await Person(turns, "tg:1").survey("SMST-BTM")
    await keep_for_later(here.engine, here.clock)("tg:1", shown, "Terima kasih", 7, 0)
    run(here.engine, "DELETE FROM conversation")
    await here.post().round()
    assert here.channel.texts == ["Terima kasih"]
    assert "Terima kasih" not in str(here.rows())


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
    assert "2/9" in here.channel.texts[0]
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
    assert picture.png.startswith(b"\x89PNG\r\n\x1a\n")
    # Six 3s and six 4s for each element: 3.5 × 25.
    assert "87,50" in picture.caption
    assert 0 < len(picture.caption) <= 1024
    assert PARKING.text in message.text
    assert "Ya: 6" in message.text
    assert message.rows == ()
