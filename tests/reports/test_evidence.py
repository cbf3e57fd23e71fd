"""Levels of F-02 by domain.md §6, each boundary worked out by hand."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Connection

from reports.ipp.evidence import (
    evidence,
    media_level,
    months_later,
    share_level,
    speed_level,
)
from reports.ipp.evidence_rules import evidence_rules
from storage.office import follow_ups, result_publications
from storage.office.follow_ups import FollowUp, Plan, Status
from storage.office.result_publications import ResultPublication
from tests.support.offices import NOON, office, unit_of, unit_row

RULES = evidence_rules()
TODAY = date(2026, 11, 19)


@pytest.mark.parametrize(
    ("finished", "planned", "level"),
    [
        (0, 0, 0),  # none
        (0, 4, 1),  # a plan
        (29, 100, 2),  # below 30 %
        (3, 10, 3),  # 30 %
        (8, 10, 3),  # 80 %
        (81, 100, 4),  # above 80 %
        (99, 100, 4),
        (1, 1, 5),  # all
        (2, 7, 2),  # 28.57 %
        (1, 3, 3),  # 33.33 %
    ],
)
def test_the_share_of_plans_that_are_finished(finished, planned, level):
    assert share_level(finished, planned, RULES.share) == level


def plan(made: str, finished: str | None, status: Status = "done") -> FollowUp:
    day = date.fromisoformat(finished) if finished else None
    said = Plan("cost", "…", date(2026, 12, 31), "…")
    return FollowUp(1, 1, said, status, date.fromisoformat(made), day, "", "")


@pytest.mark.parametrize(
    ("finished", "level"),
    [
        ("2026-02-28", 5),  # a month from 31 January has the days that February has
        ("2026-03-01", 4),
        ("2026-04-30", 4),
        ("2026-05-01", 3),
        ("2026-07-31", 3),
        ("2026-08-01", 2),
        ("2026-10-31", 2),
        ("2026-11-01", 1),
        ("2027-01-31", 1),
        ("2027-02-01", 0),
    ],
)
def test_the_time_from_plan_to_done(finished, level):
    assert speed_level([plan("2026-01-31", finished)], TODAY, RULES.speed) == level


def test_the_slowest_counts_an_open_one_with_its_age_and_a_dropped_one_not():
    quick, slow = plan("2026-11-01", "2026-11-02"), plan("2026-01-01", "2026-06-30")
    waiting, dropped = plan("2026-08-01", None, "running"), plan("2026-01-01", None, "dropped")
    assert speed_level([quick, slow], TODAY, RULES.speed) == 3
    assert speed_level([quick, waiting], TODAY, RULES.speed) == 3  # from 1 August: over 3 months
    assert speed_level([quick, dropped], TODAY, RULES.speed) == 5
    assert speed_level([waiting], TODAY, RULES.speed) == 0
    assert speed_level([], TODAY, RULES.speed) == 0


def test_a_month_later_over_the_end_of_a_year():
    assert months_later(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_later(date(2023, 12, 31), 2) == date(2024, 2, 29)


@pytest.mark.parametrize("number", range(7))
def test_each_medium_is_a_level_up_to_five(number):
    media = [str(each) for each in range(number)] * 2
    assert media_level(media, RULES.media) == min(number, 5)


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with (
        office(database_url, unit_row("SMST-BTM"), unit_row("MKSR")) as engine,
        engine.begin() as connection,
    ):
        yield connection


def test_what_was_planned_and_published_in_the_year(connection):
    here, there = unit_of(connection, "SMST-BTM").id, unit_of(connection, "MKSR").id
    said = Plan("cost", "Tarif di papan", date(2026, 6, 30), "Kasi")
    for unit, made in ((here, "2025-12-31"), (here, "2026-01-01"), (here, "2026-12-31")):
        follow_ups.keep(connection, unit, said, date.fromisoformat(made), NOON, "abc")
    done = follow_ups.keep(connection, here, said, date(2026, 3, 1), NOON, "abc")
    follow_ups.finish(connection, here, done, date(2026, 3, 31), "", "")
    follow_ups.keep(connection, there, said, date(2026, 3, 1), NOON, "abc")
    for medium, day in (("board", "2026-01-01"), ("web", "2026-12-31"), ("press", "2027-01-01")):
        published = ResultPublication("2025-Q4", medium, date.fromisoformat(day))
        assert result_publications.keep(connection, here, published, NOON, "abc")
        assert not result_publications.keep(connection, here, published, NOON, "abc")
    found = evidence(connection, here, 2026, date(2026, 12, 31), RULES)
    assert (found.finished, len(found.follow_ups)) == (1, 3)  # a third: 33 %
    assert (found.share, found.used, found.media) == (3, ["board", "web"], 2)
    assert found.speed == 1  # that of 1 January is a year old, less a day


def test_what_was_said_by_mistake_is_gone(connection):
    here = unit_of(connection, "SMST-BTM").id
    published = ResultPublication("2025-Q4", "web", TODAY)
    result_publications.keep(connection, here, published, NOON, "abc")
    assert result_publications.latest(connection, here, 5) == [published]
    assert result_publications.remove(connection, here, published)
    assert not result_publications.remove(connection, here, published)
    assert result_publications.latest(connection, here, 5) == []
