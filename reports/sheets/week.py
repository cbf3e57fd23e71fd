"""A week that was shown, as far as it matters to what else may be shown of its days."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from reports.digest.composed import Digest
from reports.digest.told import Part, Told
from reports.disclosure import NOBODY, OWN, Size
from reports.statistics.tally import Tally
from storage.periods import Period

ALL = ""
"""Stands beside the items for a response as a whole."""


@dataclass(frozen=True, slots=True)
class Week:
    """The days that a week's digest told of: how many responded, in all and to each item whose mean
    was shown. `told`: what it was made of; nothing of a week that was shown before that was
    kept."""

    name: str
    first: date
    last: date
    n: Mapping[str, int]
    told: Told = field(default_factory=dict)

    def parts_in(self, window: Period) -> Iterator[tuple[Part, Tally]]:
        """Of what was told, that of the window's months."""
        for part, tally in self.told.items():
            if window.first <= date.fromisoformat(f"{part.month}-01") <= window.last:
                yield part, tally

    def size(self, item: str, window: Period | None = None) -> Size:
        """How many answers to the item it told, in all or in the window."""
        parts = self.told.items() if window is None else self.parts_in(window)
        sizes = ((part.source == OWN, tally.answered(item)) for part, tally in parts)
        return sum((Size(n, n if own else 0) for own, n in sizes), NOBODY)


def week_shown(digest: Digest, told: Told) -> Week | None:
    """None where nothing was shown of the week but how many responded."""
    if digest.ikm is None:
        return None
    items = {each.key: each.n for each in digest.elements if each.mean is not None}
    return Week(digest.week, digest.first, digest.last, {ALL: digest.n, **items}, told)
