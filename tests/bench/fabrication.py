"""What the radar finds of made-up answers, and how often it marks an honest unit, by simulation:
the tables of docs/statistics.md. `python -m tests.bench.fabrication` takes a minute; same seeds,
same tables.

A unit of so many answers a quarter, of which usually so many are straight-lined (published tables
hold 25 to 78 %); it has four quarters before, with a drift of 3 points (SD), and eleven units of
its kind, whose shares differ by 12. Of what is made up nine of ten rows are fours throughout.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np

from reports.radar import limits as radar_limits
from reports.radar.marks import Seen, bursts
from reports.radar.unit import above_own, judge
from tests.support.radar_seen import mixed, seen

DRIFT, KIND, MADE_UP_STRAIGHT = 0.03, 0.12, 0.9
LIMITS = radar_limits.current()
SPREADS = ("2.5", "2.75", "3")
DAY, HOUR = 86_400, 3_600


def flagged(
    n: int, usual: float, made_up: float, times: int, random: np.random.Generator
) -> tuple[float, ...]:
    """How often the unit is marked by its kind, and by its own history at each of `SPREADS`."""
    limits = [replace(LIMITS, own_spreads=Fraction(each)) for each in SPREADS]
    found = np.zeros(1 + len(limits))
    for _ in range(times):
        shares = np.clip(random.normal(usual, DRIFT, 5), 0.01, 0.99)
        former = [(int(random.binomial(n, share)), n) for share in shares[1:]]
        kind = np.clip(random.normal(0.5, KIND, 11), 0.01, 0.99)
        others = [(int(random.binomial(n, share)), n) for share in kind]
        fakes = int(random.binomial(n, made_up))
        marked = random.binomial(n - fakes, shares[0]) + random.binomial(fakes, MADE_UP_STRAIGHT)
        by_kind = judge(int(marked), n, others, LIMITS).high
        by_own = [above_own(int(marked), n, former, each) for each in limits]
        found += np.array([by_kind, *by_own], dtype=float)
    return tuple(found / times)


def honest_as_their_kind(n: int, times: int, random: np.random.Generator) -> tuple[float, ...]:
    """As `flagged`, of honest units that differ from each other as units of a kind do."""
    usual = np.clip(random.normal(0.5, KIND, times), 0.05, 0.95)
    found = np.array([flagged(n, share, 0, 1, random) for share in usual])
    return tuple(found.mean(axis=0))


def in_bursts(a_day: int, keyed: int, random: np.random.Generator) -> tuple[float, float]:
    """Of a quarter of 60 days, with twice as many on Mondays and in the first two of seven hours:
    the shares of honest rows, and of those keyed in within ten minutes on one day, in bursts."""
    honest: list[Seen] = []
    for day in range(60):
        rate = a_day * (2 if day % 5 == 0 else 1)
        hours = random.choice(7, random.poisson(rate), p=[2 / 9, 2 / 9, *[1 / 9] * 5])
        week, weekday = divmod(day, 5)
        start = (7 * week + weekday) * DAY
        for hour in hours:
            honest.append(seen(mixed(0), int(start + hour * HOUR + random.uniform(0, HOUR))))
    fakes = [seen(mixed(1), int(31 * DAY + 5 * HOUR + 600 * k / keyed)) for k in range(keyed)]
    found = bursts([*honest, *fakes], LIMITS)
    of = [sum(each.id in found for each in rows) / max(len(rows), 1) for rows in (honest, fakes)]
    return of[0], of[1]


def main(times: int = 1000) -> None:
    print("| answers | usually | made up | by kind | own history, at 2.5 | 2.75 | 3 spreads |")
    print("|---|---|---|---|---|---|---|")
    cases = product((50, 150, 400), (0.25, 0.55, 0.78), (0, 0.2, 0.4, 0.6))
    for seed, (n, usual, made_up) in enumerate(cases):
        found = flagged(n, usual, made_up, times, np.random.default_rng(seed))
        shares = " | ".join(f"{each:.1%}" for each in found)
        print(f"| {n} | {usual:.0%} | {made_up:.0%} | {shares} |", flush=True)
    for n in (50, 150, 400):
        found = honest_as_their_kind(n, times, np.random.default_rng(n))
        shares = " | ".join(f"{each:.1%}" for each in found)
        print(f"| {n} | as its kind | 0% | {shares} |", flush=True)
    print("\n| answers a day | keyed in within ten minutes | honest rows in bursts | keyed rows |")
    print("|---|---|---|---|")
    for seed, (a_day, keyed) in enumerate((n, k) for n in (10, 50, 200) for k in (15, 40)):
        honest, fake = in_bursts(a_day, keyed, np.random.default_rng(seed))
        print(f"| {a_day} | {keyed} | {honest:.1%} | {fake:.0%} |", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
