"""The ranking of units: each with the ranks it may as well have, for no index is exact.

Theory. All units' bounds hold together with 95 % (Šidák: each with 0.95^(1/m) for m units), by
Student's t as in the interval of one unit. Then a unit is surely below those whose lower bound is
above its upper one, and surely above those whose upper bound is below its lower one; between the
two lie the ranks that the answers allow: the joint confidence region for a ranking of Klein,
Wright and Wieczorek (J. R. Stat. Soc. C 69, 2020). Two sorted lists of bounds give all ranges.
Overlapping ranges are no groups of equals: A may overlap B and B overlap C where A is above C.

Where all answers of a unit are the same its error cannot be told (SE = 0 is not certainty, and a
unit that fills in its own forms must not gain by it): such a unit may have any rank, for itself
and in the eyes of the others. All of this speaks as if respondents were drawn at random.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import expm1, inf, log1p, sqrt

from reports.statistics.comparable import UnitMean, comparable
from reports.statistics.own_rank import LEAST_OF_A_KIND, OwnRank, own_ranks

JOINT_ERROR = 0.05


@dataclass(frozen=True, slots=True)
class Standing:
    """What ranking knows of a unit somebody answered about.

    `kind`: samsat, disdukcapil …; "" where not known. `n`: responses. `ikm`: unrounded, 25..100.
    `variance`: SE² of the IKM, without the correction for a finite population. `enough`: whether
    the unit reaches the minimum sample (`reports.statistics.inference.sample`).
    """

    code: str
    kind: str
    n: int
    ikm: Fraction
    variance: Fraction | float
    enough: bool


@dataclass(frozen=True, slots=True)
class Ranked:
    """A unit's place. `rank`: 1 is the highest IKM; equals share a rank, the next is left out.

    `best` and `worst`: the ends of the ranks it may have, best <= rank <= worst, for all units
    together. `own`: those for it alone (`reports.statistics.own_rank`). `comparable`: the
    IKM drawn towards units of its kind (`reports.statistics.comparable`); it plays no part in the
    rank. None where the kind is not known or has fewer than 5 units in the ranking.
    """

    standing: Standing
    rank: int
    best: int
    worst: int
    comparable: float | None
    own: OwnRank


def ranking(standings: Iterable[Standing], error: float = JOINT_ERROR) -> list[Ranked]:
    """The units with enough answers, highest first, equals by code; the others have no rank.

    `error`: the chance, for all units together, that some true rank lies outside its range.
    """
    units = sorted((s for s in standings if s.enough), key=_highest_first)
    ranks, ranges, kinds = _ranks(units), _ranges(units, error), _kinds(units)
    drawn, own = _comparable(kinds), _own(kinds)
    return [
        Ranked(unit, rank, best, worst, drawn.get(unit.code), own[unit.code])
        for unit, rank, (best, worst) in zip(units, ranks, ranges, strict=True)
    ]


def _highest_first(unit: Standing) -> tuple[float, Fraction, str]:
    # The float, rounded the same way for all, settles most comparisons; the fraction the rest.
    return -float(unit.ikm), -unit.ikm, unit.code


def _ranks(units: Sequence[Standing]) -> list[int]:
    ranks: list[int] = []
    for place, unit in enumerate(units, start=1):
        equal = place > 1 and unit.ikm == units[place - 2].ikm
        ranks.append(ranks[-1] if equal else place)
    return ranks


def _ranges(units: Sequence[Standing], error: float) -> list[tuple[int, int]]:
    bounds = _bounds(units, error)
    lows, highs = (sorted(ends) for ends in zip(*bounds, strict=True)) if bounds else ([], [])
    return [
        # 1 + those surely above, and all but those surely below.
        (1 + len(units) - bisect_right(lows, high), len(units) - bisect_left(highs, low))
        for low, high in bounds
    ]


def _bounds(units: Sequence[Standing], error: float) -> list[tuple[float, float]]:
    """The simultaneous lower and upper bound of each unit's IKM; not cut to 25..100."""
    if not units:
        return []
    # 1 - (1 - error)^(1/m), halved for two sides, without losing digits for many units.
    tail = -expm1(log1p(-error) / len(units)) / 2
    factors = _t_upper(tail, [max(unit.n - 1, 1) for unit in units])
    return [_around(unit, factor) for unit, factor in zip(units, factors, strict=True)]


def _around(unit: Standing, factor: float) -> tuple[float, float]:
    if unit.n < 2 or not unit.variance:
        return -inf, inf
    half_width = factor * sqrt(unit.variance)
    return float(unit.ikm) - half_width, float(unit.ikm) + half_width


_Kinds = dict[str, list[Standing]]


def _kinds(units: Sequence[Standing]) -> _Kinds:
    """Units by kind; those of none, and of a kind with fewer than 5, under ""."""
    number = Counter(unit.kind for unit in units)
    kinds: _Kinds = {}
    for unit in units:
        known = unit.kind if number[unit.kind] >= LEAST_OF_A_KIND else ""
        kinds.setdefault(known, []).append(unit)
    return kinds


def _means(group: Sequence[Standing]) -> list[UnitMean]:
    return [UnitMean(u.n, float(u.ikm), float(u.variance)) for u in group]


def _comparable(kinds: _Kinds) -> dict[str, float]:
    """Code → drawn IKM, for units whose kind has at least 5 of them."""
    return {
        unit.code: drawn
        for kind, group in kinds.items()
        if kind
        for unit, drawn in zip(group, comparable(_means(group)), strict=True)
    }


def _own(kinds: _Kinds) -> dict[str, OwnRank]:
    found = own_ranks([_means(group) for group in kinds.values()])
    return {
        unit.code: own
        for group, ranks in zip(kinds.values(), found, strict=True)
        for unit, own in zip(group, ranks, strict=True)
    }


# SciPy is slow to import and most commands need no ranking; it carries no types.
def _t_upper(tail: float, freedoms: Sequence[int]) -> list[float]:
    """Student's t exceeded with probability `tail`, for each of the degrees of freedom."""
    from scipy.special import stdtrit  # type: ignore[import-untyped,unused-ignore]

    return [-float(t) for t in stdtrit(freedoms, tail)]
