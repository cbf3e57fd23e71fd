"""The whole site as groups of pages: each group has a name, which is its folder, a stamp that
stands for all that it is made of, and what makes each of its files. Whoever writes it makes only
groups whose stamp is another; whoever serves it makes the one page that is asked for.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec

from reports.site import addresses, home, open_data, places, rankings, texts
from reports.site.catalogue import Catalogue, Read
from reports.site.lists import List
from reports.site.open_data import Former
from reports.site.rendering import Writer, edition, writers
from reports.site.rows import rows_of
from reports.site.unit_pages import Known, Pages, known
from storage.answers.votes import KEPT
from storage.index import published
from storage.index.published import Head
from storage.office import improvements, public_files
from storage.office.improvements import Improvements
from storage.periods import parse
from storage.units import Unit

NESTED = ("unit", "wilayah", "instansi", "peringkat", "daftar", "data")
"""Folders whose folders are groups of their own."""


@dataclass(frozen=True)
class Group:
    """`stamp`: is made for whoever writes the site; who serves it needs none."""

    stamp: Callable[[], str]
    make: Callable[[], Pages]


def group_of(path: str) -> str:
    """The name of the group that a file belongs to; "": the site's own folder."""
    parts = path.removeprefix(addresses.ENGLISH).split("/")
    if f"{parts[0]}/" in (places.ALL, home.RANGES):
        return parts[0]
    return f"{parts[0]}/{parts[1]}" if parts[0] in NESTED and len(parts) > 2 else ""


@dataclass(frozen=True)
class Site:
    """`base`: where it is reached, "" where nobody said; `survey`: the link to a unit's survey;
    `rows`: whether anonymous rows are part of it; `logged`: whether a signed log is; `former`:
    files that were made before."""

    catalogue: Catalogue
    read: Read
    base: str = ""
    survey: Callable[[str], str] = str
    rows: bool = True
    logged: bool = True
    former: Former = lambda file: None

    def unit_stamps(self, did: Mapping[int, Improvements]) -> dict[str, str]:
        """Group → stamp of each unit; `did`: of all."""
        found = {}
        for unit in self.catalogue.units.values():
            found[f"unit/{unit.code}"] = self._unit_stamp(unit, did.get(unit.id))
        return found

    def _unit_stamp(self, unit: Unit, did: Improvements | None) -> str:
        heads, day = self.catalogue.heads.get(unit.id, {}), self.catalogue.day
        ripe = [
            (name, self.catalogue.erased.get(head.id, 0))
            for name, head in heads.items()
            if self.rows and (unit.id, name) not in self.catalogue.keyed
            if day > parse(name).last + KEPT
        ]
        place = self.catalogue.ranking.places.get(unit.code)
        hashes = [each.hash for each in heads.values()]
        promised = [p for p in did.promised if p.valid_from <= day] if did else None
        kept = unit.services, unit.retired, unit.kind, unit.name, unit.agency, unit.region
        survey = self._link(unit)
        return self._stamp(kept, hashes, ripe, place, did, promised, survey)

    def _stamp(self, *what: Any) -> str:
        made = msgspec.json.encode((edition(), self.base, *what))
        return hashlib.sha256(made).hexdigest()[:16]

    def units(self, ids: Sequence[int]) -> list[Known]:
        """Some units, read at once."""
        with self.read() as connection:
            sheets = published.of_units(connection, ids)
            did = improvements.of_units(connection, ids)
        return [
            self._known(
                self.catalogue.units[id],
                [each for each in sheets[id] if self.catalogue.shows(each)],
                did,
            )
            for id in ids
        ]

    def _known(self, unit: Unit, sheets: Sequence[Any], did: Mapping[int, Improvements]) -> Known:
        catalogue = self.catalogue
        rows = rows_of(self.read, unit, sheets, catalogue.day) if self.rows else None
        mine = did.get(unit.id, Improvements())
        link, content = self._link(unit), partial(self._content, unit.id)
        return known(unit, sheets, mine, catalogue.ranking, catalogue.day, link, rows, content)

    def photos(self, unit: int) -> Pages:
        """Those of a unit's pages alone: whoever serves one reads no sheet for it."""
        with self.read() as connection:
            did = improvements.of_units(connection, [unit]).get(unit, Improvements())
        code = self.catalogue.units[unit].code
        return {
            addresses.public_file(code, each.hash, each.media_type): partial(
                self._content, unit, each.hash
            )
            for each in did.photos
        }

    def _content(self, unit: int, hash: str) -> bytes | None:
        """Of a public file; None: it was taken off meanwhile."""
        with self.read() as connection:
            return public_files.content(connection, unit, hash)

    def _link(self, unit: Unit) -> str:
        """Into its survey; "" where none can be begun."""
        return "" if unit.is_closed(self.catalogue.day) else self.survey(unit.code)

    def groups(self) -> dict[str, Group]:
        """All but those of units."""
        found = {"": self._root(), home.RANGES.strip("/"): self._ranges()}
        for each in (*places.lists(self.catalogue), *rankings.lists(self.catalogue)):
            make = partial(self._lists, each.lists)
            found[each.group.strip("/")] = Group(partial(self._stamp, each.of), make)
        for name in self.catalogue.periods:
            stamp = partial(self._sheets_stamp, name)
            found[f"data/{name}"] = Group(stamp, partial(self._tables, name))
        return found

    def _sheets_stamp(self, period: str) -> str:
        return self._stamp([head.hash for head in self._heads(period)])

    def _tables(self, period: str) -> Pages:
        return open_data.of_period(self.read, period, self._heads(period), self.former)

    def _heads(self, period: str) -> list[Head]:
        """In the order of their units."""
        units = self.catalogue.units
        return sorted(self.catalogue.of_period(period), key=lambda head: units[head.unit_id].code)

    def _lists(self, lists: Sequence[List]) -> Pages:
        return {name: make for each in lists for name, make in each.pages(self.base).items()}

    def _root(self) -> Group:
        """What stands in the site's own folder."""
        catalogue = self.catalogue
        last = [each.hash for each in catalogue.all_heads[-open_data.FEED :]]
        of = catalogue.listed, catalogue.ranking.key, last, catalogue.periods, self.logged
        return Group(partial(self._stamp, *of), self._root_pages)

    def _root_pages(self) -> Pages:
        made = self._written(home.pages)
        made |= self._written(partial(texts.pages, logged=self.logged))
        return made | open_data.of_site(self.read, self.catalogue, self.base)

    def _ranges(self) -> Group:
        """Made of names alone; there is none of these pages where one list holds them."""
        named = [(unit.name, unit.code) for unit in self.catalogue.listed]
        return Group(partial(self._stamp, named), partial(self._written, home.ranges))

    def _written(self, pages: Callable[[Writer, Catalogue], Pages]) -> Pages:
        """In each language."""
        made: Pages = {}
        for writer in writers(self.base).values():
            made |= pages(writer, self.catalogue)
        return made
