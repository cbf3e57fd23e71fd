"""The figures of a report, from what a sheet says or would say of the responses (`reports.sheets`).

A published sheet and one that is made for the operator's eyes have the same shape, so that both
are read here in one way.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from flows.instrument import Instrument
from reports.disclosure import least, shown_counts
from reports.official_report.report import Element, Figures, Headline, ItemSum, Part, Why
from reports.statistics.index import index_of, rounded
from reports.statistics.inference import needed_sample
from reports.statistics.tally import Tally

EXTREMES = 3  # elements that are called weakest, and strongest

Content = Mapping[str, Any]


def figures_in(content: Content, by: Instrument, population: int | None = None) -> Figures:
    """`content`: as `reports.sheets.sheet.counted_of` gives it."""
    n, index = content["n"], content["index"]
    needed = None if population is None else needed_sample(population)
    headline = headline_in(index) if n >= least() else None
    why = why_of(headline, n)
    sums = {} if headline is None else content["sums"]
    ci95 = index["ci95"] if headline else None
    return Figures(
        n,
        headline,
        why,
        tuple(_element(key, sums, content, by) for key in dict.fromkeys(by.elements.values())),
        tuple(
            ItemSum(item, sums[item]["n"], sums[item]["sum"]) for item in by.keys if item in sums
        ),
        tuple(content["left_out"]),
        (ci95[0], ci95[1]) if ci95 else None,
        index["alpha"] if headline else None,
        population,
        needed,
        None if needed is None else n >= needed,
    )


def why_of(headline: Headline | None, n: int) -> Why:
    """Why there is no index."""
    return "" if headline else "nobody" if not n else "few" if n < least() else "withheld"


def headline_in(index: Content) -> Headline | None:
    """None where it is not shown."""
    if index["ikm"] is None:
        return None
    return Headline(index["skm"], index["ikm"], index["grade"], index["label"])


def headline_of(tally: Tally, by: Instrument) -> Headline | None:
    """None where nobody answered."""
    index = index_of(tally, instrument=by)
    if index.ikm is None or index.skm is None:
        return None
    return Headline(rounded(index.skm, 4), rounded(index.ikm, 2), index.grade, index.label)


def parts_in(content: Content) -> tuple[Part, ...]:
    """By source, the largest first, with an index where it tells of no few."""
    sources = dict(sorted(content["sources"].items(), key=lambda each: -each[1]["n"]))
    shown = shown_counts([part["n"] for part in sources.values()])
    return tuple(
        Part(name, part["n"], None if may is None else headline_in(part), part["verified"])
        for (name, part), may in zip(sources.items(), shown, strict=True)
    )


def extremes(elements: Sequence[Element]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The weakest, lowest first, and the strongest, highest first: of each at most 3 that lie apart
    from all others. Which of equal ones would be named, nothing says: so none of them is."""
    means = {each.key: each.mean for each in elements if each.mean is not None}
    ordered = sorted(means, key=means.__getitem__)
    return _apart(ordered, means), _apart(ordered[::-1], means)


def _apart(ordered: Sequence[str], means: Mapping[str, Fraction]) -> tuple[str, ...]:
    """The first of these whose means no later one has."""
    most = min(EXTREMES, len(ordered) // 2)
    return next(
        (
            tuple(ordered[:number])
            for number in range(most, 0, -1)
            if means[ordered[number - 1]] != means[ordered[number]]
        ),
        (),
    )


def _element(key: str, sums: Content, content: Content, by: Instrument) -> Element:
    """The mean is that of its questions' means, as of `reports.statistics.index`."""
    items = [item for item, of in by.elements.items() if of == key]
    n = max(content["sums"][item]["n"] for item in items)
    given = [sums[item] for item in items if item in sums and sums[item]["n"]]
    if not given or any(each["sum"] is None for each in given):
        return Element(key, n, None)
    means = [Fraction(each["sum"], each["n"]) for each in given]
    return Element(key, n, sum(means, Fraction(0)) / len(means))
