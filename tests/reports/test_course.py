"""Whether weeks moved: against Page's recursion, hand computation and seeded simulation."""

from collections.abc import Sequence
from datetime import date
from math import sqrt

import numpy as np
import pytest

from flows.loader import instrument
from reports.digest.moves import _indices, moves
from reports.disclosure import shown_items
from reports.statistics.comparable import UnitMean, between, within
from reports.statistics.counting import tally_of_rows
from reports.statistics.course import (
    DELTA,
    LEAST,
    LOOKED_AT,
    REFERENCE,
    WEEKS,
    course_of,
    shift_at,
    threshold,
)
from reports.statistics.means import Means
from reports.statistics.tally import Row, Tally
from tests.bench.change import Unit, comparable_weeks, detected, false_calls, people, week_of

BY = instrument("skm-14-2017")
KEYS = BY.keys


def flat(*values: float, n: int = 20, variance: float = 3.0) -> list[UnitMean]:
    return [UnitMean(n, value, variance) for value in values]


def test_a_shift_by_hand() -> None:
    """Ten weeks of 20 at 79 and 81, then two at 77: a week's SE² is 3, so σ² is 60, and Q is
    20·10 = 200 around 80, less than 9·60: no variance between weeks."""
    weeks = flat(*[79, 81] * 5, 77, 77)
    found = shift_at(weeks, 10)
    assert found is not None
    assert found.points == pytest.approx(-3)
    assert found.variance == pytest.approx(3 / 2 + 3 / 10)
    assert found.score == pytest.approx(3 * (3 - 1.5) / 1.8)  # 2.5
    course = course_of(weeks)
    assert course is not None
    assert course.shift == found
    assert not course.real
    assert threshold(3.0) == pytest.approx(5.6)  # 6.5 − 0.3 × 3
    assert course.limits(20) == pytest.approx((80 - 3 * sqrt(3), 80 + 3 * sqrt(3)))


def test_the_variance_between_weeks_is_dersimonians_and_lairds() -> None:
    """At 70 and 90 in turn: Q = 20·10·100 = 20,000; c = 200 − 10·400/200 = 180."""
    weeks = flat(*[70, 90] * 5, 77)
    course = course_of(weeks)
    assert course is not None
    assert course.between == pytest.approx((20_000 - 9 * 60) / 180)


def test_with_a_sure_reference_it_is_pages_sum() -> None:
    """Page: S = max(0, S + δ(D − δ/2)/SE²), week by week; a reference of very many answers has no
    error, and its weeks do not differ. S is 0 where no week is worth beginning with."""
    random = np.random.default_rng(1)
    reference = [UnitMean(10**9, 80.0, 6e-8)] * 26
    values = 80 - 1.5 + random.normal(0, sqrt(3), 26)
    weeks = reference + flat(*values)
    page = 0.0
    for place, value in enumerate(values, 27):
        page = max(0.0, page + DELTA * (80 - value - DELTA / 2) / 3)
        found = course_of(weeks[:place])
        assert found is not None
        if page > 0.5:
            assert found.shift.points < 0
            assert found.shift.score == pytest.approx(page, rel=1e-5)
        else:
            assert found.shift.score < 1.5 or found.shift.points > 0


@pytest.mark.parametrize("before", [0, 3, 7])
def test_fewer_than_eight_weeks_before_are_no_reference(before: int) -> None:
    assert course_of(flat(*[80.0] * before, 60.0)) is None
    assert course_of(flat(*[80.0] * 8, 60.0)) is not None


def test_weeks_that_are_not_there_are_passed_over() -> None:
    weeks: list[UnitMean | None] = [*flat(*[79, 81] * 5), *flat(77, 77)]
    gaps = [each for week in weeks for each in (None, week)][1:]
    found, with_gaps = course_of(weeks), course_of(gaps)
    assert found is not None
    assert with_gaps is not None
    assert with_gaps.shift.score == pytest.approx(found.shift.score)
    assert with_gaps.shift.start == 20
    assert course_of([*weeks, None]) is None


