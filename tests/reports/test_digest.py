"""A week's digest: its figures against hand computation and SciPy, its way through JSON."""

import json
from datetime import date
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import given
from scipy import stats

from reports.digest.composed import Compared, Digest, Element, Progress
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
    assert found.weakest == ("facilities", "product", "cost")
    assert found.change is None


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
    assert (found.ikm, found.grade, found.change) == (None, None, None)
    assert found.weakest == ()
    assert {each.mean for each in found.elements} == {None}
    assert digest(straight(fours=5)).ikm == "100.00"


def test_an_element_answered_by_few_is_hidden_and_left_out_of_the_index() -> None:
    rows = [Row(dict.fromkeys(KEYS, 3) | {"cost": None}) for _ in range(6)]
    rows += [Row(dict.fromkeys(KEYS, 3) | {"product": None}) for _ in range(4)]
    rows += [Row(dict.fromkeys(KEYS, 4) | {"cost": None}) for _ in range(10)]
    found = digest(Tally.of(KEYS, rows))
    hidden = {each.key for each in found.elements if each.mean is None}
    assert hidden == {"cost"}  # answered by 4
    # 70 of 20 for each of seven, 58 of 16 for product: (7 * 3.5 + 3.625) / 8
    assert found.ikm == "87.89"
    assert found.over == "shown"


def test_the_change_from_last_week_is_welchs() -> None:
    before = straight(threes=30, fours=10)  # mean 3.25: IKM 81.25
    found = digest(WEEK_40, before)
    welch = stats.ttest_ind([75] * 20 + [100] * 20, [75] * 30 + [100] * 10, equal_var=False)
    margin = (welch.confidence_interval(0.99).high - welch.confidence_interval(0.99).low) / 2
    assert welch.pvalue > 0.01
    assert found.change == Compared(1, "6.3", f"{margin:.1f}", False)  # 6.25, half up
    assert element(found, "cost").before == "3.25"
    assert element(found, "cost").change is None


def test_a_real_change_is_told_with_its_elements() -> None:
    found = digest(WEEK_40, straight(threes=38, twos=2))  # 2.95 before: 13.75 points
    assert found.change is not None
    assert (found.change.points, found.change.real) == ("13.8", True)
    assert element(found, "cost").change == "0.55"
    fell = digest(straight(threes=38, twos=2), WEEK_40)
    assert fell.change is not None
    assert (fell.change.points, element(fell, "cost").change) == ("-13.8", "-0.55")


def test_no_change_is_told_of_an_element_that_was_hidden_last_week() -> None:
    rows = [Row(dict.fromkeys(KEYS, 4) | {"product": 4 if n < 3 else None}) for n in range(39)]
    before = Tally.of(KEYS, [*rows, Row(dict.fromkeys(KEYS, 3) | {"product": None})])
    found = digest(straight(threes=20, twos=20), before)
    assert found.change is not None
    assert found.change.points == "-36.9"  # 2.5 after 3.975, of the eight that both weeks showed
    assert element(found, "product").before is None
    assert element(found, "product").change is None
    assert element(found, "procedure").change == "-1.48"  # 2.5 after 3.975


@pytest.mark.parametrize(
    ("earlier", "weeks"),
    [
        ([straight(threes=15, fours=15)], 1),
        ([straight(threes=15, fours=14)], None),  # 29 before, and nothing further back
        ([straight(threes=5, fours=5)] * 7, 4),
        ([straight(threes=5)] + [EMPTY] * 3 + [straight(threes=15, fours=15)], 4),
        ([straight(threes=4, fours=4)] * 3 + [EMPTY] * 9 + [straight(twos=4, fours=4)] * 13, 13),
    ],
)
def test_the_shortest_weeks_with_thirty_on_both_sides_are_compared(
    earlier: list[Tally], weeks: int | None
) -> None:
    found = digest(straight(threes=20, fours=10), *earlier)
    assert (found.change and found.change.weeks) == weeks


def test_a_week_of_few_is_never_part_of_a_longer_window() -> None:
    ten = straight(threes=5, fours=5)
    assert digest(ten, *[ten] * 7).change is not None
    for place in range(7):
        weeks = [ten] * 7
        weeks[place] = straight(threes=10, fours=10) + WEEK_OF_3
        assert digest(ten, *weeks).change is not None  # 23 in that week
        weeks[place] = WEEK_OF_3
        without = [*weeks[:place], EMPTY, *weeks[place + 1 :], *[ten] * 18]
        assert digest(ten, *[*weeks, *[ten] * 18]) == digest(ten, *without)
    few_paid = Tally.of(
        KEYS, [Row(dict.fromkeys(KEYS, 3) | {"cost": 3 if n < 3 else None}) for n in range(9)]
    )
    found = digest(ten, few_paid, *[ten] * 24).change
    assert found is not None  # the other eight elements of that week are in it


def test_no_change_is_told_in_a_week_without_responses() -> None:
    assert digest(EMPTY, *[WEEK_40] * 7).change is None


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
