"""Units by region and then agency, a few rows at a time: whoever cannot spell may still point.

Many names are shown as few ranges of them ("Aceh Barat – Bangka"), as long as it takes: 500 regions
are three taps, one region is passed over. A row says what it means by names, never by a place in a
list, so it means the same after an import.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from math import ceil, log

from flows.engine.form import cut
from storage.finding.directory import Place, Regions

ROWS = 8  # rows shown at once
SIDE = 24  # characters of either end of a range

_BEFORE = re.compile(r"(kota|kabupaten|kab\.?)\s+(administrasi\s+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Branch:
    """Units of a region and an agency ("": any), and of what is inside those from `first` to
    `last` by name."""

    region: str = ""
    agency: str = ""
    first: str = ""
    last: str = ""

    @property
    def id(self) -> str:
        """The same for the same names, in a button's letters."""
        return blake2b("\0".join(astuple(self)).encode(), digest_size=6).hexdigest()

    @property
    def label(self) -> str:
        if self.first:
            return f"{_short(self.first)} – {_short(self.last)}"
        return self.agency or self.region


def inside(regions: Regions, branch: Branch) -> Sequence[Branch] | Sequence[Place]:
    """What a branch divides into: at most so many narrower ones, or at its end its units."""
    level, found = "region", list[Place]()
    named: Iterable[str] = regions
    if branch.region:
        level, found = "agency", [*regions.get(branch.region, ())]
        named = {place.agency for place in found}
    if branch.agency:
        own = (place for place in found if place.agency == branch.agency)
        ordered = sorted(own, key=lambda place: (_order(place.name), place.code))
        units = [place for place in ordered if _within(branch, place.name)]
        names = list(dict.fromkeys(place.name for place in units))
        return units if len(names) <= ROWS else _ranges(branch, names)
    names = [name for name in sorted(named, key=_order) if _within(branch, name)]
    if len(names) > ROWS:
        return _ranges(branch, names)
    narrower = [replace(branch, first="", last="", **{level: name}) for name in names]
    return inside(regions, narrower[0]) if len(narrower) == 1 else narrower


def _ranges(branch: Branch, names: Sequence[str]) -> list[Branch]:
    """As few levels as it takes, all about as wide."""
    levels = ceil(log(len(names), ROWS) - 1e-9)
    number = ceil(len(names) ** (1 / levels) - 1e-9)
    ends = [round(len(names) * n / number) for n in range(number + 1)]
    parts = [names[ends[n] : ends[n + 1]] for n in range(number)]
    return [replace(branch, first=part[0], last=part[-1]) for part in parts]


def _within(branch: Branch, name: str) -> bool:
    return not branch.first or _order(branch.first) <= _order(name) <= _order(branch.last)


@lru_cache(maxsize=65_536)
def _order(name: str) -> tuple[str, str]:
    """By the name alone: "Kabupaten Pemalang" stands at P."""
    return _plain(name).casefold(), name


def _short(name: str) -> str:
    return cut(_plain(name), SIDE)


def _plain(name: str) -> str:
    before = _BEFORE.match(name)
    return name[before.end() :] if before else name
