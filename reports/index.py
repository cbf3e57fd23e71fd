"""The satisfaction index (IKM) of a tally, in exact fractions (PermenPANRB 14/2017).

An element's mean is the sum of its values by the number who answered it. The SKM (1..4) is the
plain mean of the k elements that somebody answered, weight 1/k each; IKM = SKM × 25 (25..100).
Nothing is rounded on the way: once, half up, at the end, and the grade is that of the rounded
IKM. The method "0.11" is kept to recompute old reports that printed 1/9 as 0,11 and then
calculated with it; it makes a perfect survey 99.00.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from reports.tally import Tally

Method = Literal["exact", "0.11"]
Elements = Mapping[str, str] | None
"""Item → element, for forms with several questions per element; an item left out is its own."""

IKM_PER_SKM = 25


class Grade(NamedTuple):
    """A grade (mutu), the official words for it (kinerja), and the lowest rounded IKM it has."""

    grade: str
    label: str
    lowest: Fraction


GRADES = (
    Grade("A", "Sangat baik", Fraction("88.31")),
    Grade("B", "Baik", Fraction("76.61")),
    Grade("C", "Kurang baik", Fraction("65.00")),
    Grade("D", "Tidak baik", Fraction(0)),
)


class Element(NamedTuple):
    """How many answered (of several questions: the one most answered), and the mean, 1..4."""

    n: int
    mean: Fraction | None


@dataclass(frozen=True)
class Index:
    """The index of `n` responses, unrounded. Without any answer all figures are None.

    `elements`: in the order of the tally's items. `skm`: 1..4. `ikm`: 25..100.
    """

    n: int
    elements: Mapping[str, Element]
    skm: Fraction | None
    ikm: Fraction | None
    grade: str | None
    label: str | None
    method: Method


def index_of(tally: Tally, elements: Elements = None, method: Method = "exact") -> Index:
    """The index. ValueError: method "0.11" where the elements answered are not nine."""
    each = {
        element: Element(max((tally.answered(item) for item in items), default=0), mean)
        for (element, items), mean in zip(
            _answered_items(tally, elements).items(),
            element_means(tally, elements).values(),
            strict=True,
        )
    }
    weights = item_weights(tally, elements, method)
    if not weights:
        return Index(tally.n, each, None, None, None, None, method)
    skm = sum((weight * item_mean(tally, item) for item, weight in weights.items()), Fraction(0))
    ikm = skm * IKM_PER_SKM
    grade = grade_of(ikm)
    return Index(tally.n, each, skm, ikm, grade.grade, grade.label, method)


def item_mean(tally: Tally, item: str) -> Fraction:
    """The mean of an item that somebody answered."""
    return Fraction(tally.total(item), tally.answered(item))


def element_means(tally: Tally, elements: Elements = None) -> dict[str, Fraction | None]:
    """Element → mean of its questions' means (not of all their answers); None: nobody answered."""
    return {
        element: sum((item_mean(tally, item) for item in items), Fraction(0)) / len(items)
        if items
        else None
        for element, items in _answered_items(tally, elements).items()
    }


def item_weights(
    tally: Tally, elements: Elements = None, method: Method = "exact"
) -> dict[str, Fraction]:
    """Item → weight of its mean in the SKM, for the items somebody answered."""
    groups = [items for items in _answered_items(tally, elements).values() if items]
    if not groups:
        return {}
    weight = _element_weight(len(groups), method)
    return {item: weight / len(items) for items in groups for item in items}


def grade_of(ikm: Fraction) -> Grade:
    """The grade of an IKM, decided on its value rounded half up to 2 decimals."""
    value = Fraction(rounded(ikm, 2))
    return next(grade for grade in GRADES if value >= grade.lowest)


def rounded(value: Fraction, places: int) -> str:
    """Decimal text rounded half up (of a negative value: its size), such as "84.72"."""
    size, unit = abs(value) * 10**places, 10**places
    whole = (2 * size.numerator + size.denominator) // (2 * size.denominator)
    sign = "-" if value < 0 and whole else ""
    return f"{sign}{whole // unit}" + (f".{whole % unit:0{places}}" if places else "")


def as_json(
    index: Index,
    ci95: tuple[float, float] | None = None,
    sample: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The JSON of `skm index`; `ci95` and `sample` come from `reports.statistics`."""
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
        "alpha": None,
        "sample": None if sample is None else dict(sample),
    }


def _number(value: Fraction | None, places: int) -> float | None:
    return None if value is None else float(rounded(value, places))


def _answered_items(tally: Tally, elements: Elements) -> dict[str, list[str]]:
    """Element → those of its items that somebody answered, elements in the items' order."""
    groups: dict[str, list[str]] = {}
    for item in tally.items:
        group = groups.setdefault((elements or {}).get(item, item), [])
        if tally.answered(item):
            group.append(item)
    return groups


def _element_weight(k: int, method: Method) -> Fraction:
    if method == "exact":
        return Fraction(1, k)
    # 0,11 is 1/9 cut off; with fewer elements it would only lower the index.
    if k != 9:
        raise ValueError(
            f"Weight 0.11 belongs to nine elements, and {k} were answered here. "
            'Use the method "exact".'
        )
    return Fraction(11, 100)
