"""A unit's mean drawn towards those of its kind, the more the fewer answered (empirical Bayes).

Theory. Unit i has the mean y_i of n_i responses, with the error σ²/n_i; the true means of units
of one kind lie around μ with variance τ². The best guess of a true mean is then
B_i y_i + (1 - B_i) μ with B_i = τ² / (τ² + σ²/n_i) (Efron & Morris, JASA 70, 1975).
σ² is pooled within the units, each by its n_i - 1: SE_i² n_i is the variance of one response.
τ² is DerSimonian and Laird's (Controlled Clinical Trials 7, 1986), never below 0; with weights
n_i/σ² its σ² cancels, so that it also holds where nothing varies within the units. μ weighs each
unit by 1/(τ² + σ²/n_i). All of this is an estimate and in floats.
"""

from collections.abc import Sequence
from math import fsum
from typing import NamedTuple


class UnitMean(NamedTuple):
    """The mean of one unit's n >= 1 responses, and its error squared (SE²)."""

    n: int
    mean: float
    variance: float


def comparable(units: Sequence[UnitMean]) -> list[float]:
    """Each unit's mean drawn towards the others', in the order given; no unit gives no mean.

    Where the units differ by no more than chance (τ² = 0) all get the same: their common mean.
    """
    inner = within(units)
    outer = between(units, inner)
    if not outer:
        return [_weighted_mean(units, [unit.n for unit in units])] * len(units) if units else []
    trust = [outer / (outer + inner / unit.n) for unit in units]
    # 1/(τ² + σ²/n) is B/τ²: the trust itself is the weight.
    middle = _weighted_mean(units, trust)
    return [b * unit.mean + (1 - b) * middle for b, unit in zip(trust, units, strict=True)]


def within(units: Sequence[UnitMean]) -> float:
    """σ²: the variance of a response within its unit; 0 where no unit has two responses."""
    freedom = sum(unit.n - 1 for unit in units)
    return fsum((u.n - 1) * u.n * u.variance for u in units) / freedom if freedom else 0.0


def between(units: Sequence[UnitMean], inner: float) -> float:
    """τ²: the variance of the units' true means, given σ²; 0 for fewer than two units."""
    total = sum(unit.n for unit in units)
    if len(units) < 2:
        return 0.0
    middle = _weighted_mean(units, [unit.n for unit in units])
    spread = fsum(unit.n * (unit.mean - middle) ** 2 for unit in units)
    excess = spread - (len(units) - 1) * inner
    return max(0.0, excess / (total - sum(unit.n**2 for unit in units) / total))


def _weighted_mean(units: Sequence[UnitMean], weights: Sequence[float]) -> float:
    return fsum(w * u.mean for w, u in zip(weights, units, strict=True)) / fsum(weights)
