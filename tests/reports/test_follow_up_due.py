"""Reminders of follow-ups: the stages counted by hand on the calendar, each said once, by day."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from reports.digest.unit_week import release
from reports.follow_up import FollowUps, open_for, weakest_first
from reports.jobs.due_follow_ups import reminded, stage
from storage.chat import outbox
from storage.office import follow_ups, holders, roles
from storage.office.follow_ups import FollowUp, Plan
from tests.support.digest_weeks import digest, straight, uneven
from tests.support.offices import Chance, count, office, scoped, unit_of, unit_row

DUE = date(2026, 11, 30)
QUEUE = Plan("completion_time", "Antrean daring", DUE, "Kepala Seksi")


def at(day: str, hour: int = 10) -> int:
    return int(
        datetime.fromisoformat(day).replace(hour=hour, tzinfo=ZoneInfo("Asia/Jakarta")).timestamp()
    )


@pytest.mark.parametrize(
    ("today", "reached"),
    [
        ("2026-11-22", 0),
        ("2026-11-23", 1),  # seven days before
        ("2026-11-29", 1),
        ("2026-11-30", 2),  # the day
        ("2026-12-06", 2),
        ("2026-12-07", 3),  # a week late
        ("2026-12-13", 3),
        ("2026-12-14", 4),
    ],
)
def test_a_stage_is_reached_on_its_day(today, reached):
    plan = FollowUp(1, 1, QUEUE, "planned", date(2026, 11, 1), None, "", "")
    assert stage(plan, date.fromisoformat(today)) == reached


def test_who_plans_for_the_next_days_is_not_reminded_at_once():
    for made, reached in ((DUE - timedelta(7), 1), (DUE - timedelta(6), 0)):
        plan = FollowUp(1, 1, QUEUE, "planned", made, None, "", "")
        assert stage(plan, date(2026, 11, 25)) == reached


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST-BTM"), unit_row("MKSR")) as engine:
        with engine.begin() as connection:
            for address, scope in (("tg:1", "SMST-BTM"), ("tg:2", "smst-btm"), ("tg:3", "MKSR")):
                token = roles.invite(
                    connection, "head", scoped(scope), at("2026-11-01"), Chance(address)
                )
                roles.join(connection, token, address, at("2026-11-01"))
        yield engine


def planned(engine: Engine) -> tuple[int, int]:
    with engine.begin() as connection:
        unit = unit_of(connection, "SMST-BTM").id
        made = date(2026, 11, 1)
        return unit, follow_ups.keep(connection, unit, QUEUE, made, at("2026-11-01"), "abc")


def test_each_head_of_the_unit_is_told_once_at_each_stage_and_by_day(engine):
    unit, plan = planned(engine)
    assert reminded(engine, at("2026-11-22")) == 0
    assert reminded(engine, at("2026-11-23", 6)) == 0  # still night
    assert reminded(engine, at("2026-11-23", 7)) == 2
    assert reminded(engine, at("2026-11-23", 8)) == 0
    assert reminded(engine, at("2026-12-15")) == 2  # of what was missed meanwhile only the last
    assert reminded(engine, at("2026-11-30")) == 0  # the clock jumped back
    assert count(engine, "outbox", "address = 'tg:3'") == 0
    with engine.begin() as connection:
        parcels = outbox.claim_bulk(connection, at("2026-12-15"), 9, "tg")
        assert parcels[0].body == {
            "text": "Kantor SMST-BTM: tindak lanjut jatuh tempo 30 Nov 2026, 7 hari lagi.\n"
            "Waktu Penyelesaian: Antrean daring",
            "opens": [["Kabarkan", f"/tindaklanjut SMST-BTM {plan}"]],
        }
        assert follow_ups.move(connection, unit, plan, date(2026, 12, 31))
    assert reminded(engine, at("2026-12-25")) == 0  # Christmas
    assert reminded(engine, at("2026-12-28")) == 2  # of the new day anew
    with engine.begin() as connection:
        assert follow_ups.drop(connection, unit, plan, date(2026, 12, 24))
    assert reminded(engine, at("2026-12-31")) == 0


def test_whoever_heads_the_unit_no_more_is_not_reminded(engine):
    planned(engine)
    assert reminded(engine, at("2026-11-23")) == 2
    with engine.begin() as connection:
        assert holders.end(connection, "tg:1", "head", scoped("SMST-BTM"))
        left = outbox.claim_bulk(connection, at("2026-11-23"), 9, "tg")
    assert [each.address for each in left] == ["tg:2"]


def test_what_is_open_in_a_digest(engine):
    unit, plan = planned(engine)
    with engine.begin() as connection:
        later = Plan("cost", "Papan tarif", date(2027, 3, 31), "Kasi")
        follow_ups.keep(connection, unit, later, date(2026, 11, 1), 0, "abc")
        assert open_for(connection, unit, DUE) == FollowUps(2, 0, DUE)
        assert open_for(connection, unit, DUE + timedelta(1)) == FollowUps(2, 1, DUE)
        follow_ups.finish(connection, unit, plan, DUE, "", "")
        assert open_for(connection, unit, DUE) == FollowUps(1, 0, date(2027, 3, 31))
        assert open_for(connection, unit + 1, DUE) is None


def test_elements_stand_as_the_last_week_that_showed_any_had_them(engine):
    with engine.begin() as connection:
        unit = unit_of(connection, "SMST-BTM")
        unknown = weakest_first(connection, unit, date(2026, 11, 23))
        assert unknown[0] == ("requirements", None)
        assert len(unknown) == 9
        weeks = {
            "2026-W45": uneven(40, officer_conduct=40),
            "2026-W46": uneven(40, cost=20, facilities=10),  # 3 - 20/40, 3 - 10/40
            "2026-W47": straight(threes=4),
        }
        for week, tally in weeks.items():
            release(connection, unit, digest(tally, week=week), tally, 0)
        found = weakest_first(connection, unit, date(2026, 11, 23))
        assert found[:3] == [("cost", "2.50"), ("facilities", "2.75"), ("requirements", "3.00")]
        assert json.dumps(found[3:]).count("3.00") == 6
