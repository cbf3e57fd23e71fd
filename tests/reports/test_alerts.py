"""Urgent news: what is told, to whom, at most one a day, never of few and never twice."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from json import loads

import pytest
from sqlalchemy import Engine

from reports.jobs.alerts import alerts
from reports.jobs.due_digests import digests
from reports.radar.findings import decoded, encoded
from reports.radar.run import run
from storage.index import radar, released_figures
from storage.office import digest_settings, roles
from storage.office.digest_settings import DEFAULT, Wish
from storage.periods import parse
from storage.scope import EVERYTHING
from tests.support.fake_channel import Office
from tests.support.offices import Chance, count, draft, keep_all, office, scoped, unit_of, unit_row

BTM, HOUR, DAY = "SMST-BTM", 3_600, 86_400
TUESDAY = int(datetime(2026, 11, 24, 2, tzinfo=UTC).timestamp())  # 09:00 there
EVERYTHING = Wish("week", 4, 15)
FRIDAYS = Wish("week", 4, 15, frozenset({"behind"}))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row(BTM, name="Samsat Batam", population=5000)) as engine:
        yield engine


def head(engine: Engine, wish: Wish = FRIDAYS, address: str = "tg:1", code: str = BTM) -> None:
    with engine.begin() as connection:
        token = roles.invite(connection, "head", scoped(code), 0, Chance(address))
        roles.join(connection, token, address, 0)
        digest_settings.wish(connection, address, unit_of(connection, code).id, wish)


def come(
    engine: Engine,
    day: str,
    *given: list[int] | int,
    n: int = 1,
    source: str = "chat",
    code: str = BTM,
):
    with engine.begin() as connection:
        drafts = [
            draft(date.fromisoformat(day), values, source=source)  # type: ignore[arg-type]
            for values in given
            for _ in range(n)
        ]
        chance = Chance(f"{day}{given}{n}{source}{code}")
        keep_all(connection, unit_of(connection, code), drafts, chance)


def texts(engine: Engine) -> list[str]:
    return [loads(row.body)["text"] for row in Office(engine).rows() if row.kind == "alert"]


SLOW = [3, 3, 1, 3, 3, 3, 3, 3, 3]
SLOWISH = [3, 3, 2, 3, 3, 3, 3, 3, 3]
FINE = [3] * 9
WEEK = "2026-11-18"  # a day of the week before
LOWS = (
    "Samsat Batam: Waktu Penyelesaian minggu lalu 1,50, jelas di bawah 2,60 (Tidak baik).\n"
    "Tanyakan kepada petugas apa yang terjadi."
)


def low_week(engine: Engine) -> None:
    come(engine, WEEK, SLOW, SLOWISH, n=10)


def test_an_element_that_is_surely_of_the_lowest_grade_is_told_once_a_period(engine):
    """1.5 of twenty; of 2.6, the lowest mean of a C, it is far away."""
    head(engine)
    low_week(engine)
    assert [alerts(engine, TUESDAY + days * DAY) for days in range(3)] == [1, 0, 0]
    assert texts(engine) == [LOWS]


def test_an_element_that_may_be_better_is_not_told(engine):
    """2.5 of twenty with ones and fours: 2.6 lies within its interval."""
    head(engine)
    come(engine, WEEK, SLOW, [3, 3, 4, 3, 3, 3, 3, 3, 3], n=10)
    assert alerts(engine, TUESDAY) == 0


def test_answers_that_somebody_keyed_in_make_no_five(engine):
    head(engine)
    come(engine, WEEK, SLOW, n=4)
    come(engine, WEEK, SLOWISH, n=9, source="assisted")
    assert alerts(engine, TUESDAY) == 0


@pytest.mark.parametrize("friends", [(1, 1, 3, 3), (1, 1, 1, 4), (1, 1, 1, 1), (2, 2, 4, 4)])
def test_four_friends_hear_nothing_of_the_fifth_that_the_digest_does_not_say(
    database_url: str, friends: tuple[int, ...]
) -> None:
    """They come on a day on which one citizen comes. Until now "three ones in a day of five" was
    told on the next morning if, and only if, the citizen gave one of them."""
    codes = [f"SMST-{citizen}" for citizen in (1, 2, 3, 4)]
    with office(database_url, *(unit_row(code, name=code) for code in codes)) as engine:
        for citizen, code in enumerate(codes, 1):
            head(engine, FRIDAYS, f"tg:{citizen}", code)
            given = [[3, 3, value, 3, 3, 3, 3, 3, 3] for value in (*friends, citizen)]
            come(engine, WEEK, *given, code=code)
        # From the next morning on; the digest of their week is of the Monday after it.
        before = [alerts(engine, TUESDAY + days * DAY) for days in range(-5, -1)]
        shown = count(engine, "released", "period = '2026-W47'")
        assert (before, shown) == ([0] * 4, 0)
        told = sum(alerts(engine, TUESDAY + days * DAY) for days in range(-1, 3))
        assert (told > 0) == (sum(friends) < 10)
        heard = texts(engine)
        with engine.begin() as connection:
            for text in heard:
                unit = unit_of(connection, text.split(":")[0])
                shown = loads(released_figures.get(connection, unit.id, "2026-W47") or "")
                slow = shown["elements"][2]
                assert f"minggu lalu {slow['mean'].replace('.', ',')}, jelas" in text


def fallen(engine: Engine) -> None:
    """From 3.5 to 2.5 in the last of ten weeks, twenty answers each."""
    for weeks in range(9, -1, -1):
        day = date.fromisoformat(WEEK) - timedelta(weeks=weeks)
        value = 3 if weeks else 2
        come(engine, day.isoformat(), value, value + 1, n=10)


def test_a_real_fall_is_told_to_whom_no_digest_tells_it(engine):
    head(engine)
    head(engine, DEFAULT, "tg:2")
    fallen(engine)
    digests(engine, TUESDAY)  # Monday's, to tg:2; to tg:1 that of the Friday before
    assert alerts(engine, TUESDAY) == 1
    ((_, first),) = [(row.address, row) for row in Office(engine).rows() if row.kind == "alert"]
    assert first.address == "tg:1"
    (text,) = texts(engine)
    assert text.startswith("Samsat Batam: IKM turun 25,0 sejak pekan 47 (16 Nov 2026), nyata (±")
    # The same week's figures for everyone.
    assert count(engine, "released", "period = '2026-W47'") == 1


def test_at_most_one_a_day_the_most_important_and_each_kind_can_be_muted(engine):
    head(engine, EVERYTHING)
    fallen(engine)
    first = [alerts(engine, TUESDAY + minutes * 60) for minutes in (-1, 0, 1, 60)]
    assert first == [0, 1, 0, 0]
    assert "IKM turun" in texts(engine)[0]
    with engine.begin() as connection:
        digest_settings.wish(
            connection, "tg:1", 1, Wish("week", 4, 15, frozenset({"fall", "lows"}))
        )
    assert alerts(engine, TUESDAY + DAY) == 1
    # Nothing else is left but the sample: seven weeks of 20 in the last third of the quarter.
    assert texts(engine)[1].startswith(
        "Samsat Batam: baru 140 dari 357 jawaban triwulan ini, tertinggal dari jadwal.\n"
    )
    with engine.begin() as connection:
        digest_settings.wish(connection, "tg:1", 1, EVERYTHING)
    # The fall was told; that the elements are low is not sure.
    assert alerts(engine, TUESDAY + 2 * DAY) == 0


def test_what_the_radar_found_in_the_period_before_is_told_once(engine):
    head(engine, EVERYTHING)
    flag = '{"name":"over_population","reason":{"key":"radar.over_population","params":{}}}'
    with engine.begin() as connection:
        unit = unit_of(connection, BTM)
        period = parse("2026-Q3")
        found = encoded(run(connection, unit, period, TUESDAY)["skm-14-2017"])
        found = found.replace('"flags":[]', f'"flags":[{flag}]')
        assert decoded(found).flags
        radar.keep(connection, unit.id, "skm-14-2017", period.name, found, TUESDAY)
    assert [alerts(engine, TUESDAY + days * DAY) for days in range(2)] == [1, 1]
    assert texts(engine)[0] == (
        "Samsat Batam: radar menandai jawaban Triwulan III 2026: Jawaban melebihi pengguna.\n"
        "Tanda bukan bukti. Periksa cara pengumpulannya."
    )
    assert "tertinggal" in texts(engine)[1]


def test_neither_at_night_nor_on_a_holiday(engine):
    head(engine)
    christmas_eve = TUESDAY + 30 * DAY
    come(engine, "2026-12-23", SLOW, SLOWISH, n=15)
    times = (-1, 0, 1, 4 - 1 / 24)  # days; the last one is 08:00 of Monday the 28th
    assert [alerts(engine, christmas_eve + int(at * DAY)) for at in times] == [0, 0, 0, 0]
    assert alerts(engine, TUESDAY + 34 * DAY) == 1  # Monday the 28th


def test_what_is_sent_can_be_muted_by_its_button(engine):
    head(engine)
    low_week(engine)
    alerts(engine, TUESDAY)
    (row,) = (row for row in Office(engine).rows() if row.kind == "alert")
    assert loads(row.body)["opens"] == [
        ["Rincian", f"/rincian {BTM} 2026-W47"],
        ["Jangan kabari lagi soal ini", f"/senyap {BTM} lows"],
    ]
    assert row.key == f"alert:{BTM}:tg:1:lows:completion_time:2026-Q4"
