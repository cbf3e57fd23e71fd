"""Counts in a report: who answered, and how often each answer was given, under the release rule.

Theory. Counts of 1 to 4 are hidden, with a second one so that they cannot be worked out. Beside
the number and the exact mean of an element two hidden counts of its answers could be solved for, so
there all of them are hidden where any is. Whoever keyed responses in for others knows what they
said: so the counts of those that citizens sent from chats of their own must stand up by themselves.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from flows.instrument import Instrument
from reports.disclosure import OWN, enough, few, least, shown_counts
from reports.official_report.counted import headline_of
from reports.official_report.report import Counts, Part
from reports.statistics.counting import tally_of_rows
from reports.statistics.tally import Tally
from reports.stored.many import counted
from storage.units import Unit

UNSAID = "unsaid"
SERVICE = "service"

Pair = tuple[Tally, Tally]
"""Of all, and of those that came from chats of their own."""


def tallies(by: Instrument, rows: Sequence[Any]) -> Pair:
    own = [row for row in rows if row.source == OWN]
    whole = tally_of_rows(by.keys, map(counted, rows), by.lowest)
    return whole, tally_of_rows(by.keys, map(counted, own), by.lowest)


def shown_of(counts: Sequence[int], own: Sequence[int]) -> tuple[int | None, ...]:
    """Counts that are shown of all, and of those from chats of their own if there are any."""
    shown = shown_counts(counts)
    if not sum(own):
        return shown
    mine = shown_counts(own)
    return tuple(None if m is None else s for s, m in zip(shown, mine, strict=True))


def profile(unit: Unit, by: Instrument, rows: Sequence[Any]) -> tuple[Counts, ...]:
    """A table for each band, and for the services. Who did not say is counted too: the number of
    all is known. None of fewer than 5 responses."""
    whole, own = tallies(by, rows)
    if few(whole.n, own.n):
        return ()
    bands = [_band(band.key, band.choices, whole, own) for band in by.bands]
    served = _services(unit, by, rows)
    ids = tuple(served)
    counts = shown_of([w.n for w, _ in served.values()], [o.n for _, o in served.values()])
    return (*bands, *([Counts(SERVICE, ids, counts)] if len(ids) > 1 else []))


def services(unit: Unit, by: Instrument, rows: Sequence[Any]) -> tuple[Part, ...]:
    """Each service with its index, where several were answered about: over the items whose answers
    hide each other within every service, and within every week's part of it that was told."""
    served = _services(unit, by, rows)
    if len(served) < 2:
        return ()
    groups: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows:
        groups[row.service, row.told].append(row)
    items = [
        item
        for item in by.keys
        if all(
            enough([row for row in group if row.answers.get(item) is not None])
            for group in groups.values()
        )
    ]
    shown = shown_of([w.n for w, _ in served.values()], [o.n for _, o in served.values()])
    return tuple(
        Part(name, n, None if n is None else headline_of(whole.only(items), by))
        for (name, (whole, _)), n in zip(served.items(), shown, strict=True)
    )


def answers(by: Instrument, whole: Tally, own: Tally) -> tuple[Counts, ...]:
    """A row for each item, by value: of what the means beside it count, and of what of that came
    from chats of their own."""
    if few(whole.n, own.n):
        return ()
    return tuple(_item(item, by, whole, own) for item in by.keys)


def _band(key: str, choices: tuple[str, ...], whole: Tally, own: Tally) -> Counts:
    counts = [[t.profile.get(key, {}).get(each, 0) for each in choices] for t in (whole, own)]
    said = [[*each, t.n - sum(each)] for each, t in zip(counts, (whole, own), strict=True)]
    return Counts(key, (*choices, UNSAID), shown_of(*said))


def _item(item: str, by: Instrument, whole: Tally, own: Tally) -> Counts:
    values = tuple(by.values)
    given = [[t.counts.get(item, {}).get(value, 0) for value in values] for t in (whole, own)]
    may = not any(0 < count < least() for counts in given for count in counts)
    hidden = (None,) * len(values)
    return Counts(item, tuple(map(str, values)), tuple(given[0]) if may else hidden)


def _services(unit: Unit, by: Instrument, rows: Sequence[Any]) -> Mapping[str, Pair]:
    """In the unit's order, those answered about; those that it never listed come last."""
    known = [each["id"] for each in (*unit.services, *unit.retired)]
    ids = dict.fromkeys([*known, *sorted({row.service for row in rows})])
    pairs = {id: tallies(by, [row for row in rows if row.service == id]) for id in ids}
    return {id: pair for id, pair in pairs.items() if pair[0].n}
