"""The whole site as groups of pages: each group has a name, which is its folder, a stamp that
stands for all that it is made of, and what makes each of its files. Whoever writes it makes only
groups whose stamp is another; whoever serves it makes the one page that is asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection

from reports.site import addresses, home, open_data, places, rankings, texts
from reports.site.catalogue import Catalogue
from reports.site.lists import List
from reports.site.rendering import edition, writers
from reports.site.rows import rows_of
from reports.site.unit_pages import Known, Pages, known
from storage.answers.votes import KEPT
from storage.index import published
from storage.office import improvements
from storage.office.improvements import Improvements
from storage.periods import parse
from storage.units import Unit

Read = Callable[[], AbstractContextManager[Connection]]
NESTED = ("unit", "wilayah", "instansi", "peringkat", "daftar", "data")
"""Folders whose folders are groups of their own."""


@dataclass(frozen=True)
class Group:
    stamp: str
    make: Callable[[], Pages]


def group_of(path: str) -> str:
    """The name of the group that a file belongs to; "": the site's own folder."""
    parts = path.removeprefix(addresses.ENGLISH).split("/")
    if f"{parts[0]}/" == places.ALL:
        return parts[0]
    return f"{parts[0]}/{parts[1]}" if parts[0] in NESTED and len(parts) > 2 else ""


@dataclass(frozen=True)
class Site:
    """`base`: where it is reached, "" where nobody said; `survey`: the link to a unit's survey;
    `rows`: whether anonymous rows are part of it."""

    catalogue: Catalogue
    read: Read
    base: str = ""
    survey: Callable[[str], str] = str
    rows: bool = True

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
        survey = self.survey(unit.code)
        return self._stamp(kept, hashes, ripe, place, did, promised, survey)

    def _stamp(self, *what: Any) -> str:
        made = repr((edition(), self.base, *what)).encode("utf-8", "backslashreplace")
        return hashlib.sha256(made).hexdigest()[:16]

    def units(self, ids: Sequence[int]) -> list[Known]:
        """Some units, read at once."""
        hidden = self.catalogue.hidden
        with self.read() as connection:
            sheets = published.of_units(connection, ids)
            did = improvements.of_units(connection, ids)
        return [
            self._known(
                self.catalogue.units[id],
                [each for each in sheets[id] if each.hash.hex() not in hidden],
                did,
            )
            for id in ids
        ]

    def _known(self, unit: Unit, sheets: Sequence[Any], did: Mapping[int, Improvements]) -> Known:
        catalogue = self.catalogue
        rows = rows_of(self.read, unit, sheets, catalogue.day) if self.rows else None
        mine = did.get(unit.id, Improvements())
        link = self.survey(unit.code)
        return known(unit, sheets, mine, catalogue.ranking, catalogue.day, link, rows)

    def groups(self) -> dict[str, Group]:
        """All but those of units."""
        found = {"": self._root()}
        for each in (*places.lists(self.catalogue), *rankings.lists(self.catalogue)):
            make = partial(self._lists, each.lists)
            found[each.group.strip("/")] = Group(self._stamp(each.of), make)
        for name in self.catalogue.periods:
            heads = sorted(self.catalogue.of_period(name), key=lambda head: head.id)
            make = partial(open_data.of_period, self.read, name, [head.id for head in heads])
            found[f"data/{name}"] = Group(self._stamp([head.hash for head in heads]), make)
        return found

    def _lists(self, lists: Sequence[List]) -> Pages:
        return {name: make for each in lists for name, make in each.pages(self.base).items()}

    def _root(self) -> Group:
        """What stands in the site's own folder."""
        catalogue = self.catalogue
        last = [each.hash for each in catalogue.all_heads[-open_data.FEED :]]
        stamp = self._stamp(catalogue.listed, catalogue.ranking.key, last, catalogue.periods)
        return Group(stamp, self._root_pages)

    def _root_pages(self) -> Pages:
        made: Pages = {}
        for writer in writers(self.base).values():
            made |= home.pages(writer, self.catalogue)
            made |= texts.pages(writer, self.catalogue)
        made |= open_data.of_site(self.read, self.catalogue, self.base)
        return made
