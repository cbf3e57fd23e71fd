"""A figure with what stands beside it: its level's two figures, sources, drop-off, radar.

The headline counts every response of every source, marked or not. Beside it stand those of each
source, the verified ones, and "without marked" where the radar has looked at just this period of
just this unit.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import Connection

from flows.instrument import Instrument
from flows.loader import instrument
from reports.radar import run as radar_run
from reports.statistics.figures import Figures, figures
from reports.statistics.index import Index, index_of
from reports.statistics.inference import standard_error
from reports.statistics.ranking import Standing
from reports.statistics.tally import Tally
from reports.stored.dropoff import DropOff, dropoff
from reports.stored.figures import EVER, population_of, sums_by
from reports.stored.levels import Level, PooledRespondents, mean_of_units
from reports.stored.standings import LEAST, estimates_of, measured
from storage.index.tallies import Cell
from storage.periods import period_of
from storage.units import Unit

Name = Literal["service", "unit", "agency", "region", "nation"]
IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose responses are meant. `units`: all of them, answered about or not. `services`: unit id →
    the service that is meant; None: all of each. `verified`: those of verified visits alone."""

    name: Name
    units: Sequence[Unit]
    services: Mapping[int, str] | None = None
    verified: bool = False

    @property
    def ids(self) -> list[int] | None:
        """Of the units; None for all there are."""
        return None if self.name == "nation" else [unit.id for unit in self.units]

    @property
    def only_unit(self) -> Unit | None:
        """Where it is one whole unit."""
        return self.units[0] if self.name == "unit" and self.services is None else None

    def holds(self, unit: int, service: str) -> bool:
        return self.services is None or self.services.get(unit) == service

    def means(self, cell: Cell) -> bool:
        return self.holds(cell.unit_id, cell.service) and (cell.verified or not self.verified)


@dataclass(frozen=True, slots=True)
class Overview:
    """`level`: of a scope with parts, which are services of a unit, else units. `sources`: chat,
    assisted, imported and verified, as far as there are any. `without_marked`: without responses
    with two marks or inside a burst. It and `dropoff` are None of verified visits alone: neither
    marks nor what was abandoned is told apart by them."""

    scope: Scope
    figures: Figures
    level: Level | None
    sources: Mapping[str, Index]
    without_marked: Index | None
    dropoff: DropOff | None


def overview(connection: Connection, scope: Scope, first: date, last: date, asked: str) -> Overview:
    """Of these local days. Folded responses only where a whole month lies between them."""
    by = instrument(asked)
    parts, of_source = _read(connection, scope, first, last, asked)
    pooled = Tally.together(by.keys, parts.values())
    unit = scope.only_unit
    everyone = not scope.verified
    finished = sum(t.n for (source, _), t in of_source.items() if source != IMPORTED)
    return Overview(
        scope,
        figures(pooled, population_of(unit, first, last), by=by),
        _level(scope, parts, pooled, first, last, by),
        _sources(of_source, by),
        _without_marked(connection, unit, first, last, by) if unit and everyone else None,
        dropoff(connection, finished, scope.ids, first, last, asked, scope.holds)
        if everyone
        else None,
    )


def _read(
    connection: Connection, scope: Scope, first: date, last: date, asked: str
) -> tuple[dict[Any, Tally], dict[Any, Tally]]:
    """The parts of the scope and the sources, each with what was answered."""
    of_services = scope.only_unit is not None

    def meant(key: Callable[[Cell], Hashable]) -> Callable[[Cell], Hashable]:
        return lambda cell: key(cell) if scope.means(cell) else None

    part = meant(lambda cell: cell.service if of_services else cell.unit_id)
    source = meant(lambda cell: (cell.source, cell.verified))
    found = sums_by(connection, scope.ids, first, last, part, source, asked=asked)
    parts, sources = ({k: t for k, t in sums.items() if k is not None and t.n} for sums in found)
    return parts, sources


def _level(
    scope: Scope,
    parts: Mapping[Any, Tally],
    pooled: Tally,
    first: date,
    last: date,
    by: Instrument,
) -> Level | None:
    unit = scope.only_unit
    if unit is None and len(scope.units) < 2 and scope.name in ("unit", "service"):
        return None
    standings = _of_services(parts, by) if unit else _of_units(scope, parts, first, last, by)
    whole = len(unit.services) if unit else len(scope.units)
    return Level(
        # A service that was taken off the unit's list still has its answers.
        mean_of_units(standings, max(whole, len(standings))),
        PooledRespondents(
            index_of(pooled, instrument=by).ikm, standard_error(pooled, instrument=by), pooled.n
        ),
    )


def _of_services(parts: Mapping[Any, Tally], by: Instrument) -> list[Standing]:
    return [
        Standing(str(service), "", of.n, of.value, of.variance, of.n >= LEAST)
        for service, of in estimates_of(parts, by).items()
    ]


def _of_units(
    scope: Scope, parts: Mapping[Any, Tally], first: date, last: date, by: Instrument
) -> list[Standing]:
    # The population is that of the unit, not of one of its services.
    days = (first, last) if scope.services is None else EVER
    each = measured(scope.units, estimates_of(parts, by), *days)
    return [standing for unit in each if (standing := unit.standing())]


def _sources(found: Mapping[Any, Tally], by: Instrument) -> dict[str, Index]:
    names = [*dict.fromkeys(source for source, _ in found)]
    groups = {name: [t for (source, _), t in found.items() if source == name] for name in names}
    verified = [tally for (_, verified), tally in found.items() if verified]
    groups |= {"verified": verified} if verified else {}
    return {
        name: index_of(Tally.together(by.keys, tallies), instrument=by)
        for name, tallies in sorted(groups.items())
    }


def _without_marked(
    connection: Connection, unit: Unit, first: date, last: date, by: Instrument
) -> Index | None:
    period = period_of(unit.period, first)
    if (period.first, period.last) != (first, last):
        return None
    found = radar_run.kept(connection, unit, period, by.id)
    return index_of(found.without_left_out(), instrument=by) if found else None
