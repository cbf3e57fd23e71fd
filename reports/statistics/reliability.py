"""Whether the questions measure one thing together: Cronbach's alpha, item-total correlations.

Theory. With C the covariances of k items and T the sum of all its cells (the variance of a
respondent's total), alpha = k/(k-1) · (1 - Σ_e C_ee / T) (Cronbach, Psychometrika 16, 1951). The
corrected item-total correlation of item e is its correlation with the total of the others
(Nunnally & Bernstein, Psychometric Theory, 1994): with R_e = Σ_f C_ef it is
(R_e - C_ee) / √(C_ee · (T - 2 R_e + C_ee)). Where answers are missing, C_ef is taken over those
who answered both items, as pingouin and R's psych do ("pairwise"): N_ef, Σx_e, Σx_f and Σx_e x_f
over them are cells of the tally's Gram matrix, so no rows are needed and alpha is exact.
"""

from fractions import Fraction
from math import copysign, sqrt

from reports.statistics.tally import Tally

Covariances = dict[str, dict[str, Fraction]]
"""Item → item → covariance; symmetric."""


def alpha(tally: Tally) -> Fraction | None:
    """Cronbach's alpha, at most 1 (it may be negative); an item with fewer than 2 answers is out.

    None where it says nothing: fewer than 2 items, a total that does not vary, two items that
    fewer than 2 respondents both answered, or missing answers that leave covariances which no
    complete answers could have (T <= 0, or an alpha above 1).
    """
    covariances = _covariances(tally)
    total = _sum(covariances)
    if len(covariances) < 2 or total <= 0:
        return None
    variances = sum(row[item] for item, row in covariances.items())
    k = len(covariances)
    value = Fraction(k, k - 1) * (1 - variances / total)
    return value if value <= 1 else None


def item_total(tally: Tally) -> dict[str, float | None]:
    """Item → its correlation (-1..1) with the total of the other items; in the items' order.

    None as for `alpha`, and for an item that does not vary or whose others do not.
    """
    covariances = _covariances(tally)
    total = _sum(covariances)
    return {
        item: _with_the_others(item, covariances[item], total) if item in covariances else None
        for item in tally.items
    }


def _with_the_others(item: str, row: dict[str, Fraction], total: Fraction) -> float | None:
    variance, together = row[item], sum(row.values(), Fraction(0))
    shared, others = together - variance, total - 2 * together + variance
    if variance <= 0 or others <= 0 or shared**2 > variance * others:
        return None
    return copysign(sqrt(shared**2 / (variance * others)), shared)


def _covariances(tally: Tally) -> Covariances:
    """Of the items with 2 answers or more; nothing if any two of them share fewer than 2."""
    places = {item: at for at, item in enumerate(tally.items) if tally.answered(item) >= 2}
    covariances: Covariances = {item: {} for item in places}
    for left, e in places.items():
        for right, f in places.items():
            covariance = _covariance(tally, e, f)
            if covariance is None:
                return {}
            covariances[left][right] = covariance
    return covariances


def _covariance(tally: Tally, e: int, f: int) -> Fraction | None:
    """Of the items at places e and f, over those who answered both; divisor N - 1."""
    k = len(tally.items)
    both = _cell(tally, e, f)
    if both < 2:
        return None
    product = Fraction(_cell(tally, k + e, f) * _cell(tally, e, k + f), both)
    return (_cell(tally, k + e, k + f) - product) / (both - 1)


def _cell(tally: Tally, p: int, q: int) -> int:
    """Σ u_p u_q, from the upper triangle kept row by row."""
    p, q = min(p, q), max(p, q)
    return tally.gram[p * 2 * len(tally.items) - p * (p - 1) // 2 + q - p]


def _sum(covariances: Covariances) -> Fraction:
    return sum((cell for row in covariances.values() for cell in row.values()), Fraction(0))
