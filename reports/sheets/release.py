"""What of a period's sheet may be public: the release rule beside all that was shown before.

Theory. A sheet is read beside the weekly digests and the sheets before it. For each item, for every
choice of shown weeks that covers the period best (with or without those that reach over its ends),
the period alone or joined with published ones before it, sheet and weeks must differ by answers
that hide each other, or by none (`reports.disclosure`): by answers of the period in no such week,
and by answers of such a week outside the period. What was erased since is still in both
(`reports.sheets.counted`).

If they would not, the sheet does not count what makes the difference: of the answers that no shown
week told, those from chats of their own, or those keyed in, or all of them. So 1 to 4 answers that
come late, on paper or at a period's end, withhold nothing but themselves; the sheet says how many.
Where nothing helps, the item is withheld, and the index is taken over the others.

Parts (sources, verified visits) and the index without the marked are shown where everybody's place
among them, and whether a shown week counts them, divides the responses into groups of at least 5,
and over the items of which the answers are so divided: then so do all sums and differences.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import product

from reports.disclosure import NOBODY, OWN, Size, few, least
from reports.radar.marks import Ids
from reports.sheets.counted import Counted, Piece, Uncounted, number
from reports.sheets.radar import Marked
from reports.sheets.week import ALL, Week
from storage.periods import Period

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shown:
    """`figures`: the index and what belongs to it; `items`: whose sums and means; `parts`: the
    index of each source and of verified visits, over `part_items`; `marked`: that without the
    marked. `uncounted`: what the figures leave out."""

    figures: bool
    items: frozenset[str]
    parts: bool
    marked: bool = False
    part_items: frozenset[str] = frozenset()
    uncounted: Uncounted = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Former:
    """A published period: of each item whose sum was shown, how many answers it holds."""

    days: Period
    sizes: Mapping[str, Size]


@dataclass(frozen=True, slots=True)
class Before:
    """What was shown before. `formers`: the published periods that lead up to this one without a
    gap, the latest first."""

    weeks: Sequence[Week] = ()
    formers: Sequence[Former] = ()


NOTHING = Shown(False, frozenset(), False)


def shown(counted: Counted, period: Period, before: Before, marked: Marked | None = None) -> Shown:
    weeks = [week for week in before.weeks if period.overlaps(week.first, week.last)]
    if sum(tally.n for tally in counted.pieces.values()) < least():
        return NOTHING
    left = {item: _left_out(_Item(item, counted, period, before)) for item in counted.items}
    items = frozenset(item for item, pieces in left.items() if pieces is not None)
    uncounted = {item: pieces for item, pieces in left.items() if pieces}
    groups = _Groups(counted, period, weeks)
    parts = bool(items) and not uncounted and groups.divide(True, frozenset())
    may = bool(items) and not uncounted and _may_leave_out(groups, parts, marked)
    of_parts = frozenset(filter(groups.divide_item, items)) if parts else frozenset[str]()
    return Shown(bool(items), items, parts, may, of_parts, uncounted)


@dataclass(frozen=True, slots=True)
class _Item:
    """The answers to an item. `before`: all that was shown."""

    name: str
    counted: Counted
    period: Period
    before: Before

    @property
    def known(self) -> list[Week]:
        """The weeks that showed the item."""
        return [week for week in self.before.weeks if self.name in week.n]

    def untold(self) -> list[Piece]:
        told = {week.name for week in self.known}
        return [
            piece
            for piece, tally in self.counted.pieces.items()
            if piece.week not in told and tally.answered(self.name)
        ]


def _left_out(item: _Item) -> frozenset[Piece] | None:
    """What must be left out so that the rest may be told; None where it may not be told at all."""
    untold = frozenset(item.untold())
    own = frozenset(piece for piece in untold if piece.source == OWN)
    for left in dict.fromkeys((frozenset[Piece](), own, untold - own, untold)):
        size = item.counted.size(item.name, lambda piece, left=left: piece not in left)  # type: ignore[misc]
        if not few(*size) and not any(_windows(item, left, size)):
            return left
    return None


def _windows(item: _Item, left: frozenset[Piece], size: Size) -> Iterator[bool]:
    """Whether the period tells of few, alone and joined with those before it."""
    yield _tells_few(item, item.period, left, size)
    for former in item.before.formers:
        if item.name not in former.sizes:
            return
        size += former.sizes[item.name]
        days = item.period
        yield _tells_few(item, Period("", former.days.first, days.last, days.kind), left, size)


def _tells_few(item: _Item, window: Period, left: frozenset[Piece], size: Size) -> bool:
    """Whether the window, with so many answers, and some choice of weeks differ by few."""
    weeks = [week for week in item.known if window.overlaps(week.first, week.last)]
    if not all(week.told for week in weeks):  # what it was made of is not known
        return True
    edges = [w for w in weeks if w.first < window.first or window.last < w.last]
    inside = [week for week in weeks if week not in edges]
    common = {week.name: _common(item, window, left, week) for week in weeks}
    for taken in product((False, True), repeat=len(edges)):
        chosen = inside + [week for week, take in zip(edges, taken, strict=True) if take]
        here = sum((common[week.name] for week in chosen), NOBODY)
        outside = (week.size(item.name).differs(common[week.name]) for week in chosen)
        if chosen and sum(outside, size.differs(here)).tells:
            return True
    return False


def _common(item: _Item, window: Period, left: frozenset[Piece], week: Week) -> Size:
    """How many answers of the week are in the window."""
    here = item.counted.size(item.name, lambda p: p.week == week.name and p not in left)
    if window == item.period:
        return here
    earlier = Period("", window.first, item.period.first - _DAY, item.period.kind)
    return here + week.size(item.name, earlier)


def _may_leave_out(groups: "_Groups", parts: bool, marked: Marked | None) -> bool:
    if marked is None or not marked.may:
        return False
    if marked.ids is None:  # beside the whole alone, where nothing else divides it
        return groups.number(parts, frozenset()) <= 1
    return groups.divide(parts, marked.ids)


@dataclass(frozen=True, slots=True)
class _Groups:
    """The responses by what tells them apart in what is shown. `weeks`: those shown of its days."""

    counted: Counted
    period: Period
    weeks: Sequence[Week]

    def divide(self, parts: bool, marked: Ids) -> bool:
        """Whether every group has at least 5."""
        return _all_enough(self._sizes(parts, marked).values())

    def divide_item(self, item: str) -> bool:
        """The same of the answers to an item, by their parts."""
        return _all_enough(self._numbers(item, True).values())

    def number(self, parts: bool, marked: Ids) -> int:
        return sum(map(bool, self._sizes(parts, marked).values()))

    def _numbers(self, item: str, parts: bool) -> Counter[tuple[object, ...]]:
        sizes: Counter[tuple[object, ...]] = Counter()
        for piece, tally in self.counted.pieces.items():
            of = piece[:2] if parts else ()
            sizes[of, False, self._counts(piece.week)] += number(tally, item)
        return sizes

    def _sizes(self, parts: bool, marked: Ids) -> Counter[tuple[object, ...]]:
        """Of those erased nobody is marked."""
        sizes = self._numbers(ALL, parts)
        for row in self.counted.rows:
            if row.id in marked:
                of = (row.source, row.verified) if parts else ()
                sizes[of, False, self._counts(row.told)] -= 1
                sizes[of, True, self._counts(row.told)] += 1
        return sizes

    def _counts(self, name: str) -> bool:
        """Whether a shown week that begins in the period counts them."""
        return any(week.name == name and self.period.first <= week.first for week in self.weeks)


def _all_enough(sizes: Iterable[int]) -> bool:
    return all(n == 0 or n >= least() for n in sizes)
