"""The sheet of a published period: its figures, frozen so that anyone can recompute them.

Theory. Everything in a sheet follows from the responses that its leaves commit to, and from the
population; of `erased_since` of them only the leaf was left when it was made, and they are in its
figures as digests had told them (`reports.sheets.counted`). Sums and answers per item give means
and index, the Gram matrix of `reports.statistics.tally` the interval and alpha. The content is JSON
in one form only (`storage.answers.receipts.canonical`; decimals are texts), so its SHA-256 stands
for it; each sheet of a unit holds the hash of the one before, so none can be changed or left out
later. What the
release rule withholds is named, and null; what it leaves uncounted is named with its number. Index,
interval and alpha are taken over the items that are shown: a sheet says by its format which rule it
was made by. Those of the first form took the index over all that was answered, and counted all.

`log` is the size and root of the transparency log that it rests on: all its leaves are among those
entries (`reports.transparency`); null or missing in what was made before there was one. `visits`:
how many single-use links were made for its days, and how many of its responses came by one, so that
links which nobody but the office itself used show beside those that were handed out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from flows.instrument import Instrument
from reports.disclosure import least
from reports.sheets.counted import Counted, Piece, Uncounted, together
from reports.sheets.merkle import sheet_root
from reports.sheets.radar import Marked
from reports.sheets.release import Shown
from reports.statistics.figures import Figures, figures
from reports.statistics.index import Index, Method, rounded
from reports.statistics.reliability import alpha
from reports.statistics.tally import Tally
from storage.index.sheets import Sheet
from storage.periods import Period, local_time
from storage.standards import Promise
from storage.units import Unit

FORMAT = "skm-sheet-2"
FIRST = "skm-sheet-1"
METHOD: Method = "exact"
ROUNDING = "half up, once, at the end"

Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Correction:
    """Of the sheet of that number, after so many of its responses were erased."""

    number: int
    erased: int


@dataclass(frozen=True, slots=True)
class Heading:
    """`at`: Unix seconds; `previous`: the unit's sheet before this one; `wordings`: questionnaire →
    how it asks about which service, where not in the instrument's words; `promised`: what of the
    unit's service standard changed within the period; `issued`: visit links made for its days."""

    unit: Unit
    period: Period
    at: int
    previous: Sheet | None = None
    corrects: Correction | None = None
    wordings: Content = field(default_factory=dict)
    promised: Sequence[Promise] = ()
    issued: int = 0


def content(
    heading: Heading,
    by: Instrument,
    counted: Counted,
    shown: Shown,
    marked: Marked | None = None,
) -> Content:
    """`marked`: what the radar says of the rows."""
    population = heading.unit.users_in(heading.period)
    rows = counted.rows
    return {
        **_head(heading),
        "instrument": by.id,
        "questionnaires": sorted({row.questionnaire for row in rows}),
        "wordings": heading.wordings,
        "method": METHOD,
        "rounding": ROUNDING,
        "population": population,
        "withheld": _withheld(shown, by.keys, marked is not None),
        "visits": {
            "issued": heading.issued,
            "used": together(by, counted.parts, verified=True).n,
        },
        "log": None,
        "leaves": leaves_of([*(row.leaf for row in rows), *counted.erased]),
        "erased_since": len(counted.erased),
        "radar": _radar(marked, together(by, counted.parts), by, shown) if marked else None,
        **counted_of(counted, by, population, shown),
    }


def counted_of(
    counted: Counted,
    by: Instrument,
    population: int | None,
    shown: Shown,
    format: str = FORMAT,
) -> Content:
    """What of a sheet's content its responses say, by the rule of a format."""
    parts = counted.parts
    everyone, verified = together(by, parts), together(by, parts, verified=True)
    tally = together(by, counted.parts_without(shown.uncounted))
    found = figures(tally.only(shown.items), population, METHOD, by=by)
    if format == FIRST:
        shown = replace(shown, part_items=frozenset(by.keys))
        found = figures(everyone, population, METHOD, by=by)
        own = {}
    else:
        own = _own(counted, by, shown.uncounted)
    return {
        "n": everyone.n,
        "sums": {item: {**_sum(tally, item, shown), **own.get(item, {})} for item in by.keys},
        **({} if format == FIRST else {"uncounted": _uncounted(counted, shown.uncounted)}),
        "index": _index(found, by, shown),
        "left_out": list(found.index.left_out),
        "sample": _sample(figures(everyone, population, METHOD, by=by)),
        "sources": {
            source: _part(
                together(by, parts, source), together(by, parts, source, True).n, by, shown
            )
            for source in sorted({source for source, _ in parts})
        },
        "verified": _part(verified, verified.n, by, shown),
    }


def leaves_of(leaves: Sequence[bytes]) -> Content:
    """How many, and the root over them sorted (RFC 6962)."""
    return {"number": len(leaves), "root": sheet_root(leaves).hex()}


def _withheld(shown: Shown, items: Sequence[str], is_looked_at: bool) -> list[str]:
    whole = {
        "figures": shown.figures,
        "parts": shown.parts,
        "without_marked": shown.marked or not is_looked_at,
    }
    hidden = [name for name, is_shown in whole.items() if not is_shown]
    hidden += [f"items.{item}" for item in items if item not in shown.items]
    beside = shown.items - shown.part_items if shown.parts else ()
    return hidden + [f"parts.{item}" for item in items if item in beside]


