"""/ready and /metrics: what is wrong is said by its check within seconds, and its end too."""

from dataclasses import dataclass, field

import httpx
import pytest
from sqlalchemy import text

import bot.core.watch.readiness
from bot.core.channel import Quiet, SendNever
from bot.core.watch import metrics
from bot.core.watch.hearing import SILENCE, Hearing
from bot.core.watch.readiness import ANSWER, BULK, EVERY, MB, REPLY, UNWRITTEN, Readiness
from bot.schedule import scheduler
from bot.web.app import watched
from storage.chat import outbox
from storage.database.connect import open_engine
from tests.support.fake_channel import Clock, Office
from tests.support.offices import (
    NOON,
    OPEN,
    Chance,
    count,
    draft,
    office,
    respond,
    unit_row,
    working,
)
from tests.support.talking_bot import begin, talking
from tests.support.waiting import PATIENCE


@dataclass
class Asked:
    """What is answered at an address of skm's own, by a clock that rises by hand."""

    engine: object
    now: list[float] = field(default_factory=lambda: [0.0])
    clock: Clock = field(default_factory=Clock)

    def readiness(self, **given) -> Readiness:
        given = {"limit": PATIENCE, **given}
        return Readiness(self.engine, self.clock, monotonic=lambda: self.now[0], **given)

    async def get(self, readiness: Readiness, path: str = "/ready") -> httpx.Response:
        self.now[0] += EVERY
        transport = httpx.ASGITransport(watched(readiness.checks))
        async with httpx.AsyncClient(transport=transport, base_url="http://skm") as client:
            return await client.get(path)

    async def faults(self, readiness: Readiness) -> dict[str, str]:
        answer = await self.get(readiness)
        found = {k: v for k, v in answer.json()["checks"].items() if v != "ok"}
        assert answer.status_code == (503 if found else 200)
        return found


async def test_a_row_is_written_and_where_it_cannot_be_it_is_said(database_url):
    with office(database_url) as engine:
        own = open_engine(database_url)
        here = Asked(own)
        hasty = here.readiness(limit=0.2)
        assert await here.faults(hasty) == {}
        assert count(engine, "lease") == 1
        with engine.begin() as other:
            other.execute(text("UPDATE lease SET until = 0"))
            assert await hasty.checks() == await hasty.checks()
            assert await here.faults(hasty) == {"database": UNWRITTEN}
        patient = here.readiness()
        assert await here.faults(patient) == {}
        own.dispose()


async def test_what_was_found_holds_for_some_seconds(sqlite_url, monkeypatch):
    with office(sqlite_url) as engine:
        here = Asked(engine)
        readiness = here.readiness()
        assert await here.faults(readiness) == {}
        monkeypatch.setattr(bot.core.watch.readiness.leases, "hold", None)  # would fail
        assert (await readiness.checks())["database"] == ""


async def test_a_disk_that_fills_up_and_a_folder_that_is_gone(sqlite_url, tmp_path, monkeypatch):
    with office(sqlite_url) as engine:
        here, left = Asked(engine), [501 * MB]

        def usage(place):
            if place.name == "gone":
                raise FileNotFoundError
            return type("", (), {"free": left[0]})

        monkeypatch.setattr(bot.core.watch.readiness.shutil, "disk_usage", usage)
        readiness = here.readiness(places=[tmp_path / "gone", tmp_path], disk=500)
        assert await here.faults(readiness) == {}
        left[0] = 499 * MB
        assert await here.faults(readiness) == {
            "disk": "only 499 MB are free on the disk, less than 500 MB"
        }


async def test_a_platform_that_fails_is_silent_or_was_never_heard_of(sqlite_url, caplog):
    with office(sqlite_url) as engine:
        here = Asked(engine)
        hearing = Hearing("Telegram", lambda: here.now[0])
        readiness = here.readiness(hearings={"tg": hearing})
        assert await here.faults(readiness) == {"tg": "Telegram has not answered yet"}
        hearing.heard()
        assert await here.faults(readiness) == {}
        hearing.failed("it cannot be reached (ConnectError)")
        assert await here.faults(readiness) == {
            "tg": "Telegram cannot be used: it cannot be reached (ConnectError)"
        }
        hearing.heard()
        assert await here.faults(readiness) == {}
        here.now[0] += SILENCE
        assert "silent for" in (await here.faults(readiness))["tg"]
    assert caplog.messages == [
        "Telegram cannot be used: it cannot be reached (ConnectError); it is tried again",
        "Telegram back after 5 s",
    ]


