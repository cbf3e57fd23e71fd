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
    the reference included. `score`: as above. `weeks`: told ones that it rests on."""

    start: int
    points: float
    variance: float
    score: float
    weeks: int


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
    sigma = within([week for _, week in told])
    starts = [place for place, _ in told if place >= max(1, len(weeks) - LOOKED_AT)]
    shifts = [_shift(told, start, sigma) for start in starts]
    best = max((shift for shift in shifts if shift), key=lambda shift: shift.score, default=None)
    if best is None:
        return None
    before = [week for place, week in told if place < best.start]
    tau = between(before, sigma)
    usual = sum(sigma / week.n for week in before) / len(before)
    level, _ = _mean(
        [week for place, week in told if place < min(best.start, REFERENCE)], sigma, tau
    )
    return Course(level, sigma, tau, best, best.score > threshold(usual))


def threshold(variance: float) -> float:
    """`variance`: SE² of a usual week, as if weeks did not differ."""
    return max(LOWEST, HIGHEST - SLOPE * variance)


def shift_at(weeks: Sequence[UnitMean | None], start: int) -> Shift | None:
    """The change if it began there, up or down; None as `course_of`."""
    told = _told(weeks)
    return _shift(told, start, within([week for _, week in told]))


_Told = Sequence[tuple[int, UnitMean]]  # with their places


def _told(weeks: Sequence[UnitMean | None]) -> _Told:
    return [(place, week) for place, week in enumerate(weeks) if week is not None]


def _shift(told: _Told, start: int, sigma: float) -> Shift | None:
    since = [week for place, week in told if place >= start]
    before = [week for place, week in told if place < start]
    reference = before[: sum(place < min(start, REFERENCE) for place, _ in told)]
    if len(reference) < LEAST or not since or not sigma:
        return None
    tau = between(before, sigma)
    (now, error), (was, uncertain) = (_mean(each, sigma, tau) for each in (since, reference))
    points, variance = now - was, error + uncertain
    score = DELTA * (abs(points) - DELTA / 2) / variance
    return Shift(start, points, variance, score, len(since) + len(reference))


def _mean(weeks: Sequence[UnitMean], sigma: float, tau: float) -> tuple[float, float]:
    """The weighted mean, and its SE²."""
    weights = [1 / (sigma / week.n + tau) for week in weeks]
    total = sum(weights)
    return sum(w * week.mean for w, week in zip(weights, weeks, strict=True)) / total, 1 / total
