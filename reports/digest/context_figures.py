"""What stands beside a unit's own figures in its digest: its agency's, its place, the radar's.

All of it was shown before: the agency's mean is that of its units' digests of the period before, a
place comes of published sheets, and of the radar only marks whose figures may be shown are named.
"""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from sqlalchemy import Connection

from flows.extra_question import Extra
from flows.instrument import Instrument
from reports.digest import shown_weeks
from reports.digest.composed import Digest, Place
from reports.digest.examples import Examples
from reports.radar import run as radar_run
from reports.radar import scan as radar_scan
from reports.statistics.ranking import Ranked, ranking
from reports.statistics.spread import Spreads, spreads_of
from reports.stored.standings import standing_of
from storage import questionnaires
from storage.index import released_figures, sheets
from storage.periods import Period, period_of, previous
from storage.units import Unit

LEAST_UNITS = 3  # fewer are no ranking, and their mean is nearly one of them

Means = dict[str, Fraction]


@dataclass(slots=True)
class Beside:
    """Read once for all units whose digests are composed together."""

    means: dict[tuple[str, str, str], Means] = field(default_factory=dict)
    places: dict[tuple[str, str, str], dict[str, Place]] = field(default_factory=dict)
    spreads: dict[tuple[str, str, str], Spreads] = field(default_factory=dict)
    asked: dict[str, tuple[Extra, ...]] = field(default_factory=dict)
    examples: Examples = field(default_factory=Examples)

    def extras(self, connection: Connection, unit: Unit) -> tuple[Extra, ...]:
        """Its extra questions; a questionnaire never changes under its name."""
        if unit.questionnaire not in self.asked:
            found = questionnaires.get(connection, unit.questionnaire)
            self.asked[unit.questionnaire] = found.extras
        return self.asked[unit.questionnaire]

    def spread(self, connection: Connection, unit: Unit, last: date, by: Instrument) -> Spreads:
        """Within the units of its kind, by what was shown in the quarter before that day's week."""
        week = previous(period_of("week", last))
        key = unit.kind, by.id, week.name
        if unit.kind and key not in self.spreads:
            shown = shown_weeks.of_kind(connection, unit.kind, shown_weeks.names(week), by)
            groups = list(shown.values())
            self.spreads[key] = spreads_of(groups, groups, by)
        return self.spreads.get(key, Spreads())

    def agency(self, connection: Connection, unit: Unit, period: str, asked: str) -> Means:
        """Element → plain mean of the means that the agency's units were shown of a period; only
        where there are enough."""
        key = unit.agency, period, asked
        if key not in self.means:
            shown = released_figures.of_agency(connection, unit.agency, period)
            self.means[key] = _means(shown, asked)
        return self.means[key]

    def place(self, connection: Connection, unit: Unit, running: Period) -> Place | None:
        """Where the unit stands in its agency by the sheets of the SKM period before; None where
        it has none, or too few answers, or there are too few such units."""
        before = previous(running)
        key = unit.agency, before.name, unit.instrument_on(before.first).id
        if key not in self.places:
            self.places[key] = _places(connection, *key)
        return self.places[key].get(unit.code)


def flags(connection: Connection, unit: Unit, running: Period) -> tuple[str, ...]:
    """Names of what the radar found in the SKM period before. Where it may show no mark at all, a
    share that is high would tell of few too."""
    found = radar_run.kept(connection, unit, previous(running))
    if found is None:
        return ()
    marks = [mark.name for mark in found.marks if mark.high and mark.name in found.shown]
    told = (f.name for f in found.flags if found.shown or f.name not in radar_scan.SHARES)
    return (*marks, *told)


def _means(digests: list[str], asked: str) -> Means:
    shown: dict[str, list[Fraction]] = defaultdict(list)
    for digest in (Digest.from_json(json.loads(text)) for text in digests):
        for element in digest.elements:
            if element.mean is not None and digest.instrument == asked:
                shown[element.key].append(Fraction(element.mean))
    return {key: sum(m, Fraction(0)) / len(m) for key, m in shown.items() if len(m) >= LEAST_UNITS}


def _places(connection: Connection, agency: str, period: str, asked: str) -> dict[str, Place]:
    contents = map(json.loads, sheets.of_agency(connection, agency, period))
    alike = (content for content in contents if content["instrument"] == asked)
    ranks = ranking(each for each in map(standing_of, alike) if each)
    if len(ranks) < LEAST_UNITS:
        return {}
    return {each.standing.code: _place(each, period, len(ranks)) for each in ranks}


def _place(rank: Ranked, period: str, of: int) -> Place:
    return Place(period, rank.own.best, rank.own.worst, of)
