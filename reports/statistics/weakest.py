"""Which elements are clearly weaker than the rest, and not only the lowest by chance.

Theory. Somebody is always last. An element is clearly weak where its mean lies below the mean of
the other elements by more than chance: Student's t of the difference, with its linearised error, in
which it is the same people who answered both (`reports.statistics.inference`). Of k elements that
are looked at, Holm's rule (Scand. J. Statist. 6, 1979) keeps the chance that any is named wrongly
at 5 in 100. Where all n people differ by the same amount the error is 0: then p is the chance
that n throws of a coin all show heads, 0.5^n. With very few people p is never below that.
"""

from collections.abc import Collection
from fractions import Fraction
from math import sqrt

from reports.statistics.inference import t_two_sided, weighted_mean
from reports.statistics.tally import Tally

ERROR = 0.05


def clearly_weak(tally: Tally, items: Collection[str]) -> tuple[str, ...]:
    """Of these answered items, lowest mean first; equals in the items' order."""
    found = sorted((_p(tally, item, items), item) for item in items) if len(items) > 1 else []
    weak = []
    for place, (p, item) in enumerate(found):
        if p * (len(found) - place) >= ERROR:
            break
        weak.append(item)
    means = {item: Fraction(tally.total(item), tally.answered(item)) for item in weak}
    return tuple(sorted(weak, key=lambda item: (means[item], tally.items.index(item))))


def _p(tally: Tally, item: str, items: Collection[str]) -> float:
    """The chance of a mean so far below the others' mean, were the item no weaker than they are."""
    other = Fraction(-1, len(items) - 1)
    difference = weighted_mean(
        tally,
        {each: Fraction(1) if each == item else other for each in items},
        tally.answered(item),
    )
    if difference is None or difference.value >= 0 or difference.n < 2:
        return 1.0
    least = 0.5**difference.n
    if not difference.variance:
        return least
    t = float(difference.value) / sqrt(difference.variance)
    return max(t_two_sided(difference.n - 1, t) / 2, least)