def plainly(weeks: list[UnitMean | None]) -> tuple[int, int, list[float]] | None:
    """The likeliest shift, one start after the other and one week after the other."""
    told = [(place, week) for place, week in enumerate(weeks) if week]
    sigma, best = within([week for _, week in told]), None
    for start, _ in told:
        before = [week for place, week in told if place < start]
        reference = [week for place, week in told if place < min(start, REFERENCE)]
        since = [week for place, week in told if place >= start]
        if not sigma or len(reference) < LEAST or start < len(weeks) - LOOKED_AT:
            continue
        tau = between(before, sigma)
        (now, error), (was, uncertain) = (_mean(each, sigma, tau) for each in (since, reference))
        variance = error + uncertain
        score = DELTA * (abs(now - was) - DELTA / 2) / variance
        if best is None or score > best[2][0]:
            best = start, len(since) + len(reference), [score, now - was, variance, was, tau]
    return best


def _mean(weeks: list[UnitMean], sigma: float, tau: float) -> tuple[float, float]:
    weights = [1 / (sigma / week.n + tau) for week in weeks]
    means = (weight * week.mean for weight, week in zip(weights, weeks, strict=True))
    return sum(means) / sum(weights), 1 / sum(weights)


def test_all_starts_at_once_are_each_of_them_plainly() -> None:
    random, judged = np.random.default_rng(8), 0
    for _ in range(200):
        length, falls = int(random.integers(1, 79)), random.random() < 0.5
        weeks: list[UnitMean | None] = [
            UnitMean(int(n), float(random.normal(76 if falls and left < 6 else 80, 5)), 200 / n)
            if random.random() < 0.9 or left == 1
            else None
            for left, n in zip(range(length, 0, -1), random.integers(2, 60, length), strict=True)
        ]
        while weeks[0] is None:
            weeks = weeks[1:]
        found, wanted = course_of(weeks), plainly(weeks)
        assert (found is None) == (wanted is None)
        if found and wanted:
            shift, judged = found.shift, judged + 1
            assert (shift.start, shift.weeks) == wanted[:2]
            figures = [shift.score, shift.points, shift.variance, found.level, found.between]
            assert figures == pytest.approx(wanted[2], rel=1e-9, abs=1e-9)
            assert shift_at(weeks, shift.start) == shift
    assert judged > 100


def test_where_all_answer_the_same_nothing_is_judged() -> None:
    assert course_of(flat(*[100.0] * 30, variance=0.0)) is None


def test_the_simulation_judges_weeks_as_a_digest_does() -> None:
    """Hidden elements included: the bench has its own arithmetic, since it needs thousands."""
    random = np.random.default_rng(3)
    tables = []
    for _ in range(12):
        answers = people()[random.integers(1000, size=9)].copy()
        answers[random.random(answers.shape) < 0.35] = np.nan
        tables.append(answers)
    rows = [[_row(each) for each in answers] for answers in tables]
    told = [tally_of_rows(KEYS, each) for each in rows]
    shown = [each.only(shown_items(each)) for each in told]
    assert any(week.answered(item) == 0 for week in shown for item in KEYS)
    wanted = _indices(shown, Means(shown, BY), shown, BY)
    found = comparable_weeks([week_of(answers) for answers in tables])
    for ours, theirs in zip(found, wanted, strict=True):
        assert ours == (theirs and pytest.approx(theirs))


def test_weeks_before_those_that_are_judged_say_nothing_of_what_is_usual() -> None:
    """Elements are hidden in some weeks, so the usual means stand in for them."""
    random = np.random.default_rng(4)

    def week(low: int, items: Sequence[str]) -> Tally:
        values = random.integers(low, low + 3, size=(9, len(items)))
        return tally_of_rows(
            KEYS, [Row(dict(zip(items, map(int, of), strict=True))) for of in values]
        )

    judged = [week(1 + (back > 8), KEYS[: 9 - back % 2]) for back in range(WEEKS)]  # latest first
    told = [*judged, *(week(1 + back % 2, KEYS[back % 4 :]) for back in range(12))]
    last = date(2026, 11, 29)
    found = moves(told, Means(told, BY), last, BY)
    assert found[0].verdict == "fell"
    assert found == moves(judged, Means(judged, BY), last, BY)


def _row(answers: np.typing.NDArray[np.float64]) -> Row:
    pairs = zip(KEYS, answers, strict=True)
    return Row({key: None if np.isnan(value) else int(value) for key, value in pairs})


# The whole table, of many more, stands in docs/statistics.md.
def test_an_unchanged_unit_is_seldom_told_of_a_change_and_a_changed_one_soon() -> None:
    assert sum(false_calls(Unit(15), 5, 2, np.random.default_rng(1))) <= 2
    within_8, within_26 = detected(Unit(15), 20, np.random.default_rng(2))
    assert within_8 >= 0.5
    assert within_26 >= 0.9
