"""The satisfaction index (IKM) of a tally, in exact fractions (PermenPANRB 14/2017).

An element's mean is the sum of its values by the number who answered it. The SKM (1..4) is the
plain mean of the k elements that somebody answered, weight 1/k each; IKM = SKM × 25 (25..100).
Nothing is rounded on the way: once, half up, at the end, and the grade is that of the rounded
IKM. The method "0.11" is kept to recompute old reports that printed 1/9 as 0,11 and then
calculated with it; it makes a perfect survey 99.00. "0.071" is the same for 1/14 of 2004.

Other instruments have other values, another factor and other grades or none: all of it data
(`flows.instrument.Instrument`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from flows.instrument import Grade, Instrument
from reports.statistics.tally import Tally

Method = Literal["exact", "0.11", "0.071"]


__all__ = ["Grade", "Index", "Method", "index_of"]


class Element(NamedTuple):
    """How many answered (of several questions: the one most answered), and the mean of values."""

    n: int
    mean: Fraction | None


@dataclass(frozen=True)
class Index:
    """The index of `n` responses, unrounded. Without any answer all figures are None.

    `elements`: in the order of the tally's items. `skm`: 1..4, the mean; `ikm`: 25..100, the index
    (of other instruments on their own scales). `grade` and `label`: None too where the instrument
    has no grades.
    """

    n: int
    elements: Mapping[str, Element]
    skm: Fraction | None
    ikm: Fraction | None
    grade: str | None
    label: str | None
    method: Method

    @property
    def left_out(self) -> tuple[str, ...]:
        """The elements that nobody answered: each makes k one less."""
        return tuple(key for key, element in self.elements.items() if not element.n)


def index_of(tally: Tally, method: Method = "exact", *, instrument: Instrument) -> Index:
    """ValueError: a printed weight that the instrument never had, or where not all of its elements
    were answered.
    """
    by = instrument
    each = {
        element: Element(max((tally.answered(item) for item in items), default=0), mean)
        for (element, items), mean in zip(
            _answered_items(tally, by.elements).items(),
            element_means(tally, by.elements).values(),
            strict=True,
        )
    }
    weights = item_weights(tally, method, instrument=by)
    if not weights:
        return Index(tally.n, each, None, None, None, None, method)
    skm = sum((weight * item_mean(tally, item) for item, weight in weights.items()), Fraction(0))
    ikm = skm * by.times
    found = grade_of(ikm, by.grades) if by.grades else None
    grade, label = (found.grade, found.label) if found else (None, None)
    return Index(tally.n, each, skm, ikm, grade, label, method)


def item_mean(tally: Tally, item: str) -> Fraction:
    """The mean of an item that somebody answered."""
    return Fraction(tally.total(item), tally.answered(item))


def element_means(tally: Tally, elements: Mapping[str, str]) -> dict[str, Fraction | None]:
    """Element → mean of its questions' means (not of all their answers); None: nobody answered.
    `elements`: item → element."""
    return {
        element: sum((item_mean(tally, item) for item in items), Fraction(0)) / len(items)
        if items
        else None
        for element, items in _answered_items(tally, elements).items()
    }


def item_weights(
    tally: Tally, method: Method = "exact", *, instrument: Instrument
) -> dict[str, Fraction]:
    """Item → weight of its mean in the SKM, for the items somebody answered. As `index_of`."""
    groups = [items for items in _answered_items(tally, instrument.elements).values() if items]
    if not groups:
        return {}
    weight = _element_weight(len(groups), method, instrument)
    share = {size: weight / size for size in set(map(len, groups))}
    return {item: share[len(items)] for items in groups for item in items}


def grade_of(ikm: Fraction, grades: Sequence[Grade]) -> Grade:
    """The grade of an index, decided on its value rounded half up to 2 decimals."""
    value = Fraction(rounded(ikm, 2))
    return next(grade for grade in grades if value >= grade.lowest)


def rounded(value: Fraction, places: int) -> str:
    """Decimal text rounded half up (of a negative value: its size), such as "84.72"."""
    unit, size, below = 10**places, abs(value.numerator), value.denominator
    whole = (2 * size * unit + below) // (2 * below)
    sign = "-" if value < 0 and whole else ""
    return f"{sign}{whole // unit}" + (f".{whole % unit:0{places}}" if places else "")


def as_json(
    index: Index,
    ci95: tuple[float, float] | None = None,
    sample: Mapping[str, Any] | None = None,
    alpha: Fraction | None = None,
) -> dict[str, Any]:
    """The JSON of `skm index`; `ci95` and `sample` come from `reports.statistics.inference`,
    `alpha` from
    `reports.statistics.reliability`."""
    return {
        "n": index.n,
        "elements": {
            key: {"n": element.n, "mean": _number(element.mean, 4)}
            for key, element in index.elements.items()
        },
        "skm": None if index.skm is None else rounded(index.skm, 4),
        "ikm": None if index.ikm is None else rounded(index.ikm, 2),
        "grade": index.grade,
        "label": index.label,
        "method": index.method,
        "ci95": None if ci95 is None else [_number(Fraction(bound), 2) for bound in ci95],
        "alpha": _number(alpha, 4),
        "sample": None if sample is None else dict(sample),
    }


def _number(value: Fraction | None, places: int) -> float | None:
    return None if value is None else float(rounded(value, places))


def _answered_items(tally: Tally, elements: Mapping[str, str]) -> dict[str, list[str]]:
    """Element → those of its items that somebody answered, elements in the items' order."""
    groups: dict[str, list[str]] = {}
    for item in tally.items:
        group = groups.setdefault(elements.get(item, item), [])
        if tally.answered(item):
            group.append(item)
    return groups


def _element_weight(k: int, method: Method, by: Instrument) -> Fraction:
    if method == "exact":
        return Fraction(1, k)
    if method != by.printed_weight:
        printed = f' or "{by.printed_weight}"' if by.printed_weight else ""
        raise ValueError(
            f'Weight {method} was never printed for {by.id}. Use the method "exact"{printed}.'
        )
    # A printed weight is 1/k cut off; with fewer elements it would only lower the index.
    whole = len(set(by.elements.values()))
    if k != whole:
        raise ValueError(
            f"Weight {method} belongs to {_NUMBERS.get(whole, whole)} elements, and {k} were "
            'answered here. Use the method "exact".'
        )
    return Fraction(method)


_NUMBERS = {9: "nine", 14: "fourteen"}
