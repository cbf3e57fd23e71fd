"""Whether a unit's weeks have moved, and since when: a two-sided CUSUM against its own reference.

Theory. Week t has the index y_t of n_t answers, with the variance σ²/n_t + τ²: σ² is that of an
answer within its week, pooled over the weeks; τ² that between weeks, by DerSimonian and Laird
(Controlled Clinical Trials 7, 1986) over the weeks before the change that is looked for. A CUSUM
(Page, Biometrika 41, 1954) is the largest sum of log-likelihood ratios of "moved by δ" against "did
not move" over all weeks in which the move may have begun (Lorden, Ann. Math. Statist. 42, 1971).
Written so, it can take in that the reference is itself an estimate: with the difference D of the
weighted means of the weeks since s and of the reference, and I the inverse of its variance,

    score(s) = δ (±D − δ/2) I,    δ = 3 points, so the allowance is δ/2 = 1.5,

and for a reference without error this is Page's sum. The reference are the first 52 of the last 78
weeks, or as many as lie before s. Weeks of which nothing was told are not there. The change is real
where the largest score is above a threshold, and the week that has it is the week it began.

The threshold was chosen by simulation (docs/statistics.md): after its first year an unchanged unit
hears about one false call in ten years. It is higher where weeks are sure of themselves, since
there the variance between weeks decides, and few weeks know that badly.

All of this is an estimate and in floats.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from reports.statistics.comparable import UnitMean, between, within

REFERENCE = 52  # weeks
LOOKED_AT = 26  # weeks in which a change may have begun
WEEKS = REFERENCE + LOOKED_AT
LEAST = 8
"""Weeks that a reference needs: of fewer its variance between weeks is not known."""

DELTA = 3.0  # points of the IKM
HIGHEST, LOWEST, SLOPE = 6.5, 4.5, 0.3

LIMITS = 3.0  # standard errors, as in Shewhart's chart


@dataclass(frozen=True, slots=True)
class Shift:
    """A change by `points` that began in the week at place `start`; `variance`: its SE², that of
    the reference included. `score`: as above. `weeks`: told ones that it rests on. `level`: the
    reference's mean."""

    start: int
    points: float
    variance: float
    score: float
    weeks: int
    level: float


@dataclass(frozen=True, slots=True)
class Course:
    """`level`: the reference's mean; `within` and `between`: σ² and τ². `shift`: the likeliest
    one, up or down; `real`: whether it is beyond the threshold."""

    level: float
    within: float
    between: float
    shift: Shift
    real: bool

    def limits(self, n: int) -> tuple[float, float]:
        """Where nearly all weeks of n answers lie while nothing changes."""
        half = LIMITS * sqrt(self.within / n + self.between)
        return self.level - half, self.level + half


def course_of(weeks: Sequence[UnitMean | None]) -> Course | None:
    """`weeks`: the last `WEEKS`, or fewer, the earliest first; None: nothing was told of it. The
    first is the first of which anything was.

    None where the last week is not there, where fewer than 8 lie before it, and where no two
    answers differ.
    """
    weeks = weeks[-WEEKS:]
    if not weeks or weeks[-1] is None:
        return None
    told = _told(weeks)
    starts = [place for place, _ in told if place >= max(1, len(weeks) - LOOKED_AT)]
    sigma = within([week for _, week in told])
    best = max(_shifts(told, starts, sigma), key=lambda shift: shift.score, default=None)
    if best is None:
        return None
    before = [week for place, week in told if place < best.start]
    tau = between(before, sigma)
    usual = sum(sigma / week.n for week in before) / len(before)
    return Course(best.level, sigma, tau, best, best.score > threshold(usual))


def threshold(variance: float) -> float:
    """`variance`: SE² of a usual week, as if weeks did not differ."""
    return max(LOWEST, HIGHEST - SLOPE * variance)


def shift_at(weeks: Sequence[UnitMean | None], start: int) -> Shift | None:
    """The change if it began there, up or down; None as `course_of`."""
    told = _told(weeks)
    return next(iter(_shifts(told, [start], within([week for _, week in told]))), None)


_Told = Sequence[tuple[int, UnitMean]]  # with their places
_Floats = NDArray[np.float64]


def _told(weeks: Sequence[UnitMean | None]) -> _Told:
    return [(place, week) for place, week in enumerate(weeks) if week is not None]


def _shifts(told: _Told, starts: Sequence[int], sigma: float) -> list[Shift]:
    """Of each start that has a reference and weeks since, all at once: starts × weeks."""
    columns = np.array([(place, week.n, week.mean) for place, week in told]).reshape(-1, 3)
    place, n, mean = columns.T
    start = np.array(starts)[:, None]
    is_before, is_reference = place < start, place < np.minimum(start, REFERENCE)
    references, since = is_reference.sum(1), (~is_before).sum(1)
    judged = (references >= LEAST) & (since > 0) & (sigma > 0)
    weights = 1 / (sigma / n + _between(np.where(is_before, n, 0)[judged], mean, sigma))
    now, error = _means(np.where(is_before[judged], 0, weights), mean)
    was, uncertain = _means(np.where(is_reference[judged], weights, 0), mean)
    points, variance = now - was, error + uncertain
    score = DELTA * (abs(points) - DELTA / 2) / variance
    weeks = references + since
    found = start[judged, 0], points, variance, score, weeks[judged], was
    return [Shift(*each) for each in zip(*(column.tolist() for column in found), strict=True)]


def _between(n: _Floats, mean: _Floats, sigma: float) -> _Floats:
    """τ² of each row (`reports.statistics.comparable.between`), in which weeks of n = 0 are not."""
    total = n.sum(1)
    middle = (n * mean).sum(1) / total
    spread = (n * (mean - middle[:, None]) ** 2).sum(1)
    excess = spread - ((n > 0).sum(1) - 1) * sigma
    found: _Floats = np.maximum(0, excess / (total - (n**2).sum(1) / total))
    return found[:, None]


def _means(weights: _Floats, mean: _Floats) -> tuple[_Floats, _Floats]:
    """The weighted mean of each row, and its SE²."""
    total = weights.sum(1)
    return (weights * mean).sum(1) / total, 1 / total
