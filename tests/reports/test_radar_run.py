"""The radar over what is kept: looked at when a period has ended, and before exact times go."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

import reports.jobs.due
from flows.loader import instrument
from reports.jobs import due
from reports.radar import run as radar_run
from reports.radar.findings import decoded, encoded, findings_of, shares_in
from reports.radar.release import shown
from reports.radar.scan import Surroundings, radar_of
from reports.radar.unit import Shares
from reports.statistics.index import rounded
from reports.statistics.tally import Tally
from reports.stored.amending import erase
from storage.answers import receipts, responses, votes
from storage.periods import parse, zone
from tests.support.instruments import index_of
from tests.support.offices import (
    NOON,
    VAULT,
    Chance,
    count,
    draft,
    office,
    respond,
    run,
    unit_of,
    unit_row,
)
from tests.support.radar_seen import KEYS, mixed, seen

AUTUMN = parse("2026-Q4")
DAY = 86_400
PLAIN = [3, 4, 3, 4, 3, 4, 3, 4, 3]


def at(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, 3, tzinfo=UTC).timestamp())  # 10:00 in Jakarta


ENDED, DESTROYED = at(2027, 1, 1), at(2027, 1, 15)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    rows = (
        unit_row("SMST", kind="samsat", opening_hours="Senin-Jumat 08:00-15:00"),
        *(unit_row(f"SMST-{n}", kind="samsat") for n in range(5)),
        unit_row("RSUD", kind="rsud"),
    )
    with office(database_url, *rows) as engine:
        yield engine


def keep(engine: Engine, code: str, number: int, values: Any = PLAIN, **more: Any) -> list[str]:
    """So many responses an hour apart; their receipt codes."""
    chance = Chance(f"{code} {values} {more}")
    start = more.pop("at", NOON)
    with engine.begin() as connection:
        return [
            respond(connection, code, chance, draft(start + 3_600 * n, values, **more))
            for n in range(number)
        ]


def found(engine: Engine, code: str = "SMST", asked: str = "skm-14-2017") -> Any:
    with engine.connect() as connection:
        return radar_run.kept(connection, unit_of(connection, code), AUTUMN, asked)


def ikm(tally: Tally) -> str:
    value = index_of(tally).ikm
    assert value is not None
    return rounded(value, 2)


def test_a_period_that_has_ended_is_looked_at_once_and_a_running_one_not(engine):
    keep(engine, "SMST", 4, values=4)
    keep(engine, "SMST", 1)
    keep(engine, "RSUD", 2)
    assert due.radars(engine, ENDED - DAY) == 0
    assert [due.radars(engine, ENDED), due.radars(engine, ENDED + 60)] == [2, 0]
    kept = found(engine)
    # 4 × 100.00 and one of 31 / 9 × 25 = 86.11: (4 × 36 + 31) / 45 × 25 = 97.22
    assert (kept.tally.n, ikm(kept.tally)) == (5, "97.22")
    assert [kept.mark("straight_lined").n, kept.mark("all_fours").n] == [4, 4]
    assert ikm(kept.without("straight_lined")) == "86.11"
    assert kept.without_left_out() == kept.tally
    assert found(engine, "SMST-0") is None


def test_a_period_missed_before_the_last_is_looked_at_too(engine):
    keep(engine, "SMST", 1)
    assert due.radars(engine, at(2027, 4, 2)) == 1


def test_times_durations_and_opening_hours_are_seen(engine):
    keep(engine, "SMST", 1, duration=5)  # Thursday noon, 9 answers
    keep(engine, "SMST", 2, at=NOON + 8 * 3_600)  # 20:00 and 21:00
    due.radars(engine, ENDED)
    kept = found(engine)
    assert (kept.mark("speeding").n, kept.mark("outside_hours").n, kept.untimed) == (1, 2, 0)
    assert kept.mark("outside_hours").reason[0].line.params["of"] == 3
    with engine.connect() as connection:
        assert radar_run.hours_of(connection, unit_of(connection, "RSUD")) == (None, "")
    run(engine, "UPDATE unit SET opening_hours = 'kadang-kadang' WHERE code = 'SMST'")
    with engine.begin() as connection:
        unit = unit_of(connection, "SMST")
        assert "is no day of the week" in radar_run.hours_of(connection, unit)[1]
        again = radar_run.found_now(connection, unit, AUTUMN, ENDED)
    assert again.mark("outside_hours").checked == 0


def test_a_share_is_judged_beside_units_of_the_same_kind(engine):
    for n in range(5):
        keep(engine, f"SMST-{n}", 15, values=4)
        keep(engine, f"SMST-{n}", 15)
    keep(engine, "SMST", 40, values=4)
    keep(engine, "RSUD", 40, values=4)
    due.radars(engine, ENDED)
    assert [flag.name for flag in found(engine).flags] == ["straight_lined_high", "all_fours_high"]
    assert found(engine).flags[0].reason.line.params == {"median": 50, "units": 5}
    assert found(engine, "RSUD").mark("straight_lined").high is None
    # What was kept of the others is what their rows say.
    run(engine, "DELETE FROM radar WHERE unit_id = 1")
    due.radars(engine, ENDED)
    assert found(engine).flags[0].reason.line.params == {"median": 50, "units": 5}


def test_exact_times_go_after_the_last_look(engine):
    with engine.begin() as connection:
        person = votes.Person("tg:1", 1, "pajak")
        votes.count(votes.Keys(connection, VAULT), person, AUTUMN, Chance(), AUTUMN.first)
    keep(engine, "SMST", 10, values=4, duration=5, at=NOON)
    run(engine, f"UPDATE response SET submitted_at = {NOON}")
    assert due.keys(engine, DESTROYED - DAY) == 0
    assert found(engine) is None
    assert due.keys(engine, DESTROYED) == 1
    assert count(engine, "response", "submitted_at IS NOT NULL") == 0
    kept = found(engine)
    assert (kept.mark("burst").n, kept.untimed) == (10, 0)
    with engine.begin() as connection:  # later nothing of it is lost
        unit = unit_of(connection, "SMST")
        assert radar_run.found_now(connection, unit, AUTUMN, DESTROYED + DAY) == kept


def test_where_the_radar_fails_times_wait_for_it_and_keys_do_not(engine, monkeypatch, caplog):
    with engine.begin() as connection:
        person = votes.Person("tg:1", 1, "pajak")
        votes.count(votes.Keys(connection, VAULT), person, AUTUMN, Chance(), AUTUMN.first)
    keep(engine, "SMST", 2, duration=5)

    def broken(*args: object) -> None:
        raise ValueError("radar broken")

    with monkeypatch.context() as fault:
        fault.setattr(reports.jobs.due.radar_run, "run", broken)
        assert due.keys(engine, DESTROYED) == 1
    assert "the radar of unit 1 in 2026-Q4 failed" in caplog.text
    assert count(engine, "period_key") == 0
    assert count(engine, "response", "submitted_at IS NOT NULL") == 2
    assert due.radars(engine, DESTROYED + 60) == 1
    assert found(engine).mark("speeding").checked == 2
    assert count(engine, "response", "submitted_at IS NOT NULL") == 0


def test_the_last_look_leaves_out_what_was_erased_meanwhile(engine):
    with engine.begin() as connection:
        person = votes.Person("tg:1", 1, "pajak")
        votes.count(votes.Keys(connection, VAULT), person, AUTUMN, Chance(), AUTUMN.first)
    code, *_ = keep(engine, "SMST", 3, values=4)
    due.radars(engine, ENDED)
    assert found(engine).tally.n == 3
    with engine.begin() as connection:
        erase(connection, responses.found(connection, receipts.leaves_of(code), lock=True))
    due.keys(engine, DESTROYED)
    assert (found(engine).tally.n, found(engine).mark("all_fours").n) == (2, 2)


def test_another_instrument_is_looked_at_by_itself(engine):
    zeros = dict.fromkeys(instrument("f-03").keys, 0)
    keep(engine, "SMST", 2)
    with engine.begin() as connection:
        given = draft(NOON, 3)
        other = {**{n: getattr(given, n) for n in given.__slots__}, "instrument": "f-03"}
        respond(connection, "SMST", Chance(5), type(given)(**{**other, "answers": zeros}))
    due.radars(engine, ENDED)
    assert found(engine).tally.n == 2
    assert found(engine, asked="f-03").mark("straight_lined").n == 1


def test_what_is_asked_of_a_running_period_is_not_kept(engine):
    keep(engine, "SMST", 2, values=4)
    with engine.begin() as connection:
        unit = unit_of(connection, "SMST")
        now = radar_run.found_now(connection, unit, AUTUMN, NOON + DAY)
        year = radar_run.found_now(connection, unit, parse("2026"), ENDED)
    assert (now.tally.n, year.tally.n) == (2, 2)
    assert count(engine, "radar") == 0


def test_findings_are_kept_exactly():
    many = [seen([4] * 9, at=30 * n, duration=9) for n in range(12)]
    many += [seen(mixed(n), at=9_000 * n) for n in range(20)]
    radar = radar_of(many, KEYS, Surroundings(zone("WIB"), population=30, needed=28))
    findings = findings_of(radar)
    assert decoded(encoded(findings)) == findings
    assert shares_in(encoded(findings)) == Shares(32, 12, 12)
    assert findings.without_left_out() == radar.tally - radar.left_out_tally
    assert set(findings.shown) == shown(radar) != set()
    for mark in radar.marks:
        assert findings.without(mark.name) == radar.tally - mark.tally
    assert [flag.name for flag in findings.flags] == ["over_population"]
    assert date(2026, 11, 16) == many[0].date
