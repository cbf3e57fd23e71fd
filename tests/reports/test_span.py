"""Digests tell of days without a gap, so that beside them a sheet tells nothing of a few."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from flows.loader import words
from reports.digest.caption import digest_text
from reports.digest.composed import Digest
from reports.digest.span import Span, span_of
from reports.digest.unit_week import past_weeks, weekly, weeks_up_to
from reports.sheets.publish import publish
from storage.index import released_figures
from storage.periods import Kind, Period, parse, period_of
from tests.support.digest_weeks import EMPTY, digest
from tests.support.instruments import SKM_NOW
from tests.support.offices import Chance, draft, keep_all, office, unit_of, unit_row
from tests.support.publishing import LATER, run_in

SMST = "SMST-BTM"
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
BEGIN, END = date(2026, 6, 29), date(2027, 1, 10)  # Monday and Sunday; two quarters and some days
Counts = dict[date, int]


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with office(database_url, unit_row(SMST)) as engine, engine.begin() as connection:
        yield connection


def come(connection: Connection, counts: Counts, value: int = 3) -> None:
    drafts = [draft(day, value) for day, n in counts.items() for _ in range(n)]  # type: ignore[arg-type]
    keep_all(connection, unit_of(connection, SMST), drafts, Chance(f"{counts} {value}"))


def told(connection: Connection, *names: str) -> list[Digest]:
    """The digests of these weeks, asked for in this order."""
    return [weekly(connection, unit_of(connection, SMST), parse(name), LATER) for name in names]


def days_of(found: Digest) -> tuple[date, date]:
    return found.first, found.last


def test_few_of_a_week_are_told_with_the_next(connection):
    come(connection, {date(2026, 11, 11): 3, date(2026, 11, 18): 4, date(2026, 11, 25): 9})
    few, both, alone = told(connection, "2026-W46", "2026-W47", "2026-W48")
    assert (few.n, few.ikm) == (3, None)
    assert (both.n, both.ikm, *days_of(both)) == (7, "75.00", date(2026, 11, 9), date(2026, 11, 22))
    assert (alone.n, *days_of(alone)) == (9, date(2026, 11, 23), date(2026, 11, 29))


def test_few_in_two_weeks_say_since_when(connection):
    come(connection, {date(2026, 11, 11): 2, date(2026, 11, 18): 1})
    _, still = told(connection, "2026-W46", "2026-W47")
    assert "\n3 jawaban sejak 9 Nov 2026." in digest_text(still, words("id"))


def test_a_week_without_responses_ends_nothing_and_joins_nothing(connection):
    come(connection, {date(2026, 11, 18): 6})
    none, six = told(connection, "2026-W46", "2026-W47")
    assert (none.n, six.n, *days_of(six)) == (0, 6, date(2026, 11, 16), date(2026, 11, 22))


def test_where_the_week_before_was_never_asked_for_a_week_stands_alone(connection):
    come(connection, {date(2026, 11, 11): 3, date(2026, 11, 18): 9})
    (alone,) = told(connection, "2026-W47")
    assert (alone.n, *days_of(alone)) == (9, date(2026, 11, 16), date(2026, 11, 22))


def test_weeks_are_looked_back_to_as_they_were_shown_and_else_as_the_answers_are(connection):
    days = {date(2026, 10, 28): 6, date(2026, 11, 4): 7, date(2026, 11, 11): 8}
    come(connection, days)
    told(connection, "2026-W44", "2026-W46")  # of the week between nobody asked
    come(connection, dict.fromkeys(days, 2), value=4)
    unit, weeks = unit_of(connection, SMST), weeks_up_to(parse("2026-W46"))
    shown = released_figures.of_weeks(connection, unit.id, [week.name for week in weeks])
    past = past_weeks(connection, unit, SKM_NOW, weeks, shown)
    assert [(week.tally.n, week.shown) for week in past[:4]] == [
        (8, True),
        (9, True),
        (6, True),
        (0, False),
    ]


def test_few_at_the_very_end_of_a_period_hold_back_nothing_of_the_next(connection):
    come(connection, {date(2026, 12, 30): 2, date(2027, 1, 6): 8})
    last, first = told(connection, "2026-W53", "2027-W01")
    assert (last.n, last.ikm) == (2, None)
    assert (first.n, first.ikm) == (8, "75.00")


@pytest.mark.parametrize(("new", "cut"), [(0, False), (2, True), (5, False)])
def test_a_week_stops_at_a_periods_end_where_few_lie_behind_it(connection, new, cut):
    """W53: four days of 2026 and three of 2027."""
    come(connection, {date(2026, 12, 30): 6, date(2027, 1, 2): new, date(2027, 1, 6): 8})
    last, first = told(connection, "2026-W53", "2027-W01")
    assert (last.n, last.last.day) == ((6, 31) if cut else (6 + new, 3))
    assert (first.n, first.first) == ((10, date(2027, 1, 1)) if cut else (8, date(2027, 1, 4)))
    assert ("Sampai akhir triwulan ini" in digest_text(last, words("id"))) is cut
    sheet = publish(connection, unit_of(connection, SMST), parse("2026-Q4"), LATER)
    assert sheet["index"]["ikm"] == "75.00"


def test_an_element_few_answered_behind_a_periods_end_cuts_too(connection):
    come(connection, {date(2026, 12, 30): 6, date(2027, 1, 2): 5})
    where = "local_date = '2027-01-02'"
    least = f"(SELECT min(id) FROM response WHERE {where})"
    is_json = connection.dialect.name == "sqlite"
    blank = "json_remove(answers, '$.cost')" if is_json else "(answers::jsonb - 'cost')::json"
    run_in(connection, f"UPDATE response SET answers = {blank} WHERE id = {least}")
    (last,) = told(connection, "2026-W53")
    assert (last.n, last.last) == (6, date(2026, 12, 31))


def test_the_last_whole_week_of_a_period_waits_for_the_few_days_behind_it(connection):
    come(connection, {date(2026, 12, 16): 7, date(2026, 12, 23): 6, date(2026, 12, 28): 2})
    before, waits, both = told(connection, "2026-W51", "2026-W52", "2026-W53")
    assert (before.n, before.ikm) == (7, "75.00")
    assert (waits.n, waits.ikm, waits.waits) == (6, None, True)
    assert (both.n, both.ikm) == (8, "75.00")
    said = digest_text(waits, words("id"))
    assert "6 jawaban. Angkanya keluar setelah triwulan ini berakhir." in said
    sheet = publish(connection, unit_of(connection, SMST), parse("2026-Q4"), LATER)
    assert (sheet["n"], sheet["withheld"]) == (15, [])


@pytest.mark.parametrize(("more", "figure"), [(21, "75.00"), (20, None)])
def test_it_does_not_wait_where_the_days_behind_it_bring_enough_by_themselves(
    connection, more, figure
):
    # 21 in seven days: 12 expected in the four that are left. Before: 9 in a week and 11 days left.
    come(connection, {date(2026, 12, 16): 9, date(2026, 12, 23): more})
    early, late = told(connection, "2026-W51", "2026-W52")
    assert early.ikm == "75.00"
    assert (late.n, late.ikm) == (more, figure)


def test_where_very_few_come_the_last_weeks_wait_together(connection):
    """Five a week from 30 November: 17 more are expected, then 12, then 7."""
    weeks = [f"2026-W{n}" for n in range(49, 53)]
    come(connection, {parse(name).first: 5 for name in weeks})
    made = told(connection, *weeks, "2026-W53")
    assert [(each.n, each.waits) for each in made] == [
        (5, False),
        (5, False),
        (5, True),
        (10, True),
        (10, False),
    ]
    assert (made[-1].ikm, made[-1].first, made[-1].last.day) == ("75.00", date(2026, 12, 14), 3)


def test_a_change_counts_few_that_were_told_later_and_not_few_that_never_were(connection):
    """W46 of 3 is told with W47; W39 of 4, the last of its quarter but for W40, is not told."""
    for value in (3, 4):
        come(connection, {parse(f"2026-W{n}").first: 10 for n in (*range(41, 46), 47, 48)}, value)
    come(connection, {parse(f"2026-W{n}").first: 20 for n in (36, 37, 38)}, 2)
    come(connection, {parse("2026-W46").first: 3, parse("2026-W39").first: 4}, 3)
    *_, before, last = told(connection, *(f"2026-W{n}" for n in range(36, 49)))
    assert before.n == 23
    assert last.course is not None
    # W46 is told with W47, 33 of 3 and 30 of 4 in four weeks; of W39 and W40 nothing was told.
    shown = [point.ikm for point in last.course.weeks]
    assert shown == [*["50.0"] * 3, None, None, *["87.5"] * 5, None, "85.9", "87.5"]


Row = SimpleNamespace


def rows_of(counts: Counts) -> list[Any]:
    return [
        Row(local_date=day, source="chat", answers={}) for day in counts for _ in range(counts[day])
    ]


def spans(counts: Counts, kind: Kind) -> Iterator[tuple[Span, bool]]:
    """Each Monday's span of days, and whether its figures were told."""
    rows, before = rows_of(counts), None
    unit: Any = SimpleNamespace(period=kind, instrument_on=lambda day: SKM_NOW)
    week = period_of("week", BEGIN)
    while week.last <= END:
        span = span_of(week, before, unit, lambda a, b: within(rows, a, b))
        is_told = len(span.rows) >= 5 and not span.waits
        yield span, is_told
        before = seen(week, span, is_told)
        week = period_of("week", week.first + WEEK)


