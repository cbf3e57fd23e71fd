"""The radar: figures with and without the marked, the unit as a whole, and what may be shown."""

import json
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.loader import words
from reports.incoming import answer_table
from reports.opening_hours import parse
from reports.radar import limits as radar_limits
from reports.radar.findings import findings_of
from reports.radar.release import shown
from reports.radar.scan import MARKS, Radar, Surroundings, radar_of
from reports.radar.unit import Shares, above_own, against_population, judge
from reports.statistics.counting import tally_of_rows
from reports.statistics.index import rounded
from reports.statistics.tally import Row, Tally
from tests.support.instruments import SKM_NOW, index_of
from tests.support.published import published_folder
from tests.support.radar_seen import KEYS, mixed, seen

LIMITS = radar_limits.current()
JAKARTA = ZoneInfo("Asia/Jakarta")
ALONE = Surroundings(JAKARTA)
PUBLISHED = published_folder()


def marks_of(radar: Radar, id: str) -> set[str]:
    """The marks of one response."""
    return {mark.name for mark in radar.marks if id in mark.ids}


def ikm(tally: Tally) -> str:
    found = index_of(tally).ikm
    assert found is not None
    return rounded(found, 2)


@pytest.mark.skipif(
    PUBLISHED is None,
    reason="no published answers here (set SKM_PUBLISHED to their folder); tables of our own only",
)
def test_published_answers() -> None:
    assert PUBLISHED is not None
    for unit in json.loads((PUBLISHED / "index.json").read_text())["respondents"]:
        rows = answer_table.read(PUBLISHED / unit["file"], SKM_NOW)
        radar = radar_of([seen([row.answers[key] for key in KEYS]) for row in rows], KEYS, ALONE)
        assert radar.tally.n == unit["n"]
        assert len(radar.mark("straight_lined").ids) == unit["straight_lined"]
        assert len(radar.mark("all_fours").ids) == unit["all_fours"]
        assert radar.left_out == frozenset()
        assert radar.untimed == unit["n"]
        if unit["file"] == "dpmptsp-pulang-pisau-2022-q2.csv":
            # 98.4758 of 585 rows is a total of 20,739; less 459 × 36 leaves 4,215 in 126 × 9.
            assert ikm(radar.tally) == "98.48"
            assert ikm(findings_of(radar).without("straight_lined")) == "92.92"


# Median and mean 0.60, variance (2 × 0.1² + 2 × 0.05²) / 4 = 0.00625; with n = 100 it is
# 0.00625 + 0.6 × 0.4 / 100 = 0.00865, three and a half spreads 0.32552: high above 0.92552.
OTHERS = [(50, 100), (110, 200), (60, 100), (65, 100), (70, 100)]


@pytest.mark.parametrize(
    ("marked", "n", "others", "high"),
    [
        (92, 100, OTHERS, False),
        (93, 100, OTHERS, True),
        (57, 60, OTHERS, False),  # high above 0.60 + 3.5 √(0.00625 + 0.004) = 0.95435
        (58, 60, OTHERS, True),
        # A kind of two groups: eight units of a quarter and three of four fifths, all honest.
        (
            320,
            400,
            [*[(100 + n, 400) for n in range(8)], *[(310 + n, 400) for n in range(3)]],
            False,
        ),
        (29, 29, OTHERS, None),
        (100, 100, OTHERS[:4], None),
        (100, 100, [*OTHERS[:4], (20, 29)], None),
        (7499, 10000, [(60, 100)] * 5, False),  # the gap of 15 points, where all are alike
        (7500, 10000, [(60, 100)] * 5, True),
        (0, 10000, OTHERS, False),
    ],
)
def test_a_share_beside_comparable_units(
    marked: int, n: int, others: Sequence[tuple[int, int]], high: bool | None
) -> None:
    assert judge(marked, n, others, LIMITS).high is high


# Usually 100 of 400, a quarter; with n = 100 the variance is 0.05² + 3/16 · (1/100 + 1/400) =
# 0.00484, and 2.75 spreads are 0.191: high above 0.441.
FORMER = [(20, 100), (25, 100), (27, 100), (28, 100)]


