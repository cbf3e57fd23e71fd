"""A week's digest: its figures against hand computation and SciPy, its way through JSON."""

import json
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given

from reports.digest.composed import Digest, Element, Progress
from reports.statistics.counting import tally_of_rows
from reports.statistics.index import item_mean
from reports.statistics.tally import Row, Tally
from tests.support.digest_weeks import (
    BATAM,
    EMPTY,
    EXTRAS,
    KEYS,
    SKM,
    digest,
    digests,
    straight,
    uneven,
)

WEEK_40 = straight(threes=20, fours=20)  # mean 3.5: IKM 87.50
WEEK_OF_3 = straight(fours=3)


def element(found: Digest, key: str) -> Element:
    return next(each for each in found.elements if each.key == key)


def test_the_figures_of_a_week() -> None:
    # Three elements with 4, 8 and 20 twos among 40 threes: 116, 112 and 100 by 40.
    week = uneven(cost=4, product=8, facilities=20)
    found = digest(week, agency={"cost": Fraction(10, 3)})
    # SKM = (6 * 3 + 2.9 + 2.8 + 2.5) / 9 = 26.2 / 9 = 2.9111; IKM = 655 / 9 = 72.777…
    assert (found.n, found.ikm, found.grade) == (40, "72.78", "C")
    assert (found.office, found.week, found.instrument) == (BATAM, "2026-W47", SKM)
    assert (found.first, found.last) == (date(2026, 11, 16), date(2026, 11, 22))
    assert [each.key for each in found.elements] == list(KEYS)
    # Spread pooled: (3.6 + 6.4 + 10) / 351; t(39, 97.5 %) = 2.0227, so ± 0.076 around each mean.
    low = Element("facilities", 40, "2.50", None, None, None, ("2.42", "2.58"))
    assert element(found, "facilities") == low
    cost = Element("cost", 40, "2.90", None, "3.33", None, ("2.82", "2.98"))
    assert element(found, "cost") == cost
    # Facilities lie 0.46 below the others; product 0.12, p = 0.016, times eight that are left.
    assert found.weakest == ("facilities",)
    assert found.course is not None
    assert found.course.verdict == "early"


def test_elements_that_are_equally_weak_stand_in_the_questionnaires_order() -> None:
    found = digest(uneven(facilities=8, procedure=8, cost=8, requirements=8))
    assert found.weakest == ("requirements", "procedure", "cost")
    assert digest(straight(fours=9)).weakest == ()


def test_a_mean_is_rounded_once() -> None:
    # 3 - 211 / 2221 = 2.9049977…: 2.90, though 2.91 if it were rounded to 2.9050 first.
    week = uneven(2221, cost=211)
    assert element(digest(week), "cost").mean == "2.90"


def test_nothing_but_the_number_is_told_of_four_responses() -> None:
    found = digest(straight(fours=4), *[WEEK_40] * 25, extras=EXTRAS)
    assert found.n == 4
    assert (found.ikm, found.grade, found.course) == (None, None, None)
    assert found.weakest == ()
    assert {each.mean for each in found.elements} == {None}
    assert digest(straight(fours=5)).ikm == "100.00"


def test_an_element_answered_by_few_is_hidden_and_left_out_of_the_index() -> None:
    rows = [Row(dict.fromkeys(KEYS, 3) | {"cost": None}) for _ in range(6)]
    rows += [Row(dict.fromkeys(KEYS, 3) | {"product": None}) for _ in range(4)]
    rows += [Row(dict.fromkeys(KEYS, 4) | {"cost": None}) for _ in range(10)]
    found = digest(tally_of_rows(KEYS, rows))
    hidden = {each.key for each in found.elements if each.mean is None}
    assert hidden == {"cost"}  # answered by 4
    # 70 of 20 for each of seven, 58 of 16 for product: (7 * 3.5 + 3.625) / 8
    assert found.ikm == "87.89"
    assert found.over == "shown"


