"""Clocks that are wrong, jump or stand still: nothing is done early that cannot be undone, nothing
that is due is skipped for good, and each head is told of each week once."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot.core.watch.clock_check import RightTime, time_at
from bot.schedule import EVERY, scheduler, wake
from reports.jobs.due_digests import digests
from storage.answers import votes
from storage.answers.votes import Keys
from storage.chat import outbox
from storage.chat.outbox import LEASE
from storage.database import leases
from storage.periods import parse
from tests.support.fake_channel import Clock
from tests.support.offices import NOON, VAULT, Chance, count, office, run, unit_of, unit_row
from tests.support.scheduled import head, put

HOUR, DAY = 3_600, 86_400


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST-BTM", period="month")) as engine:
        yield engine


class Machine:
    """`at`: its own clock; `up`: its clock that only rises; `truth`: what the platform says."""

    def __init__(self, truth: int) -> None:
        self.clock, self.up, self.truth = Clock(truth), 0.0, truth
        self.right = RightTime(self.clock, lambda: self.up)

    def pass_by(self, seconds: int, awake: bool = True) -> None:
        self.clock.at += seconds
        self.truth += seconds
        self.up += seconds if awake else 0

    def ask(self) -> None:
        self.right.compared(self.truth)


@pytest.mark.parametrize("jump", [-2 * HOUR, DAY, 20 * DAY, 42 * DAY])
def test_a_clock_that_jumps_is_not_believed_until_it_is_right_again(jump, caplog):
    here = Machine(NOON)
    assert not here.right.is_right()  # nobody was asked yet
    here.ask()
    assert here.right.is_right()
    here.clock.at += jump
    assert not here.right.is_right()  # at once, before anybody is asked again
    for _ in range(3):
        here.pass_by(EVERY)
        here.ask()
        assert not here.right.is_right()
    here.clock.at -= jump
    here.ask()
    assert here.right.is_right()
    way = "behind" if jump < 0 else "ahead of"
    assert caplog.messages == [
        f"the clock of this machine is {abs(jump) / HOUR:.1f} h {way} the platform's: digests, "
        "deletions and all scheduled work wait. Set the clock (timedatectl, NTP).",
        "the clock of this machine is right again; scheduled work goes on",
    ]


def test_a_clock_that_was_wrong_from_the_start_is_never_believed():
    here = Machine(NOON)
    here.clock.at += 42 * DAY
    assert not here.right.is_right()
    here.ask()
    assert not here.right.is_right()


def test_after_a_suspension_the_next_answer_is_awaited_and_while_none_comes_it_goes_on():
    here = Machine(NOON)
    here.ask()
    here.pass_by(30 * DAY)  # nobody is reached for a month, and the machine is awake
    assert here.right.is_right()
    here.pass_by(3 * DAY, awake=False)
    assert not here.right.is_right()
    here.ask()
    assert here.right.is_right()


def work(engine: Engine, here: Machine) -> None:
    """One minute of the scheduler."""
    for job in scheduler(engine, here.clock, here.right.is_right).get_jobs():
        job.func(*job.args)


def test_42_days_ahead_destroys_no_key_and_costs_no_head_a_digest(engine):
    monday = int(datetime(2026, 11, 23, 1, tzinfo=UTC).timestamp())  # 08.00 in Jakarta
    head(engine, "tg:1", "SMST-BTM")
    here = Machine(monday - DAY)
    with engine.begin() as connection:
        rini = votes.Person("tg:9", unit_of(connection, "SMST-BTM").id, "pajak")
        assert votes.count(
            Keys(connection, VAULT), rini, parse("2026-11"), Chance(), date(2026, 11, 22)
        )
    run(engine, f"UPDATE role SET since = {monday - 7 * DAY}")
    for ahead in (42 * DAY, 20 * DAY):
        here.clock.at += ahead
        work(engine, here)  # as it starts
        here.ask()
        work(engine, here)
        here.clock.at -= ahead
    assert put(engine) == []
    assert count(engine, "period_key") == 1
    with engine.begin() as connection:  # the same chat has no second voice
        assert not votes.count(
            Keys(connection, VAULT), rini, parse("2026-11"), Chance(), date(2026, 11, 22)
        )
    weeks = []
    for _ in range(7):
        here.pass_by(7 * DAY)
        here.ask()
        work(engine, here)
        weeks = [key for key in put(engine) if "extras" not in key]
    assert len(weeks) == len(set(weeks)) == 7
    assert count(engine, "period_key") == 0  # 14 days after its month, by the right clock


def test_a_clock_that_was_put_back_leaves_no_job_asleep(sqlite_url):
    with office(sqlite_url) as engine:
        jobs = scheduler(engine, Clock())
        jobs.start(paused=True)
        late = datetime.now(UTC) + timedelta(hours=2)  # what APScheduler holds to after −2 h
        for job in jobs.get_jobs():
            job.modify(next_run_time=late)
        wake(jobs)
        assert all(job.next_run_time <= datetime.now(UTC) for job in jobs.get_jobs())
        soon = datetime.now(UTC) + timedelta(seconds=EVERY - 1)
        for job in jobs.get_jobs():
            job.modify(next_run_time=soon)
        wake(jobs)
        assert {job.next_run_time for job in jobs.get_jobs()} == {soon}  # others run when they ran
        wake(jobs, all_of_them=True)
        assert all(job.next_run_time <= datetime.now(UTC) for job in jobs.get_jobs())
        jobs.shutdown()


def test_a_lease_from_the_future_has_lapsed(engine):
    ahead = NOON + 42 * DAY
    with engine.begin() as connection:
        assert leases.hold(connection, "bulk", "one", ahead, 30)
        assert leases.hold(connection, "bulk", "two", NOON, 30)
        assert not leases.hold(connection, "bulk", "three", NOON + 29, 30)
        # A neighbour's clock may be some seconds ahead.
        assert leases.hold(connection, "bulk", "two", NOON + 20, 30)
        assert not leases.hold(connection, "bulk", "three", NOON, 30)


def test_what_was_put_off_or_leased_by_a_clock_ahead_is_sent(engine):
    ahead = NOON + 42 * DAY
    with engine.begin() as connection:
        outbox.put(connection, "put", "screen", "tg:1", {"text": "a"}, ahead)
        outbox.put(connection, "leased", "screen", "tg:1", {"text": "b"}, NOON)
    with engine.begin() as connection:
        assert len(outbox.claim_bulk(connection, ahead, 9, "tg")) == 2
    with engine.begin() as connection:
        assert len(outbox.claim_bulk(connection, NOON, 9, "tg")) == 2
        assert outbox.claim(connection, NOON + LEASE - 1, 9) == []
        outbox.put(connection, "in an hour", "screen", "tg:1", {"text": "c"}, NOON + HOUR)
        assert outbox.claim_bulk(connection, NOON, 9, "tg") == []


# Of each span the ISO weeks that end in it, by a printed calendar.
CALENDAR = {
    "week 53 and the year's end": (
        date(2026, 12, 19), date(2027, 1, 16), ["2026-W51", "2026-W52", "2026-W53", "2027-W01"],
    ),
    "a leap day": (date(2028, 2, 19), date(2028, 3, 11), ["2028-W07", "2028-W08", "2028-W09"]),
}  # fmt: skip


@pytest.mark.parametrize("span", CALENDAR)
def test_each_head_is_told_of_each_week_once(sqlite_url, span):
    first, last, weeks = CALENDAR[span]
    begun = int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp())
    ended = int(datetime(last.year, last.month, last.day, tzinfo=UTC).timestamp())
    with office(sqlite_url, *(unit_row(zone, zone) for zone in ("WIB", "WIT"))) as engine:
        for zone in ("WIB", "WIT"):
            head(engine, f"tg:{zone}", zone, since=begun)
        for now in range(begun, ended, 3 * HOUR):
            digests(engine, now)
        told = Counter(tuple(key.split(":")[-2:]) for key in put(engine))
        assert told == {(zone, week): 1 for zone in ("WIB", "WIT") for week in weeks}


def test_a_suspension_over_a_monday_costs_nobody_a_digest(engine):
    monday = int(datetime(2026, 11, 23, 1, tzinfo=UTC).timestamp())
    head(engine, "tg:1", "SMST-BTM", since=monday - 3 * DAY)
    here = Machine(monday - 2 * HOUR)
    here.ask()
    work(engine, here)
    here.pass_by(DAY, awake=False)  # until Tuesday 06.00
    work(engine, here)
    assert put(engine) == []
    for _ in range(3):
        here.ask()
        here.pass_by(HOUR)
        work(engine, here)
    assert put(engine) == ["digest:SMST-BTM:tg:1:2026-W47"]


async def test_the_platform_is_asked_what_time_it_is(telegram):
    now = datetime.now(UTC).timestamp()
    found = await time_at(telegram.url)
    assert found is not None
    assert abs(found - now) < 3_600
    assert await time_at("http://127.0.0.1:1") is None
