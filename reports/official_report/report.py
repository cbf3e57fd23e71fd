"""The official SKM report of a unit's period, as one value: what every paper of it says.

Nothing in it is about fewer than 5 responses (`reports.disclosure`), save how many there were;
no names, no rows. Figures are decimal texts, rounded once from exact fractions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from reports.stored.levels import MeanOfUnits
from storage.office.follow_ups import FollowUp
from storage.office.paper_details import NOTHING_SAID, PaperDetails
from storage.office.result_publications import ResultPublication
from storage.periods import Period
from storage.units import Unit

State = Literal["published", "unpublished", "provisional"]
"""By its sheet; of all its responses, for the operator; of the weeks that digests showed."""

Why = Literal["", "nobody", "few", "withheld"]


@dataclass(frozen=True, slots=True)
class Headline:
    """An index: `skm` 4 decimals, `ikm` 2; grade and its label where the instrument has grades."""

    skm: str
    ikm: str
    grade: str | None
    label: str | None


@dataclass(frozen=True, slots=True)
class Element:
    """`n`: how many answered, None where no number is told; `mean`: exact, None if not shown."""

    key: str
    n: int | None
    mean: Fraction | None


@dataclass(frozen=True, slots=True)
class ItemSum:
    """The answers to a question: how many, and what they add up to; None if not shown."""

    key: str
    n: int
    sum: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the figures bear of the order of the elements. `elements`: of each whether its mean is
    below or above that of all, or within the uncertainty of it; those that cannot be judged are
    not in it. `weakest_differ`: whether the weakest and the last of the three weakest do; None if
    that cannot be judged."""

    elements: Mapping[str, Literal["below", "within", "above"]]
    weakest_differ: bool | None


@dataclass(frozen=True, slots=True)
class Figures:
    """`headline` is None for the reason `why`. `ci95`: 2 decimals; `needed` and `enough` are None
    where the users of exactly this period are not known. `items`: what the means are made of; empty
    where no numbers are told."""

    n: int
    headline: Headline | None
    why: Why
    elements: tuple[Element, ...]
    items: tuple[ItemSum, ...] = ()
    left_out: tuple[str, ...] = ()
    ci95: tuple[str, str] | None = None
    alpha: str | None = None
    population: int | None = None
    needed: int | None = None
    enough: bool | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the responses: of a source, a service, or without the marked. `n`: None if hidden."""

    name: str
    n: int | None
    headline: Headline | None
    verified: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """How many took each choice of a question; None: hidden."""

    key: str
    choices: tuple[str, ...]
    counts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """What a figure was measured with. `elements`: those that somebody answered.

    A figure of another instrument, or of other elements (one that nobody answered drops out and k
    falls) is another measure: a line from one to the other tells of the change of the measure, not
    of the service. So no change and no trend is shown across two measures without a mark.
    """

    instrument: str
    elements: frozenset[str]


@dataclass(frozen=True, slots=True)
class Point:
    """A period before, with what it was measured by. `comparable`: with the report's own period;
    if not, `marks` say why."""

    period: str
    n: int
    headline: Headline | None
    ci95: tuple[str, str] | None
    measure: Measure
    comparable: bool
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """What the radar marked, in number: name → (marked, of so many checked), None: hidden."""

    marks: Mapping[str, tuple[int, int] | None]
    without: Part | None


@dataclass(frozen=True, slots=True)
class Proof:
    """The published sheet: its number, SHA-256, and Merkle root over so many leaves (RFC 6962).
    `erased`: of its responses since."""

    number: int
    hash: str
    root: str
    leaves: int
    published: str
    corrects: int | None
    erased: int


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit of an agency, by its sheets of these numbers; all None where it has none.
    `ranks`: its own, the best and the worst that it may as well have; None: it is not ranked.
    `parts`: how many shorter periods are told, of how many; None: it has a sheet of the period."""

    code: str
    name: str
    n: int | None
    headline: Headline | None
    ci95: tuple[str, str] | None
    ranks: tuple[int, int, int] | None
    sheets: tuple[int, ...]
    population: int | None = None
    needed: int | None = None
    parts: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """`profile` and `answers` are empty where counts may not be told. `weeks`: the digests that a
    provisional report rests on. `left`: how many responses, new or erased, make no difference yet
    to a report that is not published. `wordings`: (service, `flows.instrument.Wording.said`).
    `suggestions`: by element, "" those of none; as `reasons` masked and in no order. `follow_ups`:
    planned because of these figures; `earlier`: because of those before, open in the period.
    `photos`: PNGs by follow-up. `units`: of an agency's report, in which `unit` stands for it."""

    unit: Unit
    period: Period
    state: State
    made_on: date
    instrument: str
    figures: Figures
    sources: tuple[Part, ...] = ()
    verified: int = 0
    services: tuple[Part, ...] = ()
    profile: tuple[Counts, ...] = ()
    answers: tuple[Counts, ...] = ()
    weakest: tuple[str, ...] = ()
    strongest: tuple[str, ...] = ()
    reasons: Mapping[str, tuple[str, ...]] | None = None
    suggestions: Mapping[str, tuple[str, ...]] | None = None
    standing: Standing | None = None
    details: PaperDetails = NOTHING_SAID
    follow_ups: tuple[FollowUp, ...] = ()
    earlier: tuple[FollowUp, ...] = ()
    publications: tuple[ResultPublication, ...] = ()
    trend: tuple[Point, ...] = ()
    radar: Marked | None = None
    wordings: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    promised: tuple[str, ...] = ()
    proof: Proof | None = None
    weeks: tuple[str, ...] = ()
    left: int = 0
    photos: Mapping[int, bytes] = field(default_factory=dict)
    units: tuple[UnitLine, ...] = ()
    mean_of_units: MeanOfUnits | None = None

    @property
    def is_of_agency(self) -> bool:
        return bool(self.units)

    @property
    def has_counts(self) -> bool:
        return bool(self.profile)