def many(random: Random, *shares: float, n: int = 15) -> list[Tally]:
    """Weeks of n people, the latest first; such a share of all answers of a week are 4, the others
    3, by chance."""
    return [
        tally_of_rows(
            KEYS,
            [Row({key: 4 if random.random() < share else 3 for key in KEYS}) for _ in range(n)],
        )
        for share in shares
    ]


def test_a_change_is_judged_after_eight_weeks_and_then_called_real_or_not() -> None:
    weeks = many(Random(1), *[0.5] * 30)
    for before, verdict in ((6, "early"), (7, "early"), (8, "steady"), (29, "steady")):
        found = digest(weeks[0], *weeks[1 : before + 1]).course
        assert found is not None
        assert (found.verdict, bool(found.level)) == (verdict, verdict == "steady")
        assert len(found.weeks) == min(before + 1, 13)


def test_a_real_fall_is_told_with_its_week_its_size_and_its_elements() -> None:
    """From 3.5 to 3.3, five points, seven weeks ago: 2026-W41 of W47."""
    weeks = many(Random(2), *[0.3] * 7, *[0.5] * 30)
    found = digest(weeks[0], *weeks[1:])
    course = found.course
    assert course is not None
    assert (course.verdict, course.since) == ("fell", "2026-W41")
    assert float(course.points) == pytest.approx(-5, abs=1.5)
    before, after = sum(weeks[8:], weeks[7]), sum(weeks[1:7], weeks[0])
    for each in found.elements:
        moved = item_mean(after, each.key) - item_mean(before, each.key)
        assert each.change is None or abs(float(each.change) - moved) < 0.1
    assert sum(each.change is not None for each in found.elements) >= 2
    rising = digest(weeks[20], *reversed(weeks[:14])).course
    assert rising is not None
    assert rising.verdict in ("rose", "steady")


def test_elements_are_judged_only_where_the_index_moved() -> None:
    """One element alone falls by 0.4: a ninth of that, 1.1 points, is within the allowance."""
    random = Random(3)
    weeks = many(random, *[0.5] * 30)
    fallen = []
    for _ in range(7):
        given = [{key: 4 if random.random() < 0.5 else 3 for key in KEYS} for _ in range(15)]
        fallen.append(tally_of_rows(KEYS, [Row(each | {"cost": 3}) for each in given]))
    found = digest(fallen[0], *fallen[1:], *weeks)
    assert found.course is not None
    assert found.course.verdict == "steady"
    assert {each.change for each in found.elements} == {None}


def test_a_hidden_week_or_element_silences_nothing() -> None:
    """Complaints are answered by 2 of 15, so hidden each week; every third week is of 3, also W39,
    in which the fall begins."""
    random = Random(4)

    def some(share: float) -> Tally:
        given = [{key: 4 if random.random() < share else 3 for key in KEYS} for _ in range(15)]
        rows = [
            Row(each | ({} if place < 2 else {"complaint_handling": None}))
            for place, each in enumerate(given)
        ]
        return tally_of_rows(KEYS, rows)

    weeks = [some(0.25) for _ in range(9)] + [some(0.5) for _ in range(40)]
    weeks[2::3] = [WEEK_OF_3] * len(weeks[2::3])
    found = digest(weeks[0], *weeks[1:]).course
    assert found is not None
    assert (found.verdict, found.since) == ("fell", "2026-W40")
    assert [point.ikm is None for point in found.weeks[-4:]] == [False, True, False, False]


