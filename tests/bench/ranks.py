"""How often ranges of ranks hold the truth, and how wide they are, by simulation: the table of
docs/statistics.md. `python -m tests.bench.ranks` takes a minute; same seeds, same table.

Sixty units of one kind whose true indices differ by so many points (SD), with 30, 60, 150 or 300
answers of SD 10 each.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from reports.statistics.ranking import Standing, ranking

UNITS = 60


@dataclass(frozen=True, slots=True)
class Found:
    """Shares of units whose true rank is in its own range, which surely have a half, and which have
    the wrong one; mean widths, in places, of own and joint ranges."""

    held: float
    in_half: float
    wrong_half: float
    width: float
    joint: float


def simulated(spread: float, times: int, random: np.random.Generator) -> Found:
    each = []
    for _ in range(times):
        truth = 80 + spread * random.normal(size=UNITS)
        places = (-truth).argsort().argsort() + 1
        true = {f"U{unit}": int(place) for unit, place in enumerate(places)}
        units = []
        for code, mean in zip(true, truth, strict=True):
            answers = random.normal(mean, 10, random.choice([30, 60, 150, 300]))
            error = float(answers.var(ddof=1) / len(answers))
            index = Fraction(float(answers.mean()))
            units.append(Standing(code, "samsat", len(answers), index, error, True))
        for unit in ranking(units):
            place, own = true[unit.standing.code], unit.own
            half = "above" if 2 * place <= UNITS else "below"
            held, wrong = own.best <= place <= own.worst, own.half not in ("", half)
            widths = own.worst - own.best + 1, unit.worst - unit.best + 1
            each.append((held, own.half != "", wrong, *widths))
    return Found(*map(float, np.array(each, dtype=float).mean(axis=0)))


def main(times: int = 100) -> None:
    print("| units differ by | true rank in own range | width, own | joint | in a half | wrong |")
    print("|---|---|---|---|---|---|")
    for seed, spread in enumerate((1, 2, 3, 4, 6)):
        found = simulated(spread, times, np.random.default_rng(seed))
        widths = f"{found.width:.0f} | {found.joint:.0f}"
        halves = f"{found.in_half:.0%} | {found.wrong_half:.1%}"
        print(f"| {spread} points | {found.held:.1%} | {widths} | {halves} |", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
