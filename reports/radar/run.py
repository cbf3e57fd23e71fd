"""The radar over what is kept: a unit's period, beside the units of its kind.

A period that has ended is looked at once by the scheduler, and a last time when its key is
destroyed, just before the exact times are dropped: until then a response can be erased, and the
findings follow. From then on they are what was kept. A running period is looked at when somebody
asks, and nothing of it is kept.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from flows.loader import instrument
from reports.opening_hours import OpeningHours, parse
from reports.radar.findings import Findings, decoded, encoded, findings_of, shares_in
from reports.radar.marks import Seen
from reports.radar.scan import Radar, Surroundings, radar_of, shares_of
from reports.radar.unit import Shares
from reports.statistics.inference import needed_sample
from reports.stored.figures import population_of
from storage.answers.votes import KEPT
from storage.index import radar
from storage.periods import Period, period_of, previous, zone
from storage.units import Unit

FORMER = 4  # periods before, beside which a unit's own share is judged


@dataclass(slots=True)
class Kinds:
    """What units of a kind are compared by; read once for all units that are looked at together."""

    read: dict[tuple[str, str, str], dict[int, Shares]] = field(default_factory=dict)

    def others(
        self, connection: Connection, unit: Unit, asked: str, period: Period
    ) -> Sequence[Shares]:
        """The other units of its kind that somebody answered about; of no kind: nobody."""
        if not unit.kind:
            return ()
        key = unit.kind, asked, period.name
        if key not in self.read:
            self.read[key] = _shares(connection, unit.kind, asked, period)
        return [shares for id, shares in self.read[key].items() if id != unit.id]


def _shares(connection: Connection, kind: str, asked: str, period: Period) -> dict[int, Shares]:
    """By what was kept where that is there, else by the rows."""
    kept = radar.of_kind(connection, kind, asked, period.name)
    shares = {unit: shares_in(text) for unit, text in kept}
    rows = radar.responses_of_kind(connection, kind, asked, period)
    for unit, of_unit in groupby(rows, key=lambda row: row.unit_id):
        if unit not in shares:
            shares[unit] = shares_of(seen_of(of_unit), instrument(asked).scale)
    return shares


def prepare(connection: Connection, unit: Unit, period: Period, kinds: Kinds) -> None:
    """Read what `run` compares with beforehand, so that it locks the database for an instant."""
    for asked in radar.instruments(connection, unit.id, period):
        kinds.others(connection, unit, asked, period)


def seen_of(rows: Iterable[Any]) -> list[Seen]:
    return [
        Seen(
            row.id,
            row.answers,
            row.local_date,
            row.submitted_at,
            row.duration,
            row.service,
            row.source,
        )
        for row in rows
    ]


def look(
    connection: Connection,
    unit: Unit,
    period: Period,
    rows: Iterable[Any],
    asked: str,
    kinds: Kinds | None = None,
) -> Radar:
    """`rows`: the unit's responses of the period to the instrument `asked`."""
    by = instrument(asked)
    population = population_of(unit, period.first, period.last)
    around = Surroundings(
        zone(unit.timezone),
        hours_of(connection, unit)[0],
        population,
        None if population is None else needed_sample(population),
        (kinds or Kinds()).others(connection, unit, asked, period),
        _former(connection, unit, asked, period),
    )
    return radar_of(seen_of(rows), by.keys, around, by.scale, lowest=by.lowest)


def _former(connection: Connection, unit: Unit, asked: str, period: Period) -> list[Shares]:
    """Of the periods before, by what was kept of them."""
    found = []
    for _ in range(FORMER):
        period = previous(period)
        if kept := radar.get(connection, unit.id, asked, period.name):
            found.append(shares_in(kept[0]))
    return found


def hours_of(connection: Connection, unit: Unit) -> tuple[OpeningHours | None, str]:
    """The unit's opening hours, or why they cannot be read; None and "" where it has none."""
    try:
        return parse(radar.opening_hours(connection, unit.id)), ""
    except ValueError as fault:
        return None, str(fault)


def run(
    connection: Connection, unit: Unit, period: Period, at: int, kinds: Kinds | None = None
) -> dict[str, Findings]:
    """Look at a unit's period and keep what is found, in place of what was found before.

    Instrument → findings; the unit's SKM of the period is always among them.
    """
    by_instrument: dict[str, list[Any]] = {unit.instrument_on(period.first).id: []}
    for row in radar.responses(connection, unit.id, period):
        by_instrument.setdefault(row.instrument, []).append(row)
    found = {}
    for asked, rows in by_instrument.items():
        found[asked] = findings_of(look(connection, unit, period, rows, asked, kinds))
        radar.keep(connection, unit.id, asked, period.name, encoded(found[asked]), at)
    return found


def kept(connection: Connection, unit: Unit, period: Period, asked: str = "") -> Findings | None:
    """What was found in a period that has ended; None: not looked at yet, or not answered in.
    `asked`: the instrument, the unit's SKM of the period where none is named."""
    asked = asked or unit.instrument_on(period.first).id
    found = radar.get(connection, unit.id, asked, period.name)
    return decoded(found[0]) if found else None


def found_now(
    connection: Connection, unit: Unit, period: Period, now: int, asked: str = ""
) -> Findings:
    """What the radar says now: anew while the exact times are there, then as it was kept; `asked`
    as in `kept`.

    Of a running period, or one that is not the unit's own, nothing is kept.
    """
    asked = asked or unit.instrument_on(period.first).id
    today = unit.day_at(now)
    if period == period_of(unit.period, period.first) and today > period.last:
        if today <= period.last + KEPT:
            run(connection, unit, period, now)
        before = kept(connection, unit, period, asked)
        if before is not None:
            return before
    rows = [row for row in radar.responses(connection, unit.id, period) if row.instrument == asked]
    return findings_of(look(connection, unit, period, rows, asked))
