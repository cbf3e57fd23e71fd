"""What the CUSUM of a unit's weeks finds and how often it is wrong, by simulation: the table of
docs/statistics.md. `python -m tests.bench.change` takes some ten minutes; same seeds, same table.

An answer is drawn from made-up people (nine answers of 1..4, a common part and a part of each;
index 81, SD 7.9, as the real table of 2019-Q4 from Pulang Pisau has 82 and 8.1). Answers come by
Poisson; a week of fewer than 5 joins the next. `tau`: SD of what differs from week to week, in
points.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from reports.statistics.comparable import UnitMean
from reports.statistics.course import WEEKS, Course, course_of

Floats = NDArray[np.float64]
FALL = 3.0  # points
YEAR = 52
SAME_CALL = 13  # weeks: told again within so many, it is still the same call
HIDDEN = 5


@dataclass(frozen=True, slots=True)
class Unit:
    """`per_week`: answers that come; `tau`: as above."""

    per_week: float
    tau: float = 0.0


@cache
def people() -> Floats:
    """Their indices."""
    random = np.random.default_rng(2019)
    common = random.normal(0, 0.635, (20_000, 1)) * 0.45
    own = random.normal(0, 0.35, (20_000, 9))
    answers: Floats = np.clip(np.rint(3.25 + common + own), 1, 4)
    indices: Floats = answers.mean(axis=1) * 25
    return indices


def weeks_of(
    unit: Unit, number: int, random: np.random.Generator, fall_from: int | None = None
) -> list[UnitMean | None]:
    found: list[UnitMean | None] = []
    waiting: list[Floats] = []
    for week in range(number):
        moved = random.normal(0, unit.tau) if unit.tau else 0.0
        moved -= FALL if fall_from is not None and week >= fall_from else 0.0
        waiting.append(random.choice(people(), random.poisson(unit.per_week)) + moved)
        came = np.concatenate(waiting)
        if len(came) < HIDDEN:
            found.append(None)
            continue
        found.append(UnitMean(len(came), came.mean(), came.var(ddof=1) / len(came)))
        waiting = []
    return found


def judged(weeks: list[UnitMean | None], first: int) -> Iterator[Course | None]:
    """What is told each week from the place `first` on."""
    for last in range(first, len(weeks)):
        yield course_of(weeks[max(0, last + 1 - WEEKS) : last + 1])


def false_calls(unit: Unit, units: int, years: int, random: np.random.Generator) -> float:
    """Of units that do not change: calls a year of each, up or down; the first year not counted."""
    calls = 0
    for _ in range(units):
        last = {True: -SAME_CALL - 1, False: -SAME_CALL - 1}
        for week, found in enumerate(judged(weeks_of(unit, YEAR * (years + 1), random), YEAR)):
            if found and found.real:
                up = found.shift.points > 0
                calls += week - last[up] > SAME_CALL
                last[up] = week
    return calls / units / years


def detected(unit: Unit, units: int, random: np.random.Generator) -> tuple[float, float]:
    """Of units that fall by 3 points after a year: the share in which it is told within 8 and
    within 26 weeks."""
    found = []
    for _ in range(units):
        weeks = weeks_of(unit, YEAR + 26, random, fall_from=YEAR)
        told = enumerate(judged(weeks, YEAR), 1)
        found.append(next((n for n, c in told if c and c.real and c.shift.points < 0), 99))
    return sum(n <= 8 for n in found) / units, sum(n <= 26 for n in found) / units


def main(units: int = 200) -> None:
    print("| answers a week | SD between weeks | false calls a year | found in 8 weeks | in 26 |")
    print("|---|---|---|---|---|")
    for seed, (per_week, tau) in enumerate((n, t) for n in (6, 15, 40, 200) for t in (0, 1, 2)):
        random = np.random.default_rng(seed)
        unit = Unit(per_week, tau)
        wrong = false_calls(unit, units, 3, random)
        soon, late = detected(unit, units, random)
        print(f"| {per_week} | {tau} | {wrong:.2f} | {soon:.0%} | {late:.0%} |", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
