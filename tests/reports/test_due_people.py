"""What is due for people: one reminder by day, an end after a week, and being forgotten."""

from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Event

import pytest
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED
from sqlalchemy import Engine, select

from bot import schedule
from bot.channels.telegram.links import CAPABILITIES
from reports.jobs import due
from reports.jobs.due import expiries, keys, reminders
from storage.chat import conversations, outbox
from storage.database.upsert import table_of
from storage.tables import Dropout
from tests.support.fake_channel import Office
from tests.support.offices import (
    Chance,
    Person,
    count,
    draft,
    office,
    respond,
    run,
    unit_row,
    working,
)

HOUR, DAY = 3_600, 86_400


def utc(day: int, hour: int, month: int = 11) -> int:
    return int(datetime(2026, month, day, hour, tzinfo=UTC).timestamp())


# Answered last on Thursday 19 November at 13:00 in Jakarta; 20 hours later it is 09:00.
AFTERNOON = utc(19, 6)
NEXT_DAY = utc(20, 2)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("BTM", "WIB"), unit_row("JYP", "WIT")) as engine:
        yield engine


async def leave(engine: Engine, step: str, at: int, unit: str = "BTM", address: str = "tg:1"):
    """Half a survey: everything before this step is answered, the last time at `at`."""
    with working(engine, seed=len(address) + at) as turns:
        who = Person(turns, address, at=at - 100)
        await who.survey(unit, stop=step)
    then = f"last = {at}, until = {at + 7 * DAY}"
    run(engine, f"UPDATE conversation SET {then} WHERE address = '{address}'")


def dropouts(engine: Engine) -> list[tuple]:
    table = table_of(Dropout)
    columns = [table.c.unit_id, table.c.service, table.c.questionnaire, table.c.step, table.c.month]
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(*columns))]


async def test_one_reminder_twenty_hours_after_the_last_answer(engine):
    await leave(engine, "procedure", AFTERNOON)
    assert reminders(engine, NEXT_DAY - 1) == 0
    assert reminders(engine, NEXT_DAY) == 1
    assert [reminders(engine, NEXT_DAY + hour * HOUR) for hour in range(48)] == [0] * 48
    with engine.begin() as connection:
        (parcel,) = outbox.claim_bulk(connection, NEXT_DAY, 9, "tg")
    assert (parcel.kind, parcel.address, parcel.body["note"]) == ("screen", "tg:1", "reminder")


async def test_a_hundred_and_fifty_reminders_are_paced_and_whoever_waits_goes_first(engine):
    with working(engine) as turns:
        for number in range(150):
            await Person(turns, f"tg:{number}", at=AFTERNOON - 100).survey("BTM", stop="procedure")
    run(engine, f"UPDATE conversation SET last = {AFTERNOON}")
    assert reminders(engine, NEXT_DAY) == 150
    here = Office(engine)
    here.clock.at = NEXT_DAY
    with engine.begin() as connection:
        for address in ("tg:0", "tg:900"):  # one of whom a reminder is on its way, too
            said = {"text": f"answer to {address}"}
            outbox.put(connection, f"screen:{address}", "screen", address, said, NEXT_DAY, "7")
    taken, pace = [await here.post().round()], CAPABILITIES.pace
    assert "answer to tg:900" in here.channel.texts
    assert "answer to tg:0" in here.channel.texts
    while taken[-1]:
        here.clock.at += 1
        taken.append(await here.post().round())
    assert taken == [2 + pace, *[pace] * 6, 150 - 7 * pace, 0]
    to_first = [said.text for address, said, _ in here.channel.got if address == "tg:0"]
    assert (to_first[0], len(to_first), len(here.channel.got)) == ("answer to tg:0", 2, 152)


@pytest.mark.parametrize(
    ("unit", "early", "late"),
    # 07:00 and 21:00 are 00:00 and 14:00 UTC in Jakarta, 22:00 and 12:00 in Jayapura.
    [("BTM", utc(21, 0), utc(20, 14)), ("JYP", utc(20, 22), utc(20, 12))],
)
async def test_only_between_seven_and_twenty_one_where_the_unit_is(engine, unit, early, late):
    await leave(engine, "procedure", late - 21 * HOUR, unit)
    assert reminders(engine, late) == 0
    assert reminders(engine, early - 1) == 0
    assert reminders(engine, early) == 1


async def test_until_twenty_one_is_by_day(engine):
    await leave(engine, "procedure", utc(20, 14) - 21 * HOUR)
    assert reminders(engine, utc(20, 14) - 1) == 1


async def test_who_has_not_agreed_is_not_reminded_until_they_have(engine):
    await leave(engine, "consent", AFTERNOON)
    run(engine, "UPDATE conversation SET revision = 2")  # they asked for the details
    assert reminders(engine, NEXT_DAY) == 0
    with working(engine, seed=5) as turns:
        who = Person(turns, "tg:1", at=NEXT_DAY, event=50)
        await who.type("ya")
    assert reminders(engine, NEXT_DAY + DAY) == 1


async def test_finding_a_unit_is_never_reminded_of(engine):
    with working(engine) as turns:
        await Person(turns, "tg:1", at=AFTERNOON).open("")
    assert reminders(engine, NEXT_DAY) == 0


