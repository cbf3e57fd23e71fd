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

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import starmap
from math import expm1, inf, log1p
from operator import attrgetter

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
    units = sorted((s for s in standings if s.enough), key=_code)
    units.sort(key=_height, reverse=True)  # equals stay by code
    if not units:
        return []
    means = [UnitMean(u.n, float(u.ikm), float(u.variance)) for u in units]
    each = _ranks(units, means), *_ranges(means, error), *_among_their_kind(units, means)
    return list(starmap(Ranked, zip(units, *each, strict=True)))


_code = attrgetter("code")


def _height(unit: Standing) -> tuple[float, Fraction]:
    # The float, rounded the same way for all, settles most comparisons; the fraction the rest.
    return float(unit.ikm), unit.ikm


def _ranks(units: Sequence[Standing], means: Sequence[UnitMean]) -> list[int]:
    ranks = [1]
    for place in range(1, len(units)):
        are_near = means[place].mean == means[place - 1].mean
        equal = are_near and units[place].ikm == units[place - 1].ikm
        ranks.append(ranks[-1] if equal else place + 1)
    return ranks


# NumPy and SciPy are slow to import and most commands need no ranking; SciPy carries no types.
def _ranges(means: Sequence[UnitMean], error: float) -> tuple[list[int], list[int]]:
    """The best and the worst rank of each, by simultaneous bounds; those are not cut to 25..100."""
    import numpy as np
    from scipy.special import stdtrit  # type: ignore[import-untyped,unused-ignore]

    number = len(means)
    n, mean, variance = (np.array(each) for each in zip(*means, strict=True))
    # 1 - (1 - error)^(1/m), halved for two sides, without losing digits for many units.
    tail = -expm1(log1p(-error) / number) / 2
    half_width = -stdtrit(np.maximum(n - 1, 1), tail) * np.sqrt(variance)
    half_width[(n < 2) | (variance == 0)] = inf
    low, high = mean - half_width, mean + half_width
    # 1 + those surely above, and all but those surely below.
    best = 1 + number - np.sort(low).searchsorted(high, side="right")
    worst = number - np.sort(high).searchsorted(low, side="left")
    return best.tolist(), worst.tolist()


def _among_their_kind(
    units: Sequence[Standing], means: Sequence[UnitMean]
) -> tuple[list[float | None], list[OwnRank]]:
    """Of each its drawn IKM, where its kind has at least 5 in the ranking, and its own ranks."""
    number = Counter(unit.kind for unit in units)
    kinds: dict[str, list[int]] = {}  # places; of no kind, and of a kind with fewer, under ""
    for place, unit in enumerate(units):
        known = unit.kind if number[unit.kind] >= LEAST_OF_A_KIND else ""
        kinds.setdefault(known, []).append(place)
    groups = [[means[place] for place in places] for places in kinds.values()]
    drawn: dict[int, float | None] = {}
    own: dict[int, OwnRank] = {}
    for (kind, places), group, ranks in zip(kinds.items(), groups, own_ranks(groups), strict=True):
        figures = comparable(group) if kind else [None] * len(group)
        drawn.update(zip(places, figures, strict=True))
        own.update(zip(places, ranks, strict=True))
    in_order = range(len(units))
    return [drawn[place] for place in in_order], [own[place] for place in in_order]
