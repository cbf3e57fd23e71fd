"""What can be said about one response beside the others of its unit and period: the radar's marks.

Each function takes responses with at least one answer and gives the ids it marks. None of them
proves anything: officers keying in paper look like this too. Marks that need a time or a duration
pass over responses without one.
"""

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from math import perm
from zoneinfo import ZoneInfo

from reports.opening_hours import OpeningHours
from reports.radar.limits import Limits

_HOUR, _DAY = 3_600, 86_400


@dataclass(frozen=True, slots=True)
class Seen:
    """One response as the radar sees it.

    `answers`: item → value, None or absent where it was not answered. `at`: Unix seconds, None for
    imported ones. `duration`: seconds from the first message to sending, where it was measured.
    """

    id: str
    answers: Mapping[str, int | None]
    date: datetime.date
    at: int | None
    duration: int | None
    service: str
    source: str

    @property
    def values(self) -> tuple[int, ...]:
        """The values given."""
        return tuple(value for value in self.answers.values() if value is not None)


Ids = frozenset[str]


def straight_lined(seen: Sequence[Seen], limits: Limits) -> Ids:
    """All answered items have the same value."""
    return frozenset(
        response.id
        for response in seen
        if len(response.values) >= limits.straight_lined_items and len(set(response.values)) == 1
    )


def all_fours(seen: Sequence[Seen], limits: Limits, highest: int) -> Ids:
    """Straight-lined at the highest value of the scale."""
    highs = frozenset(response.id for response in seen if highest in response.values)
    return straight_lined(seen, limits) & highs


def speeding(seen: Sequence[Seen], limits: Limits) -> Ids:
    """Finished in less time than it takes to read the questions that were answered."""
    return frozenset(
        response.id
        for response in seen
        if response.duration is not None
        and response.duration < limits.speeding_seconds_per_question * len(response.values)
    )


def bursts(seen: Sequence[Seen], limits: Limits) -> Ids:
    """Inside a window of time that holds many submissions, and more than is usual there."""
    times = in_time(seen)
    many = _many([at for at, _ in times], limits)
    marked: set[str] = set()
    first = 0
    for last, (at, _) in enumerate(times):
        while at - times[first][0] > limits.burst_seconds:
            first += 1
        if last - first + 1 >= many:
            marked.update(response.id for _, response in times[first : last + 1])
    return frozenset(marked)


def _many(times: Sequence[int], limits: Limits) -> int:
    """So many submissions in a window are a burst."""
    days = Counter(at // _DAY for at in times)
    if len(days) < limits.burst_days:
        return limits.burst_responses
    by_hour = Counter((at // _HOUR % 24, at // _DAY) for at in times)
    busiest = max(
        sorted(by_hour[hour, day] for day in days)[len(days) * 9 // 10] for hour in range(24)
    )
    windows = len(days) * _DAY // limits.burst_seconds
    chance = float(limits.burst_chance) / windows
    usual = _exceeded(busiest * limits.burst_seconds / _HOUR, chance)
    return max(limits.burst_responses, usual)


def _exceeded(rate: float, chance: float) -> int:
    """The least number that a Poisson variable reaches with less than this chance."""
    from scipy.special import gammainc  # type: ignore[import-untyped,unused-ignore]

    number = max(1, int(rate))  # fewer are reached half of the time
    while gammainc(number, rate) >= chance:
        number += 1
    return number


def identical_neighbours(seen: Sequence[Seen], limits: Limits) -> Ids:
    """In a run, in order of time, of answers equal in every item, too long for chance."""
    answers = [(_vector(response), response.id) for _, response in in_time(seen)]
    times = Counter(vector for vector, _ in answers)
    return frozenset(
        id
        for vector, ids in _runs(answers)
        if len(ids) >= limits.identical_neighbours_run
        and _expected_runs(len(answers), times[vector], len(ids))
        < limits.identical_neighbours_chance
        for id in ids
    )


def outside_hours(
    seen: Sequence[Seen], limits: Limits, hours: OpeningHours | None, zone: ZoneInfo
) -> Ids:
    """Sent when the unit was closed; nothing where its hours are not known."""
    if hours is None:
        return frozenset()
    return frozenset(
        response.id
        for at, response in in_time(seen)
        if not hours.is_open(
            datetime.datetime.fromtimestamp(at, zone), limits.outside_hours_grace_minutes
        )
    )


def in_time(seen: Sequence[Seen]) -> list[tuple[int, Seen]]:
    """Those that have a time, in its order."""
    timed = [(response.at, response) for response in seen if response.at is not None]
    return sorted(timed, key=lambda pair: (pair[0], pair[1].id))


Vector = tuple[tuple[str, int], ...]


def _vector(response: Seen) -> Vector:
    return tuple(sorted((key, x) for key, x in response.answers.items() if x is not None))


def _runs(answers: Sequence[tuple[Vector, str]]) -> Iterator[tuple[Vector, list[str]]]:
    for vector, run in groupby(answers, key=lambda pair: pair[0]):
        yield vector, [id for _, id in run]


def _expected_runs(n: int, times: int, length: int) -> Fraction:
    """Windows of `length` that hold one vector alone, expected if n answers of which `times` have
    it came in a random order; never less than the chance of a run that long."""
    return (n - length + 1) * Fraction(perm(times, length), perm(n, length))