@pytest.mark.parametrize(
    ("marked", "n", "former", "high"),
    [
        (44, 100, FORMER, False),
        (45, 100, FORMER, True),
        (29, 29, FORMER, None),
        (100, 100, [(5, 29)], None),
        (100, 100, [(5, 29), (0, 1)], True),  # thirty together
        (9_999, 10_000, [(9_000, 10_000)], False),  # by a tenth nothing is high at the top
        (0, 100, FORMER, False),
    ],
)
def test_a_share_beside_the_units_own_before(
    marked: int, n: int, former: Sequence[tuple[int, int]], high: bool | None
) -> None:
    assert above_own(marked, n, former, LIMITS) is high


def test_a_share_above_its_own_before_flags_a_unit_that_its_kind_would_not() -> None:
    responses = [seen([4] * 9) for _ in range(60)] + [seen(mixed(n)) for n in range(40)]
    others = [Shares(100, n, n) for n in (50, 55, 60, 65, 70)]
    former = [Shares(100, 25, 20)]
    around = Surroundings(JAKARTA, comparable=others)
    assert radar_of(responses, KEYS, around).flags == ()
    radar = radar_of(responses, KEYS, Surroundings(JAKARTA, comparable=others, former=former))
    assert [flag.name for flag in radar.flags] == ["straight_lined_high", "all_fours_high"]
    assert radar.flags[0].reason.key == "radar.share.own"
    alone = radar_of(responses, KEYS, Surroundings(JAKARTA, former=former))
    assert alone.mark("straight_lined").high is True


def test_a_high_share_flags_the_unit_and_marks_no_further_response() -> None:
    others = [Shares(100, n, n) for n in (50, 55, 60, 65, 70)]
    responses = [seen([4] * 9) for _ in range(97)] + [seen(mixed(n)) for n in range(3)]
    radar = radar_of(responses, KEYS, Surroundings(JAKARTA, comparable=others))
    assert [flag.name for flag in radar.flags] == ["straight_lined_high", "all_fours_high"]
    assert radar.flags[0].reason.params == {"median": 60, "units": 5}
    assert radar.left_out == frozenset()
    threes = radar_of(
        [seen([3] * 9) for _ in range(97)] + [seen(mixed(n)) for n in range(3)],
        KEYS,
        Surroundings(JAKARTA, comparable=others),
    )
    assert [flag.name for flag in threes.flags] == ["straight_lined_high"]


@pytest.mark.parametrize(
    ("n", "population", "needed", "flag"),
    [
        (501, 500, 217, "over_population"),
        (500, 500, 217, "near_population"),
        (400, 500, 217, "near_population"),
        (399, 500, 217, None),
        (44, 50, 44, None),  # Krejcie & Morgan ask 44 of 50 users
        (45, 50, 44, "near_population"),
        (5, None, None, None),
        (1, 0, 0, "over_population"),
        (0, 0, 0, None),
    ],
)
def test_responses_against_the_population(
    n: int, population: int | None, needed: int | None, flag: str | None
) -> None:
    found = against_population(n, population, needed, LIMITS)
    assert (found and found[0]) == flag


def test_two_marks_or_a_burst_leave_out_one_mark_does_not() -> None:
    quiet = [seen([4] * 9, 3600 * n) for n in (0, 2)]
    quick = seen([4] * 9, 3600, duration=10)
    burst = [seen(mixed(n), 20_000 + n) for n in range(10)]
    fast = seen(mixed(11), 40_000, duration=10)
    everyone = [*quiet, quick, *burst, fast]
    radar = radar_of(everyone, KEYS, ALONE)
    assert marks_of(radar, quiet[0].id) == {"straight_lined", "all_fours"}
    assert marks_of(radar, quick.id) == {"straight_lined", "all_fours", "speeding"}
    assert radar.left_out == {quick.id, *(each.id for each in burst)}
    assert radar.tally.n == 14
    assert findings_of(radar).without_left_out() == tally_of_rows(
        KEYS, [Row(each.answers) for each in (*quiet, fast)]
    )


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 20), st.integers(5, 40)), max_size=30))
def test_without_a_mark_is_the_tally_of_the_others(
    made: Sequence[tuple[int, int, int]],
) -> None:
    responses = [
        seen([4] * 9 if kind else mixed(number), 200 * at, duration)
        for number, (kind, at, duration) in enumerate(made)
    ]
    around = Surroundings(JAKARTA, parse("Senin 10:00-10:30"))
    radar = radar_of(responses, KEYS, around)
    assert radar.tally == tally_of_rows(KEYS, [Row(each.answers) for each in responses])
    for name in MARKS:
        others = [Row(each.answers) for each in responses if name not in marks_of(radar, each.id)]
        assert findings_of(radar).without(name) == tally_of_rows(KEYS, others)
    kept = [Row(each.answers) for each in responses if each.id not in radar.left_out]
    assert findings_of(radar).without_left_out() == tally_of_rows(KEYS, kept)


