"""How far the units of a scope run their surveys: who is asked, reaches the sample, publishes and
acts.

Of a quarter: the responses in it, and of each unit the newest sheet of its own period in which the
quarter ends. Indices are those of published sheets that reach their sample, as the public site
shows them (`reports.site.shown`), so nothing is told here that is not told there. Of the year to
the quarter's end: plans, media, and the levels of PEKPPP's F-02 that they support (`reports.ipp`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import msgspec
from sqlalchemy import Connection

from flows.loader import skm_on
from reports.ipp.evidence import media_level, share_level, speed_level
from reports.ipp.evidence_rules import EvidenceRules
from reports.site.shown import Brief, brief
from reports.statistics.index import rounded
from reports.statistics.inference import needed_sample
from reports.stored.standings import LEAST
from storage.index import published, quarters
from storage.office import follow_ups, result_publications
from storage.office.follow_ups import FollowUp
from storage.periods import Period, period_of
from storage.units import Unit

AT_ONCE = 500  # units whose plans are read at once
STEP = 5  # points of a bar of the distribution
LEVELS = range(6)  # of F-02


@dataclass(frozen=True, slots=True)
class Covered:
    """A unit. `n`: responses of its published period, else of the quarter; `ikm` (2 decimals) and
    `grade`: None and "" where its sheet shows none. `plans`, `finished`, `media`: of the year."""

    unit: Unit
    n: int
    needed: int
    published: bool
    ikm: str | None
    grade: str
    plans: int
    finished: int
    media: int
    share: int
    speed: int
    media_level: int

    @property
    def enough(self) -> bool:
        return self.n >= self.needed


@dataclass(frozen=True, slots=True)
class Summary:
    """Of some units. `mean`: the plain mean of the indices that are shown, 2 decimals; None: none
    is. `grades`: units by grade; `bars`: (from which index on, units), each `STEP` points wide;
    `levels`: indicator → units by level 0..5."""

    name: str
    units: int
    answered: int
    enough: int
    published: int
    planned: int
    finished: int
    mean: str | None
    grades: Mapping[str, int]
    bars: Sequence[tuple[int, int]]
    levels: Mapping[str, Sequence[int]]


def covered(
    connection: Connection, units: Sequence[Unit], quarter: Period, rules: EvidenceRules
) -> list[Covered]:
    """Each of the units. Folded responses only: fold first."""
    asked = skm_on(quarter.first).id
    numbers = {row.unit_id: row.n for row in quarters.of_all(connection, asked, quarter.name)}
    sheets = _sheets(connection, units, quarter)
    year = date(quarter.last.year, 1, 1), quarter.last
    found: list[Covered] = []
    for at in range(0, len(units), AT_ONCE):
        part = units[at : at + AT_ONCE]
        ids = [unit.id for unit in part]
        plans = follow_ups.planned_of(connection, ids, *year)
        media = result_publications.media_of(connection, ids, *year)
        found += (
            _covered(
                unit,
                numbers.get(unit.id, 0),
                sheets.get(unit.id),
                _until(plans.get(unit.id, ()), quarter.last),
                media.get(unit.id, set()),
                quarter,
                rules,
            )
            for unit in part
        )
    return found


def _sheets(connection: Connection, units: Sequence[Unit], quarter: Period) -> dict[int, Brief]:
    own = {unit.id: period_of(unit.period, quarter.last).name for unit in units}
    newest: dict[int, int] = {}
    for head in published.heads(connection):
        if own.get(head.unit_id) == head.period:
            newest[head.unit_id] = head.id
    return {
        sheet.unit_id: brief(msgspec.json.decode(sheet.content))
        for sheet in published.by_ids(connection, sorted(newest.values()))
    }


def _until(plans: Iterable[FollowUp], day: date) -> list[FollowUp]:
    """As they stood at the end of that day: what was finished later was open then."""
    return [
        replace(each, status="running", finished_on=None)
        if each.finished_on and each.finished_on > day
        else each
        for each in plans
    ]


def _covered(
    unit: Unit,
    n: int,
    sheet: Brief | None,
    plans: Sequence[FollowUp],
    media: set[str],
    quarter: Period,
    rules: EvidenceRules,
) -> Covered:
    users = unit.users_in(period_of(unit.period, quarter.last))
    needed = LEAST if users is None else max(needed_sample(users), 1)
    finished = sum(plan.status == "done" for plan in plans)
    return Covered(
        unit,
        sheet.n if sheet else n,
        sheet.needed if sheet else needed,
        sheet is not None,
        rounded(Fraction(sheet.ikm), 2) if sheet and sheet.ikm else None,
        sheet.grade if sheet else "",
        len(plans),
        finished,
        len(media),
        share_level(finished, len(plans), rules.share),
        speed_level(plans, quarter.last, rules.speed),
        media_level(media, rules.media),
    )


def summary(name: str, of: Sequence[Covered]) -> Summary:
    shown = [Fraction(each.ikm) for each in of if each.ikm]
    grades = Counter(each.grade for each in of if each.grade)
    bars = Counter(min(int(ikm) // STEP * STEP, 100 - STEP) for ikm in shown)
    levels: dict[str, Callable[[Covered], int]] = {
        "share": lambda each: each.share,
        "speed": lambda each: each.speed,
        "media": lambda each: each.media_level,
    }
    return Summary(
        name,
        len(of),
        sum(each.n > 0 for each in of),
        sum(each.enough for each in of),
        sum(each.published for each in of),
        sum(each.plans > 0 for each in of),
        sum(each.finished > 0 for each in of),
        rounded(sum(shown, Fraction(0)) / len(shown), 2) if shown else None,
        {grade: grades[grade] for grade in sorted(grades)},
        [(at, bars[at]) for at in range(min(bars, default=0), max(bars, default=-1) + 1, STEP)],
        {key: _by_level(map(level, of)) for key, level in levels.items()},
    )


def _by_level(levels: Iterable[int]) -> list[int]:
    found = Counter(levels)
    return [found[level] for level in LEVELS]


def by(of: Iterable[Covered], what: Callable[[Unit], str]) -> Iterator[Summary]:
    """A summary for each region, agency or whatever a unit's is, by name."""
    parts: dict[str, list[Covered]] = {}
    for each in of:
        parts.setdefault(what(each.unit), []).append(each)
    for name in sorted(parts, key=str.casefold):
        yield summary(name, parts[name])
