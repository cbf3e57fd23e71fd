"""All units' names in memory, so that one is found in a few thousandths of a second.

A process reads them at its start and again when the number in `edition` has risen: whoever changes
units raises it in the same transaction, so every process notices what is committed. Nobody who
searches waits for the reading (seconds for 30,000 units): a thread does it, and until it is done
the former names answer.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Thread

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DBAPIError

from storage.database.upsert import table_of
from storage.finding import unit_edition
from storage.finding.name_index import NameIndex
from storage.tables import Unit as UnitRow

NEAR = 50.0  # kilometres from a place within which a unit is near it
EARTH = 6371.0  # kilometres, its radius

_u = table_of(UnitRow)
_READ = select(
    _u.c.code, _u.c.name, _u.c.agency, _u.c.region, _u.c.kind, _u.c.latitude, _u.c.longitude
).order_by(_u.c.folded_code)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as it is looked for. Degrees, None where nobody wrote them."""

    code: str
    name: str
    agency: str
    region: str
    kind: str = ""
    latitude: float | None = None
    longitude: float | None = None


Regions = Mapping[str, Sequence[Place]]


@dataclass(frozen=True)
class Places:
    """Every unit, read once."""

    all: Sequence[Place]

    def like(self, text: str, limit: int) -> list[Place]:
        """Units that a few typed words may mean, the best first. A code means its own."""
        own = self._codes.get(text.strip().casefold())
        return [own] if own else [self.all[n] for n in self._names.search(text, limit)]

    def near(self, latitude: float, longitude: float, limit: int) -> list[Place]:
        """Units within `NEAR` of a place (degrees), the nearest first."""
        if not (abs(latitude) <= 90 and abs(longitude) <= 180 and len(self._located)):
            return []
        away = _away(self._degrees, np.radians((latitude, longitude)))
        order = np.argsort(away, kind="stable")[:limit]
        return [self._located[n] for n in order if away[n] <= NEAR]

    def prepare(self) -> None:
        """All that is looked up, at once."""
        _ = (self._codes, self._names, self._degrees, self.regions)

    @cached_property
    def regions(self) -> Regions:
        return by_region(self.all)

    @cached_property
    def _codes(self) -> dict[str, Place]:
        return {place.code.casefold(): place for place in self.all}

    @cached_property
    def _names(self) -> NameIndex:
        return NameIndex([_texts(place) for place in self.all])

    @cached_property
    def _located(self) -> list[Place]:
        """0, 0 lies in the sea: somebody wrote it for "not known"."""
        return [p for p in self.all if p.latitude is not None and (p.latitude or p.longitude)]

    @cached_property
    def _degrees(self) -> NDArray[np.float64]:
        return np.radians([(p.latitude or 0, p.longitude or 0) for p in self._located])


def by_region(all: Iterable[Place]) -> Regions:
    """The units of each region."""
    found: dict[str, list[Place]] = {}
    for place in all:
        found.setdefault(place.region, []).append(place)
    return found


def _texts(place: Place) -> tuple[tuple[str, float], ...]:
    """What a unit may be called by, with how much each text says of it."""
    return (
        (place.name, 1.0),
        (" ".join(part for part in place.code.split("-") if part.isalpha()), 0.95),
        (place.kind, 0.95),
        (place.region, 0.85),
        ("".join(place.region.split()[1:]), 0.85),  # Palangkaraya
        (place.agency, 0.5),
    )


def _away(of: NDArray[np.float64], here: NDArray[np.float64]) -> NDArray[np.float64]:
    """Kilometres of each (latitude, longitude in radians) from here: the haversine formula."""
    half = np.sin((of - here) / 2) ** 2
    inside = half[:, 0] + np.cos(of[:, 0]) * np.cos(here[0]) * half[:, 1]
    return np.asarray(2 * EARTH * np.arcsin(np.sqrt(np.minimum(inside, 1.0))))


@dataclass(slots=True)
class Directory:
    """One for each process: the units as they were read last."""

    edition: int = -1
    places: Places = field(default_factory=lambda: Places(()))
    engine: Engine | None = None
    reading: Thread | None = None

    def start(self, engine: Engine) -> None:
        """Read them now; from here on beside whoever searches."""
        self.engine = engine
        self._renew(engine)

    def now(self, connection: Connection) -> Places:
        """The units as this transaction sees them; once started, as they were a moment ago."""
        if unit_edition.now(connection) != self.edition:
            if self.engine is None:
                self._read(connection)
            elif self.reading is None or not self.reading.is_alive():
                self.reading = Thread(target=self._renew, args=(self.engine,), daemon=True)
                self.reading.start()
        return self.places

    def _renew(self, engine: Engine) -> None:
        try:
            with engine.connect().execution_options(reads=True) as connection:
                self._read(connection)
        except DBAPIError as fault:  # whoever searches next tries again
            log.error("the units' names cannot be read: %s", type(fault.orig).__name__)

    def _read(self, connection: Connection) -> None:
        """The number first: where names change meanwhile, they are read again."""
        now = unit_edition.now(connection)
        places = Places([Place(*row) for row in connection.execute(_READ)])
        places.prepare()
        self.places, self.edition = places, now
