"""How often the radar marks an honest unit in a quarter, of whatever kind the mark is, by
simulation from the real published tables (`tests.support.published`): the table of
docs/statistics.md. `python -m tests.bench.honest [--quarters N] [--own SPREADS] [--chance CHANCE]`;
same seeds, same table.

Rows are drawn from one table, with replacement; the share of straight-lined ones drifts by 3 points
(SD) from quarter to quarter, as in `fabrication`. The unit has four quarters before. Its kind are
eleven units with as many answers: "alike" of the same table, their shares and the unit's own
differing by 12 points (SD); "unlike" each of one of the real tables. Answers come on 60 days, more
on Mondays and in the first two hours, everybody by themselves.

Not counted: speeding (nobody honest answers nine questions in 18 seconds), answers sent when the
unit is closed (an honest answer at home is one), and numbers of users (they need no chance).
"""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import sqrt
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from reports.radar import limits as radar_limits
from reports.radar.limits import Limits
from reports.radar.scan import FOURS, Surroundings, radar_of
from reports.radar.unit import Shares
from tests.bench.fabrication import DAY, DRIFT, HOUR, KIND
from tests.support.published import published_folder
from tests.support.radar_seen import KEYS, seen

Answers = NDArray[np.int64]
OTHERS, FORMER, DAYS = 11, 4, 60
LEAST = 100  # rows of a table that says how people answer
ANSWERS = (50, 150, 400, 3_000)
JUDGED = ("straight_lined", "all_fours")
KINDS = ("straight_lined", "all_fours", "burst", "identical_neighbours")
CURRENT = radar_limits.current()
AROUND = Surroundings(ZoneInfo("Asia/Jakarta"))


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that are straight-lined, and others."""

    name: str
    straight: Answers
    others: Answers

    share: float

    def another(self, random: np.random.Generator) -> Table:
        """Of a unit that differs from it as units of a kind do."""
        return replace(self, share=self.share + random.normal(0, KIND))

    def draw(self, n: int, random: np.random.Generator) -> Answers:
        """A quarter."""
        share = np.clip(self.share + random.normal(0, DRIFT), 0.0, 1.0)
        number = int(random.binomial(n, share))
        rows = (random.choice(self.straight, number), random.choice(self.others, n - number))
        return random.permutation(np.concatenate(rows))

    def shares(self, n: int, random: np.random.Generator) -> Shares:
        rows = self.draw(n, random)
        straight = (rows == rows[:, :1]).all(axis=1)
        return Shares(n, int(straight.sum()), int((straight & (rows[:, 0] == FOURS)).sum()))


def tables(folder: Path) -> list[Table]:
    """Of all answered rows; a table of few people says too little."""
    found = []
    for file in sorted(folder.glob("*.csv")):
        with file.open(encoding="utf-8") as lines:
            read = [[row[key] for key in KEYS] for row in csv.DictReader(lines)]
        rows = np.array([list(map(int, row)) for row in read if all(row)])
        straight = (rows == rows[:, :1]).all(axis=1)
        if len(rows) >= LEAST:
            share = float(straight.mean())
            found.append(Table(file.stem, rows[straight], rows[~straight], share))
    return found


def times(n: int, random: np.random.Generator) -> list[int]:
    """Seconds after a Monday's opening."""
    weights = np.array([2.0 if day % 5 == 0 else 1.0 for day in range(DAYS)])
    days = random.choice(DAYS, n, p=weights / weights.sum())
    hours = random.choice(7, n, p=[2 / 9, 2 / 9, *[1 / 9] * 5])
    week, weekday = np.divmod(days, 5)
    at = (7 * week + weekday) * DAY + hours * HOUR + random.uniform(0, HOUR, n)
    return sorted(map(int, at))


def marked(
    mine: Table, kind: list[Table], n: int, limits: Limits, random: np.random.Generator
) -> set[str]:
    """Kinds of marks that an honest quarter gets. `kind`: tables of unlike units; none: alike."""
    if kind:
        others = [kind[each] for each in random.choice(len(kind), OTHERS)]
    else:
        others, mine = [mine.another(random) for _ in range(OTHERS)], mine.another(random)
    around = replace(
        AROUND,
        comparable=[each.shares(n, random) for each in others],
        former=[mine.shares(n, random) for _ in range(FORMER)],
    )
    rows = zip(mine.draw(n, random), times(n, random), strict=True)
    found = radar_of([seen(row.tolist(), at) for row, at in rows], KEYS, around, limits=limits)
    return {
        mark.name for mark in found.marks if (mark.high if mark.name in JUDGED else mark.ids)
    } & set(KINDS)


def line(mine: Table, kind: list[Table], n: int, quarters: int, limits: Limits, seed: int) -> str:
    random, found = np.random.default_rng(seed), Counter[str]()
    for _ in range(quarters):
        names = marked(mine, kind, n, limits, random)
        found.update(names)
        found["any"] += bool(names)
    error = 100 * sqrt(max(found["any"], 1) * (quarters - found["any"])) / quarters**1.5
    each = " | ".join(f"{found[name] / quarters:.1%}" for name in KINDS)
    how = "unlike" if kind else "alike"
    return f"| {mine.name} | {n} | {how} | {each} | {found['any'] / quarters:.1%} ± {error:.1f} |"


def main() -> None:
    asked = ArgumentParser()
    asked.add_argument("--quarters", type=int, default=1000)
    asked.add_argument("--own", type=Fraction, default=CURRENT.own_spreads)
    asked.add_argument("--chance", type=Fraction, default=CURRENT.identical_neighbours_chance)
    given = asked.parse_args()
    folder = published_folder()
    assert folder, "the published tables are not there: SKM_PUBLISHED"
    limits = replace(CURRENT, own_spreads=given.own, identical_neighbours_chance=given.chance)
    every = tables(folder)
    print("| table | answers | kind | straight-lined high | all fours high | bursts |", end=" ")
    print("equal neighbours | any |")
    print("|---|---|---|---|---|---|---|---|")
    for seed, (n, mine, kind) in enumerate(product(ANSWERS, every, ([], every))):
        quarters = max(given.quarters // 5, 2) if n > 1_000 else given.quarters
        print(line(mine, kind, n, quarters, limits, seed), flush=True)


if __name__ == "__main__":
    main()