def within(rows: Sequence[Any], first: date, last: date) -> list[Any]:
    return [row for row in rows if first <= row.local_date <= last]


def seen(week: Period, span: Span, is_told: bool) -> Digest:
    ikm = "75.00" if is_told else None
    found = replace(digest(EMPTY), week=week.name, first=span.first, last=span.last, ikm=ikm)
    return replace(found, n=len(span.rows), waits=span.waits)


every_day = st.lists(
    st.sampled_from((0, 0, 0, 1, 1, 2, 3, 9)),
    min_size=(END - BEGIN).days + 1,
    max_size=(END - BEGIN).days + 1,
).map(lambda ns: {BEGIN + n * DAY: number for n, number in enumerate(ns)})


@given(every_day, st.sampled_from(("month", "quarter")))
def test_told_spans_never_overlap_and_leave_of_a_period_none_five_or_its_last_few(counts, kind):
    made = list(spans(counts, kind))
    shown = [span for span, is_told in made if is_told]
    assert all(a.last < b.first for a, b in pairwise(shown))
    period = period_of(kind, BEGIN + 2 * WEEK)
    while period.last < END - WEEK:
        rows = within(rows_of(counts), period.first, period.last)
        inside = [span for span in shown if span.first <= period.last and span.last >= period.first]
        untold = [
            row for row in rows if not any(s.first <= row.local_date <= s.last for s in inside)
        ]
        if inside and 0 < len(untold) < 5:
            # Few at the very end of the period, with nobody else to join.
            assert all(row.local_date > inside[-1].last for row in untold)
        beyond = [within(span.rows, END - 999 * DAY, period.first - DAY) for span in inside]
        beyond += [within(span.rows, period.last + DAY, END) for span in inside]
        assert all(len(part) == 0 or len(part) >= 5 for part in beyond)
        period = period_of(kind, period.last + DAY)
