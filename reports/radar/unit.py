"""What can be said about a unit as a whole: its shares beside comparable units and beside its own
before, its population.

A straight-lined or all-fours response says nothing by itself: most real ones are. A unit whose
share of them stands far above that of units of its kind, or above its own of before, is worth a
look.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median, variance

from flows.engine.form import Line
from reports.radar.limits import Limits
from reports.statistics.index import rounded


@dataclass(frozen=True, slots=True)
class Shares:
    """Of one unit and period: its responses with an answer, and how many carry each fact."""

    n: int
    straight_lined: int
    all_fours: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """`high`: None where there is not enough to compare with. `why`: in words."""

    high: bool | None
    why: Line


def judge(marked: int, n: int, others: Sequence[tuple[int, int]], limits: Limits) -> Verdict:
    """A unit's share beside that of others of its kind, each as (marked, n), itself left out.

    High: above their median by more than `share_spreads` times the spread (the standard deviation
    between units and the chance of n answers, together), and by `share_gap`.
    """
    shares = [Fraction(*other) for other in others if other[1] >= limits.share_responses]
    if n < limits.share_responses:
        params = {"n": n, "least": limits.share_responses}
        return Verdict(None, Line("radar.share.few_responses", params))
    if len(shares) < limits.share_units:
        params = {"units": len(shares), "least": limits.share_units}
        return Verdict(None, Line("radar.share.few_units", params))
    middle = median(shares)
    squared = variance(shares) + middle * (1 - middle) / n
    above = Fraction(marked, n) - middle
    high = above >= limits.share_gap and above**2 > limits.share_spreads**2 * squared
    key = "radar.share.high" if high else "radar.share.usual"
    return Verdict(high, Line(key, {"median": percent(middle), "units": len(shares)}))


def above_own(
    marked: int, n: int, former: Sequence[tuple[int, int]], limits: Limits
) -> bool | None:
    """Whether a unit's share is high beside that of its own former periods, each as (marked, n):
    above by more than `own_spreads` times drift and chance together, and by `own_gap`. None where
    there is not enough to compare with."""
    before = sum(of for _, of in former)
    if min(n, before) < limits.share_responses:
        return None
    usual = Fraction(sum(number for number, _ in former), before)
    squared = limits.own_drift**2 + usual * (1 - usual) * (Fraction(1, n) + Fraction(1, before))
    above = Fraction(marked, n) - usual
    return above >= limits.own_gap and above**2 > limits.own_spreads**2 * squared


def against_population(
    n: int, population: int | None, needed: int | None, limits: Limits
) -> tuple[str, Line] | None:
    """A flag where n responses are too many for the users of the period; its name and reason."""
    if population is None or n <= (needed or 0):
        return None
    if n > population:
        return "over_population", _against("over", n, population)
    if n >= limits.population_share * population:
        return "near_population", _against("near", n, population)
    return None


def percent(share: Fraction) -> int:
    """Rounded half up."""
    return int(rounded(100 * share, 0))


def _against(how: str, n: int, population: int) -> Line:
    params = {"n": n, "population": population, "share": percent(Fraction(n, population or 1))}
    return Line(f"radar.{how}_population", params)