def shown_in(content: Mapping[str, Any]) -> Shown:
    """What a sheet shows, from what it says it withholds."""
    names = frozenset(content["withheld"])
    items = frozenset(item for item in content["sums"] if f"items.{item}" not in names)
    marked = content["radar"] is not None and "without_marked" not in names
    of_parts = frozenset(item for item in items if f"parts.{item}" not in names)
    parts = "parts" not in names
    left = {
        item: frozenset(Piece(*piece) for piece in each["of"])
        for item, each in content.get("uncounted", {}).items()
    }
    return Shown(
        "figures" not in names, items, parts, marked, of_parts if parts else frozenset(), left
    )


def erased_since(content: Content) -> int:
    """How many of a sheet's responses were erased between their digest and the sheet."""
    number: int = content.get("erased_since", 0)  # none of the first sheets has it
    return number


def _head(heading: Heading) -> Content:
    unit, period, previous = heading.unit, heading.period, heading.previous
    corrects = heading.corrects
    return {
        "format": FORMAT,
        "number": previous.number + 1 if previous else 1,
        "previous": previous.hash.hex() if previous else None,
        "corrects": {"number": corrects.number, "erased": corrects.erased} if corrects else None,
        "unit": {
            "code": unit.code,
            "name": unit.name,
            "agency": unit.agency,
            "region": unit.region,
        },
        "period": {
            "name": period.name,
            "first": period.first.isoformat(),
            "last": period.last.isoformat(),
        },
        "promised": [
            {"element": p.element, "service": p.service, "since": p.valid_from.isoformat()}
            for p in heading.promised
        ],
        "published": local_time(heading.at, unit.timezone).isoformat(),
    }


def _sum(tally: Tally, item: str, shown: Shown) -> Content:
    return {
        "n": tally.answered(item),
        "sum": tally.total(item) if item in shown.items else None,
    }


def _own(counted: Counted, by: Instrument, uncounted: Uncounted) -> dict[str, Content]:
    """Item → how many of its answers are from chats of their own."""
    return {
        item: {"own": counted.size(item, lambda p, i=item: p not in uncounted.get(i, ())).own}  # type: ignore[misc]
        for item in by.keys
    }


def _uncounted(counted: Counted, uncounted: Uncounted) -> Content:
    """Item → how many answers to it are not counted, and of which responses."""
    return {
        item: {"n": counted.size(item, pieces.__contains__).n, "of": sorted(map(list, pieces))}
        for item, pieces in uncounted.items()
    }


def uncounted(content: Mapping[str, Any]) -> int:
    """How many answers at most to any one item a sheet leaves uncounted."""
    return max((each["n"] for each in content.get("uncounted", {}).values()), default=0)


def _index(found: Figures, by: Instrument, shown: Shown) -> Content:
    index = found.index
    elements = {key: _mean(index, key, by, shown) for key in index.elements}
    if not shown.figures:
        return {**_headline(None), "elements": elements, "ci95": None, "alpha": None}
    ci95 = [rounded(Fraction(bound), 2) for bound in found.ci95] if found.ci95 else None
    reliable = alpha(found.tally)
    return {
        **_headline(index),
        "elements": elements,
        "ci95": ci95,
        "alpha": None if reliable is None else rounded(reliable, 4),
    }


def _headline(index: Index | None) -> Content:
    if index is None or index.ikm is None or index.skm is None:
        return {"skm": None, "ikm": None, "grade": None, "label": None}
    return {
        "skm": rounded(index.skm, 4),
        "ikm": rounded(index.ikm, 2),
        "grade": index.grade,
        "label": index.label,
    }


def _mean(index: Index, element: str, by: Instrument, shown: Shown) -> str | None:
    mean = index.elements[element].mean
    items = {item for item, of in by.elements.items() if of == element}
    return rounded(mean, 4) if mean is not None and items <= shown.items else None


def _sample(found: Figures) -> Content | None:
    sample = found.sample
    return {"needed": sample["needed"], "enough": sample["enough"]} if sample else None


def _radar(marked: Marked, tally: Tally, by: Instrument, shown: Shown) -> Content:
    """Nothing is dropped: the index counts everyone, and stands beside that without the marked."""
    rest = Tally(**{**vars(tally), "profile": {}, "extra": {}}) - marked.left_out
    smaller = {i: min(rest.answered(i), marked.left_out.answered(i)) for i in shown.items}
    apart = [item for item, n in smaller.items() if n == 0 or n >= least()]
    return {
        "limits": marked.limits,
        "marks": {
            name: {"n": said[0], "checked": said[1]} if said and shown.figures else None
            for name, said in marked.marks.items()
        },
        "without_marked": {
            "n": rest.n if shown.marked else None,
            **_headline(figures(rest.only(apart), by=by).index if shown.marked else None),
        },
    }


def _part(tally: Tally, verified: int, by: Instrument, shown: Shown) -> Content:
    """Some of the responses: how many, how many of verified visits, and their index."""
    may = shown.parts and shown.figures
    index = figures(tally.only(shown.part_items), by=by).index if may else None
    return {"n": tally.n, "verified": verified, **_headline(index)}
