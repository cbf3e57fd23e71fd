"""The public service index (IPP) of a unit and an institution, in exact fractions.

F-02 are an evaluator's scores of indicators, F-03 the answers of users, both 0..5. An aspect's mean
weighs its indicators, F-02 weighs the aspects, IPP = 0.75 F-02 + 0.25 F-03 (PermenPANRB 29/2022;
numbers and their versions in `ipp.toml`). Nothing is rounded on the way: once, half up, to 2
decimals, at the end; grades and ranks are those of the rounded value, so that a reader of the
printed figures can check them. The IKM does not enter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reports.ipp.rules import Aspect, Grade, Rules
from reports.statistics.index import rounded


@dataclass(frozen=True, slots=True)
class Score:
    """An evaluator's score of one indicator. `number` orders the indicators of an aspect.
    `weight`: its part of the aspect, in any one measure, or None where the file names none."""

    aspect: str
    number: int
    score: int
    weight: Fraction | None = None


@dataclass(frozen=True, slots=True)
class F02:
    """`unweighted`: aspects whose indicators' weights nobody named, so that their mean is plain."""

    index: Fraction
    aspects: Mapping[str, Fraction]
    unweighted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Institution:
    """`ipp` of its `units` that were evaluated, unrounded; no unit: no figures and no rank."""

    name: str
    units: int
    ipp: Fraction | None
    grade: Grade | None
    rank: int | None


def f02_of(scores: Sequence[Score], rules: Rules) -> F02:
    """F-02 of one unit. ValueError: a score out of range or of no aspect, an aspect without one."""
    _check(scores, rules)
    means: dict[str, Fraction] = {}
    unweighted = []
    for aspect in rules.aspects:
        mine = sorted((s for s in scores if s.aspect == aspect.key), key=lambda s: s.number)
        weights = _weights(aspect, mine)
        if not weights:
            unweighted.append(aspect.key)
        means[aspect.key] = _mean(aspect, mine, weights or [Fraction(1)] * len(mine))
    index = sum((aspect.weight * means[aspect.key] for aspect in rules.aspects), Fraction(0))
    return F02(index, means, tuple(unweighted))


def f03_of(item_means: Mapping[str, Fraction | None]) -> Fraction | None:
    """F-03: the plain mean of the items' means, 0..5; items nobody answered are left out."""
    means = [mean for mean in item_means.values() if mean is not None]
    return sum(means, Fraction(0)) / len(means) if means else None


def ipp_of(f02: Fraction, f03: Fraction, rules: Rules) -> Fraction:
    """The IPP of a unit, unrounded."""
    return rules.f02_weight * f02 + rules.f03_weight * f03


def grade_of(ipp: Fraction, rules: Rules) -> Grade:
    """The grade of the value rounded half up to 2 decimals; above a cut, not at it."""
    value = Fraction(rounded(ipp, 2))
    return next(grade for grade in rules.grades if grade.above is None or value > grade.above)


def ranked(units: Mapping[str, Sequence[Fraction]], rules: Rules) -> list[Institution]:
    """Institutions in order of their IPP, the plain mean of their units' (name → IPPs).

    Equal printed values share a rank (1, 2, 2, 4). Institutions without a unit come last.
    """
    means = {name: sum(ipps, Fraction(0)) / len(ipps) for name, ipps in units.items() if ipps}
    printed = {name: Fraction(rounded(mean, 2)) for name, mean in means.items()}
    found = [
        Institution(
            name,
            len(units[name]),
            means[name],
            grade_of(means[name], rules),
            1 + sum(other > value for other in printed.values()),
        )
        for name, value in sorted(printed.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    return found + [Institution(n, 0, None, None, None) for n in sorted(units) if not units[n]]


def _check(scores: Sequence[Score], rules: Rules) -> None:
    keys = [aspect.key for aspect in rules.aspects]
    for score in scores:
        if score.aspect not in keys:
            raise ValueError(f"There is no aspect {score.aspect}; the aspects: {', '.join(keys)}.")
        if not 0 <= score.score <= rules.highest:
            raise ValueError(f"The score {score.score} is not 0 to {rules.highest}.")


def _weights(aspect: Aspect, scores: Sequence[Score]) -> list[Fraction] | None:
    """Those of the file, else those of the rules if they speak of as many indicators."""
    named = [score.weight for score in scores if score.weight is not None]
    if named and len(named) < len(scores):
        raise ValueError(f"{aspect.name}: some scores have a weight and some have none.")
    if named:
        return named
    if scores and len(scores) == len(aspect.indicator_weights):
        return [Fraction(weight) for weight in aspect.indicator_weights]
    return None


def _mean(aspect: Aspect, scores: Sequence[Score], weights: Sequence[Fraction]) -> Fraction:
    total = sum(weights, Fraction(0))
    if not total:
        raise ValueError(f"{aspect.name} has no score that weighs anything; score its indicators.")
    weighed = (w * score.score for w, score in zip(weights, scores, strict=True))
    return sum(weighed, Fraction(0)) / total
