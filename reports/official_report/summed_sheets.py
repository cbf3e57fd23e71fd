"""What the sheets of an agency's units say of a period, one content a unit, and what several sheets
add up to.

A unit that published shorter periods, such as quarters in a year, counts by the sum of its sheets
in it. Everything is made of told sums alone, so it tells nothing more (`reports.disclosure`).
What is not in any sheet, such as the interval of several, follows from what the sheets show.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from fractions import Fraction
from math import hypot
from typing import Any

from sqlalchemy import Connection

from flows.instrument import Instrument
from reports.disclosure import least
from reports.official_report.calculation import index_from
from reports.official_report.counted import why_of
from reports.official_report.report import Element, Figures, Headline, ItemSum
from reports.statistics.index import grade_of, rounded
from storage.index import sheets
from storage.periods import MONTHS, Period, parse, period_of

Content = Mapping[str, Any]
Contents = Mapping[str, Content]
"""A unit's code → what its sheet says. "numbers": those of its sheets. "parts": of how many
periods, and how many there are, where it is the sum of shorter ones."""


def contents_of(
    connection: Connection, agency: str, period: Period, by: Instrument
) -> dict[str, Content]:
    """By that instrument alone."""
    found = {
        content["unit"]["code"]: {**content, "numbers": [content["number"]]}
        for content in _read(connection, agency, period.name, by)
    }
    shorter: dict[str, list[tuple[Period, Content]]] = defaultdict(list)
    for part in _within(period, sheets.periods_of_agency(connection, agency)):
        for content in _read(connection, agency, part.name, by):
            of_unit = shorter[content["unit"]["code"]]
            if not of_unit or of_unit[-1][0].last < part.first:  # no day counts twice
                of_unit.append((part, content))
    summed = {code: _summed(parts, period, by) for code, parts in shorter.items()}
    return {**summed, **found}


def longer(names: Iterable[str]) -> Iterator[Period]:
    """Periods in which several of these lie."""
    those = [parse(name) for name in names]
    kinds = [kind for kind in MONTHS if kind != "month"]
    longer = {period_of(kind, each.first) for kind in kinds for each in those}
    return (each for each in longer if len(list(_within(each, names))) > 1)


def figures_of(contents: Sequence[Content], by: Instrument) -> Figures:
    """Of all sums that the sheets show."""
    items = tuple(_together(item, contents) for item in by.keys)
    # The index is of those whose sheets tell theirs; without any, everybody is named.
    told = [content for content in contents if content["index"]["ikm"] is not None]
    n = sum(content["n"] for content in told or contents)
    index = index_from(items, by)
    headline = None
    if index is not None and n >= least():
        grade = grade_of(index, by.grades)
        headline = Headline(
            rounded(index / by.times, 4), rounded(index, 2), grade.grade, grade.label
        )
    elements = tuple(_element(key, items, by) for key in dict.fromkeys(by.elements.values()))
    left_out = tuple(each.key for each in elements if each.mean is None)
    return Figures(n, headline, why_of(headline, n), elements, items, left_out)


def sources_of(contents: Iterable[Content]) -> dict[str, int]:
    n: dict[str, int] = {}
    for content in contents:
        for source, part in content["sources"].items():
            n[source] = n.get(source, 0) + part["n"]
    return n


def _read(connection: Connection, agency: str, name: str, by: Instrument) -> Iterator[Content]:
    found = map(json.loads, sheets.of_agency(connection, agency, name))
    return (content for content in found if content["instrument"] == by.id)


def _within(period: Period, names: Iterable[str]) -> list[Period]:
    """The shorter ones in it, by their first days; of equal ones the longer first."""
    inside = [
        part
        for part in map(parse, names)
        if period.first <= part.first and part.last <= period.last and part.name != period.name
    ]
    return sorted(inside, key=lambda part: (part.first, -part.last.toordinal()))


def _summed(parts: Sequence[tuple[Period, Content]], period: Period, by: Instrument) -> Content:
    """As one sheet's. Its sample is reached where as many answered as all of them need."""
    contents = [content for _, content in parts]
    told = [content for content in contents if content["index"]["ikm"] is not None]
    figures = figures_of(contents, by)
    samples = [content["sample"] for content in contents]
    needed = sum(each["needed"] for each in samples) if all(samples) else None
    people = [content["population"] for content in contents]
    there = MONTHS.get(period.kind, 0) // MONTHS.get(parts[0][0].kind, 1)
    return {
        "unit": contents[-1]["unit"],
        "instrument": by.id,
        "n": figures.n,
        "sums": {each.key: {"n": each.n, "sum": each.sum or None} for each in figures.items},
        "index": _index(figures, told),
        "verified": {"n": sum(content["verified"]["n"] for content in contents)},
        "sources": {source: {"n": n} for source, n in sources_of(contents).items()},
        "sample": None if needed is None else {"needed": needed, "enough": figures.n >= needed},
        "population": None if None in people else sum(people),
        "number": contents[-1]["number"],
        "numbers": [content["number"] for content in contents],
        "parts": (len(parts), there),
    }


def _index(figures: Figures, told: Sequence[Content]) -> Content:
    """With the interval of independent samples, each by its share of the answers."""
    if figures.headline is None or not told:
        return {"ikm": None, "skm": None, "grade": None, "label": None, "ci95": None}
    half = hypot(*(float(_half(content["index"]) * content["n"] / figures.n) for content in told))
    middle = Fraction(figures.headline.ikm)
    ends = [rounded(middle + Fraction(sign * half), 1) for sign in (-1, 1)] if half else None
    return {**asdict(figures.headline), "ci95": ends}


def _half(index: Content) -> Fraction:
    if not index["ci95"]:
        return Fraction(0)
    low, high = map(Fraction, index["ci95"])
    return max(Fraction(index["ikm"]) - low, high - Fraction(index["ikm"]))


def _together(item: str, contents: Iterable[Content]) -> ItemSum:
    told = [c["sums"][item] for c in contents if c["sums"][item]["sum"] is not None]
    return ItemSum(item, sum(each["n"] for each in told), sum(each["sum"] for each in told))


def _element(key: str, items: Iterable[ItemSum], by: Instrument) -> Element:
    of = [each for each in items if by.elements[each.key] == key]
    means = [Fraction(each.sum, each.n) for each in of if each.n and each.sum is not None]
    mean = sum(means, Fraction(0)) / len(means) if means else None
    return Element(key, max(each.n for each in of), mean)