def test_an_element_that_is_hidden_in_some_weeks_does_not_move_the_index() -> None:
    """Cost stands a whole point above the rest, and every other week is without it."""
    random = Random(5)
    weeks = []
    for place in range(40):
        given = [{key: 3 if random.random() < 0.5 else 2 for key in KEYS} for _ in range(15)]
        cost = {"cost": None} if place % 2 else {"cost": 4}
        weeks.append(tally_of_rows(KEYS, [Row(each | cost) for each in given]))
    found = digest(weeks[0], *weeks[1:]).course
    assert found is not None
    shown = [float(point.ikm or 0) for point in found.weeks]
    assert np.std(shown) < 3  # without cost a week is lower by 4.2
    assert abs(np.mean(shown[::2]) - np.mean(shown[1::2])) < 1.5


def test_nothing_is_told_in_a_week_without_responses() -> None:
    assert digest(EMPTY, *[WEEK_40] * 20).course is None


def test_one_response_more_or_less_in_the_hidden_week_shows_nowhere() -> None:
    ten = straight(threes=5, fours=5)
    without = digest(ten, ten, straight(ones=2), *[ten] * 23)
    assert digest(ten, ten, straight(fours=3), *[ten] * 23) == without


def test_last_weeks_means_are_those_its_own_digest_showed() -> None:
    assert element(digest(WEEK_40, straight(threes=5)), "cost").before == "3.00"
    assert element(digest(WEEK_40, straight(threes=4)), "cost").before is None
    assert element(digest(WEEK_40), "cost").before is None


# 2026-Q4 has 92 days, of which 53 are gone on 22 Nov; of 5,000 users 357 are needed (table of
# Krejcie & Morgan): 357 * 53 / 92 = 205.7. With 206, 151 are missing in 39 days: 27.1 a week.
@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (206, Progress("2026-Q4", "quarter", 206, 357, True, 151, 28)),
        (205, Progress("2026-Q4", "quarter", 205, 357, False, 152, 28)),
        (120, Progress("2026-Q4", "quarter", 120, 357, False, 237, 43)),
        (357, Progress("2026-Q4", "quarter", 357, 357, True, 0, None)),
        (400, Progress("2026-Q4", "quarter", 400, 357, True, 0, None)),
    ],
)
def test_the_sample_against_its_schedule(n: int, expected: Progress) -> None:
    assert digest(EMPTY, period_n=n).sample == expected


def test_the_sample_at_the_end_of_its_period_and_without_a_population() -> None:
    def sample(week: str, period: str) -> Progress:
        return digest(EMPTY, week=week, period=period, period_n=300, population=5000).sample

    ended = sample("2027-W21", "2027-05")  # 24–30 May: a day is left, in which 57 are missing
    assert (ended.missing, ended.per_week) == (57, 57)
    ended = sample("2026-W22", "2026-05")  # 25–31 May
    assert (ended.missing, ended.per_week, ended.on_schedule) == (57, None, False)
    # Of 120 users 92 are needed, one a day: 53 after 53 days are just enough.
    assert digest(EMPTY, period_n=53, population=120).sample.on_schedule
    assert not digest(EMPTY, period_n=52, population=120).sample.on_schedule
    unknown = digest(EMPTY, population=None).sample
    assert unknown == Progress("2026-Q4", "quarter", 214)


def test_extra_questions_are_counted_from_five_answers_and_hide_small_counts() -> None:
    found = digest(uneven(40), extras=EXTRAS).extras
    assert [each.question for each in found] == list(EXTRAS)
    assert [(each.n, each.counts) for each in found] == [
        (40, (20, 10, 10)),
        (40, (None, 0, None, 30)),  # 3, 0, 7, 30: the 7 goes with the 3
        (12, ()),
        (40, (None, None)),  # 39 of 40 would tell the one
        (4, (None, None)),
    ]


@given(digests)
def test_a_digest_goes_to_json_and_back_exactly(found: Digest) -> None:
    assert Digest.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_json_that_is_no_digest_is_refused() -> None:
    data: dict[str, Any] = digest(EMPTY).to_json()
    with pytest.raises(msgspec.ValidationError, match="missing required field `n`"):
        Digest.from_json({key: value for key, value in data.items() if key != "n"})
