"""What each of the radar's marks finds, at its edges."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from scipy import stats

from reports.opening_hours import parse
from reports.radar import limits as radar_limits
from reports.radar.marks import Seen, _expected_runs, _many
from reports.radar.scan import MARKS, Surroundings, radar_of, shares_of
from reports.radar.unit import Shares
from tests.bench.fabrication import in_bursts
from tests.support.radar_seen import KEYS, mixed, seen

JAKARTA = ZoneInfo("Asia/Jakarta")
ALONE = Surroundings(JAKARTA)


def marked(name: str, responses: Sequence[Seen], around: Surroundings = ALONE) -> set[str]:
    return set(radar_of(responses, KEYS, around).mark(name).ids)


def test_straight_lines_from_five_answers_on() -> None:
    five, four = seen([3, 3, 3, 3, 3]), seen([4, 4, 4, 4, None, None])
    high, nearly = seen([4] * 9), seen([4] * 8 + [3])
    responses = [five, four, high, nearly]
    assert marked("straight_lined", responses) == {five.id, high.id}
    assert marked("all_fours", responses) == {high.id}
    assert shares_of(responses) == Shares(4, 2, 1)


def test_the_highest_of_another_scale() -> None:
    fours, sixes = seen([4] * 5), seen([6] * 5)
    radar = radar_of([fours, sixes], KEYS, ALONE, highest=6)
    assert radar.mark("all_fours").ids == {sixes.id}
    assert shares_of([fours, sixes], highest=6).all_fours == 1


def test_speed_by_the_questions_answered() -> None:
    fast, slow = seen(mixed(0), duration=17), seen(mixed(0), duration=18)
    eight_fast = seen([*mixed(0)[:8], None], duration=15)
    eight_slow = seen([*mixed(0)[:8], None], duration=16)
    responses = [fast, slow, eight_fast, eight_slow, seen(mixed(0))]
    assert marked("speeding", responses) == {fast.id, eight_fast.id}
    assert radar_of(responses, KEYS, ALONE).mark("speeding").checked == 4


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ([0] * 9 + [600], 10),
        ([0] * 9 + [601], 0),
        ([0] * 9, 0),
        ([*range(0, 660, 60), 1300], 11),  # two windows of ten overlap
        ([0] * 10 + [601, 602], 10),
    ],
)
def test_bursts(times: Sequence[int], expected: int) -> None:
    responses = [seen(mixed(number), at) for number, at in enumerate(times)]
    assert marked("burst", responses[::-1]) == {each.id for each in responses[:expected]}


DAY, HOUR = 86_400, 3_600


@pytest.mark.parametrize("a_day", [30, 200])
def test_a_busy_unit_has_no_burst_where_it_is_only_as_busy_as_usual(a_day: int) -> None:
    """Sixty days of seven hours, twice as many in the first two; until now half of all rows were
    marked at 200 a day. Forty keyed in within ten minutes stay what they are."""
    honest, keyed = in_bursts(a_day, 40, np.random.default_rng(a_day))
    assert honest <= 0.01
    assert keyed == 1


def test_what_a_busy_hour_brings_by_chance() -> None:
    """12 in an hour, so 2 in ten minutes: of 1,440 windows in ten days one reaches 11 with a chance
    of 0.012 and 12 with one of 0.002 (Poisson, by SciPy)."""
    limits = radar_limits.current()
    opened = [day * DAY + hour * HOUR for day in range(10) for hour in range(7)]
    busy = [hour + 300 * n for hour in opened for n in range(12)]
    assert _many(busy, limits) == 12
    assert stats.poisson.sf(11, 2) < 0.01 / 1440 < stats.poisson.sf(10, 2)
    assert _many(busy[:700], limits) == 10  # nine days are too few to know


def hourly(answers: Sequence[Sequence[int]]) -> list[Seen]:
    return [seen(each, 3600 * number) for number, each in enumerate(answers)]


def test_a_run_of_equal_answers_that_chance_does_not_make() -> None:
    run = hourly([mixed(n) for n in range(20)] + [mixed(99)] * 5 + [mixed(n) for n in range(30)])
    assert marked("identical_neighbours", run) == {each.id for each in run[20:25]}


def test_shorter_runs_and_runs_without_a_time_are_none() -> None:
    short = [mixed(n) for n in range(20)] + [mixed(99)] * 4 + [mixed(n) for n in range(30)]
    assert marked("identical_neighbours", hourly(short)) == set()
    assert marked("identical_neighbours", [seen(mixed(99)) for _ in range(9)]) == set()


def test_long_runs_where_nearly_all_answers_are_alike() -> None:
    """12 of 40 in a row, where 35 are equal: expected 29 × 35!/23! × 28!/40! ≈ 4 such windows."""
    most = [mixed(n) if n in (0, 8, 21, 30, 39) else [4] * 9 for n in range(40)]
    assert marked("identical_neighbours", hourly(most)) == set()


def test_expected_runs_by_trying_all_orders() -> None:
    orders = list(permutations("aaabcd"))
    for length in (1, 2, 3):
        windows = sum(
            order[start : start + length] == ("a",) * length
            for order in orders
            for start in range(6 - length + 1)
        )
        assert _expected_runs(6, 3, length) == Fraction(windows, len(orders))


def test_opening_hours_are_those_of_the_units_own_zone() -> None:
    evening = seen(mixed(0), 6 * 3600 + 1800)  # 15:30 in Jakarta, 17:30 in Jayapura
    imported = seen(mixed(1))
    hours = parse("Senin-Jumat 08:00-15:00")
    around = Surroundings(JAKARTA, hours)
    assert marked("outside_hours", [evening, imported], around) == set()
    papua = Surroundings(ZoneInfo("Asia/Jayapura"), hours)
    assert marked("outside_hours", [evening, imported], papua) == {evening.id}
    assert radar_of([evening, imported], KEYS, papua).untimed == 1


def test_what_could_not_be_checked_is_no_finding() -> None:
    radar = radar_of([seen(mixed(0))], KEYS, ALONE)
    assert [mark.checked for mark in radar.marks] == [1, 1, 0, 0, 0, 0]
    keys = [mark.reason[0].key for mark in radar.marks]
    assert keys[:2] == ["radar.straight_lined", "radar.all_fours"]
    assert keys[2:] == [f"radar.{name}.unchecked" for name in MARKS[2:]]
    timed = radar_of([seen(mixed(0), 0)], KEYS, ALONE)
    assert [mark.checked for mark in timed.marks] == [1, 1, 0, 1, 1, 0]
