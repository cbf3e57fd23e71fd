"""What a unit's week says to its head, as data: composed once, kept, rendered when it is sent.

`reports.digest.weekly` composes it; nothing in it is about fewer than 5 responses
(`reports.disclosure`), save how many there were.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import msgspec

from flows.extra_question import Extra


@dataclass(frozen=True, slots=True)
class Office:
    code: str
    name: str
    agency: str


@dataclass(frozen=True, slots=True)
class Element:
    """One element in the week: n answered it. Figures are texts of 2 decimals, None if not shown.

    `mean`: this week's. `before`: last week's, as its own digest showed it. `agency`: the mean of
    the agency's units. `change`: of the mean since the IKM changed (`Course.since`), only where it
    is real too. `interval`: of the mean, 95 % (`reports.statistics.inference.item_intervals`).
    Rounded here, once and from the exact fraction: 4 decimals rounded to 2 when they
    are shown would be rounded twice.
    """

    key: str
    n: int
    mean: str | None
    before: str | None
    agency: str | None
    change: str | None
    interval: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A week in the picture's line: its IKM, and the limits within which nearly all weeks of as
    many answers lie while nothing changes. 1 decimal; None where nothing was told of it."""

    ikm: str | None = None
    limits: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """Whether the weeks moved (`reports.statistics.course`). "early": not enough of them yet.

    `level`: the IKM before; `since`: the week in which a real change began, `points` how much (1
    decimal), `half_width` the ± beside it, 95 %. `weeks`: the last 13, the earliest first.
    """

    verdict: Literal["early", "steady", "fell", "rose"]
    weeks: tuple[Point, ...] = ()
    level: str = ""
    since: str = ""
    points: str = ""
    half_width: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """Responses of the running SKM period against the sample it needs.

    All but `period`, `kind` and `n` are None where the population is not known. On schedule: n is
    at least the share of `needed` that the days gone by are of the period. `per_week`: responses
    a week that reach `needed` by the period's end; None where none are missing or it has ended.
    """

    period: str
    kind: str
    n: int
    needed: int | None = None
    on_schedule: bool | None = None
    missing: int | None = None
    per_week: int | None = None


@dataclass(frozen=True, slots=True)
class Extras:
    """An extra question: how many answered, and how often each choice was taken, in its order.

    `counts` is empty for what is written; None in it is hidden. `mean` and `median`: of numbers, 1
    decimal, None for n < 5. `buckets`: what is counted, where that follows from the answers; "" for
    all that are hidden.
    """

    question: Extra
    n: int
    counts: tuple[int | None, ...]
    mean: str | None = None
    median: str | None = None
    buckets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """The ranks that the unit may have, for itself, among `of` units of its agency by their
    published sheets of a period (`reports.statistics.own_rank`)."""

    period: str
    best: int
    worst: int
    of: int


@dataclass(frozen=True, slots=True)
class Example:
    """A unit that is really better at an element (`reports.digest.examples`): its mean (2
    decimals), and what it did for it, if anything is known."""

    unit: str
    element: str
    mean: str
    did: str


@dataclass(frozen=True, slots=True)
class Digest:
    """A unit's week, or its month (`reports.digest.unit_month`). `ikm` (2 decimals), `grade`,
    `ci95` (its 95 % interval, 1 decimal) and `course` are None for n < 5.

    `first` and `last` are the days it tells of (`reports.digest.span`). `waits`: nothing but n is
    shown, because a later digest tells of these days, or their sheet did (`reports.sheets.later`).
    `own`: how many of n came from citizens' own chats, `nobodys`: how many from the web or a kiosk,
    where nobody is known. `left_out`: responses of weeks that a month
    does not count. `flags`: what the radar found in the period before, by name. `course` is None
    also of digests made by the former rule, which compared windows of weeks. `weakest`: up to three
    elements that are clearly weaker than the rest, lowest mean first. `over`: the index is taken
    over the elements that are "shown"; by the former rule over all that were "answered".
    """

    office: Office
    week: str
    first: date
    last: date
    instrument: str
    n: int
    ikm: str | None
    grade: str | None
    elements: tuple[Element, ...]
    weakest: tuple[str, ...]
    sample: Progress
    extras: tuple[Extras, ...]
    own: int | None = None
    ci95: tuple[str, str] | None = None
    left_out: int = 0
    waits: bool = False
    flags: tuple[str, ...] = ()
    standing: Place | None = None
    examples: tuple[Example, ...] = ()
    over: Literal["answered", "shown"] = "answered"
    course: Course | None = None
    nobodys: int = 0

    @property
    def means(self) -> dict[str, str]:
        """Element → mean, of those that are shown."""
        return {each.key: each.mean for each in self.elements if each.mean is not None}

    @property
    def kind(self) -> Literal["week", "month"]:
        return "week" if "W" in self.week else "month"

    @property
    def shows_comments(self) -> bool:
        """Whether what citizens wrote in its days may be shown. Of a month that leaves weeks out it
        was shown or hidden week by week."""
        return self.ikm is not None and not self.left_out

    def to_json(self) -> dict[str, Any]:
        """Plain data for `json`."""
        data: dict[str, Any] = msgspec.to_builtins(self)
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Digest":
        """Exactly the digest that `to_json` was called on. msgspec.ValidationError: it is none."""
        return msgspec.convert(data, cls)
