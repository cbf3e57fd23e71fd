"""The steering radar: which answers of a unit and period look steered, and what they weigh.

Theory. Units win awards by the index, so some of it is steered. No mark proves that, so nothing is
dropped: the headline counts everyone, and beside it stands, for each mark, the index without the
marked (`Radar.without`, all − marked, exact). "Without all marks" (`without_left_out`) leaves out
only responses with two marks of different kinds, or inside a burst. All fours is a case of
straight-lining and counts as one with it. Thresholds and their reasons are in `radar.toml`; reasons
in words are keys `radar.*` of the catalogues.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from zoneinfo import ZoneInfo

from flows.engine.form import Line
from flows.survey.source import OWN
from reports.opening_hours import OpeningHours
from reports.radar import limits as radar_limits
from reports.radar.limits import Limits
from reports.radar.marks import (
    Ids,
    Seen,
    all_fours,
    bursts,
    identical_neighbours,
    in_time,
    outside_hours,
    speeding,
    straight_lined,
)
from reports.radar.unit import Shares, Verdict, above_own, against_population, judge, percent
from reports.statistics.tally import Row, Tally

FOURS = 4
MARKS = (
    "straight_lined",
    "all_fours",
    "speeding",
    "burst",
    "identical_neighbours",
    "outside_hours",
)
_JUDGED = ("straight_lined", "all_fours")
SHARES = tuple(f"{name}_high" for name in _JUDGED)
"""Flags of a unit whose share of a mark is high."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known about the unit. `population`: users of exactly this period; `needed`: the
    sample it asks for; `comparable`: other units of the same kind and period, not this one;
    `former`: this unit in the periods before."""

    zone: ZoneInfo
    hours: OpeningHours | None = None
    population: int | None = None
    needed: int | None = None
    comparable: Sequence[Shares] = ()
    former: Sequence[Shares] = ()


@dataclass(frozen=True)
class Mark:
    """`checked`: how many responses it could be told of (those with a time, say); 0 is no finding
    at all. `tally`: of the marked. `high`: for a share judged beside comparable units or its own
    before, else None. `reason`: one line, or two with the judgement."""

    name: str
    ids: Ids
    checked: int
    tally: Tally
    high: bool | None
    reason: tuple[Line, ...]


@dataclass(frozen=True)
class Flag:
    """Something about the unit as a whole, which no response can be picked out for."""

    name: str
    reason: Line


@dataclass(frozen=True)
class Radar:
    """`tally` is the headline: every response with an answer. `marks`: all of `MARKS`, in order.
    `untimed`: responses that only the marks without time were tried on. `own`: those from chats of
    their own."""

    limits: str
    tally: Tally
    marks: tuple[Mark, ...]
    flags: tuple[Flag, ...]
    left_out: Ids
    left_out_tally: Tally
    untimed: int
    own: Ids = frozenset()

    def mark(self, name: str) -> Mark:
        return next(mark for mark in self.marks if mark.name == name)


def radar_of(
    seen: Sequence[Seen],
    items: Sequence[str],
    around: Surroundings,
    highest: int = FOURS,
    limits: Limits | None = None,
    lowest: int = 1,
) -> Radar:
    """The radar of one unit and period. `items`: those of the instrument all responses answer;
    `lowest` and `highest`: the ends of its scale. ValueError: an id twice, or an answer that
    `tally_of_rows` refuses."""
    limits = limits or radar_limits.current()
    seen = _answered(seen)
    found = _found(seen, around, highest, limits)
    tally_of = _tallies(seen, items, lowest)
    marks = tuple(_mark(name, found, seen, around, tally_of, limits) for name in MARKS)
    left_out = _left_out(found, limits)
    return Radar(
        limits.id,
        tally_of(frozenset(response.id for response in seen)),
        marks,
        _flags(len(seen), marks, around, limits),
        left_out,
        tally_of(left_out),
        len(seen) - len(in_time(seen)),
        frozenset(response.id for response in seen if response.source == OWN),
    )


def shares_of(seen: Sequence[Seen], highest: int = FOURS) -> Shares:
    """What other units of its kind are compared by."""
    limits = radar_limits.current()
    seen = _answered(seen)
    return Shares(
        len(seen), len(straight_lined(seen, limits)), len(all_fours(seen, limits, highest))
    )


def _answered(seen: Sequence[Seen]) -> list[Seen]:
    twice = [id for id, times in Counter(response.id for response in seen).items() if times > 1]
    if twice:
        raise ValueError(f"Response {twice[0]} came twice; give the radar each response once.")
    return [response for response in seen if response.values]


def _found(
    seen: Sequence[Seen], around: Surroundings, highest: int, limits: Limits
) -> dict[str, Ids]:
    return {
        "straight_lined": straight_lined(seen, limits),
        "all_fours": all_fours(seen, limits, highest),
        "speeding": speeding(seen, limits),
        "burst": bursts(seen, limits),
        "identical_neighbours": identical_neighbours(seen, limits),
        "outside_hours": outside_hours(seen, limits, around.hours, around.zone),
    }


def _tallies(seen: Sequence[Seen], items: Sequence[str], lowest: int) -> Callable[[Ids], Tally]:
    from reports.statistics.counting import tally_of_rows  # NumPy is slow to import

    def of(ids: Ids) -> Tally:
        rows = [Row(response.answers) for response in seen if response.id in ids]
        return tally_of_rows(items, rows, lowest)

    return of


def _left_out(found: Mapping[str, Ids], limits: Limits) -> Ids:
    times = Counter(id for name, ids in found.items() if name != "all_fours" for id in ids)
    many = frozenset(id for id, marks in times.items() if marks >= limits.left_out_marks)
    return many | found["burst"]


def _mark(
    name: str,
    found: Mapping[str, Ids],
    seen: Sequence[Seen],
    around: Surroundings,
    tally_of: Callable[[Ids], Tally],
    limits: Limits,
) -> Mark:
    ids, checked = found[name], _checked(name, seen, around)
    reason = _reason(name, len(ids), checked, limits)
    if name not in _JUDGED:
        return Mark(name, ids, checked, tally_of(ids), None, (reason,))
    verdict = _judged(name, len(ids), len(seen), around, limits)
    return Mark(name, ids, checked, tally_of(ids), verdict.high, (reason, verdict.why))


def _checked(name: str, seen: Sequence[Seen], around: Surroundings) -> int:
    if name in _JUDGED:
        return len(seen)
    if name == "speeding":
        return sum(response.duration is not None for response in seen)
    return 0 if name == "outside_hours" and around.hours is None else len(in_time(seen))


def _judged(name: str, marked: int, n: int, around: Surroundings, limits: Limits) -> Verdict:
    others, former = (
        [(getattr(each, name), each.n) for each in these]
        for these in (around.comparable, around.former)
    )
    verdict, own = judge(marked, n, others, limits), above_own(marked, n, former, limits)
    if own and not verdict.high:
        return Verdict(True, Line("radar.share.own"))
    return verdict if own is None or verdict.high is not None else Verdict(own, verdict.why)


def _reason(name: str, n: int, checked: int, limits: Limits) -> Line:
    """In words, with the threshold that was used; of what could not be checked, why not."""
    if not checked:
        return Line(f"radar.{name}.unchecked")
    params = {"n": n, "of": checked, "share": percent(Fraction(n, checked))}
    threshold = {
        "speeding": {"seconds": limits.speeding_seconds_per_question},
        "burst": {"least": limits.burst_responses, "minutes": limits.burst_seconds // 60},
        "identical_neighbours": {"least": limits.identical_neighbours_run},
        "outside_hours": {"minutes": limits.outside_hours_grace_minutes},
    }
    return Line(f"radar.{name}", params | threshold.get(name, {}))


def _flags(n: int, marks: Sequence[Mark], around: Surroundings, limits: Limits) -> tuple[Flag, ...]:
    high = [Flag(f"{mark.name}_high", mark.reason[-1]) for mark in marks if mark.high]
    crowded = against_population(n, around.population, around.needed, limits)
    return (*high, Flag(*crowded)) if crowded else tuple(high)