async def test_work_that_nobody_does(database_url):
    """By who works: one that only talks is ready nevertheless."""
    with office(database_url, unit_row("SMST-BTM")) as engine:
        here, sends = Asked(engine), Office(engine)
        works, talks = here.readiness(), here.readiness(works=False)
        sends.put("reply")
        sends.put("digest", kind="digest")
        with engine.begin() as connection:
            respond(connection, "SMST-BTM", Chance(), draft(at=NOON))
        here.clock.at = NOON + REPLY
        assert await here.faults(works) == {}
        here.clock.at += 1
        (said,) = (await here.faults(works)).items()
        assert said == (
            "outbox", "1 messages are due and not sent, the oldest for 121 s: is anybody working?"
        )  # fmt: skip
        here.clock.at = NOON + max(BULK, ANSWER) + 1
        late = await here.faults(works)
        assert late["outbox"].startswith("2 messages")
        assert late["answers"].startswith("1 answers are in no index yet, the oldest since 1801 s")
        assert await here.faults(talks) == {}


def test_what_was_tried_is_as_old_as_its_tries_took(database_url):
    """Each try that fails puts a message off: that it is not due makes it no younger."""
    with office(database_url, unit_row("SMST-BTM")) as engine:
        here = Office(engine)
        here.put("a")
        at = NOON
        for tries in range(1, 15):
            with engine.begin() as connection:
                (parcel,) = outbox.claim(connection, at, 1)
                at += outbox.pause(parcel.attempts)
                outbox.postpone(connection, parcel.id, at, "502")
                (found,) = outbox.unsent(connection, at)
            assert (found.due, found.age, parcel.attempts) == (0, at - NOON, tries)


def value(name: str, **labels: str) -> float:
    return metrics.REGISTRY.get_sample_value(name, labels) or 0.0


async def test_what_is_done_is_counted(telegram, sqlite_url):
    """A citizen, a platform that refuses, a job: by the figures that they add."""
    names = [
        ("skm_updates_total", {"channel": "tg", "outcome": "kept"}),
        ("skm_updates_total", {"channel": "tg", "outcome": "unreadable"}),
        ("skm_sends_total", {"channel": "tg", "outcome": "sent"}),
        ("skm_turn_batch_events_sum", {}),
        ("skm_keep_seconds_count", {}),
    ]
    before = [value(name, **labels) for name, labels in names]
    async with talking(telegram, sqlite_url) as here:
        await begin(telegram.citizen())
        await here.bring({"message": {"chat": {"id": "x"}}})
    after = [value(name, **labels) for name, labels in names]
    assert [new - old for new, old in zip(after, before, strict=True)] == [2, 1, 2, 2, 2]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [(Quiet(9, "429"), "later"), (SendNever("x"), "never"), (OSError(), "failed")],
)
def test_how_a_send_ends_is_counted(fault, outcome):
    labels = {"channel": "uji", "outcome": outcome}
    before = value("skm_sends_total", **labels)
    with pytest.raises(type(fault)), metrics.sending("uji"):
        raise fault
    assert value("skm_sends_total", **labels) == before + 1


async def test_metrics_are_read_by_prometheus_and_name_nobody(database_url):
    from prometheus_client.parser import text_string_to_metric_families

    with office(database_url, unit_row("SMST-BTM")) as engine, working(engine) as turns:
        here, sends = Asked(engine), Office(engine)
        await turns.do("tg:7123456789", OPEN)
        sends.put("a", address="tg:7123456789")
        sends.put("b", kind="digest")
        here.clock.at = NOON + 60
        jobs = scheduler(engine, here.clock)
        for job in jobs.get_jobs():
            job.func(*job.args)
        said = (await here.get(here.readiness(), "/metrics")).text
    read = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(said)
        for sample in family.samples
    }
    assert read["skm_conversations_open",] == 1
    assert read["skm_outbox_waiting", "screen"] == read["skm_outbox_waiting", "digest"] == 1
    assert read["skm_outbox_oldest_seconds", "screen"] == 60
    assert read["skm_ready", "database"] == 1
    assert read["skm_jobs_total", "fold", "done"] >= 1
    for nobody in ("7123456789", "SMST", "Samsat"):
        assert nobody not in said
