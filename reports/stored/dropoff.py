"""How many who began a survey in a chat finished it, and where the others stopped.

Begun is: agreed to answer. A survey left alone is given up after a week, so a recent day's may be
still open and is in neither number. An abandoned survey leaves its month only, so that the numbers
of days that are no whole months cannot be told.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import Connection

from flows.survey.form import item_of
from reports.stored.figures import split
from storage.chat import dropouts


@dataclass(frozen=True, slots=True)
class DropOff:
    """`finished`: surveys that were sent. `stopped`: the step last answered → how many stopped
    there; the steps of an item that services word differently are one."""

    finished: int
    stopped: Mapping[str, int]

    @property
    def completion(self) -> Fraction | None:
        """The share that finished; None where nobody began."""
        begun = self.finished + sum(self.stopped.values())
        return Fraction(self.finished, begun) if begun else None


def dropoff(
    connection: Connection,
    finished: int,
    units: Sequence[int] | None,
    first: date,
    last: date,
    asked: str,
    counts: Callable[[int, str], bool] = lambda unit, service: True,
) -> DropOff | None:
    """Of these units (None: of all) and local days; None for days that are no whole months.

    `finished`: the responses that came by chat. `counts`: whether a unit id and service are meant.
    """
    months, beside = split("month", [(first, last)])
    if beside:
        return None
    stopped: Counter[str] = Counter()
    for names in months:
        for unit, service, step, times in dropouts.stopped(connection, asked, units, *names):
            if counts(unit, service):
                stopped[item_of(step)] += times
    return DropOff(finished, stopped)
