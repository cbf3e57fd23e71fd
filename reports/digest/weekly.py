"""From the tallies of a unit's weeks to the digest of the last of them, under the release rule.

A digest of a month is made in the same way (`reports.digest.unit_month`). Index, interval and
change are taken over what is shown: of each week the elements whose means are, of hidden weeks
nothing (`reports.disclosure`).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from statistics import median

from flows.extra_question import Extra
from flows.instrument import Instrument
from flows.survey.kinds import kind_of
from flows.survey.kinds.kind import Kind
from reports.digest.composed import Digest, Element, Extras, Office, Progress
from reports.digest.moves import moves
from reports.disclosure import few, shown_choices, shown_counts, shown_items
from reports.statistics.course import WEEKS
from reports.statistics.index import index_of, item_mean, rounded
from reports.statistics.inference import interval, item_intervals, needed_sample
from reports.statistics.means import Means
from reports.statistics.spread import Spreads, pooled
from reports.statistics.tally import ANSWERED, TEXT, Tally
from reports.statistics.weakest import clearly_weak
from storage.periods import Period

EARLIER = WEEKS - 1
QUARTER = 13  # weeks
WEAKEST = 3


@dataclass(frozen=True, slots=True)
class Past:
    """A week as it was when it was shown, whatever was erased since, or as it would have been.

    `tally`: what was shown of it. `shown`: its index was; of one that a later digest told
    (`reports.digest.span`) the responses are in that one's tally.
    """

    tally: Tally
    shown: bool
    means: Mapping[str, str]

    @classmethod
    def of(cls, tally: Tally, own: Tally) -> "Past":
        shown = not few(tally.n, own.n)
        told = tally.only(shown_items(tally, own)) if shown else Tally.zero(tally.items)
        return cls(told, shown, means(tally, own))


@dataclass(frozen=True, slots=True)
class Week:
    """What came in; `own`: of that, what citizens sent from chats of their own.

    `weeks`: this week and those before it, the latest first; `EARLIER` before it are looked at.
    `before`: item → mean, as the digest of the period before showed it. `waits`: as
    `reports.digest.composed.Digest.waits`.
    """

    period: Period
    tally: Tally
    own: Tally
    weeks: Sequence[Past]
    before: Mapping[str, str]
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Running:
    """The SKM period that holds the week's last day, its responses so far and its users."""

    period: Period
    n: int
    population: int | None


def compose(
    office: Office,
    week: Week,
    running: Running,
    by: Instrument,
    extras: Sequence[Extra] = (),
    agency: Mapping[str, Fraction] | None = None,
    kind: Callable[[], Spreads] = Spreads,
) -> Digest:
    """The digest of a week under the release rule.

    `extras` are looked up in the tally by `Extra.key`. `agency`: element → mean of the agency's
    units, where that may be shown. `kind`: the spreads of the units of its kind, asked for where
    the unit's own weeks are too few. ValueError: weeks of another instrument (other items).
    """
    tally, own = week.tally, week.own
    enough = not few(tally.n, own.n) and not week.waits
    shown = means(tally, own) if enough else {}
    told = tally.only(shown)
    index = index_of(told, instrument=by)
    course, changes, spreads = None, dict[str, str](), Spreads()
    if enough:
        weeks = [past.tally for past in week.weeks]
        each = Means(weeks, by)
        course, changes = moves(weeks, each, week.period.last, by)
        spreads = _spreads(each, by, kind)
    ends = item_intervals(tally, shown, instrument=by, spreads=spreads.items)
    return Digest(
        office=office,
        week=week.period.name,
        first=week.period.first,
        last=week.period.last,
        instrument=by.id,
        n=tally.n,
        ikm=rounded(index.ikm, 2) if enough and index.ikm is not None else None,
        grade=index.grade if enough else None,
        elements=tuple(
            _element(item, week, shown, ends, changes, agency or {}) for item in tally.items
        ),
        weakest=clearly_weak(tally, shown)[:WEAKEST],
        sample=progress(running, week.period.last),
        extras=tuple(_extra(extra, tally, own) for extra in extras) if enough else (),
        own=own.n,
        ci95=_ends(interval(told, instrument=by, spread=spreads.index), 1) if enough else None,
        waits=week.waits,
        over="shown",
        course=course,
    )