async def test_after_seven_days_only_where_it_stopped_is_left(engine):
    end_of_month = utc(30, 16)  # 23:00 in Jakarta
    await leave(engine, "procedure", end_of_month)
    assert expiries(engine, end_of_month + 7 * DAY - 1) == 0
    assert expiries(engine, end_of_month + 7 * DAY) == 1
    assert count(engine, "conversation") == 0
    assert dropouts(engine) == [(1, "pajak", "skm-14-2017", "requirements", "2026-11")]
    assert expiries(engine, end_of_month + 8 * DAY) == 0
    columns = set(table_of(Dropout).columns.keys())
    assert columns == {"id", "unit_id", "service", "questionnaire", "step", "month"}


@pytest.mark.parametrize("opening", ["BTM", ""])
async def test_without_consent_nothing_is_left_at_all(engine, opening):
    with working(engine) as turns:
        await Person(turns, "tg:1", at=AFTERNOON).open(opening)
    assert expiries(engine, AFTERNOON + 8 * DAY) == 1
    assert count(engine, "conversation") == 0
    assert dropouts(engine) == []


async def test_whoever_comes_back_at_that_very_moment_is_not_ended(
    postgres_url, monkeypatch, caplog
):
    with office(postgres_url, unit_row("BTM")) as engine:
        await leave(engine, "procedure", AFTERNOON)
        left = conversations.left

        def meanwhile(connection, now):
            found = left(connection, now)
            run(engine, "UPDATE conversation SET revision = revision + 1")
            return found

        monkeypatch.setattr(due.conversations, "left", meanwhile)
        assert expiries(engine, AFTERNOON + 7 * DAY) == 0
        assert caplog.messages == []  # it is no fault
        assert count(engine, "conversation") == 1
        assert count(engine, "dropout") == 0


async def test_one_that_cannot_be_ended_stops_no_other(engine, caplog):
    await leave(engine, "procedure", AFTERNOON)
    await leave(engine, "procedure", AFTERNOON, "JYP", address="tg:22")
    run(engine, "UPDATE unit SET timezone = 'Asia/Atlantis' WHERE code = 'BTM'")
    assert expiries(engine, AFTERNOON + 7 * DAY) == 1
    assert [row[0] for row in dropouts(engine)] == [2]
    assert "an expiry failed" in caplog.text
    assert "tg:1" not in caplog.text


async def test_a_submitted_survey_is_forgotten_after_a_quarter_of_an_hour(engine):
    with working(engine) as turns:
        who = Person(turns, "tg:1")
        await who.survey("BTM")
    expiries(engine, who.at + 899)
    assert count(engine, "conversation") == 1
    expiries(engine, who.at + 900)
    assert count(engine, "conversation") == 0
    assert count(engine, "response") == 1
    assert dropouts(engine) == []


async def test_whoever_goes_on_talking_is_forgotten_just_the_same(engine):
    with working(engine) as turns:
        who = Person(turns, "tg:1")
        await who.survey("BTM")
        submitted = who.at
        who.at += 600
        thanks = await who.type("terima kasih")
        assert thanks.body[0].key == "thanks.welcome"
    expiries(engine, submitted + 900)
    assert count(engine, "conversation") == 0


async def test_the_chat_that_a_late_reply_went_to_is_forgotten_with_it(engine):
    with engine.begin() as connection:
        outbox.put(connection, "screen:tg:1:7", "screen", "tg:1", {"text": "…"}, AFTERNOON)
        (parcel,) = outbox.claim_bulk(connection, AFTERNOON, 1, "tg")
        outbox.sent(connection, parcel.id, AFTERNOON)
    expiries(engine, AFTERNOON + 899)
    assert count(engine, "outbox") == 1
    expiries(engine, AFTERNOON + 900)
    assert count(engine, "outbox") == 0


async def test_keys_and_exact_times_are_gone_fourteen_days_after_the_period(engine):
    with working(engine) as turns:
        await Person(turns, "tg:1").survey("BTM")
    january = int(datetime(2027, 1, 15, tzinfo=UTC).timestamp())
    assert keys(engine, january - 1) == 0
    assert count(engine, "response", "submitted_at IS NOT NULL") == 1
    assert keys(engine, january) == 1
    assert count(engine, "period_key") == 0
    assert count(engine, "response", "submitted_at IS NOT NULL") == 0


def test_every_job_runs_at_once_and_one_that_fails_stops_no_other(sqlite_url, monkeypatch, caplog):
    def broken(engine: Engine, now: int) -> int:
        raise RuntimeError("a fault of ours")

    jobs = {"broken": broken, **due.JOBS}
    monkeypatch.setattr(schedule, "JOBS", jobs)
    with office(sqlite_url, unit_row("BTM")) as engine:
        with engine.begin() as connection:
            respond(connection, "BTM", Chance(), draft(AFTERNOON))
        running, left, done = schedule.scheduler(engine, lambda: NEXT_DAY), {"fold", *jobs}, Event()

        def ran(event) -> None:
            left.discard(event.job_id)
            if not left:
                done.set()

        running.add_listener(ran, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)
        running.start()
        assert done.wait(20), left
        running.shutdown()
        assert (count(engine, "response"), count(engine, "unfolded")) == (1, 0)
    assert "a fault of ours" in caplog.text
