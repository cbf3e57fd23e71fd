"""Weeks stay as they were shown; a month is made of them, never of what could be taken apart."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection

from reports.digest.composed import Digest
from reports.digest.unit_month import monthly, weeks_of
from reports.digest.unit_week import weekly
from reports.sheets.before import before
from storage.index import released_figures
from storage.periods import parse
from tests.support.offices import Chance, draft, keep_all, office, unit_of, unit_row

BTM = "SMST-BTM"
NOVEMBER = parse("2026-11")
LATER = int(datetime(2026, 12, 1, 2, tzinfo=UTC).timestamp())


@pytest.fixture
def connection(sqlite_url: str) -> Iterator[Connection]:
    with office(sqlite_url, unit_row(BTM)) as engine, engine.begin() as connection:
        yield connection


def come(connection: Connection, week: str, n: int, value: int = 3, source: str = "chat") -> None:
    """So many responses on the Wednesday of a week."""
    day = parse(week).first + timedelta(days=2)
    chance = Chance(f"{week}{n}{value}{source}")
    drafts = [draft(day, value, source=source) for _ in range(n)]  # type: ignore[arg-type]
    keep_all(connection, unit_of(connection, BTM), drafts, chance)


def week(connection: Connection, name: str) -> Digest:
    return weekly(connection, unit_of(connection, BTM), parse(name), LATER)


def month(connection: Connection, name: str = "2026-11") -> Digest:
    return monthly(connection, unit_of(connection, BTM), parse(name), LATER)


def erase_one(connection: Connection, value: int) -> None:
    connection.exec_driver_sql(
        "DELETE FROM response WHERE id IN (SELECT id FROM response WHERE"
        f" json_extract(answers, '$.cost') = {value} LIMIT 1)"
    )


def test_last_week_is_as_it_was_shown_whatever_was_erased_since(connection):
    come(connection, "2026-W46", 30, 2)
    come(connection, "2026-W46", 10, 4)
    come(connection, "2026-W47", 35, 3)
    come(connection, "2026-W47", 5, 4)
    assert week(connection, "2026-W46").ikm == "62.50"
    erase_one(connection, 4)
    found = week(connection, "2026-W47")
    assert {each.before for each in found.elements} == {"2.50"}  # not 96/39 = 2.46
    # 62.5, and not 61.538
    assert found.course is not None
    assert [point.ikm for point in found.course.weeks] == ["62.5", "78.1"]


def test_of_few_responses_no_sums_are_kept(connection):
    come(connection, "2026-W46", 4)
    come(connection, "2026-W47", 5)
    for name in ("2026-W46", "2026-W47"):
        week(connection, name)
    kept = released_figures.of_weeks(connection, 1, ["2026-W46", "2026-W47"])
    assert [bool(kept[name].sums) for name in ("2026-W46", "2026-W47")] == [False, True]


def test_whoever_keyed_some_in_cannot_take_them_away(connection):
    come(connection, "2026-W46", 30, 2, "assisted")
    come(connection, "2026-W46", 4, 4)
    assert (week(connection, "2026-W46").ikm, week(connection, "2026-W46").n) == (None, 34)
    come(connection, "2026-W47", 1, 4)
    # 30 keyed in and 5 of their own: (30 × 2 + 5 × 4) / 35 × 25
    assert (week(connection, "2026-W47").ikm, week(connection, "2026-W47").n) == ("57.14", 35)


def test_a_months_weeks_are_those_whose_sunday_lies_in_it():
    weeks = weeks_of(NOVEMBER)
    assert [each.name for each in weeks] == ["2026-W44", *(f"2026-W{n}" for n in range(45, 49))]
    assert (weeks[0].first, weeks[-1].last) == (date(2026, 10, 26), date(2026, 11, 29))
    every = [each.name for n in range(1, 13) for each in weeks_of(parse(f"2026-{n:02}"))]
    assert len(every) == len(set(every)) == 52


def test_a_month_is_its_shown_weeks_together(connection):
    for name, value in (("2026-W45", 3), ("2026-W46", 4), ("2026-W48", 2)):
        come(connection, name, 10, value)
    come(connection, "2026-W49", 40, 1)  # its Sunday lies in December
    found = month(connection)
    # (3 + 4 + 2) / 3 = 3
    assert (found.ikm, found.n, found.left_out, found.kind) == ("75.00", 30, 0, "month")
    assert (found.first, found.last) == (date(2026, 10, 26), date(2026, 11, 29))
    assert month(connection) == found
    assert len(before(connection, unit_of(connection, BTM), "skm-14-2017", NOVEMBER, []).weeks) == 3


def test_what_a_week_hid_is_not_counted_in_its_month(connection):
    few_paid = [[3, 3, 3, 1 if n < 3 else None, *[3] * 5] for n in range(10)]
    day = parse("2026-W46").first
    drafts = [draft(day, values) for values in few_paid]  # type: ignore[arg-type]
    keep_all(connection, unit_of(connection, BTM), drafts, Chance(5))
    come(connection, "2026-W45", 10)
    found = month(connection)
    assert week(connection, "2026-W46").ikm is not None
    assert (found.n, found.ikm, found.left_out) == (20, "75.00", 0)
    assert {each.key: each.n for each in found.elements}["cost"] == 10


def test_few_of_a_week_are_told_with_the_next_and_the_last_few_with_the_month_after(connection):
    for name in ("2026-W45", "2026-W46", "2026-W48"):
        come(connection, name, 4, 2)
    come(connection, "2026-W49", 16, 1)
    found = month(connection)
    # W45 and W46 together; the four of W48 join W49.
    assert (found.ikm, found.n, found.left_out) == ("50.00", 8, 4)
    (known,) = before(connection, unit_of(connection, BTM), "skm-14-2017", NOVEMBER, []).weeks
    assert (known.first, known.last, known.n[""]) == (date(2026, 11, 2), date(2026, 11, 15), 8)
    assert (month(connection, "2026-12").n, month(connection, "2026-12").ikm) == (20, "30.00")


def test_a_month_of_few_or_none_says_how_many(connection):
    come(connection, "2026-W45", 2)
    assert (month(connection).n, month(connection).ikm) == (2, None)
    assert (month(connection, "2026-10").n, month(connection, "2026-10").ikm) == (0, None)


def test_a_month_is_compared_by_whole_weeks_and_beside_the_month_before(connection):
    for n in range(36, 45):
        come(connection, f"2026-W{n}", 10, 4)
        come(connection, f"2026-W{n}", 2, 3)
    for n in range(45, 49):
        come(connection, f"2026-W{n}", 10, 3)
        come(connection, f"2026-W{n}", 2, 4)
    assert month(connection, "2026-10").ikm == "95.83"  # 46/12 × 25
    found = month(connection)
    assert found.course is not None
    assert (found.course.verdict, found.course.since) == ("fell", "2026-W45")
    assert found.course.points == "-16.7"
    assert {each.before for each in found.elements} == {"3.83"}


def test_a_month_whose_last_week_is_hidden_is_judged_up_to_the_one_before(connection):
    for n in range(36, 45):
        come(connection, f"2026-W{n}", 10, 4)
        come(connection, f"2026-W{n}", 2, 3)
    for n in range(45, 48):
        come(connection, f"2026-W{n}", 10, 3)
        come(connection, f"2026-W{n}", 2, 4)
    come(connection, "2026-W48", 2)
    found = month(connection)
    assert found.course is not None
    assert (found.course.verdict, found.course.since) == ("fell", "2026-W45")
    assert len(found.course.weeks) == 12  # W36 to W47