def test_responses_without_an_answer_are_nowhere() -> None:
    blank = seen([None] * 9, 0, duration=0)
    radar = radar_of([blank, seen(mixed(0), 1)], KEYS, ALONE)
    assert (radar.tally.n, marks_of(radar, blank.id)) == (1, set())
    assert radar.mark("burst").checked == 1


def test_a_response_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="Response x came twice"):
        radar_of([seen(mixed(0), id="x"), seen(mixed(1), id="x")], KEYS, ALONE)


def release(straight: int, fours: int, fast: int, plain: int) -> set[str]:
    """What is shown of a unit where the fast ones are none of the straight-lined."""
    responses = [
        *(seen([3] * 9) for _ in range(straight - fours)),
        *(seen([4] * 9) for _ in range(fours)),
        *(seen(mixed(n), duration=9) for n in range(fast)),
        *(seen(mixed(n), duration=99) for n in range(plain)),
    ]
    found = shown(radar_of(responses, KEYS, ALONE))
    return set(found) & {"straight_lined", "all_fours", "speeding"}


@pytest.mark.parametrize("few", [1, 4])
@pytest.mark.parametrize("said", [mixed(7), [4] * 9])
def test_no_mark_beside_thirty_on_paper_tells_what_few_from_chats_gave(few, said) -> None:
    """Whoever knows the paper reads "hidden" beside "0 of 31" as: that one gave nothing but fours.
    By five from chats, and none, it is as before."""

    def among(own: int) -> set[str]:
        paper = [seen(mixed(n)) for n in range(30)]
        return set(shown(radar_of([*paper, *(seen(said, at=n) for n in range(own))], KEYS, ALONE)))

    assert among(few) == set()
    assert {"speeding", "burst"} <= among(0) & among(5)


def test_no_figure_that_rests_on_one_to_four_responses() -> None:
    assert release(10, 5, 5, 30) == {"straight_lined", "all_fours", "speeding"}
    assert release(4, 0, 5, 30) == {"all_fours", "speeding"}
    assert release(10, 8, 5, 30) == {"straight_lined", "speeding"}  # 2 straight-lined threes
    assert release(10, 10, 5, 4) == {"straight_lined", "all_fours"}  # the rest would be 4
    assert release(10, 10, 0, 4) == {"speeding"}
    assert release(0, 0, 0, 3) == set()
    assert release(0, 0, 0, 5) == {"straight_lined", "all_fours", "speeding"}


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_reason_has_its_words(language: str) -> None:
    texts, said = words(language), set()
    hours = parse("Senin 08:00-09:00")
    others = [Shares(100, n, n) for n in (50, 55, 60, 65, 70)]
    full = [seen([4] * 9, 60 * n, 5) for n in range(70)]
    for around in (
        ALONE,
        Surroundings(JAKARTA, hours, 30, 28, others),
        Surroundings(JAKARTA, hours, 45, former=[Shares(100, 20, 20)]),
    ):
        for responses in ([], [seen(mixed(0))], full, [seen(mixed(n)) for n in range(40)]):
            radar = radar_of(responses, KEYS, around)
            for line in [
                *(line for mark in radar.marks for line in mark.reason),
                *(flag.reason for flag in radar.flags),
            ]:
                assert "{" not in texts.line(line)
                said.add(line.key)
    reasons = {
        key for key in texts.texts if key.startswith("radar.") and not key.startswith("radar.name.")
    }
    ours = {"headline", "pair", "without_left_out", "nothing_left", "untimed", "hidden"}
    assert reasons - said == {f"radar.{key}" for key in ours}
    assert {f"radar.name.{name}" for name in MARKS} <= texts.texts.keys()
