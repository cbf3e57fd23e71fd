"""When each head is told: by the day, hour and rhythm they chose, never twice, none skipped."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from reports.digest.composed import Digest
from reports.digest.unit_week import composed
from reports.jobs.due_digests import digests, last_due
from storage.index.released_figures import told as told_weeks
from storage.office import digest_settings, holders, roles
from storage.office.digest_settings import DEFAULT, Told, Wish
from storage.periods import parse
from tests.support.offices import Chance, draft, office, respond, scoped, unit_of, unit_row
from tests.support.scheduled import DAY, HOUR, LONG_AGO, MONDAY, WEEK, head, put, utc

BTM = "SMST-BTM"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row(BTM), unit_row("MKSR", "WITA")) as engine:
        yield engine


def wants(engine: Engine, address: str, wish: Wish) -> None:
    with engine.begin() as connection:
        digest_settings.wish(connection, address, unit_of(connection, BTM).id, wish)


def weeks(engine: Engine, address: str = "tg:1") -> list[str]:
    return [key.split(":")[-1] for key in put(engine) if f":{address}:" in key]


def test_who_waits_to_be_told_of_a_week_and_of_a_month(engine):
    for address in ("tg:1", "tg:2", "tg:3"):
        head(engine, address, BTM)
    head(engine, "tg:1", "MKSR")
    wants(engine, "tg:2", Wish("month", 4, 15))
    wants(engine, "tg:3", Wish("both", 4, 15))
    with engine.begin() as connection:
        token = roles.invite(connection, "admin", scoped(BTM), LONG_AGO, Chance(9))
        roles.join(connection, token, "tg:4", LONG_AGO)
        digest_settings.told(connection, "week", "tg:1", unit_of(connection, BTM).id, "2026-W46")

        def waiting(kind: Told, period: str) -> list[tuple[str, int, int, str]]:
            found = digest_settings.waiting(connection, kind, "Asia/Jakarta", period)
            return [(each.head.address, each.weekday, each.hour, each.told) for each in found]

        assert waiting("week", "2026-W46") == [("tg:3", 4, 15, "")]
        assert waiting("week", "2026-W47") == [("tg:1", 0, 8, "2026-W46"), ("tg:3", 4, 15, "")]
        assert waiting("month", "2026-10") == [("tg:2", 4, 15, ""), ("tg:3", 4, 15, "")]


def test_told_on_the_day_and_hour_chosen(engine):
    head(engine, "tg:1", BTM)
    wants(engine, "tg:1", Wish("week", 4, 15))  # Friday 15:00, 08:00 UTC
    friday = utc(11, 27, 8)
    assert [digests(engine, at) for at in (friday - 1, friday, friday + HOUR)] == [1, 1, 0]
    # Before Friday 15:00 the last one due was last Friday's.
    assert weeks(engine) == ["2026-W46", "2026-W47"]


def test_a_month_is_told_on_its_first_working_day(engine):
    head(engine, "tg:1", BTM)
    wants(engine, "tg:1", Wish("month", 4, 9))
    # 1 January is a holiday, 2 and 3 January 2027 a weekend: Monday the 4th, 09:00, 02:00 UTC.
    due = utc(1, 4, 2, year=2027)
    digests(engine, utc(12, 20, 2))
    assert [digests(engine, at) for at in (due - 1, due, due + HOUR)] == [0, 1, 0]
    assert weeks(engine) == ["2026-11", "2026-12"]


def test_a_monday_on_a_holiday_waits_for_the_next_working_day(engine):
    head(engine, "tg:1", BTM)
    digests(engine, utc(8, 16, 2))
    # Monday 17 August 2026 is Independence Day.
    assert [digests(engine, at) for at in (utc(8, 17, 2), utc(8, 18, 0), utc(8, 18, 1))] == [
        0,
        0,
        1,
    ]
    assert weeks(engine) == ["2026-W32", "2026-W33"]


def test_two_weeks_that_holidays_move_to_one_hour_are_both_told():
    # Nyepi and Idul Fitri take Monday 8 to Monday 15 March 2027.
    found = last_due("week", "WIB", 0, 8, utc(3, 16, 1, year=2027))
    assert [period.name for period, _ in found] == ["2027-W09", "2027-W10"]


def test_after_downtime_nobody_is_told_at_night(engine):
    head(engine, "tg:1", BTM)
    night, morning = MONDAY["WIB"] + 14 * HOUR, MONDAY["WIB"] + 23 * HOUR  # 22:00, 07:00
    assert [digests(engine, at) for at in (night, morning - 1, morning)] == [0, 0, 1]


choices = st.builds(Wish, st.just("week"), st.integers(0, 6), st.integers(7, 18))


@given(
    st.lists(st.tuples(st.integers(0, 8 * 7 * 24), choices), max_size=5),
    st.lists(st.integers(-30, 60), max_size=3),
)
def test_whatever_is_chosen_when_each_week_is_due_once(changes, jumps):
    """The model: in each hour the last week due that is later than the last one told. From 3
    August 2026 on there is one holiday on a working day in eight weeks."""
    begin = utc(8, 2, 17)  # Monday 3 August, 00:00 there
    wished, told = DEFAULT, ["2026-W30"]
    planned = dict(changes)
    for hour in range(8 * 7 * 24):
        wished = planned.get(hour, wished)
        now = begin + hour * HOUR + 1
        if hour in (100, 500) and jumps:
            now += jumps[0] * HOUR
        for period, _ in last_due("week", "WIB", wished.weekday, wished.hour, now):
            if period.name > told[-1]:
                told.append(period.name)
    numbers = [int(name[-2:]) for name in told]
    assert numbers == list(range(30, numbers[-1] + 1))
    assert numbers[-1] >= 37


def test_a_change_sends_no_week_again_and_skips_none(engine):
    head(engine, "tg:1", BTM)
    sent = []
    for hour in range(0, 3 * 7 * 24, 6):
        now = MONDAY["WIB"] + hour * HOUR
        if hour == 24:
            wants(engine, "tg:1", Wish("week", 4, 8))
        if hour == 8 * 24:
            wants(engine, "tg:1", Wish("week", 0, 8))
        if digests(engine, now):
            sent.append((weeks(engine)[-1], datetime.fromtimestamp(now, UTC).isoweekday()))
    assert sent == [("2026-W47", 1), ("2026-W48", 2), ("2026-W49", 1)]


def test_who_became_head_later_begins_with_the_next(engine):
    head(engine, "tg:1", BTM, since=MONDAY["WIB"] + 1)
    assert digests(engine, MONDAY["WIB"] + DAY) == 0
    assert digests(engine, MONDAY["WIB"] + WEEK) == 1


def test_what_is_kept_of_a_wish(engine):
    head(engine, "tg:1", BTM)
    with engine.begin() as connection:
        unit = unit_of(connection, BTM).id
        assert digest_settings.of(connection, "tg:1", unit) == DEFAULT
        new = Wish("both", 6, 18, frozenset({"fall", "radar"}))
        assert digest_settings.wish(connection, "tg:1", unit, new) == DEFAULT
        assert digest_settings.of(connection, "tg:1", unit) == new
        days = ("2026-11-24", "2026-11-24", "2026-11-23", "2026-11-25")
        looks = [digest_settings.look(connection, "tg:1", unit, day) for day in days]
        assert looks == [True, False, False, True]
        assert [digest_settings.failed(connection, "tg:1", unit) for _ in range(2)] == [1, 2]
        digest_settings.arrived(connection, "tg:1", unit)
        assert digest_settings.failed(connection, "tg:1", unit) == 1
        assert digest_settings.of(connection, "tg:1", unit) == new


def test_of_whoever_heads_a_unit_no_more_nothing_is_kept(engine):
    for address in ("tg:1", "tg:2"):
        head(engine, address, BTM)
        wants(engine, address, Wish("both", 6, 18))
    with engine.begin() as connection:
        assert holders.end(connection, "tg:1", "head", scoped(BTM))
        unit = unit_of(connection, BTM).id
        kept = [digest_settings.of(connection, address, unit) for address in ("tg:1", "tg:2")]
    assert kept == [DEFAULT, Wish("both", 6, 18)]


# --- who becomes head in the midst of a week (docs/decisions/0034) ---

WEDNESDAY = MONDAY["WIB"] + 2 * DAY
W47 = parse("2026-W47")


def answers(engine: Engine, chat: int, paper: int, at: int = MONDAY["WIB"] - 3 * DAY) -> None:
    with engine.begin() as connection:
        for number in range(chat + paper):
            source = "chat" if number < chat else "imported"
            given = draft(at, 1 + number % 4, source=source)
            respond(connection, BTM, Chance(f"{at} {number}"), given)


def released(engine: Engine) -> list[tuple[str, str]]:
    with engine.connect() as connection:
        return [(row.period, row.figures) for row in told_weeks(connection, 1)]


def test_a_new_head_is_told_of_the_last_week_as_mondays_job_would_have_told_it(engine):
    answers(engine, chat=380, paper=300)
    with engine.begin() as connection:
        monday = composed(connection, unit_of(connection, BTM), W47)
    answers(engine, chat=7, paper=3, at=WEDNESDAY - HOUR)  # of the running week: not told
    head(engine, "tg:1", BTM, since=WEDNESDAY)
    assert [digests(engine, WEDNESDAY + minute) for minute in (60, 120)] == [1, 0]
    assert weeks(engine)[0] == "2026-W47"
    first = released(engine)
    assert [(week, Digest.from_json(json.loads(said))) for week, said in first] == [
        ("2026-W47", monday)
    ]
    assert monday.n == 680
    # Another head is told the same; more paper of those days changes nothing.
    answers(engine, chat=0, paper=2, at=MONDAY["WIB"] - 2 * DAY)
    head(engine, "tg:2", BTM, since=WEDNESDAY + DAY)
    assert digests(engine, WEDNESDAY + DAY + HOUR) == 1
    assert released(engine) == first
    assert digests(engine, MONDAY["WIB"] + WEEK) == 2


@pytest.mark.parametrize(("chat", "paper"), [(0, 0), (4, 0), (4, 300), (0, 300), (2, 2)])
def test_a_week_without_figures_is_not_told_early(engine, chat, paper):
    answers(engine, chat, paper)
    head(engine, "tg:1", BTM, since=WEDNESDAY)
    before = released(engine), digests(engine, WEDNESDAY + 60), released(engine)
    # Only the paper, which hides nobody and is nobody's own, has figures.
    assert before == ([], 1 if (chat, paper) == (0, 300) else 0, before[2])
    assert bool(before[2]) is ((chat, paper) == (0, 300))
    assert digests(engine, MONDAY["WIB"] + WEEK) == 1


def test_a_new_head_is_told_by_day_and_of_the_last_week_alone(engine):
    answers(engine, chat=9, paper=0, at=MONDAY["WIB"] - 9 * DAY)  # W46
    head(engine, "tg:1", BTM, since=WEDNESDAY)
    assert digests(engine, WEDNESDAY + 60) == 0
    answers(engine, chat=9, paper=0)
    head(engine, "tg:2", BTM, since=WEDNESDAY + 60)
    night = utc(11, 25, 16)  # 23:00
    assert [digests(engine, at) for at in (night, utc(11, 26, 0) - 1, utc(11, 26, 0))] == [0, 0, 1]
    assert weeks(engine, "tg:2")[0] == "2026-W47"
