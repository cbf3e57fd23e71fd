"""Two real `skm work` on one Postgres, started after Monday 08:00: each head gets one digest."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select, text

from storage.database.upsert import table_of
from storage.office import roles
from storage.tables import Outbox
from tests.support.citizen import Citizen
from tests.support.digest_weeks import last_due_week
from tests.support.offices import Chance, draft, office, respond, run, scoped, unit_row
from tests.support.skm_process import READY, Process, environment, forked
from tests.support.telegram_chat import Message
from tests.support.telegram_server import Telegram
from tests.support.waiting import until

pytestmark = pytest.mark.e2e


@dataclass
class Monday:
    engine: Engine
    head: Citizen
    env: dict[str, str]
    folder: Path

    @property
    def shown(self) -> list[Message]:
        """The digests that the head has; of a month's first day, say, there is more than that."""
        return [message for message in self.head.messages if message.file]

    def digests(self) -> list[tuple[int | None, int]]:
        """Of each digest in the outbox: when it was sent, and how often again."""
        outbox = table_of(Outbox)
        query = select(outbox.c.sent_at, outbox.c.resent).where(outbox.c.kind == "digest")
        with self.engine.connect() as connection:
            return [(row.sent_at, row.resent) for row in connection.execute(query)]

    def two_at_work(self, parts: ExitStack) -> list[Process]:
        each = (forked("work", env=self.env, folder=self.folder) for _ in range(2))
        return [parts.enter_context(process) for process in each]


@pytest.fixture
def monday(telegram: Telegram, postgres_url: str, tmp_path: Path) -> Iterator[Monday]:
    """A head since before the last Monday 08:00, six responses in the week before it."""
    where = zone_at_noon(time.time())
    _, due = last_due_week(where, int(time.time()))
    head, chance = telegram.citizen(), Chance()
    env = environment(postgres_url, telegram_token=telegram.token, telegram_api_url=telegram.url)
    with office(postgres_url, unit_row("SMST-BTM", where)) as engine:
        with engine.begin() as connection:
            token = roles.invite(connection, "head", scoped("SMST-BTM"), due - 1, chance)
            roles.join(connection, token, f"tg:{head.id}", due - 1)
            for _ in range(6):
                respond(connection, "SMST-BTM", chance, draft(due - 4 * 86_400))
        yield Monday(engine, head, env, tmp_path)


def zone_at_noon(at: float) -> str:
    """Where it is noon or a little later: what is late is sent by day alone, and this is the clock
    on the wall."""
    ahead = 12 - time.gmtime(at).tm_hour
    return f"Etc/GMT{-ahead:+d}"  # whose signs are turned round


@pytest.mark.parametrize("hour", range(24))
def test_it_is_noon_there(hour: int):
    local = datetime.fromtimestamp(hour * 3600 + 1800, ZoneInfo(zone_at_noon(hour * 3600 + 1800)))
    assert local.hour == 12


async def test_two_workers_started_late_send_the_head_one_digest(monday: Monday):
    with ExitStack() as parts:
        both = monday.two_at_work(parts)
        await monday.head.wait(lambda: bool(monday.shown), "the digest")
        for process in both:
            await until(lambda process=process: READY in process.said)
        # A stop waits for the jobs, which go first of all: both have asked what is due.
        assert [process.stop() for process in both] == [0, 0], [each.said for each in both]
    (digest,) = monday.shown
    assert digest.file is not None
    assert digest.file.startswith(b"\xff\xd8\xff")
    assert digest.text.startswith("Kantor SMST-BTM · ")
    assert "6 responden" in digest.text
    ((sent_at, resent),) = monday.digests()
    assert sent_at is not None
    assert resent == 0


async def test_killed_while_it_sends_the_other_sends_at_most_once_more_and_counts_it(
    monday: Monday, telegram: Telegram
):
    release = telegram.hold("sendPhoto")
    with ExitStack() as parts:
        both = monday.two_at_work(parts)
        await until(lambda: not telegram.front.faults.coming)  # the send is under way
        sender = sender_of(monday.engine)
        (killed,) = (process for process in both if process.pid == sender)
        (other,) = (process for process in both if process.pid != sender)
        killed.kill()
        release()
        assert monday.digests() == [(None, 0)]
        # A minute goes by: what the dead one held lapses.
        run(monday.engine, "UPDATE outbox SET leased_until = 1", "UPDATE lease SET until = 1")
        await monday.head.wait(lambda: len(monday.shown) == 2, "the digest, twice")
        await until(lambda: monday.digests()[0][0] is not None)
        assert other.stop() == 0
    first, second = monday.shown
    assert (first.text, first.file) == (second.text, second.file)
    ((_, resent),) = monday.digests()
    assert resent == 1
    assert "may be sent a second time" in other.said


def sender_of(engine: Engine) -> int:
    """The process that holds the lease of the bulk."""
    with engine.connect() as connection:
        holder = connection.execute(text("SELECT holder FROM lease WHERE name = 'bulk:tg'"))
        return int(holder.scalar_one().split()[-2])