def means(tally: Tally, own: Tally) -> dict[str, str]:
    """Item → mean with 2 decimals, of the items that may be shown."""
    shown = shown_items(tally, own)
    return {i: rounded(item_mean(tally, i), 2) for i in tally.items if i in shown}


def _spreads(weeks: Means, by: Instrument, kind: Callable[[], Spreads]) -> Spreads:
    before = slice(1, QUARTER + 1)
    own = pooled(weeks.index[:QUARTER], {item: weeks.item(item, before) for item in by.keys})
    is_whole = own.index and own.items.keys() >= set(by.keys)
    return own if is_whole else own.where_none(kind())


def _ends(ends: tuple[float, float] | None, decimals: int) -> tuple[str, str] | None:
    if ends is None:
        return None
    return rounded(Fraction(ends[0]), decimals), rounded(Fraction(ends[1]), decimals)


def _element(
    item: str,
    week: Week,
    shown: Mapping[str, str],
    ends: Mapping[str, tuple[float, float]],
    changes: Mapping[str, str],
    agency: Mapping[str, Fraction],
) -> Element:
    return Element(
        item,
        week.tally.answered(item),
        shown.get(item),
        week.before.get(item),
        _rounded(agency.get(item)),
        changes.get(item) if item in shown else None,
        _ends(ends.get(item), 2),
    )


def _rounded(figure: Fraction | None) -> str | None:
    return None if figure is None else rounded(figure, 2)


def progress(running: Running, day: date) -> Progress:
    period, n = running.period, running.n
    if running.population is None:
        return Progress(period.name, period.kind, n)
    needed = needed_sample(running.population)
    days = (period.last - period.first).days + 1
    gone, left = (day - period.first).days + 1, (period.last - day).days
    missing = max(needed - n, 0)
    # In the last days of a period "a week" is what is left of it.
    per_week = -(-7 * missing // max(left, 7)) if missing and left > 0 else None
    on_schedule = n * days >= needed * gone
    return Progress(period.name, period.kind, n, needed, on_schedule, missing, per_week)


def _extra(extra: Extra, tally: Tally, own: Tally) -> Extras:
    given, mine = (each.extra.get(extra.key, {}) for each in (tally, own))
    kind = kind_of(extra)
    if kind.counted == "texts":
        return Extras(extra, given.get(TEXT, 0), ())
    if kind.counted == "numbers":
        return _numbers(extra, given, sum(mine.values()))
    found, of_own = _counted(kind, given), _counted(kind, mine)
    buckets = tuple(kind.labels(extra, found))
    counts, of_mine = ([of[bucket] for bucket in buckets] for of in (found, of_own))
    if kind.counted == "several":
        n, of = given.get(ANSWERED, 0), mine.get(ANSWERED, 0)
        return Extras(extra, n, _both(shown_choices(counts, n), shown_choices(of_mine, of), of))
    shown = _both(shown_counts(counts), shown_counts(of_mine), sum(of_mine))
    if not kind.is_open:
        return Extras(extra, sum(counts), shown)
    named = {bucket: n for bucket, n in zip(buckets, shown, strict=True) if n is not None}
    told: dict[str, int | None] = {**named} if len(named) == len(shown) else {**named, "": None}
    return Extras(extra, sum(counts), tuple(told.values()), buckets=tuple(told))


def _counted(kind: Kind, given: Mapping[str, int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for kept, times in given.items():
        found[kind.bucket(kept)] += times
    return found


def _both(
    counts: Sequence[int | None], mine: Sequence[int | None], n: int
) -> tuple[int | None, ...]:
    """Counts that are also shown of the n answers from chats of their own, if there are any."""
    if not n:
        return tuple(counts)
    return tuple(None if m is None else count for count, m in zip(counts, mine, strict=True))


def _numbers(extra: Extra, given: Mapping[str, int], own: int) -> Extras:
    numbers = [Fraction(digits) for digits, times in given.items() for _ in range(times)]
    if few(len(numbers), own):
        return Extras(extra, len(numbers), ())
    mean = rounded(sum(numbers, Fraction(0)) / len(numbers), 1)
    return Extras(extra, len(numbers), (), mean, rounded(Fraction(median(numbers)), 1))
