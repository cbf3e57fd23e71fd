"""What the CUSUM of a unit's weeks finds and how often it is wrong, by simulation: the table of
docs/statistics.md. `python -m tests.bench.change --units N [--rows ROW …] [--threshold T]` prints
rows of `CASES`, all where none is named; a row's number is its seed. Same seeds, same table.

An answer is drawn from made-up people (nine answers of 1..4, a common part and a part of each;
index 81, SD 7.9, as the real table of 2019-Q4 from Pulang Pisau has 82 and 8.1). Answers come by
Poisson; a week of fewer than 5 joins the next. An element that fewer than 5 of a week answered is
hidden, and the week is judged as `reports.digest.moves` judges it: over what is shown.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from reports.statistics.comparable import UnitMean
from reports.statistics.course import WEEKS, Course, course_of

Floats = NDArray[np.float64]
FALL = 3.0  # points
YEAR = 52
YEARS = 3  # of each unit that does not change, after its first
FALLS = 3  # units that fall for each that does not change: they are quick to try
SAME_CALL = 13  # weeks: told again within so many, it is still the same call
HIDDEN = 5
TIMES = 25  # index points of a point of an answer


@dataclass(frozen=True, slots=True)
class Unit:
    """`per_week`: answers that come; `tau`: SD of what differs from week to week, in points;
    `blank`: share of answers left out, of every element; `complaints`: of the last one, instead."""

    per_week: float
    tau: float = 0.0
    blank: float = 0.0
    complaints: float | None = None


CASES = (
    *(Unit(n, tau) for n in (6, 15, 40) for tau in (0, 1, 2)),
    Unit(6, blank=0.1),
    Unit(15, complaints=0.7),
    Unit(100, 1),
    Unit(100, 2),
)


@dataclass(frozen=True, slots=True)
class Week:
    """Of the elements that are shown: sums and numbers of answers, 0 of a hidden one. `found`: the
    index over them."""

    found: UnitMean
    sums: Floats
    numbers: Floats


@cache
def people() -> Floats:
    """Their nine answers."""
    random = np.random.default_rng(2019)
    common = random.normal(0, 0.635, (20_000, 1)) * 0.45
    own = random.normal(0, 0.35, (20_000, 9))
    answers: Floats = np.clip(np.rint(3.25 + common + own), 1, 4)
    return answers


def weeks_of(
    unit: Unit, number: int, random: np.random.Generator, fall_from: int | None = None
) -> list[Week | None]:
    found: list[Week | None] = []
    waiting: list[Floats] = []
    for week in range(number):
        moved = random.normal(0, unit.tau) if unit.tau else 0.0
        moved -= FALL if fall_from is not None and week >= fall_from else 0.0
        came = random.integers(len(people()), size=random.poisson(unit.per_week))
        waiting.append(people()[came] + moved / TIMES)
        answers = np.concatenate(waiting)
        if len(answers) < HIDDEN:
            found.append(None)
            continue
        found.append(week_of(_with_blanks(unit, answers, random)))
        waiting = []
    return found


def _with_blanks(unit: Unit, answers: Floats, random: np.random.Generator) -> Floats:
    """NaN: not answered."""
    blank = np.full(answers.shape[1], unit.blank)
    blank[-1] = unit.blank if unit.complaints is None else unit.complaints
    return (
        np.where(random.random(answers.shape) < blank, np.nan, answers) if any(blank) else answers
    )


def week_of(answers: Floats) -> Week | None:
    """Rows are people. None: no element is shown."""
    there = ~np.isnan(answers)
    shown = there.sum(axis=0) >= HIDDEN
    there, values = there & shown, np.where(there & shown, answers, 0.0)
    sums, numbers, n = values.sum(axis=0), there.sum(axis=0), int(there.any(axis=1).sum())
    if not shown.any():
        return None
    means = sums / np.maximum(numbers, 1)
    weights = TIMES * shown / shown.sum() / np.maximum(numbers, 1)
    moves = ((values - means) * there) @ weights  # by linearisation
    index = TIMES * float(means[shown].mean())
    return Week(UnitMean(n, index, n / (n - 1) * float(moves @ moves)), sums, numbers)


def comparable_weeks(weeks: list[Week | None]) -> list[UnitMean | None]:
    """Each set to what it would be with the unit's usual mean of what is hidden."""
    told = [week for week in weeks if week]
    if not told:
        return [None] * len(weeks)
    sums, numbers = sum(week.sums for week in told), sum(week.numbers for week in told)
    usual = np.where(numbers > 0, sums / np.maximum(numbers, 1), np.nan)
    return [_set(week, usual) if week else None for week in weeks]


