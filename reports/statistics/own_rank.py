"""The ranks that one unit may have, for itself: narrower than ranges that hold for all together.

Theory. The true index of a unit, given its answers and those of its kind, lies around the
comparable figure (`reports.statistics.comparable`) with the variance B σ²/n + (1 − B)² Var(μ)
(Morris, JASA 78, 1983). Indices are drawn from there, all units at once, and ranked; between the
2.5 % and 97.5 % points of a unit's ranks lies its true rank in 95 of 100 cases, for each unit by
itself. Units of no kind, or of a kind with fewer than 5, are taken as one kind; fewer than 5 of
those by their own answers alone. The draws are the same whenever the units are: nobody gains a
place by asking again.

A joint range answers "which order of all units do the answers allow?", this one "where does this
unit stand?". Simulations of both stand in docs/statistics.md.
"""

from collections.abc import Sequence
from math import sqrt
from typing import Literal, NamedTuple

from reports.statistics.comparable import UnitMean, between, within

LEAST_OF_A_KIND = 5
DRAWN, MOST_RANKS, FEWEST = 4_000, 2_000_000, 400  # draws; ranks in all; draws of very many units
TAIL = 0.025
SEED = 2020

Half = Literal["above", "", "below"]


class OwnRank(NamedTuple):
    """`best` and `worst`: 95 % for this unit alone. `half`: whether it surely lies above the middle
    of the ranking, or below it; "": that cannot be told."""

    best: int
    worst: int
    half: Half


def own_ranks(groups: Sequence[Sequence[UnitMean]]) -> list[list[OwnRank]]:
    """For each unit of each group: those of a kind, and those of none."""
    import numpy as np  # slow to import, and most commands need no ranking

    beliefs = [each for group in groups for each in _beliefs(group)]
    if not beliefs:
        return [[] for _ in groups]
    means, errors = (np.array(each) for each in zip(*beliefs, strict=True))
    number = len(beliefs)
    draws = max(FEWEST, min(DRAWN, MOST_RANKS // number))
    random = np.random.default_rng(SEED)
    some = max(1, _NEAR // number)
    starts = np.arange(0, some * number, number)[:, np.newaxis]
    places = np.tile(np.arange(1, number + 1, dtype=np.int32), (some, 1))
    # Steps from the highest index to the lowest sort in a third of the time that the indices take,
    # and what is nearly in order in nearly none.
    reach = _REACH * float(np.median(errors))
    first, last = -means.max() - reach, -means.min() + reach
    scale = _STEPS / (last - first)
    ranks = np.empty((draws, number), np.int32)
    for begin in range(0, draws, some):
        part = ranks[begin : begin + some]
        of = starts[: len(part)]
        drawn = -means - errors * random.standard_normal(part.shape)
        steps = ((drawn - first) * scale).clip(0, _STEPS).astype(np.uint16)
        near = steps.argsort(axis=1, kind="stable") + of
        order = drawn.take(near).argsort(axis=1, kind="stable") + of
        part.reshape(-1)[near.take(order)] = places[: len(part)]
    ends = int(TAIL * (draws - 1)), draws - 1 - int(TAIL * (draws - 1))
    ranks.sort(axis=0)
    best_and_worst = zip(*(ranks[end].tolist() for end in ends), strict=True)
    found = iter(
        [OwnRank(best, worst, _half(best, worst, number)) for best, worst in best_and_worst]
    )
    return [[next(found) for _ in group] for group in groups]


def _half(best: int, worst: int, number: int) -> Half:
    if 2 * worst <= number:
        return "above"
    return "below" if 2 * best > number + 1 else ""


def _beliefs(kind: Sequence[UnitMean]) -> list[tuple[float, float]]:
    """Mean and standard deviation of each true index, given the answers. Where all of a unit's
    answers are the same its error cannot be told, as in joint ranges."""
    if len(kind) < LEAST_OF_A_KIND:
        return [(unit.mean, sqrt(unit.variance) or _UNKNOWN) for unit in kind]
    inner = within(kind)
    # Where they differ by no more than chance, every order is as likely as every other.
    outer = max(between(kind, inner), _NEXT_TO_NOTHING)
    trust = [outer / (outer + inner / unit.n) for unit in kind]
    total = sum(trust)
    middle = sum(b * unit.mean for b, unit in zip(trust, kind, strict=True)) / total
    beliefs = []
    for b, unit in zip(trust, kind, strict=True):
        error = sqrt(b * inner / unit.n + (1 - b) ** 2 * outer / total)
        beliefs.append((b * unit.mean + (1 - b) * middle, error if unit.variance else _UNKNOWN))
    return beliefs


_NEAR = 32_000  # indices drawn at a time, that they stay near the processor
_STEPS, _REACH = 65_535, 5  # what two bytes hold; so many errors beyond all means are one step
_NEXT_TO_NOTHING = 1e-9
_UNKNOWN = 1e3  # points: where all answers are the same the error cannot be told
