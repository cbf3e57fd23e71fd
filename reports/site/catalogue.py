"""What all pages that list units are made of: each unit with its newest published period, and the
ranking of the day.

Theory. A site of a nation is written again after each new sheet, so what one sheet changes must be
little. Ranks are what one sheet would change for everybody: so they are made once a day, of the
sheets that were kept before the day began (WIB). Then pages are a function of the database and the
day, the same wherever and whenever on that day they are made. What the newest signed checkpoint of
the transparency log does not hold yet is not shown yet: nothing is public that cannot be proved.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from reports.site.rendering import edition
from reports.site.shown import Brief, Result, brief, parsed, result
from reports.statistics.ranking import ranking
from reports.stored.standings import standing_of
from storage import units
from storage.index import closed_periods, published, sheets
from storage.index import transparency_log as log
from storage.index.published import Head
from storage.index.sheets import Sheet
from storage.periods import CAPITAL, local_date, zone
from storage.scope import EVERYTHING
from storage.units import Unit

Read = Callable[[], AbstractContextManager[Connection]]


class Place(NamedTuple):
    """A unit's place among those of its kind in a period. `half`: above | below | "" where that is
    not sure; the figures are those that it was ranked by."""

    code: str
    kind: str
    rank: int
    of: int
    best: int
    worst: int
    half: str
    n: int
    needed: int
    ikm: str
    grade: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """`key`: stands for what it was made of; `period`: "" where nothing was ranked."""

    key: str = ""
    period: str = ""
    places: Mapping[str, Place] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        places = [each._asdict() for each in self.places.values()]
        return {"key": self.key, "period": self.period, "ranking": places}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Ranking":
        places = (Place(**each) for each in said["ranking"])
        return cls(said["key"], said["period"], {each.code: each for each in places})


class Listed(NamedTuple):
    """A unit in a list. `period`: its newest one that is published, "" for none."""

    id: int
    code: str
    name: str
    agency: str
    region: str
    kind: str
    period: str = ""
    n: int = 0
    needed: int = 0
    ikm: str | None = None
    grade: str = ""


@dataclass(frozen=True)
class Catalogue:
    """`units`: all, by id; `heads`: unit id → period → the newest sheet; `all_heads`: every sheet
    that is shown, in the order in which they were kept; `hidden`: hashes of those that are not
    yet; `seen`: the id up to which each sheet there is is shown.
    `keyed`: unit and period of which answers can still be erased; `erased`: sheet → how many were.
    `briefs`: hash → what lists say of the newest sheets.
    """

    day: date
    units: Mapping[int, Unit]
    listed: Sequence[Listed]
    heads: Mapping[int, Mapping[str, Head]]
    all_heads: Sequence[Head]
    hidden: frozenset[bytes]
    ranking: Ranking
    seen: int = 0
    keyed: frozenset[tuple[int, str]] = frozenset()
    erased: Mapping[int, int] = field(default_factory=dict)
    briefs: Mapping[str, Brief] = field(default_factory=dict)

    def of_period(self, name: str) -> list[Head]:
        """The newest sheet of each unit that published it."""
        return [each[name] for each in self.heads.values() if name in each]

    def shows(self, sheet: Sheet) -> bool:
        """Whether it was there, and proved, when this was read."""
        last = self.all_heads[-1].id if self.all_heads else 0
        return sheet.id <= last and sheet.hash not in self.hidden

    @cached_property
    def ranked(self) -> Mapping[str, Sequence[tuple[Listed, Place]]]:
        """Kind → its units with their places."""
        of_code = {each.code: each for each in self.listed}
        found: dict[str, list[tuple[Listed, Place]]] = defaultdict(list)
        for place in self.ranking.places.values():
            if place.code in of_code:
                found[place.kind].append((of_code[place.code], place))
        return found

    @cached_property
    def periods(self) -> list[str]:
        names = {name for each in self.heads.values() for name in each}
        return sorted(names, key=lambda name: (parsed(name).last, name), reverse=True)


def read(
    connection: Connection,
    at: int,
    former: Ranking | None = None,
    briefs: Mapping[str, Brief] = MappingProxyType({}),
) -> Catalogue:
    """`at`: Unix seconds; `former`: a ranking that may still hold; `briefs`: of sheets that were
    read before, by this edition."""
    day = local_date(at, CAPITAL)
    kept = {unit.id: unit for unit in units.in_scope(connection, EVERYTHING)}
    listed = [_listed(unit, None, {}) for unit in kept.values()]
    nothing = Catalogue(day, kept, listed, {}, [], frozenset(), Ranking())
    return _with_news(connection, nothing, day, not_proved(connection), former, briefs)


def renewed(connection: Connection, before: Catalogue, at: int) -> Catalogue:
    """The same, read anew where the units are those of an earlier reading: what one sheet more
    costs is that sheet, not all that a nation published."""
    day, hidden = local_date(at, CAPITAL), not_proved(connection)
    if any(head.hash in hidden for head in before.all_heads):  # shown before there was a log
        return read(connection, at, before.ranking, before.briefs)
    return _with_news(connection, before, day, hidden, before.ranking, before.briefs)


def _with_news(
    connection: Connection,
    before: Catalogue,
    day: date,
    hidden: frozenset[bytes],
    former: Ranking | None,
    known: Mapping[str, Brief],
) -> Catalogue:
    """With the sheets that came since, in the order in which they were kept."""
    news, seen = list(published.heads(connection, before.seen)), before.seen
    for head in news:
        if head.hash in hidden:
            break
        seen = head.id
    shown = [head for head in news if head.hash not in hidden]
    heads = [*(head for head in before.all_heads if head.id <= before.seen), *shown]
    changed: dict[int, dict[str, Head]] = {}
    for head in shown:
        if head.unit_id not in changed:
            changed[head.unit_id] = dict(before.heads.get(head.unit_id, {}))
        changed[head.unit_id][head.period] = head
    newest = {unit: max(each.values(), key=_age) for unit, each in changed.items()}
    briefs = {**before.briefs, **_briefs(connection, newest.values(), known)}
    listed = [
        _listed(before.units[each.id], newest[each.id], briefs) if each.id in newest else each
        for each in before.listed
    ]
    begins = datetime.combine(day, time(), zone(CAPITAL)).timestamp()
    ranks = before.ranking
    if former is not ranks or day != before.day or any(head.at < begins for head in shown):
        ranks = _ranking(connection, before.units, heads, begins, former)
    return Catalogue(
        day,
        before.units,
        listed,
        {**before.heads, **changed},
        heads,
        hidden,
        ranks,
        seen,
        closed_periods.keyed(connection),
        sheets.erased(connection, 1),
        briefs,
    )


def _age(head: Head) -> tuple[date, int]:
    return parsed(head.period).last, head.id


def not_proved(connection: Connection) -> frozenset[bytes]:
    """Hashes of sheets that came into the log after its newest signed checkpoint."""
    signed = log.latest_signed(connection)
    if not signed:
        return frozenset()
    said = (json.loads(each) for each in published.said_from(connection, signed))
    return frozenset(bytes.fromhex(each["sheet"]) for each in said if "sheet" in each)


def results_of(connection: Connection, ids: Sequence[int]) -> Iterator[tuple[int, Result]]:
    """Unit id, and what is shown of a sheet; in the order of the ids."""
    for sheet in published.by_ids(connection, ids):
        yield sheet.unit_id, result(msgspec.json.decode(sheet.content), sheet.hash)


def _briefs(
    connection: Connection, heads: Iterable[Head], known: Mapping[str, Brief]
) -> dict[str, Brief]:
    wanted = {head.hash.hex(): head for head in heads}
    found = {hash: known[hash] for hash in wanted if hash in known}
    missing = [wanted[hash].id for hash in wanted.keys() - found.keys()]
    for sheet in published.by_ids(connection, sorted(missing)):
        found[sheet.hash.hex()] = brief(msgspec.json.decode(sheet.content))
    return found


def _listed(unit: Unit, newest: Head | None, briefs: Mapping[str, Brief]) -> Listed:
    named = unit.id, unit.code, unit.name, unit.agency, unit.region, unit.kind
    if newest is None:
        return Listed(*named)
    return Listed(*named, newest.period, *briefs[newest.hash.hex()])


def _ranking(
    connection: Connection,
    kept: Mapping[int, Unit],
    heads: Sequence[Head],
    begins: float,
    former: Ranking | None,
) -> "Ranking":
    """`begins`: the day, in Unix seconds; what was published since is ranked on the next."""
    name = ranked_period([head for head in heads if head.at < begins])
    of = {h.unit_id: h for h in heads if h.period == name and h.at < begins and h.unit_id in kept}
    said = [(head.hash.hex(), kept[unit].kind, kept[unit].code) for unit, head in of.items()]
    key = hashlib.sha256(f"{edition()} {sorted(said)}".encode()).hexdigest()[:16]
    if former is not None and former.key == key:
        return former
    found = dict(results_of(connection, sorted(each.id for each in of.values())))
    places: list[Place] = []
    for kind in sorted({kept[unit].kind for unit in of}):
        mine = {kept[u].code: each for u, each in found.items() if kept[u].kind == kind}
        places += _places(kind, mine)
    return Ranking(key, name, {each.code: each for each in places})


def _places(kind: str, found: Mapping[str, Result]) -> Iterator[Place]:
    standings = (standing_of(each.content) for each in found.values() if each.ikm)
    ranked = ranking(replace(each, kind=kind) for each in standings if each)
    for each in ranked:
        code, mine = each.standing.code, found[each.standing.code]
        span = each.own.best, each.own.worst
        size, index = (mine.n, mine.needed), (mine.ikm or "", mine.grade)
        yield Place(code, kind, each.rank, len(ranked), *span, each.own.half, *size, *index)


def ranked_period(heads: Sequence[Head]) -> str:
    """The newest that at least half as many units have published as any of the year before it; of
    those that end together the longest. "": nobody has published anything."""
    by_name = Counter(name for name, _ in {(head.period, head.unit_id) for head in heads})
    order = sorted(by_name, key=lambda name: (parsed(name).last, -parsed(name).first.toordinal()))
    for name in reversed(order):
        last = parsed(name).last
        year = [by_name[n] for n in order if 0 <= (last - parsed(n).last).days <= 366]
        if 2 * by_name[name] >= max(year):
            return name
    return ""