def _set(week: Week, usual: Floats) -> UnitMean:
    more = TIMES * (np.nanmean(usual) - usual[week.numbers > 0].mean())
    return week.found._replace(mean=week.found.mean + float(more))


def judged(weeks: list[Week | None], first: int) -> Iterator[Course | None]:
    """What is told each week from the place `first` on."""
    for last in range(first, len(weeks)):
        yield course_of(comparable_weeks(weeks[max(0, last + 1 - WEEKS) : last + 1]))


def is_told(course: Course, threshold: float | None) -> bool:
    """By another threshold than that in use, if one is given."""
    return course.real if threshold is None else course.shift.score > threshold


def false_calls(
    unit: Unit,
    units: int,
    years: int,
    random: np.random.Generator,
    threshold: float | None = None,
) -> list[int]:
    """Of each unit that does not change: its calls, up or down; the first year not counted."""
    every = (weeks_of(unit, YEAR * (years + 1), random) for _ in range(units))
    return [_calls(weeks, threshold) for weeks in every]


def _calls(weeks: list[Week | None], threshold: float | None) -> int:
    calls, last = 0, {True: -SAME_CALL - 1, False: -SAME_CALL - 1}
    for week, found in enumerate(judged(weeks, YEAR)):
        if found and is_told(found, threshold):
            up = found.shift.points > 0
            calls += week - last[up] > SAME_CALL
            last[up] = week
    return calls


def detected(
    unit: Unit, units: int, random: np.random.Generator, threshold: float | None = None
) -> tuple[float, float]:
    """Of units that fall by 3 points after a year: the share in which it is told within 8 and
    within 26 weeks."""
    found = []
    for _ in range(units):
        weeks = weeks_of(unit, YEAR + 26, random, fall_from=YEAR)
        told = enumerate(judged(weeks, YEAR), 1)
        falls = (n for n, c in told if c and c.shift.points < 0 and is_told(c, threshold))
        found.append(next(falls, 99))
    return sum(n <= 8 for n in found) / units, sum(n <= 26 for n in found) / units


def judged_mondays(unit: Unit, units: int, random: np.random.Generator) -> float:
    """The share of Mondays of a second year on which something was told and judged."""
    found = [c for _ in range(units) for c in judged(weeks_of(unit, 2 * YEAR, random), YEAR)]
    return sum(each is not None for each in found) / len(found)


def _share(share: float, units: int) -> str:
    """With its Monte-Carlo error: one standard error."""
    return f"{share:.0%} ± {100 * sqrt(share * (1 - share) / units):.0f}"


def row(at: int, units: int, threshold: float | None) -> str:
    unit, random = CASES[at], np.random.default_rng(at)
    calls = np.array(false_calls(unit, units, YEARS, random, threshold)) / YEARS
    wrong = f"{calls.mean():.2f} ± {calls.std(ddof=1) / sqrt(units):.2f}"
    falls = FALLS * units
    soon, late = (_share(each, falls) for each in detected(unit, falls, random, threshold))
    mondays = judged_mondays(unit, max(2, units // 20), random)
    blank = f"{unit.blank:.0%}" if unit.complaints is None else f"{unit.complaints:.0%} of one"
    cells = (at, unit.per_week, unit.tau, blank, f"{mondays:.0%}", wrong, soon, late)
    return f"| {' | '.join(map(str, cells))} |"


def main() -> None:
    asked = ArgumentParser()
    asked.add_argument("--units", type=int, default=150)
    asked.add_argument("--rows", type=int, nargs="*", default=range(len(CASES)))
    asked.add_argument("--threshold", type=float)
    given = asked.parse_args()
    print("| row | answers a week | SD between weeks | blank | Mondays judged |", end=" ")
    print("false calls a year | found in 8 weeks | in 26 |")
    print("|---|---|---|---|---|---|---|---|")
    for at in given.rows:
        print(row(at, given.units, given.threshold), flush=True)


if __name__ == "__main__":
    main()
